// What brings an archive level after a crash: whole WARC files, and an index that knows every capture in them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "store/archive.h"
#include "store/database.h"

namespace fangzhi::store {

// The paths inside archive/.
struct Layout {
  std::string directory;
  std::string Format() const { return directory + "/FORMAT"; }
  std::string Warc() const { return directory + "/warc"; }
  std::string Index() const { return directory + "/index"; }
  std::string NewIndex() const { return directory + "/index.rebuild"; }
  std::string OldIndex() const { return directory + "/index.old"; }
  std::string Run() const { return directory + "/run"; }
  std::string Lock() const { return directory + "/run/LOCK"; }
  std::string Logs() const { return directory + "/logs"; }
  std::string Quarantine() const { return directory + "/quarantine"; }
};

// Where the index stands in the WARC: everything before is applied. `length` is not used.
Result<warc::Location> StoredPosition(Database& database);
void PutPosition(Batch& batch, const warc::Location& position);

// Notes where the file of `last` ends, when `next` lies in another.
void PutFileEnd(Batch& batch, const warc::Location& last, const warc::Location& next);

// WARC files that are not there, or end before what the index knows of them, the last too. A look at each file's size; a file's content is for verify.
Result<std::vector<DamagedFile>> FindDamagedFiles(const Layout& layout, Database& index, const std::vector<warc::WarcFile>& files, FileSystem& file_system);

// An index of an earlier schema, 3 or 4: what is new since is made of what is there.
Result<void> Migrate(const Layout& layout, Database& index, FileSystem& file_system, int schema);

// Cuts every file that is still ".open", and the last of all, back to its last whole record, sets the tail aside and gives the file its final name.
// Reading begins at `from` where it lies in such a file: what is before was synced. Also cut is the file of `from` when it is shorter. Returns
// the number of bytes set aside.
Result<uint64_t> CloseOpenFiles(const Layout& layout, FileSystem& files, const warc::Location& from);

// Takes back what a failed commit appended beyond `start`: the file there is cut, later files are moved to quarantine/. All files
// then have their final names.
Result<void> CutBack(const Layout& layout, FileSystem& files, const warc::Location& start);

struct ReplayOptions {
  warc::Location from;                // of the first record to apply
  std::optional<warc::Location> to;   // stop there
  decltype(ArchiveOptions::replay_state) replay_state;
};
struct ReplayReport {
  uint64_t captures = 0;  // applied
  uint64_t damaged = 0;   // places that were passed over
};
// Applies the captures of the WARC files, in their order, batch by batch. Damaged records are logged and passed over.
Result<ReplayReport> Replay(Database& database, const std::vector<warc::WarcFile>& files, FileSystem& file_system,
                            const ReplayOptions& options);

// Whether the file of `position` ends before it. A file that is missing is another matter: that is for a person to decide.
Result<bool> IsCutShort(const std::vector<warc::WarcFile>& files, FileSystem& file_system, const warc::Location& position);

// What an index knows that the files do not hold.
struct Losses {
  std::vector<LostCaptures> cut;            // of files that end too early, or are missing for good
  std::vector<std::string> missing_files;   // as in RebuildReport
};
// Compares every visit of the index with the files' sizes; what is cut is told in the log, and in quarantine/ capture by capture. So is what lay in missing
// files where `missing_are_lost`: the index is about to be made without them.
Result<Losses> FindLosses(const Layout& layout, Database& index, const std::vector<warc::WarcFile>& files, FileSystem& file_system, bool missing_are_lost);
// Archive::NotedLosses: what FindLosses noted.
Result<std::vector<LostCaptures>> ReadLossNotes(const Layout& layout, FileSystem& file_system);
// Notes that a file is missing of which no index tells what it held.
Result<void> NoteMissingFile(const Layout& layout, uint32_t serial, FileSystem& file_system);
// The highest serial of a missing file that is noted: no new file may take its place. 0: none.
Result<uint32_t> HighestMissingSerial(const Layout& layout, FileSystem& file_system);

// An index that another has taken the place of, whole: by a rename first, so that what is left of it is never taken for an old index.
Result<void> DiscardOldIndex(const Layout& layout, FileSystem& files);

// Makes the index again from the WARC files in index.rebuild/ and puts it in the place of the old one. `old`: that one, or the one in
// index.old/ where an earlier attempt was cut off, opened, to keep of its state area what the files do not tell; closed before it is replaced. Null where it
// cannot be read.
Result<ReplayReport> RemakeIndex(const Layout& layout, FileSystem& files, const ArchiveOptions& options, std::shared_ptr<Database> old);

// Takes over ArchiveOptions::kept_state, whatever the old index's schema, as far as it can be read.
Result<void> KeepState(Database& old, const ArchiveOptions& options, Database& database);

}  // namespace fangzhi::store
