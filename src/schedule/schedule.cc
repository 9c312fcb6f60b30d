#include "schedule/schedule.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "schedule/zone.h"

namespace fangzhi::schedule {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kMonthNames[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                            "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdayNames[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr int kMostDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
// February 29 comes after eight years at the most (1896 to 1904), each of its weekdays after forty.
constexpr int kSearchDays = 366 * 41;

// Times that the calendar arithmetic takes without overflow: 1900 to 9000.
constexpr UtcTime kEarliest{seconds(-2'208'988'800)};
constexpr UtcTime kLatest{seconds(221'845'392'000)};
UtcTime Clamp(UtcTime time) {
  return std::clamp(time, kEarliest, kLatest);
}

template <class T>
Result<T> BadZone(std::string_view zone) {
  return Fail(ErrorKind::kInvalidConfig, "unknown time zone; did you mean " + NearestTimeZone(zone) + "?",
              std::string(zone));
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t i = 0; i < text.size();) {
    while (i < text.size() && IsAsciiSpace(text[i])) ++i;
    const size_t begin = i;
    while (i < text.size() && !IsAsciiSpace(text[i])) ++i;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
  }
  return words;
}

struct CronField {
  std::string_view name;
  int least, most;
  const std::string_view* names;
  int names_count;
  int names_begin;  // the number of the first name
};
constexpr CronField kFields[] = {
    {"minute", 0, 59, nullptr, 0, 0},           {"hour", 0, 23, nullptr, 0, 0},
    {"day of month", 1, 31, nullptr, 0, 0},     {"month", 1, 12, kMonthNames, 12, 1},
    {"day of week", 0, 7, kWeekdayNames, 7, 0},
};

Error FieldError(const CronField& field, const std::string& found) {
  std::string allowed = std::to_string(field.least) + "-" + std::to_string(field.most);
  if (field.names != nullptr) {
    allowed += " or " + std::string(field.names[0]) + "-" + std::string(field.names[field.names_count - 1]);
  }
  return Error{
      ErrorKind::kInvalidConfig,
      std::string(field.name) + ": " + found + "; allowed is " + allowed + ", with '*', ',', '-' and '/'",
      ""};
}

std::optional<int> CronNumber(const CronField& field, std::string_view text) {
  for (int i = 0; i < field.names_count; ++i) {
    if (text == field.names[i]) return field.names_begin + i;
  }
  const std::optional<uint64_t> number = ParseUint(text);
  if (!number || *number < static_cast<uint64_t>(field.least) ||
      *number > static_cast<uint64_t>(field.most)) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

// One item of a list: "*", "5", "mon-fri", each with "/step".
Result<uint64_t> ParseItem(const CronField& field, std::string_view item) {
  const std::string shown = "'" + std::string(item) + "'";
  const size_t slash = item.find('/');
  std::string_view range = item.substr(0, slash);
  uint64_t step = 1;
  if (slash != std::string_view::npos) {
    const std::optional<uint64_t> number = ParseUint(item.substr(slash + 1));
    if (!number || *number == 0 || *number > 60)
      return Fail(FieldError(field, shown + " has no usable step"));
    step = *number;
  }
  int first = field.least;
  int last = field.most;
  if (range != "*") {
    const size_t dash = range.find('-');
    const std::optional<int> begin = CronNumber(field, range.substr(0, dash));
    if (!begin) return Fail(FieldError(field, shown + " is not understood"));
    first = *begin;
    if (dash != std::string_view::npos) {
      const std::optional<int> end = CronNumber(field, range.substr(dash + 1));
      if (!end) return Fail(FieldError(field, shown + " is not understood"));
      last = *end;
      if (field.most == 7 && last == 0 && first > 0) last = 7;  // "sat-sun"
      if (last < first) return Fail(FieldError(field, shown + " ends before it begins"));
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  uint64_t mask = 0;
  for (int i = first; i <= last; i += static_cast<int>(step)) mask |= uint64_t{1} << i;
  return mask;
}

Result<uint64_t> ParseField(const CronField& field, std::string_view text) {
  uint64_t mask = 0;
  for (std::string_view item : Split(text, ',')) {
    FZ_ASSIGN(const uint64_t part, ParseItem(field, item));
    mask |= part;
  }
  return mask;
}

std::optional<int> ParseClock(std::string_view text) {
  text = TrimAscii(text);
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() != colon + 3)
    return std::nullopt;
  const std::optional<uint64_t> hour = ParseUint(text.substr(0, colon));
  const std::optional<uint64_t> minute = ParseUint(text.substr(colon + 1));
  if (!hour || !minute || *hour > 24 || *minute > 59 || (*hour == 24 && *minute != 0)) return std::nullopt;
  return static_cast<int>(*hour * 60 + *minute);
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view text, std::string_view time_zone) {
  if (!IsTimeZone(time_zone)) return BadZone<Schedule>(time_zone);
  Schedule schedule;
  schedule.zone_ = std::string(time_zone);
  const std::string lower = ToAsciiLower(TrimAscii(text).substr(0, 1024));
  constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
      {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
      {"@annually", "0 0 1 1 *"}};
  std::string_view cron = lower;
  for (const auto& [name, fields] : kNamed) {
    if (cron == name) cron = fields;
  }
  Result<void> parsed =
      cron.substr(0, 5) == "every" ? schedule.ParseEvery(cron.substr(5)) : schedule.ParseCron(cron);
  if (!parsed) {
    Error error = std::move(parsed.error());
    error.subject = std::string(text);
    return Fail(std::move(error));
  }
  return schedule;
}

Result<void> Schedule::ParseEvery(std::string_view rest) {
  rest = TrimAscii(rest);
  size_t digits = 0;
  while (digits < rest.size() && IsAsciiDigit(rest[digits])) ++digits;
  const std::optional<uint64_t> count = digits == 0 ? 1 : ParseUint(rest.substr(0, digits));
  const std::string_view unit = TrimAscii(rest.substr(digits));
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {
      {"s", 1},       {"second", 1}, {"m", 60},      {"min", 60},   {"minute", 60},  {"h", 3600},
      {"hour", 3600}, {"d", 86400},  {"day", 86400}, {"w", 604800}, {"week", 604800}};
  int64_t unit_seconds = 0;
  for (const auto& [name, length] : kUnits) {
    if (unit == name || (name.size() > 1 && unit.size() == name.size() + 1 && unit.back() == 's' &&
                         unit.substr(0, name.size()) == name)) {
      unit_seconds = length;
    }
  }
  constexpr uint64_t kMostSeconds = 366ull * 86400;
  if (unit_seconds == 0 || !count || *count == 0 ||
      *count > kMostSeconds / static_cast<uint64_t>(unit_seconds)) {
    return Fail(ErrorKind::kInvalidConfig,
                "after 'every' comes a number and a unit (s, m, h, d or w), together at most 366 days, as in "
                "'every 6h'");
  }
  every_ = true;
  interval_ = seconds(static_cast<int64_t>(*count) * unit_seconds);
  return {};
}

Result<void> Schedule::ParseCron(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  if (words.size() != 5) {
    return Fail(ErrorKind::kInvalidConfig,
                "neither 'every 6h', '@hourly', '@daily', '@weekly', '@monthly' nor cron's five fields "
                "(minute, hour, day of "
                "month, month, day of week): " +
                    std::to_string(words.size()) + " found");
  }
  std::array<uint64_t, 5> masks{};
  for (size_t i = 0; i < masks.size(); ++i) {
    FZ_ASSIGN(masks[i], ParseField(kFields[i], words[i]));
  }
  minutes_ = masks[0];
  hours_ = static_cast<uint32_t>(masks[1]);
  days_ = static_cast<uint32_t>(masks[2]);
  months_ = static_cast<uint32_t>(masks[3]);
  weekdays_ = static_cast<uint32_t>(masks[4]);
  if ((weekdays_ & 1u << 7) != 0) weekdays_ |= 1;  // Sunday is 0 and 7
  // As in cron, a field that begins with '*' does not restrict, "*/2" included: then both must fit.
  day_restricted_ = words[2].front() != '*';
  weekday_restricted_ = words[4].front() != '*';
  if (day_restricted_ && weekday_restricted_) return {};
  for (int month = 1; month <= 12; ++month) {
    for (int day = 1; day <= kMostDays[month - 1]; ++day) {
      if ((months_ >> month & 1) != 0 && (days_ >> day & 1) != 0) return {};
    }
  }
  return Fail(ErrorKind::kInvalidConfig, "day of month: none of the months has such a day");
}

bool Schedule::IsOnDay(int month, int day, int weekday) const {
  if ((months_ >> month & 1) == 0) return false;
  const bool day_fits = (days_ >> day & 1) != 0;
  const bool weekday_fits = (weekdays_ >> weekday & 1) != 0;
  return day_restricted_ && weekday_restricted_ ? day_fits || weekday_fits : day_fits && weekday_fits;
}

UtcTime Schedule::NextAfter(UtcTime after) const {
  after = Clamp(after);
  const Zone zone(zone_);
  const LocalSeconds local = zone.ToLocal(after);
  if (every_) {
    // Around a clock change the nearest multiples can lie before `after`; an hour and a day hold all such.
    auto count = std::chrono::floor<seconds>(local).count() / interval_.count() - (local.count() < 0 ? 1 : 0);
    for (;; ++count) {
      const LocalSeconds due = interval_ * count;
      if (due <= local) continue;
      const UtcTime time = zone.ToUtc(due).front();
      if (time > after) return time;
    }
  }
  const days first_day = std::chrono::floor<days>(local);
  for (int i = 0; i < kSearchDays; ++i) {
    const days day = first_day + days(i);
    const std::chrono::sys_days calendar_day{day};
    const std::chrono::year_month_day date{calendar_day};
    if (!IsOnDay(static_cast<int>(static_cast<unsigned>(date.month())),
                 static_cast<int>(static_cast<unsigned>(date.day())),
                 static_cast<int>(std::chrono::weekday(calendar_day).c_encoding()))) {
      continue;
    }
    for (int hour = 0; hour < 24; ++hour) {
      if ((hours_ >> hour & 1) == 0 || day + hours(hour + 1) <= local) continue;
      for (int minute = 0; minute < 60; ++minute) {
        const LocalSeconds due = day + hours(hour) + minutes(minute);
        if ((minutes_ >> minute & 1) == 0 || due <= local) continue;
        const UtcTime time = zone.ToUtc(due).front();
        if (time > after) return time;
      }
    }
  }
  return kLatest;
}

Result<TimeWindow> TimeWindow::Parse(std::string_view text, std::string_view time_zone) {
  if (!IsTimeZone(time_zone)) return BadZone<TimeWindow>(time_zone);
  TimeWindow window;
  window.zone_ = std::string(time_zone);
  if (TrimAscii(text).empty()) return window;
  for (std::string_view part : Split(text, ',')) {
    const size_t dash = part.find('-');
    const std::optional<int> begin = ParseClock(part.substr(0, dash));
    const std::optional<int> end =
        dash == std::string_view::npos ? std::nullopt : ParseClock(part.substr(dash + 1));
    if (!begin || !end || *begin == *end || *begin == 24 * 60) {
      return Fail(ErrorKind::kInvalidConfig,
                  "'" + std::string(TrimAscii(part)) +
                      "' is no window; expected two different times as in 22:00-06:00",
                  std::string(text));
    }
    window.spans_.push_back({*begin, *end});
  }
  return window;
}

bool TimeWindow::Contains(UtcTime time) const {
  if (spans_.empty()) return true;
  const LocalSeconds local = Zone(zone_).ToLocal(Clamp(time));
  const auto minute = std::chrono::duration_cast<minutes>(local - std::chrono::floor<days>(local)).count();
  return std::any_of(spans_.begin(), spans_.end(), [minute](const Span& span) {
    if (span.begin_minute < span.end_minute) return minute >= span.begin_minute && minute < span.end_minute;
    return minute >= span.begin_minute || minute < span.end_minute;  // over midnight
  });
}

UtcTime TimeWindow::NextOpening(UtcTime time) const {
  if (Contains(time)) return time;
  const Zone zone(zone_);
  const days today = std::chrono::floor<days>(zone.ToLocal(Clamp(time)));
  UtcTime next = kLatest;
  for (int day = 0; day <= 3; ++day) {  // a clock change can swallow one day's opening
    for (const Span& span : spans_) {
      for (const UtcTime opening : zone.ToUtc(today + days(day) + minutes(span.begin_minute))) {
        if (opening > time && opening < next && Contains(opening)) next = opening;
      }
    }
  }
  return next;
}

}  // namespace fangzhi::schedule
