#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

namespace fangzhi {
namespace {

// One code point of well-formed UTF-8 at `at`; length 1 and valid=false where it is not. base/ knows no text station, and needs no more.
struct CodePoint {
  char32_t value;
  size_t length;
  bool valid;
};
CodePoint Next(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
  if (length == 0 || at + length > text.size()) return {lead, 1, false};
  char32_t value = lead & (0xFF >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
    value = value << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {lead, 1, false};
  return {value, length, true};
}

bool IsUnsafe(char32_t c) {
  return (c >= 0x80 && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c < 0xE0080);
}

bool IsControl(const CodePoint& c) { return !c.valid || c.value < 0x20 || c.value == 0x7F; }

std::string Escape(std::string_view text, bool one_line) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Next(text, at);
    char buffer[16];
    if (IsControl(c) && (!c.valid || one_line || (c.value != '\n' && c.value != '\t'))) {
      std::snprintf(buffer, sizeof buffer, "\\x%02X", static_cast<unsigned>(c.value));
      out += one_line && c.value == '\n' ? "\\n" : one_line && c.value == '\t' ? "\\t" : buffer;
    } else if (IsUnsafe(c.value)) {
      std::snprintf(buffer, sizeof buffer, "\\u%04X", static_cast<unsigned>(c.value));
      out += buffer;
    } else {
      out.append(text.substr(at, c.length));
    }
    at += c.length;
  }
  return out;
}

int Width(char32_t c) {
  if (c < 0x300) return 1;
  if ((c >= 0x300 && c < 0x370) || (c >= 0x200B && c <= 0x200D) || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x20D0 && c < 0x2100)) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
                    (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
                    (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

}  // namespace

std::string Printable(std::string_view text) { return Escape(text, false); }
std::string PrintableLine(std::string_view text) { return Escape(text, true); }

std::string WithoutControls(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Next(text, at);
    if (c.value == '\r' && c.valid) {
      kept += at + 1 < text.size() && text[at + 1] == '\n' ? '\r' : '\n';
    } else if (c.valid && (c.value == '\n' || c.value == '\t' || (!IsControl(c) && !IsUnsafe(c.value)))) {
      kept.append(text.substr(at, c.length));
    }
    at += c.length;
  }
  return kept;
}

size_t DisplayWidth(std::string_view utf8) {
  size_t columns = 0;
  for (size_t at = 0; at < utf8.size();) {
    const CodePoint c = Next(utf8, at);
    columns += static_cast<size_t>(Width(c.value));
    at += c.length;
  }
  return columns;
}

std::string CutToWidth(std::string_view utf8, size_t columns) {
  if (DisplayWidth(utf8) <= columns) return std::string(utf8);
  size_t used = 0, at = 0;
  while (at < utf8.size()) {
    const CodePoint c = Next(utf8, at);
    const auto width = static_cast<size_t>(Width(c.value));
    if (used + width + 1 > columns) break;
    used += width;
    at += c.length;
  }
  return std::string(utf8.substr(0, at)) + "…";
}

bool IsTerminal(int descriptor) { return ::isatty(descriptor) == 1; }

size_t TerminalColumns(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace fangzhi
