#include "extract/crumbs.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/line_words.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

constexpr char32_t kLinkEdge = U'\x1f';  // where a link of the line begins or ends

bool IsHome(std::u32string_view key) {
  static constexpr std::u32string_view kHomes[] = {U"首页", U"主页", U"首頁", U"主頁", U"home", U"homepage"};
  constexpr size_t kLongestHome = 16;  // 某某区教育局首页
  return key.size() <= kLongestHome && std::any_of(std::begin(kHomes), std::end(kHomes), [key](std::u32string_view home) { return key.ends_with(home) && (home[0] != U'h' || key == home); });
}

// What the page itself is called behind its column.
bool IsLeaf(std::u32string_view key) {
  static constexpr std::u32string_view kLeaves[] = {U"正文", U"详情", U"内容", U"正文内容", U"文章正文", U"详细内容", U"信息详情", U"新闻详情", U"查看", U"浏览文章", U"阅读正文", U"浏览正文",
                                                    U"文章内容", U"查看内容", U"新闻内容", U"信息内容", U"列表", U"信息列表", U"文章列表", U"新闻列表", U"返回", U"查看详情", U"浏览新闻", U"详细信息", U"是"};
  return std::find(std::begin(kLeaves), std::end(kLeaves), key) != std::end(kLeaves);
}

enum class Sign : uint8_t { kNone, kArrow, kSlash, kBar, kDash, kColon, kLink };

Sign SignOf(char32_t c) {
  switch (c) {
    case U'>': case U'＞': case U'»': case U'→': case U'›': case U'》': case U'≫': case U'\\':
      return Sign::kArrow;
    case U'/': case U'／':
      return Sign::kSlash;
    case U'|': case U'｜':
      return Sign::kBar;
    case U'-': case U'－': case U'—': case U'–':
      return Sign::kDash;
    case U':': case U'：':
      return Sign::kColon;
    case kLinkEdge:
      return Sign::kLink;
    default:
      return Sign::kNone;
  }
}

struct Path {
  std::vector<std::string> crumbs;  // without the home page and the leaf
  bool home = false;     // it begins with the home page's name
  bool whole = false;    // every crumb is as short as names are
  bool leaf = false;     // the page itself stood at its end
  size_t signs = 0;      // between names, or before the first; several side by side are one
  Sign sign = Sign::kNone;
};

// An arrow is what crumbs have between them; else the first of the other signs, or nothing but the edges of links.
Sign ChooseSign(std::string_view text) {
  Sign chosen = Sign::kNone;
  char32_t before = 0;
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = text::DecodeUtf8(text, offset);
    const Sign sign = SignOf(c);
    if (sign == Sign::kArrow && (c != U'》' || text.find("《") == std::string_view::npos)) return sign;
    // 2019-2020, A/B
    const auto in_name = [](char32_t letter) { return letter < 0x80 && (IsAsciiAlpha(static_cast<char>(letter)) || IsAsciiDigit(static_cast<char>(letter))); };
    const bool in_word = in_name(before) && offset < text.size() && in_name(static_cast<unsigned char>(text[offset]));
    if (sign != Sign::kNone && !in_word && before != 0 && (chosen == Sign::kNone || (chosen == Sign::kLink && sign != Sign::kLink))) chosen = sign;
    if (c != U' ' && c != kLinkEdge) before = c;
  }
  return chosen;
}

Path ReadPath(std::string_view text, const std::u32string& title) {
  Path path;
  path.sign = ChooseSign(text);
  path.whole = true;
  constexpr size_t kLongestCrumb = 30, kLongestName = 20;
  std::string part;
  bool between = false, ended = false;
  const auto flush = [&] {
    std::string clean = TrimSeparators(part);
    part.clear();
    // 要闻 正文, 要闻 字号：大 中 小: behind a blank what is no name.
    if (const size_t blank = clean.find(' '); blank != std::string::npos && (path.home || !path.crumbs.empty())) {
      const std::string_view behind = std::string_view(clean).substr(blank + 1);
      if (IsLeaf(ComparisonKey(behind)) || IsControlLine(behind)) clean.resize(blank);
    }
    std::u32string key = ComparisonKey(clean);
    while (!key.empty() && (key.back() == U'.' || key.back() == U'…')) key.pop_back();
    if (key.empty()) return;
    if (between) ++path.signs;
    between = false;
    if (path.crumbs.empty() && !path.home && IsHome(key)) {
      path.home = true;
      return;
    }
    if (IsLeaf(key) || (!title.empty() && (key == title || (key.size() >= 8 && title.starts_with(key))))) {
      path.leaf = ended = true;
      return;
    }
    path.whole = path.whole && key.size() <= kLongestName && !ended;
    if (key.size() > kLongestCrumb) {
      path.whole = false;
      return;
    }
    path.crumbs.push_back(clean);
  };
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::DecodeUtf8(text, offset);
    if (path.sign != Sign::kNone && SignOf(c) == path.sign) {
      flush();
      between = true;
    } else if (c != kLinkEdge) {
      part.append(text, begin, offset - begin);
    }
  }
  flush();
  return path;
}

std::string Join(const std::vector<std::string>& crumbs) {
  std::string joined;
  for (const std::string& crumb : crumbs) {
    if (!joined.empty()) joined += " > ";
    joined += crumb;
  }
  return joined;
}

class CrumbReader {
 public:
  CrumbReader(const PageView& view, std::string_view title) : view_(view), title_(ComparisonKey(title)) {}

  std::string Named(size_t line) const;
  std::string Built(size_t line) const;

 private:
  std::string Marked(size_t line, size_t from) const;
  bool LeadsHome(size_t line, std::string_view crumb) const;

  const PageView& view_;
  const std::u32string title_;
};

// The line's text from byte `from` on, with a mark at the edges of its links.
std::string CrumbReader::Marked(size_t index, size_t from) const {
  const Line& line = view_.lines[index];
  const std::string_view text = view_.LineText(index);
  std::string marked;
  size_t at = from;
  auto anchor = std::lower_bound(view_.anchors.begin(), view_.anchors.end(), line.begin + from, [](const Anchor& a, size_t begin) { return a.end <= begin; });
  for (; anchor != view_.anchors.end() && anchor->begin < line.end; ++anchor) {
    for (const size_t edge : {size_t{anchor->begin}, size_t{anchor->end}}) {
      const size_t place = std::clamp(edge < line.begin ? 0 : edge - line.begin, at, text.size());
      marked += text.substr(at, place - at);
      marked += static_cast<char>(kLinkEdge);
      at = place;
    }
  }
  marked += text.substr(at);
  return marked;
}

// 您当前的位置：, 现在的位置是: how many bytes of the line are such a label; 0: it has none. Above a place's own words (地理位置) none stands.
size_t LabelLength(std::string_view text, bool* told) {
  static constexpr std::string_view kWord = "位置";
  constexpr size_t kMostBefore = 30;
  const size_t at = text.substr(0, kMostBefore + kWord.size()).find(kWord);
  *told = false;
  if (at == std::string_view::npos) return 0;
  const std::string_view before = text.substr(0, at);
  for (const std::string_view word : {"当前", "當前", "现在", "現在", "目前", "您", "你"}) *told = *told || before.find(word) != std::string_view::npos;
  size_t end = at + kWord.size();
  for (const std::string_view word : {"是", "为", "為"}) end += text.substr(end).starts_with(word) ? word.size() : 0;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  bool colon = false;
  for (const std::string_view sign : {"：", ":"}) {
    if (colon || !text.substr(end).starts_with(sign)) continue;
    end += sign.size();
    colon = true;
  }
  const bool place = before.empty() || before.ends_with("所在") || before.find("的") != std::string_view::npos;
  return *told || (place && colon) ? end : 0;
}

// Whether the crumb is a link to the root of the site.
bool CrumbReader::LeadsHome(size_t index, std::string_view crumb) const {
  const Line& line = view_.lines[index];
  auto anchor = std::lower_bound(view_.anchors.begin(), view_.anchors.end(), line.begin, [](const Anchor& a, size_t begin) { return a.end <= begin; });
  for (; anchor != view_.anchors.end() && anchor->begin < line.end; ++anchor) {
    if (TrimSeparators(std::string_view(view_.text).substr(anchor->begin, anchor->end - anchor->begin)) != crumb) continue;
    std::string_view href = TrimAscii(view_.document.attribute(anchor->node, "href").value_or(""));
    for (const std::string_view scheme : {"http://", "https://", "//"}) {
      if (!href.starts_with(scheme)) continue;
      const size_t path = href.find('/', scheme.size());
      return path == std::string_view::npos || path + 1 == href.size();
    }
    return href == "/";
  }
  return false;
}

// A line that says that it is the breadcrumb, or whose element is called so.
std::string CrumbReader::Named(size_t index) const {
  constexpr uint32_t kLongestItem = 30;
  constexpr size_t kMostItems = 10;
  const Line& line = view_.lines[index];
  const std::string_view text = view_.LineText(index);
  const bool called = (line.zones & kZoneCrumbs) != 0;
  bool told = false;
  const size_t label = LabelLength(text, &told);
  if (label == 0 && !called) return "";
  std::string whole = Marked(index, label);
  // The names may be items of a list, each a line of its own.
  const std::u32string own = ComparisonKey(text.substr(label));
  if (label != 0 ? own.size() < 3 : IsHome(own)) {
    for (size_t i = index + 1; i < view_.lines.size() && i - index < kMostItems; ++i) {
      const Line& next = view_.lines[i];
      const bool first = i == index + 1 && label != 0;
      if (!first && (next.characters > kLongestItem || (called ? (next.zones & kZoneCrumbs) == 0 : !next.item))) break;
      whole += " > ";
      whole += Marked(i, 0);
      if (first && !next.item) break;
    }
  }
  Path path = ReadPath(whole, title_);
  if (path.sign == Sign::kNone || (path.sign == Sign::kLink && !path.home && path.crumbs.size() < 2)) {
    // One name, or none: 当前位置：新闻中心, but no 所在位置：某某路88号.
    if (!told) return "";
  }
  if (!path.home && path.crumbs.size() > 1 && LeadsHome(index, path.crumbs.front())) path.crumbs.erase(path.crumbs.begin());
  return Join(path.crumbs);
}

// A line that nothing but its build tells: the home page's name first, or links with arrows between them.
std::string CrumbReader::Built(size_t index) const {
  constexpr uint32_t kLongestLine = 120;
  constexpr size_t kMostNames = 8, kMostLinks = 3;
  const Line& line = view_.lines[index];
  if (line.characters < 4 || line.characters > kLongestLine || (line.zones & (kZoneFooter | kZoneAside)) != 0) return "";
  const std::string_view text = view_.LineText(index);
  bool arrow = false, home = false;
  for (const std::string_view sign : {">", "＞", "»", "→", "›", "≫"}) arrow = arrow || text.find(sign) != std::string_view::npos;
  for (const std::string_view word : {"首页", "首頁", "主页", "主頁", "Home"}) home = home || text.substr(0, 60).find(word) != std::string_view::npos;
  if (!home && (!arrow || line.links == 0)) return "";
  Path path = ReadPath(Marked(index, 0), title_);
  if (path.crumbs.empty() || path.crumbs.size() > kMostNames || !path.whole || path.signs == 0) return "";
  for (const std::string& crumb : path.crumbs) {
    for (const std::string_view word : {"上一", "下一", "更多", "上页", "下页", "尾页", "末页"}) {
      if (crumb.find(word) != std::string::npos) return "";
    }
  }
  if (path.home) {
    // Menus are written so too: 首页 - 新闻 - 公告 - 服务, every name a link, or 首页 | 新闻 | 公告.
    if (path.sign == Sign::kBar || path.sign == Sign::kLink) return "";
    if (path.sign != Sign::kArrow && !path.leaf && path.crumbs.size() > kMostLinks) return "";
  } else if (path.sign != Sign::kArrow || path.signs < 2 || path.crumbs.size() < 2 || line.links + 1 < path.crumbs.size()) {
    return "";
  }
  if (!path.home && path.crumbs.size() > 1 && LeadsHome(index, path.crumbs.front())) path.crumbs.erase(path.crumbs.begin());
  return Join(path.crumbs);
}

}  // namespace

std::string ColumnOfCrumbs(const PageView& view, std::string_view title, size_t end) {
  constexpr size_t kMostAbove = 300;
  const CrumbReader reader(view, title);
  for (size_t i = 0; i < view.lines.size(); ++i) {
    if (view.lines[i].characters < 2 || view.lines[i].characters > 150) continue;
    if (std::string column = reader.Named(i); !column.empty()) return column;
  }
  // The nearest above the headline: menus stand higher.
  end = std::min(end, view.lines.size());
  for (size_t i = end; i-- > 0 && end - i <= kMostAbove;) {
    if (std::string column = reader.Built(i); !column.empty()) return column;
  }
  return "";
}

}  // namespace fangzhi::extract
