// The page worker's stage: what a capture says, from bytes to facts.
#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/log.h"
#include "base/strings.h"
#include "crawl/pipeline.h"
#include "extract/obstacle.h"
#include "http/http.h"
#include "http/link_header.h"
#include "process/process.h"
#include "robots/page_policy.h"
#include "report/coverage.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

bool IsHomePath(std::string_view path) {
  if (path == "/" || path.empty()) return true;
  const std::string lower = ToAsciiLower(path);
  static constexpr std::string_view kHomes[] = {"/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php",
                                                "/index.asp",  "/index.aspx", "/default.htm", "/default.html",
                                                "/default.asp", "/default.aspx"};
  for (std::string_view home : kHomes) {
    if (lower == home) return true;
  }
  return false;
}

// /404.htm, /error.html, /notfound.aspx: where portals send what they took down (DOMAIN, soft 404).
bool IsErrorPath(std::string_view path) {
  const std::string lower = ToAsciiLower(path);
  const size_t slash = lower.rfind('/');
  const std::string_view file = std::string_view(lower).substr(slash == std::string::npos ? 0 : slash + 1);
  const std::string_view stem = file.substr(0, file.find('.'));
  return stem == "404" || stem == "410" || stem == "error" || stem == "error404" || stem == "404error" || stem == "notfound" ||
         stem == "not_found" || stem == "nopage";
}

// A redirect that browsers give up: to itself or back to where it came from, or one too many in a row. Named; nothing is followed.
bool EndsNowhere(Job& job, const std::string& target) {
  const bool back = target == job.capture.url || (job.task.redirects > 0 && target == job.task.via);
  if (!back && job.task.redirects < limits::kMaxPageRedirects) return false;
  job.facts.obstacle = extract::kRedirectsObstacle;
  Log(LogLevel::kWarn, "crawl", "redirects_without_end",
      {{"url", Escaped(job.capture.url)}, {"target", Escaped(target)}, {"in_a_row", Number(job.task.redirects)}});
  return true;
}

// Where a redirect leads and whether that means that the page was taken down.
void ReadRedirect(Job& job, std::string_view location) {
  const auto from = url::Parse(job.capture.url);
  if (!from) return;
  const auto to = url::Canonical(location, &*from);
  if (!to) return;
  const std::string target = to->HrefWithoutFragment();
  job.leads_to = target;
  if (const auto obstacle = extract::ObstacleOfRedirect(target); !obstacle.empty() && extract::ObstacleOfRedirect(job.capture.url).empty()) {
    job.facts.obstacle = obstacle;
    return;
  }
  if (EndsNowhere(job, target)) return;
  if (!IsHomePath(from->path) && to->host == from->host) {
    if (IsHomePath(to->path) && !to->query) job.facts.absence = "redirect_home";
    if (IsErrorPath(to->path)) job.facts.absence = "soft_404";
  }
  model::Link link;
  link.url = target;
  link.kind = job.task.kind;
  link.text = job.task.text;
  link.date = job.task.date;
  link.redirect = true;
  job.links.push_back(std::move(link));
}

// A link of the answer's head that leads to more: the next page of a list, a feed.
void AddHeaderLink(const http::LinkValue& value, const Job& job, process::ProcessedPage& page) {
  const std::string_view type = value.Parameter("type");
  const bool feed = value.rel == "alternate" && (type == "application/rss+xml" || type == "application/atom+xml");
  if (!feed && value.rel != "next" && value.rel != "prev") return;
  const auto from = url::Parse(job.capture.url);
  const auto to = from ? url::Canonical(value.target, &*from) : url::Canonical("");
  if (!to || page.links.size() >= limits::kMaxLinks) return;
  page.links.push_back({to->HrefWithoutFragment(), feed ? model::LinkKind::kFeed : model::LinkKind::kList, "", ""});
}

// The address that a list's script asks for the rows which the page does not hold: no reader sees a text of such a link. "" where there is none, nullopt
// where there are several, so that nothing tells whose the announced total is; these are in `all`.
std::optional<std::string> AsksRows(const Job& job, const process::ProcessedPage& page, std::vector<std::string>& all) {
  std::set<std::string> families;
  const std::string own = report::ListFamily(job.capture.url);
  for (const model::Link& link : page.links) {
    if (link.kind != model::LinkKind::kList || !link.text.empty() || link.url.find('?') == std::string::npos) continue;
    std::string its = report::ListFamily(link.url);
    if (its != own && families.insert(std::move(its)).second) all.push_back(link.url);
  }
  if (all.size() > 1) return std::nullopt;
  std::string rows = all.empty() ? std::string() : std::move(all.front());
  all.clear();
  return rows;
}

// Whether a link's text is a headline, and the page's own has nothing of it. Links shorten theirs.
bool IsUnlikeItsLink(std::string_view link_text, std::string_view headline) {
  constexpr size_t kHeadline = 8;  // characters
  std::u32string promised = text::ToUtf32(text::RemoveSpace(link_text));
  while (!promised.empty() && (promised.back() == U'…' || promised.back() == U'.')) promised.pop_back();
  const std::u32string found = text::ToUtf32(text::RemoveSpace(headline));
  if (promised.size() < kHeadline || found.find(promised) != std::u32string::npos || promised.find(found) != std::u32string::npos) {
    return found.empty() && promised.size() >= kHeadline;
  }
  size_t common = 0;
  for (size_t i = 0; i + 1 < promised.size(); ++i) common += found.find(promised.substr(i, 2)) != std::u32string::npos ? 1 : 0;
  return common * 5 < promised.size();
}

void ReadPage(Job& job, const http::ResponseHead& head, const profiles::Matcher& profiles) {
  process::PageInput input;
  const std::string content_type(head.fields.Get("Content-Type").value_or(""));
  const std::string content_encoding = head.fields.GetAll("Content-Encoding");
  input.url = job.capture.url;
  input.content_type = content_type;
  input.content_encoding = content_encoding;
  input.refresh = head.fields.Get("Refresh").value_or("");
  input.payload = job.capture.payload;
  input.status = job.capture.status;
  input.site = job.task.site.get();
  input.profiles = &profiles;
  input.link_text = job.task.text;
  input.link_date = job.task.date;
  input.via = job.task.via;
  input.post = job.task.post;
  process::ProcessedPage page = process::ProcessPage(input);
  for (const std::string& problem : page.problems) {
    Log(LogLevel::kDebug, "process", "problem", {{"url", Escaped(job.capture.url)}, {"problem", Escaped(problem)}});
  }
  // A login is one by its address, and all the same in the place of the text or the list to which the site led.
  if (page.record.kind_reason == extract::kLoginOfItsOwn && (job.task.kind == model::LinkKind::kArticle || job.task.kind == model::LinkKind::kList)) {
    page.record.kind = model::PageKind::kError;
    page.record.kind_reason = "login: its link leads to something else";
  }
  // A page to which sites lead as to a list is one, also while it names too little to look like one.
  if (page.html && page.record.kind == model::PageKind::kOther && job.task.kind == model::LinkKind::kList && !page.only_leads_on) {
    page.record.kind = model::PageKind::kList;
    page.record.kind_reason = "list: its link leads to one";
  }
  job.facts.content_problem = std::move(page.content_problem);
  job.page_kind = page.record.kind;
  job.outline = std::move(page.outline);
  extract::ObstacleInput obstacle;
  obstacle.status = job.capture.status;
  obstacle.head = job.capture.response_head;
  obstacle.kind_reason = page.record.kind == model::PageKind::kError ? std::string_view(page.record.kind_reason) : std::string_view();
  obstacle.is_page = page.record.kind != model::PageKind::kError;
  std::string decoded;
  if (!obstacle.is_page) {
    constexpr uint64_t kMostDecoded = 64 * 1024;
    decoded = http::DecodeContent(job.capture.payload, content_encoding, kMostDecoded).bytes;
    // Its words are compared in UTF-8; what was written in another encoding is in the record's reason.
    decoded += page.record.kind_reason;
    obstacle.text = decoded;
    job.facts.obstacle = extract::ObstacleOf(obstacle);
    // A login to which the site itself leads as to a login is in the place of nothing.
    const bool expected = job.task.kind == model::LinkKind::kPage && !job.task.via.empty();
    if (expected && job.facts.obstacle == "login" && job.capture.status == 200 && extract::IsLoginLink(job.capture.url, job.task.text)) {
      job.facts.obstacle.clear();
      page.record.kind = job.page_kind = model::PageKind::kOther;
    }
  }
  // What of a page that was cut off is missing may be its text.
  const bool whole = job.capture.outcome == model::FetchOutcome::kResponse && job.facts.content_problem.empty();
  if (whole && page.record.kind == model::PageKind::kError && page.record.kind_reason.starts_with("soft_404")) {
    job.facts.absence = "soft_404";
  }
  if (page.html && job.task.kind == model::LinkKind::kArticle && !page.only_leads_on) {
    job.facts.unlike_link = IsUnlikeItsLink(job.task.text, page.record.title.value_or(""));
  }
  if (job.purpose == store::Purpose::kPage && (page.record.kind == model::PageKind::kList || page.record.kind == model::PageKind::kHome)) {
    job.facts.lists = true;
    job.facts.ended = page.ended;
    for (const model::Link& link : page.links) {
      if (link.kind == model::LinkKind::kArticle && job.facts.listing.size() < store::kMostListed) job.facts.listing.push_back(link.url);
    }
  }
  // What the page asks of robots, in its head or its answer's.
  std::vector<std::string> tags;
  for (const http::Field& field : head.fields.list()) {
    if (EqualsIgnoreAsciiCase(field.name, "X-Robots-Tag")) tags.push_back(field.value);
  }
  robots::PagePolicy policy = robots::ReadPagePolicy(kProductToken, {}, tags);
  policy.noindex = policy.noindex || page.policy.noindex;
  policy.nofollow = policy.nofollow || page.policy.nofollow;
  policy.noarchive = policy.noarchive || page.policy.noarchive;
  if (const std::string text = policy.Text(); !text.empty()) page.record.provenance["robots"] = text;
  if (policy.nofollow && job.task.site->obey_nofollow) {
    job.unfollowed = std::exchange(page.links, {});
  } else {
    for (const http::LinkValue& value : http::ParseLinkField(head.fields.GetAll("Link"))) AddHeaderLink(value, job, page);
  }
  const bool may_follow = !policy.nofollow || !job.task.site->obey_nofollow;
  if (page.only_leads_on) {
    // An answer of status 200 that does what one of status 302 does.
    job.facts.location_field = page.leads_on;
    ReadRedirect(job, page.leads_on);
    if (!may_follow) job.links.clear();
  } else if (job.capture.status < 400 && page.record.kind != model::PageKind::kError) {
    if (page.html && page.record.list) job.asks_rows = AsksRows(job, page, job.rows_of_units);
    job.links = std::move(page.links);
    // First, so that the page there is what this one was taken for.
    if (!page.leads_on.empty() && may_follow && !EndsNowhere(job, page.leads_on)) {
      job.links.insert(job.links.begin(), {page.leads_on, job.task.kind, job.task.text, job.task.date, true});
    }
  }
  if (job.capture.status == 405 || job.capture.status == 501) {
    // A list's interface that answers POST alone; of an error's page nothing else is followed.
    std::erase_if(page.links, [](const model::Link& link) { return link.post.empty(); });
    job.links = std::move(page.links);
    // The list is not here, and no firewall refused anything: what the POST answers is told of that.
    if (!job.links.empty()) {
      job.facts.obstacle.clear();
      job.facts.absence = "http_" + std::to_string(job.capture.status);
    }
  }
  job.facts.record = std::move(page.record);
}

// The links of a page whose bytes are those of before: of what it says otherwise nothing is new, whatever is read of it today.
void ReadLinks(Job& job, const http::ResponseHead& head, const profiles::Matcher& profiles) {
  store::CaptureFacts facts = job.facts;
  ReadPage(job, head, profiles);
  job.facts = std::move(facts);
  job.outline = {};
  job.leads_to.clear();
}

// An answer that holds a place for each page and a number for none is none.
bool HasNumber(const std::vector<store::Counted>& counted) {
  return std::any_of(counted.begin(), counted.end(), [](const store::Counted& page) { return page.clicks.has_value(); });
}

// One answer for the articles of a list. What names nobody's number is left out.
void ReadCounterBatch(Job& job, const http::ResponseHead& head) {
  const std::vector<std::string>& pages = job.task.counted_pages;
  const auto numbers = process::CounterBatchAnswer(head.fields.GetAll("Content-Encoding"), job.capture.payload, job.task.counter_kind, job.task.url);
  if (numbers.size() != pages.size()) return;
  for (size_t i = 0; i < pages.size(); ++i) {
    if (!pages[i].empty()) job.facts.counted.push_back({pages[i], numbers[i]});
  }
  if (HasNumber(job.facts.counted)) job.facts.clicks_basis = "counter:" + job.task.counter_kind;
}

// What is known of a capture before anything of it is read.
store::CaptureFacts FactsBefore(const Job& job) {
  store::CaptureFacts facts;
  facts.purpose = job.purpose;
  facts.site = job.task.site->id;
  facts.round = job.task.round;
  facts.depth = job.task.depth;
  facts.via = job.task.via;
  facts.gone_after_visits = job.task.site->gone_after_visits;
  facts.gone_after = job.task.site->gone_after;
  facts.tls_version = job.capture.tls_version;
  facts.tls_cipher = job.capture.tls_cipher;
  facts.tls_problem = job.capture.tls_problem;
  return facts;
}

void Process(Job& job, const profiles::Matcher& profiles) {
  store::CaptureFacts& facts = job.facts;
  if (!model::HasResponse(job.capture.outcome)) {
    facts.obstacle = extract::UnreachableObstacle(job.capture.outcome, job.capture.error);
    if (job.purpose == store::Purpose::kCounter) job.unread_counter = model::FetchOutcomeName(job.capture.outcome);
    return;
  }

  facts.payload_digest = Sha256Label(job.capture.payload);
  if (job.purpose == store::Purpose::kCounter) job.unread_counter = "its answer could not be read";
  const auto head = http::ParseResponseHead(job.capture.response_head);
  if (!head) return;
  if (job.purpose == store::Purpose::kCounter) {
    job.unread_counter = job.capture.status == 200 ? "no number in the answer" : "http_" + std::to_string(job.capture.status);
    if (!job.task.counted_pages.empty()) {
      if (job.capture.status == 200) ReadCounterBatch(job, *head);
      if (HasNumber(job.facts.counted)) job.unread_counter.clear();
      return;
    }
    facts.counted_page = job.task.counted_page;
    if (job.capture.status == 200) {
      facts.clicks = process::CounterAnswer(head->fields.GetAll("Content-Encoding"), job.capture.payload, job.task.counter_kind);
      if (facts.clicks) facts.clicks_basis = "counter:" + job.task.counter_kind;
    }
    if (facts.clicks) job.unread_counter.clear();
    return;
  }
  const int status = job.capture.status;
  if (status == 404 || status == 410) {
    facts.absence = "http_" + std::to_string(status);
  } else if (status == 304) {
    job.unchanged = job.conditional;
  } else if (status >= 300 && status < 400) {
    if (const auto location = head->fields.Get("Location")) ReadRedirect(job, *location);
  } else if (status == 200 && !job.known_digest.empty() && job.known_digest == facts.payload_digest) {
    job.unchanged = true;  // what did not change is not parsed again
    if (job.follows_more) ReadLinks(job, *head, profiles);
  } else {
    ReadPage(job, *head, profiles);
  }
}

}  // namespace

void ProcessJob(Job& job, const profiles::Matcher& profiles) {
  // A worker's boundary: whatever goes wrong with one page, the page is archived as it came and the crawl goes on.
  job.facts = FactsBefore(job);
  try {
    Process(job, profiles);
  } catch (const std::exception& problem) {
    Log(LogLevel::kError, "process", "failed", {{"url", Escaped(job.capture.url)}, {"error", Escaped(problem.what())}});
    job.unread = std::string("processing_failed: ") + problem.what();
    job.capture.error = job.unread;
    // Of what was read so far nothing is kept: half a listing would be taken for the whole.
    job.facts = FactsBefore(job);
    job.links.clear();
    job.leads_to.clear();
    job.unfollowed.clear();
    job.asks_rows = std::string();
    job.outline = {};
    job.page_kind = model::PageKind::kOther;
    job.unchanged = false;
  }
  // Requests that only count by a family's file: of a page's links they were left out where they were read; here is where redirects lead.
  std::erase_if(job.links, [&](const model::Link& link) {
    return link.redirect && std::any_of(profiles.profiles().begin(), profiles.profiles().end(), [&](const auto& family) {
      return std::any_of(family->never.begin(), family->never.end(), [&](const auto& pattern) { return pattern->Matches(link.url); });
    });
  });
}

}  // namespace fangzhi::crawl
