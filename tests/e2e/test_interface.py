"""What INTERFACE promises of the command line: words, batches, exit statuses, streams. Python's standard library only."""
import base64
import datetime
import gzip
import pty
import resource
import tempfile
import tty
import zlib

from harness import *


class TextTools(Case):
    """Needs no portal and no archive."""

    def tool(self, *words, stdin=b"", expect=0):
        done = subprocess.run([FANGZHI, *words], input=stdin, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout[-1000:]}\n{done.stderr.decode(errors='replace')[-2000:]}")
        return done

    def batch(self, *words, lines, expect=0):
        stdin = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        answers = [json.loads(line) for line in self.tool(*words, "--jsonl", stdin=stdin, expect=expect).stdout.splitlines()]
        self.assertEqual(len(answers), len(lines), answers)
        return answers

    def refused(self, *words, says=b""):
        """Wrong usage: status 2, no data, one line that says what is wrong."""
        done = self.tool(*words, expect=2)
        self.assertEqual(done.stdout, b"", words)
        self.assertTrue(done.stderr.startswith(b"fangzhi: "), (words, done.stderr))
        self.assertEqual(done.stderr.count(b"\n"), 1, (words, done.stderr))
        self.assertNotIn(b"\x1b", done.stderr)
        self.assertIn(says, done.stderr, words)
        return done.stderr

    def test_global_options_may_stand_before_the_command(self):
        page = os.path.join(self.directory, "p.html")
        with open(page, "wb") as file:
            file.write(b"<p>plain text</p>")
        for words in (["--log-level", "debug", "decode", page, "--json"], ["--log-level=debug", "decode", page, "--json"],
                      ["--json", "decode", page], ["--json", "--log-level", "error", "decode", page]):
            self.assertIn("plain text", json.loads(self.tool(*words).stdout)["text"], words)
        config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(config, "sites"))
        with open(os.path.join(config, "sites", "a.toml"), "w") as file:
            file.write('id = "a"\nname = "A"\nseeds = ["http://a.example/"]\n')
        self.assertEqual(json.loads(self.tool("--config", config, "--json", "site", "list").stdout)["id"], "a")
        done = self.tool("--archive", os.path.join(self.directory, "nowhere"), "list", expect=1)
        self.assertIn(b"nowhere", done.stderr)
        self.refused("--log-level", "debug", "decoed", says=b"decoed: no such command; did you mean decode?")

    def test_every_line_of_a_batch_is_answered(self):
        page = base64.b16encode("<title>一</title>".encode()).decode()
        good = {"decode": {"hex": "6161"}, "repair": {"text": "a"}, "url": {"input": "http://a.example/"},
                "extract": {"hex": page, "url": "http://a.example/"},
                "robots": {"robots": "User-agent: *\nDisallow: /x\n", "agent": "f", "url": "http://a.example/x"}}
        for command, line in good.items():
            # Done in part: some lines have no answer. The first of them is named.
            answers = self.batch(command, lines=[b"", dict(line, id=1), b"   ", b"[]", dict(line, id=2)], expect=3)
            self.batch(command, lines=[line, line])
            done = self.tool(command, "--jsonl", stdin=b"nonsense\n", expect=1)
            self.assertEqual(done.stderr, b"fangzhi: -:1: not a JSON object\n", command)
            self.assertEqual(self.tool(command, "--jsonl", stdin=b"").stdout, b"")
            self.assertEqual([bool(answer.get("error")) for answer in answers], [True, False, True, True, False], (command, answers))
            self.assertEqual([answer["id"] for answer in answers], [None, 1, None, None, 2], command)

    def test_a_robots_line_that_lacks_something_is_an_error(self):
        rules = {"robots": "User-agent: *\nDisallow: /x\n", "agent": "f", "url": "http://a.example/x"}
        wrong = [{key: value for key, value in rules.items() if key != missing} for missing in rules]
        wrong += [dict(rules, robots=None, robots_b64=None), dict(rules, robots=7), dict(rules, robots_b64="?"), dict(rules, agent=""), dict(rules, agent=None),
                  dict(rules, url="no url"), dict(rules, url=""), dict(rules, url=5)]
        for line, answer in zip(wrong, self.batch("robots", lines=wrong, expect=1)):
            self.assertTrue(answer.get("error"), (line, answer))
            self.assertNotIn("allowed", answer)
        right = [rules, dict(rules, robots=""), dict(rules, robots=None, robots_b64=base64.b64encode(rules["robots"].encode()).decode())]
        self.assertEqual([answer["allowed"] for answer in self.batch("robots", lines=right)], [False, True, False])

    def test_an_extract_line_that_cannot_be_used_is_an_error(self):
        page = base64.b16encode("<title>一</title>".encode()).decode()
        good = {"hex": page, "url": "http://a.example/"}
        wrong = [{"hex": page}, dict(good, url=3), dict(good, url="//"), dict(good, url=None), dict(good, content_type=5), dict(good, hex=5), {"url": good["url"]},
                 {"url": good["url"], "path": "-"}, {"url": good["url"], "path": os.path.join(self.directory, "none")}]
        for line, answer in zip(wrong, self.batch("extract", lines=wrong, expect=1)):
            self.assertTrue(answer.get("error"), (line, answer))
        self.assertNotIn("error", self.batch("extract", lines=[dict(good, content_type=None)])[0])
        self.assertTrue(self.batch("decode", lines=[{"hex": "61", "content_type": []}], expect=1)[0]["error"])
        self.assertTrue(self.batch("url", lines=[{"input": "a", "base": 1}], expect=1)[0]["error"])
        # That a text is no URL is an answer about it.
        self.assertTrue(self.batch("url", lines=[{"input": "http://"}])[0]["error"])

    def test_absent_facts_are_null(self):
        page = os.path.join(self.directory, "p.html")
        with open(page, "wb") as file:
            file.write(b"<title>x</title><a href='/1.htm'></a><a href='/2.pdf'> </a>")
        links = [json.loads(line) for line in self.tool("links", page, "--url", "http://a.example/").stdout.splitlines()]
        self.assertEqual([(link["url"], link["text"]) for link in links if link["text"] is None],
                         [("http://a.example/1.htm", None), ("http://a.example/2.pdf", None)])
        self.assertEqual(len(links), 2)
        with open(page, "wb") as file:
            file.write(b"")
        record = json.loads(self.tool("extract", page, "--url", "http://a.example/").stdout)
        self.assertIsNone(record["body"])
        self.assertNotIn("", [value for value in record.values() if isinstance(value, str)], record)

    def test_help_has_examples_for_every_command(self):
        top = self.tool("--help").stdout.decode()
        self.assertEqual(self.tool("help").stdout.decode(), top)
        for heading in ("archivists", "researchers", "admins", "no archive"):
            self.assertIn(heading, top)
        commands = [line.split()[0] for line in top.splitlines() if line.startswith("  ") and line[2] != " " and not line.startswith(("  -", "  fangzhi"))]
        self.assertGreaterEqual(set(commands), {"crawl", "serve", "site", "show", "history", "diff", "clicks", "list", "changes", "stats", "verify", "rebuild", "decode",
                                                "repair", "extract", "links", "url", "robots", "status", "report", "lost", "run", "pause", "resume", "reload"})
        self.assertEqual(len(commands), len(set(commands)))
        for command in commands + ["site list", "site check", "site test", "site add"]:
            words = command.split()
            said = self.tool(*words, "--help").stdout.decode()
            self.assertEqual(self.tool("help", *words).stdout.decode(), said, command)
            self.assertIn("\nUsage: fangzhi " + command, said)
            self.assertRegex(said, r"Examples?:\n  fangzhi ", command)
            self.assertTrue(said.endswith("\n") and not said.endswith("\n\n"), command)
            self.assertNotRegex(said, "TEXT|UINT|FLOAT", command)
            # What an example shows is no wrong usage. (They are not run: the pages that they name are not there.)
            for example in said.split("Example")[1].splitlines()[1:]:
                for option in [word for word in example.split() if word.startswith("--")]:
                    self.assertIn(option, said + top, example)

    def test_a_wrong_option_names_the_nearest(self):
        self.refused("list", "--limt", "3", says=b"list: no such option: --limt; did you mean --limit?")
        self.refused("list", "--kind=article", "--form", "2026", says=b"did you mean --from?")
        self.refused("crawl", "--max-page=3", says=b"did you mean --max-pages?")
        self.refused("crawl", "--allow", says=b"did you mean --allow-private?")
        self.refused("site", "lst", says=b"site lst: no such command; did you mean list?")
        self.refused("help", "shw", says=b"shw: no such command; did you mean show?")
        self.assertNotIn(b"did you mean", self.refused("list", "--nonsense"))

    def test_a_page_does_not_control_the_terminal_and_stays_exact_elsewhere(self):
        def seen(*words, stdin):
            """What a terminal gets."""
            control, terminal = pty.openpty()
            tty.setraw(terminal)
            with tempfile.TemporaryFile() as file:
                file.write(stdin)
                file.seek(0)
                process = subprocess.Popen([FANGZHI, *words], stdin=file, stdout=terminal, stderr=subprocess.DEVNULL)
                os.close(terminal)
                shown = b""
                while True:
                    try:
                        piece = os.read(control, 65536)
                    except OSError:
                        break
                    if not piece:
                        break
                    shown += piece
                os.close(control)
                self.assertEqual(process.wait(), 0, words)
            return shown.decode()

        text = "标题\x1b[31m红\x07\u009b2J\x7f\t正文。\r\n第二段。\n"
        page = f"<html><head><title>{text}</title></head><body><a href='/a.pdf'>{text}</a><p>{text}</p></body></html>"
        feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>a</title><item><title>新闻\u009b2J</title><link>http://a.cn/1</link></item></channel></rss>"
        url = ["--url", "http://www.example.gov.cn/"]
        for words, given in ((["decode", "--content-type", "text/plain; charset=utf-8"], text), (["repair"], text), (["repair", "--json"], text), (["decode", "--json"], text),
                             (["extract", *url], page), (["links", *url], page), (["feed", *url], feed)):
            shown = seen(*words, stdin=given.encode())
            self.assertTrue("正文。" in shown or "a.pdf" in shown or "新闻" in shown, (words, shown))
            self.assertFalse([c for c in shown.replace("\r\n", "\n") if ord(c) < 32 and c not in "\n\t" or 0x7F <= ord(c) < 0xA0], (words, shown))
        plain = ["decode", "--content-type", "text/plain; charset=utf-8"]
        self.assertEqual(self.tool(*plain, stdin=text.encode()).stdout, text.encode())
        self.assertEqual(json.loads(self.tool(*plain, "--json", stdin=text.encode()).stdout)["text"], text)
        self.assertIn(b"\x1b[31m", self.tool("repair", stdin=text.encode()).stdout)

    def test_a_folder_is_no_file(self):
        url = ["--url", "http://www.example.gov.cn/"]
        for words in (["decode"], ["repair"], ["decode", "--json"], ["repair", "--json"], ["extract", *url], ["links", *url], ["decode", "--jsonl"], ["repair", "--jsonl"], ["feed", *url]):
            done = self.tool(*words, self.directory, expect=1)
            self.assertEqual(done.stdout, b"", words)
            self.assertIn(self.directory.encode(), done.stderr, words)
            self.assertEqual(done.stderr.count(b"\n"), 1, (words, done.stderr))

    def test_a_batch_is_read_from_a_file(self):
        path = os.path.join(self.directory, "lines")
        with open(path, "w") as file:
            file.write('{"id":4,"input":"http://a.example/"}\n')
        self.assertEqual(json.loads(self.tool("url", "--jsonl", path).stdout)["url"], "http://a.example/")
        self.assertIn(b"none", self.tool("url", "--jsonl", path + "none", expect=1).stderr)
        self.refused("url", "--jsonl", path, path)

    def test_in_part_is_3_and_nothing_done_is_1(self):
        for json_flag in ([], ["--json"]):
            self.tool("url", "http://a.example/", *json_flag)
            self.assertIn(b"http://", self.tool("url", "http://a.example/", "http://", *json_flag, expect=3).stderr)
            done = self.tool("url", "http://", *json_flag, expect=1)
            self.assertEqual(done.stderr.count(b"\n"), 1)
            rules = os.path.join(self.directory, "robots.txt")
            open(rules, "w").close()
            self.tool("robots", rules, "--agent", "f", "http://a.example/", *json_flag)
            self.tool("robots", rules, "--agent", "f", "http://a.example/", "no url", *json_flag, expect=3)
            self.assertIn(b"no url", self.tool("robots", rules, "--agent", "f", "no url", *json_flag, expect=1).stderr)

    def test_values_that_are_none_are_wrong_usage(self):
        for command in ("list", "changes", "lost", "report"):
            for number in ("-1", "x", "1.5", "99999999999999999999", "0x10", "", " 1"):
                self.refused(command, "--limit", number, says=b"--limit")
        for number in ("-1", "99999999999999999999"):
            self.refused("crawl", "--max-pages", number, says=b"--max-pages")
        for seconds in ("nan", "inf", "-1", "-0.5", "1e9", "x"):
            self.refused("crawl", "--delay", seconds, says=b"--delay")
        self.refused("show", "http://a.example/", "--version", "4294967296", says=b"--version")
        for option in ("--from", "--to"):
            for day in ("bogus", "2026-13", "2026-02-30"):
                self.refused("list", option, day, says=option.encode())
        self.refused("list", "--kind", "bogus", says=b"bogus")
        for address in ("bogus", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", ":80", "::1:80", "127.0.0.1:-1"):
            self.refused("serve", "--listen", address, says=b"--listen")

    def test_what_is_wrong_is_one_line_without_escapes(self):
        self.refused("list", "--kind", "\x1b[31mred\nline", says=b"\\x1B[31mred\\nline")
        self.refused("list", "\x1b[31m")
        self.refused("\x1b[31m")
        self.refused("list", "--nonsense", says=b"--nonsense")
        self.refused()
        self.refused("site")

    def test_an_empty_value_is_that_value(self):
        page = os.path.join(self.directory, "p.html")
        with open(page, "wb") as file:
            file.write(b"<p>plain text</p>")
        self.assertEqual(json.loads(self.tool("extract", "--content-type=", page, "--url", "http://a.example/").stdout)["url"], "http://a.example/")
        self.assertIn(b"plain text", self.tool("decode", "--content-type=", page).stdout)
        self.refused("extract", "--url=", page)

    def test_what_cannot_be_written_is_1_and_says_so(self):
        for words, stdin in ((["--help"], b""), (["decode", "--help"], b""), (["url", "http://a.example/"], b""), (["decode"], b"a" * 1000000)):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([FANGZHI, *words], input=stdin, stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1, words)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
            self.assertIn(b"No space left on device", done.stderr)
        closed = subprocess.run([FANGZHI, "url", "http://a.example/"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                                preexec_fn=lambda: os.close(1))
        self.assertEqual(closed.returncode, 1, closed.stderr)


SITE = 'id = "{id}"\nname = "{id}"\nseeds = ["{seed}"]\nallow_private = true\ndelay = 0\n'


class Archives(Case):
    def page(self, title, text="<p>" + "各单位要认真落实。" * 20 + "</p>"):
        return (200, {"Content-Type": "text/html; charset=utf-8"},
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>发布时间：2026-03-0{len(title) % 9 + 1}</div>{text}</body></html>".encode())

    def two_sites(self):
        """An archive of the sites a and b, a page each."""
        config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(config, "sites"))
        for site in "ab":
            server = StaticServer({"/": self.page(f"关于{site}站工作的通知")})
            self.addCleanup(server.stop)
            with open(os.path.join(config, "sites", site + ".toml"), "w") as file:
                file.write(SITE.format(id=site, seed=server.base + "/"))
        return config

    def test_answers_are_of_all_sites_that_are_named(self):
        config = self.two_sites()
        # Named twice, crawled once.
        done = self.json("crawl", "--config", config, "--site", "a", "--site", "b", "--site", "a", "--delay", "0")
        self.assertEqual(done["new"], 2, done)
        for command in (["list", "--kind", "all"], ["changes", "--all"]):
            every = self.lines(*command)
            self.assertEqual({answer["site"] for answer in every}, {"a", "b"})
            self.assertEqual(self.lines(*command, "--site", "a", "--site", "b"), every)
            self.assertEqual(self.lines(*command, "--site", "a", "--site", "b", "--limit", 1), every[:1])
            self.assertEqual(self.lines(*command, "--site", "b"), [answer for answer in every if answer["site"] == "b"])
        for command in ("list", "changes", "lost"):
            none = self.run_program(command, "--site", "nosuch", "--json", expect=1)
            self.assertIn(b"nosuch: no such site is known", none.stderr)
            self.assertEqual(none.stdout, b"")
        self.assertEqual(self.lines("lost", "--site", "a"), [])
        for run in self.lines("report"):
            for key in ("started", "ended"):
                self.assertTrue(run[key].endswith("+00:00"), run[key])
        two = self.run_program("site", "test", "http://127.0.0.1/", "--site", "a", "--site", "b", "--config", config, expect=2)
        self.assertIn(b"--site", two.stderr)
        one = self.run_program("site", "test", "--site", "nosuch", "http://127.0.0.1/", "--config", config, expect=2)
        self.assertIn(b"nosuch", one.stderr)

    def test_status_needs_no_configuration_and_shows_what_is_in_no_list(self):
        server = StaticServer({"/": self.page("关于防汛工作的通知")})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/")
        host = server.base.split("//")[1]
        config = os.path.join(self.directory, "config")
        site, = self.json("status", "--config", config)["sites"]
        self.assertEqual((site["id"], site["state"], site["last_run"]["fetched"], site["schedule"], site["next_run"]), (host, "unlisted", 1, None, None))
        self.assertIn(host.encode(), self.run_program("status", "--config", config).stdout)
        os.makedirs(os.path.join(config, "sites"))
        with open(os.path.join(config, "sites", "a.toml"), "w") as file:
            file.write(SITE.format(id="a", seed=server.base + "/"))
        self.assertEqual([site["state"] for site in self.json("status", "--config", config)["sites"]], ["due", "unlisted"])

    def test_list_shows_every_record(self):
        server = StaticServer({"/": (200, {"Content-Type": "text/html"}, ("<title>要闻</title>" + "".join(
            f"<li><a href='/{i}.htm'>关于第{i}次会议的通知</a> 2026-01-0{i}</li>" for i in range(1, 9))).encode()),
            **{f"/{i}.htm": self.page(f"关于第{i}次会议的通知") for i in range(1, 9)}})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/")
        every = self.lines("list")
        self.assertEqual({record["url"] for record in every}, {server.base + "/", *(f"{server.base}/{i}.htm" for i in range(1, 9))})
        self.assertEqual(self.lines("list", "--kind", "all"), every)
        self.assertEqual({record["kind"] for record in self.lines("list", "--kind", "article")}, {"article"})
        self.assertEqual(len(self.lines("list", "--kind", "article")), 8)

    def test_a_click_count_is_observed_at_every_visit(self):
        server = StaticServer({"/": self.page("关于防汛工作的通知", "<div>点击数：345</div><p>" + "各单位要认真落实。" * 20 + "</p>")})
        self.addCleanup(server.stop)
        for _ in range(3):
            self.crawl(server.base + "/")
        seen = self.lines("clicks", server.base + "/")
        self.assertEqual([observation["clicks"] for observation in seen], [345] * 3)
        self.assertEqual(len({observation["time"] for observation in seen}), 3)
        self.assertEqual(len(self.lines("history", server.base + "/")), 1)
        self.run_program("verify")
        self.run_program("rebuild")
        self.assertEqual(self.lines("clicks", server.base + "/"), seen)

    def test_a_run_says_what_it_wrote(self):
        server = StaticServer({"/": self.page("关于防汛工作的通知")})
        self.addCleanup(server.stop)
        written = [self.crawl(server.base + "/")["warc_bytes"] for _ in range(2)]
        self.assertGreater(min(written), 0)
        size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(os.path.join(self.archive, "warc")) for name in names)
        self.assertLess(sum(written), size)  # each file begins with a record of its own
        self.assertGreater(sum(written), size - 4000)
        run, = self.lines("report")
        self.assertEqual(run["summary"]["warc_bytes"], written[1])

    def test_every_page_that_was_fetched_is_in_one_count(self):
        portal = self.portal("--articles", 40, "--seed", 8)
        counts = ("new", "changed", "unchanged", "redirects", "absent", "held", "failed")
        first = self.crawl(portal.base, expect=None)
        self.assertEqual(sum(first[count] for count in counts), first["fetched"], first)
        portal.control("advance?days=1")
        # Every address answers with the same page, in words that are no known block page's.
        portal.control("fault?outage=odd")
        outage = self.crawl(portal.base, expect=None)
        self.assertGreater(outage["held"], 0, outage)
        self.assertEqual(sum(outage[count] for count in counts), outage["fetched"], outage)
        self.assertEqual((outage["new"], outage["changed"], outage["gone"]), (0, 0, 0))

    def test_show_of_a_time_says_where_nobody_knows(self):
        pages = {"/": self.page("关于防汛工作的通知")}
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        url = server.base + "/"
        self.crawl(url)
        pages["/"] = self.page("关于防汛工作的通知", "<p>" + "各单位应当认真落实。" * 20 + "</p>")
        self.crawl(url)
        one, two = (version["time"] for version in self.lines("history", url))
        moment = lambda text: datetime.datetime.fromisoformat(text)
        between = (moment(one) + (moment(two) - moment(one)) / 2).isoformat()
        shown = self.json("show", url, "--at", between)
        self.assertEqual((shown["version"], shown["uncertain"]), (1, {"not_before": one, "time": two, "state": "present", "version": 2}))
        words = f"at the time asked for: this was seen last at {one}, and at {two} it was version 2; it became so at some moment between"
        self.assertIn("Not sure   " + words, self.run_program("show", url, "--at", between).stdout.decode())
        for form in ("text", "html", "page", "raw"):
            self.assertIn("not sure " + words, self.run_program("show", url, "--at", between, "--format", form).stderr.decode(), form)
        for sure in (one, two):
            self.assertNotIn("uncertain", self.json("show", url, "--at", sure))
        # A day is the whole of it, up to its end: what it was by then.
        day = moment(two)
        before = day - datetime.timedelta(days=1)
        for text in (f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"):
            self.assertEqual(self.json("show", url, "--at", text)["version"], 2, text)
        early = self.run_program("show", url, "--at", f"{before:%Y-%m-%d}", expect=1)
        self.assertIn(f"first seen at {one}".encode(), early.stderr)

    def test_a_problem_without_a_line_has_none(self):
        config = os.path.join(self.directory, "none")
        problem, = self.json("site", "check", "--config", config, expect=2)["problems"]
        self.assertIsNone(problem["line"])
        self.assertIsNone(problem["column"])

    def test_what_is_shown_cannot_control_the_terminal(self):
        server = StaticServer({"/": self.page("标题\x1b[31m红", "<p>正文\x07&#27;[31m内\u009b容。</p><p>" + "各单位要认真落实。" * 20 + "</p><a href='/a.pdf'>附\x1b[1m件</a>")})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        for form in ("record", "text", "html", "page"):
            out = self.run_program("show", server.base + "/", "--format", form).stdout.decode()
            self.assertIn("各单位要认真落实", out, form)
            self.assertFalse([c for c in out if ord(c) < 32 and c not in "\n\t" or 0x7F <= ord(c) < 0xA0], form)
        for form in ("html", "page", "raw"):
            self.assertIn(b"--json", self.run_program("show", server.base + "/", "--format", form, "--json", expect=2).stderr)

    def test_bytes_that_have_changed_are_given_with_a_warning(self):
        text = base64.b64encode(os.urandom(3000))
        server = StaticServer({"/": self.page("关于防汛工作的通知", f"<p>{text.decode()}</p>")})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/")
        whole = self.run_program("show", server.base + "/", "--format", "raw").stdout
        changed = 0
        for folder, _, names in os.walk(self.archive):
            for path in (os.path.join(folder, name) for name in names if name.endswith(".warc.gz")):
                with open(path, "rb") as file:
                    packed = file.read()
                out, at = b"", 0
                while at < len(packed):
                    unpack = zlib.decompressobj(31)
                    member = unpack.decompress(packed[at:])
                    length = len(packed) - at - len(unpack.unused_data)
                    if b"WARC-Type: response" in member and text in member:
                        # The member again with a text that packs better; an extra field of its header makes up for the length.
                        again = gzip.compress(member.replace(text, b"x" * len(text)), mtime=0)
                        pad = length - len(again) - 2
                        out += again[:3] + b"\x04" + again[4:10] + pad.to_bytes(2, "little") + bytes(pad) + again[10:]
                        changed += 1
                    else:
                        out += packed[at:at + length]
                    at += length
                self.assertEqual(len(out), len(packed))
                with open(path, "wb") as file:
                    file.write(out)
        self.assertEqual(changed, 1)
        done = self.run_program("show", server.base + "/", "--format", "raw", expect=3)
        self.assertEqual(done.stdout, whole.replace(text, b"x" * len(text)))
        self.assertIn(b"digest", done.stderr)

    def test_as_many_files_as_the_system_allows(self):
        """A large index has more tables than a process may open by default."""
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        process = subprocess.Popen([FANGZHI, "decode", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)))
        process.stdin.write(b"a\n" * 10**6)  # more than a pipe holds: when it is through, the program has begun
        process.stdin.flush()
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
            line = next(line for line in limits if line.startswith("Max open files"))
        process.communicate()
        self.assertEqual(line.split()[3], line.split()[4])

    def test_a_limit_on_files_is_an_error_not_a_signal(self):
        pages = {"/": (200, {"Content-Type": "text/html"}, b"".join(b"<a href='/%d.htm'>%d</a> " % (i, i) for i in range(40)))}
        for i in range(40):
            pages[f"/{i}.htm"] = self.page(f"第{i}号通知", "<p>" + base64.b64encode(os.urandom(20000)).decode() + "</p>")
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        words = [FANGZHI, *self.crawl_words(server.base + "/"), "--archive", self.archive]
        done = subprocess.run(words, capture_output=True, timeout=300,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300 * 1024, 300 * 1024)))
        self.assertIn(done.returncode, (1, 3), done.stderr)
        self.assertTrue(done.stderr)
        # Without the limit it goes on.
        self.crawl(server.base + "/", expect=None)
        self.run_program("verify")


if __name__ == "__main__":
    unittest.main()
