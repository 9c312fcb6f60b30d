"""Reading an archive that one may not write, or that somebody else writes meanwhile; and one with a WARC file missing. Python's standard library only."""
import glob
import time

from harness import *

NOBODY = 65534


def as_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


class Reading(Case):
    def setUp(self):
        super().setUp()
        self.portal_server = self.portal("--articles", 40, "--seed", 5)
        self.base = self.portal_server.base

    def all_files(self):
        found = {}
        for folder, _, names in os.walk(self.archive):
            for path in (os.path.join(folder, name) for name in names):
                if not os.path.islink(path) and os.path.isfile(path):
                    status = os.stat(path)
                    found[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
        return found

    def article(self):
        return next(record["url"] for record in self.lines("list", "--kind", "article"))

    def slow_crawl(self, base):
        crawl = subprocess.Popen([FANGZHI, "crawl", "--seed", base, "--allow-private", "--delay", "0.1", "--archive", self.archive, "--config",
                                  os.path.join(self.directory, "config")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(crawl.wait)
        self.addCleanup(crawl.kill)
        return crawl

    def reading_words(self):
        url = self.article()
        config = os.path.join(self.directory, "config")
        return [["list"], ["show", url], ["show", url, "--format", "raw"], ["history", url], ["diff", url], ["clicks", url], ["changes"], ["lost"], ["stats"],
                ["report"], ["status", "--config", config], ["verify"]]

    def answers_of(self, words, **options):
        done = subprocess.run([FANGZHI, *words, "--archive", self.archive], capture_output=True, timeout=120, **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""), words)
        return done.stdout

    def assert_same_answers(self, words, expected, **options):
        for command in words:
            got = self.answers_of(command, **options)
            if command[0] not in ("status", "report"):  # these tell the time, and what the disk has left
                self.assertEqual(got, expected[tuple(command)], command)

    def test_reading_writes_nothing(self):
        self.crawl(self.base, expect=None)
        words = self.reading_words()
        before = self.all_files()
        for command in words:
            self.answers_of(command)
        self.assertEqual(self.all_files(), before)

    @unittest.skipUnless(os.geteuid() == 0, "to be somebody else needs root")
    def test_another_user_reads_although_it_may_not_write(self):
        self.crawl(self.base, expect=None)
        os.chmod(self.directory, 0o755)
        if subprocess.run([FANGZHI, "--version"], capture_output=True, preexec_fn=as_nobody).returncode != 0:
            self.skipTest("the program lies where nobody else may look")
        words = self.reading_words()
        expected = {tuple(command): self.answers_of(command) for command in words}
        before = self.all_files()
        self.assert_same_answers(words, expected, preexec_fn=as_nobody)
        self.assertEqual(self.all_files(), before)

    @unittest.skipUnless(os.geteuid() == 0, "a mount needs root")
    def test_read_only_media(self):
        self.crawl(self.base, expect=None)
        words = self.reading_words()
        expected = {tuple(command): self.answers_of(command) for command in words}
        if subprocess.run(["mount", "--bind", self.archive, self.archive], capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.archive])
        subprocess.run(["mount", "-o", "remount,bind,ro", self.archive], check=True)
        with self.assertRaises(OSError):
            open(os.path.join(self.archive, "x"), "w")
        self.assert_same_answers(words, expected)
        # What must write says that it cannot.
        done = self.run_program(*self.crawl_words(self.base), expect=1)
        self.assertIn(b"Read-only file system", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "to be somebody else needs root")
    def test_another_user_reads_while_a_crawl_writes(self):
        os.chmod(self.directory, 0o755)
        if subprocess.run([FANGZHI, "--version"], capture_output=True, preexec_fn=as_nobody).returncode != 0:
            self.skipTest("the program lies where nobody else may look")
        slow = self.portal("--articles", 120, "--seed", 6)
        crawl = self.slow_crawl(slow.base)
        listed = []
        deadline = time.time() + 60
        while time.time() < deadline and (len(listed) < 8 or listed[-1] == listed[0]):
            done = subprocess.run([FANGZHI, "list", "--json", "--archive", self.archive], capture_output=True, timeout=60, preexec_fn=as_nobody)
            if not os.path.isdir(os.path.join(self.archive, "index")):
                continue
            if done.returncode == 0:
                self.assertEqual(done.stderr, b"")
                listed.append(len(done.stdout.splitlines()))
            else:
                self.assertFalse(listed, done.stderr)  # before the first group was committed there may be no archive yet
            time.sleep(0.2)
        self.assertIsNone(crawl.poll(), "the crawl was over before it was read beside")
        self.assertEqual(listed, sorted(listed))
        self.assertGreater(listed[-1], listed[0])
        # And its own user is answered by the crawl itself.
        self.assertGreaterEqual(len(self.lines("list")), listed[-1])
        crawl.send_signal(signal.SIGTERM)
        self.assertEqual(crawl.wait(timeout=60), 3)
        self.assertEqual(self.run_program("verify").stderr, b"")

    def test_a_crawl_begins_beside_a_verify(self):
        self.crawl(self.base, expect=None)
        for _ in range(100):
            verify = subprocess.Popen([FANGZHI, "verify", "--archive", self.archive], stdout=subprocess.PIPE)
            while verify.poll() is None and not self.reads_warc(verify):
                pass
            if verify.poll() is None:
                verify.send_signal(signal.SIGSTOP)
            if self.reads_warc(verify):
                break
            verify.send_signal(signal.SIGCONT)
            verify.communicate()
        else:
            self.fail("verify was never seen at its work")
        self.portal_server.control("advance?days=1")
        self.assertGreater(self.crawl(self.base, expect=None)["fetched"], 0)
        verify.send_signal(signal.SIGCONT)
        said = verify.communicate(timeout=60)[0]
        self.assertEqual(verify.returncode, 0, said)

    @staticmethod
    def reads_warc(process):
        folder = f"/proc/{process.pid}/fd"
        try:
            return any("/warc/" in os.readlink(os.path.join(folder, name)) for name in os.listdir(folder))
        except OSError:
            return False

    def test_after_a_kill_what_was_acknowledged_is_shown_and_put_right(self):
        crawl = self.slow_crawl(self.base)
        deadline = time.time() + 60
        while time.time() < deadline and not glob.glob(os.path.join(self.archive, "warc/*/*/*.open")):
            time.sleep(0.02)
        time.sleep(1)
        crawl.kill()
        crawl.wait()
        self.assertTrue(glob.glob(os.path.join(self.archive, "warc/*/*/*.open")))
        self.assertTrue(self.json("verify")["ok"])
        self.assertFalse(glob.glob(os.path.join(self.archive, "warc/*/*/*.open")))
        self.assertTrue(self.lines("list"))

    def test_a_missing_file_is_named_and_the_crawl_goes_on(self):
        config = os.path.join(self.directory, "config")
        os.makedirs(config)
        # A file a run.
        for _ in range(3):
            self.crawl(self.base, expect=None)
            self.portal_server.control("advance?days=2")
        files = sorted(glob.glob(os.path.join(self.archive, "warc/*/*/*.warc.gz")))
        self.assertEqual(len(files), 3)
        aside = os.path.join(self.directory, "aside")
        os.rename(files[0], aside)
        name = os.path.basename(files[0]).rsplit("-", 1)[1].encode()
        for words in (["list"], ["status", "--config", config], ["changes"]):
            done = self.run_program(*words)
            self.assertIn(name + b": missing", done.stderr + done.stdout, words)
        self.assertEqual(len(self.json("status", "--config", config)["archive_problems"]), 1)
        articles = [record for record in self.lines("list", "--kind", "article") if record["state"] == "present"]
        done = self.run_program(*self.crawl_words(self.base), expect=None)
        self.assertIn(name + b": missing", done.stderr)
        # Every article has its bytes again, and once the file is back, all is as if it had not been away.
        for record in articles:
            visits = self.lines("history", record["url"], "--states")
            if visits[-1]["state"] == "present":
                self.run_program("show", record["url"], "--format", "raw", expect=None)
        os.rename(aside, files[0])
        self.assertTrue(self.json("verify")["ok"])
        self.assertEqual(self.run_program("list").stderr, b"")
        for record in articles:
            self.json("show", record["url"])


if __name__ == "__main__":
    unittest.main()
