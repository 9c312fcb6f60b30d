// What the fetch loop sends, page, robots.txt or probe, and what becomes of the answer.
#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "base/log.h"
#include "base/strings.h"
#include "crawl/fetch_loop.h"
#include "extract/obstacle.h"
#include "http/http.h"
#include "model/counter_addresses.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

using std::chrono::milliseconds;

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

// ", cut off: …" of an answer that is not whole, for which not its length is to blame.
std::string CutOff(const model::Capture& capture) {
  if (capture.outcome != model::FetchOutcome::kTruncated || capture.truncation == model::Truncation::kLength) return {};
  return ", cut off: " + (capture.error.empty() ? std::string(model::TruncationName(capture.truncation)) : capture.error);
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

bool Crawler::Impl::Gate(const frontier::FetchTask& task) {
  const auto run = RunOf(task.site->id);
  if (!run || !run->ready || run->ending || Full(*run)) return false;
  if (!task.site->obey_robots) return true;
  const std::string origin = OriginOf(task.url);
  switch (robots_.StateOf(origin)) {
    case RobotsCache::State::kReady: return true;
    case RobotsCache::State::kUnknown: robots_wanted_.try_emplace(origin, RobotsWanted{task, origin + "/robots.txt", 0}); return false;
    case RobotsCache::State::kPending: return false;
    case RobotsCache::State::kUnreachable: to_leave_out_.emplace(task.site->id, origin); return false;
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
      // Where nothing may be asked for, its robots.txt was obeyed all the same.
      job.run->tally.ChangeCoverage([&](report::Coverage& coverage) { report::HostOf(coverage, task.host).robots = robots_.Form(OriginOf(target)); });
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
      // So it must where an error's status came with the bytes of the page (they are no version's then).
      // Bytes that cannot be read any more (a file of the archive is missing) are asked for anew.
      const bool present = entry.state == "present" && (entry.payload.length == 0 || (entry.payload_version != 0 && archive_.HasFile(entry.payload.file)));
      if (present) under_way.job.known_digest = entry.payload_digest;
      const UtcTime whole = frontier_.LastWhole(task).value_or(entry.payload_time);
      under_way.job.follows_more = frontier_.FollowsMore(task) || RunOf(site.id)->reads_again.contains(task.url);
      if (present && !under_way.job.follows_more && task.post.empty() && whole + kUnconditionalAfter > clock_.Now()) {
        if (!entry.etag.empty()) request.fields.push_back({"If-None-Match", entry.etag});
        if (!entry.last_modified.empty()) request.fields.push_back({"If-Modified-Since", entry.last_modified});
        under_way.job.conditional = !request.fields.empty();
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
    robots = robots_.Form(origin);
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

void Crawler::Impl::LeaveOut(RunState& run, const std::string& origin) {
  frontier_.LeaveOut(run.site->id, origin);
  // Said of the host, unless it is asked at its other origin all the same.
  const size_t authority = origin.find("://") + 3;
  const std::string host = origin.substr(authority);
  const bool half = robots_.StateOf((origin.starts_with("https:") ? "http://" : "https://") + host) == RobotsCache::State::kReady;
  const std::string& named = half ? origin : host;
  Note(run, named + ": robots.txt could not be had (" + robots_.Problem(origin) + "), so nothing was fetched (RFC 9309, 2.3.1.4)");
  run.tally.ChangeCoverage([&](report::Coverage& coverage) { report::HostOf(coverage, named).robots = "unreachable"; });
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
      // The host itself rests, and what waits there with it: nothing is said of its robots.txt. Where that leads to another host, it cannot be had.
      robots_.Forget(origin);
      if (wanted.hops > 0) {
        robots_.SetUnreachable(origin, "it is at " + task.host + ", which cannot be asked now");
        LeaveOut(*RunOf(task.site->id), origin);
      }
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
  RobotsAnswer answer = ReadRobotsAnswer(capture);
  if (!answer.leads_to.empty() && under_way.hops < limits::kMaxRedirects) {
    robots_wanted_[origin] = {task, std::move(answer.leads_to), under_way.hops + 1};
    return ToWorkers(std::move(under_way.job));
  }
  under_way.job.state = robots_.Answered(origin, answer.status, answer.body, problem);
  if (robots_.StateOf(origin) == RobotsCache::State::kUnreachable) {
    LeaveOut(*under_way.job.run, origin);
    const std::string_view obstacle = extract::UnreachableObstacle(capture.outcome, capture.error);
    under_way.job.run->tally.ChangeCoverage([&](report::Coverage& coverage) {
      if (!obstacle.empty()) report::CountShownObstacle(coverage, obstacle, under_way.robots_url);
    });
    under_way.job.run->tally.Change([&](Summary& s) {
      ++s.failed;
      ++s.errors["robots_unreachable"];
      if (s.failures.size() < kListedFailures) s.failures.push_back({under_way.robots_url, "robots_unreachable: " + problem});
    });
  } else {
    if (const std::string month = robots_.Problem(origin); !month.empty()) {
      Note(*under_way.job.run, host + ": robots.txt could not be had (" + month + "): the last rules known apply (RFC 9309, 2.3.1.4)");
    }
    constexpr double kLongest = 120;
    const double delay = robots_.Decide(origin, origin + "/").crawl_delay_seconds.value_or(0);
    frontier_.SetCrawlDelay(origin, milliseconds(static_cast<int64_t>(std::min(delay, kLongest) * 1000)));
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
    if (answered && !job.capture.tls_problem.empty()) impact.tls_unverified = job.capture.tls_problem;
    if (job.capture.status == 403 || job.capture.status == 429 || job.capture.status == 503) ++impact.refusals;
  });

  frontier::HostReport report;
  report.answered = answered;
  report.cut = cancelled || job.capture.outcome == model::FetchOutcome::kAddressRefused;
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
    std::string problem = answered ? "HTTP " + std::to_string(job.capture.status) + CutOff(job.capture)
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
    job.retry_at = clock_.Now() + std::min<milliseconds>(wait, frontier::kLongestRetryAfter);
  }
  ToWorkers(std::move(job));
}

// Takes over which probes the writer asks for: few, one a family of addresses, and only where robots.txt and the time window allow them. The last of a
// host's four is for what its last pages were worth (EndRuns).
void Crawler::Impl::AcceptProbes(RunState& run) {
  constexpr int kMostOfAHost = 3;
  for (frontier::FetchTask& task : run.probes_wanted.Take()) {
    if (run.probed[store::FamilyOf(task.url)]++ > 0 || run.probed[task.host]++ >= kMostOfAHost) continue;
    AcceptProbe(run, std::move(task));
  }
}

void Crawler::Impl::AcceptProbe(RunState& run, frontier::FetchTask task) {
  // What a list's interface says to nonsense, and a part of a page, tell nothing of pages; and a counter would take it for a reading.
  if (!task.post.empty() || task.counter || task.kind == model::LinkKind::kRequisite || model::CountsWhenLoaded(task.url)) return;
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

}  // namespace fangzhi::crawl
