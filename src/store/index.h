// The entries of the index. Values are JSON (one object, keys as here), so that a stranger can read the store with LevelDB and a
// JSON library alone; keys are in keys.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/page.h"
#include "warc/warc.h"

namespace fangzhi::store {

// What is known of one URL that was visited.
struct UrlEntry {
  uint64_t id = 0;
  std::string url;
  std::string site;
  std::string purpose = "page";  // PurposeName; "page" as soon as it was fetched as one
  // "present", "suspect" (absent, not yet gone), "gone", "moved", "failing" (no evidence either way), "never" (never seen with content),
  // "listed" (a list names it, it was not visited yet). docs/ledger.md
  std::string state = "never";
  model::PageKind kind = model::PageKind::kOther;
  uint32_t versions = 0;
  uint64_t visits = 0;
  UtcTime first_visit{}, last_visit{};
  std::optional<UtcTime> last_present;  // last visit that saw the content
  std::optional<UtcTime> first_absent;  // first of the current run of absent visits
  std::optional<UtcTime> last_absent;   // latest of them
  int absent_visits = 0;
  std::string absence;  // reason of the latest of them
  int absent_proved = 0;  // absent visits of runs in which the host's other pages were as always
  std::optional<UtcTime> absent_proved_at;  // the latest of them
  warc::Location first_absent_place;  // metadata record of the visit of first_absent
  uint64_t first_absent_round = 0;
  uint64_t mass_round = 0;  // the run in which it turned absent together with a great part of its host or directory; 0: alone
  int failed_visits = 0;  // in a row
  uint64_t round = 0;                 // of the last visit
  std::optional<UtcTime> seen_before; // last_present as it was before that round
  std::string redirect;               // where its last answer led, empty where it was none
  std::string moved_to, moved_from;
  std::optional<UtcTime> back_since;  // the visit that last restored it
  // Lists (ids) that named it when they were last seen with content, at most kMostLists of them.
  std::vector<uint64_t> lists;
  std::optional<UtcTime> listed_since, unlisted_since;  // unlisted: the last of its lists dropped it
  std::optional<UtcTime> unlisted_before;               // the latest visit before listed_since of a list that names it, at which it did not
  std::optional<UtcTime> named_until;                   // the latest visit of a list that has dropped it since, at which it still did
  uint64_t listed_round = 0;                            // the last run in which a list came to name it that did not before
  int last_status = 0;
  // The last whole response with content; while none was seen, the last whole response of any kind. A later error page or 404 does
  // not take its place, so that the content's return is recognised as a revisit.
  std::string etag, last_modified;  // its validators; empty where it has none or is no content
  std::string payload_digest;
  warc::Location payload;           // its record, for revisits to refer to
  UtcTime payload_time{};
  std::string payload_record_id;
  uint32_t payload_version = 0;     // the version that it showed; 0 when it is no content
};

inline constexpr size_t kMostLists = 8;

// The places of the fields in VersionEntry::field_digests.
namespace field {
inline constexpr size_t kTitle = 0, kBody = 1, kSource = 2, kPublished = 3, kAttachments = 4, kCount = 5;
}

inline constexpr std::string_view kEndsHere = "-";  // VersionEntry::next_page of a text that does not go on

struct VersionEntry {
  uint32_t number = 0;  // from 1
  UtcTime time{};       // first visit that saw it
  UtcTime not_before{}; // last visit that saw the previous state (interval; = time for the first version)
  int status = 0;
  std::vector<std::string> changed;  // "title", "body", "source", "published", "attachments", "payload", "next_page"; empty for version 1
  std::string digest;                // of the normalised content, of a document of its bytes: what makes it a version
  std::string payload_digest;
  std::string content_type;
  std::string title, published, source;  // summary, for lists
  std::string document_number;
  std::string part_of, copy_of;  // as the record has them
  std::string next_page;  // of an article: as the record has it, "-" where it has none; empty of an index of an earlier program
  bool GoesOn() const { return !next_page.empty() && next_page != kEndsHere; }
  uint64_t sketch = 0;  // text::Sketch of title and body; 0 without them
  // Its text clause by clause, digits and names included, and the names of its files and images: what proves that another address shows the same
  // (likeness.h). Empty and 0 without them, and of what an earlier program wrote.
  std::string clauses;
  uint64_t numbers = 0, files = 0;
  model::PageKind kind = model::PageKind::kOther;
  std::string charset;
  std::optional<int64_t> clicks;
  std::vector<std::string> repair_families;
  std::vector<std::string> field_digests;  // title, body, source, published, attachments: short hashes of the normalised fields; empty of a document
  std::vector<std::string> fields_present; // names of record fields that are not null, for coverage
  uint64_t body_chars = 0;
  uint64_t damaged = 0;    // places of its text that could not be restored (PageRecord::damage)
  bool truncated = false;  // made from a cut response, before any whole one was seen
  bool feed = false;       // a feed or a sitemap: entries as data, no page
  std::string tls_unverified;  // why the server that gave it was not proved to be its host; empty: it was, or there was no TLS
  warc::Location response, metadata;
};

struct VisitEntry {
  UtcTime time{};
  std::string outcome;  // FetchOutcomeName
  int status = 0;
  // "new", "changed", "unchanged", "not_modified", "absent", "failed", "redirect", "held" (to be judged when the run ends); "counter",
  // "robots", "probe" for those purposes
  std::string verdict;
  std::string reason;   // absence or error
  // What the visit says of the page's life: "ok", "changed", "moved", "soft_404", "hard_404", "emptied", "blocked:…", "unreachable:…",
  // "throttled", "needs_js", "site_down", "error_page", "suspect"; empty where it says nothing (docs/ledger.md)
  std::string finding;
  std::string state;    // of the URL after it
  uint32_t version = 0; // the version that was current after it, 0 where none
  std::string tls_unverified;  // as of a version
  warc::Location response, metadata;
  std::string shown;    // of a visit that showed what was not believed: the VersionEntry that it makes if a later run believes it
};

// A page whose last visit could not tell whether it is there: it failed, or something stood in the way. Kept until a visit can.
struct MissedEntry {
  uint64_t round = 0;    // of that visit
  std::string obstacle;  // as CaptureFacts has it; "unknown", "throttled": what the end of the run found; empty: nothing that is known
  std::string reason;    // "http_500", "timeout: …"
};

struct ClickObservation {
  UtcTime time{};
  int64_t clicks = 0;
  std::string basis;  // provenance of the number: "infobar", "counter:vsb", …
};

struct EventEntry {
  // Of a page: "new", "edited", "gone", "restored", "moved". Of a host, told at one of its pages: "blocked", "unreachable", "reachable",
  // "redesign_suspected".
  std::string kind;
  UtcTime time{};    // of the visit that showed it: the interval's end
  // Last visit that saw the state before: the interval's beginning. Of "new": the last visit of the page that named it at which it did not;
  // = time where that page was not seen before.
  UtcTime not_before{};
  UtcTime recorded{};    // of the visit that proved it: later than `time` for "gone", which several visits prove
  std::string url, site, title;
  model::PageKind page_kind = model::PageKind::kOther;
  uint32_t version = 0;
  std::vector<std::string> changed;  // of an edit
  std::string evidence;              // of gone: "http_404, 2 visits since 2026-…"
  std::string to;                    // of moved: the new URL
  bool listed = false;               // of gone: a list still named it
  bool host = false;                 // it is of the host
};

// Reading. All answers are of one consistent snapshot when made from the same IndexReader. Thread-safe. A value that cannot be read is
// kCorrupt and names its key. After the index had to be opened again (a failed write) or was closed, the answer is kConflict: take a new
// snapshot. A reader keeps LevelDB from dropping old data: do not hold one for long.
class IndexReader {
 public:
  virtual ~IndexReader() = default;
  // The end of what is applied: the files hold nothing before it that the index does not know. What lies behind it is being written.
  virtual Result<warc::Location> Position() const = 0;
  virtual Result<std::optional<UrlEntry>> FindUrl(std::string_view url) const = 0;
  virtual Result<std::vector<VersionEntry>> Versions(uint64_t url_id) const = 0;
  virtual Result<std::optional<VersionEntry>> Version(uint64_t url_id, uint32_t number) const = 0;
  virtual Result<std::vector<VisitEntry>> Visits(uint64_t url_id) const = 0;
  // The same one by one, oldest first; `visit` returns false to stop.
  virtual Result<void> ForEachVisit(uint64_t url_id, const std::function<bool(const VisitEntry&)>& visit) const = 0;
  // The visit whose metadata record lies at `metadata`.
  virtual Result<std::optional<VisitEntry>> FindVisit(uint64_t url_id, UtcTime time,
                                                      const warc::Location& metadata) const = 0;
  virtual Result<std::vector<ClickObservation>> Clicks(uint64_t url_id) const = 0;
  virtual Result<std::optional<ClickObservation>> LastClicks(uint64_t url_id) const = 0;
  // Newest first. With `since`: every event whose time is not before it, and those that were proved since then although they happened
  // earlier, so that who asks again and again for what is new misses none. `visit` returns false to stop.
  virtual Result<void> Events(std::optional<UtcTime> since, const std::function<bool(const EventEntry&)>& visit) const = 0;
  // Pages with at least one version, newest published date first (undated last), restricted to published dates in [from, to]
  // (text, "2021-11" or "2021-11-29", inclusive at its precision; empty = open). Of `sites`, each reading its own stretch of keys; of all where none is named.
  virtual Result<void> List(std::span<const std::string> sites, std::string_view from, std::string_view to,
                            const std::function<bool(const UrlEntry&, const VersionEntry& latest)>& visit) const = 0;
  // Pages of a site whose last visit could not tell whether they are there.
  virtual Result<void> ForEachMissed(std::string_view site, const std::function<bool(const UrlEntry&, const MissedEntry&)>& visit) const = 0;
  virtual Result<std::optional<MissedEntry>> FindMissed(const UrlEntry& page) const = 0;
  // Articles of a site whose text, as they are now, goes on in a part of which there is no version.
  virtual Result<void> ForEachOpenEnd(std::string_view site, const std::function<bool(const UrlEntry& article, const std::string& part)>& visit) const = 0;
  // Of an article that the archive has elsewhere too: the other page's URL, else "". That is the page which it calls its canonical one, where that
  // is an article of the same title, or the page of its site that was seen first with the same title, text, source and day.
  virtual Result<std::string> CopyOf(const UrlEntry& page, const VersionEntry& latest) const = 0;
  virtual Result<void> ForEachUrl(const std::function<bool(const UrlEntry&)>& visit) const = 0;
};

}  // namespace fangzhi::store
