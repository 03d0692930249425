//! What goes out of one hotel and into an equal one that is empty.

use super::*;
use crate::hotel::demo::{DemoHashes, DemoOptions, generate};
use crate::hotel::rates::conditions::Conditions;
use crate::hotel::rates::extras::PlanExtras;
use crate::hotel::rates::{self, NewRatePlan};
use crate::hotel::rooms::party_price::{ChildRate, ChildRates, PartyPrice};
use crate::hotel::transfer::Fate;

/// Everything of a hotel's bookings that has to be the same in the other one.
const SAME: [&str; 4] = [
    "SELECT json_array(coalesce(external_id, confirmation_number), status, check_in_date, check_out_date, is_day_use, room_number,
        room_type_name, adults, children, expected_arrival_time, is_late_arrival, option_date, rate_kind, rate_kind_reason, children_ages, room_amount, unposted_amount, charge_amount, paid_amount, balance, party, notes,
        special_requests, source, guest_name, rate_plan_id, is_room_locked,
        (SELECT group_concat(concat_ws(' ', hours_before, fee_kind, fee_percent)) FROM policy_step WHERE policy_id = reservation.policy_id),
        (SELECT no_show_fee_kind || no_show_fee_percent FROM policy WHERE id = reservation.policy_id)) FROM reservation ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), p.kind, p.amount, p.payment_method, p.payment_type,
        p.business_date, p.reference_number, p.notes) FROM payment AS p
    JOIN reservation AS r ON r.id = p.reservation_id ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), n.night, n.kind, n.room_type_id, n.room_id, n.rate,
        n.is_rate_typed, n.is_held, n.is_posted, n.adults, n.children, CASE n.is_posted WHEN 0 THEN n.extras END)
    FROM reservation_night AS n JOIN reservation AS r ON r.id = n.reservation_id ORDER BY 1",
    "SELECT json_array(coalesce(r.external_id, r.confirmation_number), night, t.room_id)
    FROM room_night AS t JOIN reservation AS r ON r.id = t.reservation_id ORDER BY 1",
];

fn same(one: &Hotel, other: &Hotel) {
    for sql in SAME {
        let (one, other) = (one.texts(sql), other.texts(sql));
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other);
        }
        assert_eq!(one.len(), other.len());
    }
}

/// The rooms and types of a hotel, without its bookings.
fn emptied(hotel: &Hotel) -> Hotel {
    let other = Hotel::empty();
    let (property, types, all) = hotel.read(|conn| Ok((settings::property(conn)?, rooms::all_types(conn)?, rooms::all(conn)?)));
    other.write(move |tx| {
        let new = NewProperty {
            name: property.name,
            currency: property.currency,
            time_zone: property.time_zone,
            locale: property.locale,
            business_date: property.business_date,
            is_demo: false,
        };
        settings::create(tx, &new)?;
        let mut types = types;
        types.sort_by_key(|t| t.id.0);
        for t in types {
            let new = NewRoomType {
                name: t.name.into(),
                code: t.code.into(),
                capacity_adults: t.capacity_adults.into(),
                capacity_children: t.capacity_children.into(),
                max_cots: t.max_cots.into(),
                default_rate: t.default_rate,
                party_price: t.party_price,
                ..NewRoomType::default()
            };
            rooms::create_type(tx, &new)?;
        }
        let mut all = all;
        all.sort_by_key(|room| room.id.0);
        for room in all {
            let new = NewRoom {
                room_number: room.room_number.into(),
                floor: room.floor.map(rooms::Floor::from),
                room_type_id: room.room_type_id,
                view_type: "".into(),
                notes: "".into(),
                housekeeping: Housekeeping::Clean,
            };
            rooms::create(tx, &new)?;
        }
        Ok(())
    });
    other
}

#[test]
fn the_demo_hotel_comes_whole_into_another_hotel() {
    let hotel = Hotel::empty();
    let options = DemoOptions { rooms: 12, years: 1, ..DemoOptions::on("2025-11-10".parse().expect("date")) };
    let hashes = DemoHashes { owner: "owner's".to_owned(), staff: "staff's".to_owned() };
    generate(&hotel.db, &options, &hashes, &mut |_, _| ()).expect("demo");
    let (other, exported) = (emptied(&hotel), hotel.export());
    let report = other.try_import(&exported, ImportOptions::default()).expect("report");
    assert_eq!((told(&report), report.outcome), (vec![], Outcome::Imported));
    assert_eq!(other.read(faults), Vec::<String>::new());
    same(&hotel, &other);
    assert!(other.export() == exported, "what goes out again is the same file");
    let again = hotel.try_import(&exported, ImportOptions { dry_run: true, ..ImportOptions::default() }).expect("report");
    assert_eq!((told(&again).len(), again.imported, again.differences), (0, 0, vec![]));
}

#[test]
fn the_room_that_an_overdue_guest_has_tonight_may_be_promised_to_one_who_waits() {
    const HEADER: &str = "status,room_type,room_number,guest_name,check_in_date,check_out_date,paid_amount,nights\n";
    const OVERDUE: &str =
        "checked_in,SGL,201,Ana,2025-11-08,2025-11-09,0,2025-11-08 2 x 90.00 in 201; 2025-11-10 1 x 0.00 in 201\n";
    // In the order of their arrivals they come before the overdue guest, or after.
    for (arrival, nights) in [("2025-11-07", 4), ("2025-11-10", 1)] {
        let hotel = Hotel::new();
        let waiting = format!("confirmed,SGL,,Ben,{arrival},2025-11-11,0,{arrival} {nights} x 90.00\n");
        let report = hotel.import(&format!("{HEADER}{waiting}{OVERDUE}{}", waiting.replace("Ben", "Cem")));
        assert_eq!(told(&report), ["line 4, nights: no room of type SGL is left on 2025-11-10"], "{arrival}");
        let other = emptied(&hotel);
        assert_eq!(told(&other.import(&hotel.export())), Vec::<String>::new());
        same(&hotel, &other);
        // Another file brings nobody who was promised a room here.
        let later = waiting.replace("Ben", "Dan");
        assert_eq!(told(&other.import(&format!("{HEADER}{later}"))).len(), 1);
    }
}

#[test]
fn nights_that_do_not_fit_the_rest_of_a_row_are_told() {
    let hotel = Hotel::new();
    const HEADER: &str = "status,room_type,room_number,guest_name,check_in_date,check_out_date,total_amount,paid_amount,nights";
    let row = |status: &str, room: &str, total: &str, nights: &str| {
        format!("{status},DBL,{room},Ana,2025-11-10,2025-11-12,{total},0,{nights}\n")
    };
    let csv = [
        format!("{HEADER}\n"),
        row("confirmed", "", "200", "2025-11-10 2 x 90.00"),
        row("confirmed", "", "", "2025-11-10 1 x 90.00"),
        row("confirmed", "", "", "2025-11-10 3 x 90.00"),
        row("confirmed", "", "", "tomorrow"),
        row("checked_in", "", "", "2025-11-10 2 x 90.00"),
        row("checked_in", "101", "", "2025-11-10 1 x 90.00 in 101; 2025-11-11 1 x 90.00 in 102"),
        row("checked_in", "101", "", "2025-11-10 2 x 90.00 in 103"),
        row("confirmed", "102", "", "2025-11-10 1 x 90.00; 2025-11-11 1 x 95.00 in 102"),
        row("confirmed", "", "", "2025-11-10 2 x 90.00"),
        row("confirmed", "", "", "2025-11-10 2 x 90.00"),
        row("confirmed", "", "", "2025-11-10 2 x 90.00"),
    ]
    .concat();
    assert_eq!(
        told(&hotel.import(&csv)),
        [
            "line 2, nights: cost 180.00 together, total_amount says 200.00",
            "line 3, nights: are not those from 2025-11-10 to 2025-11-12",
            "line 4, nights: are not those from 2025-11-10 to 2025-11-12",
            "line 5, nights: “tomorrow” must be such as 2026-05-03 2 x 120.00 in 102",
            "line 6, room_number: is missing: the guest is in the house",
            "line 8, nights: room 101 has another guest in house",
            "line 9, nights: room 102 is taken by line 7 on 2025-11-11",
            "line 12, nights: no room of type DBL is left on 2025-11-10",
        ]
    );
}

#[test]
fn a_fee_comes_along_and_goes_when_the_booking_is_reinstated() {
    let hotel = Hotel::new();
    hotel.import(
        "external_id,status,room_type,guest_name,check_in_date,check_out_date,total_amount,paid_amount,fee_amount,other_charges\n\
         1,cancelled,DBL,Ana,2025-12-01,2025-12-03,200,,100,-30\n\
         2,no_show,DBL,Ben,2025-11-09,2025-11-12,200,,66.50,\n\
         3,checked_out,DBL,Cy,2025-11-01,2025-11-03,200,225,,25\n",
    );
    let balances = || hotel.texts("SELECT balance FROM reservation ORDER BY external_id");
    assert_eq!(balances(), ["7000", "6650", "0"]);
    assert_eq!(
        hotel.texts("SELECT kind FROM charge WHERE kind <> 'room' ORDER BY reservation_id, id"),
        ["adjustment", "no_show_fee", "cancellation_fee", "adjustment"]
    );
    hotel.write(|tx| crate::hotel::frontdesk::desk::undo(tx, crate::domain::id::ReservationId(3), None).map(|_| ()));
    assert_eq!(balances(), ["17000", "6650", "0"], "two nights, less what was allowed");
}

#[test]
fn the_terms_of_a_booking_are_those_of_the_file_and_otherwise_those_of_the_hotel() {
    let hotel = Hotel::new();
    hotel.write(|tx| {
        let plan = NewRatePlan {
            code: "NRF".into(),
            name: "Non-refundable".into(),
            derivation: None,
            policy_id: None,
            conditions: Conditions::default(),
            extras: PlanExtras::default(),
            is_active: false,
        };
        rates::create(tx, &plan).map(|_| ())
    });
    hotel.agree(Policy::simple(24, Fee::FIRST_NIGHT, Fee::FIRST_NIGHT));
    const HEADER: &str = "external_id,room_type,guest_name,check_in_date,check_out_date,rate_plan,is_room_locked,\
         cancellation_free_hours,cancellation_fee,no_show_fee";
    let stay = |id: &str, terms: &str| format!("{id},DBL,Ana {id},2025-12-01,2025-12-03,{terms}\n");
    hotel.import(
        &[HEADER, "\n", &stay("1", "nrf,yes,72,100%,none"), &stay("2", "Non-refundable,no,,,"), &stay("3", ",,,,25 %")].concat(),
    );
    let terms = || {
        hotel.texts(
            "SELECT concat_ws(' ', rate_plan_id, is_room_locked, hours_before, fee_kind, fee_percent, no_show_fee_kind, no_show_fee_percent)
            FROM reservation AS r JOIN policy AS p ON p.id = r.policy_id LEFT JOIN policy_step AS s ON s.policy_id = p.id
            ORDER BY external_id",
        )
    };
    let as_told = ["2 1 72 percent 10000 none 0", "2 0 24 first_night 0 first_night 0", "1 0 24 first_night 0 percent 2500"];
    assert_eq!(terms(), as_told);
    let changed = [HEADER, "\n", &stay("1", "BAR,no,0,none,10%")].concat();
    let report = hotel.try_import(&changed, ImportOptions::default()).expect("report");
    let differences: Vec<String> = report
        .differences
        .iter()
        .map(|d| format!("{} {} {} {}", d.column, d.here, d.there, matches!(d.fate, Fate::Updated)))
        .collect();
    assert_eq!(
        differences,
        [
            "rate_plan NRF BAR false",
            "is_room_locked yes no true",
            "cancellation_free_hours 72  false",
            "cancellation_fee 100% none false",
            "no_show_fee none 10% false"
        ]
    );
    assert_eq!(terms()[0], "2 0 72 percent 10000 none 0", "only the lock is the desk's to change");
    let bad = [HEADER, "\n", &stay("4", "XXX,maybe,8761,half,")].concat();
    assert_eq!(
        told(&hotel.try_import(&bad, ImportOptions::default()).expect("report")),
        [
            "line 2, cancellation_fee: “half” must be none, first_night or a percentage such as 50%",
            "line 2, cancellation_free_hours: “8761” must be a whole number from 0 to 8760",
            "line 2, is_room_locked: “maybe” must be yes or no",
            "line 2, rate_plan: “XXX” is not a rate plan of this hotel",
        ]
    );
}

#[test]
fn payments_come_one_by_one_and_agree_with_their_sum() {
    let hotel = Hotel::new();
    let row = |id: &str, paid: &str, payments: &str| {
        format!("{id},checked_out,DBL,Ana {id},2025-11-01,2025-11-03,200,{paid},\"{}\"\n", payments.replace('"', "\"\""))
    };
    const HEADER: &str =
        "external_id,status,room_type,guest_name,check_in_date,check_out_date,total_amount,paid_amount,payments\n";
    let all = "2025-10-20 250 deposit by \"Gift card\" ref G-1; 2025-11-03 -50.00 refund of 1 by cash note \"too much\"";
    hotel.import(&[HEADER, &row("1", "", all), &row("2", "200", "2025-11-03 200 full by CASH")].concat());
    assert_eq!(
        hotel.texts(
            "SELECT concat_ws(' ', kind, amount, payment_method, payment_type, business_date, reference_number, notes, reverses_id)
            FROM payment ORDER BY id"
        ),
        [
            "payment 25000 Gift card deposit 2025-10-20 G-1 ",
            "refund -5000 cash deposit 2025-11-03 G-1 too much 1",
            "payment 20000 cash full 2025-11-03  "
        ]
    );
    assert_eq!(hotel.texts("SELECT balance FROM reservation ORDER BY id"), ["0", "0"]);
    assert_eq!(hotel.texts("SELECT name FROM payment_method WHERE name LIKE 'gift%'"), ["Gift card"]);
    let again = [HEADER, &row("2", "200", "2025-11-03 200 full by card")].concat();
    let report = hotel.try_import(&again, ImportOptions::default()).expect("report");
    assert_eq!(report.differences.iter().map(|d| d.column).collect::<Vec<_>>(), ["payments"]);
    let bad = [HEADER, &row("3", "210", "2025-11-03 200 full by cash"), &row("4", "", "2025-11-03 200 by cash")].concat();
    assert_eq!(
        told(&hotel.try_import(&bad, ImportOptions::default()).expect("report")),
        [
            "line 2, payments: are 200.00 together, paid_amount says 210.00",
            "line 3, payments: payment 1 must be such as 2026-05-03 120.00 deposit by card ref TX-81",
        ]
    );
}

#[test]
fn what_a_booking_tells_beside_its_dates_comes_with_the_file_and_follows_it() {
    let hotel = Hotel::new();
    const HEADER: &str = "external_id,room_type,guest_name,check_in_date,check_out_date,expected_arrival_time,is_late_arrival,status,option_date,rate_kind,rate_kind_reason,children,children_ages\n";
    let stay = |told: &str| format!("{HEADER}1,DBL,Ana,2025-12-01,2025-12-03,{told}\n");
    let details = |hotel: &Hotel| {
        hotel.texts("SELECT concat_ws(' ', expected_arrival_time, is_late_arrival, option_date, rate_kind, rate_kind_reason, children_ages, room_amount) FROM reservation")
    };
    hotel.import(&stay("1:30:00,yes,tentative,2025-11-20,House use,Porter,1,9"));
    assert_eq!(details(&hotel), ["01:30 1 2025-11-20 house_use Porter 9 0"]);
    let other = emptied(&hotel);
    other.import(&hotel.export());
    same(&hotel, &other);
    let report = hotel.try_import(&stay("22:30,no,tentative,2025-11-25,,,,"), ImportOptions::default()).expect("report");
    let differences: Vec<(&str, &str, &str)> =
        report.differences.iter().map(|d| (d.column, d.here.as_str(), d.there.as_str())).collect();
    assert_eq!(
        differences,
        [
            ("expected_arrival_time", "01:30", "22:30"),
            ("is_late_arrival", "yes", ""),
            ("option_date", "2025-11-20", "2025-11-25")
        ]
    );
    assert_eq!(details(&hotel), ["22:30 0 2025-11-25 house_use Porter 9 0"]);
    let bad = hotel
        .try_import(&stay("25:00,perhaps,confirmed,2025-11-25,free,,1,4 7").replace("1,DBL", "2,DBL"), ImportOptions::default())
        .expect("report");
    assert_eq!(
        told(&bad),
        [
            "line 2, children_ages: “4 7” must have one age for each child, or be empty",
            "line 2, expected_arrival_time: “25:00” must be a time such as 22:30",
            "line 2, is_late_arrival: “perhaps” must be yes or no",
            "line 2, option_date: is for tentative bookings only",
            "line 2, rate_kind: “free” must be paying, complimentary or house_use",
        ]
    );
}

#[test]
fn a_price_that_a_file_leaves_out_is_for_the_people_it_names() {
    let hotel = Hotel::new();
    hotel.write(|tx| {
        let party_price = PartyPrice {
            included_persons: Some(1),
            extra_adult_rate: Money(2000),
            child_rates: ChildRates(vec![ChildRate { from_age: 0, to_age: 11, rate: Money(1000) }]),
            cot_rate: Money(1500),
        };
        let (name, code) = ("Priced by people".into(), "PPL".into());
        let (default_rate, capacity_adults, capacity_children) = (Money(10_000), 2.into(), 1.into());
        let new =
            NewRoomType { name, code, capacity_adults, capacity_children, default_rate, party_price, ..NewRoomType::default() };
        rooms::create_type(tx, &new)?;
        Ok(())
    });
    const HEADER: &str =
        "external_id,room_type,guest_name,check_in_date,check_out_date,adults,children,children_ages,status,cots\n";
    hotel.import(&format!(
        "{HEADER}1,PPL,Ana,2025-10-01,2025-10-03,2,1,5,cancelled,1\n2,PPL,Ben,2025-10-01,2025-10-03,1,1,14,cancelled,\n"
    ));
    assert_eq!(hotel.texts("SELECT room_amount FROM reservation ORDER BY external_id"), ["29000", "24000"]);
}
