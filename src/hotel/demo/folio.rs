//! What the demo's guests owe and pay: extras, deposits, what is settled at the
//! desk, and what is left unpaid.

use std::borrow::Cow;

use super::calendar::Calendar;
use super::random::Random;
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, PaymentKind, PaymentType, ReservationStatus};
use crate::hotel::transfer::bulk::{BookedCharge, BookedPayment};

/// How a booking came, and what that means for its money.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    pub name: &'static str,
    /// Bookings out of a thousand that are paid online at once.
    pub prepaid: usize,
    /// The agreed price in percent of the best available rate.
    pub percent: i64,
    pub is_walk_in: bool,
}

const fn source(name: &'static str, prepaid: usize, percent: i64) -> Source {
    Source { name, prepaid, percent, is_walk_in: false }
}

pub const WALK_IN: Source = Source { name: "Walk-in", prepaid: 0, percent: 100, is_walk_in: true };

/// How bookings come that were made ahead.
pub const SOURCES: &[(usize, Source)] = &[
    (290, source("Booking.com", 350, 100)),
    (190, source("Agoda", 700, 100)),
    (70, source("Expedia", 600, 100)),
    (170, source("Direct", 120, 100)),
    (90, source("Phone", 20, 100)),
    (45, source("E-mail", 50, 100)),
    (85, source("Travel agency", 0, 88)),
    (60, source("Corporate", 0, 85)),
];

const AT_THE_DESK: &[(usize, &str)] = &[(45, "card"), (25, "cash"), (22, "qris"), (8, "bank_transfer")];
const FROM_AFAR: &[(usize, &str)] = &[(60, "bank_transfer"), (25, "online"), (15, "card")];

/// Extras: what they are, and what one costs.
pub const EXTRAS: &[(usize, (&str, i64, bool))] = &[
    (30, ("Minibar", 45_000, true)),
    (22, ("Laundry", 35_000, false)),
    (24, ("Restaurant", 185_000, true)),
    (10, ("Airport transfer", 250_000, false)),
    (8, ("Massage, one hour", 300_000, false)),
    (6, ("Scooter, one day", 90_000, false)),
];

/// A booking as far as its money is concerned, in days of the calendar.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub status: ReservationStatus,
    pub source: Source,
    pub created: i64,
    pub arrival: i64,
    pub departure: i64,
    /// The price of all nights.
    pub room_amount: Money,
    pub first_night: Money,
}

/// The lines and payments of a folio.
pub struct Folio {
    pub charges: Vec<BookedCharge>,
    pub payments: Vec<BookedPayment<'static>>,
}

/// Fills folios.
pub struct Cashier<'a> {
    pub random: &'a mut Random,
    pub calendar: &'a Calendar,
}

impl Cashier<'_> {
    /// The folio of a booking that was not cancelled.
    pub fn folio(&mut self, account: &Account) -> Folio {
        match account.status {
            ReservationStatus::CheckedOut => self.departed(account),
            ReservationStatus::CheckedIn => self.in_house(account),
            ReservationStatus::NoShow => self.no_show(account),
            ReservationStatus::Tentative | ReservationStatus::Confirmed | ReservationStatus::Cancelled => {
                Folio { charges: Vec::new(), payments: self.ahead(account) }
            }
        }
    }

    fn departed(&mut self, account: &Account) -> Folio {
        let charges = self.extras(account, account.departure);
        let mut payments = self.ahead(account);
        let owed = account.room_amount + total(&charges) - paid(&payments);
        if owed > Money::ZERO && self.random.chance(975) {
            // A few leave with a part of it unpaid.
            let amount = if self.random.chance(990) { owed } else { thousands(owed.percent(60)) };
            let kind = if amount == owed { PaymentType::Full } else { PaymentType::Downpayment };
            let method = *self.random.weighted(AT_THE_DESK);
            payments.extend(self.payment(amount, method, kind, account.departure));
        }
        Folio { charges, payments }
    }

    fn in_house(&mut self, account: &Account) -> Folio {
        let until = account.departure.min(self.calendar.today);
        let charges = self.extras(account, until);
        let mut payments = self.ahead(account);
        if payments.is_empty() && self.random.chance(450) {
            let method = *self.random.weighted(AT_THE_DESK);
            payments.extend(self.payment(account.first_night, method, PaymentType::Downpayment, account.arrival));
        }
        Folio { charges, payments }
    }

    /// The first night is owed; most never pay it.
    fn no_show(&mut self, account: &Account) -> Folio {
        let charges = vec![self.fee(ChargeKind::NoShowFee, account.first_night, account.arrival)];
        let is_paid = self.random.chance(400);
        let paid = if is_paid { self.payment(account.first_night, "card", PaymentType::Full, account.arrival) } else { None };
        Folio { charges, payments: paid.into_iter().collect() }
    }

    /// A late cancellation's folio: the first night, paid or not.
    pub fn late_cancellation(&mut self, account: &Account, day: i64) -> Folio {
        let charges = vec![self.fee(ChargeKind::CancellationFee, account.first_night, day)];
        let is_paid = self.random.chance(600);
        let paid = if is_paid { self.payment(account.first_night, "online", PaymentType::Full, day) } else { None };
        Folio { charges, payments: paid.into_iter().collect() }
    }

    fn fee(&mut self, kind: ChargeKind, amount: Money, day: i64) -> BookedCharge {
        BookedCharge {
            kind,
            note: "",
            quantity: 1,
            unit_amount: amount,
            business_date: self.calendar.date(day),
            created_at: self.calendar.at(day, 14 * 60 + 30),
        }
    }

    /// What is paid before arrival: all of it online, a deposit, or nothing.
    fn ahead(&mut self, account: &Account) -> Vec<BookedPayment<'static>> {
        if account.room_amount.is_zero() || account.source.is_walk_in {
            return Vec::new();
        }
        if self.random.chance(account.source.prepaid) {
            let all = self.payment(account.room_amount, "online", PaymentType::Full, account.created);
            return all.into_iter().collect();
        }
        if account.created < account.arrival && self.random.chance(220) {
            let percent = 10 * self.random.between(2, 5);
            let deposit = thousands(account.room_amount.percent(percent));
            let latest = account.arrival.min(self.calendar.today);
            let day = (account.created + self.random.between(0, 3)).min(latest);
            let method = *self.random.weighted(FROM_AFAR);
            return self.payment(deposit, method, PaymentType::Deposit, day).into_iter().collect();
        }
        Vec::new()
    }

    fn payment(
        &mut self,
        amount: Money,
        method: &'static str,
        payment_type: PaymentType,
        day: i64,
    ) -> Option<BookedPayment<'static>> {
        if amount <= Money::ZERO {
            return None;
        }
        let reference_number = match method {
            "cash" => String::new(),
            _ => format!("TRX{:08}", self.random.below(100_000_000)),
        };
        Some(BookedPayment {
            kind: PaymentKind::Payment,
            amount,
            payment_method: method,
            payment_type,
            payment_date: self.calendar.date(day),
            reference_number: Cow::Owned(reference_number),
            notes: "",
            reverses: None,
            created_at: self.calendar.at(day, self.random.between(7 * 60, 14 * 60)),
        })
    }

    fn extras(&mut self, account: &Account, until: i64) -> Vec<BookedCharge> {
        if !self.random.chance(230) {
            return Vec::new();
        }
        let count = self.random.between(1, 3);
        (0..count)
            .map(|_| {
                let (note, price, _) = *self.random.weighted(EXTRAS);
                let day = self.random.between(account.arrival, until.max(account.arrival));
                BookedCharge {
                    kind: ChargeKind::Extra,
                    note,
                    quantity: self.random.between(1, 2),
                    unit_amount: Money(price),
                    business_date: self.calendar.date(day),
                    created_at: self.calendar.at(day, self.random.between(8 * 60, 14 * 60 + 30)),
                }
            })
            .collect()
    }
}

fn total(charges: &[BookedCharge]) -> Money {
    charges.iter().map(|c| c.unit_amount.times(c.quantity).unwrap_or_default()).sum()
}

fn paid(payments: &[BookedPayment]) -> Money {
    payments.iter().map(|p| p.amount).sum()
}

/// Rounded up to whole thousands.
fn thousands(amount: Money) -> Money {
    Money((amount.0 + 999) / 1000 * 1000)
}
