#include "crawl/crawl.h"

#include <malloc.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/strings.h"
#include "crawl/pipeline.h"
#include "crawl/robots_cache.h"
#include "fetch/fetch.h"
#include "http/http.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Captures between fetch loop and archive at most: a few commits' worth.
constexpr uint64_t kMostInPipeline = 256;
// After this, transfers that a stop has found under way are cut.
constexpr seconds kStopGrace{3};
constexpr milliseconds kProgressEvery{200};
constexpr seconds kDiskCheckEvery{2};
// A page is asked for without conditions this often, since servers exist that answer 304 for changed content.
constexpr std::chrono::hours kUnconditionalAfter{30 * 24};

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

// The run itself: the fetch loop and what it owns.
class Run {
 public:
  Run(store::Archive& archive, const CrawlOptions& options, std::stop_token stop)
      : archive_(archive), options_(options), stop_(std::move(stop)),
        frontier_(archive, clock_, archive.open_report().clean), robots_(archive, clock_),
        pipeline_(kMostInPipeline * 2 + static_cast<size_t>(options.settings.max_transfers)) {}

  Result<Summary> Go();

 private:
  struct UnderWay {
    Job job;
    bool robots = false;
    std::string origin;
    int hops = 0;  // robots.txt: redirects followed
    std::string robots_url;
  };

  Result<void> BeginSites();
  bool Gate(const frontier::FetchTask& task);
  void Begin(frontier::FetchTask task);
  void BeginRobots(const frontier::FetchTask& task, const std::string& origin, const std::string& url, int hops);
  void Ended(fetch::FetchResult result);
  void RobotsEnded(UnderWay under_way, const std::string& problem);
  void ToWorkers(Job job);
  void ToWriter(Job job);
  bool MayLease() const;
  void Note(std::string note) {
    if (noted_.insert(note).second) tally_.Change([&](Summary& s) { s.notes.push_back(note); });
  }
  std::optional<Error> CheckDisk();
  void Report(bool now);

  store::Archive& archive_;
  const CrawlOptions& options_;
  std::stop_token stop_;
  SystemClock clock_;
  frontier::Frontier frontier_;
  RobotsCache robots_;
  Pipeline pipeline_;
  Tally tally_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::map<uint64_t, UnderWay> under_way_;
  uint64_t next_id_ = 1;
  uint64_t leased_pages_ = 0;
  std::map<std::string, frontier::FetchTask> robots_wanted_;  // by origin
  std::set<std::string> noted_;
  steady_clock::time_point last_report_{}, last_disk_check_{};
};

Result<void> Run::BeginSites() {
  for (const auto& site : options_.sites) {
    if (!site->enabled) continue;
    FZ_TRY(frontier_.BeginOrResume(site, options_.mode, [&](std::span<const store::StateWrite> writes) -> Result<void> {
      auto committed = archive_.Commit({}, writes);
      if (!committed) return Fail(std::move(committed.error()));
      return {};
    }));
    if (const auto window = schedule::TimeWindow::Parse(site->time_window, site->time_zone)) {
      const UtcTime now = clock_.Now();
      if (!window->Contains(now)) {
        Note(site->id + ": outside its time window " + site->time_window + " until " + FormatIso8601(window->NextOpening(now)));
      }
    }
  }
  return {};
}

bool Run::Gate(const frontier::FetchTask& task) {
  if (!task.site->obey_robots) return true;
  const std::string origin = OriginOf(task.url);
  switch (robots_.StateOf(origin)) {
    case RobotsCache::State::kReady: return true;
    case RobotsCache::State::kUnknown: robots_wanted_.emplace(origin, task); return false;
    case RobotsCache::State::kPending:
    case RobotsCache::State::kUnreachable: return false;
  }
  return false;
}

void Run::Begin(frontier::FetchTask task) {
  const model::Site& site = *task.site;
  if (site.obey_robots) {
    const robots::Decision decision = robots_.Decide(OriginOf(task.url), task.url);
    if (!decision.allowed) {
      frontier::HostReport report;
      report.sent = false;
      frontier_.TransferEnded(task, report);
      Log(LogLevel::kDebug, "robots", "denied", {{"url", Escaped(task.url)}, {"rule", Escaped(decision.rule)}});
      Job job;
      job.denied = true;
      job.task = std::move(task);
      ToWriter(std::move(job));
      return;
    }
  }

  fetch::FetchRequest request;
  request.id = next_id_++;
  request.url = task.url;
  request.method = task.method;
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
      if (present && entry.payload_time + kUnconditionalAfter > clock_.Now()) {
        if (!entry.etag.empty()) request.fields.push_back({"If-None-Match", entry.etag});
        if (!entry.last_modified.empty()) request.fields.push_back({"If-Modified-Since", entry.last_modified});
      }
    }
  }
  if (!task.counter) ++leased_pages_;
  under_way.job.task = std::move(task);
  under_way_.emplace(request.id, std::move(under_way));
  fetcher_->Submit(std::move(request));
}

void Run::BeginRobots(const frontier::FetchTask& task, const std::string& origin, const std::string& url, int hops) {
  robots_.SetPending(origin);
  frontier_.Occupy(task);
  UnderWay under_way;
  under_way.robots = true;
  under_way.origin = origin;
  under_way.hops = hops;
  under_way.robots_url = url;
  under_way.job.task = task;
  under_way.job.purpose = store::Purpose::kRobots;
  fetch::FetchRequest request;
  request.id = next_id_++;
  request.url = url;
  request.allow_private = task.site->allow_private;
  request.max_body_bytes = limits::kMaxRobotsBytes;
  request.timeout = task.site->timeout;
  under_way_.emplace(request.id, std::move(under_way));
  fetcher_->Submit(std::move(request));
}

void Run::RobotsEnded(UnderWay under_way, const std::string& problem) {
  const frontier::FetchTask task = under_way.job.task;
  const model::Capture& capture = under_way.job.capture;
  const auto head = http::ParseResponseHead(capture.response_head);
  std::string next_url;
  if (capture.status >= 300 && capture.status < 400 && head && under_way.hops < limits::kMaxRedirects) {
    const auto from = url::Parse(capture.url);
    if (const auto location = head->fields.Get("Location"); location && from) {
      if (const auto to = url::Canonical(*location, &*from)) next_url = to->HrefWithoutFragment();
    }
  }
  if (next_url.empty()) {
    std::string body;
    if (head) body = http::DecodeContent(capture.payload, head->fields.GetAll("Content-Encoding"), limits::kMaxRobotsBytes).bytes;
    // A redirect that leads nowhere is "unavailable" (RFC 9309, 2.3.1.2).
    const int status = capture.status >= 300 && capture.status < 400 ? 404 : capture.status;
    under_way.job.state = robots_.Answered(under_way.origin, status, body, problem);
    if (robots_.StateOf(under_way.origin) == RobotsCache::State::kUnreachable) {
      frontier_.GiveUp(task.host);
      Note(task.host + ": robots.txt could not be had (" + problem + "), so nothing was fetched (RFC 9309, 2.3.1.4)");
      tally_.Change([&](Summary& s) {
        ++s.failed;
        ++s.errors["robots_unreachable"];
        s.failures.push_back({under_way.robots_url, "robots_unreachable: " + problem});
      });
    } else if (const auto delay = robots_.Decide(under_way.origin, task.url).crawl_delay_seconds) {
      constexpr double kLongest = 120;
      frontier_.SetCrawlDelay(task.host, milliseconds(static_cast<int64_t>(std::min(*delay, kLongest) * 1000)));
    }
  }
  const std::string origin = under_way.origin;
  const int hops = under_way.hops;
  ToWorkers(std::move(under_way.job));
  if (!next_url.empty()) BeginRobots(task, origin, next_url, hops + 1);
}

void Run::ToWorkers(Job job) {
  ++pipeline_.jobs;
  pipeline_.bytes += job.capture.payload.size();
  pipeline_.to_process.Push(std::move(job));
}

void Run::ToWriter(Job job) {
  ++pipeline_.jobs;
  pipeline_.to_write.Push(std::move(job));
}

void Run::Ended(fetch::FetchResult result) {
  const auto found = under_way_.find(result.id);
  if (found == under_way_.end()) return;
  UnderWay under_way = std::move(found->second);
  under_way_.erase(found);
  Job& job = under_way.job;
  job.capture = std::move(result.capture);
  const bool cancelled = job.capture.outcome == model::FetchOutcome::kCancelled;
  const bool answered = model::HasResponse(job.capture.outcome);

  frontier::HostReport report;
  report.answered = answered || cancelled || job.capture.outcome == model::FetchOutcome::kAddressRefused;
  if (job.capture.status == 429 || job.capture.status == 503) {
    if (const auto head = http::ParseResponseHead(job.capture.response_head)) {
      if (const auto value = head->fields.Get("Retry-After")) report.retry_after = http::ParseRetryAfter(*value, clock_.Now());
    }
  }
  frontier_.TransferEnded(job.task, report);
  if (job.capture.outcome == model::FetchOutcome::kAddressRefused) {
    frontier_.GiveUp(job.task.host);
    Note(job.task.host + ": " + job.capture.error);
  }
  if (under_way.robots) {
    std::string problem = answered ? "HTTP " + std::to_string(job.capture.status)
                                   : std::string(model::FetchOutcomeName(job.capture.outcome)) + ": " + job.capture.error;
    if (!cancelled) RobotsEnded(std::move(under_way), problem);
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

bool Run::MayLease() const {
  return under_way_.size() < static_cast<size_t>(options_.settings.max_transfers) &&
         pipeline_.jobs.load() < kMostInPipeline && pipeline_.bytes.load() < options_.settings.max_queued_bytes &&
         (options_.max_pages == 0 || leased_pages_ < options_.max_pages);
}

std::optional<Error> Run::CheckDisk() {
  const auto now = steady_clock::now();
  if (now - last_disk_check_ < kDiskCheckEvery) return std::nullopt;
  last_disk_check_ = now;
  struct statvfs status {};
  if (::statvfs(archive_.directory().c_str(), &status) != 0) return std::nullopt;
  const uint64_t free_bytes = static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
  if (free_bytes >= options_.settings.min_free_bytes) return std::nullopt;
  return Error{ErrorKind::kNoSpace,
               "only " + HumanBytes(free_bytes) + " free, min_free_bytes is " + HumanBytes(options_.settings.min_free_bytes),
               archive_.directory()};
}

void Run::Report(bool now) {
  if (!options_.on_progress) return;
  const auto time = steady_clock::now();
  if (!now && time - last_report_ < kProgressEvery) return;
  last_report_ = time;
  const Summary summary = tally_.Snapshot();
  frontier::Progress progress = frontier_.GetProgress();
  options_.on_progress({&summary, under_way_.size(), progress.queued_now, pipeline_.jobs.load(), std::move(progress.active_hosts)});
}

Result<Summary> Run::Go() {
  const auto began = steady_clock::now();
  fetch::FetcherOptions fetcher_options;
  fetcher_options.user_agent = UserAgent(options_.settings);
  fetcher_options.max_connections = options_.settings.max_transfers + 64;
  FZ_ASSIGN(fetcher_, fetch::Fetcher::Create(std::move(fetcher_options), clock_));
  FZ_TRY(BeginSites());

  Writer writer(archive_, frontier_, pipeline_, tally_, options_.settings, [this] { fetcher_->Wake(); });
  std::jthread writer_thread([&writer] { writer.Run(); });
  std::vector<std::jthread> workers;
  const int count = options_.settings.page_workers > 0 ? options_.settings.page_workers
                                                       : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 0; i < count; ++i) {
    workers.emplace_back([this] {
      while (auto job = pipeline_.to_process.Pop()) {
        ProcessJob(*job);
        if (!pipeline_.to_write.Push(std::move(*job))) return;
      }
    });
  }

  std::optional<Error> failure;
  std::optional<steady_clock::time_point> stopping;
  while (true) {
    if (!failure) failure = writer.failure();
    if (!failure) failure = CheckDisk();
    if (!stopping && (failure || stop_.stop_requested())) {
      stopping = steady_clock::now();
      if (!failure) tally_.Change([](Summary& s) { s.stopped = true; });
    }
    bool leased = false;
    while (!stopping && MayLease()) {
      auto task = frontier_.Lease([this](const frontier::FetchTask& t) { return Gate(t); });
      if (!task) break;
      leased = true;
      Begin(std::move(*task));
    }
    if (!stopping) {
      for (auto& [origin, task] : robots_wanted_) BeginRobots(task, origin, origin + "/robots.txt", 0);
    }
    robots_wanted_.clear();

    const bool full = options_.max_pages != 0 && leased_pages_ >= options_.max_pages;
    if (under_way_.empty() && pipeline_.jobs.load() == 0 && (stopping || full || frontier_.Idle())) break;
    if (stopping && steady_clock::now() - *stopping > kStopGrace && !under_way_.empty()) {
      for (fetch::FetchResult& result : fetcher_->CancelAll()) Ended(std::move(result));
      continue;
    }
    milliseconds wait = kProgressEvery;
    if (!stopping && !full && !leased && MayLease()) wait = std::clamp(frontier_.UntilNext(), milliseconds(2), wait);
    for (fetch::FetchResult& result : fetcher_->Poll(wait)) Ended(std::move(result));
    Report(false);
  }

  pipeline_.to_process.Close();
  for (std::jthread& worker : workers) worker.join();
  pipeline_.to_write.Close();
  writer_thread.join();
  if (!failure) failure = writer.failure();
  if (failure) return Fail(std::move(*failure));

  std::vector<store::StateWrite> ends;
  uint64_t unfinished = 0;
  for (const auto& site : options_.sites) {
    if (site->enabled && !frontier_.FinishRound(site->id, ends)) ++unfinished;
  }
  if (!ends.empty()) {
    auto committed = archive_.Commit({}, ends);
    if (!committed) return Fail(std::move(committed.error()));
  }
  frontier::Progress progress = frontier_.GetProgress();
  for (const std::string& host : progress.given_up_hosts) Note(host + ": given up for this run; what waits there stays queued");
  tally_.Change([&](Summary& s) {
    s.still_queued = unfinished == 0 ? 0 : std::max<uint64_t>(1, progress.queued_now);
    s.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    s.warc_bytes = archive_.warc_bytes();
  });
  Report(true);
  return tally_.Snapshot();
}

}  // namespace

std::string UserAgent(const config::Settings& settings) {
  std::string agent = "Mozilla/5.0 (compatible; fangzhi/0.1";
  if (!settings.user_agent_contact.empty()) agent += "; +" + settings.user_agent_contact;
  return agent + ")";
}

Result<Summary> Crawl(store::Archive& archive, const CrawlOptions& options, std::stop_token stop) {
  // Pages are made and freed by different threads; with an arena a thread, glibc's heap would keep each one's peak for ever.
  ::mallopt(M_ARENA_MAX, 2);
  return Run(archive, options, std::move(stop)).Go();
}

namespace {

store::ArchiveOptions OptionsFor(const std::string& directory, const config::Settings& settings, bool create) {
  static const SystemClock clock;
  store::ArchiveOptions options;
  options.directory = directory;
  options.create = create;
  options.warc_prefix = settings.warc_prefix;
  options.warc_max_bytes = settings.warc_max_bytes;
  options.warc_compression = settings.warc_compression;
  options.operator_name = settings.operator_name;
  options.user_agent = UserAgent(settings);
  options.robots_policy = "obey";
  options.clock = &clock;
  options.replay_state = frontier::Frontier::Replay;
  return options;
}

}  // namespace

Result<std::unique_ptr<store::Archive>> OpenArchive(const std::string& directory, const config::Settings& settings,
                                                    bool create) {
  return store::Archive::Open(OptionsFor(directory, settings, create));
}

Result<uint64_t> RebuildArchive(const std::string& directory, const config::Settings& settings) {
  return store::Archive::Rebuild(OptionsFor(directory, settings, false));
}

model::Json ToJson(const Summary& summary) {
  model::Json json{{"fetched", summary.fetched},     {"new", summary.created},
                   {"changed", summary.changed},     {"unchanged", summary.unchanged},
                   {"gone", summary.gone},           {"restored", summary.restored},
                   {"absent", summary.absent},       {"redirects", summary.redirects},
                   {"failed", summary.failed},       {"robots_denied", summary.robots_denied},
                   {"counters", summary.counters},   {"bytes", summary.bytes},
                   {"warc_bytes", summary.warc_bytes}, {"still_queued", summary.still_queued},
                   {"seconds", summary.seconds},     {"stopped", summary.stopped}};
  json["errors"] = model::Json::object();
  for (const auto& [kind, count] : summary.errors) json["errors"][kind] = count;
  json["failures"] = model::Json::array();
  for (const auto& failure : summary.failures) json["failures"].push_back({{"url", failure.url}, {"reason", failure.reason}});
  json["notes"] = model::Json::array();
  for (const std::string& note : summary.notes) json["notes"].push_back(note);
  return json;
}

}  // namespace fangzhi::crawl
