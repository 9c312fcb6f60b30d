// frontier/: what next. Every URL that is known and every one that waits, on disk, and the politeness clocks of their hosts.
//
// A host is leased, not a URL: per host no more transfers than the site entry allows, its delay between them, its Retry-After, its
// time window; the clocks are stored with the captures they belong to and hold after a crash. A queued URL leaves the queue only
// in the batch that makes its capture durable, so a crash repeats at most what was under way.
//
// State area (docs/storage.md):
//   s/<site>                              round and its phase
//   u/<site>/<url>                        a known URL: exact seen-set, depth, queue place, counter
//   q/<site>/<host>/<depth><class><seq>   a waiting fetch, in the order in which it will be made
//   h/<host>                              politeness clock
//
// Memory: a bounded buffer a host, whatever the queue's length. Thread-safe: leasing from the fetch loop, finishing from the writer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/model.h"
#include "store/store.h"

namespace fangzhi::frontier {

// One fetch to be made. Value type; everything that is needed to make it and to put the answer in its place.
struct FetchTask {
  std::shared_ptr<const model::Site> site;
  uint64_t round = 0;
  std::string url;
  std::string host;  // host[:port]: the unit of politeness
  model::LinkKind kind = model::LinkKind::kPage;
  uint32_t depth = 0;
  std::string via;         // the page whose link it is; empty for seeds
  std::string text, date;  // of that link
  int attempt = 0;         // earlier tries in this round that failed
  UtcTime not_before{};
  // A counter's request: the article whose number it answers, and how to ask.
  bool counter = false;
  std::string counted_page, counter_kind, method = "GET";

  std::string queue_key;  // its place in the queue; the frontier's own
};

// How a task ended, as the frontier needs to know it.
struct Finished {
  FetchTask task;
  // Set: not done, try again not before this time. Unset: done for this round.
  std::optional<UtcTime> retry_at;
  // The page's counter, remembered so that a page that comes back unchanged is still counted.
  std::optional<model::Counter> counter;
  bool ask_counter = false;                      // queue the counter's request now
  std::vector<store::Discovery> discovered;      // from Select(): new URLs to queue
  std::vector<FetchTask> queued;                 // filled in by Finish, for Committed
};

// What a host did, told as soon as a transfer ends.
struct HostReport {
  bool sent = true;                                       // false: nothing was sent, the host's clock does not start
  bool answered = true;                                   // false: no response at all
  std::optional<std::chrono::seconds> retry_after;        // of 429 and 503
};

// What a round visits. A sweep: everything that is known, once, and what it finds. Due: the seeds, the pages whose time for a revisit has come
// (schedule/revisit.h) when the round begins, what waits from before, and what those find.
enum class RoundMode { kSweep, kDue };

// What there is to do for a site, without beginning it.
struct DueWork {
  bool round_running = false;  // an earlier round was not ended
  bool waiting = false;        // URLs are queued
  bool revisits = false;       // at least one revisit is due
  std::optional<UtcTime> next_revisit;  // the earliest revisit that is known of, due or not
  bool Any() const { return round_running || waiting || revisits; }
};

struct Progress {
  uint64_t waiting_hosts = 0;
  uint64_t leased = 0;
  uint64_t queued_now = 0;  // in memory buffers, a lower bound of what waits
  std::vector<std::string> active_hosts;
  std::vector<std::string> given_up_hosts;
};

class Frontier {
 public:
  // `clean` is false after a crash: then every host waits its whole delay before the first request.
  Frontier(const store::Archive& archive, const Clock& clock, bool clean);
  ~Frontier();

  // Begins a round of the site or resumes the one under way; a sweep that finds a due round under way goes on as a sweep. The
  // batches must be committed in order (`commit` does it). True when an unfinished round is resumed.
  Result<bool> BeginOrResume(std::shared_ptr<const model::Site> site, RoundMode mode,
                             const std::function<Result<void>(std::span<const store::StateWrite>)>& commit);

  // What a due round of the site would find to do at `now`. A few reads; any thread.
  static Result<DueWork> GetDueWork(const store::Archive& archive, const model::Site& site, UtcTime now);

  // The next fetch that may begin now, nullopt when none may. `gate` is asked last and may hold a task back (robots.txt not
  // known yet); its host is then passed over this time. The task stays leased until TransferEnded and Finish.
  std::optional<FetchTask> Lease(const std::function<bool(const FetchTask&)>& gate);
  // Gives a leased task back untouched (the run ends before it was begun).
  void Return(const FetchTask& task);
  // The transfer is over: its host's clock starts. Call at once, not when the capture is committed.
  void TransferEnded(const FetchTask& task, const HostReport& report);
  // Takes one of a host's places for a request that is in no queue (robots.txt); TransferEnded gives it back.
  void Occupy(const FetchTask& task);
  // Nothing more is leased of this host in this run; its queue stays.
  void GiveUp(const std::string& host);
  // Longest wait that makes sense before Lease is asked again.
  std::chrono::milliseconds UntilNext() const;
  // Raises a host's delay (Crawl-delay of its robots.txt).
  void SetCrawlDelay(const std::string& host, std::chrono::milliseconds delay);

  // Which of a page's links are new, in scope and wanted: what Finish will queue. Also remembered as seen until the next Committed,
  // so that two pages of one group do not both discover a URL.
  std::vector<store::Discovery> Select(const FetchTask& task, model::PageKind page_kind, const std::vector<model::Link>& links);
  // The stored counter of a known page.
  std::optional<model::Counter> KnownCounter(const FetchTask& task) const;
  // The state changes of a finished task, to be committed with its capture.
  void Finish(Finished& finished, std::vector<store::StateWrite>& writes);
  // The group was committed: memory follows.
  void Committed(const std::vector<Finished>& group);

  // True when nothing of the site waits that could be fetched in this run, and nothing of it is leased.
  bool Idle(const std::string& site) const;
  Progress GetProgress(const std::string& site) const;
  // Ends a site's round when its queue is empty; false when something still waits there.
  bool FinishRound(const std::string& site, std::vector<store::StateWrite>& writes);
  // The run of a site is over: what memory holds of it is let go, and a host that was given up has a new chance in the next run.
  void EndRun(const std::string& site);

  // What recovery and rebuild tell of a capture that the index lacked: the same state changes as Finish would have made. Stateless but
  // for what `get` reads.
  static std::vector<store::StateWrite> Replay(
      const store::CaptureFacts& facts,
      const std::function<std::optional<std::string>(std::string_view key)>& get);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A counter as a Discovery of its page (kind counter): how the WARC remembers that it is to be asked.
store::Discovery CounterDiscovery(const model::Counter& counter, uint32_t depth);

}  // namespace fangzhi::frontier
