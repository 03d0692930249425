//! The restrictions of a stay's dates, asked where these are made or changed at the desk.

use super::{Night, NightKind, Reservation, Step};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::restriction::{self, Broken};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::restrictions::{self, Sold};

/// Whether a step keeps the restrictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Selling {
    /// Nothing is sold by it: a check-in, a room move, what is taken back, what an import brings.
    #[default]
    Nothing,
    /// Only what is for sale.
    AsRestricted,
    /// Otherwise as well, as somebody has said, with a reason.
    Against,
}

/// A stay with its nights.
pub type Stay<'a> = (&'a Reservation, &'a [Night]);

/// Refuses a stay that breaks restrictions which it did not break before, unless somebody has said that
/// it may; those that are broken so.
///
/// # Errors
/// 409 `restricted` with `broken` and `can_override`; `reason-needed` for an override without one.
pub fn check(tx: &Tx, step: Step, before: Option<Stay>, after: Stay, today: Date) -> Result<Vec<Broken>> {
    if step.selling == Selling::Nothing {
        return Ok(Vec::new());
    }
    let rows = newly_broken(tx, before, after, today)?;
    if rows.is_empty() {
        return Ok(rows);
    }
    if step.selling == Selling::AsRestricted {
        let detail = text!(
            "This stay is not for sale: {restrictions}. Choose other dates or another room type, or allow it with a reason.",
            restrictions = restriction::in_words(&rows)
        );
        return Err(Error::refused(Code::Restricted, detail)
            .with("broken", &rows)
            .with("can_override", true)
            .with("override_with", "override_restrictions"));
    }
    if step.reason.unwrap_or("").is_empty() {
        return Err(Error::refused(Code::ReasonNeeded, text!("Give a reason for selling what is not for sale.")));
    }
    Ok(rows)
}

/// What a stay breaks that it did not break before.
pub fn newly_broken(conn: &Conn, before: Option<Stay>, after: Stay, today: Date) -> Result<Vec<Broken>> {
    let (was, is) = (before.map(sold).transpose()?, sold(after)?);
    if was.as_ref() == Some(&is) {
        return Ok(Vec::new());
    }
    let mut broken = restrictions::broken(conn, &is, today)?;
    if let (Some(was), false) = (was, broken.is_empty()) {
        let known = restrictions::broken(conn, &was, today)?;
        broken.retain(|one| !known.contains(one));
    }
    Ok(restriction::in_rows(&broken))
}

/// A stay as it is sold: by its dates, whatever an overdue guest has stayed on.
fn sold((stay, nights): Stay) -> Result<Sold> {
    let dates = StayDates::or_day_use(stay.check_in_date, stay.check_out_date)
        .map_err(|_| Error::internal("a stay that is stored has dates"))?;
    let type_of = |date: Date| {
        let night = nights.iter().find(|n| n.night == date && (n.kind == NightKind::DayUse) == dates.is_day_use());
        (date, night.map_or(stay.room_type_id, |n| n.room_type_id))
    };
    Ok(Sold { plan: stay.rate_plan_id, stay: dates, types: dates.priced_dates().into_iter().map(type_of).collect() })
}
