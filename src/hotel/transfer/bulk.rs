//! Writes many bookings at once.
//!
//! It stands in for the triggers that keep sums, counters, taken rooms and the search row by
//! row: sums are written with the row, the rest in one sweep every few thousand
//! bookings. What it writes is what the triggers would have written; the keys
//! and checks of the tables hold as ever. Only here are charges and payments of days
//! written that are closed: those that come with their booking, marked as imported.
//! A row without triggers needs no way back of its own, for which SQLite would copy every
//! page that it changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use rusqlite::params;

use super::store;
use crate::db::Tx;
use crate::db::record::record;
use crate::domain::date::{Date, Instant};
use crate::domain::extras::Extras;
use crate::domain::id::{CompanyId, FolioId, GroupId, GuestId, PolicyId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Ledger, PaymentKind, PaymentType, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::error::Result;
use crate::hotel::folio::deposit;
use crate::hotel::folio::store::insert_transfer;
use crate::hotel::guests::{self, NewGuest};
use crate::hotel::policies::deposit::{Asked, Deposit};
use crate::hotel::reservations::details::Details;

/// The triggers whose work is done here.
pub const REPLACED: &[&str] = &[
    "reservation_routing_insert",
    "reservation_joins_group",
    "reservation_names_insert",
    "reservation_count_insert",
    "reservation_night_takes_room_insert",
    "reservation_night_takes_day_insert",
    "reservation_night_sum_insert",
    "posting_sum",
    "posting_sum_charge",
    "posting_sum_money",
    "posting_sum_moved",
    "posting_sum_elsewhere",
    "posting_is_of_the_open_day",
    "posting_of_open_shift",
    "guest_count_insert",
    "payment_count_insert",
    "guest_search_insert",
    "open_stay_search_insert",
    "stay_note_search_insert",
    "reservation_due_insert",
    "day_changes_insert",
    "days_are_reckoned_anew",
    // Nothing that comes in stands on a company's account, or on an invoice.
    "posting_on_account",
    "invoiced_line_is_not_voided",
    "invoiced_line_is_not_moved",
];

/// Bookings between two sweeps: few enough to be still in SQLite's page cache.
const SWEEP: u64 = 2000;

/// When the charges of nights are said to have been booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostedAt {
    /// Now, by whoever loads them.
    Now,
    /// Each at the end of its night, as a day close would have.
    EachNight,
}

/// The guest of a booking, as its row names him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedGuest {
    pub id: GuestId,
    pub full_name: String,
    pub email: String,
    pub phone_number: String,
}

record! {
    /// One night, or the day of day use.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct BookedNight {
        pub night: Date,
        pub room_type_id: RoomTypeId,
        pub room_id: Option<RoomId>,
        pub rate: Money,
        pub is_rate_typed: bool,
        pub is_held: bool,
        pub is_posted: bool,
        /// It is the day of day use.
        pub is_by_day: bool = "kind = 'day_use'",
        /// Who sleeps there; `None` = the people of the booking.
        pub adults: Option<i64>,
        pub children: Option<i64>,
        /// What was agreed along with it and is not on the bill yet, counted.
        pub extras: Extras,
    }
}

/// A line of the folio beside the nights.
#[derive(Debug, Clone)]
pub struct BookedCharge {
    pub kind: ChargeKind,
    /// What an extra is.
    pub note: &'static str,
    pub quantity: i64,
    pub unit_amount: Money,
    pub business_date: Date,
    pub created_at: Instant,
}

/// Money received, or given back.
#[derive(Debug, Clone)]
pub struct BookedPayment<'a> {
    pub kind: PaymentKind,
    pub amount: Money,
    pub payment_method: &'a str,
    pub payment_type: PaymentType,
    pub payment_date: Date,
    pub reference_number: Cow<'a, str>,
    pub notes: &'a str,
    /// The place among the booking's payments of the one that it gives back.
    pub reverses: Option<usize>,
    pub created_at: Instant,
}

/// A booking with everything that belongs to it.
pub struct Booking<'a> {
    pub confirmation_number: &'a str,
    pub external_id: Option<&'a str>,
    pub party: Option<&'a str>,
    pub status: ReservationStatus,
    pub guest: &'a NamedGuest,
    /// The room of the coming night, or of the last one.
    pub room: Option<(RoomId, &'a str)>,
    pub room_type: (RoomTypeId, &'a str),
    pub stay: StayDates,
    pub adults: i64,
    pub children: i64,
    pub source: &'a str,
    pub notes: &'a str,
    pub special_requests: &'a str,
    pub details: &'a Details,
    pub company_id: Option<CompanyId>,
    pub group_id: Option<GroupId>,
    pub rate_plan: RatePlanId,
    pub is_room_locked: bool,
    pub policy_id: PolicyId,
    pub deposit: Deposit,
    pub nights: &'a [BookedNight],
    pub charges: &'a [BookedCharge],
    pub payments: &'a [BookedPayment<'a>],
    pub created_at: Instant,
    pub updated_at: Instant,
    /// The instant and the business date.
    pub checked_in: Option<(Instant, Date)>,
    pub checked_out: Option<(Instant, Date)>,
    pub cancelled: Option<(Instant, Date)>,
}

impl Booking<'_> {
    /// What is on its bill: the nights posted, and the rest.
    fn charged(&self) -> Money {
        let posted: Money = self.nights.iter().filter(|n| n.is_posted).map(|n| n.rate).sum();
        posted + self.charges.iter().map(|c| c.unit_amount.times(c.quantity).unwrap_or_default()).sum()
    }

    /// What is asked for before the arrival, as long as the guest has not come.
    fn deposit(&self) -> Asked {
        let held = self.nights.iter().filter(|n| n.is_held && !n.is_posted).map(|n| n.rate + n.extras.price_beside());
        let is_to_come = matches!(self.status, ReservationStatus::Tentative | ReservationStatus::Confirmed);
        let asked = self.deposit.asked(held, self.created_at.date_in(&TimeZone::UTC), self.stay.arrival());
        asked.filter(|_| is_to_come)
    }

    fn paid(&self) -> Money {
        self.payments.iter().map(|p| p.amount).sum()
    }
}

/// Writes guests and bookings inside one transaction.
pub struct Loader<'t, 'a> {
    tx: &'t Tx<'a>,
    posted_at: PostedAt,
    counts: BTreeMap<(&'static str, String), i64>,
    /// The first booking and the first guest that have not been swept yet, the last ones, and how many
    /// bookings there are.
    unswept: Option<ReservationId>,
    last: ReservationId,
    unswept_guest: Option<GuestId>,
    last_guest: GuestId,
    waiting: u64,
}

/// Runs `work` with a loader.
pub fn load<T>(tx: &Tx, posted_at: PostedAt, work: impl FnOnce(&mut Loader) -> Result<T>) -> Result<T> {
    tx.without_triggers(REPLACED, || {
        let mut loader = Loader {
            tx,
            posted_at,
            counts: BTreeMap::new(),
            unswept: None,
            last: ReservationId(0),
            unswept_guest: None,
            last_guest: GuestId(0),
            waiting: 0,
        };
        let value = work(&mut loader)?;
        loader.finish()?;
        Ok(value)
    })
}

impl Loader<'_, '_> {
    fn count(&mut self, list: &'static str, value: &str) {
        // Looked up by value first: a new key is the exception.
        match self.counts.get_mut(&(list, value.to_owned())) {
            Some(n) => *n += 1,
            None => {
                self.counts.insert((list, value.to_owned()), 1);
            }
        }
    }

    /// Makes a profile of checked fields.
    pub fn guest(&mut self, new: &NewGuest, created_at: Instant) -> Result<GuestId> {
        let id = guests::store::insert(self.tx, new, created_at)?;
        self.count("guest", "");
        self.last_guest = id;
        self.unswept_guest.get_or_insert(self.last_guest);
        Ok(self.last_guest)
    }

    /// Writes a booking. Its rooms are taken with the next sweep.
    pub fn booking(&mut self, b: &Booking) -> Result<ReservationId> {
        let id = self.reservation(b)?;
        for n in b.nights {
            let kind = if n.is_by_day { "day_use" } else { "night" };
            let row = params![
                id,
                n.night,
                kind,
                n.room_type_id,
                n.room_id,
                n.rate,
                n.is_rate_typed,
                n.adults.unwrap_or(b.adults),
                n.children.unwrap_or(b.children),
                n.is_held,
                n.is_posted,
                n.extras.price_beside(),
                n.extras
            ];
            self.tx.run(&store::INSERT_NIGHT, row)?;
        }
        self.post(b, id)?;
        self.unswept.get_or_insert(id);
        self.last = id;
        self.waiting += 1;
        if self.waiting >= SWEEP {
            self.sweep()?;
        }
        Ok(id)
    }

    /// Opens the folio of a booking on which something stands, and posts its charges and payments.
    /// Its nights are posted with the next sweep.
    fn post(&mut self, b: &Booking, id: ReservationId) -> Result<()> {
        let (charged, paid) = (b.charged(), b.paid());
        if b.charges.is_empty() && b.payments.is_empty() && !b.nights.iter().any(|n| n.is_posted) {
            return Ok(());
        }
        let folio = self.tx.insert(&store::INSERT_FOLIO, (id, charged - paid))?;
        let by = &self.tx.actor().username;
        for c in b.charges {
            let amount = c.unit_amount.times(c.quantity).unwrap_or_default();
            let row = params![folio, id, c.business_date, c.kind, c.note, c.quantity, c.unit_amount, amount, c.created_at, by];
            self.tx.run(&store::INSERT_CHARGE, row)?;
        }
        let ledger = deposit::ledger_of(b.status);
        let mut payments = Vec::with_capacity(b.payments.len());
        for p in b.payments {
            let row = params![
                folio,
                ledger,
                id,
                p.kind.entry(),
                -p.amount,
                p.payment_method,
                p.payment_type,
                p.payment_date,
                p.reference_number,
                p.notes,
                p.reverses.and_then(|at| payments.get(at)),
                p.created_at,
                by
            ];
            payments.push(self.tx.insert(&store::INSERT_PAYMENT, row)?);
            self.count("payment", "");
        }
        let kept = paid - deposit::held(b.status, charged, paid);
        if let Some(last) = b.payments.last().filter(|_| ledger == Ledger::Deposit && !kept.is_zero()) {
            insert_transfer(self.tx, FolioId(folio), id, kept, last.payment_date, (last.created_at, true))?;
        }
        Ok(())
    }

    fn reservation(&mut self, b: &Booking) -> Result<ReservationId> {
        let (deposit, deposit_due) = b.deposit().unzip();
        let booked: Money = b.nights.iter().map(|n| n.rate).sum();
        let to_come = b.nights.iter().filter(|n| n.is_held && !n.is_posted);
        let unposted: Money = to_come.map(|n| n.rate + n.extras.price_beside()).sum();
        let id = self.tx.insert(
            &store::INSERT_RESERVATION,
            params![
                b.confirmation_number,
                b.external_id,
                b.party,
                b.status,
                b.guest.id,
                b.guest.full_name,
                b.guest.email,
                b.guest.phone_number,
                b.room.map(|r| r.0),
                b.room.map(|r| r.1),
                b.room_type.0,
                b.room_type.1,
                b.stay.arrival(),
                b.stay.departure(),
                b.adults,
                b.children,
                b.source,
                b.notes,
                b.special_requests,
                b.stay.is_day_use(),
                b.rate_plan,
                b.is_room_locked,
                b.policy_id,
                b.details.expected_arrival_time,
                b.details.is_late_arrival,
                b.details.option_date,
                b.details.rate_kind,
                b.details.rate_kind_reason,
                b.details.children_ages,
                booked,
                unposted,
                b.charged(),
                b.paid(),
                b.checked_in.map(|t| t.0),
                b.checked_in.map(|t| t.1),
                b.checked_out.map(|t| t.0),
                b.checked_out.map(|t| t.1),
                b.cancelled.map(|t| t.0),
                b.created_at,
                b.updated_at,
                deposit.unwrap_or(Money::ZERO),
                deposit_due,
                b.company_id,
                b.group_id,
                b.cancelled.map(|t| t.1),
                b.details.cots,
            ],
        )?;
        self.count("reservation", "");
        self.count("reservation.status", b.status.as_str());
        self.count("reservation.source", b.source);
        self.count("reservation.room_type_id", &b.room_type.0.to_string());
        Ok(ReservationId(id))
    }

    /// Takes the rooms and books the charges of the nights written since the last sweep, and tells the
    /// search what is new.
    fn sweep(&mut self) -> Result<()> {
        if let Some(first) = self.unswept_guest.take() {
            self.tx.run(&store::TELL_GUESTS, (first, self.last_guest))?;
        }
        let Some(first) = self.unswept.take() else { return Ok(()) };
        self.waiting = 0;
        let ids = (first, self.last);
        self.tx.run(&store::TAKE_ROOMS, ids)?;
        self.tx.run(&store::TAKE_DAYS, ids)?;
        self.tx.run(&store::TELL_OPEN_STAYS, ids)?;
        self.tx.run(&store::TELL_STAY_NOTES, ids)?;
        self.tx.run(&store::ADD_DUE, ids)?;
        self.tx.run(&store::OPEN_COMPANY_FOLIOS, ids)?;
        self.tx.run(&store::ROUTE_TO_COMPANIES, ids)?;
        self.tx.run(&store::ROUTE_TO_GROUPS, ids)?;
        let posted_at = match self.posted_at {
            PostedAt::Now => Some(self.tx.now()),
            PostedAt::EachNight => None,
        };
        self.tx.run(&store::POST_NIGHTS, (first, self.last, posted_at, &self.tx.actor().username))?;
        self.tx.run(&store::TELL_DAYS, ids)?;
        self.tx.run(&store::FORGET_DAYS, ids)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.sweep()?;
        for ((list, value), n) in std::mem::take(&mut self.counts) {
            self.tx.run(&store::COUNT, (list, value, n))?;
        }
        crate::hotel::reservations::taxed::reckon_all(self.tx)
    }
}
