#include <gtest/gtest.h>

#include "html/html.h"

namespace fangzhi::html {
namespace {

std::string Text(std::string markup, const TextOptions& options = {}) {
  return TextContent(Document::Parse(std::move(markup)), 0, options);
}

TEST(TextContent, BlocksEndLines) {
  EXPECT_EQ(Text("<h1>Title</h1><p>one\n  two <b>three</b></p><div>a<br>b</div>tail"), "Title\none two three\na\nb\ntail");
  EXPECT_EQ(Text("<ul><li>1<li>2</ul>"), "1\n2");
  EXPECT_EQ(Text("<div><div></div> <p> </p>x</div>"), "x");
}

TEST(TextContent, LinesAreTrimmedOfWideSpaces) {
  EXPECT_EQ(Text("<p>　　首段&nbsp;中&nbsp;</p><p>&nbsp;</p><p>　次段</p>"), "首段\u00A0中\n次段");
}

TEST(TextContent, CellsAreSeparatedByTabs) {
  EXPECT_EQ(Text("<table><tr><td>a</td><td>b</td></tr><tr><td></td><td>c</td><td>d</td></tr></table>"), "a\tb\nc\td");
}

TEST(TextContent, LeavesOutWhatAReaderDoesNotSee) {
  EXPECT_EQ(Text("<title>t</title><script>s()</script><style>p{}</style><p style='DISPLAY : none'>h</p><p hidden>h</p>"
                 "<p style='visibility:hidden'>h</p><p style='line-display:none'>v</p><template>t</template><!--c-->"
                 "<noscript>n</noscript>"),
            "v");
  TextOptions options;
  options.skip_hidden = false;
  EXPECT_EQ(Text("<p style='display:none'>h</p>v", options), "h\nv");
}

TEST(TextContent, NoscriptIsReadWhereItIsAllThereIs) {
  EXPECT_EQ(Text("<script>x</script><noscript>请启用 JavaScript</noscript>"), "请启用 JavaScript");
}

TEST(TextContent, OptionsSkipAndAlt) {
  const Document document = Document::Parse("<p>a<img alt='pic'><span class=x>b</span></p>");
  TextOptions options;
  options.image_alt = true;
  options.skip = [&](NodeIndex i) { return document.HasClass(i, "x"); };
  EXPECT_EQ(TextContent(document, 0, options), "apic");
}

TEST(TextContent, PreKeepsItsLines) { EXPECT_EQ(Text("<pre>a\n  b\nc</pre>"), "a\nb\nc"); }

TEST(Escape, AllFive) { EXPECT_EQ(Escape("<a href=\"x\">'&'"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;"); }

TEST(IsBlock, KnowsBlocks) {
  const Document document = Document::Parse("<div><span>x</span></div>");
  const NodeIndex div = document.FindFirst(0, [&](NodeIndex i) { return document.node(i).text == "div"; });
  EXPECT_TRUE(IsBlock(document.node(div)));
  EXPECT_FALSE(IsBlock(document.node(div + 1)));
}

}  // namespace
}  // namespace fangzhi::html
