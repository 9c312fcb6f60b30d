#include "crawl/crawl.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/strings.h"
#include "crawl/fetch_loop.h"
#include "extract/obstacle.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// After this, transfers that a stop has found under way are cut.
constexpr seconds kStopGrace{3};
constexpr milliseconds kProgressEvery{200};
constexpr seconds kDiskCheckEvery{2};

// Whether a site's entry says itself how deep it is to be followed.
bool HasOwnDepth(const model::Site& site) { return site.max_depth != model::Site().max_depth; }

// What lies deeper than the entry wishes: no loss, but told.
std::string NoteOfDepth(const model::Site& site, const report::Coverage& coverage) {
  const auto deep = std::count_if(coverage.left_out.begin(), coverage.left_out.end(), [](const auto& link) { return link.second.wanted && link.second.reason == "max_depth"; });
  if (deep == 0 || !HasOwnDepth(site)) return {};
  return site.id + ": " + std::to_string(deep) + (coverage.left_out.size() >= report::kMostLeftOut ? " or more" : "") +
         " links to articles or lists were not followed, being deeper than the entry's max_depth = " + std::to_string(site.max_depth);
}

// What the end of a run was found to be.
report::Coverage JudgedBy(const store::CommitOutcome& outcome) {
  report::Coverage judged;
  for (const auto& [told, names] : {std::pair(&judged.redesigned, &outcome.redesigned), std::pair(&judged.absent_listed, &outcome.absent_listed),
                                    std::pair(&judged.changed_alike, &outcome.changed_alike), std::pair(&judged.believed_alike, &outcome.believed_alike),
                                    std::pair(&judged.all_edited, &outcome.all_edited), std::pair(&judged.missing, &outcome.missing),
                                    std::pair(&judged.short_lists, &outcome.short_lists), std::pair(&judged.believed_lists, &outcome.believed_lists)}) {
    told->insert(names->begin(), names->end());
  }
  return judged;
}

report::RunFacts FactsOf(const RunResult& result, std::string_view trigger) {
  report::RunFacts facts;
  facts.site = result.site->id;
  facts.name = result.site->name;
  facts.started = result.started;
  facts.ended = result.ended;
  facts.trigger = trigger;
  facts.sweep = result.mode == frontier::RoundMode::kSweep;
  facts.round = result.round;
  facts.overrides = report::OverridesOf(*result.site);
  facts.depth_chosen = HasOwnDepth(*result.site);
  facts.stopped = result.summary.stopped;
  facts.budget_used = result.summary.budget_used;
  facts.still_queued = result.summary.still_queued;
  facts.fetched = result.summary.fetched;
  facts.failed = result.summary.failed;
  facts.robots_denied = result.summary.robots_denied;
  facts.notes = result.summary.notes;
  facts.summary = ToJson(result.summary);
  facts.coverage = result.coverage;
  return facts;
}

}  // namespace

Result<void> Crawler::Impl::Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunTerms terms) {
  auto run = std::make_shared<RunState>();
  run->site = site;
  run->mode = mode;
  run->terms = std::move(terms);
  run->began = steady_clock::now();
  run->started = clock_.Now();
  run->tally.ChangeCoverage([&](report::Coverage& coverage) { coverage.seeds = site->seeds.size(); });
  {
    MutexLock lock(runs_mutex_);
    if (closing_) return Fail(ErrorKind::kCancelled, "the crawler is being stopped", site->id);
    if (!runs_.try_emplace(site->id, run).second) return Fail(ErrorKind::kConflict, "a run is under way", site->id);
  }
  const auto commit = [&](std::span<const store::StateWrite> writes) -> Result<void> {
    // What was queued so far is found by the next run, which adds what is missing.
    if (closing_) return Fail(ErrorKind::kCancelled, "stopped while the run was being queued", site->id);
    return CommitState(writes);
  };
  // Before anything is asked for: a kill may cut off the first request while nothing of it is stored, and the next process must know that there
  // may have been one.
  Result<bool> queued = false;
  if (Result<void> in_use = commit({}); !in_use) queued = Fail(std::move(in_use.error()));
  else queued = frontier_.BeginOrResume(site, mode, commit);
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
  run->resumed = *queued;
  if (Result<void> taken = TakePieces(*run); !taken) {
    frontier_.EndRun(site->id);
    MutexLock lock(runs_mutex_);
    runs_.erase(site->id);
    return taken;
  }
  run->ready = true;
  fetcher_->Wake();
  return {};
}

// What a run of the same round got that left no report, because it was killed, is this one's to report. Of an earlier round, of which nothing was
// left to be asked for, it is reported by itself.
Result<void> Crawler::Impl::TakePieces(RunState& run) {
  const uint64_t round = frontier_.GetProgress(run.site->id).round;
  FZ_ASSIGN(const std::vector<uint64_t> rounds, report::RoundsOfPieces(archive_, run.site->id));
  for (const uint64_t earlier : rounds) {
    if (earlier >= round) continue;
    FZ_ASSIGN(const report::Pieces pieces, report::LoadPieces(archive_, run.site->id, earlier));
    RunResult killed{run.site, {}, pieces.sum, run.started, run.started, earlier, run.mode, {}, {}};
    killed.coverage.seeds = run.site->seeds.size();
    killed.summary.fetched = pieces.sum.visits;
    killed.summary.bytes = pieces.sum.bytes;
    killed.summary.notes.push_back("the run was killed at the end of its round; this is what it had stored");
    FZ_TRY(SettleCoverage(archive_, *run.site, earlier, run.started, killed.coverage));
    FZ_TRY(Report(killed, run.terms.trigger, {}));
    if (options_.on_late_report) options_.on_late_report(killed);
  }
  // A page may say nofollow in its answer's head, which no byte of it tells; and of many addresses of one path each run takes some.
  if (const auto before = report::LoadRuns(archive_, run.site->id, 1); before && !before->empty()) {
    for (const auto& [url, how] : before->front().facts.coverage.left_out) {
      if (how.reason == "nofollow" || how.reason == "too_many_queries") run.reads_again.insert(how.page);
    }
  }
  FZ_ASSIGN(run.pieces, report::LoadPieces(archive_, run.site->id, round));
  run.hosts_stored = run.pieces.sum.hosts;
  run.next_piece = 0;
  if (!run.pieces.keys.empty()) {
    const std::string& last = run.pieces.keys.back();
    run.next_piece = ParseUint(std::string_view(last).substr(last.rfind('/') + 1)).value_or(0) + 1;
  }
  run.tally.ChangeCoverage([&](report::Coverage& coverage) { report::Add(coverage, run.pieces.sum); });
  return {};
}

bool Crawler::Impl::MayLease() const {
  return !disk_low_ && !Full() && under_way_.size() < static_cast<size_t>(options_.settings.max_transfers) &&
         pipeline_.jobs.load() < kMostInPipeline && pipeline_.bytes.load() < options_.settings.max_queued_bytes;
}

void Crawler::Impl::CheckDisk() {
  const auto now = steady_clock::now();
  if (now - last_disk_check_ < kDiskCheckEvery) return;
  last_disk_check_ = now;
  const std::optional<uint64_t> known = FreeBytes(archive_.directory());
  if (!known) return;
  const uint64_t free_bytes = *known;
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
  // What was judged is told by the report, which is another commit: a kill between the two leaves it to the next run, as a piece.
  report::Coverage judged;
  const auto outcomes = committer_.CommitWith({&mark, 1}, [&](std::span<const store::CommitOutcome> known) {
    std::vector<store::StateWrite> state;
    if (known.empty() || known.front().verdict.empty()) return state;
    judged = JudgedBy(known.front());
    StorePiece(run, run.round, judged, state);
    return state;
  });
  if (!outcomes) return Fail(outcomes.error());
  const store::CommitOutcome& outcome = outcomes->front();
  run.tally.Change([&](Summary& s) {
    s.created += outcome.ended_new;
    s.changed += outcome.ended_changed;
    s.unchanged += outcome.ended_unchanged;
    s.absent += outcome.ended_absent;
    // Of an earlier run that was cut off, more may be judged than this one held.
    s.held -= std::min(s.held, outcome.ended_new + outcome.ended_changed + outcome.ended_unchanged + outcome.ended_absent);
    s.warc_bytes += outcome.stored_bytes;
    s.gone += outcome.ended_gone;
    s.moved += outcome.ended_moved;
    s.restored += outcome.ended_restored;
  });
  run.tally.ChangeCoverage([&](report::Coverage& coverage) { report::Add(coverage, judged); });
  return {};
}

// The report of a run is stored in the batch that ends its round: a kill leaves both or neither, and what is there of the round is then its next run's to report.
Result<void> Crawler::Impl::Report(RunResult& result, std::string_view trigger, std::vector<store::StateWrite> ends) {
  report::Reported reported = report::Report(archive_, FactsOf(result, trigger), extract::AdviceFor);
  result.record = std::move(reported.record);
  result.before = std::move(reported.before);
  ends.insert(ends.end(), std::make_move_iterator(reported.writes.begin()), std::make_move_iterator(reported.writes.end()));
  return CommitState(ends);
}

// A sitemap that robots.txt named once and names no more is missed by nobody.
Result<void> Crawler::Impl::ForgetUnnamedSitemaps(const std::string& site, report::Coverage& coverage) {
  for (auto it = coverage.feeds_unread.begin(); it != coverage.feeds_unread.end();) {
    FZ_ASSIGN(const auto found, frontier::Frontier::FoundBy(archive_, site, it->first));
    bool named = true;
    if (found && found->via.ends_with("/robots.txt")) {
      const std::string origin = OriginOf(found->via);
      const auto base = url::Parse(origin + "/");
      if (base && robots_.StateOf(origin) == RobotsCache::State::kReady) {
        const std::vector<std::string> lines = robots_.Sitemaps(origin);
        named = std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
          const auto sitemap = url::Canonical(line, &*base);
          return sitemap && sitemap->HrefWithoutFragment() == it->first;
        });
      }
    }
    it = named ? std::next(it) : coverage.feeds_unread.erase(it);
  }
  return {};
}

Result<void> Crawler::Impl::EndRun(RunState& run, bool stopped) {
  const std::string& site = run.site->id;
  std::vector<store::StateWrite> ends;
  const auto end = frontier_.FinishRound(site, ends);
  const bool unfinished = end == frontier::Frontier::RoundEnd::kGoesOn;
  FZ_TRY(MarkEnd(run));
  const frontier::Progress progress = frontier_.GetProgress(site);
  for (const std::string& host : progress.given_up_hosts) Note(run, host + ": given up for this run; what waits there stays queued");
  const auto window = schedule::TimeWindow::Parse(run.site->time_window, run.site->time_zone);
  const bool in_window = !window || window->Contains(clock_.Now());
  for (const auto& [host, until] : progress.resting_hosts) {
    if (!in_window && until <= window->NextOpening(clock_.Now())) continue;  // it waits for the window alone, as the run's first note says
    Note(run, host + ": not to be asked before " + FormatIso8601(until) + ", since it failed, refused, asked for a pause or has had its requests of the day; what waits there stays queued");
  }
  report::Coverage settled = run.tally.CoverageSnapshot();
  for (const std::string& host : progress.given_up_hosts) report::HostOf(settled, host).given_up = true;
  FZ_TRY(SettleCoverage(archive_, *run.site, progress.round, run.started, settled));
  FZ_TRY(ForgetUnnamedSitemaps(site, settled));
  if (std::string note = NoteOfDepth(*run.site, settled); !note.empty()) Note(run, std::move(note));
  run.tally.ChangeCoverage([&](report::Coverage& coverage) { coverage = std::move(settled); });
  const frontier::Frontier::Folded folded = frontier_.GetFolded(site);
  run.tally.ChangeCoverage([&](report::Coverage& coverage) {
    coverage.duplicates_left_out = folded.addresses;
    coverage.duplicate_rules = folded.rules;
  });
  run.tally.Change([&](Summary& s) {
    s.still_queued = end != frontier::Frontier::RoundEnd::kDone ? std::max<uint64_t>(1, progress.queued_now) : 0;
    s.seconds = std::chrono::duration<double>(steady_clock::now() - run.began).count();
    s.stopped = stopped;
    s.budget_used = unfinished && !stopped && (Full() || Full(run) || run.leased_pages >= run.site->max_pages);
  });
  RunResult result{run.site, run.tally.Snapshot(), run.tally.CoverageSnapshot(), run.started, clock_.Now(), progress.round, run.mode, {}, {}};
  FZ_TRY(Report(result, run.terms.trigger, std::move(ends)));
  frontier_.EndRun(site);
  // One handshake that failed says nothing of the next run's: a certificate may have been mended, and a server have been busy.
  for (const auto& [host, use] : run.hosts) tls_legacy_.erase(host);
  {
    MutexLock lock(runs_mutex_);
    runs_.erase(site);
  }
  if (options_.on_run_end) options_.on_run_end(result);
  return {};
}

// A run that went on with an earlier round, and could get nothing of what was left of it, has done nothing of what it was begun for: the next round is
// begun. So it is after a rebuild: what robots.txt forbids is in no WARC file, so it waits again. And so it is after a kill when all else was read and
// the rest lies at a host that gives no answer.
Result<bool> Crawler::Impl::BeginNextRound(RunState& run) {
  if (!run.resumed) return false;
  if (frontier_.WentOn(run.site->id)) return false;
  run.resumed = false;
  std::vector<store::StateWrite> ends;
  if (frontier_.FinishRound(run.site->id, ends) == frontier::Frontier::RoundEnd::kGoesOn) return false;
  FZ_TRY(CommitState(ends));
  frontier_.EndRun(run.site->id);
  FZ_TRY(frontier_.BeginOrResume(run.site, run.mode, [this](std::span<const store::StateWrite> writes) { return CommitState(writes); }));
  run.tally.Change([](Summary& summary) { summary.robots_denied = 0; });
  run.tally.ChangeCoverage([&run](report::Coverage& coverage) {
    report::Coverage next;  // with what was asked of the hosts and is in no piece; what was got of the round before is that one's
    next.seeds = run.site->seeds.size();
    next.hosts = report::ImpactSince(coverage.hosts, run.hosts_stored);
    for (auto& [host, impact] : next.hosts) impact.robots_denied = 0;
    coverage = std::move(next);
  });
  FZ_TRY(TakePieces(run));
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

// A page worker's body: until the queue is closed and empty.
void Crawler::Impl::Work() {
  while (auto job = pipeline_.to_process.Pop()) {
    ProcessJob(*job, profiles_);
    // A part of a sitemap is a few hundred kilobytes, and its links as many megabytes.
    uint64_t links = 0;
    for (const model::Link& link : job->links) links += sizeof link + link.url.size() + link.text.size();
    job->held_bytes += links;
    pipeline_.bytes += links;
    if (!pipeline_.to_write.Push(std::move(*job))) return;
  }
}

// Begins what may begin now: pages, the robots.txt files that they wait for, probes.
Crawler::Impl::Begun Crawler::Impl::BeginWhatMay(bool stopping) {
  Begun begun;
  while (!stopping && MayLease()) {
    auto task = frontier_.Lease([this](const frontier::FetchTask& t) { return Gate(t); });
    if (!task) break;
    begun.pages = true;
    Begin(std::move(*task));
  }
  for (const auto& [site, origin] : std::exchange(to_leave_out_, {})) {
    if (const auto run = RunOf(site)) LeaveOut(*run, origin);
  }
  for (auto it = robots_wanted_.begin(); it != robots_wanted_.end();) {
    // A run that ended wants nothing; the next one asks anew.
    const auto run = RunOf(it->second.task.site->id);
    const bool over = stopping || !run || run->ending;
    if (over) robots_.Forget(it->first);
    it = over || BeginRobots(it->first, it->second) ? robots_wanted_.erase(it) : std::next(it);
  }
  for (const std::shared_ptr<RunState>& run : AllRuns()) {
    AcceptProbes(*run);
    if (!stopping && !disk_low_ && !run->ending) {
      while (SendProbe(run)) {
      }
    }
    begun.probes_wait = begun.probes_wait || !run->probes.empty();
  }
  return begun;
}

Result<void> Crawler::Impl::Loop(const std::stop_token& stop, bool until_idle) {
  Writer writer(archive_, committer_, frontier_, pipeline_, options_.settings, [this] { fetcher_->Wake(); });
  std::jthread writer_thread([&writer] { writer.Run(); });
  std::vector<std::jthread> workers;
  const int count = options_.settings.page_workers > 0 ? options_.settings.page_workers
                                                       : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 0; i < count; ++i) workers.emplace_back([this] { Work(); });
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
    const Begun begun = BeginWhatMay(stopping.has_value());
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
    if (!stopping && !begun.pages && MayLease() && !AllRuns().empty()) {
      const auto until_next = std::chrono::duration_cast<milliseconds>(frontier_.UntilNext() / options_.clock_rate);
      wait = std::clamp(until_next, milliseconds(2), wait);
    }
    if (begun.probes_wait) wait = std::min(wait, milliseconds(20));
    for (fetch::FetchResult& result : fetcher_->Poll(wait)) Ended(std::move(result));
    Tick();
  }

  pipeline_.to_process.Close();
  for (std::jthread& worker : workers) worker.join();
  pipeline_.to_write.Close();
  writer_thread.join();
  if (!failure) failure = writer.failure();
  if (failure) {
    archive_.LeaveUnclean();  // the runs were not ended, so their hosts' clocks are not stored
    return Fail(std::move(*failure));
  }
  return {};
}

Crawler::Crawler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Crawler::~Crawler() = default;

Result<std::unique_ptr<Crawler>> Crawler::Create(store::Archive& archive, CrawlerOptions options) {
  auto impl = std::make_unique<Impl>(archive, std::move(options));
  fetch::FetcherOptions fetcher_options;
  fetcher_options.user_agent = UserAgent(impl->options_.settings);
  fetcher_options.max_connections = impl->options_.settings.max_transfers + 64;
  fetcher_options.held = [&pipeline = impl->pipeline_] { return pipeline.bytes.load(); };
  FZ_ASSIGN(impl->fetcher_, fetch::Fetcher::Create(std::move(fetcher_options), impl->clock_));
  return std::unique_ptr<Crawler>(new Crawler(std::move(impl)));
}

Result<void> Crawler::Begin(std::shared_ptr<const model::Site> site, frontier::RoundMode mode, RunTerms terms) {
  return impl_->Begin(std::move(site), mode, std::move(terms));
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

Result<void> Crawler::CommitState(std::span<const store::StateWrite> writes) { return impl_->CommitState(writes); }

void Crawler::SetMinFreeBytes(uint64_t bytes) { impl_->min_free_bytes_ = bytes; }

std::string Crawler::DiskProblem() const {
  MutexLock lock(impl_->runs_mutex_);
  return impl_->disk_problem_;
}

Result<void> Crawler::Loop(std::stop_token stop, bool until_idle) { return impl_->Loop(stop, until_idle); }

}  // namespace fangzhi::crawl
