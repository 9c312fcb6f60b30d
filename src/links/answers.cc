// Lists that are asked for as data: JSON, XML.
#include <algorithm>
#include <array>
#include <functional>

#include "base/limits.h"
#include "base/strings.h"
#include "links/collector.h"
#include "links/days.h"
#include "model/json.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using model::Json;

constexpr size_t kMaxEntries = 20'000;
constexpr size_t kMaxMarkupBytes = size_t{4} << 20;
// A list that announces no total is followed so far.
constexpr uint64_t kMostUnannouncedPages = 500;

template <size_t n>
bool IsOneOf(std::string_view text, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

constexpr std::array<std::string_view, 14> kTitleKeys = {"title",    "doctitle", "showtitle", "articletitle", "infotitle", "subject", "headline",
                                                         "newstitle", "biaoti",   "name",      "titlename",    "listtitle", "maintitle", "sub_title"};
constexpr std::array<std::string_view, 18> kUrlKeys = {"url",     "docpuburl", "puburl",    "link",     "href",      "linkurl",    "infourl",  "htmlurl",  "articleurl",
                                                       "pageurl", "docurl",    "visiturl",  "post_url", "detailurl", "contenturl", "urlpath", "page_url", "link_url"};
constexpr std::array<std::string_view, 22> kDateKeys = {
    "publishedtimestr", "publishtime", "pubdate",    "docrelpubtime", "docreltime", "display_publish_time", "publish_time", "publisheddate",
    "publishdate",      "rlsdatestr",  "date",       "showdate",      "pubtime",    "infodate",             "releasetime",  "releasedate",
    "publishedtime",    "created_at",  "createtime", "create_time",   "time",       "first_publish_time"};
constexpr std::array<std::string_view, 9> kTotalKeys = {"total", "totalcount", "totalrecord", "totalrecords", "totalnum", "recordcount", "total_count", "totalelements", "counttotal"};
constexpr std::array<std::string_view, 7> kPagesKeys = {"totalpage", "totalpages", "pagecount", "page_count", "pagetotal", "total_page", "pages"};

std::string DayOfSeconds(int64_t seconds) {
  seconds += 8 * 3600;  // midnight in the sites' time
  int64_t days = seconds / 86400;
  // Civil from days (proleptic Gregorian), for days after 1970.
  days += 719468;
  const int64_t era = days / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_index = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_index + 2) / 5 + 1);
  const int month = static_cast<int>(month_index < 10 ? month_index + 3 : month_index - 9);
  const int year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  return FormatDay(year, month, day);
}

// "2021-08-03 10:00", "Mon, 29 Nov 2021 08:00:00 +0800", seconds or milliseconds since 1970.
std::string DayOf(std::string_view text) {
  text = TrimAscii(text);
  if (std::string day = DateIn(text); !day.empty()) return day;
  if (const auto number = ParseUint(text)) {
    if (*number >= 600'000'000 && *number < 4'000'000'000) return DayOfSeconds(static_cast<int64_t>(*number));
    if (*number >= 600'000'000'000 && *number < 4'000'000'000'000) return DayOfSeconds(static_cast<int64_t>(*number / 1000));
    return {};
  }
  static constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::vector<std::string_view> words = Split(text, ' ');
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    const std::string month = ToAsciiLower(words[i].substr(0, 3));
    const auto found = std::find(kMonths.begin(), kMonths.end(), month);
    const auto day = ParseUint(words[i - 1]), year = ParseUint(words[i + 1]);
    if (found != kMonths.end() && day && year && *day <= 31 && *year >= 1990 && *year < 2100) {
      return FormatDay(static_cast<int>(*year), static_cast<int>(found - kMonths.begin()) + 1, static_cast<int>(*day));
    }
  }
  return {};
}

std::string Shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return std::to_string(value.get<int64_t>());
  return {};
}

// Titles in data have markup at times: <em>, <br/>, &nbsp;.
std::string PlainTitle(std::string title) {
  if (title.find('<') != std::string::npos || title.find('&') != std::string::npos) {
    const html::Document document = html::Document::Parse(std::move(title));
    title = html::TextContent(document, 0);
  }
  return text::CollapseSpace(title);
}

class DataReader {
 public:
  DataReader(const url::Url& page_url, Collector& collector) : page_url_(page_url), collector_(collector) {}
  void Value(const Json& value);  // depth is bounded by ParseJson
  bool Xml(std::string_view text);
  uint64_t entries() const { return entries_; }
  bool any_list() const { return any_list_; }

 private:
  bool Entry(const Json& object);
  void Facts(const Json& object);
  void Entries(std::string_view text, std::string_view tag);

  const url::Url& page_url_;
  Collector& collector_;
  uint64_t entries_ = 0;
  size_t markup_ = 0;
  bool any_list_ = false;
};

// {"title": …, "url": …}
bool DataReader::Entry(const Json& object) {
  std::string title, address, date;
  size_t title_rank = SIZE_MAX, url_rank = SIZE_MAX, date_rank = SIZE_MAX;
  for (const auto& [key, value] : object.items()) {
    const std::string name = ToAsciiLower(key);
    const auto take = [&](const auto& names, size_t& rank, std::string& into) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) return;
      const size_t at = static_cast<size_t>(found - names.begin());
      std::string shown = Shown(value);
      if (at >= rank || shown.empty()) return;
      rank = at;
      into = std::move(shown);
    };
    take(kTitleKeys, title_rank, title);
    take(kUrlKeys, url_rank, address);
    take(kDateKeys, date_rank, date);
  }
  if (title.empty() || address.empty() || entries_ >= kMaxEntries) return false;
  collector_.AddItem(address, PlainTitle(std::move(title)), DayOf(date));
  ++entries_;
  return true;
}

void DataReader::Facts(const Json& object) {
  model::ListFacts& facts = collector_.list().facts();
  for (const auto& [key, value] : object.items()) {
    const std::string name = ToAsciiLower(key);
    const auto number = value.is_number_integer() && value.get<int64_t>() >= 0 ? std::optional<uint64_t>(static_cast<uint64_t>(value.get<int64_t>()))
                                                                                : ParseUint(Shown(value));
    if (!number) continue;
    if (!facts.total && IsOneOf(name, kTotalKeys)) facts.total = number;
    if (!facts.pages && IsOneOf(name, kPagesKeys)) facts.pages = number;
  }
}

void DataReader::Value(const Json& value) {
  if (value.is_object()) {
    const bool entry = Entry(value);
    if (!entry) Facts(value);
    for (const auto& [key, member] : value.items()) {
      (void)key;
      // What hangs below an entry (attachments, images) is the entry's own.
      if (!entry && (member.is_structured() || member.is_string())) Value(member);
    }
    return;
  }
  if (value.is_array()) {
    any_list_ = true;
    for (const Json& member : value) Value(member);
    return;
  }
  if (!value.is_string()) return;
  const std::string& text = value.get_ref<const std::string&>();
  if (text.size() < 20 || text.size() > kMaxMarkupBytes || (markup_ += text.size()) > kMaxMarkupBytes) return;
  if (FindIgnoreAsciiCase(text, "<a ") == std::string::npos && FindIgnoreAsciiCase(text, "<li") == std::string::npos) return;
  any_list_ = true;
  collector_.Walk(html::Document::Parse(text), false);
}

// The characters of an element: <title><![CDATA[…]]></title>, entities resolved.
std::string ElementText(std::string_view xml, std::string_view tag) {
  size_t at = 0;
  while ((at = xml.find("<" + std::string(tag), at)) != std::string_view::npos) {
    at += tag.size() + 1;
    if (at < xml.size() && (xml[at] == '>' || IsAsciiSpace(xml[at]) || xml[at] == '/')) break;
  }
  if (at == std::string_view::npos) return {};
  const size_t close = xml.find('>', at);
  if (close == std::string_view::npos) return {};
  std::string_view inner = xml.substr(close + 1);
  if (xml[close - 1] == '/') {  // Atom: <link href="…"/>
    const std::string_view attributes = xml.substr(at, close - at);
    const size_t href = attributes.find("href=");
    if (href == std::string_view::npos || href + 6 > attributes.size()) return {};
    const size_t end = attributes.find(attributes[href + 5], href + 6);
    return ReplaceAll(attributes.substr(href + 6, end == std::string_view::npos ? end : end - href - 6), "&amp;", "&");
  }
  inner = TrimAscii(inner.substr(0, inner.find("</" + std::string(tag))));
  if (inner.starts_with("<![CDATA[")) {
    inner = inner.substr(9, inner.find("]]>") == std::string_view::npos ? std::string_view::npos : inner.find("]]>") - 9);
    return text::Trim(inner);
  }
  std::string out(inner);
  for (const auto& [from, to] : {std::pair<const char*, const char*>{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    out = ReplaceAll(out, from, to);
  }
  return text::Trim(out);
}

void DataReader::Entries(std::string_view text, std::string_view tag) {
  const std::string open = "<" + std::string(tag), close = "</" + std::string(tag) + ">";
  for (size_t at = 0; entries_ < kMaxEntries && (at = text.find(open, at)) != std::string_view::npos;) {
    at += open.size();
    if (at >= text.size() || (text[at] != '>' && !IsAsciiSpace(text[at]))) continue;
    const size_t end = text.find(close, at);
    const std::string_view entry = text.substr(at, end == std::string_view::npos ? end : end - at);
    std::string address = ElementText(entry, "loc");
    if (address.empty()) address = ElementText(entry, "link");
    if (address.empty()) address = ElementText(entry, "guid");
    std::string date;
    for (const std::string_view name : {std::string_view("pubDate"), std::string_view("published"), std::string_view("updated"), std::string_view("dc:date")}) {
      if (date.empty()) date = DayOf(ElementText(entry, name));
    }
    if (!address.empty()) {
      collector_.AddItem(address, PlainTitle(ElementText(entry, "title")), date);
      ++entries_;
    }
    if (end == std::string_view::npos) break;
    at = end;
  }
}

bool DataReader::Xml(std::string_view text) {
  model::ListFacts& facts = collector_.list().facts();
  if (text.find("<datastore") != std::string_view::npos || text.find("<recordset") != std::string_view::npos) {
    collector_.list().Script(text);
    collector_.EmbeddedRecords(text);
    any_list_ = true;
    return true;
  }
  if (text.find("<rss") != std::string_view::npos || text.find("<rdf:RDF") != std::string_view::npos) {
    facts.dialect = "feed";
    Entries(text, "item");
  } else if (text.find("<feed") != std::string_view::npos) {
    facts.dialect = "feed";
    Entries(text, "entry");
  } else if (text.find("<urlset") != std::string_view::npos) {
    facts.dialect = "sitemap";
    Entries(text, "url");
  } else if (text.find("<sitemapindex") != std::string_view::npos) {
    facts.dialect = "sitemap";
    Entries(text, "sitemap");
  } else {
    return false;
  }
  any_list_ = true;
  return true;
}

// JSON as it is, or as a script's call around it (JSONP).
std::optional<Json> ReadJson(std::string_view text) {
  if (text.starts_with("{") || text.starts_with("[")) return model::ParseJson(text);
  const size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0 || open > 100) return std::nullopt;
  for (const char c : text.substr(0, open)) {
    if (!IsAsciiAlpha(c) && !IsAsciiDigit(c) && c != '_' && c != '$' && c != '.' && !IsAsciiSpace(c)) return std::nullopt;
  }
  const size_t close = text.rfind(')');
  if (close == std::string_view::npos || close < open) return std::nullopt;
  return model::ParseJson(TrimAscii(text.substr(open + 1, close - open - 1)));
}

}  // namespace

std::optional<std::vector<model::Link>> FindLinksInData(std::string_view text, const url::Url& page_url, model::ListFacts* list) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = TrimAscii(text);
  if (text.empty() || text.size() > limits::kMaxHtmlBytes) return std::nullopt;
  static const url::QueryEncoder kUtf8;
  Collector collector(page_url, page_url, kUtf8, nullptr);
  DataReader reader(page_url, collector);
  model::ListFacts& facts = collector.list().facts();
  if (text[0] == '<') {
    if (!reader.Xml(text)) return std::nullopt;
  } else {
    const auto json = ReadJson(text);
    if (!json || !json->is_structured()) return std::nullopt;
    if (page_url.path.find("/gkmlpt/api/") != std::string::npos) {
      facts.dialect = "gkmlpt";
    } else if (page_url.query && page_url.query->find("_isJson") != std::string::npos) {
      facts.dialect = "kaipu";
    }
    reader.Value(*json);
    if (!reader.any_list()) return std::nullopt;
    if (facts.dialect.empty()) facts.dialect = "json";
  }
  facts.page = facts.page ? facts.page : PageNumber(page_url);
  std::vector<model::Link> links = collector.Finish(&facts);
  if (facts.dialect == "sitemap") {
    // A map names columns as well as texts: only the address tells, and a map of maps names lists.
    const bool maps = text.find("<sitemapindex") != std::string_view::npos;
    for (model::Link& link : links) {
      const auto url = url::Parse(link.url);
      if (link.kind == model::LinkKind::kArticle && url && ShapeOf(*url) == Shape::kUnknown) {
        link.kind = maps ? model::LinkKind::kList : model::LinkKind::kPage;
      }
    }
  }
  const uint64_t items = std::max(collector.items(), reader.entries());
  facts.items = items;
  // The next request: while this one had entries, and less than was announced.
  const bool more_there = std::any_of(links.begin(), links.end(), [&page_url](const model::Link& link) {
    return link.kind == model::LinkKind::kList && link.url.find(page_url.path) != std::string::npos;  // the answer names it itself
  });
  const auto next = NextRequest(page_url);
  if (items > 0 && next && !more_there) {
    const uint64_t page = facts.page.value_or(1);
    bool more = page < kMostUnannouncedPages;
    std::optional<uint64_t> last_row;  // asked for by rows: the address says which
    for (const std::string_view pair : Split(QueryOf(page_url), '&')) {
      if (pair.starts_with("endrecord=")) last_row = ParseUint(pair.substr(10));
    }
    if (last_row) {
      more = facts.total ? *last_row < *facts.total : more;
    } else if (facts.pages) {
      more = page < *facts.pages;
    } else if (facts.total) {
      more = page < 1'000'000 && page * std::max(facts.per_page.value_or(items), items) < *facts.total;
    }
    if (more) {
      if (auto url = url::Canonical(*next, &page_url)) links.push_back({url->HrefWithoutFragment(), model::LinkKind::kList, "", ""});
    }
  }
  facts.past_end = items == 0 && facts.page.value_or(1) > 1;
  if (list != nullptr) *list = facts;
  return links;
}

}  // namespace fangzhi::links
