#include "html/references.h"

#include "base/strings.h"
#include "html/stand_ins.h"
#include "text/text.h"

namespace fangzhi::html {
namespace {

// References that end in a semicolon and that every page knows. Of the others, and of those without a semicolon, Gumbo knows.
std::optional<char32_t> NamedCharacter(std::string_view name) {
  struct Named {
    std::string_view name;
    char32_t character;
  };
  static constexpr Named kNamed[] = {
      {"nbsp", 0xA0},    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"copy", 0xA9},    {"middot", 0xB7}, {"ldquo", 0x201C},
      {"rdquo", 0x201D}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013}, {"bull", 0x2022}, {"raquo", 0xBB},
      {"laquo", 0xAB},   {"times", 0xD7},   {"ensp", 0x2002},  {"emsp", 0x2003},  {"reg", 0xAE},     {"deg", 0xB0},     {"yen", 0xA5},
  };
  for (const Named& named : kNamed) {
    if (named.name == name) return named.character;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ResolveReferences(std::string_view text, bool in_attribute) {
  std::string built;
  size_t at = text.find('&');
  size_t copied = 0;
  for (; at != std::string_view::npos; at = text.find('&', at)) {
    size_t end = at + 1;
    char32_t character = 0;
    if (end < text.size() && text[end] == '#') {
      ++end;
      const bool hex = end < text.size() && ToAsciiLower(text[end]) == 'x';
      if (hex) ++end;
      const size_t digits = end;
      for (; end < text.size() && end - digits <= 6; ++end) {
        const char c = ToAsciiLower(text[end]);
        const bool letter = hex && c >= 'a' && c <= 'f';
        if (!IsAsciiDigit(c) && !letter) break;
        character = character * (hex ? 16 : 10) + static_cast<char32_t>(letter ? c - 'a' + 10 : c - '0');
      }
      // Gumbo puts other characters for some, and takes a reference without semicolon.
      if (end == digits || end - digits > 6 || end == text.size() || text[end] != ';') return std::nullopt;
      if (character < 0x20 || (character >= 0x7F && character < 0xA0) || (character >= 0xD800 && character < 0xE000) || (character >= 0xFDD0 && character < 0xFDF0) ||
          character >= 0xFFFE) {
        return std::nullopt;
      }
    } else {
      while (end < text.size() && (IsAsciiAlpha(text[end]) || IsAsciiDigit(text[end]))) ++end;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      if (name.empty() || (in_attribute && end < text.size() && text[end] == '=' && IsAsciiAlpha(name.front()))) {
        // Stands for itself: "?a=1&b=2".
        at = end;
        continue;
      }
      if (end == text.size() || text[end] != ';') return std::nullopt;
      const std::optional<char32_t> named = NamedCharacter(name);
      if (!named) return std::nullopt;
      character = *named;
    }
    AppendNormalised(text.substr(copied, at - copied), built);
    text::AppendUtf8(built, character);
    at = copied = end + 1;
  }
  AppendNormalised(text.substr(copied), built);
  return built;
}

bool HasForbidden(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 ? !IsAsciiSpace(text[i]) : byte == 0x7F) return true;
    if (byte < 0x80) continue;
    const auto next = [&](size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u; };
    if (byte == 0xC2 && next(1) < 0xA0) return true;
    if (byte == 0xEF && (next(1) == 0xB7 || (next(1) == 0xBF && next(2) >= 0xBE))) return true;
    if (byte >= 0xF0 && next(2) == 0xBF && next(3) >= 0xBE) return true;
  }
  return false;
}

}  // namespace fangzhi::html
