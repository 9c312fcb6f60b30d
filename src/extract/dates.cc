// Dates in running text.
#include "extract/dates.h"

#include <utility>

#include "extract/date_scanner.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

std::optional<FoundDate> Finish(size_t begin, int year, int month, int day, Scanner scanner,
                                bool with_time = true) {
  if (!IsPossibleDay(year, month, day)) return std::nullopt;
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
    if (!IsPossibleDay(year, month, day) || number(8, 2) > 23 || number(10, 2) > 59 || number(12, 2) > 59)
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
  if (day < 1 || !IsPossibleDay(2000, month, day)) return std::nullopt;
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

std::optional<FoundDate> ParseDateValue(std::string_view value, const DateOptions& options) {
  const FoldedText folded = Fold(value.substr(0, 200));
  return FindDate(folded, 0, options);
}

}  // namespace fangzhi::extract
