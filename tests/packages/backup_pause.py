"""How long requests wait while a back-up is made: eight desks write and four read,
first alone, then beside a back-up. Usage: backup_pause.py PROGRAM DEMO.DB
(make it with: innkeeper demo --rooms 200 --reservations 1000000 --db DEMO.DB)"""

import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from hotel import Hotel

WRITERS, READERS = 8, 4
THINK_SECONDS = 0.02
ALLOWED_MS = 100


class Desk(threading.Thread):
    """Asks again and again with a little thought in between, and notes how long each took."""

    def __init__(self, hotel: Hotel, writes: bool) -> None:
        """A connection of its own to the same hotel."""
        super().__init__(daemon=True)
        self.hotel, self.writes, self.goes_on = hotel, writes, True
        self.took: list[tuple[float, float]] = []

    def run(self) -> None:
        """Until it is told to stop."""
        number = 0
        while self.goes_on:
            number += 1
            started = time.monotonic()
            if self.writes:
                self.hotel.ask("POST", "/api/guests", {"full_name": f"Guest {number}"})
            else:
                self.hotel.ask("GET", f"/api/reservations?page={number % 500 + 1}&fields=id,guest_name")
            self.took.append((started, time.monotonic() - started))
            time.sleep(THINK_SECONDS)


def connected(port: int, token: str) -> Hotel:
    """Another client of a running hotel."""
    hotel = Hotel.__new__(Hotel)
    hotel.port, hotel.token = port, token
    hotel.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    return hotel


def told(name: str, desks: list[Desk], begin: float, end: float) -> float:
    """Prints the figures of a span of time; the longest wait in ms."""
    worst = 0.0
    for kind, writes in (("writes", True), ("reads", False)):
        took = [0.0] + sorted(ms * 1000 for d in desks if d.writes == writes for at, ms in d.took if begin <= at < end)
        at = lambda share: took[min(len(took) - 1, int(len(took) * share))]
        print(f"{name}: {len(took) - 1} {kind}, median {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms, longest {took[-1]:.1f} ms", flush=True)
        worst = max(worst, took[-1])
    return worst


def main() -> None:
    """Alone, beside a back-up, after it; then the copy is restored."""
    program, data_file = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    hotel = Hotel([program], data_file)
    answer = hotel.ask("POST", "/api/auth/login", {"username": "admin", "password": "admin123"})
    hotel.token = answer["access_token"]
    total = hotel.ask("GET", "/api/reservations?page_size=1")["total"]
    print(f"{total} bookings, {data_file.stat().st_size / 1e6:.0f} MB")
    desks = [Desk(connected(hotel.port, hotel.token), writes) for writes in [True] * WRITERS + [False] * READERS]
    for desk in desks:
        desk.start()
    times = [time.monotonic()]
    time.sleep(10)
    times.append(time.monotonic())
    steps: dict[str, float] = {}
    made = hotel.back_up(lambda step: steps.setdefault(step, time.monotonic()))
    times.append(time.monotonic())
    time.sleep(5)
    times.append(time.monotonic())
    for desk in desks:
        desk.goes_on = False
    for desk in desks:
        desk.join()
    print(f"back-up: {json.dumps(made)}")
    told("alone", desks, times[0], times[1])
    worst = told("beside the back-up", desks, times[1], times[2])
    # By what was being done, so that it is seen which part keeps the desk waiting.
    ends = [*list(steps.values())[1:], times[2]]
    for (step, begin), end in zip(steps.items(), ends):
        told(f"  {step} ({end - begin:.1f} s)", desks, begin, end)
    worst = max(worst, told("after it", desks, times[2], times[3]))
    hotel.stop()
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        copy = data_file.parent / "backups" / made["name"]
        subprocess.run([program, "restore", copy, "--db", f"{folder}/hotel.db"], check=True)
        print(f"restored in {time.monotonic() - started:.1f} s")
    if worst > ALLOWED_MS:
        raise SystemExit(f"a request waited {worst:.0f} ms, more than {ALLOWED_MS} ms")


main()
