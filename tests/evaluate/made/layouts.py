"""What real templates do around their article beyond one system's habits: headings that are none, boxes before and inside
the text, credits, files, letters, players."""
from .story import DATE_FORMS, LAYOUTS, MINUTE_FORMS, SECOND_FORMS, escape, strip
from .systems import crumbs, fields, footer, menu, metas, neighbours, others, page, tail


def plain(story):
    story.clicks = story.editor = story.author = None
    return strip(story, ["published", "+source"], story.language.choice(["spaces", "bars", "spans", "wide"]))


def logo_heading(story):
    """The site's name is the only h1; boxes of news stand before the article."""
    info = plain(story)
    html = page(story, "", '<h1 class="logo"><a href="/">%s</a></h1><div class="date">今天是<script>document.write(new Date())</script> 2026年3月4日 星期三</div>' % story.site_name + menu(story) +
                '<div class="left"><h2>栏目导航</h2><ul><li><a href=1>机构概况</a></li><li><a href=2>领导介绍</a></li></ul><h2>最新动态</h2>%s</div><div class="right">%s<div class="wz"><div class="wz_top"><h3>%s</h3>%s</div><div class="wz_con">%s</div></div></div>' % (
                    others(story, 8), crumbs(story), escape(story.title), info, story.body()) + footer(story))
    return html, story.expected("http://www.example.cn/n/%d.html" % story.identity, "logo.example.cn", "layout-logo")


def whole_wrapper(story):
    """One box named content holds sidebar and article; the words of the names lie."""
    info = plain(story)
    html = page(story, "", '<div id="content" class="content main-list">%s<div class="nav-content"><div class="sidebar-wrap"><div class="hot-article"><h4>点击排行</h4>%s</div></div><div class="article-list"><div class="list_title">%s</div>%s<div class="list-content">%s</div>%s</div></div></div>' % (
        menu(story), others(story, 10, False), escape(story.title), info, story.body(), tail(story)) + footer(story))
    return html, story.expected("http://www.example.cn/w/%d.html" % story.identity, "wrapper.example.cn", "layout-wrapper")


def nested_tables(story):
    """Layout by tables in tables; sidebar and text share a row."""
    story.editor = story.author = None
    story.precision = "day"
    story.clicks = story.clicks or 44
    info = '<tr><td align="center">发布日期：%s　　浏览次数：<font color="red">%d</font>　　信息来源：%s</td></tr>' % (story.date_text(DATE_FORMS[0]), story.clicks, story.source or "本站")
    story.source = story.source or "本站"
    html = page(story, "", '<table width=1000><tr><td><table><tr><td><a href=/>首页</a></td><td><a href=/a>概况</a></td><td><a href=/b>新闻</a></td></tr></table></td></tr><tr><td valign=top width=200><table>%s</table></td><td valign=top><table width=100%%><tr><td height=30>当前位置：<a href=/>首页</a> &gt; %s</td></tr><tr><td><table width=98%%><tr><td align=center style="font-size:20px;font-weight:bold">%s</td></tr>%s<tr><td><hr></td></tr><tr><td style="line-height:28px">%s</td></tr><tr><td align=right>【<a href=javascript:print()>打印</a>】【<a href=javascript:close()>关闭</a>】</td></tr></table></td></tr></table></td></tr></table>' % (
        "".join("<tr><td>· <a href=%d.htm>%s</a></td></tr>" % (i, escape(story.language.title())) for i in range(6)), story.column[0], escape(story.title), info, story.body()) + footer(story), title=story.language.choice([story.site_name, story.title]))
    return html, story.expected("http://www.example.cn/t/show.asp?id=%d" % story.identity, "tables.example.cn", "layout-tables")


def files_below(story):
    """Attachments whose link texts are names without an ending, in the text."""
    info = plain(story)
    language = story.language
    story.blocks = [b for b in story.blocks if b[0] != "file"] + [("file", "附件：%s任务分解表.xlsx" % story.place)]
    names = ["%s责任清单" % language.choice(["部门", "乡镇", "单位"]), "%d年申报表" % story.when.year]
    listed = "".join('<p>%d.<a href="/upload/%d_%d.docx">%s</a></p>' % (i + 2, story.identity, i, name) for i, name in enumerate(names))
    html = page(story, "", menu(story) + crumbs(story) + "<h1>%s</h1>%s<div class=con>%s%s</div>" % (escape(story.title), info, story.body("indent"), listed) + neighbours(story) + footer(story))
    truth = story.expected("http://www.example.cn/f/%d.html" % story.identity, "files.example.cn", "layout-files")
    truth["body"] += "\n" + "\n".join("%d.%s" % (i + 2, name) for i, name in enumerate(names))
    return html, truth


def credits(story):
    """Who wrote, photographed and checked, below the text inside its box."""
    story.clicks = story.author = None
    info = strip(story, ["published", "+source"], "spaces")
    story.editor = story.language.name()
    names = [story.language.name() for _ in range(3)]
    line = story.language.choice(["<p style=\"text-align:right\">（文/{0} 图/{1} 编辑/{e}）</p>", "<p>撰稿：{0}　摄影：{1}　编辑：{e}　审核：{2}</p>", "<p align=right>编辑：{e}　审核：{2}</p>", "<p>初审：{0}</p><p>编辑：{e}</p><p>终审：{2}</p>"]).format(*names, e=story.editor)
    html = page(story, "", menu(story) + crumbs(story) + "<h2>%s</h2>%s<div class=v_news_content>%s%s</div>" % (escape(story.title), info, story.body("span"), line) + neighbours(story) + footer(story))
    truth = story.expected("http://www.example.edu.cn/c/%d.html" % story.identity, "credits.example.edu.cn", "layout-credits")
    truth.pop("author")
    truth.pop("editor")
    return html, truth


def letter(story):
    """A citizen's letter and the office's answer."""
    story.clicks = story.author = story.editor = story.source = None
    story.precision = "day"
    question, answer = story.language.paragraph(1, 2), story.language.paragraph(2, 3)
    story.title = "关于%s小区停车难的问题" % story.place
    story.blocks = []
    rows = [("来信标题", story.title), ("来信时间", story.when.strftime("%Y-%m-%d")), ("来信内容", question), ("回复单位", story.office), ("回复时间", story.when.strftime("%Y-%m-%d")), ("回复内容", answer)]
    html = page(story, "", menu(story) + crumbs(story) + "<h2>%s</h2><table>%s</table>" % (story.title, "".join("<tr><th>%s</th><td>%s</td></tr>" % row for row in rows)) + footer(story))
    truth = story.expected("http://www.example.gov.cn/hd/letter.jsp?id=%d" % story.identity, "letters.example.gov.cn", "layout-letter")
    for field in ("source", "author", "editor", "body"):
        truth.pop(field)
    return html, truth


def video(story):
    story.blocks = [("p", story.language.paragraph(1, 1))]
    info = plain(story)
    html = page(story, metas(story), menu(story) + crumbs(story) + "<h1>%s</h1>%s<div class=con><video controls width=600><source src=a.mp4>您的浏览器不支持 video 标签，请升级后观看。</video>%s</div>" % (escape(story.title), info, story.body("indent")) + footer(story))
    return html, story.expected("http://www.example.cn/v/%d.html" % story.identity, "video.example.cn", "layout-video")


def preformatted(story):
    """A text with line ends and no elements."""
    story.blocks = [(k, t) for k, t in story.blocks if k not in ("table", "image", "file")] or [("p", story.language.paragraph(2, 3))]
    info = plain(story)
    html = page(story, "", menu(story) + "<h1>%s</h1>%s<pre>%s</pre>" % (escape(story.title), info, "\n".join("　　" + escape(t) for _, t in story.blocks)) + footer(story))
    return html, story.expected("http://www.example.cn/p/%d.html" % story.identity, "pre.example.cn", "layout-pre")


def above(story):
    """The strip above the headline; the day big, month and year small."""
    story.clicks = story.author = story.editor = None
    story.precision = "day"
    story.source = None
    date = story.language.choice(['<div class="day"><strong>%02d</strong><span>%d-%02d</span></div>' % (story.when.day, story.when.year, story.when.month), '<p class="time">%s</p>' % story.date_text(DATE_FORMS[4])])
    html = page(story, "", menu(story) + '<div class="detail">%s<h2>%s</h2><div class="detail-text">%s</div></div>' % (date, escape(story.title), story.body()) + '<div class="more-news"><h3>更多新闻</h3>%s</div>' % others(story, 5) + footer(story))
    return html, story.expected("http://www.example.cn/d/%d.html" % story.identity, "above.example.cn", "layout-above")


def two_dates(story):
    """Published and changed, and a clock; the strip's order varies."""
    story.clicks = story.editor = None
    language = story.language
    later = story.when.replace(year=story.when.year + 1)
    parts = ["发布时间：" + story.date_text(MINUTE_FORMS[0] if story.precision != "day" else DATE_FORMS[0]), "更新时间：" + later.strftime("%Y-%m-%d %H:%M")]
    if story.precision == "second":
        story.precision = "minute"
    language.random.shuffle(parts)
    info = '<div class="time">%s　来源：%s　作者：%s</div>' % ("　".join(parts), story.source or "本站", story.author or "佚名")
    story.source = story.source or "本站"
    html = page(story, "", '<div class=top>2026年03月04日 星期三</div>' + menu(story) + crumbs(story) + "<h1>%s</h1>%s<div class=txt>%s</div>" % (escape(story.title), info, story.body()) + footer(story))
    return html, story.expected("http://www.example.cn/u/%d.html" % story.identity, "dates.example.cn", "layout-dates")


def related_inside(story):
    """A box of links in the middle of the text, and one at its end."""
    info = plain(story)
    story.blocks = [("p", story.language.paragraph(1, 3)) for _ in range(5)]
    parts = story.body("indent").split("\n")
    box = '<div class="related"><p>相关报道：</p>%s</div>' % others(story, 3, False)
    html = page(story, "", menu(story) + "<h1>%s</h1>%s<div class=art>%s%s%s<p>延伸阅读</p>%s</div>" % (escape(story.title), info, "\n".join(parts[:3]), box, "\n".join(parts[3:]), others(story, 4, False)) + footer(story))
    return html, story.expected("http://www.example.cn/r/%d.html" % story.identity, "inside.example.cn", "layout-related")


def linked_text(story):
    """Names in the text are links (as people's and places' names on portals)."""
    info = plain(story)
    body = story.body("indent")
    for word in (story.place, "记者", "会议", "项目", "全市"):
        body = body.replace(word, '<a href="/k/%d" target="_blank">%s</a>' % (len(word), word)) if "<img" not in body else body
    html = page(story, "", menu(story) + "<h1>%s</h1>%s<div class=art>%s</div>" % (escape(story.title), info, body) + footer(story))
    return html, story.expected("http://www.example.cn/l/%d.html" % story.identity, "linked.example.cn", "layout-linked")


def leaders(story):
    """An office's people: names, posts, duties, and no date."""
    people = [(story.language.name(), post) for post in ("党组书记、局长", "党组成员、副局长", "副局长", "总工程师")]
    html = page(story, metas(story, "SiteName", "ColumnName"), menu(story) + crumbs(story) + "".join('<div class="ld"><img src="%d.jpg"><p>%s</p><p>%s</p><p>负责%s工作。</p></div>' % (i, n, p, story.language.place() + "林业、水利") for i, (n, p) in enumerate(people)) + footer(story), title="领导信息-" + story.site_name)
    return html, {"kind": "other", "url": "http://www.example.gov.cn/zzjg/ldxx/", "site": "leaders.example.gov.cn", "family": "leaders", "charset": "utf-8"}


LAYOUTS_MADE = [logo_heading, whole_wrapper, nested_tables, files_below, credits, letter, video, preformatted, above, two_dates, related_inside, linked_text]
