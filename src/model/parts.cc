#include "model/parts.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::model {
namespace {

constexpr size_t kMostDigits = 3;  // of a part's number: more is the number of a text

// One way to read an address: what all parts have in common, and the number.
struct Reading {
  std::string stem;
  std::optional<uint64_t> number;
  size_t form = 0;  // 0: the whole address; else how the number is written
  bool bare_folder = false;  // a/7/2.html, where no /p/ says that it is a page: of two of them neither is the first
  url::Url bare;    // without it
};

constexpr size_t kWhole = 0, kQuery = 1, kSuffix = 2, kFolder = 3;

std::string Stem(const url::Url& url) { return url.path + (url.query && !url.query->empty() ? "?" + *url.query : std::string()); }

std::optional<uint64_t> ShortNumber(std::string_view digits) {
  return digits.empty() || digits.size() > kMostDigits ? std::nullopt : ParseUint(digits);
}

// ?id=7&page=2
std::optional<Reading> FromQuery(const url::Url& url) {
  if (!url.query) return std::nullopt;
  Reading reading;
  std::string rest;
  for (const std::string_view pair : Split(*url.query, '&')) {
    const size_t equals = pair.find('=');
    const auto number = equals == std::string_view::npos ? std::nullopt : ParseUint(pair.substr(equals + 1));
    if (number && IsPageKey(pair.substr(0, equals))) {
      reading.number = number;
    } else if (!pair.empty()) {
      rest += (rest.empty() ? "" : "&") + std::string(pair);
    }
  }
  if (!reading.number) return std::nullopt;
  reading.form = kQuery;
  reading.bare = url;
  if (rest.empty()) {
    reading.bare.query.reset();
  } else {
    reading.bare.query = std::move(rest);
  }
  reading.stem = Stem(reading.bare);
  return reading;
}

struct File {
  std::string_view folder, name, extension;
};
File FileOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  File file{path.substr(0, slash + 1), path.substr(slash + 1), {}};
  if (const size_t dot = file.name.rfind('.'); dot != std::string_view::npos) {
    file.extension = file.name.substr(dot);
    file.name = file.name.substr(0, dot);
  }
  return file;
}

// show_7_2.html, show_7-2.html; index_2.html of a folder.
std::optional<Reading> FromSuffix(const url::Url& url) {
  const File file = FileOf(url.path);
  size_t digits = file.name.size();
  while (digits > 0 && IsAsciiDigit(file.name[digits - 1])) --digits;
  if (digits < 2 || (file.name[digits - 1] != '_' && file.name[digits - 1] != '-')) return std::nullopt;
  Reading reading;
  reading.number = ShortNumber(file.name.substr(digits));
  if (!reading.number) return std::nullopt;
  reading.form = kSuffix;
  reading.bare = url;
  const std::string_view name = file.name.substr(0, digits - 1);
  reading.bare.path = std::string(file.folder) + (name == "index" ? std::string() : std::string(name) + std::string(file.extension));
  reading.stem = Stem(reading.bare);
  return reading;
}

// a/7/p/2.html, a/7/page/2, a/7/2.html of a/7.html. The folder's name has the number of a text.
std::optional<Reading> FromFolder(const url::Url& url) {
  std::string_view path = url.path;
  if (path.ends_with('/')) path.remove_suffix(1);
  const File file = FileOf(path);
  Reading reading;
  reading.number = ShortNumber(file.name);
  if (!reading.number || file.folder.size() < 2) return std::nullopt;
  std::string_view folder = file.folder.substr(0, file.folder.size() - 1);
  reading.bare_folder = true;
  for (const std::string_view word : {"/p", "/page", "/pages"}) {
    if (!reading.bare_folder || !folder.ends_with(word)) continue;
    folder.remove_suffix(word.size());
    reading.bare_folder = false;
  }
  const std::string_view last = FileOf(folder).name;
  if (last.empty() || std::none_of(last.begin(), last.end(), [](char c) { return IsAsciiDigit(c); })) return std::nullopt;
  reading.form = kFolder;
  reading.bare = url;
  reading.bare.path = std::string(folder) + std::string(file.extension);
  if (file.extension.empty() && url.path.ends_with('/')) reading.bare.path += '/';
  reading.stem = Stem(reading.bare);
  return reading;
}

std::vector<Reading> ReadingsOf(const url::Url& url) {
  std::vector<Reading> readings;
  for (const auto read : {FromQuery, FromSuffix, FromFolder}) {
    if (auto reading = read(url)) readings.push_back(std::move(*reading));
  }
  Reading whole;
  whole.bare = url;
  if (const File file = FileOf(url.path); file.name == "index") whole.bare.path = std::string(file.folder);
  whole.stem = Stem(whole.bare);
  readings.push_back(std::move(whole));
  return readings;
}

// The readings under which two addresses are of one text.
std::optional<std::pair<Reading, Reading>> Match(const url::Url& from, const url::Url& to) {
  if (from.host != to.host || from.port != to.port || (from.path == to.path && from.query == to.query)) return std::nullopt;
  // Of the forms of `to` the most particular first; as a whole it is the first part of what `from` numbers.
  const std::vector<Reading> ours = ReadingsOf(from), theirs = ReadingsOf(to);
  for (const Reading& their : theirs) {
    for (const Reading& our : ours) {
      if (our.stem != their.stem || our.number == their.number) continue;
      if (our.form != their.form && our.form != kWhole && their.form != kWhole) continue;
      if (our.bare_folder && their.bare_folder) continue;
      return std::pair(our, their);
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsPageKey(std::string_view key) {
  static constexpr std::array<std::string_view, 10> kKeys = {"page",    "pageno",     "pagenum", "currentpage", "pageindex",
                                                             "curpage", "pagenumber", "pn",      "cpage",       "page_no"};
  const std::string lower = ToAsciiLower(key.substr(0, 16));
  return std::find(kKeys.begin(), kKeys.end(), lower) != kKeys.end();
}

std::optional<PartNumbers> PartsOfOne(const url::Url& from, const url::Url& to) {
  const auto match = Match(from, to);
  if (!match) return std::nullopt;
  return PartNumbers{match->first.number, match->second.number};
}

url::Url WithoutPartNumber(const url::Url& part, const url::Url& other) {
  const auto match = Match(part, other);
  if (!match) return part;
  // As a whole it is as it stands: /a/7/index.html, not /a/7/.
  return match->first.form == kWhole ? part : match->second.form == kWhole ? other : match->first.bare;
}

PagerWord ReadPagerWord(std::string_view text, uint64_t* number) {
  constexpr size_t kLongest = 48;  // bytes
  if (text.size() > kLongest) return PagerWord::kNone;
  std::string bare = ToAsciiLower(text::RemoveSpace(text));
  static constexpr std::array<std::string_view, 20> kSigns = {">", "<", "»", "«", "›", "‹", "→", "←", "【", "】", "[", "]", "|", "(", ")", "（", "）", "&gt;", "&lt;", "…"};
  std::string_view word = bare;
  bool right = false, left = false;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view sign : kSigns) {
      const bool begins = word.starts_with(sign);
      if (!begins && !word.ends_with(sign)) continue;
      right = right || sign == ">" || sign == "»" || sign == "›" || sign == "→" || sign == "&gt;";
      left = left || sign == "<" || sign == "«" || sign == "‹" || sign == "←" || sign == "&lt;";
      begins ? word.remove_prefix(sign.size()) : word.remove_suffix(sign.size());
      more = true;
    }
  }
  if (word.empty()) return right != left ? (right ? PagerWord::kNext : PagerWord::kPrevious) : PagerWord::kNone;
  const auto is_one_of = [word](std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (is_one_of({"下一页", "下页", "后一页", "后页", "下一頁", "下頁", "next", "nextpage", "翻页"})) return PagerWord::kNext;
  if (is_one_of({"上一页", "上页", "前一页", "前页", "上一頁", "上頁", "prev", "previous", "previouspage"})) return PagerWord::kPrevious;
  if (is_one_of({"首页", "第一页", "末页", "尾页", "最后一页", "首頁", "末頁", "尾頁", "first", "last"})) return PagerWord::kOther;
  for (const std::string_view head : {"第", "page"}) word.remove_prefix(word.starts_with(head) ? head.size() : 0);
  for (const std::string_view tail : {"页", "頁"}) word.remove_suffix(word.ends_with(tail) ? tail.size() : 0);
  const auto value = ShortNumber(word);
  if (!value) return PagerWord::kNone;
  if (number != nullptr) *number = *value;
  return PagerWord::kNumber;
}

}  // namespace fangzhi::model
