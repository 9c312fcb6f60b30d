"""How the program behaves towards servers, other processes and people."""
import gzip
import os
import socket
import threading
import time

from harness import *

CONFIG = """
[settings]
"""


class Politeness(Case):
    def test_delay_connections_robots_and_counters(self):
        site = self.portal("--articles", 16, "--seed", 9)
        summary = self.json("crawl", "--seed", site.base, "--allow-private", "--delay", "0.1", "--max-pages", 12,
                            "--config", os.path.join(self.directory, "config"))
        self.assertEqual(summary["failed"], 0)
        stats = site.control("stats")
        self.assertEqual(stats["max_connections"], 1)
        # Measured at the server, between beginnings of requests.
        self.assertGreaterEqual(stats["min_gap_ms"], 95, stats)
        self.assertEqual(stats["by_class"]["disallowed"], 0)
        self.assertEqual(stats["by_class"]["counter_increment"], 0)
        self.assertEqual(stats["by_class"]["robots"], 1)

    def test_denied_pages_are_counted_and_never_asked_for(self):
        site = self.portal("--articles", 16, "--seed", 9)
        summary = self.crawl(site.base)
        self.assertGreater(summary["robots_denied"], 0)
        self.assertEqual(site.control("stats")["by_class"]["disallowed"], 0)

    def test_private_addresses_are_refused_unless_allowed(self):
        site = self.portal("--articles", 8)
        done = self.run_program("crawl", "--seed", site.base, "--delay", "0", "--config", os.path.join(self.directory, "none"), "--json", expect=1)
        self.assertEqual(json.loads(done.stdout)["fetched"], 0)
        self.assertIn(b"127.0.0.1", done.stderr)
        self.assertEqual(site.control("stats")["requests"], 0)


class Faults(Case):
    def test_resets_cuts_and_busy_servers_are_retried(self):
        site = self.portal("--articles", 40, "--seed", 4, "--faults", "reset=0.03,cut=0.03,busy=0.05,retry-after=1")
        self.crawl(site.base, expect=None)
        site.control("fault?clear=1")
        summary = self.crawl(site.base)
        urls = {r["url"] for r in self.lines("list")}
        missing = {a["url"] for a in site.truth()["articles"]} - urls
        self.assertEqual(missing, set(), summary)
        self.assertEqual([e for e in self.lines("changes", "--all") if e["kind"] not in ("new", "edited")], [])
        self.run_program("verify")

    def test_traps_loops_and_wrong_lengths_end(self):
        site = self.portal("--articles", 16, "--seed", 4, "--faults", "length,loop,calendar")
        summary = self.crawl(site.base, "--max-pages", 3000, expect=None)
        self.assertLess(summary["fetched"], 3000, summary)
        self.assertLessEqual({a["url"] for a in site.truth()["articles"]}, {r["url"] for r in self.lines("list")})
        self.run_program("verify")


class LiveReader(Case):
    def test_read_commands_work_while_a_crawl_runs(self):
        # More than a minute of work: it is stopped in its middle.
        site = self.portal("--articles", 1500, "--seed", 3, "--slow-ms", 60)
        process = subprocess.Popen([FANGZHI, *self.crawl_words(site.base), "--archive", self.archive, "--json"], stdout=subprocess.PIPE)
        try:
            seen = []
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and process.poll() is None and len(seen) < 5:
                done = self.run_program("list", "--kind", "all", "--json", expect=None)
                if done.returncode == 0:
                    seen = done.stdout.splitlines()
                time.sleep(0.05)
            self.assertIsNone(process.poll(), "the crawl was over before anything could be asked")
            self.assertGreaterEqual(len(seen), 5)
            raw = self.run_program("show", json.loads(seen[0])["url"], "--format", "raw").stdout
            self.assertGreater(len(raw), 100)
            # It is proved as it stands; what is being written is no damage.
            self.assertGreater(self.lines("verify")[-1]["captures"], 5)
            # What changes the archive is refused, with the reason.
            refused = self.run_program("rebuild", expect=1)
            self.assertIn(str(process.pid).encode(), refused.stderr)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


    def test_a_process_that_ends_before_it_answers_hides_no_archive(self):
        server = StaticServer({"/": (200, {"Content-Type": "text/html; charset=utf-8"}, "<html><title>河西县</title><body>河西县人民政府</body></html>".encode())})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/")
        with socket.socket(socket.AF_UNIX) as listener:
            here = os.getcwd()
            os.chdir(os.path.join(self.archive, "run"))  # the path may be longer than a socket's may be
            try:
                listener.bind("fangzhi.sock")
            finally:
                os.chdir(here)
            listener.listen()
            answers = []

            def end():
                with listener.accept()[0] as connection:
                    connection.recv(4096)
                    if answers:
                        connection.sendall(answers[0])

            for answer, wanted in ((b"", 0), (b'{"out":"eyJ9"}\n', 1)):
                answers[:] = [answer]
                thread = threading.Thread(target=end)
                thread.start()
                done = self.run_program("list", "--kind", "all", "--json", expect=wanted)
                thread.join()
                self.assertEqual("河西县".encode() in done.stdout, wanted == 0)
            self.assertIn(b"broke off its answer", done.stderr)


class Bytes(Case):
    def test_raw_is_what_was_received_and_the_record_what_it_says(self):
        page = ("<html><head><meta charset='gb2312'><title>关于防汛工作的通知</title></head><body><h1>关于防汛工作的通知</h1>"
                "<div>发布时间：2021-07-20 来源：应急管理局 点击：31</div><div class='TRS_Editor'><p>" + "各部门要落实防汛责任，" * 20 +
                "</p></div></body></html>").encode("gb18030")
        packed = gzip.compress(page, mtime=0)
        server = StaticServer({
            "/": (200, {"Content-Type": "text/html"}, b"<html><a href='/a.htm'>1</a> <a href='/moved'>2</a></html>"),
            "/a.htm": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip", "X-Odd": "\xe9"}, packed),
            "/moved": (302, {"Location": "/b.htm?q=%D5%FE"}, b""),
            "/b.htm?q=%D5%FE": (200, {"Content-Type": "text/html"}, page),
        })
        self.addCleanup(server.stop)
        summary = self.crawl(server.base + "/")
        self.assertEqual((summary["redirects"], summary["failed"]), (1, 0), summary)
        self.assertEqual(self.run_program("show", server.base + "/a.htm", "--format", "raw").stdout, packed)
        record = self.json("show", server.base + "/a.htm")
        self.assertEqual((record["title"], record["published"], record["source"], record["clicks"], record["charset"]),
                         ("关于防汛工作的通知", "2021-07-20", "应急管理局", 31, "GBK"))
        self.assertEqual(self.json("show", server.base + "/b.htm?q=%D5%FE")["title"], "关于防汛工作的通知")
        self.run_program("verify")

    def test_a_page_cannot_control_the_terminal(self):
        server = StaticServer({"/": (200, {"Content-Type": "text/html; charset=utf-8"},
                                     "<html><title>\x1b[31m红\u202e字标题在这里</title><body><p>正文\x07内容。</p></body></html>".encode())})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/")
        for command in (["show", server.base + "/"], ["list", "--kind", "all"]):
            out = self.run_program(*command).stdout
            self.assertNotIn(b"\x1b", out)
            self.assertNotIn(b"\x07", out)
            self.assertNotIn("\u202e".encode(), out)


class Words(Case):
    def test_wrong_usage_is_2_and_names_the_fault(self):
        for words, said in ((["crawl", "--nonsense"], b"--nonsense"), (["show"], b"URL"), (["frobnicate"], b"frobnicate"),
                            (["crawl", "--site", "nowhere", "--config", os.path.join(SOURCE, "config")], b"nowhere"),
                            (["crawl", "--seed", "ftp://x/", "--config", "/nonexistent"], b"ftp")):
            done = self.run_program(*words, expect=2)
            self.assertIn(said, done.stderr, words)
            self.assertEqual(done.stdout, b"")

    def test_an_archive_that_is_not_there_is_1(self):
        done = self.run_program("list", expect=1)
        self.assertIn(self.archive.encode(), done.stderr)
        self.assertFalse(os.path.exists(self.archive))

    def test_every_help_has_an_example(self):
        top = self.run_program("decode", "--help").stdout
        self.assertIn(b"Example", top)
        for command in ("repair", "extract", "links", "url", "robots"):
            self.assertIn(b"Example", self.run_program(command, "--help").stdout, command)

    def test_site_check_reports_all_mistakes_at_once(self):
        config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(config, "sites"))
        with open(os.path.join(config, "sites", "a.toml"), "w") as file:
            file.write('id = "a"\nname = "A"\nseeds = ["http://a.example/"]\nmax_dept = 3\ninclude = ["("]\ntime_zone = "Asia/Shangai"\n')
        done = self.run_program("site", "check", "--config", config, expect=2)
        said = done.stderr.decode()
        for part in ("a.toml:4", "max_depth", "a.toml:5", "a.toml:6", "Asia/Shanghai"):
            self.assertIn(part, said)

    def test_a_bad_line_does_not_end_a_batch(self):
        out = self.run_program("url", "--jsonl", "-", expect=None, stdin=b'{"id":1,"input":"http://A.gov.cn/x"}\nnonsense\n{"id":3,"input":"b","base":"http://a.gov.cn/c/"}\n')
        # FILE is standard input by default; "-" would be a URL here.
        lines = [json.loads(line) for line in out.stdout.splitlines()]
        self.assertEqual([l.get("url") for l in lines], ["http://a.gov.cn/x", None, "http://a.gov.cn/c/b"])
        self.assertIn("error", lines[1])


if __name__ == "__main__":
    unittest.main()
