//! Every change of the API stands in the audit trail, under the name of who made it.

use std::collections::BTreeSet;

use innkeeper::domain::actor::Role;
use innkeeper::hotel::Memory;
use innkeeper::http::endpoint::Endpoint;
use innkeeper::http::request::Method;
use innkeeper::routes;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::running::PASSWORD;
use crate::support::{Answer, Asking, TestHotel};

/// Whose entry is not in the file that was asked, and why.
const ELSEWHERE: &[(&str, &str)] = &[("restore_backup", "stands in the file that takes this one's place: api::damage")];

/// Makes changes and remembers which.
struct Trail<'a> {
    hotel: &'a TestHotel,
    file: Connection,
    made: BTreeSet<&'static str>,
}

impl<'a> Trail<'a> {
    fn of(hotel: &'a TestHotel) -> Trail<'a> {
        Trail { hotel, file: Connection::open(hotel.app.db.path()).expect("the file"), made: BTreeSet::new() }
    }

    fn newest(&self) -> i64 {
        self.file.query_row("SELECT coalesce(max(id), 0) FROM audit_log", [], |row| row.get(0)).expect("a number")
    }

    /// Sends a change, which must succeed and leave an entry by `who`.
    fn send(&mut self, name: &str, who: &str, asking: impl FnOnce(&'a TestHotel, Method) -> Asking<'a>) -> Answer {
        let endpoints = routes::endpoints(&Memory::default());
        let endpoint = endpoints.iter().find(|e| e.name == name).unwrap_or_else(|| panic!("{name} is no endpoint"));
        let before = self.newest();
        let answer = asking(self.hotel, endpoint.method).send();
        assert!((200..300).contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
        self.hotel.do_ordered();
        let by = "SELECT group_concat(DISTINCT username) FROM audit_log WHERE id > ?1";
        let by: Option<String> = self.file.query_row(by, [before], |row| row.get(0)).expect("names");
        assert_eq!(by.as_deref(), Some(who), "{name} leaves no entry, or one under another name");
        self.made.insert(endpoint.name);
        answer
    }

    /// The same by the owner; what was answered.
    fn go(&mut self, name: &str, target: &str, body: Value) -> Value {
        let answer = self.send(name, "owner", |hotel, method| hotel.as_owner().request(method, target).json(&body));
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// Makes one, changes it in both ways; its address.
    fn edit(&mut self, names: [&str; 3], list: &str, new: Value, changes: [Value; 2]) -> String {
        let at = format!("{list}/{}", self.go(names[0], list, new)["id"]);
        let [update, replace] = changes;
        self.go(names[1], &at, update);
        self.go(names[2], &at, replace);
        at
    }

    fn change(&mut self, thing: &str, target: &str, first: Value, second: Value) {
        self.go(&format!("update_{thing}"), target, first);
        self.go(&format!("replace_{thing}"), target, second);
    }
}

fn settings(trail: &mut Trail) {
    for (thing, list) in [("booking_source", "/api/booking-sources"), ("payment_method", "/api/payment-methods")] {
        let names = [format!("create_{thing}"), format!("update_{thing}"), format!("replace_{thing}")];
        let names = [names[0].as_str(), names[1].as_str(), names[2].as_str()];
        trail.edit(names, list, json!({"name": "Radio"}), [json!({"name": "Television"}), json!({"is_active": false})]);
    }
    let vat = |percent: i64| json!({"taxes": [{"id": 1, "name": "VAT", "rates": [{"from": "2020-01-01", "percent": percent}]}]});
    trail.change("taxes", "/api/taxes", vat(7), vat(10));
    trail.change("settings", "/api/settings", json!({"phone": "1"}), json!({"phone": "2"}));
    let limit = |amount: i64| json!({"limits": [{"kind": "discount", "receptionist_amount": amount}]});
    trail.change("limits", "/api/settings/limits", limit(5), limit(6));
    trail.change("thresholds", "/api/system/thresholds", json!({"memory_megabytes": 600}), json!({"memory_megabytes": 700}));
    trail.go("take_personal_data", "/api/guests/1/personal-data", json!({}));
    trail.change("retention", "/api/retention", json!({"profile_years": 4}), json!({"registration_months": 15}));
    trail.change("network", "/api/network", json!({"port": 8444}), json!({"port": 8445}));
    trail.change("backup_plan", "/api/backups/plan", json!({"keep_daily": 3}), json!({"keep_daily": 4}));
    trail.change("day_close_plan", "/api/day-close/plan", json!({"is_on": true}), json!({"is_on": false}));
    trail.go("create_backup", "/api/backups", json!({}));
    trail.go("set_backup_passphrase", "/api/backups/passphrase", json!({"passphrase": ""}));
}

fn till(trail: &mut Trail) {
    let names = ["create_drawer", "update_drawer", "replace_drawer"];
    trail.edit(names, "/api/drawers", json!({"name": "Bar"}), [json!({"name": "Pool"}), json!({"is_shared": false})]);
    trail.go("create_drawer_movement", "/api/shifts/1/movements", json!({"kind": "bank_drop", "amount": 20}));
    trail.go("close_shift", "/api/shifts/1/close", json!({"counts": [{"amount": 126}]}));
    trail.go("sell_voucher", "/api/vouchers", json!({"amount": 5, "payment_method": "card", "expires_on": "2025-11-10"}));
    trail.go("open_shift", "/api/shifts", json!({"drawer_id": 1, "float_amount": 126}));
}

fn rooms_and_rates(trail: &mut Trail) {
    let names = ["create_room_type", "update_room_type", "replace_room_type"];
    let cabin = json!({"name": "Cabin", "code": "CAB", "capacity_adults": 2, "default_rate": 80});
    let cabin = trail.edit(names, "/api/room-types", cabin, [json!({"name": "Hut"}), json!({"sort_order": 3})]);
    let id: i64 = cabin.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let names = ["create_room", "update_room", "replace_room"];
    let room = json!({"room_number": "301", "room_type_id": id});
    let room = trail.edit(names, "/api/rooms", room, [json!({"notes": "x"}), json!({"notes": "y"})]);
    trail.go("set_room_status", &format!("{room}/status"), json!({"housekeeping": "dirty"}));
    let batch = trail.go("create_rooms", "/api/rooms/batch", json!({"room_type_id": id, "numbers": ["302"]}));
    let block = json!({"kind": "out_of_service", "start_date": "2025-11-20", "end_date": "2025-11-22", "reason": "Paint"});
    let block = trail.go("create_room_block", "/api/rooms/3/blocks", block);
    trail.go("release_room_block", &format!("/api/rooms/3/blocks/{}", block["id"]), json!({}));
    trail.go("delete_room", &room, json!({}));
    trail.go("delete_room", &format!("/api/rooms/{}", batch["items"][0]["id"]), json!({}));
    trail.go("delete_room_type", &cabin, json!({}));
    let names = ["create_article", "update_article", "replace_article"];
    trail.edit(names, "/api/articles", json!({"name": "Tea"}), [json!({"price": 3}), json!({"is_favourite": true})]);
    let codes = json!({"codes": [{"kind": "article", "key": "room", "code": "8400"}]});
    trail.go("update_account_codes", "/api/account-codes", codes);
    let codes = json!({"codes": [{"kind": "article", "key": "room", "code": "8401"}]});
    trail.go("replace_account_codes", "/api/account-codes", codes);
    let view = trail.go("save_report_view", "/api/report-views", json!({"name": "Mine", "report": "revenue"}));
    trail.go("delete_report_view", &format!("/api/report-views/{}", view["id"]), json!({}));
    let names = ["create_company", "update_company", "replace_company"];
    trail.edit(names, "/api/companies", json!({"name": "Bravo"}), [json!({"notes": "x"}), json!({"email": "a@example.com"})]);
    let names = ["create_group", "update_group", "replace_group"];
    let tour = json!({"name": "Tour", "arrival_date": "2026-04-01", "departure_date": "2026-04-02"});
    let tour = trail.edit(names, "/api/groups", tour, [json!({"notes": "x", "code": "T1"}), json!({"code": "T2"})]);
    let cell = json!({"nights": [{"room_type_id": 1, "night": "2026-04-01", "rooms": 1}]});
    trail.go("set_block", &format!("{tour}/block"), cell);
    let list = trail.go("book_rooming_list", &format!("{tour}/rooming-list"), json!({"rows": [{"name": "Tom"}]}));
    let ids = list["items"][0]["id"].clone();
    trail.go("set_master", &format!("{tour}/master"), json!({"pays": "all"}));
    trail.go("release_block", &format!("{tour}/release"), json!({}));
    trail.go("cancel_group", &format!("{tour}/cancel"), json!({}));
    assert_eq!(trail.hotel.get(&format!("/api/reservations/{ids}")).expect(200)["status"], "cancelled");
    let names = ["create_rate_plan", "update_rate_plan", "replace_rate_plan"];
    trail.edit(names, "/api/rate-plans", json!({"code": "X", "name": "X"}), [json!({"name": "Y"}), json!({"name": "Z"})]);
    let rates = json!({"room_type_id": 1, "from": "2025-12-01", "to": "2025-12-02", "rate": 90});
    trail.go("set_rates", "/api/rate-plans/1/rates", rates);
    let more = json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-02", "kind": "percent", "percent": 10});
    trail.go("change_rates", "/api/rate-plans/1/rate-changes", more);
    let back = json!({"rates": [{"rate_plan_id": 1, "room_type_id": 1, "date": "2025-12-01", "rate": null}]});
    trail.go("set_rate_cells", "/api/rate-calendar/cells", back);
    let file = json!({"csv": "date,room_type,rate_plan,price\n2025-12-01,DBL,BAR,91\n"});
    trail.go("import_rates", "/api/rate-calendar/imports", file);
    let two_nights = json!({"room_type_ids": [1], "from": "2025-12-01", "to": "2025-12-02", "min_stay_arrival": 2});
    trail.go("set_restrictions", "/api/rate-plans/1/restrictions", two_nights);
}

fn guests(trail: &mut Trail) {
    let names = ["create_guest", "update_guest", "replace_guest"];
    let eva = trail.edit(names, "/api/guests", json!({"full_name": "Eva"}), [json!({"notes": "x"}), json!({"notes": "y"})]);
    let other = trail.go("create_guest", "/api/guests", json!({"full_name": "Eva Two"}))["id"].clone();
    trail.go("merge_guest", &format!("{eva}/merge"), json!({"other_id": other}));
    trail.go("anonymise_guest", &format!("{eva}/anonymise"), json!({"reason": "asked by letter"}));
    let gus = trail.go("create_guest", "/api/guests", json!({"full_name": "Gus"}))["id"].clone();
    trail.go("delete_guest", &format!("/api/guests/{gus}"), json!({}));
}

fn book(trail: &mut Trail, until: &str) -> String {
    let stay = json!({"guest_id": 2, "room_type_id": 1, "check_in_date": "2025-11-10", "check_out_date": until});
    format!("/api/reservations/{}", trail.go("create_reservation", "/api/reservations", stay)["id"])
}

fn stays(trail: &mut Trail) {
    let stay = book(trail, "2025-11-11");
    let at = |step: &str| format!("{stay}/{step}");
    let id: i64 = stay.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    trail.change("reservation", &stay, json!({"notes": "x"}), json!({"notes": "y"}));
    trail.go("move_reservation", &at("move"), json!({"room_id": 3}));
    trail.go("check_in", &at("check-in"), json!({}));
    trail.go("replace_stay_guests", &at("guests"), json!({"guests": [{"full_name": "Ben Li"}]}));
    let charge = trail.go("create_charge", &at("charges"), json!({"kind": "extra", "description": "Tea", "unit_amount": 5}));
    trail.go("void_charge", &at(&format!("charges/{}/void", charge["id"])), json!({"reason": "mistake"}));
    let charge = trail.go("create_charge", &at("charges"), json!({"kind": "extra", "description": "Tea", "unit_amount": 5}));
    let folio = format!("/api/folios/{}", charge["folio_id"]);
    let window = trail.go("open_folio", &at("folios"), json!({"payer_name": "Aunt"}));
    let split = json!({"charge_id": charge["id"], "parts": [{"to": {"window": 1}}, {"to": {"window": 2}}]});
    let made = trail.go("split_line", &format!("{folio}/split"), split);
    let half = &made["transfers"][0];
    trail.go("undo_transfer", &format!("/api/folios/{}/transfers/{}/undo", half["folio_id"], half["id"]), json!({}));
    trail.go("transfer_lines", &format!("{folio}/transfer"), json!({"to": {"window": 2}}));
    trail.go("transfer_lines", &format!("/api/folios/{}/transfer", window["id"]), json!({"to": {"window": 1}}));
    trail.change("folio", &format!("/api/folios/{}", window["id"]), json!({"payer_name": "Uncle"}), json!({"is_closed": true}));
    trail.go("void_charge", &at(&format!("charges/{}/void", charge["id"])), json!({"reason": "mistake"}));
    trail.go("set_routing", &at("routing"), json!({"rules": []}));
    let company_rules = json!({"rules": [{"what": "levies"}]});
    trail.go("set_company_routing", "/api/companies/1/routing", company_rules);
    let account = trail.go("create_house_account", "/api/house-accounts", json!({"name": "Café"}));
    let its = format!("/api/house-accounts/{}/charges", account["id"]);
    let beer = json!({"kind": "extra", "description": "Beer", "unit_amount": 5});
    let charge = trail.go("create_house_charge", &its, beer.clone());
    trail.go("void_house_charge", &format!("{its}/{}/void", charge["id"]), json!({"reason": "mistake"}));
    trail.go("create_house_charge", &its, beer);
    trail.go("settle_folio", &format!("/api/folios/{}/settle", account["id"]), json!({"company_id": 1, "notes": "their party"}));
    let payment = |amount: i64| json!({"reservation_id": id, "amount": amount, "payment_method": "card"});
    let paid = trail.go("create_payment", "/api/payments", payment(10));
    trail.go("void_payment", &format!("/api/payments/{}/void", paid["id"]), json!({"reason": "mistake"}));
    let paid = trail.go("create_payment", "/api/payments", payment(10));
    trail.go("refund_payment", &format!("/api/payments/{}/refund", paid["id"]), json!({"reason": "asked"}));
    trail.go("take_security", &at("security"), json!({"amount": 20, "payment_method": "cash"}));
    trail.go("keep_security", &at("security/keep"), json!({"amount": 5, "reason": "Lamp"}));
    trail.go("return_security", &at("security/return"), json!({}));
    trail.go("extend_reservation", &at("extend"), json!({"check_out_date": "2025-11-12"}));
    trail.go("undo_reservation", &at("undo"), json!({}));
    trail.go("create_payments", "/api/payments/batch", json!({"payments": [payment(100)]}));
    trail.go("check_out", &at("check-out"), json!({}));
    trail.go("cancel_reservation", "/api/reservations/3/cancel", json!({"reason": "ill"}));
    let other = book(trail, "2025-11-11");
    trail.go("delete_reservation", &other, json!({}));
    let kept = book(trail, "2025-11-11");
    let id: i64 = kept.rsplit_once('/').and_then(|(_, id)| id.parse().ok()).expect("an id");
    let ahead = json!({"reservation_id": id, "amount": 30, "payment_method": "card"});
    trail.go("create_payment", "/api/payments", ahead);
    trail.go("return_deposit", &format!("{kept}/deposit/return"), json!({"amount": 10, "reason": "asked"}));
    trail.go("cancel_reservation", &format!("{kept}/cancel"), json!({}));
    trail.go("keep_deposit", &format!("{kept}/deposit/keep"), json!({"reason": "agreed"}));
    close_day(trail);
    trail.go("mark_no_show", "/api/reservations/2/no-show", json!({}));
    trail.go("expire_voucher", "/api/vouchers/2/expire", json!({}));
    let stay = json!({"guest_id": 2, "room_type_id": 1, "check_in_date": "2025-11-11", "check_out_date": "2025-11-12"});
    let id = trail.go("create_reservation", "/api/reservations", stay)["id"].clone();
    let group = trail.go("found_group", &format!("/api/reservations/{id}/group"), json!({"name": "Two"}))["id"].clone();
    let room = json!({"stays": [{"reservation_id": id, "room_id": 3}], "override_dirty": true});
    let arrived = trail.go("check_in_group", &format!("/api/groups/{group}/check-in"), room);
    assert_eq!(arrived["items"][0]["status"], "checked_in", "{arrived}");
    trail.go("check_out_group", &format!("/api/groups/{group}/check-out"), json!({"stays": [id], "payment_method": "card"}));
}

fn registration(trail: &mut Trail) {
    trail.go("set_registration_rules", "/api/registrations/rules", json!({"country": "TH"}));
    let ana = json!({"full_name": "Ana Lopes", "sex": "female", "birth_date": "1980-05-01", "nationality": "PT", "document_number": "X1"});
    trail.hotel.put("/api/reservations/1/guests", json!({ "guests": [ana] })).expect(200);
    let listed = trail.hotel.get("/api/registrations").expect(200);
    let id = listed["items"].as_array().expect("people").iter().find(|one| one["full_name"] == "Ana Lopes").expect("Ana")["id"]
        .clone();
    trail.go("mark_registrations", "/api/registrations/sent", json!({ "ids": [id] }));
}

/// After a stay of company 1 was settled.
fn ledgers(trail: &mut Trail) {
    let pay = json!({"amount": 2, "payment_method": "card", "is_matched": false});
    trail.go("pay_account", "/api/companies/1/account/payments", pay);
    let made = trail.go("match_account", "/api/companies/1/account/matches", json!({}));
    let id = &made["matches"][0]["id"];
    trail.go("undo_match", &format!("/api/companies/1/account/matches/{id}/undo"), json!({}));
    trail.change("reminder_level", "/api/reminder-levels/1", json!({"days": 1}), json!({"fee": 1}));
    trail.hotel.patch("/api/companies/1", json!({"terms_days": 0, "kind": "agent", "commission_percent": 10})).expect(200);
    let account = trail.hotel.post("/api/house-accounts", json!({"name": "Terrace"})).expect(201)["id"].clone();
    let beer = json!({"kind": "extra", "description": "Beer", "unit_amount": 50});
    trail.hotel.post(&format!("/api/house-accounts/{account}/charges"), beer).expect(201);
    trail.hotel.post(&format!("/api/folios/{account}/settle"), json!({"company_id": 1, "notes": "their party"})).expect(201);
    trail.hotel.move_on("2025-11-12").expect(200);
    let letter = trail.go("create_reminders", "/api/reminders", json!({}))["reminders"][0]["id"].clone();
    trail.go("undo_reminder", &format!("/api/reminders/{letter}/undo"), json!({}));
    let stay = json!({"settle": {"payment_method": "card"}});
    trail.hotel.post("/api/reservations/1/check-out", stay).expect(200);
    trail.go("pay_commissions", "/api/commissions/pay", json!({"reservation_ids": [1]}));
    trail.go("undo_commission", "/api/commissions/1/undo", json!({}));
}

/// The guest who has not come is taken for a no-show at the close, and is not on the day after.
fn close_day(trail: &mut Trail) {
    let choice = json!({"reservation_id": 2, "choice": "no_show"});
    let made = trail.go("decide", "/api/day-close/decisions", choice.clone());
    trail.go("take_back_decision", &format!("/api/day-close/decisions/{}", made["id"]), json!({}));
    let made = trail.go("decide", "/api/day-close/decisions", choice);
    trail.go("close_day", "/api/day-close", json!({"business_date": "2025-11-10", "undecided": "carry"}));
    trail.go("see_day_close", "/api/day-close/last/seen", json!({}));
    trail.go("undo_decision", &format!("/api/day-close/decisions/{}/undo", made["id"]), json!({}));
}

/// The beginning of a PNG.
const PICTURE: &str = "iVBORw0KGgo=";

/// On the bill of Ana Lopes, who is in the house.
fn invoices(trail: &mut Trail) {
    let at = |id: &Value, step: &str| format!("/api/invoices/{id}{step}");
    trail.change("invoice_setup", "/api/invoice-setup", json!({"footer": "x"}), json!({"due_days": 7}));
    trail.go("set_invoice_logo", "/api/invoice-setup/logo", json!({"picture": PICTURE}));
    let series =
        trail.go("create_invoice_series", "/api/invoice-series", json!({"kind": "invoice", "name": "Bar", "prefix": "B{yy}-"}));
    let series = format!("/api/invoice-series/{}", series["id"]);
    trail.change("invoice_series", &series, json!({"digits": 4}), json!({"is_active": false}));
    trail.go("delete_invoice", "/api/invoices/1", json!({}));
    let draft = trail.go("create_invoice", "/api/folios/1/invoices", json!({}))["id"].clone();
    trail.change("invoice", &at(&draft, ""), json!({"note": "x"}), json!({"language": "de"}));
    trail.go("issue_invoice", &at(&draft, "/issue"), json!({}));
    trail.go("print_invoice", &at(&draft, "/print"), json!({}));
    let corrected = trail.go("correct_invoice", &at(&draft, "/correct"), json!({"reason": "other name"}));
    let again = corrected["draft"]["id"].clone();
    trail.hotel.post(&at(&again, "/issue"), json!({})).expect(200);
    trail.go("credit_invoice", &at(&again, "/credit"), json!({"reason": "other bill"}));
    trail.go("create_invoice_of_stay", "/api/reservations/1/invoices", json!({"kind": "pro_forma"}));
}

fn accounts(trail: &mut Trail) {
    let names = ["create_user", "update_user", "replace_user"];
    let zoe = json!({"username": "zoe", "full_name": "Zoe", "role": "receptionist", "password": PASSWORD});
    let zoe = trail.edit(names, "/api/users", zoe, [json!({"full_name": "Zoë"}), json!({"full_name": "Zoë B"})]);
    trail.go("reset_password", &format!("{zoe}/reset-password"), json!({"new_password": "another-good-one"}));
    trail.go("delete_user", &zoe, json!({}));
    trail.hotel.sign_in_again(Role::Owner);
    let sessions = trail.hotel.get("/api/auth/sessions").expect(200);
    let other = sessions["items"].as_array().expect("sign-ins").iter().find(|s| s["is_current"] == false).expect("another");
    trail.go("revoke_session", &format!("/api/auth/sessions/{}", other["id"]), json!({}));
}

/// What one does for oneself.
fn sign_ins(trail: &mut Trail) {
    let ana = trail.hotel.add_user("ana", Role::Manager, PASSWORD).id;
    let sign_in = |trail: &mut Trail, password: &str| {
        let body = json!({"username": "ana", "password": password});
        let answer =
            trail.send("login", "ana", |hotel, method| hotel.as_stranger().request(method, "/api/auth/login").json(&body));
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    };
    let own = |trail: &mut Trail, name: &str, token: &str, target: &str, body: Value| {
        trail.send(name, "ana", |hotel, method| hotel.with_token(token).request(method, target).json(&body));
    };
    let token = sign_in(trail, PASSWORD);
    let change = json!({"current_password": PASSWORD, "new_password": "another-good-one"});
    own(trail, "change_password", &token, "/api/auth/password", change);
    let token = sign_in(trail, "another-good-one");
    own(trail, "set_pin", &token, "/api/auth/pin", json!({"current_password": "another-good-one", "pin": "4821"}));
    own(trail, "logout", &token, "/api/auth/logout", json!({}));
    let name = json!({"name": "Tablet"});
    let answer =
        trail.send("register_device", "owner", |hotel, method| hotel.as_owner().request(method, "/api/devices").json(&name));
    let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let body = json!({"user_id": ana, "pin": "4821"});
    trail.send("login_by_pin", "ana", |hotel, method| {
        let asking = hotel.as_stranger().request(method, "/api/auth/pin").header("Host", "127.0.0.1:8080");
        asking.header("Origin", "http://127.0.0.1:8080").header("Cookie", &cookie).json(&body)
    });
    trail.go("revoke_device", &format!("/api/devices/{}", answer.json()["id"]), json!({}));
}

#[test]
fn every_change_leaves_an_entry_under_the_name_of_who_made_it() {
    let fresh = TestHotel::builder().not_set_up().setup_code("ABCD-EFGH").open();
    let mut first = Trail::of(&fresh);
    let hotel = json!({"code": "ABCD-EFGH", "property_name": "Hotel", "currency": "EUR", "time_zone": "Europe/Lisbon", "username": "ana", "full_name": "Ana", "password": PASSWORD});
    first.send("create_setup", "anonymous", |fresh, method| fresh.as_stranger().request(method, "/api/setup").json(&hotel));
    let hotel = TestHotel::furnished();
    let mut trail = Trail::of(&hotel);
    trail.made = std::mem::take(&mut first.made);
    settings(&mut trail);
    till(&mut trail);
    invoices(&mut trail);
    rooms_and_rates(&mut trail);
    guests(&mut trail);
    registration(&mut trail);
    stays(&mut trail);
    ledgers(&mut trail);
    accounts(&mut trail);
    sign_ins(&mut trail);
    let endpoints = routes::endpoints(&Memory::default());
    // A question that is too long for an address changes nothing.
    let changes =
        |e: &&Endpoint| !e.method.is_safe() && !matches!(e.name, "quote_stay" | "preview_rate_changes" | "preview_rate_import");
    let all: BTreeSet<&str> = endpoints.iter().filter(changes).map(|e| e.name).collect();
    let known: BTreeSet<&str> = trail.made.iter().copied().chain(ELSEWHERE.iter().map(|(name, _)| *name)).collect();
    assert_eq!(known, all, "each change is made here once, or says where its entry stands");
}
