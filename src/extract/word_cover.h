// How much of a short text known words make up: messages are told by having hardly any other words than messages have. Internal to extract/.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::extract {

// Words with what they say (roles, bits of a number below kRoles). Made once, then read by any thread.
class WordCover {
 public:
  static constexpr uint8_t kRoles = 16;

  void Add(std::span<const std::u32string_view> words, uint8_t roles);
  // Before it is asked.
  void Sort();

  // What of the text its words cover at most, in characters, by the roles that are then among them; kNone where no words have these.
  // Linear in the length of the text.
  static constexpr int kNone = -1;
  using Covers = std::array<int, kRoles>;
  Covers Of(const std::u32string& text) const;

 private:
  struct Word {
    std::u32string_view text;
    uint8_t roles;
  };
  std::vector<Word> words_;
};

// One character in five may be of words that nobody thought of.
constexpr bool IsCovered(int cover, size_t characters) {
  return cover != WordCover::kNone && (characters - static_cast<size_t>(cover)) * 5 <= characters;
}

}  // namespace fangzhi::extract
