//! Where the lines of a bill stand: a line that was moved, or a part of it, stands on the folio it was moved to.
//!
//! What a line comes to on a folio is its own row if it was posted there, the voids, allowances and refunds there,
//! and the transfers of it.

use super::Charge;
use super::guard;
use super::payments::{self, Payment};
use super::security;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{ChargeId, FolioId, PaymentId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, PaymentKind};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;

statements! {
    STANDING = "folio.standing": "SELECT p.folio_id, sum(p.amount)
        FROM posting AS p
        WHERE p.id IN (SELECT ?1 UNION ALL SELECT id FROM posting WHERE reverses_id = ?1 UNION ALL SELECT id FROM posting WHERE moves_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND p.id <> ?1 AND v.entry = 'void')
        GROUP BY p.folio_id
        HAVING sum(p.amount) <> 0
        ORDER BY min(p.id)", scans "the list of its own rows, each found by its key";
}

/// A line that can be moved.
#[derive(Debug, Clone)]
pub enum Line {
    Charge(Charge),
    Payment(Payment),
}

/// Which line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineId {
    Charge(ChargeId),
    Payment(PaymentId),
}

impl Line {
    pub fn posting(&self) -> i64 {
        match self {
            Line::Charge(charge) => charge.id.0,
            Line::Payment(payment) => payment.id.0,
        }
    }

    /// The stay it is for.
    pub fn stay(&self) -> Option<ReservationId> {
        match self {
            Line::Charge(charge) => charge.reservation_id,
            Line::Payment(payment) => payment.reservation_id,
        }
    }

    /// Where it was posted.
    pub fn folio(&self) -> FolioId {
        match self {
            Line::Charge(charge) => charge.folio_id,
            Line::Payment(payment) => payment.folio_id,
        }
    }
}

/// A line that stands for itself; what takes it back or is an allowance on it goes along with it.
///
/// # Errors
/// 409 for a line that stands no more, or that belongs to another.
pub fn movable(conn: &Conn, id: LineId) -> Result<Line> {
    let (line, is_root) = match id {
        LineId::Charge(id) => {
            let line = super::find(conn, id)?;
            let is_root = line.kind != ChargeKind::Void && !line.is_voided && line.reverses_id.is_none();
            (Line::Charge(line), is_root)
        }
        LineId::Payment(id) => {
            let line = payments::find(conn, id)?;
            security::check_none(&line)?;
            let is_root = line.kind == PaymentKind::Payment && !line.is_voided;
            (Line::Payment(line), is_root)
        }
    };
    if is_root {
        return Ok(line);
    }
    let detail = text!("This line is taken back, or goes along with the line that it is for.");
    Err(Error::refused(Code::AlreadyReversed, detail))
}

/// What a line comes to on each folio that it stands on; money received is negative.
pub fn standing(conn: &Conn, posting: i64) -> Result<Vec<(FolioId, Money)>> {
    conn.all(&STANDING, [posting], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub fn on_folio(conn: &Conn, posting: i64, folio: FolioId) -> Result<Money> {
    let found = standing(conn, posting)?.into_iter().find(|(at, _)| *at == folio);
    Ok(found.map_or(Money::ZERO, |(_, amount)| amount))
}

/// The folio on which an allowance of `off` for a line goes: where it was posted, if so much of it stands there.
///
/// # Errors
/// 409 `more-than-original` where it is shared over folios so that on none there is enough.
pub fn place_of(conn: &Conn, line: &Charge, off: Money) -> Result<FolioId> {
    let mut places = standing(conn, line.id.0)?;
    places.sort_by_key(|(folio, _)| *folio != line.folio_id);
    if let Some((folio, _)) = places.iter().find(|(_, left)| *left >= off) {
        return Ok(*folio);
    }
    let most = places.iter().map(|(_, left)| *left).max().unwrap_or(Money::ZERO);
    let most = settings::property(conn)?.money_in_words(most);
    let detail = text!("This line is shared over several folios; {most} is the most that one of them has of it.", most);
    Err(Error::refused(Code::MoreThanOriginal, detail))
}

/// Brings a line back to the folio it was posted to, so that all of it can be taken back.
///
/// # Errors
/// 409 where the stay of another that it was moved to is over, or its folio is closed.
pub fn gather(tx: &Tx, line: &Line, reason: &str) -> Result<()> {
    let home = line.folio();
    for (folio, amount) in standing(tx, line.posting())? {
        if folio != home {
            let (from, to) = (super::owner::find(tx, folio)?, super::owner::find(tx, home)?);
            to.check_open()?;
            if from.reservation_id == to.reservation_id {
                from.check_open()?;
                super::transfers::shift(tx, line, (&from, &to), amount, "")?;
                continue;
            }
            guard::check_folio(tx, &from, guard::Posting::Charge)?;
            let made = super::transfers::find(tx, super::transfers::shift(tx, line, (&from, &to), amount, "")?)?;
            super::transfers::tell_other(tx, (&from, &to), &made, reason)?;
        }
    }
    Ok(())
}
