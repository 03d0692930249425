//! What was charged, taxed and received, by the day on which it was posted.

use std::collections::BTreeMap;

use super::table::{Cell, Column, Link, Row, Table, cells};
use super::{Asked, By, Filter, Group, PLAIN, Report, month_end, month_of};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, ShiftId, TaxId};
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::{ChargeKind, Ledger};
use crate::domain::wording::{Text, Value, text};
use crate::error::Result;
use crate::hotel::documents;
use crate::hotel::statistics::{self, DayRevenue};

statements! {
    ARTICLES = "reports.articles": "SELECT id, kind, name, is_food FROM article", scans "a hotel's articles are few";
    TAXES = "reports.taxes": "SELECT id, name FROM tax", scans "a hotel has a handful";
    BY_PERSON = "reports.money_by_person": "SELECT created_by, method, sum(entry = 'post'), sum(CASE WHEN entry = 'post' THEN -amount ELSE 0 END),
            sum(CASE WHEN entry = 'post' THEN 0 ELSE amount END)
        FROM posting INDEXED BY posting_money_date
        WHERE business_date >= ?1 AND business_date <= ?2 AND method IS NOT NULL
        GROUP BY created_by, method";
    SHIFTS = "reports.shifts": "SELECT s.id, s.business_date, d.name, u.username, s.float_amount,
            (SELECT coalesce(-sum(p.amount), 0) FROM posting AS p WHERE p.shift_id = s.id),
            (SELECT coalesce(sum(m.amount), 0) FROM drawer_movement AS m WHERE m.shift_id = s.id AND m.currency = ?3),
            c.expected, c.counted
        FROM shift AS s INDEXED BY shift_date JOIN drawer AS d ON d.id = s.drawer_id JOIN user AS u ON u.id = s.user_id
        LEFT JOIN shift_count AS c ON c.shift_id = s.id AND c.currency = ?3
        WHERE s.business_date >= ?1 AND s.business_date <= ?2
        ORDER BY s.business_date, s.id LIMIT ?4 + 1";
}

pub const REPORTS: &[Report] = &[
    Report {
        name: "revenue",
        group: Group::Money,
        title: || text!("Revenue by posting day"),
        about: || text!("Charges and taxes by posting date. The total equals the trial balance."),
        by: &[By::Article, By::Day, By::Month],
        compares: true,
        charts: &["amount"],
        make: revenue,
        ..PLAIN
    },
    Report {
        name: "trial-balance",
        group: Group::Money,
        title: || text!("Trial balance"),
        about: || text!("Opening balance, movements and closing balance of each ledger."),
        make: trial_balance,
        ..PLAIN
    },
    Report {
        name: "payments",
        group: Group::Money,
        title: || text!("Payments"),
        about: || text!("Money received and refunded, including security deposits."),
        by: &[By::Method, By::Day, By::Month, By::Person],
        compares: true,
        charts: &["net"],
        make: payments,
        ..PLAIN
    },
    Report {
        name: "shifts",
        group: Group::Money,
        is_for_managers: true,
        title: || text!("Cash by shift"),
        about: || text!("Float, cash taken, expected and counted cash of each shift."),
        make: shifts,
        ..PLAIN
    },
    Report {
        name: "taxes",
        group: Group::Money,
        title: || text!("Taxes"),
        about: || text!("Net, tax and gross by rate and posting date."),
        by: &[By::Rate, By::Day, By::Month],
        compares: true,
        make: taxes,
        ..PLAIN
    },
];

/// What articles are called.
pub struct Articles(BTreeMap<ArticleId, (String, Option<String>, bool)>);

impl Articles {
    pub fn of(conn: &Conn) -> Result<Articles> {
        let rows = conn.all(&ARTICLES, [], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))?;
        Ok(Articles(rows.into_iter().collect()))
    }

    pub fn kind(&self, id: ArticleId) -> &str {
        self.0.get(&id).map_or("", |(kind, ..)| kind)
    }

    /// Whether it counts as food and drink.
    pub fn is_food(&self, id: ArticleId) -> bool {
        self.0.get(&id).is_some_and(|(_, _, is_food)| *is_food)
    }

    pub fn name(&self, id: ArticleId) -> Cell {
        match self.0.get(&id) {
            Some((_, Some(name), _)) => Cell::from(name.as_str()),
            Some((kind, None, _)) => kind_in_words(kind).into(),
            None => Cell::Empty,
        }
    }
}

/// A way of paying, as people say it.
pub fn method_in_words(method: &str) -> Cell {
    match documents::stay::method_in_words(method) {
        Value::Text(words) => words.into(),
        _ => method.into(),
    }
}

pub fn kind_in_words(kind: &str) -> Text {
    match (ChargeKind::parse(kind), kind) {
        (Some(ChargeKind::Levy), _) => text!("City tax"),
        (Some(kind), _) => kind.in_words(),
        (None, "money") => text!("Payment"),
        (None, _) => text!("Transfer"),
    }
}

/// The column of days or months, where rows are those.
pub fn time_column(by: By) -> Column {
    if by == By::Month { Column::month("month", text!("Month")) } else { Column::date("date", text!("Date")) }
}

/// The day, or the first of its month.
pub fn time_of(date: Date, by: By) -> Date {
    if by == By::Month { month_of(date) } else { date }
}

/// The part of the period that falls on the day, or into the month.
pub fn stretch(asked: &Asked, date: Date) -> (Date, Date) {
    if asked.by != By::Month {
        return (date, date);
    }
    (date.max(asked.from), month_end(date).min(asked.to))
}

#[derive(Default)]
struct Charged {
    quantity: i64,
    amount: Money,
    tax: Money,
    voided: Money,
}

fn revenue(conn: &Conn, asked: &Asked) -> Result<Table> {
    let found = statistics::revenue(conn, asked.from, asked.to)?;
    let articles = Articles::of(conn)?;
    if asked.by != By::Article {
        return Ok(revenue_by_time(asked, &found, &articles));
    }
    let mut sums: BTreeMap<ArticleId, Charged> = BTreeMap::new();
    for one in found {
        let sum = sums.entry(one.article_id).or_default();
        sum.quantity += if one.is_void { -one.quantity } else { one.quantity };
        sum.amount = sum.amount + one.amount;
        sum.tax = sum.tax + one.tax_amount;
        sum.voided = sum.voided + if one.is_void { one.amount } else { Money::ZERO };
    }
    let columns = vec![
        Column::text("article", text!("Item")),
        Column::count("quantity", text!("Quantity")),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax")),
        Column::money("amount", text!("Gross")).compared(),
        Column::money("voided", text!("Voided")),
    ];
    let row = |(id, sum): (ArticleId, Charged)| {
        // What the program itself posts has an id below zero, which no address takes.
        let link = (id.0 > 0).then(|| Link::report("postings", asked.period(), &[("article_id", id.0.to_string())]));
        let cells = cells![articles.name(id), sum.quantity, sum.amount - sum.tax, sum.tax, sum.amount, sum.voided];
        Row::of(cells).linked(link)
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}

fn revenue_by_time(asked: &Asked, found: &[DayRevenue], articles: &Articles) -> Table {
    let columns = vec![
        time_column(asked.by),
        Column::money("rooms", text!("Rooms")),
        Column::money("extras", text!("Extras")),
        Column::money("fees", text!("Fees")),
        Column::money("levies", text!("City tax")),
        Column::money("corrections", text!("Allowances and adjustments")),
        Column::money("other", text!("Tips, vouchers, rounding")),
        Column::money("net", text!("Net")),
        Column::money("tax", text!("Tax")),
        Column::money("amount", text!("Gross")).compared(),
    ];
    let mut sums: BTreeMap<Date, ([Money; 6], Money)> = BTreeMap::new();
    for one in found {
        let (parts, tax) = sums.entry(time_of(one.date, asked.by)).or_default();
        let part = match articles.kind(one.article_id) {
            "room" => 0,
            "extra" => 1,
            "cancellation_fee" | "no_show_fee" | "reminder_fee" => 2,
            "levy" => 3,
            "allowance" | "adjustment" => 4,
            _ => 5,
        };
        parts[part] = parts[part] + one.amount;
        *tax = *tax + one.tax_amount;
    }
    let row = |(date, (parts, tax)): (Date, ([Money; 6], Money))| {
        let amount: Money = parts.iter().copied().sum();
        let mut cells = cells![date];
        cells.extend(parts.into_iter().chain([amount - tax, tax, amount]).map(Cell::from));
        Row::of(cells).linked(Link::report("revenue", stretch(asked, date), &[("by", "article".to_owned())]))
    };
    Table::new(columns, sums.into_iter().map(row).collect())
}

pub fn ledger_in_words(ledger: Ledger) -> Text {
    match ledger {
        Ledger::Guest => text!("Guests"),
        Ledger::Deposit => text!("Deposits"),
        Ledger::Company => text!("Company accounts"),
        Ledger::House => text!("House accounts"),
        Ledger::Security => text!("Security deposits"),
    }
}

fn trial_balance(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::text("ledger", text!("Ledger")),
        Column::money("opening", text!("Opening")),
        Column::money("charges", text!("Charges")),
        Column::money("taxes", text!("Of which taxes")),
        Column::money("money", text!("Money received")),
        Column::money("moved", text!("Transferred")),
        Column::money("closing", text!("Closing")),
    ];
    let rows = statistics::ledgers(conn, asked.from, asked.to)?.into_iter().map(|one| {
        let link = Link::report("postings", asked.period(), &[("ledger", one.ledger.to_string())]);
        let closing = one.closing();
        Row::of(cells![ledger_in_words(one.ledger), one.opening, one.charges, one.taxes, one.money, one.moved, closing])
            .linked(link)
    });
    Ok(Table::new(columns, rows.collect()))
}

fn payments(conn: &Conn, asked: &Asked) -> Result<Table> {
    let head = match asked.by {
        By::Method => vec![Column::text("method", text!("Payment method"))],
        By::Person => vec![Column::text("person", text!("Taken by")), Column::text("method", text!("Payment method"))],
        by => vec![time_column(by)],
    };
    let figures = [
        Column::count("payments", text!("Payments")),
        Column::money("received", text!("Received")),
        Column::money("returned", text!("Refunded")),
        Column::money("net", text!("Net received")).compared(),
    ];
    let columns = head.into_iter().chain(figures).collect();
    let figures = |mut cells: Vec<Cell>, (count, received, returned): (i64, Money, Money)| {
        cells.extend(cells![count, received, returned, received - returned]);
        Row::of(cells)
    };
    if asked.by == By::Person {
        let rows = conn.all(&BY_PERSON, asked.period(), |row| {
            let (person, method): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(figures(cells![person, method_in_words(&method)], (row.get(2)?, row.get(3)?, row.get(4)?)))
        })?;
        return Ok(Table::new(columns, rows));
    }
    let found = statistics::money(conn, asked.from, asked.to)?;
    let mut sums: BTreeMap<(Option<Date>, String), (i64, Money, Money)> = BTreeMap::new();
    for one in found {
        let key = match asked.by {
            By::Method => (None, one.method),
            by => (Some(time_of(one.date, by)), String::new()),
        };
        let (count, received, returned) = sums.entry(key).or_default();
        *count += one.payments;
        *received = *received + one.received;
        *returned = *returned + one.returned;
    }
    let row = |((date, method), sums): ((Option<Date>, String), (i64, Money, Money))| match date {
        Some(date) => {
            let link = Link::report("payments", stretch(asked, date), &[("by", "method".to_owned())]);
            figures(cells![date], sums).linked(link)
        }
        None => {
            let link = Link::report("postings", asked.period(), &[("method", method.clone())]);
            figures(cells![method_in_words(&method)], sums).linked(link)
        }
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}

fn shifts(conn: &Conn, asked: &Asked) -> Result<Table> {
    let columns = vec![
        Column::date("date", text!("Date")),
        Column::text("drawer", text!("Drawer")),
        Column::text("person", text!("Person")),
        Column::money("float", text!("Float")).unsummed(),
        Column::money("payments", text!("Cash payments")),
        Column::money("movements", text!("Other cash in and out")),
        Column::money("expected", text!("Expected")),
        Column::money("counted", text!("Counted")),
        Column::money("difference", text!("Difference")),
    ];
    let currency = &asked.property.currency.code;
    let rows = conn.all(&SHIFTS, (asked.from, asked.to, currency, asked.most as i64), |row| {
        let (id, date, drawer, person): (ShiftId, Date, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (float, payments, movements): (Money, Money, Money) = (row.get(4)?, row.get(5)?, row.get(6)?);
        let (expected, counted): (Option<Money>, Option<Money>) = (row.get(7)?, row.get(8)?);
        let difference = counted.zip(expected).map(|(counted, expected)| counted - expected);
        let cells = cells![date, drawer, person, float, payments, movements, expected, counted, difference];
        Ok(Row::of(cells).linked(Link::to(super::table::Behind::Shift, id.0)))
    })?;
    Ok(Table::new(columns, rows))
}

fn taxes(conn: &Conn, asked: &Asked) -> Result<Table> {
    let names: BTreeMap<TaxId, String> = conn.all(&TAXES, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
    let mut sums: BTreeMap<(Date, TaxId, i64), (Money, Money)> = BTreeMap::new();
    for one in statistics::taxes(conn, asked.from, asked.to)?.into_iter().filter(|one| !one.is_service) {
        let time = if asked.by == By::Rate { asked.from } else { time_of(one.date, asked.by) };
        let (base, tax) = sums.entry((time, one.tax_id, one.rate)).or_default();
        *base = *base + one.base;
        *tax = *tax + one.amount;
    }
    let mut columns = vec![
        Column::text("tax", text!("Tax")),
        Column::rate("rate", text!("Rate")),
        // One price may bear several taxes.
        Column::money("net", text!("Net")).unsummed(),
        Column::money("amount", text!("Tax")).compared(),
        Column::money("gross", text!("Gross")).unsummed(),
    ];
    if asked.by != By::Rate {
        columns.insert(0, time_column(asked.by));
    }
    let row = |((time, id, rate), (base, tax)): ((Date, TaxId, i64), (Money, Money))| {
        let period = if asked.by == By::Rate { asked.period() } else { stretch(asked, time) };
        let link = Link::report("postings", period, &[("tax_id", id.0.to_string())]);
        // Rates are in millionths, percentages in hundredths.
        let mut cells = cells![names.get(&id).cloned(), Percent(rate / 100), base, tax, base + tax];
        if asked.by != By::Rate {
            cells.insert(0, time.into());
        }
        Row::of(cells).linked(link)
    };
    Ok(Table::new(columns, sums.into_iter().map(row).collect()))
}

/// What postings of a report may be narrowed down by.
pub const POSTING_FILTERS: &[Filter] = &[Filter::Article, Filter::Method, Filter::Tax, Filter::Ledger];
