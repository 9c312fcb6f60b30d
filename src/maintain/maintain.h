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
};
// Re-reads every WARC file, re-computes every digest, and compares index and files both ways: every place the index names holds the record
// it should, every capture in the files is known to the index. `on_finding` gets {"file","offset","length","problem"} for each damage.
// Reading goes on after damage.
Result<VerifySummary> Verify(const store::Archive& archive, const std::function<void(const model::Json&)>& on_finding,
                             const std::function<void(uint64_t bytes_done)>& on_progress = {});

}  // namespace fangzhi::maintain
