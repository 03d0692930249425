"""Proves that the statistics and the tape chart answer what the published rows say."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from desk import Amount
from source import cents, euros
from sums import days, differences, months, ratio

CHART_DAYS = 92


def prove_statistics(checks, desk, sums, rooms_total, name):
    """`/api/dashboard/stats` for the whole period, then month by month."""
    first, last = sums.period()
    whole = statistics(desk, first, last)
    checks.none(f"{name}room-nights sold, revenue, ADR and RevPAR of each of the {(last - first).days + 1} days",
                _day_differences(whole, sums, first, last, rooms_total))
    checks.none(f"{name}the same of each month, asked for the whole period",
                _month_differences(whole, sums, first, last, rooms_total))
    checks.none(f"{name}the same of the whole period",
                _differences("total", whole["total"], sums, first, last, rooms_total))
    checks.none(f"{name}reservations by status and by source, of the whole period",
                _group_differences(whole, sums, first, last))
    _prove_months(checks, desk, sums, rooms_total, name)
    _prove_report(checks, desk, sums, rooms_total, name)
    return whole


def _prove_report(checks, desk, sums, rooms_total, name):
    """The same months as the report tells them: each a row, with occupancy, ADR and revenue, and below them their sum."""
    first, last = sums.period()
    wrong, wanted = [], months(first, last)
    report = desk.get("/api/reports/forecast", **{"from": first, "to": last, "by": "month"})
    keys = [column["key"] for column in report["columns"]]
    if [row[0] for row in report["rows"]] != [str(max(start.replace(day=1), start)) for start, _ in wanted]:
        wrong.append(f"the months told are {[row[0] for row in report['rows']]}")
    for row, (start, end) in [*zip(report["rows"], wanted), (report["totals"], (first, last))]:
        line = dict(zip(keys, row))
        start, end = max(start, first), min(end, last)
        line["rooms_available"] = line["available"]
        wrong += _differences(f"{start} to {end}", line, sums, start, end, rooms_total)
        # In tenths of a percent, rounded half up.
        sold, available = sums.sold_between(start, end), rooms_total * ((end - start).days + 1)
        if round(line["occupancy"] * 10) != (2000 * sold + available) // (2 * available):
            wrong.append(f"{start} to {end} occupancy: {line['occupancy']} of {sold} nights of {available}")
    checks.none(f"{name}occupancy, ADR and revenue of each of the {len(wanted)} months and of all, in the report", wrong)


def _prove_months(checks, desk, sums, rooms_total, name):
    """Each month asked for alone: its days, its total and its reservations."""
    numbers, groups = [], []
    for start, end in months(*sums.period()):
        answer = statistics(desk, start, end)
        numbers += _day_differences(answer, sums, start, end, rooms_total)
        numbers += _month_differences(answer, sums, start, end, rooms_total)
        numbers += _differences(f"{start:%Y-%m}", answer["total"], sums, start, end, rooms_total)
        groups += _group_differences(answer, sums, start, end)
    checks.none(f"{name}room-nights sold, revenue, ADR and RevPAR, each month asked for alone", numbers)
    checks.none(f"{name}reservations by status and by source, each month asked for alone", groups)


def prove_tape_chart(checks, desk, sums, name):
    """Reads the rack window by window: no room twice, every night sold in it."""
    first, last = sums.period()
    twice, seen = [], Counter()
    start = first
    while start <= last:
        window = days(start, min(last, start + timedelta(CHART_DAYS - 1)))
        twice += _read_window(desk, window, seen)
        start = window[-1] + timedelta(1)
    checks.none(f"{name}tape chart: no two stays overlap in one room", twice)
    checks.none(f"{name}tape chart: the nights sold are in it, each in a room", differences(seen, sums.sold))


def _read_window(desk, window, seen):
    """Counts a window's nights into `seen`; answers rooms taken twice."""
    taken, twice = defaultdict(set), []
    chart = desk.get("/api/tape-chart", **{"from": window[0], "days": len(window)})
    for stay in chart["stays"]:
        if stay["room_id"] is None:
            continue
        for night in _nights(stay, window):
            if stay["room_id"] in taken[night]:
                twice.append(f"room {stay['room_id']} on {night}")
            taken[night].add(stay["room_id"])
    seen.update({night: len(rooms) for night, rooms in taken.items()})
    return twice


def _nights(stay, window):
    """The nights of a bar that lie in the window; a day use has none."""
    if stay["check_in_date"] == stay["check_out_date"]:
        return []
    start = max(date.fromisoformat(stay["from"]), window[0])
    end = min(date.fromisoformat(stay["to"]), window[-1] + timedelta(1))
    return [start + timedelta(n) for n in range((end - start).days)]


def statistics(desk, first, last):
    """The hotel's answer for a range of days."""
    return desk.get("/api/dashboard/stats", **{"from": first, "to": last})


def _day_differences(answer, sums, first, last, rooms_total):
    by_day = {line["date"]: line for line in answer["days"]}
    if list(by_day) != [str(day) for day in days(first, last)]:
        return [f"the days answered are not those from {first} to {last}"]
    return [difference for day, line in by_day.items()
            for difference in _differences(day, line, sums, *[date.fromisoformat(day)] * 2, rooms_total)]


def _month_differences(answer, sums, first, last, rooms_total):
    by_month = {line["month"]: line for line in answer["months"]}
    wanted = months(first, last)
    if list(by_month) != [f"{start:%Y-%m}" for start, _ in wanted]:
        return [f"the months answered are {list(by_month)}"]
    return [difference for start, end in wanted
            for difference in _differences(f"{start:%Y-%m}", by_month[f"{start:%Y-%m}"], sums,
                                           max(start, first), min(end, last), rooms_total)]


def _differences(name, line, sums, first, last, rooms_total):
    """What a line of the statistics answers otherwise than the sums."""
    sold, revenue = sums.sold_between(first, last), sums.revenue_between(first, last)
    available = rooms_total * ((last - first).days + 1)
    wanted = {
        "rooms_available": available,
        "sold": sold,
        "room_revenue": Amount(revenue),
        "adr": Amount(ratio(revenue, sold)),
        "revpar": Amount(ratio(revenue, available)),
    }
    return [f"{name} {field}: {line[field]} instead of {euros(value) if isinstance(value, Amount) else value}"
            for field, value in wanted.items() if not _same(value, line[field])]


def _same(wanted, answered):
    """Equal to the last cent; no answer counts as nothing."""
    if isinstance(wanted, Amount):
        return cents(answered or 0) == wanted
    return answered == wanted


def _group_differences(answer, sums, first, last):
    """Reservations by status and by source that differ from the sums."""
    wrong = []
    for field, wanted in (("status", sums.status_between(first, last)), ("source", sums.source_between(first, last))):
        counted = Counter({line[field]: line["count"] for line in answer[f"reservations_by_{field}"]})
        if +counted != +wanted:
            wrong.append(f"{first} to {last} by {field}: {dict(+counted)} instead of {dict(wanted)}")
    return wrong
