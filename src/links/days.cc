#include "links/days.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

constexpr size_t kMaxPieceBytes = 400;
constexpr size_t kMaxDayBytes = 48;

// Reads a number of at most `digits` digits.
bool ReadNumber(std::string_view text, size_t& at, size_t min_digits, size_t max_digits, int& value) {
  const size_t begin = at;
  value = 0;
  while (at < text.size() && IsAsciiDigit(text[at])) {
    if (at - begin == max_digits) return false;
    value = value * 10 + (text[at] - '0');
    ++at;
  }
  return at - begin >= min_digits;
}

// '-', '/', '.' or the character; says whether it was a sign.
bool TakeSeparator(std::string_view text, size_t& at, std::string_view character, bool& sign) {
  if (at < text.size() && (text[at] == '-' || text[at] == '/' || text[at] == '.')) {
    sign = true;
    ++at;
    return true;
  }
  sign = false;
  if (text.substr(at, character.size()) != character) return false;
  at += character.size();
  return true;
}

void SkipSpace(std::string_view text, size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
}

bool Exists(int year, int month, int day) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= (month == 2 && !leap ? 28 : kDays[static_cast<size_t>(month) - 1]);
}

// Most texts of a page have no digit, and so no day.
bool MayHaveDay(std::string_view text, size_t most) {
  return text.size() <= most && std::any_of(text.begin(), text.end(), [](char c) { return IsAsciiDigit(c); });
}

// Brackets, colons and the like around a day, and spaces of any kind.
std::string_view Bare(std::string_view text) {
  const auto plain = [](char c) { return IsAsciiDigit(c) || IsAsciiAlpha(c); };
  static constexpr std::array<std::string_view, 19> kSigns = {"[", "]", "(", ")", "【", "】", "（", "）", "〔", "〕", "：", ":", "|",
                                                              " ", "\t", "\n", "\r", "\u3000", "\u00a0"};
  for (bool more = true; more && !text.empty() && !(plain(text.front()) && plain(text.back()));) {
    more = false;
    for (const std::string_view sign : kSigns) {
      if (text.starts_with(sign)) {
        text.remove_prefix(sign.size());
        more = true;
      }
      if (text.ends_with(sign)) {
        text.remove_suffix(sign.size());
        more = true;
      }
    }
  }
  return text;
}

// "08:18", "08:18:05": what may follow a day.
bool IsTime(std::string_view text) {
  if (text.size() < 4 || text.size() > 8) return false;
  for (const char c : text) {
    if (!IsAsciiDigit(c) && c != ':') return false;
  }
  return text.find(':') != std::string_view::npos;
}

// A text of at most a few characters that is one part of a day.
struct Part {
  int year = 0, month = 0, day = 0, lone_day = 0;
};

// A day of the Republic's calendar, year 1 of which is 1912: "112-11-20", "民國112年11月20日". Three digits are no other year; of two digits only a
// page of Taiwan's means that.
std::optional<Part> ReadRepublicDay(std::string_view text, bool republic_years) {
  for (const std::string_view era : {std::string_view("中華"), std::string_view("民國")}) {
    if (text.starts_with(era)) text.remove_prefix(era.size());
  }
  size_t at = 0;
  int year = 0, month = 0, day = 0;
  bool sign = false;
  if (!ReadNumber(text, at, 2, 3, year)) return std::nullopt;
  if (at == 2 ? !republic_years || year < 80 : year < 100 || year > 188) return std::nullopt;
  if (!TakeSeparator(text, at, "年", sign) || !ReadNumber(text, at, 1, 2, month)) return std::nullopt;
  if (!TakeSeparator(text, at, "月", sign) || !ReadNumber(text, at, 1, 2, day)) return std::nullopt;
  if (at != text.size() && text.substr(at) != "日") return std::nullopt;
  year += 1911;
  if (!Exists(year, month, day)) return std::nullopt;
  Part part;
  part.year = year;
  part.month = month;
  part.day = day;
  return part;
}

std::optional<Part> ReadPart(std::string_view text, bool republic_years) {
  text = Bare(text);
  if (text.size() <= 32) {
    if (auto part = ReadRepublicDay(text, republic_years)) return part;
  }
  if (text.empty() || text.size() > 16) return std::nullopt;
  Part part;
  size_t at = 0;
  int first = 0, second = 0;
  bool sign = false;
  if (ReadNumber(text, at, 4, 4, first) && first >= 1990 && first <= 2099) {
    if (at == text.size() || text.substr(at) == "年") {
      part.year = first;
      return part;
    }
    if (!TakeSeparator(text, at, "年", sign)) return std::nullopt;
    SkipSpace(text, at);
    if (!ReadNumber(text, at, 1, 2, second) || second < 1 || second > 12) return std::nullopt;
    if (at != text.size() && text.substr(at) != "月") return std::nullopt;
    part.year = first;
    part.month = second;
    return part;
  }
  at = 0;
  if (!ReadNumber(text, at, 1, 2, first)) return std::nullopt;
  if (at == text.size() || text.substr(at) == "日") {
    if (first < 1 || first > 31) return std::nullopt;
    part.lone_day = first;
    return part;
  }
  const size_t separator = at;
  if (!TakeSeparator(text, at, "月", sign)) return std::nullopt;
  SkipSpace(text, at);
  if (at == text.size() && !sign && first >= 1 && first <= 12) {  // 11月
    part.month = first;
    return part;
  }
  const size_t digits = at;
  if (!ReadNumber(text, at, 1, 2, second) || !Exists(2000, first, second)) return std::nullopt;
  // 1.5 is a number, 11.29 a day.
  if (text[separator] == '.' && (separator != 2 || at - digits != 2)) return std::nullopt;
  if (at != text.size() && text.substr(at) != "日") return std::nullopt;
  part.month = first;
  part.day = second;
  return part;
}

}  // namespace

std::optional<FoundDay> FindDay(std::string_view text, size_t from) {
  for (size_t begin = from; begin + 8 <= text.size(); ++begin) {
    const bool starts = (text[begin] == '1' || text[begin] == '2') && (begin == 0 || !IsAsciiDigit(text[begin - 1]));
    if (!starts) continue;
    FoundDay found;
    size_t at = begin;
    bool sign = false;
    if (!ReadNumber(text, at, 4, 4, found.year)) continue;
    SkipSpace(text, at);
    if (!TakeSeparator(text, at, "年", sign)) continue;
    found.signs = sign;
    SkipSpace(text, at);
    if (!ReadNumber(text, at, 1, 2, found.month)) continue;
    SkipSpace(text, at);
    if (!TakeSeparator(text, at, "月", sign)) continue;
    SkipSpace(text, at);
    if (!ReadNumber(text, at, 1, 2, found.day) || !Exists(found.year, found.month, found.day)) continue;
    if (text.substr(at, 3) == "日") at += 3;
    found.begin = begin;
    found.end = at;
    return found;
  }
  return std::nullopt;
}

std::string FormatDay(int year, int month, int day) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
  return buffer;
}

std::string DateIn(std::string_view text) {
  const auto found = FindDay(text);
  return found ? FormatDay(found->year, found->month, found->day) : std::string();
}

void DayScan::Piece(std::string_view text) {
  if (full_ || !MayHaveDay(text, kMaxPieceBytes)) return;
  full_ = FindDay(text);
  if (full_) return;
  const auto part = ReadPart(text, republic_years_);
  if (!part) return;
  if (year_ == 0) year_ = part->year;
  if (month_ == 0) {
    month_ = part->month;
    if (part->day != 0) day_ = part->day;
  }
  if (lone_day_ == 0) lone_day_ = part->lone_day;
  if (day_ == 0 && month_ != 0 && lone_day_ != 0) day_ = lone_day_;
}

std::string DayScan::Full() const {
  if (full_) return FormatDay(full_->year, full_->month, full_->day);
  if (year_ != 0 && Exists(year_, month_, day_)) return FormatDay(year_, month_, day_);
  return {};
}

bool DayScan::IsDayOnly(std::string_view text, bool republic_years) {
  if (!MayHaveDay(text, kMaxPieceBytes)) return false;
  text = Bare(text);
  if (text.size() > kMaxDayBytes) return false;
  if (const auto found = FindDay(text)) {
    const std::string_view rest = Bare(text.substr(found->end));
    return found->begin == 0 && (rest.empty() || IsTime(rest));
  }
  const auto part = ReadPart(text, republic_years);
  return part && (part->day != 0 || part->year != 0 || part->lone_day != 0);
}

std::string WithoutDay(std::string title, std::string* date) {
  if (!MayHaveDay(title, title.size())) return title;
  for (auto found = FindDay(title); found; found = FindDay(title, found->end)) {
    const std::string_view all = title;
    const std::string_view head = all.substr(0, found->begin), tail = all.substr(found->end);
    const std::string_view bare_tail = Bare(tail), bare_head = Bare(head);
    const bool bracket = head.ends_with("[") || head.ends_with("(") || head.ends_with("【") || head.ends_with("（") ||
                         head.ends_with("[ ") || head.ends_with("( ");
    if (!found->signs && !bracket) continue;
    const bool ends = bare_tail.empty() || IsTime(bare_tail);
    if (!ends && !bare_head.empty()) continue;
    if (date->empty()) *date = FormatDay(found->year, found->month, found->day);
    std::string_view rest = ends ? head : tail;
    if (!ends && tail.size() > 9 && IsTime(Bare(tail.substr(0, 9)))) rest = tail.substr(9);
    // Only the bracket that held the day goes; one of the title's own stays.
    if (ends) {
      rest = TrimAscii(rest);
      for (const std::string_view sign : {std::string_view("["), std::string_view("("), std::string_view("【"), std::string_view("（")}) {
        if (rest.ends_with(sign)) rest.remove_suffix(sign.size());
      }
    } else {
      rest = TrimAscii(rest);
      for (const std::string_view sign : {std::string_view("]"), std::string_view(")"), std::string_view("】"), std::string_view("）")}) {
        if (rest.starts_with(sign)) rest.remove_prefix(sign.size());
      }
    }
    std::string kept = text::Trim(rest);
    if (!kept.empty()) return kept;
    return title;
  }
  return title;
}

}  // namespace fangzhi::links
