//! `/api/room-types/{id}/calendar`: what is told under each day where dates are chosen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::booking::PartySize;
use super::{details, find, party};
use crate::db::{Conn, Table};
use crate::domain::ages::Ages;
use crate::domain::date::Date;
use crate::domain::id::{RatePlanId, ReservationId, RoomTypeId};
use crate::domain::money::Amount;
use crate::domain::number::Whole;
use crate::error::{Fields, Result};
use crate::hotel::listing::Items;
use crate::hotel::rates::{self, Asked, Sale, changes};
use crate::hotel::rooms;
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::settings;
use crate::http::endpoint::{Access, Endpoint, query};

pub fn endpoints() -> Vec<Endpoint> {
    vec![query(
        "/api/room-types/{id}/calendar",
        "list_type_nights",
        Access::READ,
        "What each night of a room type costs under a plan, and how many rooms it has left",
        TABLES,
        calendar,
    )]
}

const TABLES: &[Table] = &[
    Table::Room,
    Table::RoomType,
    Table::RoomBlock,
    Table::Reservation,
    Table::ReservationNight,
    Table::RatePlan,
    Table::DailyRate,
    Table::Article,
    Table::GroupNight,
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarParams {
    id: RoomTypeId,
    from: Date,
    /// The last night.
    to: Date,
    /// The hotel's own price (BAR) when left out.
    rate_plan_id: Option<RatePlanId>,
    /// Who comes; when left out, as many as are in the type's price.
    adults: Option<Whole<{ PartySize::MIN }, { PartySize::MAX }>>,
    children: Option<Whole<{ PartySize::MIN }, { PartySize::MAX }>>,
    /// How old the children are at arrival, as 4,7: of all, or none.
    children_ages: Option<Ages>,
    /// A booking that does not stand in its own way.
    reservation_id: Option<ReservationId>,
}

/// A night of a room type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CalendarNight {
    date: Date,
    /// Without what a long stay takes off.
    rate: Amount,
    /// Rooms that can still be sold.
    available_count: i64,
}

fn calendar(conn: &Conn, p: CalendarParams) -> Result<Items<CalendarNight>> {
    let nights = rates::api::nights(p.from, p.to)?;
    let (property, room_type) = (settings::property(conn)?, rooms::find_type(conn, p.id)?);
    let plan = rates::named(conn, Sale::New(p.rate_plan_id).plan())?;
    let (adults, children) = (p.adults.map_or(0, |n| n.0), p.children.map_or(0, |n| n.0));
    let ages = p.children_ages.unwrap_or_default();
    let mut fields = Fields::default();
    details::check_ages(&mut fields, &ages, children);
    fields.finish()?;
    let people = party::told(adults, children, &ages);
    let asker = p.reservation_id.map_or(Ok(Asker::NOBODY), |id| find(conn, id).map(|stay| stay.asker()))?;
    let asked = Asked { people: &people, ..changes::alone(&plan, &room_type, property.business_date) };
    let quote = rates::quote(conn, &asked, &nights)?;
    let night = |n: &rates::QuotedNight| {
        let left = inventory::left(conn, room_type.id, n.night, asker)?;
        Ok(CalendarNight { date: n.night, rate: property.amount(n.rate), available_count: left.free.max(0) })
    };
    Ok(Items { items: quote.nights.iter().map(night).collect::<Result<_>>()? })
}
