"""site add and site test: a new site looked at before it is crawled."""

from harness import *

HTML = {"Content-Type": "text/html; charset=utf-8"}
TITLES = ["市政府召开常务会议研究部署工作", "关于印发实施方案的通知", "我市召开新闻发布会介绍情况", "市领导赴基层调研重点项目", "关于公开征求意见的公告"]


def page(title, body, head=""):
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def site(robots="User-agent: *\nDisallow: /info/1043/803.htm\nCrawl-delay: 0\n"):
    """A VSB site: an entry page, two columns, texts with a counter."""
    script = "<script src='/system/resource/js/dynclicks.js'></script>"
    pages = {"/robots.txt": (200, {"Content-Type": "text/plain"}, robots.encode())}
    for column, name in (("tzgg", "通知公告"), ("gzdt", "工作动态")):
        number = 1043 if column == "tzgg" else 1044
        rows = ""
        for n in range(1, 9):
            title = f"{TITLES[n % len(TITLES)]}之{name}{n}"
            rows += f"<li><a href='/info/{number}/{800 + n}.htm'>{title}</a><span>2021-11-{n + 10}</span></li>"
            body = f"<h1>{title}</h1><p>发布时间：2021-11-{n + 10} 来源：市政府办公室 点击：<script>_showDynClicks(\"wbnews\", 1412614994, {800 + n})</script></p>"
            pages[f"/info/{number}/{800 + n}.htm"] = (200, HTML, page(title, body + f"<div class=v_news_content><p>{'会议强调，要坚持问题导向，抓好落实。' * 9}</p></div><div class=own><p>{'另一段文字，只有选择器才会取它。' * 9}</p></div>", script))
        pages[f"/{column}.htm"] = (200, HTML, page(name, f"<ul>{rows}</ul><span class=p_pages><span class=p_t>共80条</span><a href='/{column}/9.htm'>下页</a></span>", script))
    pages["/"] = (200, HTML, page("首页-某市人民政府", "<div class=nav><a href='/tzgg.htm'>通知公告</a><a href='/gzdt.htm'>工作动态</a></div>", script))
    return pages


class SiteCommands(Case):
    def setUp(self):
        super().setUp()
        self.config = os.path.join(self.directory, "config")
        os.makedirs(self.config)

    def serve(self, *arguments):
        server = StaticServer(site(*arguments))
        self.addCleanup(server.stop)
        return server.base + "/"

    def add(self, base, *more, **options):
        return self.run_program("site", "add", base, "--allow-private", "--delay", "0", "--config", self.config, *more, **options)

    def test_a_site_is_recognised_and_proposed(self):
        base = self.serve()
        done = self.add(base, "--json", expect=None)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["family"]["id"], "vsb")
        self.assertEqual(answer["name"], "某市人民政府")
        self.assertEqual([(entry["dialect"], entry["total"]) for entry in answer["lists"]], [("vsb", 80), ("vsb", 80)])
        self.assertEqual(len(answer["samples"]), 10)
        for sample in answer["samples"]:
            self.assertEqual(sample["kind"], "article", sample)
            self.assertEqual(sample["source"], "市政府办公室")
            self.assertEqual(sample["published"][:8], "2021-11-")
            self.assertEqual(sample["counter"]["kind"], "vsb")
            self.assertIn("title", sample["provenance"])
        self.assertEqual(answer["cost"]["texts"], 160)
        # robots.txt denies one text: it is not looked at, and the answer says so.
        self.assertEqual([failure["url"] for failure in answer["failures"]], [base + "info/1043/803.htm"])
        self.assertEqual(done.returncode, 3)
        self.assertIsNone(answer["written"])
        self.assertEqual(os.listdir(self.config), [])

    def served(self, pages):
        server = StaticServer({"/robots.txt": (404, {}, b""), **pages})
        self.addCleanup(server.stop)
        return server.base

    def test_what_stands_in_the_place_of_the_entry_page_is_told(self):
        wall = "<html><body>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</body></html>".encode()
        for status in (200, 405):
            done = self.add(self.served({"/": (status, HTML, wall)}) + "/", "--write", expect=1)
            self.assertIn(b"waf:aliyun: a firewall refused the request", done.stderr)
        self.assertEqual(os.listdir(self.config), [])
        base = self.served({"/": (200, HTML, page("门户", "<div id=app></div><script src=/app.js></script>"))})
        done = self.add(base + "/", expect=3)
        self.assertIn(b"# PROBLEM: the entry page: needs_js", done.stdout)
        self.assertIn(b"needs_js", done.stderr)
        text = "<div class=content><p>" + "会议强调，要坚持问题导向，抓好落实。" * 9 + "</p></div>"
        base = self.served({"/a/1.htm": (200, HTML, page(TITLES[0], f"<a href='/'>首页</a><h1>{TITLES[0]}</h1><p>发布时间：2021-11-09 来源：市政府办公室</p>{text}"))})
        answer = json.loads(self.add(base + "/a/1.htm", "--json", expect=3).stdout)
        self.assertEqual(len(answer["problems"]), 1)
        self.assertIn(base + "/", answer["problems"][0])
        self.assertIsNone(answer["name"])

    def test_a_server_that_speaks_no_tls_is_told_so(self):
        base = self.served({"/": (200, HTML, page("门户", ""))})
        for command in ("add", "test"):
            done = self.run_program("site", command, base.replace("http:", "https:") + "/", "--allow-private", "--config", self.config, expect=1)
            self.assertIn(b"speaks no TLS", done.stderr)
            self.assertNotIn(b"tls_legacy = true", done.stderr)

    def test_what_is_written_is_a_valid_entry_and_is_never_written_over(self):
        base = self.serve("User-agent: *\nDisallow:\n")
        self.add(base, "--write")
        names = os.listdir(os.path.join(self.config, "sites"))
        self.assertEqual(len(names), 1)
        self.run_program("site", "check", "--config", self.config)
        sites = [json.loads(line) for line in self.run_program("site", "list", "--json", "--config", self.config).stdout.splitlines()]
        self.assertEqual(sites[0]["seeds"], [base])
        read = lambda name: subprocess.run(["cat", os.path.join(self.config, "sites", name)], capture_output=True).stdout
        text = read(names[0])
        os.rename(os.path.join(self.config, "sites", names[0]), os.path.join(self.config, "sites", "127-0-0-1.toml"))
        done = self.add(base, "--write", expect=1)
        self.assertIn("127-0-0-1.toml) has this host already; nothing was written", done.stderr.decode())
        self.assertEqual(os.listdir(os.path.join(self.config, "sites")), ["127-0-0-1.toml"])
        self.assertEqual(read("127-0-0-1.toml"), text)
        # What is only proposed is told the same; two entries that begin at one address are told by the check, and are no mistake.
        self.assertIn("has this host already", self.add(base).stderr.decode())
        with open(os.path.join(self.config, "sites", "second.toml"), "w") as file:
            file.write(f'seeds = ["{base}"]\nallow_private = true\n')
        done = self.run_program("site", "check", "--config", self.config)
        self.assertIn(f"both begin at {base}", done.stderr.decode())
        answer = json.loads(self.run_program("site", "check", "--config", self.config, "--json").stdout)
        self.assertEqual((answer["ok"], answer["sites"], len(answer["notes"])), (True, 2, 1))
        with open(os.path.join(self.config, "sites", "second.toml"), "a") as file:
            file.write("enabled = false\n")
        self.assertEqual(json.loads(self.run_program("site", "check", "--config", self.config, "--json").stdout)["notes"], [])

    def test_a_host_that_gives_no_answer_is_told_as_that(self):
        import socket
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            dead = f"http://127.0.0.1:{free.getsockname()[1]}/"
        for words in (["site", "test", dead], ["site", "add", dead]):
            done = self.run_program(*words, "--allow-private", "--config", self.config, expect=1)
            self.assertIn("no answer: connect_failure", done.stderr.decode())
            self.assertNotIn("does not allow", done.stderr.decode())

    def test_robots_txt_is_obeyed(self):
        base = self.serve("User-agent: *\nDisallow: /\n")
        done = self.add(base, expect=1)
        self.assertIn("robots.txt", done.stderr.decode())
        done = self.run_program("site", "test", base, "--allow-private", "--config", self.config, expect=1)
        self.assertIn("robots.txt", done.stderr.decode())

    def test_private_addresses_need_consent(self):
        base = self.serve()
        self.run_program("site", "add", base, "--delay", "0", "--config", self.config, expect=1)

    def test_one_page_is_explained(self):
        base = self.serve()
        words = ["site", "test", base + "info/1043/801.htm", "--allow-private", "--delay", "0", "--config", self.config]
        answer = json.loads(self.run_program(*words, "--json").stdout)
        self.assertEqual(answer["profile"]["id"], "vsb")
        self.assertIn("call _showDynClicks(", answer["profile"]["evidence"])
        self.assertEqual(answer["counter"]["kind"], "vsb")
        self.assertIn("asked once", answer["counter"]["consent"])
        self.assertEqual(answer["robots"]["allowed"], True)
        self.assertEqual(answer["record"]["kind"], "article")
        text = self.run_program(*words).stdout.decode()
        self.assertIn("VSB", text)
        self.assertIn("asked once a capture", text)
        listed = json.loads(self.run_program("site", "test", base + "tzgg.htm", "--allow-private", "--delay", "0", "--json", "--config", self.config).stdout)
        self.assertEqual(listed["record"]["list"]["total"], 80)
        self.assertEqual(len(listed["items"]), 8)
        self.assertEqual(listed["items"][0]["date"], "2021-11-11")

    def test_a_file_is_explained_offline_and_selectors_of_entry_and_family(self):
        file = os.path.join(self.directory, "page.html")
        with open(file, "wb") as out:
            out.write(site()["/info/1043/801.htm"][2])
        url = "http://www.city.gov.cn/info/1043/801.htm"
        words = ["site", "test", url, "--file", file, "--json", "--config", self.config]
        body = lambda: json.loads(self.run_program(*words).stdout)["record"]["body"]
        self.assertTrue(body().startswith("会议强调"))
        # A family of one's own, in the place of one that is compiled in.
        os.makedirs(os.path.join(self.config, "profiles"))
        with open(os.path.join(self.config, "profiles", "vsb.toml"), "w", encoding="utf-8") as out:
            out.write("[fingerprints]\ncalls = ['_showDynClicks(']\n[selectors]\nbody = '.own'\n")
        self.assertTrue(body().startswith("另一段文字"))
        # The site entry's selector goes before the family's.
        os.makedirs(os.path.join(self.config, "sites"))
        with open(os.path.join(self.config, "sites", "city.toml"), "w", encoding="utf-8") as out:
            out.write("seeds = ['http://www.city.gov.cn/']\n[selectors]\nbody = '.v_news_content'\n")
        self.assertTrue(body().startswith("会议强调"))
        # A mistake is reported with its place.
        with open(os.path.join(self.config, "profiles", "bad.toml"), "w", encoding="utf-8") as out:
            out.write("[fingerprints]\ncals = ['x']\n")
        done = self.run_program(*words, expect=2)
        self.assertRegex(done.stderr.decode(), r"bad\.toml:2:1: fingerprints\.cals: unknown key; did you mean fingerprints\.calls")


class Template(Case):
    def test_a_crawl_learns_the_frame_and_notices_a_redesign(self):
        def pages(frame, revision):
            menu = "".join(f"<li><a href='/lm{i}/'>{frame}栏目之{i}</a></li>" for i in range(12))
            made = {"/": (200, HTML, page("首页", "<ul>" + "".join(
                f"<li><a href='/a/t202111{n + 10}_{7000 + n}.html'>{TITLES[n % 5]}之{n}</a><span>2021-11-{n + 10}</span></li>" for n in range(1, 19)) + "</ul>"))}
            for n in range(1, 19):
                title = f"{TITLES[n % 5]}之{n}"
                body = f"<ul>{menu}</ul><h1>{title}</h1><p>发布时间：2021-11-{n + 10} 来源：市政府办公室</p><div class=TRS_Editor>" + "".join(
                    f"<p>第{n}篇第{k}段，会议强调要坚持问题导向，抓好各项任务的落实，第{revision}稿。</p>" for k in range(6)) + "</div>"
                made[f"/a/t202111{n + 10}_{7000 + n}.html"] = (200, HTML, page(title, body))
            return made

        served = pages("市", 1)
        server = StaticServer(served)
        self.addCleanup(server.stop)
        base = server.base + "/"
        words = ["site", "test", base + "a/t20211111_7001.html", "--allow-private", "--delay", "0", "--archive", self.archive, "--json",
                 "--config", os.path.join(self.directory, "config")]
        learned = lambda: json.loads(self.run_program(*words).stdout)["template"]
        self.assertIsNone(learned())
        self.crawl(base, expect=None)
        first = learned()
        self.assertEqual(first["pages"], 18)
        self.assertGreaterEqual(first["frame_texts"], 12)
        self.assertEqual(first["page"]["body_paragraphs_of_frame"], 0)
        self.assertGreaterEqual(first["page"]["body_paragraphs"], 6)
        self.assertFalse(first["redesign_suspected"])
        served.update(pages("市", 2))  # edited texts in the same frame
        self.crawl(base, expect=None)
        self.assertFalse(learned()["redesign_suspected"])
        served.update(pages("新版", 3))
        self.crawl(base, expect=None)
        after = learned()
        self.assertIsNotNone(after["redesigned"])


if __name__ == "__main__":
    unittest.main()
