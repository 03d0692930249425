//! Stays of real countries, worked by hand: set up, booked, posted and shown over the API, to the minor unit.

use innkeeper::db::Context;
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::Instant;
use innkeeper::hotel::checks;
use serde_json::{Value, json};

use super::desk::next_day;
use crate::support::TestHotel;

/// A stay of a real country, worked by hand.
pub struct Case {
    pub name: &'static str,
    pub currency: &'static str,
    pub setup: Value,
    pub arrival: &'static str,
    pub nights: i64,
    pub price: &'static str,
    pub children_ages: &'static [i64],
    /// Posted beside the nights: group, quantity, price of one.
    pub extras: &'static [(i64, i64, &'static str)],
    pub total: &'static str,
    /// By the tax's id.
    pub taxes: &'static [(i64, &'static str)],
    /// By the levy's id, without the taxes on it.
    pub levies: &'static [(i64, &'static str)],
}

pub fn number(text: &str) -> Value {
    serde_json::from_str(text).expect("a number")
}

pub fn tax(id: i64, percent: &str) -> Value {
    json!({"id": id, "name": format!("Tax {id}"), "rates": [{"from": "2000-01-01", "percent": number(percent)}]})
}

pub fn service(id: i64, percent: &str) -> Value {
    with(tax(id, percent), json!({"is_service": true}))
}

pub fn group(id: i64, is_included: bool, taxes: &[i64]) -> Value {
    json!({"id": id, "name": format!("Group {id}"), "is_included": is_included, "is_lodging": id == 1, "tax_ids": taxes})
}

/// One price for several things: other groups with their shares of it.
pub fn split(id: i64, is_included: bool, parts: &[(i64, &str)]) -> Value {
    let parts: Vec<Value> = parts.iter().map(|(id, percent)| json!({"group_id": id, "percent": number(percent)})).collect();
    with(group(id, is_included, &[]), json!({"parts": parts}))
}

pub fn levy(id: i64, unit: &str, due: Value) -> Value {
    json!({"id": id, "name": format!("Levy {id}"), "unit": unit, "rates": [{"from": "2000-01-01", "bands": [due]}]})
}

pub fn with(mut value: Value, more: Value) -> Value {
    for (name, field) in more.as_object().expect("fields") {
        value[name] = field.clone();
    }
    value
}

pub fn setup(groups: &[Value], taxes: &[Value], levies: &[Value]) -> Value {
    let extra = if groups.len() > 1 { 2 } else { 1 };
    json!({"groups": groups, "taxes": taxes, "levies": levies, "room_group_id": 1, "extra_group_id": extra, "fee_group_id": 1})
}

fn by_night(setup: Value) -> Value {
    with(setup, json!({"rounding": "night"}))
}

fn day(arrival: &str, days: i64) -> String {
    let date: innkeeper::domain::date::Date = arrival.parse().expect("a date");
    date.plus(days).expect("a date").to_string()
}

impl Case {
    pub fn hotel(&self) -> TestHotel {
        let hotel = TestHotel::builder().currency(self.currency).open();
        hotel
            .post(
                "/api/room-types",
                json!({"name": "D", "code": "D", "capacity_adults": 4, "capacity_children": 4, "default_rate": 1}),
            )
            .expect(201);
        hotel.post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101"]})).expect(201);
        hotel.patch("/api/taxes", self.setup.clone()).expect(200);
        hotel
    }

    pub fn book(&self, hotel: &TestHotel) -> Value {
        let nightly: Vec<Value> =
            (0..self.nights).map(|at| json!({"date": day(self.arrival, at), "rate": number(self.price)})).collect();
        let booking = json!({
            "guest": {"full_name": "Ana"}, "room_id": 1, "check_in_date": self.arrival,
            "check_out_date": day(self.arrival, self.nights), "adults": 2, "children": self.children_ages.len(),
            "children_ages": self.children_ages, "nightly": nightly, "reason": "as agreed",
        });
        hotel.post("/api/reservations", booking).expect(201)
    }

    /// Lives the stay through, checked in some days after the arrival: what is posted then, and what at the end.
    pub fn live(&self, checked_in_after: i64) {
        let (hotel, name) = (self.hotel(), self.name);
        let booked = self.book(&hotel);
        let stay = "/api/reservations/1";
        let mut today = "2025-11-10".to_owned();
        let to = |hotel: &TestHotel, today: &mut String, date: String| {
            while *today < date {
                *today = day(today, 1);
                next_day(hotel, today);
            }
        };
        to(&hotel, &mut today, day(self.arrival, checked_in_after));
        hotel.post(&format!("{stay}/check-in"), json!({})).expect(200);
        for (group, quantity, unit) in self.extras {
            let extra = json!({"kind": "extra", "description": "X", "quantity": quantity, "unit_amount": number(unit), "tax_group_id": group});
            hotel.post(&format!("{stay}/charges"), extra).expect(201);
        }
        let foreseen = hotel.get(stay).expect(200)["total_amount"].clone();
        if self.extras.is_empty() {
            assert_eq!(booked["total_amount"], foreseen, "{name}: what was told at the booking");
        }
        to(&hotel, &mut today, day(self.arrival, self.nights));
        hotel.post(&format!("{stay}/check-out"), json!({"settle": {"payment_method": "cash"}})).expect(200);
        let folio = hotel.get(&format!("{stay}/folio")).expect(200);
        assert_eq!(folio["total_amount"], number(self.total), "{name}");
        let taxes: Vec<(i64, Value)> = folio["taxes"]
            .as_array()
            .expect("taxes")
            .iter()
            .map(|tax| (tax["tax_id"].as_i64().expect("an id"), tax["amount"].clone()))
            .collect();
        let expected: Vec<(i64, Value)> = self.taxes.iter().map(|(id, amount)| (*id, number(amount))).collect();
        assert_eq!(taxes, expected, "{name}");
        for (id, amount) in self.levies {
            assert_eq!(sum(&folio, *id), number(amount).to_string(), "{name}: levy {id}");
        }
        assert_no_fault(&hotel, name);
    }
}

/// The levy on all lines without the taxes on it, exactly.
fn sum(folio: &Value, levy: i64) -> String {
    let lines = folio["lines"].as_array().expect("lines");
    let of_levy: Vec<&Value> = lines.iter().filter(|line| line["levy_id"] == json!(levy)).collect();
    let text = |line: &Value| line["net_amount"].to_string();
    let decimals = of_levy.first().map_or(0, |line| text(line).split_once('.').map_or(0, |(_, d)| d.len()));
    let minor: i64 = of_levy.iter().map(|line| text(line).replace('.', "").parse::<i64>().expect("digits")).sum();
    let digits = format!("{minor:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if decimals == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

pub fn assert_no_fault(hotel: &TestHotel, name: &str) {
    let context = Context { actor: Actor::program("test"), now: Instant::EPOCH };
    let report = hotel.app.db.read(&context, checks::sums).expect("a report");
    assert_eq!(report.in_short(), None, "{name}");
}

const LODGING: i64 = 1;

/// The same amount a person and night, from an age on, for so many nights.
pub fn per_person(id: i64, amount: &str, from_age: i64, nights: i64) -> Value {
    let ages = if from_age > 0 { json!([{"from_age": from_age, "percent": 100}]) } else { json!([]) };
    with(levy(id, "person_night", json!({"amount": number(amount)})), json!({"ages": ages, "nights": {"to": nights}}))
}

pub fn share(id: i64, percent: &str) -> Value {
    levy(id, "room_night", json!({"percent": number(percent)}))
}

pub fn nowhere() -> Case {
    Case {
        name: "",
        currency: "EUR",
        setup: json!({}),
        arrival: "2025-11-10",
        nights: 1,
        price: "0",
        children_ages: &[],
        extras: &[],
        total: "0",
        taxes: &[],
        levies: &[],
    }
}

fn cases() -> Vec<Case> {
    let from_two = |day: &str, before: Value, then: Value| json!({"rates": [{"from": "2000-01-01", "bands": before}, {"from": day, "bands": then}]});
    let amounts = |steps: &[(i64, i64)]| -> Value {
        steps.iter().map(|(from, amount)| json!({"from_price": from, "amount": amount})).collect()
    };
    let indonesia = |is_included: bool| setup(&[group(1, is_included, &[1, 2])], &[service(1, "10"), tax(2, "10")], &[]);
    let germany = |levies: &[Value]| {
        let groups = [group(1, true, &[1]), group(2, true, &[1]), group(3, true, &[2])];
        setup(&groups, &[tax(1, "7"), tax(2, "19")], levies)
    };
    // One price, of which a part is taxed as drinks are.
    let in_parts = |lodging: &str, drinks: &str| {
        let parts = split(4, true, &[(1, lodging), (3, drinks)]);
        with(germany(&[]), json!({"groups": [group(1, true, &[1]), group(2, true, &[1]), group(3, true, &[2]), parts]}))
    };
    let berlin = with(share(1, "7.5"), json!({"group_id": 1, "nights": {"to": 21}}));
    let barcelona = |id: i64, before: &str, then: &str| {
        let band = |amount: &str| json!([{"amount": number(amount)}]);
        with(per_person(id, "0", 17, 7), with(from_two("2025-11-12", band(before), band(then)), json!({"group_id": 1})))
    };
    let spain = setup(&[group(1, true, &[1])], &[tax(1, "10")], &[barcelona(1, "1.70", "3.40"), barcelona(2, "4", "5")]);
    let new_york = setup(
        &[group(1, false, &[1, 2])],
        &[tax(1, "8.875"), tax(2, "5.875")],
        &[levy(1, "room_night", json!({"amount": 2})), levy(2, "room_night", json!({"amount": number("1.50")}))],
    );
    let japan = |bands: Value| {
        let levy = with(levy(1, "person_night", json!({"amount": 1})), with(bands, json!({"is_on_service": true})));
        setup(&[group(1, false, &[1, 2])], &[service(1, "10"), tax(2, "10")], &[levy])
    };
    let kuwait = setup(&[group(1, false, &[1])], &[service(1, "15")], &[]);
    let britain = |is_included: bool, levies: &[Value]| setup(&[group(1, is_included, &[1])], &[tax(1, "20")], levies);
    let visitor = with(share(1, "5"), json!({"group_id": 1, "nights": {"to": 5}}));
    let long = [with(tax(1, "20"), json!({"nights": {"to": 28}})), with(tax(2, "4"), json!({"nights": {"from": 29}}))];
    let vat = with(tax(1, "0"), json!({"rates": [{"from": "2019-01-01", "percent": 9}, {"from": "2025-11-12", "percent": 21}]}));
    let netherlands = setup(&[group(1, true, &[1])], &[vat], &[share(1, "12.5")]);
    vec![
        Case {
            name: "ID-1",
            currency: "IDR",
            setup: indonesia(false),
            nights: 3,
            price: "850000",
            total: "3085500",
            taxes: &[(1, "255000"), (2, "280500")],
            ..nowhere()
        },
        Case {
            name: "ID-2",
            currency: "IDR",
            setup: indonesia(true),
            price: "1000000",
            total: "1000000",
            taxes: &[(1, "82645"), (2, "90909")],
            ..nowhere()
        },
        Case {
            name: "PT-1",
            setup: setup(
                &[group(1, true, &[1]), group(2, true, &[2])],
                &[tax(1, "6"), tax(2, "23")],
                &[per_person(1, "4", 13, 7)],
            ),
            nights: 8,
            price: "120.00",
            children_ages: &[13, 12],
            extras: &[(2, 8, "12.00")],
            total: "1140.00",
            taxes: &[(1, "54.34"), (2, "17.95")],
            levies: &[(1, "84.00")],
            ..nowhere()
        },
        Case {
            name: "PT-2",
            setup: setup(&[group(1, true, &[1]), group(2, true, &[2])], &[tax(1, "6"), tax(2, "13")], &[]),
            price: "75.00",
            extras: &[(2, 1, "25.00")],
            total: "100.00",
            taxes: &[(1, "4.25"), (2, "2.88")],
            ..nowhere()
        },
        Case {
            name: "PT-2 as one price",
            setup: with(
                setup(
                    &[group(1, true, &[1]), group(2, true, &[2]), split(3, true, &[(1, "75"), (2, "25")])],
                    &[tax(1, "6"), tax(2, "13")],
                    &[],
                ),
                json!({"room_group_id": 3}),
            ),
            price: "100.00",
            total: "100.00",
            taxes: &[(1, "4.25"), (2, "2.88")],
            ..nowhere()
        },
        Case {
            name: "DE-1",
            setup: germany(std::slice::from_ref(&berlin)),
            nights: 2,
            price: "107.00",
            extras: &[(2, 1, "42.00"), (3, 1, "18.00")],
            total: "290.05",
            taxes: &[(1, "17.80"), (2, "2.87")],
            levies: &[(1, "15.00")],
            ..nowhere()
        },
        Case {
            name: "DE-1 by night",
            setup: by_night(germany(std::slice::from_ref(&berlin))),
            nights: 2,
            price: "107.00",
            total: "230.06",
            taxes: &[(1, "15.06")],
            levies: &[(1, "15.00")],
            ..nowhere()
        },
        Case {
            name: "DE-1 with breakfast as one price",
            setup: with(in_parts("70", "30"), json!({"levies": [berlin.clone()]})),
            nights: 2,
            price: "107.00",
            extras: &[(4, 4, "15.00")],
            total: "290.05",
            taxes: &[(1, "17.80"), (2, "2.87")],
            levies: &[(1, "15.00")],
            ..nowhere()
        },
        Case {
            name: "DE-2",
            setup: germany(&[]),
            nights: 2,
            price: "102.00",
            extras: &[(3, 2, "18.00")],
            total: "240.00",
            taxes: &[(1, "13.35"), (2, "5.75")],
            ..nowhere()
        },
        Case {
            name: "DE-2 as one price",
            setup: with(in_parts("85", "15"), json!({"room_group_id": 4})),
            nights: 2,
            price: "120.00",
            total: "240.00",
            taxes: &[(1, "13.35"), (2, "5.75")],
            ..nowhere()
        },
        Case {
            name: "ES-1",
            setup: spain.clone(),
            arrival: "2025-11-12",
            nights: 3,
            price: "150.00",
            children_ages: &[16],
            total: "505.44",
            taxes: &[(1, "45.95")],
            levies: &[(1, "20.40"), (2, "30.00")],
            ..nowhere()
        },
        Case {
            name: "ES-2",
            setup: spain,
            arrival: "2025-11-10",
            nights: 4,
            total: "62.04",
            taxes: &[(1, "5.64")],
            levies: &[(1, "20.40"), (2, "36.00")],
            ..nowhere()
        },
        Case {
            name: "IT-1 with a child of ten",
            setup: setup(&[group(1, true, &[1])], &[tax(1, "10")], &[per_person(1, "6", 10, 10)]),
            nights: 12,
            price: "110.00",
            children_ages: &[10],
            total: "1500.00",
            taxes: &[(1, "120.00")],
            levies: &[(1, "180.00")],
            ..nowhere()
        },
        Case {
            name: "CH-1",
            currency: "CHF",
            setup: setup(
                &[group(1, true, &[1]), group(2, true, &[2])],
                &[tax(1, "3.8"), tax(2, "8.1")],
                &[with(per_person(1, "3.50", 0, 30), json!({"group_id": 1, "has_taxes_included": true}))],
            ),
            nights: 2,
            price: "189.00",
            extras: &[(2, 2, "25.00"), (2, 1, "6.33")],
            total: "448.33",
            taxes: &[(1, "14.35"), (2, "4.22")],
            ..nowhere()
        },
        Case {
            name: "US-1",
            currency: "USD",
            setup: new_york.clone(),
            nights: 2,
            price: "250.00",
            total: "580.76",
            taxes: &[(1, "44.38"), (2, "29.38")],
            levies: &[(1, "4.00"), (2, "3.00")],
            ..nowhere()
        },
        Case {
            name: "US-2",
            currency: "USD",
            setup: new_york.clone(),
            nights: 3,
            price: "189.95",
            total: "664.40",
            taxes: &[(1, "50.57"), (2, "33.48")],
            levies: &[(1, "6.00"), (2, "4.50")],
            ..nowhere()
        },
        Case {
            name: "US-2 by night",
            currency: "USD",
            setup: by_night(new_york),
            nights: 3,
            price: "189.95",
            total: "664.41",
            taxes: &[(1, "50.58"), (2, "33.48")],
            levies: &[(1, "6.00"), (2, "4.50")],
            ..nowhere()
        },
        Case {
            name: "JP-1",
            currency: "JPY",
            nights: 2,
            price: "26000",
            setup: japan(json!({"rates": [{"from": "2002-10-01", "bands": amounts(&[(10_000, 100), (15_000, 200)])}]})),
            total: "63320",
            taxes: &[(1, "5200"), (2, "5720")],
            levies: &[(1, "400")],
            ..nowhere()
        },
        Case {
            name: "JP-2",
            currency: "JPY",
            arrival: "2025-11-10",
            nights: 3,
            price: "26000",
            setup: japan(from_two(
                "2025-11-12",
                amounts(&[(0, 200), (20_000, 500), (50_000, 1_000)]),
                amounts(&[(0, 200), (6_000, 400), (20_000, 1_000), (50_000, 4_000), (100_000, 10_000)]),
            )),
            total: "95980",
            taxes: &[(1, "7800"), (2, "8580")],
            levies: &[(1, "1600")],
            ..nowhere()
        },
        Case {
            name: "KW-1",
            currency: "KWD",
            setup: kuwait.clone(),
            nights: 3,
            price: "45.555",
            total: "157.165",
            taxes: &[(1, "20.500")],
            ..nowhere()
        },
        Case {
            name: "KW-1 by night",
            currency: "KWD",
            setup: by_night(kuwait),
            nights: 3,
            price: "45.555",
            total: "157.164",
            taxes: &[(1, "20.499")],
            ..nowhere()
        },
        Case {
            name: "GB-1",
            currency: "GBP",
            setup: britain(true, &[]),
            nights: 2,
            price: "135.00",
            total: "270.00",
            taxes: &[(1, "45.00")],
            ..nowhere()
        },
        Case {
            name: "GB-2",
            currency: "GBP",
            setup: britain(false, std::slice::from_ref(&visitor)),
            nights: 6,
            price: "100.00",
            total: "750.00",
            taxes: &[(1, "125.00")],
            levies: &[(1, "25.00")],
            ..nowhere()
        },
        Case {
            name: "GB-3",
            currency: "GBP",
            setup: britain(true, &[with(visitor, json!({"is_included": true}))]),
            price: "120.00",
            total: "120.00",
            taxes: &[(1, "20.00")],
            levies: &[(1, "4.76")],
            ..nowhere()
        },
        Case {
            name: "a levy with its tax inside",
            currency: "GBP",
            nights: 3,
            price: "100.00",
            setup: britain(false, &[with(share(1, "5"), json!({"group_id": 1, "has_taxes_included": true}))]),
            total: "375.00",
            taxes: &[(1, "62.50")],
            levies: &[(1, "12.50")],
            ..nowhere()
        },
        Case {
            name: "GB-4",
            currency: "GBP",
            setup: setup(&[group(1, false, &[1, 2])], &long, &[]),
            nights: 30,
            price: "50.00",
            total: "1784.00",
            taxes: &[(1, "280.00"), (2, "4.00")],
            ..nowhere()
        },
        Case {
            name: "NL-1",
            setup: netherlands.clone(),
            arrival: "2025-11-12",
            nights: 3,
            price: "181.50",
            total: "600.75",
            taxes: &[(1, "94.50")],
            levies: &[(1, "56.25")],
            ..nowhere()
        },
        Case {
            name: "NL-2",
            setup: netherlands,
            nights: 3,
            price: "181.50",
            total: "604.88",
            taxes: &[(1, "29.97"), (1, "31.50")],
            levies: &[(1, "60.38")],
            ..nowhere()
        },
        Case {
            name: "FR-1",
            setup: setup(&[group(1, true, &[1])], &[tax(1, "10")], &[per_person(1, "8.125", 18, 366)]),
            nights: 3,
            price: "220.00",
            children_ages: &[17],
            total: "708.78",
            taxes: &[(1, "60.00")],
            levies: &[(1, "48.78")],
            ..nowhere()
        },
        Case {
            name: "X-1",
            setup: setup(&[group(1, true, &[1])], &[tax(1, "10")], &[]),
            price: "0",
            extras: &[(LODGING, 3, "2.25")],
            total: "6.75",
            taxes: &[(1, "0.61")],
            ..nowhere()
        },
    ]
}

#[test]
fn stays_of_twelve_countries_come_to_what_was_worked_by_hand() {
    for case in cases() {
        case.live(0);
    }
}

#[test]
fn nights_that_are_posted_at_two_times_come_to_the_same() {
    for case in cases().iter().filter(|case| case.nights > 2 && case.extras.is_empty()) {
        case.live(case.nights / 2);
    }
}
