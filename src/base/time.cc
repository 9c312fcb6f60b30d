#include "base/time.h"

#include <array>
#include <cstdio>

#include "base/strings.h"

namespace fangzhi {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::optional<UtcTime> FromCivil(int year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                                 unsigned second, unsigned millisecond) {
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  // Second 60 is a leap second, which system time does not have: it becomes the next second.
  if (!date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  if (hour == 24 && (minute != 0 || second != 0 || millisecond != 0)) return std::nullopt;
  return UtcTime{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} +
         milliseconds{millisecond};
}

template <class... Arguments>
std::string Format(const char* format, Arguments... arguments) {
  char buffer[64];
  const int length = std::snprintf(buffer, sizeof buffer, format, arguments...);
  return std::string(buffer, length > 0 ? static_cast<size_t>(length) : 0);
}

// Reads exactly `count` digits.
bool TakeDigits(std::string_view& text, size_t count, unsigned* value) {
  if (text.size() < count) return false;
  unsigned number = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsAsciiDigit(text[i])) return false;
    number = number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(count);
  *value = number;
  return true;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeMonthName(std::string_view& text, unsigned* month) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (text.size() >= 3 && EqualsIgnoreAsciiCase(text.substr(0, 3), kMonths[i])) {
      *month = i + 1;
      text.remove_prefix(3);
      return true;
    }
  }
  return false;
}

bool TakeClock(std::string_view& text, unsigned* hour, unsigned* minute, unsigned* second) {
  return TakeDigits(text, 2, hour) && TakeChar(text, ':') && TakeDigits(text, 2, minute) && TakeChar(text, ':') &&
         TakeDigits(text, 2, second);
}

}  // namespace

Civil ToCivil(UtcTime time) {
  const auto day = std::chrono::floor<days>(time);
  const year_month_day date{day};
  const auto rest = (time - day).count();
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          static_cast<unsigned>(rest / 3'600'000),
          static_cast<unsigned>(rest / 60'000 % 60),
          static_cast<unsigned>(rest / 1000 % 60),
          static_cast<unsigned>(rest % 1000),
          std::chrono::weekday{day}.c_encoding()};
}

UtcTime SystemClock::Now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

FastClock::FastClock(double rate) : rate_(rate), began_(SystemClock().Now()), real_began_(std::chrono::steady_clock::now()) {}

UtcTime FastClock::Now() const {
  const std::chrono::duration<double, std::milli> real = std::chrono::steady_clock::now() - real_began_;
  return began_ + milliseconds(static_cast<int64_t>(real.count() * rate_));
}

std::string FormatIso8601(UtcTime time) {
  const Civil c = ToCivil(time);
  if (c.millisecond == 0) {
    return Format("%04d-%02u-%02uT%02u:%02u:%02u+00:00", c.year, c.month, c.day, c.hour, c.minute, c.second);
  }
  return Format("%04d-%02u-%02uT%02u:%02u:%02u.%03u+00:00", c.year, c.month, c.day, c.hour, c.minute, c.second,
                c.millisecond);
}

std::string FormatWarcDate(UtcTime time) {
  const Civil c = ToCivil(time);
  return Format("%04d-%02u-%02uT%02u:%02u:%02u.%03uZ", c.year, c.month, c.day, c.hour, c.minute, c.second,
                c.millisecond);
}

std::string FormatHttpDate(UtcTime time) {
  const Civil c = ToCivil(time);
  return Format("%s, %02u %s %04d %02u:%02u:%02u GMT", kWeekdays[c.weekday], c.day, kMonths[c.month - 1], c.year, c.hour,
                c.minute, c.second);
}

std::string FormatFourteenDigits(UtcTime time) {
  const Civil c = ToCivil(time);
  return Format("%04d%02u%02u%02u%02u%02u", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::optional<UtcTime> ParseIso8601(std::string_view text) {
  unsigned year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  if (!TakeDigits(text, 4, &year)) return std::nullopt;
  if (TakeChar(text, '-')) {
    if (!TakeDigits(text, 2, &month)) return std::nullopt;
    if (TakeChar(text, '-') && !TakeDigits(text, 2, &day)) return std::nullopt;
  }
  int offset_minutes = 0;
  if (!text.empty()) {
    if (!TakeChar(text, 'T') && !TakeChar(text, 't') && !TakeChar(text, ' ')) return std::nullopt;
    if (!TakeDigits(text, 2, &hour) || !TakeChar(text, ':') || !TakeDigits(text, 2, &minute)) return std::nullopt;
    if (TakeChar(text, ':')) {
      if (!TakeDigits(text, 2, &second)) return std::nullopt;
      if (TakeChar(text, '.')) {
        unsigned scale = 100;
        bool any = false;
        while (!text.empty() && IsAsciiDigit(text.front())) {
          millisecond += scale * static_cast<unsigned>(text.front() - '0');
          scale /= 10;
          any = true;
          text.remove_prefix(1);
        }
        if (!any) return std::nullopt;
      }
    }
    if (!text.empty() && !TakeChar(text, 'Z') && !TakeChar(text, 'z')) {
      const bool minus = text.front() == '-';
      if (!minus && text.front() != '+') return std::nullopt;
      text.remove_prefix(1);
      unsigned offset_hour = 0, offset_minute = 0;
      if (!TakeDigits(text, 2, &offset_hour)) return std::nullopt;
      TakeChar(text, ':');
      if (!text.empty() && !TakeDigits(text, 2, &offset_minute)) return std::nullopt;
      if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
      offset_minutes = static_cast<int>(offset_hour * 60 + offset_minute) * (minus ? -1 : 1);
    }
    if (!text.empty()) return std::nullopt;
  }
  auto time = FromCivil(static_cast<int>(year), month, day, hour, minute, second, millisecond);
  if (time) *time -= minutes{offset_minutes};
  return time;
}

std::optional<UtcTime> ParseIso8601End(std::string_view text) {
  const std::optional<UtcTime> begin = ParseIso8601(text);
  constexpr size_t kYear = 4, kMonth = 7, kDay = 10;  // characters
  if (!begin || text.size() > kDay) return begin;
  const std::chrono::sys_days day = std::chrono::floor<days>(*begin);
  const year_month_day date(day);
  std::chrono::sys_days next = day + days{1};
  if (text.size() == kYear) next = date + std::chrono::years{1};
  if (text.size() == kMonth) next = date + std::chrono::months{1};
  return UtcTime(next) - milliseconds{1};
}

namespace {

// "Sun", "Sunday"; which day it is is not compared with the date.
bool IsDayName(std::string_view word) {
  for (std::string_view day : {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}) {
    if (EqualsIgnoreAsciiCase(word, day) || EqualsIgnoreAsciiCase(word, day.substr(0, 3))) return true;
  }
  return false;
}

}  // namespace

std::optional<UtcTime> ParseHttpDate(std::string_view text) {
  text = TrimAscii(text);
  unsigned day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
  const size_t comma = text.find(',');
  if (comma != std::string_view::npos) {
    if (!IsDayName(TrimAscii(text.substr(0, comma)))) return std::nullopt;
    text = TrimAscii(text.substr(comma + 1));
    if (text.size() >= 2 && IsAsciiDigit(text[0]) && !IsAsciiDigit(text[1])) {
      // One-digit day: not in the grammar, but sent.
      if (!TakeDigits(text, 1, &day)) return std::nullopt;
    } else if (!TakeDigits(text, 2, &day)) {
      return std::nullopt;
    }
    if (TakeChar(text, '-')) {  // RFC 850: 06-Nov-94
      if (!TakeMonthName(text, &month) || !TakeChar(text, '-')) return std::nullopt;
      if (text.size() >= 4 && IsAsciiDigit(text[2])) {
        if (!TakeDigits(text, 4, &year)) return std::nullopt;
      } else {
        if (!TakeDigits(text, 2, &year)) return std::nullopt;
        // RFC 9110: a two-digit year more than 50 years ahead is in the past. This program was begun in 2026.
        year += year > 76 ? 1900 : 2000;
      }
    } else {
      if (!TakeChar(text, ' ') || !TakeMonthName(text, &month) || !TakeChar(text, ' ') || !TakeDigits(text, 4, &year)) {
        return std::nullopt;
      }
    }
    if (!TakeChar(text, ' ') || !TakeClock(text, &hour, &minute, &second)) return std::nullopt;
    text = TrimAscii(text);
    if (!text.empty() && !EqualsIgnoreAsciiCase(text, "GMT") && !EqualsIgnoreAsciiCase(text, "UTC")) {
      return std::nullopt;
    }
  } else {  // asctime: Sun Nov  6 08:49:37 1994
    const size_t space = text.find(' ');
    if (space == std::string_view::npos || !IsDayName(text.substr(0, space))) return std::nullopt;
    text.remove_prefix(space + 1);
    if (!TakeMonthName(text, &month) || !TakeChar(text, ' ')) return std::nullopt;
    if (TakeChar(text, ' ')) {
      if (!TakeDigits(text, 1, &day)) return std::nullopt;
    } else if (!TakeDigits(text, 2, &day)) {
      return std::nullopt;
    }
    if (!TakeChar(text, ' ') || !TakeClock(text, &hour, &minute, &second) || !TakeChar(text, ' ') ||
        !TakeDigits(text, 4, &year) || !text.empty()) {
      return std::nullopt;
    }
  }
  return FromCivil(static_cast<int>(year), month, day, hour, minute, second, 0);
}

}  // namespace fangzhi
