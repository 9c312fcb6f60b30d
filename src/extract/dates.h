// Dates and times in running text, meta values and URLs, in every form that the sites use. Internal to
// extract/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "extract/characters.h"

namespace fangzhi::extract {

struct FoundDate {
  size_t begin = 0, end = 0;  // code points of the folded text
  int year = 0, month = 0, day = 0;
  int hour = -1, minute = 0, second = -1;  // hour -1: the page gives no time
  int offset_minutes = 8 * 60;
  bool has_offset = false;
  bool either_way = false;  // 05/06/2024: nothing in it says which of the two is the month; read with the day first

  // The other reading of such a date.
  FoundDate OtherWay() const;

  // "2021-11-29" or "2021-11-29T08:30:00+08:00".
  std::string Iso() const;
  std::string Day() const;
};

struct DateOptions {
  bool roc_years =
      false;  // a year of two or three digits is one of the Republic (民國): Traditional pages only
  bool short_years = false;  // "21-11-29" is 2021: only after a label
};

// The first date at or after `from`; nothing that is part of a longer number or of a document number.
// Impossible dates and those before 1995 or after 2039 are passed over: the program has no clock here, so the
// bound is a generous fixed one.
std::optional<FoundDate> FindDate(const FoldedText& text, size_t from, const DateOptions& options);
// The same, and the date must begin at `at`.
std::optional<FoundDate> DateAt(const FoldedText& text, size_t at, const DateOptions& options);

// "11-29", "[11/29]", "11月29日" at `at` (an opening bracket passed over) and no year: year is 0. Only behind a label.
std::optional<FoundDate> YearlessDateAt(const FoldedText& text, size_t at);
// The first of those in the text that is no part of another number or date; `timed`: only with its time of day.
std::optional<FoundDate> FindYearlessDate(const FoldedText& text, bool timed);
// The date with the year that an address names (/2021/, /2021-11/, /202111/); nothing where it names none, or another month.
std::optional<FoundDate> WithYearOfUrl(const FoundDate& yearless, std::string_view path);
// The years that a page may name.
constexpr int kFirstYear = 1995;
constexpr int kLastYear = 2039;
// Whether year, month and day are a day that a page may name.
bool IsPossibleDay(int year, int month, int day);

// Meta values: the forms above and ISO 8601 with an offset.
std::optional<FoundDate> ParseDateValue(std::string_view value, const DateOptions& options);

// /2021/1129/, /t20220417_974894, /art/2021/8/3/, /2026-02/28/, /20200102/…
std::optional<FoundDate> DateOfUrl(std::string_view path);

// Ten digits or thirteen, seconds or milliseconds since 1970, as a machine in China shows them.
std::optional<FoundDate> DateOfEpoch(std::string_view digits);

}  // namespace fangzhi::extract
