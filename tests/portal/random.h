// Randomness that is a function of its arguments alone: the same seed gives the same portal on every machine,
// in any order of requests.
#pragma once

#include <cstdint>

namespace fangzhi::portal {

inline uint64_t Mix(uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

inline uint64_t Hash(uint64_t a, uint64_t b, uint64_t c = 0, uint64_t d = 0) {
  return Mix(Mix(Mix(Mix(a) ^ b) ^ c) ^ d);
}

class Random {
 public:
  explicit Random(uint64_t state) : state_(state) {}
  uint64_t Next() { return Mix(state_++); }
  // Uniform enough for small limits; limit must not be 0.
  uint32_t Below(uint64_t limit) { return static_cast<uint32_t>((Next() >> 11) % limit); }
  int Between(int low, int high) {
    return low + static_cast<int>(Below(static_cast<uint64_t>(high - low + 1)));
  }

 private:
  uint64_t state_;
};

// What a hash is used for, so that two uses of one article never share their digits.
enum Purpose : uint64_t {
  kForTitle = 1,
  kForBody,
  kForParagraph,
  kForSource,
  kForLook,
  kForClicks,
  kForTime,
  kForDay,
  kForEvent,
  kForFile,
  kForFault,
  kForNoise,
};

}  // namespace fangzhi::portal
