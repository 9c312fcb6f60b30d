// Time: UTC instants to the millisecond, and the textual forms that this program reads and writes. Locale-free (month names
// come from a table), thread-safe, no global time zone: what needs one gets it as an argument (schedule/).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fangzhi {

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// The day and the hour of an instant in UTC. Of another zone: of the instant with the zone's offset added.
struct Civil {
  int year;
  unsigned month, day, hour, minute, second, millisecond;
  unsigned weekday;  // 0: Sunday
};
Civil ToCivil(UtcTime time);
// China's clocks have been ahead of UTC by so much, in every season, since 1991; earlier instants are not in any page.
inline constexpr std::chrono::hours kChinaOffset{8};

// Where "now" comes from. Injected wherever it matters, so that tests move time by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime Now() const = 0;
};
class SystemClock final : public Clock {
 public:
  UtcTime Now() const override;
};
// Begins at the system's time and goes `rate` times as fast. For tests: weeks in minutes.
class FastClock final : public Clock {
 public:
  explicit FastClock(double rate);
  UtcTime Now() const override;

 private:
  const double rate_;
  const UtcTime began_;
  const std::chrono::steady_clock::time_point real_began_;
};

// "2026-11-24T03:47:22.123+00:00": the JSON of the interface. Milliseconds only where they are not zero.
std::string FormatIso8601(UtcTime time);
// "2026-11-24T03:47:22.123Z": WARC-Date (ISO 28500:2017, 5.4), always with milliseconds so that text order is time order.
std::string FormatWarcDate(UtcTime time);
// "Tue, 24 Nov 2026 03:47:22 GMT": IMF-fixdate (RFC 9110, 5.6.7).
std::string FormatHttpDate(UtcTime time);
// "20261124034722": 14 digits, for file names and CDX.
std::string FormatFourteenDigits(UtcTime time);

// Reads W3CDTF / ISO 8601: "2026-11-24", "2026-11-24T03:47:22.123456789Z", "2026-11-24 03:47:22+08:00". Without an offset the
// time is taken as UTC. Decimals past milliseconds are dropped. nullopt for anything else, also for dates that do not exist.
std::optional<UtcTime> ParseIso8601(std::string_view text);
// The last instant of what ParseIso8601 reads: of a year, a month or a day alone its last millisecond, for "as it was on that day" and "up to that day".
std::optional<UtcTime> ParseIso8601End(std::string_view text);
// Reads the three forms of RFC 9110, 5.6.7: IMF-fixdate, RFC 850, asctime.
std::optional<UtcTime> ParseHttpDate(std::string_view text);

}  // namespace fangzhi
