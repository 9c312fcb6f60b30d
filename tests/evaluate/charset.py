#!/usr/bin/env python3
"""Encodings: how often `fangzhi decode` names the right one, beside the detectors that are installed, and how far its confidence is to be believed.

usage: scripts/evaluate charset [FOLDER...] [--count N] [--only WORD] [--no-rivals] [--wrong N]

Samples are cut from texts and encoded here. A FOLDER holds texts of other languages, one file LANGUAGE.txt each (zh-Hans, zh-Hant,
ja, ko, ru, pl, de, …; one sentence or title a line); Chinese ones come from ../shared/corpus as well, where it is. A sample has at least two
characters outside ASCII and no label. Right means: the right encoding by name, where GB2312, GBK and GB18030 are one, Big5 and
Big5-HKSCS one, and an ISO encoding is one with the windows code page that contains it (8859-1 and 1252, 8859-9 and 1254, 8859-11 and 874);
or another name by which the sample is the same text (Hungarian in ISO-8859-2 read as windows-1250), unless --strict is given.
Every row is measured on the same samples for all. Rivals: libuchardet, ICU's ucsdet, and Python's chardet and charset_normalizer.
"""
import argparse
import ctypes
import ctypes.util
import glob
import json
import lzma
import os
import random
import re
import subprocess
import sys
import time
import unicodedata
from collections import defaultdict

FANGZHI = os.environ["FANGZHI"]
HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get("FANGZHI_CORPUS", os.path.join(HERE, "../../../shared/corpus"))
LENGTHS = [4, 6, 10, 20, 50, 100]

# --- names ---

SAME = {
    "gb2312": "gb", "gbk": "gb", "gb18030": "gb", "euc-cn": "gb", "cp936": "gb", "hz-gb-2312": "hz", "hz": "hz",
    "big5": "big5", "big5hkscs": "big5", "big5-hkscs": "big5", "cp950": "big5", "big5-tw": "big5",
    "iso-8859-1": "windows-1252", "ascii": "ascii", "us-ascii": "ascii", "latin-1": "windows-1252", "cp1252": "windows-1252",
    "iso-8859-9": "windows-1254", "iso-8859-11": "windows-874", "tis-620": "windows-874",
    "cp949": "euc-kr", "uhc": "euc-kr", "johab": "johab", "euc-kr": "euc-kr", "cp932": "shift_jis", "shift-jis": "shift_jis", "shift_jis": "shift_jis",
    "shift-jis-2004": "shift_jis", "shift-jisx0213": "shift_jis", "euc-jp": "euc-jp", "euc-jis-2004": "euc-jp", "euc-jisx0213": "euc-jp",
    "iso-2022-jp": "iso-2022-jp", "utf-8-sig": "utf-8", "mac-cyrillic": "x-mac-cyrillic", "maccyrillic": "x-mac-cyrillic", "mac-roman": "macintosh",
    "iso-8859-8-i": "iso-8859-8", "cp866": "ibm866", "ibm866": "ibm866",
}


def canonical(name):
    if not name:
        return "?"
    name = name.lower().replace("_", "-")
    match = re.fullmatch(r"(?:cp|windows-)(12\d\d|874)", name)
    if match:
        return "windows-" + match.group(1)
    match = re.fullmatch(r"iso-?8859-?(\d+)(?:-i)?|iso8859-(\d+)", name)
    if match:
        name = "iso-8859-" + (match.group(1) or match.group(2))
    match = re.fullmatch(r"(?:latin-?1)", name)
    return SAME.get(name, SAME.get(name.replace("-", "_"), name.replace("utf-16-le", "utf-16le").replace("utf-16-be", "utf-16be")))


# --- rivals ---

# Python's codecs for names that it does not know itself.
CODECS = {"gb": "gb18030", "big5": "big5hkscs", "windows-874": "cp874", "windows-1252": "cp1252", "ibm866": "cp866", "x-mac-cyrillic": "mac-cyrillic",
          "macintosh": "mac-roman", "euc-kr": "cp949", "shift_jis": "cp932"}


def same_text(name, encoding, codec, data):
    """Whether two encodings make the same of the bytes."""
    if callable(codec):
        codec = "cp1258" if encoding == "windows-1258" else None
    if codec is None or name in ("?", "ascii"):
        return False
    try:
        return data.decode(CODECS.get(name, name)) == data.decode(codec)
    except (UnicodeError, LookupError):
        return False


def uchardet():
    library = ctypes.CDLL(ctypes.util.find_library("uchardet") or "libuchardet.so.0")
    library.uchardet_new.restype = ctypes.c_void_p
    library.uchardet_get_charset.restype = ctypes.c_char_p
    for function in ("uchardet_data_end", "uchardet_delete", "uchardet_get_charset"):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    library.uchardet_handle_data.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]

    def ask(data):
        detector = library.uchardet_new()
        library.uchardet_handle_data(detector, data, len(data))
        library.uchardet_data_end(detector)
        name = library.uchardet_get_charset(detector).decode()
        library.uchardet_delete(detector)
        return name
    return ask


def icu():
    path = sorted(glob.glob("/usr/lib/*/libicui18n.so.*"))[0]
    version = re.search(r"so\.(\d+)", path).group(1)
    library = ctypes.CDLL(path)
    call = lambda name: getattr(library, f"{name}_{version}")
    call("ucsdet_open").restype = ctypes.c_void_p
    call("ucsdet_detect").restype = ctypes.c_void_p
    call("ucsdet_getName").restype = ctypes.c_char_p
    error = ctypes.c_int(0)
    detector = ctypes.c_void_p(call("ucsdet_open")(ctypes.byref(error)))

    def ask(data):
        status = ctypes.c_int(0)
        call("ucsdet_setText")(detector, ctypes.c_char_p(data), ctypes.c_int32(len(data)), ctypes.byref(status))
        match = call("ucsdet_detect")(detector, ctypes.byref(status))
        if not match or status.value > 0:
            return ""
        name = call("ucsdet_getName")(ctypes.c_void_p(match), ctypes.byref(status))
        return name.decode() if name else ""
    return ask


def chardet():
    import chardet as module
    return lambda data: module.detect(data)["encoding"] or ""


def charset_normalizer():
    import charset_normalizer as module

    def ask(data):
        best = module.from_bytes(data).best()
        return best.encoding if best else ""
    return ask


def rivals():
    found = {}
    for name, make in [("uchardet", uchardet), ("ICU", icu), ("chardet", chardet), ("charset-normalizer", charset_normalizer)]:
        try:
            found[name] = make()
        except (ImportError, OSError, IndexError) as error:
            print(f"{name} is not installed ({error})", file=sys.stderr)
    return found


# --- texts and encodings ---

def hz(text):
    return text.encode("hz")


def iso2022cn(text):
    out = bytearray()
    shifted = False
    designated = False
    for c in text:
        if ord(c) < 0x80:
            if shifted:
                out += b"\x0f"
                shifted = False
        else:
            if not designated:
                out += b"\x1b$)A"
                designated = True
            if not shifted:
                out += b"\x0e"
                shifted = True
        data = c.encode("gb2312")
        out += bytes(b & 0x7F for b in data)
    return bytes(out + (b"\x0f" if shifted else b""))


def euctw(text):
    # Python has no EUC-TW; the program's own inverse would prove nothing, so the C library's is used.
    run = subprocess.run(["iconv", "-f", "utf-8", "-t", "euc-tw"], input=text.encode(), capture_output=True)
    if run.returncode != 0:
        raise UnicodeError("euc-tw")
    return run.stdout


def viscii_like(text):
    """windows-1258: the tones that it has no letters for follow their letter."""
    out = []
    for c in unicodedata.normalize("NFC", text):
        try:
            c.encode("cp1258")
            out.append(c)
        except UnicodeError:
            base = unicodedata.normalize("NFD", c)
            tones = "".join(t for t in base if t in "\u0300\u0301\u0303\u0309\u0323")
            out.append(unicodedata.normalize("NFC", "".join(t for t in base if t not in tones)) + tones)
    return "".join(out).encode("cp1258")


ROMANIAN = str.maketrans("șțȘȚ", "şţŞŢ")
LATIN1 = ["de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is"]
# (language, encoding as it is to be named, codec)
ROWS = [("zh-Hans", "GBK", "gbk"), ("zh-Hant", "GBK", "gbk"), ("zh-Hans", "UTF-8", "utf-8"), ("zh-Hant", "Big5", "big5"), ("zh-Hant", "Big5-HKSCS", "big5hkscs"),
        ("zh-Hant", "EUC-TW", euctw), ("zh-Hans", "HZ-GB-2312", hz), ("zh-Hans", "ISO-2022-CN", iso2022cn), ("zh-Hans", "UTF-16LE", "utf-16-le"),
        ("zh-Hans", "UTF-16BE", "utf-16-be"), ("ja", "EUC-JP", "euc-jp"), ("ja", "Shift_JIS", "cp932"), ("ja", "ISO-2022-JP", "iso-2022-jp"), ("ja", "UTF-8", "utf-8"),
        ("ko", "EUC-KR", "cp949"), ("ko", "UTF-8", "utf-8"),
        ("ru", "windows-1251", "cp1251"), ("ru", "KOI8-R", "koi8-r"), ("ru", "ISO-8859-5", "iso8859-5"), ("ru", "IBM866", "cp866"), ("ru", "UTF-8", "utf-8"),
        ("uk", "windows-1251", "cp1251"), ("bg", "windows-1251", "cp1251"), ("sr", "windows-1251", "cp1251"), ("be", "windows-1251", "cp1251"),
        ("el", "windows-1253", "cp1253"), ("el", "ISO-8859-7", "iso8859-7"), ("tr", "windows-1254", "cp1254"), ("he", "windows-1255", "cp1255"),
        ("ar", "windows-1256", "cp1256"), ("ar", "ISO-8859-6", "iso8859-6"), ("lt", "windows-1257", "cp1257"), ("lv", "windows-1257", "cp1257"), ("et", "windows-1257", "cp1257"),
        ("vi", "windows-1258", viscii_like), ("vi", "UTF-8", "utf-8"), ("th", "windows-874", "cp874")]
ROWS += [(language, codec[0], codec[1]) for language in ("pl", "cs", "sk", "hu", "hr", "sl", "ro")
         for codec in (("windows-1250", "cp1250"), ("ISO-8859-2", "iso8859-2"))]
ROWS += [(language, "windows-1252", "cp1252") for language in LATIN1]
ROWS += [("de", "UTF-8", "utf-8"), ("fr", "UTF-8", "utf-8"), ("pl", "UTF-8", "utf-8")]


def encode(text, codec, language):
    if language == "ro":
        text = text.translate(ROMANIAN)
    return codec(text) if callable(codec) else text.encode(codec)


def texts(folders):
    """language → lines."""
    found = defaultdict(list)
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
            with open(path, encoding="utf-8") as file:
                found[os.path.basename(path)[:-4]] += [line for line in file.read().split("\n") if line]
    statutes = os.path.join(CORPUS, "statutes.txt.xz")
    if os.path.exists(statutes):
        with lzma.open(statutes, "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")
        # The thousandths that the language model has not seen (scripts/generate-language-model).
        unseen = [line for number, line in enumerate(lines) if number % 10000 >= 9000 and len(line) >= 4]
        found["zh-Hans"] += unseen
        try:
            run = subprocess.run(["opencc", "-c", "s2tw"], input="\n".join(unseen).encode(), capture_output=True, check=True)
            found["zh-Hant"] += run.stdout.decode().split("\n")
        except (OSError, subprocess.CalledProcessError):
            print("opencc is not installed: no statutes in traditional characters", file=sys.stderr)
    for path in sorted(glob.glob(os.path.join(CORPUS, "pages", "*", "expected.json"))):
        with open(path, encoding="utf-8") as file:
            page = json.load(file)
        body = page.get("body") or ""
        found["zh-news"] += [line for line in body.split("\n") if len(line) >= 20]
        if page.get("title"):
            found["zh-titles"].append(page["title"])
    return found


def cut(random_, lines, length, codec, language, tries=200):
    """A piece of text of so many characters that the encoding has, two of them at least outside ASCII; None where there is none."""
    for _ in range(tries):
        line = re.sub(r"\s+", " ", random_.choice(lines)).strip()
        at = 0
        while len(line) < length:
            at += 1
            if at > 60:
                break
            line += ("" if language.startswith(("zh", "ja")) else " ") + re.sub(r"\s+", " ", random_.choice(lines)).strip()
        begin = random_.randrange(0, max(1, len(line) - length + 1))
        if random_.random() < 0.5:
            begin = 0
        piece = line[begin:begin + length]
        if sum(ord(c) >= 0x80 for c in piece) < 2 or len(piece) < length:
            continue
        try:
            return piece, encode(piece, codec, language)
        except UnicodeError:
            continue
    return None


def page(text, title):
    return ("<!DOCTYPE html>\n<html><head>\n<title>" + title + "</title>\n<script src=\"/js/jquery.min.js\"></script>\n"
            "<link rel=\"stylesheet\" href=\"/css/main.css\">\n</head>\n<body>\n<div class=\"nav\"><a href=\"/\">Home</a></div>\n<h1>" + title + "</h1>\n"
            + "".join("<p>" + part + "</p>\n" for part in text) + "<div class=\"footer\">Copyright 2011-2024</div>\n</body></html>\n")


SCRIPT = "<script>\n" + "".join(f"function f{i}(a, b) {{ if (a > {i}) {{ return b.substr(0, {i}); }} return document.getElementById('x{i}'); }}\n"
                                for i in range(300)) + "</script>\n"


def samples(lines_of, count, seed):
    """(row, encoding, bytes) for every row of the table."""
    random_ = random.Random(seed)
    out = []
    for language, encoding, codec in ROWS:
        lines = lines_of.get(language)
        if not lines:
            continue
        for length in LENGTHS:
            for _ in range(count):
                piece = cut(random_, lines, length, codec, language)
                if piece:
                    out.append((f"{encoding} {language}, {length}", encoding, piece[1], codec))
    chinese = [("zh-Hans", "GBK", "gbk"), ("zh-Hant", "Big5", "big5"), ("zh-Hans", "UTF-8", "utf-8")]
    for kind, encoding, codec in (("zh-news", "GBK", "gbk"), ("zh-titles", "GBK", "gbk"), ("zh-news", "UTF-8", "utf-8"), ("zh-words", "GBK", "gbk"), ("zh-words", "UTF-8", "utf-8")):
        for length in LENGTHS if kind == "zh-news" else [4, 6, 10, 20]:
            for _ in range(count):
                piece = cut(random_, lines_of[kind], length, codec, "zh") if lines_of.get(kind) else None
                if piece:
                    out.append((f"{encoding} {kind}, {length}", encoding, piece[1]))
    for language, encoding, codec in chinese:
        lines = lines_of.get(language)
        if not lines:
            continue
        for _ in range(count):
            # Four-byte characters among others.
            if encoding == "GBK":
                piece = cut(random_, lines, 20, "gbk", language)
                text = piece[0][:8] + chr(random_.randrange(0x3400, 0x4DB5)) + piece[0][8:]
                out.append(("gb18030 with a character of four bytes, 20", "gb18030", text.encode("gb18030")))
            for length in (20, 100):
                _, data = cut(random_, lines, length, codec, language)
                at = random_.randrange(len(data))
                out.append((f"{encoding} {length}, one byte lost", encoding, data[:at] + data[at + 1:]))
                out.append((f"{encoding} {length}, stray FF", encoding, data[:at] + b"\xff" + data[at:]))
                out.append((f"{encoding} {length}, cut in a character", encoding, data[:-1]))
                out.append((f"{encoding} {length}, first byte lost", encoding, data[1:]))
            parts = [cut(random_, lines, random_.choice([40, 100, 200]), codec, language)[0] for _ in range(6)]
            title = cut(random_, lines, 16, codec, language)[0]
            data = encode(page(parts, title), codec, language)
            at = data.index(b"<p>") + random_.randrange(200, 900)
            out.append((f"{encoding} page", encoding, data))
            out.append((f"{encoding} page, stray FF", encoding, data[:at] + b"\xff" + data[at:]))
            out.append((f"{encoding} page, one byte lost", encoding, data[:at] + data[at + 1:]))
            out.append((f"{encoding} page, cut", encoding, data[:at]))
            title = cut(random_, lines, 8, codec, language)[0]
            out.append((f"{encoding} page of script, a title of 8", encoding, encode(page(["See below."], title).replace("<h1>", SCRIPT + "<h1>").replace("<h1>" + title, "<h1>"), codec, language)))
    # Signs alone.
    for _ in range(count):
        sign, name = random_.choice([("\xa9", "windows-1252"), ("“", "GBK"), ("©", "UTF-8"), ("’", "windows-1252"), ("“", "UTF-8"), ("—", "GBK")])
        codec = {"windows-1252": "cp1252", "GBK": "gbk", "UTF-8": "utf-8"}[name]
        second = {"“": "”"}.get(sign, sign)
        text = {"’": "It" + sign + "s the county" + sign + "s own site", "“": "The " + sign + "Plan" + second + " of 2011", "—": "2011" + sign + sign + "2014 reports"}.get(sign, "Copyright " + sign + " 2011 All rights reserved")
        out.append((f"{name} page, signs alone", name, encode(page([text, "Contact us by mail."], "Notice"), codec, "en")))
    return [row if len(row) == 4 else row + (None,) for row in out]


# --- measuring ---

def ask_fangzhi(rows):
    lines = "".join(json.dumps({"id": str(i), "hex": data.hex()}) + "\n" for i, (_, _, data, _) in enumerate(rows))
    start = time.time()
    run = subprocess.run([FANGZHI, "decode", "--jsonl", "-"], input=lines.encode(), capture_output=True, check=True)
    answers = [json.loads(line) for line in run.stdout.decode().split("\n") if line]
    return answers, time.time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--count", type=int, default=60, help="samples a row")
    parser.add_argument("--only", default="", help="rows whose name has this word")
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong answers")
    parser.add_argument("--strict", action="store_true", help="only the name counts")
    parser.add_argument("--matrix", action="store_true", help="one line an encoding: ours and the best rival's, by length")
    parser.add_argument("--confusions", action="store_true", help="what was said instead, by row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", help="a file where the rivals' answers are kept")
    options = parser.parse_args()
    lines_of = texts(options.folders)
    rows = [row for row in samples(lines_of, options.count, options.seed) if options.only in row[0]]
    if not rows:
        print("charset: no texts (../shared/corpus is absent and no FOLDER was given): nothing measured")
        return 0
    answers, seconds = ask_fangzhi(rows)
    tools = {} if options.no_rivals else rivals()
    cache = {}
    if options.cache and os.path.exists(options.cache):
        with open(options.cache) as file:
            cache = json.load(file)
    right = defaultdict(lambda: defaultdict(int))
    total = defaultdict(int)
    took = defaultdict(float)
    buckets = defaultdict(lambda: [0, 0, 0.0])
    shown = 0
    confusions = defaultdict(lambda: defaultdict(int))
    for (row, encoding, data, codec), answer in zip(rows, answers):
        wanted = canonical(encoding)
        total[row] += 1
        got = canonical(answer["charset"])
        correct = got == wanted or (not options.strict and same_text(got, encoding, codec, data))
        right[row]["fangzhi"] += correct
        bucket = buckets[min(9, int(answer["confidence"] * 10))]
        bucket[0] += 1
        bucket[1] += correct
        bucket[2] += answer["confidence"]
        if not correct:
            confusions[row.rsplit(",", 1)[0]][answer["charset"]] += 1
        if not correct and shown < options.wrong:
            shown += 1
            print(f"{row}: {answer['charset']} ({answer['confidence']:.2f}) {answer['text'][:50]!r} {data[:60].hex()}")
        for name, ask in tools.items():
            key = name + data.hex()
            if key not in cache:
                start = time.time()
                try:
                    cache[key] = ask(data)
                except Exception as error:  # a rival that fails has not found it
                    cache[key] = type(error).__name__
                took[name] += time.time() - start
            said = canonical(cache[key])
            right[row][name] += said == wanted or (not options.strict and same_text(said, encoding, codec, data))
    if options.cache and tools:
        with open(options.cache, "w") as file:
            json.dump(cache, file)

    if options.confusions:
        for row, said in confusions.items():
            print(row + ": " + ", ".join(f"{name} {n}" for name, n in sorted(said.items(), key=lambda x: -x[1])))
    names = ["fangzhi"] + list(tools)
    if options.matrix:
        print("| encoding, text | " + " | ".join(map(str, LENGTHS)) + " |\n|---|" + "---:|" * len(LENGTHS))
        for kind in dict.fromkeys(row.rsplit(", ", 1)[0] for row in total if re.search(r", \d+$", row)):
            cells = []
            for length in LENGTHS:
                row = f"{kind}, {length}"
                if total.get(row, 0) < 20:
                    cells.append("–")
                    continue
                best = max((right[row][name] for name in tools), default=0)
                cells.append(f"{100 * right[row]['fangzhi'] / total[row]:.0f} / {100 * best / total[row]:.0f}")
            print(f"| {kind} | " + " | ".join(cells) + " |")
        print()
    print("| encoding, text, characters | samples | " + " | ".join(names) + " |")
    print("|---|---:|" + "---:|" * len(names))
    behind = []
    for row in total:
        best = max(right[row][name] for name in names)
        if right[row]["fangzhi"] < best:
            behind.append(row)
        print(f"| {row} | {total[row]} | " + " | ".join(f"{100 * right[row][name] / total[row]:.1f}" for name in names) + " |" + (" <" if row in behind else ""))
    by_length = defaultdict(lambda: [0, 0])
    for row in total:
        match = re.search(r", (\d+)$", row)
        entry = by_length["snippets of " + match.group(1) if match else "pages" if "page" in row else "damaged snippets"]
        entry[0] += right[row]["fangzhi"]
        entry[1] += total[row]
    print()
    for name, (good, n) in by_length.items():
        print(f"{name}: {100 * good / n:.2f} % of {n}")
    print(f"rows behind the best rival: {len(behind)} of {len(total)}: {'; '.join(behind)}")
    print("\nconfidence: stated, right, answers")
    for number in sorted(buckets):
        n, good, stated = buckets[number]
        print(f"  {stated / n:.3f}  {good / n:.3f}  {n}")
    size = sum(len(data) for _, _, data, _ in rows)
    print(f"\n{len(rows)} samples, {size / 1e6:.1f} MB: fangzhi {seconds:.1f} s with the text" + "".join(f"; {name} {took[name]:.1f} s" for name in tools))
    return 0


sys.exit(main())
