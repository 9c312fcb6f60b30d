"""Makes pages of the glossed kind (docs/text.md) out of sound text, for tests/evaluate/repair.py: traditional characters one by one, GBK bytes,
a gloss behind every match of a glossed character's bytes wherever a pair begins, a byte lost before some full-width marks, and a reader that
shows a bad byte with the one behind it as "?"."""
import collections
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
MARKS = [mark.encode("gbk") for mark in "，；？！"]


def readings():
    """Characters with the first of their usual readings."""
    source = open(os.path.join(HERE, "../../src/repair/readings_data.cc"), encoding="utf-8").read()
    out = {}
    for line in re.findall(r'^    "([^"]*)",$', source, re.M):
        usual = line.split("|")[0]
        syllable = re.match(r"[^\u3400-\u9fff]*", usual).group()
        if all(c < "\u0080" for c in syllable):
            continue  # without a tone
        for c in usual[len(syllable):]:
            out.setdefault(c, syllable)
    return out


def page(lines, traditional, rng, glossed, keeps_private_use, splits):
    """The page, and what it was before the glosses came. `glossed`: characters in the table's order; `splits`: the share of marks with a byte lost."""
    wanted = [traditional(line) for line in lines]
    shown = []
    table = [(c.encode("gbk"), ("(%s)" % reading).encode("utf-8")) for c, reading in glossed]
    for line in wanted:
        # Units: one byte of GBK each, or a gloss.
        units = [bytes([b]) for b in line.encode("gbk")]
        for pair, gloss in table:
            at = 0
            while at + 1 < len(units):
                if units[at] + units[at + 1] == pair:
                    units.insert(at + 2, gloss)
                    at += 3
                else:
                    at += 1
        if splits:
            units = split(units, rng, splits)
        shown.append(read(units, keeps_private_use))
    return "\n".join(shown), "\n".join(wanted)


def split(units, rng, share):
    """A byte that nobody can read stands before what looks like a mark inside two characters."""
    out, at, lead = [], 0, None
    while at < len(units):
        unit = units[at]
        if len(unit) == 1 and at + 1 < len(units) and lead is not None and unit + units[at + 1] in MARKS and rng.random() < share:
            out[-1:] = [out[-1], b"\xff"]
            out += [unit, units[at + 1]]
            at, lead = at + 2, None
            continue
        out.append(unit)
        lead = None if lead is not None or len(unit) > 1 or unit[0] < 0x80 else unit
        at += 1
    return out


def read(units, keeps_private_use):
    data = b"".join(units)
    # Positions where a gloss stands, so that its UTF-8 is passed through.
    out, at = "", 0
    spans = {}
    for unit in units:
        if len(unit) > 1:
            spans[at] = unit
        at += len(unit)
    at = 0
    while at < len(data):
        if at in spans:
            out += spans[at].decode("utf-8")
            at += len(spans[at])
            continue
        lead = data[at]
        if lead < 0x80:
            out += chr(lead)
            at += 1
            continue
        if lead == 0x80:
            out += "€"
            at += 1
            continue
        if at + 1 in spans:
            # The byte takes the gloss's parenthesis with it.
            out += "?" + spans[at + 1].decode("utf-8")[1:]
            at += 1 + len(spans[at + 1])
            continue
        if at + 1 < len(data) and data[at + 1] == 0xFF:
            out += "?"
            at += 2
            continue
        trail = data[at + 1] if at + 1 < len(data) else 0
        try:
            c = data[at:at + 2].decode("gbk") if 0x40 <= trail <= 0xFE and trail != 0x7F else None
        except UnicodeError:
            c = private_use(lead, trail)
            if c is not None and not keeps_private_use:
                c = ""
        out += "?" if c is None else c
        at += 2
    return out


def private_use(lead, trail):
    if 0xAA <= lead <= 0xAF and trail >= 0xA1:
        return chr(0xE000 + (lead - 0xAA) * 94 + trail - 0xA1)
    if 0xF8 <= lead <= 0xFE and trail >= 0xA1:
        return chr(0xE234 + (lead - 0xF8) * 94 + trail - 0xA1)
    if 0xA1 <= lead <= 0xA7 and trail <= 0xA0:
        return chr(0xE4C6 + (lead - 0xA1) * 96 + trail - 0x40 - (trail > 0x7F))
    return None


def is_gone(shown, wanted):
    """Whether a digit or a mark of ASCII went into a "?": the page would show the same with any other in its place."""
    def ascii_of(text):
        return collections.Counter(c for c in re.sub("[(?][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+[)]", "", text) if c < "\u0080" and c not in "?\n" and not c.isalpha())
    return any(ascii_of(b) - ascii_of(a) for a, b in zip(shown.split("\n"), wanted.split("\n")))


def pages(lines, traditional, simplified, rng, count):
    """(what the page shows, what it was, how it was made, whether characters of it are gone for good)"""
    of = readings()
    frequent = {}
    for line in lines:
        for c in traditional(line):
            if c in of and simplified.get(c, c) != c and len(c.encode("gbk", "ignore")) == 2:
                frequent[c] = frequent.get(c, 0) + 1
    common = sorted(frequent, key=frequent.get, reverse=True)[:130]
    out = []
    while len(out) < count:
        chosen = rng.sample(common, rng.choice((25, 50, 90)))
        some = [re.sub(r"\s+", "", rng.choice(lines)) for _ in range(12)]
        if rng.random() < 0.5:  # copies with folded punctuation
            some = [line.translate(str.maketrans("，；：！？（）", ",;:!?()")) for line in some]
        keeps = rng.random() < 0.5
        try:
            shown, wanted = page(some, traditional, rng, [(c, of[c]) for c in chosen], keeps, rng.choice((0, 0.7)))
        except UnicodeError:
            continue
        if shown != wanted:
            out.append((shown, wanted, "kept" if keeps else "lost", is_gone(shown, wanted)))
    return out
