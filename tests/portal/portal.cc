#include "portal.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "civil_time.h"
#include "files.h"
#include "random.h"
#include "truth.h"

namespace fangzhi::portal {
namespace {

constexpr size_t kLogLength = 20000;
constexpr int64_t kLongestStep = 3660 * kDay;
constexpr size_t kMaxAgents = 32;
constexpr uint32_t kIllColumn = 2;  // whose articles an outage of one column hits
constexpr uint32_t kSiteMapPart = 5000;
constexpr std::array<int64_t, 6> kGapLimits = {1000, 10000, 100000, 500000, 1000000, 2000000};
constexpr const char* kGapNames[] = {"under_1ms", "under_10ms", "under_100ms", "under_500ms",
                                     "under_1s",  "under_2s",   "longer"};
constexpr std::string_view kClickPath = "/system/resource/code/news/click/";
constexpr std::string_view kStyle =
    "body{font:14px/1.6 SimSun,serif;margin:0}.header,.nav,.footer{width:1000px;margin:0 auto}\n"
    ".TRS_Editor p,.v_news_content p,#zoom p{text-indent:2em}\n";
constexpr std::string_view kCommonScript =
    "function doZoom(size){var z=document.getElementById('zoom');if(z)z.style.fontSize=size+'px';}\n";
constexpr std::string_view kClickScript =
    "function _showDynClicks(type,owner,id){var x=new XMLHttpRequest();"
    "x.open('GET','/system/resource/code/news/click/"
    "dynclicks.jsp?clickid='+id+'&owner='+owner+'&clicktype='+type,false);"
    "x.send();document.write(x.responseText);}\n";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

int64_t ParseId(std::string_view text) {
  int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? value : -1;
}

Response Json(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.content_type = "application/json; charset=utf-8";
  response.body = std::move(body);
  return response;
}

Response Problem(std::string_view message) {
  std::string body = "{\"error\":";
  AppendJsonString(message, &body);
  return Json(body + "}\n", 400);
}

Response Text(std::string body, std::string_view type) {
  Response response;
  response.content_type = type;
  response.body = std::move(body);
  return response;
}

std::string BaseOf(const Request& request) {
  return "http://" + (request.host.empty() ? std::string("127.0.0.1") : request.host);
}

}  // namespace

Portal::Portal(const PortalOptions& options)
    : options_(options),
      world_(options.world),
      pages_(world_),
      clock_base_real_(MonotonicMicroseconds()),
      clock_base_virtual_(options.world.clock) {
  world_.AdvanceTo(options.world.clock);
}

void Portal::TickClock() {
  if (options_.clock_rate <= 0) return;
  const double elapsed = static_cast<double>(MonotonicMicroseconds() - clock_base_real_) / 1e6;
  world_.AdvanceTo(clock_base_virtual_ + static_cast<int64_t>(elapsed * options_.clock_rate));
}

bool Portal::Falls(double share, uint64_t salt) const {
  if (share <= 0) return false;
  return static_cast<double>(Hash(options_.world.seed, request_number_, kForFault, salt) >> 11) * 0x1p-53 <
         share;
}

void Portal::Count(const Request& request, int64_t at) {
  ++stats_.requests;
  crawler_connections_.insert(request.connection);
  stats_.max_connections = std::max(stats_.max_connections, crawler_connections_.size());
  if (stats_.first_at < 0) stats_.first_at = at;
  if (stats_.last_at >= 0) {
    const int64_t gap = at - stats_.last_at;
    if (stats_.min_gap < 0 || gap < stats_.min_gap) stats_.min_gap = gap;
    size_t slot = 0;
    while (slot < kGapLimits.size() && gap >= kGapLimits[slot]) ++slot;
    ++stats_.gaps[slot];
  }
  stats_.last_at = at;
  const auto agent = stats_.agents.find(request.user_agent);
  if (agent != stats_.agents.end()) {
    ++agent->second;
  } else if (stats_.agents.size() < kMaxAgents) {
    stats_.agents.emplace(request.user_agent, 1);
  }
}

Response Portal::Handle(const Request& request) {
  TickClock();
  if (StartsWith(request.path, "/__control/")) return Control(request);
  if (request.path == "/__truth.json") return Truth(request, false);
  if (request.path == "/__truth.jsonl") return Truth(request, true);
  const int64_t at = MonotonicMicroseconds();
  Count(request, at);
  ++request_number_;
  Kind kind = Kind::kNotFound;
  const Faults& faults = options_.faults;
  Response response;
  if (Falls(faults.outage_share, 5) && (AnswerOutage(faults, &response) || AnswerOutageOfPages(request, &response))) {
    kind = Kind::kOutage;
  } else if (Falls(faults.reset, 1)) {
    response.reset = true;
    kind = Kind::kFault;
  } else if (Falls(faults.busy, 2)) {
    response.status = Falls(0.5, 3) ? 429 : 503;
    response.headers = "Retry-After: " + std::to_string(faults.retry_after) + "\r\n";
    response.body = "<html><body><h1>Busy</h1></body></html>\n";
    ++stats_.busy;
    kind = Kind::kFault;
  } else {
    response = Route(request, &kind);
    if (Falls(faults.cut, 4)) response.reset_after = static_cast<int64_t>(response.body.size() / 2);
  }
  if (response.reset || response.reset_after >= 0) ++stats_.resets;
  if (response.status == 304) ++stats_.not_modified;
  if (faults.slow_ms > 0) response.delay_ms = faults.slow_ms;
  ++stats_.by_kind[static_cast<size_t>(kind)];
  log_.push_back(
      {at, request.method + " " + request.target, response.reset || response.silent ? 0 : response.status,
       kind == Kind::kOutage || kind == Kind::kFault});
  if (log_.size() > kLogLength) log_.pop_front();
  return response;
}

// The outages that speak in the site's own pages, or are of its articles alone.
bool Portal::AnswerOutageOfPages(const Request& request, Response* response) {
  const std::string& outage = options_.faults.outage;
  if (outage == "odd") {
    *response = FromPage(request, pages_.OddBlock(Hash(request_number_, kForFault)));
    return true;
  }
  if (outage == "homepage") {
    *response = FromPage(request, pages_.Home({}));
    return true;
  }
  const int64_t article = std::max(world_.FindArticle(request.path), world_.FindArticle(request.path, 0));
  if (outage == "cutlists") {
    if (article >= 0) return false;
    Kind kind = Kind::kNotFound;
    *response = Route(request, &kind);
    // A whole answer as far as HTTP goes; the page ends in its middle.
    const bool list = (kind == Kind::kHome || kind == Kind::kList) && response->status == 200 && response->headers.find("gzip") == std::string::npos;
    if (list) response->body.resize(response->body.size() * 2 / 5);
    return list;
  }
  if (outage == "emptylists" || outage == "listerrors") {
    uint32_t column = 0, page = 0;
    if (article >= 0 || !pages_.FindList(request.path, &column, &page)) return false;
    // What a database that does not answer, or a template that cannot be read, leaves of a list.
    *response = FromPage(request, outage == "emptylists" ? pages_.List(column, page, false) : pages_.ListError(column));
    return true;
  }
  if (article < 0 || (outage != "articles404" && outage != "articles500" && outage != "column404" && outage != "columnodd")) return false;
  if (outage.rfind("column", 0) == 0 && world_.ColumnOf(static_cast<uint32_t>(article)) != kIllColumn) return false;
  if (outage == "columnodd") {
    *response = FromPage(request, pages_.OddBlock(Hash(request_number_, kForFault)));
    return true;
  }
  *response = FromPage(request, pages_.NotFound());
  response->status = outage == "articles500" ? 500 : 404;
  return true;
}

// An address of before the redesign.
Response Portal::AnswerOld(const Request& request, uint32_t id) {
  Response response;
  switch (world_.article(id).state == State::kLive ? world_.OldAddressOf(id) : OldAddresses::kNotFound) {
    case OldAddresses::kRedirect:
      response.status = 301;
      response.headers = "Location: " + world_.PathOf(id) + "\r\n";
      return response;
    case OldAddresses::kToHome:
      response.status = 302;
      response.headers = "Location: /\r\n";
      return response;
    default:
      response = FromPage(request, pages_.NotFound());
      response.status = 404;
      return response;
  }
}

Response Portal::Route(const Request& request, Kind* kind) {
  const std::string& path = request.path;
  const int64_t article = world_.FindArticle(path);
  if (article >= 0) return AnswerArticle(request, static_cast<uint32_t>(article), kind);
  if (world_.design() > 0) {
    if (const int64_t old = world_.FindArticle(path, 0); old >= 0) {
      *kind = Kind::kWithdrawn;
      return AnswerOld(request, static_cast<uint32_t>(old));
    }
  }
  if (path == "/tszy.html") {
    *kind = Kind::kWithdrawn;
    return FromPage(request, pages_.Notice());
  }
  if (path == "/" || path == "/index.html") {
    *kind = Kind::kHome;
    return FromPage(request, pages_.Home(options_.faults.Links()));
  }
  if (path == "/robots.txt") {
    *kind = Kind::kRobots;
    return Robots(request);
  }
  if (path == "/wzdt.html") {
    *kind = Kind::kHome;
    return FromPage(request, pages_.SiteMap());
  }
  if (path == "/rss.xml") {
    *kind = Kind::kFeed;
    return Feed(request);
  }
  Response response;
  *kind = Kind::kSiteMap;
  if (StartsWith(path, "/sitemap") && AnswerSiteMapFile(request, &response)) return response;
  *kind = Kind::kFault;
  if (AnswerFaultPage(options_.faults, request, &response)) return response;
  response = Response();
  if (StartsWith(path, kClickPath) || path == "/e/public/ViewClick/" ||
      path == "/system/resource/code/datainput.jsp") {
    return AnswerCounter(request, kind);
  }
  if (path == "/getFileListByCodeId" && options_.world.posted_lists) {
    *kind = Kind::kList;
    std::string rows;
    if (request.method == "POST" && pages_.PostedRows(request.body, &rows)) return Json(rows);
    response.status = request.method == "POST" ? 400 : 405;
    return response;
  }
  uint32_t column = 0;
  uint32_t page = 0;
  if (pages_.FindList(path, &column, &page)) {
    *kind = Kind::kList;
    return FromPage(request, pages_.List(column, page));
  }
  // The CMS's own spelling of the same article's address.
  if (path == "/content.jsp" && QueryValue(request.query, "urltype") == "news.NewsContentUrl") {
    const int64_t number = ParseId(QueryValue(request.query, "wbnewsid"));
    const auto id = static_cast<uint32_t>(number - kFirstNumber);
    if (number >= kFirstNumber && number - kFirstNumber < static_cast<int64_t>(world_.article_count()) &&
        world_.columns()[world_.ColumnOf(id)].kind == ColumnKind::kVsb) {
      return AnswerArticle(request, id, kind);
    }
  }
  if (StartsWith(path, "/nbzl/")) {
    *kind = Kind::kDisallowed;
    if (path == "/nbzl/index.html") return FromPage(request, pages_.Internal(0));
    for (int i = 1; i <= 5; ++i) {
      if (path == "/nbzl/" + std::to_string(i) + ".html") return FromPage(request, pages_.Internal(i));
    }
  }
  if (AnswerFile(request, &response, kind)) return response;
  *kind = Kind::kNotFound;
  response = FromPage(request, pages_.NotFound());
  response.status = 404;
  return response;
}

Response Portal::FromPage(const Request& request, Page page) {
  Response response;
  response.content_type = page.content_type;
  response.body = std::move(page.body);
  response.chunked = page.chunked;
  if (page.last_modified != 0) response.headers += "Last-Modified: " + HttpDate(page.last_modified) + "\r\n";
  if (!page.etag.empty()) response.headers += "ETag: " + page.etag + "\r\n";
  if (page.gzip) {
    response.headers += "Vary: Accept-Encoding\r\n";
    if (request.accepts_gzip) {
      response.body = Gzip(response.body);
      response.headers += "Content-Encoding: gzip\r\n";
    }
  }
  return response;
}

Response Portal::AnswerArticle(const Request& request, uint32_t id, Kind* kind) {
  *kind = Kind::kArticle;
  const State state = world_.article(id).state;
  if (state != State::kLive) *kind = Kind::kWithdrawn;
  if (state == State::kToHome) {
    Response response;
    response.status = 302;
    response.headers = "Location: /\r\n";
    return response;
  }
  if (state == State::kToNotice || state == State::kToList) {
    Response response;
    response.status = 302;
    response.headers =
        "Location: " + (state == State::kToNotice ? std::string("/tszy.html") : pages_.ListPath(world_.ColumnOf(id), 1)) + "\r\n";
    return response;
  }
  if (state == State::kHomePage) return FromPage(request, pages_.Home({}));
  if (state == State::kOddNotice) return FromPage(request, pages_.OddNotice(request.path));
  if (state == State::kEmpty) return Text("", "text/html");
  if (state == State::kSoftNotFound) {
    return FromPage(request, pages_.SoftNotFound(Hash(options_.world.seed, id, kForEvent)));
  }
  if (state != State::kLive) {
    Response response = FromPage(request, pages_.NotFound());
    response.status = state == State::kGone ? 410 : 404;
    return response;
  }
  const Page validators = pages_.ArticleValidators(id);
  const bool same_tag =
      !validators.etag.empty() && request.if_none_match.find(validators.etag) != std::string::npos;
  const bool not_newer = validators.last_modified != 0 && request.if_none_match.empty() &&
                         ParseHttpDate(request.if_modified_since) >= validators.last_modified;
  if (same_tag || not_newer) {
    Response response;
    response.status = 304;
    response.headers =
        "ETag: " + validators.etag + "\r\nLast-Modified: " + HttpDate(validators.last_modified) + "\r\n";
    return response;
  }
  return FromPage(request, pages_.Article(id));
}

Response Portal::AnswerCounter(const Request& request, Kind* kind) {
  *kind = Kind::kCounterRead;
  const auto find = [this](std::string_view number) -> int64_t {
    const int64_t value = ParseId(number);
    const int64_t id = value - kFirstNumber;
    return value >= 0 && id >= 0 && id < static_cast<int64_t>(world_.article_count()) ? id : -1;
  };
  const auto clicks = [this](int64_t id) {
    return id < 0 ? int64_t{0} : world_.ClicksOf(static_cast<uint32_t>(id));
  };
  if (request.path == "/e/public/ViewClick/") {
    const int64_t id = find(QueryValue(request.query, "id"));
    if (id < 0) return Text("", "text/html");
    // Prints the stored number and one, whether it counts or not.
    const int64_t shown = clicks(id) + 1;
    if (QueryValue(request.query, "addclick") == "1") {
      *kind = Kind::kCounterIncrement;
      world_.CountClick(static_cast<uint32_t>(id));
    }
    return Text("document.write('" + std::to_string(shown) + "');", "text/html");
  }
  const std::string_view name = StartsWith(request.path, kClickPath)
                                    ? std::string_view(request.path).substr(kClickPath.size())
                                    : std::string_view("datainput.jsp");
  if (name == "dynclicks.jsp") {
    const int64_t id = find(QueryValue(request.query, "clickid"));
    return Text("\r\n\r\n" + std::to_string(clicks(id)) + "\r\n", "text/html;charset=UTF-8");
  }
  if (name == "dynclicksbatch.jsp") {
    const std::string ids = QueryValue(request.query, "clickids");
    std::string body;
    for (size_t from = 0; from <= ids.size() && from < 8192;) {
      const size_t end = std::min(ids.find(',', from), ids.size());
      body += (body.empty() ? "" : ",") +
              std::to_string(clicks(find(std::string_view(ids).substr(from, end - from))));
      from = end + 1;
    }
    return Text(body, "text/html;charset=UTF-8");
  }
  if (name == "addclicktimes.jsp" || name == "datainput.jsp") {
    *kind = Kind::kCounterIncrement;
    const int64_t id = find(QueryValue(request.query, name == "datainput.jsp" ? "newsid" : "wburlid"));
    if (id >= 0) world_.CountClick(static_cast<uint32_t>(id));
    return Text("", "text/html");
  }
  *kind = Kind::kNotFound;
  Response response = FromPage(request, pages_.NotFound());
  response.status = 404;
  return response;
}

bool Portal::AnswerFile(const Request& request, Response* response, Kind* kind) {
  const std::string& path = request.path;
  *kind = Kind::kAsset;
  if (path == "/css/style.css") *response = Text(std::string(kStyle), "text/css");
  if (path == "/js/common.js") *response = Text(std::string(kCommonScript), "application/javascript");
  if (path == "/system/resource/js/dynclicks.js")
    *response = Text(std::string(kClickScript), "application/javascript");
  if (path == "/images/banner.png" || path == "/favicon.ico")
    *response = Text(MakePng(options_.world.seed), "image/png");
  if (!response->body.empty()) return true;
  // What an article has, as its own list says.
  uint32_t id = 0;
  const auto article_of = [&](int64_t number) {
    if (number < kFirstNumber || number - kFirstNumber >= static_cast<int64_t>(world_.article_count()))
      return false;
    id = static_cast<uint32_t>(number - kFirstNumber);
    return true;
  };
  if (StartsWith(path, "/images/W0") && path.size() > 14) {
    *kind = Kind::kImage;
    if (!article_of(ParseId(std::string_view(path).substr(10, path.size() - 14))) ||
        pages_.ImagePath(id) != path || !world_.LookOf(id).image) {
      return false;
    }
    *response = Text(MakePng(Hash(options_.world.seed, id, kForFile)), "image/png");
    return true;
  }
  const bool vsb = path == "/system/_content/download.jsp";
  if (!vsb && !(StartsWith(path, "/attach/P0") && path.size() > 14)) return false;
  *kind = Kind::kAttachment;
  const std::string digits = vsb ? QueryValue(request.query, "wbfileid") : path.substr(10, path.size() - 14);
  const int64_t file = ParseId(digits);
  if (!article_of(file / 10)) return false;
  for (const AttachmentInfo& attachment : pages_.Attachments(id, false)) {
    if (attachment.path != request.target) continue;
    const bool doc = path.size() > 4 && path.substr(path.size() - 4) == ".doc";
    const uint64_t hash = Hash(options_.world.seed, static_cast<uint64_t>(file), kForFile);
    *response = doc ? Text(MakeDoc(hash), "application/msword") : Text(MakePdf(hash), "application/pdf");
    if (vsb) response->headers = "Content-Disposition: attachment; filename=\"" + digits + ".pdf\"\r\n";
    return true;
  }
  return false;
}

Response Portal::Robots(const Request& request) {
  std::string body = "User-agent: *\nDisallow: /__control/\nDisallow: /__truth\nDisallow: /nbzl/\n";
  if (options_.crawl_delay >= 0) {
    std::string delay = std::to_string(options_.crawl_delay);
    while (delay.back() == '0') delay.pop_back();
    if (delay.back() == '.') delay.pop_back();
    body += "Crawl-delay: " + delay + "\n";
  }
  if (options_.site_map_file) body += "\nSitemap: " + BaseOf(request) + "/sitemap.xml\n";
  return Text(body, "text/plain");
}

bool Portal::AnswerSiteMapFile(const Request& request, Response* response) {
  if (!options_.site_map_file) return false;
  constexpr std::string_view kNamespace = " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  const std::string base = BaseOf(request);
  const auto count = static_cast<uint32_t>(world_.article_count());
  const uint32_t parts = (count + kSiteMapPart - 1) / kSiteMapPart;
  std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  uint32_t from = 0;
  if (request.path == "/sitemap.xml") {
    if (parts > 1) {
      body.append("<sitemapindex").append(kNamespace);
      for (uint32_t i = 1; i <= parts; ++i) {
        body += "<sitemap><loc>" + base + "/sitemap_" + std::to_string(i) + ".xml</loc></sitemap>\n";
      }
      *response = Text(body + "</sitemapindex>\n", "application/xml");
      return true;
    }
  } else {
    const std::string& path = request.path;
    if (!StartsWith(path, "/sitemap_") || path.size() < 14 || path.substr(path.size() - 4) != ".xml")
      return false;
    const int64_t part = ParseId(std::string_view(path).substr(9, path.size() - 13));
    if (part < 1 || part > parts || parts < 2) return false;
    from = static_cast<uint32_t>(part - 1) * kSiteMapPart;
  }
  body.append("<urlset").append(kNamespace);
  for (uint32_t id = from; id < std::min(count, from + kSiteMapPart); ++id) {
    if (world_.article(id).state != State::kLive) continue;
    body += "<url><loc>" + base + world_.PathOf(id) + "</loc><lastmod>" +
            IsoDate(world_.article(id).changed) + "</lastmod></url>\n";
  }
  *response = Text(body + "</urlset>\n", "application/xml");
  return true;
}

Response Portal::Feed(const Request& request) {
  const std::string base = BaseOf(request);
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss "
      "version=\"2.0\"><channel><title>河西县人民政府</title><link>" +
      base + "/</link>\n";
  auto id = static_cast<uint32_t>(world_.article_count());
  for (int items = 0; id > 0 && items < 20;) {
    --id;
    if (world_.article(id).state != State::kLive || world_.article(id).unlisted) continue;
    ++items;
    body += "<item><title>" + world_.TitleOf(id) + "</title><link>" + base + world_.PathOf(id) +
            "</link><pubDate>" + HttpDate(world_.PublishedOf(id)) + "</pubDate></item>\n";
  }
  return Text(body + "</channel></rss>\n", "application/rss+xml; charset=utf-8");
}

Response Portal::Truth(const Request& request, bool lines) {
  TruthOptions options;
  options.base = BaseOf(request);
  options.lines = lines;
  options.bodies = QueryValue(request.query, "body") != "0";
  options.article = ParseId(QueryValue(request.query, "id"));
  Response response;
  response.content_type = lines ? "application/jsonl; charset=utf-8" : "application/json; charset=utf-8";
  response.more = MakeTruth(world_, pages_, options);
  return response;
}

std::string Portal::ClockJson() const {
  return "{\"now\":\"" + IsoTime(world_.now()) + "\",\"articles\":" + std::to_string(world_.article_count()) +
         ",\"events\":" + std::to_string(world_.events().size()) + "}\n";
}

Response Portal::Control(const Request& request) {
  const std::string_view name = std::string_view(request.path).substr(std::string_view("/__control/").size());
  const auto value = [&](std::string_view key) { return QueryValue(request.query, key); };
  if (name == "advance" || name == "clock") {
    double amount = 0;
    int64_t to = world_.now();
    constexpr std::pair<std::string_view, int> kUnits[] = {
        {"days", 86400}, {"hours", 3600}, {"minutes", 60}, {"seconds", 1}};
    for (const auto& [unit, seconds] : kUnits) {
      if (!value(unit).empty()) {
        if (!ParseNumber(value(unit), 0, 1e6, &amount)) return Problem("not a span of time: " + value(unit));
        to += static_cast<int64_t>(std::llround(amount * seconds));
      }
    }
    if (!value("set").empty() && !ParseIso(value("set"), &to)) return Problem("not a time: " + value("set"));
    if (to < world_.now()) return Problem("the clock only goes forward");
    if (to - world_.now() > kLongestStep) return Problem("more than ten years at once");
    world_.AdvanceTo(to);
    clock_base_real_ = MonotonicMicroseconds();
    clock_base_virtual_ = world_.now();
    return Json(ClockJson());
  }
  if (name == "publish" || name == "edit" || name == "withdraw" || name == "restore") {
    const int64_t id = ParseId(value(name == "publish" ? "column" : "id"));
    if (id < 0 || id > UINT32_MAX) return Problem("id (for publish: column) is missing or not a number");
    const auto number = static_cast<uint32_t>(id);
    bool done = false;
    if (name == "publish") done = world_.Publish(number);
    if (name == "restore") done = world_.Restore(number);
    if (name == "withdraw") {
      const std::string how = value("how").empty() ? "404" : value("how");
      for (int i = 1; i < kStates; ++i) {
        const auto state = static_cast<State>(i);
        if (StateName(state) == how) done = world_.Withdraw(number, state);
      }
    }
    if (name == "edit") {
      const std::string fields = "," + (value("fields").empty() ? "body" : value("fields")) + ",";
      uint8_t mask = 0;
      if (fields.find(",title,") != std::string::npos) mask |= kTitle;
      if (fields.find(",body,") != std::string::npos) mask |= kBody;
      if (fields.find(",source,") != std::string::npos) mask |= kSource;
      if (fields.find(",published,") != std::string::npos) mask |= kPublished;
      done = world_.Edit(number, mask);
    }
    return done ? Json(ClockJson()) : Problem("no such article or column, or its state does not allow this");
  }
  if (name == "unlist") {
    const int64_t id = ParseId(value("id"));
    const bool done = id >= 0 && id <= UINT32_MAX && world_.Unlist(static_cast<uint32_t>(id));
    return done ? Json(ClockJson()) : Problem("no such article, or it is in no list");
  }
  if (name == "redesign") {
    constexpr std::pair<std::string_view, OldAddresses> kOld[] = {{"redirect", OldAddresses::kRedirect},
                                                                  {"404", OldAddresses::kNotFound},
                                                                  {"home", OldAddresses::kToHome},
                                                                  {"mixed", OldAddresses::kMixed},
                                                                  {"same", OldAddresses::kSame}};
    for (const auto& [word, old] : kOld) {
      if (value("old").empty() || value("old") == word) {
        return world_.Redesign(old) ? Json(ClockJson()) : Problem("it was redesigned before");
      }
    }
    return Problem("old: redirect, 404, home, mixed or same");
  }
  if (name == "fault") {
    Faults faults = value("clear") == "1" ? Faults() : options_.faults;
    for (const char* key : {"slow", "reset", "cut", "busy", "retry-after", "length", "endless", "loop",
                            "calendar", "hostile", "outage", "outage-share"}) {
      const std::string given = value(key);
      if (!given.empty() && !faults.Set(key, given))
        return Problem(std::string("bad value for ") + key + ": " + given);
    }
    options_.faults = faults;
    return Json(faults.Json() + "\n");
  }
  if (name == "stats" || name == "reset") {
    std::string body = StatsJson();
    if (name == "reset" || value("reset") == "1") {
      stats_ = Stats();
      log_.clear();
    }
    return Json(std::move(body));
  }
  if (name == "requests") {
    Response response = Json(RequestsJson());
    response.content_type = "application/jsonl; charset=utf-8";
    return response;
  }
  return Problem("no such control request: " + std::string(name));
}

std::string Portal::StatsJson() const {
  constexpr const char* kNames[] = {"home",       "list",         "article",
                                    "withdrawn",  "attachment",   "image",
                                    "asset",      "counter_read", "counter_increment",
                                    "robots",     "sitemap",      "feed",
                                    "disallowed", "fault",        "outage",
                                    "not_found"};
  std::string body = "{\"requests\":" + std::to_string(stats_.requests) + ",\"by_class\":{";
  for (size_t i = 0; i < stats_.by_kind.size(); ++i) {
    body += std::string(i == 0 ? "\"" : ",\"") + kNames[i] + "\":" + std::to_string(stats_.by_kind[i]);
  }
  body += "},\"not_modified\":" + std::to_string(stats_.not_modified) +
          ",\"busy\":" + std::to_string(stats_.busy) + ",\"resets\":" + std::to_string(stats_.resets) +
          ",\"max_connections\":" + std::to_string(stats_.max_connections) + ",\"min_gap_ms\":";
  body += stats_.min_gap < 0 ? "null" : std::to_string(static_cast<double>(stats_.min_gap) / 1000);
  body += ",\"gaps\":{";
  for (size_t i = 0; i < stats_.gaps.size(); ++i) {
    body += std::string(i == 0 ? "\"" : ",\"") + kGapNames[i] + "\":" + std::to_string(stats_.gaps[i]);
  }
  body += "},\"seconds\":" +
          (stats_.first_at < 0 ? std::string("null")
                               : std::to_string(static_cast<double>(stats_.last_at - stats_.first_at) / 1e6));
  body += ",\"user_agents\":{";
  bool first = true;
  for (const auto& [agent, count] : stats_.agents) {
    if (!first) body += ',';
    first = false;
    AppendJsonString(agent, &body);
    body += ":" + std::to_string(count);
  }
  return body + "}}\n";
}

std::string Portal::RequestsJson() const {
  std::string body;
  for (const Logged& logged : log_) {
    body += "{\"ms\":" + std::to_string(static_cast<double>(logged.at - stats_.first_at) / 1000) +
            ",\"request\":";
    AppendJsonString(logged.line, &body);
    body += ",\"status\":" + std::to_string(logged.status) + (logged.outage ? ",\"trouble\":true" : "") + "}\n";
  }
  return body;
}

}  // namespace fangzhi::portal
