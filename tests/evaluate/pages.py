#!/usr/bin/env python3
"""How well `fangzhi extract` reads pages whose truth is known.

A folder of pages holds one folder a page, with page.html and expected.json (url, kind, title, date.iso, source, author,
editor, clicks, counter, column, document_number, index_number, body or body_head + body_tail + body_chars, family; what
is absent is not judged, what is null must not be found). White space counts in no field.

    pages.py [FOLDER…] [--fangzhi BIN] [--worst 20] [--json FILE] [--rivals] [--min FIELD=RATE]…

For each field: exact (right or rightly absent, of all), precision (right of those found), recall (right of those that
exist). For the body: F1 over characters as a bag, and over runs of four characters, which order matters to; the mean
and the share of pages at 0.90 and above. Then the same by CMS family and by site, and the worst pages with reasons.
Then the links of its list and home pages (links.json beside the page; see lists.py).
--without takes from every page what authors may leave out (names: class and id become tokens without meaning; metas; headings: h1 … h6 become
div), which shows what the reading leans on: other sites have other names.
--rivals runs other extractors over the same text: readability-lxml, trafilatura and GNE where Python has them, and by rivals.mjs
@mozilla/readability, defuddle and @postlight/parser where node finds them in FANGZHI_RIVALS/node_modules.
"""
import argparse
import collections
import datetime
import hashlib
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import lists

SPACE = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff\u00ad]")
FIELDS = ("kind", "title", "date", "time", "source", "clicks", "counter", "author", "editor", "column",
          "document_number", "index_number")


def squeeze(text):
    return SPACE.sub("", text or "")


class Text(html.parser.HTMLParser):
    """All text of a page in order, white space removed, scripts and styles left out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("script", "style", "template")

    def handle_endtag(self, tag):
        if tag in ("script", "style", "template") and self.silent:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)


def decode(data, charset):
    for name in (charset, "utf-8", "gb18030", "latin-1"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError, TypeError):
            continue
    return data.decode("utf-8", "replace")


def places(text, part):
    found, at = [], text.find(part) if part else -1
    while at >= 0 and len(found) < 50:
        found.append(at)
        at = text.find(part, at + 1)
    return found


def reference_body(expected, page):
    """The true body: given in full, or what stands between its first and its last characters in the page's text,
    where the places are chosen by the known length. None where neither can be had within a tenth."""
    if "body" in expected:
        return squeeze(expected["body"])
    head, tail, length = (squeeze(expected.get("body_head")), squeeze(expected.get("body_tail")),
                          expected.get("body_chars"))
    if not head or not tail or not length:
        return None
    parser = Text()
    parser.feed(page)
    text = squeeze("".join(parser.parts))
    best = None
    for begin in places(text, head[:30]):
        for end in places(text, tail[-30:]):
            size = end + len(tail[-30:]) - begin
            if size > 0 and (best is None or abs(size - length) < abs(len(best) - length)):
                best = text[begin:begin + size]
    if best is None or abs(len(best) - length) > 0.1 * length:
        return None
    return best


def f1(wanted, got, width):
    def bag(text):
        return collections.Counter(text[i:i + width] for i in range(max(len(text) - width + 1, 0)))
    a, b = bag(wanted), bag(got)
    if not a and not b:
        return 1.0
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values()))


def load(folder):
    pages = []
    for name in sorted(os.listdir(folder)):
        place = os.path.join(folder, name)
        if not os.path.exists(os.path.join(place, "expected.json")):
            continue
        with open(os.path.join(place, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        path = os.path.abspath(os.path.join(place, "page.html"))
        with open(path, "rb") as file:
            data = file.read()
        url = expected.get("url") or "http://%s/2020/a.html" % (expected.get("site") or "www.example.gov.cn")
        pages.append({"id": name, "path": path, "data": data, "url": url, "expected": expected})
    return pages


def token(name):
    return "k" + "".join(chr(103 + int(c, 16)) for c in hashlib.md5(name).hexdigest()[:6])


WITHOUT = {
    "names": lambda data: re.sub(rb"(\s(?:class|id)\s*=\s*)([\"'])([^\"'<>]*)\2", lambda m: m.group(1) + m.group(2) + " ".join(map(token, m.group(3).split())).encode() + m.group(2), data, flags=re.I),
    "metas": lambda data: re.sub(rb"<meta\b(?![^>]*charset)[^>]*>", b"", data, flags=re.I),
    "headings": lambda data: re.sub(rb"<(/?)h[1-6]\b", rb"<\1div", data, flags=re.I),
}


def strip_pages(pages, names, folder):
    """The pages without what `names` names, in files of `folder`."""
    for page in pages:
        for name in names:
            page["data"] = WITHOUT[name](page["data"])
        page["path"] = os.path.join(folder, page["id"] + ".html")
        with open(page["path"], "wb") as file:
            file.write(page["data"])


def run_fangzhi(binary, pages):
    lines = [json.dumps({"id": p["id"], "path": p["path"], "url": p["url"], "content_type": p["expected"].get("content_type", "text/html")})
             for p in pages]
    done = subprocess.run([binary, "extract", "--jsonl"], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit("%s extract: %s" % (binary, done.stderr.strip()))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(pages):
        sys.exit("%s extract: %d answers to %d lines" % (binary, len(answers), len(pages)))
    return answers


def names(text):
    """People's names without what stands between them, which pages write as they like."""
    return re.sub("[、,，/;；]", "", squeeze(text)) or None


def judge(page, record):
    """field → (wanted, got, right); None as a value is "absent"."""
    expected = page["expected"]
    marks = {"kind": (expected["kind"], record.get("kind"))}
    if expected["kind"] == "article":
        iso = (expected.get("date") or {}).get("iso")
        published = record.get("published")
        marks["title"] = (squeeze(expected.get("title")) or None, squeeze(record.get("title")) or None)
        if "date" in expected:
            marks["date"] = (iso and iso[:10], published and published[:10])
            marks["time"] = (iso, published)
        for field in ("source", "document_number", "index_number", "column"):
            if field in expected:
                marks[field] = (squeeze(expected[field]) or None, squeeze(record.get(field)) or None)
        if "editor" in expected:
            marks["editor"] = (names(expected["editor"]), names(record.get("editor")))
        if "author" in expected:
            # A name that stands only in running text may be missed (PAGES.md).
            wanted, got = names(expected["author"]), names(record.get("author"))
            if got is None and expected.get("author_where") in ("body_lead", "body_tail"):
                wanted = None
            marks["author"] = (wanted, got)
        if "clicks" in expected:
            marks["clicks"] = (expected["clicks"], record.get("clicks"))
        if "counter" in expected:
            # The truth names the request, or, where its author saw the page alone, the provider.
            counter, wanted = record.get("counter") or {}, expected["counter"]
            marks["counter"] = (wanted, counter.get("url" if wanted is None or "/" in wanted else "kind"))
    return {field: (wanted, got, wanted == got) for field, (wanted, got) in marks.items()}


def reason(wanted, got):
    if not got:
        return "empty"
    notes = []
    if wanted[:20] not in got:
        notes.append("head missing: wants %r" % wanted[:24])
    elif not got.startswith(wanted[:20]):
        notes.append("before the body: %r" % got[:got.find(wanted[:20])][:40])
    if wanted[-20:] not in got:
        notes.append("tail missing: wants %r" % wanted[-24:])
    elif not got.endswith(wanted[-20:]):
        notes.append("after the body: %r" % got[got.rfind(wanted[-20:]) + 20:][:40])
    if not notes:
        notes.append("inside: %d characters for %d" % (len(got), len(wanted)))
    return "; ".join(notes)


def rivals(pages):
    """name → function(page text, url) → (title, date, source, body); only those that are installed."""
    found = {}
    try:
        from readability import Document

        def readability(text, url):
            parser = Text()
            document = Document(text)
            parser.feed(document.summary(html_partial=True))
            return document.short_title(), None, None, "".join(parser.parts)
        found["readability"] = readability
    except ImportError:
        pass
    try:
        import trafilatura

        def run_trafilatura(text, url):
            answer = trafilatura.bare_extraction(text, url=url)
            answer = answer if isinstance(answer, dict) else (answer.as_dict() if answer else {})
            return answer.get("title"), answer.get("date"), answer.get("sitename"), answer.get("text") or ""
        found["trafilatura"] = run_trafilatura
    except ImportError:
        pass
    try:
        from gne import GeneralNewsExtractor

        def gne(text, url):
            answer = GeneralNewsExtractor().extract(text)
            return answer["title"], answer["publish_time"][:10] or None, answer["author"], answer["content"]
        found["gne"] = gne
    except ImportError:
        pass
    return found


def node_rivals(pages):
    """name → page id → (title, date, source, text), by rivals.mjs; empty without node or its packages."""
    if shutil.which("node") is None:
        return {}
    lines = "".join(json.dumps({"id": p["id"], "html": decode(p["data"], p["expected"].get("charset")), "url": p["url"]}) + "\n" for p in pages)
    done = subprocess.run(["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "rivals.mjs")], input=lines, capture_output=True, text=True)
    if done.returncode != 0:
        print("rivals.mjs: " + done.stderr.strip(), file=sys.stderr)
        return {}
    found = collections.defaultdict(dict)
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        date = answer.get("date") or ""
        moment = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d):\d\d:\d\d(\.\d+)?Z$", date)
        if moment:  # a moment in UTC: the day that China had then
            date = (datetime.datetime.fromisoformat(date[:19]) + datetime.timedelta(hours=8)).isoformat()
        found[answer["name"]][answer["id"]] = (answer.get("title"), date[:10] or None, answer.get("source"), answer.get("text") or "")
    return found


def percent(right, all_of):
    return "   –  " if all_of == 0 else "%6.2f" % (100.0 * right / all_of)


class Tally:
    def __init__(self):
        self.right, self.all, self.found, self.exist, self.hit = (collections.Counter() for _ in range(5))
        self.bodies, self.runs = [], []

    def add(self, marks, body=None, runs=None):
        for field, (wanted, got, right) in marks.items():
            self.all[field] += 1
            self.right[field] += right
            self.found[field] += got is not None
            self.exist[field] += wanted is not None
            self.hit[field] += right and got is not None
        if body is not None:
            self.bodies.append(body)
            self.runs.append(runs)

    def body(self):
        n = len(self.bodies)
        if n == 0:
            return None
        return {"pages": n, "f1": sum(self.bodies) / n, "f1_runs": sum(self.runs) / n,
                "at_90": sum(b >= 0.9 for b in self.bodies) / n, "exact": sum(r >= 0.99999 for r in self.runs) / n}

    def summary(self):
        fields = {f: {"pages": self.all[f], "exact": self.right[f] / self.all[f],
                      "precision": self.hit[f] / self.found[f] if self.found[f] else None,
                      "recall": self.hit[f] / self.exist[f] if self.exist[f] else None}
                  for f in FIELDS if self.all[f]}
        return {"fields": fields, "body": self.body()}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/corpus/pages")
    options.add_argument("folders", nargs="*", default=[corpus], help="the corpus beside the source tree where none is named")
    options.add_argument("--fangzhi", default=os.environ.get("FANGZHI", "build/release/fangzhi"))
    options.add_argument("--worst", type=int, default=20)
    options.add_argument("--json")
    options.add_argument("--rivals", action="store_true")
    options.add_argument("--without", action="append", default=[], choices=sorted(WITHOUT))
    options.add_argument("--min", action="append", default=[], metavar="FIELD=RATE",
                         help="exit 1 below this rate (a field's exact share, body_f1, body_90, links_recall, links_precision)")
    arguments = options.parse_args()

    for folder in arguments.folders:
        if not os.path.isdir(folder):
            sys.exit(folder + ": no such folder")
    pages = [page for folder in arguments.folders for page in load(folder)]
    if not pages:
        sys.exit("no pages below " + " ".join(arguments.folders))
    with tempfile.TemporaryDirectory(prefix="fangzhi-pages-") as folder:
        if arguments.without:
            strip_pages(pages, arguments.without, folder)
        answers = run_fangzhi(arguments.fangzhi, pages)
    whole, families, sites = Tally(), collections.defaultdict(Tally), collections.defaultdict(Tally)
    worst, without = [], 0
    others = rivals(pages) if arguments.rivals else {}
    by_node = node_rivals([p for p in pages if p["expected"]["kind"] == "article"]) if arguments.rivals else {}
    rival_tallies = {name: Tally() for name in [*others, *by_node]}
    for page, answer in zip(pages, answers):
        record = answer.get("record", answer)
        expected = page["expected"]
        marks = judge(page, record)
        body = runs = None
        notes = ["%s: wants %r, got %r (%s)" % (f, w, g, (record.get("provenance") or {}).get(
            {"date": "published", "time": "published"}.get(f, f), ""))
                 for f, (w, g, right) in marks.items() if not right]
        wanted = None
        if expected["kind"] == "article":
            wanted = reference_body(expected, decode(page["data"], expected.get("charset")))
            if wanted is None:
                without += 1
            else:
                got = squeeze(record.get("body"))
                body, runs = f1(wanted, got, 1), f1(wanted, got, 4)
                if runs < 0.98:
                    notes.append("body %.3f (%s): %s" % (body, (record.get("provenance") or {}).get("body"), reason(wanted, got)))
        whole.add(marks, body, runs)
        families[expected.get("family") or "-"].add(marks, body, runs)
        sites[expected.get("site") or "-"].add(marks, body, runs)
        if notes:
            loss = sum(not right for f, (_, _, right) in marks.items() if f != "time") + (1 - body if body is not None else 0)
            worst.append((loss, page["id"], notes))
        for name in rival_tallies:
            if expected["kind"] != "article":
                continue
            try:
                if name in by_node:
                    title, date, source, text = by_node[name].get(page["id"]) or (None, None, None, "")
                else:
                    title, date, source, text = others[name](decode(page["data"], expected.get("charset")), page["url"])
            except Exception as problem:  # a rival's failure on a page is its answer
                title = date = source = None
                text = ""
                print("%s on %s: %s" % (name, page["id"], problem), file=sys.stderr)
            rival_marks = judge(page, {"kind": "article", "title": title, "published": date, "source": source,
                                       "author": expected.get("author"), "editor": expected.get("editor")})
            for field in ("kind", "time", "author", "editor", "clicks", "counter", "column", "document_number", "index_number"):
                rival_marks.pop(field, None)
            got = squeeze(text)
            rival_tallies[name].add(rival_marks, *((f1(wanted, got, 1), f1(wanted, got, 4)) if wanted is not None else ()))

    print("%d pages, %d of them articles; no reference body for %d" % (
        len(pages), sum(p["expected"]["kind"] == "article" for p in pages), without))
    print("\n%-16s %6s %7s %10s %7s" % ("field", "pages", "exact", "precision", "recall"))
    for field in FIELDS:
        if whole.all[field]:
            print("%-16s %6d %s  %s     %s" % (field, whole.all[field], percent(whole.right[field], whole.all[field]),
                                             percent(whole.hit[field], whole.found[field]),
                                             percent(whole.hit[field], whole.exist[field])))

    def body_line(name, tally):
        b = tally.body()
        print("%-22s pages %5d  title %s date %s source %s  body F1 %s" % (
            name, tally.all["title"] or tally.all["kind"], percent(tally.right["title"], tally.all["title"]),
            percent(tally.right["date"], tally.all["date"]), percent(tally.right["source"], tally.all["source"]),
            "–" if b is None else "%.4f (runs of four %.4f, ≥ 0.90 on %.1f %%, whole on %.1f %%)" % (
                b["f1"], b["f1_runs"], 100 * b["at_90"], 100 * b["exact"])))
    print()
    body_line("fangzhi", whole)
    for name, tally in rival_tallies.items():
        body_line(name, tally)
    if len(families) > 1:
        print("\nby family")
        for name in sorted(families):
            body_line(name, families[name])
    weak = {name: tally for name, tally in sites.items()
            if any(tally.right[f] < tally.all[f] for f in FIELDS if f != "time") or (tally.body() and tally.body()["f1"] < 0.96)}
    if weak:
        print("\nsites with a miss (%d of %d)" % (len(weak), len(sites)))
        for name in sorted(weak):
            body_line(name, weak[name])
    worst.sort(key=lambda item: -item[0])
    if worst and arguments.worst:
        print("\nworst %d of %d with a miss" % (min(arguments.worst, len(worst)), len(worst)))
        for _, name, notes in worst[:arguments.worst]:
            print(name)
            for note in notes:
                print("    " + note)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"all": whole.summary(), "families": {n: t.summary() for n, t in families.items()},
                       "rivals": {n: t.summary() for n, t in rival_tallies.items()}}, file, ensure_ascii=False, indent=1)
    links = {}
    for folder in arguments.folders:
        if any(os.path.exists(os.path.join(folder, name, "links.json")) for name in os.listdir(folder)):
            print("\nlinks of list and home pages, %s" % folder)
            lists.FANGZHI = arguments.fangzhi
            result = lists.evaluate(folder)
            lists.report(result, misses=5)
            links = {"links_recall": result["recall"], "links_precision": result["precision"]}
    failed = False
    for floor in arguments.min:
        field, _, rate = floor.partition("=")
        b = whole.body() or {"f1": 1.0, "at_90": 1.0}
        reached = {"body_f1": b["f1"], "body_90": b["at_90"], **links}.get(
            field, whole.right[field] / whole.all[field] if whole.all[field] else 1.0)
        if reached < float(rate):
            print("%s: %.4f is below %s" % (field, reached, rate))
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
