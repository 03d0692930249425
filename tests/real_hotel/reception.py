"""What a receptionist does with one booking, through the API alone."""

import threading
from datetime import timedelta

from convert import guest_email, guest_name
from desk import Amount, Refused
from source import cents

ATTEMPTS = 60
# Why a price is not the list's.
AS_SOLD = "The price at which it was sold"
CHART_DAYS = 92


class Stay:
    """A booking while it is lived: what the desk knows of it."""

    def __init__(self, booking):
        self.booking = booking
        self.id = None
        self.extends_on = _extension_day(booking)

    @property
    def departure(self):
        """The departure as booked first: a stay that will be extended is a night short."""
        return self.booking.departure - timedelta(1 if self.extends_on else 0)

    @property
    def wants_room(self):
        """Every fourth booking is given its room at once."""
        return self.booking.line % 4 == 0 and not self.booking.is_day_use

    @property
    def settles_at_check_out(self):
        """Every second stay is paid by the check-out itself."""
        return self.booking.line % 2 == 0


class Reception:
    """The desk's tasks; every refusal that is no clash over a room is an error."""

    def __init__(self, room_types, payment_method):
        self._room_types = room_types
        self._method = payment_method
        self._juggling = threading.Lock()
        self._counting = threading.Lock()
        self.clashes = 0
        self.rooms_juggled = 0

    def book(self, desk, stay):
        """Creates the booking, with a room if it wants one and one is free."""
        booking = stay.booking
        body = self._booking_body(stay)
        created = self._book_with_room(desk, stay, body) if stay.wants_room else None
        created = created or desk.post("/api/reservations", room_type_id=self._type(booking), **body)
        stay.id = created["id"]
        _expect(stay, "price", body["total_amount"], cents(created["room_amount"]))
        if booking.has_deposit and booking.is_stay:
            self._pay(desk, stay, booking.total * 3 // 10, "downpayment")

    def cancel(self, desk, stay):
        desk.post(f"/api/reservations/{stay.id}/cancel", reason="The guest's plans changed")

    def no_show(self, desk, stay):
        desk.post(f"/api/reservations/{stay.id}/no-show", reason="Never arrived")

    def extend(self, desk, stay):
        """One night more; a booking that stands in the way is given another room."""
        path, until = f"/api/reservations/{stay.id}/extend", stay.booking.departure
        for attempt in range(ATTEMPTS):
            try:
                extended = desk.post(path, check_out_date=until, move_conflicting=attempt > 0)
                break
            except Refused as refused:
                self._clash(refused, attempt)
            if attempt > 0:
                room_id = desk.get(f"/api/reservations/{stay.id}")["room_id"]
                self._clear_room(desk, room_id, stay.departure, until)
        self._price_last_night(desk, stay, extended)

    def check_in(self, desk, stay):
        """Checks in to the room booked, or to one that is free now."""
        path = f"/api/reservations/{stay.id}"
        if desk.get(path)["room_id"] is not None:
            desk.post(f"{path}/check-in")
            return
        for attempt in range(ATTEMPTS):
            room_id = self._room_to_check_in(desk, stay, attempt)
            try:
                desk.post(f"{path}/check-in", room_id=room_id)
                return
            except Refused as refused:
                self._clash(refused, attempt)

    def check_out(self, desk, stay):
        """Takes what is still owed, checks out and has the room cleaned."""
        path = f"/api/reservations/{stay.id}"
        folio = desk.get(f"{path}/folio")
        _expect(stay, "folio", stay.booking.total, cents(folio["total_amount"]))
        balance = cents(folio["balance"])
        if balance and stay.settles_at_check_out:
            left = desk.post(f"{path}/check-out", settle={"payment_method": self._method})
        else:
            self._pay(desk, stay, balance, "full")
            left = desk.post(f"{path}/check-out")
        _expect(stay, "balance after check-out", 0, cents(left["balance"]))
        desk.put(f"/api/rooms/{left['room_id']}/status", housekeeping="clean")

    def day_use(self, desk, stay):
        """In and out on one day."""
        self.check_in(desk, stay)
        self.check_out(desk, stay)

    def _type(self, booking):
        return self._room_types[booking.room_type]

    def _booking_body(self, stay):
        booking = stay.booking
        nights = (stay.departure - booking.arrival).days
        return {
            "guest": {"full_name": guest_name(booking), "email": guest_email(booking),
                      "nationality": booking.country},
            "check_in_date": booking.arrival, "check_out_date": stay.departure,
            "adults": booking.adults, "children": booking.children,
            "total_amount": Amount(booking.adr * nights), "source": booking.source,
            "reason": AS_SOLD,
        }

    def _book_with_room(self, desk, stay, body):
        """Books a room by its number; nothing when none is free throughout."""
        for attempt in range(ATTEMPTS):
            room_id = self._free_room(desk, stay, attempt)
            if room_id is None:
                return None
            try:
                return desk.post("/api/reservations", room_id=room_id, **body)
            except Refused as refused:
                self._clash(refused, attempt)
        return None

    def _room_to_check_in(self, desk, stay, attempt):
        """A vacant room for a day guest; for others one that is free throughout."""
        if not stay.booking.is_day_use:
            return self._free_room(desk, stay, attempt) or self._cleared_room(desk, stay)
        rooms = desk.get("/api/rooms", room_type_id=self._type(stay.booking), occupancy="vacant",
                         page_size=100)["items"]
        return _pick(desk, rooms, attempt)

    def _free_room(self, desk, stay, attempt):
        """A room that is free throughout; nothing when there is none."""
        offers = desk.get("/api/rooms/available", check_in_date=stay.booking.arrival,
                          check_out_date=stay.departure, room_type_id=self._type(stay.booking))["items"]
        return _pick(desk, offers[0]["rooms"] if offers else [], attempt)

    def _cleared_room(self, desk, stay):
        """A vacant room of the type, made free by taking later bookings out of it."""
        arrival, type_id = stay.booking.arrival, self._type(stay.booking)
        with self._juggling:
            chart = _chart(desk, arrival, stay.departure)
            tonight = {bar["room_id"] for bar in chart["stays"] if bar["from"] <= arrival.isoformat() < bar["to"]}
            vacant = [room["id"] for room in chart["rooms"]
                      if room["room_type_id"] == type_id and room["id"] not in tonight]
            if not vacant:
                raise Refused("GET", "/api/tape-chart", 409, f"no room of type {stay.booking.room_type} is vacant")
            self._unassign(desk, chart, vacant[0])
        return vacant[0]

    def _clear_room(self, desk, room_id, first, end):
        """Takes the bookings that have not arrived out of a room."""
        with self._juggling:
            self._unassign(desk, _chart(desk, first, end), room_id)

    def _unassign(self, desk, chart, room_id):
        for bar in chart["stays"]:
            if bar["room_id"] == room_id and bar["status"] in ("tentative", "confirmed"):
                desk.patch(f"/api/reservations/{bar['reservation_id']}", room_id=None)
                self.rooms_juggled += 1

    def _price_last_night(self, desk, stay, extended):
        """The added night at the booking's own rate."""
        nightly = {night["date"]: cents(night["rate"]) for night in extended["nightly"]}
        last = stay.departure.isoformat()
        if nightly[last] != stay.booking.adr:
            extended = desk.patch(f"/api/reservations/{stay.id}",
                                  nightly=[{"date": last, "rate": Amount(stay.booking.adr)}],
                                  reason=AS_SOLD)
        _expect(stay, "price after the extension", stay.booking.total, cents(extended["room_amount"]))

    def _pay(self, desk, stay, amount, payment_type):
        if amount:
            desk.post("/api/payments", reservation_id=stay.id, amount=Amount(amount),
                      payment_method=self._method, payment_type=payment_type)

    def _clash(self, refused, attempt):
        """A room that another client was faster to get; anything else is an error."""
        if refused.status != 409 or attempt + 1 == ATTEMPTS:
            raise refused
        with self._counting:
            self.clashes += 1


def _pick(desk, rooms, attempt):
    """The first room, as every desk would; after a clash another one."""
    return rooms[attempt * (desk.number + 1) % len(rooms)]["id"] if rooms else None


def _extension_day(booking):
    """The day on which a stay is extended: half-way, if its booking was changed."""
    if not booking.is_stay or booking.booking_changes == 0 or booking.nights < 2:
        return None
    return booking.arrival + timedelta(max(1, (booking.nights - 1) // 2))


def _chart(desk, first, end):
    window = min(max((end - first).days, 1), CHART_DAYS)
    return desk.get("/api/tape-chart", **{"from": first, "days": window})


def _expect(stay, what, wanted, answered):
    if wanted != answered:
        raise ValueError(f"{stay.booking.external_id} {what}: {answered} instead of {wanted} cents")
