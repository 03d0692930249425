//! What an accountant enters: all that was posted by account, debits and credits of which come to the same.
//!
//! What is charged goes to the ledger of who owes it, against revenue without its taxes and the taxes by themselves; money comes to the
//! account of its method; what a ledger takes over from another stands on both. What a room price holds of other articles is theirs.

use std::collections::BTreeMap;

use super::city_tax;
use super::codes::Accounts;
use super::money::{self, Articles, stretch, time_column, time_of};
use super::table::{Column, Link, Row, Table, cells};
use super::{Asked, By, Group, PLAIN, Report};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, LevyId};
use crate::domain::money::Money;
use crate::domain::wording::text;
use crate::error::Result;
use crate::hotel::statistics::{self, ledgers};

pub const REPORTS: &[Report] = &[Report {
    name: "journal",
    group: Group::Money,
    title: || text!("Accountant’s journal"),
    about: || {
        text!("Everything posted, by account, for each day or month. Debits equal credits. Account codes are set under Settings.")
    },
    by: &[By::Month, By::Day],
    make: journal,
    ..PLAIN
}];

/// What the rows of a day or month are of, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Method(String),
    Ledger(crate::domain::status::Ledger),
    Article(ArticleId),
    Levy(LevyId),
    Tax(crate::domain::id::TaxId),
}

#[derive(Default)]
struct Sides {
    debit: Money,
    credit: Money,
}

#[derive(Default)]
struct Book(BTreeMap<(Date, Line), Sides>);

impl Book {
    /// What is below zero stands on the other side.
    fn debit(&mut self, date: Date, line: Line, amount: Money) {
        let sides = self.0.entry((date, line)).or_default();
        match amount >= Money::ZERO {
            true => sides.debit = sides.debit + amount,
            false => sides.credit = sides.credit - amount,
        }
    }

    fn credit(&mut self, date: Date, line: Line, amount: Money) {
        self.debit(date, line, -amount);
    }
}

fn journal(conn: &Conn, asked: &Asked) -> Result<Table> {
    let (from, to) = asked.period();
    let (accounts, articles) = (Accounts::of(conn)?, Articles::of(conn)?);
    let mut book = Book::default();
    for one in ledgers::by_day(conn, from, to)? {
        let (time, line) = (time_of(one.date, asked.by), Line::Ledger(one.ledger));
        book.debit(time, line.clone(), one.charges);
        book.credit(time, line.clone(), one.money);
        book.debit(time, line, one.moved);
    }
    for one in statistics::money(conn, from, to)? {
        let (time, line) = (time_of(one.date, asked.by), Line::Method(one.method));
        book.debit(time, line.clone(), one.received);
        book.credit(time, line, one.returned);
    }
    for one in statistics::revenue(conn, from, to)? {
        book.credit(time_of(one.date, asked.by), Line::Article(one.article_id), one.amount - one.tax_amount);
    }
    for one in statistics::parts(conn, from, to)? {
        let (time, net) = (time_of(one.date, asked.by), one.amount - one.tax_amount);
        book.debit(time, Line::Article(ArticleId::ROOM), net);
        book.credit(time, Line::Article(one.article_id), net);
    }
    for (levy, _) in accounts.levies() {
        for (date, net) in city_tax::levied_net(conn, levy, (from, to))? {
            let time = time_of(date, asked.by);
            book.debit(time, Line::Article(ArticleId::LEVY), net);
            book.credit(time, Line::Levy(levy), net);
        }
        for (date, net) in city_tax::allowed_net(conn, levy, (from, to))? {
            let time = time_of(date, asked.by);
            book.debit(time, Line::Article(ArticleId::ALLOWANCE), net);
            book.credit(time, Line::Levy(levy), net);
        }
    }
    for one in statistics::taxes(conn, from, to)?.into_iter().filter(|one| !one.is_service) {
        book.credit(time_of(one.date, asked.by), Line::Tax(one.tax_id), one.amount);
    }
    let columns = vec![
        time_column(asked.by),
        Column::text("account", text!("Account")),
        Column::text("name", text!("Name")),
        Column::money("debit", text!("Debit")),
        Column::money("credit", text!("Credit")),
    ];
    let levy_name = |id: LevyId| accounts.levies().find(|(known, _)| *known == id).map(|(_, name)| name.to_owned());
    let mut rows: Vec<(Date, String, Row)> = Vec::new();
    for ((time, line), sides) in book.0 {
        // Room prices and levies show one side only: what was taken out of them is not theirs.
        let is_one_sided = matches!(line, Line::Article(ArticleId::ROOM | ArticleId::LEVY));
        let sides = if is_one_sided { net_of(sides) } else { sides };
        if sides.debit.is_zero() && sides.credit.is_zero() {
            continue;
        }
        let (code, name, filter) = match line {
            Line::Method(method) => (accounts.of_method(&method), money::method_in_words(&method), Some(("method", method))),
            Line::Ledger(ledger) => {
                (accounts.of_ledger(ledger), money::ledger_in_words(ledger).into(), Some(("ledger", ledger.to_string())))
            }
            Line::Article(id) => (accounts.of_article(id), articles.name(id), Some(("article_id", id.0.to_string()))),
            Line::Levy(id) => (accounts.of_levy(id), levy_name(id).into(), Some(("article_id", ArticleId::LEVY.0.to_string()))),
            Line::Tax(id) => (accounts.of_tax(id), accounts.tax_name(id).into(), Some(("tax_id", id.0.to_string()))),
        };
        // What the program itself posts has an id below zero, which no address takes.
        let filters: Vec<(&'static str, String)> = filter.into_iter().filter(|(_, value)| !value.starts_with('-')).collect();
        let link = (!filters.is_empty()).then(|| Link::report("postings", stretch(asked, time), &filters));
        let row = Row::of(cells![time, code.as_str(), name, sides.debit, sides.credit]).linked(link);
        rows.push((time, code, row));
    }
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(Table::new(columns, rows.into_iter().map(|(_, _, row)| row).collect()))
}

fn net_of(sides: Sides) -> Sides {
    let net = sides.debit - sides.credit;
    if net >= Money::ZERO { Sides { debit: net, credit: Money::ZERO } } else { Sides { debit: Money::ZERO, credit: -net } }
}
