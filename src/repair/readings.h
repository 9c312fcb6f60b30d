// Pinyin readings of characters, for recognising glosses. Inside the station only.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fangzhi::repair {

extern const char* const kReadingLines[];
extern const size_t kReadingLinesCount;

// True when `pinyin` (lower case, tone marks composed) is a reading of `c` in any dictionary.
bool HasReading(char32_t c, std::string_view pinyin);
// True when general dictionaries give the character one reading: nobody has a reason to gloss it.
bool HasOneReading(char32_t c);
// The characters with this reading; empty when it is no syllable.
const std::vector<char32_t>& CharactersWithReading(std::string_view pinyin);
// The same syllable without its tone mark.
bool HasReadingWithoutTone(char32_t c, std::string_view plain);

}  // namespace fangzhi::repair
