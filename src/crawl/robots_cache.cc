#include "crawl/robots_cache.h"

#include <chrono>

#include "base/limits.h"
#include "base/strings.h"
#include "crawl/crawl.h"
#include "model/json.h"

namespace fangzhi::crawl {
namespace {

constexpr std::chrono::hours kFreshFor{24};  // RFC 9309, 2.4
// An origin whose file could not be had is asked again after this, by a later run: within one its hosts are given up.
constexpr std::chrono::minutes kUnreachableFor{5};
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

bool RobotsCache::Load(const std::string& origin, Entry& entry) const {
  const auto stored = archive_.GetState(KeyOf(origin));
  if (!stored || !*stored) return false;
  const auto json = model::ParseJson(**stored);
  if (!json) return false;
  const auto fetched = ParseIso8601(model::GetString(*json, "fetched"));
  if (!fetched || *fetched + kFreshFor < clock_.Now() || *fetched > clock_.Now()) return false;
  const robots::Access access = robots::AccessForStatus(static_cast<int>(model::GetInt(*json, "status")));
  if (access == robots::Access::kDisallowAll) return false;
  entry.state = State::kReady;
  entry.since = *fetched;
  entry.allow_all = access == robots::Access::kAllowAll;
  entry.rules = robots::RobotsTxt::Parse(FromBase64(model::GetString(*json, "body")).value_or(""));
  return true;
}

RobotsCache::State RobotsCache::StateOf(const std::string& origin) {
  if (entries_.size() >= kMostEntries && !entries_.contains(origin)) {
    std::erase_if(entries_, [](const auto& entry) { return entry.second.state != State::kPending; });
  }
  const auto [it, inserted] = entries_.try_emplace(origin);
  Entry& entry = it->second;
  const UtcTime now = clock_.Now();
  if (!inserted && ((entry.state == State::kReady && entry.since + kFreshFor < now) ||
                    (entry.state == State::kUnreachable && entry.since + kUnreachableFor < now))) {
    entry = {};
  } else if (inserted) {
    Load(origin, entry);
  }
  return entry.state;
}

void RobotsCache::SetPending(const std::string& origin) { entries_[origin].state = State::kPending; }

robots::Decision RobotsCache::Decide(const std::string& origin, std::string_view url) const {
  const auto found = entries_.find(origin);
  if (found == entries_.end() || found->second.allow_all) return {};
  return found->second.rules.Decide(kProductToken, url);
}

bool RobotsCache::HasRules(const std::string& origin) const {
  const auto found = entries_.find(origin);
  return found != entries_.end() && found->second.state == State::kReady && !found->second.allow_all;
}

std::vector<store::StateWrite> RobotsCache::Answered(const std::string& origin, int status, std::string_view body,
                                                     const std::string& problem) {
  Entry& entry = entries_[origin];
  entry.since = clock_.Now();
  const robots::Access access = robots::AccessForStatus(status);
  if (access == robots::Access::kDisallowAll) {
    entry.state = State::kUnreachable;
    entry.problem = problem;
    return {};  // asked again by the next run
  }
  body = body.substr(0, limits::kMaxRobotsBytes);
  entry.state = State::kReady;
  entry.allow_all = access == robots::Access::kAllowAll;
  entry.rules = robots::RobotsTxt::Parse(entry.allow_all ? std::string_view() : body);
  const model::Json value{{"status", status},
                          {"fetched", FormatWarcDate(clock_.Now())},
                          {"body", Base64(entry.allow_all ? std::string_view() : body)}};
  return {{KeyOf(origin), model::Dump(value)}};
}

std::string RobotsCache::Problem(const std::string& origin) const {
  const auto found = entries_.find(origin);
  return found == entries_.end() ? std::string() : found->second.problem;
}

}  // namespace fangzhi::crawl
