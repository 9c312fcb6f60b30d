// A round of a site: what brings its seeds and lists to the front, what is left of the one before, its end.
#include <algorithm>
#include <map>
#include <utility>

#include "base/digest.h"
#include "frontier/frontier_impl.h"

namespace fangzhi::frontier {
namespace {

using store::StateWrite;

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

// Which links of a page a site entry follows.
model::Json FollowsOf(const model::Site& site) {
  const auto texts = [](const auto& patterns) {
    model::Json all = model::Json::array();
    for (const auto& pattern : patterns) all.push_back(pattern->text());
    return all;
  };
  return {{"hosts", site.hosts}, {"include", texts(site.include)}, {"exclude", texts(site.exclude)}, {"depth", site.max_depth},
          {"in_spite", {!site.obey_nofollow, site.capture_pages, site.capture_attachments, site.capture_requisites}}};
}

// Whether something may be followed now that was not before. What cannot be read is taken for nothing that was followed.
bool IsWider(const model::Json& before, const model::Json& now) {
  const auto at = [](const model::Json& json, const char* key) { return json.is_object() && json.contains(key) ? json.at(key) : model::Json(); };
  const auto lacks_one_of = [](const model::Json& some, const model::Json& all) {
    return std::any_of(all.begin(), all.end(), [&some](const model::Json& one) { return std::find(some.begin(), some.end(), one) == some.end(); });
  };
  if (lacks_one_of(at(before, "hosts"), now.at("hosts")) || lacks_one_of(now.at("exclude"), at(before, "exclude"))) return true;
  // Without any of them everything is included.
  const model::Json included = at(before, "include");
  if (now.at("include").empty() ? !included.empty() : !included.empty() && lacks_one_of(included, now.at("include"))) return true;
  if (now.at("depth").get<int64_t>() > model::GetInt(before, "depth")) return true;
  const model::Json was = at(before, "in_spite");
  for (size_t i = 0; i < now.at("in_spite").size(); ++i) {
    if (now.at("in_spite")[i] == true && !(was.is_array() && i < was.size() && was[i] == true)) return true;
  }
  return false;
}

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
  const bool other_scope = round.scope != scope;
  const model::Json follows = FollowsOf(*site);
  bool resumed = round.running;
  const uint64_t begun_at = NextSequence();
  const auto state_of_round = [&] {
    SiteState state;
    state.begun_at = begun_at;
    state.site = site;
    state.round = round;
    state.duplicates = duplicates;
    return state;
  };

  // Twice at most: a round that was cut off between its last page and its end is ended, and the next one begun.
  while (true) {
    std::vector<StateWrite> writes;
    const bool begins = !round.running;
    if (begins) {
      // Lists that the round before had visited when the entry came to follow more.
      round.all_lists = round.follows_since > round.started;
      ++round.round;
      round.running = true;
      round.mode = mode;
      round.started = now;
    } else if (mode == RoundMode::kSweep) {
      round.mode = mode;
    }
    round.scope = scope;
    if (other_scope) round.floor = UtcTime{};  // what was passed over as out of scope lies before it
    if (const std::string text = model::Dump(follows); round.follows != text) {
      const auto before = model::ParseJson(round.follows);
      if (!round.follows.empty() && IsWider(before ? *before : model::Json(), follows)) {
        round.follows_since = now;
        round.all_lists = round.all_lists || begins;
      }
      round.follows = text;
    }
    writes.push_back({SiteKey(site->id), ToValue(round)});
    std::map<std::string, QueueHead> heads;
    const std::string prefix = QueueHeadPrefix(site->id);
    FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
      QueueHead& head = heads[std::string(key.substr(prefix.size()))] = QueueHeadFromValue(value).value_or(QueueHead{});
      if (other_scope) head.from.fill({});  // and before where reading would go on
      return true;
    }));
    // Whether the round that goes on has anything left but its beginning.
    bool left = false;
    if (resumed) {
      MutexLock lock(impl_->mutex);
      impl_->sites[site->id] = state_of_round();
      for (Entry* entry : impl_->BeginQueues(site, round, heads)) left = entry->queue.ReadyAt(archive, now, impl_->ReadAhead()) != UtcTime::max() || left;
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
    for (Entry* entry : impl_->BeginQueues(site, round, heads)) impl_->Touch(*entry);
    return resumed;
  }
}

Frontier::RoundEnd Frontier::FinishRound(const std::string& site, std::vector<StateWrite>& writes) {
  MutexLock lock(impl_->mutex);
  const auto found = impl_->sites.find(site);
  if (found == impl_->sites.end()) return RoundEnd::kGoesOn;
  SiteRound& round = found->second.round;
  const UtcTime now = impl_->clock.Now();
  if (Duplicates& duplicates = found->second.duplicates; duplicates.changed()) writes.push_back({DuplicatesKey(site), duplicates.Serialise()});
  bool waiting = false, left = false, others = false;  // others: hosts that could be visited again
  std::vector<std::pair<HostQueue*, bool>> queues;     // with: something of it is left
  for (auto it = impl_->queues.lower_bound({site, ""}); it != impl_->queues.end() && it->first.first == site; ++it) {
    HostQueue& queue = it->second->queue;
    const UtcTime ready = queue.ReadyAt(impl_->archive, now, impl_->ReadAhead());
    const bool waits = ready != UtcTime::max(), of_no_use = impl_->IsLeft(*it->second, UtcTime{}, now);
    const bool left_here = queue.HasLeftOut() || (waits && impl_->IsLeft(*it->second, ready, now));
    left = left || left_here;
    waiting = waiting || (waits && !left_here);
    others = others || (queue.known() > 0 && !of_no_use && (!queue.HasLeftOut() || it->second->leased > 0));
    queues.emplace_back(&queue, left_here);
    impl_->WriteClock(queue.host(), writes);
  }
  if (const auto leased = impl_->leased.find(site); leased != impl_->leased.end() && !leased->second.empty()) waiting = true;
  const bool ends = !waiting && (!left || others);
  if (ends) {
    round.running = false;
    // Everything that was due before the round began was visited, and is due later; where something is left the host's head says so.
    round.floor = std::max(round.floor, round.started);
    writes.push_back({SiteKey(site), ToValue(round)});
  }
  for (const auto& [queue, left_here] : queues) {
    writes.push_back({QueueHeadKey(site, queue->host()), ToValue(ends && !left_here ? queue->HeadOfEnded(round.floor) : queue->Head())});
  }
  return !ends ? RoundEnd::kGoesOn : left ? RoundEnd::kDoneButLeft : RoundEnd::kDone;
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

}  // namespace fangzhi::frontier
