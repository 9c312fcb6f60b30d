// The answers of counters, read without running any script.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "extract/extract.h"
#include "model/json.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

constexpr size_t kLongestAnswer = 64 * 1024;

constexpr int64_t kLargest = 9'999'999'999;
constexpr char kTenThousand = '\x01';  // 万, in a text that Plain gave

// Full-width digits, commas and points as ASCII, and 万 as one sign: in UTF-8, as \\u escapes, and in GBK where the text is no UTF-8.
std::string Plain(std::string_view body) {
  struct Writing {
    std::string_view written;
    char plain;
  };
  static constexpr Writing kUtf8[] = {{"万", kTenThousand}, {"萬", kTenThousand}, {"，", ','}, {"．", '.'}, {"\\u4e07", kTenThousand}, {"\\u4E07", kTenThousand},
                                      {"\\u842c", kTenThousand}, {"\\u842C", kTenThousand}};
  static constexpr Writing kGbk[] = {{"\xCD\xF2", kTenThousand}, {"\xC8\x66", kTenThousand}, {"\xA3\xAC", ','}, {"\xA3\xAE", '.'}};
  const bool utf8 = text::IsValidUtf8(body);
  std::string plain;
  plain.reserve(body.size());
  const auto take = [&](std::span<const Writing> writings, size_t& at) {
    for (const Writing& writing : writings) {
      if (body.compare(at, writing.written.size(), writing.written) != 0) continue;
      plain.push_back(writing.plain);
      at += writing.written.size();
      return true;
    }
    return false;
  };
  for (size_t at = 0; at < body.size();) {
    const std::string_view rest = body.substr(at);
    const auto digit = [&](std::string_view before, char first) {
      if (!rest.starts_with(before) || rest.size() <= before.size()) return false;
      const int value = static_cast<unsigned char>(rest[before.size()]) - static_cast<unsigned char>(first);
      if (value < 0 || value > 9) return false;
      plain.push_back(static_cast<char>('0' + value));
      at += before.size() + 1;
      return true;
    };
    if (static_cast<unsigned char>(body[at]) < 0x80 && body[at] != '\\') {
      if (body[at] != kTenThousand) plain.push_back(body[at]);
      ++at;
    } else if (utf8 ? digit("\xEF\xBC", '\x90') || digit("\\uff1", '0') || digit("\\uFF1", '0') || take(kUtf8, at) : digit("\xA3", '\xB0') || take(kGbk, at)) {
      continue;
    } else {
      // Of GBK both bytes of a character, so that none begins in the middle of another.
      const size_t length = !utf8 && static_cast<unsigned char>(body[at]) >= 0x80 && at + 1 < body.size() ? 2 : 1;
      plain.append(body.substr(at, length));
      at += length;
    }
  }
  return plain;
}

// The number that begins here, behind blanks and quotes: 1234, 1,234, 1.2 万. nullopt where it is none, is part of something else (12px, 1.5) or too large.
std::optional<int64_t> NumberAt(std::string_view text) {
  size_t at = 0;
  while (at < text.size() &&
         (IsAsciiSpace(text[at]) || text[at] == '"' || text[at] == '\'' || text[at] == '\\'))
    ++at;
  int64_t value = 0;
  int digits = 0;
  for (; at < text.size(); ++at) {
    if (IsAsciiDigit(text[at])) {
      if (++digits > 10) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    } else if (text[at] != ',' || digits == 0 || at + 3 >= text.size() || !IsAsciiDigit(text[at + 1]) ||
               !IsAsciiDigit(text[at + 2]) || !IsAsciiDigit(text[at + 3]) ||
               (at + 4 < text.size() && IsAsciiDigit(text[at + 4]))) {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  int64_t unit = 10'000;  // of the last digit, where 万 follows
  size_t end = at;
  if (end < text.size() && text[end] == '.') {
    for (++end; end < text.size() && IsAsciiDigit(text[end]) && unit > 1 && digits < 10; ++end, ++digits) {
      value = value * 10 + (text[end] - '0');
      unit /= 10;
    }
  }
  size_t sign = end;
  while (sign < text.size() && text[sign] == ' ') ++sign;
  if (sign < text.size() && text[sign] == kTenThousand) return value <= kLargest / unit ? std::optional(value * unit) : std::nullopt;
  if (end > at + 1) return std::nullopt;
  if (at < text.size() && (IsAsciiAlpha(text[at]) || text[at] == '-')) return std::nullopt;
  return value;
}

// The number of an answer that Plain has read.
std::optional<int64_t> NumberOf(std::string_view body, std::string_view counter_kind) {
  body = TrimAscii(body);
  if (body.empty()) return std::nullopt;
  const bool sudy = counter_kind == "sudy";
  const auto answer = [&](std::optional<int64_t> value) -> std::optional<int64_t> {
    if (!value) return std::nullopt;
    if (sudy && *value == 0) return std::nullopt;  // the vendor's own script takes 0 for "no data"
    // ViewClick prints one more than is stored, also when it does not count (DOMAIN, counters).
    if (counter_kind == "empirecms" && *value > 0) return *value - 1;
    return value;
  };
  const auto all_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789,. \t\r\n\x01") == std::string_view::npos &&
           IsAsciiDigit(text[0]);
  };
  // Bare number, JSON string of a number.
  std::string_view bare = body;
  if (bare.size() >= 2 && (bare.front() == '"' || bare.front() == '\'') && bare.back() == bare.front())
    bare = TrimAscii(bare.substr(1, bare.size() - 2));
  if (all_number(bare)) return answer(NumberAt(bare));
  // JSONP: callback(123), callback({"hits":123});
  if (IsAsciiAlpha(body.front()) || body.front() == '_' || body.front() == '$') {
    size_t name = 0;
    while (name < body.size() && (IsAsciiAlpha(body[name]) || IsAsciiDigit(body[name]) || body[name] == '_' || body[name] == '$' || body[name] == '.')) ++name;
    std::string_view inner = name < body.size() && body[name] == '(' ? body.substr(name + 1) : std::string_view();
    while (!inner.empty() && (inner.back() == ';' || IsAsciiSpace(inner.back()))) inner.remove_suffix(1);
    const bool writes = body.substr(0, name) == "document.write" || body.substr(0, name) == "document.writeln" || body.substr(0, name) == "$";
    if (!writes && !inner.empty() && inner.back() == ')') {
      inner.remove_suffix(1);
      inner = TrimAscii(inner);
      if (!inner.empty() && inner.size() < body.size() && (inner.front() == '{' || inner.front() == '[' || all_number(inner)))
        return NumberOf(inner, counter_kind);
    }
  }
  // JSON array: views first.
  if (body.front() == '[') return answer(NumberAt(body.substr(1, body.find(',') - 1)));
  if (body.front() == '{') {
    static constexpr std::string_view kKeys[] = {
        "\"wbshowtimes\"", "\"value\"", "\"hits\"",       "\"views\"",      "\"clicks\"",
        "\"click\"",       "\"count\"", "\"visitCount\"", "\"visitcount\"", "\"viewCount\"",
        "\"num\"",         "\"data\"",  "\"total\""};
    for (const std::string_view key : kKeys) {
      for (size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
        std::string_view rest = TrimAscii(body.substr(at + key.size()));
        if (rest.empty() || rest[0] != ':') continue;
        if (const auto value = NumberAt(rest.substr(1))) return answer(value);
      }
    }
    return std::nullopt;
  }
  // Downloads of today and of the week stand before the count of what is not downloaded.
  if (const size_t at = body.find("#hits"); at != std::string_view::npos) {
    for (const std::string_view call : {".html(", ".text("}) {
      const size_t place = body.find(call, at);
      if (place == std::string_view::npos || place - at > 12) continue;
      if (const auto value = NumberAt(body.substr(place + call.size()))) return answer(value);
    }
  }
  // Several numbers at once (EmpireCMS's ViewMore.php): the views among them.
  if (const size_t at = body.find("onclickshowdiv"); at != std::string_view::npos) {
    const size_t equals = body.find("innerHTML=", at);
    return equals != std::string_view::npos && equals - at < 24 ? answer(NumberAt(body.substr(equals + 10))) : std::nullopt;
  }
  // $hits="5"; document.write($hits)
  for (const std::string_view call : {std::string_view("document.write"), std::string_view(".html("),
                                      std::string_view(".text("), std::string_view("innerHTML")}) {
    for (size_t at = body.find(call); at != std::string_view::npos; at = body.find(call, at + 1)) {
      std::string_view rest = body.substr(at + call.size());
      while (!rest.empty() &&
             (IsAsciiSpace(rest[0]) || rest[0] == '(' || rest[0] == '=' || rest.starts_with("ln")))
        rest.remove_prefix(rest.starts_with("ln") ? 2 : 1);
      if (const auto value = NumberAt(rest)) return answer(value);
    }
  }
  if (const size_t at = body.find("hits"); at != std::string_view::npos) {
    std::string_view rest = TrimAscii(body.substr(at + 4));
    if (!rest.empty() && rest[0] == '=') return answer(NumberAt(rest.substr(1)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> ParseCounterAnswer(std::string_view body, std::string_view counter_kind) {
  if (body.size() > kLongestAnswer) return std::nullopt;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  return NumberOf(Plain(body), counter_kind);
}

namespace {

// [{"articleId":290690,"count":12}, …] (Sudy): each number says whose it is; an article without one has none.
std::vector<std::optional<int64_t>> NumbersByName(std::string_view body, const std::vector<std::string>& ids) {
  const auto json = model::ParseJson(body);
  if (!json || !json->is_array()) return {};
  std::vector<std::optional<int64_t>> values(ids.size());
  const auto whole = [](const model::Json& object, const char* name) -> std::optional<int64_t> {
    const auto member = object.find(name);
    if (member == object.end()) return std::nullopt;
    if (member->is_number_integer()) return member->get<int64_t>();
    const auto number = member->is_string() ? ParseUint(TrimAscii(member->get_ref<const std::string&>())) : std::nullopt;
    return number && *number <= kLargest ? std::optional<int64_t>(static_cast<int64_t>(*number)) : std::nullopt;
  };
  for (const model::Json& entry : *json) {
    if (!entry.is_object()) continue;
    const auto id = whole(entry, "articleId"), count = whole(entry, "count");
    if (!id || !count || *count < 0 || *count > kLargest) continue;
    const auto place = std::find(ids.begin(), ids.end(), std::to_string(*id));
    if (place != ids.end() && *count != 0) values[static_cast<size_t>(place - ids.begin())] = count;  // 0 is "no data", as for one
  }
  return values;
}

}  // namespace

std::vector<std::optional<int64_t>> ParseCounterBatch(std::string_view body, std::string_view counter_kind, const std::vector<std::string>& ids) {
  if (body.size() > kLongestAnswer) return {};
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body = TrimAscii(body);
  if (counter_kind == "sudy") return NumbersByName(body, ids);
  std::vector<std::optional<int64_t>> values;
  for (const std::string_view part : Split(body, ',')) {
    const std::string_view number = TrimAscii(part);
    const auto value = ParseUint(number);
    values.push_back(value && number.size() <= 10 ? std::optional<int64_t>(static_cast<int64_t>(*value)) : std::nullopt);
    if (values.size() > ids.size()) break;
  }
  // Another number of numbers than was asked for belongs to nobody knows whom.
  if (values.size() != ids.size()) values.clear();
  return values;
}

}  // namespace fangzhi::extract
