// What can be said of the frontier from the state area alone, without beginning a round; and what a replay of the WARC makes of it.
#include <algorithm>
#include <map>

#include "frontier/duplicates.h"
#include "frontier/frontier.h"
#include "frontier/host_clock.h"
#include "frontier/keys.h"
#include "frontier/settle.h"

namespace fangzhi::frontier {

using store::StateWrite;

Result<bool> Frontier::MissesLists(const store::Archive& archive, const model::Site& site) {
  bool any = false;
  FZ_TRY(VisitMissed(archive, site, [&any](const std::string&, const KnownUrl&) -> Result<bool> {
    any = true;
    return false;
  }));
  return any;
}

Result<std::vector<std::string>> Frontier::MissedLists(const store::Archive& archive, const model::Site& site, uint64_t round) {
  std::vector<std::string> lists;
  FZ_TRY(VisitMissed(archive, site, [&](const std::string& url, const KnownUrl& known) -> Result<bool> {
    if (known.round == round) lists.push_back(url);
    return true;
  }));
  return lists;
}

Result<std::vector<std::string>> Frontier::StoredSites(const store::Archive& archive) {
  std::vector<std::string> sites;
  const std::string prefix = SiteKey("");
  FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view) {
    sites.emplace_back(key.substr(prefix.size()));
    return true;
  }));
  return sites;
}

Result<bool> Frontier::IsKnown(const store::Archive& archive, const std::string& site, const std::string& url) {
  FZ_ASSIGN(const auto stored, archive.GetState(UrlKey(site, url)));
  return stored.has_value();
}

Result<std::optional<Frontier::Origin>> Frontier::FoundBy(const store::Archive& archive, const std::string& site, const std::string& url) {
  FZ_ASSIGN(const auto stored, archive.GetState(UrlKey(site, url)));
  const auto known = stored ? KnownUrlFromValue(site, url, *stored) : std::nullopt;
  if (!known) return std::optional<Origin>();
  FZ_ASSIGN(const auto noted, archive.GetState(known->place));
  const auto task = noted ? TaskFromValue(site, HostOf(url), known->place, *noted) : std::nullopt;
  if (!task) return std::optional<Origin>();
  return std::optional<Origin>(Origin{task->via, known->kind});
}

Result<Freshness> Frontier::GetFreshness(const store::Archive& archive, const std::string& site, UtcTime now) {
  Freshness freshness;
  Duplicates duplicates;
  FZ_ASSIGN(const auto learned, archive.GetState(DuplicatesKey(site)));
  if (learned) duplicates = Duplicates::Parse(*learned);
  double sum = 0, sum_lists = 0;
  const std::string prefix = KnownPrefix(site);
  FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const std::string url = UrlOfKey(site, key);
    const auto known = KnownUrlFromValue(site, url, value);
    if (!known || !known->last_visit || !IsDuePlace(known->place)) return true;
    // What another address stands for is not visited, and is not stale for that.
    if (duplicates.any_rule() && !Duplicates::IsCheck(url)) {
      const auto folded = duplicates.Fold(url);
      if (folded) {
        const auto other = archive.GetState(UrlKey(site, *folded));
        if (other && *other) return true;
      }
    }
    // "v/<site>/<host>/<class><time>…"
    const size_t before_time = site.size() + HostOf(url).size() + 5;
    const UtcTime due = TimeOfPlace(std::string_view(known->place).substr(std::min(before_time, known->place.size())));
    const schedule::PageClass page_class = ClassOf(known->kind);
    const double age = std::chrono::duration<double>(*known->last_visit - known->born).count() / 86400;
    const double rate = schedule::ChangesPerDay(known->history, page_class, age);
    const double expected =
        schedule::ExpectedFreshness(rate, std::chrono::duration_cast<std::chrono::seconds>(std::max(due, now) - *known->last_visit));
    ++freshness.pages;
    sum += expected;
    if (page_class == schedule::PageClass::kList) {
      ++freshness.lists;
      sum_lists += expected;
    }
    if (due < now) ++freshness.overdue;
    if (!freshness.oldest_visit || *known->last_visit < *freshness.oldest_visit) freshness.oldest_visit = known->last_visit;
    return true;
  }));
  if (freshness.pages > 0) freshness.expected = sum / static_cast<double>(freshness.pages);
  if (freshness.lists > 0) freshness.expected_lists = sum_lists / static_cast<double>(freshness.lists);
  return freshness;
}

std::vector<StateWrite> Frontier::Replay(const store::CaptureFacts& facts, const store::CommitOutcome& outcome,
                                         const std::function<std::optional<std::string>(std::string_view key)>& get) {
  std::vector<StateWrite> writes;
  const bool robots = facts.purpose == store::Purpose::kRobots && !facts.discovered.empty();
  if (facts.site.empty() || (facts.purpose != store::Purpose::kPage && facts.purpose != store::Purpose::kCounter && !robots)) return writes;
  // A failure may have been about to be tried again: leave it in the queue, so that it is.
  const bool settled = model::HasResponse(facts.outcome) && facts.status < 500 && facts.status != 429;
  const std::string host = HostOf(facts.url);
  if (!settled || host.empty()) return writes;
  Places places;
  if (robots) {
    std::vector<store::Discovery> discovered;
    for (const store::Discovery& found : facts.discovered) {
      if (!get(UrlKey(facts.site, found.url))) discovered.push_back(found);
    }
    FetchTask from;
    from.url = facts.url;
    std::vector<FetchTask> queued;
    QueueDiscovered(facts.site, from, facts.round, facts.time, discovered, writes, queued, places);
  } else if (facts.purpose == store::Purpose::kCounter) {
    const std::string place = CounterPlace(facts.site, host, facts.url);
    if (!get(place)) return writes;
    writes.push_back({place, std::nullopt});
    places.emptied.push_back(place);
  } else {
    Settled page;
    page.site = facts.site;
    page.round = facts.round;
    page.time = facts.time;
    page.task.url = facts.url;
    page.task.host = host;
    page.task.depth = facts.depth;
    page.task.via = facts.via;
    if (facts.depth == 0) page.task.kind = model::LinkKind::kList;  // a seed
    if (const auto value = get(UrlKey(facts.site, facts.url))) page.known = KnownUrlFromValue(facts.site, facts.url, *value);
    if (page.known) {
      page.task.kind = page.known->kind;
      page.task.queue_key = page.known->place;
      if (const auto value = page.known->place.empty() ? std::nullopt : get(page.known->place)) {
        if (const auto before = TaskFromValue(facts.site, host, page.known->place, *value)) {
          page.task.redirects = before->redirects;
          page.task.post = before->post;
          page.task.text = before->text;
          page.task.date = before->date;
        }
      }
    }
    if (facts.record && facts.record->published) page.published = *facts.record->published;
    for (const store::Discovery& found : facts.discovered) {
      if (found.kind == model::LinkKind::kCounter) {
        page.counter = model::Counter{found.url, found.text, found.date.empty() ? "GET" : found.date, "read_only"};
        page.counted_pages = found.counts;
        page.ask_counter = true;
      } else if (!get(UrlKey(facts.site, found.url))) {
        page.discovered.push_back(found);
      }
    }
    page.sight = SightOf(outcome.verdict, !page.discovered.empty() && page.task.kind != model::LinkKind::kArticle);
    page.whole = IsWhole(outcome.verdict);
    std::vector<FetchTask> queued;
    Settle(page, writes, queued, places);
  }

  // The heads of the hosts' queues: counts, and where reading begins.
  std::map<std::string, QueueHead> heads;
  const auto head_of = [&](const std::string& place) -> QueueHead& {
    const size_t host_at = facts.site.size() + 3;
    const std::string name = place.substr(host_at, place.find('/', host_at) - host_at);
    const auto [it, inserted] = heads.try_emplace(name);
    if (inserted) {
      if (const auto value = get(QueueHeadKey(facts.site, name))) it->second = QueueHeadFromValue(*value).value_or(QueueHead{});
    }
    return it->second;
  };
  const auto change = [](uint64_t& count, int64_t by) { count = static_cast<uint64_t>(std::max<int64_t>(0, static_cast<int64_t>(count) + by)); };
  for (const std::string& place : places.emptied) {
    QueueHead& head = head_of(place);
    change(IsDuePlace(place) ? head.known : head.waiting, -1);
  }
  for (const std::string& place : places.filled) {
    QueueHead& head = head_of(place);
    if (!IsCounterPlace(place) || !get(place)) change(IsDuePlace(place) ? head.known : head.waiting, 1);
    // A clock that was set back makes places before those that reading would begin with.
    const size_t name_at = facts.site.size() + 3, name_end = place.find('/', name_at);
    const std::string name = place.substr(name_at, name_end - name_at);
    for (size_t i = 0; i < kLanes; ++i) {
      const std::string prefix = LanePrefix(facts.site, name, static_cast<Lane>(i));
      if (place.compare(0, prefix.size(), prefix) == 0) head.from[i] = std::min(head.from[i], place.substr(prefix.size()));
    }
  }
  for (const auto& [name, head] : heads) writes.push_back({QueueHeadKey(facts.site, name), ToValue(head)});

  // The round goes on; where nothing waits, the next crawl finds that out and begins the following one.
  SiteRound round;
  if (const auto value = get(SiteKey(facts.site))) round = SiteRoundFromValue(*value).value_or(SiteRound{});
  if (round.round < facts.round) {
    round.round = facts.round;
    round.running = true;
    round.mode = RoundMode::kDue;  // a sweep makes a sweep of it
    round.started = facts.time;
    writes.push_back({SiteKey(facts.site), ToValue(round)});
  }
  return writes;
}

}  // namespace fangzhi::frontier
