#!/usr/bin/env python3
"""Does the ledger say what happened? Crawl after crawl of the sample portal over virtual days, against the portal's truth.

    ledger.py [--story NAME]… [--seed N]… [--days 60] [--articles 120] [--json FILE] [--keep DIR] [--verbose]

In each story the portal publishes, edits, withdraws and restores, day after day, and trouble comes over it; after each day
there is one crawl, while the portal's clock stands still. What can be known at all follows from the truth and from which
pages the portal's own log says were asked for and answered: a page withdrawn and restored between two visits is nobody's
to know, and "gone" takes two visits. That is what the events of `changes` are held against, for each kind: precision (of
what was told, how much happened), recall (of what could be known, how much was told), and of those found, how many have
both ends of the interval right. Last, the index is rebuilt from the WARC files and must answer the same.

The reports are held against the same truth: a run on a day of trouble must not be called complete, one on which the whole host was ill must be
partial, and one on a day without trouble must be complete.

Ends with status 1 when anything differs.
"""
import argparse
import bisect
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from datetime import datetime

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FANGZHI = os.environ.get("FANGZHI", os.path.join(ROOT, "build/release/fangzhi"))
PORTAL = os.environ.get("PORTAL", os.path.join(os.path.dirname(FANGZHI), "fangzhi-portal"))

USUAL = ["--publish-per-day", "3", "--edit-per-day", "2", "--withdraw-per-day", "1.2", "--restore-per-day", "0.4"]
ALL_WAYS = ["--withdraw-ways", "404,410,soft404,redirect,notice,tonotice,tolist,homepage,empty"]
NOISE = ["--hostile-noise"]


def outage(first, last, name):
    return {day: f"fault?outage={name}" for day in range(first, last + 1)}


def planned(days, *parts):
    """Trouble by day; the plan of 60 days shrinks with the story."""
    plan = {}
    for part in parts:
        for day, command in part.items():
            plan[max(3, round(day * days / 60))] = command
    return plan


STORIES = {
    "calm": (USUAL, lambda days: {}),
    "noise": (USUAL + NOISE, lambda days: {}),
    "ways": (USUAL + ALL_WAYS + NOISE + ["--stale-lists", "0.3", "--unlist-per-day", "0.5", "--backdate-per-day", "0.3"], lambda days: {}),
    "waf-week": (USUAL + NOISE, lambda days: planned(days, outage(20, 26, "waf"), outage(40, 42, "412"))),
    "outages": (USUAL + ALL_WAYS, lambda days: planned(
        days, outage(8, 9, "503"), outage(13, 15, "odd"), outage(19, 20, "homepage"), outage(24, 25, "404"), outage(29, 31, "articles404"),
        outage(35, 36, "articles500"), outage(40, 41, "login"), outage(45, 46, "captcha"), outage(50, 50, "reset"))),
    "partial": (USUAL, lambda days: planned(days, {
        day: f"fault?outage={name}&outage-share=0.5" for day, name in ((10, "odd"), (11, "odd"), (20, "homepage"), (21, "homepage"), (30, "articles404"),
                                                                      (31, "articles404"), (40, "waf"), (41, "503"))})),
    # One column's articles are missing while the rest of the site is well, or answer as any block page does; lists break off in their middle.
    "columns": (USUAL, lambda days: planned(
        days, outage(8, 9, "column404"), outage(16, 18, "columnodd"), outage(24, 25, "cutlists"), outage(32, 32, "column404"), outage(33, 33, "columnodd"), {
            day: f"fault?outage={name}&outage-share=0.5" for day, name in ((40, "column404"), (41, "column404"), (48, "cutlists"))})),
    # Lists that come with status 200 and without what they list: for a day or two, some of them, all of them.
    "lists": (USUAL + ["--unlist-per-day", "0.3"], lambda days: planned(
        days, outage(8, 9, "emptylists"), outage(16, 18, "listerrors"), outage(24, 25, "cutlists"), outage(32, 32, "emptylists"), outage(33, 33, "listerrors"), {
            day: f"fault?outage={name}&outage-share=0.5" for day, name in ((40, "emptylists"), (41, "emptylists"), (48, "listerrors"), (52, "cutlists"))})),
    # What is restored comes back under another address more often than not.
    "elsewhere": (["--publish-per-day", "3", "--edit-per-day", "2", "--withdraw-per-day", "1.5", "--restore-per-day", "0.8", "--restore-elsewhere", "0.7"] +
                  ALL_WAYS + NOISE, lambda days: {}),
    "flaky": (USUAL + ["--faults", "reset=0.01,cut=0.005,busy=0.01,retry-after=1"], lambda days: {}),
    "redesign-redirect": (USUAL + NOISE, lambda days: planned(days, {30: "redesign?old=redirect"})),
    "redesign-404": (USUAL, lambda days: planned(days, {30: "redesign?old=404"})),
    "redesign-in-place": (USUAL + NOISE, lambda days: planned(days, {30: "redesign?old=same"})),
    "redesign-mixed": (USUAL + ALL_WAYS, lambda days: planned(days, {30: "redesign?old=mixed"}, outage(45, 47, "waf"))),
    "all": (USUAL + ALL_WAYS + NOISE + ["--stale-lists", "0.2", "--unlist-per-day", "0.3"], lambda days: planned(
        days, outage(10, 16, "waf"), outage(22, 22, "503"), outage(26, 27, "odd"), {38: "redesign?old=mixed"}, outage(52, 53, "articles404"))),
}


class Portal:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([PORTAL, "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if not found:
            raise RuntimeError("the portal did not start")
        self.base = found.group(0).rstrip("/")

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=120) as answer:
            return answer.read()

    def control(self, command):
        return json.loads(self.get("/__control/" + command))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Visit:
    """One crawl: its place in real and virtual time, which paths were truly answered, and what its report says."""

    def __init__(self, began, ended, virtual, answered, trouble, report):
        self.began, self.ended, self.virtual, self.answered, self.trouble = began, ended, virtual, answered, trouble
        self.grade, self.findings = report["grade"], [finding["kind"] for finding in report["findings"]]


def grades_of(command):
    """How a run may be graded on a day with this control command; None: what it was like is chance."""
    if not command:
        return {"complete"}
    if "outage-share" in command:
        return {"degraded", "partial"}
    if "redesign" in command:
        return {"degraded", "partial"}
    if any(name in command for name in ("articles404", "articles500", "column404", "columnodd", "cutlists", "emptylists", "listerrors")):
        return {"degraded", "partial"}
    return {"partial"}


class Story:
    def __init__(self, name, seed, days, articles, keep=None, verbose=False):
        self.name, self.seed, self.days, self.articles, self.verbose = name, seed, days, articles, verbose
        self.directory = keep or tempfile.mkdtemp(prefix="fangzhi-ledger-")
        self.keep = keep is not None
        self.archive = os.path.join(self.directory, "archive")
        self.visits = []
        self.troubled = set()  # days with trouble
        self.reports, self.misgraded = collections.Counter(), []

    def program(self, *words, patience=None):
        with subprocess.Popen([FANGZHI, *words, "--archive", self.archive], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                out, error = process.communicate(timeout=patience or 1200)
            except subprocess.TimeoutExpired:
                process.terminate()  # asks for a clean stop
                self.stopped = True
                try:
                    out, error = process.communicate(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
                if patience is None:
                    raise RuntimeError(f"{words}: did not end")
        done = subprocess.CompletedProcess(words, process.returncode, out, error)
        if done.returncode not in ((0, 1, 3) if words[0] == "crawl" else (0,)):
            raise RuntimeError(f"{words}: status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
        if words[0] == "crawl":
            self.said = done.stderr.decode(errors="replace")
        return done.stdout

    def lines(self, *words):
        return [json.loads(line) for line in self.program(*words, "--json").splitlines()]

    def crawl(self):
        config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(config, "sites"), exist_ok=True)
        with open(os.path.join(config, "fangzhi.toml"), "w") as out:
            out.write("min_free_bytes = 0\n")
        with open(os.path.join(config, "sites", "portal.toml"), "w") as out:
            out.write(f'seeds = ["{self.portal.base}/"]\nallow_private = true\ncounters = "off"\ncapture = ["pages"]\n'
                      'retries = 1\ntimeout = "5s"\nrevisit_least = "1s"\n')
        # A server that refuses is asked ever more slowly, whatever --delay says: such a crawl is stopped as an operator would, and the next one goes on.
        self.stopped = False
        recent = {len(self.visits) - back for back in range(3)}
        self.program("crawl", "--site", "portal", "--delay", "0", "--config", config, "--json", patience=300 if recent & self.troubled else None)
        if self.stopped:
            self.troubled.add(len(self.visits))

    def run(self):
        arguments, plan_of = STORIES[self.name]
        plan = plan_of(self.days)
        self.portal = Portal("--articles", self.articles, "--seed", self.seed, "--page-kb", 8, *arguments)
        try:
            for day in range(self.days):
                trouble = False
                if day > 0:
                    self.portal.control("advance?hours=24")
                command = plan.get(day)
                if command:
                    self.portal.control(command)
                    trouble = "outage" in command
                    if trouble:
                        self.troubled.add(day)
                self.one_visit()
                self.check_report(day, command)
                if trouble:
                    self.portal.control("fault?outage=off&outage-share=1")
            truth = json.loads(self.portal.get("/__truth.json?body=0"))
            return self.compare(truth)
        finally:
            self.portal.stop()
            if not self.keep:
                shutil.rmtree(self.directory, ignore_errors=True)

    def one_visit(self):
        self.portal.control("stats?reset=1")
        virtual = moment(self.portal.control("clock")["now"])
        began = datetime.now().timestamp()
        self.crawl()
        ended = datetime.now().timestamp()
        answered, trouble = {}, False
        for line in self.portal.get("/__control/requests").splitlines():
            row = json.loads(line)
            trouble = trouble or row.get("trouble", False)
            if row["status"] in (200, 301, 302, 304, 404, 410) and not row.get("trouble"):
                answered[row["request"].split(" ", 1)[1]] = row["status"]
        reports = self.lines("report", "portal")
        if not reports:
            raise RuntimeError("no report of the run, which said: " + self.said[-2000:])
        self.visits.append(Visit(began, ended, virtual, answered, trouble, reports[0]))

    def check_report(self, day, command):
        if self.name == "flaky":
            return
        visit, may = self.visits[-1], {"partial"} if self.stopped else grades_of(command)
        kind = "trouble" if command or self.stopped else "calm"
        self.reports[kind] += 1
        if visit.grade in may:
            self.reports[kind + " right"] += 1
        else:
            self.misgraded.append(("report", f"day {day}", command or "no trouble", "told " + visit.grade, *visit.findings))

    # --- what could be known ---
    def expected(self, truth):
        events = collections.defaultdict(list)
        for event in truth["events"]:
            events[event["id"]].append(event)
        base = truth["base"].rstrip("/")
        design_at = min((moment(e["time"]) for e in truth["events"] if e["kind"] == "moved"), default=None)
        facts = []
        for article in truth["articles"]:
            mine = events[article["id"]]
            facts += self.life(article, mine, base, design_at)
        return facts

    def life(self, article, mine, base, design_at):
        """The events of one article that its visits could show: (kind, url, index of the visit before, index of the visit)."""
        moved = next((e for e in mine if e["kind"] == "moved"), None)
        born = next((moment(e["time"]) for e in mine if e["kind"] == "new"), None)
        new_url = article["url"]
        old_url = next((e["url"] for e in mine if e["url"] != new_url), None)
        if moved:
            old_url = moved["url"]
        known = [moment(e["time"]) for e in mine]

        def state(virtual):
            live, revision, way = born is None or virtual >= born, 0, None
            for at, event in zip(known, mine):
                if at > virtual:
                    break
                if event["kind"] == "gone":
                    live = False
                elif event["kind"] == "restored":
                    live = True
                elif event["kind"] == "edited":
                    revision += 1
            return live, revision

        facts = []
        seen = None       # the visit that last saw it
        revision = None
        absent = []       # visits of the present absence
        gone = False
        place = None      # where it was last seen
        for index, visit in enumerate(self.visits):
            after = design_at is not None and visit.virtual >= design_at and (born is None or born < design_at)
            live, now = state(visit.virtual)
            if born is not None and visit.virtual < born:
                continue
            at = new_url if not after and old_url is None else (old_url if not after else new_url)
            current = (new_url if after else old_url) if old_url else new_url
            path = urllib.parse.urlsplit(current).path
            asked = path in visit.answered
            old_asked = after and old_url and urllib.parse.urlsplit(old_url).path in visit.answered
            if after and place == old_url and seen is not None:
                if old_asked and not gone:
                    # Its old address no longer shows it.
                    if live and asked:
                        facts.append(("moved", old_url, seen, absent[0] if absent else index))
                        if now != revision:
                            revision = now  # an edit while it moved is part of the move
                        place, seen, absent = new_url, index, []
                        continue
                    if not live:
                        absent.append(index)
                        if len(absent) == 2:
                            # With most of its site gone at once, patience is right: told when it is told.
                            facts.append(("may_be_gone" if self.visits[absent[0]].virtual >= design_at else "gone", old_url, seen, absent[0]))
                            gone = True
                        continue
                if gone and live and asked and place == old_url:
                    place, seen, absent, gone, revision = new_url, index, [], False, now
                    facts.append(("either", new_url, "new", index))  # new there, or moved from where it was gone
                    facts.append(("either", old_url, "moved", index))
                continue
            if not asked:
                continue
            if live:
                if seen is None:
                    facts.append(("new", current, index, index))
                elif gone:
                    facts.append(("restored", current, absent[-1], index))
                elif len(absent) >= 2:  # absent often enough, on days that prove little
                    facts.append(("may_be_gone", current, seen, absent[0]))
                    facts.append(("may_be_restored", current, absent[-1], index))
                if revision is not None and now != revision:
                    facts.append(("edited", current, seen, index))
                seen, revision, absent, gone, place = index, now, [], False, current
            elif seen is not None and not gone:
                absent.append(index)
                if sum(at not in self.troubled for at in absent) == 2:
                    facts.append(("gone", current, seen, absent[0]))
                    gone = True
            elif seen is not None:
                absent.append(index)
        if seen is not None and not gone and len(absent) >= 2:
            facts.append(("may_be_gone", place, seen, absent[0]))
        return facts

    def visit_of(self, text):
        time = moment(text)
        index = bisect.bisect_right([visit.began - 0.002 for visit in self.visits], time) - 1
        return index

    def compare(self, truth):
        expected = collections.defaultdict(list)
        either, optional = set(), []
        for kind, url, before, at in self.expected(truth):
            if kind == "either":
                either.add((before, url))
            elif kind.startswith("may_be_"):
                if before is not None:
                    optional.append((kind[len("may_be_"):], url, before, at))
            else:
                expected[(kind, url)].append((before, at))
        changes = self.lines("changes")
        was_told = {(e["kind"], e["url"]) for e in changes}
        for kind, url, before, at in optional:
            if (kind, url) in was_told:
                expected[(kind, url)].append((before, at))
        articles = {a["url"] for a in truth["articles"]} | {e["url"] for e in truth["events"]}
        counts = collections.defaultdict(collections.Counter)
        wrong = []
        told = collections.defaultdict(list)
        if self.name == "elsewhere":
            expected, changes_by_visit = {}, []  # an address is no longer one article's: held against the truth plainly alone
        else:
            changes_by_visit = changes
        for event in reversed(changes_by_visit):
            kind, url = event["kind"], event["url"]
            if url not in articles:
                # Lists, documents and notices have no life in the truth: that they are new is no event, anything else is invented.
                if kind != "new":
                    counts[kind]["invented"] += 1
                    wrong.append(("invented", kind, url, event["evidence"]))
                continue
            told[(kind, url)].append((self.visit_of(event["not_before"]), self.visit_of(event["time"]), event))
        for key in sorted(set(expected) | set(told), key=str):
            kind, url = key
            want, have = list(expected.get(key, [])), list(told.get(key, []))
            counts[kind]["expected"] += len(want)
            path = urllib.parse.urlsplit(url).path

            def tells_little(index):  # a visit on a day of trouble, or none of this page: an interval may reach over it
                return self.visits[index].trouble or path not in self.visits[index].answered

            for before, at, event in have:
                if (kind, url) in either:
                    continue
                match = next((w for w in want if w[1] == at), None) or (want[0] if want else None)
                if match is None:
                    counts[kind]["invented"] += 1
                    wrong.append(("invented", kind, url, f"visits {before}..{at}", event["evidence"]))
                    continue
                want.remove(match)
                counts[kind]["found"] += 1
                # A new page's beginning is when its list was last seen without it: not later than the visit before.
                # What was seen on a day of trouble may be left out, which makes the interval wider, not wrong.
                wider = before <= match[0] and match[1] <= at and all(tells_little(i) for i in range(match[1], at))
                right = wider if kind != "new" else match[1] == at and before <= at
                right = right and (before == match[0] or kind == "new" or all(tells_little(i) for i in range(before + 1, match[0] + 1)))
                if right:
                    counts[kind]["right"] += 1
                else:
                    wrong.append(("interval", kind, url, f"told {before}..{at}", f"is {match[0]}..{match[1]}", event["evidence"]))
            for before, at in want:
                counts[kind]["missed"] += 1
                wrong.append(("missed", kind, url, f"visits {before}..{at} of {len(self.visits)}"))
        # The same from the WARC files alone.
        records = self.lines("list", "--kind", "all")
        self.program("rebuild")
        if self.lines("changes", "--all") and (self.lines("changes") != changes or self.lines("list", "--kind", "all") != records):
            wrong.append(("rebuild", "answers differ"))
        verified = json.loads(self.program("verify", "--json").splitlines()[-1])
        if not verified["ok"]:
            wrong.append(("verify", verified))
        plain, plainly_wrong = Plain(self.visits, self.troubled, truth, changes).compare()
        return counts, wrong, plain, plainly_wrong + self.misgraded


class Plain:
    """The same question asked as an outsider would, of the truth and the answers alone; nothing is known here of the portal's log.

    What happened at T is found when an event of its kind and article has T within its interval, not_before < T <= time, both ends taken as the
    virtual times of their crawls. Told is right when something of its kind happened within its interval. The interval is as narrow as can be
    when no crawl on a day without trouble lies inside it; a wider one is counted, and is no error. What nobody could have seen does not count
    as missed, and nothing else: a page that was absent on fewer than two crawls of days without trouble before it came back or the story
    ended (sixteen where it went with a redesign); an edit that no such crawl saw; what came back before it could be called gone.
    """

    KINDS = ("new", "edited", "gone", "restored", "moved", "elsewhere")

    def __init__(self, visits, troubled, truth, changes):
        self.visits, self.clear = visits, [i for i in range(len(visits)) if i not in troubled]
        self.changes = changes
        self.times = {a["id"]: [] for a in truth["articles"]}
        self.of_url = {a["url"]: a["id"] for a in truth["articles"]}
        self.old = set()  # articles of the beginning
        born, places = set(), {}
        for event in truth["events"]:
            before = places.setdefault(event["id"], event["url"])
            places[event["id"]] = event["url"]
            elsewhere = event["kind"] == "restored" and event["url"] != before
            self.times[event["id"]].append((moment(event["time"]), "elsewhere" if elsewhere else event["kind"]))
            self.of_url[event["url"]] = event["id"]
            if event.get("to"):
                self.of_url[event["to"]] = event["id"]
            if event["kind"] == "new":
                born.add(event["id"])
        self.old = set(self.times) - born
        self.redesign = min((moment(e["time"]) for e in truth["events"] if e["kind"] == "moved"), default=0)

    def window(self, event):
        """The virtual interval of a told event."""
        def at(text):
            time = moment(text)
            return bisect.bisect_right([visit.began - 0.002 for visit in self.visits], time) - 1
        before, after = at(event["not_before"]), at(event["time"])
        return before, after

    def clear_crawls(self, begin, end):
        return [i for i in self.clear if begin <= self.visits[i].virtual < end]

    def could_be_known(self, article):
        """(kind, time) of what happened to it and could be seen."""
        rows, events = [], self.times[article]
        seen = article in self.old
        since, gone_told = 0, False  # since when it is there, as far as anybody can tell
        visible = True  # what came back and went again between two such crawls was gone all the while
        for n, (time, kind) in enumerate(events):
            end = next((t for t, k in events[n + 1:] if k in ("gone", "restored", "elsewhere")), float("inf"))
            crawls = self.clear_crawls(time, end)
            if kind == "new":
                since, seen = time, bool(crawls)
                known = seen
            elif kind == "edited":
                known = seen and crawls and self.clear_crawls(since, time)
            elif kind == "gone":
                # What went with a redesign is given more time: it may still be found elsewhere.
                moving = time < self.redesign and not self.clear_crawls(time, self.redesign)
                known = seen and visible and len(crawls) >= (16 if moving else 2)
                gone_told = known or (gone_told and not visible)
            elif kind in ("restored", "elsewhere"):
                known = gone_told and crawls
                visible = bool(crawls) or (visible and not gone_told)
                since = time if gone_told else since
                seen = seen or bool(crawls)
            else:
                known = kind == "moved" and seen and crawls and self.clear_crawls(since, time)
            if known:
                rows.append((kind, time))
        return rows

    # A page that was gone when its site moved comes back at another address: new there, restored, or moved there.
    TOLD_AS = {"restored": ("restored", "new", "moved"), "elsewhere": ("moved",), "new": ("new",), "moved": ("moved",), "edited": ("edited",), "gone": ("gone",)}

    def compare(self):
        counts = {kind: collections.Counter() for kind in self.KINDS}
        wrong, told = [], collections.defaultdict(list)
        for event in self.changes:
            if event["url"] in self.of_url:
                told[self.of_url[event["url"]]].append((event["kind"], *self.window(event), event))
        for article, events in self.times.items():
            def within(time, before, after):
                return self.visits[before].virtual < time <= self.visits[after].virtual
            for kind, time in self.could_be_known(article):
                counts[kind]["happened"] += 1
                if any(k in (*self.TOLD_AS[kind], *(['moved'] if kind == 'edited' else [])) and within(time, b, a) for k, b, a, _ in told[article]):
                    counts[kind]["found"] += 1
                else:
                    counts[kind]["missed"] += 1
                    wrong.append(("plain: missed", kind, article, datetime.fromtimestamp(time).isoformat(), [(k, b, a) for k, b, a, _ in reversed(told[article])]))
            for kind, before, after, event in told[article]:
                counts[kind]["told"] += 1
                # What was never seen where it was, nor told of, is new where it comes back.
                came_back = kind == "new" and event is told[article][-1][3] and any(within(t, before, after) for t, k in events if k == "elsewhere")
                first_sight = came_back or kind == "new" and article in self.old and self.clear and after <= self.clear[0]
                if first_sight or any(kind in self.TOLD_AS[k] and within(t, before, after) for t, k in events if k in self.TOLD_AS):
                    counts[kind]["right"] += 1
                    inside = [i for i in self.clear if before < i < after]
                    counts[kind]["narrow"] += 0 if inside else 1
                else:
                    counts[kind]["invented"] += 1
                    wrong.append(("plain: invented", kind, event["url"], f"{before}..{after}", event["evidence"]))
        return counts, wrong


def share(part, whole):
    return f"{part / whole:6.3f}" if whole else "     -"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--story", action="append", choices=sorted(STORIES), help="default: all")
    parser.add_argument("--seed", action="append", type=int, help="default: 1 and 2")
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--articles", type=int, default=120)
    parser.add_argument("--json", help="write the figures there")
    parser.add_argument("--keep", help="keep the archives in this directory")
    parser.add_argument("--verbose", action="store_true", help="name everything that differs, not the first twenty of a story")
    options = parser.parse_args()
    total = collections.defaultdict(collections.Counter)
    plain_total = collections.defaultdict(collections.Counter)
    report_total = collections.Counter()
    results, failed = [], False
    print(f"{'story':20} {'seed':>4}  {'event':9} {'expected':>8} {'found':>6} {'missed':>6} {'invented':>8}  precision recall interval", flush=True)
    for name in options.story or list(STORIES):
        for seed in options.seed or [1, 2]:
            keep = os.path.join(options.keep, f"{name}-{seed}") if options.keep else None
            if keep:
                shutil.rmtree(keep, ignore_errors=True)
                os.makedirs(keep)
            story = Story(name, seed, options.days, options.articles, keep, options.verbose)
            counts, wrong, plain, plainly_wrong = story.run()
            reports = story.reports
            print(f"{name:20} {seed:>4}  reports   {reports['trouble right']} of {reports['trouble']} runs in trouble graded right, "
                  f"{reports['calm right']} of {reports['calm']} calm ones", flush=True)
            report_total.update(reports)
            for kind, c in sorted(counts.items()):
                print_row(name, seed, kind, c)
                total[kind].update(c)
                results.append({"story": name, "seed": seed, "kind": kind, **c})
            for kind, c in plain.items():
                if c["happened"] + c["told"] > 0:
                    print_plain(name, seed, kind, c)
                    plain_total[kind].update(c)
                    results.append({"story": name, "seed": seed, "kind": kind, "plain": True, **c})
            wrong += plainly_wrong
            for line in wrong if options.verbose else wrong[:20]:
                print("    " + " | ".join(map(str, line)), flush=True)
            failed = failed or bool(wrong)
    for kind, c in sorted(total.items()):
        print_row("all", "", kind, c)
    for kind, c in plain_total.items():
        print_plain("all", "", kind, c)
    print(f"{'all':20} {'':>4}  reports   {report_total['trouble right']} of {report_total['trouble']} runs in trouble graded right, "
          f"{report_total['calm right']} of {report_total['calm']} calm ones", flush=True)
    if options.json:
        with open(options.json, "w") as out:
            json.dump({"runs": results, "total": {kind: dict(c) for kind, c in total.items()},
                       "plain": {kind: dict(c) for kind, c in plain_total.items()}, "reports": dict(report_total)}, out, indent=1)
    return 1 if failed else 0


def print_row(name, seed, kind, c):
    found = c["found"]
    print(f"{name:20} {seed:>4}  {kind:9} {c['expected']:8} {found:6} {c['missed']:6} {c['invented']:8}  "
          f"{share(found, found + c['invented'])}    {share(found, c['expected'])} {share(c['right'], found)}", flush=True)


def print_plain(name, seed, kind, c):
    print(f"{name:20} {seed:>4}  {kind:9} plainly: {c['found']} of {c['happened']} found, {c['right']} of {c['told']} told right, "
          f"{c['narrow']} as narrow as can be", flush=True)


if __name__ == "__main__":
    sys.exit(main())
