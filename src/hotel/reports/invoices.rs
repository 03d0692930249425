//! Invoices and credit notes as they were issued, and their taxes.

use super::table::{Behind, Column, Kind, Link, Row, Table, cells};
use super::{Asked, By, Group, PLAIN, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::wording::{Text, text};
use crate::error::Result;

statements! {
    ISSUED = "reports.invoices": "SELECT i.id, i.issued_on, i.number, i.kind, i.buyer_name, i.due_on, i.net, i.tax, i.gross, i.rounding, i.prepaid, i.credited,
            (SELECT o.number FROM invoice AS o WHERE o.id = i.refers_to_id)
        FROM invoice AS i INDEXED BY invoice_issued
        WHERE i.number IS NOT NULL AND i.issued_on >= ?1 AND i.issued_on <= ?2 AND i.kind <> 'pro_forma'
        ORDER BY i.issued_on, i.series_id, i.year, i.serial LIMIT ?3 + 1";
    // What a deposit invoice had in it is deducted with the invoice that it is paid towards.
    BY_RATE = "reports.invoiced_taxes": "SELECT t.name, t.rate, i.kind = 'credit_note', count(DISTINCT i.id), sum(t.base), sum(t.amount)
        FROM invoice AS i INDEXED BY invoice_issued CROSS JOIN invoice_tax AS t ON t.invoice_id = i.id
        WHERE i.number IS NOT NULL AND i.issued_on >= ?1 AND i.issued_on <= ?2 AND i.kind <> 'pro_forma'
        GROUP BY t.name, t.rate, i.kind = 'credit_note'
        ORDER BY t.name, t.rate, i.kind = 'credit_note' LIMIT 1000";
    DEDUCTED = "reports.deducted_taxes": "SELECT t.name, t.rate, 0, count(DISTINCT i.id), -sum(t.base), -sum(t.amount)
        FROM invoice AS i INDEXED BY invoice_issued CROSS JOIN invoice_deposit AS d ON d.invoice_id = i.id
        CROSS JOIN invoice_tax AS t ON t.invoice_id = d.deposit_id OR t.invoice_id IN (SELECT c.id FROM invoice AS c
            WHERE c.refers_to_id = d.deposit_id AND c.number IS NOT NULL AND c.kind = 'credit_note' AND c.issued_on <= i.issued_on)
        WHERE i.number IS NOT NULL AND i.issued_on >= ?1 AND i.issued_on <= ?2 AND i.kind <> 'pro_forma'
        GROUP BY t.name, t.rate ORDER BY t.name, t.rate LIMIT 1000";
    // It is deducted no more once that invoice is credited in full.
    DEDUCTED_NO_MORE = "reports.deducted_no_more": "SELECT t.name, t.rate, 0, count(DISTINCT n.id), sum(t.base), sum(t.amount)
        FROM invoice AS n INDEXED BY invoice_issued CROSS JOIN invoice_deposit AS d ON d.invoice_id = n.refers_to_id AND d.is_live = 0
        CROSS JOIN invoice_tax AS t ON t.invoice_id = d.deposit_id
        WHERE n.number IS NOT NULL AND n.issued_on >= ?1 AND n.issued_on <= ?2 AND n.kind = 'credit_note'
            AND n.id = (SELECT max(x.id) FROM invoice AS x WHERE x.refers_to_id = n.refers_to_id AND x.number IS NOT NULL)
        GROUP BY t.name, t.rate ORDER BY t.name, t.rate LIMIT 1000";
}

pub const REPORTS: &[Report] = &[Report {
    name: "invoices",
    group: Group::Accounts,
    title: || text!("Invoices and credit notes"),
    about: || text!("Documents issued, in number order, or their taxes by rate. Pro forma invoices are excluded."),
    by: &[By::Document, By::Rate],
    make: invoices,
    ..PLAIN
}];

fn kind_in_words(kind: &str) -> Text {
    match kind {
        "credit_note" => text!("Credit note"),
        "deposit_invoice" => text!("Deposit invoice"),
        _ => text!("Invoice"),
    }
}

fn invoices(conn: &Conn, asked: &Asked) -> Result<Table> {
    if asked.by == By::Rate {
        return taxes(conn, asked);
    }
    let columns = vec![
        Column::text("number", text!("Number")),
        Column::date("date", text!("Date")),
        Column::text("kind", text!("Kind")),
        Column::text("buyer", text!("Buyer")),
        Column::text("refers_to", text!("Refers to")),
        Column::date("due", text!("Due")),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax")),
        Column::money("gross", text!("Gross")),
        Column::money("rounding", text!("Cash rounding")),
        Column::money("prepaid", text!("Paid when issued")),
        Column::money("credited", text!("Credited")),
    ];
    let rows = conn.all(&ISSUED, (asked.from, asked.to, asked.most as i64), |row| {
        let (date, number, kind): (Date, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (buyer, due, refers): (String, Option<Date>, Option<String>) = (row.get(4)?, row.get(5)?, row.get(12)?);
        let money = |at: usize| row.get::<_, Money>(at);
        let head = cells![number, date, kind_in_words(&kind), buyer, refers, due];
        let sums = cells![money(6)?, money(7)?, money(8)?, money(9)?, money(10)?, money(11)?];
        Ok(Row::of(head.into_iter().chain(sums).collect()).linked(Link::to(Behind::Invoice, row.get(0)?)))
    })?;
    Ok(Table::new(columns, rows))
}

fn taxes(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::text("tax", text!("Tax")),
        Column { kind: Kind::Percent, ..Column::count("rate", text!("Rate")).unsummed() },
        Column::text("kind", text!("Kind")),
        Column::count("documents", text!("Documents")).unsummed(),
        Column::money("net", text!("Net")),
        Column::money("amount", text!("Tax")),
        Column::money("gross", text!("Gross")),
    ];
    let read = |row: &rusqlite::Row, is_deducted: bool| {
        let (name, rate, is_credit, count): (String, i64, bool, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (net, tax): (Money, Money) = (row.get(4)?, row.get(5)?);
        let kind = if is_deducted {
            text!("Deposit invoices deducted")
        } else {
            kind_in_words(if is_credit { "credit_note" } else { "invoice" })
        };
        // Rates are in millionths, percentages in hundredths.
        Ok(Row::of(cells![name, Percent(rate / 100), kind, count, net, tax, net + tax]))
    };
    let mut rows = conn.all(&BY_RATE, asked.period(), |row| read(row, false))?;
    rows.extend(conn.all(&DEDUCTED, asked.period(), |row| read(row, true))?);
    rows.extend(conn.all(&DEDUCTED_NO_MORE, asked.period(), |row| read(row, true))?);
    Ok(Table::new(columns, rows))
}
