#include "crawl/counter_batches.h"

#include <gmock/gmock.h>

namespace fangzhi::crawl {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kBatch = "http://a.gov.cn/batch?ids=1,2,3";
const std::vector<std::string> kPages = {"http://a.gov.cn/1.htm", "http://a.gov.cn/2.htm", "", "http://a.gov.cn/3.htm"};

model::Counter CounterOf(const std::string& url) { return {url, "vsb", "GET", "read_only", "after"}; }
const auto kNothingBefore = [](const std::string&) -> std::optional<model::Counter> { return std::nullopt; };

TEST(CounterBatches, WhatWaitedAndGotNoNumberIsAskedByItself) {
  CounterBatches batches;
  EXPECT_FALSE(batches.IsAwaited(kPages[0]));
  batches.Asked(kBatch, kPages);
  EXPECT_TRUE(batches.IsAwaited(kPages[0]));
  EXPECT_FALSE(batches.IsAwaited(""));
  EXPECT_TRUE(batches.Wait(kPages[0], CounterOf("http://a.gov.cn/c?1")));
  EXPECT_TRUE(batches.Wait(kPages[1], CounterOf("http://a.gov.cn/c?2")));
  const auto alone = batches.Ended(kBatch, kPages, {{kPages[0], 7}, {kPages[1], std::nullopt}, {kPages[3], 9}}, kNothingBefore);
  EXPECT_THAT(alone, ElementsAre(Pair(kPages[1], Field(&model::Counter::url, "http://a.gov.cn/c?2"))));
  EXPECT_TRUE(batches.HasCounted(kPages[0]));
  EXPECT_TRUE(batches.HasCounted(kPages[3])) << "for the article that comes after the answer";
  EXPECT_FALSE(batches.HasCounted(kPages[1]));
  EXPECT_FALSE(batches.IsAwaited(kPages[1]));
  EXPECT_THAT(batches.Ended(kBatch, kPages, {}, kNothingBefore), IsEmpty()) << "asked by itself once";
}

TEST(CounterBatches, WhatCameBeforeItsListIsNotAskedAgain) {
  CounterBatches batches;
  batches.Asked(kBatch, kPages);
  const auto asked = [](const std::string& page) -> std::optional<model::Counter> { return CounterOf(page); };
  EXPECT_THAT(batches.Ended(kBatch, kPages, {}, asked), IsEmpty());
}

// After a kill nothing is known of what waited, but the request that it waited for is in the queue.
TEST(CounterBatches, WhatWaitedBeforeAKillIsAskedWhereTheRequestBringsNothing) {
  CounterBatches batches;
  const auto known = [](const std::string& page) { return page == kPages[3] ? std::optional(CounterOf("http://a.gov.cn/c?3")) : std::nullopt; };
  EXPECT_THAT(batches.Ended(kBatch, kPages, {{kPages[0], 7}}, known), ElementsAre(Pair(kPages[3], Field(&model::Counter::url, "http://a.gov.cn/c?3"))));
}

}  // namespace
}  // namespace fangzhi::crawl
