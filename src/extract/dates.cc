#include "extract/dates.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "text/text.h"

namespace fangzhi::extract {
namespace {

constexpr int kFirstYear = 1995;
constexpr int kLastYear = 2039;

bool IsDaySane(int year, int month, int day) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool IsSpaceHere(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r';
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

bool IsChineseDigit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'○':
    case U'Ｏ':
    case U'Ο':
    case U'零':
    case U'O':
    case U'◯':
    case U'一':
    case U'二':
    case U'三':
    case U'四':
    case U'五':
    case U'六':
    case U'七':
    case U'八':
    case U'九':
    case U'十':
    case U'廿':
    case U'卅':
    case U'元':
    case U'正':
      return true;
    default:
      return false;
  }
}

// A month or day in Chinese numerals; -1 where none. 元月 and 正月 are January.
int ChineseNumber(Scanner& scanner, size_t most) {
  std::u32string digits;
  while (digits.size() <= most && IsChineseDigit(scanner.Peek(digits.size())))
    digits.push_back(scanner.Peek(digits.size()));
  if (digits.empty() || digits.size() > most) return -1;
  if (digits == U"元" || digits == U"正") {
    scanner.set_place(scanner.place() + 1);
    return 1;
  }
  const std::optional<int> value = text::ParseChineseNumber(digits);
  if (!value) return -1;
  scanner.set_place(scanner.place() + digits.size());
  return *value;
}

bool IsAmong(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

// After the day: weekday, "T", 上午…, then HH:MM[:SS] or HH时MM分[SS秒].
void ReadTime(Scanner& scanner, FoundDate* date) {
  Scanner s = scanner;
  if (IsSpaceHere(s.Peek()) && (s.Peek(1) == U'日' || s.Peek(1) == U'号')) s.Next();  // 2024 年 5 月 1 日
  s.Take(U'日') || s.Take(U'号');
  if (s.place() != scanner.place()) scanner = s;
  s.Spaces(8);
  s.Take(U',');
  s.Spaces(2);
  // (星期三), 星期三, 周三
  const bool bracket = s.Take(U'(') || s.Take(U'[') || s.Take(U'【');
  bool weekday = false;
  if (s.TakeWord(U"星期") || s.TakeWord(U"礼拜") || s.TakeWord(U"禮拜") || s.TakeWord(U"周") ||
      s.TakeWord(U"週")) {
    if (IsAmong(s.Peek(), U"一二三四五六日天")) {
      s.Next();
      weekday = true;
      if (bracket) s.Take(U')') || s.Take(U']') || s.Take(U'】');
      scanner = s;
    }
  }
  if (!weekday && bracket && IsAmong(s.Peek(), U"一二三四五六日") && IsAmong(s.Peek(1), U")]】")) {  // 3月20日(日) 21时40分
    s.set_place(s.place() + 2);
    scanner = s;
    weekday = true;
  }
  if (!weekday) {
    s = scanner;
    s.Spaces(8);
    s.Take(U',');
    s.Spaces(2);
  } else {
    s.Spaces(8);
  }
  bool afternoon = false, morning = false;
  const bool iso = (s.Peek() == U'T' || s.Peek() == U't') && IsDigit(s.Peek(1));
  if (iso) s.Next();
  if (s.Peek() == U'-' && IsDigit(s.Peek(1)) && IsDigit(s.Peek(2)) && s.Peek(3) == U':')
    s.Next();  // 2007-08-20-23:59:59
  s.Take(U'/') || s.Take(U'|');
  s.Spaces(2);
  s.TakeWord(U"HKT");
  s.TakeWord(U"香港时间");
  s.TakeWord(U"北京时间");
  s.Spaces(2);
  if (s.TakeWord(U"下午") || s.TakeWord(U"晚上") || s.TakeWord(U"晚间") || s.TakeWord(U"傍晚") || s.TakeWord(U"PM") || s.Take(U'晚')) {
    afternoon = true;
  } else if (s.TakeWord(U"上午") || s.TakeWord(U"早上") || s.TakeWord(U"凌晨") || s.TakeWord(U"AM")) {
    morning = true;
  } else {
    s.TakeWord(U"中午");
  }
  s.Spaces(2);
  int hour = s.Number(1, 2);
  if (hour < 0 || hour > 24) return;
  Scanner unit = s;
  unit.Spaces(1);
  int minute = 0, second = -1;
  if (unit.Take(U':')) {
    unit.Spaces(1);
    minute = unit.Number(1, 2);
    if (minute < 0) return;
    if (unit.Peek() == U':' && IsDigit(unit.Peek(1))) {
      unit.Next();
      second = unit.Number(1, 2);
      if (second < 0) return;
      if (unit.Peek() == U'.' && IsDigit(unit.Peek(1))) {  // 08:00:00.000, 08:00:00.0
        unit.Next();
        while (IsDigit(unit.Peek())) unit.Next();
      }
    }
  } else if (unit.Take(U'时') || unit.Take(U'点')) {
    unit.Spaces(1);
    Scanner rest = unit;
    int found = rest.Number(1, 2);
    if (found >= 0 && found <= 59 && rest.place() == unit.place() + 2 && !IsAmong(rest.Peek(), U"分 年月日号-/.:%")) {  // 10点05
      minute = found;
      unit = rest;
      found = -1;
    }
    rest.Spaces(1);
    if (found >= 0 && rest.Take(U'分')) {
      minute = found;
      unit = rest;
      rest.Spaces(1);
      const int seconds = rest.Number(1, 2);
      if (seconds >= 0 && rest.Take(U'秒')) {
        second = seconds;
        unit = rest;
      }
    }
  } else {
    return;
  }
  if (minute > 59 || second > 60) return;
  s = unit;
  Scanner mark = unit;
  mark.Spaces(2);
  const char32_t a = mark.Peek(), m = mark.Peek(1);
  if ((a == U'P' || a == U'p' || a == U'A' || a == U'a') && (m == U'M' || m == U'm') &&
      !IsLetter(mark.Peek(2))) {
    afternoon = a == U'P' || a == U'p';
    morning = !afternoon;
    mark.set_place(mark.place() + 2);
    s = mark;
  } else if (mark.Peek() == U'Z' && !IsLetter(mark.Peek(1))) {
    mark.Next();
    date->offset_minutes = 0;
    date->has_offset = true;
    s = mark;
  } else if ((mark.Peek() == U'+' || mark.Peek() == U'-') && IsDigit(mark.Peek(1)) && IsDigit(mark.Peek(2))) {
    Scanner zone = mark;
    const int sign = zone.Peek() == U'+' ? 1 : -1;
    zone.Next();
    const int hours = static_cast<int>(zone.Peek() - U'0') * 10 + static_cast<int>(zone.Peek(1) - U'0');
    zone.set_place(zone.place() + 2);
    zone.Take(U':');
    if (IsDigit(zone.Peek()) && IsDigit(zone.Peek(1)) && !IsDigit(zone.Peek(2)) && hours <= 14) {
      const int minutes = static_cast<int>(zone.Peek() - U'0') * 10 + static_cast<int>(zone.Peek(1) - U'0');
      zone.set_place(zone.place() + 2);
      // 09:30-11:30 is when something begins and ends. West of Greenwich only what is written as machines write it, and is none of
      // a range's ends: later in the day, or with seconds of its own.
      const bool later = hours * 60 + minutes > hour * 60 + minute;
      const bool range = zone.Peek() == U':' || (sign < 0 && (hours > 12 || minutes % 30 != 0 || (!iso && (second < 0 || later))));
      if (minutes <= 59 && !range) {
        date->offset_minutes = sign * (hours * 60 + minutes);
        date->has_offset = true;
        s = zone;
      }
    }
  }
  if (afternoon && hour < 12) hour += 12;
  if (morning && hour == 12) hour = 0;
  if (hour == 24) {  // the midnight that ends the day: the day that the page names, without a time that it does not
    scanner = s;
    return;
  }
  date->hour = hour;
  date->minute = minute;
  date->second = second > 59 ? 59 : second;
  scanner = s;
}

std::optional<FoundDate> Finish(size_t begin, int year, int month, int day, Scanner scanner,
                                bool with_time = true) {
  if (!IsDaySane(year, month, day)) return std::nullopt;
  FoundDate date;
  date.begin = begin;
  date.year = year;
  date.month = month;
  date.day = day;
  if (with_time) ReadTime(scanner, &date);
  date.end = scanner.place();
  return date;
}

int MonthOfName(Scanner& scanner) {
  static constexpr std::u32string_view kNames[] = {U"january",   U"february", U"march",    U"april",
                                                   U"may",       U"june",     U"july",     U"august",
                                                   U"september", U"october",  U"november", U"december"};
  std::u32string word;
  while (word.size() < 10 && IsLetter(scanner.Peek(word.size())))
    word.push_back(scanner.Peek(word.size()) | 0x20);
  if (word.size() < 3) return -1;
  for (int i = 0; i < 12; ++i) {
    const std::u32string_view name = kNames[i];
    if (word == name || word == name.substr(0, 3) || (word == U"sept" && i == 8)) {
      scanner.set_place(scanner.place() + word.size());
      scanner.Take(U'.');
      return i + 1;
    }
  }
  return -1;
}

// "Nov 29, 2021", "Mon Nov 29 08:00:00 CST 2021", "四月 25, 2024, 08:33"
std::optional<FoundDate> MonthFirst(const std::u32string& text, size_t at) {
  Scanner s(text, at);
  int month;
  if (s.Peek() >= 0x80 && IsChineseDigit(s.Peek())) {  // the O of October stands for zero elsewhere
    month = ChineseNumber(s, 2);
    if (month < 1 || !s.Take(U'月')) return std::nullopt;
  } else {
    month = MonthOfName(s);
    if (month < 1) return std::nullopt;
  }
  s.Spaces(2);
  const int day = s.Number(1, 2);
  if (day < 1) return std::nullopt;
  Scanner after_day = s;
  s.Take(U',');
  s.Spaces(2);
  const int year = s.Number(4, 4);
  if (year > 0 && s.Peek() != U':') return Finish(at, year, month, day, s);
  // Mon Nov 29 08:00:00 CST 2021: the year stands last.
  FoundDate time;
  s = after_day;
  ReadTime(s, &time);
  if (time.hour < 0) return std::nullopt;
  s.Spaces(2);
  for (int i = 0; i < 5 && IsLetter(s.Peek()); ++i) s.Next();
  s.Spaces(2);
  const int last_year = s.Number(4, 4);
  if (last_year < 0) return std::nullopt;
  std::optional<FoundDate> date = Finish(at, last_year, month, day, s, false);
  if (date) {
    date->hour = time.hour;
    date->minute = time.minute;
    date->second = time.second;
  }
  return date;
}

std::optional<FoundDate> ChineseNumerals(const std::u32string& text, size_t at) {
  Scanner s(text, at);
  std::u32string digits;
  while (digits.size() < 4 && IsChineseDigit(s.Peek())) {
    digits.push_back(s.Peek());
    s.Next();
    s.Spaces(1);
  }
  if (digits.size() != 4 || !s.Take(U'年')) return MonthFirst(text, at);
  const std::optional<int> year = text::ParseChineseNumber(digits);
  s.Spaces(1);
  const int month = ChineseNumber(s, 2);
  s.Spaces(1);
  if (!year || month < 0 || !s.Take(U'月')) return std::nullopt;
  s.Spaces(1);
  const int day = ChineseNumber(s, 3);
  if (day < 0 || (s.Peek() != U'日' && s.Peek() != U'号')) return std::nullopt;
  return Finish(at, *year, month, day, s);
}

// 民国106年3月10日, 中华民国一百零六年…
std::optional<FoundDate> RepublicYear(const std::u32string& text, size_t at) {
  Scanner s(text, at);
  s.TakeWord(U"中华");
  if (!s.TakeWord(U"民国")) return std::nullopt;
  s.Spaces(2);
  int year = s.Number(1, 3);
  if (year < 0) {
    const bool hundred = s.TakeWord(U"一百");
    if (hundred) s.Take(U'零') || s.Take(U'〇');
    year = ChineseNumber(s, 4);
    if (hundred) year = year < 0 ? 100 : 100 + year;
  }
  if (year < 0) return std::nullopt;
  s.Spaces(1);
  const bool sign = s.Take(U'年') || s.Take(U'-') || s.Take(U'/') || s.Take(U'.');
  s.Spaces(1);
  int month = s.Number(1, 2);
  if (month < 0) month = ChineseNumber(s, 2);
  s.Spaces(1);
  if (!sign || month < 0 || !(s.Take(U'月') || s.Take(U'-') || s.Take(U'/') || s.Take(U'.')))
    return std::nullopt;
  s.Spaces(1);
  int day = s.Number(1, 2);
  if (day < 0) day = ChineseNumber(s, 3);
  if (day < 0) return std::nullopt;
  return Finish(at, year + 1911, month, day, s);
}

// 29/11/2021; of 05/06/2024 nobody can know whether it is of May or of June. With full stops the day comes first wherever it is written so.
std::optional<FoundDate> DayFirst(size_t begin, int year, int month, int day, const Scanner& scanner, char32_t separator) {
  std::optional<FoundDate> date = Finish(begin, year, month, day, scanner);
  if (date) date->either_way = separator != U'.' && day <= 12 && day != month;
  return date;
}

std::optional<FoundDate> Digits(const std::u32string& text, size_t at, const DateOptions& options) {
  Scanner s(text, at);
  size_t width = 0;
  while (width < 15 && IsDigit(s.Peek(width))) ++width;
  const auto number = [&](size_t from, size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + static_cast<int>(s.Peek(from + i) - U'0');
    return value;
  };
  if (width == 8 || width == 14) {
    const int year = number(0, 4), month = number(4, 2), day = number(6, 2);
    if (width == 8) {
      s.set_place(at + 8);
      // 20211129 with a "号", "-001" or letters after it is a number of something else.
      if (IsLetter(s.Peek()) || s.Peek() == U'号' || (s.Peek() == U'-' && IsDigit(s.Peek(1))))
        return std::nullopt;
      return Finish(at, year, month, day, s);
    }
    if (!IsDaySane(year, month, day) || number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 59)
      return std::nullopt;
    FoundDate date;
    date.begin = at;
    date.end = at + 14;
    date.year = year, date.month = month, date.day = day;
    date.hour = number(8, 2), date.minute = number(10, 2), date.second = number(12, 2);
    return date;
  }
  if (width == 6 && (s.Peek(6) == U'/' || s.Peek(6) == U'-') && IsDigit(s.Peek(7)) && IsDigit(s.Peek(8)) &&
      !IsDigit(s.Peek(9)) && s.Peek(9) != U'/' && s.Peek(9) != U'-') {
    // 202109/02: year and month in neighbouring elements.
    const int year = number(0, 4), month = number(4, 2), day = number(7, 2);
    s.set_place(at + 9);
    return Finish(at, year, month, day, s);
  }
  if (width == 4 || width == 3 || width == 2 || width == 1) {
    int year = number(0, width);
    s.set_place(at + width);
    if (width == 4 && IsSpaceHere(s.Peek()) && IsDigit(s.Peek(1)) && IsDigit(s.Peek(2)) &&
        s.Peek(3) == U'/') {
      // "2021 09/02/ 12:52:43": a year in an element of its own.
      Scanner split(text, at + 5);
      const int month = split.Number(2, 2);
      split.Next();
      const int day = split.Number(2, 2);
      if (day > 0) return Finish(at, year, month, day, split);
    }
    s.Spaces(2);
    const char32_t separator = s.Peek();
    if (separator != U'-' && separator != U'/' && separator != U'.' && separator != U'年') {
      // "21 / 2024年02月", "21 2024-02": the day first, year and month after it.
      if (width > 2) return std::nullopt;
      const int day = year;
      s.Spaces(4);
      int year_width = 0;
      Scanner after = s;
      const int full = after.Number(4, 4, &year_width);
      if (full < kFirstYear || full > kLastYear) {
        // "29 November 2021", "28 10 月, 2022"
        int month = MonthOfName(s);
        if (month < 1) {
          month = s.Number(1, 2);
          s.Spaces(1);
          if (!s.Take(U'月')) return std::nullopt;
        }
        if (month < 1) return std::nullopt;
        s.Take(U',');
        s.Spaces(2);
        const int last = s.Number(4, 4);
        return last < 0 ? std::nullopt : Finish(at, last, month, day, s);
      }
      after.Spaces(1);
      if (!(after.Take(U'-') || after.Take(U'/') || after.Take(U'.') || after.Take(U'年')))
        return std::nullopt;
      after.Spaces(1);
      const int month = after.Number(1, 2);
      if (month < 1) return std::nullopt;
      after.Take(U'月');
      if (IsDigit(after.Peek()) || IsAmong(after.Peek(), U"-/.") ||
          (IsSpaceHere(after.Peek()) && IsDigit(after.Peek(1))))
        return std::nullopt;
      return Finish(at, full, month, day, after, false);
    }
    s.Next();
    s.Spaces(2);
    if (width <= 2 && separator != U'年') {  // 15.11.2014, whatever a short year could be
      Scanner split = s;
      const int month = split.Number(1, 2);
      if (month >= 1 && month <= 12 && split.Take(separator)) {
        if (const int last = split.Number(4, 4); last >= kFirstYear && last <= kLastYear) return DayFirst(at, last, month, year, split, separator);
      }
    }
    const bool republic = options.roc_years && (width == 3 || width == 2) && year >= 84 && year <= 130;
    if (width < 4 && !republic && !(options.short_years && width == 2)) {
      // 29/11/2021, 21/2024-02
      if (width <= 2 && separator != U'年') {
        const int day = year;
        Scanner split = s;
        const int first = split.Number(4, 4);
        if (first >= kFirstYear && first <= kLastYear &&
            (split.Take(U'-') || split.Take(U'.') || split.Take(U'年') || split.Take(U'/'))) {
          const int month = split.Number(1, 2);
          if (month > 0) return Finish(at, first, month, day, split, false);
        }
        split = s;
        const int month = split.Number(1, 2);
        if (month < 1 || !split.Take(separator)) return std::nullopt;
        const int last = split.Number(4, 4);
        if (last < 0) return std::nullopt;
        return month > 12 ? Finish(at, last, day, month, split) : DayFirst(at, last, month, day, split, separator);
      }
      return std::nullopt;
    }
    if (republic) {
      year += 1911;
    } else if (width < 4) {
      year += year < 80 ? 2000 : 1900;
    }
    const int month = s.Number(1, 2);
    if (month < 0) return std::nullopt;
    s.Spaces(2);
    if (separator == U'年' ? !s.Take(U'月') && !s.Take(U'-') && !s.Take(U'/') : !s.Take(separator))
      return std::nullopt;
    s.Spaces(2);
    int day_width = 0;
    const int day = s.Number(1, 2, &day_width);
    if (day < 0) {
      // "2021-11-2908:30" and "2012-01-1716:49": the time glued to the day.
      int run = 0;
      while (run < 5 && IsDigit(s.Peek(static_cast<size_t>(run)))) ++run;
      if (run != 4 || s.Peek(4) != U':') return std::nullopt;
      const int glued = static_cast<int>(s.Peek() - U'0') * 10 + static_cast<int>(s.Peek(1) - U'0');
      s.set_place(s.place() + 2);
      return Finish(at, year, month, glued, s);
    }
    // An index number such as 2026-02-00018 has a longer run there (refused above); one like 2021-11-29-001
    // goes on.
    if (s.Peek() == U'-' && IsDigit(s.Peek(1)) && !(IsDigit(s.Peek(2)) && s.Peek(3) == U':'))
      return std::nullopt;
    if (separator == U'.' && s.Peek() == U'.' && IsDigit(s.Peek(1)))
      return std::nullopt;  // an IP address or a version
    return Finish(at, year, month, day, s);
  }
  return std::nullopt;
}

bool StartsDate(const std::u32string& text, size_t at) {
  const char32_t c = text[at];
  if (IsDigit(c)) {
    if (at == 0) return true;
    const char32_t before = text[at - 1];
    // Inside a number, a document number or an index number: 000014349/2017-00110, 〔2021〕.
    if (IsDigit(before) || IsLetter(before)) return false;
    if ((before == U'-' || before == U'/' || before == U'.') && at >= 2 &&
        (IsDigit(text[at - 2]) || IsLetter(text[at - 2])))
      return false;
    return true;
  }
  if (c < 0x80) return IsLetter(c) && (at == 0 || !IsLetter(text[at - 1]));
  if (c == U'民' || c == U'中') return true;
  return IsChineseDigit(c) && (at == 0 || !IsChineseDigit(text[at - 1]));
}

}  // namespace

FoundDate FoundDate::OtherWay() const {
  FoundDate other = *this;
  std::swap(other.month, other.day);
  return other;
}

std::string FoundDate::Day() const {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", year, month, day);
  return buffer;
}

std::string FoundDate::Iso() const {
  if (hour < 0) return Day();
  FoundDate local = *this;
  if (has_offset && offset_minutes == 0) {
    // A "Z" comes from a machine that thinks in UTC; the site's own day is eight hours ahead.
    local.offset_minutes = 8 * 60;
    local.hour += 8;
    if (local.hour >= 24) {
      local.hour -= 24;
      ++local.day;
      if (!IsDaySane(local.year, local.month, local.day)) {
        local.day = 1;
        if (++local.month > 12) {
          local.month = 1;
          ++local.year;
        }
      }
    }
  }
  char buffer[64];
  const int magnitude = local.offset_minutes < 0 ? -local.offset_minutes : local.offset_minutes;
  std::snprintf(buffer, sizeof buffer, "%sT%02d:%02d:%02d%c%02d:%02d", local.Day().c_str(), local.hour,
                local.minute, local.second < 0 ? 0 : local.second, local.offset_minutes < 0 ? '-' : '+',
                magnitude / 60, magnitude % 60);
  return buffer;
}

std::optional<FoundDate> DateAt(const FoldedText& text, size_t at, const DateOptions& options) {
  if (at >= text.size() || !StartsDate(text.characters, at)) return std::nullopt;
  const char32_t c = text.characters[at];
  if (IsDigit(c)) return Digits(text.characters, at, options);
  if (c == U'民' || c == U'中') return RepublicYear(text.characters, at);
  if (c < 0x80) return MonthFirst(text.characters, at);
  return ChineseNumerals(text.characters, at);
}

std::optional<FoundDate> FindDate(const FoldedText& text, size_t from, const DateOptions& options) {
  for (size_t at = from; at < text.size(); ++at) {
    if (auto date = DateAt(text, at, options)) return date;
  }
  return std::nullopt;
}

std::optional<FoundDate> YearlessDateAt(const FoldedText& text, size_t at) {
  Scanner s(text.characters, at);
  s.Spaces(4);
  if (IsAmong(s.Peek(), U"[(【")) s.Next();
  s.Spaces(1);
  const size_t begin = s.place();
  if (begin >= text.size() || !StartsDate(text.characters, begin)) return std::nullopt;
  const int month = s.Number(1, 2);
  if (month < 1 || month > 12) return std::nullopt;
  const char32_t separator = s.Peek();
  if (!IsAmong(separator, U"-/.月")) return std::nullopt;
  s.Next();
  const int day = s.Number(1, 2);
  if (day < 1 || !IsDaySane(2000, month, day)) return std::nullopt;
  if (separator == U'月' ? !(s.Take(U'日') || s.Take(U'号')) : IsAmong(s.Peek(), U"-/.:年月万次%")) return std::nullopt;
  FoundDate date;
  date.begin = begin;
  date.month = month;
  date.day = day;
  ReadTime(s, &date);
  date.end = s.place();
  return date;
}

std::optional<FoundDate> FindYearlessDate(const FoldedText& text, bool timed) {
  const std::u32string& c = text.characters;
  for (size_t at = 0; at + 3 < c.size(); ++at) {
    if (!IsDigit(c[at]) || (at > 0 && (IsDigit(c[at - 1]) || std::u32string_view(U"-/.:年月").find(c[at - 1]) != std::u32string_view::npos))) continue;
    if (auto date = YearlessDateAt(text, at); date && date->begin == at && (date->hour >= 0 || !timed)) return date;
  }
  return std::nullopt;
}

std::optional<FoundDate> WithYearOfUrl(const FoundDate& yearless, std::string_view path) {
  path = path.substr(0, 1000);
  for (size_t at = 0; at + 4 <= path.size(); ++at) {
    if (at > 0 && IsDigit(static_cast<unsigned char>(path[at - 1]))) continue;
    size_t run = 0;
    int value = 0;
    while (run < 9 && at + run < path.size() && IsDigit(static_cast<unsigned char>(path[at + run]))) value = value * 10 + (path[at + run++] - '0');
    if (run != 4 && run != 6) continue;
    FoundDate date = yearless;
    date.year = run == 4 ? value : value / 100;
    int month = run == 6 ? value % 100 : 0;
    if (run == 4 && at + 6 < path.size() && (path[at + 4] == '-' || path[at + 4] == '/') && IsDigit(static_cast<unsigned char>(path[at + 5])) &&
        IsDigit(static_cast<unsigned char>(path[at + 6])) && (at + 7 == path.size() || !IsDigit(static_cast<unsigned char>(path[at + 7]))))
      month = (path[at + 5] - '0') * 10 + (path[at + 6] - '0');
    if (!IsDaySane(date.year, date.month, date.day)) continue;
    if (month != 0 && month != date.month) return std::nullopt;
    return date;
  }
  return std::nullopt;
}

bool IsPossibleDay(int year, int month, int day) {
  return IsDaySane(year, month, day);
}

std::optional<FoundDate> ParseDateValue(std::string_view value, const DateOptions& options) {
  const FoldedText folded = Fold(value.substr(0, 200));
  return FindDate(folded, 0, options);
}

std::optional<FoundDate> DateOfUrl(std::string_view path) {
  const FoldedText folded = Fold(path.substr(0, 1000));
  const std::u32string& text = folded.characters;
  std::optional<FoundDate> found;
  // Runs of digits with their values; a date is 8 digits, or 4+4 after '/', or year / month / day as path
  // segments.
  const auto run_at = [&](size_t at) {
    size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    return end - at;
  };
  const auto value = [&](size_t at, size_t count) {
    int number = 0;
    for (size_t i = 0; i < count; ++i) number = number * 10 + static_cast<int>(text[at + i] - U'0');
    return number;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    if (!IsDigit(text[at])) continue;
    const size_t run = run_at(at);
    const bool edge = at == 0 || text[at - 1] == U'/' || text[at - 1] == U'_' || text[at - 1] == U'-' ||
                      text[at - 1] == U't';
    FoundDate date;
    if (edge && run == 8) {
      date.year = value(at, 4), date.month = value(at + 4, 2), date.day = value(at + 6, 2);
    } else if (edge && run == 6 && at + 6 < text.size() && text[at + 6] == U'/' && run_at(at + 7) == 2) {
      date.year = value(at, 4), date.month = value(at + 4, 2), date.day = value(at + 7, 2);
    } else if (edge && run == 4 && at + 4 < text.size() && (text[at + 4] == U'/' || text[at + 4] == U'-')) {
      const size_t second = at + 5;
      const size_t second_run = run_at(second);
      // Behind a folder's day comes the file; /info/2003/1112.htm is an article's number in a column's.
      const size_t behind = second + second_run;
      if (second_run == 4 && text[at + 4] == U'/' && behind < text.size() && (text[behind] == U'/' || text[behind] == U'_')) {
        date.year = value(at, 4), date.month = value(second, 2), date.day = value(second + 2, 2);
      } else if (second_run == 1 || second_run == 2) {
        const size_t third = second + second_run + 1;
        if (third < text.size() && (text[third - 1] == U'/' || text[third - 1] == U'-')) {
          const size_t third_run = run_at(third);
          if (third_run == 1 || third_run == 2) {
            date.year = value(at, 4), date.month = value(second, second_run),
            date.day = value(third, third_run);
          }
        }
      }
    }
    if (IsDaySane(date.year, date.month, date.day)) {
      found = date;
      break;
    }
    at += run;
  }
  return found;
}

std::optional<FoundDate> DateOfEpoch(std::string_view digits) {
  if ((digits.size() != 10 && digits.size() != 13) || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int64_t seconds = 0;
  for (const char c : digits.substr(0, 10)) seconds = seconds * 10 + (c - '0');
  seconds += int64_t{8} * 3600;
  const std::chrono::sys_days day{std::chrono::days{seconds / 86'400}};
  const std::chrono::year_month_day civil{day};
  FoundDate date;
  date.year = static_cast<int>(civil.year());
  date.month = static_cast<int>(static_cast<unsigned>(civil.month()));
  date.day = static_cast<int>(static_cast<unsigned>(civil.day()));
  if (!IsPossibleDay(date.year, date.month, date.day)) return std::nullopt;
  const int of_day = static_cast<int>(seconds % 86'400);
  date.hour = of_day / 3600, date.minute = of_day / 60 % 60, date.second = of_day % 60;
  return date;
}

}  // namespace fangzhi::extract
