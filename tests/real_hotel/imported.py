"""Imports the whole file and proves that the hotel then answers its sums."""

import re
import time

import answers
import convert
import ledger
from sums import Sums

NAME = "import: "


def import_all(checks, hotel, bookings, room_count, payment_method):
    """Dry run, refusal, import, import again; then the sums over the rows."""
    path = hotel.folder / "bookings.csv"
    bad_lines = convert.write(bookings, path, payment_method)
    checks.say(f"{len(bookings)} rows converted; the importer has to refuse {len(bad_lines)}")
    file = ledger.Ledger(hotel.database)
    _change_nothing(checks, hotel, file, path, bad_lines)
    _import(checks, hotel, file, path, bookings, bad_lines)
    _import_again(checks, hotel, file, path)
    sums = Sums(bookings)
    checks.equal(f"{NAME}reservations by status", _by_status(sums), file.statuses())
    ledger.prove(checks, file, sums, NAME)
    _prove_answers(checks, hotel, sums, room_count)


def prove_check(checks, hotel, name):
    """`innkeeper check` finds nothing wrong."""
    code, output = hotel.run("check")
    checks.that(f"{name}: `check` passes", code == 0, output.strip())


def _change_nothing(checks, hotel, file, path, bad_lines):
    """A dry run, and an import that a bad row stops, leave every row as it was."""
    before = file.fingerprint()
    code, output = hotel.run("import", "bookings", path, "--over-capacity", "--dry-run", "--skip-bad-rows")
    checks.that(f"{NAME}a dry run succeeds", code == 0, output.strip()[-500:])
    checks.that(f"{NAME}a dry run changes nothing", file.fingerprint() == before)
    code, output = hotel.run("import", "bookings", path, "--over-capacity")
    if not bad_lines:
        return
    checks.that(f"{NAME}a bad row stops it unless it may be skipped", code != 0, output.strip()[-500:])
    checks.that(f"{NAME}what was stopped changes nothing", file.fingerprint() == before)
    _prove_named(checks, output, bad_lines)


def _import(checks, hotel, file, path, bookings, bad_lines):
    """The real import, timed."""
    start = time.monotonic()
    code, output = hotel.run("import", "bookings", path, "--over-capacity", "--skip-bad-rows")
    seconds = time.monotonic() - start
    good = len(bookings) - len(bad_lines)
    _quote(checks, output)
    checks.say(f"{good} bookings in {seconds:.2f} s: {good / seconds:.0f} a second")
    checks.that(f"{NAME}succeeds with the bad rows skipped", code == 0, output.strip()[-500:])
    checks.equal(f"{NAME}reservations in the data file", good, file.one("SELECT count(*) FROM reservation"))
    checks.that(f"{NAME}its report names the count", good in _numbers(output), output.strip()[-500:])
    _prove_named(checks, output, bad_lines)


def _import_again(checks, hotel, file, path):
    """The same file once more adds nothing."""
    before = file.fingerprint()
    code, output = hotel.run("import", "bookings", path, "--over-capacity", "--skip-bad-rows")
    _quote(checks, output)
    checks.that(f"{NAME}a second time succeeds", code == 0, output.strip()[-500:])
    checks.that(f"{NAME}a second time changes nothing", file.fingerprint() == before)


def _prove_answers(checks, hotel, sums, room_count):
    """The running server's answers over the imported bookings."""
    hotel.start()
    desk = hotel.desk()
    checks.equal(f"{NAME}reservations listed", sums.count, desk.get("/api/reservations", page_size=1)["total"])
    whole = answers.prove_statistics(checks, desk, sums, room_count, NAME)
    answers.prove_tape_chart(checks, desk, sums, NAME)
    checks.say(f"{whole['total']['sold']} room-nights, revenue {whole['total']['room_revenue']}, "
               f"ADR {whole['total']['adr']}, as the published rows say")
    desk.close()
    checks.equal(f"{NAME}the server ended in order", 0, hotel.stop())


def _prove_named(checks, output, bad_lines):
    """The report names the line of each bad row."""
    missing = [line for line in bad_lines if line not in _numbers(output)]
    checks.none(f"{NAME}each bad row is named by its line", missing)


def _by_status(sums):
    return sums.status_between(*sums.period())


def _numbers(text):
    """All whole numbers in a text, with or without thousands separators."""
    return {int(re.sub(r"[, ]", "", found)) for found in re.findall(r"\d{1,3}(?:[, ]\d{3})+\b|\d+", text)}


def _quote(checks, output):
    """The last lines of a command's report."""
    for line in output.strip().splitlines()[-6:]:
        checks.say(f"| {line}")
