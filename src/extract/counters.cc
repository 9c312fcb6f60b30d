#include "extract/counters.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "extract/extract.h"
#include "html/script_reader.h"

namespace fangzhi::extract {
namespace {

// What is known of each provider (DOMAIN 1.1): does asking count, and what the answer's number is.
struct Provider {
  const char* kind;
  const char* side_effect;
  const char* semantics;
};
constexpr const char* kProven = "read_only_proven";
constexpr const char* kInferred = "read_only_inferred";
constexpr const char* kIncrements = "increments";
constexpr const char* kUnknown = "unknown";
constexpr Provider kVsb{"vsb", kInferred, "total"};  // it counts by addclicktimes.jsp and datainput.jsp
constexpr Provider kSudy{"sudy", kInferred, "total"};  // it counts by the pixel /_visitcount
constexpr Provider kHanweb{"hanweb", kInferred, "total"};  // it counts by visit.jsp
constexpr Provider kHanwebHits{"hanweb", kUnknown, "unknown"};
constexpr Provider kEmpire{"empirecms", kProven, "stored_plus_one"};  // without addclick
constexpr Provider kDede{"dedecms", kIncrements, "after"};
constexpr Provider kPhpcms{"phpcms", kIncrements, "before"};
constexpr Provider kMetInfo{"metinfo", kIncrements, "after"};
constexpr Provider kSscms{"sscms", kIncrements, "after"};
constexpr Provider kJeecms{"jeecms", kIncrements, "after"};
constexpr Provider kDtcms{"dtcms", kProven, "total"};  // without click
constexpr Provider kPowerEasy{"powereasy", kUnknown, "unknown"};
constexpr Provider kKesion{"kesion", kUnknown, "unknown"};
constexpr Provider kKesionCount{"kesion", kIncrements, "unknown"};
constexpr Provider kEpoint{"epoint", kIncrements, "unknown"};
constexpr Provider kAspcms{"aspcms", kIncrements, "after"};
constexpr Provider kGeneric{"generic", kUnknown, "unknown"};

constexpr size_t kLongestUrl = 2000;
constexpr size_t kScriptLooked = 20'000;  // a counter's call is short; libraries are not
constexpr size_t kScriptsLooked = size_t{1} << 20;  // of all scripts of a page together

// The literal arguments of the first call of `function` in a script, quotes removed; empty where there is no
// such call or an argument is no literal. A definition ("function name(…)") is no call.
std::vector<std::string> CallArguments(std::string_view script, std::string_view function) {
  for (size_t at = script.find(function); at != std::string_view::npos;
       at = script.find(function, at + function.size())) {
    if (at > 0 && (html::IsScriptNamePart(script[at - 1]) || (at >= 9 && script.substr(at - 9, 9) == "function ")))
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
    if (!html::IsScriptNamePart(c) && c != '-') return false;
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
  Provider provider;
  std::string method = "GET";
};

// Requests that count and answer nothing, and totals of the whole site: never asked.
bool IsBeacon(std::string_view lower) {
  for (const std::string_view part : {"addclicktimes.jsp", "datainput.jsp", "/visitcount/visit.jsp", "/interface/visit.jsp", "/_visitcount?",
                                      "ss.hits/hits/", "flow_statistic", "channel_view.jspx", "postviews", "addcontenthits", "webdig",
                                      "hm.baidu.com", "google-analytics", "cnzz.com", "51.la", "51yes.com", "eventtype=", "sharecount",
                                      "commentcount", "comment_count", "online.asp", "online.php", "dianzan", "zan.php", "digg"}) {
    if (lower.find(part) != std::string_view::npos) return true;
  }
  return false;
}

// A file's name by which home-made counters are known: hits.asp, getclick.php, viewCount.do, AspCms_VisitsAdd.asp.
bool NamesCount(std::string_view file) {
  for (const std::string_view word : {"hits", "hit.", "click", "viewcount", "viewnum", "viewtimes", "readcount", "readnum", "readtimes", "visitnum",
                                      "visitcount", "visits", "browse", "pageview", "getcount", "count.asp", "count.php", "count.do", "count.jsp",
                                      "count.ashx", "addread", "getread", "llcs", "djcs", "getviews", "updateviews"}) {
    if (file.find(word) != std::string_view::npos) return true;
  }
  return file == "count" || file == "views" || file == "hit" || file == "counter";
}

bool HasArticleId(std::string_view lower_query) {
  return lower_query.find("id=") != std::string_view::npos || lower_query.find("guid=") != std::string_view::npos ||
         lower_query.find("aid") != std::string_view::npos || lower_query.find("no=") != std::string_view::npos;
}

// The URL of a script, a frame or a request that answers a count.
std::optional<Found> ByUrl(std::string_view source) {
  if (source.empty() || source.size() > kLongestUrl) return std::nullopt;
  const std::string lower = ToAsciiLower(source);
  const auto has = [&](std::string_view part) { return lower.find(part) != std::string::npos; };
  // Most scripts have nothing of a counter in their addresses.
  if (!has("lick") && !has("ount") && !has("hit") && !has("view") && !has("read") && !has("visit") && !has("brows") && !has("llcs") && !has("djcs")) return std::nullopt;
  const auto as_it_is = [&](const Provider& provider) { return Found{std::string(source), provider}; };
  if (has("/e/public/viewclick")) {
    // ViewMore.php tells several numbers at once and says which by a parameter each; elsewhere down=1…7 are downloads, comments and votes.
    if (has("viewmore.php")) {
      if (!HasParameter(source, "onclick", "1")) return std::nullopt;
    } else if (HasParameter(source, "down", "") && !HasParameter(source, "down", "0")) {
      return std::nullopt;
    }
    return Found{WithoutParameter(source, "addclick"), kEmpire};
  }
  if (has("/plus/count.php")) {
    if (!has("view=yes")) return std::nullopt;  // counts and prints nothing
    return Found{WithoutParameter(source, "mid"), kDede};
  }
  if (has("api.php?") && HasParameter(source, "op", "count")) return as_it_is(kPhpcms);
  if (has("include/hits.php")) return as_it_is(kMetInfo);
  if (has("submit_ajax.ashx") && has("view_article_click")) return Found{WithoutParameter(WithoutParameter(source, "click"), "hide"), kDtcms};
  if (has("/common/gethits.aspx") || has("/common/gethits.asp") || (has("gethits.asp") && has("articleid="))) return as_it_is(kPowerEasy);
  if (has("/item/gethits.asp")) return as_it_is(HasParameter(source, "action", "count") ? kKesionCount : kKesion);
  if (has("upclicktimes.as")) return as_it_is(kEpoint);
  if (has("/artcount/artcount.jsp")) return as_it_is(kHanweb);
  if (has("/visitcount/articlehits.jsp")) return as_it_is(kHanwebHits);
  if (has("/click/dynclicks.jsp")) return as_it_is(kVsb);
  if (has("/click/clicktimes.jsp") && HasParameter(source, "type", "wbnews")) return as_it_is(kVsb);
  if (has("/_visitcountdisplay")) return Found{std::string(source), kSudy, "POST"};
  if (has("/content_view.jspx")) return as_it_is(kJeecms);
  if (has("aspcms_visitsadd")) return as_it_is(kAspcms);
  if (IsBeacon(lower)) return std::nullopt;
  // Home-made ones: hits.asp?id=, click.php?newsid=, /api/hits/123.
  const size_t question = source.find('?');
  const std::string path = lower.substr(0, std::min(question, lower.size()));
  const size_t end = path.ends_with('/') ? path.size() - 1 : path.size();  // /count/?id=7: the folder's own program
  const size_t slash = end == 0 ? std::string::npos : path.rfind('/', end - 1);
  const std::string file = path.substr(slash == std::string::npos ? 0 : slash + 1, slash == std::string::npos ? end : end - slash - 1);
  const auto program = [](std::string_view name) {
    for (const std::string_view extension : {".asp", ".php", ".jsp", ".ashx", ".do", ".action", ".aspx", ".jspx", ".asmx"}) {
      if (name.find(extension) != std::string_view::npos) return true;
    }
    return name.find('.') == std::string_view::npos;
  };
  if (question != std::string_view::npos) {
    // ?c=api&m=hits&id=7 names it in the query.
    const std::string query = lower.substr(question + 1);
    const bool named = NamesCount(file) || query.find("=hits") != std::string::npos || query.find("=click") != std::string::npos ||
                       query.find("=getclick") != std::string::npos || query.find("=viewcount") != std::string::npos ||
                       query.find("=addhits") != std::string::npos || query.find("=gethits") != std::string::npos;
    if (program(file) && named && HasArticleId(query)) return as_it_is(kGeneric);
    return std::nullopt;
  }
  // /api/hits/7, /info_views/7 (Jspxcms), /article/click/id/7.html (ThinkPHP).
  const std::string_view number = std::string_view(file).substr(0, file.ends_with(".html") ? file.size() - 5 : file.size());
  if (!number.empty() && number.size() <= 40 && IsNumber(number) && slash != std::string::npos && slash > 0) {
    std::string before = path.substr(0, slash);
    if (before.ends_with("/id")) before.resize(before.size() - 3);
    const std::string name = before.substr(before.rfind('/') + 1);
    if (name.find('.') == std::string::npos && (NamesCount(name) || name.ends_with("_views"))) return as_it_is(kGeneric);
  }
  return std::nullopt;
}

// The number that a script gives the variable `name`: var id = "123"; empty where it gives none.
std::string VariableNumber(std::string_view script, std::string_view name) {
  for (size_t at = script.find(name); at != std::string_view::npos; at = script.find(name, at + name.size())) {
    if (at > 0 && (html::IsScriptNamePart(script[at - 1]) || script[at - 1] == '.')) continue;
    size_t place = at + name.size();
    while (place < script.size() && IsAsciiSpace(script[place])) ++place;
    if (place >= script.size() || (script[place] != '=' && script[place] != ':')) continue;
    ++place;
    while (place < script.size() && (IsAsciiSpace(script[place]) || script[place] == '"' || script[place] == '\'')) ++place;
    size_t end = place;
    while (end < script.size() && IsAsciiDigit(script[end])) ++end;
    if (end > place && end - place <= 20 && (end == script.size() || !html::IsScriptNamePart(script[end]))) return std::string(script.substr(place, end - place));
  }
  return "";
}

// A string literal of a script, joined with what is added to it where that is known: "/hits?id=" + id. The whole URL, or
// nothing where a part of it is not known. `at` is the opening quote; moves past the literal.
// `lookups` bounds the searches for variables: a script full of sums would else be read once for each.
std::string JoinedLiteral(std::string_view script, size_t& at, int& lookups) {
  std::string url;
  size_t place = at;
  for (int parts = 0; parts < 8; ++parts) {
    const char quote = script[place];
    size_t end = place + 1;
    while (end < script.size() && script[end] != quote && script[end] != '\n' && end - place < kLongestUrl) ++end;
    if (end >= script.size() || script[end] != quote) {
      at = end;
      return "";
    }
    if (parts == 0) at = end + 1;
    url.append(script.substr(place + 1, end - place - 1));
    if (quote == '`' && url.find("${") != std::string::npos) return "";
    place = end + 1;
    const auto skip = [&] {
      while (place < script.size() && IsAsciiSpace(script[place])) ++place;
    };
    skip();
    // Variables, one after another, until the next literal or the end of the sum.
    bool literal_next = false;
    while (place < script.size() && script[place] == '+') {
      ++place;
      skip();
      if (place < script.size() && (script[place] == '"' || script[place] == '\'')) {
        literal_next = true;
        break;
      }
      size_t stop = place;
      while (stop < script.size() && html::IsScriptNamePart(script[stop])) ++stop;
      if (stop == place || (stop < script.size() && (script[stop] == '.' || script[stop] == '('))) return "";
      const std::string_view name = script.substr(place, stop - place);
      if (!IsNumber(name) && --lookups < 0) return "";
      const std::string number = IsNumber(name) ? std::string(name) : VariableNumber(script, name);
      if (number.empty()) return "";
      url += number;
      place = stop;
      skip();
    }
    if (!literal_next) return url;
  }
  return "";
}

// The script without its comments, in which calls stand that are no more made. Literals are passed over; one that is not closed ends with its
// line, so that a regular expression with a quote in it confuses one line at most.
std::string WithoutComments(std::string_view script) {
  std::string out;
  out.reserve(script.size());
  size_t kept = 0;  // up to here it is in `out`, or left out
  char quote = 0;
  for (size_t at = 0; at < script.size(); ++at) {
    const char c = script[at];
    if (quote != 0) {
      if (c == '\\') {
        ++at;
      } else if (c == quote || (c == '\n' && quote != '`')) {
        quote = 0;
      }
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '/' && at + 1 < script.size()) {
      const bool line = script[at + 1] == '/' && (at == 0 || script[at - 1] != ':');
      if (!line && script[at + 1] != '*') continue;
      out.append(script.substr(kept, at - kept));
      const size_t close = line ? script.find('\n', at) : script.find("*/", at + 2);
      if (close == std::string_view::npos) return out;
      out.push_back(line ? '\n' : ' ');
      at = line ? close : close + 1;
      kept = at + 1;
    }
  }
  out.append(script.substr(kept));
  return out;
}

// The parameters that a call gives beside its address: $.get("/hits.do", {id: 7}) and $.ajax({url: …, data: {id: 7}}) as id=7. `after` is behind the
// address. Empty where there are none, one is not known, or they are no part of the address (a POST).
std::string ParametersAfter(std::string_view script, size_t open, size_t after, int& lookups) {
  const auto skip = [&](size_t at) {
    while (at < script.size() && IsAsciiSpace(script[at])) ++at;
    return at;
  };
  size_t at = skip(after);
  if (at >= script.size() || script[at] != ',') return "";
  at = skip(at + 1);
  if (at < script.size() && script[at] != '{') {
    // Of an options object: its member data.
    const std::string_view options = script.substr(at, 300);
    const size_t data = options.find("data");
    const size_t brace = data == std::string_view::npos ? data : options.find_first_not_of(" \t\r\n:\"'", data + 4);
    if (brace == std::string_view::npos || options[brace] != '{' || options.substr(0, data).find('}') != std::string_view::npos) return "";
    const size_t begin = open > 200 ? open - 200 : 0;
    if (FindIgnoreAsciiCase(script.substr(begin, after + 300 - begin), "post") != std::string_view::npos) return "";
    at += brace;
  } else if (open >= 5 && TrimAscii(script.substr(open - 5, 5)).find("post") != std::string_view::npos) {
    return "";
  }
  if (at >= script.size()) return "";
  std::string query;
  ++at;
  for (int fields = 0; fields < 10; ++fields) {
    at = skip(at);
    if (at < script.size() && script[at] == '}') return query;
    const size_t colon = script.substr(0, std::min(script.size(), at + 60)).find(':', at);
    if (colon == std::string_view::npos) return "";
    std::string_view name = TrimAscii(script.substr(at, colon - at));
    if (name.size() >= 2 && (name[0] == '"' || name[0] == '\'') && name.back() == name[0]) name = name.substr(1, name.size() - 2);
    const size_t end = script.substr(0, std::min(script.size(), colon + 100)).find_first_of(",}", colon);
    if (end == std::string_view::npos || !IsWord(name)) return "";
    std::string_view value = TrimAscii(script.substr(colon + 1, end - colon - 1));
    std::string known;
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0]) {
      known = value.substr(1, value.size() - 2);
    } else if (IsNumber(value)) {
      known = value;
    } else if (IsWord(value) && --lookups >= 0) {
      known = VariableNumber(script, value);
    }
    if (known.empty() || known.find_first_of(" &=#?\"'<>") != std::string::npos) return "";
    query += (query.empty() ? "" : "&") + std::string(name) + "=" + known;
    at = script[end] == ',' ? end + 1 : end;
  }
  return "";
}

// Calls and literals inside an inline script.
std::optional<Found> ByScript(std::string_view whole, const PageView& view) {
  whole = whole.substr(0, kScriptLooked);
  // What is looked for below has one of these.
  const auto has = [whole](std::string_view part) { return whole.find(part) != std::string_view::npos; };
  const bool clicks = has("lick"), counts = has("ount"), hits = has("it"), views = has("iew");
  if (!clicks && !counts && !hits && !views && !has("ead") && !has("rowse")) return std::nullopt;
  std::string stripped;
  if (whole.find("//") != std::string_view::npos || whole.find("/*") != std::string_view::npos) stripped = WithoutComments(whole);
  const std::string_view script = stripped.empty() ? whole : std::string_view(stripped);
  if (script.find("_showDynClicks") != std::string_view::npos) {
    const auto arguments = CallArguments(script, "_showDynClicks");
    if (arguments.size() >= 3 && IsWord(arguments[0]) && IsNumber(arguments[1]) && IsNumber(arguments[2])) {
      return Found{"/system/resource/code/news/click/dynclicks.jsp?clickid=" + arguments[2] + "&owner=" + arguments[1] +
                       "&clicktype=" + arguments[0],
                   kVsb};
    }
  }
  if (script.find("getClickTimes") != std::string_view::npos) {
    // The same function tells how often an attachment was loaded: type wbnewsfile.
    const auto arguments = CallArguments(script, "getClickTimes");
    if (arguments.size() >= 3 && IsNumber(arguments[0]) && IsNumber(arguments[1]) && arguments[2] == "wbnews") {
      return Found{"/system/resource/code/news/click/clicktimes.jsp?wbnewsid=" + arguments[0] + "&owner=" + arguments[1] + "&type=wbnews" +
                       (arguments.size() >= 4 && IsWord(arguments[3]) ? "&randomid=" + arguments[3] : std::string()),
                   kVsb};
    }
  }
  if (script.find("Cms.viewCount") != std::string_view::npos) {
    const auto arguments = CallArguments(script, "Cms.viewCount");
    if (!arguments.empty() && IsNumber(arguments.back())) {
      const std::string& context = arguments.size() >= 2 ? arguments[0] : std::string();
      if (context.size() < 60)
        return Found{context + "/content_view.jspx?contentId=" + arguments.back(), kJeecms};
    }
  }
  if (hits && (FindIgnoreAsciiCase(script, "stlActionsHits") != std::string_view::npos || FindIgnoreAsciiCase(script, "/stl/actions/hits") != std::string_view::npos)) {
    // SSCMS: a POST with a JSON body that this table cannot carry; its place is told, so that the missing
    // number has a reason.
    return Found{"/api/stl/actions/hits", kSscms, "POST"};
  }
  // Hanweb: the path stands in a script, the ids in metas.
  if (script.find("artcount.jsp") != std::string_view::npos) {
    const std::string_view column = view.MetaContent("i_columnid"), article = view.MetaContent("i_articleid");
    if (IsNumber(column) && IsNumber(article)) {
      return Found{"/vc/vc/interface/artcount/artcount.jsp?i_columnid=" + std::string(column) + "&i_articleid=" + std::string(article), kHanweb};
    }
  }
  // Literals: $.get("/e/public/ViewClick/?classid=3&id=12"), url: "/hits.do?id=" + id, src='…' inside a document.write.
  std::optional<Found> generic;
  int lookups = 32;
  for (size_t at = 0; at < script.size();) {
    const char c = script[at];
    if (c != '"' && c != '\'' && c != '`') {
      ++at;
      continue;
    }
    const size_t open = at;
    std::string literal = JoinedLiteral(script, at, lookups);
    if (at <= open) at = open + 1;
    if (!literal.empty() && literal.size() < 200 && literal.find('?') == std::string::npos && literal.find('/') != std::string::npos) {
      if (const std::string parameters = ParametersAfter(script, open, at, lookups); !parameters.empty()) literal += "?" + parameters;
    }
    if (literal.size() < 8 || literal.find_first_of("/?.") == std::string::npos) continue;
    // An element written by the script holds the URL in an attribute of its own; looked for below.
    if (literal.find('<') != std::string::npos) {
      const size_t src = FindIgnoreAsciiCase(literal, "src=");
      if (src == std::string_view::npos) continue;
      std::string_view rest = std::string_view(literal).substr(src + 4);
      while (!rest.empty() && (rest[0] == '"' || rest[0] == '\'' || rest[0] == '\\')) rest.remove_prefix(1);
      literal = std::string(rest.substr(0, rest.find_first_of("\"'\\> ")));
    } else if (literal.find_first_of(" \t{}") != std::string::npos) {
      continue;
    }
    auto found = ByUrl(ReplaceAll(literal, "&amp;", "&"));
    if (!found) continue;
    if (found->provider.kind != std::string_view("generic")) return found;
    if (!generic) generic = std::move(found);
  }
  if (generic) return generic;
  // Without quotes of its own: \'…src=/plus/count.php?view=yes&aid=1>\'.
  const bool ended = hits && has("its.php"), submits = hits && has("mit_ajax"), article = hits && has("ehits.jsp");
  if (!clicks && !counts && !views && !ended && !submits && !article) return std::nullopt;
  static constexpr std::string_view kPaths[] = {"/e/public/viewclick", "/plus/count.php", "api.php?op=count", "include/hits.php",
                                                "submit_ajax.ashx", "pclicktimes.as", "/content_view.jspx", "dynclicks.jsp?",
                                                "artcount.jsp?", "articlehits.jsp?"};
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

// The digits that stand between `before` and the first character that is none.
std::string DigitsAfter(std::string_view text, std::string_view before) {
  const size_t at = text.find(before);
  if (at == std::string_view::npos) return "";
  size_t end = at + before.size();
  while (end < text.size() && IsAsciiDigit(text[end])) ++end;
  return std::string(text.substr(at + before.size(), std::min<size_t>(end - at - before.size(), 20)));
}

// Where the page wants a number but calls nothing that can be read, the ids are in its own address (DOMAIN 1.4).
std::optional<Found> ByAddress(const PageView& view, const url::Url& page_url) {
  // Sudy: /2019/0326/c295a290690/page.htm, and the site's number in the counting pixel or an attribute.
  if (const size_t file = page_url.path.find("/page.htm"); file != std::string::npos) {
    const size_t slash = page_url.path.rfind('/', file - 1);
    const std::string_view segment = std::string_view(page_url.path).substr(slash + 1, file - slash - 1);
    const std::string article = segment.starts_with("c") ? DigitsAfter(segment, "a") : std::string();
    if (!article.empty()) {
      for (const html::NodeIndex image : view.beacons) {
        const auto source = view.document.attribute(image, "src");
        if (!source || source->find("/_visitcount?") == std::string_view::npos) continue;
        const std::string site = DigitsAfter(*source, "siteId=");
        if (!site.empty()) return Found{"/_visitcountdisplay?siteId=" + site + "&type=3&articleId=" + article, kSudy, "POST"};
      }
    }
  }
  // VSB: /info/1074/64481.htm, and the owner in the page's own beacon _jsq_(treeid, page, newsid, owner).
  if (page_url.path.find("/info/") != std::string::npos || page_url.path.ends_with("/content.jsp")) {
    for (const html::NodeIndex index : view.scripts) {
      if (view.document.node(index).end <= index + 1) continue;
      const std::string_view script = view.document.node(index + 1).text;
      if (script.size() > kScriptLooked || script.find("_jsq_(") == std::string_view::npos) continue;
      // The page's address among the arguments is quoted and no word, so CallArguments will not have it.
      const size_t open = script.find("_jsq_(") + 6;
      const auto parts = Split(script.substr(open, script.find(')', open) - open), ',');
      if (parts.size() >= 4 && IsNumber(TrimAscii(parts[2])) && IsNumber(TrimAscii(parts[3])) && TrimAscii(parts[2]) != "-1") {
        return Found{"/system/resource/code/news/click/dynclicks.jsp?clickid=" + std::string(TrimAscii(parts[2])) +
                         "&owner=" + std::string(TrimAscii(parts[3])) + "&clicktype=wbnews",
                     kVsb};
      }
    }
  }
  return std::nullopt;
}

std::optional<model::Counter> MakeCounter(const Found& found, const url::Url& page_url, const url::Url& base_url) {
  // A root-absolute path of a call belongs to the page's own host, whatever <base> says; a src is resolved
  // as a browser does.
  Result<url::Url> parsed = url::Parse(found.url, found.url.starts_with("/") ? &page_url : &base_url);
  if (!parsed || !parsed->IsHttp()) return std::nullopt;
  return model::Counter{parsed->HrefWithoutFragment(), found.provider.kind, found.method, found.provider.side_effect, found.provider.semantics};
}

}  // namespace

std::optional<model::Counter> FindCounter(const PageView& view, const url::Url& page_url, const url::Url& base_url, bool wanted,
                                          html::NodeIndex* place) {
  for (html::NodeIndex index : view.counters) {
    const auto target = view.document.attribute(index, "url");
    if (!target || FindIgnoreAsciiCase(*target, "visitcountdisplay") == std::string_view::npos) continue;
    if (auto counter = MakeCounter({std::string(TrimAscii(*target)), kSudy, "POST"}, page_url, base_url)) {
      if (place != nullptr) *place = index;
      return counter;
    }
  }
  std::optional<Found> generic;
  const auto consider = [&](std::optional<Found> found) -> std::optional<model::Counter> {
    if (!found) return std::nullopt;
    if (found->provider.kind != std::string_view("generic")) return MakeCounter(*found, page_url, base_url);
    if (!generic) generic = std::move(found);
    return std::nullopt;
  };
  size_t looked = 0;
  for (html::NodeIndex index : view.scripts) {
    std::optional<model::Counter> counter;
    if (const auto source = view.document.attribute(index, "src")) {
      counter = consider(ByUrl(TrimAscii(*source)));
    } else {
      const html::Node& node = view.document.node(index);
      // Script text is one text node.
      if (node.end > index + 1 && view.document.node(index + 1).type == html::NodeType::kText && looked < kScriptsLooked) {
        looked += std::min(view.document.node(index + 1).text.size(), kScriptLooked);
        counter = consider(ByScript(view.document.node(index + 1).text, view));
      }
    }
    if (counter) {
      if (place != nullptr) *place = index;
      return counter;
    }
  }
  // An element that says where its number comes from: <span class="hits" data-url="/hits.php?id=77">.
  for (html::NodeIndex index : view.counters) {
    for (const char* name : {"data-url", "data-href", "data-src", "data-api", "url"}) {
      const auto source = view.document.attribute(index, name);
      if (!source) continue;
      if (auto counter = consider(ByUrl(TrimAscii(*source)))) {
        if (place != nullptr) *place = index;
        return counter;
      }
    }
  }
  for (html::NodeIndex index : view.frame_elements) {
    const auto source = view.document.attribute(index, "src");
    if (!source) continue;
    if (auto counter = consider(ByUrl(TrimAscii(*source)))) return counter;
  }
  if (generic) return MakeCounter(*generic, page_url, base_url);
  if (wanted) {
    if (const auto found = ByAddress(view, page_url)) return MakeCounter(*found, page_url, base_url);
  }
  return std::nullopt;
}

namespace {

// Ids that one request may ask for: as many as the longest lists have, so that no page makes a request without end.
constexpr size_t kMostInBatch = 200;

void AddId(std::string_view id, std::vector<std::string>& ids) {
  if (!IsNumber(id) || ids.size() >= kMostInBatch || std::find(ids.begin(), ids.end(), id) != ids.end()) return;
  ids.emplace_back(id);
}

std::string Joined(const std::vector<std::string>& ids) {
  std::string joined;
  for (const std::string& id : ids) joined += (joined.empty() ? "" : ",") + id;
  return joined;
}

std::string_view WithoutQuotes(std::string_view literal) {
  literal = TrimAscii(literal);
  if (literal.size() >= 2 && (literal.front() == '"' || literal.front() == '\'') && literal.back() == literal.front())
    return literal.substr(1, literal.size() - 2);
  return literal;
}

// _showDynClickBatch(['dynclicks_u5_3201', …], [3201, …], "wbnews", 1632666717): a home page has one for each of its blocks, and one request
// asks for all of the same owner.
std::optional<Found> VsbBatch(const PageView& view, std::vector<std::string>& ids) {
  std::string type, owner;
  size_t looked = 0;
  for (html::NodeIndex index : view.scripts) {
    if (view.document.node(index).end <= index + 1 || view.document.node(index + 1).type != html::NodeType::kText || looked >= kScriptsLooked) continue;
    constexpr std::string_view kCall = "_showDynClickBatch(";
    const std::string_view whole = std::string_view(view.document.node(index + 1).text).substr(0, kScriptLooked);
    looked += whole.size();
    if (whole.find(kCall) == std::string_view::npos) continue;
    const std::string stripped = WithoutComments(whole);
    const std::string_view script = stripped;
    for (size_t at = script.find(kCall); at != std::string_view::npos; at = script.find(kCall, at + kCall.size())) {
      if (at >= 9 && script.substr(at - 9, 9) == "function ") continue;
      const size_t first = script.find(']', at);
      const size_t open = first == std::string_view::npos ? first : script.find('[', first);
      const size_t close = open == std::string_view::npos ? open : script.find(']', open);
      const size_t end = close == std::string_view::npos ? close : script.find(')', close);
      if (end == std::string_view::npos) break;
      const auto rest = Split(script.substr(close + 1, end - close - 1), ',');
      if (rest.size() < 3) continue;
      const std::string_view its_type = WithoutQuotes(rest[1]), its_owner = WithoutQuotes(rest[2]);
      if (!IsWord(its_type) || !IsNumber(its_owner)) continue;
      if (owner.empty()) {
        type = its_type;
        owner = its_owner;
      }
      if (type != its_type || owner != its_owner) continue;
      for (const std::string_view id : Split(script.substr(open + 1, close - open - 1), ',')) AddId(WithoutQuotes(id), ids);
    }
  }
  if (ids.empty()) return std::nullopt;
  return Found{"/system/resource/code/news/click/dynclicksbatch.jsp?clickids=" + Joined(ids) + "&owner=" + owner + "&clicktype=" + type, kVsb};
}

// <span class="wp_listVisitCount" artId="290690">, for all of which the vendor's script makes one request; the site's number and its folder are
// attributes of that script's element.
std::optional<Found> SudyBatch(const PageView& view, std::vector<std::string>& ids) {
  std::string_view type;
  for (html::NodeIndex index : view.counters) {
    const auto classes = view.document.attribute(index, "class");
    const auto id = view.document.attribute(index, "artid");
    if (!classes || !id || classes->find("wp_listVisitCount") == std::string_view::npos) continue;
    AddId(TrimAscii(*id), ids);
    if (type.empty()) type = TrimAscii(view.document.attribute(index, "type").value_or(""));
  }
  if (ids.empty()) return std::nullopt;
  std::string_view site, folder;
  for (html::NodeIndex index : view.scripts) {
    if (site.empty()) site = TrimAscii(view.document.attribute(index, "sudy-wp-siteid").value_or(""));
    if (folder.empty()) folder = TrimAscii(view.document.attribute(index, "sudy-wp-context").value_or(""));
  }
  std::string request = IsWord(folder) ? "/" + std::string(folder) : std::string();
  request += "/_visitcountdisplay?articleIds=" + Joined(ids);
  if (IsNumber(site)) request += "&siteId=" + std::string(site);
  if (IsNumber(type)) request += "&type=" + std::string(type);
  return Found{request + "&funType=0", kSudy, "POST"};
}

}  // namespace

std::optional<model::CounterBatch> FindCounterBatch(const PageView& view, const url::Url& page_url) {
  model::CounterBatch batch;
  std::optional<Found> found = VsbBatch(view, batch.ids);
  if (!found) found = SudyBatch(view, batch.ids);
  if (!found) return std::nullopt;
  auto counter = MakeCounter(*found, page_url, page_url);
  if (!counter) return std::nullopt;
  batch.counter = std::move(*counter);
  return batch;
}

std::string CounterIdOf(std::string_view counter_kind, const url::Url& url) {
  if (counter_kind == "vsb") {
    if (url.query) {
      for (const std::string_view part : Split(*url.query, '&')) {
        if (part.starts_with("wbnewsid=") && IsNumber(part.substr(9))) return std::string(part.substr(9));
      }
    }
    const size_t info = url.path.find("/info/");
    if (info == std::string::npos) return "";
    const std::string_view file = std::string_view(url.path).substr(url.path.rfind('/') + 1);
    const std::string_view stem = file.substr(0, file.find('.'));
    return IsNumber(stem) ? std::string(stem) : std::string();
  }
  if (counter_kind == "sudy") {
    const size_t file = url.path.find("/page.");
    if (file == std::string::npos || file == 0) return "";
    const size_t slash = url.path.rfind('/', file - 1);
    const std::string_view segment = std::string_view(url.path).substr(slash + 1, file - slash - 1);
    const size_t article = segment.find('a');
    if (!segment.starts_with("c") || article == std::string_view::npos || !IsNumber(segment.substr(article + 1))) return "";
    return std::string(segment.substr(article + 1));
  }
  return "";
}

std::vector<std::string> CounterBatchIds(std::string_view request_url) {
  std::vector<std::string> ids;
  const size_t question = request_url.find('?');
  if (question == std::string_view::npos) return ids;
  for (const std::string_view part : Split(request_url.substr(question + 1), '&')) {
    const size_t equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    if (equals == std::string_view::npos || (name != "clickids" && name != "articleIds")) continue;
    for (const std::string_view id : Split(part.substr(equals + 1), ',')) ids.emplace_back(id);
    break;
  }
  return ids;
}

}  // namespace fangzhi::extract
