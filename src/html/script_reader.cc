#include "html/script_reader.h"

#include <algorithm>

#include "text/text.h"

namespace fangzhi::html {
namespace {

// The hexadecimal digits at the reader's place as a number; nullopt where one of them is none.
std::optional<char32_t> Digits(ScriptReader& reader, size_t count) {
  if (reader.script.size() - reader.at < count) return std::nullopt;
  char32_t code = 0;
  for (size_t i = 0; i < count; ++i) {
    const char digit = ToAsciiLower(reader.script[reader.at + i]);
    if (!IsAsciiDigit(digit) && (digit < 'a' || digit > 'f')) return std::nullopt;
    code = code << 4 | static_cast<char32_t>(IsAsciiDigit(digit) ? digit - '0' : digit - 'a' + 10);
  }
  reader.at += count;
  return code;
}

// What stands behind a backslash.
bool Escape(ScriptReader& reader, std::string& text) {
  if (reader.done()) return false;
  const char c = reader.script[reader.at++];
  if (c == 'n' || c == 't' || c == 'r') {
    text.push_back(' ');
  } else if (c == 'u' || c == 'x') {
    const auto unit = Digits(reader, c == 'u' ? 4 : 2);
    if (!unit) return false;
    char32_t code = *unit;
    if (code >= 0xD800 && code < 0xDC00 && reader.script.substr(reader.at, 2) == "\\u") {
      reader.at += 2;
      const auto low = Digits(reader, 4);
      if (!low) return false;
      code = *low >= 0xDC00 && *low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (*low - 0xDC00) : text::kReplacement;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = text::kReplacement;
    }
    text::AppendUtf8(text, code);
  } else if (c != '\n') {
    text.push_back(c);
  }
  return true;
}

}  // namespace

void ScriptReader::SkipBlanks() {
  while (at < script.size()) {
    if (IsAsciiSpace(script[at])) {
      ++at;
    } else if (script.compare(at, 2, "//") == 0) {
      at = std::min(script.find('\n', at), script.size());
    } else if (script.compare(at, 2, "/*") == 0) {
      const size_t end = script.find("*/", at + 2);
      at = end == std::string_view::npos ? script.size() : end + 2;
    } else {
      return;
    }
  }
}

bool ScriptReader::Take(std::string_view sign) {
  SkipBlanks();
  if (done() || script.compare(at, sign.size(), sign) != 0) return false;
  at += sign.size();
  return true;
}

std::string_view ScriptReader::Name() {
  const size_t begin = at;
  if (IsScriptNameStart(peek())) {
    while (at < script.size() && IsScriptNamePart(script[at])) ++at;
  }
  return script.substr(std::min(begin, script.size()), at - begin);
}

std::string_view ScriptReader::Number() {
  const size_t begin = at, digits = at + (peek() == '-' ? 1 : 0);
  if (digits >= script.size() || !IsAsciiDigit(script[digits])) return {};
  at = digits;
  while (at < script.size() && (IsScriptNamePart(script[at]) || script[at] == '.')) ++at;
  return script.substr(begin, at - begin);
}

std::optional<std::string> ScriptReader::String(size_t longest) {
  if (!at_string()) return std::nullopt;
  const char quote = script[at++];
  std::string text;
  bool good = true;
  while (true) {
    size_t end = at;
    while (end < script.size() && script[end] != quote && script[end] != '\\' && (script[end] != '\n' || quote == '`')) ++end;
    if (good) text.append(script.substr(at, std::min(end - at, longest < SIZE_MAX ? longest + 1 : longest)));
    good = good && text.size() <= longest;
    at = end;
    if (done() || script[at] == '\n') return std::nullopt;
    if (script[at++] == quote) return good ? std::optional(std::move(text)) : std::nullopt;
    good = Escape(*this, text) && good;
  }
}

void ScriptReader::SkipBalanced() {
  int depth = 0;
  while (SkipBlanks(), at < script.size()) {
    if (at_string()) {
      String();
      continue;
    }
    const char c = script[at++];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && --depth <= 0) return;
  }
}

}  // namespace fangzhi::html
