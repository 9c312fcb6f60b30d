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
    EXPECT_EQ(MetaRefreshTarget({html::Document::Parse(markup), page, {}}, 100), expected) << value.dump();
  }
  EXPECT_GT(pages, 0u);
}

}  // namespace
}  // namespace fangzhi::links
