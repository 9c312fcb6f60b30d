#include "store/json_text.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace fangzhi::store {
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

void AppendJson(std::string& out, const model::Json& json) {
  if (json.is_string()) {
    AppendJsonString(out, json.get_ref<const std::string&>());
  } else if (json.is_object()) {
    out.push_back('{');
    bool first = true;
    for (auto it = json.begin(); it != json.end(); ++it) {
      if (!first) out.push_back(',');
      first = false;
      AppendJsonString(out, it.key());
      out.push_back(':');
      AppendJson(out, it.value());
    }
    out.push_back('}');
  } else if (json.is_array()) {
    out.push_back('[');
    bool first = true;
    for (const model::Json& item : json) {
      if (!first) out.push_back(',');
      first = false;
      AppendJson(out, item);
    }
    out.push_back(']');
  } else {
    out += model::Dump(json);
  }
}

}  // namespace fangzhi::store
