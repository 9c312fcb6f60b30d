"""Reports say what was not got: a site that went elsewhere, a round in several runs, a run that was killed, pages that never came."""
import os
import signal
import subprocess
import time
import unittest

from harness import FANGZHI, Case, StaticServer

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(title, body):
    return (200, HTML, f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode())


def portal_of(articles):
    """A home page that names so many articles."""
    pages = {"/robots.txt": (404, HTML, b"<html><title>404</title></html>")}
    links = "".join(f'<li><a href="/a{i}.html">关于印发第{i}号实施方案的通知公告</a></li>' for i in range(articles))
    pages["/"] = page("河西县人民政府门户网站", f"<ul>{links}</ul>")
    for i in range(articles):
        pages[f"/a{i}.html"] = page(f"关于印发第{i}号实施方案的通知公告", "<p>" + f"第{i}号方案的内容，现印发给你们，请认真贯彻执行。" * 12 + "</p>")
    return pages


class Reports(Case):
    def server(self, pages):
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        return server

    def report(self):
        return self.lines("report", archive=self.archive)[0]

    def kinds(self, report):
        return {finding["kind"] for finding in report["findings"]}

    def crawl_and_report(self, base, *more, expect=None):
        done = subprocess.run([FANGZHI, *self.crawl_words(base + "/"), "--archive", self.archive, "--json", *more], capture_output=True, timeout=120)
        self.assertIn(done.returncode, (0, 3), done.stderr.decode(errors="replace")[-2000:])
        return self.report()

    def test_a_site_that_moved_to_another_host_is_not_read_and_told(self):
        pages = portal_of(8)
        server = self.server(pages)
        self.assertEqual(self.crawl_and_report(server.base)["grade"], "complete")
        for path in list(pages):
            if path != "/robots.txt":
                pages[path] = (301, {"Location": "http://new.example.invalid" + path}, b"")
        for _ in range(2):
            report = self.crawl_and_report(server.base)
            self.assertEqual(report["grade"], "partial")
            self.assertEqual(self.kinds(report), {"seed_missed", "elsewhere"})
            self.assertIn("http://new.example.invalid/, which is not among the site's hosts", report["coverage"]["seeds_missed"][server.base + "/"])
            self.assertEqual(report["coverage"]["lists_read"], 0)
            self.assertTrue(any(finding["drift"] for finding in report["findings"]))
            self.assertEqual(report["coverage"]["elsewhere"], {"new.example.invalid": 9})
        # And it is back.
        pages.update(portal_of(8))
        report = self.crawl_and_report(server.base)
        self.assertEqual((report["grade"], report["findings"]), ("complete", []))

    def test_a_seed_that_redirects_is_what_stands_behind_it(self):
        for behind, expected in (((404, HTML, b"<html><title>404 Not Found</title></html>"), "http_404"), ((500, HTML, b"x"), "http_500"), (None, None)):
            pages = portal_of(3)
            home = pages["/"]
            pages["/"] = (302, {"Location": "/home/index.html"}, b"")
            pages["/home/index.html"] = behind or home
            server = self.server(pages)
            self.archive = os.path.join(self.directory, "archive" + str(expected))
            report = self.crawl_and_report(server.base)
            if expected is None:
                self.assertEqual((report["grade"], report["findings"]), ("complete", []))
                self.assertEqual(report["coverage"]["seeds_reached"], [server.base + "/"])
            else:
                self.assertEqual(report["grade"], "partial")
                self.assertEqual(report["coverage"]["seeds_missed"][server.base + "/"], f"redirects to {server.base}/home/index.html: {expected}")
                self.assertEqual(report["coverage"]["seeds_reached"], [])

    def test_what_an_earlier_part_of_a_round_lost_counts_when_the_round_goes_on(self):
        portal = self.portal("--articles", 30, "--seed", 4)
        base = portal.base.rstrip("/")
        self.crawl_and_report(base, "--max-pages", "13")
        portal.control("fault?outage=waf&outage-share=0.5")
        second = self.crawl_and_report(base, "--max-pages", "25")
        self.assertIn("blocked", self.kinds(second))
        blocked = second["coverage"]["obstacles"]["waf:aliyun"]
        portal.control("fault?clear=1")
        # Stopped before it got anything: nothing of the round is lost by it.
        portal.control("fault?slow=500")
        process = subprocess.Popen([FANGZHI, *self.crawl_words(base + "/"), "--archive", self.archive], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        portal.control("fault?clear=1")
        last = self.crawl_and_report(base)
        missing = 30 - len(self.lines("list", "--kind", "article"))
        self.assertEqual(last["round"], 1)
        self.assertEqual(last["still_queued"], 0)
        self.assertGreater(missing, 0)
        self.assertEqual(last["grade"], "partial")
        self.assertIn("blocked", self.kinds(last))
        self.assertLessEqual(last["coverage"]["obstacles"]["waf:aliyun"], blocked)
        self.assertGreaterEqual(last["coverage"]["obstacles"]["waf:aliyun"], missing)
        self.assertEqual(last["coverage"]["seeds_reached"], [portal.base])
        self.assertEqual(last["coverage"]["articles"], 30 - missing)
        # The next round gets them.
        report = self.crawl_and_report(base)
        self.assertEqual((report["grade"], report["findings"]), ("complete", []))
        self.assertEqual(len(self.lines("list", "--kind", "article")), 30)

    def test_a_run_that_was_killed_loses_nothing_of_the_round(self):
        portal = self.portal("--articles", 30, "--seed", 4)
        base = portal.base.rstrip("/")
        self.crawl_and_report(base, "--max-pages", "13")
        before = len(self.lines("list", "--kind", "all"))
        portal.control("fault?outage=waf&outage-share=0.5")
        words = ["0.1" if word == "0" else word for word in self.crawl_words(base + "/")]
        process = subprocess.Popen([FANGZHI, *words, "--archive", self.archive], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.wait_for_records(before + 4)
        process.kill()
        process.wait()
        portal.control("fault?clear=1")
        report = self.crawl_and_report(base)
        self.assertEqual(report["round"], 1)
        missing = 30 - len(self.lines("list", "--kind", "article"))
        self.assertGreater(missing, 0)
        self.assertEqual(report["grade"], "partial")
        self.assertGreaterEqual(report["coverage"]["obstacles"]["waf:aliyun"], missing)
        # What the killed run looked at is the round's, up to the group that the kill cut off.
        self.assertGreaterEqual(report["coverage"]["articles"], 30 - missing - 8)
        self.assertEqual(report["coverage"]["seeds_reached"], [portal.base])

    def test_pages_that_were_never_got_are_told_until_they_are(self):
        pages = portal_of(12)
        good = dict(pages)
        for i in range(5):
            pages[f"/a{i}.html"] = (500, HTML, b"<html><title>500</title>Internal Server Error</html>")
        server = self.server(pages)
        os.makedirs(os.path.join(self.directory, "config", "sites"))
        with open(os.path.join(self.directory, "config", "sites", "demo.toml"), "w") as file:
            file.write(f'seeds = ["{server.base}/"]\nallow_private = true\ndelay = 0\nretries = 0\nschedule = "every 1h"\n')
        words = ["crawl", "--site", "demo", "--config", os.path.join(self.directory, "config"), "--archive", self.archive, "--json"]
        subprocess.run([FANGZHI, *words], capture_output=True, timeout=120)
        first = self.report()
        self.assertIn("failures", self.kinds(first))
        self.assertEqual(first["coverage"]["never_got"]["pages"], 5)
        # A run of what is due: they are not due yet.
        log = open(os.path.join(self.directory, "serve.log"), "wb")
        self.addCleanup(log.close)
        daemon = subprocess.Popen([FANGZHI, "serve", "--archive", self.archive, "--config", os.path.join(self.directory, "config"), "--listen", "127.0.0.1:0"], stdout=log, stderr=log)
        self.addCleanup(lambda: (daemon.kill(), daemon.wait()))
        deadline = time.monotonic() + 60
        while self.report()["trigger"] == "command" and time.monotonic() < deadline:
            subprocess.run([FANGZHI, "run", "demo", "--archive", self.archive], capture_output=True)
            time.sleep(0.5)
        report = self.report()
        self.assertNotEqual(report["trigger"], "command")
        self.assertEqual(report["grade"], "degraded")
        self.assertEqual(self.kinds(report), {"never_got"})
        self.assertEqual(report["coverage"]["never_got"]["examples"][server.base + "/a0.html"], "http_500")
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=30)
        self.run_program("rebuild")
        pages.update(good)
        subprocess.run([FANGZHI, *words], capture_output=True, timeout=120)
        report = self.report()
        self.assertEqual((report["grade"], report["findings"], report["coverage"]["never_got"]["pages"]), ("complete", [], 0))


if __name__ == "__main__":
    unittest.main()
