"""List pages, home pages and pages that are neither, in many layouts; for lists with the links that a reader would follow: the truth's
"links" holds article_links and pager_links, as links.json of a folder of pages does."""
from .story import escape
from .systems import crumbs, footer, menu, metas

ADDRESSES = ["./202{y}0{m}/t202{y}0{m}0{d}_{n}.html", "/art/202{y}/{m}/{d}/art_14_{n}.html", "../info/1074/{n}.htm", "/202{y}/0{m}0{d}/c295a{n}/page.htm", "show.asp?id={n}", "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1074&wbnewsid={n}",
             "/n1/202{y}/0{m}0{d}/c1008-{n}.html", "/xw/202{y}-0{m}/0{d}/content_{n}.htm", "/c/202{y}-0{m}-0{d}/{n}.shtml", "index.php?m=content&c=index&a=show&catid=17&id={n}", "/plus/view.php?aid={n}", "/News_Content.aspx?n=9E5&s={n}",
             "/gk/show/{n}", "/detail/{n}.jhtml", "http://www.example.gov.cn/zwgk/content/post_{n}.html", "/ReadNews.aspx?NewsId={n}", "/Item/{n}.aspx"]

ROWS = {
    "after": '<li><a href="{u}" title="{t}">{t}</a><span>{d}</span></li>',
    "before": '<li><span class="date">{d}</span><a href="{u}" target="_blank">{t}</a></li>',
    "cut": '<li><a href="{u}" title="{t}">{c}</a><em>{d}</em></li>',
    "bracket": '<li>·<a href="{u}">{t}</a> [{d}]</li>',
    "yearless": '<li><a href="{u}">{t}</a><i>{s}</i></li>',
    "table": '<tr><td width=20><img src="dot.gif"></td><td><a href="{u}" target="_blank">{t}</a></td><td align=right>{d}</td></tr>',
    "row-table": '<table width="100%"><tr><td><a href="{u}">{t}</a></td><td>{d}</td></tr></table>',
    "summary": '<div class="item"><h3><a href="{u}">{t}</a></h3><p>{x}…<a href="{u}">[详细]</a></p><span>{d}</span></div>',
    "picture": '<li><a href="{u}"><img src="{n}.jpg" alt="{t}"></a><div><a href="{u}">{t}</a><p>{d}</p></div></li>',
    "day-box": '<li><div class="d"><b>{dd}</b><i>{ym}</i></div><div><a href="{u}">{t}</a><p>{x}</p></div></li>',
    "inside": '<li><a href="{u}"><span>{d}</span>{t}</a></li>',
    "block": '<a class="row" href="{u}"><p class="t">{t}</p><p class="d">{d}</p></a>',
    "heading": '<dl><dt><a href="{u}">{t}</a></dt><dd>{d} 来源：本站</dd></dl>',
    "catalogue": '<tr><td>{i}</td><td><a href="{u}">{t}</a></td><td>青政发〔202{y}〕{i}号</td><td>{d}</td></tr>',
    "column": '<li>[<a href="/lm{k}/">部门动态</a>] <a href="{u}">{t}</a> <span>{d}</span></li>',
    "undated": '<li><a href="{u}">{t}</a></li>',
    "script": "<li><a href=\"javascript:void(0)\" onclick=\"window.open('{u}')\">{t}</a><span>{d}</span></li>",
    "counted": '<li><a href="{u}">{t}</a><span>{d}</span><span>阅读：{i}</span></li>',
}

PAGERS = {
    "plain": ('<div class="page"><span>1</span> <a href="index_1.html">2</a> <a href="index_2.html">3</a> <a href="index_1.html">下一页</a> <a href="index_9.html">尾页</a></div>', ["index_1.html", "index_2.html", "index_9.html"]),
    "trs": ('<script>createPageHTML(10, 0, "index", "html");</script>', ["index_1.html"]),
    "vsb": ('<span class="p_pages"><span class="p_first_d">首页</span><span class="p_prev_d">上页</span><span class="p_no_d">1</span><span class="p_no"><a href="tzgg/10.htm">2</a></span><span class="p_next"><a href="tzgg/10.htm">下页</a></span><span class="p_last"><a href="tzgg/1.htm">尾页</a></span></span>', ["tzgg/10.htm", "tzgg/1.htm"]),
    "query": ('<div>共 120 条 1/8 <a href="?page=2">下一页</a> <a href="?page=8">末页</a></div>', ["?page=2", "?page=8"]),
    "sudy": ('<ul class="wp_paging"><li><a href="list2.htm" class="next">下一页</a></li><li><a href="list8.htm">尾页</a></li></ul>', ["list2.htm", "list8.htm"]),
    "none": ("", []),
}

WRAPS = ['<div class="list"><ul>%s</ul></div>', '<div class="right_con"><ul class="news">%s</ul></div>', "<div>%s</div>", '<div id="content"><div class="lb">%s</div></div>', '<div class="main_list"><dl>%s</dl></div>', '<div class="hot"><div class="newsbox">%s</div></div>']


def rows(story, form, count, address):
    language, r, out, urls = story.language, story.random, [], []
    titles = set()
    for i in range(count):
        title = language.title()
        while title in titles:
            title = language.title()
        titles.add(title)
        y, m, d, n = r.randint(0, 4), r.randint(1, 9), r.randint(1, 9), r.randint(10000, 999999)
        url = address.format(y=y, m=m, d=d, n=n)
        urls.append(url)
        out.append(ROWS[form].format(u=escape(url), t=escape(title), c=escape(title[:14]) + "...", d="202%d-0%d-0%d" % (y, m, d), s="0%d-0%d" % (m, d), dd="0%d" % d, ym="202%d-0%d" % (y, m), x=escape(language.paragraph(1, 1)[:60]), n=n, i=i + 1, k=i % 3, y=y))
    return "\n".join(out), urls


def wrap(story, form, text):
    if form in ("table", "catalogue"):
        head = "<tr><th>序号</th><th>标题</th><th>文号</th><th>日期</th></tr>" if form == "catalogue" else ""
        return '<table width="100%%">%s%s</table>' % (head, text)
    return story.language.choice(WRAPS) % text


def side(story):
    language = story.language
    return language.choice(["", '<div class="left"><h3>栏目导航</h3><ul>%s</ul></div>' % "".join('<li><a href="/lm/%d/">%s</a></li>' % (i, name) for i, name in enumerate(["领导信息", "机构设置", "部门文件", "政策解读", "规划计划", "统计数据", "财政预决算"])),
                            '<div class="left"><ul><li class="on"><a href="./">通知公告</a></li><li><a href="../gzdt/">工作动态</a></li><li><a href="../zcwj/">政策文件</a></li></ul></div>'])


def frame(story, head, text, title=None):
    links = '<div class="links">友情链接：<a href="http://www.gov.cn/">中国政府网</a> <a href="http://www.example.org/">省政府网</a> <a href="/wzdt/">网站地图</a> <a href="/gywm/">关于我们</a></div>'
    return '<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s</title>%s</head><body>%s%s%s%s</body></html>' % (escape(title or "%s-%s" % (story.column[-1], story.site_name)), head, menu(story), text, links, footer(story))


def truth(kind, url, family, links=None, pagers=()):
    answer = {"kind": kind, "url": url, "site": family + ".example.gov.cn", "family": family, "charset": "utf-8"}
    if links is not None:
        answer["links"] = {"article_links": [{"href": u} for u in links], "pager_links": [{"href": u} for u in pagers]}
    return answer


def listing(form):
    def make(story):
        language = story.language
        text, urls = rows(story, form, language.choice([5, 8, 15, 20, 30]), language.choice(ADDRESSES))
        pager, pages = PAGERS[language.choice(list(PAGERS))]
        title = language.choice(['<h2>%s</h2>' % story.column[-1], '<div class="lanmu">%s</div>' % story.column[-1], ""])
        html = frame(story, metas(story, "SiteName", "ColumnName", "ColumnType") if language.chance(0.3) else "", crumbs(story) + '<div class="w">%s<div class="rr">%s%s%s</div></div>' % (side(story), title, wrap(story, form, text), pager))
        return html, truth("list", "http://www.example.gov.cn/xxgk/tzgg/" + language.choice(["", "index.html"]), "list-" + form, urls, pages)
    make.__name__ = "listing_" + form.replace("-", "_")
    return make


def columns(story):
    """A column's own front page: a few lists with their headings."""
    language, parts, urls = story.language, [], []
    for i in range(language.choice([2, 3, 4])):
        form = language.choice(["after", "before", "bracket", "yearless", "undated", "cut"])
        text, more = rows(story, form, 6, language.choice(ADDRESSES))
        urls += more
        parts.append('<div class="box"><div class="bt"><a href="/lm%d/">%s</a><a class="more" href="/lm%d/">更多&gt;&gt;</a></div><ul>%s</ul></div>' % (i, ["通知公告", "工作动态", "政策法规", "图片新闻"][i], i, text))
    html = frame(story, "", crumbs(story) + "".join(parts))
    return html, truth("list", "http://www.example.gov.cn/zwgk/", "list-columns", urls)


def tabs(story):
    """Tabs of a home page, carousel, services, leaders' boxes."""
    language, urls = story.language, []
    first, more = rows(story, "yearless", 8, language.choice(ADDRESSES))
    urls += more
    second, more = rows(story, "undated", 8, language.choice(ADDRESSES))
    urls += more
    third, more = rows(story, "bracket", 6, language.choice(ADDRESSES))
    urls += more
    slides, more = rows(story, "picture", 3, language.choice(ADDRESSES))
    urls += more
    html = frame(story, metas(story, "SiteName", "SiteDomain", "SiteIDCode") if language.chance(0.5) else "", '<div class="banner"><ul>%s</ul></div><div class="tab"><ul class="tabs"><li>要闻</li><li>公告</li></ul><div class="c1"><ul>%s</ul></div><div class="c2" style="display:none"><ul>%s</ul></div></div><div class="svc"><a href="/bs/1">个人办事</a><a href="/bs/2">法人办事</a><a href="/hd/mail">领导信箱</a></div><div class="zt"><h3>专题专栏</h3><a href="/zt/a/">学习贯彻专题</a></div><ul>%s</ul>' % (
        slides, first, second, third), title=story.site_name)
    return html, truth("home", "http://www.example.gov.cn/" + language.choice(["", "index.html", "index.jsp"]), "home-tabs", urls)


def jpage(story):
    """Hanweb's data store: the rows stand in a script."""
    language = story.language
    text, urls = rows(story, "after", 15, "/art/202{y}/{m}/{d}/art_14_{n}.html")
    records = "".join("<record><![CDATA[%s]]></record>" % row for row in text.split("\n"))
    html = frame(story, "", crumbs(story) + '<div class="default_pgContainer"><div id="32"><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&webid=15&path=http://www.example.gov.cn/&columnid=14&unitid=32"></a>]]></nextgroup><recordset>%s</recordset></datastore></script></div><script>var pg = new Hanweb.jPage({totalRecord:453});</script></div>' % records)
    return html, truth("list", "http://www.example.gov.cn/col/col14/index.html", "list-jpage", urls)


def empty_list(story):
    html = frame(story, metas(story, "SiteName", "ColumnName"), crumbs(story) + '<div class="w">%s<div class="rr"><h2>%s</h2><p class="none">暂无内容</p><div class="page">共 0 条</div></div></div>' % (side(story), story.column[-1]))
    return html, truth("list", "http://www.example.gov.cn/xxgk/ghjh/", "list-empty", [])


SOFT = ["您访问的页面不存在或已删除", "很抱歉，您要访问的页面不存在", "页面找不到了", "找不到该页", "文件不存在", "栏目不存在", "该文章已下线", "没有找到相关数据", "抱歉，您访问的页面已被删除或不存在", "对不起，您访问的信息不存在", "您所查看的内容已被删除", "该页面正在维护中，请稍后访问", "您访问的文章已删除或未通过审核", "信息已过期"]
WALLS = ["很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。", "您的请求带有不合法参数，已被网站管理员设置拦截！", "您当前的访问行为存在异常，请稍后重试", "抱歉！您的访问可能对网站造成威胁，已被云防护拦截", "当前访问疑似黑客攻击，已被创宇盾拦截", "请求被WEB防火墙拦截",
         "您的访问过于频繁，请输入验证码后继续", "访问受限，您的IP不在允许范围内", "Access Denied. Your IP address has been blocked."]


def soft_error(story):
    language = story.language
    text = language.choice(SOFT)
    body = language.choice(['<div class="err"><img src="404.png"><p>%s</p><p><a href="/">返回首页</a></p></div>', '<table align=center><tr><td><b>%s</b></td></tr><tr><td><a href="javascript:history.back()">返回</a></td></tr></table>', '<script>alert("x")</script><h2>%s</h2><p>页面将在<span id=s>5</span>秒后跳转到首页</p>', '<div>%s</div>'])
    return (frame(story, "", body % text, title=language.choice(["出错了", "404", "提示", story.site_name, "错误页面"])) if language.chance(0.5) else "<html><head><title>%s</title></head><body>%s</body></html>" % (language.choice(["", "404", "提示信息", "系统提示"]), body % text)), truth("error", "http://www.example.gov.cn/xw/%d.html" % story.identity, "error-soft")


def wall(story):
    text = story.language.choice(WALLS)
    return '<html><head><meta charset=utf-8><title>%s</title><style>body{font:14px}</style></head><body><div class="wrapper"><h1>%s</h1><p>%s</p><p>事件ID：9f3a%d 时间：2021-03-04 10:20:30</p></div></body></html>' % (
        story.language.choice(["405", "访问拦截", "网站防火墙", "403 Forbidden", "安全提示"]), story.language.choice(["", "抱歉", "拦截提示"]), text, story.identity), truth("error", "http://www.example.gov.cn/xw/%d.html" % story.identity, "error-wall")


def shell(story):
    return story.language.choice([
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/static/css/app.css"></head><body><noscript><strong>We\'re sorry but this app doesn\'t work properly without JavaScript enabled.</strong></noscript><div id="app"></div><script src="/static/js/chunk-vendors.js"></script><script src="/static/js/app.js"></script></body></html>',
        '<html ng-app="app"><head><title>%s</title></head><body><div ui-view></div><script src="main.js"></script></body></html>',
        '<!DOCTYPE html><html><head><meta charset=utf-8><title>%s</title></head><body><div id="root">加载中...</div><script>window.__CFG__={}</script><script src="/umi.js"></script></body></html>']) % story.site_name, truth("error", "https://www.example.gov.cn/web/detail/%d" % story.identity, "error-shell")


def sign_in(story):
    return frame(story, "", '<div class="login"><h2>%s</h2><form action="/login"><p>用户名 <input name="u"></p><p>密码 <input type="password" name="p"></p><p>验证码 <input name="c"><img src="/captcha"></p><input type="submit" value="登录"></form><a href="/find">忘记密码</a></div>' % story.language.choice(["用户登录", "统一身份认证", "会员登录"]), title=story.language.choice(["用户登录", "统一身份认证平台"])), truth("error", "http://www.example.gov.cn/user/login", "error-login")


def office(story):
    """An office's duties: text without date."""
    story.blocks = [("p", "（%d）%s" % (i + 1, story.language.paragraph(1, 1))) for i in range(6)]
    html = frame(story, "", crumbs(story) + '<div class="jgzn"><h2>机构职能</h2>%s</div>' % story.body("indent"), title="机构职能-" + story.site_name)
    return html, {"kind": "article", "url": "http://www.example.gov.cn/zzjg/jgzn/content_%d.html" % story.identity, "site": "office.example.gov.cn", "family": "office", "charset": "utf-8", "title": "机构职能"}


LISTINGS = [listing(form) for form in ROWS] + [columns, tabs, jpage, empty_list]
OTHERS = [soft_error, wall, shell, sign_in]
for number, one in enumerate([columns, tabs, jpage, empty_list]):
    one.__name__ = "listing_" + one.__name__
for one in OTHERS:
    one.__name__ = "kind_" + one.__name__
