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

// For each of 64 bits how many hashes have it, kept in binary across words: planes[k] holds the k-th digit of all 64 counts.
class BitCounts {
 public:
  // Eight go in together, as carry-save adders take them: the sums of single ones would be carried on one by one.
  void Add(uint64_t hash) {
    waiting_[size_ % waiting_.size()] = hash;
    if (++size_ % waiting_.size() != 0) return;
    uint64_t two = 0, other_two = 0, four = 0, other_four = 0, eight = 0;
    const auto& w = waiting_;
    AddThree(planes_[0], w[0], w[1], two);
    AddThree(planes_[0], w[2], w[3], other_two);
    AddThree(planes_[1], two, other_two, four);
    AddThree(planes_[0], w[4], w[5], two);
    AddThree(planes_[0], w[6], w[7], other_two);
    AddThree(planes_[1], two, other_two, other_four);
    AddThree(planes_[2], four, other_four, eight);
    Carry(eight, 3);
  }
  // The bits that more than half of the hashes have. Once, at the end.
  uint64_t Majority() {
    for (size_t i = 0; i < size_ % waiting_.size(); ++i) Carry(waiting_[i], 0);
    const auto digits = static_cast<size_t>(std::bit_width(size_));
    uint64_t majority = 0;
    for (size_t bit = 0; bit < 64; ++bit) {
      uint64_t having = 0;
      for (size_t k = 0; k < digits; ++k) having |= (planes_[k] >> bit & 1) << k;
      if (having * 2 > size_) majority |= uint64_t{1} << bit;
    }
    return majority;
  }

 private:
  // sum + a + b: the lower digit stays in `sum`.
  static void AddThree(uint64_t& sum, uint64_t a, uint64_t b, uint64_t& carry) {
    const uint64_t odd = sum ^ a;
    carry = (sum & a) | (odd & b);
    sum = odd ^ b;
  }
  void Carry(uint64_t carry, size_t k) {
    for (; carry != 0 && k < planes_.size(); ++k) {
      const uint64_t next = planes_[k] & carry;
      planes_[k] ^= carry;
      carry = next;
    }
  }

  std::array<uint64_t, 40> planes_{};
  std::array<uint64_t, 8> waiting_{};
  size_t size_ = 0;
};

}  // namespace

uint64_t Sketch(std::string_view text) {
  BitCounts counts;
  // Of the last characters, by their number: those of one character less, and the next character.
  std::array<uint64_t, kRun + 1> ending = {0x9E3779B97F4A7C15ULL};
  size_t count = 0;
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
    if (count >= kRun) counts.Add(ending[kRun]);
  }
  if (count == 0) return 0;
  if (count < kRun) counts.Add(ending[count]);
  const uint64_t sketch = counts.Majority();
  return sketch == 0 ? 1 : sketch;
}

int SketchDistance(uint64_t a, uint64_t b) {
  if ((a == 0) != (b == 0)) return 64;
  return std::popcount(a ^ b);
}

}  // namespace fangzhi::text
