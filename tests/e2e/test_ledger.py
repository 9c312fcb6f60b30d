"""The ledger over virtual days of trouble, the short form of `scripts/evaluate ledger`; and what noise does (nothing)."""
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
        site.control(f"unlist?id={other['id']}")
        self.crawl(site.base)
        self.assertIn(other["url"], [row["url"] for row in self.lines("lost", "--kind", "unlisted")])
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
        self.assertEqual(len(self.lines("changes", "--kind", "reachable")), 1)
        self.assertTrue(all(record["versions"] == 1 for record in self.lines("list")))


if __name__ == "__main__":
    unittest.main()
