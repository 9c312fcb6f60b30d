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

std::string WithoutComments(std::string_view script) {
  std::string out;
  out.reserve(script.size());
  size_t kept = 0;  // up to here it is in `out`, or left out
  char quote = 0;
  for (size_t at = 0; at < script.size(); ++at) {
    const char c = script[at];
    if (quote != 0) {
      if (c == '\\') {
        ++at;
      } else if (c == quote || (c == '\n' && quote != '`')) {
        quote = 0;
      }
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '/' && at + 1 < script.size()) {
      const bool line = script[at + 1] == '/' && (at == 0 || script[at - 1] != ':');
      if (!line && script[at + 1] != '*') continue;
      out.append(script.substr(kept, at - kept));
      const size_t close = line ? script.find('\n', at) : script.find("*/", at + 2);
      if (close == std::string_view::npos) return out;
      out.push_back(line ? '\n' : ' ');
      at = line ? close : close + 1;
      kept = at + 1;
    }
  }
  out.append(script.substr(kept));
  return out;
}

std::optional<std::string_view> ScriptArgument::array() const {
  if (kind != kOther || text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  return std::string_view(text).substr(1, text.size() - 2);
}

namespace {

constexpr size_t kMostArguments = 12;

// From behind a call's opening bracket.
std::vector<ScriptArgument> Arguments(ScriptReader& in) {
  std::vector<ScriptArgument> arguments;
  while (arguments.size() < kMostArguments) {
    in.SkipBlanks();
    if (in.done() || in.peek() == ')') break;
    ScriptArgument argument;
    if (in.peek() == '"' || in.peek() == '\'') {
      std::optional<std::string> text = in.String();
      if (!text) break;
      argument = {ScriptArgument::kText, std::move(*text)};
    }
    in.SkipBlanks();
    const size_t begin = in.at;
    while (in.SkipBlanks(), !in.done() && in.peek() != ',' && in.peek() != ')') {
      if (in.peek() == '(' || in.peek() == '[') {
        in.SkipBalanced();
      } else if (!in.at_string() || !in.String()) {
        ++in.at;
      }
    }
    const std::string_view rest = TrimAscii(in.script.substr(begin, in.at - begin));
    if (!rest.empty()) {
      // A literal with something after it is one part of a sum.
      const bool number = argument.kind == ScriptArgument::kOther && rest.size() <= 20 && ParseUint(rest).has_value();
      argument = {number ? ScriptArgument::kNumber : ScriptArgument::kOther, std::string(rest)};
    }
    arguments.push_back(std::move(argument));
    in.Take(",");
  }
  return arguments;
}

}  // namespace

std::optional<std::vector<ScriptArgument>> NextCall(std::string_view script, std::string_view function, size_t& at, size_t longest) {
  while ((at = script.find(function, at)) != std::string_view::npos) {
    const size_t name = at;
    at += function.size();
    if (name > 0 && IsScriptNamePart(script[name - 1])) continue;
    const std::string_view left = TrimAscii(script.substr(name > 16 ? name - 16 : 0, std::min<size_t>(name, 16)));
    if (left.ends_with("function")) continue;
    ScriptReader in{script.substr(0, std::min(script.size(), at + longest)), at};
    if (!in.Take("(")) continue;
    std::vector<ScriptArgument> arguments = Arguments(in);
    at = in.at;
    return arguments;
  }
  at = script.size();
  return std::nullopt;
}

std::optional<AssignedLiteral> FindAssigned(std::string_view script, std::string_view name, bool member) {
  // Bounds for scripts that are made to take long.
  constexpr int kMostPlaces = 64;
  constexpr size_t kLongestLiteral = 200, kLongestBlanks = 4096;
  if (name.empty() || !std::all_of(name.begin(), name.end(), IsScriptNamePart)) return std::nullopt;
  size_t at = 0;
  for (int places = 0; places < kMostPlaces && (at = script.find(name, at)) != std::string_view::npos; ++places) {
    const bool whole = at == 0 || (!IsScriptNamePart(script[at - 1]) && script[at - 1] != '.');
    at += name.size();
    ScriptReader in{script.substr(0, std::min(script.size(), at + kLongestBlanks)), at};
    if (!whole || IsScriptNamePart(in.peek()) || (!in.Take("=") && !(member && in.Take(":")))) continue;
    in.SkipBlanks();
    if (in.at_string()) {
      if (auto text = in.String(kLongestLiteral)) return AssignedLiteral{std::move(*text), true};
    } else if (const std::string_view digits = in.Number(); digits.size() <= 20 && ParseUint(digits)) {
      return AssignedLiteral{std::string(digits), false};
    }
  }
  return std::nullopt;
}

}  // namespace fangzhi::html
