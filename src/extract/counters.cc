#include "extract/counters.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "extract/extract.h"

namespace fangzhi::extract {
namespace {

constexpr const char* kReadOnly = "read_only";
constexpr const char* kIncrements = "increments";
constexpr const char* kUnknown = "unknown";

bool IsIdentifier(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '_' || c == '$';
}

// The literal arguments of the first call of `function` in a script, quotes removed; empty where there is no
// such call or an argument is no literal. A definition ("function name(…)") is no call.
std::vector<std::string> CallArguments(std::string_view script, std::string_view function) {
  for (size_t at = script.find(function); at != std::string_view::npos;
       at = script.find(function, at + function.size())) {
    if (at > 0 && (IsIdentifier(script[at - 1]) || (at >= 9 && script.substr(at - 9, 9) == "function ")))
      continue;
    size_t place = at + function.size();
    while (place < script.size() && IsAsciiSpace(script[place])) ++place;
    if (place >= script.size() || script[place] != '(') continue;
    ++place;
    std::vector<std::string> arguments;
    std::string current;
    bool literal = true, closed = false;
    char quote = 0;
    for (size_t length = 0; place < script.size() && length < 400; ++place, ++length) {
      const char c = script[place];
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          current.push_back(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ',' || c == ')') {
        arguments.push_back(std::string(TrimAscii(current)));
        current.clear();
        if (c == ')') {
          closed = true;
          break;
        }
      } else {
        if (!IsAsciiSpace(c) && !IsAsciiDigit(c) && c != '-') literal = false;
        current.push_back(c);
      }
    }
    if (closed && literal) return arguments;
  }
  return {};
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}
bool IsWord(std::string_view text) {
  if (text.empty() || text.size() > 40) return false;
  for (char c : text) {
    if (!IsIdentifier(c) && c != '-') return false;
  }
  return true;
}

// A query without the parameter `name`; other bytes stay as they are.
std::string WithoutParameter(std::string_view url, std::string_view name) {
  const size_t question = url.find('?');
  if (question == std::string_view::npos) return std::string(url);
  std::string result(url.substr(0, question));
  char joint = '?';
  for (const std::string_view part : Split(url.substr(question + 1), '&')) {
    if (EqualsIgnoreAsciiCase(part.substr(0, part.find('=')), name)) continue;
    result.push_back(joint);
    result.append(part);
    joint = '&';
  }
  return result;
}

bool HasParameter(std::string_view url, std::string_view name, std::string_view value) {
  const size_t question = url.find('?');
  if (question == std::string_view::npos) return false;
  for (const std::string_view part : Split(url.substr(question + 1), '&')) {
    const size_t equals = part.find('=');
    if (!EqualsIgnoreAsciiCase(part.substr(0, equals), name)) continue;
    if (value.empty() ||
        (equals != std::string_view::npos && EqualsIgnoreAsciiCase(part.substr(equals + 1), value)))
      return true;
  }
  return false;
}

struct Found {
  std::string url;
  std::string kind;
  std::string side_effect;
  std::string method = "GET";
};

// A script's (or frame's) source that answers a count.
std::optional<Found> ByUrl(std::string_view source) {
  if (source.size() > 2000) return std::nullopt;
  const std::string lower = ToAsciiLower(source);
  const auto has = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  if (has("/e/public/viewclick")) {
    // down=1…7 count downloads, comments and votes.
    if (HasParameter(source, "down", "") && !HasParameter(source, "down", "0")) return std::nullopt;
    return Found{WithoutParameter(source, "addclick"), "empirecms", kReadOnly};
  }
  if (has("/plus/count.php")) {
    if (!has("view=yes")) return std::nullopt;  // counts and prints nothing
    return Found{WithoutParameter(source, "mid"), "dedecms", kIncrements};
  }
  if (has("api.php?") && HasParameter(source, "op", "count"))
    return Found{std::string(source), "phpcms", kIncrements};
  if (has("include/hits.php")) return Found{std::string(source), "metinfo", kIncrements};
  if (has("submit_ajax.ashx") && has("view_article_click")) {
    return Found{WithoutParameter(WithoutParameter(source, "click"), "hide"), "dtcms", kReadOnly};
  }
  if (has("/common/gethits.aspx") || has("/common/gethits.asp"))
    return Found{std::string(source), "powereasy", kUnknown};
  if (has("/item/gethits.asp")) {
    return Found{std::string(source), "kesion",
                 HasParameter(source, "action", "count") ? kIncrements : kUnknown};
  }
  if (has("upclicktimes.aspx") || has("upclicktimes.ashx"))
    return Found{std::string(source), "epoint", kIncrements};
  if (has("/artcount/artcount.jsp")) return Found{std::string(source), "hanweb", kReadOnly};
  if (has("/visitcount/articlehits.jsp")) return Found{std::string(source), "hanweb", kUnknown};
  if (has("/click/dynclicks.jsp")) return Found{std::string(source), "vsb", kReadOnly};
  if (has("/_visitcountdisplay")) return Found{std::string(source), "sudy", kReadOnly, "POST"};
  if (has("/content_view.jspx")) return Found{std::string(source), "jeecms", kIncrements};
  // Beacons: they count and answer nothing.
  if (has("addclicktimes.jsp") || has("datainput.jsp") || has("/visitcount/visit.jsp") ||
      has("/interface/visit.jsp") || has("/_visitcount?") || has("ss.hits/hits/") || has("flow_statistic") ||
      has("channel_view.jspx") || has("postviews"))
    return std::nullopt;
  // Home-made ones: hits.asp?id=, click.php?newsid=, getclicks.aspx?…
  const size_t question = source.find('?');
  if (question != std::string_view::npos) {
    const std::string path = ToAsciiLower(source.substr(0, question));
    const size_t slash = path.rfind('/');
    const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
    const bool script = file.find(".asp") != std::string::npos || file.find(".php") != std::string::npos ||
                        file.find(".jsp") != std::string::npos || file.find(".ashx") != std::string::npos ||
                        file.find(".do") != std::string::npos || file.find(".action") != std::string::npos ||
                        file.find('.') == std::string::npos;
    const bool names_count =
        file.find("hits") != std::string::npos || file.find("click") != std::string::npos ||
        file.find("viewcount") != std::string::npos || file.find("readcount") != std::string::npos ||
        file.find("viewnum") != std::string::npos || file.find("visitnum") != std::string::npos ||
        file.find("count.asp") != std::string::npos || file.find("count.php") != std::string::npos ||
        file.find("getcount") != std::string::npos;
    const std::string query = ToAsciiLower(source.substr(question + 1));
    if (script && names_count && query.find("id=") != std::string::npos)
      return Found{std::string(source), "generic", kUnknown};
  }
  return std::nullopt;
}

// Calls and literals inside an inline script.
std::optional<Found> ByScript(std::string_view script, const PageView& view) {
  script = script.substr(0, 20'000);  // a counter's call is short; libraries are not
  if (script.find("_showDynClicks") != std::string_view::npos) {
    const auto arguments = CallArguments(script, "_showDynClicks");
    if (arguments.size() >= 3 && IsWord(arguments[0]) && IsNumber(arguments[1]) && IsNumber(arguments[2])) {
      return Found{"/system/resource/code/news/click/dynclicks.jsp?clickid=" + arguments[2] +
                       "&owner=" + arguments[1] + "&clicktype=" + arguments[0],
                   "vsb", kReadOnly};
    }
  }
  if (script.find("Cms.viewCount") != std::string_view::npos) {
    const auto arguments = CallArguments(script, "Cms.viewCount");
    if (!arguments.empty() && IsNumber(arguments.back())) {
      const std::string& context = arguments.size() >= 2 ? arguments[0] : std::string();
      if (context.size() < 60)
        return Found{context + "/content_view.jspx?contentId=" + arguments.back(), "jeecms", kIncrements};
    }
  }
  if (FindIgnoreAsciiCase(script, "stlActionsHits") != std::string_view::npos ||
      FindIgnoreAsciiCase(script, "/stl/actions/hits") != std::string_view::npos) {
    // SSCMS: a POST with a JSON body that this table cannot carry; its place is told, so that the missing
    // number has a reason.
    return Found{"/api/stl/actions/hits", "sscms", kIncrements, "POST"};
  }
  // Hanweb: the path stands in a script, the ids in metas.
  if (script.find("artcount.jsp") != std::string_view::npos) {
    const std::string_view column = view.MetaContent("i_columnid"), article = view.MetaContent("i_articleid");
    if (IsNumber(column) && IsNumber(article)) {
      return Found{"/vc/vc/interface/artcount/artcount.jsp?i_columnid=" + std::string(column) +
                       "&i_articleid=" + std::string(article),
                   "hanweb", kReadOnly};
    }
  }
  // A literal URL of a known counter: $.get("/e/public/ViewClick/?classid=3&id=12"), src='…' in
  // document.write.
  static constexpr std::string_view kPaths[] = {"/e/public/viewclick", "/plus/count.php",  "api.php?op=count",
                                                "include/hits.php",    "submit_ajax.ashx", "pclicktimes.as",
                                                "/content_view.jspx",  "dynclicks.jsp?",   "artcount.jsp?",
                                                "articlehits.jsp?",    "hits.asp"};
  const bool may_count =
      script.find("lick") != std::string_view::npos || script.find("its") != std::string_view::npos ||
      script.find("ount") != std::string_view::npos || script.find("_view") != std::string_view::npos;
  if (!may_count) return std::nullopt;
  const std::string lower = ToAsciiLower(script);
  for (const std::string_view path : kPaths) {
    const size_t at = lower.find(path);
    if (at == std::string_view::npos) continue;
    size_t begin = at, end = at;
    while (begin > 0 && script[begin - 1] != '"' && script[begin - 1] != '\'' &&
           !IsAsciiSpace(script[begin - 1]) && script[begin - 1] != '=' && script[begin - 1] != '(' &&
           at - begin < 300)
      --begin;
    while (end < script.size() && script[end] != '"' && script[end] != '\'' && !IsAsciiSpace(script[end]) &&
           script[end] != '\\' && script[end] != '>' && end - at < 600)
      ++end;
    // A URL that goes on with a variable is not known.
    const std::string_view after = TrimAscii(script.substr(end < script.size() ? end + 1 : end, 4));
    if (!after.empty() && after[0] == '+') continue;
    if (auto found = ByUrl(ReplaceAll(script.substr(begin, end - begin), "&amp;", "&"))) return found;
  }
  return std::nullopt;
}

std::optional<int64_t> NumberAt(std::string_view text) {
  size_t at = 0;
  while (at < text.size() &&
         (IsAsciiSpace(text[at]) || text[at] == '"' || text[at] == '\'' || text[at] == '\\'))
    ++at;
  int64_t value = 0;
  int digits = 0;
  for (; at < text.size(); ++at) {
    if (IsAsciiDigit(text[at])) {
      if (++digits > 10) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    } else if (text[at] != ',' || digits == 0 || at + 3 >= text.size() || !IsAsciiDigit(text[at + 1]) ||
               !IsAsciiDigit(text[at + 2]) || !IsAsciiDigit(text[at + 3]) ||
               (at + 4 < text.size() && IsAsciiDigit(text[at + 4]))) {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  if (at < text.size() && (IsAsciiAlpha(text[at]) || text[at] == '-' ||
                           (text[at] == '.' && at + 1 < text.size() && IsAsciiDigit(text[at + 1]))))
    return std::nullopt;
  return value;
}

}  // namespace

std::optional<model::Counter> FindCounter(const PageView& view, const url::Url& page_url,
                                          const url::Url& base_url) {
  const auto make = [&](const Found& found) -> std::optional<model::Counter> {
    // A root-absolute path of a call belongs to the page's own host, whatever <base> says; a src is resolved
    // as a browser does.
    Result<url::Url> parsed = url::Parse(found.url, found.url.starts_with("/") ? &page_url : &base_url);
    if (!parsed || !parsed->IsHttp()) return std::nullopt;
    return model::Counter{parsed->HrefWithoutFragment(), found.kind, found.method, found.side_effect};
  };
  for (html::NodeIndex index : view.counters) {
    const auto target = view.document.attribute(index, "url");
    if (!target || FindIgnoreAsciiCase(*target, "visitcountdisplay") == std::string_view::npos) continue;
    if (auto counter = make({std::string(TrimAscii(*target)), "sudy", kReadOnly, "POST"})) return counter;
  }
  std::optional<Found> generic;
  for (html::NodeIndex index : view.scripts) {
    std::optional<Found> found;
    if (const auto source = view.document.attribute(index, "src")) {
      found = ByUrl(TrimAscii(*source));
    } else {
      const html::Node& node = view.document.node(index);
      // Script text is one text node.
      if (node.end > index + 1 && view.document.node(index + 1).type == html::NodeType::kText)
        found = ByScript(view.document.node(index + 1).text, view);
    }
    if (!found) continue;
    if (found->kind == "generic") {
      if (!generic) generic = found;
      continue;
    }
    if (auto counter = make(*found)) return counter;
  }
  return generic ? make(*generic) : std::nullopt;
}

std::optional<int64_t> ParseCounterAnswer(std::string_view body, std::string_view counter_kind) {
  if (body.size() > 64 * 1024) return std::nullopt;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body = TrimAscii(body);
  if (body.empty()) return std::nullopt;
  const bool sudy = counter_kind == "sudy";
  const auto answer = [&](std::optional<int64_t> value) -> std::optional<int64_t> {
    if (!value) return std::nullopt;
    if (sudy && *value == 0) return std::nullopt;  // the vendor's own script takes 0 for "no data"
    // ViewClick prints one more than is stored, also when it does not count (DOMAIN, counters).
    if (counter_kind == "empirecms" && *value > 0) return *value - 1;
    return value;
  };
  const auto all_number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789, \t\r\n") == std::string_view::npos &&
           IsAsciiDigit(text[0]);
  };
  // Bare number, JSON string of a number.
  std::string_view bare = body;
  if (bare.size() >= 2 && (bare.front() == '"' || bare.front() == '\'') && bare.back() == bare.front())
    bare = TrimAscii(bare.substr(1, bare.size() - 2));
  if (all_number(bare)) return answer(NumberAt(bare));
  // JSON array: views first.
  if (body.front() == '[') return answer(NumberAt(body.substr(1, body.find(',') - 1)));
  if (body.front() == '{') {
    static constexpr std::string_view kKeys[] = {
        "\"wbshowtimes\"", "\"value\"", "\"hits\"",       "\"views\"",      "\"clicks\"",
        "\"click\"",       "\"count\"", "\"visitCount\"", "\"visitcount\"", "\"viewCount\"",
        "\"num\"",         "\"data\"",  "\"total\""};
    for (const std::string_view key : kKeys) {
      for (size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
        std::string_view rest = TrimAscii(body.substr(at + key.size()));
        if (rest.empty() || rest[0] != ':') continue;
        if (const auto value = NumberAt(rest.substr(1))) return answer(value);
      }
    }
    return std::nullopt;
  }
  // $hits="5"; document.write($hits)
  for (const std::string_view call : {std::string_view("document.write"), std::string_view(".html("),
                                      std::string_view(".text("), std::string_view("innerHTML")}) {
    for (size_t at = body.find(call); at != std::string_view::npos; at = body.find(call, at + 1)) {
      std::string_view rest = body.substr(at + call.size());
      while (!rest.empty() &&
             (IsAsciiSpace(rest[0]) || rest[0] == '(' || rest[0] == '=' || rest.starts_with("ln")))
        rest.remove_prefix(rest.starts_with("ln") ? 2 : 1);
      if (const auto value = NumberAt(rest)) return answer(value);
    }
  }
  if (const size_t at = body.find("hits"); at != std::string_view::npos) {
    std::string_view rest = TrimAscii(body.substr(at + 4));
    if (!rest.empty() && rest[0] == '=') return answer(NumberAt(rest.substr(1)));
  }
  return std::nullopt;
}

}  // namespace fangzhi::extract
