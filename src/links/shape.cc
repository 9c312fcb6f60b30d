#include "links/shape.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/strings.h"
#include "model/documents.h"

namespace fangzhi::links {
namespace {

constexpr std::array<std::string_view, 16> kMediaExtensions = {"jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico",
                                                               "avif", "css", "js", "swf", "woff", "woff2", "ttf", "map"};
// Folders under which no text lives that is not elsewhere too.
constexpr std::array<std::string_view, 15> kTrapFolders = {"comment", "search", "share", "print", "calendar", "rili", "wza", "sharer", "zwza", "wzazn",
                                                           "zhangzhe", "wzacity", "elder", "cloudwza", "guanhuai"};
constexpr std::array<std::string_view, 12> kTrapNames = {"search", "login", "register", "print", "share", "reg", "logout",
                                                         "sitesearch", "comment", "comments", "dologin", "feedback"};
constexpr std::array<std::string_view, 17> kListNames = {"index", "default", "list", "home", "main", "more", "channel", "column",
                                                         "node", "class", "category", "catalog", "special", "lists", "sitemap",
                                                         "map", "newslist"};
constexpr std::array<std::string_view, 29> kArticleKeys = {
    "contentid", "newsid", "articleid", "aid", "infoid", "wbnewsid", "messagekey", "docid", "nid", "itemid", "artid",
    "news_id", "article_id", "noticeid", "guid", "uuid", "did", "docids", "content_id", "info_id", "conid", "recordid", "articlekey",
    "newid", "xxid", "nrid", "iid", "fileid", "art_id"};
constexpr std::array<std::string_view, 23> kListKeys = {"classid", "class1", "class2", "class3", "nodeid", "lanmuid", "columnnum", "columnid", "catid", "typeid", "channelid", "wbtreeid",
                                                        "cid", "lmid", "cateid", "categoryid", "sortid", "bigclassid", "tid",
                                                        "column_id", "channel", "category", "treeid"};
constexpr std::array<std::string_view, 11> kPageKeys = {"page", "pageno", "pagenum", "currentpage", "pageindex", "curpage",
                                                        "pagenumber", "pn", "cpage", "topage", "page_no"};
constexpr std::array<std::string_view, 10> kArticleWords = {"show", "view", "detail", "content", "article", "info", "read",
                                                            "news", "display", "art"};
// Folders whose numbers are columns: /channels/12.html, /lm/34.html, /category/5.html.
constexpr std::array<std::string_view, 12> kListFolders = {"channels", "channel", "column", "columns", "lm", "lanmu", "category",
                                                           "node", "list", "lists", "class", "col"};
constexpr std::array<std::string_view, 8> kListWords = {"list", "column", "channel", "class", "category", "more", "node", "page"};

}  // namespace

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return IsAsciiDigit(c); });
}

namespace {

size_t LongestDigitRun(std::string_view text) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = IsAsciiDigit(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// An identifier that a program made: a UUID, a digest, "FIN7M7CT0001982T".
bool LooksGenerated(std::string_view text) {
  if (const size_t underscore = text.rfind('_'); underscore != std::string_view::npos) text = text.substr(underscore + 1);
  size_t digits = 0, letters = 0, changes = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = IsAsciiDigit(text[i]);
    if (!digit && !IsAsciiAlpha(text[i]) && text[i] != '-') return false;
    digits += digit ? 1 : 0;
    letters += IsAsciiAlpha(text[i]) ? 1 : 0;
    if (i > 0 && digit != IsAsciiDigit(text[i - 1])) ++changes;
  }
  return digits + letters >= 12 && digits >= 4 && letters >= 2 && changes >= 4;
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// "2021", "202111", "20211129", "2021-11", "2021-11-29": a date that names a folder. Gives the parts that it has.
int DateParts(std::string_view segment) {
  std::string digits;
  for (const char c : segment) {
    if (IsAsciiDigit(c)) {
      digits += c;
    } else if (c != '-' && c != '_') {
      return 0;
    }
    if (digits.size() > 8) return 0;
  }
  if (digits.size() < 4 || digits.size() == 7) return 0;
  const int year = Number(std::string_view(digits).substr(0, 4));
  if (year < 1990 || year > 2099) return 0;
  if (digits.size() == 4) return 1;
  if (digits.size() == 5) return 2;
  const int month = Number(std::string_view(digits).substr(4, 2));
  if (month < 1 || month > 12) return 0;
  if (digits.size() == 6) return 2;
  const int day = Number(std::string_view(digits).substr(6, 2));
  return day >= 1 && day <= 31 ? 3 : 0;
}

// Whether the folders say a day or a month: /2021/11/29/, /2021-11/29/, /202111/, /20/0729/14/.
bool HasDateFolders(const std::vector<std::string_view>& folders) {
  for (size_t i = 0; i < folders.size(); ++i) {
    const int parts = DateParts(folders[i]);
    if (parts >= 2) return true;
    const bool followed = i + 1 < folders.size() && AllDigits(folders[i + 1]);
    if (parts == 1 && followed && folders[i + 1].size() <= 4) return true;
    if (folders[i].size() == 2 && followed && folders[i + 1].size() == 4 && AllDigits(folders[i])) {
      const int month = Number(folders[i + 1].substr(0, 2));
      if (month >= 1 && month <= 12) return true;
    }
  }
  return false;
}

template <size_t n>
bool ContainsAny(std::string_view text, const std::array<std::string_view, n>& marks) {
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

// The same for marks that begin with '/': they are looked for where one stands.
template <size_t n>
bool HasPart(std::string_view path, const std::array<std::string_view, n>& marks) {
  for (size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    const std::string_view rest = path.substr(at);
    for (const std::string_view mark : marks) {
      if (rest.size() >= mark.size() && rest[1] == mark[1] && rest.starts_with(mark)) return true;
    }
  }
  return false;
}

struct Query {
  bool article_key = false, list_key = false, page_key = false, plain_id = false, p = false;
  bool shows = false, lists = false;  // a=show, action=view, m=list …
};

Query ReadQuery(std::string_view text) {
  Query query;
  for (const std::string_view pair : Split(text, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      // article.asp?123, /news/html/?123.html
      if (AllDigits(pair.substr(0, pair.rfind('.')))) query.plain_id = true;
      continue;
    }
    const std::string key = ToAsciiLower(pair.substr(0, equals));
    const std::string_view value = pair.substr(equals + 1);
    if (key == "a" || key == "action" || key == "act" || key == "c" || key == "op" || key == "do" || key == "r" || key == "method" || key == "urltype") {
      const std::string what = ToAsciiLower(value);
      if (ContainsAny(what, kListWords) || what.find("tree") != std::string::npos) {
        query.lists = true;
      } else if (ContainsAny(what, kArticleWords)) {
        query.shows = true;
      }
    }
    const bool id_value = AllDigits(value) || LooksGenerated(value) || LongestDigitRun(value) >= 5;
    if (!id_value) continue;
    if (IsOneOf(key, kArticleKeys)) query.article_key = true;
    if (IsOneOf(key, kListKeys)) query.list_key = true;
    if (IsOneOf(key, kPageKeys)) query.page_key = true;
    if (key == "id") query.plain_id = true;
    if (key == "p") query.p = true;
  }
  return query;
}

// ?y=2024&m=5, ?year=2024&month=5&day=7: a month or a day, and nothing else that could name a text.
enum class CalendarQuery { kNone, kMonth, kDay };
CalendarQuery ReadCalendar(std::string_view text) {
  bool year = false, month = false, day = false;
  for (const std::string_view pair : Split(text, '&')) {
    const size_t equals = pair.find('=');
    const std::string key = ToAsciiLower(pair.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::nullopt : ParseUint(pair.substr(equals + 1));
    const auto is = [&](std::initializer_list<std::string_view> names, uint64_t least, uint64_t most) {
      return value && *value >= least && *value <= most && std::find(names.begin(), names.end(), key) != names.end();
    };
    if (is({"y", "year", "nian"}, 1900, 2199)) year = true;
    else if (is({"m", "mon", "month", "yue"}, 1, 12)) month = true;
    else if (is({"d", "day", "date", "ri"}, 1, 31)) day = true;
    else return CalendarQuery::kNone;
  }
  return !year || !month ? CalendarQuery::kNone : day ? CalendarQuery::kDay : CalendarQuery::kMonth;
}

// ?q=春运&page=3, ?keyword=…: the results of a search, which go on for every word. Not where a column's number says whose list it is.
bool IsSearchQuery(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kKeys = {"q", "wd", "kw", "keyword", "keywords", "searchword", "searchwords", "searchkey", "search_key", "searchtext", "query"};
  bool word = false;
  for (const std::string_view pair : Split(text, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals + 1 == pair.size()) continue;
    const std::string key = ToAsciiLower(pair.substr(0, equals));
    if (IsOneOf(key, kKeys)) word = true;
    else if (IsOneOf(key, kListKeys) || IsOneOf(key, kArticleKeys) || key.ends_with("id")) return false;
  }
  return word;
}

// Calendars (a year and a month, or a day, with no text's number), print views, accessible versions of a page.
bool IsTrapQuery(std::string_view text) {
  if (ReadCalendar(text) != CalendarQuery::kNone) return true;
  bool year = false, month = false, day = false, id = false;
  for (const std::string_view pair : Split(text, '&')) {
    const std::string key = ToAsciiLower(pair.substr(0, pair.find('=')));
    if (key == "year") year = true;
    if (key == "month") month = true;
    if (key == "date" || key == "day") day = true;
    if (key == "print" || key == "printview" || key == "zwza" || key == "wza" || pair == "format=print" || pair == "action=print") return true;
    if (key.size() >= 2 && key.substr(key.size() - 2) == "id") id = true;
  }
  return !id && ((year && month) || day);
}

std::string_view WithoutNumberTail(std::string_view stem) {
  while (!stem.empty() && (IsAsciiDigit(stem.back()) || stem.back() == '_' || stem.back() == '-')) stem.remove_suffix(1);
  return stem;
}

Shape ShapeByQuery(std::string_view stem, std::string_view text) {
  const Query query = ReadQuery(text);
  if (query.shows && !query.lists && (query.plain_id || query.article_key)) return Shape::kArticle;
  if (query.lists && !query.article_key) return Shape::kList;
  if (query.p) return stem.empty() ? Shape::kArticle : Shape::kList;  // WordPress: /?p=123
  if (query.article_key) return stem.find("list") == std::string_view::npos ? Shape::kArticle : Shape::kList;
  if (query.list_key || query.page_key) {
    return query.plain_id && !query.page_key && ContainsAny(stem, kArticleWords) && !ContainsAny(stem, kListWords)
               ? Shape::kArticle
               : Shape::kList;
  }
  if (query.plain_id) return ContainsAny(stem, kListWords) || stem == "index" ? Shape::kList : Shape::kArticle;
  return Shape::kUnknown;
}

// The name of one page within its folder: TRS t20220417_974894, Hanweb art_14_5693, content_123, c_1128107, 12323942, …
bool NamesOneText(std::string_view stem, const std::vector<std::string_view>& folders, bool has_extension) {
  const std::string_view word = WithoutNumberTail(stem);
  const size_t run = LongestDigitRun(stem);
  // Sudy: /2019/0326/c295a290690/page.htm
  if (stem == "page" && !folders.empty()) {
    const std::string_view last = folders.back();
    const size_t a = last.find('a', 1);
    return last.size() > 3 && last[0] == 'c' && a != std::string_view::npos && AllDigits(last.substr(1, a - 1)) &&
           AllDigits(last.substr(a + 1));
  }
  if (IsOneOf(word, kListNames)) return word == "special" && run >= 6;
  // SASAC, CSRC: /n2588119/c18816213/content.html, /c100028/c7b1c…/content.shtml
  if ((stem == "content" || stem == "detail" || stem == "article") && !folders.empty()) {
    return LongestDigitRun(folders.back()) >= 5 || LooksGenerated(folders.back());
  }
  // Column numbers: col123, node_7036, lm123.
  if (word == "col" || word == "lm" || word == "nodes") return false;
  if (!folders.empty() && IsOneOf(folders.back(), kListFolders) && AllDigits(stem)) return false;
  if (word.size() >= 4 && word.substr(word.size() - 4) == "list") return false;
  if (run >= 5 || LooksGenerated(stem)) return true;
  if (run == 0) return HasDateFolders(folders) && has_extension;
  if (HasDateFolders(folders)) return true;
  if (AllDigits(stem)) {
    // /info/1057/8866.htm, /article/123.html; but /yw/128.htm is page 128 of a column.
    if (!folders.empty() && AllDigits(folders.back())) return true;
    return !folders.empty() && (IsOneOf(folders.back(), kArticleWords) || folders.back() == "id" || stem.size() >= 4);
  }
  return IsOneOf(word, kArticleWords) && run >= 2;
}

}  // namespace

Shape ShapeOf(const url::Url& url) {
  const std::string path = ToAsciiLower(url.path);
  const std::string_view query = url.query ? std::string_view(*url.query) : std::string_view();
  if (model::IsDocumentAddress(url)) return Shape::kAttachment;
  if (path == "/" && query.empty()) return Shape::kHome;

  std::vector<std::string_view> folders;
  folders.reserve(8);
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) folders.push_back(std::string_view(path).substr(begin, end - begin));
    begin = end + 1;
  }
  std::string_view name;
  const bool folder_url = path.empty() || path.back() == '/';
  if (!folder_url && !folders.empty()) {
    name = folders.back();
    folders.pop_back();
  }
  const size_t dot = name.rfind('.');
  const std::string_view stem = name.substr(0, dot);
  const std::string_view extension = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  if (IsOneOf(extension, kMediaExtensions)) return Shape::kMedia;
  if (extension == "rss" || extension == "atom" || ((stem == "rss" || stem == "feed" || stem == "atom") && folders.size() <= 2)) {
    return extension == "html" || extension == "htm" || extension == "shtml" ? Shape::kList : Shape::kFeed;
  }
  if (IsOneOf(stem, kTrapNames) || stem.find("calendar") != std::string_view::npos || stem.substr(0, 9) == "printpage" || stem.ends_with("_print") ||
      stem.ends_with("-print")) {
    return Shape::kTrap;
  }
  // Readers' comments have a host or a folder of their own; the articles they are on are linked too.
  const std::string_view first_label = url.host ? std::string_view(*url.host).substr(0, url.host->find('.')) : std::string_view();
  if (first_label == "comment" || first_label == "comments" || first_label == "gentie") return Shape::kTrap;
  if (first_label == "big5" || first_label == "share" || first_label == "search" || first_label == "wza" || first_label == "zwza") {
    return Shape::kTrap;
  }
  for (size_t i = 0; i < folders.size(); ++i) {
    if (IsOneOf(folders[i], kTrapFolders)) return Shape::kTrap;
    // /gate/big5/www.example.cn/…: the same page in the other script.
    if (folders[i] == "gate" && i + 1 < folders.size() && (folders[i + 1] == "big5" || folders[i + 1] == "gb")) return Shape::kTrap;
  }
  if (IsTrapQuery(query)) return Shape::kTrap;
  if (!query.empty()) {
    if (IsSearchQuery(query) && !NamesOneText(stem, folders, !extension.empty())) return Shape::kTrap;
    if (const Shape shape = ShapeByQuery(stem, query); shape != Shape::kUnknown) return shape;
  }
  if (folder_url) {
    // A text with a folder of its own: /2021/11/29/some-title/, /a/123456/.
    if (folders.empty()) return Shape::kHome;
    const std::string_view last = folders.back();
    const std::vector<std::string_view> above(folders.begin(), folders.end() - 1);
    if (DateParts(last) == 0 && !AllDigits(last) && HasDateFolders(above)) return Shape::kArticle;
    if (AllDigits(last) && DateParts(last) == 0 && last.size() >= 5) return Shape::kArticle;
    return Shape::kList;
  }
  // The index of a folder that is a text: /202104/5f3a…/index.html
  if (stem == "index" && !folders.empty() && (LooksGenerated(folders.back()) || LongestDigitRun(folders.back()) >= 9)) {
    return Shape::kArticle;
  }
  if (NamesOneText(stem, folders, !extension.empty())) return Shape::kArticle;
  const std::string_view word = WithoutNumberTail(stem);
  if (IsOneOf(word, kListNames) || word == "col" || (word.size() > 4 && word.substr(word.size() - 4) == "list")) return Shape::kList;
  if (!folders.empty() && IsOneOf(folders.back(), kListFolders) && AllDigits(stem)) return Shape::kList;
  return Shape::kUnknown;
}

bool NamesDay(const url::Url& url) {
  std::vector<std::string_view> parts;
  parts.reserve(8);
  for (const std::string_view part : Split(url.path, '/')) {
    if (!part.empty()) parts.push_back(part);
  }
  const auto is_number = [](std::string_view text, int most) { return AllDigits(text) && text.size() <= 2 && Number(text) >= 1 && Number(text) <= most; };
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size()) {  // the file's name: t20220907_2205
      std::string_view name = parts[i];
      while (!name.empty() && IsAsciiAlpha(name[0])) name.remove_prefix(1);
      const size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
      return digits == 8 && DateParts(name.substr(0, digits)) == 3;
    }
    const int date = DateParts(parts[i]);
    if (date == 3) return true;
    if (date == 2 && is_number(parts[i + 1], 31)) return true;
    if (date == 1 && i + 2 < parts.size() && is_number(parts[i + 1], 12) && is_number(parts[i + 2], 31)) return true;
    if (date == 1 && AllDigits(parts[i + 1]) && parts[i + 1].size() == 4 && is_number(parts[i + 1].substr(0, 2), 12) && is_number(parts[i + 1].substr(2), 31)) return true;
  }
  return false;
}

bool IsOtherView(const url::Url& url) {
  static constexpr std::array<std::string_view, 11> kFolders = {"print", "wza", "zwza", "wzazn", "zhangzhe", "wzacity", "elder", "cloudwza", "guanhuai", "calendar", "rili"};
  const std::string path = ToAsciiLower(url.path);
  const std::string_view label = url.host ? std::string_view(*url.host).substr(0, url.host->find('.')) : std::string_view();
  if (label == "wza" || label == "zwza") return true;
  size_t begin = 1;
  for (size_t end = path.find('/', begin); end != std::string::npos; begin = end + 1, end = path.find('/', begin)) {
    if (IsOneOf(std::string_view(path).substr(begin, end - begin), kFolders)) return true;
  }
  const std::string_view name = begin <= path.size() ? std::string_view(path).substr(begin) : std::string_view();
  const std::string_view stem = name.substr(0, name.rfind('.'));
  if (stem == "print" || stem.starts_with("printpage") || stem.ends_with("_print") || stem.ends_with("-print") || stem.find("calendar") != std::string_view::npos) {
    return true;
  }
  const std::string_view query = url.query ? std::string_view(*url.query) : std::string_view();
  if (ReadCalendar(query) == CalendarQuery::kDay) return true;
  for (const std::string_view pair : Split(query, '&')) {
    const std::string key = ToAsciiLower(pair.substr(0, pair.find('=')));
    if (key == "print" || key == "printview" || key == "zwza" || key == "wza" || pair == "format=print" || pair == "action=print") return true;
  }
  return false;
}

std::optional<url::Url> BehindGate(const url::Url& url) {
  for (const std::string_view gate : {std::string_view("/gate/big5/"), std::string_view("/gate/gb/")}) {
    if (url.path.compare(0, gate.size(), gate) != 0) continue;
    const std::string_view inner = std::string_view(url.path).substr(gate.size());
    // A host first: what has no dot is some other use of the path.
    if (inner.substr(0, inner.find('/')).find('.') == std::string_view::npos) return std::nullopt;
    auto parsed = url::Canonical(url.scheme + "://" + std::string(inner) + (url.query ? "?" + *url.query : ""));
    if (parsed) return std::move(*parsed);
  }
  return std::nullopt;
}

std::string_view SiteOf(std::string_view host) {
  static constexpr std::array<std::string_view, 9> kSecondLevel = {"gov", "com", "edu", "org", "net", "ac", "mil", "co", "idv"};
  // The dots before the last label, the one before it, and so on; none: the host has no more labels.
  const size_t last = host.rfind('.');
  const size_t second = last == 0 || last == std::string_view::npos ? std::string_view::npos : host.rfind('.', last - 1);
  if (second == std::string_view::npos || AllDigits(host.substr(last + 1))) return host;
  const std::string_view label = host.substr(second + 1, last - second - 1);
  if (!IsOneOf(label, kSecondLevel) && label.size() > 2) return host.substr(second + 1);
  const size_t third = second == 0 ? std::string_view::npos : host.rfind('.', second - 1);
  return third == std::string_view::npos ? host : host.substr(third + 1);
}

}  // namespace fangzhi::links
