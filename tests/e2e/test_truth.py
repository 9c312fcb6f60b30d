"""An archive of the sample portal against what really happened there."""
import re

from harness import *


class Truth(Case):
    def setUp(self):
        super().setUp()
        self.site = self.portal("--articles", 60, "--seed", 11)

    def live(self):
        return [article for article in self.site.truth()["articles"] if article["state"] == "live"]

    def test_every_article_is_archived_with_its_fields(self):
        summary = self.crawl(self.site.base)
        self.assertEqual(summary["failed"], 0, summary)
        self.assertEqual(summary["still_queued"], 0, summary)
        articles = self.live()
        self.assertGreater(len(articles), 50)
        wrong = []
        for article in articles:
            record = self.json("show", article["url"], expect=None) if self.known(article["url"]) else None
            if record is None:
                wrong.append((article["url"], "missing"))
                continue
            if (record["published"] or "")[:10] != article["published"][:10]:
                wrong.append((article["url"], "published", record["published"], article["published"]))
            if article["clicks"] is not None and record["clicks"] != article["clicks"]:
                wrong.append((article["url"], "clicks", record["clicks"], article["clicks"]))
            if article["encoding_trouble"] == "gloss":
                # A copier's page stays in the Traditional script that the copier made of it; the truth is the original.
                glosses = re.findall(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}\)", record["body"] + record["title"] + record["source"])
                length = len(squeeze(record["body"])) / len(squeeze(article["body"]))
                # A gloss is left only beside a run that is damaged beyond proof, and then the damage is listed.
                if len(glosses) > len(record["damage"]) or not 0.97 < length < 1.03 or not (record["repairs"] or record["damage"]):
                    wrong.append((article["url"], "gloss", glosses, length))
                continue
            if record["title"] != article["title"]:
                wrong.append((article["url"], "title", record["title"], article["title"]))
            if record["source"] != article["source"]:
                wrong.append((article["url"], "source", record["source"], article["source"]))
            if body_f1(record["body"], article["body"]) < 0.98:
                wrong.append((article["url"], "body", record["body"][:80], article["body"][:80]))
        self.assertEqual(wrong, [])

    def known(self, url):
        return self.run_program("show", url, "--json", expect=None).returncode == 0

    def test_a_second_crawl_of_an_unchanged_portal_makes_no_version_and_no_event(self):
        first = self.crawl(self.site.base)
        before = self.lines("changes", "--all")
        versions = {r["url"]: r["versions"] for r in self.lines("list", "--kind", "all")}
        second = self.crawl(self.site.base)
        self.assertGreaterEqual(second["fetched"], first["fetched"])
        self.assertEqual((second["new"], second["changed"], second["gone"], second["failed"]), (0, 0, 0, 0), second)
        self.assertGreater(second["unchanged"], 50)
        self.assertEqual(self.lines("changes", "--all"), before)
        self.assertEqual({r["url"]: r["versions"] for r in self.lines("list", "--kind", "all")}, versions)

    def test_a_moved_clock_makes_exactly_the_events_that_happened(self):
        self.crawl(self.site.base)
        known = {article["url"] for article in self.live()}
        self.site.control("advance?days=6")
        self.crawl(self.site.base)
        self.crawl(self.site.base)  # gone needs evidence of several visits
        truth = self.site.truth()
        by_url = {article["url"]: article for article in truth["articles"]}
        happened = {}
        for event in truth["events"]:
            happened.setdefault(event["url"], []).append(event)
        expected = set()
        for url, article in by_url.items():
            events = happened.get(url, [])
            state = article["state"]
            if url not in known:
                if state == "live":
                    expected.add(("new", url))
                continue
            if state != "live":
                expected.add(("gone", url))
                continue
            # Edits that undo each other leave nothing to see; the portal makes none.
            if any(event["kind"] == "edited" for event in events):
                expected.add(("edited", url))
        seen = {(event["kind"], event["url"]) for event in self.lines("changes") if event["url"] in by_url}
        seen -= {("new", url) for url in known}
        self.assertEqual(seen, expected, f"missing {expected - seen}, too many {seen - expected}")
        self.assertTrue(any(kind == "gone" for kind, _ in expected) and any(kind == "edited" for kind, _ in expected))

    def test_edits_say_which_fields_changed_and_diff_shows_them(self):
        self.crawl(self.site.base)
        plain = [a for a in self.live() if a["encoding_trouble"] is None]
        article = plain[3]
        self.site.control(f"edit?id={article['id']}&fields=title,body")
        self.crawl(self.site.base)
        event = self.lines("changes", "--kind", "edited")[0]
        self.assertEqual(event["url"], article["url"])
        self.assertEqual(sorted(event["changed"]), ["body", "title"])
        self.assertLess(event["not_before"], event["time"])
        history = self.lines("history", article["url"])
        self.assertEqual([v["version"] for v in history], [1, 2])
        diff = self.json("diff", article["url"])
        self.assertIn("title", [f["field"] for f in diff["fields"]])
        rebuilt = {kind: "".join(p["text"] for p in diff["body"] if p["kind"] in ("equal", kind)) for kind in ("delete", "insert")}
        for kind, version in (("delete", 1), ("insert", 2)):
            self.assertEqual(rebuilt[kind], self.json("show", article["url"], "--version", version)["body"])

    def test_withdrawn_and_restored(self):
        self.crawl(self.site.base)
        article = next(a for a in self.live() if a["encoding_trouble"] is None)
        for how in ("404", "410", "soft404", "redirect"):
            self.site.control(f"withdraw?id={article['id']}&how={how}")
            self.crawl(self.site.base)
            self.assertEqual(self.json("show", article["url"])["state"], "suspect", how)
            self.crawl(self.site.base)
            shown = self.json("show", article["url"])
            self.assertEqual((shown["state"], shown["title"]), ("gone", article["title"]), how)
            self.site.control(f"restore?id={article['id']}")
            self.crawl(self.site.base)
            self.assertEqual(self.json("show", article["url"])["state"], "present", how)
        kinds = [e["kind"] for e in self.lines("changes") if e["url"] == article["url"]]
        self.assertEqual(kinds, ["restored", "gone"] * 4 + ["new"])

    def test_an_outage_is_no_deletion(self):
        self.crawl(self.site.base)
        before = self.lines("changes", "--all")
        for outage in ("503", "waf", "412"):
            self.site.control(f"fault?outage={outage}")
            # One try a page is enough here; what matters is what is concluded.
            self.crawl(self.site.base, "--max-pages", 40, expect=None)
            self.crawl(self.site.base, "--max-pages", 40, expect=None)
        self.site.control("fault?clear=1")
        self.assertEqual(self.lines("changes", "--all"), before)
        # The round that the outage cut into may be graded "partial" (status 3): that is told, and is no event.
        self.crawl(self.site.base, expect=None)
        self.crawl(self.site.base, expect=None)
        self.assertEqual(self.lines("changes", "--all"), before)


class Clicks(Case):
    def test_a_changed_count_makes_an_observation_and_no_version(self):
        site = self.portal("--articles", 24, "--seed", 5, "--edit-per-day", 0, "--withdraw-per-day", 0, "--publish-per-day", 0,
                           "--restore-per-day", 0)
        self.crawl(site.base)
        first = {a["url"]: a["clicks"] for a in site.truth()["articles"]}
        site.control("advance?days=3")
        self.crawl(site.base)
        second = {a["url"]: a for a in site.truth()["articles"]}
        counted = 0
        for url, article in second.items():
            series = self.lines("clicks", url)
            if article["counter"] not in ("vsb", "inline"):
                continue
            counted += 1
            self.assertEqual([o["clicks"] for o in series], [first[url], article["clicks"]], url)
            self.assertEqual(len(self.lines("history", url)), 1, url)
            self.assertEqual(self.json("show", url)["clicks"], article["clicks"], url)
        self.assertGreater(counted, 5)
        self.assertEqual(site.control("stats")["by_class"]["counter_increment"], 0)


if __name__ == "__main__":
    unittest.main()
