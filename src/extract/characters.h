// Characters as the extractor compares them: widths, the Traditional forms that labels are written with, and
// what counts as a separator in an info line. Internal to extract/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/text.h"

namespace fangzhi::extract {

// Full-width ASCII becomes ASCII, and the Traditional characters that labels use become Simplified, so that
// one table of labels serves both scripts. Not a conversion of text: only the some hundred characters that
// the tables of this station need.
char32_t FoldCharacter(char32_t c);

// A text folded code point by code point, with the way back: offset[i] is the byte offset of code point i in
// the source, and offset[size()] its length.
struct FoldedText {
  std::u32string characters;
  std::vector<uint32_t> offsets;

  size_t size() const { return characters.size(); }
};
FoldedText Fold(std::string_view text);
void FoldInto(std::string_view text, FoldedText& out);

// Folded and without white space and zero-width characters: how titles, labels and names are compared.
std::u32string ComparisonKey(std::string_view text);

inline char32_t Lower(char32_t c) { return c >= U'A' && c <= U'Z' ? c + 32 : c; }
// Within a line, where all other white space has become one of the two.
inline bool IsBlank(char32_t c) { return c == U' ' || c == U'\t'; }

inline bool IsDigit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
inline bool IsLetter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
// ， 。 、 ； ： ！ ？ and their ASCII forms: what running text has and menus have not.
inline bool IsSentenceMark(char32_t c) {
  switch (c) {
    case U'，':
    case U'。':
    case U'、':
    case U'；':
    case U'！':
    case U'？':
    case U'：':
    case U',':
    case U';':
    case U'!':
    case U'?':
    case U'.':
    case U'“':
    case U'”':
      return true;
    default:
      return false;
  }
}
inline bool IsZeroWidth(char32_t c) {
  return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF || c == 0xAD;
}

// The text without the separators, brackets and spaces at its ends.
std::string TrimSeparators(std::string_view text);

// "zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", …; empty where there is too little text. Linear; looks at
// 20,000 characters at most.
std::string DetectLanguage(std::string_view text);
// Traditional script, or none of the characters that tell and a host in Taiwan, Hong Kong, Macau.
bool IsTraditional(std::string_view text);

}  // namespace fangzhi::extract
