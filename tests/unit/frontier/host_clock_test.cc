#include "frontier/host_clock.h"

#include <gtest/gtest.h>

namespace fangzhi::frontier {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const UtcTime kNow = *ParseIso8601("2026-11-24T00:00:00Z");

model::Site SiteWithDelay(milliseconds delay) {
  model::Site site;
  site.delay = delay;
  return site;
}
HostReport Good(milliseconds latency = milliseconds(50)) {
  HostReport report;
  report.latency = latency;
  return report;
}
HostReport NoAnswer() {
  HostReport report;
  report.answered = false;
  report.strained = true;
  return report;
}
HostReport Busy(std::optional<seconds> retry_after = std::nullopt) {
  HostReport report;
  report.strained = report.failed = true;
  report.retry_after = retry_after;
  return report;
}

TEST(HostClock, DelayRunsFromTheEndOfARequest) {
  const model::Site site = SiteWithDelay(seconds(2));
  HostClock clock;
  EXPECT_LE(clock.ReadyAt(site, kNow), kNow);
  clock.Began(site, kNow);
  EXPECT_EQ(clock.ReadyAt(site, kNow + hours(1)), UtcTime::max()) << "one connection";
  clock.Ended(site, Good(), kNow + seconds(5));
  EXPECT_EQ(clock.ReadyAt(site, kNow + seconds(5)), kNow + seconds(7));
}

TEST(HostClock, SlowAnswersAndStrainSlow) {
  const model::Site site = SiteWithDelay(seconds(2));
  HostClock clock;
  clock.Ended(site, Good(seconds(4)), kNow);
  EXPECT_EQ(clock.Delay(site), seconds(8));
  for (int i = 0; i < 20; ++i) clock.Ended(site, Good(), kNow);
  EXPECT_EQ(clock.Delay(site), seconds(2)) << "the average forgets";
  clock.Ended(site, Busy(), kNow);
  EXPECT_EQ(clock.Delay(site), seconds(4));
  for (int i = 0; i < 40; ++i) clock.Ended(site, Busy(), kNow);
  EXPECT_EQ(clock.Delay(site), seconds(128)) << "64 times at most";
  for (int i = 0; i < 40; ++i) clock.Ended(site, Good(), kNow);
  EXPECT_EQ(clock.Delay(site), seconds(2));
}

TEST(HostClock, ADelayLongerThanTenMinutesIsKeptUnderStrain) {
  const model::Site site = SiteWithDelay(minutes(30));
  HostClock clock;
  clock.Ended(site, Busy(), kNow);
  EXPECT_EQ(clock.Delay(site), minutes(30));
}

TEST(HostClock, RetryAfterIsObeyedUpToADay) {
  const model::Site site = SiteWithDelay(seconds(1));
  HostClock clock;
  clock.Ended(site, Busy(seconds(900)), kNow);
  EXPECT_EQ(clock.ReadyAt(site, kNow), kNow + seconds(900));
  clock.Ended(site, Busy(hours(999)), kNow);
  EXPECT_EQ(clock.ReadyAt(site, kNow), kNow + hours(24));
}

TEST(HostClock, BreakerOpensProbesAndCloses) {
  const model::Site site = SiteWithDelay(seconds(1));
  HostClock clock;
  UtcTime now = kNow;
  for (int i = 0; i < HostClock::kOpensAfter - 1; ++i) clock.Ended(site, NoAnswer(), now);
  EXPECT_FALSE(clock.open(now));
  clock.Ended(site, NoAnswer(), now);
  ASSERT_TRUE(clock.open(now));
  EXPECT_EQ(clock.ReadyAt(site, now), now + minutes(5));

  now += minutes(5);
  EXPECT_LE(clock.ReadyAt(site, now), now) << "half open";
  clock.Began(site, now);
  EXPECT_EQ(clock.ReadyAt(site, now), UtcTime::max()) << "one probe at a time";
  clock.Ended(site, NoAnswer(), now);
  EXPECT_EQ(clock.open_until(), now + minutes(10)) << "twice as long";

  now += minutes(10);
  clock.Ended(site, Good(), now);
  EXPECT_FALSE(clock.open_until());
  EXPECT_EQ(clock.failures(), 0);
}

TEST(HostClock, BreakerNeverPausesForMoreThanADay) {
  const model::Site site = SiteWithDelay(seconds(1));
  HostClock clock;
  for (int i = 0; i < 500; ++i) clock.Ended(site, NoAnswer(), kNow);
  EXPECT_EQ(clock.open_until(), kNow + hours(24));
  clock.TryAgain(kNow);
  EXPECT_FALSE(clock.open(kNow));
}

TEST(HostClock, BudgetOfADay) {
  model::Site site = SiteWithDelay(milliseconds(0));
  site.requests_per_day = 3;
  HostClock clock;
  for (int i = 0; i < 3; ++i) {
    EXPECT_LE(clock.ReadyAt(site, kNow), kNow);
    clock.Began(site, kNow);
    clock.Ended(site, Good(), kNow);
  }
  EXPECT_EQ(clock.ReadyAt(site, kNow), kNow + hours(24));
  EXPECT_LE(clock.ReadyAt(site, kNow + hours(24)), kNow + hours(24));
}

// What is under way is of the day's requests too: with eight connections no more are made than with one.
TEST(HostClock, BudgetOfADayCountsWhatIsUnderWay) {
  model::Site site = SiteWithDelay(milliseconds(0));
  site.requests_per_day = 3;
  site.connections_per_host = 8;
  HostClock clock;
  for (int i = 0; i < 3; ++i) {
    EXPECT_LE(clock.ReadyAt(site, kNow), kNow);
    clock.Began(site, kNow);
  }
  EXPECT_EQ(clock.ReadyAt(site, kNow), UtcTime::max());
  HostReport unsent;
  unsent.sent = false;
  clock.Ended(site, unsent, kNow);
  EXPECT_LE(clock.ReadyAt(site, kNow), kNow);
  clock.Began(site, kNow);
  for (int i = 0; i < 3; ++i) clock.Ended(site, Good(), kNow);
  EXPECT_EQ(clock.ReadyAt(site, kNow), kNow + hours(24));
}

TEST(HostClock, WhatWasNotSentLeavesTheClockAsItWas) {
  const model::Site site = SiteWithDelay(seconds(2));
  HostClock clock;
  clock.Began(site, kNow);
  HostReport report;
  report.sent = false;
  clock.Ended(site, report, kNow);
  EXPECT_LE(clock.ReadyAt(site, kNow), kNow);
}

// http and https have each a robots.txt, and the host one clock.
TEST(HostClock, OneOriginsCrawlDelayDoesNotEndTheOthers) {
  const model::Site site = SiteWithDelay(seconds(2));
  HostClock clock;
  clock.SetCrawlDelay(false, seconds(10));
  clock.SetCrawlDelay(true, seconds(0));
  EXPECT_EQ(clock.Delay(site), seconds(10));
  EXPECT_EQ(HostClock::FromJson(clock.ToJson(), kNow).Delay(site), seconds(10));
  clock.SetCrawlDelay(false, seconds(0));
  EXPECT_EQ(clock.Delay(site), seconds(2));
}

// A stop cuts the one request by which a silent host is tried: that is no answer of the host's.
TEST(HostClock, WhatWeEndOurselvesClosesNoBreaker) {
  const model::Site site = SiteWithDelay(seconds(2));
  HostClock clock;
  for (int i = 0; i < HostClock::kOpensAfter; ++i) clock.Ended(site, NoAnswer(), kNow);
  const auto until = clock.open_until();
  ASSERT_TRUE(until);
  const double strain = clock.strain();
  clock.Began(site, *until);
  HostReport cut;
  cut.cut = true;
  clock.Ended(site, cut, *until + seconds(1));
  EXPECT_EQ(clock.open_until(), until);
  EXPECT_EQ(clock.failures(), HostClock::kOpensAfter);
  EXPECT_EQ(clock.strain(), strain);
  clock.Ended(site, NoAnswer(), *until + seconds(2));
  EXPECT_GE(clock.ReadyAt(site, *until + seconds(2)), *until + seconds(2) + minutes(10)) << "the pause doubles";
}

TEST(HostClock, IsTheSameAfterARestart) {
  model::Site site = SiteWithDelay(seconds(1));
  site.requests_per_day = 100;
  HostClock clock;
  clock.SetCrawlDelay(true, seconds(7));
  HostReport busy = Busy(seconds(3600));
  busy.address = "203.0.113.7";
  for (int i = 0; i < 13; ++i) clock.Ended(site, busy, kNow);
  const HostClock again = HostClock::FromJson(clock.ToJson(), kNow);
  EXPECT_EQ(again.ReadyAt(site, kNow), clock.ReadyAt(site, kNow));
  EXPECT_EQ(again.Delay(site), clock.Delay(site));
  EXPECT_EQ(again.open_until(), clock.open_until());
  EXPECT_EQ(again.requests_today(kNow), 13u);
  EXPECT_EQ(again.address(), "203.0.113.7");
}

TEST(HostClock, AClockThatWasSetBackHoldsNobodyForYears) {
  const model::Site site = SiteWithDelay(seconds(1));
  const HostClock clock = HostClock::FromJson(model::Json{{"next", "2099-01-01T00:00:00Z"}, {"opens", 3}, {"open_until", "2099-01-01T00:00:00Z"}}, kNow);
  EXPECT_EQ(clock.ReadyAt(site, kNow), kNow + hours(24));
}

}  // namespace
}  // namespace fangzhi::frontier
