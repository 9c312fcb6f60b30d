#include "links/classify.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "links/items.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using model::LinkKind;

// Texts of links that every page has and that lead to no news.
bool IsServiceName(std::string_view text) {
  static constexpr std::array<std::string_view, 50> kWords = {
      "关于我们", "联系我们", "网站地图", "版权声明", "法律声明", "隐私", "隐私政策", "隐私声明", "免责声明", "招聘信息",
      "广告服务", "网站声明", "使用帮助", "意见反馈", "设为首页", "加入收藏", "无障碍浏览", "无障碍", "打印", "关闭", "登录",
      "注册", "繁体", "简体", "english", "关于本站", "收藏本站", "about us", "contact us", "回到顶部", "返回顶部", "旧版回顾",
      "站点地图", "手机版", "关于网站", "隐私保护", "网站纠错", "我要纠错", "政府网站找错", "长者版", "老年版", "长者助手",
      "适老版", "无障碍阅读", "繁體", "繁體版", "简体版", "打印本页", "关闭窗口", "进入关怀版"};
  return IsOneOf(ToAsciiLower(text::RemoveSpace(text)), kWords) || IsOneOf(ToAsciiLower(text), kWords);
}

bool IsServiceText(std::string_view text) {
  if (text.empty() || text.size() > 60) return false;
  thread_local RecentAnswers<bool> known;
  return known.Get(text, IsServiceName);
}

LinkKind ListOrPage(bool list) { return list ? LinkKind::kList : LinkKind::kPage; }

}  // namespace

void LikeFacts::Add(size_t title_length, bool is_dated, Shape shape) {
  ++members;
  length += static_cast<uint32_t>(std::min<size_t>(title_length, 40));
  dated += is_dated ? 1 : 0;
  articles += shape == Shape::kArticle ? 1 : 0;
  lists += shape == Shape::kList || shape == Shape::kHome ? 1 : 0;
}

namespace {

enum class PagerText : uint8_t { kNo, kWord, kSign };

PagerText ReadPagerText(std::string_view text) {
  static constexpr std::array<std::string_view, 40> kWords = {
      "首页", "上页", "上一页", "下页", "下一页", "末页", "尾页", "最后一页", "第一页", "更多", "更多>>", "更多>", "more",
      "more>>", "more>", "more+", "+更多", "查看更多", "下一頁", "上一頁", "首頁", "更多»", "next", "[更多]", "更多>>>", "更多+",
      "more...", "更多...", "更多…", "查看全部", "全部", "last", "first", "prev", "previous", "末頁", "尾頁", "下頁", "上頁", "后页"};
  std::string bare = ToAsciiLower(text::RemoveSpace(text));
  if (bare.empty()) return PagerText::kNo;
  // Arrows and brackets beside the word: 下一页>, «上一页, 【更多】.
  static constexpr std::array<std::string_view, 14> kSigns = {">", "<", "»", "«", "›", "‹", "→", "←", "【", "】", "&gt;", "[", "]", "|"};
  std::string_view word = bare;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view sign : kSigns) {
      if (word.size() > sign.size() && word.starts_with(sign)) {
        word.remove_prefix(sign.size());
        more = true;
      }
      if (word.size() > sign.size() && word.ends_with(sign)) {
        word.remove_suffix(sign.size());
        more = true;
      }
    }
  }
  if (IsOneOf(bare, kWords) || IsOneOf(word, kWords)) return PagerText::kWord;
  if (IsOneOf(word, kSigns)) return PagerText::kSign;
  if (word.starts_with("第") && word.ends_with("页") && word.size() <= 12) {
    word.remove_prefix(3);
    word.remove_suffix(3);
  }
  const bool number = bare.size() <= 8 && std::all_of(word.begin(), word.end(), [](char c) {
    return IsAsciiDigit(c) || c == '[' || c == ']' || c == '.' || c == '<' || c == '>' || c == '+';
  });
  return number ? PagerText::kSign : PagerText::kNo;
}

// The longest of the words with signs and spaces around it stays well below.
constexpr size_t kMaxPagerBytes = 64;

}  // namespace

bool IsPagerText(std::string_view text, Shape shape) {
  if (text.empty() || text.size() > kMaxPagerBytes) return false;
  thread_local RecentAnswers<PagerText> known;
  const PagerText pager = known.Get(text, ReadPagerText);
  return pager == PagerText::kWord || (pager == PagerText::kSign && shape != Shape::kArticle);
}

bool IsOtherViewText(std::string_view text) {
  static constexpr std::array<std::string_view, 20> kWords = {
      "打印", "打印本页", "打印此页", "打印预览", "打印本文", "打印版", "无障碍", "无障碍浏览", "无障碍阅读", "无障碍版", "无障碍模式", "长者版", "长者模式", "老年版",
      "老年模式", "适老版", "适老化", "关怀版", "进入关怀版", "关怀模式"};
  constexpr size_t kLongest = 60;
  if (text.empty() || text.size() > kLongest) return false;
  const std::string bare = text::RemoveSpace(text);
  std::string_view word = bare;
  for (const std::string_view open : {"[", "【"}) word.remove_prefix(word.starts_with(open) ? open.size() : 0);
  for (const std::string_view close : {"]", "】"}) word.remove_suffix(word.ends_with(close) ? close.size() : 0);
  return IsOneOf(word, kWords);
}

std::string FormOf(const url::Url& url) {
  std::string key = url.HostPort();
  bool digit = false;
  const size_t slash = url.path.rfind('/');
  for (size_t i = 0; i < url.path.size(); ++i) {
    const char c = url.path[i];
    if (IsAsciiDigit(c)) {
      if (!digit) key += '0';
      digit = true;
      continue;
    }
    digit = false;
    // Of the name only its form is kept.
    if (i > slash && IsAsciiAlpha(c)) {
      if (key.back() != 'a') key += 'a';
      continue;
    }
    key += c;
  }
  // Of a query the names of its values: news.asp?id=1 and news.asp?class=1 are not alike.
  if (url.query) {
    for (const std::string_view pair : Split(*url.query, '&')) {
      key += '?';
      key += pair.substr(0, std::min<size_t>(pair.find('='), 24));
    }
  }
  return key;
}

std::optional<LinkKind> ShapeKind(Shape shape) {
  switch (shape) {
    case Shape::kAttachment:
      return LinkKind::kAttachment;
    case Shape::kMedia:
      return LinkKind::kRequisite;
    case Shape::kFeed:
      return LinkKind::kFeed;
    case Shape::kTrap:
      return LinkKind::kPage;
    case Shape::kHome:
    case Shape::kArticle:
    case Shape::kList:
    case Shape::kUnknown:
      break;
  }
  return std::nullopt;
}

LinkKind AnchorKind(const AnchorFacts& anchor) {
  if (const auto kind = ShapeKind(anchor.shape)) return *kind;
  if (anchor.shape == Shape::kHome) return ListOrPage(anchor.same_site);
  if (IsPagerText(anchor.text, anchor.shape)) return LinkKind::kList;
  if (IsServiceText(anchor.text)) return LinkKind::kPage;
  const size_t length = TitleLength(anchor.text);
  const LikeFacts& form = anchor.form;
  const LikeFacts& block = anchor.block;
  // Rows of titles with a day each: what a reader calls a list of news, wherever the page's author put it.
  const bool news_rows = block.members >= 3 && block.MostlyDated() && block.mean() >= 8;
  if (anchor.shape == Shape::kArticle) {
    if (anchor.dated || news_rows) return LinkKind::kArticle;
    // Captions of pictures are short as names are, but few columns have a day in their address, and those names are shorter still.
    const bool of_a_day = length <= 9 && !anchor.navigation && NamesDay(anchor.url);
    if (of_a_day && length >= 4) return LinkKind::kArticle;
    // A column or a service whose address has a number too: a short name in the navigation, or one of many short names.
    const bool short_names = (form.members >= 3 && form.mean() <= 5) || (block.members >= 3 && block.mean() <= 5);
    if (length > 0 && length <= 6 && (anchor.navigation || short_names)) return ListOrPage(anchor.same_site);
    // Captions of pictures are short as well, but have the form of the news around them.
    const bool names = block.members >= 3 && block.mean() <= 7 && form.mean() <= 8 && form.dated == 0;
    if (length > 0 && length <= 9 && names) return ListOrPage(anchor.same_site);
    // In the foot: what the site says of itself.
    if (anchor.footer && length <= 10 && form.dated == 0) return LinkKind::kPage;
    // Pictures, none of which has a word.
    if (length == 0 && !of_a_day && (form.length == 0 || (block.members >= 3 && block.length == 0))) return LinkKind::kPage;
    // A badge or a licence, alone of its kind: a picture, or in the foot of the page and on another site.
    if (form.members <= 2 && (length == 0 || (anchor.navigation && !anchor.same_site))) return LinkKind::kPage;
    return LinkKind::kArticle;
  }
  // An address that says nothing, or says list: only a title tells, with a day beside it or among its like.
  if (anchor.shape == Shape::kList) {
    const bool titles = (form.members >= 4 && form.mean() >= 10) || (block.members >= 4 && block.mean() >= 10);
    if (anchor.dated && length >= 8 && titles && (news_rows || form.MostlyDated())) return LinkKind::kArticle;
    return ListOrPage(anchor.same_site);
  }
  if (anchor.dated && (length >= 6 || (news_rows && length >= 2)) && (!anchor.navigation || news_rows)) return LinkKind::kArticle;
  if (news_rows && length >= 5) return LinkKind::kArticle;
  if (!anchor.navigation && length >= 6) {
    // Undated titles: by their form, where it has days elsewhere on the page, or by their length, which names have not.
    if (form.members >= 3 && form.MostlyDated() && form.mean() >= 8) return LinkKind::kArticle;
    const bool among_articles = block.articles * 2 >= block.members && block.members >= 3 && block.mean() >= 8;
    const bool among_titles = (form.members >= 4 && form.mean() >= 11) || (block.members >= 4 && block.mean() >= 12);
    if ((anchor.same_site || among_articles) && (among_articles || (among_titles && length >= 8))) return LinkKind::kArticle;
  }
  if (!anchor.same_site) return LinkKind::kPage;
  return ListOrPage(length <= 8 && length > 0);
}

namespace {

// Programs and actions, whatever they are asked with.
constexpr std::array<std::string_view, 6> kLeaves = {"logout", "signout", "logoff", "loginout", "log_out", "sign_out"};
// Those that are asked about one thing.
constexpr std::array<std::string_view, 40> kActs = {
    "zan", "dianzan", "dozan", "addzan", "digg", "dodigg", "diggit", "like", "unlike", "dolike", "addlike", "praise", "upvote",
    "downvote", "dovote", "addvote", "savevote", "submitvote", "del", "dodel", "delete", "remove", "subscribe", "unsubscribe", "fav", "addfav", "addfavorite", "addfavorites",
    "addtofavorites", "favadd", "addcart", "addtocart", "send", "sendmail", "tofriend", "sendtofriend", "submit", "dosubmit", "add", "thumbsup"};
// Those that show what may be chosen, until it is.
constexpr std::array<std::string_view, 5> kChooses = {"vote", "toupiao", "tp", "poll", "diaocha"};
constexpr std::array<std::string_view, 8> kChoices = {"opt", "option", "choice", "answer", "up", "down", "item", "score"};
constexpr std::array<std::string_view, 8> kActionKeys = {"action", "act", "do", "op", "cmd", "method", "m", "a"};

bool IsActionWord(std::string_view text) {
  static constexpr std::array<std::string_view, 44> kWords = {
      "点赞", "赞", "赞一下", "我要点赞", "喜欢", "顶", "顶一下", "踩", "踩一下", "支持", "反对", "投票", "我要投票", "投一票", "提交",
      "提交投票", "删除", "退出", "退出登录", "安全退出", "注销", "收藏", "收藏本文", "收藏此文", "取消收藏", "订阅", "取消订阅", "推荐给好友", "推荐给朋友", "发送给好友",
      "发给朋友", "关注", "加关注", "取消关注", "有用", "没用", "有帮助", "没帮助", "满意", "不满意", "点击", "點讚", "刪除", "加入购物车"};
  // 点赞(12), 顶 [3]: with how many did it.
  const auto counts = [](char c) { return IsAsciiDigit(c) || c == '(' || c == ')' || c == '[' || c == ']' || c == '+'; };
  std::string bare = text::RemoveSpace(text);
  while (!bare.empty() && counts(bare.back())) bare.pop_back();
  return IsOneOf(bare, kWords);
}

}  // namespace

bool IsAction(const url::Url& url, std::string_view text, Shape shape) {
  constexpr size_t kLongestWord = 24;  // bytes
  const bool asks = url.query && !url.query->empty();
  std::string_view path = url.path;
  // Most links of a page lead to files and folders, and those do nothing.
  if (!asks && (path.ends_with('/') || path.ends_with(".html") || path.ends_with(".htm") || path.ends_with(".shtml"))) return false;
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto last = [&path] {
    const size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    return name.substr(0, name.find('.'));
  };
  std::string_view name = last();
  const bool numbered = AllDigits(name);
  if (numbered) name = last();
  if (!asks && !numbered && name.size() > kLongestWord) return false;
  const std::string stem = ToAsciiLower(name.substr(0, kLongestWord));
  if (IsOneOf(stem, kLeaves)) return true;
  if (!asks && !numbered) return false;
  if (IsOneOf(stem, kActs)) return true;
  if (asks) {
    for (const std::string_view pair : Split(*url.query, '&')) {
      const size_t equals = std::min(pair.find('='), pair.size());
      const std::string key = ToAsciiLower(pair.substr(0, std::min(equals, kLongestWord)));
      if (key == "dotop" || (IsOneOf(key, kChoices) && IsOneOf(stem, kChooses))) return true;
      if (!IsOneOf(key, kActionKeys)) continue;
      const std::string value = ToAsciiLower(pair.substr(std::min(equals + 1, pair.size()), kLongestWord));
      if (IsOneOf(value, kActs) || IsOneOf(value, kLeaves)) return true;
    }
  }
  if (text.empty() || text.size() > kLongestWord || shape == Shape::kList) return false;
  static constexpr std::array<std::string_view, 8> kShows = {"show", "view", "detail", "content", "article", "news", "list", "display"};
  const bool shows = std::any_of(kShows.begin(), kShows.end(), [&stem](std::string_view word) { return stem.find(word) != std::string::npos; });
  return !shows && IsActionWord(text);
}

}  // namespace fangzhi::links
