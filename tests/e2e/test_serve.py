"""The daemon: schedules in accelerated time, configuration, stops and crashes, pauses."""
import re
import socket
import time
import urllib.error
import urllib.request

from harness import *


class Daemon:
    def __init__(self, case, *arguments, env=None):
        self.case = case
        self.log = open(os.path.join(case.directory, "serve.log"), "ab")
        self.process = subprocess.Popen([FANGZHI, "serve", "--archive", case.archive, "--config", case.config, "--listen", "127.0.0.1:0",
                                         "--log-level", "info", *map(str, arguments)], stderr=self.log, stdout=subprocess.DEVNULL,
                                        env={**os.environ, **(env or {})})
        case.addCleanup(self.kill)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(timeout=60)
        return code, time.monotonic() - began


class Serve(Case):
    def setUp(self):
        super().setUp()
        self.config = os.path.join(self.directory, "config")
        os.makedirs(os.path.join(self.config, "sites"))

    def site(self, name, base, **keys):
        values = {"seeds": [base], "allow_private": True, "delay": 0, "connections_per_host": 8, "schedule": "every 1h", **keys}
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        with open(os.path.join(self.config, "sites", name + ".toml"), "w") as file:
            file.write("\n".join(lines) + "\n")

    def settings(self, text):
        with open(os.path.join(self.config, "fangzhi.toml"), "w") as file:
            file.write(text)

    def read(self, path):
        if not os.path.exists(path):
            return ""
        with open(path) as file:
            return file.read()

    def status(self, **options):
        return self.json("status", "--config", self.config, **options)

    def site_status(self, name="demo"):
        return next(site for site in self.status()["sites"] if site["id"] == name)

    def wait_for(self, what, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                value = condition()
            except (AssertionError, json.JSONDecodeError):  # not up yet
                value = None
            if value:
                return value
            time.sleep(0.1)
        with open(os.path.join(self.directory, "serve.log"), errors="replace") as log:
            self.fail(f"not within {seconds} s: {what}\n{log.read()[-3000:]}")

    def ended(self, name="demo"):
        last = self.site_status(name)["last_run"]
        return last and last["ended"]

    def test_schedule_fires_and_reads_go_on_and_stops_within_seconds(self):
        portal = self.portal("--articles", 60, "--seed", 3)
        self.site("demo", portal.base)
        daemon = Daemon(self, "--clock-rate", 1800)
        first = self.wait_for("a first run", self.ended)
        second = self.wait_for("a run an hour later", lambda: (e := self.ended()) and e != first and e)
        self.assertLess(first, second)
        self.assertEqual(len(self.lines("list", "--kind", "article")), 60)
        status = self.status()
        self.assertEqual(status["daemon"]["pid"], daemon.process.pid)
        self.assertIsNone(status["held_back"])
        base = status["daemon"]["listening"]
        with urllib.request.urlopen(base + "healthz", timeout=10) as answer:
            self.assertEqual(answer.read(), b"ok\n")
        with urllib.request.urlopen(base + "api/status", timeout=10) as answer:
            self.assertEqual(json.load(answer)["sites"][0]["id"], "demo")
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        for request in (urllib.request.Request(base + "api/status", headers={"Host": "evil.example"}),
                        urllib.request.Request(base + "api/status", data=b"x"), urllib.request.Request(base + "nowhere")):
            with self.assertRaises(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=10)
        code, seconds = daemon.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 8)
        self.run_program("verify")
        self.assertEqual(self.site_status()["last_run"]["site"], "demo")  # without a daemon too

    def test_stop_in_the_middle_kill_and_go_on(self):
        portal = self.portal("--articles", 400, "--seed", 5)
        self.site("demo", portal.base, delay=0.02, connections_per_host=1)
        daemon = Daemon(self)
        self.wait_for("some pages", lambda: (self.site_status()["run"] or {}).get("fetched", 0) >= 5)
        code, seconds = daemon.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 8)
        self.assertTrue(self.site_status()["last_run"]["stopped"])
        portal.control("fault?slow=50")
        daemon = Daemon(self)
        self.wait_for("it goes on", lambda: (self.site_status()["run"] or {}).get("fetched", 0) >= 5)
        daemon.process.kill()
        daemon.process.wait()
        known = {record["url"] for record in self.lines("list", "--kind", "all")}
        portal.control("fault?clear=1")
        self.site("demo", portal.base)
        daemon = Daemon(self)
        last = self.wait_for("the end of the run", lambda: (last := self.site_status()["last_run"]) and last["trigger"] == "resume" and not last["stopped"] and last)
        self.assertEqual(last["still_queued"], 0)
        self.assertEqual(len(self.lines("list", "--kind", "article")), 400)
        self.assertLessEqual(known, {record["url"] for record in self.lines("list", "--kind", "all")})
        daemon.stop()
        self.run_program("verify")

    def test_a_bad_edit_leaves_the_old_configuration_in_force_and_says_why(self):
        portal = self.portal("--articles", 20)
        self.site("demo", portal.base)
        daemon = Daemon(self, "--clock-rate", 600)
        self.wait_for("a first run", self.ended)
        self.site("demo", portal.base, scedule="every 5m")
        daemon.process.send_signal(signal.SIGHUP)
        problems = self.wait_for("the refusal", lambda: self.status()["daemon"]["config_problems"])
        self.assertRegex(problems[0], r"demo\.toml:\d+:\d+: scedule: .*schedule")
        self.assertIn("configuration refused", self.run_program("status", "--config", self.config).stdout.decode())
        # Asked by hand, it says so itself.
        refused = self.run_program("reload", "--json", expect=2)
        self.assertRegex(refused.stderr.decode(), r"demo\.toml:\d+:\d+: scedule: .*schedule")
        self.assertEqual(json.loads(refused.stdout), {"reload": "refused", "problems": problems})
        before = self.ended()
        self.wait_for("the old schedule goes on", lambda: self.ended() != before)
        self.site("demo", portal.base, schedule="every 5m")  # no signal: the change itself is noticed
        self.wait_for("the new one", lambda: self.site_status()["schedule"] == "every 5m")
        self.assertEqual(self.status()["daemon"]["config_problems"], [])
        self.site("other", portal.base, schedule="every 1d")
        self.assertEqual(self.json("reload"), {"reload": "done", "problems": []})
        self.wait_for("a site that was added", lambda: self.ended("other"))
        self.assertIsNone(daemon.process.poll())

    def test_pause_resume_run(self):
        portal = self.portal("--articles", 300)
        self.site("demo", portal.base, delay=0.02, connections_per_host=1, schedule="@yearly")
        daemon = Daemon(self)
        self.wait_for("some pages", lambda: (self.site_status()["run"] or {}).get("fetched", 0) >= 3)
        self.run_program("pause", "demo")
        self.wait_for("the pause", lambda: self.site_status()["state"] == "paused")
        before = len(portal.get("/__control/requests").splitlines())
        refused = self.run_program("run", "demo", expect=1)
        self.assertIn(b"paused", refused.stderr)
        time.sleep(1)
        self.assertEqual(len(portal.get("/__control/requests").splitlines()), before, "nothing is fetched in a pause")
        daemon.stop()
        daemon = Daemon(self)
        self.wait_for("it is up", lambda: self.status()["daemon"])
        time.sleep(1)
        self.assertEqual(self.site_status()["state"], "paused", "a pause survives the daemon")
        self.site("demo", portal.base, schedule="@yearly")
        self.run_program("reload")
        self.run_program("resume", "demo")
        self.wait_for("the rest", lambda: (last := self.site_status()["last_run"]) and not last["stopped"])
        self.assertEqual(len(self.lines("list", "--kind", "article")), 300)
        before = self.ended()
        self.run_program("run", "demo", "--sweep")
        last = self.wait_for("a run by hand", lambda: (last := self.site_status()["last_run"])["ended"] != before and last)
        self.assertEqual(last["trigger"], "manual")
        self.assertGreaterEqual(last["fetched"], 300)
        self.run_program("pause", "nowhere", expect=1)
        self.run_program("pause", "all")
        self.assertTrue(self.status()["paused"])
        daemon.stop()
        self.assertIsNone(self.status()["daemon"])
        def past():
            report = self.json("report", "demo")
            report.pop("freshness", None)  # an estimate over the frontier as it is now
            return report

        runs = past()
        self.run_program("rebuild")
        self.assertEqual(past(), runs, "a rebuild keeps the reports of past runs")
        self.assertTrue(self.status()["paused"], "and what is paused")
        self.run_program("resume", "all", "--config", self.config)
        self.assertFalse(self.status()["paused"])
        self.run_program("run", "demo", expect=1)

    def test_a_second_signal_stops_at_once(self):
        portal = self.portal("--articles", 30, "--faults", "slow=20000")
        self.site("demo", portal.base)
        daemon = Daemon(self)
        self.wait_for("a request under way", lambda: (self.site_status()["run"] or {}).get("in_flight", 0) >= 1)
        daemon.process.terminate()
        time.sleep(0.3)
        began = time.monotonic()
        daemon.process.terminate()
        daemon.process.wait(timeout=20)
        self.assertLess(time.monotonic() - began, 1.5)
        self.run_program("verify")

    def test_systemd_is_told(self):
        import socket
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = os.path.join(self.directory, "notify")
        listener.bind(path)
        listener.settimeout(20)
        self.addCleanup(listener.close)
        portal = self.portal("--articles", 8)
        self.site("demo", portal.base)
        daemon = Daemon(self, env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "900000"})
        heard = []

        def hear(word):
            while not any(word in message for message in heard):
                heard.append(listener.recv(4096).decode())

        hear("READY=1")
        hear("WATCHDOG=1")
        daemon.process.send_signal(signal.SIGHUP)
        hear("RELOADING=1\nMONOTONIC_USEC=")
        heard.clear()
        hear("READY=1")
        daemon.process.terminate()
        hear("STOPPING=1")
        self.assertEqual(daemon.process.wait(timeout=20), 0)


    def test_a_waf_outage_is_reported_as_blocked_and_told(self):
        alerts = os.path.join(self.directory, "alerts")
        received = []

        import http.server
        import threading

        class Webhook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        self.addCleanup(hook.server_close)
        self.addCleanup(hook.shutdown)
        self.settings(f'alert_hook = ["dd", "status=none", "oflag=append", "conv=notrunc", "of={alerts}"]\nalert_webhook = "http://127.0.0.1:{hook.server_address[1]}/"\nlog_format = "json"\n')
        portal = self.portal("--articles", 80, "--seed", 3)
        self.site("demo", portal.base)
        daemon = Daemon(self, "--clock-rate", 600)
        last = self.wait_for("a first run", lambda: self.site_status()["last_run"])
        self.assertEqual((last["grade"], last["findings"]), ("complete", []))
        self.assertFalse(os.path.exists(alerts))
        portal.control("fault?outage=waf")
        last = self.wait_for("a run in the outage", lambda: (last := self.site_status()["last_run"])["grade"] != "complete" and last)
        self.assertEqual(last["grade"], "partial")
        kinds = {finding["kind"] for finding in last["findings"]}
        self.assertLessEqual({"blocked", "seed_missed"}, kinds)
        blocked = next(f for f in last["findings"] if f["kind"] == "blocked")
        self.assertRegex(blocked["text"], "blocked: .*waf")
        self.assertTrue(blocked["advice"])
        self.wait_for("the hook", lambda: self.read(alerts).endswith("\n"))
        self.wait_for("the webhook", lambda: received)
        alert = json.loads(self.read(alerts).splitlines()[0])
        self.assertEqual((alert["site"], alert["grade"], alert["grade_before"]), ("demo", "partial", "complete"))
        self.assertEqual(received[0], alert)
        text = self.run_program("report", "demo").stdout.decode()
        self.assertIn("partial", text)
        self.assertIn("waf", text)
        page = self.run_program("report", "--format", "html").stdout.decode()
        self.assertIn("<!doctype html>", page)
        self.assertNotIn("http-equiv=\"refresh", page)
        report = self.json("report", "demo")
        self.assertEqual(report["grade"], "partial")
        self.assertEqual(report["coverage"]["seeds"], 1)
        base = self.status()["daemon"]["listening"]
        with urllib.request.urlopen(base, timeout=10) as answer:
            shown = answer.read().decode()
        self.assertIn("partial", shown)
        self.assertIn("waf", shown)
        with urllib.request.urlopen(base + "api/runs?site=demo&limit=1", timeout=10) as answer:
            self.assertEqual(json.load(answer)[0]["grade"], "partial")
        with urllib.request.urlopen(base + "report", timeout=10) as answer:
            self.assertIn(b"waf", answer.read())
        with urllib.request.urlopen(base + "metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        self.assertIn('fangzhi_last_run_grade{site="demo"} 2\n', metrics)
        self.assertRegex(metrics, r'fangzhi_fetched_total\{site="demo"\} \d\d+\n')
        for line in metrics.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [-+0-9.eNa]+)$')
        host = portal.base.split("/")[2]
        impact = self.json("report", "--impact", host)
        served = len(portal.get("/__control/requests").splitlines())
        self.assertLessEqual(impact["total"]["requests"], served + 5)
        self.assertEqual(impact["total"]["robots"], ["obeyed"])
        self.assertIn("requests", self.run_program("report", "--impact", host).stdout.decode())
        self.run_program("report", "--impact", "nowhere.example", expect=1)
        portal.control("fault?clear=1")
        daemon.stop()
        for line in self.read(os.path.join(self.archive, "logs", "fangzhi.log")).splitlines():
            event = json.loads(line)
            self.assertLessEqual({"time", "level", "component", "event"}, set(event))

    def test_low_disk_holds_back_and_goes_on(self):
        portal = self.portal("--articles", 40)
        self.site("demo", portal.base)
        self.settings('min_free_bytes = "1048576GiB"\n')  # more than any disk has: what is free on a shared one can double meanwhile
        daemon = Daemon(self)
        # Before the daemon answers, what is stored tells the same: the guard is the daemon's.
        held = self.wait_for("the guard", lambda: (status := self.status()).get("daemon") and status["held_back"])
        self.assertIn("free", held)
        base = self.status()["daemon"]["listening"]
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(base + "healthz", timeout=10)
        self.assertEqual(refused.exception.code, 503)
        time.sleep(1)
        self.assertEqual(len(portal.get("/__control/requests").splitlines()), 0, "nothing is fetched meanwhile")
        self.settings("min_free_bytes = 0\n")
        self.run_program("reload")
        self.wait_for("it goes on", self.ended)
        self.assertIsNone(self.status()["held_back"])
        self.assertEqual(daemon.stop()[0], 0)

    def test_a_full_disk_loses_nothing_and_the_daemon_goes_on_when_there_is_room(self):
        small = os.path.join(self.directory, "small")
        os.makedirs(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", small], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("a small file system needs root")
        self.addCleanup(subprocess.run, ["umount", "-l", small])
        self.archive = os.path.join(small, "archive")
        self.settings("min_free_bytes = 0\n")
        portal = self.portal("--articles", 1500, "--seed", 3)
        self.site("demo", portal.base)
        with open(os.path.join(small, "ballast"), "wb") as ballast:
            ballast.write(os.urandom(32 << 20))
        daemon = Daemon(self)
        log = os.path.join(self.directory, "serve.log")
        self.wait_for("a full disk", lambda: "waiting for room" in self.read(log))
        self.assertIsNone(daemon.process.poll())
        os.remove(os.path.join(small, "ballast"))
        last = self.wait_for("the end of the run", lambda: (last := self.site_status()["last_run"]) and not last["stopped"] and last, seconds=120)
        self.assertEqual(last["trigger"], "resume")
        self.assertEqual(daemon.stop()[0], 0)
        self.assertEqual(len(self.lines("list", "--kind", "article", "--limit", "5000")), 1500)
        self.run_program("verify")

    def test_a_days_quota(self):
        portal = self.portal("--articles", 120)
        self.site("demo", portal.base, max_pages_a_day=30)
        Daemon(self)
        last = self.wait_for("a first run", lambda: self.site_status()["last_run"])
        self.assertEqual((last["grade"], last["budget_used"]), ("partial", True))
        self.assertEqual(last["fetched"], 30)
        self.assertEqual(self.site_status()["state"], "quota_used")

    def test_a_days_bytes_are_named_where_they_end_a_run(self):
        portal = self.portal("--articles", 120)
        self.site("demo", portal.base, max_bytes_a_day="200KiB")
        Daemon(self)
        last = self.wait_for("a first run", lambda: self.site_status()["last_run"])
        self.assertEqual((last["grade"], last["budget_used"]), ("partial", True))
        [budget] = [finding for finding in last["findings"] if finding["kind"] == "budget"]
        self.assertIn("max_bytes_a_day", budget["advice"])

    def test_the_log_is_written_within_seconds(self):
        portal = self.portal("--articles", 12)
        self.site("demo", portal.base)
        daemon = Daemon(self)
        self.wait_for("a first run", self.ended)
        path = os.path.join(self.archive, "logs", "fangzhi.log")
        self.wait_for("its end in the log", lambda: "run_ended" in self.read(path), seconds=10)
        daemon.process.kill()
        daemon.process.wait()
        self.assertIn("run_ended", self.read(path))

    def test_slow_connections_and_requests_of_other_kinds(self):
        self.site("demo", self.portal("--articles", 12).base)
        Daemon(self)
        base = self.wait_for("the daemon", lambda: (self.status()["daemon"] or {}).get("listening"))
        port = int(base.rsplit(":", 1)[1].strip("/"))
        slow = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(60)]
        for number, connection in enumerate(slow):
            connection.sendall((b"", b"GET /", b"GET / HTTP/1.1\r\nHost: ")[number % 3])
        for path in ("healthz", "metrics", "api/status"):
            began = time.monotonic()
            with urllib.request.urlopen(base + path, timeout=30) as answer:
                self.assertEqual(answer.status, 200)
            self.assertLess(time.monotonic() - began, 5, path)
        for connection in slow:
            connection.close()
        # What is no reading is refused in JSON, with a body or without.
        for method, data in (("POST", None), ("POST", b""), ("POST", b"x=1"), ("PUT", None), ("PUT", b"x"), ("DELETE", None), ("PATCH", b"{}"), ("OPTIONS", None)):
            for path in ("healthz", "api/status", "nowhere"):
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(urllib.request.Request(base + path, data=data, method=method), timeout=10)
                self.assertEqual(refused.exception.code, 405, (method, data, path))
                self.assertTrue(json.loads(refused.exception.read())["error"], (method, data, path))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as bare:  # not even a length
            bare.sendall(b"POST /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(bare.makefile("rb").readline().startswith(b"HTTP/1.1 405"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
