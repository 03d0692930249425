//! `/api/audit/exceptions`: the owner's list; `/api/settings/limits`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Exception;
use super::limits::{self, Limit, LimitedRole};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{FolioId, ReservationId, ShiftId};
use crate::domain::money::{Amount, Currency, Money, NotNegative};
use crate::domain::restriction::Broken;
use crate::error::Result;
use crate::hotel::listing::{Filter, Items, List, Listing};
use crate::hotel::settings;
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, query, update};
use crate::http::paging::{Sorting, list_params, sorts};

pub fn endpoints() -> Vec<Endpoint> {
    let what = "Allowances, lowered prices, waived fees, voids and whatever else took money away, for the owner";
    let tables = &[Table::AuditLog, Table::Reservation, Table::Folio, Table::Company, Table::Shift, Table::Drawer];
    let mut endpoints = vec![
        query("/api/audit/exceptions", "list_exceptions", Access::MANAGE, what, tables, list),
        query(
            "/api/settings/limits",
            "list_limits",
            Access::MANAGE,
            "How much a role may take off one stay",
            &[Table::RoleLimit, Table::Property],
            list_limits,
        ),
    ];
    let names = ["update_limits", "replace_limits"];
    endpoints.extend(update("/api/settings/limits", names, Access::OWN, "Set how much a role may take off", change_limits));
    endpoints
}

/// Something the owner is told of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExceptionView {
    id: i64,
    at: Instant,
    business_date: String,
    username: String,
    /// `null` where it was on the folio of a company, a group or the house, or about a cash drawer.
    reservation_id: Option<ReservationId>,
    folio_id: Option<FolioId>,
    confirmation_number: String,
    guest_name: String,
    /// The shift whose cash it is about, and its drawer.
    shift_id: Option<ShiftId>,
    drawer_name: Option<String>,
    kind: Option<Exception>,
    /// What it was about; never negative.
    amount: Amount,
    /// Of that amount; the hotel's when it is another.
    currency: String,
    /// Empty when none was asked for, or the guest has been erased since.
    reason: String,
    /// The restrictions that the stay breaks, where it is about these.
    broken: Vec<Broken>,
}

sorts!(
    /// Orders of the list of exceptions.
    ExceptionSort, Id Descending { Id = "id" by ["id"] }
);

list_params! {
    pub struct ExceptionParams by ExceptionSort {
        username: Option<String>,
        kind: Option<Exception>,
        reservation_id: Option<ReservationId>,
        business_date_from: Option<Date>,
        business_date_to: Option<Date>,
        at_from: Option<Instant>,
        at_to: Option<Instant>,
    }
}

fn list(conn: &Conn, p: ExceptionParams) -> Result<List<ExceptionView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .only("action = 'exception'")
        .with("username = ?", p.username)
        .with("json_extract(after, '$.kind') = ?", p.kind.map(Exception::as_str))
        .with("entity = 'reservation' AND entity_id = ?", p.reservation_id)
        .with("business_date >= ?", p.business_date_from)
        .with("business_date <= ?", p.business_date_to)
        .with("at >= ?", p.at_from)
        .with("at <= ?", p.at_to);
    let columns = "id, at, business_date, username, CASE entity WHEN 'reservation' THEN entity_id END,
        (SELECT confirmation_number FROM reservation WHERE entity = 'reservation' AND reservation.id = entity_id),
        CASE entity WHEN 'reservation' THEN (SELECT guest_name FROM reservation WHERE reservation.id = entity_id)
            WHEN 'folio' THEN (SELECT coalesce(nullif(f.payer_name, ''), (SELECT name FROM company WHERE company.id = f.company_id))
                FROM folio AS f WHERE f.id = entity_id) END,
        after, CASE entity WHEN 'folio' THEN entity_id END, CASE entity WHEN 'shift' THEN entity_id END,
        CASE entity WHEN 'shift' THEN (SELECT d.name FROM shift AS s JOIN drawer AS d ON d.id = s.drawer_id WHERE s.id = entity_id) END";
    let listing = Listing {
        name: "exceptions.list",
        table: "audit_log",
        columns,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    listing.read(conn, page, None, |row| {
        let after: Option<String> = row.get(7)?;
        let after: Value = after.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
        let amount = Money(after["amount_minor"].as_i64().unwrap_or(0));
        let currency = after["currency"].as_str().and_then(Currency::of).unwrap_or_else(|| property.currency.clone());
        Ok(ExceptionView {
            shift_id: row.get(9)?,
            drawer_name: row.get(10)?,
            id: row.get(0)?,
            at: row.get(1)?,
            business_date: row.get(2)?,
            username: row.get(3)?,
            reservation_id: row.get(4)?,
            folio_id: row.get(8)?,
            confirmation_number: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            guest_name: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
            kind: after["kind"].as_str().and_then(Exception::parse),
            amount: currency.amount(amount),
            currency: currency.code,
            reason: after["reason"].as_str().unwrap_or("").to_owned(),
            broken: Vec::deserialize(&after["broken"]).unwrap_or_default(),
        })
    })
}

/// How much of a kind may be done to one stay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LimitView {
    kind: Limit,
    /// `null` = no limit; 0 = not at all.
    receptionist_amount: Option<Amount>,
    manager_amount: Option<Amount>,
}

fn list_limits(conn: &Conn, _: NoParams) -> Result<Items<LimitView>> {
    in_force(conn)
}

/// The limits of all kinds.
pub(super) fn in_force(conn: &Conn) -> Result<Items<LimitView>> {
    let property = settings::property(conn)?;
    let amount =
        |kind: Limit, role| -> Result<Option<Amount>> { Ok(limits::find(conn, kind, role)?.map(|limit| property.amount(limit))) };
    let view = |kind: &Limit| -> Result<LimitView> {
        Ok(LimitView {
            kind: *kind,
            receptionist_amount: amount(*kind, LimitedRole::Receptionist)?,
            manager_amount: amount(*kind, LimitedRole::Manager)?,
        })
    };
    Ok(Items { items: Limit::ALL.iter().map(view).collect::<Result<_>>()? })
}

/// The limits of one kind; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitChange {
    kind: Limit,
    /// `null` = no limit; 0 = not at all.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<NotNegative>")]
    receptionist_amount: Option<Option<NotNegative>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<NotNegative>")]
    manager_amount: Option<Option<NotNegative>>,
}

/// The limits to change; kinds left out stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsChange {
    limits: Few<LimitChange, 0, 100>,
}

fn change_limits(tx: &Tx, _: NoParams, body: LimitsChange) -> Result<Items<LimitView>> {
    let property = settings::property(tx)?;
    let mut wanted = Vec::new();
    for (at, change) in body.limits.iter().enumerate() {
        let given = [
            (LimitedRole::Receptionist, "receptionist_amount", &change.receptionist_amount),
            (LimitedRole::Manager, "manager_amount", &change.manager_amount),
        ];
        for (role, field, amount) in given {
            let Some(amount) = amount else { continue };
            let price = |amount: &NotNegative| property.price(&format!("limits[{at}].{field}"), amount);
            wanted.push((change.kind, role, amount.as_ref().map(price).transpose()?));
        }
    }
    limits::change(tx, &wanted)
}
