//! `/api/report-views`: reports as somebody wants to see them again, by a name: the report and what it was asked for, a period relative to
//! the business date where it has one. One's own, and those that owners and managers share with everybody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{self, ReportParams};
use super::find;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::id::{ReportViewId, UserId};
use crate::domain::text::{Line, Name};
use crate::domain::wording::{Language, text};
use crate::error::{Code, Error, Result};
use crate::hotel::audit;
use crate::hotel::listing::Items;
use crate::http::decode;
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query};
use crate::http::request::{Method, Request};

statements! {
    // Own ones first.
    LIST = "reports.views" selects View "FROM report_view AS v JOIN user AS u ON u.id = v.user_id
        WHERE v.user_id = ?1 OR v.is_shared = 1
        ORDER BY v.user_id <> ?1, v.name, v.id LIMIT 1000", scans "a hotel's saved views are few";
    FIND = "reports.view" selects View "FROM report_view AS v JOIN user AS u ON u.id = v.user_id WHERE v.id = ?1";
    COUNT_OTHERS = "reports.count_other_views": "SELECT count(*) FROM report_view WHERE user_id = ?1 AND name <> ?2";
    SAVE = "reports.save_view": "INSERT INTO report_view (user_id, name, report, query, is_shared) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (user_id, name) DO UPDATE SET report = excluded.report, query = excluded.query, is_shared = excluded.is_shared
        RETURNING id";
    DELETE = "reports.delete_view": "DELETE FROM report_view WHERE id = ?1";
}

/// Views of one person at most.
const MOST_VIEWS: i64 = 50;

pub type ViewName = Name<100>;
pub type ViewQuery = Line<500>;
pub type ReportName = Name<50>;

record! {
    struct View {
        id: ReportViewId = "v.id",
        user_id: UserId = "v.user_id",
        username: String = "u.username",
        name: String = "v.name",
        report: String = "v.report",
        query: String = "v.query",
        is_shared: bool = "v.is_shared",
    }
}

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        query(
            "/api/report-views",
            "list_report_views",
            Access::READ,
            "Saved views of reports: one’s own, and shared ones",
            &[],
            list,
        ),
        command(
            Method::Post,
            "/api/report-views",
            "save_report_view",
            Access::DESK,
            "Save a view, or save it anew under its name",
            save,
        )
        .creates(),
        command(Method::Delete, "/api/report-views/{id}", "delete_report_view", Access::DESK, "Delete a saved view", delete),
    ]
}

/// A report as somebody wants to see it again.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedView {
    id: ReportViewId,
    name: String,
    /// The report's name.
    report: String,
    /// What it is asked for, as in its address: `period=last_month&by=day`.
    query: String,
    is_shared: bool,
    is_own: bool,
    /// Who saved it.
    username: String,
}

fn shown(view: View, conn: &Conn) -> SavedView {
    SavedView {
        id: view.id,
        name: view.name,
        report: view.report,
        query: view.query,
        is_shared: view.is_shared,
        is_own: Some(view.user_id) == conn.actor().user_id,
        username: view.username,
    }
}

/// Without those of reports that this person does not see.
fn list(conn: &Conn, _: NoParams) -> Result<Items<SavedView>> {
    let role = conn.actor().role;
    let found = conn.all(&LIST, [conn.actor().user_id.map_or(0, |id| id.0)], View::from_row)?;
    let is_seen = |view: &View| find(&view.report).is_ok_and(|report| api::may_see(report, role));
    Ok(Items { items: found.into_iter().filter(is_seen).map(|view| shown(view, conn)).collect() })
}

/// A view to save.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewRequest {
    /// A name of one's own that is there already is saved anew.
    name: ViewName,
    report: ReportName,
    /// What it is asked for, as in its address: `period=last_month&by=day`.
    query: Option<ViewQuery>,
    /// Everybody sees it; for owners and managers.
    is_shared: Option<bool>,
}

fn save(tx: &Tx, _: NoParams, body: ViewRequest) -> Result<SavedView> {
    let user = tx.actor().user_id.ok_or_else(Error::not_signed_in)?;
    let name = body.name.checked().map_err(|message| Error::invalid("name", message))?;
    let report = find(&body.report).map_err(|_| Error::invalid("report", text!("does not exist")))?;
    if !api::may_see(report, tx.actor().role) {
        return Err(Error::Forbidden(text!("This report is for owners and managers.")));
    }
    let query = body.query.unwrap_or_default().checked().map_err(|message| Error::invalid("query", message))?;
    check(tx, report.name, &query)?;
    let is_shared = body.is_shared.unwrap_or(false);
    if is_shared && !is_manager(tx) {
        return Err(Error::Forbidden(text!("Only owners and managers can share views.")));
    }
    if tx.scalar::<i64>(&COUNT_OTHERS, (user, &name))? >= MOST_VIEWS {
        return Err(Error::refused(
            Code::StillInUse,
            text!("You have reached the maximum number of saved views; delete one first."),
        ));
    }
    let id: ReportViewId = tx.scalar(&SAVE, (user, name, report.name, query, is_shared))?;
    let saved = shown(one(tx, id)?, tx);
    audit::record(tx, "save", "report_view", id.0, &audit::NOTHING, &saved)?;
    Ok(saved)
}

/// What is saved is what the report takes.
fn check(conn: &Conn, report: &'static str, query: &str) -> Result<()> {
    let asked = Request::new(Method::Get, &format!("/api/reports/{report}?{query}"));
    let mut pairs = asked.query_pairs();
    pairs.push(("name".to_owned(), report.to_owned()));
    let is_good = |conn: &Conn| -> Result<()> {
        let params: ReportParams = decode::params(&pairs)?;
        api::asked(conn, find(report)?, params, Language::English).map(|_| ())
    };
    is_good(conn).map_err(|_| Error::invalid("query", text!("is not an option of this report")))
}

fn is_manager(conn: &Conn) -> bool {
    matches!(conn.actor().role, Some(Role::Owner | Role::Manager))
}

fn one(conn: &Conn, id: ReportViewId) -> Result<View> {
    conn.one(&FIND, [id], View::from_row)?.ok_or_else(|| Error::NotFound(text!("This view does not exist.")))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByView {
    id: ReportViewId,
}

fn delete(tx: &Tx, at: ByView, _: NoBody) -> Result<()> {
    let view = one(tx, at.id)?;
    let is_own = Some(view.user_id) == tx.actor().user_id;
    if !is_own && !view.is_shared {
        return Err(Error::NotFound(text!("This view does not exist.")));
    }
    if !is_own && !is_manager(tx) {
        return Err(Error::Forbidden(text!("Only owners and managers can share views.")));
    }
    tx.run(&DELETE, [at.id])?;
    audit::record(tx, "delete", "report_view", at.id.0, &shown(view, tx), &audit::NOTHING)
}
