// The normal form (each rule by its name) and SURT keys.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "url/url.h"

namespace fangzhi::url {
namespace {

std::string Normal(std::string_view input) {
  const Result<Url> url = Canonical(input);
  return url ? url->Href() : "error: " + url.error().message;
}

TEST(Canonical, NoFragment) {
  EXPECT_EQ(Normal("http://A.cn/x#top"), "http://a.cn/x");
  EXPECT_EQ(Normal("http://a.cn/x?a#"), "http://a.cn/x?a");
}

TEST(Canonical, HttpOnly) {
  EXPECT_EQ(Canonical("ftp://a.cn/").error().kind, ErrorKind::kUnsupported);
  EXPECT_EQ(Canonical("javascript:;").error().kind, ErrorKind::kUnsupported);
  EXPECT_EQ(Canonical("http://[/").error().kind, ErrorKind::kInvalidInput);
}

TEST(Canonical, TooLong) {
  const std::string prefix = "http://a.cn/";
  EXPECT_TRUE(Canonical(prefix + std::string(limits::kMaxUrlBytes - prefix.size(), 'x')).has_value());
  EXPECT_EQ(Canonical(prefix + std::string(limits::kMaxUrlBytes, 'x')).error().kind, ErrorKind::kLimit);
}

TEST(Canonical, SessionPath) {
  EXPECT_EQ(Normal("http://a.cn/x.do;jsessionid=0A1B.node1"), "http://a.cn/x.do");
  EXPECT_EQ(Normal("http://a.cn/x;JSESSIONID=1/y;v=2;jsessionid=2;w=3?q=1"), "http://a.cn/x/y;v=2;w=3?q=1");
  EXPECT_EQ(Normal("http://a.cn/;jsessionid=1"), "http://a.cn/");
  EXPECT_EQ(Normal("http://a.cn/x;jsession=1;id=2"), "http://a.cn/x;jsession=1;id=2");
  EXPECT_EQ(Normal("http://a.cn/a/1.html;WSID=9f8e7d6c5b4a39281706"), "http://a.cn/a/1.html");
  EXPECT_EQ(Normal("http://a.cn/a/1.html;sid=7"), "http://a.cn/a/1.html;sid=7");  // a number of something
  EXPECT_EQ(Normal("http://a.cn/(S(lit3py55t21z5v55vlm25s55))/a/1.aspx?id=2"), "http://a.cn/a/1.aspx?id=2");
  EXPECT_EQ(Normal("http://a.cn/x/(A(abcDEF123_-)S(lit3py55t21z5v55vlm25s55))/"), "http://a.cn/x/");
  EXPECT_EQ(Normal("http://a.cn/(S(short))/a"), "http://a.cn/(S(short))/a");
  EXPECT_EQ(Normal("http://a.cn/(2021)/a(1).html"), "http://a.cn/(2021)/a(1).html");
  EXPECT_EQ(Normal("http://a.cn/a/(S(lit3py55t21z5v55vlm25s55))"), "http://a.cn/a/(S(lit3py55t21z5v55vlm25s55))");  // the file's own name
  // What would be left is a dot segment: removing it would change where the URL leads.
  EXPECT_EQ(Normal("http://a.cn/x/..;jsessionid=1/y"), "http://a.cn/x/..;jsessionid=1/y");
  EXPECT_EQ(Normal("http://a.cn/x/%2E;jsessionid=1"), "http://a.cn/x/%2E;jsessionid=1");
}

TEST(Canonical, SessionParameter) {
  EXPECT_EQ(Normal("http://a.cn/?jsessionid=1&id=3"), "http://a.cn/?id=3");
  EXPECT_EQ(Normal("http://a.cn/?id=3&PHPSESSID=abc"), "http://a.cn/?id=3");
  EXPECT_EQ(Normal("http://a.cn/?ASPSESSIONIDQQABCDEF=ABC&id=3"), "http://a.cn/?id=3");
  EXPECT_EQ(Normal("http://a.cn/?CFID=12&CFTOKEN=48&id=3"), "http://a.cn/?id=3");
  EXPECT_EQ(Normal("http://a.cn/?cfid=news&sid=0123456789abcdef0123456789abcdef"),
            "http://a.cn/?cfid=news&sid=0123456789abcdef0123456789abcdef");
  EXPECT_EQ(Normal("http://a.cn/?jsessionid=1"), "http://a.cn/");
}

TEST(Canonical, TrackingParameter) {
  EXPECT_EQ(Normal("http://a.cn/t.html?utm_source=x&UTM_medium=y"), "http://a.cn/t.html");
  EXPECT_EQ(Normal("http://a.cn/?a=1&spm=a1.b2&b=2"), "http://a.cn/?a=1&b=2");
  EXPECT_EQ(Normal("http://a.cn/?from=timeline&isappinstalled=0&id=1"), "http://a.cn/?id=1");
  EXPECT_EQ(Normal("http://a.cn/?from=index&utm=1&spmid=2"), "http://a.cn/?from=index&utm=1&spmid=2");
}

TEST(Canonical, NothingElse) {
  for (std::string_view url :
       {"http://a.cn/?", "http://a.cn/?&&b=2&a=1&", "http://a.cn//X//index.html",
        "http://www.a.cn/%D5%fe?q=%d5%FE", "http://a.cn/a/", "https://u:p@a.cn:8443/"}) {
    EXPECT_EQ(Normal(url), url);
  }
}

TEST(Surt, Host) {
  EXPECT_EQ(Surt("http://www.gansu.gov.cn/a/1.htm"), "cn,gov,gansu)/a/1.htm");
  EXPECT_EQ(Surt("https://www2.a.cn:443"), "cn,a)/");
  EXPECT_EQ(Surt("http://user:pw@a.cn:8080/"), "cn,a:8080)/");
  EXPECT_EQ(Surt("http://www2a.cn/"), "cn,www2a)/");
  EXPECT_EQ(Surt("http://政府.cn/"), "cn,xn--mxtq1m)/");
  EXPECT_EQ(Surt("http://10.0.258/"), "2,1,0,10)/");
  EXPECT_EQ(Surt("http://[2001:db8::1]:81/x"), "2001:db8::1:81)/x");
  EXPECT_EQ(Surt("a.cn/x"), "cn,a)/x");
}

TEST(Surt, Path) {
  EXPECT_EQ(Surt("http://a.cn/X/./y//z/../W/"), "cn,a)/x/y/w");
  EXPECT_EQ(Surt("http://a.cn/../.."), "cn,a)/");
  EXPECT_EQ(Surt("http://a.cn/%2541%2F%20b#f"), "cn,a)/a/%20b");
  EXPECT_EQ(Surt("http://a.cn/%D5%FE.html"), "cn,a)/%d5%fe.html");
  EXPECT_EQ(Surt("http://a.cn/x/(S(4hqa0555fwsecu455xqckv45))/p.aspx"), "cn,a)/x/p.aspx");
  EXPECT_EQ(Surt("http://a.cn/(4hqa0555fwsecu455xqckv45)/p.aspx"), "cn,a)/p.aspx");
  EXPECT_EQ(Surt("http://a.cn/(4hqa0555fwsecu455xqckv45)/p.html"), "cn,a)/(4hqa0555fwsecu455xqckv45)/p.html");
}

TEST(Surt, Query) {
  EXPECT_EQ(Surt("http://a.cn/x?b=2&A=1&a"), "cn,a)/x?a&a=1&b=2");
  EXPECT_EQ(Surt("http://a.cn/x?"), "cn,a)/x");
  EXPECT_EQ(Surt("http://a.cn?x=1"), "cn,a)/?x=1");
  EXPECT_EQ(Surt("http://a.cn/?jsessionid=0123456789abcdefghijklemopqrstuv&i=1"), "cn,a)/?i=1");
  EXPECT_EQ(Surt("http://a.cn/?jsessionid=short&i=1"), "cn,a)/?i=1&jsessionid=short");
  EXPECT_EQ(Surt("http://a.cn/?aspsessionidABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&x=y"), "cn,a)/?x=y");
  EXPECT_EQ(Surt("http://a.cn/?CFID=1&CFTOKEN=2&d=3"), "cn,a)/?d=3");
}

TEST(Surt, NoHost) {
  EXPECT_EQ(Surt("dns:a.cn"), "dns:a.cn");
  EXPECT_EQ(Surt("warcinfo:x.warc.gz"), "warcinfo:x.warc.gz");
  EXPECT_EQ(Surt(""), "");
}

TEST(PostKeys, AsReplayToolsHaveThem) {
  EXPECT_EQ(PostKey("http://example.org/", ""), "http://example.org/?__wb_method=POST");
  EXPECT_EQ(PostKey("http://example.org/?page=1", ""), "http://example.org/?page=1&__wb_method=POST");
  EXPECT_EQ(PostKey("http://example.org/?foo&", ""), "http://example.org/?foo&&__wb_method=POST");
  EXPECT_EQ(PostKey("http://example.com/?123=ABC", "foo=bar&dir=%2Fbaz"), "http://example.com/?123=ABC&__wb_method=POST&foo=bar&dir=%2Fbaz");
  // The example of the IIPC's guideline.
  EXPECT_EQ(PostKey("http://example.org/events",
                    "{\"type\": \"event\", \"id\": 44.0, \"values\": [true, false, null],\n \"source\": {\"type\": \"component\", \"id\": \"a+b&c= d\", \"values\": [3, 4]}}"),
            "http://example.org/events?__wb_method=POST&type=event&id=44.0&values=True&values.2_=False&values.3_=None&type.2_=component"
            "&id.2_=a%2Bb%26c%3D+d&values.4_=3&values.5_=4");
  EXPECT_EQ(PostKey("http://a.cn/", "{\"q\":\"\\u4e2d\\ud83d\\ude00\\n\",\"e\":[],\"o\":{}}"), "http://a.cn/?__wb_method=POST&q=%E4%B8%AD%F0%9F%98%80%0A");
  // What is no JSON ends all the same.
  for (const char* body : {"{", "[", "{\"a", "{\"a\":", "{\"a\":1", "[1,,2", "{a:1}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[1", "{\"a\":\"\\u12", "[}"}) {
    EXPECT_TRUE(PostKey("http://a.cn/", body).starts_with("http://a.cn/?__wb_method=POST")) << body;
  }
}

TEST(PostKeys, GiveTheirTarget) {
  for (const char* target : {"http://a.cn/", "http://a.cn/x?y=1", "http://a.cn/?foo&"}) EXPECT_EQ(PostTarget(PostKey(target, "a=1&page=2")), target);
  for (const char* url : {"http://a.cn/", "http://a.cn/?x__wb_method=POST", "http://a.cn/?__wb_method=POSTED", "http://a.cn/?__wb_method=PUT", ""}) {
    EXPECT_EQ(PostTarget(url), "") << url;
  }
}

}  // namespace
}  // namespace fangzhi::url
