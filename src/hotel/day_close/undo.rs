//! Taking back, on the day after, what a close has decided. It writes today's rows: the closed day stays as it was.

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

/// Whether something can be taken back yet.
pub fn can_be_undone(decision: &Decision, today: Date) -> bool {
    let is_something = match decision.choice {
        Choice::NoShow | Choice::Release | Choice::Extend => true,
        Choice::Carry => false,
    };
    is_something && decision.done_at.is_some() && decision.undone_at.is_none() && decision.business_date.next() == today
}

/// Takes it back: a no-show or an option is a booking again, a night that was added comes off the bill.
///
/// # Errors
/// 409 on any other day, and where the undo of the step itself is refused: the rooms may be gone.
pub fn undo(tx: &Tx, id: DecisionId) -> Result<Decision> {
    let decision = decisions::find(tx, id)?;
    if !can_be_undone(&decision, settings::business_date(tx)?) {
        let detail = text!("There is nothing to take back: only what a close has done is, on the day after it, and once.");
        return Err(Error::refused(Code::NothingToUndo, detail));
    }
    let Some(stay) = decision.reservation_id else { return Err(Error::internal("only stays are taken back")) };
    match decision.choice {
        Choice::NoShow | Choice::Release => desk::undo(tx, stay, Some(Reversal::Reinstate)).map(|_| ())?,
        Choice::Extend => folio::take_off_night(tx, stay, decision.business_date, NOT_STAYED)?,
        Choice::Carry => {}
    }
    store::note_undone(tx, id)?;
    decisions::note(tx, "undo_decision", id)
}
