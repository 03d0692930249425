"""How many rooms of each type the hotel needs: the data names no rooms."""

from collections import Counter, defaultdict
from datetime import timedelta


def for_import(bookings):
    """Rooms by type: the fullest night of each, but at least one.

    A day use is counted as if it took the night of its day, so that it finds
    a room whichever way the server books it.
    """
    taken = Counter()
    needed = {booking.room_type: 1 for booking in bookings}
    for booking in bookings:
        if booking.is_stay:
            for day in held_days(booking):
                taken[booking.room_type, day] += 1
    for (room_type, _), count in taken.items():
        needed[room_type] = max(needed[room_type], count)
    return dict(sorted(needed.items()))


def for_living(bookings):
    """Rooms by type that the bookings need while they are lived again.

    A booking holds its nights from its creation until it is cancelled or the
    morning after the guest did not come. The hotel took more bookings than it
    had rooms, counting on cancellations; overbooking is off here, so the
    rooms must be enough for every booking held at the same time.
    """
    holds = defaultdict(list)
    for booking in bookings:
        if not booking.is_bad:
            for day in held_days(booking):
                holds[booking.room_type, day].append((booking.created, released(booking, day)))
    needed = Counter()
    for (room_type, _), spans in holds.items():
        needed[room_type] = max(needed[room_type], _most_at_once(spans))
    return needed


def capacities(bookings):
    """(adults, children) that each type must hold: its largest party, within reason."""
    largest = {}
    for booking in bookings:
        adults, children = largest.get(booking.room_type, (1, 0))
        largest[booking.room_type] = max(adults, booking.adults), max(children, booking.children)
    return {code: (min(adults, 50), children) for code, (adults, children) in largest.items()}


def held_days(booking):
    """The nights a booking takes; the day itself for a day use."""
    return [booking.arrival] if booking.is_day_use else list(booking.each_night())


def released(booking, night):
    """The last day on which a booking still holds a night."""
    if booking.status == "cancelled":
        return booking.status_date
    if booking.status == "no_show":
        return booking.arrival + timedelta(1)
    return night


def _most_at_once(spans):
    """The largest number of spans (both ends included) sharing a day."""
    changes = sorted([(start, 0, 1) for start, _ in spans] + [(end, 1, -1) for _, end in spans])
    most = current = 0
    for _, _, step in changes:
        current += step
        most = max(most, current)
    return most
