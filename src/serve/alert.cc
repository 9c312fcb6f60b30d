#include "serve/alert.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "crawl/crawl.h"
#include "fetch/fetch.h"

namespace fangzhi::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kMostAlertsWaiting = 100;

// Two ends of a channel, closed when it goes. A socket, since writing to a pipe that nobody reads is a signal.
struct Channel {
  int ends[2] = {-1, -1};
  ~Channel() {
    Close(0);
    Close(1);
  }
  bool Open() { return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0; }
  void Close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

// What is wrong, without what differs from run to run of the same trouble: how many pages, and which.
std::set<std::string> Troubles(const report::RunRecord& record) {
  std::set<std::string> troubles;
  for (const report::Finding& finding : record.findings) {
    // Waiting pages and a budget come and go with what a site publishes.
    if (finding.kind == "left" || finding.kind == "budget") continue;
    std::string trouble(report::GradeName(finding.grade));
    trouble += " " + finding.kind;
    // Of a host these begin with its name.
    for (const std::string_view of_host : {"host_given_up", "robots_unreachable", "tls_unverified"}) {
      if (finding.kind == of_host) trouble += " " + finding.text.substr(0, finding.text.find(": "));
    }
    if (finding.kind == "blocked") trouble += " " + finding.text.substr(0, finding.text.find(" on "));
    troubles.insert(std::move(trouble));
  }
  for (const auto& [seed, reason] : record.facts.coverage.seeds_missed) troubles.insert("seed " + seed);
  return troubles;
}

}  // namespace

bool IsWorthAnAlert(const report::RunRecord& record, const report::RunRecord* before) {
  // What a person stopped is that person's doing.
  if (record.facts.stopped) return false;
  bool drift = false, drifted_before = false;
  for (const report::Finding& finding : record.findings) drift = drift || finding.drift;
  if (before != nullptr) {
    for (const report::Finding& finding : before->findings) drifted_before = drifted_before || finding.drift;
  }
  if (drift && !drifted_before) return true;
  const report::Grade grade_before = before == nullptr || before->facts.stopped ? report::Grade::kComplete : before->grade;
  if (record.grade != grade_before || before == nullptr) return record.grade > grade_before;
  // As bad as before. What an administrator lives with hides nothing that is new beside it.
  const std::set<std::string> known = Troubles(*before);
  const std::set<std::string> now = Troubles(record);
  return std::any_of(now.begin(), now.end(), [&known](const std::string& trouble) { return !known.contains(trouble); });
}

std::string AlertText(const report::RunRecord& record, const report::RunRecord* before) {
  model::Json json = report::ToJson(record);
  model::Json alert{{"kind", "run"}, {"grade_before", before == nullptr ? model::Json(nullptr) : model::Json(report::GradeName(before->grade))}};
  for (const char* key : {"site", "name", "started", "ended", "trigger", "grade", "findings", "fetched", "failed", "still_queued"}) alert[key] = json[key];
  return model::Dump(alert) + "\n";
}

Result<void> RunHook(const std::vector<std::string>& command, const std::string& text, milliseconds timeout, const std::stop_token& stop) {
  const std::string& name = command.front();
  Channel input;
  if (!input.Open()) return Fail(ErrnoError("cannot make a socket", name, errno));
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, input.ends[0], 0);
  // stdout is data of ours; the hook's words go where our log goes.
  ::posix_spawn_file_actions_adddup2(&actions, 2, 1);
  // A group of its own, so that what it starts ends with it; signals as a program expects them.
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  ::sigaddset(&usual, SIGPIPE);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, name.c_str(), &actions, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return Fail(ErrnoError("cannot be run", name, error));
  input.Close(0);

  const auto deadline = steady_clock::now() + timeout;
  size_t sent = 0;
  int status = 0;
  while (true) {
    if (::waitpid(child, &status, WNOHANG) == child) break;
    if (steady_clock::now() >= deadline || stop.stop_requested()) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      return Fail(ErrorKind::kTimeout, "killed after " + std::to_string(timeout.count()) + " ms", name);
    }
    if (sent < text.size()) {
      const ssize_t wrote = ::send(input.ends[1], text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (wrote > 0) sent += static_cast<size_t>(wrote);
      // It does not want to know: that is its affair.
      if (wrote < 0 && errno != EAGAIN && errno != EINTR) sent = text.size();
      if (sent == text.size()) input.Close(1);
    }
    pollfd room{input.ends[1], POLLOUT, 0};
    constexpr int kLookEveryMs = 20;
    if (sent < text.size()) ::poll(&room, 1, kLookEveryMs);
    else std::this_thread::sleep_for(milliseconds(kLookEveryMs));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Fail(ErrorKind::kIo, WIFEXITED(status) ? "ended with status " + std::to_string(WEXITSTATUS(status)) : "ended by a signal", name);
}

Result<void> PostWebhook(const std::string& url, const std::string& text, milliseconds timeout, const std::string& user_agent,
                         const std::stop_token& stop) {
  const SystemClock clock;
  fetch::FetcherOptions options;
  options.user_agent = user_agent;
  FZ_ASSIGN(auto fetcher, fetch::Fetcher::Create(std::move(options), clock));
  fetch::FetchRequest request;
  request.id = 1;
  request.url = url;
  request.method = "POST";
  request.body = text;
  request.fields.push_back({"Content-Type", "application/json"});
  request.allow_private = true;  // an address that the administrator wrote down
  request.timeout = timeout;
  request.max_body_bytes = 64 * 1024;
  fetcher->Submit(std::move(request));
  std::vector<fetch::FetchResult> results;
  while (results.empty()) {
    if (stop.stop_requested()) return Fail(ErrorKind::kCancelled, "stopped", url);
    results = fetcher->Poll(milliseconds(200));
  }
  const model::Capture& capture = results.front().capture;
  if (!model::HasResponse(capture.outcome)) {
    return Fail(ErrorKind::kNetwork, std::string(model::FetchOutcomeName(capture.outcome)) + ": " + capture.error, url);
  }
  if (capture.status < 200 || capture.status > 299) return Fail(ErrorKind::kNetwork, "answered " + std::to_string(capture.status), url);
  return {};
}

void SendAlert(const config::Settings& settings, const std::string& text, const std::stop_token& stop) {
  const auto tell = [](const char* what, const Result<void>& sent) {
    if (!sent) Log(LogLevel::kError, "alert", "not_sent", {{"to", Escaped(what)}, {"error", Escaped(sent.error().ToString())}});
  };
  if (!settings.alert_hook.empty()) tell("hook", RunHook(settings.alert_hook, text, settings.alert_timeout, stop));
  if (!settings.alert_webhook.empty()) tell("webhook", PostWebhook(settings.alert_webhook, text, settings.alert_timeout, crawl::UserAgent(settings), stop));
}

struct Alerter::Impl {
  Mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::pair<std::shared_ptr<const config::Config>, std::string>> waiting FZ_GUARDED_BY(mutex);
  std::jthread thread;

  void Loop(const std::stop_token& stop) {
    while (true) {
      std::pair<std::shared_ptr<const config::Config>, std::string> next;
      {
        MutexLock lock(mutex);
        while (waiting.empty() && !stop.stop_requested()) changed.wait_for(mutex, std::chrono::seconds(1));
        if (stop.stop_requested()) return;
        next = std::move(waiting.front());
        waiting.pop_front();
      }
      try {
        SendAlert(next.first->settings, next.second, stop);
      } catch (const std::exception& problem) {
        Log(LogLevel::kError, "alert", "not_sent", {{"error", Escaped(problem.what())}});
      }
    }
  }
};

Alerter::Alerter() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::jthread([raw = impl_.get()](const std::stop_token& stop) { raw->Loop(stop); });
}

Alerter::~Alerter() {
  impl_->thread.request_stop();
  impl_->changed.notify_all();
}

void Alerter::Send(std::shared_ptr<const config::Config> config, std::string text) {
  if (config->settings.alert_hook.empty() && config->settings.alert_webhook.empty()) return;
  {
    MutexLock lock(impl_->mutex);
    if (impl_->waiting.size() >= kMostAlertsWaiting) {
      Log(LogLevel::kError, "alert", "dropped", {{"waiting", Number(kMostAlertsWaiting)}});
      return;
    }
    impl_->waiting.emplace_back(std::move(config), std::move(text));
  }
  impl_->changed.notify_all();
}

}  // namespace fangzhi::serve
