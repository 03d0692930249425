//! What is moved from one folio to another: lines or parts of lines, with the taxes in them.
//!
//! A transfer is two rows that name each other, with opposite amounts: nothing is owed more or less by it, only by
//! somebody else. It is taken back, on its own business date, by the opposite one.

use std::collections::BTreeMap;

use super::lines::{self, Line, LineId};
use super::owner::{self, Folio, Owner};
use super::{deposit, guard, parts, settle, taxed};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ChargeId, FolioId, ReservationId, TransferId};
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::Ledger;
use crate::domain::text::Line as LineOfText;
use crate::domain::wording::{Value, text};
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::{audit, companies, reservations, settings, taxes};

/// What was said of a transfer.
pub type TransferNote = LineOfText<200>;
/// Lines that are moved at once.
pub const MAX_LINES: usize = 500;

statements! {
    INSERT = "folio.insert_transfer": "INSERT INTO posting
            (id, folio_id, ledger, business_date, reservation_id, article_id, entry, unit_amount, amount, tax_amount, counter_id, moves_id,
            reverses_id, note, created_at, created_by)
        SELECT last.id + half.at, half.folio, half.ledger, ?1, ?2, -1, 'transfer', half.amount, half.amount, half.tax,
            last.id + 3 - half.at, ?3, half.reverses, ?4, ?5, ?6
        FROM (SELECT max(id) AS id FROM posting) AS last
        CROSS JOIN (SELECT 1 AS at, ?7 AS folio, ?8 AS ledger, -?11 AS amount, -?12 AS tax, ?13 AS reverses
            UNION ALL SELECT 2, ?9, ?10, ?11, ?12, ?14) AS half", scans "two rows that stand in the statement";
    FIND = "folio.find_transfer" selects Transfer "FROM posting AS t WHERE t.id = ?1 AND t.entry = 'transfer' AND t.article_id = -1";
    ON_FOLIO = "folio.transfers_on" selects Transfer "FROM posting AS t
        WHERE t.folio_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1
        ORDER BY t.id DESC LIMIT 10000";
    // By the line that stands for itself; what voids another cancels with it.
    STANDING_ON = "folio.standing_on": "SELECT coalesce(p.moves_id, p.reverses_id, p.id) FROM posting AS p
        WHERE p.folio_id = ?1 AND p.method IS NULL AND p.entry <> 'void' AND (p.entry <> 'transfer'
                OR EXISTS (SELECT 1 FROM posting AS m WHERE m.id = p.moves_id AND m.method IS NULL))
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND v.entry = 'void')
        GROUP BY coalesce(p.moves_id, p.reverses_id, p.id)
        HAVING sum(p.amount) <> 0
        ORDER BY min(p.id)
        LIMIT ?2";
    OF_STAY = "folio.transfers_of_stay" selects Transfer "FROM folio AS f CROSS JOIN posting AS t ON t.folio_id = f.id
        WHERE f.reservation_id = ?1 AND t.entry = 'transfer' AND t.article_id = -1
        ORDER BY f.window, t.id LIMIT 10000";
}

record! {
    /// One half of a transfer, as it stands on its folio.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Transfer {
        pub id: TransferId = "t.id",
        pub folio_id: FolioId = "t.folio_id",
        pub ledger: Ledger = "t.ledger",
        pub reservation_id: Option<ReservationId> = "t.reservation_id",
        pub business_date: Date = "t.business_date",
        pub amount: Money = "t.amount",
        pub tax_amount: Money = "t.tax_amount",
        /// The other half, and where it stands.
        pub counter_id: TransferId = "t.counter_id",
        pub other_folio_id: FolioId = "(SELECT o.folio_id FROM posting AS o WHERE o.id = t.counter_id)",
        /// The line that is moved; `None` = a balance.
        pub moves_id: Option<i64> = "t.moves_id",
        pub is_of_payment: bool = "coalesce((SELECT m.method IS NOT NULL FROM posting AS m WHERE m.id = t.moves_id), 0)",
        /// The half that this one takes back.
        pub reverses_id: Option<TransferId> = "t.reverses_id",
        pub is_taken_back: bool = "EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = t.id AND v.entry = 'transfer')",
        pub note: String = "t.note",
        pub created_at: Instant = "t.created_at",
        pub created_by: String = "t.created_by",
    }
}

/// Why lines are moved.
#[derive(Debug, Clone, Copy)]
pub struct Why<'a> {
    /// Stands on the lines.
    pub note: &'a str,
    /// A manager lets them go over a company's credit limit.
    pub override_limit: bool,
}

/// How much of the lines is moved.
#[derive(Debug, Clone, Copy)]
pub enum Share {
    All,
    /// Of the lines together, the first of them first.
    Amount(Money),
    /// Of each line.
    Percent(Percent),
}

pub fn find(conn: &Conn, id: TransferId) -> Result<Transfer> {
    conn.one(&FIND, [id], Transfer::from_row)?.ok_or_else(|| Error::NotFound(text!("This transfer does not exist.")))
}

/// What came to a folio and left it, of more than can be told the newest.
pub fn on_folio(conn: &Conn, id: FolioId) -> Result<Vec<Transfer>> {
    let mut newest = conn.all(&ON_FOLIO, [id], Transfer::from_row)?;
    newest.reverse();
    Ok(newest)
}

/// Whether money of a stay stands on the folio of another, or that of another on its own; or a balance went to an account.
pub fn has_money_elsewhere(conn: &Conn, id: ReservationId) -> Result<bool> {
    let mut sums: BTreeMap<Option<i64>, Money> = BTreeMap::new();
    for t in of_stay(conn, id)?.into_iter().filter(|t| t.is_of_payment || t.moves_id.is_none()) {
        let sum = sums.entry(t.moves_id).or_default();
        *sum = *sum + t.amount;
    }
    Ok(sums.values().any(|sum| !sum.is_zero()))
}

/// The same of all folios of a stay.
pub fn of_stay(conn: &Conn, id: ReservationId) -> Result<Vec<Transfer>> {
    conn.all(&OF_STAY, [id], Transfer::from_row)
}

/// Moves lines of a folio, or a share of them, to another one. Without any line named, all charges that stand on it.
///
/// # Errors
/// 409 for what does not stand there, or not so much of it; for a folio that takes nothing any more.
pub fn transfer(tx: &Tx, from: &Folio, named: &[LineId], share: Share, to: Owner, why: Why) -> Result<Vec<Transfer>> {
    let note = why.note;
    let to = owner::open(tx, to)?;
    check_ends(tx, from, &to)?;
    let mut chosen = Vec::new();
    let named = if named.is_empty() { charges_standing_on(tx, from.id, MAX_LINES + 1)? } else { named.to_vec() };
    if named.len() > MAX_LINES {
        return Err(Error::invalid(
            "charge_ids",
            text!("must name some of the lines: {most} are moved at once", most = MAX_LINES),
        ));
    }
    for id in named {
        let line = lines::movable(tx, id)?;
        let left = lines::on_folio(tx, line.posting(), from.id)?;
        if left.is_zero() {
            let detail = text!("Nothing of this line stands on this folio.");
            return Err(Error::refused(Code::MoreThanOriginal, detail));
        }
        chosen.push((line, left));
    }
    let amounts = shares(tx, share, &chosen)?;
    let mut made = Vec::new();
    for ((line, _), amount) in chosen.iter().zip(amounts).filter(|(_, amount)| !amount.is_zero()) {
        made.push(find(tx, shift(tx, line, (from, &to), amount, note)?)?);
    }
    if made.is_empty() {
        return Err(Error::refused(Code::MoreThanOriginal, text!("There is nothing to move.")));
    }
    finish(tx, from, &to, &made, ("transfer", note))?;
    // Money that goes along takes nothing off what is owed there.
    let sum = |of_payments: bool| made.iter().filter(|t| t.is_of_payment == of_payments).map(|t| t.amount).sum::<Money>();
    note_to_account(tx, from, &to, sum(false), note)?;
    note_payment(tx, from, &to, sum(true), note)?;
    settle::check_limit(tx, &to, made.iter().map(|t| t.amount).sum(), why)?;
    Ok(made)
}

/// The owner is told of money that pays another's bill than it was taken for: what it paid is owed again.
fn note_payment(tx: &Tx, from: &Folio, to: &Folio, amount: Money, note: &str) -> Result<()> {
    let is_within = from.reservation_id.is_some() && from.reservation_id == to.reservation_id;
    if is_within { Ok(()) } else { exceptions::note(tx, Exception::PaymentMoved, about(tx, from)?, amount, Some(note)) }
}

/// What an exception of a folio is about.
pub fn about(conn: &Conn, folio: &Folio) -> Result<exceptions::About> {
    Ok(match folio.reservation_id {
        Some(stay) => reservations::find(conn, stay)?.noted().into(),
        None => folio.id.into(),
    })
}

/// The owner is told of what goes to an account from which it may never be paid: a company's with which a manager has
/// not agreed that it pays later, a group's, or one of the house.
pub fn note_to_account(tx: &Tx, from: &Folio, to: &Folio, amount: Money, note: &str) -> Result<()> {
    let is_agreed = match to.owner() {
        Owner::Company(id) => companies::find(tx, id)?.has_account,
        Owner::Group(_) | Owner::House(_) => false,
        Owner::Stay { .. } => true,
    };
    if is_agreed || amount <= Money::ZERO {
        return Ok(());
    }
    exceptions::note(tx, Exception::ToAccount, about(tx, from)?, amount, Some(note))
}

/// The charges that stand on a folio, wherever they were posted; of more than `most` the oldest.
pub fn charges_standing_on(conn: &Conn, folio: FolioId, most: usize) -> Result<Vec<LineId>> {
    conn.all(&STANDING_ON, (folio, most as i64), |row| row.get(0).map(LineId::Charge))
}

/// What of each line is moved.
fn shares(conn: &Conn, share: Share, chosen: &[(Line, Money)]) -> Result<Vec<Money>> {
    match share {
        Share::All => Ok(chosen.iter().map(|(_, left)| *left).collect()),
        Share::Percent(percent) => Ok(chosen.iter().map(|(_, left)| left.share(percent)).collect()),
        Share::Amount(amount) => {
            if amount <= Money::ZERO {
                return Err(Error::invalid("amount", text!("must be more than zero")));
            }
            let is_off = |(_, left): &(Line, Money)| left.is_negative();
            if chosen.iter().any(is_off) && !chosen.iter().all(is_off) {
                return Err(Error::invalid("amount", text!("must be left out where some lines take off and others do not")));
            }
            let mut wanted = amount;
            let of_line = |(_, left): &(Line, Money)| {
                let part = Money(left.0.abs()).min(wanted);
                wanted = wanted - part;
                if left.is_negative() { -part } else { part }
            };
            let parts: Vec<Money> = chosen.iter().map(of_line).collect();
            if wanted > Money::ZERO {
                let most = settings::property(conn)?.money_in_words(amount - wanted);
                let detail = text!("{most} is the most that can be moved.", most);
                return Err(Error::refused(Code::MoreThanOriginal, detail));
            }
            Ok(parts)
        }
    }
}

/// Both folios take what is moved, and they are two.
pub fn check_ends(conn: &Conn, from: &Folio, to: &Folio) -> Result<()> {
    if from.id == to.id {
        return Err(Error::invalid("to", text!("must be another folio")));
    }
    guard::check_folio(conn, from, guard::Posting::Charge)?;
    guard::check_folio(conn, to, guard::Posting::Charge)
}

/// What follows from a transfer: the deposits of both stays, the owner's list for a stay that is over, the trail.
pub fn finish(tx: &Tx, from: &Folio, to: &Folio, made: &[Transfer], (action, note): (&str, &str)) -> Result<()> {
    let moved: Money = made.iter().map(|t| Money(t.amount.0.abs())).sum();
    for id in stays_of(from, to) {
        guard::note_after_the_end(tx, &reservations::find(tx, id)?, moved, note)?;
    }
    tell(tx, from, to, made, (action, note))
}

fn stays_of(from: &Folio, to: &Folio) -> Vec<ReservationId> {
    let mut stays: Vec<ReservationId> = [from, to].into_iter().filter_map(|folio| folio.reservation_id).collect();
    stays.dedup();
    stays
}

/// The same of what settles a bill, which is due after the end of a stay as well.
pub fn tell(tx: &Tx, from: &Folio, to: &Folio, made: &[Transfer], (action, note): (&str, &str)) -> Result<()> {
    let moved: Money = made.iter().map(|t| Money(t.amount.0.abs())).sum();
    stays_of(from, to).into_iter().try_for_each(|id| deposit::settle(tx, id))?;
    let facts = serde_json::json!({
        "from_folio_id": from.id, "to_folio_id": to.id,
        "lines": made.iter().map(|t| serde_json::json!({"transfer_id": t.id, "moves_id": t.moves_id, "amount_minor": t.amount.0})).collect::<Vec<_>>(),
        "amount_minor": moved.0, "notes": note,
    });
    let about = super::about(from.reservation_id, from.id);
    audit::record(tx, action, about.0, about.1, &audit::NOTHING, &facts)?;
    let there = super::about(to.reservation_id, to.id);
    if there == about { Ok(()) } else { audit::record(tx, action, there.0, there.1, &audit::NOTHING, &facts) }
}

/// What follows for the folio of another when a line is brought home from it so that it can be taken back.
pub fn tell_other(tx: &Tx, (from, home): (&Folio, &Folio), made: &Transfer, reason: &str) -> Result<()> {
    if let Some(other) = from.reservation_id {
        deposit::settle(tx, other)?;
        guard::note_after_the_end(tx, &reservations::find(tx, other)?, made.amount, reason)?;
    }
    let facts = serde_json::json!({
        "from_folio_id": from.id, "to_folio_id": home.id, "amount_minor": made.amount.0, "notes": reason,
        "lines": [{"transfer_id": made.id, "moves_id": made.moves_id, "amount_minor": made.amount.0}],
    });
    let about = super::about(from.reservation_id, from.id);
    audit::record(tx, "transfer", about.0, about.1, &audit::NOTHING, &facts)
}

/// Writes both halves of a transfer of a line; the half that takes.
///
/// # Errors
/// 409 for more than stands there, and for money that was paid ahead for a stay and would leave it.
pub fn shift(tx: &Tx, line: &Line, (from, to): (&Folio, &Folio), amount: Money, note: &str) -> Result<TransferId> {
    let left = lines::on_folio(tx, line.posting(), from.id)?;
    if amount.is_zero() || amount.is_negative() != left.is_negative() || amount.0.abs() > left.0.abs() {
        let most = settings::property(tx)?.money_in_words(Money(left.0.abs()));
        return Err(Error::refused(Code::MoreThanOriginal, text!("{most} is the most that can be moved.", most)));
    }
    let ledgers = match line {
        Line::Charge(_) => (from.owner().ledger(), to.owner().ledger()),
        Line::Payment(_) => ledgers_of_money(tx, from, to)?,
    };
    let taken = match line {
        Line::Charge(_) => taxed::share_of(&taxes::store::taxes_on(tx, line.posting(), from.id)?, left, amount),
        Line::Payment(_) => Vec::new(),
    };
    let halves =
        Halves { from: (from.id, ledgers.0), to: (to.id, ledgers.1), amount, tax: taxed::tax_in(&taken), reverses: None };
    let taking = insert(tx, line.stay(), Some(line.posting()), &halves, note)?;
    let giving = taking.0 - 1;
    for (at, tax) in &taken {
        let given = crate::domain::tax::TaxLine { amount: -tax.amount, base: -tax.base, ..*tax };
        taxes::store::insert_tax(tx, giving, *at, &given)?;
        taxes::store::insert_tax(tx, taking.0, *at, tax)?;
    }
    if let Line::Charge(charge) = line {
        // The half that gives tells what stood there before, so it is the second to be asked.
        parts::share(tx, ChargeId(taking.0), (charge.id, from.id), amount, left)?;
        parts::mirror(tx, ChargeId(giving), ChargeId(taking.0))?;
    }
    Ok(taking)
}

/// Between the windows of a stay, money stays what it is; elsewhere only what is no deposit goes.
fn ledgers_of_money(conn: &Conn, from: &Folio, to: &Folio) -> Result<(Ledger, Ledger)> {
    let ledgers = (owner::ledger_of_money(conn, from.owner())?, owner::ledger_of_money(conn, to.owner())?);
    let is_within = from.reservation_id.is_some() && from.reservation_id == to.reservation_id;
    if !is_within && (ledgers.0 == Ledger::Deposit || ledgers.1 == Ledger::Deposit) {
        let detail = text!("Money that is paid ahead stays with its booking until the check-in.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    Ok(ledgers)
}

/// Both rows of a transfer.
pub struct Halves {
    pub from: (FolioId, Ledger),
    pub to: (FolioId, Ledger),
    /// What the second one gets.
    pub amount: Money,
    pub tax: Money,
    /// What each of them takes back.
    pub reverses: Option<(TransferId, TransferId)>,
}

/// Writes both rows; the second one, which takes.
pub fn insert(tx: &Tx, stay: Option<ReservationId>, moves: Option<i64>, halves: &Halves, note: &str) -> Result<TransferId> {
    let (first, second) = halves.reverses.unzip();
    let id = tx.insert(
        &INSERT,
        rusqlite::params![
            settings::business_date(tx)?,
            stay,
            moves,
            note,
            tx.now(),
            tx.actor().username,
            halves.from.0,
            halves.from.1,
            halves.to.0,
            halves.to.1,
            halves.amount,
            halves.tax,
            first,
            second,
        ],
    )?;
    Ok(TransferId(id))
}

/// Takes a transfer back on the business date it was made: all of it goes back where it came from.
///
/// # Errors
/// 409 on another date, when it is taken back already, and when it was moved on since.
pub fn undo(tx: &Tx, id: TransferId, note: &str) -> Result<Transfer> {
    let half = find(tx, id)?;
    let taking = if half.id < half.counter_id { find(tx, half.counter_id)? } else { half };
    if taking.is_taken_back || taking.reverses_id.is_some() {
        return Err(Error::refused(Code::AlreadyReversed, text!("This transfer is already taken back.")));
    }
    if taking.business_date != settings::business_date(tx)? {
        let detail = text!(
            "This transfer was made on {date} and can no longer be taken back. Move the line back instead.",
            date = Value::DateInFull(taking.business_date)
        );
        return Err(Error::refused(Code::WrongDate, detail));
    }
    let (from, to) = (owner::find(tx, taking.folio_id)?, owner::find(tx, taking.other_folio_id)?);
    check_ends(tx, &from, &to)?;
    if let Some(line) = taking.moves_id {
        let there = lines::on_folio(tx, line, from.id)?;
        if there.is_negative() != taking.amount.is_negative() || there.0.abs() < taking.amount.0.abs() {
            let detail = text!("This was moved on, or taken off, since. Take that back first.");
            return Err(Error::refused(Code::MoreThanOriginal, detail));
        }
    }
    let made = take_back(tx, &taking)?;
    finish(tx, &from, &to, std::slice::from_ref(&made), ("undo_transfer", note))?;
    Ok(made)
}

/// Writes the transfer that takes one back; `taking` = its half that takes.
pub fn take_back(tx: &Tx, taking: &Transfer) -> Result<Transfer> {
    let giving = find(tx, taking.counter_id)?;
    let halves = Halves {
        from: (taking.folio_id, taking.ledger),
        to: (giving.folio_id, giving.ledger),
        amount: taking.amount,
        tax: taking.tax_amount,
        reverses: Some((taking.id, giving.id)),
    };
    let back = insert(tx, taking.reservation_id, taking.moves_id, &halves, "")?;
    taxes::store::mirror(tx, back.0 - 1, taking.id.0)?;
    taxes::store::mirror(tx, back.0, giving.id.0)?;
    parts::mirror(tx, ChargeId(back.0 - 1), ChargeId(taking.id.0))?;
    parts::mirror(tx, ChargeId(back.0), ChargeId(giving.id.0))?;
    find(tx, back)
}

/// What of a line goes to each of several folios.
#[derive(Debug, Clone)]
pub enum Division {
    Equal,
    /// Adding up to at most 100 %; what is left stays.
    Percent(Vec<Percent>),
    /// Adding up to at most the line; what is left stays.
    Amount(Vec<Money>),
}

/// Divides an amount; the last part is what stays. The parts add up to the whole exactly.
///
/// # Errors
/// `Invalid` on `parts` where they are more than the whole.
pub fn divided(whole: Money, division: &Division, count: usize) -> Result<Vec<Money>> {
    let size = Money(whole.0.abs());
    let signed = |parts: Vec<Money>| parts.into_iter().map(|part| if whole.is_negative() { -part } else { part }).collect();
    match division {
        Division::Equal => Ok(signed(size.split(count).into_iter().chain([Money::ZERO]).collect())),
        Division::Percent(percents) => {
            let rest = Percent::HUNDRED.0 - percents.iter().map(|percent| percent.0).sum::<i64>();
            if rest < 0 {
                return Err(Error::invalid("parts", text!("are more than 100 % together")));
            }
            Ok(signed(size.by_weights(&percents.iter().map(|percent| percent.0).chain([rest]).collect::<Vec<_>>())))
        }
        Division::Amount(amounts) => {
            let rest = size - amounts.iter().copied().sum();
            if rest.is_negative() {
                return Err(Error::invalid("parts", text!("are more than the line comes to")));
            }
            Ok(signed(amounts.iter().copied().chain([rest]).collect()))
        }
    }
}

/// Splits what stands of a line on a folio over several: a part for that folio itself stays.
pub fn split(tx: &Tx, from: &Folio, line: LineId, over: &[Owner], division: &Division, why: Why) -> Result<Vec<Transfer>> {
    let note = why.note;
    let line = lines::movable(tx, line)?;
    let left = lines::on_folio(tx, line.posting(), from.id)?;
    if left.is_zero() {
        return Err(Error::refused(Code::MoreThanOriginal, text!("Nothing of this line stands on this folio.")));
    }
    let targets = over.iter().map(|owner| owner::open(tx, *owner)).collect::<Result<Vec<Folio>>>()?;
    let mut made = Vec::new();
    for (to, amount) in targets.iter().zip(divided(left, division, targets.len())?) {
        if to.id == from.id || amount.is_zero() {
            continue;
        }
        check_ends(tx, from, to)?;
        let transfer = find(tx, shift(tx, &line, (from, to), amount, note)?)?;
        finish(tx, from, to, std::slice::from_ref(&transfer), ("split", note))?;
        note_to_account(tx, from, to, transfer.amount, note)?;
        settle::check_limit(tx, to, transfer.amount, why)?;
        made.push(transfer);
    }
    if made.is_empty() {
        return Err(Error::refused(Code::MoreThanOriginal, text!("There is nothing to move.")));
    }
    Ok(made)
}
