"""Articles in several parts, and what becomes of them: a part that is never got, one that is withdrawn, one that is added, parts put together."""
import subprocess
import unittest

from harness import FANGZHI, Case, StaticServer, os

HTML = {"Content-Type": "text/html; charset=utf-8"}


def paragraphs(number, begin, end):
    """Each of its own words."""
    words = lambda n: "".join(chr(0x4E00 + (number * 7919 + n * 611953 + i * 104729) % 20000) for i in range(40))
    return "".join(f"<p>{words(n)}。</p>" for n in range(begin, end))


def address(number, part):
    return f"/a/{number}.html" if part == 1 else f"/a/{number}_{part}.html"


def part(number, this, parts, text):
    links = " ".join(f"<b>{n}</b>" if n == this else f'<a href="{address(number, n)}">{n}</a>' for n in range(1, parts + 1))
    if this < parts:
        links += f' <a href="{address(number, this + 1)}">下一页</a>'
    title = f"关于印发第{number}号实施方案的通知公告"
    return (200, HTML, f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布时间：2024-05-01　来源：市政府办公室</p><div class='content'>{text}"
                       f"{f'<div class=page>{links}</div>' if parts > 1 else ''}</div></body></html>".encode())


def article(number, parts=3):
    return {address(number, n): part(number, n, parts, paragraphs(number, 4 * n, 4 * n + 4)) for n in range(1, parts + 1)}


class Parts(Case):
    def crawl_site(self, pages, numbers):
        rows = "".join(f'<li><a href="/a/{n}.html">关于印发第{n}号实施方案的通知公告</a><span>2024-05-01</span></li>' for n in numbers)
        pages["/"] = (200, HTML, '<html><head><title>河西县人民政府</title></head><body><a href="/l/">通知公告</a></body></html>'.encode())
        pages["/l/"] = (200, HTML, f"<html><head><title>通知公告</title></head><body><h1>通知公告</h1><ul>{rows}</ul></body></html>".encode())
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        self.config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(self.config, "sites"))
        with open(os.path.join(self.config, "sites", "demo.toml"), "w") as file:
            file.write(f'seeds = ["{server.base}/"]\nallow_private = true\ndelay = 0\nretries = 0\n')
        self.again()
        return server.base

    def again(self, runs=1):
        for _ in range(runs):
            done = subprocess.run([FANGZHI, "crawl", "--archive", self.archive, "--config", self.config, "--json"], capture_output=True, timeout=120)
            self.assertIn(done.returncode, (0, 3), done.stderr.decode(errors="replace")[-2000:])
        return self.lines("report")[0]

    def events(self, number):
        return [(event["kind"], event["url"].split("/a/")[1], event["changed"]) for event in reversed(self.lines("changes")) if f"/a/{number}" in event["url"]]

    def whole(self, number, parts=3):
        return "\n".join(paragraphs(number, 4, 4 * parts + 4).replace("<p>", "").split("</p>")[:-1])

    def test_a_part_that_was_never_got_is_told(self):
        pages = {path: page for number in (1, 2, 3) for path, page in article(number).items()}
        pages["/a/1_2.html"] = (500, HTML, b"<h1>500</h1>")
        del pages["/a/2_3.html"]
        base = self.crawl_site(pages, (1, 2, 3))
        for number, missing, reason, held in ((1, 2, "http_500", 1), (2, 3, "http_404", 2)):
            record = self.json("show", f"{base}/a/{number}.html")
            self.assertEqual((record["truncated"], record["next_page"]), (True, f"{base}/a/{number}_{missing}.html"))
            self.assertEqual(record["missing_part"], {"url": f"{base}/a/{number}_{missing}.html", "reason": reason})
            self.assertEqual(record["body"], self.whole(number, held))
            shown = self.run_program("show", f"{base}/a/{number}.html").stdout.decode()
            self.assertIn(f"NOT WHOLE: the text goes on at {base}/a/{number}_{missing}.html, which is not in the archive ({reason})", shown)
            for form in ("text", "html"):
                self.assertIn("NOT WHOLE", self.run_program("show", f"{base}/a/{number}.html", "--format", form).stderr.decode())
        whole = self.json("show", f"{base}/a/3.html")
        self.assertEqual((whole["truncated"], "missing_part" in whole, whole["body"]), (False, False, self.whole(3)))
        # And by the report, until they are got.
        missed = {f"{base}/a/1_2.html": {"reason": "http_500", "article": f"{base}/a/1.html"}, f"{base}/a/2_3.html": {"reason": "http_404", "article": f"{base}/a/2.html"}}
        for _ in range(2):
            self.assertEqual(self.lines("report")[0]["coverage"]["parts_missed"], missed)
            self.assertIn(f"{base}/a/1_2.html (http_500, a part of {base}/a/1.html)", self.run_program("report", "demo").stdout.decode())
            self.again()
        self.run_program("rebuild")
        self.assertEqual(self.again()["coverage"]["parts_missed"], missed)
        pages.update(article(1))
        pages.update(article(2))
        for _ in range(3):
            report = self.again()
        self.assertEqual(report["coverage"]["parts_missed"], {})

    def test_many_parts_that_were_never_got_degrade_a_run(self):
        pages = {path: page for number in range(1, 9) for path, page in article(number).items()}
        for number in range(1, 6):
            del pages[f"/a/{number}_2.html"]
        base = self.crawl_site(pages, range(1, 9))
        report = self.lines("report")[0]
        self.assertIn(("degraded", "parts_missed"), [(finding["grade"], finding["kind"]) for finding in report["findings"]])
        self.assertEqual(set(report["coverage"]["parts_missed"]), {f"{base}/a/{number}_2.html" for number in range(1, 6)})

    def test_a_part_that_was_withdrawn_is_told(self):
        pages = {path: page for number in range(1, 7) for path, page in article(number).items()}
        base = self.crawl_site(pages, range(1, 7))
        del pages["/a/2_3.html"]
        self.again(3)
        record = self.json("show", f"{base}/a/2.html")
        self.assertEqual((record["state"], record["truncated"], record["body"]), ("present", False, self.whole(2)))
        self.assertNotIn("absent", record["parts"][0])
        self.assertEqual((record["parts"][1]["absent"]["state"], record["parts"][1]["absent"]["evidence"]), ("gone", "http_404"))
        shown = self.run_program("show", f"{base}/a/2.html").stdout.decode()
        self.assertIn(f"A PART IS NOT THERE: {base}/a/2_3.html: seen last at ", shown)
        # As it was, all was there.
        then = self.json("show", f"{base}/a/2.html", "--at", record["captured"])
        self.assertTrue(all("absent" not in part for part in then["parts"]))
        lost = self.lines("lost")
        self.assertEqual([(row["url"], row["part_of"]) for row in lost], [(f"{base}/a/2_3.html", f"{base}/a/2.html")])
        self.assertIn(f"a further part of {base}/a/2.html", self.run_program("lost").stdout.decode())

    def test_parts_that_go_with_their_article_or_into_it_are_no_losses(self):
        pages = {path: page for number in range(1, 40) for path, page in article(number, 3 if number < 6 else 1).items()}
        base = self.crawl_site(pages, range(1, 40))
        for n in (1, 2, 3):
            del pages[address(2, n)]  # withdrawn
        del pages["/a/4_2.html"], pages["/a/4_3.html"], pages["/a/5_3.html"]
        pages["/a/4.html"] = part(4, 1, 1, paragraphs(4, 4, 16))  # on one page
        pages["/a/5_2.html"] = part(5, 2, 2, paragraphs(5, 8, 16))  # on two
        pages["/a/5.html"] = part(5, 1, 2, paragraphs(5, 4, 8))
        self.again(3)
        self.assertEqual([(row["url"], row["part_of"]) for row in self.lines("lost")], [(f"{base}/a/2.html", None)])
        for number in (4, 5):
            record = self.json("show", f"{base}/a/{number}.html")
            self.assertEqual((record["body"], record["truncated"]), (self.whole(number), False))

    def test_an_article_that_grows_or_shrinks_by_a_part_is_edited(self):
        pages = {path: page for number in range(1, 31) for path, page in article(number, 3 if number < 4 else 1).items()}
        base = self.crawl_site(pages, range(1, 31))
        self.again()
        self.assertEqual([event for event in self.lines("changes") if event["kind"] != "new"], [])
        pages.update(article(1, 4))
        pages.update(article(2, 2))
        del pages["/a/2_3.html"]
        self.again(3)
        self.assertEqual(self.events("1."), [("new", "1.html", []), ("edited", "1.html", ["body"])])
        self.assertEqual(self.events("1_"), [])
        edit = next(event for event in self.lines("changes") if event["kind"] == "edited" and event["url"].endswith("/1.html"))
        self.assertEqual(edit["evidence"], f"goes on in a further part: {base}/a/1_4.html")
        self.assertEqual(self.events("2."), [("new", "2.html", []), ("edited", "2.html", ["body"])])
        for number, parts in ((1, 4), (2, 2)):
            record = self.json("show", f"{base}/a/{number}.html")
            self.assertEqual((record["body"], record["truncated"]), (self.whole(number, parts), False))
        then = self.json("show", f"{base}/a/1.html", "--at", record["captured"])
        self.assertEqual(then["body"], self.whole(1, 3))
        before = self.lines("changes")
        self.run_program("rebuild")
        self.assertEqual(self.lines("changes"), before)


if __name__ == "__main__":
    unittest.main()
