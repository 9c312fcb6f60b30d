// crawl/: conducts. The only place with threads and order; every station is a plain class or function that knows nothing of it.
//
//   caller's thread  the fetch loop: leases tasks, runs transfers, hands captures on
//   page workers     decode, repair, parse, extract, links (process/), a capture at a time
//   writer           owns archive and frontier state: groups captures, commits, acknowledges
//
// Between them bounded queues. Stop: no new tasks → what is under way ends or is cut → queues drain → the last group is committed.
// Nothing throws across a thread boundary; a page whose processing fails is archived raw and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "frontier/frontier.h"
#include "model/json.h"
#include "model/site.h"
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
  uint64_t gone = 0, restored = 0;  // events
  uint64_t absent = 0;     // 404, 410, soft 404, redirect home
  uint64_t redirects = 0;
  uint64_t failed = 0;     // given up after retries, or refused
  uint64_t robots_denied = 0;
  uint64_t counters = 0;   // click counts read by a second request
  uint64_t bytes = 0;      // received: heads and payloads
  uint64_t warc_bytes = 0; // written
  uint64_t still_queued = 0;  // 1 or more: something waits for a later run
  double seconds = 0;
  bool stopped = false;    // by the user
  std::map<std::string, uint64_t> errors;  // kind → count, every attempt
  struct Failure {
    std::string url, reason;
  };
  std::vector<Failure> failures;  // the first hundred
  std::vector<std::string> notes; // hosts given up, sites outside their window
};
model::Json ToJson(const Summary& summary);

struct Status {
  const Summary* so_far;
  uint64_t in_flight, queued;
  uint64_t in_pipeline;
  std::vector<std::string> hosts;
};

struct CrawlOptions {
  std::vector<std::shared_ptr<const model::Site>> sites;
  config::Settings settings;
  uint64_t max_pages = 0;  // 0: to the end
  frontier::RoundMode mode = frontier::RoundMode::kSweep;  // what a round visits
  std::function<void(const Status&)> on_progress;  // about five times a second, from the caller's thread
};

// Crawls the sites to the end of their round, to max_pages, or until stopped. An error means that the archive could not go on (disk full,
// index damaged); what was acknowledged before is safe.
Result<Summary> Crawl(store::Archive& archive, const CrawlOptions& options, std::stop_token stop);

// One fetch and its processing without an archive: `site test`. Follows up to five redirects.
struct Probe {
  model::Capture capture;
  model::Json page;  // record, decode facts, links by kind, problems
};
Result<Probe> ProbePage(const model::Site& site, const config::Settings& settings, const std::string& url);

// Opens an archive so that recovery also brings the frontier's state level. Every command that opens one comes through here.
Result<std::unique_ptr<store::Archive>> OpenArchive(const std::string& directory, const config::Settings& settings, bool create);
Result<uint64_t> RebuildArchive(const std::string& directory, const config::Settings& settings);

}  // namespace fangzhi::crawl
