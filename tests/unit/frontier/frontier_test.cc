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

store::CommitOutcome Verdict(std::string verdict) {
  store::CommitOutcome outcome;
  outcome.verdict = std::move(verdict);
  return outcome;
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
            std::optional<UtcTime> retry_at = std::nullopt, std::string verdict = "") {
    frontier_->TransferEnded(task, {});
    std::vector<Finished> group(1);
    group[0].task = task;
    group[0].retry_at = retry_at;
    group[0].verdict = std::move(verdict);
    if (!retry_at) group[0].discovered = frontier_->Select(task, kind, links);
    std::vector<StateWrite> writes;
    frontier_->Finish(group, writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
  }
  void EndRound(Frontier::RoundEnd expected = Frontier::RoundEnd::kDone) {
    std::vector<StateWrite> writes;
    EXPECT_EQ(frontier_->FinishRound("demo", writes), expected);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->EndRun("demo");
  }
  std::vector<std::string> Drain(const std::string& verdict = "") {
    std::vector<std::string> urls;
    for (int i = 0; i < 10'000; ++i) {
      if (auto task = Lease()) {
        urls.push_back(task->url);
        Done(*task, {}, model::PageKind::kList, std::nullopt, verdict);
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
  EXPECT_EQ(frontier_->FinishRound("demo", writes), Frontier::RoundEnd::kDone);
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
  frontier_->Finish(group, writes);
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

TEST_F(FrontierTest, WhatBelongsToAPageIsAsDeepAsThePage) {
  auto site = MakeSite();
  site->max_depth = 0;
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/f.pdf", model::LinkKind::kAttachment)});
  clock_.now += seconds(5);
  auto file = Lease();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->url, "http://a.example/f.pdf");
  // A file that is a page after all begins no chain.
  Done(*file, {MakeLink("/g.pdf", model::LinkKind::kAttachment)});
  clock_.now += seconds(5);
  EXPECT_FALSE(Lease());
}

TEST_F(FrontierTest, AnEntryThatFollowsMoreReadsAgainWhatWasReadBefore) {
  auto site = MakeSite();
  site->max_depth = 1;
  Begin(site);
  auto seed = Lease();
  EXPECT_FALSE(frontier_->FollowsMore(*seed));
  Done(*seed, {MakeLink("/l/", model::LinkKind::kList), MakeLink("/1.htm")}, model::PageKind::kList, std::nullopt, "new");
  Drain("new");
  EndRound();
  const auto run = [&](const std::shared_ptr<const model::Site>& entry, std::set<std::string> urls, bool more, const std::string& verdict = "unchanged") {
    clock_.now += std::chrono::minutes(1);
    Restart();
    Begin(entry, RoundMode::kDue);
    std::set<std::string> visited;
    while (auto task = Lease()) {
      visited.insert(task->url.substr(16));
      EXPECT_EQ(frontier_->FollowsMore(*task), more) << task->url;
      Done(*task, {}, model::PageKind::kList, std::nullopt, verdict);
      clock_.now += seconds(5);
    }
    EXPECT_EQ(visited, urls);
    EndRound();
  };
  const auto changed = [](const std::shared_ptr<const model::Site>& entry, const std::function<void(model::Site&)>& change) {
    auto copy = std::make_shared<model::Site>(*entry);
    change(*copy);
    return copy;
  };
  site->revisit_least = seconds(1);
  run(site, {"/"}, false);
  // Less is followed, or the same.
  run(changed(site, [](model::Site& s) { s.max_depth = 0; }), {"/"}, false);
  // More: every list at once, due or not, and the rest in its turn.
  run(site, {"/", "/l/"}, true);
  run(site, {"/"}, false);
  // What could not be read then is read when it can be.
  const auto wider = changed(site, [](model::Site& s) { s.hosts.push_back("b.example"); });
  run(wider, {"/", "/l/"}, true, "not_modified");
  run(wider, {"/"}, true);
  run(changed(wider, [](model::Site& s) { s.obey_nofollow = false; }), {"/", "/l/"}, true);
}

TEST_F(FrontierTest, NextPagesThatShowTheSameAreNotFollowedForEver) {
  auto site = MakeSite();
  Begin(site);
  auto task = Lease();
  Done(*task, {MakeLink("/list.jsp?m=1", model::LinkKind::kList), MakeLink("/real.jsp?m=1", model::LinkKind::kList)});
  size_t same = 0, real = 0;
  for (int i = 0; i < 200; ++i) {
    clock_.now += seconds(5);
    task = Lease();
    if (!task) break;
    if (task->kind != model::LinkKind::kList) {
      Done(*task);
      continue;
    }
    const bool endless = task->url.find("/list") != std::string::npos;
    const size_t number = endless ? ++same : ++real;
    std::vector<model::Link> links{MakeLink("/1.htm"), MakeLink("/2.htm")};
    if (!endless) links.push_back(MakeLink("/n" + std::to_string(number) + ".htm"));
    if (endless || number < 50) links.push_back(MakeLink((endless ? "/list.jsp?m=" : "/real.jsp?m=") + std::to_string(number + 1), model::LinkKind::kList));
    Done(*task, links);
  }
  EXPECT_EQ(real, 50u);
  EXPECT_GT(same, 15u);
  EXPECT_LT(same, 30u);
}

TEST_F(FrontierTest, WhatWouldBeCountedIsNeverWanted) {
  auto site = MakeSite();
  site->capture_requisites = true;
  Begin(site);
  auto seed = Lease();
  using enum model::LinkKind;
  const auto selected = frontier_->Select(
      *seed, model::PageKind::kHome,
      {MakeLink("/module/visitcount/visit.jsp?type=1"), MakeLink("/system/resource/code/datainput.jsp?owner=1", kPage), MakeLink("/_visitcount?siteId=1", kRequisite),
       MakeLink("/plus/count.php?view=yes&aid=7", kPage), MakeLink("/hits.asp?id=9", kRequisite), MakeLink("/zan.php?id=3", kRequisite), MakeLink("/x", kCounter),
       MakeLink("/browse.asp?id=3"), MakeLink("/img/hits.png", kRequisite)});
  ASSERT_EQ(selected.size(), 2u);
  EXPECT_EQ(selected[0].url, "http://a.example/browse.asp?id=3");
  EXPECT_EQ(selected[1].url, "http://a.example/img/hits.png");
  EXPECT_TRUE(WouldCount("http://a.example/channel_view.jspx?channelId=3", kArticle));  // also where an earlier version knew it
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
  ASSERT_EQ(frontier_->FinishRound("demo", writes), Frontier::RoundEnd::kDone);
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
    frontier_->Finish(group, writes);
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
    frontier_->Finish(group, writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
    ASSERT_LT(++tries, 20);
  }
  EXPECT_TRUE(frontier_->Idle("demo"));
  EXPECT_THAT(frontier_->GetProgress("demo").given_up_hosts, ElementsAre("a.example"));
  std::vector<StateWrite> writes;
  EXPECT_EQ(frontier_->FinishRound("demo", writes), Frontier::RoundEnd::kGoesOn) << "no other host waits for its end";
}

std::shared_ptr<model::Site> MakeSiteOfTwoHosts() {
  auto site = MakeSite();
  site->hosts = {"a.example", "b.example"};
  site->delay = milliseconds(0);
  return site;
}

std::vector<std::string> Of(const std::vector<std::string>& urls, std::string_view origin) {
  std::vector<std::string> of;
  for (const std::string& url : urls) {
    if (url.starts_with(origin)) of.push_back(url);
  }
  return of;
}

// An outage of one host stops no other: what waits there is in the next round, and so are all the pages of the hosts that answer.
TEST_F(FrontierTest, ARoundEndsWithoutAHostThatGivesNoAnswer) {
  auto site = MakeSiteOfTwoHosts();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), {"http://b.example/old.htm", model::LinkKind::kArticle, "old", ""}}, model::PageKind::kList, std::nullopt, "new");
  EXPECT_EQ(Drain("new").size(), 2u);
  EndRound();

  for (const bool leave_out : {false, true}) {
    clock_.now += std::chrono::days(40);
    Begin(site, RoundMode::kDue);
    if (leave_out) {
      frontier_->LeaveOut("demo", "http://b.example");
    } else {
      frontier_->GiveUp("b.example");
    }
    seed = Lease();
    ASSERT_TRUE(seed);
    Done(*seed, {{"http://b.example/new" + std::to_string(leave_out) + ".htm", model::LinkKind::kArticle, "new", ""}}, model::PageKind::kList, std::nullopt,
         "changed");
    EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/1.htm"));
    EXPECT_TRUE(frontier_->Idle("demo"));
    EndRound(Frontier::RoundEnd::kDoneButLeft);
    if (leave_out) Restart();
  }

  // The due page of the host is older than what the site has visited since, and is not lost.
  clock_.now += std::chrono::minutes(1);
  EXPECT_FALSE(Begin(site, RoundMode::kDue));
  EXPECT_THAT(Of(Drain("unchanged"), "http://b.example/"),
              ElementsAre("http://b.example/new0.htm", "http://b.example/new1.htm", "http://b.example/old.htm"));
  EndRound();
  clock_.now += std::chrono::minutes(1);
  Begin(site, RoundMode::kDue);
  EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/")) << "each once";
}

// The robots.txt of one origin cannot be had, as of https where only http is served: the pages of the other go on.
TEST_F(FrontierTest, OnlyTheOriginIsLeftOutWhoseRobotsCannotBeHad) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 200; ++i) {
    links.push_back({(i % 2 == 0 ? "https://a.example/" : "http://a.example/") + std::to_string(i) + ".htm", model::LinkKind::kArticle, "t", ""});
  }
  Done(*seed, links, model::PageKind::kList, std::nullopt, "new");
  auto first = Lease();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->url, "https://a.example/0.htm");
  frontier_->LeaveOut("demo", "https://a.example");
  HostReport none;
  none.sent = false;
  frontier_->TransferEnded(*first, none);
  frontier_->Return(*first);
  EXPECT_EQ(Drain("new").size(), 100u);
  EndRound(Frontier::RoundEnd::kDoneButLeft);
  Restart();
  EXPECT_FALSE(Begin(site));
  const auto urls = Drain("unchanged");
  EXPECT_EQ(urls.size(), 201u);
  EXPECT_EQ(Of(urls, "https:").size(), 100u);
}

// What only a budget holds back is of the same round.
TEST_F(FrontierTest, ABudgetOfRequestsKeepsTheRoundOpen) {
  auto site = MakeSiteOfTwoHosts();
  site->requests_per_day = 3;
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links{{"http://b.example/1.htm", model::LinkKind::kArticle, "t", ""}};
  for (int i = 0; i < 5; ++i) links.push_back(MakeLink("/" + std::to_string(i) + ".htm"));
  Done(*seed, links, model::PageKind::kList, std::nullopt, "new");
  EXPECT_EQ(Drain("new").size(), 3u);
  EndRound(Frontier::RoundEnd::kGoesOn);
  Restart();
  EXPECT_TRUE(Begin(site));
}

// What a wrong clock, or a server that asked for years, once put far ahead is asked for all the same: a seed would begin no run any more.
TEST_F(FrontierTest, ATryThatWaitsForYearsWaitsForNothing) {
  const auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  ASSERT_TRUE(seed);
  Done(*seed, {}, model::PageKind::kList, clock_.now + std::chrono::hours(24 * 3650), "failed");
  clock_.now += seconds(10);
  const auto again = Lease();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->url, "http://a.example/");
  EXPECT_EQ(again->attempt, 1);
}

// What an entry no longer wants is neither asked for nor counted, and is there when it is wanted again.
TEST_F(FrontierTest, WhatWaitsOutsideTheEntryIsPassedOver) {
  const auto wide = MakeSiteOfTwoHosts();
  Begin(wide);
  auto seed = Lease();
  ASSERT_TRUE(seed);
  Done(*seed, {MakeLink("/1.htm"), {"http://b.example/1.htm", model::LinkKind::kArticle, "t", ""}}, model::PageKind::kList, std::nullopt, "new");
  auto first = Lease();
  ASSERT_TRUE(first);
  frontier_->Return(*first);
  frontier_->EndRun("demo");
  Restart();
  Begin(MakeSite());
  EXPECT_THAT(Drain("new"), testing::UnorderedElementsAre("http://a.example/1.htm"));
  EXPECT_EQ(frontier_->GetProgress("demo").queued_now, 0u);
  EndRound();
  Restart();
  Begin(wide);
  EXPECT_EQ(Of(Drain("new"), "http://b.example").size(), 1u);
}

// A seed that was taken out of the entry is no list that a run begins with; what pages name is.
TEST_F(FrontierTest, AFormerSeedIsMissedByNobody) {
  const auto site = MakeSite();
  site->seeds.push_back("http://a.example/old/");
  Begin(site);
  while (auto task = Lease()) {
    const bool old = task->url.ends_with("/old/");
    Done(*task, {MakeLink("/list/", model::LinkKind::kList)}, model::PageKind::kList, std::nullopt, old || task->url.ends_with("/list/") ? "failed" : "new");
    clock_.now += seconds(10);
  }
  EndRound();
  EXPECT_EQ(Frontier::MissedLists(*archive_, *site, 1)->size(), 2u);
  site->seeds.pop_back();
  EXPECT_THAT(*Frontier::MissedLists(*archive_, *site, 1), ElementsAre("http://a.example/list/"));
}

// A host that asks for a pause longer than a run waits is left for the next round too, and its page has all its tries again.
TEST_F(FrontierTest, ARestingHostIsLeftToTheNextRound) {
  auto site = MakeSiteOfTwoHosts();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), {"http://b.example/1.htm", model::LinkKind::kArticle, "t", ""}}, model::PageKind::kList, std::nullopt, "new");
  const UtcTime until = clock_.now + seconds(7200);
  for (int i = 0; i < 2; ++i) {
    auto task = Lease();
    ASSERT_TRUE(task);
    if (task->host == "a.example") {
      Done(*task, {}, model::PageKind::kArticle, std::nullopt, "new");
      continue;
    }
    HostReport report;
    report.strained = report.failed = true;
    report.retry_after = seconds(7200);
    frontier_->TransferEnded(*task, report);
    std::vector<Finished> group(1);
    group[0].task = *task;
    group[0].retry_at = until;
    std::vector<StateWrite> writes;
    frontier_->Finish(group, writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
  }
  EXPECT_TRUE(frontier_->Idle("demo"));
  EndRound(Frontier::RoundEnd::kDoneButLeft);
  Begin(site);
  EXPECT_EQ(Drain("unchanged").size(), 2u) << "not before it may be asked";
  EndRound(Frontier::RoundEnd::kDoneButLeft);
  clock_.now = until;
  Begin(site);
  bool asked = false;
  while (auto task = Lease()) {
    if (task->host == "b.example") {
      asked = true;
      EXPECT_EQ(task->attempt, 0);
    }
    Done(*task, {}, model::PageKind::kArticle, std::nullopt, "unchanged");
  }
  EXPECT_TRUE(asked);
}

// A run that could get nothing of what an earlier one had left says so, whatever its beginning showed.
TEST_F(FrontierTest, TellsWhetherARunWentOnWithItsRound) {
  auto site = MakeSiteOfTwoHosts();
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), {"http://b.example/1.htm", model::LinkKind::kArticle, "t", ""}}, model::PageKind::kList, std::nullopt, "new");
  auto article = Lease();
  ASSERT_TRUE(article && article->host == "a.example");
  Done(*article, {}, model::PageKind::kArticle, std::nullopt, "new");
  Restart();
  clock_.now += std::chrono::days(2);
  EXPECT_TRUE(Begin(site));
  frontier_->GiveUp("b.example");
  EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/"));
  EXPECT_FALSE(frontier_->WentOn("demo"));
  Restart();
  EXPECT_TRUE(Begin(site));
  EXPECT_THAT(Drain("new"), ElementsAre("http://b.example/1.htm"));
  EXPECT_TRUE(frontier_->WentOn("demo"));
}

// A delay longer than what a run usually sits out is the site's wish, and kept within a run.
TEST_F(FrontierTest, ALongDelayIsSatOut) {
  auto site = MakeSite();
  site->delay = std::chrono::minutes(30);
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm")}, model::PageKind::kList, std::nullopt, "new");
  const UtcTime began = clock_.now;
  EXPECT_FALSE(frontier_->Idle("demo"));
  EXPECT_EQ(Drain("new").size(), 2u);
  EXPECT_GE(clock_.now - began, std::chrono::minutes(60));
}

// Between its commit and the frontier's hearing of it a task may be read from the disk.
TEST_F(FrontierTest, ATaskThatWasReadBeforeItWasToldOfIsTakenOnce) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 70; ++i) links.push_back(MakeLink("/" + std::to_string(i) + ".htm"));
  Done(*seed, links, model::PageKind::kList, std::nullopt, "new");
  for (int i = 0; i < 63; ++i) Done(*Lease(), {}, model::PageKind::kArticle, std::nullopt, "new");
  auto task = Lease();
  ASSERT_TRUE(task);
  frontier_->TransferEnded(*task, {});
  std::vector<Finished> group(1);
  group[0].task = *task;
  group[0].verdict = "new";
  group[0].discovered = frontier_->Select(*task, model::PageKind::kArticle, {MakeLink("/x.htm"), MakeLink("/y.htm")});
  std::vector<StateWrite> writes;
  frontier_->Finish(group, writes);
  ASSERT_TRUE(archive_->Commit({}, writes));
  auto next = Lease();
  ASSERT_TRUE(next);
  frontier_->Committed(group);
  Done(*next, {}, model::PageKind::kArticle, std::nullopt, "new");
  const auto rest = Drain("new");
  EXPECT_EQ(rest.size(), 7u);
  EXPECT_EQ(std::set<std::string>(rest.begin(), rest.end()).size(), rest.size());
  EXPECT_EQ(frontier_->GetProgress("demo").queued_now, 0u);
}

// A counter that nobody answers waits once, however often its page is read.
TEST_F(FrontierTest, ACounterThatWaitsIsCountedOnce) {
  auto site = MakeSiteOfTwoHosts();
  for (int round = 0; round < 3; ++round) {
    Begin(site);
    frontier_->GiveUp("b.example");
    auto seed = Lease();
    ASSERT_TRUE(seed);
    frontier_->TransferEnded(*seed, {});
    std::vector<Finished> group(1);
    group[0].task = *seed;
    group[0].verdict = "unchanged";
    group[0].counter = model::Counter{"http://b.example/hits?id=1", "generic", "GET", "read_only"};
    group[0].ask_counter = true;
    std::vector<StateWrite> writes;
    frontier_->Finish(group, writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
    EXPECT_EQ(frontier_->GetProgress("demo").queued_now, 1u);
    EndRound(Frontier::RoundEnd::kDoneButLeft);
  }
}

TEST_F(FrontierTest, ReplayOfACaptureDoesWhatFinishDid) {
  auto site = MakeSite();
  Begin(site);
  store::CaptureFacts facts;
  facts.url = "http://a.example/";
  facts.site = "demo";
  facts.round = 1;
  facts.time = clock_.now;
  facts.status = 200;
  facts.discovered = {{"http://a.example/1.htm", model::LinkKind::kArticle, 1, "one", ""},
                      CounterDiscovery({"http://a.example/hits?id=1", "generic", "GET", "read_only"}, {}, 0)};
  const auto get = [this](std::string_view key) { return archive_->GetState(key).value_or(std::nullopt); };
  ASSERT_TRUE(archive_->Commit({}, Frontier::Replay(facts, Verdict("new"), get)));
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
  ASSERT_TRUE(archive_->Commit({}, Frontier::Replay(answered, Verdict("counter"), get)));
  Restart();
  Begin(site);
  EXPECT_THAT(Drain(), ElementsAre("http://a.example/1.htm"));
}

// An outage cut a round off when its seed and a list had failed, and days later it goes on: what was published meanwhile stands on those.
TEST_F(FrontierTest, ARunBeginsWithTheSeedsAndTheListsThatTheRunBeforeCouldNotRead) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  const std::vector<model::Link> links = {MakeLink("/a/list.htm", model::LinkKind::kList), MakeLink("/b/list.htm", model::LinkKind::kList), MakeLink("/1.htm"),
                                          MakeLink("/2.htm")};
  Done(*Lease(), links, model::PageKind::kList, std::nullopt, "new");
  Drain("new");
  EndRound();
  EXPECT_FALSE(*Frontier::MissesLists(*archive_, *site));

  for (const RoundMode mode : {RoundMode::kSweep, RoundMode::kDue}) {
    clock_.now += std::chrono::hours(24);
    Begin(site, mode);
    // Seed and one list fail, one more page is read, then nothing answers any more.
    std::set<std::string> rest = {"http://a.example/1.htm", "http://a.example/2.htm"};
    if (mode == RoundMode::kSweep) rest.insert("http://a.example/b/list.htm");  // no change was seen there: it is not due yet
    for (const char* verdict : {"failed", "failed", "unchanged"}) {
      auto task = Lease();
      ASSERT_TRUE(task);
      Done(*task, {}, model::PageKind::kList, std::nullopt, verdict);
      rest.erase(task->url);
    }
    frontier_->EndRun("demo");
    EXPECT_TRUE(*Frontier::MissesLists(*archive_, *site));
    Restart();
    clock_.now += std::chrono::hours(1);
    EXPECT_TRUE(Begin(site, mode)) << "the same round goes on";
    auto seed = Lease();
    ASSERT_TRUE(seed);
    EXPECT_EQ(seed->url, "http://a.example/");
    EXPECT_EQ(seed->depth, 0u);
    Done(*seed, {}, model::PageKind::kList, std::nullopt, "unchanged");
    auto list = Lease();
    ASSERT_TRUE(list);
    EXPECT_EQ(list->url, "http://a.example/a/list.htm");
    EXPECT_EQ(list->depth, 1u);
    EXPECT_EQ(list->via, "http://a.example/");
    Done(*list, {}, model::PageKind::kList, std::nullopt, "changed");
    EXPECT_THAT(Drain("unchanged"), testing::UnorderedElementsAreArray(rest)) << "what was read is not read again";
    EXPECT_FALSE(*Frontier::MissesLists(*archive_, *site));
    EndRound();
  }
}

// Nothing was left when the run ended: the next round, due or not, has what failed, hours before its turn.
TEST_F(FrontierTest, ARoundThatEndedWithoutItsListsIsFollowedByOneThatBeginsWithThem) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  Done(*Lease(), {MakeLink("/a/list.htm", model::LinkKind::kList), MakeLink("/1.htm")}, model::PageKind::kList, std::nullopt, "new");
  const auto list = Lease();
  Done(*list, {}, model::PageKind::kList, std::nullopt, "failed");
  Drain("new");
  EndRound();
  clock_.now += std::chrono::minutes(20);
  EXPECT_FALSE(Begin(site, RoundMode::kDue));
  EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/", "http://a.example/a/list.htm"));
  EndRound();
  EXPECT_FALSE(*Frontier::MissesLists(*archive_, *site));
}

// A list that is gone for good does not begin every run for years, and one that robots.txt forbids begins none.
TEST_F(FrontierTest, AListThatNeverComesIsGivenTheTurnOfAPageThatFails) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  Done(*Lease(), {MakeLink("/dead/list.htm", model::LinkKind::kList), MakeLink("/denied/list.htm", model::LinkKind::kList)}, model::PageKind::kList, std::nullopt,
       "new");
  Done(*Lease(), {}, model::PageKind::kList, std::nullopt, "failed");
  Done(*Lease(), {}, model::PageKind::kList, std::nullopt, "");
  EndRound();
  int asked = 0;
  for (int run = 0; run < 60; ++run) {
    clock_.now += std::chrono::minutes(5);
    Begin(site, RoundMode::kDue);
    while (auto task = Lease()) {
      EXPECT_NE(task->url, "http://a.example/denied/list.htm");
      const bool dead = task->url == "http://a.example/dead/list.htm";
      asked += dead ? 1 : 0;
      Done(*task, {}, model::PageKind::kList, std::nullopt, dead ? "failed" : "unchanged");
    }
    EndRound();
  }
  EXPECT_EQ(asked, 20);
  EXPECT_FALSE(*Frontier::MissesLists(*archive_, *site));
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

TEST_F(FrontierTest, ADueRoundVisitsWhatIsDueAndASweepEverything) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 30; ++i) {
    // Old news: published long ago, so not due for weeks.
    model::Link link = MakeLink("/old/" + std::to_string(i) + ".htm");
    link.date = "2015-03-04";
    links.push_back(link);
  }
  for (int i = 0; i < 5; ++i) links.push_back(MakeLink("/new/" + std::to_string(i) + ".htm"));
  Done(*seed, links, model::PageKind::kList, std::nullopt, "new");
  EXPECT_EQ(Drain("new").size(), 35u);
  EndRound();
  Begin(site, RoundMode::kDue);
  EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/")) << "nothing is due at once";
  EndRound();

  clock_.now += std::chrono::hours(25);
  Begin(site, RoundMode::kDue);
  const auto due = Drain("unchanged");
  EXPECT_EQ(due.size(), 6u) << "the seed and the five new articles";
  EXPECT_EQ(due.front(), "http://a.example/") << "lists first";
  EndRound();

  Begin(site, RoundMode::kSweep);
  EXPECT_EQ(Drain("unchanged").size(), 36u);
  EndRound();
  clock_.now += std::chrono::days(31);
  Begin(site, RoundMode::kDue);
  EXPECT_EQ(Drain("unchanged").size(), 36u) << "the slow sweep: everything is due within thirty days";
}

TEST_F(FrontierTest, ASweepGoesOnWhereItWasAfterARestart) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  std::vector<model::Link> links;
  for (int i = 0; i < 300; ++i) links.push_back(MakeLink("/" + std::to_string(i) + ".htm"));
  Done(*seed, links, model::PageKind::kList, std::nullopt, "new");
  EXPECT_EQ(Drain("new").size(), 300u);
  EndRound();
  std::multiset<std::string> visited;
  Begin(site, RoundMode::kSweep);
  for (int i = 0; i < 301; ++i) {
    auto task = Lease();
    ASSERT_TRUE(task) << i;
    visited.insert(task->url);
    Done(*task, {}, model::PageKind::kArticle, std::nullopt, "unchanged");
    if (i % 50 == 49) {
      Restart();
      EXPECT_TRUE(Begin(site, RoundMode::kSweep));
    }
  }
  EXPECT_FALSE(Lease());
  EndRound();
  EXPECT_EQ(visited.size(), std::set<std::string>(visited.begin(), visited.end()).size()) << "each once";
}

TEST_F(FrontierTest, ADueRoundThatIsUnderWayBecomesASweepWhenOneIsAskedFor) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm")}, model::PageKind::kList, std::nullopt, "new");
  Drain("new");
  EndRound();
  clock_.now += std::chrono::hours(1);
  Begin(site, RoundMode::kDue);
  ASSERT_TRUE(Lease());
  Restart();
  EXPECT_TRUE(Begin(site, RoundMode::kSweep));
  EXPECT_EQ(Drain("unchanged").size(), 3u);
}

TEST_F(FrontierTest, WhatCameBackIntoScopeIsVisitedAgain) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  site->hosts = {"a.example", "b.example"};
  Begin(site);
  auto seed = Lease();
  Done(*seed, {{"http://b.example/1.htm", model::LinkKind::kArticle, "", ""}}, model::PageKind::kList, std::nullopt, "new");
  EXPECT_EQ(Drain("new").size(), 1u);
  EndRound();
  auto narrow = std::make_shared<model::Site>(*site);
  narrow->hosts = {"a.example"};
  Begin(narrow);
  EXPECT_THAT(Drain("unchanged"), ElementsAre("http://a.example/"));
  EndRound();
  Begin(site);
  EXPECT_EQ(Drain("unchanged").size(), 2u);
}

TEST_F(FrontierTest, TwoSitesOnOneHostShareItsClockAndNeitherEndsForTheOther) {
  const auto one = MakeSite();
  const auto two = std::make_shared<model::Site>(*one);
  one->connections_per_host = two->connections_per_host = 1;
  two->id = "other";
  two->seeds = {"http://a.example/b/"};
  Begin(one);
  Begin(two);
  const auto first = Lease();
  ASSERT_TRUE(first);
  EXPECT_FALSE(Lease()) << "one connection, whoever asks";
  const std::string waits = first->site->id == "demo" ? "other" : "demo";
  EXPECT_FALSE(frontier_->Idle(waits)) << "it has its seed to fetch as soon as the host is free";
  Done(*first, {MakeLink("/1.htm"), MakeLink("/2.htm")}, model::PageKind::kList, std::nullopt, "new");
  EXPECT_FALSE(Lease()) << "the delay is the host's";
  EXPECT_FALSE(frontier_->Idle(waits));
  clock_.now += milliseconds(1000);
  const auto second = Lease();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->site->id, waits);
  Done(*second, {MakeLink("/b/1.htm"), MakeLink("/b/2.htm")}, model::PageKind::kList, std::nullopt, "new");
  // They take turns, although one had its links first.
  for (int i = 0; i < 4; ++i) {
    clock_.now += milliseconds(1000);
    const auto next = Lease();
    ASSERT_TRUE(next) << i;
    EXPECT_EQ(next->site->id == waits, i % 2 == 1) << i;
    Done(*next, {}, model::PageKind::kArticle, std::nullopt, "new");
  }
  EXPECT_TRUE(frontier_->Idle("demo"));
  EXPECT_TRUE(frontier_->Idle("other"));
}

TEST_F(FrontierTest, HostsAtOneAddressKeepTheDelayBetweenThem) {
  auto site = MakeSite();
  site->hosts = {"a.example", "b.example"};
  site->seeds = {"http://a.example/", "http://b.example/"};
  Begin(site);
  HostReport report;
  report.address = "203.0.113.7";
  std::vector<FetchTask> first;
  for (int i = 0; i < 2; ++i) {
    auto task = Lease();
    ASSERT_TRUE(task);
    first.push_back(*task);
    frontier_->TransferEnded(*task, report);
  }
  std::vector<Finished> group(2);
  std::vector<StateWrite> writes;
  for (int i = 0; i < 2; ++i) {
    group[i].task = first[i];
    group[i].discovered = frontier_->Select(first[i], model::PageKind::kList,
                                            {{"http://" + first[i].host + "/1.htm", model::LinkKind::kArticle, "", ""}});
  }
  frontier_->Finish(group, writes);
  ASSERT_TRUE(archive_->Commit({}, writes));
  frontier_->Committed(group);
  for (const bool restart : {false, true}) {
    if (restart) {
      Restart();
      Begin(site);
    }
    clock_.now += milliseconds(1000);
    auto one = Lease();
    ASSERT_TRUE(one);
    EXPECT_FALSE(Lease()) << "the other host is at the same address";
    frontier_->TransferEnded(*one, report);
    frontier_->Return(*one);
  }
}

TEST_F(FrontierTest, ALostLeaseIsLeasedAgain) {
  auto site = MakeSite();
  Begin(site);
  ASSERT_TRUE(Lease());
  clock_.now += std::chrono::minutes(20);
  EXPECT_FALSE(Lease());
  clock_.now += std::chrono::minutes(20);
  EXPECT_TRUE(Lease());
}

TEST_F(FrontierTest, RetryAfterIsStoredAndSaidToWhoeverAsks) {
  auto site = MakeSite();
  Begin(site);
  auto seed = Lease();
  HostReport report;
  report.strained = report.failed = true;
  report.retry_after = seconds(7200);
  frontier_->TransferEnded(*seed, report);
  std::vector<Finished> group(1);
  group[0].task = *seed;
  group[0].retry_at = clock_.now + seconds(60);
  std::vector<StateWrite> writes;
  frontier_->Finish(group, writes);
  ASSERT_TRUE(archive_->Commit({}, writes));
  frontier_->Committed(group);
  // A run ends without what waits so long, and can say until when.
  EXPECT_FALSE(Lease());
  EXPECT_TRUE(frontier_->Idle("demo"));
  EXPECT_THAT(frontier_->GetProgress("demo").resting_hosts, ElementsAre(testing::Pair("a.example", clock_.now + seconds(7200))));
  Restart();
  EXPECT_TRUE(Begin(site));
  EXPECT_FALSE(Lease());
  EXPECT_TRUE(frontier_->Idle("demo"));
  clock_.now += seconds(7199);
  EXPECT_FALSE(Lease());
  clock_.now += seconds(1);
  EXPECT_TRUE(Lease());
}

// A 304 is believed for so long after the page itself was got, however often it comes.
TEST_F(FrontierTest, RemembersWhenAPageWasLastGotWhole) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  const UtcTime first = clock_.now;
  FetchTask page;
  for (const auto& [verdict, days] : std::vector<std::pair<std::string, int>>{{"new", 0}, {"not_modified", 0}, {"not_modified", 0}, {"failed", 0}, {"unchanged", 4}, {"not_modified", 4}}) {
    Begin(site);
    auto seed = Lease();
    ASSERT_TRUE(seed);
    frontier_->TransferEnded(*seed, {});
    std::vector<Finished> group(1);
    group[0].task = *seed;
    group[0].time = clock_.now;
    group[0].verdict = verdict;
    std::vector<StateWrite> writes;
    frontier_->Finish(group, writes);
    ASSERT_TRUE(archive_->Commit({}, writes));
    frontier_->Committed(group);
    EXPECT_EQ(frontier_->LastWhole(*seed), first + std::chrono::days(days)) << verdict;
    EndRound();
    clock_.now += std::chrono::days(1);
  }
}

TEST_F(FrontierTest, FreshnessOfASite) {
  auto site = MakeSite();
  site->delay = milliseconds(0);
  Begin(site);
  auto seed = Lease();
  Done(*seed, {MakeLink("/1.htm"), MakeLink("/2.htm")}, model::PageKind::kList, std::nullopt, "new");
  Drain("new");
  EndRound();
  auto freshness = Frontier::GetFreshness(*archive_, "demo", clock_.now);
  ASSERT_TRUE(freshness);
  EXPECT_EQ(freshness->pages, 3u);
  EXPECT_EQ(freshness->lists, 1u);
  EXPECT_EQ(freshness->overdue, 0u);
  EXPECT_GT(freshness->expected, 0.5);
  const auto later = Frontier::GetFreshness(*archive_, "demo", clock_.now + std::chrono::days(60));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->overdue, 3u);
  EXPECT_LT(later->expected, freshness->expected);
}

TEST(Keys, UrlsComeBackFromTheirKeys) {
  for (const std::string url : {"http://a.example/", "https://a.example:8443/x?y=1", "http://user:p@a.example/p", "http://a.example?q",
                                "http://[2001:db8::1]:8080/a/b.htm"}) {
    EXPECT_EQ(UrlOfKey("demo", UrlKey("demo", url)), url);
    FetchTask task;
    task.url = url;
    task.host = HostOf(url);
    task.via = "http://b.example/list/";
    task.text = "标题";
    task.date = "2021-11-29";
    task.depth = 3;
    task.kind = model::LinkKind::kAttachment;
    task.queue_key = DuePlace("demo", task.host, task.kind, UtcTime(seconds(1'700'000'000)), url);
    const auto due = TaskFromValue("demo", task.host, task.queue_key, ToValue(task));
    ASSERT_TRUE(due) << url;
    EXPECT_EQ(due->url, url);
    EXPECT_EQ(due->via, task.via);
    EXPECT_EQ(due->text, task.text);
    KnownUrl known;
    known.place = task.queue_key;
    known.round = 300;
    known.history = {2.5f, 1.0f, 30.0f};
    known.last_visit = UtcTime(seconds(1'600'000'000));
    known.counter = model::Counter{"http://a.example/c", "vsb", "GET", "read_only"};
    known.counted_pages = {"http://a.example/1.htm", "", "https://b.example/info/2.htm"};
    const auto again = KnownUrlFromValue("demo", url, ToValue(known));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->counted_pages, known.counted_pages);
    task.counter = true;
    task.counted_pages = known.counted_pages;
    const auto batch = TaskFromValue("demo", task.host, task.queue_key, ToValue(task));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->counted_pages, task.counted_pages);
    EXPECT_EQ(again->place, known.place);
    EXPECT_EQ(again->last_visit, known.last_visit);
    EXPECT_EQ(again->history.days, 30.0f);
    EXPECT_EQ(again->counter->kind, "vsb");
  }
}

TEST(Keys, ValuesThatAreCutAreRefused) {
  KnownUrl known;
  known.place = NewPlace("demo", "a.example", model::LinkKind::kArticle);
  known.counter = model::Counter{"http://a.example/c", "vsb", "GET", "read_only"};
  known.counted_pages = {"http://a.example/1.htm"};
  const std::string value = ToValue(known);
  for (size_t size = 0; size < value.size(); ++size) {
    EXPECT_FALSE(KnownUrlFromValue("demo", "http://a.example/", std::string_view(value).substr(0, size))) << size;
  }
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
