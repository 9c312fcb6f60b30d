// frontier/: what next. Every URL that is known and every one that waits, on disk, and the politeness clocks of their hosts.
//
// A host is leased, not a URL: per host no more transfers than the site entry allows, and the delay of host_clock.h between them; hosts that
// share an address share its clock as well, unless the site entry says otherwise. The clocks are stored with the captures they belong to and
// hold after a crash. A queued URL leaves the queue only in the batch that makes its capture durable, so a crash repeats at most what was
// under way.
//
// State area (keys.h, docs/storage.md):
//   s/<site>                              round and its phase
//   c/<site>/<host>                       where reading the host's lanes begins, and what waits in them
//   u/<site>/<host>/<rest of the URL>     a known URL: exact seen-set, its place, how often it changes
//   q/<site>/<host>/<class><order>        a new URL that waits
//   t/<site>/<host>/<time><order>         one that is to be tried again, not before a time
//   v/<site>/<host>/<class><time><rest>   a known URL and when its next visit is due
//   h/<host>, a/<address>                 politeness clocks
//   f/<site>/<host>/<rest>                a list whose last visit got nothing
//   l/<site>, e/<site>/<URL>              addresses that show the same: what was learned, and which one stands for the others
//
// Nothing is done for every URL but fetching it: a round goes through the due places in their order, a sweep through all of them. Memory: a bounded
// window a host, whatever the queue's length; a restart reads one key a host. Thread-safe: leasing from the fetch loop, finishing from the
// writer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/json.h"
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
  uint32_t redirects = 0;  // in a row, by which it was reached
  std::string via;         // the page whose link it is; empty for seeds
  std::string text, date;  // of that link
  int attempt = 0;         // earlier tries in this round that failed
  UtcTime not_before{};
  // A counter's request: the article whose number it answers, and how to ask.
  bool counter = false;
  std::string counted_page, counter_kind, method = "GET";
  // Of a request that answers for several articles: these, in its order, empty where one is not known. counted_page is the list then.
  std::vector<std::string> counted_pages;
  // Of a list that is asked for by POST: the body. `url` is its key (url::PostKey), by which it is known and archived.
  std::string post;

  std::string queue_key;  // its place in the queue; the frontier's own
};

// How a task ended, as the frontier needs to know it.
struct Finished {
  FetchTask task;
  // Set: not done, try again not before this time. Unset: done for this round.
  std::optional<UtcTime> retry_at;
  UtcTime time{};         // of the visit
  std::string verdict;    // of its CommitOutcome; empty where nothing was archived (robots.txt forbade it)
  std::string published;  // of its record, empty where it has none
  // The page's counter, remembered so that a page that comes back unchanged is still counted.
  std::optional<model::Counter> counter;
  std::vector<std::string> counted_pages;        // of a counter that answers for several articles
  bool ask_counter = false;                      // queue the counter's request now
  // Of a request that answered for several articles: those whose number it did not give, with the counters that are to be asked for them.
  std::vector<std::pair<std::string, model::Counter>> asked_alone;
  std::vector<store::Discovery> discovered;      // from Select(): new URLs to queue
  bool only_discovered = false;                  // robots.txt: it names URLs, and was in no queue itself
  std::vector<FetchTask> queued;                 // filled in by Finish, for Committed
};

// A longer pause than this is kept for nobody, whatever a server asks for, and whatever a clock that was wrong wrote down.
inline constexpr std::chrono::hours kLongestRetryAfter{24};

// What a host did, told as soon as a transfer ends.
struct HostReport {
  bool sent = true;                                       // false: nothing was sent, the host's clock does not start
  bool cut = false;                                       // we ended it before the host could show how it is: what was known of that stays
  bool answered = true;                                   // false: no response at all
  bool strained = false;                                  // 429, 503, a reset, a timeout: it is asked more slowly
  bool failed = false;                                    // an answer that counts as none for the circuit breaker: 429, 502, 503, 504
  std::chrono::milliseconds latency{0};                   // of the exchange
  std::optional<std::chrono::seconds> retry_after;        // of 429, 503 and redirects
  std::string address;                                    // that answered; empty where none did
};

// How up to date a site's copies are expected to be when every page is visited at the time noted for it (schedule/revisit.h).
struct Freshness {
  uint64_t pages = 0;
  double expected = 1;             // mean over the pages
  uint64_t lists = 0;
  double expected_lists = 1;       // over home and list pages
  uint64_t overdue = 0;            // should have been visited by now
  std::optional<UtcTime> oldest_visit;
};

// What a round visits. A sweep: everything that is known, once, and what it finds. Due: the seeds, the pages whose time for a revisit has come
// (schedule/revisit.h) when the round begins, what waits from before, and what those find.
enum class RoundMode { kSweep, kDue };

struct Progress {
  uint64_t round = 0;       // that the run goes through; 0: the site has no run
  uint64_t queued_now = 0;  // in memory buffers, a lower bound of what waits
  std::vector<std::string> active_hosts;
  std::vector<std::string> given_up_hosts;  // for this run, or by the circuit breaker; not for their robots.txt
  // Hosts that must not be asked for so long that a run ends without them, and until when. None of those given up.
  std::vector<std::pair<std::string, UtcTime>> resting_hosts;
};

class Frontier {
 public:
  // `clean` is false after a crash: then every host waits its whole delay before the first request.
  Frontier(const store::Archive& archive, const Clock& clock, bool clean);
  ~Frontier();

  // Begins a round of the site or resumes the one under way; a sweep that finds a due round under way goes on as a sweep. Either way the run
  // begins with the seeds and with the lists that the run before could not read: an outage must not hide what was published meanwhile. The
  // batches must be committed in order (`commit` does it). True when an unfinished round is resumed.
  Result<bool> BeginOrResume(std::shared_ptr<const model::Site> site, RoundMode mode,
                             const std::function<Result<void>(std::span<const store::StateWrite>)>& commit);

  // Whether a seed or list of the site could not be read when it was last asked for, and is worth another run soon: not one that failed for
  // twenty runs in a row. Any thread.
  static Result<bool> MissesLists(const store::Archive& archive, const model::Site& site);

  // The lists of the site, seeds among them, whose last visit got nothing and was in this round.
  static Result<std::vector<std::string>> MissedLists(const store::Archive& archive, const model::Site& site, uint64_t round);

  // Every site that was ever crawled into the archive, by id, listed or not.
  static Result<std::vector<std::string>> StoredSites(const store::Archive& archive);
  // The page that named a URL of the site first, and as what the URL is known; nullopt where it is not known. Empty: a seed.
  struct Origin {
    std::string via;
    model::LinkKind kind = model::LinkKind::kPage;
  };
  static Result<std::optional<Origin>> FoundBy(const store::Archive& archive, const std::string& site, const std::string& url);
  // Whether the URL was ever queued for the site.
  static Result<bool> IsKnown(const store::Archive& archive, const std::string& site, const std::string& url);
  static Result<Freshness> GetFreshness(const store::Archive& archive, const std::string& site, UtcTime now);

  // The next fetch that may begin now, nullopt when none may. `gate` is asked last and may hold a task back (robots.txt not
  // known yet); its host is then passed over this time. The task stays leased until TransferEnded and Finish.
  // One that is neither returned nor finished within its time limit twice over and half an hour is taken as lost and leased again.
  std::optional<FetchTask> Lease(const std::function<bool(const FetchTask&)>& gate);
  // Gives a leased task back untouched (the run ends before it was begun).
  void Return(const FetchTask& task);
  // The transfer is over: its host's clock starts. Call at once, not when the capture is committed.
  void TransferEnded(const FetchTask& task, const HostReport& report);
  // For a request that is in no queue (robots.txt, a probe): takes one of its host's places, as Lease does, when it may be made now; TransferEnded
  // gives it back.
  enum class Occupied { kYes, kLater, kNotInThisRun };
  Occupied TryOccupy(const FetchTask& task);
  // Nothing more is leased of this host in this run; its queue stays.
  void GiveUp(const std::string& host);
  // The same for what a site has at one origin ("http://host"), whose robots.txt cannot be had.
  void LeaveOut(const std::string& site, std::string_view origin);
  // Longest wait that makes sense before Lease is asked again.
  std::chrono::milliseconds UntilNext() const;
  // The Crawl-delay of an origin's robots.txt. Its host keeps the larger of those of http and https.
  void SetCrawlDelay(std::string_view origin, std::chrono::milliseconds delay);

  // The clock of a task's host, for what is committed without Finish (robots.txt).
  void ClockWrites(const FetchTask& task, std::vector<store::StateWrite>& writes) const;

  // Which of a page's links are new, in scope and wanted: what Finish will queue. Also remembered as seen until the next Committed,
  // so that two pages of one group do not both discover a URL.
  // `left_out`: those that would be but for a bound. May be null.
  struct LeftOut {
    std::vector<model::Link> too_deep;  // beyond max_depth
    std::vector<model::Link> repeats;   // next pages of a list that shows what others show
    std::vector<model::Link> too_many;  // of one path, differing in their query alone, more than a run takes
  };
  std::vector<store::Discovery> Select(const FetchTask& task, model::PageKind page_kind, const std::vector<model::Link>& links,
                                       LeftOut* left_out = nullptr);
  // Which of the links of a page whose links are not followed would be queued. Changes nothing.
  std::vector<model::Link> Unfollowed(const FetchTask& task, const std::vector<model::Link>& links) const;
  // The stored counter of a known page; of a list, with the articles for which it answers.
  struct StoredCounter {
    std::optional<model::Counter> counter;
    std::vector<std::string> counted_pages;
  };
  StoredCounter KnownCounter(const FetchTask& task) const;
  // When the page was last got whole, not as a 304; nullopt where it never was.
  std::optional<UtcTime> LastWhole(const FetchTask& task) const;
  // Whether the page's links were last looked at when the site's entry followed fewer (a smaller max_depth, fewer hosts): they are to be looked at again,
  // though the page has not changed.
  bool FollowsMore(const FetchTask& task) const;
  // The state changes of finished tasks, to be committed in one batch with their captures: Archive::Commit asks for them when it knows the verdicts.
  void Finish(std::span<Finished> group, std::vector<store::StateWrite>& writes);
  // The group was committed: memory follows.
  void Committed(const std::vector<Finished>& group);

  // True when nothing of the site waits that could be fetched in this run, and nothing of it is leased.
  bool Idle(const std::string& site) const;
  Progress GetProgress(const std::string& site) const;
  // What a page of the site showed (CommitOutcome::content): what is learned of addresses that show the same (duplicates.h), in the batch of the
  // page's capture.
  void Learn(const FetchTask& task, uint64_t content, UtcTime time, std::vector<store::StateWrite>& writes);
  // What was learned, for reports: the rules (Duplicates::Facts) and how many addresses this run left out by them. Empty outside a run.
  struct Folded {
    model::Json rules = model::Json::array();
    uint64_t addresses = 0;
  };
  Folded GetFolded(const std::string& site) const;

  // Ends a site's round when nothing of it waits, or only what this run cannot get: at hosts that were given up or left in peace, or pages that are
  // to be tried again much later. An outage of one host must not keep the others from being visited again; what waits is in the next round. A
  // round that holds up no other host goes on, and so does one that ends with a budget or a time window.
  enum class RoundEnd { kGoesOn, kDone, kDoneButLeft };
  RoundEnd FinishRound(const std::string& site, std::vector<store::StateWrite>& writes);
  // Whether this run got anything of what an earlier one had left of its round.
  bool WentOn(const std::string& site) const;
  // The run of a site is over: what memory holds of it is let go, and a host that was given up has a new chance in the next run.
  void EndRun(const std::string& site);

  // What recovery and rebuild tell of a capture that the index lacked: the same state changes as Finish would have made. Stateless but
  // for what `get` reads.
  static std::vector<store::StateWrite> Replay(
      const store::CaptureFacts& facts, const store::CommitOutcome& outcome,
      const std::function<std::optional<std::string>(std::string_view key)>& get);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A counter as a Discovery of its page (kind counter): how the WARC remembers that it is to be asked.
store::Discovery CounterDiscovery(const model::Counter& counter, std::vector<std::string> counted_pages, uint32_t depth);

}  // namespace fangzhi::frontier
