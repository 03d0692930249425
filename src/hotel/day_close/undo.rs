//! Taking back what a close has decided: on the day after, and of days that closed by themselves until somebody has read of them. It writes today's rows: the closed day stays as it was.

use super::{Choice, Decision, decisions, store};
use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::id::DecisionId;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::frontdesk::desk::{self, Reversal};
use crate::hotel::{folio, settings};

/// What the allowance for a night says that an extension is taken back for.
const NOT_STAYED: &str = "night not stayed";

/// Whether something can be taken back yet; `is_unread` = its day closed by itself, and nobody has read of it.
pub fn can_be_undone(decision: &Decision, today: Date, is_unread: bool) -> bool {
    let is_something = match decision.choice {
        Choice::NoShow | Choice::Release | Choice::Extend => true,
        Choice::Carry | Choice::Uncounted => false,
    };
    let is_in_time = is_unread || decision.business_date.next() == today;
    is_something && decision.done_at.is_some() && decision.undone_at.is_none() && is_in_time
}

/// Takes it back: a no-show or an option is a booking again, a night that was added comes off the bill.
///
/// # Errors
/// 409 on any other day, and where the undo of the step itself is refused: the rooms may be gone.
pub fn undo(tx: &Tx, id: DecisionId) -> Result<Decision> {
    let decision = decisions::find(tx, id)?;
    let is_unread = store::find(tx, decision.business_date)?.is_some_and(|close| close.is_unread());
    if !can_be_undone(&decision, settings::business_date(tx)?, is_unread) {
        let detail = text!("Nothing to undo: a decision of the close can be undone once, on the day after it.");
        return Err(Error::refused(Code::NothingToUndo, detail));
    }
    let Some(stay) = decision.reservation_id else { return Err(Error::internal("only stays are taken back")) };
    match decision.choice {
        Choice::NoShow | Choice::Release => desk::undo(tx, stay, Some(Reversal::Reinstate)).map(|_| ())?,
        Choice::Extend => folio::take_off_night(tx, stay, decision.business_date, NOT_STAYED)?,
        Choice::Carry | Choice::Uncounted => {}
    }
    store::note_undone(tx, id)?;
    decisions::note(tx, "undo_decision", id)
}
