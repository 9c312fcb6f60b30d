// Politeness of one host (and of one address): when the next request may begin. Everything that decides is here and is stored, so that it
// holds after a restart. Not thread-safe; the frontier's lock guards it.
//
//   base     the larger of the site entry's delay and robots.txt's Crawl-delay (of http and https, the larger)
//   slow     twice the average time that answers take, where that is a second or more, up to a minute
//   strain   1; doubled by every 429, 503, reset or missing answer, up to 64; a quarter of the way back by every good answer
//   delay    max(base, slow) · strain, where under strain at least 100 ms are multiplied; never over ten minutes unless base is
//
// It is kept between the end of one request and the beginning of the next, and with several connections between beginnings too. A Retry-After
// (of 429, 503 and redirects; at most a day) is added to nothing: until then there is no request at all.
//
// Circuit breaker: after kOpensAfter failures in a row (no answer, 429, 502, 503, 504) nothing is sent for five minutes, twice that after the next
// failure, up to a day. Then one request is let through (half open); a good answer closes it. A transfer that we ended ourselves says nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "frontier/frontier.h"
#include "model/json.h"
#include "model/site.h"

namespace fangzhi::frontier {

class HostClock {
 public:
  static constexpr int kOpensAfter = 12;

  // As it was stored; a time that lies more than a day ahead (the machine's clock was set back) is taken as a day ahead.
  static HostClock FromJson(const model::Json& json, UtcTime now);
  model::Json ToJson() const;

  std::chrono::milliseconds Delay(const model::Site& site) const;
  // When the next request may begin, UtcTime::max() while as many are under way as may be.
  UtcTime ReadyAt(const model::Site& site, UtcTime now) const;
  void Began(const model::Site& site, UtcTime now);
  void Ended(const model::Site& site, const HostReport& report, UtcTime now);
  void NotBefore(UtcTime time) { next_ = std::max(next_, time); }
  // Of the robots.txt of one of the host's two origins, http or https; the larger holds.
  void SetCrawlDelay(bool https, std::chrono::milliseconds delay) { (https ? crawl_delay_https_ : crawl_delay_) = delay; }
  // What is asked for between requests, before slowness and strain.
  std::chrono::milliseconds BaseDelay(const model::Site& site) const;
  // Asks for no more in this run.
  void GiveUp() { given_up_ = true; }
  // The next run may ask again.
  void HaveNewChance() { given_up_ = false; }
  // Somebody asks for a visit now: an open breaker lets one request through.
  void TryAgain(UtcTime now);

  UtcTime next() const { return next_; }
  int active() const { return active_; }
  bool given_up() const { return given_up_; }
  bool open(UtcTime now) const { return open_until_ > now; }
  std::optional<UtcTime> open_until() const { return opens_ > 0 ? std::optional(open_until_) : std::nullopt; }
  int failures() const { return failures_; }
  // Until when it is left in peace because it asked for it, or failed. Its budget of the day is another matter.
  UtcTime rests_until() const { return opens_ > 0 ? std::max(next_, open_until_) : next_; }
  double strain() const { return strain_; }
  uint64_t requests_today(UtcTime now) const { return day_ + std::chrono::hours(24) > now ? requests_ : 0; }
  const std::string& address() const { return address_; }

 private:
  UtcTime next_{};
  UtcTime before_{};       // next_ as it was when the last request began, for one that was not sent after all
  std::chrono::milliseconds crawl_delay_{0}, crawl_delay_https_{0};
  double latency_ms_ = 0;  // moving average
  double strain_ = 1;
  int failures_ = 0;       // in a row
  int opens_ = 0;          // of the breaker since it was closed; 0 = closed
  UtcTime open_until_{};
  UtcTime day_{};          // when the 24 hours of the budget began
  uint64_t requests_ = 0;  // in them
  std::string address_;
  int active_ = 0;
  bool given_up_ = false;
};

}  // namespace fangzhi::frontier
