#include "extract/obstacle.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace fangzhi::extract {
namespace {

constexpr size_t kLooked = 64 * 1024;

struct Named {
  std::string_view name, words;
};

// The firewall by the words of its page, whatever its status. The same words in an article name nothing: see ObstacleInput::is_page.
constexpr Named kFirewalls[] = {
    {"waf:aliyun", "由于您访问的URL有可能对网站造成安全威胁"},
    {"waf:aliyun", "errors.aliyun.com"},
    {"waf:tencent", "腾讯T-Sec"},
    {"waf:tencent", "T-Sec Web"},
    {"waf:safedog", "您的请求带有不合法参数"},
    {"waf:safedog", "safedog"},
    {"waf:huawei", "您的请求疑似攻击行为"},
    {"waf:wangsu", "您当前的访问行为存在异常"},
    {"waf:chuangyu", "创宇盾"},
    {"waf:chuangyu", "当前访问疑似黑客攻击"},
    {"waf:xuanwu", "玄武盾"},
    {"waf:xuanwu", "访问可能对网站造成危险"},
    {"waf:qianxin", "您的访问可能对网站造成威胁"},
    {"waf:qianxin", "奇安信"},
    {"waf:changting", "SafeLine"},
    {"waf:changting", "长亭"},
    {"waf:west", "云网盾"},
    {"waf:cloudflare", "_cf_chl_opt"},
    {"waf:cloudflare", "Attention Required! | Cloudflare"},
    {"waf:baidu", "百度云加速"},
    {"waf:nsfocus", "绿盟"},
    {"waf:generic", "WEB防火墙"},
    {"waf:generic", "Web应用防火墙"},
    {"waf:generic", "网站防火墙"},
    {"waf:generic", "云防护"},
    {"waf:generic", "疑似攻击"},
    {"waf:generic", "安全威胁"},
    {"waf:generic", "非法请求"},
    {"waf:generic", "恶意请求"},
};

constexpr Named kThrottles[] = {
    {"throttled", "访问过于频繁"}, {"throttled", "访问频率过高"}, {"throttled", "操作过于频繁"}, {"throttled", "请求过于频繁"},
    {"throttled", "访问太频繁"},   {"throttled", "请求太频繁"},   {"throttled", "Too Many Requests"},
};

constexpr Named kGeo[] = {
    {"geo", "您所在的地区"}, {"geo", "您所在地区"},     {"geo", "境外IP"},       {"geo", "境外访问"},
    {"geo", "境外用户"},     {"geo", "not available in your"}, {"geo", "your country"}, {"geo", "海外访问"},
};

constexpr Named kCaptchas[] = {
    {"captcha", "人机验证"}, {"captcha", "滑动验证"},   {"captcha", "拖动滑块"},       {"captcha", "请输入验证码"},
    {"captcha", "安全验证"}, {"captcha", "完成验证"},   {"captcha", "captcha"},        {"captcha", "验证您是真人"},
    {"captcha", "请完成验证"}, {"captcha", "访问验证"},
};

struct Advice {
  std::string_view name, text;
};
constexpr Advice kAdvice[] = {
    {"ruishu", "瑞数 (Riversafe) asks for a script to be run; ask the site's operator for access, or capture by hand; the crawler stays away"},
    {"jsl", "加速乐 (Jiasule) asks for a script to be run; ask the site's operator to let the crawler's address through"},
    {"js_cookie", "the page sets a cookie by script and reloads; ask the operator to let the crawler through, or capture by hand"},
    {"captcha", "a captcha is asked for; slow the site's delay down, and ask the operator for access"},
    {"waf", "a firewall refused the request; slow down, check the user agent's contact address, ask the operator to allow the crawler"},
    {"geo", "the site answers only some countries; let someone there crawl it, and merge the archives"},
    {"login", "the page is behind a login, so it is not public; exclude it"},
    {"needs_js", "the page is a shell that a script fills; look for the interface that it reads, or add a feed or list page as a seed"},
    {"throttled", "the host says or shows that it is asked too often; raise the site's delay"},
    {"http_403", "the server refuses (403); it may be the address, the user agent or the page itself; ask the operator"},
    {"unknown", "the host shows one and the same page for all addresses; look at the archived page (fangzhi show URL --format raw)"},
    {"redirects", "the address leads round in circles, or on without end; often a cookie or a script is expected on the way: take the last address as the seed, or exclude it"},
    {"site_down", "the server fails; nothing to do but to wait"},
    {"error_page", "the server answers, but with a page that says that it is out of order; nothing to do but to wait"},
    {"emptied", "the server answers with nothing to read; look at the archived page (fangzhi show URL --format raw)"},
    {"dns", "the host's name does not resolve; check the spelling, or the domain has lapsed"},
    {"tcp", "no connection; the server is down, or lets only some networks in"},
    {"timeout", "no answer in time; the server is down, overloaded, or drops this network's packets"},
    {"rst", "the connection is cut; often a firewall in between"},
    {"ipv6", "the host has only IPv6 addresses and this machine no IPv6 route; crawl it from a machine that has one"},
    {"tls:legacy_renegotiation", "the server knows only the old, unsafe TLS renegotiation; tls_legacy = true in the site entry allows it"},
    {"tls:weak_key", "the server's keys are too short for today's rules; tls_legacy = true in the site entry allows them"},
    {"tls:old_version", "the server speaks only TLS 1.0 or 1.1; tls_legacy = true in the site entry allows it"},
    {"tls:none", "what answers there speaks no TLS; take the http:// address, or the port on which the server speaks it (tls_legacy changes nothing)"},
    {"tls:certificate", "the certificate is expired, incomplete or of another name; tls_legacy = true in the site entry fetches all the same, and records that"},
    {"tls:handshake", "the TLS handshake fails; try tls_legacy = true in the site entry, or the http:// address as the seed"},
};

bool Contains(std::string_view text, std::string_view words) { return FindIgnoreAsciiCase(text, words) != std::string_view::npos; }

template <size_t N>
std::string_view FindNamed(std::string_view text, const Named (&table)[N]) {
  for (const Named& entry : table) {
    if (Contains(text, entry.words)) return entry.name;
  }
  return {};
}

// The text without what scripts, styles and drawings hold: their letters are no words of the page.
std::string Visible(std::string_view html) {
  std::string text;
  for (size_t i = 0; i < html.size();) {
    if (html[i] != '<') {
      const size_t end = std::min(html.find('<', i), html.size());
      text.append(html.substr(i, end - i));
      i = end;
      continue;
    }
    bool skipped = false;
    for (const std::string_view element : {"script", "style", "svg"}) {
      if (!EqualsIgnoreAsciiCase(html.substr(i + 1, element.size()), element)) continue;
      const size_t close = FindIgnoreAsciiCase(html, "</" + std::string(element), i);
      i = close == std::string_view::npos ? html.size() : close;
      skipped = true;
      break;
    }
    if (skipped) continue;
    const size_t end = html.find('>', i);
    i = end == std::string_view::npos ? html.size() : end + 1;
    text.push_back(' ');
  }
  return text;
}

}  // namespace

std::string ObstacleOf(const ObstacleInput& input) {
  const std::string_view text = input.text.substr(0, kLooked);
  const std::string_view reason = input.kind_reason;
  const bool refused = input.status == 202 || input.status >= 400;
  const bool gone = input.status == 404 || input.status == 410;
  // What the extractor took for a page is one, whatever scripts stand at its top.
  if (input.is_page || gone) return {};

  // Challenges by their script.
  if (reason == "challenge: ruishu" || Contains(text, "$_ts") || (input.status == 412 && Contains(text, "r='m'"))) {
    if (refused || reason.starts_with("challenge") || reason.starts_with("empty")) return "ruishu";
  }
  if (reason == "challenge: jsl" || input.status == 521 || Contains(input.head, "__jsluid") || Contains(text, "__jsl_clearance")) {
    if (refused || !reason.empty()) return Contains(text, "创宇盾") ? "waf:chuangyu" : "jsl";
  }
  if (reason == "challenge: js_cookie") return "js_cookie";
  if (reason.starts_with("soft_404")) return {};

  const std::string visible = Visible(text);
  if (refused || !reason.empty()) {
    if (const auto name = FindNamed(visible, kThrottles); !name.empty() || input.status == 429) return "throttled";
    if (const auto name = FindNamed(visible, kGeo); !name.empty()) return std::string(name);
    if (const auto name = FindNamed(visible, kFirewalls); !name.empty()) return std::string(name);
    if (Contains(text, "_cf_chl_opt")) return "waf:cloudflare";
    if (const auto name = FindNamed(visible, kCaptchas); !name.empty()) return std::string(name);
    if (reason.starts_with("challenge")) return "captcha";
  }
  switch (input.status) {
    case 405: case 418: case 461: case 493: return "waf:generic";
    case 412: return "ruishu";
    case 401: case 407: return "login";
    case 403: return "http_403";
    case 420: case 429: return "throttled";
    default: break;
  }
  if (reason.starts_with("blocked")) return "waf:generic";
  if (reason.starts_with("login")) return "login";
  if (reason == "empty: no text without its scripts") return "needs_js";
  return {};
}

std::string_view ObstacleOfRedirect(std::string_view target_url) {
  const size_t scheme = target_url.find("://");
  if (scheme == std::string_view::npos) return {};
  const size_t slash = std::min(target_url.find('/', scheme + 3), target_url.size());
  const std::string host = ToAsciiLower(target_url.substr(scheme + 3, slash - scheme - 3));
  const std::string path = ToAsciiLower(target_url.substr(slash, target_url.find_first_of("?#", slash) - slash));
  if (host.starts_with("sso.") || host.starts_with("passport.") || host.starts_with("login.") || host.starts_with("cas.")) return "login";
  for (const std::string_view part : Split(path, '/')) {
    const std::string_view stem = part.substr(0, part.find('.'));
    if (stem == "login" || stem == "signin" || stem == "sso" || stem == "cas" || stem == "userlogin" || stem == "logon") return "login";
  }
  return {};
}

bool IsLoginLink(std::string_view url, std::string_view text) {
  if (!ObstacleOfRedirect(url).empty()) return true;
  return Contains(text, "登录") || Contains(text, "登陆") || Contains(text, "login") || Contains(text, "sign in");
}

std::string_view TlsObstacle(std::string_view error) {
  const auto says = [error](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [error](std::string_view word) { return Contains(error, word); });
  };
  if (says({"legacy renegotiation"})) return "tls:legacy_renegotiation";
  if (says({"dh key too small", "ee key too small", "key too weak", "md too weak", "bad ecpoint", "too small"})) return "tls:weak_key";
  // OpenSSL's words for a first answer that is no TLS record at all, such as a line of HTTP; a server that knows only old versions says so in one.
  if (says({"wrong version number", "http request", "packet length too long"})) return "tls:none";
  if (says({"unsupported protocol", "protocol version", "wrong ssl version"})) return "tls:old_version";
  if (says({"certificate", "self-signed", "self signed", "subject name", "issuer", "no alternative"})) return "tls:certificate";
  return "tls:handshake";
}

std::string_view UnreachableObstacle(model::FetchOutcome outcome, std::string_view error) {
  if (outcome == model::FetchOutcome::kTlsFailure) return TlsObstacle(error);
  if (outcome == model::FetchOutcome::kConnectFailure && Contains(error, "only IPv6 addresses")) return "ipv6";
  return {};
}

std::string_view AdviceFor(std::string_view obstacle) {
  for (const std::string_view prefix : {"blocked:", "unreachable:"}) {
    if (obstacle.starts_with(prefix)) obstacle.remove_prefix(prefix.size());
  }
  for (const Advice& advice : kAdvice) {
    if (advice.name == obstacle) return advice.text;
  }
  // A vendor's name after the kind.
  if (obstacle.starts_with("waf:")) return AdviceFor("waf");
  if (obstacle.starts_with("tls")) return AdviceFor("tls:handshake");
  return {};
}

}  // namespace fangzhi::extract
