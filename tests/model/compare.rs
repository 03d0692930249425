//! The model's house against what the program answers and what its file holds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::desk::{Desk, amount, date};
use super::house::{Cents, Day, House, Night, Status};

/// Everything that must be the same after each step.
pub fn after_each_step(desk: &Desk, house: &House) {
    reservations(desk, house);
    nights(desk, house);
    rooms(desk, house);
    ledgers(desk, house);
    trial_balance(desk, house);
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn reservations(desk: &Desk, house: &House) {
    let listed = desk.list("/api/reservations?page_size=100");
    assert_eq!(listed.len(), house.stays.len(), "stays listed");
    for (i, stay) in house.stays.iter().enumerate() {
        let row = &listed[&(i as u64 + 1)];
        let seen = [
            "status",
            "room_id",
            "room_type_id",
            "check_in_date",
            "check_out_date",
            "is_day_use",
            "is_room_locked",
            "total_amount",
            "total_paid",
            "balance",
            "room_amount",
        ]
        .map(|field| text(&row[field]));
        let booked: Cents = stay.nights.values().map(|n| n.cents).sum();
        let expected = [
            json!(stay.status.word()),
            json!(stay.room.map(|r| r + 1)),
            json!(stay.kind + 1),
            json!(date(stay.arrival)),
            json!(date(stay.departure)),
            json!(stay.is_by_day),
            json!(stay.is_locked),
            amount(house.total(i)),
            amount(house.paid(i)),
            amount(house.balance(i)),
            amount(booked),
        ]
        .map(|value| text(&value));
        assert_eq!(seen, expected, "stay {}", i + 1);
    }
}

/// The nights as they are kept, and the table whose key forbids selling one twice.
fn nights(desk: &Desk, house: &House) {
    let seen = desk.rows(
        "SELECT CAST(reservation_id AS TEXT), night, kind, CAST(room_id AS TEXT), CAST(room_type_id AS TEXT), CAST(rate AS TEXT),
            CAST(is_rate_typed AS TEXT), CAST(is_held AS TEXT), CAST(is_posted AS TEXT),
            (SELECT group_concat(json_extract(value, '$.quantity') || ' ' || json_extract(value, '$.name'), ', ') FROM json_each(extras))
        FROM reservation_night ORDER BY reservation_id, night",
    );
    let flag = |is: bool| u8::from(is).to_string();
    let number = |place: Option<usize>| place.map_or("-".to_owned(), |p| (p + 1).to_string());
    let mut expected = Vec::new();
    for (i, stay) in house.stays.iter().enumerate() {
        for (day, n) in &stay.nights {
            expected.push(vec![
                number(Some(i)),
                date(*day),
                if n.is_by_day { "day_use" } else { "night" }.to_owned(),
                number(n.room),
                number(Some(n.sold_as)),
                n.cents.to_string(),
                flag(n.is_typed),
                flag(n.is_held),
                flag(n.is_posted),
                along(n, *day == stay.arrival),
            ]);
        }
    }
    assert_eq!(seen, expected, "nights");
    let seen = desk.rows(
        "SELECT CAST(room_id AS TEXT), night, CAST(reservation_id AS TEXT) FROM room_night
        UNION ALL SELECT CAST(room_id AS TEXT), day, 'by day ' || reservation_id FROM room_day ORDER BY 1, 2, 3",
    );
    let taken = house.room_nights().into_iter().map(|(room, day, who)| vec![number(Some(room)), date(day), number(who)]);
    let by_day =
        house.room_days().into_iter().map(|(room, day, who)| vec![number(Some(room)), date(day), format!("by day {}", who + 1)]);
    let mut expected: Vec<Vec<String>> = taken.chain(by_day).collect();
    expected.sort();
    assert_eq!(seen, expected, "rooms taken");
}

/// What is sold along with a night, as it is kept with it.
fn along(night: &Night, is_first: bool) -> String {
    match night.has_package {
        true => format!("{} Breakfast, 1 Parking, {} Bottle", night.party.0 + night.party.1, u8::from(is_first)),
        false => "-".to_owned(),
    }
}

fn rooms(desk: &Desk, house: &House) {
    let listed = desk.list("/api/rooms?page_size=100");
    for (i, room) in house.rooms.iter().enumerate() {
        let row = &listed[&(i as u64 + 1)];
        let guest = house.occupant(i, None).map(|stay| format!("Guest {}", stay + 1));
        let occupancy = if guest.is_some() { "occupied" } else { "vacant" };
        let seen = (text(&row["housekeeping"]), text(&row["occupancy"]), row["guest_name"].clone());
        assert_eq!(seen, (room.state.to_owned(), occupancy.to_owned(), json!(guest)), "room {}", room.number);
    }
}

fn ledgers(desk: &Desk, house: &House) {
    let id = |place: Option<usize>| place.map_or("-".to_owned(), |p| (p + 1).to_string());
    let seen = desk.rows(
        "SELECT CAST(row_number() OVER (ORDER BY id) AS TEXT), CAST(reservation_id AS TEXT), kind, CAST(amount AS TEXT), business_date,
            CASE kind WHEN 'void' THEN CAST((SELECT count(*) FROM charge AS o WHERE o.id <= charge.reverses_id) AS TEXT) END
        FROM charge ORDER BY id",
    );
    let lines = house.lines.iter().enumerate();
    let expected: Vec<Vec<String>> = lines
        .map(|(i, l)| vec![id(Some(i)), id(Some(l.stay)), l.kind.to_owned(), l.cents.to_string(), date(l.on), id(l.reverses)])
        .collect();
    assert_eq!(seen, expected, "charges");
    let seen = desk.rows(
        "SELECT CAST(row_number() OVER (ORDER BY id) AS TEXT), CAST(reservation_id AS TEXT), kind, CAST(amount AS TEXT), business_date,
            CASE WHEN reverses_id THEN CAST((SELECT count(*) FROM payment AS o WHERE o.id <= payment.reverses_id) AS TEXT) END
        FROM payment ORDER BY id",
    );
    let payments = house.payments.iter().enumerate();
    let expected: Vec<Vec<String>> = payments
        .map(|(i, p)| vec![id(Some(i)), id(Some(p.stay)), p.kind.to_owned(), p.cents.to_string(), date(p.on), id(p.reverses)])
        .collect();
    assert_eq!(seen, expected, "payments");
}

/// Both ledgers of each stay, and so of the whole house: what was paid ahead and not earned yet is a deposit, all
/// the rest is what the guests owe or are owed.
fn trial_balance(desk: &Desk, house: &House) {
    let seen = desk.rows(
        "SELECT CAST(reservation_id AS TEXT), CAST(-sum(amount) FILTER (WHERE ledger = 'deposit') AS TEXT),
            CAST(sum(amount) FILTER (WHERE ledger = 'guest') AS TEXT)
        FROM posting GROUP BY reservation_id ORDER BY reservation_id",
    );
    let seen: Vec<Vec<i64>> = seen.iter().map(|row| row.iter().map(|value| value.parse().unwrap_or(0)).collect()).collect();
    let mut expected = Vec::new();
    for (at, stay) in house.stays.iter().enumerate() {
        let charged: i64 = house.lines.iter().filter(|line| line.stay == at).map(|line| line.cents).sum();
        let paid: i64 = house.payments.iter().filter(|payment| payment.stay == at).map(|payment| payment.cents).sum();
        let deposit = match stay.status {
            Status::Tentative | Status::Confirmed => paid,
            Status::CheckedIn | Status::CheckedOut => 0,
            Status::Cancelled | Status::NoShow => (paid - charged).max(0),
        };
        if house.lines.iter().any(|line| line.stay == at) || house.payments.iter().any(|payment| payment.stay == at) {
            expected.push(vec![at as i64 + 1, deposit, charged - paid + deposit]);
        }
    }
    assert_eq!(seen, expected, "deposits and what is owed, by stay");
}

/// What takes longer to ask, asked now and then: what the front desk looks at.
pub fn at_the_end(desk: &Desk, house: &House) {
    details(desk, house);
    availability(desk, house);
    today(desk, house);
    statistics(desk, house);
    day_lists(desk, house);
}

fn details(desk: &Desk, house: &House) {
    for (i, stay) in house.stays.iter().enumerate() {
        let shown = desk.get(&format!("/api/reservations/{}", i + 1)).expect(200);
        let rows = shown["nightly"].as_array().expect("nights");
        let seen: Vec<(String, String, String)> =
            rows.iter().map(|n| (text(&n["date"]), text(&n["rate"]), text(&n["room_id"]))).collect();
        let is_off = matches!(stay.status, Status::Cancelled | Status::NoShow);
        // What an overdue guest's room is held for tonight has no price yet.
        let is_hold = |day: Day| stay.is_overdue(house.today) && day == house.today;
        let nights = stay.nights.iter().filter(|(day, n)| (n.is_held || is_off) && !is_hold(**day));
        let row =
            |(day, n): (&Day, &super::house::Night)| (date(*day), text(&amount(n.cents)), text(&json!(n.room.map(|r| r + 1))));
        assert_eq!(seen, nights.map(row).collect::<Vec<_>>(), "nights of stay {}", i + 1);
        if stay.status.is_coming() {
            let fee = text(&amount(house.cancellation_fee(i)));
            assert_eq!(text(&shown["cancellation"]["fee_now"]), fee, "fee of stay {}", i + 1);
        }
        let folio = desk.get(&format!("/api/reservations/{}/folio", i + 1)).expect(200);
        assert_eq!(text(&folio["balance"]), text(&amount(house.balance(i))), "folio of stay {}", i + 1);
        let lines: Vec<(String, bool)> = folio["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|l| (text(&l["amount"]), l["voided"].as_bool().expect("voided")))
            .collect();
        let own = house.lines.iter().enumerate().filter(|(_, l)| l.stay == i);
        let expected: Vec<(String, bool)> = own.map(|(at, l)| (text(&amount(l.cents)), house.is_voided(at))).collect();
        assert_eq!(lines, expected, "lines of stay {}", i + 1);
    }
}

/// What is offered is what could be booked: one room free throughout, no promise broken.
fn availability(desk: &Desk, house: &House) {
    for (from, nights) in [(0, 1), (0, 0), (1, 3), (2, 5), (4, 0), (5, 2)] {
        let (arrival, departure) = (house.today + from, house.today + from + nights);
        let days = super::house::days_of(arrival, departure);
        let target = format!("/api/rooms/available?check_in_date={}&check_out_date={}", date(arrival), date(departure));
        let offered = desk.get(&target).expect(200);
        for (kind, offer) in offered["items"].as_array().expect("items").iter().enumerate() {
            let free = |room: &usize| house.rooms[*room].kind == kind && house.is_free(*room, &days, nights == 0, usize::MAX);
            let mut rooms: Vec<usize> = (0..house.rooms.len()).filter(free).collect();
            if from == 0 {
                rooms.sort_by_key(|room| house.place_in_offer(*room));
            }
            let rooms: Vec<u64> = rooms.into_iter().map(|room| room as u64 + 1).collect();
            let seen: Vec<u64> =
                offer["rooms"].as_array().expect("rooms").iter().map(|r| r["id"].as_u64().expect("an id")).collect();
            assert_eq!(seen, rooms, "rooms of kind {kind} free from {arrival} to {departure}");
            let left = days.iter().map(|day| house.left(kind, *day)).min().unwrap_or(0).max(0);
            let count = i64::try_from(rooms.len()).expect("few");
            let sellable = if nights == 0 { count } else { left.min(count) };
            assert_eq!(offer["available_count"], json!(sellable), "kind {kind} from {arrival} to {departure}");
            let rates: Vec<String> = offer["nightly"].as_array().expect("nights").iter().map(|n| text(&n["rate"])).collect();
            let quoted: Vec<String> = days.iter().map(|day| text(&amount(house.quote(kind, *day)))).collect();
            assert_eq!(rates, quoted, "prices of kind {kind} from {arrival}");
        }
    }
}

fn today(desk: &Desk, house: &House) {
    let shown = desk.get("/api/dashboard/today").expect(200);
    let count = |is: &dyn Fn(&super::house::Stay) -> bool| house.stays.iter().filter(|s| is(s)).count();
    let in_house = count(&|s| s.status == Status::CheckedIn);
    assert_eq!(shown["in_house"], json!(in_house), "in house");
    assert_eq!(shown["rooms"]["occupied"], json!(in_house), "one guest a room");
    let mut vacant: BTreeMap<&str, usize> = ["vacant_dirty", "vacant_out_of_order", "vacant_ready"].map(|part| (part, 0)).into();
    for (i, room) in house.rooms.iter().enumerate().filter(|(i, _)| house.occupant(*i, None).is_none()) {
        let days = |b: &super::house::Block| b.from <= house.today && house.today < b.to;
        let is_out = house.blocks.iter().any(|b| b.room == i && b.is_out_of_order && !b.is_released && days(b));
        let part = if is_out {
            "vacant_out_of_order"
        } else if room.state == "dirty" {
            "vacant_dirty"
        } else {
            "vacant_ready"
        };
        *vacant.entry(part).or_default() += 1;
    }
    for (part, n) in vacant {
        assert_eq!(shown["rooms"][part], json!(n), "{part}");
    }
    let pending = count(&|s| s.status.is_coming() && s.arrival <= house.today);
    assert_eq!(shown["arrivals_pending"], json!(pending), "arrivals still to come");
    let leaving = count(&|s| s.status == Status::CheckedIn && s.departure <= house.today);
    assert_eq!(shown["departures_pending"], json!(leaving), "departures still to come");
    let late = count(&|s| s.status.is_coming() && s.arrival < house.today);
    assert_eq!(shown["arrivals_overdue"], json!(late), "overdue arrivals");
    let staying = count(&|s| s.is_overdue(house.today));
    assert_eq!(shown["departures_overdue"], json!(staying), "overdue departures");
    let has_stayed = |i: &usize| matches!(house.stays[*i].status, Status::CheckedIn | Status::CheckedOut);
    let due: Cents = (0..house.stays.len()).filter(has_stayed).map(|i| house.balance(i).max(0)).sum();
    assert_eq!(text(&shown["balance_due"]), text(&amount(due)), "balance due");
    for (ahead, row) in (1..).zip(shown["next_7_days"].as_array().expect("days")) {
        let (sold, _) = sold(house, house.today + ahead);
        assert_eq!(row["sold"], json!(sold), "sold {ahead} days ahead");
    }
}

/// Nights sold on a date, and their price.
fn sold(house: &House, day: Day) -> (usize, Cents) {
    let held = house.stays.iter().filter_map(|s| s.nights.get(&day)).filter(|n| n.is_held && !n.is_by_day);
    held.fold((0, 0), |(count, cents), n| (count + 1, cents + n.cents))
}

fn statistics(desk: &Desk, house: &House) {
    let last = house.today + 14;
    let shown = desk.get(&format!("/api/dashboard/stats?from={}&to={}", date(0), date(last))).expect(200);
    let mut revenue = 0;
    for (day, row) in (0..).zip(shown["days"].as_array().expect("days")) {
        let (count, cents) = sold(house, day);
        revenue += cents;
        assert_eq!((&row["sold"], text(&row["room_revenue"])), (&json!(count), text(&amount(cents))), "day {day}");
    }
    assert_eq!(text(&shown["total"]["room_revenue"]), text(&amount(revenue)), "room revenue");
    let mut by_status: BTreeMap<&str, usize> = BTreeMap::new();
    for stay in house.stays.iter().filter(|s| s.arrival <= last) {
        *by_status.entry(stay.status.word()).or_default() += 1;
    }
    let seen: BTreeMap<String, u64> = shown["reservations_by_status"]
        .as_array()
        .expect("states")
        .iter()
        .map(|row| (text(&row["status"]), row["count"].as_u64().expect("a count")))
        .collect();
    let expected: BTreeMap<String, u64> = by_status.into_iter().map(|(word, n)| (word.to_owned(), n as u64)).collect();
    assert_eq!(seen, expected, "bookings by status");
    let received: Cents = house.payments.iter().map(|p| p.cents).sum();
    let methods = shown["payments_by_method"].as_array().expect("methods");
    let seen: Cents = methods.iter().map(|m| text(&m["amount"]).replace('.', "").parse::<Cents>().expect("cents")).sum();
    assert_eq!(seen, received, "payments");
}

fn day_lists(desk: &Desk, house: &House) {
    let wanted = |is: &dyn Fn(&super::house::Stay) -> bool| -> Vec<u64> {
        (0..house.stays.len()).filter(|i| is(&house.stays[*i])).map(|i| i as u64 + 1).collect()
    };
    let listed = |target: &str| desk.list(target).into_keys().collect::<Vec<u64>>();
    assert_eq!(listed("/api/reservations/in-house?page_size=100"), wanted(&|s| s.status == Status::CheckedIn), "in house");
    let (today, has_come) = (house.today, |s: &super::house::Stay| matches!(s.status, Status::CheckedIn | Status::CheckedOut));
    let arriving = |s: &super::house::Stay| (s.status.is_coming() && s.arrival <= today) || (has_come(s) && s.arrival == today);
    assert_eq!(listed("/api/reservations/arrivals?page_size=100"), wanted(&arriving), "arrivals");
    let departing = |s: &super::house::Stay| (has_come(s) && s.departure == today) || s.is_overdue(today);
    assert_eq!(listed("/api/reservations/departures?page_size=100"), wanted(&departing), "departures");
    for word in ["tentative", "confirmed", "checked_in", "checked_out", "cancelled", "no_show"] {
        let target = format!("/api/reservations?page_size=100&status={word}");
        assert_eq!(listed(&target), wanted(&|s| s.status.word() == word), "those {word}");
    }
}
