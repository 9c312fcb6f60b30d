#include <gtest/gtest.h>

#include "links/links.h"

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
  return MetaRefreshTarget({document, page, {}}, max_seconds);
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
  EXPECT_EQ(MetaRefreshTarget({document, page, {}}, 5), "http://b.cn/m/");
}

}  // namespace
}  // namespace fangzhi::links
