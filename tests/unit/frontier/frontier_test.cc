#include "frontier/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "frontier/keys.h"
#include "frontier/traps.h"

namespace fangzhi::frontier {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using store::StateWrite;
using testing::ElementsAre;

class FakeClock final : public Clock {
 public:
  UtcTime Now() const override { return now; }
  UtcTime now = *ParseIso8601("2026-11-24T00:00:00Z");
};

std::shared_ptr<model::Site> MakeSite() {
  auto site = std::make_shared<model::Site>();
  site->id = "demo";
  site->seeds = {"http://a.example/"};
  site->hosts = {"a.example"};
  site->delay = milliseconds(1000);
  return site;
}

model::Link MakeLink(const std::string& path, model::LinkKind kind = model::LinkKind::kArticle) {
  return {"http://a.example" + path, kind, "text", ""};
}

class FrontierTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/fangzhi-frontier-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    Open();
  }
  void TearDown() override {
    frontier_.reset();
    archive_.reset();
    std::filesystem::remove_all(directory_);
  }
  void Open(bool clean = true) {
    store::ArchiveOptions options;
    options.directory = directory_ + "/archive";
    options.create = true;
    options.clock = &clock_;
    auto archive = store::Archive::Open(std::move(options));
    ASSERT_TRUE(archive) << archive.error().ToString();
    archive_ = std::move(*archive);
    frontier_ = std::make_unique<Frontier>(*archive_, clock_, clean);
  }
  // As after a crash or a restart: memory is lost, what was committed is there.
  void Restart(bool clean = true) {
    frontier_.reset();
    archive_.reset();
    Open(clean);
  }
  bool Begin(std::shared_ptr<const model::Site> site, RoundMode mode = RoundMode::kSweep) {
    auto resumed = frontier_->BeginOrResume(std::move(site), mode, [this](std::span<const StateWrite> writes) -> Result<void> {
      auto committed = archive_->Commit({}, writes);
      if (!committed) return Fail(committed.error());
      return {};
    });
    EXPECT_TRUE(resumed) << resumed.error().ToString();
    return resumed && *resumed;
  }
  std::optional<FetchTask> Lease() {
    return frontier_->Lease([](const FetchTask&) { return true; });
  }
  void Done(const FetchTask& task, const std::vector<model::Link>& links = {}, model::PageKind kind = model::PageKind::kList,
            std::optional<UtcTime> retry_at = std::nullopt) {
    frontier_->TransferEnded(task, {});
    std::vector<Finished> group(1);
    group[0].task = task;
    group[0].retry_at = retry_at;
    if (!retry_at) group[0].discovered = frontier_->Select(task, kind, links);
    std::vector<StateWrite> writes;
    frontier_->Finish(group[0], writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
  }
  std::vector<std::string> Drain() {
    std::vector<std::string> urls;
    for (int i = 0; i < 10'000; ++i) {
      if (auto task = Lease()) {
        urls.push_back(task->url);
        Done(*task);
      } else if (frontier_->Idle("demo")) {
        break;
      } else {
        clock_.now += std::max(milliseconds(1), frontier_->UntilNext());
      }
    }
    return urls;
  }

  std::string directory_;
  FakeClock clock_;
  std::unique_ptr<store::Archive> archive_;
  std::unique_ptr<Frontier> frontier_;
};

TEST_F(FrontierTest, GoesByDepthThenListsBeforeArticles) {
  auto site = MakeSite();
  EXPECT_FALSE(Begin(site));
  auto seed = Lease();
  ASSERT_TRUE(seed);
  EXPECT_EQ(seed->depth, 0u);
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm"), MakeLink("/list/", model::LinkKind::kList)});
  EXPECT_THAT(Drain(), ElementsAre("http://a.example/list/", "http://a.example/1.htm", "http://a.example/2.htm"));
  std::vector<StateWrite> writes;
  EXPECT_TRUE(frontier_->FinishRound("demo", writes));
}

TEST_F(FrontierTest, SeenSetIsExactAlsoAcrossARestart) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/1.htm"), MakeLink("/")});
  EXPECT_EQ(frontier_->Select(*seed, model::PageKind::kList, {MakeLink("/1.htm")}).size(), 0u);
  Restart();
  EXPECT_TRUE(Begin(site));
  EXPECT_EQ(frontier_->Select(*seed, model::PageKind::kList, {MakeLink("/1.htm"), MakeLink("/2.htm")}).size(), 1u);
  EXPECT_THAT(Drain(), ElementsAre("http://a.example/1.htm"));
}

TEST_F(FrontierTest, WhatWasLeasedButNotFinishedIsLeasedAgainAfterACrash) {
  auto site = MakeSite();
  Begin(site);
  ASSERT_TRUE(Lease());
  Restart(false);
  EXPECT_TRUE(Begin(site));
  EXPECT_FALSE(Lease()) << "after a crash a host waits its whole delay";
  clock_.now += seconds(1);
  EXPECT_TRUE(Lease());
}

TEST_F(FrontierTest, DelayIsKeptAndSurvivesARestart) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  EXPECT_FALSE(Lease()) << "one connection a host";
  clock_.now += milliseconds(300);
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm")});
  EXPECT_FALSE(Lease());
  clock_.now += milliseconds(999);
  EXPECT_FALSE(Lease());
  Restart();
  Begin(site);
  EXPECT_FALSE(Lease()) << "the clock is stored";
  clock_.now += milliseconds(1);
  EXPECT_TRUE(Lease());
}

TEST_F(FrontierTest, RetryAfterHoldsTheHost) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  HostReport report;
  report.retry_after = seconds(60);
  frontier_->TransferEnded(*seed, report);
  std::vector<Finished> group(1);
  group[0].task = *seed;
  group[0].retry_at = clock_.now + seconds(60);
  std::vector<StateWrite> writes;
  frontier_->Finish(group[0], writes);
  ASSERT_TRUE(archive_->Commit({}, writes));
  frontier_->Committed(group);
  clock_.now += seconds(59);
  EXPECT_FALSE(Lease());
  clock_.now += seconds(1);
  auto again = Lease();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt, 1);
}

TEST_F(FrontierTest, RetriesAreNotForgottenInARestart) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {}, model::PageKind::kList, clock_.now + seconds(30));
  Restart();
  EXPECT_TRUE(Begin(site));
  clock_.now += seconds(29);
  EXPECT_FALSE(Lease());
  clock_.now += seconds(1);
  ASSERT_TRUE(Lease());
}

TEST_F(FrontierTest, ScopeDepthAndTrapsBound) {
  auto site = MakeSite();
  site->max_depth = 1;
  site->capture_attachments = false;
  Begin(site);
  auto seed = Lease();
  const auto selected = frontier_->Select(*seed, model::PageKind::kHome,
                                          {MakeLink("/ok.htm"), {"http://b.example/", model::LinkKind::kArticle, "", ""},
                                           MakeLink("/a/b/a/b/a/b/c.htm"), MakeLink("/f.pdf", model::LinkKind::kAttachment)});
  ASSERT_EQ(selected.size(), 1u);
  EXPECT_EQ(selected[0].url, "http://a.example/ok.htm");
  Done(*seed, {MakeLink("/next.htm")});
  clock_.now += seconds(5);
  auto next = Lease();
  ASSERT_TRUE(next);
  EXPECT_TRUE(frontier_->Select(*next, model::PageKind::kArticle, {MakeLink("/deeper.htm")}).empty());
}

TEST_F(FrontierTest, PagesOfOneListAreOneHop) {
  auto site = MakeSite();
  site->max_depth = 2;
  Begin(site);
  auto task = Lease();
  Done(*task, {MakeLink("/news/index.html", model::LinkKind::kList)});
  for (int page = 1; page <= 5; ++page) {
    clock_.now += seconds(5);
    task = Lease();
    ASSERT_TRUE(task) << page;
    EXPECT_EQ(task->depth, 1u);
    Done(*task, {MakeLink("/news/index_" + std::to_string(page) + ".html", model::LinkKind::kList)});
  }
}

TEST_F(FrontierTest, ANewRoundVisitsEverythingKnownOnce) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm")});
  Drain();
  std::vector<StateWrite> writes;
  ASSERT_TRUE(frontier_->FinishRound("demo", writes));
  ASSERT_TRUE(archive_->Commit({}, writes));
  Restart();
  EXPECT_FALSE(Begin(site));
  auto urls = Drain();
  EXPECT_EQ(urls.size(), 3u);
  EXPECT_EQ(std::set<std::string>(urls.begin(), urls.end()).size(), 3u);
}

// More waits than the buffers hold: order and completeness must not depend on what fits.
TEST_F(FrontierTest, QueueLongerThanItsBufferLosesNothing) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 1000; ++i) links.push_back(MakeLink("/" + std::to_string(i) + ".htm"));
  Done(*seed, links);
  std::set<std::string> seen;
  int step = 0;
  while (auto task = Lease()) {
    EXPECT_TRUE(seen.insert(task->url).second) << task->url;
    // New lists come in between and sort before what is buffered.
    std::vector<model::Link> more;
    if (++step % 50 == 0 && step <= 500) {
      for (int i = 0; i < 90; ++i) {
        more.push_back(MakeLink("/l" + std::to_string(step) + "-" + std::to_string(i) + "/", model::LinkKind::kList));
      }
    }
    FetchTask at_top = *task;
    at_top.depth = 0;
    frontier_->TransferEnded(*task, {});
    std::vector<Finished> group(1);
    group[0].task = *task;
    group[0].discovered = frontier_->Select(at_top, model::PageKind::kHome, more);
    std::vector<StateWrite> writes;
    frontier_->Finish(group[0], writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
  }
  EXPECT_TRUE(frontier_->Idle("demo"));
  EXPECT_EQ(seen.size(), 1000u + 10 * 90);
}

TEST_F(FrontierTest, ASilentHostIsGivenUpAndItsQueueStays) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 50; ++i) links.push_back(MakeLink("/" + std::to_string(i) + ".htm"));
  Done(*seed, links);
  int tries = 0;
  while (auto task = Lease()) {
    HostReport report;
    report.answered = false;
    frontier_->TransferEnded(*task, report);
    std::vector<Finished> group(1);
    group[0].task = *task;
    std::vector<StateWrite> writes;
    frontier_->Finish(group[0], writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
    ASSERT_LT(++tries, 20);
  }
  EXPECT_TRUE(frontier_->Idle("demo"));
  EXPECT_THAT(frontier_->GetProgress("demo").given_up_hosts, ElementsAre("a.example"));
  std::vector<StateWrite> writes;
  EXPECT_FALSE(frontier_->FinishRound("demo", writes));
}

TEST_F(FrontierTest, ReplayOfACaptureDoesWhatFinishDid) {
  auto site = MakeSite();
  Begin(site);
  store::CaptureFacts facts;
  facts.url = "http://a.example/";
  facts.site = "demo";
  facts.round = 1;
  facts.status = 200;
  facts.discovered = {{"http://a.example/1.htm", model::LinkKind::kArticle, 1, "one", ""},
                      CounterDiscovery({"http://a.example/hits?id=1", "generic", "GET", "read_only"}, 0)};
  const auto get = [this](std::string_view key) { return archive_->GetState(key).value_or(std::nullopt); };
  ASSERT_TRUE(archive_->Commit({}, Frontier::Replay(facts, get)));
  Restart();
  EXPECT_TRUE(Begin(site));
  auto counter = Lease();
  ASSERT_TRUE(counter);
  EXPECT_TRUE(counter->counter);
  EXPECT_EQ(counter->counted_page, "http://a.example/");
  store::CaptureFacts answered;
  answered.url = counter->url;
  answered.site = "demo";
  answered.round = 1;
  answered.status = 200;
  answered.purpose = store::Purpose::kCounter;
  ASSERT_TRUE(archive_->Commit({}, Frontier::Replay(answered, get)));
  Restart();
  Begin(site);
  EXPECT_THAT(Drain(), ElementsAre("http://a.example/1.htm"));
}

TEST_F(FrontierTest, SeedsAddedDuringARoundAreQueued) {
  auto site = MakeSite();
  Begin(site);
  Restart();
  auto more = std::make_shared<model::Site>(*site);
  more->seeds.push_back("http://a.example/second/");
  EXPECT_TRUE(Begin(more));
  EXPECT_THAT(Drain(), ElementsAre("http://a.example/", "http://a.example/second/"));
}

TEST(Traps, RepeatedSegments) {
  EXPECT_TRUE(IsTrap("http://a.example/a/a/a/b.htm"));
  EXPECT_TRUE(IsTrap("http://a.example/x/a/b/a/b/a/b"));
  EXPECT_FALSE(IsTrap("http://a.example/art/2021/8/3/art_14_5693.html"));
  EXPECT_FALSE(IsTrap("http://a.example/2021/2021-11/2021-11-29/x.htm"));
  EXPECT_FALSE(IsTrap("http://a.example/a//b//c"));
  EXPECT_FALSE(IsTrap("http://a.example"));
}

TEST(Traps, NextPages) {
  EXPECT_TRUE(IsNextPageOf("http://a.example/news/", "http://a.example/news/index_1.html"));
  EXPECT_TRUE(IsNextPageOf("http://a.example/zbgg.htm", "http://a.example/zbgg/10.htm"));
  EXPECT_TRUE(IsNextPageOf("http://a.example/zbgg/10.htm", "http://a.example/zbgg/9.htm"));
  EXPECT_TRUE(IsNextPageOf("http://a.example/list.asp?id=1", "http://a.example/list.asp?id=1&page=2"));
  EXPECT_FALSE(IsNextPageOf("http://a.example/news/", "http://a.example/news/local/index.html"));
}

TEST(Keys, HostOfKeepsThePort) {
  EXPECT_EQ(HostOf("http://a.example:8080/x"), "a.example:8080");
  EXPECT_EQ(HostOf("https://user@a.example?x"), "a.example");
  EXPECT_EQ(HostOf("mailto:x"), "");
}

}  // namespace
}  // namespace fangzhi::frontier
