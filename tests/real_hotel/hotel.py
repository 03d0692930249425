"""One hotel under test: its data file, the executable's commands, the running server."""

import os
import re
import signal
import subprocess
import threading
from datetime import date

from desk import Desk

START_SECONDS = 30
STOP_SECONDS = 60
OWNER = ("owner", "The owner's own 1 password")
OPENED = re.compile(r"http://([0-9.]+):(\d+)")


class Hotel:
    """A folder with one data file, and the server on it while it runs."""

    def __init__(self, binary, folder):
        self.folder = folder
        self.database = folder / "hotel.db"
        self._binary = binary
        self._server = None
        self.address = None
        folder.mkdir(parents=True, exist_ok=True)

    def start(self):
        """Starts `serve` on a free port and waits until it says where."""
        log = open(self.folder / "server.log", "ab")
        self._server = subprocess.Popen(
            [self._binary, "serve", "--db", self.database, "--listen", "127.0.0.1:0",
             "--no-browser", "--rate-limit", "0"],
            cwd=self.folder, env=_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log, text=True,
        )
        log.close()
        self.address = self._await_address()
        threading.Thread(target=self._server.stdout.read, daemon=True).start()

    def stop(self):
        """Asks the server to end, by its id; answers its exit code."""
        if self._server is None:
            return None
        server, self._server = self._server, None
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
        try:
            return server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            return None

    def desk(self, name=OWNER[0], password=OWNER[1]):
        """A logged-in desk."""
        return Desk(self.address).login(name, password)

    def set_up(self, rooms, capacities, business_date):
        """First start: the owner, the room types and their rooms."""
        Desk(self.address).post(
            "/api/setup", property_name="The real hotel", currency="EUR", time_zone="Europe/Lisbon",
            business_date=business_date, username=OWNER[0], full_name="The owner", password=OWNER[1],
        )
        owner = self.desk()
        owner.patch("/api/settings", policy={"cancellation": [], "no_show_fee_kind": "none"})
        for floor, (code, count) in enumerate(rooms.items(), start=1):
            self._add_rooms(owner, floor, code, count, *capacities[code])
        self._check_business_date(owner, business_date)
        owner.close()

    def run(self, *arguments):
        """One command of the executable on this data file; (exit code, all output)."""
        done = subprocess.run(
            [self._binary, *arguments, "--db", self.database], cwd=self.folder, env=_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        return done.returncode, done.stdout

    def last_log_lines(self, count=15):
        """What the server wrote last, for the report of a failure."""
        path = self.folder / "server.log"
        return path.read_text("utf-8", "replace").splitlines()[-count:] if path.exists() else []

    def _await_address(self):
        """Reads the server's output up to the line with its address."""
        watch = threading.Timer(START_SECONDS, self._server.kill)
        watch.start()
        try:
            for line in self._server.stdout:
                found = OPENED.search(line)
                if found:
                    return found[1], int(found[2])
        finally:
            watch.cancel()
        raise RuntimeError("the server did not start:\n" + "\n".join(self.last_log_lines()))

    @staticmethod
    def _add_rooms(owner, floor, code, count, adults, children):
        """A room type with its rooms, numbered by floor: 1001, 1002, …"""
        room_type = owner.post(
            "/api/room-types", name=f"Type {code}", code=code, capacity_adults=adults,
            capacity_children=children, default_rate=100,
        )
        first = floor * 1000 + 1
        owner.post("/api/rooms/batch", room_type_id=room_type["id"], floor=floor,
                   numbers=[f"{first}-{first + count - 1}"])

    @staticmethod
    def _check_business_date(owner, wanted):
        day = owner.get("/api/settings")["business_date"]
        if date.fromisoformat(day) != wanted:
            raise RuntimeError(f"the new hotel's business date is {day}, not {wanted}")


def _environment():
    """The environment without settings that were meant for another hotel."""
    return {name: value for name, value in os.environ.items() if not name.startswith("INNKEEPER_")}
