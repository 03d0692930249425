"""Reads a stopped hotel's data file straight, past all of the server's code."""

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date

from sums import differences

# Changed by being used, not by the hotel's business.
VOLATILE = ("log_mark", "session", "sqlite_stat1", "sqlite_stat4")

SOLD_TWICE = """
    SELECT n.night, n.room_id, n.kind, count(*) FROM reservation_night n
    WHERE n.is_held = 1 AND n.room_id IS NOT NULL
    GROUP BY n.night, n.room_id, n.kind HAVING count(*) > 1"""

WITHOUT_ROOM = """
    SELECT r.external_id, r.confirmation_number, n.night FROM reservation_night n
    JOIN reservation r ON r.id = n.reservation_id
    WHERE n.is_held = 1 AND n.room_id IS NULL"""

# Nights of the stays that are not in the rack, and the reverse.
RACK_DIFFERS = """
    SELECT * FROM (
        SELECT night, room_id, reservation_id FROM reservation_night
        WHERE is_held = 1 AND kind = 'night' AND room_id IS NOT NULL
        EXCEPT SELECT night, room_id, reservation_id FROM room_night)
    UNION ALL SELECT * FROM (
        SELECT night, room_id, reservation_id FROM room_night WHERE reservation_id IS NOT NULL
        EXCEPT SELECT night, room_id, reservation_id FROM reservation_night
        WHERE is_held = 1 AND kind = 'night')"""

SOLD = """
    SELECT n.night, count(*), sum(n.rate) FROM reservation_night n
    JOIN reservation r ON r.id = n.reservation_id
    WHERE n.is_held = 1 AND n.kind = 'night' AND r.status = 'checked_out'
    GROUP BY n.night"""


class Ledger:
    """Read-only questions to the data file."""

    def __init__(self, path):
        self._path = path

    def rows(self, statement):
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(statement).fetchall()

    def one(self, statement):
        return self.rows(statement)[0][0]

    def fingerprint(self):
        """A digest of every row of every table, to see that nothing changed."""
        digest = hashlib.sha256()
        for name, definition in self.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            if name in VOLATILE or definition.upper().startswith("CREATE VIRTUAL"):
                continue
            rows = sorted(map(repr, self.rows(f'SELECT * FROM "{name}"')))
            digest.update("\n".join([definition, *rows]).encode())
        return digest.hexdigest()

    def sold(self):
        """Nights sold and revenue in cents, by night."""
        rows = [(date.fromisoformat(night), count, revenue) for night, count, revenue in self.rows(SOLD)]
        return Counter({n: c for n, c, _ in rows}), Counter({n: r for n, _, r in rows})

    def statuses(self):
        return Counter(dict(self.rows("SELECT status, count(*) FROM reservation GROUP BY status")))


def prove(checks, ledger, sums, name):
    """No room-night twice, and the same sums as the published rows."""
    checks.none(f"{name}data file: no room-night is sold twice", ledger.rows(SOLD_TWICE))
    checks.none(f"{name}data file: every night and day use sold has its room", ledger.rows(WITHOUT_ROOM))
    checks.none(f"{name}data file: the rack holds exactly the nights of the stays", ledger.rows(RACK_DIFFERS))
    sold, revenue = ledger.sold()
    checks.none(f"{name}data file: room-nights sold per night", differences(sold, sums.sold))
    checks.none(f"{name}data file: revenue per night, to the cent", differences(revenue, sums.revenue))
    checks.equal(f"{name}data file: payments received = revenue, in cents", sum(sums.revenue.values()),
                 ledger.one("SELECT coalesce(sum(amount), 0) FROM payment"))
    checks.equal(f"{name}data file: reservations that owe or are owed money", 0,
                 ledger.one("SELECT count(*) FROM reservation WHERE balance <> 0"))
