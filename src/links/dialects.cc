#include "links/dialects.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/strings.h"
#include "html/script_reader.h"
#include "links/literals.h"
#include "model/json.h"
#include "model/parts.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using model::IsPageKey;

constexpr size_t kMaxFields = 40;
constexpr size_t kMaxObjectBytes = 8192;
constexpr html::NodeIndex kMaxPagerNodes = 200;
constexpr size_t kMaxColumns = 500;
constexpr size_t kLongestLiteral = 200;

bool IsHex32(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAsciiDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// What stands after `name:` or `name =`: a literal's characters or a bare word. Looks at the first few places only.
std::optional<std::string> ValueOf(std::string_view script, std::string_view name) {
  size_t at = 0;
  for (int tries = 0; tries < 16 && (at = FindIgnoreAsciiCase(script, name, at)) != std::string_view::npos; ++tries) {
    const bool whole = at == 0 || !html::IsScriptNamePart(script[at - 1]);
    at += name.size();
    size_t value = at;
    if (!whole || value >= script.size() || html::IsScriptNamePart(script[value])) continue;
    if (script[value] == '"' || script[value] == '\'') ++value;
    while (value < script.size() && IsAsciiSpace(script[value])) ++value;
    if (value >= script.size() || (script[value] != ':' && script[value] != '=')) continue;
    ++value;
    while (value < script.size() && IsAsciiSpace(script[value])) ++value;
    if (value >= script.size()) break;
    if (html::ScriptReader in{script, value}; in.at_string()) {
      if (auto text = in.String(2048)) return text;
      continue;
    }
    size_t end = value;
    while (end < script.size() && end - value < 64 && (html::IsScriptNamePart(script[end]) || script[end] == '-')) ++end;
    if (end > value) return std::string(script.substr(value, end - value));
  }
  return std::nullopt;
}

std::optional<uint64_t> NumberOf(std::string_view script, std::string_view name) {
  const auto value = ValueOf(script, name);
  return value ? ParseUint(*value) : std::nullopt;
}

// "index_2" → ("index", "_", 2): the number at the end of a file's name.
struct Numbered {
  std::string_view folder, stem, separator, extension;
  uint64_t number = 0;
};

std::optional<Numbered> ReadNumbered(std::string_view path) {
  Numbered name;
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  name.folder = path.substr(0, slash + 1);
  std::string_view file = path.substr(slash + 1);
  const size_t dot = file.rfind('.');
  if (dot != std::string_view::npos) {
    name.extension = file.substr(dot);
    file = file.substr(0, dot);
  }
  size_t digits = file.size();
  while (digits > 0 && IsAsciiDigit(file[digits - 1])) --digits;
  const auto number = ParseUint(file.substr(digits));
  if (!number || file.size() - digits > 5) return std::nullopt;
  name.number = *number;
  if (digits > 0 && (file[digits - 1] == '_' || file[digits - 1] == '-')) name.separator = file.substr(--digits, 1);
  name.stem = file.substr(0, digits);
  return name;
}

// The first number at or after `at`, which may follow a few signs and spaces.
std::optional<uint64_t> NumberAfter(std::string_view text, size_t at, size_t* end) {
  size_t skipped = 0;
  while (at < text.size() && !IsAsciiDigit(text[at])) {
    // Words between, as in 共有, 共计：, are a few bytes; more is another sentence.
    if (++skipped > 12) return std::nullopt;
    ++at;
  }
  size_t stop = at;
  while (stop < text.size() && IsAsciiDigit(text[stop]) && stop - at < 10) ++stop;
  *end = stop;
  return ParseUint(text.substr(at, stop - at));
}

}  // namespace

std::string_view QueryOf(const url::Url& url) { return url.query ? std::string_view(*url.query) : std::string_view(); }

std::string PercentEncode(std::string_view value) {
  std::string out;
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : value) {
    if (IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '/') {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> ReadFields(std::string_view script, size_t at) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (ObjectField& field : ReadObject(script, at)) fields.emplace_back(std::move(field.name), std::move(field.value));
  return fields;
}

std::vector<ObjectField> ReadObject(std::string_view script, size_t at) {
  std::vector<ObjectField> fields;
  const std::string_view object = script.substr(at, kMaxObjectBytes);
  size_t i = 1;
  const auto word = [&object, &i]() -> std::optional<std::string> {
    if (html::ScriptReader in{object, i}; in.at_string()) {
      auto text = in.String();
      i = in.at;
      return text;
    }
    std::string text;
    while (i < object.size() && (html::IsScriptNamePart(object[i]) || object[i] == '-' || object[i] == '.')) text += object[i++];
    return text;
  };
  const auto space = [&object, &i] {
    while (i < object.size() && (IsAsciiSpace(object[i]) || object[i] == ',')) ++i;
  };
  while (i < object.size() && fields.size() < kMaxFields) {
    space();
    if (i >= object.size() || object[i] == '}') break;
    const auto key = word();
    if (!key || key->empty()) break;
    space();
    if (i >= object.size() || object[i] != ':') break;
    ++i;
    space();
    if (i < object.size() && (object[i] == '{' || object[i] == '[')) {  // nested: passed over
      int depth = 0;
      do {
        if (object[i] == '{' || object[i] == '[') ++depth;
        if (object[i] == '}' || object[i] == ']') --depth;
        ++i;
      } while (i < object.size() && depth > 0);
      continue;
    }
    const bool quoted = i < object.size() && (object[i] == '"' || object[i] == '\'');
    auto value = word();
    if (!value) break;
    // The rest of an expression.
    while (i < object.size() && IsAsciiSpace(object[i])) ++i;
    const bool whole = i < object.size() && (object[i] == ',' || object[i] == '}');
    fields.push_back({*key, std::move(*value), quoted, whole});
    while (i < object.size() && object[i] != ',' && object[i] != '}') ++i;
  }
  return fields;
}

std::optional<uint64_t> PageNumber(const url::Url& url) {
  for (const std::string_view pair : Split(QueryOf(url), '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (pair.starts_with("paramJson=")) {
      const auto json = model::ParseJson(url::PercentDecode(pair.substr(equals + 1)));
      if (const int64_t page = json ? model::GetInt(*json, "pageNo", -1) : -1; page > 0) return static_cast<uint64_t>(page);
    }
    if (!IsPageKey(pair.substr(0, equals))) continue;
    if (const auto number = ParseUint(pair.substr(equals + 1))) return number;
  }
  const auto name = ReadNumbered(url.path);
  if (!name || name->stem.empty()) return std::nullopt;
  return name->number;
}

namespace {

// The same address with another number of a page; the number is where PageNumber finds it.
std::optional<std::string> WithPageNumber(const url::Url& url, uint64_t page) {
  url::Url other = url;
  std::string query;
  bool changed = false;
  for (const std::string_view pair : Split(QueryOf(url), '&')) {
    const size_t equals = pair.find('=');
    if (!query.empty()) query += '&';
    if (!changed && equals != std::string_view::npos && IsPageKey(pair.substr(0, equals)) && ParseUint(pair.substr(equals + 1))) {
      query += std::string(pair.substr(0, equals + 1)) + std::to_string(page);
      changed = true;
    } else {
      query += pair;
    }
  }
  if (changed) {
    other.query = std::move(query);
    return other.Href();
  }
  const auto name = ReadNumbered(url.path);
  if (!name || name->stem.empty()) return std::nullopt;
  other.path = std::string(name->folder) + std::string(name->stem) + std::string(name->separator) + std::to_string(page) + std::string(name->extension);
  return other.Href();
}

}  // namespace

std::optional<std::string> NextRequest(const url::Url& url) {
  if (!url.query) return std::nullopt;
  url::Url next = url;
  std::string query;
  bool changed = false;
  uint64_t start = 0, end = 0;
  for (const std::string_view pair : Split(*url.query, '&')) {
    const std::string key = ToAsciiLower(pair.substr(0, pair.find('=')));
    if (key.size() == pair.size()) continue;
    const uint64_t number = ParseUint(pair.substr(key.size() + 1)).value_or(0);
    if (key == "startrecord") start = number;
    if (key == "endrecord") end = number;
  }
  for (const std::string_view pair : Split(*url.query, '&')) {
    const size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    std::string value(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    const auto number = ParseUint(value);
    if (EqualsIgnoreAsciiCase(key, "startrecord") && end >= start && end > 0) {
      value = std::to_string(end + 1);
      changed = true;
    } else if (EqualsIgnoreAsciiCase(key, "endrecord") && end >= start && end > 0) {
      value = std::to_string(end + (end - start + 1));
      changed = true;
    } else if (IsPageKey(key) && number && *number < 1'000'000) {
      value = std::to_string(*number + 1);
      changed = true;
    } else if (EqualsIgnoreAsciiCase(key, "paramJson")) {
      const auto json = model::ParseJson(url::PercentDecode(value));
      const int64_t page = json ? model::GetInt(*json, "pageNo", -1) : -1;
      if (page > 0 && page < 1'000'000) {
        model::Json more = *json;
        more["pageNo"] = page + 1;
        value = PercentEncode(model::Dump(more));
        changed = true;
      }
    }
    if (!query.empty()) query += '&';
    query += key;
    if (equals != std::string_view::npos) query += '=' + value;
  }
  if (!changed) return std::nullopt;
  next.query = query;
  return next.Href();
}

namespace {

model::Link PostLink(const std::string& target, std::string body) {
  model::Link link;
  link.url = url::PostKey(target, body);
  link.kind = model::LinkKind::kList;
  link.post = std::move(body);
  return link;
}

}  // namespace

std::optional<model::Link> NextPost(const url::Url& key, std::string_view body) {
  const std::string target = url::PostTarget(key.HrefWithoutFragment());
  if (target.empty()) return std::nullopt;
  if (body.starts_with("{")) {
    auto json = model::ParseJson(body);
    if (!json || !json->is_object()) return std::nullopt;
    for (auto& [name, value] : json->items()) {
      if (!IsPageKey(name)) continue;
      const auto number = value.is_number_integer() ? std::optional<int64_t>(value.get<int64_t>()) : std::nullopt;
      if (!number || *number < 0 || *number >= 1'000'000) continue;
      value = *number + 1;
      return PostLink(target, model::Dump(*json));
    }
    return std::nullopt;
  }
  // Of a form the key's query is the address's and the body's, so the rows of both move on.
  const auto next = NextRequest(key);
  if (!next) return std::nullopt;
  const std::string next_target = url::PostTarget(*next);
  const size_t begin = next_target.size() + std::string_view("?__wb_method=POST&").size();
  if (next_target.empty() || begin > next->size()) return std::nullopt;
  return PostLink(next_target, next->substr(begin));
}

std::optional<model::Link> AsPost(std::string_view address) {
  if (address.find("dataproxy.jsp?") == std::string_view::npos) return std::nullopt;
  const size_t question = address.find('?');
  std::string target(address.substr(0, question)), body;
  for (const std::string_view pair : Split(address.substr(question + 1), '&')) {
    const bool rows = pair.starts_with("startrecord=") || pair.starts_with("endrecord=") || pair.starts_with("perpage=");
    std::string& into = rows ? target : body;
    if (rows) {
      into += into.find('?') == std::string::npos ? "?" : "&";
    } else if (!into.empty()) {
      into += '&';
    }
    into += pair;
  }
  if (body.empty()) return std::nullopt;
  return PostLink(target, std::move(body));
}

void ListReader::Trs(std::string_view script) {
  const std::optional<Pager> pager = ReadPager(script);
  if (!pager || !targets_.empty()) return;
  facts_.dialect = "trs";
  facts_.pages = pager->total;
  if (pager->items) facts_.total = pager->items;
  NamePages(pager->total, pager->stem, pager->extension);
}

// index.html, index_1.html, … of `total` pages.
void ListReader::NamePages(uint64_t total, const std::string& stem, const std::string& extension) {
  const auto [begin, end] = PagesAround(0, total);
  for (uint64_t page = begin; page < end; ++page) targets_.push_back(stem + (page == 0 ? "" : "_" + std::to_string(page)) + "." + extension);
}

// Of the pages `begin` … `end` - 1 those to name here: the first ones, and from a later page those that follow it, and some before it, so that no single page
// that is missing ends the column.
std::pair<uint64_t, uint64_t> ListReader::PagesAround(uint64_t begin, uint64_t end) {
  constexpr uint64_t kBefore = kMaxPages / 5;
  if (end > kLastPage) {
    facts_.needs = "pages behind the " + std::to_string(kLastPage) + "th, which are not asked for";
    end = kLastPage;
  }
  const uint64_t here = PageNumber(page_url_).value_or(0);
  if (here < end && here > begin + kMaxPages - kBefore) begin = here - kBefore;
  return {begin, std::min(end, begin + kMaxPages)};
}

// A pager written out in the page: var countPage = 25, … document.write("<a href=\"index_" + nextPage + ".html\">"). How many pages there are may stand in
// another script, as data.
void ListReader::CountPage(std::string_view script) {
  if (!targets_.empty() || (script.find("ountPage") == std::string_view::npos && script.find("ageCount") == std::string_view::npos)) return;
  if (!written_pages_) {
    auto pages = NumberOf(script, "countPage");
    if (!pages) pages = NumberOf(script, "pageCount");
    if (pages && *pages >= 2) written_pages_ = pages;
  }
  if (!written_) written_ = ReadWritten(script);
  if (!written_ || !written_pages_) return;
  facts_.pages = written_pages_;
  facts_.dialect = written_->from_one ? "numbered" : "trs";
  if (!written_->from_one) return NamePages(*written_pages_, written_->stem, written_->extension);
  const auto [begin, end] = PagesAround(2, *written_pages_ + 1);
  for (uint64_t page = begin; page < end; ++page) targets_.push_back(written_->stem + "_" + std::to_string(page) + "." + written_->extension);
}

// The literal before the number: ends with a name and '_', and is added to.
std::optional<ListReader::Written> ListReader::ReadWritten(std::string_view script) {
  size_t at = 0;
  while ((at = script.find('_', at)) != std::string_view::npos) {
    ++at;
    size_t after = at;
    if (after < script.size() && script[after] == '\\') ++after;
    if (after >= script.size() || (script[after] != '"' && script[after] != '\'')) continue;
    ++after;
    while (after < script.size() && IsAsciiSpace(script[after])) ++after;
    if (after >= script.size() || script[after] != '+') continue;
    size_t begin = at - 1;
    constexpr size_t kLongestStem = 100;
    while (begin > 0 && at - 1 - begin <= kLongestStem && (html::IsScriptNamePart(script[begin - 1]) || script[begin - 1] == '.' || script[begin - 1] == '/')) --begin;
    Written written;
    written.stem = script.substr(begin, at - 1 - begin);
    if (written.stem.empty() || written.stem.size() > kLongestStem) continue;
    const size_t dot = script.substr(0, std::min(script.size(), after + 61)).find('.', after);
    if (dot == std::string_view::npos) continue;
    size_t end = dot + 1;
    while (end < script.size() && IsAsciiAlpha(script[end])) ++end;
    written.extension = script.substr(dot + 1, end - dot - 1);
    if (written.extension.size() < 3 || written.extension.size() > 5) continue;
    // for (var i = 1; i <= pageCount; i++): the second page is called 2, and not 1 as behind a first one that is 0.
    html::ScriptReader in{script, after + 1};
    in.SkipBlanks();
    const std::string_view name = in.Name();
    const auto first = name.empty() ? std::nullopt : html::FindAssigned(script, name);
    written.from_one = first && !first->quoted && first->text == "1" && (script.find(std::string(name) + "<=") != std::string_view::npos || script.find(std::string(name) + " <=") != std::string_view::npos);
    return written;
  }
  return std::nullopt;
}

void ListReader::Jpage(std::string_view script) {
  // A unit's rows and its script stand in this order or the other way round; those of several units follow each other in one order.
  if (script.find("<datastore") != std::string_view::npos || script.find("<recordset") != std::string_view::npos) {
    facts_.dialect = "jpage";
    Jpages* rows = JpageUnit(&Jpages::stored);
    if (rows == nullptr) return;
    rows->stored = true;
    for (size_t at = 0; (at = script.find("<record>", at)) != std::string_view::npos; at += 8) ++rows->records;
    const auto element = [&script](std::string_view name) -> std::optional<uint64_t> {
      const size_t open = script.find("<" + std::string(name) + ">");
      if (open == std::string_view::npos) return std::nullopt;
      size_t end = 0;
      return NumberAfter(script, open + name.size() + 2, &end);
    };
    if (const auto total = element("totalrecord")) rows->total = facts_.total = total;
    if (const auto pages = element("totalpage")) facts_.pages = pages;
    const size_t next = script.find("<nextgroup>");
    rows->next = next != std::string_view::npos && script.substr(next, 400).find("href") != std::string_view::npos;
    return;
  }
  // A script may call jpage() for several units.
  const size_t first = script.find(".jpage(");
  if (first == std::string_view::npos) return JpageCall(script);
  for (size_t at = first; at != std::string_view::npos;) {
    const size_t next = script.find(".jpage(", at + 7);
    JpageCall(script.substr(at, next - at));
    at = next;
  }
}

ListReader::Jpages* ListReader::JpageUnit(bool Jpages::*has) {
  constexpr size_t kMostUnits = 50;
  for (Jpages& known : jpages_) {
    if (!(known.*has)) return &known;
  }
  return jpages_.size() < kMostUnits ? &jpages_.emplace_back() : nullptr;
}

// $('#247686').jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp?unitid=247686', perPage:5, totalRecord:50})
void ListReader::JpageCall(std::string_view script) {
  if (script.find("dataproxy") == std::string_view::npos) return;
  const auto proxy = ValueOf(script, "proxyUrl");
  if (!proxy || proxy->find("dataproxy") == std::string::npos) return;
  facts_.dialect = "jpage";
  Jpages* unit = JpageUnit(&Jpages::asked);
  if (unit == nullptr) return;
  unit->asked = true;
  unit->proxy = *proxy;
  if (const auto total = NumberOf(script, "totalRecord")) unit->total = facts_.total = total;
  if (const auto size = NumberOf(script, "perPage")) unit->per_page = facts_.per_page = size;
  for (const std::string_view name : {std::string_view("ajaxParam"), std::string_view("proxyParam")}) {
    const size_t at = script.find(name);
    const size_t open = at == std::string_view::npos ? at : script.find('{', at);
    if (open != std::string_view::npos && open - at < 40) unit->parameters = ReadFields(script, open);
  }
}

void ListReader::Kaipu(std::string_view script) {
  static constexpr std::array<std::string_view, 3> kPaths = {"/common/search/", "/searchList/", "/search/"};
  std::optional<std::string> column;  // what the script calls channelId: looked for once, however often a path stands there
  for (const std::string_view path : kPaths) {
    for (size_t at = 0; (at = script.find(path, at)) != std::string_view::npos; at += path.size()) {
      std::string_view id = script.substr(at + path.size(), 32);
      // An id in the literal, or one that is added to it from a variable of the page.
      std::string channel(id);
      if (!IsHex32(id)) {
        if (script.substr(at + path.size(), 1) != "\"" && script.substr(at + path.size(), 1) != "'") continue;
        if (!column) column = ValueOf(script, "channelId").value_or(channel_);
        channel = *column;
        if (!IsHex32(channel)) continue;
      }
      facts_.dialect = "kaipu";
      targets_.push_back(std::string(path) + channel +
                         "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1");
      return;
    }
  }
}

void ListReader::Gkmlpt(std::string_view script) {
  const size_t folder = page_url_.path.find("/gkmlpt");
  if (folder == std::string::npos || script.find("_CONFIG") == std::string_view::npos) return;
  const auto site = ValueOf(script, "SID");
  if (!site || !ParseUint(*site)) return;
  facts_.dialect = "gkmlpt";
  const std::string prefix = page_url_.path.substr(0, folder) + "/gkmlpt/api/all/";
  size_t columns = 0;
  if (const size_t tree = script.find("TREE"); tree != std::string_view::npos) {
    size_t at = tree;
    while (columns < kMaxColumns && (at = script.find("id", at)) != std::string_view::npos) {
      const bool key = !html::IsScriptNamePart(script[at - 1]);
      at += 2;
      size_t value = at;
      while (value < script.size() && (script[value] == '"' || script[value] == '\'' || script[value] == ':' || IsAsciiSpace(script[value]))) ++value;
      size_t end = value;
      while (end < script.size() && IsAsciiDigit(script[end]) && end - value < 10) ++end;
      if (!key || value == at || end == value) continue;
      targets_.push_back(prefix + std::string(script.substr(value, end - value)) + "?page=1&sid=" + *site);
      ++columns;
    }
  }
  if (columns == 0) targets_.push_back(prefix + "0?page=1&sid=" + *site);
}

namespace {

// Whether a word is in a script. Leaps by nearly the word's length, where find() stops at each of its first letters.
bool Contains(std::string_view script, std::string_view word) { return memmem(script.data(), script.size(), word.data(), word.size()) != nullptr; }

}  // namespace

void ListReader::Script(std::string_view script) {
  Trs(script);
  CountPage(script);
  Jpage(script);
  if (Contains(script, "earch")) Kaipu(script);
  if (script.find("SID") != std::string_view::npos) Gkmlpt(script);
  if (Contains(script, "location") || Contains(script, "laypage")) PageByScript(script);
  if (Contains(script, "getFileListByCodeId")) {
    const std::string channel = ValueOf(script, "channelId").value_or(channel_);
    facts_.dialect = "chinatax";
    facts_.needs = "POST /getFileListByCodeId with codeId=&channelId=" + channel + "&page=2&size=10";
  }
  if (families_ != nullptr && (Contains(script, ".post(") || Contains(script, ".ajax("))) Posts(script);
}

// $.post("/getFileListByCodeId", {channelId: "…", page: page, size: 10}) and $.ajax({url: …, type: "post", data: {…}}), where a family says that
// this address only answers. A field that is no literal must be a variable which the script gives one; a page that is none is the first.
void ListReader::Posts(std::string_view script) {
  // Bounds for scripts that are made to take long: a page's own calls are few and near its beginning.
  constexpr size_t kMostPosts = 20, kMostScript = 128 * 1024, kLongestAddress = 500;
  constexpr int kMostCalls = 50;
  script = script.substr(0, kMostScript);
  int calls = 0;
  // Fills in what is no literal; false where that is not known.
  const auto resolve = [&](ObjectField& field) {
    if (field.whole && (field.quoted || ParseUint(field.value))) return true;
    if (const auto given = field.whole ? html::FindAssigned(script, field.value) : std::nullopt) {
      field.value = given->text;
      field.quoted = given->quoted;
    } else if (IsPageKey(field.name)) {
      field.value = "1";
      field.quoted = false;
    } else if (EqualsIgnoreAsciiCase(field.name, "channelId") && !channel_.empty()) {
      field.value = channel_;
      field.quoted = true;
    } else {
      return false;
    }
    return true;
  };
  const auto take = [&](std::string_view address, size_t object, bool json) {
    const auto target = url::Canonical(address, &page_url_);
    if (!target || target->host != page_url_.host || posts_.size() >= kMostPosts) return;
    const std::string url = target->HrefWithoutFragment();
    const bool allowed = std::any_of(families_->begin(), families_->end(), [&url](const auto& family) {
      return std::any_of(family->list_posts.begin(), family->list_posts.end(), [&url](const auto& pattern) { return pattern->Matches(url); });
    });
    if (!allowed) return;
    std::string body;
    model::Json data = model::Json::object();
    std::vector<ObjectField> fields = ReadObject(script, object);
    for (ObjectField& field : fields) {
      if (!resolve(field)) return;
      body += (body.empty() ? "" : "&") + PercentEncode(field.name) + "=" + PercentEncode(field.value);
      const auto number = field.quoted ? std::nullopt : ParseUint(field.value);
      data[field.name] = number ? model::Json(*number) : model::Json(field.value);
    }
    if (fields.empty()) return;
    model::Link link = PostLink(url, json ? model::Dump(data) : std::move(body));
    const bool known = std::any_of(posts_.begin(), posts_.end(), [&](const model::Link& other) { return other.url == link.url; });
    if (!known) posts_.push_back(std::move(link));
  };
  for (size_t at = script.find(".post("); at != std::string_view::npos && ++calls <= kMostCalls; at = script.find(".post(", at + 6)) {
    size_t quote = at + 6;
    while (quote < script.size() && IsAsciiSpace(script[quote])) ++quote;
    if (quote >= script.size() || (script[quote] != '"' && script[quote] != '\'')) continue;
    const size_t close = script.substr(0, quote + kLongestAddress).find(script[quote], quote + 1);
    if (close == std::string_view::npos) continue;
    size_t object = close + 1;
    while (object < script.size() && (IsAsciiSpace(script[object]) || script[object] == ',')) ++object;
    if (object < script.size() && script[object] == '{') take(script.substr(quote + 1, close - quote - 1), object, false);
  }
  for (size_t at = script.find(".ajax("); at != std::string_view::npos && ++calls <= 2 * kMostCalls; at = script.find(".ajax(", at + 6)) {
    const size_t open = script.find('{', at);
    if (open == std::string_view::npos || open - at > 12) continue;
    std::string address;
    bool post = false, json = false;
    for (const ObjectField& field : ReadObject(script, open)) {
      if (field.name == "url" && field.quoted && field.whole) address = field.value;
      if ((field.name == "type" || field.name == "method") && EqualsIgnoreAsciiCase(field.value, "post")) post = true;
      if (field.name == "contentType" && field.value.find("json") != std::string::npos) json = true;
    }
    if (!post || address.empty()) continue;
    // data: {…}, or data: JSON.stringify({…})
    const std::string_view options = script.substr(open, kMaxObjectBytes);
    for (size_t data = options.find("data"); data != std::string_view::npos; data = options.find("data", data + 4)) {
      size_t colon = data + 4;
      while (colon < options.size() && (IsAsciiSpace(options[colon]) || options[colon] == '"' || options[colon] == '\'')) ++colon;
      if (colon >= options.size() || options[colon] != ':') continue;
      const size_t object = options.find('{', colon);
      if (object == std::string_view::npos || object - colon > 30) continue;
      const std::string_view between = TrimAscii(options.substr(colon + 1, object - colon - 1));
      const bool text = between.starts_with("JSON.stringify(");
      if (between.empty() || text) take(address, open + object, json || text);
      break;
    }
  }
}

// <form action="/news/">第1/5页 到第<input name="page">页: asked by GET, with one field that a reader fills in, the page.
void ListReader::PagerForm(const html::Document& document, html::NodeIndex index) {
  static const uint16_t input = html::Tag("input"), select = html::Tag("select"), textarea = html::Tag("textarea");
  constexpr html::NodeIndex kMostNodes = 200;
  constexpr size_t kMostHidden = 20;
  const html::Node& form = document.node(index);
  if (!page_request_.empty() || form.end - index > kMostNodes || EqualsIgnoreAsciiCase(document.attribute(index, "method").value_or("get"), "post")) return;
  std::string page, fixed;
  size_t hidden = 0;
  for (html::NodeIndex i = index + 1; i < form.end; ++i) {
    const html::Node& node = document.node(i);
    if (node.type != html::NodeType::kElement) continue;
    if (node.tag == select || node.tag == textarea) return;
    const auto name = node.tag == input ? document.attribute(i, "name") : std::nullopt;
    if (!name || name->empty()) continue;
    const std::string type = ToAsciiLower(document.attribute(i, "type").value_or("text"));
    if (type == "submit" || type == "button" || type == "image" || type == "reset") continue;
    if (IsPageKey(*name)) {
      if (!page.empty()) return;
      page = PercentEncode(*name);
    } else if (type != "hidden" || ++hidden > kMostHidden) {
      return;  // a search
    } else {
      fixed += PercentEncode(*name) + "=" + PercentEncode(document.attribute(i, "value").value_or("")) + "&";
    }
  }
  if (page.empty()) return;
  const std::string_view action = TrimAscii(document.attribute(index, "action").value_or(""));
  page_request_ = std::string(action.empty() ? std::string_view(page_url_.path) : action.substr(0, action.find_first_of("?#"))) + "?" + fixed + page + "=";
}

// location.href = "/news/?page=" + n; laypage({pages: 5, …}) beside it says how many there are.
void ListReader::PageByScript(std::string_view script) {
  constexpr size_t kMostScript = 64 * 1024;
  constexpr int kMostTries = 50;
  script = script.substr(0, kMostScript);
  if (const size_t call = script.find("laypage"); call != std::string_view::npos && !facts_.pages) {
    const std::string_view object = script.substr(call, 2000);
    if (const auto pages = NumberOf(object, "pages"); pages && *pages > 0) {
      facts_.pages = pages;
    } else if (const auto count = NumberOf(object, "count"), size = NumberOf(object, "limit"); count && size && *size > 0) {
      facts_.total = count;
      facts_.per_page = size;
      facts_.pages = (*count + *size - 1) / *size;
    }
    if (const auto current = NumberOf(object, "curr"); current && *current > 0 && !facts_.page) facts_.page = current;
  }
  if (!page_request_.empty()) return;
  size_t at = 0;
  for (int tries = 0; tries < kMostTries && (at = script.find("location", at)) != std::string_view::npos; ++tries) {
    at += 8;
    html::ScriptReader in{script, at};
    if (in.Take(".")) in.Take("href");
    if (!in.Take("=")) continue;
    in.SkipBlanks();
    if (!in.at_string()) continue;
    const auto literal = in.String(kLongestLiteral);
    if (!literal || !in.Take("+")) continue;
    const size_t name = literal->find_last_of("?&");
    if (name == std::string::npos || !literal->ends_with('=') || !IsPageKey(std::string_view(*literal).substr(name + 1, literal->size() - name - 2))) continue;
    // A name, and the statement's end: what is added to it, or behind it, would be guessed.
    in.SkipBlanks();
    size_t end = in.at;
    while (end < script.size() && (html::IsScriptNamePart(script[end]) || script[end] == '.')) ++end;
    if (end == in.at) continue;
    while (end < script.size() && (script[end] == ' ' || script[end] == '\t')) ++end;
    if (end < script.size() && script[end] != ';' && script[end] != '}' && script[end] != '\n' && script[end] != '\r') continue;
    page_request_ = *literal;
    return;
  }
}

void ListReader::Element(const html::Document& document, html::NodeIndex index) {
  static const uint16_t meta = html::Tag("meta"), script = html::Tag("script"), form = html::Tag("form");
  const html::Node& node = document.node(index);
  if (node.tag == meta) {
    if (EqualsIgnoreAsciiCase(document.attribute(index, "name").value_or(""), "channelid")) {
      const std::string_view id = document.attribute(index, "content").value_or("");
      if (IsHex32(id)) channel_ = id;
    }
    return;
  }
  // Every element of the page comes here: its attributes are looked through once.
  std::optional<std::string_view> query, classes;
  for (const html::Attribute& attribute : document.attributes(node)) {
    if (attribute.name == "querydata" && !query) query = attribute.value;
    if (attribute.name == "class" && !classes) classes = attribute.value;
  }
  if (query) {
    auto address = document.attribute(index, "url");
    if (!address) address = document.attribute(index, "uniturl");
    const size_t open = query->find('{');
    if (!address || address->find("/page/build/unit") == std::string_view::npos || open == std::string_view::npos) return;
    facts_.dialect = "jpaas";
    const auto number = [&](std::string_view name) -> std::optional<uint64_t> {
      const auto value = document.attribute(index, name);
      return value ? ParseUint(TrimAscii(*value)) : std::nullopt;
    };
    const auto count = number("count"), rows = number("rows"), page = number("pageno");
    if (count) facts_.total = count;
    if (rows) facts_.per_page = rows;
    if (page) facts_.page = page;
    std::string request(TrimAscii(*address));
    char separator = request.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [key, value] : ReadFields(*query, open)) {
      if (EqualsIgnoreAsciiCase(key, "paramJson") || EqualsIgnoreAsciiCase(key, "unitUrl")) continue;
      request += separator;
      request += PercentEncode(key) + "=" + PercentEncode(value);
      separator = '&';
    }
    if (node.tag == script) {  // the list itself is asked for
      targets_.push_back(std::move(request));
    } else if (rows && *rows > 0 && count && page.value_or(1) < 1'000'000 && page.value_or(1) * *rows < *count) {
      targets_.push_back(request + separator + "paramJson=" +
                         PercentEncode("{\"pageNo\":" + std::to_string(page.value_or(1) + 1) + ",\"pageSize\":" + std::to_string(*rows) + "}"));
    }
    return;
  }
  if (node.tag == form) {
    PagerForm(document, index);
    return;
  }
  if (!classes || classes->find("pag") == std::string_view::npos) return;  // which all three of the names have
  if (classes->find("pagination") != std::string_view::npos) {  // jpaas: <div class="pagination" rows="15" count="621">
    const auto rows = document.attribute(index, "rows"), count = document.attribute(index, "count");
    const auto size = rows ? ParseUint(TrimAscii(*rows)) : std::nullopt, total = count ? ParseUint(TrimAscii(*count)) : std::nullopt;
    if (size && total && *size > 0) {
      facts_.total = total;
      facts_.per_page = size;
    }
  }
  if (classes->find("wp_paging") != std::string_view::npos) facts_.dialect = "sudy";
  if (classes->find("p_pages") != std::string_view::npos) facts_.dialect = "vsb";
}

// A total: the unit behind the number counts what lists have. 个部门 and 项服务 are no rows, nor is what stands in a sentence.
bool IsOfItems(std::string_view unit, bool pager) {
  static constexpr std::array<std::string_view, 6> kItems = {"条", "篇", "记录", "記錄", "則", "筆"};
  static constexpr std::array<std::string_view, 3> kLoose = {"项", "个", "件"};
  static constexpr std::array<std::string_view, 6> kNames = {"记录", "信息", "文件", "结果", "内容", "稿件"};
  const auto begins = [](std::string_view text, const auto& names) { return std::any_of(names.begin(), names.end(), [text](std::string_view name) { return text.starts_with(name); }); };
  if (begins(unit, kItems)) return true;
  if (!pager || !begins(unit, kLoose)) return false;
  const std::string_view behind = TrimAscii(unit.substr(3));  // each is one character of three bytes
  return behind.empty() || static_cast<unsigned char>(behind[0]) < 0x80 || begins(behind, kNames);
}

void ListReader::Announced(std::string_view text, bool pager) {
  static constexpr std::array<std::string_view, 5> kWords = {"共", "总数", "合计", "总计", "总条数"};
  static constexpr std::array<std::string_view, 8> kBetween = {"有", "计", "計", "找到", "检索到", "查询到", "为", "："};
  for (const std::string_view word : kWords) {
    for (size_t at = 0; (at = text.find(word, at)) != std::string_view::npos;) {
      const bool of_a_word = text.substr(0, at).ends_with("公");  // 公共服务 12 项
      at += word.size();
      size_t end = 0;
      const auto number = NumberAfter(text, at, &end);
      if (!number || of_a_word) continue;
      std::string_view between = TrimAscii(text.substr(at, text.find_first_of("0123456789", at) - at));
      for (bool more = true; more;) {
        more = false;
        for (const std::string_view known : kBetween) {
          if (!between.starts_with(known)) continue;
          between.remove_prefix(known.size());
          more = true;
        }
      }
      if (std::any_of(between.begin(), between.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) continue;
      const std::string_view unit = TrimAscii(text.substr(end, 18));
      if ((unit.starts_with("页") && !unit.starts_with("页次")) || unit.starts_with("頁")) {
        if (!facts_.pages) facts_.pages = number;
      } else if ((IsOfItems(unit, pager) || (pager && word != "共")) && !facts_.total) {
        facts_.total = number;
      }
      at = end;
    }
  }
  // 1/11, 第1/11页, 第 1 页
  for (size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
    size_t left = at, end = 0;
    while (left > 0 && (IsAsciiSpace(text[left - 1]))) --left;
    size_t begin = left;
    while (begin > 0 && IsAsciiDigit(text[begin - 1])) --begin;
    const auto page = ParseUint(text.substr(begin, left - begin));
    size_t right = at + 1;
    while (right < text.size() && IsAsciiSpace(text[right])) ++right;
    if (!page || right >= text.size() || !IsAsciiDigit(text[right])) continue;
    const auto pages = NumberAfter(text, right, &end);
    if (!pages || *page > *pages || *page == 0 || *pages > 1'000'000) continue;
    if (begin > 0 && (text[begin - 1] == '/' || text[begin - 1] == '.')) continue;
    if (end < text.size() && text[end] == '/') continue;  // a day
    const std::string_view behind = TrimAscii(text.substr(end, 12));
    if (!facts_.page) facts_.page = page;
    // A number of pictures looks the same: 1/6.
    if (!facts_.pages) bare_pages_ = !behind.starts_with("页") && !behind.starts_with("頁") && text.find("页") == std::string_view::npos;
    if (!facts_.pages) facts_.pages = pages;
  }
}

// A text that pagers have, whole: 共257条 1/11, 本栏目共有35条信息. 热门搜索 共找到560条 and 累计公开信息共3456条 count something else.
bool IsPagersWhole(std::string_view text) {
  static constexpr std::u32string_view kCharacters = U"共有计計条篇记录記錄則筆项个件页頁第当前當每首尾上下末一转轉到至次总總数數合信息文件结果内容稿显示顯本该該栏欄目录錄为為跳确定分找检索查询";
  for (size_t at = 0; at < text.size();) {
    const char32_t c = text::DecodeUtf8(text, at);
    if (text::IsHan(c) && kCharacters.find(c) == std::u32string_view::npos) return false;
  }
  return true;
}

void ListReader::Text(const html::Document& document, html::NodeIndex index) {
  const std::string_view text = document.node(index).text;
  if (text.size() > 200) return;
  // Every text of the page comes here. A character's last byte tells it better than its first, which begins thousands.
  const auto has = [text](std::string_view word) {
    for (size_t end = text.find(word.back()); end != std::string_view::npos; end = text.find(word.back(), end + 1)) {
      if (text.substr(0, end + 1).ends_with(word)) return true;
    }
    return false;
  };
  const bool of_all = has("共"), total = has("总数");
  const bool slash = text.size() <= 24 && text.find('/') != std::string_view::npos;
  if (!of_all && !slash && !total) return;
  // The number may stand in an element of its own: the text of the small element around.
  html::NodeIndex around = document.node(index).parent;
  for (int level = 0; level < 2 && around != html::kNone; ++level) {
    const html::NodeIndex up = document.node(around).parent;
    if (up == html::kNone || document.node(up).end - up > kMaxPagerNodes) break;
    around = up;
  }
  bool pager = false;
  html::NodeIndex at = document.node(index).parent;
  for (int level = 0; level < 5 && at != html::kNone; ++level, at = document.node(at).parent) {
    for (const html::Attribute& attribute : document.attributes(document.node(at))) {
      if (attribute.name != "class" && attribute.name != "id") continue;
      const std::string value = ToAsciiLower(attribute.value.substr(0, 200));
      pager = pager || value.find("pag") != std::string::npos || value.find("fanye") != std::string::npos || value.find("fenye") != std::string::npos;
    }
  }
  // Elsewhere only a text that is a pager's whole: 共257条 1/11, 第1/11页.
  const bool says_pages = slash && text.find("第") != std::string_view::npos && text.find("页") != std::string_view::npos;
  if (!pager && ((!of_all && !says_pages) || text.size() > 120 || !IsPagersWhole(text))) return;
  constexpr size_t kMostPagerText = 4000;  // a pager is short; the same element may be asked for by each of its texts
  size_t around_bytes = 0;
  for (html::NodeIndex i = around; pager && around != html::kNone && i < document.node(around).end && i - around <= kMaxPagerNodes; ++i) {
    if (document.node(i).type == html::NodeType::kText) around_bytes += document.node(i).text.size();
  }
  if (pager && around != html::kNone && document.node(around).end - around <= kMaxPagerNodes && around_bytes <= kMostPagerText) {
    Announced(ReplaceAll(html::TextContent(document, around), "\u00a0", " "), true);
  } else {
    Announced(ReplaceAll(text, "\u00a0", " "), pager);
  }
}

void ListReader::Handler(std::string_view script, std::string_view text) {
  if (!facts_.needs.empty()) return;
  script = script.substr(0, 200);
  const size_t post = script.find("__doPostBack(");
  if (post != std::string_view::npos) {
    std::string arguments(script.substr(post + 13, script.find(')', post) - post - 13));
    facts_.needs = "POST of the page's form with __EVENTTARGET, __EVENTARGUMENT = " + arguments;
    return;
  }
  const size_t open = script.find('(');
  if (open == std::string_view::npos || text.empty()) return;
  ScriptedPage(script.substr(open), text);
  if (FindIgnoreAsciiCase(script.substr(0, open), "page") == std::string_view::npos) return;
  std::string_view call = script.substr(0, script.find(')', open) + 1);
  if (EqualsIgnoreAsciiCase(call.substr(0, 11), "javascript:")) call.remove_prefix(11);
  facts_.needs = "the page's own script: " + text::CollapseSpace(call);
  needs_script_ = true;
}

// go(3), go('3') on a link that shows 3.
void ListReader::ScriptedPage(std::string_view arguments, std::string_view text) {
  constexpr size_t kMostScripted = 100;
  html::ScriptReader in{arguments, 0};
  in.Take("(");
  in.SkipBlanks();
  const std::string number = in.at_string() ? in.String(kLongestLiteral).value_or("") : std::string(in.Number());
  const auto page = in.Take(")") && number == TrimAscii(text) ? ParseUint(number) : std::nullopt;
  if (page && *page > 0 && *page <= kLastPage && scripted_pages_.size() < kMostScripted) scripted_pages_.push_back(*page);
}

void ListReader::PagerLink(const url::Url& url, std::string_view text) {
  const auto number = PageNumber(url);
  highest_page_ = std::max(highest_page_, number.value_or(0));
  if (number && !scripted_pages_.empty() && !numbered_link_) {
    uint64_t shown = 0;
    const model::PagerWord word = model::ReadPagerWord(text, &shown);
    const bool says_number = word == model::PagerWord::kNumber && shown == *number;
    if (says_number || word == model::PagerWord::kNext) {
      numbered_link_ = url;
      next_of_numbered_ = says_number ? 0 : *number;
    }
  }
  if (!facts_.dialect.empty()) return;
  if (url.query && NextRequest(url)) {
    facts_.dialect = "query";
  } else if (ReadNumbered(url.path)) {
    facts_.dialect = "numbered";
  }
}

// Pages that the pager shows by number and reaches by a script, where a link beside them says how pages are asked for: Page=2 and go(3).
void ListReader::ScriptedPages() {
  if (!numbered_link_ || scripted_pages_.empty()) return;
  if (next_of_numbered_ != 0 && facts_.page.value_or(PageNumber(page_url_).value_or(1)) + 1 != next_of_numbered_) return;
  for (const uint64_t page : scripted_pages_) {
    if (auto address = WithPageNumber(*numbered_link_, page)) targets_.push_back(std::move(*address));
  }
}

std::vector<std::string> ListReader::Targets(uint64_t items, bool is_list) {
  const auto number = PageNumber(page_url_);
  // Counted backwards from the page before the first, which has no number.
  if (facts_.dialect == "vsb" && !facts_.pages && !number && highest_page_ > 0) facts_.pages = highest_page_ + 1;
  if (!facts_.page && number) {
    if (facts_.dialect == "trs") facts_.page = *number + 1;
    if (facts_.dialect == "vsb" && facts_.pages && *number <= *facts_.pages) facts_.page = *facts_.pages - *number + 1;
    if (facts_.dialect == "numbered" || facts_.dialect == "query" || facts_.dialect == "sudy") facts_.page = number;
  }
  if (!facts_.page && !number && facts_.pages && !facts_.dialect.empty()) facts_.page = 1;
  uint64_t announced = 0;
  for (const Jpages& unit : jpages_) {
    // What one says of itself, and where nothing does, what the page says.
    const uint64_t total = unit.total.value_or(jpages_.size() == 1 ? facts_.total.value_or(0) : 0);
    announced += total;
    if (!unit.asked || unit.next || total <= unit.records) continue;
    const uint64_t size = std::clamp<uint64_t>(unit.per_page.value_or(15), 1, 100);
    std::string request = unit.proxy + (unit.proxy.find('?') == std::string::npos ? "?" : "&") + "startrecord=" + std::to_string(unit.records + 1) +
                          "&endrecord=" + std::to_string(unit.records + 3 * size) + "&perpage=" + std::to_string(size);
    for (const auto& [key, value] : unit.parameters) request += "&" + PercentEncode(key) + "=" + PercentEncode(value);
    targets_.push_back(std::move(request));
  }
  if (jpages_.size() > 1 && announced > 0) facts_.total = announced;
  if (bare_pages_ && facts_.dialect.empty() && !facts_.total) facts_.pages.reset();
  // A number of a page is asked for, and how many there are is known: from 1, as the reader is told to count.
  if (is_list && items > 0 && !page_request_.empty() && targets_.empty() && facts_.pages && *facts_.pages > 1 && (facts_.dialect.empty() || facts_.dialect == "query")) {
    facts_.dialect = "query";
    const auto [begin, end] = PagesAround(2, *facts_.pages + 1);
    for (uint64_t page = begin; page < end; ++page) targets_.push_back(page_request_ + std::to_string(page));
  }
  if (targets_.empty()) ScriptedPages();
  // A Kaipu column whose rows come by a script in a file of its own.
  if (items == 0 && is_list && targets_.empty() && facts_.dialect.empty() && IsHex32(channel_)) {
    facts_.dialect = "kaipu";
    targets_.push_back("/common/search/" + channel_ + "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1");
  }
  if ((!targets_.empty() && needs_script_) || !posts_.empty()) facts_.needs.clear();
  facts_.items = items;
  if (is_list && !facts_.dialect.empty() && facts_.page.value_or(1) > 1 && targets_.size() <= kMaxPages) {
    facts_.past_end = items == 0 || (facts_.pages && *facts_.page > *facts_.pages);
  }
  if (facts_.past_end) {
    targets_.clear();
    posts_.clear();
  }
  return std::move(targets_);
}

}  // namespace fangzhi::links
