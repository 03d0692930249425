"""Innkeeper under measurement, as it is shipped: started, watched, stopped.

Linux only: what the process holds and uses is read from /proc.
"""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENED = re.compile(r"http://([0-9.]+:\d+)/")
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 1800
STOP_SECONDS = 60


def release():
    """Builds the program with the settings of the packages and returns its path."""
    subprocess.run(["cargo", "build", "--profile", "shipped", "--locked"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "shipped" / "innkeeper"


class Server:
    """A running Innkeeper. `arguments` follow the program's name."""

    def __init__(self, program, arguments, log):
        self.log = Path(log)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("INNKEEPER_") and k != "RUST_LOG"}
        begun = time.monotonic()
        command = [str(program), *arguments, "--listen", "127.0.0.1:0", "--no-browser", "--log-level", "warn"]
        with self.log.open("wb") as log_file:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log_file, env=environment)
        line = self.process.stdout.readline().decode()
        self.seconds_to_open = time.monotonic() - begun
        found = OPENED.search(line)
        if not found:
            self.process.kill()
            raise SystemExit(f"the server did not open: {line!r}\n{self.log.read_text()}")
        self.address = found.group(1)
        self.url = f"http://{self.address}"
        self.token = None

    def sign_in(self, username="admin", password="admin123"):
        answer = self.ask("POST", "/api/auth/login", {"username": username, "password": password})
        self.token = answer["access_token"]
        return self.token

    def ask(self, method, target, body=None):
        """A request's JSON answer."""
        return json.loads(self.raw(method, target, body)[0])

    def raw(self, method, target, body=None, headers=None):
        """A request's body and headers."""
        request = urllib.request.Request(self.url + target, method=method, headers=dict(headers or {}))
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read(), answer.headers

    def cpu_seconds(self):
        """Processor time used so far, of all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, what="VmRSS"):
        """Bytes held now (VmRSS) or at most so far (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024

    def forget_peak(self):
        """Lets VmHWM begin anew: making a demo hotel takes more than showing it."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        """Stops it in order; whether it ended well."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        return self.process.returncode == 0
