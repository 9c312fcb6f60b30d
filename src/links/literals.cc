#include "links/literals.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "html/script_reader.h"
#include "model/counter_addresses.h"

namespace fangzhi::links {
namespace {

constexpr size_t kMaxCallBytes = 4096;

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

std::optional<AroundChoice> ReadAroundChoice(std::string_view script) {
  script = script.substr(0, kMaxCallBytes);
  const size_t location = script.find("location");
  if (location == std::string_view::npos) return std::nullopt;
  html::ScriptReader in{script, location + 8};
  if (in.Take(".")) in.Take("href");
  if (!in.Take("=")) return std::nullopt;
  in.SkipBlanks();
  AroundChoice around;
  if (!in.at_string()) return std::nullopt;
  auto before = in.String(kMaxCallBytes);
  if (!before || before->empty() || !in.Take("+")) return std::nullopt;
  around.before = std::move(*before);
  // this.value, this.options[this.selectedIndex].value
  in.SkipBlanks();
  const size_t begin = in.at;
  const auto in_value = [&](char c) { return html::IsScriptNamePart(c) || c == '.' || c == '[' || c == ']'; };
  while (!in.done() && in_value(in.peek())) ++in.at;
  const std::string_view value = script.substr(begin, in.at - begin);
  if (!value.starts_with("this.") || !value.ends_with(".value")) return std::nullopt;
  if (in.Take("+")) {
    in.SkipBlanks();
    if (!in.at_string()) return std::nullopt;
    auto after = in.String(kMaxCallBytes);
    if (!after) return std::nullopt;
    around.after = std::move(*after);
  }
  in.SkipBlanks();
  if (!in.done() && in.peek() != ';' && in.peek() != '}') return std::nullopt;
  return around;
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
    for (int tries = 0; tries < 8; ++tries) {
      const auto call = html::NextCall(script, name, at);
      if (!call) break;
      const std::vector<html::ScriptArgument>& arguments = *call;
      for (size_t i = 0; i + 3 < arguments.size(); ++i) {
        if (arguments[i + 2].kind != html::ScriptArgument::kText || arguments[i + 3].kind != html::ScriptArgument::kText) continue;
        const auto value = [&](const html::ScriptArgument& argument) -> std::optional<uint64_t> {
          if (argument.kind == html::ScriptArgument::kNumber) return ParseUint(argument.text);
          const auto given = argument.kind == html::ScriptArgument::kOther ? html::FindAssigned(script, argument.text) : std::nullopt;
          return given && !given->quoted ? ParseUint(given->text) : std::nullopt;
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

std::vector<std::string> CounterTargets(std::string_view whole) {
  constexpr int kMostCalls = 128;
  std::vector<std::string> targets;
  const bool any = std::any_of(model::kCounterCalls.begin(), model::kCounterCalls.end(), [whole](std::string_view call) { return whole.find(call) != std::string_view::npos; });
  if (!any) return targets;
  const std::string script = html::WithoutComments(whole);
  for (const std::string_view name : model::kCounterCalls) {
    size_t at = 0;
    for (int calls = 0; calls < kMostCalls; ++calls) {
      const auto call = html::NextCall(script, name, at, 4 * kMaxCallBytes);
      if (!call) break;
      std::vector<std::string> literals;
      for (const html::ScriptArgument& argument : *call) {
        const auto array = argument.array();
        literals.push_back(array ? std::string(*array) : argument.text);
      }
      if (auto address = model::AddressOfCall(name, literals)) targets.push_back(std::move(*address));
    }
  }
  return targets;
}

}  // namespace fangzhi::links
