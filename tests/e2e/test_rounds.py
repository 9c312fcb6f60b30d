"""What a round visits, and that an outage of one host stops no other: everything that answers is visited again."""
import os
import signal
import socket
import subprocess
import time
import unittest

from harness import FANGZHI, Case, LoggingServer


def article(number, day, more=""):
    text = "".join(f"<p>第{number}号通知的正文第{line}段，各单位应当按照要求认真落实，确保工作按时完成，本日为第{day}天。</p>" for line in range(4))
    return (f'<html><head><meta charset="utf-8"><title>关于第{number}号工作的通知</title></head><body><h1>关于第{number}号工作的通知</h1>'
            f'<div>发布时间：2024-05-{number + 1:02d} 来源：县政府办公室</div><div class="content">{text}</div>{more}</body></html>')


def closed_port():
    """A port at which nobody listens while the test runs: it is bound, so nobody else gets it."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]


class Outages(Case):
    ARTICLES = 6

    def setUp(self):
        super().setUp()
        self.day = 1
        self.more = ""   # in article 3
        self.links = ""  # on the home page
        self.taken, port = closed_port()
        self.addCleanup(self.taken.close)
        self.dead = f"127.0.0.1:{port}"
        self.server = LoggingServer(self.answer)
        self.addCleanup(self.server.stop)

    def answer(self, path):
        if path == "/robots.txt":
            return (404, {"Content-Type": "text/plain"}, b"")
        if path == "/":
            items = "".join(f'<li><a href="/a/{n}.html">关于第{n}号工作的通知</a><span>2024-05-{n + 1:02d}</span></li>' for n in range(self.ARTICLES))
            text = f'<html><head><meta charset="utf-8"><title>某县人民政府</title></head><body><ul>{items}{self.links}</ul></body></html>'
        elif path.startswith("/a/"):
            number = int(path[3:].split(".")[0])
            text = article(number, self.day, self.more if number == 3 else "")
        else:
            return (404, {"Content-Type": "text/html"}, b"")
        return (200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())

    def configure(self, *lines):
        folder = os.path.join(self.directory, "config", "sites")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "c.toml"), "w", encoding="utf-8") as out:
            out.write("\n".join(['id = "c"', "delay = 0", "retries = 0", 'revisit_least = "1s"', "allow_private = true", *lines]) + "\n")

    def configure_with(self, seeds, hosts):
        self.configure(f"seeds = {seeds}".replace("'", '"'), f"hosts = {hosts}".replace("'", '"'))

    def host(self):
        return self.server.base.split("//")[1].rstrip("/")

    def sweep(self, expect=3):
        """Ends with 3 where something was not got."""
        return self.json("crawl", "--config", os.path.join(self.directory, "config"), expect=expect)

    def report(self):
        return self.json("report", "c")

    def check_that_edits_are_found(self):
        """Three crawls, every article edited before the second and the third."""
        self.sweep()
        for day in (2, 3):
            time.sleep(1.1)
            self.day = day
            summary = self.sweep()
            self.assertEqual(summary["changed"], self.ARTICLES, summary)
        edited = self.lines("changes", "--kind", "edited")
        self.assertEqual(len(edited), 2 * self.ARTICLES)
        return summary

    def test_a_counter_at_a_dead_host(self):
        self.more = f'<p>点击：<script src="http://{self.dead}/e/public/ViewClick/?classid=1&id=3"></script></p>'
        self.configure_with([self.server.base], [self.host()])
        summary = self.check_that_edits_are_found()
        self.assertEqual(summary["still_queued"], 1, "the counter waits once, and is told of")
        self.assertTrue(any(self.dead in note for note in summary["notes"]), summary["notes"])

    def test_a_seed_at_a_dead_host_is_told_as_missed(self):
        self.configure_with([self.server.base, f"http://{self.dead}/"], [self.host(), self.dead])
        self.check_that_edits_are_found()
        report = self.report()
        self.assertEqual(report["grade"], "partial")
        self.assertIn(f"http://{self.dead}/", report["coverage"]["seeds_missed"])

    def test_what_waits_is_got_when_the_host_answers_again(self):
        self.links = f'<li><a href="http://{self.dead}/a/9.html">关于第9号工作的通知</a></li>'
        self.configure_with([self.server.base], [self.host(), self.dead])
        self.check_that_edits_are_found()
        port = int(self.dead.split(":")[1])
        self.taken.close()
        revived = LoggingServer(self.answer, port)
        self.addCleanup(revived.stop)
        summary = self.sweep(expect=0)
        self.assertIn("/a/9.html", revived.paths())
        self.assertEqual(summary["still_queued"], 0)

    def test_https_that_is_not_served_leaves_http_alone(self):
        self.links = f'<li><a href="https://{self.host()}/a/8.html">关于第8号工作的通知</a></li>'
        self.configure_with([self.server.base], [self.host()])
        summary = self.check_that_edits_are_found()
        self.assertTrue(any(note.startswith(f"https://{self.host()}: robots.txt could not be had") for note in summary["notes"]), summary["notes"])

    def test_the_daemon_does_not_wait_for_it(self):
        self.more = f'<p>点击：<script src="http://{self.dead}/e/public/ViewClick/?classid=1&id=3"></script></p>'
        self.configure(f'seeds = ["{self.server.base}"]', f'hosts = ["{self.host()}"]', 'schedule = "every 2s"')
        daemon = subprocess.Popen([FANGZHI, "serve", "--listen", "none", "--config", os.path.join(self.directory, "config"), "--archive", self.archive],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.time() + 60
            while time.time() < deadline and self.server.paths().count("/") < 4:
                time.sleep(0.2)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait()
        self.assertGreaterEqual(self.server.paths().count("/"), 4)


if __name__ == "__main__":
    unittest.main()
