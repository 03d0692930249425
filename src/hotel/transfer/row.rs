//! A checked row of an import file, and what is gathered over all of them.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::nights::RowNight;
use super::payments::RowPayment;
use super::{BadRow, COLUMNS};
use crate::domain::date::Date;
use crate::domain::id::RatePlanId;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;
use crate::hotel::guests::NewGuest;
use crate::hotel::policies::Policy;
use crate::hotel::reservations::details::Details;
use crate::http::idempotency::hex;

/// A good row.
#[derive(Debug, Clone)]
pub struct Row {
    pub line: u64,
    pub external_id: String,
    /// What bookings that belong together have in common.
    pub party: Option<String>,
    pub status: ReservationStatus,
    /// It is over and did not say what came of it: the state is what was asked for, if
    /// it was.
    pub is_status_asked: bool,
    pub room_type: usize,
    pub room: Option<usize>,
    pub guest: NewGuest,
    pub stay: StayDates,
    pub adults: i64,
    pub children: i64,
    /// `None`: the rates of the nights.
    pub total: Option<Money>,
    pub paid: Paid,
    /// A fee for cancelling or not coming, and all other charges but the nights.
    pub fee: Money,
    pub other: Money,
    /// The nights one by one, where the row tells them.
    pub nights: Option<Vec<RowNight>>,
    /// The payments one by one, where the row tells them.
    pub payments: Option<Vec<RowPayment>>,
    pub rate_plan: RatePlanId,
    pub is_room_locked: bool,
    pub policy: Policy,
    /// Places in `Rows::sources` and `Rows::methods`.
    pub source: usize,
    pub method: usize,
    pub created: Option<Date>,
    pub cancelled: Option<Date>,
    pub notes: String,
    pub special_requests: String,
    pub details: Details,
    /// Whose people stay; empty = nobody's.
    pub company: String,
    /// The group that it belongs to; empty = none.
    pub group: String,
    /// What it leaves open: asked only when it is new.
    pub asks: Vec<BadRow>,
    /// Which columns are not empty, by their places.
    pub told: Told,
}

impl Row {
    /// The last date that it has to do with.
    pub fn last_date(&self) -> Date {
        let night = self.nights.as_ref().and_then(|nights| nights.last()).map(|n| n.night);
        night.unwrap_or(self.stay.departure()).max(self.stay.departure())
    }
}

/// Which columns of a row are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told(u64);

impl Told {
    /// One mark a column, in their order.
    pub fn of(marks: [bool; COLUMNS.len()]) -> Told {
        Told(marks.iter().enumerate().map(|(at, is_told)| u64::from(*is_told) << at).sum())
    }

    pub fn has(self, column: &str) -> bool {
        COLUMNS.iter().position(|c| *c == column).is_some_and(|at| self.0 >> at & 1 == 1)
    }
}

/// What a row says of money received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// This much; nothing when it says nothing.
    Amount(Money),
    /// It is over and says nothing: paid, as was asked for.
    InFull,
    /// It is over and says nothing: owed, as was asked for.
    Owed,
}

impl Paid {
    /// Whether any money is said to have come.
    pub fn is_some(self) -> bool {
        match self {
            Paid::Amount(amount) => !amount.is_zero(),
            Paid::InFull => true,
            Paid::Owed => false,
        }
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Rows {
    pub good: Vec<Row>,
    pub bad: Vec<BadRow>,
    pub sources: Names,
    pub methods: Names,
}

/// Different names, as they were first written.
#[derive(Debug, Default)]
pub struct Names {
    pub all: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    /// The place of a name that has one.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let key = name.to_lowercase();
        let place = *self.places.entry(key).or_insert(self.all.len());
        if place == self.all.len() {
            self.all.push(name.to_owned());
        }
        self.places.insert(name.to_owned(), place);
        place
    }
}

/// What makes a row without a number the same booking in a later import.
pub fn identity(row: &Row) -> String {
    let mut hash = Sha256::new();
    let stay = (row.stay.arrival().to_string(), row.stay.departure().to_string());
    let created = row.created.map(|d| d.to_string()).unwrap_or_default();
    let guest = &row.guest;
    let parts: [&str; 7] =
        [&row.room_type.to_string(), &guest.full_name, &guest.email, &guest.phone_number, &stay.0, &stay.1, &created];
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("row-{}", &hex(&hash.finalize())[..16])
}
