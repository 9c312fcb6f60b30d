"""The ledger over virtual days of trouble, the short form of `scripts/evaluate ledger`; and what noise does (nothing)."""
import datetime
import sys

from harness import *

sys.path.insert(0, os.path.join(SOURCE, "tests", "evaluate"))
import ledger  # noqa: E402

ledger.FANGZHI, ledger.PORTAL = FANGZHI, PORTAL


class Ledger(unittest.TestCase):
    def story(self, name, seed, days, articles):
        counts, wrong, _, plainly_wrong = ledger.Story(name, seed, days, articles).run()
        self.assertEqual(wrong + plainly_wrong, [])
        return counts

    def test_withdrawals_in_every_way_among_hostile_noise(self):
        counts = self.story("ways", 3, 9, 32)
        self.assertGreaterEqual(counts["gone"]["found"], 3)
        self.assertGreaterEqual(counts["edited"]["found"], 5)

    def test_a_redesign_between_outages(self):
        counts = self.story("all", 5, 14, 32)
        self.assertGreaterEqual(counts["moved"]["found"], 15)
        self.assertGreaterEqual(counts["gone"]["found"], 2)


class Told(Case):
    """What an administrator is told of a site's trouble: the ledger's events of its host, and the report."""

    QUIET = ["--publish-per-day", 0, "--edit-per-day", 0, "--withdraw-per-day", 0, "--restore-per-day", 0]

    def kinds(self):
        report = self.json("report", self.lines("list")[0]["site"])
        return report["grade"], [finding["kind"] for finding in report["findings"]], report

    def test_a_redesign_in_place_is_told_and_nothing_of_it_is_an_edit(self):
        site = self.portal("--articles", 40, "--seed", 8, "--page-kb", 8, *self.QUIET)
        for _ in range(2):
            self.crawl(site.base)
        site.control("redesign?old=same")
        self.crawl(site.base)
        told = self.lines("changes", "--kind", "redesign_suspected")
        self.assertEqual(len(told), 1)
        self.assertIn("came back without the texts", told[0]["evidence"])
        self.assertEqual(self.lines("changes", "--kind", "edited"), [])
        grade, kinds, report = self.kinds()
        self.assertEqual((grade, kinds), ("degraded", ["redesign"]), report["findings"])
        self.crawl(site.base)
        self.assertEqual(len(self.lines("changes", "--kind", "redesign_suspected")), 1)
        self.assertEqual(self.kinds()[0], "complete")

    def test_a_failure_of_every_text_is_no_edit_of_any(self):
        pages = {}

        def fill(text_of):
            def html(title, inner):
                return (200, {"Content-Type": "text/html; charset=utf-8"},
                        f"<html><head><title>{title}-示例县人民政府</title></head><body>{inner}<div>版权所有：示例县人民政府</div></body></html>".encode())
            names = [f"关于做好第{n}批水库除险加固工作的通知" for n in range(12)]
            rows = "".join(f'<li><a href="/a/{n}.html">{name}</a><span>2024-05-{n + 10}</span></li>' for n, name in enumerate(names))
            pages["/"] = html("首页", f'<h2>通知公告</h2><ul>{rows}</ul>')
            for n, name in enumerate(names):
                pages[f"/a/{n}.html"] = html(name, f'<h1>{name}</h1><div>发布时间：2024-05-{n + 10} 来源：示例县水务局</div><div id="zoom">{text_of(n)}</div>')

        def own(n, parts=8):
            words = lambda part: "".join(chr(0x4E00 + (n * 7919 + part * 611953 + i * 104729) % 20000) for i in range(40))
            return "".join(f"<p>第{part + 1}项：{words(part)}。</p>" for part in range(parts))

        fill(own)
        site = StaticServer(pages)
        self.addCleanup(site.stop)
        self.crawl(site.base)
        for failure in (lambda n: "<p>内容加载中，请稍候……</p>", lambda n: own(0), lambda n: own(n, 4)):
            fill(failure)
            self.crawl(site.base)
            grade, kinds, report = self.kinds()
            self.assertEqual((grade, kinds), ("degraded", ["changed_alike"]), report["findings"])
            fill(own)
            self.crawl(site.base)
            self.assertEqual(self.kinds()[0], "complete")
        self.assertEqual(self.lines("changes", "--kind", "edited") + self.lines("changes", "--kind", "gone"), [])
        fill(lambda n: own(n) + "<p>欢迎关注示例县人民政府微信公众号。</p>")
        self.crawl(site.base)
        self.assertEqual(len(self.lines("changes", "--kind", "edited")), 12)
        self.assertEqual(self.kinds()[:2], ("degraded", ["all_edited"]))

    def test_a_redesign_in_place_is_told_among_noise(self):
        for seed in (31, 32):
            with self.subTest(seed=seed):
                archive = os.path.join(self.directory, f"noise-{seed}")
                site = self.portal("--articles", 60, "--seed", seed, "--page-kb", 8, "--hostile-noise", *self.QUIET)
                for day in range(3):
                    site.control("advance?hours=24")
                    self.crawl(site.base, archive=archive)
                self.assertEqual(self.lines("changes", "--kind", "redesign_suspected", archive=archive), [])
                site.control("advance?hours=24")
                site.control("redesign?old=same")
                self.crawl(site.base, archive=archive)
                told = self.lines("changes", "--kind", "redesign_suspected", archive=archive)
                self.assertEqual(len(told), 1)
                # Also those that were read when the new frame was known from others.
                self.assertGreaterEqual(int(told[0]["evidence"].split()[0]), 50, told)
                self.assertEqual(self.lines("changes", "--kind", "edited", archive=archive), [])
                site.control("advance?hours=24")
                self.crawl(site.base, archive=archive)
                self.assertEqual(len(self.lines("changes", "--kind", "redesign_suspected", archive=archive)), 1)

    def test_a_redesign_with_new_addresses_is_told_with_what_was_found_again(self):
        site = self.portal("--articles", 40, "--seed", 9, "--page-kb", 8, *self.QUIET)
        self.crawl(site.base)
        site.control("redesign?old=404")
        self.crawl(site.base)
        self.assertEqual(len(self.lines("changes", "--kind", "moved")), 40)
        self.assertEqual(self.lines("changes", "--kind", "gone"), [])
        told = self.lines("changes", "--kind", "redesign_suspected")
        self.assertEqual(len(told), 1)
        self.assertRegex(told[0]["evidence"], r"4\d of \d+ pages found at other addresses")
        self.assertIn("redesign", self.kinds()[1])

    def test_lists_without_their_rows_are_told_and_nothing_is_unlisted(self):
        for seed, outage in ((21, "emptylists"), (22, "listerrors"), (23, "cutlists")):
            with self.subTest(outage=outage):
                archive = os.path.join(self.directory, outage)
                site = self.portal("--articles", 40, "--seed", seed, "--page-kb", 8, *self.QUIET)
                for _ in range(2):
                    self.crawl(site.base, archive=archive)
                site.control("fault?outage=" + outage)
                for _ in range(2):
                    self.crawl(site.base, archive=archive, expect=None)
                    name = self.lines("list", archive=archive)[0]["site"]
                    report = self.json("report", name, archive=archive)
                    self.assertIn(report["grade"], ("degraded", "partial"))
                    self.assertTrue({"lists_short", "seed_missed", "lists_missed", "blocked"} & {f["kind"] for f in report["findings"]}, report["findings"])
                    self.assertEqual(self.lines("lost", "--kind", "unlisted", archive=archive), [])
                site.control("fault?clear=1")
                self.crawl(site.base, archive=archive)
                self.assertEqual(self.json("report", name, archive=archive)["grade"], "complete")
                self.assertEqual(self.lines("lost", "--kind", "unlisted", archive=archive), [])
                self.assertEqual(self.lines("lost", archive=archive), [])

    def test_back_dated_and_unlisted_are_told_apart_from_new_and_gone(self):
        # The portal's virtual days begin with today: what is new must not look old.
        today = datetime.date.today()
        old = (today - datetime.timedelta(days=100)).isoformat()
        for seed in (11, 12):
            with self.subTest(seed=seed):
                archive = os.path.join(self.directory, f"archive-{seed}")
                site = self.portal("--articles", 32, "--seed", seed, "--page-kb", 8, "--publish-per-day", 2, "--edit-per-day", 0, "--withdraw-per-day", 1,
                                   "--restore-per-day", 0, "--unlist-per-day", 1, "--backdate-per-day", 1, "--stale-lists", 0.5,
                                   "--clock", today.strftime("%Y-%m-%dT08:00:00+08:00"))
                crawls = []
                for day in range(7):
                    if day:
                        site.control("advance?hours=24")
                    self.crawl(site.base, archive=archive)
                    crawls.append(site.control("clock")["now"])
                truth = site.truth()
                events = {}
                for event in truth["events"]:
                    events.setdefault(event["id"], []).append(event)
                of = {article["url"]: article for article in truth["articles"]}
                told = {e["url"]: e for e in self.lines("changes", "--kind", "new", archive=archive) if e["url"] in of}
                for url, article in of.items():
                    born = next((e["time"] for e in events.get(article["id"], []) if e["kind"] == "new"), None)
                    if born is None or url not in told:
                        continue
                    late = article["published"][:10] < old  # 200 days before
                    self.assertEqual("back-dated" in (told[url]["evidence"] or ""), late, told[url])
                # Alive, and no list names it; gone, and a list still does.
                unlisted = {row["url"] for row in self.lines("lost", "--kind", "unlisted", archive=archive)} & set(of)
                def was_listed_and_dropped(article):
                    times = {event["kind"]: event["time"] for event in events.get(article["id"], [])}
                    return "unlisted" in times and any(times.get("new", "") <= crawl < times["unlisted"] for crawl in crawls)

                expected = {url for url, article in of.items() if article["state"] == "live" and was_listed_and_dropped(article)}
                self.assertEqual(unlisted, expected & set(told))
                lost = [row for row in self.lines("lost", archive=archive) if row["url"] in of]
                self.assertGreaterEqual(len(lost), 3)
                lists = b"".join(site.get(url["url"].removeprefix(site.base.rstrip("/"))) for url in truth["urls"] if url["kind"] == "list")
                for row in lost:
                    self.assertEqual(row["listed"], row["url"].rsplit("/", 1)[1].encode() in lists, row)


class Lost(Case):
    def test_lost_and_history_say_when_and_why(self):
        site = self.portal("--articles", 40, "--seed", 4, "--page-kb", 8, "--publish-per-day", 0, "--edit-per-day", 0, "--withdraw-per-day", 0,
                           "--restore-per-day", 0)
        self.crawl(site.base)
        article = next(a for a in site.truth()["articles"] if a["encoding_trouble"] is None)
        site.control(f"withdraw?id={article['id']}&how=404")
        self.crawl(site.base)
        self.assertEqual([row["url"] for row in self.lines("lost", "--kind", "suspect")], [article["url"]])
        self.crawl(site.base)
        lost = self.lines("lost")
        self.assertEqual([(row["url"], row["version"], row["listed"], row["restored"]) for row in lost], [(article["url"], 1, False, False)])
        self.assertEqual(self.lines("lost", "--to", "2001-01-01"), [])
        # For people: both ends of the interval, what was answered, which copy is kept.
        text = self.run_program("lost").stdout.decode()
        self.assertRegex(text, r"not available since some time between \d{4}-\d\d-\d\d \d\d:\d\d:\d\d and \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: 404 Not Found, 2 visits\n")
        self.assertIn("fangzhi show --version 1", text)
        self.assertIn("404 Not Found, 2 visits", self.run_program("changes", "--kind", "gone").stdout.decode())
        self.assertRegex(self.run_program("history", article["url"], "--states").stdout.decode(), r"gone .* 404 Not Found")
        site.control(f"restore?id={article['id']}")
        self.crawl(site.base)
        self.assertEqual([row["restored"] for row in self.lines("lost")], [True])
        states = self.lines("history", article["url"], "--states")
        self.assertEqual([row["state"] for row in states][-3:], ["present", "gone", "restored"])
        gone = states[-2]
        self.assertEqual((gone["visits"], gone["evidence"]), (2, "http_404"))
        self.assertLess(gone["not_before"], gone["from"])
        # A page taken off its list is not lost.
        other = next(a for a in site.truth()["articles"] if a["id"] != article["id"] and a["state"] == "live")
        now = lambda: datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        before = now()
        self.crawl(site.base)
        between = now()
        site.control(f"unlist?id={other['id']}")
        self.crawl(site.base)
        row = next(row for row in self.lines("lost", "--kind", "unlisted") if row["url"] == other["url"])
        # Between the last list that named it, which the crawl before read, and the first that did not.
        self.assertGreater(row["not_before"], before)
        self.assertLess(row["not_before"], between)
        self.assertGreater(row["time"], between)
        self.assertEqual(self.lines("lost", "--kind", "unlisted", "--to", before), [])
        self.run_program("rebuild")
        self.assertIn(row, self.lines("lost", "--kind", "unlisted"))
        self.assertEqual(self.json("show", other["url"])["state"], "present")

    def test_a_week_of_an_unknown_firewall_is_told_of_the_host_and_of_no_page(self):
        site = self.portal("--articles", 24, "--seed", 6, "--page-kb", 8)
        self.crawl(site.base)
        before = self.lines("changes", "--all")
        site.control("fault?outage=odd")
        for _ in range(3):
            self.crawl(site.base, expect=None)
        site.control("fault?clear=1")
        self.crawl(site.base)
        self.assertEqual(self.lines("changes", "--all"), before)
        self.assertEqual(len(self.lines("changes", "--kind", "blocked")), 1)
        # The report of such a run says so too, although every request was answered with 200.
        runs = self.json("report", self.lines("list")[0]["site"])
        self.assertEqual([run["grade"] for run in [runs, *runs["earlier"]]], ["complete", "partial", "partial", "partial", "complete"])
        self.assertEqual(len(self.lines("changes", "--kind", "reachable")), 1)
        self.assertTrue(all(record["versions"] == 1 for record in self.lines("list")))


if __name__ == "__main__":
    unittest.main()
