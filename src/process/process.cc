#include "process/process.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/strings.h"
#include "discovery/discovery.h"
#include "extract/extract.h"
#include "html/html.h"
#include "http/http.h"
#include "links/links.h"
#include "model/parts.h"
#include "repair/repair.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::process {
namespace {

// A refresh this quick is a redirect; a slower one is a page that reloads itself.
constexpr int kRefreshSeconds = 5;

// The product token by which pages can name us.
constexpr std::string_view kAgent = "fangzhi";

bool IsMarkup(std::string_view essence) { return essence == "text/html" || essence == "application/xhtml+xml"; }

// The first bytes that make a body HTML where no usable type is given (MIME Sniffing 7.1, shortened to what sites send).
bool StartsLikeHtml(std::string_view body) {
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);
  body = TrimAscii(body.substr(0, 4096));
  while (body.substr(0, 4) == "<!--") {  // a generator's comment before the doctype
    const size_t end = body.find("-->");
    if (end == std::string_view::npos) return true;
    body = TrimAscii(body.substr(end + 3));
  }
  static constexpr std::string_view kStarts[] = {"<!doctype", "<html", "<head", "<body", "<script", "<title", "<meta", "<link",
                                                 "<style", "<table", "<div", "<p", "<br", "<a ", "<h1", "<iframe", "<font", "<b>"};
  for (std::string_view start : kStarts) {
    if (EqualsIgnoreAsciiCase(body.substr(0, start.size()), start)) return true;
  }
  return false;
}

std::string NumericReference(char32_t character) { return "&#" + std::to_string(static_cast<uint32_t>(character)) + ";"; }

void TakeRepairs(repair::RepairedText& repaired, model::PageRecord& record) {
  for (repair::Step& step : repaired.steps) {
    record.repairs.push_back({std::move(step.family), step.begin, step.end, std::move(step.before), std::move(step.after),
                              step.lossless, step.confidence});
  }
  for (repair::Damage& damage : repaired.damage) {
    record.damage.push_back({damage.begin, damage.end, std::move(damage.family), std::move(damage.text)});
  }
}

// A family's selectors are for what the site entry leaves open.
void FillIn(const model::SiteSelectors& family, model::SiteSelectors& selectors) {
  const auto fill = [](const std::string& from, std::string& into) {
    if (into.empty()) into = from;
  };
  fill(family.title, selectors.title);
  fill(family.published, selectors.published);
  fill(family.source, selectors.source);
  fill(family.author, selectors.author);
  fill(family.body, selectors.body);
  fill(family.clicks, selectors.clicks);
}

// Names and contents of the document's meta elements that speak to robots or to us.
std::vector<std::pair<std::string, std::string>> MetaElements(const html::Document& document) {
  std::vector<std::pair<std::string, std::string>> metas;
  const uint16_t meta = html::Tag("meta");
  constexpr size_t kMost = 16;
  for (html::NodeIndex i = 0; i < document.nodes().size() && metas.size() < kMost; ++i) {
    if (document.node(i).tag != meta) continue;
    const auto name = document.attribute(i, "name"), content = document.attribute(i, "content");
    if (!name || !content) continue;
    const std::string_view trimmed = TrimAscii(*name);
    if (EqualsIgnoreAsciiCase(trimmed, "robots") || EqualsIgnoreAsciiCase(trimmed, kAgent)) metas.emplace_back(trimmed, *content);
  }
  return metas;
}

// The parts of an article are captured with it: show_77_2.html where the first part names it as the next, and those that its pager names besides.
void TakeParts(ProcessedPage& page, const url::Url& page_url) {
  if (page.record.kind != model::PageKind::kArticle || !page.record.next_page) return;
  const std::string& next = *page.record.next_page;
  bool known = false;
  for (model::Link& link : page.links) {
    known = known || link.url == next;
    if (link.kind != model::LinkKind::kPage && link.kind != model::LinkKind::kList) continue;
    const auto target = url::Parse(link.url);
    if (target && (link.url == next || model::PartsOfOne(page_url, *target))) link.kind = model::LinkKind::kArticle;
  }
  if (!known) page.links.push_back({next, model::LinkKind::kArticle, "", page.record.published ? page.record.published->substr(0, 10) : ""});
}

// Whose numbers a batch answers: the articles that the page links to, by the number in their address. A batch of which none is known is none.
void NameCountedPages(ProcessedPage& page) {
  if (!page.record.counter_batch) return;
  model::CounterBatch& batch = *page.record.counter_batch;
  const auto counter = url::Parse(batch.counter.url);
  std::unordered_map<std::string, const std::string*> by_id;
  for (const model::Link& link : page.links) {
    if (link.kind != model::LinkKind::kArticle) continue;
    const auto address = url::Parse(link.url);
    if (!address || !counter || address->host != counter->host) continue;
    if (std::string id = extract::CounterIdOf(batch.counter.kind, *address); !id.empty()) by_id.try_emplace(std::move(id), &link.url);
  }
  bool any = false;
  for (const std::string& id : batch.ids) {
    const auto found = by_id.find(id);
    batch.pages.push_back(found != by_id.end() ? *found->second : std::string());
    any = any || found != by_id.end();
  }
  if (!any) page.record.counter_batch.reset();
}

// Whether the page's end is there. Statistics scripts and a firewall's additions come after it.
bool HasEnd(std::string_view text) {
  constexpr size_t kTail = 64 * 1024;
  if (text.size() > kTail) text.remove_prefix(text.size() - kTail);
  for (size_t at = text.rfind("</"); at != std::string_view::npos && at > 0; at = text.rfind("</", at - 1)) {
    if (EqualsIgnoreAsciiCase(text.substr(at, 6), "</html") || EqualsIgnoreAsciiCase(text.substr(at, 6), "</body")) return true;
  }
  return false;
}

void ProcessHtml(const PageInput& input, std::string_view body, const url::Url& page_url, ProcessedPage& page) {
  decode::DecodeOptions options;
  options.content_type = input.content_type;
  page.decoded = decode::Decode(body, options);
  repair::RepairedText repaired = repair::Repair(std::move(page.decoded.text));
  page.decoded.text.clear();
  const html::Document document = html::Document::Parse(std::move(repaired.text));
  for (const std::string& cut : document.cuts()) page.problems.push_back("html: cut at the limit of " + cut);

  extract::ExtractInput facts{document, page_url};
  facts.http_status = input.status;
  model::SiteSelectors selectors = input.site != nullptr ? input.site->selectors : model::SiteSelectors{};
  if (input.profiles != nullptr) page.profile = input.profiles->Best(document, page_url);
  if (page.profile.profile) FillIn(page.profile.profile->selectors, selectors);
  facts.selectors = &selectors;
  facts.list_title = input.link_text;
  facts.list_date = input.link_date;
  facts.via = input.via;
  facts.explain = input.explain;
  facts.clean_html = input.clean_html;
  page.record = extract::Extract(facts);
  if (page.profile.profile) page.record.provenance["profile"] = page.profile.profile->id + ": " + page.profile.Reason();
  TakeRepairs(repaired, page.record);
  page.record.charset = page.decoded.charset;

  links::LinkInput links{document, page_url, {}, page.profile.profile.get(), input.profiles != nullptr ? &input.profiles->profiles() : nullptr};
  if (page.decoded.charset != "UTF-8") {
    links.query_encoder = [charset = page.decoded.charset](std::string_view utf8) {
      return decode::EncodeAs(utf8, charset, NumericReference).value_or(std::string(utf8));
    };
  }
  model::ListFacts list;
  page.links = links::FindLinks(links, &list);
  // A page that has nothing but rows, or that is filled by requests which we know how to make, is no empty shell.
  const bool rows = list.items > 0 || std::any_of(page.links.begin(), page.links.end(), [](const model::Link& link) {
    return link.kind == model::LinkKind::kList;
  });
  if (page.record.kind == model::PageKind::kError && page.record.kind_reason.starts_with("empty") && rows && !list.dialect.empty()) {
    page.record.kind = model::PageKind::kList;
    page.record.kind_reason = "list (" + list.dialect + ") " +
                              (list.items > 0 ? "of " + std::to_string(list.items) + " entries" : std::string("filled by further requests"));
  }
  if (page.record.kind != model::PageKind::kArticle && page.record.kind != model::PageKind::kError &&
      (!list.dialect.empty() || list.total || list.pages.value_or(0) > 1 || !list.needs.empty())) {
    page.record.list = std::move(list);
  }
  if (page.record.kind != model::PageKind::kArticle) page.ended = HasEnd(document.source());
  links::Onward onward = links::LeadsOn(links, kRefreshSeconds, input.refresh);
  // What is no error is a page with a few words beside; an error is none where it has no words at all.
  const bool empty = page.record.kind == model::PageKind::kError && page.record.kind_reason.starts_with("empty");
  if (onward.alone && !onward.target.empty() && input.status < 300 && (empty || page.record.kind == model::PageKind::kOther)) {
    page.only_leads_on = true;
    page.record.kind = model::PageKind::kOther;
    page.record.kind_reason = "other: leads on by a " + std::string(onward.how) + ", and says nothing";
  }
  page.leads_on = std::move(onward.target);
  TakeParts(page, page_url);
  NameCountedPages(page);
  if (page.record.kind == model::PageKind::kArticle) page.outline = templates::OutlineOf(document);
  page.policy = robots::ReadPagePolicy(kAgent, MetaElements(document), {});
}

// Sitemaps and feeds: their entries are links, with what they say of them. False where it is neither.
bool ProcessDiscovery(const PageInput& input, std::string_view body, ProcessedPage& page) {
  if (!discovery::LooksLikeOne(input.content_type, body)) return false;
  const discovery::Document found = discovery::Parse({input.url, input.content_type, body});
  if (found.kind == discovery::Kind::kNone) return false;
  const bool feed = found.kind == discovery::Kind::kRss || found.kind == discovery::Kind::kAtom;
  page.record.kind = model::PageKind::kList;
  page.record.kind_reason = std::string(discovery::KindName(found.kind)) + " of " + std::to_string(found.items.size()) + " entries";
  page.record.provenance["kind"] = feed ? "feed" : "sitemap";
  std::string missing;
  if (found.breaks_off) missing = "it breaks off";
  if (found.cut) missing = "it is longer than what is read of one";
  if (found.bad_lines > 0) missing = std::to_string(found.bad_lines) + " lines are no URL";
  if (!missing.empty()) page.record.provenance["incomplete"] = missing;
  page.record.charset = found.charset;
  page.decoded.charset = found.charset;
  page.decoded.basis = "xml";
  if (!found.title.empty()) {
    page.record.title = found.title;
    page.record.provenance["title"] = "feed";
  }
  if (found.cut) page.problems.push_back("discovery: cut at a limit");
  for (const discovery::Item& item : found.items) {
    for (const std::string& enclosure : item.enclosures) page.links.push_back({enclosure, model::LinkKind::kAttachment, item.title, ""});
    if (item.url.empty()) continue;
    model::Link link;
    link.url = item.url;
    link.text = item.title;
    // A sitemap's lastmod is the day of the file, not of the news: only publication dates are a date.
    link.date = feed && !item.published ? item.updated_day : item.published_day;
    if (found.kind == discovery::Kind::kSitemapIndex) {
      link.kind = model::LinkKind::kFeed;
    } else if (feed || item.published) {
      link.kind = model::LinkKind::kArticle;
    } else {
      const std::string_view path = std::string_view(item.url).substr(0, item.url.find('?'));
      link.kind = !path.empty() && path.back() == '/' ? model::LinkKind::kList : model::LinkKind::kPage;
    }
    page.links.push_back(std::move(link));
    if (feed && !item.title.empty()) {
      if (!page.record.body.empty()) page.record.body += '\n';
      page.record.body += item.title;
    }
  }
  return true;
}

// JSON or XML by its type or by its first bytes; data proxies send both as text/html too.
bool LooksLikeData(std::string_view content_type, std::string_view body) {
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);
  body = TrimAscii(body.substr(0, 4096));
  if (body.empty()) return false;
  const std::string essence = http::ParseContentType(content_type).essence;
  const auto ends = [&essence](std::string_view end) {
    return essence.size() >= end.size() && essence.compare(essence.size() - end.size(), end.size(), end) == 0;
  };
  if (ends("json") || ends("javascript") || ends("/xml") || ends("+xml")) return essence != "image/svg+xml" && essence != "application/xhtml+xml";
  if (!essence.empty() && !IsMarkup(essence) && essence != "text/plain" && essence != "application/octet-stream") return false;
  return body[0] == '{' || body[0] == '[' || body.substr(0, 5) == "<?xml" || body.substr(0, 10) == "<datastore" || body.substr(0, 4) == "<rss";
}

// A list that is asked for as data. False where it is none.
bool ProcessData(const PageInput& input, std::string_view body, const url::Url& page_url, ProcessedPage& page) {
  decode::DecodeOptions options;
  options.content_type = input.content_type;
  page.decoded = decode::Decode(body, options);
  model::ListFacts list;
  auto links = links::FindLinksInData(page.decoded.text, page_url, &list, input.post);
  page.decoded.text.clear();
  if (!links) return false;
  page.links = std::move(*links);
  page.record.kind = model::PageKind::kList;
  page.record.kind_reason = "list of " + std::to_string(list.items) + " entries as data (" + list.dialect + ")";
  page.record.charset = page.decoded.charset;
  for (const model::Link& link : page.links) {
    if (link.text.empty() || (link.kind != model::LinkKind::kArticle && link.kind != model::LinkKind::kAttachment)) continue;
    if (!page.record.body.empty()) page.record.body += '\n';
    if (!link.date.empty()) page.record.body += link.date + " ";
    page.record.body += link.text;
  }
  page.record.list = std::move(list);
  return true;
}

// Numbers and the script around them: more is no counter's answer.
std::optional<std::string> CounterText(std::string_view content_encoding, std::string_view payload) {
  constexpr uint64_t kLongestAnswer = 64 * 1024;
  if (payload.size() > kLongestAnswer) return std::nullopt;
  return http::DecodeContent(payload, content_encoding, kLongestAnswer).bytes;
}

}  // namespace

bool LooksLikeHtml(std::string_view content_type, std::string_view body) {
  const std::string essence = http::ParseContentType(content_type).essence;
  if (IsMarkup(essence)) {
    // Some portals send PDF and Office files as text/html; their magic numbers tell.
    return body.substr(0, 5) != "%PDF-" && body.substr(0, 4) != "PK\x03\x04" && body.substr(0, 4) != "\xD0\xCF\x11\xE0";
  }
  if (essence.empty() || essence == "text/plain" || essence == "application/octet-stream" || essence == "application/xml" ||
      essence == "text/xml") {
    return StartsLikeHtml(body);
  }
  return false;
}

std::optional<int64_t> CounterAnswer(std::string_view content_encoding, std::string_view payload,
                                     std::string_view counter_kind) {
  const auto text = CounterText(content_encoding, payload);
  return text ? extract::ParseCounterAnswer(*text, counter_kind) : std::nullopt;
}

std::vector<std::optional<int64_t>> CounterBatchAnswer(std::string_view content_encoding, std::string_view payload, std::string_view counter_kind,
                                                       std::string_view request_url) {
  const auto text = CounterText(content_encoding, payload);
  if (!text) return {};
  return extract::ParseCounterBatch(*text, counter_kind, extract::CounterBatchIds(request_url));
}

ProcessedPage ProcessPage(const PageInput& input) {
  ProcessedPage page;
  std::string unpacked;
  std::string_view body = input.payload;
  if (!input.content_encoding.empty() && !EqualsIgnoreAsciiCase(TrimAscii(input.content_encoding), "identity")) {
    http::DecodedContent content = http::DecodeContent(input.payload, input.content_encoding);
    page.content_problem = std::move(content.problem);
    unpacked = std::move(content.bytes);
    body = unpacked;
  }
  // Compressed once more than the field says, or without it: behind a proxy that compresses what is compressed already. No markup begins so.
  if (IsMarkup(http::ParseContentType(input.content_type).essence) && body.starts_with("\x1F\x8B\x08")) {
    http::DecodedContent content = http::DecodeContent(body, "gzip");
    if (page.content_problem.empty()) page.content_problem = std::move(content.problem);
    unpacked = std::move(content.bytes);
    body = unpacked;
  }
  if (!page.content_problem.empty()) page.problems.push_back(page.content_problem);

  const auto page_url = url::Parse(input.url);
  if (page_url && input.status < 400 && ProcessDiscovery(input, body, page)) {
    // A sitemap or feed: its entries are its links.
  } else if (page_url && input.status < 400 && LooksLikeData(input.content_type, body) && ProcessData(input, body, *page_url, page)) {
    // A list: its entries are its links.
  } else if (page_url && LooksLikeHtml(input.content_type, body)) {
    page.html = true;
    ProcessHtml(input, body, *page_url, page);
  } else {
    if (!page_url) page.problems.push_back("URL: " + page_url.error().message);
    const std::string essence = http::ParseContentType(input.content_type).essence;
    page.record.kind = input.status >= 400 ? model::PageKind::kError : model::PageKind::kOther;
    page.record.kind_reason =
        input.status >= 400 ? "http_" + std::to_string(input.status) : "not HTML: " + (essence.empty() ? "no type" : essence);
    if (page_url && input.status < 400 && essence == "text/css") page.links = links::FindLinksInStyleSheet(body, *page_url);
    // A document has no title of its own that we read; the link's text is what the site calls it.
    if (const std::string name = text::CollapseSpace(input.link_text); !name.empty()) {
      page.record.title = name;
      page.record.provenance["title"] = "link";
    }
  }
  if ((input.status == 405 || input.status == 501) && input.post.empty()) {
    if (auto posted = links::AsPost(input.url)) page.links.push_back(std::move(*posted));
  }
  page.record.url = std::string(input.url);
  return page;
}

}  // namespace fangzhi::process
