#include <gmock/gmock.h>

#include "crawl/pipeline.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::crawl {
namespace {

using test::At;
using test::Fetch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kList = "http://www.example.gov.cn/list/";
constexpr const char* kTarget = "http://www.example.gov.cn/new/";

class SettleCoverageTest : public testing::Test {
 protected:
  void SetUp() override {
    archive_ = test::OpenArchive(directory_.path() + "/archive");
    ASSERT_TRUE(archive_);
    site_.id = "example";
    site_.seeds = {"http://www.example.gov.cn/"};
    site_.hosts = {"www.example.gov.cn"};
  }
  void List(const std::string& url, std::string_view day, uint64_t round) {
    Fetch list;
    list.url = url;
    list.time = At(day);
    list.round = round;
    list.record = test::Article("通知公告", "列表");
    list.record->kind = model::PageKind::kList;
    test::CommitOne(*archive_, list);
  }
  void Redirect(const std::string& url, const std::string& target, std::string_view day, uint64_t round) {
    Fetch moved;
    moved.url = url;
    moved.time = At(day);
    moved.round = round;
    moved.status = 302;
    moved.payload = "";
    moved.more_fields = "Location: " + target + "\r\n";
    test::CommitOne(*archive_, moved);
  }
  report::Coverage Settled(uint64_t round, report::Coverage coverage = {}) {
    const auto settled = SettleCoverage(*archive_, site_, round, SystemClock().Now(), coverage);
    EXPECT_TRUE(settled) << (settled ? "" : settled.error().ToString());
    return coverage;
  }

  test::TempDirectory directory_;
  std::unique_ptr<store::Archive> archive_;
  model::Site site_;
};

TEST_F(SettleCoverageTest, AListThatLeadsToWhatWasNotGotIsMissed) {
  List(kList, "2026-01-01", 1);
  Redirect(kList, kTarget, "2026-01-02", 2);
  report::Coverage coverage;
  coverage.redirected_lists = {kList};
  EXPECT_THAT(Settled(2, coverage).lists_missed, ElementsAre(Pair(kList, HasSubstr("was not asked for"))));
  // It was got after all.
  List(kTarget, "2026-01-02", 2);
  EXPECT_THAT(Settled(2, coverage).lists_missed, IsEmpty());
}

TEST_F(SettleCoverageTest, AListThatNeverWasOneIsALinkToElsewhere) {
  Redirect(kList, kTarget, "2026-01-02", 2);
  report::Coverage coverage;
  coverage.redirected_lists = {kList};
  EXPECT_THAT(Settled(2, coverage).lists_missed, IsEmpty());
}

// No visit tells of a seed whose host gave no answer.
TEST_F(SettleCoverageTest, ASeedAtAHostThatWasGivenUpIsMissed) {
  report::Coverage coverage;
  EXPECT_THAT(Settled(1, coverage).seeds_missed, IsEmpty()) << "cut off before it came to it";
  report::HostOf(coverage, "www.example.gov.cn").robots = "unreachable";
  EXPECT_THAT(Settled(1, coverage).seeds_missed, ElementsAre(Pair(site_.seeds.front(), HasSubstr("robots.txt"))));
  report::Coverage silent;
  report::HostOf(silent, "www.example.gov.cn").given_up = true;
  EXPECT_THAT(Settled(1, silent).seeds_missed, ElementsAre(Pair(site_.seeds.front(), HasSubstr("no answer"))));
}

}  // namespace
}  // namespace fangzhi::crawl
