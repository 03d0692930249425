//! The property: its name, currency, calendar, policies and editable lists.
//!
//! Owns the business date. It moves a day at a time, and the operating system's
//! clock never moves it.

pub mod api;
pub mod day;
pub mod store;

use jiff::tz::TimeZone;

use rusqlite::Row;

use crate::db::Table;
use crate::db::record::{next, record};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::PolicyId;
use crate::domain::money::{Amount, AmountError, Currency, Decimal, Money, NotNegative};
use crate::domain::status::{MethodKind, words};
use crate::domain::text::{Name, Paragraph};
use crate::domain::wording::{Value, text};
use crate::error::{Code, Error, Result};
use crate::hotel::Slice;
use crate::hotel::audit;
use store::{ListEntry, ListKind};

pub const SLICE: Slice = Slice {
    name: "settings",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("settings", &[Table::Property, Table::BookingSource, Table::PaymentMethod])],
    ..Slice::EMPTY
};

pub type HotelName = Name<200>;
pub type HotelAddress = Paragraph<500>;
/// A booking source or a payment method.
pub type EntryName = Name<100>;

record! {
    /// The property's settings.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Property {
        pub name: String,
        pub address: String,
        pub phone: String,
        pub email: String,
        pub currency: Currency as currency = "currency, currency_exponent",
        pub time_zone: String,
        pub locale: String,
        pub business_date: Date,
        pub check_in_time: String,
        pub check_out_time: String,
        pub required_guest_fields: Vec<String> as json,
        /// What new bookings are made under, unless their rate plan has terms of its own.
        pub policy_id: PolicyId,
        pub rate_limit_per_minute: u32,
        /// Cash is refused while no drawer is open for who takes it.
        pub needs_shift: bool,
        /// What cash is rounded to; zero = it is paid to the last minor unit.
        pub smallest_coin: Money,
        /// How many cots there are; `None` = enough.
        pub cots: Option<i64>,
        /// What a guest usually leaves as a security; zero = none is proposed.
        pub usual_security: Money,
        pub is_demo: bool,
        pub version: i64,
    }
}

fn currency(row: &Row, at: &mut usize) -> rusqlite::Result<Currency> {
    Ok(Currency { code: next(row, at)?, exponent: next(row, at)? })
}

words!(
    /// The fields of a guest that a hotel may require before check-in.
    RequirableField {
        Email = "email",
        PhoneNumber = "phone_number",
        IdType = "id_type",
        IdNumber = "id_number",
        Nationality = "nationality",
        BirthDate = "birth_date",
    }
);

impl Property {
    /// The wire form of money.
    pub fn amount(&self, money: Money) -> Amount {
        self.currency.amount(money)
    }

    /// Money in a sentence: "IDR 1,500,000".
    pub fn money_in_words(&self, money: Money) -> Value {
        Value::Money(self.amount(money), self.currency.code.clone())
    }

    /// Reads an amount from a request; the complaint names `field`.
    pub fn money(&self, field: &str, decimal: &Decimal) -> Result<Money> {
        self.currency.money(decimal).map_err(|error: AmountError| Error::invalid(field, error))
    }

    /// The same for an amount that must not be negative.
    pub fn price(&self, field: &str, amount: &NotNegative) -> Result<Money> {
        amount.checked(&self.currency).map_err(|message| Error::invalid(field, message))
    }

    /// The hotel's time zone; UTC should its name have left the tables.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// The property, which every set-up hotel has.
pub fn property(conn: &Conn) -> Result<Property> {
    store::find(conn)?.ok_or_else(not_set_up)
}

/// The accounting day.
pub fn business_date(conn: &Conn) -> Result<Date> {
    store::business_date(conn)?.ok_or_else(not_set_up)
}

fn not_set_up() -> Error {
    Error::refused(Code::WrongDate, text!("This hotel has not been set up yet; open the set-up page first."))
}

/// A new hotel.
#[derive(Debug, Clone)]
pub struct NewProperty {
    pub name: String,
    pub currency: Currency,
    pub time_zone: String,
    pub locale: String,
    pub business_date: Date,
    pub is_demo: bool,
}

/// Lays down the one property row.
pub fn create(tx: &Tx, new: &NewProperty) -> Result<()> {
    if store::find(tx)?.is_some() {
        return Err(Error::refused(Code::AlreadySetUp, text!("This hotel is already set up; please sign in.")));
    }
    store::insert(tx, new)?;
    audit::record(tx, "set_up", "settings", 1, &audit::NOTHING, &new.name)
}

/// Adds an entry to an editable list; a payment method says what moves.
pub fn create_entry(tx: &Tx, list: ListKind, name: &EntryName, kind: Option<MethodKind>) -> Result<ListEntry> {
    let name = trimmed(name)?;
    let id = list.insert(tx, &name, kind)?;
    let made = ListEntry { id, name, kind, is_active: true };
    audit::record(tx, "create", list.entity(), id.0, &audit::NOTHING, &made)?;
    Ok(made)
}

/// Saves a changed entry.
pub fn save_entry(tx: &Tx, kind: ListKind, before: &ListEntry, after: ListEntry) -> Result<ListEntry> {
    let after = ListEntry { name: trimmed(&after.name.into())?, ..after };
    kind.update(tx, &after)?;
    audit::record(tx, "change", kind.entity(), after.id.0, before, &after)?;
    Ok(after)
}

fn trimmed(name: &EntryName) -> Result<String> {
    name.checked().map_err(|message| Error::invalid("name", message))
}
