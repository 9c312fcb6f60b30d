// The process ends between the commit that judges a run and the one that stores its report: what was judged is reported by the next run, once.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "crawl/crawl.h"
#include "fault/fault_env.h"
#include "portal_process.h"
#include "support/places.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::testing {
namespace {

class RunEnd : public ::testing::Test {
 protected:
  RunEnd() : portal_(test::BuildDirectory() + "/fangzhi-portal", {"--articles", "40", "--seed", "8", "--page-kb", "8", "--publish-per-day", "0", "--edit-per-day", "0", "--withdraw-per-day", "0", "--restore-per-day", "0"}) {
    auto site = std::make_shared<model::Site>();
    site->id = "example";
    site->seeds = {portal_.base() + "/"};
    site->hosts = {"127.0.0.1:" + std::to_string(portal_.port())};
    site->delay = std::chrono::milliseconds(0);
    site->allow_private = true;
    site_ = site;
  }
  Result<crawl::Summary> Crawl(store::Archive& archive, uint64_t* late = nullptr) {
    crawl::CrawlerOptions options;
    options.on_late_report = [late](const crawl::RunResult& result) {
      if (late != nullptr) *late += std::count_if(result.record.findings.begin(), result.record.findings.end(), [](const auto& finding) { return finding.drift; });
    };
    crawl::Summary sum;
    options.on_run_end = [&sum](const crawl::RunResult& result) { crawl::Add(sum, result.summary); };
    FZ_ASSIGN(auto crawler, crawl::Crawler::Create(archive, std::move(options)));
    FZ_TRY(crawler->Begin(site_, frontier::RoundMode::kSweep));
    FZ_TRY(crawler->Loop({}, true));
    return sum;
  }
  store::ArchiveOptions Options(leveldb::Env* env = nullptr) const {
    store::ArchiveOptions options;
    options.directory = directory_.path() + "/archive";
    options.create = true;
    options.replay_state = frontier::Frontier::Replay;
    options.env = env;
    return options;
  }
  // Of all reports, how many tell of the redesign.
  static size_t Told(const store::Archive& archive) {
    const auto runs = report::LoadRuns(archive, "example", 100);
    EXPECT_TRUE(runs);
    return runs ? static_cast<size_t>(std::count_if(runs->begin(), runs->end(), [](const report::RunRecord& run) { return !run.facts.coverage.redesigned.empty(); })) : 0;
  }

  portal::PortalProcess portal_;
  test::TempDirectory directory_;
  std::shared_ptr<const model::Site> site_;
};

TEST_F(RunEnd, WhatWasJudgedIsReportedAfterAKillBeforeTheReport) {
  ASSERT_FALSE(portal_.base().empty());
  {
    const auto archive = test::OpenArchive(Options());
    for (int i = 0; i < 2; ++i) {
      const auto crawled = Crawl(*archive);
      ASSERT_TRUE(crawled) << crawled.error().ToString();
      EXPECT_GT(crawled->fetched, 40u);
    }
    ASSERT_TRUE(archive->Close());
  }
  ASSERT_EQ(portal_.Get("/__control/redesign?old=same").status, 200);
  FaultEnv env;
  env.StopAfterWriting("came back without the texts");
  {
    const auto archive = test::OpenArchive(Options(&env));
    ASSERT_TRUE(archive);
    EXPECT_FALSE(Crawl(*archive));
    EXPECT_GE(env.faults(), 1) << "the judgement is in the index as text";
    archive->LeaveUnclean();
  }
  const auto archive = test::OpenArchive(Options());
  ASSERT_TRUE(archive);
  EXPECT_EQ(Told(*archive), 0u) << "it was not killed between the two commits";
  uint64_t late = 0;
  const auto crawled = Crawl(*archive, &late);
  ASSERT_TRUE(crawled) << crawled.error().ToString();
  EXPECT_EQ(Told(*archive), 1u);
  EXPECT_GE(late, 1u) << "nobody is alerted";
  ASSERT_TRUE(Crawl(*archive));
  EXPECT_EQ(Told(*archive), 1u);
}

}  // namespace
}  // namespace fangzhi::testing
