//! What is known of a guest as one file, and what is forgotten by itself.

use innkeeper::db::Sql;
use innkeeper::domain::actor::Role;
use innkeeper::hotel::guest_rights::retention;
use innkeeper::hotel::transfer::{self, ImportOptions};
use serde_json::{Value, json};

use crate::support::TestHotel;
use crate::support::running::{run, stdout};

/// Ana Sousa and those who came along, a profile of Rui's among them, with extras, money and words.
fn family() -> TestHotel {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.post("/api/rooms", json!({"room_number": "101", "room_type_id": 1})).expect(201);
    hotel.patch("/api/room-types/1", json!({"capacity_adults": 4})).expect(200);
    let ana = json!({"full_name": "Ana Sousa", "email": "ana@example.com", "id_type": "passport", "id_number": "P-77"});
    let stay = json!({"guest": ana, "room_id": 1, "check_in_date": "2025-11-10", "check_out_date": "2025-11-12", "adults": 3,
        "notes": "Allergic to nuts"});
    hotel.post("/api/reservations", stay).expect(201);
    hotel.post("/api/guests", json!({"full_name": "Rui Sousa"})).expect(201);
    let people = json!([
        {"full_name": "Ana Sousa", "document_kind": "passport", "document_number": "P-77", "address": "Rua Um 1"},
        {"full_name": "Rui Sousa", "guest_id": 2, "document_number": "R-88", "birth_place": "Faro"},
        {"full_name": "Eva Sousa", "document_number": "E-99"}]);
    hotel.put("/api/reservations/1/guests", json!({"guests": people})).expect(200);
    hotel.post("/api/reservations/1/check-in", json!({})).expect(200);
    hotel
        .post("/api/reservations/1/charges", json!({"kind": "extra", "description": "Almond-free cake", "unit_amount": 20}))
        .expect(201);
    hotel
        .post("/api/payments", json!({"reservation_id": 1, "amount": 30, "payment_method": "card", "reference_number": "REF-5"}))
        .expect(201);
    hotel
}

fn data_of(hotel: &TestHotel, guest: i64) -> Value {
    hotel.post(&format!("/api/guests/{guest}/personal-data"), json!({})).expect(200)
}

#[test]
fn everything_known_of_a_guest_is_one_file() {
    let hotel = family();
    let data = data_of(&hotel, 1);
    assert_eq!(data["profiles"][0]["id_number"], "P-77");
    let stay = &data["stays"][0];
    assert_eq!((&stay["notes"], &stay["charges"][0]["description"]), (&json!("Allergic to nuts"), &json!("Almond-free cake")));
    assert_eq!((&stay["payments"][0]["reference_number"], &stay["adults"]), (&json!("REF-5"), &json!(3)));
    assert_eq!(data["registrations"][0]["address"], "Rua Um 1");
    let has = |entity: &str, action: &str| {
        data["entries"].as_array().expect("entries").iter().any(|entry| entry["entity"] == entity && entry["action"] == action)
    };
    assert!(has("guest", "create") && has("reservation", "check_in") && has("reservation", "register"), "{data}");
    // Of the others there is how many they were.
    let text = data.to_string();
    assert!(!text.contains("Rui Sousa") && !text.contains("Eva Sousa") && !text.contains("R-88"), "{text}");
    // Who came along finds what was written down, and no bill.
    let rui = data_of(&hotel, 2);
    assert_eq!((&rui["registrations"][0]["document_number"], &rui["stays"]), (&json!("R-88"), &json!([])));
    assert!(!rui.to_string().contains("Ana Sousa"), "{rui}");
    hotel.post("/api/guests/77/personal-data", json!({})).problem(404);
}

#[test]
fn a_file_for_people_is_of_paper() {
    let hotel = family();
    let paper = hotel.get("/api/guests/1/personal-data.pdf");
    assert_eq!((paper.status, paper.header("content-type")), (200, Some("application/pdf")));
    assert!(paper.body.starts_with(b"%PDF-"), "no PDF");
    let trail = hotel.get("/api/audit-log?entity=guest&entity_id=1&action=disclose").expect(200);
    assert_eq!(trail["items"][0]["after"], json!({"format": "pdf"}));
    hotel.get("/api/guests/77/personal-data.pdf").problem(404);
}

#[test]
fn a_folded_profile_is_in_the_file_of_the_one_that_is_kept() {
    let hotel = family();
    hotel.post("/api/guests", json!({"full_name": "Anna Souza", "phone_number": "+351 210"})).expect(201);
    hotel.post("/api/guests/1/merge", json!({"other_id": 3})).expect(200);
    let data = data_of(&hotel, 1);
    assert_eq!(data["profiles"][1]["full_name"], "Anna Souza");
}

#[test]
fn only_owners_and_managers_take_the_file_and_the_trail_tells_of_it() {
    let hotel = family();
    for role in [Role::Receptionist, Role::Housekeeper, Role::ReadOnly] {
        let desk = hotel.as_role(role);
        desk.post("/api/guests/1/personal-data", json!({})).problem(403);
        desk.get("/api/guests/1/personal-data.pdf").problem(403);
    }
    hotel.as_role(Role::Manager).post("/api/guests/1/personal-data", json!({})).expect(200);
    let trail = hotel.get("/api/audit-log?entity=guest&entity_id=1&action=disclose").expect(200);
    assert_eq!((&trail["total"], &trail["items"][0]["after"]), (&json!(1), &json!({"format": "json"})));
}

const OLD: &str = "external_id,status,room_type,room_number,guest_name,guest_email,check_in_date,check_out_date,total_amount,paid_amount,created_date,notes
A-1,checked_out,DBL,101,Old Settled,old@example.com,2022-03-01,2022-03-03,200,200,2022-02-01,Likes tea
A-2,checked_out,DBL,101,Old Owing,owing@example.com,2022-04-01,2022-04-03,200,150,2022-02-01,
A-3,checked_out,DBL,101,Back Again,back@example.com,2022-05-01,2022-05-03,200,200,2022-02-01,
A-4,confirmed,DBL,101,Back Again,back@example.com,2025-12-01,2025-12-03,200,0,2025-10-01,
A-5,checked_out,DBL,101,Of This Year,new@example.com,2025-06-01,2025-06-03,200,200,2025-05-01,
";

/// A hotel with stays of three years ago and of this one.
fn of_age() -> TestHotel {
    let hotel = TestHotel::new();
    hotel.add_room_type("Double", "DBL", 100);
    hotel.post("/api/rooms", json!({"room_number": "101", "room_type_id": 1})).expect(201);
    let options = ImportOptions::default();
    let report = hotel
        .app
        .db
        .write_alone(hotel.app.own_context(), move |tx| transfer::import(tx, OLD.as_bytes(), &options, &mut |_, _| ()))
        .expect("a report");
    assert!(report.bad.is_empty() && report.imported == 5, "{report}");
    for stay in [1, 4] {
        let person = json!([{"full_name": "Somebody", "document_kind": "passport", "document_number": "D-1", "address": "Rua 1", "birth_place": "Faro",
            "birth_date": "1980-01-01"}]);
        hotel.put(&format!("/api/reservations/{stay}/guests"), json!({"guests": person})).expect(200);
    }
    hotel
}

fn names(due: &Value) -> Vec<&str> {
    due["profiles"].as_array().expect("profiles").iter().map(|profile| profile["full_name"].as_str().expect("a name")).collect()
}

fn night(hotel: &TestHotel) {
    hotel.advance_hours(24);
    retention::night(&hotel.app).expect("a night");
}

fn assert_no_fault(hotel: &TestHotel) {
    let checked = run(&["check", "--db", hotel.app.db.path().to_str().expect("a path")]);
    assert!(checked.status.success(), "{}", stdout(&checked));
}

#[test]
fn nothing_is_forgotten_until_it_is_turned_on_and_the_list_is_told_before() {
    let hotel = of_age();
    let rules = hotel.get("/api/retention").expect(200);
    assert_eq!((&rules["is_on"], &rules["profile_years"], &rules["invoice_years"]), (&json!(false), &Value::Null, &json!(10)));
    assert_eq!(hotel.get("/api/retention/due").expect(200)["profile_count"], 0);
    hotel.put("/api/registrations/rules", json!({"country": "DE"})).expect(200);
    let by_law = hotel.get("/api/retention").expect(200);
    assert_eq!((&by_law["registration_months"], &by_law["law_months"]), (&json!(12), &json!(12)), "until somebody says another");
    hotel.put("/api/registrations/rules", json!({"country": ""})).expect(200);
    // What it would be, before anything is saved: who owes something or comes again is not among them.
    let looked = hotel.get("/api/retention/due?profile_years=3&registration_months=12").expect(200);
    assert_eq!(names(&looked), ["Old Settled"]);
    assert_eq!((&looked["profiles"][0]["last_stay_date"], &looked["registration_count"]), (&json!("2022-03-03"), &json!(1)));
    // Nor who still owes for a group.
    let group = "INSERT INTO booking_group (code, name, status, arrival_date, departure_date, cut_off_date, guest_id, created_at)
        VALUES ('OLD', 'Old', 'ended', '2022-03-01', '2022-03-03', '2022-02-01', ?1, '2022-01-01T00:00:00.000Z')";
    let settled = looked["profiles"][0]["id"].as_i64();
    hotel.write(move |tx| tx.run(&Sql::new("test.group", group), [settled]).map(|_| ()));
    let owes = |amount: i64| {
        let owes = "INSERT INTO folio (kind, group_id, balance) VALUES ('group', 1, ?1)
            ON CONFLICT (group_id) WHERE group_id IS NOT NULL DO UPDATE SET balance = excluded.balance";
        hotel.write(move |tx| tx.run(&Sql::new("test.owes", owes), [amount]).map(|_| ()));
        hotel.get("/api/retention/due?profile_years=3&registration_months=12").expect(200)
    };
    assert_eq!((names(&owes(100)).len(), names(&owes(0)).len()), (0, 1));
    hotel.patch("/api/retention", json!({"profile_years": 3, "registration_months": 12})).expect(200);
    night(&hotel);
    let owner = hotel.with_token(&hotel.sign_in_again(Role::Owner)).get("/api/retention/due").expect(200);
    assert_eq!(names(&owner), ["Old Settled"], "it is off");
}

#[test]
fn what_was_kept_long_enough_goes_in_the_coming_night_with_an_entry_each() {
    let hotel = of_age();
    let on = hotel.patch("/api/retention", json!({"profile_years": 3, "registration_months": 4, "is_on": true})).expect(200);
    assert_eq!(hotel.patch("/api/retention", json!({"is_on": false, "version": 1})).problem(409), "stale-version");
    // The night that is past is not made up for: there is a day to look at the list.
    retention::night(&hotel.app).expect("a turn");
    assert_eq!(names(&hotel.get("/api/retention/due").expect(200)), ["Old Settled"]);
    night(&hotel);
    let owner = hotel.with_token(&hotel.sign_in_again(Role::Owner));
    let due = owner.get("/api/retention/due").expect(200);
    assert_eq!((names(&due), &due["registration_count"]), (vec![], &json!(0)));
    assert_ne!(owner.get("/api/retention").expect(200)["last_run_on"], on["last_run_on"]);
    let guest = owner.get("/api/guests?q=Erased").expect(200)["items"][0].clone();
    assert_eq!((&guest["is_anonymised"], &guest["email"]), (&json!(true), &json!("")));
    assert_eq!(owner.get("/api/guests?q=Settled").expect(200)["total"], 0, "nor does the search know");
    assert_eq!(owner.get("/api/search?q=old@example.com").expect(200)["guests"], json!([]));
    let trail = |action: &str| owner.get(&format!("/api/audit-log?action={action}")).expect(200);
    let erased = trail("anonymise");
    assert_eq!((&erased["total"], &erased["items"][0]["username"]), (&json!(1), &json!("innkeeper")));
    assert_eq!(erased["items"][0]["after"]["reason"], "the last stay was long ago");
    // The registration of June is over four months old: of a guest who is kept the details alone go.
    let people = owner.get("/api/reservations/4/guests").expect(200);
    let head = &people["items"][0];
    assert_eq!((&head["document_number"], &head["address"], &head["birth_place"]), (&json!(""), &json!(""), &json!("")));
    assert_eq!(head["birth_date"], "1980-01-01");
    assert!(trail("forget_registration")["total"].as_i64().is_some_and(|total| total >= 1));
    assert_no_fault(&hotel);
}

#[test]
fn a_name_stays_on_an_invoice_for_as_long_as_the_law_asks_and_goes_then() {
    let hotel = family();
    hotel.patch("/api/reservations/1", json!({"adults": 3})).expect(200);
    let buyer = json!({"name": "Ana Sousa", "city": "Porto", "country": "PT"});
    let invoice =
        hotel.post("/api/reservations/1/invoices", json!({"is_issued": true, "buyer": buyer})).expect(201)["id"].clone();
    hotel.post("/api/reservations/1/check-out", json!({"settle": {"payment_method": "card"}})).expect(200);
    let draft = hotel
        .post("/api/reservations/1/invoices", json!({"kind": "pro_forma", "buyer": {"name": "Ana Sousa"}}))
        .expect(201)["id"]
        .clone();
    assert_eq!(data_of(&hotel, 1)["documents"][0]["buyer"]["city"], "Porto");
    hotel.post("/api/guests/1/anonymise", json!({"reason": "asked by letter"})).expect(200);
    hotel.get(&format!("/api/invoices/{draft}")).problem(404);
    let named = |name: &str| hotel.get(&format!("/api/invoices?q={name}")).expect(200)["total"].clone();
    assert_eq!(hotel.write(retention::forget_some), 0, "the term is not over");
    assert_eq!(named("Sousa"), 1);
    hotel.write(|tx| {
        tx.run(&Sql::new("test.years_later", "UPDATE property SET business_date = '2036-01-01' WHERE id = 1"), []).map(|_| ())
    });
    assert_eq!(hotel.write(retention::forget_some), 1);
    assert_eq!(hotel.write(retention::forget_some), 0);
    assert_eq!((named("Sousa"), named("Erased")), (json!(0), json!(1)));
    let kept = hotel.get(&format!("/api/invoices/{invoice}")).expect(200);
    assert!(!kept.to_string().contains("Sousa") && !kept.to_string().contains("Porto"), "{kept}");
    let trail = hotel.get("/api/audit-log?entity=invoice&action=scrub").expect(200);
    assert_eq!(trail["total"], 1);
    assert_no_fault(&hotel);
}

#[test]
fn a_document_goes_from_the_profile_and_from_the_trail_of_who_has_not_been_here_for_long() {
    let hotel = of_age();
    let kept = |name: &str| hotel.get(&format!("/api/guests?q={name}")).expect(200)["items"][0]["id"].as_i64().expect("an id");
    let (new, back) = (kept("This"), kept("Again"));
    hotel.write(|tx| tx.run(&Sql::new("test.for_two", "UPDATE reservation SET adults = 2 WHERE id IN (1, 5)"), []).map(|_| ()));
    let companion = |name: &str, stay: i64| {
        let id = hotel.post("/api/guests", json!({"full_name": name})).expect(201)["id"].as_i64().expect("an id");
        let people = json!([{"full_name": "Somebody"}, {"full_name": name, "guest_id": id}]);
        hotel.put(&format!("/api/reservations/{stay}/guests"), json!({ "guests": people })).expect(200);
        id
    };
    let (along, to_come) = (companion("Along Then", 1), companion("Along Soon", 5));
    for guest in [new, back, along, to_come] {
        hotel.patch(&format!("/api/guests/{guest}"), json!({"id_type": "passport", "id_number": "SECRET-1"})).expect(200);
    }
    hotel.patch("/api/retention", json!({"registration_months": 4, "is_on": true})).expect(200);
    night(&hotel);
    let owner = hotel.with_token(&hotel.sign_in_again(Role::Owner));
    let number = |guest: i64| owner.get(&format!("/api/guests/{guest}")).expect(200)["id_number"].clone();
    assert_eq!(number(new), "");
    assert_eq!(number(back), "SECRET-1", "who comes again keeps it");
    assert_eq!((number(along), number(to_come)), (json!(""), json!("SECRET-1")), "and so has who came along, or will");
    let trail = owner.get(&format!("/api/audit-log?entity=guest&entity_id={new}")).expect(200).to_string();
    assert!(!trail.contains("SECRET-1") && trail.contains("forget_document"), "{trail}");
    assert_no_fault(&hotel);
}
