// Site: one entry of the site list, checked and complete (config/ fills in defaults). Immutable after loading; share by
// shared_ptr<const Site>.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::model {

// A compiled include or exclude rule (RE2 behind config/): linear time, unanchored match on the whole URL.
class UrlPattern {
 public:
  virtual ~UrlPattern() = default;
  virtual bool Matches(std::string_view url) const = 0;
  virtual const std::string& text() const = 0;
};

struct SiteSelectors {  // CSS-like (html::Selector); empty = automatic
  std::string title, published, source, author, body, clicks;
};

// Which counters the crawler may ask (DOMAIN: many counters count the asking).
enum class CounterMode { kOff, kReadOnly, kAllowIncrement };

struct Site {
  std::string id;    // [a-z0-9][a-z0-9_-]*
  std::string name;  // for people
  bool enabled = true;
  std::vector<std::string> seeds;  // normalised URLs
  std::vector<std::string> hosts;  // host[:port]; "*.gansu.gov.cn" takes subdomains too. Default: the seeds' hosts
  std::vector<std::shared_ptr<const UrlPattern>> include;  // empty: everything on the hosts
  std::vector<std::shared_ptr<const UrlPattern>> exclude;  // wins over include
  int max_depth = 16;              // hops from a seed
  uint64_t max_pages = 1'000'000;  // fetches a run
  uint64_t max_pages_a_day = 0;    // fetches a day, 0: no limit
  uint64_t max_bytes_a_day = 0;    // received, 0: no limit
  std::string schedule = "every 24h";        // schedule/ syntax, checked
  std::string time_zone = "Asia/Shanghai";   // of the schedule, the window, and of dates on the pages
  std::string time_window;                   // "22:00-06:00", empty = any time
  std::chrono::milliseconds delay{2000};     // between the end of one request to a host and the start of the next
  int connections_per_host = 1;
  uint64_t requests_per_day = 0;               // to one host in 24 hours; 0: no limit
  bool share_address_clock = true;             // hosts at one address are asked as one
  bool fold_duplicates = true;                 // addresses that were learned to show the same are fetched once
  std::chrono::seconds revisit_least{600};     // between two visits of a page
  std::chrono::seconds sweep_every{30 * 86400};  // every page at least so often
  bool capture_pages = true;
  bool capture_attachments = true;
  bool capture_requisites = false;  // images, style sheets, scripts
  bool obey_robots = true;
  bool obey_nofollow = true;  // of meta elements and X-Robots-Tag
  bool tls_legacy = false;     // where the strict handshake fails, a second with old protocols, short keys and no verification; recorded
  bool allow_private = false;  // loopback, private and link-local addresses
  CounterMode counters = CounterMode::kReadOnly;
  int gone_after_visits = 2;                  // consecutive visits that found it absent
  std::chrono::seconds gone_after{0};         // and at least this long since the first of them
  uint64_t max_body_bytes = 0;                // 0: limits::kMaxBodyBytes
  std::chrono::milliseconds timeout{60000};   // a whole exchange
  int retries = 3;
  SiteSelectors selectors;
  std::string origin;  // "config/sites/gsei.toml", or "--seed"
};

}  // namespace fangzhi::model
