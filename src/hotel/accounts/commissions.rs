//! What agents are paid for the stays they sent: a share of the room revenue, without taxes, of stays that have left.
//!
//! Reckoned from the ledger: nights as they were posted, without what is inside their price for other articles, less
//! the allowances that were given on them. What was paid is kept as it was reckoned then.

use serde_json::json;

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, ReservationId};
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::text::Line;
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{audit, settings};

/// Stays that one list tells of.
pub const MOST: usize = 5000;

pub type CommissionReference = Line<100>;

statements! {
    OF_PERIOD = "commissions.of_period" selects Stay "FROM company AS c CROSS JOIN reservation AS r
            ON r.id IN (SELECT s.id FROM reservation AS s INDEXED BY reservation_company
                    WHERE s.company_id = c.id AND c.kind = 'agent' AND c.commission_percent > 0
                        AND NOT EXISTS (SELECT 1 FROM commission AS p WHERE p.id = s.id)
                UNION ALL SELECT p.id FROM commission AS p WHERE p.company_id = c.id)
        LEFT JOIN commission AS m ON m.id = r.id
        WHERE (?3 IS NULL OR c.id = ?3)
            AND r.status = 'checked_out' AND r.checked_out_date BETWEEN ?1 AND ?2
        ORDER BY c.name, r.checked_out_date, r.id LIMIT 5001", scans "a hotel's companies are few, and only stays of agents are looked up";
    OF_STAY = "commissions.of_stay" selects Stay "FROM reservation AS r LEFT JOIN commission AS m ON m.id = r.id
        JOIN company AS c ON c.id = coalesce(m.company_id, r.company_id) WHERE r.id = ?1";
    INSERT = "commissions.insert": "INSERT INTO commission (id, company_id, base, percent, amount, paid_on, reference, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    DELETE = "commissions.delete": "DELETE FROM commission WHERE id = ?1";
}

record! {
    /// A stay that an agent sent; of one that was paid for, the agent who was paid.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Stay {
        pub id: ReservationId = "r.id",
        pub company_id: CompanyId = "c.id",
        pub company_name: String = "c.name",
        pub is_of_agent: bool = "c.kind = 'agent' OR m.id IS NOT NULL",
        pub has_left: bool = "r.status = 'checked_out'",
        pub confirmation_number: String = "r.confirmation_number",
        pub guest_name: String = "r.guest_name",
        pub check_in_date: Date = "r.check_in_date",
        pub left_on: Option<Date> = "r.checked_out_date",
        /// The room revenue without taxes, as it was reckoned when it was paid.
        pub base: Money = "coalesce(m.base,
            (SELECT coalesce(sum(p.amount - p.tax_amount - coalesce((SELECT sum(s.amount - s.tax_amount) FROM posting_part AS s WHERE s.posting_id = p.id), 0)), 0)
            FROM posting AS p LEFT JOIN posting AS o ON o.id = p.reverses_id
            WHERE p.reservation_id = r.id AND p.entry <> 'transfer' AND (p.article_id = 1 OR (p.article_id = 4 AND o.article_id = 1))))",
        pub percent: Percent = "coalesce(m.percent, c.commission_percent)",
        pub paid_amount: Option<Money> = "m.amount",
        pub paid_on: Option<Date> = "m.paid_on",
        pub reference: String = "coalesce(m.reference, '')",
    }
}

impl Stay {
    pub fn amount(&self) -> Money {
        self.paid_amount.unwrap_or_else(|| self.base.share(self.percent))
    }
}

/// The stays of agents that left in a period.
///
/// # Errors
/// `Invalid` for a period that ends before it begins, or in which more left than one list tells of.
pub fn of_period(conn: &Conn, from: Date, to: Date, company: Option<CompanyId>) -> Result<Vec<Stay>> {
    if from > to {
        return Err(Error::invalid("to", text!("must not be before the first day")));
    }
    let stays = conn.all(&OF_PERIOD, (from, to, company), Stay::from_row)?;
    if stays.len() > MOST {
        return Err(Error::invalid("from", text!("must be later: {most} stays are listed at most", most = MOST)));
    }
    Ok(stays)
}

fn find(conn: &Conn, id: ReservationId) -> Result<Stay> {
    let found = conn.one(&OF_STAY, [id], Stay::from_row)?.filter(|stay| stay.is_of_agent);
    found.ok_or_else(|| Error::NotFound(text!("This stay was not booked through an agent.")))
}

/// Writes down that agents were paid for stays.
///
/// # Errors
/// 409 for a stay that has not left, and for one that was paid.
pub fn pay(tx: &Tx, stays: &[ReservationId], reference: &str) -> Result<Vec<Stay>> {
    let today = settings::business_date(tx)?;
    let mut paid = Vec::with_capacity(stays.len());
    for (n, id) in stays.iter().enumerate() {
        let missing = |_| Error::invalid(format!("reservation_ids[{n}]"), text!("is not a stay booked through an agent"));
        let stay = find(tx, *id).map_err(missing)?;
        let number = &stay.confirmation_number;
        if stay.paid_on.is_some() {
            let detail = text!("The commission for {number} is already paid.", number);
            return Err(Error::refused(Code::AlreadyReversed, detail));
        }
        if !stay.has_left {
            let detail = text!("A commission is paid once the guest has left; {number} has not.", number);
            return Err(Error::refused(Code::IllegalTransition, detail));
        }
        let values =
            (id, stay.company_id, stay.base, stay.percent, stay.amount(), today, reference, tx.now(), &tx.actor().username);
        tx.insert(&INSERT, values)?;
        told(tx, "pay_commission", &stay, reference)?;
        paid.push(find(tx, *id)?);
    }
    Ok(paid)
}

/// Takes back that a commission was paid.
///
/// # Errors
/// 409 for one that was not.
pub fn take_back(tx: &Tx, id: ReservationId) -> Result<Stay> {
    let stay = find(tx, id)?;
    if stay.paid_on.is_none() {
        return Err(Error::refused(Code::AlreadyReversed, text!("This commission has not been paid.")));
    }
    tx.run(&DELETE, [id])?;
    told(tx, "undo_commission", &stay, &stay.reference)?;
    find(tx, id)
}

fn told(tx: &Tx, action: &str, stay: &Stay, reference: &str) -> Result<()> {
    let facts = json!({"company_id": stay.company_id, "base_minor": stay.base.0, "percent": stay.percent,
        "amount_minor": stay.amount().0, "reference": reference});
    audit::record(tx, action, "reservation", stay.id.0, &audit::NOTHING, &facts)
}
