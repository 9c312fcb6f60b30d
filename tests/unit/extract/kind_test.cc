#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

std::string ListPage(const std::string& clock, const std::string& advert, int clicks) {
  std::string page = "<html><head><title>林业要闻-青石市林业局</title></head><body><div class=head>" + clock +
                     "</div><ul class=menu><li><a href=/>首页</a></li><li><a href=/zw>政务</a></li></ul>" +
                     advert + "<ul class=list>";
  for (int i = 1; i <= 12; ++i) {
    page += "<li><a href=\"../info/1/" + std::to_string(i) + ".htm\">青石市林业局第" + std::to_string(i) +
            "次防火巡查情况通报</a><span>2021-03-" + (i < 10 ? "0" : "") + std::to_string(i) +
            "</span><em>阅读 " + std::to_string(clicks + i) + "</em></li>";
  }
  return page +
         "</ul><div class=pages><a href=2.htm>下一页</a> <a href=9.htm>尾页</a></div><div "
         "class=footer>版权所有 访问量：" +
         std::to_string(clicks) + "</div></body></html>";
}

TEST(Kind, ListsKeepTheirBodyWhenOnlyNoiseChanges) {
  const model::PageRecord first =
      ExtractPage(ListPage("今天是2021年4月1日 星期四", "", 100), "http://www.example.gov.cn/xw/yw.htm");
  const model::PageRecord second = ExtractPage(
      ListPage("今天是2021年4月2日 星期五",
               "<div class=ad><a href=http://ad.example.com/x>春季苗木展销会即将开幕欢迎参观</a></div>",
               5000),
      "http://www.example.gov.cn/xw/yw.htm");
  EXPECT_EQ(first.kind, model::PageKind::kList) << first.kind_reason;
  EXPECT_EQ(first.title.value_or(""), "林业要闻");
  EXPECT_TRUE(first.body.starts_with("2021-03-01 青石市林业局第1次防火巡查情况通报\n2021-03-02 "))
      << first.body;
  EXPECT_EQ(first.body, second.body);
  EXPECT_FALSE(first.published.has_value());
  EXPECT_FALSE(first.clicks.has_value());
}

TEST(Kind, HomePage) {
  std::string page = "<html><head><title>青石市林业局</title></head><body>";
  for (int i = 0; i < 40; ++i)
    page += "<div><a href=/info/" + std::to_string(i) + ".htm>青石市林业局工作动态第" + std::to_string(i) +
            "期发布</a></div>";
  const model::PageRecord record = ExtractPage(page + "</body></html>", "http://www.example.gov.cn/");
  EXPECT_EQ(record.kind, model::PageKind::kHome) << record.kind_reason;
  EXPECT_EQ(record.title.value_or(""), "青石市林业局");
  EXPECT_TRUE(record.body.starts_with("青石市林业局工作动态第0期发布\n")) << record.body;
}

TEST(Kind, LoginIsAPagesPurposeOrABoxOnIt) {
  const std::string form = "<form><p>用户名 <input name=u></p><p>密码 <input type=password name=p></p><button>登录</button></form>";
  const auto kind = [&](const std::string& body, const char* title, const char* address) { return ExtractPage("<html><head><title>" + std::string(title) + "</title></head><body>" + body + "</body></html>", address).kind; };
  std::string links, menu;
  for (int i = 0; i < 6; ++i) {
    links += "<br>·<a href=news.asp?id=" + std::to_string(i) + ">青石市图书馆第" + std::to_string(i) + "次读书会</a> [2021-11-0" + std::to_string(i + 1) + "]";
    menu += "<td><a href=list.asp?id=" + std::to_string(i) + ">读者指南" + std::to_string(i) + "</a></td>";
  }
  // A home page and a list with a box for readers.
  EXPECT_EQ(kind("<table><tr>" + menu + "</tr></table>读者登录" + form + links, "青石市图书馆", "http://www.example.gov.cn/index.asp"), model::PageKind::kHome);
  EXPECT_EQ(kind("<table><tr>" + menu + "</tr></table>会员" + form + links, "新书通报", "http://www.example.gov.cn/list.asp?id=3"), model::PageKind::kList);
  // What is there for it: a page of its own, by its address.
  for (const char* address : {"http://cas.example.gov.cn/login?service=http%3A%2F%2Foa.example.gov.cn", "https://www.example.gov.cn/cas/login?service=https%3A%2F%2Fnews.example.gov.cn%2F", "http://www.example.gov.cn/oa/login.jsp", "http://www.example.gov.cn/e/member/login/",
                              "http://bbs.example.gov.cn/member.php?mod=logging&action=login"}) {
    EXPECT_EQ(kind(form, "统一身份认证", address), model::PageKind::kOther) << address;
  }
  // In the place of what was asked for: its own address, or the one to which it leads back.
  for (const char* address : {"https://sso.example.gov.cn/login?service=http%3A%2F%2Fwww.example.gov.cn%2Fxxgk%2F1.html", "http://www.example.gov.cn/login.jsp?from=/xxgk/1.html", "http://www.example.gov.cn/login.aspx?ReturnUrl=%2fnews%2fshow.aspx%3fid%3d3"}) {
    EXPECT_EQ(kind(form, "统一身份认证", address), model::PageKind::kError) << address;
  }
  EXPECT_EQ(kind(form + "<p>Copyright © 2018</p>", "用户登录", "http://www.example.gov.cn/user.do"), model::PageKind::kError);
  EXPECT_EQ(kind("<p>请先登录后再查看</p>" + form, "青石大学办公系统", "http://oa.example.gov.cn/info/1.htm"), model::PageKind::kError);
}

TEST(Kind, StandingPagesAreNoArticles) {
  const auto kind = [](const std::string& title, const std::string& strip) {
    return ExtractPage("<html><head><title>" + title + "</title></head><body><a href=/>首页</a><h2>张一弓</h2>" + strip + "<p>男，汉族，1975年8月生，大学学历，1997年7月参加工作，现任青石县人民政府副县长。</p><h4>工作分工</h4><p>负责县政府常务工作，分管发改、财政、统计、应急管理等方面工作。</p></body></html>",
                       "http://www.example.gov.cn/ldzc/zyg.html").kind;
  };
  for (const char* title : {"副县长 张一弓-领导之窗", "领导简介_青石县人民政府", "张一弓-领导信息-青石县人民政府网", "青石县医院_专家介绍", "联系我们 - 青石县林业局", "残疾人证办理-办事指南"}) EXPECT_EQ(kind(title, ""), model::PageKind::kOther) << title;
  // With a day and a strip it is news of it.
  EXPECT_EQ(kind("青石县发布领导分工-领导之窗", "<p>发布时间：2021-11-29 来源：青石日报</p>"), model::PageKind::kArticle);
  EXPECT_EQ(kind("张一弓任青石县人民政府副县长-青石新闻网", ""), model::PageKind::kArticle);
}

TEST(Kind, FewHeadlinesAndNothingElse) {
  const std::string links = "<ul><li><a href=P1.htm>西草湾路临时交通安排</a></li><li><a href=P2.htm>天文台取消酷热天气警告</a></li><li><a href=P3.htm>统计处发表货运统计数字</a></li><li><a href=P4.htm>食物中心抽查月饼样本</a></li></ul>";
  EXPECT_EQ(ExtractPage("<html><head><title>新聞公報 - 2023年7月14日</title></head><body><h1>2023年7月14日 新聞公報</h1>" + links + "</body></html>", "http://www.example.gov.hk/general/14c.htm").kind,
            model::PageKind::kList);
  // A home page of a few boxes with an introduction.
  std::string dated = "<ul>";
  for (int i = 1; i < 9; ++i) dated += "<li><a href=/" + std::to_string(i) + ".html>我院举办第" + std::to_string(i) + "次义诊活动</a> 2015-07-1" + std::to_string(i) + "</li>";
  EXPECT_EQ(ExtractPage("<html><head><title>青石县人民医院</title></head><body><a href=/>首页</a><div><h1>医院简介</h1><p>青石县人民医院始建于1951年，是一所集医疗、教学、科研、预防保健于一体的二级甲等综合医院，编制床位680张。<a href=/jj>[更多]</a></p></div><h3>医院新闻</h3>" +
                            dated + "</ul></body></html>", "http://www.example.cn/index.html").kind,
            model::PageKind::kHome);
}

TEST(Kind, SoftErrors) {
  const struct {
    const char* html;
    const char* reason;
  } kCases[] = {
      {"<html><head><title>404</title></head><body><p>您访问的页面不存在或已删除</p></body></html>",
       "soft_404: "},
      {"<html><head><title>提示信息</title></head><body><div>对不起，您要访问的页面不存在或已被删除! "
       "本页面10秒之后将带您回到网站首页</div></body></html>",
       "soft_404: "},
      {"<html><head><title>青石市林业局</title></head><body><ul><li><a href=/>首页</a></li><li><a "
       "href=/x>新闻</a></li></ul><p>该信息已被删除</p></body></html>",
       "soft_404: "},
      {"<html><head><title>404 Not Found</title></head><body><center><h1>404 Not "
       "Found</h1></center><hr><center>nginx</center></body></html>",
       "soft_404: "},
      {"<html><body>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。您的请求ID是：abc123</"
       "body></html>",
       "blocked: "},
      {"<html><body>当前访问疑似黑客攻击，已被创宇盾拦截</body></html>", "blocked: "},
      {"<html><head><meta content=\"x\" r=\"m\"><script "
       "r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;$_ts.cd=\"q\";</script></head><body></body></"
       "html>",
       "challenge: "},
      {"<html><body><script>document.cookie='C3VK=1; max-age=300';location.reload();</script></body></html>",
       "challenge: "},
      {"<html><head><title>用户登录</title></head><body><form>用户名<input name=u> 密码<input type=password "
       "name=p><input type=submit></form></body></html>",
       "login: "},
      {"<html><head><script src=/app.js></script></head><body><div id=app></div></body></html>", "empty: "},
      {"", "empty: "},
  };
  for (const auto& each : kCases) {
    const model::PageRecord record = ExtractPage(each.html);
    EXPECT_EQ(record.kind, model::PageKind::kError) << each.html;
    EXPECT_TRUE(record.kind_reason.starts_with(each.reason)) << record.kind_reason << " for " << each.html;
  }
}

TEST(Kind, NoticesMayHaveTheWordsOfErrors) {
  const auto page = [](const std::string& headline, const std::string& strip, const std::string& text) {
    return "<html><head><title>" + headline + "-青石县应急局</title></head><body><div class=nav><a href=/>首页</a> <a href=/xw/>新闻中心</a></div><h1>" + headline + "</h1>" + strip + "<div id=zoom>" + text +
           "</div><div class=footer>版权所有：青石县人民政府</div></body></html>";
  };
  const std::string strip = "<div class=info>发布时间：2021-11-29 08:30 来源：青石县应急局</div>", day = "<p>青石县人社局</p><p>2021年11月29日</p>";
  const struct {
    const char* headline;
    std::string strip, text;
  } kCases[] = {
      {"关于水库区域禁止访问的通告", strip, "<p>为保障人民群众生命安全，自即日起县域内水库、河道等危险区域禁止访问、游泳和垂钓，请广大群众互相转告。</p>"},
      {"门户网站部分时段访问受限现已恢复", strip, "<p>因网络线路调整，本站今日部分时段访问受限，现已恢复正常，给您带来的不便敬请谅解。</p>"},
      {"关于网上办事大厅启用人机验证的公告", "<div>2021-11-29</div>", "<p>为加强安全防护，自12月1日起网上办事大厅登录时启用人机验证，请按页面提示操作。</p>"},
      {"关于网上办事系统升级的公告", "", "<p>因系统升级维护，定于12月1日至2日暂停办理社保业务，请广大群众合理安排时间。</p><p>特此公告。</p>" + day},
      {"关于网上办事系统升级的公告", "<div>作者：办公室 点击：123</div>", "<p>因系统升级维护，定于12月1日至2日暂停办理社保业务，请广大群众合理安排时间。</p>" + day},
      {"关于禁止访问危险区域的通告", "", "<p>为保障人民群众生命安全，现将有关事项通告如下。</p><p>县域内水库、河道等危险区域禁止访问、游泳和垂钓。</p>" + day},
  };
  for (const auto& each : kCases) {
    const model::PageRecord record = ExtractPage(page(each.headline, each.strip, each.text), "http://www.example.gov.cn/tzgg/202111/t20211129_1234.html");
    EXPECT_EQ(record.kind, model::PageKind::kArticle) << each.headline << ": " << record.kind_reason;
    EXPECT_EQ(record.title.value_or(""), each.headline);
  }
  // What a firewall says has a time as well, and a host that is out of order signs at its root.
  EXPECT_EQ(ExtractPage("<html><head><title>您的访问被阻断</title></head><body><h1>您的请求带有不合法参数，已被网站管理员设置拦截！</h1><p>时间：2021-11-29 08:30:01 来源IP：203.0.113.9</p><p>可能原因：您提交的内容包含危险的攻击请求，请联系网站管理员。</p></body></html>").kind,
            model::PageKind::kError);
  EXPECT_EQ(ExtractPage(page("关于网站系统升级的公告", "", "<p>因系统升级，本网站暂停服务，给您带来不便敬请谅解。</p>" + day), "http://www.example.gov.cn/").kind, model::PageKind::kError);
}

TEST(Kind, ColumnsWithFewOrNoRows) {
  const std::string frame = "<html><head><title>通知公告-青石市林业局</title></head><body><ul class=nav><li><a href=/>首页</a></ul>";
  const std::string foot = "<div class=footer>版权所有 青石市林业局</div></body></html>";
  // Hanweb: the rows stand in a script.
  model::PageRecord record = ExtractPage(
      frame + "<script type=\"text/xml\"><datastore><recordset><record><![CDATA[<li><a href='/art/2021/3/1/art_14_1.html'>护林防火</a></li>]]></record></recordset></datastore></script>" + foot,
      "http://www.example.gov.cn/col/col14/index.html");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
  record = ExtractPage(frame + "<ul><li><a href=1.htm>青石市林业局第一次防火巡查</a><li><a href=2.htm>青石市林业局第二次防火巡查</a><li><a href=3.htm>青石市林业局第三次防火巡查</a></ul><div>共 3 条</div>" + foot,
                       "http://www.example.gov.cn/tzgg/a.jsp");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
}

TEST(Kind, ErrorsNamedByTheirTitle) {
  for (const char* title : {"错误提示", "系统提示", "出错了"}) {
    const model::PageRecord record = ExtractPage("<html><head><title>" + std::string(title) + "</title></head><body><div>该内容暂时无法查看</div><a href=/>返回首页</a></body></html>");
    EXPECT_EQ(record.kind, model::PageKind::kError) << title << record.kind_reason;
  }
  const model::PageRecord record =
      ExtractPage("<html><head><title>访问拦截</title></head><body><h1>拦截提示</h1><p>访问受限，您的IP不在允许范围内</p><p>事件ID：9f3a 时间：2021-03-04 10:20:30</p></body></html>");
  EXPECT_EQ(record.kind, model::PageKind::kError) << record.kind_reason;
}

TEST(Kind, StatusCodes) {
  EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29</p>"), "http://a.gov.cn/1.htm", 404).kind_reason, "http_404");
  EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29</p>"), "http://a.gov.cn/1.htm", 410).kind_reason, "http_410");
  EXPECT_TRUE(ExtractPage("<p>x</p>", "http://a.gov.cn/1.htm", 412).kind_reason.starts_with("challenge: "));
  EXPECT_TRUE(ExtractPage("<p>x</p>", "http://a.gov.cn/1.htm", 403).kind_reason.starts_with("blocked: "));
}

TEST(Kind, NewsAboutErrorsIsNews) {
  std::string page = NewsPage("<p>发布时间：2021-11-29 来源：青石日报</p>");
  const std::string lead =
      "<p>"
      "近日有网友反映，点击部分政府网站链接时提示您访问的页面不存在或已删除，也有网友遇到您的访问被阻断的提示"
      "。</p>";
  page.insert(page.find("<p>　　"), lead);
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  // The challenge's script at the top of a page that has its content.
  std::string guarded = NewsPage("<p>发布时间：2021-11-29 来源：青石日报</p>", "",
                                 "<script>$_ts=window['$_ts'];$_ts.nsd=1;</script>");
  EXPECT_EQ(ExtractPage(guarded).kind, model::PageKind::kArticle);
}

// Rows of other articles, as boxes beside and below a text have them.
std::string Rows(int count, const std::string& before = "<li>", const std::string& between = " ") {
  std::string rows;
  for (int i = 1; i <= count; ++i) {
    rows += before + "<a href=/xw/" + std::to_string(700 + i) + ".htm>林场第" + std::to_string(i) + "护林站完成苗木补植" + "</a>" + between + "2021-04-" +
            (i < 10 ? "0" : "") + std::to_string(i) + "\n";
  }
  return rows;
}

// <title> is the site's, nothing is named or emphasised, and more than half of the page is a box of other articles.
TEST(Kind, ShortArticleAboveManyOtherArticles) {
  const std::string head = "<html><head><title>青石市林业局</title></head><body><div><a href=/>首页</a> <a href=/xw/>新闻</a></div>";
  const std::string text = "<p align=center><b>北坡林区今起封山育林</b></p><p>昨日，北坡林区封山育林工作启动，八个护林站全部上岗。</p><p>封育期为五年。</p>";
  for (const std::string& strip : {std::string("<p>2020年3月5日</p>"), std::string("<p>来源：青石日报 2020-03-05</p>")}) {
    for (const char* box : {"<h4>往期回顾</h4>", "<p>相关信息：</p>", ""}) {
      const model::PageRecord record = ExtractPage(head + strip + text + box + "<ul>" + Rows(24) + "</ul></body></html>", "http://www.example.gov.cn/show.asp?id=31");
      EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason << strip << box;
      EXPECT_EQ(record.body, "昨日，北坡林区封山育林工作启动，八个护林站全部上岗。\n封育期为五年。") << strip << box;
    }
  }
}

// The rows' own dates are not the article's, and their summaries not its text.
TEST(Kind, RowsWithSummariesBelowTheText) {
  std::string rows;
  for (int i = 1; i <= 9; ++i)
    rows += "<div><h3><a href=/xw/" + std::to_string(i) + ".htm>林场第" + std::to_string(i) + "护林站完成苗木补植</a></h3><p>2021-04-0" + std::to_string(i) +
            "</p><p>林场第" + std::to_string(i) + "护林站完成补植，成活率达九成以上，下一步将做好管护。</p></div>";
  const std::string text = "<h1>北坡林区今起封山育林</h1><p>昨日，北坡林区封山育林工作启动，八个护林站全部上岗，封育期为五年，其间禁止放牧、采石和取土。</p>"
                           "<p>林区负责人介绍，违反规定的，将依照条例处理，情节严重的移送公安机关。</p>";
  const model::PageRecord record = ExtractPage("<html><head><title>北坡林区今起封山育林</title></head><body><div>" + text + "<p>最新动态</p>" + rows + "</div></body></html>",
                                               "http://www.example.gov.cn/xw/a.htm");
  EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
  EXPECT_EQ(record.body.find("补植"), std::string::npos) << record.body;
  EXPECT_FALSE(record.published.has_value()) << *record.published;
  // The same rows with their column's name above them are a list.
  const model::PageRecord list = ExtractPage("<html><head><title>最新动态-青石市林业局</title></head><body><h2>最新动态</h2><div>" + rows +
                                                 "</div><div>共 9 条 <a href=2.htm>下一页</a></div></body></html>",
                                             "http://www.example.gov.cn/xw/");
  EXPECT_EQ(list.kind, model::PageKind::kList) << list.kind_reason;
}

// A column that says what it is for is a list all the same; so is one whose rows lead on by script.
TEST(Kind, ListsWithAnIntroductionOrWithoutLinks) {
  model::PageRecord record = ExtractPage("<html><head><title>护林专栏-青石市林业局</title></head><body><h2>护林专栏</h2><p>本栏目介绍各护林站的日常工作，每周更新，欢迎投稿。</p><ul>" + Rows(15) +
                                             "</ul><p>共 120 条 <a href=index_2.htm>下一页</a></p></body></html>",
                                         "http://www.example.gov.cn/hlzl/index.htm");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
  std::string rows;
  for (int i = 1; i <= 9; ++i) rows += "<li onclick=\"go(" + std::to_string(i) + ")\">林场第" + std::to_string(i) + "护林站完成苗木补植<span>2021-04-0" + std::to_string(i) + "</span></li>";
  record = ExtractPage("<html><head><title>公示公告</title></head><body><ul>" + rows + "</ul><p><a href=2.htm>下一页</a> 共 90 条</p></body></html>", "http://www.example.gov.cn/gsgg/list.jhtml");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
}

TEST(Kind, MissingPageWithABoxOfOthers) {
  const model::PageRecord record = ExtractPage("<html><head><title>青石市林业局</title></head><body><p>对不起，您要访问的页面不存在或已被删除！</p><h4>热点新闻</h4><ul>" + Rows(12) + "</ul></body></html>");
  EXPECT_EQ(record.kind, model::PageKind::kError) << record.kind_reason;
}

// A search that found nothing is no article that was withdrawn; an article's address that finds nothing is.
TEST(Kind, NothingFound) {
  const auto page = [](const std::string& title, const std::string& words) { return "<html><head><title>" + title + "</title></head><body><div class=nav><a href=/>首页</a><a href=/xw/>新闻</a></div><div class=content><p>" + words + "</p></div><div class=footer>版权所有：青石市林业局</div></body></html>"; };
  for (const char* words : {"没有找到相关记录！", "对不起，没有找到相关数据。", "没有查询到相关记录", "未找到对应的记录", "抱歉，没有找到相关信息。"}) {
    for (const char* address : {"http://www.example.gov.cn/show.asp?id=88", "http://www.example.gov.cn/content/2021-11/29/content_123456.htm", "http://www.example.gov.cn/art/2021/11/29/art_12_34567.html"}) {
      const model::PageRecord gone = ExtractPage(page("青石市林业局", words), address);
      EXPECT_EQ(gone.kind, model::PageKind::kError) << words << address;
      EXPECT_TRUE(gone.kind_reason.starts_with("soft_404")) << gone.kind_reason;
    }
    for (const char* address : {"http://www.example.gov.cn/search?q=x", "http://search.example.gov.cn/so?word=x", "http://www.example.gov.cn/index.php?m=search&q=x", "http://www.example.gov.cn/plus/s.php?keyword=x"}) {
      const model::PageRecord search = ExtractPage(page("青石市林业局", words), address);
      EXPECT_EQ(search.kind, model::PageKind::kOther) << words << address << search.kind_reason;
    }
    EXPECT_EQ(ExtractPage(page("搜索结果-青石市林业局", words), "http://www.example.gov.cn/jg.aspx?t=1").kind, model::PageKind::kOther) << words;
  }
}

TEST(Kind, RefusalsErrorsSearchesAndEmptyPatterns) {
  const struct {
    const char* html;
    const char* url;
    model::PageKind kind;
  } kCases[] = {
      {"<html><head><title>网站防火墙</title></head><body><h2>网站防火墙</h2><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p><p>如网站托管，请联系空间提供商；普通访客，请联系网站管理员。</p>"
       "<p>事件编号：8464ab 时间：2021-06-11 13:28:30 您的IP：203.0.113.7</p></body></html>",
       "http://www.example.gov.cn/show.asp?id=88", model::PageKind::kError},
      {"<html><head><title>500 - 内部服务器错误。</title></head><body><h1>服务器错误</h1><h2>500 - 内部服务器错误。</h2><h3>您查找的资源存在问题，因而无法显示。</h3></body></html>", "http://www.example.gov.cn/view.jsp?id=9",
       model::PageKind::kError},
      {"<html><head><title>站内搜索-青石市林业局</title></head><body><p>抱歉，没有找到相关结果。请尝试更换关键词，或者返回首页。</p></body></html>", "http://www.example.gov.cn/s?q=x", model::PageKind::kOther},
      {"<html><head><title>政策文件-青石市林业局</title></head><body><h2>政策文件</h2><ul><li v-for='item in list'><a :href='item.url'>{{ item.title }}</a><span>{{ item.pubDate | fmt }}</span></li></ul></body></html>",
       "http://www.example.gov.cn/zcwj/", model::PageKind::kList},
  };
  for (const auto& each : kCases) {
    const model::PageRecord record = ExtractPage(each.html, each.url);
    EXPECT_EQ(record.kind, each.kind) << record.kind_reason << each.html;
  }
}

// Shells whose scripts hold what they show.
TEST(Kind, ArticlesAndListsInScriptsData) {
  const std::string shell = "<html><head><title>青石林业</title></head><body><div id=app></div>";
  const std::string content = R"("content": "<p>昨日，北坡林区封山育林工作启动，\u516b\u4e2a护林站全部上岗。<\/p>\n<p>封育期为五年。<\/p>")";
  for (const std::string& script : {"<script>var n=1;window.__INITIAL_STATE__ = {\"detail\": {\"title\": \"北坡林区今起封山育林\", \"publishTime\": \"2022-05-06 12:20:31\", \"source\": \"青石日报\", \"editor\": \"石平\", " + content + "}};(function(){})()</script>",
                                    "<script id=__NEXT_DATA__ type=application/json>{\"props\":{\"pageProps\":{\"article\":{\"id\":7,\"title\":\"北坡林区今起封山育林\",\"pubDate\":1651810831000,\"source\":\"青石日报\",\"editor\":\"石平\"," + content + "}}}}</script>"}) {
    const model::PageRecord record = ExtractPage(shell + script + "</body></html>");
    EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
    EXPECT_EQ(record.title.value_or(""), "北坡林区今起封山育林");
    EXPECT_EQ(record.published.value_or(""), "2022-05-06T12:20:31+08:00");
    EXPECT_EQ(record.source.value_or(""), "青石日报");
    EXPECT_EQ(record.editor.value_or(""), "石平");
    EXPECT_EQ(record.body, "昨日，北坡林区封山育林工作启动，八个护林站全部上岗。\n封育期为五年。");
  }
  std::string rows;
  for (int i = 1; i <= 5; ++i) rows += std::string(i > 1 ? "," : "") + "{\"id\":" + std::to_string(i) + ",\"title\":\"林场第" + std::to_string(i) + "护林站完成补植\",\"url\":\"/a/" + std::to_string(i) + ".html\",\"pubDate\":\"2021-04-0" + std::to_string(i) + " 10:00\"}";
  const model::PageRecord list = ExtractPage(shell + "<script>window.__DATA__={\"list\":{\"total\":50,\"rows\":[" + rows + "]}}</script></body></html>");
  EXPECT_EQ(list.kind, model::PageKind::kList) << list.kind_reason;
  EXPECT_TRUE(list.body.starts_with("2021-04-01 林场第1护林站完成补植\n2021-04-02 ")) << list.body;
  // Broken or foreign data is no article.
  for (const char* script : {"<script>window.x={\"a\":[[[[{\"title\":</script>", "<script>window.conf={\"title\":\"配置\",\"content\":\"x\",\"list\":[1,2,3]};</script>"})
    EXPECT_EQ(ExtractPage(shell + script + "</body></html>").kind, model::PageKind::kError) << script;
}

// What a program says of itself inside the site's frame; a record that is gone, in the words of Taiwan's offices.
TEST(Kind, ErrorsInsideTheFrame) {
  const std::string menu = "<table><tr><td><a href=n.asp?l=1>首页</a></td><td><a href=n.asp?l=2>协会概况</a></td><td><a href=n.asp?l=3>组织机构</a></td><td><a href=n.asp?l=4>会员名录</a></td></tr></table>";
  for (const char* text : {"<p>ADODB.Field</font> <font face=宋体 size=2>错误 '800a0bcd'</font><p>BOF 或 EOF 中有一个是“真”，或者当前的记录已被删除，所需的操作要求一个当前的记录。<p>/show.asp，行 41",
                           "<p>Microsoft OLE DB Provider for ODBC Drivers</font> 错误 '80040e10'<p>[Microsoft][ODBC Microsoft Access Driver] 参数不足，期待是 1。<p>/view.asp，行 23",
                           "<main><h2>系統訊息</h2><p>您所查詢的資料不存在，或已下架、移除，造成您的不便，敬請見諒。</p></main>"}) {
    const model::PageRecord record = ExtractPage("<html><head><title>青石竹业协会</title></head><body>" + menu + text + "</body></html>", "http://www.example.cn/show.asp?id=7");
    EXPECT_EQ(record.kind, model::PageKind::kError) << record.kind_reason << text;
  }
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2021-03-12 来源：青石市林业局</p>", "<p>据报告，系统曾提示错误 '80040e10'。</p>")).kind, model::PageKind::kArticle);
}

TEST(Kind, AFormToFillIn) {
  const std::string form =
      "<h2>我要写信</h2><p>一、来信人应遵守国家法律法规，对所提内容的真实性负责。</p><p>二、请详细填写姓名、联系电话，以便承办单位与您联系。</p><form action=save.jsp method=post>姓名：<input name=n>电话：<input name=t type=tel>"
      "标题：<input name=b>内容：<textarea name=c></textarea><input type=submit value=提交></form>";
  EXPECT_EQ(ExtractPage("<html><head><title>县长信箱-青石县人民政府</title></head><body><ul><li><a href=/>首页</a></li></ul>" + form + "</body></html>").kind, model::PageKind::kOther);
  // A box for comments below an article makes it no form.
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2021-03-12 来源：青石市林业局</p>", "<form><input name=n><input name=m><textarea name=c></textarea></form>")).kind, model::PageKind::kArticle);
}

// A second link in each row, always the same.
TEST(Kind, RowsWithALinkToTheirDocument) {
  std::string page = "<html><head><title>新聞稿 | 青石安全委員會</title></head><body><a href=/en>English</a><h1>新聞稿</h1>";
  for (int i = 1; i <= 9; ++i)
    page += "<div class=row><div class=date>2018年07月0" + std::to_string(i) + "日</div><div class=title><a href=/p/2018070" + std::to_string(i) + ">當局公布第" + std::to_string(i) + "次安全巡查結果</a></div><a class=pdf href=/p/" + std::to_string(i) + ".pdf>PDF (212KB)</a></div>\n";
  const model::PageRecord record = ExtractPage(page + "</body></html>", "https://www.example.org.hk/tc/media/press");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
  EXPECT_TRUE(record.body.starts_with("2018-07-01 當局公布第1次安全巡查結果\n2018-07-02 ")) << record.body;
}

TEST(Kind, TheCrumbsNameAStandingPage) {
  const auto kind = [](const std::string& column, const std::string& strip) {
    std::string page = NewsPage(strip);
    page.insert(page.find("<div class=main>"), "<p><a href=/>首页</a> / <a href=/about/>走进青石</a> / <a href=/about/x/>" + column + "</a></p>");
    return ExtractPage(page, "http://www.example.gov.cn/about/x/27.html").kind;
  };
  EXPECT_EQ(kind("内设机构", ""), model::PageKind::kOther);
  EXPECT_EQ(kind("内设机构", "<p>发布时间：2021-11-29 来源：青石日报</p>"), model::PageKind::kArticle);
  EXPECT_EQ(kind("林业要闻", ""), model::PageKind::kArticle);
}

TEST(Kind, RowsWithTheirTimesBelowOneDayAreAList) {
  std::string rows;
  for (int i = 0; i < 14; ++i) rows += "<li><a href=/gia/07/P" + std::to_string(700 + i) + ".htm>海關檢獲第" + std::to_string(i) + "批懷疑走私香煙</a> <span>" + std::to_string(21 - i) + ":17</span></li>";
  const std::string page = "<html><head><title>2020年5月7日新聞公報</title></head><body><h1>今日新聞公報</h1><h2>2020年5月7日（星期四）</h2><ul>" + rows + "</ul></body></html>";
  const model::PageRecord record = ExtractPage(page, "http://www.example.gov.hk/gia/07c.htm");
  EXPECT_EQ(record.kind, model::PageKind::kList) << record.kind_reason;
  // Beside a text they make no list of it.
  const std::string box = "<ul>" + rows + "</ul>";
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2020-05-07 来源：青石日报</p>", box)).kind, model::PageKind::kArticle);
}

}  // namespace
}  // namespace fangzhi::extract
