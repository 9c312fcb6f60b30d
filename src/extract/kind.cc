#include "extract/kind.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "extract/absence.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// Texts of pages that are not there. Compared with <title> and the first 300 visible characters, white space
// removed.
constexpr std::u32string_view kSoft404[] = {
    U"您访问的页面不存在",
    U"您要访问的页面不存在",
    U"您访问的页面已",
    U"您查看的页面不存在",
    U"您浏览的页面不存在",
    U"你访问的页面不存在",
    U"你要访问的页面不存在",
    U"访问的页面不存在",
    U"您所访问的页面不存在",
    U"您请求的页面不存在",
    U"请求的页面不存在",
    U"你请求的页面不存在",
    U"该页面不存在",
    U"此页面不存在",
    U"页面不存在",
    U"页面未找到",
    U"页面找不到了",
    U"页面没有找到",
    U"找不到该页",
    U"找不到页面",
    U"找不到您要",
    U"无法找到该页",
    U"无法找到网页",
    U"无法找到页面",
    U"信息不存在",
    U"该信息已被删除",
    U"该信息已删除",
    U"内容已被删除",
    U"内容不存在",
    U"文章不存在",
    U"该文章不存在",
    U"文章已被删除",
    U"文章已删除",
    U"该文章未审核",
    U"该文章已下线",
    U"文件不存在",
    U"栏目不存在",
    U"没有找到相关数据",
    U"您访问的内容不存在",
    U"您访问的文章不存在",
    U"您访问的信息不存在",
    U"新闻不存在",
    U"记录不存在",
    U"网页不存在",
    U"网页已不存在",
    U"您访问的网页不存在",
    U"页面已删除",
    U"页面已被删除",
    U"网页已被删除",
    U"页面丢失",
    U"页面走丢了",
    U"您要查看的页面",
    U"您要找的页面",
    U"您找的页面",
    U"找不到你要",
    U"链接已失效",
    U"资源不存在",
    U"请求的资源不存在",
    U"404错误",
    U"404notfound",
    U"404-notfound",
    U"404-fileordirectorynotfound",
    U"pagenotfound",
    U"httpstatus404",
    U"httperror404",
    U"错误404",
    U"error404",
    U"404error",
    U"thepagecannotbefound",
    U"thepageyouarelookingfor",
    U"requestedurlwasnotfound",
    U"theresourcecannotbefound",
    U"fileordirectorynotfound",
    U"objectnotfound",
    U"您查找的页面不存在",
    U"很抱歉,您要访问的页面",
    U"该页无法显示",
    U"找不到网页",
    U"找不到頁面",
    U"頁面不存在",
    U"查无此页",
    U"查無此頁",
    U"查無資料",
    U"查询的资料不存在",
    U"资料不存在,或已",
};

constexpr std::u32string_view kBlocked[] = {
    U"由于您访问的url有可能对网站造成安全威胁",
    U"您的访问被阻断",
    U"腾讯t-secweb应用防火墙",
    U"您的请求带有不合法参数",
    U"您的请求疑似攻击行为",
    U"您当前的访问行为存在异常",
    U"访问可能对网站造成危险",
    U"已被云防护",
    U"您的访问可能对网站造成威胁",
    U"已被云防护拦截",
    U"请求已被长亭safeline阻断",
    U"检测到疑似攻击行为",
    U"已被云网盾拦截",
    U"请求被web防火墙拦截",
    U"当前访问疑似黑客攻击",
    U"已被创宇盾拦截",
    U"您的请求可能存在威胁",
    U"访问被拒绝",
    U"您的ip已被",
    U"您的ip地址已被",
    U"访问过于频繁",
    U"您的访问过于频繁",
    U"访问频率过高",
    U"操作过于频繁",
    U"请求过于频繁",
    U"网站防火墙",
    U"web应用防火墙",
    U"安全拦截提示",
    U"已被网站管理员设置拦截",
    U"禁止访问",
    U"accessdenied",
    U"403forbidden",
    U"requestblocked",
    U"sorry,youhavebeenblocked",
    U"您没有权限访问",
    U"ip访问受限",
    U"访问受限",
    U"您的ip不在",
    U"访问拦截",
    U"拦截提示",
    U"访问已被拦截",
    U"请求已被拦截",
};

constexpr std::u32string_view kChallengeText[] = {
    U"正在进行安全验证",   U"请完成安全验证",
    U"请完成验证",         U"人机验证",
    U"滑动验证",           U"拖动滑块",
    U"请输入验证码后继续", U"安全检查中",
    U"正在检查您的浏览器", U"checkingyourbrowser",
    U"justamoment",        U"enablejavascriptandcookiestocontinue",
    U"请开启javascript",   U"需要启用javascript",
    U"网站访问认证",       U"点击链接后将跳转到访问页面",
};

constexpr std::u32string_view kBroken[] = {
    U"服务器内部错误",
    U"内部服务器错误",
    U"您查找的资源存在问题",
    U"无法显示此页",
    U"无法显示该页",
    U"internalservererror",
    U"badgateway",
    U"serviceunavailable",
    U"服务不可用",
    U"系统繁忙",
    U"系统错误",
    U"网站维护中",
    U"系统维护中",
    U"网站正在维护",
    U"正在维护中",
    U"页面维护",
    U"系统升级",
    U"网站暂停服务",
    U"数据库连接",
    U"runtimeerror",
    U"serverererrorin",
    U"应用程序中的服务器错误",
    U"网站已关闭",
    U"网站关停",
};

// What ASP says of itself where a page's text should stand.
constexpr std::u32string_view kProgramErrors[] = {U"错误'80", U"error'80", U"错误类型:microsoft"};

// What pages of errors are called by programs that say no more: the whole <title>.
constexpr std::u32string_view kErrorTitles[] = {U"出错了", U"出错啦", U"错误", U"错误页面", U"错误提示", U"系统提示", U"提示信息", U"提示", U"温馨提示", U"安全提示",
                                                U"error", U"页面错误", U"访问出错", U"系统错误", U"信息提示", U"errorpage", U"错误信息"};

template <size_t N>
std::u32string_view FindAny(const std::u32string& text, const std::u32string_view (&words)[N]) {
  for (const std::u32string_view word : words) {
    if (text.find(word) != std::u32string::npos) return word;
  }
  return {};
}

// The visible beginning of the page, folded and without white space.
std::u32string Beginning(const PageView& view, size_t most) {
  std::u32string key;
  for (size_t i = 0; i < view.lines.size() && key.size() < most; ++i) {
    key += ComparisonKey(view.LineText(i).substr(0, most * 4));
  }
  if (key.size() > most) key.resize(most);
  return key;
}

// Whether the rows of a list stand in a script, or a script fetches them: Hanweb's store, jpaas.
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

std::string ChallengeOfScripts(const PageView& view) {
  for (html::NodeIndex index : view.scripts) {
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1) continue;
    const std::string_view script = view.document.node(index + 1).text;
    if (script.find("$_ts") != std::string_view::npos &&
        (script.find("$_ts.nsd") != std::string_view::npos ||
         script.find("window['$_ts']") != std::string_view::npos ||
         script.find("$_ts.cd") != std::string_view::npos))
      return "ruishu";
    if (script.find("__jsl_clearance") != std::string_view::npos ||
        script.find("};go({") != std::string_view::npos)
      return "jsl";
    if (script.find("document.cookie") != std::string_view::npos &&
        (script.find("location.reload") != std::string_view::npos ||
         script.find("location.href") != std::string_view::npos ||
         script.find("location.replace") != std::string_view::npos))
      return "js_cookie";
    if (script.find("_cf_chl_opt") != std::string_view::npos) return "cloudflare";
  }
  for (html::NodeIndex index : view.scripts) {
    if (const auto r = view.document.attribute(index, "r"); r && *r == "m") return "ruishu";
  }
  return "";
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

// A text with a headline that says when it was published: a strip with labels that pages of firewalls and errors do not have, or the
// headline of a notice with a day beside it or below the text. Such a page may have any words, and is none of those that have them as
// their message.
bool IsDatedText(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  const TitleChoice& title = evidence.title;
  constexpr size_t kHeadline = 8;
  if (title.first_line == kNoLine || evidence.body.lines.empty() || evidence.body.characters < 20) return false;
  const std::u32string key = ComparisonKey(title.title);
  if (key.size() < kHeadline) return false;
  if (evidence.strip) {
    for (const InfoValue& value : evidence.info.values) {
      if (!value.labelled || !value.strong || value.line + 4 < title.first_line || value.line > title.last_line + 10) continue;
      if (value.label == Label::kPublished && value.date) return true;
      const std::u32string source = value.label == Label::kSource ? ComparisonKey(value.text) : std::u32string();
      if (std::count_if(source.begin(), source.end(), [](char32_t c) { return text::IsHan(c); }) >= 2) return true;
    }
  }
  static constexpr std::u32string_view kNotices[] = {U"公告", U"通告", U"通知", U"公示", U"启事", U"说明", U"声明", U"意见", U"办法", U"规定", U"通报", U"提示", U"倡议书", U"公开信"};
  if (std::none_of(std::begin(kNotices), std::end(kNotices), [&](std::u32string_view end) { return key.ends_with(end); })) return false;
  if (title.agreement < 40 && view.lines[title.first_line].heading != 1) return false;
  if (evidence.strip) return true;
  // What a host says at its root while it is out of order may be signed as well.
  if (IsRootPath(evidence.page_url)) return false;
  constexpr size_t kSignature = 4;
  const size_t last = evidence.body.lines.back(), first = std::max<size_t>(title.last_line + 1, last + 1 - std::min(last + 1, kSignature));
  for (size_t line = first; line < std::min(last + 3, view.lines.size()); ++line) {
    if (view.lines[line].characters > 40 || view.lines[line].links != 0) continue;
    const FoldedText text = Fold(view.LineText(line));
    const auto date = FindDate(text, 0, {});
    if (date && date->end + 2 >= text.size()) return true;
  }
  return false;
}

// Where the text's place holds a film or another page, the words beside it are what is said to those who cannot see that.
bool HoldsFilm(const PageView& view, const BodyChoice& body) {
  static constexpr std::string_view kFilms[] = {"video", "audio", "iframe", "embed", "object"};
  for (html::NodeIndex i = body.node_begin; i < body.node_end; ++i) {
    const html::Node& node = view.document.node(i);
    if (node.type == html::NodeType::kElement && std::find(std::begin(kFilms), std::end(kFilms), node.text) != std::end(kFilms)) return true;
  }
  return false;
}

// The words in which the page says, where its text should stand, that there is none any more.
std::string NoticeForText(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  if (evidence.attachments) return "";
  if (!evidence.body.lines.empty()) {
    std::string text;
    for (const uint32_t line : evidence.body.lines) {
      if (text.size() > 400) return "";
      text += view.LineText(line);
      text += ' ';
    }
    return IsAbsenceNotice(text) && !HoldsFilm(view, evidence.body) ? std::string(TrimSeparators(text)) : "";
  }
  if (view.characters >= 30 || !view.images.empty() || view.frames) return "";
  return AbsenceInAlert(view).value_or("");
}

}  // namespace

std::string ErrorReason(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  const int status = evidence.http_status;
  const bool article = (evidence.visible_date || evidence.article_meta) && evidence.body.characters >= 120;
  const bool small = view.characters < 600;
  const bool odd_status = status == 202 || status >= 400;

  if (!odd_status && article && view.characters >= 1200) return "";
  // What stands in the text's place, under whatever headline and date: the frame of the article may be all that is left of it.
  if (!odd_status) {
    if (std::string notice = NoticeForText(evidence); !notice.empty()) return "soft_404: " + notice;
    if (IsDatedText(evidence)) return "";
  }

  const std::u32string title = ComparisonKey(view.title);
  std::u32string beginning = Beginning(view, small ? 600 : 300);
  const auto quote = [](std::u32string_view word) { return text::ToUtf8(word); };

  // Challenges: the script may stand at the top of a page with real content below it, so the text decides.
  if (view.characters < 200 || odd_status) {
    if (std::string challenge = ChallengeOfScripts(view); !challenge.empty() && view.characters < 400)
      return "challenge: " + challenge;
  }
  if (!article && (view.characters < 1200 || odd_status)) {
    if (const auto word = FindAny(beginning, kChallengeText); !word.empty())
      return "challenge: " + quote(word);
    if (const auto word = FindAny(title, kChallengeText); !word.empty()) return "challenge: " + quote(word);
    if (const auto word = FindAny(beginning, kBlocked); !word.empty()) return "blocked: " + quote(word);
    if (const auto word = FindAny(title, kBlocked); !word.empty()) return "blocked: " + quote(word);
  }
  // A small page that is called so, or tells whom it has refused.
  if (view.characters < 600 && view.anchors.size() < 6) {
    const auto word = FindAny(beginning, kBlocked);
    if (const auto named = FindAny(title, kBlocked); !named.empty() && !word.empty()) return "blocked: " + quote(named);
    if (!word.empty() && (beginning.find(U"您的ip") != std::u32string::npos || beginning.find(U"事件") != std::u32string::npos || beginning.find(U"requestid") != std::u32string::npos))
      return "blocked: " + quote(word);
  }
  if (status == 412) return "challenge: status 412";
  if (status == 521) return "challenge: status 521";
  if (status == 403 || status == 405 || status == 418 || status == 461 || status == 493)
    return "blocked: status " + std::to_string(status);
  if (status >= 400) return "http_" + std::to_string(status);
  if (article) return "";

  if (const auto word = FindAny(title, kSoft404); !word.empty() && !evidence.visible_date)
    return "soft_404: " + quote(word);
  if (title == U"404" || title.starts_with(U"404-") || title.starts_with(U"404页") ||
      title.starts_with(U"404_"))
    return "soft_404: " + quote(title);
  if (!evidence.visible_date && evidence.list.dated < 3 && view.characters - std::min(view.characters, view.link_characters) < 300 &&
      std::find(std::begin(kErrorTitles), std::end(kErrorTitles), title) != std::end(kErrorTitles))
    return "soft_404: " + quote(title);
  // A page full of links whose first lines name a missing page is still that; one with much text of its own
  // is not.
  const uint32_t own = view.characters - std::min(view.characters, view.link_characters);
  if (!evidence.visible_date && own < 1500) {
    if (evidence.list.dated < 5) {
      if (const auto word = FindAny(beginning, kSoft404); !word.empty()) return "soft_404: " + quote(word);
      if (view.characters < 1500) {
        if (const auto word = FindAny(beginning, kBroken); !word.empty()) return "broken: " + quote(word);
        if (const auto word = FindAny(beginning, kProgramErrors); !word.empty()) return "broken: " + quote(word);
      }
    }
    // The message may stand below a menu, or above a box of what else there is: then it is the page's only text.
    if (evidence.body.characters > 0 && evidence.body.characters < 200) {
      std::u32string body;
      for (uint32_t line : evidence.body.lines) body += ComparisonKey(view.LineText(line));
      if (body.size() <= 200) {
        if (const auto word = FindAny(body, kSoft404); !word.empty()) return "soft_404: " + quote(word);
        if (const auto word = FindAny(body, kProgramErrors); !word.empty()) return "broken: " + quote(word);
      }
    }
  }
  if (view.password_field && own < 800 && !evidence.visible_date && evidence.list.items.size() < 10) {
    const bool named =
        title.find(U"登录") != std::u32string::npos || title.find(U"登陆") != std::u32string::npos ||
        title.find(U"login") != std::u32string::npos || title.find(U"登入") != std::u32string::npos ||
        FindIgnoreAsciiCase(evidence.page_url.path, "login") != std::string::npos || (view.characters < 400 && evidence.list.dated < 3 && view.anchors.size() < 12);
    if (named) return "login: a password is asked for";
  }
  if (view.characters == 0 && view.images.empty() && !view.frames && !ScriptHoldsList(view))
    return view.scripts.empty() ? "empty: no text" : "empty: no text without its scripts";
  if (view.characters < 30 && view.images.empty() && !view.frames && !view.scripts.empty() &&
      view.anchors.size() < 3 && evidence.body.characters < 30 && !ScriptHoldsList(view)) {
    return "empty: no text without its scripts";
  }
  return "";
}

namespace {

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
  return false;
}

}  // namespace

KindChoice ChooseKind(const KindEvidence& evidence) {
  using model::PageKind;
  if (std::string reason = ErrorReason(evidence); !reason.empty())
    return {PageKind::kError, std::move(reason)};
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
