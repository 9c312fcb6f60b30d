#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "crawl/crawl.h"
#include "extract/obstacle.h"
#include "frontier/frontier.h"
#include "report/report.h"
#include "serve/alert.h"
#include "serve/api.h"
#include "serve/config_watch.h"
#include "serve/http_server.h"
#include "serve/notify.h"
#include "serve/planner.h"
#include "serve/serve.h"
#include "serve/status.h"

namespace fangzhi::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// How often the planner is asked (in real time, less where the clock runs fast) and the configuration's files are looked at.
constexpr milliseconds kTick{250};
constexpr seconds kLookAtConfig{2};
// Sites that run at the same time at most: each holds a window of its queue in memory.
constexpr size_t kMostRuns = 200;
// The fetch loop that has not come round for so long is hung; systemd is then not told that all is well.
constexpr seconds kLoopHung{60};

}  // namespace

struct Daemon::Impl {
  Impl(store::Archive& a, config::Config c, DaemonOptions o)
      : archive(a), options(std::move(o)), clock(options.clock == nullptr ? system_clock : *options.clock), watch(options.config_directory),
        config(std::make_shared<const config::Config>(std::move(c))), started(clock.Now()) {
    config_loaded = started;
  }

  store::Archive& archive;
  const DaemonOptions options;
  const SystemClock system_clock{};
  const Clock& clock;
  ConfigWatch watch;  // Run's thread only
  std::atomic<int64_t> loop_beat{0};  // steady milliseconds of the fetch loop's last round

  Mutex storing;  // before `mutex`
  mutable Mutex mutex;
  std::condition_variable_any changed;
  Planner planner FZ_GUARDED_BY(mutex);
  std::shared_ptr<const config::Config> config FZ_GUARDED_BY(mutex);
  std::vector<std::string> config_problems FZ_GUARDED_BY(mutex);
  UtcTime config_loaded FZ_GUARDED_BY(mutex);
  uint64_t readings_asked FZ_GUARDED_BY(mutex) = 1, readings_done FZ_GUARDED_BY(mutex) = 0;  // of the configuration, by Reload; one at first: what was edited since the caller read it
  std::deque<Planner::Start> to_start FZ_GUARDED_BY(mutex);
  std::map<std::string, crawl::Summary> totals FZ_GUARDED_BY(mutex);  // of each site's runs that this process saw end
  std::shared_ptr<crawl::Crawler> crawler FZ_GUARDED_BY(mutex);
  std::string held_back FZ_GUARDED_BY(mutex);  // why nothing can be fetched, empty when it can
  std::optional<Error> loop_error FZ_GUARDED_BY(mutex);
  bool loop_ended FZ_GUARDED_BY(mutex) = false;

  const UtcTime started;
  std::unique_ptr<HttpServer> http;

  Result<void> Open();
  Result<void> OpenHttp();
  Result<void> Run(const std::stop_token& stop);
  Result<void> StartCrawler();
  void StarterLoop(const std::stop_token& stop);
  void Alert(const crawl::RunResult& result);
  void RunEnded(const crawl::RunResult& result);
  void Reload();
  void Store(const std::vector<std::string>& sites) FZ_EXCLUDES(mutex);
  Result<Json> SetPaused(const std::string& site, bool paused);
  Json StatusNow() const;
  HttpAnswer Answer(const HttpRequest& request) const;

  Alerter alerter;
  std::jthread loop_thread, starter_thread;
};

Result<void> Daemon::Impl::Open() {
  MutexLock lock(mutex);
  if (options.clock_rate != 1) {
    for (const auto& site : config->sites) {
      if (!site->allow_private) {
        return Fail(ErrorKind::kInvalidConfig, "--clock-rate is for test sites at private addresses (allow_private)", site->id);
      }
    }
  }
  FZ_TRY(LoadPlanner(archive, *config, clock.Now(), planner));
  return {};
}

// Makes what is remembered of sites durable, as it is now, and with it whether everything is paused: one at a time, so that no older state is stored
// over a newer one. A failure is the crawler's to report: the archive is at its end then.
void Daemon::Impl::Store(const std::vector<std::string>& sites) {
  MutexLock in_order(storing);
  std::vector<store::StateWrite> writes;
  std::shared_ptr<crawl::Crawler> now;
  {
    MutexLock lock(mutex);
    writes.push_back({AllPausedKey(), planner.all_paused() ? std::optional<std::string>("1") : std::nullopt});
    for (const std::string& site : sites) writes.push_back({SiteMemoryKey(site), ToValue(planner.MemoryOf(site))});
    now = crawler;
  }
  if (!now) return;
  if (auto committed = now->CommitState(writes); !committed) {
    Log(LogLevel::kError, "serve", "state_not_stored", {{"error", Escaped(committed.error().ToString())}});
  }
}

void Daemon::Impl::Alert(const crawl::RunResult& result) {
  const report::RunRecord* before = result.before ? &*result.before : nullptr;
  if (!IsWorthAnAlert(result.record, before)) return;
  std::shared_ptr<const config::Config> settings;
  {
    MutexLock lock(mutex);
    settings = config;
  }
  alerter.Send(settings, AlertText(result.record, before));
}

void Daemon::Impl::RunEnded(const crawl::RunResult& result) {
  const std::string& site = result.site->id;
  const crawl::Summary& summary = result.summary;
  Ending ending = Ending::kDone;
  if (summary.stopped) ending = Ending::kCutOff;
  else if (summary.budget_used) ending = Ending::kBudget;
  else if (summary.still_queued > 0) ending = Ending::kLeft;
  // Seeds and lists that gave nothing are asked again soon: what is published while the host is ill must not wait for the schedule.
  else if (const auto missing = frontier::Frontier::MissesLists(archive, *result.site); missing && *missing) ending = Ending::kLeft;
  {
    MutexLock lock(mutex);
    planner.Ended(site, clock.Now(), ending);
    planner.Used(site, result.started, summary.fetched, summary.bytes);
    crawl::Add(totals[site], summary);
  }
  Store({site});
  Alert(result);
  Log(LogLevel::kInfo, "serve", "run_ended",
      {{"site", Escaped(site)}, {"grade", Escaped(report::GradeName(result.record.grade))}, {"fetched", Number(static_cast<int64_t>(summary.fetched))},
       {"failed", Number(static_cast<int64_t>(summary.failed))}, {"left", Number(static_cast<int64_t>(summary.still_queued))}});
  changed.notify_all();
}

// Begins runs on a thread of its own: to queue a large site takes a while, and the planner must not wait for it.
void Daemon::Impl::StarterLoop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Planner::Start start;
    crawl::RunTerms terms;
    std::shared_ptr<crawl::Crawler> now;
    bool wanted = false;
    {
      MutexLock lock(mutex);
      while (to_start.empty() || !crawler) {
        if (stop.stop_requested()) return;
        changed.wait_for(mutex, kTick);
      }
      start = std::move(to_start.front());
      to_start.pop_front();
      const Planner::Quota quota = planner.QuotaOf(start.site->id, clock.Now());
      terms = {quota.pages, quota.bytes, std::string(TriggerName(start.trigger))};
      now = crawler;
      wanted = planner.Wanted(start);
      if (!wanted) planner.NotStarted(start.site->id, clock.Now(), false);
    }
    if (!wanted) {
      Store({start.site->id});
      continue;
    }
    const auto begun = now->Begin(start.site, start.sweep ? frontier::RoundMode::kSweep : frontier::RoundMode::kDue, std::move(terms));
    if (begun) {
      // Who said so while it was being begun found no run to end.
      MutexLock lock(mutex);
      if (!planner.Wanted(start)) now->End(start.site->id);
      continue;
    }
    if (begun.error().kind == ErrorKind::kCancelled) return;  // the loop is stopping: the next daemon finds the run cut off
    Log(LogLevel::kError, "serve", "run_not_begun", {{"site", Escaped(start.site->id)}, {"error", Escaped(begun.error().ToString())}});
    {
      MutexLock lock(mutex);
      planner.NotStarted(start.site->id, clock.Now(), true);
    }
    Store({start.site->id});
  }
}

Result<void> Daemon::Impl::StartCrawler() {
  crawl::CrawlerOptions crawler_options;
  {
    MutexLock lock(mutex);
    crawler_options.settings = config->settings;
    crawler_options.profiles = config->profiles;
  }
  crawler_options.clock = &clock;
  crawler_options.clock_rate = options.clock_rate;
  crawler_options.wait_for_disk = true;
  crawler_options.on_run_end = [this](const crawl::RunResult& result) { RunEnded(result); };
  crawler_options.on_late_report = [this](const crawl::RunResult& result) { Alert(result); };
  crawler_options.on_tick = [this] { loop_beat = std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count(); };
  FZ_ASSIGN(std::shared_ptr<crawl::Crawler> made, crawl::Crawler::Create(archive, std::move(crawler_options)));
  loop_beat = std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  {
    MutexLock lock(mutex);
    crawler = made;
    loop_ended = false;
    loop_error.reset();
  }
  loop_thread = std::jthread([this, made](std::stop_token stop) {
    std::optional<Error> error;
    try {
      if (auto ended = made->Loop(stop, false); !ended) error = std::move(ended.error());
    } catch (const std::exception& problem) {
      error = Error{ErrorKind::kInternal, std::string("fetch loop: ") + problem.what(), ""};
    }
    {
      MutexLock lock(mutex);
      loop_error = std::move(error);
      loop_ended = true;
    }
    changed.notify_all();
  });
  return {};
}

void Daemon::Impl::Reload() {
  NotifyReloading();
  config::LoadResult loaded = config::Load(options.config_directory);
  std::vector<std::string> problems;
  for (const config::Problem& problem : loaded.problems) problems.push_back(problem.ToString());
  if (options.clock_rate != 1 && problems.empty()) {
    for (const auto& site : loaded.config.sites) {
      if (!site->allow_private) problems.push_back(site->id + ": a fast clock is for sites at private addresses");
    }
  }
  std::vector<std::string> to_end;
  {
    MutexLock lock(mutex);
    config_problems = problems;
    if (problems.empty()) {
      config = std::make_shared<const config::Config>(std::move(loaded.config));
      config_loaded = clock.Now();
      for (const auto& site : planner.Sites()) {
        const auto still = config->FindSite(site->id);
        if (!still || (site->enabled && !still->enabled)) to_end.push_back(site->id);
      }
      planner.SetSites(config->sites, clock.Now());
      if (crawler) {
        for (const std::string& site : to_end) crawler->End(site);
        crawler->SetMinFreeBytes(config->settings.min_free_bytes);
      }
    }
  }
  // Told to whoever reads the log; the one that was read before stays in force.
  for (const std::string& problem : problems) Log(LogLevel::kError, "serve", "configuration_refused", {{"problem", Escaped(problem)}});
  if (problems.empty()) Log(LogLevel::kInfo, "serve", "configuration_read");
  Notify("READY=1");
}

Result<void> Daemon::Impl::OpenHttp() {
  if (!options.listen.empty()) {
    auto server = HttpServer::Start(options.listen, [this](const HttpRequest& request) { return Answer(request); });
    if (server) {
      http = std::move(*server);
    } else if (options.listen_required) {
      return Fail(server.error());
    } else {
      Log(LogLevel::kWarn, "serve", "no_http", {{"error", Escaped(server.error().ToString())}});
    }
  }
  return {};
}

Result<void> Daemon::Impl::Run(const std::stop_token& stop) {
  FZ_TRY(StartCrawler());
  std::vector<std::string> known;
  {
    MutexLock lock(mutex);
    for (const auto& site : planner.Sites()) known.push_back(site->id);
  }
  Store(known);  // what was asked for before there was anything to store it with, and what killed runs used
  starter_thread = std::jthread([this](std::stop_token ended) { StarterLoop(ended); });
  const auto watchdog = WatchdogInterval();
  Notify("READY=1");
  std::stop_callback wake(stop, [this] { changed.notify_all(); });

  std::optional<Error> failure;
  auto next_look = steady_clock::now() + kLookAtConfig;
  auto next_watchdog = steady_clock::now();
  while (!stop.stop_requested()) {
    const auto real_now = steady_clock::now();
    uint64_t asked = 0;
    bool read_config = false;
    {
      MutexLock lock(mutex);
      asked = readings_asked;
      read_config = asked != readings_done;
    }
    if (real_now >= next_look) {
      next_look = real_now + kLookAtConfig;
      read_config = watch.Changed() || read_config;
    }
    if (read_config) {
      Reload();
      {
        MutexLock lock(mutex);
        readings_done = asked;
      }
      changed.notify_all();
    }

    std::vector<Planner::Start> begun;
    std::vector<std::string> sites_begun;
    {
      MutexLock lock(mutex);
      if (loop_ended) {
        failure = loop_error ? *loop_error : Error{ErrorKind::kInternal, "the fetch loop ended by itself", ""};
        break;
      }
      held_back = crawler->DiskProblem();
      const UtcTime now = clock.Now();
      const size_t under_way = planner.Running().size();
      for (Planner::Start& start : planner.Due(now, under_way < kMostRuns && held_back.empty() ? kMostRuns - under_way : 0)) {
        planner.Started(start.site->id, now);
        sites_begun.push_back(start.site->id);
        begun.push_back(std::move(start));
      }
    }
    // What is remembered is stored before the run begins: a crash then finds it cut off, and goes on with it.
    if (!begun.empty()) {
      Store(sites_begun);
      MutexLock lock(mutex);
      to_start.insert(to_start.end(), std::make_move_iterator(begun.begin()), std::make_move_iterator(begun.end()));
      changed.notify_all();
    }
    if (watchdog && real_now >= next_watchdog) {
      const auto since = std::chrono::duration_cast<milliseconds>(real_now.time_since_epoch()).count() - loop_beat.load();
      MutexLock lock(mutex);
      if (since < std::chrono::duration_cast<milliseconds>(kLoopHung).count()) Notify("WATCHDOG=1");
      next_watchdog = real_now + *watchdog / 3;
    }
    MutexLock lock(mutex);
    if (!stop.stop_requested() && readings_asked == readings_done) {
      changed.wait_for(mutex, std::max(milliseconds(5), std::chrono::duration_cast<milliseconds>(kTick / std::min(options.clock_rate, 50.0))));
    }
  }

  Notify("STOPPING=1");
  loop_thread.request_stop();
  starter_thread.request_stop();
  changed.notify_all();
  loop_thread = {};  // joins: in-flight requests are cut, the last captures are committed
  starter_thread = {};
  std::unique_ptr<HttpServer> server;
  {
    MutexLock lock(mutex);
    server = std::move(http);
  }
  server.reset();  // without the mutex: its threads may be waiting for it
  MutexLock lock(mutex);
  if (!failure && loop_error) failure = loop_error;
  crawler.reset();
  if (failure) return Fail(std::move(*failure));
  return {};
}

// What the archive says is read without the mutex: it may take a while, and the fetch loop must not wait for it.
Json Daemon::Impl::StatusNow() const {
  Planner planned;
  std::shared_ptr<const config::Config> settings;
  std::vector<crawl::RunStatus> runs;
  std::string held;
  Json daemon;
  {
    MutexLock lock(mutex);
    planned = planner;
    settings = config;
    held = held_back;
    if (crawler && !loop_ended) runs = crawler->Runs();
    daemon = Json{{"pid", ::getpid()},
                  {"started", FormatIso8601(started)},
                  {"listening", http ? Json(http->address()) : Json(nullptr)},
                  {"config_read", FormatIso8601(config_loaded)},
                  {"config_problems", config_problems}};
  }
  Json status = MakeStatus({archive, *settings, planned, clock.Now(), std::move(runs), std::move(held)});
  status["daemon"] = std::move(daemon);
  return status;
}

HttpAnswer Daemon::Impl::Answer(const HttpRequest& request) const {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && request.path == "/healthz") {
    MutexLock lock(mutex);
    const bool well = !loop_ended && held_back.empty();
    return {well ? 200 : 503, "text/plain; charset=utf-8", well ? "ok\n" : loop_ended ? "the fetch loop has ended\n" : "held back: " + held_back + "\n"};
  }
  if (reads && request.path == "/metrics") {
    MetricsInput input{StatusNow(), {}};
    {
      MutexLock lock(mutex);
      input.totals = totals;
      if (crawler && !loop_ended) {
        for (const crawl::RunStatus& run : crawler->Runs()) crawl::Add(input.totals[run.site], run.so_far);
      }
    }
    return {200, "text/plain; version=0.0.4; charset=utf-8", MetricsText(input)};
  }
  return AnswerApi(request, archive, clock.Now(), [this] { return StatusNow(); });
}

// A run that waits to be begun is looked after by the starter, which asks whether it is still wanted.
Result<Json> Daemon::Impl::SetPaused(const std::string& site, bool paused) {
  std::vector<std::string> sites;
  {
    MutexLock lock(mutex);
    if (site == "all") {
      planner.PauseAll(paused);
      if (paused && crawler) {
        for (const std::string& running : planner.Running()) crawler->End(running);
      }
    } else {
      FZ_TRY(planner.Pause(site, paused));
      sites.push_back(site);
      if (paused && crawler) crawler->End(site);
    }
  }
  Store(sites);
  changed.notify_all();
  return Json{{"site", site}, {"paused", paused}};
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::Create(store::Archive& archive, config::Config config, DaemonOptions options) {
  auto impl = std::make_unique<Impl>(archive, std::move(config), std::move(options));
  FZ_TRY(impl->Open());
  return std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
}

bool WaitForRoom(const std::string& directory, uint64_t min_free_bytes, const std::stop_token& stop) {
  constexpr seconds kLookEvery{2};
  const auto watchdog = WatchdogInterval();
  Notify("STATUS=the disk is full; waiting for room");
  std::mutex waiting;
  std::condition_variable_any woken;
  std::unique_lock lock(waiting);
  while (!DiskHasRoom(directory, min_free_bytes)) {
    if (watchdog) Notify("WATCHDOG=1");
    if (woken.wait_for(lock, stop, std::min<std::chrono::microseconds>(kLookEvery, watchdog.value_or(kLookEvery) / 3), [&] { return stop.stop_requested(); })) return false;
  }
  Notify("STATUS=");
  return !stop.stop_requested();
}

Result<void> Daemon::OpenHttp() { return impl_->OpenHttp(); }
Result<void> Daemon::Run(std::stop_token stop) { return impl_->Run(stop); }

Result<Json> Daemon::StartRun(const std::string& site, bool sweep) {
  Json answer;
  {
    MutexLock lock(impl_->mutex);
    FZ_TRY(impl_->planner.Request(site, sweep));
    const Planner::Outlook outlook = impl_->planner.OutlookOf(site, impl_->clock.Now());
    answer = Json{{"site", site}, {"starts", outlook.next ? Json(FormatIso8601(*outlook.next)) : Json(nullptr)},
                  {"window_closed", outlook.window_closed}};
  }
  impl_->changed.notify_all();
  return answer;
}

Result<Json> Daemon::Pause(const std::string& site) { return impl_->SetPaused(site, true); }
Result<Json> Daemon::Resume(const std::string& site) { return impl_->SetPaused(site, false); }

void Daemon::RequestReload() {
  {
    MutexLock lock(impl_->mutex);
    ++impl_->readings_asked;
  }
  impl_->changed.notify_all();
}

Result<std::vector<std::string>> Daemon::Reload() {
  constexpr seconds kPatience{10};
  const auto until = steady_clock::now() + kPatience;
  MutexLock lock(impl_->mutex);
  const uint64_t wanted = ++impl_->readings_asked;
  impl_->changed.notify_all();
  while (impl_->readings_done < wanted) {
    if (steady_clock::now() >= until) {
      return Fail(ErrorKind::kTimeout, "the daemon did not read it within " + std::to_string(kPatience.count()) + " seconds: it is stopping, or its disk is full",
                  impl_->options.config_directory);
    }
    impl_->changed.wait_for(impl_->mutex, kTick);
  }
  return impl_->config_problems;
}

Json Daemon::Status() const { return impl_->StatusNow(); }
std::string Daemon::listening_at() const { return impl_->http ? impl_->http->address() : std::string(); }

}  // namespace fangzhi::serve
