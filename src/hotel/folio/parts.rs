//! What of the price of a night is for articles inside it: a part of the room's line, which the books read by
//! article and the guest does not see. What takes a line back takes its parts back, too.

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::extras::Extra;
use crate::domain::id::{ArticleId, ChargeId, FolioId, ReservationId};
use crate::domain::money::Money;
use crate::domain::tax::Taxed;
use crate::error::Result;

statements! {
    INSERT = "folio.insert_part": "INSERT INTO posting_part (posting_id, article_id, quantity, amount, tax_amount) VALUES (?1, ?2, ?3, ?4, ?5)";
    MIRROR = "folio.mirror_parts": "INSERT INTO posting_part (posting_id, article_id, quantity, amount, tax_amount)
        SELECT ?1, article_id, -quantity, -amount, -tax_amount FROM posting_part WHERE posting_id = ?2";
    // Of a line on a folio, less the allowances that stand on it there, and with what was moved.
    ON_FOLIO = "folio.parts_on": "SELECT s.article_id, sum(s.amount), sum(s.tax_amount)
        FROM posting AS p CROSS JOIN posting_part AS s ON s.posting_id = p.id
        WHERE p.id IN (SELECT ?1 UNION ALL SELECT id FROM posting WHERE reverses_id = ?1 UNION ALL SELECT id FROM posting WHERE moves_id = ?1)
            AND p.folio_id = ?2
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND p.id <> ?1 AND v.entry = 'void')
        GROUP BY s.article_id
        ORDER BY s.article_id", scans "the list of its own rows, each found by its key";
    OF_STAY = "folio.parts_of_stay" selects Part "FROM posting AS p
        CROSS JOIN posting_part AS s ON s.posting_id = p.id
        CROSS JOIN article AS a ON a.id = s.article_id
        WHERE p.reservation_id = ?1 AND p.entry <> 'transfer'
        ORDER BY s.id";
    OF_LINE = "folio.parts_of_line" selects Part "FROM posting_part AS s
        CROSS JOIN article AS a ON a.id = s.article_id
        WHERE s.posting_id = ?1
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

pub fn of_line(conn: &Conn, id: ChargeId) -> Result<Vec<Part>> {
    conn.all(&OF_LINE, [id], Part::from_row)
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

/// Writes the share that an amount has of what stands of each part of a line on a folio; `left` = what stands there of
/// the line. Of an allowance the amount is negative.
pub fn share(tx: &Tx, line: ChargeId, (original, folio): (ChargeId, FolioId), amount: Money, left: Money) -> Result<()> {
    let parts: Vec<(ArticleId, Money, Money)> =
        tx.all(&ON_FOLIO, (original, folio), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
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
