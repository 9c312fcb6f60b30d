// What scripts/generate-charset-models counts.
#pragma once

#include <cstddef>

namespace fangzhi::decode {

struct LetterModelData {
  const char* language;
  const char* alphabet;  // lower-case letters, UTF-8
  const char* levels;    // a square: row = symbol before, column = symbol; symbols 0 no letter, 1 foreign letter, 2 … the alphabet's
};
extern const LetterModelData kLetterModels[];
extern const size_t kLetterModelsCount;

extern const char* const kJaCharacters;
extern const char* const kJaPairs[];
extern const size_t kJaPairsCount;
extern const char* const kKoCharacters;
extern const char* const kKoPairs[];
extern const size_t kKoPairsCount;

}  // namespace fangzhi::decode
