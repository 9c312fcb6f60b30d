#include "frontier/settle.h"

#include <algorithm>

#include "base/limits.h"
#include "config/config.h"
#include "url/url.h"

namespace fangzhi::frontier {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::seconds;

}  // namespace

void QueueCounter(const std::string& site, const FetchTask& page, uint64_t round, const model::Counter& counter, std::vector<std::string> counted_pages,
                  std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places) {
  FetchTask task;
  task.url = counter.url;
  task.host = HostOf(counter.url);
  if (task.host.empty()) return;
  task.round = round;
  task.depth = page.depth;
  task.kind = model::LinkKind::kCounter;
  task.via = page.url;
  task.counter = true;
  task.counted_page = page.url;
  task.counted_pages = std::move(counted_pages);
  task.counter_kind = counter.kind;
  task.method = counter.method;
  task.queue_key = CounterPlace(site, task.host, counter.url);
  writes.push_back({task.queue_key, ToValue(task)});
  places.filled.push_back(task.queue_key);
  queued.push_back(std::move(task));
}

Sight SightOf(std::string_view verdict, bool discovered_something) {
  if (verdict.empty()) return Sight::kDenied;
  if (verdict == "new") return Sight::kFirst;
  if (verdict == "changed" || verdict == "weighed") return Sight::kChanged;
  if (verdict == "unchanged" || verdict == "not_modified" || verdict == "redirect") {
    return discovered_something ? Sight::kChanged : Sight::kUnchanged;
  }
  return verdict == "absent" ? Sight::kAbsent : Sight::kNone;
}

bool IsWhole(std::string_view verdict) {
  return verdict == "new" || verdict == "changed" || verdict == "unchanged" || verdict == "redirect" || verdict == "held" || verdict == "weighed";
}

seconds NextVisitAfter(const KnownUrl& known, Sight sight, UtcTime time, std::optional<UtcTime> visit_before,
                       const schedule::RevisitPolicy& policy) {
  const schedule::PageClass page_class = ClassOf(known.kind);
  const double age_days = std::chrono::duration<double>(time - known.born).count() / 86400;
  const seconds regular = schedule::RevisitAfter(known.history, page_class, age_days, policy);
  if (sight != Sight::kNone && sight != Sight::kDenied && sight != Sight::kAbsent) return regular;
  // What could not be seen is tried again sooner, and then ever more seldom: each time after twice as long as the last.
  const seconds since = visit_before ? duration_cast<seconds>(time - *visit_before) : seconds(0);
  // Less than a day, so that a round of the next day has it.
  const seconds first = sight == Sight::kAbsent ? hours(20) : hours(6);
  return std::clamp<seconds>(since * 2, std::min<seconds>(first, regular), std::max(policy.least, policy.sweep));
}

void QueueNew(std::string_view site, const FetchTask& task, UtcTime now, std::vector<store::StateWrite>& writes) {
  KnownUrl known;
  known.kind = task.kind;
  known.place = task.queue_key;
  known.born = now;
  if (const auto date = ParseIso8601(task.date)) known.born = std::min(known.born, *date);
  writes.push_back({task.queue_key, ToValue(task)});
  writes.push_back({UrlKey(site, task.url), ToValue(known)});
}

void Settle(const Settled& settled, std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places) {
  KnownUrl known = settled.known.value_or(KnownUrl{});
  const auto empty = [&](const std::string& place) {
    if (place.empty()) return;
    writes.push_back({place, std::nullopt});
    places.emptied.push_back(place);
  };
  empty(settled.task.queue_key);
  if (known.place != settled.task.queue_key) empty(known.place);

  known.round = settled.round;
  known.kind = settled.task.kind;
  if (!settled.known) known.born = settled.time;
  for (const std::string& text : {settled.published, settled.task.date}) {
    if (const auto date = ParseIso8601(text)) known.born = std::min(known.born, *date);
  }
  const std::optional<UtcTime> before = known.last_visit;
  if (before && (settled.sight == Sight::kChanged || settled.sight == Sight::kUnchanged)) {
    schedule::Observe(known.history, duration_cast<seconds>(settled.time - *before), settled.sight == Sight::kChanged);
  }
  // A list that showed nothing hides what is new: the next run begins with it, whatever its turn.
  const bool missed = settled.sight == Sight::kNone && ClassOf(known.kind) == schedule::PageClass::kList;
  if (missed) {
    ++known.missed;
    writes.push_back({MissedKey(settled.site, settled.task.url), ""});
  } else if (known.missed > 0) {
    known.missed = 0;
    writes.push_back({MissedKey(settled.site, settled.task.url), std::nullopt});
  }
  const seconds wait = NextVisitAfter(known, settled.sight, settled.time, before, settled.policy);
  if (settled.whole) {
    known.last_whole.reset();
  } else if (!known.last_whole) {
    known.last_whole = before;
  }
  known.last_visit = settled.time;
  if (settled.counter) {
    known.counter = settled.counter;
    known.counted_pages = settled.counted_pages;
  }

  FetchTask next = settled.task;
  next.round = settled.round;
  next.attempt = 0;
  next.queue_key = DuePlace(settled.site, next.host, next.kind, settled.time + wait, next.url);
  known.place = next.queue_key;
  writes.push_back({next.queue_key, ToValue(next)});
  places.filled.push_back(next.queue_key);
  writes.push_back({UrlKey(settled.site, next.url), ToValue(known)});

  if (settled.ask_counter && known.counter) QueueCounter(settled.site, settled.task, settled.round, *known.counter, settled.counted_pages, writes, queued, places);
  QueueDiscovered(settled.site, settled.task, settled.round, settled.time, settled.discovered, writes, queued, places);
}

void QueueDiscovered(const std::string& site, const FetchTask& from, uint64_t round, UtcTime time, const std::vector<store::Discovery>& discovered,
                     std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places) {
  for (const store::Discovery& found : discovered) {
    FetchTask task;
    task.url = found.url;
    task.host = HostOf(found.url);
    if (task.host.empty()) continue;
    task.round = round;
    task.depth = found.depth;
    task.redirects = found.redirects;
    task.kind = found.kind;
    task.via = from.url;
    task.text = found.text;
    task.date = found.date;
    task.post = found.post;
    task.queue_key = NewPlace(site, task.host, task.kind);
    QueueNew(site, task, time, writes);
    places.filled.push_back(task.queue_key);
    queued.push_back(std::move(task));
  }
}

namespace {

// Whether anything names a list but the seeds that an entry once had: one that was taken out of it, with what it led to by redirects, is missed by nobody.
Result<bool> IsNamed(const store::Archive& archive, const model::Site& site, std::string url, KnownUrl known) {
  for (uint32_t hop = 0; hop <= limits::kMaxPageRedirects; ++hop) {
    if (std::find(site.seeds.begin(), site.seeds.end(), url) != site.seeds.end()) return true;
    FZ_ASSIGN(const auto noted, archive.GetState(known.place));
    const auto task = noted ? TaskFromValue(site.id, HostOf(url), known.place, *noted) : std::nullopt;
    if (!task) return true;
    if (task->via.empty()) return false;
    if (task->redirects == 0) return true;
    url = task->via;
    FZ_ASSIGN(const auto stored, archive.GetState(UrlKey(site.id, url)));
    auto before = stored ? KnownUrlFromValue(site.id, url, *stored) : std::nullopt;
    if (!before) return true;
    known = std::move(*before);
  }
  return true;
}

}  // namespace

Result<void> VisitMissed(const store::Archive& archive, const model::Site& site,
                         const std::function<Result<bool>(const std::string& url, const KnownUrl& known)>& visit) {
  constexpr size_t kMostMissed = 10'000, kMostAtOnce = 1000;
  const std::string prefix = MissedPrefix(site.id);
  std::string from = prefix;
  size_t visited = 0;
  // In slices, since nothing else is read while keys are. What is not visited hides none of the rest.
  while (visited < kMostMissed) {
    std::vector<std::string> urls;
    std::string last;
    FZ_TRY(archive.ScanState(prefix, from, [&](std::string_view key, std::string_view) {
      last = key;
      urls.push_back(UrlOfKey(site.id, key));
      return urls.size() < kMostAtOnce;
    }));
    for (const std::string& url : urls) {
      const std::string posted = url::PostTarget(url);
      if (!config::InScope(site, posted.empty() ? url : posted)) continue;
      FZ_ASSIGN(const auto stored, archive.GetState(UrlKey(site.id, url)));
      const auto known = stored ? KnownUrlFromValue(site.id, url, *stored) : std::nullopt;
      // One that never comes has the turn of a page that fails.
      if (!known || known->missed > kInsistences) continue;
      FZ_ASSIGN(const bool named, IsNamed(archive, site, url, *known));
      if (!named) continue;
      FZ_ASSIGN(const bool more, visit(url, *known));
      if (!more) return {};
      ++visited;
    }
    if (urls.size() < kMostAtOnce) break;
    from = last + '\0';
  }
  return {};
}

}  // namespace fangzhi::frontier
