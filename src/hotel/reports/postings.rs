//! Each posting of a period: what money figures are made of, and what an accountant takes over.

use super::codes::Accounts;
use super::money::{POSTING_FILTERS, kind_in_words, method_in_words};
use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, Group, PLAIN, Report};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::LevyId;
use crate::domain::money::Money;
use crate::domain::status::Entry;
use crate::domain::wording::text;
use crate::error::Result;

statements! {
    POSTINGS = "reports.postings": "SELECT p.business_date, a.kind, coalesce(l.name, a.name), p.entry, p.method, p.amount - p.tax_amount, p.tax_amount, p.amount,
            p.reservation_id, r.confirmation_number, coalesce(r.guest_name, (SELECT c.name FROM company AS c WHERE c.id = f.company_id),
                (SELECT g.name FROM booking_group AS g WHERE g.id = f.group_id), f.payer_name), p.created_by, p.id, p.article_id, p.levy_id
        FROM posting AS p INDEXED BY posting_business_date
        CROSS JOIN article AS a ON a.id = p.article_id
        CROSS JOIN folio AS f ON f.id = p.folio_id
        LEFT JOIN levy AS l ON l.id = p.levy_id
        LEFT JOIN reservation AS r ON r.id = p.reservation_id
        WHERE p.business_date >= ?1 AND p.business_date <= ?2 AND (?3 IS NULL OR p.article_id = ?3) AND (?4 IS NULL OR p.method = ?4)
            AND (?5 IS NULL OR p.ledger = ?5) AND (?6 IS NULL OR EXISTS (SELECT 1 FROM posting_tax AS t WHERE t.posting_id = p.id AND t.tax_id = ?6))
        ORDER BY p.business_date, p.ledger, p.id LIMIT ?7 + 1";
}

pub const REPORTS: &[Report] = &[Report {
    name: "postings",
    group: Group::Details,
    title: || text!("Postings"),
    about: || text!("Every posting with its taxes: the detail behind the money figures."),
    filters: POSTING_FILTERS,
    make: postings,
    ..PLAIN
}];

fn postings(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Date")),
        Column::count("number", text!("Number")).unsummed(),
        Column::text("item", text!("Item")),
        Column::text("account", text!("Account")),
        Column::text("entry", text!("Entry")),
        Column::text("method", text!("Payment method")),
        Column::text("payer", text!("Guest or account")),
        Column::text("booking", text!("Booking")),
        Column::text("person", text!("By")),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax")),
        Column::money("amount", text!("Amount")),
    ];
    let only = &asked.only;
    let accounts = Accounts::of(conn)?;
    let params = (asked.from, asked.to, only.article, &only.method, only.ledger, only.tax, asked.most as i64);
    let rows = conn.all(&POSTINGS, params, |row| {
        let (date, kind, name): (Date, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (entry, method): (Entry, Option<String>) = (row.get(3)?, row.get(4)?);
        let (net, tax, amount): (Money, Money, Money) = (row.get(5)?, row.get(6)?, row.get(7)?);
        let (number, payer, person): (Option<String>, Option<String>, String) = (row.get(9)?, row.get(10)?, row.get(11)?);
        let account = match (&method, row.get::<_, Option<LevyId>>(14)?, kind.as_str()) {
            (Some(method), ..) => Cell::from(accounts.of_method(method)),
            (None, Some(levy), _) => accounts.of_levy(levy).into(),
            (None, None, "transfer") => Cell::Empty,
            (None, None, _) => accounts.of_article(row.get(13)?).into(),
        };
        let item = name.map_or_else(|| Cell::from(kind_in_words(&kind)), Cell::from);
        let entry = match entry {
            Entry::Post => Cell::Empty,
            Entry::Void => text!("Void").into(),
            Entry::Refund => text!("Refund").into(),
            Entry::Transfer => text!("Transfer").into(),
        };
        let cells = cells![
            date,
            row.get::<_, i64>(12)?,
            item,
            account,
            entry,
            method.as_deref().map(method_in_words),
            payer,
            number,
            person,
            net,
            tax,
            amount
        ];
        Ok(Row::of(cells).linked(Link::reservation(row.get(8)?)))
    })?;
    Ok(Table::new(columns, rows))
}
