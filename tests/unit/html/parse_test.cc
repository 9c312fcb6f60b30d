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

// A character of plane 15 in the page keeps the parser from using stand-ins: the tree must be the same.
void ExpectSameWithoutStandIns(const std::string& page) {
  SCOPED_TRACE(page);
  const Document document = Document::Parse(page);
  const Document plain = Document::Parse("<!--\U000F0000-->" + page);
  ASSERT_EQ(document.nodes().size() + 1, plain.nodes().size());
  for (NodeIndex i = 1; i < document.nodes().size(); ++i) {
    const Node &a = document.node(i), &b = plain.node(i + 1);
    ASSERT_EQ(a.type, b.type) << i;
    ASSERT_EQ(a.text, b.text) << i;
    ASSERT_EQ(a.depth, b.depth) << i;
    ASSERT_EQ(a.end + 1, b.end) << i;
    ASSERT_EQ(a.tag, b.tag) << i;
    ASSERT_EQ(a.next_sibling == kNone, b.next_sibling == kNone) << i;
    if (a.next_sibling != kNone) {
      ASSERT_EQ(a.next_sibling + 1, b.next_sibling) << i;
    }
    if (a.parent != 0) {
      ASSERT_EQ(a.parent + 1, b.parent) << i;
    }
    ASSERT_EQ(a.attribute_count, b.attribute_count) << i;
    for (size_t k = 0; k < a.attribute_count; ++k) {
      ASSERT_EQ(document.attributes(a)[k].name, plain.attributes(b)[k].name) << i;
      ASSERT_EQ(document.attributes(a)[k].value, plain.attributes(b)[k].value) << i;
    }
  }
  EXPECT_EQ(document.cuts(), plain.cuts());
}

TEST(Parse, StandInsChangeNothing) {
  for (const char* page : {
           "<title>甘肃经济信息网 &amp; 其他</title><title>甘肃经济信息网</title>",
           "  \r\n <html>\r\n<body class=\"main page\" CLASS='other one'>一段文字很长\r\n又一行\r回车&nbsp;之后的文字&middot其余&#20013;文字</body> 之后的文字",
           "<table>表格里不该有的文字<tr><td>单元格中的文字</td> <!--[if IE]>注释里的文字<![endif]--> 外面的文字</table>",
           "<script>if (a < b) document.write('<p>脚本中的文字</p>');</script><script><!-- x <script>中文文字</script> --></script>余下的文字",
           "<style>.menu > a { color: red }</style><textarea>\n  一段文字很长</textarea><pre>\n一段文字很长\n</pre>",
           "<p><font color=\"#ff0000\">一<font color=\"#ff0000\">二<font color=\"#ff0000\">三<font color=\"#ff0000\">四<p>又一段文字很长",
           "<p><font color=\"#ff0000\">一<font color=\"#ff0001\">二<font color=\"#ff0002\">三<font color=\"#ff0003\">四<p>又一段文字很长",
           "<a href=\"/one/two.html\"><a href=\"/one/two.html\"><a href=\"/one/two.html\"><p>一段文字很长<a href=\"/one/two.html\">",
           "<table><input type=\"hidden\" name=\"abcdefgh\"><input type='text/x' name=\"abcdefgh\"></table>",
           "<svg><title>一段文字很长</title><a xlink:href=\"/abcdefgh\">一段文字很长</a><![CDATA[一段文字很长]]></svg>",
           "<math><annotation-xml encoding=\"text/html\"><p>一段文字很长</annotation-xml></math>",
           "<frameset cols=\"20%,80%\">一段 文字 很长<frame src=\"/abcdefgh\"></frameset>",
           "<select><option value=\"abcdefgh\">一段文字很长<option><b>一段文字很长</select>",
           "<isindex prompt=\"一段文字很长\" action=\"/abcdefgh\">",
           "<!--> 一段文字很长 --><!--- 一段文字很长 --><!-- 一段--文字很长 --><!-- 一段文字很长 --!><!-- 一段文字很长 ---><!--一段文字很长",
           "一段文字很长 <3 个苹果 < 四个 <= 五个 &lt;b> & 一段文字 &文字很长 &ampé文字很长 &notit; &#x4e2d文字很长",
           "<div title=\"a &amp; b 文字很长\" alt=\"一段文字&copy=3\" data=abcdefgh data-x='一段\r\n文字很长'>一段文字很长",
           "<div title=\"一段文字很长\n\" / class = \"abcdefgh\"id=\"abcdefgh\">一段文字很长<noscript>一段<img src=\"/abcdefgh\"></noscript>",
           "<plaintext>一段文字很长<b class=\"abcdefgh\">", "<div class=\"abcdefgh", "<title>一段文字很长", "<li>一段文字很长</br>一段文字很长</p>",
       }) {
    ExpectSameWithoutStandIns(page);
  }
}

TEST(Parse, StandInsChangeNothingInRandomMarkup) {
  const std::vector<std::string> pieces = {
      "<table>", "</table>", "<tr>", "<td class=\"abcdefgh\">", "</td>", "<p>", "</p>", "<a href=\"/abcdefgh.html\">", "</a>", "<b>", "</b>",
      "<font size=\"1234567\">", "</font>", "一段文字很长", " ", "\r\n  ", "&nbsp;", "&#20013;", "<!--一段文字很长-->", "<script>var a = '一段文字';</script>",
      "<select>", "</select>", "<option>", "<div id='abcdefgh'>", "</div>", "<svg>", "</svg>", "<title>一段文字很长</title>", "<body bgcolor=\"white\">",
      "<form action=\"/abcdefgh\">", "</form>", "<ul>", "<li>", "</ul>", "a < b 文字", "<style>p { margin: 0 }</style>", "<math>", "<h1>", "</h2>", "<textarea>\n文字文字</textarea>",
      "<caption>", "<button>", "</button>", "<head>", "</body>", "</html>", "<template>", "</template>", "<x-y z=\"abcdefgh\">", "<frameset>"};
  uint32_t state = 20261126;
  for (int round = 0; round < 2000; ++round) {
    std::string page;
    for (int i = 0; i < 40; ++i) {
      state = state * 1664525u + 1013904223u;
      page += pieces[(state >> 8) % pieces.size()];
    }
    ExpectSameWithoutStandIns(page);
    if (HasFatalFailure()) return;
  }
}

// Markup in order, or nearly so: the tree of most elements is known ahead of Gumbo.
TEST(Parse, TreesKnownAheadAreGumbos) {
  for (const char* page : {
           "<body><div id=x class=\"A b\"><p>一<b>二</b><p>三</div>四",
           "<body><ul><li>一<li>二<ul><li>三</li></ul></ul><dl><dt>四<dd>五</dl>",
           "<body><table><tr><td>一<td>二<tr><td>三</table><table><caption>四</caption><colgroup><col><col></colgroup><tbody> <tr> <th>五</th> </tr> </tbody></table>",
           "<body><div><table><tr><td><font color=red>一</td><td>二</td></tr></table></div>",
           "<body><div><form action=/a>一<input name=b>\n</form>二<p>三</p></div><div><form>四</form></div>五",
           "<body><div><form><p>一</form>二</div><div><table><form><tr><td>三</form></table></div><form>四</form>",
           "<body><div><a href=1>一<a href=2>二</a></a></div><div><b>三</div>四<div>五</div></b>",
           "<body><div><b>一<p>二</b>三</p></div><div>四</div>",
           "<body><div><p>一<table><tr><td>二</table></p></div><!DOCTYPE html>",
           "<!DOCTYPE html><body><div><p>一<table><tr><td>二</table></p></div>",
           "<body><div><table><tr>一<td>二</td></tr></table><table><b><tr><td>三</table></div>",
           "<body><div title='a&amp;b&nbsp;' alt=\"?a=1&b=2&copy=3\" x=&copy>&lt;&#20013;&#x4E2D;&hellip;</div><div>&copy</div><div>&#150;&#0;&nope;</div>",
           "<body><pre>\n一</pre><pre>\r\n二</pre><pre>&#10;三</pre><pre><b>四</b>\n</pre><textarea>\n五</textarea>",
           "<body>\r\n<div>\r\n一\r\n</div>\r<p title='a\r\nb'>二\r三",
           "<body><select><option>一<option value=1>二</option><optgroup><option>三</optgroup></select><select><option>四<div>五</select>",
           "<body><div><svg><path/></svg>一</div><x-y>二</x-y><x-y>三<z-z>四</x-y>五",
           "<body><h1>一<h2>二</h3>三<div><h1>四</h2></div>",
           "<body><div><b><b><b><b>一</b></b></b></b></div><p>二",
           "<body><div>一</body></html><!--二--><div>三</div>\n<!--四-->",
           "<body><marquee><b>一</marquee>二<object><div>三</object></div><button><p>四<button>五</button>",
           "<body><div>一</p>二</br>三</span>四<!-->五<!---->六<? 七>八 < 九</div>",
           "<head><noscript><img src=1></noscript></head><body><noscript><div>一</noscript></div>",
           "<p>一<body><div>二</div>", "<frameset><body><div>一</div>", "<head></head><noscript>一<body><div>二</div></noscript>",
       }) {
    ExpectSameWithoutStandIns(page);
    if (HasFatalFailure()) return;
  }
}

TEST(Parse, TreesKnownAheadAreGumbosInRandomMarkup) {
  const std::vector<std::string> names = {"div", "ul",     "li",   "p",      "h1",     "table",  "tr",   "td",      "tbody",  "dl",    "dd",    "form",   "a",
                                          "b",   "font",   "span", "center", "button", "select", "td",   "tr",      "div",    "li",    "x-y",   "object", "caption",
                                          "pre", "option", "dt",   "strong", "label",  "a",      "span", "section", "script", "thead", "title", "iframe", "noscript"};
  const std::vector<std::string> attributes = {"", "", " class=\"abc\"", " href='/abcdefgh.html'", " id=x", " a=1 A='other one'", " href=\"?a=1&b=2&amp;c=3\"", " alt", " x='&notit;'", " t='a\r\nb'"};
  const std::vector<std::string> contents = {"text", "一段文字很长", "一", " ", "\n", "\r\n  ", "a&nbsp;b", "&copy", "<br>", "<img src=\"/a.jpg\">", "<!--comment-->", "<!---->",
                                             "<input type=hidden name=abc>", "<hr>", "</p>", "<script>var a='<p>';</script>", "<table> <tr> <td>a</td></tr></table>", "<ul><li>a<li>b</ul>",
                                             "<select><option>一<option>b</select>", "a < b", "</body>", "<link rel=x>", "<textarea>\nx</textarea>"};
  uint32_t state = 20261127;
  const auto next = [&state](size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  for (int round = 0; round < 4000; ++round) {
    const size_t disorder = next(4);
    std::string page = "<html><head><title>t</title></head><body>";
    std::vector<std::string> open;
    for (int i = 0; i < 40; ++i) {
      const size_t dice = next(10);
      if (dice < 3) {
        std::string name = names[next(names.size())];
        // Tables in order more often than chance has it.
        if (!open.empty() && next(4) != 0) {
          if (open.back() == "table" || open.back() == "tbody") name = "tr";
          if (open.back() == "tr") name = "td";
          if (open.back() == "ul") name = "li";
        }
        page += "<" + name + attributes[next(attributes.size())] + ">";
        open.push_back(name);
      } else if (dice < 6 && !open.empty()) {
        size_t at = open.size() - 1;
        if (disorder > 1 && next(8) == 0) at = next(open.size());
        if (disorder == 0 || next(20) != 0) page += "</" + open[at] + ">";
        open.resize(at);
      } else {
        const bool structure = !open.empty() && (open.back() == "table" || open.back() == "tbody" || open.back() == "tr");
        page += structure && next(8) != 0 ? " " : contents[next(disorder == 0 ? 12 : contents.size())];
      }
    }
    ExpectSameWithoutStandIns(page);
    if (HasFatalFailure()) return;
  }
}

TEST(Parse, ASlashInAValueClosesNothing) { ExpectSameWithoutStandIns("<svg b=/><iframe><p title=\"abcdefgh\">一段文字很长"); }

TEST(Parse, WhatCouldBeTakenForAStandIn) {
  const Document reference = Document::Parse("<p>一段文字很长</p><p>&#983040;&#xF0001;</p>");
  EXPECT_EQ(TextContent(reference, 0), "一段文字很长\n\U000F0000\U000F0001");
  const Document itself = Document::Parse("<p>一段文字很长</p><p title='一段文字很长'>\U000F0000</p>");
  EXPECT_EQ(TextContent(itself, 0), "一段文字很长\n\U000F0000");
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
