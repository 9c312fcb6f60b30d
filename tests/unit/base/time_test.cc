#include "base/time.h"

#include <gtest/gtest.h>

namespace fangzhi {
namespace {

using std::chrono::milliseconds;

UtcTime At(int64_t ms) { return UtcTime{milliseconds{ms}}; }

TEST(Time, FormatsAreLocaleFreeAndFixed) {
  const UtcTime time = At(1'795'491'999'007);  // 2026-11-24T03:46:39.007Z
  EXPECT_EQ(FormatWarcDate(time), "2026-11-24T03:46:39.007Z");
  EXPECT_EQ(FormatIso8601(time), "2026-11-24T03:46:39.007+00:00");
  EXPECT_EQ(FormatIso8601(std::chrono::floor<std::chrono::seconds>(time)), "2026-11-24T03:46:39+00:00");
  EXPECT_EQ(FormatHttpDate(time), "Tue, 24 Nov 2026 03:46:39 GMT");
  EXPECT_EQ(FormatFourteenDigits(time), "20261124034639");
}

TEST(Time, CivilIsTheDayOfTheZoneWhoseOffsetIsAdded) {
  const UtcTime time = At(1'637'164'800'000);  // 2021-11-17T16:00:00Z
  EXPECT_EQ(ToCivil(time).day, 17u);
  const Civil in_china = ToCivil(time + kChinaOffset);
  EXPECT_EQ(in_china.year, 2021);
  EXPECT_EQ(in_china.month, 11u);
  EXPECT_EQ(in_china.day, 18u);
  EXPECT_EQ(in_china.hour, 0u);
  EXPECT_EQ(in_china.weekday, 4u);
  EXPECT_EQ(ToCivil(At(-1000)).second, 59u);
}

TEST(Time, WarcDatesSortAsText) {
  EXPECT_LT(FormatWarcDate(At(0)), FormatWarcDate(At(1)));
  EXPECT_LT(FormatWarcDate(At(999)), FormatWarcDate(At(1000)));
}

TEST(Time, Iso8601RoundTrips) {
  for (int64_t ms : {int64_t{0}, int64_t{1'637'145'845'123}, int64_t{951'782'400'000} /* 29 February 2000 */, int64_t{-1000}}) {
    EXPECT_EQ(ParseIso8601(FormatWarcDate(At(ms))), At(ms));
    EXPECT_EQ(ParseIso8601(FormatIso8601(At(ms))), At(ms));
  }
}

TEST(Time, Iso8601ReadsOffsetsFractionsAndDates) {
  const UtcTime noon = *ParseIso8601("2026-11-24T12:00:00Z");
  EXPECT_EQ(ParseIso8601("2026-11-24T20:00:00+08:00"), noon);
  EXPECT_EQ(ParseIso8601("2026-11-24 20:00:00+0800"), noon);
  EXPECT_EQ(ParseIso8601("2026-11-24T12:00"), noon);
  EXPECT_EQ(ParseIso8601("2026-11-24T12:00:00.123456789Z"), noon + milliseconds{123});
  EXPECT_EQ(ParseIso8601("2026-11-24"), noon - std::chrono::hours{12});
  EXPECT_EQ(ParseIso8601("2026"), *ParseIso8601("2026-01-01"));
}

TEST(Time, Iso8601EndIsTheLastInstantOfADayAMonthAYear) {
  EXPECT_EQ(ParseIso8601End("2026-01-05"), *ParseIso8601("2026-01-05T23:59:59.999Z"));
  EXPECT_EQ(ParseIso8601End("2024-02"), *ParseIso8601("2024-02-29T23:59:59.999Z"));
  EXPECT_EQ(ParseIso8601End("2026-12"), *ParseIso8601("2026-12-31T23:59:59.999Z"));
  EXPECT_EQ(ParseIso8601End("2026"), *ParseIso8601("2026-12-31T23:59:59.999Z"));
  // A time is itself.
  EXPECT_EQ(ParseIso8601End("2026-01-05T08:00"), *ParseIso8601("2026-01-05T08:00:00Z"));
  EXPECT_EQ(ParseIso8601End("2026-01-05 08:00:00+08:00"), *ParseIso8601("2026-01-05T00:00:00Z"));
  EXPECT_FALSE(ParseIso8601End("2026-02-29"));
}

TEST(Time, Iso8601RefusesWhatDoesNotExist) {
  for (const char* text : {"", "2026-13-01", "2026-02-29", "2026-11-24T25:00:00Z", "2026-11-24T12:00:00+8", "2026-11-24T12:00:00Z ",
                           "24.11.2026", "2026-11-24T12:61", "2026-11-24T12:00:00.Z"}) {
    EXPECT_FALSE(ParseIso8601(text)) << text;
  }
}

// RFC 9110, 5.6.7: a recipient must accept all three.
TEST(Time, HttpDateReadsTheThreeForms) {
  const UtcTime expected = *ParseIso8601("1994-11-06T08:49:37Z");
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseHttpDate("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_EQ(ParseHttpDate(FormatHttpDate(expected)), expected);
  for (const char* text : {"", "Sun", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CST", "1994-11-06"}) {
    EXPECT_FALSE(ParseHttpDate(text)) << text;
  }
}

}  // namespace
}  // namespace fangzhi
