//! `/api/day-close/plan`: whether days close by themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Choice;
use super::plan::{self, Plan};
use crate::db::{Conn, Table, Tx};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Instant;
use crate::domain::id::Version;
use crate::domain::status::words;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::settings;
use crate::hotel::settings::api::check_version;
use crate::http::endpoint::{Access, Endpoint, NoParams, query, update};

pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![query(
        "/api/day-close/plan",
        "find_day_close_plan",
        Access::READ,
        "Whether days close by themselves, and how",
        &[Table::DayClosePlan, Table::DayClose],
        find,
    )];
    endpoints.extend(update(
        "/api/day-close/plan",
        ["update_day_close_plan", "replace_day_close_plan"],
        Access::OWN,
        "Change whether days close by themselves, and how",
        change,
    ));
    endpoints
}

words!(
    /// What becomes of guests who have not come.
    ArrivalsChoice { NoShow = "no_show", Carry = "carry" }
);
words!(
    /// What becomes of guests who have not left.
    DeparturesChoice { Extend = "extend", Carry = "carry" }
);
words!(
    /// What becomes of options that are over.
    OptionsChoice { Release = "release", Carry = "carry" }
);

/// Whether days close by themselves, and how.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayClosePlanView {
    is_on: bool,
    /// In the night after the day, by the hotel's clock.
    close_time: String,
    /// Of a day that was missed by more than a night, arrivals and options are left open whatever is said here.
    arrivals: Choice,
    /// From when on who has not come is taken for a no-show.
    no_show_time: ArrivalTime,
    departures: Choice,
    options: Choice,
    /// Whether the emergency paper is kept beside the data and in the second folder.
    keeps_paper: bool,
    /// When the open day closes by itself; empty when it does not.
    next_at: Option<Instant>,
    version: i64,
}

fn view(conn: &Conn, plan: &Plan) -> Result<DayClosePlanView> {
    let property = settings::property(conn)?;
    let next_at = plan::due_at(plan, property.business_date, &property.zone()).filter(|_| plan.is_on);
    Ok(DayClosePlanView {
        is_on: plan.is_on,
        close_time: plan.close_time.clone(),
        arrivals: plan.arrivals,
        no_show_time: plan.no_show_time,
        departures: plan.departures,
        options: plan.options,
        keeps_paper: plan.keeps_paper,
        next_at,
        version: plan.version,
    })
}

fn find(conn: &Conn, _: NoParams) -> Result<DayClosePlanView> {
    view(conn, &plan::find(conn)?)
}

/// What [`is_close_time`] takes.
const CLOSE_TIME: &str = "^(0[0-5]:[03]0|06:00)$";

fn is_close_time(text: &str) -> bool {
    text == "06:00" || matches!(text.as_bytes(), [b'0', b'0'..=b'5', b':', b'0' | b'3', b'0'])
}

/// What of the plan changes; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayClosePlanChange {
    is_on: Option<bool>,
    #[schemars(regex(pattern = CLOSE_TIME))]
    close_time: Option<String>,
    arrivals: Option<ArrivalsChoice>,
    no_show_time: Option<ArrivalTime>,
    departures: Option<DeparturesChoice>,
    options: Option<OptionsChoice>,
    keeps_paper: Option<bool>,
    version: Option<Version>,
}

fn change(tx: &Tx, _: NoParams, body: DayClosePlanChange) -> Result<DayClosePlanView> {
    let before = plan::find(tx)?;
    check_version(body.version, before.version)?;
    let mut after = before.clone();
    if let Some(time) = body.close_time {
        if !is_close_time(&time) {
            return Err(Error::invalid("close_time", text!("must be a full or half hour from 00:00 to 06:00")));
        }
        after.close_time = time;
    }
    after.is_on = body.is_on.unwrap_or(before.is_on);
    after.keeps_paper = body.keeps_paper.unwrap_or(before.keeps_paper);
    after.no_show_time = body.no_show_time.unwrap_or(before.no_show_time);
    let carried = |is_carried: bool, otherwise: Choice| if is_carried { Choice::Carry } else { otherwise };
    if let Some(arrivals) = body.arrivals {
        after.arrivals = carried(arrivals == ArrivalsChoice::Carry, Choice::NoShow);
    }
    if let Some(departures) = body.departures {
        after.departures = carried(departures == DeparturesChoice::Carry, Choice::Extend);
    }
    if let Some(options) = body.options {
        after.options = carried(options == OptionsChoice::Carry, Choice::Release);
    }
    let was = serde_json::to_value(view(tx, &before)?).map_err(Error::internal)?;
    let saved = plan::save(tx, &after)?;
    let is = view(tx, &saved)?;
    plan::note(tx, &was, &is)?;
    Ok(is)
}
