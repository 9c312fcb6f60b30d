// Days as list rows give them. Times of day are passed over: a row's day is all that a list is asked for. Internal to links/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fangzhi::links {

struct FoundDay {
  size_t begin = 0, end = 0;  // bytes
  int year = 0, month = 0, day = 0;
  bool signs = false;  // 2021-11-29, 2021/11/29, 2021.11.29 rather than 2021年11月29日
};

// The first day of a calendar at or after `from` that is no part of a longer number.
std::optional<FoundDay> FindDay(std::string_view text, size_t from = 0);
std::string FormatDay(int year, int month, int day);
// "2021-11-29" from "发布时间：2021年11月29日", "[2021/11/29]", "2021.11.29"…; empty where there is none.
std::string DateIn(std::string_view text);

// Puts a row's day together from the texts around its link: whole in one of them, or as day and month in elements of
// their own (calendar leaves).
class DayScan {
 public:
  // `republic_years`: a year of two digits is one of the Republic (94/11/26 is in 2005), as on Taiwan's pages.
  explicit DayScan(bool republic_years = false) : republic_years_(republic_years) {}
  void Piece(std::string_view text);
  // True when anything that names a day was there, if only 11-29.
  bool any() const { return full_ || (month_ != 0 && day_ != 0); }
  std::string Full() const;   // "2021-11-29", empty where the year is not said
  int month() const { return month_; }  // of a day without its year
  int day() const { return day_; }
  // A text that is nothing but a day or a part of one.
  static bool IsDayOnly(std::string_view text, bool republic_years);

 private:
  bool republic_years_;
  std::optional<FoundDay> full_;
  int year_ = 0, month_ = 0, day_ = 0, lone_day_ = 0;
};

// A title without the day at one of its ends, "[2021-05-19]"; the day goes to `date`. A day in words stays, for titles end so too.
std::string WithoutDay(std::string title, std::string* date);

}  // namespace fangzhi::links
