"""What was not got though nothing failed: links that a page asks not to follow, links that are too deep, attachments and sitemaps that are not there, counters that
give no number. The report tells each, in every run, until it was got."""
import gzip
import socketserver
import subprocess
import threading
import unittest

from harness import FANGZHI, Case, StaticServer, os

HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = {"Content-Type": "text/plain"}


def page(title, body, more=None):
    return (200, {**HTML, **(more or {})}, f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode())


def article(number, body="", head=""):
    title = f"关于印发第{number}号实施方案的通知公告"
    text = "<p>" + f"第{number}号方案的内容，现印发给你们，请认真贯彻执行。" * 12 + "</p>"
    return (200, HTML, f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>发布时间：2024-05-01　来源：市政府办公室</p>{text}{body}</body></html>".encode())


def listed(paths):
    return "<ul>" + "".join(f'<li><a href="{path}">关于印发第{path[2:-5]}号实施方案的通知公告</a><span>2024-05-01</span></li>' for path in paths) + "</ul>"


class NotGot(Case):
    def crawl_site(self, pages, entry="", expect=(0, 3), server=None):
        server = server or StaticServer(pages)
        self.addCleanup(server.stop)
        config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(config, "sites"), exist_ok=True)
        with open(os.path.join(config, "sites", "demo.toml"), "w") as file:
            seeds = "" if entry.startswith("seeds") else f'seeds = ["{server.base}/"]\n'
            file.write(f"{seeds}allow_private = true\ndelay = 0\n{entry}")
        self.config = config
        return server, self.again(expect)

    def again(self, expect=(0, 3)):
        done = subprocess.run([FANGZHI, "crawl", "--archive", self.archive, "--config", self.config, "--json"], capture_output=True, timeout=120)
        self.assertIn(done.returncode, expect, done.stderr.decode(errors="replace")[-2000:])
        return self.lines("report")[0]

    def kinds(self, report):
        return {finding["kind"] for finding in report["findings"]}

    def text(self):
        return self.run_program("report", "demo").stdout.decode()

    def test_a_login_to_which_the_site_leads_is_in_nobodys_way(self):
        def form(number):
            return (200, HTML, f"<html><head><title>用户登录</title></head><body><form action=login.do method=post>用户名<input name=u>密码<input type=password name=p>"
                               f"<input type=hidden value={number}></form></body></html>".encode())
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/login.jsp">登录</a><a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names)), "/login.jsp": form(1)}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        server, report = self.crawl_site(pages, expect=(0,))
        self.assertEqual((report["grade"], report["findings"]), ("complete", []))
        pages["/login.jsp"] = form(2)
        self.assertEqual(self.again(expect=(0,))["grade"], "complete")
        self.assertEqual(self.json("show", server.base + "/login.jsp")["kind"], "other")
        # In the place of a text it is what it was.
        pages["/a3.html"] = form(3)
        report = self.again(expect=(3,))
        self.assertEqual((report["grade"], self.kinds(report), report["coverage"]["obstacles"]), ("partial", {"blocked"}, {"login": 1}))

    def test_the_bytes_of_a_page_under_an_errors_status_are_the_page_again_when_it_is_well(self):
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names))}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        server, _ = self.crawl_site(pages, expect=(0,))
        for status in (403, 500):
            pages["/a3.html"] = (status, *article(3)[1:])
            ill = self.again()["coverage"]
            self.assertTrue(ill["failed"] or ill["obstacles"], status)
            pages["/a3.html"] = article(3)
            report = self.again(expect=(0,))
            self.assertEqual((report["grade"], report["coverage"]["failed"]), ("complete", 0), status)
            [life] = self.lines("history", server.base + "/a3.html")
            self.assertEqual(self.json("show", server.base + "/a3.html")["state"], "present")
            self.assertEqual(life["version"], 1)
        self.assertEqual([event for event in self.lines("changes") if event["kind"] != "new"], [])
        self.run_program("verify")

    def test_a_content_coding_that_breaks_off_is_no_edit_and_gzip_twice_is_read(self):
        def packed(number, times=1, cut=0, header="gzip"):
            status, headers, body = article(number)
            for _ in range(times):
                body = gzip.compress(body, mtime=0)
            return (status, {**headers, **({"Content-Encoding": header} if header else {})}, body[:len(body) - cut])
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names))}
        pages.update({f"/a{i}.html": packed(i) for i in range(1, 6)})
        pages["/a5.html"] = packed(5, cut=120)
        server, _ = self.crawl_site(pages)
        self.assertTrue(self.json("show", server.base + "/a5.html")["truncated"])
        whole = self.json("show", server.base + "/a4.html")["body"]
        pages["/a1.html"], pages["/a2.html"], pages["/a3.html"] = packed(1, cut=120), packed(2, times=2), packed(3, header="")
        pages["/a5.html"] = packed(5)
        self.again()
        for path in ("/a1.html", "/a2.html", "/a3.html"):
            shown = self.json("show", server.base + path)
            self.assertEqual((shown["version"], shown["truncated"], len(shown["body"])), (1, False, len(whole)), path)
        self.assertFalse(self.json("show", server.base + "/a5.html")["truncated"])
        pages["/a1.html"] = packed(1)
        self.again(expect=(0,))
        self.assertEqual([event for event in self.lines("changes") if event["kind"] != "new"], [])
        before = self.lines("list")
        self.run_program("rebuild")
        self.assertEqual(self.lines("list"), before)

    def test_a_login_to_which_the_site_leads_as_to_a_text_is_in_its_way(self):
        form = (200, HTML, "<html><head><title>用户登录</title></head><body><form action=login.do method=post>用户名<input name=u>密码<input type=password name=p></form></body></html>".encode())
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names + ["/sso/t20211106_6.html"])), "/sso/t20211106_6.html": form}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        _, report = self.crawl_site(pages, expect=(3,))
        self.assertEqual((report["grade"], report["coverage"]["obstacles"]), ("partial", {"login": 1}))

    def test_a_run_that_is_partial_ends_with_3(self):
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names) + "<p>共50条记录</p>")}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        _, report = self.crawl_site(pages, expect=(3,))
        self.assertEqual((report["grade"], self.kinds(report)), ("partial", {"announced_total"}))

    def test_a_column_whose_list_says_nofollow_is_told_until_it_is_got(self):
        names = [f"/a{i}.html" for i in range(1, 6)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names), {"X-Robots-Tag": "nofollow"})}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        server, report = self.crawl_site(pages)
        for _ in range(2):  # the list does not change, and nobody follows it
            self.assertEqual((report["grade"], self.kinds(report)), ("partial", {"nofollow"}))
            self.assertEqual(set(report["coverage"]["left_out"]), {server.base + name for name in names})
            self.assertIn("5 links (nofollow)", self.text())
            report = self.again()
        # Another page leads to them.
        pages["/"] = page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>' + listed(names))
        report = self.again()
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", {}))

    def test_an_entry_that_follows_all_the_same_is_told(self):
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"]), {"X-Robots-Tag": "nofollow"}), "/a1.html": article(1)}
        _, report = self.crawl_site(pages, "obey_nofollow = false\n")
        self.assertEqual((report["grade"], report["nofollow_overridden"], report["coverage"]["articles"]), ("complete", True, 1))
        self.assertIn("obey_nofollow = false", self.text())

    def test_links_that_are_too_deep_are_told_and_redirects_are_no_depth(self):
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"]))}
        for i in range(1, 7):
            pages[f"/a{i}.html"] = article(i, f'<p>上一篇：<a href="/a{i + 1}.html">关于印发第{i + 1}号实施方案的通知公告</a></p>' if i < 6 else "")
        for i in range(7, 21):
            pages[f"/a{i - 1}.html"] = article(i - 1, f'<p>上一篇：<a href="/a{i}.html">关于印发第{i}号实施方案的通知公告</a></p>')
        pages["/a20.html"] = article(20)
        left = lambda i: {server.base + f"/a{i + 1}.html": {"reason": "max_depth", "page": server.base + f"/a{i}.html", "wanted": True}}
        server, report = self.crawl_site(pages, expect=(3,))
        for _ in range(2):
            self.assertEqual((report["grade"], self.kinds(report)), ("partial", {"max_depth"}))
            self.assertEqual(report["coverage"]["left_out"], left(16))
            report = self.again((3,))
        # A larger one follows them, though no page has changed; one that the entry wishes so is no loss, and is told.
        _, report = self.crawl_site(pages, "max_depth = 18\n", (0,), server)
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", left(18)))
        self.assertTrue(any("max_depth = 18" in note for note in report["notes"]), report["notes"])
        _, report = self.crawl_site(pages, "max_depth = 30\n", (0,), server)
        self.assertEqual((report["grade"], report["coverage"]["left_out"], report["notes"]), ("complete", {}, []))
        self.assertEqual(len(self.lines("list", "--limit", "100")), 21)
        self.assertEqual({event["kind"] for event in self.lines("changes")}, {"new"})
        self.archive += "-redirects"
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": (302, {"Location": "/r/1"}, b""), "/a9.html": article(9)}
        for i in range(1, 8):
            pages[f"/r/{i}"] = (302, {"Location": f"/r/{i + 1}" if i < 7 else "/a9.html"}, b"")
        _, report = self.crawl_site(pages, "max_depth = 1\n")
        self.assertEqual((report["grade"], report["coverage"]["articles"]), ("complete", 1))

    def test_what_an_entry_leaves_out_comes_when_it_no_longer_does(self):
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html", "/a2.html"])), "/a1.html": article(1, '<p>附件：<a href="/f/1.pdf">附件一.pdf</a></p>'), "/a2.html": article(2, head='<meta name="robots" content="nofollow">', body='<p>上一篇：<a href="/a3.html">关于印发第3号实施方案的通知公告</a></p>'),
                 "/a3.html": article(3), "/f/1.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n" + b"y" * 1000)}
        pages = {path: (code, {**head, "ETag": '"1"'}, body) for path, (code, head, body) in pages.items()}
        server, report = self.crawl_site(pages, 'capture = ["pages"]\nexclude = ["a1"]\n', (3,))
        self.assertEqual(report["coverage"]["articles"], 1)
        _, report = self.crawl_site(pages, 'capture = ["pages"]\n', (3,), server)
        self.assertEqual((self.kinds(report), report["coverage"]["articles"]), ({"nofollow"}, 1))
        _, report = self.crawl_site(pages, 'obey_nofollow = false\nmax_depth = 1\n', (0,), server)
        # The article lies at the depth that the entry has; its file belongs to it.
        self.assertEqual([visit["url"] for visit in self.lines("list", "--limit", "100") if visit["url"].endswith("pdf")], [server.base + "/f/1.pdf"])
        self.assertEqual(set(report["coverage"]["left_out"]), {server.base + "/a3.html"})
        _, report = self.crawl_site(pages, 'obey_nofollow = false\n', (0,), server)
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", {}))
        self.assertIn(server.base + "/a3.html", [record["url"] for record in self.lines("list", "--limit", "100")])

    def test_a_head_that_no_longer_says_nofollow_is_seen_though_no_byte_changed(self):
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(["/a1.html", "/a2.html", "/a3.html"]), {"X-Robots-Tag": "nofollow"})}
        pages.update({f"/a{i}.html": article(i) for i in range(1, 4)})
        _, report = self.crawl_site(pages, expect=(3,))
        self.assertEqual(self.kinds(report), {"nofollow"})
        pages["/l.html"] = page("通知公告", listed(["/a1.html", "/a2.html", "/a3.html"]))
        report = self.again((0,))
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", {}))
        self.assertEqual(report["coverage"]["articles"], 3)

    def test_addresses_that_differ_in_their_query_are_told_and_come_run_by_run(self):
        links = "".join(f'<p><a href="/wsbs/show?key={i:04}">身份证补领办理事项</a></p>' for i in range(350))
        # A page without a query of its own may name many: a directory of guides. One that was asked for by a query may be a machine's.
        pages = {"/": page("河西县人民政府门户网站", '<a href="/wsbs/?type=1">办事指南</a>' + listed(["/a1.html"])), "/a1.html": article(1), "/wsbs/?type=1": page("办事指南", links)}
        for i in range(350):
            pages[f"/wsbs/show?key={i:04}"] = page(f"事项{i}", "<p>" + f"第{i}个办事事项的说明文字。" * 40 + "</p>")
        _, report = self.crawl_site(pages, expect=(3,))
        self.assertEqual((self.kinds(report), len(report["coverage"]["left_out"])), ({"too_many_queries"}, 50))
        report = self.again((0,))
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", {}))
        self.assertEqual(len(self.lines("list", "--kind", "all", "--limit", "1000")), 353)

    def test_attachments_that_are_not_there_or_not_whole_are_told(self):
        links = "".join(f'<p>附件：<a href="/f/{name}">{name}</a></p>' for name in ("cut.zip", "gone.pdf", "soft.doc", "home.xls", "whole.pdf"))
        soft = "<html><head><title>404 页面不存在</title></head><body><h1>404</h1><p>您访问的页面不存在</p></body></html>"
        pages = {
            "/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1, links),
            "/f/cut.zip": (200, {"Content-Type": "application/zip"}, b"PK\x03\x04" + b"x" * (1 << 20)),
            "/f/gone.pdf": (404, HTML, b"<html><title>404</title></html>"),
            "/f/soft.doc": (200, HTML, soft.encode()), "/f/home.xls": (302, {"Location": "/"}, b""),
            "/f/whole.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n" + b"y" * 1000),
        }
        server, report = self.crawl_site(pages, 'max_body = "256 KiB"\n')
        for _ in range(2):
            coverage = report["coverage"]
            self.assertEqual((report["grade"], self.kinds(report)), ("partial", {"attachments_cut"}))
            self.assertEqual(coverage["attachments_cut"], {server.base + "/f/cut.zip": "longer than max_body"})
            missed = coverage["attachments_missed"]
            self.assertEqual((missed.get(server.base + "/f/gone.pdf"), missed.get(server.base + "/f/home.xls")), ("http_404", "redirect_home"))
            self.assertEqual(set(missed), {server.base + "/f/" + name for name in ("gone.pdf", "soft.doc", "home.xls")})
            report = self.again()

    def test_articles_and_attachments_on_other_hosts_are_told_by_name_and_number(self):
        elsewhere = StaticServer({})
        self.addCleanup(elsewhere.stop)
        other = elsewhere.base.replace("127.0.0.1", "localhost")
        rows = "".join(f'<li><a href="{other}/a{i}.html">关于印发第{i}号实施方案的通知公告</a><span>2024-05-01</span></li>' for i in range(1, 13))
        files = "".join(f'<p>附件：<a href="{other}/f/{i}.pdf">第{i}号名单.pdf</a></p>' for i in range(1, 6))
        pages = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", f"<ul>{rows}</ul>" + listed(["/a77.html"])), "/a77.html": article(77, files)}
        server, report = self.crawl_site(pages)
        host = other.replace("http://", "")
        for _ in range(2):  # neither page changes
            self.assertEqual((report["grade"], self.kinds(report)), ("degraded", {"articles_elsewhere", "attachments_elsewhere"}))
            there = report["coverage"]["other_hosts"][host]
            self.assertEqual((len(there["articles"]), len(there["attachments"])), (12, 5))
            self.assertEqual(there["attachments"][other + "/f/1.pdf"], server.base + "/a77.html")
            text = self.text()
            self.assertRegex(text, "on " + host + " +12 articles of lists, as http")
            self.assertIn(f'add "{host}" to hosts', text)
            report = self.again()
        self.assertEqual(elsewhere.asked, {})
        # What is excluded nobody misses.
        with open(os.path.join(self.config, "sites", "demo.toml"), "a") as file:
            file.write(f'exclude = ["^{other}/"]\n')
        report = self.again()
        self.assertEqual((report["grade"], report["coverage"]["other_hosts"]), ("complete", {}))

    def test_documents_that_a_page_shows_are_captured_and_pictures_with_requisites(self):
        pdf = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n" + b"y" * 1000)
        css = (200, {"Content-Type": "text/css"}, b"@import 'two.css'; body { background: url(bg.png) }")
        shown = '<iframe src="/pdf/viewer.html?file=/f/view.pdf"></iframe><embed src="/f/emb.pdf"><object data="/f/obj.pdf"></object><img src="/i/1.png" srcset="/i/2.png 2x">'
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1, shown, '<link rel="stylesheet" href="/css/one.css">'),
                 "/pdf/viewer.html": page("viewer", ""), "/css/one.css": css, "/css/two.css": (200, {"Content-Type": "text/css"}, b"p { src: url('/font.woff') }"),
                 **{f"/f/{name}.pdf": pdf for name in ("view", "emb", "obj")}}
        server, report = self.crawl_site(pages)
        self.assertEqual(set(server.asked), {"/robots.txt", "/", "/a1.html", "/f/view.pdf", "/f/emb.pdf", "/f/obj.pdf"})
        record = self.json("show", server.base + "/a1.html")
        self.assertEqual([attachment["url"] for attachment in record["attachments"]], [server.base + f"/f/{name}.pdf" for name in ("view", "emb", "obj")])
        self.archive += "-requisites"
        server, report = self.crawl_site(pages, 'capture = ["pages", "attachments", "requisites"]\n')
        self.assertEqual(set(server.asked), {"/robots.txt", "/", "/a1.html", "/f/view.pdf", "/f/emb.pdf", "/f/obj.pdf", "/pdf/viewer.html?file=/f/view.pdf", "/i/1.png", "/i/2.png",
                                             "/css/one.css", "/css/two.css", "/css/bg.png", "/font.woff"})

    def test_a_record_says_why_it_has_no_number_of_readings(self):
        pages = {"/": page("河西县人民政府门户网站", listed([f"/a{i}.html" for i in range(1, 6)]))}
        counters = {1: "/plus/count.php?view=yes&aid=1", 2: "/e/public/ViewClick/?classid=3&id=2", 3: "/e/public/ViewClick/?classid=3&id=3", 4: None, 5: "/e/public/ViewClick/?classid=3&id=5"}
        for number, counter in counters.items():
            pages[f"/a{number}.html"] = article(number, "", f'<script src="{counter}"></script>' if counter else "")
        pages[counters[2]] = (500, HTML, b"error")
        pages[counters[3]] = (200, HTML, b"<html>error</html>")
        pages[counters[5]] = (200, HTML, "document.write('１，２３４');".encode())
        server, _ = self.crawl_site(pages, "retries = 0\n")
        why = {i: (record["clicks"], record["clicks_reason"]) for i in counters for record in [self.json("show", f"{server.base}/a{i}.html")]}
        self.assertEqual(why, {1: (None, "counter_would_increment"), 2: (None, "counter_failed: http_500"), 3: (None, "counter_gave_no_number"), 4: (None, "not_published"), 5: (1233, None)})

    def test_sitemaps_that_are_not_read_are_told(self):
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1)}
        server = StaticServer(pages)
        pages["/robots.txt"] = (200, TEXT, f"User-agent: *\nSitemap: {server.base}/gone.xml\nSitemap: {server.base}/odd.xml\n".encode())
        pages["/odd.xml"] = page("网站地图", "<p>网站地图正在维护</p>")
        _, report = self.crawl_site(pages, server=server)
        for _ in range(2):
            self.assertEqual((report["grade"], self.kinds(report)), ("degraded", {"feeds_unread"}))
            self.assertEqual(report["coverage"]["feeds_unread"], {server.base + "/gone.xml": "http_404", server.base + "/odd.xml": "neither sitemap nor feed"})
            report = self.again()

    def test_clicks_are_those_that_were_got_and_counters_that_are_not_are_told(self):
        counter = '<p>浏览次数：<span id="hits"></span></p><script src="/api.php?op=count&amp;id={0}&amp;modelid=1"></script>'
        viewed = '<p>浏览次数：<script>_showDynClicks("wbnews", 1234567, {0})</script></p>'
        asked = "/system/resource/code/news/click/dynclicks.jsp?clickid={0}&owner=1234567&clicktype=wbnews"
        names = [f"/a{i}.html" for i in range(1, 9)]
        pages = {"/": page("河西县人民政府门户网站", listed(names))}
        for i in range(1, 9):
            pages[f"/a{i}.html"] = article(i, viewed.format(i) if i < 7 else counter.format(i))
            if i < 3:
                pages[asked.format(i)] = (200, TEXT, str(100 + i).encode())
        server, report = self.crawl_site(pages)
        coverage = report["coverage"]
        self.assertEqual((coverage["articles"], coverage["fields"].get("clicks", 0)), (8, 2))
        self.assertEqual((coverage["counters"]["asked"], coverage["counters"]["answered"], coverage["counters"]["not_asked"]), (6, 2, 2))
        self.assertEqual(set(coverage["counters"]["unread"].values()), {"http_404"})
        self.assertEqual((report["grade"], self.kinds(report)), ("degraded", {"counters_unread"}))
        self.assertIn("2 of 6 requests gave a number", self.text())
        self.assertIn("of 2 pages", self.text())
        self.assertEqual(self.json("stats")["field_coverage"]["clicks"], {"count": 2, "share": 0.25})

    def test_attachments_that_no_page_has_any_more_are_told_no_more(self):
        links = "".join(f'<p>附件：<a href="/f/{i}.pdf">附件{i}.pdf</a></p>' for i in range(5))
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1, links)}
        _, report = self.crawl_site(pages)
        self.assertEqual(self.kinds(report), {"attachments_missed"})
        pages["/a1.html"] = article(1)
        for _ in range(2):
            report = self.again()
            self.assertEqual((report["grade"], report["coverage"]["attachments_missed"]), ("complete", {}))

    def test_a_cut_attachment_is_no_failure_in_any_run(self):
        pages = {
            "/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1, '<p>附件：<a href="/f/a.zip">a.zip</a></p>'),
            "/f/a.zip": (200, {"Content-Type": "application/zip"}, b"PK\x03\x04" + b"x" * (1 << 20)),
        }
        _, report = self.crawl_site(pages, 'max_body = "256 KiB"\n')
        for _ in range(2):
            self.assertEqual((self.kinds(report), report["failed"], report["coverage"]["failed"]), ({"attachments_cut"}, 0, 0))
            report = self.again()

    def test_a_page_of_which_a_part_came_is_told_and_is_not_gone(self):
        names = [f"/a{i}.html" for i in range(1, 6)]
        answers = {"/": page("河西县人民政府门户网站", '<a href="/l.html">通知公告</a>'), "/l.html": page("通知公告", listed(names))}
        answers.update({f"/a{i}.html": article(i) for i in range(1, 6)})
        cut = set()

        class Odd(socketserver.StreamRequestHandler):
            def handle(self):
                path = self.rfile.readline().split()[1].decode()
                while self.rfile.readline().strip():
                    pass
                status, headers, body = answers.get(path, (404, HTML, b"<html><title>404</title></html>"))
                lengths = [str(len(body)), "0"] if path in cut else [str(len(body))]
                fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "".join(f"Content-Length: {length}\r\n" for length in lengths)
                try:
                    self.wfile.write(f"HTTP/1.1 {status} X\r\n{fields}Connection: close\r\n\r\n".encode() + body)
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def stop(self):
                self.shutdown()
                self.server_close()

        server = Server(("127.0.0.1", 0), Odd)
        server.base = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _, report = self.crawl_site(answers, "retries = 0\n", (0,), server)
        self.assertEqual(report["coverage"]["pages_cut"], {})
        # Of one the head says two lengths; another is longer than what we take, and says nothing before that.
        cut.add("/a1.html")
        answers["/a2.html"] = (200, HTML, b"<html><!--" + b"x" * (1 << 20) + b"--><p>" + answers["/a2.html"][2])
        with open(os.path.join(self.config, "sites", "demo.toml"), "a") as file:
            file.write('max_body = "256 KiB"\n')
        for _ in range(3):
            report = self.again((3,))
            told = report["coverage"]["pages_cut"]
            self.assertEqual(set(told), {server.base + "/a1.html", server.base + "/a2.html"})
            self.assertIn("several lengths", told[server.base + "/a1.html"])
            self.assertEqual(told[server.base + "/a2.html"], "longer than max_body")
            self.assertIn(("partial", "pages_cut"), [(finding["grade"], finding["kind"]) for finding in report["findings"]])
            self.assertIn(server.base + "/a2.html (longer than max_body)", self.text())
        for path in ("/a1.html", "/a2.html"):
            record = self.json("show", server.base + path)
            self.assertEqual((record["state"], record["truncated"]), ("present", False))
            self.assertEqual([state["state"] for state in self.lines("history", server.base + path, "--states")][1:], ["present", "unreachable:truncated"])
        self.assertEqual({event["kind"] for event in self.lines("changes")}, {"new"})
        cut.clear()
        answers["/a2.html"] = article(2)
        report = self.again((0,))
        self.assertEqual((report["grade"], report["coverage"]["pages_cut"]), ("complete", {}))

    def test_guides_that_one_page_names_by_their_queries_are_got(self):
        names = [f"/wsbs/show?key={i}" for i in range(330)]
        pages = {"/": page("河西县人民政府门户网站", '<a href="/wsbs/">办事指南</a>'), "/wsbs/": page("办事指南", "".join(f'<p><a href="{name}">身份证补领办理事项</a></p>' for name in names))}
        pages.update({name: page(f"事项{i}", "<p>" + f"第{i}个办事事项的说明文字。" * 20 + "</p>") for i, name in enumerate(names)})
        server, report = self.crawl_site(pages)
        self.assertEqual((report["grade"], report["coverage"]["left_out"]), ("complete", {}))
        self.assertEqual(set(names) - set(server.asked), set())

    def test_a_part_of_a_sitemap_that_is_not_there_is_told(self):
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1)}
        server = StaticServer(pages)
        pages["/robots.txt"] = (200, TEXT, f"User-agent: *\nSitemap: {server.base}/sm.xml\n".encode())
        index = f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{server.base}/sm1.xml</loc></sitemap></sitemapindex>'
        pages["/sm.xml"] = (200, {"Content-Type": "application/xml"}, index.encode())
        _, report = self.crawl_site(pages, server=server)
        self.assertEqual((report["grade"], report["coverage"]["feeds_unread"]), ("complete", {server.base + "/sm1.xml": "http_404"}))

    def test_an_answer_to_a_batch_that_holds_no_number_is_none(self):
        for body in (b"<html><title>error</title></html>", b"null,null"):
            self.archive = os.path.join(self.directory, f"archive{len(body)}")
            names = ["/info/1001/1.htm", "/info/1001/2.htm"]
            rows = "".join(f'<li><a href="{name}">关于印发第{i}号实施方案的通知公告</a><span>2024-05-01</span><span id="dynclicks_u1_{i}"></span></li>' for i, name in enumerate(names, 1))
            script = '<script>_showDynClickBatch(["dynclicks_u1_1","dynclicks_u1_2"],["1","2"],"wbnews", 1234567)</script>'
            asked = "/system/resource/code/news/click/dynclicksbatch.jsp?clickids=1,2&owner=1234567&clicktype=wbnews"
            pages = {"/": page("河西县人民政府门户网站", "<ul>" + rows + "</ul>" + script), asked: (200, TEXT, body)}
            pages.update({name: article(i) for i, name in enumerate(names, 1)})
            _, report = self.crawl_site(pages)
            counters = report["coverage"]["counters"]
            self.assertEqual((counters["asked"], counters["answered"], list(counters["unread"].values())), (1, 0, ["no number in the answer"]))

    def test_attachments_behind_a_firewall_are_not_told_as_lost(self):
        wall = (403, {**HTML, "Server": "CloudWAF"}, "<html><head><title>访问被拦截</title></head><body><p>您的请求疑似攻击行为，已被网站防火墙拦截。</p></body></html>".encode())
        links = "".join(f'<p>附件：<a href="/f/{i}.pdf">附件{i}.pdf</a></p>' for i in range(6))
        pages = {"/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1, links)}
        pages.update({f"/f/{i}.pdf": wall for i in range(6)})
        _, report = self.crawl_site(pages)
        self.assertEqual((self.kinds(report), report["coverage"]["attachments_missed"]), ({"blocked"}, {}))
        self.assertEqual(sum(report["coverage"]["obstacles"].values()), 6)

    def test_what_became_of_robots_txt_is_told(self):
        cases = (
            ((200, TEXT, b"User-agent: *\nDisallow: /\n"), "obeyed"),
            ((200, HTML, b"<html><title>404</title><body>Not Found</body></html>"), "none (a web page)"),
            ((200, TEXT, b"User-agent: *\nDisallow: /x\n" + b"# filler\n" * 150000), "obeyed as far as it was read"),
        )
        for i, (robots, expected) in enumerate(cases):
            self.archive = os.path.join(self.directory, f"archive{i}")
            _, report = self.crawl_site({"/robots.txt": robots, "/": page("河西县人民政府门户网站", listed(["/a1.html"])), "/a1.html": article(1)})
            self.assertEqual([host["robots"] for host in report["hosts"].values()], [expected])


if __name__ == "__main__":
    unittest.main()
