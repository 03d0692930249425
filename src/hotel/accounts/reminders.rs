//! Reminders of what is overdue, in three steps: who is due for which, and the letters that were sent.
//!
//! A letter is about one company and the items that are due for their next step; it goes by the highest of them. Between
//! two steps of an item lie as many days as between the steps themselves, however late the first one was.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Item, ItemKind, store};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{AccountItemId, ChargeId, CompanyId, ReminderId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::status::ChargeKind;
use crate::domain::text::Paragraph;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::companies::{self, Company};
use crate::hotel::folio::owner::{self, Owner};
use crate::hotel::folio::{self, NewCharge};
use crate::hotel::{audit, settings};

/// How many days after it was due something is reminded of.
pub type LevelDays = Within<1, 365>;
pub type ReminderWords = Paragraph<2000>;

statements! {
    LEVELS = "reminders.levels" selects Level "FROM reminder_level ORDER BY level", scans "three steps";
    SAVE_LEVEL = "reminders.save_level": "UPDATE reminder_level SET days = ?2, words = ?3, fee = ?4, version = version + 1 WHERE level = ?1";
    // Those of which something owed is late at all.
    LATE = "reminders.late": "SELECT DISTINCT i.company_id FROM account_item AS i INDEXED BY account_item_open
        JOIN company AS c ON c.id = i.company_id
        WHERE i.open_amount <> 0 AND i.open_amount > 0 AND i.due_date < ?1 AND c.is_reminded = 1", scans "what is open on accounts, by its index";
    INSERT = "reminders.insert": "INSERT INTO reminder (company_id, level, business_date, amount, fee, fee_id, words, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    INSERT_ITEM = "reminders.insert_item": "INSERT INTO reminder_item (reminder_id, item_id, level, amount) VALUES (?1, ?2, ?3, ?4)";
    FIND = "reminders.find" selects Reminder "FROM reminder WHERE id = ?1";
    ITEMS = "reminders.items" selects Told "FROM reminder_item WHERE reminder_id = ?1 ORDER BY id LIMIT 20000";
    UNDO = "reminders.undo": "UPDATE reminder SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL";
}

record! {
    /// A step: when, and what its letter says.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Level {
        pub level: i64,
        pub days: i64,
        /// Instead of the program's own words.
        pub words: String,
        pub fee: Money,
        pub version: i64,
    }
}

record! {
    /// A letter.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Reminder {
        pub id: ReminderId,
        pub company_id: CompanyId,
        pub company_name: String = "(SELECT c.name FROM company AS c WHERE c.id = reminder.company_id)",
        pub level: i64,
        pub business_date: Date,
        pub amount: Money,
        pub fee: Money,
        pub fee_id: Option<ChargeId>,
        pub words: String,
        pub created_at: Instant,
        pub created_by: String,
        pub undone_at: Option<Instant>,
    }
}

record! {
    /// Of what a letter reminds.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Told {
        pub item_id: AccountItemId,
        pub level: i64,
        /// What was open of it.
        pub amount: Money,
    }
}

/// A company that is due for a letter.
pub struct Due {
    pub company: Company,
    pub level: i64,
    pub fee: Money,
    /// Each with the step that it is due for.
    pub items: Vec<(Item, i64)>,
    /// Received from the company and matched with nothing.
    pub unmatched: Money,
}

impl Due {
    pub fn amount(&self) -> Money {
        self.items.iter().map(|(item, _)| item.open_amount).sum()
    }
}

pub fn levels(conn: &Conn) -> Result<Vec<Level>> {
    conn.all(&LEVELS, [], Level::from_row)
}

/// # Errors
/// `Invalid` on `days` where a later step would not come later.
pub fn save_level(tx: &Tx, before: &Level, after: &Level) -> Result<Level> {
    let mut all: BTreeMap<i64, i64> = levels(tx)?.into_iter().map(|level| (level.level, level.days)).collect();
    all.insert(after.level, after.days);
    if all.values().zip(all.values().skip(1)).any(|(one, next)| one >= next) {
        return Err(Error::invalid("days", text!("must be more than in the previous step and less than in the next")));
    }
    tx.run(&SAVE_LEVEL, (after.level, after.days, &after.words, after.fee))?;
    let facts = |l: &Level| json!({"reminder_level": l.level, "days": l.days, "words": l.words, "fee_minor": l.fee.0});
    audit::record(tx, "change", "settings", 1, &facts(before), &facts(after))?;
    let saved = levels(tx)?.into_iter().find(|level| level.level == after.level);
    saved.ok_or_else(|| Error::internal("a step that was just written"))
}

/// The step that an item is due for on a day.
fn step(item: &Item, levels: &[Level], today: Date) -> Option<i64> {
    // A fee for a reminder is asked for, but no reason for the next one.
    if item.open_amount <= Money::ZERO || item.kind == ItemKind::ReminderFee {
        return None;
    }
    let days = |level: i64| levels.iter().find(|one| one.level == level).map(|one| one.days);
    let next = item.reminder_level + 1;
    let wanted = days(next)?;
    let gap = wanted - days(item.reminder_level).unwrap_or(0);
    let has_waited = item.reminded_on.is_none_or(|last| last.days_until(today) >= gap);
    (item.due_date.days_until(today) >= wanted && has_waited).then_some(next)
}

/// What of a company is due for a letter; `None` where nothing is.
fn due_of(conn: &Conn, company: Company, levels: &[Level], today: Date) -> Result<Option<Due>> {
    let open = store::open_of(conn, company.id)?;
    let balance: Money = open.iter().map(|item| item.open_amount).sum();
    let unmatched = -open.iter().filter(|item| !item.is_owed()).map(|item| item.open_amount).sum::<Money>();
    // Who has paid all of it is owed a match, and no letter.
    if !company.is_reminded || balance <= Money::ZERO {
        return Ok(None);
    }
    let items: Vec<(Item, i64)> =
        open.into_iter().filter_map(|item| step(&item, levels, today).map(|level| (item, level))).collect();
    let amount: Money = items.iter().map(|(item, _)| item.open_amount).sum();
    // Nor is who has paid as much as all that is late.
    if amount <= unmatched {
        return Ok(None);
    }
    let Some(level) = items.iter().map(|(_, level)| *level).max() else { return Ok(None) };
    let fee = levels.iter().find(|one| one.level == level).map_or(Money::ZERO, |one| one.fee);
    Ok(Some(Due { company, level, fee, items, unmatched }))
}

/// Who is due for a letter, those that have waited longest first.
pub fn due(conn: &Conn) -> Result<Vec<Due>> {
    let (levels, today) = (levels(conn)?, settings::business_date(conn)?);
    let late: Vec<CompanyId> = conn.all(&LATE, [today], |row| row.get(0))?;
    let mut all = Vec::new();
    for id in late {
        all.extend(due_of(conn, companies::find(conn, id)?, &levels, today)?);
    }
    crate::domain::order::sort(&mut all, |a, b| {
        let first = |due: &Due| (-due.level, due.items.first().map(|(item, _)| item.due_date), due.company.name.to_lowercase());
        first(a).cmp(&first(b))
    });
    Ok(all)
}

/// Writes letters to companies; to all that are due when none is named.
///
/// # Errors
/// 409 where nothing of a company that is named is due.
pub fn remind(tx: &Tx, named: Option<&[CompanyId]>) -> Result<Vec<Reminder>> {
    let (levels, today) = (levels(tx)?, settings::business_date(tx)?);
    let chosen = match named {
        None => due(tx)?,
        Some(named) => {
            let mut named = named.to_vec();
            named.sort_unstable();
            named.dedup();
            let mut all = Vec::with_capacity(named.len());
            for id in named {
                let company = companies::find(tx, id)?;
                let name = company.name.clone();
                let detail = || text!("{company} is not due for a reminder today.", company = name);
                let found = due_of(tx, company, &levels, today)?;
                all.push(found.ok_or_else(|| Error::refused(Code::WrongDate, detail()))?);
            }
            all
        }
    };
    chosen.iter().map(|due| write(tx, due, &levels, today)).collect()
}

fn write(tx: &Tx, due: &Due, levels: &[Level], today: Date) -> Result<Reminder> {
    let id = due.company.id;
    let fee = match due.fee.is_zero() {
        true => None,
        false => Some(folio::charge(tx, &NewCharge::to(Owner::Company(id), ChargeKind::ReminderFee, due.fee))?.id),
    };
    let words = levels.iter().find(|one| one.level == due.level).map_or("", |one| one.words.as_str());
    let values = (id, due.level, today, due.amount(), due.fee, fee, words, tx.now(), &tx.actor().username);
    let reminder = ReminderId(tx.insert(&INSERT, values)?);
    for (item, level) in &due.items {
        tx.insert(&INSERT_ITEM, (reminder, item.id, level, item.open_amount))?;
    }
    let made = find(tx, reminder)?;
    let facts = json!({"reminder_id": reminder, "reminder_level": due.level, "amount_minor": due.amount().0, "fee_minor": due.fee.0,
        "items": due.items.iter().map(|(item, level)| json!({"item_id": item.id, "reminder_level": level})).collect::<Vec<_>>()});
    audit::record(tx, "remind", "company", id.0, &audit::NOTHING, &facts)?;
    Ok(made)
}

pub fn find(conn: &Conn, id: ReminderId) -> Result<Reminder> {
    conn.one(&FIND, [id], Reminder::from_row)?.ok_or_else(|| Error::NotFound(text!("This reminder does not exist.")))
}

/// What a letter reminds of, as it was then.
pub fn items_of(conn: &Conn, id: ReminderId) -> Result<Vec<(Item, Told)>> {
    let told: Vec<Told> = conn.all(&ITEMS, [id], Told::from_row)?;
    let item = |told: Told| -> Result<(Item, Told)> {
        let found = store::find(conn, told.item_id)?;
        Ok((found.ok_or_else(|| Error::internal("an item of a reminder is missing"))?, told))
    };
    told.into_iter().map(item).collect()
}

/// Takes a letter back on the day it was written, with its fee: as if it had never been.
///
/// # Errors
/// 409 on another day, and for one that is taken back.
pub fn undo(tx: &Tx, id: ReminderId) -> Result<Reminder> {
    let reminder = find(tx, id)?;
    if reminder.undone_at.is_some() {
        return Err(Error::refused(Code::AlreadyReversed, text!("This reminder has already been withdrawn.")));
    }
    if reminder.business_date != settings::business_date(tx)? {
        let detail = text!("A reminder can only be withdrawn on the business date on which it was written.");
        return Err(Error::refused(Code::WrongDate, detail));
    }
    if let Some(fee) = reminder.fee_id
        && !folio::find(tx, fee)?.is_voided
    {
        let account = owner::open(tx, Owner::Company(reminder.company_id))?;
        folio::void_on(tx, &account, fee, "reminder taken back")?;
    }
    tx.run(&UNDO, (id, tx.now(), &tx.actor().username))?;
    let facts = json!({"reminder_id": id, "reminder_level": reminder.level, "amount_minor": reminder.amount.0});
    audit::record(tx, "undo_reminder", "company", reminder.company_id.0, &audit::NOTHING, &facts)?;
    find(tx, id)
}
