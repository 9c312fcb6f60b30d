"""The article templates of ministries, provinces, courts, universities and media as they are commonly built: the element names, the
wording and the order of their strips, and what stands around the text. One entry a template; what varies comes from the story.

In a template «T» is the title, «D» the date, «S» source, «A» author, «E» editor, «C» clicks, «B» the text, «O» a list of other
articles, «P» the office, «L» the column, «N» the site's name, «I» an id. A field that a template does not name is not on the page."""
from .story import DATE_FORMS, MINUTE_FORMS, SECOND_FORMS, escape
from .systems import footer, menu, metas, others

DAY, CHINESE_DAY, SLASH, DOT, BARE = DATE_FORMS[0], DATE_FORMS[6], DATE_FORMS[2], DATE_FORMS[4], DATE_FORMS[7]
MINUTE, CHINESE_MINUTE, GLUED_MINUTE, SLASH_MINUTE, DOT_MINUTE = MINUTE_FORMS[0], MINUTE_FORMS[3], MINUTE_FORMS[4], MINUTE_FORMS[2], MINUTE_FORMS[6]
SECOND, SLASH_SECOND, CHINESE_SECOND = SECOND_FORMS[0], SECOND_FORMS[1], SECOND_FORMS[2]
HOUR_MARKS = MINUTE_FORMS[5]


def ROC(when):
    return "%d-%02d-%02d" % (when.year - 1911, when.month, when.day)


def ROC_SLASH(when):
    return "%d/%02d/%02d" % (when.year - 1911, when.month, when.day)

STATE = [
    # name, address, date form, template
    ("ndrc", "https://www.example.gov.cn/xwdt/xwfb/«YM»/t«YMD»_«I».html", SLASH, '<div class="article"><div class="article_title mobile_title">«T»</div><div class="attribute clearfix"><div class="time">发布时间：«D»</div><div class="ly laiyuantext">来源：<span>«S»</span></div><div class="fr textsize"><span>[ </span><a>大</a><a>中</a><a>小</a><span> ]</span></div></div><div class="article_con article_con_notitle"><div class="TRS_Editor">«B»</div></div><div class="attachment_r"><a href="javascript:void(0)">附件下载</a></div></div>'),
    ("mof", "http://xx.example.gov.cn/zhengcefabu/«YM»/t«YMD»_«I».htm", CHINESE_DAY, '<div class="mainboxerji"><h2 class="title_con">«T»</h2><div class="laiyuan">«D»　来源：«S»　　<span>【字体：<a>大</a> <a>中</a> <a>小</a>】【<a>打印此页</a>】【<a>关闭窗口</a>】</span></div><div class="my_doccontent"><div class="TRS_Editor">«B»</div></div><div class="gu-download"><h3>附件下载:</h3></div></div>'),
    ("moe", "http://www.example.gov.cn/jyb_xwfb/gzdt_gzdt/s5987/«YM»/t«YMD»_«I».html", DAY, '<div class="moe-detail-box" id="moe-detail-box"><h1>«T»</h1><div class="moe-detail-shuxing">«D»　来源：«S»<div class="moe-tool"><a>收藏</a></div></div><div class="TRS_Editor">«B»</div><div id="detail-editor">（责任编辑：«E»）</div></div>'),
    ("miit", "https://www.example.gov.cn/xwdt/gxdt/art/«Y»/art_«I»aa.html", MINUTE, '<div class="ctitle"><h1 id="con_title">«T»</h1></div><div class="cinfo center"><span id="con_time">发布时间：«D»</span><span>来源：«S»</span><span class="size">字号：[ <a>大</a> <a>中</a> <a>小</a> ]</span></div><div class="ccontent center" id="con_con">«B»</div><div class="cendinfo center"><span>扫一扫在手机打开当前页</span><a>【打印】</a><a>【关闭】</a></div>'),
    ("stats", "https://www.example.gov.cn/sj/zxfb/«YM»/t«YMD»_«I».html", SLASH_MINUTE, '<div class="wrapper-content"><div class="detail-content"><div class="detail-title"><h1>«T»</h1><div class="detail-title-des"><h2>«D»<p class="mhide">来源：</p><span>«S»</span></h2><h2>字体：<span>大</span> <span>中</span> <span>小</span></h2></div></div><div class="detail-text-content"><div class="txt-content"><div class="trs_editor_view TRS_UEDITOR trs_paper_default">«B»</div></div></div></div></div>'),
    ("pbc", "http://www.example.gov.cn/goutongjiaoliu/113456/113469/«I»/index.html", SECOND, '<table width="100%"><tr><td align="center" class="mainw1"><h2 style="font-size:16px;color:#333;">«T»</h2></td></tr><tr><td class="hui12" height="30" align="right"><table><tr><td>字号 <a>大</a> <a>中</a> <a>小</a></td><td class="hui12">文章来源：</td><td class="hui12">«S»</td><td class="hui12" id="shijian">«D»</td><td><a>打印本页</a> <a>关闭窗口</a></td></tr></table></td></tr><tr><td class="content"><div id="zoom">«B»</div></td></tr></table>'),
    ("customs", "http://www.example.gov.cn/customs/xwfb34/302425/«I»/index.html", DAY, '<div class="easysite-article-content"><div class="easysite-news-title"><h2>«T»</h2><p class="easysite-news-describe">发布时间：«D»来源：«S» <a class="easysite-print">【打印本页】</a></p></div><div class="easysite-news-content"><div id="easysiteText" class="easysite-news-text">«B»</div></div></div>'),
    ("nhc", "http://www.example.gov.cn/yzygj/s7653/«YM»/«I»f.shtml", DAY, '<div class="list"><div class="tit">«T»</div><div class="source"><span>发布时间：\n «D»</span><span class="mr">来源:\n «S»</span></div><div class="con" id="xw_box">«B»</div><div class="fx fr"><span>相关链接：</span></div></div>'),
    ("mohrss", "http://www.example.gov.cn/SYrlzyhshbzb/dongtaixinwen/«YM»/t«YMD»_«I».html", DAY, '<div class="insMainConTitle"><div class="insMainConTitle_b">«T»</div><div class="insMainConTitle_c"><span>日期：«D»</span>&nbsp;&nbsp;<span>来源：«S»</span>&nbsp;<span>字号：<a>大</a><a>中</a><a>小</a></span></div></div><div class="insMainConTxt"><div class="insMainConTxt_c"><div class=TRS_PreAppend>«B»</div></div></div>'),
    ("mwr", "http://www.example.gov.cn/xw/slyw/«YM»/t«YMD»_«I».html", CHINESE_MINUTE, '<div class="slywxl3"><h1 class="gknb_title"><span id="title">«T»</span></h1><div class="slywxl2"><span>来源：«S»</span>　<span>时间：«D»</span>　<span>作者：«A»</span></div><div id="slywxl3" class="gsj_htmlcon_bot"><div class="trs_editor_view">«B»</div></div><div>责编：«E»</div></div>'),
    ("court", "https://www.example.gov.cn/zixun/xiangqing/«I».html", MINUTE, '<div class="detail_mes"><div class="detail_big"><div class="title">«T»</div><ul class="message fl print"><li class="fl print">来源：«S»</li><li class="fl print">发布时间：«D»</li><li class="fr size">字号：<a>小</a> <a>大</a></li><li class="fr share">打印本页</li></ul><div class="txt txt_txt" id="zoom">«B»</div><div class="editor">责任编辑：«E»</div></div></div>'),
    ("spp", "https://www.example.gov.cn/spp/zdgz/«YM»/t«YMD»_«I».shtml", DAY, '<div class="detail"><div class="detail_tit">«T»</div><div class="detail_extend"><span class="detail_extend1 fl">时间：«D»&nbsp;&nbsp;作者：«A»&nbsp;&nbsp;新闻来源：«S»</span><span class="detail_extend2 fr">【字号：<a>大</a> | <a>中</a> | <a>小</a>】</span></div><div class="detail_con" id="fontzoom">«B»</div><div class="detail_aut">[责任编辑：«E»]</div></div>'),
    ("ccdi", "https://www.example.gov.cn/yaowenn/«YM»/t«YMD»_«I».html", MINUTE, '<div class="Article_61"><h2 class="tit">«T»</h2><h3 class="daty"><div class="daty_con"><em class="e e1">来源：«S»</em><em class="e e2">发布时间：«D»</em><em class="e e3">分享</em></div></h3><div class="content"><div class="TRS_Editor">«B»</div></div></div>'),
    ("beijing", "https://www.example.gov.cn/ywdt/yaowen/«YM»/t«YMD»_«I».html", DAY, '<div class="header"><h1>«T»</h1><p class="othermessage"><span>日期：«D»</span><span>来源：«S»</span></p><div class="share-box1"><span>分享：</span><a></a><a></a></div><div class="textsize">字号：<a>大</a><a>中</a><a>小</a></div></div><div id="mainText"><div class="view TRS_UEDITOR trs_paper_default trs_word">«B»</div></div>'),
    ("shanghai", "https://www.example.gov.cn/nw4411/«YMD»/«I».html", CHINESE_DAY, '<div class="article-title-name" id="ivs_title">«T»</div><div class="article-title-info"><small class="PBtime" id="ivs_date">«D»</small><small>来源：«S»</small></div><div class="Article_content" id="ivs_content">«B»</div>'),
    ("guangdong", "http://www.example.gov.cn/gdywdt/gdyw/content/post_«I».html", SECOND, '<div class="zw_box"><h3 class="zw-title">«T»</h3><div class="zw-info"><span class="time">时间&nbsp;:&nbsp;«D»</span><span class="ly">来源&nbsp;:&nbsp;«S»</span><span class="zihao">【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div><div class="zw">«B»</div></div>'),
    ("sichuan", "https://www.example.gov.cn/10462/10464/10797/«Y»/1/5/«I».shtml", MINUTE, '<div class="contText"><h2>«T»</h2><ul id="articleattribute"><li>«D»</li><li>来源：«S»</li></ul><div id="cmsArticleContent">«B»</div><ul id="shareWrap"><li>责任编辑：«E»</li></ul></div>'),
    ("hubei", "http://www.example.gov.cn/zwgk/hbyw/«YM»/t«YMD»_«I».shtml", CHINESE_MINUTE, '<article class="hbgov-article"><div class="hbgov-article-title"><h2>«T»</h2></div><div class="hbgov-article-info"><span>«D»</span><span>«S»</span></div><div class="hbgov-article-content">«B»</div></article>'),
    ("henan", "http://www.example.gov.cn/«Y»/01-05/«I».html", MINUTE, '<div class="zzinfo"><h1 class="title">«T»</h1><div class="mt20 bzxx">发布时间：«D»<span class="ml20">来源：«S»</span><span class="ml20">浏览：«C» 次</span></div><div class="mt35 fs18" id="articleContent">«B»</div><p class="tr">责任编辑：«E»</p></div>'),
    ("guizhou", "http://www.example.gov.cn/home/tpxw/«YM»/t«YMD»_«I».html", MINUTE, '<div class="Article_xx"><div class="title"><h1>«T»</h1></div><div class="Article_ly"><span>发布时间：«D» </span><span class="ly">来源：«S»</span><span>阅读次数：<b id="hits">«C»</b></span><span>字号：A+A-</span></div><div class="Article_zw"><div class="trs_editor_view">«B»</div></div></div>'),
    ("shandong", "http://www.example.gov.cn/art/«Y»/1/5/art_97560_«I».html", DAY, '<table id="article" width="95%"><tr><td class="title" align="center">«T»</td></tr><tr><td align="center"><table><tr><td>发布日期：«D»</td><td>浏览次数：<b>«C»</b></td><td>字号：[ <a>大</a> <a>中</a> <a>小</a> ]</td></tr></table></td></tr><tr><td class="bt_content"><div id="zoom">«B»</div></td></tr></table>'),
    ("jiangsu", "http://www.example.gov.cn/art/«Y»/1/5/art_60085_«I».html", MINUTE, '<div class="main-txt"><div class="sp-title"><h2>«T»</h2></div><div class="sp-info"><p>发布日期：«D»</p><p>来源：«S»</p><p>字体：[<a>大</a><a>中</a><a>小</a>]</p><p>浏览次数：«C»</p></div><div class="main-fl-gn bt-padding-right-20 bt-padding-left-20" id="zoom">«B»</div></div>'),
    ("hunan", "http://www.example.gov.cn/hnszf/hnyw/«YM»/t«YMD»_«I».html", MINUTE, '<div class="tys-main-zt-show"><h2 class="sp_title">«T»</h2><div class="sp_time"><font>来源：«S»</font>　　<font>时间：«D»</font>　<font>【字体：<a>大</a> <a>中</a> <a>小</a>】</font></div><div class="tys-main-zt-con"><div id="zoom">«B»</div></div><p class="tys-main-zt-bj">责任编辑：«E»</p></div>'),
    ("chongqing", "http://www.example.gov.cn/zwxx_182/«YM»/t«YMD»_«I».html", DAY, '<div class="document-title"><p class="tit">«T»</p></div><div class="document-info"><span class="con">日期：«D»</span><span class="con">来源：«S»</span><span class="share">语音播报</span></div><div class="document mt-12"><div class="trs_editor_view">«B»</div></div>'),
    ("nopss", "http://www.example.gov.cn/n1/«Y»/0105/c«I».html", GLUED_MINUTE, '<div class="text_c"><h3 class="pre"></h3><h1>«T»</h1><h4 class="sub"></h4><p class="sou">«D»　　来源：<a href="#">«S»</a></p><div class="show_text">«B»<div class="edit clearfix">(责编：«E»)</div></div></div>'),
    ("gmw", "https://politics.example.cn/«Y»-01/05/content_«I».htm", MINUTE, '<div class="u-mainLeft"><h1 class="u-title">«T»</h1><div class="m-title-box"><div class="m-con-info"><span class="m-con-source">来源：<a>«S»</a></span><span class="m-con-time">«D»</span></div></div><article class="u-content"><div class="u-mainText">«B»</div><div class="m_tips"><span>[ <a>责编：«E»</a> ]</span></div></article></div>'),
    ("mps", "https://www.example.gov.cn/n2254314/n6409334/c«I»/content.html", DAY, '<div class="sd"><div class="arcTitle" id="articleTitle">«T»</div><div class="date"><span>发布时间：«D»</span></div><div class="arcContent center" id="ztdx">«B»</div><p class="keywords"></p></div>'),
    ("mca", "https://www.example.gov.cn/n152/n165/c«I»/content.html", DAY, '<div class="content2"><h3 class="title">«T»</h3><div class="list-tit"><span>«D»</span><span>来源：«S»</span></div><div id="zoom" class="content">«B»</div></div>'),
    ("forestry", "http://www.example.gov.cn/c/www/lcdt/«I».jhtml", DAY, '<div class="content"><div class="con_title">«T»</div><div class="con_info">«D»　来源：«S»　作者：«A»　浏览量：<span id="views">«C»</span></div><div class="con_txt">«B»</div></div>'),
    ("bureau_asp", "http://www.example.gov.cn/Article/ShowArticle.asp?ArticleID=«I»", SLASH_SECOND, '<table class="center_tdbgall" width="760"><tr><td><table class="main_title_575"><tr><td class="main_ArticleTitle">«T»</td></tr><tr><td class="Article_tdbgall" align="center">作者：«A»&nbsp;&nbsp;&nbsp;&nbsp;文章来源：«S»&nbsp;&nbsp;&nbsp;&nbsp;点击数：«C»&nbsp;&nbsp;&nbsp;&nbsp;更新时间：«D»</td></tr><tr><td class="main_ArticleContent" id="fontzoom">«B»</td></tr><tr><td align="right" class="Article_tdbgall">文章录入：admin&nbsp;&nbsp;&nbsp;&nbsp;责任编辑：«E»&nbsp;</td></tr></table></td></tr></table>'),
    ("county_aspx", "http://www.example.gov.cn/ReadNews.aspx?NewsId=«I»", SLASH, '<form id="form1"><div class="wrap"><span id="lblTitle" class="biaoti">«T»</span><br><span>发布日期：<span id="lblDate">«D»</span></span>　<span>信息来源：<span id="lblFrom">«S»</span></span>　<span>点击率：<span id="lblHits">«C»</span></span><hr><span id="lblContent">«B»</span><br><a href="#">【返回顶部】</a><a href="javascript:window.close();">【关闭窗口】</a></div></form>'),
    ("zwgk_table", "http://xxgk.example.gov.cn/show.jsp?id=«I»", DAY, '<div class="xxgk-box"><table border=1><tr><td>索引号</td><td>«IDX»</td><td>信息分类</td><td>工作动态</td></tr><tr><td>发布机构</td><td>«S»</td><td>发文日期</td><td>«D»</td></tr><tr><td>名称</td><td colspan=3>«T»</td></tr><tr><td>文号</td><td></td><td>主题词</td><td></td></tr></table><div class="xxgk-t">«T»</div><div class="xxgk-c">«B»</div></div>'),
    ("jubao_portal", "https://www.example.gov.cn/content/«Y»-01/05/«I».html", MINUTE, '<div class="title">«T»</div><div class="tim"><p>«D» <span>|</span> 来源：«S»<span>|</span>作者：«A»</p></div><div class="conTxt">«B»</div><div class="zeren">编辑：«E»</div><div class="ban">新闻热线：0000-12345678 投稿邮箱：tg@example.cn</div>'),
    ("date_right", "http://www.example.gov.cn/News/View/«I»", DAY, '<div class="news-detail"><div class="head"><span class="date" style="float:right">«D»</span><strong style="font-size:22px">«T»</strong></div><div class="body">«B»</div></div>'),
    ("bottom_strip", "http://www.example.gov.cn/shownews/«I».html", MINUTE, '<h2 style="text-align:center">«T»</h2><div class="newsbody">«B»</div><div class="foot-info">发布时间：«D»　　来源：«S»　　访问量：«C»</div>'),
    ("poster", "http://www.example.gov.cn/a/«I».html", MINUTE, '<div class="hd"><h1>«T»</h1><div>发布人：«A»　发布单位：«S»　发布时间：«D»　阅读：«C» 次</div></div><div class="bd">«B»</div>'),
]

CAMPUS = [
    ("vsb_form", "http://news.example.edu.cn/info/1003/«I».htm", MINUTE, '<form name="_newscontent_fromname"><div class="art-tit cont-tit"><h3>«T»</h3><p><span>作者：«A»</span><span>来源：«S»</span><span>发布时间：«D»</span><span>点击：«C»</span></p></div><div id="vsb_content_500"><div class="v_news_content">«B»</div></div><div id="div_vote_id"></div><p>上一条：<a href=1.htm>下一条通知标题在这里</a></p></form>'),
    ("vsb_plain", "http://jwc.example.edu.cn/info/1010/«I».htm", CHINESE_DAY, '<form name="_newscontent_fromname"><table class="winstyle"><tr><td class="titlestyle" align="center">«T»</td></tr><tr><td align="center"><span class="timestyle">«D»</span><span class="authorstyle">&nbsp;&nbsp;«A»&nbsp;</span></td></tr><tr><td class="contentstyle"><div id="vsb_newscontent"><div id="vsb_content"><div class="v_news_content">«B»</div></div></div></td></tr><tr><td align="right"><span>&nbsp;【<a href="javascript:window.opener=null;window.close();">关闭窗口</a>】</span></td></tr></table></form>'),
    ("sudy_new", "https://news.example.edu.cn/«Y»/0105/c100a«I»/page.htm", DAY, '<div class="article"><h1 class="arti_title">«T»</h1><p class="arti_metas"><span class="arti_publisher">发布者：«A»</span><span class="arti_update">发布时间：«D»</span><span class="arti_views">浏览次数：<span class="WP_VisitCount">«C»</span></span></p><div class="entry"><article class="read"><div class="wp_articlecontent">«B»</div></article></div></div>'),
    ("campus_div", "https://www.example.edu.cn/xwzx/«I».html", DOT, '<div class="show01"><h5>«T»</h5><p><i>发布时间：«D»</i> <i>文字：«A»</i> <i>浏览次数：[«C»]</i></p></div><div class="show02">«B»</div>'),
    ("hospital", "http://www.example.com/Html/News/Articles/«I».html", DAY, '<div class="left_nr"><h1 class="news_tit">«T»</h1><p class="news_xx">日期：«D> </p></div>'.replace("«D>", "«D»").replace(" </p></div>", "　科室：«S»　点击：«C»次</p><div class=news_con>«B»</div></div>")),
    ("campus_time_block", "https://www.example.edu.cn/news/«I».html", DAY, '<div class="detail-tit"><h2>«T»</h2></div><div class="detail-xx"><ul><li>时间：«D»</li><li>来源：«S»</li><li>作者：«A»</li><li>审核：周全</li></ul></div><div class="detail-nr">«B»</div>'),
]

MEDIA_TEMPLATES = [
    ("sina_old", "http://news.example.com.cn/c/«Y»-01-05/0721«I».shtml", GLUED_MINUTE, '<div class="blkContainerSblk"><h1 id="artibodyTitle">«T»</h1><div class="artInfo"><span id="art_source">http://www.example.com.cn</span>&nbsp;&nbsp;<span id="pub_date">«D»</span>&nbsp;&nbsp;<span id="media_name"><a href="http://paper.example.com">«S»</a>&nbsp;</span></div><div class="blkContainerSblkCon" id="artibody">«B»</div><div class="blk-video"></div></div>'),
    ("sina_new", "https://news.example.com.cn/c/«Y»-01-05/doc-i«I».shtml", CHINESE_MINUTE, '<h1 class="main-title">«T»</h1><div class="top-bar"><div class="date-source"><span class="date">«D»</span><a href="#" class="source">«S»</a></div><div class="page-tools"><span>缩小字体</span><span>放大字体</span><span>收藏</span><span>微博</span><span>微信</span><span>分享</span></div></div><div class="article" id="article">«B»<p class="show_author">责任编辑：«E»</p></div><div class="article-bottom"><div id="keywords">关键字 : <a>会议</a></div></div>'),
    ("qq_old", "http://news.example.com/a/«YMD»/«I».htm", CHINESE_MINUTE, '<div class="hd"><h1>«T»</h1><div class="tit-bar clearfix"><div class="ll"><span class="color-a-0"><a>国内新闻</a></span><span class="color-a-1"><a href="#">«S»</a></span><span class="color-a-2">«A»</span><span class="article-time">«D»</span></div><div class="rr"><a>我要评论</a>(<span>0</span>)</div></div></div><div class="bd"><div id="Cnt-Main-Article-QQ">«B»</div></div>'),
    ("ifeng_old", "http://news.example.com/mainland/detail_«Y»_01/05/«I»_0.shtml", CHINESE_MINUTE, '<div id="artical"><h1 id="artical_topic">«T»</h1><div id="artical_sth"><p class="p_time"><span>«D»</span><br/>来源：<span><span class="ss03"><a>«S»</a></span></span> 作者：<span>«A»</span></p></div><div id="artical_real"><div id="main_content">«B»</div><p class="iphone_none"><small>[责任编辑：«E»]</small></p></div></div>'),
    ("sohu_old", "http://news.example.com/«YMD»/n«I».shtml", SECOND, '<div class="content-box clear"><h1 itemprop="headline">«T»</h1><div class="time-fun clear"><div class="time-source"><div class="time">«D»</div><div class="source"><span>来源：</span><span>«S»</span></div><div class="editer">作者：«A»</div></div></div><div id="contentText" itemprop="articleBody">«B»<div class="original-title">(责任编辑：«E»)</div></div></div>'),
    ("sohu_older", "http://news.example.com/«YMD»/n«I».shtml", GLUED_MINUTE, '<h1>«T»</h1><div class="sourceTime"><div class="l">来源：<span class="c">«S»</span>　«D»</div><div class="r"><a>我来说两句</a>(0)　复制链接　打印　大 中 小</div></div><div class="text clear" id="contentText">«B»<div class="editer">(责任编辑：«E»)</div></div>'),
    ("ntes_2012", "http://news.example.com/12/0105/07/«I».html", SECOND, '<div class="endContent"><h1 id="h1title">«T»</h1><div class="endLinks"><span class="info">«D»　来源: <a href="http://www.example.com/">«S»</a>　有<a>32</a>人参与 <a>手机看新闻</a></span></div><div id="endText">«B»<span class="cDGray right">（本文来源：«S»）</span></div></div>'),
    ("chinanews", "http://www.example.com/gn/«Y»/01-05/«I».shtml", CHINESE_MINUTE, '<div id="cont_1_1_2"><h1 style="display:block">«T»</h1><div class="left-time"><div class="left-t">«D»　来源：<a class="source">«S»</a>　<a>参与互动</a>(<span>0</span>)</div></div><div class="left_zw">«B»</div><div class="left_name">【编辑:«E»】</div></div>'),
    ("cctv", "http://news.example.cn/«Y»/01/05/ARTI«I».shtml", CHINESE_MINUTE, '<div class="cnt_bd"><h1>«T»</h1><div class="function"><span class="info"><i>来源：<a href="#">«S»</a> «D»</i></span><div class="share">内容来自：央视网</div></div>«B»</div><div class="zebian"><span>编辑：«E»</span><span>责任编辑：刘亮</span></div>'),
    ("huanqiu", "https://china.example.com/article/«I»", MINUTE, '<div class="t-container"><div class="t-container-title"><h3>«T»</h3></div><div class="metadata-info"><p class="time">«D»</p><span class="source"><a>«S»</a></span><span class="author">作者：«A»</span></div></div><div class="l-container"><div class="l-con clear"><article><section data-type="rtext">«B»</section></article></div><div class="author-info">责编：«E»</div></div>'),
    ("thepaper", "https://www.example.cn/newsDetail_forward_«I»", MINUTE, '<div class="newscontent"><h1 class="news_title">«T»</h1><div class="news_about"><p>«S»</p><p>«D> 来源：澎湃新闻</p></div></div>'.replace("<p>«S»</p><p>«D> 来源：澎湃新闻</p>", "<p>«A»</p><p>«D»&nbsp;&nbsp;来源：<span>«S»</span></p>").replace("</div></div>", "</div><div class=\"news_txt\">«B»</div><div class=\"news_editor\">责任编辑：«E»</div></div>")),
    ("youth", "http://news.example.cn/gn/«YM»/t«YMD»_«I».htm", SECOND, '<div class="page_bt">«T»</div><div class="page_text"><p class="pbt">发稿时间：«D» 来源： <span><a>«S»</a></span> <span>作者：«A»</span></p></div><div class="page_text_main"><div class="TRS_Editor">«B»</div><div class="editor">责任编辑：«E»</div></div>'),
    ("ce", "http://www.example.cn/xwzx/gnsz/gdxw/«YM»/05/t«YMD»_«I».shtml", CHINESE_MINUTE, '<div class="laiyuan"><h1 id="articleTitle">«T»</h1><span id="articleTime">«D»</span>　　<span id="articleSource">来源：«S»</span></div><div class="content" id="articleText"><div class=TRS_Editor>«B»</div></div><div>（责任编辑：«E»）</div><div class="lmt">精彩图片</div>'),
    ("cnr", "http://china.example.cn/news/«YM»/t«YMD»_«I».shtml", SECOND, '<div class="subject"><h2>«T»</h2><div class="source"><span>«D»</span> <span>来源：«S»</span> <span>说两句</span> <span>分享到：</span></div></div><div class="article-body"><div class="TRS_Editor">«B»</div><div class="editor">编辑：«E»</div></div>'),
    ("southcn", "http://news.example.com/gd/content/«Y»-01/05/content_«I».htm", MINUTE, '<h2 id="article_title">«T»</h2><div class="m-article-meta"><span class="pub_time">«D»</span>　<span class="pub_src">来源：«S»</span>　<span class="pub_author">«A»</span></div><div id="content" class="content">«B»</div><div class="m-editor">编辑：«E»</div>'),
    ("rednet", "http://hn.example.cn/content/«Y»/01/05/«I».html", SECOND, '<div class="content"><h1 class="title">«T»</h1><div class="info">来源：«S» 作者：«A» 编辑：«E» «D»</div><article class="text">«B»</article><p class="source">来源：«S»</p></div>'),
    ("cnhubei", "http://news.example.com/xw/wuhan/«YM»/t«I».shtml", CHINESE_MINUTE, '<div class="title1">«T»</div><div class="jcwsy_mini_content">«D»　来源：«S»　　　进入论坛</div><div class="content_box">«B»</div><div class="right_bianji">(作者：«A» 编辑：«E»)</div>'),
    ("zaobao", "https://www.example.com.sg/realtime/china/story«YMD»-«I»", MINUTE, '<article class="article-content"><h1 class="article-title">«T»</h1><div class="author-info"><h4 class="title-byline date-published">发布/«D»</h4><h4 class="title-byline byline">文/<a>«A»</a></h4></div><div class="article-content-rawhtml">«B»</div></article>'),
    ("rfa_like", "https://www.example.org/mandarin/yataibaodao/«I».html", DAY, '<div id="storypagemaincol"><h1>«T»</h1><div id="dateline"><span id="story_date">«D»</span></div><div id="storytext">«B»</div></div>'),
    ("wordpress_cn", "https://www.example.org/«Y»/01/«I»/", CHINESE_DAY, '<article class="hentry"><h1 class="entry-title">«T»</h1><div class="entry-meta">Posted on <time class="entry-date">«D»</time> by <span class="author"><a>«A»</a></span></div><div class="entry-content">«B»<div class="sharedaddy"><h3>分享此文：</h3><ul><li>Twitter</li></ul></div></div></article>'),
    ("blog_163", "http://blog.example.com/u/«I»", SECOND, '<div class="nbw-blog"><div class="left"><h3 class="title">«T»</h3><p class="tmove"><span class="blogsep">«D»</span>| 分类： 时评 |字号 大中小 <span>订阅</span></p></div><div class="bct">«B»</div><p>阅读(«C»)| 评论(3)</p></div>'),
    ("banner_portal", "http://www.example.com/html/«Y»/01/«I».html", MINUTE, '<div class="cont_h"><p class="zuozhe">«D»&nbsp;&nbsp;&nbsp;&nbsp;<span>来源：«S»</span>&nbsp;&nbsp;&nbsp;作者：«A»&nbsp;&nbsp; 有0人参与</p><h1>«T»</h1></div><div class="cont_zw">«B»</div>'),
]


PORTALS = [
    ("xinhua_old", "http://news.example.com/politics/«Y»-01/09/c_«I».htm", CHINESE_SECOND, '<table><tr><td><span id="title">«T»</span></td></tr><tr><td><span id="pubtime">«D»</span> <span>来源：</span> <span id="source">«S»</span></td><td>【字号<a>大</a><a>小</a>】【<a>留言</a>】【<a>打印</a>】【<a>关闭</a>】</td></tr></table><div id="content">«B»</div><table><tr><td>（责任编辑：«E»）</td></tr></table>'),
    ("people_old", "http://society.example.com.cn/GB/1063/«I».html", GLUED_MINUTE, '<div class="text"><h1 id="p_title">«T»</h1><h3><span id="p_publishtime">«D»</span>&nbsp;&nbsp;&nbsp;&nbsp;来源：<a>«S»</a>&nbsp;&nbsp;<a>手机看新闻</a></h3><div id="p_content">«B»</div><div>(责任编辑：«E»)</div></div>'),
    ("enorth", "http://news.example.com.cn/system/«Y»/01/09/«I».shtml", MINUTE, '<table><tr><td><span id="title_tex">«T»</span></td></tr><tr><td>http://www.example.com.cn&nbsp;&nbsp;«D»</td></tr><tr><td>«B»</td></tr><tr><td>稿源：«S»　编辑：«E»</td></tr></table>'),
    ("hinews", "http://www.example.cn/news/system/«Y»/01/12/«I».shtml", MINUTE, '<h1>«T»</h1><div class="a_s">南海网 www.example.cn  时间：«D»  来源：«S»  作者：«A»</div><div id="bs_content">«B»</div>'),
    ("zjol", "http://china.example.com.cn/05china/system/«Y»/01/09/«I».shtml", CHINESE_MINUTE, '<div class="artTitle">«T»</div><div class="info"><span>«D»</span>　<span>来源：«S»</span>　<span>编辑：«E»</span></div><div class="contTxt">«B»</div>'),
    ("rednet_old", "http://hn.example.cn/c/«Y»/01/09/«I».htm", SLASH_SECOND, '<div class="t">«T»</div><div>«D»　[稿源：«S»]　[作者：«A»]　[编辑：«E»]　<a>字体：大 小</a></div><div id="zoom">«B»</div>'),
    ("gxnews", "http://www.example.com.cn/staticpages/«YMD»/newgx«I».shtml", CHINESE_MINUTE, '<div class="article"><h1>«T»</h1><span class="s">来源：«S»</span> <span>作者：«A»</span> <span>«D»</span><div class="article-content">«B»</div><div class="ed">编辑：«E»</div></div>'),
    ("scol", "http://sichuan.example.com.cn/fffy/content/«Y»-01/09/content_«I».htm", CHINESE_SECOND, '<div class="d1"><h1>«T»</h1></div><div class="d2">四川在线 （«D»） 来源：«S» 编辑：«E»</div><div class="d3">«B»</div>'),
    ("iqilu", "http://news.example.com/shandong/«Y»/0109/«I».shtml", MINUTE, '<h1>«T»</h1><p class="resource"><span>«D»</span><span>来源：«S»</span><span>作者：«A»</span><span>我要评论(<i>0</i>)</span></p><div class="article-main">«B»</div><p class="pln">责任编辑：«E»</p>'),
    ("dzwww", "http://www.example.com/2012/gn/t«YMD»_«I».htm", CHINESE_MINUTE, '<div id="xl-headline"><h2>«T»</h2><div>«D»　来源：«S»　作者：«A»</div></div><div id="news-con">«B»</div><div id="news-footer">初审编辑：«E»</div>'),
    ("caixin", "http://china.example.com/«Y»-01-09/«I».html", CHINESE_MINUTE, '<div id="conTit"><h1>«T»</h1><div id="artInfo" class="artInfo">«D» 来源于 <a>«S»</a></div></div><div id="Main_Content_Val" class="text">«B»</div><div id="content_edit"><p>责任编辑：«E» | 版面编辑：甲</p></div>'),
    ("sina_blog", "http://blog.example.com.cn/s/blog_«I».html", SECOND, '<div class="articalTitle"><h2 class="titName SG_txta">«T»</h2><span class="time SG_txtc">(«D»)</span></div><div class="articalTag"><table><tr><td class="blog_tag"><span class="SG_txtb">标签：</span><h3>杂谈</h3></td><td class="blog_class"><span>分类：</span>随笔</td></tr></table></div><div id="sina_keyword_ad_area2" class="articalContent">«B»</div><div class="articalInfo"><span>阅读<span>(«C»)</span></span></div>'),
    ("hospital_spans", "http://www.example.com/news/«I».html", DAY, '<div class="news_t">«T»</div><div class="news_i"><span class="a1">日期：«D»</span><span class="a2">浏览：<em id="ctl00_hits">«C»</em></span></div><div class="news_c">«B»</div>'),
    ("street_office", "http://www.example.gov.cn/dqjd/content_«I».htm", SECOND, '<div class="show"><div class="show_title">«T»</div><div class="show_info">发布时间：«D» 来源：«S» 访问量：<span>«C»</span> <a>打印</a></div><div class="show_content">«B»</div></div>'),
    ("college_p", "http://xxx.example.edu.cn/display.asp?id=«I»", SLASH_MINUTE, '<p align="center" class="STYLE3">«T»</p><p align="center">作者:«A» 来源:«S» 时间:«D» 浏览次数:«C»</p><div style="width:720px">«B»</div>'),
    ("association", "http://www.example.org.cn/index.php?m=content&c=index&a=show&catid=17&id=«I»", SECOND, '<div id="Article"><h1>«T»<br /><span>«D»&nbsp;&nbsp;&nbsp;来源：«S»&nbsp;&nbsp;&nbsp;评论：<a>0</a> 点击：<span id="hits">«C»</span></span></h1><div class="content">«B»</div></div>'),
    ("museum", "http://www.example.org.cn/news/detail/«I»", DOT, '<div class="det"><p class="dt">«D»</p><p class="tt">«T»</p></div><div class="txt">«B»</div>'),
]

HANT = [
    ("udn_new", "https://example.com/news/story/«I»/1", MINUTE, '<section class="article-content__wrapper"><h1 class="article-content__title">«T»</h1><section class="authors"><time class="article-content__time">«D»</time><div class="article-content__subinfo"><span class="article-content__author"><a>聯合報</a> 記者<a>«A»</a>／台北報導</span></div></section><section class="article-content__editor">«B»</section></section>'),
    ("ltn", "https://news.example.com.tw/news/life/breakingnews/«I»", SLASH_MINUTE, '<div class="whitecon articlebody"><h1>«T»</h1><div class="text boxTitle boxText"><span class="time">«D»</span>«B»</div></div>'),
    ("chinatimes", "https://www.example.com/realtimenews/«YMD»00«I»-260405", SLASH_MINUTE, '<header class="article-header"><h1 class="article-title">«T»</h1><div class="meta-info-wrapper"><div class="meta-info"><time><span class="date">«D»</span></time><div class="source">中時新聞網</div><div class="author">«A»</div></div></div></header><div class="article-body">«B»</div><div class="article-hash-tag"><span>#社會</span></div>'),
    ("ettoday", "https://www.example.net/news/«YMD»/«I».htm", CHINESE_MINUTE, '<div class="subject_article"><header><h1 class="title" itemprop="headline">«T»</h1></header><div class="social"></div><p class="date"><time class="date" itemprop="datePublished">«D»</time></p><div class="story" itemprop="articleBody">«B»</div></div>'),
    ("setn", "https://www.example.com/News.aspx?NewsID=«I»", SLASH_SECOND, '<div class="page-text-nav"><h1 class="news-title-3">«T»</h1><div class="page-title-text"><time class="page-date">«D»</time></div><article><div id="Content1">«B»</div></article></div>'),
    ("bbc", "https://www.example.com/zhongwen/trad/chinese-news-«I»", BARE, '<div class="story-body"><h1 class="story-body__h1">«T»</h1><div class="byline"><span class="byline__name">«A»</span><span class="byline__title">中文網記者</span></div><div class="date date--v2">«D»</div><div class="story-body__inner">«B»</div></div>'),
    ("dw", "https://www.example.com/zh/a-«I»", DOT, '<div class="col3"><h1>«T»</h1><div class="longText">«B»</div><div class="col1 dim"><ul class="smallList"><li><strong>日期</strong> «D»</li><li><strong>作者</strong> «A»</li><li><strong>關鍵詞</strong> <a>台灣</a></li></ul></div></div>'),
    ("rthk", "https://news.example.hk/rthk/ch/component/k2/«I».htm", DAY, '<div class="itemHeader"><h2 class="itemTitle">«T»</h2><div class="createddate">«D» HKT 10:20</div></div><div class="itemBody"><div class="itemFullText">«B»</div></div>'),
    ("newsgovhk", "https://www.news.example.hk/chi/«Y»/01/«YMD»/«YMD»_«I».html", BARE, '<div class="content-a"><h1 class="news-title"><p>«T»</p></h1><div class="news-date">«D»</div><div class="newsdetail-content">«B»</div></div>'),
    ("macau", "https://www.example.mo/zh-hant/news/«I»/", CHINESE_MINUTE, '<article><h2 class="entry-title">«T»</h2><div class="entry-source">來源：«S»</div><div class="entry-date">發佈日期：«D»</div><div class="entry-content">«B»</div></article>'),
    ("ey", "https://www.ey.example.gov.tw/Page/9277F759E41CCD91/«I»", ROC, '<div class="content"><h2 class="h2">«T»</h2><div class="info"><span class="date_style1">日期：«D»</span><span class="date_style1">資料來源：«S»</span></div><div class="graybg">«B»</div></div>'),
    ("mohw", "https://www.mohw.example.gov.tw/cp-16-«I»-1.html", ROC, '<section class="cp"><div class="simple-text title"><h2>«T»</h2></div><div class="user-edit">«B»</div><ul class="info"><li>資料來源：«S»</li><li>建檔日期：«D»</li><li>更新時間：112-12-30</li></ul></section>'),
    ("moi", "https://www.moi.example.gov.tw/News_Content.aspx?n=4&s=«I»", ROC, '<div class="page"><h3>«T»</h3><div class="area-essay page-caption-p">«B»</div><div class="area-editor system-info"><ul><li><span>發布日期：</span>«D»</li><li><span>發布單位：</span>«S»</li><li><span>更新日期：</span>112-12-30</li><li><span>點閱數：</span>«C»</li></ul></div></div>'),
    ("county", "https://www.example.gov.tw/cp.aspx?n=1&s=«I»", ROC_SLASH, '<div class="data_midlle_news_box01"><dl><dt>標題</dt><dd>«T»</dd><dt>單位</dt><dd>«S»</dd><dt>公告日期</dt><dd>«D»</dd><dt>內容</dt><dd>«B»</dd></dl></div>'),
    ("school_board", "https://www.example.edu.tw/p/406-1000-«I».php", DAY, '<div class="module module-detail"><section class="mb"><h2 class="hdline">«T»</h2><div class="mcont"><div class="mpgdetail"><div class="meditor">«B»</div></div></div><div class="mhits">瀏覽數: <span>«C»</span></div><div class="mdate">發布日期 : «D»</div></section></div>'),
    ("xoops", "https://www.example.tp.edu.tw/modules/tadnews/index.php?nsn=«I»", DAY, '<div class="post"><div class="h2"><a href="#">«T»</a></div><div class="info">公告 - <a href="#">學務處</a> | «D» | 點閱數： «C»</div><div class="txt">«B»</div></div>'),
    ("drupal", "https://www.example.org.tw/node/«I»", SLASH, '<div id="block-system-main"><h1 class="page-title">«T»</h1><div class="node node-story"><div class="field field-name-post-date"><div class="field-items"><div class="field-item even">«D»</div></div></div><div class="field field-name-field-author"><div class="field-label">作者:&nbsp;</div><div class="field-items"><div class="field-item even">«A»</div></div></div><div class="field field-name-body"><div class="field-items"><div class="field-item even">«B»</div></div></div></div></div>'),
    ("ngo_wp", "https://www.example.org.tw/archives/«I»", DAY, '<article class="post"><header class="entry-header"><h1 class="entry-title">«T»</h1><div class="entry-meta"><span class="posted-on">發表於 <a><time class="entry-date published">«D»</time></a></span><span class="byline"> 由 <span class="author vcard"><a>«A»</a></span></span></div></header><div class="entry-content">«B»</div><footer class="entry-footer"><span class="cat-links">分類： <a>新聞稿</a></span></footer></article>'),
    ("pressrelease", "https://www.example.gov.hk/tc/press/«I».html", CHINESE_DAY, '<div id="main"><h2>新聞公報</h2><h3>«T»</h3>«B»<p>完</p><p>«D»</p></div>'),
]


def hant_story(story):
    language, r = story.language, story.random
    sentences = ["為推廣終身學習，本局訂於下週六上午九時於市立圖書館舉辦講座，歡迎市民踴躍參加。", "局長表示，市府將持續推動各項福利措施，照顧弱勢家庭，提升生活品質。", "活動現場設有攤位，並備有限量紀念品，送完為止。",
                 "依據「社會救助法」第十二條規定，符合資格者得於期限內提出申請。", "發言人說：「我們會繼續與相關部門緊密合作，確保公眾安全。」", "對此，婦女團體呼籲政府檢討現行制度，落實性別平等教育。", "調查顯示，逾七成受訪者贊成修法，但仍有近三成民眾持保留態度。"]
    story.title = language.choice(["市府推動社會福利新措施 照顧弱勢家庭", "社會局辦理「銀髮族健康講座」活動", "婦團籲修法 落實性別平等教育", "衞生防護中心公布最新疫情", "民調：逾七成民眾支持修法", "教育部：校園性平事件應依法通報"])
    story.blocks = [("p", "".join(language.choice(sentences) for _ in range(r.randint(1, 4)))) for _ in range(r.randint(2, 8))]
    story.source = language.choice(["社會局", "新聞傳播處", "新聞局", "國民健康署"])


def maker(kind, name, address, form, html):
    def make(story):
        language = story.language
        if kind == "hant":
            hant_story(story)
        if ("<span>«D»</span><span>«S»" in html or "«D»</p><span class=\"source\"" in html) and story.source and "《" in story.source:
            story.source = language.office()
        story.precision = "day" if form in DATE_FORMS or form in (ROC, ROC_SLASH) else "second" if form in SECOND_FORMS else "minute"
        if form is GLUED_MINUTE or form in MINUTE_FORMS:
            story.precision = "minute"
        if "«S»" not in html:
            story.source = None
        if "«A»" not in html:
            story.author = None
        if "«E»" not in html:
            story.editor = None
        if "«C»" not in html:
            story.clicks = None
        named = any(word in html for word in ("来源：«S»", "来源:\n «S»", "来源：<"))
        if "«S»" in html and kind != "hant" and (not story.source or not named):
            story.source = "本站" if named and language.chance(0.3) else language.media()
        story.author = story.author or language.name() if "«A»" in html else None
        story.editor = story.editor or language.name() if "«E»" in html else None
        story.clicks = story.clicks if story.clicks is not None else 128 if "«C»" in html else None
        story.reporter = None
        story.blocks = [b for b in story.blocks if not (b[1] and isinstance(b[1], str) and b[1].startswith("（记者"))]
        when, identity = story.when, str(story.identity)
        index = "11320300014000000X/%d-%05d" % (when.year, story.identity)
        values = {"«T»": escape(story.title), "«D»": form(when), "«S»": story.source or "", "«A»": story.author or "", "«E»": story.editor or "",
                  "«C»": str(story.clicks), "«B»": story.body(), "«O»": others(story, 6), "«I»": identity, "«IDX»": index}
        text, url = html, address
        for key, value in {"«YMD»": when.strftime("%Y%m%d"), "«YM»": when.strftime("%Y%m"), "«Y»": str(when.year), "«I»": identity}.items():
            url = url.replace(key, value)
        for key, value in values.items():
            text = text.replace(key, value)
        if kind == "hant":
            story.language.title = lambda: language.choice(["市府召開記者會說明新措施", "颱風來襲 各縣市停班停課一覽", "衛福部公布最新補助標準", "立院三讀通過社會救助法修正案"])
        side = '<div class="%s"><h3>%s</h3>%s</div>' % (language.choice(["side", "right", "fr w300", "aside"]), language.choice(["热点新闻", "最新发布", "相关阅读", "点击排行", "图片新闻"]), others(story, story.random.choice([5, 8, 15, 30]), language.chance(0.6)))
        crumb = language.choice(['<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/x">%s</a> &gt; 正文</div>', '<p class="path"><a href="/">首页</a>&gt;&gt;%s&gt;&gt;正文</p>', '<div>您的位置：<a href="/">网站首页</a>-<a>%s</a></div>', "<!-- %s -->"]) % story.column[-1]
        float_ad = language.choice(["", '<div id="floatad" style="position:absolute"><a href="/zt"><img src="/ad.gif" alt="专题"></a><span onclick="closeAd()">关闭</span></div>', '<div class="ewm"><p>扫一扫在手机打开当前页</p></div>'])
        head = metas(story) if kind == "state" and language.chance(0.4) else ""
        site = story.site_name
        caption = language.choice(["%s_%s" % (story.title, site), "%s-%s-%s" % (story.title, story.column[-1], site), story.title, "%s--%s" % (site, story.title), "%s | %s" % (story.title, site)])
        doctype = language.choice(["<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">', ""])
        order = language.choice([(text, side), (side, text), (text, "")])
        html_text = '%s<html><head><meta charset="utf-8"><title>%s</title>%s</head><body>%s%s%s<div class="wrap">%s%s</div>%s</body></html>' % (
            doctype, escape(caption), head, float_ad, menu(story), crumb, order[0], order[1], footer(story))
        more = {"index_number": index} if "«IDX»" in html else {}
        truth = story.expected(url, "%s.example.cn" % name.replace("_", "-"), "template-" + kind, **more)
        fixed = {"zwgk_table": ("source", story.source if "ContentSource" in head else None), "udn_new": ("source", "聯合報"), "chinatimes": ("source", "中時新聞網"), "xoops": ("source", None), "rthk": ("date", {"iso": when.strftime("%Y-%m-%dT10:20:00+08:00")})}
        if name in fixed:
            truth[fixed[name][0]] = fixed[name][1]
        for unclear in {"cctv": ["editor"], "sudy_new": ["author"], "poster": ["author"], "xoops": ["source"], "dzwww": ["editor"], "bbc": ["source"], "dw": []}.get(name, ()):
            truth.pop(unclear)
        if kind == "hant":
            truth.pop("editor")
        return html_text, truth
    make.__name__ = "template_" + name
    return make


TEMPLATES = [maker(kind, *entry) for kind, entries in (("state", STATE), ("campus", CAMPUS), ("media", MEDIA_TEMPLATES), ("portal", PORTALS), ("hant", HANT)) for entry in entries]
