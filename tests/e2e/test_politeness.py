"""Politeness and robots.txt as a server sees them: its own log is the judge."""
import gzip
import json
import os
import resource
import signal
import subprocess
import time
import unittest

from harness import CORPUS, FANGZHI, Case, LoggingServer


def page(*links, more=""):
    items = "".join(f'<li><a href="{link}">关于示例事项的通知{i}</a></li>' for i, link in enumerate(links))
    text = "<p>为贯彻落实有关要求，现将示例县二〇二一年度重点工作的安排予以公布，请各有关单位认真遵照执行，并于月底前报送落实情况。</p>" * 3
    return (200, {"Content-Type": "text/html; charset=utf-8"},
            f"<html><head><title>关于示例工作的通知</title>{more}</head><body><h1>关于示例工作的通知</h1>{text}<ul>{items}</ul></body></html>".encode())


class Base(Case):
    def server(self, answer):
        server = LoggingServer(answer)
        self.addCleanup(server.stop)
        return server

    def words(self, base, delay, *more):
        return ["crawl", "--seed", base, "--allow-private", "--delay", str(delay), "--config", os.path.join(self.directory, "config"), *more]


class Clocks(Base):
    DELAY = 0.4

    def answer(self, path):
        if path == "/robots.txt":
            return (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /no/\n")
        if path == "/":
            return page(*[f"/{i}.htm" for i in range(30)], "/no/1.htm")
        return page()

    def test_no_request_comes_early_across_kills_and_clean_ends(self):
        server = self.server(self.answer)
        for ended in range(4):
            process = subprocess.Popen([FANGZHI, *self.words(server.base, self.DELAY), "--archive", self.archive], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(1.5)
            process.send_signal(signal.SIGKILL if ended % 2 == 0 else signal.SIGTERM)
            process.wait()
        self.run_program(*self.words(server.base, self.DELAY, "--json"))
        self.assertGreater(len(server.log), 30)
        # What was answered is seen a little later than it was sent, never earlier; 20 ms for the two clocks.
        self.assertGreaterEqual(server.smallest_gap(), self.DELAY - 0.02)
        self.assertNotIn("/no/1.htm", server.paths())

    def test_a_kill_during_the_first_request_is_waited_for(self):
        """Nothing of that run is stored yet, and the run before it ended well."""
        stalling = {"on": False}

        def answer(path):
            if stalling["on"] and path != "/robots.txt":
                time.sleep(4)
            return self.answer(path)

        server = self.server(answer)
        self.run_program(*self.words(server.base, 0.05, "--max-pages", "3", "--json"))
        stalling["on"] = True
        # Resumed, so that nothing has to be queued before the first request.
        words = [FANGZHI, *self.words(server.base, 1.5), "--archive", self.archive]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        asked = len(server.begun)
        for _ in range(200):
            if len(server.begun) > asked:
                break
            time.sleep(0.02)
        time.sleep(2)
        process.kill()
        process.wait()
        killed = time.time()
        stalling["on"] = False
        asked = len(server.begun)
        self.run_program(*self.words(server.base, 1.5, "--max-pages", "1", "--json"))
        self.assertGreater(len(server.begun), asked)
        self.assertGreaterEqual(min(came for came, _ in server.begun if came > killed) - killed, 1.5 - 0.02)

    def test_a_run_that_ends_for_want_of_room_is_waited_for(self):
        """Its last request is in no record, and its clocks are not stored: the next process must wait all the same."""
        state = {"large": False}

        def answer(path):
            if state["large"] and path != "/robots.txt":
                return page(more="<!-- " + os.urandom(60_000).hex() + " -->")
            return self.answer(path)

        server = self.server(answer)
        self.run_program(*self.words(server.base, 0.05, "--max-pages", "3", "--json"))
        state["large"] = True
        words = [FANGZHI, *self.words(server.base, 1.5), "--archive", self.archive]
        process = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)))
        self.assertNotEqual(process.returncode, 0)
        state["large"] = False
        asked = len(server.log)
        self.run_program(*self.words(server.base, 1.5, "--max-pages", "1", "--json"))
        self.assertGreaterEqual(server.log[asked][0] - server.log[asked - 1][1], 1.5 - 0.02)

    def test_retry_after_holds_the_next_run_too(self):
        held = {"until": 0.0}

        def answer(path):
            if path == "/1.htm" and held["until"] == 0:
                held["until"] = time.time() + 4
                return (503, {"Retry-After": "4", "Content-Type": "text/plain"}, b"busy")
            return self.answer(path)

        server = self.server(answer)
        process = subprocess.Popen([FANGZHI, *self.words(server.base, 0.1), "--archive", self.archive], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if held["until"]:
                break
            time.sleep(0.1)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.wait()
        self.run_program(*self.words(server.base, 0.1, "--json"))
        early = [path for came, _, path in server.log if held["until"] - 4 + 0.2 < came < held["until"] - 0.05]
        self.assertEqual(early, [])
        self.assertIn("/1.htm", [path for came, _, path in server.log if came >= held["until"] - 0.05])


class OneHost(Base):
    """A host is asked at its own pace, however many sites and runs want something of it."""
    DELAY = 0.3

    def answer(self, path):
        if path == "/robots.txt":
            return (404, {"Content-Type": "text/plain"}, b"")
        if path in ("/a/", "/b/"):
            return page(*[f"{path}{i}.htm" for i in range(12)])
        return page()

    def configure(self, base, *sites):
        os.makedirs(os.path.join(self.directory, "config", "sites"))
        for name in sites:
            with open(os.path.join(self.directory, "config", "sites", name + ".toml"), "w") as file:
                file.write(f'id = "{name}"\nseeds = ["{base}{name}/"]\nhosts = ["127.0.0.1:{base.split(":")[2].strip("/")}"]\nallow_private = true\ndelay = {self.DELAY}\nconnections_per_host = 1\n')

    def crawl(self, *sites):
        words = [FANGZHI, "crawl", *[word for name in sites for word in ("--site", name)], "--config", os.path.join(self.directory, "config"),
                 "--archive", self.archive, "--json"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def check(self, server, least):
        self.assertGreaterEqual(len(server.log), least)
        self.assertGreaterEqual(server.smallest_gap(), self.DELAY - 0.02)

    def test_two_sites_on_one_host_share_its_clock(self):
        server = self.server(self.answer)
        self.configure(server.base, "a", "b")
        process = self.crawl("a", "b")
        process.communicate()
        self.assertEqual(process.returncode, 0)
        asked = server.paths()
        self.assertTrue({f"/{site}/{i}.htm" for site in "ab" for i in range(12)} <= set(asked))
        # Both at once, not one after the other.
        self.assertLess(min(asked.index(f"/b/{i}.htm") for i in range(12)), max(asked.index(f"/a/{i}.htm") for i in range(12)))
        self.check(server, 26)

    def test_two_runs_at_once_do_not_ask_twice_as_fast(self):
        server = self.server(self.answer)
        self.configure(server.base, "a", "b")
        first = self.crawl("a")
        for _ in range(200):
            if len(server.log) > 2:
                break
            time.sleep(0.05)
        second = self.crawl("b")
        outcome = second.communicate()
        first.communicate()
        self.assertEqual(first.returncode, 0)
        # One archive has one writer: the second run is refused, says so, and asks for nothing.
        self.assertEqual(second.returncode, 1, outcome)
        self.assertIn("in use", outcome[1])
        self.assertFalse([path for path in server.paths() if path.startswith("/b/")])
        self.check(server, 13)
        # Afterwards it may, and keeps the clock that the first run left.
        process = self.crawl("b")
        process.communicate()
        self.assertEqual(process.returncode, 0)
        self.check(server, 26)


class RobotsOutcomes(Base):
    """RFC 9309, 2.3.1: what each answer to /robots.txt means, over the wire."""

    RULES = b"User-agent: *\nDisallow: /private/\n"

    def outcome(self, responses):
        """'parsed', 'allow all' or 'disallow all', as the crawl behaves."""
        asked = {"n": 0}

        def answer(path):
            if path.startswith("/robots"):
                reply = responses(asked["n"], path)
                asked["n"] += 1
                return reply
            if path == "/":
                return page("/private/1.htm", "/open/1.htm")
            return page()

        server = self.server(answer)
        archive = os.path.join(self.directory, f"archive-{server.port}")
        done = self.run_program(*self.words(server.base, 0.0, "--json"), expect=None, archive=archive)
        summary = json.loads(done.stdout)
        paths = server.paths()
        if "/open/1.htm" not in paths:
            self.assertNotIn("/", paths)
            self.assertIn("robots_unreachable", summary["errors"])
            return "disallow all"
        return "allow all" if "/private/1.htm" in paths else "parsed"

    def fixed(self, status, body=None, headers=None):
        return lambda n, path: (status, {"Content-Type": "text/plain", **(headers or {})}, self.RULES if body is None else body)

    def redirects(self, hops, last):
        return lambda n, path: (301, {"Location": f"/robots{n}.txt"}, b"") if n < hops else last

    def test_statuses(self):
        for status, expected in [(200, "parsed"), (206, "parsed"), (401, "allow all"), (404, "allow all"), (418, "allow all"), (499, "allow all"),
                                 (500, "disallow all"), (503, "disallow all"), (599, "disallow all"), (429, "disallow all")]:
            with self.subTest(status=status):
                self.assertEqual(self.outcome(self.fixed(status)), expected)

    def test_no_whole_answer(self):
        self.assertEqual(self.outcome(lambda n, path: None), "disallow all")
        # Half a file may allow what the whole forbids.
        self.assertEqual(self.outcome(self.fixed(200, b"User-agent: *\n", {"Content-Length": "5000"})), "disallow all")

    def test_redirects(self):
        good = (200, {"Content-Type": "text/plain"}, self.RULES)
        for hops in (2, 4, 5):
            with self.subTest(hops=hops):
                self.assertEqual(self.outcome(self.redirects(hops, good)), "parsed")
        self.assertIn(self.outcome(self.redirects(100, good)), ("allow all",))
        other = self.server(lambda path: good)
        self.assertEqual(self.outcome(lambda n, path: (301, {"Location": other.base + "robots.txt"}, b"")), "parsed")

    def test_bodies(self):
        for name, body, expected in [("empty", b"", "allow all"), ("html", b"<!DOCTYPE html><html><body>home</body></html>", "allow all"),
                                     ("mark", b"\xef\xbb\xbf" + self.RULES, "parsed"), ("utf-16", ("\ufeff" + self.RULES.decode()).encode("utf-16-le"), "parsed"),
                                     ("5 MB", self.RULES + b"# filler\n" * 600_000 + b"Disallow: /open/\n", "parsed")]:
            with self.subTest(body=name):
                self.assertEqual(self.outcome(self.fixed(200, body)), expected)

    def test_every_robots_txt_is_archived(self):
        server = self.server(lambda path: (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /a/\n") if path == "/robots.txt" else page())
        self.run_program(*self.words(server.base, 0.0, "--json"))
        records = b""
        for folder, _, names in os.walk(os.path.join(self.archive, "warc")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    records += gzip.decompress(file.read())
        self.assertIn(b"WARC-Target-URI: " + server.base.encode() + b"robots.txt", records)
        self.assertIn(b"Disallow: /a/", records)

    def test_a_robots_txt_has_a_history(self):
        server = self.server(lambda path: (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /a/\n") if path == "/robots.txt" else page())
        self.run_program(*self.words(server.base, 0.0, "--json"))
        history = self.lines("history", server.base + "robots.txt")
        self.assertEqual([(version["version"], version["status"]) for version in history], [(1, 200)])
        self.assertEqual(self.run_program("show", server.base + "robots.txt", "--format", "raw").stdout, b"User-agent: *\nDisallow: /a/\n")
        # It is no page of the site: no event tells of it.
        self.assertFalse([event for event in self.lines("changes") if event["url"].endswith("robots.txt")])

    def test_not_obeying_is_said(self):
        os.makedirs(os.path.join(self.directory, "config", "sites"))
        server = self.server(lambda path: (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n") if path == "/robots.txt" else page())
        with open(os.path.join(self.directory, "config", "sites", "demo.toml"), "w") as file:
            file.write(f'id = "demo"\nseeds = ["{server.base}"]\nobey_robots = false\nallow_private = true\ndelay = 0\n')
        summary = self.json("crawl", "--site", "demo", "--config", os.path.join(self.directory, "config"))
        self.assertEqual(summary["fetched"], 1)
        self.assertIn("obey_robots = false", summary["overrides"]["demo"])


class Counting(Case):
    """What a browser's visit would be counted by."""
    BEACONS = ["/system/resource/code/news/click/addclicktimes.jsp?wburlid=5&owner=1&type=wbnews", "/system/resource/code/datainput.jsp?owner=1&treeid=1",
               "/module/visitcount/visit.jsp?type=1&i_webid=15&i_columnid=6853", "/vc/vc/interface/visit.jsp?type=3&i_webid=59", "/_visitcount?siteId=68&type=1",
               "/SS.Hits/hits/1/2/3", "/channel_view.jspx?channelId=3", "/flow_statistic.jspx?page=x", "/wp-admin/admin-ajax.php?action=postviews&postviews_id=7",
               "/plus/count.php?view=yes&aid=77", "/e/public/ViewClick/?classid=3&id=88&addclick=1", "/hits.asp?id=9", "/api/hits/7", "/zan.php?id=3", "/town/hit?id=0",
               "/town/hit?id=1"]

    def test_nothing_that_counts_is_asked_for_or_probed_though_requisites_are_captured(self):
        def title(n):
            return f"关于印发第{n}号实施方案的通知公告"
        def answer(path):
            html = {"Content-Type": "text/html; charset=utf-8"}
            if path == "/":
                loads = "".join(f'<a href="{b}">统计</a><img src="{b}"><iframe src="{b}"></iframe><script src="{b}"></script>' for b in (b.replace("&", "&amp;") for b in self.BEACONS[:-1]))
                rows = "".join(f'<li><a href="/a/t20240501_{i}.html">{title(i)}</a><span>2024-05-01</span></li>' for i in range(1, 19))
                return 200, html, f'<html><head><title>河西县人民政府</title><link rel=stylesheet href="/s.css"></head><body><ul>{rows}</ul><a href="/to-a-beacon.html">x</a>{loads}</body></html>'.encode()
            if path.startswith("/a/"):
                text = "<p>" + f"第{path}号方案的内容，现印发给你们，请认真贯彻执行。" * 12 + "</p>"
                return 200, html, f"<html><head><title>{title(path)}</title></head><body><h1>{title(path)}</h1><p>发布时间：2024-05-01　来源：市政府办公室</p>{text}</body></html>".encode()
            if path == "/to-a-beacon.html":
                return 302, {"Location": self.BEACONS[-1]}, b""
            if path == "/s.css":
                return 200, {"Content-Type": "text/css"}, b"p { color: red }"
            return (404, html, b"no") if path == "/robots.txt" else (200, html, b"1")
        server = LoggingServer(answer)
        self.addCleanup(server.stop)
        config = os.path.join(self.directory, "config")
        os.makedirs(config + "/sites")
        os.makedirs(config + "/profiles")
        with open(config + "/sites/demo.toml", "w") as file:
            file.write(f'seeds = ["{server.base}/"]\nallow_private = true\ndelay = 0\ncapture = ["pages", "attachments", "requisites"]\n')
        with open(config + "/profiles/town.toml", "w") as file:
            file.write("[fingerprints]\ncalls = ['_townHits(']\n[addresses]\nnever = ['/town/hit\\?']\n")
        for _ in range(2):
            self.run_program("crawl", "--config", config)
        asked = {path for _, path in server.begun}
        self.assertEqual({path for path in asked if not path.startswith("/a/") and "_9" not in path}, {"/", "/robots.txt", "/s.css", "/to-a-beacon.html"})
        self.assertEqual(len([path for path in asked if path.startswith("/a/t20240501_")]) >= 18, True)


class Discovery(Base):
    def test_sitemaps_feeds_and_header_links_are_found_and_nofollow_is_kept(self):
        gz = gzip.compress(b'<urlset><url><loc>/from-sitemap.htm</loc></url></urlset>')

        def answer(path):
            if path == "/robots.txt":
                return (200, {"Content-Type": "text/plain"}, b"Sitemap: /sitemaps.xml\nUser-agent: *\nDisallow:\n")
            if path == "/sitemaps.xml":
                return (200, {"Content-Type": "text/xml"}, b"<sitemapindex><sitemap><loc>/one.xml.gz</loc></sitemap></sitemapindex>")
            if path == "/one.xml.gz":
                return (200, {"Content-Type": "application/gzip"}, gz)
            if path == "/feed.xml":
                return (200, {"Content-Type": "application/rss+xml"},
                        "<rss><channel><title>要闻</title><item><title>通知</title><link>/from-feed.htm</link></item></channel></rss>".encode())
            if path == "/":
                status, headers, body = page("/nofollow.htm")
                return status, {**headers, "Link": '</feed.xml>; rel="alternate"; type="application/rss+xml"'}, body
            if path == "/nofollow.htm":
                return page("/secret-meta.htm", more='<meta name="ROBOTS" content="NoFollow">')
            if path == "/from-feed.htm":
                status, headers, body = page("/secret-header.htm")
                return status, {**headers, "X-Robots-Tag": "nofollow, noarchive"}, body
            return page()

        server = self.server(answer)
        self.run_program(*self.words(server.base, 0.0, "--json"))
        paths = set(server.paths())
        self.assertLessEqual({"/sitemaps.xml", "/one.xml.gz", "/from-sitemap.htm", "/feed.xml", "/from-feed.htm", "/nofollow.htm"}, paths)
        self.assertFalse({"/secret-meta.htm", "/secret-header.htm"} & paths)
        freshness = self.lines("report")[0]["freshness"]
        self.assertGreaterEqual(freshness["pages"], 6)
        self.assertEqual(freshness["overdue"], 0)
        self.assertTrue(0 < freshness["expected"] <= 1)


if __name__ == "__main__":
    unittest.main()
