//! `GET /api/audit/exceptions`: what the guard put on the owner's list, newest first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::guard::Exception;
use crate::db::{Conn, Table};
use crate::domain::date::Instant;
use crate::domain::id::ReservationId;
use crate::domain::money::{Amount, Money};
use crate::error::Result;
use crate::hotel::listing::{Filter, List, Listing, Page, Sort, parse_sort};
use crate::hotel::settings;
use crate::http::endpoint::{Access, Endpoint, query};

pub fn endpoints() -> Vec<Endpoint> {
    let what = "Allowances, voids, refunds by another method and postings after the end, for the owner";
    let tables = &[Table::AuditLog, Table::Reservation];
    vec![query("/api/audit/exceptions", "list_exceptions", Access::MANAGE, what, tables, list)]
}

/// Something the owner is told of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExceptionView {
    id: i64,
    at: Instant,
    business_date: String,
    username: String,
    reservation_id: ReservationId,
    confirmation_number: String,
    kind: Option<Exception>,
    /// What it was about; never negative.
    amount: Amount,
    /// Empty when the guest has been erased since.
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionParams {
    username: Option<String>,
    at_from: Option<Instant>,
    at_to: Option<Instant>,
    #[schemars(range(min = 1, max = 1_000_000_000))]
    page: Option<i64>,
    #[schemars(range(min = 1, max = 100))]
    page_size: Option<i64>,
    /// id; with - before it for descending (-id is the default).
    #[schemars(regex(pattern = "^-?(id)$"))]
    sort: Option<String>,
}

fn list(conn: &Conn, p: ExceptionParams) -> Result<List<ExceptionView>> {
    let page = Page::new(p.page, p.page_size)?;
    let (sort, direction) = parse_sort(p.sort.as_deref(), &[("id", Sort(&["id"]))], "-id")?;
    let mut filter = Filter::default();
    filter.only("action = 'exception'").with("username = ?", p.username).with("at >= ?", p.at_from).with("at <= ?", p.at_to);
    let columns = "id, at, business_date, username, entity_id,
        (SELECT confirmation_number FROM reservation WHERE reservation.id = entity_id), after";
    let listing = Listing { name: "folio.exceptions", table: "audit_log", columns, filter, first: None, sort, direction };
    let property = settings::property(conn)?;
    listing.read(conn, page, None, |row| {
        let after: Option<String> = row.get(6)?;
        let after: Value = after.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
        Ok(ExceptionView {
            id: row.get(0)?,
            at: row.get(1)?,
            business_date: row.get(2)?,
            username: row.get(3)?,
            reservation_id: row.get(4)?,
            confirmation_number: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            kind: after["kind"].as_str().and_then(Exception::parse),
            amount: property.amount(Money(after["amount_minor"].as_i64().unwrap_or(0))),
            reason: after["reason"].as_str().unwrap_or("").to_owned(),
        })
    })
}
