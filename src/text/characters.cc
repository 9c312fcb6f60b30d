// Character classes, the normal forms used for comparison, and Chinese numerals.
#include "text/text.h"

namespace fangzhi::text {
namespace {

inline bool InRange(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Copies `text` without its white space; where a run of it separates two other characters, `separator` is put once.
// Bytes from `at` on that hold visible ASCII and well-formed characters of U+4000 to U+9FFF alone: no space is among them.
size_t PlainRun(std::string_view text, size_t at) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t begin = at;
  while (at < text.size()) {
    const unsigned char lead = byte(at);
    if (lead > 0x20 && lead < 0x7F) {
      ++at;
    } else if (lead >= 0xE4 && lead <= 0xE9 && text.size() - at >= 3 && (byte(at + 1) & 0xC0) == 0x80 && (byte(at + 2) & 0xC0) == 0x80) {
      at += 3;
    } else {
      break;
    }
  }
  return at - begin;
}

std::string SqueezeSpace(std::string_view text, std::string_view separator) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  for (size_t at = 0; at < text.size();) {
    const size_t run = PlainRun(text, at);
    if (run > 0) {
      if (pending) out.append(separator);
      pending = false;
      out.append(text.substr(at, run));
      at += run;
      continue;
    }
    const char32_t c = DecodeUtf8(text, at);
    if (IsSpace(c)) {
      pending = !out.empty();
      continue;
    }
    if (pending) out.append(separator);
    pending = false;
    AppendUtf8(out, c);
  }
  return out;
}

// The value of a digit, 0–9; -1 for anything else. Zero is written in many ways on government pages.
int DigitValue(char32_t c) {
  switch (c) {
    case U'〇': case U'○': case U'◯': case U'Ｏ': case U'Ο': case U'О': case U'零': case U'O': case U'o': case U'0':
    case U'０':
      return 0;
    case U'一': case U'壹': return 1;
    case U'二': case U'贰': case U'貳': case U'两': case U'兩': return 2;
    case U'三': case U'叁': case U'參': return 3;
    case U'四': case U'肆': return 4;
    case U'五': case U'伍': return 5;
    case U'六': case U'陆': case U'陸': return 6;
    case U'七': case U'柒': return 7;
    case U'八': case U'捌': return 8;
    case U'九': case U'玖': return 9;
    default: return -1;
  }
}

int PlaceValue(char32_t c) {
  switch (c) {
    case U'十': case U'拾': return 10;
    case U'百': case U'佰': return 100;
    case U'千': case U'仟': return 1000;
    case U'万': case U'萬': return 10000;
    default: return 0;
  }
}

// 廿 and 卅 are digit and place value in one.
int TensValue(char32_t c) {
  if (c == U'廿') return 20;
  if (c == U'卅') return 30;
  return 0;
}

std::optional<int> ParsePositional(std::u32string_view digits) {
  if (digits.size() > 9) return std::nullopt;
  int value = 0;
  for (const char32_t c : digits) {
    const int digit = DigitValue(c);
    if (digit < 0) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace

bool IsCjkPunctuation(char32_t c) {
  if (c < 0x2010) return c == 0xB7;
  if (c < 0x3000) {
    return c == 0x2014 || c == 0x2015 || c == 0x2018 || c == 0x2019 || c == 0x201C || c == 0x201D || c == 0x2026;
  }
  if (c <= 0x303F) return c != 0x3007;
  if (c < 0xFE10) return c == 0x30FB;
  return InRange(c, 0xFE10, 0xFE19) || InRange(c, 0xFE30, 0xFE4F) || InRange(c, 0xFE50, 0xFE6B) ||
         InRange(c, 0xFF01, 0xFF0F) || InRange(c, 0xFF1A, 0xFF20) || InRange(c, 0xFF3B, 0xFF40) ||
         InRange(c, 0xFF5B, 0xFF65) || InRange(c, 0xFFE0, 0xFFE6);
}

bool IsKana(char32_t c) {
  return (InRange(c, 0x3041, 0x30FF) && c != 0x30FB) || InRange(c, 0x31F0, 0x31FF) || InRange(c, 0xFF66, 0xFF9F);
}

bool IsHangul(char32_t c) {
  return InRange(c, 0xAC00, 0xD7FF) || InRange(c, 0x1100, 0x11FF) || InRange(c, 0x3130, 0x318F) ||
         InRange(c, 0xA960, 0xA97F);
}

bool IsPrivateUse(char32_t c) {
  return InRange(c, 0xE000, 0xF8FF) || InRange(c, 0xF0000, 0xFFFFD) || InRange(c, 0x100000, 0x10FFFD);
}

std::string CollapseSpace(std::string_view text) { return SqueezeSpace(text, " "); }

std::string RemoveSpace(std::string_view text) { return SqueezeSpace(text, ""); }

std::string Trim(std::string_view text) {
  size_t begin = text.size();
  size_t end = text.size();
  bool found = false;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    if (IsSpace(DecodeUtf8(text, at))) continue;
    if (!found) begin = start;
    found = true;
    end = at;
  }
  return std::string(text.substr(begin, end - begin));
}

std::string FoldWidth(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    const char32_t c = DecodeUtf8(text, at);
    if (InRange(c, 0xFF01, 0xFF5E)) {
      out.push_back(static_cast<char>(c - 0xFF01 + 0x21));
    } else if (c == 0x3000) {
      out.push_back(' ');
    } else {
      out.append(text, start, at - start);
    }
  }
  return out;
}

std::optional<int> ParseChineseNumber(std::u32string_view digits) {
  if (digits.empty() || digits.size() > 16) return std::nullopt;
  bool has_place = false;
  for (const char32_t c : digits) has_place = has_place || PlaceValue(c) != 0 || TensValue(c) != 0;
  if (!has_place) return ParsePositional(digits);

  int total = 0;    // what stands before 万
  int section = 0;  // the part below 万
  int digit = -1;   // a digit that waits for its place
  int last_place = 100000;
  for (const char32_t c : digits) {
    if (const int value = DigitValue(c); value >= 0) {
      if (digit > 0) return std::nullopt;  // 二三十 is no number
      digit = value;
      continue;
    }
    if (const int tens = TensValue(c); tens > 0) {
      if (digit > 0 || last_place <= 10) return std::nullopt;
      section += tens;
      last_place = 10;
      digit = -1;
      continue;
    }
    const int place = PlaceValue(c);
    if (place == 0) return std::nullopt;
    if (place == 10000) {
      if (total != 0) return std::nullopt;
      total = (section + (digit > 0 ? digit : 0)) * 10000;
      if (total == 0) return std::nullopt;
      section = 0;
      last_place = 10000;
    } else {
      if (place >= last_place) return std::nullopt;
      // 十一 and 一百十五 leave the 一 before 十 away; before 百 and 千 it is written.
      if (digit <= 0 && place != 10) return std::nullopt;
      section += (digit > 0 ? digit : 1) * place;
      last_place = place;
    }
    digit = -1;
  }
  if (digit > 0) section += digit;
  return total + section;
}

}  // namespace fangzhi::text
