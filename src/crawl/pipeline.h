// What travels between the threads of a crawl, and the two stages behind the fetch loop.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"
#include "base/mutex.h"
#include "crawl/counter_batches.h"
#include "crawl/crawl.h"
#include "frontier/frontier.h"
#include "profiles/profiles.h"
#include "report/coverage.h"
#include "templates/templates.h"
#include "store/store.h"

namespace fangzhi::crawl {

// A run's counts: changed by the writer and the fetch loop, read by anyone.
class Tally {
 public:
  template <class F>
  void Change(const F& change) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    change(summary_);
  }
  Summary Snapshot() const FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return summary_;
  }
  template <class F>
  void ChangeCoverage(const F& change) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    change(coverage_);
  }
  report::Coverage CoverageSnapshot() const FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return coverage_;
  }

 private:
  mutable Mutex mutex_;
  Summary summary_ FZ_GUARDED_BY(mutex_);
  report::Coverage coverage_ FZ_GUARDED_BY(mutex_);
};

// Pages whose judgement would gain by a probe: told by the writer, taken by the fetch loop.
class ProbesWanted {
 public:
  void Add(frontier::FetchTask task) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (tasks_.size() < kMost) tasks_.push_back(std::move(task));
  }
  std::vector<frontier::FetchTask> Take() FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return std::exchange(tasks_, {});
  }
  bool Any() const FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return !tasks_.empty();
  }
  // The last page of a host that showed its home page instead, as long as the host gave no other answer since: asked for when the run has
  // nothing else to do. What is later is told by the times of the visits: they are not committed in that order.
  void Open(frontier::FetchTask task, UtcTime time) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto known = open_.find(task.host);
    if (known == open_.end() ? open_.size() >= kMost : known->second.second >= time) return;
    std::string host = task.host;
    open_.insert_or_assign(std::move(host), std::pair(std::move(task), time));
  }
  void Answered(const std::string& host, UtcTime time) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (const auto known = open_.find(host); known != open_.end() && known->second.second < time) open_.erase(known);
  }
  std::vector<frontier::FetchTask> TakeOpen() FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::vector<frontier::FetchTask> tasks;
    for (auto& [host, shown] : open_) tasks.push_back(std::move(shown.first));
    open_.clear();
    return tasks;
  }

 private:
  static constexpr size_t kMost = 64;
  mutable Mutex mutex_;
  std::vector<frontier::FetchTask> tasks_ FZ_GUARDED_BY(mutex_);
  std::map<std::string, std::pair<frontier::FetchTask, UtcTime>> open_ FZ_GUARDED_BY(mutex_);  // by host, with the time of the visit
};

// How a run uses a host at this moment.
struct HostUse {
  int active = 0;
  std::optional<UtcTime> last;  // the last beginning or end of a request
};

// A run of a site, shared by the threads through which its captures pass.
struct RunState {
  std::shared_ptr<const model::Site> site;
  frontier::RoundMode mode = frontier::RoundMode::kSweep;
  RunTerms terms;
  UtcTime started{};
  std::chrono::steady_clock::time_point began{};
  Tally tally;
  std::atomic<uint64_t> jobs{0};  // in the pipeline
  std::atomic<bool> ready{false};  // queued: may be leased from
  std::unordered_set<std::string> reads_again;  // pages that the run before left links out of for what may have ended since; set before `ready`
  bool resumed = false;            // goes on with a round of an earlier run's; set before `ready`, then the fetch loop's
  std::atomic<bool> ending{false};  // asked to end
  std::atomic<uint64_t> under_way{0};
  ProbesWanted probes_wanted;
  // The writer's; set before `ready`. StorePiece's are the fetch loop's when the run ends.
  CounterBatches batches;
  // Hashes of addresses: articles looked at that show no number themselves, and those whose number a counter answered. At most kMostCounted of each.
  static constexpr size_t kMostCounted = 1'000'000;
  std::unordered_set<size_t> without_clicks, counted;
  report::Pieces pieces;            // of its coverage, as they are stored (report/report.h)
  uint64_t next_piece = 0;
  std::map<std::string, report::HostImpact> hosts_stored;  // what was done to hosts, as far as the pieces tell it
  // The fetch loop's only.
  uint64_t round = 0;  // of what was leased; 0: nothing yet
  std::vector<frontier::FetchTask> probes;  // accepted, not sent yet
  std::map<std::string, int> probed;        // how many, by host; families with 1
  bool asked_last = false;                  // the last probes were asked for
  uint64_t leased_pages = 0, bytes = 0;
  std::map<std::string, HostUse> hosts;
  std::set<std::string> noted;
};

// One capture on its way from the fetch loop through a page worker to the writer.
struct Job {
  std::shared_ptr<RunState> run;
  frontier::FetchTask task;
  store::Purpose purpose = store::Purpose::kPage;
  bool denied = false;                  // by robots.txt: nothing was sent, nothing is archived
  model::Capture capture;
  std::string known_digest;             // of this URL's last full response, to recognise an unchanged payload
  bool conditional = false;             // asked for only if it had changed
  bool follows_more = false;            // its links are looked at though it has not changed
  std::optional<UtcTime> retry_at;      // it failed and will be tried again
  std::vector<store::StateWrite> state; // robots.txt: what the cache remembers
  std::vector<model::Link> sitemaps;    // robots.txt: the sitemaps that it names

  // By a page worker.
  std::string unread;                   // why it could not be processed (memory ran out); archived, but nothing is known of it
  store::CaptureFacts facts;
  std::vector<model::Link> links;
  frontier::Frontier::LeftOut left_out; // by the writer: those that a bound left out
  std::vector<model::Link> on_other_hosts;  // by the writer: attachments, and articles of a list, on hosts that are none of the site's
  std::vector<model::Link> unfollowed;  // of a page that asks not to follow its links
  std::string unread_counter;           // why a counter's answer gave no number
  std::string leads_to;                 // of a redirect
  std::vector<std::string> rows_of_units;  // where there are several: each unit's
  std::optional<std::string> asks_rows = std::string();  // of a list in a page: the address that its script asks for the further rows; nullopt: several
  uint64_t held_bytes = 0;              // what it adds to Pipeline::bytes: its payload, then also its links
  templates::Outline outline;           // of an article: its texts, for the site's template
  model::PageKind page_kind = model::PageKind::kOther;
  bool unchanged = false;
};

// The page worker's function: fills in `facts`, `links` and `page_kind`. Never throws.
void ProcessJob(Job& job, const profiles::Matcher& profiles);

// Stores a piece of a run's report (report/report.h), in the batch that makes what it tells durable. Many are made one from time to time. For the writer, and
// when nothing of the run is on its way to it any more.
void StorePiece(RunState& run, uint64_t round, report::Coverage piece, std::vector<store::StateWrite>& state);

// Whether an address is on a host that is none of the site's, and not one that its entry excludes: what is excluded nobody misses.
bool IsOnOtherHost(const model::Site& site, const std::string& url);

// What the index says of a round when one of its runs ends: which seeds and lists were not read, what failed and what stood in the way, what was never got,
// and what was left out, also by pages that did not change since the run before. `began`: when this one did.
Result<void> SettleCoverage(const store::Archive& archive, const model::Site& site, uint64_t round, UtcTime began, report::Coverage& coverage);

// What is between the fetch loop and the archive. The bound on memory: the fetch loop leases nothing more above it.
struct Pipeline {
  explicit Pipeline(size_t capacity) : to_process(capacity), to_write(capacity) {}
  BoundedQueue<Job> to_process;
  BoundedQueue<Job> to_write;
  std::atomic<uint64_t> jobs{0};
  std::atomic<uint64_t> bytes{0};
};

// Commits come from the writer and, when a run begins or ends, from others; the archive takes them from one at a time.
class Committer {
 public:
  explicit Committer(store::Archive& archive) : archive_(archive) {}
  Result<std::vector<store::CommitOutcome>> Commit(std::span<store::CaptureToCommit> captures,
                                                   std::span<const store::StateWrite> state) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return archive_.Commit(captures, state);
  }
  Result<std::vector<store::CommitOutcome>> CommitWith(
      std::span<store::CaptureToCommit> captures,
      const std::function<std::vector<store::StateWrite>(std::span<const store::CommitOutcome>)>& state) FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return archive_.CommitWith(captures, state);
  }

 private:
  Mutex mutex_;
  store::Archive& archive_;
};

class Writer {
 public:
  Writer(store::Archive& archive, Committer& committer, frontier::Frontier& frontier, Pipeline& pipeline,
         const config::Settings& settings, std::function<void()> on_commit)
      : archive_(archive), committer_(committer), frontier_(frontier), pipeline_(pipeline), settings_(settings),
        on_commit_(std::move(on_commit)) {}
  // The writer thread's body: until the queue is closed and empty. After a failed commit it goes on taking jobs, so that nobody blocks, but
  // drops them: nothing of them was acknowledged, their URLs stay queued.
  void Run();
  // Set when the archive could not go on.
  std::optional<Error> failure() const FZ_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return failure_;
  }

 private:
  void CommitGroup(std::vector<Job>& group);
  struct Batch;
  Result<std::vector<store::Discovery>> PrepareTask(Job& job, Batch& batch);
  static void PrepareCapture(Job& job, std::vector<store::Discovery> discovered, Batch& batch);
  std::vector<store::StateWrite> StateOf(Batch& batch, std::span<const store::CommitOutcome> known);
  void CountBatch(const Batch& batch, std::span<const store::CommitOutcome> outcomes);
  void TakeCounter(const Job& job, frontier::Finished& done);
  // Queues what a page found in slices, each durable by itself, before the capture that names it is: a sitemap's part names up to 50,000 URLs,
  // and one batch of them would be the largest thing in memory. After a crash in between the part is fetched again, and they are known.
  // Gives where the last slice begins, which goes with the capture.
  Result<size_t> QueueAhead(const frontier::FetchTask& task, const std::vector<store::Discovery>& discovered);
  void Fail(Error error);
  struct Learning;
  Learning& TemplateOf(const std::string& site);
  void Compare(Job& job);
  void Learn(const Job& job, const store::CommitOutcome& outcome, UtcTime time, std::vector<store::StateWrite>& state);
  void SaveTemplates();
  bool IsCounted(const Job& job, const model::Counter& counter) const;
  void TakeBatches(const std::vector<Job>& group);
  void EndBatch(const Job& job, frontier::Finished& done);
  void Count(const Job& job, const store::CommitOutcome& outcome);
  static void TakeOtherHosts(Job& job);
  static void CoverLeftOut(const Job& job, report::Coverage& coverage);
  void Cover(const Job& job, const store::CommitOutcome& outcome, report::Coverage& coverage);
  static void CoverAttachment(const Job& job, const store::CommitOutcome& outcome, report::Coverage& coverage);
  static void CoverCounter(const Job& job, report::Coverage& coverage);

  store::Archive& archive_;
  Committer& committer_;
  frontier::Frontier& frontier_;
  Pipeline& pipeline_;
  const config::Settings& settings_;
  std::function<void()> on_commit_;
  // What the sites' articles have in common. The writer's only.
  struct Learning {
    templates::SiteTemplate site;
    templates::SiteTemplate before;  // as it was when the round began, or this process with it
    uint64_t round = 0;
    uint64_t unsaved = 0;  // pages since it was written
  };
  std::map<std::string, Learning> templates_;
  mutable Mutex mutex_;
  std::optional<Error> failure_ FZ_GUARDED_BY(mutex_);
};

}  // namespace fangzhi::crawl
