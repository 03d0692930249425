//! `/api/commissions`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commissions::{self, CommissionReference, Stay};
use super::file::{self, Cell, Separator};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, ReservationId};
use crate::domain::money::{Amount, Money};
use crate::domain::order::sort;
use crate::domain::percent::Percent;
use crate::error::{Error, Result};
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Call, Endpoint, NoBody, NoParams, command, query, raw};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;
use crate::http::response::Response;
use crate::http::state::App;

const TABLES: &[Table] = &[Table::Commission, Table::Reservation, Table::Posting, Table::Company];

const HEAD: [&str; 11] = [
    "agent",
    "confirmation_number",
    "guest_name",
    "check_in_date",
    "left_on",
    "net_room_revenue",
    "percent",
    "commission",
    "is_paid",
    "paid_on",
    "reference",
];

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query("/api/commissions", "list_commissions", Access::READ, "What agents are paid for stays that left", TABLES, list),
        query("/api/commissions/totals", "find_commissions_totals", Access::READ, "The commissions of a period", TABLES, totals),
        raw("/api/commissions/file", "export_commissions", Access::READ, "Commissions of a period, as CSV", "text/csv", export)
            .takes::<FileParams>(),
        command(Method::Post, "/api/commissions/pay", "pay_commissions", Access::MANAGE, "Mark commissions as paid", pay),
        command(
            Method::Post,
            "/api/commissions/{id}/undo",
            "undo_commission",
            Access::MANAGE,
            "Take back that a commission was paid",
            undo,
        ),
    ]
}

/// What an agent is paid for a stay.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommissionView {
    reservation_id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    company_id: CompanyId,
    company_name: String,
    check_in_date: Date,
    left_on: Option<Date>,
    /// Room revenue without taxes.
    base_amount: Amount,
    percent: Percent,
    amount: Amount,
    is_paid: bool,
    paid_on: Option<Date>,
    reference: String,
}

fn view(stay: Stay, property: &Property) -> CommissionView {
    CommissionView {
        amount: property.amount(stay.amount()),
        reservation_id: stay.id,
        confirmation_number: stay.confirmation_number,
        guest_name: stay.guest_name,
        company_id: stay.company_id,
        company_name: stay.company_name,
        check_in_date: stay.check_in_date,
        left_on: stay.left_on,
        base_amount: property.amount(stay.base),
        percent: stay.percent,
        is_paid: stay.paid_on.is_some(),
        paid_on: stay.paid_on,
        reference: stay.reference,
    }
}

sorts!(
    /// Orders of commissions.
    CommissionSort, Company Ascending {
        Company = "company_name",
        Left = "left_on",
        Amount = "amount",
    }
);

list_params! {
    pub struct CommissionListParams by CommissionSort {
        /// The first day on which they left; that of the month when left out.
        from: Option<Date>,
        /// The last one; the business date when left out.
        to: Option<Date>,
        company_id: Option<CompanyId>,
        is_paid: Option<bool>,
    }
}

fn stays(conn: &Conn, (from, to): (Option<Date>, Option<Date>), company: Option<CompanyId>) -> Result<Vec<Stay>> {
    let to = to.map_or_else(|| settings::business_date(conn), Ok)?;
    let from = from.or_else(|| Date::new(to.year(), to.month(), 1)).unwrap_or(to);
    commissions::of_period(conn, from, to, company)
}

fn list(conn: &Conn, p: CommissionListParams) -> Result<List<CommissionView>> {
    let (page, order) = (p.page(), p.order());
    let mut stays = stays(conn, (p.from, p.to), p.company_id)?;
    stays.retain(|stay| p.is_paid.is_none_or(|paid| stay.paid_on.is_some() == paid));
    sort(&mut stays, |a, b| {
        order.direction.of(match order.by {
            CommissionSort::Company => {
                (a.company_name.to_lowercase(), a.left_on, a.id).cmp(&(b.company_name.to_lowercase(), b.left_on, b.id))
            }
            CommissionSort::Left => (a.left_on, a.id).cmp(&(b.left_on, b.id)),
            CommissionSort::Amount => (a.amount(), a.id).cmp(&(b.amount(), b.id)),
        })
    });
    let property = settings::property(conn)?;
    Ok(page_of(stays, page).map(|stay| view(stay, &property)))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommissionTotalsParams {
    from: Option<Date>,
    to: Option<Date>,
    company_id: Option<CompanyId>,
}

/// The commissions of a period together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommissionTotals {
    stay_count: i64,
    base_amount: Amount,
    amount: Amount,
    paid_amount: Amount,
    open_amount: Amount,
}

fn totals(conn: &Conn, p: CommissionTotalsParams) -> Result<CommissionTotals> {
    let (stays, property) = (stays(conn, (p.from, p.to), p.company_id)?, settings::property(conn)?);
    let amount: Money = stays.iter().map(Stay::amount).sum();
    let paid: Money = stays.iter().filter_map(|stay| stay.paid_amount).sum();
    Ok(CommissionTotals {
        stay_count: i64::try_from(stays.len()).unwrap_or(i64::MAX),
        base_amount: property.amount(stays.iter().map(|stay| stay.base).sum()),
        amount: property.amount(amount),
        paid_amount: property.amount(paid),
        open_amount: property.amount(amount - paid),
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileParams {
    from: Option<Date>,
    to: Option<Date>,
    company_id: Option<CompanyId>,
    /// Commas when left out.
    separator: Option<Separator>,
}

fn export(app: &App, call: &Call) -> Result<Response> {
    let p: FileParams = call.params()?;
    let rows = app.db.read(&call.context, |conn| {
        let property = settings::property(conn)?;
        Ok(stays(conn, (p.from, p.to), p.company_id)?.into_iter().map(|stay| row(stay, &property)).collect())
    })?;
    file::response("attachment; filename=\"commissions.csv\"", p.separator, &HEAD, rows)
}

fn row(stay: Stay, property: &Property) -> Vec<Cell> {
    let amount = property.amount(stay.amount());
    vec![
        Cell::Text(stay.company_name),
        Cell::Text(stay.confirmation_number),
        Cell::Text(stay.guest_name),
        Cell::value(stay.check_in_date),
        Cell::known(stay.left_on),
        Cell::value(property.amount(stay.base)),
        Cell::value(stay.percent),
        Cell::value(amount),
        Cell::value(if stay.paid_on.is_some() { "yes" } else { "no" }),
        Cell::known(stay.paid_on),
        Cell::Text(stay.reference),
    ]
}

/// Which commissions were paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    reservation_ids: Few<ReservationId, 1, 500>,
    /// Of the transfer, or the agent's invoice.
    reference: Option<CommissionReference>,
}

/// The commissions that were paid.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaidView {
    commissions: Vec<CommissionView>,
    amount: Amount,
}

fn pay(tx: &Tx, _: NoParams, body: PayRequest) -> Result<PaidView> {
    let property = settings::property(tx)?;
    let reference = body.reference.unwrap_or_default().checked().map_err(|m| Error::invalid("reference", m))?;
    let paid = commissions::pay(tx, &body.reservation_ids, &reference)?;
    let amount = property.amount(paid.iter().map(Stay::amount).sum());
    Ok(PaidView { commissions: paid.into_iter().map(|stay| view(stay, &property)).collect(), amount })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByStay {
    /// The stay's.
    id: ReservationId,
}

fn undo(tx: &Tx, at: ByStay, _: NoBody) -> Result<CommissionView> {
    Ok(view(commissions::take_back(tx, at.id)?, &settings::property(tx)?))
}
