#include "extract/title.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/strings.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

struct Source {
  std::u32string key;
  std::string_view text;
  const char* provenance;
  int weight;  // of a line that equals it
};

bool IsTitleSeparator(char32_t c) {
  return c == U'_' || c == U'|' || c == U'｜' || c == U'-' || c == U'>' || c == U'<' || c == U'»' ||
         c == U'·' || c == U'/' || c == U',' || c == U'~' || c == U'(' || c == U'[';
}

// Does it read like the name of a site or an office rather than like a headline?
bool LooksLikeSiteName(std::u32string_view key) {
  while (!key.empty() && (key.back() == U'!' || key.back() == U'。')) key.remove_suffix(1);
  if (key.size() < 2 || key.size() > 24) return false;
  // A portal's greeting stands where other pages have their title: 欢迎访问某某网!
  static constexpr std::u32string_view kGreetings[] = {U"欢迎访问", U"欢迎光临", U"欢迎您访问", U"欢迎您光临", U"欢迎来到", U"您好,欢迎"};
  for (const auto& greeting : kGreetings) {
    if (key.starts_with(greeting)) return true;
  }
  static constexpr std::u32string_view kEnds[] = {
      U"网",   U"网站",   U"门户",   U"首页",   U"人民政府", U"委员会",     U"管理局", U"总局",
      U"大学", U"学院",   U"研究所", U"研究院", U"医院",     U"中心",       U"频道",   U"在线",
      U"日报", U"新闻网", U"公司",   U"协会",   U"学会",     U"全球资讯网", U"信息港", U"平台",
      U"网页", U"办公室", U"教育部", U"监察院", U"政府",     U"官网",   U"分会",       U"联合会", U"基金会"};
  for (const auto& end : kEnds) {
    if (key.ends_with(end)) return true;
  }
  return false;
}

// 县委书记调研县人民医院, 我校与某某大学共建产业学院: somebody did something, and the last words alone name an institution.
bool TellsWhatWasDone(std::u32string_view key) {
  if (key.size() < 6) return false;
  for (const std::u32string_view begin : {U"我校", U"我院", U"我市", U"我县", U"我区", U"我局", U"我省", U"我镇", U"我委", U"我州", U"我厅", U"我所"}) {
    if (key.starts_with(begin)) return true;
  }
  static constexpr std::u32string_view kDeeds[] = {U"调研", U"检查指导", U"视察", U"考察", U"走访", U"慰问", U"召开", U"举行", U"举办", U"赴",   U"揭牌",
                                                   U"参观", U"会见",     U"走进", U"到访", U"落户", U"入选", U"荣获", U"成立", U"应邀到", U"一行到", U"深入"};
  const auto found = [&](std::u32string_view deed, size_t from) {
    const size_t at = key.find(deed, from);
    return at != std::u32string_view::npos && at >= 2 && at + deed.size() + 3 <= key.size();
  };
  if (std::any_of(std::begin(kDeeds), std::end(kDeeds), [&](std::u32string_view deed) { return found(deed, 0); })) return true;
  // 家庭医生签约服务平台 is a site, 市政府与某某大学签约共建产业学院 is news.
  const size_t with = key.find(U'与');
  return with != std::u32string_view::npos && (found(U"签约", with) || found(U"共建", with) || found(U"合作", with));
}

// 青石市林业局, 云岭县人民法院: an office with the place it serves.
bool LooksLikePlacedOffice(std::u32string_view key) {
  if (key.size() < 4 || key.size() > 16) return false;
  bool office = false;
  for (const std::u32string_view end : {U"局", U"厅", U"署", U"委", U"法院", U"检察院", U"街道", U"办事处", U"管委会", U"总队", U"支队"}) office = office || key.ends_with(end);
  if (!office) return false;
  const size_t place = key.find_first_of(U"省市县区旗州镇乡国");
  return place != std::u32string_view::npos && place >= 1 && place <= 6 && place + 1 < key.size();
}

// What the whole of a <title> may be that names who runs the site: 东岗街道办事处, 福安乡公所, 青石区图书馆.
bool LooksLikeOrganisation(std::u32string_view key) {
  if (key.size() < 4 || key.size() > 12) return false;
  for (const std::u32string_view word : {U"走进", U"走访", U"慰问", U"召开", U"开展", U"举行", U"举办", U"赴", U"到", U"在", U"的", U"获", U"入选", U"成立", U"揭牌"}) {
    if (key.find(word) != std::u32string_view::npos) return false;
  }
  static constexpr std::u32string_view kEnds[] = {U"局",     U"厅",   U"署",   U"法院",   U"检察院", U"街道",   U"办事处", U"管委会", U"总队",   U"支队",   U"大队", U"公所", U"图书馆",
                                                  U"圖書館", U"博物馆", U"文化馆", U"档案馆", U"小学",   U"中学",   U"幼儿园", U"党校",   U"学校",   U"派出所", U"电视台", U"廣播電台", U"广播电台"};
  return std::any_of(std::begin(kEnds), std::end(kEnds), [&](std::u32string_view end) { return key.ends_with(end); });
}

constexpr size_t kMostCandidates = 16;
double CandidateConfidence(int score) {
  return std::clamp(score / 120.0, 0.05, 0.98);
}

size_t CommonPrefix(std::u32string_view a, std::u32string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

// 主办单位：某某局 in the page's last lines: the name is the site's.
bool IsNamedInFooter(const PageView& view, const std::u32string& key) {
  if (key.size() < 3) return false;
  for (size_t i = view.lines.size(), seen = 0; i-- > 0 && seen < 16; ++seen) {
    if (view.lines[i].characters > 200) continue;
    const std::u32string line = ComparisonKey(view.LineText(i));
    const size_t at = line.find(key);
    if (at == std::u32string::npos) continue;
    for (const std::u32string_view word : {U"主办", U"版权", U"承办", U"copyright", U"Copyright", U"COPYRIGHT", U"版權", U"©"}) {
      if (line.find(word) < at) return true;
    }
  }
  return false;
}

// "某某网--标题": where <title> ends with `key` and what stands before it, a separator between, names the site.
bool IsAfterSiteName(std::u32string_view title, std::u32string_view key, std::u32string_view site) {
  if (title.size() < key.size() + 3 || !title.ends_with(key)) return false;
  std::u32string_view before = title.substr(0, title.size() - key.size());
  const size_t whole = before.size();
  while (!before.empty() && (IsTitleSeparator(before.back()) || before.back() == U'—' || before.back() == U':')) before.remove_suffix(1);
  if (before.size() == whole || before.empty() || LooksLikeSiteName(key)) return false;
  if (before == site || LooksLikeSiteName(before) || EndsLikeOffice(before)) return true;
  // 某某网|工作动态|标题
  const size_t cut = before.find_first_of(U"|_->");
  if (cut == std::u32string_view::npos || cut == 0 || before.size() - cut > 10) return false;
  const std::u32string_view first = before.substr(0, cut);
  return first == site || LooksLikeSiteName(first) || EndsLikeOffice(first);
}

// What stands behind a paper's name in the <title> of its pages on the web.
bool IsEditionName(std::u32string_view key) {
  while (!key.empty() && IsTitleSeparator(key.front())) key.remove_prefix(1);
  static constexpr std::u32string_view kEditions[] = {U"数字报", U"电子报", U"电子版", U"数字版", U"多媒体报", U"数字报刊", U"多媒体数字报", U"多媒体数字版", U"数字报纸", U"手机版"};
  return std::find(std::begin(kEditions), std::end(kEditions), key) != std::end(kEditions);
}

bool IsBoxHeading(std::u32string_view key) {
  static constexpr std::u32string_view kHeadings[] = {U"相关新闻", U"相关阅读", U"相关链接", U"相关文章", U"相关报道", U"热点新闻", U"热门新闻", U"热门文章",
                                                      U"推荐阅读", U"最新动态", U"最新新闻", U"最新文章", U"最新发布", U"通知公告", U"点击排行", U"图片新闻",
                                                      U"栏目导航", U"友情链接", U"新闻中心", U"要闻动态", U"工作动态", U"政务公开", U"信息公开", U"政府信息公开",
                                                      U"新闻详情", U"文章详情", U"信息详情", U"公告详情", U"详细信息", U"详情页",   U"新闻正文", U"文章正文", U"信息公开详情", U"无标题文档",
                                                      U"新闻动态", U"新闻公报", U"新闻稿",   U"新闻发布", U"最新消息", U"站内搜索", U"网站导航", U"新闻资讯", U"政策法规", U"更多视频", U"公告公示", U"今日要闻"};
  if (key.size() <= 6) {
    for (const std::u32string_view begin : {U"热门", U"热点", U"相关", U"推荐", U"往期", U"过往", U"更多", U"猜你"}) {
      if (key.starts_with(begin)) return true;
    }
  }
  return std::find(std::begin(kHeadings), std::end(kHeadings), key) != std::end(kHeadings);
}

// A few characters that a link of the page's frame or its crumbs have as well: <title> names the column.
bool IsColumnLinked(const PageView& view, std::u32string_view key) {
  if (IsBoxHeading(key)) return true;
  if (key.size() < 2 || key.size() > 6) return false;
  for (size_t i = 0; i < std::min<size_t>(view.lines.size(), 200); ++i) {
    const Line& line = view.lines[i];
    if (line.characters > 60 || line.characters < key.size() + 4) continue;
    const std::string_view text = view.LineText(i);
    if ((line.zones & kZoneCrumbs) == 0 && text.find("位置") == std::string_view::npos && !text.starts_with("首页") && !text.starts_with("首頁")) continue;
    if (ComparisonKey(text).find(key) != std::u32string::npos) return true;
  }
  for (const Anchor& anchor : view.anchors) {
    if (anchor.end - anchor.begin > 30 || anchor.end - anchor.begin < key.size()) continue;
    if (ComparisonKey(std::string_view(view.text).substr(anchor.begin, anchor.end - anchor.begin)) == key) return true;
  }
  return false;
}

// Whether the line below `index` goes on with a headline there that no heading element holds.
bool ContinuesHeadline(const PageView& view, const InfoLines& info, size_t index) {
  const Line& line = view.lines[index];
  const Line& next = view.lines[index + 1];
  if (line.heading != 0 || next.heading != 0 || line.emphasis != next.emphasis || (line.emphasis & (kLarge | kBold)) == 0) return false;
  if (line.block != next.block && (line.emphasis & (kLarge | kCentered)) != (kLarge | kCentered)) return false;
  if (line.links != 0 || next.links != 0 || line.characters < 4 || next.characters < 2 || line.characters > 50 || next.characters > 50) return false;
  if (line.sentence_marks > 3 || next.sentence_marks > 3 || info.info_score[index] >= 30 || info.info_score[index + 1] >= 30) return false;
  const std::string_view above = view.LineText(index), below = view.LineText(index + 1);
  for (const std::string_view end : {"。", "；", "：", ":", "！", "？"}) {
    if (above.ends_with(end) || below.ends_with("。")) return false;
  }
  for (const std::string_view mark : {"—", "－", "-", "─", "（", "(", "【", "[", "□", "■", "文/", "本报", "记者"}) {
    if (below.starts_with(mark)) return false;
  }
  return above.find('\t') == std::string_view::npos && below.find('\t') == std::string_view::npos;
}

// The line without a date at its edge that an element of its own holds: a day set to the right of the headline.
std::string_view WithoutDate(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  const std::string_view text = view.LineText(index);
  const FoldedText folded = Fold(text);
  const auto divided = [&](size_t place) {
    const uint32_t offset = line.begin + folded.offsets[place];
    const auto at = std::lower_bound(view.divisions.begin(), view.divisions.end(), offset, [](const Division& d, uint32_t wanted) { return d.offset < wanted; });
    return at != view.divisions.end() && at->offset == offset;
  };
  // 2020-11-28|2021年…: the day's own element ends in digits and the headline begins with some.
  const auto first = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  if (first != view.divisions.end() && first->offset + 18 <= line.end) {
    const FoldedText piece = Fold(text.substr(0, first->offset - line.begin));
    if (const auto date = DateAt(piece, 0, {}); date && date->end >= piece.size()) return text.substr(first->offset - line.begin);
  }
  size_t from = 0;
  for (int tries = 0; tries < 4; ++tries) {
    const auto date = FindDate(folded, from, {});
    if (!date) break;
    size_t after = date->end;
    while (after < folded.size() && text::IsSpace(folded.characters[after])) ++after;
    if (date->begin == 0 && folded.size() - after >= 6 && divided(after)) return text.substr(folded.offsets[after]);
    if (after == folded.size() && date->begin >= 6 && divided(date->begin)) return TrimAscii(text.substr(0, folded.offsets[date->begin]));
    from = date->end;
  }
  return text;
}

// Four characters that are neither digits nor signs.
bool HasWords(std::string_view text) {
  size_t words = 0;
  for (const char32_t c : ComparisonKey(text)) words += text::IsHan(c) || IsLetter(c);
  return words >= 4;
}

// An English line below a Chinese one in the same heading.
bool IsTranslation(const PageView& view, size_t first, size_t line) {
  const std::u32string above = ComparisonKey(view.LineText(first)), below = ComparisonKey(view.LineText(line));
  const auto is_han = [](char32_t c) { return text::IsHan(c); };
  return below.size() >= 8 && std::none_of(below.begin(), below.end(), is_han) && std::count_if(above.begin(), above.end(), is_han) >= 4 &&
         std::count_if(below.begin(), below.end(), [](char32_t c) { return IsLetter(c); }) * 10 >= static_cast<std::ptrdiff_t>(below.size()) * 7;
}

// What a list of states, marks or counters puts beside a headline in an element of its own: 已回复, 原创, (1/6).
bool IsBadge(std::u32string_view key) {
  static constexpr std::u32string_view kOpen = U"[【(〔", kClose = U"]】)〕";
  while (!key.empty() && kOpen.find(key.front()) != std::u32string_view::npos) key.remove_prefix(1);
  while (!key.empty() && kClose.find(key.back()) != std::u32string_view::npos) key.remove_suffix(1);
  static constexpr std::u32string_view kBadges[] = {
      U"已回复", U"已办结", U"已答复", U"已受理", U"已办理", U"办理中", U"处理中", U"待办理", U"待回复", U"未回复", U"已采纳", U"已评价", U"有效",   U"现行有效",
      U"尚未生效", U"失效",   U"废止",   U"已废止", U"已失效", U"已修改", U"已修订", U"已被修改", U"部分失效", U"原创",   U"转载",   U"置顶",   U"精华",
      U"推荐",   U"热门",   U"头条",   U"最新",   U"独家",   U"视频",   U"组图",   U"图文",   U"new",    U"hot",    U"热",     U"精",     U"顶",
      U"新",     U"荐",     U"图",     U"已结束", U"进行中", U"已截止", U"征集中", U"公示中", U"已过期", U"未开始", U"已关闭", U"已解决", U"NEW", U"HOT"};
  if (std::find(std::begin(kBadges), std::end(kBadges), key) != std::end(kBadges)) return true;
  // 1/6, of a gallery
  const size_t slash = key.find(U'/');
  if (slash == std::u32string_view::npos || slash == 0 || slash + 1 == key.size() || key.size() > 7) return false;
  return std::all_of(key.begin(), key.end(), [](char32_t c) { return IsDigit(c) || c == U'/'; });
}

// The line without the badges at its ends, each in an element of its own.
std::string_view WithoutBadges(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  std::string_view text = view.LineText(index);
  if (line.characters > 120) return text;
  const auto first = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  auto last = first;
  while (last != view.divisions.end() && last->offset < line.end) ++last;
  if (first == last) return text;
  const auto piece = [&](uint32_t begin, uint32_t end) { return ComparisonKey(std::string_view(view.text).substr(begin, end - begin)); };
  uint32_t begin = line.begin, end = line.end;
  // （<em>1</em>/6）: a few pieces may make one badge.
  for (int badges = 0; badges < 3; ++badges) {
    auto cut = last;
    for (auto it = last; it != first && std::distance(it, last) < 5;) {
      --it;
      if (it->offset > begin && end - it->offset < 40 && IsBadge(piece(it->offset, end))) cut = it;
    }
    if (cut == last) break;
    end = cut->offset, last = cut;
  }
  if (first != last && first->offset - line.begin < 30 && IsBadge(piece(begin, first->offset))) begin = first->offset;
  if (begin == line.begin && end == line.end) return text;
  return TrimAscii(std::string_view(view.text).substr(begin, end - begin));
}

// 云岭新闻 魏振宇: two or more pieces of a few characters, each in an element of its own.
bool IsRowOfNames(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  auto division = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  uint32_t begin = line.begin;
  size_t pieces = 0;
  const auto is_name = [&](uint32_t end) { return end - begin <= 24 && ComparisonKey(std::string_view(view.text).substr(begin, end - begin)).size() >= 2; };
  for (; division != view.divisions.end() && division->offset < line.end; ++division) {
    if (division->gap || !is_name(division->offset)) return false;
    begin = division->offset;
    ++pieces;
  }
  return pieces > 0 && is_name(line.end);
}

// The lines with a row of a document's table, and the lines right below such a row.
std::vector<uint8_t> LinesBelowDocumentRows(const PageView& view, const InfoLines& info) {
  constexpr size_t kNear = 16;
  std::vector<uint8_t> rows(view.lines.size(), 0), below(view.lines.size(), 0);
  for (const InfoValue& value : info.values) {
    if (value.labelled && (value.label == Label::kIndexNumber || value.label == Label::kDocumentNumber || value.label == Label::kIssuer || value.label == Label::kValidity))
      rows[value.line] = 1;
  }
  for (size_t i = 0, since = kNear + 1; i < rows.size(); ++i, ++since) {
    below[i] = since <= kNear;
    if (rows[i] != 0) since = 0;
  }
  return below;
}

// A headline that a template sets over several lines without a heading element: in one block, or in blocks of the same make,
// alike in emphasis. The last of the lines; `index` where it stands alone.
size_t LastLineOfHeadline(const PageView& view, const InfoLines& info, size_t index) {
  constexpr size_t kMostLines = 4;
  size_t last = index;
  uint32_t characters = view.lines[index].characters;
  while (last + 1 < view.lines.size() && last + 1 - index < kMostLines && ContinuesHeadline(view, info, last)) {
    characters += view.lines[last + 1].characters;
    if (characters > 100) return index;
    ++last;
  }
  // More of the same below: running text.
  if (last + 1 < view.lines.size() && last + 1 - index == kMostLines && ContinuesHeadline(view, info, last)) return index;
  return last;
}

std::string JoinLines(const PageView& view, size_t first, size_t last) {
  std::string joined;
  for (size_t i = first; i <= last; ++i) {
    const std::string_view text = view.LineText(i);
    if (!joined.empty() && !text.empty()) {
      const bool latin = (static_cast<unsigned char>(joined.back()) < 0x80) &&
                         (static_cast<unsigned char>(text.front()) < 0x80);
      // A headline broken between two clauses keeps its break as a space; one broken inside a word does not.
      if (latin || view.lines[first].heading != 0) joined.push_back(' ');
    }
    joined.append(text);
  }
  return text::CollapseSpace(joined);
}

}  // namespace

std::string CleanTitleElement(std::string_view title, std::string_view site_name) {
  title = text::PrefixCodePoints(title, 400);
  // Parts between separators; "-" only with a space beside it or before something like a site's name.
  std::vector<std::string_view> parts;
  size_t begin = 0;
  for (size_t offset = 0; offset < title.size();) {
    const size_t at = offset;
    const char32_t c = text::DecodeUtf8(title, offset);
    bool cut = c == U'_' || c == U'|' || c == U'»' || c == U'«' || c == U'>' || c == U'‖';
    if (c == U'｜') cut = LooksLikeSiteName(ComparisonKey(title.substr(offset)));  // 一图读懂｜… is a headline's own
    if (c == U' ' && at < 64 && parts.empty()) {
      // 某某局 关于…的公告; 甲局 乙局关于… names two that issued it.
      const std::u32string before = ComparisonKey(title.substr(0, at)), rest = ComparisonKey(title.substr(offset));
      const size_t about = rest.find(U"关于");
      cut = rest.size() >= 8 && (about == std::u32string::npos || about == 0) && (LooksLikeSiteName(before) || LooksLikePlacedOffice(before)) && !LooksLikeSiteName(rest);
    }
    if (c == U' ' && at >= 24 && !cut) cut = LooksLikeSiteName(ComparisonKey(title.substr(offset))) && title.substr(offset).find(' ') == std::string_view::npos;
    if (c == U'—' || c == U'–') {
      // Two of them go on with the headline, between digits they make a range.
      const std::string_view dash = title.substr(at, offset - at);
      const bool doubled = title.substr(offset).starts_with(dash) || (at >= dash.size() && title.substr(at - dash.size(), dash.size()) == dash);
      const bool range = at > 0 && IsAsciiDigit(title[at - 1]) && offset < title.size() && IsAsciiDigit(title[offset]);
      cut = !doubled && !range;
    }
    if (c == U'-' || c == U'－' || c == U'·') {
      const bool spaced = (at > 0 && title[at - 1] == ' ') ||
                          (offset < title.size() && title[offset] == ' ') ||
                          (at > 0 && title[at - 1] == '-') || (offset < title.size() && title[offset] == '-');
      const std::u32string rest = ComparisonKey(title.substr(offset));
      cut = spaced || LooksLikeSiteName(rest) || LooksLikePlacedOffice(rest);
      if (!cut) {
        const size_t next = title.find_first_of("-_|", offset);
        cut = next != std::string_view::npos && LooksLikeSiteName(ComparisonKey(title.substr(next + 1)));
      }
    }
    if (!cut) continue;
    parts.push_back(title.substr(begin, at - begin));
    begin = offset;
  }
  parts.push_back(title.substr(begin));
  const std::u32string site = ComparisonKey(site_name);
  // 某某局--标题: an office is a site's name as well, where something longer follows it.
  const auto names_site = [](std::u32string_view key) { return LooksLikeSiteName(key) || (key.size() <= 16 && EndsLikeOffice(key)); };
  std::string_view best;
  for (const std::string_view part : parts) {
    const std::u32string key = ComparisonKey(part);
    if (key.empty() || (!site.empty() && key == site)) continue;
    if (best.empty()) {
      best = part;
      if (key.size() >= 5 && !names_site(key)) break;
    } else if (names_site(ComparisonKey(best)) || ComparisonKey(best).size() < 5) {
      // 某某局>>工作动态>>标题: behind a site's name what is long enough for a headline, however long the name.
      const bool headline = key.size() >= 6 && names_site(ComparisonKey(best)) && !names_site(key);
      if ((key.size() > ComparisonKey(best).size() || headline) && !LooksLikeSiteName(key)) best = part;
    }
  }
  if (best.empty()) best = title;
  return text::CollapseSpace(best);
}

namespace {

// Where the strips are, seen from each line.
struct StripDistances {
  static constexpr int kFar = 1000;
  std::vector<int> after, before;    // lines to the next and from the last strip; of `after` one more, for the end
  std::vector<uint8_t> dated;        // 1: a strip, 2: with a label
  std::vector<uint8_t> holds_date;   // a day without a label in a line that has room for a headline

  StripDistances(const PageView& view, const InfoLines& info);
};

StripDistances::StripDistances(const PageView& view, const InfoLines& info) {
  const size_t count = view.lines.size();
  after.assign(count + 1, kFar);
  before.assign(count + 1, kFar);
  dated.assign(count, 0);
  holds_date.assign(count, 0);
  for (const InfoValue& value : info.values) {
    const Line& line = view.lines[value.line];
    holds_date[value.line] = value.date && !value.labelled && line.characters >= 12 && line.links == 0;
    if (line.link_characters * 2 > line.characters && line.characters > 20) continue;
    if ((line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) != 0) continue;
    const bool strip = info.info_score[value.line] >= 50 || value.labelled;
    if (!strip) continue;
    if (value.date || value.label == Label::kSource || value.label == Label::kClicks)
      dated[value.line] = std::max<uint8_t>(dated[value.line], value.labelled ? 2 : 1);
  }
  // Days in the rows of a table, nothing linked between them: no strips.
  for (size_t i = 0, rows = 0, previous = 0; i < count; ++i) {
    if (view.lines[i].links != 0) rows = 0;
    if (dated[i] == 0) continue;
    if (dated[i] == 2 || i - previous > 12) rows = 0;
    previous = i;
    if (dated[i] == 1 && ++rows > 2) dated[i] = 0;
  }
  for (size_t i = count; i-- > 0;) after[i] = dated[i] ? 0 : std::min(kFar, after[i + 1] + 1);
  for (size_t i = 0; i < count; ++i)
    before[i] = dated[i] ? 0 : std::min(kFar, (i > 0 ? before[i - 1] : kFar) + 1);
}

// The heading with a labelled, dated strip right below it, the only one of the page; empty where none stands, or several do.
std::u32string HeadingOnStrip(const PageView& view, const InfoLines& info, const StripDistances& strips) {
  std::vector<uint8_t> has_day(view.lines.size(), 0);
  for (const InfoValue& value : info.values) {
    if (value.labelled && value.date && value.label == Label::kPublished && info.info_score[value.line] >= 50) has_day[value.line] = 1;
  }
  std::u32string heading;
  for (size_t i = 0; i + 1 < view.lines.size(); ++i) {
    const Line& line = view.lines[i];
    if (line.heading == 0 || line.heading > 3 || line.links != 0 || (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) != 0) continue;
    if (has_day[i + 1] == 0 || strips.dated[i + 1] != 2 || view.lines[i + 1].heading != 0) continue;
    if (!heading.empty()) return {};
    heading = ComparisonKey(view.LineText(i));
  }
  return heading;
}

}  // namespace

TitleChoice ChooseTitle(const PageView& view, const InfoLines& info, std::string_view list_title) {
  const std::u32string site_key = ComparisonKey(view.MetaContent("sitename"));
  const std::u32string site_key2 = ComparisonKey(view.MetaContent("og:site_name"));
  const std::u32string column_key = ComparisonKey(view.MetaContent("columnname"));
  const StripDistances strips(view, info);
  const std::u32string strip_heading = HeadingOnStrip(view, info, strips);
  // A headline may end with an institution as a site's name does.
  const auto names_site = [&](const std::u32string& key) { return LooksLikeSiteName(key) && !TellsWhatWasDone(key) && (strip_heading.empty() || key != strip_heading); };
  std::vector<Source> sources;
  const auto add = [&](std::string_view text, const char* provenance, int weight) {
    text = text::PrefixCodePoints(text, 400);
    std::u32string key = ComparisonKey(text);
    if (key.size() < 2 || key == site_key || key == site_key2) return;
    if (key.size() < 16 && key != strip_heading && (names_site(key) || LooksLikePlacedOffice(key) || LooksLikeOrganisation(key))) weight /= 4;
    sources.push_back({std::move(key), text, provenance, weight});
  };
  add(view.MetaContent("articletitle"), "meta:ArticleTitle", 70);
  size_t title_row = kNoLine;
  std::string_view title_value;
  // The row of a document's own table that names it, beside rows with its number or its issuer.
  for (const InfoValue& value : info.values) {
    if (value.label != Label::kTitle || text::CountCodePoints(value.text) < 5) continue;
    const bool document = std::any_of(info.values.begin(), info.values.end(), [&](const InfoValue& other) {
      return (other.label == Label::kIndexNumber || other.label == Label::kDocumentNumber || other.label == Label::kIssuer ||
              other.label == Label::kWritten || other.label == Label::kPublished) &&
             other.labelled && other.line + 12 >= value.line && other.line <= value.line + 12;
    });
    if (document) {
      add(value.text, "infobar:title", 60);
      title_row = value.line;
      title_value = value.text;
    }
    break;
  }
  add(view.MetaContent("og:title"), "meta:og:title", 45);
  add(view.MetaContent("name"), "meta:name", 45);  // itemprop, of share pages
  add(view.MetaContent("title"), "meta:title", 30);
  add(view.MetaContent("twitter:title"), "meta:twitter:title", 30);
  add(view.MetaContent("dc.title"), "meta:DC.title", 40);
  // What a list page calls it; "详细>>" or a bare address is no title.
  if (text::CountCodePoints(list_title) >= 6 && list_title.find('/') == std::string_view::npos &&
      list_title.find('>') == std::string_view::npos) {
    add(list_title, "list", 30);
  }
  const size_t whole_only = sources.size();  // a description that is the headline and nothing more
  add(view.MetaContent("og:description"), "meta:og:description", 35);
  add(view.MetaContent("description"), "meta:description", 35);
  const std::u32string title_key = ComparisonKey(view.title);
  // The whole of <title>: "关于…的通知-某市人民政府" ends like a site's name and is none.
  const std::u32string title_part = ComparisonKey(CleanTitleElement(view.title, view.MetaContent("sitename")));
  // A few characters where a meta has a headline that they are no part of: an application's name.
  const bool meta_differs = title_part.size() <= 6 && std::any_of(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(whole_only), [&](const Source& source) {
                              return source.weight >= 45 && source.key.size() >= 8 && source.key.find(title_part) == std::u32string::npos;
                            });
  const bool title_is_site = meta_differs || title_key == site_key || IsColumnLinked(view, title_part) ||
                             (title_part.size() <= 20 && (names_site(title_part) || IsNamedInFooter(view, title_part))) ||
                             (title_part == title_key && title_part != strip_heading && LooksLikeOrganisation(title_part));

  const size_t count = view.lines.size();
  const std::vector<int>&after = strips.after, &before = strips.before;
  const std::vector<uint8_t>&dated = strips.dated, &holds_date = strips.holds_date;

  const std::vector<uint8_t> below_document = LinesBelowDocumentRows(view, info);
  TitleChoice best;
  for (size_t k = 0; k < whole_only && k < sources.size(); ++k) {
    best.candidates.push_back({text::CollapseSpace(sources[k].text), sources[k].provenance, CandidateConfidence(sources[k].weight)});
  }
  if (!view.title.empty()) best.candidates.push_back({CleanTitleElement(view.title, view.MetaContent("sitename")), "title", title_is_site ? 0.1 : 0.4});
  int best_score = 29;
  size_t joined_end = 0;  // past the lines of the headline that was joined last
  // Whether the page's own words for its title are one of the two first lines alone: the other is no part of it.
  const auto is_split_by_source = [&](size_t i) {
    const std::u32string first = ComparisonKey(view.LineText(i)), second = ComparisonKey(view.LineText(i + 1));
    const std::u32string both = first + second;
    const auto splits = [&](const std::u32string& source) {
      if (source.find(both) != std::u32string::npos) return false;
      return source.find(first) != std::u32string::npos || (second.size() >= 6 && source.find(second) != std::u32string::npos);
    };
    return (!title_is_site && splits(title_key)) || std::any_of(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(whole_only), [&](const Source& s) { return splits(s.key); });
  };
  // <title> ends, or goes on with the site's name, where the heading's first line does: the second is a subtitle.
  const auto ends_with_first_line = [&](size_t i) {
    const std::u32string first = ComparisonKey(view.LineText(i));
    if (title_is_site || first.size() < 8 || !title_key.starts_with(first)) return false;
    return title_key.size() == first.size() || IsTitleSeparator(title_key[first.size()]) || title_key.compare(first.size(), 2, U"——") == 0;
  };
  size_t running = 0;  // lines of running text above
  for (size_t i = 0; i < count; ++i) {
    const Line& line = view.lines[i];
    if (i > 0) {
      const Line& above = view.lines[i - 1];
      running += above.characters >= 40 && above.sentence_marks >= 2 && above.link_characters * 2 < above.characters &&
                 (above.zones & (kZoneNavigation | kZoneHeader | kZoneAside)) == 0;
    }
    if (line.characters < 2 || line.characters > 150) continue;
    if ((line.zones & kZoneFooter) != 0 || (info.info_score[i] >= 70 && i != title_row)) continue;
    // Running text below the first paragraphs, which nothing sets apart, is no headline.
    if (line.heading == 0 && line.emphasis == 0 && (line.zones & kZoneTitle) == 0 && line.sentence_marks >= 2 &&
        (running >= 2 || line.characters > 90) && after[i + 1] > 8)
      continue;
    size_t last = i;
    if (line.heading != 0) {
      while (last + 1 < count && view.lines[last + 1].block == line.block &&
             view.lines[last + 1].heading != 0 && last - i < 4 && info.info_score[last + 1] < 60 && !IsTranslation(view, i, last + 1) &&
             !((view.lines[last + 1].zones & ~line.zones & kZoneSubtitle) != 0 || (last == i && ends_with_first_line(i))))
        ++last;
      if (i > 0 && view.lines[i - 1].block == line.block && view.lines[i - 1].heading != 0)
        continue;  // its middle
    }
    // Only lines with some reason to be a title are compared: a heading, a title's place, or a beginning that
    // <title> shares.
    std::u32string key;
    // The line's own headline: without a date or badges at its ends, which elements of their own hold.
    std::string_view own = holds_date[i] && last == i ? WithoutDate(view, i) : view.LineText(i);
    const bool undated = own.size() < view.LineText(i).size();
    if (!undated && line.heading == 0) {
      if (i < joined_end) continue;
      last = LastLineOfHeadline(view, info, i);
      if (last > i && is_split_by_source(i)) last = i;
      if (last > i) joined_end = last + 1;
    }
    if (!undated && last == i) own = WithoutBadges(view, i);
    // The table's row for it: label and headline.
    const bool row = i == title_row && last == i && title_value.size() < own.size();
    if (row) own = title_value;
    for (size_t k = i; k <= last; ++k) key += ComparisonKey(k == i ? own : view.LineText(k));
    if (key.size() < 2 || key.size() > 160) continue;
    int score = 0;
    const char* provenance = nullptr;
    static constexpr int kHeading[] = {0, 40, 30, 24, 14, 8, 6};
    static constexpr const char* kHeadingName[] = {"", "h1", "h2", "h3", "h4", "h5", "h6"};
    score += kHeading[line.heading];
    if (line.heading != 0) provenance = kHeadingName[line.heading];

    int agreement = 0;
    std::string_view longer;
    const auto compare = [&](const std::u32string& source_key, int weight, const char* name,
                             std::string_view text) {
      if (source_key.empty()) return;
      std::u32string_view whole = key;
      std::u32string several;
      size_t end = last;
      // A headline over several lines: go on while the source does.
      if (source_key.size() > whole.size() && source_key.starts_with(whole) && whole.size() >= 4 &&
          line.heading == 0) {
        while (end + 1 < count && end - i < 4) {
          const std::u32string next = ComparisonKey(view.LineText(end + 1));
          if (next.size() < 2 || source_key.compare(whole.size(), next.size(), next) != 0) break;
          if (several.empty()) several = key;
          several += next;
          whole = several;
          ++end;
        }
      }
      const size_t common = CommonPrefix(source_key, whole);
      int gain = 0;
      if (whole == source_key) {
        gain = weight;
      } else if (common == whole.size() && (IsTitleSeparator(source_key[common]) || whole.size() >= 10)) {
        gain = whole.size() >= 6 ? weight * 8 / 10 : weight * 4 / 10;
      } else if (IsAfterSiteName(source_key, whole, site_key)) {
        gain = weight * 8 / 10;
      } else if (common >= 10 && common * 10 >= whole.size() * 7) {
        gain = weight * 6 / 10;
      } else if (common == source_key.size() && common >= 8) {
        gain = weight * 6 / 10;
      } else if (whole.size() >= 8 && source_key.find(whole) != std::u32string::npos && !EndsLikeOffice(whole) && !LooksLikeSiteName(whole)) {
        gain = weight * 5 / 10;
      } else if (source_key.size() >= 10 && whole.size() < 150 &&
                 whole.find(source_key) != std::u32string::npos) {
        gain = weight * 4 / 10;
      }
      if (gain <= 0) return;
      if (end > last) last = end;
      if (gain > agreement) provenance = name;
      if (common + 1 >= whole.size() && whole.size() < source_key.size() &&
          (view.LineText(last).ends_with("...") || view.LineText(last).ends_with("…")))
        longer = text;
      // The standard's own tag has the whole title where the page breaks it: 某某表(某罚决字〔2024〕36号).
      if (common == whole.size() && source_key.size() > whole.size() + 3 && source_key.size() < 120 &&
          name == std::string_view("meta:ArticleTitle") &&
          (!IsTitleSeparator(source_key[common]) || source_key[common] == U'('))
        longer = text;
      agreement = std::max(agreement, gain) + (agreement > 0 ? 10 : 0);
    };
    for (size_t k = 0; k < sources.size(); ++k) {
      const Source& source = sources[k];
      if (k >= whole_only && source.key != key) continue;
      compare(source.key, source.weight, source.provenance, source.text);
    }
    if (!title_is_site) compare(title_key, 55, line.heading == 0 ? "title" : kHeadingName[line.heading], {});
    score += agreement;
    if (line.heading != 0 && agreement == 0) provenance = kHeadingName[line.heading];

    if ((line.zones & kZoneTitle) != 0) score += 16;
    if ((line.zones & kZoneSubtitle) != 0) score -= 30;
    if (line.heading == 0 && line.link_characters == 0) {
      // What a page without heading elements sets its headline in.
      if ((line.emphasis & kLarge) != 0) score += 10;
      if ((line.emphasis & kBold) != 0) score += 5;
      if ((line.emphasis & kCentered) != 0) score += 5;
    }
    if ((line.zones & (kZoneNavigation | kZoneCrumbs | kZoneAside)) != 0) score -= 45;
    if ((line.zones & (kZoneHeader | kZoneControls)) != 0) score -= 20;
    if ((line.zones & kZoneContent) != 0) score += 6;
    const int next_info = after[last + 1 <= count ? last + 1 : count] + 1;
    if (next_info <= 8) {
      score += 26 - 3 * next_info;
      // <title> names only the site: what stands right before the strip is all that can be the headline.
      if ((title_is_site || title_key.empty()) && next_info <= 2 && line.link_characters == 0 && key.size() >= 6 && HasWords(view.LineText(i)))
        score += next_info == 1 && dated[last + 1] == 2 && info.info_score[last + 1] >= 60 ? 20 : 8;
    } else if (before[i] <= 3 && i > 0) {
      score += 8;
    }
    // A row of a table is no headline; a heading of some length is one where <title> names only the site.
    if (!row && agreement == 0 && line.heading == 0 && view.LineText(i).find('\t') != std::string_view::npos) score -= 30;
    if (title_is_site && line.heading >= 1 && line.heading <= 3 && line.links == 0 && key.size() >= 8) score += 10;
    // A headline stands above its text; below it a signature repeats the office's name.
    if (running >= 2 && line.heading == 0) score -= running >= 4 ? 35 : 20;
    if (score < 20) continue;
    if (line.link_characters * 2 > line.characters) score -= line.heading == 1 ? 12 : 30;
    if (key.size() < 4) score -= 20;
    if (key == site_key || key == site_key2 || (title_is_site && key == title_key)) score -= 70;
    if (key == column_key && !column_key.empty()) score -= 40;
    // The heading of a box: a few words above links, or what boxes are always called.
    if (key.size() <= 8 && last + 1 < count && view.lines[last + 1].link_characters * 2 > view.lines[last + 1].characters && info.info_score[last + 1] < 50) score -= 25;
    if (IsBoxHeading(key)) score -= 30 + agreement;  // <title> names the column as well
    if (key.size() <= 20 && title_key.size() > key.size() + 4 && title_key.ends_with(key) && !IsAfterSiteName(title_key, key, site_key))
      score -= 40;  // the site's name at the end of <title>
    if (LooksLikeSiteName(key) && key.size() <= 12 && agreement < 40) score -= 25;
    // A paper's masthead: <title> names the paper and its edition.
    if (key.size() <= 12 && title_key.size() <= key.size() + 8 && title_key.starts_with(key) && IsEditionName(std::u32string_view(title_key).substr(key.size()))) score -= 70;
    if (key.back() == U'。' && line.sentence_marks >= 2) score -= 15;
    if (score >= 30 && view.LineText(i).starts_with("首页") && key.size() > 4 && (key[2] == U'-' || key[2] == U'>' || key[2] == U'/' || key[2] == U'»')) score -= 60;
    if (score >= 30 && i > 0 && last == i && view.lines[i - 1].block == line.block && IsTranslation(view, i - 1, i)) score -= 60;
    // ——记某某: goes on with the headline above it.
    if (agreement < 40 && (view.LineText(i).starts_with("—") || view.LineText(i).starts_with("─"))) score -= 40;
    if (key.find(U"当前位置") != std::u32string::npos || key.find(U"的位置") != std::u32string::npos)
      score -= 60;
    if (line.sentence_marks > 8) score -= 20;
    // A smaller heading directly below a headline's own is its subtitle.
    if (line.heading > 1 && agreement == 0 && i > 0) {
      const Line& above = view.lines[i - 1];
      const std::u32string above_key = ComparisonKey(view.LineText(i - 1));
      if (above.heading != 0 && above.heading < line.heading && above.links == 0 && above_key.size() >= 8 && above_key != site_key && above_key != site_key2 &&
          !LooksLikeSiteName(above_key) && !LooksLikeOrganisation(above_key))
        score -= 40;
    }
    // A column's heading above the headline's own and its strip.
    if (line.heading != 0 && key.size() <= 6 && agreement == 0 && last + 1 < count && view.lines[last + 1].heading != 0 && view.lines[last + 1].characters >= 8 &&
        after[last + 2 <= count ? last + 2 : count] <= 3)
      score -= line.heading == 1 ? 45 : 30;
    // Names side by side, each in an element of its own: part of a strip.
    if (line.heading == 0 && agreement == 0 && key.size() <= 16 && IsRowOfNames(view, i)) score -= 40;
    // Between a document's table and its text.
    if (title_is_site && line.heading == 0 && line.links == 0 && key.size() >= 8 && before[i] <= 2 && last + 1 < count && view.lines[last + 1].characters >= 20 &&
        running == 0 && below_document[i] != 0)
      score += 25;
    score += undated && last == i ? 10 : row ? 0 : -info.info_score[i] / 3;
    if (score >= 30 && best.candidates.size() < kMostCandidates) {
      best.candidates.push_back({JoinLines(view, i, last), provenance != nullptr ? provenance : "headline", CandidateConfidence(score)});
    }
    if (score > best_score) {
      best_score = score;
      best.first_line = i;
      best.last_line = last;
      best.score = score;
      best.agreement = agreement;
      best.provenance = provenance != nullptr ? provenance : "headline";
      best.dated = undated && last == i;
      best.title = last == i && own.size() < view.LineText(i).size() ? text::CollapseSpace(own) : longer.empty() ? JoinLines(view, i, last) : text::CollapseSpace(longer);
    }
  }
  if (best.first_line != kNoLine) return best;
  for (size_t k = 0; k < std::min(whole_only, sources.size()); ++k) {
    const Source& source = sources[k];
    if (source.weight < 25) continue;
    const std::string_view basis = source.provenance;
    const bool whole = basis == "meta:ArticleTitle" || basis == "infobar:title";
    best.title = whole ? text::CollapseSpace(source.text) : CleanTitleElement(source.text, view.MetaContent("sitename"));
    best.provenance = source.provenance;
    best.score = 25;
    if (basis == "infobar:title" && title_row != kNoLine) {
      // The row itself is where the headline stands.
      best.first_line = best.last_line = title_row;
      if (title_row + 1 < count && ComparisonKey(view.LineText(title_row)).find(source.key) == std::u32string::npos) best.last_line = title_row + 1;
      best.score = 60;
    }
    return best;
  }
  if (!view.title.empty()) {
    best.title = CleanTitleElement(view.title, view.MetaContent("sitename"));
    best.provenance = "title";
    best.score = title_is_site ? 5 : 15;
  }
  return best;
}

void SetHeadline(const PageView& view, const InfoLines& info, size_t line, const char* provenance, int score, TitleChoice& title) {
  const std::string_view text = view.LineText(line);
  if (!HasWords(text) || text.ends_with("，") || text.ends_with("、") || text.ends_with(",")) return;
  title.first_line = line;
  while (title.first_line > 0 && line - title.first_line < 3 && ContinuesHeadline(view, info, title.first_line - 1)) --title.first_line;
  title.last_line = std::max(line, LastLineOfHeadline(view, info, title.first_line));
  title.title = JoinLines(view, title.first_line, title.last_line);
  if (title.first_line == title.last_line) {
    const std::string_view whole = view.LineText(line), own = WithoutDate(view, line);
    title.dated = own.size() < whole.size();
    title.title = text::CollapseSpace(title.dated ? own : WithoutBadges(view, line));
  }
  title.provenance = provenance;
  title.score = score;
}

void TakeHeadlineAbove(const PageView& view, const InfoLines& info, size_t below, TitleChoice& title) {
  if (below == 0 || below > view.lines.size()) return;
  const auto is_headline = [&](size_t index) {
    const Line& line = view.lines[index];
    const std::string_view text = view.LineText(index);
    const bool labelled = std::any_of(info.values.begin(), info.values.end(), [&](const InfoValue& value) { return value.line == index && value.labelled; });
    return !labelled && line.characters >= 4 && line.characters <= 80 && line.links == 0 && info.info_score[index] < 30 && line.sentence_marks <= 6 && !text.ends_with("。") &&
           text.find('\t') == std::string_view::npos && (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation | kZoneCrumbs)) == 0 && !IsControlLine(text) &&
           !IsBoxHeading(ComparisonKey(text)) && !text.ends_with("：") && !text.ends_with(":") && HasWords(text) &&
           !(line.characters <= 16 && (LooksLikeSiteName(ComparisonKey(text)) || LooksLikeOrganisation(ComparisonKey(text))));
  };
  size_t index = below - 1;
  // 尊敬的居民朋友： opens the text.
  if (index > 0 && view.lines[index].characters <= 40 && (view.LineText(index).ends_with("：") || view.LineText(index).ends_with(":"))) --index;
  if (index > 0 && (IsRowOfNames(view, index) || IsBylineLine(view.LineText(index)))) --index;
  if (!is_headline(index)) return;
  const auto goes_on = [&](size_t line) {
    const std::string_view text = view.LineText(line);
    for (const std::string_view mark : {"—", "--", "─", "－－"}) {
      if (text.starts_with(mark)) return true;
    }
    // （县招商局）: who wrote it
    return view.lines[line].characters <= 20 && ((text.starts_with("（") && text.ends_with("）")) || (text.starts_with("(") && text.ends_with(")")));
  };
  if (index > 0 && goes_on(index) && is_headline(index - 1)) {
    --index;
  } else if (index >= 2 && is_headline(index - 1) && is_headline(index - 2) && (index < 3 || !is_headline(index - 3)) && view.lines[index].emphasis == view.lines[index - 2].emphasis) {
    --index;  // a paper's kicker, headline and subtitle, all alike
  }
  if (view.lines[index].characters < 6 && index + 1 == below) return;
  SetHeadline(view, info, index, "above", 40, title);
}

}  // namespace fangzhi::extract
