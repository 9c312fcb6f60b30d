// What the ledger remembers between captures besides the pages themselves: of each host, how a run went so far; of each page, what is
// still to be judged. The rules are in docs/ledger.md, their code in ledger.cc, listing.cc and run_judge.cc (parts of Fold). Internal to store/.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/index.h"
#include "warc/warc.h"

namespace fangzhi::store {

// What a host answers for pages of one directory and extension that cannot exist (a probe).
struct Baseline {
  std::string of;  // FamilyOf the probed URL
  UtcTime time{};
  int status = 0;
  std::string target;   // of a redirect
  uint64_t sketch = 0;  // of the page that came
  std::string title;
};

// A great part of a host, or of one of its directories, that turned absent at once.
struct MassEntry {
  std::string under;      // "http://host/dir/"; empty: the host
  uint64_t round = 0;     // the last run in which it happened
  uint64_t flipped = 0;   // turned absent
  uint64_t back = 0;      // of those, how many came back since
  bool open = false;      // as great a part was still missing at the end of the last run
};

// Fewer than that, in one directory: they turned absent together.
struct FewEntry {
  std::string under;
  uint64_t round = 0;
  uint64_t flipped = 0, back = 0;
};

// A great part of the articles of a host, or of one of its directories, that changed in one way at once.
struct AlikeEntry {
  std::string what;   // "text", "shorter", "title", "source", "published"
  std::string under;  // as of MassEntry
  std::string value;  // digest of what they all have since; empty where each has its own
  uint64_t round = 0; // the last run that saw it
  uint64_t runs = 0;  // in a row
  bool believed = false;
};

// What a list or home page names, and how it was when it was last whole.
struct ListingEntry {
  std::vector<uint64_t> ids;  // of the pages that it names, sorted; while it is short, also of those that it named as a whole
  uint64_t rows = 0, pages = 0;  // as it was last whole: how many it named, how many pages it announced
  bool ended = false;            // and its text had an end
  // While it shows far less than it did (docs/ledger.md, Lists): since when, in how many runs, what it names, and what is wrong with it.
  uint64_t short_runs = 0;
  UtcTime short_since{};
  std::optional<UtcTime> whole;  // the last visit that saw it whole
  std::vector<uint64_t> short_ids;
  std::string short_why;         // empty: it is whole
  // The fewest rows that were believed of it, plus one; 0: it never was short for long.
  uint64_t least = 0;
};

// One host of one site. Counters are of the run under way, or of the last one until the next begins.
struct HostEntry {
  uint64_t round = 0;
  UtcTime began{};
  uint64_t visits = 0;       // of pages
  uint64_t known = 0;        // of pages that had a version before
  uint64_t ok = 0;           // that showed content
  std::optional<UtcTime> last_ok;
  uint64_t control_ok = 0, control_bad = 0;  // of list and home pages
  uint64_t blocked = 0, unreachable = 0;
  uint64_t articles = 0;     // that had a version before and showed something
  uint64_t edited = 0;       // of those: their version is another now
  uint64_t reread = 0;       // articles that came back in other bytes
  uint64_t other_frame = 0;  // of those, in another frame than their site's
  uint32_t probes = 0;       // asked for
  // The first visit of the run that was blocked or had no answer, and the first that showed content.
  std::string bad;
  uint64_t bad_url = 0;
  UtcTime bad_time{};
  warc::Location bad_place;
  uint64_t ok_url = 0;
  UtcTime ok_time{};
  warc::Location ok_place;
  // Across runs.
  std::optional<UtcTime> last_bad, ok_before;  // ok_before: last_ok of the runs before this one
  std::string state;       // "" (answers), "blocked:…", "unreachable:…"
  uint64_t home = 0;       // sketch of its first page
  std::string home_title;
  uint64_t frame_round = 0;  // the last run in which articles came back in another frame
  std::vector<MassEntry> masses;
  std::vector<FewEntry> few;  // of the last runs
  std::vector<AlikeEntry> alike;
  std::vector<Baseline> baselines;
  std::vector<uint64_t> short_lists;  // that show far less than they did, by id
};

// A visit that is judged when its run ends.
struct PendingEntry {
  std::string what;  // "absent", "redirect", "held"
  UtcTime time{};
  warc::Location metadata;  // the visit's
  std::string reason;       // of an absence; of what is held, why it is not whole, empty: it is
  std::string target;       // of a redirect
  int gone_after_visits = 2;
  std::chrono::seconds gone_after{0};
  std::string version;      // of what is held: the VersionEntry that it would make
  std::string response_id;
  std::string clicks;       // of what is held: the ClickObservation that it would make, empty: none
  bool weighed = false;     // an edit of an article, to be held against the run's other edits; no page in another's place
  bool other_frame = false; // CaptureFacts::other_frame
  bool own_date = false;    // the held page says itself when it was published; its address and its link do not count
  bool like_home = false;
  bool unlike_link = false;
  // Of a held list or home page: what it names (CaptureFacts), and how many pages it announces.
  bool lists = false, ended = false;
  std::vector<std::string> listing;
  uint64_t pages = 0;
};

// "http://host/dir/*.htm": the pages that one script or template answers for.
std::string FamilyOf(std::string_view url);
// "host[:port]".
std::string_view HostOf(std::string_view url);

}  // namespace fangzhi::store
