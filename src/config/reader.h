// A TOML text → checked values by key. The only place that knows TOML. Only for config/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.h"

namespace fangzhi::config {

// By full name. Keys that are absent or mistaken are not in it; mistakes are appended to `problems`.
using Values = std::map<std::string, Value, std::less<>>;
Values ReadValues(std::string_view toml, const std::string& file, const std::vector<const KeySpec*>& keys,
                  std::vector<Problem>* problems);

// Is it a name for a site or a profile: small ASCII letters, digits, "-" and "_" (neither of the two first), at most 64 bytes?
inline constexpr size_t kMaxNameBytes = 64;
bool IsId(std::string_view text);

// The word of `words` that is nearest to `word`; empty when none is near enough to be meant.
std::string Nearest(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace fangzhi::config
