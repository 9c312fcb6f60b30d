#include "robots/page_policy.h"

#include <gtest/gtest.h>

namespace fangzhi::robots {
namespace {

TEST(PagePolicy, DirectivesUniteAndNoneMeansTwo) {
  const PagePolicy policy = ReadPagePolicy("fangzhi", {{"ROBOTS", "NoIndex"}, {"robots", " nofollow ,max-snippet:-1"}}, {});
  EXPECT_TRUE(policy.noindex && policy.nofollow);
  EXPECT_FALSE(policy.noarchive);
  EXPECT_EQ(policy.Text(), "noindex, nofollow");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {{"robots", "none"}}, {}).Text(), "noindex, nofollow");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {{"robots", "all, index, follow"}}, {}).Text(), "");
}

TEST(PagePolicy, OthersAreNotMeant) {
  EXPECT_EQ(ReadPagePolicy("fangzhi", {{"googlebot", "noindex"}}, {"googlebot: nofollow", "otherbot: noindex, nofollow"}).Text(), "");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {{"fangzhi", "nofollow"}}, {"FANGZHI: noarchive"}).Text(), "nofollow, noarchive");
}

TEST(PagePolicy, ADateIsNoAgent) {
  EXPECT_EQ(ReadPagePolicy("fangzhi", {}, {"unavailable_after: 25 Jun 2010 15:00:00 PST", "noarchive"}).Text(), "noarchive");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {}, {"unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT, nofollow"}).Text(), "nofollow");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {}, {"unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, nofollow"}).Text(), "nofollow");
  EXPECT_EQ(ReadPagePolicy("fangzhi", {}, {"noindex, otherbot: nofollow"}).Text(), "noindex");
}

}  // namespace
}  // namespace fangzhi::robots
