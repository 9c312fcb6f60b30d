// One provider, many ways to write it: attributes in any order, addresses without a scheme, every way by which scripts ask.
#include <gtest/gtest.h>

#include "extract/extract.h"
#include "page.h"

namespace fangzhi::extract {
namespace {

TEST(CounterVariants, EveryProviderInEveryWriting) {
  const struct {
    const char* strip;
    const char* kind;  // empty: nothing that may be asked
    const char* url;
  } kCases[] = {
      {"浏览次数：<script type='text/javascript' language=javascript>\n_showDynClicks( 'wbnews' , 1412614994 , 1081 );\n</script>", "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/dynclicks.jsp?clickid=1081&owner=1412614994&clicktype=wbnews"},
      {"点击：<span id=c></span><script>jQuery.get('/system/resource/code/news/click/dynclicks.jsp?clickid=81&owner=14&clicktype=wbnews',function(d){jQuery('#c').html(d)})</script>", "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/dynclicks.jsp?clickid=81&owner=14&clicktype=wbnews"},
      {"点击数：<span id=n></span><script>$.ajax({url:\"/system/resource/code/news/click/dynclicks.jsp\",data:{clickid:81,owner:14,clicktype:\"wbnews\"},success:function(d){$('#n').text(d)}});</script>", "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/dynclicks.jsp?clickid=81&owner=14&clicktype=wbnews"},
      {"访问：<span url='/_visitcountdisplay?siteId=18&type=3&articleId=29' class='WP_VisitCount'></span>", "sudy",
       "http://www.example.gov.cn/_visitcountdisplay?siteId=18&type=3&articleId=29"},
      {"访问次数：<span frag=\"窗口\"><em class='wp_visitCount WP_VisitCount' data-x=1 url=\"//www.example.gov.cn/_visitcountdisplay?siteId=18&amp;type=3&amp;articleId=29\">0</em></span>", "sudy",
       "http://www.example.gov.cn/_visitcountdisplay?siteId=18&type=3&articleId=29"},
      {"浏览次数：<span id='hits'></span><script>$.get(\"/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693\",function(x){$('#hits').html(x)})</script>", "hanweb",
       "http://www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693"},
      {"浏览次数：<script type=\"text/javascript\" language=\"javascript\" src=\"/module/visitcount/articlehits.jsp?colid=14&artid=5693\"></script>", "hanweb",
       "http://www.example.gov.cn/module/visitcount/articlehits.jsp?colid=14&artid=5693"},
      {"浏览：<iframe frameborder=0 scrolling=no src=\"//www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&amp;i_articleid=5693\"></iframe>", "hanweb",
       "http://www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=5693"},
      {"点击：<script language=javascript src=\"//www.example.gov.cn/e/public/ViewClick/?classid=3&id=12&addclick=1\"></script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12"},
      {"点击：<script src=\"/e/public/ViewClick/?addclick=1&amp;classid=3&amp;id=12\"></script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12"},
      {"点击：<span id=onclick></span><script>$(function(){$.get('/e/public/ViewClick/?classid=3&id=12&addclick=1',function(d){$('#onclick').html(d.match(/\\d+/)[0])})})</script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12"},
      {"点击：<script src=\"/e/public/ViewClick/ViewMore.php?classid=3&id=12&onclick=1&down=1&plnum=1&addclick=1\"></script><span id=onclickshowdiv>0</span>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/ViewMore.php?classid=3&id=12&onclick=1&down=1&plnum=1"},
      {"评论：<span id=plnumshowdiv>0</span><script src=\"/e/public/ViewClick/ViewMore.php?classid=3&id=12&onclick=0&down=1&plnum=1&addclick=0\"></script>", "",
       ""},
      {"下载：<script src=\"/e/public/ViewClick/?classid=3&id=12&down=1\"></script> 浏览：<script src=\"/e/public/ViewClick/?classid=3&id=12&addclick=1&down=0\"></script>", "empirecms",
       "http://www.example.gov.cn/e/public/ViewClick/?classid=3&id=12&down=0"},
      {"评论：<script src=\"/e/public/ViewClick/?classid=3&id=12&down=2\"></script>", "",
       ""},
      {"浏览:<script src=\"/plus/count.php?view=yes&mid=1&aid=31\" type='text/javascript' language=\"javascript\"></script>次", "dedecms",
       "http://www.example.gov.cn/plus/count.php?view=yes&aid=31"},
      {"浏览:<script>document.write('<scr'+'ipt src=\"/plus/count.php?view=yes&aid=31\"></scr'+'ipt>');</script>", "dedecms",
       "http://www.example.gov.cn/plus/count.php?view=yes&aid=31"},
      {"浏览:<script>$.getScript(\"/plus/count.php?view=yes&aid=31&mid=1\")</script>", "dedecms",
       "http://www.example.gov.cn/plus/count.php?view=yes&aid=31"},
      {"<script src=\"/plus/count.php?aid=31&mid=1\"></script>", "",
       ""},
      {"浏览：<span id=hits></span><script language=\"JavaScript\" src=\"http://www.example.gov.cn/api.php?op=count&amp;id=151&amp;modelid=1\"></script>", "phpcms",
       "http://www.example.gov.cn/api.php?op=count&id=151&modelid=1"},
      {"浏览：<em id=hits>0</em><script>$.getScript('/api.php?op=count&module=news&id=151')</script>", "phpcms",
       "http://www.example.gov.cn/api.php?op=count&module=news&id=151"},
      {"点击次数：<span class='met_hits'><script type='text/javascript' language='javascript' src='../include/hits.php?metinfover=v1&type=news&id=10'></script></span>", "metinfo",
       "http://www.example.gov.cn/include/hits.php?metinfover=v1&type=news&id=10"},
      {"点击次数：<span class=\"met_hits\" data-hits=\"10\">0</span><script>$.ajax({type:'POST',url:'/include/hits.php?type=news&vid=10&id=10&metinfover=v2'})</script>", "metinfo",
       "http://www.example.gov.cn/include/hits.php?type=news&vid=10&id=10&metinfover=v2"},
      {"点击：<span id=h></span><script>$.post('/api/stl/actions/hits',{siteId:1,channelId:2,contentId:3},f)</script>", "sscms",
       "http://www.example.gov.cn/api/stl/actions/hits"},
      {"点击：<span id=ajaxElement_1>0</span><script>stlActionsHits('ajaxElement_1', {siteId:1,channelId:2,contentId:3});</script>", "sscms",
       "http://www.example.gov.cn/api/stl/actions/hits"},
      {"浏览：<span id=views>0</span><script>$(function(){Cms.viewCount('/cms','578');});</script>", "jeecms",
       "http://www.example.gov.cn/cms/content_view.jspx?contentId=578"},
      {"浏览：<span id=views>0</span><script>$.getJSON(\"/content_view.jspx\",{contentId:578},function(d){})</script>", "jeecms",
       "http://www.example.gov.cn/content_view.jspx?contentId=578"},
      {"浏览：<script src=\"/tools/submit_ajax.ashx?click=1&amp;action=view_article_click&amp;id=64&amp;channel_id=1\"></script>", "dtcms",
       "http://www.example.gov.cn/tools/submit_ajax.ashx?action=view_article_click&id=64&channel_id=1"},
      {"浏览：<script>document.write('<script type=\"text/javascript\" src=\"/tools/submit_ajax.ashx?action=view_article_click&id=64&click=1\"><\\/script>')</script>", "dtcms",
       "http://www.example.gov.cn/tools/submit_ajax.ashx?action=view_article_click&id=64"},
      {"点击数：<script language='javascript' src='/GetHits.asp?ArticleID=235'></script>", "powereasy",
       "http://www.example.gov.cn/GetHits.asp?ArticleID=235"},
      {"点击数：<script type=text/javascript src=/Sub/Common/GetHits.aspx?id=235></script>", "powereasy",
       "http://www.example.gov.cn/Sub/Common/GetHits.aspx?id=235"},
      {"点击：<Script Language=\"Javascript\" Src=\"http://www.example.gov.cn/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID=6\"></Script>", "kesion",
       "http://www.example.gov.cn/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID=6"},
      {"点击：<script src=\"/plus/ajaxs.aspx?a=gethits&id=6&m=1\"></script>", "generic",
       "http://www.example.gov.cn/plus/ajaxs.aspx?a=gethits&id=6&m=1"},
      {"阅读次数：<script src='/EpointWebBuilder/Upclicktimes.aspx?InfoID=27-eb' language=javascript></script>", "epoint",
       "http://www.example.gov.cn/EpointWebBuilder/Upclicktimes.aspx?InfoID=27-eb"},
      {"阅读次数：<span id=infoViewCount></span><input type=hidden id=viewGuid value='cms_0012'><script src='/js/pageView.js'></script>", "",
       ""},
      {"浏览：<script src=\"/count/?id=778&type=view\"></script>", "generic",
       "http://www.example.gov.cn/count/?id=778&type=view"},
      {"浏览：<span id=v></span><script>$.get('/count/?type=view&aid=778',function(n){$('#v').text(n)})</script>", "generic",
       "http://www.example.gov.cn/count/?type=view&aid=778"},
      {"浏览：<span id=v></span><script>fetch('/api/article/views?id=77').then(r=>r.json()).then(d=>v.innerText=d.views)</script>", "generic",
       "http://www.example.gov.cn/api/article/views?id=77"},
      {"浏览：<span id=v></span><script>fetch(`/api/hits?id=77`).then(r=>r.text())</script>", "generic",
       "http://www.example.gov.cn/api/hits?id=77"},
      {"浏览：<span id=v></span><script>var x=new XMLHttpRequest();x.open('GET','/getClick.jsp?newsid=77',true);x.send();</script>", "generic",
       "http://www.example.gov.cn/getClick.jsp?newsid=77"},
      {"浏览：<span id=v data-id=77></span><script>var url='/ajax/hits.ashx?id=77';$.get(url,f)</script>", "generic",
       "http://www.example.gov.cn/ajax/hits.ashx?id=77"},
      {"浏览：<span class=hits-count data-url=\"/hits.php?id=77\"></span>", "generic",
       "http://www.example.gov.cn/hits.php?id=77"},
      {"<!--<script src=\"/e/public/ViewClick/?classid=3&id=12&addclick=1\"></script>-->", "",
       ""},
      {"<script>/* $.get('/hits.do?id=12') */</script>", "",
       ""},
      {"<script>// $.get('/hits.do?id=12')\n</script>", "",
       ""},
      {"<noscript><script src=/plus/count.php?view=yes&aid=1></script></noscript>", "",
       ""},
      {"<script>//<![CDATA[\n_showDynClicks('wbnews',14,81)\n//]]></script>", "vsb",
       "http://www.example.gov.cn/system/resource/code/news/click/dynclicks.jsp?clickid=81&owner=14&clicktype=wbnews"},
      {"浏览：<img src=\"/hits.asp?id=7\" width=60>", "",
       ""},
      {"<img src=\"/count.asp?id=7\" width=1 height=1 style=display:none>", "",
       ""},
      {"<script src=\"https://hm.baidu.com/hm.js?id=7\"></script>", "",
       ""},
      {"<a href=\"/click.asp?id=9\">链接</a>", "",
       ""},
  };
  for (const auto& each : kCases) {
    const model::PageRecord record = ExtractPage(NewsPage("<p>发布时间：2021-11-29 来源：市政府 " + std::string(each.strip) + "</p>"));
    EXPECT_EQ(record.counter ? record.counter->kind : "", each.kind) << each.strip;
    EXPECT_EQ(record.counter ? record.counter->url : "", each.url) << each.strip;
  }
}

TEST(CounterVariants, ManyNumbersAtOnce) {
  constexpr const char* kAnswer =
      "document.getElementById(\"onclickshowdiv\").innerHTML=\"123\";document.getElementById(\"downshowdiv\").innerHTML=\"7\";";
  EXPECT_EQ(ParseCounterAnswer(kAnswer, "empirecms"), 122);
  EXPECT_EQ(ParseCounterAnswer("document.getElementById(\"downshowdiv\").innerHTML=\"7\";document.getElementById(\"onclickshowdiv\").innerHTML=\"123\";", "empirecms"), 122);
}

TEST(CounterVariants, ParametersOfACall) {
  const auto url_of = [](const std::string& script) {
    const model::PageRecord record = ExtractPage(NewsPage("<p>发布时间：2021-11-29 浏览：<span id=n></span><script>" + script + "</script></p>"));
    return record.counter ? record.counter->url : std::string();
  };
  EXPECT_EQ(url_of("var nid='77';$.get('/web/hits.do', {id: nid, \"type\": 'news'}, f)"), "http://www.example.gov.cn/web/hits.do?id=77&type=news");
  EXPECT_EQ(url_of("$.get('/web/hits.do', {id: nid()}, f)"), "");
  EXPECT_EQ(url_of("$.post('/web/hits.do', {id: 7}, f)"), "");  // its parameters are no part of the address
  EXPECT_EQ(url_of("$.ajax({type:'POST',url:'/web/hits.do',data:{id:7}})"), "");
  EXPECT_EQ(url_of("$.get('/web/hits.do', {id: 7"), "");
}

}  // namespace
}  // namespace fangzhi::extract
