//! `/api/day-close/last`: what the close of the last day has done, and what nights that nobody has read of have decided.

use schemars::JsonSchema;
use serde::Serialize;

use super::api::{StepView, step_views};
use super::{Choice, DayClose, Decision, plan, store, undo};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{DecisionId, ReservationId};
use crate::domain::money::Amount;
use crate::error::Result;
use crate::hotel::settings::Property;
use crate::hotel::{audit, reservations, settings, till};
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query(
            "/api/day-close/last",
            "find_last_day_close",
            Access::READ,
            "What the close of the last day has done and decided",
            &[Table::DayClose, Table::DayCloseStep, Table::DayCloseDecision, Table::DayClosePlan, Table::Reservation],
            last,
        ),
        command(
            Method::Post,
            "/api/day-close/last/seen",
            "see_day_close",
            Access::DESK,
            "Note that what the last close decided has been read",
            see,
        ),
    ]
}

/// What a close has decided of a stay, as it stands now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DecidedView {
    id: DecisionId,
    /// The day that it was decided for.
    business_date: Date,
    choice: Choice,
    is_default: bool,
    made_by: String,
    reservation_id: Option<ReservationId>,
    guest_name: Option<String>,
    room_number: Option<String>,
    /// Of a drawer that nobody had counted.
    drawer_name: Option<String>,
    /// What it put on the bill.
    amount: Amount,
    is_undone: bool,
    can_undo: bool,
}

/// The last day that was closed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LastCloseView {
    /// Empty until a day has been closed.
    business_date: Option<Date>,
    is_unattended: bool,
    closed_at: Option<Instant>,
    closed_by: Option<String>,
    /// The first of the days that closed by themselves and of which nobody has read yet what was decided; empty when there is none.
    news_since: Option<Date>,
    /// When the unattended close of the open day was stopped; what stands against it is told by `/api/day-close`.
    stopped_at: Option<Instant>,
    /// For the last day, and for those that nobody has read of.
    decided: Vec<DecidedView>,
    steps: Vec<StepView>,
}

fn last(conn: &Conn, _: NoParams) -> Result<LastCloseView> {
    let property = settings::property(conn)?;
    let stopped_at = plan::find(conn)?.stopped_at;
    let Some(close) = store::last(conn)? else {
        return Ok(LastCloseView {
            business_date: None,
            is_unattended: false,
            closed_at: None,
            closed_by: None,
            news_since: None,
            stopped_at,
            decided: Vec::new(),
            steps: Vec::new(),
        });
    };
    let unread = store::unread(conn)?;
    let news_since = unread.first().map(|close| close.business_date);
    let mut decided = Vec::new();
    for day in unread.iter().chain((!close.is_unread()).then_some(&close)) {
        let done = store::decisions(conn, day.business_date)?.into_iter().filter(|one| one.done_at.is_some());
        decided.extend(done.map(|one| decided_view(conn, one, day, &property)).collect::<Result<Vec<_>>>()?);
    }
    let DayClose { business_date, is_unattended, closed_at, closed_by, .. } = close;
    Ok(LastCloseView {
        business_date: Some(business_date),
        is_unattended,
        closed_at,
        closed_by,
        news_since,
        stopped_at,
        decided,
        steps: step_views(&store::steps(conn, close.id)?, &property),
    })
}

fn decided_view(conn: &Conn, one: Decision, day: &DayClose, property: &Property) -> Result<DecidedView> {
    let stay = one.reservation_id.map(|id| reservations::find(conn, id)).transpose()?;
    Ok(DecidedView {
        id: one.id,
        business_date: one.business_date,
        choice: one.choice,
        is_default: one.is_default,
        reservation_id: one.reservation_id,
        room_number: stay.as_ref().and_then(|stay| stay.room_number.clone()),
        guest_name: stay.map(|stay| stay.guest_name),
        drawer_name: one.shift_id.map(|id| till::find(conn, id)).transpose()?.map(|shift| shift.drawer_name),
        amount: property.amount(one.amount),
        is_undone: one.undone_at.is_some(),
        can_undo: undo::can_be_undone(&one, property.business_date, day.is_unread()),
        made_by: one.made_by,
    })
}

fn see(tx: &Tx, _: NoParams, _: NoBody) -> Result<()> {
    let by_hand = store::last(tx)?.filter(|close| !close.is_unread() && close.seen_at.is_none());
    for close in store::unread(tx)?.into_iter().chain(by_hand) {
        store::see(tx, close.id)?;
        let entry = serde_json::json!({ "business_date": close.business_date });
        audit::record(tx, "see", "day_close", close.id.0, &audit::NOTHING, &entry)?;
    }
    Ok(())
}
