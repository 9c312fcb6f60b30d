#include "serve/planner.h"

#include <algorithm>
#include <chrono>

namespace fangzhi::serve {
namespace {

using model::Json;

constexpr std::chrono::minutes kFirstContinuation{15};
constexpr std::chrono::hours kLongestContinuation{6};
constexpr std::chrono::minutes kAfterFailedStart{1};
// A due time later than this is one that was missed.
constexpr std::chrono::minutes kLate{2};

Json StoredTime(const std::optional<UtcTime>& time) { return time ? Json(FormatWarcDate(*time)) : Json(nullptr); }

std::optional<UtcTime> GetTime(const Json& json, std::string_view key) {
  const auto text = model::GetOptionalString(json, key);
  return text ? ParseIso8601(*text) : std::nullopt;
}

}  // namespace

std::string_view TriggerName(Trigger trigger) {
  switch (trigger) {
    case Trigger::kSchedule: return "schedule";
    case Trigger::kCatchUp: return "catch_up";
    case Trigger::kResume: return "resume";
    case Trigger::kContinue: return "continue";
    case Trigger::kManual: return "manual";
  }
  return "";
}

std::string ToValue(const SiteMemory& memory) {
  return model::Dump(Json{{"served", StoredTime(memory.served)},
                          {"last_started", StoredTime(memory.last_started)},
                          {"last_ended", StoredTime(memory.last_ended)},
                          {"cut_off", memory.cut_off},
                          {"paused", memory.paused},
                          {"continuations", memory.continuations},
                          {"continue_at", StoredTime(memory.continue_at)},
                          {"day_ends", StoredTime(memory.day_ends)},
                          {"pages_of_day", memory.pages_of_day},
                          {"bytes_of_day", memory.bytes_of_day},
                          {"pages_of_killed", memory.pages_of_killed},
                          {"bytes_of_killed", memory.bytes_of_killed}});
}

std::optional<SiteMemory> SiteMemoryFromValue(std::string_view value) {
  const auto json = model::ParseJson(value);
  if (!json || !json->is_object()) return std::nullopt;
  SiteMemory memory;
  memory.served = GetTime(*json, "served");
  memory.last_started = GetTime(*json, "last_started");
  memory.last_ended = GetTime(*json, "last_ended");
  memory.cut_off = model::GetBool(*json, "cut_off");
  memory.paused = model::GetBool(*json, "paused");
  memory.continuations = static_cast<int>(model::GetInt(*json, "continuations"));
  memory.continue_at = GetTime(*json, "continue_at");
  memory.day_ends = GetTime(*json, "day_ends");
  memory.pages_of_day = model::GetCount(*json, "pages_of_day");
  memory.bytes_of_day = model::GetCount(*json, "bytes_of_day");
  memory.pages_of_killed = model::GetCount(*json, "pages_of_killed");
  memory.bytes_of_killed = model::GetCount(*json, "bytes_of_killed");
  return memory;
}

void Planner::SetSites(std::vector<std::shared_ptr<const model::Site>> sites, UtcTime now) {
  std::map<std::string, Entry> entries;
  for (auto& site : sites) {
    Entry entry;
    if (const auto before = sites_.find(site->id); before != sites_.end()) {
      entry.requested = before->second.requested;
      entry.sweep = before->second.sweep;
      entry.not_before = before->second.not_before;
    }
    // Checked when the configuration was read.
    if (auto schedule = schedule::Schedule::Parse(site->schedule, site->time_zone)) entry.schedule = std::move(*schedule);
    if (auto window = schedule::TimeWindow::Parse(site->time_window, site->time_zone)) entry.window = std::move(*window);
    if (auto midnight = schedule::Schedule::Parse("0 0 * * *", site->time_zone)) entry.midnight = std::move(*midnight);
    SiteMemory& memory = memory_[site->id];
    // A clock that was set back must not keep a site from running for years.
    if (memory.served && *memory.served > now) memory.served = now;
    entry.site = std::move(site);
    entries.emplace(entry.site->id, std::move(entry));
  }
  sites_ = std::move(entries);
}

Planner::Outlook Planner::OutlookOf(const std::string& id, UtcTime now) const {
  Outlook outlook;
  const auto found = sites_.find(id);
  if (found == sites_.end()) {
    outlook.disabled = true;
    return outlook;
  }
  const Entry& entry = found->second;
  const auto remembered = memory_.find(id);
  const SiteMemory memory = remembered == memory_.end() ? SiteMemory{} : remembered->second;
  outlook.running = running_.contains(id);
  outlook.requested = entry.requested;
  outlook.disabled = !entry.site->enabled && !entry.requested;
  outlook.paused = all_paused_ || memory.paused;
  if (outlook.disabled || outlook.paused) return outlook;

  UtcTime at{};
  if (entry.requested) {
    at = now;
    outlook.trigger = Trigger::kManual;
  } else if (outlook.running) {
    // The next one, should this one end now.
    at = entry.schedule ? entry.schedule->NextAfter(now) : UtcTime::max();
  } else {
    at = !memory.served ? now : entry.schedule ? entry.schedule->NextAfter(*memory.served) : UtcTime::max();
    outlook.trigger = at + kLate < now ? Trigger::kCatchUp : Trigger::kSchedule;
    if (memory.cut_off) {
      at = std::min(at, now);
      outlook.trigger = Trigger::kResume;
    } else if (memory.continue_at && *memory.continue_at < at) {
      at = *memory.continue_at;
      outlook.trigger = Trigger::kContinue;
    }
  }
  if (entry.not_before) at = std::max(at, *entry.not_before);
  if (at == UtcTime::max()) return outlook;
  if (!outlook.running) {
    if (const UtcTime opens = QuotaOpens(entry, memory, now); opens > now) {
      at = std::max(at, opens);
      outlook.quota_used = true;
    }
  }
  const UtcTime opening = entry.window.NextOpening(std::max(at, now));
  outlook.window_closed = at <= now && opening > now;
  outlook.next = opening > std::max(at, now) ? opening : at;
  return outlook;
}

std::vector<Planner::Start> Planner::Due(UtcTime now, size_t room) {
  std::vector<std::pair<UtcTime, Start>> due;
  for (const auto& [id, entry] : sites_) {
    if (running_.contains(id)) continue;
    const Outlook outlook = OutlookOf(id, now);
    if (!outlook.next || *outlook.next > now) continue;
    due.push_back({*outlook.next, {entry.site, outlook.trigger, entry.requested && entry.sweep}});
  }
  std::stable_sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Start> starts;
  for (auto& [time, start] : due) {
    if (starts.size() >= room) break;
    starts.push_back(std::move(start));
  }
  return starts;
}

UtcTime Planner::QuotaOpens(const Entry& entry, const SiteMemory& memory, UtcTime now) {
  if (!memory.day_ends || *memory.day_ends <= now) return now;
  const model::Site& site = *entry.site;
  const bool used = (site.max_pages_a_day != 0 && memory.pages_of_day >= site.max_pages_a_day) ||
                    (site.max_bytes_a_day != 0 && memory.bytes_of_day >= site.max_bytes_a_day);
  return used ? *memory.day_ends : now;
}

Planner::Quota Planner::QuotaOf(const std::string& id, UtcTime now) const {
  const auto found = sites_.find(id);
  if (found == sites_.end()) return {};
  const model::Site& site = *found->second.site;
  const auto remembered = memory_.find(id);
  const SiteMemory memory = remembered == memory_.end() ? SiteMemory{} : remembered->second;
  const bool today = memory.day_ends && *memory.day_ends > now;
  const auto rest = [&](uint64_t limit, uint64_t used) {
    if (limit == 0) return uint64_t{0};
    return today && used < limit ? limit - used : today ? uint64_t{1} : limit;
  };
  return {rest(site.max_pages_a_day, memory.pages_of_day), rest(site.max_bytes_a_day, memory.bytes_of_day)};
}

void Planner::Used(const std::string& id, UtcTime began, uint64_t pages, uint64_t bytes) {
  const auto found = sites_.find(id);
  if (found == sites_.end() || !found->second.midnight) return;
  SiteMemory& memory = memory_[id];
  const UtcTime day_ends = found->second.midnight->NextAfter(began);
  if (memory.day_ends && *memory.day_ends > day_ends) return;  // of a day that is over
  if (memory.day_ends != day_ends) {
    memory.day_ends = day_ends;
    memory.pages_of_day = memory.bytes_of_day = 0;
  }
  memory.pages_of_day += pages;
  memory.bytes_of_day += bytes;
}

void Planner::UsedByKilled(const std::string& id, uint64_t pages, uint64_t bytes) {
  SiteMemory& memory = memory_[id];
  if (!memory.last_started) return;
  const auto more = [](uint64_t all, uint64_t counted) { return all > counted ? all - counted : 0; };
  Used(id, *memory.last_started, more(pages, memory.pages_of_killed), more(bytes, memory.bytes_of_killed));
  memory.pages_of_killed = pages;
  memory.bytes_of_killed = bytes;
}

void Planner::Started(const std::string& site, UtcTime now) {
  const auto found = sites_.find(site);
  if (found == sites_.end()) return;
  Entry& entry = found->second;
  SiteMemory& memory = memory_[site];
  running_[site] = {memory, entry.requested, entry.sweep};
  // A continuation serves no due time: the schedule's next one still comes.
  const bool due = !memory.served || entry.requested || (entry.schedule && entry.schedule->NextAfter(*memory.served) <= now);
  if (due) {
    memory.served = now;
    memory.continuations = 0;
  }
  entry.requested = entry.sweep = false;
  entry.not_before.reset();
  memory.last_started = now;
  memory.cut_off = true;  // until it ends
  memory.continue_at.reset();
}

void Planner::Ended(const std::string& site, UtcTime now, Ending ending) {
  SiteMemory& memory = memory_[site];
  running_.erase(site);
  memory.last_ended = now;
  memory.cut_off = ending == Ending::kCutOff;
  memory.pages_of_killed = memory.bytes_of_killed = 0;  // its report took the pieces
  memory.continue_at.reset();
  if (ending != Ending::kCutOff) memory.served = std::max(memory.served.value_or(now), now);
  if (ending == Ending::kLeft) {
    const auto wait = std::min<std::chrono::minutes>(kFirstContinuation * (1 << std::min(memory.continuations, 10)), kLongestContinuation);
    memory.continue_at = now + wait;
    ++memory.continuations;
  } else if (ending == Ending::kDone) {
    memory.continuations = 0;
  }
}

bool Planner::Wanted(const Start& start) const {
  const auto found = sites_.find(start.site->id);
  if (found == sites_.end() || all_paused_) return false;
  if (start.site->enabled && !found->second.site->enabled) return false;  // one that was disabled before runs by hand
  const auto memory = memory_.find(start.site->id);
  return memory == memory_.end() || !memory->second.paused;
}

void Planner::NotStarted(const std::string& site, UtcTime now, bool failed) {
  const auto running = running_.find(site);
  if (running == running_.end()) return;
  const Before before = std::move(running->second);
  running_.erase(running);
  SiteMemory& memory = memory_[site];
  memory.served = before.memory.served;
  memory.last_started = before.memory.last_started;
  memory.cut_off = before.memory.cut_off;
  memory.continuations = before.memory.continuations;
  memory.continue_at = before.memory.continue_at;
  const auto found = sites_.find(site);
  if (found == sites_.end() || !failed) return;
  // What a person asked for is still asked for.
  found->second.requested = found->second.requested || before.requested;
  found->second.sweep = found->second.sweep || before.sweep;
  found->second.not_before = now + kAfterFailedStart;
}

Result<void> Planner::Request(const std::string& site, bool sweep) {
  const auto found = sites_.find(site);
  if (found == sites_.end()) return Fail(ErrorKind::kNotFound, "no such site in the configuration", site);
  if (running_.contains(site)) return Fail(ErrorKind::kConflict, "a run is under way", site);
  if (all_paused_) return Fail(ErrorKind::kConflict, "everything is paused; fangzhi resume all ends that", site);
  if (memory_[site].paused) return Fail(ErrorKind::kConflict, "paused; fangzhi resume " + site + " ends that", site);
  found->second.requested = true;
  found->second.sweep = sweep;
  return {};
}

Result<void> Planner::Pause(const std::string& site, bool paused) {
  const auto found = sites_.find(site);
  if (found == sites_.end()) return Fail(ErrorKind::kNotFound, "no such site in the configuration", site);
  memory_[site].paused = paused;
  if (paused) found->second.requested = false;
  return {};
}

std::vector<std::shared_ptr<const model::Site>> Planner::Sites() const {
  std::vector<std::shared_ptr<const model::Site>> sites;
  for (const auto& [id, entry] : sites_) sites.push_back(entry.site);
  return sites;
}

std::vector<std::string> Planner::Running() const {
  std::vector<std::string> ids;
  for (const auto& [id, before] : running_) ids.push_back(id);
  return ids;
}

}  // namespace fangzhi::serve
