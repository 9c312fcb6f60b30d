#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

constexpr const char* kStrip = "<p>发布时间：2021-11-29 来源：青石日报 浏览：12</p>";

std::string Wrapped(const std::string& body, const std::string& before = "", const std::string& after = "") {
  return "<html><head><title>" + std::string(kTitle) +
         "_青石市林业局</title></head><body><div class=top><a href=/>首页</a> <a href=/a>机构</a> <a "
         "href=/b>政务公开</a></div>"
         "<div id=main><h1>" +
         std::string(kTitle) + "</h1>" + kStrip + before + body + after +
         "</div>"
         "<div class=foot><p>主办单位：青石市林业局　备案号：某ICP备00000000号</p></div></body></html>";
}

TEST(Body, MarkersOfContentSystems) {
  const std::string text = "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" +
                           std::string(kThird) + "</p>";
  for (const char* open : {"<div class=TRS_Editor>", "<div class=\"view TRS_UEDITOR trs_paper_default\">",
                           "<UCAPCONTENT>", "<div id=vsb_content_2_1598_u91><div class=v_news_content>",
                           "<div class=wp_articlecontent>", "<div id=zoom>", "<div id=ivs_content>",
                           "<div class=pages_content>", "<article>", "<div itemprop=articleBody>"}) {
    const model::PageRecord record = ExtractPage(Wrapped(std::string(open) + text + "</div>"));
    EXPECT_EQ(record.body, NewsBody()) << open;
    EXPECT_TRUE(record.provenance.at("body").starts_with("marker:")) << open << record.provenance.at("body");
  }
  const model::PageRecord record =
      ExtractPage(Wrapped("<!--ZJEG_RSS.content.begin-->" + text +
                          "<!--ZJEG_RSS.content.end--><p>其他信息见本网公告栏，欢迎关注。</p>"));
  EXPECT_EQ(record.body, NewsBody());
  EXPECT_EQ(record.provenance.at("body"), "marker:comment");
}

TEST(Body, EmptyMarkerIsPassedOver) {
  const std::string text = "<div class=xx><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) +
                           "</p><p>" + std::string(kThird) + "</p></div>";
  EXPECT_EQ(ExtractPage(Wrapped("<div class=TRS_Editor></div>" + text)).body, NewsBody());
}

TEST(Body, NoiseIsTrimmed) {
  const std::string text =
      "<div class=nr><h2>" + std::string(kTitle) + "</h2><p>【字体：大 中 小】 【打印】 【关闭】</p><p>" +
      std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) +
      "</p><p>（责任编辑：赵六）</p><p>分享到：微信 微博</p><p>上一篇：<a "
      "href=1.htm>青石镇开展森林防火宣传</a></p><p>下一篇：<a href=2.htm>市林业局召开年度总结会</a></p>"
      "<div><h4>相关新闻</h4><ul><li><a href=3.htm>我市启动飞播造林作业设计</a></li></ul></div></div>";
  const model::PageRecord record = ExtractPage(Wrapped(text));
  EXPECT_EQ(record.body, NewsBody());
  EXPECT_EQ(record.editor.value_or(""), "赵六");
}

TEST(Body, CaptionTableAndSignatureStay) {
  const std::string text = "<div class=nr><p>" + std::string(kFirst) +
                           "</p><p><img "
                           "src=a.jpg></p><p>图为造林现场。</p><table><tr><td>乡镇</td><td>面积（亩）</td></"
                           "tr><tr><td>青石镇</td><td>1200</td></tr></table>"
                           "<p>" +
                           std::string(kSecond) +
                           "</p><p>　　青石市林业局</p><p>　　2021年11月28日</p></div>";
  const model::PageRecord record = ExtractPage(Wrapped(text));
  EXPECT_EQ(record.body, std::string(kFirst) + "\n图为造林现场。\n乡镇\t面积（亩）\n青石镇\t1200\n" +
                             std::string(kSecond) + "\n青石市林业局\n2021年11月28日");
  EXPECT_EQ(record.published.value_or(""), "2021-11-29");
  ASSERT_EQ(record.images.size(), 1u);
  EXPECT_EQ(record.images[0], "http://www.example.gov.cn/xw/a.jpg");
}

TEST(Body, DocumentsThatThePageShowsAreItsAttachments) {
  const model::PageRecord record = ExtractPage(Wrapped(
      "<div class=nr><iframe src='/pdf/viewer.html?file=/f/view.pdf'></iframe><embed src='emb.pdf' title='通知 全文'><object data='/f/obj.doc'><p>x</p></object>"
      "<p><a href='/pdf/viewer.html?file=/f/linked.pdf'>点击查看</a> <a href='/f/linked.pdf'>下载</a></p></div><div class=footer><iframe src='/f/guide.pdf'></iframe></div>"));
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  std::vector<std::string> files;
  for (const model::Attachment& attachment : record.attachments) files.push_back(attachment.url + " " + attachment.text);
  EXPECT_EQ(files, (std::vector<std::string>{"http://www.example.gov.cn/f/linked.pdf 点击查看", "http://www.example.gov.cn/f/view.pdf ", "http://www.example.gov.cn/xw/emb.pdf 通知 全文",
                                             "http://www.example.gov.cn/f/obj.doc "}));
  const model::PageRecord only = ExtractPage(Wrapped("<div class=nr><embed src='/f/only.pdf'></div>"));
  EXPECT_EQ(only.kind, model::PageKind::kArticle) << only.kind_reason;
  ASSERT_EQ(only.attachments.size(), 1u);
  EXPECT_EQ(only.provenance.at("attachments"), "embedded");
}

TEST(Body, VeryShortBodies) {
  model::PageRecord record =
      ExtractPage(Wrapped("<div class=nr><p>局机关定于4月3日至5日放假，请值班人员按时到岗。</p></div>"));
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body, "局机关定于4月3日至5日放假，请值班人员按时到岗。");
  record = ExtractPage(
      Wrapped("<div class=nr><p>附件：<a href=\"P020211129.pdf\">2021年造林任务分解表.pdf</a></p></div>"));
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body, "附件：2021年造林任务分解表.pdf");
  ASSERT_EQ(record.attachments.size(), 1u);
  EXPECT_EQ(record.attachments[0].url, "http://www.example.gov.cn/xw/P020211129.pdf");
  EXPECT_EQ(record.attachments[0].text, "2021年造林任务分解表.pdf");
  // The address says nothing, and the text of the link that it is a file.
  record = ExtractPage(Wrapped("<div class=nr><p>" + std::string(kFirst) + "</p><p><a href='/f/down.jsp?id=3'>附件：名单.doc</a></p><p><a href=/attach/3>2.申报表.xls</a></p><p><a href=/xw/2.htm>相关报道</a></p></div>"));
  ASSERT_EQ(record.attachments.size(), 2u);
  EXPECT_EQ(record.attachments[0].url, "http://www.example.gov.cn/f/down.jsp?id=3");
  EXPECT_EQ(record.attachments[1].url, "http://www.example.gov.cn/attach/3");
  record = ExtractPage(Wrapped("<div class=nr><p><img src=\"/pic/1.jpg\"></p></div>"));
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body, "");
  ASSERT_EQ(record.images.size(), 1u);
  // A notice of short lines whose source stands below it is not swallowed as a strip.
  record = ExtractPage(Wrapped(
      "<div "
      "class=nr><p>各科室：</p><p>周五下午开展义务植树。</p><p>请自备工具。</p><p>来源：办公室</p></div>"));
  EXPECT_EQ(record.body, "各科室：\n周五下午开展义务植树。\n请自备工具。");
}

// A call for tender has forty of them, a line each, below the text's own element; what the site hangs beside it after a gap is not the article's.
TEST(Body, SaysWhereAPageHasMoreFilesOrPicturesThanAreTold) {
  const auto page = [](size_t files, size_t pictures) {
    std::string links = "<p>附件：</p>", images;
    for (size_t i = 0; i < files; ++i) links += "<p><a href=/f/" + std::to_string(i) + ".pdf>第" + std::to_string(i) + "号</a></p>";
    for (size_t i = 0; i < pictures; ++i) images += "<p><img src=/p/" + std::to_string(i) + ".jpg></p>";
    return ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>2020-03-02</p><div class=con><p>" + std::string(kFirst) + "</p>" + images + "<p>" +
                       std::string(kSecond) + "</p>" + links + "</div></body></html>");
  };
  const model::PageRecord whole = page(5000, 500);
  EXPECT_EQ(whole.attachments.size(), 5000u);
  EXPECT_EQ(whole.images.size(), 500u);
  EXPECT_TRUE(whole.conflicts.empty());
  const model::PageRecord cut = page(5001, 501);
  EXPECT_EQ(cut.attachments.size(), 5000u);
  EXPECT_EQ(cut.conflicts.at("attachments"), "the page has more than the 5000 that are told");
  EXPECT_EQ(cut.images.size(), 500u);
  EXPECT_EQ(cut.conflicts.at("images"), "the page has more than the 500 that are told");
}

TEST(Body, ALongRowOfFilesBelowTheText) {
  std::string files = "</div><div class=fj>附件：";
  for (int i = 1; i <= 40; ++i) files += "<p><a href=/f/" + std::to_string(i) + ".pdf>附件" + std::to_string(i) + "：清单" + std::to_string(i) + ".pdf</a></p>";
  files += "</div>";
  for (int i = 1; i <= 30; ++i) files += "<p>临水县要闻第" + std::to_string(i) + "则</p>";
  files += "<p><a href=/f/old.pdf>上年度清单.pdf</a></p><div>";
  const model::PageRecord record = ExtractPage(NewsPage("<div class=info>来源：青石市林业局 时间：2021-03-04</div>", files));
  ASSERT_EQ(record.attachments.size(), 40u);
  EXPECT_EQ(record.attachments[39].url, "http://www.example.gov.cn/f/40.pdf");
}

TEST(Body, LinesSplitByBreaks) {
  const std::string text = "<div>　　" + std::string(kFirst) + "<br><br>　　" + std::string(kSecond) +
                           "<br />　　" + std::string(kThird) + "</div>";
  EXPECT_EQ(ExtractPage(Wrapped(text)).body, NewsBody());
}

TEST(Body, LayoutTables) {
  const std::string page = "<html><head><title>" + std::string(kTitle) +
                           "</title></head><body><table><tr><td><a href=/>首页</a></td><td><a "
                           "href=/a>新闻</a></td></tr></table><table><tr><td align=center><b>" +
                           std::string(kTitle) +
                           "</b></td></tr><tr><td align=center>2021-11-29　点击：33</td></tr><tr><td><p>" +
                           std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" +
                           std::string(kThird) + "</p></td></tr></table></body></html>";
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.body, NewsBody());
  EXPECT_EQ(record.clicks.value_or(-1), 33);
}

TEST(Title, WaysToNameIt) {
  const std::string text = "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p>";
  // Two lines of one heading.
  EXPECT_EQ(ExtractPage("<html><head><title>青石市林业局</title></"
                        "head><body><h1>青石市人民政府<br>关于划定森林防火区的通告</h1>" +
                        std::string(kStrip) + text + "</body></html>")
                .title.value_or(""),
            "青石市人民政府 关于划定森林防火区的通告");
  // The meta standard, where the page breaks its headline off.
  EXPECT_EQ(ExtractPage("<html><head><title>青石市林业局</title><meta content=\"关于划定森林防火区的通告\" "
                        "name=\"ArticleTitle\"></head><body><div>关于划定森林防火区的通告</div>" +
                        std::string(kStrip) + text + "</body></html>")
                .provenance.at("title"),
            "meta:ArticleTitle");
  // Only <title>, with the site's name behind.
  EXPECT_EQ(
      ExtractPage(
          "<html><head><title>关于划定森林防火区的通告 - 通知公告 - 青石市林业局</title></head><body><div>" +
          text + "</div></body></html>")
          .title.value_or(""),
      "关于划定森林防火区的通告");
  // The logo's heading is no headline.
  EXPECT_EQ(ExtractPage(
                "<html><head><title>关于划定森林防火区的通告_青石市林业局</title></head><body><h1><a "
                "href=/>青石市林业局</a></h1><h2>通知公告</h2><div class=bt>关于划定森林防火区的通告</div>" +
                std::string(kStrip) + text + "</body></html>")
                .title.value_or(""),
            "关于划定森林防火区的通告");
}

TEST(Title, SubtitleInTheSameHeading) {
  const std::string text = std::string(kStrip) + "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></body></html>";
  const std::string head = "<html><head><title>" + std::string(kTitle) + "-青石市林业局</title></head><body>";
  const char* second = "市县两级林业干部现场观摩纪实";
  for (const std::string& heading : {"<h1>" + std::string(kTitle) + "<br><span class=subtitle>" + second + "</span></h1>", "<h1>" + std::string(kTitle) + "<br>" + second + "</h1>",
                                     "<h1><p>" + std::string(kTitle) + "</p><p>" + second + "</p></h1>", "<h2>" + std::string(kTitle) + "<div class=fubiaoti>" + second + "</div></h2>",
                                     "<h1>" + std::string(kTitle) + "</h1><h2>" + second + "</h2>"}) {
    EXPECT_EQ(ExtractPage(head + heading + text).title.value_or(""), kTitle) << heading;
  }
  // Where <title> has both lines, the headline has.
  EXPECT_EQ(ExtractPage("<html><head><title>" + std::string(kTitle) + second + "</title></head><body><h1>" + std::string(kTitle) + "<br>" + second + "</h1>" + text).title.value_or(""),
            std::string(kTitle) + " " + second);
}

TEST(Title, OfficesThatSignAreNone) {
  // The office stands in a meta, before the headline in <title>, and signs the text.
  const std::string text = "<p>2021-11-29　浏览次数：318　信息来源：</p><div class=nr><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>青石市林业局</p><p>2021年11月28日</p></div></body></html>";
  for (const char* element : {"青石市林业局 关于划定森林防火区的通告", "青石市林业局", "关于划定森林防火区的通告_青石市林业局"}) {
    for (const char* meta : {"<meta name=description content=青石市林业局>", "<meta property=og:title content=青石市林业局>", "<meta name=title content=青石市林业局>"}) {
      const model::PageRecord record = ExtractPage("<html><head><title>" + std::string(element) + "</title>" + meta + "</head><body><div>关于划定森林防火区的通告</div>" + text);
      EXPECT_EQ(record.title.value_or(""), "关于划定森林防火区的通告") << element << meta;
      EXPECT_TRUE(record.body.starts_with(kFirst)) << element << meta;
    }
  }
  // Only <title> has the headline.
  EXPECT_EQ(ExtractPage("<html><head><title>青石市林业局 关于划定森林防火区的通告</title></head><body>" + text).title.value_or(""), "关于划定森林防火区的通告");
  EXPECT_EQ(ExtractPage("<html><head><title>青石市林业局 青石市公安局关于划定森林防火区的通告</title></head><body>" + text).title.value_or(""), "青石市林业局 青石市公安局关于划定森林防火区的通告");
}

TEST(Title, NamesOfPapersAndApplicationsAreNone) {
  const std::string text = "<div><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div></body></html>";
  // A paper's masthead above the headline.
  model::PageRecord record = ExtractPage("<html><head><title>青石矿工报数字报</title></head><body><div><h2>青石矿工报</h2><p>第2217期 2019年8月30日 星期五</p></div><div><h1>井下“听诊器”</h1>" + text);
  EXPECT_EQ(record.title.value_or(""), "井下“听诊器”");
  // An application's share page, whose <title> and first line name the application.
  record = ExtractPage("<html><head><title>云上青石</title><meta itemprop=name content=\"@青石人 城区这些路段启用“潮汐车道”\"></head><body><div><p>云上青石</p><p>看青石 知天下</p></div>"
                       "<div class=t>@青石人 城区这些路段启用“潮汐车道”</div><div><span>青石公安交警</span> <span>2024-03-05 16:20</span></div>" + text);
  EXPECT_EQ(record.title.value_or(""), "@青石人 城区这些路段启用“潮汐车道”");
  // A society's, in the page's first heading and its <title>.
  record = ExtractPage("<html><head><title>青石机械学会智能制造分会</title></head><body><h1>青石机械学会智能制造分会</h1><h2>学会动态</h2><h3 align=center>" + std::string(kTitle) + "</h3><p align=center>时间：2019-11-12 来源：秘书处 阅读：115 次</p>" + text);
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.clicks.value_or(-1), 115);
  // A letter's subject.
  record = ExtractPage("<html><head><title>网上信访</title></head><body><div><p>主题：<b>建议在梧桐里增设充电桩</b></p><p>提交时间：2020-03-18 10:07 来信人：匿名 浏览：17</p>" + text);
  EXPECT_EQ(record.title.value_or(""), "建议在梧桐里增设充电桩");
  EXPECT_EQ(record.published.value_or(""), "2020-03-18T10:07:00+08:00");
  // A document's row for it.
  record = ExtractPage("<html><head><title>青石區農業改良場</title></head><body><table><tr><td>主　題</td><td><b>颱風過後果園管理應注意事項</b></td></tr><tr><td>發布單位</td><td>斗南分場</td></tr><tr><td>發布日期</td><td>95/07/27</td></tr></table>" + text,
                       "http://www.example.gov.tw/news.php?id=7");
  EXPECT_EQ(record.title.value_or(""), "颱風過後果園管理應注意事項");
  EXPECT_EQ(record.source.value_or(""), "斗南分場");
}

TEST(Title, GreetingsAreNone) {
  // The same greeting in <title> and at the top of the page; the headline in a smaller heading, then in none.
  for (const std::string& headline : {"<h2>" + std::string(kTitle) + "</h2>", "<div>" + std::string(kTitle) + "</div>"}) {
    const std::string page =
        "<html><head><title>欢迎访问青石林业信息网!</title></head><body><p>欢迎访问青石林业信息网!</p>" + headline +
        "<ul><li>时间:2021-11-29</li><li>点击:997</li><li>来源:青石市林业局</li></ul><p>　　" + std::string(kFirst) + "</p><p>　　" +
        std::string(kSecond) + "</p><p>　　" + std::string(kThird) + "</p></body></html>";
    EXPECT_EQ(ExtractPage(page).title, kTitle) << headline;
  }
}

TEST(Column, Breadcrumb) {
  const std::string crumbs =
      "<div class=wz>您现在的位置：<a href=/>首页</a> &gt; <a href=/xw>新闻中心</a> &gt; <a "
      "href=/xw/yw>林业要闻</a> &gt; 正文</div>";
  std::string page = NewsPage(kStrip);
  page.insert(page.find("<div class=main>"), crumbs);
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.column.value_or(""), "新闻中心 > 林业要闻");
  EXPECT_EQ(record.title.value_or(""), kTitle);
}

TEST(People, NamesInTheText) {
  const std::string text = "<div class=nr><p>青石日报讯（记者 张一弓 通讯员 李二虎）" + std::string(kFirst) +
                           "</p><p>" + std::string(kSecond) + "</p></div>";
  const model::PageRecord record = ExtractPage(Wrapped(text));
  EXPECT_EQ(record.author.value_or(""), "张一弓");
  EXPECT_EQ(record.provenance.at("author"), "dateline");
}

TEST(People, NamesAtTheEndOfTheText) {
  const struct {
    const char* end;
    const char* author;
  } kEnds[] = {{"（张一弓）", "张一弓"}, {"（张一弓 李二虎）", "张一弓、李二虎"}, {"(张一弓、李二虎)", "张一弓、李二虎"}, {"（记者 张一弓）", "张一弓"}, {"（文/张一弓 图/李二虎）", "张一弓"},
               {"（文/图 张一弓）", "张一弓"}, {"（文图：张一弓）", "张一弓"}, {"（供稿人：张一弓）", "张一弓"},
               // who stands before the first role wrote it as well; the paper before the reporter may have a longer name; a day ends it
               {"（张一弓 记者 李二虎）", "张一弓、李二虎"}, {"（张一弓 记者李二虎）", "张一弓、李二虎"}, {"（新青石·青石日报记者张一弓）", "张一弓"}, {"（青石镇农技站　张一弓　2006年5月17日）", "张一弓"},
               {"（青石市林业局组织部分记者采访）", ""}, {"（2006年5月17日）", ""}, {"（青石镇农技站 2006年5月17日）", ""},
               // what stands so as well and is nobody
               {"（完）", ""}, {"（图片）", ""}, {"（方案）", ""}, {"（市林业局）", ""}, {"（文化馆内）", ""}};
  for (const auto& each : kEnds) {
    for (const bool own_line : {false, true}) {
      const std::string text = "<div class=nr><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + (own_line ? "</p><p>" : "") + each.end + "</p></div>";
      EXPECT_EQ(ExtractPage(Wrapped(text)).author.value_or(""), each.author) << each.end << own_line;
    }
  }
}

TEST(People, CreditsAtTheEndOfTheText) {
  const struct {
    const char* end;
    const char* source;
    const char* author;
  } kEnds[] = {{"（青石镇农技站供稿）", "青石镇农技站", ""}, {"【青石镇党政办供稿】", "青石镇党政办", ""}, {"（青石镇农技站 张一弓 供稿）", "青石镇农技站", "张一弓"}, {"青石镇农技站 张一弓 供稿", "青石镇农技站", "张一弓"},
               {"（青石镇农技站张一弓供稿）", "青石镇农技站", "张一弓"}, {"（本文由青石镇农技站供稿）", "青石镇农技站", ""}, {"（张一弓供稿）", "", "张一弓"}, {"（来源：青石气象台）", "青石气象台", ""},
               {"（青石镇农技站 张一弓）", "", "张一弓"}, {"（青石日报记者 张一弓 通讯员 李二虎）", "", "张一弓"},
               // others
               {"（图片由青石镇农技站供稿）", "", ""}, {"欢迎各单位踊跃投稿", "", ""}};
  for (const auto& each : kEnds) {
    const model::PageRecord record = ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>2021-11-29</p><div><p>" + std::string(kFirst) + "</p><p>" +
                                                 std::string(kSecond) + "</p><p align=right>" + each.end + "</p></div></body></html>");
    EXPECT_EQ(record.source.value_or(""), each.source) << each.end;
    EXPECT_EQ(record.author.value_or(""), each.author) << each.end;
  }
}

TEST(People, SourceThatAScriptHolds) {
  const auto source = [](const std::string& script) { return ExtractPage(NewsPage("<p>2021-11-29</p><div id=ly></div>", "<script>" + script + "</script>")).source.value_or(""); };
  EXPECT_EQ(source("var source = '青石日报'; document.getElementById('ly').innerHTML = '来源：' + source;"), "青石日报");
  EXPECT_EQ(source("$('#ly').html(info.source); var info = {\"title\":\"x\",\"source\":\"青石市林业局\"};"), "青石市林业局");
  EXPECT_EQ(source("var contentSource=\"来源：青石日报\";"), "青石日报");
  EXPECT_EQ(source("var infoSource = '' || \"\", comefrom = \"青石日报\";"), "青石日报");
  // Rows of others, and what is no name.
  EXPECT_EQ(source("var rows = [{source:'青石日报'},{source:'红石晚报'}];"), "");
  EXPECT_EQ(source("var source = 'ajax'; var s = {source: '未知'}, resource = '请选择来源';"), "");
}

TEST(Body, WhatNamesOrRepeatsTheText) {
  const auto body = [](const std::string& before, const std::string& after) {
    return ExtractPage(Wrapped("<div class=nr>" + before + "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p>" + after + "</div>")).body;
  };
  // The beginning again, cut off; not where it is another text.
  EXPECT_EQ(body("<div class=intro>昨日上午，全市春季造林工作推进会在青石镇召开，各乡镇分管负责人...</div>", ""), NewsBody());
  EXPECT_EQ(body("<p>昨日上午，全市春季造林工作推进会在青石镇召开，各乡镇分管……</p>", ""), NewsBody());
  EXPECT_EQ(body("<p>春季造林的季节又到了，青石镇的山坡上，人们已经忙碌了起来……</p>", ""), "春季造林的季节又到了，青石镇的山坡上，人们已经忙碌了起来……\n" + NewsBody());
  EXPECT_EQ(body("<p>来信内容</p>", ""), NewsBody());
  // Labels without anything behind them, words to search for.
  EXPECT_EQ(body("", "<p>文件下载：</p><p>关联文件：</p>"), NewsBody());
  EXPECT_EQ(body("", "<p><strong>相关热词搜索：</strong><a href=/s?q=1>造林</a> <a href=/s?q=2>青石镇</a></p>"), NewsBody());
}

TEST(People, EditorBelowTheTextInWhatIsCalledAFoot) {
  for (const char* foot : {"<div class=ar_foot><span>网络编辑：<em>张一弓</em></span></div>", "<div class=article-footer>责任编辑：张一弓</div>", "<footer><span>责编：张一弓</span></footer>",
                           "<div class=news-bottom>编辑人：张一弓 审核：李二虎</div>"}) {
    EXPECT_EQ(ExtractPage(NewsPage(kStrip, foot)).editor.value_or(""), "张一弓") << foot;
  }
}

TEST(Body, NamesOfZonesThatHoldTheText) {
  // A menu's or a foot's name on what holds headline and strip, or the text.
  for (const auto& [strip, text] : {std::pair{"nav01", "con"}, {"top_cont", "bottom_cont"}, {"menu-box", "bottom"}, {"head_nav2", "foot_con"}}) {
    const std::string page = "<html><head><title>青石市林业局</title></head><body><ul><li><a href=/>首页</a></li><li><a href=/zw/>政务公开</a></li></ul><div class=" + std::string(strip) + "><h3>" +
                             std::string(kTitle) + "</h3><h6><span>来源：青石日报\n</span> <span>作者：张一弓</span> <span>2021-11-29</span></h6></div><div class=" + text + "><p>" + std::string(kFirst) +
                             "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p></div></body></html>";
    const model::PageRecord record = ExtractPage(page);
    EXPECT_EQ(record.title.value_or(""), kTitle) << strip;
    EXPECT_EQ(record.source.value_or(""), "青石日报") << strip;
    EXPECT_EQ(record.author.value_or(""), "张一弓") << strip;
    EXPECT_EQ(record.body, NewsBody()) << text;
  }
}

TEST(Language, Scripts) {
  EXPECT_EQ(ExtractPage(NewsPage(kStrip)).language.value_or(""), "zh-Hans");
  EXPECT_EQ(ExtractPage("<p>short</p>").language.value_or(""), "");
  EXPECT_EQ(
      ExtractPage("<p>The provincial government published the annual report on forests and water today.</p>")
          .language.value_or(""),
      "en");
}

TEST(Body, HostilePagesEnd) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "<div class=content>";
  ExtractPage(deep + "文");
  std::string labels;
  for (int i = 0; i < 50'000; ++i) labels += "来源：时间：";
  ExtractPage("<p>" + labels + "</p>");
  std::string cells = "<table>";
  for (int i = 0; i < 20'000; ++i)
    cells += "<tr><td><a href=/" + std::to_string(i) + ".htm>第" + std::to_string(i) +
             "条新闻的标题在这里</a></td><td>2021-01-01</td></tr>";
  EXPECT_EQ(ExtractPage(cells + "</table>").kind, model::PageKind::kList);
  // <title> names the site, and every other line could stand below a document's table.
  std::string strips = "<title>青石市人民政府</title>";
  for (int i = 0; i < 20'000; ++i) strips += "<p>来源：青石日报 时间：2021-01-01 10:00</p><p>青石市第" + std::to_string(i) + "次护林防火工作会议在青石镇召开</p>";
  ExtractPage(strips);
  ExtractPage("");
  ExtractPage("\xff\xfe\x00<p>\xe4\xbd");
}

// What WeChat's pages hide until their script has run is the text; what display hides is none.
TEST(Body, VisibilityIsAScriptsMatter) {
  const std::string head = "<html><head><title></title></head><body><h1>北坡林区今起封山育林</h1><p>青石林业 2020-03-05 10:12</p>";
  const std::string text = "<section><p><span>昨日，北坡林区封山育林工作启动，</span><span>八个护林站全部上岗。</span></p><p><b>封育期为五年。</b></p><p>其间禁止放牧、采石和取土。</p></section>";
  const std::string want = "昨日，北坡林区封山育林工作启动，八个护林站全部上岗。\n封育期为五年。\n其间禁止放牧、采石和取土。";
  EXPECT_EQ(ExtractPage(head + "<div id=js_content style=\"visibility: hidden; opacity: 0\">" + text + "</div></body></html>").body, want);
  EXPECT_EQ(ExtractPage(head + "<div>" + text + "</div><div style=\"display:none\"><p>隐藏的文字不是正文，读者看不到它。</p></div></body></html>").body, want);
}

TEST(Body, WhatAppsSetAroundAText) {
  const std::string text = "<p>昨日，北坡林区封山育林工作启动，八个护林站全部上岗。</p><p>封育期为五年，其间禁止放牧、采石和取土。</p>";
  const std::string page = "<html><head><title>北坡林区今起封山育林</title></head><body><div><h2>北坡林区今起封山育林</h2><div><span>青石林业</span><span>3小时前</span></div><div><span>112人参与</span> <span>5评论</span></div>" +
                           text + "<p>编辑 石平 校对 林青</p><div>👍 23</div><div>135</div></div></body></html>";
  EXPECT_EQ(ExtractPage(page).body, "昨日，北坡林区封山育林工作启动，八个护林站全部上岗。\n封育期为五年，其间禁止放牧、采石和取土。");
}

// A decision's first line has a date and is no strip; its signature stays though a box of rows follows at once.
TEST(Body, DatesInTheFirstAndLastLines) {
  std::string rows;
  for (int i = 1; i <= 6; ++i) rows += "<li><a href=" + std::to_string(i) + ".htm>林场第" + std::to_string(i) + "护林站完成苗木补植</a> 2021-04-0" + std::to_string(i) + "</li>";
  const std::string page = "<html><head><title>关于石平等职务任免的通知</title></head><body><h1>关于石平等职务任免的通知</h1><p>发布时间：2020-03-06 来源：青石市林业局</p>"
                           "<div><p>各护林站：</p><p>市局2020年3月2日决定：</p><p>任命石平为北坡护林站站长；</p><p>免去林青北坡护林站站长职务。</p><p>青石市林业局</p><p>2020年3月2日</p></div>"
                           "<ul>" + rows + "</ul></body></html>";
  EXPECT_EQ(ExtractPage(page).body, "各护林站：\n市局2020年3月2日决定：\n任命石平为北坡护林站站长；\n免去林青北坡护林站站长职务。\n青石市林业局\n2020年3月2日");
}

// Summaries of others weigh more than one sentence, and are not the text.
TEST(Body, OneSentenceAboveSummaries) {
  std::string rows;
  for (int i = 1; i <= 8; ++i)
    rows += "<div class=r><a href=" + std::to_string(i) + ".htm>林场第" + std::to_string(i) + "护林站完成苗木补植</a><p>林场第" + std::to_string(i) + "护林站完成补植，成活率达九成以上。</p><p>青石日报 2021-04-0" + std::to_string(i) + " 10:11</p></div>";
  const std::string page = "<html><head><title>北坡林区今起封山育林</title></head><body><div><h3>北坡林区今起封山育林</h3><p>2020/03/05 08:02</p><div><p>昨日，北坡林区封山育林工作启动，八个护林站全部上岗，封育期为五年，其间禁止放牧、采石和取土。</p></div></div><div>" + rows +
                           "</div></body></html>";
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body, "昨日，北坡林区封山育林工作启动，八个护林站全部上岗，封育期为五年，其间禁止放牧、采石和取土。");
}

// Word processors put each cell's text into a paragraph: the row is a row all the same.
TEST(Body, RowsOfTablesWithParagraphsInTheirCells) {
  const auto row = [](const char* a, const char* b, const char* c) {
    return "<tr><td><p><span>" + std::string(a) + "</span></p></td><td><p>" + b + "</p></td>\n<td>\n<p>" + c + "</p>\n</td></tr>";
  };
  std::string page = NewsPage("<p>发布时间：2021-03-12 来源：青石市林业局</p>");
  page.insert(page.find("<p>　　"), "<table>" + row("站点", "补植亩数", "完成日期") + row("北坡站", "268.33", "2021/10/16") + row("南坡站", "131.31", "2021/10/29") + "</table>");
  const std::string body = ExtractPage(page).body;
  EXPECT_TRUE(body.starts_with("站点\t补植亩数\t完成日期\n北坡站\t268.33\t2021/10/16\n南坡站\t131.31\t2021/10/29\n")) << body;
}

// A link that is never closed makes no text a link's.
TEST(Body, LinkThatIsNeverClosed) {
  const std::string page = "<html><head><title>青石广播站 北坡林区今起封山育林</title></head><body><div><a href=/>首页</a> <a href=/xw/>新闻</div><div><font size=5>北坡林区今起封山育林</font></div>"
                           "<div>发布日期：2009年11月14日 点击：337</div><div>" + std::string(kFirst) + "</div><div>" + std::string(kSecond) + "</div><div>" + std::string(kThird) +
                           "</div><table><tr><td><a href=1.htm>林场第一护林站完成苗木补植</a></td></tr><tr><td><a href=2.htm>林场第二护林站完成苗木补植</a></td></tr></table></body></html>";
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.title.value_or(""), "北坡林区今起封山育林");
  EXPECT_EQ(record.body, NewsBody());
}

TEST(Body, BoxesInsideAndBelowAText) {
  const std::string links = "<p><b>延伸阅读</b></p><p>·<a href=1.htm>林场第一护林站完成苗木补植</a></p><p>·<a href=2.htm>林场第二护林站完成苗木补植</a></p>";
  std::string page = NewsPage("<p>发布时间：2021-03-12 来源：青石市林业局</p>");
  page.insert(page.find("<p>　　" + std::string(kThird)), links);
  EXPECT_EQ(ExtractPage(page).body, NewsBody());
  // Cards whose links a script makes: a headline and a day each.
  std::string cards;
  for (int i = 1; i <= 7; ++i) cards += "<div><p>林场第" + std::to_string(i) + "护林站完成苗木补植</p><span class=d>2021-04-0" + std::to_string(i) + "</span></div>";
  page = "<html><head><title>青石林业</title></head><body><div class=detail><h2>" + std::string(kTitle) + "</h2><div>2021-03-12 12:07 来源：青石市林业局</div><p>" + std::string(kFirst) + "</p><p>" +
         std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p><div>" + cards + "</div></div></body></html>";
  EXPECT_EQ(ExtractPage(page).body, NewsBody());
  // What stands between strip and text belongs to it.
  page = NewsPage("<p>发布时间：2021-03-12 来源：青石市林业局</p><div class=zy>核心提示：封山育林自今日起，为期五年，其间禁止放牧和采石。</div>");
  EXPECT_EQ(ExtractPage(page).body, "核心提示：封山育林自今日起，为期五年，其间禁止放牧和采石。\n" + NewsBody());
}

// Headlines that lead nowhere until a script has run, in elements of their own below the text; a list that the text
// itself has stays.
TEST(Body, HeadlinesOfOthersWithoutLinks) {
  std::string headlines;
  for (int i = 1; i <= 9; ++i) headlines += "<div class=v><p>林场第" + std::to_string(i) + "护林站完成苗木补植</p><em>播放：" + std::to_string(3400 + i) + "</em></div>";
  const std::string head = "<html><head><title>" + std::string(kTitle) + "_青石网</title></head><body><div><h1>" + std::string(kTitle) + "</h1><div>2021-03-12 12:07 来源：青石市林业局</div>";
  const std::string text = "<div><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p>";
  EXPECT_EQ(ExtractPage(head + text + "</div><div><h4>正在直播</h4>" + headlines + "</div></div></body></html>").body, NewsBody());
  // One of them ends with a quotation; what somebody says ends the text.
  const std::string quoted = "<div class=v><p>青石市林业局开展“送法进林场”</p></div>";
  EXPECT_EQ(ExtractPage(head + text + "</div><div><h4>正在直播</h4>" + headlines + quoted + headlines + "</div></div></body></html>").body, NewsBody());
  const std::string said = "<div><p>他说：“今年的苗木成活率很高。”</p></div>";
  EXPECT_NE(ExtractPage(head + text + "</div>" + said + "<div><h4>正在直播</h4>" + headlines + "</div></div></body></html>").body.find("成活率很高"), std::string::npos);
  const std::string names = "<p>青石镇北坡林场</p><p>柳溪镇南坡林场</p><p>石桥镇护林站点</p><p>东湖镇护林站点</p><p>云岭镇苗圃基地</p>";
  EXPECT_TRUE(ExtractPage(head + text + names + "</div></div></body></html>").body.ends_with("云岭镇苗圃基地"));
}

TEST(Body, SummaryAndEndOfAText) {
  const std::string strip = "<p>发布时间：2021-03-12 来源：青石市林业局</p>";
  // What a list shows of it, in an element named after that.
  EXPECT_EQ(ExtractPage(NewsPage(strip + "<div class=intro>昨日，全市春季造林工作推进会在青石镇召开，八十余人参加。</div>")).body, NewsBody());
  // The introduction of a gallery is its text.
  std::string captions;
  for (int i = 1; i <= 4; ++i) captions += "<li><img src=" + std::to_string(i) + ".jpg><div class=cap>第" + std::to_string(i) + "幅：村民在北坡挑运苗木。</div></li>";
  const model::PageRecord gallery = ExtractPage("<html><head><title>" + std::string(kTitle) + "-青石网</title></head><body><h1>" + std::string(kTitle) + "</h1>" + strip + "<div class=pintro>" + std::string(kFirst) + "</div><ul>" + captions + "</ul></body></html>");
  EXPECT_TRUE(gallery.body.starts_with(kFirst)) << gallery.body;
  // 完, and what an office adds below it; counts of thumbs and a separator.
  for (const char* after : {"<p>－完－</p><p>編者備註</p><p>委員會於1999年成立，為法定機構。</p><p>傳媒查詢：機構傳訊部</p>",
                            "<div>顶一下</div><div>(12)</div><div>85.71%</div><div>踩一下</div><div>(2)</div><div><strong>------分隔线----------------------------</strong></div>",
                            "<div>【我要打印】 【我要纠错】 【关闭本页】</div>"}) {
    std::string page = NewsPage(strip);
    page.insert(page.find("</div></div><div class=side>"), after);
    EXPECT_EQ(ExtractPage(page).body, NewsBody()) << after;
  }
}

// A notice's first part has labels that strips have as well.
TEST(Body, APartsNumberBeginsTheText) {
  const std::string page =
      "<html><head><title>青石县采购更正公告</title></head><body><h1>青石县实验小学校园广播系统采购更正公告</h1><p>【信息时间：2019/4/16 17:20:11 阅读次数：148】</p><div><p><b>一、项目基本情况</b></p><p>原公告的采购项目编号：QSZC-2019-036</p><p>首次公告日期：2019年4月8日</p>"
      "<p><b>二、更正信息</b></p><p>更正事项：采购文件</p><p>" + std::string(kFirst) + "</p></div></body></html>";
  EXPECT_TRUE(ExtractPage(page).body.starts_with("一、项目基本情况\n原公告的采购项目编号：QSZC-2019-036\n首次公告日期：2019年4月8日\n")) << ExtractPage(page).body;
}

// A count of readers that a program writes behind the text is no part of it: it changes with every visit.
TEST(Body, CounterBehindTheText) {
  const std::string paragraphs = "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird);
  for (const char* counter : {"</p><p>（本文已被阅读 107 次）", "（本文已被阅读 107 次）", " （浏览：107）", "</p><p>浏览次数：107", "阅读 107 次", "【点击数：107】", "</p><p>（本文共有107人浏览）"}) {
    for (const char* open : {"<div id=zoom>", "<div class=yy>"}) {
      const model::PageRecord record = ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-11-29 来源：青石日报</p>" + open + paragraphs + counter + "</p></div></body></html>");
      EXPECT_EQ(record.body, NewsBody()) << counter;
      EXPECT_EQ(record.clicks.value_or(0), 107) << counter;
    }
  }
  // What the text tells of readers stays.
  for (const char* sentence : {"该微视频点击量107万次", "活动网页浏览107次后关闭。", "（图书馆阅览107人）", "展览共接待观众，累计浏览人次107"}) {
    const std::string text = "<div id=zoom><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p><p>" + sentence + "</p></div>";
    EXPECT_NE(ExtractPage(Wrapped(text)).body.find(sentence), std::string::npos) << sentence;
  }
}

// What is raised, struck out or inserted reads otherwise than what is not.
TEST(Body, RaisedStruckAndInserted) {
  const auto body = [](const std::string& html) { return ExtractPage(Wrapped("<div id=zoom><p>" + std::string(kFirst) + "</p><p>" + html + "</p></div>")).body.substr(kFirst.size() + 1); };
  EXPECT_EQ(body("共计10<sup>2</sup>公顷，流量为3m<sup>3</sup>/s，误差10<sup>-3</sup>以内。"), "共计10²公顷，流量为3m³/s，误差10⁻³以内。");
  EXPECT_EQ(body("函数为e<sup>kx</sup>，届次为5<sup>th</sup>，出处见文末<sup>[1]</sup>与<sup>①</sup>。"), "函数为e^kx，届次为5th，出处见文末[1]与①。");
  EXPECT_EQ(body("由三年<del>三</del><ins>五</ins>年改定，<s>王某</s>不再担任，<strike>四</strike>项。"), "由三年[-三-]{+五+}年改定，[-王某-]不再担任，[-四-]项。");
  EXPECT_EQ(body("<s></s>各乡镇要落实<ins class=ad></ins>责任<s>|</s>，按期完成<del><b>全部</b><br>任务</del>。"), "各乡镇要落实责任|，按期完成[-全部-]\n[-任务-]。");
  EXPECT_EQ(body("嵌套<del>甲<ins>乙</ins>丙</del>丁，各乡镇要落实责任，按期完成任务。"), "嵌套[-甲乙丙-]丁，各乡镇要落实责任，按期完成任务。");
}

// A paragraph of which question marks are all that is left is text that was lost, and stays where it stood.
TEST(Body, LostParagraphsStay) {
  for (const std::string lost : {"????????????????????????????????????????", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", "????????????2021?11?29????????", "□□□□□□□□□□□□□□□□□□□□□□□□"}) {
    for (const char* open : {"<div id=zoom>", "<div class=yy>"}) {
      const std::string text = open + ("<p>" + std::string(kFirst) + "</p><p>") + lost + "</p><p>" + std::string(kThird) + "</p></div>";
      EXPECT_EQ(ExtractPage(Wrapped(text)).body, std::string(kFirst) + "\n" + lost + "\n" + std::string(kThird)) << lost;
    }
  }
}

}  // namespace
}  // namespace fangzhi::extract
