// Similarity hashes: is this the page that we know, or what the server shows instead of anything?
#include <array>
#include <bit>

#include "text/text.h"

namespace fangzhi::text {
namespace {

constexpr size_t kRun = 4;  // characters

// Digits are what counters, clocks and request numbers are made of.
bool Counts(char32_t c) { return !IsSpace(c) && !(c >= U'0' && c <= U'9') && c != U'/' && c != U'-' && c != U':'; }

bool IsOfToken(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; }

// The bytes of a request's name that begins there, 7f3a09e1-66c2 or Qx81-aF20: letters and digits mixed, eight at least. 0: none begins there.
size_t RequestName(std::string_view text, size_t at) {
  constexpr size_t kShortest = 8;
  size_t end = at, digits = 0, letters = 0;
  while (end < text.size() && IsOfToken(text[end])) {
    digits += text[end] >= '0' && text[end] <= '9' ? 1 : 0;
    letters += text[end] >= 'A' && text[end] != '_' ? 1 : 0;
    ++end;
  }
  return end - at >= kShortest && digits > 0 && letters > 0 ? end - at : 0;
}

uint64_t Mix(uint64_t x) {  // splitmix64's finaliser
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9ULL;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBULL;
  return x ^ x >> 31;
}

}  // namespace

uint64_t Sketch(std::string_view text) {
  // For each bit how many hashes have it, kept in binary across words: planes[k] holds the k-th digit of all 64 counts.
  std::array<uint64_t, 40> planes{};
  size_t hashes = 0;
  // Of the last characters, by their number: those of one character less, and the next character.
  std::array<uint64_t, kRun + 1> ending = {0x9E3779B97F4A7C15ULL};
  size_t count = 0;
  const auto add = [&](uint64_t hash) {
    ++hashes;
    uint64_t carry = hash;
    for (size_t k = 0; carry != 0 && k < planes.size(); ++k) {
      const uint64_t next = planes[k] & carry;
      planes[k] ^= carry;
      carry = next;
    }
  };
  bool within = false;  // a token that is no request's name
  for (size_t i = 0; i < text.size();) {
    if (IsOfToken(text[i])) {
      const size_t name = within ? 0 : RequestName(text, i);
      i += name;
      if (name > 0) continue;
      within = true;
    } else {
      within = false;
    }
    char32_t c = DecodeUtf8(text, i);
    if (!Counts(c)) continue;
    if (c >= U'A' && c <= U'Z') c += 32;
    for (size_t k = kRun; k > 0; --k) ending[k] = Mix(ending[k - 1] ^ c);
    ++count;
    if (count >= kRun) add(ending[kRun]);
  }
  if (count == 0) return 0;
  if (count < kRun) add(ending[count]);
  const auto digits = static_cast<size_t>(std::bit_width(hashes));
  uint64_t sketch = 0;
  for (size_t bit = 0; bit < 64; ++bit) {
    uint64_t having = 0;
    for (size_t k = 0; k < digits; ++k) having |= (planes[k] >> bit & 1) << k;
    if (having * 2 > hashes) sketch |= uint64_t{1} << bit;
  }
  return sketch == 0 ? 1 : sketch;
}

int SketchDistance(uint64_t a, uint64_t b) {
  if ((a == 0) != (b == 0)) return 64;
  return std::popcount(a ^ b);
}

}  // namespace fangzhi::text
