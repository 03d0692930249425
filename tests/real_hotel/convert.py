"""Writes bookings in Innkeeper's import format (`innkeeper import --template`)."""

import csv

from source import euros

COLUMNS = (
    "external_id,status,room_type,room_number,guest_name,guest_email,guest_phone,"
    "guest_nationality,check_in_date,check_out_date,adults,children,total_amount,"
    "paid_amount,payment_method,source,created_date,cancelled_date,notes"
).split(",")


def write(bookings, path, payment_method):
    """Writes the import file; answers the line of each bad row in it.

    The rows come in the order of their arrivals: first-fit over stays sorted
    by arrival needs no more rooms than the fullest night.
    """
    bad_lines = {}
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for line, booking in enumerate(sorted(bookings, key=_by_arrival), start=2):
            writer.writerow(import_row(booking, payment_method))
            if booking.is_bad:
                bad_lines[line] = booking
    return bad_lines


def import_row(booking, payment_method):
    """One booking as a row of the import file."""
    is_paid = booking.status == "checked_out" and booking.total > 0
    is_cancelled = booking.status == "cancelled"
    return {
        "external_id": booking.external_id,
        "status": booking.status,
        "room_type": booking.room_type,
        "room_number": "",
        "guest_name": guest_name(booking),
        "guest_email": guest_email(booking),
        "guest_phone": "",
        "guest_nationality": booking.country,
        "check_in_date": booking.arrival,
        "check_out_date": booking.departure,
        "adults": booking.adults,
        "children": booking.children,
        "total_amount": euros(booking.total),
        "paid_amount": euros(booking.total) if is_paid else "0.00",
        "payment_method": payment_method if is_paid else "",
        "source": booking.source,
        "created_date": booking.created,
        "cancelled_date": booking.status_date if is_cancelled else "",
        "notes": "",
    }


def guest_name(booking):
    """The data names nobody: every booking gets a guest of its own."""
    return f"Guest {booking.external_id}"


def guest_email(booking):
    return f"{booking.external_id.lower()}@guest.example"


def _by_arrival(booking):
    return booking.arrival, booking.line
