#include "extract/kind.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "extract/crumbs.h"
#include "extract/error_page.h"
#include "extract/obstacle.h"
#include "text/text.h"

namespace fangzhi::extract {

bool ScriptHoldsList(const PageView& view) {
  // A row's pattern that no script has filled yet: {{ item.title }}.
  for (const Anchor& anchor : view.anchors) {
    const std::string_view text = std::string_view(view.text).substr(anchor.begin, anchor.end - anchor.begin);
    if (text.size() < 100 && text.find("{{") != std::string_view::npos && text.find("}}") != std::string_view::npos) return true;
  }
  for (const html::NodeIndex index : view.scripts) {
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1) continue;
    const std::string_view script = view.document.node(index + 1).text.substr(0, 4000);
    for (const std::string_view mark : {"<datastore>", "Hanweb.jPage", "jpage/dataproxy", "morecolumndataproxy", "/gkmlpt/api"}) {
      if (script.find(mark) != std::string_view::npos) return true;
    }
  }
  return false;
}

bool IsRootPath(const url::Url& url) {
  if (url.query && !url.query->empty()) return false;
  std::string path = ToAsciiLower(url.path);
  if (path.empty() || path == "/") return true;
  if (path.rfind('/') != 0) return false;
  const std::string_view file = std::string_view(path).substr(1);
  return file.starts_with("index.") || file.starts_with("default.") || file == "index" ||
         file.starts_with("home.");
}

namespace {

// The line that leads to a list's other pages, or counts them.
bool HasPagerLine(const PageView& view) {
  for (size_t i = view.lines.size(), seen = 0; i-- > 0 && seen < 60; ++seen) {
    if (view.lines[i].characters > 80) continue;
    const std::string_view text = view.LineText(i);
    if (text.find("页") == std::string_view::npos && text.find("共") == std::string_view::npos) continue;
    const std::u32string key = ComparisonKey(view.LineText(i));
    for (const std::u32string_view word : {U"下一页", U"下页", U"尾页", U"末页"}) {
      if (key.find(word) != std::u32string::npos) return true;
    }
    const size_t all = key.find(U'共');
    if (all != std::u32string::npos && all + 2 < key.size() && IsDigit(key[all + 1]) &&
        (key.find(U"条", all) != std::u32string::npos || key.find(U"页", all) != std::u32string::npos))
      return true;
  }
  return false;
}

// Evidence for and against, each with what a reader would say of it.
class Scale {
 public:
  void Article(double points, std::string why) { Add(article_, points, std::move(why)); }
  void List(double points, std::string why) { Add(list_, points, std::move(why)); }
  double article() const { return article_.sum; }
  double list() const { return list_.sum; }
  std::string ArticleReason() const { return "article: " + Words(article_); }
  std::string ListReason() const { return "list: " + Words(list_); }

 private:
  struct Side {
    double sum = 0;
    std::vector<std::pair<double, std::string>> reasons;
  };
  static void Add(Side& side, double points, std::string why) {
    side.sum += points;
    side.reasons.emplace_back(points, std::move(why));
  }
  // The three that weigh most.
  static std::string Words(const Side& side) {
    auto reasons = side.reasons;
    std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string words;
    for (size_t i = 0; i < reasons.size() && i < 3; ++i) words += (i > 0 ? ", " : "") + reasons[i].second;
    return words;
  }
  Side article_, list_;
};

// What the lines of the page that are no rows and no frame say of it.
struct PageSigns {
  bool neighbours = false;  // 上一篇, 下一篇
  bool controls = false;    // 打印, 关闭
  bool editor = false;
  bool strip_words = false;  // a labelled date, source or count that no item has
};

PageSigns FindSigns(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  static constexpr std::string_view kNeighbours[] = {"上一篇", "下一篇", "上一条", "下一条", "上一則", "下一則", "上篇：", "下篇：", "前一篇", "后一篇"};
  static constexpr std::string_view kControls[] = {"打印", "关闭", "列印", "字号", "字體", "字级", "字級"};
  PageSigns signs;
  for (size_t i = 0; i < view.lines.size() && !(signs.neighbours && signs.controls); ++i) {
    const Line& line = view.lines[i];
    if (line.row != RowFlag::kNone || line.characters > 90 || line.characters < 2) continue;
    const std::string_view text = view.LineText(i);
    for (size_t at = 0; at + 6 <= text.size(); ++at) {
      // The second bytes of the words' first characters, after which few others are left to compare.
      const auto lead = static_cast<unsigned char>(text[at]);
      if (lead < 0xE4 || lead > 0xE6) continue;
      const auto second = static_cast<unsigned char>(text[at + 1]);
      const std::string_view rest = text.substr(at);
      if (!signs.neighbours && (second == 0xB8 || second == 0x89 || second == 0x90)) {
        for (const std::string_view word : kNeighbours) signs.neighbours = signs.neighbours || rest.starts_with(word);
      }
      if (!signs.controls && line.characters <= 60 && (second == 0x89 || second == 0x85 || second == 0x88 || second == 0xAD)) {
        for (const std::string_view word : kControls) signs.controls = signs.controls || rest.starts_with(word);
      }
      at += 2;
    }
  }
  for (const InfoValue& value : evidence.info.values) {
    const Line& line = view.lines[value.line];
    if (!value.labelled || (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) != 0) continue;
    switch (value.label) {
      case Label::kEditor:
        signs.editor = signs.editor || !value.text.empty();
        break;
      case Label::kPublished:
        signs.strip_words = signs.strip_words || (value.date && evidence.info.info_score[value.line] >= 50);
        break;
      case Label::kSource:
        signs.strip_words = signs.strip_words || (!value.text.empty() && evidence.info.info_score[value.line] >= 50);
        break;
      default:
        break;
    }
  }
  return signs;
}

// Whether the last part of the address is what pages of articles have: t20211129_123.html, content_123.htm,
// art_1_2.html, 123456.htm, show.php?id=7; or what columns have: index.htm, list.htm, a folder.
enum class Shape : uint8_t { kUnknown, kArticle, kList };
Shape ShapeOf(const url::Url& url) {
  const std::string path = ToAsciiLower(url.path);
  const size_t slash = path.rfind('/');
  std::string_view file = std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
  if (file.empty()) return Shape::kUnknown;
  const std::string_view stem = file.substr(0, file.find('.'));
  for (const std::string_view word : {"index", "list", "default", "node_", "col_", "more"}) {
    if (stem.starts_with(word)) return Shape::kList;
  }
  if (stem.ends_with("list")) return Shape::kList;
  for (const std::string_view word : {"content", "art_", "article", "detail", "show", "view", "info", "news_"}) {
    if (stem.starts_with(word)) return url.query || stem.size() > word.size() ? Shape::kArticle : Shape::kUnknown;
  }
  size_t digits = 0, longest = 0;
  for (const char c : stem) {
    digits = IsAsciiDigit(c) ? digits + 1 : 0;
    longest = std::max(longest, digits);
  }
  if (longest >= 5 || (stem.starts_with("t2") && longest >= 8)) return Shape::kArticle;
  return Shape::kUnknown;
}

// The line of the headline; where none stands, of the strip above the text, of a line set as headlines are, or of the
// text itself where that is more than a column says of itself. kNoLine where the headline is a link or far from the text.
size_t HeadOfText(const KindEvidence& evidence, uint32_t own, size_t set) {
  if (evidence.body.lines.empty()) return kNoLine;
  constexpr size_t kNear = 10;
  const size_t first = evidence.body.lines.front();
  const TitleChoice& title = evidence.title;
  if (title.first_line != kNoLine) {
    const Line& line = evidence.view.lines[title.first_line];
    const bool proven = title.agreement >= 40 || line.heading == 1;
    if (line.link_characters * 2 > line.characters && !proven) return kNoLine;
    if (title.last_line < first && first <= title.last_line + kNear) return title.first_line;
    return set;
  }
  for (const InfoValue& value : evidence.info.values) {
    if (value.date && value.line < first && first <= value.line + 4 && evidence.info.info_score[value.line] >= 60) return value.line;
  }
  if (set != kNoLine) return set;
  return own >= 60 ? first : kNoLine;
}

// Whether <title> or the crumbs say that the page tells what somebody or something is, without a day: 领导之窗, 办事指南, 机构简介.
bool IsStandingPage(const KindEvidence& evidence) {
  static constexpr std::u32string_view kNames[] = {U"领导之窗", U"领导信息", U"领导简介", U"领导介绍", U"领导班子", U"现任领导", U"领导成员", U"领导分工", U"办事指南", U"服务指南", U"联系我们", U"联系方式",
                                                   U"关于我们", U"机构简介", U"单位简介", U"机构概况", U"机构职能", U"部门简介", U"部门职能", U"学校简介", U"学院简介", U"医院简介", U"公司简介", U"科室介绍", U"专家介绍",
                                                   U"内设机构", U"机构设置", U"师资队伍"};
  const auto names = [&](std::u32string_view key) {
    return std::any_of(std::begin(kNames), std::end(kNames), [&](std::u32string_view name) { return key == name; });
  };
  // A part of <title> by itself.
  std::u32string part;
  for (const char32_t c : ComparisonKey(evidence.view.title) + U"-") {
    if (c != U'-' && c != U'_' && c != U'|' && c != U'>' && c != U'—' && c != U'–' && c != U'·') {
      part.push_back(c);
      continue;
    }
    if (names(part)) return true;
    part.clear();
  }
  const TitleChoice& title = evidence.title;
  const std::string column = ColumnOfCrumbs(evidence.view, title.title, title.first_line != kNoLine ? title.first_line : evidence.body.lines.empty() ? 0 : evidence.body.lines.front());
  return names(ComparisonKey(std::string_view(column).substr(column.rfind('>') + 1)));
}

}  // namespace

bool HasAddressOfArticle(const url::Url& url) { return ShapeOf(url) == Shape::kArticle; }

bool IsSearch(const KindEvidence& evidence) {
  const std::u32string title = ComparisonKey(evidence.view.title);
  for (const std::u32string_view word : {U"搜索", U"检索", U"查询结果", U"搜尋", U"檢索"}) {
    if (title.find(word) != std::u32string::npos) return true;
  }
  const url::Url& url = evidence.page_url;
  if (FindIgnoreAsciiCase(url.path, "search") != std::string_view::npos || (url.host && (url.host->starts_with("search.") || url.host->starts_with("so.")))) return true;
  const std::string query = url.query ? ToAsciiLower(*url.query) : std::string();
  for (const std::string_view pair : Split(query, '&')) {
    const std::string_view name = pair.substr(0, pair.find('='));
    for (const std::string_view word : {"q", "wd", "kw", "word", "keyword", "keywords", "searchword", "searchkey"}) {
      if (name == word) return true;
    }
    if (pair.ends_with("=search")) return true;
  }
  return false;
}

KindChoice ChooseKind(const KindEvidence& evidence) {
  using model::PageKind;
  if (std::string reason = ErrorReason(evidence); !reason.empty())
    return {PageKind::kError, std::move(reason)};
  if (AsksForPassword(evidence) && IsLoginAddress(evidence.page_url)) return {PageKind::kOther, std::string(kLoginOfItsOwn), true};
  const PageView& view = evidence.view;
  const ListChoice& list = evidence.list;
  const BodyChoice& body = evidence.body;
  const TitleChoice& title = evidence.title;
  if (evidence.selected && body.characters >= 20) return {PageKind::kArticle, "article: the site's selectors"};
  // An article at a host's root is something special, a box of news is not.
  if (IsRootPath(evidence.page_url) && !(evidence.visible_date && body.characters >= 200 && title.score >= 40) &&
      (view.anchors.size() >= 20 || (view.anchors.size() >= 8 && list.items.size() >= 3 && !evidence.strip && !evidence.named_article)))
    return {PageKind::kHome, "home: the host's first page"};

  if (const std::u32string map = ComparisonKey(view.title); map.starts_with(U"网站地图") || map.starts_with(U"站点地图") || map.starts_with(U"網站導覽"))
    return {PageKind::kOther, "other: a map of the site", true};

  if (!evidence.visible_date && !evidence.article_meta && !evidence.named_article && !evidence.strip && IsStandingPage(evidence))
    return {PageKind::kOther, "other: what an office, a service or a person is, and no news of it"};

  // 我要写信: more than an article's box for comments, and what it says is how to fill it in.
  if (view.text_fields >= 5 && !evidence.visible_date && !evidence.article_meta && !evidence.named_article && !evidence.strip && list.dated < 3 && body.characters < 600)
    return {PageKind::kOther, "other: a form to fill in"};

  Scale scale;
  // The text that no item of a list stands in or around: above all items, or where none is inside its range.
  uint32_t own = 0, marks = 0, between = 0;
  size_t inside = 0;
  if (!body.lines.empty()) {
    uint32_t first_item = UINT32_MAX;
    for (const ListItem& item : list.items) {
      if (item.line < body.lines.front() || item.line > body.lines.back()) continue;
      ++inside;
      first_item = std::min(first_item, item.line);
    }
    for (const uint32_t index : body.lines) {
      const Line& line = view.lines[index];
      const uint32_t text = line.characters - std::min(line.characters, line.link_characters);
      if (view.LineText(index).find("{{") != std::string_view::npos) continue;  // a script's pattern
      if (line.row != RowFlag::kNone || (inside >= 3 && index >= first_item)) {
        between += text;
        continue;
      }
      own += text;
      marks += line.sentence_marks;
    }
  }
  const bool titled = title.score >= 40;
  const bool stands = title.first_line != kNoLine;
  if (marks > 0) {
    const std::string words = std::to_string(own) + " characters of text";
    if (own >= 400) {
      scale.Article(60, words);
    } else if (own >= 150) {
      scale.Article(46, words);
    } else if (own >= 60) {
      scale.Article(34, words);
    } else if (own >= 20) {
      scale.Article(24, words);
    } else if (own >= 8) {
      scale.Article(10, words);
    }
  } else if (own >= 30) {
    scale.Article(12, "a table or names");
  }
  if (evidence.strip) scale.Article(45, "headline with its strip");
  if (titled) scale.Article(15, "headline");
  if (stands && title.agreement >= 40) {
    const size_t length = ComparisonKey(title.title).size();
    scale.Article(length >= 10 ? 14 : length >= 6 ? 6 : 0, "<title> is the headline");
  }
  if (evidence.visible_date) scale.Article(12, "date");
  if (evidence.named_article) {
    scale.Article(35, "metas of an article");
  } else if (evidence.article_meta) {
    scale.Article(18, "metas with a date");
  }
  if (evidence.attachments) scale.Article(10, "attachments");
  const PageSigns signs = FindSigns(evidence);
  if (signs.neighbours) scale.Article(25, "neighbouring articles");
  if (signs.controls) scale.Article(8, "controls of a text");
  if (signs.editor) scale.Article(12, "editor");
  if (signs.strip_words) scale.Article(15, "labels of a strip");
  if (stands && body.characters == 0 && !view.images.empty() && evidence.strip) scale.Article(10, "pictures");

  // A headline that is no link, its text below it, and all items above or below the two: what lists have beside their
  // rows is no such text, and an article's neighbours are boxes of the frame.
  const size_t set = titled || body.lines.empty() ? kNoLine : SetAsHeadline(view, evidence.info, body);
  if (set != kNoLine) scale.Article(8, "a line set as a headline");
  const size_t head = HeadOfText(evidence, own, set);
  bool apart = own >= 20 && marks > 0 && head != kNoLine;
  for (const ListItem& item : list.items) apart = apart && (item.line < head || item.line > body.lines.back());
  if (apart) scale.Article(12, "the text stands apart from the links");
  const double beside = apart ? 0.5 : 1;

  if (list.dated >= 3) scale.List(beside * std::min(15 + 2.5 * static_cast<double>(list.dated), 50.0), std::to_string(list.dated) + " dated links");
  if (list.items.size() >= 8) scale.List(beside * std::min<double>(static_cast<double>(list.items.size()), 20), std::to_string(list.items.size()) + " links");
  if (list.all_items >= 20) scale.List(8, std::to_string(list.all_items) + " links in all");
  if (list.items.size() >= 3 && list.link_characters > own) scale.List(8, "more links than text");
  // A few headlines and nothing else on the page.
  if (own == 0 && between == 0 && list.items.size() >= 4 && list.items.size() < 8 && !evidence.strip && list.link_characters >= 8 * list.items.size() && list.link_characters <= 40 * list.items.size() &&
      list.link_characters * 3 > view.characters * 2)
    scale.List(20, "nothing but links");
  if (list.items.size() >= 3 && HasPagerLine(view)) scale.List(28, "pages of a list");
  if (inside >= 3 && between > 0) scale.List(15, "text between the links");
  if (list.items.size() >= 3 && own > 0 && !body.lines.empty()) {
    if (list.items.front().line < body.lines.front()) {
      scale.List(6, "links above the text");
    }
  }
  if (!titled && !apart && list.items.size() >= 3) scale.List(10, "no headline");
  if (list.dated < 3 && list.dated_texts >= 6 && !titled) scale.List(45, std::to_string(list.dated_texts) + " dated rows");
  if (!view.MetaContent("columnname").empty() && view.MetaContent("articletitle").empty() && body.characters < 300)
    scale.List(25, "metas of a column");
  switch (ShapeOf(evidence.page_url)) {
    case Shape::kArticle:
      scale.Article(10, "address of an article");
      break;
    case Shape::kList:
      scale.List(15, "address of a column");
      break;
    case Shape::kUnknown:
      if (evidence.page_url.path.ends_with('/') && list.items.size() >= 3) scale.List(8, "address of a folder");
      break;
  }
  const bool script_list = own < 100 && !evidence.strip && ScriptHoldsList(view);
  if (script_list) scale.List(30, "its rows stand in a script");

  if (title.first_line == kNoLine && list.items.empty() && own < 20 && HasPagerLine(view)) scale.List(30, "an empty list");

  const std::string sums = " (" + std::to_string(static_cast<int>(scale.article())) + " : " + std::to_string(static_cast<int>(scale.list())) + ")";
  const std::u32string name = ComparisonKey(view.title);
  const bool search = name.starts_with(U"搜索") || name.starts_with(U"智能搜索") || name.starts_with(U"站内搜索") || name.starts_with(U"全站搜索") || name.starts_with(U"检索") ||
                      name.starts_with(U"全文检索") || name.starts_with(U"站内检索");
  if (search && !evidence.strip && !evidence.named_article && evidence.page_url.query) return {PageKind::kOther, "other: the results of a search", true};
  if (!evidence.strip && evidence.page_url.query && !evidence.page_url.query->empty() && FindIgnoreAsciiCase(evidence.page_url.path, "search") != std::string_view::npos)
    return {PageKind::kOther, "other: the results of a search", true};
  if (scale.article() >= 30 && scale.article() > scale.list()) return {PageKind::kArticle, scale.ArticleReason() + sums};
  if (scale.list() >= 25 && scale.list() >= scale.article()) return {PageKind::kList, scale.ListReason() + sums};
  return {PageKind::kOther, view.frames ? "other: frames" : "other: neither text nor list"};
}

}  // namespace fangzhi::extract
