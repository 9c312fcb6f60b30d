"""What content systems make of a story: the frames, markers, strips and counters by which each is known."""
from .story import DATE_FORMS, LAYOUTS, MINUTE_FORMS, SECOND_FORMS, escape, full_width, strip
from .language import TOPICS


def metas(story, *names):
    """Tags of the government standard; a few with the faults that are seen."""
    values = {"SiteName": story.site_name, "SiteDomain": "www.example.gov.cn", "SiteIDCode": "3203000040", "ColumnName": story.column[-1],
              "ColumnDescription": story.site_name + story.column[-1] + "栏目", "ColumnKeywords": story.column[-1], "ColumnType": story.column[-1],
              "ArticleTitle": story.title, "PubDate": story.when.strftime("%Y-%m-%d %H:%M" + (":%S" if story.precision == "second" else "")) if story.precision != "day" else story.when.strftime("%Y-%m-%d"),
              "ContentSource": story.source or "", "Keywords": "", "Description": story.title, "Author": ""}
    return "\n".join('<meta name="%s" content="%s">' % (n, escape(values[n]).replace('"', "&quot;")) for n in (names or values))


def menu(story):
    return ('<div class="header"><div class="logo"><a href="/"><img src="/images/logo.png" alt="%s"></a></div><ul class="nav">%s</ul>'
            '<form action="/search"><input name=q><input type=submit value=搜索></form></div>' % (
                escape(story.site_name), "".join('<li><a href="/%s/">%s</a></li>' % (a, b) for a, b in (
                    ("sy", "首页"), ("zwgk", "政务公开"), ("xwzx", "新闻中心"), ("bsfw", "办事服务"), ("hdjl", "互动交流"), ("zjwm", "走进" + story.place)))))


def crumbs(story, before="您现在的位置：", joint=" > "):
    return '<div class="position">%s<a href="/">首页</a>%s%s</div>' % (before, joint, joint.join('<a href="/%d/">%s</a>' % (i, c) for i, c in enumerate(story.column)))


def footer(story):
    return ('<div class="footer"><p>主办单位：%s　承办：%s信息中心</p><p>地址：%s河东路18号　邮编：210000　电话：0000-1234567</p>'
            '<p>某ICP备05000000号　网站标识码：3203000040　您是第 12345678 位访问者</p></div>' % (story.office, story.place, story.place))


def others(story, count=5, dated=True):
    language = story.language
    return "<ul>%s</ul>" % "".join('<li><a href="/xw/%d.htm">%s</a>%s</li>' % (
        language.random.randint(1, 9999), escape(language.title()), "<span>%d-%02d-%02d</span>" % (story.when.year, story.when.month, story.when.day) if dated else "") for _ in range(count))


def neighbours(story):
    language = story.language
    return language.choice([
        '<div class="sxp"><p>上一篇：<a href="1.htm">%s</a></p><p>下一篇：<a href="3.htm">%s</a></p></div>',
        '<table><tr><td>上一条：<a href="1.htm">%s</a></td></tr><tr><td>下一条：<a href="3.htm">%s</a></td></tr></table>',
        '<ul class="pn"><li><span>上一篇</span><a href="1.htm">%s</a></li><li><span>下一篇</span><a href="3.htm">%s</a></li></ul>',
        '<div><a href="1.htm">上一篇：%s</a><br><a href="3.htm">下一篇：%s</a></div>',
    ]) % (escape(language.title()), escape(language.title()))


def tail(story):
    language = story.language
    return language.choice([
        "", '<div class="bdsharebuttonbox"><a>分享到：</a><a>微信</a><a>微博</a><a>QQ空间</a></div>',
        '<div class="print"><a href="javascript:window.print()">【打印本页】</a><a href="javascript:window.close()">【关闭窗口】</a></div>',
        '<p align=right>【<a href="javascript:window.print()">打印</a>】【<a href="javascript:window.close()">关闭</a>】</p>',
        '<div class="ewm"><img src="/ewm.png"><p>扫一扫在手机打开当前页</p></div>'])


def page(story, head, body, title=None, site=None):
    return ("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
            "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n<title>%s</title>\n%s\n"
            "<style>.nav li{float:left}</style><script>var siteId=1;</script></head>\n<body>\n%s\n</body></html>" % (
                escape(title or "%s%s%s" % (story.title, story.language.choice(["-", "_", " - ", "--", "|"]), story.site_name)), head, body))


def fields(story, *always):
    """A likely order of the strip's fields."""
    language = story.language
    order = list(always)
    language.random.shuffle(order)
    return order


def editors(story):
    """Who edited, below the text."""
    if not story.editor:
        return ""
    return story.language.choice(['<div class="editor">责任编辑：%s</div>', '<p align="right">（责任编辑：%s）</p>', '<div>[责任编辑： %s]</div>', '<p>责编：%s</p>']) % story.editor


# --- Systems of government sites -------------------------------------------------------------------------------------------

def trs(story):
    story.author = None
    language = story.language
    kind = language.choice(["plain", "twice", "write"])
    url = "http://www.example.gov.cn/xwzx/%s/t%s_%d.%s" % (story.when.strftime("%Y%m"), story.when.strftime("%Y%m%d"), story.identity, language.choice(["html", "shtml", "htm"]))
    if kind == "twice":
        story.clicks = story.editor = None
        info = '<p class="ydLyZzBox"><span>%s</span><span>来源：%s</span></p><div class="xqLyPc"><span class="time">%s</span><span>来源：%s</span></div>' % (
            story.when.strftime("%Y-%m-%d"), story.source or "", story.when.strftime("%Y-%m-%d"), story.source or "")
    else:
        info = strip(story, fields(story, "published", "+source") + language.choice([[], ["font"]]), language.choice(LAYOUTS[:11]))
        story.clicks = None
    editor = editors(story)
    marker = language.choice(['<div class=TRS_Editor><style type="text/css">\n.TRS_Editor P{line-height:2;font-family:宋体;}\n</style>%s</div>',
                              '<div class="view TRS_UEDITOR trs_paper_default trs_web">%s</div>', '<div class="trs_editor_view TRS_UEDITOR">%s</div>',
                              '<div class="TRS_Editor"><div class="Custom_UnionStyle">%s</div></div>'])
    crumb = crumbs(story, "当前位置：") if kind != "write" else '<script>document.write("<div>当前位置：首页 > %s</div>")</script>' % story.column[0]
    html = page(story, metas(story), menu(story) + crumb + '<div class="xl"><h2 class="xl-title">%s</h2>%s<div class="content">%s</div>%s%s</div>%s' % (
        escape(story.title), info, marker % story.body(), editor, tail(story), footer(story)))
    if kind == "twice":
        return html, story.expected(url, "trs.example.gov.cn", "trs")
    return html, story.expected(url, "trs.example.gov.cn", "trs")


def trs_hidden_mobile(story):
    story.clicks = story.author = story.editor = None
    body = story.body()
    url = "https://www.example.gov.cn/ywgz/%s/t%s_%d.shtml" % (story.when.strftime("%Y%m"), story.when.strftime("%Y%m%d"), story.identity)
    info = strip(story, ["published", "+source"], "spans")
    html = page(story, metas(story), menu(story) + '<div class="pc"><h1>%s</h1>%s<div class="TRS_Editor">%s</div></div><div class="mobile" style="display:none"><h3>%s</h3>%s<div class="TRS_Editor">%s</div></div>' % (
        escape(story.title), info, body, escape(story.title), info, body) + footer(story))
    return html, story.expected(url, "trs-mobile.example.gov.cn", "trs")


def vsb(story):
    language = story.language
    counter = 'http://www.example.edu.cn/system/resource/code/news/click/dynclicks.jsp?clickid=%d&owner=1412614994&clicktype=wbnews' % story.identity
    script = '<script>_showDynClicks("wbnews", 1412614994, %d)</script>' % story.identity
    by_script = language.chance(0.6)
    clicks = script if by_script else "<span id=\"dynclicks_wbnews_%d_61\">%s</span>" % (story.identity, story.clicks or 7)
    if by_script:
        story.clicks = None
    else:
        story.clicks = story.clicks or 7
    url = "http://www.example.edu.cn/info/1074/%d.htm" % story.identity
    story.editor = None
    look = language.choice(["new", "old", "plain"])
    if look == "old":
        date = language.choice([MINUTE_FORMS[0], DATE_FORMS[0]])
        story.precision = "minute" if date is MINUTE_FORMS[0] else "day"
        story.source = None
        info = ('<tr><td height="30" align="center"><span class="timestyle50095">%s</span><span class="authorstyle50095"> %s&nbsp;</span> '
                '(<span class="timestyle50095">点击: </span><span class="timestyle50095">%s</span>)</td></tr>' % (story.date_text(date), story.author or "", clicks))
        text = ('<table width="100%%" class="winstyle50095"><tr><td class="titlestyle50095" align="center">%s</td></tr>%s'
                '<tr><td class="contentstyle50095"><div id="vsb_content_2"><div class="v_news_content">%s</div></div></td></tr></table>' % (escape(story.title), info, story.body()))
        story.author = None
    else:
        info = strip(story, fields(story, "published", "source", "author") + ["clicks"], language.choice(LAYOUTS[:11]), clicks_html=clicks)
        text = ('<form name="_newscontent_fromname"><script language="javascript" src="/system/resource/js/news/mp4video.js"></script><div class="content-title"><h3>%s</h3></div>%s'
                '<script>_addDynClicks("wbnews",1412614994,%d)</script><div id="vsb_content%s"><div class="v_news_content">%s</div></div><div id="div_vote_id"></div>%s</form>' % (
                    escape(story.title), info, story.identity, language.choice(["", "_501", "_2_1598_u91"]), story.body(), neighbours(story)))
    html = page(story, '<META Name="keywords" Content="%s,%s" /><script src="/system/resource/js/dynclicks.js"></script>' % (story.site_name, story.title),
                menu(story) + crumbs(story, "当前位置: ", " >> ") + text + '<script>_jsq_(1074,"/content.jsp",%d,1412614994)</script>' % story.identity + footer(story))
    return html, story.expected(url, "vsb.example.edu.cn", "vsb", counter=counter if by_script else None)


def sudy(story):
    language = story.language
    url = "http://news.example.edu.cn/%s/c295a%d/page.htm" % (story.when.strftime("%Y/%m%d"), story.identity)
    story.precision, story.source = "day", language.choice([None, story.source])
    by_script = story.clicks is None
    story.editor = None
    if by_script:
        count = '<span class="WP_VisitCount" url="/_visitcountdisplay?siteId=180&type=3&articleId=%d"></span>' % story.identity
    else:
        count = '<span class="WP_VisitCount" url="/_visitcountdisplay?siteId=180&type=3&articleId=%d">%d</span>' % (story.identity, story.clicks)
    publisher = story.author or language.name()
    story.author = None
    look = language.choice(["new", "old"])
    info = '<p class="arti_metas"><span class="arti_publisher">发布者：%s</span><span class="arti_update">发布时间：%s</span>%s<span class="arti_views">浏览次数：%s</span></p>' % (
        publisher, story.when.strftime("%Y-%m-%d"), '<span class="arti_source">信息来源：%s</span>' % story.source if story.source else "", count)
    html = page(story, "<link href='/_css/_system/system.css'>", menu(story) + '<div class="col_path">当前位置：<a href="/">首页</a>%s</div>' % "".join('<i></i><a href="/%d">%s</a>' % (i, c) for i, c in enumerate(story.column)) +
                ('<div class="article" frag="窗口51"><h1 class="arti_title">%s</h1>%s<div class="entry"><article class="read"><div id="d-container"><div class="wp_articlecontent">%s</div></div></article></div></div>' if look == "new" else
                 '<div class="Article_Title">%s</div>%s<div class="Article_Content"><div class="wp_articlecontent">%s</div></div>') % (escape(story.title), info, story.body()) +
                '<img src="/_visitcount?siteId=180&type=3&articleId=%d" style="display:none" width="0" height="0">' % story.identity + footer(story), title=story.title)
    return html, story.expected(url, "sudy.example.edu.cn", "sudy", counter="http://news.example.edu.cn/_visitcountdisplay?siteId=180&type=3&articleId=%d" % story.identity)


def hanweb(story):
    language = story.language
    story.editor = story.clicks = story.author = None
    story.precision = language.choice(["day", "minute"])
    url = "http://www.example.gov.cn/art/%d/%d/%d/art_14_%d.html" % (story.when.year, story.when.month, story.when.day, story.identity)
    date = MINUTE_FORMS[0](story.when) if story.precision == "minute" else story.when.strftime("%Y-%m-%d")
    counter = "http://www.example.gov.cn/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=%d" % story.identity
    with_counter = language.chance(0.5)
    head = ('<meta name="i_columnid" content="14"><meta content="%d" name="i_articleid"><meta name="Maketime" content="%d-%02d-%02d 03:15:22">' % (story.identity, story.when.year + 1, story.when.month, story.when.day)
            + metas(story, "SiteName", "ColumnName", "ArticleTitle", "PubDate").replace("ContentSource", "contentSource"))
    count = '<script>document.write("<script src=\'/vc/vc/interface/artcount/artcount.jsp?i_columnid=14&i_articleid=%d\'><\\/script>")</script>' % story.identity if with_counter else ""
    source = "<!--<$[信息来源]>begin-->%s<!--<$[信息来源]>end-->" % (story.source or "")
    info = language.choice([
        '<span>发布日期：{d}</span><span>浏览次数： {c}</span><span>信息来源：{s}</span><span>字号：[ <a>大</a> <a>中</a> <a>小</a> ]</span>',
        '<table><tr><td>发布日期：{d}</td><td>信息来源：{s}</td><td>浏览次数：{c}</td></tr></table>',
        '<div class="pubDate">发布时间: <span>{d}</span></div><div>来源：<span>{s}</span></div><div>浏览次数：<i>{c}</i></div>']).format(d=date, c=count, s=source)
    html = page(story, head, menu(story) + crumbs(story, "您当前所在位置：", " >> ") + '<div id="c"><div class="title"><!--<$[标题]>begin-->%s<!--<$[标题]>end--></div>%s<div id="zoom"><!--ZJEG_RSS.content.begin--><META name=ContentStart>%s<META name=ContentEnd><!--ZJEG_RSS.content.end--></div>%s</div>%s' % (
        escape(story.title), info, story.body(), tail(story), footer(story)) +
        "<iframe src='./module/visitcount/visit.jsp?type=3&i_webid=15&i_columnid=14&i_articleid=%d' style='display:none'></iframe>" % story.identity)
    return html, story.expected(url, "hanweb.example.gov.cn", "hanweb", counter=counter if with_counter else None)


def jpaas(story):
    story.editor = story.clicks = story.author = None
    story.precision = "minute"
    url = "http://www.example.gov.cn/col/col1229743683/art/%d/art_99f2c0ffee%d.html" % (story.when.year, story.identity)
    info = '<div class="article-info"><p><span>发布日期：</span><span>%s</span></p><p><span>来源：</span><span>%s</span></p><p class="zh">字号：<a>大</a><a>中</a><a>小</a></p><p>浏览次数：<span id="hits"></span></p></div>' % (
        MINUTE_FORMS[0](story.when), story.source or "")
    html = page(story, metas(story), menu(story) + crumbs(story) + '<div class="article"><p class="con-title">%s</p>%s<div class="article-conter" id="zoomcon">%s</div></div>' % (escape(story.title), info, story.body()) + footer(story))
    return html, story.expected(url, "jpaas.example.gov.cn", "hanweb")


def kaipu(story):
    story.clicks = story.author = None
    language = story.language
    story.precision = language.choice(["day", "minute", "second"])
    date = {"day": DATE_FORMS[0], "minute": MINUTE_FORMS[0], "second": SECOND_FORMS[0]}[story.precision](story.when)
    info = '<div class="xl_tit"><h1><UCAPTITLE>%s</UCAPTITLE></h1><div class="xl_tit2"><span class="date">时间：<b><publishtime>%s</publishtime></b></span><span class="source">来源：<b>%s</b></span><span class="share">分享到：<a>微信</a></span><span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div></div>' % (
        escape(story.title), date, story.source or "")
    url = "http://www.example.gov.cn/sjz/c1015%d/%s/%s.shtml" % (story.identity % 9, story.when.strftime("%Y%m"), "ab%030x" % story.identity)
    html = page(story, metas(story), menu(story) + '<div class="dqwz">当前位置：<a href="/">首页</a>&gt;<a href="/a">%s</a>&gt;<a href="/b">%s</a></div>' % tuple((story.column * 2)[:2]) + info +
                '<div class="xl_con" id="xl_con"><UCAPCONTENT>%s</UCAPCONTENT>%s</div>%s%s' % (story.body(), editors(story), tail(story), footer(story)))
    return html, story.expected(url, "kaipu.example.gov.cn", "kaipu")


def govcn_a(story):
    """A document of www.gov.cn: a table of its data, then the text."""
    story.clicks = story.author = story.editor = story.source = None
    story.precision = "second"
    story.when = story.when.replace(hour=10, minute=20, second=30)
    story.blocks = story.make_notice()
    number, index = story.language.document_number(story.when.year), "000014349/%d-%05d" % (story.when.year, story.identity)
    place = story.place + "人民政府办公室"
    written = "%d年%02d月%02d日" % (story.when.year, story.when.month, max(1, story.when.day - 3))
    rows = [("索 引 号：", index, "主题分类：", "综合政务\\其他"), ("发文机关：", place, "成文日期：", written), ("标　　题：", story.title, "", ""),
            ("发文字号：", number, "发布日期：", "%d年%02d月%02d日" % (story.when.year, story.when.month, story.when.day)), ("主 题 词：", "", "", "")]
    table = '<table class="bd1" width="100%%"><tbody>%s</tbody></table>' % "".join('<tr><td><b>%s</b></td><td>%s</td><td><b>%s</b></td><td>%s</td></tr>' % row for row in rows)
    html = page(story, '<meta name="lanmu" content="政策"><meta name="manuscriptId" content="5211111"><meta name="firstpublishedtime" content="%s-10:20:30"><meta name="lastmodifiedtime" content="%s-10:22:33">' % (story.when.strftime("%Y-%m-%d"), story.when.strftime("%Y-%m-%d")),
                menu(story) + '<div class="wrap"><table><tr><td>%s</td></tr></table><table class="border-table"><tr><td class="b12c" id="UCAP-CONTENT">%s</td></tr></table><div class="share">扫一扫在手机打开当前页</div></div>%s' % (table, story.body("indent"), footer(story)), title=story.title + "_政府信息公开专栏")
    url = "http://www.example.gov.cn/zhengce/content/%s/content_%d.htm" % (story.when.strftime("%Y-%m/%d"), story.identity)
    return html, story.expected(url, "govcn-a.example.gov.cn", "gov.cn", document_number=number, index_number=index)


def govcn_b(story):
    story.clicks = story.author = None
    story.precision = "minute"
    html = page(story, '<meta name="firstpublishedtime" content="%s-%s"><meta name="lastmodifiedtime" content="%s-23:50:11">' % (story.when.strftime("%Y-%m-%d"), story.when.strftime("%H:%M:00"), story.when.strftime("%Y-%m-%d")),
                menu(story) + '<div class="BreadcrumbNav"><a href="/">首页</a> &gt; <a href="/xinwen/">新闻</a> &gt; <a href="/yaowen/">要闻</a></div><div class="article oneColumn pub_border"><h1>%s</h1><div class="pages-date">%s<span class="font">来源：%s</span><span class="font" id="zt">字体：<a>大</a> <a>中</a> <a>小</a></span><span class="font printIco">打印</span></div><div class="pages_content" id="UCAP-CONTENT">%s</div>%s</div>' % (
                    escape(story.title), MINUTE_FORMS[0](story.when), story.source or "", story.body("indent"), '<div class="editor">责任编辑：%s</div>' % story.editor if story.editor else "") + footer(story))
    url = "https://www.example.gov.cn/yaowen/%s/content_%d.htm" % (story.when.strftime("%Y-%m/%d"), story.identity)
    return html, story.expected(url, "govcn-b.example.gov.cn", "gov.cn")


def epoint(story):
    language = story.language
    story.author = story.editor = story.source = None
    by_script = story.clicks is None
    guid = "273ce4eb-0000-4000-8000-%012d" % story.identity
    count = '<script src="/cxweb/Upclicktimes.aspx?InfoID=%s"></script>' % guid + ("" if by_script else str(story.clicks))
    info = '<td align="center" class="infodetailtime">【信息时间：%s&nbsp;&nbsp;阅读次数：%s】【<a href="javascript:doPrint()">我要打印</a>】【<a href="javascript:window.close()">关闭</a>】</td>' % (story.date_text({"day": DATE_FORMS[3], "minute": MINUTE_FORMS[2], "second": SECOND_FORMS[1]}[story.precision]), count)
    html = page(story, "", menu(story) + '<table width="100%%"><tr><td>您现在的位置：<a href="/">首页</a>&nbsp;>>&nbsp;<a href="/1">%s</a></td></tr></table><table id="tblInfo"><tr><td id="tdTitle" align="center"><font><b>%s</b></font></td></tr><tr>%s</tr><tr><td id="TDContent" class="infodetail">%s</td></tr></table>' % (
        story.column[0], escape(story.title), info, story.body()) + footer(story), title=story.language.choice([story.title, story.site_name]))
    url = "http://ggzy.example.gov.cn/cxweb/InfoDetail/Default.aspx?InfoID=%s&CategoryNum=012001" % guid
    return html, story.expected(url, "epoint.example.gov.cn", "epoint", counter="http://ggzy.example.gov.cn/cxweb/Upclicktimes.aspx?InfoID=" + guid)


def counted(name, script, counter, family=None, site="www.example.com", path="/news/{id}.html"):
    """A small system: heading, strip, text, neighbours; what differs is the counter."""
    def make(story):
        language = story.language
        inline = story.clicks
        count = script.format(id=story.identity) + ("" if inline is None else str(inline))
        order = fields(story, "published", "source", "author") + ["clicks"] + language.choice([[], ["font"]])
        info = strip(story, order, language.choice(LAYOUTS[:11]), clicks_html=count)
        heading = language.choice(["<h1>%s</h1>", '<h2 class="title">%s</h2>', '<div class="title"><h2>%s</h2></div>', '<div class="article-title">%s</div>', '<h1 class="aTitle">%s</h1>'])
        container = language.choice(['<div class="content">%s</div>', '<div id="content" class="article">%s</div>', '<div class="info-con">%s</div>', '<table><tr><td class="t_msgfont">%s</td></tr></table>', '<div class="nr">%s</div>'])
        html = page(story, '<meta name="description" content="%s"><meta name="keywords" content="%s">' % (escape(story.lines()[0][:60] if story.lines() else ""), language.choice(TOPICS)),
                    menu(story) + crumbs(story) + '<div class="main"><div class="left">' + heading % escape(story.title) + info + container % story.body() + editors(story) + tail(story) + neighbours(story) +
                    '</div><div class="right"><h3>热门文章</h3>' + others(story, 6, language.chance(0.5)) + "</div></div>" + footer(story))
        return html, story.expected("http://" + site + path.format(id=story.identity), site, family or name, counter=counter.format(id=story.identity) and "http://" + site + counter.format(id=story.identity))
    make.__name__ = name
    return make


SMALL = [
    counted("empirecms", '<script src="/e/public/ViewClick/?classid=3&id={id}&addclick=1"></script>', "/e/public/ViewClick/?classid=3&id={id}"),
    counted("dedecms", '<script src="/plus/count.php?view=yes&aid={id}&mid=1" type="text/javascript" language="javascript"></script>', "/plus/count.php?view=yes&aid={id}"),
    counted("phpcms", '<span id="hits"></span><script language="JavaScript" src="http://www.example.com/api.php?op=count&id={id}&modelid=1"></script>', "/api.php?op=count&id={id}&modelid=1"),
    counted("metinfo", "<span><script language='javascript' src='../include/hits.php?type=news&id={id}'></script></span>", "/include/hits.php?type=news&id={id}"),
    counted("dtcms", '<script type="text/javascript" src="/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id={id}&click=1"></script>', "/tools/submit_ajax.ashx?action=view_article_click&channel_id=1&id={id}"),
    counted("jeecms", '<span id="views"></span><script>Cms.viewCount("",{id});</script>', "/content_view.jspx?contentId={id}"),
    counted("powereasy", '<script language="javascript" src="/Common/GetHits.aspx?id={id}"></script>', "/Common/GetHits.aspx?id={id}"),
    counted("kesion", '<Script Language="Javascript" Src="/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID={id}"></Script>', "/item/GetHits.asp?Action=Count&GetFlag=0&m=1&ID={id}"),
    counted("asp", '<script src="/inc/hits.asp?newsid={id}"></script>', "/inc/hits.asp?newsid={id}"),
]


def asp_tables(story):
    """The tables of about 2003, in GBK."""
    language = story.language
    story.precision, story.editor = language.choice(["day", "second"]), None
    date = (DATE_FORMS[1] if story.precision == "day" else SECOND_FORMS[1])(story.when)
    story.clicks = story.clicks or 318
    info = language.choice([
        '<tr><td align="center" height="25"><font color="#666666">作者：{a}　来源：{s}　发布时间：{d}　点击数：{c}</font></td></tr>',
        '<tr><td align=center>发布时间:{d}&nbsp;&nbsp;阅读:{c}次&nbsp;&nbsp;来源:{s}&nbsp;&nbsp;作者:{a}</td></tr>',
        '<tr><td align=center><font size=2>【{d}】 【来源：{s}】 【作者：{a}】 【浏览 {c} 次】</font></td></tr>',
        '<tr><td align=right><font color=gray>文章来源：{s} 作者：{a} 点击数：<font color=red>{c}</font> 更新时间：{d}</font></td></tr>',
    ]).format(a=story.author or "佚名", s=story.source or "本站原创", d=date, c=story.clicks)
    story.source = story.source or "本站原创"
    html = ('<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>%s</title></head><body topmargin=0><table width=760 align=center><tr><td><img src="images/top.jpg"></td></tr>'
            '<tr><td bgcolor="#003399"><font color=white><a href="index.asp">网站首页</a> | <a href="list.asp?id=1">机构设置</a> | <a href="list.asp?id=2">政策法规</a> | <a href="list.asp?id=3">工作动态</a></font></td></tr></table>'
            '<table width=760 align=center><tr><td width=180 valign=top><table><tr><td><b>最新文章</b></td></tr>%s</table></td><td valign=top><table width="100%%"><tr><td align="center"><font size="4" color="#FF0000"><b>%s</b></font></td></tr>%s'
            '<tr><td><font style="font-size:14px;line-height:150%%">%s</font></td></tr><tr><td align=right><a href="javascript:window.print()">打印本页</a> <a href="javascript:window.close()">关闭窗口</a></td></tr></table></td></tr></table>'
            '<table width=760 align=center><tr><td align=center>版权所有 %s　电话：0000-7654321<br>建议使用1024*768分辨率浏览</td></tr></table></body></html>' % (
                language.choice([story.site_name, story.title + "-" + story.site_name, story.title]),
                "".join("<tr><td>·<a href=show.asp?id=%d>%s</a></td></tr>" % (i, escape(language.title()[:14])) for i in range(8)),
                escape(story.title), info, story.body(language.choice(["breaks", "font", "word", "spaces"])), story.site_name))
    return html.encode("gb18030"), story.expected("http://www.example.gov.cn/shownews.asp?id=%d" % story.identity, "asp.example.gov.cn", "asp-tables", charset="gb18030")


def metas_only(story):
    """Date and source stand in metas alone (a rendered single-page application)."""
    story.clicks = story.author = story.editor = None
    html = page(story, metas(story), menu(story) + '<div class="detail"><div class="detail-title">%s</div><div class="detail-content">%s</div></div>' % (escape(story.title), story.body()) + footer(story))
    return html, story.expected("https://www.example.gov.cn/cn/view/pages/ItemDetail.html?docId=%d" % story.identity, "meta.example.gov.cn", "metas-only")
