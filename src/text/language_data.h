// Tables made by scripts/generate-language-tables; read by language.cc alone.
#pragma once

#include <cstddef>

namespace fangzhi::text {

extern const char* const kCharacterLevels;
extern const char* const kPairLevels[];
extern const size_t kPairLevelsCount;
extern const char* const kSimplifiedForms;

}  // namespace fangzhi::text
