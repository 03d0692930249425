//! Rows of bookings that are here already: what differs, and which of it is changed.
//!
//! A booking goes on by the rules of the desk: it is cancelled, confirmed or marked as
//! a no-show, and its dates, rooms, prices and words follow the file as long as nobody
//! at the desk has changed it since it came. All else is told and left.

use serde_json::json;

use super::bulk::BookedNight;
use super::import::Hotel;
use super::nights::{Called, RowNight};
use super::payments::RowPayment;
use super::row::{Paid, Row, Rows};
use super::{details, export, nights, payments, refused, store, terms};
use crate::db::Tx;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::{Event, ReservationStatus};
use crate::error::{Error, Result};
use crate::hotel::frontdesk::desk::{self, Cancel, NoShow};
use crate::hotel::policies::{self, Policy};
use crate::hotel::reservations::Reservation;
use crate::hotel::reservations::booking::Price;
use crate::hotel::reservations::change::{Change, change};
use crate::hotel::reservations::details::DetailsChange;
use crate::hotel::{audit, companies, groups, reservations};

/// What differs in one column, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub line: u64,
    pub column: &'static str,
    pub confirmation_number: String,
    pub here: String,
    pub there: String,
    pub fate: Fate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The booking is as the file has it.
    Updated,
    /// The booking is as it was, for this reason.
    Left(String),
}

/// A row with the booking that it is about.
struct Known {
    row: Row,
    stay: Reservation,
    differences: Vec<Difference>,
}

/// The rows of a file that are here already.
pub struct KnownRows(Vec<Known>);

impl KnownRows {
    /// Takes the rows that are here already from the good ones, and compares them.
    pub fn take(tx: &Tx, hotel: &Hotel, rows: &mut Rows) -> Result<KnownRows> {
        let mut known = Vec::new();
        let good = std::mem::take(&mut rows.good);
        let mut new = Vec::with_capacity(good.len());
        let comparing = Comparing { tx, hotel, rows, called: export::called(tx)? };
        for row in good {
            match store::known(tx, &row.external_id)? {
                None => new.push(row),
                Some(id) => {
                    let stay = reservations::find(tx, id)?;
                    let differences = comparing.differences(&row, &stay)?;
                    known.push(Known { row, stay, differences });
                }
            }
        }
        rows.good = new;
        Ok(KnownRows(known))
    }

    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Changes what can be changed, and notes of each difference what came of it.
    pub fn update(&mut self, tx: &Tx, hotel: &Hotel, rows: &Rows) -> Result<()> {
        for known in self.0.iter_mut().filter(|k| !k.differences.is_empty()) {
            known.update(tx, hotel, rows)?;
        }
        Ok(())
    }

    pub fn differences(self) -> Vec<Difference> {
        self.0.into_iter().flat_map(|known| known.differences).collect()
    }
}

/// What is changed at once, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    Party,
    /// Dates, rooms, prices and words.
    Stay,
    /// Never changed here, for the reason that it tells.
    Left(&'static str),
}

fn kind(column: &str) -> Kind {
    match column {
        "status" => Kind::Status,
        "party" => Kind::Party,
        "paid_amount" | "payments" => Kind::Left("money is taken and given back at the desk"),
        "guest_name" | "guest_email" | "guest_phone" => Kind::Left("it is changed in the guest's profile"),
        "company" => Kind::Left("the company is changed at the desk"),
        "group" => Kind::Left("the group is changed at the desk"),
        "rate_kind" | "rate_kind_reason" => Kind::Left("who pays is changed at the desk"),
        "nights" => Kind::Left("nights are changed one by one at the desk"),
        "rate_plan" | "cancellation_free_hours" | "cancellation_fee" | "no_show_fee" | "deposit" => {
            Kind::Left("the booking keeps the terms that it was made under")
        }
        _ => Kind::Stay,
    }
}

impl Known {
    fn update(&mut self, tx: &Tx, hotel: &Hotel, rows: &Rows) -> Result<()> {
        let is_status = self.differences.iter().any(|d| kind(d.column) == Kind::Status);
        let is_released = is_status && !self.row.status.holds_nights();
        let is_changed_here = store::is_changed_by_others(tx, self.stay.id, &tx.actor().username)?;
        let stay = if is_released {
            Fate::Left("the booking is not to come any more".to_owned())
        } else if is_changed_here {
            Fate::Left("the booking has been changed at the desk since it came".to_owned())
        } else if self.differences.iter().any(|d| kind(d.column) == Kind::Stay) {
            fate(tx, |tx| self.change_stay(tx, hotel, rows))?
        } else {
            Fate::Updated
        };
        let status = if is_status { fate(tx, |tx| self.change_status(tx, hotel))? } else { Fate::Updated };
        for difference in &mut self.differences {
            difference.fate = match kind(difference.column) {
                Kind::Status => status.clone(),
                Kind::Stay => stay.clone(),
                Kind::Party => {
                    let (id, here, there) = (self.stay.id, json!({"party": difference.here}), json!({"party": difference.there}));
                    store::set_party(tx, id, self.row.party.as_deref())?;
                    audit::record(tx, "change", "reservation", id.0, &here, &there)?;
                    Fate::Updated
                }
                Kind::Left(reason) => Fate::Left(reason.to_owned()),
            };
        }
        Ok(())
    }

    fn change_status(&self, tx: &Tx, hotel: &Hotel) -> Result<()> {
        let id = self.stay.id;
        let reason = Some("as the imported file says".to_owned());
        match self.row.status {
            ReservationStatus::Cancelled => {
                // Who cancelled in time pays nothing, whenever the file is read.
                let nights = reservations::store::nights(tx, id)?;
                let at = self.row.cancelled.and_then(|date| date.at(jiff::civil::Time::midnight(), &hotel.property.zone()));
                let at = at.unwrap_or_else(|| tx.now()).min(tx.now());
                let fee: Money = reservations::cancellation_fee(tx, &self.stay, &nights, &hotel.property, at)?;
                desk::cancel(tx, id, &Cancel { reason, waive_fee: fee.is_zero(), is_free: false }).map(|_| ())
            }
            ReservationStatus::NoShow => {
                desk::no_show(tx, id, &NoShow { reason, override_late_arrival: true, is_closing: false }).map(|_| ())
            }
            ReservationStatus::Confirmed => {
                self.stay.status.apply(Event::Confirm)?;
                change(tx, id, &Change { confirm: true, ..Change::default() }).map(|_| ())
            }
            ReservationStatus::CheckedIn | ReservationStatus::CheckedOut => {
                Err(refused("guests are checked in and out at the desk"))
            }
            ReservationStatus::Tentative => Err(refused("it is no longer tentative")),
        }
    }

    fn change_stay(&self, tx: &Tx, hotel: &Hotel, rows: &Rows) -> Result<()> {
        let (row, stay) = (&self.row, &self.stay);
        let differs = |column: &str| self.differences.iter().any(|d| d.column == column);
        let when = |column: &str| differs(column).then_some(());
        let change_to = Change {
            check_in_date: when("check_in_date").map(|()| row.stay.arrival()),
            check_out_date: when("check_out_date").map(|()| row.stay.departure()),
            room_id: when("room_number").map(|()| row.room.map(|room| hotel.rooms[room].id)),
            room_type_id: when("room_type").map(|()| hotel.room_types[row.room_type].id),
            adults: when("adults").map(|()| row.adults),
            children: when("children").map(|()| row.children),
            source: when("source").map(|()| rows.sources.all[row.source].clone()),
            notes: when("notes").map(|()| row.notes.clone()),
            special_requests: when("special_requests").map(|()| row.special_requests.clone()),
            is_room_locked: when("is_room_locked").map(|()| row.is_room_locked),
            details: DetailsChange {
                expected_arrival_time: when("expected_arrival_time").map(|()| row.details.expected_arrival_time),
                is_late_arrival: when("is_late_arrival").map(|()| row.details.is_late_arrival),
                company_id: None,
                group_id: None,
                option_date: when("option_date").map(|()| row.details.option_date),
                rate_kind: None,
                rate_kind_reason: None,
                children_ages: when("children_ages").map(|()| row.details.children_ages.clone()),
                cots: when("cots").map(|()| row.details.cots),
            },
            price: match row.total.filter(|_| row.told.has("total_amount")) {
                // Typed again for other dates, or they would be priced by the rates.
                Some(total) if differs("total_amount") || differs("check_in_date") || differs("check_out_date") => {
                    Price::Total(total)
                }
                Some(_) | None => Price::Quoted,
            },
            reason: Some("as the imported file says".to_owned()),
            ..Change::default()
        };
        change(tx, stay.id, &change_to).map(|_| ())
    }
}

/// Tries a change; a refusal leaves the booking as it was.
fn fate(tx: &Tx, work: impl FnOnce(&Tx) -> Result<()>) -> Result<Fate> {
    match tx.attempt(|| work(tx)) {
        Ok(()) => Ok(Fate::Updated),
        Err(Error::Refused(refusal)) => Ok(Fate::Left(refusal.detail.to_string())),
        Err(Error::BadRequest(reason)) => Ok(Fate::Left(reason.to_string())),
        Err(Error::Invalid(fields)) => {
            let told: Vec<String> = fields.iter().map(|f| format!("{} {}", f.field, f.message)).collect();
            Ok(Fate::Left(told.join("; ")))
        }
        Err(other) => Err(other),
    }
}

/// What rows are compared by.
struct Comparing<'a> {
    tx: &'a Tx<'a>,
    hotel: &'a Hotel,
    rows: &'a Rows,
    called: Called,
}

impl Comparing<'_> {
    /// What a row says that a booking does not. An empty cell says nothing.
    fn differences(&self, row: &Row, stay: &Reservation) -> Result<Vec<Difference>> {
        let mut found = Found { row, stay, differences: Vec::new() };
        let amount = |money: Money| self.hotel.property.amount(money);
        let room_type = &self.hotel.room_types[row.room_type];
        let room = row.room.map_or("", |room| &self.hotel.rooms[room].room_number);
        let source = &self.rows.sources.all[row.source];
        if !row.is_status_asked {
            found.compare("status", &stay.status, &row.status);
        }
        if room_type.id != stay.room_type_id {
            found.compare("room_type", &stay.room_type_name, &room_type.name);
        }
        found.compare("room_number", &stay.room_number.as_deref().unwrap_or(""), &room);
        found.compare("check_in_date", &stay.check_in_date, &row.stay.arrival());
        found.compare("check_out_date", &stay.check_out_date, &row.stay.departure());
        found.compare("adults", &stay.adults, &row.adults);
        found.compare("children", &stay.children, &row.children);
        found.compare("guest_name", &stay.guest_name, &row.guest.full_name);
        if !stay.guest_email.eq_ignore_ascii_case(&row.guest.email) {
            found.compare("guest_email", &stay.guest_email, &row.guest.email);
        }
        found.compare("guest_phone", &stay.guest_phone, &row.guest.phone_number);
        if stay.source.to_lowercase() != source.to_lowercase() {
            found.compare("source", &stay.source, source);
        }
        found.compare("notes", &stay.notes, &row.notes);
        found.compare("special_requests", &stay.special_requests, &row.special_requests);
        for ((column, here), (_, there)) in details::written(&stay.details).iter().zip(details::written(&row.details)) {
            found.compare(column, here, &there);
        }
        let company = companies::name_of(self.tx, stay.details.company_id)?;
        if company.to_lowercase() != row.company.to_lowercase() {
            found.compare("company", &company, &row.company);
        }
        let group = groups::name_of(self.tx, stay.details.group_id)?;
        if group.to_lowercase() != row.group.to_lowercase() {
            found.compare("group", &group, &row.group);
        }
        if let Some(total) = row.total {
            found.compare("total_amount", &amount(stay.room_amount), &amount(total));
        }
        if let Paid::Amount(paid) = row.paid {
            found.compare("paid_amount", &amount(stay.paid_amount), &amount(paid));
        }
        if let Some(nights) = &row.nights {
            let (here, there) = self.nights(row, nights, stay)?;
            found.compare("nights", &here, &there);
        }
        self.terms(&mut found)?;
        if let Some(payments) = &row.payments {
            let (here, there) = self.payments(payments, stay)?;
            found.compare("payments", &here, &there);
        }
        if let Some(party) = &row.party {
            found.note("party", store::party(self.tx, stay.id)?.unwrap_or_default(), party.clone());
        }
        Ok(found.differences)
    }

    /// The rate plan, the lock and the terms of cancelling.
    fn terms(&self, found: &mut Found) -> Result<()> {
        let (row, stay) = (found.row, found.stay);
        let code = |id| self.hotel.rate_plans.iter().find(|p| p.id == id).map_or("", |p| &p.code);
        let lock = |is_locked| if is_locked { "yes" } else { "no" };
        let (here, there) = (&policies::find(self.tx, stay.policy_id)?, &row.policy);
        let (cancelling, cancelling_there) = (terms::cancellation_written(here), terms::cancellation_written(there));
        found.compare("rate_plan", &code(stay.rate_plan_id), &code(row.rate_plan));
        found.compare("is_room_locked", &lock(stay.is_room_locked), &lock(row.is_room_locked));
        found.compare("cancellation_free_hours", &cancelling[0], &cancelling_there[0]);
        found.compare("cancellation_fee", &cancelling[1], &cancelling_there[1]);
        found.compare("no_show_fee", &terms::fee_written(here.no_show), &terms::fee_written(there.no_show));
        let deposit = |policy: &Policy| terms::deposit_written(policy.deposit, &self.called.currency);
        found.compare("deposit", &deposit(here), &deposit(there));
        Ok(())
    }

    /// A booking's payments as it has them, and as a row tells them.
    fn payments(&self, told: &[RowPayment], stay: &Reservation) -> Result<(String, String)> {
        let own = store::export_payments(self.tx, ReservationId(stay.id.0 - 1), stay.id)?.remove(&stay.id).unwrap_or_default();
        let written = |payments: &[RowPayment]| payments::written(payments, &self.called.currency);
        Ok((written(&own), written(told)))
    }

    /// A booking's nights as it has them, and as a row tells them.
    fn nights(&self, row: &Row, told: &[RowNight], stay: &Reservation) -> Result<(String, String)> {
        let own = store::export_nights(self.tx, ReservationId(stay.id.0 - 1), stay.id)?.remove(&stay.id).unwrap_or_default();
        let told: Vec<BookedNight> = told.iter().map(|n| n.booked(self.hotel, (row.adults, row.children))).collect();
        let written = |nights: &[BookedNight], status| {
            nights::written(nights, status, (stay.room_type_id, (stay.adults, stay.children)), &self.called)
        };
        Ok((written(&own, stay.status), written(&told, row.status)))
    }
}

/// What was found to differ of one row.
struct Found<'a> {
    row: &'a Row,
    stay: &'a Reservation,
    differences: Vec<Difference>,
}

impl Found<'_> {
    /// Compares what a cell says, if it says anything.
    fn compare(&mut self, column: &'static str, here: &impl ToString, there: &impl ToString) {
        if self.row.told.has(column) {
            self.note(column, here.to_string(), there.to_string());
        }
    }

    fn note(&mut self, column: &'static str, here: String, there: String) {
        if here != there {
            let confirmation_number = self.stay.confirmation_number.clone();
            self.differences.push(Difference {
                line: self.row.line,
                column,
                confirmation_number,
                here,
                there,
                fate: Fate::Updated,
            });
        }
    }
}
