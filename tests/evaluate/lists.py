"""Links of list and home pages against the links that a reader picked: recall and precision of kind article, per page and per kind of page.

A folder of pages with truth holds, per page, page.html, expected.json ("url", "kind", "site") and links.json ("article_links": [{"url"}],
"pager_links": [{"url"}], "base"). Where a page's own address is not known, the truth has relative addresses, which are resolved against
"base". Python's standard library only. Called by `scripts/evaluate pages`, or by itself: lists.py FOLDER [--misses N] [--json].
"""
import argparse
import json
import os
import subprocess
import sys
from urllib.parse import urldefrag, urljoin

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FANGZHI = os.environ.get("FANGZHI", os.path.join(SOURCE, "build/release/fangzhi"))


def links_of(path, url, content_type=None):
    """What `fangzhi links` says of a page."""
    words = [FANGZHI, "links", path, "--url", url, "--json"]
    if content_type:
        words += ["--content-type", content_type]
    done = subprocess.run(words, capture_output=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    return [json.loads(line) for line in done.stdout.splitlines()]


def canonical(urls):
    """Addresses as the program writes them, for both sides must be spelled alike."""
    lines = "".join(json.dumps({"id": i, "input": url}) + "\n" for i, url in enumerate(urls))
    done = subprocess.run([FANGZHI, "url", "--jsonl"], input=lines.encode(), capture_output=True, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [urldefrag(answer.get("url") or url)[0] for answer, url in zip(answers, urls)]


def pages_with_links(folder):
    for name in sorted(os.listdir(folder)):
        where = os.path.join(folder, name)
        truth = os.path.join(where, "links.json")
        if os.path.isfile(truth) and os.path.isfile(os.path.join(where, "page.html")):
            with open(truth, encoding="utf-8") as file:
                links = json.load(file)
            expected = {}
            if os.path.isfile(os.path.join(where, "expected.json")):
                with open(os.path.join(where, "expected.json"), encoding="utf-8") as file:
                    expected = json.load(file)
            yield name, where, expected, links


def evaluate_page(name, where, expected, truth):
    url = truth.get("page_url") or expected.get("url") or truth.get("base") or "http://%s/" % (expected.get("site") or "unknown.invalid")
    found = links_of(os.path.join(where, "page.html"), url)

    def addresses(entries):
        written = [entry if isinstance(entry, str) else entry.get("url") or entry["href"] for entry in entries]
        return set(canonical([urljoin(truth.get("base") or url, href) for href in written if not href.startswith("javascript:")]))

    wanted = addresses(truth.get("article_links", []))
    # A document that a list offers is followed as an attachment: as good as an article.
    kinds = {urldefrag(link["url"])[0]: link for link in found}
    hits = {link for link in wanted if kinds.get(link, {}).get("kind") in ("article", "attachment")}
    claimed = {link for link, entry in kinds.items() if entry["kind"] == "article"}
    pagers = {link for link in addresses(truth.get("pager_links", [])) if link.startswith("http")}
    return {
        "page": name,
        "kind": expected.get("kind"),
        "wanted": len(wanted),
        "claimed": len(claimed | hits),
        "hits": len(hits),
        "recall": len(hits) / len(wanted) if wanted else None,
        "precision": len(hits) / len(claimed | hits) if claimed or hits else None,
        "pagers": len(pagers),
        "pager_hits": sum(kinds.get(link, {}).get("kind") == "list" for link in pagers),
        "missed": [(link, kinds.get(link, {}).get("kind", "absent"), kinds.get(link, {}).get("text", "")) for link in sorted(wanted - hits)],
        "false": [(link, kinds[link].get("text", "")) for link in sorted(claimed - wanted)],
    }


def evaluate(folder):
    """{"pages": [...], "recall", "precision", ...}: over all links together (micro) and as the mean over pages (macro)."""
    pages = [evaluate_page(*page) for page in pages_with_links(folder)]
    wanted, claimed, hits = (sum(page[key] for page in pages) for key in ("wanted", "claimed", "hits"))
    recalls = [page["recall"] for page in pages if page["recall"] is not None]
    precisions = [page["precision"] for page in pages if page["precision"] is not None and page["wanted"]]
    pagers = sum(page["pagers"] for page in pages)
    return {
        "pages": pages,
        "recall": hits / wanted if wanted else None,
        "precision": hits / claimed if claimed else None,
        "mean_recall": sum(recalls) / len(recalls) if recalls else None,
        "mean_precision": sum(precisions) / len(precisions) if precisions else None,
        "pager_recall": sum(page["pager_hits"] for page in pages) / pagers if pagers else None,
    }


def shown(value):
    return "-" if value is None else "%.3f" % value


def report(result, misses=20, out=sys.stdout):
    out.write("| page | kind | links | claimed | recall | precision | pager links |\n| --- | --- | --- | --- | --- | --- | --- |\n")
    for page in result["pages"]:
        out.write("| %s | %s | %d | %d | %s | %s | %d/%d |\n" % (page["page"], page["kind"], page["wanted"], page["claimed"], shown(page["recall"]),
                                                              shown(page["precision"]), page["pager_hits"], page["pagers"]))
    out.write("\nall links: recall %s, precision %s; mean of pages: recall %s, precision %s; pager links %s\n" % tuple(
        shown(result[key]) for key in ("recall", "precision", "mean_recall", "mean_precision", "pager_recall")))
    for page in result["pages"]:
        for link, kind, text in page["missed"][:misses]:
            out.write("missed  %s  %s  taken for %s  %s\n" % (page["page"], link, kind, (text or "")[:60]))
        for link, text in page["false"][:misses]:
            out.write("false   %s  %s  %s\n" % (page["page"], link, (text or "")[:60]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--misses", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = evaluate(options.folder)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        report(result, options.misses)


if __name__ == "__main__":
    main()
