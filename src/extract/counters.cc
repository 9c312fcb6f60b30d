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
#include "model/counter_addresses.h"

namespace fangzhi::extract {
namespace {

constexpr size_t kLongestUrl = 2000;
constexpr size_t kScriptLooked = 20'000;  // a counter's call is short; libraries are not
constexpr size_t kScriptsLooked = size_t{1} << 20;  // of all scripts of a page together

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

// The number that a script gives the variable `name`: var id = "123"; empty where it gives none.
std::string NumberOfVariable(std::string_view script, std::string_view name) {
  const auto given = html::FindAssigned(script, name, true);
  return given && IsNumber(TrimAscii(given->text)) ? std::string(TrimAscii(given->text)) : std::string();
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
      const std::string number = IsNumber(name) ? std::string(name) : NumberOfVariable(script, name);
      if (number.empty()) return "";
      url += number;
      place = stop;
      skip();
    }
    if (!literal_next) return url;
  }
  return "";
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
      known = NumberOfVariable(script, value);
    }
    if (known.empty() || known.find_first_of(" &=#?\"'<>") != std::string::npos) return "";
    query += (query.empty() ? "" : "&") + std::string(name) + "=" + known;
    at = script[end] == ',' ? end + 1 : end;
  }
  return "";
}

// The first call in a script, comments removed, whose arguments are all literals.
std::vector<std::string> LiteralsOfCall(std::string_view script, std::string_view function) {
  for (size_t at = 0; const auto call = html::NextCall(script, function, at);) {
    std::vector<std::string> literals;
    for (const html::ScriptArgument& argument : *call) {
      if (argument.literal()) literals.emplace_back(TrimAscii(argument.text));
    }
    if (literals.size() == call->size() && !literals.empty()) return literals;
  }
  return {};
}

// Calls and literals inside an inline script.
std::optional<model::Counter> ByScript(std::string_view whole, const PageView& view) {
  whole = whole.substr(0, kScriptLooked);
  // What is looked for below has one of these.
  const auto has = [whole](std::string_view part) { return whole.find(part) != std::string_view::npos; };
  const bool clicks = has("lick"), counts = has("ount"), hits = has("it"), views = has("iew");
  if (!clicks && !counts && !hits && !views && !has("ead") && !has("rowse")) return std::nullopt;
  std::string stripped;
  if (whole.find("//") != std::string_view::npos || whole.find("/*") != std::string_view::npos) stripped = html::WithoutComments(whole);
  const std::string_view script = stripped.empty() ? whole : std::string_view(stripped);
  for (const std::string_view call : model::kCounterCalls) {
    // One of a batch is of a list's articles, and the arrays in it are no literals.
    if (script.find(call) == std::string_view::npos) continue;
    if (const auto address = model::AddressOfCall(call, LiteralsOfCall(script, call))) return model::CounterAt(*address);
  }
  if (script.find("Cms.viewCount") != std::string_view::npos) {
    const auto arguments = LiteralsOfCall(script, "Cms.viewCount");
    if (!arguments.empty() && IsNumber(arguments.back())) {
      const std::string& context = arguments.size() >= 2 ? arguments[0] : std::string();
      if (context.size() < 60) return model::CounterAt(context + "/content_view.jspx?contentId=" + arguments.back());
    }
  }
  if (hits && (FindIgnoreAsciiCase(script, "stlActionsHits") != std::string_view::npos || FindIgnoreAsciiCase(script, "/stl/actions/hits") != std::string_view::npos)) {
    // SSCMS: a POST with a JSON body that no request of ours carries; its place is told, so that the missing
    // number has a reason.
    return model::CounterAt("/api/stl/actions/hits");
  }
  // Hanweb: the path stands in a script, the ids in metas.
  if (script.find("artcount.jsp") != std::string_view::npos) {
    const std::string_view column = view.MetaContent("i_columnid"), article = view.MetaContent("i_articleid");
    if (IsNumber(column) && IsNumber(article)) {
      return model::CounterAt("/vc/vc/interface/artcount/artcount.jsp?i_columnid=" + std::string(column) + "&i_articleid=" + std::string(article));
    }
  }
  // Literals: $.get("/e/public/ViewClick/?classid=3&id=12"), url: "/hits.do?id=" + id, src='…' inside a document.write.
  std::optional<model::Counter> generic;
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
    auto found = model::CounterAt(ReplaceAll(literal, "&amp;", "&"));
    if (!found) continue;
    if (found->kind != "generic") return found;
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
    if (auto found = model::CounterAt(ReplaceAll(script.substr(begin, end - begin), "&amp;", "&"))) return found;
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
std::optional<model::Counter> ByAddress(const PageView& view, const url::Url& page_url) {
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
        if (!site.empty()) return model::CounterAt("/_visitcountdisplay?siteId=" + site + "&type=3&articleId=" + article);
      }
    }
  }
  // VSB: /info/1074/64481.htm, and the owner in the page's own beacon _jsq_(treeid, page, newsid, owner).
  if (page_url.path.find("/info/") != std::string::npos || page_url.path.ends_with("/content.jsp")) {
    for (const html::NodeIndex index : view.scripts) {
      if (view.document.node(index).end <= index + 1) continue;
      const std::string_view script = view.document.node(index + 1).text;
      if (script.size() > kScriptLooked || script.find("_jsq_(") == std::string_view::npos) continue;
      for (size_t at = 0; const auto call = html::NextCall(script, "_jsq_", at);) {
        if (call->size() < 4 || !IsNumber((*call)[2].text)) continue;  // -1: of a column
        if (const auto address = model::AddressOfCall("_showDynClicks", {"wbnews", (*call)[3].text, (*call)[2].text})) return model::CounterAt(*address);
      }
    }
  }
  return std::nullopt;
}

// A counter with its address as the page has it → with the absolute one.
std::optional<model::Counter> Resolved(model::Counter found, const url::Url& page_url, const url::Url& base_url) {
  // A root-absolute path of a call belongs to the page's own host, whatever <base> says; a src is resolved
  // as a browser does.
  Result<url::Url> parsed = url::Parse(found.url, found.url.starts_with("/") ? &page_url : &base_url);
  if (!parsed || !parsed->IsHttp()) return std::nullopt;
  found.url = parsed->HrefWithoutFragment();
  return found;
}

}  // namespace

std::optional<model::Counter> FindCounter(const PageView& view, const url::Url& page_url, const url::Url& base_url, bool wanted,
                                          html::NodeIndex* place) {
  for (html::NodeIndex index : view.counters) {
    const auto target = view.document.attribute(index, "url");
    if (!target || FindIgnoreAsciiCase(*target, "visitcountdisplay") == std::string_view::npos) continue;
    const auto found = model::CounterAt(TrimAscii(*target));
    if (auto counter = found ? Resolved(*found, page_url, base_url) : std::nullopt) {
      if (place != nullptr) *place = index;
      return counter;
    }
  }
  std::optional<model::Counter> generic;
  const auto consider = [&](std::optional<model::Counter> found) -> std::optional<model::Counter> {
    if (!found || !CounterBatchIds(found->url).empty()) return std::nullopt;  // a list's
    if (found->kind != "generic") return Resolved(*found, page_url, base_url);
    if (!generic) generic = std::move(found);
    return std::nullopt;
  };
  size_t looked = 0;
  for (html::NodeIndex index : view.scripts) {
    std::optional<model::Counter> counter;
    if (const auto source = view.document.attribute(index, "src")) {
      counter = consider(model::CounterAt(TrimAscii(*source)));
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
      if (auto counter = consider(model::CounterAt(TrimAscii(*source)))) {
        if (place != nullptr) *place = index;
        return counter;
      }
    }
  }
  for (html::NodeIndex index : view.frame_elements) {
    const auto source = view.document.attribute(index, "src");
    if (!source) continue;
    if (auto counter = consider(model::CounterAt(TrimAscii(*source)))) return counter;
  }
  if (generic) return Resolved(*generic, page_url, base_url);
  if (wanted) {
    if (const auto found = ByAddress(view, page_url)) return Resolved(*found, page_url, base_url);
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
std::optional<model::Counter> VsbBatch(const PageView& view, std::vector<std::string>& ids) {
  constexpr std::string_view kCall = "_showDynClickBatch";
  std::string type, owner;
  size_t looked = 0;
  for (html::NodeIndex index : view.scripts) {
    if (view.document.node(index).end <= index + 1 || view.document.node(index + 1).type != html::NodeType::kText || looked >= kScriptsLooked) continue;
    const std::string_view whole = std::string_view(view.document.node(index + 1).text).substr(0, kScriptLooked);
    looked += whole.size();
    if (whole.find(kCall) == std::string_view::npos) continue;
    const std::string script = html::WithoutComments(whole);
    for (size_t at = 0; const auto call = html::NextCall(script, kCall, at, kScriptLooked);) {
      if (call->size() < 4) continue;
      const auto numbers = (*call)[1].array();
      const std::string_view its_type = (*call)[2].text, its_owner = (*call)[3].text;
      if (!numbers || !IsWord(its_type) || !IsNumber(its_owner)) continue;
      if (owner.empty()) {
        type = its_type;
        owner = its_owner;
      }
      if (type != its_type || owner != its_owner) continue;
      for (const std::string_view id : Split(*numbers, ',')) AddId(WithoutQuotes(id), ids);
    }
  }
  if (ids.empty()) return std::nullopt;
  const auto address = model::AddressOfCall(kCall, {"", Joined(ids), type, owner});
  return address ? model::CounterAt(*address) : std::nullopt;
}

// <span class="wp_listVisitCount" artId="290690">, for all of which the vendor's script makes one request; the site's number and its folder are
// attributes of that script's element.
std::optional<model::Counter> SudyBatch(const PageView& view, std::vector<std::string>& ids) {
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
  return model::CounterAt(request + "&funType=0");
}

}  // namespace

std::optional<model::CounterBatch> FindCounterBatch(const PageView& view, const url::Url& page_url) {
  model::CounterBatch batch;
  std::optional<model::Counter> found = VsbBatch(view, batch.ids);
  if (!found) found = SudyBatch(view, batch.ids);
  if (!found) return std::nullopt;
  auto counter = Resolved(*found, page_url, page_url);
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
