"""kill -9 at random moments: nothing that was acknowledged is lost, and the archive in the end equals that of an undisturbed crawl.

FANGZHI_KILLS says how often (scripts/test --long: 200)."""
import random
import time

from harness import *

KILLS = int(os.environ.get("FANGZHI_KILLS", "25"))
SEED = int(os.environ.get("FANGZHI_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)


def without_times(answers):
    """What must be the same in two crawls of the same portal: everything but when it was seen."""
    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("time", "not_before", "captured", "first_seen", "last_seen", "recorded", "clicks_seen")}
        if isinstance(value, list):
            return [strip(v) for v in value]
        return value

    stripped = strip(answers)
    stripped["list"].sort(key=lambda r: r["url"])
    stripped["changes"].sort(key=lambda e: (e["url"], e["version"], e["kind"]))
    # A capture that was durable but whose acknowledgement was cut off may be made again: one more look at the same number.
    stripped["clicks"] = {url: sorted({o["clicks"] for o in series}) for url, series in stripped["clicks"].items()}
    return stripped


class Kill(Case):
    def assert_same(self, one, other):
        differences = []

        def compare(a, b, path):
            if isinstance(a, dict) and isinstance(b, dict):
                for key in sorted(set(a) | set(b)):
                    compare(a.get(key), b.get(key), f"{path}/{key}")
            elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
                for i, (x, y) in enumerate(zip(a, b)):
                    compare(x, y, f"{path}[{i}]")
            elif a != b:
                differences.append((path, str(a)[:300], str(b)[:300]))

        compare(one, other, "")
        self.assertEqual(differences[:10], [], f"seed {SEED}: {len(differences)} differences")

    def test_killed_and_resumed_equals_undisturbed(self):
        site = self.portal("--articles", 60, "--seed", 3)
        whole = os.path.join(self.directory, "whole")
        self.crawl(site.base, archive=whole)
        chance = random.Random(SEED)
        kills = interrupted = 0
        acknowledged = set()
        deadline = time.monotonic() + 3600
        while kills < KILLS and time.monotonic() < deadline:
            process = subprocess.Popen([FANGZHI, *self.crawl_words(site.base), "--archive", self.archive, "--json"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(chance.uniform(0.005, 0.25))
            process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
            kills += 1
            self.assertNotIn(b"corrupt", err.lower(), f"seed {SEED}, kill {kills}")
            interrupted += process.returncode == -signal.SIGKILL
            if kills % 5 == 0 and os.path.isdir(os.path.join(self.archive, "index")):
                now = {r["url"]: r["versions"] for r in self.lines("list", "--kind", "all")}
                self.assertLessEqual(acknowledged, set(now), f"seed {SEED}: lost after kill {kills}")
                acknowledged |= set(now)
        self.assertGreater(interrupted, KILLS // 3, "the kills came too late to mean anything")
        summary = self.crawl(site.base)
        self.assertEqual(summary["still_queued"], 0)
        self.run_program("verify")
        self.run_program("verify", archive=whole)
        self.assert_same(without_times(self.answers()), without_times(self.answers(whole)))
        # And the WARCs alone say the same.
        answers = self.answers()
        self.run_program("rebuild")
        self.assertEqual(self.answers(), answers)
        print(f"{kills} kills ({interrupted} during a crawl), seed {SEED}")

    def test_what_a_long_sitemap_names_is_queued_whatever_moment_a_kill_finds(self):
        # More URLs than are queued at once; the run ends with its budget, so that what it left is known by number.
        site = self.portal("--articles", 2600, "--seed", 5)
        budget = ("--max-pages", "12")
        whole = os.path.join(self.directory, "whole")
        expected = self.crawl(site.base, *budget, archive=whole)["still_queued"]
        self.assertGreater(expected, 2600)
        for pause in (0.02, 0.05, 0.08, 0.12, 0.2):
            process = subprocess.Popen([FANGZHI, *self.crawl_words(site.base, *budget), "--archive", self.archive, "--json"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pause)
            process.kill()
            process.wait()
        left = self.crawl(site.base, *budget)
        self.assertGreaterEqual(left["still_queued"], expected - 6 * 12)  # no run fetched more than its budget
        self.run_program("verify")

    def test_sigterm_stops_cleanly_and_a_later_crawl_goes_on(self):
        site = self.portal("--articles", 60, "--seed", 3, "--slow-ms", 150)
        process = subprocess.Popen([FANGZHI, *self.crawl_words(site.base), "--archive", self.archive, "--json"], stdout=subprocess.PIPE)
        self.wait_for_records(4)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 3, "it ended cleanly, and was done in part")
        summary = json.loads(out)
        self.assertTrue(summary["stopped"])
        self.assertGreater(summary["still_queued"], 0)
        fetched = summary["fetched"]
        rest = self.crawl(site.base)
        self.assertEqual(rest["still_queued"], 0)
        urls = {r["url"] for r in self.lines("list")}
        self.assertLessEqual({a["url"] for a in site.truth()["articles"]}, urls)
        self.assertEqual(summary["new"] + rest["new"], len(self.lines("list", "--kind", "all")))
        self.assertGreater(fetched, 0)
        self.run_program("verify")


class Damage(Case):
    def test_verify_names_file_and_offset_and_rebuild_goes_on(self):
        site = self.portal("--articles", 16, "--seed", 3)
        self.crawl(site.base)
        files = []
        for folder, _, names in os.walk(os.path.join(self.archive, "warc")):
            files += [os.path.join(folder, name) for name in names if name.endswith(".warc.gz")]
        self.assertEqual(len(files), 1)
        size = os.path.getsize(files[0])
        with open(files[0], "r+b") as file:
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 0x40]))
        findings = self.lines("verify", expect=1)
        self.assertGreater(findings[-1]["damaged"], 0)
        self.assertIn(os.path.basename(files[0]), findings[0]["file"])
        self.assertLess(findings[0]["offset"], size)
        self.assertIn(b"damage", self.run_program("verify", expect=1).stderr)
        self.assertGreater(self.json("rebuild", expect=3)["damaged"], 0)
        self.assertGreater(len(self.lines("list", "--kind", "all")), 10)

    def warc_files(self):
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.archive, "warc")) for name in names)

    def test_a_file_that_was_cut_is_told_and_the_work_goes_on(self):
        site = self.portal("--articles", 40, "--seed", 3, "--slow-ms", 30)
        process = subprocess.Popen([FANGZHI, *self.crawl_words(site.base), "--archive", self.archive, "--json"], stdout=subprocess.DEVNULL)
        self.wait_for_records(4)
        process.kill()
        process.wait()
        known = {r["url"] for r in self.lines("list", "--kind", "all")}  # gives the file its final name
        self.assertGreater(len(known), 3)
        path = self.warc_files()[-1]
        size = os.path.getsize(path)
        os.truncate(path, size - 30)
        # Who only reads moves nothing and forgets nothing: the file may be brought back. All say what is missing, whoever comes first.
        files = self.warc_files()
        for _ in range(2):
            done = self.run_program("list", "--kind", "all", "--json")
            self.assertIn(f"{path}: ends at {size - 30}".encode(), done.stderr)
            self.assertEqual({json.loads(line)["url"] for line in done.stdout.splitlines()}, known)
            self.assertTrue(self.json("status", "--config", os.path.join(self.directory, "config"))["archive_problems"][0].startswith(path))
            lines = self.lines("verify", expect=1)
            self.assertEqual((lines[0]["file"], lines[-1]["damaged"], lines[-1]["ok"]), (path, 1, False), lines)
            self.assertLess(lines[0]["offset"], size)
        self.assertEqual(self.warc_files(), files)
        # Who writes goes on without it, and what is lost stays told until somebody has seen to it.
        self.crawl(site.base)
        for _ in range(2):
            lines = self.lines("verify", expect=1)
            self.assertEqual((lines[0]["file"], lines[-1]["damaged"]), (path, 1), lines)
            self.assertIn("captures are lost", lines[0]["problem"])
            self.assertIn("1 captures are lost", self.json("status", "--config", os.path.join(self.directory, "config"))["archive_problems"][0])
        [note] = [name for name in os.listdir(os.path.join(self.archive, "quarantine")) if name.endswith(".lost.txt")]
        os.remove(os.path.join(self.archive, "quarantine", note))
        self.run_program("verify")
        self.assertEqual(self.json("status", "--config", os.path.join(self.directory, "config"))["archive_problems"], [])
        self.assertLessEqual(known, {r["url"] for r in self.lines("list", "--kind", "all")})

    def test_a_lost_index_is_made_again(self):
        import shutil
        site = self.portal("--articles", 16, "--seed", 3)
        self.crawl(site.base)
        site.control("advance?days=3")
        self.crawl(site.base)
        before = self.crawl(site.base)
        answers = self.answers()
        shutil.rmtree(os.path.join(self.archive, "index"))
        self.run_program("rebuild")
        self.assertEqual(self.answers(), answers)
        # The frontier is back too: the next crawl looks at everything, and nothing is new to it.
        summary = self.crawl(site.base)
        self.assertEqual((summary["new"], summary["changed"]), (0, 0), summary)
        self.assertEqual((summary["fetched"], summary["robots_denied"]), (before["fetched"], before["robots_denied"]))
        self.assertGreater(before["robots_denied"], 0)


if __name__ == "__main__":
    unittest.main()
