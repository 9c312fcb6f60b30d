#include "robots/pattern.h"

#include <cstring>

#include "base/strings.h"

namespace fangzhi::robots::internal {
namespace {

int HexValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  const char lower = ToAsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool IsUnreserved(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool IsReserved(char c) {
  return std::string_view(":/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

void AppendEscape(char c, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out->push_back('%');
  out->push_back(kHex[byte >> 4]);
  out->push_back(kHex[byte & 15]);
}

// memmem is linear where std::string_view::find is not.
size_t Find(std::string_view text, std::string_view piece, size_t from) {
  if (piece.empty()) return from;
  if (text.size() - from < piece.size()) return std::string_view::npos;
  const void* found = memmem(text.data() + from, text.size() - from, piece.data(), piece.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

std::string NormalizePath(std::string_view path, bool is_pattern) {
  std::string out;
  out.reserve(path.size() + 8);
  bool in_query = false;
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '%' && i + 2 < path.size() && HexValue(path[i + 1]) >= 0 && HexValue(path[i + 2]) >= 0) {
      const char byte = static_cast<char>(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2]));
      // In a query ':' '/' '?' and '@' delimit nothing (RFC 3986, 3.4), so both spellings are the same
      // (2.2.2, second example).
      const bool same =
          IsUnreserved(byte) || (in_query && (byte == ':' || byte == '/' || byte == '?' || byte == '@'));
      if (same) {
        out.push_back(byte);
      } else {
        AppendEscape(byte, &out);
      }
      i += 2;
    } else if (c == '*' || c == '$') {
      const bool special = is_pattern && (c == '*' || i + 1 == path.size());
      if (special) {
        out.push_back(c);
      } else {
        AppendEscape(c, &out);
      }
    } else if (IsUnreserved(c) || IsReserved(c)) {
      out.push_back(c);
    } else {
      AppendEscape(c, &out);  // also a '%' that escapes nothing
    }
    in_query = in_query || c == '?';
  }
  return out;
}

bool Matches(std::string_view pattern, std::string_view path) {
  const bool anchored = !pattern.empty() && pattern.back() == '$';
  if (anchored) pattern.remove_suffix(1);
  size_t star = pattern.find('*');
  const std::string_view first = pattern.substr(0, star);
  if (path.substr(0, first.size()) != first) return false;
  size_t position = first.size();
  if (star == std::string_view::npos) return !anchored || position == path.size();
  for (;;) {
    const size_t start = star + 1;
    star = pattern.find('*', start);
    const std::string_view piece =
        pattern.substr(start, star == std::string_view::npos ? star : star - start);
    if (star == std::string_view::npos && anchored) {
      return path.size() - position >= piece.size() && path.substr(path.size() - piece.size()) == piece;
    }
    position = Find(path, piece, position);
    if (position == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    position += piece.size();
  }
}

}  // namespace fangzhi::robots::internal
