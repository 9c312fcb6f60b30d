#include "extract/headline_words.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {

bool IsTitleSeparator(char32_t c) {
  return c == U'_' || c == U'|' || c == U'｜' || c == U'-' || c == U'>' || c == U'<' || c == U'»' ||
         c == U'·' || c == U'/' || c == U',' || c == U'~' || c == U'(' || c == U'[';
}

// Does it read like the name of a site or an office rather than like a headline?
bool LooksLikeSiteName(std::u32string_view key) {
  while (!key.empty() && (key.back() == U'!' || key.back() == U'。')) key.remove_suffix(1);
  if (key.size() < 2 || key.size() > 24) return false;
  // 清河：小网格织密平安大网: a clause behind a place.
  if (const size_t colon = key.find(U':'); colon != std::u32string_view::npos && colon >= 2 && colon + 6 < key.size() && !key.starts_with(U"欢迎")) return false;
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

// Four characters that are neither digits nor signs.
bool HasWords(std::string_view text) {
  size_t words = 0;
  for (const char32_t c : ComparisonKey(text)) words += text::IsHan(c) || IsLetter(c);
  return words >= 4;
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

}  // namespace fangzhi::extract
