// Fold: what a capture does to the index. The one place that decides what is a version, an event, absence or failure; used alike by a
// live commit, by recovery and by rebuild, so that all three give the same index.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/archive.h"
#include "store/database.h"
#include "store/facts.h"
#include "store/index.h"
#include "store/ledger.h"

namespace fangzhi::store {

// The normalised content of a record, of what has no text of its own the bytes: what makes it a version.
struct ContentDigest {
  std::string digest;                      // label
  std::vector<std::string> field_digests;  // title, body, source, published, attachments; empty without a text
};
ContentDigest DigestContent(const CaptureFacts& facts);
// CommitOutcome::content of a visit that saw this version.
uint64_t ContentHash(const VersionEntry& version, const CaptureFacts& facts);

// Applies captures of one group, in WARC order, over what the database holds; the changes are collected until Flush. One thread.
//
// A capture of a crawl (round > 0) is judged in two steps. What it shows by itself is applied at once; what only the whole run can tell —
// is this absence an outage? is this other content the answer that the host gives for everything? where did the page go? — waits as a
// PendingEntry for the mark of the run's end (kRun), or for the first capture of the next run where a crash left no mark. Captures without
// a run (round 0: taken in from elsewhere) are judged alone.
class Fold {
 public:
  explicit Fold(Database& database) : database_(database) {}

  // What is known of a URL before the next capture of it; nullptr when it was never visited. Valid until the next Apply.
  Result<const UrlEntry*> Find(std::string_view url);
  // Its latest version, nullptr where it has none. Valid until the next Apply.
  Result<const VersionEntry*> FindLatest(std::string_view url);

  Result<CommitOutcome> Apply(const CaptureFacts& facts);

  // Hands over the changes and forgets everything.
  void Flush(Batch& batch);

  size_t pending_bytes() const { return written_bytes_ + pages_.size() * kBytesOfPage + hosts_.size() * kBytesOfPage; }

 private:
  static constexpr size_t kBytesOfPage = 2048;

  struct Page {
    UrlEntry entry;
    std::optional<VersionEntry> latest;
    bool changed = false;
  };
  struct Host {
    HostEntry entry;
    bool changed = false;
  };
  // What one capture says of its page.
  struct Judgement {
    enum class Seen {
      kContent,      // the content, in `content`
      kSameContent,  // the content of the current version: an identical payload, or 304
      kHeld,         // content, but it may be what the host shows instead of the page
      kAbsent,       // evidence that it is not there
      kNothing,      // no evidence
      kElsewhere,    // a redirect
      kNoPage,       // not asked as a page: counter, robots.txt, probe
    };
    Seen seen = Seen::kNothing;
    std::string verdict = "failed";
    std::string reason;
    std::string finding;
    ContentDigest content;
    bool gone = false, restored = false;

    bool Present() const { return seen == Seen::kContent || seen == Seen::kSameContent; }
  };
  struct RunJudge;  // run_judge.h
  // The visit that something is concluded from, and the one that concludes.
  struct Moment {
    UtcTime time{};
    warc::Location metadata;
    UtcTime recorded{};
  };

  // --- reading, over what was changed but not written ---
  Result<std::optional<std::string>> Get(const std::string& key);
  // `from`: only from that key on.
  Result<std::vector<std::pair<std::string, std::string>>> Scan(const std::string& prefix, size_t most, const std::string& from = {});
  // The ids at the end of the last `most` of those keys, in the keys' order: where all else is alike, of the pages that were seen last.
  Result<std::vector<uint64_t>> LatestIds(const std::string& prefix, size_t most);
  void Put(std::string key, std::string value);
  void Delete(std::string key);

  Result<Page*> Load(std::string_view url);
  Result<Page*> LoadById(uint64_t id);
  // The page as it stands, for what looks at many and changes none: it is not held. Valid until the next call.
  Result<const UrlEntry*> Look(uint64_t id);
  Result<void> Read(uint64_t id, UrlEntry& entry);
  Result<Page*> LoadOrCreate(const std::string& url, const std::string& site, Purpose purpose);
  Result<const VersionEntry*> Latest(Page& page);
  Result<VersionEntry> FirstVersion(Page& page);  // of a page that has versions
  Result<Host*> LoadHost(const std::string& site, std::string_view host);

  static Judgement Judge(const CaptureFacts& facts, const UrlEntry& entry);
  static bool HasOwnDate(const CaptureFacts& facts);
  static std::string BackDated(const VersionEntry& version, UtcTime not_before);
  static VersionEntry NewVersion(const CaptureFacts& facts, const UrlEntry& entry, Judgement& judgement);
  // Content that may be no page of its own; of the edits, see IsEditToWeigh.
  static bool IsDoubtful(const Host& host, const CaptureFacts& facts, const VersionEntry* latest, const VersionEntry& version);
  // Adds the version with its events unless its content is the latest's. "new", "changed" or "unchanged".
  // `mends`: all that differs is damage of the latest, so nobody edited it.
  Result<std::string> TakeVersion(Page& page, VersionEntry version, const Moment& moment, bool other_frame = false, bool mends = false);
  // A robots.txt has versions, of its bytes or of there being none, but no events: it is no page of the site. True when there is a new one: its visit's
  // finding is then "changed", for the first too.
  Result<bool> TakeRobots(const CaptureFacts& facts, Page& page);
  Result<bool> SeeContent(Page& page, const Moment& moment);  // true: restored
  // Where its text goes on in a part that was never seen with content: until that is.
  Result<void> NoteOpenEnd(Page& page);
  void SeeAbsence(Page& page, const Moment& moment, uint64_t round, std::string_view reason);
  // A visit that could not tell whether the page is there, and one that could.
  void Miss(Page& page, MissedEntry missed);
  void Meet(UrlEntry& entry);
  Result<bool> DeclareGone(Page& page, const Moment& moment, int visits, std::chrono::seconds after);
  Result<void> Event(Page& page, const Moment& moment, EventEntry event);
  Result<void> MoveToSite(Page& page, const std::string& site);
  Result<void> ObserveClicks(const CaptureFacts& facts, Page& page, const Judgement& judgement);
  static void RememberPayload(const CaptureFacts& facts, UrlEntry& entry, bool content);
  Result<UtcTime> NotNamedBefore(const CaptureFacts& facts, const UrlEntry& entry);

  // --- of runs: ledger.cc, listing.cc ---
  Result<Host*> EnterRun(const CaptureFacts& facts);
  static void CountVisit(Host& host, const CaptureFacts& facts, const UrlEntry& entry, const Judgement& judgement, bool had_versions, bool again, bool weighed);
  static bool WantsProbe(const Host& host, const CaptureFacts& facts, const Judgement& judgement, bool had_versions, bool like_home);
  static void LearnBaseline(Host& host, const CaptureFacts& facts);
  Result<ListingEntry> LoadListing(uint64_t list);
  // What a visit saw of a list; `site`, `round` and `time` are the visit's.
  struct Listed {
    const std::string& site;
    uint64_t round;
    UtcTime time;
    const std::vector<std::string>& urls;
    bool ended;
    uint64_t pages;  // that it announces; 0: none
    bool past_end;   // a page behind the last one
  };
  // `host`: of a run's visit, else nullptr.
  Result<void> UpdateListing(const Listed& seen, Page& list, HostEntry* host);
  // It names `now` and nothing else since `time`, and named what it has dropped at `named`, if that is known.
  Result<void> SetListing(Page& list, ListingEntry& listing, std::vector<uint64_t> now, UtcTime time, const std::optional<UtcTime>& named);
  Result<void> BeginsAfter(Page& page, UtcTime before);
  Result<CommitOutcome> EndRun(const CaptureFacts& facts);
  Result<void> JudgeHost(const std::string& site, const std::string& host_name, Host& host, UtcTime recorded, CommitOutcome& outcome);
  Result<void> HostEvents(Host& host, UtcTime recorded);
  Result<bool> IsListed(const UrlEntry& entry);
  // What stands for a long text among the titles, empty for a short one: an article can move and be renamed.
  static std::string TextKey(const VersionEntry& version);
  Result<void> AlterVisit(uint64_t id, const Moment& moment, const std::function<void(VisitEntry&)>& change);

  Database& database_;
  std::unordered_map<std::string, std::unique_ptr<Page>> pages_;
  std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;  // by key
  std::unordered_map<uint64_t, Page*> by_id_;
  UrlEntry looked_at_;
  uint64_t next_id_ = 0;  // 0: not read yet
  bool next_id_changed_ = false;
  std::map<std::string, std::optional<std::string>> written_;
  size_t written_bytes_ = 0;
};

// As text::RemoveSpace, for text that is well-formed, at a fraction of the cost: most bytes of Chinese text cannot begin white space.
std::string WithoutSpace(std::string_view well_formed);

}  // namespace fangzhi::store
