"""Random combinations: frame × headline × strip × date × source × text × what stands around it. Where the makers of systems copy one
template's habits, these put together what no template does alone, so that no rule may lean on two habits occurring together."""
import datetime

from .language import SHORT, TOPICS
from .story import CHINESE, DATE_FORMS, LAYOUTS, MINUTE_FORMS, SECOND_FORMS, chinese_number, escape, full_width, strip
from .systems import editors, footer, menu, metas, neighbours, others


def written(text, story, style):
    """The story's blocks in ways that Story.body does not know."""
    language, out, lines = story.language, [], []
    for kind, payload in story.blocks:
        if kind in ("table", "image", "file"):
            keep, story.blocks = story.blocks, [(kind, payload)]
            out.append(story.body("indent"))
            story.blocks = keep
            continue
        line = escape(payload)
        if kind == "bold":
            line = "<b>%s</b>" % line
        lines.append(line)
        if style == "unclosed":
            out.append("<p>　　" + line)
        elif style == "br-in-p":
            out.append(line + "<br/>&nbsp;&nbsp;&nbsp;&nbsp;")
        elif style == "siblings":
            out.append('<div class="para"><div>%s</div></div>' % line)
        elif style == "cells":
            out.append('<table width="100%%"><tr><td>%s</td></tr></table>' % line)
        elif style == "spans":
            out.append('<span style="display:block">%s</span>' % line)
        elif style == "items":
            out.append("<li>%s</li>" % line)
        elif style == "definition":
            out.append("<dd>%s</dd>" % line)
        elif style == "font-soup":
            half = len(payload) // 3
            out.append('<P><FONT size=3><FONT face=宋体>%s<FONT color=#000000>%s</FONT></FONT></P>' % (escape(payload[:half]), escape(payload[half:])))
        elif style == "quote":
            out.append("<blockquote><p>%s</p></blockquote>" % line)
        elif style == "comments":
            out.append("<!-- %s --><p>%s</p><!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->" % (escape(payload[:5]), line))
        elif style == "st1":
            out.append('<p class="p0"><st1:chsdate w:st="on" year="2009" month="1" day="2">%s</st1:chsdate><o:p></o:p></p>' % line)
    text = "\n".join(out)
    if style == "br-in-p":
        return "<p>&nbsp;&nbsp;&nbsp;&nbsp;%s</p>" % text
    if style == "items":
        return "<ul>%s</ul>" % text
    if style == "definition":
        return "<dl>%s</dl>" % text
    return text


STYLES = ["unclosed", "br-in-p", "siblings", "cells", "spans", "items", "definition", "font-soup", "quote", "comments", "st1"]
CONTAINERS = ["<div>%s</div>", '<div class="con">%s</div>', '<div id="Zoom" class="txt">%s</div>', '<table><tr><td id="cont">%s</td></tr></table>', '<div class="news_show_con">%s</div>',
              '<div class="main_nr"><div class="nr_box"><div>%s</div></div></div>', '<table><tr><td class="bodytext">%s</td></tr></table>', "<section>%s</section>", '<div class="txtcen">%s</div>',
              '<div class="left_con" style="font-size:16px">%s</div>', '<div class="xxnr">%s</div>', '<div class="wzy_con">%s</div>', '<div class="TxtContent">%s</div>', '<div class="listcon">%s</div>', '<div class="top_con">%s</div>',
              '<div class="news_info">%s</div>', '<span id="ctl00_lblContent">%s</span>', '<div class="hot-content">%s</div>', '<div class="w1200 articlebox">%s</div>', '<form action=""><div>%s</div></form>']
HEADINGS = ["<h1>%s</h1>", "<h2>%s</h2>", "<h3 class=\"bt\">%s</h3>", '<div class="wz_title">%s</div>', '<p style="text-align:center;font-size:24px"><strong>%s</strong></p>', '<center><font size=5 color=red>%s</font></center>',
            '<table width="100%%"><tr><td align="center" class="bt">%s</td></tr></table>', '<div id="title" style="font-size:22px">%s</div>', '<dt class="newstitle">%s</dt>', '<div class="h"><b>%s</b></div>', '<div align=center><span class="STYLE1">%s</span></div>',
            '<h4>%s</h4>', '<h1><a href="#">%s</a></h1>', '<h2><span>%s</span></h2>', '<div class="nr_bt">%s</div>']
FRAMES = [
    '<div class="container"><div class="left">{side}</div><div class="right">{crumbs}{article}</div></div>',
    '<div class="container">{crumbs}<div class="l">{article}</div><div class="r">{side}</div></div>',
    '<table width="980" align="center"><tr><td width="240" valign="top">{side}</td><td valign="top">{crumbs}{article}</td></tr></table>',
    '<table width="980" align="center"><tr><td valign="top">{crumbs}{article}</td><td width="240" valign="top">{side}</td></tr></table>',
    '{crumbs}<main>{article}</main><aside>{side}</aside>',
    '<div class="main">{crumbs}<div class="box">{article}</div></div>',
    '<div id="wrapper"><div id="content">{side}<div class="page">{crumbs}{article}</div></div></div>',
    '<table align=center><tr><td>{crumbs}</td></tr><tr><td><table><tr><td>{article}</td></tr></table></td></tr><tr><td>{side}</td></tr></table>',
    '<body2>{crumbs}{article}{side}</body2>',
]
SIDES = ["热点新闻", "最新动态", "通知公告", "点击排行", "推荐阅读", "友情链接", "栏目导航", "图片新闻", "相关文章"]


def side(story):
    language, out = story.language, []
    for _ in range(language.choice([0, 1, 1, 2, 3])):
        title = language.choice(SIDES)
        rows = others(story, language.choice([4, 6, 10, 20]), language.chance(0.5))
        out.append(language.choice(['<div class="m"><h3>%s</h3>%s</div>', '<table><tr><td class="t">%s</td></tr><tr><td>%s</td></tr></table>', '<dl><dt>%s</dt><dd>%s</dd></dl>', '<div><b>%s</b>%s</div>']) % (title, rows))
    return "".join(out)


def crumbs(story):
    parts = story.column
    return story.language.choice([
        '<div class="wz">当前位置：<a href="/">首页</a> > <a href="/1/">%s</a> > 正文</div>' % parts[0], '<div class="mbx"><a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="/1/">%s</a>&nbsp;&gt;&nbsp;<a href="/2/">%s</a></div>' % (parts[0], parts[-1]),
        '<p>您当前的位置：<a href="/">网站首页</a>&gt;&gt;<a>%s</a></p>' % parts[-1], '<table><tr><td>位置: <a href=/>首页</a>→%s→内容</td></tr></table>' % parts[-1], '<div class="lanmu"><h2>%s</h2></div>' % parts[-1], ""])


def around(story):
    language = story.language
    before = language.choice(["", "", '<div id="ad1" style="position:absolute;left:0"><a href="/zt/1"><img src="a.gif" alt="学习贯彻专题"></a></div>', '<div class="date">今天是 2026年3月4日 星期三 农历正月十六</div>',
                              '<marquee>热烈欢迎各位领导莅临指导工作！</marquee>', '<div class="tips">您好，欢迎访问%s！</div>' % story.site_name, '<noscript>您的浏览器不支持脚本</noscript>',
                              '<div style="display:none"><h1>%s</h1><p>2001-01-01</p></div>' % escape(language.title()), '<div class="wza"><a>无障碍</a><a>长者模式</a><a>简</a>|<a>繁</a></div>'])
    after = language.choice(["", "", '<div class="pl"><h3>网友评论</h3><p>暂无评论</p></div>', '<div class="share">分享到：<a>微信</a><a>微博</a></div>', '<p class="sm">声明：本网所刊载信息版权归%s所有，转载请注明出处，不代表本网观点。</p>' % story.site_name,
                             '<div class="ewm">扫一扫在手机打开当前页<img src="q.png"></div>', '<div class="back"><a href="javascript:history.back()">返回上一页</a> <a href="#">返回顶部</a></div>', '<div class="dy">【<a>打印</a>】【<a>收藏</a>】【<a>关闭</a>】</div>',
                             '<div class="xgfj"><h3>相关链接</h3>%s</div>' % others(story, 3, False), '<div class="rate">您对本页面内容是否满意？<input type=radio>满意<input type=radio>不满意<button>提交</button></div>'])
    return before, after


def caption(story):
    site, column = story.site_name, story.column[-1]
    return story.language.choice(["{t}-{s}", "{t}_{c}_{s}", "{t}", "{s}", "{s}-{t}", "{c}-{s}", "{t} - {c} - {s}", "{t}--{s}", "{s}|{c}|{t}", "欢迎访问{s}", "{t}[{c}]-{s}", "{t} {s}", "{t}—{s}"]).format(t=story.title, c=column, s=site)


def mixed(story):
    language = story.language
    when = story.when
    style = language.choice(STYLES + [None] * 6)
    order = language.choice([["published", "source"], ["source", "published"], ["source", "author", "published"], ["published", "clicks"], ["published", "source", "clicks"], ["author", "published", "clicks"],
                             ["published", "author", "source", "clicks"], ["source", "published", "editor"], ["published", "+source", "clicks", "font"], ["+author", "+source", "published", "font"], ["published"], ["clicks", "published", "source"]])
    held = [f.lstrip("+") for f in order]
    for field in ("source", "author", "editor", "clicks"):
        if field not in held:
            setattr(story, field, None)
    if "clicks" in held and story.clicks is None:
        story.clicks = story.random.randint(1, 5000)
    layout = language.choice(LAYOUTS)
    form = language.choice(["plain"] * 5 + ["chinese", "wide", "weekday", "bracketed", "hours"])
    date = None
    if form == "chinese":
        story.precision = "day"
        zero = language.choice("〇○零Ｏ")
        date = "".join(CHINESE[int(c)] for c in str(when.year)).replace("〇", zero) + "年%s月%s日" % (chinese_number(when.month), chinese_number(when.day))
    elif form == "wide":
        story.precision = "day"
        date = full_width(when.strftime(language.choice(["%Y年%m月%d日", "%Y-%m-%d".replace("-", "－")])))
    elif form == "weekday":
        story.precision = "minute"
        date = when.strftime("%Y年%m月%d日 ") + "星期" + "一二三四五六日"[when.weekday()] + when.strftime(" %H:%M")
    elif form == "bracketed":
        story.precision = "day"
        date = language.choice(["[%s]", "(%s)", "（%s）", "【%s】"]) % when.strftime(language.choice(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]))
    elif form == "hours":
        story.precision = "second"
        date = "%d/%d/%d %s%d:%02d:%02d" % (when.year, when.month, when.day, "上午" if when.hour < 12 else "下午", when.hour if when.hour <= 12 else when.hour - 12, when.minute, when.second)
    if layout == "glued" and story.author:
        layout = "spans"
    info = strip(story, order, layout, date=date)
    heading = language.choice(HEADINGS) % escape(story.title)
    text = story.body() if style is None else written(None, story, style)
    editor = ""
    if story.editor is None and language.chance(0.3):
        story.editor = language.name()
        editor = editors(story)
    inside = language.chance(0.5)
    body = language.choice(CONTAINERS) % (text + (editor if inside else ""))
    before, after = around(story)
    place = language.choice(["above", "above", "above", "above", "below"]) if len(story.lines()) > 1 else "above"
    article = heading + (info if place == "above" else "") + body + (info if place == "below" else "") + ("" if inside else editor) + after + (neighbours(story) if language.chance(0.4) else "")
    frame = language.choice(FRAMES).format(side=side(story), crumbs=crumbs(story), article=article)
    head = metas(story, *language.choice([[], [], ["SiteName", "SiteDomain", "SiteIDCode"], ["SiteName", "ColumnName", "ArticleTitle", "PubDate", "ContentSource"], ["Keywords", "Description"]])) if language.chance(0.6) else ""
    doctype = language.choice(["", "<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">'])
    title = caption(story)
    html = "%s<html><head><meta http-equiv=Content-Type content='text/html; charset=utf-8'><title>%s</title>%s</head><body>%s%s%s%s</body></html>" % (doctype, escape(title), head, before, menu(story) if language.chance(0.85) else "", frame, footer(story) if language.chance(0.9) else "")
    url = language.choice(["http://www.example.cn/news/show.asp?id=%d", "http://www.example.cn/content/%d.html", "http://www.example.cn/Item/%d.aspx", "https://www.example.cn/xw/detail?id=%d"]) % story.identity
    truth = story.expected(url, "mixed-%s.example.cn" % (style or "plain"), "mixed")
    if 'content="%s' % when.strftime("%Y-%m-%d") in head and "ContentSource" in head and story.source is None:
        truth.pop("source")
    if "PubDate" in head and story.precision == "day":
        pass
    return html, truth


def short_notice(story):
    """One sentence, and everything around it."""
    story.blocks = story.make_sentence()
    return mixed(story)


def long_table(story):
    """公示 of hundreds of rows, a sentence above it, the signature below it."""
    language = story.language
    rows = [["序号", "姓名", "单位", "备注"]] + [[str(i + 1), language.name(), language.office(), language.choice(["", "合格", "递补", "优秀"])] for i in range(language.choice([40, 150, 400]))]
    story.blocks = [("p", "根据有关规定，现将%s拟录用人员名单予以公示，公示期7天。" % story.place), ("table", rows), ("right", story.office), ("right", DATE_FORMS[7](story.when))]
    return mixed(story)


def only_files(story):
    """Nothing but attachments."""
    names = ["%s实施方案" % story.place, "%s名单" % story.place, "申报表"]
    story.blocks = [("file", "附件%d：%s.%s" % (i + 1, name, story.language.choice(["pdf", "doc", "xlsx"]))) for i, name in enumerate(names[:story.random.randint(1, 3)])]
    return mixed(story)


def only_picture(story):
    story.blocks = [("image", None)] * story.random.randint(1, 3)
    story.precision = "day"
    html, truth = mixed(story)
    truth["body"] = ""
    return html, truth


def split_text(story):
    """Text in several boxes side by side, a box of links or an advert between them."""
    language = story.language
    story.blocks = story.make_news() + story.make_news()
    blocks = story.blocks
    parts = []
    step = max(2, len(blocks) // 3)
    for at in range(0, len(blocks), step):
        story.blocks = blocks[at:at + step]
        parts.append('<div class="part">%s</div>' % story.body())
    story.blocks = blocks
    joint = language.choice(["", '<div class="gg"><a href="/ad"><img src="ad.jpg"></a></div>', "<hr>", '<div class="video"><video src="a.mp4"></video></div>'])
    story.clicks = story.author = story.editor = None
    info = strip(story, ["published", "+source"], language.choice(LAYOUTS[:8]))
    html = "<html><head><meta charset=utf-8><title>%s</title></head><body>%s%s<h1>%s</h1>%s%s%s%s</body></html>" % (escape(caption(story)), menu(story), crumbs(story), escape(story.title), info, joint.join(parts), side(story), footer(story))
    return html, story.expected("http://www.example.cn/a/%d.html" % story.identity, "split.example.cn", "split")


ENGLISH = ["The Ministry of Commerce held a press conference on Thursday to brief the media on foreign trade in the first quarter.", "According to the spokesperson, exports grew by 5.2 percent year on year, while imports rose by 3.1 percent.",
           "\"We will continue to open wider to the outside world,\" he said, adding that new measures will be announced later this year.", "Local authorities have also stepped up support for small businesses, with tax cuts worth 1.2 billion yuan.",
           "The two sides exchanged views on regional issues of common concern and agreed to maintain close communication.", "Experts noted that the recovery remains uneven, and called for coordinated policies."]


def english(story):
    """An English edition."""
    language, r = story.language, story.random
    story.title = language.choice(["China's foreign trade grows steadily in first quarter", "Vice minister meets with foreign delegation", "New rules on data security take effect", "City unveils plan to improve air quality"])
    story.blocks = [("p", " ".join(language.choice(ENGLISH) for _ in range(r.randint(1, 3)))) for _ in range(r.randint(3, 7))]
    story.clicks = story.editor = None
    story.source = language.choice(["Xinhua", "China Daily", "English.gov.cn", "Ministry of Commerce"])
    story.author = None
    when = story.when
    story.precision, date = language.choice([("day", when.strftime("%B %d, %Y")), ("minute", when.strftime("%Y-%m-%d %H:%M")), ("day", when.strftime("%Y-%m-%d")), ("day", when.strftime("%b. %d, %Y").replace("May.", "May")), ("day", when.strftime("%d %B %Y"))])
    info = language.choice(['<div class="info"><span>%s</span><span>Source: %s</span></div>', '<p class="date">Updated: %s | Source: %s</p>', '<div>%s&nbsp;&nbsp;&nbsp;Source:%s</div>']) % (date, story.source)
    html = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%s</title></head><body><ul class="nav"><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/policies">Policies</a></li><li><a href="/about">About us</a></li></ul><div class="main"><h1>%s</h1>%s<div class="text">%s</div><div class="share">Share: <a>Facebook</a> <a>Twitter</a></div></div><div class="foot">Copyright&copy; All rights reserved. Tel: 010-12345678</div></body></html>' % (
        escape(story.title) + language.choice(["", "_English_Example.gov.cn", " - Ministry of Examples"]), escape(story.title), info, story.body("indent"))
    return html, story.expected("http://english.example.gov.cn/news/%d.html" % story.identity, "english.example.gov.cn", "english")


TRADITIONAL_TEXT = ["為推廣終身學習，本局訂於下週六上午九時於市立圖書館舉辦講座，歡迎市民踴躍參加。", "局長表示，市府將持續推動各項福利措施，照顧弱勢家庭，提升生活品質。", "活動現場設有攤位，並備有限量紀念品，送完為止。", "如遇颱風等天候因素，活動延期辦理，另行公告。",
                    "依據「社會救助法」第十二條規定，符合資格者得於期限內提出申請。", "發言人說：「我們會繼續與相關部門緊密合作，確保公眾安全。」"]


def traditional(story):
    """Offices in Taiwan, Hong Kong and Macau; years of the Republic."""
    language, r, when = story.language, story.random, story.when
    story.title = language.choice(["市府推動社會福利新措施 照顧弱勢家庭", "社會局辦理「銀髮族健康講座」活動", "衞生防護中心公布最新疫情", "旅遊局呼籲旅客注意出行安全", "公告本市一百一十年度營業稅開徵事宜"])
    story.blocks = [("p", "".join(language.choice(TRADITIONAL_TEXT) for _ in range(r.randint(1, 3)))) for _ in range(r.randint(2, 5))]
    story.author = story.editor = None
    story.precision = "day"
    if story.clicks is None:
        story.clicks = 77
    year = when.year - 1911
    roc = language.choice(["%d-%02d-%02d" % (year, when.month, when.day), "%d/%02d/%02d" % (year, when.month, when.day), "%d.%02d.%02d" % (year, when.month, when.day), "民國%d年%d月%d日" % (year, when.month, when.day), "%d年%d月%d日" % (year, when.month, when.day), when.strftime("%Y-%m-%d"), when.strftime("%Y/%m/%d")])
    office = language.choice(["社會局", "衞生署", "教育處", "旅遊局"])
    label = language.choice(["發布日期", "發佈日期", "公告日期", "張貼日期", "發布時間", "上版日期", "日期"])
    source_label = language.choice(["發布單位", "資料來源", "發布機關", "提供單位", "發布處室", "單位", "來源"])
    click_label = language.choice(["點閱次數", "點閱數", "瀏覽人次", "瀏覽次數", "點擊數", "人氣"])
    layout = language.choice(["<ul class=\"data\"><li>{l}：{d}</li><li>{s}：{o}</li><li>{c}：{n}</li></ul>", "<p>{l}：{d}　{s}：{o}　{c}：{n}</p>", "<table><tr><th>{l}</th><td>{d}</td></tr><tr><th>{s}</th><td>{o}</td></tr><tr><th>{c}</th><td>{n}</td></tr></table>",
                              "<div><span>{l}</span><span>{d}</span></div><div><span>{s}</span><span>{o}</span></div><div><span>{c}</span><span>{n}</span></div>", "<dl><dt>{l}</dt><dd>{d}</dd><dt>{s}</dt><dd>{o}</dd><dt>{c}</dt><dd>{n}</dd></dl>"])
    info = layout.format(l=label, d=roc, s=source_label, o=office, c=click_label, n=story.clicks)
    story.source = office
    below = language.chance(0.4)
    body = '<div class="cp">%s</div>' % story.body("div")
    html = '<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8"><title>%s</title></head><body><a href="#C" accesskey="C">跳到主要內容</a><div class="nav"><ul><li><a href="/">回首頁</a></li><li><a href="/map">網站導覽</a></li></ul></div><div class="path"><a href="/">首頁</a> > <a href="/n">最新消息</a></div><div id="C"><h2>%s</h2>%s</div><p><a href="/list">回上一頁</a></p><footer>地址：某路1號　電話：02-12345678　瀏覽人數：1234567　更新日期：%d-01-02</footer></body></html>' % (
        language.choice([escape(story.title), "某市政府社會局-" + escape(story.title), escape(story.title) + " | 某縣政府"]), escape(story.title), body + info if below else info + body, 113)
    return html, story.expected("https://www.example.gov.%s/cp.aspx?n=%d" % (language.choice(["tw", "tw", "tw", "hk", "mo"]) if roc[0] != "民" and not roc.startswith(str(year)) else "tw", story.identity), "traditional.example.gov.tw", "traditional")


def print_view(story):
    """The text and nothing else."""
    story.clicks = story.author = story.editor = None
    info = strip(story, ["published", "+source"], story.language.choice(LAYOUTS[:4]))
    html = "<html><head><meta charset=utf-8><title>%s</title></head><body onload='window.print()'><center><h3>%s</h3></center>%s<hr>%s<hr><center><input type=button value=打印><a href='javascript:window.close()'>关闭</a></center></body></html>" % (story.language.choice([escape(story.title), "打印页面"]), escape(story.title), info, story.body())
    return html, story.expected("http://www.example.cn/print.jsp?id=%d" % story.identity, "print.example.cn", "print")


def mobile(story):
    story.clicks = story.author = story.editor = None
    story.precision = "minute"
    html = '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title></head><body><header class="top"><a href="/m/">首页</a><span>%s</span></header><section class="art"><p class="t">%s</p><p class="s"><em>%s</em><em>%s</em></p><div class="c">%s</div></section><section class="more"><p>推荐</p>%s</section><footer>触屏版 电脑版</footer></body></html>' % (
        escape(story.title), story.column[-1], escape(story.title), (story.source if story.source and story.source != "本站" else "云岭日报"), story.when.strftime("%Y-%m-%d %H:%M"), story.body("indent"), others(story, 5, False))
    story.source = story.source if story.source and story.source != "本站" else "云岭日报"
    return html, story.expected("http://m.example.cn/a/%d.html" % story.identity, "mobile.example.cn", "mobile")


def slipped_hours(story):
    """PubDate by a twelve-hour clock; the strip is right."""
    story.clicks = story.author = story.editor = None
    story.when = story.when.replace(hour=story.random.randint(13, 18))
    story.precision = "minute"
    wrong = story.when - datetime.timedelta(hours=12)
    head = '<meta name="ArticleTitle" content="%s"><meta name="PubDate" content="%s"><meta name="ContentSource" content="%s">' % (escape(story.title).replace('"', "&quot;"), wrong.strftime("%Y-%m-%d %I:%M"), story.source or "")
    info = strip(story, ["published", "+source"], story.language.choice(LAYOUTS[:6]), date=story.when.strftime("%Y-%m-%d %H:%M"))
    html = "<html><head><meta charset=utf-8><title>%s</title>%s</head><body>%s%s<h1>%s</h1>%s<div>%s</div>%s</body></html>" % (escape(caption(story)), head, menu(story), crumbs(story), escape(story.title), info, story.body(), footer(story))
    return html, story.expected("http://www.example.gov.cn/x/%d.html" % story.identity, "hours.example.gov.cn", "hours")


def yearless(story):
    """The strip has month and day; the year stands in the address."""
    story.clicks = story.author = story.editor = None
    story.precision = "day"
    when = story.when
    date = story.language.choice(["%m-%d", "%m月%d日", "%m/%d", "[%m-%d]"])
    info = strip(story, ["published", "source"], story.language.choice(LAYOUTS[:6]), date=when.strftime(date))
    html = "<html><head><meta charset=utf-8><title>%s</title></head><body>%s%s<h1>%s</h1>%s<div>%s</div>%s</body></html>" % (escape(caption(story)), menu(story), crumbs(story), escape(story.title), info, story.body(), footer(story))
    url = story.language.choice(["http://www.example.cn/%Y/%m/{}.html", "http://www.example.cn/%Y-%m/{}.htm", "http://www.example.cn/xw/%Y/{}.html", "http://www.example.cn/%Y%m/{}.shtml"])
    return html, story.expected(when.strftime(url).format(story.identity), "yearless.example.cn", "yearless")


def video_page(story):
    story.blocks = [("p", story.language.paragraph(1, 2))]
    story.clicks = story.clicks or 12
    story.author = story.editor = None
    info = strip(story, ["published", "source", "clicks"], story.language.choice(LAYOUTS[:8]))
    html = '<html><head><meta charset=utf-8><title>%s</title></head><body>%s%s<div class="video_t">%s</div><div class="player"><script>ckplayer("a1","/v/1.mp4");</script><object><param name=movie value=1.swf><embed src=1.swf></object></div>%s<div class="video_jj">%s</div><div class="video_list"><h3>更多视频</h3>%s</div>%s</body></html>' % (
        escape(caption(story)), menu(story), crumbs(story), escape(story.title), info, story.body("indent"), others(story, 8, False), footer(story))
    return html, story.expected("http://www.example.cn/video/%d.html" % story.identity, "video.example.cn", "video")


ARTICLES = [mixed, short_notice, long_table, only_files, only_picture, split_text, english, traditional, print_view, mobile, slipped_hours, yearless, video_page]
for number, one in enumerate(ARTICLES):
    if one is not mixed:
        one.__name__ = "mixed_" + one.__name__
