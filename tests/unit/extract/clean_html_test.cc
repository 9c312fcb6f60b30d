#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

model::PageRecord Record(const std::string& body) {
  const std::string page = "<html><head><title>" + std::string(kTitle) + "_青石市林业局</title></head><body><h1>" + std::string(kTitle) +
                           "</h1><p>发布时间：2021-11-29 来源：青石日报</p><div class=TRS_Editor>" + body + "</div></body></html>";
  const html::Document document = html::Document::Parse(page);
  const auto url = url::Parse("http://www.example.gov.cn/xw/1.htm");
  return Extract({.document = document,
                  .page_url = *url,
                  .http_status = 200,
                  .selectors = nullptr,
                  .list_title = {},
                  .list_date = {},
                  .explain = true,
                  .clean_html = true});
}

TEST(CleanHtml, KeepsWhatTextIsMadeOf) {
  const std::string html = Record("<p style=\"text-indent:2em\">　　" + std::string(kFirst) + "</p><h3>一、<b>要求</b></h3><ul><li>其一，" + std::string(kSecond) +
                                  "</li></ul><table class=x><tr><td colspan=2 bgcolor=red>乡镇&amp;面积</td></tr><tr><td>青石镇</td><td></td></tr></table>"
                                  "<p><img src=a.jpg alt=\"图&quot;一\" onerror=x()></p><p>附件：<a href=\"/f/1.pdf\" onclick=go()>任务表.pdf</a></p>")
                               .html;
  EXPECT_NE(html.find("<p>" + std::string(kFirst) + "</p>"), std::string::npos) << html;
  EXPECT_NE(html.find("<h3>一、<b>要求</b></h3>"), std::string::npos) << html;
  EXPECT_NE(html.find("<ul><li>其一，"), std::string::npos) << html;
  EXPECT_NE(html.find("<td colspan=\"2\">乡镇&amp;面积</td>"), std::string::npos) << html;
  EXPECT_NE(html.find("<img src=\"http://www.example.gov.cn/xw/a.jpg\" alt=\"图&quot;一\">"), std::string::npos) << html;
  EXPECT_NE(html.find("<a href=\"http://www.example.gov.cn/f/1.pdf\" rel=\"nofollow noopener\">任务表.pdf</a>"), std::string::npos) << html;
}

TEST(CleanHtml, LetsNothingActThrough) {
  const std::string text = "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p>";
  for (const char* attack :
       {"<script>alert(1)</script>", "<p onclick=\"alert(1)\">按下这里，会议继续进行。</p>", "<a href=\"javascript:alert(1)\">会议链接，请点击查看。</a>",
        "<a href=\" java\nscript:alert(1)\">会议链接，请点击查看。</a>", "<a href=\"data:text/html,x\">会议链接，请点击查看。</a>", "<iframe src=//evil.example/></iframe>",
        "<svg onload=alert(1)><p>图形之内，也有文字。</p></svg>", "<object data=x></object><embed src=x>", "<form action=http://evil.example><input name=q></form>",
        "<style>body{display:none}</style>", "<img src=x.jpg onerror=alert(1)>", "<img src=\"javascript:alert(1)\">", "<base href=//evil.example>",
        "<p style=\"position:fixed;background:url(javascript:x)\">会议照常举行，请各单位参加。</p>", "<math><mtext><table><mglyph><style><img src=1 onerror=alert(1)>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;，是会议代码。</p>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>"}) {
    const std::string html = Record(text + attack + text).html;
    const html::Document shown = html::Document::Parse(html);
    for (const html::Node& node : shown.nodes()) {
      if (node.type != html::NodeType::kElement) continue;
      EXPECT_NE(node.text, "script") << attack;
      EXPECT_NE(node.text, "style") << attack;
      EXPECT_NE(node.text, "iframe") << attack;
      EXPECT_NE(node.text, "svg") << attack;
      EXPECT_NE(node.text, "form") << attack;
      for (const html::Attribute& attribute : shown.attributes(node)) {
        EXPECT_FALSE(attribute.name.starts_with("on")) << attack;
        EXPECT_NE(attribute.name, "style") << attack;
        if (attribute.name == "href" || attribute.name == "src") {
          EXPECT_TRUE(attribute.value.starts_with("http://") || attribute.value.starts_with("https://")) << attack << attribute.value;
        }
      }
    }
    EXPECT_NE(html.find(std::string(kSecond)), std::string::npos) << attack;
  }
}

TEST(CleanHtml, LeavesOutWhatTheTextLeavesOut) {
  const std::string html = Record("<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) +
                                  "</p><p style=\"display:none\">看不见的字，也不应当看见。</p><p>分享到：微信 微博</p><p>上一篇：<a href=2.htm>青石镇开展防火宣传</a></p>")
                               .html;
  EXPECT_EQ(html.find("看不见"), std::string::npos);
  EXPECT_EQ(html.find("分享"), std::string::npos);
  EXPECT_EQ(html.find("上一篇"), std::string::npos);
}

TEST(Candidates, EveryWitnessIsHeard) {
  const std::string page =
      "<html><head><title>" + std::string(kTitle) + "_青石市林业局</title><meta name=PubDate content=\"2021-11-20 08:30\"><meta name=ContentSource content=市府办>"
      "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-11-29T08:30:00+08:00\"}</script></head><body><h1>" +
      std::string(kTitle) + "</h1><p>发布时间：2021-11-29 来源：青石日报</p><div class=TRS_Editor><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) +
      "</p></div></body></html>";
  const html::Document document = html::Document::Parse(page);
  const auto url = url::Parse("http://www.example.gov.cn/xw/202111/t20211129_7.html");
  const model::PageRecord record = Extract({.document = document,
                                            .page_url = *url,
                                            .http_status = 200,
                                            .selectors = nullptr,
                                            .list_title = {},
                                            .list_date = {},
                                            .explain = true});
  EXPECT_EQ(record.published.value_or(""), "2021-11-29");
  EXPECT_NE(record.conflicts.at("published").find("meta:PubDate says 2021-11-20"), std::string::npos);
  EXPECT_EQ(record.source.value_or(""), "青石日报");
  EXPECT_EQ(record.conflicts.at("source"), "meta:ContentSource says 市府办");
  std::vector<std::string> bases;
  for (const model::Candidate& candidate : record.candidates.at("published")) bases.push_back(candidate.basis);
  for (const char* basis : {"infobar", "meta:PubDate", "json-ld", "url"}) {
    EXPECT_NE(std::find(bases.begin(), bases.end(), basis), bases.end()) << basis;
  }
  EXPECT_GT(record.confidence.at("title"), 0.7);
}

TEST(Document, SaysWhatItIs) {
  const std::string rows =
      "<table><tr><td><b>索 引 号：</b></td><td>11320300014000000X/2021-00110</td><td><b>主题分类：</b></td><td>农业、林业、水利\\林业</td></tr>"
      "<tr><td><b>发文机关：</b></td><td>青石市人民政府</td><td><b>成文日期：</b></td><td>2021年11月20日</td></tr>"
      "<tr><td><b>标　　题：</b></td><td>青石市人民政府关于划定森林防火区的通告</td></tr>"
      "<tr><td><b>发文字号：</b></td><td>青政发[2021]47号</td><td><b>发布日期：</b></td><td>2021年11月29日</td></tr><tr><td><b>有 效 性：</b></td><td>有效</td></tr></table>";
  const model::PageRecord record = ExtractPage("<html><head><title>政府信息公开</title></head><body>" + rows + "<div class=con><p>" + std::string(kFirst) + "</p><p>" +
                                               std::string(kSecond) + "</p></div><div class=foot>主办：青石市人民政府 网站标识码：3203000040</div></body></html>");
  EXPECT_EQ(record.title.value_or(""), "青石市人民政府关于划定森林防火区的通告");
  EXPECT_EQ(record.index_number.value_or(""), "11320300014000000X/2021-00110");
  EXPECT_EQ(record.document_number.value_or(""), "青政发[2021]47号");
  EXPECT_EQ(record.issuer.value_or(""), "青石市人民政府");
  EXPECT_EQ(record.written.value_or(""), "2021-11-20");
  EXPECT_EQ(record.published.value_or(""), "2021-11-29");
  EXPECT_EQ(record.topic.value_or(""), "农业、林业、水利\\林业");
  EXPECT_EQ(record.validity.value_or(""), "有效");
  EXPECT_EQ(record.site_id_code.value_or(""), "3203000040");
}

TEST(Parts, TheNextOneIsNamed) {
  const std::string pages = "<div class=pages><a href=#>1</a> <a href=show_7_2.html>2</a> <a href=show_7_2.html>下一页</a></div>";
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2021-11-29</p>", pages), "http://www.example.gov.cn/xw/show_7.html").next_page.value_or(""),
            "http://www.example.gov.cn/xw/show_7_2.html");
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2021-11-29</p>", "<script>createPageHTML(5, 0, \"t20211129_7\", \"html\");</script>"),
                        "http://www.example.gov.cn/xw/t20211129_7.html")
                .next_page.value_or(""),
            "http://www.example.gov.cn/xw/t20211129_7_1.html");
  const auto read = [](const std::string& pager, const std::string& address, const std::string& via = "", const std::string& link = "") {
    const html::Document document = html::Document::Parse(NewsPage("<p>发布时间：2021-11-29</p>", pager));
    const auto url = url::Parse("http://www.example.gov.cn" + address);
    return Extract({.document = document, .page_url = *url, .list_title = link, .via = via});
  };
  const auto next = [&read](const std::string& pager, const std::string& address) {
    const std::string all = read(pager, address).next_page.value_or("");
    return all.empty() ? all : all.substr(std::string("http://www.example.gov.cn").size());
  };
  EXPECT_EQ(next("<a href=2.html?page=2>2</a> <a href=2.html?page=3>3</a>", "/a/2.html"), "/a/2.html?page=2");
  EXPECT_EQ(next("<p>分页：[1] <a href=6-2.html>[2]</a> <a href=6-3.html>[3]</a></p>", "/a/6.html"), "/a/6-2.html");
  EXPECT_EQ(next("<a rel=next href=/a/9/p/2.html>下一页&gt;&gt;</a>", "/a/9.html"), "/a/9/p/2.html");
  EXPECT_EQ(next("<select><option value=/a/7.html>第1页</option><option value=/a/7_2.html>第2页</option></select>", "/a/7.html"), "/a/7_2.html");
  EXPECT_EQ(next("<a href=7_2.html><img src=n.gif alt=下一页></a>", "/a/7.html"), "/a/7_2.html");
  EXPECT_EQ(next("第2页 共3页 <a href=7_3.html>下页</a>", "/a/7_2.html"), "/a/7_3.html");
  EXPECT_EQ(next("<a href=7_1.html>上一页</a> <a href=7_3.html>下一页</a>", "/a/7_2.html"), "/a/7_3.html");
  // A plain chain: what led here tells that it is one.
  const model::PageRecord part = read("<a href=7_3.html>下一页</a>", "/a/7_2.html", "http://www.example.gov.cn/a/7.html", "下一页");
  EXPECT_EQ(part.next_page.value_or(""), "http://www.example.gov.cn/a/7_3.html");
  EXPECT_EQ(part.part_of.value_or(""), "http://www.example.gov.cn/a/7.html");
  EXPECT_EQ(read("", "/a/7_3.html", "http://www.example.gov.cn/a/7_2.html", "3").part_of.value_or(""), "http://www.example.gov.cn/a/7.html");
  EXPECT_FALSE(read("", "/a/7_3.html", "http://www.example.gov.cn/a/7_2.html", "市政府召开会议").part_of.has_value());
  EXPECT_EQ(read("<a href=show.php?id=5>1</a> 2 <a href='show.php?id=5&page=3'>3</a>", "/show.php?id=5&page=2").part_of.value_or(""), "http://www.example.gov.cn/show.php?id=5");
  EXPECT_FALSE(read("<a href=7_2.html>2</a>", "/a/7.html").part_of.has_value());
  // The last part of a pager that begins again, and a headline with a like address.
  EXPECT_EQ(next("<a href=/a/7.html>下一页</a>", "/a/7_4.html"), "");
  EXPECT_EQ(next("<a href=7_2.html>市政府召开会议</a>", "/a/7.html"), "");
  // The next article is no part of this one.
  EXPECT_FALSE(ExtractPage(NewsPage("<p>发布时间：2021-11-29</p>", "<a href=show_8.html>下一页</a>"), "http://www.example.gov.cn/xw/show_7.html").next_page.has_value());
}

TEST(Parts, ThePagerOfALastPartIsNoText) {
  // Nothing there says 下一页; in the text's own element, above, below and within it, in one line and in many.
  const auto read = [](const std::string& above, const std::string& below) {
    const std::string text = "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p>";
    return ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-11-29 来源：青石日报</p><div class=content>" + above + text + below +
                           "</div></body></html>",
                       "http://www.example.gov.cn/a/7_3.html")
        .body;
  };
  const std::string whole = std::string(kFirst) + "\n" + std::string(kSecond);
  for (const char* pager : {"<div class=page><a href=7.html>1</a> <a href=7_2.html>2</a> <b>3</b></div>", "<p><a href=7.html>[1]</a> <a href=7_2.html>[2]</a> [3]</p>",
                            "<p><a href=7.html>1</a>　<a href=7_2.html>2</a>　<a href=7_3.html>3</a></p>", "<p><a href=7.html>1</a> … <a href=7_2.html>2</a> <span>3</span></p>",
                            "<ul class=pages><li><a href=7.html>1</a></li><li><a href=7_2.html>2</a></li><li><span>3</span></li></ul>",
                            "<ul class=pages><li><a href=7_2.html>上一页</a></li><li><a href=7.html>1</a></li><li><a href=7_2.html>2</a></li><li>3</li></ul>"}) {
    EXPECT_EQ(read("", pager), whole) << pager;
    EXPECT_EQ(read("", std::string(pager) + "<p>（责任编辑：李文）</p>"), whole) << pager;
    if (std::string_view(pager).starts_with("<ul")) continue;
    EXPECT_EQ(read(pager, pager), whole) << pager;
  }
  // Numbers that lead nowhere are what the text says.
  for (const char* said : {"<p>1 2 3</p>", "<p>3 5</p>", "<p>12 <a href=/b/7.html>35</a> 8</p>"}) EXPECT_NE(read("", said), whole) << said;
}

TEST(Parts, ThePagerIsNoText) {
  for (const char* pager : {"<p>第1页 共3页 <a href=7_2.html>下页</a></p>", "<p>分页：[1] <a href=7_2.html>[2]</a></p>", "<p>第 1 页 共 3 页</p>"}) {
    const std::string page = "<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-11-29</p><div class=TRS_Editor><p>" +
                             std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p>" + pager + "</div></body></html>";
    EXPECT_EQ(ExtractPage(page, "http://www.example.gov.cn/a/7.html").body, std::string(kFirst) + "\n" + std::string(kSecond)) << pager;
  }
}

TEST(Copies, AreWhatThePageSays) {
  const auto copy = [](const std::string& href) {
    return ExtractPage(NewsPage("<p>发布时间：2021-11-29</p>", "", "<link rel=canonical href=\"" + href + "\">"), "http://m.example.gov.cn/m/xw/7.html").copy_of.value_or("");
  };
  EXPECT_EQ(copy("http://www.example.gov.cn/xw/7.html"), "http://www.example.gov.cn/xw/7.html");
  EXPECT_EQ(copy("http://m.example.gov.cn/m/xw/7.html?from=timeline"), "");
  EXPECT_EQ(copy("http://www.example.gov.cn/"), "");
  EXPECT_EQ(copy("http://news.example.com/xw/7.html"), "");
}

}  // namespace
}  // namespace fangzhi::extract
