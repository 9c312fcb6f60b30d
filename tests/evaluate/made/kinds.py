"""Pages that are no articles: lists, home pages, errors, leaders; and articles that look like them."""
from .story import escape, strip
from .systems import crumbs, footer, menu, metas, others, page


def truth(kind, url, site):
    return {"kind": kind, "url": url, "site": site, "family": "kind-" + kind, "charset": "utf-8"}


def items(story, count, form):
    language, out = story.language, []
    for i in range(count):
        date = "%d-%02d-%02d" % (story.when.year, 1 + (i % 12), 1 + (i * 7) % 28)
        link, title = "/xw/%d.htm" % language.random.randint(1, 99999), escape(language.title())
        out.append(form.format(link=link, title=title, date=date, summary=language.paragraph(1, 1)))
    return "\n".join(out)


LIST_FORMS = {
    "plain": "<li><a href='{link}'>{title}</a><span>{date}</span></li>", "before": "<li><span>{date}</span><a href='{link}'>{title}</a></li>",
    "table": "<tr><td><a href='{link}'>{title}</a></td><td>{date}</td></tr>", "summary": "<div class=item><h3><a href='{link}'>{title}</a></h3><p>{summary}</p><span>{date}</span></div>",
    "undated": "<li>·<a href='{link}'>{title}</a></li>", "bracket": "<li><a href='{link}'>{title}</a> [{date}]</li>",
}


def lists(name):
    def make(story):
        body = items(story, story.random.randint(8, 25), LIST_FORMS[name])
        wrap = "<table>%s</table>" if name == "table" else "<div class=list><ul>%s</ul></div>"
        html = page(story, metas(story, "SiteName", "ColumnName", "ColumnType") if story.language.chance(0.4) else "", menu(story) + crumbs(story) + wrap % body + '<div class="page"><a>首页</a><a>上一页</a><a href="list_2.html">下一页</a> 共12页</div>' + footer(story), title="%s-%s" % (story.column[-1], story.site_name))
        return html, truth("list", "http://www.example.gov.cn/xwzx/tzgg/", "list-%s.example.gov.cn" % name)
    make.__name__ = "list_" + name
    return make


def home(story):
    blocks = "".join("<div class=block><h2><a href='/%d/'>%s</a><a>更多>></a></h2><ul>%s</ul></div>" % (i, c, items(story, 6, LIST_FORMS["plain"])) for i, c in enumerate(["要闻", "公告", "部门动态", "政策解读", "专题"]))
    return page(story, metas(story, "SiteName", "SiteDomain", "SiteIDCode"), menu(story) + blocks + footer(story), title=story.site_name), truth("home", "http://www.example.gov.cn/" + story.language.choice(["", "index.html", "index.shtml"]), "home.example.gov.cn")


ERRORS = ["您访问的页面不存在或已删除", "对不起，您要访问的页面不存在或已被删除! 本页面10秒之后将带您回到首页", "温馨提示：您访问的页面不存在或已删除", "该信息已被删除", "页面找不到了",
          "信息不存在或已被删除", "很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断", "您的请求带有不合法参数，已被网站管理员设置拦截", "您的请求疑似攻击行为",
          "抱歉！您的访问可能对网站造成威胁，已被云防护拦截", "请求已被 长亭 SafeLine 阻断", "您当前的访问行为存在异常，请稍后重试", "该文章未审核", "Sorry, Page Not Found", "404 Not Found"]


def error(story):
    text = story.language.choice(ERRORS)
    framed = story.language.chance(0.4)
    body = "<div class=err><h1>%s</h1><p><a href='/'>返回首页</a></p></div>" % text
    html = page(story, "", (menu(story) if framed else "") + body + (footer(story) if framed else ""), title=story.language.choice(["提示信息", "404", story.site_name, text]))
    return html, truth("error", "http://www.example.gov.cn/xw/%d.html" % story.identity, "error.example.gov.cn")


def login(story):
    return page(story, "", '<div class=login><h2>用户登录</h2><form><input name=u><input type=password name=p><input type=submit value=登录></form><a href=/reg>注册</a></div>', title="用户登录"), truth("error", "http://www.example.gov.cn/user/login.jsp", "login.example.gov.cn")


def shell(story):
    return '<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s</title></head><body><div id="app"></div><script src="/static/js/app.8d3f.js"></script></body></html>' % story.site_name, truth("error", "https://www.example.gov.cn/web/detail/%d" % story.identity, "shell.example.gov.cn")


def challenge(story):
    html = story.language.choice([
        "<html><head><meta id=\"x\" content=\"abc\" r=\"m\"><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=12345;$_ts.cd=\"qqq\";</script><script src=\"/aB3.js\" r='m'></script></head><body></body></html>",
        "<script>document.cookie=('__jsl_clearance_s=')+'1.2';location.href=location.pathname+location.search</script>",
        "<html><body><script>document.cookie=\"C3VK=abc; max-age=300\";window.location.reload();</script></body></html>"])
    return html, truth("error", "http://www.example.gov.cn/xw/%d.html" % story.identity, "challenge.example.gov.cn")


def about_security(story):
    """An article about blocked requests and deleted pages, by a site that serves it."""
    story.clicks = story.author = story.editor = None
    story.title = story.language.choice(["多地网站出现“您的访问被阻断”提示，专家解读Web应用防火墙", "网页打不开显示404错误怎么办", "关于规范网站“您访问的页面不存在”提示页的通知", "警惕钓鱼网站：禁止访问不明链接"])
    story.blocks = [("p", "近日，不少网民打开部分网站时看到“您的请求疑似攻击行为”“您访问的页面不存在或已删除”等字样。"), ("p", story.language.paragraph(2, 3)), ("p", story.language.paragraph(1, 3))]
    info = strip(story, ["published", "+source"], "spaces")
    html = page(story, "", menu(story) + "<h1>%s</h1>%s<div class=con>%s</div>" % (escape(story.title), info, story.body()) + footer(story))
    return html, story.expected("http://www.example.gov.cn/xw/%d.html" % story.identity, "security.example.gov.cn", "about-security")


def with_related(story):
    """A short article and many dated links beside it."""
    story.clicks = story.author = story.editor = None
    info = strip(story, ["published", "+source"], "spans")
    html = page(story, "", menu(story) + "<div class=l><h1>%s</h1>%s<div class=con>%s</div></div><div class=r><h3>最新公告</h3>%s<h3>热点</h3>%s</div>" % (escape(story.title), info, story.body(), others(story, 15), others(story, 12)) + footer(story))
    return html, story.expected("http://www.example.gov.cn/gg/%d.html" % story.identity, "related.example.gov.cn", "with-related")


def list_labelled(story):
    """Items that tell their date and clicks with labels."""
    body = items(story, story.random.randint(8, 14), "<li><h4><a href='{link}'>{title}</a></h4><p>发布时间：{date}　点击：12</p></li>")
    return page(story, "", menu(story) + crumbs(story) + "<ul>%s</ul>" % body + footer(story), title="%s-%s" % (story.column[-1], story.site_name)), truth("list", "http://www.example.gov.cn/xwzx/gzdt/index.html", "list-labelled.example.gov.cn")


def list_catalogue(story):
    """政府信息公开目录: rows of number, title, issuer, date."""
    rows = "".join("<tr><td>%d</td><td><a href='/gk/%d.html'>%s</a></td><td>%s</td><td>%d-%02d-%02d</td></tr>" % (i + 1, i, escape(story.language.title()), story.office, story.when.year, 1 + i % 12, 1 + i % 28) for i in range(15))
    html = page(story, "", menu(story) + crumbs(story) + "<table><tr><th>序号</th><th>信息名称</th><th>发布机构</th><th>发布日期</th></tr>%s</table><div>共 120 条 1/8 <a href='?p=2'>下一页</a></div>" % rows + footer(story), title="政府信息公开目录")
    return html, truth("list", "http://www.example.gov.cn/zfxxgk/gkml/", "list-catalogue.example.gov.cn")


def list_search(story):
    """A list with a long introduction above it."""
    html = page(story, "", menu(story) + crumbs(story) + "<div class=jj>%s</div><ul>%s</ul>" % (story.language.paragraph(2, 2), items(story, 18, LIST_FORMS["plain"])) + footer(story), title="专题专栏-" + story.site_name)
    return html, truth("list", "http://www.example.gov.cn/zt/aqsc/", "list-special.example.gov.cn")


LISTS = [list_labelled, list_catalogue, list_search] + [lists(name) for name in LIST_FORMS]
