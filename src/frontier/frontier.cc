#include "frontier/frontier.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"
#include "config/config.h"
#include "frontier/duplicates.h"
#include "frontier/host_clock.h"
#include "frontier/host_queue.h"
#include "frontier/keys.h"
#include "frontier/settle.h"
#include "frontier/traps.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::frontier {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using store::StateWrite;

// Tasks read ahead in all, shared by the hosts: the bound on memory.
constexpr size_t kReadAhead = 65536;
constexpr size_t kMostReadAhead = 64, kLeastReadAhead = 4;
// URLs remembered as seen without asking the disk: the menu links of the pages under way. Exact (whole strings are compared).
constexpr size_t kRecent = 16384;
// A wait longer than this is not sat out: the run ends, the queue keeps the task with its time.
constexpr seconds kLongestWait{120};
// A host whose front task may not go yet (robots.txt not known) is looked at again after this.
constexpr milliseconds kGateWait{50};
// Pages that are neither articles nor lists and differ only in their query: a calendar or a search form makes them without end. So many of
// one path are taken in a run.
constexpr uint32_t kQueriesOfOnePath = 300;
// Paths counted for that; beyond it the counts begin anew.
constexpr size_t kCountedPaths = 10'000;
// Contents taken in before what they tell is written again; a rule that begins or ends is written at once.
constexpr uint64_t kLearnedEvery = 200;
// Lists that could not be read and begin the next run; each for so many runs in a row.
constexpr minutes kLeaseGrace{30};
constexpr minutes kLeaseCheckEvery{1};

struct SiteState {
  std::shared_ptr<const model::Site> site;
  SiteRound round;
  uint64_t leased_pages = 0;  // this run
  schedule::TimeWindow window;
  Duplicates duplicates;
  uint64_t unsaved_contents = 0, folded = 0;  // this run
};

// A host's queue and its place among those that wait for their moment.
struct Entry {
  Entry(std::shared_ptr<const model::Site> site, std::string host) : queue(std::move(site), std::move(host)) {}
  HostQueue queue;
  UtcTime wake{};
  uint64_t tick = 0;
  uint64_t leased = 0;  // the tick at which something was last taken of it
  bool scheduled = false;
};
// By time, among equals first come, first served.
struct ByWake {
  bool operator()(const Entry* a, const Entry* b) const { return std::tie(a->wake, a->tick) < std::tie(b->wake, b->tick); }
};

struct Address {
  UtcTime next{}, before{};  // before: as it was when the last request began
  std::map<std::string, const HostClock*> hosts;
  int Active() const {
    int active = 0;
    for (const auto& [name, host] : hosts) active += host->active();
    return active;
  }
};

struct Leased {
  FetchTask task;
  UtcTime expires{};
};

// What decides whether a URL is in a site's scope and stands for itself, as a short text.
std::string ScopeOf(const model::Site& site, const Duplicates& duplicates) {
  std::string all;
  const auto add = [&all](std::string_view text) { all.append(text).push_back('\n'); };
  for (const std::string& host : site.hosts) add(host);
  add("");
  for (const auto& pattern : site.include) add(pattern->text());
  add("");
  for (const auto& pattern : site.exclude) add(pattern->text());
  if (site.fold_duplicates) all.append(duplicates.Fingerprint());
  return Sha256Hex(all).substr(0, 16);
}

RoundView ViewOf(const SiteRound& round) {
  return {round.round, round.mode == RoundMode::kSweep ? UtcTime::max() : round.started, round.floor};
}

schedule::RevisitPolicy PolicyOf(const model::Site& site) { return {site.revisit_least, site.sweep_every}; }

}  // namespace

struct Frontier::Impl {
  const store::Archive& archive;
  const Clock& clock;
  const bool clean;

  mutable Mutex mutex;
  std::map<std::string, SiteState> sites FZ_GUARDED_BY(mutex);
  std::map<std::string, HostClock> hosts FZ_GUARDED_BY(mutex);
  std::map<std::string, Address> addresses FZ_GUARDED_BY(mutex);
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Entry>> queues FZ_GUARDED_BY(mutex);  // by site, host
  std::unordered_map<std::string, std::vector<Entry*>> queues_of_host FZ_GUARDED_BY(mutex);
  std::set<Entry*, ByWake> waiting FZ_GUARDED_BY(mutex);
  uint64_t next_tick FZ_GUARDED_BY(mutex) = 0;
  std::map<std::string, std::unordered_map<std::string, Leased>> leased FZ_GUARDED_BY(mutex);  // by site, place
  UtcTime next_lease_check FZ_GUARDED_BY(mutex){};

  // The writer's only.
  std::vector<std::string> recent = std::vector<std::string>(kRecent);
  std::unordered_set<std::string> pending;  // selected, not committed yet
  std::unordered_map<std::string, std::string> stand_ins;  // of those: URL → the key that says for which it stands
  std::unordered_map<std::string, uint32_t> queries_of_path;

  Impl(const store::Archive& a, const Clock& c, bool was_clean) : archive(a), clock(c), clean(was_clean) {}

  size_t ReadAhead() const FZ_REQUIRES(mutex) { return std::clamp(kReadAhead / (queues.size() + 1), kLeastReadAhead, kMostReadAhead); }

  HostClock& ClockOf(const std::string& host, const model::Site& site) FZ_REQUIRES(mutex) {
    const auto [it, inserted] = hosts.try_emplace(host);
    if (!inserted) return it->second;
    const UtcTime now = clock.Now();
    if (const auto stored = archive.GetState(HostKey(host)); stored && *stored) {
      if (const auto json = model::ParseJson(**stored)) it->second = HostClock::FromJson(*json, now);
    }
    // What the last run did in its last moments is not known after a crash.
    if (!clean) it->second.NotBefore(now + it->second.Delay(site));
    if (!it->second.address().empty()) AddressOf(it->second, host, site);
    return it->second;
  }

  // The address of a host, which has one, with the host among those that live there.
  Address& AddressOf(const HostClock& host_clock, const std::string& host, const model::Site& site) FZ_REQUIRES(mutex) {
    const std::string& name = host_clock.address();
    const auto [it, inserted] = addresses.try_emplace(name);
    Address& address = it->second;
    address.hosts[host] = &host_clock;
    if (!inserted) return address;
    const UtcTime now = clock.Now();
    if (const auto stored = archive.GetState(AddressKey(name)); stored && *stored) {
      if (const auto json = model::ParseJson(**stored)) {
        if (const auto next = ParseIso8601(model::GetString(*json, "next"))) {
          address.next = std::min(*next, now + std::chrono::hours(24));
        }
      }
    }
    if (!clean) address.next = std::max(address.next, now + site.delay);
    return address;
  }

  Address* SharedAddress(const HostClock& host, const model::Site& site) FZ_REQUIRES(mutex) {
    if (!site.share_address_clock || host.address().empty()) return nullptr;
    const auto found = addresses.find(host.address());
    return found == addresses.end() || found->second.hosts.size() < 2 ? nullptr : &found->second;
  }

  Entry& EntryFor(const std::shared_ptr<const model::Site>& site, const std::string& host) FZ_REQUIRES(mutex) {
    std::unique_ptr<Entry>& entry = queues[{site->id, host}];
    if (!entry) {
      entry = std::make_unique<Entry>(site, host);
      entry->queue.PassOver([this, site](const FetchTask& task) FZ_REQUIRES(mutex) {
        const auto folded = FoldedOf(*site, task.url);
        if (!folded || !IsStoodFor(site->id, task.url, *folded, false)) return false;
        ++sites[site->id].folded;
        return true;
      });
      const auto state = sites.find(site->id);
      entry->queue.Begin(state == sites.end() ? RoundView{} : ViewOf(state->second.round), {});
      queues_of_host[host].push_back(entry.get());
    }
    return *entry;
  }

  // When the next request to a host may begin, by its own clock and its address's; UtcTime::max() while too many are under way.
  UtcTime HostReadyAt(const HostClock& host, const model::Site& site, UtcTime now) FZ_REQUIRES(mutex) {
    const UtcTime ready = host.ReadyAt(site, now);
    const Address* address = SharedAddress(host, site);
    if (ready == UtcTime::max() || address == nullptr) return ready;
    return address->Active() >= site.connections_per_host ? UtcTime::max() : std::max(ready, address->next);
  }
  void BeginAt(HostClock& host, const model::Site& site, UtcTime now) FZ_REQUIRES(mutex) {
    host.Began(site, now);
    Address* address = SharedAddress(host, site);
    if (address == nullptr) return;
    address->before = address->next;
    address->next = std::max(address->next, now + host.Delay(site));
  }

  // When something of the queue may be fetched; UtcTime::max() when nothing can until something else happens.
  UtcTime WakeOf(Entry& entry, UtcTime now) FZ_REQUIRES(mutex) {
    const model::Site& site = *entry.queue.site();
    const auto state = sites.find(site.id);
    if (state == sites.end() || state->second.leased_pages >= site.max_pages) return UtcTime::max();
    UtcTime wake = HostReadyAt(ClockOf(entry.queue.host(), site), site, now);
    if (wake == UtcTime::max()) return wake;
    const UtcTime queued = entry.queue.ReadyAt(archive, std::max(now, wake), ReadAhead());
    if (queued == UtcTime::max()) return queued;
    wake = std::max({wake, queued, now});
    return state->second.window.Contains(wake) ? wake : state->second.window.NextOpening(wake);
  }

  // Nothing of the queue may be fetched because other sites' requests to its host, or to its address, are under way: their ends will wake it.
  bool WaitsForOthers(Entry& entry, UtcTime now) FZ_REQUIRES(mutex) {
    const model::Site& site = *entry.queue.site();
    const auto state = sites.find(site.id);
    if (state == sites.end() || state->second.leased_pages >= site.max_pages) return false;
    const HostClock& host = ClockOf(entry.queue.host(), site);
    if (host.given_up()) return false;
    const Address* address = SharedAddress(host, site);
    if (host.active() == 0 && (address == nullptr || address->Active() == 0)) return false;
    return entry.queue.ReadyAt(archive, now, ReadAhead()) <= now + kLongestWait;
  }

  void ScheduleAt(Entry& entry, UtcTime wake) FZ_REQUIRES(mutex) {
    if (entry.scheduled) waiting.erase(&entry);
    entry.scheduled = wake != UtcTime::max();
    if (!entry.scheduled) return;
    entry.wake = wake;
    entry.tick = next_tick++;
    waiting.insert(&entry);
  }
  void Touch(Entry& entry) FZ_REQUIRES(mutex) { ScheduleAt(entry, WakeOf(entry, clock.Now())); }
  void TouchHost(const std::string& host) FZ_REQUIRES(mutex) {
    const auto found = queues_of_host.find(host);
    if (found == queues_of_host.end()) return;
    // Sites that share a host take turns.
    std::vector<Entry*> in_turn = found->second;
    std::sort(in_turn.begin(), in_turn.end(), [](const Entry* a, const Entry* b) { return a->leased < b->leased; });
    for (Entry* entry : in_turn) Touch(*entry);
  }
  // The queues of a host, and of those at the same address.
  void TouchAround(const std::string& host) FZ_REQUIRES(mutex) {
    const auto clock_of = hosts.find(host);
    const auto address = clock_of == hosts.end() ? addresses.end() : addresses.find(clock_of->second.address());
    if (address == addresses.end()) return TouchHost(host);
    for (const auto& [neighbour, its_clock] : address->second.hosts) TouchHost(neighbour);
  }

  void TakeBackLostLeases(UtcTime now) FZ_REQUIRES(mutex) {
    if (now < next_lease_check) return;
    next_lease_check = now + kLeaseCheckEvery;
    for (auto& [site, tasks] : leased) {
      for (auto it = tasks.begin(); it != tasks.end();) {
        if (it->second.expires > now) {
          ++it;
          continue;
        }
        FetchTask task = std::move(it->second.task);
        it = tasks.erase(it);
        Log(LogLevel::kError, "frontier", "lease_expired", {{"url", Escaped(task.url)}});
        const auto entry = queues.find({site, task.host});
        if (entry == queues.end()) continue;
        HostReport report;
        report.sent = false;
        ClockOf(task.host, *task.site).Ended(*task.site, report, now);
        entry->second->queue.Return(std::move(task));
        Touch(*entry->second);
      }
    }
  }

  void WriteClock(const std::string& host, std::vector<StateWrite>& writes) const FZ_REQUIRES(mutex) {
    const auto found = hosts.find(host);
    if (found == hosts.end()) return;
    writes.push_back({HostKey(host), model::Dump(found->second.ToJson())});
    const auto address = addresses.find(found->second.address());
    if (address == addresses.end()) return;
    writes.push_back({AddressKey(address->first), model::Dump(model::Json{{"next", FormatWarcDate(address->second.next)}})});
  }

  // Counts one more page that differs from others only in its query; true when there are too many of them.
  bool TooManyQueries(const FetchTask& from, const std::string& url) {
    const size_t query = url.find('?');
    if (query == std::string::npos) return false;
    if (queries_of_path.size() >= kCountedPaths) queries_of_path.clear();
    return ++queries_of_path[from.site->id + " " + std::to_string(from.round) + " " + url.substr(0, query)] > kQueriesOfOnePath;
  }

  bool Seen(const std::string& key) {
    std::string& slot = recent[std::hash<std::string>{}(key) % kRecent];
    if (slot == key) return true;
    if (pending.contains(key)) return true;
    const auto stored = archive.GetState(key);
    if (!stored || *stored) {
      slot = key;
      return true;
    }
    return false;
  }

  std::optional<std::string> FoldedOf(const model::Site& site, const std::string& url) FZ_REQUIRES(mutex) {
    if (!site.fold_duplicates) return std::nullopt;
    const auto state = sites.find(site.id);
    if (state == sites.end() || !state->second.duplicates.any_rule() || Duplicates::IsCheck(url)) return std::nullopt;
    return state->second.duplicates.Fold(url);
  }

  // Whether the address `folded`, or another that stands in for it, holds what `url` would show. `may_wait`: it is enough that it will be
  // fetched.
  bool IsStoodFor(const std::string& site, const std::string& url, const std::string& folded, bool may_wait) const {
    const auto holds = [&](const std::string& other) {
      const auto known = Known(site, other);
      if (!known) return false;
      if (!known->last_visit) return may_wait;
      const auto entry = archive.Snapshot()->FindUrl(other);
      return entry && *entry && (*entry)->versions > 0 && (*entry)->state == "present";
    };
    if (holds(folded)) return true;
    const auto stand_in = archive.GetState(StandInKey(site, folded));
    return stand_in && *stand_in && **stand_in != url && holds(**stand_in);
  }

  std::optional<KnownUrl> Known(const std::string& site, const std::string& url) const {
    const auto stored = archive.GetState(UrlKey(site, url));
    if (!stored || !*stored) return std::nullopt;
    return KnownUrlFromValue(site, url, **stored);
  }

  // What becomes of one finished task; the heads of the queues and the clocks follow for the group.
  void FinishOne(Finished& finished, std::vector<StateWrite>& writes, Places& places) const;
};

Frontier::Frontier(const store::Archive& archive, const Clock& clock, bool clean)
    : impl_(std::make_unique<Impl>(archive, clock, clean)) {}
Frontier::~Frontier() = default;

namespace {

// What brings seeds and lists to the front of a run.
struct RunBegin {
  const store::Archive& archive;
  const model::Site& site;
  const SiteRound& round;
  UtcTime now;
  std::vector<StateWrite>& writes;
  std::map<std::string, QueueHead>& heads;

  void Put(const FetchTask& task, const std::string& emptied) {
    QueueHead& head = heads[task.host];
    ++head.waiting;
    if (!emptied.empty()) head.known -= std::min<uint64_t>(head.known, 1);
    // A clock that was set back makes places before those that reading would begin with.
    std::string& from = head.from[static_cast<size_t>(Lane::kLists)];
    from = std::min(from, task.queue_key.substr(LanePrefix(site.id, task.host, Lane::kLists).size()));
  }

  // Takes a known URL out of where its next visit is noted, and queues it as a list.
  Result<void> Forward(FetchTask task, KnownUrl known) {
    const std::string before = known.place;
    if (!before.empty()) {
      FZ_ASSIGN(const auto value, archive.GetState(before));
      if (value) {
        if (auto noted = TaskFromValue(site.id, task.host, before, *value)) {
          task.via = noted->via;
          task.text = noted->text;
          task.date = noted->date;
          task.redirects = noted->redirects;
          task.post = noted->post;
          if (!IsSeed(task.url)) task.depth = noted->depth;
        }
      }
      writes.push_back({before, std::nullopt});
    }
    task.queue_key = NewPlace(site.id, task.host, task.kind);
    known.place = task.queue_key;
    known.kind = task.kind;
    writes.push_back({task.queue_key, ToValue(task)});
    writes.push_back({UrlKey(site.id, task.url), ToValue(known)});
    Put(task, before);
    return {};
  }

  bool IsSeed(const std::string& url) const { return std::find(site.seeds.begin(), site.seeds.end(), url) != site.seeds.end(); }

  FetchTask TaskOf(const std::string& url, model::LinkKind kind) const {
    FetchTask task;
    task.url = url;
    task.host = HostOf(url);
    task.kind = kind;
    task.round = round.round;
    return task;
  }

  // Seeds begin every run: as lists at depth 0, new or known. Where the round goes on that has read one already, that counts for as long as a
  // list's shortest interval; what the host showed days ago, before an outage cut the round off, is no beginning.
  Result<void> Seed(const std::string& seed) {
    FetchTask task = TaskOf(seed, model::LinkKind::kList);
    if (task.host.empty()) return {};
    FZ_ASSIGN(const auto stored, archive.GetState(UrlKey(site.id, seed)));
    if (!stored) {
      task.queue_key = NewPlace(site.id, task.host, task.kind);
      QueueNew(site.id, task, now, writes);
      Put(task, {});
      return {};
    }
    const auto known = KnownUrlFromValue(site.id, seed, *stored);
    if (!known || !(known->place.empty() || IsDuePlace(known->place))) return {};
    const bool read = known->missed == 0 && known->last_visit && now - *known->last_visit < site.revisit_least;
    if (known->round >= round.round && read) return {};
    return Forward(std::move(task), *known);
  }

  Result<void> MissedLists() {
    return VisitMissed(archive, site, [this](const std::string& url, const KnownUrl& known) -> Result<bool> {
      if (!IsSeed(url) && IsDuePlace(known.place)) FZ_TRY(Forward(TaskOf(url, known.kind), known));
      return true;
    });
  }
};

}  // namespace

Result<bool> Frontier::BeginOrResume(std::shared_ptr<const model::Site> site, RoundMode mode,
                                     const std::function<Result<void>(std::span<const StateWrite>)>& commit) {
  const store::Archive& archive = impl_->archive;
  const UtcTime now = impl_->clock.Now();
  SiteRound round;
  FZ_ASSIGN(const auto stored, archive.GetState(SiteKey(site->id)));
  if (stored) round = SiteRoundFromValue(*stored).value_or(SiteRound{});
  Duplicates duplicates;
  FZ_ASSIGN(const auto learned, archive.GetState(DuplicatesKey(site->id)));
  if (learned) duplicates = Duplicates::Parse(*learned);
  const std::string scope = ScopeOf(*site, duplicates);
  bool resumed = round.running;
  const auto state_of_round = [&] {
    SiteState state;
    state.site = site;
    state.round = round;
    state.duplicates = duplicates;
    return state;
  };

  // Twice at most: a round that was cut off between its last page and its end is ended, and the next one begun.
  while (true) {
    std::vector<StateWrite> writes;
    if (!round.running) {
      ++round.round;
      round.running = true;
      round.mode = mode;
      round.started = now;
    } else if (mode == RoundMode::kSweep) {
      round.mode = mode;
    }
    if (round.scope != scope) {
      round.scope = scope;
      round.floor = UtcTime{};  // what was passed over as out of scope lies before it
    }
    writes.push_back({SiteKey(site->id), ToValue(round)});
    std::map<std::string, QueueHead> heads;
    const std::string prefix = QueueHeadPrefix(site->id);
    FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
      heads[std::string(key.substr(prefix.size()))] = QueueHeadFromValue(value).value_or(QueueHead{});
      return true;
    }));
    // Whether the round that goes on has anything left but its beginning.
    bool left = false;
    if (resumed) {
      MutexLock lock(impl_->mutex);
      impl_->sites[site->id] = state_of_round();
      for (const auto& [host, head] : heads) {
        Entry& entry = impl_->EntryFor(site, host);
        entry.queue.Begin(ViewOf(round), head);
        left = entry.queue.ReadyAt(archive, now, impl_->ReadAhead()) != UtcTime::max() || left;
      }
      impl_->sites.erase(site->id);  // nothing is leased before the beginning is queued
    }
    if (resumed && !left) {
      round.running = false;
      round.floor = std::max(round.floor, round.started);
      resumed = false;
      continue;
    }
    RunBegin begin{archive, *site, round, now, writes, heads};
    for (const std::string& seed : site->seeds) FZ_TRY(begin.Seed(seed));
    FZ_TRY(begin.MissedLists());
    // A sweep is somebody's wish: hosts that were left alone as sick get a chance.
    if (mode == RoundMode::kSweep) {
      MutexLock lock(impl_->mutex);
      for (const auto& [host, head] : heads) impl_->ClockOf(host, *site).TryAgain(now);
    }
    for (const auto& [host, head] : heads) writes.push_back({QueueHeadKey(site->id, host), ToValue(head)});
    FZ_TRY(commit(writes));

    MutexLock lock(impl_->mutex);
    SiteState& state = impl_->sites[site->id];
    state = state_of_round();
    if (auto window = schedule::TimeWindow::Parse(site->time_window, site->time_zone)) state.window = std::move(*window);
    for (const auto& [host, head] : heads) {
      Entry& entry = impl_->EntryFor(site, host);
      entry.queue.Begin(ViewOf(round), head);
      impl_->Touch(entry);
    }
    return resumed;
  }
}

std::optional<FetchTask> Frontier::Lease(const std::function<bool(const FetchTask&)>& gate) {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  impl_->TakeBackLostLeases(now);
  while (!impl_->waiting.empty()) {
    Entry& entry = **impl_->waiting.begin();
    if (entry.wake > now) return std::nullopt;
    // Things may have changed since it was scheduled.
    const UtcTime wake = impl_->WakeOf(entry, now);
    if (wake > now) {
      impl_->ScheduleAt(entry, wake);
      continue;
    }
    const FetchTask* front = entry.queue.Front(impl_->archive, now, impl_->ReadAhead());
    if (front == nullptr) {
      impl_->ScheduleAt(entry, UtcTime::max());
      continue;
    }
    if (!gate(*front)) {
      impl_->ScheduleAt(entry, now + kGateWait);
      continue;
    }
    FetchTask task = entry.queue.TakeFront();
    entry.leased = ++impl_->next_tick;
    const model::Site& site = *task.site;
    SiteState& state = impl_->sites[site.id];
    if (!task.counter) ++state.leased_pages;
    impl_->BeginAt(impl_->ClockOf(task.host, site), site, now);
    impl_->leased[site.id][task.queue_key] = {task, now + 2 * site.timeout + kLeaseGrace};
    impl_->Touch(entry);
    return task;
  }
  return std::nullopt;
}

void Frontier::Return(const FetchTask& task) {
  MutexLock lock(impl_->mutex);
  if (impl_->leased[task.site->id].erase(task.queue_key) == 0) return;
  if (const auto site = impl_->sites.find(task.site->id); site != impl_->sites.end() && !task.counter && site->second.leased_pages > 0) {
    --site->second.leased_pages;
  }
  Entry& entry = impl_->EntryFor(task.site, task.host);
  entry.queue.Return(task);
  impl_->Touch(entry);
}

void Frontier::TransferEnded(const FetchTask& task, const HostReport& report) {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  const model::Site& site = *task.site;
  HostClock& host = impl_->ClockOf(task.host, site);
  const bool was_open = host.open(now);
  const std::string address_before = host.address();
  host.Ended(site, report, now);
  if (host.address() != address_before) {
    if (const auto old = impl_->addresses.find(address_before); old != impl_->addresses.end()) old->second.hosts.erase(task.host);
    impl_->AddressOf(host, task.host, site);
  }
  if (const auto found = impl_->addresses.find(host.address()); found != impl_->addresses.end()) {
    Address& address = found->second;
    address.next = report.sent ? std::max(address.next, now + host.Delay(site)) : std::min(address.next, address.before);
  }
  if (!was_open && host.open(now)) {
    Log(LogLevel::kWarn, "frontier", "host_paused",
        {{"host", Escaped(task.host)}, {"failures", Number(host.failures())}, {"until", Escaped(FormatIso8601(*host.open_until()))}});
  }
  impl_->TouchAround(task.host);
}

Frontier::Occupied Frontier::TryOccupy(const FetchTask& task) {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  const model::Site& site = *task.site;
  HostClock& host = impl_->ClockOf(task.host, site);
  const UtcTime ready = impl_->HostReadyAt(host, site, now);
  if (ready > now) {
    const bool busy = ready == UtcTime::max() && !host.given_up();
    return busy || ready <= now + kLongestWait ? Occupied::kLater : Occupied::kNotInThisRun;
  }
  impl_->BeginAt(host, site, now);
  impl_->TouchAround(task.host);
  return Occupied::kYes;
}

void Frontier::GiveUp(const std::string& host) {
  MutexLock lock(impl_->mutex);
  impl_->hosts[host].GiveUp();
  impl_->TouchHost(host);
}

milliseconds Frontier::UntilNext() const {
  MutexLock lock(impl_->mutex);
  constexpr milliseconds kLongest{1000};
  if (impl_->waiting.empty()) return kLongest;
  const milliseconds wait = (*impl_->waiting.begin())->wake - impl_->clock.Now();
  return std::clamp(wait, milliseconds{0}, kLongest);
}

void Frontier::SetCrawlDelay(const std::string& host, milliseconds delay) {
  MutexLock lock(impl_->mutex);
  impl_->hosts[host].SetCrawlDelay(delay);
  impl_->TouchHost(host);
}

void Frontier::ClockWrites(const FetchTask& task, std::vector<StateWrite>& writes) const {
  MutexLock lock(impl_->mutex);
  impl_->WriteClock(task.host, writes);
}

std::vector<store::Discovery> Frontier::Select(const FetchTask& task, model::PageKind page_kind,
                                               const std::vector<model::Link>& links) {
  std::vector<store::Discovery> selected;
  if (task.counter) return selected;
  const model::Site& site = *task.site;
  std::vector<std::optional<std::string>> folded(links.size());
  if (site.fold_duplicates) {
    MutexLock lock(impl_->mutex);
    for (size_t i = 0; i < links.size(); ++i) folded[i] = impl_->FoldedOf(site, links[i].url);
  }
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
    if (link.redirect && task.redirects >= limits::kMaxPageRedirects) continue;
    // Only what asks by POST has a key of one; a link that looks like it would take its place.
    const std::string posted = url::PostTarget(link.url);
    if (posted.empty() != link.post.empty()) continue;
    if (IsTrap(link.url) || !config::InScope(site, posted.empty() ? link.url : posted)) continue;
    std::string key = UrlKey(site.id, link.url);
    if (impl_->Seen(key)) continue;
    if (link.kind == model::LinkKind::kPage && impl_->TooManyQueries(task, link.url)) continue;
    const std::optional<std::string>& stands_for = folded[static_cast<size_t>(&link - links.data())];
    if (stands_for) {
      const std::string stand_in = StandInKey(site.id, *stands_for);
      if (impl_->pending.contains(stand_in) || impl_->pending.contains(UrlKey(site.id, *stands_for)) ||
          impl_->IsStoodFor(site.id, link.url, *stands_for, true)) {
        MutexLock lock(impl_->mutex);
        ++impl_->sites[site.id].folded;
        continue;
      }
      impl_->pending.insert(stand_in);
      impl_->stand_ins[link.url] = stand_in;
    }
    impl_->pending.insert(std::move(key));
    selected.push_back({link.url, link.kind, depth, link.text, link.date, link.redirect ? task.redirects + 1 : 0, {}, link.post});
  }
  return selected;
}

Frontier::StoredCounter Frontier::KnownCounter(const FetchTask& task) const {
  auto known = impl_->Known(task.site->id, task.url);
  if (!known) return {};
  return {std::move(known->counter), std::move(known->counted_pages)};
}

void Frontier::Impl::FinishOne(Finished& finished, std::vector<StateWrite>& writes, Places& places) const {
  const FetchTask& task = finished.task;
  const std::string& site = task.site->id;
  const UtcTime time = finished.time == UtcTime{} ? clock.Now() : finished.time;
  if (finished.only_discovered) {
    QueueDiscovered(site, task, task.round, time, finished.discovered, writes, finished.queued, places);
  } else if (finished.retry_at) {
    FetchTask again = task;
    ++again.attempt;
    again.not_before = *finished.retry_at;
    again.queue_key = DelayedPlace(site, task.host, *finished.retry_at);
    writes.push_back({task.queue_key, std::nullopt});
    writes.push_back({again.queue_key, ToValue(again)});
    places.emptied.push_back(task.queue_key);
    places.filled.push_back(again.queue_key);
    if (!task.counter) {
      KnownUrl known = Known(site, task.url).value_or(KnownUrl{});
      known.place = again.queue_key;
      writes.push_back({UrlKey(site, task.url), ToValue(known)});
    }
    finished.queued.push_back(std::move(again));
  } else if (task.counter) {
    writes.push_back({task.queue_key, std::nullopt});
    places.emptied.push_back(task.queue_key);
  } else {
    Settled settled;
    settled.site = site;
    settled.policy = PolicyOf(*task.site);
    settled.round = task.round;
    settled.task = task;
    settled.known = Known(site, task.url);
    settled.time = time;
    settled.sight = SightOf(finished.verdict, !finished.discovered.empty() && task.kind != model::LinkKind::kArticle);
    settled.published = finished.published;
    settled.counter = finished.counter;
    settled.counted_pages = finished.counted_pages;
    settled.ask_counter = finished.ask_counter;
    settled.discovered = std::move(finished.discovered);
    Settle(settled, writes, finished.queued, places);
  }
  for (FetchTask& next : finished.queued) {
    next.site = task.site;
    if (const auto stand_in = stand_ins.find(next.url); stand_in != stand_ins.end()) writes.push_back({stand_in->second, next.url});
  }
}

void Frontier::Finish(std::span<Finished> group, std::vector<StateWrite>& writes) {
  std::vector<Places> places(group.size());
  for (size_t i = 0; i < group.size(); ++i) impl_->FinishOne(group[i], writes, places[i]);

  // Once for the whole group: the heads of the queues and the clocks.
  MutexLock lock(impl_->mutex);
  std::set<Entry*> touched;
  std::set<std::string_view> hosts;
  for (size_t i = 0; i < group.size(); ++i) {
    const std::shared_ptr<const model::Site>& site = group[i].task.site;
    const auto count = [&](const std::string& place, int64_t change) FZ_REQUIRES(impl_->mutex) {
      // "<letter>/<site>/<host>/…"
      const size_t host_at = site->id.size() + 3;
      Entry& entry = impl_->EntryFor(site, place.substr(host_at, place.find('/', host_at) - host_at));
      if (IsDuePlace(place)) {
        entry.queue.CountKnown(change);
      } else {
        entry.queue.CountWaiting(change);
      }
      touched.insert(&entry);
    };
    for (const std::string& place : places[i].emptied) count(place, -1);
    for (const std::string& place : places[i].filled) count(place, 1);
    hosts.insert(group[i].task.host);
  }
  for (const Entry* entry : touched) {
    writes.push_back({QueueHeadKey(entry->queue.site()->id, entry->queue.host()), ToValue(entry->queue.Head())});
  }
  for (const std::string_view host : hosts) impl_->WriteClock(std::string(host), writes);
}

void Frontier::Committed(const std::vector<Finished>& group) {
  MutexLock lock(impl_->mutex);
  for (const Finished& finished : group) {
    const FetchTask& task = finished.task;
    if (!finished.only_discovered) {
      impl_->leased[task.site->id].erase(task.queue_key);
      impl_->EntryFor(task.site, task.host).queue.Gone(task.queue_key);
    }
    for (const FetchTask& next : finished.queued) {
      impl_->pending.erase(UrlKey(task.site->id, next.url));
      if (const auto stand_in = impl_->stand_ins.find(next.url); stand_in != impl_->stand_ins.end()) {
        impl_->pending.erase(stand_in->second);
        impl_->stand_ins.erase(stand_in);
      }
      Entry& entry = impl_->EntryFor(task.site, next.host);
      entry.queue.Insert(next, impl_->ReadAhead());
      if (!entry.scheduled || entry.wake > impl_->clock.Now()) impl_->Touch(entry);
    }
  }
}

bool Frontier::Idle(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  if (const auto leased = impl_->leased.find(site); leased != impl_->leased.end() && !leased->second.empty()) return false;
  const UtcTime now = impl_->clock.Now();
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    if (it->second->scheduled ? it->second->wake <= now + kLongestWait : impl_->WaitsForOthers(*it->second, now)) return false;
  }
  return true;
}

Progress Frontier::GetProgress(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  Progress progress;
  if (const auto leased = impl_->leased.find(site); leased != impl_->leased.end()) progress.leased = leased->second.size();
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    const HostQueue& queue = it->second->queue;
    progress.queued_now += std::max<uint64_t>(queue.waiting(), queue.buffered());
    if (it->second->scheduled || queue.waiting() > 0) ++progress.waiting_hosts;
    const auto host = impl_->hosts.find(queue.host());
    if (host == impl_->hosts.end()) continue;
    if (host->second.active() > 0) progress.active_hosts.push_back(queue.host());
    if (host->second.given_up() || host->second.open(now)) progress.given_up_hosts.push_back(queue.host());
  }
  return progress;
}

std::vector<HostStatus> Frontier::Hosts() const {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  std::vector<HostStatus> all;
  for (const auto& [name, host] : impl_->hosts) {
    HostStatus status;
    status.host = name;
    status.address = host.address();
    status.next_request = host.next();
    status.strain = host.strain();
    status.failures = host.failures();
    if (host.open(now)) status.paused_until = host.open_until();
    status.requests_today = host.requests_today(now);
    if (const auto queues = impl_->queues_of_host.find(name); queues != impl_->queues_of_host.end()) {
      for (const Entry* entry : queues->second) {
        status.waiting += entry->queue.waiting();
        status.delay = std::max(status.delay, host.Delay(*entry->queue.site()));
      }
    }
    all.push_back(std::move(status));
  }
  return all;
}

void Frontier::Learn(const FetchTask& task, uint64_t content, UtcTime time, std::vector<StateWrite>& writes) {
  MutexLock lock(impl_->mutex);
  const auto found = impl_->sites.find(task.site->id);
  if (found == impl_->sites.end() || !task.site->fold_duplicates) return;
  SiteState& state = found->second;
  const bool turned = state.duplicates.Observe(task.url, content, time);
  if (turned) {
    Log(LogLevel::kInfo, "frontier", "duplicates_learned",
        {{"site", Escaped(task.site->id)}, {"url", Escaped(task.url)}, {"rules", Escaped(model::Dump(state.duplicates.Facts()))}});
  }
  ++state.unsaved_contents;
  if (!turned && (!state.duplicates.changed() || state.unsaved_contents < kLearnedEvery)) return;
  state.unsaved_contents = 0;
  writes.push_back({DuplicatesKey(task.site->id), state.duplicates.Serialise()});
}

Frontier::Folded Frontier::GetFolded(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  Folded folded;
  const auto found = impl_->sites.find(site);
  if (found == impl_->sites.end()) return folded;
  folded.rules = found->second.duplicates.Facts();
  folded.addresses = found->second.folded;
  return folded;
}

bool Frontier::FinishRound(const std::string& site, std::vector<StateWrite>& writes) {
  MutexLock lock(impl_->mutex);
  const auto found = impl_->sites.find(site);
  if (found == impl_->sites.end()) return false;
  if (Duplicates& duplicates = found->second.duplicates; duplicates.changed()) writes.push_back({DuplicatesKey(site), duplicates.Serialise()});
  bool waiting = false;
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    HostQueue& queue = it->second->queue;
    if (queue.ReadyAt(impl_->archive, impl_->clock.Now(), impl_->ReadAhead()) != UtcTime::max()) waiting = true;
    impl_->WriteClock(queue.host(), writes);
    writes.push_back({QueueHeadKey(site, queue.host()), ToValue(queue.Head())});
  }
  if (const auto leased = impl_->leased.find(site); leased != impl_->leased.end() && !leased->second.empty()) waiting = true;
  if (waiting) return false;
  SiteRound& round = found->second.round;
  round.running = false;
  // Everything that was due before the round began was visited, and is due later.
  round.floor = std::max(round.floor, round.started);
  writes.push_back({SiteKey(site), ToValue(round)});
  return true;
}

void Frontier::EndRun(const std::string& site) {
  MutexLock lock(impl_->mutex);
  const auto begin = impl_->queues.lower_bound({site, ""});
  auto end = begin;
  for (; end != impl_->queues.end() && end->first.first == site; ++end) {
    Entry* entry = end->second.get();
    const std::string& host = entry->queue.host();
    if (entry->scheduled) impl_->waiting.erase(entry);
    std::vector<Entry*>& of_host = impl_->queues_of_host[host];
    std::erase(of_host, entry);
    if (of_host.empty()) impl_->queues_of_host.erase(host);
    if (const auto clock = impl_->hosts.find(host); clock != impl_->hosts.end()) clock->second.HaveNewChance();
  }
  impl_->queues.erase(begin, end);
  impl_->leased.erase(site);
  impl_->sites.erase(site);
}

store::Discovery CounterDiscovery(const model::Counter& counter, std::vector<std::string> counted_pages, uint32_t depth) {
  return {counter.url, model::LinkKind::kCounter, depth, counter.kind, counter.method == "GET" ? "" : counter.method, 0, std::move(counted_pages), {}};
}

}  // namespace fangzhi::frontier
