"""What the hotel must answer, summed up from the published rows alone."""

from collections import Counter
from datetime import date, timedelta


class Sums:
    """Nights sold, revenue and reservations of a set of bookings, by day."""

    def __init__(self, bookings):
        self.sold = Counter()
        self.free_of_charge = Counter()
        self.revenue = Counter()
        self.status = Counter()
        self.source = Counter()
        self.count = 0
        for booking in bookings:
            if not booking.is_bad:
                self._add(booking)

    def _add(self, booking):
        self.count += 1
        self.status[booking.arrival, booking.status] += 1
        self.source[booking.arrival, booking.source] += 1
        if not booking.is_stay:
            return
        for night in booking.each_night():
            self.sold[night] += 1
            self.revenue[night] += booking.adr
            self.free_of_charge[night] += booking.adr == 0

    def period(self):
        """First and last date with an arrival or a night sold."""
        dates = [day for day, _ in self.status] + list(self.sold)
        return min(dates), max(dates)

    def sold_between(self, first, last):
        return _between(self.sold, first, last)

    def revenue_between(self, first, last):
        return _between(self.revenue, first, last)

    def status_between(self, first, last):
        """Reservations by status, of the arrivals in these days."""
        return _grouped(self.status, first, last)

    def source_between(self, first, last):
        """Reservations by source, of the arrivals in these days."""
        return _grouped(self.source, first, last)


def ratio(amount, count):
    """Amount ÷ count in cents, rounded half up; nothing sold is nothing."""
    return (2 * amount + count) // (2 * count) if count else 0


def differences(found, wanted):
    """The nights whose count or amount is not the one wanted."""
    return [f"{night}: {found[night]} instead of {wanted[night]}"
            for night in sorted({*found, *wanted}) if found[night] != wanted[night]]


def days(first, last):
    """Every date from first to last, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def months(first, last):
    """(first day, last day) of each month that the period touches."""
    found, start = [], first.replace(day=1)
    while start <= last:
        following = (start + timedelta(32)).replace(day=1)
        found.append((start, following - timedelta(1)))
        start = following
    return found


def month_of(text):
    """First and last day of a month given as YYYY-MM."""
    start = date.fromisoformat(f"{text}-01")
    return months(start, start)[0]


def _between(counter, first, last):
    return sum(counter[day] for day in days(first, last))


def _grouped(counter, first, last):
    grouped = Counter()
    for (day, name), value in counter.items():
        if first <= day <= last:
            grouped[name] += value
    return grouped
