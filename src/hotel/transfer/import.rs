//! Bookings from a CSV file: read whole, given rooms in memory, then written in
//! one transaction. Nothing is written before everything has been looked at.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::io::Read;

use super::known::KnownRows;
use super::options::ImportOptions;
use super::parse::{self, Known};
use super::place::{Placed, place};
use super::rack::RackRoom;
use super::row::{Paid, Row, Rows};
use super::write::write;
use super::{BadRow, Outcome, Report, report};
use crate::db::{Conn, Tx};
use crate::domain::id::PolicyId;
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::wording::Text;
use crate::error::{Error, Result};
use crate::hotel::articles::{self, Article};
use crate::hotel::policies::{self, Policy};
use crate::hotel::rates::{self, Asked, Buyer, Quote, RatePlan, Sale};
use crate::hotel::reservations::party;
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings::{self, Property};
use crate::hotel::statistics::past;

/// Imports the bookings of a CSV file. `progress` is told how many of how many
/// bookings have been written.
///
/// # Errors
/// `BadRequest` when the file cannot be read or its header is not right. Bad
/// rows are no error: they stand in the report.
pub fn import(tx: &Tx, csv: impl Read, options: &ImportOptions, progress: &mut dyn FnMut(u64, u64)) -> Result<Report> {
    let hotel = Hotel::read(tx)?;
    let mut rows = parse::read(csv, &hotel.known(), options)?;
    let mut known = KnownRows::take(tx, &hotel, &mut rows)?;
    let Rows { good, bad, .. } = &mut rows;
    good.retain_mut(|row| {
        row.asks.extend(hotel.over_capacity(row).filter(|_| !options.over_capacity));
        let is_complete = row.asks.is_empty();
        bad.append(&mut row.asks);
        is_complete
    });
    let mut decided = None;
    // What is changed of known bookings comes first, since it may free rooms, and is
    // taken back when nothing is imported.
    let tried = tx.attempt(|| {
        known.update(tx, &hotel, &rows)?;
        let placed = place(tx, &hotel, &mut rows)?;
        let outcome = match (options.dry_run, options.skip_bad_rows || rows.bad.is_empty()) {
            (true, _) => Outcome::DryRun,
            (false, true) => Outcome::Imported,
            (false, false) => Outcome::Refused,
        };
        decided = Some((placed, outcome));
        if outcome == Outcome::Imported { Ok(()) } else { Err(Error::internal("only looked at")) }
    });
    let (placed, outcome) = match (decided, tried) {
        (Some(decided), _) => decided,
        (None, Err(error)) => return Err(error),
        (None, Ok(())) => return Err(Error::internal("an import was not decided")),
    };
    sort(&mut rows.bad, Ord::cmp);
    if outcome == Outcome::Imported && !placed.is_empty() {
        write(tx, &hotel, &rows, &placed, progress)?;
    }
    if let (Outcome::Imported, Some((from, to))) = (outcome, past::closed(tx)?) {
        past::write_missing(tx, from, to)?;
    }
    let notes = notes(tx, &hotel, &rows, &placed)?;
    let already_there = known.count();
    Ok(Report { outcome, imported: placed.len() as u64, already_there, differences: known.differences(), notes, bad: rows.bad })
}

/// What the hotel has.
pub struct Hotel {
    pub property: Property,
    pub room_types: Vec<RoomType>,
    pub rooms: Vec<RackRoom>,
    pub rate_plans: Vec<RatePlan>,
    pub policies: HashMap<PolicyId, Policy>,
    pub articles: Vec<Article>,
}

impl Hotel {
    fn read(conn: &Conn) -> Result<Hotel> {
        let room_types = rooms::all_types(conn)?;
        let place = |room: &rooms::Room| room_types.iter().position(|t| t.id == room.room_type_id).unwrap_or(0);
        let rooms = rooms::all(conn)?
            .into_iter()
            .map(|room| RackRoom { id: room.id, room_type: place(&room), room_number: room.room_number })
            .collect();
        let (property, policies) = (settings::property(conn)?, policies::store::all(conn)?);
        let (rate_plans, articles) = (rates::all(conn)?, articles::store::all(conn)?);
        Ok(Hotel { property, room_types, rooms, rate_plans, policies, articles })
    }

    /// What stands against a party that is too large for its room type. What was
    /// exported here tells its nights, and was taken by somebody who may.
    fn over_capacity(&self, row: &Row) -> Option<BadRow> {
        let room_type = &self.room_types[row.room_type];
        if row.nights.is_some() || room_type.has_room_for(row.adults, row.children) {
            return None;
        }
        let reason = format!(
            "{} are more than a {} is for, which is {}; --over-capacity takes such bookings as they are",
            people(row.adults, row.children),
            room_type.name,
            people(room_type.capacity_adults, room_type.capacity_children),
        );
        Some(BadRow { line: row.line, column: "adults", reason })
    }

    fn known(&self) -> Known {
        let types = self.room_types.iter().enumerate();
        // A code wins over another type's name.
        let names = types.clone().map(|(at, t)| (t.name.to_lowercase(), at));
        let codes = types.map(|(at, t)| (t.code.to_lowercase(), at));
        let own = |plan: &RatePlan| plan.policy_id.and_then(|id| self.policies.get(&id)).map(|policy| (plan.id, policy.clone()));
        let plan_policies = self.rate_plans.iter().filter_map(own).collect();
        let plans = self.rate_plans.iter();
        let plan_names = plans.clone().map(|p| (p.name.to_lowercase(), p.id));
        let plan_codes = plans.map(|p| (p.code.to_lowercase(), p.id));
        Known {
            currency: self.property.currency.clone(),
            business_date: self.property.business_date,
            policy: self.policies.get(&self.property.policy_id).cloned().unwrap_or_else(Policy::free),
            plan_policies,
            room_types: names.chain(codes).collect(),
            rooms: self.rooms.iter().enumerate().map(|(at, r)| (r.room_number.to_lowercase(), at)).collect(),
            rate_plans: plan_names.chain(plan_codes).collect(),
            articles: self.articles.iter().map(|article| (article.name.to_lowercase(), article.clone())).collect(),
        }
    }
}

/// What was asked for and not written in the file, and what came of it.
fn notes(tx: &Tx, hotel: &Hotel, rows: &Rows, placed: &[Placed]) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let rows = || placed.iter().map(|p| &rows.good[p.row]);
    for (status, count) in counted(rows().filter(|r| r.is_status_asked).map(|r| r.status.as_str())) {
        let bookings = report::counted(count, "past booking");
        notes.push(format!("{bookings} without a status: taken as {status}, as --past-status says."));
    }
    let parties = counted(rows().filter_map(|r| r.party.as_deref()));
    let (shared, of_several) = (parties.values().filter(|n| **n > 1).count(), parties.values().filter(|n| **n > 1).sum::<u64>());
    if shared > 0 {
        let parties = if shared == 1 { "one party".to_owned() } else { format!("{shared} parties") };
        notes.push(format!("{of_several} bookings belong to {parties} of several rooms; each room is a booking of its own."));
    }
    let too_large = rows().filter(|r| hotel.over_capacity(r).is_some()).count();
    if too_large > 0 {
        let are = if too_large == 1 { "is" } else { "are" };
        let bookings = report::counted(too_large as u64, "booking");
        notes.push(format!("{bookings} {are} for more guests than the room type is for, as --over-capacity allows."));
    }
    for paid in [Paid::InFull, Paid::Owed] {
        let (mut count, mut sum) = (0_u64, Money::ZERO);
        for row in rows().filter(|r| r.paid == paid) {
            (count, sum) = (count + 1, sum + price(tx, hotel, row)?);
        }
        let sum = Text::from(hotel.property.money_in_words(sum));
        match paid {
            _ if count == 0 => {}
            Paid::InFull => notes.push(format!(
                "{} without a payment: taken as paid in full, {sum}, as --past-payment says.",
                report::counted(count, "past booking")
            )),
            Paid::Owed | Paid::Amount(_) => notes.push(format!(
                "{} without a payment: {sum} is still owed, as --past-payment says, and stands in the balance due.",
                report::counted(count, "past booking")
            )),
        }
    }
    Ok(notes)
}

/// "2 adults and 1 child".
fn people(adults: i64, children: i64) -> String {
    let adults = format!("{adults} {}", if adults == 1 { "adult" } else { "adults" });
    match children {
        0 => adults,
        1 => format!("{adults} and 1 child"),
        _ => format!("{adults} and {children} children"),
    }
}

fn counted<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// What all nights of a row cost.
fn price(tx: &Tx, hotel: &Hotel, row: &Row) -> Result<Money> {
    match row.total {
        Some(total) => Ok(total),
        None => Ok(quoted(tx, hotel, row)?.total()),
    }
}

/// What the nights of a row cost by the rates.
pub fn quoted(tx: &Tx, hotel: &Hotel, row: &Row) -> Result<Quote> {
    let asked = Asked {
        sale: Sale::Booked(row.rate_plan),
        buyer: Buyer::default(),
        room_type: &hotel.room_types[row.room_type],
        people: &party::told(row.adults, row.children, &row.details.children_ages),
        cots: row.details.cots,
        arrival: row.stay.arrival(),
        nights: row.stay.arrival().days_until(row.stay.departure()),
        booked_on: row.created.unwrap_or(hotel.property.business_date),
    };
    rates::quote(tx, &asked, &row.stay.priced_dates())
}
