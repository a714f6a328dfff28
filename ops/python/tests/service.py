"""The service under test: a broker, a judge, a topology and two gateways, each its own process.

The judge asks a decision server that this module stubs: the answer that is judged says how the
server behaves, and the server counts how often it was asked.
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
RIGHT, WRONG = 0.875, 0.125
START_LIMIT_S = 180

#: The packaged application; by default, ops/urteil builds and runs it.
APPLICATION = os.environ.get("URTEIL_APPLICATION")


def urteil(*arguments):
    """The command line of urteil."""
    if APPLICATION is None:
        return [str(ROOT / "ops/urteil"), *map(str, arguments)]
    java = Path(os.environ["JAVA_HOME"]) / "bin/java" if "JAVA_HOME" in os.environ else "java"
    return [
        str(java), "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Xmx384m", "-jar", APPLICATION, *map(str, arguments)]


RUNS = {
    "quality": """
run: quality
group: { samplesPerArm: 1, deadline: 100s, onMissing: drop }
judges:
  quality:
    type: rubric
    server: stub
    reference: true
    questions: { right: { type: yes-no, instructions: The answer equals the reference. } }
reward: { rule: scalar }
""",
    "majority": """
run: majority
group: { samplesPerArm: 4, deadline: 60s, onMissing: drop }
judges: { most: { type: majority-answer, compare: number } }
reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
""",
    "together": """
run: together
group: { samplesPerArm: 4, deadline: 60s, onMissing: drop }
gateway: { samples: by-prompt, wait: 40s }
judges: { most: { type: majority-answer, compare: number } }
reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
""",
}


class DecisionServer:
    """A server of System One. `[hold NAME]` in an answer waits for release(NAME)."""

    def __init__(self):
        self.asked = Counter()
        self.released = set()
        self.lock = threading.Condition()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = stub.answer(body["state"]["answer"])
                data = json.dumps(answer).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def answer(self, text):
        with self.lock:
            self.asked[text] += 1
            self.lock.notify_all()
            for name in re.findall(r"\[hold (\w+)]", text):
                self.lock.wait_for(lambda: name in self.released, timeout=90)
        for seconds in re.findall(r"\[slow ([0-9.]+)]", text):
            time.sleep(float(seconds))
        if "[fail]" in text:
            return 400, {"error": "the stub fails this answer"}
        if "[refuse]" in text:
            return 200, {"answers": {"right": {"type": "refusal"}}}
        return 200, {"answers": {"right": {"type": "noul", "noul": RIGHT if "42" in text else WRONG}}}

    def release(self, name):
        with self.lock:
            self.released.add(name)
            self.lock.notify_all()

    def await_asked(self, text, limit=90):
        """Waits until an answer that contains this text was asked for."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.count(text) > 0, timeout=limit), f"never asked: {text}"

    def count(self, text):
        return sum(times for answer, times in self.asked.items() if text in answer)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A command of urteil. Killed by the id of its own process group."""

    def __init__(self, directory, name, *arguments):
        self.name, self.directory, self.arguments = name, directory, arguments
        self.process = None

    def start(self):
        log = open(self.directory / f"{self.name}.log", "ab")
        self.process = subprocess.Popen(
            urteil(*self.arguments),
            stdout=log,
            stderr=log,
            cwd=self.directory,
            start_new_session=True,
        )
        return self

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self):
        return (self.directory / f"{self.name}.log").read_text()[-2000:]


class Service:
    def __init__(self, directory):
        self.directory = directory
        self.stub = DecisionServer()
        broker = free_port()
        self.bootstrap = f"127.0.0.1:{broker}"
        self.ports = [free_port(), free_port()]
        servers = directory / "servers.yaml"
        servers.write_text(
            f"servers: {{ stub: {{ url: '{self.stub.url}', model: stub, tries: 1, concurrency: 64 }} }}\n"
        )
        for name, text in RUNS.items():
            (directory / f"{name}.yaml").write_text(text)
        common = ("--bootstrap", self.bootstrap)
        self.broker = Process(directory, "broker", "broker", "--port", broker, "--data-dir", directory / "b")
        self.first = Process(
            directory, "first", "up", "--roles", "judge,gateway", "--servers", servers,
            "--http-port", self.ports[0], "--data-dir", directory / "f", *common)
        self.topology = Process(
            directory, "topology", "up", "--roles", "topology", "--data-dir", directory / "t", *common)
        self.second = Process(
            directory, "second", "up", "--roles", "gateway",
            "--http-port", self.ports[1], "--data-dir", directory / "g", *common)

    def start(self):
        self.broker.start()
        self.await_port(int(self.bootstrap.split(":")[1]))
        for name in RUNS:
            subprocess.run(
                urteil("run", f"{name}.yaml", "--publish-only", "--bootstrap", self.bootstrap),
                cwd=self.directory, check=True, stdout=subprocess.DEVNULL)
        for process in (self.first, self.topology, self.second):
            process.start()
        for port in self.ports:
            self.await_gateway(port)
        return self

    def url(self, gateway=1):
        """The address of a gateway. The second one, 1, has no judge in its process."""
        return f"http://127.0.0.1:{self.ports[gateway]}"

    def await_port(self, port):
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"nothing listens on {port}: {self.broker.log()}")

    def await_gateway(self, port):
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/q/health/ready", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"no gateway on {port}: {self.first.log()} {self.second.log()}")

    def restart_second_gateway(self):
        self.second.start()
        self.await_gateway(self.ports[1])

    def close(self):
        for process in (self.second, self.first, self.topology, self.broker):
            process.kill()
        self.stub.server.shutdown()
