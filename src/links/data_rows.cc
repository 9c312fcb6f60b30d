#include "links/data_rows.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/strings.h"
#include "base/time.h"
#include "html/html.h"
#include "html/script_reader.h"
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
  const Civil day = ToCivil(UtcTime(std::chrono::seconds(seconds) + kChinaOffset));
  return FormatDay(day.year, static_cast<int>(day.month), static_cast<int>(day.day));
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
  ScriptRows(std::string_view script, const std::function<void(std::vector<DataRow>&)>& found) : in_{script}, found_(found) {}

  void Find() {
    std::vector<DataRow> pushed;
    size_t bracket = in_.script.find('['), brace = in_.script.find('{');  // the next of each, not before in_.at
    while (failures_ < kMostFailures && rows_ < kMostRows) {
      if (bracket < in_.at) bracket = in_.script.find('[', in_.at);
      if (brace < in_.at) brace = in_.script.find('{', in_.at);
      const size_t open = std::min(bracket, brace);
      if (open == std::string_view::npos) break;
      in_.at = open + 1;
      if (in_.script[open] == '[') {
        in_.SkipBlanks();
        if (in_.peek() != '{' && in_.peek() != '[') continue;
        in_.at = open;
        if (!Array(0, nullptr)) ++failures_;
      } else {
        // list.push({…})
        if (open < 6 || (in_.script[open - 1] != '(' && in_.script[open - 1] != ' ')) continue;
        if (!TrimAscii(in_.script.substr(open - 6, 6)).ends_with("push(")) continue;
        in_.at = open;
        if (!Object(0, &pushed)) ++failures_;
      }
    }
    Group(pushed);
  }

 private:
  static constexpr int kMostDepth = 12;
  static constexpr int kMostFailures = 200;
  static constexpr size_t kMostRows = 5000, kMostCells = 20, kLongestText = 8192;

  // A literal of any kind; `text` of a string or number. Expressions are none.
  bool Value(int depth, std::string* text) {
    in_.SkipBlanks();
    if (in_.at_string()) return Text(text);
    if (in_.peek() == '{') return Object(depth + 1, nullptr);
    if (in_.peek() == '[') return Array(depth + 1, nullptr);
    if (const std::string_view number = in_.Number(); !number.empty()) {
      if (number[0] != '-') *text = std::string(number);
      return true;
    }
    // true, null; a.b, which says nothing of itself and does not end the row.
    bool word = false;
    while (!in_.Name().empty()) {
      word = true;
      if (in_.peek() == '.') ++in_.at;
    }
    return word;
  }
  bool Text(std::string* text) {
    std::optional<std::string> read = in_.String(kLongestText);
    if (read) *text = std::move(*read);
    return read.has_value();
  }

  // One object, a row of `rows` where it is one.
  bool Object(int depth, std::vector<DataRow>* rows) {
    if (depth > kMostDepth || !in_.Take("{")) return false;
    RowFields fields;
    while (!in_.Take("}")) {
      in_.SkipBlanks();
      if (in_.done()) return false;
      std::string name, value;
      if (!in_.at_string()) {
        name = std::string(in_.Name());
        if (name.empty()) name = std::string(in_.Number());
      } else if (!Text(&name)) {
        return false;
      }
      if (name.empty() || !in_.Take(":") || !Value(depth, &value)) return false;
      fields.Take(name, value);
      if (in_.Take(",")) continue;
      if (!in_.Take("}")) return false;
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
    if (depth > kMostDepth || !in_.Take("[")) return false;
    std::vector<DataRow> rows;
    std::vector<std::string> cells;
    bool whole = true;
    while (!in_.Take("]")) {
      in_.SkipBlanks();
      std::string text;
      const char sign = in_.peek();
      whole = sign == '{' ? Object(depth + 1, &rows) : sign == '[' ? Array(depth + 1, &rows) : sign != '\0' && Value(depth, &text);
      if (!whole) break;
      if (!text.empty() && cells.size() < kMostCells) cells.push_back(std::move(text));
      if (in_.Take(",")) continue;
      whole = in_.Take("]");
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

  html::ScriptReader in_;
  const std::function<void(std::vector<DataRow>&)>& found_;
  size_t rows_ = 0;
  int failures_ = 0;
};

}  // namespace

void FindScriptRows(std::string_view script, const std::function<void(std::vector<DataRow>&)>& found) {
  constexpr size_t kMostScript = size_t{4} << 20;
  ScriptRows(script.substr(0, kMostScript), found).Find();
}

}  // namespace fangzhi::links
