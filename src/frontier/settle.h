// The state changes of a page that was fetched: the same for a live commit and for a replay of the WARC.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontier/keys.h"
#include "store/store.h"

namespace fangzhi::frontier {

// What a visit saw, as far as the next one depends on it.
enum class Sight {
  kDenied,     // nothing was sent: robots.txt forbade it
  kNone,       // nothing that could be judged: no answer, an error, an obstacle
  kFirst,      // content, for the first time
  kChanged,    // other content than last time
  kUnchanged,
  kAbsent,
};
// Of a CommitOutcome's verdict; a list changed when it showed a new link, whatever its own text.
Sight SightOf(std::string_view verdict, bool discovered_something);

// Whether the visit got the page itself, and not only that it has not changed.
bool IsWhole(std::string_view verdict);

struct Settled {
  std::string site;
  schedule::RevisitPolicy policy;
  uint64_t round = 0;
  FetchTask task;                 // queue_key: its place, empty where it is not known (a replay)
  std::optional<KnownUrl> known;  // as it was
  UtcTime time{};                 // of the visit
  Sight sight = Sight::kNone;
  bool whole = false;
  std::string published;          // of its record, as the page has it; may be empty
  std::optional<model::Counter> counter;
  std::vector<std::string> counted_pages;
  bool ask_counter = false;
  std::vector<store::Discovery> discovered;
};

// Appends the changes and what they queue. Also says which places they empty and fill.
struct Places {
  std::vector<std::string> emptied, filled;
};
void Settle(const Settled& settled, std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places);

// What a page (or a robots.txt) shows for the first time.
void QueueDiscovered(const std::string& site, const FetchTask& from, uint64_t round, UtcTime time, const std::vector<store::Discovery>& discovered,
                     std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places);

// The request to a page's counter. `counted_pages`: of a list whose counter answers for several articles; else empty.
void QueueCounter(const std::string& site, const FetchTask& page, uint64_t round, const model::Counter& counter, std::vector<std::string> counted_pages,
                  std::vector<store::StateWrite>& writes, std::vector<FetchTask>& queued, Places& places);

// A URL that is queued for the first time.
void QueueNew(std::string_view site, const FetchTask& task, UtcTime now, std::vector<store::StateWrite>& writes);

// How long after a visit the next is due.
std::chrono::seconds NextVisitAfter(const KnownUrl& known, Sight sight, UtcTime time, std::optional<UtcTime> visit_before,
                                    const schedule::RevisitPolicy& policy);

// The seeds and lists whose last visit got nothing, as far as they are in the site's scope and have not failed kInsistences times in a row. `visit`
// returns false to stop.
Result<void> VisitMissed(const store::Archive& archive, const model::Site& site,
                         const std::function<Result<bool>(const std::string& url, const KnownUrl& known)>& visit);

}  // namespace fangzhi::frontier
