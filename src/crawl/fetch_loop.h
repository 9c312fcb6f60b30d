// The fetch loop and what it owns. crawl.cc: a run's beginning, the loop, its end; requests.cc: what is sent and what becomes of the answer.
// Internal to crawl/.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "crawl/crawl.h"
#include "crawl/pipeline.h"
#include "crawl/robots_cache.h"
#include "fetch/fetch.h"

namespace fangzhi::crawl {

// Captures between fetch loop and archive at most: as many as one commit takes.
constexpr uint64_t kMostInPipeline = 64;

struct Crawler::Impl {
  Impl(store::Archive& archive, CrawlerOptions options)
      : archive_(archive), options_(std::move(options)), clock_(options_.clock == nullptr ? system_clock_ : *options_.clock),
        frontier_(archive, clock_, archive.open_report().clean), robots_(archive, clock_), committer_(archive),
        profiles_(options_.profiles.empty() ? config::BuiltInProfiles() : options_.profiles),
        pipeline_(kMostInPipeline * 2 + static_cast<size_t>(options_.settings.max_transfers)) {}

  struct UnderWay {
    Job job;
    bool robots = false;
    std::string origin;
    int hops = 0;  // robots.txt: redirects followed
    std::string robots_url;
  };

  Result<void> CommitState(std::span<const store::StateWrite> writes) {
    auto committed = committer_.Commit({}, writes);
    if (!committed) return Fail(std::move(committed.error()));
    return {};
  }
  std::shared_ptr<RunState> RunOf(const std::string& site) const FZ_EXCLUDES(runs_mutex_) {
    MutexLock lock(runs_mutex_);
    const auto found = runs_.find(site);
    return found == runs_.end() ? nullptr : found->second;
  }
  std::vector<std::shared_ptr<RunState>> AllRuns() const FZ_EXCLUDES(runs_mutex_) {
    MutexLock lock(runs_mutex_);
    std::vector<std::shared_ptr<RunState>> all;
    for (const auto& [id, run] : runs_) all.push_back(run);
    return all;
  }
  Result<void> Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunTerms terms);
  Result<void> Loop(const std::stop_token& stop, bool until_idle);
  void Work();
  struct Begun {
    bool pages = false, probes_wait = false;
  };
  Begun BeginWhatMay(bool stopping);
  bool Gate(const frontier::FetchTask& task);
  void Begin(frontier::FetchTask task);
  struct RobotsWanted {
    frontier::FetchTask task;  // that waits for it
    std::string url;
    int hops = 0;
  };
  bool BeginRobots(const std::string& origin, const RobotsWanted& wanted);
  // The run gets nothing of an origin whose robots.txt cannot be had.
  void LeaveOut(RunState& run, const std::string& origin);
  void Ended(fetch::FetchResult result);
  void RobotsEnded(UnderWay under_way, const std::string& problem);
  void Send(UnderWay under_way, fetch::FetchRequest request);
  void ToWorkers(Job job);
  void ToWriter(Job job);
  bool MayLease() const;
  bool Full() const { return options_.max_pages != 0 && leased_pages_ >= options_.max_pages; }
  static bool Full(const RunState& run) {
    return (run.terms.max_pages != 0 && run.leased_pages >= run.terms.max_pages) ||
           (run.terms.max_bytes != 0 && run.bytes >= run.terms.max_bytes);
  }
  static void Note(RunState& run, std::string note) {
    if (run.noted.insert(note).second) run.tally.Change([&](Summary& s) { s.notes.push_back(note); });
  }
  void AcceptProbes(RunState& run);
  void AcceptProbe(RunState& run, frontier::FetchTask task);
  bool SendProbe(const std::shared_ptr<RunState>& run);
  Result<bool> BeginNextRound(RunState& run);
  Result<void> EndRuns(bool stopping);
  Result<void> MarkEnd(RunState& run);
  Result<void> TakePieces(RunState& run);
  Result<void> ForgetUnnamedSitemaps(const std::string& site, report::Coverage& coverage);
  Result<void> EndRun(RunState& run, bool stopped);
  Result<void> Report(RunResult& result, std::string_view trigger, std::vector<store::StateWrite> ends);
  void CheckDisk();
  void Tick();

  store::Archive& archive_;
  const CrawlerOptions options_;
  const SystemClock system_clock_{};
  const Clock& clock_;
  frontier::Frontier frontier_;
  RobotsCache robots_;
  Committer committer_;
  const profiles::Matcher profiles_;
  Pipeline pipeline_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::atomic<uint64_t> min_free_bytes_{options_.settings.min_free_bytes};
  std::atomic<bool> closing_{false};  // no run begins any more

  mutable Mutex runs_mutex_;
  std::map<std::string, std::shared_ptr<RunState>> runs_ FZ_GUARDED_BY(runs_mutex_);
  std::string disk_problem_ FZ_GUARDED_BY(runs_mutex_);

  // The loop's only.
  std::map<uint64_t, UnderWay> under_way_;
  uint64_t next_id_ = 1;
  uint64_t leased_pages_ = 0;
  std::map<std::string, RobotsWanted> robots_wanted_;  // by origin
  std::set<std::pair<std::string, std::string>> to_leave_out_;  // site and origin, seen by Gate
  std::map<std::string, std::string> tls_legacy_;  // by host, why: the strict handshake's error
  bool disk_low_ = false;
  std::chrono::steady_clock::time_point last_tick_{}, last_disk_check_{};
};

}  // namespace fangzhi::crawl
