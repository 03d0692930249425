//! The till: cash drawers, the shifts that they are counted by, and what goes in and out beside payments.
//!
//! Cash that is taken or given back names the shift whose drawer it went through (`folio::drawer`). A shift begins
//! with what was counted into its drawer and ends with what is counted out of it. Whoever counts does not see
//! before what should be there; a difference stands on the owner's list, and a shift that is closed does not change.

pub mod api;
pub mod checks;
pub mod close;
pub mod drawers;
pub mod store;
pub mod vouchers;

use serde_json::json;

use crate::db::{Conn, Table, Tx};
use crate::domain::actor::Role;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{DrawerId, ShiftId, UserId};
use crate::domain::money::{Currency, Money};
use crate::domain::status::words;
use crate::domain::text::{Line, Name};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::exceptions::{self, Exception};
use crate::hotel::folio::tender;
use crate::hotel::{Slice, audit, settings, users};

pub const SLICE: Slice = Slice {
    name: "till",
    is_workflow: true,
    endpoints: |_| api::endpoints().into_iter().chain(vouchers::endpoints()).collect(),
    statements: &[store::STATEMENTS, checks::STATEMENTS],
    areas: &[("till", &[Table::Drawer, Table::Shift, Table::DrawerMovement, Table::ShiftCount])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

pub type DrawerName = Name<100>;
pub type ShiftNote = Line<500>;
pub type MovementReason = Line<200>;

words!(
    /// Why cash comes or goes beside payments.
    MovementKind {
        /// More change was put in.
        FloatIn = "float_in",
        /// Something small was bought.
        PaidOut = "paid_out",
        /// It was taken to the bank, or to the safe.
        BankDrop = "bank_drop",
        /// Tips were handed to the staff.
        TipOut = "tip_out",
    }
);

crate::db::record::record! {
    /// The time from one count of a drawer to the next.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Shift {
        pub id: ShiftId,
        pub drawer_id: DrawerId,
        pub drawer_name: String = "(SELECT name FROM drawer WHERE drawer.id = shift.drawer_id)",
        pub is_shared: bool = "(SELECT is_shared FROM drawer WHERE drawer.id = shift.drawer_id)",
        pub user_id: UserId,
        pub username: String = "(SELECT u.username FROM user AS u WHERE u.id = shift.user_id)",
        pub business_date: Date,
        pub float_amount: Money,
        pub opened_at: Instant,
        pub closed_at: Option<Instant>,
        pub closed_by: Option<String> = "(SELECT u.username FROM user AS u WHERE u.id = shift.closed_by)",
        pub note: String,
    }
}

impl Shift {
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}

pub fn find(conn: &Conn, id: ShiftId) -> Result<Shift> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This shift does not exist.")))
}

/// Whoever may look into every drawer.
pub fn is_manager(conn: &Conn) -> bool {
    matches!(conn.actor().role, Some(Role::Owner | Role::Manager))
}

/// Who is at the drawer.
fn person(tx: &Tx) -> Result<UserId> {
    tx.actor().user_id.ok_or_else(|| Error::Forbidden(text!("Only people who are signed in have a cash drawer.")))
}

/// An open shift that who acts may put cash into and count: their own, one of a shared drawer, any for who manages.
fn at_hand(tx: &Tx, id: ShiftId) -> Result<Shift> {
    let shift = find(tx, id)?;
    if !shift.is_open() {
        return Err(Error::refused(Code::ShiftIsClosed, text!("This shift is closed; what was counted does not change.")));
    }
    let is_theirs = shift.is_shared || Some(shift.user_id) == tx.actor().user_id;
    if !is_theirs && !is_manager(tx) {
        return Err(Error::Forbidden(text!("This is the drawer of {who}; ask a manager.", who = shift.username)));
    }
    Ok(shift)
}

/// Opens a shift for a person with what was counted into the drawer. What is not what was left there is told.
pub fn open(tx: &Tx, drawer: DrawerId, user: UserId, float: Money, note: &str) -> Result<Shift> {
    let drawer = drawers::in_use(tx, drawer)?;
    if let Some(open) = store::open_on(tx, drawer.id)? {
        let open = find(tx, open)?;
        let detail = text!("The shift of {who} is open on this drawer; close that first.", who = open.username);
        return Err(Error::refused(Code::ShiftIsOpen, detail));
    }
    let id = store::insert(tx, drawer.id, user, settings::business_date(tx)?, float, note)?;
    let made = find(tx, id)?;
    let entry = json!({ "drawer": made.drawer_name, "username": made.username, "float_minor": float.0, "notes": note });
    audit::record(tx, "open_shift", "shift", id.0, &audit::NOTHING, &entry)?;
    let currency = settings::property(tx)?.currency.code;
    if let Some(left) = store::left_in(tx, drawer.id, id, &currency)?.filter(|left| *left != float) {
        exceptions::note_cash(tx, Exception::FloatDiffers, id, (float - left, &currency), note)?;
    }
    Ok(made)
}

/// Opens one for who acts.
pub fn open_own(tx: &Tx, drawer: DrawerId, float: Money, note: &str) -> Result<Shift> {
    open(tx, drawer, person(tx)?, float, note)
}

/// Notes cash that comes or goes beside payments.
pub fn shift_cash(
    tx: &Tx,
    id: ShiftId,
    kind: MovementKind,
    (amount, currency): (Money, &Currency),
    reason: &str,
) -> Result<Shift> {
    let shift = at_hand(tx, id)?;
    if amount <= Money::ZERO {
        return Err(Error::invalid("amount", text!("must be more than zero")));
    }
    if kind == MovementKind::PaidOut && reason.is_empty() {
        return Err(Error::refused(Code::ReasonNeeded, text!("Say what the money was paid out for.")));
    }
    let property = settings::property(tx)?;
    let held = tender::tips_held(tx)?;
    if kind == MovementKind::TipOut && (currency.code != property.currency.code || amount > held) {
        let detail = text!("{held} of tips is left to be handed out.", held = property.money_in_words(held.max(Money::ZERO)));
        return Err(Error::refused(Code::MoreThanOriginal, detail));
    }
    let signed = if kind == MovementKind::FloatIn { amount } else { -amount };
    let movement = store::insert_movement(tx, id, kind, (signed, &currency.code), reason)?;
    let entry =
        json!({ "movement_id": movement, "kind": kind, "amount_minor": signed.0, "currency": currency.code, "reason": reason });
    audit::record(tx, "drawer_movement", "shift", id.0, &audit::NOTHING, &entry)?;
    if kind == MovementKind::PaidOut {
        exceptions::note_cash(tx, Exception::PaidOut, id, (amount, &currency.code), reason)?;
    }
    Ok(shift)
}

/// The person who takes a drawer over.
fn colleague(tx: &Tx, id: UserId) -> Result<UserId> {
    let who = users::find(tx, id).map_err(|_| Error::invalid("hand_over_to", text!("is not one of the staff")))?;
    if !who.is_active || !matches!(who.role, Role::Owner | Role::Manager | Role::Receptionist) {
        return Err(Error::invalid("hand_over_to", text!("must be somebody who takes payments")));
    }
    Ok(who.id)
}
