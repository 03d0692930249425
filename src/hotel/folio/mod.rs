//! The folio of a reservation: what is owed and what was paid.
//!
//! Both are postings of one append-only ledger. A mistake is voided on its own business
//! date, and given back by a refund or an allowance afterwards; never more than the
//! original. What a line says follows from its columns: no sentence is stored.

pub mod api;
pub mod checks;
pub mod deposit;
mod drawer;
pub mod guard;
pub mod house;
pub mod house_api;
pub mod lines;
pub mod owner;
pub mod parts;
pub mod payments;
pub mod payments_api;
pub mod routing;
pub mod routing_api;
pub mod security;
pub mod security_api;
pub mod settle;
pub mod store;
pub mod tax_api;
mod taxed;
pub mod tender;
#[cfg(test)]
mod tests;
pub mod totals;
pub mod transfers;
pub mod windows;
pub mod windows_api;

use crate::db::Table;
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ArticleId, ChargeId, FolioId, LevyId, PaymentId, ReservationId, TaxGroupId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::status::{ChargeKind, Entry};
use crate::domain::text::Name;
use crate::domain::wording::{Text, Value, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::Slice;
use crate::hotel::articles::Article;
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::{self, Night, Reservation};
use crate::hotel::{audit, settings, taxes, vouchers};
use guard::Posting;
use lines::Line;
use owner::Owner;

pub const SLICE: Slice = Slice {
    name: "folio",
    endpoints: |_| {
        api::endpoints()
            .into_iter()
            .chain(payments_api::endpoints())
            .chain(windows_api::endpoints())
            .chain(house_api::endpoints())
            .chain(routing_api::endpoints())
            .chain(security_api::endpoints())
            .chain(tax_api::endpoints())
            .collect()
    },
    statements: &[
        store::STATEMENTS,
        drawer::STATEMENTS,
        tender::STATEMENTS,
        lines::STATEMENTS,
        transfers::STATEMENTS,
        routing::STATEMENTS,
        settle::STATEMENTS,
        house::STATEMENTS,
        security::STATEMENTS,
        parts::STATEMENTS,
        totals::STATEMENTS,
        checks::STATEMENTS,
    ],
    areas: &[
        ("reservations", &[Table::Posting, Table::Folio, Table::RoutingRule]),
        ("payments", &[Table::Posting]),
        ("taxes", &[Table::TaxSetup]),
    ],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

/// What an extra is.
pub type ChargeNote = Name<200>;
/// Why something is taken back.
pub type UndoReason = Name<200>;
pub type Quantity = Within<1, 10_000>;

record! {
    /// A line of the folio.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Charge {
        pub id: ChargeId,
        /// Where it was posted; parts of it may have been moved since.
        pub folio_id: FolioId,
        /// The stay it is for, whoever pays.
        pub reservation_id: Option<ReservationId>,
        pub business_date: Date,
        pub night: Option<Date>,
        pub kind: ChargeKind,
        /// What a person typed: what an extra is, why something is taken back.
        pub note: String,
        pub quantity: i64,
        pub unit_amount: Money,
        /// Taxes that came on top of the price.
        pub added_amount: Money,
        pub amount: Money,
        /// The taxes in it, without a service charge.
        pub tax_amount: Money,
        /// The hotel's own article that was sold.
        pub article_id: Option<ArticleId> = "(SELECT a.id FROM article AS a WHERE a.id = charge.article_id AND a.code IS NULL)",
        pub levy_id: Option<LevyId>,
        pub levy_name: Option<String> = "(SELECT name FROM levy WHERE levy.id = charge.levy_id)",
        /// The line that this one takes back, or that an allowance is for.
        pub reverses_id: Option<ChargeId>,
        pub created_at: Instant,
        pub created_by: String,
        /// Another line takes this one back.
        pub is_voided: bool = "EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = charge.id AND v.entry = 'void')",
        /// The room for a day: no night was slept.
        pub is_day_use: bool = "EXISTS (SELECT 1 FROM reservation_night AS n
                WHERE n.reservation_id = charge.reservation_id AND n.night = charge.night AND n.kind = 'day_use')",
        /// What the line is that `reverses_id` names.
        pub reversed_kind: Option<ChargeKind> = "(SELECT a.kind FROM posting AS o JOIN article AS a ON a.id = o.article_id WHERE o.id = charge.reverses_id)",
    }
}

impl Charge {
    /// What the line says, for people.
    pub fn said(&self) -> Text {
        self.said_with(Value::ShortDate)
    }

    /// What the line says, for programs: in English, its date as they read it.
    pub fn description(&self) -> String {
        self.said_with(|date| Value::Given(date.to_string())).to_string()
    }

    fn said_with(&self, date: fn(Date) -> Value) -> Text {
        match (self.kind, self.night, self.reversed_kind) {
            (ChargeKind::Room, Some(night), _) => night_in_words(date(night), self.is_day_use),
            (ChargeKind::Allowance, _, Some(fee)) if self.note.is_empty() => text!("Allowance: {what}", what = fee.in_words()),
            (ChargeKind::Voucher, _, _) => text!("Voucher {code}", code = &self.note),
            (ChargeKind::Levy, _, _) => self.levy_name.as_deref().map_or_else(|| self.kind.in_words(), Text::as_it_is),
            (ChargeKind::Adjustment, _, _) if self.note == SHORTER => text!("Price for a shorter stay"),
            (ChargeKind::Void, _, _) if self.note == SHORTER => {
                text!("Void: {reason}", reason = text!("Price for a shorter stay"))
            }
            (ChargeKind::Void, _, _) if self.note == REINSTATED => text!("Void: reinstated"),
            (ChargeKind::Void, _, _) if !self.note.is_empty() => text!("Void: {reason}", reason = &self.note),
            (kind, _, _) if self.note.is_empty() => kind.in_words(),
            _ => Text::as_it_is(&self.note),
        }
    }
}

/// What a night's line says, posted or to come.
pub fn night_in_words(date: Value, is_day_use: bool) -> Text {
    if is_day_use { text!("Day use on {date}", date) } else { text!("Night of {date}", date) }
}

/// What an adjustment is for that a shorter stay brings along.
pub const SHORTER: &str = "shorter stay";
/// Why a fee is taken back when its booking is reinstated.
const REINSTATED: &str = "reinstated";

/// A line to be booked.
#[derive(Debug, Clone)]
pub struct NewCharge {
    /// To whose folio.
    pub owner: Owner,
    /// The stay it is for.
    pub reservation_id: Option<ReservationId>,
    pub night: Option<Date>,
    /// What is posted; of a void, what it takes back.
    pub article: ChargeKind,
    /// The hotel's own article, where one is sold.
    pub sold: Option<ArticleId>,
    pub entry: Entry,
    pub note: String,
    pub quantity: i64,
    pub unit_amount: Money,
    pub reverses_id: Option<ChargeId>,
    /// What it is taxed as; by its article when nobody says.
    pub tax_group: Option<TaxGroupId>,
    pub levy: Option<LevyId>,
    /// The payment that a tip or a rounding comes with.
    pub payment_id: Option<PaymentId>,
    /// Whether the stay's routing says where it goes; not where somebody has said so.
    pub is_routed: bool,
    /// Whether its taxes are in the amount, whatever its group says.
    pub is_gross: bool,
}

impl NewCharge {
    /// One of something, on a stay's bill.
    pub fn one(reservation_id: ReservationId, article: ChargeKind, amount: Money) -> NewCharge {
        NewCharge { reservation_id: Some(reservation_id), ..NewCharge::to(Owner::guest(reservation_id), article, amount) }
    }

    /// One of something, on anybody's bill.
    pub fn to(owner: Owner, article: ChargeKind, amount: Money) -> NewCharge {
        NewCharge {
            owner,
            reservation_id: owner.stay(),
            night: None,
            article,
            sold: None,
            entry: Entry::Post,
            note: String::new(),
            quantity: 1,
            unit_amount: amount,
            reverses_id: None,
            tax_group: None,
            levy: None,
            payment_id: None,
            is_routed: true,
            is_gross: false,
        }
    }
}

/// What an entry of the trail is about: the stay, else the folio.
fn about(stay: Option<ReservationId>, folio: FolioId) -> (&'static str, i64) {
    stay.map_or(("folio", folio.0), |stay| ("reservation", stay.0))
}

pub fn find(conn: &Conn, id: ChargeId) -> Result<Charge> {
    store::find_charge(conn, id)?.ok_or_else(|| Error::NotFound(text!("This charge does not exist.")))
}

/// Books a line.
pub fn charge(tx: &Tx, new: &NewCharge) -> Result<Charge> {
    let mut fields = Fields::default();
    fields.check("quantity", Quantity::of(new.quantity));
    let amount = new.unit_amount.times(new.quantity).filter(|a| a.0.abs() <= crate::domain::money::MAX_INPUT);
    fields.ensure(amount.is_some(), "unit_amount", text!("is larger than any amount taken here"));
    fields.finish()?;
    let other = reached(tx, new)?;
    let id = taxed::post(tx, new, amount.unwrap_or_default(), settings::business_date(tx)?)?;
    let made = find(tx, id)?;
    if let Some(stay) = new.reservation_id {
        deposit::settle(tx, stay)?;
    }
    let facts = serde_json::json!({"charge_id": id, "kind": made.kind, "description": made.description(), "amount_minor": made.amount.0,
        "article_id": new.sold, "tax_group_id": new.tax_group, "tax_amount_minor": made.tax_amount.0});
    let about = about(new.reservation_id, made.folio_id);
    audit::record(tx, "charge", about.0, about.1, &serde_json::Value::Null, &facts)?;
    if let Some(other) = other {
        deposit::settle(tx, other.id)?;
        let reason = if made.note.is_empty() { made.description() } else { made.note.clone() };
        guard::note_after_the_end(tx, &other, made.amount, &reason)?;
        audit::record(tx, "charge", "reservation", other.id.0, &serde_json::Value::Null, &facts)?;
    }
    Ok(made)
}

/// The other stay on whose folio a line stands that was moved there, if its bill may be changed.
fn reached(conn: &Conn, new: &NewCharge) -> Result<Option<Reservation>> {
    check_taking(conn, new.owner)?;
    let Some(other) = new.owner.stay().filter(|stay| Some(*stay) != new.reservation_id) else { return Ok(None) };
    let other = reservations::find(conn, other)?;
    guard::check_open(conn, &other, Posting::Charge)?;
    Ok(Some(other))
}

/// Adds an article to the bill of an open stay. What is sold below its price is told.
pub fn sell(tx: &Tx, new: NewCharge, article: &Article, reason: Option<&str>) -> Result<Charge> {
    let price = article.price.unwrap_or(new.unit_amount);
    let made = add(tx, NewCharge { sold: Some(article.id), tax_group: article.tax_group_id.or(new.tax_group), ..new }, reason)?;
    let below = (price - made.unit_amount).max(Money::ZERO).times(made.quantity).unwrap_or_default();
    exceptions::note(tx, Exception::TypedPrice, noted(tx, &made)?, below, reason)?;
    Ok(made)
}

/// Adds something to the bill of an open stay: an extra, an adjustment, an allowance. What takes off is told
/// with its reason, or with its description where that says it.
pub fn add(tx: &Tx, new: NewCharge, reason: Option<&str>) -> Result<Charge> {
    let new = check_line(tx, new)?;
    check_taking(tx, new.owner)?;
    let unit = match new.article {
        ChargeKind::Extra => {
            if new.unit_amount.is_negative() || new.unit_amount.is_zero() {
                return Err(Error::invalid(
                    "unit_amount",
                    text!("must be more than zero; give an allowance to take something off"),
                ));
            }
            new.unit_amount
        }
        // An allowance takes off, whichever sign it was typed with.
        ChargeKind::Allowance => Money(-new.unit_amount.0.abs()),
        ChargeKind::Adjustment => new.unit_amount,
        ChargeKind::Room
        | ChargeKind::CancellationFee
        | ChargeKind::NoShowFee
        | ChargeKind::Levy
        | ChargeKind::Rounding
        | ChargeKind::Tip
        | ChargeKind::Voucher
        | ChargeKind::ReminderFee
        | ChargeKind::Void => {
            return Err(Error::invalid("kind", text!("must be extra, adjustment or allowance")));
        }
    };
    if unit.is_zero() {
        return Err(Error::invalid("unit_amount", text!("must not be zero")));
    }
    let off = unit.times(new.quantity).unwrap_or_default();
    let too_much = || Err(Error::refused(Code::MoreThanOriginal, text!("This takes off more than the bill comes to.")));
    let Some(stay) = new.reservation_id else {
        if off.is_negative() && (owner::open(tx, new.owner)?.balance + off).is_negative() {
            return too_much();
        }
        let made = charge(tx, &NewCharge { unit_amount: unit, ..new })?;
        if made.amount.is_negative() {
            exceptions::note(tx, Exception::Allowance, made.folio_id, made.amount, Some(reason.unwrap_or(&made.note)))?;
        }
        return Ok(made);
    };
    let reservation = reservations::find(tx, stay)?;
    guard::check_open(tx, &reservation, Posting::Charge)?;
    // What stands on the folios of others is not this bill's to take something off.
    let (owed, here) = (reservation.total_amount(), reservation.total_amount() + reservation.moved_amount.min(Money::ZERO));
    if off.is_negative() && (if new.reverses_id.is_some() { owed } else { here } + off).is_negative() {
        return too_much();
    }
    let made = charge(tx, &NewCharge { unit_amount: unit, ..new })?;
    reservations::check_bill(owed, owed + made.amount)?;
    guard::note_charge(tx, &reservation, made.amount, reason.unwrap_or(&made.note))?;
    Ok(made)
}

/// The line that an allowance is for is one of the same bill; all that are for it take off no more than it comes to.
fn check_line(tx: &Tx, new: NewCharge) -> Result<NewCharge> {
    let Some(original) = new.reverses_id else { return Ok(new) };
    if new.article != ChargeKind::Allowance {
        return Err(Error::invalid("for_charge_id", text!("goes with an allowance alone")));
    }
    let line = find(tx, original)?;
    let stands = line.reservation_id == new.reservation_id && !line.is_voided && line.kind != ChargeKind::Void;
    let is_money = matches!(line.kind, ChargeKind::Rounding | ChargeKind::Tip | ChargeKind::Voucher);
    if !stands || is_money || line.amount.is_negative() || line.amount.is_zero() {
        return Err(Error::invalid("for_charge_id", text!("must be a line that stands on this bill")));
    }
    let off = Money(new.unit_amount.0.abs()).times(new.quantity);
    let left = taxes::store::left(tx, original)?;
    if off.is_none_or(|off| off > left) {
        let detail = if left < line.amount {
            let left = settings::property(tx)?.money_in_words(left.max(Money::ZERO));
            text!("Allowances were given on this line; {left} is left of it.", left)
        } else {
            text!("This takes off more than the line comes to.")
        };
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    let folio = lines::place_of(tx, &line, off.unwrap_or_default())?;
    Ok(NewCharge { owner: owner::find(tx, folio)?.owner(), ..new })
}

/// The guest's own window closes with the stay; the others can be closed before.
fn check_taking(conn: &Conn, owner: Owner) -> Result<()> {
    match owner {
        Owner::Stay { window: 1, .. } => Ok(()),
        Owner::Stay { .. } | Owner::Company(_) | Owner::Group(_) | Owner::House(_) => {
            owner::known(conn, owner)?.map_or(Ok(()), |folio| guard::check_bill(&folio))
        }
    }
}

/// What an exception of a line is about.
fn noted(conn: &Conn, line: &Charge) -> Result<exceptions::About> {
    match line.reservation_id {
        Some(stay) => Ok(reservations::find(conn, stay)?.noted().into()),
        None => Ok(line.folio_id.into()),
    }
}

/// Takes a line back on the business date it was booked.
pub fn void(tx: &Tx, reservation: ReservationId, id: ChargeId, reason: &str) -> Result<Charge> {
    let original = find(tx, id)?;
    if original.reservation_id != Some(reservation) {
        return Err(Error::NotFound(text!("This charge does not exist.")));
    }
    let stay = reservations::find(tx, reservation)?;
    check_taking(tx, owner::find(tx, original.folio_id)?.owner())?;
    check_voidable(&original, settings::business_date(tx)?)?;
    if taxes::store::left(tx, id)? != original.amount {
        let detail = text!("An allowance was given on this charge; void that first.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    guard::check_open(tx, &stay, Posting::Charge)?;
    reservations::check_bill(stay.total_amount(), stay.total_amount() - original.amount)?;
    vouchers::check_unused(tx, id.0)?;
    let made = take_back(tx, &original, reason)?;
    vouchers::cancel(tx, id.0, made.id.0)?;
    if made.amount.is_negative() {
        exceptions::note(tx, Exception::VoidedCharge, stay.noted(), made.amount, Some(reason))?;
    }
    guard::note_after_the_end(tx, &stay, made.amount, reason)?;
    Ok(made)
}

/// Takes a line of somebody who does not stay here back, on the business date it was booked.
pub fn void_on(tx: &Tx, folio: &owner::Folio, id: ChargeId, reason: &str) -> Result<Charge> {
    let original = find(tx, id)?;
    if original.folio_id != folio.id || original.reservation_id.is_some() {
        return Err(Error::NotFound(text!("This charge does not exist.")));
    }
    folio.check_open()?;
    check_voidable(&original, settings::business_date(tx)?)?;
    if taxes::store::left(tx, id)? != original.amount {
        let detail = text!("An allowance was given on this charge; void that first.");
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    vouchers::check_unused(tx, id.0)?;
    let made = take_back(tx, &original, reason)?;
    vouchers::cancel(tx, id.0, made.id.0)?;
    if made.amount.is_negative() {
        exceptions::note(tx, Exception::VoidedCharge, folio.id, made.amount, Some(reason))?;
    }
    Ok(made)
}

/// Books the line that takes another one back, wherever it was moved to.
pub fn take_back(tx: &Tx, original: &Charge, reason: &str) -> Result<Charge> {
    lines::gather(tx, &Line::Charge(original.clone()), reason)?;
    let new = NewCharge {
        reservation_id: original.reservation_id,
        night: original.night,
        entry: Entry::Void,
        note: reason.to_owned(),
        reverses_id: Some(original.id),
        levy: original.levy_id,
        sold: original.article_id,
        ..NewCharge::to(owner::find(tx, original.folio_id)?.owner(), original.kind, original.added_amount - original.amount)
    };
    charge(tx, &new)
}

fn check_voidable(original: &Charge, today: Date) -> Result<()> {
    if original.kind == ChargeKind::Void || original.is_voided {
        return Err(Error::refused(Code::AlreadyReversed, text!("This charge is already voided.")));
    }
    if matches!(original.kind, ChargeKind::Room | ChargeKind::Levy) {
        let detail = text!("A night's charge cannot be voided; give an allowance instead.");
        return Err(Error::refused(Code::LedgerIsAppendOnly, detail));
    }
    if matches!(original.kind, ChargeKind::Rounding | ChargeKind::Tip) {
        let detail = text!("This came with a payment, and goes with it; void or refund the payment.");
        return Err(Error::refused(Code::LedgerIsAppendOnly, detail));
    }
    if original.business_date != today {
        let detail = text!(
            "This charge was posted on {date} and can no longer be voided. Give an allowance instead.",
            date = Value::DateInFull(original.business_date)
        );
        return Err(Error::refused(Code::WrongDate, detail));
    }
    Ok(())
}

/// The nights of a stay that are agreed but not on its bill yet.
pub fn nights_to_come(conn: &Conn, stay: &Reservation, today: Date) -> Result<Itinerary> {
    let mut nights = Itinerary::agreed(conn, stay, today)?;
    nights.retain(|n| n.is_held && !n.is_posted);
    Ok(nights)
}

/// Posts the held nights before a date that are not posted yet, each exactly once.
pub fn post_nights(tx: &Tx, id: ReservationId, nights: &mut [Night], end: Date) -> Result<()> {
    let date = settings::business_date(tx)?;
    let mut due = nights.iter_mut().filter(|n| n.is_held && !n.is_posted && n.night < end).peekable();
    if due.peek().is_none() {
        return Ok(());
    }
    let mut books = reservations::taxed::books(tx, &reservations::find(tx, id)?)?;
    for night in due {
        taxed::post_night(tx, id, night, books.as_mut(), date)?;
        night.is_posted = true;
    }
    Ok(())
}

/// Takes the lines of a night back; whoever asks says of the night that it is not posted.
pub fn take_back_night(tx: &Tx, id: ReservationId, night: Date, reason: &str) -> Result<()> {
    let is_of_night = |line: &&Charge| line.night == Some(night) && !line.is_voided && line.kind != ChargeKind::Void;
    let lines = store::charges_of(tx, id)?;
    lines.iter().filter(is_of_night).try_for_each(|line| take_back(tx, line, reason).map(|_| ()))
}

/// Allowances for what is left of the lines of a night whose day is closed, with a reason for the owner's list.
pub fn take_off_night(tx: &Tx, id: ReservationId, night: Date, reason: &str) -> Result<()> {
    let is_of_night = |line: &&Charge| line.night == Some(night) && !line.is_voided && line.kind != ChargeKind::Void;
    let stay = reservations::find(tx, id)?;
    let mut off = Money::ZERO;
    for line in store::charges_of(tx, id)?.iter().filter(is_of_night) {
        let left = taxes::store::left(tx, line.id)?.max(Money::ZERO);
        take_off_wherever(tx, line, left)?;
        off = off + left;
    }
    exceptions::note(tx, Exception::Allowance, stay.noted(), off, Some(reason))
}

/// Takes fees back, with the allowances that were given on them: voided on their own business
/// date; afterwards an allowance for what is left of the fee.
pub fn take_back_fee(tx: &Tx, id: ReservationId) -> Result<()> {
    let (today, lines) = (settings::business_date(tx)?, store::charges_of(tx, id)?);
    let stands = |c: &&Charge| !c.is_voided && !c.amount.is_zero();
    let is_fee = |c: &&Charge| matches!(c.kind, ChargeKind::CancellationFee | ChargeKind::NoShowFee);
    let fees: Vec<&Charge> = lines.iter().filter(is_fee).collect();
    for (at, fee) in fees.iter().enumerate().filter(|(_, fee)| stands(fee)) {
        // Until the next fee: what comes after that was given on that one.
        let next = fees.get(at + 1).map(|next| next.id);
        let is_on_it = |c: &&Charge| c.kind == ChargeKind::Allowance && c.id > fee.id && next.is_none_or(|next| c.id < next);
        let given: Vec<&Charge> = lines.iter().filter(is_on_it).filter(stands).collect();
        if fee.business_date == today {
            for line in given.into_iter().chain([*fee]) {
                let owed = reservations::find(tx, id)?.total_amount();
                check_voidable(line, today)?;
                reservations::check_bill(owed, owed - line.amount)?;
                take_back(tx, line, REINSTATED)?;
            }
            note_fee_taken_back(tx, id, fee.amount)?;
            continue;
        }
        let left = given.iter().fold(fee.amount, |left, c| left + c.amount);
        if !left.is_negative() && !left.is_zero() {
            take_off_wherever(tx, fee, left)?;
            note_fee_taken_back(tx, id, left)?;
        }
    }
    Ok(())
}

/// Allowances for what is left of a line, on each folio that has some of it; what was taken off the bill without
/// naming the line is no longer there to be taken off.
fn take_off_wherever(tx: &Tx, line: &Charge, left: Money) -> Result<()> {
    let mut rest = left;
    for (folio, stands) in lines::standing(tx, line.id.0)? {
        let part = stands.min(rest).max(Money::ZERO);
        if part.is_zero() {
            continue;
        }
        rest = rest - part;
        let owner = owner::find(tx, folio)?.owner();
        let allowance = NewCharge {
            reverses_id: Some(line.id),
            reservation_id: line.reservation_id,
            ..NewCharge::to(owner, ChargeKind::Allowance, -part)
        };
        charge(tx, &allowance)?;
    }
    Ok(())
}

fn note_fee_taken_back(tx: &Tx, id: ReservationId, amount: Money) -> Result<()> {
    let stay = reservations::find(tx, id)?;
    exceptions::note(tx, Exception::FeeTakenBack, stay.noted(), amount, Some(REINSTATED))
}
