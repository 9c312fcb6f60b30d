// report/: how a run went, honestly. Every run is `complete`, `degraded` or `partial`; the grade is computed from what was counted
// (coverage.h) and from the site's own history, never stated by the crawler.
//
//   partial    something that should have been got was not: a seed, a list, announced pages, a host, the rest of the queue, blocked pages
//   degraded   all was asked for, but what came is not as it was: fields that used to be found, fewer articles on the lists, damaged text
//   complete   neither
//
// A record of each run lies in the state area under j/<site>/<time> (docs/storage.md); 400 days are kept. Pure functions over an archive that
// is open; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/site.h"
#include "report/coverage.h"
#include "store/store.h"

namespace fangzhi::report {

enum class Grade { kComplete, kDegraded, kPartial };
std::string_view GradeName(Grade grade);

// What a site entry, or an option of the command, sets aside of the rules by which the crawler keeps otherwise, as it stands in an entry: "obey_robots = false",
// "delay = 0.5". Shown in every report.
std::vector<std::string> OverridesOf(const model::Site& site);

// What the crawler says of a run that has ended.
struct RunFacts {
  std::string site, name;
  UtcTime started{}, ended{};
  std::string trigger;       // "schedule", "catch_up", "resume", "continue", "manual", "command"
  bool sweep = false;        // every known page was to be visited, not only those that are due
  uint64_t round = 0;
  std::vector<std::string> overrides;  // OverridesOf
  bool depth_chosen = false;         // max_depth is the entry's own: what lies deeper is not asked for, as what is excluded
  bool stopped = false;      // by a person
  bool budget_used = false;
  uint64_t still_queued = 0, fetched = 0, failed = 0, robots_denied = 0;
  std::vector<std::string> notes;
  Json summary;              // the counts, as `fangzhi crawl --json` prints them
  Coverage coverage;         // of this run alone
};

// Why a grade is what it is, and what a person might do.
struct Finding {
  Grade grade = Grade::kDegraded;
  std::string kind;    // "seed_missed", "lists_missed", "announced", "host_given_up", "robots_unreachable", "left", "blocked", "nofollow", "max_depth", "attachments_cut", "pages_cut", "parts_missed", "attachments_missed", "feeds_unread", "tls_unverified", "counters_unread", "failures", "never_got", "elsewhere", "articles_elsewhere", "attachments_elsewhere",
                       // "redesign", "changed_alike", "believed_alike", "all_edited", "absent_listed", "still_missing", "lists_short", "lists_believed", "field_dropped", "fewer_articles", "damaged_text", "charset_changed", "stopped", "budget"
  std::string text;    // for people, one line
  std::string advice;  // empty: none
  bool drift = false;  // against the site's own history: worth an alert
};

struct RunRecord {
  RunFacts facts;      // coverage: of the whole round so far
  Coverage run_coverage;  // of this run alone: what it did to its hosts
  Grade grade = Grade::kComplete;
  std::vector<Finding> findings;  // the worst first
};

// Grades a run against those before it (the latest first). `advice` turns an obstacle's name into a line for the administrator.
RunRecord GradeRun(RunFacts facts, const std::vector<RunRecord>& before, std::string_view (*advice)(std::string_view obstacle));

Json ToJson(const RunRecord& record);
std::optional<RunRecord> RecordFromJson(const Json& json);

// The latest runs of a site, the latest first.
Result<std::vector<RunRecord>> LoadRuns(const store::Archive& archive, std::string_view site, size_t most);
// One at a time, so that no more than one is in memory; `visit` returns false to stop.
Result<void> ForEachRun(const store::Archive& archive, std::string_view site, const std::function<bool(RunRecord record)>& visit);
// The sites that have records, in order.
Result<std::vector<std::string>> LoadSites(const store::Archive& archive);
// What a run got so far is stored with the captures that it is about, under o/<site>/<round>/<number>, so that a kill loses nothing of the round: in pieces,
// whose sum it is. The record of the run, or of the one that goes on with its round, takes their place.
std::string PieceKey(std::string_view site, uint64_t round, uint64_t number);
struct Pieces {
  Coverage sum;
  std::vector<std::string> keys;
};
Result<Pieces> LoadPieces(const store::Archive& archive, std::string_view site, uint64_t round);
Result<std::vector<uint64_t>> RoundsOfPieces(const store::Archive& archive, std::string_view site);  // in order

// A run graded against the site's own history, and the state writes that store its record, drop the pieces of its round (and of those before it) and the records that are
// too old. Where the state area is damaged the run is graded all the same, with a note that says what could not be read: one bad block must not
// cost the site every later report.
struct Reported {
  RunRecord record;
  std::optional<RunRecord> before;  // the run before it
  std::vector<store::StateWrite> writes;
};
Reported Report(const store::Archive& archive, RunFacts facts, std::string_view (*advice)(std::string_view obstacle));

// What we did to a host between two times, over all sites: {"host","from","to","runs":[…],"total":{…}}.
Result<Json> Impact(const store::Archive& archive, std::string_view host, std::optional<UtcTime> from);

// For people. Text of sites is made printable, and escaped in HTML; the page needs nothing from elsewhere.
std::string TextOfSites(const std::vector<RunRecord>& last_runs);
std::string TextOfSite(const std::vector<RunRecord>& runs);
std::string TextOfImpact(const Json& impact);
std::string HtmlOfSites(const std::vector<std::vector<RunRecord>>& sites, UtcTime now);
std::string EscapeHtml(std::string_view text);
std::string Minute(std::string_view iso);  // "2026-11-24 11:47" of an ISO 8601 time; what is none as it is

}  // namespace fangzhi::report
