"""Whole pages garbled in one family, for tests/evaluate/repair.py: the text nodes of the corpus's pages, navigation, names and labels with them,
line by line. A word of two characters says little alone; beside lines that prove what the page suffered it follows them."""
import collections
import html.parser
import os
import re
import subprocess

FEWEST = 8  # lines of a page that can suffer a family


class Nodes(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines, self.skipped = [], 0

    def handle_starttag(self, tag, attributes):
        self.skipped += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.skipped = max(0, self.skipped - (tag in ("script", "style")))

    def handle_data(self, data):
        line = re.sub(r"\s+", " ", data).strip()
        if line and not self.skipped and "\ufffd" not in line and "锟" not in line and re.search("[\u4e00-\u9fff]", line):
            self.lines.append(line)


def pages(corpus, fangzhi):
    """The Chinese text nodes of each page."""
    found = {}
    folder = os.path.join(corpus, "pages")
    for name in sorted(os.listdir(folder)):
        page = os.path.join(folder, name, "page.html")
        if not os.path.exists(page):
            continue
        nodes = Nodes()
        nodes.feed(subprocess.run([fangzhi, "decode", page], capture_output=True).stdout.decode("utf-8", "replace"))
        if len(nodes.lines) >= 15:
            found[name] = nodes.lines
    return found


def garbled(lines, damage, share, rng):
    """Lines as the page shows them, and as they were; `share` of them garbled, side by side."""
    shown, wanted = [], []
    for line in lines:
        here = damage(line, rng)
        # What cannot suffer the family, and what a line end or a tag would fall into, is no line of this page.
        if here and here != line and not re.search("[\r\n\x85\u2028<>]", here):
            shown.append(here)
            wanted.append(line)
    count = int(len(shown) * share)
    first = rng.randrange(len(shown) - count + 1) if shown else 0
    return [a if first <= i < first + count else b for i, (a, b) in enumerate(zip(shown, wanted))], wanted


def judge(families, sources, run, rng, share, traditional):
    """Prints for each family how many lines come back exactly, by their length, and how many sound ones were changed."""
    print("\nwhole pages, %d %% of the lines garbled\n%-32s %6s %7s %8s %8s %8s" % (100 * share, "family", "pages", "lines", "exact", "unmarked", "changed"))
    total = collections.Counter()
    lengths = collections.defaultdict(lambda: [0, 0])
    for name, damage in families.items():
        rows = [garbled([traditional(line) for line in lines] if name.startswith("big5") else lines, damage, share, rng) for lines in sources.values()]
        rows = [row for row in rows if len(row[0]) >= FEWEST]
        answers = run(["\n".join(shown) for shown, _ in rows])
        here = collections.Counter(pages=len(rows))
        for (shown, wanted), answer in zip(rows, answers):
            source = "\n".join(shown)
            marked = set()
            for entry in answer["damage"] + [step for step in answer["steps"] if not step["lossless"]]:
                marked.update(range(source.count("\n", 0, entry["begin"]), source.count("\n", 0, entry["end"]) + 1))
            for i, (before, truth, got) in enumerate(zip(shown, wanted, answer["text"].split("\n"))):
                if before == truth:
                    here["sound"] += 1
                    here["changed"] += got != truth
                    continue
                here["lines"] += 1
                here["exact"] += got == truth
                here["unmarked"] += got != truth and i not in marked
                bucket = next(limit for limit in (1, 2, 3, 4, 5, 6, 7, 12, 20, 10 ** 9) if len(truth) <= limit)
                lengths[bucket][0] += 1
                lengths[bucket][1] += got == truth
        total += here
        if here["lines"]:
            print("%-32s %6d %7d %7.2f%% %8d %8d" % (name, here["pages"], here["lines"], 100 * here["exact"] / here["lines"], here["unmarked"], here["changed"]))
    print("%-32s %6s %7d %7.2f%% %8d %8d of %d" % ("all", "", total["lines"], 100 * total["exact"] / max(1, total["lines"]), total["unmarked"], total["changed"], total["sound"]))
    print("by length: " + " ".join("%s:%.1f" % (n if n < 10 ** 9 else "more", 100 * right / of) for n, (of, right) in sorted(lengths.items())))
