// What a date in running text is read with: a cursor, numbers in Chinese, times of day. Internal to extract/.
#pragma once

#include <cstddef>
#include <string_view>

#include "extract/characters.h"
#include "extract/dates.h"

namespace fangzhi::extract {

inline bool IsSpaceHere(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r';
}

inline bool IsAmong(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

// A cursor over the folded text. Every step is bounded by a few characters.
class Scanner {
 public:
  Scanner(std::u32string_view text, size_t place) : text_(text), place_(place) {}

  size_t place() const { return place_; }
  void set_place(size_t place) { place_ = place; }
  char32_t Peek(size_t ahead = 0) const {
    return place_ + ahead < text_.size() ? text_[place_ + ahead] : U'\0';
  }
  void Next() { ++place_; }
  void Spaces(int most = 4) {
    while (most-- > 0 && IsSpaceHere(Peek())) ++place_;
  }
  bool Take(char32_t c) {
    if (Peek() != c) return false;
    ++place_;
    return true;
  }
  bool TakeWord(std::u32string_view word) {
    if (place_ > text_.size() || text_.substr(place_, word.size()) != word) return false;
    place_ += word.size();
    return true;
  }
  // 1…most digits; the digit run must end there. Returns -1 where it does not fit.
  int Number(int least, int most, int* width = nullptr) {
    int count = 0, value = 0;
    while (count <= most && IsDigit(Peek(static_cast<size_t>(count)))) {
      if (count < most) value = value * 10 + static_cast<int>(Peek(static_cast<size_t>(count)) - U'0');
      ++count;
    }
    if (count < least || count > most) return -1;
    place_ += static_cast<size_t>(count);
    if (width != nullptr) *width = count;
    return value;
  }

 private:
  std::u32string_view text_;
  size_t place_;
};

// A digit of a year, a month or a day in Chinese numerals.
bool IsChineseDigit(char32_t c);
// A month or day in Chinese numerals; -1 where none. 元月 and 正月 are January.
int ChineseNumber(Scanner& scanner, size_t most);
// After the day: weekday, "T", 上午…, then HH:MM[:SS] or HH时MM分[SS秒]. Where there is no time the scanner stays behind the day.
void ReadTime(Scanner& scanner, FoundDate* date);

}  // namespace fangzhi::extract
