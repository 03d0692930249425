//! Articles: what is sold beside the rooms, and how it comes on a bill.

use innkeeper::domain::actor::Role;
use serde_json::{Value, json};

use super::tax_cases::{Case, assert_no_fault, group, nowhere, number, setup, tax};
use crate::support::TestHotel;

/// Rooms at 10 %, drinks at 20 %, both in the price.
fn two_rates() -> Case {
    let setup = setup(&[group(1, true, &[1]), group(2, true, &[2])], &[tax(1, "10"), tax(2, "20")], &[]);
    Case { name: "two rates", setup, nights: 1, price: "110.00", ..nowhere() }
}

fn in_house(case: &Case) -> TestHotel {
    let hotel = case.hotel();
    case.book(&hotel);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel
}

fn article(hotel: &TestHotel, body: Value) -> Value {
    hotel.post("/api/articles", body).expect(201)["id"].clone()
}

fn sell(hotel: &TestHotel, body: Value) -> Value {
    hotel.post("/api/reservations/1/charges", body).expect(201)
}

#[test]
fn an_article_alone_is_enough_to_sell_it_and_brings_its_taxes() {
    let hotel = in_house(&two_rates());
    let beer = article(&hotel, json!({"name": "Beer", "price": number("6.00"), "tax_group_id": 2, "is_favourite": true}));
    let sold = sell(&hotel, json!({"article_id": beer}));
    assert_eq!(
        (&sold["kind"], &sold["description"], &sold["amount"], &sold["tax_amount"], &sold["article_id"]),
        (&json!("extra"), &json!("Beer"), &number("6.00"), &number("1.00"), &beer)
    );
    let two = sell(&hotel, json!({"article_id": beer, "quantity": 2, "description": "Two beers at the pool"}));
    assert_eq!((&two["description"], &two["amount"]), (&json!("Two beers at the pool"), &number("12.00")));
    // What stands on a bill keeps its words and its price.
    hotel.patch(&format!("/api/articles/{beer}"), json!({"name": "Lager", "price": number("7.00")})).expect(200);
    let lines = hotel.get("/api/reservations/1/folio").expect(200)["lines"].clone();
    assert_eq!((&lines[0]["description"], &lines[0]["amount"]), (&json!("Beer"), &number("6.00")));
    let voided =
        hotel.post(&format!("/api/reservations/1/charges/{}/void", sold["id"]), json!({"reason": "mistake"})).expect(201);
    assert_eq!((&voided["article_id"], &voided["tax_amount"]), (&beer, &number("-1.00")));
    assert_no_fault(&hotel, "articles");
}

#[test]
fn what_is_sold_below_its_price_wants_a_reason_and_is_told() {
    let hotel = in_house(&two_rates());
    let beer = article(&hotel, json!({"name": "Beer", "price": number("6.00")}));
    let cheap = json!({"article_id": beer, "unit_amount": number("1.00"), "quantity": 3});
    assert_eq!(hotel.post("/api/reservations/1/charges", cheap).problem(409), "reason-needed");
    let cheap = json!({"article_id": beer, "unit_amount": number("1.00"), "quantity": 3, "reason": "Warm"});
    assert_eq!(sell(&hotel, cheap)["amount"], number("3.00"));
    sell(&hotel, json!({"article_id": beer, "unit_amount": number("8.00")}));
    // Leaving the article out does not hide what is sold.
    let typed = json!({"kind": "extra", "description": "beer", "unit_amount": number("1.00")});
    assert_eq!(hotel.post("/api/reservations/1/charges", typed).problem(409), "reason-needed");
    let told = hotel.get("/api/audit/exceptions").expect(200)["items"].clone();
    let told: Vec<_> =
        told.as_array().expect("items").iter().map(|e| (e["kind"].clone(), e["amount"].clone(), e["reason"].clone())).collect();
    assert_eq!(told, [(json!("typed_price"), number("15.00"), json!("Warm"))]);
}

#[test]
fn a_bill_takes_only_what_is_sold_and_says_what_is_missing() {
    let hotel = in_house(&two_rates());
    let open = article(&hotel, json!({"name": "Laundry"}));
    let old = article(&hotel, json!({"name": "Fax", "price": 1, "is_active": false}));
    let refused = |body: Value| {
        let answer = hotel.post("/api/reservations/1/charges", body).expect(422);
        answer["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .filter_map(|e| e["field"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(refused(json!({"article_id": open})), ["unit_amount"]);
    assert_eq!(refused(json!({"article_id": old})), ["article_id"]);
    // The hotel's own workflows post to articles too: none of them is for sale.
    assert_eq!(refused(json!({"article_id": 1, "unit_amount": 1})), ["article_id"]);
    assert_eq!(refused(json!({"article_id": open, "unit_amount": 1, "kind": "allowance"})), ["kind"]);
    assert_eq!(refused(json!({})), ["description", "unit_amount", "kind"]);
    assert_eq!(refused(json!({"article_id": open, "unit_amount": 1, "tax_group_id": 1})), ["tax_group_id"]);
    assert_eq!(sell(&hotel, json!({"article_id": open, "unit_amount": 9}))["description"], "Laundry");
    hotel.patch("/api/articles/1", json!({"name": "Mine"})).expect(404);
    hotel.get("/api/articles/1").expect(404);
}

#[test]
fn the_list_of_articles_is_kept_in_order() {
    let hotel = in_house(&two_rates());
    let names = |query: &str| {
        let list = hotel.get(&format!("/api/articles{query}")).expect(200);
        list["items"].as_array().expect("items").iter().filter_map(|a| a["name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert!(names("").is_empty(), "what the workflows post to is not for sale");
    let wine = article(&hotel, json!({"name": " Wine ", "price": number("4.50"), "is_favourite": true}));
    article(&hotel, json!({"name": "beer"}));
    assert_eq!(names(""), ["beer", "Wine"]);
    assert_eq!(names("?is_favourite=true"), ["Wine"]);
    assert_eq!(hotel.post("/api/articles", json!({"name": "BEER"})).problem(409), "duplicate-name");
    for (body, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "X", "price": 0}), "price"),
        (json!({"name": "X", "price": -1}), "price"),
        (json!({"name": "X", "price": number("0.001")}), "price"),
        (json!({"name": "X", "tax_group_id": 9}), "tax_group_id"),
    ] {
        assert_eq!(hotel.post("/api/articles", body).expect(422)["errors"][0]["field"], field);
    }
    let at = format!("/api/articles/{wine}");
    assert_eq!(hotel.patch(&at, json!({"price": null, "version": 1})).expect(200)["price"], Value::Null);
    assert_eq!(hotel.patch(&at, json!({"price": 5, "version": 1})).problem(409), "stale-version");
    assert_eq!(hotel.patch(&at, json!({"is_active": false})).expect(200)["is_active"], false);
    assert_eq!(names("?is_active=true"), ["beer"]);
    for role in [Role::Receptionist, Role::Housekeeper] {
        hotel.as_role(role).post("/api/articles", json!({"name": "Mine"})).expect(403);
    }
}

#[test]
fn a_tax_group_stays_as_long_as_an_article_has_it() {
    let hotel = in_house(&two_rates());
    let beer = article(&hotel, json!({"name": "Beer", "tax_group_id": 2}));
    let without = json!({"groups": [group(1, true, &[1])], "extra_group_id": 1, "fee_group_id": 1});
    let refused = hotel.patch("/api/taxes", without.clone());
    assert!(refused.expect(409)["detail"].as_str().is_some_and(|words| words.contains("Beer")));
    hotel.patch(&format!("/api/articles/{beer}"), json!({"tax_group_id": null})).expect(200);
    hotel.patch("/api/taxes", without).expect(200);
}
