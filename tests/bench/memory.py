#!/usr/bin/env python3
"""What one read-only account can make the program hold: minutes of questions in as many forms as
it can think of, thousands of sign-ins, right and wrong ones, keys, event streams, requests that
never end and answers that nobody takes, all at once. Fails when the program was ever larger than
96 MB, or when something that is bounded was not driven near its bound.

    tests/bench/memory.py target/release/innkeeper [SECONDS]
"""

import datetime
import hashlib
import http.client
import itertools
import json
import random
import re
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

from server import Server

MOST = 96 * 1024 * 1024
# What fills only as fast as passwords are tried, which costs 19 MB and some hundredths of a
# second each: however full it gets, it is told.
SLOW = {"failed_sign_ins", "first_answers"}
# Of a program that serves a copy.
NOT_HERE = {"passing_sessions"}
PASSWORD = "a-good-password"
SIGN_INS = 9000


class Client:
    """A connection that asks as one sign-in, and opens again when it was closed."""

    def __init__(self, address, token=None):
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.token = token

    def ask(self, method, target, body=None, headers=()):
        sent = dict(headers) | {"Content-Type": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        try:
            self.connection.request(method, target, json.dumps(body) if body is not None else None, sent)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, b""


def chart(pick):
    day = datetime.date(2024, 1, 1) + datetime.timedelta(days=pick.randrange(900))
    fields = pick.sample(["from", "days", "rooms", "stays", "blocks", "availability"], pick.randint(1, 6))
    return f"/api/tape-chart?from={day}&days={pick.randint(30, 92)}" + (f"&fields={','.join(fields)}" if pick.random() < 0.7 else "")


def list_of(pick):
    filters = [f"page={pick.randint(1, 200)}", f"page_size={pick.randint(1, 100)}", "status=" + pick.choice(["confirmed", "checked_out"]),
               f"room_type_id={pick.randint(1, 5)}", f"q={chr(97 + pick.randrange(26))}{chr(97 + pick.randrange(26))}",
               f"check_in_from=2025-{pick.randint(1, 12):02}-01", "sort=" + pick.choice(["-created_at", "check_in_date", "-check_in_date"])]
    return "/api/reservations?" + "&".join(pick.sample(filters, pick.randint(1, len(filters))))


def asks(address, token, seed):
    """Questions in every form: what is answered from memory."""
    client, pick = Client(address, token), random.Random(seed)
    while True:
        packed = {"Accept-Encoding": "gzip"} if pick.random() < 0.5 else {}
        yield client.ask("GET", chart(pick) if pick.random() < 0.6 else list_of(pick), headers=packed)[0]


def signs_in(address, token, seed):
    """The right password under ever other keys: sign-ins, and answers that are told again."""
    client, pick = Client(address, token), random.Random(seed)
    while True:
        key = {"Idempotency-Key": str(pick.random()).ljust(200, "k")}
        yield client.ask("POST", "/api/auth/login", {"username": "viewer", "password": PASSWORD}, key)[0]


def guesses(address, _, seed):
    """Wrong passwords of ever other names."""
    client, pick = Client(address), random.Random(seed)
    while True:
        name = f"{pick.random()}".ljust(200, "x")
        yield client.ask("POST", "/api/auth/login", {"username": name, "password": "wrong"})[0]


def leaves_unfinished(address, token, _):
    """Bodies of which the last bytes never come."""
    length = 256 * 1024
    head = f"POST /api/reservations HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
    yield from holds(address, [head.encode() + b"x" * (length - 1)], 120)


def takes_nothing(address, token, seed):
    """Large answers that nobody reads."""
    pick = random.Random(seed)
    heads = [f"GET {chart(pick).split('&fields')[0]} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n" for _ in range(50)]
    yield from holds(address, [head.encode() for head in heads], 120)


def holds(address, requests, count):
    """So many connections with a request each, opened again when they are closed."""
    host, port = address.split(":")
    open_ones, sent = [], itertools.cycle(requests)
    while True:
        open_ones = [one for one in open_ones if not is_closed(one)]
        while len(open_ones) < count:
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.settimeout(1)
            try:
                one.connect((host, int(port)))
                one.sendall(next(sent))
            except OSError:
                pass
            open_ones.append(one)
        time.sleep(0.2)
        yield len(open_ones)


def is_closed(one):
    """Looks without taking."""
    try:
        one.setblocking(False)
        return one.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def drive(address, token, seconds):
    """All at once; how often each was answered what."""
    end, counts, threads = time.monotonic() + seconds, {}, []

    def work(kind, seed):
        for outcome in kind(address, token, seed):
            if time.monotonic() > end:
                break
            counts[(kind.__name__, outcome)] = counts.get((kind.__name__, outcome), 0) + 1

    for kind, times in [(asks, 2), (signs_in, 3), (guesses, 4), (leaves_unfinished, 1), (takes_nothing, 1)]:
        threads += [threading.Thread(target=work, args=(kind, seed)) for seed in range(times)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return counts


def signed_in(data, count):
    """The account's sign-ins, as if it had made them one after the other; their tokens."""
    tokens, now = [random.randbytes(32).hex() for _ in range(count)], datetime.datetime.now(datetime.timezone.utc)
    at = [(now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (0, 15)]
    rows = [(hashlib.sha256(token.encode()).hexdigest(), *at) for token in tokens]
    with sqlite3.connect(data, timeout=60) as file:
        file.executemany("INSERT INTO session (token_hash, user_id, address, user_agent, created_at, expires_at)"
                         " SELECT ?1, id, '127.0.0.1', 'memory.py', ?2, ?3 FROM user WHERE username = 'viewer'", rows)
    file.close()
    return tokens


def figures(server):
    text = server.raw("GET", "/metrics")[0].decode()
    return {(name, what): int(value) for name, what, value in re.findall(r'^innkeeper_(\w+?)(?:\{what="(\w+)"\})? (\d+)$', text, re.MULTILINE)}


def main():
    program, seconds = sys.argv[1], int((sys.argv[2:] or ["180"])[0])
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "hotel.db"
        # Making a hotel takes more than having one.
        Server(program, ["demo", "--db", str(data)], Path(folder) / "log").stop()
        server = Server(program, ["serve", "--db", str(data), "--rate-limit", "100000"], Path(folder) / "log")
        try:
            server.sign_in()
            server.ask("POST", "/api/users", {"username": "viewer", "full_name": "Viewer", "role": "read_only", "password": PASSWORD})
            tokens = signed_in(data, SIGN_INS)
            server.forget_peak()
            print(f"before: {server.memory() / 2**20:.1f} MB")
            streams = [http.client.HTTPConnection(server.address) for _ in range(100)]
            for stream in streams:
                stream.request("GET", "/api/events", headers={"Authorization": f"Bearer {tokens[0]}"})
            # They end when nobody holds them.
            held = [stream.getresponse() for stream in streams]
            print("event streams opened of 100:", sum(stream.status == 200 for stream in held))
            client = Client(server.address)
            for client.token in tokens:
                assert client.ask("GET", "/api/auth/me")[0] == 200
            for (kind, outcome), count in sorted(drive(server.address, tokens[0], seconds).items()):
                print(f"{kind:>18} {outcome:>4} {count:>7}")
            kept, peak = figures(server), server.memory("VmHWM")
            assert all(stream.fp for stream in held if stream.status == 200), "an event stream was not held"
            print(*(f"{name} {value}" for (name, _), value in kept.items() if name.startswith("gate_")), sep="\n")
            for (name, what), limit in kept.items():
                if name == "kept_limit_bytes" and what not in NOT_HERE:
                    full = kept[("kept_bytes", what)] / limit
                    print(f"{what:>18} {full:>4.0%} of {limit / 2**20:.0f} MB")
                    assert what in SLOW or full > 0.8, f"{what} was not driven to its bound"
            print(f"after: {server.memory() / 2**20:.1f} MB, at most {peak / 2**20:.1f} MB")
            assert peak < MOST, f"more than {MOST / 2**20:.0f} MB"
        finally:
            server.stop()


main()
