#include "html/html.h"

#include <gtest/gtest.h>

namespace fangzhi::html {
namespace {

NodeIndex First(const Document& document, std::string_view name) {
  return document.FindFirst(0, [&](NodeIndex i) { return document.node(i).text == name; });
}

TEST(Parse, FlatTreeIsConsistent) {
  const Document document =
      Document::Parse("<!DOCTYPE html><title>t</title><body class='a b'><div id=x><p>one<p>two</div><!--c--><br>z");
  const auto nodes = document.nodes();
  ASSERT_EQ(nodes[0].type, NodeType::kDocument);
  EXPECT_EQ(nodes[0].end, nodes.size());
  for (NodeIndex i = 1; i < nodes.size(); ++i) {
    EXPECT_LT(nodes[i].parent, i);
    EXPECT_LE(nodes[i].end, nodes[nodes[i].parent].end);
    EXPECT_EQ(nodes[i].depth, nodes[nodes[i].parent].depth + 1);
    if (nodes[i].next_sibling != kNone) {
      EXPECT_EQ(nodes[i].next_sibling, nodes[i].end);
      EXPECT_EQ(nodes[nodes[i].next_sibling].parent, nodes[i].parent);
    }
  }
  ASSERT_NE(document.body(), kNone);
  EXPECT_TRUE(document.HasClass(document.body(), "b"));
  EXPECT_FALSE(document.HasClass(document.body(), "c"));
  EXPECT_EQ(document.attribute(First(document, "div"), "id"), "x");
  EXPECT_FALSE(document.attribute(First(document, "div"), "class"));
  EXPECT_EQ(document.node(First(document, "p")).tag, Tag("p"));
  EXPECT_TRUE(document.cuts().empty());
}

TEST(Parse, CustomElementsAndCommentsAreKept) {
  const Document document =
      Document::Parse("<UCAPCONTENT data-X='1&amp;2'><!--ZJEG_RSS.content.begin-->text</UCAPCONTENT>");
  const NodeIndex index = First(document, "ucapcontent");
  ASSERT_NE(index, kNone);
  EXPECT_EQ(document.node(index).tag, kUnknownTag);
  EXPECT_EQ(document.attribute(index, "data-x"), "1&2");
  EXPECT_EQ(document.node(index + 1).type, NodeType::kComment);
  EXPECT_EQ(document.node(index + 1).text, "ZJEG_RSS.content.begin");
  EXPECT_EQ(TextContent(document, index), "text");
}

TEST(Parse, SurvivesAMove) {
  Document first = Document::Parse("<p>some text</p>");
  const Document second = std::move(first);
  EXPECT_EQ(TextContent(second, 0), "some text");
}

TEST(Parse, ForeignNames) {
  const Document document = Document::Parse("<svg viewBox='0 0 1 1'><a xlink:href='/x'><foreignObject><p>t</foreignObject></svg>");
  EXPECT_EQ(document.attribute(First(document, "svg"), "viewbox"), "0 0 1 1");
  EXPECT_EQ(document.attribute(First(document, "a"), "xlink:href"), "/x");
  EXPECT_NE(First(document, "foreignobject"), kNone);
}

TEST(Parse, FramesetHasNoBody) {
  const Document document = Document::Parse("<html><head><title>t</title></head><frameset><frame src=a.htm></frameset>");
  EXPECT_EQ(document.body(), kNone);
  EXPECT_EQ(document.attribute(First(document, "frame"), "src"), "a.htm");
}

TEST(Parse, EmptyAndOdd) {
  for (const std::string& text : {std::string(), std::string("\0\0<p>\0x", 7), std::string("<"), std::string("</"),
                                 std::string("<a href='"), std::string("<!--"), std::string("</html></html>\xFF\xFE")}) {
    const Document document = Document::Parse(text);
    EXPECT_GE(document.nodes().size(), 1u);
    (void)TextContent(document, 0);
  }
}

}  // namespace
}  // namespace fangzhi::html
