// What brings an archive level after a crash: whole WARC files, and an index that knows every capture in them.
#pragma once

#include <cstdint>
#include <functional>
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

// Cuts every file that is still ".open" back to its last whole record, sets the tail aside and gives the file its final name. Reading
// begins at `from` where it lies in such a file: what is before was synced. Returns the number of bytes set aside.
Result<uint64_t> CloseOpenFiles(const Layout& layout, FileSystem& files, const warc::Location& from);

// Takes back what a failed commit appended beyond `start`: the file there is cut, later files are moved to quarantine/. All files
// then have their final names.
Result<void> CutBack(const Layout& layout, FileSystem& files, const warc::Location& start);

struct ReplayOptions {
  warc::Location from;                // of the first record to apply
  std::optional<warc::Location> to;   // stop there
  decltype(ArchiveOptions::replay_state) replay_state;
};
// Applies the captures of the WARC files, in their order, batch by batch. Damaged records are logged and passed over. Returns the
// number of captures applied.
Result<uint64_t> Replay(Database& database, const std::vector<warc::WarcFile>& files, FileSystem& file_system,
                        const ReplayOptions& options);

}  // namespace fangzhi::store
