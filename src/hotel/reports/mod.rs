//! Reports: one description each, of which screen, paper and files are made.
//!
//! A report says what it takes and makes a `Table`; how that is written is `api`'s, `csv`'s, `xlsx`'s and `paper`'s. Figures of days come from
//! `statistics`, so that years cost what days cost. Changes nothing.

pub mod api;
pub mod city_tax;
pub mod codes;
pub mod codes_api;
pub mod csv;
pub mod dashboard;
pub mod invoices;
pub mod journal;
pub mod money;
pub mod open;
pub mod paper;
pub mod people;
pub mod pickup;
pub mod postings;
pub mod rooms;
pub mod segments;
pub mod table;
pub mod views;
pub mod xlsx;

use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, CompanyId, RatePlanId, RoomTypeId, TaxId};
use crate::domain::status::{Ledger, words};
use crate::domain::wording::{Language, Text, text};
use crate::error::{Error, Result};
use crate::hotel::Slice;
use crate::hotel::settings::Property;
use table::{Kind, Table, months_later};

pub const SLICE: Slice = Slice {
    name: "reports",
    is_workflow: true,
    endpoints: |_| {
        let parts = [api::endpoints(), codes_api::endpoints(), views::endpoints(), dashboard::endpoints()];
        parts.into_iter().flatten().collect()
    },
    statements: &[
        city_tax::STATEMENTS,
        codes::STATEMENTS,
        dashboard::STATEMENTS,
        invoices::STATEMENTS,
        money::STATEMENTS,
        open::STATEMENTS,
        pickup::STATEMENTS,
        people::STATEMENTS,
        postings::STATEMENTS,
        rooms::STATEMENTS,
        segments::STATEMENTS,
        views::STATEMENTS,
    ],
    ..Slice::EMPTY
};

/// The longest period of one report, in days.
pub const MAX_DAYS: i64 = 1100;

words!(
    /// What reports are found under.
    Group { Rooms = "rooms", Money = "money", Accounts = "accounts", Guests = "guests", Details = "details" }
);

words!(
    /// What a report is asked for.
    Range {
        /// A day; the last that is over when nobody says.
        Day = "day",
        /// A period; the month when nobody says.
        Period = "period",
        /// A period; the 30 days to come when nobody says.
        Ahead = "ahead",
        /// How it is now.
        Now = "now",
    }
);

words!(
    /// What a row of a report is.
    By {
        Day = "day",
        Month = "month",
        Article = "article",
        Method = "method",
        Person = "person",
        Rate = "rate",
        RoomType = "room_type",
        RatePlan = "rate_plan",
        Source = "source",
        Company = "company",
        Country = "country",
        Document = "document",
        Authority = "authority",
    }
);

words!(
    /// Which period another is compared with.
    Compare {
        /// The same dates of the year before.
        LastYear = "last_year",
        /// 52 weeks before, so that each weekday stands beside itself.
        LastYearByWeekday = "last_year_by_weekday",
        /// As many days right before.
        PeriodBefore = "period_before",
    }
);

words!(
    /// A period by its name, counted from the business date.
    Named {
        Today = "today",
        Yesterday = "yesterday",
        Last7 = "last_7",
        Last30 = "last_30",
        Next30 = "next_30",
        ThisMonth = "this_month",
        LastMonth = "last_month",
        YearToDate = "year_to_date",
        ThisYear = "this_year",
        LastYear = "last_year",
    }
);

impl Named {
    pub fn period(self, today: Date) -> (Date, Date) {
        let days = |count: i64| today.plus(count).unwrap_or(today);
        let year = |year: i16| Date::new(year, 1, 1).unwrap_or(today);
        match self {
            Named::Today => (today, today),
            Named::Yesterday => (days(-1), days(-1)),
            Named::Last7 => (days(-6), today),
            Named::Last30 => (days(-29), today),
            Named::Next30 => (today, days(29)),
            Named::ThisMonth => (month_of(today), month_end(today)),
            Named::LastMonth => (month_of(month_of(today).previous()), month_of(today).previous()),
            Named::YearToDate => (year(today.year()), today),
            Named::ThisYear => (year(today.year()), year(today.year() + 1).previous()),
            Named::LastYear => (year(today.year() - 1), year(today.year()).previous()),
        }
    }
}

words!(
    /// What the stays or postings of a report are narrowed down by.
    Filter {
        RoomType = "room_type_id",
        RatePlan = "rate_plan_id",
        Source = "source",
        Company = "company_id",
        /// Of anybody of the stay.
        PersonCountry = "person_country",
        Country = "country",
        Article = "article_id",
        Method = "method",
        Tax = "tax_id",
        Ledger = "ledger",
    }
);

/// What rows are narrowed down by.
#[derive(Debug, Clone, Default)]
pub struct Only {
    pub room_type: Option<RoomTypeId>,
    pub rate_plan: Option<RatePlanId>,
    pub source: Option<String>,
    pub company: Option<CompanyId>,
    pub country: Option<String>,
    pub person_country: Option<String>,
    pub article: Option<ArticleId>,
    pub method: Option<String>,
    pub tax: Option<TaxId>,
    pub ledger: Option<Ledger>,
}

/// A report that somebody wants.
pub struct Asked {
    pub property: Property,
    pub from: Date,
    /// The last day.
    pub to: Date,
    pub by: By,
    pub only: Only,
    pub language: Language,
    /// Rows at most.
    pub most: usize,
}

impl Asked {
    pub fn period(&self) -> (Date, Date) {
        (self.from, self.to)
    }

    pub fn today(&self) -> Date {
        self.property.business_date
    }
}

pub struct Report {
    /// As the address has it.
    pub name: &'static str,
    pub group: Group,
    pub is_for_managers: bool,
    pub title: fn() -> Text,
    pub about: fn() -> Text,
    pub range: Range,
    /// What its rows may be, the usual first; none = it has rows of one kind.
    pub by: &'static [By],
    pub filters: &'static [Filter],
    pub compares: bool,
    /// The columns that a picture says more of.
    pub charts: &'static [&'static str],
    pub make: fn(&Conn, &Asked) -> Result<Table>,
}

/// A report as most are.
const PLAIN: Report = Report {
    name: "",
    group: Group::Money,
    is_for_managers: false,
    title: || text!("Report"),
    about: || text!("Report"),
    range: Range::Period,
    by: &[],
    filters: &[],
    compares: false,
    charts: &[],
    make: |_, _| Err(Error::internal("a report that is none")),
};

/// Every report, in the order in which they are offered.
pub fn all() -> impl Iterator<Item = &'static Report> {
    [
        rooms::REPORTS,
        pickup::REPORTS,
        segments::REPORTS,
        money::REPORTS,
        city_tax::REPORTS,
        journal::REPORTS,
        open::REPORTS,
        invoices::REPORTS,
        people::REPORTS,
        postings::REPORTS,
    ]
    .into_iter()
    .flatten()
}

/// # Errors
/// `NotFound` when there is no such report.
pub fn find(name: &str) -> Result<&'static Report> {
    all().find(|report| report.name == name).ok_or_else(|| Error::NotFound(text!("This report does not exist.")))
}

impl Report {
    /// The period that is meant when nobody says.
    pub fn usual(&self, today: Date) -> (Date, Date) {
        match self.range {
            Range::Day => (today.previous(), today.previous()),
            Range::Now => (today, today),
            Range::Period => (month_of(today), month_end(today)),
            Range::Ahead => (today, today.plus(29).unwrap_or(today)),
        }
    }

    /// The table, beside the one of another period where that is wanted.
    pub fn table(&self, conn: &Conn, asked: &Asked, compare: Option<Compare>) -> Result<Table> {
        let table = (self.make)(conn, asked)?;
        let Some(compare) = compare.filter(|_| self.compares) else { return Ok(table.cut(asked.most)) };
        let (from, to) = compare.period(asked.period());
        let then = Asked {
            property: asked.property.clone(),
            from,
            to,
            by: asked.by,
            only: asked.only.clone(),
            language: asked.language,
            most: asked.most,
        };
        let before = (self.make)(conn, &then)?;
        let days = from.days_until(asked.from);
        let later = |date: Date, kind: Kind| match (compare, kind) {
            (Compare::LastYear, _) => year_later(date),
            (_, Kind::Month) => months_later(date, days),
            _ => date.plus(days).unwrap_or(date),
        };
        Ok(table.beside(&before, later).cut(asked.most))
    }
}

impl Compare {
    pub fn period(self, (from, to): (Date, Date)) -> (Date, Date) {
        let back = |date: Date, days: i64| date.plus(-days).unwrap_or(date);
        match self {
            // Of a leap day it is the day before; whole months stay whole.
            Compare::LastYear => {
                let year = |date: Date| Date::new(date.year() - 1, date.month(), date.day()).unwrap_or_else(|| back(date, 366));
                let is_whole = from.day() == 1 && to == month_end(to);
                (year(from), if is_whole { month_end(year(month_of(to))) } else { year(to) })
            }
            Compare::LastYearByWeekday => (back(from, 364), back(to, 364)),
            Compare::PeriodBefore => {
                let days = from.days_until(to) + 1;
                (back(from, days), back(to, days))
            }
        }
    }
}

/// The same date of the next year; of a leap day the day before.
pub fn year_later(date: Date) -> Date {
    Date::new(date.year() + 1, date.month(), date.day()).unwrap_or_else(|| date.plus(365).unwrap_or(date))
}

/// The last day of a month.
pub fn month_end(date: Date) -> Date {
    Date::new(date.year() + i16::from(date.month() == 12), date.month() % 12 + 1, 1).unwrap_or(date).previous()
}

/// The first day of a month, which stands for it.
pub fn month_of(date: Date) -> Date {
    date.plus(1 - i64::from(date.day())).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_compared_with_the_same_dates_or_as_many_days_of_another() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let period = (date("2024-02-28"), date("2024-03-02"));
        let last_year = |from: &str, to: &str| Compare::LastYear.period((date(from), date(to)));
        assert_eq!(Compare::LastYear.period(period), (date("2023-02-28"), date("2023-03-02")));
        assert_eq!(last_year("2024-02-29", "2024-02-29"), (date("2023-02-28"), date("2023-02-28")));
        assert_eq!(last_year("2025-01-01", "2025-12-31"), (date("2024-01-01"), date("2024-12-31")));
        assert_eq!(last_year("2024-01-01", "2024-12-31"), (date("2023-01-01"), date("2023-12-31")));
        assert_eq!(last_year("2025-02-01", "2025-02-28"), (date("2024-02-01"), date("2024-02-29")));
        assert_eq!(last_year("2024-02-01", "2024-02-29"), (date("2023-02-01"), date("2023-02-28")));
        assert_eq!(year_later(date("2024-02-29")), date("2025-02-28"));
        assert_eq!(Compare::LastYearByWeekday.period(period), (date("2023-03-01"), date("2023-03-04")));
        assert_eq!(Compare::PeriodBefore.period(period), (date("2024-02-24"), date("2024-02-27")));
    }

    #[test]
    fn reports_have_names_of_their_own() {
        let names: std::collections::BTreeSet<&str> = all().map(|report| report.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
