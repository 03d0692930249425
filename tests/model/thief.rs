//! A thief at the desk: whatever a receptionist asks for, the hotel receives what it should have,
//! or the owner's list names at least the difference.
//!
//! Deeds are made up without a model of what is allowed: most are refused, the others have to be
//! harmless or told. What should have come in is kept apart, by `watch`. `tests/long/thief` makes
//! hundreds of histories.

use std::cell::RefCell;
use std::collections::BTreeMap;

use innkeeper::domain::actor::Role;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::config;
use super::desk::{amount, date};
use super::watch::Watch;
use crate::api::desk::first_night_from;
use crate::support::running::{run, stdout, text};
use crate::support::{Answer, TestHotel};

/// Histories of a run that names no count.
const CASES: u32 = 30;
const METHODS: [&str; 2] = ["cash", "card"];
const LIMITS: [&str; 7] =
    ["allowance", "discount", "waived_fee", "void", "refund_by_another_method", "after_the_end", "complimentary"];

/// What is asked for, of a stay (or a line, or a payment) picked by number.
#[derive(Debug, Clone)]
enum Deed {
    Book {
        room: usize,
        from: i64,
        nights: i64,
        total: Option<i64>,
    },
    Price {
        total: Option<i64>,
        night: Option<(i64, i64)>,
    },
    Dates {
        arrival: Option<i64>,
        departure: i64,
        total: Option<i64>,
    },
    Rate {
        kind: Option<usize>,
        room: Option<usize>,
    },
    Move {
        room: usize,
        is_rerated: bool,
    },
    Extend {
        nights: i64,
        room: Option<usize>,
        is_rerated: bool,
        total: Option<i64>,
    },
    CheckIn {
        room: Option<usize>,
    },
    CheckOut {
        settle: Option<usize>,
        refund: Option<usize>,
    },
    Cancel {
        is_waived: bool,
    },
    NoShow,
    Undo,
    Charge {
        kind: usize,
        cents: i64,
    },
    VoidCharge {
        line: usize,
    },
    Pay {
        cents: i64,
        method: usize,
    },
    VoidPayment {
        payment: usize,
    },
    /// All that is left of a payment, or a part.
    Refund {
        payment: usize,
        cents: Option<i64>,
        method: Option<usize>,
    },
    /// The day is closed by somebody else.
    NextDay,
    /// The rates are changed by somebody else.
    Rates {
        kind: usize,
        cents: i64,
    },
}

#[derive(Debug, Clone)]
struct Step {
    deed: Deed,
    stay: usize,
    has_reason: bool,
}

/// What the owner has set: `Some(None)` = no limit, `None` = as it is at first.
type Limits = Vec<Option<Option<i64>>>;

fn cents() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(0_i64), 4 => 1..3_000_i64, 4 => 3_000..45_000_i64]
}

fn room() -> impl Strategy<Value = usize> {
    0..4_usize
}

fn deed() -> impl Strategy<Value = Deed> {
    let method = || 0..2_usize;
    prop_oneof![
        14 => (room(), 0..2_i64, 1..5_i64, weighted(0.3, cents()))
            .prop_map(|(room, from, nights, total)| Deed::Book { room, from, nights, total }),
        8 => (weighted(0.3, cents()), weighted(0.8, (0..5_i64, cents()))).prop_map(|(total, night)| Deed::Price { total, night }),
        6 => (weighted(0.2, -1..3_i64), 0..6_i64, weighted(0.2, cents()))
            .prop_map(|(arrival, departure, total)| Deed::Dates { arrival, departure, total }),
        4 => (weighted(0.5, 0..2_usize), weighted(0.3, room())).prop_map(|(kind, room)| Deed::Rate { kind, room }),
        5 => (room(), any::<bool>()).prop_map(|(room, is_rerated)| Deed::Move { room, is_rerated }),
        6 => (1..4_i64, weighted(0.3, room()), any::<bool>(), weighted(0.3, cents()))
            .prop_map(|(nights, room, is_rerated, total)| Deed::Extend { nights, room, is_rerated, total }),
        20 => weighted(0.2, room()).prop_map(|room| Deed::CheckIn { room }),
        12 => (weighted(0.8, method()), weighted(0.5, method())).prop_map(|(settle, refund)| Deed::CheckOut { settle, refund }),
        6 => any::<bool>().prop_map(|is_waived| Deed::Cancel { is_waived }),
        3 => Just(Deed::NoShow),
        8 => Just(Deed::Undo),
        10 => (0..3_usize, cents()).prop_map(|(kind, cents)| Deed::Charge { kind, cents }),
        6 => (0..20_usize).prop_map(|line| Deed::VoidCharge { line }),
        7 => (cents(), method()).prop_map(|(cents, method)| Deed::Pay { cents, method }),
        4 => (0..12_usize).prop_map(|payment| Deed::VoidPayment { payment }),
        7 => (0..12_usize, weighted(0.6, cents()), weighted(0.5, method()))
            .prop_map(|(payment, cents, method)| Deed::Refund { payment, cents, method }),
        14 => Just(Deed::NextDay),
        3 => (0..2_usize, 3_000..20_000_i64).prop_map(|(kind, cents)| Deed::Rates { kind, cents }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (deed(), 0..16_usize, prop::bool::weighted(0.9)).prop_map(|(deed, stay, has_reason)| Step { deed, stay, has_reason })
}

fn limits() -> impl Strategy<Value = Limits> {
    prop::collection::vec(weighted(0.6, weighted(0.4, cents())), LIMITS.len())
}

/// The desk with the thief at it.
struct Scene {
    hotel: TestHotel,
    watch: Watch,
    today: i64,
    stays: usize,
}

impl Scene {
    fn open(limits: &Limits) -> Scene {
        let hotel = TestHotel::new();
        for (code, cents) in [("DBL", 10_000), ("STE", 15_000)] {
            let new = json!({"name": code, "code": code, "capacity_adults": 2, "default_rate": amount(cents)});
            hotel.post("/api/room-types", new).expect(201);
        }
        for (number, kind) in [("101", 1), ("102", 1), ("201", 2), ("202", 2)] {
            hotel.post("/api/rooms", json!({"room_number": number, "room_type_id": kind})).expect(201);
        }
        hotel.patch("/api/settings", first_night_from(120)).expect(200);
        let set = |(kind, limit): (&&str, &Option<Option<i64>>)| {
            limit.map(|most| json!({"kind": kind, "receptionist_amount": most.map(amount)}))
        };
        let set: Vec<Value> = LIMITS.iter().zip(limits).filter_map(set).collect();
        hotel.patch("/api/settings/limits", json!({ "limits": set })).expect(200);
        Scene { hotel, watch: Watch::new(), today: 0, stays: 0 }
    }

    /// Does a step, if it can be; "done", or why it was refused.
    fn go(&mut self, step: &Step) -> String {
        let waives = matches!(step.deed, Deed::Cancel { is_waived: true }).then(|| self.stay(step));
        let fee = waives.map_or(0, |stay| self.fee(stay));
        let answer = match &step.deed {
            Deed::NextDay => {
                self.watch.before_the_night(&date(self.today));
                let answer = self.hotel.move_on(&date(self.today + 1));
                self.watch.after_the_night(&self.hotel, &date(self.today));
                self.today += i64::from(answer.status == 200);
                answer
            }
            Deed::Rates { kind, cents } => {
                self.watch.rates[*kind] = *cents;
                self.hotel.patch(&format!("/api/room-types/{}", kind + 1), json!({"default_rate": amount(*cents)}))
            }
            _ => self.ask(step),
        };
        let done = (200..300).contains(&answer.status);
        assert!(done || matches!(answer.status, 404 | 409 | 422), "{step:?}: {} {}", answer.status, answer.text());
        if done {
            self.stays += usize::from(matches!(step.deed, Deed::Book { .. }));
            if let Deed::Charge { .. } = step.deed {
                self.watch.extra(self.stay(step), &answer.json());
            }
            if let Some(stay) = waives {
                self.watch.waived(stay, fee);
            }
        }
        self.watch.look(&self.hotel, &date(self.today), matches!(step.deed, Deed::Undo));
        if done { "done".to_owned() } else { answer.problem(answer.status) }
    }

    /// The number of the stay: mostly one in a state that suits the deed.
    fn stay(&self, step: &Step) -> usize {
        let suits: &[&str] = match step.deed {
            Deed::CheckOut { .. } => &["checked_in"],
            Deed::CheckIn { .. } | Deed::Cancel { .. } | Deed::NoShow => &["confirmed"],
            Deed::Price { .. } | Deed::Dates { .. } | Deed::Rate { .. } | Deed::Move { .. } | Deed::Extend { .. } => {
                &["confirmed", "checked_in"]
            }
            _ => &[],
        };
        let suiting = match step.deed {
            _ if step.stay % 8 == 7 => Vec::new(),
            // Only what was done today is undone.
            Deed::Undo => self.watch.changed_on(&date(self.today)),
            _ => self.watch.stays_in(suits),
        };
        match suiting.len() {
            0 => self.stays.saturating_sub(step.stay % self.stays.max(1)).max(1),
            count => suiting[count - 1 - step.stay % count],
        }
    }

    /// What a cancellation would cost now, in cents.
    fn fee(&self, stay: usize) -> i64 {
        let fee = self.hotel.get(&format!("/api/reservations/{stay}")).expect(200)["cancellation"]["fee_now"].to_string();
        fee.replace('.', "").parse().expect("an amount")
    }

    fn ask(&self, step: &Step) -> Answer {
        let desk = self.hotel.as_role(Role::Receptionist);
        let (path, mut body) = self.request(step);
        let takes_none = matches!(step.deed, Deed::Charge { .. } | Deed::Pay { .. } | Deed::CheckOut { .. } | Deed::Undo);
        if step.has_reason && !takes_none {
            body["reason"] = json!("because");
        }
        let is_change = matches!(step.deed, Deed::Price { .. } | Deed::Dates { .. } | Deed::Rate { .. });
        if is_change { desk.patch(&path, body) } else { desk.post(&path, body) }
    }

    fn request(&self, step: &Step) -> (String, Value) {
        let stay = |action: &str| format!("/api/reservations/{}{action}", self.stay(step));
        let payment =
            |at: usize, action: &str| format!("/api/payments/{}/{action}", Watch::payment(&self.hotel, at).unwrap_or(1));
        match &step.deed {
            Deed::Book { room, from, nights, total } => {
                let (arrival, departure) = (self.today + from, self.today + from + nights);
                let body = json!({"guest": {"full_name": "Somebody"}, "room_id": room + 1,
                    "check_in_date": date(arrival), "check_out_date": date(departure)});
                ("/api/reservations".to_owned(), with_total(body, *total))
            }
            Deed::Price { total, night } => {
                let mut body = with_total(json!({}), *total);
                if let Some((day, cents)) = night.filter(|_| total.is_none()) {
                    body["nightly"] = json!([{"date": date(self.today - 2 + day), "rate": amount(cents)}]);
                }
                (stay(""), body)
            }
            Deed::Dates { arrival, departure, total } => {
                let mut body = with_total(json!({"check_out_date": date(self.today + departure)}), *total);
                if let Some(arrival) = arrival {
                    body["check_in_date"] = json!(date(self.today + arrival));
                }
                (stay(""), body)
            }
            Deed::Rate { kind, room } => (stay(""), given(json!({"rerate": true}), &[("room_type_id", kind), ("room_id", room)])),
            Deed::Move { room, is_rerated } => {
                (stay("/move"), json!({"room_id": room + 1, "rerate": is_rerated, "override_dirty": true}))
            }
            Deed::Extend { nights, room, is_rerated, total } => {
                let departure = self.watch.departure(self.stay(step), &date(self.today));
                let later = departure.plus(*nights).expect("a date").to_string();
                let body = given(json!({"check_out_date": later, "rerate": is_rerated}), &[("room_id", room)]);
                (stay("/extend"), with_total(body, *total))
            }
            Deed::CheckIn { room } => (stay("/check-in"), given(json!({"override_dirty": true}), &[("room_id", room)])),
            Deed::CheckOut { settle, refund } => {
                let mut body = json!({"refund": {"reason": "Paid too much"}});
                if let Some(method) = settle {
                    body["settle"] = json!({"payment_method": METHODS[*method]});
                }
                if let Some(method) = refund {
                    body["refund"]["payment_method"] = json!(METHODS[*method]);
                }
                (stay("/check-out"), body)
            }
            Deed::Cancel { is_waived } => (stay("/cancel"), json!({"waive_fee": is_waived})),
            Deed::NoShow => (stay("/no-show"), json!({})),
            Deed::Undo => (stay("/undo"), json!({})),
            Deed::Charge { kind, cents } => {
                let kind = ["extra", "allowance", "adjustment"][*kind];
                let cents = if kind == "adjustment" { cents - 5_000 } else { *cents };
                (stay("/charges"), json!({"kind": kind, "description": "Something", "unit_amount": amount(cents)}))
            }
            Deed::VoidCharge { line } => {
                let (of, charge) = Watch::charge(&self.hotel, *line, &date(self.today)).unwrap_or((1, 1));
                (format!("/api/reservations/{of}/charges/{charge}/void"), json!({}))
            }
            Deed::Pay { cents, method } => {
                let body =
                    json!({"reservation_id": self.stay(step), "amount": amount(*cents), "payment_method": METHODS[*method]});
                ("/api/payments".to_owned(), body)
            }
            Deed::VoidPayment { payment: at } => (payment(*at, "void"), json!({})),
            Deed::Refund { payment: at, cents, method } => {
                let mut body = json!({});
                if let Some(cents) = cents {
                    body["amount"] = amount(*cents);
                }
                if let Some(method) = method {
                    body["payment_method"] = json!(METHODS[*method]);
                }
                (payment(*at, "refund"), body)
            }
            Deed::NextDay | Deed::Rates { .. } => unreachable!("not the thief's"),
        }
    }
}

fn with_total(mut body: Value, total: Option<i64>) -> Value {
    if let Some(cents) = total {
        body["total_amount"] = amount(cents);
    }
    body
}

/// Puts in what is given, ids that count from 1.
fn given(mut body: Value, fields: &[(&str, &Option<usize>)]) -> Value {
    for (name, at) in fields {
        if let Some(at) = at {
            body[*name] = json!(at + 1);
        }
    }
    body
}

/// How often each deed was done, and refused for which reason.
type Tally = BTreeMap<String, BTreeMap<String, u32>>;

fn lived(limits: &Limits, steps: &[Step], tally: &mut Tally) {
    let mut scene = Scene::open(limits);
    for step in steps {
        let needs_stay = !matches!(step.deed, Deed::Book { .. } | Deed::NextDay | Deed::Rates { .. });
        if needs_stay && scene.stays == 0 {
            continue;
        }
        let outcome = scene.go(step);
        let name = format!("{:?}", step.deed).split([' ', '{']).next().unwrap_or_default().to_owned();
        *tally.entry(name).or_default().entry(outcome).or_default() += 1;
        scene.watch.prove(&scene.hotel, &date(scene.today));
        scene.watch.prove_refunds(&scene.hotel);
    }
    scene.watch.prove_limits(&scene.hotel, &LIMITS);
    let checked = run(&["check", "--db", text(scene.hotel.app.db.path())]);
    assert!(checked.status.success(), "{}", stdout(&checked));
}

#[test]
fn nobody_at_the_desk_takes_from_the_hotel_what_the_owner_is_not_told() {
    let mut config = config();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let (tally, histories) = (RefCell::new(Tally::new()), RefCell::new(0_u32));
    let outcome = TestRunner::new(config).run(&(limits(), prop::collection::vec(step(), 20..80)), |(limits, steps)| {
        lived(&limits, &steps, &mut tally.borrow_mut());
        *histories.borrow_mut() += 1;
        Ok(())
    });
    let tally = tally.into_inner();
    for (name, outcomes) in &tally {
        let outcomes: Vec<String> = outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
        println!("{name:>12}: {}", outcomes.join(", "));
    }
    let histories = histories.into_inner();
    println!("{histories} histories");
    // A deed that is always refused would prove nothing.
    let never: Vec<&String> = tally.iter().filter(|(_, outcomes)| !outcomes.contains_key("done")).map(|(name, _)| name).collect();
    assert!(histories < CASES || never.is_empty(), "never done: {never:?}");
    match outcome {
        Err(proptest::test_runner::TestError::Fail(reason, (limits, steps))) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
            panic!("{reason}\n{limits:?}\n{}", steps.join("\n"));
        }
        Err(other) => panic!("{other}"),
        Ok(()) => {}
    }
}
