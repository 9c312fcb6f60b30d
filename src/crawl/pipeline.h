// What travels between the threads of a crawl, and the two stages behind the fetch loop.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/mutex.h"
#include "crawl/crawl.h"
#include "frontier/frontier.h"
#include "store/store.h"

namespace fangzhi::crawl {

// One capture on its way from the fetch loop through a page worker to the writer.
struct Job {
  frontier::FetchTask task;
  store::Purpose purpose = store::Purpose::kPage;
  bool denied = false;                  // by robots.txt: nothing was sent, nothing is archived
  model::Capture capture;
  std::string known_digest;             // of this URL's last full response, to recognise an unchanged payload
  std::optional<UtcTime> retry_at;      // it failed and will be tried again
  std::vector<store::StateWrite> state; // robots.txt: what the cache remembers

  // By a page worker.
  store::CaptureFacts facts;
  std::vector<model::Link> links;
  model::PageKind page_kind = model::PageKind::kOther;
  bool unchanged = false;
};

// The page worker's function: fills in `facts`, `links` and `page_kind`. Never throws.
void ProcessJob(Job& job);

// Why a run ended early for a host or site, and its counts: written by the writer, read by the fetch loop.
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

 private:
  mutable Mutex mutex_;
  Summary summary_ FZ_GUARDED_BY(mutex_);
};

// What is between the fetch loop and the archive. The bound on memory: the fetch loop leases nothing more above it.
struct Pipeline {
  explicit Pipeline(size_t capacity) : to_process(capacity), to_write(capacity) {}
  BoundedQueue<Job> to_process;
  BoundedQueue<Job> to_write;
  std::atomic<uint64_t> jobs{0};
  std::atomic<uint64_t> bytes{0};
};

class Writer {
 public:
  Writer(store::Archive& archive, frontier::Frontier& frontier, Pipeline& pipeline, Tally& tally,
         const config::Settings& settings, std::function<void()> on_commit)
      : archive_(archive), frontier_(frontier), pipeline_(pipeline), tally_(tally), settings_(settings),
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
  void Count(const Job& job, const store::CommitOutcome& outcome);

  store::Archive& archive_;
  frontier::Frontier& frontier_;
  Pipeline& pipeline_;
  Tally& tally_;
  const config::Settings& settings_;
  std::function<void()> on_commit_;
  mutable Mutex mutex_;
  std::optional<Error> failure_ FZ_GUARDED_BY(mutex_);
};

}  // namespace fangzhi::crawl
