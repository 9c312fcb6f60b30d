#include "schedule/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fangzhi::schedule {
namespace {

using testing::HasSubstr;

UtcTime At(std::string_view text) {
  const std::optional<UtcTime> time = ParseIso8601(text);
  EXPECT_TRUE(time) << text;
  return time.value_or(UtcTime{});
}

// The next `count` due times, in UTC.
std::vector<std::string> Due(std::string_view schedule, std::string_view zone, std::string_view after,
                             int count = 1) {
  const Result<Schedule> parsed = Schedule::Parse(schedule, zone);
  if (!parsed) return {parsed.error().ToString()};
  std::vector<std::string> due;
  UtcTime time = At(after);
  for (int i = 0; i < count; ++i) {
    time = parsed->NextAfter(time);
    due.push_back(FormatIso8601(time).substr(0, 16));
  }
  return due;
}
using List = std::vector<std::string>;

std::string Mistake(std::string_view schedule, std::string_view zone = "Asia/Shanghai") {
  const Result<Schedule> parsed = Schedule::Parse(schedule, zone);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalidConfig);
  return parsed.error().message;
}

constexpr std::string_view kShanghai = "Asia/Shanghai";

TEST(Schedule, Every) {
  EXPECT_EQ(Due("every 30m", kShanghai, "2026-11-24T03:47:22Z", 3),
            (List{"2026-11-24T04:00", "2026-11-24T04:30", "2026-11-24T05:00"}));
  EXPECT_EQ(Due("every 6h", kShanghai, "2026-11-24T03:47:22Z", 2),
            (List{"2026-11-24T04:00", "2026-11-24T10:00"}));
  // A day begins at local midnight, 16:00 UTC.
  EXPECT_EQ(Due("every 1d", kShanghai, "2026-11-24T03:47:22Z", 2),
            (List{"2026-11-24T16:00", "2026-11-25T16:00"}));
  EXPECT_EQ(Due("every day", kShanghai, "2026-11-24T03:47:22Z"), (List{"2026-11-24T16:00"}));
  EXPECT_EQ(Due("EVERY  2 hours", "UTC", "2026-11-24T03:47:22Z"), (List{"2026-11-24T04:00"}));
  EXPECT_EQ(Due("every 90s", "UTC", "2026-11-24T00:00:00Z", 2),
            (List{"2026-11-24T00:01", "2026-11-24T00:03"}));
  // Strictly after, also to the millisecond.
  EXPECT_EQ(Due("every 1h", "UTC", "2026-11-24T04:00:00Z"), (List{"2026-11-24T05:00"}));
  EXPECT_EQ(Due("every 1h", "UTC", "2026-11-24T03:59:59.999Z"), (List{"2026-11-24T04:00"}));
  EXPECT_EQ(Due("every 1h", "UTC", "1969-12-31T22:30:00Z", 2),
            (List{"1969-12-31T23:00", "1970-01-01T00:00"}));
  for (std::string_view wrong : {"every", "every 0m", "every 5", "every m5", "every 5 parsecs", "every -5m",
                                 "every 367d", "every 99999999999999999999h", "every 1.5h"}) {
    EXPECT_THAT(Mistake(wrong), HasSubstr("every 6h")) << wrong;
  }
}

TEST(Schedule, Cron) {
  EXPECT_EQ(Due("30 2 * * *", kShanghai, "2026-11-24T03:47:22Z", 2),
            (List{"2026-11-24T18:30", "2026-11-25T18:30"}));
  EXPECT_EQ(Due("*/20 8-9 * * *", "UTC", "2026-11-24T08:30:00Z", 5),
            (List{"2026-11-24T08:40", "2026-11-24T09:00", "2026-11-24T09:20", "2026-11-24T09:40",
                  "2026-11-25T08:00"}));
  EXPECT_EQ(Due("0 9 * * mon-fri", "UTC", "2026-11-27T10:00:00Z"),
            (List{"2026-11-30T09:00"}));  // over a week-end
  EXPECT_EQ(Due("0 9 * * sat-sun", "UTC", "2026-11-27T10:00:00Z", 3),
            (List{"2026-11-28T09:00", "2026-11-29T09:00", "2026-12-05T09:00"}));
  EXPECT_EQ(Due("0 9 * * 7", "UTC", "2026-11-27T10:00:00Z"), Due("0 9 * * 0", "UTC", "2026-11-27T10:00:00Z"));
  EXPECT_EQ(Due("0 0 1,15 jan,JUL *", "UTC", "2026-01-10T00:00:00Z", 3),
            (List{"2026-01-15T00:00", "2026-07-01T00:00", "2026-07-15T00:00"}));
  EXPECT_EQ(Due("5/25 0 * * *", "UTC", "2026-01-10T00:00:00Z", 3),
            (List{"2026-01-10T00:05", "2026-01-10T00:30", "2026-01-10T00:55"}));
  EXPECT_EQ(Due("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", 2),
            (List{"2028-02-29T00:00", "2032-02-29T00:00"}));
  EXPECT_EQ(Due("0 0 29 2 *", "UTC", "2097-01-01T00:00:00Z"),
            (List{"2104-02-29T00:00"}));  // 2100 is no leap year
  EXPECT_EQ(Due("0 0 31 * *", "UTC", "2026-03-31T00:00:00Z", 2),
            (List{"2026-05-31T00:00", "2026-07-31T00:00"}));
}

TEST(Schedule, DayOfMonthOrDayOfWeek) {
  // Both restricted: either. 2026-11-13 is a Friday.
  EXPECT_EQ(Due("0 0 13 * fri", "UTC", "2026-11-12T12:00:00Z", 4),
            (List{"2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00", "2026-12-04T00:00"}));
  EXPECT_EQ(Due("0 0 13 * fri", "UTC", "2026-12-11T12:00:00Z"), (List{"2026-12-13T00:00"}));
  // One begins with a star: both.
  EXPECT_EQ(Due("0 0 */2 * sun", "UTC", "2026-11-12T12:00:00Z", 2),
            (List{"2026-11-15T00:00", "2026-11-29T00:00"}));
  EXPECT_EQ(Due("0 0 31 2 mon", "UTC", "2026-02-01T12:00:00Z"), (List{"2026-02-02T00:00"}));
}

TEST(Schedule, Named) {
  EXPECT_EQ(Due("@hourly", kShanghai, "2026-11-24T03:47:22Z"), (List{"2026-11-24T04:00"}));
  EXPECT_EQ(Due("@daily", kShanghai, "2026-11-24T03:47:22Z"), (List{"2026-11-24T16:00"}));
  EXPECT_EQ(Due("@weekly", kShanghai, "2026-11-24T03:47:22Z"),
            (List{"2026-11-28T16:00"}));  // Sunday the 29th there
  EXPECT_EQ(Due(" @Monthly ", kShanghai, "2026-11-24T03:47:22Z"), (List{"2026-11-30T16:00"}));
  EXPECT_EQ(Due("@yearly", "UTC", "2026-11-24T03:47:22Z"), (List{"2027-01-01T00:00"}));
}

TEST(Schedule, ClockChanges) {
  // Europe/Berlin 2026: 29 March 02:00 → 03:00 (01:00 UTC), 25 October 03:00 → 02:00 (01:00 UTC).
  EXPECT_EQ(Due("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
            (List{"2026-03-29T01:00", "2026-03-30T00:30"}));
  EXPECT_EQ(Due("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
            (List{"2026-10-25T00:30", "2026-10-26T01:30"}));
  EXPECT_EQ(Due("every 1h", "Europe/Berlin", "2026-03-29T00:30:00Z", 2),
            (List{"2026-03-29T01:00", "2026-03-29T02:00"}));
  EXPECT_EQ(Due("every 1h", "Europe/Berlin", "2026-10-25T00:30:00Z", 2),
            (List{"2026-10-25T02:00", "2026-10-25T03:00"}));
  EXPECT_EQ(Due("every 1h", "Europe/Berlin", "2026-10-25T01:30:00Z"), (List{"2026-10-25T02:00"}));
}

TEST(Schedule, Mistakes) {
  EXPECT_THAT(Mistake("61 * * * *"), HasSubstr("minute: '61'"));
  EXPECT_THAT(Mistake("61 * * * *"), HasSubstr("0-59"));
  EXPECT_THAT(Mistake("* 24 * * *"), HasSubstr("hour"));
  EXPECT_THAT(Mistake("* * 0 * *"), HasSubstr("day of month"));
  EXPECT_THAT(Mistake("* * * 13 *"), HasSubstr("month: '13'"));
  EXPECT_THAT(Mistake("* * * * fry"), HasSubstr("sun-sat"));
  EXPECT_THAT(Mistake("30-10 * * * *"), HasSubstr("ends before"));
  EXPECT_THAT(Mistake("*/0 * * * *"), HasSubstr("step"));
  EXPECT_THAT(Mistake("1,,2 * * * *"), HasSubstr("minute"));
  EXPECT_THAT(Mistake("0 0 31 2 *"), HasSubstr("none of the months"));
  EXPECT_THAT(Mistake("0 0 30,31 feb */2"), HasSubstr("none of the months"));
  for (std::string_view wrong : {"", "* * * *", "* * * * * *", "@fortnightly", "tomorrow"}) {
    EXPECT_THAT(Mistake(wrong), HasSubstr("five fields")) << wrong;
  }
  EXPECT_THAT(Mistake("@daily", "Asia/Shangai"), HasSubstr("Asia/Shanghai"));
  EXPECT_EQ(Mistake(std::string(100'000, '*')).substr(0, 7), "neither");
}

TEST(Schedule, ExtremeTimes) {
  const Result<Schedule> schedule = Schedule::Parse("0 0 29 2 *", kShanghai);
  ASSERT_TRUE(schedule);
  schedule->NextAfter(UtcTime::max());
  schedule->NextAfter(UtcTime::min());
  const Result<TimeWindow> window = TimeWindow::Parse("22:00-06:00", kShanghai);
  ASSERT_TRUE(window);
  window->NextOpening(UtcTime::max());
  window->NextOpening(UtcTime::min());
}

TEST(TimeWindow, OverMidnight) {
  const Result<TimeWindow> window = TimeWindow::Parse("22:00-06:00", kShanghai);
  ASSERT_TRUE(window);
  EXPECT_FALSE(window->Contains(At("2026-11-24T13:59:59.999Z")));
  EXPECT_TRUE(window->Contains(At("2026-11-24T14:00:00Z")));
  EXPECT_TRUE(window->Contains(At("2026-11-24T16:30:00Z")));
  EXPECT_TRUE(window->Contains(At("2026-11-24T21:59:59Z")));
  EXPECT_FALSE(window->Contains(At("2026-11-24T22:00:00Z")));
  EXPECT_EQ(window->NextOpening(At("2026-11-24T22:00:00Z")), At("2026-11-25T14:00:00Z"));
  EXPECT_EQ(window->NextOpening(At("2026-11-24T13:00:00Z")), At("2026-11-24T14:00:00Z"));
  EXPECT_EQ(window->NextOpening(At("2026-11-24T15:00:00.5Z")), At("2026-11-24T15:00:00.5Z"));
}

TEST(TimeWindow, SeveralAndNone) {
  const Result<TimeWindow> window = TimeWindow::Parse(" 12:00 - 13:30 , 1:00-2:00,23:00-24:00", "UTC");
  ASSERT_TRUE(window);
  EXPECT_TRUE(window->Contains(At("2026-11-24T12:30:00Z")));
  EXPECT_TRUE(window->Contains(At("2026-11-24T23:59:00Z")));
  EXPECT_FALSE(window->Contains(At("2026-11-25T00:00:00Z")));
  EXPECT_EQ(window->NextOpening(At("2026-11-24T02:00:00Z")), At("2026-11-24T12:00:00Z"));
  EXPECT_EQ(window->NextOpening(At("2026-11-24T13:30:00Z")), At("2026-11-24T23:00:00Z"));
  EXPECT_EQ(window->NextOpening(At("2026-11-25T00:00:00Z")), At("2026-11-25T01:00:00Z"));
  const Result<TimeWindow> always = TimeWindow::Parse("  ", "UTC");
  ASSERT_TRUE(always);
  EXPECT_TRUE(always->Contains(At("2026-11-24T02:00:00Z")));
  EXPECT_EQ(always->NextOpening(At("2026-11-24T02:00:00Z")), At("2026-11-24T02:00:00Z"));
}

TEST(TimeWindow, ClockChanges) {
  const Result<TimeWindow> window = TimeWindow::Parse("02:15-02:45", "Europe/Berlin");
  ASSERT_TRUE(window);
  EXPECT_EQ(window->NextOpening(At("2026-03-29T00:30:00Z")),
            At("2026-03-30T00:15:00Z"));  // swallowed that day
  EXPECT_EQ(window->NextOpening(At("2026-10-25T00:50:00Z")),
            At("2026-10-25T01:15:00Z"));  // comes twice that day
}

TEST(TimeWindow, Mistakes) {
  for (std::string_view wrong :
       {"22:00", "22:00-", "-06:00", "22-06", "25:00-06:00", "22:60-06:00", "22:00-22:00", "24:00-06:00",
        "22:00-06:00,", "22:0-6:00", "a:bc-d:ef", "24:01-06:00"}) {
    const Result<TimeWindow> window = TimeWindow::Parse(wrong, kShanghai);
    ASSERT_FALSE(window) << wrong;
    EXPECT_EQ(window.error().kind, ErrorKind::kInvalidConfig);
    EXPECT_THAT(window.error().message, HasSubstr("22:00-06:00"));
  }
  EXPECT_FALSE(TimeWindow::Parse("22:00-06:00", "Nowhere"));
}

TEST(TimeZone, Names) {
  for (std::string_view name : {"Asia/Shanghai", "UTC", "Asia/Urumqi", "Europe/Berlin"})
    EXPECT_TRUE(IsTimeZone(name)) << name;
  for (std::string_view name :
       {"", "Asia/Beijing", "asia/shanghai", "/etc/passwd", "../../etc/passwd", "Asia", "+08:00"}) {
    EXPECT_FALSE(IsTimeZone(name)) << name;
  }
  EXPECT_EQ(NearestTimeZone("Asia/Shangai"), "Asia/Shanghai");
  EXPECT_EQ(NearestTimeZone("asia/shanghai"), "Asia/Shanghai");
  EXPECT_EQ(NearestTimeZone("Asia/Beijing"), "Asia/Shanghai");
  EXPECT_EQ(NearestTimeZone("Shanghai"), "Asia/Shanghai");
  EXPECT_EQ(NearestTimeZone("Urumqi"), "Asia/Urumqi");
  EXPECT_EQ(NearestTimeZone("Europe/Berln"), "Europe/Berlin");
  EXPECT_EQ(NearestTimeZone(""), "Asia/Shanghai");
}

}  // namespace
}  // namespace fangzhi::schedule
