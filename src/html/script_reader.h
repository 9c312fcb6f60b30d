// A script that a page carries, read word by word: blanks and comments, signs, names, numbers, strings. No script is run; stations that look for
// literals in one (what it prints, rows of a list, addresses in a call) read it with this, so that all of them know the same strings and comments.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The script without its comments, in which calls stand that are no more made. Strings are passed over; one that is not closed ends with its line, so
// that a regular expression with a quote in it confuses one line at most, and // behind a colon is an address's.
std::string WithoutComments(std::string_view script);

// An argument of a call.
struct ScriptArgument {
  enum Kind { kText, kNumber, kOther } kind = kOther;
  std::string text;  // the literal's characters, the digits, or the expression as it is written

  bool literal() const { return kind != kOther; }
  // What stands between the brackets of an array; nullopt where it is none.
  std::optional<std::string_view> array() const;
};

// The next call of `function` in a script at or behind `at`, which moves to behind what was read of it, so that all calls are read in one pass. A definition ("function name(…)") is none. The arguments
// are at most twelve, and read from `longest` bytes; of a call that is longer the rest is missing. nullopt: there is no further one.
std::optional<std::vector<ScriptArgument>> NextCall(std::string_view script, std::string_view function, size_t& at, size_t longest = 4096);

// The literal that a script gives a variable, name = "x" or name = 9 (with `member` also name: 9), at one of the first places where it gives one.
struct AssignedLiteral {
  std::string text;
  bool quoted = false;
};
std::optional<AssignedLiteral> FindAssigned(std::string_view script, std::string_view name, bool member = false);

}  // namespace fangzhi::html
