#include "civil_time.h"

#include <cstdio>
#include <cstdlib>

namespace fangzhi::portal {
namespace {

constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr const char* kDayNames[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// Days since 1970-01-01 of a date of the Gregorian calendar, and back (Howard Hinnant's method).
int64_t DaysFromCivil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

CivilTime Split(int64_t seconds) {
  int64_t days = seconds / kDay;
  int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  CivilTime civil{};
  civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  const int64_t shifted = days + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int64_t day_of_era = shifted - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  civil.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  civil.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  civil.year = static_cast<int>(year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0));
  civil.hour = static_cast<int>(rest / 3600);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.second = static_cast<int>(rest % 60);
  return civil;
}

template <typename... Values>
std::string Print(const char* pattern, Values... values) {
  char buffer[96];
  const int size = std::snprintf(buffer, sizeof buffer, pattern, values...);
  return std::string(buffer, size > 0 ? static_cast<size_t>(size) : 0);
}

}  // namespace

CivilTime ToChina(int64_t time) {
  return Split(time + kChinaOffset);
}

std::string IsoTime(int64_t time) {
  const CivilTime c = ToChina(time);
  return Print("%04d-%02d-%02dT%02d:%02d:%02d+08:00", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string IsoDate(int64_t time) {
  const CivilTime c = ToChina(time);
  return Print("%04d-%02d-%02d", c.year, c.month, c.day);
}

std::string IsoMinute(int64_t time) {
  const CivilTime c = ToChina(time);
  return Print("%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

std::string ChineseDate(int64_t time) {
  const CivilTime c = ToChina(time);
  return Print("%d年%d月%d日", c.year, c.month, c.day);
}

std::string HttpDate(int64_t time) {
  const CivilTime c = Split(time);
  return Print("%s, %02d %s %04d %02d:%02d:%02d GMT", kDayNames[c.weekday], c.day, kMonths[c.month - 1],
               c.year, c.hour, c.minute, c.second);
}

bool ParseIso(std::string_view view, int64_t* time) {
  const std::string text(view);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || month < 1 ||
      month > 12 || day < 1 || day > 31) {
    return false;
  }
  std::string_view rest = std::string_view(text).substr(static_cast<size_t>(used));
  int64_t offset = kChinaOffset;
  if (!rest.empty() && (rest[0] == 'T' || rest[0] == ' ')) {
    int more = 0;
    if (std::sscanf(rest.data() + 1, "%2d:%2d%n", &hour, &minute, &more) != 2) return false;
    rest.remove_prefix(static_cast<size_t>(more) + 1);
    if (rest.size() >= 3 && rest[0] == ':') {
      second = std::atoi(std::string(rest.substr(1, 2)).c_str());
      rest.remove_prefix(3);
    }
    if (rest == "Z") {
      offset = 0;
      rest = {};
    } else if (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-' || rest[0] == ' ')) {
      // A '+' of a query string that was not escaped arrives as a space.
      const std::string zone(rest);
      offset = std::atoi(zone.substr(1, 2).c_str()) * 3600 + std::atoi(zone.substr(4, 2).c_str()) * 60;
      if (rest[0] == '-') offset = -offset;
      rest = {};
    }
  }
  if (!rest.empty() || hour > 23 || minute > 59 || second > 60) return false;
  *time = DaysFromCivil(year, month, day) * kDay + hour * 3600 + minute * 60 + second - offset;
  return true;
}

int64_t ParseHttpDate(std::string_view view) {
  const std::string text(view);
  char month_name[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month_name, &year, &hour, &minute,
                  &second) != 6) {
    return -1;
  }
  for (int month = 0; month < 12; ++month) {
    if (std::string_view(kMonths[month]) == month_name) {
      return DaysFromCivil(year, month + 1, day) * kDay + hour * 3600 + minute * 60 + second;
    }
  }
  return -1;
}

}  // namespace fangzhi::portal
