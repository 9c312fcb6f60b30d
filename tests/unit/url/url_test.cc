// The parser, hosts and display; samples are made up. The large vectors are in conformance_test.cc.
#include "url/url.h"

#include <gtest/gtest.h>

#include <string>

namespace fangzhi::url {
namespace {

std::string Resolve(std::string_view input, std::string_view base = {}, const QueryEncoder& encoder = {}) {
  Result<Url> base_url = Url{};
  if (!base.empty()) base_url = Parse(base);
  if (!base_url) return "bad base";
  const Result<Url> url = Parse(input, base.empty() ? nullptr : &*base_url, encoder);
  return url ? url->Href() : "error: " + url.error().message;
}

constexpr std::string_view kBase = "http://www.xian.gov.cn/zwgk/2021/t1.html?p=2";

TEST(Parse, RelativeReferences) {
  EXPECT_EQ(Resolve("t2.html", kBase), "http://www.xian.gov.cn/zwgk/2021/t2.html");
  EXPECT_EQ(Resolve("./t2.html", kBase), "http://www.xian.gov.cn/zwgk/2021/t2.html");
  EXPECT_EQ(Resolve("../", kBase), "http://www.xian.gov.cn/zwgk/");
  EXPECT_EQ(Resolve("../../../../x", kBase), "http://www.xian.gov.cn/x");
  EXPECT_EQ(Resolve("..", kBase), "http://www.xian.gov.cn/zwgk/");
  EXPECT_EQ(Resolve(".", kBase), "http://www.xian.gov.cn/zwgk/2021/");
  EXPECT_EQ(Resolve("", kBase), kBase);
  EXPECT_EQ(Resolve("?page=3", kBase), "http://www.xian.gov.cn/zwgk/2021/t1.html?page=3");
  EXPECT_EQ(Resolve("#top", kBase), std::string(kBase) + "#top");
  EXPECT_EQ(Resolve("/a", kBase), "http://www.xian.gov.cn/a");
  EXPECT_EQ(Resolve("//other.gov.cn/a", kBase), "http://other.gov.cn/a");
  EXPECT_EQ(Resolve("http:t2.html", kBase), "http://www.xian.gov.cn/zwgk/2021/t2.html");
  EXPECT_EQ(Resolve("https:t2.html", kBase), "https://t2.html/");
  EXPECT_EQ(Resolve("a:b", kBase), "a:b");
  EXPECT_EQ(Resolve("1:b", kBase), "http://www.xian.gov.cn/zwgk/2021/1:b");
  EXPECT_EQ(Resolve("t2.html"), "error: missing-scheme-non-relative-URL");
}

TEST(Parse, WhatAuthorsWrite) {
  EXPECT_EQ(Resolve("\\\\art\\\\2026\\\\t1.html", kBase), "http://art//2026//t1.html");
  EXPECT_EQ(Resolve("\\art\\t1.html", kBase), "http://www.xian.gov.cn/art/t1.html");
  EXPECT_EQ(Resolve("  \n/art/\n1.html\t ", kBase), "http://www.xian.gov.cn/art/1.html");
  EXPECT_EQ(Resolve("HTTP://A.GOV.CN:80/"), "http://a.gov.cn/");
  EXPECT_EQ(Resolve("http:/one/slash"), "http://one/slash");
  EXPECT_EQ(Resolve("http:\\\\\\a.cn\\x"), "http://a.cn/x");
  EXPECT_EQ(Resolve("/附件 1.doc", kBase), "http://www.xian.gov.cn/%E9%99%84%E4%BB%B6%201.doc");
  EXPECT_EQ(Resolve("/a?q=x y\"<>'", kBase), "http://www.xian.gov.cn/a?q=x%20y%22%3C%3E%27");
  EXPECT_EQ(Resolve("/{c}\"d\"^`", kBase), "http://www.xian.gov.cn/%7Bc%7D%22d%22%5E%60");
  EXPECT_EQ(Resolve("javascript:void(0)", kBase), "javascript:void(0)");
  EXPECT_EQ(Resolve("mailto:a@b.cn?subject=x y", kBase), "mailto:a@b.cn?subject=x%20y");
}

TEST(Parse, LeavesBytesAndSlashesAlone) {
  for (std::string_view url :
       {"http://a.cn/news_,11,_%D5%FE%B8%AE_1___.html", "http://a.cn/i.asp?T=%d5%FE%B8%ae",
        "http://a.cn//New//Up.aspx", "http://a.cn/a;jsessionid=1?x", "http://a.cn/%2e%2Fx%41",
        "http://a.cn/?", "http://a.cn/a#", "http://a.cn/%zz%"}) {
    EXPECT_EQ(Resolve(url), url);
  }
  // Raw bytes that are not UTF-8 (a Location header in GBK) are escaped as they are.
  EXPECT_EQ(Resolve("/\xD5\xFE?\xB8\xAE", kBase), "http://www.xian.gov.cn/%D5%FE?%B8%AE");
}

TEST(Parse, QueryInTheEncodingOfThePage) {
  // As a GBK encoder would: 政 is D5 FE, and a character that it lacks comes as a decimal reference.
  const QueryEncoder encoder = [](std::string_view utf8) {
    EXPECT_EQ(utf8, "q=政ก&n=1");
    return std::string("q=\xD5\xFE&#3585;&n=1");
  };
  EXPECT_EQ(Resolve("/政?q=政ก&n=1#政", kBase, encoder),
            "http://www.xian.gov.cn/%E6%94%BF?q=%D5%FE%26%233585%3B&n=1#%E6%94%BF");
  // ASCII and raw bytes never reach the encoder, and other schemes stay in UTF-8.
  const QueryEncoder never = [](std::string_view) -> std::string {
    ADD_FAILURE();
    return "";
  };
  EXPECT_EQ(Resolve("/?a=%D5", kBase, never), "http://www.xian.gov.cn/?a=%D5");
  EXPECT_EQ(Resolve("/?a=\xD5\xFE", kBase, never), "http://www.xian.gov.cn/?a=%D5%FE");
  EXPECT_EQ(Resolve("ws://a/?政", "", never), "ws://a/?%E6%94%BF");
  EXPECT_EQ(Resolve("x://a/?政", "", never), "x://a/?%E6%94%BF");
}

TEST(Parse, UserInformationAndPort) {
  const Result<Url> url = Parse("http://user:p:w@x@a.cn:08080/");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->username, "user");
  EXPECT_EQ(url->password, "p%3Aw%40x");
  EXPECT_EQ(url->HostPort(), "a.cn:8080");
  EXPECT_EQ(url->Origin(), "http://a.cn:8080");
  EXPECT_EQ(Resolve("https://a.cn:443/"), "https://a.cn/");
  EXPECT_EQ(Resolve("http://a.cn:/"), "http://a.cn/");
  EXPECT_EQ(Resolve("http://a.cn:65535/"), "http://a.cn:65535/");
  EXPECT_EQ(Resolve("http://a.cn:65536/"), "error: port-out-of-range");
  EXPECT_EQ(Resolve("http://a.cn:8x/"), "error: port-invalid");
  EXPECT_EQ(Resolve("http://user@/"), "error: host-missing");
  EXPECT_EQ(Resolve("http://"), "error: host-missing");
}

TEST(Parse, Hosts) {
  EXPECT_EQ(Resolve("http://政府.cn/"), "http://xn--mxtq1m.cn/");
  EXPECT_EQ(Resolve("http://ＷＷＷ.Gov．cn/"), "http://www.gov.cn/");
  EXPECT_EQ(Resolve("http://straße.de/"), "http://xn--strae-oqa.de/");
  EXPECT_EQ(Resolve("http://a_b.gov.cn./"), "http://a_b.gov.cn./");
  EXPECT_EQ(Resolve("http://%77ww.gov.cn/"), "http://www.gov.cn/");
  EXPECT_EQ(Resolve("http://0x7f.1/"), "http://127.0.0.1/");
  EXPECT_EQ(Resolve("http://010.0.0.1/"), "http://8.0.0.1/");
  EXPECT_EQ(Resolve("http://3232235521/"), "http://192.168.0.1/");
  EXPECT_EQ(Resolve("http://1.2.3.4./"), "http://1.2.3.4/");
  EXPECT_EQ(Resolve("http://[1:0:0:2::3:0]/"), "http://[1::2:0:0:3:0]/");  // the first of the longest
  EXPECT_EQ(Resolve("http://[2001:DB8:0:0:0:0:0:1]:81/"), "http://[2001:db8::1]:81/");
  EXPECT_EQ(Resolve("http://[::ffff:1.2.3.4]/"), "http://[::ffff:102:304]/");
  EXPECT_EQ(Resolve("http://1.2.3.256/"), "error: IPv4-out-of-range-part");
  EXPECT_EQ(Resolve("http://1.2.3.4.5/"), "error: IPv4-too-many-parts");
  EXPECT_EQ(Resolve("http://a.1x.08/"), "error: IPv4-non-numeric-part");
  EXPECT_EQ(Resolve("http://[::1/"), "error: IPv6-unclosed");
  EXPECT_EQ(Resolve("http://[1::2::3]/"), "error: IPv6-multiple-compression");
  EXPECT_EQ(Resolve("http://[1:2]/"), "error: IPv6-too-few-pieces");
  EXPECT_EQ(Resolve("http://a b/"), "error: domain-invalid-code-point");
  EXPECT_EQ(Resolve("http://a%00b/"), "error: domain-invalid-code-point");
  EXPECT_EQ(Resolve("http://\xD5\xFE.cn/"), "error: domain-to-ASCII");
  EXPECT_EQ(Resolve("http://a\u200D.cn/"), "error: domain-to-ASCII");
  EXPECT_EQ(Resolve("x://a b/"), "error: host-invalid-code-point");
  EXPECT_EQ(Resolve("x://Ä%41/"), "x://%C3%84%41/");
  EXPECT_EQ(HostToAscii("WWW.Gov.CN").value(), "www.gov.cn");
  EXPECT_FALSE(HostToAscii("").has_value());
}

TEST(Parse, OtherSchemes) {
  EXPECT_EQ(Resolve("file:///C|/a/../b"), "file:///C:/b");
  EXPECT_EQ(Resolve("file://localhost/a"), "file:///a");
  EXPECT_EQ(Resolve("..", "file:///C:/"), "file:///C:/");
  EXPECT_EQ(Resolve("/D:/x", "file:///C:/a"), "file:///D:/x");
  EXPECT_EQ(Resolve("/x", "file:///C:/a"), "file:///C:/x");
  EXPECT_EQ(Resolve("x", "data:text/plain,a"), "error: missing-scheme-non-relative-URL");
  EXPECT_EQ(Resolve("#f", "data:text/plain,a"), "data:text/plain,a#f");
  EXPECT_EQ(Resolve("web+demo:/.//not-a-host/"), "web+demo:/.//not-a-host/");
  EXPECT_EQ(Resolve("data:a b ?q"), "data:a b%20?q");
  EXPECT_EQ(Parse("data:x")->Origin(), "null");
  EXPECT_EQ(Parse("blob:https://a.cn/1")->Origin(), "https://a.cn");
  EXPECT_EQ(Parse("blob:blob:https://a.cn/1")->Origin(), "null");
}

TEST(Parse, Parts) {
  const Url url = Parse("https://a.gov.cn:8443/x/y.html?q=1#f").value();
  EXPECT_EQ(url.HrefWithoutFragment(), "https://a.gov.cn:8443/x/y.html?q=1");
  EXPECT_EQ(url.PathAndQuery(), "/x/y.html?q=1");
  EXPECT_EQ(url.Origin(), "https://a.gov.cn:8443");
  EXPECT_TRUE(url.IsHttp());
  EXPECT_EQ(Parse("http://a.cn")->PathAndQuery(), "/");
  EXPECT_FALSE(Parse("ftp://a.cn/")->IsHttp());
}

TEST(PercentDecode, LeavesWhatIsNoEscape) {
  EXPECT_EQ(PercentDecode("%D5%fe%"), "\xD5\xFE%");
  EXPECT_EQ(PercentDecode("%4%41%zz+"), "%4A%zz+");
  EXPECT_EQ(PercentDecode(""), "");
}

TEST(Display, DecodesUtf8AndNothingThatDeceives) {
  EXPECT_EQ(Display("http://a.cn/%E6%94%BF%E5%BA%9C?q=%E5%85%AC"), "http://a.cn/政府?q=公");
  EXPECT_EQ(Display("http://a.cn/%D5%FE%B8%AE"), "http://a.cn/%D5%FE%B8%AE");      // GBK
  EXPECT_EQ(Display("http://a.cn/%2Fa%20b%25%41"), "http://a.cn/%2Fa%20b%25%41");  // ASCII means something
  EXPECT_EQ(Display("http://a.cn/%E2%80%AEgpj.exe"), "http://a.cn/%E2%80%AEgpj.exe");
  EXPECT_EQ(Display("http://a.cn/%C2%9B31m"), "http://a.cn/%C2%9B31m");
  EXPECT_EQ(Display("%E6%94"), "%E6%94");
  EXPECT_EQ(Display("%EF%BF%BD%"), "%EF%BF%BD%");
}

}  // namespace
}  // namespace fangzhi::url
