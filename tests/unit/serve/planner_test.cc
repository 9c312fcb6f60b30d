#include "serve/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fangzhi::serve {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

UtcTime At(std::string_view text) { return *ParseIso8601(text); }

std::shared_ptr<model::Site> MakeSite(const std::string& id, const std::string& schedule, const std::string& window = "") {
  auto site = std::make_shared<model::Site>();
  site->id = id;
  site->schedule = schedule;
  site->time_window = window;
  return site;
}

SiteMemory Served(UtcTime until) {
  SiteMemory memory;
  memory.served = until;
  return memory;
}

std::vector<std::string> Ids(const std::vector<Planner::Start>& starts) {
  std::vector<std::string> ids;
  for (const auto& start : starts) ids.push_back(start.site->id);
  return ids;
}

using testing::ElementsAre;
using testing::IsEmpty;

class PlannerTest : public testing::Test {
 protected:
  // Runs everything that is due between two times, each run lasting `lasts`; returns when they began.
  std::vector<std::string> Simulate(UtcTime from, UtcTime to, minutes lasts = minutes(5)) {
    std::vector<std::string> began;
    for (UtcTime now = from; now < to; now += minutes(1)) {
      for (auto it = running_.begin(); it != running_.end();) {
        if (it->second > now) {
          ++it;
          continue;
        }
        planner_.Ended(it->first, now, Ending::kDone);
        it = running_.erase(it);
      }
      for (const auto& start : planner_.Due(now, 100)) {
        EXPECT_FALSE(running_.contains(start.site->id)) << "runs beside itself";
        planner_.Started(start.site->id, now);
        running_[start.site->id] = now + lasts;
        began.push_back(FormatIso8601(now).substr(5, 11) + " " + std::string(TriggerName(start.trigger)));
      }
    }
    return began;
  }
  Planner planner_;
  std::map<std::string, UtcTime> running_;
};

TEST_F(PlannerTest, ANewSiteRunsAtOnceAndThenOnItsSchedule) {
  planner_.SetSites({MakeSite("a", "every 6h")}, At("2026-01-01T01:00:00Z"));
  // Multiples of six hours in Shanghai: 04:00, 10:00, 16:00, 22:00 in UTC.
  EXPECT_THAT(Simulate(At("2026-01-01T01:00:00Z"), At("2026-01-01T12:00:00Z")),
              ElementsAre("01-01T01:00 schedule", "01-01T04:00 schedule", "01-01T10:00 schedule"));
}

TEST_F(PlannerTest, CronIsReadInTheSitesTimeZone) {
  auto site = MakeSite("a", "30 8 * * 1-5");
  planner_.Remember("a", Served(At("2026-01-02T00:00:00Z")));  // a Friday, 08:00 in Shanghai
  planner_.SetSites({site}, At("2026-01-02T00:00:00Z"));
  EXPECT_THAT(Simulate(At("2026-01-02T00:00:00Z"), At("2026-01-06T00:00:00Z")),
              ElementsAre("01-02T00:30 schedule", "01-05T00:30 schedule"));
}

TEST_F(PlannerTest, OfManyMissedDueTimesOneIsMadeUpFor) {
  planner_.Remember("a", Served(At("2026-01-01T00:00:00Z")));
  planner_.SetSites({MakeSite("a", "every 1h")}, At("2026-01-08T00:20:00Z"));
  EXPECT_THAT(Simulate(At("2026-01-08T00:20:00Z"), At("2026-01-08T02:30:00Z")),
              ElementsAre("01-08T00:20 catch_up", "01-08T01:00 schedule", "01-08T02:00 schedule"));
}

TEST_F(PlannerTest, ASiteNeverRunsBesideItselfAndWhatPassesMeanwhileIsLeftOut) {
  planner_.Remember("a", Served(At("2026-01-01T00:00:00Z")));
  planner_.SetSites({MakeSite("a", "every 1h")}, At("2026-01-01T00:00:00Z"));
  EXPECT_THAT(Simulate(At("2026-01-01T00:00:00Z"), At("2026-01-01T08:00:00Z"), minutes(150)),
              ElementsAre("01-01T01:00 schedule", "01-01T04:00 schedule", "01-01T07:00 schedule"));
}

TEST_F(PlannerTest, NothingStartsOutsideTheWindow) {
  planner_.SetSites({MakeSite("a", "every 1h", "22:00-23:30")}, At("2026-01-01T01:00:00Z"));
  const auto outlook = planner_.OutlookOf("a", At("2026-01-01T01:00:00Z"));
  EXPECT_TRUE(outlook.window_closed);
  EXPECT_EQ(FormatIso8601(*outlook.next), "2026-01-01T14:00:00+00:00");
  EXPECT_THAT(Simulate(At("2026-01-01T01:00:00Z"), At("2026-01-02T13:00:00Z")),
              ElementsAre("01-01T14:00 schedule", "01-01T15:00 schedule"));
}

TEST_F(PlannerTest, APauseEndsNothingForGood) {
  planner_.Remember("a", Served(At("2026-01-01T00:00:00Z")));
  planner_.SetSites({MakeSite("a", "every 1h")}, At("2026-01-01T00:00:00Z"));
  ASSERT_TRUE(planner_.Pause("a", true));
  EXPECT_THAT(Simulate(At("2026-01-01T00:00:00Z"), At("2026-01-01T05:30:00Z")), IsEmpty());
  EXPECT_FALSE(planner_.Request("a", false)) << "a paused site is not run by hand either";
  ASSERT_TRUE(planner_.Pause("a", false));
  EXPECT_THAT(Simulate(At("2026-01-01T05:30:00Z"), At("2026-01-01T07:30:00Z")),
              ElementsAre("01-01T05:30 catch_up", "01-01T06:00 schedule", "01-01T07:00 schedule"));
  planner_.PauseAll(true);
  EXPECT_THAT(Simulate(At("2026-01-01T07:30:00Z"), At("2026-01-01T09:30:00Z")), IsEmpty());
  EXPECT_FALSE(planner_.Pause("b", true));
}

TEST_F(PlannerTest, WhatWasCutOffGoesOnFirst) {
  const UtcTime now = At("2026-01-01T00:20:00Z");
  planner_.SetSites({MakeSite("a", "every 1d")}, now);
  planner_.Started("a", now);
  const std::string stored = ToValue(planner_.MemoryOf("a"));  // as a crash leaves it
  Planner next;
  next.Remember("a", *SiteMemoryFromValue(stored));
  next.SetSites({MakeSite("a", "every 1d")}, now + minutes(3));
  const auto starts = next.Due(now + minutes(3), 10);
  ASSERT_EQ(starts.size(), 1u);
  EXPECT_EQ(starts[0].trigger, Trigger::kResume);
}

TEST_F(PlannerTest, WhatIsLeftGoesOnAfterGrowingPausesUntilTheNextDueTime) {
  UtcTime now = At("2026-01-01T00:00:00Z");
  planner_.SetSites({MakeSite("a", "0 0 * * *")}, now);  // 16:00 UTC
  std::vector<std::string> began;
  for (const UtcTime end = now + hours(17); now < end; now += minutes(1)) {
    for (const auto& start : planner_.Due(now, 10)) {
      planner_.Started("a", now);
      planner_.Ended("a", now, Ending::kLeft);
      began.push_back(FormatIso8601(now).substr(11, 5) + " " + std::string(TriggerName(start.trigger)));
    }
  }
  EXPECT_THAT(began, ElementsAre("00:00 schedule", "00:15 continue", "00:45 continue", "01:45 continue", "03:45 continue", "07:45 continue",
                                 "13:45 continue", "16:00 schedule", "16:15 continue", "16:45 continue"));
}

TEST_F(PlannerTest, ABudgetThatIsUsedUpWaitsForTheNextDueTime) {
  const UtcTime now = At("2026-01-01T00:00:00Z");
  planner_.SetSites({MakeSite("a", "every 1d")}, now);
  planner_.Started("a", now);
  planner_.Ended("a", now + minutes(5), Ending::kBudget);
  EXPECT_EQ(planner_.OutlookOf("a", now + minutes(6)).trigger, Trigger::kSchedule);
  EXPECT_THAT(Ids(planner_.Due(now + minutes(30), 10)), IsEmpty());
}

TEST_F(PlannerTest, AClockThatWasSetBackDoesNotStopASite) {
  planner_.Remember("a", Served(At("2036-01-01T00:00:00Z")));
  planner_.SetSites({MakeSite("a", "every 1h")}, At("2026-01-01T00:30:00Z"));
  EXPECT_THAT(Ids(planner_.Due(At("2026-01-01T01:00:00Z"), 10)), ElementsAre("a"));
}

TEST_F(PlannerTest, AReloadKeepsWhatRunsAndForgetsNothing) {
  const UtcTime now = At("2026-01-01T00:10:00Z");
  planner_.SetSites({MakeSite("a", "every 1h"), MakeSite("b", "every 1h")}, now);
  planner_.Started("a", now);
  planner_.SetSites({MakeSite("a", "every 2h"), MakeSite("c", "every 1h")}, now);
  EXPECT_TRUE(planner_.OutlookOf("a", now).running);
  EXPECT_THAT(Ids(planner_.Due(now, 10)), ElementsAre("c"));
  EXPECT_TRUE(planner_.OutlookOf("b", now).disabled);
  planner_.Ended("a", now, Ending::kDone);
  planner_.SetSites({MakeSite("a", "every 1h")}, now);
  EXPECT_EQ(FormatIso8601(*planner_.OutlookOf("a", now).next), "2026-01-01T01:00:00+00:00");
}

TEST_F(PlannerTest, ByHandAlsoWhenDisabledButOnlyOnceAtATime) {
  const UtcTime now = At("2026-01-01T00:10:00Z");
  auto site = MakeSite("a", "every 1h");
  site->enabled = false;
  planner_.SetSites({site}, now);
  EXPECT_THAT(Ids(planner_.Due(now, 10)), IsEmpty());
  ASSERT_TRUE(planner_.Request("a", true));
  const auto starts = planner_.Due(now, 10);
  ASSERT_EQ(starts.size(), 1u);
  EXPECT_TRUE(starts[0].sweep);
  EXPECT_EQ(starts[0].trigger, Trigger::kManual);
  planner_.Started("a", now);
  EXPECT_FALSE(planner_.Request("a", false));
  EXPECT_FALSE(planner_.Request("nowhere", false));
}

TEST_F(PlannerTest, TheLongestOverdueFirstAndNoMoreThanThereIsRoomFor) {
  const UtcTime now = At("2026-01-02T00:00:00Z");
  planner_.Remember("a", Served(now - hours(3)));
  planner_.Remember("b", Served(now - hours(30)));
  planner_.Remember("c", Served(now - hours(8)));
  planner_.SetSites({MakeSite("a", "every 1h"), MakeSite("b", "every 1h"), MakeSite("c", "every 1h")}, now);
  EXPECT_THAT(Ids(planner_.Due(now, 2)), ElementsAre("b", "c"));
  planner_.Started("b", now);
  planner_.NotStarted("b", now, true);
  EXPECT_THAT(Ids(planner_.Due(now, 2)), ElementsAre("c", "a"));
  // A reload does not make it try again at once.
  planner_.SetSites({MakeSite("a", "every 1h"), MakeSite("b", "every 1h"), MakeSite("c", "every 1h")}, now);
  EXPECT_THAT(Ids(planner_.Due(now, 2)), ElementsAre("c", "a"));
  EXPECT_THAT(Ids(planner_.Due(now + minutes(1), 3)), ElementsAre("c", "a", "b"));
}

TEST_F(PlannerTest, ARunThatCouldNotBeBegunIsTriedAgainAsWhatItWas) {
  const UtcTime now = At("2026-01-02T00:10:00Z");
  planner_.Remember("a", Served(now - minutes(5)));
  planner_.SetSites({MakeSite("a", "every 1h")}, now);
  ASSERT_TRUE(planner_.Request("a", true));
  ASSERT_EQ(planner_.Due(now, 1).size(), 1u);
  planner_.Started("a", now);
  EXPECT_TRUE(planner_.MemoryOf("a").cut_off);
  planner_.NotStarted("a", now, true);
  EXPECT_FALSE(planner_.MemoryOf("a").cut_off);
  const auto again = planner_.Due(now + minutes(1), 1);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].trigger, Trigger::kManual);
  EXPECT_TRUE(again[0].sweep);
}

TEST_F(PlannerTest, ARunThatWaitsToBeBegunIsNotWantedAnyMoreWhenItsSiteIsPausedDisabledOrRemoved) {
  const UtcTime now = At("2026-01-02T00:10:00Z");
  const auto sites = [](bool enabled) {
    auto site = MakeSite("a", "every 1h");
    site->enabled = enabled;
    return std::vector<std::shared_ptr<const model::Site>>{site};
  };
  planner_.Remember("a", Served(now - hours(3)));
  planner_.SetSites(sites(true), now);
  const auto begin = [&] {
    auto starts = planner_.Due(now, 1);
    EXPECT_EQ(starts.size(), 1u);
    planner_.Started("a", now);
    EXPECT_TRUE(planner_.Wanted(starts.at(0)));
    return starts.at(0);
  };
  Planner::Start start = begin();
  ASSERT_TRUE(planner_.Pause("a", true));
  EXPECT_FALSE(planner_.Wanted(start));
  planner_.NotStarted("a", now, false);
  EXPECT_TRUE(planner_.MemoryOf("a").paused);
  EXPECT_FALSE(planner_.MemoryOf("a").cut_off);
  EXPECT_EQ(planner_.MemoryOf("a").served, now - hours(3));  // the run it would have been is still due
  EXPECT_FALSE(planner_.OutlookOf("a", now).running);
  ASSERT_TRUE(planner_.Pause("a", false));
  start = begin();
  planner_.PauseAll(true);
  EXPECT_FALSE(planner_.Wanted(start));
  planner_.PauseAll(false);
  planner_.SetSites(sites(false), now);
  EXPECT_FALSE(planner_.Wanted(start));
  planner_.SetSites({}, now);
  EXPECT_FALSE(planner_.Wanted(start));
  planner_.NotStarted("a", now, false);
  // One that was disabled before is run by hand.
  planner_.SetSites(sites(false), now);
  ASSERT_TRUE(planner_.Request("a", false));
  EXPECT_TRUE(planner_.Wanted(begin()));
}

TEST_F(PlannerTest, ASiteThatComesBackWhileItsRunEndsDoesNotRunBesideItself) {
  const UtcTime now = At("2026-01-02T00:10:00Z");
  planner_.SetSites({MakeSite("a", "every 1h")}, now);
  planner_.Started("a", now);
  planner_.SetSites({}, now);
  planner_.SetSites({MakeSite("a", "every 1h")}, now);
  EXPECT_THAT(Ids(planner_.Due(now + hours(5), 10)), IsEmpty());
  planner_.Ended("a", now, Ending::kDone);
  EXPECT_THAT(Ids(planner_.Due(now + hours(5), 10)), ElementsAre("a"));
}

TEST_F(PlannerTest, WhatARunUsesCountsForTheDayOnWhichItBegan) {
  auto site = MakeSite("a", "every 1h");
  site->max_pages_a_day = 1000;
  site->max_bytes_a_day = 50'000;
  const UtcTime evening = At("2026-01-01T15:00:00Z"), night = At("2026-01-01T17:00:00Z");  // 23:00 and 01:00 in Shanghai
  planner_.SetSites({site}, evening);
  planner_.Started("a", evening);
  planner_.Ended("a", night, Ending::kBudget);
  planner_.Used("a", evening, 1000, 10);
  EXPECT_EQ(planner_.QuotaOf("a", night).pages, 1000u);
  EXPECT_FALSE(planner_.OutlookOf("a", night).quota_used);
  EXPECT_TRUE(planner_.OutlookOf("a", evening).quota_used);
  // Nor does one that began yesterday and ends late take anything from today's.
  planner_.Used("a", night, 100, 10);
  planner_.Used("a", evening, 500, 10);
  EXPECT_EQ(planner_.QuotaOf("a", night).pages, 900u);
}

TEST_F(PlannerTest, WhatKilledRunsUsedCountsOnce) {
  auto site = MakeSite("a", "every 1h");
  site->max_pages_a_day = 1000;
  const UtcTime now = At("2026-01-01T02:00:00Z");
  planner_.SetSites({site}, now);
  planner_.Started("a", now);
  std::string stored = ToValue(planner_.MemoryOf("a"));
  // Killed, and killed again: each process finds what they left so far.
  for (const uint64_t left : {300, 300, 450}) {
    Planner next;
    next.Remember("a", *SiteMemoryFromValue(stored));
    next.SetSites({site}, now);
    next.UsedByKilled("a", left, left * 10);
    EXPECT_EQ(next.QuotaOf("a", now).pages, 1000 - left);
    next.Started("a", now);
    stored = ToValue(next.MemoryOf("a"));
  }
  Planner last;
  last.Remember("a", *SiteMemoryFromValue(stored));
  last.SetSites({site}, now);
  last.Started("a", now);
  last.Ended("a", now, Ending::kDone);
  last.Used("a", now, 50, 0);
  EXPECT_EQ(last.QuotaOf("a", now).pages, 500u);
  EXPECT_EQ(last.MemoryOf("a").pages_of_killed, 0u);
}

TEST_F(PlannerTest, ADaysQuotaHoldsUntilMidnightOfTheSitesZone) {
  UtcTime now = At("2026-01-01T02:00:00Z");  // 10:00 in Shanghai
  auto site = MakeSite("a", "every 1h");
  site->max_pages_a_day = 1000;
  site->max_bytes_a_day = 50'000;
  planner_.SetSites({site}, now);
  EXPECT_EQ(planner_.QuotaOf("a", now).pages, 1000u);
  planner_.Started("a", now);
  planner_.Ended("a", now, Ending::kDone);
  planner_.Used("a", now, 400, 1000);
  EXPECT_EQ(planner_.QuotaOf("a", now).pages, 600u);
  EXPECT_EQ(planner_.QuotaOf("a", now).bytes, 49'000u);
  now = At("2026-01-01T03:00:00Z");
  EXPECT_THAT(Ids(planner_.Due(now, 10)), ElementsAre("a"));
  planner_.Started("a", now);
  planner_.Ended("a", now, Ending::kBudget);
  planner_.Used("a", now, 600, 1000);
  EXPECT_THAT(Ids(planner_.Due(At("2026-01-01T15:59:00Z"), 10)), IsEmpty());
  const auto outlook = planner_.OutlookOf("a", At("2026-01-01T05:00:00Z"));
  EXPECT_TRUE(outlook.quota_used);
  EXPECT_EQ(FormatIso8601(*outlook.next), "2026-01-01T16:00:00+00:00");
  // What is stored says the same to the next daemon.
  Planner next;
  next.Remember("a", *SiteMemoryFromValue(ToValue(planner_.MemoryOf("a"))));
  next.SetSites({site}, now);
  EXPECT_THAT(Ids(next.Due(At("2026-01-01T15:59:00Z"), 10)), IsEmpty());
  EXPECT_THAT(Ids(next.Due(At("2026-01-01T16:00:00Z"), 10)), ElementsAre("a"));
  EXPECT_EQ(next.QuotaOf("a", At("2026-01-01T16:00:00Z")).pages, 1000u);
  // A site whose next run is after midnight anyway has used its quota none the less.
  auto rare = MakeSite("b", "30 1 * * *");
  rare->max_pages_a_day = 10;
  planner_.SetSites({site, rare}, now);
  now = At("2026-01-01T15:30:00Z");
  planner_.Started("b", now);
  planner_.Ended("b", now, Ending::kDone);
  planner_.Used("b", now, 10, 1000);
  EXPECT_TRUE(planner_.OutlookOf("b", At("2026-01-01T15:31:00Z")).quota_used);
  EXPECT_GT(*planner_.OutlookOf("b", At("2026-01-01T15:31:00Z")).next, At("2026-01-01T16:00:00Z"));
  EXPECT_FALSE(planner_.OutlookOf("b", At("2026-01-01T16:00:00Z")).quota_used);
  // By hand is not beyond the quota either.
  ASSERT_TRUE(planner_.Request("a", false));
  EXPECT_THAT(Ids(planner_.Due(At("2026-01-01T05:00:00Z"), 10)), IsEmpty());
}

}  // namespace
}  // namespace fangzhi::serve
