//! A file of prices, in and out: `/api/rate-calendar/file` and `/api/rate-calendar/imports`. What would change
//! is told first; it is one change, which can be put back cell by cell; of a file with a bad cell nothing is taken.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cells::{MOST, put_rates, put_restrictions};
use super::{Calendar, file};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, RoomTypeId};
use crate::domain::money::{Amount, Money};
use crate::domain::restriction::RestrictionKind as Kind;
use crate::domain::status::words;
use crate::domain::text::{Name, Paragraph};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::settings;
use crate::hotel::transfer::options::Delimiter;
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, command, raw, task};
use crate::http::request::Method;
use crate::http::response::{Payload, Response};
use crate::http::state::App;

const BODY_LIMIT: usize = 8 * 1024 * 1024;
const MEDIA_TYPE: &str = "text/csv";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        raw("/api/rate-calendar/file", "export_rates", Access::READ, "Prices and own restrictions as CSV", MEDIA_TYPE, export)
            .takes::<FileParams>()
            .long(),
        task(
            Method::Post,
            "/api/rate-calendar/imports/preview",
            "preview_rate_import",
            Access::MANAGE,
            "What a file of prices would change; nothing is changed",
            preview,
        )
        .body_limit(BODY_LIMIT)
        .long(),
        command(
            Method::Post,
            "/api/rate-calendar/imports",
            "import_rates",
            Access::MANAGE,
            "Take prices and restrictions from a CSV file, as one change",
            import,
        )
        .body_limit(BODY_LIMIT)
        .long(),
    ]
}

words!(
    /// What stands between the values: a comma, or a semicolon with decimal commas, as spreadsheets of many countries have it.
    Separator { Comma = "comma", Semicolon = "semicolon" }
);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileParams {
    from: Date,
    /// The last night.
    to: Date,
    /// Every plan that is sold, when left out.
    rate_plan_id: Option<RatePlanId>,
    /// Every type when left out.
    room_type_id: Option<RoomTypeId>,
    /// Commas when left out.
    separator: Option<Separator>,
}

fn export(app: &App, call: &Call) -> Result<Response> {
    let p: FileParams = call.params()?;
    let delimiter = match p.separator {
        None | Some(Separator::Comma) => Delimiter::Comma,
        Some(Separator::Semicolon) => Delimiter::Semicolon,
    };
    let bytes = app.db.read(&call.context, |conn| {
        file::write(conn, &Calendar::of(conn, (p.from, p.to), p.rate_plan_id, p.room_type_id)?, delimiter)
    })?;
    Ok(Response::new(200)
        .header("Content-Disposition", "attachment; filename=\"prices.csv\"")
        .with("text/csv; charset=utf-8", Payload::Owned(bytes)))
}

/// A file of prices.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Its text: `date`, `room_type` and `rate_plan` by their codes, and any of `price` and the restrictions. An empty
    /// cell is none of the plan's own; a price that the night has already is no price of its own.
    csv: Paragraph<6_000_000>,
    /// The `state` of a preview: the import is refused when it would change something else than that told.
    expects: Option<Name<64>>,
}

/// A plan's own price of a night, before and after; `null` = none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedRate {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    date: Date,
    /// What the night costs before.
    before: Amount,
    own_before: Option<Amount>,
    own_after: Option<Amount>,
}

/// A plan's own restriction of a date, before and after; `null` = none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportedRestriction {
    rate_plan_id: RatePlanId,
    room_type_id: RoomTypeId,
    date: Date,
    kind: Kind,
    before: Option<i64>,
    after: Option<i64>,
}

/// What changes; all else in the file is so already.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportView {
    rows: usize,
    rates: Vec<ImportedRate>,
    restrictions: Vec<ImportedRestriction>,
    /// Stands for all of this: another one when anything in it is another.
    state: String,
}

/// What changes of a plan and a type.
type Of<T> = BTreeMap<(RatePlanId, RoomTypeId), T>;

struct Found {
    view: ImportView,
    rates: Of<BTreeMap<Date, Option<Money>>>,
    restrictions: Of<Vec<(Date, Kind, Option<i64>)>>,
    plans: Vec<crate::hotel::rates::RatePlan>,
}

fn found(conn: &Conn, csv: &str) -> Result<Found> {
    let property = settings::property(conn)?;
    let file::File { rows, types, plans } = file::read(conn, &property, csv)?;
    let dates = rows.iter().map(|row| row.date);
    let (Some(first), Some(last)) = (dates.clone().min(), dates.max()) else {
        return Err(Error::invalid("csv", text!("has no rows")));
    };
    let calendar = Calendar::over(conn, (first, last), plans.clone(), types)?;
    let mut out = Found {
        view: ImportView { rows: rows.len(), rates: Vec::new(), restrictions: Vec::new(), state: String::new() },
        rates: Of::new(),
        restrictions: Of::new(),
        plans,
    };
    let mut by_place: Of<BTreeMap<Date, file::Row>> = Of::new();
    for row in rows {
        by_place.entry((row.plan, row.room_type)).or_default().insert(row.date, row);
    }
    for room_type in &calendar.types {
        let prices = calendar.prices(conn, room_type)?;
        let held = calendar.restrictions(conn, room_type.id)?;
        for ((plan, prices), held) in calendar.plans.iter().zip(prices).zip(held) {
            let key = (plan.id, room_type.id);
            for (date, row) in by_place.remove(&key).unwrap_or_default() {
                let Some(at) = calendar.place(date) else { continue };
                let (before, own_before) = (prices.rates[at], prices.own[at]);
                let is_so = |price: Option<Money>| price == own_before || price == Some(before);
                if let Some(own_after) = row.price.filter(|price| !is_so(*price)) {
                    let amount = |price: Money| property.amount(price);
                    out.rates.entry(key).or_default().insert(date, own_after);
                    out.view.rates.push(ImportedRate {
                        rate_plan_id: plan.id,
                        room_type_id: room_type.id,
                        date,
                        before: amount(before),
                        own_before: own_before.map(amount),
                        own_after: own_after.map(amount),
                    });
                }
                let own = held.iter().find(|held| held.night == date).map(|held| held.own).unwrap_or_default();
                for (kind, after) in row.restrictions {
                    let before = own.get(kind);
                    if before == after {
                        continue;
                    }
                    out.restrictions.entry(key).or_default().push((date, kind, after));
                    let (rate_plan_id, room_type_id) = key;
                    out.view.restrictions.push(ImportedRestriction { rate_plan_id, room_type_id, date, kind, before, after });
                }
            }
        }
    }
    // What comes in can be put back by one request.
    if out.view.rates.len().max(out.view.restrictions.len()) > MOST {
        return Err(Error::invalid("csv", text!("changes more than {cells} cells", cells = MOST)));
    }
    let told = serde_json::to_vec(&(&out.view.rates, &out.view.restrictions)).map_err(Error::internal)?;
    out.view.state = Sha256::digest(told)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(out)
}

fn preview(app: &App, call: &Call, _: NoParams, body: ImportRequest) -> Result<Reply<ImportView>> {
    Ok(Reply::of(app.db.read(&call.context, |conn| Ok(found(conn, &body.csv)?.view))?))
}

fn import(tx: &Tx, _: NoParams, body: ImportRequest) -> Result<ImportView> {
    let Found { view, rates, mut restrictions, plans } = found(tx, &body.csv)?;
    if body.expects.as_ref().is_some_and(|expected| **expected != *view.state) {
        let detail = text!("Somebody has changed these prices since. Look again at what would change.");
        return Err(Error::refused(Code::StaleVersion, detail));
    }
    for plan in &plans {
        let of_plan = rates.iter().filter(|((id, _), _)| *id == plan.id);
        for ((_, room_type), nights) in of_plan {
            put_rates(tx, plan, *room_type, nights.clone())?;
        }
        let keys: Vec<_> = restrictions.keys().filter(|(id, _)| *id == plan.id).copied().collect();
        for key in keys {
            let cells = restrictions.remove(&key).unwrap_or_default();
            put_restrictions(tx, plan, key.1, cells.into_iter())?;
        }
    }
    Ok(view)
}
