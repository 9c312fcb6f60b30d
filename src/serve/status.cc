#include "serve/status.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "frontier/frontier.h"
#include "report/report.h"
#include "serve/serve.h"

namespace fangzhi::serve {
namespace {

uint64_t FreeBytes(const std::string& directory) { return crawl::FreeBytes(directory).value_or(0); }

Json ShownTime(const std::optional<UtcTime>& time) { return time ? Json(FormatIso8601(*time)) : Json(nullptr); }

// The latest run of a site that has ended, in short; null when there is none.
Json LastRun(const store::Archive& archive, const std::string& site) {
  const auto runs = report::LoadRuns(archive, site, 1);
  if (!runs || runs->empty()) return nullptr;
  const Json whole = report::ToJson(runs->front());
  Json last = whole["summary"];
  for (const char* key : {"site", "started", "ended", "trigger", "sweep", "grade", "findings", "overrides", "robots_overridden", "nofollow_overridden"}) last[key] = whole[key];
  return last;
}

// Sites that were crawled into the archive and are in no site list: from `--seed`, or taken off the list since. Nothing runs them.
void AddUnlisted(const store::Archive& archive, const Planner& planner, Json& sites) {
  std::set<std::string> ids;
  if (const auto crawled = frontier::Frontier::StoredSites(archive)) ids.insert(crawled->begin(), crawled->end());
  if (const auto reported = report::LoadSites(archive)) ids.insert(reported->begin(), reported->end());
  for (const auto& site : planner.Sites()) ids.erase(site->id);
  for (const std::string& id : ids) {
    Json entry{{"id", id}, {"name", nullptr}, {"enabled", false}, {"state", "unlisted"}};
    for (const char* key : {"schedule", "time_zone", "time_window", "next_run", "next_because", "run"}) entry[key] = nullptr;
    entry["last_run"] = LastRun(archive, id);
    if (const auto runs = report::LoadRuns(archive, id, 1); runs && !runs->empty()) entry["name"] = runs->front().facts.name;
    sites.push_back(std::move(entry));
  }
}

}  // namespace

std::string SiteMemoryKey(std::string_view site) { return "d/" + std::string(site); }
std::string AllPausedKey() { return "d/"; }
Result<void> LoadPlanner(const store::Archive& archive, const config::Config& config, UtcTime now, Planner& planner) {
  FZ_ASSIGN(const auto paused, archive.GetState(AllPausedKey()));
  planner.PauseAll(paused.has_value());
  FZ_TRY(archive.ScanState("d/", "d/", [&](std::string_view key, std::string_view value) {
    if (auto memory = SiteMemoryFromValue(value)) planner.Remember(std::string(key.substr(2)), std::move(*memory));
    return true;
  }));
  planner.SetSites(config.sites, now);
  for (const auto& site : config.sites) {
    if (!planner.MemoryOf(site->id).cut_off) continue;
    FZ_ASSIGN(const std::vector<uint64_t> rounds, report::RoundsOfPieces(archive, site->id));
    report::Coverage left;
    for (const uint64_t round : rounds) {
      FZ_ASSIGN(const report::Pieces pieces, report::LoadPieces(archive, site->id, round));
      report::Add(left, pieces.sum);
    }
    planner.UsedByKilled(site->id, left.visits, left.bytes);
  }
  return {};
}

bool DiskHasRoom(const std::string& directory, uint64_t min_free_bytes) {
  constexpr uint64_t kLeast = uint64_t{16} << 20;
  return FreeBytes(directory) >= std::max(kLeast, min_free_bytes + min_free_bytes / 10);
}

Json MakeStatus(const StatusInput& input) {
  Json sites = Json::array();
  for (const auto& site : input.planner.Sites()) {
    const Planner::Outlook outlook = input.planner.OutlookOf(site->id, input.now);
    const auto run = std::find_if(input.runs.begin(), input.runs.end(), [&](const auto& r) { return r.site == site->id; });
    std::string state = "waiting";
    if (outlook.running) state = "running";
    else if (outlook.paused) state = "paused";
    else if (outlook.disabled) state = "disabled";
    else if (outlook.quota_used) state = "quota_used";
    else if (outlook.window_closed) state = "outside_window";
    else if (outlook.next && *outlook.next <= input.now) state = "due";
    Json entry{{"id", site->id},
               {"name", site->name},
               {"enabled", site->enabled},
               {"state", state},
               {"schedule", site->schedule},
               {"time_zone", site->time_zone},
               {"time_window", site->time_window.empty() ? Json(nullptr) : Json(site->time_window)},
               {"next_run", ShownTime(outlook.next)},
               {"next_because", outlook.next ? Json(TriggerName(outlook.trigger)) : Json(nullptr)},
               {"run", nullptr},
               {"last_run", LastRun(input.archive, site->id)}};
    if (run != input.runs.end()) {
      entry["run"] = crawl::ToJson(run->so_far);
      entry["run"]["in_flight"] = run->in_flight;
      entry["run"]["queued"] = run->queued;
      entry["run"]["hosts"] = run->hosts;
    }
    sites.push_back(std::move(entry));
  }
  AddUnlisted(input.archive, input.planner, sites);
  Json problems = Json::array();
  for (const store::DamagedFile& file : input.archive.open_report().damaged_files) problems.push_back(file.ToString());
  if (const auto losses = input.archive.NotedLosses()) {
    for (const store::LostCaptures& lost : *losses) problems.push_back(lost.ToString());
  } else {
    problems.push_back(losses.error().ToString());
  }
  return Json{{"now", FormatIso8601(input.now)},
              {"paused", input.planner.all_paused()},
              {"held_back", input.held_back.empty() ? Json(nullptr) : Json(input.held_back)},
              {"disk", {{"free_bytes", FreeBytes(input.archive.directory())}, {"min_free_bytes", input.config.settings.min_free_bytes}}},
              {"archive_problems", std::move(problems)},
              {"daemon", nullptr},
              {"sites", std::move(sites)}};
}

Json StoredStatus(const store::Archive& archive, const config::Config& config, UtcTime now) {
  Planner planner;
  const auto loaded = LoadPlanner(archive, config, now, planner);
  // A daemon that waits for room has let go of the archive and answers nothing; what it waits for is told all the same.
  std::string held;
  if (!loaded) held = loaded.error().ToString();
  else if (!DiskHasRoom(archive.directory(), config.settings.min_free_bytes)) held = "the disk is full: " + HumanBytes(FreeBytes(archive.directory())) + " free; a daemon waits until there is room";
  return MakeStatus({archive, config, planner, now, {}, std::move(held)});
}

Result<Json> StorePause(store::Archive& archive, const config::Config& config, const std::string& site, bool paused) {
  Planner planner;
  FZ_TRY(LoadPlanner(archive, config, SystemClock().Now(), planner));
  std::vector<store::StateWrite> writes;
  if (site == "all") {
    writes.push_back({AllPausedKey(), paused ? std::optional<std::string>("1") : std::nullopt});
  } else {
    FZ_TRY(planner.Pause(site, paused));
    writes.push_back({SiteMemoryKey(site), ToValue(planner.MemoryOf(site))});
  }
  auto committed = archive.Commit({}, writes);
  if (!committed) return Fail(std::move(committed.error()));
  return Json{{"site", site}, {"paused", paused}};
}

}  // namespace fangzhi::serve
