// Archive: the directory archive/, opened by one process.
//
//   FORMAT        format version
//   warc/         the truth (warc/warc.h)
//   index/        LevelDB, derived, but for the state area (the frontier's)
//   run/LOCK      held while open
//   logs/         the program's log
//   quarantine/   torn tails, set aside with a note, never deleted by the program
//
// Open recovers: a file left ".open", and the last one, is cut back to its last whole record (the tail goes to quarantine/), gets its final name,
// and every capture beyond the index's position is applied. Where the last file ends before what the index knows of it, the index is made again from
// the files, and what is lost is told: in the log, and by a note in quarantine/ for as long as that lies there (NotedLosses). A failed LevelDB write poisons the handle (a later, acknowledged write could be lost):
// the index is closed, opened again and brought level from the WARC before Commit returns. Thread-safety: Commit from one thread; reading
// from any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "store/facts.h"
#include "store/index.h"

namespace leveldb {
class Env;
}

namespace fangzhi::store {

// One change of the state area: a small ordered key space for others (frontier, politeness clocks), written in the same atomic
// batch as the captures it belongs to. Keys are bytes; the archive prefixes them.
struct StateWrite {
  std::string key;
  std::optional<std::string> value;  // nullopt deletes
};

struct CaptureToCommit {
  model::Capture capture;  // moved from
  CaptureFacts facts;      // the crawl's half filled in; Commit fills in the rest
};

// What became of a capture.
struct CommitOutcome {
  std::string verdict;  // as VisitEntry::verdict; "counter", "robots" for those purposes, "run" for the end of one; "weighed": held, whether it is an edit
  uint32_t version = 0;
  bool gone = false, restored = false;
  // What the host says to a request for a page that cannot exist would help to judge this visit (docs/ledger.md). Asked for sparingly.
  bool wants_probe = false;
  // The host showed its home page in the place of another: it may be lying, unless it gives another answer later in the run.
  bool shows_home = false;
  // A hash of what the visit saw, changed or not: an article's title and text, or the bytes of a document. Equal for two URLs that show the same.
  // 0: nothing of the kind, or too little to go by.
  uint64_t content = 0;
  uint64_t stored_bytes = 0;  // what its records take in the WARC
  bool more_damaged = false;  // the page has more damaged places than its version before: its text tells less than that
  // Of the end of a run: what it decided of visits that were held.
  uint64_t ended_new = 0, ended_changed = 0, ended_unchanged = 0, ended_absent = 0;
  // And of all visits.
  uint64_t ended_gone = 0, ended_moved = 0, ended_restored = 0;
  // Of the end of a run: "host: what happened", for each host that seems to have been redesigned in it.
  std::vector<std::string> redesigned;
  // Of the end of a run: "host: how many pages of a directory", for each that has some that are absent while lists name them.
  std::vector<std::string> absent_listed;
  // Of the end of a run: "host: what is missing", for each great part that turned absent in an earlier run and is missing still.
  std::vector<std::string> missing;
  // Of the end of a run: "host: how many articles changed alike", for each great part of which nothing is taken for an edit; for each of which that is
  // believed now; and for each host nearly all of whose articles were edited.
  std::vector<std::string> changed_alike, believed_alike, all_edited;
  // Of the end of a run: "URL: what is wrong", for each list that shows far less than it did, so that nothing is concluded from what it no longer names; and
  // for each that did so for so long that it is taken for what the list is now.
  std::vector<std::string> short_lists, believed_lists;
};

// Captures that the index knew and the WARC files no longer hold.
struct LostCaptures {
  std::string file;       // its path
  uint64_t offset = 0;    // where it ended; 0 also of a file that is missing, whose path has "*-" in the place of what nobody knows of its name
  uint64_t known_to = 0;  // up to where the index knew it; 0 where a note that was cut off does not say
  uint64_t captures = 0;  // 0 likewise
  std::string note;       // the path of the file in quarantine/ that names them
  std::string ToString() const;
};

// A WARC file that the index knows, and that is not there or ends too early: what lies in it cannot be read. It may be brought back; new captures
// go into new files, and pages whose bytes lie in it are stored whole when they are seen again.
struct DamagedFile {
  std::string path;
  uint32_t serial = 0;
  uint64_t known_to = 0;         // up to where the index knows it
  std::optional<uint64_t> size;  // unset: it is missing
  std::string ToString() const;
};

struct OpenReport {
  std::vector<DamagedFile> damaged_files;
  uint64_t torn_bytes = 0;        // set aside
  uint64_t captures_applied = 0;  // the index lacked
  bool clean = true;              // the last process ended cleanly, and nothing that it was to store failed
};

struct RebuildReport {
  uint64_t captures = 0;    // applied
  uint64_t damaged = 0;     // places in the files that were passed over because no whole record, or none that is understood, is there
  uint64_t torn_bytes = 0;  // set aside
  // Paths, "*" for what is not known of a name. Files that the old index names; where that cannot be read, serials that are left out.
  std::vector<std::string> missing_files;
  std::vector<LostCaptures> lost;  // as far as the old index could be read
};

struct ArchiveOptions {
  std::string directory = "archive";
  bool create = false;               // else kNotFound where there is none
  std::string warc_prefix = "fangzhi";
  uint64_t warc_max_bytes = uint64_t{1} << 30;
  int warc_compression = 1;
  std::string operator_name, user_agent, robots_policy;  // for warcinfo
  // Called for every capture that recovery or rebuild applies: what the state area gains with it. `get` reads the state area as it is after
  // the captures applied before this one (also those that are not written to LevelDB yet).
  std::function<std::vector<StateWrite>(const CaptureFacts&, const CommitOutcome&,
                                        const std::function<std::optional<std::string>(std::string_view key)>& get)>
      replay_state;
  // Prefixes of keys of the state area that the WARC files do not tell, and that Rebuild takes over from the old index where it can be read.
  std::vector<std::string> kept_state;
  FileSystem* files = nullptr;       // tests
  leveldb::Env* env = nullptr;       // tests
  const Clock* clock = nullptr;
};

class Archive {
 public:
  // kConflict when another process has it open, kUnsupported when its format is newer than this program.
  static Result<std::unique_ptr<Archive>> Open(ArchiveOptions options);
  // The archive as it was last acknowledged, for reading only: another process may have it open, or it may be one that this process may not write
  // (docs/storage.md, Reading beside a writer). Holds no lock, and writes nothing, but for this: where the last process to write did not end
  // cleanly and nobody has it open, it is first opened as Open does and closed again, if that can be done. Not where something that was acknowledged is
  // no longer there: that is shown and told (open_report().damaged_files), and left to the next that writes. Commit fails.
  static Result<std::unique_ptr<Archive>> OpenToRead(ArchiveOptions options);
  ~Archive();  // closes; Close tells of failure
  Result<void> Close();

  const OpenReport& open_report() const;

  // Makes captures durable, in order, with the state changes that belong to them. When it returns without error, everything survives
  // kill -9 and power loss. On kNoSpace nothing of the group is acknowledged, and what was archived before is untouched. The first commit,
  // of nothing at all too, also makes durable that the archive is in use (OpenReport::clean).
  Result<std::vector<CommitOutcome>> Commit(std::span<CaptureToCommit> captures, std::span<const StateWrite> state);
  // The same where the state changes depend on what became of the captures: `state` is called once, after the WARC was synced.
  Result<std::vector<CommitOutcome>> CommitWith(std::span<CaptureToCommit> captures,
                                                const std::function<std::vector<StateWrite>(std::span<const CommitOutcome>)>& state);

  // Close is not to say that all is well, though nothing failed: what should have been stored of queues and clocks was not.
  void LeaveUnclean();

  // A consistent view of the index as it is now.
  std::shared_ptr<const IndexReader> Snapshot() const;

  // The state area.
  Result<std::optional<std::string>> GetState(std::string_view key) const;
  // Keys from `from` (inclusive) that begin with `prefix`, in byte order.
  Result<void> ScanState(std::string_view prefix, std::string_view from,
                         const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // What was extracted then (from the metadata record).
  Result<model::PageRecord> ReadRecord(const VersionEntry& version) const;
  struct Payload {
    std::string head;     // response head as archived
    std::string payload;  // as received, content coding kept
    std::string url;
    UtcTime time{};
  };
  Result<Payload> ReadPayload(const warc::Location& response) const;

  // Captures that were acknowledged and are lost, as the notes in quarantine/ tell it now. A note counts until somebody removes it, or its file is
  // again as long as it was.
  Result<std::vector<LostCaptures>> NotedLosses() const;

  // False for what is named in open_report().damaged_files.
  bool HasFile(uint32_t serial) const;
  const std::string& directory() const;
  uint64_t warc_bytes() const;
  Result<std::string> WarcPath(uint32_t serial) const;

  // Makes the index again from the WARC files alone, in a new directory, and puts it in the place of the old one when it is whole.
  // The archive must not be open elsewhere. What is lost is told, and no error.
  static Result<RebuildReport> Rebuild(ArchiveOptions options);

 private:
  struct Impl;
  explicit Archive(std::unique_ptr<Impl> impl);
  static Result<std::unique_ptr<Archive>> OpenAsItIs(const ArchiveOptions& options);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fangzhi::store
