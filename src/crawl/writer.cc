// The writer's stage: groups of captures become durable, then are acknowledged to the frontier.
#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

#include "base/log.h"
#include "crawl/pipeline.h"
#include "extract/obstacle.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

std::string ReasonOf(const Job& job) {
  const model::Capture& capture = job.capture;
  if (!model::HasResponse(capture.outcome)) {
    std::string reason(model::FetchOutcomeName(capture.outcome));
    if (!capture.error.empty()) reason += ": " + capture.error;
    return reason;
  }
  if (job.facts.obstacle == extract::kRedirectsObstacle) return "redirects: without end";
  const bool blocked = !job.facts.obstacle.empty();
  if (job.facts.record && job.facts.record->kind == model::PageKind::kError && capture.status < 400 && (blocked || capture.outcome != model::FetchOutcome::kTruncated)) {
    return job.facts.record->kind_reason;
  }
  if (capture.outcome == model::FetchOutcome::kTruncated) {
    return "truncated: " + std::string(model::TruncationName(capture.truncation));
  }
  return "http_" + std::to_string(capture.status);
}

// Why a part of an answer is missing; empty: it came whole.
std::string WhyCut(const Job& job) {
  const model::Capture& capture = job.capture;
  if (capture.outcome != model::FetchOutcome::kTruncated) return model::HasResponse(capture.outcome) ? job.facts.content_problem : std::string();
  if (capture.truncation == model::Truncation::kLength) return std::string(report::kTooLong);
  return "cut off: " + (capture.error.empty() ? std::string(model::TruncationName(capture.truncation)) : capture.error);
}

bool MayAsk(const model::Counter& counter, model::CounterMode mode) {
  if (mode == model::CounterMode::kAllowIncrement) return true;
  return mode == model::CounterMode::kReadOnly && model::IsReadOnly(counter);
}

bool IsSeed(const frontier::FetchTask& task) {
  const std::vector<std::string>& seeds = task.site->seeds;
  return task.depth == 0 && std::find(seeds.begin(), seeds.end(), task.url) != seeds.end();
}

// A link that is new costs a kilobyte or two until it is committed. A group ends when it holds so many links, and with a page that alone has as many as
// most groups have new ones: a part of a sitemap.
constexpr size_t kMostLinksInGroup = 8192;
constexpr size_t kManyLinks = 1024;
constexpr size_t kMostOnOtherHosts = 500;  // of a page

}  // namespace

bool IsOnOtherHost(const model::Site& site, const std::string& url) {
  return !config::OnHostsOf(site, url) && std::none_of(site.exclude.begin(), site.exclude.end(), [&](const auto& pattern) { return pattern->Matches(url); });
}

void Writer::Run() {
  std::vector<Job> group;
  while (auto first = pipeline_.to_write.Pop()) {
    group.clear();
    group.push_back(std::move(*first));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(settings_.commit_milliseconds);
    size_t links = group.front().links.size();
    while (group.size() < settings_.commit_captures && links < kMostLinksInGroup &&
           group.back().links.size() < kManyLinks) {
      // Nothing else is on its way: waiting would only make the fetch loop wait too.
      if (pipeline_.jobs.load() == group.size()) break;
      auto next = pipeline_.to_write.PopUntil(std::min(deadline, std::chrono::steady_clock::now() + std::chrono::milliseconds(5)));
      if (next) {
        links += next->links.size();
        group.push_back(std::move(*next));
      }
      if (std::chrono::steady_clock::now() >= deadline) break;
    }
    uint64_t bytes = 0;
    for (const Job& job : group) bytes += job.held_bytes;
    const size_t count = group.size();
    std::vector<std::shared_ptr<RunState>> runs;
    for (const Job& job : group) runs.push_back(job.run);
    if (!failure()) {
      try {
        CommitGroup(group);
      } catch (const std::exception& problem) {
        MutexLock lock(mutex_);
        failure_ = Error{ErrorKind::kInternal, std::string("commit: ") + problem.what(), archive_.directory()};
      }
    }
    group.clear();
    pipeline_.bytes -= bytes;
    pipeline_.jobs -= count;
    for (const auto& run : runs) --run->jobs;
    on_commit_();
  }
  if (!failure()) SaveTemplates();
}

// Pages after which a site's template is written again; a young one is written with every page, for a small site has no more.
constexpr uint64_t kSaveEvery = 25;

Writer::Learning& Writer::TemplateOf(const std::string& site) {
  auto [entry, added] = templates_.try_emplace(site);
  if (added) {
    const auto stored = archive_.GetState(templates::StateKey(site));
    if (stored && *stored) entry->second.site = templates::SiteTemplate::Parse(**stored).value_or(templates::SiteTemplate{});
  }
  return entry->second;
}

// What the site's template says of an article.
void Writer::Compare(Job& job) {
  Learning& learning = TemplateOf(job.task.site->id);
  if (learning.round != job.task.round) {
    learning.round = job.task.round;
    learning.before = learning.site;
  }
  if (job.facts.record && !learning.site.redesign_suspected()) learning.site.Confirm(*job.facts.record);
  // Only a page that was held before, and came back changed, tells of a redesign. It is held against the frame of before this run: a new one is learned
  // from its first pages, and the rest would fit.
  job.facts.other_frame = !job.known_digest.empty() && (learning.before.redesign_suspected() || learning.before.LostFrame(job.outline));
}

// The site's template takes an article in, in the batch that makes the article durable. Nothing is learned from what may be the host's answer for
// everything: an outage that speaks in pages would be taken for the site's new frame, and so would texts that came back garbled.
void Writer::Learn(const Job& job, const store::CommitOutcome& outcome, UtcTime time, std::vector<store::StateWrite>& state) {
  const std::string& verdict = outcome.verdict;
  if (job.outline.empty() || outcome.more_damaged || (verdict != "new" && verdict != "changed" && verdict != "unchanged")) return;
  const std::string& id = job.task.site->id;
  Learning& learning = TemplateOf(id);
  const bool suspected = learning.site.redesign_suspected();
  learning.site.Observe(job.outline, !job.known_digest.empty(), FormatWarcDate(time));
  ++learning.unsaved;
  if (learning.site.redesign_suspected() != suspected) {
    Log(LogLevel::kWarn, "template", suspected ? "redesign_over" : "redesign_suspected", {{"site", Escaped(id)}, {"url", Escaped(job.task.url)}});
  } else if (learning.site.Learned() && learning.unsaved < kSaveEvery) {
    return;
  }
  state.push_back({templates::StateKey(id), learning.site.Serialise()});
  learning.unsaved = 0;
}

void Writer::SaveTemplates() {
  std::vector<store::StateWrite> state;
  for (auto& [id, learning] : templates_) {
    if (learning.unsaved != 0) state.push_back({templates::StateKey(id), learning.site.Serialise()});
    learning.unsaved = 0;
  }
  if (state.empty()) return;
  // What is lost here is some counts of a template; the archive itself has said what is wrong with it.
  if (const auto saved = committer_.Commit({}, state); !saved) {
    Log(LogLevel::kWarn, "template", "not_saved", {{"error", Escaped(saved.error().ToString())}});
  }
}

void Writer::Fail(Error error) {
  Log(LogLevel::kError, "writer", "commit_failed", {{"error", Escaped(error.ToString())}});
  MutexLock lock(mutex_);
  failure_ = std::move(error);
}

Result<size_t> Writer::QueueAhead(const frontier::FetchTask& task, const std::vector<store::Discovery>& discovered) {
  size_t begin = 0;
  for (; discovered.size() - begin > kManyLinks; begin += kManyLinks) {
    std::vector<frontier::Finished> ahead(1);
    ahead[0].task = task;
    ahead[0].only_discovered = true;
    const auto first = discovered.begin() + static_cast<ptrdiff_t>(begin);
    ahead[0].discovered.assign(first, first + static_cast<ptrdiff_t>(kManyLinks));
    auto outcomes = committer_.CommitWith({}, [&](std::span<const store::CommitOutcome>) {
      std::vector<store::StateWrite> state;
      frontier_.Finish(ahead, state);
      return state;
    });
    if (!outcomes) return fangzhi::Fail(std::move(outcomes.error()));
    frontier_.Committed(ahead);
  }
  return begin;
}

// Whether the number of a page was answered in this run, with those of the others on a list of it, or will be: then its own request would tell nothing new. A
// page that comes back changed is asked for itself, so that its new version has a number of its own time.
bool Writer::IsCounted(const Job& job, const model::Counter& counter) const {
  CounterBatches& batches = job.run->batches;
  const bool counted = batches.HasCounted(job.task.url);
  if (!counted && !batches.IsAwaited(job.task.url)) return false;
  const auto page = archive_.Snapshot()->FindUrl(job.task.url);
  if (!page || (*page && (*page)->versions > 0 && !job.unchanged)) return false;
  return counted || batches.Wait(job.task.url, counter);
}

// A group on its way to the archive: what is committed of its jobs, and which job each capture and each finished task is of.
struct Writer::Batch {
  explicit Batch(std::vector<Job>& jobs) : group(jobs), bytes(jobs.size(), 0) {}

  std::vector<Job>& group;
  std::vector<uint64_t> bytes;  // received, by job
  std::vector<store::CaptureToCommit> captures;
  std::vector<size_t> job_of_capture;
  std::vector<frontier::Finished> finished;
  std::vector<std::optional<size_t>> capture_of_finished;
  std::vector<store::StateWrite> state;
  std::map<RunState*, std::pair<uint64_t, report::Coverage>> pieces;  // with the round

  report::Coverage& PieceOf(const Job& job) {
    auto& [round, piece] = pieces[job.run.get()];
    round = std::max(round, job.task.round);
    return piece;
  }
};

// The lists of a group whose counter answers for their articles, before the articles that came with them: those were on their way when the list was read, and
// wait for its answer.
void Writer::TakeBatches(const std::vector<Job>& group) {
  for (const Job& job : group) {
    if (job.purpose != store::Purpose::kPage || job.denied || job.retry_at) continue;
    if (job.facts.record && job.facts.record->counter_batch) {
      const model::CounterBatch& batch = *job.facts.record->counter_batch;
      if (MayAsk(batch.counter, job.task.site->counters)) job.run->batches.Asked(batch.counter.url, batch.pages);
    } else if (job.unchanged && job.task.kind != model::LinkKind::kArticle) {
      const frontier::Frontier::StoredCounter known = frontier_.KnownCounter(job.task);
      if (known.counter && !known.counted_pages.empty() && MayAsk(*known.counter, job.task.site->counters)) job.run->batches.Asked(known.counter->url, known.counted_pages);
    }
  }
}

// A request for the numbers of several articles is done: those that it left without one are asked for by themselves, in the batch that takes it from the queue.
void Writer::EndBatch(const Job& job, frontier::Finished& done) {
  const auto of_before = [&](const std::string& url) -> std::optional<model::Counter> {
    if (job.run->counted.contains(std::hash<std::string>{}(url))) return std::nullopt;
    frontier::FetchTask page = job.task;
    page.url = url;
    return frontier_.KnownCounter(page).counter;
  };
  done.asked_alone = job.run->batches.Ended(job.task.url, job.task.counted_pages, job.facts.counted, of_before);
  std::erase_if(done.asked_alone, [&](const auto& page) { return !MayAsk(page.second, job.task.site->counters); });
}

// The counter of a page, and whether it is asked now.
void Writer::TakeCounter(const Job& job, frontier::Finished& done) {
  if (job.facts.record && job.facts.record->counter_batch) {
    done.counter = job.facts.record->counter_batch->counter;
    done.counted_pages = job.facts.record->counter_batch->pages;
  } else if (job.facts.record && job.facts.record->counter) {
    done.counter = job.facts.record->counter;
  } else if (job.unchanged) {
    frontier::Frontier::StoredCounter known = frontier_.KnownCounter(job.task);
    done.counter = std::move(known.counter);
    done.counted_pages = std::move(known.counted_pages);
  }
  done.ask_counter = done.counter && MayAsk(*done.counter, job.task.site->counters) && (!done.counted_pages.empty() || !IsCounted(job, *done.counter));
}

// Of a page's links those that the site entry would want, were they on one of its hosts.
void Writer::TakeOtherHosts(Job& job) {
  const model::Site& site = *job.task.site;
  const bool list = job.page_kind == model::PageKind::kList || job.page_kind == model::PageKind::kHome;
  for (const model::Link& link : job.links) {
    const bool article = link.kind == model::LinkKind::kArticle && list && site.capture_pages;
    const bool attachment = link.kind == model::LinkKind::kAttachment && site.capture_attachments;
    if ((article || attachment) && job.on_other_hosts.size() < kMostOnOtherHosts && IsOnOtherHost(site, link.url)) job.on_other_hosts.push_back(link);
  }
}

// What the frontier is told of a job when it is durable. Gives what the capture names for the first time.
Result<std::vector<store::Discovery>> Writer::PrepareTask(Job& job, Batch& batch) {
  std::vector<store::Discovery> discovered;
  frontier::Finished done;
  done.task = job.task;
  std::optional<size_t> capture = batch.captures.size();
  if (job.purpose == store::Purpose::kRobots || job.purpose == store::Purpose::kProbe) {
    frontier_.ClockWrites(job.task, batch.state);
    if (job.sitemaps.empty()) return discovered;
    done.only_discovered = true;
    done.discovered = discovered = frontier_.Select(job.task, model::PageKind::kOther, job.sitemaps);
  } else {
    done.retry_at = job.retry_at;
    if (job.task.counter && !job.retry_at && !job.task.counted_pages.empty()) EndBatch(job, done);
    if (!job.denied && !job.retry_at && job.purpose == store::Purpose::kPage) {
      TakeOtherHosts(job);
      discovered = frontier_.Select(job.task, job.page_kind, std::exchange(job.links, {}), &job.left_out);
      job.unfollowed = frontier_.Unfollowed(job.task, job.unfollowed);
      FZ_ASSIGN(const size_t rest, QueueAhead(job.task, discovered));
      done.discovered.assign(discovered.begin() + static_cast<ptrdiff_t>(rest), discovered.end());
      TakeCounter(job, done);
      if (done.ask_counter) discovered.push_back(frontier::CounterDiscovery(*done.counter, done.counted_pages, job.task.depth));
    }
    if (job.denied) {
      capture.reset();
    } else {
      done.time = job.capture.began;
      if (job.facts.record && job.facts.record->published) done.published = *job.facts.record->published;
    }
    if (!job.outline.empty() && job.purpose == store::Purpose::kPage) Compare(job);
  }
  batch.capture_of_finished.push_back(capture);
  batch.finished.push_back(std::move(done));
  return discovered;
}

// Takes a job's capture over, but for what is still needed when it is counted.
void Writer::PrepareCapture(Job& job, std::vector<store::Discovery> discovered, Batch& batch) {
  store::CaptureToCommit& capture = batch.captures.emplace_back();
  capture.facts = job.facts;
  capture.facts.discovered = std::move(discovered);
  capture.capture = std::move(job.capture);
  job.capture = {};
  job.capture.url = capture.capture.url;
  job.capture.began = capture.capture.began;
  job.capture.outcome = capture.capture.outcome;
  job.capture.truncation = capture.capture.truncation;
  job.capture.status = capture.capture.status;
  job.capture.error = capture.capture.error;
}

// The state that belongs to the captures, now that their verdicts are known.
std::vector<store::StateWrite> Writer::StateOf(Batch& batch, std::span<const store::CommitOutcome> known) {
  for (size_t i = 0; i < batch.finished.size(); ++i) {
    const auto capture = batch.capture_of_finished[i];
    if (!capture || *capture >= known.size()) continue;
    frontier::Finished& finished = batch.finished[i];
    finished.verdict = known[*capture].verdict;
    const Job& job = batch.group[batch.job_of_capture[*capture]];
    if (job.purpose == store::Purpose::kPage) Learn(job, known[*capture], finished.time, batch.state);
    if (known[*capture].content != 0) frontier_.Learn(finished.task, known[*capture].content, finished.time, batch.state);
  }
  frontier_.Finish(batch.finished, batch.state);
  for (size_t i = 0; i < known.size() && i < batch.job_of_capture.size(); ++i) {
    const Job& job = batch.group[batch.job_of_capture[i]];
    report::Coverage& piece = batch.PieceOf(job);
    piece.bytes += batch.bytes[batch.job_of_capture[i]];
    Cover(job, known[i], piece);
    CoverLeftOut(job, piece);
  }
  for (const Job& job : batch.group) {
    if (job.denied && IsSeed(job.task)) batch.PieceOf(job).seeds_missed[job.task.url] = "denied by robots.txt";
  }
  for (auto& [run, piece] : batch.pieces) {
    if (piece.second.visits == 0 && piece.second.seeds_missed.empty() && piece.second.counters_asked == 0) continue;
    StorePiece(*run, piece.first, piece.second, batch.state);
  }
  return std::move(batch.state);
}

// Counts what was committed, and tells the runs which probes it asks for.
void Writer::CountBatch(const Batch& batch, std::span<const store::CommitOutcome> outcomes) {
  for (const auto& [run, piece] : batch.pieces) {
    run->tally.ChangeCoverage([&got = piece.second](report::Coverage& coverage) { report::Add(coverage, got); });
  }
  for (size_t i = 0; i < outcomes.size() && i < batch.job_of_capture.size(); ++i) {
    const Job& job = batch.group[batch.job_of_capture[i]];
    const store::CommitOutcome& outcome = outcomes[i];
    Count(job, outcome);
    if (outcome.wants_probe) job.run->probes_wanted.Add(job.task);
    if (outcome.shows_home) {
      job.run->probes_wanted.Open(job.task, job.capture.began);
    } else if (outcome.content != 0 || outcome.verdict == "unchanged" || outcome.verdict == "not_modified") {
      job.run->probes_wanted.Answered(job.task.host, job.capture.began);
    }
  }
  for (size_t i = 0; i < batch.group.size(); ++i) {
    const Job& job = batch.group[i];
    job.run->tally.Change([&](Summary& summary) {
      summary.bytes += batch.bytes[i];
      summary.robots_denied += job.denied ? 1 : 0;
    });
    if (!job.denied) continue;
    job.run->tally.ChangeCoverage([&](report::Coverage& coverage) { ++report::HostOf(coverage, job.task.host).robots_denied; });
  }
}

void Writer::CommitGroup(std::vector<Job>& group) {
  Batch batch(group);
  TakeBatches(group);
  for (size_t i = 0; i < group.size(); ++i) {
    Job& job = group[i];
    for (store::StateWrite& write : job.state) batch.state.push_back(std::move(write));
    auto discovered = PrepareTask(job, batch);
    if (!discovered) return Fail(std::move(discovered.error()));
    if (job.denied) continue;
    batch.bytes[i] = job.capture.response_head.size() + job.capture.payload.size();
    batch.job_of_capture.push_back(i);
    PrepareCapture(job, std::move(*discovered), batch);
  }
  auto outcomes = committer_.CommitWith(batch.captures, [&](std::span<const store::CommitOutcome> known) { return StateOf(batch, known); });
  if (!outcomes) return Fail(std::move(outcomes.error()));
  frontier_.Committed(batch.finished);
  CountBatch(batch, *outcomes);
}

void Writer::Count(const Job& job, const store::CommitOutcome& outcome) {
  job.run->tally.Change([&](Summary& summary) {
    summary.warc_bytes += outcome.stored_bytes;
    if (job.purpose == store::Purpose::kRobots || job.purpose == store::Purpose::kProbe) return;
    if (job.purpose == store::Purpose::kCounter) {
      if (job.facts.clicks) ++summary.counters;
      for (const store::Counted& counted : job.facts.counted) summary.counters += counted.clicks ? 1 : 0;
      return;
    }
    const bool response = model::HasResponse(job.capture.outcome);
    if (response) ++summary.fetched;
    if (outcome.gone) ++summary.gone;
    if (outcome.restored) ++summary.restored;
    if (outcome.verdict == "new") ++summary.created;
    if (outcome.verdict == "changed") ++summary.changed;
    if (outcome.verdict == "unchanged" || outcome.verdict == "not_modified") ++summary.unchanged;
    if (outcome.verdict == "redirect") ++summary.redirects;
    if (outcome.verdict == "absent") ++summary.absent;
    if (outcome.verdict == "held" || outcome.verdict == "weighed") ++summary.held;
    if (outcome.verdict == "failed" || !job.unread.empty()) {
      const std::string reason = job.unread.empty() ? ReasonOf(job) : job.unread;
      ++summary.errors[reason.substr(0, reason.find(':'))];
      // One that is too long is told as cut, in the first run and in every other.
      const bool cut = job.task.kind == model::LinkKind::kAttachment && job.capture.outcome == model::FetchOutcome::kTruncated;
      if (!job.retry_at && !cut) {
        ++summary.failed;
        if (summary.failures.size() < kListedFailures) summary.failures.push_back({job.capture.url, reason});
      }
    }
  });
}

void StorePiece(RunState& run, uint64_t round, report::Coverage piece, std::vector<store::StateWrite>& state) {
  constexpr size_t kMostPieces = 100;
  // With what was asked of the hosts so far: a kill loses of that account what is under way.
  run.tally.ChangeCoverage([&](const report::Coverage& coverage) { piece.hosts = report::ImpactSince(coverage.hosts, run.hosts_stored); });
  report::Add(run.pieces.sum, piece);
  const std::string key = report::PieceKey(run.site->id, round, run.next_piece++);
  if (run.pieces.keys.size() < kMostPieces) {
    state.push_back({key, model::Dump(report::ToJson(piece))});
  } else {
    for (const std::string& before : run.pieces.keys) state.push_back({before, std::nullopt});
    run.pieces.keys.clear();
    state.push_back({key, model::Dump(report::ToJson(run.pieces.sum))});
  }
  run.pieces.keys.push_back(key);
}

void Writer::CoverLeftOut(const Job& job, report::Coverage& coverage) {
  constexpr std::string_view kTooMany = "too_many_queries", kRepeats = "repeats";
  const auto add = [&](const std::vector<model::Link>& links, std::string_view reason) {
    for (const model::Link& link : links) {
      const bool wanted = reason != kRepeats && (link.kind == model::LinkKind::kArticle || link.kind == model::LinkKind::kList || link.kind == model::LinkKind::kFeed ||
                          (link.kind == model::LinkKind::kPage && reason == kTooMany));
      report::AddLeftOut(coverage, link.url, {std::string(reason), job.task.url, wanted});
    }
  };
  add(job.unfollowed, "nofollow");
  add(job.left_out.too_deep, "max_depth");
  add(job.left_out.too_many, kTooMany);
  add(job.left_out.repeats, kRepeats);
  for (const model::Link& link : job.on_other_hosts) report::AddOnOtherHost(coverage, link.url, job.task.url, link.kind == model::LinkKind::kAttachment);
}

// An attachment that was never got, or of which only a part came. One that was held and is gone the ledger tells.
void Writer::CoverAttachment(const Job& job, const store::CommitOutcome& outcome, report::Coverage& coverage) {
  const std::string& url = job.task.url;
  if (job.capture.outcome == model::FetchOutcome::kTruncated) {
    report::AddReason(coverage.attachments_cut, url, job.capture.truncation == model::Truncation::kLength ? std::string(report::kTooLong) : "cut off");
    return;
  }
  if (outcome.version > 0 && outcome.verdict != "new") return;
  // What stood in the way, and what failed, the index tells when the run ends.
  if (!job.facts.obstacle.empty() || outcome.verdict == "failed") return;
  const bool elsewhere = !job.leads_to.empty() && !config::OnHostsOf(*job.task.site, job.leads_to);
  std::string reason = job.facts.absence;
  if (reason.empty() && elsewhere) reason = "redirects to " + job.leads_to + ", which is not among the site's hosts";
  if (reason.empty() && job.facts.record && job.facts.record->kind == model::PageKind::kError) reason = job.facts.record->kind_reason;
  if (reason.empty() && job.capture.status >= 400) reason = "http_" + std::to_string(job.capture.status);
  if (!reason.empty()) report::AddReason(coverage.attachments_missed, url, reason);
}

void Writer::CoverCounter(const Job& job, report::Coverage& coverage) {
  ++coverage.counters_asked;
  if (job.unread_counter.empty()) {
    ++coverage.counters_answered;
  } else {
    coverage.counters_unread.emplace(job.task.url, job.unread_counter);
  }
  RunState& run = *job.run;
  const auto counted = [&](const std::string& page) {
    const size_t hash = std::hash<std::string>{}(page);
    if (run.without_clicks.erase(hash) > 0) ++coverage.fields["clicks"];
    if (run.counted.size() < RunState::kMostCounted) run.counted.insert(hash);
  };
  if (job.facts.clicks) counted(job.task.counted_page);
  for (const store::Counted& number : job.facts.counted) {
    if (number.clicks) counted(number.page);
  }
}

// What the run's report will say of this page. What became of seeds, and what failed, the index says when the run ends (settle_coverage.cc).
void Writer::Cover(const Job& job, const store::CommitOutcome& outcome, report::Coverage& coverage) {
  if (job.retry_at) return;
  if (job.purpose == store::Purpose::kCounter) return CoverCounter(job, coverage);
  if (job.purpose != store::Purpose::kPage) return;
  const std::string& url = job.task.url;
  const bool is_list = job.task.kind == model::LinkKind::kList || job.task.kind == model::LinkKind::kFeed;
  const bool redirect = outcome.verdict == "redirect";
  const bool read = model::HasResponse(job.capture.outcome) && job.facts.obstacle.empty() && job.capture.status < 400 && job.facts.absence.empty() &&
                    outcome.verdict != "failed" && !redirect;
  const bool known = outcome.version > 0 && outcome.verdict != "new";
  // Also what shows something may lead on without end; what failed for it the index knows.
  if (!job.facts.obstacle.empty() && outcome.verdict != "failed") report::CountShownObstacle(coverage, job.facts.obstacle, url);
  ++coverage.visits;
  if (known) ++coverage.known;
  if (redirect && !job.leads_to.empty() && !config::OnHostsOf(*job.task.site, job.leads_to)) {
    if (const Result<url::Url> target = url::Parse(job.leads_to)) report::CountElsewhere(coverage, target->HostPort(), known);
  }
  if (redirect && is_list) report::AddRedirectedList(coverage, url);
  const bool shown_as_list = job.facts.record && job.facts.record->kind == model::PageKind::kList;
  if (read && (is_list || shown_as_list)) report::CountListPage(coverage, url);
  if (is_list && read) ++coverage.lists_read;
  // An interface that answers POST alone is asked so: no page of it is missing.
  if (is_list && !job.facts.absence.empty() && !job.facts.absence.starts_with("http_405") && !job.facts.absence.starts_with("http_501")) report::CountAbsentListPage(coverage, url);
  // What is held may be the host's answer for everything; the end of the run says how much was.
  const bool page = job.facts.record && job.facts.record->kind != model::PageKind::kError && outcome.verdict != "held";
  if (job.task.kind == model::LinkKind::kAttachment) {
    CoverAttachment(job, outcome, coverage);
  } else if (const std::string why = WhyCut(job); !why.empty() && job.capture.status < 400 && job.facts.obstacle.empty() && !redirect) {
    report::AddReason(coverage.pages_cut, url, why);
  }
  // A feed that a page links to and that is not there is one dead link of many; a sitemap is named for us.
  const auto is_sitemap = [&](const std::string& via) {
    const auto found = frontier::Frontier::FoundBy(archive_, job.task.site->id, via);
    return found && *found && (*found)->kind == model::LinkKind::kFeed;
  };
  const bool named = job.task.via.empty() || job.task.via.ends_with("/robots.txt") || (job.task.kind == model::LinkKind::kFeed && is_sitemap(job.task.via));
  if (job.task.kind == model::LinkKind::kFeed && !redirect && job.facts.obstacle.empty()) {
    const auto kind = job.facts.record ? job.facts.record->provenance.find("kind") : decltype(job.facts.record->provenance.end()){};
    const bool parsed = job.facts.record && kind != job.facts.record->provenance.end() && (kind->second == "feed" || kind->second == "sitemap");
    if (job.capture.status == 404 || job.capture.status == 410) {
      if (named) report::AddReason(coverage.feeds_unread, url, "http_" + std::to_string(job.capture.status));
    } else if (read && job.facts.record && !parsed) {
      report::AddReason(coverage.feeds_unread, url, "neither sitemap nor feed");
    } else if (read && parsed) {
      const auto incomplete = job.facts.record->provenance.find("incomplete");
      if (incomplete != job.facts.record->provenance.end()) report::AddReason(coverage.feeds_unread, url, std::string(report::kReadInPart) + ": " + incomplete->second);
    }
  }
  if (!read || !page) return;
  report::CountRecord(coverage, *job.facts.record, url, is_list && job.asks_rows, job.asks_rows.value_or(std::string()));
  for (const std::string& rows : job.rows_of_units) report::CountRowsInPage(coverage, rows);
  const model::PageRecord& record = *job.facts.record;
  if (record.kind != model::PageKind::kArticle) return;
  if (record.counter && !MayAsk(*record.counter, job.task.site->counters)) ++coverage.counters_not_asked;
  if (record.clicks) return;
  const size_t hash = std::hash<std::string>{}(url);
  if (job.run->counted.contains(hash)) {
    ++coverage.fields["clicks"];
  } else if (job.run->without_clicks.size() < RunState::kMostCounted) {
    job.run->without_clicks.insert(hash);
  }
}

}  // namespace fangzhi::crawl
