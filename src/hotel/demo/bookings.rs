//! The demo's days, played from the first to the last: who arrives, in which
//! room, for how long, and who cancels or never comes.

use super::calendar::Calendar;
use super::details::{ARRIVES_LATE, details};
use super::folio::{Account, Cashier, Folio, SOURCES, Source, WALK_IN};
use super::house::{House, Kind};
use super::people::People;
use super::random::{Random, noise, shuffled_number};
use super::season::{self, Fate};
use crate::db::Tx;
use crate::domain::extras::Extras;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::money::Money;
use crate::domain::status::{Housekeeping, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::text;
use crate::domain::wording::Text;
use crate::error::{Error, Result};
use crate::hotel::policies::deposit::Deposit;
use crate::hotel::transfer::bulk::{BookedNight, Booking, Loader, NamedGuest};
use crate::hotel::transfer::rack::{Rack, RackRoom, Span};
use crate::hotel::{rates, rooms};

/// Guests remembered as regulars.
const REGULARS: usize = 4000;
/// Bookings out of a thousand that a regular makes.
const BY_REGULARS: usize = 300;
/// For each thousand bookings kept: cancelled, never came, came by day.
const CANCELLED: u64 = 375;
const NO_SHOWS: u64 = 10;
const BY_DAY: u64 = 13;
/// Nights from the business date on for which room 1 stays free.
const ROOM_ONE_FREE: std::ops::RangeInclusive<i64> = 5..=8;

const REQUESTS: &[&str] = &[
    "High floor, please",
    ARRIVES_LATE,
    "Two single beds",
    "Baby cot",
    "Airport pick-up at 11:30",
    "Early check-in if possible",
    "Anniversary: flowers in the room",
    "Halal breakfast",
    "Away from the lift",
    "Extra towels",
    "Connecting rooms with the other booking",
    "Ground floor, wheelchair",
];
const NOTES: &[&str] = &[
    "Called to confirm",
    "Company pays the room, guest pays extras",
    "Asked for an invoice with the company's address",
    "Complained about noise last time: be kind",
    "Part of the Hartono wedding",
];

/// What stands of a room on the business date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Today {
    Vacant,
    /// The guest left this morning.
    Left,
    /// The guest leaves today and is still here.
    DueOut,
    Arrived,
    StaysOver,
}

struct Regular {
    guest: NamedGuest,
    /// Away until the last stay is over.
    free_from: i64,
}

/// The book of reservations while it is being filled.
pub struct Book {
    seed: u64,
    load_permille: u64,
    at_least: u64,
    pub house: House,
    calendar: Calendar,
    random: Random,
    people: People,
    rack: Rack,
    /// Rooms sold, by night.
    sold: Vec<i64>,
    today: Vec<Today>,
    regulars: Vec<Regular>,
    kind_weights: Vec<(usize, usize)>,
    next_day: i64,
    kept: u64,
    cancelled_due: u64,
    no_shows_due: u64,
    by_day_due: u64,
    pub made: u64,
    pub guests: u64,
}

/// Where a stay sleeps.
#[derive(Debug, Clone, Copy)]
struct Place {
    kind: usize,
    span: Span,
    /// `None`: waits for a room.
    room: Option<usize>,
    /// From this night on in another room.
    moved: Option<(usize, usize)>,
}

/// A booking before it is written.
struct Draft {
    status: ReservationStatus,
    kind: usize,
    arrival: i64,
    departure: i64,
    source: Source,
    created: (i64, i64),
    nights: Vec<BookedNight>,
    room: Option<usize>,
    is_complimentary: bool,
}

impl Book {
    pub fn new(seed: u64, load_permille: u64, at_least: u64, house: House, calendar: Calendar) -> Book {
        let rack_rooms: Vec<RackRoom> =
            house.rooms.iter().map(|r| RackRoom { id: r.id, room_number: r.number.clone(), room_type: r.kind }).collect();
        let end = calendar.date(calendar.last + 35);
        let mut rack = Rack::new(&rack_rooms, house.kinds.len(), calendar.date(0), end);
        let nights = usize::try_from(calendar.last + 35).unwrap_or(0);
        let sold = vec![0; nights];
        for (at, room) in house.rooms.iter().enumerate() {
            if let Some((from, to)) = room.blocked {
                take_within(&mut rack, at, calendar.day(from), calendar.day(to));
            }
        }
        // Held by nobody: whoever tries the demo out can book room 1 then.
        take_within(&mut rack, 0, calendar.today + ROOM_ONE_FREE.start(), calendar.today + ROOM_ONE_FREE.end() + 1);
        Book {
            seed,
            load_permille,
            at_least,
            random: Random::new(seed),
            people: People::new(),
            today: vec![Today::Vacant; house.rooms.len()],
            regulars: Vec::new(),
            kind_weights: house.kinds.iter().enumerate().map(|(at, k)| (k.rooms, at)).collect(),
            house,
            calendar,
            rack,
            sold,
            next_day: 0,
            kept: 0,
            cancelled_due: 0,
            no_shows_due: 0,
            by_day_due: 0,
            made: 0,
            guests: 0,
        }
    }

    /// Plays days until about `limit` more bookings are written. Answers whether
    /// the last day has been played.
    pub fn play(&mut self, loader: &mut Loader, limit: u64) -> Result<bool> {
        let enough = self.made + limit;
        while self.made < enough {
            if self.next_day > self.calendar.last {
                return self.top_up(loader, enough);
            }
            self.play_day(loader, self.next_day)?;
            self.next_day += 1;
        }
        Ok(false)
    }

    fn play_day(&mut self, loader: &mut Loader, day: i64) -> Result<()> {
        let wanted = self.wanted(day) - self.sold[index(day)];
        for _ in 0..wanted {
            if self.stay(loader, day)? {
                self.kept += 1;
                self.cancelled_due += CANCELLED;
                self.no_shows_due += NO_SHOWS;
                self.by_day_due += BY_DAY;
            }
        }
        while self.cancelled_due >= 1000 {
            self.cancelled_due -= 1000;
            self.cancelled(loader, day)?;
        }
        while self.no_shows_due >= 1000 {
            self.no_shows_due -= 1000;
            if day < self.calendar.today {
                self.no_show(loader, day)?;
            }
        }
        while self.by_day_due >= 1000 {
            self.by_day_due -= 1000;
            if day < self.calendar.today {
                self.by_day(loader, day)?;
            }
        }
        Ok(())
    }

    /// Rooms that shall be sold on a night, as the book stands on the business date.
    fn wanted(&self, day: i64) -> i64 {
        let today = self.calendar.today;
        let mut permille = season::occupancy(self.seed, self.calendar.date(day)) * self.load_permille / 1000;
        if day == today {
            permille = (permille + 130).min(930);
        }
        // A new house fills slowly.
        permille = permille * u64::try_from(day + 1).unwrap_or(1).min(10) / 10;
        let ahead = u64::try_from(day - today).unwrap_or(0);
        if ahead > 0 {
            permille = permille * season::booked_by(Fate::Kept, ahead) / 10_000;
        }
        let rooms = u64::try_from(self.house.rooms.len()).unwrap_or(0);
        i64::try_from((rooms * permille + 500) / 1000).unwrap_or(0)
    }

    /// One stay that is kept. False when no room could be found for it.
    fn stay(&mut self, loader: &mut Loader, day: i64) -> Result<bool> {
        let Some(place) = self.find_place(day) else { return Ok(false) };
        let (from, to) = (day, i64::try_from(place.span.to).unwrap_or(day + 1));
        for night in place.span.from..place.span.to {
            self.sold[night] += 1;
        }
        let today = self.calendar.today;
        let is_ahead = day > today;
        let status = self.status(from, to, &place);
        let least = u64::try_from(day - today).unwrap_or(0);
        let lead = season::lead(&mut self.random, Fate::Kept, least);
        // Nobody walks in before the desk has checked him in.
        let walks_in =
            lead == 0 && !is_ahead && self.random.chance(700) && (day < today || status == ReservationStatus::CheckedIn);
        let source = if walks_in { WALK_IN } else { *self.random.weighted(SOURCES) };
        let draft = self.draft(status, &place, (from, to), source, lead);
        let mut cashier = Cashier { random: &mut self.random, calendar: &self.calendar };
        let folio = cashier.folio(&draft.account());
        self.write(loader, &draft, &folio, None)?;
        Ok(true)
    }

    /// A type, a length and a room that fit; shorter and elsewhere if need be.
    fn find_place(&mut self, day: i64) -> Option<Place> {
        let today = self.calendar.today;
        for attempt in 0..8 {
            let kind = *self.random.weighted(&self.kind_weights);
            let mut nights = season::nights(&mut self.random);
            if attempt > 3 {
                nights = nights.min(2);
            }
            // So that many leave on the business date.
            if (1..=5).contains(&(today - day)) && self.random.chance(330) {
                nights = today - day;
            }
            let span = Span { from: index(day), to: index(day + nights) };
            let waits = day > today + 3 && self.random.chance(300);
            if waits && self.rack.has_capacity(kind, span) {
                for night in span.from..span.to {
                    self.rack.promise(kind, night, 1);
                }
                return Some(Place { kind, span, room: None, moved: None });
            }
            if let Some(room) = self.free_room(kind, span, None) {
                let moved = self.take(kind, room, span);
                return Some(Place { kind, span, room: Some(room), moved });
            }
        }
        None
    }

    /// A room of the kind that is free throughout, any of them.
    fn free_room(&mut self, kind: usize, span: Span, but: Option<usize>) -> Option<usize> {
        if !self.rack.has_capacity(kind, span) {
            return None;
        }
        let rooms = self.rack.rooms_of_type(kind);
        let start = self.random.below(rooms.len());
        let (later, earlier) = (&rooms[start..], &rooms[..start]);
        later.iter().chain(earlier).copied().find(|room| Some(*room) != but && self.rack.is_free(*room, span))
    }

    /// Takes the room, now and then with a move to another one half way.
    fn take(&mut self, kind: usize, room: usize, span: Span) -> Option<(usize, usize)> {
        let last = span.to.min(index(self.calendar.today) + 1);
        let moves = span.to - span.from >= 3 && span.from + 1 < last && self.random.chance(28);
        if moves {
            let first = i64::try_from(span.from + 1).unwrap_or(0);
            let night = index(self.random.between(first, i64::try_from(last - 1).unwrap_or(first)));
            let rest = Span { from: night, to: span.to };
            if night < span.to
                && let Some(other) = self.free_room(kind, rest, Some(room))
            {
                self.rack.take(room, Span { from: span.from, to: night });
                self.rack.take(other, rest);
                return Some((night, other));
            }
        }
        self.rack.take(room, span);
        None
    }

    /// Where the stay stands on the business date; notes what that makes of its room.
    fn status(&mut self, from: i64, to: i64, place: &Place) -> ReservationStatus {
        let today = self.calendar.today;
        let room = place.moved.map(|(_, other)| other).or(place.room);
        if to < today {
            return ReservationStatus::CheckedOut;
        }
        if from > today {
            return if self.random.chance(35) { ReservationStatus::Tentative } else { ReservationStatus::Confirmed };
        }
        let Some(room) = room else { return ReservationStatus::Confirmed };
        let (status, state) = if to == today {
            if self.random.chance(450) {
                (ReservationStatus::CheckedOut, Today::Left)
            } else {
                (ReservationStatus::CheckedIn, Today::DueOut)
            }
        } else if from < today {
            (ReservationStatus::CheckedIn, Today::StaysOver)
        } else if self.today[room] != Today::DueOut && self.random.chance(300) {
            (ReservationStatus::CheckedIn, Today::Arrived)
        } else {
            return ReservationStatus::Confirmed;
        };
        self.today[room] = state;
        status
    }

    fn draft(&mut self, status: ReservationStatus, place: &Place, days: (i64, i64), source: Source, lead: i64) -> Draft {
        let (arrival, departure) = days;
        let kind = &self.house.kinds[place.kind];
        let is_complimentary = status != ReservationStatus::Cancelled && self.random.chance(4);
        let percent = if is_complimentary { 0 } else { source.percent };
        let room_id = |night: usize| -> Option<RoomId> {
            let room = place.moved.filter(|(from, _)| night >= *from).map(|(_, other)| other).or(place.room);
            room.map(|at| self.house.rooms[at].id)
        };
        let is_posted = |night: i64| match status {
            ReservationStatus::CheckedOut => true,
            ReservationStatus::CheckedIn => night < self.calendar.today,
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::Cancelled
            | ReservationStatus::NoShow => false,
        };
        let nights = (arrival..departure)
            .map(|night| {
                let date = self.calendar.date(night);
                let rate = season::rate(kind.rate, date).percent(percent);
                BookedNight {
                    night: date,
                    room_type_id: kind.id,
                    room_id: room_id(index(night)),
                    rate,
                    is_rate_typed: percent != 100,
                    is_held: status.holds_nights(),
                    is_posted: is_posted(night),
                    is_by_day: false,
                    adults: None,
                    children: None,
                    extras: Extras::default(),
                }
            })
            .collect();
        // A move lies behind the stay by now, or the room is the one it waits in.
        let room = place.moved.map(|(_, other)| other).or(place.room);
        let created = self.created(arrival, lead, source);
        Draft { status, kind: place.kind, arrival, departure, source, created, nights, room, is_complimentary }
    }

    /// The day and minute a booking was made.
    fn created(&mut self, arrival: i64, lead: i64, source: Source) -> (i64, i64) {
        if source.is_walk_in {
            return (arrival, self.random.between(12 * 60, 13 * 60));
        }
        let minute = if lead == 0 { self.random.between(7 * 60, 12 * 60) } else { self.random.between(7 * 60, 14 * 60 + 45) };
        (arrival - lead, minute)
    }

    /// A booking that was cancelled before the business date was over, if this one was.
    fn cancelled(&mut self, loader: &mut Loader, day: i64) -> Result<()> {
        let today = self.calendar.today;
        let least = u64::try_from(day - today).unwrap_or(0);
        let source = *self.random.weighted(SOURCES);
        let lead = season::lead(&mut self.random, Fate::Cancelled, least);
        let cancelled = day - lead + lead * season::stood(&mut self.random) / 100;
        if cancelled > today {
            return Ok(());
        }
        let kind = *self.random.weighted(&self.kind_weights);
        let nights = season::nights(&mut self.random);
        let span = Span { from: index(day), to: index(day + nights) };
        let room = if self.random.chance(250) { Some(*self.random.pick(self.rack.rooms_of_type(kind))) } else { None };
        let place = Place { kind, span, room, moved: None };
        let draft = self.draft(ReservationStatus::Cancelled, &place, (day, day + nights), source, lead);
        let earliest = if cancelled == draft.created.0 { draft.created.1 + 1 } else { 7 * 60 };
        let latest = if cancelled == today { 14 * 60 + 50 } else { 23 * 60 };
        let minute = self.random.between(earliest, latest);
        let mut folio = Folio { charges: Vec::new(), payments: Vec::new() };
        // Free until a day before the time of check-in; then most pay the first night.
        let is_late = (cancelled, minute) > (day - 1, 14 * 60);
        if is_late && self.random.chance(850) {
            let mut cashier = Cashier { random: &mut self.random, calendar: &self.calendar };
            folio = cashier.late_cancellation(&draft.account(), cancelled);
        }
        self.write(loader, &draft, &folio, Some((cancelled, minute)))
    }

    fn no_show(&mut self, loader: &mut Loader, day: i64) -> Result<()> {
        let source = *self.random.weighted(SOURCES);
        let lead = season::lead(&mut self.random, Fate::Kept, 0);
        let kind = *self.random.weighted(&self.kind_weights);
        let nights = season::nights(&mut self.random).min(4);
        let span = Span { from: index(day), to: index(day + nights) };
        let place = Place { kind, span, room: None, moved: None };
        let draft = self.draft(ReservationStatus::NoShow, &place, (day, day + nights), source, lead);
        let mut cashier = Cashier { random: &mut self.random, calendar: &self.calendar };
        let folio = cashier.folio(&draft.account());
        self.write(loader, &draft, &folio, None)
    }

    /// A room for some hours at half the price.
    fn by_day(&mut self, loader: &mut Loader, day: i64) -> Result<()> {
        let kind = *self.random.weighted(&self.kind_weights);
        let Some(room) = self.rack.first_fit_by_day(kind, index(day), |_| true) else { return Ok(()) };
        self.rack.take_by_day(room, index(day));
        let place = Place { kind, span: Span { from: index(day), to: index(day) }, room: Some(room), moved: None };
        let mut draft = self.draft(ReservationStatus::CheckedOut, &place, (day, day), WALK_IN, 0);
        let night = self.calendar.date(day);
        let rate = season::rate(self.house.kinds[kind].rate, night).percent(50);
        draft.nights = vec![BookedNight {
            night,
            room_type_id: self.house.kinds[kind].id,
            room_id: Some(self.house.rooms[room].id),
            rate,
            is_rate_typed: true,
            is_held: true,
            is_posted: true,
            is_by_day: true,
            adults: None,
            children: None,
            extras: Extras::default(),
        }];
        let mut cashier = Cashier { random: &mut self.random, calendar: &self.calendar };
        let folio = cashier.folio(&draft.account());
        self.write(loader, &draft, &folio, None)
    }

    /// Cancelled bookings of the past, until there are as many as were asked for.
    fn top_up(&mut self, loader: &mut Loader, enough: u64) -> Result<bool> {
        while self.made < self.at_least && self.made < enough {
            let day = self.random.between(0, (self.calendar.today - 1).max(0));
            self.cancelled(loader, day)?;
        }
        Ok(self.made >= self.at_least)
    }

    fn write(&mut self, loader: &mut Loader, draft: &Draft, folio: &Folio, cancelled: Option<(i64, i64)>) -> Result<()> {
        let created_at = self.calendar.at(draft.created.0, draft.created.1);
        let guest = self.guest(loader, draft)?;
        let (adults, children) = party(&mut self.random, &self.house.kinds[draft.kind]);
        let number = text::confirmation_number(shuffled_number(self.seed, self.made));
        let calendar = &self.calendar;
        let (arrival, departure) = (calendar.date(draft.arrival), calendar.date(draft.departure));
        let (came, left) = (self.random.between(12 * 60 + 30, 14 * 60 + 50), self.random.between(7 * 60, 12 * 60));
        let has_come = matches!(draft.status, ReservationStatus::CheckedIn | ReservationStatus::CheckedOut);
        let checked_in = has_come.then(|| (calendar.at(draft.arrival, came), arrival));
        let is_day_use = draft.arrival == draft.departure;
        let leaves_at = if is_day_use { 18 * 60 } else { left };
        let checked_out =
            (draft.status == ReservationStatus::CheckedOut).then(|| (calendar.at(draft.departure, leaves_at), departure));
        let cancelled = cancelled.map(|(day, minute)| (calendar.at(day, minute), calendar.date(day)));
        let updated_at = [checked_in.map(|c| c.0), checked_out.map(|c| c.0), cancelled.map(|c| c.0), Some(created_at)];
        let notes = match draft.is_complimentary {
            true => "Complimentary, by the manager",
            false if self.random.chance(60) => self.random.pick(NOTES),
            false => "",
        };
        let requests = if self.random.chance(280) { self.random.pick(REQUESTS) } else { "" };
        // Half of the way to the arrival, so that some options are due today.
        let option = (draft.status == ReservationStatus::Tentative)
            .then(|| calendar.date(calendar.today + (draft.arrival - calendar.today) / 2 - 1));
        let room = draft.room.map(|at| &self.house.rooms[at]);
        let kind = &self.house.kinds[draft.kind];
        let _: ReservationId = loader.booking(&Booking {
            confirmation_number: &number,
            external_id: None,
            party: None,
            status: draft.status,
            guest: &guest,
            room: room.map(|r| (r.id, r.number.as_str())),
            room_type: (kind.id, kind.name),
            stay: StayDates::or_day_use(arrival, departure).map_err(|e| Error::internal(Text::from(e)))?,
            adults,
            children,
            source: draft.source.name,
            notes,
            special_requests: requests,
            details: &details(self.seed, self.made, requests, option, draft.is_complimentary, children),
            company_id: None,
            group_id: None,
            rate_plan: rates::BAR,
            is_room_locked: false,
            policy_id: self.house.policy_id,
            deposit: Deposit::NONE,
            nights: &draft.nights,
            charges: &folio.charges,
            payments: &folio.payments,
            created_at,
            updated_at: updated_at.into_iter().flatten().max().unwrap_or(created_at),
            checked_in,
            checked_out,
            cancelled,
        })?;
        self.made += 1;
        Ok(())
    }

    /// A regular who is not here already, or somebody new.
    fn guest(&mut self, loader: &mut Loader, draft: &Draft) -> Result<NamedGuest> {
        if !self.regulars.is_empty() && self.random.chance(BY_REGULARS) {
            let at = self.random.below(self.regulars.len());
            let regular = &mut self.regulars[at];
            if regular.free_from <= draft.arrival {
                if draft.status.holds_nights() {
                    regular.free_from = draft.departure + 20;
                }
                return Ok(regular.guest.clone());
            }
        }
        let new = self.people.guest(&mut self.random, self.calendar.date(draft.arrival));
        let created_at = self.calendar.at(draft.created.0, draft.created.1);
        let id = loader.guest(&new, created_at)?;
        self.guests += 1;
        let guest =
            NamedGuest { id, full_name: new.full_name.into(), email: new.email.into(), phone_number: new.phone_number.into() };
        let regular = Regular { guest: guest.clone(), free_from: draft.departure + 20 };
        if self.regulars.len() < REGULARS {
            self.regulars.push(regular);
        } else {
            let at = self.random.below(REGULARS);
            self.regulars[at] = regular;
        }
        Ok(guest)
    }

    /// Leaves each room as housekeeping has it in the afternoon of the business date.
    pub fn leave_rooms(&self, tx: &Tx) -> Result<()> {
        for (at, room) in self.house.rooms.iter().enumerate() {
            if room.blocked.is_some() {
                continue;
            }
            let chance = noise(self.seed, room.id.0.unsigned_abs()) % 100;
            let state = match (self.today[at], chance) {
                (Today::DueOut, _) | (Today::Left, 0..70) | (Today::StaysOver, 0..35) | (Today::Vacant, 0..12) => {
                    Housekeeping::Dirty
                }
                (Today::Arrived | Today::Vacant, 70..) => Housekeeping::Inspected,
                (Today::Left | Today::StaysOver | Today::Vacant | Today::Arrived, _) => Housekeeping::Clean,
            };
            rooms::store::set_housekeeping(tx, room.id, state)?;
        }
        Ok(())
    }
}

impl Draft {
    fn account(&self) -> Account {
        Account {
            status: self.status,
            source: self.source,
            created: self.created.0,
            arrival: self.arrival,
            departure: self.departure,
            room_amount: self.nights.iter().map(|n| n.rate).sum(),
            first_night: self.nights.first().map_or(Money::ZERO, |n| n.rate),
        }
    }
}

/// Who comes, as many as the room holds.
fn party(random: &mut Random, kind: &Kind) -> (i64, i64) {
    let adults = *random.weighted(&[(178, 1), (784, 2), (36, 3), (2, 4)]);
    let children = *random.weighted(&[(905, 0), (50, 1), (42, 2), (3, 3)]);
    (adults.min(kind.adults), children.min(kind.children))
}

fn index(day: i64) -> usize {
    usize::try_from(day).unwrap_or(0)
}

/// Takes the nights of `[from, to)` that lie within the rack.
fn take_within(rack: &mut Rack, room: usize, from: i64, to: i64) {
    rack.take(room, Span { from: index(from), to: index(to) });
}
