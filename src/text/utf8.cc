// UTF-8 in and out. Well-formed text, most of it ASCII or three-byte ideographs, is the case that the loops are laid out for.
#include <cstring>

#include "text/text.h"

namespace fangzhi::text {
namespace {

inline unsigned Byte(std::string_view text, size_t at) { return static_cast<unsigned char>(text[at]); }

// Offset of the first byte at or after `at` that is not ASCII.
inline size_t SkipAscii(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) break;
    at += 8;
  }
  while (at < text.size() && Byte(text, at) < 0x80) ++at;
  return at;
}

struct Sequence {
  char32_t code_point;
  size_t length;  // bytes used: the character, or the maximal subpart of an ill-formed one
  bool valid;
};

// Unicode 15, table 3-7: the second byte's range depends on the first, the others are 80..BF.
inline Sequence ReadSequence(std::string_view text, size_t at) {
  const unsigned first = Byte(text, at);
  if (first < 0x80) return {first, 1, true};
  size_t needed = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  char32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    needed = 1;
    value = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    needed = 2;
    value = first & 0x0F;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    needed = 3;
    value = first & 0x07;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {kReplacement, 1, false};
  }
  for (size_t i = 1; i <= needed; ++i) {
    if (at + i >= text.size()) return {kReplacement, i, false};
    const unsigned next = Byte(text, at + i);
    if (next < low || next > high) return {kReplacement, i, false};
    value = (value << 6) | (next & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {value, needed + 1, true};
}

}  // namespace

char32_t internal::DecodeSequence(std::string_view text, size_t& offset) {
  const Sequence sequence = ReadSequence(text, offset);
  offset += sequence.length;
  return sequence.code_point;
}

void AppendUtf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 2);
  } else if (c < 0x10000) {
    if (c >= 0xD800 && c <= 0xDFFF) c = kReplacement;  // a surrogate has no UTF-8 form
    const char bytes[] = {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                          static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 3);
  } else if (c <= 0x10FFFF) {
    const char bytes[] = {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
                          static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 4);
  } else {
    AppendUtf8(out, kReplacement);
  }
}

bool IsValidUtf8(std::string_view text) {
  size_t at = 0;
  for (;;) {
    at = SkipAscii(text, at);
    // Runs of ideographs stay in these inner loops, nearly all in the first: three bytes whose first, not E0 and not ED, leaves the others free.
    const auto follows = [&](size_t i) { return (Byte(text, i) & 0xC0) == 0x80; };
    while (at + 3 <= text.size() && Byte(text, at) > 0xE0 && Byte(text, at) < 0xF0 && Byte(text, at) != 0xED && follows(at + 1) && follows(at + 2)) at += 3;
    while (at < text.size() && Byte(text, at) >= 0x80) {
      const Sequence sequence = ReadSequence(text, at);
      if (!sequence.valid) return false;
      at += sequence.length;
    }
    if (at >= text.size()) return true;
  }
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t next = SkipAscii(text, at);
    count += next - at;
    at = next;
    if (at >= text.size()) break;
    at += ReadSequence(text, at).length;
    ++count;
  }
  return count;
}

std::u32string ToUtf32(std::string_view text) {
  std::u32string out;
  out.reserve(text.size() / 2);
  for (size_t at = 0; at < text.size();) out.push_back(DecodeUtf8(text, at));
  return out;
}

std::string ToUtf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char32_t c : text) AppendUtf8(out, c);
  return out;
}

std::string ScrubUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t copied = 0;
  for (size_t at = 0; at < text.size();) {
    at = SkipAscii(text, at);
    if (at >= text.size()) break;
    const Sequence sequence = ReadSequence(text, at);
    if (!sequence.valid) {
      out.append(text, copied, at - copied);
      AppendUtf8(out, kReplacement);
      copied = at + sequence.length;
    }
    at += sequence.length;
  }
  out.append(text, copied);
  return out;
}

std::string_view PrefixCodePoints(std::string_view text, size_t count) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count) at += ReadSequence(text, at).length;
  return text.substr(0, at);
}

}  // namespace fangzhi::text
