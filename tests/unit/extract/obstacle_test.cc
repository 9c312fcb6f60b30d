#include "extract/obstacle.h"

#include <gtest/gtest.h>

namespace fangzhi::extract {
namespace {

std::string Of(int status, std::string_view text, std::string_view reason = "", std::string_view head = "") {
  ObstacleInput input;
  input.status = status;
  input.text = text;
  input.kind_reason = reason;
  input.head = head;
  return ObstacleOf(input);
}

TEST(Obstacle, ChallengesAreNamedByTheirScript) {
  EXPECT_EQ(Of(412, "<script>$_ts=window['$_ts'];</script><script r='m'></script>", "challenge: ruishu"), "ruishu");
  EXPECT_EQ(Of(202, "<html><script>$_ts.cd=\"qq\"</script></html>"), "ruishu");
  EXPECT_EQ(Of(521, "<script>document.cookie='__jsl_clearance=1'</script>"), "jsl");
  EXPECT_EQ(Of(521, "<script>x</script>", "", "HTTP/1.1 521 X\r\nSet-Cookie: __jsluid_s=1\r\n\r\n"), "jsl");
  EXPECT_EQ(Of(200, "<script>document.cookie=\"C3VK=1\";location.reload()</script>", "challenge: js_cookie"), "js_cookie");
  EXPECT_EQ(Of(200, "<h1>请完成安全验证</h1>", "challenge: 请完成安全验证"), "captcha");
}

TEST(Obstacle, FirewallsAreNamedByTheirWords) {
  EXPECT_EQ(Of(405, "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断</p>"), "waf:aliyun");
  EXPECT_EQ(Of(403, "<p>腾讯T-Sec Web应用防火墙</p>"), "waf:tencent");
  EXPECT_EQ(Of(200, "<p>您的访问可能对网站造成危险，已被云防护安全拦截</p>", "blocked: 访问可能对网站造成危险"), "waf:xuanwu");
  EXPECT_EQ(Of(418, "<p>您的请求疑似攻击行为</p>"), "waf:huawei");
  EXPECT_EQ(Of(493, ""), "waf:generic");
  EXPECT_EQ(Of(403, ""), "http_403");
  EXPECT_EQ(Of(429, ""), "throttled");
  EXPECT_EQ(Of(200, "<p>您的访问过于频繁，请稍后再试</p>", "blocked: 您的访问过于频繁"), "throttled");
  EXPECT_EQ(Of(403, "<p>境外IP禁止访问</p>"), "geo");
}

TEST(Obstacle, AnArticleAboutThemIsNone) {
  ObstacleInput input;
  input.status = 200;
  input.is_page = true;
  input.text = "<h1>网信办通报</h1><p>腾讯T-Sec Web应用防火墙拦截……人机验证……$_ts</p>";
  EXPECT_EQ(ObstacleOf(input), "");
  EXPECT_EQ(Of(404, "<p>您的访问被阻断</p>"), "");
  EXPECT_EQ(Of(200, "<svg><text>安全威胁</text></svg><p>页面不存在</p>", "soft_404: 页面不存在"), "");
}

TEST(Obstacle, WordsInScriptsAreNoWordsOfThePage) {
  EXPECT_EQ(Of(500, "<script>var m='Web应用防火墙'</script><p>Internal Server Error</p>"), "");
  EXPECT_EQ(Of(500, "<script"), "");
  EXPECT_EQ(Of(500, "<style>人机验证"), "");
}

TEST(Obstacle, LoginsAndShells) {
  EXPECT_EQ(Of(200, "<input type=password>", "login: a password is asked for"), "login");
  EXPECT_EQ(Of(401, ""), "login");
  EXPECT_EQ(Of(200, "<div id=app></div><script src=/app.js></script>", "empty: no text without its scripts"), "needs_js");
  EXPECT_EQ(ObstacleOfRedirect("http://h/uc/login.jsp?from=1"), "login");
  EXPECT_EQ(ObstacleOfRedirect("https://sso.h.gov.cn/"), "login");
  EXPECT_EQ(ObstacleOfRedirect("http://h/news/blogin/1.html"), "");
  EXPECT_EQ(ObstacleOfRedirect("nonsense"), "");
}

TEST(Obstacle, TlsFailuresAreNamed) {
  EXPECT_EQ(UnreachableObstacle(model::FetchOutcome::kConnectFailure, "the host has only IPv6 addresses and this machine no route to them (x)"), "ipv6");
  EXPECT_EQ(UnreachableObstacle(model::FetchOutcome::kConnectFailure, "Connection refused"), "");
  EXPECT_EQ(UnreachableObstacle(model::FetchOutcome::kTlsFailure, "certificate has expired"), "tls:certificate");
  EXPECT_EQ(TlsObstacle("error:0A000152:SSL routines::unsafe legacy renegotiation disabled"), "tls:legacy_renegotiation");
  EXPECT_EQ(TlsObstacle("OpenSSL/3: error:0A00018A:SSL routines::dh key too small"), "tls:weak_key");
  EXPECT_EQ(TlsObstacle("SSL certificate problem: unable to get local issuer certificate"), "tls:certificate");
  EXPECT_EQ(TlsObstacle("tlsv1 alert protocol version"), "tls:old_version");
  EXPECT_EQ(TlsObstacle("error:0A000102:SSL routines::unsupported protocol"), "tls:old_version");
  EXPECT_EQ(TlsObstacle("error:0A00010B:SSL routines::wrong version number"), "tls:none");
  EXPECT_EQ(TlsObstacle("sslv3 alert handshake failure"), "tls:handshake");
}

TEST(Obstacle, EveryNameHasAdvice) {
  for (const char* name : {"ruishu", "jsl", "js_cookie", "captcha", "waf:aliyun", "waf:generic", "geo", "login", "needs_js", "throttled", "http_403",
                           "unknown", "dns", "tcp", "timeout", "rst", "site_down", "tls:legacy_renegotiation", "tls:weak_key", "tls:old_version",
                           "tls:certificate", "tls:none", "tls:handshake"}) {
    EXPECT_NE(AdviceFor(name), "") << name;
    EXPECT_EQ(AdviceFor("blocked:" + std::string(name)), AdviceFor(name));
  }
  EXPECT_EQ(AdviceFor("nonsense"), "");
}

}  // namespace
}  // namespace fangzhi::extract
