#include "links/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <thread>
#include <utility>

#include "links/shape.h"

namespace fangzhi::links {
namespace {

using model::Link;

std::vector<Link> Find(std::string markup, std::string_view page = "http://www.city.gov.cn/xw/index.html") {
  const html::Document document = html::Document::Parse(std::move(markup));
  const url::Url page_url = *url::Parse(page);
  return FindLinks({document, page_url, {}});
}

// "article http://… text" of the one link whose address ends so; "" where there is none.
std::string KindOf(const std::vector<Link>& links, std::string_view ending) {
  std::string kinds;
  for (const Link& link : links) {
    if (link.url.size() >= ending.size() && link.url.compare(link.url.size() - ending.size(), ending.size(), ending) == 0) {
      if (!kinds.empty()) kinds += ' ';
      kinds += model::LinkKindName(link.kind);
    }
  }
  return kinds;
}

std::string Anchor(std::string_view href, std::string_view text = "市政府召开常务会议研究部署安全生产工作") {
  return "<a href='" + std::string(href) + "'>" + std::string(text) + "</a>";
}

TEST(Shape, SiteOfAHost) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"gov.cn", "gov.cn"},           {"gansu.gov.cn", "gansu.gov.cn"}, {"www.gansu.gov.cn", "gansu.gov.cn"}, {"a.b.gansu.gov.cn", "gansu.gov.cn"},
      {"www.example.com", "example.com"}, {"www.example.cn", "example.cn"}, {"a.bj.cn", "a.bj.cn"},          {"x.a.bj.cn", "a.bj.cn"},
      {"127.0.0.1", "127.0.0.1"},     {"localhost", "localhost"},       {"", ""},                            {".a", ".a"},
      {"..a", "..a"}};
  for (const auto& [host, site] : cases) EXPECT_EQ(SiteOf(host), site) << host;
}

TEST(Links, ArticleAddressesOfTheSystems) {
  for (const std::string_view href :
       {"./202204/t20220417_974894.html", "/art/2021/8/3/art_14_5693.html", "../info/1074/64481.htm",
        "/2019/0326/c295a290690/page.htm", "content_27882955.htm", "/2021-11/29/c_1128107.htm", "/main/a/20200709/12323942.shtml",
        "/zwgk/show.asp?id=12", "/xw/detail/index.aspx?contentid=8812", "view.php?aid=31", "/202111/7d3f9c0a11b2423e9f0a2c5d/index.html",
        "/col/col1229743683/art/2026/art_99f2ab34cd5611ee8812a0369f3c1e22.html", "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1074&wbnewsid=64481",
        "/article/123.html", "/content/post_3671234.html"}) {
    const auto links = Find("<ul><li>" + Anchor(href) + "</li></ul>");
    ASSERT_EQ(links.size(), 1u) << href;
    EXPECT_EQ(links[0].kind, model::LinkKind::kArticle) << href;
  }
}

TEST(Links, ListAddresses) {
  for (const std::string_view href : {"index_3.html", "/tzgg/list.htm", "/tzgg/list2.htm", "/col/col123/index.html", "/zwgk/",
                                      "/node_7036.htm", "/list.jsp?totalpage=1128&PAGENUM=2&wbtreeid=1460", "/xwlist.asp?classid=12"}) {
    const auto links = Find("<div>" + Anchor(href, "政务公开") + "</div>");
    ASSERT_EQ(links.size(), 1u) << href;
    EXPECT_EQ(links[0].kind, model::LinkKind::kList) << href;
  }
  // VSB counts pages backwards: only the text tells a page of the list from a text.
  EXPECT_EQ(KindOf(Find(Anchor("yw/128.htm", "下页") + Anchor("yw/127.htm", "3") + Anchor("yw/1.htm", "尾页")), ".htm"),
            "list list list");
}

TEST(Links, AddressThatSaysNothingIsToldByItsItem) {
  std::string list = "<ul>";
  for (int i = 0; i < 6; ++i) {
    list += "<li>" + Anchor("zc" + std::string(1, static_cast<char>('a' + i)) + ".html", "关于印发城市更新行动实施方案的通知") +
            "<span>2021-03-0" + std::to_string(i + 1) + "</span></li>";
  }
  list += "</ul><div class=nav>" + Anchor("zjwm.html", "走进我们") + "</div>";
  const auto links = Find(list);
  EXPECT_EQ(KindOf(links, "zca.html"), "article");
  EXPECT_EQ(KindOf(links, "zcf.html"), "article");
  EXPECT_EQ(KindOf(links, "zjwm.html"), "list");
}

TEST(Links, DateOfTheItem) {
  const auto date = [](std::string_view around_before, std::string_view around_after) {
    const auto links = Find("<ul><li>" + std::string(around_before) + Anchor("/a/t20200101_12345.html") +
                            std::string(around_after) + "</li><li>2001-01-01</li></ul>");
    return links.at(0).date;
  };
  EXPECT_EQ(date("", "<span>2021-11-29</span>"), "2021-11-29");
  EXPECT_EQ(date("<em>[2021/1/9]</em>", ""), "2021-01-09");
  EXPECT_EQ(date("", "发布时间：2021年 3月 5日 08:00"), "2021-03-05");
  EXPECT_EQ(date("<b>29</b><i>2021-11</i>", ""), "2021-11-29");
  EXPECT_EQ(date("<b>2021.11</b><i>09</i>", ""), "2021-11-09");
  EXPECT_EQ(date("", "<span>2021-02-30</span>"), "");
  EXPECT_EQ(date("", ""), "");
}

TEST(Links, EachOnceWithTheTitleRatherThanThePicture) {
  const auto links = Find("<a href='/a/t20210101_1.html#x'><img src='p.jpg' alt='图'></a>" + Anchor("/a/t20210101_1.html", "抓好春耕备耕") +
                          "<a href='/a/t20210101_2.html' title='全文标题'></a>");
  ASSERT_EQ(links.size(), 3u);
  EXPECT_EQ(links[0].url, "http://www.city.gov.cn/a/t20210101_1.html");
  EXPECT_EQ(links[0].text, "抓好春耕备耕");
  EXPECT_EQ(links[1].kind, model::LinkKind::kRequisite);
  EXPECT_EQ(links[2].text, "全文标题");
}

TEST(Links, OtherKinds) {
  const auto links = Find(
      "<link rel=stylesheet href=/s.css><link rel='shortcut icon' href=/f.ico><link rel=alternate type='application/rss+xml' href=/rss.xml>"
      "<link rel=dns-prefetch href=//cdn.x.com><script src=/j.js></script><img src=/i.png><embed src=/e.swf>"
      "<a href=/f/1.pdf>附件</a><a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=77'>附件2.doc</a>"
      "<iframe src=/body.htm></iframe><a href='javascript:void(0)'>x</a><a href='mailto:a@b.c'>m</a><a href='tel:1'>t</a>"
      "<a href='#top'>top</a><a href='data:text/plain,x'>d</a><a href='http://other.cn/'>友情链接</a><a href=/>首页</a>"
      "<a href='/gate/big5/www.city.gov.cn/a/t20210101_1.html'>繁體版</a><a href='/search?q=x'>搜索</a>");
  EXPECT_EQ(KindOf(links, "/s.css"), "requisite");
  EXPECT_EQ(KindOf(links, "/f.ico"), "requisite");
  EXPECT_EQ(KindOf(links, "/rss.xml"), "feed");
  EXPECT_EQ(KindOf(links, "cdn.x.com/"), "");
  EXPECT_EQ(KindOf(links, "/j.js"), "requisite");
  EXPECT_EQ(KindOf(links, "/e.swf"), "requisite");
  EXPECT_EQ(KindOf(links, "/f/1.pdf"), "attachment");
  EXPECT_EQ(KindOf(links, "wbfileid=77"), "attachment");
  // The address says nothing; the text names a file.
  const auto named = Find("<a href='/f/down.jsp?id=3'>附件：名单.doc</a><a href=/attach/3>2. 申报表.xls（点击下载）</a><a href='/file/getFile.do?fid=3'>名单.docx</a><a href='/show.jsp?id=3'>附件1：汇总表.pdf</a>"
                          "<a href='/show.jsp?id=4'>关于报送名单.doc格式材料的通知</a><a href=/info/5.htm>名单.doc</a><a href=/pic/6.jpg>附件：照片.zip</a><a href=/down/7>下载客户端</a>");
  for (const char* file : {"/f/down.jsp?id=3", "/attach/3", "/file/getFile.do?fid=3", "/show.jsp?id=3"}) EXPECT_EQ(KindOf(named, file), "attachment") << file;
  for (const char* page : {"/show.jsp?id=4", "/info/5.htm", "/pic/6.jpg", "/down/7"}) EXPECT_NE(KindOf(named, page), "attachment") << page;
  EXPECT_EQ(KindOf(links, "/body.htm"), "page");
  EXPECT_EQ(KindOf(links, "http://other.cn/"), "page");
  EXPECT_EQ(KindOf(links, "http://www.city.gov.cn/"), "list");
  EXPECT_EQ(KindOf(links, "t20210101_1.html"), "page");
  EXPECT_EQ(KindOf(links, "/search?q=x"), "page");
  EXPECT_EQ(links.size(), 13u);
}

TEST(Links, DocumentsThatThePageShowsAreAttachments) {
  const auto links = Find(
      "<embed src='/f/emb.pdf' type='application/pdf'><object data='/f/obj.docx'></object><iframe src='/f/frame.pdf#page=1'></iframe>"
      "<iframe src='/pdf/viewer.html?file=/f/view.pdf'></iframe><iframe src='/pdf/web/viewer.html?file=..%2F..%2Ff%2F%E5%90%8D%E5%8D%95.PDF&x=1'></iframe>"
      "<object classid='clsid:CA8A9780'><param name=SRC value='/f/param.pdf'><param name=wmode value=opaque></object>"
      "<a href='/pdf/viewer.htm?file=/f/linked.ofd'>公告全文</a><embed src='/v/film.wmv'><object data='/v/a.mp4'></object><iframe src='/map.html?city=a'></iframe>"
      "<a href='/f/both.pdf'>附件</a><embed src='/f/both.pdf'>");
  for (const char* file : {"/f/emb.pdf", "/f/obj.docx", "/f/frame.pdf", "/f/view.pdf", "/f/%E5%90%8D%E5%8D%95.PDF", "/f/param.pdf", "/f/linked.ofd", "/f/both.pdf"}) {
    EXPECT_EQ(KindOf(links, std::string("http://www.city.gov.cn") + file), "attachment") << file;
  }
  for (const char* part : {"viewer.html?file=/f/view.pdf", "viewer.htm?file=/f/linked.ofd", "/v/film.wmv", "/v/a.mp4"}) EXPECT_EQ(KindOf(links, part), "requisite") << part;
  EXPECT_EQ(KindOf(links, "/map.html?city=a"), "page");
}

TEST(Links, WhatAPageNeedsToBeShown) {
  const auto links = Find(
      "<style>@import 'one.css' screen; /* url(no.png) */ body{background:URL( \"two.png\" )} .a{content:\"url(no2.png)\"; src:url(data:font/woff;base64,AA) , url(three.woff)}</style>"
      "<img srcset='/s1.jpg 1x, /s2.jpg 2x' src=/s0.jpg><picture><source srcset='/p.webp 480w,/p2.webp'><img data-srcset='/lazy.jpg 2x' src=/p.jpg></picture>"
      "<p style=\"background-image:url('/bg.jpg')\">x</p><link rel=preload imagesrcset='/pre.jpg 1x'><p style='color:red'>y</p><img srcset='data:image/gif;base64,AA 1x, , /last,one.jpg'>");
  for (const char* file : {"one.css", "two.png", "three.woff", "s0.jpg", "s1.jpg", "s2.jpg", "p.webp", "p2.webp", "lazy.jpg", "p.jpg", "bg.jpg", "pre.jpg", "last,one.jpg"}) {
    EXPECT_EQ(KindOf(links, std::string("/") + file), "requisite") << file;
  }
  for (const model::Link& link : links) EXPECT_EQ(link.url.find("no"), std::string::npos) << link.url;
  const auto sheet = FindLinksInStyleSheet("@import url(\"a.css\");\n@import 'b\\'.css';\n.x{background:url(../i/c.png)}url(", *url::Parse("http://www.city.gov.cn/css/s.css"));
  ASSERT_EQ(sheet.size(), 3u);
  EXPECT_EQ(sheet[0].url, "http://www.city.gov.cn/css/a.css");
  EXPECT_EQ(sheet[1].url, "http://www.city.gov.cn/css/b'.css");
  EXPECT_EQ(sheet[2].url, "http://www.city.gov.cn/i/c.png");
  std::string hostile;
  for (int i = 0; i < 100'000; ++i) hostile += "url(x" + std::to_string(i) + ")";
  EXPECT_LE(FindLinksInStyleSheet(hostile, *url::Parse("http://www.city.gov.cn/s.css")).size(), 500u);
}

TEST(Links, CountersAndBeacons) {
  const auto links = Find(
      "<script>_showDynClicks(\"wbnews\", 1412614994, 1081)</script><script>_addDynClicks('wbnews',1,2)</script>"
      "<script>function _showDynClicks(type, owner, id) {}</script>"
      "<script src='/e/public/ViewClick/?classid=3&id=12&addclick=1'></script>"
      "<span class='x WP_VisitCount' url='/_visitcountdisplay?siteId=180&type=3&articleId=290690'>1</span>"
      "<img src='/_visitcount?siteId=68&type=1&columnId=1952'><iframe src='/module/visitcount/visit.jsp?type=1'></iframe>");
  EXPECT_EQ(KindOf(links, "/system/resource/code/news/click/dynclicks.jsp?clickid=1081&owner=1412614994&clicktype=wbnews"),
            "counter");
  EXPECT_EQ(KindOf(links, "addclick=1"), "counter");
  EXPECT_EQ(KindOf(links, "articleId=290690"), "counter");
  EXPECT_EQ(links.size(), 3u);
}

TEST(Links, LiteralTargets) {
  const auto links = Find(
      "<li onclick=\"jumpToDetail('./202605/t20260501_77.html')\">标题</li><a href=\"javascript:window.open('/a/b.htm')\">x</a>"
      "<div onclick=\"location.href='/c/d.html';\">y</div><div onclick=\"location.href='/part/'+id+'.html'\">z</div>"
      "<div onclick=\"alert('/no/url.html')\">w</div><select><option value='http://other.cn/list.htm'>部门</option><option value=3></select>");
  EXPECT_EQ(KindOf(links, "/xw/202605/t20260501_77.html"), "article");
  EXPECT_NE(KindOf(links, "/a/b.htm"), "");
  EXPECT_NE(KindOf(links, "/c/d.html"), "");
  EXPECT_NE(KindOf(links, "http://other.cn/list.htm"), "");
  EXPECT_EQ(links.size(), 4u);
}

TEST(Links, TrsPagers) {
  const auto pages = [](const std::string& script) {
    std::string out;
    for (const Link& link : Find("<script>" + script + "</script>", "http://a.gov.cn/xw/")) {
      EXPECT_EQ(link.kind, model::LinkKind::kList);
      out += link.url.substr(std::string("http://a.gov.cn/xw/").size()) + " ";
    }
    return out;
  };
  EXPECT_EQ(pages("createPageHTML(3, 0, \"index\", \"html\");"), "index.html index_1.html index_2.html ");
  EXPECT_EQ(pages("createPageHTML('page_div',2, 1,'fg','shtml',89)"), "fg.shtml fg_1.shtml ");
  EXPECT_EQ(pages("pageControl(2, 0, \"index\",\"shtml\",10,'pages-nav')"), "index.shtml index_1.shtml ");
  EXPECT_EQ(pages("var countPage = 2; createPageHTML(countPage, 0, 'index', 'htm')"), "index.htm index_1.htm ");
  EXPECT_EQ(pages("function createPageHTML(a,b,c,d){}"), "");
  EXPECT_EQ(Find("<script>createPageHTML(99999999, 0, \"index\", \"html\")</script>").size(), 500u);
}

TEST(Links, RowsInADatastore) {
  const auto links = Find(
      "<script type='text/xml'><datastore><recordset><record><![CDATA[<li><a href='/art/2021/8/3/art_14_5693.html'>关于召开会议的通知"
      "</a><span>2021-08-03</span></li>]]></record></recordset></datastore></script>");
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links[0].kind, model::LinkKind::kArticle);
  EXPECT_EQ(links[0].date, "2021-08-03");
  EXPECT_EQ(links[0].text, "关于召开会议的通知");
}

TEST(Links, BaseAppliesToAll) {
  const auto links = Find("<a href='a.htm'>x</a><base href='http://b.gov.cn/dir/'><base href='http://c.cn/'>");
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links[0].url, "http://b.gov.cn/dir/a.htm");
}

TEST(Links, HostilePagesAreBounded) {
  std::string many, items = "<li>", nested;
  for (int i = 0; i < 60000; ++i) many += "<a href=/" + std::to_string(i) + ">x</a>";
  for (int i = 0; i < 30000; ++i) items += "<a href=/" + std::to_string(i) + ">x<span>2021-01-01</span>";
  for (int i = 0; i < 500; ++i) nested += "<table><td><a href=/" + std::to_string(i) + ">y";
  EXPECT_EQ(Find(many).size(), 50000u);
  EXPECT_EQ(Find(items).size(), 30000u);
  EXPECT_GE(Find(nested).size(), 100u);
  std::string calls = "<script>";
  for (int i = 0; i < 50000; ++i) calls += "_showDynClicks((((";
  EXPECT_EQ(Find(calls + "</script>").size(), 0u);
}

// Scripts and heads made to be read once for each of their parts: each of these took minutes or hours.
TEST(Links, HostileScriptsAreReadOnce) {
  const auto repeat = [](std::string_view text, size_t bytes) {
    std::string all;
    while (all.size() < bytes) all += text;
    return all;
  };
  constexpr size_t kMegabyte = size_t{1} << 20;
  const struct {
    const char* what;
    std::string page;
  } kPages[] = {
      {"paths of an interface without an id", "<script>" + repeat("/search/\"", 4 * kMegabyte) + "</script>"},
      {"names that are added to", "<script>var countPage = 25;" + repeat("_\"+", 8 * kMegabyte) + "</script>"},
      {"long names that are added to", "<script>var countPage = 25;" + repeat("a_\"+", 4 * kMegabyte) + repeat("a", kMegabyte) + "</script>"},
      {"a variable with comments that do not end", "<script>createPageHTML(x, 0, \"index\", \"htm\");" + repeat("x/*", 4 * kMegabyte) + "</script>"},
      {"bases behind a noscript", "<head><noscript><base href=/x></noscript>" + repeat("<base href=/x>", 2 * kMegabyte)},
      {"texts of a pager", repeat("<div class=page>" + repeat("<b>共2页</b>", 1300) + repeat("共", 10'000) + "</div>", 4 * kMegabyte)},
      {"functions that call each other", "<script>function a(){" + repeat("a();", 7000) + "} a();</script>"},
  };
  for (const auto& each : kPages) {
    const std::clock_t began = std::clock();
    Find(each.page);
    EXPECT_LT(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC, 20) << each.what;
  }
}

class Contains final : public model::UrlPattern {
 public:
  explicit Contains(std::string text) : text_(std::move(text)) {}
  bool Matches(std::string_view url) const override { return url.find(text_) != std::string_view::npos; }
  const std::string& text() const override { return text_; }

 private:
  std::string text_;
};

// What a thread remembers of other pages' links says nothing about hrefs that mean something else on this one.
TEST(Links, ArePagesOwnWhateverWasReadBefore) {
  std::string markup;
  for (const std::string_view href : {"a.html", "../b/c.html", "/d.html", "?p=2", "/e.asp?w=\xE6\x94\xBF", "//www.other.cn/f", "http://www.other.cn/g.html", "x/visit.jsp", "/show/7",
                                      "http:h.html", "#i", "j.html#k", "j.html", "https://www.city.gov.cn/l", "mailto:m", "\\n.html", "./o.html", "/gate/big5/www.p.cn/q.htm"}) {
    markup += "<li>" + Anchor(href) + "</li>";
  }
  markup += "<img src=/r.png><img src=http://hm.baidu.com/s.gif><a href=http://hm.baidu.com/s.gif>t</a><a href=http://hm.baidu.com/u.gif>v</a><img src=http://hm.baidu.com/u.gif>";
  auto family = std::make_shared<model::Profile>();
  family->never.push_back(std::make_shared<Contains>("/visit.jsp"));
  family->traps.push_back(std::make_shared<Contains>("/d.html"));
  family->articles.push_back(std::make_shared<Contains>("/show/"));
  family->origin = "a file";
  auto other = std::make_shared<model::Profile>();
  other->lists.push_back(std::make_shared<Contains>("/show/"));
  const model::Profiles families = {family};
  const url::QueryEncoder gbk = [](std::string_view) { return std::string("w=\xD5\xFE"); };
  struct Page {
    std::string_view base, url;
    const model::Profile* profile;
    const model::Profiles* families;
    url::QueryEncoder encoder;
  };
  const std::vector<Page> pages = {
      {"", "http://www.city.gov.cn/xw/index.html", nullptr, nullptr, {}},
      {"", "http://www.city.gov.cn/xw/2021/1.html", nullptr, nullptr, {}},
      {"", "http://www.city.gov.cn/xw/2021/1.html", family.get(), &families, {}},
      {"", "http://www.city.gov.cn/xw/2021/1.html", nullptr, &families, {}},
      {"", "http://www.city.gov.cn/xw/2021/1.html", other.get(), nullptr, {}},
      {"", "https://www.city.gov.cn/xw/index.html?x=1", nullptr, nullptr, {}},
      {"", "http://www.city.gov.cn:81/xw/index.html", nullptr, nullptr, gbk},
      {"", "http://www.town.gov.cn/xw/index.html", nullptr, nullptr, gbk},
      {"http://www.city.gov.cn/y/", "http://www.town.gov.cn/xw/index.html", nullptr, nullptr, {}},
      {"ftp://www.city.gov.cn/y/", "http://www.town.gov.cn/xw/index.html", nullptr, nullptr, {}},
  };
  const auto read = [&markup](const Page& page) {
    const html::Document document = html::Document::Parse((page.base.empty() ? "" : "<base href='" + std::string(page.base) + "'>") + markup);
    const url::Url page_url = *url::Parse(page.url);
    std::string lines;
    for (const Link& link : FindLinks({document, page_url, page.encoder, page.profile, page.families})) {
      lines += std::string(model::LinkKindName(link.kind)) + " " + link.url + " " + link.text + "\n";
    }
    return lines;
  };
  std::vector<std::string> alone;
  for (const Page& page : pages) {
    std::thread([&] { alone.push_back(read(page)); }).join();  // remembers nothing
  }
  EXPECT_NE(alone[1], alone[2]);
  EXPECT_NE(alone[2], alone[3]);
  EXPECT_NE(alone[1], alone[4]);
  for (size_t i = 0; i < pages.size(); ++i) {
    for (size_t k = 0; k < pages.size(); ++k) {
      read(pages[k]);
      EXPECT_EQ(read(pages[i]), alone[i]) << pages[i].url << " after " << pages[k].url;
    }
  }
}

TEST(Links, TextsOfNestedElementsAreHeldOnce) {
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "<div onclick=\"location.href='/" + std::to_string(i) + ".htm'\">";
  std::string text;
  while (text.size() < 2'000'000) text += "青石市";
  size_t held = 0, found = 0;
  for (const model::Link& link : Find(nested + text)) {
    held += link.text.capacity();
    ++found;
  }
  EXPECT_GE(found, 200u);
  EXPECT_LT(held, found * 2000);
}

}  // namespace
}  // namespace fangzhi::links
