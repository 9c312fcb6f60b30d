#include "crawl/crawl.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/strings.h"
#include "crawl/pipeline.h"
#include "crawl/robots_cache.h"
#include "extract/obstacle.h"
#include "fetch/fetch.h"
#include "http/http.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Captures between fetch loop and archive at most: as many as one commit takes.
constexpr uint64_t kMostInPipeline = 64;
// After this, transfers that a stop has found under way are cut.
constexpr seconds kStopGrace{3};
constexpr milliseconds kProgressEvery{200};
constexpr seconds kDiskCheckEvery{2};
// A page is asked for without conditions this often, since servers exist that answer 304 for changed content.
constexpr std::chrono::hours kUnconditionalAfter{30 * 24};

// Interfaces that a list page's own script asks, and that answer only as they are asked by it (jpaas; Hanweb's and Kaipu's do no worse).
bool IsAskedByScript(std::string_view address) {
  for (const std::string_view path : {"/front/page/build/unit?", "dataproxy.jsp?", "/common/search/"}) {
    if (address.find(path) != std::string_view::npos) return true;
  }
  return false;
}

bool IsTransient(const model::Capture& capture) {
  using model::FetchOutcome;
  switch (capture.outcome) {
    case FetchOutcome::kDnsFailure:
    case FetchOutcome::kConnectFailure:
    case FetchOutcome::kTlsFailure:  // some servers fail the first handshakes and succeed on the third
    case FetchOutcome::kTimeout:
    case FetchOutcome::kReset:
    case FetchOutcome::kBadResponse:
      return true;
    case FetchOutcome::kTruncated:
      if (capture.truncation == model::Truncation::kDisconnect) return true;
      break;
    case FetchOutcome::kResponse:
      break;
    case FetchOutcome::kAddressRefused:
    case FetchOutcome::kRobotsDenied:
    case FetchOutcome::kRobotsUnreachable:
    case FetchOutcome::kCancelled:
      return false;
  }
  switch (capture.status) {
    case 408: case 429: case 500: case 502: case 503: case 504: return true;
    default: return false;
  }
}

// An address of the same form that no page can have: its last number, or its name, replaced. Empty where there is none.
std::string ImpossibleSibling(const std::string& address, uint64_t random) {
  const size_t scheme = address.find("://");
  const size_t path = scheme == std::string::npos ? std::string::npos : address.find('/', scheme + 3);
  if (path == std::string::npos) return {};
  const size_t query = address.find('?', path);
  const size_t from = query != std::string::npos ? query : address.rfind('/');
  std::string number = std::to_string(random * 0x9E3779B97F4A7C15ULL % 100'000'000);
  number.insert(0, 8 - std::min<size_t>(8, number.size()), '0');
  number.insert(0, "9");
  size_t end = address.size();
  while (end > from + 1 && !IsAsciiDigit(address[end - 1])) --end;
  size_t begin = end;
  while (begin > from + 1 && IsAsciiDigit(address[begin - 1])) --begin;
  if (begin < end) return address.substr(0, begin) + number + address.substr(end);
  if (query != std::string::npos || from + 1 >= address.size()) return {};
  const size_t dot = std::min(address.rfind('.') > from ? address.rfind('.') : std::string::npos, address.size());
  return address.substr(0, dot) + "_" + number + address.substr(dot);
}

}  // namespace

// The fetch loop and what it owns.
struct Crawler::Impl {
  Impl(store::Archive& archive, CrawlerOptions options)
      : archive_(archive), options_(std::move(options)), clock_(options_.clock == nullptr ? system_clock_ : *options_.clock),
        frontier_(archive, clock_, archive.open_report().clean), robots_(archive, clock_), committer_(archive),
        profiles_(options_.profiles.empty() ? config::BuiltInProfiles() : options_.profiles),
        pipeline_(kMostInPipeline * 2 + static_cast<size_t>(options_.settings.max_transfers)) {}

  struct UnderWay {
    Job job;
    bool robots = false;
    std::string origin;
    int hops = 0;  // robots.txt: redirects followed
    std::string robots_url;
  };

  Result<void> CommitState(std::span<const store::StateWrite> writes) {
    auto committed = committer_.Commit({}, writes);
    if (!committed) return Fail(std::move(committed.error()));
    return {};
  }
  std::shared_ptr<RunState> RunOf(const std::string& site) const FZ_EXCLUDES(runs_mutex_) {
    MutexLock lock(runs_mutex_);
    const auto found = runs_.find(site);
    return found == runs_.end() ? nullptr : found->second;
  }
  std::vector<std::shared_ptr<RunState>> AllRuns() const FZ_EXCLUDES(runs_mutex_) {
    MutexLock lock(runs_mutex_);
    std::vector<std::shared_ptr<RunState>> all;
    for (const auto& [id, run] : runs_) all.push_back(run);
    return all;
  }
  Result<void> Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunLimits limits);
  Result<void> Loop(const std::stop_token& stop, bool until_idle);
  bool Gate(const frontier::FetchTask& task);
  void Begin(frontier::FetchTask task);
  struct RobotsWanted {
    frontier::FetchTask task;  // that waits for it
    std::string url;
    int hops = 0;
  };
  bool BeginRobots(const std::string& origin, const RobotsWanted& wanted);
  void Ended(fetch::FetchResult result);
  void RobotsEnded(UnderWay under_way, const std::string& problem);
  void Send(UnderWay under_way, fetch::FetchRequest request);
  void ToWorkers(Job job);
  void ToWriter(Job job);
  bool MayLease() const;
  bool Full() const { return options_.max_pages != 0 && leased_pages_ >= options_.max_pages; }
  static bool Full(const RunState& run) {
    return (run.limits.max_pages != 0 && run.leased_pages >= run.limits.max_pages) ||
           (run.limits.max_bytes != 0 && run.bytes >= run.limits.max_bytes);
  }
  static void Note(RunState& run, std::string note) {
    if (run.noted.insert(note).second) run.tally.Change([&](Summary& s) { s.notes.push_back(note); });
  }
  void AcceptProbes(RunState& run);
  void AcceptProbe(RunState& run, frontier::FetchTask task);
  bool SendProbe(const std::shared_ptr<RunState>& run);
  Result<bool> BeginNextRound(RunState& run);
  Result<void> EndRuns(bool stopping);
  Result<void> MarkEnd(RunState& run);
  Result<void> EndRun(RunState& run, bool stopped);
  void CheckDisk();
  void Tick();

  store::Archive& archive_;
  const CrawlerOptions options_;
  const SystemClock system_clock_{};
  const Clock& clock_;
  frontier::Frontier frontier_;
  RobotsCache robots_;
  Committer committer_;
  const profiles::Matcher profiles_;
  Pipeline pipeline_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::atomic<uint64_t> min_free_bytes_{options_.settings.min_free_bytes};
  std::atomic<bool> closing_{false};  // no run begins any more

  mutable Mutex runs_mutex_;
  std::map<std::string, std::shared_ptr<RunState>> runs_ FZ_GUARDED_BY(runs_mutex_);
  std::string disk_problem_ FZ_GUARDED_BY(runs_mutex_);

  // The loop's only.
  std::map<uint64_t, UnderWay> under_way_;
  uint64_t next_id_ = 1;
  uint64_t leased_pages_ = 0;
  std::map<std::string, RobotsWanted> robots_wanted_;  // by origin
  std::map<std::string, std::string> tls_legacy_;  // by host, why: the strict handshake's error
  bool disk_low_ = false;
  steady_clock::time_point last_tick_{}, last_disk_check_{};
};

Result<void> Crawler::Impl::Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunLimits limits) {
  auto run = std::make_shared<RunState>();
  run->site = site;
  run->mode = mode;
  run->limits = limits;
  run->began = steady_clock::now();
  run->started = clock_.Now();
  run->tally.ChangeCoverage([&](report::Coverage& coverage) { coverage.seeds = site->seeds.size(); });
  {
    MutexLock lock(runs_mutex_);
    if (closing_) return Fail(ErrorKind::kCancelled, "the crawler is being stopped", site->id);
    if (!runs_.try_emplace(site->id, run).second) return Fail(ErrorKind::kConflict, "a run is under way", site->id);
  }
  const auto queued = frontier_.BeginOrResume(site, mode, [&](std::span<const store::StateWrite> writes) -> Result<void> {
    // What was queued so far is found by the next run, which adds what is missing.
    if (closing_) return Fail(ErrorKind::kCancelled, "stopped while the run was being queued", site->id);
    return CommitState(writes);
  });
  if (!queued) {
    MutexLock lock(runs_mutex_);
    runs_.erase(site->id);
    return Fail(queued.error());
  }
  if (const auto window = schedule::TimeWindow::Parse(site->time_window, site->time_zone)) {
    const UtcTime now = clock_.Now();
    if (!window->Contains(now)) {
      Note(*run, site->id + ": outside its time window " + site->time_window + " until " + FormatIso8601(window->NextOpening(now)));
    }
  }
  if (!site->obey_robots) Note(*run, site->id + ": robots.txt is not obeyed (obey_robots = false)");
  run->resumed = *queued;
  run->ready = true;
  fetcher_->Wake();
  return {};
}

bool Crawler::Impl::Gate(const frontier::FetchTask& task) {
  const auto run = RunOf(task.site->id);
  if (!run || !run->ready || run->ending || Full(*run)) return false;
  if (!task.site->obey_robots) return true;
  const std::string origin = OriginOf(task.url);
  switch (robots_.StateOf(origin)) {
    case RobotsCache::State::kReady: return true;
    case RobotsCache::State::kUnknown: robots_wanted_.try_emplace(origin, RobotsWanted{task, origin + "/robots.txt", 0}); return false;
    case RobotsCache::State::kPending:
    case RobotsCache::State::kUnreachable: return false;
  }
  return false;
}

void Crawler::Impl::Begin(frontier::FetchTask task) {
  const model::Site& site = *task.site;
  const std::string target = task.post.empty() ? task.url : url::PostTarget(task.url);
  if (site.obey_robots) {
    const robots::Decision decision = robots_.Decide(OriginOf(target), target);
    if (!decision.allowed) {
      frontier::HostReport report;
      report.sent = false;
      frontier_.TransferEnded(task, report);
      Log(LogLevel::kDebug, "robots", "denied", {{"url", Escaped(task.url)}, {"rule", Escaped(decision.rule)}});
      Job job;
      job.run = RunOf(site.id);
      job.denied = true;
      job.task = std::move(task);
      ToWriter(std::move(job));
      return;
    }
  }

  fetch::FetchRequest request;
  request.id = next_id_++;
  request.url = target;
  request.method = task.post.empty() ? task.method : "POST";
  request.body = task.post;
  request.allow_private = site.allow_private;
  if (site.max_body_bytes != 0) request.max_body_bytes = site.max_body_bytes;
  request.timeout = site.timeout;
  UnderWay under_way;
  if (task.counter) {
    under_way.job.purpose = store::Purpose::kCounter;
    request.fields.push_back({"Referer", task.counted_page});
  } else if (task.round > 1) {
    // Conditional on the last version that was received whole.
    if (const auto known = archive_.Snapshot()->FindUrl(task.url); known && *known) {
      const store::UrlEntry& entry = **known;
      // After an absence the last response was a soft 404, a block page or nothing: whatever comes must be looked at.
      const bool present = entry.state == "present";
      if (present) under_way.job.known_digest = entry.payload_digest;
      if (present && task.post.empty() && entry.payload_time + kUnconditionalAfter > clock_.Now()) {
        if (!entry.etag.empty()) request.fields.push_back({"If-None-Match", entry.etag});
        if (!entry.last_modified.empty()) request.fields.push_back({"If-Modified-Since", entry.last_modified});
      }
    }
  }
  if (!task.counter && task.kind == model::LinkKind::kList && !task.via.empty() && (!task.post.empty() || IsAskedByScript(task.url))) {
    request.fields.push_back({"Referer", task.via});
    request.fields.push_back({"X-Requested-With", "XMLHttpRequest"});
  }
  if (!task.post.empty()) {
    const bool json = task.post.starts_with("{") || task.post.starts_with("[");
    request.fields.push_back({"Content-Type", json ? "application/json" : "application/x-www-form-urlencoded; charset=UTF-8"});
  }
  under_way.job.run = RunOf(site.id);
  under_way.job.run->round = std::max(under_way.job.run->round, task.round);
  if (!task.counter) {
    ++leased_pages_;
    ++under_way.job.run->leased_pages;
  }
  under_way.job.task = std::move(task);
  Send(std::move(under_way), std::move(request));
}

void Crawler::Impl::Send(UnderWay under_way, fetch::FetchRequest request) {
  if (under_way.job.task.site->tls_legacy) {
    if (const auto known = tls_legacy_.find(under_way.job.task.host); known != tls_legacy_.end()) request.tls_legacy_because = known->second;
  }
  const frontier::FetchTask& task = under_way.job.task;
  RunState& run = *under_way.job.run;
  ++run.under_way;
  // The host's account: what it will be shown.
  const UtcTime now = clock_.Now();
  HostUse& use = run.hosts[task.host];
  std::optional<milliseconds> gap;
  if (use.last) gap = std::chrono::duration_cast<milliseconds>(now - *use.last);
  use.last = now;
  ++use.active;
  milliseconds delay = task.site->delay;
  std::string robots = task.site->obey_robots ? "" : "overridden";
  const std::string origin = OriginOf(task.url);
  if (task.site->obey_robots && !under_way.robots && robots_.StateOf(origin) == RobotsCache::State::kReady) {
    robots = robots_.HasRules(origin) ? "obeyed" : "none";
    if (const auto asked = robots_.Decide(origin, task.url).crawl_delay_seconds) {
      delay = std::max(delay, milliseconds(static_cast<int64_t>(std::min(*asked, 120.0) * 1000)));
    }
  }
  run.tally.ChangeCoverage([&](report::Coverage& coverage) {
    report::HostImpact& impact = report::HostOf(coverage, task.host);
    ++impact.requests;
    if (gap) impact.shortest_gap_ms = std::min(impact.shortest_gap_ms, static_cast<uint64_t>(std::max<int64_t>(0, gap->count())));
    impact.most_at_once = std::max<uint64_t>(impact.most_at_once, static_cast<uint64_t>(use.active));
    impact.delay_ms = std::max(impact.delay_ms, static_cast<uint64_t>(delay.count()));
    if (!robots.empty()) impact.robots = robots;
  });
  under_way_.emplace(request.id, std::move(under_way));
  fetcher_->Submit(std::move(request));
}

// Asks for a robots.txt when its host has had its rest; false when not yet.
bool Crawler::Impl::BeginRobots(const std::string& origin, const RobotsWanted& wanted) {
  frontier::FetchTask task;
  task.site = wanted.task.site;
  task.round = wanted.task.round;
  task.url = wanted.url;
  if (const auto parsed = url::Parse(wanted.url)) task.host = parsed->HostPort();
  robots_.SetPending(origin);
  switch (frontier_.TryOccupy(task)) {
    case frontier::Frontier::Occupied::kYes: break;
    case frontier::Frontier::Occupied::kLater: return false;
    case frontier::Frontier::Occupied::kNotInThisRun: {
      const std::string problem = task.host + " cannot be asked now";
      robots_.Answered(origin, 0, {}, problem);
      frontier_.GiveUp(origin.substr(origin.find("://") + 3));
      Note(*RunOf(task.site->id), origin + "/robots.txt could not be had (" + problem + "), so nothing was fetched (RFC 9309, 2.3.1.4)");
      return true;
    }
  }
  UnderWay under_way;
  under_way.robots = true;
  under_way.origin = origin;
  under_way.hops = wanted.hops;
  under_way.robots_url = wanted.url;
  under_way.job.run = RunOf(task.site->id);
  fetch::FetchRequest request;
  request.id = next_id_++;
  request.url = wanted.url;
  request.allow_private = task.site->allow_private;
  request.max_body_bytes = limits::kMaxRobotsBytes;
  request.timeout = task.site->timeout;
  under_way.job.task = std::move(task);
  under_way.job.purpose = store::Purpose::kRobots;
  Send(std::move(under_way), std::move(request));
  return true;
}

void Crawler::Impl::RobotsEnded(UnderWay under_way, const std::string& problem) {
  const frontier::FetchTask task = under_way.job.task;
  const std::string& origin = under_way.origin;
  // Whose rules they are: the authority that was asked first, wherever a redirect led (RFC 9309, 2.3.1.2).
  const std::string host = origin.substr(origin.find("://") + 3);
  const model::Capture& capture = under_way.job.capture;
  const auto head = http::ParseResponseHead(capture.response_head);
  const bool redirect = capture.status >= 300 && capture.status < 400 && capture.status != 304;
  if (redirect && head && under_way.hops < limits::kMaxRedirects) {
    const auto from = url::Parse(capture.url);
    const auto location = head->fields.Get("Location");
    const auto to = location && from ? url::Canonical(*location, &*from) : url::Canonical("");
    if (to) {
      robots_wanted_[origin] = {task, to->HrefWithoutFragment(), under_way.hops + 1};
      return ToWorkers(std::move(under_way.job));
    }
  }
  std::string body;
  if (head) body = http::DecodeContent(capture.payload, head->fields.GetAll("Content-Encoding"), limits::kMaxRobotsBytes).bytes;
  int status = capture.status;
  // Half a file may allow what the whole forbids. One that is longer than we read is another matter (2.5).
  if (capture.outcome == model::FetchOutcome::kTruncated && capture.truncation != model::Truncation::kLength) status = 0;
  // A redirect that leads nowhere is "unavailable" (RFC 9309, 2.3.1.2).
  if (redirect) status = 404;
  under_way.job.state = robots_.Answered(origin, status, body, problem);
  if (robots_.StateOf(origin) == RobotsCache::State::kUnreachable) {
    frontier_.GiveUp(host);
    Note(*under_way.job.run, host + ": robots.txt could not be had (" + problem + "), so nothing was fetched (RFC 9309, 2.3.1.4)");
    const std::string_view obstacle = extract::UnreachableObstacle(capture.outcome, capture.error);
    under_way.job.run->tally.ChangeCoverage([&](report::Coverage& coverage) {
      report::HostOf(coverage, host).robots = "unreachable";
      if (!obstacle.empty()) report::CountObstacle(coverage, obstacle, under_way.robots_url);
    });
    under_way.job.run->tally.Change([&](Summary& s) {
      ++s.failed;
      ++s.errors["robots_unreachable"];
      s.failures.push_back({under_way.robots_url, "robots_unreachable: " + problem});
    });
  } else {
    if (const std::string month = robots_.Problem(origin); !month.empty()) {
      Note(*under_way.job.run, host + ": robots.txt could not be had (" + month + "): the last rules known apply (RFC 9309, 2.3.1.4)");
    }
    constexpr double kLongest = 120;
    const double delay = robots_.Decide(origin, origin + "/").crawl_delay_seconds.value_or(0);
    frontier_.SetCrawlDelay(host, milliseconds(static_cast<int64_t>(std::min(delay, kLongest) * 1000)));
    constexpr size_t kMostSitemaps = 200;
    for (const std::string& line : robots_.Sitemaps(origin)) {
      const auto base = url::Parse(origin + "/");
      const auto sitemap = base ? url::Canonical(line, &*base) : url::Canonical("");
      if (sitemap && under_way.job.sitemaps.size() < kMostSitemaps) {
        under_way.job.sitemaps.push_back({sitemap->HrefWithoutFragment(), model::LinkKind::kFeed, "", ""});
      }
    }
  }
  ToWorkers(std::move(under_way.job));
}

void Crawler::Impl::ToWorkers(Job job) {
  ++pipeline_.jobs;
  ++job.run->jobs;
  job.held_bytes = job.capture.payload.size();
  pipeline_.bytes += job.held_bytes;
  pipeline_.to_process.Push(std::move(job));
}

void Crawler::Impl::ToWriter(Job job) {
  ++pipeline_.jobs;
  ++job.run->jobs;
  pipeline_.to_write.Push(std::move(job));
}

void Crawler::Impl::Ended(fetch::FetchResult result) {
  const auto found = under_way_.find(result.id);
  if (found == under_way_.end()) return;
  UnderWay under_way = std::move(found->second);
  under_way_.erase(found);
  Job& job = under_way.job;
  const std::shared_ptr<RunState> run = job.run;
  HostUse& use = run->hosts[job.task.host];
  use.last = clock_.Now();
  --use.active;
  // Counted until it is in the pipeline or back in the queue: a run ends when nothing of it is anywhere.
  struct Leaving {
    RunState& run;
    ~Leaving() { --run.under_way; }
  } leaving{*run};
  job.capture = std::move(result.capture);
  if (!job.task.post.empty()) job.capture.target = std::exchange(job.capture.url, job.task.url);
  const bool cancelled = job.capture.outcome == model::FetchOutcome::kCancelled;
  const bool answered = model::HasResponse(job.capture.outcome);
  run->bytes += job.capture.response_head.size() + job.capture.payload.size();
  run->tally.ChangeCoverage([&](report::Coverage& coverage) {
    report::HostImpact& impact = report::HostOf(coverage, job.task.host);
    const auto took = static_cast<uint64_t>(job.capture.duration.count());
    impact.bytes += job.capture.response_head.size() + job.capture.payload.size();
    impact.total_ms += took;
    impact.slowest_ms = std::max(impact.slowest_ms, took);
    if (!answered && !cancelled) ++impact.errors;
    if (job.capture.status == 403 || job.capture.status == 429 || job.capture.status == 503) ++impact.refusals;
  });

  frontier::HostReport report;
  report.answered = answered || cancelled || job.capture.outcome == model::FetchOutcome::kAddressRefused;
  const int status = job.capture.status;
  report.failed = status == 429 || status == 502 || status == 503 || status == 504;
  report.strained = status == 429 || status == 503 || job.capture.outcome == model::FetchOutcome::kReset ||
                    job.capture.outcome == model::FetchOutcome::kTimeout;
  report.latency = cancelled ? milliseconds(0) : job.capture.duration;
  report.address = job.capture.remote_address;
  if (status == 429 || status == 503 || (status >= 300 && status < 400)) {
    if (const auto head = http::ParseResponseHead(job.capture.response_head)) {
      if (const auto value = head->fields.Get("Retry-After")) report.retry_after = http::ParseRetryAfter(*value, clock_.Now());
    }
  }
  frontier_.TransferEnded(job.task, report);
  if (job.capture.outcome == model::FetchOutcome::kAddressRefused) {
    frontier_.GiveUp(job.task.host);
    Note(*run, job.task.host + ": " + job.capture.error);
  }
  bool now_legacy = false;
  if (job.capture.outcome == model::FetchOutcome::kTlsFailure && job.task.site->tls_legacy) {
    now_legacy = tls_legacy_.try_emplace(job.task.host, job.capture.error.empty() ? "TLS handshake failed" : job.capture.error).second;
  }
  if (under_way.robots && now_legacy) {
    robots_wanted_[under_way.origin] = {job.task, under_way.robots_url, under_way.hops};
    return ToWorkers(std::move(job));
  }
  if (under_way.robots) {
    std::string problem = answered ? "HTTP " + std::to_string(job.capture.status)
                                   : std::string(model::FetchOutcomeName(job.capture.outcome)) + ": " + job.capture.error;
    if (cancelled) {
      robots_.Forget(under_way.origin);
    } else {
      RobotsEnded(std::move(under_way), problem);
    }
    return;
  }
  if (job.purpose == store::Purpose::kProbe) {
    if (!cancelled) ToWorkers(std::move(job));
    return;
  }
  if (cancelled) {
    // Not done: its place in the queue was never given up, and a part of a page is no evidence of anything.
    frontier_.Return(job.task);
    return;
  }
  if (IsTransient(job.capture) && job.task.attempt < job.task.site->retries) {
    const milliseconds base = std::max(milliseconds(1000), job.task.site->delay);
    milliseconds wait = base * (int64_t{1} << std::min(job.task.attempt, 10));
    // Spread by the URL, not by chance: the same crawl behaves the same twice.
    wait += wait * static_cast<int64_t>(std::hash<std::string>{}(job.task.url) % 250) / 1000;
    if (report.retry_after) wait = std::max<milliseconds>(wait, *report.retry_after);
    job.retry_at = clock_.Now() + wait;
  }
  ToWorkers(std::move(job));
}

bool Crawler::Impl::MayLease() const {
  return !disk_low_ && !Full() && under_way_.size() < static_cast<size_t>(options_.settings.max_transfers) &&
         pipeline_.jobs.load() < kMostInPipeline && pipeline_.bytes.load() < options_.settings.max_queued_bytes;
}

void Crawler::Impl::CheckDisk() {
  const auto now = steady_clock::now();
  if (now - last_disk_check_ < kDiskCheckEvery) return;
  last_disk_check_ = now;
  struct statvfs status {};
  if (::statvfs(archive_.directory().c_str(), &status) != 0) return;
  const uint64_t free_bytes = static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
  const uint64_t least = min_free_bytes_;
  // Some more than the least must be free before it goes on, so that it does not stop and go with every page.
  const bool low = free_bytes < least + (disk_low_ ? least / 10 : 0);
  if (low && !disk_low_) {
    Log(LogLevel::kError, "crawl", "disk_low", {{"free", Number(static_cast<int64_t>(free_bytes))}, {"min_free_bytes", Number(static_cast<int64_t>(least))}});
  }
  if (!low && disk_low_) Log(LogLevel::kWarn, "crawl", "disk_has_room", {{"free", Number(static_cast<int64_t>(free_bytes))}});
  disk_low_ = low;
  MutexLock lock(runs_mutex_);
  disk_problem_ = low ? "only " + HumanBytes(free_bytes) + " free, min_free_bytes is " + HumanBytes(least) : std::string();
}

void Crawler::Impl::Tick() {
  if (!options_.on_tick) return;
  const auto time = steady_clock::now();
  if (time - last_tick_ < kProgressEvery) return;
  last_tick_ = time;
  options_.on_tick();
}

// Takes over which probes the writer asks for: few, one a family of addresses, and only where robots.txt and the time window allow them.
void Crawler::Impl::AcceptProbes(RunState& run) {
  constexpr int kMostOfAHost = 4;
  for (frontier::FetchTask& task : run.probes_wanted.Take()) {
    if (!task.post.empty()) continue;  // what a list's interface says to nonsense tells nothing of pages
    if (run.probed[store::FamilyOf(task.url)]++ > 0 || run.probed[task.host]++ >= kMostOfAHost) continue;
    AcceptProbe(run, std::move(task));
  }
}

void Crawler::Impl::AcceptProbe(RunState& run, frontier::FetchTask task) {
  task.via = task.url;
  task.url = ImpossibleSibling(task.url, static_cast<uint64_t>(clock_.Now().time_since_epoch().count()));
  if (task.url.empty()) return;
  if (task.site->obey_robots) {
    const std::string origin = OriginOf(task.url);
    if (robots_.StateOf(origin) != RobotsCache::State::kReady || !robots_.Decide(origin, task.url).allowed) return;
  }
  const auto window = schedule::TimeWindow::Parse(task.site->time_window, task.site->time_zone);
  if (window && !window->Contains(clock_.Now())) return;
  run.probes.push_back(std::move(task));
}

// Sends one of the run's probes when its host has had its rest; true when it did.
bool Crawler::Impl::SendProbe(const std::shared_ptr<RunState>& run) {
  for (size_t i = 0; i < run->probes.size(); ++i) {
    const frontier::FetchTask& wanted = run->probes[i];
    const auto occupied = frontier_.TryOccupy(wanted);
    if (occupied == frontier::Frontier::Occupied::kNotInThisRun) {
      run->probes.erase(run->probes.begin() + static_cast<std::ptrdiff_t>(i--));
      continue;
    }
    if (occupied == frontier::Frontier::Occupied::kLater) continue;
    frontier::FetchTask task = wanted;
    run->probes.erase(run->probes.begin() + static_cast<std::ptrdiff_t>(i));
    fetch::FetchRequest request;
    request.id = next_id_++;
    request.url = task.url;
    request.allow_private = task.site->allow_private;
    // It is looked at as a page is, not kept for its own sake.
    request.max_body_bytes = task.site->max_body_bytes != 0 ? std::min<uint64_t>(task.site->max_body_bytes, limits::kMaxHtmlBytes) : limits::kMaxHtmlBytes;
    request.timeout = task.site->timeout;
    UnderWay under_way;
    under_way.job.run = run;
    under_way.job.purpose = store::Purpose::kProbe;
    under_way.job.task = std::move(task);
    Send(std::move(under_way), std::move(request));
    return true;
  }
  return false;
}

// The mark at which the ledger judges what the run saw (docs/ledger.md).
Result<void> Crawler::Impl::MarkEnd(RunState& run) {
  if (run.round == 0) return {};
  store::CaptureToCommit mark;
  mark.capture.url = store::RunUri(run.site->id);
  mark.capture.began = clock_.Now();
  mark.capture.outcome = model::FetchOutcome::kCancelled;  // nothing was sent
  mark.facts.purpose = store::Purpose::kRun;
  mark.facts.site = run.site->id;
  mark.facts.round = run.round;
  const auto outcomes = committer_.Commit({&mark, 1}, {});
  if (!outcomes) return Fail(outcomes.error());
  const store::CommitOutcome& outcome = outcomes->front();
  run.tally.Change([&](Summary& s) {
    s.created += outcome.ended_new;
    s.changed += outcome.ended_changed;
    s.gone += outcome.ended_gone;
    s.moved += outcome.ended_moved;
    s.restored += outcome.ended_restored;
  });
  run.tally.ChangeCoverage([&](report::Coverage& coverage) {
    coverage.redesigned.insert(outcome.redesigned.begin(), outcome.redesigned.end());
    coverage.missing.insert(outcome.missing.begin(), outcome.missing.end());
    for (const auto& [obstacle, pages] : outcome.ended_blocked) report::CountObstacle(coverage, obstacle, pages.second, pages.first);
  });
  return {};
}

Result<void> Crawler::Impl::EndRun(RunState& run, bool stopped) {
  const std::string& site = run.site->id;
  std::vector<store::StateWrite> ends;
  const bool unfinished = !frontier_.FinishRound(site, ends);
  if (!ends.empty()) FZ_TRY(CommitState(ends));
  FZ_TRY(MarkEnd(run));
  const frontier::Progress progress = frontier_.GetProgress(site);
  for (const std::string& host : progress.given_up_hosts) Note(run, host + ": given up for this run; what waits there stays queued");
  const frontier::Frontier::Folded folded = frontier_.GetFolded(site);
  run.tally.ChangeCoverage([&](report::Coverage& coverage) {
    coverage.duplicates_left_out = folded.addresses;
    coverage.duplicate_rules = folded.rules;
    for (const std::string& host : progress.given_up_hosts) report::HostOf(coverage, host).given_up = true;
  });
  run.tally.Change([&](Summary& s) {
    s.still_queued = unfinished ? std::max<uint64_t>(1, progress.queued_now) : 0;
    s.seconds = std::chrono::duration<double>(steady_clock::now() - run.began).count();
    s.stopped = stopped;
    s.budget_used = unfinished && !stopped && (Full() || Full(run) || run.leased_pages >= run.site->max_pages);
  });
  frontier_.EndRun(site);
  RunResult result{run.site, run.tally.Snapshot(), run.tally.CoverageSnapshot(), run.started, clock_.Now(), run.round, run.mode};
  {
    MutexLock lock(runs_mutex_);
    runs_.erase(site);
  }
  if (options_.on_run_end) options_.on_run_end(result);
  return {};
}

// A run that went on with an earlier round, and was not allowed to ask for any of what was left of it, has done nothing of what it was begun for: the
// next round is begun. So it is after a rebuild: what robots.txt forbids is in no WARC file, so it waits again.
Result<bool> Crawler::Impl::BeginNextRound(RunState& run) {
  if (!run.resumed) return false;
  if (const Summary so_far = run.tally.Snapshot(); so_far.fetched != 0 || so_far.counters != 0 || !so_far.errors.empty()) return false;
  run.resumed = false;
  std::vector<store::StateWrite> ends;
  if (!frontier_.FinishRound(run.site->id, ends)) return false;
  FZ_TRY(CommitState(ends));
  frontier_.EndRun(run.site->id);
  FZ_TRY(frontier_.BeginOrResume(run.site, run.mode, [this](std::span<const store::StateWrite> writes) { return CommitState(writes); }));
  run.tally.Change([](Summary& summary) { summary.robots_denied = 0; });
  run.tally.ChangeCoverage([](report::Coverage& coverage) {
    for (auto& [host, impact] : coverage.hosts) impact.robots_denied = 0;
  });
  return true;
}

// Ends the runs that have nothing more to do, or may do nothing more.
Result<void> Crawler::Impl::EndRuns(bool stopping) {
  for (const std::shared_ptr<RunState>& run : AllRuns()) {
    if (!run->ready || run->under_way.load() != 0 || run->jobs.load() != 0) continue;
    const bool stopped = stopping || run->ending;
    if (!stopped && (!run->probes.empty() || run->probes_wanted.Any())) continue;
    if (!stopped && !Full() && !Full(*run)) {
      if (!frontier_.Idle(run->site->id)) continue;
      FZ_ASSIGN(const bool another, BeginNextRound(*run));
      if (another) continue;
    }
    // What a host's last pages of the run were worth, its answer to one more request tells: once.
    if (!stopped && !run->asked_last) {
      run->asked_last = true;
      for (frontier::FetchTask& task : run->probes_wanted.TakeOpen()) AcceptProbe(*run, std::move(task));
      if (!run->probes.empty()) continue;
    }
    FZ_TRY(EndRun(*run, stopped));
  }
  return {};
}

Result<void> Crawler::Impl::Loop(const std::stop_token& stop, bool until_idle) {
  Writer writer(archive_, committer_, frontier_, pipeline_, options_.settings, [this] { fetcher_->Wake(); });
  std::jthread writer_thread([&writer] { writer.Run(); });
  std::vector<std::jthread> workers;
  const int count = options_.settings.page_workers > 0 ? options_.settings.page_workers
                                                       : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 0; i < count; ++i) {
    workers.emplace_back([this] {
      while (auto job = pipeline_.to_process.Pop()) {
        ProcessJob(*job, profiles_);
        // A part of a sitemap is a few hundred kilobytes, and its links as many megabytes.
        uint64_t links = 0;
        for (const model::Link& link : job->links) links += sizeof link + link.url.size() + link.text.size();
        job->held_bytes += links;
        pipeline_.bytes += links;
        if (!pipeline_.to_write.Push(std::move(*job))) return;
      }
    });
  }
  std::stop_callback wake(stop, [this] { fetcher_->Wake(); });

  std::optional<Error> failure;
  std::optional<steady_clock::time_point> stopping;
  while (true) {
    if (!failure) failure = writer.failure();
    CheckDisk();
    if (disk_low_ && !options_.wait_for_disk && !failure) {
      MutexLock lock(runs_mutex_);
      failure = Error{ErrorKind::kNoSpace, disk_problem_, archive_.directory()};
    }
    if (!stopping && (failure || stop.stop_requested())) {
      stopping = steady_clock::now();
      MutexLock lock(runs_mutex_);
      closing_ = true;
    }
    bool leased = false;
    while (!stopping && MayLease()) {
      auto task = frontier_.Lease([this](const frontier::FetchTask& t) { return Gate(t); });
      if (!task) break;
      leased = true;
      Begin(std::move(*task));
    }
    for (auto it = robots_wanted_.begin(); it != robots_wanted_.end();) {
      // A run that ended wants nothing; the next one asks anew.
      const auto run = RunOf(it->second.task.site->id);
      const bool over = stopping || !run || run->ending;
      if (over) robots_.Forget(it->first);
      it = over || BeginRobots(it->first, it->second) ? robots_wanted_.erase(it) : std::next(it);
    }
    bool probes_wait = false;
    for (const std::shared_ptr<RunState>& run : AllRuns()) {
      AcceptProbes(*run);
      if (!stopping && !disk_low_ && !run->ending) {
        while (SendProbe(run)) {
        }
      }
      probes_wait = probes_wait || !run->probes.empty();
    }

    if (!failure) {
      if (auto ended = EndRuns(stopping.has_value()); !ended) failure = std::move(ended.error());
    }
    const bool quiet = under_way_.empty() && pipeline_.jobs.load() == 0;
    // A run that is being queued right now is waited for: its commits need this archive.
    if (quiet && stopping && (failure || AllRuns().empty())) break;
    if (quiet && until_idle && AllRuns().empty()) break;
    if (stopping && steady_clock::now() - *stopping > kStopGrace && !under_way_.empty()) {
      for (fetch::FetchResult& result : fetcher_->CancelAll()) Ended(std::move(result));
      continue;
    }
    milliseconds wait = kProgressEvery;
    if (!stopping && !leased && MayLease() && !AllRuns().empty()) {
      const auto until_next = std::chrono::duration_cast<milliseconds>(frontier_.UntilNext() / options_.clock_rate);
      wait = std::clamp(until_next, milliseconds(2), wait);
    }
    if (probes_wait) wait = std::min(wait, milliseconds(20));
    for (fetch::FetchResult& result : fetcher_->Poll(wait)) Ended(std::move(result));
    Tick();
  }

  pipeline_.to_process.Close();
  for (std::jthread& worker : workers) worker.join();
  pipeline_.to_write.Close();
  writer_thread.join();
  if (!failure) failure = writer.failure();
  if (failure) return Fail(std::move(*failure));
  return {};
}

Crawler::Crawler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Crawler::~Crawler() = default;

Result<std::unique_ptr<Crawler>> Crawler::Create(store::Archive& archive, CrawlerOptions options) {
  auto impl = std::make_unique<Impl>(archive, std::move(options));
  fetch::FetcherOptions fetcher_options;
  fetcher_options.user_agent = UserAgent(impl->options_.settings);
  fetcher_options.max_connections = impl->options_.settings.max_transfers + 64;
  FZ_ASSIGN(impl->fetcher_, fetch::Fetcher::Create(std::move(fetcher_options), impl->clock_));
  return std::unique_ptr<Crawler>(new Crawler(std::move(impl)));
}

Result<void> Crawler::Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunLimits limits) {
  return impl_->Begin(std::move(site), mode, limits);
}

bool Crawler::End(const std::string& site) {
  const auto run = impl_->RunOf(site);
  if (!run) return false;
  run->ending = true;
  impl_->fetcher_->Wake();
  return true;
}

std::vector<RunStatus> Crawler::Runs() const {
  std::vector<RunStatus> all;
  for (const auto& run : impl_->AllRuns()) {
    frontier::Progress progress = impl_->frontier_.GetProgress(run->site->id);
    RunStatus& status = all.emplace_back();
    status.site = run->site->id;
    status.so_far = run->tally.Snapshot();
    status.so_far.seconds = std::chrono::duration<double>(steady_clock::now() - run->began).count();
    status.in_flight = run->under_way.load();
    status.queued = progress.queued_now;
    status.hosts = std::move(progress.active_hosts);
  }
  return all;
}

bool Crawler::IsRunning(const std::string& site) const { return impl_->RunOf(site) != nullptr; }

Result<void> Crawler::CommitState(std::span<const store::StateWrite> writes) { return impl_->CommitState(writes); }

void Crawler::SetMinFreeBytes(uint64_t bytes) { impl_->min_free_bytes_ = bytes; }

std::string Crawler::DiskProblem() const {
  MutexLock lock(impl_->runs_mutex_);
  return impl_->disk_problem_;
}

Result<void> Crawler::Loop(std::stop_token stop, bool until_idle) { return impl_->Loop(stop, until_idle); }

}  // namespace fangzhi::crawl
