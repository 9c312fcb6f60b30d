#include "extract/word_cover.h"

#include <algorithm>

namespace fangzhi::extract {

void WordCover::Add(std::span<const std::u32string_view> words, uint8_t roles) {
  for (const std::u32string_view word : words) words_.push_back({word, roles});
}

void WordCover::Sort() {
  std::sort(words_.begin(), words_.end(), [](const Word& a, const Word& b) { return a.text.front() < b.text.front(); });
}

WordCover::Covers WordCover::Of(const std::u32string& text) const {
  Covers none;
  none.fill(kNone);
  std::vector<Covers> best(text.size() + 1, none);
  best[0][0] = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    for (uint8_t roles = 0; roles < kRoles; ++roles) best[at + 1][roles] = std::max(best[at + 1][roles], best[at][roles]);
    const auto first = std::lower_bound(words_.begin(), words_.end(), text[at], [](const Word& word, char32_t c) { return word.text.front() < c; });
    for (auto word = first; word != words_.end() && word->text.front() == text[at]; ++word) {
      const size_t length = word->text.size();
      if (text.compare(at, length, word->text) != 0) continue;
      for (uint8_t roles = 0; roles < kRoles; ++roles) {
        if (best[at][roles] == kNone) continue;
        int& there = best[at + length][roles | word->roles];
        there = std::max(there, best[at][roles] + static_cast<int>(length));
      }
    }
  }
  return best[text.size()];
}

}  // namespace fangzhi::extract
