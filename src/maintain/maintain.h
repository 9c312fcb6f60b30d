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
// Re-reads every WARC file and every file of the index, re-computes every digest and every checksum, and compares index and files both ways: every place the index names holds the record
// it should, every capture in the files is known to the index; what was lost earlier is told too, for as long as its note lies in quarantine/. `on_finding` gets
// {"file","offset","length","problem"} for each damage; of a file that is not the archive's offset and length are null and "unknown" is true.
// Reading goes on after damage, behind a file that cannot be read, and where a damaged index has no answer. May run beside commits, on a thread of its own: it judges the archive as it was when it began. `on_progress`
// returns false to stop: kCancelled.
Result<VerifySummary> Verify(const store::Archive& archive, const std::function<void(const model::Json&)>& on_finding,
                             const std::function<bool(uint64_t bytes_done)>& on_progress = {});
// The same of an archive that cannot be opened because its index is damaged: the files of both by themselves, without comparing them.
Result<VerifySummary> VerifyFiles(const std::string& directory, const std::function<void(const model::Json&)>& on_finding,
                                  const std::function<bool(uint64_t bytes_done)>& on_progress = {});

}  // namespace fangzhi::maintain
