// Simplified and traditional characters: which of the two a text is written in, and one form of both for search and comparison. The record
// itself is never converted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fangzhi::text {

enum class Script { kUnknown, kSimplified, kTraditional };

// Of a character that is written otherwise in the other script; kUnknown for one that both have.
Script ScriptOf(char32_t c);

struct ScriptCounts {
  size_t simplified = 0;   // characters that only simplified text has
  size_t traditional = 0;
  // kUnknown where there are too few to tell, or as many of the one as of the other: a page may quote.
  Script script() const;
};
ScriptCounts CountScript(std::string_view utf8);

// The text in simplified characters, by OpenCC's words first and characters then (乾隆 stays, 乾燥 becomes 干燥), so that either script is found
// by either. Ill-formed bytes become U+FFFD. Fails where OpenCC's data is not installed. A converter a thread, made at first use.
Result<std::string> FoldScript(std::string_view utf8);

}  // namespace fangzhi::text
