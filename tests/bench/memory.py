#!/usr/bin/env python3
"""What one read-only account can make the program hold: three minutes of questions in as many
forms as it can think of, wrong sign-ins, event streams and keys. Reports the memory.

    tests/bench/memory.py target/release/innkeeper [SECONDS]
"""

import datetime
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_MB = 96
PASSWORD = "a-good-password"


def start(program, folder):
    arguments = ["demo", "--db", f"{folder}/hotel.db", "--listen", "127.0.0.1:0", "--no-browser", "--rate-limit", "0", "--log-level", "off"]
    server = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if found := re.search(r"http://([\d.:]+)", line):
            return server, found[1]
    sys.exit("it did not open")


class Desk:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)
        self.token = None

    def ask(self, method, target, body=None, headers=()):
        sent = dict(headers) | {"Content-Type": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        self.connection.request(method, target, json.dumps(body) if body is not None else None, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def sign_in(self, username, password):
        status, body = self.ask("POST", "/api/auth/login", {"username": username, "password": password})
        assert status == 200, body
        self.token = json.loads(body)["access_token"]


def memory(server):
    text = Path(f"/proc/{server.pid}/status").read_text()
    return {name: int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM")}


def chart(pick):
    day = datetime.date(2024, 1, 1) + datetime.timedelta(days=pick.randrange(900))
    fields = pick.sample(["from", "days", "rooms", "stays", "blocks", "availability"], pick.randint(1, 6))
    return f"/api/tape-chart?from={day}&days={pick.randint(30, 92)}" + (f"&fields={','.join(fields)}" if pick.random() < 0.7 else "")


def list_of(pick):
    filters = [f"page={pick.randint(1, 200)}", f"page_size={pick.randint(1, 100)}", "status=" + pick.choice(["confirmed", "checked_out"]),
               f"room_type_id={pick.randint(1, 5)}", f"q={chr(97 + pick.randrange(26))}{chr(97 + pick.randrange(26))}",
               f"check_in_from=2025-{pick.randint(1, 12):02}-01", "sort=" + pick.choice(["-created_at", "check_in_date", "-check_in_date"])]
    return "/api/reservations?" + "&".join(pick.sample(filters, pick.randint(1, len(filters))))


def drive(desk, stranger, seconds):
    pick, end, counts = random.Random(1), time.monotonic() + seconds, {}
    while time.monotonic() < end:
        kind = pick.choice(["chart", "chart", "list", "list", "guests", "sign-in", "key"])
        if kind == "chart":
            status, _ = desk.ask("GET", chart(pick))
        elif kind == "list":
            status, _ = desk.ask("GET", list_of(pick), headers={"Accept-Encoding": "gzip"})
        elif kind == "guests":
            status, _ = desk.ask("GET", f"/api/guests?q={pick.randrange(10**6)}&page_size={pick.randint(1, 100)}")
        elif kind == "sign-in" and pick.random() < 0.1:
            name = "x" * pick.randint(1, 200) + str(pick.random())[2:8]
            status, _ = stranger.ask("POST", "/api/auth/login", {"username": name[-200:], "password": "wrong"})
        else:
            key = {"Idempotency-Key": str(pick.random()).ljust(200, "k")}
            status, _ = desk.ask("PUT", "/api/auth/password", {}, headers=key)
        counts[(kind, status)] = counts.get((kind, status), 0) + 1
    return counts


def main():
    program, seconds = sys.argv[1], int((sys.argv[2:] or ["180"])[0])
    with tempfile.TemporaryDirectory() as folder:
        server, address = start(program, folder)
        try:
            owner, desk, stranger = Desk(address), Desk(address), Desk(address)
            owner.sign_in("admin", "admin123")
            account = {"username": "viewer", "full_name": "Viewer", "role": "read_only", "password": PASSWORD}
            status, body = owner.ask("POST", "/api/users", account)
            assert status == 201, body
            desk.sign_in("viewer", PASSWORD)
            print("before:", memory(server))
            streams = [http.client.HTTPConnection(address) for _ in range(100)]
            for stream in streams:
                stream.request("GET", "/api/events", headers={"Authorization": f"Bearer {desk.token}"})
            # They end when nobody holds them.
            open_streams = [stream.getresponse() for stream in streams]
            print("event streams opened of 100:", sum(stream.status == 200 for stream in open_streams))
            for (kind, status), count in sorted(drive(desk, stranger, seconds).items()):
                print(f"{kind:>8} {status} {count}")
            held = memory(server)
            _, text = owner.ask("GET", "/metrics")
            print(*(line for line in text.decode().splitlines() if line.startswith("innkeeper_kept_")), sep="\n")
            print("after:", held)
            assert held["VmRSS"] < MOST_MB, f"more than {MOST_MB} MB"
        finally:
            server.terminate()
            server.wait()


main()
