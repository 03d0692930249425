//! What of the price of a night is for articles inside it: a part of the room's line, which the books read by
//! article and the guest does not see. What takes a line back takes its parts back, too.

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::extras::Extra;
use crate::domain::id::{ArticleId, ChargeId, ReservationId};
use crate::domain::money::Money;
use crate::domain::tax::Taxed;
use crate::error::Result;

statements! {
    INSERT = "folio.insert_part": "INSERT INTO posting_part (posting_id, article_id, quantity, amount, tax_amount) VALUES (?1, ?2, ?3, ?4, ?5)";
    MIRROR = "folio.mirror_parts": "INSERT INTO posting_part (posting_id, article_id, quantity, amount, tax_amount)
        SELECT ?1, article_id, -quantity, -amount, -tax_amount FROM posting_part WHERE posting_id = ?2";
    // Of a line, less the allowances that stand on it.
    LEFT = "folio.parts_left": "SELECT s.article_id, sum(s.amount), sum(s.tax_amount)
        FROM posting AS p CROSS JOIN posting_part AS s ON s.posting_id = p.id
        WHERE (p.id = ?1 OR p.reverses_id = ?1) AND p.entry = 'post'
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND p.id <> ?1 AND v.entry = 'void')
        GROUP BY s.article_id
        ORDER BY s.article_id";
    OF_STAY = "folio.parts_of_stay" selects Part "FROM posting AS p
        CROSS JOIN posting_part AS s ON s.posting_id = p.id
        CROSS JOIN article AS a ON a.id = s.article_id
        WHERE p.reservation_id = ?1
        ORDER BY s.id";
}

record! {
    /// What of a line is for an article.
    pub struct Part {
        pub posting_id: ChargeId = "s.posting_id",
        pub article_id: ArticleId = "s.article_id",
        pub name: String = "a.name",
        pub quantity: i64 = "s.quantity",
        pub amount: Money = "s.amount",
        pub tax_amount: Money = "s.tax_amount",
    }
}

/// Those of all lines of a stay.
pub fn of_stay(conn: &Conn, id: ReservationId) -> Result<Vec<Part>> {
    conn.all(&OF_STAY, [id], Part::from_row)
}

/// Notes that a share of a line is for an extra.
pub fn insert(tx: &Tx, line: ChargeId, extra: &Extra, share: &Taxed) -> Result<()> {
    let tax: Money = share.taxes.iter().filter(|tax| !tax.is_service).map(|tax| tax.amount).sum();
    tx.run(&INSERT, (line, extra.article_id, extra.quantity, share.gross, tax)).map(|_| ())
}

/// What takes a line back takes its parts back.
pub fn mirror(tx: &Tx, line: ChargeId, of: ChargeId) -> Result<()> {
    tx.run(&MIRROR, (line, of)).map(|_| ())
}

/// An allowance takes its share off what is left of each part; `left` = what is left of the line.
pub fn take_off(tx: &Tx, line: ChargeId, original: ChargeId, amount: Money, left: Money) -> Result<()> {
    let parts: Vec<(ArticleId, Money, Money)> = tx.all(&LEFT, [original], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if parts.is_empty() {
        return Ok(());
    }
    // What is not for an article is the room's.
    let room: Money = left - parts.iter().map(|(_, part, _)| *part).sum();
    let weights: Vec<i64> = parts.iter().map(|(_, part, _)| part.0).chain([room.0]).collect();
    for ((article, part, tax), share) in parts.iter().zip(amount.by_weights(&weights)) {
        tx.run(&INSERT, (line, article, 0, share, tax.times_ratio(share.0, part.0)))?;
    }
    Ok(())
}
