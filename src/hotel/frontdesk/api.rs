//! The transitions of a stay, the tape chart, the dashboards, the search.

use schemars::JsonSchema;
use serde::Deserialize;

use super::desk::{self, AtTheDoor, Cancel, NoShow, Refund, Settle};
use super::shorter_stay::{self, Shorter};
use super::{arrival, business_date, departure, housekeeping, new_booking, search, stats, tape_chart, today};
use crate::db::{Table, Tx};
use crate::domain::few::Few;
use crate::domain::id::CompanyId;
use crate::domain::money::{Decimal, Money, NotNegative};
use crate::domain::number::Whole;
use crate::domain::text::Line;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::audit::Reason;
use crate::hotel::folio::UndoReason;
use crate::hotel::folio::payments::ReferenceNumber;
use crate::hotel::folio::payments_api::{self, ForeignRequest, HandedRequest};
use crate::hotel::folio::security_api::{self, SettleSecurity};
use crate::hotel::folio::settle::Settlement;
use crate::hotel::reservations;
use crate::hotel::reservations::api::{ByReservation, ReservationChange, change_booking, reason};
use crate::hotel::reservations::itinerary::Itinerary;
use crate::hotel::reservations::view::{ReservationDetail, detail};
use crate::hotel::settings::{self, EntryName, Property};
use crate::hotel::vouchers::VoucherCode;
use crate::http::endpoint::{Access, Endpoint, command, query, update};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    use Method::{Delete, Post};
    let chart = &[
        Table::Reservation,
        Table::ReservationNight,
        Table::Room,
        Table::RoomType,
        Table::RoomBlock,
        Table::Guest,
        Table::RoomDay,
        Table::BookingGroup,
        Table::GroupNight,
    ];
    let day = &[Table::Reservation, Table::ReservationNight, Table::Room, Table::RoomBlock, Table::BackupPlan];
    let period = &[Table::Reservation, Table::ReservationNight, Table::Room, Table::RoomBlock, Table::Posting];
    let bill = &[
        Table::Reservation,
        Table::ReservationNight,
        Table::Posting,
        Table::RoutingRule,
        Table::TaxSetup,
        Table::StayGuest,
        Table::Folio,
        Table::BookingGroup,
        Table::Company,
        // The price of a shorter stay.
        Table::RatePlan,
        Table::RoomType,
        Table::DailyRate,
        Table::Article,
        Table::GroupNight,
    ];
    let sheet = &[
        Table::Reservation,
        Table::ReservationNight,
        Table::Room,
        Table::RoomType,
        Table::RoomBlock,
        Table::RoomDay,
        Table::GroupNight,
        Table::Guest,
        Table::StayGuest,
        Table::RegistrationSetup,
        Table::Property,
    ];
    let everything = &[Table::Reservation, Table::Guest, Table::Room, Table::RoomType, Table::RoomBlock];
    let found = &[Table::Reservation, Table::Guest, Table::Room, Table::RoomType, Table::RoomBlock, Table::Invoice];
    let mut endpoints = vec![
        command(Post, "/api/reservations", "create_reservation", Access::DESK, "Make a booking", new_booking::create).creates(),
        command(Post, "/api/reservations/{id}/check-in", "check_in", Access::DESK, "Check a guest in", arrival::check_in),
        query(
            "/api/reservations/{id}/arrival",
            "find_arrival",
            Access::READ,
            "What a check-in today needs",
            sheet,
            arrival::arrival,
        ),
        command(
            Post,
            "/api/reservations/{id}/check-out",
            "check_out",
            Access::DESK,
            "Check a guest out, settling the bill",
            check_out,
        ),
        query(
            "/api/reservations/{id}/departure",
            "find_departure",
            Access::READ,
            "What a check-out today would do to the bill",
            bill,
            departure::departure,
        ),
        command(Post, "/api/reservations/{id}/cancel", "cancel_reservation", Access::DESK, "Cancel a booking", cancel),
        command(Delete, "/api/reservations/{id}", "delete_reservation", Access::DESK, "Cancel a booking", cancel),
        command(Post, "/api/reservations/{id}/no-show", "mark_no_show", Access::DESK, "Mark a guest who never came", no_show),
        command(
            Post,
            "/api/reservations/{id}/undo",
            "undo_reservation",
            Access::DESK,
            "Take a transition back: the last one, which may be a move or an extension",
            undo,
        ),
        query("/api/tape-chart", "find_tape_chart", Access::READ, "Rooms by dates, one bar a stay", chart, tape_chart::chart),
        query("/api/dashboard/today", "find_today", Access::READ, "House status", day, today::today),
        query(
            "/api/dashboard/stats",
            "find_stats",
            Access::READ,
            "Occupancy, ADR, RevPAR and more over a period",
            period,
            stats::stats,
        ),
        query(
            "/api/housekeeping",
            "find_housekeeping_board",
            Access::STAFF,
            "What housekeeping has to do today, the most urgent room first",
            everything,
            housekeeping::board,
        ),
        query("/api/search", "search", Access::READ, "One box over guests, bookings, rooms and invoices", found, search::search),
    ];
    let names = ["update_reservation", "replace_reservation"];
    endpoints.extend(update("/api/reservations/{id}", names, Access::DESK, "Change a booking", change));
    endpoints.extend(update(
        "/api/settings",
        ["update_settings", "replace_settings"],
        Access::MANAGE,
        "Change settings; the business date goes back a day while nothing was done on it",
        business_date::change_settings,
    ));
    endpoints
}

/// How the bill is settled while checking out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    payment_method: EntryName,
    /// The whole balance when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    reference_number: Option<ReferenceNumber>,
    /// What of the amount is for the staff.
    tip_amount: Option<NotNegative>,
    /// Cash that was handed over; what is above the amount is change.
    given_amount: Option<NotNegative>,
    /// Cash of another currency that was handed over.
    foreign: Option<ForeignRequest>,
    /// The voucher that pays, where the method is one.
    voucher_code: Option<VoucherCode>,
}

/// How what was paid too much goes back while checking out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RefundAtTheDoor {
    /// As it was paid when left out.
    payment_method: Option<EntryName>,
    /// All that is owed back when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    reason: Option<Line<{ UndoReason::MAX }>>,
}

fn more_than_zero(property: &Property, field: &str, amount: &Decimal) -> Result<Money> {
    let amount = property.money(field, amount)?;
    if amount > Money::ZERO { Ok(amount) } else { Err(Error::invalid(field, text!("must be more than zero"))) }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckOutRequest {
    /// Folios that go to a company's account.
    accounts: Option<Few<AccountRequest, 0, 9>>,
    settle: Option<SettleRequest>,
    refund: Option<RefundAtTheDoor>,
    /// What is held as a security: kept for damage, or given back.
    security: Option<SettleSecurity>,
    /// Who leaves too early for a discount pays what the rate plan asks more for the nights that were stayed.
    rerate: Option<bool>,
    /// Or why those nights keep their price.
    reason: Option<Reason>,
}

fn settle(property: &Property, body: SettleRequest) -> Result<Settle> {
    let reference_number = body.reference_number.unwrap_or_default().checked();
    let handed = payments_api::handed(
        property,
        &HandedRequest {
            tip_amount: body.tip_amount.as_ref(),
            given_amount: body.given_amount.as_ref(),
            foreign: body.foreign.as_ref(),
            voucher_code: body.voucher_code.as_ref(),
        },
    );
    Ok(Settle {
        handed: handed.map_err(|e| e.under("settle"))?,
        payment_method: body.payment_method.into(),
        amount: body.amount.map(|a| more_than_zero(property, "settle.amount", &a)).transpose()?,
        reference_number: reference_number.map_err(|m| Error::invalid("settle.reference_number", m))?,
    })
}

fn refund(property: &Property, body: RefundAtTheDoor) -> Result<Refund> {
    let reason = body.reason.unwrap_or_default().checked().map_err(|m| Error::invalid("refund.reason", m))?;
    Ok(Refund {
        payment_method: body.payment_method.map(String::from),
        amount: body.amount.map(|a| more_than_zero(property, "refund.amount", &a)).transpose()?,
        reason: if reason.is_empty() { "Left early".to_owned() } else { reason },
    })
}

/// A folio that goes to a company's account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    /// The guest's own when left out.
    window: Option<Whole<1, 9>>,
    /// Who pays the folio, when left out.
    company_id: Option<CompanyId>,
    /// Over the company's credit limit, as managers may, with a reason.
    override_limit: Option<bool>,
    reason: Option<Reason>,
}

/// Nights to come are rated by the change itself; of those on the bill the difference is posted.
fn change(tx: &Tx, at: ByReservation, body: ReservationChange) -> Result<ReservationDetail> {
    let before = reservations::find(tx, at.id)?;
    let how = Shorter { is_rerated: body.rerate.unwrap_or(false), reason: reason(body.reason.clone())? };
    let changed = change_booking(tx, &before, body)?;
    let mut posted = Itinerary::stored(tx, at.id)?;
    posted.retain(|night| night.is_posted);
    let owed = shorter_stay::owed(tx, &before, changed.check_out_date, &posted)?;
    let is_posted = shorter_stay::settle(tx, &before, owed, &how)?;
    detail(tx, if is_posted { reservations::find(tx, at.id)? } else { changed })
}

fn check_out(tx: &Tx, at: ByReservation, body: CheckOutRequest) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    let account = |account: AccountRequest| {
        let reason = account.reason.unwrap_or_default().checked().map_err(|m| Error::invalid("accounts", m))?;
        let how = Settlement {
            company: account.company_id,
            override_limit: account.override_limit == Some(true),
            reason,
            ..Settlement::default()
        };
        Ok((account.window.map_or(1, |window| window.0), how))
    };
    if let Some(security) = body.security {
        security_api::settle_of(tx, at.id, security).map_err(|e| e.under("security"))?;
    }
    let door = AtTheDoor {
        accounts: body.accounts.into_iter().flatten().map(account).collect::<Result<_>>()?,
        settle: body.settle.map(|s| settle(&property, s)).transpose()?,
        refund: body.refund.map(|r| refund(&property, r)).transpose()?,
        shorter: Shorter { is_rerated: body.rerate.unwrap_or(false), reason: reason(body.reason)? },
    };
    detail(tx, desk::check_out(tx, at.id, &door)?)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CancelRequest {
    reason: Option<Reason>,
    /// Leave the cancellation fee away; needs a reason.
    waive_fee: Option<bool>,
}

fn cancel(tx: &Tx, at: ByReservation, body: CancelRequest) -> Result<ReservationDetail> {
    let how = Cancel { reason: reason(body.reason)?, waive_fee: body.waive_fee.unwrap_or(false), is_free: false };
    detail(tx, desk::cancel(tx, at.id, &how)?)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoShowRequest {
    reason: Option<Reason>,
    /// A late arrival was announced, and the guest has not come all the same.
    override_late_arrival: Option<bool>,
}

fn no_show(tx: &Tx, at: ByReservation, body: NoShowRequest) -> Result<ReservationDetail> {
    let how = NoShow {
        reason: reason(body.reason)?,
        override_late_arrival: body.override_late_arrival.unwrap_or(false),
        is_closing: false,
    };
    detail(tx, desk::no_show(tx, at.id, &how)?)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UndoRequest {
    /// Which one, as `allowed_events` names it; the last when left out.
    event: Option<desk::Reversal>,
}

fn undo(tx: &Tx, at: ByReservation, body: UndoRequest) -> Result<ReservationDetail> {
    detail(tx, desk::undo(tx, at.id, body.event)?)
}
