//! Writes the rows that were given rooms as bookings, with their guests, nights
//! and payments.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::bulk::{self, BookedCharge, BookedNight, BookedPayment, Booking, Loader, NamedGuest, PostedAt};
use super::import::{Hotel, quoted};
use super::payments::RowPayment;
use super::place::Placed;
use super::row::{Paid, Row, Rows};
use super::store;
use crate::db::Tx;
use crate::domain::date::{Date, Instant};
use crate::domain::extras::{Counted, Extras};
use crate::domain::id::{CompanyId, ReservationId, RoomId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, PaymentKind, PaymentType, RateKind, ReservationStatus};
use crate::error::Result;
use crate::hotel::guests::phone_key;
use crate::hotel::reservations::booking::unused_number;
use crate::hotel::reservations::overstay;
use crate::hotel::rooms::RoomType;
use crate::hotel::settings::store::ListKind;
use crate::hotel::{audit, companies, groups, policies};

/// Writes all of them in one sweep.
pub fn write(tx: &Tx, hotel: &Hotel, rows: &Rows, placed: &[Placed], progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
    let used = |place: fn(&Row) -> Option<usize>| placed.iter().filter_map(|p| place(&rows.good[p.row])).collect::<HashSet<_>>();
    let sources = listed(tx, ListKind::BookingSources, &rows.sources.all, &used(|r| Some(r.source)))?;
    let methods = listed(tx, ListKind::PaymentMethods, &rows.methods.all, &methods_of(rows, placed))?;
    let total = placed.len() as u64;
    let guests = bulk::load(tx, PostedAt::Now, |loader| {
        let mut writer = Writer::new(tx, hotel, rows, sources, methods)?;
        for (done, placed) in placed.iter().enumerate() {
            if done % 500 == 0 {
                progress(done as u64, total);
            }
            writer.write(loader, &rows.good[placed.row], placed.room)?;
        }
        Ok(writer.new_guests)
    })?;
    progress(total, total);
    // Who is in the house past the departure keeps the room, here as at the desk.
    let today = hotel.property.business_date;
    overstay::hold_rooms(tx, today, today)?;
    let counts = json!({"reservations": total, "guests": guests, "bad_rows": rows.bad.len()});
    audit::record(tx, "import", "import", 0, &Value::Null, &counts)
}

/// The methods by which something was paid, by their places.
fn methods_of(rows: &Rows, placed: &[Placed]) -> HashSet<usize> {
    let mut used = HashSet::new();
    for row in placed.iter().map(|p| &rows.good[p.row]) {
        match &row.payments {
            Some(payments) => used.extend(payments.iter().filter_map(|p| rows.methods.find(&p.method))),
            None => used.extend(row.paid.is_some().then_some(row.method)),
        }
    }
    used
}

/// The names as an editable list spells them; those that are used and missing join it.
fn listed(tx: &Tx, kind: ListKind, names: &[String], used: &HashSet<usize>) -> Result<Vec<String>> {
    let mut spelled = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let found = kind.find_named(tx, name)?;
        if found.is_none() && used.contains(&at) {
            kind.insert(tx, name, None)?;
        }
        spelled.push(found.map_or_else(|| name.clone(), |entry| entry.name));
    }
    Ok(spelled)
}

/// Turns rows into bookings.
struct Writer<'a> {
    tx: &'a Tx<'a>,
    hotel: &'a Hotel,
    rows: &'a Rows,
    sources: Vec<String>,
    /// Those of this file, by their names.
    companies: HashMap<String, CompanyId>,
    methods: Vec<String>,
    zone: TimeZone,
    check_in_time: Time,
    check_out_time: Time,
    /// Guests by name, e-mail address and phone digits.
    guests: HashMap<(String, String, String), NamedGuest>,
    has_known_guests: bool,
    new_guests: u64,
    policies: policies::Known,
    instants: HashMap<(Date, Time), Instant>,
}

const NOON: Time = Time::constant(12, 0, 0, 0);

impl<'a> Writer<'a> {
    fn new(tx: &'a Tx<'a>, hotel: &'a Hotel, rows: &'a Rows, sources: Vec<String>, methods: Vec<String>) -> Result<Writer<'a>> {
        let p = &hotel.property;
        Ok(Writer {
            tx,
            hotel,
            rows,
            sources,
            companies: HashMap::new(),
            methods,
            zone: p.zone(),
            check_in_time: p.check_in_time.parse().unwrap_or(NOON),
            check_out_time: p.check_out_time.parse().unwrap_or(NOON),
            guests: HashMap::new(),
            policies: policies::Known::load(tx)?,
            has_known_guests: store::has_guests(tx)?,
            new_guests: 0,
            instants: HashMap::new(),
        })
    }

    fn at(&mut self, date: Date, time: Time) -> Instant {
        let (zone, now) = (&self.zone, self.tx.now());
        *self.instants.entry((date, time)).or_insert_with(|| date.at(time, zone).unwrap_or(now))
    }

    fn write(&mut self, loader: &mut Loader, row: &Row, room: Option<usize>) -> Result<ReservationId> {
        let today = self.hotel.property.business_date;
        let created_at = row.created.map_or_else(|| self.tx.now(), |date| self.at(date, NOON));
        let guest = self.guest(loader, row, created_at)?;
        let room = room.map(|at| &self.hotel.rooms[at]);
        let room_type = &self.hotel.room_types[row.room_type];
        let nights = self.nights(row, room.map(|r| r.id), room_type, today)?;
        let (arrival, departure) = (row.stay.arrival(), row.stay.departure());
        let has_come = matches!(row.status, ReservationStatus::CheckedIn | ReservationStatus::CheckedOut);
        let has_left = row.status == ReservationStatus::CheckedOut;
        let is_cancelled = row.status == ReservationStatus::Cancelled;
        let cancelled_on = row.cancelled.filter(|_| !row.status.holds_nights()).or(row.created.filter(|_| is_cancelled));
        let checked_in = has_come.then(|| (self.at(arrival, self.check_in_time), arrival));
        let checked_out = has_left.then(|| (self.at(departure, self.check_out_time), departure));
        let cancelled = match cancelled_on {
            Some(date) => Some((self.at(date, NOON), date)),
            None => is_cancelled.then(|| (self.tx.now(), today)),
        };
        let policy_id = self.policies.id_of(self.tx, &row.policy)?;
        let company_id = self.company(&row.company)?;
        let group_id = if row.group.is_empty() { None } else { Some(groups::imported(self.tx, &row.group, row.stay)?) };
        let payments = self.payments(row, &nights, today);
        let number = unused_number(self.tx)?;
        loader.booking(&Booking {
            confirmation_number: &number,
            external_id: Some(&row.external_id),
            party: row.party.as_deref(),
            status: row.status,
            guest: &guest,
            room: room.map(|r| (r.id, r.room_number.as_str())),
            room_type: (room_type.id, &room_type.name),
            stay: row.stay,
            adults: row.adults,
            children: row.children,
            source: &self.sources[row.source],
            notes: &row.notes,
            special_requests: &row.special_requests,
            details: &row.details,
            company_id,
            group_id,
            rate_plan: row.rate_plan,
            is_room_locked: row.is_room_locked,
            policy_id,
            deposit: row.policy.deposit,
            nights: &nights,
            charges: &self.charges(row, today),
            payments: &payments,
            created_at,
            updated_at: self.tx.now(),
            checked_in,
            checked_out,
            cancelled,
        })
    }

    /// The company of a name, made when there is none yet.
    fn company(&mut self, name: &str) -> Result<Option<CompanyId>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(id) = self.companies.get(&name.to_lowercase()) {
            return Ok(Some(*id));
        }
        let id = companies::of_name(self.tx, name)?;
        self.companies.insert(name.to_lowercase(), id);
        Ok(Some(id))
    }

    /// One profile for the same name and contacts; one a booking without any contact.
    fn guest(&mut self, loader: &mut Loader, row: &Row, created_at: Instant) -> Result<NamedGuest> {
        let given = &row.guest;
        let phone = phone_key(&given.phone_number);
        let has_contact = !given.email.is_empty() || !phone.is_empty();
        let key = (given.full_name.to_string(), given.email.to_lowercase(), phone);
        if has_contact && let Some(guest) = self.guests.get(&key) {
            return Ok(guest.clone());
        }
        if has_contact && self.has_known_guests {
            let found = store::same_guest(self.tx, &given.full_name, &given.email, &given.phone_number, &key.2)?;
            if let Some((id, full_name, email, phone_number)) = found {
                let guest = NamedGuest { id, full_name, email, phone_number };
                self.guests.insert(key, guest.clone());
                return Ok(guest);
            }
        }
        let id = loader.guest(given, created_at)?;
        self.new_guests += 1;
        let guest = NamedGuest {
            id,
            full_name: given.full_name.to_string(),
            email: given.email.to_string(),
            phone_number: given.phone_number.to_string(),
        };
        if has_contact {
            self.guests.insert(key, guest.clone());
        }
        Ok(guest)
    }

    /// The nights with their prices, as the row tells them. Where it does not, those
    /// that were slept are posted.
    fn nights(&self, row: &Row, room_id: Option<RoomId>, room_type: &RoomType, today: Date) -> Result<Vec<BookedNight>> {
        let mut nights = match &row.nights {
            Some(nights) => nights.iter().map(|n| n.booked(self.hotel, (row.adults, row.children))).collect(),
            None => self.untold_nights(row, room_id, room_type, today)?,
        };
        for night in &mut nights {
            night.extras.count(Counted {
                people: night.adults.unwrap_or(row.adults) + night.children.unwrap_or(row.children),
                is_first_night: night.night == row.stay.arrival(),
                is_charged: row.details.rate_kind == RateKind::Paying,
            });
        }
        Ok(nights)
    }

    /// A price that is told has all in it; one by the rates has what its plan sells along.
    fn untold_nights(&self, row: &Row, room_id: Option<RoomId>, room_type: &RoomType, today: Date) -> Result<Vec<BookedNight>> {
        let dates = row.stay.priced_dates();
        let (prices, extras) = match row.total {
            Some(total) => (total.split(dates.len()), Extras::default()),
            None if row.details.rate_kind != RateKind::Paying => (vec![Money::ZERO; dates.len()], Extras::default()),
            None => {
                let quote = quoted(self.tx, self.hotel, row)?;
                (quote.rates(), quote.extras)
            }
        };
        let is_posted = |night: Date| match row.status {
            ReservationStatus::CheckedOut => true,
            ReservationStatus::CheckedIn => night < today,
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::Cancelled
            | ReservationStatus::NoShow => false,
        };
        let night = |(night, rate)| BookedNight {
            night,
            room_type_id: room_type.id,
            room_id,
            rate,
            is_rate_typed: row.total.is_some(),
            is_held: row.status.holds_nights(),
            is_posted: is_posted(night),
            is_by_day: row.stay.is_day_use(),
            adults: Some(row.adults),
            children: Some(row.children),
            extras: if is_posted(night) { Extras::default() } else { extras.clone() },
        };
        Ok(dates.into_iter().zip(prices).map(night).collect())
    }

    /// A fee, which a reinstated booking gets back, and whatever else is on the bill.
    fn charges(&self, row: &Row, today: Date) -> Vec<BookedCharge> {
        let charge = |kind, unit_amount: Money, date: Date| BookedCharge {
            kind,
            note: "",
            quantity: 1,
            unit_amount,
            business_date: date.min(today),
            created_at: self.tx.now(),
        };
        let released = row.cancelled.unwrap_or(today);
        let fee = match row.status {
            ReservationStatus::NoShow => charge(ChargeKind::NoShowFee, row.fee, released),
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::CheckedIn
            | ReservationStatus::CheckedOut
            | ReservationStatus::Cancelled => charge(ChargeKind::CancellationFee, row.fee, released),
        };
        let other = charge(ChargeKind::Adjustment, row.other, row.stay.departure());
        [fee, other].into_iter().filter(|c| !c.unit_amount.is_zero()).collect()
    }

    /// Each payment that the row tells, or the sum of them.
    fn payments<'r>(&'r self, row: &'r Row, nights: &[BookedNight], today: Date) -> Vec<BookedPayment<'r>> {
        let Some(payments) = &row.payments else { return self.payment(row, nights, today).into_iter().collect() };
        let booked = |p: &'r RowPayment| BookedPayment {
            kind: p.kind,
            amount: p.amount,
            payment_method: self.rows.methods.find(&p.method).map_or(&p.method, |at| &self.methods[at]),
            payment_type: p.payment_type,
            payment_date: p.date,
            reference_number: Cow::Borrowed(&p.reference_number),
            notes: &p.notes,
            reverses: p.reverses,
            created_at: self.tx.now(),
        };
        payments.iter().map(booked).collect()
    }

    fn payment(&self, row: &Row, nights: &[BookedNight], today: Date) -> Option<BookedPayment<'_>> {
        let total: Money = nights.iter().map(|n| n.rate).sum();
        let amount = match row.paid {
            Paid::Amount(amount) => amount,
            Paid::InFull => total,
            Paid::Owed => Money::ZERO,
        };
        if amount.is_zero() {
            return None;
        }
        let (payment_type, date) = match row.status {
            ReservationStatus::CheckedOut => (PaymentType::Downpayment, row.stay.departure()),
            ReservationStatus::CheckedIn => (PaymentType::Downpayment, row.stay.arrival()),
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::Cancelled
            | ReservationStatus::NoShow => (PaymentType::Deposit, row.created.unwrap_or(today)),
        };
        Some(BookedPayment {
            kind: PaymentKind::Payment,
            amount,
            payment_method: &self.methods[row.method],
            payment_type: if amount >= total { PaymentType::Full } else { payment_type },
            payment_date: date.min(today),
            reference_number: Cow::Borrowed(""),
            notes: "",
            reverses: None,
            created_at: self.tx.now(),
        })
    }
}
