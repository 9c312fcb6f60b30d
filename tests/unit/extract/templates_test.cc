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

// The account that published it: the messenger's pages name it in an element of its own.
TEST(Templates, AccountAsSource) {
  const std::string name = "<span class=\"rich_media_meta rich_media_meta_nickname\" id=profileBt><a href=\"javascript:void(0);\" class=wx_tap_link id=js_name>青石林草</a>"
                           "<div class=profile_container style=\"display:none;\"><strong class=profile_nickname>青石林草</strong><p class=profile_meta><label>微信号</label><span>qslc</span></p></div></span>";
  const auto page = [&](const std::string& strip) {
    return ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1 class=rich_media_title>" + std::string(kTitle) + "</h1><div class=rich_media_meta_list><span id=author_name>老丁说林</span>" + name + "<em id=publish_time>2023-08-15 18:30</em></div>" + strip +
                       "<div class=rich_media_content id=js_content><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div></body></html>", "https://mp.weixin.qq.com/s?__biz=MzA&mid=1");
  };
  EXPECT_EQ(page("").source.value_or(""), "青石林草");
  EXPECT_EQ(page("<p>来源：青石日报</p>").source.value_or(""), "青石日报");
}

// Between headline and text: a paper's mark before a name, and what the person is behind it.
TEST(Templates, PersonsOnALineOfTheirOwn) {
  const auto author = [](const std::string& strip) { return ExtractPage(NewsPage("<p>2021-11-29</p>" + strip)).author.value_or(""); };
  EXPECT_EQ(author("<div class=zuozhe>□ 巩一苇</div>"), "巩一苇");
  EXPECT_EQ(author("<div class=zz>■张一弓 李二虎</div>"), "张一弓、李二虎");
  EXPECT_EQ(author("<div class=byline><b>陆定邦</b>　县图研究院农村发展研究中心研究员</div>"), "陆定邦");
  EXPECT_EQ(author("<div class=zz>□ 工作动态</div>"), "");
  EXPECT_EQ(author("<div class=zz>□ 张一弓的故事</div>"), "");
}

// A story in pictures is theirs who took them; a text is not.
TEST(Templates, WhoTookThePicturesOfAStory) {
  const auto page = [](const std::string& strip, const std::string& text) {
    return ExtractPage("<html><head><title>" + std::string(kTitle) + "</title></head><body><h1>" + std::string(kTitle) + "</h1><p class=info><span>2021-11-29 10:02</span> <span>来源：青石日报</span> " + strip + "</p><div class=con>" + text + "</div></body></html>").author.value_or("");
  };
  const std::string pictures = "<p><img src=/p/1.jpg></p><p>11月28日，干部群众在青石镇北坡栽植苗木。</p><p><img src=/p/2.jpg></p><p>航拍镜头下，新造的林带连成一片，与水面相映成景。</p>";
  EXPECT_EQ(page("<span>摄影：周宏伟</span>", pictures), "周宏伟");
  EXPECT_EQ(page("<span>文字：李晨曦 摄影：周宏伟</span>", pictures), "李晨曦");
  EXPECT_EQ(page("<span>摄影：本报资料</span>", pictures), "");
  std::string text = "<p><img src=/p/1.jpg></p>";
  for (int i = 0; i < 3; ++i) text += "<p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p>";
  EXPECT_EQ(page("<span>摄影：周宏伟</span>", text), "");
}

// The federations, whose short names end alike.
TEST(Templates, FederationsBesideTheDay) {
  for (const char* name : {"市侨联", "市僑聯", "青石县残联", "市工商联", "县妇联", "市文联", "市科协", "市社科联", "青石广电", "青石卫视"}) {
    EXPECT_EQ(ExtractPage(NewsPage("<div><span>2012年12月05日</span> <span>" + std::string(name) + "</span></div>")).source.value_or(""), name);
  }
  for (const char* word : {"春联", "互联", "新春对联"}) {
    EXPECT_EQ(ExtractPage(NewsPage("<div><span>2012年12月05日</span> <span>" + std::string(word) + "</span></div>")).source.value_or(""), "") << word;
  }
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

// The headline of a page whose <title> names only the site.
std::string TitleOf(const std::string& article, const std::string& title = "青石市林业局") {
  return ExtractPage(Page(title, article, DatedLinks(3))).title.value_or("");
}

TEST(Templates, HeadlineOverTwoLines) {
  const std::string strip = "<tr><td align=center>来源：青石日报 发布时间：2021-03-12 08:30</td></tr></table>";
  EXPECT_EQ(TitleOf("<table><tr><td align=center><b>关于做好二〇二一年度全市<br>春季造林工作的紧急通知</b></td></tr>" + strip + Text()), "关于做好二〇二一年度全市春季造林工作的紧急通知");
  EXPECT_EQ(TitleOf("<center><font size=5>柏青县苗木进入移栽期<br>各乡镇要抓紧供水</font></center><center>时间：2021-03-12 来源：青石日报</center>" + Text()), "柏青县苗木进入移栽期各乡镇要抓紧供水");
  // Paragraphs of the same make.
  const std::string large = "<p align=center><b><span style=\"font-size:22pt\">";
  EXPECT_EQ(TitleOf("<div>发布日期：2021-03-12</div>" + large + "关于做好二〇二一年度全市</span></b></p>" + large + "春季造林工作的紧急通知</span></b></p>" + Text()), "关于做好二〇二一年度全市春季造林工作的紧急通知");
  // The page's own <title> says that the second line is none of it; a dash begins a subtitle.
  EXPECT_EQ(TitleOf("<center><b>" + std::string(kTitle) + "<br>八十余人到会听取工作部署</b></center><p>时间：2021-03-12</p>" + Text(), std::string(kTitle) + "_青石网"), kTitle);
  EXPECT_EQ(TitleOf("<center><b>把荒坡种成林的人<br>——记青石镇护林员李树根</b></center><p>时间：2021-03-12</p>" + Text()), "把荒坡种成林的人");
}

TEST(Templates, ASmallerHeadingBelowTheHeadlineIsItsSubtitle) {
  const std::string strip = "<div>来源：青石日报 日期：2021-03-12</div>";
  for (const char* below : {"<h2>八十余人到会听取工作部署</h2>", "<h3 align=center>春季造林进入高峰</h3>", "<h4>两名护林员受表彰</h4>"})
    EXPECT_EQ(TitleOf("<h1>" + std::string(kTitle) + "</h1>" + below + strip + Text(), "青石林业网"), kTitle) << below;
  // The site's name above is no headline, nor is a column's.
  EXPECT_EQ(TitleOf("<h1>青石市林业和园林绿化管理局网站</h1><h2>" + std::string(kTitle) + "</h2>" + strip + Text(), "青石市林业和园林绿化管理局网站"), kTitle);
  EXPECT_EQ(TitleOf("<h1>林业动态</h1><h2>" + std::string(kTitle) + "</h2>" + strip + Text(), "青石林业网"), kTitle);
}

TEST(Templates, AGazettesNameIsNoHeadline) {
  std::string issues = "<ul>";
  for (int i = 1; i <= 12; ++i) issues += "<li><a href=/gb/" + std::to_string(i) + "/>2021年第" + std::to_string(i) + "期</a></li>";
  const std::string name = "<p align=center><font size=6>青石市人民政府公报</font></p>", headline = "关于做好全市春季造林工作的紧急通知", strip = "<p>浏览量：188 上网时间：2021-03-12 编辑：公报室</p>";
  for (const std::string number : {"", "<p align=center>青政发〔2021〕47号</p>"}) {
    EXPECT_EQ(TitleOf(name + issues + "</ul><h2>" + headline + "</h2>" + number + strip + Text(), "青石市人民政府公报"), headline) << number;
    EXPECT_EQ(TitleOf(name + issues + "</ul><h2>青石市人民政府办公室<br>" + headline + "</h2>" + number + strip + Text(), "青石市人民政府公报"), "青石市人民政府办公室 " + headline) << number;
  }
  // A headline of its own that <title> repeats, above a box with a heading and a day.
  const std::string own = "青石林业公报第三期";
  EXPECT_EQ(TitleOf("<p align=center><font size=6>" + own + "</font></p>" + strip + Text() + issues + "</ul>", own), own);
}

TEST(Templates, LargeAndBoldAboveTheTextWhereTheTitleElementNamesTheColumn) {
  const std::string menu = "<a href=/gia>新聞公報</a><br><a href=/policy>施政報告</a><p align=right>English</p>";
  for (const std::string size : {"+2", "5", "+1"}) {
    const std::string page = menu + "<font size=" + size + "><b>" + std::string(kTitle) + "</b></font><br>＊＊＊＊＊＊＊＊<p>";
    EXPECT_EQ(TitleOf(page + Text(), "新聞公報"), kTitle) << size;
  }
}

TEST(Templates, BadgesBesideTheHeadline) {
  const std::string strip = "<p>网友：山里人家 2021-03-12 14:20</p>";
  for (const char* badge : {"<em class=st>已回复</em>", " <i class=tag>现行有效</i>", "<span>[置顶]</span>", "<small>（<em>1</em>/6）</small>"})
    EXPECT_EQ(TitleOf("<h2>" + std::string(kTitle) + badge + "</h2>" + strip + Text()), kTitle) << badge;
  EXPECT_EQ(TitleOf("<h1><span>原创</span>" + std::string(kTitle) + "</h1><p>时间：2021-03-12</p>" + Text()), kTitle);
  // Words of the headline itself stay, whatever they are.
  EXPECT_EQ(TitleOf("<h1>全市造林合同备案目录现行有效</h1><p>时间：2021-03-12</p>" + Text()), "全市造林合同备案目录现行有效");
}

TEST(Templates, SiteAndColumnBeforeTheTitle) {
  EXPECT_EQ(TitleOf("<h2 class=col>林业动态</h2><h3>" + std::string(kTitle) + "</h3><p>日期：2021-03-12</p>" + Text(), "青石市林业和园林绿化管理局&gt;&gt;林业动态&gt;&gt;" + std::string(kTitle)), kTitle);
}

TEST(Templates, KickerHeadlineSubtitle) {
  const std::string rows = "<table><tr><td>2021年03月12日 星期五 青石日报 第A02版</td><td><a href=#>上一版</a></td></tr></table><table><tr><td>种好希望树 守护一江绿</td></tr><tr><td>北坡造林按下快进键</td></tr>"
                           "<tr><td>前三月栽植苗木十一万株</td></tr></table>";
  EXPECT_EQ(TitleOf(rows + "<div id=ozoom><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p><p>" + std::string(kThird) + "</p></div>", "青石日报-数字报"), "北坡造林按下快进键");
}

TEST(Templates, IssuerOfADocumentIsNoSource) {
  const model::PageRecord record = ExtractPage(Page(std::string(kTitle), "<table><tr><td>索引号：</td><td>0143/2021-00041</td><td>成文日期：</td><td>2021-03-01</td></tr><tr><td>发布机构：</td><td>青石市林业局</td>"
      "<td>发布日期：</td><td>2021-03-12</td></tr></table><h1>" + std::string(kTitle) + "</h1>" + Text()));
  EXPECT_EQ(record.issuer.value_or(""), "青石市林业局");
  EXPECT_FALSE(record.source.has_value()) << *record.source;
  EXPECT_EQ(record.published.value_or(""), "2021-03-12");
}

TEST(Templates, MetasOfAnotherArticle) {
  const std::string page = "<html><head><title>" + std::string(kTitle) + "</title><meta name=ArticleTitle content=关于做好二〇一九年苗木检疫的通知><meta name=PubDate content='2019-02-18 09:00'>"
      "<meta name=ContentSource content=质安科></head><body><div class=t>" + std::string(kTitle) + "</div><p>阅读(318) 2021.03.12 作者：李文</p>" + Text() + "</body></html>";
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.published.value_or(""), "2021-03-12");
  EXPECT_FALSE(record.source.has_value());
}

TEST(Templates, DaysOfCommentsAndAnswers) {
  const std::string comments = "<p>山里人家：希望能落到实处 <small>2018-11-01 21:25</small></p><p>木子李：支持 <small>2022-07-21 07:51</small></p>";
  const std::string article = "<div>03-12<i>15:08</i></div><div class=bt>" + std::string(kTitle) + "</div>" + Text() + comments;
  EXPECT_EQ(ExtractPage(Page(std::string(kTitle), article), "http://pl.example.cn/sp/202103/12/c_11.htm").published.value_or(""), "2021-03-12T15:08:00+08:00");
  // Each answer has its own label; the first stands right below the headline.
  const std::string thread = "<h1>" + std::string(kTitle) + "</h1><div><a>政务小管家</a><em>发表于 2021-03-12 09:11:40</em> | 只看该作者<br>" + std::string(kFirst) + "<br>" + std::string(kSecond) +
      "</div><div><a>小城故事</a><em>发表于 2022-10-13 20:02:09</em><br>支持，早该这样了</div>";
  EXPECT_EQ(ExtractPage(Page(std::string(kTitle), thread)).published.value_or(""), "2021-03-12T09:11:40+08:00");
}

TEST(Templates, WhatIsNoHeadline) {
  const std::string strip = "<p>来源：青石日报 时间：2021-03-12 08:30</p>";
  // The column's heading above the headline's own; the office that runs the site; a page's make.
  EXPECT_EQ(TitleOf("<h1>林业资讯</h1><h2>" + std::string(kTitle) + "</h2>" + strip + Text()), kTitle);
  EXPECT_EQ(TitleOf("<h1>东岗街道办事处</h1><div><h1>" + std::string(kTitle) + "</h1>" + strip + "</div>" + Text(), "东岗街道办事处"), kTitle);
  EXPECT_EQ(TitleOf("<div class=t>" + std::string(kTitle) + "</div><div><div><span>青石新闻</span> <span>魏小宇</span></div><div>2021-03-12 17:31</div></div>" + Text(), "新闻详情"), kTitle);
  // The salutation of a letter or a notice.
  EXPECT_EQ(TitleOf("<div class=t1>停水通知书</div><div class=line></div><div><div>尊敬的居民朋友：</div><div>" + std::string(kFirst) + "</div><div>" + std::string(kSecond) + "</div></div>", "青石街道办事处"), "停水通知书");
}

TEST(Templates, HeadlineInARowOfItsTable) {
  EXPECT_EQ(TitleOf("<table><tr><td colspan=2>主旨：" + std::string(kTitle) + "</td></tr><tr><td>發布日期：110-03-12</td><td>發布單位：社會課</td></tr></table>" + Text(), "福安鄉公所"), kTitle);
  const std::string letter = "<table><tr><th>信件编号</th><td>QZ117</td><th>信件类别</th><td>投诉</td></tr><tr><th>标 题</th><td colspan=3>" + std::string(kTitle) +
      "</td></tr><tr><th>来信人</th><td>王**</td><th>来信时间</th><td>2021-03-02 23:41:06</td></tr><tr><th>来信内容</th><td colspan=3>" + std::string(kFirst) +
      "</td></tr><tr><th>答复单位</th><td>青石市林业局</td><th>答复时间</th><td>2021-03-12 16:20</td></tr><tr><th>答复内容</th><td colspan=3>" + std::string(kSecond) + std::string(kThird) + "</td></tr></table>";
  const model::PageRecord record = ExtractPage(Page("市长信箱-信件详情-青石市人民政府", letter));
  EXPECT_EQ(record.title.value_or(""), kTitle);
  EXPECT_EQ(record.published.value_or(""), "2021-03-12T16:20:00+08:00");
  EXPECT_EQ(record.source.value_or(""), "青石市林业局");
}

TEST(Templates, HeadlineAndItsTranslation) {
  EXPECT_EQ(TitleOf("<h2>" + std::string(kTitle) + "<br><small>Meeting on Spring Afforestation Held</small></h2><p><b>Date</b> Mar 12 2021 | <b>Views</b> 351</p>" + Text()), kTitle);
}

TEST(Templates, SourceOfTheDateline) {
  const std::string page = Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>2021/3/12 12:31</p><div><p>（中聯社記者方小翰花蓮12日電）" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div>");
  EXPECT_EQ(ExtractPage(page).source.value_or(""), "中聯社");
  const std::string own = Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><p>2021/3/12 12:31</p><div><p>（本报记者 方小翰 12日电）" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div>");
  EXPECT_FALSE(ExtractPage(own).source.has_value());
}

TEST(Templates, VisibleSourceBeforeTheSitesOwnMeta) {
  const std::string head = "<html><head><title>青石市人民政府-今日青石-" + std::string(kTitle) + "</title><meta name=ContentSource content=青石市人民政府></head><body>";
  const std::string body = "<div class=t1>" + std::string(kTitle) + "</div><div><span class=a>市融媒体中心</span><span>2021.03.12</span></div>" + Text() + "</body></html>";
  EXPECT_EQ(ExtractPage(head + body).source.value_or(""), "市融媒体中心");
  EXPECT_EQ(ExtractPage(head + "<div class=t1>" + std::string(kTitle) + "</div><div>2021.03.12</div>" + Text()).source.value_or(""), "青石市人民政府");
}

TEST(Templates, DocumentOverATableOfDays) {
  std::string rows;
  for (int i = 1; i < 8; ++i) rows += "<tr><td><p>" + std::to_string(i) + "</p></td><td><p>青石区某某药房</p></td><td><p>罚款" + std::to_string(i) + "000元</p></td><td><p>2021/03/0" + std::to_string(i) + "</p></td></tr>";
  const model::PageRecord record = ExtractPage(Page("行政处罚-青石区市场监督管理局", "<table><tr><th>索引号</th><td>0145/2021-0009</td><th>公开日期</th><td>2021-03-12</td></tr><tr><th>发文机关</th><td>青石区市场监督管理局</td><th>有效性</th><td>有效</td></tr></table><p class=t>"
      "青石区市场监督管理局行政处罚信息公示（第7期）</p><div><p>依据行政处罚法，现将有关行政处罚信息予以公示，接受社会各界监督。</p><table>" + rows + "</table></div>"));
  EXPECT_EQ(record.title.value_or(""), "青石区市场监督管理局行政处罚信息公示（第7期）");
  EXPECT_EQ(record.published.value_or(""), "2021-03-12");
}

TEST(Templates, DateThatAScriptGives) {
  const auto published = [](const std::string& script, const std::string& strip) {
    return ExtractPage(Page(std::string(kTitle), "<script>" + script + "</script><h1>" + std::string(kTitle) + "</h1>" + strip + Text())).published.value_or("");
  };
  EXPECT_EQ(published("var page={\"id\":7,\"publishTime\":\"2021-03-12 08:30:11\",\"hot\":[]};", ""), "2021-03-12T08:30:11+08:00");
  EXPECT_EQ(published("window.data={publishTime:1615509011000}", ""), "2021-03-12T08:30:11+08:00");
  // The year for a strip that has none; a strip with a whole date needs no script.
  EXPECT_EQ(published("var p={\"pubTime\":\"2021-03-12\"}", "<div><span>03-12 08:30</span></div>"), "2021-03-12T08:30:00+08:00");
  EXPECT_EQ(published("var p={\"pubTime\":\"2019-01-01\"}", "<p>发布时间：2021-03-12</p>"), "2021-03-12");
  EXPECT_EQ(published("var p={\"lastpublishTimeZone\":\"2019-01-01\",publishTime:x}", ""), "");
}

TEST(Templates, PersonsBehindTheSource) {
  const auto read = [](const std::string& source) {
    const model::PageRecord record = ExtractPage(NewsPage("<div class=info>发布时间：2021-03-04 来源：" + source + "</div>"));
    return record.source.value_or("") + " | " + record.author.value_or("");
  };
  EXPECT_EQ(read("青石海关（王海波/文，林小燕/图）"), "青石海关 | 王海波");
  EXPECT_EQ(read("青石海关（林小燕/图 王海波/文）"), "青石海关 | 王海波");
  EXPECT_EQ(read("青石日报（周瑾）"), "青石日报 | 周瑾");
  EXPECT_EQ(read("青石日报(记者 周瑾 李明)"), "青石日报 | 周瑾、李明");
  EXPECT_EQ(read("青石市文化广电和旅游局（文物局）"), "青石市文化广电和旅游局（文物局） | ");
  EXPECT_EQ(read("新华社（北京）"), "新华社（北京） | ");
}

TEST(Templates, SourceAndControlsInOneElement) {
  EXPECT_EQ(ExtractPage(Page(std::string(kTitle), "<h1>" + std::string(kTitle) + "</h1><div><span>2021年03月12日07:32</span> <span id=media_name><a href=http://www.example.cn>青石晚报</a>&nbsp;"
                                                  "<a href=#c>我要评论(<b>128</b>)</a></span></div>" + Text())).source.value_or(""), "青石晚报");
}

TEST(Templates, HeadlineThatEndsLikeAnInstitution) {
  const std::string text = "<div id=zoom><p>　　" + std::string(kFirst) + "</p><p>　　" + std::string(kSecond) + "</p></div>";
  for (const char* headline : {"县委书记王某调研县人民医院", "市领导检查指导应急指挥中心", "我校与云岭大学签约共建产业学院", "省领导莅临青石县行政服务中心", "夏季防溺水宣讲进青石学院"}) {
    for (const char* meta : {"", "<meta name=ArticleTitle content=HEADLINE>"}) {
      std::string head = meta;
      if (const size_t at = head.find("HEADLINE"); at != std::string::npos) head.replace(at, 8, headline);
      const model::PageRecord record =
          ExtractPage("<html><head><title>" + std::string(headline) + "</title>" + head +
                      "</head><body><div class=left><h3>学习贯彻会议精神专栏</h3></div><div class=main><h1>" + headline + "</h1><div class=info>发布时间：2021-11-29 08:30 来源：青石日报</div>" + text + "</div></body></html>");
      EXPECT_EQ(record.title.value_or(""), headline) << meta;
    }
  }
  // A logo that <title> repeats is none.
  EXPECT_EQ(ExtractPage("<html><head><title>青石县人民医院</title></head><body><h1>青石县人民医院</h1><div class=main><h2>我院完成首例微创手术</h2><div class=info>发布时间：2021-11-29 08:30 来源：宣传科</div>" + text + "</div></body></html>").title.value_or(""),
            "我院完成首例微创手术");
}

// The strip in the text's own element, below a headline that begins as a label does, with a year of the Republic.
TEST(Templates, DayOfARepublicYearBelowAHeadlineWithAColon) {
  const std::string text = "<p>監察院教育及文化委員會通過委員所提糾正案。調查發現，主管機關自民國103年起辦理改善計畫，原訂107年底完成，惟仍有二十六處尚未發包。</p>"
                           "<p>委員指出，主管機關未能確實掌握各地方執行量能，逕以平均分配方式核定經費，致保留比率連續三年超過四成，核有違失。</p>";
  const auto record = ExtractPage("<html lang=zh-Hant><title>監察院：平交道設施汰換遲緩 通過糾正案</title><body><ul><li><a href=/>回首頁</a></ul><section><h2>監察院：平交道設施汰換遲緩 通過糾正案</h2>"
                                  "<ul class=info><li>日期：107-10-17</li><li>字級：<a>小</a><a>中</a><a>大</a></li></ul><div>" + text + "</div></section></body></html>",
                                  "https://www.example.gov.tw/News_Content.aspx?n=1");
  EXPECT_EQ(record.published, "2018-10-17");
  EXPECT_EQ(record.body.find("字級"), std::string::npos);
  EXPECT_TRUE(record.body.starts_with("監察院教育")) << record.body;
}

TEST(Templates, ALabelsWordThatBeginsAnother) {
  // The page of a paper: its column is no label of pictures.
  const auto paper = ExtractPage("<html><title>青石日报数字报</title><body><div><div>青石日报　第A03版：图片新闻　2024年02月20日 星期二　<a href=#>上一版</a> <a href=#>下一版</a></div><p id=title>" + std::string(kTitle) +
                                 "</p><div id=ozoom>　　" + std::string(kFirst) + "<br>　　" + std::string(kSecond) + "<br>　　" + std::string(kThird) + "</div></div></body></html>");
  EXPECT_EQ(paper.published, "2024-02-20");
  // 【日期】 is weak, and a label all the same where a day follows.
  const auto brackets = ExtractPage(NewsPage("<div><i>【来源】</i>宣传法规科　<i>【作者】</i>佟丽　<i>【日期】</i>2021.06.17　<i>【浏览】</i>277</div>"), "http://www.example.gov.cn/content/20210614-771.html");
  EXPECT_EQ(brackets.published, "2021-06-17");
  EXPECT_EQ(brackets.source, "宣传法规科");
  EXPECT_EQ(brackets.clicks, 277);
  const auto hospital = ExtractPage(NewsPage("<div>来源科室：心血管内科 <i></i> 发表时间：2025-08-17 16:21 <i></i> 浏览：<span>9973</span>次</div>"));
  EXPECT_EQ(hospital.source, "心血管内科");
}

TEST(Templates, CountsBesideIconsAndBars) {
  EXPECT_EQ(ExtractPage(NewsPage("<div class=info><span>2024-06-20 18:16:31</span><span>青石分局</span><span><i class=\"icon wb-eye\"></i> <script>document.write('740');</script></span></div>")).clicks, 740);
  EXPECT_EQ(ExtractPage(NewsPage("<div class=u-meta><time>2023-11-24 20:11</time><span class=u-from>来源丨青石发布</span><span class=u-hit><svg width=12 height=12><path d='M0 6'/></svg>731</span></div>")).clicks, 731);
  EXPECT_EQ(ExtractPage(NewsPage("<div><span>2023-11-24 20:11</span> <span class=read-num><svg><path d='M0 6'/></svg> 1024</span></div>")).clicks, 1024);
  EXPECT_EQ(ExtractPage(NewsPage("<div><span>2023-11-24 20:11</span> <span class=white>731</span></div>")).clicks, std::nullopt);
  EXPECT_EQ(ExtractPage(NewsPage("<div>来源 / 青石发布　2024-06-20　浏览 / <em id=pv></em><script>$(function(){$(\"#pv\").text(\"1366\");});</script></div>")).clicks, 1366);
  // Latin words that nothing but an element's edge parts.
  const auto english = ExtractPage("<html><title>Province unveils thirty measures</title><body><h1>Province unveils thirty measures</h1><div><span>March 1, 2023</span><span>Source: Department of Commerce</span><span>Views: 261</span></div>"
                                   "<div><p>The provincial government on Tuesday released a set of measures to stabilize investment, pledging equal treatment in procurement and faster approval of projects.</p>"
                                   "<p>Companies will be given a single window for permits, and disputes are to be settled within thirty working days, officials told reporters.</p></div></body></html>");
  EXPECT_EQ(english.published, "2023-03-01");
  EXPECT_EQ(english.source, "Department of Commerce");
  EXPECT_EQ(english.clicks, 261);
}

TEST(Templates, PersonsSideBySide) {
  const auto strip = [](const std::string& html) { return ExtractPage(NewsPage(html)); };
  EXPECT_EQ(strip("<div><span>青石日报</span><span>刘明 易禹琳</span><span>2023-08-14 07:18</span></div>").author, "刘明、易禹琳");
  EXPECT_EQ(strip("<ul><li>时间：<em>2021-10-15</em></li><li>来源：<em>冰川实验室</em></li><li>供稿：<em>岑海生 殷娅</em></li></ul>").author, "岑海生、殷娅");
  const auto comments = strip("<div><span>2024-05-16 18:12:18</span><span>来源：青石日报</span><span>作者：杨启明</span><span>编辑：史永红</span><a href=#c><b>104</b>条评论</a></div>");
  EXPECT_EQ(comments.editor, "史永红");
  EXPECT_EQ(comments.author, "杨启明");
  // A reporter between the time and the shares.
  EXPECT_EQ(strip("<div><time>2024/07/06 14:05:33</time><span>記者蔡宜蓁／嘉義報導</span><span>47 分享</span></div>").author, "蔡宜蓁");
  const auto text = [](const std::string& paragraph) {
    std::string page = NewsPage("<div>2020-03-04 来源：青石日报</div>");
    page.insert(page.find("<div class=con>") + 15, "<p>　　" + paragraph + "</p>");
    return ExtractPage(page).author;
  };
  EXPECT_EQ(text("记者 高文静 常明 从市林业局获悉，今年全市计划造林三万亩，苗木已经备齐。"), "高文静、常明");
  EXPECT_EQ(text("□记者 刘明亮 从今年三月起，全市统一开展古树普查，各县区同时进行。"), "刘明亮");
  EXPECT_EQ(text("本报讯（记者 郭瑞 实习生 赵晴）再过一个月，全市进入防火期。"), "郭瑞");
  EXPECT_EQ(text("各镇干部在北坡植树（记者 邱敏 摄）"), std::nullopt);
  EXPECT_EQ(text("记者在现场看到，各镇干部正在北坡植树，人人都有分工。"), std::nullopt);
}

// The headline and its strip are there; the text waits where a script takes it from.
TEST(Templates, TextThatAScriptMovesToItsPlace) {
  const std::string text = "<p>　　" + std::string(kFirst) + "</p><p>　　" + std::string(kSecond) + "</p>";
  const auto page = [](const std::string& holder) {
    return ExtractPage("<html><title>" + std::string(kTitle) + "</title><body><div class=nav><a href=/>首页</a></div><h1>" + std::string(kTitle) +
                       "</h1><div>发布时间：2023-03-15 09:30　来源：市林业局</div><div id=con></div>" + holder + "</body></html>");
  };
  const std::string body = std::string(kFirst) + "\n" + std::string(kSecond);
  for (const auto& [holder, basis] : {std::pair<std::string, const char*>{"<textarea style='display:none'>" + text + "</textarea>", "textarea"},
                                      {"<input type=hidden value='" + text + "'>", "hidden-input"},
                                      {"<script>var con = \"" + text + std::string(5000, ' ') + "\"; $('#con').html(con);</script>", "script-data"},
                                      {"<script>window.__INITIAL_STATE__={\"detail\":{\"title\":\"" + std::string(kTitle) + "\",\"content\":\"" + text + "\"}};</script>", "script-data"}}) {
    const auto record = page(holder);
    EXPECT_EQ(record.kind, model::PageKind::kArticle) << basis;
    EXPECT_EQ(record.body, body) << basis;
    EXPECT_EQ(record.provenance.at("body"), basis);
  }
  // What a form asks for is no text, nor the data of another article.
  EXPECT_EQ(page("<textarea>请在这里填写您的意见和建议，我们会尽快答复，感谢您的支持与配合，请勿填写与本页无关的内容。</textarea>").body, "");
  EXPECT_EQ(page("<script>var s={\"title\":\"别的文章的标题\",\"content\":\"" + std::string(kFirst) + std::string(kSecond) + "\"};</script>").body, "");
  const auto data = ExtractPage("<html><title>青石发布</title><body><div id=app></div><script>window.__INITIAL_STATE__={\"detail\":{\"title\":\"" + std::string(kTitle) + "\",\"readCount\":331,\"content\":\"" + text + "\"}};</script></body></html>");
  EXPECT_EQ(data.clicks, 331);
}

TEST(Templates, RowsOfADocumentsTableAndLetters) {
  const auto taiwan = ExtractPage("<html lang=zh-Hant><title>縣府推動校園午餐在地食材</title><body><div class=nav><a href=/>回首頁</a></div><div><h2>縣府推動校園午餐在地食材</h2><table><tr><th>發布單位</th><td>教育處</td><th>發布日期</th><td>中華民國113年3月5日</td></tr>"
                                  "<tr><th>聯絡人</th><td>林小姐</td><th>聯絡電話</th><td>03-1234567轉12</td></tr></table><div><p>為讓學童吃得安心，縣府全面推動校園午餐採用在地可溯源食材，預計嘉惠全縣三萬餘名學子。</p>"
                                  "<p>縣長表示，縣府每年編列經費補助，並成立午餐輔導團，協助各校開立菜單，讓孩子從小認識土地。</p></div></div></body></html>", "https://www.example.gov.tw/News_Content.aspx?n=5");
  EXPECT_EQ(taiwan.published, "2024-03-05");
  EXPECT_TRUE(taiwan.body.starts_with("為讓學童")) << taiwan.body;
  const auto letter = ExtractPage("<html><title>市长信箱</title><body><div><h2>来信详情</h2><table><tr><td>信件编号</td><td>20230315001</td><td>来信时间</td><td>2023-03-13 10:11</td></tr><tr><td>来信主题</td><td colspan=3>关于河东路路灯不亮的问题</td></tr>"
                                  "<tr><td>来信内容</td><td colspan=3>河东路文化馆门口的路灯已经坏了半个月，晚上出行很不方便，请协调解决。</td></tr><tr><td>答复内容</td><td colspan=3>经现场核查，该处路灯因线路老化停电，我局已更换电缆并恢复照明。</td></tr></table></div></body></html>");
  EXPECT_EQ(letter.title, "关于河东路路灯不亮的问题");
  const auto english = ExtractPage("<html><title>Trees for the spring</title><body><h1>Trees for the spring in every township</h1><div><span>Updated: Mar 15, 2023 09:30 AM</span>&nbsp;|&nbsp;<span>Source: Qingshi Daily</span>&nbsp;|&nbsp;<span>By Zhou Hang</span></div>"
                                   "<p>The city launched its annual tree-planting campaign on Tuesday, with officials and residents gathering at the forest farm.</p><p>More than eight hundred volunteers planted saplings, according to the bureau.</p></body></html>");
  EXPECT_EQ(english.author, "Zhou Hang");
  EXPECT_EQ(english.source, "Qingshi Daily");
}

TEST(Templates, APapersDigitalEditionNamesThePaper) {
  const auto page = [](const std::string& head) {
    return "<html><head><title>老粮站变身“共享车间”</title></head><body><table><tr>" + head + "</tr></table><h1>老粮站变身“共享车间”</h1><div><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></div></body></html>";
  };
  EXPECT_EQ(ExtractPage(page("<td><strong>青石日报</strong></td><td>2018年10月25日 星期四</td><td>第04版：<a href=n.htm>综合新闻</a></td>")).source.value_or(""), "青石日报");
  EXPECT_EQ(ExtractPage(page("<td>2018年10月25日 星期四</td><td>第04版：<a href=n.htm>综合新闻</a></td>")).source.value_or(""), "");
  EXPECT_EQ(ExtractPage(page("<td>青石市工作简报目录汇总</td><td>2018年10月25日</td><td>第二版说明</td>")).source.value_or(""), "");
}

TEST(Templates, ASubtitleIsNoHeadlineAndAClauseBehindAPlaceNoSite) {
  const std::string page = "<html><head><title>青石区人民政府 部门动态 青石：小网格织密平安大网</title><meta name=ArticleTitle content=青石：小网格织密平安大网></head><body>"
                           "<table><tr><td class=title>青石：小网格织密平安大网</td></tr><tr><td class=subt>——社会治理系列报道之三</td></tr><tr><td>发布时间：2014-09-03　信息来源：青石晚报</td></tr>"
                           "<tr><td><p>" + std::string(kFirst) + "</p><p>" + std::string(kSecond) + "</p></td></tr></table></body></html>";
  EXPECT_EQ(ExtractPage(page).title.value_or(""), "青石：小网格织密平安大网");
}

TEST(Templates, AMenusColumnBesideTheTextIsNoCellOfItsRow) {
  const std::string page = "<HTML><HEAD><TITLE>渠務署 - 通告</TITLE></HEAD><BODY><TABLE><TR><TD><A HREF=a.htm>新聞公布</A><BR><A HREF=b.htm>招標公告</A></TD>"
                           "<TD><FONT SIZE=4><B>青石區排水系統改善工程展開</B></FONT><BR><FONT SIZE=2>發布日期：2006年5月12日</FONT><HR><P>渠務署表示，為減低青石區的水浸風險，排水系統改善工程將於本月展開，預計工程為期兩年。"
                           "<P>工程期間，署方會實施臨時交通安排，市民如有查詢，可致電本署熱線。</TD></TR></TABLE></BODY></HTML>";
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.title.value_or(""), "青石區排水系統改善工程展開");
  EXPECT_TRUE(record.body.starts_with("渠務署表示")) << record.body;
}

TEST(Templates, WhatASiteSaysBelowTheTextIsNoBody) {
  for (const char* below : {"<p class=tip>声明：本网科普内容未经许可不得转载。</p>", "<div id=ft>青石铁路局党委宣传部（企业文化部）主办</div>", "<table><tr><td>附加檔案</td><td>無</td></tr></table>"}) {
    const std::string page = "<html><head><title>" + std::string(kTitle) + "</title></head><body><div id=v><h1>" + std::string(kTitle) + "</h1><p>发布时间：2022-07-08 来源：青石日报</p><div>" + std::string(kFirst) + "</div><div>" +
                             std::string(kSecond) + "</div><div>" + std::string(kThird) + "</div></div>" + below + "</body></html>";
    EXPECT_EQ(ExtractPage(page).body, NewsBody()) << below;
  }
}

}  // namespace
}  // namespace fangzhi::extract
