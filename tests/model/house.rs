//! A tiny hotel in memory: rooms, nights, ledgers, and what must always hold.
//!
//! Written from the rules of the house as a receptionist would tell them; it
//! shares no code with the program. Ids are places in the lists, counted from 1.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Days since the first business date.
pub type Day = i64;
pub type Cents = i64;
/// Why a request is refused: any of these. Empty = it is done.
pub type Reasons = Vec<&'static str>;

pub const INVALID: &str = "invalid-field";
pub const ILLEGAL: &str = "illegal-transition";
pub const TAKEN: &str = "room-taken";
pub const NOT_READY: &str = "room-not-ready";
pub const NONE_FREE: &str = "no-room-free";
pub const WRONG_DATE: &str = "wrong-date";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Tentative,
    Confirmed,
    CheckedIn,
    CheckedOut,
    Cancelled,
    NoShow,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Tentative => "tentative",
            Status::Confirmed => "confirmed",
            Status::CheckedIn => "checked_in",
            Status::CheckedOut => "checked_out",
            Status::Cancelled => "cancelled",
            Status::NoShow => "no_show",
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, Status::Tentative | Status::Confirmed | Status::CheckedIn)
    }

    pub fn is_coming(self) -> bool {
        matches!(self, Status::Tentative | Status::Confirmed)
    }
}

/// A date that is sold: a night, or the one day of day use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Night {
    pub room: Option<usize>,
    pub sold_as: usize,
    pub cents: Cents,
    pub is_typed: bool,
    pub is_held: bool,
    pub is_posted: bool,
    pub is_by_day: bool,
    /// Adults and children.
    pub party: Party,
    /// Breakfast, parking and a bottle of wine were sold along with it.
    pub has_package: bool,
}

/// What a package is, as the plan sells it: a breakfast a person beside the price, and a bottle a stay; parking is
/// inside the price, so that nobody's bill shows it.
pub const BREAKFAST: Cents = 701;
pub const PARKING: Cents = 1_500;
pub const BOTTLE: Cents = 3_003;

pub type Party = (i64, i64);

/// What an undo takes back.
#[derive(Debug, Clone)]
pub enum Step {
    Move {
        nights: Vec<(Day, Night)>,
        room: Option<usize>,
    },
    /// What was held before, until when, and the day on which it was done.
    Extend {
        nights: BTreeMap<Day, Night>,
        departure: Day,
        on: Day,
    },
    CheckIn,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fee {
    None,
    FirstNight,
    Percent(i64),
}

/// What cancelling or not coming costs.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub free_hours: i64,
    pub cancelled: Fee,
    pub no_show: Fee,
}

#[derive(Debug, Clone)]
pub struct Stay {
    pub status: Status,
    pub kind: usize,
    /// Where the guest is, or will be on the next night.
    pub room: Option<usize>,
    pub arrival: Day,
    pub departure: Day,
    pub is_locked: bool,
    pub nights: BTreeMap<Day, Night>,
    pub policy: Policy,
    pub arrived_on: Option<Day>,
    pub left_on: Option<Day>,
    /// The departure that an early one replaced.
    pub planned: Option<Day>,
    pub is_by_day: bool,
    pub party: Party,
    /// The group whose block it picks up.
    pub group: Option<usize>,
    pub steps: Vec<Step>,
}

impl Stay {
    /// What is paid beside the price of a night, line by line.
    pub fn beside(&self, day: Day, night: &Night) -> Vec<Cents> {
        let breakfasts = BREAKFAST * (night.party.0 + night.party.1);
        match (night.has_package, day == self.arrival) {
            (false, _) => Vec::new(),
            (true, false) => vec![breakfasts],
            (true, true) => vec![breakfasts, BOTTLE],
        }
    }

    /// The dates it is sold for.
    pub fn days(&self) -> Vec<Day> {
        days_of(self.arrival, self.departure)
    }

    pub fn last_day(&self) -> Day {
        if self.is_by_day { self.arrival } else { self.departure - 1 }
    }

    /// In the house though the departure is past.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.status == Status::CheckedIn && self.departure < today
    }

    pub fn held(&self) -> impl Iterator<Item = (Day, &Night)> {
        self.nights.iter().filter(|(_, n)| n.is_held).map(|(d, n)| (*d, n))
    }

    /// The room of tonight, of the first night to come, or of the last one.
    pub fn next_room(&self, today: Day) -> Option<usize> {
        let night = self.held().find(|(d, _)| *d >= today).or_else(|| self.held().last());
        night.and_then(|(_, n)| n.room)
    }

    pub fn fee(&self, fee: Fee) -> Cents {
        match fee {
            Fee::None => 0,
            Fee::FirstNight => self.nights.values().next().map_or(0, |n| n.cents),
            Fee::Percent(percent) => (self.nights.values().map(|n| n.cents).sum::<Cents>() * percent + 50) / 100,
        }
    }
}

/// The nights of `[arrival, departure)`, or the one day of day use.
pub fn days_of(arrival: Day, departure: Day) -> Vec<Day> {
    if arrival == departure { vec![arrival] } else { (arrival..departure).collect() }
}

/// Rooms that are asked for under one name.
#[derive(Debug, Clone)]
pub struct Group {
    pub arrival: Day,
    pub departure: Day,
    /// Until when what is not picked up is held.
    pub cut_off: Day,
    pub is_released: bool,
    /// Rooms of a kind on a night.
    pub cells: BTreeMap<(usize, Day), i64>,
}

#[derive(Debug, Clone)]
pub struct Room {
    pub number: &'static str,
    pub kind: usize,
    pub state: &'static str,
}

#[derive(Debug, Clone)]
pub struct Block {
    pub room: usize,
    pub is_out_of_order: bool,
    pub from: Day,
    pub to: Day,
    pub returns: &'static str,
    pub is_released: bool,
    /// The nights it keeps the room from sale.
    pub nights: BTreeSet<Day>,
}

/// A line of somebody's bill.
#[derive(Debug, Clone)]
pub struct Line {
    pub stay: usize,
    pub kind: &'static str,
    pub cents: Cents,
    pub on: Day,
    pub reverses: Option<usize>,
    /// Of a price, and of what is sold along with it.
    pub night: Option<Day>,
}

/// Money received, or given back.
#[derive(Debug, Clone)]
pub struct Payment {
    pub stay: usize,
    pub kind: &'static str,
    pub cents: Cents,
    pub on: Day,
    pub reverses: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct House {
    pub today: Day,
    /// The clock on the wall: minutes since midnight of day 0.
    pub minute: i64,
    /// What each kind of room costs when no price says otherwise.
    pub kinds: Vec<Cents>,
    /// For how many adults and children each kind is; a child may have an adult's bed.
    pub beds: Vec<Party>,
    pub rooms: Vec<Room>,
    pub prices: HashMap<(usize, Day), Cents>,
    /// Whether nights are sold with the package by now.
    pub sells_package: bool,
    pub policy: Policy,
    pub stays: Vec<Stay>,
    pub blocks: Vec<Block>,
    pub groups: Vec<Group>,
    pub lines: Vec<Line>,
    pub payments: Vec<Payment>,
}

impl House {
    /// Three doubles and two suites, empty and clean, at nine in the morning.
    pub fn empty() -> House {
        let room = |(number, kind)| Room { number, kind, state: "clean" };
        House {
            today: 0,
            minute: 9 * 60,
            kinds: vec![10_001, 25_050],
            beds: vec![(2, 0), (2, 1)],
            rooms: [("101", 0), ("102", 0), ("103", 0), ("201", 1), ("202", 1)].map(room).to_vec(),
            prices: HashMap::new(),
            sells_package: false,
            policy: Policy { free_hours: 24, cancelled: Fee::None, no_show: Fee::FirstNight },
            stays: Vec::new(),
            blocks: Vec::new(),
            groups: Vec::new(),
            lines: Vec::new(),
            payments: Vec::new(),
        }
    }

    pub fn quote(&self, kind: usize, day: Day) -> Cents {
        self.prices.get(&(kind, day)).copied().unwrap_or(self.kinds[kind])
    }

    pub fn is_voided(&self, line: usize) -> bool {
        self.lines.iter().any(|l| l.reverses == Some(line))
    }

    /// What was given back of a payment, by refunds or a void.
    pub fn given_back(&self, payment: usize) -> Cents {
        -self.payments.iter().filter(|p| p.reverses == Some(payment)).map(|p| p.cents).sum::<Cents>()
    }

    pub fn total(&self, stay: usize) -> Cents {
        let it = &self.stays[stay];
        let whole = |(day, n): (Day, &Night)| n.cents + it.beside(day, n).into_iter().sum::<Cents>();
        let unposted: Cents = it.held().filter(|(_, n)| !n.is_posted).map(whole).sum();
        unposted + self.lines.iter().filter(|l| l.stay == stay).map(|l| l.cents).sum::<Cents>()
    }

    pub fn paid(&self, stay: usize) -> Cents {
        self.payments.iter().filter(|p| p.stay == stay).map(|p| p.cents).sum()
    }

    pub fn balance(&self, stay: usize) -> Cents {
        self.total(stay) - self.paid(stay)
    }

    /// Who is in a room now, other than `own`.
    pub fn occupant(&self, room: usize, own: Option<usize>) -> Option<usize> {
        let is_in = |(i, s): &(usize, &Stay)| Some(*i) != own && s.status == Status::CheckedIn && s.room == Some(room);
        self.stays.iter().enumerate().find(is_in).map(|(i, _)| i)
    }

    /// What cancelling costs now: free until so many hours before 14:00 on the day of arrival.
    pub fn cancellation_fee(&self, stay: usize) -> Cents {
        let s = &self.stays[stay];
        let free_until = s.arrival * 1440 + 14 * 60 - s.policy.free_hours * 60;
        if self.minute > free_until { s.fee(s.policy.cancelled) } else { 0 }
    }

    /// Whether a stay has more people in a room than it is for, who were not allowed there before.
    pub fn overcrowds(&self, before: &House) -> bool {
        let kind = |n: &Night| n.room.map_or(n.sold_as, |room| self.rooms[room].kind);
        let fits = |n: &Night| {
            let (adults, children) = self.beds[kind(n)];
            n.party.0 <= adults && n.party.1 <= children + adults - n.party.0
        };
        let none = BTreeMap::new();
        self.stays.iter().enumerate().any(|(i, stay)| {
            let old = before.stays.get(i).map_or(&none, |s| &s.nights);
            let was_allowed =
                |n: &Night| old.values().any(|o| kind(o) == kind(n) && n.party.0 <= o.party.0 && n.party.1 <= o.party.1);
            stay.held().any(|(day, n)| day >= self.today && old.get(&day) != Some(n) && !fits(n) && !was_allowed(n))
        })
    }

    /// The smaller the sooner a room is offered to whoever comes today.
    pub fn place_in_offer(&self, room: usize) -> u8 {
        match self.rooms[room].state {
            _ if self.occupant(room, None).is_some() => 3,
            "inspected" => 0,
            "clean" => 1,
            _ => 2,
        }
    }

    /// Who holds each room on each night: a stay, or a block (`None`).
    pub fn room_nights(&self) -> Vec<(usize, Day, Option<usize>)> {
        let mut taken = Vec::new();
        for (i, stay) in self.stays.iter().enumerate() {
            taken.extend(stay.held().filter(|(_, n)| !n.is_by_day).filter_map(|(d, n)| Some((n.room?, d, Some(i)))));
        }
        for block in &self.blocks {
            taken.extend(block.nights.iter().map(|day| (block.room, *day, None)));
        }
        taken.sort_unstable();
        taken
    }

    /// Who has each room for a day. Who has paid and gone has it no longer.
    pub fn room_days(&self) -> Vec<(usize, Day, usize)> {
        let mut taken = Vec::new();
        for (i, stay) in self.stays.iter().enumerate() {
            taken.extend(stay.held().filter(|(_, n)| n.is_by_day && !n.is_posted).filter_map(|(d, n)| Some((n.room?, d, i))));
        }
        taken.sort_unstable();
        taken
    }

    /// Rooms of a kind that a group's stays have on a night, whatever they are sold as.
    pub fn picked_up(&self, group: usize, kind: usize, day: Day) -> i64 {
        let uses = |n: &Night| n.is_held && !n.is_by_day && n.room.map_or(n.sold_as, |room| self.rooms[room].kind) == kind;
        let stays = self.stays.iter().filter(|s| s.group == Some(group) && s.nights.get(&day).is_some_and(uses));
        i64::try_from(stays.count()).expect("few")
    }

    /// Rooms of a kind that are kept for groups on a night.
    pub fn held_for_groups(&self, kind: usize, day: Day) -> i64 {
        let held = |(at, group): (usize, &Group)| {
            let asked = group.cells.get(&(kind, day)).copied().unwrap_or(0);
            if group.is_released { 0 } else { (asked - self.picked_up(at, kind, day)).max(0) }
        };
        self.groups.iter().enumerate().map(held).sum()
    }

    /// Rooms of a kind minus those taken, those promised and those held for groups on a night.
    pub fn left(&self, kind: usize, day: Day) -> i64 {
        let rooms = self.rooms.iter().filter(|r| r.kind == kind).count();
        let taken = self.room_nights().iter().filter(|(room, d, _)| *d == day && self.rooms[*room].kind == kind).count();
        let waits = |n: &Night| n.is_held && !n.is_by_day && n.room.is_none() && n.sold_as == kind;
        let promised = self.stays.iter().filter(|s| s.nights.get(&day).is_some_and(waits)).count();
        let few = |n: usize| i64::try_from(n).expect("few");
        few(rooms) - few(taken + promised) - self.held_for_groups(kind, day)
    }

    /// Whether somebody has a room for a day while it belongs to another: to a
    /// second day guest, to a block, or to a guest who stays on over that day.
    fn is_day_disturbed(&self, nights: &[(usize, Day, Option<usize>)], day_use: (usize, Day, usize)) -> bool {
        let (room, day, own) = day_use;
        let holders = |wanted: Day| nights.iter().filter(move |(r, d, _)| *r == room && *d == wanted).map(|(_, _, who)| *who);
        let shares = self.room_days().iter().any(|(r, d, other)| *r == room && *d == day && *other != own);
        shares || holders(day).any(|who| who.is_none() || holders(day - 1).any(|before| before == who))
    }

    /// Whether one room is free for all the given dates.
    pub fn is_free(&self, room: usize, days: &[Day], is_by_day: bool, own: usize) -> bool {
        let nights: Vec<_> = self.room_nights().into_iter().filter(|(_, _, who)| *who != Some(own)).collect();
        if is_by_day {
            return days.iter().all(|day| !self.is_day_disturbed(&nights, (room, *day, own)));
        }
        let is_taken = |day: &Day| nights.iter().any(|(r, d, _)| *r == room && d == day);
        let is_day_inside =
            |(r, d, who): &(usize, Day, usize)| *r == room && *who != own && days.contains(d) && days.contains(&(*d - 1));
        !days.iter().any(is_taken) && !self.room_days().iter().any(is_day_inside)
    }

    /// What of the house's order is broken: a room sold twice, or more promised than there is and
    /// than was before. Whoever does not leave takes what was promised to others.
    pub fn clashes(&self, before: &House, may_overbook: bool) -> Reasons {
        let mut broken = Reasons::new();
        let nights = self.room_nights();
        let twice = nights.windows(2).any(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1));
        if twice || self.room_days().iter().any(|day| self.is_day_disturbed(&nights, *day)) {
            broken.push(TAKEN);
        }
        let to_come = |s: &Stay| s.held().map(|(d, _)| d).filter(|d| *d >= self.today).collect::<Vec<Day>>();
        let asked =
            |group: &Group| group.cells.keys().map(|(_, day)| *day).filter(|day| *day >= self.today).collect::<Vec<Day>>();
        let days: BTreeSet<Day> = self.stays.iter().flat_map(to_come).chain(self.groups.iter().flat_map(asked)).collect();
        let is_overbooked = |kind: usize, day: Day| self.left(kind, day) < 0.min(before.left(kind, day));
        if !may_overbook && days.iter().any(|day| (0..self.kinds.len()).any(|kind| is_overbooked(kind, *day))) {
            broken.push(NONE_FREE);
        }
        broken
    }
}
