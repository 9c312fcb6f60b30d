"""Real pages, served over loopback: each is archived, and most are read right. Skips where the corpus is absent."""
from harness import *


class Corpus(Case):
    def test_real_pages_over_loopback(self):
        folder = os.path.join(CORPUS, "pages")
        if not os.path.isdir(folder):
            self.skipTest("no corpus at " + folder)
        pages, expected = {}, {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name, "page.html"), "rb") as file:
                pages[f"/{name}/page.html"] = (200, {"Content-Type": "text/html"}, file.read())
            with open(os.path.join(folder, name, "expected.json"), encoding="utf-8") as file:
                expected[name] = json.load(file)
        index = "<html><title>index</title>" + "".join(f"<p><a href='{path}'>{path}</a></p>" for path in pages) + "</html>"
        pages["/"] = (200, {"Content-Type": "text/html"}, index.encode())
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        # Links of the pages themselves lead to thousands of addresses that are not here.
        self.crawl(server.base + "/", "--max-pages", len(pages) + 400, expect=None)
        right = {field: 0 for field in ("title", "published", "source", "clicks", "body")}
        total = dict(right)
        wrong = []
        for name, truth in expected.items():
            url = f"{server.base}/{name}/page.html"
            record = self.json("show", url)
            self.assertEqual(self.run_program("show", url, "--format", "raw").stdout, pages[f"/{name}/page.html"][2])
            if truth["kind"] != "article":
                continue
            checks = {
                "title": squeeze(record["title"]) == squeeze(truth["title"]),
                "published": (record["published"] or "")[:10] == ((truth["date"] or {}).get("iso") or "")[:10],
                "source": squeeze(record["source"]) == squeeze(truth["source"]),
                "clicks": record["clicks"] == truth["clicks"],
                "body": squeeze(truth["body_head"])[:20] in squeeze(record["body"]) and squeeze(truth["body_tail"])[-20:] in squeeze(record["body"])
                        and 0.85 <= len(squeeze(record["body"])) / max(1, truth["body_chars"]) <= 1.15,
            }
            for field, ok in checks.items():
                total[field] += 1
                right[field] += ok
                if not ok:
                    wrong.append((name, field, record.get(field) if field != "body" else len(squeeze(record["body"]))))
        print({field: f"{right[field]}/{total[field]}" for field in right}, *wrong, sep="\n  ")
        for field in right:
            self.assertGreaterEqual(right[field] / total[field], 0.8, field)


class Seed(Case):
    def test_the_seed_page_as_such_a_site_would_serve_it(self):
        path = os.path.join(CORPUS, "..", "seed", "seed-article.txt")
        if not os.path.isfile(path):
            self.skipTest("no seed at " + path)
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file.read().splitlines() if line.strip()]
        welcome, title, info, body = lines[0], lines[1], lines[2:5], lines[5:]
        page = ("<html><head><meta charset='utf-8'><title>" + title + "-甘肅經(jīng)濟(jì)信息網(wǎng)</title></head><body><div class='top'>" + welcome +
                "</div><div class='article'><h1>" + title + "</h1><ul class='info'>" +
                "".join("<li>" + line.lstrip("• ") + "</li>" for line in info) + "</ul><div class='content'>" +
                "".join("<p>　　" + line + "</p>" for line in body) + "</div></div></body></html>")
        server = StaticServer({"/info/1.htm": (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())})
        self.addCleanup(server.stop)
        self.crawl(server.base + "/info/1.htm")
        record = self.json("show", server.base + "/info/1.htm")
        self.assertEqual(record["published"], "2021-11-29")
        self.assertEqual(record["clicks"], 997)
        self.assertEqual(record["source"], "酒泉市農業農村局")
        self.assertEqual(record["title"], "酒泉市多措并舉著力推動農民合作社高質量發展")
        self.assertNotIn("(nóng)", record["body"])
        self.assertTrue(record["body"].startswith("近年來,酒泉市農業農村部門"), record["body"][:40])
        self.assertTrue(record["body"].rstrip().endswith("引領合作社規範壯大。") or record["body"].rstrip().endswith("引領合作社規范壯大。"))
        self.assertTrue(record["repairs"])


if __name__ == "__main__":
    unittest.main()
