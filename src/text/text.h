// text/: Unicode as this program needs it. All strings are UTF-8; functions that take text from outside accept ill-formed
// bytes (each bad sequence counts as one U+FFFD) unless they say otherwise. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::text {

inline constexpr char32_t kReplacement = 0xFFFD;

namespace internal {
char32_t DecodeSequence(std::string_view text, size_t& offset);  // DecodeUtf8 for every kind of sequence
}

// --- UTF-8 ---
// Decodes one code point at `offset` and moves `offset` past it. An ill-formed sequence gives U+FFFD and moves past its maximal
// subpart (Unicode 15, 3.9, as the WHATWG decoder does). `offset` must be < text.size().
inline char32_t DecodeUtf8(std::string_view text, size_t& offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  if (first < 0x80) {
    ++offset;
    return first;
  }
  // Leads of three bytes whose second byte may be any: nearly all Chinese text.
  if (first > 0xE0 && first < 0xED && offset + 2 < text.size()) {
    const auto second = static_cast<unsigned char>(text[offset + 1]), third = static_cast<unsigned char>(text[offset + 2]);
    if ((second & 0xC0) == 0x80 && (third & 0xC0) == 0x80) {
      offset += 3;
      return static_cast<char32_t>((first & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F));
    }
  }
  return internal::DecodeSequence(text, offset);
}
void AppendUtf8(std::string& out, char32_t code_point);
bool IsValidUtf8(std::string_view text);
size_t CountCodePoints(std::string_view text);
std::u32string ToUtf32(std::string_view text);
std::string ToUtf8(std::u32string_view text);
// Replaces each ill-formed sequence with U+FFFD.
std::string ScrubUtf8(std::string_view text);
// The first `count` code points.
std::string_view PrefixCodePoints(std::string_view text, size_t count);

// --- classes ---
// Ideographs, extensions, compatibility, 〇.
inline bool IsHan(char32_t c) {
  if (c >= 0x4E00 && c <= 0x9FFF) return true;
  return c == 0x3007 || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
}
bool IsCjkPunctuation(char32_t c);  // U+3000–303F without 〇, U+FF00 forms of punctuation, “”‘’—…·《》
bool IsKana(char32_t c);
bool IsHangul(char32_t c);
bool IsPrivateUse(char32_t c);
// White space as a reader sees it: ASCII space, U+00A0, U+1680, U+2000–200B, U+2028/9, U+202F, U+205F, U+3000, U+FEFF.
inline bool IsSpace(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  if (c < 0x1680) return c == 0xA0;
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

// --- normal forms for comparison; the text itself is kept as it is ---
// Runs of white space become one space, both ends are trimmed.
std::string CollapseSpace(std::string_view text);
// All white space removed: how bodies are compared.
std::string RemoveSpace(std::string_view text);
std::string Trim(std::string_view text);
// Full-width ASCII (U+FF01–FF5E) and U+3000 become ASCII.
std::string FoldWidth(std::string_view text);

// --- numerals ---
// A number of Chinese digits or place values: 二〇二一 → 2021, 十一 → 11, 二十九 → 29, 廿三 → 23; zero may be 〇 ○ Ｏ Ο 零 O 0.
std::optional<int> ParseChineseNumber(std::u32string_view digits);

// --- likeness of two texts ---
// A 64-bit similarity hash (Charikar's simhash over runs of four characters), blind to white space, digits and ASCII letter case: texts that
// differ in a clock, a counter or a sentence have sketches that differ in few bits, unrelated ones in about half of them. 0 for a text
// without such runs. Linear time; ill-formed sequences count as U+FFFD.
uint64_t Sketch(std::string_view text);
// The number of bits in which two sketches differ; 64 when one of them is 0 and the other is not.
int SketchDistance(uint64_t a, uint64_t b);

// --- difference of two texts ---
enum class DiffKind { kEqual, kDelete, kInsert };
struct DiffPart {
  DiffKind kind;
  std::string text;
};
// Character diff (code points), paragraph by paragraph first, with a bounded cost: texts too unlike for a minimal script come out
// as whole paragraphs deleted and inserted. The concatenation of kEqual and kDelete parts is `a`, of kEqual and kInsert is `b` (both
// scrubbed first where they are ill-formed). Between two equal parts a deletion stands before the insertion that replaces it.
std::vector<DiffPart> Diff(std::string_view a, std::string_view b);

}  // namespace fangzhi::text
