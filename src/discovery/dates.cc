// Dates of feeds and sitemaps.
#include <array>
#include <vector>

#include "base/strings.h"
#include "discovery/discovery.h"

namespace fangzhi::discovery {
namespace {

using std::chrono::minutes;

// Month by its English name or the first three letters of it; 0 otherwise.
unsigned MonthOf(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                                               "july",    "august",   "september", "october", "november", "december"};
  if (word.size() < 3) return 0;
  const std::string lower = ToAsciiLower(word);
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i].substr(0, lower.size()) == lower || (lower == "sept" && i == 8)) return i + 1;
  }
  return 0;
}

bool IsDayName(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  const std::string lower = ToAsciiLower(word);
  if (lower.size() < 2) return false;
  for (std::string_view day : kDays) {
    if (day.substr(0, lower.size()) == lower) return true;
  }
  return false;
}

// "+0800", "-05:00", "GMT+8", "EST", "CST" (American, as RFC 822 has it), "Z"; nullopt for what is no zone.
std::optional<minutes> ZoneOf(std::string_view word) {
  struct Named {
    std::string_view name;
    int minutes;
  };
  static constexpr Named kNamed[] = {{"z", 0},      {"ut", 0},     {"utc", 0},    {"gmt", 0},    {"est", -300}, {"edt", -240}, {"et", -300},
                                     {"cst", -360}, {"cdt", -300}, {"ct", -360},  {"mst", -420}, {"mdt", -360}, {"mt", -420},  {"pst", -480},
                                     {"pdt", -420}, {"pt", -480},  {"ast", -240}, {"at", -240},  {"adt", -180}, {"bst", 60},   {"cet", 60},
                                     {"cest", 120}, {"mest", 120}, {"mesz", 120}, {"mez", 60},   {"eet", 120},  {"jst", 540},  {"hkt", 480}};
  const std::string lower = ToAsciiLower(word);
  for (const Named& named : kNamed) {
    if (lower == named.name) return minutes(named.minutes);
  }
  std::string_view rest = lower;
  for (std::string_view prefix : {"gmt", "utc", "etc/gmt"}) {
    if (rest.substr(0, prefix.size()) == prefix && rest.size() > prefix.size()) {
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  if (rest.size() < 2 || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  const int sign = rest[0] == '-' ? -1 : 1;
  rest.remove_prefix(1);
  std::string_view hours = rest.substr(0, 2), rest_minutes = rest.size() > 2 ? rest.substr(2) : "00";
  if (const size_t colon = rest.find(':'); colon != std::string_view::npos) {
    hours = rest.substr(0, colon);
    rest_minutes = rest.substr(colon + 1);
  }
  const auto h = ParseUint(hours), m = ParseUint(rest_minutes);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  return minutes(sign * static_cast<int>(*h * 60 + *m));
}

struct TimeOfDay {
  unsigned hour = 0, minute = 0, second = 0, millisecond = 0;
};
// "10:14", "10:14:55", "10:14:55.123".
std::optional<TimeOfDay> TimeOf(std::string_view word) {
  std::vector<std::string_view> parts = Split(word, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  TimeOfDay time;
  std::string_view seconds = parts.size() == 3 ? parts[2] : "0";
  if (const size_t dot = seconds.find_first_of(".,"); dot != std::string_view::npos) {
    unsigned scale = 100;
    for (const char c : seconds.substr(dot + 1)) {
      if (!IsAsciiDigit(c)) return std::nullopt;
      time.millisecond += static_cast<unsigned>(c - '0') * scale;
      scale /= 10;
    }
    seconds = seconds.substr(0, dot);
  }
  const auto h = ParseUint(parts[0]), m = ParseUint(parts[1]), s = ParseUint(seconds);
  if (!h || !m || !s || *h > 24 || *m > 59 || *s > 60) return std::nullopt;
  time.hour = static_cast<unsigned>(*h);
  time.minute = static_cast<unsigned>(*m);
  time.second = static_cast<unsigned>(*s);
  return time;
}

struct Written {
  UtcTime time;
  std::optional<minutes> zone;
  bool timed = false;
};

std::optional<Written> Compose(uint64_t year, uint64_t month, uint64_t day, const std::optional<TimeOfDay>& written, std::optional<minutes> zone) {
  using namespace std::chrono;
  if (year == 0 || year > 9999) return std::nullopt;
  const year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const TimeOfDay time = written.value_or(TimeOfDay{});
  const UtcTime local = UtcTime(sys_days(date)) + hours(time.hour) + minutes(time.minute) + seconds(time.second) + milliseconds(time.millisecond);
  return Written{local - zone.value_or(minutes(0)), zone, written.has_value()};
}

// ISO 8601 as W3C restricts it, with a space for T, basic forms, any precision from the year on.
std::optional<Written> ParseW3c(std::string_view text) {
  const size_t t = text.find_first_of("Tt ");
  const std::string_view date = text.substr(0, t);
  uint64_t year = 0, month = 1, day = 1;
  const std::vector<std::string_view> parts = Split(date, '-');
  const auto two = [](std::string_view digits) { return digits.size() == 2 ? ParseUint(digits) : std::nullopt; };
  if (parts.size() == 1 && (date.size() == 8 || date.size() == 6) && t == std::string_view::npos && ParseUint(date)) {
    const std::string_view short_year = date.substr(0, date.size() - 4);
    year = *ParseUint(short_year) + (short_year.size() == 2 ? (*ParseUint(short_year) < 70 ? 2000 : 1900) : 0);
    month = *ParseUint(date.substr(date.size() - 4, 2));
    day = *ParseUint(date.substr(date.size() - 2));
    return Compose(year, month, day, std::nullopt, std::nullopt);
  }
  if (parts.empty() || parts.size() > 3 || parts[0].size() != 4) return std::nullopt;
  const auto y = ParseUint(parts[0]);
  if (!y) return std::nullopt;
  year = *y;
  if (parts.size() > 1) {
    const auto m = two(parts[1]);
    if (!m) return std::nullopt;
    month = *m;
  }
  if (parts.size() > 2) {
    const auto d = two(parts[2]);
    if (!d) return std::nullopt;
    day = *d;
  }
  if (t == std::string_view::npos) return Compose(year, month, day, std::nullopt, std::nullopt);
  if (parts.size() != 3) return std::nullopt;
  std::string_view rest = TrimAscii(text.substr(t + 1));
  const size_t zone_at = rest.find_first_of("Zz+-");
  const auto time = TimeOf(TrimAscii(rest.substr(0, zone_at)));
  if (!time) return std::nullopt;
  std::optional<minutes> zone;
  if (zone_at != std::string_view::npos) {
    zone = ZoneOf(TrimAscii(rest.substr(zone_at)));
    if (!zone) return std::nullopt;
  }
  return Compose(year, month, day, time, zone);
}

// Words in whatever order: a month's name, a time with colons, a zone, a day before a year.
std::optional<Written> ParseWords(std::string_view text) {
  std::optional<uint64_t> day, year;
  unsigned month = 0;
  bool month_first = false;
  std::optional<TimeOfDay> time;
  std::optional<minutes> zone;
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == ',' || c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  for (std::string_view word : Split(spaced, ' ')) {
    if (word.empty()) continue;
    if (word.back() == '.' && word.size() > 1) word.remove_suffix(1);
    if (!time && word.find(':') != std::string_view::npos && IsAsciiDigit(word[0])) {
      time = TimeOf(word);
      if (!time) return std::nullopt;
      continue;
    }
    if (const auto number = ParseUint(word)) {
      if (!day && word.size() <= 2) {
        day = *number;
      } else if (!year && (word.size() == 2 || word.size() == 4)) {
        year = word.size() == 4 ? *number : *number + (*number < 70 ? 2000 : 1900);
      } else {
        return std::nullopt;
      }
      continue;
    }
    // "06-Jan-2004"
    if (const auto parts = Split(word, '-'); parts.size() == 3 && MonthOf(parts[1]) != 0) {
      const auto d = ParseUint(parts[0]), y = ParseUint(parts[2]);
      if (!d || !y) return std::nullopt;
      day = d;
      month = MonthOf(parts[1]);
      year = parts[2].size() == 2 ? *y + (*y < 70 ? 2000 : 1900) : *y;
      continue;
    }
    if (month == 0 && MonthOf(word) != 0 && !IsDayName(word)) {
      month = MonthOf(word);
      month_first = !day;
      continue;
    }
    if (!zone) {
      if ((zone = ZoneOf(word))) continue;
    }
    if (IsDayName(word)) continue;
    // "(CST)": a remark. What stands where a number belongs is none.
    if (word.front() == '(') continue;
    return std::nullopt;
  }
  if (!day || !year || month == 0) return std::nullopt;
  // RFC 822 demands a zone; what lacks it may be half a day off. asctime has none and means UTC.
  if (time && !zone && !month_first) return std::nullopt;
  return Compose(*year, month, *day, time, zone);
}

std::optional<Written> ParseWritten(std::string_view text) {
  text = TrimAscii(text);
  if (text.empty() || text.size() > 100) return std::nullopt;
  if (const auto time = ParseW3c(text)) return time;
  return ParseWords(text);
}

}  // namespace

std::optional<UtcTime> ParseDate(std::string_view text) {
  const auto written = ParseWritten(text);
  return written ? std::optional(written->time) : std::nullopt;
}

std::string DayOf(std::string_view text) {
  const auto written = ParseWritten(text);
  if (!written) return "";
  constexpr minutes kChina{8 * 60};
  // CST beside a date of these sites is China's: read as the American one, it gives the day that is written all the same.
  const bool utc = written->timed && written->zone == minutes(0);
  return FormatIso8601(written->time + (utc ? kChina : written->zone.value_or(minutes(0)))).substr(0, 10);
}

}  // namespace fangzhi::discovery
