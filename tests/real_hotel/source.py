"""Reads the published bookings and says, row by row, what is dirty in them.

Everything the tool knows about the real hotel comes from here. Money is an
integer count of cents taken from the decimal text; no float is involved.
"""

import csv
import gzip
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

MONTHS = (
    "January February March April May June July August September October November December"
).split()

STATUSES = {"Check-Out": "checked_out", "Canceled": "cancelled", "No-Show": "no_show"}

SOURCES = {
    "Online TA": "Online travel agency",
    "Offline TA/TO": "Tour operator",
    "Direct": "Direct",
    "Corporate": "Corporate",
    "Groups": "Group",
    "Complementary": "Complimentary",
}


@dataclass(frozen=True)
class Booking:
    """One row of the published file, its dirt already dealt with."""

    line: int
    status: str
    status_date: date
    room_type: str
    arrival: date
    nights: int
    created: date
    adr: int
    adults: int
    children: int
    country: str
    source: str
    booking_changes: int
    has_deposit: bool

    @property
    def external_id(self):
        """The row's name in Innkeeper, unique and the same in every run."""
        return f"RH-{self.line:05d}"

    @property
    def departure(self):
        return self.arrival + timedelta(self.nights)

    @property
    def total(self):
        """The price of all nights in cents; a day use has none."""
        return self.adr * self.nights

    @property
    def is_bad(self):
        """A row that no importer may take: a price below zero."""
        return self.adr < 0

    @property
    def is_stay(self):
        """The guest came: these rows are what was sold."""
        return self.status == "checked_out" and not self.is_bad

    @property
    def is_day_use(self):
        return self.nights == 0

    def each_night(self):
        """The civil dates of the stay's nights."""
        return (self.arrival + timedelta(n) for n in range(self.nights))


@dataclass(frozen=True)
class Dirt:
    """One dirty value: where it stands, why it is dirty, what was done."""

    line: int
    column: str
    value: str
    reason: str
    action: str

    def __str__(self):
        return f"line {self.line}, {self.column} = {self.value!r}: {self.reason}; {self.action}"


def read(path):
    """All bookings of the file and everything dirty in them."""
    bookings, dirt = [], []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["hotel"] != "Resort Hotel":
                continue
            # One record a line: the file quotes nothing.
            bookings.append(_booking(row, len(bookings) + 2, dirt))
    return bookings, dirt


def cents(text):
    """Exact cents of a decimal text; more than two decimals is an error."""
    scaled = Decimal(text).scaleb(2)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{text} has more than two decimals")
    return int(scaled)


def euros(amount):
    """The decimal text of an amount in cents: 12050 -> '120.50'."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def _booking(row, line, dirt):
    """One row as a booking; what is dirty goes to `dirt`."""
    arrival = date(
        int(row["arrival_date_year"]),
        MONTHS.index(row["arrival_date_month"]) + 1,
        int(row["arrival_date_day_of_month"]),
    )
    children = _children(row, line, dirt)
    booking = Booking(
        line=line,
        status=STATUSES[row["reservation_status"]],
        status_date=date.fromisoformat(row["reservation_status_date"]),
        room_type=row["assigned_room_type"].strip(),
        arrival=arrival,
        nights=int(row["stays_in_weekend_nights"]) + int(row["stays_in_week_nights"]),
        created=arrival - timedelta(int(row["lead_time"])),
        adr=cents(row["adr"]),
        adults=_adults(row, line, children, dirt),
        children=children,
        country=_country(row, line, dirt),
        source=SOURCES.get(row["market_segment"], "Other"),
        booking_changes=int(row["booking_changes"]),
        has_deposit=row["deposit_type"].strip() != "No Deposit",
    )
    _note_price_and_dates(row, booking, dirt)
    return booking


def _children(row, line, dirt):
    """Children and babies together; NA counts as none."""
    text = row["children"]
    if text in ("NA", "NULL", ""):
        dirt.append(Dirt(line, "children", text, "not a number", "taken as 0"))
        text = "0"
    return int(text) + int(row["babies"])


def _adults(row, line, children, dirt):
    """At least one guest: a booking for nobody becomes one adult."""
    adults = int(row["adults"])
    if adults + children == 0:
        dirt.append(Dirt(line, "adults", row["adults"], "a booking without guests", "taken as 1 adult"))
        return 1
    return adults


def _country(row, line, dirt):
    """The country as it stands; NULL is the publication's word for unknown."""
    country = row["country"].strip()
    if country == "NULL":
        return ""
    if len(country) != 3:
        dirt.append(Dirt(line, "country", country, "not an ISO alpha-3 code", "kept as it is"))
    return country


def _note_price_and_dates(row, booking, dirt):
    """A price below zero, and a status date that contradicts the nights."""
    if booking.is_bad:
        dirt.append(Dirt(booking.line, "adr", row["adr"], "a price below zero",
                         "left as it is: the importer has to refuse the row"))
    due = booking.departure if booking.status == "checked_out" else booking.arrival
    if booking.status != "cancelled" and booking.status_date != due:
        dirt.append(Dirt(booking.line, "reservation_status_date", row["reservation_status_date"],
                         "contradicts the nights booked", f"the nights count: {due}"))
