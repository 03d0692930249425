#!/usr/bin/env python3
"""How quickly a double-click shows the hotel, and what it holds when nobody asks.

    tests/bench/start.py PROGRAM [--runs 20] [--years 2]

For a fresh data file and for a demo hotel: the time from the program's start until
it says that it is open, and until the first page has come with everything that it
names (style sheet, modules). Warm: started before. Cold: nothing of the program or
the data is in memory (the kernel's caches are dropped, which wants root; else only
those of the two files). Then the memory when it has been quiet for a while.
It measures and never judges.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from server import Server  # noqa: E402

DROP = Path("/proc/sys/vm/drop_caches")
# The memory counts as settled when it stayed the same for so long.
QUIET_SECONDS = 3
LONGEST_SECONDS = 30


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("program", type=Path)
    reader.add_argument("--runs", type=int, default=20)
    reader.add_argument("--years", type=int, default=2, help="of bookings in the demo hotel")
    options = reader.parse_args()
    program = options.program.resolve()
    print(f"program: {program.stat().st_size:,} bytes; cold = {how_cold()}")
    with tempfile.TemporaryDirectory(prefix="start_") as folder:
        folder = Path(folder)
        demo = folder / "demo.db"
        size = ["--rooms", "30", "--years", str(options.years)]
        assert Server(program, ["demo", *size, "--db", str(demo)], folder / "log").stop()
        report("a new hotel", program, None, folder, options.runs)
        report(f"30 rooms, {options.years} years, {demo.stat().st_size:,} bytes", program, demo, folder, options.runs)


def report(name, program, data, folder, runs):
    """Prints one hotel's figures."""
    print(f"\n{name}")
    for state in ("warm", "cold"):
        starts = [start(program, data, folder, state == "cold") for _ in range(runs)]
        opened, shown = ([s[at] * 1000 for s in starts] for at in (0, 1))
        print(f"  {state}: open {middle(opened)}, first page {middle(shown)}")
    print(f"  first page: {starts[0][2]} answers, {starts[0][3]:,} bytes as sent")
    server = Server(program, ["serve", "--db", str(fresh(data, folder))], folder / "log")
    before = settled(server)
    load_page(server.address)
    after = settled(server)
    assert server.stop()
    print(f"  memory when idle: {before[0] / 1e6:.1f} MB resident ({before[1] / 1e6:.1f} MB of it its own); "
          f"after the first page {after[0] / 1e6:.1f} ({after[1] / 1e6:.1f})")


def middle(values):
    return f"{statistics.median(values):.0f} ms (longest {max(values):.0f})"


def fresh(data, folder):
    """A data file that no start has touched: a copy, or none yet."""
    place = folder / "hotel"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    if data:
        shutil.copyfile(data, place / "hotel.db")
    return place / "hotel.db"


def start(program, data, folder, is_cold):
    """Seconds to open and to the first page; its answers and bytes."""
    file = fresh(data, folder)
    if is_cold:
        forget([program, file])
    begun = time.monotonic()
    server = Server(program, ["serve", "--db", str(file)], folder / "log")
    count, length = load_page(server.address)
    seconds = time.monotonic() - begun
    assert server.stop(), Path(folder / "log").read_text()
    return server.seconds_to_open, seconds, count, length


def may_drop():
    return os.access(DROP, os.W_OK)


def how_cold():
    return "all caches dropped" if may_drop() else "only the program's and the data's pages dropped (no root here)"


def forget(files):
    """Nothing of these files is in memory."""
    os.sync()
    if may_drop():
        DROP.write_text("3")
        return
    for file in files:
        if file.exists():
            with file.open("rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def load_page(address):
    """The page and all that it names, over one connection; how many answers and bytes."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port))) as connection, connection.makefile("rb") as answers:
        page, length = get(connection, answers, address, "/", "identity")
        wanted = list(dict.fromkeys(re.findall(rb'(?:href|src)="(/assets/[^"]+)"', page)))
        assert wanted, page
        for path in wanted:
            length += get(connection, answers, address, path.decode(), "gzip")[1]
    return 1 + len(wanted), length


def get(connection, answers, address, path, encoding):
    head = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: {encoding}\r\n\r\n"
    connection.sendall(head.encode())
    status = answers.readline()
    assert b" 200 " in status, (path, status)
    size = None
    while (line := answers.readline().strip()):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
    assert size is not None, f"{path}: no length"
    body = answers.read(size)
    return body, len(body)


def settled(server):
    """Resident bytes, and those that no file backs, once they stay the same."""
    end, since = time.monotonic() + LONGEST_SECONDS, time.monotonic()
    seen = server.memory()
    while time.monotonic() < min(end, since + QUIET_SECONDS):
        time.sleep(0.1)
        if (now := server.memory()) != seen:
            seen, since = now, time.monotonic()
    return seen, server.memory("RssAnon")


main()
