"""Media, portals in Traditional script, weblogs, policy documents, and pages that hold more than their article."""
import json

from .story import DATE_FORMS, LAYOUTS, MINUTE_FORMS, SECOND_FORMS, escape, full_width, strip
from .systems import crumbs, editors, fields, footer, menu, metas, neighbours, others, page, tail


def people(story):
    story.clicks, story.precision = None, "minute"
    story.source = story.source or "人民日报"
    if story.source == "本站":
        story.source = "人民日报"
    author = '<div class="author cf">%s</div>' % story.author if story.author else ""
    info = '<div class="channel cf"><div class="col-1-1 fl">%s | 来源：<a href="http://paper.example.com">%s</a></div></div>' % (story.when.strftime("%Y年%m月%d日%H:%M"), story.source)
    html = page(story, "", menu(story) + '<div class="path">人民网>>%s</div><div class="main"><div class="layout rm_txt cf"><div class="col col-1 fl"><h1>%s</h1>%s%s<div class="rm_txt_con cf">%s<div class="edit cf">(责编：%s)</div></div><div class="rm_share">分享让更多人看到</div></div>' % (
        story.column[0], escape(story.title), author, info, story.body("spaces"), story.editor or "甲、乙") + '<div class="col col-2 fr"><h2>热门排行</h2>' + others(story, 5, False) + "</div></div></div>" + footer(story), title="%s--%s--人民网" % (story.title, story.column[0]))
    if not story.editor:
        truth = story.expected("", "", "")
        story.editor = "甲、乙"
    truth = story.expected("http://society.example.com.cn/n1/%s/c1008-%d.html" % (story.when.strftime("%Y/%m%d"), story.identity), "people.example.com.cn", "media")
    truth.pop("author")
    return html, truth


def xinhua(story):
    story.clicks, story.precision = None, "second"
    story.source = "新华网"
    story.author = None
    d = story.when
    info = '<div class="header-cont clearfix"><div class="header-time left"><span class="year"><em>%d</em></span><span class="day"><em>%02d</em>/<em>%02d</em></span><span class="time">%s</span></div><div class="source">来源：%s</div><div class="head-line clearfix"><h1><span class="title">%s</span></h1></div></div>' % (
        d.year, d.month, d.day, d.strftime("%H:%M:%S"), story.source, escape(story.title))
    mobile = '<div class="mheader domMobile"><h1><span class="title">%s</span></h1><div class="info">%s<span>来源：%s</span></div></div>' % (escape(story.title), d.strftime("%Y-%m-%d %H:%M:%S"), story.source)
    html = page(story, '<meta name="publishdate" content="%s">' % d.strftime("%Y-%m-%d"), menu(story) + info + mobile + '<div class="main clearfix"><div id="detail"><span id="detailContent">%s</span></div><div class="tiyi1 domPC">【纠错】</div><span class="editor">【责任编辑:%s】</span></div>' % (story.body("spaces"), story.editor or "丙") + '<div class="adv domMobile">阅读下一篇：</div>' + others(story, 4, False) + footer(story), title=story.title + "-新华网")
    story.editor = story.editor or "丙"
    return html, story.expected("http://www.example.com/%s/c_%d.htm" % (d.strftime("%Y-%m/%d"), story.identity), "xinhua.example.com", "media")


def netease(story):
    story.clicks, story.precision = None, "second"
    story.source = story.source if story.source and story.source != "本站" else "中国新闻网"
    story.author = None
    info = '<div class="post_info">%s　来源: <a href="https://www.example.com/">%s</a> <a href="#" class="post_jubao">举报</a></div>' % (story.when.strftime("%Y-%m-%d %H:%M:%S"), story.source)
    html = page(story, '<meta property="og:title" content="%s"><meta property="og:type" content="news"><meta property="article:published_time" content="%s+08:00"><meta property="article:author" content="%s">' % (escape(story.title).replace('"', "&quot;"), story.when.strftime("%Y-%m-%dT%H:%M:%S"), story.source),
                menu(story) + '<div class="post_wemedia_name">网易号</div><div class="post_main"><h1 class="post_title">%s</h1>%s<div class="post_content"><div class="post_body">%s<div class="post_author"><a class="source_icon">本文来源：%s</a> 责任编辑： %s</div></div></div><div class="post_recommends">%s</div></div>' % (
                    escape(story.title), info, story.body("indent"), story.source, (story.editor or "丁") + "_NB1234", others(story, 5, False)) + footer(story), title=story.title + "_网易新闻")
    truth = story.expected("https://www.example.com/news/article/%d.html" % story.identity, "netease.example.com", "media")
    truth.pop("editor")
    return html, truth


def paper(story):
    """A newspaper's digital edition."""
    story.clicks = story.editor = story.author = story.source = None
    story.precision = "day"
    html = page(story, "", '<div class="top">%s数字报</div><div class="left"><div>第01版：要闻</div>%s</div><div class="newsdetail"><!--enpproperty <articleid>%d</articleid><date>%s</date><title>%s</title>/enpproperty--><h3></h3><h2 id="titleTxt">%s</h2><h4></h4><div class="date">%s</div><div id="contenttext" class="txt"><founder-content><!--enpcontent-->%s<!--/enpcontent--></founder-content></div></div><div class="foot">版权所有</div>' % (
        story.place, others(story, 8, False), story.identity, story.when.strftime("%Y-%m-%d 00:00:00.0"), escape(story.title), escape(story.title), "%d年%02d月%02d日　星期%s　第01版" % (story.when.year, story.when.month, story.when.day, "一二三四五六日"[story.when.weekday()]), story.body("spaces")), title=story.place + "日报数字报-" + story.title)
    return html, story.expected("http://epaper.example.com/html/%s/content_%d.htm" % (story.when.strftime("%Y-%m/%d"), story.identity), "paper.example.com", "media")


TRADITIONAL = {"发布日期": "發布日期", "发布单位": "發布單位", "点阅次数": "點閱次數", "来源": "來源", "更新日期": "更新日期"}


def taiwan(story):
    story.author = story.editor = None
    story.precision = "day"
    story.source = None
    story.clicks = story.clicks or 57
    story.title = "本府教育局辦理「閱讀起步走」活動 邀請親子共讀"
    story.blocks = [("p", "為推廣親子共讀，教育局訂於下週六上午九時於市立圖書館總館舉辦「閱讀起步走」活動，歡迎市民踴躍參加。"), ("p", "教育局表示，活動現場設有說故事劇場、繪本市集與手作體驗等攤位，並備有限量紀念品，送完為止。"), ("p", "新聞聯絡人：終身學習科 陳科長，電話：02-12345678")]
    roc = "%d-%02d-%02d" % (story.when.year - 1911, story.when.month, story.when.day)
    info = story.language.choice(['<ul class="info"><li>發布日期：%s</li><li>發布單位：教育局</li><li>點閱次數：%d</li></ul>' % (roc, story.clicks), '<div class="page_info"><span>發布日期：</span><span>%s</span> <span>點閱數：</span><span>%d</span></div>' % (roc, story.clicks)])
    html = '<!DOCTYPE html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>%s-某市政府</title><meta property="og:title" content="%s"></head><body><a class="accesskey" href="#C">跳到主要內容區塊</a><div class="header"><ul><li><a href="/">回首頁</a></li><li><a href="/sitemap">網站導覽</a></li><li><a href="/en">English</a></li></ul></div><div class="path"><a href="/">首頁</a> > <a href="/n">最新消息</a></div><main id="C"><h2>%s</h2>%s<div class="cp"><div class="essay">%s</div></div><div class="area-share">分享：<a>facebook</a> <a>line</a></div><div class="back"><a href="/list">回上一頁</a></div></main><footer>地址：某市某路1號　電話：02-00000000　更新日期：112-05-06</footer></body></html>' % (escape(story.title), escape(story.title), escape(story.title), info, story.body("div"))
    truth = story.expected("https://www.example.gov.tw/News_Content.aspx?n=1&s=%d" % story.identity, "tw.example.gov.tw", "taiwan")
    truth["source"] = "教育局" if "發布單位" in info else None
    return html, truth


def hongkong(story):
    story.author = story.editor = story.source = story.clicks = None
    story.title = "衞生署呼籲市民做好預防措施"
    story.precision = "minute"
    story.blocks = [("p", "衞生署今日（三月五日）呼籲市民注意個人衞生，做好預防措施，以防呼吸道傳染病。"), ("p", "衞生署發言人說：「市民如有不適，應盡早求醫，並避免前往人多擠迫的地方。」"), ("center", "完")]
    when = story.when
    ending = "%s（星期%s）<br>香港時間%d時%02d分" % (full_width("%d年%d月%d日" % (when.year, when.month, when.day)), "一二三四五六日"[when.weekday()], when.hour, when.minute)
    html = '<html><head><meta charset="utf-8"><title>%s</title></head><body><div class="menu"><a href="/gia/">新聞公報</a> <a href="/gia/en">English</a></div><div id="contentBody"><h1 id="PRHeadline"><span>%s</span></h1><div id="pressrelease">%s<br>%s</div></div><div class="b"><a href="javascript:print()">列印此頁</a></div></body></html>' % (escape(story.title), escape(story.title), story.body("breaks"), ending)
    story.blocks = story.blocks[:2]
    truth = story.expected("https://www.example.gov.hk/gia/general/%s/P%s.htm" % (when.strftime("%Y%m/%d"), when.strftime("%Y%m%d") + "00123"), "hk.example.gov.hk", "hongkong")
    return html, truth


def wordpress(story):
    story.clicks = story.editor = story.source = None
    story.precision = "second"
    html = ('<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><title>%s &#8211; %s</title><meta property="article:published_time" content="%s+08:00"><script type="application/ld+json">%s</script></head><body class="single"><header id="masthead"><p class="site-title"><a href="/">%s</a></p><nav><ul><li><a href="/about">关于</a></li></ul></nav></header>'
            '<div id="primary"><main><article id="post-%d" class="post type-post"><header class="entry-header"><h1 class="entry-title">%s</h1><div class="entry-meta"><span class="posted-on"><a href="#"><time class="entry-date published" datetime="%s+08:00">%s</time></a></span><span class="byline"> 作者：<span class="author vcard"><a href="/a">%s</a></span></span></div></header><div class="entry-content">%s</div><footer class="entry-footer">分类：<a href="/c">公告</a></footer></article>'
            '<nav class="navigation post-navigation"><a href="/p">上一篇：%s</a></nav><div id="comments"><h2>2 条评论</h2><ol><li><p>写得好，支持一下，希望以后多发布这样的文章。</p></li><li><p>请问咨询电话是多少？已经打了好几次都没有人接。</p></li></ol><form>发表评论</form></div></main></div><aside id="secondary" class="widget-area"><h2>近期文章</h2>%s</aside><footer id="colophon">自豪地采用WordPress</footer></body></html>' % (
                escape(story.title), story.site_name, story.when.strftime("%Y-%m-%dT%H:%M:%S"),
                json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "datePublished": story.when.strftime("%Y-%m-%dT%H:%M:%S+08:00")}, ensure_ascii=False), story.site_name, story.identity, escape(story.title),
                story.when.strftime("%Y-%m-%dT%H:%M:%S"), story.when.strftime("%Y-%m-%d"), story.author or "王敏", story.body("span"), escape(story.language.title()), others(story, 4, False)))
    story.author = story.author or "王敏"
    return html, story.expected("https://blog.example.org/?p=%d" % story.identity, "wordpress.example.org", "wordpress")


def json_ld(story):
    """Date only as JSON-LD; the strip tells how long ago."""
    story.clicks = story.editor = story.author = story.source = None
    story.precision = "second"
    data = json.dumps({"@context": "http://schema.org", "@type": "NewsArticle", "headline": story.title, "datePublished": story.when.strftime("%Y-%m-%dT%H:%M:%S+08:00"), "publisher": {"@type": "Organization", "name": story.site_name}}, ensure_ascii=False)
    html = page(story, '<script type="application/ld+json">%s</script>' % data, menu(story) + '<div class="art"><h1>%s</h1><div class="art-body">%s</div></div>' % (escape(story.title), story.body()) + footer(story))
    truth = story.expected("https://news.example.com/a/%d" % story.identity, "ld.example.com", "json-ld")
    truth.pop("source")
    return html, truth


def policy(layout):
    """政府信息公开: the document's data in one of the layouts of such pages."""
    def make(story):
        language = story.language
        story.clicks = story.author = story.editor = None
        story.precision = "day"
        story.blocks = language.choice([story.make_notice, story.make_regulation])()
        number, index = language.document_number(story.when.year), language.choice(["11320300014000000X/%d-%05d" % (story.when.year, story.identity), "%d-%02d-%05d" % (story.when.year, story.when.month, story.identity)])
        office = story.office
        story.source = None  # the row names the issuer; no source stands on the page
        data = [("索 引 号", index), ("主题分类", language.choice(["综合政务", "农业、林业、水利\\林业"])), ("发布机构", office), ("成文日期", story.when.replace(day=1).strftime("%Y-%m-%d")),
                ("标　　题", story.title), ("文　　号", number), ("发布日期", story.date_text(language.choice([DATE_FORMS[0], DATE_FORMS[7]]))), ("有 效 性", language.choice(["有效", "废止"])), ("主 题 词", "")]
        plain = [item for item in data if item[0] != "标　　题"]
        if layout == "cells":
            table = '<table class="xxgk">%s</table>' % "".join("<tr><td><b>%s：</b></td><td>%s</td><td><b>%s：</b></td><td>%s</td></tr>" % (data[i] + data[i + 1] if i + 1 < len(data) else data[i] + ("", "")) for i in range(0, len(data), 2))
        elif layout == "rows":
            table = '<table>%s</table>' % "".join("<tr><th>%s</th><td>%s</td></tr>" % item for item in data)
        elif layout == "one-cell":
            table = '<table>%s</table>' % "".join("<tr><td><b>%s：</b>%s</td></tr>" % item for item in data)
        elif layout == "items":
            table = '<ul class="gkxx">%s</ul>' % "".join("<li><strong>%s:</strong><span>%s</span></li>" % item for item in data)
        else:
            table = '<div>%s</div>' % "<br>".join("&nbsp;&nbsp;&nbsp;".join("%s %s" % (" ".join(a.replace(" ", "").replace("　", "")), b) for a, b in plain[i:i + 2] if b) for i in range(0, len(plain), 2))
        html = page(story, "", menu(story) + crumbs(story) + '<div class="gk">%s<h1>%s</h1><div class="%s">%s</div></div>' % (table, escape(story.title), language.choice(["gknr", "TRS_Editor", "content"]), story.body()) + tail(story) + footer(story))
        return html, story.expected("http://www.example.gov.cn/zfxxgk/%d.html" % story.identity, "policy-%s.example.gov.cn" % layout, "policy", document_number=number if layout != "plain" else None or number, index_number=index)
    make.__name__ = "policy_" + layout.replace("-", "_")
    return make


POLICY = [policy(layout) for layout in ("cells", "rows", "one-cell", "items", "plain")]


def strips(layout):
    """A general site with this layout of the strip."""
    def make(story):
        language = story.language
        order = fields(story, "published", "source", "clicks", "author")
        if language.chance(0.4):
            order += ["editor"]
        else:
            story.editor = None
        if language.chance(0.2):
            order += ["reviewer"]
        if language.chance(0.4):
            order += ["font"]
        info = strip(story, order, layout)
        heading = language.choice(["<h1>%s</h1>", '<div class="tit">%s</div>', '<p class="biaoti" align="center"><b>%s</b></p>', '<h3>%s</h3>', '<table><tr><td class="title">%s</td></tr></table>', '<td class="title">%s</td>'])
        body = language.choice(['<div class="content">%s</div>', '<div id="zoom">%s</div>', '<div class="con_main">%s</div>', '<div>%s</div>', '<div class="article_con"><div>%s</div></div>'])
        related = language.choice(["", "", '<div class="xgwz"><h3>相关阅读</h3>%s</div>' % others(story, 4), "<p><strong>相关链接：</strong></p>" + others(story, 3, False)])
        inside = language.chance(0.3)
        text = body % (story.body() + (related if inside else ""))
        html = page(story, "", menu(story) + crumbs(story) + '<div class="box">' + heading % escape(story.title) + info + text + ("" if inside else related) + tail(story) + neighbours(story) + "</div>" + footer(story))
        return html, story.expected("http://www.example.org.cn/show-%d-1.html" % story.identity, "strip-%s.example.org.cn" % layout, "strip")
    make.__name__ = "strip_" + layout.replace("-", "_")
    return make


STRIPS = [strips(layout) for layout in LAYOUTS]


def bare(story):
    """A heading, a date, the text; nothing names anything."""
    story.clicks = story.author = story.editor = story.source = None
    story.precision = "day"
    html = page(story, "", menu(story) + '<div><div><b>%s</b></div><div>%s</div><div>%s</div></div>' % (escape(story.title), story.date_text(), story.body()) + footer(story))
    return html, story.expected("http://www.example.cn/a%d.html" % story.identity, "bare.example.cn", "bare")


def commented(story):
    """Readers' words below the text, longer than it."""
    story.editor = None
    info = strip(story, ["published", "source", "author", "clicks"], "spaces")
    words = "".join('<div class="c"><b>网友%d</b><p>%s</p></div>' % (i, story.language.paragraph(1, 2)) for i in range(6))
    html = page(story, "", menu(story) + '<div class="post"><h1>%s</h1>%s<div class="post-text">%s</div></div><div class="comment-list"><h3>网友评论</h3>%s</div>' % (escape(story.title), info, story.body(), words) + footer(story))
    return html, story.expected("http://bbs.example.cn/t/%d" % story.identity, "comments.example.cn", "comments")


def paged(story):
    story.clicks = story.editor = story.author = None
    info = strip(story, ["published", "source"], "spaces")
    pages = '<div class="pages"><a href="#">上一页</a> <span>1</span> <a href="show_%d_2.html">2</a> <a href="show_%d_3.html">3</a> <a href="show_%d_2.html">下一页</a></div>' % ((story.identity,) * 3)
    html = page(story, "", menu(story) + crumbs(story) + '<h1>%s</h1>%s<div class="content">%s%s</div>' % (escape(story.title), info, story.body(), pages) + footer(story))
    return html, story.expected("http://www.example.cn/xw/show_%d.html" % story.identity, "paged.example.cn", "paged")


def subtitled(story):
    story.clicks = story.editor = story.author = None
    info = strip(story, ["published", "source"], "spans")
    html = page(story, "", menu(story) + crumbs(story) + '<h3 class="yt">%s</h3><h1>%s</h1><h2 class="ft">——%s</h2>%s<div class="content">%s</div>' % (
        story.place + "“十四五”开局观察", escape(story.title), "来自" + story.place + "的一线报告", info, story.body()) + footer(story), title="%s-%s" % (story.title, story.site_name))
    return html, story.expected("http://www.example.cn/xw/%d.html" % story.identity, "subtitle.example.cn", "subtitle")


def wechat(story):
    story.clicks = story.editor = None
    story.precision = "minute"
    story.source = story.place[:-1] + "发布"
    html = page(story, '<meta property="og:title" content="%s"><meta property="og:article:author" content="%s">' % (escape(story.title).replace('"', "&quot;"), story.author or ""),
                '<div id="page-content"><div id="img-content" class="rich_media_wrp"><h1 class="rich_media_title" id="activity-name">%s</h1><div id="meta_content" class="rich_media_meta_list"><span class="rich_media_meta rich_media_meta_text">%s</span><span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">%s</a></span><em id="publish_time" class="rich_media_meta rich_media_meta_text">%s</em></div><div class="rich_media_content" id="js_content">%s</div></div></div>' % (
                    escape(story.title), story.author or "", story.source, story.when.strftime("%Y-%m-%d %H:%M"), story.body("section")), title=" ")
    truth = story.expected("https://mp.example.com/s?__biz=MzA&mid=%d" % story.identity, "wechat.example.com", "wechat")
    truth.pop("author")
    return html, truth
