// What whole templates do: names of elements, strips without labels, titles with the site in front, short texts beside long lists.
#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

std::string Page(const std::string& title, const std::string& article, const std::string& beside = "") {
  return "<html><head><title>" + title + "</title></head><body><ul class=nav><li><a href=/>首页</a><li><a href=/gk>政务公开</a></ul><div class=wrap>" + beside +
         article + "</div><div class=footer>主办单位：青石市林业局 备案号</div></body></html>";
}

std::string DatedLinks(int count) {
  std::string list = "<div class=side><h3>相关阅读</h3><ul>";
  for (int i = 1; i <= count; ++i)
    list += "<li><a href=/xw/" + std::to_string(i) + ".htm>青石市第" + std::to_string(i) + "次护林防火联合巡查</a><span>2021-03-1" + std::to_string(i % 10) + "</span></li>";
  return list + "</ul></div>";
}

std::string Text() {
  return "<div><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div>";
}

TEST(Templates, SiteNameBeforeTheTitle) {
  const std::string article = "<div class=bt>" + std::string(kTitle) + "</div><p>发稿时间：2021-03-12 08:30:11 来源：青石日报</p>" + Text();
  for (const char* before : {"青石市林业局--", "青石市人民政府-", "青石新闻网_"}) {
    const model::PageRecord record = ExtractPage(Page(before + std::string(kTitle), article, DatedLinks(9)));
    EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
    EXPECT_EQ(record.title.value_or(""), kTitle) << before;
    EXPECT_EQ(record.published.value_or(""), "2021-03-12T08:30:11+08:00");
  }
}

TEST(Templates, NameOfTheSourceElement) {
  const model::PageRecord record = ExtractPage(Page(
      std::string(kTitle), "<h3>" + std::string(kTitle) + "</h3><div><p class=time>2021-03-12 08:30</p><span class=source><a>人民论坛</a></span><span class=author>作者：李文</span></div>" + Text()));
  EXPECT_EQ(record.source.value_or(""), "人民论坛");
  EXPECT_EQ(record.author.value_or(""), "李文");
}

TEST(Templates, ColumnInTheStripIsNoSource) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) +
      "</h1><div><span><a>国内新闻</a></span><span><a>青石日报</a></span><span>张小明</span><span>2021年03月12日 08:30</span></div>" + Text()));
  EXPECT_EQ(record.source.value_or(""), "青石日报");
}

TEST(Templates, PersonWhoPublishedIsNoSource) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) +
      "</h1><div>发布人：张小明　发布单位：青石市林业局　发布时间：2021-03-12　阅读：12 次</div>" + Text()));
  EXPECT_EQ(record.source.value_or(""), "青石市林业局");
}

TEST(Templates, TitleIsOnlyTheColumn) {
  const model::PageRecord record = ExtractPage(Page("政务公开-青石市林业局",
      "<div class=video_t>" + std::string(kTitle) + "</div><ul><li>时间：2021-03-12</li><li>来源：本站</li></ul><div><p>会议现场的视频。</p></div><h3>更多视频</h3><ul><li><a href=1>青石市护林防火联合巡查</a></ul>"));
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
}

TEST(Templates, StripBelowTheText) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle) + "-青石市林业局", "<h2>" + std::string(kTitle) + "</h2><div class=body>" + Text() +
      "<p>青石市林业局</p><p>2021年3月1日</p></div><div class=foot-info>发布时间：2021-03-12 08:30　来源：青石日报　访问量：15</div>"));
  EXPECT_EQ(record.published.value_or(""), "2021-03-12T08:30:00+08:00");
  EXPECT_EQ(record.source.value_or(""), "青石日报");
  EXPECT_EQ(record.clicks.value_or(0), 15);
}

TEST(Templates, DayBesideTheHeadline) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle) + "-青石市林业局",
      "<div><span style=\"float:right\">2021-03-12</span><strong style=\"font-size:22px\">" + std::string(kTitle) + "</strong></div>" + Text()));
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.published.value_or(""), "2021-03-12");
}

TEST(Templates, LabelsAndValuesInRowsWithoutColons) {
  const model::PageRecord record = ExtractPage(
      Page(std::string(kTitle), "<h2>" + std::string(kTitle) + "</h2>" + Text() + "<dl><dt>發布日期</dt><dd>110-03-12</dd><dt>單位</dt><dd>衞生署</dd><dt>點閱次數</dt><dd>77</dd></dl>"),
      "https://www.example.gov.tw/News.aspx?n=1");
  EXPECT_EQ(record.published.value_or(""), "2021-03-12");
  EXPECT_EQ(record.source.value_or(""), "衞生署");
  EXPECT_EQ(record.clicks.value_or(0), 77);
  EXPECT_EQ(record.body.find("110-03-12"), std::string::npos) << record.body;
}

TEST(Templates, MonthAndDayWithTheYearOfTheAddress) {
  const std::string page = Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>发布时间：[03-12]　来源：青石日报</p>" + Text());
  EXPECT_EQ(ExtractPage(page, "http://www.example.cn/xw/2021-03/77.html").published.value_or(""), "2021-03-12");
  EXPECT_EQ(ExtractPage(page, "http://www.example.cn/xw/202103/77.html").published.value_or(""), "2021-03-12");
  EXPECT_EQ(ExtractPage(page, "http://www.example.cn/xw/202104/77.html").published.value_or("none"), "none");
  EXPECT_EQ(ExtractPage(page, "http://www.example.cn/xw/77.html").published.value_or("none"), "none");
}

TEST(Templates, TextDividedOverBoxes) {
  const auto part = [](std::string_view text) { return "<div class=part><p>" + std::string(text) + "</p><p>" + std::string(text) + "</p></div>"; };
  const model::PageRecord record =
      ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-03-12</p>" + part(kFirst) + "<hr>" + part(kSecond) + "<div><a href=/ad><img src=a.gif></a></div>" + part(kThird) + DatedLinks(12)));
  for (const auto& text : {kFirst, kSecond, kThird}) EXPECT_NE(record.body.find(text), std::string::npos) << record.body;
  EXPECT_EQ(record.body.find("护林防火联合巡查"), std::string::npos) << record.body;
}

TEST(Templates, PicturesAlone) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-03-12　来源：青石日报</p><div><img src=1.jpg><img src=2.jpg></div>" + DatedLinks(5)));
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body, "");
}

TEST(Templates, EnglishMonths) {
  const model::PageRecord record = ExtractPage(Page("New rules on data security take effect",
      "<h1>New rules on data security take effect</h1><p>October 14, 2005 | Source: China Daily</p><p>The new rules on data security take effect today, the ministry said.</p>"));
  EXPECT_EQ(record.published.value_or(""), "2005-10-14");
}

TEST(Templates, NamesThatEndAsLabelsBegin) {
  const model::PageRecord one =
      ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>作者:李文 来源:青石发布 时间:2021/3/12 8:30 浏览次数:15</p>" + Text()));
  EXPECT_EQ(one.source.value_or(""), "青石发布");
  EXPECT_EQ(one.published.value_or(""), "2021-03-12T08:30:00+08:00");
  const model::PageRecord other =
      ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-03-12 来源：本站 访问量：15 <a>打印</a></p>" + Text()));
  EXPECT_EQ(other.source.value_or(""), "本站");
  EXPECT_EQ(other.clicks.value_or(0), 15);
}

TEST(Templates, ClockOfTheCountry) {
  const std::string page = Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>发布时间：2021-03-12 08:30</p>" + Text());
  EXPECT_EQ(ExtractPage(page, "http://duma.example.ru/zh/news/1/").published.value_or(""), "2021-03-12T08:30:00+03:00");
  EXPECT_EQ(ExtractPage(page, "http://www.example.cn/1/").published.value_or(""), "2021-03-12T08:30:00+08:00");
}

TEST(Templates, NothingButTheOrderOfLines) {
  // No name, no heading, no meta; <title> is the site's or the column's.
  const std::string text = "<div>" + std::string(kFirst) + "</div><div>" + std::string(kSecond) + "</div><div>" + std::string(kThird) + "</div>";
  for (const char* title : {"青石市林业局", "政务公开--青石市林业局网站", "青石新闻网"}) {
    const model::PageRecord strip = ExtractPage("<html><head><title>" + std::string(title) + "</title></head><body><div>首页 - 政务公开</div><div>" + std::string(kTitle) +
                                                "</div><div>发布时间：2021-03-12 来源：青石日报</div>" + text + "</body></html>");
    EXPECT_EQ(strip.title.value_or(""), kTitle) << title;
    const model::PageRecord below = ExtractPage("<html><head><title>" + std::string(title) + "</title></head><body><div>首页 - 政务公开</div><div>" + std::string(kTitle) + "</div>" + text +
                                                "<div>(2021-03-12 20:00)</div></body></html>");
    EXPECT_EQ(below.title.value_or(""), kTitle) << title;
    EXPECT_TRUE(below.body.starts_with(kFirst)) << below.body;
  }
}

TEST(Templates, WhatIsRecommendedIsNoText) {
  std::string beside = "<div>声明：本报力求信息真实、准确，文章提及内容仅供参考，不构成实质性投资建议，据此操作风险自担。</div><div>为你推荐</div>";
  for (int i = 0; i < 6; ++i) beside += "<div><a href=/" + std::to_string(i) + ".htm>青石市第" + std::to_string(i) + "次护林防火联合巡查</a></div><div>国庆节前夕，青石市组织巡查，排查隐患若干处，整改到位。</div>";
  const model::PageRecord record = ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p>2021-03-12 08:30 青石日报</p><div><p>" +
                                               std::string(kFirst) + "</p></div>" + beside + "</body></html>");
  EXPECT_EQ(record.body, kFirst);
}

TEST(Templates, NamesOfElementsThatLie) {
  // A menu's name around the article, an advert's beside the text's.
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle), "<div class=page-text-nav><h1>" + std::string(kTitle) +
      "</h1><time class=page-date>2021/03/12 08:30</time><div id=keyword_ad_area class=articleContent><p>局机关定于五月三日至五日放假。</p></div></div>", DatedLinks(8)));
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.published.value_or(""), "2021-03-12T08:30:00+08:00");
  EXPECT_EQ(record.body, "局机关定于五月三日至五日放假。");
}

TEST(Templates, HeadlineInTheRowsOfItsDocument) {
  const model::PageRecord record = ExtractPage(
      Page("某縣政府", "<dl><dt>標題</dt><dd>教育部：校園事件應依法通報</dd><dt>單位</dt><dd>新聞處</dd><dt>公告日期</dt><dd>104/07/27</dd><dt>內容</dt><dd>依據社會救助法第十二條規定，符合資格者得於期限內提出申請。</dd></dl>", DatedLinks(6)),
      "https://www.example.gov.tw/cp.aspx?n=1");
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.title.value_or(""), "教育部：校園事件應依法通報");
  EXPECT_EQ(record.published.value_or(""), "2015-07-27");
  EXPECT_EQ(record.body, "依據社會救助法第十二條規定，符合資格者得於期限內提出申請。");
}

}  // namespace
}  // namespace fangzhi::extract
