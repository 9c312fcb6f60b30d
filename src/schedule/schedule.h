// schedule/: when. Schedules ("every 6h", cron's five fields, "@daily") and time windows ("22:00-06:00") in a named time zone.
// Pure but for the system's time-zone database (read once); thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace fangzhi::schedule {

class Schedule {
 public:
  // "every 90s|30m|6h|1d|2w"; "@hourly", "@daily", "@weekly", "@monthly", "@yearly"; or cron's five fields with names, ranges,
  // steps and lists: minute hour day-of-month month day-of-week, where a restricted day-of-month and a restricted day-of-week
  // are alternatives, as in cron. kInvalidConfig with a message that names the field and what is allowed there.
  static Result<Schedule> Parse(std::string_view text, std::string_view time_zone);
  // The first due time after `after`. For "every N", multiples of N since 1970 in the zone's local time. A local time that a clock
  // change skips is due at the change; one that it repeats is due the first time.
  UtcTime NextAfter(UtcTime after) const;

 private:
  Result<void> ParseEvery(std::string_view rest);
  Result<void> ParseCron(std::string_view text);
  bool IsOnDay(int month, int day, int weekday) const;

  bool every_ = false;
  std::chrono::seconds interval_{0};
  uint64_t minutes_ = 0;
  uint32_t hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool day_restricted_ = false, weekday_restricted_ = false;
  std::string zone_;
};

class TimeWindow {
 public:
  // "22:00-06:00" (may cross midnight), several joined by ','; empty means always.
  static Result<TimeWindow> Parse(std::string_view text, std::string_view time_zone);
  bool Contains(UtcTime time) const;
  // `time` itself when it is inside, else the next opening.
  UtcTime NextOpening(UtcTime time) const;

 private:
  struct Span {
    int begin_minute, end_minute;
  };
  std::vector<Span> spans_;
  std::string zone_;
};

// True when the system knows the zone ("Asia/Shanghai").
bool IsTimeZone(std::string_view name);
// Names like `name`, for "did you mean".
std::string NearestTimeZone(std::string_view name);

}  // namespace fangzhi::schedule
