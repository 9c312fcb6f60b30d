#include "html/guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "base/limits.h"
#include "html/arena.h"
#include "html/html.h"
#include "html/stand_ins.h"
#include "html/tree_ahead.h"
#include "support/cpu_time.h"

namespace fangzhi::html {
namespace {

std::string Repeat(std::string_view piece, size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

std::string Numbered(std::string_view before, std::string_view after, size_t bytes) {
  std::string out;
  for (int i = 0; out.size() < bytes; ++i) out += std::string(before) + std::to_string(i) + std::string(after);
  return out;
}

TEST(Guard, HonestMarkupIsNotTouched) {
  // Unclosed items, paragraphs, cells and options do not nest, however many there are.
  for (const std::string_view piece :
       {"<li>x", "<p>x", "<tr><td>x", "<option>x", "<dd>x<dt>y", "<h2>a</h2><p><b>x</b><br>", "<a href=x>y</a>",
        "<table><tr><td>a</table>", "<p><font color=red>x</font>", "<div><span>x</div>", "<svg><path/></svg>",
        "<script>if(a<b)document.write('<div>')</script>", "<!-- <div> -->", "<select><option>a<option>b</select>",
        "<form><input></form>", "<tbody><tr><th>x"}) {
    for (const std::string prefix : {"", "<ul>", "<table>", "<table><tr><td>"}) {
      const std::string page = prefix + Repeat(piece, 50000);
      const Guarded guarded = GuardMarkup(page, GuardLevel::kNormal);
      EXPECT_FALSE(guarded.changed) << prefix << piece;
      EXPECT_TRUE(guarded.cuts.empty()) << prefix << piece;
    }
  }
}

// What Gumbo is given of a page, in characters, once the trees that are known ahead are taken out.
size_t LeftForGumbo(const std::string& page) {
  StandIns stand_ins(page);
  Arena arena(size_t{64} << 20);
  TreeAhead ahead(page, arena);
  const Guarded guarded = GuardMarkup(page, GuardLevel::kNormal, &stand_ins, &ahead);
  return guarded.changed ? guarded.text.size() : page.size();
}

TEST(Guard, MarkupInOrderIsNotGivenToGumbo) {
  for (const std::string_view piece :
       {"<li>x", "<li><a href=\"/a?b=1&c=2\">x</a></li>\r\n", "<p>x &nbsp; &lt;</p>", "<table><tr><td>x</td></tr></table>", "<p><font color=red>x</font>", "<div><span>x</div>",
        "<script>if(a<b)document.write('<div>')</script>", "<!-- <div> -->", "<select><option>a<option>b</select>", "<form><input></form>", "<h2>x</h2><br>",
        "<table><tbody> <tr> <td>x<td>y</table>"}) {
    EXPECT_LT(LeftForGumbo("<html><head><title>t</title></head><body><div>" + Repeat(piece, 5000) + "</div></body></html>"), 100u) << piece;
  }
  // What is out of order is left to Gumbo, what is in order within it is not.
  EXPECT_LT(LeftForGumbo("<body><div>" + Repeat("</p><div>" + Repeat("<p>x</p>", 1000) + "</div>", 5000) + "</div>"), 500u);
  EXPECT_GT(LeftForGumbo("<body><div><b><p></b>" + Repeat("<p>x</p>", 5000) + "</div>"), 5000u);
}

TEST(Guard, TheTextBelowTheCutIsKept) {
  const std::string page = Repeat("<div>", 5 * 2000) + "deep" + Repeat("</div>", 6 * 2000) + "<p>after";
  const Document document = Document::Parse(page);
  EXPECT_EQ(TextContent(document, 0), "deep\nafter");
  EXPECT_EQ(document.cuts(), std::vector<std::string>{"depth"});
  // What follows the deep part is where it belongs.
  const NodeIndex p = document.FindFirst(0, [&](NodeIndex i) { return document.node(i).text == "p"; });
  EXPECT_EQ(document.node(p).parent, document.body());
}

TEST(Guard, ElementOfTooManyAttributesKeepsItsFirst) {
  const Document document = Document::Parse("<p id=me " + Numbered("a", " ", 20000) + ">x</p>");
  const NodeIndex p = document.FindFirst(0, [&](NodeIndex i) { return document.node(i).text == "p"; });
  EXPECT_EQ(document.attribute(p, "id"), "me");
  EXPECT_EQ(document.node(p).attribute_count, limits::kMaxAttributes);
  EXPECT_EQ(document.cuts(), std::vector<std::string>{"attributes"});
  EXPECT_EQ(TextContent(document, p), "x");
}

TEST(Guard, BytesAreCutBetweenCharacters) {
  const Document document = Document::Parse("x" + Repeat("中", limits::kMaxHtmlBytes + 10));
  EXPECT_EQ(document.cuts(), std::vector<std::string>{"bytes"});
  EXPECT_EQ(document.source().size() % 3, 1u);
  EXPECT_EQ(TextContent(document, 0).find("\uFFFD"), std::string::npos);
}

// Pages made to be quadratic in Gumbo: each of these takes minutes without the guard or within it when its model is wrong.
TEST(Guard, HostilePagesAreBounded) {
  const size_t size = 300'000;
  const std::vector<std::pair<const char*, std::string>> pages = {
      {"div", Repeat("<div>", size)},
      {"deep div", Repeat("<div>", 2500) + Repeat("<div></div>", size)},
      {"font", Numbered("<font color=", ">", size)},
      {"p font", Numbered("<p><font color=", ">", size)},
      {"font then p", Numbered("<font color=", ">", 3000) + Repeat("<p>x", size)},
      {"b p", Repeat("<b><p>", size)},
      {"b p /b", Repeat("<b><p></b>", size)},
      {"a div", Repeat("<a><div>", size)},
      {"table", Repeat("<table><tr><td>", size)},
      {"foster", "<table>" + Repeat("<i>x<tr>", size)},
      {"attributes", "<p " + Numbered("a", " ", size) + ">"},
      {"attributes, torn", "<p " + Numbered("a", " ", size)},
      {"end tag attributes", "</p " + Numbered("a", " ", size) + ">"},
      {"body attributes", Numbered("<body a", ">", size)},
      {"b attributes", Numbered("<b a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0 k", ">", size)},
      {"select hides", Repeat("<div><select></div></select>", size)},
      {"form hides", Repeat("<form><div></form>", size)},
      {"svg title", "<svg><title>" + Repeat("<div>", size)},
      {"svg breakout", "<svg><p><style><!-- </style>" + Repeat("<div>", size)},
      {"select title", "<select><title></select>" + Repeat("<div>", size)},
      {"script in script", "<script><!--<script></script><style>--></script>" + Repeat("<div>", size)},
      {"unknown elements", Numbered("<x", ">", size)},
      {"object b", Repeat("<object><b>", size)},
      {"isindex", Repeat("<isindex>", size)},
  };
  for (const auto& [name, page] : pages) {
    for (const std::string before : {"", "<body>", "<body><div><ul><li>"}) {
      const fangzhi::testing::CpuTime time;
      const Document document = Document::Parse(before + page);
      const double seconds = time.Seconds();
      uint16_t depth = 0;
      for (const Node& node : document.nodes()) depth = std::max(depth, node.depth);
      EXPECT_LT(depth, 2200) << before << name;
      EXPECT_LE(document.nodes().size(), limits::kMaxHtmlNodes) << before << name;
      EXPECT_LT(seconds, 5) << before << name;  // about 0.05 s; the rest is for sanitizers and busy machines
    }
  }
}

}  // namespace
}  // namespace fangzhi::html
