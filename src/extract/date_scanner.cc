#include "extract/date_scanner.h"

#include <optional>
#include <string>

#include "text/text.h"

namespace fangzhi::extract {

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

}  // namespace fangzhi::extract
