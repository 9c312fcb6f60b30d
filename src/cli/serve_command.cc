// serve, and what is asked of it: run, pause, resume, reload, status.
#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <thread>
#include <utility>

#include <unistd.h>

#include "base/log.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/live_reader.h"
#include "cli/signals.h"
#include "config/config.h"
#include "crawl/crawl.h"
#include "report/report.h"
#include "serve/serve.h"

namespace fangzhi::cli {
namespace {

using model::Json;
using model::Member;

constexpr const char* kDefaultListen = "127.0.0.1:8417";

// "2026-11-24 11:47" of an ISO time, in UTC.
std::string Minute(const Json& object, const char* key) { return report::Minute(Cell(object, key)); }

std::string StatusText(const Json& status) {
  std::string text;
  const Json& daemon = Member(status, "daemon");
  if (daemon.is_object()) {
    text += "daemon " + Cell(daemon, "pid") + " since " + Minute(daemon, "started") + " UTC, " + Cell(daemon, "listening") + "\n";
    for (const Json& problem : Member(daemon, "config_problems")) {
      text += "configuration refused, the one of " + Minute(daemon, "config_read") + " is in force: " + PrintableLine(problem.get<std::string>()) + "\n";
    }
  } else {
    text += "no daemon answers\n";
  }
  for (const Json& problem : Member(status, "archive_problems")) text += PrintableLine(problem.get<std::string>()) + "\n";
  if (model::GetBool(status, "paused")) text += "everything is paused\n";
  if (const std::string held = model::GetString(status, "held_back"); !held.empty()) text += "held back: " + PrintableLine(held) + "\n";
  Table table({"site", "state", "now", "last run", "grade", "fetched", "new", "changed", "failed", "next (UTC)", "why"}, 40);
  for (const Json& site : Member(status, "sites")) {
    const Json& run = Member(site, "run");
    const Json& last = Member(site, "last_run");
    std::string now = "-";
    if (run.is_object()) now = Cell(run, "fetched") + " fetched, " + Cell(run, "queued") + "+ queued";
    const auto of_last = [&](const char* key) { return last.is_object() ? Cell(last, key) : std::string("-"); };
    table.Add({Cell(site, "id"), Cell(site, "state"), now, last.is_object() ? Minute(last, "ended") : "never", of_last("grade"), of_last("fetched"),
               of_last("new"), of_last("changed"), of_last("failed"), Minute(site, "next_run"), Cell(site, "next_because")});
  }
  return text + table.Text();
}

int PrintStatus(const Json& status, const Arguments& arguments, Output& output) {
  if (arguments.json) output.Json(status);
  else output.Data(StatusText(status));
  return kDone;
}

// What was asked over the socket, by the process that is the daemon.
std::optional<int> Control(serve::Daemon& daemon, const Arguments& arguments, Output& output) {
  const std::string& command = arguments.command;
  if (command == "status") return PrintStatus(daemon.Status(), arguments, output);
  if (command == "reload") {
    const auto problems = daemon.Reload();
    if (!problems) return Report(problems.error(), output);
    for (const std::string& problem : *problems) output.Talk(problem);
    if (arguments.json) output.Json(Json{{"reload", problems->empty() ? "done" : "refused"}, {"problems", *problems}});
    else if (problems->empty()) output.Line("the configuration was read again");
    return problems->empty() ? kDone : kWrongUsage;
  }
  if (command != "run" && command != "pause" && command != "resume") return std::nullopt;
  const auto answer = command == "run" ? daemon.StartRun(arguments.site, arguments.sweep)
                      : command == "pause" ? daemon.Pause(arguments.site)
                                           : daemon.Resume(arguments.site);
  if (!answer) return Report(answer.error(), output);
  if (arguments.json) {
    output.Json(*answer);
  } else if (command == "run") {
    output.Line(arguments.site + (model::GetBool(*answer, "window_closed") ? ": starts when its time window opens, " + Cell(*answer, "starts") : ": starts now"));
  } else {
    output.Line(arguments.site + (command == "pause" ? ": paused" : ": goes on"));
  }
  return kDone;
}

// Reads the configuration, telling of every problem; nullopt when there are any.
std::optional<config::Config> LoadConfig(const Arguments& arguments, Output& output) {
  config::LoadResult loaded = config::Load(arguments.config);
  for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
  if (!loaded.problems.empty()) return std::nullopt;
  return std::move(loaded.config);
}

int WithoutDaemon(const Arguments& arguments, const std::vector<std::string>& words, Output& output) {
  if (arguments.command == "run" || arguments.command == "reload") {
    output.Talk(arguments.archive + ": no daemon is running here" +
                (arguments.command == "run" ? "; fangzhi crawl --site " + arguments.site + " crawls without one" : ""));
    return kFailed;
  }
  // An archive of unlisted sites needs no configuration, and has a status all the same.
  const bool unlisted = arguments.command == "status" && !PosixFileSystem().Exists(arguments.config);
  const auto config = unlisted ? std::optional(config::LoadText("", {}).config) : LoadConfig(arguments, output);
  if (!config) return kWrongUsage;
  if (arguments.command == "status") {
    const auto archive = crawl::OpenArchiveToRead(arguments.archive);
    if (!archive) return Report(archive.error(), output);
    return PrintStatus(serve::StoredStatus(**archive, *config, SystemClock().Now()), arguments, output);
  }
  auto archive = OpenWhenFree(arguments.archive, {}, false);
  if (!archive && archive.error().kind == ErrorKind::kConflict) {
    // A daemon that came up just now.
    if (const auto status = ForwardToLiveReader(arguments.archive, words, output)) return *status;
  }
  if (!archive) return Report(archive.error(), output);
  const bool pause = arguments.command == "pause";
  const auto stored = serve::StorePause(**archive, *config, arguments.site, pause);
  if (!stored) return Report(stored.error(), output);
  if (arguments.json) output.Json(*stored);
  else output.Line(arguments.site + (pause ? ": paused, from the next daemon on" : ": no longer paused"));
  return kDone;
}


// Where hangups go. One that comes while there is no daemon needs nothing: it reads the configuration when it begins to run.
class Hangups {
 public:
  void GoTo(serve::Daemon* daemon) {
    MutexLock lock(mutex_);
    daemon_ = daemon;
  }
  void Come() {
    MutexLock lock(mutex_);
    if (daemon_ != nullptr) daemon_->RequestReload();
  }

 private:
  Mutex mutex_;
  serve::Daemon* daemon_ FZ_GUARDED_BY(mutex_) = nullptr;
};

// One life of the daemon over an archive that is open; kNoSpace when the disk filled up under it.
Result<void> ServeOnce(const Arguments& arguments, const config::Config& config, const Clock* clock, Hangups& hangups,
                       bool& logging, const std::stop_token& stop, Output& output) {
  FZ_ASSIGN(auto archive, OpenWhenFree(arguments.archive, config.settings, true, clock));
  if (!std::exchange(logging, true)) {
    LogToFile(arguments.archive + "/logs/fangzhi.log", config.settings.log_max_bytes, config.settings.log_files);
  }
  for (const store::DamagedFile& file : archive->open_report().damaged_files) {
    Log(LogLevel::kWarn, "store", "file_damaged", {{"file", Escaped(file.path)}, {"problem", Escaped(file.ToString())}});
  }
  serve::DaemonOptions options;
  options.config_directory = arguments.config;
  options.listen_required = !arguments.listen.empty();
  options.listen = arguments.listen.empty() ? kDefaultListen : arguments.listen == "none" ? "" : arguments.listen;
  options.clock = clock;
  options.clock_rate = arguments.clock_rate;
  Result<void> ended;
  {
    FZ_ASSIGN(auto daemon, serve::Daemon::Create(*archive, config, std::move(options)));
    FZ_ASSIGN(auto live, LiveReaderServer::Start(arguments.archive, *archive, [&](const Arguments& asked, Output& answer) {
                return Control(*daemon, asked, answer);
              }));
    FZ_TRY(daemon->OpenHttp());
    output.Talk("serving " + arguments.archive + (daemon->listening_at().empty() ? "" : " at " + daemon->listening_at()));
    hangups.GoTo(daemon.get());
    ended = daemon->Run(stop);
    hangups.GoTo(nullptr);
  }
  auto closed = archive->Close();
  if (!ended) return ended;
  return closed;
}

}  // namespace

int ServeCommand(const Arguments& arguments, Output& output) {
  Hangups hangups;
  SignalStop signals([&hangups] { hangups.Come(); });
  auto config = LoadConfig(arguments, output);
  if (!config) return kWrongUsage;
  std::unique_ptr<FastClock> fast;
  if (arguments.clock_rate != 1) fast = std::make_unique<FastClock>(arguments.clock_rate);
  LogAsJson(config->settings.log_json);
  bool logging = false;

  // A disk that fills up again at once is not waited for without end.
  constexpr int kMostRestarts = 5;
  constexpr std::chrono::minutes kRestartsWithin{10};
  std::deque<std::chrono::steady_clock::time_point> restarts;
  while (true) {
    const auto ended = ServeOnce(arguments, *config, fast.get(), hangups, logging, signals.token(), output);
    if (ended) return kDone;
    if (ended.error().kind != ErrorKind::kNoSpace || signals.token().stop_requested()) return Report(ended.error(), output);
    const auto now = std::chrono::steady_clock::now();
    while (!restarts.empty() && now - restarts.front() > kRestartsWithin) restarts.pop_front();
    if (restarts.size() >= kMostRestarts) return Report(ended.error(), output);
    restarts.push_back(now);
    output.Talk(ended.error().ToString() + "; waiting for room on the disk");
    if (!serve::WaitForRoom(arguments.archive, config->settings.min_free_bytes, signals.token())) return kDone;
    Log(LogLevel::kWarn, "serve", "goes_on", {{"reason", Escaped("the disk has room again")}});
    // What was edited meanwhile; a mistake leaves the one that was read before in force.
    if (config::LoadResult loaded = config::Load(arguments.config); loaded.problems.empty()) config = std::move(loaded.config);
  }
}

int DaemonCommand(const Arguments& arguments, const std::vector<std::string>& words, Output& output) {
  const auto once = [&] {
    if (const auto status = ForwardToLiveReader(arguments.archive, words, output)) return *status;
    return WithoutDaemon(arguments, words, output);
  };
  if (!arguments.watch) return once();
  SignalStop signals;
  const bool terminal = IsTerminal(STDOUT_FILENO);
  while (!signals.token().stop_requested()) {
    if (terminal && !arguments.json) output.Data("\x1b[H\x1b[2J");
    if (const int status = once(); status != kDone) return status;
    if (!FlushStandardOutput()) return kFailed;
    for (int i = 0; i < 20 && !signals.token().stop_requested(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return kDone;
}

}  // namespace fangzhi::cli
