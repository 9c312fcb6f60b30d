// ASCII string helpers, locale-free. "Space" is the HTML set: space, tab, LF, FF, CR.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi {

inline bool IsAsciiSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAsciiAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline char ToAsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string ToAsciiLower(std::string_view text);
bool EqualsIgnoreAsciiCase(std::string_view a, std::string_view b);
// Byte offset of `needle` in `haystack` ignoring ASCII case, npos where it is not.
size_t FindIgnoreAsciiCase(std::string_view haystack, std::string_view needle, size_t from = 0);
std::string_view TrimAscii(std::string_view text);
// Is `text` one of `names` to the letter? For lists of some dozen words, which no table reads faster.
template <typename Names>
constexpr bool IsOneOf(std::string_view text, const Names& names) {
  for (std::string_view name : names)
    if (name == text) return true;
  return false;
}
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to);

// Decimal digits only (no sign, no space), the whole text, no overflow.
std::optional<uint64_t> ParseUint(std::string_view text);
std::optional<int64_t> ParseInt(std::string_view text);

std::string HexLower(std::string_view bytes);
std::optional<std::string> FromHex(std::string_view hex);
std::string Base64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

// Where the first of two characters is, the text's size where there is none. (find_first_of asks memchr of each character.)
inline size_t FindEither(std::string_view text, char one, char other, size_t from = 0) {
  while (from < text.size() && text[from] != one && text[from] != other) ++from;
  return from;
}

// "1.5 MiB", "312 B": for people.
std::string HumanBytes(uint64_t bytes);

// What a function of a short text answered last, for texts that come again and again: names of classes, of which a site has a few hundred.
// A later text takes the place of an earlier one, so the size is bounded. Not thread-safe: one a thread.
template <typename Answer, size_t kPlaces = 512>
class RecentAnswers {
 public:
  // `ask` must depend on the text alone.
  template <typename Ask>
  Answer Get(std::string_view text, Ask ask) {
    if (text.empty() || text.size() > kMaxBytes) return ask(text);
    Entry& entry = entries_[std::hash<std::string_view>{}(text) % kPlaces];
    if (entry.text != text) {
      entry.answer = ask(text);
      entry.text = text;
    }
    return entry.answer;
  }

 private:
  static constexpr size_t kMaxBytes = 64;
  struct Entry {
    std::string text;
    Answer answer{};
  };
  std::array<Entry, kPlaces> entries_;
};

// The number of edits (Levenshtein) between two short ASCII words, for "did you mean".
size_t EditDistance(std::string_view a, std::string_view b);

}  // namespace fangzhi
