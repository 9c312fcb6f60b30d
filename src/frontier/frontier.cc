#include "frontier/frontier.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "config/config.h"
#include "frontier/frontier_impl.h"
#include "frontier/traps.h"
#include "url/url.h"

namespace fangzhi::frontier {
namespace {

using std::chrono::milliseconds;
using store::StateWrite;

// A host whose front task may not go yet (robots.txt not known) is looked at again after this.
constexpr milliseconds kGateWait{50};
// Contents taken in before what they tell is written again; a rule that begins or ends is written at once.
constexpr uint64_t kLearnedEvery = 200;

schedule::RevisitPolicy PolicyOf(const model::Site& site) { return {site.revisit_least, site.sweep_every}; }

}  // namespace

Frontier::Frontier(const store::Archive& archive, const Clock& clock, bool clean)
    : impl_(std::make_unique<Impl>(archive, clock, clean)) {}
Frontier::~Frontier() = default;

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
    return busy || ready <= now + impl_->LongestWait(task.host, site) ? Occupied::kLater : Occupied::kNotInThisRun;
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

void Frontier::LeaveOut(const std::string& site, std::string_view origin) {
  MutexLock lock(impl_->mutex);
  const auto entry = impl_->queues.find({site, HostOf(origin)});
  if (entry == impl_->queues.end()) return;
  entry->second->queue.LeaveOut(origin);
  impl_->Touch(*entry->second);
}

milliseconds Frontier::UntilNext() const {
  MutexLock lock(impl_->mutex);
  constexpr milliseconds kLongest{1000};
  if (impl_->waiting.empty()) return kLongest;
  const milliseconds wait = (*impl_->waiting.begin())->wake - impl_->clock.Now();
  return std::clamp(wait, milliseconds{0}, kLongest);
}

void Frontier::SetCrawlDelay(std::string_view origin, milliseconds delay) {
  MutexLock lock(impl_->mutex);
  const std::string host = HostOf(origin);
  impl_->hosts[host].SetCrawlDelay(origin.starts_with("https:"), delay);
  impl_->TouchHost(host);
}

void Frontier::ClockWrites(const FetchTask& task, std::vector<StateWrite>& writes) const {
  MutexLock lock(impl_->mutex);
  impl_->WriteClock(task.host, writes);
}

namespace {

// Whether a site entry wants what a link leads to, were it new.
bool IsWanted(const model::Site& site, const model::Link& link) {
  if (link.kind == model::LinkKind::kCounter) return false;
  if (link.kind == model::LinkKind::kAttachment && !site.capture_attachments) return false;
  if (link.kind == model::LinkKind::kRequisite && !site.capture_requisites) return false;
  if (!site.capture_pages && link.kind != model::LinkKind::kAttachment && link.kind != model::LinkKind::kRequisite) return false;
  // Only what asks by POST has a key of one; a link that looks like it would take its place.
  const std::string posted = url::PostTarget(link.url);
  if (posted.empty() != link.post.empty()) return false;
  // Most links of a page lead to other sites: that is asked first.
  return config::InScope(site, posted.empty() ? link.url : posted) && !WouldCount(link.url, link.kind) && !IsTrap(link.url);
}

}  // namespace

std::vector<store::Discovery> Frontier::Select(const FetchTask& task, model::PageKind page_kind,
                                               const std::vector<model::Link>& links, LeftOut* left_out) {
  std::vector<store::Discovery> selected;
  if (task.counter) return selected;
  const model::Site& site = *task.site;
  std::vector<std::optional<std::string>> folded(links.size());
  if (site.fold_duplicates) {
    MutexLock lock(impl_->mutex);
    for (size_t i = 0; i < links.size(); ++i) folded[i] = impl_->FoldedOf(site, links[i].url);
  }
  const bool repeats = page_kind == model::PageKind::kList && task.kind == model::LinkKind::kList && impl_->ShowsTheSame(task, links);
  for (const model::Link& link : links) {
    if (!IsWanted(site, link)) continue;
    // Following pages of one list are one hop from the seed all together: the depth bounds columns, not the length of a list.
    const bool next_page = page_kind == model::PageKind::kList && link.kind == model::LinkKind::kList &&
                           IsNextPageOf(task.url, link.url);
    // Neither is a redirect: it is the same link, and its chain has a limit of its own.
    const uint32_t depth = task.depth + (next_page || link.redirect ? 0 : 1);
    // What belongs to a page is had with it, however deep it is. What such a thing leads to in turn is bounded.
    const bool belongs = link.kind == model::LinkKind::kAttachment || link.kind == model::LinkKind::kRequisite;
    const uint32_t measured = belongs ? task.depth : depth;
    if (link.redirect && task.redirects >= limits::kMaxPageRedirects) continue;
    std::string key = UrlKey(site.id, link.url);
    if (impl_->Seen(key)) continue;
    if (repeats && next_page) {
      if (left_out != nullptr) left_out->repeats.push_back(link);
      continue;
    }
    const std::optional<std::string>& stands_for = folded[static_cast<size_t>(&link - links.data())];
    const std::string stand_in = stands_for ? StandInKey(site.id, *stands_for) : std::string();
    if (stands_for && (impl_->pending.contains(stand_in) || impl_->pending.contains(UrlKey(site.id, *stands_for)) ||
                       impl_->IsStoodFor(site.id, link.url, *stands_for, true))) {
      MutexLock lock(impl_->mutex);
      ++impl_->sites[site.id].folded;
      continue;
    }
    if (measured > static_cast<uint32_t>(std::max(0, site.max_depth))) {
      if (left_out != nullptr) left_out->too_deep.push_back(link);
      continue;
    }
    if (link.kind == model::LinkKind::kPage && impl_->TooManyQueries(task, link.url)) {
      if (left_out != nullptr) left_out->too_many.push_back(link);
      continue;
    }
    if (stands_for) {
      impl_->pending.insert(stand_in);
      impl_->stand_ins[link.url] = stand_in;
    }
    impl_->pending.insert(std::move(key));
    selected.push_back({link.url, link.kind, depth, link.text, link.date, link.redirect ? task.redirects + 1 : 0, {}, link.post});
  }
  return selected;
}

std::vector<model::Link> Frontier::Unfollowed(const FetchTask& task, const std::vector<model::Link>& links) const {
  std::vector<model::Link> unfollowed;
  for (const model::Link& link : links) {
    if (IsWanted(*task.site, link) && !impl_->Seen(UrlKey(task.site->id, link.url))) unfollowed.push_back(link);
  }
  return unfollowed;
}

Frontier::StoredCounter Frontier::KnownCounter(const FetchTask& task) const {
  auto known = impl_->Known(task.site->id, task.url);
  if (!known) return {};
  return {std::move(known->counter), std::move(known->counted_pages)};
}

std::optional<UtcTime> Frontier::LastWhole(const FetchTask& task) const {
  const auto known = impl_->Known(task.site->id, task.url);
  return known ? (known->last_whole ? known->last_whole : known->last_visit) : std::nullopt;
}

bool Frontier::FollowsMore(const FetchTask& task) const {
  UtcTime since{};
  {
    MutexLock lock(impl_->mutex);
    const auto state = impl_->sites.find(task.site->id);
    if (state != impl_->sites.end()) since = state->second.round.follows_since;
  }
  if (since == UtcTime{} || task.counter) return false;
  const std::optional<UtcTime> read = LastWhole(task);
  return read && *read < since;
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
    FetchTask page = task;
    for (const auto& [url, counter] : finished.asked_alone) {
      page.url = url;
      QueueCounter(site, page, task.round, counter, {}, writes, finished.queued, places);
    }
  } else {
    Settled settled;
    settled.site = site;
    settled.policy = PolicyOf(*task.site);
    settled.round = task.round;
    settled.task = task;
    settled.known = Known(site, task.url);
    settled.time = time;
    settled.sight = SightOf(finished.verdict, !finished.discovered.empty() && task.kind != model::LinkKind::kArticle);
    settled.whole = IsWhole(finished.verdict);
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
  std::map<std::string_view, bool> counters;  // places of counters in this batch: whether something is there now
  const auto is_there = [&](const std::string& place) {
    const auto in_batch = counters.find(place);
    if (in_batch != counters.end()) return in_batch->second;
    const auto stored = impl_->archive.GetState(place);
    return stored && stored->has_value();
  };
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
    for (const std::string& place : places[i].emptied) {
      if (IsCounterPlace(place)) counters[place] = false;
      count(place, -1);
    }
    for (const std::string& place : places[i].filled) {
      // A counter whose host gave no answer waits where it did.
      if (!IsCounterPlace(place) || !is_there(place)) count(place, 1);
      if (IsCounterPlace(place)) counters[place] = true;
    }
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
    if (const auto state = impl_->sites.find(task.site->id); state != impl_->sites.end() && !finished.only_discovered && !task.counter &&
        !finished.verdict.empty()) {
      state->second.went_on = state->second.went_on || SequenceOfPlace(task.queue_key).value_or(0) < state->second.begun_at;
    }
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

bool Frontier::WentOn(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  const auto state = impl_->sites.find(site);
  return state != impl_->sites.end() && state->second.went_on;
}

bool Frontier::Idle(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  if (const auto leased = impl_->leased.find(site); leased != impl_->leased.end() && !leased->second.empty()) return false;
  const UtcTime now = impl_->clock.Now();
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    const milliseconds longest = impl_->LongestWait(it->first.second, *it->second->queue.site());
    if (it->second->scheduled ? it->second->wake <= now + longest : impl_->WaitsForOthers(*it->second, now)) return false;
  }
  return true;
}

Progress Frontier::GetProgress(const std::string& site) const {
  MutexLock lock(impl_->mutex);
  const UtcTime now = impl_->clock.Now();
  Progress progress;
  if (const auto state = impl_->sites.find(site); state != impl_->sites.end()) progress.round = state->second.round.round;
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    const HostQueue& queue = it->second->queue;
    progress.queued_now += std::max<uint64_t>(queue.waiting(), queue.buffered());
    const auto host = impl_->hosts.find(queue.host());
    if (host == impl_->hosts.end()) continue;
    if (host->second.active() > 0) progress.active_hosts.push_back(queue.host());
    if (host->second.given_up() || host->second.open(now)) {
      progress.given_up_hosts.push_back(queue.host());
    } else if (it->second->scheduled && it->second->wake > now + impl_->LongestWait(queue.host(), *queue.site())) {
      progress.resting_hosts.emplace_back(queue.host(), it->second->wake);
    }
  }
  return progress;
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

store::Discovery CounterDiscovery(const model::Counter& counter, std::vector<std::string> counted_pages, uint32_t depth) {
  return {counter.url, model::LinkKind::kCounter, depth, counter.kind, counter.method == "GET" ? "" : counter.method, 0, std::move(counted_pages), {}};
}

}  // namespace fangzhi::frontier
