// The characters that the byte sequences of an encoding stand for, in both directions, as searches over bytes need them: without a
// conversion of strings at every step, and with every sequence that reads as a character, not only the one that an encoder would choose.
// Inside the station only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fangzhi::repair {

class BytePairs {
 public:
  // `encoding` is a name that decode::DecodeAs knows, of one that has one and two bytes a character.
  explicit BytePairs(const char* encoding);

  // 0 where the pair is no character.
  char32_t Character(unsigned lead, unsigned trail) const { return character_[(lead << 8) | trail]; }
  // The character of one byte from 80 up; 0 where it is none, as of a lead byte.
  char32_t Single(unsigned byte) const { return character_[byte]; }
  // The codes of a character from U+0080 up: pairs, or single bytes as values below 256. The first is the encoder's. No codes where the
  // encoding lacks it.
  struct Codes {
    const uint16_t* begin_;
    const uint16_t* end_;
    const uint16_t* begin() const { return begin_; }
    const uint16_t* end() const { return end_; }
    bool empty() const { return begin_ == end_; }
  };
  Codes CodesOf(char32_t c) const {
    if (c >= 0x10000 || first_[c] == 0) return {nullptr, nullptr};
    return has_several_[c] ? SeveralCodesOf(c) : Codes{&first_[c], &first_[c] + 1};
  }
  // The encoder's code of a character of the BMP; 0 where there is none.
  uint16_t Code(char32_t c) const { return c < 0x10000 ? first_[c] : 0; }

  // The tables made at first use, one an encoding; kept for the life of the process.
  static const BytePairs& Of(std::string_view encoding);
  static const BytePairs& Gbk();

 private:
  Codes SeveralCodesOf(char32_t c) const;

  std::vector<uint16_t> character_;              // by pair, and by single byte below 256
  std::vector<uint16_t> first_;                  // by code point
  std::vector<bool> has_several_;                // by code point
  std::unordered_map<char32_t, std::vector<uint16_t>> several_;  // characters with more than one code
};

}  // namespace fangzhi::repair
