// The entries of the index. Values are JSON (one object, keys as here), so that a stranger can read the store with LevelDB and a
// JSON library alone; keys are in keys.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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
  // "present", "suspect" (absent, not yet gone), "gone", "failing" (no evidence either way), "never" (never seen with content)
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
  int failed_visits = 0;  // in a row
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

struct VersionEntry {
  uint32_t number = 0;  // from 1
  UtcTime time{};       // first visit that saw it
  UtcTime not_before{}; // last visit that saw the previous state (interval; = time for the first version)
  int status = 0;
  std::vector<std::string> changed;  // "title", "body", "source", "published", "attachments", "payload"; empty for version 1
  std::string digest;                // of the normalised content: what makes it a version
  std::string payload_digest;
  std::string content_type;
  std::string title, published, source;  // summary, for lists
  model::PageKind kind = model::PageKind::kOther;
  std::string charset;
  std::optional<int64_t> clicks;
  std::vector<std::string> repair_families;
  std::vector<std::string> field_digests;  // title, body, source, published, attachments: short hashes of the normalised fields
  std::vector<std::string> fields_present; // names of record fields that are not null, for coverage
  uint64_t body_chars = 0;
  bool truncated = false;  // made from a cut response, before any whole one was seen
  warc::Location response, metadata;
};

struct VisitEntry {
  UtcTime time{};
  std::string outcome;  // FetchOutcomeName
  int status = 0;
  // "new", "changed", "unchanged", "not_modified", "absent", "failed", "redirect"; "counter", "robots", "probe" for those purposes
  std::string verdict;
  std::string reason;   // absence or error
  uint32_t version = 0; // the version that was current after it, 0 where none
  warc::Location response, metadata;
};

struct ClickObservation {
  UtcTime time{};
  int64_t clicks = 0;
  std::string basis;  // provenance of the number: "infobar", "counter:vsb", …
};

struct EventEntry {
  std::string kind;  // "new", "edited", "gone", "restored"
  UtcTime time{};    // of the visit that showed it: the interval's end
  UtcTime not_before{};  // last visit that saw the state before: the interval's beginning (= time for "new")
  UtcTime recorded{};    // of the visit that proved it: later than `time` for "gone", which several visits prove
  std::string url, site, title;
  model::PageKind page_kind = model::PageKind::kOther;
  uint32_t version = 0;
  std::vector<std::string> changed;  // of an edit
  std::string evidence;              // of gone: "http_404, 2 visits since 2026-…"
};

// Reading. All answers are of one consistent snapshot when made from the same IndexReader. Thread-safe. A value that cannot be read is
// kCorrupt and names its key. After the index had to be opened again (a failed write) or was closed, the answer is kConflict: take a new
// snapshot. A reader keeps LevelDB from dropping old data: do not hold one for long.
class IndexReader {
 public:
  virtual ~IndexReader() = default;
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
  // Newest first. With `since`: every event whose time is not before it, and those that were proved since then although they happened
  // earlier, so that who asks again and again for what is new misses none. `visit` returns false to stop.
  virtual Result<void> Events(std::optional<UtcTime> since, const std::function<bool(const EventEntry&)>& visit) const = 0;
  // Pages with at least one version, newest published date first (undated last), restricted to published dates in [from, to]
  // (text, "2021-11" or "2021-11-29", inclusive at its precision; empty = open).
  virtual Result<void> List(std::string_view site, std::string_view from, std::string_view to,
                            const std::function<bool(const UrlEntry&, const VersionEntry& latest)>& visit) const = 0;
  virtual Result<void> ForEachUrl(const std::function<bool(const UrlEntry&)>& visit) const = 0;
};

}  // namespace fangzhi::store
