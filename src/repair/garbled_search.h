// A line that may have been read by the wrong code page, and the search for what it was where bytes were lost, or where only a part of it was
// misread. Each character shown stands for the bytes that the wrong code page reads so; "?" and U+FFFD stand for a byte that it could not read,
// and only bytes that it really cannot read in that place are tried; bytes that a copy dropped are tried where a character lacks one. Inside
// the station only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "repair/byte_search.h"
#include "repair/edits.h"

namespace fangzhi::repair {

// What may have happened to a line.
struct Hypothesis {
  const char* name;
  const char* read_as;
  Target target;
  bool single_byte;   // `read_as` has one byte a character
  bool shift;         // a byte of a pair was lost
  bool in_step = false;  // pairs were read as pairs
};

// A character of the line, and the line's end.
struct LineSymbol {
  enum class Kind : uint8_t { kAscii, kCoded, kUncoded, kQuestion, kReplacement, kEnd };

  size_t begin = 0, end = 0;  // bytes of the text
  char32_t shown = 0;
  float value = 0;            // ln(probability) of what is shown, after what is shown before it
  Kind kind = Kind::kEnd;
  bool near_odd = false;
  bool before_shift = false;  // what follows reads better one byte later
  BytePairs::Codes codes{nullptr, nullptr};
};

// The characters of a line and where they are odd: the same under every hypothesis.
std::vector<LineSymbol> ReadLine(std::string_view text, Node node);

// What the line's characters are when `read_as` was the wrong code page.
void ReadCodes(const char* read_as, std::vector<LineSymbol>& symbols);

// Marks where the next characters, whose codes in `read_as` were read, read better when their pairs begin a byte later: only there is a lost
// byte tried. False when nowhere.
bool MarkShifts(const char* read_as, std::vector<LineSymbol>& symbols);

// The most probable mixture of repaired and untouched stretches of a line whose codes were read; `budget` as for byte_search.h. False when
// none was found.
bool SearchGarbled(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols, size_t& budget, std::vector<WrittenCharacter>& result);

}  // namespace fangzhi::repair
