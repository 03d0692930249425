//! The desk: asks the real program for what the model was asked for, and compares.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use innkeeper::db::Sql;
use innkeeper::domain::actor::Role;
use innkeeper::http::request::Method;
use innkeeper::http::state::Clock;
use serde_json::{Value, json};

use super::house::{BOTTLE, BREAKFAST, Cents, Day, House, PARKING, Reasons};
use super::operation::{Change, Operation, Price, Target};
use crate::support::{Answer, TestHotel};

pub struct Desk {
    pub hotel: TestHotel,
    token: String,
    requests: u64,
    /// The first of the articles of the package.
    package: u64,
}

/// The date of a day: day 0 is 2025-11-10.
pub fn date(day: Day) -> String {
    let start = innkeeper::domain::date::Date::new(2025, 11, 10).expect("a date");
    start.plus(day).expect("a date").to_string()
}

/// An exact amount as JSON.
pub fn amount(cents: Cents) -> Value {
    let sign = if cents < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100);
    serde_json::from_str(&text).expect("a number")
}

fn id(at: usize) -> u64 {
    at as u64 + 1
}

impl Desk {
    /// The house of `House::empty`, built through the API.
    pub fn open(house: &House) -> Desk {
        let hotel = TestHotel::new();
        for (code, (cents, (adults, children))) in ["DBL", "STE"].iter().zip(house.kinds.iter().zip(&house.beds)) {
            let new = json!({
                "name": code, "code": code, "capacity_adults": adults, "capacity_children": children,
                "default_rate": amount(*cents),
            });
            hotel.post("/api/room-types", new).expect(201);
        }
        for room in &house.rooms {
            hotel.post("/api/rooms", json!({"room_number": room.number, "room_type_id": id(room.kind)})).expect(201);
        }
        // A plan of its own with the same prices: bookings of either cost the same.
        let twin = json!({"code": "TWIN", "name": "Twin", "parent_id": 1, "offset_kind": "percent", "offset_percent": 0});
        hotel.post("/api/rate-plans", twin).expect(201);
        let token = hotel.sign_in_again(Role::Owner);
        let articles = [("Breakfast", BREAKFAST), ("Parking", PARKING), ("Bottle", BOTTLE)].map(|(name, cents)| {
            hotel.post("/api/articles", json!({"name": name, "price": amount(cents)})).expect(201)["id"].as_u64().expect("an id")
        });
        let mut desk = Desk { hotel, token, requests: 0, package: articles[0] };
        desk.set_clock(house.minute);
        desk
    }

    fn set_clock(&mut self, minute: i64) {
        let Clock::Fixed(clock) = &self.hotel.app.clock else { panic!("tests have a fixed clock") };
        let start: innkeeper::domain::date::Instant = "2025-11-10T00:00:00Z".parse().expect("an instant");
        clock.store(start.as_millisecond() + minute * 60_000, Ordering::Relaxed);
    }

    /// Asks the program; again with the same key when `twice`.
    pub fn ask(&mut self, house: &House, operation: &Operation, target: &Target, twice: bool) -> Answer {
        if let Operation::Wait { minutes } = operation {
            self.wait_until(house.minute + minutes);
            return self.get("/api/settings");
        }
        self.requests += 1;
        let (method, path, body) = self.request(house, operation, target);
        let send = || {
            let desk = self.hotel.with_token(&self.token);
            let request = desk.request(method, &path).header("Idempotency-Key", &self.requests.to_string());
            if body.is_null() { request.send() } else { request.json(&body).send() }
        };
        let answer = send();
        if twice {
            let again = send();
            assert_eq!((again.status, again.text()), (answer.status, answer.text()), "{path} asked for again");
        }
        if matches!(operation, Operation::NextDay) && answer.status == 200 {
            self.wait_until(house.minute.max((house.today + 1) * 1440 + 9 * 60));
        }
        answer
    }

    /// Nobody's session lasts for days.
    fn wait_until(&mut self, minute: i64) {
        self.set_clock(minute);
        self.token = self.hotel.sign_in_again(Role::Owner);
    }

    pub fn get(&self, target: &str) -> Answer {
        self.hotel.with_token(&self.token).get(target)
    }

    fn request(&self, house: &House, operation: &Operation, target: &Target) -> (Method, String, Value) {
        use Method::{Delete, Patch, Post, Put};
        let stay = |action: &str| match target {
            Target::Stay(stay) => format!("/api/reservations/{}{action}", id(*stay)),
            _ => unreachable!("only these are about one stay"),
        };
        let at = |path: &str, action: &str| match target {
            Target::Payment(at) => format!("{path}/{}{action}", self.posting("payment", *at)),
            Target::Block(at) | Target::Group(at) => format!("{path}/{}{action}", id(*at)),
            _ => unreachable!("only these are about one of them"),
        };
        match operation {
            Operation::Book(b) => {
                let arrival = house.today + b.from;
                let mut body = json!({
                    "guest": {"full_name": format!("Guest {}", house.stays.len() + 1)},
                    "check_in_date": date(arrival), "check_out_date": date(arrival + b.nights),
                    "adults": b.adults, "children": b.children,
                    "status": if b.is_tentative { "tentative" } else { "confirmed" },
                });
                put(&mut body, "room_id", b.room.map(id));
                put(&mut body, "room_type_id", b.kind.map(id));
                put(&mut body, "rate_plan_id", (b.from % 2 != 0).then_some(2));
                put_price(&mut body, &b.price, arrival);
                put(&mut body, "group_id", b.group.and_then(|n| which_group(house, n)));
                put_more(&mut body, b.allows_more);
                (Post, "/api/reservations".to_owned(), body)
            }
            Operation::Change(_, change) => (Patch, stay(""), self.changes(house, change, target)),
            Operation::Stale(_) => {
                let version = self.get(&stay("")).expect(200)["version"].as_i64().expect("a version");
                (Put, stay(""), json!({"notes": "an old desk", "version": if version > 1 { version - 1 } else { 2 }}))
            }
            Operation::Move { room, from, is_rerated, override_dirty, allows_more, .. } => {
                let mut body =
                    json!({"room_id": id(*room), "rerate": is_rerated, "override_dirty": override_dirty, "reason": "as agreed"});
                let Target::Stay(at) = target else { unreachable!("a stay moves") };
                put(&mut body, "from_date", from.map(|n| date(house.stays[*at].arrival + n)));
                put_more(&mut body, *allows_more);
                (Post, stay("/move"), body)
            }
            Operation::Extend { nights, room, make_way, total, .. } => {
                let Target::Stay(at) = target else { unreachable!("a stay is extended") };
                let departure = house.stays[*at].departure + nights;
                let mut body = json!({"check_out_date": date(departure), "move_conflicting": make_way, "reason": "as agreed"});
                put(&mut body, "room_id", room.map(id));
                put(&mut body, "total_amount", total.map(amount));
                (Post, stay("/extend"), body)
            }
            Operation::CheckIn { room, override_dirty, .. } => {
                let mut body = json!({"override_dirty": override_dirty});
                put(&mut body, "room_id", room.map(id));
                (Post, stay("/check-in"), body)
            }
            Operation::CheckOut { settle, .. } => {
                let mut body = json!({});
                if let Some(cents) = settle {
                    body["settle"] = json!({"payment_method": "card"});
                    put(&mut body["settle"], "amount", cents.map(amount));
                }
                (Post, stay("/check-out"), body)
            }
            Operation::Cancel { is_waived, has_reason, by_delete, .. } => {
                let mut body = json!({"waive_fee": is_waived});
                put(&mut body, "reason", has_reason.then_some("ill"));
                if *by_delete { (Delete, stay(""), body) } else { (Post, stay("/cancel"), body) }
            }
            Operation::NoShow(_) => (Post, stay("/no-show"), json!({})),
            Operation::Undo(_) => (Post, stay("/undo"), json!({})),
            Operation::Pay(_, cents) => {
                let Target::Stay(at) = target else { unreachable!("a stay is paid") };
                (Post, "/api/payments".to_owned(), payment(*at, *cents))
            }
            Operation::PayTogether(rows) => {
                let Target::Stays(stays) = target else { unreachable!("stays are paid") };
                let rows: Vec<Value> = stays.iter().zip(rows).map(|(at, (_, cents))| payment(*at, *cents)).collect();
                (Post, "/api/payments/batch".to_owned(), json!({"payments": rows}))
            }
            Operation::VoidPayment(_) => (Post, at("/api/payments", "/void"), json!({"reason": "mistyped"})),
            Operation::Refund(_, cents) => {
                let mut body = json!({"reason": "complaint"});
                put(&mut body, "amount", cents.map(amount));
                (Post, at("/api/payments", "/refund"), body)
            }
            Operation::Charge { kind, quantity, cents, .. } => {
                let body = json!({"kind": kind, "description": "Minibar", "quantity": quantity, "unit_amount": amount(*cents)});
                (Post, stay("/charges"), body)
            }
            Operation::VoidLine(_) => {
                let Target::Line(line) = target else { unreachable!("a line is voided") };
                let stay = id(house.lines[*line].stay);
                (
                    Post,
                    format!("/api/reservations/{stay}/charges/{}/void", self.posting("charge", *line)),
                    json!({"reason": "mistyped"}),
                )
            }
            Operation::Block { room, is_out_of_order, from, days, returns } => {
                let kind = if *is_out_of_order { "out_of_order" } else { "out_of_service" };
                let (from, to) = (date(house.today + from), date(house.today + from + days));
                let body = json!({"kind": kind, "start_date": from, "end_date": to, "reason": "paint", "return_state": returns});
                (Post, format!("/api/rooms/{}/blocks", id(*room)), body)
            }
            Operation::Release(_) => {
                let Target::Block(block) = target else { unreachable!("a block is released") };
                (Delete, at(&format!("/api/rooms/{}/blocks", id(house.blocks[*block].room)), ""), Value::Null)
            }
            Operation::Clean(room, state) => (Put, format!("/api/rooms/{}/status", id(*room)), json!({"housekeeping": state})),
            Operation::NextDay => (Post, "/api/day-close".to_owned(), closing(house.today)),
            Operation::Leap => (Post, "/api/day-close".to_owned(), closing(house.today + 1)),
            Operation::SetPrice { kind, from, days, cents } => {
                let (from, to) = (date(house.today + from), date(house.today + from + days));
                let body = json!({"room_type_id": id(*kind), "from": from, "to": to, "rate": cents.map(amount)});
                (Put, "/api/rate-plans/1/rates".to_owned(), body)
            }
            Operation::SetPackage(is_sold) => {
                let extra = |article: u64, per: &str, is_inside: bool| json!({"article_id": self.package + article, "per": per, "is_inside": is_inside});
                let all = json!([extra(0, "person", false), extra(1, "night", true), extra(2, "stay", false)]);
                let extras = if *is_sold { all } else { json!([]) };
                (Patch, "/api/rate-plans/1".to_owned(), json!({ "extras": extras }))
            }
            Operation::SetPolicy(policy) => {
                let ((cancelled, of_nights), (no_show, of_stay)) =
                    (House::fee_words(policy.cancelled), House::fee_words(policy.no_show));
                let step = json!({"hours_before": policy.free_hours, "fee_kind": cancelled, "fee_percent": of_nights});
                let steps = if cancelled == "none" { json!([]) } else { json!([step]) };
                // What is asked for before plays no part in the model; that it is right, `check` proves.
                let free = policy.free_hours;
                let asked = ["none", "first_night", "percent", "amount"][usize::try_from(free % 4).expect("a place")];
                let due = if free % 3 == 0 { "before_arrival" } else { "after_booking" };
                let terms = json!({"cancellation": steps, "no_show_fee_kind": no_show, "no_show_fee_percent": of_stay,
                    "deposit_kind": asked, "deposit_percent": free + 1, "deposit_amount": amount(free * 777 + 1),
                    "deposit_due": due, "deposit_due_days": free / 8});
                (Patch, "/api/settings".to_owned(), json!({"policy": terms}))
            }
            Operation::Group { kind, from, nights, rooms, cut_off } => {
                let arrival = house.today + from;
                let body = json!({"name": format!("Group {}", house.groups.len() + 1), "arrival_date": date(arrival),
                    "departure_date": date(arrival + nights), "cut_off_date": date(arrival - cut_off),
                    "rooms": [{"room_type_id": id(*kind), "rooms": rooms}]});
                (Post, "/api/groups".to_owned(), body)
            }
            Operation::SetCell { kind, night, rooms, .. } => {
                let Target::Group(group) = target else { unreachable!("a group's block is set") };
                let night = date(house.groups[*group].arrival + night);
                let cell = json!({"room_type_id": id(*kind), "night": night, "rooms": rooms});
                (Post, at("/api/groups", "/block"), json!({"nights": [cell]}))
            }
            Operation::ReleaseGroup(_) => (Post, at("/api/groups", "/release"), json!({})),
            Operation::Wait { .. } => unreachable!("waiting asks for nothing"),
        }
    }

    fn changes(&self, house: &House, c: &Change, target: &Target) -> Value {
        let Target::Stay(at) = target else { unreachable!("a stay changes") };
        let stay = &house.stays[*at];
        let arrival = c.arrival.map_or(stay.arrival, |n| stay.arrival + n);
        let mut body = json!({"reason": "as agreed"});
        put(&mut body, "check_in_date", c.arrival.map(|_| date(arrival)));
        put(&mut body, "check_out_date", c.departure.map(|n| date(arrival + n)));
        if let Some(room) = c.room {
            body["room_id"] = json!(room.map(id));
        }
        put(&mut body, "room_type_id", c.kind.map(id));
        put(&mut body, "adults", c.adults);
        put(&mut body, "children", c.adults.map(|_| 0));
        put(&mut body, "rerate", c.is_rerated.then_some(true));
        put(&mut body, "is_room_locked", c.lock);
        put(&mut body, "status", c.is_confirmed.then_some("confirmed"));
        if let Some(group) = c.group {
            body["group_id"] = json!(group.and_then(|n| which_group(house, n)));
        }
        put_price(&mut body, &c.price, arrival);
        // The desk has just looked.
        body["version"] = self.get(&format!("/api/reservations/{}", id(*at))).expect(200)["version"].clone();
        body
    }

    /// Whether the answer is what the model expects.
    pub fn check_answer(answer: &Answer, expected: &Reasons) {
        let text = answer.text();
        if expected.is_empty() {
            assert!((200..300).contains(&answer.status), "refused where the model does it: {} {text}", answer.status);
            return;
        }
        assert!(!(200..300).contains(&answer.status), "done where the model refuses with {expected:?}: {text}");
        let status = if answer.json()["type"] == "urn:innkeeper:problem:invalid-field" { 422 } else { 409 };
        let reason = answer.problem(status);
        assert!(expected.contains(&reason.as_str()), "refused with {reason}, the model with {expected:?}: {text}");
    }

    /// Rows of a statement of the test's own, every value as text.
    /// The id of a charge or a payment by its place: one ledger holds both.
    fn posting(&self, what: &str, place: usize) -> String {
        self.rows(&format!("SELECT CAST(id AS TEXT) FROM {what} ORDER BY id LIMIT 1 OFFSET {place}")).remove(0).remove(0)
    }

    pub fn rows(&self, text: &str) -> Vec<Vec<String>> {
        let statement = Sql::built("test.rows", text.to_owned(), Some("a test reads everything"));
        let app = &self.hotel.app;
        app.db
            .read(&app.own_context(), |conn| {
                conn.all(&statement, [], |row| {
                    let value = |i| row.get::<_, Option<String>>(i).map(|v| v.unwrap_or_else(|| "-".to_owned()));
                    (0..row.as_ref().column_count()).map(value).collect()
                })
            })
            .expect("rows")
    }

    /// A list of the API, by the ids of its items.
    pub fn list(&self, target: &str) -> BTreeMap<u64, Value> {
        let answer = self.get(target).expect(200);
        assert!(answer["pages"].as_i64().unwrap_or(1) <= 1, "the list fits a page");
        let items = answer["items"].as_array().expect("items");
        items.iter().map(|item| (item["id"].as_u64().expect("an id"), item.clone())).collect()
    }
}

/// What closes a day, whatever is open.
fn closing(day: Day) -> Value {
    json!({"business_date": date(day), "undecided": "carry"})
}

/// The id of a group, where there is one at all.
fn which_group(house: &House, n: usize) -> Option<u64> {
    (!house.groups.is_empty()).then(|| id(n % house.groups.len()))
}

fn payment(stay: usize, cents: Cents) -> Value {
    let (method, reference) = if cents % 2 == 0 { ("cash", String::new()) } else { ("card", format!("No. {cents}; \"A\"")) };
    json!({
        "reservation_id": id(stay), "amount": amount(cents), "payment_method": method,
        "payment_type": if cents % 3 == 0 { "deposit" } else { "downpayment" }, "reference_number": reference,
    })
}

fn put(body: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        body[name] = value.into();
    }
}

fn put_more(body: &mut Value, allows_more: bool) {
    if allows_more {
        body["override_capacity"] = json!(true);
        body["reason"] = json!("an extra bed");
    }
}

fn put_price(body: &mut Value, price: &Price, arrival: Day) {
    if !matches!(price, Price::Quoted) {
        body["reason"] = json!("as agreed");
    }
    match price {
        Price::Quoted => {}
        Price::Total(cents) => body["total_amount"] = amount(*cents),
        Price::Night(offset, cents) => body["nightly"] = json!([{"date": date(arrival + offset), "rate": amount(*cents)}]),
    }
}
