//! `/api/reports`: which there are, and each as JSON, CSV, spreadsheet or paper.
//!
//! Titles, names of columns and words in cells are of the language that the request asks for, so no answer is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{self, Column, Kind, Link, Table};
use super::{Asked, By, Compare, Filter, Group, MAX_DAYS, Named, Only, Range, Report, all, csv, find, paper, xlsx};
use crate::db::Conn;
use crate::domain::actor::Role;
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, CompanyId, RatePlanId, RoomTypeId, TaxId};
use crate::domain::money::Amount;
use crate::domain::percent::Percent;
use crate::domain::status::{Ledger, words};
use crate::domain::wording::{Language, text};
use crate::error::{Error, Result};
use crate::hotel::documents;
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, raw, to_json};
use crate::http::response::{Payload, Response};
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        live("/api/reports", "list_reports", Access::READ, "Which reports there are, and what each takes", list),
        raw("/api/reports/{name}", "find_report", Access::READ, "A report", "application/json", show)
            .describes::<ReportParams, ReportView>(),
    ]
}

/// A report that can be asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportEntry {
    name: &'static str,
    group: Group,
    title: String,
    /// What it tells, in a sentence.
    about: String,
    range: Range,
    /// The period of a request that names none.
    from: Date,
    to: Date,
    /// What its rows may be, the usual first.
    by: &'static [By],
    /// What it can be narrowed down by.
    filters: &'static [Filter],
    /// Whether it can stand beside another period.
    compares: bool,
    /// For owners and managers.
    is_for_managers: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportsView {
    items: Vec<ReportEntry>,
}

pub(super) fn may_see(report: &Report, role: Option<Role>) -> bool {
    !report.is_for_managers || matches!(role, Some(Role::Owner | Role::Manager))
}

fn list(app: &App, call: &Call, _: NoParams) -> Result<Reply<ReportsView>> {
    let language = call.request.language();
    let today = app.db.read(&call.context, settings::business_date)?;
    let entry = |report: &'static Report| {
        let (from, to) = report.usual(today);
        ReportEntry {
            name: report.name,
            group: report.group,
            title: (report.title)().in_language(language),
            about: (report.about)().in_language(language),
            range: report.range,
            from,
            to,
            by: report.by,
            filters: report.filters,
            compares: report.compares,
            is_for_managers: report.is_for_managers,
        }
    };
    let role = call.actor().role;
    let items = all().filter(|report| may_see(report, role)).map(entry).collect();
    Ok(Reply::of(ReportsView { items }).in_language(language))
}

words!(
    /// What a report is written as.
    Format { Json = "json", Csv = "csv", Xlsx = "xlsx", Html = "html", Pdf = "pdf" }
);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportParams {
    /// As the list of reports has it.
    name: String,
    /// A period by its name, in place of its two days: it moves with the business date.
    period: Option<Named>,
    /// The first day; what is usual when left out.
    from: Option<Date>,
    /// The last day; at most 1099 days after the first.
    to: Option<Date>,
    /// What its rows are.
    by: Option<By>,
    compare: Option<Compare>,
    /// Only days that are over, here and in what it is compared with.
    to_date: Option<bool>,
    format: Option<Format>,
    /// The report's; when left out the one that `Accept-Language` asks for.
    language: Option<Language>,
    room_type_id: Option<RoomTypeId>,
    rate_plan_id: Option<RatePlanId>,
    source: Option<String>,
    company_id: Option<CompanyId>,
    /// As guests have it; empty = those of whom it is not known.
    country: Option<String>,
    /// The same of anybody of the stay.
    person_country: Option<String>,
    article_id: Option<ArticleId>,
    method: Option<String>,
    tax_id: Option<TaxId>,
    ledger: Option<Ledger>,
}

/// A column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColumnView {
    key: String,
    title: String,
    kind: Kind,
    /// Of a figure that it is compared with: the column's of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<String>,
}

/// A text, a date, an amount, a count, a percentage or nothing.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum CellView {
    Text(String),
    Date(Date),
    Money(Amount),
    Count(i64),
    Percent(Percent),
    Empty(Option<()>),
}

/// A report: its rows have a cell a column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportView {
    name: &'static str,
    title: String,
    about: String,
    from: Date,
    to: Date,
    business_date: Date,
    by: Option<By>,
    /// It has only days that are over.
    is_to_date: bool,
    /// The period it is compared with.
    compared_from: Option<Date>,
    compared_to: Option<Date>,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    /// Below all rows; a cell a column.
    totals: Option<Vec<CellView>>,
    /// What stands behind each row; one a row, or none at all.
    links: Vec<Option<Link>>,
    /// Of rows with figures of different kinds: what those of each row are.
    kinds: Vec<Option<Kind>>,
    /// The columns of which a picture says more.
    charts: &'static [&'static str],
    /// There are more rows than one report holds.
    is_cut: bool,
}

/// A report with all that it takes to write it.
pub struct Made {
    pub report: &'static Report,
    pub asked: Asked,
    pub compare: Option<Compare>,
    pub is_to_date: bool,
    pub table: Table,
}

fn show(app: &App, call: &Call) -> Result<Response> {
    let params: ReportParams = call.params()?;
    let report = find(&params.name)?;
    if !may_see(report, call.actor().role) {
        return Err(Error::Forbidden(text!("This report is for owners and managers.")));
    }
    let format = params.format.unwrap_or(Format::Json);
    let language = params.language.unwrap_or(call.request.language());
    let most = if matches!(format, Format::Csv | Format::Xlsx) { table::MOST_IN_FILE } else { table::MOST_ROWS };
    let made = app.db.read(&call.context, |conn| make(conn, report, params, (language, most)))?;
    // A screen says that rows are missing; whoever reads a file or a paper would not know.
    if format != Format::Json && made.table.is_cut {
        return Err(Error::invalid("to", text!("makes a report of more than {most} rows: choose a shorter period", most)));
    }
    if format == Format::Xlsx && made.asked.from.year() < 1900 {
        return Err(Error::invalid("from", text!("must be in 1900 or later: a spreadsheet has no dates before")));
    }
    let file = |ending: &str| format!("attachment; filename=\"{}-{}-{}.{ending}\"", report.name, made.asked.from, made.asked.to);
    let answer = Response::new(200).header("Content-Language", language.tag()).header("Vary", "Accept-Language");
    Ok(match format {
        Format::Json => answer.with("application/json", Payload::Owned(to_json(&view(&made))?)),
        Format::Csv => {
            answer.header("Content-Disposition", file("csv")).with("text/csv; charset=utf-8", Payload::Owned(csv::write(&made)?))
        }
        Format::Xlsx => {
            answer.header("Content-Disposition", file("xlsx")).with(xlsx::MEDIA_TYPE, Payload::Owned(xlsx::write(&made)?))
        }
        Format::Html => documents::api::sheet(answer, &paper::document(&made)),
        Format::Pdf => documents::api::file(answer, &paper::document(&made), app)?,
    })
}

fn make(conn: &Conn, report: &'static Report, p: ReportParams, (language, most): (Language, usize)) -> Result<Made> {
    let (compare, is_to_date) = (p.compare, p.to_date.unwrap_or(false));
    let asked = Asked { most, ..asked(conn, report, p, language)? };
    let table = report.table(conn, &asked, compare)?;
    Ok(Made { report, asked, compare, is_to_date, table })
}

/// What a request asks of a report.
pub(super) fn asked(conn: &Conn, report: &Report, p: ReportParams, language: Language) -> Result<Asked> {
    let property = settings::property(conn)?;
    check_filters(report, &p)?;
    let days = match p.period {
        Some(_) if p.from.is_some() || p.to.is_some() => {
            return Err(Error::invalid("period", text!("replaces the first and the last day")));
        }
        Some(named) => {
            let (from, to) = named.period(property.business_date);
            (Some(from), Some(to))
        }
        None => (p.from, p.to),
    };
    let (from, mut to) = period(report, property.business_date, days)?;
    if p.to_date == Some(true) && matches!(report.range, Range::Period | Range::Ahead) {
        to = to.min(property.business_date.previous()).max(from);
    }
    let by = match (p.by, report.by) {
        (None, choices) => choices.first().copied().unwrap_or(By::Day),
        (Some(by), choices) if choices.contains(&by) => by,
        (Some(_), _) => return Err(Error::invalid("by", text!("is not offered by this report"))),
    };
    if p.compare.is_some() && !report.compares {
        return Err(Error::invalid("compare", text!("is not offered by this report")));
    }
    let only = Only {
        room_type: p.room_type_id,
        rate_plan: p.rate_plan_id,
        source: p.source,
        company: p.company_id,
        country: p.country,
        person_country: p.person_country,
        article: p.article_id,
        method: p.method,
        tax: p.tax_id,
        ledger: p.ledger,
    };
    Ok(Asked { property, from, to, by, only, language, most: table::MOST_ROWS })
}

fn period(report: &Report, today: Date, (from, to): (Option<Date>, Option<Date>)) -> Result<(Date, Date)> {
    let usual = report.usual(today);
    let (from, to) = match report.range {
        Range::Now => usual,
        Range::Day => {
            let day = to.or(from).unwrap_or(usual.1);
            (day, day)
        }
        Range::Period | Range::Ahead => match (from, to) {
            (None, None) => usual,
            (Some(from), None) => (from, usual.1.max(from)),
            (None, Some(to)) => (usual.0.min(to), to),
            (Some(from), Some(to)) => (from, to),
        },
    };
    if !(0..MAX_DAYS).contains(&from.days_until(to)) {
        return Err(Error::invalid(
            "to",
            text!("must be from {least} to {most} days after the first day", least = 0, most = MAX_DAYS - 1),
        ));
    }
    Ok((from, to))
}

fn check_filters(report: &Report, p: &ReportParams) -> Result<()> {
    let given = [
        (Filter::RoomType, p.room_type_id.is_some()),
        (Filter::RatePlan, p.rate_plan_id.is_some()),
        (Filter::Source, p.source.is_some()),
        (Filter::Company, p.company_id.is_some()),
        (Filter::Country, p.country.is_some()),
        (Filter::PersonCountry, p.person_country.is_some()),
        (Filter::Article, p.article_id.is_some()),
        (Filter::Method, p.method.is_some()),
        (Filter::Tax, p.tax_id.is_some()),
        (Filter::Ledger, p.ledger.is_some()),
    ];
    match given.into_iter().find(|(filter, is_given)| *is_given && !report.filters.contains(filter)) {
        Some((filter, _)) => Err(Error::invalid(filter.as_str(), text!("is not offered by this report"))),
        None => Ok(()),
    }
}

fn view(made: &Made) -> ReportView {
    let Made { report, asked, compare, is_to_date, table } = made;
    let language = asked.language;
    let compared = compare.map(|compare| compare.period(asked.period()));
    let cells = |cells: &[table::Cell]| cells.iter().map(|cell| cell_view(cell, &asked.property, language)).collect();
    let has_links = table.rows.iter().any(|row| row.link.is_some());
    let has_kinds = table.rows.iter().any(|row| row.kind.is_some());
    ReportView {
        name: report.name,
        title: (report.title)().in_language(language),
        about: (report.about)().in_language(language),
        from: asked.from,
        to: asked.to,
        business_date: asked.today(),
        by: (!report.by.is_empty()).then_some(asked.by),
        is_to_date: *is_to_date,
        compared_from: compared.map(|(from, _)| from),
        compared_to: compared.map(|(_, to)| to),
        columns: table.columns.iter().map(|column| column_view(column, language)).collect(),
        rows: table.rows.iter().map(|row| cells(&row.cells)).collect(),
        totals: table.totals().map(|totals| cells(&totals)),
        links: if has_links { table.rows.iter().map(|row| row.link.clone()).collect() } else { Vec::new() },
        kinds: if has_kinds { table.rows.iter().map(|row| row.kind).collect() } else { Vec::new() },
        charts: report.charts,
        is_cut: table.is_cut,
    }
}

fn column_view(column: &Column, language: Language) -> ColumnView {
    let beside = column.key.strip_suffix("_before").or_else(|| column.key.strip_suffix("_change")).map(str::to_owned);
    ColumnView { title: column.title.in_language(language), kind: column.kind, beside, key: column.key.clone() }
}

fn cell_view(cell: &table::Cell, property: &Property, language: Language) -> CellView {
    match cell {
        table::Cell::Empty => CellView::Empty(None),
        table::Cell::Text(text) => CellView::Text(text.clone()),
        table::Cell::Said(text) => CellView::Text(text.in_language(language)),
        table::Cell::Date(date) => CellView::Date(*date),
        table::Cell::Money(money) => CellView::Money(property.amount(*money)),
        table::Cell::Count(count) => CellView::Count(*count),
        table::Cell::Percent(percent) => CellView::Percent(*percent),
    }
}
