// How lists are paged: what each dialect's page says, and where its next page is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/strings.h"
#include "links/links.h"

namespace fangzhi::links {
namespace {

using model::Link;
using model::LinkKind;
using model::ListFacts;

struct Seen {
  std::vector<Link> links;
  ListFacts list;
  std::string lists() const {  // addresses of kind list
    std::string out;
    for (const Link& link : links) {
      if (link.kind == LinkKind::kList) out += link.url + "\n";
    }
    return out;
  }
  std::string articles() const {
    std::string out;
    for (const Link& link : links) {
      if (link.kind == LinkKind::kArticle) out += link.url + " " + link.date + " " + link.text + "\n";
    }
    return out;
  }
};

Seen Read(std::string markup, std::string_view page) {
  const html::Document document = html::Document::Parse(std::move(markup));
  const url::Url page_url = *url::Parse(page);
  Seen seen;
  seen.links = FindLinks({document, page_url, {}}, &seen.list);
  return seen;
}

Seen ReadData(std::string_view text, std::string_view page) {
  Seen seen;
  const url::Url page_url = *url::Parse(page);
  auto links = FindLinksInData(text, page_url, &seen.list);
  if (links) seen.links = std::move(*links);
  return seen;
}

std::string Rows(int count, const std::string& href = "/xw/202111/t20211129_") {
  std::string rows = "<ul>";
  for (int i = 0; i < count; ++i)
    rows += "<li><a href=\"" + href + std::to_string(1000 + i) + ".html\">市政府召开常务会议研究第" + std::to_string(i) + "项议题</a><span>2021-11-29</span></li>";
  return rows + "</ul>";
}

TEST(Traps, OtherViewsAreNotFollowedButFromWithin) {
  const std::string views =
      "<a href='/xw/a_1.html?print=1'>打印</a><a href='/print.jsp?id=1'>打印本页</a><a href='/xw/a_1_print.html'>预览</a><a href='/wza/index.html'>进入</a>"
      "<a href='/zzb/'>长者版</a><a href='/rili/?y=2024&amp;m=5'>下月</a>";
  EXPECT_THAT(Read(views, "http://a.gov.cn/xw/a_1.html").links, testing::IsEmpty());
  // 组织部 has the same letters; a text about printing is one.
  EXPECT_EQ(Read("<a href='/zzb/'>组织部</a><a href='/'>打印</a><a href='/xw/202111/t20211129_1.html'>关于加强打印复印行业管理的通知</a>", "http://a.gov.cn/").links.size(), 3u);
  EXPECT_EQ(Read("<a href='/wza/xw/'>新闻</a>", "http://a.gov.cn/wza/index.html").links.size(), 1u);
}

TEST(Traps, CalendarsAndSearchesAreNoLists) {
  const auto kinds = [](const std::string& href) {
    std::string all;
    for (const Link& link : Read("<a href='" + href + "'>下一页</a>", "http://a.gov.cn/").links) all += model::LinkKindName(link.kind);
    return all;
  };
  EXPECT_EQ(kinds("/wnl.asp?y=2024&amp;m=5"), "page");
  EXPECT_EQ(kinds("/wnl.asp?y=2024&amp;m=5&amp;d=7"), "");  // a day is left out
  EXPECT_EQ(kinds("/s.jsp?q=x&amp;page=2"), "page");
  EXPECT_EQ(kinds("/so/?keyword=%E6%98%A5%E8%BF%90&amp;pageNo=2"), "page");
  // Columns, and what only looks like a day.
  EXPECT_EQ(kinds("/list.jsp?m=list&amp;y=1&amp;page=2"), "list");
  EXPECT_EQ(kinds("/list.jsp?channelid=5&amp;keyword=x&amp;page=2"), "list");
  EXPECT_EQ(kinds("/list.jsp?keyword=&amp;page=2"), "list");
}

TEST(Dialects, AColumnOfManyPagesNamesThoseAroundThePageItself) {
  const auto lists = [](const std::string& address, int pages) { return Read(Rows(10) + "<script>createPageHTML(" + std::to_string(pages) + ", 0, \"index\", \"html\");</script>", address); };
  const auto has = [](const Seen& seen, const std::string& file) { return seen.lists().find("/xw/" + file + "\n") != std::string::npos; };
  const Seen first = lists("http://a.gov.cn/xw/", 1128);
  EXPECT_TRUE(has(first, "index.html") && has(first, "index_499.html"));
  EXPECT_FALSE(has(first, "index_500.html"));
  const Seen later = lists("http://a.gov.cn/xw/index_499.html", 1128);
  EXPECT_TRUE(has(later, "index_500.html") && has(later, "index_898.html") && has(later, "index_399.html"));
  EXPECT_TRUE(has(lists("http://a.gov.cn/xw/index_898.html", 1128), "index_1127.html"));
  EXPECT_FALSE(has(lists("http://a.gov.cn/xw/index_898.html", 1128), "index_1128.html"));
  EXPECT_EQ(later.list.needs, "");
  const Seen endless = lists("http://a.gov.cn/xw/index_99900.html", 2'000'000);
  EXPECT_TRUE(has(endless, "index_99999.html"));
  EXPECT_FALSE(has(endless, "index_100000.html"));
  EXPECT_EQ(endless.list.needs, "pages behind the 100000th, which are not asked for");
}

TEST(Dialects, EachHanwebUnitOfAPageIsAskedForItsOwnRows) {
  const auto rows = [](const std::string& unit) {
    return "<script type='text/xml'><datastore><recordset><record><![CDATA[<li><a href='/art/2021/11/29/art_" + unit + "_1.html'>关于召开会议的通知</a></li>]]></record></recordset></datastore></script>";
  };
  const auto call = [](const std::string& unit, int total) {
    return "$('#" + unit + "').jpage({proxyUrl:'/dataproxy.jsp?unitid=" + unit + "',perPage:5,totalRecord:" + std::to_string(total) + "});";
  };
  const std::string both = "http://a.gov.cn/dataproxy.jsp?unitid=100&startrecord=2&endrecord=16&perpage=5\nhttp://a.gov.cn/dataproxy.jsp?unitid=200&startrecord=2&endrecord=16&perpage=5\n";
  const std::string address = "http://a.gov.cn/col/col1/index.html";
  const Seen mixed = Read(rows("100") + "<script>" + call("100", 40) + "</script>" + rows("200") + "<script>" + call("200", 30) + "</script>", address);
  EXPECT_EQ(mixed.lists(), both);
  EXPECT_EQ(mixed.list.total, 70u);
  EXPECT_EQ(Read(rows("100") + rows("200") + "<script>" + call("100", 40) + call("200", 30) + "</script>", address).lists(), both);
  // The second has all its rows in the page.
  EXPECT_EQ(Read(rows("100") + "<script>" + call("100", 40) + "</script>" + rows("200") + "<script>" + call("200", 1) + "</script>", address).lists(), both.substr(0, both.find('\n') + 1));
}

TEST(Dialects, AFormOfOneFieldAsksForPages) {
  const std::string form = "<form action='/news/'>第1/3页 到第<input name=page>页<input type=hidden name=c value='7 8'><input type=submit value=GO></form>";
  const Seen seen = Read(Rows(10) + form, "http://a.gov.cn/news/");
  EXPECT_EQ(seen.lists(), "http://a.gov.cn/news/?c=7%208&page=2\nhttp://a.gov.cn/news/?c=7%208&page=3\n");
  EXPECT_EQ(seen.list.pages, 3u);
  // A search, a POST, a form of a page that announces nothing.
  EXPECT_EQ(Read(Rows(10) + "<form action='/s'>第1/3页 <input name=page><input name=q></form>", "http://a.gov.cn/news/").lists(), "");
  EXPECT_EQ(Read(Rows(10) + "<form method=post action='/s'>第1/3页 <input name=page></form>", "http://a.gov.cn/news/").lists(), "");
  EXPECT_EQ(Read(Rows(10) + "<form action='/s'><input name=page></form>", "http://a.gov.cn/news/").lists(), "");
}

TEST(Dialects, AScriptThatGoesToANumberedPageAndSaysHowManyThereAre) {
  const std::string go = "<script>laypage({cont:'pg',pages:3,curr:1,jump:function(e,first){if(!first){location.href='?page='+e.curr;}}});</script>";
  const std::string pages = "http://a.gov.cn/news/?page=2\nhttp://a.gov.cn/news/?page=3\n";
  EXPECT_EQ(Read(Rows(10) + go, "http://a.gov.cn/news/").lists(), pages);
  EXPECT_EQ(Read(Rows(10) + "<div class=page>第1页/共3页</div><script>function goPage(n){window.location = \"/news/?page=\" + n}</script>", "http://a.gov.cn/news/").lists(), pages);
  EXPECT_EQ(Read(Rows(10) + "<script>laypage.render({count:25,limit:10,jump:function(o){location.href='?page='+o.curr}})</script>", "http://a.gov.cn/news/").lists(), pages);
  // What is added to the number would be guessed; how many there are is not said.
  EXPECT_EQ(Read(Rows(10) + "<div class=page>第1页/共3页</div><script>location.href='?page='+n*10</script>", "http://a.gov.cn/news/").lists(), "");
  EXPECT_EQ(Read(Rows(10) + "<script>location.href='?page='+n;</script>", "http://a.gov.cn/news/").lists(), "");
}

TEST(Dialects, PagesToChooseFromAreFollowed) {
  const Seen seen = Read(Rows(10) + "<select onchange='location.href=this.value'><option value='?page=1'>第1页</option><option value='?page=2'>第2页</option></select>", "http://a.gov.cn/news/");
  EXPECT_EQ(seen.lists(), "http://a.gov.cn/news/?page=1\nhttp://a.gov.cn/news/?page=2\n");
}

TEST(Dialects, PagesToChooseFromMayBeRelativeOrPutTogetherOfLiterals) {
  const std::string news = "http://a.gov.cn/news/";
  EXPECT_EQ(Read(Rows(10) + "<select onchange='location.href=this.value'><option value=index.html>1</option><option value=index_2.html>2</option></select>", news).lists(),
            news + "index.html\n" + news + "index_2.html\n");
  const auto chosen = [&news](const std::string& script) {
    return Read(Rows(10) + "<select onchange=\"" + script + "\"><option value=1 selected>1</option><option value=2>2</option><option value=''>…</option></select>", news).lists();
  };
  const std::string both = "http://a.gov.cn/news.asp?page=1&c=3\nhttp://a.gov.cn/news.asp?page=2&c=3\n";
  EXPECT_EQ(chosen("javascript:window.location='/news.asp?page='+this.options[this.selectedIndex].value+'&c=3';"), both);
  EXPECT_EQ(chosen("location.href = '/news.asp?page=' + this.value + '&c=3'"), both);
  EXPECT_EQ(chosen("location.href='/news.asp?page='+this.value"), "http://a.gov.cn/news.asp?page=1\nhttp://a.gov.cn/news.asp?page=2\n");
  // What is added is no option, or is not known.
  EXPECT_EQ(chosen("location.href='/news.asp?page='+(this.value-1)"), "");
  EXPECT_EQ(chosen("location.href='/news.asp?page='+n"), "");
  EXPECT_EQ(chosen("location.href='/news.asp?page='+this.value+suffix"), "");
  EXPECT_EQ(chosen("go('/news.asp?page='+this.value)"), "");
}

TEST(Dialects, NumbersOfAPagerThatOnlyAScriptFollowsStandBetweenItsLinks) {
  const auto pager = [](const std::string& links) { return Read(Rows(10) + "<p>共187条 第1/19页 " + links + "</p>", "http://a.gov.cn/news/index.asp?Page=1").lists(); };
  const std::string next = "http://a.gov.cn/news/index.asp?Page=2\n", third = "http://a.gov.cn/news/index.asp?Page=3\n";
  EXPECT_EQ(pager("<a href='index.asp?Page=2'>下一页</a><a href='javascript:go(3)'>3</a>"), next + third);
  EXPECT_EQ(pager("<a href='index.asp?Page=2'>2</a><a href=# onclick=\"go('3')\">3</a>"), next + third);
  // Counted from nought; the call says another number than the reader; nothing tells how a page is asked for.
  EXPECT_EQ(pager("<a href='index.asp?Page=1'>2</a><a href='javascript:go(3)'>3</a>"), "http://a.gov.cn/news/index.asp?Page=1\n");
  EXPECT_EQ(pager("<a href='index.asp?Page=2'>下一页</a><a href='javascript:go(2)'>3</a>"), next);
  EXPECT_EQ(pager("<a href='javascript:go(3)'>3</a>"), "");
  const std::string files = "http://a.gov.cn/xw/list_3_";
  EXPECT_EQ(Read(Rows(10) + "<a href=list_3_2.html>2</a><a href='javascript:go(3)'>3</a>", "http://a.gov.cn/xw/").lists(), files + "2.html\n" + files + "3.html\n");
}

TEST(Dialects, ANumberWhoseFileIsCalledLikeItIsAPage) {
  const std::string folder = "http://a.gov.cn/jyxx/003001/003001001/";
  EXPECT_EQ(Read(Rows(10) + "<a href=2.html>2</a><a href=41.html>41</a><a href=2.html>下页</a>", folder + "secondPage.html").lists(), folder + "2.html\n" + folder + "41.html\n");
  // A text has a title; a day of a calendar leads to that day's text.
  EXPECT_EQ(Read("<a href=41.html>关于召开会议的通知</a><a href=/art/2021/11/29/art_1_77.html>29</a>", folder).lists(), "");
}

TEST(Dialects, PagesThatAScriptCountsFromOne) {
  const std::string data = "<script type='application/json'>{\"data\":{\"total\":46,\"pageNo\":1,\"pageCount\":3,\"rows\":[]}}</script>";
  const std::string pages = "http://a.gov.cn/xw/index_2.html\nhttp://a.gov.cn/xw/index_3.html\n";
  const std::string loop = "for(var i=1;i<=d.pageCount;i++){ p+= i==d.pageNo ? i : '<a href=\"'+(i==1?'index.html':'index_'+i+'.html')+'\">'+i+'</a>'; }";
  // How many there are stands in the data, before or behind, or in the script itself.
  EXPECT_EQ(Read(Rows(8) + data + "<script>" + loop + "</script>", "http://a.gov.cn/xw/").lists(), pages);
  EXPECT_EQ(Read(Rows(8) + "<script>" + loop + "</script>" + data, "http://a.gov.cn/xw/").lists(), pages);
  EXPECT_EQ(Read(Rows(8) + "<script>var pageCount=3;" + loop + "</script>", "http://a.gov.cn/xw/").lists(), pages);
  // Files of something else that a script counts.
  EXPECT_EQ(Read(Rows(8) + data + "<script>for(var i=1;i<=9;i++) pic[i]='banner_'+i+'.jpg';</script>", "http://a.gov.cn/xw/").lists(), "");
}

TEST(Dialects, WhatIsAnnouncedIsARowOrAPage) {
  const auto total = [](std::string_view text) { return Read(Rows(10) + "<p>" + std::string(text) + "</p>", "http://a.gov.cn/news/").list.total; };
  EXPECT_EQ(total("共257条"), 257u);
  EXPECT_EQ(total("共有 257 条记录"), 257u);
  EXPECT_EQ(total("公共服务12条"), std::nullopt);
  EXPECT_EQ(total("共有 98 个部门"), std::nullopt);
  EXPECT_EQ(total("共享单车 257 条"), std::nullopt);
  EXPECT_EQ(total("本栏目共有257条信息"), 257u);
  EXPECT_EQ(total("热门搜索 共找到 560 条结果"), std::nullopt);
  EXPECT_EQ(total("您是第12345位访问者 本栏目累计公开信息共 3456 条"), std::nullopt);
  const auto pages = [](std::string_view text) { return Read(Rows(10) + "<div class=page>" + std::string(text) + "</div>", "http://a.gov.cn/news/").list.pages; };
  EXPECT_EQ(pages("第1/5页"), 5u);
  EXPECT_EQ(pages("第1页 / 共5页"), 5u);
  EXPECT_EQ(pages("1/6"), std::nullopt) << "pictures";
}

TEST(Dialects, AnAnswerOfJpaasSaysItsRowsAndGoesOn) {
  const std::string unit = "http://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=9&pageId=16";
  const auto answer = [](int page) {
    return R"({"success":true,"data":{"html":")" + ReplaceAll(Rows(10, "/art/" + std::to_string(page) + "/2021/11/29/art_14_"), "\"", "'") + R"(<div class='pagination' rows='10' count='25'></div>"}})";
  };
  const Seen first = ReadData(answer(1), unit);
  EXPECT_EQ(first.list.dialect, "jpaas");
  EXPECT_EQ(first.list.total, 25u);
  const std::string second = unit + "&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A10%7D", third = unit + "&paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A10%7D";
  EXPECT_EQ(first.lists(), second + "\n");
  const Seen next = ReadData(answer(2), second);
  EXPECT_EQ(next.list.page, 2u);
  EXPECT_EQ(next.lists(), third + "\n");
  EXPECT_EQ(ReadData(answer(3), third).lists(), "") << "25 of 25";
}

TEST(Dialects, TrsAnnouncesPagesAndItems) {
  const Seen seen = Read(Rows(15) + "<script>createPageHTML('page_div',42, 1,'fg','shtml',621)</script>", "http://a.gov.cn/xw/fg_3.shtml");
  EXPECT_EQ(seen.list.dialect, "trs");
  EXPECT_EQ(seen.list.pages, 42u);
  EXPECT_EQ(seen.list.total, 621u);
  EXPECT_EQ(seen.list.page, 4u);  // fg.shtml, fg_1.shtml, …
  EXPECT_EQ(seen.list.items, 15u);
  EXPECT_NE(seen.lists().find("http://a.gov.cn/xw/fg_41.shtml\n"), std::string::npos);
  EXPECT_EQ(seen.lists().find("fg_42.shtml"), std::string::npos);
}

TEST(Dialects, TrsPagerWrittenOutInThePage) {
  const Seen seen = Read(Rows(3) +
                             "<script>var currentPage = 0; var countPage = 3; var nextPage = currentPage+1;"
                             "if(nextPage<countPage) document.write(\"<a href=\\\"index_\" + nextPage + \".html\\\">下一页</a>\");</script>",
                         "http://a.gov.cn/xw/");
  EXPECT_EQ(seen.list.pages, 3u);
  EXPECT_EQ(seen.lists(), "http://a.gov.cn/xw/index.html\nhttp://a.gov.cn/xw/index_1.html\nhttp://a.gov.cn/xw/index_2.html\n");
}

TEST(Dialects, PagesOfOneTextAreNoLists) {
  const Seen seen = Read("<p>正文</p><script>createPageHTML(3, 0, \"t20211129_1000\", \"html\");</script><a href=t20211129_1000_2.html>下一页</a>",
                         "http://a.gov.cn/xw/202111/t20211129_1000.html");
  EXPECT_EQ(seen.lists(), "");
  size_t parts = 0;
  for (const Link& link : seen.links) parts += link.kind == LinkKind::kPage;
  EXPECT_EQ(parts, 3u);
  // 上一篇 and 下一篇 lead to other texts.
  EXPECT_NE(Read("<a href=t20211130_1001.html>下一篇：我市召开防汛会议</a>", "http://a.gov.cn/xw/202111/t20211129_1000.html").articles(), "");
}

TEST(Dialects, VsbCountsBackwards) {
  const std::string pager =
      "<span class=p_pages><span class=p_t>共162条</span><span class='p_next p_fun'><a href='zbgg/10.htm'>下页</a></span>"
      "<span class='p_last p_fun'><a href='zbgg/1.htm'>尾页</a></span><span class=p_t>1/11</span></span>";
  const Seen first = Read(Rows(15, "../info/1043/") + pager, "http://a.gov.cn/xw/zbgg.htm");
  EXPECT_EQ(first.list.dialect, "vsb");
  EXPECT_EQ(first.list.total, 162u);
  EXPECT_EQ(first.list.pages, 11u);
  EXPECT_EQ(first.list.page, 1u);
  EXPECT_EQ(first.lists(), "http://a.gov.cn/xw/zbgg/10.htm\nhttp://a.gov.cn/xw/zbgg/1.htm\n");
}

TEST(Dialects, HanwebJpage) {
  const std::string rows = Rows(3, "/art/2021/11/29/art_14_");
  const std::string page =
      "<div id=246861></div><script type='text/xml'><datastore><recordset><record><![CDATA[" + rows.substr(4, rows.size() - 9) +
      "]]></record></recordset></datastore></script><script>$('#246861').jpage({perPage:15,totalRecord:6163,proxyUrl:'/module/web/jpage/dataproxy.jsp',"
      "ajaxParam:{col:1,appid:1,webid:39,path:'/',columnid:61490,sourceContentType:1,unitid:'247686',webname:'某市',permissiontype:0}});</script>";
  const Seen seen = Read(page, "http://a.gov.cn/col/col61490/index.html");
  EXPECT_EQ(seen.list.dialect, "jpage");
  EXPECT_EQ(seen.list.total, 6163u);
  EXPECT_EQ(seen.list.per_page, 15u);
  EXPECT_EQ(seen.lists(),
            "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=2&endrecord=46&perpage=15&col=1&appid=1&webid=39&path=/&columnid=61490"
            "&sourceContentType=1&unitid=247686&webname=%E6%9F%90%E5%B8%82&permissiontype=0\n");
  EXPECT_EQ(seen.list.items, 3u);

  const std::string answer =
      "<datastore><totalrecord>100</totalrecord><totalpage>7</totalpage><recordset><record><![CDATA[<li><a href='/art/2021/11/29/art_14_9.html' "
      "title='关于召开会议的通知'>关于召开...</a><b>2021-11-29</b></li>]]></record></recordset></datastore>";
  const Seen data = ReadData(answer, "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&columnid=61490");
  EXPECT_EQ(data.list.total, 100u);
  EXPECT_EQ(data.articles(), "http://a.gov.cn/art/2021/11/29/art_14_9.html 2021-11-29 关于召开会议的通知\n");
  EXPECT_EQ(data.lists(), "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=135&perpage=15&columnid=61490\n");
  EXPECT_EQ(ReadData(answer, "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=135&perpage=15").lists(), "");
}

TEST(Dialects, HanwebNextGroupIsTaken) {
  const Seen data = ReadData(
      "<datastore><totalrecord>600</totalrecord><nextgroup><![CDATA[<a href=\"./dataproxy.jsp?page=5&webid=1&columnid=9&unitid=7\"></a>]]></nextgroup>"
      "<recordset><record><![CDATA[<li><a href='/art/2021/11/29/art_14_9.html'>关于召开会议的通知</a></li>]]></record></recordset></datastore>",
      "http://a.gov.cn/module/web/jpage/dataproxy.jsp?page=4&webid=1&columnid=9&unitid=7");
  EXPECT_EQ(data.lists(), "http://a.gov.cn/module/web/jpage/dataproxy.jsp?page=5&webid=1&columnid=9&unitid=7\n");
  // More column data: pages by number, to the announced end.
  const std::string more = "<datastore><totalpage>3</totalpage><recordset><record><![CDATA[<li><a href='/art/2021/11/29/art_14_9.html'>关于召开会议的通知</a></li>]]></record></recordset></datastore>";
  const std::string proxy = "http://a.gov.cn/module/web/jpage/morecolumndataproxy.jsp?appid=1&columnid=9&page=";
  EXPECT_EQ(ReadData(more, proxy + "2").lists(), proxy + "3\n");
  EXPECT_EQ(ReadData(more, proxy + "3").lists(), "");
}

TEST(Dialects, JpaasUnits) {
  const Seen shell = Read(
      "<script url=\"/api-gateway/jpaas-publish-server/front/page/build/unit\" queryData=\"{'webId':'86ca','pageId':'f317','parseType':'bulidstatic',"
      "'pageType':'column','tagId':'栏目-list','tplSetId':'fc25','editType':'null'}\"></script>",
      "http://a.gov.cn/col/col9/index.html");
  const std::string unit =
      "http://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=86ca&pageId=f317&parseType=bulidstatic&pageType=column&tagId="
      "%E6%A0%8F%E7%9B%AE-list&tplSetId=fc25&editType=null";
  EXPECT_EQ(shell.lists(), unit + "\n");
  const std::string html =
      "<ul><li><a href='/art/2026/art_99f2ab34cd5611ee8812a0369f3c1e22.html' title='关于召开会议的通知'>关于召开...</a><span>2026-01-02</span></li></ul>"
      "<div class='pagination' querydata=\\\"{'webId':'86ca','pageId':'f317'}\\\" rows='15' count='40' pageno='2' uniturl='/api-gateway/jpaas-publish-server/front/page/build/unit'></div>";
  const Seen data = ReadData("{\"success\":true,\"data\":{\"html\":\"" + html + "\"}}", unit + "&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D");
  EXPECT_EQ(data.list.dialect, "jpaas");
  EXPECT_EQ(data.list.total, 40u);
  EXPECT_EQ(data.articles(), "http://a.gov.cn/art/2026/art_99f2ab34cd5611ee8812a0369f3c1e22.html 2026-01-02 关于召开会议的通知\n");
  EXPECT_NE(data.lists().find("paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D"), std::string::npos) << data.lists();
}

TEST(Dialects, Kaipu) {
  const std::string id = "5ad7f285c40d4f478a7b43b9fcd67d70";
  const std::string first = "http://a.gov.cn/common/search/" + id + "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1";
  // Named in a script, built in a script, or only as the column's id on a page without rows.
  EXPECT_EQ(Read("<script>$.get('/common/search/" + id + "?_isJson=true')</script>", "http://a.gov.cn/c1/").lists(), first + "\n");
  EXPECT_EQ(Read("<script>var channelId = \"" + id + "\"; $.get(\"/common/search/\" + channelId)</script>", "http://a.gov.cn/c1/").lists(), first + "\n");
  EXPECT_EQ(Read("<meta name=channelId content=" + id + "><ul></ul>", "http://a.gov.cn/c1/").lists(), first + "\n");
  EXPECT_EQ(Read("<meta name=channelId content=" + id + ">" + Rows(5), "http://a.gov.cn/c1/").lists(), "");
  const std::string answer =
      "{\"code\":200,\"data\":{\"page\":1,\"rows\":20,\"total\":45,\"results\":[{\"title\":\"关于<em>印发</em>方案的通知\",\"url\":\"//a.gov.cn/c1/202111/5ad7f285c40d.shtml\","
      "\"publishedTimeStr\":\"2021-11-29 08:30:00\"},{\"title\":\"附件\",\"url\":\"/c1/a.pdf\",\"publishedTime\":1627920000000}]}}";
  const Seen data = ReadData(answer, first);
  EXPECT_EQ(data.list.dialect, "kaipu");
  EXPECT_EQ(data.list.total, 45u);
  EXPECT_EQ(data.articles(), "http://a.gov.cn/c1/202111/5ad7f285c40d.shtml 2021-11-29 关于印发方案的通知\n");
  EXPECT_EQ(data.links[1].kind, LinkKind::kAttachment);
  EXPECT_EQ(data.links[1].date, "2021-08-03");
  EXPECT_NE(data.lists().find("page=2"), std::string::npos);
}

TEST(Dialects, Gkmlpt) {
  const Seen page = Read("<script>window._CONFIG = {SITE: 'x', SID: '755325', TREE: [{\"id\":2972,\"name\":\"法规\",\"children\":[{\"id\":3001}]}]};</script>",
                         "http://a.gov.cn/kjj/gkmlpt/index");
  EXPECT_EQ(page.lists(), "http://a.gov.cn/kjj/gkmlpt/api/all/2972?page=1&sid=755325\nhttp://a.gov.cn/kjj/gkmlpt/api/all/3001?page=1&sid=755325\n");
  const Seen data = ReadData(
      "{\"total\":150,\"articles\":[{\"id\":1,\"title\":\"关于召开会议的通知\",\"url\":\"http://a.gov.cn/gkmlpt/content/3/3671/post_3671234.html\",\"display_publish_time\":1627920000}]}",
      "http://a.gov.cn/kjj/gkmlpt/api/all/2972?page=1&sid=755325");
  EXPECT_EQ(data.articles(), "http://a.gov.cn/gkmlpt/content/3/3671/post_3671234.html 2021-08-03 关于召开会议的通知\n");
  EXPECT_EQ(data.lists(), "http://a.gov.cn/kjj/gkmlpt/api/all/2972?page=2&sid=755325\n");
  const Seen empty = ReadData("{\"total\":150,\"articles\":[]}", "http://a.gov.cn/kjj/gkmlpt/api/all/2972?page=9&sid=755325");
  EXPECT_EQ(empty.lists(), "");
  EXPECT_TRUE(empty.list.past_end);
}

class Everywhere : public model::UrlPattern {
 public:
  explicit Everywhere(std::string text) : text_(std::move(text)) {}
  bool Matches(std::string_view url) const override { return url.find(text_) != std::string_view::npos; }
  const std::string& text() const override { return text_; }

 private:
  std::string text_;
};

// Keys and bodies of the POSTs, one a line.
std::string Posts(const std::string& script, const std::string& page = "http://a.gov.cn/l/") {
  auto profile = std::make_shared<model::Profile>();
  profile->list_posts.push_back(std::make_shared<Everywhere>("/getFileListByCodeId"));
  profile->list_posts.push_back(std::make_shared<Everywhere>("/rest/list"));
  const model::Profiles families = {profile};
  const html::Document document = html::Document::Parse("<script>" + script + "</script>");
  const url::Url page_url = *url::Parse(page);
  std::string lines;
  model::ListFacts list;
  for (const model::Link& link : FindLinks({document, page_url, {}, nullptr, &families}, &list)) {
    if (!link.post.empty()) lines += link.url + " " + link.post + "\n";
  }
  EXPECT_TRUE(lines.empty() || list.needs.empty()) << list.needs;
  return lines;
}

TEST(Dialects, ListsByPost) {
  constexpr const char* kKey = "http://a.gov.cn/getFileListByCodeId?__wb_method=POST&codeId=&channelId=29a8&page=1&size=10 codeId=&channelId=29a8&page=1&size=10\n";
  for (const char* script : {"$.post(\"/getFileListByCodeId\",{codeId:\"\",channelId:\"29a8\",page:1,size:10},f)",
                             "var channelId='29a8';function load(n){$.post('/getFileListByCodeId', {codeId: '', 'channelId': channelId, page: n, size: 10}, f);}",
                             "const channel = \"29a8\", size = 10; jQuery.ajax({type: 'POST', url: '/getFileListByCodeId', dataType: 'json', data: {codeId:'', channelId: channel, page: currentPage+1, size: size}, success: f})",
                             "$.ajax({url:\"http://a.gov.cn/getFileListByCodeId\",method:\"post\",data:{\"codeId\":\"\",\"channelId\":\"29a8\",\"page\":1,\"size\":10}})"}) {
    EXPECT_EQ(Posts(script), kKey) << script;
  }
  EXPECT_EQ(Posts("$.ajax({url:'/rest/list',type:'POST',contentType:'application/json',data:JSON.stringify({siteId:'7',pageIndex:1,q:'公告'})})"),
            "http://a.gov.cn/rest/list?__wb_method=POST&siteId=7&pageIndex=1&q=%E5%85%AC%E5%91%8A {\"siteId\":\"7\",\"pageIndex\":1,\"q\":\"公告\"}\n");
  // Unknown values, other hosts, other interfaces, a GET.
  for (const char* script : {"$.post('/getFileListByCodeId',{channelId:id(),page:1},f)", "$.post('http://b.gov.cn/getFileListByCodeId',{channelId:'7',page:1},f)",
                             "$.post('/vote.do',{id:'7',page:1},f)", "$.post('/getFileListByCodeId',{channelId:a+b,page:1},f)", "$.ajax({url:'/getFileListByCodeId',data:{channelId:'7'}})", "$.post('/getFileListByCodeId',f)",
                             "$.post(", "$.post('/getFileListByCodeId',{", "$.ajax({url:'/getFileListByCodeId',type:'post',data:"}) {
    EXPECT_EQ(Posts(script), "") << script;
  }
}

TEST(Dialects, PostedListsGoOn) {
  const auto next = [](const std::string& target, const std::string& body, const std::string& text) {
    std::string lines;
    model::ListFacts list;
    const url::Url key = *url::Parse(url::PostKey(target, body));
    for (const model::Link& link : FindLinksInData(text, key, &list, body).value_or(std::vector<model::Link>{})) {
      if (link.kind == model::LinkKind::kList) lines += link.url + " " + link.post + "\n";
    }
    return lines;
  };
  const std::string rows = "{\"data\":{\"total\":25,\"results\":[{\"title\":\"关于召开会议的通知\",\"url\":\"/c1/202111/a.html\"},{\"title\":\"公告一则\",\"url\":\"/c1/202111/b.html\"}]}}";
  EXPECT_EQ(next("http://a.gov.cn/getFileListByCodeId", "channelId=7&page=2&size=10", rows),
            "http://a.gov.cn/getFileListByCodeId?__wb_method=POST&channelId=7&page=3&size=10 channelId=7&page=3&size=10\n");
  EXPECT_EQ(next("http://a.gov.cn/rest/list", "{\"pageIndex\":2,\"siteId\":\"7\"}", rows),
            "http://a.gov.cn/rest/list?__wb_method=POST&pageIndex=3&siteId=7 {\"pageIndex\":3,\"siteId\":\"7\"}\n");
  EXPECT_EQ(next("http://a.gov.cn/getFileListByCodeId", "channelId=7&page=20&size=10", rows), "");  // 25 are announced
  EXPECT_EQ(next("http://a.gov.cn/getFileListByCodeId", "channelId=7&size=10", rows), "");
  EXPECT_EQ(next("http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=3&perpage=1", "col=1&columnid=14",
                 "<datastore><totalrecord>9</totalrecord><recordset><record><![CDATA[<li><a href='/art/2021/11/11/art_14_1.html'>市政府召开常务会议研究</a></li>]]></record></recordset></datastore>"),
            "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=6&perpage=1&__wb_method=POST&col=1&columnid=14 col=1&columnid=14\n");
  const auto posted = AsPost("http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=3&perpage=1&col=1&columnid=14");
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->url, "http://a.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=3&perpage=1&__wb_method=POST&col=1&columnid=14");
  EXPECT_EQ(posted->post, "col=1&columnid=14");
  EXPECT_FALSE(AsPost("http://a.gov.cn/news.jsp?page=1&col=1"));
}

TEST(Dialects, WhatAGetCannotAskForIsSaid) {
  EXPECT_NE(Read("<script>var channelId='29a8'; $.post('/getFileListByCodeId',{channelId:channelId})</script>", "http://a.gov.cn/l/").list.needs.find("POST"), std::string::npos);
  EXPECT_NE(Read(Rows(5) + "<a href=\"javascript:__doPostBack('Pager1','2')\">下一页</a>", "http://a.gov.cn/l.aspx").list.needs.find("'Pager1','2'"), std::string::npos);
  EXPECT_EQ(Read(Rows(5) + "<a href=\"javascript:gotoPage(2)\">下一页</a>", "http://a.gov.cn/l/").list.needs, "the page's own script: gotoPage(2)");
}

TEST(Dialects, TotalsInEveryWording) {
  const auto list = [](const std::string& pager) { return Read(Rows(5) + "<div class=page>" + pager + "<a href=list_2.html>下一页</a></div>", "http://a.gov.cn/xw/list.html").list; };
  for (const char* pager : {"共257条 第1/13页", "共 257 条记录 1/13页", "总共<em>257</em>记录 <em>1</em>/<em>13</em>", "共有257篇，共13页，第1页/共13页", "记录总数：257 页次：1/13"}) {
    const ListFacts facts = list(pager);
    EXPECT_EQ(facts.total, 257u) << pager;
    EXPECT_EQ(facts.pages, 13u) << pager;
    EXPECT_EQ(facts.page, 1u) << pager;
  }
  EXPECT_EQ(Read("<p>会议讨论了共3件议案</p>", "http://a.gov.cn/xw/202111/t20211129_1.html").list.dialect, "");
}

TEST(Dialects, NothingIsFollowedFromBehindTheEnd) {
  // A list that answers every number: page 900 of 20, without rows, and with a link to 901.
  const Seen seen = Read("<div class=page>共13页<a href='list.asp?page=901'>下一页</a><a href='list.asp?page=899'>上一页</a></div>", "http://a.gov.cn/list.asp?page=900");
  EXPECT_TRUE(seen.list.past_end);
  EXPECT_EQ(seen.lists(), "");
  EXPECT_NE(Read(Rows(5) + "<a href='list.asp?page=3'>下一页</a>", "http://a.gov.cn/list.asp?page=2").lists(), "");
}

TEST(Dialects, WhatIsNoListIsNone) {
  for (const char* text : {"<html><body>x</body></html>", "function f(){return 1}", "{\"a\":1}", "7", "<rss></rss>", ""}) {
    EXPECT_EQ(ReadData(text, "http://a.gov.cn/a").links.size(), 0u) << text;
  }
}

TEST(Dialects, TrapsAreRecognised) {
  const Seen seen = Read(
      "<a href='/gate/big5/www.a.gov.cn/xw/202111/t20211129_1.html'>关于召开会议的通知</a><a href='http://wza.a.gov.cn/xw/'>无障碍</a>"
      "<a href='/rl/index.html?year=2021&month=11'>11月</a><a href='/xw/show.asp?id=3&print=1'>打印</a><a href='/zwza/index.html'>进入无障碍</a>"
      "<a href='/xw/list.htm;jsessionid=0A1B2C'>新闻</a>",
      "http://www.a.gov.cn/");
  EXPECT_EQ(seen.links[0].url, "http://www.a.gov.cn/xw/202111/t20211129_1.html");
  EXPECT_EQ(seen.links[0].kind, LinkKind::kArticle);
  ASSERT_EQ(seen.links.size(), 3u) << "what shows the same in another view is left out";
  EXPECT_EQ(seen.links[1].kind, LinkKind::kPage) << seen.links[1].url;
  EXPECT_EQ(seen.links[2].url, "http://www.a.gov.cn/xw/list.htm");
}

// Rows that a script holds, as the systems write them: no anchor is in the page.
TEST(ScriptRows, ArraysOfObjectsInEveryWriting) {
  const std::string titles[] = {"市政府召开常务会议研究防汛工作", "关于公布第三批传统村落名录的通知", "我市举行春季植树活动启动仪式"};
  const auto rows = [&](const std::string& open, const auto& row, const std::string& close) {
    std::string script = open;
    for (int i = 0; i < 3; ++i) script += (i == 0 ? "" : ",\n  ") + row(titles[i], std::to_string(100 + i));
    return "<html><body><div id=list></div><script>" + script + close + "</script></body></html>";
  };
  using Row = std::function<std::string(const std::string&, const std::string&)>;
  const Row unquoted = [](const std::string& t, const std::string& n) { return "{id: " + n + ", title: '" + t + "', url: '/xw/" + n + ".html', date: '2023-05-06'}"; };
  const Row quoted = [](const std::string& t, const std::string& n) { return R"({"TITLE":")" + t + R"(","LINKURL":"\/xw\/)" + n + R"(.html","PUBLISHDATE":"2023-05-06 09:30:00","top":false,"img":null})"; };
  const Row nested = [](const std::string& t, const std::string& n) { return "{\"doctitle\":\"" + t + "\",\"chan\":{\"title\":\"栏目\",\"ids\":[1,2]},\"docpuburl\":\"./xw/" + n + ".html\",\"docreltime\":1683336600000}"; };
  const struct { std::string open; Row row; std::string close; } kinds[] = {
      {"var list = [", unquoted, "]; render(list);"},
      {"var page = {\"code\": 0, \"data\": {\"total\": 3, \"rows\": [", quoted, "]}};"},
      {"/* rows */ window.__DATA__ = [\n", nested, ",]"},
      {"if (a[0] > b['x']) { x[i] = [{y: f(1)}]; } $('#list').data({list: [", unquoted, "], size: 10});"},
  };
  for (const auto& kind : kinds) {
    const Seen seen = Read(rows(kind.open, kind.row, kind.close), "http://a.gov.cn/tzgg/index.html");
    std::string expected;
    const bool relative = &kind == &kinds[2];
    for (int i = 0; i < 3; ++i) {
      expected += std::string("http://a.gov.cn/") + (relative ? "tzgg/" : "") + "xw/" + std::to_string(100 + i) + ".html 2023-05-06 " + titles[i] + "\n";
    }
    EXPECT_EQ(seen.articles(), expected) << kind.open;
    EXPECT_EQ(seen.list.items, 3u);
    EXPECT_EQ(seen.list.dialect, "json");
  }
}

TEST(ScriptRows, IslandsAndPushes) {
  const std::string island =
      R"(<script type="application/json" id="__NEXT_DATA__">{"props":{"list":[{"title":"\u5e02\u653f\u5e9c\u53ec\u5f00\u5e38\u52a1\u4f1a\u8bae","url":"/a/1.html","publishTime":"2024-01-02"},)"
      R"({"title":"全市安全生产电视电话会议召开","url":"/a/2.html","publishTime":"2024-01-03"},{"title":"我市两地入选全国<em>示范</em>名单","url":"/a/3.html","publishTime":"2024-01-04"}]}}</script>)";
  EXPECT_EQ(Read(island, "http://a.gov.cn/xw/").articles(),
            "http://a.gov.cn/a/1.html 2024-01-02 市政府召开常务会议\nhttp://a.gov.cn/a/2.html 2024-01-03 全市安全生产电视电话会议召开\n"
            "http://a.gov.cn/a/3.html 2024-01-04 我市两地入选全国示范名单\n");
  std::string pushes = "<script>var rows = [];";
  for (int i = 1; i < 4; ++i) pushes += "rows.push({ 'title' : '关于做好第" + std::to_string(i) + "季度统计工作的通知', 'url' : '/a/202304/t2023040" + std::to_string(i) + "_77.html' });\n";
  EXPECT_EQ(Read(pushes + "</script>", "http://a.gov.cn/xw/").list.items, 3u);
}

TEST(ScriptRows, ArraysOfArrays) {
  std::string script = "var rows = [";
  std::string expected;
  for (int i = 1; i < 5; ++i) {
    const std::string title = "关于做好第" + std::to_string(i) + "季度统计工作的通知";
    script += "[" + std::to_string(i) + ", \"" + title + "\", \"2023-05-06\", '/a/" + std::to_string(i) + ".html', '办公室'],";
    expected += "http://a.gov.cn/a/" + std::to_string(i) + ".html 2023-05-06 " + title + "\n";
  }
  EXPECT_EQ(Read("<script>" + script + "];</script>", "http://a.gov.cn/xw/").articles(), expected);
  EXPECT_EQ(Read("<script>var points = [[1, 2], [3, 4], [5, 6]]; var c = [['/x', 'a'], ['/y', 'b'], ['/z', 'c']];</script>", "http://a.gov.cn/xw/").articles(), "");
}

TEST(ScriptRows, MenusServicesAndCodeAreNoRows) {
  const char* const scripts[] = {
      "var menu = [{name: '首页', url: '/'}, {name: '政务公开', url: '/zwgk/'}, {name: '办事服务', url: '/bsfw/'}];",
      "var services = [{title: '企业开办全程网上办理服务平台', url: '/fw/qykb/'}, {title: '不动产登记综合服务平台入口', url: '/fw/bdc/'}, {title: '住房公积金查询与提取服务', url: '/fw/gjj/'}];",
      "var routes = [{path: '/', name: 'home', component: Home}, {path: '/list', name: 'list'}];",
      "$.ajax([{url: '/api/list', type: 'post', title: 'x'}]);",
      "var a = [{title: '没有结束的字符串, url: '/a/1.html'}, {",
  };
  for (const char* const script : scripts) EXPECT_EQ(Read(std::string("<script>") + script + "</script>", "http://a.gov.cn/").articles(), "") << script;
}

TEST(ScriptRows, HostileScriptsAreBounded) {
  for (const std::string& piece : {std::string("[{'"), std::string("[{a:"), std::string("[{a:[{"), std::string("push({a:'"), std::string("[{a:\"\\u"), std::string("[ /*"), std::string("[["),
                                   std::string("[[1],"), std::string("document.write('")}) {
    std::string script;
    while (script.size() < 2'000'000) script += piece;
    EXPECT_EQ(Read("<script>" + script + "</script>", "http://a.gov.cn/").articles(), "");
  }
}

// Rows that answer a script's request, as each system names its fields.
TEST(Answers, RowsOfTheSystems) {
  const char* const answers[] = {
      // Kaipu / UCAP
      R"({"data":{"total":2,"results":[{"title":"市政府召开常务会议","url":"/a/1.html","publishedTimeStr":"2023-05-06 10:00:00","domainMetaList":[{"title":"x","url":"/no.html"}]},{"title":"举行新闻发布会","url":"/a/2.html","publishedTimeStr":"2023-05-06"}]}})",
      // gkmlpt
      R"({"articles":[{"id":1,"title":"市政府召开常务会议","url":"http://a.gov.cn/a/1.html","display_publish_time":1683336600},{"id":2,"title":"举行新闻发布会","url":"http://a.gov.cn/a/2.html","display_publish_time":1683336600}],"total":2})",
      // jpaas: markup in data
      R"({"success":true,"data":{"html":"<ul><li><a href=\"/a/1.html\" title=\"市政府召开常务会议\">市政府召开常务会议<\/a><span>2023-05-06<\/span><\/li><li><a href=\"/a/2.html\">举行新闻发布会<\/a><span>2023-05-06<\/span><\/li><\/ul>"}})",
      // TRS search
      R"({"code":200,"data":{"list":[{"DOCTITLE":"市政府召开<em>常务</em>会议","DOCPUBURL":"http://a.gov.cn/a/1.html","DOCRELTIME":"2023-05-06 08:00:00"},{"DOCTITLE":"举行新闻发布会","DOCPUBURL":"http://a.gov.cn/a/2.html","DOCRELTIME":"2023-05-06 08:00:00"}]}})",
      // Hanweb search
      R"({"result":"success","dataResults":[{"groupData":[{"data":{"title":"市政府召开常务会议","url":"http://a.gov.cn/a/1.html","createDate":"2023-05-06"}}]},{"groupData":[{"data":{"title":"举行新闻发布会","url":"http://a.gov.cn/a/2.html","createDate":"2023-05-06"}}]}]})",
      // Epoint
      R"({"custom":{"infodata":[{"title":"市政府召开常务会议","infourl":"/a/1.html","infodate":"2023-05-06","categorynum":"001"},{"title":"举行新闻发布会","infourl":"/a/2.html","infodate":"2023-05-06"}]},"status":{"code":1}})",
      // gov.cn search
      R"({"code":200,"searchVO":{"catMap":{"gongwen":{"totalCount":2,"listVO":[{"title":"市政府召开常务会议","url":"http://a.gov.cn/a/1.html","pubtimeStr":"2023.05.06"},{"title":"举行新闻发布会","url":"http://a.gov.cn/a/2.html","pubtimeStr":"2023.05.06"}]}}}})",
      // SSCMS, JSONP
      R"(callback({"value":[{"title":"市政府召开常务会议","navigationUrl":"/a/1.html","addDate":"2023-05-06T09:00:00"},{"title":"举行新闻发布会","navigationUrl":"/a/2.html","addDate":"2023-05-06T09:00:00"}]});)",
  };
  for (const char* const answer : answers) {
    EXPECT_EQ(ReadData(answer, "http://a.gov.cn/api/list?page=1").articles(),
              "http://a.gov.cn/a/1.html 2023-05-06 市政府召开常务会议\nhttp://a.gov.cn/a/2.html 2023-05-06 举行新闻发布会\n")
        << answer;
  }
}

// Rows whose address stands in an attribute other than an anchor's, or in a handler.
TEST(Rows, WithoutAnchors) {
  const char* const forms[] = {
      "<tr onclick=\"window.location.href='/a/N.html'\"><td>TITLE</td><td>2023-05-06</td></tr>",
      "<tr><td><span data-url=\"/a/N.html\">TITLE</span></td><td>2023-05-06</td></tr>",
      "<tr><td><a href=\"javascript:void(0)\" onclick=\"window.open('/a/N.html','_blank')\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td><a href=\"javascript:open('/a/N.html')\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td><a onclick=\"toUrl('/a/N.html')\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td><a data-href=\"/a/N.html\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td><a href=\"javascript:void(0);\" onclick=\"window.open(this.getAttribute('url'))\" url=\"/a/N.html\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr onclick=\"location='/a/N.html'\"><td>TITLE</td><td>2023-05-06</td></tr>",
      "<tr><td><a href=\"#\" onclick=\"showNews('/a/N.html');return false;\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td><a href=\"javascript:go('/a/N.html')\">TITLE</a></td><td>2023-05-06</td></tr>",
      "<tr><td>TITLE</td><td><button onclick=\"self.location.href='/a/N.html'\">查看</button></td><td>2023-05-06</td></tr>",
      "<script>document.write(\"<tr><td><a href='/a/N.html'>\" + 'TITLE</a></td><td>2023-05-06<\\/td></tr>');</script>",
  };
  for (const std::string form : forms) {
    std::string page = "<table>", expected;
    for (int i = 1; i <= 5; ++i) {
      const std::string title = "关于第" + std::to_string(i) + "号水库除险加固工程的通知";
      page += ReplaceAll(ReplaceAll(form, "N.html", std::to_string(i) + ".html"), "TITLE", title);
      expected += "http://a.gov.cn/a/" + std::to_string(i) + ".html 2023-05-06 " + title + "\n";
    }
    EXPECT_EQ(Read(page + "</table>", "http://a.gov.cn/tzgg/").articles(), expected) << form;
  }
}

TEST(Rows, JoomlaHeadlinesInATable) {
  std::string page = "<table class=\"category table\">";
  for (int i = 1; i <= 6; ++i) {
    page += "<tr class=\"cat-list-row" + std::to_string(i % 2) + "\"><td headers=\"categorylist_header_title\" class=\"list-title\"><a href=\"/index.php/news/" +
            std::to_string(100 + i) + "-notice-" + std::to_string(i) + "\">Notice on the closing of bridge number " + std::to_string(i) +
            "</a></td><td headers=\"categorylist_header_date\" class=\"list-date small\">06 May 2023</td></tr>";
  }
  const Seen seen = Read(page + "</table>", "http://a.gov.hk/index.php/news");
  EXPECT_EQ(seen.list.items, 6u) << seen.articles();
}

TEST(Rows, AnchorsWithoutAddressAreNoLinks) {
  std::string page = "<ul>";
  for (int i = 1; i <= 4; ++i) {
    page += "<li><a name=\"x\"></a><a>图</a><a href=\"/a/" + std::to_string(i) + ".html\">关于第" + std::to_string(i) + "号水库除险加固工程的通知</a><span>05-06</span></li>";
  }
  const Seen seen = Read(page + "</ul>", "http://a.gov.cn/tzgg/");
  EXPECT_EQ(seen.links.size(), 4u);
  EXPECT_EQ(seen.list.items, 4u);
}

TEST(Rows, SharingALinkIsNoArticle) {
  std::string page = Rows(6);
  for (const char* const share : {"https://service.weibo.com/share/share.php?url=http%3A%2F%2Fa.gov.cn%2Fa%2F1.html&title=%E6%96%B0%E9%97%BB",
                                  "https://sns.qzone.qq.com/cgi-bin/qzshare/cgi_qzshare_onekey?url=http%3A%2F%2Fa.gov.cn%2Fa%2F1.html",
                                  "https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2Fa.gov.cn%2Fa%2F1.html",
                                  "https://twitter.com/intent/tweet?url=http%3A%2F%2Fa.gov.cn%2Fa%2F1.html&text=x",
                                  "https://social-plugins.line.me/lineit/share?url=http%3A%2F%2Fa.gov.cn%2Fa%2F1.html"}) {
    page += std::string("<p><a href=\"") + share + "\">分享到微博：市政府召开常务会议研究议题</a></p>";
  }
  EXPECT_EQ(Read(page, "http://a.gov.cn/xw/").list.items, 6u);
}

TEST(Dialects, HostileDataIsBounded) {
  std::string deep(100000, '[');
  EXPECT_EQ(ReadData(deep, "http://a.gov.cn/a.json").links.size(), 0u);
  std::string many = "[";
  for (int i = 0; i < 60000; ++i) many += "{\"title\":\"x\",\"url\":\"/" + std::to_string(i) + ".html\"},";
  many.back() = ']';
  EXPECT_LE(ReadData(many, "http://a.gov.cn/a.json").links.size(), 20000u);
  EXPECT_EQ(ReadData("<datastore>" + std::string(200000, '<'), "http://a.gov.cn/p.jsp").links.size(), 0u);
  std::string script = "<script>var countPage = 9; ";
  for (int i = 0; i < 100000; ++i) script += "_\"+";
  EXPECT_LE(Read(script + "</script>", "http://a.gov.cn/").links.size(), 9u);
}

}  // namespace
}  // namespace fangzhi::links
