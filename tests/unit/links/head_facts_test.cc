#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "links/links.h"
#include "support/corpus.h"

namespace fangzhi::links {
namespace {

std::string Base(std::string markup) {
  const url::Url page = *url::Parse("https://example.org/a/b.htm");
  return BaseUrl(html::Document::Parse(std::move(markup)), page).Href();
}

std::string Refresh(const std::string& content, int max_seconds = 5) {
  const html::Document document =
      html::Document::Parse("<meta content=\"" + html::Escape(content) + "\" HTTP-EQUIV=Refresh>");
  const url::Url page = *url::Parse("https://example.org/a/b.htm");
  return LeadsOn({document, page, {}}, max_seconds).target;
}

TEST(BaseUrl, FirstWithAnAddressCounts) {
  EXPECT_EQ(Base("<base target=_blank><base href=' /x/ '><base href=/y/>"), "https://example.org/x/");
  EXPECT_EQ(Base("<base href='http://b.cn/d'>"), "http://b.cn/d");
  EXPECT_EQ(Base("<base href='../c/'>"), "https://example.org/c/");
  EXPECT_EQ(Base(""), "https://example.org/a/b.htm");
}

TEST(BaseUrl, NotWhereItIsNoElementOfThePage) {
  for (const char* markup : {"<!-- <base href=/x/> -->", "<script>'<base href=/x/>'</script>", "<template><base href=/x/></template>",
                             "<noscript><base href=/x/></noscript>", "<base href='javascript:1'>", "<base href='data:,x'>",
                             "<base href='http://a b/'><base href=/y/>"}) {
    EXPECT_EQ(Base(markup), "https://example.org/a/b.htm") << markup;
  }
}

TEST(MetaRefresh, ByTheStandard) {
  EXPECT_EQ(Refresh("0;url=foo"), "https://example.org/a/foo");
  EXPECT_EQ(Refresh("  1  ;  url  =  foo"), "https://example.org/a/foo");
  EXPECT_EQ(Refresh("1, 'foo'bar"), "https://example.org/a/foo");
  EXPECT_EQ(Refresh("0.9; URL='foo'bar"), "https://example.org/a/foo");
  EXPECT_EQ(Refresh("1; urfoo"), "https://example.org/a/urfoo");
  EXPECT_EQ(Refresh("1\turl=foo"), "https://example.org/a/foo");
  for (const char* content : {"", "1", "-1; foo", "+1; url=foo", "1url=foo", ", foo", "0;url=javascript:x", "0;url=b.htm", "0;url="}) {
    EXPECT_EQ(Refresh(content), "") << content;
  }
}

TEST(MetaRefresh, WithinTheTime) {
  EXPECT_EQ(Refresh("5;url=foo"), "https://example.org/a/foo");
  EXPECT_EQ(Refresh("6;url=foo"), "");
  EXPECT_EQ(Refresh("99999999999999999999;url=foo"), "");
}

TEST(MetaRefresh, AlsoWhereNoScriptRuns) {
  const html::Document document =
      html::Document::Parse("<noscript><meta http-equiv=refresh content='0;url=/m/'></noscript><base href='http://b.cn/'>");
  const url::Url page = *url::Parse("https://example.org/");
  EXPECT_EQ(LeadsOn({document, page, {}}, 5).target, "http://b.cn/m/");
}

TEST(MetaRefresh, TheFieldOfTheAnswerIsReadAlike) {
  const url::Url page = *url::Parse("https://example.org/a/");
  const html::Document empty = html::Document::Parse(""), meta = html::Document::Parse("<meta http-equiv=refresh content='0;url=/m/'>");
  const Onward onward = LeadsOn({empty, page, {}}, 5, "0; url=/index/main.html");
  EXPECT_EQ(onward.target, "https://example.org/index/main.html");
  EXPECT_EQ(onward.how, "Refresh field");
  EXPECT_TRUE(onward.alone);
  EXPECT_EQ(LeadsOn({empty, page, {}}, 5, "60; url=/b").target, "");
  EXPECT_EQ(LeadsOn({empty, page, {}}, 5, "0; url=/a/").target, "");
  EXPECT_EQ(LeadsOn({meta, page, {}}, 5, "0; url=/b").target, "https://example.org/m/");
}

Onward OfMarkup(const std::string& markup) {
  const url::Url page = *url::Parse("https://example.org/a/b.htm");
  return LeadsOn({html::Document::Parse(markup), page, {}}, 5);
}

TEST(LeadsOn, WhetherThePageSaysAnythingElse) {
  const std::string refresh = "<head><title>临水县人民政府</title><meta http-equiv=refresh content='0;url=/index/main.html'></head>";
  for (const char* body : {"", "<body></body>", "<body><a href=/index/main.html>进入</a></body>", "<p>正在跳转，请稍候……</p><a href=/c>中文</a> <a href=/e>English</a>", "<body bgcolor=white><img src=logo.gif></body>"}) {
    EXPECT_TRUE(OfMarkup(refresh + body).alone) << body;
    EXPECT_EQ(OfMarkup(refresh + body).target, "https://example.org/index/main.html");
  }
  std::string links;
  for (int i = 0; i < 9; ++i) links += "<a href=/" + std::to_string(i) + ">要闻</a>";
  for (const std::string& body : {links, std::string("<iframe src=/x></iframe>"), std::string("<form action=/s><input name=q></form>"), std::string(600, 'x')}) {
    EXPECT_FALSE(OfMarkup(refresh + body).alone) << body;
    EXPECT_EQ(OfMarkup(refresh + body).target, "https://example.org/index/main.html");
  }
}

TEST(LeadsOn, AScriptThatDoesNothingElse) {
  for (const char* markup : {
           "<script>window.location.href=\"/index/main.html\"</script>",
           "<script language=javascript>\n<!--\nlocation=\"/index/main.html\";\n//-->\n</script>",
           "<html><body onload=\"location.href=&quot;/index/main.html&quot;\"></body></html>",
           "<html><body onload='window.location.replace(\"/index/main.html\")'></body></html>",
           "<title>正在跳转</title><script>top.location.assign('/index/main.html')</script>",
           "<script>setTimeout(\"location.href='/index/main.html'\", 3000)</script>",
           "<script>setTimeout(function () { location.href = '/index/main.html'; }, 0);</script>正在跳转",
           "<script>function go(){ self.location = '/index/main.html' } window.onload = go;</script>",
           "<script>function go(){ document.location = '/index/main.html' }</script><body onload=go()>",
           "<script>window.onload=function(){location.href='/index/main.html'}</script>",
           "<script>(function () { location.href = '/index/main.html' })()</script>",
           "<script>if (top != self) { top.location = self.location; }\nlocation.href = '/index/main.html';</script>",
       }) {
    const Onward onward = OfMarkup(markup);
    EXPECT_EQ(onward.target, "https://example.org/index/main.html") << markup;
    EXPECT_EQ(onward.how, "script");
    EXPECT_TRUE(onward.alone);
  }
  for (const char* markup : {
           "<script>if (mobile) location.href='/m/';</script>",
           "<script>if (mobile) { location.href='/m/' } else { location.href='/index/main.html' }</script>",
           "<script>mobile && (location='/m/')</script>",
           "<script>location.href='/index.html?t=' + Math.random()</script>",
           "<script>location.href=target; location.href='/b'</script>",
           "<script>function go(){ location.href='/m/' }</script>",
           "<script>document.cookie='a=1'; location.href='/m/'</script>",
           "<script>setTimeout(\"location.href='/m/'\", 30000)</script>",
           "<script>var s = \"location.href='/m/'\";</script>",
           "<script>// location.href='/m/'\n/* location.href='/m/' */</script>",
           "<script>if (location.href == '/m/') {}</script>",
           "<script>location.href='b.htm'</script>",
           "<script>location.href='javascript:history.go(-1)'</script>",
           "<script>location.hash='x'; mylocation='/m/'; location.reload('/m/')</script>",
       }) {
    EXPECT_EQ(OfMarkup(markup).target, "") << markup;
  }
  // A page with a text of its own: what its scripts do may hang on what a reader does.
  EXPECT_EQ(OfMarkup("<p>" + std::string(200, 'x') + "</p><script>location.href='/m/'</script>").target, "");
  // Functions that call each other without end.
  std::string calls = "<script>function a(){";
  for (int i = 0; i < 1000; ++i) calls += "a();";
  EXPECT_EQ(OfMarkup(calls + "} a();</script>").target, "");
}

// The recorded facts of other implementations. Missing here: those in another encoding (decode/ comes before), those without a
// page address, and a tag that the end of the page tears (browsers drop it).
std::vector<nlohmann::json> Recorded(const std::string& name) {
  std::ifstream file(test::Corpus() + "/conformance/html/" + name);
  std::vector<nlohmann::json> cases;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(nlohmann::json::parse(line));
  }
  return cases;
}

std::string MarkupOf(const nlohmann::json& value) {
  if (value.contains("html")) return value["html"].get<std::string>();
  return FromBase64(value["html_b64"].get<std::string>()).value_or("");
}

TEST(BaseUrl, RecordedCases) {
  const auto cases = Recorded("base_url_cases.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/html/base_url_cases.jsonl");
  size_t ran = 0;
  for (const auto& value : cases) {
    const auto page = url::Parse(value["url"].get<std::string>());
    if (!page || value["encoding"] != "utf-8") continue;
    ++ran;
    const auto expected = url::Parse(value["base_url"].get<std::string>());
    EXPECT_EQ(BaseUrl(html::Document::Parse(MarkupOf(value)), *page).Href(), expected->Href()) << value.dump();
  }
  EXPECT_GT(ran, 0u);
}

TEST(MetaRefresh, RecordedCases) {
  const auto values = Recorded("meta_refresh_content_values.jsonl");
  FANGZHI_NEEDS_CASES(values.size(), "conformance/html/meta_refresh_content_values.jsonl");
  for (const auto& value : values) {
    const bool moves = value["refresh"].get<bool>() && value["target"] != "(the document itself)";
    const url::Url page = *url::Parse("https://example.org/a/b.htm");
    const std::string target = moves ? value["target"].get<std::string>() : std::string();
    const std::string expected = moves ? url::Canonical(target, &page)->Href() : std::string();
    EXPECT_EQ(Refresh(value["content"].get<std::string>(), 100), expected) << value.dump();
  }
  size_t pages = 0;
  for (const auto& value : Recorded("meta_refresh_pages.jsonl")) {
    const std::string markup = MarkupOf(value);
    if (value["encoding"] != "utf-8" || markup.find('>') == std::string::npos) continue;
    ++pages;
    const url::Url page = *url::Parse(value["url"].get<std::string>());
    std::string expected =
        value["target"].is_null() ? "" : url::Canonical(value["target"].get<std::string>())->HrefWithoutFragment();
    if (expected == page.HrefWithoutFragment()) expected.clear();  // the page itself is no target
    EXPECT_EQ(LeadsOn({html::Document::Parse(markup), page, {}}, 100).target, expected) << value.dump();
  }
  EXPECT_GT(pages, 0u);
}

}  // namespace
}  // namespace fangzhi::links
