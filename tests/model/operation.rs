//! What can be asked for at the desk, and how it is made up at random.
//!
//! Dates count from today or from the stay's arrival; stays, payments, lines and
//! blocks are picked by a number, so that a sequence stays meaningful when
//! proptest shortens it.

use proptest::option::weighted;
use proptest::prelude::*;

use super::house::{Cents, Fee, House, Policy, Status, Stay, Step};

/// Which of the stays: one in a state that suits, or any.
#[derive(Debug, Clone, Copy)]
pub struct Pick {
    pub n: usize,
    pub is_any: bool,
}

#[derive(Debug, Clone)]
pub enum Price {
    Quoted,
    Total(Cents),
    /// The price of the night so many days after the arrival.
    Night(i64, Cents),
}

#[derive(Debug, Clone)]
pub struct Booking {
    pub room: Option<usize>,
    pub kind: Option<usize>,
    pub from: i64,
    pub nights: i64,
    pub adults: i64,
    pub children: i64,
    pub price: Price,
    pub is_tentative: bool,
    /// More people than the room is for are allowed, with a reason.
    pub allows_more: bool,
    /// For which of the groups.
    pub group: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Change {
    pub arrival: Option<i64>,
    pub departure: Option<i64>,
    pub room: Option<Option<usize>>,
    pub kind: Option<usize>,
    pub adults: Option<i64>,
    pub price: Price,
    pub is_rerated: bool,
    pub lock: Option<bool>,
    pub is_confirmed: bool,
    /// Into one of the groups, or out of it.
    pub group: Option<Option<usize>>,
}

#[derive(Debug, Clone)]
pub enum Operation {
    Book(Booking),
    Change(Pick, Change),
    /// A note from a desk that still shows an older version of the stay.
    Stale(Pick),
    Move {
        stay: Pick,
        room: usize,
        from: Option<i64>,
        is_rerated: bool,
        override_dirty: bool,
        allows_more: bool,
    },
    Extend {
        stay: Pick,
        nights: i64,
        room: Option<usize>,
        make_way: bool,
        total: Option<Cents>,
    },
    CheckIn {
        stay: Pick,
        room: Option<usize>,
        override_dirty: bool,
    },
    /// Settled with an amount, or (`None`) with the whole balance.
    CheckOut {
        stay: Pick,
        settle: Option<Option<Cents>>,
    },
    Cancel {
        stay: Pick,
        is_waived: bool,
        has_reason: bool,
        by_delete: bool,
    },
    NoShow(Pick),
    Undo(Pick),
    Pay(Pick, Cents),
    PayTogether(Vec<(Pick, Cents)>),
    VoidPayment(usize),
    Refund(usize, Option<Cents>),
    Charge {
        stay: Pick,
        kind: &'static str,
        quantity: i64,
        cents: Cents,
    },
    VoidLine(usize),
    Block {
        room: usize,
        is_out_of_order: bool,
        from: i64,
        days: i64,
        returns: &'static str,
    },
    Release(usize),
    Clean(usize, &'static str),
    NextDay,
    /// The business date moved by two days at once.
    Leap,
    Wait {
        minutes: i64,
    },
    SetPrice {
        kind: usize,
        from: i64,
        days: i64,
        cents: Option<Cents>,
    },
    /// Whether nights are sold with breakfast, parking and a bottle of wine from now on.
    SetPackage(bool),
    SetPolicy(Policy),
    /// A group from a day on, with so many rooms of a kind and a cut-off so many days before.
    Group {
        kind: usize,
        from: i64,
        nights: i64,
        rooms: i64,
        cut_off: i64,
    },
    /// So many rooms of a kind on the night so many days after a group's arrival.
    SetCell {
        group: usize,
        kind: usize,
        night: i64,
        rooms: i64,
    },
    ReleaseGroup(usize),
}

/// A step of a sequence; `twice` sends it again with the same key.
#[derive(Debug, Clone)]
pub struct Request {
    pub operation: Operation,
    pub twice: bool,
}

/// What an operation is done to, by its place in the house's lists.
#[derive(Debug, Clone)]
pub enum Target {
    Nothing,
    Stay(usize),
    Stays(Vec<usize>),
    Payment(usize),
    Line(usize),
    Block(usize),
    Group(usize),
}

impl Operation {
    /// Whether more people may be in a room afterwards than it is for.
    pub fn allows_more(&self) -> bool {
        match self {
            Operation::Book(booking) => booking.allows_more,
            Operation::Move { allows_more, .. } => *allows_more,
            // Those were there before.
            Operation::Undo(_) | Operation::NextDay => true,
            _ => false,
        }
    }

    /// What it is done to; `None` when there is nothing of the kind yet.
    pub fn target(&self, house: &House) -> Option<Target> {
        use Status as S;
        let at = |n: usize, count: usize| (count > 0).then(|| n % count);
        let stay = |pick: Pick, suits: &dyn Fn(Status) -> bool| pick_stay(house, pick, suits).map(Target::Stay);
        // Those whom it suits best, unless any will do.
        let among = |pick: Pick, suits: &dyn Fn(&Stay) -> bool| {
            let good: Vec<usize> = (0..house.stays.len()).filter(|i| suits(&house.stays[*i])).collect();
            (!pick.is_any && !good.is_empty()).then(|| Target::Stay(good[pick.n % good.len()]))
        };
        match self {
            Operation::Book(_)
            | Operation::Block { .. }
            | Operation::Clean(..)
            | Operation::NextDay
            | Operation::Leap
            | Operation::Wait { .. }
            | Operation::SetPrice { .. }
            | Operation::SetPackage(_)
            | Operation::Group { .. }
            | Operation::SetPolicy(_) => Some(Target::Nothing),
            Operation::SetCell { group: n, .. } | Operation::ReleaseGroup(n) => at(*n, house.groups.len()).map(Target::Group),
            Operation::Change(pick, _) | Operation::Move { stay: pick, .. } | Operation::Extend { stay: pick, .. } => {
                stay(*pick, &Status::is_open)
            }
            Operation::CheckIn { stay: pick, .. } => {
                let is_due = |s: &Stay| s.status == S::Confirmed && s.arrival <= house.today && s.departure >= house.today;
                among(*pick, &is_due).or_else(|| stay(*pick, &Status::is_coming))
            }
            Operation::NoShow(pick) => among(*pick, &|s| s.status == S::Confirmed && s.arrival < house.today)
                .or_else(|| stay(*pick, &|s| s == S::Confirmed)),
            Operation::Undo(pick) => {
                let is_new = |s: &Stay| match s.status {
                    S::CheckedOut => s.left_on == Some(house.today),
                    S::Cancelled | S::NoShow => s.departure >= house.today,
                    S::Tentative | S::Confirmed | S::CheckedIn => {
                        matches!(s.steps.last(), Some(Step::Move { .. } | Step::Extend { .. } | Step::CheckIn))
                    }
                };
                among(*pick, &is_new).or_else(|| stay(*pick, &|_| true))
            }
            Operation::CheckOut { stay: pick, .. } => stay(*pick, &|s| s == S::CheckedIn),
            Operation::Cancel { stay: pick, .. } => stay(*pick, &Status::is_coming),
            Operation::Stale(pick) | Operation::Pay(pick, _) | Operation::Charge { stay: pick, .. } => stay(*pick, &|_| true),
            Operation::PayTogether(rows) => {
                rows.iter().map(|(pick, _)| pick_stay(house, *pick, &|_| true)).collect::<Option<_>>().map(Target::Stays)
            }
            Operation::VoidPayment(n) | Operation::Refund(n, _) => at(*n, house.payments.len()).map(Target::Payment),
            Operation::VoidLine(n) => at(*n, house.lines.len()).map(Target::Line),
            Operation::Release(n) => at(*n, house.blocks.len()).map(Target::Block),
        }
    }
}

fn pick_stay(house: &House, pick: Pick, suits: &dyn Fn(Status) -> bool) -> Option<usize> {
    let good: Vec<usize> = (0..house.stays.len()).filter(|i| suits(house.stays[*i].status)).collect();
    if pick.is_any || good.is_empty() {
        return (!house.stays.is_empty()).then(|| pick.n % house.stays.len());
    }
    Some(good[pick.n % good.len()])
}

fn pick() -> impl Strategy<Value = Pick> {
    (0..40_usize, prop::bool::weighted(0.12)).prop_map(|(n, is_any)| Pick { n, is_any })
}

fn room() -> impl Strategy<Value = usize> {
    0..5_usize
}

fn kind() -> impl Strategy<Value = usize> {
    0..2_usize
}

fn often() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.8)
}

fn seldom() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.2)
}

fn price() -> impl Strategy<Value = Price> {
    prop_oneof![
        7 => Just(Price::Quoted),
        2 => (0..90_000_i64).prop_map(Price::Total),
        1 => (0..4_i64, 0..30_000_i64).prop_map(|(offset, cents)| Price::Night(offset, cents)),
    ]
}

fn booking() -> impl Strategy<Value = Booking> {
    let stay = (prop_oneof![1 => Just(-1_i64), 16 => Just(0), 16 => 1..6_i64], prop_oneof![1 => Just(0_i64), 6 => 1..5_i64]);
    let party = prop_oneof![1 => Just((0, 0)), 20 => (0..3_i64, 1..3_i64)];
    (weighted(0.6, room()), weighted(0.5, kind()), stay, party, price(), (seldom(), seldom(), weighted(0.3, 0..6_usize)))
        .prop_map(|(room, kind, (from, nights), (children, adults), price, (is_tentative, allows_more, group))| Booking {
            // Nothing at all to book is asked for now and then.
            kind: if room.is_none() && children < 2 { kind.or(Some(0)) } else { kind },
            room,
            from,
            nights,
            adults,
            children,
            price,
            is_tentative,
            allows_more,
            group,
        })
}

fn change() -> impl Strategy<Value = Change> {
    let room = prop_oneof![5 => Just(None), 1 => Just(Some(None)), 3 => room().prop_map(|r| Some(Some(r)))];
    (
        weighted(0.3, -2..4_i64),
        weighted(0.4, 0..6_i64),
        room,
        weighted(0.15, kind()),
        weighted(0.2, 0..4_i64),
        price(),
        (seldom(), weighted(0.15, any::<bool>()), seldom(), weighted(0.15, weighted(0.6, 0..6_usize))),
    )
        .prop_map(|(arrival, departure, room, kind, adults, price, (is_rerated, lock, is_confirmed, group))| Change {
            arrival,
            departure,
            room,
            kind,
            adults,
            price,
            is_rerated,
            lock,
            is_confirmed,
            group,
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    let fee = || prop_oneof![1 => Just(Fee::None), 2 => Just(Fee::FirstNight), 2 => (0..101_i64).prop_map(Fee::Percent)];
    (0..80_i64, fee(), fee()).prop_map(|(free_hours, cancelled, no_show)| Policy { free_hours, cancelled, no_show })
}

fn state() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just("clean"), 1 => Just("dirty"), 1 => Just("inspected")]
}

fn charge_kind() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("extra"), 2 => Just("allowance"), 2 => Just("adjustment"), 1 => Just("room")]
}

fn about_stays() -> impl Strategy<Value = Operation> {
    prop_oneof![
        36 => booking().prop_map(Operation::Book),
        12 => (pick(), change()).prop_map(|(stay, change)| Operation::Change(stay, change)),
        3 => pick().prop_map(Operation::Stale),
        8 => (pick(), room(), weighted(0.25, -1..4_i64), seldom(), often(), any::<bool>())
            .prop_map(|(stay, room, from, is_rerated, override_dirty, allows_more)| {
                Operation::Move { stay, room, from, is_rerated, override_dirty, allows_more }
            }),
        8 => (pick(), -1..4_i64, weighted(0.2, room()), any::<bool>(), weighted(0.2, 0..90_000_i64))
            .prop_map(|(stay, nights, room, make_way, total)| Operation::Extend { stay, nights, room, make_way, total }),
        20 => (pick(), weighted(0.4, room()), often())
            .prop_map(|(stay, room, override_dirty)| Operation::CheckIn { stay, room, override_dirty }),
        10 => (pick(), weighted(0.85, weighted(0.15, 0..30_000_i64)))
            .prop_map(|(stay, settle)| Operation::CheckOut { stay, settle }),
        5 => (pick(), any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(stay, is_waived, has_reason, by_delete)| Operation::Cancel { stay, is_waived, has_reason, by_delete }),
        4 => pick().prop_map(Operation::NoShow),
        9 => pick().prop_map(Operation::Undo),
    ]
}

fn about_money() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (pick(), -1..40_000_i64).prop_map(|(stay, cents)| Operation::Pay(stay, cents)),
        2 => prop::collection::vec((pick(), prop_oneof![1 => Just(0_i64), 9 => 1..20_000_i64]), 1..4)
            .prop_map(Operation::PayTogether),
        2 => (0..60_usize).prop_map(Operation::VoidPayment),
        4 => (0..60_usize, weighted(0.6, -1..30_000_i64)).prop_map(|(n, cents)| Operation::Refund(n, cents)),
        5 => (pick(), charge_kind(), 1..4_i64, -2_000..6_000_i64)
            .prop_map(|(stay, kind, quantity, cents)| Operation::Charge { stay, kind, quantity, cents }),
        3 => (0..60_usize).prop_map(Operation::VoidLine),
    ]
}

fn about_the_house() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (room(), often(), -1..5_i64, 0..4_i64, state())
            .prop_map(|(room, is_out_of_order, from, days, returns)| Operation::Block { room, is_out_of_order, from, days, returns }),
        3 => (0..20_usize).prop_map(Operation::Release),
        5 => (room(), state()).prop_map(|(room, state)| Operation::Clean(room, state)),
        14 => Just(Operation::NextDay),
        1 => Just(Operation::Leap),
        3 => (1..900_i64).prop_map(|minutes| Operation::Wait { minutes }),
        3 => (kind(), 0..8_i64, 0..4_i64, weighted(0.8, 0..40_000_i64))
            .prop_map(|(kind, from, days, cents)| Operation::SetPrice { kind, from, days, cents }),
        5 => often().prop_map(Operation::SetPackage),
        2 => policy().prop_map(Operation::SetPolicy),
        14 => (kind(), prop_oneof![1 => Just(-1_i64), 14 => 0..5_i64], prop_oneof![1 => Just(0_i64), 14 => 1..4_i64], 0..4_i64,
            prop_oneof![1 => Just(-1_i64), 10 => Just(0), 3 => 1..3_i64])
            .prop_map(|(kind, from, nights, rooms, cut_off)| Operation::Group { kind, from, nights, rooms, cut_off }),
        14 => (0..6_usize, kind(), prop_oneof![1 => Just(-1_i64), 14 => 0..3_i64], 0..4_i64)
            .prop_map(|(group, kind, night, rooms)| Operation::SetCell { group, kind, night, rooms }),
        2 => (0..6_usize).prop_map(Operation::ReleaseGroup),
    ]
}

/// One step of a day at the desk.
pub fn step() -> impl Strategy<Value = Request> {
    let operation = prop_oneof![70 => about_stays(), 14 => about_money(), 16 => about_the_house()];
    (operation, prop::bool::weighted(0.08)).prop_map(|(operation, twice)| Request { operation, twice })
}
