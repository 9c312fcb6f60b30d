#include <gtest/gtest.h>

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
       "GET", "read_only", -1},
      {"浏览（<span><script>_showDynClicks('wbnews', 15, 4494)</script><span "
       "id=dynclicks_wbnews_4494_389>83</span></span>）",
       "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/"
       "dynclicks.jsp?clickid=4494&owner=15&clicktype=wbnews",
       "GET", "read_only", 83},
      {"浏览次数：<span class=\"WP_VisitCount\" "
       "url=\"/_visitcountdisplay?siteId=180&amp;type=3&amp;articleId=290690\">10</span>",
       "sudy", "http://www.example.gov.cn/_visitcountdisplay?siteId=180&type=3&articleId=290690", "POST",
       "read_only", 10},
      {"点击：<script "
       "src=\"/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693\"></script>",
       "hanweb",
       "http://www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693",
       "GET", "read_only", -1},
      {"阅读<script src=\"/e/public/ViewClick/?classid=3&id=12&addclick=1\"></script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12", "GET", "read_only", -1},
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
       "GET", "read_only", -1},
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
      {"$('#todaydowns').html('1');", "phpcms", 1},
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
  };
  for (const auto& each : kCases)
    EXPECT_EQ(ParseCounterAnswer(each.body, each.kind).value_or(-1), each.value) << each.body;
}

}  // namespace
}  // namespace fangzhi::extract
