// What is stored of the daemon in the state area, and the answer of `fangzhi status`, with and without a daemon. Internal to serve/.
//
//   d/<site>             what the planner remembers (planner.h)
//   d/                   "1" while everything is paused
// (j/<site>/<time>, a run that has ended, is report's.)
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "crawl/crawl.h"
#include "model/json.h"
#include "serve/planner.h"
#include "store/store.h"

namespace fangzhi::serve {

std::string SiteMemoryKey(std::string_view site);
std::string AllPausedKey();

Result<void> LoadPlanner(const store::Archive& archive, const config::Config& config, UtcTime now, Planner& planner);
// True when the disk has a tenth more than the least again (16 MiB where there is no least).
bool DiskHasRoom(const std::string& directory, uint64_t min_free_bytes);

struct StatusInput {
  const store::Archive& archive;
  const config::Config& config;
  const Planner& planner;
  UtcTime now;
  std::vector<crawl::RunStatus> runs;
  std::string held_back;
};
// {"now","paused","held_back","disk":{…},"sites":[…]}; docs/api.md describes it.
model::Json MakeStatus(const StatusInput& input);

}  // namespace fangzhi::serve
