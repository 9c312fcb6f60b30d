// A script that a page carries, read word by word: blanks and comments, signs, names, numbers, strings. No script is run; stations that look for
// literals in one (what it prints, rows of a list, addresses in a call) read it with this, so that all of them know the same strings and comments.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/strings.h"

namespace fangzhi::html {

inline bool IsScriptNameStart(char c) { return IsAsciiAlpha(c) || c == '_' || c == '$'; }
inline bool IsScriptNamePart(char c) { return IsScriptNameStart(c) || IsAsciiDigit(c); }

// A place in a script. Every call is linear in the characters that it moves over; at the end all of them do nothing. The script's text must outlive it.
struct ScriptReader {
  std::string_view script;
  size_t at = 0;

  bool done() const { return at >= script.size(); }
  char peek() const { return at < script.size() ? script[at] : '\0'; }

  // White space, // and /* */; a comment that is never closed reaches to the end.
  void SkipBlanks();
  // Moves past blanks and the sign, if that stands there; else past the blanks only.
  bool Take(std::string_view sign);
  // The name that begins here; empty where none does.
  std::string_view Name();
  // The number that begins here, with its sign, point, exponent or what else hangs on to it (12px); empty where none does.
  std::string_view Number();
  bool at_string() const { return peek() == '"' || peek() == '\'' || peek() == '`'; }
  // The string whose quote is here, as UTF-8: \u and \x are read (a half of a pair becomes U+FFFD), \n, \t and \r become a space, a line's end
  // behind a backslash nothing. nullopt where it is not closed in its line (`…` may have several), an escape is broken or it is longer than `longest`
  // bytes; the place is behind it all the same, or at the line's end. A `…${name}` keeps what stands between the braces as it is written.
  std::optional<std::string> String(size_t longest = SIZE_MAX);
  // From an opening bracket to behind its partner, or to the end; brackets in strings and comments do not count.
  void SkipBalanced();
};

}  // namespace fangzhi::html
