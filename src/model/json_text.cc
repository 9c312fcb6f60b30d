#include "model/json_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace fangzhi::model {
namespace {

constexpr std::array<bool, 256> MustBeEscaped() {
  std::array<bool, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = true;
  return table;
}
constexpr std::array<bool, 256> kMustBeEscaped = MustBeEscaped();

// Whether one of eight bytes must be: hardly any of a text, which is looked through by its words.
bool AnyMustBeEscaped(const char* text) {
  constexpr uint64_t kEach = 0x0101010101010101, kHighest = 0x8080808080808080;
  uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  const auto below = [](uint64_t word, uint64_t n) { return (word - kEach * n) & ~word; };  // highest bits of bytes below n, and of none where there is none
  return ((below(bytes, 0x20) | below(bytes ^ kEach * '"', 1) | below(bytes ^ kEach * '\\', 1)) & kHighest) != 0;
}

void AppendEscape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  size_t run = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    while (i + 8 <= text.size() && !AnyMustBeEscaped(text.data() + i)) i += 8;
    if (i == text.size()) break;
    if (!kMustBeEscaped[static_cast<unsigned char>(text[i])]) continue;
    out.append(text.substr(run, i - run));
    AppendEscape(out, text[i]);
    run = i + 1;
  }
  out.append(text.substr(run));
  out.push_back('"');
}

void AppendJsonNumber(std::string& out, double number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return void(out += "null");  // 24 characters are the most that the shortest form takes
  const std::string_view written(text.data(), static_cast<size_t>(end - text.data()));
  out += written;
  if (written.find_first_not_of("-0123456789") == std::string_view::npos) out += ".0";  // a number of this kind when it is read again
}

}  // namespace fangzhi::model
