"""Lives one month of the hotel again through the API, by several clients at once."""

import random
import time
from collections import defaultdict
from datetime import timedelta
from functools import partial

import answers
import ledger
from convert import guest_name
from crew import Crew
from desk import percentile
from reception import Reception, Stay
from source import cents, euros
from sums import Sums, days

NAME = "lived: "


class Calendar:
    """What falls due on which day."""

    def __init__(self, bookings):
        self.stays = [Stay(booking) for booking in bookings if not booking.is_bad]
        self.created = self._by(lambda stay: stay.booking.created)
        self.cancelled = self._by(lambda stay: stay.booking.status == "cancelled" and stay.booking.status_date)
        self.no_shows = self._by(lambda stay: stay.booking.status == "no_show"
                                 and stay.booking.arrival + timedelta(1))
        self.extended = self._by(lambda stay: stay.extends_on)
        self.arriving = self._by(lambda stay: stay.booking.is_stay and not stay.booking.is_day_use
                                 and stay.booking.arrival)
        self.day_uses = self._by(lambda stay: stay.booking.is_stay and stay.booking.is_day_use
                                 and stay.booking.arrival)
        self.departing = self._by(lambda stay: stay.booking.is_stay and not stay.booking.is_day_use
                                  and stay.booking.departure)

    def last_day(self):
        """The day on which everything has come to its end."""
        return max(max(due) for due in (self.created, self.cancelled, self.no_shows, self.departing) if due)

    def _by(self, day_of):
        """The stays by the day on which something is due; those without one left out."""
        due = defaultdict(list)
        for stay in self.stays:
            if day := day_of(stay):
                due[day].append(stay)
        return due


class Month:
    """The run itself: day after day, each in the order in which a hotel's day goes."""

    def __init__(self, crew, owner, reception, calendar):
        self._crew, self._owner, self._reception, self._calendar = crew, owner, reception, calendar
        self._shuffle = random.Random(1).shuffle

    def live_before(self, first):
        """The bookings and cancellations of the time before, in their order."""
        calendar, desk = self._calendar, self._reception
        for day in sorted(day for day in {*calendar.created, *calendar.cancelled} if day < first):
            self._do((desk.book, calendar.created[day]))
            self._do((desk.cancel, calendar.cancelled[day]))

    def live(self, day):
        """One day: morning, check-outs, day guests, arrivals."""
        calendar, desk = self._calendar, self._reception
        old, new = [], []
        for stay in calendar.cancelled[day]:
            (new if stay.booking.created == day else old).append(stay)
        self._do((desk.no_show, calendar.no_shows[day]), (desk.extend, calendar.extended[day]),
                 (desk.cancel, old), (desk.book, calendar.created[day]))
        self._do((desk.check_out, calendar.departing[day]), (desk.cancel, new))
        self._do((desk.day_use, calendar.day_uses[day]))
        self._do((desk.check_in, calendar.arriving[day]))

    def turn_to(self, day):
        """Closes the day before."""
        self._owner.post("/api/day-close", business_date=day - timedelta(days=1), undecided="carry")

    def in_house(self):
        return self._owner.get("/api/dashboard/today")["in_house"]

    def _do(self, *work):
        """Has several kinds of work done at the same time, mixed."""
        tasks = [partial(_with_desk, action, stay) for action, stays in work for stay in stays]
        self._shuffle(tasks)
        self._crew.work(tasks)


def live_month(checks, hotel, bookings, room_count, clients, payment_method):
    """Lives the bookings again in a hotel that is set up for it, and proves its sums."""
    calendar, sums = Calendar(bookings), Sums(bookings)
    crew, owner = Crew(hotel, clients), hotel.desk()
    try:
        _add_sources(owner, bookings)
        reception = Reception(_room_types(owner), payment_method)
        start = time.monotonic()
        _live(checks, Month(crew, owner, reception, calendar), calendar, sums, min(b.arrival for b in bookings))
        _report(checks, crew, reception, time.monotonic() - start)
        _prove(checks, owner, calendar, sums, room_count)
    finally:
        crew.dismiss()
        owner.close()
    checks.equal(f"{NAME}the server ended in order", 0, hotel.stop())
    ledger.prove(checks, ledger.Ledger(hotel.database), sums, NAME)


def _with_desk(action, stay, desk):
    action(desk, stay)


def _live(checks, month, calendar, sums, first_arrival):
    """All days in order; after each, the guests in the house are counted."""
    first = first_arrival.replace(day=1)
    month.live_before(first)
    wrong = []
    for day in days(first, calendar.last_day()):
        if day > first:
            month.turn_to(day)
        month.live(day)
        if (in_house := month.in_house()) != sums.sold[day]:
            wrong.append(f"{day}: {in_house} instead of {sums.sold[day]}")
    checks.none(f"{NAME}rooms in house on each evening", wrong)


def _report(checks, crew, reception, seconds):
    """What the clients met: requests, clashes, refusals, latencies."""
    statuses, latencies = crew.statuses(), crew.latencies()
    checks.say(f"{len(latencies)} requests by {len(crew.desks)} clients in {seconds:.1f} s "
               f"({len(latencies) / seconds:.0f} a second); answers {dict(sorted(statuses.items()))}")
    checks.say(f"409 answered {statuses[409]} times, {reception.clashes} of them clashes over a room "
               f"that were tried again; {reception.rooms_juggled} rooms taken back to fit a stay")
    checks.say(f"latency p50 {percentile(latencies, 0.50) * 1000:.2f} ms, "
               f"p99 {percentile(latencies, 0.99) * 1000:.2f} ms, slowest {max(latencies) * 1000:.0f} ms")
    checks.none(f"{NAME}no step was refused or answered wrongly", crew.failures)
    checks.equal(f"{NAME}answers of 500 and above", 0, sum(n for status, n in statuses.items() if status >= 500))
    checks.equal(f"{NAME}every 409 was a clash tried again", statuses[409], reception.clashes)


def _prove(checks, owner, calendar, sums, room_count):
    """The month's sums as the server answers them."""
    answers.prove_statistics(checks, owner, sums, room_count, NAME)
    answers.prove_tape_chart(checks, owner, sums, NAME)
    first, _ = sums.period()
    methods = answers.statistics(owner, first, calendar.last_day())["payments_by_method"]
    checks.equal(f"{NAME}payments = revenue", euros(sum(sums.revenue.values())),
                 euros(sum(cents(line["amount"]) for line in methods)))
    _prove_reservations(checks, owner, [stay.booking for stay in calendar.stays])


def _prove_reservations(checks, owner, bookings):
    """Every reservation, found by its guest's name, ended as the row says."""
    listed = {item["guest_name"]: item for item in owner.every("/api/reservations", sort="check_in_date")}
    wrong = []
    for booking in bookings:
        wrong += _ended_otherwise(booking, listed.get(guest_name(booking)))
    checks.none(f"{NAME}each reservation's dates, status and payments", wrong)
    owing = owner.get("/api/reservations", balance_due="true")["total"]
    checks.equal(f"{NAME}reservations with a balance left", 0, owing)


def _ended_otherwise(booking, answered):
    if answered is None:
        return [f"{booking.external_id} is not listed"]
    wanted = {
        "status": booking.status,
        "check_in_date": booking.arrival.isoformat(),
        "check_out_date": booking.departure.isoformat(),
        "balance": 0,
        "total_paid": booking.total if booking.is_stay else 0,
    }
    found = {field: cents(answered[field]) if field in ("balance", "total_paid") else answered[field]
             for field in wanted}
    return [] if found == wanted else [f"{booking.external_id}: {found} instead of {wanted}"]


def _add_sources(owner, bookings):
    """The booking sources of the data that the hotel does not know yet."""
    known = {item["name"].casefold() for item in owner.every("/api/booking-sources")}
    for name in sorted({booking.source for booking in bookings}):
        if name.casefold() not in known:
            owner.post("/api/booking-sources", name=name)


def _room_types(owner):
    return {item["code"]: item["id"] for item in owner.every("/api/room-types")}
