#include "extract/error_page.h"

#include <algorithm>

#include "base/strings.h"
#include "extract/absence.h"
#include "extract/obstacle.h"
#include "extract/server_error.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// What pages that are not there say of it somewhere in <title> or in their first 300 visible characters, white space removed. Each as short as
// is safe; what holds another of them is not here. Where an article's text should stand the words of any notice tell it (absence.h); in the
// rest of a page the same words are said of other things: by a search that found nothing, of a site that has moved.
constexpr std::u32string_view kSoft404[] = {
    U"您访问的页面已", U"页面不存在", U"页面未找到", U"页面找不到了", U"页面没有找到", U"找不到该页", U"找不到页面", U"找不到您要",
    U"无法找到该页", U"无法找到网页", U"无法找到页面", U"信息不存在", U"该信息已被删除", U"该信息已删除", U"内容已被删除", U"内容不存在",
    U"文章不存在", U"文章已被删除", U"文章已删除", U"该文章未审核", U"该文章已下线", U"文件不存在", U"栏目不存在",
    U"新闻不存在", U"网页不存在", U"网页已不存在", U"页面已删除", U"页面已被删除", U"网页已被删除", U"页面丢失",
    U"页面走丢了", U"您要查看的页面", U"您要找的页面", U"您找的页面", U"找不到你要", U"链接已失效", U"资源不存在", U"404错误",
    U"404notfound", U"404-notfound", U"pagenotfound", U"httpstatus404", U"错误404", U"error404", U"404error", U"thepagecannotbefound",
    U"thepageyouarelookingfor", U"requestedurlwasnotfound", U"theresourcecannotbefound", U"fileordirectorynotfound", U"objectnotfound",
    U"很抱歉,您要访问的页面", U"该页无法显示", U"找不到网页", U"找不到頁面", U"頁面不存在", U"查无此页", U"查無此頁",
    U"查询的资料不存在", U"资料不存在,或已",
};

// The same of what is no page of a search, which says so of what it did not find.
constexpr std::u32string_view kNothingFound[] = {U"没有找到相关数据", U"记录不存在", U"查無資料"};

constexpr std::u32string_view kBlocked[] = {
    U"由于您访问的url有可能对网站造成安全威胁",
    U"您的访问被阻断",
    U"您的请求带有不合法参数",
    U"您的请求疑似攻击行为",
    U"您当前的访问行为存在异常",
    U"访问可能对网站造成危险",
    U"已被云防护",
    U"您的访问可能对网站造成威胁",
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
    U"访问频率过高",
    U"操作过于频繁",
    U"请求过于频繁",
    U"网站防火墙",
    U"web应用防火墙",
    U"已被网站管理员设置拦截",
    U"禁止访问",
    U"accessdenied",
    U"403forbidden",
    U"requestblocked",
    U"sorry,youhavebeenblocked",
    U"您没有权限访问",
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

// A headline that is no error's name, with the strip of an article below it.
bool HasStripOfItsOwn(const KindEvidence& evidence) {
  constexpr size_t kHeadline = 6;
  if (!evidence.strip || evidence.title.first_line == kNoLine) return false;
  const std::u32string key = ComparisonKey(evidence.title.title);
  return key.size() >= kHeadline && std::find(std::begin(kErrorTitles), std::end(kErrorTitles), key) == std::end(kErrorTitles);
}

// What stands where the page's text should: that there is none any more (soft_404), or what a server says of itself (broken). Empty: a text.
std::string ReasonInTextsPlace(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  if (evidence.attachments || IsSearch(evidence)) return "";
  if (!evidence.body.lines.empty()) {
    constexpr size_t kLongestMessage = 16 * 1024;
    std::string text;
    for (const uint32_t line : evidence.body.lines) {
      if (text.size() > kLongestMessage) return "";
      text += view.LineText(line);
      text += ' ';
    }
    if (const std::string sign = ServerErrorIn(text); !sign.empty()) return "broken: " + sign;
    const bool own = HasStripOfItsOwn(evidence);
    if (!IsAbsenceNotice(text, own || HasAddressOfArticle(evidence.page_url)) || HoldsFilm(view, evidence.body) || (own && MayBeOwnWords(text))) return "";
    return "soft_404: " + std::string(TrimSeparators(text));
  }
  if (view.characters >= 30 || !view.images.empty() || view.frames) return "";
  const std::optional<std::string> alert = AbsenceInAlert(view);
  return alert ? "soft_404: " + *alert : "";
}

// The page to which an address in a login's query leads back: service=http%3A%2F%2F…%2F1.html, from=/xxgk/1.html. Whether it is more than a site.
bool LeadsBackToPage(std::string_view query) {
  for (const std::string_view pair : Split(query, '&')) {
    const std::string value = url::PercentDecode(pair.substr(std::min(pair.find('='), pair.size() - 1) + 1));
    const size_t scheme = value.find("://");
    const size_t slash = value.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    if (slash == std::string::npos || (scheme == std::string::npos && slash != 0)) continue;
    if (slash + 1 < value.size()) return true;
  }
  return false;
}

}  // namespace

bool AsksForPassword(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  const uint32_t own = view.characters - std::min(view.characters, view.link_characters);
  if (!view.password_field || own >= 800 || evidence.visible_date || evidence.list.items.size() >= 10) return false;
  const std::u32string title = ComparisonKey(view.title);
  for (const std::u32string_view word : {U"登录", U"登陆", U"login", U"登入"}) {
    if (title.find(word) != std::u32string::npos) return true;
  }
  return FindIgnoreAsciiCase(evidence.page_url.path, "login") != std::string::npos || (view.characters < 400 && evidence.list.dated < 3 && view.anchors.size() < 12);
}

bool IsLoginAddress(const url::Url& url) {
  const std::string query = url.query ? ToAsciiLower(*url.query) : std::string();
  bool login = !ObstacleOfRedirect(url.Href()).empty();
  for (const std::string_view pair : Split(query, '&')) login = login || pair.ends_with("=login") || pair.ends_with("=logging");
  return login && !LeadsBackToPage(query);
}

std::string ErrorReason(const KindEvidence& evidence) {
  const PageView& view = evidence.view;
  const int status = evidence.http_status;
  const bool article = (evidence.visible_date || evidence.article_meta) && evidence.body.characters >= 120;
  const bool small = view.characters < 600;
  const bool odd_status = status == 202 || status >= 400;

  if (!odd_status && article && view.characters >= 1200) return "";
  // What stands in the text's place, under whatever headline and date: the frame of the article may be all that is left of it.
  if (!odd_status) {
    if (std::string reason = ReasonInTextsPlace(evidence); !reason.empty()) return reason;
    if (IsDatedText(evidence)) return "";
  }

  const std::u32string title = ComparisonKey(view.title);
  std::u32string beginning = Beginning(view, small ? 600 : 300);
  const bool search = IsSearch(evidence);
  const auto missing = [search](const std::u32string& text) {
    const std::u32string_view word = FindAny(text, kSoft404);
    return word.empty() && !search ? FindAny(text, kNothingFound) : word;
  };
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

  if (const auto word = missing(title); !word.empty() && !evidence.visible_date)
    return "soft_404: " + quote(word);
  if (title == U"404" || title.starts_with(U"404-") || title.starts_with(U"404页") ||
      title.starts_with(U"404_"))
    return "soft_404: " + quote(title);
  if (!evidence.visible_date && evidence.list.dated < 3 && view.characters - std::min(view.characters, view.link_characters) < 300 &&
      std::find(std::begin(kErrorTitles), std::end(kErrorTitles), title) != std::end(kErrorTitles))
    return "soft_404: " + quote(title);
  // 出错啦-临水县人民政府: before the site's name too, where a few words are all that the page says.
  const std::u32string name = title.substr(0, title.find_first_of(U"-_|—–"));
  if (name.size() < title.size() && !evidence.visible_date && !evidence.article_meta && !evidence.strip && !evidence.attachments && evidence.list.dated < 3 && view.images.empty() && !view.password_field && view.text_fields == 0 &&
      evidence.body.characters > 0 && evidence.body.characters <= 20 && std::find(std::begin(kErrorTitles), std::end(kErrorTitles), name) != std::end(kErrorTitles))
    return "soft_404: " + quote(name);
  // A page full of links whose first lines name a missing page is still that; one with much text of its own
  // is not.
  const uint32_t own = view.characters - std::min(view.characters, view.link_characters);
  if (!evidence.visible_date && own < 1500) {
    if (evidence.list.dated < 5) {
      if (const auto word = missing(beginning); !word.empty()) return "soft_404: " + quote(word);
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
        if (const auto word = missing(body); !word.empty()) return "soft_404: " + quote(word);
        if (const auto word = FindAny(body, kProgramErrors); !word.empty()) return "broken: " + quote(word);
      }
    }
  }
  if (AsksForPassword(evidence) && !IsLoginAddress(evidence.page_url)) return "login: a password is asked for";
  if (view.characters == 0 && view.images.empty() && !view.frames && !ScriptHoldsList(view))
    return view.scripts.empty() ? "empty: no text" : "empty: no text without its scripts";
  if (view.characters < 30 && view.images.empty() && !view.frames && !view.scripts.empty() &&
      view.anchors.size() < 3 && evidence.body.characters < 30 && !ScriptHoldsList(view)) {
    return "empty: no text without its scripts";
  }
  return "";
}

}  // namespace fangzhi::extract
