"""A hotel that is open, for the tests of the packages: the real executable on a
free port of this machine, and a small client of its API."""

import http.client
import json
import pathlib
import re
import subprocess
import time

PASSWORD = "a-good-password"


class Hotel:
    """The program with a data file, until it is stopped or killed."""

    def __init__(self, command: list[str], data_file: pathlib.Path, *flags: str, env: dict | None = None) -> None:
        """Starts `command` on the file and waits until it says where it is open."""
        self.data_file = data_file
        arguments = [*command, "serve", "--db", str(data_file), "--listen", "127.0.0.1:0", "--no-browser", "--rate-limit=0"]
        self.process = subprocess.Popen(
            [*arguments, "--log-level", "warn", *flags], stdout=subprocess.PIPE, text=True, env=env
        )
        line = self.process.stdout.readline()
        found = re.match(r"Innkeeper is open at http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            raise SystemExit(f"the hotel did not open; it said {line!r}")
        self.port = int(found[1])
        self.token = ""
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, path: str, body: dict | None = None) -> dict:
        """One request; the answer's JSON. Anything but a success ends the test."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else {}

    def set_up(self) -> None:
        """A property, its owner, two rooms."""
        answer = self.ask("POST", "/api/setup", {
            "property_name": "Test", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",
            "username": "owner", "full_name": "The owner", "password": PASSWORD,
        })
        self.token = answer["access_token"]
        kind = {"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100}
        type_id = self.ask("POST", "/api/room-types", kind)["id"]
        self.ask("POST", "/api/rooms/batch", {"room_type_id": type_id, "numbers": ["101-102"]})

    def sign_in(self) -> None:
        """The owner's session."""
        answer = self.ask("POST", "/api/auth/login", {"username": "owner", "password": PASSWORD})
        self.token = answer["access_token"]

    def book(self, guest: str, arrival: str, departure: str) -> dict:
        """A booking of the one room type."""
        return self.ask("POST", "/api/reservations", {
            "guest": {"full_name": guest}, "room_type_id": 1, "check_in_date": arrival, "check_out_date": departure,
            "adults": 2,
        })

    def back_up(self, seen=lambda step: None) -> dict:
        """Has a copy made and waits for it; `seen` hears what is being done."""
        self.ask("POST", "/api/backups", {})
        while (state := self.ask("GET", "/api/backups/state"))["is_running"]:
            seen((state["progress"] or {}).get("step"))
            time.sleep(0.05)
        if state["problem"]:
            raise SystemExit(f"no copy was made: {state['problem']}")
        return state["last_made"]

    def kill(self) -> None:
        """Without a warning, as when the power goes."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As the system asks it to; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=20)


def wait_for(what: str, is_there, seconds: float = 30) -> None:
    """Looks again and again until it is there."""
    end = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come within {seconds} s")
        time.sleep(0.05)
