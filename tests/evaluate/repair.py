#!/usr/bin/env python3
"""How well `fangzhi repair` takes damage back, and how seldom it touches what is whole.

    repair.py [--fangzhi BIN] [--corpus DIR] [--count N] [--seed N] [--clean FILE.jsonl]… [--quick]

Garbles text that the language model has not seen, family by family (docs/text.md), at many lengths, alone, inside good text and inside
markup, and prints for each family: rows, exact, characters right, left unflagged (a silent loss), changed wrongly without a flag, and
flagged: all that is wrong lies in what the answer lists as damage or marks as a conjecture. The text comes from every tenth thousand
lines of the statutes, which scripts/generate-language-model leaves out, and from the pages of the corpus, which it never reads. Then
glossed pages (gloss_pages.py), whole garbled pages (garbled_pages.py), the corpus's own rows, its negatives, clean texts (each --clean file holds lines {"id", "text"}), how often
a stated confidence is right, and the speed. ftfy stands beside it where Python has it.
"""
import argparse
import collections
import difflib
import json
import lzma
import os
import random
import re
import resource
import subprocess
import sys

import garbled_pages
import gloss_pages

LENGTHS = (2, 3, 4, 6, 8, 12, 20, 40, 80, 200)


def run(fangzhi, texts):
    lines = "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in enumerate(texts))
    done = subprocess.run([fangzhi, "repair", "--jsonl"], input=lines.encode(), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


# --- damage: each takes text and gives the garbled form, or None where the text cannot suffer it ---

def misread(written_in, read_as):
    def damage(text, _):
        try:
            data = text.encode(written_in)
            shown = data.decode(read_as)
            return shown if shown.encode(read_as) == data else None
        except UnicodeError:
            return None
    return damage


def cp1252(data):
    return "".join(chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in data)


def double_latin(text, _):
    try:
        return cp1252(cp1252(text.encode()).encode())
    except UnicodeError:
        return None


def cp932(data):
    try:
        return data.decode("cp932")
    except UnicodeError:
        return None


def utf8_as_gbk(mark, dropped):
    def damage(text, _):
        data, out, at = text.encode(), "", 0
        while at < len(data):
            if data[at] < 0x80:
                out += chr(data[at])
                at += 1
                continue
            try:
                pair = data[at:at + 2].decode("gbk")
                if len(pair) != 1:
                    raise ValueError
                out += pair
                at += 2
            except ValueError:
                out += "" if dropped else mark
                at += 1
        return out if mark in out else None
    return damage


def gbk_byte_lost(text, rng):
    try:
        data = text.encode("gbk")
    except UnicodeError:
        return None
    if len(data) < 24:
        return None
    at = rng.choice([i for i in range(8, len(data) - 12) if data[i] >= 0x80] or [0])  # an ASCII character lost leaves no trace
    data = data[:at] + data[at + 1:]
    out, at = "", 0  # the standard's decoder: user-defined pairs are private use
    while at < len(data):
        b = data[at]
        if b < 0x80:
            out += chr(b)
            at += 1
            continue
        t = data[at + 1] if at + 1 < len(data) else 0
        c = None
        if 0x81 <= b <= 0xFE and 0x40 <= t <= 0xFE and t != 0x7F:
            if 0xAA <= b <= 0xAF and t >= 0xA1:
                c = chr(0xE000 + (b - 0xAA) * 94 + t - 0xA1)
            elif b >= 0xF8 and t >= 0xA1:
                c = chr(0xE234 + (b - 0xF8) * 94 + t - 0xA1)
            elif 0xA1 <= b <= 0xA7 and t <= 0xA0:
                c = chr(0xE4C6 + (b - 0xA1) * 96 + t - 0x40 - (t > 0x7F))
            else:
                try:
                    c = data[at:at + 2].decode("gb18030")
                except UnicodeError:
                    c = None
        if c is None:
            out += "\ufffd"
            at += 1 if t < 0x80 or at + 1 >= len(data) else 2
        else:
            out += c
            at += 2
    return out


def entities(data, named):
    names = {}
    if named:
        import html.entities
        names = html.entities.codepoint2name
    return "".join("&%s;" % names[b] if b in names and b >= 0xA0 else "&#%d;" % b if b >= 0x80 else chr(b) for b in data)


def seven_bit(text, before, after, strip=False):
    try:
        data = text.encode("gb2312")
    except UnicodeError:
        return None
    if any(b < 0x80 for b in data):
        return None
    return before + "".join(chr(b & 0x7F) for b in data) + after


def gbk_latin_twice(text, _):
    try:
        return text.encode("gbk").decode("latin1").encode().decode("latin1")
    except UnicodeError:
        return None


def encoded(text, encoding):
    try:
        return text.encode(encoding)
    except UnicodeError:
        return None


def traditional(text, forms={}):
    """Character by character, by the table that the program folds with."""
    if not forms:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/text/language_data.cc")
        source = open(path, encoding="utf-8").read()
        letters = "".join(re.findall('"([^"]*)"', source[source.index("kSimplifiedForms ="):]))
        for old, new in zip(letters[::2], letters[1::2]):
            if encoded(old, "big5"):
                forms.setdefault(new, old)
    return "".join(c if encoded(c, "big5") else forms.get(c, c) for c in text)


def some(function):
    def damage(text, rng):
        return function(text) if text else None
    return damage


LOSSLESS = {
    "gbk_as_latin1": misread("gbk", "latin1"), "gbk_as_cp1252": misread("gbk", "cp1252"), "gbk_as_cp1250": misread("gbk", "cp1250"),
    "gbk_as_cp1251": misread("gbk", "cp1251"), "gbk_as_koi8r": misread("gbk", "koi8-r"), "gbk_as_cp437": misread("gbk", "cp437"),
    "gbk_as_big5": misread("gbk", "big5hkscs"), "gbk_as_eucjp": misread("gbk", "euc_jp"), "gbk_as_euckr": misread("gbk", "cp949"),
    "gbk_as_sjis": misread("gbk", "cp932"), "big5_as_gbk": misread("big5hkscs", "gbk"), "big5_as_cp1252": misread("big5hkscs", "cp1252"),
    "utf8_as_latin1": misread("utf-8", "latin1"), "utf8_as_cp1252": lambda t, _: cp1252(t.encode()), "utf8_as_gbk": misread("utf-8", "gbk"),
    "utf8_as_euckr": misread("utf-8", "cp949"), "utf8_as_sjis": misread("utf-8", "cp932"), "utf8_as_cp1251": misread("utf-8", "cp1251"),
    "double_utf8_cp1252": double_latin, "double_gbk_latin1_utf8_latin1": gbk_latin_twice,
    "entity_decimal_gbk": some(lambda t: entities(t.encode("gbk"), False) if encoded(t, "gbk") else None),
    "entity_named_gbk": some(lambda t: entities(t.encode("gbk"), True) if encoded(t, "gbk") else None),
    "entity_decimal_utf8": some(lambda t: entities(t.encode(), False)),
    "entity_double_escaped": some(lambda t: "".join("&amp;#%d;" % ord(c) for c in t)),
    "hz_raw": some(lambda t: seven_bit(t, "~{", "~}")),
    "iso2022cn_raw": some(lambda t: seven_bit(t, "\x1b$)A\x0e", "\x0f")),
    "highbit_stripped": some(lambda t: seven_bit(t, "", "") if len(t) >= 12 else None),
}
WHOLE_TEXT = ("hz_raw", "iso2022cn_raw", "highbit_stripped")  # each line says it by itself
LOSSY = {
    "iso2022cn_raw_ctl_lost": some(lambda t: seven_bit(t, "$)A", "") if len(t) >= 3 else None),
    "utf8_as_cp1252_dropped": some(lambda t: "".join(bytes([b]).decode("cp1252") for b in t.encode() if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D))),
    "utf8_as_cp1252_nbsp": some(lambda t: cp1252(t.encode()).replace("\u00a0", " ")),
    "utf8_as_gbk_lossy": utf8_as_gbk("?", False), "utf8_as_gbk_fffd": utf8_as_gbk("\ufffd", False),
    "gbk_byte_lost": gbk_byte_lost,
    "gbk_as_utf8_fffd": some(lambda t: t.encode("gbk").decode("utf-8", "replace") if encoded(t, "gbk") else None),
    "kunjinkao": some(lambda t: re.sub("�+$", "", t.encode("gbk").decode("utf-8", "replace").encode().decode("gbk", "replace"))
                      if encoded(t, "gbk") and len(t) >= 6 else None),
}


# --- text ---

def statutes(corpus):
    with lzma.open(os.path.join(corpus, "statutes.txt.xz"), "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    return [line.strip() for number, line in enumerate(lines) if number // 1000 % 10 == 9 and len(line.strip()) >= 8]


def news(corpus, fangzhi):
    out = []
    pages = os.path.join(corpus, "pages")
    for name in sorted(os.listdir(pages)):
        page = os.path.join(pages, name, "page.html")
        if not os.path.exists(page):
            continue
        done = subprocess.run([fangzhi, "extract", page, "--url", "http://www.example.gov.cn/"], capture_output=True)
        try:
            record = json.loads(done.stdout)
        except ValueError:
            continue
        if record.get("damage") or (record.get("language") or "").startswith("zh-Hant"):
            continue
        out += [line.strip() for line in (record.get("body") or "").split("\n") if len(line.strip()) >= 8]
    return out


def cut(lines, length, rng):
    """A piece that begins where a word may begin, without ASCII at its ends."""
    for _ in range(50):
        line = re.sub(r"\s+", "", rng.choice(lines))
        if length >= 40:
            while len(line) < length:
                line += re.sub(r"\s+", "", rng.choice(lines))
        starts = [0] + [m.end() for m in re.finditer("[，。；：、）》”]", line)]
        starts = [s for s in starts if s + length <= len(line)]
        if not starts:
            continue
        start = rng.choice(starts)
        piece = line[start:start + length]
        if sum("\u4e00" <= c <= "\u9fff" for c in piece) >= max(2, len(piece) * 2 // 3):
            return piece
    return None


def rows_of(damage, lines, count, rng, mixed, script):
    rows = []
    for length in LENGTHS:
        for i in range(count):
            text = cut(lines, length, rng)
            if text and script:
                text = script(text)
            garbled = damage(text, rng) if text else None
            if not garbled or garbled == text:
                continue
            kind = i % 3 if mixed else 0
            if kind == 1 and length >= 8:
                good = (cut(lines, 12, rng) or "") + "："
                rows.append((length, good + garbled, good + text))
            elif kind == 2:
                good = cut(lines, 12, rng) or ""
                rows.append((length, "<p>%s</p>\n<td class=\"a\">%s</td>" % (good, garbled), "<p>%s</p>\n<td class=\"a\">%s</td>" % (good, text)))
            else:
                rows.append((length, garbled, text))
    return rows


# --- judgement ---

class Confidence:
    """How often steps of a stated confidence are right, by where they stand in the answer."""

    def __init__(self):
        self.bins = collections.defaultdict(lambda: [0, 0])

    def add(self, answer, source, wanted):
        shift = 0
        same = [True] * len(answer["text"])
        if answer["text"] != wanted:
            same = [False] * len(answer["text"])
            for block in difflib.SequenceMatcher(None, answer["text"], wanted, autojunk=False).get_matching_blocks():
                same[block.a:block.a + block.size] = [True] * block.size
        for step in answer["steps"][:200]:
            begin = step["begin"] + shift
            after = step["after"]
            if len(step["before"]) < 200 and len(after) < 200:
                right = all(same[begin:begin + len(after)])
                entry = self.bins[min(9, int(step["confidence"] * 10))]
                entry[0] += 1
                entry[1] += right
            shift += len(after) - (step["end"] - step["begin"])

    def report(self):
        print("\nconfidence: steps, right")
        for key in sorted(self.bins):
            n, right = self.bins[key]
            print("  %.1f–%.1f %7d %6.1f %%" % (key / 10, (key + 1) / 10, n, 100 * right / n))


def is_marked(answer, wanted):
    """Whether every character that is wrong or missing lies in a conjecture, or in what is listed as damage."""
    text = answer["text"]
    marked = [False] * (len(text) + 1)
    steps = [(s["begin"], s["end"], s["after"], s["lossless"]) for s in answer["steps"]]
    shift = 0
    for first, last, after, lossless in steps:
        if not lossless:
            marked[first + shift:first + shift + len(after)] = [True] * len(after)
        shift += len(after) - (last - first)
    for damage in answer["damage"]:
        low = sum(len(after) - (last - first) for first, last, after, _ in steps if last <= damage["begin"])
        high = sum(len(after) - (last - first) for first, last, after, _ in steps if last <= damage["end"])
        for i in range(max(0, damage["begin"] + low), min(len(text), damage["end"] + high)):
            marked[i] = True
    for kind, a, b, _, _ in difflib.SequenceMatcher(None, text, wanted, autojunk=False).get_opcodes():
        if kind == "insert" and not (marked[a] or (a > 0 and marked[a - 1])):
            return False
        if kind in ("replace", "delete") and not all(marked[a:b]):
            return False
    return True


def characters_right(answer, wanted):
    if answer == wanted:
        return len(wanted)
    blocks = difflib.SequenceMatcher(None, answer, wanted, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def judge(title, families, lines, arguments, rng, confidence, rival):
    print("\n%s\n%-32s %6s %7s %7s %7s %7s %7s%s" % (title, "family", "rows", "exact", "chars", "silent", "wrong", "flagged", "    ftfy" if rival else ""))
    total = [0, 0]
    longer = [0, 0, 0]  # rows of eight characters and more, exact, unmarked
    worst = []
    for name, damage in families.items():
        rows = rows_of(damage, lines, arguments.count, rng, name not in ("gbk_byte_lost", "kunjinkao", "gbk_as_utf8_fffd"),
                       traditional if name.startswith("big5") else None)
        if not rows:
            continue
        answers = run(arguments.fangzhi, [garbled for _, garbled, _ in rows])
        exact = silent = wrong = flagged = right = of = beside = 0
        by_length = collections.defaultdict(lambda: [0, 0])
        for (length, garbled, text), answer in zip(rows, answers):
            ok = answer["text"] == text
            exact += ok
            longer[0] += length >= 8
            longer[1] += ok and length >= 8
            by_length[length][0] += 1
            by_length[length][1] += ok
            right += characters_right(answer["text"], text)
            of += len(text)
            confidence.add(answer, garbled, text)
            if rival:
                beside += rival(garbled) == text
            marked = not ok and is_marked(answer, text)
            if not ok:
                flagged += marked
                longer[2] += length >= 8 and not marked
                silent += not marked and not answer["changed"]
                wrong += not marked and answer["changed"]
                if not marked or len(worst) < 400:
                    worst.append((name, length, garbled, answer["text"], text, marked))
        total[0] += len(rows)
        total[1] += exact
        print("%-32s %6d %6.1f%% %6.1f%% %7d %7d %7d%s  %s" % (
            name, len(rows), 100 * exact / len(rows), 100 * right / of, silent, wrong, flagged,
            " %6.1f%%" % (100 * beside / len(rows)) if rival else "",
            " ".join("%d:%d" % (length, 100 * r / n) for length, (n, r) in sorted(by_length.items()))))
    print("%-32s %6d %6.1f%%" % ("all", total[0], 100 * total[1] / max(1, total[0])))
    print("%-32s %6d %6.1f%%  neither exact nor marked %.1f%%" % (
        "eight characters and more", longer[0], 100 * longer[1] / max(1, longer[0]), 100 * longer[2] / max(1, longer[0])))
    return worst


def glossed_pages(arguments, sources, rng):
    """Pages strewn with glosses: whole, of these those that nothing is gone of for good, characters right, and whether what is wrong is marked."""
    traditional("")
    simplified = {old: new for new, old in traditional.__defaults__[0].items()}
    print("\nglossed pages\n%-24s %6s %7s %9s %9s %9s %9s %8s" % ("text, private use", "pages", "whole", "of these", "chars", "glosses", "unmarked", "ms/page"))
    for source, lines in sources:
        rows = gloss_pages.pages(lines, traditional, simplified, rng, arguments.count * 2)
        for kind in ("kept", "lost"):
            here = [row for row in rows if row[2] == kind]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            answers = run(arguments.fangzhi, [row[0] for row in here])
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            whole = possible = of_these = right = of = glosses = unmarked = 0
            for (shown, wanted, _, gone), answer in zip(here, answers):
                whole += answer["text"] == wanted
                possible += not gone
                of_these += answer["text"] == wanted and not gone
                right += characters_right(answer["text"], wanted)
                of += len(wanted)
                glosses += len(re.findall("[(][a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zāáǎàēéěè]*[)]", answer["text"]))
                lines_got, lines_wanted = answer["text"].split("\n"), wanted.split("\n")
                marked = set()
                for entry in answer["damage"] + [s for s in answer["steps"] if not s["lossless"]]:
                    marked.add(shown.count("\n", 0, entry["begin"]))
                wrong = [i for i, (a, b) in enumerate(zip(lines_got, lines_wanted)) if a != b]
                bad = [i for i in wrong if i not in marked]
                unmarked += len(bad)
                if arguments.worst and wrong:
                    i = (bad or wrong)[0]
                    print("--- glosses %s %s\n  in   %r\n  got  %r\n  want %r" % (kind, "" if bad else "flagged", shown.split("\n")[i][:300], lines_got[i][:300], lines_wanted[i][:300]))
            print("%-24s %6d %6.1f%% %8.1f%% %8.2f%% %9d %9d %8.1f" % (source + ", " + kind, len(here), 100 * whole / max(1, len(here)), 100 * of_these / max(1, possible), 100 * right / max(1, of), glosses, unmarked,
                                                            1000 * (after.ru_utime - before.ru_utime) / max(1, len(here))))


def corpus_rows(arguments):
    folder = os.path.join(arguments.corpus, "encoding")
    print("\ncorpus rows\n%-34s %-16s %5s %5s %7s %7s %7s" % ("family", "action", "rows", "right", "silent", "wrong", "flagged"))
    wrong_negatives = 0
    for name in ("mojibake", "seed_family_pages", "negatives"):
        path = os.path.join(folder, name + ".jsonl")
        if not os.path.exists(path):
            continue
        rows = [json.loads(line) for line in open(path, encoding="utf-8")]
        rows = [row for row in rows if "input" in row]
        tally = collections.defaultdict(lambda: [0] * 5)
        for row, answer in zip(rows, run(arguments.fangzhi, [row["input"] for row in rows])):
            entry = tally[(row["family"], row.get("action") or "")]
            entry[0] += 1
            marked = bool(answer["damage"])
            if answer["text"] in (row.get("expected"), row.get("expected_trad")):
                entry[1] += 1
            elif marked:
                entry[4] += 1
            else:
                entry[3 if answer["changed"] else 2] += 1
                wrong_negatives += name == "negatives"
        for (family, action), entry in sorted(tally.items()):
            print("%-34s %-16s %5d %5d %7d %7d %7d" % (family, action, *entry))
    print("negatives changed: %d" % wrong_negatives)


def clean(arguments, sets):
    print("\nclean text\n%-32s %10s %8s %8s" % ("set", "characters", "changed", "flagged"))
    everything = changed_everywhere = 0
    for name, texts in sets.items():
        answers = run(arguments.fangzhi, texts)
        characters = sum(map(len, texts))
        changed = sum(len(answer["steps"]) for answer in answers)
        print("%-32s %10d %8d %8d" % (name, characters, changed, sum(bool(answer["damage"]) for answer in answers)))
        for answer in answers:
            for step in answer["steps"][:3]:
                print("    %s: %s -> %s" % (step["family"], step["before"][:60], step["after"][:60]))
        everything += characters
        changed_everywhere += changed
    print("changes in a million characters: %.2f" % (1e6 * changed_everywhere / max(1, everything)))


def speed(arguments, lines):
    print("\nspeed, one core (user and system time)")
    text = "\n".join(lines)
    plain = (text * (1 + 20_000_000 // len(text.encode()))).encode()[:20_000_000].decode("utf-8", "ignore")
    small = text[:400_000]
    for name, data in (("clean", plain), ("gbk_as_cp1252", misread("gbk", "latin1")(re.sub("[^\u4e00-\u9fff，。、；：\n]", "", small), None)),
                       ("utf8_as_gbk_lossy", utf8_as_gbk("?", False)(small, None)),
                       ("utf8_as_cp1252_dropped", LOSSY["utf8_as_cp1252_dropped"](small, None))):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([arguments.fangzhi, "repair"], input=data.encode(), stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print("  %-26s %6.1f MB %8.1f MB/s" % (name, len(data.encode()) / 1e6, len(data.encode()) / 1e6 / used))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(here))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fangzhi", default=os.environ.get("FANGZHI", os.path.join(root, "build/release/fangzhi")))
    parser.add_argument("--corpus", default=os.path.join(os.path.dirname(root), "shared/corpus"))
    parser.add_argument("--count", type=int, default=30, help="rows for each family and length")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--clean", action="append", default=[])
    parser.add_argument("--worst", type=int, default=0, help="print so many wrong rows")
    parser.add_argument("--family", help="only families that contain this")
    parser.add_argument("--quick", action="store_true", help="generated rows only")
    arguments = parser.parse_args()
    if not os.path.exists(os.path.join(arguments.corpus, "statutes.txt.xz")):
        sys.exit("repair.py: no corpus at %s" % arguments.corpus)
    rival = None
    try:
        import ftfy
        rival = lambda text: ftfy.fix_encoding(text)
    except ImportError:
        print("ftfy is not installed: no rival stands beside")
    rng = random.Random(arguments.seed)
    law = statutes(arguments.corpus)
    pages = news(arguments.corpus, arguments.fangzhi)
    confidence = Confidence()
    worst = []
    for source, lines in (("statutes", law), ("pages", pages)):
        for title, families in (("lossless", LOSSLESS), ("lossy", LOSSY)):
            if arguments.family:
                families = {name: damage for name, damage in families.items() if arguments.family in name}
            worst += judge("%s, %s" % (title, source), families, lines, arguments, rng, confidence, rival)
    for name, length, garbled, answer, wanted, marked in (worst if len(worst) <= arguments.worst else rng.sample(worst, arguments.worst)):
        print("--- %s %d %s\n  in   %r\n  got  %r\n  want %r" % (name, length, "flagged" if marked else "", garbled[:200], answer[:200], wanted[:200]))
    if not arguments.family or arguments.family in "parasite_gloss":
        glossed_pages(arguments, (("statutes", law), ("pages", pages)), rng)
    sources = garbled_pages.pages(arguments.corpus, arguments.fangzhi)
    for share in (1, 0.3):
        own = {name: damage for name, damage in LOSSLESS.items() if name not in WHOLE_TEXT and (not arguments.family or arguments.family in name)}
        garbled_pages.judge(own, sources, lambda texts: run(arguments.fangzhi, texts), rng, share, traditional)
    confidence.report()
    if arguments.quick:
        return
    corpus_rows(arguments)
    sets = {"statutes": law, "pages": pages}
    for path in arguments.clean:
        sets[os.path.basename(path)] = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    clean(arguments, sets)
    speed(arguments, law)


main()
