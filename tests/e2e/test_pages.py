"""Real pages, served over loopback: each is archived, and most are read right. Skips where the corpus is absent."""
from harness import *


class Corpus(Case):
    def test_real_pages_over_loopback(self):
        folder = os.path.join(CORPUS, "pages")
        skip_or_fail_without(self, folder)
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
            self.assertGreater(total[field], 0, "no article in " + folder)
            self.assertGreaterEqual(right[field] / total[field], 0.8, field)


class Seed(Case):
    def test_the_seed_page_as_such_a_site_would_serve_it(self):
        path = os.path.join(CORPUS, "..", "seed", "seed-article.txt")
        skip_or_fail_without(self, path)
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


class Parts(Case):
    def test_an_article_in_parts_is_one_article(self):
        text = ["会议要求，各单位要抓住当前墒情较好的有利时机，倒排工期、落实责任，确保四月底前完成栽植任务。", "与会人员还实地查看了北坡造林现场，听取了苗木调运、整地质量和成活率保障措施的汇报。",
                "会议强调，要加强森林防火值守，严格火源管理，发现火情及时处置，确保不发生重大火灾。"]

        def page(number, pager):
            return ("<html><head><title>全市春季造林工作推进会召开-某市林业局</title></head><body><h1>全市春季造林工作推进会召开</h1><p>发布时间：2021-03-12 来源：某日报</p>"
                    "<div class=TRS_Editor><p>%s</p><p>%s</p><p><img src=%d.jpg></p>%s</div></body></html>" % (text[number], text[number], number, pager)).encode()

        html = {"Content-Type": "text/html; charset=utf-8"}
        link = lambda back, name: "<div class=pages><a href=%s>上一页</a> <a href=%s>下一页</a></div>" % (back, name)
        pages = {"/": (200, html, "<html><body><ul><li><a href=/a/t20210312_7.html>全市春季造林工作推进会召开</a> 2021-03-12</li><li><a href=/a/t20210313_8.html>春季造林工作全面展开</a> 2021-03-13</li></ul></body></html>".encode()),
                 # TRS numbers parts from a script, others link them one by one.
                 "/a/t20210312_7.html": (200, html, page(0, '<script>createPageHTML(3, 0, "t20210312_7", "html");</script>')),
                 "/a/t20210312_7_1.html": (200, html, page(1, '<script>createPageHTML(3, 1, "t20210312_7", "html");</script>')),
                 "/a/t20210312_7_2.html": (200, html, page(2, '<script>createPageHTML(3, 2, "t20210312_7", "html");</script>')),
                 "/a/t20210313_8.html": (200, html, page(0, link("#", "t20210313_8_2.html"))),
                 "/a/t20210313_8_2.html": (200, html, page(1, link("t20210313_8.html", "t20210313_8_3.html"))),
                 "/a/t20210313_8_3.html": (200, html, page(2, link("t20210313_8_2.html", "#")))}
        server = StaticServer(pages)
        self.addCleanup(server.stop)
        self.crawl(server.base + "/", expect=None)
        for name in ("t20210312_7", "t20210313_8"):
            record = self.json("show", "%s/a/%s.html" % (server.base, name))
            self.assertEqual(record["body"], "\n".join(t for t in text for _ in range(2)))
            self.assertEqual(len(record["parts"]), 2)
            self.assertIsNone(record["next_page"])
            self.assertEqual(len(record["images"]), 3)
            shown = self.run_program("show", "%s/a/%s.html" % (server.base, name), "--format", "html").stdout.decode()
            for one in text:
                self.assertIn(one, shown)
        self.run_program("verify")


if __name__ == "__main__":
    unittest.main()
