//! Which drawer cash goes into: that of the shift of who takes it, else a shared one that is open.

use super::payments::Payment;
use crate::db::Tx;
use crate::db::sql::statements;
use crate::domain::id::ShiftId;
use crate::domain::status::MethodKind;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings::store::ListKind;

statements! {
    OPEN = "folio.open_shift": "SELECT p.needs_shift, (
            SELECT s.id FROM shift AS s INDEXED BY shift_of_drawer JOIN drawer AS d ON d.id = s.drawer_id
            WHERE s.closed_at IS NULL AND (s.user_id = ?1 OR d.is_shared = 1)
            ORDER BY s.user_id <> ?1, s.id LIMIT 1)
        FROM property AS p WHERE p.id = 1", scans "a hotel's open shifts are few";
}

/// The shift that money of a kind goes into, or comes out of; `None` where no drawer is kept. What the program itself
/// takes, as of an import, lies in none.
///
/// # Errors
/// 409 `no-open-shift` where the hotel wants one for cash.
pub fn shift_of(tx: &Tx, kind: Option<MethodKind>) -> Result<Option<ShiftId>> {
    let (Some(MethodKind::Cash), Some(user)) = (kind, tx.actor().user_id) else { return Ok(None) };
    let (is_needed, open) = tx.one(&OPEN, [user], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or((false, None));
    if is_needed && open.is_none() {
        return Err(Error::refused(Code::NoOpenShift, text!("No cash drawer is open for you. Open a shift first.")));
    }
    Ok(open)
}

/// What moves when a payment is taken back; what lay in a drawer is cash, whatever its method is called by now.
pub fn kind_of(tx: &Tx, original: &Payment, method: &str) -> Result<Option<MethodKind>> {
    if original.shift_id.is_some() && method == original.payment_method {
        return Ok(Some(MethodKind::Cash));
    }
    Ok(ListKind::PaymentMethods.find_named(tx, method)?.and_then(|entry| entry.kind))
}
