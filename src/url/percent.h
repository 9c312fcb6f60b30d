// Percent-encode sets (WHATWG URL, 1.3) as one table of flags, and the encoder that uses it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fangzhi::url::internal {

// A byte is in a set when its flag is on. Every byte from 0x80 on is in all of them: UTF-8 is encoded byte by
// byte.
enum PercentSet : uint8_t {
  kC0Control = 1,
  kFragment = 2,
  kQuery = 4,
  kSpecialQuery = 8,
  kPath = 16,
  kUserinfo = 32,
};

constexpr std::array<uint8_t, 256> MakePercentTable() {
  std::array<uint8_t, 256> table{};
  for (size_t byte = 0; byte < 256; ++byte) {
    if (byte < 0x20 || byte > 0x7E) table[byte] = 0xFF;
  }
  auto add = [&table](std::string_view bytes, uint8_t sets) {
    for (char c : bytes)
      table[static_cast<uint8_t>(c)] = static_cast<uint8_t>(table[static_cast<uint8_t>(c)] | sets);
  };
  add(" \"<>`", kFragment);
  add(" \"#<>", kQuery | kSpecialQuery | kPath | kUserinfo);
  add("'", kSpecialQuery);
  add("?^`{}", kPath | kUserinfo);
  add("/:;=@[\\]|", kUserinfo);
  return table;
}
inline constexpr std::array<uint8_t, 256> kPercentTable = MakePercentTable();

inline bool InSet(char c, PercentSet set) {
  return (kPercentTable[static_cast<uint8_t>(c)] & set) != 0;
}

inline void AppendPercentByte(char c, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<uint8_t>(c);
  out->push_back('%');
  out->push_back(kHex[byte >> 4]);
  out->push_back(kHex[byte & 15]);
}

// Appends `text`, with the bytes of `set` as %XX; runs of other bytes are copied at once.
inline void AppendPercentEncoded(std::string_view text, PercentSet set, std::string* out) {
  size_t run = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!InSet(text[i], set)) continue;
    out->append(text.substr(run, i - run));
    AppendPercentByte(text[i], out);
    run = i + 1;
  }
  out->append(text.substr(run));
}

inline int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The value of "%XX" at `text[i]`, or -1.
inline int PercentByteAt(std::string_view text, size_t i) {
  if (text.size() - i < 3 || text[i] != '%') return -1;
  const int high = HexValue(text[i + 1]);
  const int low = HexValue(text[i + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Segments that are "." (1) or ".." (2), also percent-encoded; else 0.
inline int DotSegment(std::string_view segment) {
  if (segment.empty() || segment.size() > 6 || (segment[0] != '.' && segment[0] != '%')) return 0;
  int dots = 0;
  for (size_t i = 0; i < segment.size();) {
    if (segment[i] == '.') {
      ++i;
    } else if (PercentByteAt(segment, i) == '.') {
      i += 3;
    } else {
      return 0;
    }
    ++dots;
  }
  return dots <= 2 ? dots : 0;
}

bool IsAscii(std::string_view text);

}  // namespace fangzhi::url::internal
