//! `/api/reminders` and `/api/reminder-levels`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ItemView, item_view};
use super::reminders::{self, Due, Level, LevelDays, Reminder, ReminderWords};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, ReminderId, Version};
use crate::domain::money::{Amount, NotNegative};
use crate::domain::number::Whole;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{Filter, List, Listing};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query, update};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

const TABLES: &[Table] = &[
    Table::Reminder,
    Table::ReminderLevel,
    Table::AccountItem,
    Table::Posting,
    Table::Folio,
    Table::Company,
    Table::Reservation,
    Table::BookingGroup,
    Table::Invoice,
];

pub fn endpoints() -> Vec<Endpoint> {
    let mut out = vec![
        query("/api/reminders", "list_reminders", Access::READ, "Reminders that were written", TABLES, list),
        query("/api/reminders/due", "list_due_reminders", Access::READ, "Who is due for which reminder today", TABLES, due),
        command(Method::Post, "/api/reminders", "create_reminders", Access::DESK, "Write the reminders that are due", create)
            .creates(),
        query("/api/reminders/{id}", "find_reminder", Access::READ, "One reminder", TABLES, show),
        command(
            Method::Post,
            "/api/reminders/{id}/undo",
            "undo_reminder",
            Access::DESK,
            "Take a reminder back on its business date, with its fee",
            undo,
        ),
        query("/api/reminder-levels", "list_reminder_levels", Access::READ, "The three steps of reminders", TABLES, list_levels),
    ];
    out.extend(update(
        "/api/reminder-levels/{level}",
        ["update_reminder_level", "replace_reminder_level"],
        Access::MANAGE,
        "Change a step of reminders",
        change_level,
    ));
    out
}

/// A letter.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReminderView {
    id: ReminderId,
    company_id: CompanyId,
    company_name: String,
    /// The highest step among what it reminds of.
    level: i64,
    date: Date,
    /// What was open of it.
    amount: Amount,
    fee: Amount,
    /// As the step had them then; empty = the program's own.
    words: String,
    created_at: Instant,
    created_by: String,
    is_undone: bool,
}

fn view(r: Reminder, property: &Property) -> ReminderView {
    ReminderView {
        id: r.id,
        company_id: r.company_id,
        company_name: r.company_name,
        level: r.level,
        date: r.business_date,
        amount: property.amount(r.amount),
        fee: property.amount(r.fee),
        words: r.words,
        created_at: r.created_at,
        created_by: r.created_by,
        is_undone: r.undone_at.is_some(),
    }
}

sorts!(
    /// Orders of reminders.
    ReminderSort, Id Descending { Id = "id" by ["id"] }
);

list_params! {
    pub struct ReminderListParams by ReminderSort {
        company_id: Option<CompanyId>,
        level: Option<Whole<1, 3>>,
        is_undone: Option<bool>,
        date_from: Option<Date>,
        date_to: Option<Date>,
    }
}

fn list(conn: &Conn, p: ReminderListParams) -> Result<List<ReminderView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("company_id = ?", p.company_id)
        .with("level = ?", p.level.map(|level| level.0))
        .with("(undone_at IS NOT NULL) = ?", p.is_undone)
        .with("business_date >= ?", p.date_from)
        .with("business_date <= ?", p.date_to);
    let listing = Listing {
        name: "accounts.reminders",
        table: "reminder",
        columns: Reminder::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    Ok(listing.read(conn, page, None, Reminder::from_row)?.map(|reminder| view(reminder, &property)))
}

/// A company that is due for a reminder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DueView {
    company_id: CompanyId,
    company_name: String,
    email: String,
    level: i64,
    /// What is open of the items that are due for a step.
    amount: Amount,
    /// What the company will be charged for it.
    fee: Amount,
    item_count: i64,
    oldest_due_date: Option<Date>,
    /// Received from it and matched with nothing: look there first.
    unmatched_amount: Amount,
}

/// Who is due for a reminder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DueListView {
    date: Date,
    companies: Vec<DueView>,
}

fn due(conn: &Conn, _: NoParams) -> Result<DueListView> {
    let property = settings::property(conn)?;
    let one = |due: Due| DueView {
        level: due.level,
        amount: property.amount(due.amount()),
        fee: property.amount(due.fee),
        item_count: i64::try_from(due.items.len()).unwrap_or(i64::MAX),
        oldest_due_date: due.items.iter().map(|(item, _)| item.due_date).min(),
        unmatched_amount: property.amount(due.unmatched),
        company_id: due.company.id,
        company_name: due.company.name,
        email: due.company.email,
    };
    Ok(DueListView { date: property.business_date, companies: reminders::due(conn)?.into_iter().map(one).collect() })
}

/// Whom to remind.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RemindRequest {
    /// All that are due when left out.
    company_ids: Option<Few<CompanyId, 1, 200>>,
}

/// The letters that were written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemindersView {
    reminders: Vec<ReminderView>,
}

fn create(tx: &Tx, _: NoParams, body: RemindRequest) -> Result<RemindersView> {
    let property = settings::property(tx)?;
    let made = reminders::remind(tx, body.company_ids.as_deref())?;
    Ok(RemindersView { reminders: made.into_iter().map(|reminder| view(reminder, &property)).collect() })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByReminder {
    id: ReminderId,
}

/// Of what a letter reminds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemindedView {
    level: i64,
    /// What was open of it then.
    amount: Amount,
    item: ItemView,
}

/// A letter and what it reminds of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReminderDetail {
    #[serde(flatten)]
    reminder: ReminderView,
    reminded: Vec<RemindedView>,
}

fn detail(conn: &Conn, reminder: Reminder) -> Result<ReminderDetail> {
    let property = settings::property(conn)?;
    let reminded = reminders::items_of(conn, reminder.id)?.into_iter().map(|(item, told)| RemindedView {
        level: told.level,
        amount: property.amount(told.amount),
        item: item_view(item, &property),
    });
    Ok(ReminderDetail { reminded: reminded.collect(), reminder: view(reminder, &property) })
}

fn show(conn: &Conn, at: ByReminder) -> Result<ReminderDetail> {
    detail(conn, reminders::find(conn, at.id)?)
}

fn undo(tx: &Tx, at: ByReminder, _: NoBody) -> Result<ReminderDetail> {
    detail(tx, reminders::undo(tx, at.id)?)
}

/// A step of reminders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LevelView {
    level: i64,
    /// How many days after it was due.
    days: i64,
    /// What its letter says; empty = the program's own words.
    words: String,
    /// What the company is charged for it.
    fee: Amount,
    version: i64,
}

/// The steps of reminders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LevelsView {
    levels: Vec<LevelView>,
}

fn level_view(level: Level, property: &Property) -> LevelView {
    let Level { level, days, words, fee, version } = level;
    LevelView { level, days, words, fee: property.amount(fee), version }
}

fn list_levels(conn: &Conn, _: NoParams) -> Result<LevelsView> {
    let property = settings::property(conn)?;
    Ok(LevelsView { levels: reminders::levels(conn)?.into_iter().map(|level| level_view(level, &property)).collect() })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByLevel {
    level: Whole<1, 3>,
}

/// What of a step changes; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LevelChange {
    days: Option<LevelDays>,
    words: Option<ReminderWords>,
    fee: Option<NotNegative>,
    version: Option<Version>,
}

fn change_level(tx: &Tx, at: ByLevel, body: LevelChange) -> Result<LevelView> {
    let property = settings::property(tx)?;
    let found = reminders::levels(tx)?.into_iter().find(|level| level.level == at.level.0);
    let before = found.ok_or_else(|| Error::NotFound(text!("This step does not exist.")))?;
    check_version(body.version, before.version)?;
    let mut fields = Fields::default();
    let after = Level {
        days: body.days.map_or(before.days, |days| fields.check("days", days.checked())),
        words: body.words.map_or_else(|| before.words.clone(), |words| fields.check("words", words.checked())),
        fee: body.fee.map_or(before.fee, |fee| fields.check("fee", fee.checked(&property.currency))),
        ..before.clone()
    };
    fields.finish()?;
    Ok(level_view(reminders::save_level(tx, &before, &after)?, &property))
}
