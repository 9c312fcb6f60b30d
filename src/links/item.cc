#include "links/item.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/strings.h"

namespace fangzhi::links {
namespace {

// A list item is small. What is larger is the list, or the page.
constexpr html::NodeIndex kMaxItemNodes = 90;
constexpr size_t kMaxItemLinks = 4;
constexpr int kMaxLevels = 6;

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

bool TakeSeparator(std::string_view text, size_t& at, std::string_view character) {
  for (const std::string_view separator : {std::string_view("-"), std::string_view("/"), std::string_view("."), character}) {
    if (text.substr(at, separator.size()) == separator) {
      at += separator.size();
      return true;
    }
  }
  return false;
}

bool Exists(int year, int month, int day) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= (month == 2 && !leap ? 28 : kDays[static_cast<size_t>(month) - 1]);
}

std::string Format(int year, int month, int day) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
  return buffer;
}

// Year and month, and the day where it is there (else 0). `at` is at the year's first digit.
bool ReadYearMonth(std::string_view text, size_t at, int& year, int& month, int& day) {
  day = 0;
  if (!ReadNumber(text, at, 4, 4, year) || !TakeSeparator(text, at, "年")) return false;
  while (at < text.size() && text[at] == ' ') ++at;
  if (!ReadNumber(text, at, 1, 2, month)) return false;
  if (!TakeSeparator(text, at, "月")) return month >= 1 && month <= 12;
  while (at < text.size() && text[at] == ' ') ++at;
  if (!ReadNumber(text, at, 1, 2, day)) day = 0;
  return month >= 1 && month <= 12;
}

}  // namespace

std::string DateIn(std::string_view text) {
  for (size_t at = 0; at + 8 <= text.size(); ++at) {
    const bool starts = (text[at] == '1' || text[at] == '2') && (at == 0 || !IsAsciiDigit(text[at - 1]));
    if (!starts) continue;
    int year, month, day;
    if (ReadYearMonth(text, at, year, month, day) && Exists(year, month, day)) return Format(year, month, day);
  }
  return {};
}

std::string ItemReader::ReadDate(html::NodeIndex item) const {
  const std::span<const html::Node> nodes = document_.nodes();
  static const uint16_t a = html::Tag("a"), script = html::Tag("script"), style = html::Tag("style");
  size_t links = 0;
  std::string_view last_href;
  std::string found;
  int year = 0, month = 0, lone_day = 0;
  for (html::NodeIndex i = item; i < nodes[item].end;) {
    const html::Node& node = nodes[i];
    if (node.type == html::NodeType::kElement) {
      if (node.tag == script || node.tag == style) {
        i = node.end;
        continue;
      }
      if (node.tag == a) {
        const std::string_view href = document_.attribute(i, "href").value_or("");
        if (href != last_href && ++links > kMaxItemLinks) return {};
        last_href = href;
      }
    } else if (node.type == html::NodeType::kText && node.text.size() <= 400 && found.empty()) {
      const std::string_view text = TrimAscii(node.text);
      found = DateIn(text);
      // A calendar leaf: the day in one element, year and month in another.
      int day = 0;
      size_t at = 0;
      if (text.size() <= 2 && ReadNumber(text, at, 1, 2, day) && at == text.size()) {
        lone_day = day;
      } else if (text.size() >= 6 && text.size() <= 11 && ReadYearMonth(text, 0, year, month, day) && day != 0) {
        year = 0;
      }
    }
    ++i;
  }
  if (found.empty() && year != 0 && Exists(year, month, lone_day)) return Format(year, month, lone_day);
  return found;
}

const std::string& ItemReader::DateAround(html::NodeIndex node) {
  const std::span<const html::Node> nodes = document_.nodes();
  static const std::array<uint16_t, 8> kItems = {html::Tag("li"),   html::Tag("tr"), html::Tag("dd"), html::Tag("dl"),
                                                 html::Tag("body"), html::Tag("ul"), html::Tag("ol"), html::Tag("table")};
  html::NodeIndex at = node;
  for (int level = 0; level < kMaxLevels && at != html::kNone; ++level) {
    if (nodes[at].end - at > kMaxItemNodes) break;
    auto [entry, added] = dates_.try_emplace(at);
    if (added) entry->second = ReadDate(at);
    if (!entry->second.empty()) return entry->second;
    if (std::find(kItems.begin(), kItems.end(), nodes[at].tag) != kItems.end()) break;
    at = nodes[at].parent;
  }
  return none_;
}

bool ItemReader::InNavigation(html::NodeIndex node) {
  const std::span<const html::Node> nodes = document_.nodes();
  static const uint16_t nav = html::Tag("nav"), header = html::Tag("header"), footer = html::Tag("footer");
  html::NodeIndex at = node;
  bool result = false;
  std::vector<html::NodeIndex> asked;
  while (at != html::kNone) {
    if (const auto known = navigation_.find(at); known != navigation_.end()) {
      result = known->second;
      break;
    }
    asked.push_back(at);
    const html::Node& element = nodes[at];
    if (element.type == html::NodeType::kElement) {
      if (element.tag == nav || element.tag == header || element.tag == footer) result = true;
      for (const html::Attribute& attribute : document_.attributes(element)) {
        if (result || (attribute.name != "class" && attribute.name != "id")) continue;
        for (const std::string_view mark : {std::string_view("nav"), std::string_view("menu"), std::string_view("foot"),
                                            std::string_view("breadcrumb"), std::string_view("crumb")}) {
          if (FindIgnoreAsciiCase(attribute.value.substr(0, 200), mark) != std::string_view::npos) result = true;
        }
      }
      if (result) break;
    }
    at = element.parent;
  }
  for (const html::NodeIndex index : asked) navigation_[index] = result;
  return result;
}

}  // namespace fangzhi::links
