//! Corners of the same countries, worked by hand: bands at their edges, caps that end within a stay, ages
//! that just pay, one price for several things. Each names where its rates are published.

use serde_json::{Value, json};

use super::tax_cases::{Case, group, levy, nowhere, number, per_person, service, setup, share, split, tax, with};

fn bands(steps: &[(i64, &str)]) -> Value {
    let bands: Vec<Value> = steps.iter().map(|(from, amount)| json!({"from_price": from, "amount": number(amount)})).collect();
    json!({"rates": [{"from": "2000-01-01", "bands": bands}]})
}

fn corners() -> Vec<Case> {
    let lisbon = |parts: &[(i64, &str)]| {
        let groups = [group(1, true, &[1]), group(2, true, &[2]), split(3, true, parts)];
        with(setup(&groups, &[tax(1, "6"), tax(2, "13")], &[per_person(1, "4", 13, 7)]), json!({"room_group_id": 3}))
    };
    let berlin = with(share(1, "7.5"), json!({"group_id": 1, "nights": {"to": 21}}));
    let tokyo = with(levy(1, "person_night", json!({"amount": 1})), bands(&[(0, "0"), (10_000, "100"), (15_000, "200")]));
    let tokyo =
        setup(&[group(1, false, &[1, 2])], &[service(1, "10"), tax(2, "10")], &[with(tokyo, json!({"is_on_service": true}))]);
    vec![
        // informacoeseservicos.lisboa.pt, protir.pt: of full board half is lodging at 6 %, half meals at 13 %;
        // 150.00 × 6 ÷ 106 and 150.00 × 13 ÷ 113, and 4.00 for two people and two nights.
        Case {
            name: "Lisbon, full board",
            setup: lisbon(&[(1, "50"), (2, "50")]),
            nights: 2,
            price: "150.00",
            total: "316.00",
            taxes: &[(1, "8.49"), (2, "17.26")],
            levies: &[(1, "16.00")],
            ..nowhere()
        },
        // parkhotel-marzahn.de: the city tax ends with night 21. 7.5 % of 21 × 50.00 is 78.75, with 7 % on it 5.51.
        Case {
            name: "Berlin, 22 nights",
            setup: setup(&[group(1, true, &[1])], &[tax(1, "7")], &[berlin]),
            nights: 22,
            price: "53.50",
            total: "1261.26",
            taxes: &[(1, "82.51")],
            levies: &[(1, "78.75")],
            ..nowhere()
        },
        // Llei 2/2026 (derecholocal.es): five stars pay 7.00 and 5.00, free to 16. Who is 17 pays.
        Case {
            name: "Barcelona, five stars, a child of 17",
            setup: setup(
                &[group(1, true, &[1])],
                &[tax(1, "10")],
                &[per_person(1, "7", 17, 7), per_person(2, "5", 17, 7)].map(|levy| with(levy, json!({"group_id": 1}))),
            ),
            price: "330.00",
            children_ages: &[17],
            total: "369.60",
            taxes: &[(1, "33.60")],
            levies: &[(1, "21.00"), (2, "15.00")],
            ..nowhere()
        },
        // visitareroma.info (Delib. 255/2023): ten nights of a calendar year. Four in the old year and eight in
        // the new one all pay.
        Case {
            name: "Rome, twelve nights over the new year",
            setup: setup(
                &[group(1, true, &[1])],
                &[tax(1, "10")],
                &[with(per_person(1, "10", 10, 10), json!({"nights": {"to": 10, "is_of_year": true}}))],
            ),
            arrival: "2025-12-28",
            nights: 12,
            price: "110.00",
            total: "1560.00",
            taxes: &[(1, "120.00")],
            levies: &[(1, "240.00")],
            ..nowhere()
        },
        // zuerioberland.ch: free from night 31, the VAT of lodging inside: 3,310.00 × 3.8 ÷ 103.8.
        Case {
            name: "Zurich, 31 nights",
            currency: "CHF",
            setup: setup(
                &[group(1, true, &[1])],
                &[tax(1, "3.8")],
                &[with(per_person(1, "3.50", 0, 30), json!({"group_id": 1, "has_taxes_included": true}))],
            ),
            nights: 31,
            price: "100.00",
            total: "3310.00",
            taxes: &[(1, "121.18")],
            ..nowhere()
        },
        // codelibrary.amlegal.com: a room under 40 dollars pays less than 2.00 a night.
        Case {
            name: "New York, a room of 39.99",
            currency: "USD",
            setup: setup(
                &[group(1, false, &[1, 2])],
                &[tax(1, "8.875"), tax(2, "5.875")],
                &[
                    with(
                        levy(1, "room_night", json!({"amount": 2})),
                        bands(&[(0, "0"), (10, "0.50"), (20, "1"), (30, "1.50"), (40, "2")]),
                    ),
                    levy(2, "room_night", json!({"amount": number("1.50")})),
                ],
            ),
            price: "39.99",
            total: "48.89",
            taxes: &[(1, "3.55"), (2, "2.35")],
            levies: &[(1, "1.50"), (2, "1.50")],
            ..nowhere()
        },
        // sequencehotels.com/tax: 27,273 and its service are 30,000, a person's 15,000: the higher band.
        Case {
            name: "Tokyo, at 15,000 a person",
            currency: "JPY",
            setup: tokyo.clone(),
            price: "27273",
            total: "33400",
            taxes: &[(1, "2727"), (2, "3000")],
            levies: &[(1, "400")],
            ..nowhere()
        },
        // One yen less: 29,999 are 14,999.5 a person, which do not reach it.
        Case {
            name: "Tokyo, below 15,000 a person",
            currency: "JPY",
            setup: tokyo,
            price: "27272",
            total: "33199",
            taxes: &[(1, "2727"), (2, "3000")],
            levies: &[(1, "200")],
            ..nowhere()
        },
        // khn.nl: breakfast as a line of its own has 9 %, and leaves the base of the tourist tax.
        Case {
            name: "Amsterdam, breakfast on a line of its own",
            setup: setup(&[group(1, true, &[1]), group(2, true, &[2])], &[tax(1, "21"), tax(2, "9")], &[share(1, "12.5")]),
            price: "181.50",
            extras: &[(2, 2, "20.00")],
            total: "240.25",
            taxes: &[(1, "31.50"), (2, "3.30")],
            levies: &[(1, "18.75")],
            ..nowhere()
        },
        // parisjetaime.com: a palace takes 14.95 from age 18; alcohol has 20 %.
        Case {
            name: "Paris, a palace and champagne",
            setup: setup(
                &[group(1, true, &[1]), group(2, true, &[2])],
                &[tax(1, "10"), tax(2, "20")],
                &[per_person(1, "14.95", 18, 366)],
            ),
            nights: 2,
            price: "1000.00",
            children_ages: &[17],
            extras: &[(2, 1, "90.00")],
            total: "2149.80",
            taxes: &[(1, "181.82"), (2, "15.00")],
            levies: &[(1, "59.80")],
            ..nowhere()
        },
        // blog.slantco.com: no VAT, three decimals; 15 % of 46.805 is rounded once.
        Case {
            name: "Kuwait, a room and its minibar",
            currency: "KWD",
            setup: setup(&[group(1, false, &[1])], &[service(1, "15")], &[]),
            price: "45.555",
            extras: &[(1, 1, "1.250")],
            total: "53.826",
            taxes: &[(1, "7.021")],
            ..nowhere()
        },
    ]
}

#[test]
fn corners_of_real_countries_are_billed_to_the_minor_unit() {
    for case in corners() {
        case.live(0);
    }
}
