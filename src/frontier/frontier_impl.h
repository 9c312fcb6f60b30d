// What the frontier holds in memory. frontier.cc: leasing and what comes back; rounds.cc: a round's beginning and end. Internal to frontier/.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/log.h"
#include "base/mutex.h"
#include "frontier/duplicates.h"
#include "frontier/frontier.h"
#include "frontier/host_clock.h"
#include "frontier/host_queue.h"
#include "frontier/keys.h"
#include "frontier/settle.h"
#include "schedule/schedule.h"

namespace fangzhi::frontier {

// Tasks read ahead in all, shared by the hosts: the bound on memory.
constexpr size_t kReadAhead = 65536;
constexpr size_t kMostReadAhead = 64, kLeastReadAhead = 4;
// URLs remembered as seen without asking the disk: the menu links of the pages under way. Exact (whole strings are compared).
constexpr size_t kRecent = 16384;
// A wait longer than this, or than a host's ordinary delay, is not sat out: the run ends, the queue keeps the task with its time.
constexpr std::chrono::seconds kLongestWait{120};
constexpr std::chrono::seconds kBeyondDelay{5};
// Pages that are neither articles nor lists and differ only in their query: a calendar or a search form makes them without end. So many of
// one path are taken in a run.
constexpr uint32_t kQueriesOfOnePath = 300;
// Lists of one folder that show the articles of another, in a run, before their next pages are not followed any more.
constexpr uint32_t kRepeatsOfOneFolder = 20;
// What a page without a query names is no machine's: service guides, names of offices. So many of them.
constexpr uint32_t kNamedQueriesOfOnePath = 20'000;
// Paths counted for that; beyond it the counts begin anew.
constexpr size_t kCountedPaths = 10'000;
// A lease that nobody gave back within twice its request's time limit and this is lost.
constexpr std::chrono::minutes kLeaseGrace{30};
constexpr std::chrono::minutes kLeaseCheckEvery{1};

struct SiteState {
  std::shared_ptr<const model::Site> site;
  SiteRound round;
  uint64_t leased_pages = 0;  // this run
  schedule::TimeWindow window;
  uint64_t begun_at = 0;      // places that were made before this have a lower number: they were left by an earlier run
  bool went_on = false;       // something of those was got
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

inline RoundView ViewOf(const SiteRound& round) {
  const UtcTime due_until = round.mode == RoundMode::kSweep ? UtcTime::max() : round.started;
  return {round.round, due_until, round.all_lists ? UtcTime::max() : due_until, round.floor};
}

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
  struct Shown {
    std::unordered_set<uint64_t> hashes;  // of the articles that a list named
    uint32_t repeats = 0;
  };
  std::unordered_map<std::string, Shown> shown;  // by folder

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
        if (task.via.empty() && IsFormerSeed(*site, task.url)) return true;
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

  // The queues of a run's hosts, each where reading it begins.
  std::vector<Entry*> BeginQueues(const std::shared_ptr<const model::Site>& site, const SiteRound& round, const std::map<std::string, QueueHead>& heads)
      FZ_REQUIRES(mutex) {
    std::vector<Entry*> begun;
    for (const auto& [host, head] : heads) {
      begun.push_back(&EntryFor(site, host));
      begun.back()->queue.Begin(ViewOf(round), head);
    }
    return begun;
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

  // The longest wait at a host that a run sits out.
  std::chrono::milliseconds LongestWait(const std::string& host, const model::Site& site) FZ_REQUIRES(mutex) {
    return std::max<std::chrono::milliseconds>(kLongestWait, ClockOf(host, site).BaseDelay(site) + kBeyondDelay);
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

  // Whether a run gets nothing more of this host whatever it does: it was given up, is left in peace for longer than is sat out, or what waits there
  // (`ready`: from when) is to be tried again later than that.
  bool IsLeft(Entry& entry, UtcTime ready, UtcTime now) FZ_REQUIRES(mutex) {
    const model::Site& site = *entry.queue.site();
    const UtcTime latest = now + LongestWait(entry.queue.host(), site);
    const HostClock& host = ClockOf(entry.queue.host(), site);
    return host.given_up() || host.rests_until() > latest || ready > latest;
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
    return entry.queue.ReadyAt(archive, now, ReadAhead()) <= now + LongestWait(entry.queue.host(), site);
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

  void WriteClock(const std::string& host, std::vector<store::StateWrite>& writes) const FZ_REQUIRES(mutex) {
    const auto found = hosts.find(host);
    if (found == hosts.end()) return;
    writes.push_back({HostKey(host), model::Dump(found->second.ToJson())});
    const auto address = addresses.find(found->second.address());
    if (address == addresses.end()) return;
    writes.push_back({AddressKey(address->first), model::Dump(model::Json{{"next", FormatWarcDate(address->second.next)}})});
  }

  // Whether a list shows the articles that others of its folder have shown, again and again: its next page is one that a server makes for any number.
  bool ShowsTheSame(const FetchTask& list, const std::vector<model::Link>& links) {
    uint64_t hash = 0;
    for (const model::Link& link : links) {
      if (link.kind == model::LinkKind::kArticle) hash = Fnv1a(link.url, hash == 0 ? kFnv1aBegin : hash);
    }
    if (hash == 0) return false;
    if (shown.size() >= kCountedPaths) shown.clear();
    const std::string path = list.url.substr(0, list.url.find_first_of("?#"));
    Shown& of_folder = shown[list.site->id + " " + std::to_string(list.round) + " " + path.substr(0, path.rfind('/') + 1)];
    if (of_folder.hashes.size() >= kCountedPaths) of_folder.hashes.clear();
    return !of_folder.hashes.insert(hash).second && ++of_folder.repeats > kRepeatsOfOneFolder;
  }

  // Counts one more page that differs from others only in its query; true when there are too many of them.
  bool TooManyQueries(const FetchTask& from, const std::string& url) {
    const size_t query = url.find('?');
    if (query == std::string::npos) return false;
    if (queries_of_path.size() >= kCountedPaths) queries_of_path.clear();
    const bool named = from.url.find('?') == std::string::npos;
    const std::string path = from.site->id + " " + std::to_string(from.round) + (named ? " ! " : " ") + url.substr(0, query);
    return ++queries_of_path[path] > (named ? kNamedQueriesOfOnePath : kQueriesOfOnePath);
  }

  bool Seen(const std::string& key) {
    std::string& slot = recent[std::hash<std::string>{}(key) % kRecent];
    if (slot == key) return true;
    if (pending.contains(key)) return true;
    const auto stored = archive.GetState(key);
    if (!stored) {
      Log(LogLevel::kError, "frontier", "unreadable_key", {{"key", Escaped(key)}, {"error", Escaped(stored.error().ToString())}});
      return true;  // not for ever: the next page that names it may find it readable
    }
    if (!*stored) return false;
    slot = key;
    return true;
  }

  std::optional<std::string> FoldedOf(const model::Site& site, const std::string& url) FZ_REQUIRES(mutex) {
    if (!site.fold_duplicates) return std::nullopt;
    const auto state = sites.find(site.id);
    if (state == sites.end() || !state->second.duplicates.any_rule() || Duplicates::IsCheck(url)) return std::nullopt;
    return state->second.duplicates.Fold(url);
  }

  // Whether a page that nothing else named was a seed once and never answered: who took it out of the entry wants it asked for no more.
  bool IsFormerSeed(const model::Site& site, const std::string& url) const {
    if (std::find(site.seeds.begin(), site.seeds.end(), url) != site.seeds.end()) return false;
    const auto page = archive.Snapshot()->FindUrl(url);
    return page && *page && (*page)->versions == 0 && (*page)->failed_visits > 0;
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
  void FinishOne(Finished& finished, std::vector<store::StateWrite>& writes, Places& places) const;
};

}  // namespace fangzhi::frontier
