// The frontier's keys and values in the state area, built and read in one place; docs/storage.md documents them byte by byte. Text parts of
// keys end in '/', which neither site ids nor hosts contain; numbers are big-endian, so that the order of bytes is the order of things. Values
// are compact: fifty million of them are kept.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontier/frontier.h"
#include "schedule/revisit.h"

namespace fangzhi::frontier {

// What waits at one host for one site, in the order in which it is taken. A lane is one stretch of keys, read from its front.
enum class Lane : uint8_t {
  kDelayed,      // t: to be tried again, by time
  kCounters,     // q0: click counters of pages just fetched
  kLists,        // q1: seeds, home and list pages, feeds
  kDueLists,     // v0: revisits of those, by the time at which they are due
  kArticles,     // q2: new articles
  kPages,        // q3
  kAttachments,  // q4
  kRequisites,   // q5
  kDueOthers,    // v1: revisits of the rest
};
inline constexpr size_t kLanes = 9;
inline bool IsDueLane(Lane lane) { return lane == Lane::kDueLists || lane == Lane::kDueOthers; }
Lane LaneOf(model::LinkKind kind);     // of a new URL
Lane DueLaneOf(model::LinkKind kind);  // of a revisit
schedule::PageClass ClassOf(model::LinkKind kind);

std::string SiteKey(std::string_view site);
std::string HostKey(std::string_view host);
std::string AddressKey(std::string_view address);
std::string QueueHeadPrefix(std::string_view site);
std::string QueueHeadKey(std::string_view site, std::string_view host);
std::string KnownPrefix(std::string_view site);
// The key of a known URL: site, host, and of the URL what is not the host. Absolute canonical URLs only.
std::string UrlKey(std::string_view site, std::string_view url);
std::string UrlOfKey(std::string_view site, std::string_view key);
// f/…: seeds and lists whose last visit got nothing; a run begins with them. The URL's other key with another letter.
std::string MissedPrefix(std::string_view site);
std::string MissedKey(std::string_view site, std::string_view url);
// The part of UrlKey after the host, and back.
std::string RestOf(std::string_view url);
std::string UrlOf(std::string_view host, std::string_view rest);

std::string LanePrefix(std::string_view site, std::string_view host, Lane lane);
// A place at the end of a lane of new URLs: in order of discovery.
std::string NewPlace(std::string_view site, std::string_view host, model::LinkKind kind);
// The place of a counter's request: computable from its URL, so that a replay finds it.
std::string CounterPlace(std::string_view site, std::string_view host, std::string_view counter_url);
std::string DelayedPlace(std::string_view site, std::string_view host, UtcTime not_before);
std::string DuePlace(std::string_view site, std::string_view host, model::LinkKind kind, UtcTime due, std::string_view url);
// The time in a key of the lanes kDelayed, kDueLists and kDueOthers, given without the lane's prefix.
UtcTime TimeOfPlace(std::string_view rest_of_key);
bool IsDuePlace(std::string_view place);
bool IsCounterPlace(std::string_view place);
// Numbers that grow, in which places of new URLs and of those that are to be tried again are made; of another place none.
uint64_t NextSequence();
std::optional<uint64_t> SequenceOfPlace(std::string_view place);
// `from` moved to the first place of a due lane at or after `due`.
std::string DueFrom(std::string_view site, std::string_view host, Lane lane, UtcTime due);

// host[:port] of an absolute URL; empty when it has none.
std::string HostOf(std::string_view url);

// u/…: what is remembered of a known URL for ever. How it was found (via, text, date) stands at its place: where it waits, or where its next
// visit is noted.
inline constexpr uint32_t kInsistences = 20;
struct KnownUrl {
  uint64_t round = 0;          // the last round that fetched it; 0 = none yet
  std::string place;           // the key at which it waits or is due; empty: nowhere
  model::LinkKind kind = model::LinkKind::kPage;
  UtcTime born{};              // published or first seen, the earlier; to the second
  std::optional<UtcTime> last_visit;
  std::optional<UtcTime> last_whole;  // when it was last got, where the last visit did not: a 304, a failure; else that of last_visit
  uint32_t missed = 0;         // of a list: visits in a row that got nothing of it; up to kInsistences it begins the next run
  schedule::ChangeHistory history;
  std::optional<model::Counter> counter;
  std::vector<std::string> counted_pages;  // of a list whose counter answers for several articles
};
std::string ToValue(const KnownUrl& known);
std::optional<KnownUrl> KnownUrlFromValue(std::string_view site, std::string_view url, std::string_view value);

// The value at a place. FetchTask::round is, at a due place, the last round that fetched it.
std::string ToValue(const FetchTask& task);
std::optional<FetchTask> TaskFromValue(std::string_view site, std::string_view host, std::string_view key, std::string_view value);

// s/…
struct SiteRound {
  uint64_t round = 0;
  bool running = false;
  RoundMode mode = RoundMode::kSweep;
  UtcTime started{};
  UtcTime floor{};        // no known URL of the site is due before it
  std::string scope;      // fingerprint of the entry's scope: when it changes, what was out of scope may be in it again
  std::string follows;    // which links the entry follows, as JSON (rounds.cc)
  UtcTime follows_since{};  // when it came to follow more than before; 1970: never
  bool all_lists = false;   // every list is visited, due or not: the entry follows more since the round before
};
std::string ToValue(const SiteRound& round);
std::optional<SiteRound> SiteRoundFromValue(std::string_view value);

// c/…: where reading a host's lanes begins. Below these keys nothing is left; without them a restart would search through what was deleted.
struct QueueHead {
  uint64_t waiting = 0;                  // tasks in lanes other than the due ones
  uint64_t known = 0;                    // URLs that are noted for a revisit
  uint64_t round = 0;                    // of the due lanes' heads
  std::array<std::string, kLanes> from;  // keys without their lane's prefix; empty: from its beginning
};
std::string ToValue(const QueueHead& head);
std::optional<QueueHead> QueueHeadFromValue(std::string_view value);

}  // namespace fangzhi::frontier
