//! Dated blocks: out of order takes a room from sale, out of service only warns.
//!
//! An out-of-order block holds its nights in the same table as stays do, so that
//! neither can be laid over the other.

use serde::Serialize;

use super::api::BlockView;
use super::{inventory, set_housekeeping, store};
use crate::db::record::record;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{BlockId, ReservationId, RoomId};
use crate::domain::status::{BlockKind, Housekeeping};
use crate::domain::text::Name;
use crate::domain::wording::{Text, Value, counted, text};
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::{audit, settings};

/// The longest block, in days.
pub const MAX_DAYS: i64 = 1100;

pub type BlockReason = Name<500>;

record! {
    /// A block of `[start_date, end_date)`.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Block {
        pub id: BlockId = "b.id",
        pub room_id: RoomId = "b.room_id",
        pub room_number: String = "r.room_number",
        pub kind: BlockKind = "b.kind",
        pub start_date: Date = "b.start_date",
        pub end_date: Date = "b.end_date",
        pub reason: String = "b.reason",
        /// What housekeeping finds when the block is released.
        pub return_state: Housekeeping = "b.return_state",
        pub created_at: Instant = "b.created_at",
        pub released_at: Option<Instant> = "b.released_at",
    }
}

/// A block to be made.
#[derive(Debug, Clone)]
pub struct NewBlock {
    pub room_id: RoomId,
    pub kind: BlockKind,
    pub start_date: Date,
    pub end_date: Date,
    pub reason: BlockReason,
    pub return_state: Housekeeping,
}

/// A stay that has a room when somebody else wants it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    pub reservation_id: ReservationId,
    pub confirmation_number: String,
    pub guest_name: String,
    pub check_in_date: Date,
    pub check_out_date: Date,
}

/// Makes a block.
///
/// # Errors
/// `RoomTaken` when a stay or another block has one of the nights.
pub fn create(tx: &Tx, new: &NewBlock) -> Result<Block> {
    let mut fields = Fields::default();
    let reason = fields.check("reason", new.reason.checked()).into();
    let days = new.start_date.days_until(new.end_date);
    fields.ensure(days >= 1, "end_date", text!("must be after the first day"));
    fields.ensure(days <= MAX_DAYS, "end_date", text!("makes the block longer than {days} days", days = MAX_DAYS));
    fields.finish()?;
    let room = super::find(tx, new.room_id)?;
    let overlapping = store::overlapping_block(tx, room.id, new.kind, new.start_date, new.end_date)?;
    if let Some((from, to)) = overlapping {
        let (room, dates) = (&room.room_number, dates_in_words(from, to));
        let detail = match new.kind {
            BlockKind::OutOfOrder => {
                text!("Room {room} is already out of order {dates}. Return it to use first, or choose other dates.", room, dates)
            }
            BlockKind::OutOfService => text!(
                "Room {room} is already out of service {dates}. Return it to use first, or choose other dates.",
                room,
                dates
            ),
        };
        return Err(Error::refused(Code::RoomTaken, detail));
    }
    let nights = dates_of(new.start_date, new.end_date);
    if new.kind == BlockKind::OutOfOrder {
        let conflicts = store::conflicts(tx, room.id, &nights)?;
        if !conflicts.is_empty() {
            return Err(taken(&room.room_number, &conflicts));
        }
        inventory::check_may_leave_sale(tx, &room, new.start_date, Some(new.end_date))?;
    }
    let id = store::insert_block(tx, &NewBlock { reason, ..new.clone() })?;
    if new.kind == BlockKind::OutOfOrder {
        store::take_nights(tx, room.id, id, &nights)?;
    }
    let made = find(tx, id)?;
    audit::record(tx, "create", "room_block", id.0, &audit::NOTHING, &BlockView::from(made.clone()))?;
    Ok(made)
}

/// Blocks are for today and later; what is over cannot be taken back from sale.
pub fn check_is_not_past(conn: &Conn, start_date: Date) -> Result<()> {
    let today = settings::business_date(conn)?;
    if start_date < today {
        return Err(Error::invalid("start_date", text!("must not be before the business date, {today}", today)));
    }
    Ok(())
}

/// # Errors
/// `NotFound` when there is no such block.
pub fn find(conn: &Conn, id: BlockId) -> Result<Block> {
    store::find_block(conn, id)?.ok_or_else(|| Error::NotFound(text!("This block does not exist.")))
}

/// A room's blocks, the latest first, released ones among them.
pub fn of_room(conn: &Conn, room: RoomId) -> Result<Vec<Block>> {
    store::blocks_of_room(conn, room)
}

/// The standing blocks that overlap `[from, to)`.
pub fn in_window(conn: &Conn, from: Date, to: Date) -> Result<Vec<Block>> {
    store::blocks_in_window(conn, from, to)
}

/// The stays that have the room on a night of `[from, to)`, or by day on one of its dates.
pub fn conflicts(conn: &Conn, room: RoomId, from: Date, to: Date) -> Result<Vec<Conflict>> {
    store::conflicts(conn, room, &dates_of(from, to))
}

/// Gives the room back: its nights from the business date on are free, and
/// housekeeping finds it in the block's return state if the block was in force.
pub fn release(tx: &Tx, block: &Block) -> Result<Block> {
    if block.released_at.is_some() {
        return Err(Error::refused(Code::NothingToUndo, text!("The room is already back in use.")));
    }
    let today = settings::business_date(tx)?;
    if block.end_date <= today {
        let detail = text!("The room has been back in use since {date}.", date = Value::DateInFull(block.end_date));
        return Err(Error::refused(Code::WrongDate, detail));
    }
    store::release_block(tx, block.id)?;
    // The nights that are over stay: the room was not for sale then.
    store::free_nights(tx, block.room_id, block.id, &dates_of(block.start_date.max(today), block.end_date))?;
    if block.start_date <= today {
        set_housekeeping(tx, block.room_id, block.return_state)?;
    }
    let released = find(tx, block.id)?;
    audit::record(tx, "release", "room_block", block.id.0, &BlockView::from(block.clone()), &BlockView::from(released.clone()))?;
    Ok(released)
}

fn taken(room_number: &str, conflicts: &[Conflict]) -> Error {
    let Some(first) = conflicts.first() else {
        return Error::refused(
            Code::RoomTaken,
            text!("The room is taken on one of these nights; choose another room or other dates."),
        );
    };
    let (room, guest, dates) = (room_number, &first.guest_name, dates_in_words(first.check_in_date, first.check_out_date));
    let detail = match conflicts.len() - 1 {
        0 => text!("Room {room} is taken {dates} by {guest}; move that stay first.", room, dates, guest),
        more => text!(
            "Room {room} is taken {dates} by {guest} and by {others}; move them first.",
            room,
            dates,
            guest,
            others = counted!(more, "one more stay", "{count} more stays")
        ),
    };
    Error::refused(Code::RoomTaken, detail).with("conflicts", conflicts)
}

/// The dates of `[from, to)`.
fn dates_of(from: Date, to: Date) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut date = from;
    while date < to {
        dates.push(date);
        date = date.next();
    }
    dates
}

/// Two dates as a person says them: "from 3 to 5 May", "on 3 May".
fn dates_in_words(from: Date, to: Date) -> Text {
    if from == to {
        return text!("on {date}", date = from);
    }
    let (first, last) = match (from.year() == to.year(), from.month() == to.month()) {
        (false, _) => (Value::DateInFull(from), Value::DateInFull(to)),
        (true, false) => (Value::Date(from), Value::Date(to)),
        (true, true) => (Value::Number(from.day().into()), Value::Date(to)),
    };
    text!("from {first} to {last}", first, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_as_people_say_them() {
        let said = |from: &str, to: &str| dates_in_words(from.parse().expect(from), to.parse().expect(to)).to_string();
        assert_eq!(said("2025-05-03", "2025-05-05"), "from 3 to 5 May");
        assert_eq!(said("2025-04-30", "2025-05-02"), "from 30 April to 2 May");
        assert_eq!(said("2025-12-30", "2026-01-02"), "from 30 December 2025 to 2 January 2026");
        assert_eq!(said("2025-05-03", "2025-05-03"), "on 3 May");
    }
}
