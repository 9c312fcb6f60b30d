#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "config/config.h"
#include "crawl/crawl.h"
#include "report/report.h"
#include "serve/api.h"
#include "serve/http_server.h"
#include "serve/serve.h"
#include "serve/status.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool WaitUntil(const std::function<bool()>& holds, seconds patience = seconds(60)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

// Sites of one page each, all on one server, each at an address of its own (127.0.0.2, …).
class DaemonTest : public testing::Test {
 protected:
  void SetUp() override {
    // Every loopback address at once.
    auto server = HttpServer::Start("0.0.0.0:0", [this](const HttpRequest& request) -> HttpAnswer {
      ++requests_;
      if (request.path == "/robots.txt") return {404, "text/plain", "none"};
      if (on_page_) on_page_(request.path);
      return {200, "text/html", "<html><head><title>Notice of the office</title></head><body><h1>Notice of the office</h1><p>" + request.path +
                                    " Everything that is said here stands here once, and is long enough to be a text.</p></body></html>"};
    });
    ASSERT_TRUE(server) << server.error().ToString();
    server_ = std::move(*server);
    const std::string& address = server_->address();
    port_ = address.substr(address.rfind(':') + 1);
    port_.pop_back();
    std::filesystem::create_directories(directory_.path() + "/config/sites");
    WriteSettings("");
  }
  void WriteSettings(const std::string& more) const {
    std::ofstream(directory_.path() + "/config/fangzhi.toml") << "min_free_bytes = \"0 B\"\n" << more;
  }
  std::string HostOf(int number) const { return "127.0.1." + std::to_string(number); }
  void WriteSite(int number, const std::string& more = "") const {
    const std::string id = "s" + std::to_string(number);
    std::ofstream(directory_.path() + "/config/sites/" + id + ".toml")
        << "id = \"" << id << "\"\nseeds = [\"http://" << HostOf(number) << ":" << port_ << "/" << id << ".html\"]\n"
        << "schedule = \"every 1h\"\nallow_private = true\ndelay = \"0s\"\n" << more;
  }
  config::Config Load() const {
    config::LoadResult loaded = config::Load(directory_.path() + "/config");
    for (const auto& problem : loaded.problems) ADD_FAILURE() << problem.ToString();
    return loaded.config;
  }
  void Open() {
    auto archive = crawl::OpenArchive(directory_.path() + "/archive", {}, true);
    ASSERT_TRUE(archive) << archive.error().ToString();
    archive_ = std::move(*archive);
  }
  void MakeDaemon(config::Config config) {
    DaemonOptions options;
    options.config_directory = directory_.path() + "/config";
    auto daemon = Daemon::Create(*archive_, std::move(config), std::move(options));
    ASSERT_TRUE(daemon) << daemon.error().ToString();
    daemon_ = std::move(*daemon);
  }
  void Run() {
    thread_ = std::jthread([this](std::stop_token stop) {
      const auto ended = daemon_->Run(std::move(stop));
      EXPECT_TRUE(ended) << ended.error().ToString();
    });
  }
  void Stop() {
    thread_ = {};
    daemon_.reset();
    if (archive_) {
      EXPECT_TRUE(archive_->Close());
    }
    archive_.reset();
  }
  void TearDown() override {
    Stop();
    server_.reset();
  }
  size_t Count(const std::string& state) const {
    size_t count = 0;
    const Json status = daemon_->Status();
    for (const Json& site : status["sites"]) count += site["state"] == state ? 1 : 0;
    return count;
  }
  size_t ThatRan() const {
    size_t count = 0;
    const Json status = daemon_->Status();
    for (const Json& site : status["sites"]) count += site["last_run"].is_object() ? 1 : 0;
    return count;
  }

  test::TempDirectory directory_;
  std::atomic<int> requests_{0};
  std::function<void(const std::string&)> on_page_;
  std::unique_ptr<HttpServer> server_;
  std::string port_;
  std::unique_ptr<store::Archive> archive_;
  std::unique_ptr<Daemon> daemon_;
  std::jthread thread_;
};

// More sites than a daemon has begun by the time the first of them is asked for a page.
class ManySites : public DaemonTest {
 protected:
  static constexpr int kSites = 120;
  void RunManySites() {
    for (int i = 1; i <= kSites; ++i) WriteSite(i);
    Open();
    MakeDaemon(Load());
    Run();
    ASSERT_TRUE(WaitUntil([&] { return requests_ > 0; }));
  }
};

TEST_F(ManySites, APauseReachesRunsThatWaitToBeBegun) {
  ASSERT_NO_FATAL_FAILURE(RunManySites());
  ASSERT_TRUE(daemon_->Pause("all"));
  ASSERT_TRUE(WaitUntil([&] { return Count("running") == 0; }));
  const size_t ran = ThatRan();
  EXPECT_LT(ran, static_cast<size_t>(kSites));
  EXPECT_EQ(Count("paused"), static_cast<size_t>(kSites));
  // Who had not begun is as one that never ran: not one that was cut off.
  ASSERT_TRUE(daemon_->Resume("all"));
  ASSERT_TRUE(WaitUntil([&] { return ThatRan() == kSites && Count("running") == 0; }));
}

TEST_F(ManySites, ASiteThatIsDisabledDoesNotBeginAnyMore) {
  ASSERT_NO_FATAL_FAILURE(RunManySites());
  for (int i = 1; i <= kSites; ++i) WriteSite(i, "enabled = false\n");
  ASSERT_TRUE(daemon_->Reload());
  ASSERT_TRUE(WaitUntil([&] { return Count("running") == 0; }));
  EXPECT_LT(ThatRan(), static_cast<size_t>(kSites));
}

TEST_F(DaemonTest, WhatIsAskedForBeforeItRunsIsStoredToo) {
  WriteSite(1);
  Open();
  MakeDaemon(Load());
  ASSERT_TRUE(daemon_->Pause("s1"));
  Run();
  ASSERT_TRUE(WaitUntil([&] {
    const auto stored = archive_->GetState(SiteMemoryKey("s1"));
    const auto memory = stored && *stored ? SiteMemoryFromValue(**stored) : std::nullopt;
    return memory && memory->paused;
  }, seconds(5)));
}

TEST_F(DaemonTest, WhatWasEditedWhileItStartedIsRead) {
  WriteSite(1, "enabled = false\n");
  config::Config old = Load();
  // The archive may take minutes to open; meanwhile:
  WriteSite(2);
  Open();
  MakeDaemon(std::move(old));
  Run();
  EXPECT_TRUE(WaitUntil([&] { return daemon_->Status()["sites"].size() == 2; }, seconds(5)));
}

TEST_F(DaemonTest, WhatIsStoredOfASiteIsWhatIsRememberedOfIt) {
  WriteSite(1);
  Open();
  MakeDaemon(Load());
  // Paused again and again while its runs end.
  Run();
  std::jthread pauser([this](const std::stop_token& stop) {
    for (int i = 0; i < 50 && !stop.stop_requested(); ++i) {
      EXPECT_TRUE(daemon_->Pause("s1"));
      EXPECT_TRUE(daemon_->Resume("s1"));
      (void)daemon_->StartRun("s1", true);
    }
    EXPECT_TRUE(daemon_->Pause("s1"));
  });
  pauser.join();
  ASSERT_TRUE(WaitUntil([&] { return Count("running") == 0; }));
  Stop();
  Open();
  const auto stored = archive_->GetState(SiteMemoryKey("s1"));
  ASSERT_TRUE(stored && *stored);
  EXPECT_TRUE(SiteMemoryFromValue(**stored)->paused);
  EXPECT_FALSE(SiteMemoryFromValue(**stored)->cut_off && SiteMemoryFromValue(**stored)->last_ended == std::nullopt);
}

TEST_F(DaemonTest, WhatAKilledRunUsedIsTakenFromTheDaysQuota) {
  WriteSite(1, "max_pages_a_day = 100\nenabled = false\n");
  Open();
  SiteMemory memory;
  memory.last_started = SystemClock().Now();
  memory.cut_off = true;
  report::Coverage got;
  got.visits = 100;
  const std::vector<store::StateWrite> writes{{SiteMemoryKey("s1"), ToValue(memory)}, {report::PieceKey("s1", 1, 0), model::Dump(report::ToJson(got))}};
  ASSERT_TRUE(archive_->Commit({}, writes));
  Planner planner;
  ASSERT_TRUE(LoadPlanner(*archive_, Load(), SystemClock().Now(), planner));
  EXPECT_EQ(planner.MemoryOf("s1").pages_of_day, 100u);
  EXPECT_EQ(planner.QuotaOf("s1", SystemClock().Now()).pages, 1u);  // the least that it can say: nothing starts before midnight
}

TEST_F(DaemonTest, RunsThatAreTooMuchAtOnceAreNotGivenInPart) {
  Open();
  const std::string note(size_t{1} << 20, 'n');
  for (int i = 0; i < 40; ++i) {
    report::RunFacts facts;
    facts.site = "s" + std::to_string(i % 4);
    facts.started = facts.ended = SystemClock().Now() + seconds(i);
    facts.notes = {note};
    const report::Reported reported = report::Report(*archive_, facts, [](std::string_view) { return std::string_view(); });
    ASSERT_TRUE(archive_->Commit({}, reported.writes));
  }
  const auto ask = [this](const std::string& path, const std::map<std::string, std::string>& parameters) {
    return AnswerApi({"GET", path, parameters}, *archive_, SystemClock().Now(), [] { return Json(); });
  };
  const HttpAnswer all = ask("/api/runs", {});
  EXPECT_EQ(all.status, 413) << all.body.size();
  EXPECT_NE(all.body.find("site="), std::string::npos) << all.body;
  const HttpAnswer one = ask("/api/runs", {{"site", "s1"}});
  EXPECT_EQ(one.status, 200);
  const auto runs = model::ParseJson(one.body);
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->size(), 10u);
  EXPECT_EQ((*runs)[0]["notes"][0], note);
  EXPECT_EQ(model::ParseJson(ask("/api/runs", {{"limit", "2"}}).body)->size(), 8u);
  EXPECT_EQ(ask("/api/runs", {{"site", "nowhere"}}).status, 404);
  EXPECT_EQ(ask("/report", {{"site", "nowhere"}}).status, 404);
  EXPECT_EQ(ask("/api/impact", {}).status, 400);
  EXPECT_EQ(ask("/api/runs", {{"limit", "x"}}).status, 400);
  const HttpAnswer page = ask("/report", {});
  EXPECT_EQ(page.status, 200);
  EXPECT_LT(page.body.size(), size_t{5} << 20);  // of each site the latest run's notes
}

TEST_F(DaemonTest, AFullDiskIsToldWithoutADaemonToo) {
  WriteSite(1);
  Open();
  config::Config config = Load();
  EXPECT_TRUE(StoredStatus(*archive_, config, SystemClock().Now())["held_back"].is_null());
  config.settings.min_free_bytes = uint64_t{1} << 50;
  const Json status = StoredStatus(*archive_, config, SystemClock().Now());
  ASSERT_TRUE(status["held_back"].is_string());
  EXPECT_NE(status["held_back"].get<std::string>().find("the disk is full"), std::string::npos);
}

// --- reports: crawl/ stores them, whoever runs it ---

TEST_F(DaemonTest, ReportsOfTheSameMillisecondStandBesideEachOther) {
  Open();
  report::RunFacts facts;
  facts.site = "s1";
  facts.started = facts.ended = SystemClock().Now();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(archive_->Commit({}, report::Report(*archive_, facts, [](std::string_view) { return std::string_view(); }).writes));
  EXPECT_EQ(report::LoadRuns(*archive_, "s1", 5)->size(), 3u);
}

TEST_F(DaemonTest, AReportIsStoredWhenItsSiteIsDoneNotWhenAllAre) {
  WriteSite(1);
  WriteSite(2);
  Open();
  bool stored_meanwhile = false;
  on_page_ = [&](const std::string& path) {
    if (path != "/s2.html") return;
    stored_meanwhile = WaitUntil([&] {
      const auto runs = report::LoadRuns(*archive_, "s1", 1);
      return runs && !runs->empty();
    }, seconds(10));
  };
  crawl::CrawlOptions options;
  options.sites = Load().sites;
  const auto summary = crawl::Crawl(*archive_, options, {});
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->fetched, 2u);
  EXPECT_TRUE(stored_meanwhile);
  EXPECT_EQ(report::LoadRuns(*archive_, "s2", 5)->size(), 1u);
}

TEST_F(DaemonTest, ARoundWhoseRunWasKilledAtItsEndIsReportedAllTheSame) {
  WriteSite(1);
  Open();
  crawl::CrawlOptions options;
  options.sites = Load().sites;
  ASSERT_TRUE(crawl::Crawl(*archive_, options, {}));
  ASSERT_EQ(report::LoadRuns(*archive_, "s1", 5)->front().facts.round, 1u);
  // A kill between the last capture and the end of round 2 leaves its pieces, and nothing to be asked for.
  report::Coverage got;
  got.visits = 7;
  const std::vector<store::StateWrite> writes{{report::PieceKey("s1", 1, 0), model::Dump(report::ToJson(got))}};
  ASSERT_TRUE(archive_->Commit({}, writes));
  ASSERT_TRUE(crawl::Crawl(*archive_, options, {}));
  const auto runs = report::LoadRuns(*archive_, "s1", 5);
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->size(), 3u);
  EXPECT_EQ((*runs)[0].facts.round, 2u);
  EXPECT_EQ((*runs)[0].facts.coverage.visits, 1u);
  EXPECT_EQ((*runs)[1].facts.round, 1u);
  EXPECT_EQ((*runs)[1].run_coverage.visits + (*runs)[1].facts.fetched, 7u);  // the visits of a run alone are not stored
  EXPECT_TRUE(report::RoundsOfPieces(*archive_, "s1")->empty());
}

}  // namespace
}  // namespace fangzhi::serve
