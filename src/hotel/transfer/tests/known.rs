//! A file that comes again, changed.

use super::*;
use crate::domain::restriction::RestrictionKind;
use crate::hotel::frontdesk::desk;
use crate::hotel::reservations::change::{Change, change};
use crate::hotel::transfer::options::PastStatus;
use crate::hotel::{rates, restrictions};

const HEADER: &str =
    "external_id,room_type,status,guest_name,check_in_date,check_out_date,adults,total_amount,cancelled_date,notes";

/// A hotel on 12 June 2026 with a booking of an agency in each double room.
fn hotel() -> Hotel {
    let hotel = Hotel::on("2026-06-12", "EUR");
    hotel.import(&format!(
        "{HEADER}\n\
         HMAAA1,DBL,,Ana,2026-07-10,2026-07-12,2,200,,\n\
         HMAAA2,DBL,,Ben,2026-07-10,2026-07-12,1,200,,\n\
         HMAAA3,DBL,tentative,Cy,2026-07-10,2026-07-12,1,200,,\n"
    ));
    hotel
}

fn lines(report: &Report) -> Vec<String> {
    let text = report.to_string();
    let booking = |line: &str| {
        let (before, after) = line.split_once(": booking ")?;
        Some(format!("{before}: {}", after.split_once(' ')?.1))
    };
    text.lines().filter_map(booking).collect()
}

fn stays(hotel: &Hotel) -> Vec<String> {
    hotel.texts(
        "SELECT external_id || ' ' || status || ' ' || check_in_date || ' ' || check_out_date || ' ' || adults || ' ' || room_amount
            || ' ' || charge_amount || ' ' || notes
        FROM reservation ORDER BY external_id",
    )
}

#[test]
fn a_guest_who_cancelled_meanwhile_gives_the_room_back() {
    let hotel = hotel();
    let later = format!(
        "{HEADER}\n\
         HMAAA1,DBL,cancelled,Ana,2026-07-10,2026-07-12,2,200,2026-06-10,\n\
         HMAAA2,DBL,,Ben,2026-07-10,2026-07-12,1,200,,\n\
         HMAAA3,DBL,confirmed,Cy,2026-07-10,2026-07-12,1,200,,\n\
         HMAAA4,DBL,,Di,2026-07-10,2026-07-12,1,200,,\n"
    );
    let before = hotel.dump();
    let dry = hotel.try_import(&later, ImportOptions { dry_run: true, ..ImportOptions::default() }).expect("report");
    let differing =
        ["line 2, status: has “confirmed”, the file “cancelled”; ", "line 4, status: has “tentative”, the file “confirmed”; "];
    assert_eq!(lines(&dry), differing.map(|line| format!("{line}would be updated")));
    assert_eq!((dry.imported, dry.already_there), (1, 3), "{dry}");
    assert_eq!(hotel.dump(), before);
    let report = hotel.import(&later);
    assert_eq!(lines(&report), differing.map(|line| format!("{line}updated")));
    assert!(
        report.to_string().contains("Of those already there, 2 were updated; 0 differ in what is left as it is."),
        "{report}"
    );
    let states: Vec<String> = stays(&hotel).iter().map(|stay| stay.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(states, ["HMAAA1 cancelled", "HMAAA2 confirmed", "HMAAA3 confirmed", "HMAAA4 confirmed"]);
    assert_eq!(hotel.texts("SELECT action FROM audit_log WHERE entity = 'reservation' ORDER BY id"), ["cancel", "change"]);
    assert_eq!(lines(&hotel.import(&later)), Vec::<String>::new(), "a third time nothing differs");
}

#[test]
fn dates_prices_and_words_follow_the_file_until_the_desk_has_changed_them() {
    let hotel = hotel();
    let later = format!(
        "{HEADER}\n\
         HMAAA1,DBL,,Ana,2026-07-11,2026-07-14,2,330,,Late\n\
         HMAAA2,SGL,,Ben,2026-07-10,2026-07-12,2,,,\n\
         HMAAA3,DBL,,Cyril,2026-07-10,2026-07-12,1,200,,\n"
    );
    let report = hotel.import(&later);
    assert_eq!(
        lines(&report),
        [
            "line 2, check_in_date: has “2026-07-10”, the file “2026-07-11”; updated",
            "line 2, check_out_date: has “2026-07-12”, the file “2026-07-14”; updated",
            "line 2, notes: has “”, the file “Late”; updated",
            "line 2, total_amount: has “200.00”, the file “330.00”; updated",
            "line 3, room_type: has “Type DBL”, the file “Type SGL”; updated",
            "line 3, adults: has “1”, the file “2”; updated",
            "line 4, guest_name: has “Cy”, the file “Cyril”; left as it is: it is changed in the guest's profile",
        ]
    );
    assert_eq!(
        stays(&hotel),
        [
            "HMAAA1 confirmed 2026-07-11 2026-07-14 2 33000 0 Late",
            "HMAAA2 confirmed 2026-07-10 2026-07-12 2 20000 0 ",
            "HMAAA3 tentative 2026-07-10 2026-07-12 1 20000 0 ",
        ]
    );
    // At the desk the first one stays a night longer; the file does not know.
    let desk = Context { actor: Actor::program("desk"), ..context() };
    let longer = Change { check_out_date: Some("2026-07-15".parse().expect("date")), ..Change::default() };
    hotel.db.write(desk, move |tx| change(tx, crate::domain::id::ReservationId(1), &longer).map(|_| ())).expect("longer");
    let report = hotel.import(&later);
    let left = "left as it is: the booking has been changed at the desk since it came";
    assert_eq!(
        lines(&report)[..2],
        [
            format!("line 2, check_out_date: has “2026-07-15”, the file “2026-07-14”; {left}"),
            format!("line 2, total_amount: has “430.00”, the file “330.00”; {left}"),
        ]
    );
    assert!(stays(&hotel)[0].starts_with("HMAAA1 confirmed 2026-07-11 2026-07-15"));
}

#[test]
fn what_was_sold_elsewhere_comes_in_whatever_is_not_for_sale_here() {
    let hotel = hotel();
    hotel.write(|tx| {
        let plan = rates::find(tx, rates::BAR)?;
        let types: Vec<_> = rooms::all_types(tx)?.into_iter().map(|t| t.id).collect();
        let nights: Vec<_> = (1..=31).filter_map(|day| crate::domain::date::Date::new(2026, 7, day)).collect();
        restrictions::set(tx, &plan, &types, &nights, &[(RestrictionKind::StopSell, Some(1))])
    });
    let later = format!(
        "{HEADER}\n\
         HMAAA1,DBL,,Ana,2026-07-11,2026-07-14,2,330,,\n\
         HMAAA4,DBL,,Di,2026-07-20,2026-07-21,1,100,,\n"
    );
    let report = hotel.import(&later);
    assert_eq!((told(&report), report.imported), (Vec::new(), 1));
    assert_eq!(
        [&stays(&hotel)[0], &stays(&hotel)[3]],
        ["HMAAA1 confirmed 2026-07-11 2026-07-14 2 33000 0 ", "HMAAA4 confirmed 2026-07-20 2026-07-21 1 10000 0 "]
    );
    assert_eq!(hotel.texts("SELECT action FROM audit_log WHERE action = 'exception'"), Vec::<String>::new());
}

#[test]
fn what_the_desk_would_refuse_is_told_and_left() {
    let hotel = hotel();
    hotel.write(|tx| {
        desk::cancel(tx, crate::domain::id::ReservationId(1), &desk::Cancel::default())?;
        rooms::all(tx).map(|_| ())
    });
    let later = format!(
        "{HEADER}\n\
         HMAAA1,DBL,confirmed,Ana,2026-07-10,2026-07-12,2,200,,\n\
         HMAAA2,SGL,,Ben,2026-08-01,2026-08-03,1,200,,\n\
         S1,SGL,,Eve,2026-08-01,2026-08-03,1,200,,\n"
    );
    // The room that the known booking now needs is not given to the new one.
    let report = hotel.import(&later);
    assert_eq!(told(&report), ["line 4, room_type: no room of type SGL is free on all nights from 2026-08-01 to 2026-08-03"]);
    assert!(
        lines(&report)[0]
            .contains("line 2, status: has “cancelled”, the file “confirmed”; left as it is: A reservation that is cancelled"),
        "{report}"
    );
    let full = format!("{HEADER}\nHMAAA3,SGL,,Cy,2026-08-01,2026-08-03,1,200,,\n");
    let report = hotel.import(&full);
    assert!(report.to_string().contains("left as it is: No Type SGL is left on 1 August"), "{report}");
    assert!(stays(&hotel)[2].starts_with("HMAAA3 tentative 2026-07-10"));
}

#[test]
fn a_row_that_is_here_already_is_asked_nothing() {
    let hotel = Hotel::on("2026-06-12", "EUR");
    let csv = format!("{HEADER}\nP1,DBL,ok,Ana,2026-06-01,2026-06-03,1,200,,\n");
    assert_eq!(told(&hotel.import(&csv)).len(), 1);
    hotel.import_with(&csv, ImportOptions { past_status: Some(PastStatus::NoShow), ..ImportOptions::default() });
    let report = hotel.import(&csv);
    assert_eq!((told(&report), lines(&report), report.already_there), (vec![], vec![], 1));
}

#[test]
fn a_late_cancellation_costs_what_the_booking_agreed_to_and_a_timely_one_nothing() {
    for (cancelled, fee) in [("2025-07-01", "0"), ("", "10000")] {
        let hotel = Hotel::on("2026-06-12", "EUR");
        // Free until 10 July 2025; the tests' clock says November.
        hotel.agree(Policy::simple(8760, Fee::FIRST_NIGHT, Fee::FIRST_NIGHT));
        hotel
            .import(&format!("{HEADER}\nH1,DBL,,Ana,2026-07-10,2026-07-12,1,200,,\nH2,DBL,,Ben,2026-07-10,2026-07-12,1,200,,\n"));
        hotel.import(&format!("{HEADER}\nH1,DBL,cancelled,Ana,2026-07-10,2026-07-12,1,200,{cancelled},\n"));
        assert_eq!(hotel.texts("SELECT charge_amount FROM reservation ORDER BY external_id"), [fee, "0"], "{cancelled}");
    }
}
