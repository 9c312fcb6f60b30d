// The files of the LevelDB index, proved by their own checksums: every block of every table, every record of the logs and of the manifest, whoever
// reads them otherwise and whether anybody does. Most of the index can be made again from the WARC files, the state area (reports of runs, pauses, what is queued)
// cannot: its damage must be known before it is compacted away. Reads the disk, not what LevelDB remembers, and needs no lock: the index may be in use.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace fangzhi::store {

struct IndexDamage {
  std::string file;
  std::optional<uint64_t> offset, length;  // unset: of the file as a whole
  std::string problem;
};

// `directory` is the index's. Goes on after damage, also where a file cannot be read. `on_progress` returns false to stop: kCancelled. An index that
// is not there has no damage: kNotFound.
Result<void> CheckIndexFiles(const std::string& directory, const std::function<void(const IndexDamage&)>& on_damage,
                             const std::function<bool()>& on_progress);

}  // namespace fangzhi::store
