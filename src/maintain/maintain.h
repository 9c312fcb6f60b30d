// maintain/: what an archivist does to an archive: prove it.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/json.h"
#include "store/store.h"

namespace fangzhi::maintain {

struct VerifySummary {
  uint64_t files = 0, records = 0, captures = 0, bytes = 0;
  uint64_t damaged = 0;
  uint64_t unknown_files = 0;  // below warc/, and none of the archive's: told, and no damage
};
// Re-reads every WARC file, re-computes every digest, and compares index and files both ways: every place the index names holds the record
// it should, every capture in the files is known to the index; what was lost earlier is told too, for as long as its note lies in quarantine/. `on_finding` gets
// {"file","offset","length","problem"} for each damage; of a file that is not the archive's offset and length are null and "unknown" is true.
// Reading goes on after damage. May run beside commits, on a thread of its own: it judges the archive as it was when it began. `on_progress`
// returns false to stop: kCancelled.
Result<VerifySummary> Verify(const store::Archive& archive, const std::function<void(const model::Json&)>& on_finding,
                             const std::function<bool(uint64_t bytes_done)>& on_progress = {});

}  // namespace fangzhi::maintain
