#include "frontier/host_clock.h"

#include <algorithm>
#include <cmath>

namespace fangzhi::frontier {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kMostStrain = 64;
constexpr double kSlowFromMs = 1000, kMostSlowMs = 60'000;
constexpr milliseconds kLeastUnderStrain{100};
constexpr milliseconds kLongestDelay = minutes(10);
constexpr minutes kFirstPause{5};
constexpr hours kDay{24};

}  // namespace

HostClock HostClock::FromJson(const model::Json& json, UtcTime now) {
  HostClock clock;
  const auto time = [&json](std::string_view key) { return ParseIso8601(model::GetString(json, key)).value_or(UtcTime{}); };
  clock.next_ = std::min(time("next"), now + kDay);
  clock.crawl_delay_ = milliseconds(std::clamp<int64_t>(model::GetInt(json, "crawl_delay_ms"), 0, 3600'000));
  clock.crawl_delay_https_ = milliseconds(std::clamp<int64_t>(model::GetInt(json, "crawl_delay_https_ms"), 0, 3600'000));
  clock.latency_ms_ = static_cast<double>(std::max<int64_t>(0, model::GetInt(json, "latency_ms")));
  clock.strain_ = std::clamp(static_cast<double>(model::GetInt(json, "strain_percent", 100)) / 100, 1.0, kMostStrain);
  clock.failures_ = static_cast<int>(std::clamp<int64_t>(model::GetInt(json, "failures"), 0, 1'000'000));
  clock.opens_ = static_cast<int>(std::clamp<int64_t>(model::GetInt(json, "opens"), 0, 1000));
  clock.open_until_ = std::min(time("open_until"), now + kDay);
  clock.day_ = std::min(time("day"), now);
  clock.requests_ = static_cast<uint64_t>(std::max<int64_t>(0, model::GetInt(json, "requests")));
  clock.address_ = model::GetString(json, "address");
  return clock;
}

model::Json HostClock::ToJson() const {
  model::Json json{{"next", FormatWarcDate(next_)}};
  if (crawl_delay_.count() > 0) json["crawl_delay_ms"] = crawl_delay_.count();
  if (crawl_delay_https_.count() > 0) json["crawl_delay_https_ms"] = crawl_delay_https_.count();
  if (latency_ms_ >= 1) json["latency_ms"] = static_cast<int64_t>(latency_ms_);
  if (strain_ > 1.005) json["strain_percent"] = static_cast<int64_t>(std::lround(strain_ * 100));
  if (failures_ > 0) json["failures"] = failures_;
  if (opens_ > 0) {
    json["opens"] = opens_;
    json["open_until"] = FormatWarcDate(open_until_);
  }
  if (requests_ > 0) {
    json["day"] = FormatWarcDate(day_);
    json["requests"] = requests_;
  }
  if (!address_.empty()) json["address"] = address_;
  return json;
}

milliseconds HostClock::BaseDelay(const model::Site& site) const { return std::max({site.delay, crawl_delay_, crawl_delay_https_}); }

milliseconds HostClock::Delay(const model::Site& site) const {
  const milliseconds base = BaseDelay(site);
  const milliseconds slow(latency_ms_ < kSlowFromMs ? 0 : static_cast<int64_t>(std::min(2 * latency_ms_, kMostSlowMs)));
  milliseconds delay = std::max(base, slow);
  if (strain_ > 1.005) {
    delay = milliseconds(static_cast<int64_t>(static_cast<double>(std::max(delay, kLeastUnderStrain).count()) * strain_));
    delay = std::min(delay, std::max(base, kLongestDelay));
  }
  return delay;
}

UtcTime HostClock::ReadyAt(const model::Site& site, UtcTime now) const {
  const int most = opens_ > 0 ? 1 : site.connections_per_host;  // half open: one at a time
  if (given_up_ || active_ >= most) return UtcTime::max();
  UtcTime ready = next_;
  if (opens_ > 0) ready = std::max(ready, open_until_);
  if (site.requests_per_day != 0) {
    const uint64_t today = requests_today(now);
    if (today >= site.requests_per_day) {
      ready = std::max(ready, UtcTime(day_ + kDay));
    } else if (today + static_cast<uint64_t>(active_) >= site.requests_per_day) {
      return UtcTime::max();  // what is under way takes the last of the day, unless it is not sent after all
    }
  }
  return ready;
}

void HostClock::Began(const model::Site& site, UtcTime now) {
  ++active_;
  before_ = next_;
  next_ = std::max(next_, now + Delay(site));
}

void HostClock::Ended(const model::Site& site, const HostReport& report, UtcTime now) {
  active_ = std::max(0, active_ - 1);
  if (!report.sent) {
    next_ = before_;
    return;
  }
  if (now >= day_ + kDay) {
    day_ = now;
    requests_ = 0;
  }
  ++requests_;
  if (!report.address.empty()) address_ = report.address;
  if (report.cut) {
    next_ = std::max(next_, now + Delay(site));
    return;
  }
  if (report.answered && report.latency.count() > 0) {
    const auto latency = static_cast<double>(report.latency.count());
    latency_ms_ = latency_ms_ <= 0 ? latency : 0.7 * latency_ms_ + 0.3 * latency;
  }
  if (report.strained) {
    strain_ = std::min(kMostStrain, strain_ * 2);
  } else if (report.answered) {
    strain_ = strain_ <= 1.05 ? 1 : 1 + (strain_ - 1) * 0.75;
  }
  if (report.answered && !report.failed) {
    failures_ = 0;
    opens_ = 0;
  } else {
    ++failures_;
    if (opens_ > 0 || failures_ >= kOpensAfter) {
      opens_ = std::min(opens_ + 1, 1000);
      open_until_ = now + std::min<milliseconds>(kDay, kFirstPause * (int64_t{1} << std::min(opens_ - 1, 12)));
    }
  }
  next_ = std::max(next_, now + Delay(site));
  if (report.retry_after) next_ = std::max(next_, now + std::min<milliseconds>(*report.retry_after, kLongestRetryAfter));
}

void HostClock::TryAgain(UtcTime now) {
  if (opens_ == 0) return;
  // As if it had never failed but for the strain, which still slows.
  open_until_ = std::min(open_until_, now);
  opens_ = 0;
  failures_ = 0;
}

}  // namespace fangzhi::frontier
