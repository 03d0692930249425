//! What the hotel should receive, seen from outside: each night that somebody slept, at its price
//! as of the check-in (or by the rates, when it was added later), and extras as first posted.

use std::collections::{BTreeMap, BTreeSet};

use innkeeper::db::Sql;
use innkeeper::domain::date::Date;
use serde_json::Value;

use crate::support::TestHotel;

type StayId = usize;
type NightOf = (StayId, String);

#[derive(Debug, Clone)]
struct Stay {
    status: String,
    departure: Date,
    /// What its bill comes to, with the nights still to be posted.
    total: i64,
    /// The day on which it came into its state.
    since: String,
}

/// What a stay owes and has paid, and what the owner is told was done to that after its end.
#[derive(Debug, Clone, Copy, Default)]
struct Bill {
    charged: i64,
    paid: i64,
    told_later: i64,
    told_end: i64,
}

/// What lets a stay that is over have paid less than it owes.
const LATER: [&str; 2] = ["after_the_end", "voided_payment"];
/// What has no limit, and so needs no reason.
const UNLIMITED: &str = "'nights_dropped', 'undone_check_in', 'fee_taken_back'";

pub struct Watch {
    /// The price of a night by kind of room, in cents.
    pub rates: [i64; 2],
    stays: BTreeMap<StayId, Stay>,
    /// The nights that are held, with their prices, as of the last look.
    held: BTreeMap<NightOf, i64>,
    agreed: BTreeMap<NightOf, i64>,
    slept: BTreeSet<NightOf>,
    /// Nights of guests in the house that were given up, at what they cost then.
    dropped: Vec<(NightOf, i64)>,
    extras: BTreeMap<StayId, i64>,
    /// Fees that nobody asked for though they were due.
    waived: BTreeMap<StayId, i64>,
    /// What stays came to whose check-in was taken back.
    sent_back: BTreeMap<StayId, i64>,
    /// Stays that were in the house at some time.
    came: BTreeSet<StayId>,
    bills: BTreeMap<StayId, Bill>,
    /// What was posted and paid on days that are closed.
    closed: BTreeMap<String, [i64; 2]>,
}

/// A query's rows, of numbers and texts, as texts.
fn rows(hotel: &TestHotel, sql: &str) -> Vec<Vec<String>> {
    let statement = Sql::built("test.watch", sql.to_owned(), Some("a test reads everything"));
    let app = &hotel.app;
    let read = app.db.read(&app.own_context(), |conn| {
        conn.all(&statement, [], |row| {
            let count = row.as_ref().column_count();
            (0..count).map(|i| row.get::<_, Option<String>>(i).map(Option::unwrap_or_default)).collect()
        })
    });
    read.expect("rows")
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

fn id(text: &str) -> StayId {
    text.parse().expect("an id")
}

impl Watch {
    pub fn new() -> Watch {
        Watch {
            rates: [10_000, 15_000],
            stays: BTreeMap::new(),
            held: BTreeMap::new(),
            agreed: BTreeMap::new(),
            slept: BTreeSet::new(),
            dropped: Vec::new(),
            extras: BTreeMap::new(),
            waived: BTreeMap::new(),
            sent_back: BTreeMap::new(),
            came: BTreeSet::new(),
            bills: BTreeMap::new(),
            closed: BTreeMap::new(),
        }
    }

    /// Somebody sleeps in every room that is occupied; the day's books are closed.
    pub fn before_the_night(&mut self, today: &str) {
        let in_house = self.stays.iter().filter(|(_, stay)| stay.status == "checked_in");
        self.slept.extend(in_house.map(|(stay, _)| (*stay, today.to_owned())));
    }

    /// A day was closed: nothing comes to it any more.
    pub fn after_the_night(&mut self, hotel: &TestHotel, today: &str) {
        self.closed.insert(today.to_owned(), books(hotel, today));
    }

    /// Something was added to a bill.
    pub fn extra(&mut self, stay: StayId, charge: &Value) {
        let cents = number(&charge["amount"].to_string().replace('.', ""));
        if cents > 0 {
            *self.extras.entry(stay).or_default() += cents;
        }
    }

    /// A booking was cancelled without the fee that it would have cost.
    pub fn waived(&mut self, stay: StayId, fee: i64) {
        *self.waived.entry(stay).or_default() += fee;
    }

    pub fn departure(&self, stay: StayId, today: &str) -> Date {
        self.stays.get(&stay).map_or_else(|| today.parse().expect("a date"), |stay| stay.departure)
    }

    pub fn stays_in(&self, states: &[&str]) -> Vec<StayId> {
        self.stays.iter().filter(|(_, stay)| states.contains(&stay.status.as_str())).map(|(id, _)| *id).collect()
    }

    /// Those to which something was done on a day.
    pub fn changed_on(&self, day: &str) -> Vec<StayId> {
        self.stays.iter().filter(|(_, stay)| stay.since == day && stay.status != "confirmed").map(|(id, _)| *id).collect()
    }

    /// One of the newest lines that are no nights, mostly of today and still standing, with its stay.
    pub fn charge(hotel: &TestHotel, at: usize, today: &str) -> Option<(StayId, usize)> {
        let of_today =
            format!("AND business_date = '{today}' AND id NOT IN (SELECT reverses_id FROM charge WHERE reverses_id IS NOT NULL)");
        let sql = format!(
            "SELECT CAST(reservation_id AS TEXT), CAST(id AS TEXT) FROM charge
            WHERE kind NOT IN ('room', 'void') {} ORDER BY id DESC",
            if at % 8 == 7 { "" } else { &of_today }
        );
        let found = rows(hotel, &sql);
        found.get(at % found.len().max(1)).map(|row| (id(&row[0]), id(&row[1])))
    }

    /// One of the newest payments.
    pub fn payment(hotel: &TestHotel, at: usize) -> Option<usize> {
        let found = rows(hotel, "SELECT CAST(id AS TEXT) FROM payment WHERE kind = 'payment' ORDER BY id DESC");
        found.get(at % found.len().max(1)).map(|row| id(&row[0]))
    }

    /// Sees what has become of the stays. Nights that go because they were added by mistake were
    /// never agreed.
    pub fn look(&mut self, hotel: &TestHotel, today: &str, is_undo: bool) {
        let before = std::mem::take(&mut self.stays);
        let sql =
            "SELECT CAST(id AS TEXT), status, check_out_date, CAST(unposted_amount + charge_amount AS TEXT) FROM reservation";
        for row in rows(hotel, sql) {
            let (number_of, was) = (id(&row[0]), before.get(&id(&row[0])));
            let since = was.filter(|was| was.status == row[1]).map_or_else(|| today.to_owned(), |was| was.since.clone());
            let departure = row[2].parse().expect("a date");
            let stay = Stay { status: row[1].clone(), departure, total: number(&row[3]), since };
            if stay.status == "checked_in" {
                self.came.insert(number_of);
            }
            if let Some(was) = was.filter(|was| was.status == "checked_in" && stay.status == "confirmed") {
                *self.sent_back.entry(number_of).or_default() += was.total;
            }
            self.stays.insert(number_of, stay);
        }
        let held = std::mem::take(&mut self.held);
        let sql = "SELECT CAST(reservation_id AS TEXT), night, CAST(rate AS TEXT), CAST(room_type_id AS TEXT)
            FROM reservation_night WHERE is_held = 1";
        for row in rows(hotel, sql) {
            let (stay, night, rate) = (id(&row[0]), row[1].clone(), number(&row[2]));
            let now = &self.stays[&stay];
            // Tonight's room is kept for who should have left; the night has no price yet.
            let is_kept = night.as_str() == today && now.departure.to_string().as_str() < today;
            if is_kept {
                continue;
            }
            let of = (stay, night);
            let was_in = before.get(&stay).is_some_and(|stay| stay.status == "checked_in");
            match (was_in, now.status == "checked_in") {
                (false, true) if before.get(&stay).is_none_or(|stay| stay.status != "checked_out") => {
                    self.agreed.insert(of.clone(), rate);
                }
                (true, _) => {
                    self.agreed.entry(of.clone()).or_insert(self.rates[id(&row[3]) - 1]);
                }
                _ => {}
            }
            self.held.insert(of, rate);
        }
        let was_in = |of: &NightOf| before.get(&of.0).is_some_and(|stay| stay.status == "checked_in");
        let gone: Vec<(NightOf, i64)> = held.into_iter().filter(|(of, _)| was_in(of) && !self.held.contains_key(of)).collect();
        if is_undo {
            self.agreed.retain(|of, _| !gone.iter().any(|(lost, _)| lost == of));
        } else {
            self.dropped.extend(gone);
        }
    }

    /// The hotel gets what it should, but for what the owner reads of.
    pub fn prove(&self, hotel: &TestHotel, today: &str) {
        let told = told(hotel);
        let told_of =
            |stay: StayId, kinds: &[&str]| -> i64 { kinds.iter().filter_map(|kind| told.get(&(stay, (*kind).to_owned()))).sum() };
        let sql = format!(
            "SELECT CAST(r.id AS TEXT), CAST(r.charge_amount AS TEXT), CAST(r.paid_amount AS TEXT),
                CAST((SELECT coalesce(sum(rate), 0) FROM reservation_night AS n
                    WHERE n.reservation_id = r.id AND n.is_held = 1 AND n.is_posted = 0 AND n.night < '{today}') AS TEXT),
                CAST((SELECT coalesce(sum(amount), 0) FROM charge AS c
                    WHERE c.reservation_id = r.id AND c.kind IN ('cancellation_fee', 'no_show_fee')) AS TEXT)
            FROM reservation AS r"
        );
        for row in rows(hotel, &sql) {
            let (stay, charged, paid, unposted) = (id(&row[0]), number(&row[1]), number(&row[2]), number(&row[3]));
            let fees = number(&row[4]);
            let slept = self.slept.iter().filter(|of| of.0 == stay);
            let nights: i64 = slept.map(|of| self.agreed[of]).sum();
            let should = nights + fees + self.extras.get(&stay).copied().unwrap_or(0);
            let dropped: Vec<&(NightOf, i64)> = self.dropped.iter().filter(|(of, _)| of.0 == stay).collect();
            let given_up: i64 = dropped.iter().map(|(_, rate)| rate).sum();
            let told_dropped = told_of(stay, &["nights_dropped", "undone_check_in"]);
            assert!(told_dropped >= given_up, "stay {stay}: nights of {given_up} were given up, {told_dropped} told");
            let slept_after_all: i64 = dropped.iter().filter(|(of, _)| self.slept.contains(of)).map(|(_, rate)| rate).sum();
            let told_off = told_of(stay, &["allowance", "voided_charge", "price_lowered", "fee_taken_back"]) + slept_after_all;
            let billed = charged + unposted;
            assert!(should - billed <= told_off, "stay {stay}: {should} should be billed, {billed} is, {told_off} told");
            // Who has left has paid it.
            let has_left = self.stays[&stay].status == "checked_out";
            let later = told_of(stay, &LATER);
            assert!(!has_left || charged - paid <= later, "stay {stay}: {charged} is billed, {paid} paid, {later} told");
        }
        for (stay, fee) in &self.waived {
            let told = told_of(*stay, &["waived_fee"]);
            assert!(told >= *fee, "stay {stay}: fees of {fee} were waived, {told} told");
        }
        for (stay, total) in &self.sent_back {
            let told = told_of(*stay, &["undone_check_in"]);
            assert!(told >= *total, "stay {stay}: check-ins of {total} were taken back, {told} told");
        }
        self.prove_discounts(hotel, &told);
        self.prove_money(hotel, &told);
        for (day, was) in &self.closed {
            assert_eq!(books(hotel, day), *was, "the books of {day}");
        }
    }

    /// Who has not come yet pays by the rates, or the owner reads of it; why, in each case.
    fn prove_discounts(&self, hotel: &TestHotel, told: &BTreeMap<(StayId, String), i64>) {
        let sql = "SELECT CAST(r.id AS TEXT), CAST(sum(n.quoted_rate - n.rate) AS TEXT) FROM reservation AS r
            JOIN reservation_night AS n ON n.reservation_id = r.id WHERE r.status = 'confirmed' GROUP BY r.id";
        for row in rows(hotel, sql).into_iter().filter(|row| !self.came.contains(&id(&row[0]))) {
            let (stay, off) = (id(&row[0]), number(&row[1]));
            let told = told.get(&(stay, "typed_price".to_owned())).copied().unwrap_or(0);
            assert!(off <= told, "stay {stay}: {off} below the rates, {told} told");
        }
        let sql = format!(
            "SELECT json_extract(after, '$.kind') FROM audit_log WHERE action = 'exception'
                AND json_extract(after, '$.kind') NOT IN ({UNLIMITED}) AND json_extract(after, '$.reason') = ''"
        );
        assert_eq!(rows(hotel, &sql), Vec::<Vec<String>>::new(), "without a reason");
    }

    /// When a stay is over, no more of its money goes back than was paid too much, and nothing is
    /// posted to it, but for what the owner reads of.
    pub fn prove_refunds(&mut self, hotel: &TestHotel) {
        let told = told(hotel);
        let before = std::mem::take(&mut self.bills);
        let sql = "SELECT CAST(id AS TEXT), CAST(charge_amount AS TEXT), CAST(paid_amount AS TEXT) FROM reservation
            WHERE status NOT IN ('confirmed', 'checked_in')";
        for row in rows(hotel, sql) {
            let (stay, charged, paid) = (id(&row[0]), number(&row[1]), number(&row[2]));
            let of = |kind: &str| told.get(&(stay, kind.to_owned())).copied().unwrap_or(0);
            let (told_later, told_end) = (LATER.iter().map(|kind| of(kind)).sum(), of("after_the_end"));
            if let Some(was) = before.get(&stay) {
                let (back, too_much) = (was.paid - paid, (was.paid - was.charged).max(0));
                let (told_now, end_now) = (told_later - was.told_later, told_end - was.told_end);
                assert!(back <= too_much + told_now, "stay {stay}: {back} given back, {too_much} was too much, {told_now} told");
                let posted = (charged - was.charged).abs();
                assert!(posted <= end_now, "stay {stay}: {posted} posted after its end, {end_now} told");
            }
            self.bills.insert(stay, Bill { charged, paid, told_later, told_end });
        }
    }

    /// Money that went another way than it came, and payments that were none, are told to the cent.
    fn prove_money(&self, hotel: &TestHotel, told: &BTreeMap<(StayId, String), i64>) {
        let sum_told = |kind: &str| told.iter().filter(|((_, k), _)| k == kind).map(|(_, cents)| cents).sum::<i64>();
        let sql = "SELECT CAST(coalesce(sum(CASE WHEN p.kind = 'void' THEN -p.amount ELSE 0 END), 0) AS TEXT),
                CAST(coalesce(sum(CASE WHEN p.kind = 'refund' AND p.payment_method <> o.payment_method THEN -p.amount ELSE 0 END), 0) AS TEXT)
            FROM payment AS p JOIN payment AS o ON o.id = p.reverses_id";
        let row = rows(hotel, sql).remove(0);
        assert_eq!(number(&row[0]), sum_told("voided_payment"), "payments taken back");
        assert_eq!(number(&row[1]), sum_told("refund_by_another_method"), "money given back otherwise");
    }

    /// No sum over a stay is above the limit that the owner has set.
    pub fn prove_limits(&self, hotel: &TestHotel, kinds: &[&str]) {
        let limits = hotel.get("/api/settings/limits").expect(200);
        for (kind, limit) in kinds.iter().zip(limits["items"].as_array().expect("items")) {
            assert_eq!(limit["kind"], *kind);
            let Some(most) = limit["receptionist_amount"].as_f64() else { continue };
            let counted: &[&str] = match *kind {
                "discount" => &["typed_price", "price_lowered"],
                "void" => &["voided_charge", "voided_payment"],
                kind => &[kind],
            };
            for stay in self.stays.keys() {
                let told = told(hotel);
                let sum: i64 = counted.iter().filter_map(|kind| told.get(&(*stay, (*kind).to_owned()))).sum();
                assert!(sum as f64 <= most * 100.0 + 0.5, "stay {stay}: {sum} of {kind}, up to {most} allowed");
            }
        }
    }
}

/// What the owner's list says of each stay, by kind, in cents.
fn told(hotel: &TestHotel) -> BTreeMap<(StayId, String), i64> {
    let sql =
        "SELECT CAST(entity_id AS TEXT), json_extract(after, '$.kind'), CAST(sum(json_extract(after, '$.amount_minor')) AS TEXT)
        FROM audit_log WHERE action = 'exception' GROUP BY 1, 2";
    rows(hotel, sql).into_iter().map(|row| ((id(&row[0]), row[1].clone()), number(&row[2]))).collect()
}

/// What was posted and what was paid on a day.
fn books(hotel: &TestHotel, day: &str) -> [i64; 2] {
    let sql = format!(
        "SELECT CAST((SELECT coalesce(sum(amount), 0) FROM charge WHERE business_date = '{day}') AS TEXT),
            CAST((SELECT coalesce(sum(amount), 0) FROM payment WHERE business_date = '{day}') AS TEXT)"
    );
    let row = rows(hotel, &sql).remove(0);
    [number(&row[0]), number(&row[1])]
}
