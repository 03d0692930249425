//! Bookings after random days at the desk, carried into an equal hotel that is empty.
//!
//! Every booking comes in, with the same nights, rooms, prices, payments, terms, balances and states.
//! `tests/long/carried` makes hundreds of them.

use std::cell::Cell;

use innkeeper::hotel::transfer::{self, ImportOptions, Report};
use proptest::test_runner::TestRunner;

use super::desk::Desk;
use super::house::House;
use super::operation::{Operation, Request, Target, step};
use super::{config, report};
use crate::support::running::{run, stdout, text};

/// Hotels of a run that names no count.
const CASES: u32 = 12;

/// Everything of the bookings that has to be the same.
const SAME: [&str; 5] = [
    "SELECT json_array(coalesce(external_id, confirmation_number), status, check_in_date, check_out_date, is_day_use, room_number,
        room_type_name, adults, children, room_amount, unposted_amount, charge_amount, paid_amount, balance, rate_plan_id,
        is_room_locked,
        (SELECT group_concat(concat_ws(' ', hours_before, fee_kind, fee_percent)) FROM policy_step WHERE policy_id = reservation.policy_id),
        (SELECT concat_ws(' ', no_show_fee_kind, no_show_fee_percent, deposit_kind, deposit_percent, deposit_amount, deposit_due,
            deposit_due_days) FROM policy WHERE id = reservation.policy_id),
        CASE WHEN status IN ('tentative', 'confirmed') THEN deposit_amount END)
    FROM reservation ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), n.night, n.kind, n.room_type_id, n.room_id, n.rate,
        n.is_rate_typed, n.is_held, n.is_posted, n.adults, n.children, CASE n.is_posted WHEN 0 THEN n.extras END)
    FROM reservation_night AS n JOIN reservation AS r ON r.id = n.reservation_id ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), t.night, t.room_id)
    FROM room_night AS t JOIN reservation AS r ON r.id = t.reservation_id ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), p.kind, p.amount, p.payment_method, p.payment_type,
        p.business_date, p.reference_number, p.notes, o.amount, o.business_date,
        row_number() OVER (PARTITION BY p.reservation_id ORDER BY p.id))
    FROM payment AS p JOIN reservation AS r ON r.id = p.reservation_id LEFT JOIN payment AS o ON o.id = p.reverses_id ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), t.day, t.room_id)
    FROM room_day AS t JOIN reservation AS r ON r.id = t.reservation_id ORDER BY 1",
];

/// Days at the desk, as far as the model and the program do them.
fn lived(steps: &[Request]) -> (House, Desk) {
    let mut house = House::empty();
    let mut desk = Desk::open(&house);
    for Request { operation, .. } in steps {
        let Some(target) = operation.target(&house) else { continue };
        let mut next = house.clone();
        let refused = next.apply(operation, &target);
        let answer = desk.ask(&house, operation, &target, false);
        if refused.is_empty() && (200..300).contains(&answer.status) {
            house = next;
        }
    }
    (house, desk)
}

/// The same rooms on the same business date, without a booking.
fn empty_on(day: i64) -> Desk {
    let mut house = House::empty();
    let mut desk = Desk::open(&house);
    while house.today < day {
        desk.ask(&house, &Operation::NextDay, &Target::Nothing, false).expect(200);
        house.today += 1;
        house.minute = house.minute.max(house.today * 1440 + 9 * 60);
    }
    desk
}

fn exported(desk: &Desk) -> Vec<u8> {
    let app = &desk.hotel.app;
    let mut csv = Vec::new();
    app.db.read(&app.own_context(), |conn| transfer::export(conn, &mut csv)).expect("exported");
    csv
}

/// A file's rows in an order of their own: an import makes bookings in the order of arrival.
fn sorted(csv: &[u8]) -> Vec<&[u8]> {
    let mut rows: Vec<&[u8]> = csv.split(|byte| *byte == b'\n').collect();
    rows.sort_unstable();
    rows
}

fn imported(desk: &Desk, csv: &[u8], options: ImportOptions) -> Report {
    let (app, csv) = (&desk.hotel.app, csv.to_vec());
    app.db
        .write_alone(app.own_context(), move |tx| transfer::import(tx, csv.as_slice(), &options, &mut |_, _| ()))
        .expect("a report")
}

fn carried(steps: &[Request]) -> u64 {
    let (house, first) = lived(steps);
    let csv = exported(&first);
    let second = empty_on(house.today);
    let report = imported(&second, &csv, ImportOptions::default());
    assert!(report.bad.is_empty(), "{report}{}", String::from_utf8_lossy(&csv));
    for sql in SAME {
        assert_eq!(first.rows(sql), second.rows(sql), "{sql}\n{}", String::from_utf8_lossy(&csv));
    }
    let again = exported(&second);
    for (one, other) in sorted(&csv).iter().zip(sorted(&again)) {
        assert_eq!(String::from_utf8_lossy(one), String::from_utf8_lossy(other), "what goes out again is the same file");
    }
    let again = imported(&first, &csv, ImportOptions { dry_run: true, ..ImportOptions::default() });
    assert!(again.differences.is_empty() && again.bad.is_empty() && again.imported == 0, "{again}");
    let checked = run(&["check", "--db", text(second.hotel.app.db.path())]);
    assert!(checked.status.success(), "{}", stdout(&checked));
    report.imported
}

#[test]
fn what_was_lived_in_one_hotel_comes_whole_into_another() {
    let mut config = config();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let steps = proptest::collection::vec(step(), 10..100);
    let (hotels, bookings) = (Cell::new(0_u64), Cell::new(0_u64));
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        bookings.set(bookings.get() + carried(&steps));
        hotels.set(hotels.get() + 1);
        Ok(())
    });
    println!("{} bookings of {} hotels carried", bookings.get(), hotels.get());
    report(outcome);
}
