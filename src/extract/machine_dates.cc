// Dates as machines need them and have them: ISO 8601, days that addresses name, seconds since 1970.
#include <chrono>
#include <cstdio>
#include <utility>

#include "base/time.h"
#include "extract/dates.h"

namespace fangzhi::extract {

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
      if (!IsPossibleDay(local.year, local.month, local.day)) {
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

bool IsPossibleDay(int year, int month, int day) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
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
    if (!IsPossibleDay(date.year, date.month, date.day)) continue;
    if (month != 0 && month != date.month) return std::nullopt;
    return date;
  }
  return std::nullopt;
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
    if (IsPossibleDay(date.year, date.month, date.day)) {
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
  const Civil civil = ToCivil(UtcTime(std::chrono::seconds(seconds) + kChinaOffset));
  FoundDate date;
  date.year = civil.year;
  date.month = static_cast<int>(civil.month);
  date.day = static_cast<int>(civil.day);
  if (!IsPossibleDay(date.year, date.month, date.day)) return std::nullopt;
  date.hour = static_cast<int>(civil.hour), date.minute = static_cast<int>(civil.minute), date.second = static_cast<int>(civil.second);
  return date;
}

}  // namespace fangzhi::extract
