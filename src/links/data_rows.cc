#include "links/data_rows.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/strings.h"
#include "html/html.h"
#include "links/days.h"
#include "links/items.h"
#include "links/literals.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

constexpr std::array<std::string_view, 19> kTitleKeys = {"title",     "doctitle", "showtitle", "articletitle", "infotitle", "subject",   "headline",
                                                         "newstitle", "biaoti",   "titlename", "listtitle",    "maintitle", "sub_title", "doc_title",
                                                         "info_title", "news_title", "articlename", "docname", "name"};
constexpr std::array<std::string_view, 25> kUrlKeys = {"url",     "docpuburl", "puburl",    "link",     "href",      "linkurl",    "infourl",  "htmlurl",  "articleurl",
                                                       "pageurl", "docurl",    "visiturl",  "post_url", "detailurl", "contenturl", "urlpath", "page_url", "link_url",
                                                       "navigationurl", "article_url", "info_url", "news_url", "html_url", "staticurl", "weburl"};
constexpr std::array<std::string_view, 33> kDateKeys = {
    "publishedtimestr", "publishtime", "pubdate",    "docrelpubtime", "docreltime", "display_publish_time", "publish_time", "publisheddate",
    "publishdate",      "rlsdatestr",  "date",       "showdate",      "pubtime",    "pubtimestr",           "docpubtime",   "infodate",
    "releasetime",      "releasedate", "publishedtime", "publish_date", "pub_date", "issuetime",            "daytime",      "showtime",
    "adddate",          "writetime",   "fbsj",       "created_at",    "createtime", "create_time",          "createdate",   "time",
    "first_publish_time"};

std::string DayOfSeconds(int64_t seconds) {
  using namespace std::chrono;
  const year_month_day day(floor<days>(sys_seconds(std::chrono::seconds(seconds) + hours(8))));  // in the sites' time
  return FormatDay(static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())), static_cast<int>(static_cast<unsigned>(day.day())));
}

// "2021-08-03 10:00", seconds or milliseconds since 1970.
std::string DayOf(std::string_view text) {
  text = TrimAscii(text);
  if (std::string day = DateIn(text); !day.empty()) return day;
  if (const auto number = ParseUint(text)) {
    if (*number >= 600'000'000 && *number < 4'000'000'000) return DayOfSeconds(static_cast<int64_t>(*number));
    if (*number >= 600'000'000'000 && *number < 4'000'000'000'000) return DayOfSeconds(static_cast<int64_t>(*number / 1000));
    return {};
  }
  return {};
}

// Titles in data have markup at times: <em>, <br/>, &nbsp;.
std::string PlainTitle(std::string title) {
  if (title.find('<') != std::string::npos || title.find('&') != std::string::npos) {
    const html::Document document = html::Document::Parse(std::move(title));
    title = html::TextContent(document, 0);
  }
  return text::CollapseSpace(title);
}

}  // namespace

void RowFields::Take(std::string_view key, std::string_view value) {
  if (value.empty() || key.size() > 24) return;
  const std::string name = ToAsciiLower(key);
  const auto take = [&](const auto& names, size_t& rank, std::string& into) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return;
    const size_t at = static_cast<size_t>(found - names.begin());
    if (at >= rank) return;
    rank = at;
    into = std::string(value);
  };
  take(kTitleKeys, title_rank_, title_);
  take(kUrlKeys, address_rank_, address_);
  take(kDateKeys, date_rank_, date_);
}

std::optional<DataRow> RowFields::Row() const {
  if (title_.empty() || address_.empty()) return std::nullopt;
  return DataRow{PlainTitle(title_), address_, DayOf(date_)};
}

namespace {

// Reads literals out of a script: objects and arrays as JavaScript writes them, keys without quotes and strings in either kind.
class ScriptRows {
 public:
  ScriptRows(std::string_view script, const std::function<void(std::vector<DataRow>&)>& found) : script_(script), found_(found) {}

  void Find() {
    std::vector<DataRow> pushed;
    size_t bracket = script_.find('['), brace = script_.find('{');  // the next of each, not before at_
    while (failures_ < kMostFailures && rows_ < kMostRows) {
      if (bracket < at_) bracket = script_.find('[', at_);
      if (brace < at_) brace = script_.find('{', at_);
      const size_t open = std::min(bracket, brace);
      if (open == std::string_view::npos) break;
      at_ = open + 1;
      if (script_[open] == '[') {
        SkipSpace();
        if (at_ >= script_.size() || (script_[at_] != '{' && script_[at_] != '[')) continue;
        at_ = open;
        if (!Array(0, nullptr)) ++failures_;
      } else {
        // list.push({…})
        if (open < 6 || (script_[open - 1] != '(' && script_[open - 1] != ' ')) continue;
        if (!TrimAscii(script_.substr(open - 6, 6)).ends_with("push(")) continue;
        at_ = open;
        if (!Object(0, &pushed)) ++failures_;
      }
    }
    Group(pushed);
  }

 private:
  static constexpr int kMostDepth = 12;
  static constexpr int kMostFailures = 200;
  static constexpr size_t kMostRows = 5000, kMostCells = 20, kLongestText = 8192;

  void SkipSpace() {
    while (at_ < script_.size()) {
      if (IsAsciiSpace(script_[at_])) {
        ++at_;
      } else if (script_.substr(at_, 2) == "/*") {
        const size_t end = script_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? script_.size() : end + 2;
      } else if (script_.substr(at_, 2) == "//") {
        at_ = std::min(script_.size(), script_.find('\n', at_));
      } else {
        return;
      }
    }
  }
  bool Next(char sign) {
    SkipSpace();
    if (at_ >= script_.size() || script_[at_] != sign) return false;
    ++at_;
    return true;
  }

  // 'it\u0027s' and "a\/b"; the quote is at `at_`.
  bool Text(std::string* text) {
    const char quote = script_[at_++];
    const size_t begin = at_;
    while (at_ < script_.size() && script_[at_] != quote) {
      if (at_ - begin > kLongestText || (script_[at_] == '\n' && quote != '`')) return false;
      if (script_[at_] != '\\') {
        text->push_back(script_[at_++]);
        continue;
      }
      if (++at_ >= script_.size()) return false;
      const char escaped = script_[at_++];
      if (escaped == 'n' || escaped == 't' || escaped == 'r') {
        text->push_back(' ');
      } else if (escaped == 'u') {
        if (const auto unit = Hex4()) AppendUnit(*unit, text);
        else return false;
      } else if (escaped != '\n') {
        text->push_back(escaped);
      }
    }
    if (at_ >= script_.size()) return false;
    ++at_;
    return true;
  }
  std::optional<char32_t> Hex4() {
    if (script_.size() - at_ < 4) return std::nullopt;
    char32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = script_[at_ + static_cast<size_t>(i)];
      const int digit = IsAsciiDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0) return std::nullopt;
      unit = unit << 4 | static_cast<char32_t>(digit);
    }
    at_ += 4;
    return unit;
  }
  void AppendUnit(char32_t unit, std::string* text) {
    if (unit >= 0xD800 && unit < 0xDC00 && script_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const auto low = Hex4();
      unit = low && *low >= 0xDC00 && *low < 0xE000 ? 0x10000 + ((unit - 0xD800) << 10) + (*low - 0xDC00) : text::kReplacement;
    } else if (unit >= 0xD800 && unit < 0xE000) {
      unit = text::kReplacement;
    }
    text::AppendUtf8(*text, unit);
  }

  // A literal of any kind; `text` of a string or number. Expressions are none.
  bool Value(int depth, std::string* text) {
    SkipSpace();
    if (at_ >= script_.size()) return false;
    const char sign = script_[at_];
    if (sign == '"' || sign == '\'' || sign == '`') return Text(text);
    if (sign == '{') return Object(depth + 1, nullptr);
    if (sign == '[') return Array(depth + 1, nullptr);
    const size_t begin = at_;
    while (at_ < script_.size() && (IsAsciiAlpha(script_[at_]) || IsAsciiDigit(script_[at_]) || script_[at_] == '.' || script_[at_] == '-' || script_[at_] == '_')) ++at_;
    const std::string_view word = script_.substr(begin, at_ - begin);
    if (word.empty()) return false;
    if (IsAsciiDigit(word[0])) *text = std::string(word);
    return true;
  }

  // One object, a row of `rows` where it is one.
  bool Object(int depth, std::vector<DataRow>* rows) {
    if (depth > kMostDepth || !Next('{')) return false;
    RowFields fields;
    while (!Next('}')) {
      SkipSpace();
      if (at_ >= script_.size()) return false;
      std::string name, value;
      if (script_[at_] == '"' || script_[at_] == '\'') {
        if (!Text(&name)) return false;
      } else {
        while (at_ < script_.size() && (IsAsciiAlpha(script_[at_]) || IsAsciiDigit(script_[at_]) || script_[at_] == '_' || script_[at_] == '$')) name.push_back(script_[at_++]);
      }
      if (name.empty() || !Next(':') || !Value(depth, &value)) return false;
      fields.Take(name, value);
      if (Next(',')) continue;
      if (!Next('}')) return false;
      break;
    }
    if (rows == nullptr || rows_ >= kMostRows) return true;
    if (auto row = fields.Row()) {
      rows->push_back(std::move(*row));
      ++rows_;
    }
    return true;
  }

  // `parent`: rows of the array around this one, which may be one of them: ["title", "/a/1.html", "2021-11-29"].
  bool Array(int depth, std::vector<DataRow>* parent) {
    if (depth > kMostDepth || !Next('[')) return false;
    std::vector<DataRow> rows;
    std::vector<std::string> cells;
    bool whole = true;
    while (!Next(']')) {
      SkipSpace();
      std::string text;
      const char sign = at_ < script_.size() ? script_[at_] : '\0';
      whole = sign == '{' ? Object(depth + 1, &rows) : sign == '[' ? Array(depth + 1, &rows) : sign != '\0' && Value(depth, &text);
      if (!whole) break;
      if (!text.empty() && cells.size() < kMostCells) cells.push_back(std::move(text));
      if (Next(',')) continue;
      whole = Next(']');
      break;
    }
    if (parent != nullptr && rows.empty()) Cells(cells, *parent);
    Group(rows);
    return whole;
  }

  // One address, and the longest of the other texts as its title.
  void Cells(const std::vector<std::string>& cells, std::vector<DataRow>& rows) {
    if (cells.size() < 2 || rows_ >= kMostRows) return;
    DataRow row;
    for (const std::string& cell : cells) {
      std::string day = DayOf(cell);
      if (LooksLikeUrl(cell)) {
        if (!row.address.empty()) return;
        row.address = cell;
      } else if (!day.empty() && TitleLength(cell) <= 3) {
        if (row.date.empty()) row.date = std::move(day);
      } else if (TitleLength(cell) > TitleLength(row.title)) {
        row.title = cell;
      }
    }
    if (row.address.empty() || row.title.empty()) return;
    row.title = PlainTitle(std::move(row.title));
    rows.push_back(std::move(row));
    ++rows_;
  }

  // Titles with a day each, or long ones: news. Short names are a menu or the like.
  void Group(std::vector<DataRow>& rows) {
    constexpr size_t kFewest = 3, kTitle = 8, kDatedTitle = 6;
    size_t news = 0;
    for (const DataRow& row : rows) {
      const size_t length = TitleLength(row.title);
      news += LooksLikeUrl(row.address) && (row.date.empty() ? length >= kTitle : length >= kDatedTitle) ? 1 : 0;
    }
    if (rows.size() >= kFewest && news * 4 >= rows.size() * 3) found_(rows);
  }

  std::string_view script_;
  const std::function<void(std::vector<DataRow>&)>& found_;
  size_t at_ = 0, rows_ = 0;
  int failures_ = 0;
};

}  // namespace

void FindScriptRows(std::string_view script, const std::function<void(std::vector<DataRow>&)>& found) {
  constexpr size_t kMostScript = size_t{4} << 20;
  ScriptRows(script.substr(0, kMostScript), found).Find();
}

}  // namespace fangzhi::links
