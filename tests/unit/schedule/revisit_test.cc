#include "schedule/revisit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace fangzhi::schedule {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// A page that changes as a Poisson process of the given rate, visited at a fixed interval.
ChangeHistory Simulate(double changes_per_day, hours interval, int visits, uint32_t seed) {
  std::mt19937 random(seed);
  std::bernoulli_distribution changed(1 - std::exp(-changes_per_day * std::chrono::duration<double>(interval).count() / 86400));
  ChangeHistory history;
  for (int i = 0; i < visits; ++i) Observe(history, interval, changed(random));
  return history;
}

TEST(Revisit, TheEstimateFollowsTheTruth) {
  for (const double truth : {0.1, 0.5, 1.0, 4.0}) {
    double sum = 0;
    constexpr int kPages = 400;
    // Visits somewhat more frequent than changes: what the policy strives for.
    const hours interval(static_cast<int>(std::max(1.0, 12 / truth)));
    for (uint32_t page = 0; page < kPages; ++page) {
      sum += ChangesPerDay(Simulate(truth, interval, 40, page), PageClass::kArticle, 30);
    }
    EXPECT_NEAR(sum / kPages / truth, 1.0, 0.25) << truth;
  }
}

TEST(Revisit, OldBehaviourIsForgotten) {
  ChangeHistory history = Simulate(50, hours(6), 100, 1);
  const double busy = ChangesPerDay(history, PageClass::kList, 0);
  for (int i = 0; i < 40; ++i) Observe(history, hours(24), false);
  EXPECT_LT(ChangesPerDay(history, PageClass::kList, 0), busy / 20);
}

TEST(Revisit, IntervalsKeepTheirBounds) {
  RevisitPolicy policy;
  policy.least = hours(1);
  policy.sweep = hours(24 * 20);
  EXPECT_EQ(RevisitAfter(Simulate(10'000, hours(1), 30, 2), PageClass::kList, 0, policy), policy.least);
  EXPECT_EQ(RevisitAfter(Simulate(0, hours(24 * 20), 30, 3), PageClass::kDocument, 900, policy), policy.sweep);
  EXPECT_LE(RevisitAfter({}, PageClass::kArticle, 0, policy), hours(24)) << "a new article is looked at again within a day";
  EXPECT_LT(RevisitAfter({}, PageClass::kArticle, 2, policy), RevisitAfter({}, PageClass::kArticle, 20, policy));
}

TEST(Revisit, FreshnessOfAPoissonPage) {
  EXPECT_DOUBLE_EQ(ExpectedFreshness(0, hours(24)), 1.0);
  EXPECT_NEAR(ExpectedFreshness(1, hours(24)), 1 - std::exp(-1), 1e-12);
  EXPECT_LT(ExpectedFreshness(24, hours(240)), 0.01);
}

TEST(Revisit, NonsenseIsBounded) {
  ChangeHistory history;
  Observe(history, seconds(-5), true);
  Observe(history, seconds(0), true);
  EXPECT_TRUE(std::isfinite(ChangesPerDay(history, PageClass::kList, -3)));
  EXPECT_GE(RevisitAfter(history, PageClass::kArticle, -3, {}), RevisitPolicy{}.least);
}

}  // namespace
}  // namespace fangzhi::schedule
