#include "crawl/robots_cache.h"

#include <chrono>

#include "base/limits.h"
#include "base/strings.h"
#include "crawl/crawl.h"
#include "http/http.h"
#include "model/json.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

constexpr std::chrono::hours kFreshFor{24};            // RFC 9309, 2.4
constexpr std::chrono::hours kUnreachableFor{30 * 24};  // 2.3.1.4: "a reasonably long period of time (for example, 30 days)"
constexpr std::chrono::minutes kAskAgainAfter{5};             // by a later run: within one its hosts are given up
// Origins remembered at once; the rest lies in the state area.
constexpr size_t kMostEntries = 20'000;

std::string KeyOf(const std::string& origin) { return "r/" + origin; }

}  // namespace

std::string OriginOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const size_t end = url.find_first_of("/?#", scheme + 3);
  return std::string(url.substr(0, end));
}

RobotsAnswer ReadRobotsAnswer(const model::Capture& capture) {
  RobotsAnswer answer;
  if (!model::HasResponse(capture.outcome)) return answer;
  const auto head = http::ParseResponseHead(capture.response_head);
  if (capture.status >= 300 && capture.status < 400 && capture.status != 304) {
    answer.status = 404;
    const auto from = url::Parse(capture.url);
    const auto location = head && from ? head->fields.Get("Location") : std::nullopt;
    if (!location) return answer;
    if (const auto to = url::Canonical(*location, &*from)) answer.leads_to = to->HrefWithoutFragment();
    return answer;
  }
  if (capture.outcome == model::FetchOutcome::kTruncated && capture.truncation != model::Truncation::kLength) return answer;
  answer.status = capture.status;
  if (head) answer.body = http::DecodeContent(capture.payload, head->fields.GetAll("Content-Encoding"), limits::kMaxRobotsBytes).bytes;
  return answer;
}

RobotsCache::Stored RobotsCache::Load(const std::string& origin) const {
  Stored stored;
  const auto value = archive_.GetState(KeyOf(origin));
  if (!value || !*value) return stored;
  const auto json = model::ParseJson(**value);
  if (!json) return stored;
  stored.status = static_cast<int>(model::GetInt(*json, "status"));
  stored.fetched = ParseIso8601(model::GetString(*json, "fetched")).value_or(UtcTime{});
  stored.body = FromBase64(model::GetString(*json, "body")).value_or("");
  stored.unreachable_since = ParseIso8601(model::GetString(*json, "unreachable_since"));
  return stored;
}

void RobotsCache::Use(const Stored& stored, Entry& entry) {
  entry.state = State::kReady;
  entry.allow_all = robots::AccessForStatus(stored.status) != robots::Access::kParse;
  entry.rules = robots::RobotsTxt::Parse(entry.allow_all ? std::string_view() : std::string_view(stored.body));
  const std::string_view text = TrimAscii(stored.body.starts_with("\xEF\xBB\xBF") ? std::string_view(stored.body).substr(3) : std::string_view(stored.body));
  entry.web_page = text.starts_with('<');
  entry.cut = stored.body.size() >= limits::kMaxRobotsBytes;
  entry.problem.clear();
}

RobotsCache::State RobotsCache::StateOf(const std::string& origin) {
  if (entries_.size() >= kMostEntries && !entries_.contains(origin)) {
    std::erase_if(entries_, [](const auto& entry) { return entry.second.state != State::kPending; });
  }
  const auto [it, inserted] = entries_.try_emplace(origin);
  Entry& entry = it->second;
  const UtcTime now = clock_.Now();
  if (inserted) {
    const Stored stored = Load(origin);
    if (stored.status != 0 && stored.fetched + kFreshFor >= now && stored.fetched <= now) {
      Use(stored, entry);
      entry.asked = stored.fetched;
    }
  }
  if (entry.state == State::kReady && now > entry.asked + kFreshFor) entry.state = State::kUnknown;
  if (entry.state == State::kUnreachable && now > entry.asked + kAskAgainAfter) entry.state = State::kUnknown;
  return entry.state;
}

void RobotsCache::SetPending(const std::string& origin) { entries_[origin].state = State::kPending; }

void RobotsCache::SetUnreachable(const std::string& origin, const std::string& problem) {
  Entry& entry = entries_[origin];
  entry.state = State::kUnreachable;
  entry.asked = clock_.Now();
  entry.problem = problem;
}

robots::Decision RobotsCache::Decide(const std::string& origin, std::string_view url) const {
  const auto found = entries_.find(origin);
  if (found == entries_.end() || found->second.allow_all) return {};
  return found->second.rules.Decide(kProductToken, url);
}

std::string RobotsCache::Form(const std::string& origin) const {
  const auto found = entries_.find(origin);
  if (found == entries_.end() || found->second.state != State::kReady) return {};
  if (found->second.allow_all) return "none";
  if (found->second.web_page) return "none (a web page)";
  return found->second.cut ? "obeyed as far as it was read" : "obeyed";
}

std::vector<std::string> RobotsCache::Sitemaps(const std::string& origin) const {
  const auto found = entries_.find(origin);
  return found == entries_.end() ? std::vector<std::string>() : found->second.rules.sitemaps();
}

std::vector<store::StateWrite> RobotsCache::Answered(const std::string& origin, int status, std::string_view body,
                                                     const std::string& problem) {
  Entry& entry = entries_[origin];
  const UtcTime now = clock_.Now();
  entry.asked = now;
  Stored stored = Load(origin);
  const bool had = stored.status != 0;
  if (robots::AccessForStatus(status) == robots::Access::kDisallowAll) {
    if (!stored.unreachable_since || *stored.unreachable_since > now) stored.unreachable_since = now;
    if (now - *stored.unreachable_since < kUnreachableFor) {
      entry.state = State::kUnreachable;
      entry.problem = problem;
    } else {
      if (!had) stored.status = 404;
      Use(stored, entry);
      if (!had) stored.status = 0;
      entry.problem = problem + ", for more than thirty days";
    }
  } else {
    // A 304 that nobody asked for: what is stored is what it says.
    if (status != 304 || !had) {
      stored.status = status;
      stored.body = robots::AccessForStatus(status) == robots::Access::kParse ? body.substr(0, limits::kMaxRobotsBytes) : std::string_view();
    }
    stored.fetched = now;
    stored.unreachable_since.reset();
    Use(stored, entry);
  }
  model::Json value{{"status", stored.status}, {"fetched", FormatWarcDate(stored.fetched)}, {"body", Base64(stored.body)}};
  if (stored.unreachable_since) value["unreachable_since"] = FormatWarcDate(*stored.unreachable_since);
  return {{KeyOf(origin), model::Dump(value)}};
}

std::string RobotsCache::Problem(const std::string& origin) const {
  const auto found = entries_.find(origin);
  return found == entries_.end() ? std::string() : found->second.problem;
}

}  // namespace fangzhi::crawl
