"""A crawl finds every article of every column, whatever the dialect in which the column's list is paged."""
from urllib.parse import quote

from harness import *
import shutil

HTML = {"Content-Type": "text/html; charset=utf-8"}
DATA = {"Content-Type": "application/json;charset=utf-8"}
XML = {"Content-Type": "text/xml; charset=utf-8"}
TITLES = ["市政府召开常务会议研究部署工作", "关于印发实施方案的通知", "我市召开新闻发布会介绍情况", "市领导赴基层调研重点项目", "关于公开征求意见的公告"]


def page(title, body, head=""):
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


class Site:
    """A column for each dialect, seven articles in each, three on a page."""
    COUNT, SIZE = 7, 3

    def __init__(self):
        self.pages, self.articles, self.columns = {}, {}, []

    def add(self, path, body, headers=HTML):
        self.pages[path] = (200, headers, body if isinstance(body, bytes) else body.encode())

    def column(self, name, entry, address):
        """Makes the articles; gives their rows as (href, title, date)."""
        rows = []
        for n in range(1, self.COUNT + 1):
            path, title, date = address(n), f"{TITLES[n % len(TITLES)]}之{name}{n}", f"2021-11-{n + 10:02d}"
            self.add(path, page(title, f"<h1>{title}</h1><p>发布时间：{date} 来源：市政府办公室</p><div class=TRS_Editor><p>{'会议强调，要坚持问题导向，抓好落实。' * 8}</p></div>"))
            self.articles[path] = (title, date)
            rows.append((path, title, date))
        self.columns.append((name, entry))
        return [rows[i:i + self.SIZE] for i in range(0, self.COUNT, self.SIZE)]

    @staticmethod
    def rows(rows):
        return "<ul>" + "".join(f"<li><a href='{href}' title='{title}'>{title}</a><span>{date}</span></li>" for href, title, date in rows) + "</ul>"

    def done(self):
        self.add("/", page("某市人民政府", "<div class=nav>" + "".join(f"<a href='{entry}'>{name}</a>" for name, entry in self.columns) + "</div>"))
        self.add("/robots.txt", "User-agent: *\nDisallow:\n", {"Content-Type": "text/plain"})
        return self.pages


def build():
    site = Site()
    count, size = Site.COUNT, Site.SIZE
    total = 3

    groups = site.column("要闻", "/trs/", lambda n: f"/trs/202111/t202111{n + 10}_{4000 + n}.html")
    for i, rows in enumerate(groups):
        site.add("/trs/" if i == 0 else f"/trs/index_{i}.html", page("要闻", site.rows(rows) + f"<script>createPageHTML({total}, {i}, \"index\", \"html\");</script>"))
    site.pages["/trs/index.html"] = site.pages["/trs/"]

    groups = site.column("公告", "/vsb.htm", lambda n: f"/info/1043/{800 + n}.htm")
    for i, rows in enumerate(groups):
        number = total - i  # backwards
        links = "" if i == total - 1 else f"<span class='p_next p_fun'><a href='/vsb/{number - 1}.htm'>下页</a></span>"
        site.add("/vsb.htm" if i == 0 else f"/vsb/{number}.htm", page("公告", site.rows(rows) + f"<span class=p_pages><span class=p_t>共{count}条</span>{links}</span>"))

    groups = site.column("部门", "/col/col14/index.html", lambda n: f"/art/2021/11/{n + 10}/art_14_{n}.html")
    records = lambda rows: "".join(f"<record><![CDATA[{site.rows([row])[4:-5]}]]></record>" for row in rows)
    proxy = "/module/web/jpage/dataproxy.jsp"
    site.add("/col/col14/index.html", page("部门", f"<script type='text/xml'><datastore><recordset>{records(groups[0])}</recordset></datastore></script><script>$('#1').jpage("
             f"{{perPage:1,totalRecord:{count},proxyUrl:'{proxy}',ajaxParam:{{col:1,columnid:14,unitid:'7'}}}});</script>"))
    for i, rows in enumerate(groups[1:], 1):
        site.add(f"{proxy}?startrecord={i * size + 1}&endrecord={i * size + size}&perpage=1&col=1&columnid=14&unitid=7",
                 f"<datastore><totalrecord>{count}</totalrecord><recordset>{records(rows)}</recordset></datastore>", XML)

    groups = site.column("区县", "/more.html", lambda n: f"/art/2021/11/{n + 10}/art_15_{n}.html")
    more = "/module/web/jpage/morecolumndataproxy.jsp?appid=1&columnid=15&page="
    site.add("/more.html", page("区县", f"<script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"{more}2\"></a>]]></nextgroup><recordset>{records(groups[0])}</recordset></datastore></script>"))
    for i, rows in enumerate(groups[1:], 2):
        site.add(f"{more}{i}", f"<datastore><totalpage>{total}</totalpage><recordset>{records(rows)}</recordset></datastore>", HTML)

    groups = site.column("政策", "/col/col16/index.html", lambda n: f"/col/col16/art/2021/art_{'0a1b2c3d4e5f60718293a4b5c6d7e8' + format(n, '02x')}.html")
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    fields = "{'webId':'9','pageId':'16','parseType':'bulidstatic','tagId':'列表'}"
    asked = f"{unit}?webId=9&pageId=16&parseType=bulidstatic&tagId={quote('列表')}"
    site.add("/col/col16/index.html", page("政策", f"<div id=list></div><script url=\"{unit}\" queryData=\"{fields}\"></script>"))
    for i, rows in enumerate(groups, 1):
        html = site.rows(rows) + f"<div class='pagination' querydata=\"{fields}\" rows='{size}' count='{count}' pageno='{i}' uniturl='{unit}'></div>"
        more_json = "" if i == 1 else "&paramJson=" + quote('{"pageNo":%d,"pageSize":%d}' % (i, size), safe="")
        site.add(asked + more_json, json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False), DATA)

    groups = site.column("法规", "/c100/index.shtml", lambda n: f"/c100/202111/{'5ad7f285c40d4f478a7b43b9fcd67d' + format(n, '02x')}.shtml")
    channel = "5ad7f285c40d4f478a7b43b9fcd67d70"
    site.add("/c100/index.shtml", page("法规", "<ul id=list></ul>", f"<meta name=channelId content={channel}>"))
    for i, rows in enumerate(groups, 1):
        results = [{"title": title, "url": href, "publishedTimeStr": date + " 08:00:00"} for href, title, date in rows]
        site.add(f"/common/search/{channel}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page={i}",
                 json.dumps({"data": {"page": i, "rows": size, "total": count, "results": results}}, ensure_ascii=False), DATA)

    groups = site.column("公开", "/kjj/gkmlpt/index", lambda n: f"/kjj/gkmlpt/content/3/3671/post_{3671000 + n}.html")
    site.add("/kjj/gkmlpt/index", page("公开", "<script>window._CONFIG = {SID: '755325', TREE: [{\"id\":2972}]};</script>"))
    for i, rows in enumerate(groups + [[]], 1):
        articles = [{"id": k, "title": title, "url": href, "display_publish_time": 1636560000 + 86400 * k} for k, (href, title, date) in enumerate(rows)]
        site.add(f"/kjj/gkmlpt/api/all/2972?page={i}&sid=755325", json.dumps({"articles": articles}, ensure_ascii=False), DATA)

    for name, entry, later, address in [
            ("教育", "/tzgg/list.htm", "/tzgg/list{}.htm", lambda n: f"/2021/11{n + 10}/c295a{9000 + n}/page.htm"),  # Sudy
            ("卫生", "/zwdt/", "/zwdt/index_{}.html", lambda n: f"/zwdt/2021-11-{n + 10}/{n}.html"),  # EmpireCMS
            ("交通", "/a/jt/", "/a/jt/list_1_{}.html", lambda n: f"/a/jt/2021/11{n + 10}/{n}.html"),  # DedeCMS
            ("水利", "/list-8-1.html", "/list-8-{}.html", lambda n: f"/show-8-{n}-1.html"),  # PHPCMS
            ("林业", "/news.asp?bigclassid=3", "/news.asp?bigclassid=3&page={}", lambda n: f"/shownews.asp?id={n}")]:
        for i, rows in enumerate(site.column(name, entry, address), 1):
            link = f"<div class=page>共{count}条 {i}/{total}页 <a href='{later.format(i + 1)}'>下一页</a></div>" if i < total else ""
            site.add(entry if i == 1 else later.format(i), page(name, site.rows(rows) + link))

    rows = [row for group in site.column("订阅", "/rss.xml", lambda n: f"/rss/{50000 + n}.html") for row in group]
    site.add("/rss.xml", "<?xml version='1.0' encoding='utf-8'?><rss><channel>" + "".join(
        f"<item><title><![CDATA[{title}]]></title><link>{href}</link><pubDate>{date}</pubDate></item>" for href, title, date in rows) + "</channel></rss>", XML)
    return site


class Lists(Case):
    def test_every_article_of_every_dialect_is_found(self):
        site = build()
        server = StaticServer(site.done())
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        records = {record["url"][len(server.base):]: record for record in self.lines("list", "--kind", "all", "--limit", 1000)}
        missing = [path for path in site.articles if path not in records]
        self.assertEqual(missing, [], "\n".join(sorted(records)))
        wrong = [(path, records[path]["title"]) for path, (title, date) in site.articles.items() if records[path]["title"] != title]
        self.assertEqual(wrong, [])
        # What a page's own script asks is asked as it asks.
        units = [fields for path, fields in server.asked.items() if "/front/page/build/unit" in path]
        self.assertTrue(units)
        for fields in units:
            self.assertEqual(fields.get("X-Requested-With"), "XMLHttpRequest")
            self.assertTrue(fields.get("Referer", "").startswith(server.base), fields)

    def test_a_posted_list_is_read_archived_and_survives_a_rebuild(self):
        site = self.portal("--articles", 96, "--seed", 5, "--list-size", 5, "--no-sitemap", "--posted-lists")
        self.crawl(site.base)
        truth = {article["url"] for article in site.truth()["articles"] if article["state"] == "live"}
        self.assertEqual(truth - {record["url"] for record in self.lines("list")}, set())
        asked = [line["request"] for line in map(json.loads, site.get("/__control/requests").splitlines())]
        posts = [line for line in asked if line.startswith("POST")]
        self.assertTrue(posts and all(line == "POST /getFileListByCodeId" for line in posts), posts)
        self.assertNotIn("GET /getFileListByCodeId", " ".join(asked))
        # Its key is the address with the method and the body, as replay tools have it.
        keys = [record["url"] for record in self.lines("list", "--kind", "list", "--limit", 1000) if "__wb_method=POST" in record["url"]]
        self.assertEqual(len(keys), len(posts), keys)
        first = next(key for key in keys if "&page=1&" in key)
        self.assertTrue(first.startswith(site.base + ("" if site.base.endswith("/") else "/") + "getFileListByCodeId?__wb_method=POST&codeId=&channelId=aaaa"), first)
        self.assertIn("total", json.loads(self.run_program("show", first, "--format", "raw").stdout)["data"])
        self.assertEqual(self.json("show", first)["list"]["page"], 1)
        self.run_program("verify")
        # Once more: the lists are asked again, and nothing is new.
        summary = self.crawl(site.base)
        self.assertEqual(summary["new"], 0, summary)
        again = [line for line in map(json.loads, site.get("/__control/requests").splitlines()) if line["request"].startswith("POST")]
        self.assertEqual(len(again), 2 * len(posts))
        before = self.answers()
        self.run_program("rebuild")
        self.assertEqual(self.answers(), before)
        self.run_program("verify")
        # The records say what was asked.
        import glob
        import gzip
        text = b"".join(gzip.open(path).read() for path in glob.glob(os.path.join(self.archive, "warc", "*", "*", "*.gz")))
        self.assertIn(b"\r\n\r\nPOST /getFileListByCodeId HTTP/1.1", text)
        self.assertIn(b"WARC-Target-URI: " + first.split("?")[0].encode() + b"\r\n", text)
        self.assertNotIn(b"WARC-Target-URI: " + first.encode(), text)

    def test_a_posted_list_that_no_family_knows_is_left_and_so_is_a_link_like_one(self):
        script = "<script>$.post('/delete.do',{id:7,page:1},f)</script><script>$.post('/getFileListByCodeId',{channelId:who(),page:1},f)</script>"
        link = "<a href='/getFileListByCodeId?__wb_method=POST&channelId=7&page=1'>列表</a>"
        server = StaticServer({"/": (200, HTML, page("某市人民政府", f"<div class=nav><a href='/l/'>公告</a>{link}</div>")),
                               "/l/": (200, HTML, page("公告", script + link))})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        self.assertIn("/l/", server.asked)
        self.assertEqual([path for path in server.asked if "POST" in path], [])

    def test_a_data_proxy_that_takes_no_get_is_asked_by_post(self):
        site = Site()
        groups = site.column("部门", "/col/col14/index.html", lambda n: f"/art/2021/11/{n + 10}/art_14_{n}.html")
        records = lambda rows: "".join(f"<record><![CDATA[{site.rows([row])[4:-5]}]]></record>" for row in rows)
        proxy = "/module/web/jpage/dataproxy.jsp"
        site.add("/col/col14/index.html", page("部门", f"<script type='text/xml'><datastore><recordset>{records(groups[0])}</recordset></datastore></script><script>$('#1').jpage("
                 f"{{perPage:1,totalRecord:7,proxyUrl:'{proxy}',ajaxParam:{{col:1,columnid:14,unitid:'7'}}}});</script>"))
        for i, rows in enumerate(groups[1:], 1):
            query = f"{proxy}?startrecord={i * 3 + 1}&endrecord={i * 3 + 3}&perpage=1"
            site.pages[f"{query}&col=1&columnid=14&unitid=7"] = (405, HTML, b"<html><title>405</title></html>")
            site.add(f"POST {query} col=1&columnid=14&unitid=7", f"<datastore><totalrecord>7</totalrecord><recordset>{records(rows)}</recordset></datastore>", XML)
        server = StaticServer(site.done())
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        known = {record["url"][len(server.base):] for record in self.lines("list", "--kind", "all", "--limit", 1000)}
        self.assertEqual([path for path in site.articles if path not in known], [], "\n".join(sorted(server.asked)))
        posted = [fields for path, fields in server.asked.items() if path.startswith("POST")]
        self.assertEqual(len(posted), 2)
        for fields in posted:
            self.assertTrue(fields["Content-Type"].startswith("application/x-www-form-urlencoded"))

    def test_a_list_without_end_is_left(self):
        # A site that answers any number of a page: past its 2 pages without rows, and always with a next one.
        rows = "<ul><li><a href='/shownews.asp?id={0}'>市政府召开常务会议研究部署工作之{0}</a><span>2021-11-29</span></li></ul>"
        pages = {"/": (200, HTML, page("首页", "<a href='/news.asp?page=1'>新闻</a>"))}
        for n in range(1, 200):
            body = (rows.format(n) if n <= 2 else "") + f"<div class=page><a href='/news.asp?page={n + 1}'>下一页</a></div>"
            pages[f"/news.asp?page={n}"] = (200, HTML, page("新闻", body))
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        summary = self.crawl(server.base + "/", expect=None)
        self.assertLess(summary["fetched"], 12)


class Announced(Case):
    """What columns announce is held against what was got of them: a loss is told, and what is whole is not called partial."""

    def report(self, *columns, mend=None):
        """The grade and the findings of a crawl of columns of 40 articles, ten on a page: (site, groups) → None makes one."""
        site = Site()
        site.COUNT, site.SIZE = 40, 10
        for i, column in enumerate(columns):
            path = f"/{'abcdefgh'[i]}/"
            groups = site.column(f"栏目{i}", path, lambda n: f"{path}202111/t202111{n % 20 + 10}_{4000 + n}.html")
            column(site, path, groups)
        server = StaticServer(site.done())
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        return self.json("report", self.lines("list")[0]["site"])

    @staticmethod
    def trs(announced, lost=(), total=None, items=""):
        def make(site, path, groups):
            for i, rows in enumerate(groups):
                script = f"<script>createPageHTML({announced}, {i}, \"index\", \"html\"{items});</script>"
                if i not in lost:
                    site.add(path if i == 0 else f"{path}index_{i}.html", page("要闻", site.rows(rows) + script + (f"<div class=page>共{total}条</div>" if total else "")))
            site.pages[f"{path}index.html"] = site.pages[path]
        return make

    @staticmethod
    def proxy(answers=4, post=False, group="", total=40):
        """Hanweb: five to a page, three pages asked for at once, the first ten in the page."""
        def make(site, path, groups):
            records = lambda rows: "".join(f"<record><![CDATA[{site.rows([row])[4:-5]}]]></record>" for row in rows)
            rows, proxy = sum(groups, []), "/module/web/jpage/dataproxy.jsp"
            more = f"<nextgroup><![CDATA[<a href=\"{proxy}?page=1&columnid=14&unitid=7\"></a>]]></nextgroup>" if group else ""
            site.add(path, page("部门", f"<script type='text/xml'><datastore>{more}<recordset>{records(rows[:15])}</recordset></datastore></script><script>$('#1').jpage("
                     f"{{perPage:5,totalRecord:{total},proxyUrl:'{proxy}',ajaxParam:{{columnid:14,unitid:'7'}}}});</script>"))
            for k in range(0 if group else 1, 4):
                got = records(rows[k * 15:k * 15 + 15]) if k < answers else ""
                answer = f"<datastore><totalrecord>{total}</totalrecord><totalpage>{-(-total // 5)}</totalpage><recordset>{got}</recordset></datastore>"
                asked = f"page={k + 1}" if group else f"startrecord={k * 15 + 1}&endrecord={k * 15 + 15}&perpage=5"
                site.add(f"{proxy}?{asked}&columnid=14&unitid=7", answer, XML)
                if post:
                    site.pages[f"{proxy}?{asked}&columnid=14&unitid=7"] = (405, HTML, b"<html><h1>HTTP Status 405 - HTTP method GET is not supported by this URL</h1></html>")
                    site.add(f"POST {proxy}?{asked} columnid=14&unitid=7", answer, XML)
        return make

    @staticmethod
    def plain(pages=4, pager=lambda k, n: ""):
        def make(site, path, groups):
            for k, rows in enumerate(groups[:pages], 1):
                link = f"<a href='{path}?page={k + 1}'>下一页</a>" if k < pages else ""
                site.add(path if k == 1 else f"{path}?page={k}", page("新闻", site.rows(rows) + f"<div class=page>{pager(k, len(groups))} {link}</div>"))
        return make

    def test_what_is_whole_is_complete(self):
        for name, column in {
                "TRS": self.trs(4), "with a total": self.trs(4, items=', "black2", 40'), "one page fewer": self.trs(4, total=44),
                "a proxy": self.proxy(), "a proxy by groups": self.proxy(group="next"), "a proxy by POST": self.proxy(post=True),
                "a proxy that announces a few more": self.proxy(total=43),
                "pages by query": self.plain(pager=lambda k, n: f"共40条 第{k}/{n}页"), "a total that lags behind": self.plain(pager=lambda k, n: "共45条记录"),
                "words of its own": self.plain(pager=lambda k, n: "公共服务 98 项 共有 12345 个部门")}.items():
            with self.subTest(name):
                shutil.rmtree(self.archive, ignore_errors=True)
                run = self.report(column)
                self.assertEqual((run["grade"], run["findings"]), ("complete", []), run["coverage"]["lists"])

    def test_what_is_missing_is_told(self):
        for name, (column, kind, words) in {
                "a page in the middle": (self.trs(4, lost=[2]), "announced", "page 2"),
                "a proxy without rows": (self.proxy(answers=1), "announced_total", "(15 of 40)"),
                "more announced than shown": (self.plain(pages=2, pager=lambda k, n: "共40条记录"), "announced_total", "(20 of 40)"),
                "one page and no way on": (self.plain(pages=1, pager=lambda k, n: "共40条记录"), "announced_total", "(10 of 40)")}.items():
            with self.subTest(name):
                shutil.rmtree(self.archive, ignore_errors=True)
                run = self.report(column)
                self.assertEqual(run["grade"], "partial", run["coverage"]["lists"])
                told = [finding["text"] for finding in run["findings"] if finding["kind"] == kind]
                self.assertTrue(any(words in text for text in told), run["findings"])

    def test_one_broken_column_among_many_is_told(self):
        # What the others announce and have does not make up for it.
        run = self.report(*[self.trs(4)] * 6, self.plain(pages=1, pager=lambda k, n: f"第{k}/{n}页 共40条"))
        self.assertEqual(run["grade"], "partial")
        self.assertIn("/g/ (1 of 4)", " ".join(finding["text"] for finding in run["findings"]))

    def test_a_sweep_that_finds_all_unchanged_tells_the_same(self):
        site = Site()
        site.COUNT, site.SIZE = 40, 10
        self.trs(4, lost=[2])(site, "/a/", site.column("要闻", "/a/", lambda n: f"/a/202111/t202111{n % 20 + 10}_{4000 + n}.html"))
        server = StaticServer(site.done())
        self.addCleanup(server.stop)
        for _ in range(2):
            self.crawl(server.base + "/", expect=None)
            run = self.json("report", self.lines("list")[0]["site"])
            self.assertEqual(run["grade"], "partial", run["findings"])
            self.assertIn("3 of 4", " ".join(finding["text"] for finding in run["findings"]))


class Counters(Case):
    def crawl_counted(self, *more):
        site = self.portal("--articles", 160, "--seed", 6, "--list-size", 10, "--list-counters")
        return site, self.crawl(site.base, *more)

    def test_one_answer_counts_for_every_article_of_a_list(self):
        site, summary = self.crawl_counted()
        articles = {article["url"]: article for article in site.truth()["articles"] if article["counter"] == "vsb" and article["state"] == "live"}
        self.assertGreaterEqual(len(articles), 20)
        asked = [line["request"].split(" ", 1)[1] for line in map(json.loads, site.get("/__control/requests").splitlines())]
        batches = [path for path in asked if "dynclicksbatch.jsp" in path]
        self.assertTrue(batches)
        self.assertEqual(len(batches), len(set(batches)), "asked twice")
        # What a list answers, or will, is not asked for one by one, but for what was got before the list.
        alone = 0
        for url in articles:
            number = url.rsplit("/", 1)[1].split(".")[0]
            counted = min(i for i, path in enumerate(asked) if "dynclicksbatch.jsp" in path and number in path)
            by_itself = [path for path in asked if f"/dynclicks.jsp?clickid={number}&" in path]
            alone += len(by_itself)
            if asked.index("/" + url.split("/", 3)[3]) > counted:
                self.assertEqual(by_itself, [])
        self.assertLess(alone, len(articles) // 2)
        self.assertEqual(site.control("stats")["by_class"]["counter_increment"], 0)
        for url, article in articles.items():
            observed = self.lines("clicks", url)
            self.assertEqual({(one["clicks"], one["basis"]) for one in observed}, {(article["clicks"], "counter:vsb")}, url)
            self.assertEqual(self.json("show", url)["clicks"], article["clicks"])
        self.run_program("verify")
        # A list that comes back unchanged is counted all the same.
        once = {url: self.lines("clicks", url) for url in articles}
        site.control("reset")
        self.crawl(site.base)
        asked = [line["request"] for line in map(json.loads, site.get("/__control/requests").splitlines())]
        self.assertEqual(len([line for line in asked if "dynclicksbatch.jsp" in line]), len(batches))
        for url in articles:
            self.assertGreater(len(self.lines("clicks", url)), len(once[url]), url)
        before = {url: self.lines("clicks", url) for url in articles}
        self.run_program("rebuild")
        self.assertEqual({url: self.lines("clicks", url) for url in articles}, before)

    def test_what_a_list_leaves_without_a_number_is_asked_by_itself(self):
        """The articles wait for their list's answer, which is none, or has no number of some."""
        def number_of(path):
            return int(path.split("clickid=")[1].split("&")[0])

        class Pages(dict):
            batch = staticmethod(lambda path: None)

            def get(self, path, otherwise):
                if "/dynclicksbatch.jsp" in path:
                    answer = self.batch(path)
                    return (200, DATA, answer) if answer else otherwise
                if "/dynclicks.jsp" in path:
                    return (200, DATA, str(number_of(path)).encode())
                return super().get(path, otherwise)

        numbers = range(3001, 3009)
        rows = "".join(f"<li><a href='/info/7/{n}.htm' title='{TITLES[n % 5]}{n}'>{TITLES[n % 5]}{n}</a><span>2021-11-{n % 20 + 1:02d}</span></li>" for n in numbers)
        places, ids = ",".join(f"'dynclicks_u7_{n}'" for n in numbers), ",".join(map(str, numbers))
        for batch in (lambda path: None, lambda path: b"1,2,null,4,null,6,7,8"):
            pages = Pages()
            pages.batch = batch
            pages["/"] = (200, HTML, page("市政府", f"<ul>{rows}</ul><script>_showDynClickBatch([{places}],[{ids}],\"wbnews\",1632)</script>"))
            for n in numbers:
                pages[f"/info/7/{n}.htm"] = (200, HTML, page(f"{TITLES[n % 5]}{n}", f"<h1>{TITLES[n % 5]}{n}</h1><p>发布时间：2021-11-{n % 20 + 1:02d} 点击："
                                             f"<script>_showDynClicks(\"wbnews\", 1632, {n})</script></p><div class=v_news_content><p>{'会议强调，要坚持问题导向，抓好落实。' * 8}</p></div>"))
            server = StaticServer(pages)
            self.addCleanup(server.stop)
            archive = os.path.join(self.directory, server.base.rsplit(":", 1)[1])
            self.crawl(server.base + "/", archive=archive)
            self.assertEqual(len([path for path in server.asked if "/dynclicksbatch.jsp" in path]), 1)
            alone = sorted(number_of(path) for path in server.asked if "/dynclicks.jsp" in path)
            self.assertEqual(alone, [3003, 3005] if batch("") else list(numbers))
            for n in numbers:
                self.assertEqual([one["clicks"] for one in self.lines("clicks", f"{server.base}/info/7/{n}.htm", archive=archive)],
                                 [n if n in alone else n - 3000], n)

    def test_counters_off_asks_for_none(self):
        config = os.path.join(self.directory, "config", "sites")
        os.makedirs(config)
        site = self.portal("--articles", 40, "--seed", 6, "--list-counters")
        with open(os.path.join(config, "p.toml"), "w") as file:
            file.write(f'id = "p"\nname = "P"\nseeds = ["{site.base}"]\nallow_private = true\ndelay = 0\ncounters = "off"\n')
        self.run_program("crawl", "--site", "p", "--config", os.path.dirname(config), expect=None)
        stats = site.control("stats")
        self.assertGreater(stats["by_class"]["article"], 0)
        self.assertEqual(stats["by_class"]["counter_read"], 0)

    def test_sudy_answers_for_a_list_by_name(self):
        articles = {f"/2021/11{n + 10}/c295a{9000 + n}/page.htm": 100 + n for n in range(1, 6)}
        rows = "".join(f"<li><a href='{path}'>市政府召开常务会议研究部署工作之{count}</a><span>2021-11-{count - 90:02d}</span>"
                       f"<span class='wp_listVisitCount' artId='{path.split('a')[1].split('/')[0]}'></span></li>" for path, count in articles.items())
        ids = ",".join(path.split("a")[1].split("/")[0] for path in articles)
        pages = {"/": (200, HTML, page("首页", "<div class=nav><a href='/tzgg/list.htm'>通知公告</a></div>")),
                 "/tzgg/list.htm": (200, HTML, page("通知公告", f"<script sudy-wp-siteid='68' src='/_js/jquery.sudy.wp.visitcount.js'></script><ul>{rows}</ul>")),
                 f"POST /_visitcountdisplay?articleIds={ids}&siteId=68&funType=0 ": (200, DATA, json.dumps(
                     [{"articleId": int(path.split("a")[1].split("/")[0]), "count": count} for path, count in reversed(articles.items())]).encode())}
        for path, count in articles.items():
            pages[path] = (200, HTML, page("通知", f"<h1>市政府召开常务会议研究部署工作之{count}</h1><p>发布时间：2021-11-11 来源：办公室</p><div class=wp_articlecontent>"
                                           f"<p>{'会议强调，要坚持问题导向，抓好落实。' * 8}</p></div>"))
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        for path, count in articles.items():
            self.assertEqual([(one["clicks"], one["basis"]) for one in self.lines("clicks", server.base + path)], [(count, "counter:sudy")], "\n".join(server.asked))


if __name__ == "__main__":
    unittest.main()
