#include <gtest/gtest.h>

#include "html/html.h"

namespace fangzhi::html {
namespace {

constexpr const char* kPage =
    "<div id=a class='x y'><p class=x>1</p><ul><li><a href='/art/1.htm'>2</a></li><li><a href='http://b/'>3</a></li></ul></div>"
    "<div id=b><section><p>4</p></section><p title='前缀 值'>5</p></div>";

std::string Select(std::string_view selector) {
  const Document document = Document::Parse(kPage);
  std::string problem;
  const auto compiled = Selector::Compile(selector, &problem);
  if (!compiled) return "!" + problem;
  std::string out;
  for (const NodeIndex i : compiled->Select(document)) {
    if (!out.empty()) out += ' ';
    std::string text = TextContent(document, i);
    for (char& c : text) c = c == '\n' ? '+' : c;
    out += text;
  }
  return out;
}

TEST(Selector, Compounds) {
  EXPECT_EQ(Select("p"), "1 4 5");
  EXPECT_EQ(Select("#a"), "1+2+3");
  EXPECT_EQ(Select(".x"), "1+2+3 1");
  EXPECT_EQ(Select("p.x"), "1");
  EXPECT_EQ(Select(".x.y"), "1+2+3");
  EXPECT_EQ(Select("P[title]"), "5");
  EXPECT_EQ(Select("[href^='/art/']"), "2");
  EXPECT_EQ(Select("a[href*=//b]"), "3");
  EXPECT_EQ(Select("[title = \"前缀 值\"]"), "5");
}

TEST(Selector, Combinators) {
  EXPECT_EQ(Select("div p"), "1 4 5");
  EXPECT_EQ(Select("div > p"), "1 5");
  EXPECT_EQ(Select("#b>section>p"), "4");
  EXPECT_EQ(Select("#a > a"), "");
  EXPECT_EQ(Select("div ul > li a"), "2 3");
  EXPECT_EQ(Select("a, section p ,p.x"), "1 2 3 4");
}

TEST(Selector, FirstIsOfTheWholeSelectorSoFar) {
  EXPECT_EQ(Select("li:first"), "2");
  EXPECT_EQ(Select("#b p:first"), "4");
  EXPECT_EQ(Select("div:first a"), "2 3");
}

TEST(Selector, BelowRootOnlyButAncestorsCount) {
  const Document document = Document::Parse(kPage);
  const NodeIndex list = document.FindFirst(0, [&](NodeIndex i) { return document.node(i).text == "ul"; });
  EXPECT_EQ(Selector::Compile("#a li", nullptr)->Select(document, list).size(), 2u);
  EXPECT_EQ(Selector::Compile("ul", nullptr)->Select(document, list).size(), 0u);
}

TEST(Selector, ProblemsNameTheirPosition) {
  EXPECT_EQ(Select(""), "!selector, position 1: expected a tag, '*', '#id', '.class' or '[attribute]'");
  EXPECT_EQ(Select("p >"), "!selector, position 4: expected a tag, '*', '#id', '.class' or '[attribute]'");
  EXPECT_EQ(Select("p[a='x]"), "!selector, position 5: the quote is not closed");
  EXPECT_EQ(Select("p:hover"), "!selector, position 8: only :first is known");
  EXPECT_EQ(Select("p,,a")[0], '!');
  EXPECT_EQ(Select("p+a")[0], '!');
}

}  // namespace
}  // namespace fangzhi::html
