#include "links/literals.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "html/script_reader.h"

namespace fangzhi::links {
namespace {

// Arguments of a call that are looked at, and the bytes that a call may be long.
constexpr size_t kMaxArguments = 12;
constexpr size_t kMaxCallBytes = 4096;

struct Argument {
  enum Kind { kText, kNumber, kOther } kind = kOther;
  std::string text;  // the literal's characters, the digits, or the expression
};

// The arguments of the call whose '(' is at `at`.
std::vector<Argument> ReadArguments(std::string_view script, size_t at) {
  std::vector<Argument> arguments;
  html::ScriptReader in{script.substr(0, std::min(script.size(), at + kMaxCallBytes)), at + 1};
  while (arguments.size() < kMaxArguments) {
    in.SkipBlanks();
    if (in.done() || in.peek() == ')') break;
    Argument argument;
    if (in.peek() == '"' || in.peek() == '\'') {
      std::optional<std::string> text = in.String();
      if (!text) break;
      argument = {Argument::kText, std::move(*text)};
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
      const bool number = argument.kind == Argument::kOther && rest.size() <= 12 && ParseUint(rest).has_value();
      argument = {number ? Argument::kNumber : Argument::kOther, std::string(rest)};
    }
    arguments.push_back(std::move(argument));
    in.Take(",");
  }
  return arguments;
}

// The value of `var name = 9` (or name = 9) in the script.
std::optional<uint64_t> VariableValue(std::string_view script, std::string_view name) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), html::IsScriptNamePart)) return std::nullopt;
  size_t at = 0;
  for (int tries = 0; tries < 64 && (at = script.find(name, at)) != std::string_view::npos; ++tries) {
    const bool whole = at == 0 || !html::IsScriptNamePart(script[at - 1]);
    at += name.size();
    html::ScriptReader in{script.substr(0, std::min(script.size(), at + kMaxCallBytes)), at};
    if (!whole || !in.Take("=")) continue;
    in.SkipBlanks();
    const std::string_view digits = in.Number();
    if (const auto number = digits.size() <= 10 ? ParseUint(digits) : std::nullopt) return number;
  }
  return std::nullopt;
}

std::string DigitsOf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (IsAsciiDigit(c) || c == ',') out += c;
  }
  return out;
}

}  // namespace

bool LooksLikeUrl(std::string_view text) {
  if (text.empty() || text.size() > 2048 || text.find_first_of(" \n<>{}") != std::string_view::npos) return false;
  if (text.substr(0, 7) == "http://" || text.substr(0, 8) == "https://" || text.substr(0, 2) == "//") return true;
  if (text[0] == '/' || text.substr(0, 2) == "./" || text.substr(0, 3) == "../") return text.size() > 1;
  if (text[0] == '?') return text.find('=') != std::string_view::npos;
  const std::string_view path = text.substr(0, text.find_first_of("?#"));
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  static constexpr std::array<std::string_view, 14> kPages = {"htm", "html", "shtml", "jsp", "jspx", "php", "asp",
                                                              "aspx", "do", "pdf", "doc", "docx", "xls", "xlsx"};
  return std::find(kPages.begin(), kPages.end(), ToAsciiLower(path.substr(dot + 1))) != kPages.end();
}

std::vector<std::string> HandlerTargets(std::string_view script) {
  std::vector<std::string> targets;
  script = script.substr(0, kMaxCallBytes);
  for (size_t at = 0; at < script.size() && targets.size() < 4;) {
    if (script[at] != '"' && script[at] != '\'') {
      ++at;
      continue;
    }
    // What stands before the literal: '=' of a location, or '(' of a call.
    size_t before = at;
    while (before > 0 && IsAsciiSpace(script[before - 1])) --before;
    const char sign = before > 0 ? script[before - 1] : '\0';
    html::ScriptReader in{script, at};
    std::optional<std::string> text = in.String();
    at = in.at;
    if (!text) break;
    if (in.Take("+")) continue;
    bool meant = false;
    if (sign == '=' && before >= 2) {
      const std::string_view left = TrimAscii(script.substr(0, before - 1));
      size_t begin = left.size();
      while (begin > 0 && (html::IsScriptNamePart(left[begin - 1]) || left[begin - 1] == '.')) --begin;
      const std::string_view target = left.substr(begin);
      meant = target.find("location") != std::string_view::npos;
    } else if (sign == '(') {
      const std::string_view left = TrimAscii(script.substr(0, before - 1));
      size_t begin = left.size();
      while (begin > 0 && (html::IsScriptNamePart(left[begin - 1]) || left[begin - 1] == '.')) --begin;
      const std::string name = ToAsciiLower(left.substr(begin));
      static constexpr std::array<std::string_view, 12> kOpeners = {"open", "location", "jump", "goto",    "redirect", "link",
                                                                    "detail", "url",    "view", "navigate", "article",  "news"};
      static constexpr std::array<std::string_view, 4> kVerbs = {"go", "to", "show", "look"};  // showNews, toArticle; not logout
      meant = std::any_of(kOpeners.begin(), kOpeners.end(), [&](std::string_view word) { return name.find(word) != std::string::npos; }) ||
              std::any_of(kVerbs.begin(), kVerbs.end(), [&](std::string_view verb) { return name.starts_with(verb); });
    }
    if (meant && LooksLikeUrl(*text)) targets.push_back(std::move(*text));
  }
  return targets;
}

std::string WrittenMarkup(std::string_view script) {
  constexpr size_t kMostMarkup = size_t{1} << 20;
  constexpr int kMostCalls = 2000;
  std::string markup;
  size_t at = 0;
  for (int calls = 0; calls < kMostCalls && (at = script.find("document.write", at)) != std::string_view::npos; ++calls) {
    html::ScriptReader in{script, std::min(script.find_first_not_of("(ln ", at + 14), script.size())};
    while ((in.peek() == '"' || in.peek() == '\'') && markup.size() < kMostMarkup) {
      const std::optional<std::string> text = in.String();
      if (!text) break;
      markup += *text;
      if (!in.Take("+")) break;
      in.SkipBlanks();
    }
    at = in.at;
  }
  return FindIgnoreAsciiCase(markup, "<a ") == std::string_view::npos ? std::string() : markup;
}

std::optional<Pager> ReadPager(std::string_view script) {
  for (const std::string_view name : {std::string_view("createPageHTML"), std::string_view("pageControl"),
                                      std::string_view("createPage")}) {
    size_t at = 0;
    // A script that defines the function comes before the call, or it is in another file.
    for (int tries = 0; tries < 8 && (at = script.find(name, at)) != std::string_view::npos; ++tries) {
      const bool whole = at == 0 || !html::IsScriptNamePart(script[at - 1]);
      const size_t word = at;
      at += name.size();
      html::ScriptReader in{script, at};
      if (!whole || !in.Take("(")) continue;
      const size_t open = in.at - 1;
      // "function createPageHTML(" is the definition.
      const std::string_view left = TrimAscii(script.substr(word > 16 ? word - 16 : 0, word > 16 ? 16 : word));
      if (left.size() >= 8 && left.substr(left.size() - 8) == "function") continue;
      const std::vector<Argument> arguments = ReadArguments(script, open);
      for (size_t i = 0; i + 3 < arguments.size(); ++i) {
        if (arguments[i + 2].kind != Argument::kText || arguments[i + 3].kind != Argument::kText) continue;
        const auto value = [&](const Argument& argument) -> std::optional<uint64_t> {
          if (argument.kind == Argument::kNumber) return ParseUint(argument.text);
          if (argument.kind == Argument::kOther) return VariableValue(script, argument.text);
          return std::nullopt;
        };
        const auto first = value(arguments[i]), second = value(arguments[i + 1]);
        if (!first || !second) continue;
        Pager pager;
        // The total may be either of the two; the current page is never larger.
        pager.total = std::max(*first, *second);
        pager.stem = arguments[i + 2].text;
        pager.extension = arguments[i + 3].text;
        if (pager.stem.empty() || pager.extension.empty() || pager.extension.size() > 8) continue;
        if (!std::all_of(pager.extension.begin(), pager.extension.end(), html::IsScriptNamePart)) continue;
        // A last number may be that of the items: then it is in proportion to the pages.
        for (size_t k = i + 4; k < arguments.size() && name == "createPageHTML"; ++k) {
          const auto items = value(arguments[k]);
          if (items && pager.total > 0 && *items >= (pager.total - 1) * 5 && *items > pager.total) pager.items = items;
        }
        return pager;
      }
    }
  }
  return std::nullopt;
}

std::vector<std::string> CounterTargets(std::string_view script) {
  std::vector<std::string> targets;
  struct Call {
    std::string_view name;
    void (*add)(const std::vector<Argument>&, std::vector<std::string>&);
  };
  static constexpr std::string_view kFolder = "/system/resource/code/news/click/";
  static const std::array<Call, 3> kCalls = {{
      {"_showDynClicks",
       [](const std::vector<Argument>& a, std::vector<std::string>& out) {
         if (a.size() < 3) return;
         out.push_back(std::string(kFolder) + "dynclicks.jsp?clickid=" + DigitsOf(a[2].text) + "&owner=" + DigitsOf(a[1].text) +
                       "&clicktype=" + a[0].text);
       }},
      {"_showDynClickBatch",
       [](const std::vector<Argument>& a, std::vector<std::string>& out) {
         if (a.size() < 4) return;
         out.push_back(std::string(kFolder) + "dynclicksbatch.jsp?clickids=" + DigitsOf(a[1].text) + "&owner=" +
                       DigitsOf(a[3].text) + "&clicktype=" + a[2].text);
       }},
      {"getClickTimes",
       [](const std::vector<Argument>& a, std::vector<std::string>& out) {
         if (a.size() < 4) return;
         out.push_back(std::string(kFolder) + "clicktimes.jsp?wbnewsid=" + DigitsOf(a[0].text) + "&owner=" +
                       DigitsOf(a[1].text) + "&type=" + a[2].text + "&randomid=" + a[3].text);
       }},
  }};
  for (const Call& call : kCalls) {
    size_t at = 0;
    for (int tries = 0; tries < 128 && (at = script.find(call.name, at)) != std::string_view::npos; ++tries) {
      const bool whole = at == 0 || !html::IsScriptNamePart(script[at - 1]);
      at += call.name.size();
      html::ScriptReader in{script, at};
      if (!whole || !in.Take("(")) continue;
      const size_t open = in.at - 1;
      const std::vector<Argument> arguments = ReadArguments(script, open);
      // The definition has names, a call has a literal and numbers.
      const bool is_call = std::any_of(arguments.begin(), arguments.end(),
                                       [](const Argument& argument) { return argument.kind == Argument::kText; });
      if (is_call) call.add(arguments, targets);
    }
  }
  return targets;
}

}  // namespace fangzhi::links
