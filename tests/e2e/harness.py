"""What the end-to-end tests share: the sample portal, the program, a directory that is removed afterwards. Python's standard library only.

FANGZHI and PORTAL name the two programs; ctest sets them.
"""
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FANGZHI = os.environ.get("FANGZHI", os.path.join(SOURCE, "build/release/fangzhi"))
PORTAL = os.environ.get("PORTAL", os.path.join(SOURCE, "build/release/fangzhi-portal"))
CORPUS = os.environ.get("FANGZHI_CORPUS", os.path.join(SOURCE, "..", "shared", "corpus"))


class Portal:
    """The sample portal on a port of its own."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([PORTAL, "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            raise RuntimeError("portal did not start: " + line)
        self.base = found.group(0)

    def get(self, path):
        with urllib.request.urlopen(self.base.rstrip("/") + path, timeout=60) as answer:
            return answer.read()

    def control(self, command):
        return json.loads(self.get("/__control/" + command))

    def truth(self):
        return json.loads(self.get("/__truth.json"))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Case(unittest.TestCase):
    """A test with a directory, portals that end with it, and the program."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="fangzhi-e2e-")
        self.archive = os.path.join(self.directory, "archive")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def portal(self, *arguments):
        portal = Portal(*arguments)
        self.addCleanup(portal.stop)
        return portal

    def run_program(self, *arguments, expect=0, archive=None, stdin=None):
        words = [FANGZHI, *map(str, arguments)]
        if arguments[0] not in ("decode", "repair", "extract", "links", "url", "robots", "site"):
            words += ["--archive", archive or self.archive]
        done = subprocess.run(words, capture_output=True, input=stdin, timeout=600)
        if expect is not None:
            self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout[-2000:]}\n{done.stderr.decode(errors='replace')[-4000:]}")
        return done

    def json(self, *arguments, **options):
        return json.loads(self.run_program(*arguments, "--json", **options).stdout)

    def lines(self, *arguments, **options):
        return [json.loads(line) for line in self.run_program(*arguments, "--json", **options).stdout.splitlines()]

    def wait_for_records(self, count, seconds=60):
        """Until a crawl that runs beside has committed this many; a fixed pause would be too short on a busy machine."""
        end = time.monotonic() + seconds
        while True:
            done = self.run_program("list", "--kind", "all", "--json", expect=None)
            if done.returncode == 0 and len(done.stdout.splitlines()) >= count:
                return
            self.assertLess(time.monotonic(), end, f"no {count} records: {done.stderr[-500:]}")
            time.sleep(0.05)

    def crawl_words(self, base, *more):
        return ["crawl", "--seed", base, "--allow-private", "--delay", "0", "--config", os.path.join(self.directory, "config"), *more]

    def crawl(self, base, *more, **options):
        return self.json(*self.crawl_words(base, *more), **options)

    @staticmethod
    def settled(record):
        """A record without what depends on the order of fetches: how sure a title is also rests on the first link that led to the page."""
        return {key: value for key, value in record.items() if key not in ("confidence", "conflicts")}

    def answers(self, archive=None):
        """Everything that a reader of the archive can ask, in comparable form."""
        records = self.lines("list", "--kind", "all", archive=archive)
        urls = sorted(record["url"] for record in records)
        return {
            "list": records,
            "changes": self.lines("changes", "--all", archive=archive),
            "history": {url: self.lines("history", url, archive=archive) for url in urls},
            "show": {url: self.settled(self.json("show", url, archive=archive)) for url in urls},
            "clicks": {url: self.lines("clicks", url, archive=archive) for url in urls},
        }


def squeeze(text):
    """All white space removed: how bodies are compared."""
    return re.sub(r"[\s\u3000\u00a0\u200b\ufeff]+", "", text or "")


def body_f1(found, expected):
    """F1 over characters, as bags: order of paragraphs aside."""
    from collections import Counter
    a, b = Counter(squeeze(found)), Counter(squeeze(expected))
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if a or b else 1.0


def skip_or_fail_without(test, path):
    """Skips where the corpus is absent. Where it is there, or was asked for, a part that is missing is a failure: nothing would be proved."""
    if os.path.exists(path):
        return
    if os.path.isdir(CORPUS) or "FANGZHI_CORPUS" in os.environ:
        test.fail(f"the corpus is at {CORPUS}, and there is no {path}")
    test.skipTest("no corpus at " + CORPUS)


class StaticServer:
    """Serves a dictionary path → (status, headers, bytes) on loopback, keep-alive, for pages that the portal does not have.
    The key of a POST is "POST path body"."""

    def __init__(self, pages):
        self.asked = asked = {}  # path → the fields of its last request

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                asked[self.path] = dict(self.headers)
                status, headers, body = pages.get(self.path, (404, {"Content-Type": "text/html"}, b"<html><title>404</title>Not Found</html>"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                asked[f"POST {self.path} {body}"] = dict(self.headers)
                status, headers, answer = pages.get(f"POST {self.path} {body}", (404, {"Content-Type": "text/html"}, b"<html><title>404</title>Not Found</html>"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


__all__ = ["Portal", "Case", "StaticServer", "squeeze", "body_f1", "skip_or_fail_without", "FANGZHI", "PORTAL", "CORPUS", "SOURCE", "json", "os", "signal",
           "subprocess", "unittest"]


class LoggingServer:
    """Answers by `answer(path) → (status, headers, body)`, or resets the connection for None; logs when each request came and was answered."""

    def __init__(self, answer, port=0):
        self.log, self.begun = [], []
        lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                came = time.time()
                outer.begun.append((came, self.path))
                reply = answer(self.path)
                if reply is None:
                    with lock:
                        outer.log.append((came, time.time(), self.path))
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass
                with lock:
                    outer.log.append((came, time.time(), self.path))

            def log_message(self, *_):
                pass

            def finish(self):
                try:
                    super().finish()
                except OSError:
                    pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self):
        return [path for _, _, path in self.log]

    def smallest_gap(self):
        """Between the end of one answer and the next request."""
        log = sorted(self.log)
        return min((later[0] - earlier[1] for earlier, later in zip(log, log[1:])), default=None)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
