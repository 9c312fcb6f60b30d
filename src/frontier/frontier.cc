#include "frontier/frontier.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/log.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "config/config.h"
#include "frontier/keys.h"
#include "frontier/traps.h"
#include "schedule/revisit.h"
#include "schedule/schedule.h"

namespace fangzhi::frontier {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using store::StateWrite;

// Tasks read ahead of need, a host. Also the bound on memory: hosts of a run × this.
constexpr size_t kBuffer = 64;
// URLs remembered as seen without asking the disk: the menu links of the pages under way. Exact (whole strings are compared).
constexpr size_t kRecent = 16384;
// A host that gave no answer so often in a row is left alone for the rest of the run: its queue stays for the next one.
constexpr int kHostFailures = 12;
// A wait longer than this is not sat out: the run ends, the queue keeps the task with its time.
constexpr seconds kLongestWait{120};
// Pages that are neither articles nor lists and differ only in their query: a calendar or a search form makes them without end. So many of
// one path are taken in a run.
constexpr uint32_t kQueriesOfOnePath = 300;
// Paths counted for that; beyond it the counts begin anew.
constexpr size_t kCountedPaths = 10'000;
constexpr size_t kRoundBatch = 1000;

struct Host {
  UtcTime next_allowed{};
  int active = 0;
  int failures = 0;  // in a row
  bool given_up = false;
  milliseconds crawl_delay{0};
};

// What waits of one site at one host: a window, sorted by key, over what is on the disk.
struct Queue {
  std::shared_ptr<const model::Site> site;
  std::string host;
  std::deque<FetchTask> buffer;
  std::map<std::string, FetchTask> delayed;  // by queue key: not before a time of their own
  UtcTime next_delayed = UtcTime::max();     // the earliest of those times, or before it
  std::string resume_after;                  // every key up to this one is in buffer, delayed, leased or gone
  bool maybe_more = false;                   // the disk may hold keys past resume_after
};

struct SiteState {
  std::shared_ptr<const model::Site> site;
  uint64_t round = 0;
  uint64_t leased_pages = 0;  // this run
  schedule::TimeWindow window;
};

// Queues a known URL for a round.
void AddToQueue(const model::Site& site, uint64_t round, const std::string& url, KnownUrl known,
                std::vector<StateWrite>& writes) {
  FetchTask task;
  task.url = url;
  task.host = HostOf(url);
  task.round = round;
  task.depth = known.depth;
  task.kind = known.kind;
  task.via = known.via;
  task.text = known.text;
  task.date = known.date;
  if (!known.queue_key.empty()) writes.push_back({known.queue_key, std::nullopt});
  known.round = round;
  known.queue_key = QueueKey(site.id, task.host, task.depth, task.kind);
  writes.push_back({known.queue_key, ToValue(task)});
  writes.push_back({UrlKey(site.id, url), ToValue(known)});
}

}  // namespace

struct Frontier::Impl {
  const store::Archive& archive;
  const Clock& clock;
  const bool clean;

  mutable Mutex mutex;
  std::map<std::string, SiteState> sites FZ_GUARDED_BY(mutex);
  std::map<std::string, Host> hosts FZ_GUARDED_BY(mutex);
  std::map<std::pair<std::string, std::string>, Queue> queues FZ_GUARDED_BY(mutex);  // by site, host
  std::set<std::string> leased FZ_GUARDED_BY(mutex);                                 // queue keys
  std::pair<std::string, std::string> last_served FZ_GUARDED_BY(mutex);

  // The writer's only.
  std::vector<std::string> recent = std::vector<std::string>(kRecent);
  std::unordered_set<std::string> pending;  // selected, not committed yet
  std::unordered_map<std::string, uint32_t> queries_of_path;

  Impl(const store::Archive& a, const Clock& c, bool was_clean) : archive(a), clock(c), clean(was_clean) {}

  milliseconds DelayOf(const Host& host, const model::Site& site) const {
    return std::max(site.delay, host.crawl_delay);
  }

  Host& HostOfQueue(const Queue& queue) FZ_REQUIRES(mutex) {
    const auto [it, inserted] = hosts.try_emplace(queue.host);
    if (inserted) {
      const UtcTime now = clock.Now();
      if (const auto stored = archive.GetState(HostKey(queue.host)); stored && *stored) {
        const auto json = model::ParseJson(**stored);
        if (json) {
          if (const auto next = ParseIso8601(model::GetString(*json, "next"))) it->second.next_allowed = *next;
          it->second.crawl_delay = milliseconds(model::GetInt(*json, "crawl_delay_ms"));
        }
        // A clock that was set back must not stop a host for years.
        it->second.next_allowed = std::min(it->second.next_allowed, now + std::chrono::hours(24));
      }
      // What the last run did in its last moments is not known after a crash.
      if (!clean) it->second.next_allowed = std::max(it->second.next_allowed, now + DelayOf(it->second, *queue.site));
    }
    return it->second;
  }

  Queue& QueueFor(const std::shared_ptr<const model::Site>& site, const std::string& host) FZ_REQUIRES(mutex) {
    Queue& queue = queues[{site->id, host}];
    if (!queue.site) {
      queue.site = site;
      queue.host = host;
    }
    return queue;
  }

  void Delay(Queue& queue, FetchTask task) {
    queue.next_delayed = std::min(queue.next_delayed, task.not_before);
    std::string place = task.queue_key;
    queue.delayed.insert_or_assign(std::move(place), std::move(task));
  }

  // A delayed task that is due.
  std::optional<FetchTask> TakeDelayed(Queue& queue, UtcTime now, const std::function<bool(const FetchTask&)>& gate) {
    if (queue.next_delayed > now) return std::nullopt;
    std::optional<FetchTask> taken;
    queue.next_delayed = UtcTime::max();
    for (auto it = queue.delayed.begin(); it != queue.delayed.end();) {
      if (!taken && it->second.not_before <= now && gate(it->second)) {
        taken = std::move(it->second);
        it = queue.delayed.erase(it);
        continue;
      }
      queue.next_delayed = std::min(queue.next_delayed, it->second.not_before);
      ++it;
    }
    return taken;
  }

  void Refill(Queue& queue, const std::set<std::string>& under_way) {
    if (!queue.maybe_more) return;
    const std::string prefix = QueuePrefix(queue.site->id, queue.host);
    // Byte order: the first key after resume_after is resume_after followed by a zero byte.
    const std::string from = queue.resume_after.empty() ? prefix : queue.resume_after + '\0';
    const UtcTime now = clock.Now();
    bool stopped = false;
    auto scanned = archive.ScanState(prefix, from, [&](std::string_view key, std::string_view value) {
      std::string place(key);
      queue.resume_after = place;
      if (under_way.contains(place) || queue.delayed.contains(place)) return true;
      auto task = TaskFromValue(key, value);
      if (!task) {
        Log(LogLevel::kError, "frontier", "unreadable_task", {{"key", Escaped(key)}});
        return true;
      }
      task->site = queue.site;
      if (task->not_before > now) {
        Delay(queue, std::move(*task));
      } else {
        queue.buffer.push_back(std::move(*task));
      }
      stopped = queue.buffer.size() >= kBuffer;
      return !stopped;
    });
    if (!scanned) {
      Log(LogLevel::kError, "frontier", "scan_failed", {{"error", Escaped(scanned.error().ToString())}});
      queue.maybe_more = false;
      return;
    }
    queue.maybe_more = stopped;
  }

  // A task that was committed to the queue just now takes its place in the window, if it lies in it.
  void Insert(Queue& queue, FetchTask task) {
    if (task.queue_key > queue.resume_after) {
      if (queue.maybe_more || queue.buffer.size() >= kBuffer) {
        queue.maybe_more = true;  // it is on the disk and will be read in its turn
        return;
      }
      queue.resume_after = task.queue_key;
      queue.buffer.push_back(std::move(task));
      return;
    }
    auto at = queue.buffer.end();
    while (at != queue.buffer.begin() && std::prev(at)->queue_key > task.queue_key) --at;
    queue.buffer.insert(at, std::move(task));
    if (queue.buffer.size() >= 2 * kBuffer) {
      queue.buffer.resize(kBuffer);
      queue.resume_after = queue.buffer.back().queue_key;
      queue.maybe_more = true;
    }
  }

  // Counts one more page that differs from others only in its query; true when there are too many of them.
  bool TooManyQueries(const FetchTask& from, const std::string& url) {
    const size_t query = url.find('?');
    if (query == std::string::npos) return false;
    if (queries_of_path.size() >= kCountedPaths) queries_of_path.clear();
    return ++queries_of_path[from.site->id + " " + std::to_string(from.round) + " " + url.substr(0, query)] > kQueriesOfOnePath;
  }

  bool Seen(const std::string& site, const std::string& url) {
    std::string key = UrlKey(site, url);
    std::string& slot = recent[std::hash<std::string>{}(key) % kRecent];
    if (slot == key) return true;
    if (pending.contains(key)) return true;
    const auto stored = archive.GetState(key);
    if (!stored || *stored) {
      slot = std::move(key);
      return true;
    }
    return false;
  }
};

Frontier::Frontier(const store::Archive& archive, const Clock& clock, bool clean)
    : impl_(std::make_unique<Impl>(archive, clock, clean)) {}
Frontier::~Frontier() = default;

namespace {

// When a known page is due again, from what the archive knows of it.
Result<UtcTime> DueAt(const store::IndexReader& index, const std::string& url, model::LinkKind kind) {
  FZ_ASSIGN(const std::optional<store::UrlEntry> entry, index.FindUrl(url));
  if (!entry) return UtcTime{};
  schedule::PageClass page_class = schedule::PageClass::kArticle;
  if (kind == model::LinkKind::kList || kind == model::LinkKind::kFeed) page_class = schedule::PageClass::kList;
  if (kind == model::LinkKind::kAttachment || kind == model::LinkKind::kRequisite) page_class = schedule::PageClass::kDocument;
  const double age = std::chrono::duration<double>(entry->last_visit - entry->first_visit).count() / 86400;
  return entry->last_visit + schedule::RevisitAfter({}, page_class, age, {});
}

}  // namespace

Result<DueWork> Frontier::GetDueWork(const store::Archive& archive, const model::Site& site, UtcTime now) {
  DueWork work;
  FZ_ASSIGN(const auto stored, archive.GetState(SiteKey(site.id)));
  if (stored) {
    if (const auto json = model::ParseJson(*stored)) work.round_running = model::GetString(*json, "phase", "done") != "done";
  }
  const std::string queue = QueuePrefix(site.id);
  FZ_TRY(archive.ScanState(queue, queue, [&](std::string_view, std::string_view) {
    work.waiting = true;
    return false;
  }));
  const auto index = archive.Snapshot();
  const std::string prefix = UrlKey(site.id, "");
  Result<void> reading;
  bool any = false;
  FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const auto known = KnownUrlFromValue(value);
    if (!known) return true;
    any = true;
    const auto due = DueAt(*index, std::string(key.substr(prefix.size())), known->kind);
    if (!due) {
      reading = Fail(due.error());
      return false;
    }
    if (!work.next_revisit || *due < *work.next_revisit) work.next_revisit = *due;
    return true;
  }));
  FZ_TRY(std::move(reading));
  work.revisits = !any || (work.next_revisit && *work.next_revisit <= now);
  return work;
}

Result<bool> Frontier::BeginOrResume(std::shared_ptr<const model::Site> site, RoundMode mode,
                                     const std::function<Result<void>(std::span<const StateWrite>)>& commit) {
  const store::Archive& archive = impl_->archive;
  uint64_t round = 0;
  std::string phase = "done";
  FZ_ASSIGN(auto stored, archive.GetState(SiteKey(site->id)));
  if (stored) {
    if (const auto json = model::ParseJson(*stored)) {
      round = static_cast<uint64_t>(model::GetInt(*json, "round"));
      phase = model::GetString(*json, "phase", "done");
    }
  }
  bool waiting = false;
  std::set<std::string> hosts;
  const bool resumed = phase == "running";
  const auto site_value = [&](std::string_view new_phase) {
    return model::Dump(model::Json{{"round", round}, {"phase", new_phase}});
  };

  if (phase != "running") {
    // "starting" is a round whose queueing was interrupted: doing it again adds what is missing, since every URL that was queued
    // carries the round's number.
    if (phase == "done") ++round;
    std::vector<StateWrite> writes{{SiteKey(site->id), site_value("starting")}};
    FZ_TRY(commit(writes));
    writes.clear();
    std::set<std::string> seeds(site->seeds.begin(), site->seeds.end());
    Result<void> failed;
    const auto queue = [&](const std::string& url, KnownUrl known) {
      AddToQueue(*site, round, url, std::move(known), writes);
      if (writes.size() >= kRoundBatch && failed) {
        failed = commit(writes);
        writes.clear();
      }
    };
    for (const std::string& seed : site->seeds) {
      FZ_ASSIGN(auto known_value, archive.GetState(UrlKey(site->id, seed)));
      KnownUrl known;
      if (known_value) known = KnownUrlFromValue(*known_value).value_or(KnownUrl{});
      if (known.round == round && known_value) continue;
      known.depth = 0;
      known.kind = model::LinkKind::kList;
      queue(seed, std::move(known));
    }
    const std::string prefix = UrlKey(site->id, "");
    const auto index = archive.Snapshot();
    const UtcTime now = impl_->clock.Now();
    FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
      const std::string url(key.substr(prefix.size()));
      if (seeds.contains(url)) return true;
      auto known = KnownUrlFromValue(value);
      if (!known || known->round >= round) return true;
      if (mode == RoundMode::kDue) {
        const auto due = DueAt(*index, url, known->kind);
        if (!due) {
          failed = Fail(due.error());
          return false;
        }
        if (*due > now) return true;
      }
      if (!config::InScope(*site, url)) return true;  // the site entry was changed: kept in the archive, no longer visited
      queue(url, std::move(*known));
      return static_cast<bool>(failed);
    }));
    FZ_TRY(std::move(failed));
    writes.push_back({SiteKey(site->id), site_value("running")});
    FZ_TRY(commit(writes));
  }

  if (resumed) {
    // Seeds that were added to the site entry since the round began.
    std::vector<StateWrite> writes;
    for (const std::string& seed : site->seeds) {
      FZ_ASSIGN(auto known, archive.GetState(UrlKey(site->id, seed)));
      if (known) continue;
      KnownUrl entry;
      entry.kind = model::LinkKind::kList;
      AddToQueue(*site, round, seed, std::move(entry), writes);
    }
    if (!writes.empty()) FZ_TRY(commit(writes));
  }

  // The hosts that have something waiting: one seek a host.
  const std::string prefix = QueuePrefix(site->id);
  std::string from = prefix;
  while (true) {
    std::string host;
    FZ_TRY(archive.ScanState(prefix, from, [&](std::string_view key, std::string_view) {
      const std::string_view rest = key.substr(prefix.size());
      host = std::string(rest.substr(0, rest.find('/')));
      return false;
    }));
    if (host.empty()) break;
    hosts.insert(host);
    waiting = true;
    from = prefix + host + "0";  // '0' follows '/': past every key of this host
  }

  if (resumed && !waiting) {
    // The process ended between the last page and the end of the round: begin the next one.
    std::vector<StateWrite> writes{{SiteKey(site->id), site_value("done")}};
    FZ_TRY(commit(writes));
    return BeginOrResume(std::move(site), mode, commit);
  }

  MutexLock lock(impl_->mutex);
  SiteState& state = impl_->sites[site->id];
  state = {};
  state.site = site;
  state.round = round;
  if (auto window = schedule::TimeWindow::Parse(site->time_window, site->time_zone)) state.window = std::move(*window);
  for (const std::string& host : hosts) impl_->QueueFor(site, host).maybe_more = true;
  return resumed;
}

std::optional<FetchTask> Frontier::Lease(const std::function<bool(const FetchTask&)>& gate) {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  auto& queues = impl_->queues;
  if (queues.empty()) return std::nullopt;
  // Round robin: begin after the queue that was served last.
  auto start = queues.upper_bound(impl_->last_served);
  if (start == queues.end()) start = queues.begin();
  auto it = start;
  do {
    Queue& queue = it->second;
    SiteState& site = impl_->sites[queue.site->id];
    Host& host = impl_->HostOfQueue(queue);
    const bool may = !host.given_up && host.active < queue.site->connections_per_host && host.next_allowed <= now &&
                     site.leased_pages < queue.site->max_pages && site.window.Contains(now);
    if (may) {
      std::optional<FetchTask> task = impl_->TakeDelayed(queue, now, gate);
      if (!task) {
        if (queue.buffer.empty()) impl_->Refill(queue, impl_->leased);
        if (!queue.buffer.empty() && gate(queue.buffer.front())) {
          task = std::move(queue.buffer.front());
          queue.buffer.pop_front();
        }
      }
      if (task) {
        impl_->leased.insert(task->queue_key);
        ++host.active;
        if (!task->counter) ++site.leased_pages;
        // With several connections the delay is kept between beginnings as well.
        host.next_allowed = now + impl_->DelayOf(host, *queue.site);
        impl_->last_served = it->first;
        return task;
      }
    }
    if (++it == queues.end()) it = queues.begin();
  } while (it != start);
  return std::nullopt;
}

void Frontier::Return(const FetchTask& task) {
  MutexLock lock(impl_->mutex);
  impl_->leased.erase(task.queue_key);
  Queue& queue = impl_->QueueFor(task.site, task.host);
  Host& host = impl_->HostOfQueue(queue);
  host.active = std::max(0, host.active - 1);
  SiteState& site = impl_->sites[task.site->id];
  if (!task.counter && site.leased_pages > 0) --site.leased_pages;
  impl_->Delay(queue, task);
}

void Frontier::TransferEnded(const FetchTask& task, const HostReport& report) {
  MutexLock lock(impl_->mutex);
  Queue& queue = impl_->QueueFor(task.site, task.host);
  Host& host = impl_->HostOfQueue(queue);
  const UtcTime now = impl_->clock.Now();
  host.active = std::max(0, host.active - 1);
  if (!report.sent) {
    host.next_allowed = now;
    return;
  }
  host.next_allowed = std::max(host.next_allowed, now + impl_->DelayOf(host, *task.site));
  if (report.retry_after) {
    constexpr seconds kLongest{24 * 3600};
    host.next_allowed = std::max(host.next_allowed, now + std::min(*report.retry_after, kLongest));
  }
  if (report.answered) {
    host.failures = 0;
  } else if (++host.failures >= kHostFailures && !host.given_up) {
    host.given_up = true;
    Log(LogLevel::kWarn, "frontier", "host_given_up", {{"host", Escaped(task.host)}, {"failures", Number(host.failures)}});
  }
}

void Frontier::Occupy(const FetchTask& task) {
  MutexLock lock(impl_->mutex);
  ++impl_->HostOfQueue(impl_->QueueFor(task.site, task.host)).active;
}

void Frontier::GiveUp(const std::string& host) {
  MutexLock lock(impl_->mutex);
  impl_->hosts[host].given_up = true;
}

milliseconds Frontier::UntilNext() const {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  milliseconds wait{1000};
  for (const auto& [key, queue] : impl_->queues) {
    const auto found = impl_->hosts.find(queue.host);
    if (found == impl_->hosts.end()) return milliseconds{0};
    const Host& host = found->second;
    if (host.given_up || host.active >= queue.site->connections_per_host) continue;
    if (!queue.buffer.empty() || queue.maybe_more) {
      wait = std::min(wait, std::max(milliseconds{0}, host.next_allowed - now));
    }
    if (!queue.delayed.empty()) {
      wait = std::min(wait, std::max(milliseconds{0}, std::max(queue.next_delayed, host.next_allowed) - now));
    }
  }
  return wait;
}

void Frontier::SetCrawlDelay(const std::string& host, milliseconds delay) {
  MutexLock lock(impl_->mutex);
  impl_->hosts[host].crawl_delay = delay;
}

std::vector<store::Discovery> Frontier::Select(const FetchTask& task, model::PageKind page_kind,
                                               const std::vector<model::Link>& links) {
  std::vector<store::Discovery> selected;
  if (task.counter) return selected;
  const model::Site& site = *task.site;
  for (const model::Link& link : links) {
    if (link.kind == model::LinkKind::kCounter) continue;  // asked for by kind, with their page
    if (link.kind == model::LinkKind::kAttachment && !site.capture_attachments) continue;
    if (link.kind == model::LinkKind::kRequisite && !site.capture_requisites) continue;
    if (!site.capture_pages && link.kind != model::LinkKind::kAttachment && link.kind != model::LinkKind::kRequisite) continue;
    // Following pages of one list are one hop from the seed all together: the depth bounds columns, not the length of a list.
    const bool next_page = page_kind == model::PageKind::kList && link.kind == model::LinkKind::kList &&
                           IsNextPageOf(task.url, link.url);
    const uint32_t depth = task.depth + (next_page ? 0 : 1);
    if (depth > static_cast<uint32_t>(std::max(0, site.max_depth))) continue;
    if (IsTrap(link.url) || !config::InScope(site, link.url)) continue;
    if (impl_->Seen(site.id, link.url)) continue;
    if (link.kind == model::LinkKind::kPage && impl_->TooManyQueries(task, link.url)) continue;
    impl_->pending.insert(UrlKey(site.id, link.url));
    selected.push_back({link.url, link.kind, depth, link.text, link.date});
  }
  return selected;
}

std::optional<model::Counter> Frontier::KnownCounter(const FetchTask& task) const {
  const auto stored = impl_->archive.GetState(UrlKey(task.site->id, task.url));
  if (!stored || !*stored) return std::nullopt;
  const auto known = KnownUrlFromValue(**stored);
  return known ? known->counter : std::nullopt;
}

namespace {

FetchTask CounterTask(const std::string& site, const std::string& page, const model::Counter& counter, uint64_t round,
                      uint32_t depth) {
  FetchTask task;
  task.url = counter.url;
  task.host = HostOf(counter.url);
  task.round = round;
  task.depth = depth;
  task.kind = model::LinkKind::kCounter;
  task.via = page;
  task.counter = true;
  task.counted_page = page;
  task.counter_kind = counter.kind;
  task.method = counter.method;
  task.queue_key = CounterQueueKey(site, task.host, depth, counter.url);
  return task;
}

// The state changes of a page that is done for its round: shared by Finish and Replay.
void DonePage(const std::string& site, uint64_t round, const FetchTask& task, const std::optional<KnownUrl>& before,
              const std::optional<model::Counter>& counter, const std::vector<store::Discovery>& discovered,
              bool ask_counter, std::vector<StateWrite>& writes, std::vector<FetchTask>& queued) {
  KnownUrl known = before.value_or(KnownUrl{});
  const std::string place = task.queue_key.empty() ? known.queue_key : task.queue_key;
  if (!place.empty()) writes.push_back({place, std::nullopt});
  known.round = round;
  known.depth = task.depth;
  known.kind = task.kind;
  known.via = task.via;
  known.text = task.text;
  known.date = task.date;
  known.queue_key.clear();
  if (counter) known.counter = counter;
  if (ask_counter && known.counter) {
    const FetchTask ask = CounterTask(site, task.url, *known.counter, round, task.depth);
    if (!ask.host.empty()) {
      writes.push_back({ask.queue_key, ToValue(ask)});
      queued.push_back(ask);
    }
  }
  writes.push_back({UrlKey(site, task.url), ToValue(known)});
  for (const store::Discovery& found : discovered) {
    FetchTask next;
    next.url = found.url;
    next.host = HostOf(found.url);
    if (next.host.empty()) continue;
    next.round = round;
    next.depth = found.depth;
    next.kind = found.kind;
    next.via = task.url;
    next.text = found.text;
    next.date = found.date;
    next.queue_key = QueueKey(site, next.host, next.depth, next.kind);
    KnownUrl entry;
    entry.round = round;
    entry.depth = next.depth;
    entry.kind = next.kind;
    entry.queue_key = next.queue_key;
    entry.via = next.via;
    entry.text = next.text;
    entry.date = next.date;
    writes.push_back({next.queue_key, ToValue(next)});
    writes.push_back({UrlKey(site, next.url), ToValue(entry)});
    queued.push_back(std::move(next));
  }
}

}  // namespace

void Frontier::Finish(Finished& finished, std::vector<StateWrite>& writes) {
  const FetchTask& task = finished.task;
  const std::string& site = task.site->id;
  {
    MutexLock lock(impl_->mutex);
    if (const auto host = impl_->hosts.find(task.host); host != impl_->hosts.end()) {
      model::Json clock_value{{"next", FormatWarcDate(host->second.next_allowed)}};
      if (host->second.crawl_delay.count() > 0) clock_value["crawl_delay_ms"] = host->second.crawl_delay.count();
      writes.push_back({HostKey(task.host), model::Dump(clock_value)});
    }
  }
  if (finished.retry_at) {
    FetchTask again = task;
    ++again.attempt;
    again.not_before = *finished.retry_at;
    writes.push_back({task.queue_key, ToValue(again)});
    return;
  }
  if (task.counter) {
    writes.push_back({task.queue_key, std::nullopt});
    return;
  }
  std::optional<KnownUrl> known;
  if (const auto stored = impl_->archive.GetState(UrlKey(site, task.url)); stored && *stored) {
    known = KnownUrlFromValue(**stored);
  }
  DonePage(site, task.round, task, known, finished.counter, finished.discovered, finished.ask_counter, writes,
           finished.queued);
  for (FetchTask& next : finished.queued) next.site = task.site;
}

void Frontier::Committed(const std::vector<Finished>& group) {
  MutexLock lock(impl_->mutex);
  for (const Finished& finished : group) {
    const FetchTask& task = finished.task;
    impl_->leased.erase(task.queue_key);
    if (finished.retry_at) {
      FetchTask again = task;
      ++again.attempt;
      again.not_before = *finished.retry_at;
      impl_->Delay(impl_->QueueFor(task.site, task.host), std::move(again));
    }
    for (const FetchTask& next : finished.queued) {
      impl_->pending.erase(UrlKey(task.site->id, next.url));
      impl_->Insert(impl_->QueueFor(task.site, next.host), next);
    }
  }
}

bool Frontier::Idle(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  const std::string prefix = QueuePrefix(site);
  if (const auto leased = impl_->leased.lower_bound(prefix); leased != impl_->leased.end() && leased->starts_with(prefix)) return false;
  const auto found_site = impl_->sites.find(site);
  if (found_site == impl_->sites.end()) return true;
  const SiteState& state = found_site->second;
  const UtcTime now = impl_->clock.Now();
  if (state.leased_pages >= state.site->max_pages || !state.window.Contains(now)) return true;
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    const Queue& queue = it->second;
    const auto found_host = impl_->hosts.find(queue.host);
    if (found_host == impl_->hosts.end()) return false;
    const Host& host = found_host->second;
    if (host.given_up || host.next_allowed > now + kLongestWait) continue;
    if (!queue.buffer.empty() || queue.maybe_more) return false;
    for (const auto& [place, task] : queue.delayed) {
      if (task.not_before <= now + kLongestWait) return false;
    }
  }
  return true;
}

Progress Frontier::GetProgress(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  Progress progress;
  const std::string prefix = QueuePrefix(site);
  for (auto it = impl_->leased.lower_bound(prefix); it != impl_->leased.end() && it->starts_with(prefix); ++it) ++progress.leased;
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    const Queue& queue = it->second;
    const size_t here = queue.buffer.size() + queue.delayed.size();
    progress.queued_now += here;
    if (here > 0 || queue.maybe_more) ++progress.waiting_hosts;
    const auto host = impl_->hosts.find(queue.host);
    if (host == impl_->hosts.end()) continue;
    if (host->second.active > 0) progress.active_hosts.push_back(queue.host);
    if (host->second.given_up) progress.given_up_hosts.push_back(queue.host);
  }
  return progress;
}

void Frontier::EndRun(const std::string& site) {
  MutexLock lock(impl_->mutex);
  const auto begin = impl_->queues.lower_bound({site, ""});
  auto end = begin;
  for (; end != impl_->queues.end() && end->first.first == site; ++end) {
    if (const auto host = impl_->hosts.find(end->second.host); host != impl_->hosts.end()) {
      host->second.given_up = false;
      host->second.failures = 0;
    }
  }
  impl_->queues.erase(begin, end);
  impl_->sites.erase(site);
}

bool Frontier::FinishRound(const std::string& site, std::vector<StateWrite>& writes) {
  const std::string prefix = QueuePrefix(site);
  bool waiting = false;
  const auto scanned = impl_->archive.ScanState(prefix, prefix, [&](std::string_view, std::string_view) {
    waiting = true;
    return false;
  });
  if (!scanned || waiting) return false;
  MutexLock lock(impl_->mutex);
  const auto found = impl_->sites.find(site);
  if (found == impl_->sites.end()) return false;
  writes.push_back({SiteKey(site), model::Dump(model::Json{{"round", found->second.round}, {"phase", "done"}})});
  return true;
}

std::vector<StateWrite> Frontier::Replay(const store::CaptureFacts& facts,
                                         const std::function<std::optional<std::string>(std::string_view key)>& get) {
  std::vector<StateWrite> writes;
  if (facts.site.empty() || facts.purpose == store::Purpose::kRobots || facts.purpose == store::Purpose::kProbe || facts.purpose == store::Purpose::kRun) {
    return writes;
  }
  // A failure may have been about to be tried again: leave it in the queue, so that it is.
  const bool settled = model::HasResponse(facts.outcome) && facts.status < 500 && facts.status != 429;
  if (!settled) return writes;
  if (facts.purpose == store::Purpose::kCounter) {
    writes.push_back({CounterQueueKey(facts.site, HostOf(facts.url), facts.depth, facts.url), std::nullopt});
    return writes;
  }
  FetchTask task;
  task.url = facts.url;
  task.host = HostOf(facts.url);
  task.depth = facts.depth;
  task.via = facts.via;
  std::optional<KnownUrl> known;
  if (const auto value = get(UrlKey(facts.site, facts.url))) known = KnownUrlFromValue(*value);
  if (known) {
    task.kind = known->kind;
    task.text = known->text;
    task.date = known->date;
  }
  std::optional<model::Counter> counter;
  bool ask = false;
  std::vector<store::Discovery> discovered;
  for (const store::Discovery& found : facts.discovered) {
    if (found.kind == model::LinkKind::kCounter) {
      counter = model::Counter{found.url, found.text, found.date.empty() ? "GET" : found.date, "read_only"};
      ask = true;
    } else if (!get(UrlKey(facts.site, found.url))) {
      discovered.push_back(found);
    }
  }
  std::vector<FetchTask> queued;
  DonePage(facts.site, facts.round, task, known, counter, discovered, ask, writes, queued);
  // The round goes on; where nothing waits, the next crawl finds that out and begins the following one.
  uint64_t round = 0;
  if (const auto value = get(SiteKey(facts.site))) {
    if (const auto json = model::ParseJson(*value)) round = static_cast<uint64_t>(model::GetInt(*json, "round"));
  }
  if (round < facts.round) {
    writes.push_back({SiteKey(facts.site), model::Dump(model::Json{{"round", facts.round}, {"phase", "running"}})});
  }
  return writes;
}

store::Discovery CounterDiscovery(const model::Counter& counter, uint32_t depth) {
  return {counter.url, model::LinkKind::kCounter, depth, counter.kind, counter.method == "GET" ? "" : counter.method};
}

}  // namespace fangzhi::frontier
