#include <gtest/gtest.h>

#include "extract/counters.h"
#include "extract/extract.h"
#include "page.h"

namespace fangzhi::extract {
namespace {

struct Case {
  const char* strip;
  const char* kind;
  const char* url;
  const char* method;
  const char* side_effect;
  int64_t clicks;
};

TEST(Counters, EverySystem) {
  const Case kCases[] = {
      {"浏览次数：<script>_showDynClicks(\"wbnews\", 1412614994, 1081)</script>", "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/"
       "dynclicks.jsp?clickid=1081&owner=1412614994&clicktype=wbnews",
       "GET", "read_only_inferred", -1},
      {"浏览（<span><script>_showDynClicks('wbnews', 15, 4494)</script><span "
       "id=dynclicks_wbnews_4494_389>83</span></span>）",
       "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/"
       "dynclicks.jsp?clickid=4494&owner=15&clicktype=wbnews",
       "GET", "read_only_inferred", 83},
      {"浏览次数：<span class=\"WP_VisitCount\" "
       "url=\"/_visitcountdisplay?siteId=180&amp;type=3&amp;articleId=290690\">10</span>",
       "sudy", "http://www.example.gov.cn/_visitcountdisplay?siteId=180&type=3&articleId=290690", "POST",
       "read_only_inferred", 10},
      {"点击：<script "
       "src=\"/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693\"></script>",
       "hanweb",
       "http://www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693",
       "GET", "read_only_inferred", -1},
      {"阅读<script src=\"/e/public/ViewClick/?classid=3&id=12&addclick=1\"></script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12", "GET", "read_only_proven", -1},
      {"点击：<script src=\"/plus/count.php?view=yes&aid=3161&mid=1\" type=\"text/javascript\"></script>370",
       "dedecms", "http://www.example.gov.cn/plus/count.php?view=yes&aid=3161", "GET", "increments", 370},
      {"点击：<span id=hits></span><script src=\"/api.php?op=count&id=151&modelid=1\"></script>", "phpcms",
       "http://www.example.gov.cn/api.php?op=count&id=151&modelid=1", "GET", "increments", -1},
      {"点击次数：<span><script src='../include/hits.php?type=news&id=10'></script></span>", "metinfo",
       "http://www.example.gov.cn/include/hits.php?type=news&id=10", "GET", "increments", -1},
      {"浏览：<span id=views></span><script>Cms.viewCount(\"\", 578);</script>", "jeecms",
       "http://www.example.gov.cn/content_view.jspx?contentId=578", "GET", "increments", -1},
      {"浏览：<script "
       "src=\"/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id=6455&click=1\"></script>",
       "dtcms",
       "http://www.example.gov.cn/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id=6455",
       "GET", "read_only_proven", -1},
      {"点击数：<script src=\"/Common/GetHits.aspx?id=23511\"></script> 次", "powereasy",
       "http://www.example.gov.cn/Common/GetHits.aspx?id=23511", "GET", "unknown", -1},
      {"<script src=\"/item/GetHits.asp?Action=Count&GetFlag=0&m=114&ID=6\"></script>302次阅读", "kesion",
       "http://www.example.gov.cn/item/GetHits.asp?Action=Count&GetFlag=0&m=114&ID=6", "GET", "increments",
       302},
      {"阅读次数：<script src=\"/cxweb/Upclicktimes.aspx?InfoID=273ce4eb\"></script>422", "epoint",
       "http://www.example.gov.cn/cxweb/Upclicktimes.aspx?InfoID=273ce4eb", "GET", "increments", 422},
      {"点击：<script src=\"hits.asp?id=77\"></script>", "generic",
       "http://www.example.gov.cn/xw/hits.asp?id=77", "GET", "unknown", -1},
  };
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.kind);
    const model::PageRecord record =
        ExtractPage(NewsPage("<p>发布时间：2021-11-29 " + std::string(each.strip) + "</p>"));
    ASSERT_TRUE(record.counter.has_value());
    EXPECT_EQ(record.counter->kind, each.kind);
    EXPECT_EQ(record.counter->url, each.url);
    EXPECT_EQ(record.counter->method, each.method);
    EXPECT_EQ(record.counter->side_effect, each.side_effect);
    EXPECT_EQ(record.clicks.value_or(-1), each.clicks);
  }
}

TEST(Counters, RequestsThatScriptsMake) {
  const struct {
    const char* html;
    const char* url;
  } kCases[] = {
      {"<script>$.get('/cms/hits.do?id=12', function(n){$('#n').html(n)})</script>", "http://www.example.gov.cn/cms/hits.do?id=12"},
      {"<script>var id = '345'; $.ajax({type:'post', url: \"/web/getClick?newsId=\" + id, success: f});</script>",
       "http://www.example.gov.cn/web/getClick?newsId=345"},
      {"<script>var s=7,id=9;$('#h').load('/api/click.php?site='+s+'&id='+id);</script>", "http://www.example.gov.cn/api/click.php?site=7&id=9"},
      {"<script>document.write('<script src=\"/inc/hits.asp?newsid=3\"><\\/script>')</script>", "http://www.example.gov.cn/inc/hits.asp?newsid=3"},
      {"<iframe src='/count/getcount.asp?id=8' width=40 height=12></iframe>", "http://www.example.gov.cn/count/getcount.asp?id=8"},
      {"<script src=/api/hits/778></script>", "http://www.example.gov.cn/api/hits/778"},
      {"<span id=views>0</span><script>$.get('/info_views/77',function(d){$('#views').html(d)})</script>", "http://www.example.gov.cn/info_views/77"},
      {"<script>$.get('/index.php/home/article/click/id/77.html',function(r){$('#c').html(r)})</script>",
       "http://www.example.gov.cn/index.php/home/article/click/id/77.html"},
      {"<script src='/index.php?c=api&m=hits&id=5'></script>", "http://www.example.gov.cn/index.php?c=api&m=hits&id=5"},
      {"<script>getClickTimes(1081,14,\"wbnews\",\"attach\")</script>",
       "http://www.example.gov.cn/system/resource/code/news/click/clicktimes.jsp?wbnewsid=1081&owner=14&type=wbnews&randomid=attach"},
  };
  for (const auto& each : kCases) {
    const model::PageRecord record = ExtractPage(NewsPage("<p>发布时间：2021-11-29 浏览：" + std::string(each.html) + "</p>"));
    ASSERT_TRUE(record.counter.has_value()) << each.html;
    EXPECT_EQ(record.counter->url, each.url);
    EXPECT_FALSE(record.clicks.has_value()) << each.html;  // a nought keeps the number's place
  }
}

TEST(Counters, IdsOfTheAddress) {
  model::PageRecord record = ExtractPage(NewsPage("<p>发布时间：2021-11-29 浏览次数：<span id=n></span></p>"
                                                  "<script>_jsq_(1074,'/content.jsp',64481,1412614994)</script>"),
                                         "http://www.example.edu.cn/info/1074/64481.htm");
  ASSERT_TRUE(record.counter.has_value());
  EXPECT_EQ(record.counter->url,
            "http://www.example.edu.cn/system/resource/code/news/click/dynclicks.jsp?clickid=64481&owner=1412614994&clicktype=wbnews");
  record = ExtractPage(NewsPage("<p>发布时间：2019-03-26 浏览次数：<span></span></p>"
                                "<img src=\"/_visitcount?siteId=68&type=3&articleId=290690\" style=\"display:none\">"),
                       "http://www.example.edu.cn/2019/0326/c295a290690/page.htm");
  ASSERT_TRUE(record.counter.has_value());
  EXPECT_EQ(record.counter->url, "http://www.example.edu.cn/_visitcountdisplay?siteId=68&type=3&articleId=290690");
  // A page that shows no count is not asked for one.
  EXPECT_FALSE(ExtractPage(NewsPage("<p>发布时间：2021-11-29</p><script>_jsq_(1074,'/content.jsp',64481,14)</script>"),
                           "http://www.example.edu.cn/info/1074/64481.htm")
                   .counter.has_value());
}

std::optional<model::CounterBatch> BatchOf(std::string html) {
  const html::Document document = html::Document::Parse(std::move(html));
  const auto url = url::Parse("http://www.example.edu.cn/xw/list.htm");
  return FindCounterBatch(PageView(document), *url);
}

TEST(Counters, OneRequestForAList) {
  auto batch = BatchOf(
      "<ul><li><a href=1.htm>甲</a></li></ul><script>_showDynClickBatch(['dynclicks_u5_3201','dynclicks_u5_3194'],[3201,3194],\"wbnews\",1632666717)</script>");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->counter.url,
            "http://www.example.edu.cn/system/resource/code/news/click/dynclicksbatch.jsp?clickids=3201,3194&owner=1632666717&clicktype=wbnews");
  EXPECT_EQ(batch->ids, (std::vector<std::string>{"3201", "3194"}));
  EXPECT_EQ(CounterBatchIds(batch->counter.url), batch->ids);
  // The blocks of a home page are asked for together; another owner's numbers are not these.
  batch = BatchOf("<script>function _showDynClickBatch(a,b,c,d){}</script><script>_showDynClickBatch(['a'],[ '7' ],'wbnews',9);\n_showDynClickBatch(['b','c'],[8,7],'wbnews',9)</script>"
                  "<script>_showDynClickBatch(['d'],[5],'wbnews',10)</script>");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->ids, (std::vector<std::string>{"7", "8"}));
  EXPECT_FALSE(BatchOf("<script>function _showDynClickBatch(a,b,c,d){}</script>").has_value());
  EXPECT_FALSE(BatchOf("<script>_showDynClickBatch(['a'],[x],'wbnews',9)</script>").has_value());
  // Sudy: the ids are attributes, the request is the vendor's script's.
  batch = BatchOf("<script sudy-wp-context=\"en\" sudy-wp-siteId=\"68\" src=\"/_js/jquery.sudy.wp.visitcount.js\"></script><ul>"
                  "<li><a href=\"/2019/0326/c295a290690/page.htm\">甲</a><span class=\"wp_listVisitCount\" artId=\"290690\" type=\"3\"></span></li>"
                  "<li><span class=\"wp_listVisitCount\" artId=\"290691\"></span></li></ul>");
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->counter.url, "http://www.example.edu.cn/en/_visitcountdisplay?articleIds=290690,290691&siteId=68&type=3&funType=0");
  EXPECT_EQ(batch->counter.method, "POST");
  EXPECT_TRUE(model::IsReadOnly(batch->counter));
}

TEST(Counters, AnswersForAList) {
  const std::vector<std::string> ids = {"3201", "3194"};
  auto values = ParseCounterBatch(" 12,345\r\n", "vsb", ids);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0], 12);
  EXPECT_EQ(values[1], 345);
  EXPECT_TRUE(ParseCounterBatch("12,345,6", "vsb", ids).empty());
  EXPECT_TRUE(ParseCounterBatch("<html>", "vsb", ids).empty());
  values = ParseCounterBatch("[{\"articleId\":3194,\"count\":7},{\"articleId\":\"3201\",\"count\":\"12\"},{\"articleId\":9,\"count\":1}]", "sudy", ids);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0], 12);
  EXPECT_EQ(values[1], 7);
  values = ParseCounterBatch("[{\"articleId\":3194,\"count\":0}]", "sudy", ids);  // no data
  ASSERT_EQ(values.size(), 2u);
  EXPECT_FALSE(values[0] || values[1]);
  EXPECT_TRUE(ParseCounterBatch("12,345", "sudy", ids).empty());
}

TEST(Counters, IdsInAddresses) {
  const struct {
    const char* kind;
    const char* url;
    const char* id;
  } kCases[] = {{"vsb", "http://a.edu.cn/info/1074/64481.htm", "64481"},
                {"vsb", "http://a.edu.cn/x/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1074&wbnewsid=64481", "64481"},
                {"vsb", "http://a.edu.cn/xw/64481.htm", ""},
                {"vsb", "http://a.edu.cn/info/1074/list.htm", ""},
                {"sudy", "http://a.edu.cn/2019/0326/c295a290690/page.htm", "290690"},
                {"sudy", "http://a.edu.cn/_s1/2019/0326/c295a290690/page.psp", "290690"},
                {"sudy", "http://a.edu.cn/295/list.htm", ""},
                {"dedecms", "http://a.edu.cn/info/1074/64481.htm", ""}};
  for (const auto& each : kCases) EXPECT_EQ(CounterIdOf(each.kind, *url::Parse(each.url)), each.id) << each.url;
}

TEST(Counters, BeaconsAndOthersAreNone) {
  for (const char* strip :
       {"<script>_addDynClicks('wbnews',1638138558,1598)</script>",
        "<script src=\"/system/resource/code/datainput.jsp?owner=1&newsid=3\"></script>",
        "<img src=\"/_visitcount?siteId=68&type=1&columnId=1952\" style=\"display:none\">",
        "<iframe src='/module/visitcount/visit.jsp?type=1&i_webid=15' style=display:none></iframe>",
        "<script src=\"/e/public/ViewClick/?classid=3&id=12&down=5\"></script>",
        "<script src=\"/js/jquery.js?v=3\"></script>"}) {
    EXPECT_FALSE(
        ExtractPage(NewsPage("<p>发布时间：2021-11-29</p>" + std::string(strip))).counter.has_value())
        << strip;
  }
}

TEST(Counters, Answers) {
  const struct {
    const char* body;
    const char* kind;
    int64_t value;
  } kCases[] = {
      {"370", "vsb", 370},
      {" \r\n 1262 \n", "vsb", 1262},
      {"\xEF\xBB\xBF"
       "45",
       "generic", 45},
      {"document.write('3359');", "empirecms", 3358},
      {"document.write(\"1,234\");\r\n", "dedecms", 1234},
      {"document.writeln(12)", "generic", 12},
      {"$('#todaydowns').html('1');$('#weekdowns').html('7');$('#hits').html('123');", "phpcms", 123},
      {"jsonp1({\"hits\":66});", "generic", 66},
      {"back(41)", "generic", 41},
      {"$('#hits').html('123');", "phpcms", 123},
      {"$hits=\"88\"; document.write($hits)", "metinfo", 88},
      {"[812,3,0,1,0]", "jeecms", 812},
      {"{\"value\":17}", "sscms", 17},
      {"{\"wbshowtimes\":9,\"randomid\":\"nattach\"}", "vsb", 9},
      {"\"55\"", "generic", 55},
      {"0", "vsb", 0},
      {"0", "sudy", -1},
      {"[]", "jeecms", -1},
      {"", "vsb", -1},
      {"<html><body>error 500</body></html>", "vsb", -1},
      {"12345678901", "vsb", -1},
      {"3.5", "vsb", -1},
      {"null", "vsb", -1},
      {"2021-11-29", "generic", -1},
      // As people write numbers.
      {"１２３４", "vsb", 1234},
      {"document.write('１，２３４次')", "dedecms", 1234},
      {"1.2万", "generic", 12000},
      {"{\"hits\":\"1.25 万\"}", "generic", 12500},
      {"{\"hits\":\"1.2\\u4e07\"}", "generic", 12000},
      {"{\"hits\":\"\\uff11\\uFF12\"}", "generic", 12},
      {"document.write(\"3\xCD\xF2\")", "generic", 30000},
      {"\xA3\xB1\xA3\xB2\xA3\xB3", "generic", 123},
      {"１２３万", "vsb", 1230000},
      {"1.23456万", "vsb", -1},
      {"999999999万", "vsb", -1},
      {"1.5倍", "generic", -1},
      {"万", "generic", -1},
  };
  for (const auto& each : kCases)
    EXPECT_EQ(ParseCounterAnswer(each.body, each.kind).value_or(-1), each.value) << each.body;
}

}  // namespace
}  // namespace fangzhi::extract
