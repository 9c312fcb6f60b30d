// Reading families, for config/ alone: the files that the build compiles in, and what sites and families share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/reader.h"

namespace fangzhi::config {

// config/profiles/*.toml, made into source by the build (cmake/Profiles.cmake).
struct BuiltInProfile {
  const char* file;
  const char* toml;
};
extern const BuiltInProfile kBuiltInProfiles[];
extern const size_t kBuiltInProfileCount;

// Names of a directory's TOML files, without hidden ones.
Result<std::vector<std::string>> TomlFiles(const std::string& directory);
// Reports what is no selector among the keys of [selectors].
void CheckSelectors(const Values& values, const std::string& file, std::vector<Problem>* problems);

}  // namespace fangzhi::config
