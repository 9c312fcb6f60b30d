// crawl/: conducts. The only place with threads and order; every station is a plain class or function that knows nothing of it.
//
//   Loop's caller   the fetch loop: leases tasks, runs transfers, hands captures on
//   page workers    decode, repair, parse, extract, links (process/), a capture at a time
//   writer          owns archive and frontier state: groups captures, commits, acknowledges
//
// Between them bounded queues. A Crawler lives as long as its process wants: runs of sites are added to it and end, each with its own
// Summary, over one archive, one writer, one fetch loop. Stop: no new tasks → what is under way ends or is cut → queues drain → the last
// group is committed. Nothing throws across a thread boundary; a page whose processing fails is archived raw and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "frontier/frontier.h"
#include "model/json.h"
#include "model/site.h"
#include "process/process.h"
#include "profiles/profiles.h"
#include "report/report.h"
#include "robots/robots.h"
#include "store/store.h"

namespace fangzhi::crawl {

// The product token that robots.txt files know us by (RFC 9309, 2.2.1).
inline constexpr const char* kProductToken = "fangzhi";
std::string UserAgent(const config::Settings& settings);

// What a run did. Also what it did not get, and why.
struct Summary {
  uint64_t fetched = 0;    // captures of pages and documents (robots.txt and counters apart)
  uint64_t created = 0;    // version 1 of a URL
  uint64_t changed = 0;    // a later version
  uint64_t unchanged = 0;  // the same content, or not modified
  uint64_t gone = 0, restored = 0, moved = 0;  // events
  uint64_t absent = 0;     // 404, 410, soft 404, redirect home
  uint64_t redirects = 0;
  uint64_t held = 0;       // showed something that may stand in the way of the page; what the end of the run makes of it counts above
  uint64_t failed = 0;     // given up after retries, or refused
  uint64_t robots_denied = 0;
  uint64_t counters = 0;   // click counts read by a second request
  uint64_t bytes = 0;      // received: heads and payloads
  uint64_t warc_bytes = 0; // written for it, robots.txt, counters and probes included
  uint64_t still_queued = 0;  // 1 or more: something waits for a later run
  double seconds = 0;
  bool stopped = false;    // by the user
  bool budget_used = false;  // it ended because as many pages were fetched as it may
  std::map<std::string, uint64_t> errors;  // kind → count, every attempt
  struct Failure {
    std::string url, reason;
  };
  std::vector<Failure> failures;  // the first hundred
  std::vector<std::string> notes; // hosts given up, sites outside their window
};
inline constexpr size_t kListedFailures = 100;
model::Json ToJson(const Summary& summary);

// Adds the counts of one run to those of others.
void Add(Summary& sum, const Summary& run);

// A run that is under way.
struct RunStatus {
  std::string site;
  Summary so_far;
  uint64_t in_flight = 0, queued = 0;  // queued: a lower bound
  std::vector<std::string> hosts;      // being asked now
};

struct RunResult {
  std::shared_ptr<const model::Site> site;
  Summary summary;
  report::Coverage coverage;
  UtcTime started{}, ended{};
  uint64_t round = 0;
  frontier::RoundMode mode = frontier::RoundMode::kSweep;
  report::RunRecord record;                 // its report, which is stored with the end of its round
  std::optional<report::RunRecord> before;  // of the run before it
};

struct RunTerms {
  uint64_t max_pages = 0, max_bytes = 0;  // where it ends although more waits; 0: nowhere
  std::string trigger = "command";        // why it began, for its report
};

struct CrawlerOptions {
  config::Settings settings;
  model::Profiles profiles;  // families to be recognised; none: those that are compiled in
  const Clock* clock = nullptr;  // SystemClock when null; must live longer
  // How fast `clock` goes, for waits that are made in real time. Only tests have another than 1.
  double clock_rate = 1;
  // True: when the disk has less than min_free_bytes nothing new is asked for until it has more again. False: that ends the crawl.
  bool wait_for_disk = false;
  uint64_t max_pages = 0;  // of all runs together; 0: no limit
  // Called from the loop's thread when a run has ended, and its last capture and its report are durable.
  std::function<void(const RunResult&)> on_run_end;
  // Called when the report of a round was stored after all: its last run had ended it when it was killed. From the loop's thread or one that calls Begin.
  std::function<void(const RunResult&)> on_late_report;
  // About five times a second, from the loop's thread.
  std::function<void()> on_tick;
};

// Thread-safe but for Loop, which one thread calls once.
class Crawler {
 public:
  // The archive must live longer, and have no other Crawler.
  static Result<std::unique_ptr<Crawler>> Create(store::Archive& archive, CrawlerOptions options);
  ~Crawler();

  // Begins a run of a site, or resumes the one that was cut off. Returns when it is queued, which takes a while for a site of a million
  // pages: not from the loop's thread. kConflict while the site has a run, kCancelled when the
  // loop is told to stop meanwhile.
  Result<void> Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunTerms terms = {});
  // Asks a site's run to end: what is under way ends or is cut, the rest stays queued. False when it has none.
  bool End(const std::string& site);
  std::vector<RunStatus> Runs() const;
  // Makes changes of the state area durable that belong to no capture: the archive takes commits from one at a time, this one's among them.
  Result<void> CommitState(std::span<const store::StateWrite> writes);
  // A new bound for the disk guard.
  void SetMinFreeBytes(uint64_t bytes);
  // Why the disk guard holds everything back; empty when it does not.
  std::string DiskProblem() const;

  // The fetch loop: until stopped (every run then ends as stopped), or, with `until_idle`, until no run is left. An error means that
  // the archive could not go on (disk full, index damaged); what was acknowledged before is safe. A Crawler whose loop
  // has returned is at its end.
  Result<void> Loop(std::stop_token stop, bool until_idle);

 private:
  struct Impl;
  explicit Crawler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct Status {
  const Summary* so_far;
  uint64_t in_flight, queued;
  std::vector<std::string> hosts;
};

struct CrawlOptions {
  std::vector<std::shared_ptr<const model::Site>> sites;
  config::Settings settings;
  model::Profiles profiles;  // families to be recognised; none: those that are compiled in
  uint64_t max_pages = 0;  // 0: to the end
  frontier::RoundMode mode = frontier::RoundMode::kSweep;  // what a round visits
  std::function<void(const RunResult&)> on_run_end;  // from the caller's thread, a site each
  std::function<void(const Status&)> on_progress;  // about five times a second, from the caller's thread
};

// Crawls the sites to the end of their round, to max_pages in all, or until stopped: a Crawler for one round.
Result<Summary> Crawl(store::Archive& archive, const CrawlOptions& options, std::stop_token stop);

// A few pages without an archive, as politely as a crawl: `site test`, `site add`. robots.txt is obeyed, the site's delay kept between
// requests to one host, redirects followed. Not thread-safe.
struct Probe {
  model::Capture capture;  // of the last hop
  std::string obstacle;    // what stands in the way (extract/obstacle.h), empty: nothing that is known
  std::string content_type;
  process::ProcessedPage page;
  robots::Decision robots;             // of the last hop; not allowed: nothing was fetched
  std::vector<std::string> redirects;  // addresses that led to the last one
};

class Prober {
 public:
  // All that is given must outlive it.
  static Result<std::unique_ptr<Prober>> Create(const model::Site& site, const config::Settings& settings, const profiles::Matcher& families);
  ~Prober();

  // An error where no response came. `link_text` and `link_date` of the link that led there, may be empty.
  Result<Probe> Get(const std::string& url, std::string_view link_text = {}, std::string_view link_date = {});
  // robots.txt of the origin in words: "200, 3 rules for us", "404: all is allowed"; empty before the first Get.
  std::string RobotsState(const std::string& origin) const;
  std::vector<std::string> Sitemaps(const std::string& origin) const;
  // Seconds that the origin's robots.txt asks for between requests.
  std::optional<double> CrawlDelay(const std::string& origin) const;
  uint64_t requests() const;

 private:
  struct Impl;
  explicit Prober(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What the disk of a directory has free; nullopt where that cannot be known.
std::optional<uint64_t> FreeBytes(const std::string& directory);

// Opens an archive so that recovery also brings the frontier's state level. Every command that opens one comes through these two.
// `clock`: null for the system's; must live as long as the archive.
Result<std::unique_ptr<store::Archive>> OpenArchive(const std::string& directory, const config::Settings& settings, bool create,
                                                    const Clock* clock = nullptr);
// For reading only, whoever may be writing it.
Result<std::unique_ptr<store::Archive>> OpenArchiveToRead(const std::string& directory);
Result<store::RebuildReport> RebuildArchive(const std::string& directory, const config::Settings& settings);

}  // namespace fangzhi::crawl
