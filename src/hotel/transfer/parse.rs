//! From the text of a file to checked rows. Every fault is noted with its line
//! and column; a row with a fault is not taken.

use std::collections::HashMap;
use std::io::Read;

use csv::{ByteRecord, StringRecord};

use super::file::{File, unreadable};
use super::header::{self, Columns};
use super::nights::RowNight;
use super::options::{ImportOptions, PastPayment};
use super::payments::RowPayment;
use super::row::{Paid, Row, Rows, identity};
use super::survey::{Survey, survey};
use super::{BadRow, amount, calendar, cell, nights, payments, possible, terms, words};
use crate::domain::date::Date;
use crate::domain::id::RatePlanId;
use crate::domain::money::{Currency, Money};
use crate::domain::status::ReservationStatus;
use crate::domain::stay::StayDates;
use crate::domain::text::Line;
use crate::domain::wording::Text;
use crate::error::{Error, Result};
use crate::hotel::articles::Article;
use crate::hotel::guests::NewGuest;
use crate::hotel::policies::deposit::Deposit;
use crate::hotel::policies::{MAX_HOURS, Policy, Step};
use crate::hotel::rates;
use crate::hotel::reservations::booking::PartySize;
use crate::hotel::reservations::{BookingNotes, ExternalId};
use crate::hotel::settings::EntryName;

/// Dates further from the business date than this are slips of the pen.
const MAX_DAYS_AWAY: i64 = 36_525;
/// Hours before arrival of a fee that tells none.
const DEFAULT_HOURS: i64 = 24;

/// What the rows are checked against.
pub struct Known {
    pub currency: Currency,
    pub business_date: Date,
    /// The terms of bookings that tell none, and whose plan has none of its own.
    pub policy: Policy,
    pub plan_policies: HashMap<RatePlanId, Policy>,
    /// Places of the types, by lower-case code and name.
    pub room_types: HashMap<String, usize>,
    /// Places of the rooms, by lower-case number.
    pub rooms: HashMap<String, usize>,
    /// Plans, by lower-case code and name.
    pub rate_plans: HashMap<String, RatePlanId>,
    /// What is sold beside the rooms, by lower-case name.
    pub articles: HashMap<String, Article>,
}

/// Reads a whole file.
///
/// # Errors
/// `BadRequest` when it is no text of rows, its header is not right, or nothing
/// tells how its dates or amounts are written.
pub fn read(input: impl Read, known: &Known, options: &ImportOptions) -> Result<Rows> {
    let file = File::read(input)?;
    let delimiter = match file.separator {
        Some(separator) if options.delimiter.is_none() => separator,
        Some(_) | None => header::delimiter(file.first_line(), options)?,
    };
    let mut reader = file.reader(delimiter);
    let columns = Columns::read(&header::names(reader.byte_headers().map_err(unreadable)?)?, options)?;
    let survey = survey(&file, delimiter, &columns, options)?;
    let mut reading = Reading { known, options, columns: &columns, survey: &survey, rows: Rows::default() };
    let mut numbers = Numbers::default();
    let mut lines = file.lines();
    let mut bytes = ByteRecord::new();
    while reader.read_byte_record(&mut bytes).map_err(unreadable)? {
        if bytes.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let line = lines.of(bytes.position().map_or(0, csv::Position::byte));
        match StringRecord::from_byte_record(bytes) {
            Ok(record) => {
                reading.take(&record, line, &mut numbers);
                bytes = record.into_byte_record();
            }
            Err(error) => {
                let column = columns.name(error.utf8_error().field());
                let reason = "is not UTF-8 text; save the file as UTF-8, which Excel calls “CSV UTF-8”".to_owned();
                reading.rows.bad.push(BadRow { line, column, reason });
                bytes = error.into_byte_record();
            }
        }
    }
    Ok(reading.rows)
}

/// How often rows came that are alike, which tells one from another.
#[derive(Default)]
struct Numbers {
    /// Rows without a number, by what makes them the same.
    alike: HashMap<String, u64>,
    /// Rows, good or bad, of a number that several have.
    given: HashMap<String, u64>,
}

/// The `nth` of those that have a name in common.
fn counted(counts: &mut HashMap<String, u64>, name: &str) -> u64 {
    let nth = counts.entry(name.to_owned()).or_insert(0);
    *nth += 1;
    *nth
}

/// The rows as they are read, and what they are read by.
struct Reading<'a> {
    known: &'a Known,
    options: &'a ImportOptions,
    columns: &'a Columns,
    survey: &'a Survey,
    rows: Rows,
}

impl Reading<'_> {
    fn take(&mut self, record: &StringRecord, line: u64, numbers: &mut Numbers) {
        let number = self.columns.of("external_id").and_then(|place| record.get(place)).unwrap_or("");
        let nth = self.survey.repeated.contains_key(number).then(|| counted(&mut numbers.given, number));
        let mut cells = Cells { by: self, record, line, faults: Vec::new() };
        let row = cells.row();
        let mut faults = std::mem::take(&mut cells.faults);
        if let Some((mut row, source, method)) = row.filter(|_| faults.is_empty()) {
            (row.source, row.method) = (self.rows.sources.place(&source), self.rows.methods.place(&method));
            row.payments.iter().flatten().for_each(|p| _ = self.rows.methods.place(&p.method));
            if row.external_id.is_empty() {
                let identity = identity(&row);
                // Two rooms booked alike are two bookings: told apart by their order.
                row.external_id = match counted(&mut numbers.alike, &identity) {
                    1 => identity,
                    nth => format!("{identity}-{nth}"),
                };
            } else if let Some(nth) = nth {
                // Rooms under one number are one party.
                row.party.get_or_insert_with(|| row.external_id.clone());
                if nth > 1 {
                    row.external_id = format!("{} ({nth})", row.external_id);
                }
            }
            self.rows.good.push(row);
        }
        self.rows.bad.append(&mut faults);
    }
}

/// One row's texts, and what is wrong with them.
pub(super) struct Cells<'a> {
    by: &'a Reading<'a>,
    record: &'a StringRecord,
    line: u64,
    faults: Vec<BadRow>,
}

impl<'a> Cells<'a> {
    pub(super) fn fault(&mut self, column: &'static str, reason: impl ToString) {
        self.faults.push(BadRow { line: self.line, column, reason: reason.to_string() });
    }

    pub(super) fn text(&self, column: &str) -> &'a str {
        cell::read(self.by.columns.of(column).and_then(|at| self.record.get(at)).unwrap_or(""))
    }

    /// The value, or its default with the complaint noted.
    pub(super) fn check<T: Default, E: ToString>(&mut self, column: &'static str, value: std::result::Result<T, E>) -> T {
        value.unwrap_or_else(|reason| {
            self.fault(column, reason);
            T::default()
        })
    }

    /// The row with the names of its source and payment method, or `None` when it
    /// has a fault that nothing can stand in for.
    fn row(&mut self) -> Option<(Row, String, String)> {
        self.shape()?;
        let guest = self.guest();
        let (adults, children) = (self.count("adults", 1), self.count("children", 0));
        if adults + children == 0 {
            self.fault("adults", "a booking is for at least one guest");
        }
        let (total, paid) = (self.price("total_amount"), self.price("paid_amount"));
        let payments = self.payments(paid);
        let paid = paid.or_else(|| payments.as_ref().map(|payments| payments.iter().map(|p| p.amount).sum()));
        let (fee, other) = (self.price("fee_amount").unwrap_or_default(), self.money("other_charges").unwrap_or_default());
        let group = self.check("group", Line::<200>::of(self.text("group")));
        let company = self.check("company", Line::<200>::of(self.text("company")));
        let (source, method) = (self.name("source", "Direct"), self.name("payment_method", "other"));
        let (created, cancelled) = (self.date("created_date"), self.date("cancelled_date"));
        let external_id = self.check("external_id", ExternalId::of(self.text("external_id")));
        let party = self.check("party", ExternalId::of(self.text("party")));
        let notes = self.check("notes", BookingNotes::of(self.text("notes")));
        let special_requests = self.check("special_requests", BookingNotes::of(self.text("special_requests")));
        let (rate_plan, is_room_locked) = (self.rate_plan(), self.is_so("is_room_locked"));
        let policy = self.policy(rate_plan);
        let status = self.status();
        let (room_type, room) = (self.room_type(), self.room());
        let stay = self.stay();
        let details = self.details(status, children);
        let (status, stay) = (status?, stay?);
        let mut asks = Vec::new();
        let (status, is_status_asked) = self.status_of_past(status, stay, &mut asks)?;
        let paid = self.paid_of_past(status, total, paid, &mut asks);
        let (room_type, room) = (room_type?, room?);
        let nights = self.nights(status, stay, (room_type, room), total)?;
        let total = total.or_else(|| nights.as_ref().map(|nights| nights.iter().map(|n| n.rate).sum()));
        let row = Row {
            line: self.line,
            external_id,
            party: Some(party).filter(|p| !p.is_empty()),
            status,
            is_status_asked,
            room_type,
            room,
            guest,
            stay,
            adults,
            children,
            total,
            paid,
            fee,
            other,
            nights,
            payments,
            rate_plan,
            is_room_locked,
            policy,
            source: 0,
            method: 0,
            created,
            cancelled,
            notes,
            special_requests,
            details,
            company,
            group,
            asks,
            told: self.by.columns.told(self.record),
        };
        self.check_free(&row);
        Some((row, source, method))
    }

    /// Whether it has as many values as the header has names; empty ones more do no harm.
    fn shape(&mut self) -> Option<()> {
        let (has, wants) = (self.record.len(), self.by.columns.count());
        if has < wants {
            self.fault("row", format!("has {has} fields, the header has {wants}"));
            return None;
        }
        if self.by.columns.are_left(self.record.as_byte_record()) {
            let told = if has > wants {
                format!("has {has} fields, the header has {wants}")
            } else {
                "has a value in a column without a name".to_owned()
            };
            self.fault("row", format!("{told}; a value with the separating sign in it has to stand in double quotes"));
            return None;
        }
        Some(())
    }

    /// What became of a stay, and whether the row leaves that open. What was exported
    /// here tells its nights, and is as it was.
    fn status_of_past(
        &mut self,
        status: ReservationStatus,
        stay: StayDates,
        asks: &mut Vec<BadRow>,
    ) -> Option<(ReservationStatus, bool)> {
        let today = self.by.known.business_date;
        let is_booked = matches!(status, ReservationStatus::Tentative | ReservationStatus::Confirmed);
        let is_left_open = is_booked && possible::is_over(stay, today) && self.text("nights").is_empty();
        let status = match self.by.options.past_status.filter(|_| is_left_open) {
            Some(asked) => asked.status(),
            None => status,
        };
        if is_left_open && self.by.options.past_status.is_none() {
            let reason = format!(
                "the stay was over on the business date, {today}; write what became of it, checked_out, cancelled or \
                 no_show, or say it for all such stays with --past-status"
            );
            asks.push(BadRow { line: self.line, column: "status", reason });
        }
        // The same goes for a guest who was to leave and is here.
        let is_overdue = status == ReservationStatus::CheckedIn && stay.departure() < today && !self.text("nights").is_empty();
        if let (Err((column, reason)), false) = (possible::check(status, stay, today), is_overdue) {
            self.fault(column, reason);
            return None;
        }
        Some((status, is_left_open))
    }

    /// What was paid for a stay. For one that is over an empty cell may mean all or nothing.
    fn paid_of_past(
        &mut self,
        status: ReservationStatus,
        total: Option<Money>,
        paid: Option<Money>,
        asks: &mut Vec<BadRow>,
    ) -> Paid {
        let is_left_open = paid.is_none()
            && self.text("paid_amount").is_empty()
            && status == ReservationStatus::CheckedOut
            && total != Some(Money::ZERO);
        match self.by.options.past_payment.filter(|_| is_left_open) {
            Some(PastPayment::Paid) => return Paid::InFull,
            Some(PastPayment::Owed) => return Paid::Owed,
            None => {}
        }
        if is_left_open {
            let reason = "is empty for a stay that is over; write what was paid, 0 for nothing, or say it for all such stays \
                 with --past-payment paid or --past-payment owed";
            asks.push(BadRow { line: self.line, column: "paid_amount", reason: reason.to_owned() });
        }
        Paid::Amount(paid.unwrap_or_default())
    }

    /// The nights that the row tells, if it does; `None` when they do not fit the rest of it.
    fn nights(
        &mut self,
        status: ReservationStatus,
        stay: StayDates,
        (room_type, room): (usize, Option<usize>),
        total: Option<Money>,
    ) -> Option<Option<Vec<RowNight>>> {
        let text = self.text("nights");
        if text.is_empty() {
            return Some(None);
        }
        let mut nights = match nights::read(text, room_type, self.by.known) {
            Ok(nights) => nights,
            Err(reason) => {
                self.fault("nights", reason);
                return None;
            }
        };
        if status == ReservationStatus::CheckedIn && room.is_none() {
            self.fault("room_number", "is missing: the guest is in the house");
            return None;
        }
        for night in &mut nights {
            night.is_held &= status.holds_nights();
            night.is_posted = match status {
                ReservationStatus::CheckedOut => night.is_held,
                ReservationStatus::CheckedIn => night.is_posted,
                ReservationStatus::Tentative
                | ReservationStatus::Confirmed
                | ReservationStatus::Cancelled
                | ReservationStatus::NoShow => false,
            };
        }
        let held: Vec<Date> = nights.iter().filter(|n| n.is_held).map(|n| n.night).collect();
        let agreed = stay.priced_dates();
        // A guest who did not leave when agreed has stayed the nights since.
        let (own, since) = held.split_at_checked(agreed.len()).unwrap_or((&held, &[]));
        let may_stay_on = status == ReservationStatus::CheckedIn && stay.departure() < self.by.known.business_date;
        let is_one_run = held.windows(2).all(|pair| pair[0].next() == pair[1]);
        if status.holds_nights() && (own != agreed || !is_one_run || !(since.is_empty() || may_stay_on)) {
            self.fault("nights", format!("are not those from {} to {}", stay.arrival(), stay.departure()));
            return None;
        }
        if stay.is_day_use() && held.len() <= 1 {
            nights.iter_mut().for_each(|n| n.is_by_day = n.night == stay.arrival());
        }
        let sum: Money = nights.iter().map(|n| n.rate).sum();
        if let Some(total) = total.filter(|total| *total != sum) {
            let amount = |money| self.by.known.currency.amount(money);
            self.fault("nights", format!("cost {} together, total_amount says {}", amount(sum), amount(total)));
            return None;
        }
        Some(Some(nights))
    }

    /// The payments that the row tells, if it does.
    fn payments(&mut self, paid: Option<Money>) -> Option<Vec<RowPayment>> {
        let text = self.text("payments");
        if text.is_empty() {
            return None;
        }
        let payments = match payments::read(text, self.by.known) {
            Ok(payments) => payments,
            Err(reason) => {
                self.fault("payments", reason);
                return None;
            }
        };
        let sum: Money = payments.iter().map(|p| p.amount).sum();
        if let Some(paid) = paid.filter(|paid| *paid != sum) {
            let amount = |money| self.by.known.currency.amount(money);
            self.fault("payments", format!("are {} together, paid_amount says {}", amount(sum), amount(paid)));
        }
        Some(payments)
    }

    fn rate_plan(&mut self) -> RatePlanId {
        let text = self.text("rate_plan");
        if text.is_empty() {
            return rates::BAR;
        }
        let found = self.by.known.rate_plans.get(&text.to_lowercase()).copied();
        if found.is_none() {
            self.fault("rate_plan", format!("“{text}” is not a rate plan of this hotel"));
        }
        found.unwrap_or(rates::BAR)
    }

    /// The terms that the row tells, and for the rest those of today.
    fn policy(&mut self, rate_plan: RatePlanId) -> Policy {
        let known = &self.by.known;
        let mut policy = known.plan_policies.get(&rate_plan).unwrap_or(&known.policy).clone();
        let hours = self.text("cancellation_free_hours");
        let mut first = policy.cancellation.first().map_or(DEFAULT_HOURS, |step| step.hours_before);
        if !hours.is_empty() {
            match hours.parse::<i64>() {
                Ok(hours) if (0..=MAX_HOURS).contains(&hours) => first = hours,
                _ => self.fault("cancellation_free_hours", format!("“{hours}” must be a whole number from 0 to {MAX_HOURS}")),
            }
        }
        let steps = self.terms("cancellation_fee", |cell| terms::read_cancellation(first, cell));
        // Hours alone are those of the hotel's first step, and the later ones that still come after it.
        let own = || {
            let fee = policy.cancellation.first().map(|step| step.fee);
            let later = policy.cancellation.iter().skip(1).filter(|step| step.hours_before < first).copied();
            fee.map(|fee| Step { hours_before: first, fee }).into_iter().chain(later).collect()
        };
        policy.cancellation = steps.unwrap_or_else(own);
        if let Some(fee) = self.terms("no_show_fee", terms::read_fee) {
            policy.no_show = fee;
        }
        // What is not told of a booking was not agreed.
        let currency = &known.currency;
        policy.deposit = self.terms("deposit", |cell| terms::read_deposit(cell, currency)).unwrap_or(Deposit::NONE);
        policy
    }

    fn terms<T>(&mut self, column: &'static str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(column);
        let read = (!text.is_empty()).then(|| read(text))?;
        read.map_err(|reason| self.fault(column, reason)).ok()
    }

    fn guest(&mut self) -> NewGuest {
        let given = NewGuest {
            full_name: self.text("guest_name").into(),
            email: self.text("guest_email").into(),
            phone_number: self.text("guest_phone").into(),
            nationality: self.text("guest_nationality").into(),
            ..NewGuest::default()
        };
        match given.check() {
            Ok(guest) => guest,
            Err(Error::Invalid(fields)) => {
                for field in fields {
                    let column = match field.field.as_str() {
                        "email" => "guest_email",
                        "phone_number" => "guest_phone",
                        "nationality" => "guest_nationality",
                        _ => "guest_name",
                    };
                    self.fault(column, field.message);
                }
                given
            }
            Err(other) => {
                self.fault("guest_name", other);
                given
            }
        }
    }

    fn count(&mut self, column: &'static str, default: i64) -> i64 {
        let text = self.text(column);
        if text.is_empty() {
            return default;
        }
        if let Some(number) = text.parse().ok().and_then(|number| PartySize::of(number).ok()) {
            return number;
        }
        self.fault(column, format!("“{text}” must be a whole number from {} to {}", PartySize::MIN, PartySize::MAX));
        default.max(1)
    }

    /// An amount that is not negative.
    fn price(&mut self, column: &'static str) -> Option<Money> {
        let money = self.money(column)?;
        if money.is_negative() {
            self.fault(column, format!("“{}” must not be negative", self.text(column)));
            return None;
        }
        Some(money)
    }

    fn money(&mut self, column: &'static str) -> Option<Money> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match amount::read(text, &self.by.known.currency, self.by.survey.decimal_mark) {
            Ok(money) => Some(money),
            Err(error) => {
                self.fault(column, format!("“{text}” {error}"));
                None
            }
        }
    }

    fn name(&mut self, column: &'static str, default: &str) -> String {
        let name = self.check(column, Line::<{ EntryName::MAX }>::of(self.text(column)));
        if name.is_empty() { default.to_owned() } else { name }
    }

    pub(super) fn date(&mut self, column: &'static str) -> Option<Date> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match calendar::read(text, self.by.survey.date_order) {
            Ok(date) => Some(date),
            Err(error) => {
                self.fault(column, format!("“{text}” {error}"));
                None
            }
        }
    }

    fn status(&mut self) -> Option<ReservationStatus> {
        let text = self.text("status");
        if text.is_empty() {
            return Some(ReservationStatus::Confirmed);
        }
        let found = words::status(text);
        if found.is_none() {
            let all: Vec<&str> = ReservationStatus::ALL.iter().map(|s| s.as_str()).collect();
            self.fault("status", format!("“{text}” must be one of {}", all.join(", ")));
        }
        found
    }

    fn room_type(&mut self) -> Option<usize> {
        let text = self.text("room_type");
        let found = self.by.known.room_types.get(&text.to_lowercase()).copied();
        if found.is_none() {
            let reason =
                if text.is_empty() { "is missing".to_owned() } else { format!("“{text}” is not a room type of this hotel") };
            self.fault("room_type", reason);
        }
        found
    }

    /// The room, if one is named; `None` when it is unknown.
    fn room(&mut self) -> Option<Option<usize>> {
        let text = self.text("room_number");
        if text.is_empty() {
            return Some(None);
        }
        let found = self.by.known.rooms.get(&text.to_lowercase()).copied();
        if found.is_none() {
            self.fault("room_number", format!("“{text}” is not a room of this hotel"));
        }
        found.map(Some)
    }

    fn stay(&mut self) -> Option<StayDates> {
        for column in ["check_in_date", "check_out_date"] {
            if self.text(column).is_empty() {
                self.fault(column, "is missing");
            }
        }
        let arrival = self.date("check_in_date");
        let departure = self.date("check_out_date");
        let (arrival, departure) = (arrival?, departure?);
        if self.by.known.business_date.days_until(arrival).abs() > MAX_DAYS_AWAY {
            self.fault("check_in_date", "is more than a hundred years away");
            return None;
        }
        match StayDates::or_day_use(arrival, departure) {
            Ok(stay) => Some(stay),
            Err(error) => {
                self.fault("check_out_date", format!("“{departure}” {}", Text::from(error)));
                None
            }
        }
    }
}
