#!/usr/bin/env python3
"""What a server puts in a crawler's way: redirects without end, old TLS, IPv6 alone, one page at many addresses. Recognised and named."""
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from harness import *


HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(title, head=""):
    text = "<p>为贯彻落实有关要求，现将示例县二〇二一年度重点工作的安排予以公布，请各有关单位认真遵照执行，并于月底前报送落实情况。</p>" * 3
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{text}</body></html>".encode())


class Endless(dict):
    """A site whose answers are made by a function of the path; remembers what was asked for."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.asked = answer, []

    def get(self, path, default=None):
        self.asked.append(path)
        return self.answer(path) or default


class RedirectChains(Case):
    MOST = 20

    def crawl_of(self, answer):
        pages = Endless(answer)
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        summary = self.json(*self.crawl_words(server.base + "/", "--max-pages", "3000"), expect=None)
        return server, pages, summary

    def check_named(self, server, summary, path):
        url = server.base + path
        self.assertTrue(any(failure["url"] == url and failure["reason"].startswith("redirects") for failure in summary["failures"]), summary["failures"])
        coverage = self.lines("report")[0]["coverage"]
        self.assertEqual(coverage["obstacles"].get("redirects"), 1, coverage["obstacles"])
        states = self.json("history", url, "--states")
        self.assertIn("blocked:redirects", json.dumps(states))

    def test_a_chain_that_the_server_makes_on_and_on(self):
        def answer(path):
            if path == "/":
                return page("示例县人民政府", '<link rel="next" href="/r/0">')
            if path.startswith("/r/"):
                return (302, {"Location": f"/r/{int(path[3:]) + 1}"}, b"")
            return None

        server, pages, summary = self.crawl_of(answer)
        chain = [path for path in pages.asked if path.startswith("/r/")]
        self.assertEqual(chain, [f"/r/{i}" for i in range(self.MOST + 1)])
        self.check_named(server, summary, f"/r/{self.MOST}")
        # A second run goes on from nowhere: the row is kept with the URL.
        self.run_program(*self.crawl_words(server.base + "/"), expect=None)
        self.assertNotIn(f"/r/{self.MOST + 1}", pages.asked)

    def test_a_chain_of_meta_refreshes(self):
        for seconds in (0, 30):
            with self.subTest(seconds=seconds):
                def answer(path):
                    if path.startswith("/m/") or path == "/":
                        number = int(path[3:] or 0) if path != "/" else 0
                        return page(f"跳转{number}", f'<meta http-equiv="refresh" content="{seconds};url=/m/{number + 1}">')
                    return None

                self.archive += str(seconds)
                server, pages, summary = self.crawl_of(answer)
                # Beside it there may be a probe: a page that cannot exist.
                chain = [path for path in pages.asked if path.startswith("/m/") and int(path[3:]) < 1000]
                self.assertEqual(chain, [f"/m/{i}" for i in range(1, self.MOST + 1)])
                if seconds == 0:
                    coverage = self.lines("report")[0]["coverage"]
                    self.assertEqual(coverage["obstacles"].get("redirects"), 1, coverage["obstacles"])
                    self.assertEqual(coverage["obstacle_examples"]["redirects"], server.base + f"/m/{self.MOST}")

    def test_a_circle(self):
        def answer(path):
            if path == "/":
                return page("示例县人民政府", '<link rel="next" href="/a">')
            return {"/a": (301, {"Location": "/b"}, b""), "/b": (301, {"Location": "/a"}, b""), "/c": (302, {"Location": "/c"}, b"")}.get(path)

        server, pages, summary = self.crawl_of(answer)
        self.assertEqual(sorted(path for path in pages.asked if len(path) == 2), ["/a", "/b"])
        self.check_named(server, summary, "/b")

    # Pages of status 200 that a browser shows nobody: what leads on, given the address.
    BARE = {
        "meta": lambda to: (200, HTML, f'<html><head><title>示例县人民政府</title><meta http-equiv="refresh" content="0;url={to}"></head></html>'.encode()),
        "noscript": lambda to: (200, HTML, f'<noscript><meta http-equiv="refresh" content="3;url={to}"></noscript>'.encode()),
        "link": lambda to: (200, HTML, f'<meta http-equiv="refresh" content="1;url={to}"><body><a href="{to}">进入</a></body>'.encode()),
        "field": lambda to: (200, {**HTML, "Refresh": f"0; url={to}"}, b""),
        "script": lambda to: (200, HTML, f'<script>window.location.href="{to}";</script>'.encode()),
        "onload": lambda to: (200, HTML, f'<html><body onload="location.replace(\'{to}\')"></body></html>'.encode()),
    }

    def test_a_home_page_that_only_leads_on(self):
        for name, bare in self.BARE.items():
            with self.subTest(name):
                def answer(path):
                    if path == "/":
                        return bare("/index/main.html")
                    if path == "/index/main.html":
                        return page("示例县人民政府", '<link rel="next" href="/a/1.html">')
                    return page("示例县安排年度重点工作") if path == "/a/1.html" else None

                self.archive = os.path.join(self.directory, name)
                server, pages, summary = self.crawl_of(answer)
                self.assertEqual((summary["new"], summary["redirects"], summary["failed"]), (2, 1, 0), summary)
                self.assertEqual(summary["grade"], "complete", summary["findings"])
                states = self.lines("history", server.base + "/", "--states")
                self.assertEqual([state["state"] for state in states], ["redirect"])
                # The next day: it is asked again, and is still none that failed.
                summary = self.json(*self.crawl_words(server.base + "/"), expect=None)
                self.assertEqual((summary["failed"], summary["redirects"], summary["grade"]), (0, 1, "complete"), summary)
        states = self.lines("history", server.base + "/", "--states")
        self.run_program("rebuild")
        self.assertEqual(self.lines("history", server.base + "/", "--states"), states)  # the WARC files know it

    def test_bare_pages_in_a_circle_and_on_and_on(self):
        for name, bare in ((name, self.BARE[name]) for name in ("meta", "field", "script")):
            with self.subTest(name):
                def answer(path):
                    if path == "/":
                        return page("示例县人民政府", '<link rel="next" href="/b"><link rel="prev" href="/m/0">')
                    if path.startswith("/m/"):
                        return bare(f"/m/{int(path[3:]) + 1}")
                    return {"/b": bare("/c"), "/c": bare("/b")}.get(path)

                self.archive = os.path.join(self.directory, name)
                server, pages, summary = self.crawl_of(answer)
                chain = [path for path in pages.asked if path.startswith("/m/")]
                self.assertEqual(chain, [f"/m/{i}" for i in range(self.MOST + 1)])
                self.assertEqual((pages.asked.count("/b"), pages.asked.count("/c")), (1, 1))
                for path in ("/c", f"/m/{self.MOST}"):
                    self.assertIn("blocked:redirects", json.dumps(self.lines("history", server.base + path, "--states")))

    def test_a_bare_page_that_leads_to_another_host_is_told(self):
        server, pages, summary = self.crawl_of(lambda path: self.BARE["meta"]("http://elsewhere.example/") if path == "/" else None)
        self.assertEqual((summary["redirects"], summary["failed"], summary["grade"]), (1, 0, "partial"), summary)
        self.assertIn("redirects to http://elsewhere.example/, which is not among the site's hosts", json.dumps(self.lines("report")[0], ensure_ascii=False))

    def test_an_answer_of_status_200_is_no_host_that_is_down(self):
        def answer(path):
            if path == "/":
                return page("示例县人民政府", '<link rel="next" href="/empty"><link rel="prev" href="/broken">')
            return {"/empty": (200, HTML, b"<html><body></body></html>"), "/broken": (200, HTML, "<title>示例县</title><p>系统维护中，请稍后访问</p>".encode())}.get(path)

        server, pages, summary = self.crawl_of(answer)
        found = {path: [state["state"] for state in self.lines("history", server.base + path, "--states")] for path in ("/empty", "/broken")}
        self.assertEqual(found, {"/empty": ["emptied"], "/broken": ["error_page"]})

    def test_a_chain_that_ends_is_followed(self):
        def answer(path):
            if path == "/":
                return page("示例县人民政府", '<link rel="next" href="/r/0">')
            if path == f"/r/{self.MOST}":
                return page("关于示例工作的通知")
            if path.startswith("/r/"):
                return (307, {"Location": f"/r/{int(path[3:]) + 1}"}, b"")
            return None

        server, pages, summary = self.crawl_of(answer)
        self.assertIn(f"/r/{self.MOST}", pages.asked)
        self.assertFalse(summary["failures"])


class TlsServer:
    """One page over TLS, as `openssl s_server` with the given words says it; its own self-signed certificate."""

    def __init__(self, directory, *words, bits=2048):
        self.folder = tempfile.mkdtemp(dir=directory)
        subprocess.run(["openssl", "req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1"], cwd=self.folder, check=True, capture_output=True)
        body = page("关于示例工作的通知")[2]
        for name in ("robots.txt", "index.htm"):
            with open(os.path.join(self.folder, name), "wb") as file:
                if name == "robots.txt":
                    file.write(b"HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\n")
                else:
                    file.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", "cert.pem", "-key", "key.pem", "-HTTP", "-quiet", *words],
                                        cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"https://127.0.0.1:{self.port}"
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("openssl s_server does not listen")

    def stop(self):
        self.process.kill()
        self.process.wait()


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Tls(Case):
    """Strict first; the old ways of servers only where the site entry allows them, and then it is on record."""

    def server(self, *words, **more):
        server = TlsServer(self.directory, *words, **more)
        self.addCleanup(server.stop)
        return server

    def crawl_site(self, server, legacy):
        os.makedirs(os.path.join(self.directory, "config", "sites"), exist_ok=True)
        with open(os.path.join(self.directory, "config", "sites", "demo.toml"), "w") as file:
            file.write(f'id = "demo"\nseeds = ["{server.base}/index.htm"]\nallow_private = true\ndelay = 0\ntls_legacy = {legacy}\n')
        return self.json("crawl", "--site", "demo", "--config", os.path.join(self.directory, "config"), expect=None)

    def check(self, server, name, version):
        self.crawl_site(server, "false")
        obstacles = self.lines("report")[0]["coverage"]["obstacles"]
        self.assertEqual(list(obstacles), [name])
        findings = self.lines("report")[0]["findings"]
        self.assertTrue(any("tls_legacy = true" in finding["advice"] for finding in findings), findings)
        self.assertEqual(self.run_program("history", server.base + "/index.htm", expect=None).returncode, 1, "nothing was fetched")
        # A second archive: the host rests a while in this one.
        self.archive += "-legacy"
        summary = self.crawl_site(server, "true")
        self.assertEqual(summary["fetched"], 1, summary)
        shown = json.loads(self.run_program("show", server.base + "/index.htm", "--json").stdout)
        self.assertIn("关于示例工作的通知", json.dumps(shown, ensure_ascii=False))
        self.assertFalse(self.tls(server)["verified"])
        self.assertEqual(self.tls(server)["version"], version)
        reason = self.tls(server)["reason"]
        self.assertTrue(reason)
        # Every reader is told, also of an index that was made again.
        for _ in range(2):
            self.assertEqual(self.json("show", server.base + "/index.htm")["tls_unverified"], reason)
            self.assertIn(b"NOT PROVED to be the host: " + reason.encode(), self.run_program("show", server.base + "/index.htm").stdout)
            self.assertEqual(self.lines("history", server.base + "/index.htm")[0]["tls_unverified"], reason)
            self.assertEqual(self.lines("history", "--states", server.base + "/index.htm")[-1]["tls_unverified"], reason)
            self.assertIn(b"SERVER NOT PROVED: ", self.run_program("history", server.base + "/index.htm").stdout)
            self.assertEqual(self.json("stats")["tls_unverified"], {reason: 1})
            report = self.lines("report")[0]
            self.assertIn("tls_legacy = true", report["overrides"])
            self.assertIn("tls_unverified", [finding["kind"] for finding in report["findings"]])
            self.run_program("rebuild")

    def tls(self, server):
        """What the metadata of the page's capture says of its connection."""
        import gzip
        for folder, _, names in os.walk(os.path.join(self.archive, "warc")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    records = gzip.decompress(file.read())
                for part in records.split(b"WARC/1.1\r\n"):
                    head, _, block = part.partition(b"\r\n\r\n")
                    if b"WARC-Type: metadata" in head and server.base.encode() + b"/index.htm" in head:
                        found = json.loads(block.strip())
                        if "tls" in found:
                            return found["tls"]
        self.fail("no metadata with the connection")

    def test_an_old_protocol(self):
        self.check(self.server("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), "tls:old_version", "TLSv1.1")

    def test_a_certificate_that_nobody_signed(self):
        self.check(self.server("-tls1_2"), "tls:certificate", "TLSv1.2")

    def test_a_short_key(self):
        self.check(self.server("-tls1_2", "-cipher", "ALL:@SECLEVEL=0", bits=1024), "tls:weak_key", "TLSv1.2")


class Ipv6(Case):
    def test_a_host_that_only_ipv6_reaches_is_named(self):
        # A network of its own that has no route to anywhere.
        alone = ["unshare", "-rn"]
        if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
            self.skipTest("no network namespaces here")
        words = self.crawl_words("http://[2001:db8::1]/")
        done = subprocess.run([*alone, FANGZHI, *words, "--archive", self.archive, "--json"], capture_output=True, timeout=120)
        self.assertIn("only IPv6 addresses", done.stdout.decode())
        coverage = self.lines("report")[0]["coverage"]
        self.assertEqual(coverage["obstacles"], {"ipv6": 1})
        self.assertTrue(any("IPv6 route" in finding["advice"] for finding in self.lines("report")[0]["findings"]))
        # A host that merely does not answer is something else.
        done = subprocess.run([*alone, FANGZHI, *self.crawl_words("http://192.0.2.1/"), "--archive", self.archive + "4", "--json"], capture_output=True, timeout=120)
        self.assertNotIn("IPv6", done.stdout.decode())


class Duplicates(Case):
    """Addresses that show the same are noticed by their content, and fetched once."""
    ARTICLES = 40

    def site(self, **more):
        state = {"day": 0, "differs": False}

        def answer(path):
            path, _, query = path.partition("?")
            if path == "/":
                # Every time with another mark, as scripts append them.
                links = "".join(f'<li><a href="/info/{1000 + i}/{i}.htm?t={state["day"]}{i}">关于示例县第{i}号工作安排的通知</a><span>2021-11-{10 + i % 20}</span></li>'
                                f'<li><a href="/info/{1000 + i}/{i}.htm">关于示例县第{i}号工作安排的通知</a><span>2021-11-{10 + i % 20}</span></li>' for i in range(self.ARTICLES))
                return (200, {"Content-Type": "text/html; charset=utf-8"}, f"<html><head><title>示例县人民政府</title></head><body><ul>{links}</ul></body></html>".encode())
            if path.startswith("/info/"):
                number = path.split("/")[-1][:-4]
                text = f"<p>为贯彻落实第{number}号文件要求，现将示例县二〇二一年度第{number}项重点工作的安排予以公布，请各有关单位认真遵照执行，并于月底前报送落实情况。</p>" * 4
                if state["differs"] and query:
                    text += f"<p>本页另有附加说明若干条，仅在带有参数{query}的地址上显示，与其他地址不同，请注意查阅。</p>" * 3
                title = f"关于示例县第{number}号工作安排的通知"
                return (200, {"Content-Type": "text/html; charset=utf-8"},
                        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>发布时间：2021-11-{10 + int(number) % 20} 来源：示例县人民政府</div><div>{text}</div></body></html>".encode())
            return None

        pages = Endless(answer)
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        os.makedirs(os.path.join(self.directory, "config", "sites"), exist_ok=True)
        self.server, self.pages, self.state = server, pages, state
        self.configure()

    def configure(self, more=""):
        with open(os.path.join(self.directory, "config", "sites", "demo.toml"), "w") as file:
            file.write(f'id = "demo"\nseeds = ["{self.server.base}/"]\nallow_private = true\ndelay = 0\n{more}')

    def crawl_day(self, day):
        self.state["day"] = day
        before = len(self.pages.asked)
        self.json("crawl", "--site", "demo", "--config", os.path.join(self.directory, "config"))
        return [path for path in self.pages.asked[before:] if path.startswith("/info/")]

    def coverage(self):
        return self.lines("report")[0]["coverage"]["duplicates"]

    def test_marks_that_make_no_difference_are_learned_left_out_reported_and_undone(self):
        self.site()
        first = self.crawl_day(1)
        self.assertEqual(len(first), 2 * self.ARTICLES)
        learned = self.coverage()
        self.assertEqual(len(learned["rules"]), 1, learned)
        self.assertTrue(learned["rules"][0]["holds"])
        self.assertIn("parameter t makes no difference", learned["rules"][0]["rule"])
        # Another day, other marks: without the rule, forty more; and the marked ones that are known are not visited again.
        second = self.crawl_day(2)
        self.assertEqual(len([path for path in second if "?" not in path]), self.ARTICLES)
        marked = [path for path in second if "?" in path]
        self.assertLess(len(marked), self.ARTICLES // 4, marked)  # the one in 32
        self.assertGreater(self.coverage()["left_out"], self.ARTICLES)
        text = self.run_program("report", "demo").stdout.decode()
        self.assertIn("parameter t makes no difference", text)
        shown = self.json("site", "test", self.server.base + "/info/1003/3.htm", "--config", os.path.join(self.directory, "config"), "--archive", self.archive,
                          "--allow-private", expect=None)
        self.assertTrue(shown["duplicates"]["rules"][0]["holds"])
        # Turned off: what was left out comes back.
        self.configure("fold_duplicates = false\n")
        third = self.crawl_day(3)
        self.assertGreaterEqual(len([path for path in third if "?" in path]), 2 * self.ARTICLES)

    def test_a_rule_that_is_contradicted_is_taken_back(self):
        self.site()
        self.crawl_day(1)
        self.assertTrue(self.coverage()["rules"][0]["holds"])
        self.state["differs"] = True
        asked = []
        for day in range(2, 9):
            asked += self.crawl_day(day)
            if not self.coverage()["rules"][0]["holds"]:
                break
        self.assertFalse(self.coverage()["rules"][0]["holds"], "one in 32 of 280 marked addresses tells")
        # From then on they are fetched again, those too that were passed over.
        after = [path for path in self.crawl_day(20) if "?" in path]
        self.assertGreaterEqual(len(after), 2 * self.ARTICLES - 4)



class RobotsCutOff(Case):
    """A robots.txt of which only a part arrives: the rest may forbid what this part allows. It says why nothing was fetched."""

    def serve(self, answer):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def loop():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        threading.Thread(target=loop, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    def test_the_reason_is_told(self):
        base = self.serve(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nUser-agent: *\nDisallow: /a\n")
        summary = self.json(*self.crawl_words(base), expect=1)  # nothing was got
        [failure] = summary["failures"]
        self.assertRegex(failure["reason"], "^robots_unreachable: HTTP 200, cut off: .+")
        done = self.run_program("site", "test", base, "--allow-private", "--config", os.path.join(self.directory, "none"), expect=1)
        self.assertIn("HTTP 200, cut off: ", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
