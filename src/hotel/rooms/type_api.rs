//! `/api/room-types`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::add_rooms;
use super::numbers::{MAX_BATCH, Numbers};
use super::party_price::{ChildRate, ChildRates, MAX_BANDS, MAX_INCLUDED, PartyPrice};
use super::{Amenity, BedConfig, CapacityAdults, CapacityChildren, Cots, NewRoomType, RoomType, SortOrder, TypeCode, TypeName};
use crate::db::{Conn, Table, Tx};
use crate::domain::ages::OLDEST_CHILD;
use crate::domain::date::Instant;
use crate::domain::few::Few;
use crate::domain::id::{RoomTypeId, Version};
use crate::domain::money::{Amount, NotNegative};
use crate::domain::number::Whole;
use crate::domain::order::sort;
use crate::domain::search_text::is_found_in;
use crate::error::Result;
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query, update};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::RoomType, Table::Room];
    let mut endpoints = vec![
        query("/api/room-types", "list_room_types", Access::STAFF, "What is sold", tables, list_types),
        command(Method::Post, "/api/room-types", "create_room_type", Access::MANAGE, "Add a room type", create_type).creates(),
        query("/api/room-types/{id}", "find_room_type", Access::STAFF, "One room type", tables, find_type),
        command(
            Method::Delete,
            "/api/room-types/{id}",
            "delete_room_type",
            Access::MANAGE,
            "Delete a room type without rooms that was never booked",
            delete_type,
        ),
    ];
    let names = ["update_room_type", "replace_room_type"];
    endpoints.extend(update("/api/room-types/{id}", names, Access::MANAGE, "Change a room type", change_type));
    endpoints
}

/// What is sold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoomTypeView {
    id: RoomTypeId,
    name: String,
    code: String,
    capacity_adults: i64,
    capacity_children: i64,
    /// Cots that fit into a room.
    max_cots: i64,
    /// What a cot costs a night.
    cot_rate: Amount,
    bed_config: String,
    /// The price of a night for which no rate plan says another.
    default_rate: Amount,
    /// How many people a night's price is for; `null` = it is the room's, however many they are.
    included_persons: Option<i64>,
    /// What each adult more costs a night.
    extra_adult_rate: Amount,
    /// What each child more costs a night, by its age on it; in no band it counts as an adult.
    child_rates: Vec<ChildRateView>,
    amenities: Vec<String>,
    /// The place in lists; the smaller the earlier.
    sort_order: i64,
    room_count: i64,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

/// A band of ages, both among it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChildRateView {
    from_age: i64,
    to_age: i64,
    rate: Amount,
}

pub(super) fn type_view(property: &Property, t: RoomType) -> RoomTypeView {
    let band = |ChildRate { from_age, to_age, rate }| ChildRateView { from_age, to_age, rate: property.amount(rate) };
    RoomTypeView {
        id: t.id,
        name: t.name,
        code: t.code,
        capacity_adults: t.capacity_adults,
        capacity_children: t.capacity_children,
        max_cots: t.max_cots,
        cot_rate: property.amount(t.party_price.cot_rate),
        bed_config: t.bed_config,
        default_rate: property.amount(t.default_rate),
        included_persons: t.party_price.included_persons,
        extra_adult_rate: property.amount(t.party_price.extra_adult_rate),
        child_rates: t.party_price.child_rates.0.into_iter().map(band).collect(),
        amenities: t.amenities,
        sort_order: t.sort_order,
        room_count: t.room_count,
        version: t.version,
        created_at: t.created_at,
        updated_at: t.updated_at,
    }
}

list_params! {
    pub struct RoomTypeListParams by TypeSort {
        /// A part of the name or the code.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of room types.
    TypeSort, SortOrder Ascending {
        SortOrder = "sort_order",
        Name = "name",
        Code = "code",
        DefaultRate = "default_rate",
        CreatedAt = "created_at",
    }
);

fn list_types(conn: &Conn, p: RoomTypeListParams) -> Result<List<RoomTypeView>> {
    let order = p.order();
    let property = settings::property(conn)?;
    let mut types = super::all_types(conn)?;
    if let Some(q) = p.q.as_deref() {
        types.retain(|t| is_found_in(&t.name, q) || is_found_in(&t.code, q));
    }
    sort(&mut types, |a, b| {
        order.direction.of(match order.by {
            TypeSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            TypeSort::Code => a.code.to_lowercase().cmp(&b.code.to_lowercase()),
            TypeSort::DefaultRate => a.default_rate.cmp(&b.default_rate),
            TypeSort::CreatedAt => a.created_at.cmp(&b.created_at),
            TypeSort::SortOrder => a.sort_order.cmp(&b.sort_order),
        })
    });
    Ok(page_of(types.into_iter().map(|t| type_view(&property, t)).collect(), p.page()))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByRoomType {
    id: RoomTypeId,
}

fn find_type(conn: &Conn, at: ByRoomType) -> Result<RoomTypeView> {
    Ok(type_view(&settings::property(conn)?, super::find_type(conn, at.id)?))
}

type Amenities = Few<Amenity, 0, 50>;

type Included = Whole<1, MAX_INCLUDED>;
type Bands = Few<ChildRateRequest, 0, MAX_BANDS>;

/// A band of ages, both among it, and what a child of them costs a night.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildRateRequest {
    from_age: Whole<0, OLDEST_CHILD>,
    to_age: Whole<0, OLDEST_CHILD>,
    rate: NotNegative,
}

/// The price by people after a change; without included people there is nothing beyond them.
fn party_price(
    property: &Property,
    before: PartyPrice,
    included: Option<Option<Included>>,
    (adult, cot): (Option<&NotNegative>, Option<&NotNegative>),
    bands: Option<&[ChildRateRequest]>,
) -> Result<PartyPrice> {
    let cot_rate = cot.map_or(Ok(before.cot_rate), |rate| property.price("cot_rate", rate))?;
    let before = if included.is_some_and(|given| given.is_none()) { PartyPrice::default() } else { before };
    let band = |(at, band): (usize, &ChildRateRequest)| {
        let rate = property.price(&format!("child_rates[{at}].rate"), &band.rate)?;
        Ok(ChildRate { from_age: band.from_age.0, to_age: band.to_age.0, rate })
    };
    Ok(PartyPrice {
        included_persons: included.map_or(before.included_persons, |given| given.map(|included| included.0)),
        extra_adult_rate: adult.map_or(Ok(before.extra_adult_rate), |rate| property.price("extra_adult_rate", rate))?,
        child_rates: match bands {
            Some(bands) => ChildRates(bands.iter().enumerate().map(band).collect::<Result<_>>()?),
            None => before.child_rates,
        },
        cot_rate,
    })
}

/// A room type to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomTypeRequest {
    name: TypeName,
    code: TypeCode,
    capacity_adults: CapacityAdults,
    #[serde(default)]
    capacity_children: CapacityChildren,
    /// Cots that fit into a room; 1 when left out.
    #[serde(default)]
    max_cots: Option<Cots>,
    /// What a cot costs a night; nothing when left out.
    #[serde(default)]
    cot_rate: Option<NotNegative>,
    #[serde(default)]
    bed_config: BedConfig,
    default_rate: NotNegative,
    /// How many people a night's price is for; left out = it is the room's, however many they are.
    #[serde(default)]
    included_persons: Option<Included>,
    #[serde(default)]
    extra_adult_rate: Option<NotNegative>,
    #[serde(default)]
    child_rates: Option<Bands>,
    #[serde(default)]
    amenities: Amenities,
    #[serde(default)]
    sort_order: SortOrder,
    /// Rooms to add of this type: numbers and ranges, such as 101-112 and 115, 500 rooms at most.
    #[serde(default)]
    numbers: Few<Numbers, 0, MAX_BATCH>,
}

fn create_type(tx: &Tx, _: NoParams, body: RoomTypeRequest) -> Result<RoomTypeView> {
    let property = settings::property(tx)?;
    let new = NewRoomType {
        default_rate: property.price("default_rate", &body.default_rate)?,
        party_price: party_price(
            &property,
            PartyPrice::default(),
            Some(body.included_persons),
            (body.extra_adult_rate.as_ref(), body.cot_rate.as_ref()),
            body.child_rates.as_deref(),
        )?,
        name: body.name,
        code: body.code,
        capacity_adults: body.capacity_adults,
        capacity_children: body.capacity_children,
        max_cots: body.max_cots.unwrap_or(Cots::from(1)),
        bed_config: body.bed_config,
        amenities: body.amenities.into_iter().collect(),
        sort_order: body.sort_order,
    };
    let made = super::create_type(tx, &new)?;
    if body.numbers.is_empty() {
        return Ok(type_view(&property, made));
    }
    add_rooms(tx, made.id, None, &body.numbers)?;
    Ok(type_view(&property, super::find_type(tx, made.id)?))
}

/// What of a room type changes; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoomTypeChange {
    name: Option<TypeName>,
    code: Option<TypeCode>,
    capacity_adults: Option<CapacityAdults>,
    capacity_children: Option<CapacityChildren>,
    max_cots: Option<Cots>,
    cot_rate: Option<NotNegative>,
    bed_config: Option<BedConfig>,
    default_rate: Option<NotNegative>,
    /// How many people a night's price is for; `null` = it is the room's, and nothing is added to it.
    #[serde(deserialize_with = "given")]
    included_persons: Option<Option<Included>>,
    extra_adult_rate: Option<NotNegative>,
    child_rates: Option<Bands>,
    amenities: Option<Amenities>,
    sort_order: Option<SortOrder>,
    version: Option<Version>,
}

fn change_type(tx: &Tx, at: ByRoomType, body: RoomTypeChange) -> Result<RoomTypeView> {
    let property = settings::property(tx)?;
    let before = super::find_type(tx, at.id)?;
    check_version(body.version, before.version)?;
    let default_rate = match &body.default_rate {
        Some(rate) => property.price("default_rate", rate)?,
        None => before.default_rate,
    };
    let was = before.clone();
    let party_price = party_price(
        &property,
        was.party_price,
        body.included_persons,
        (body.extra_adult_rate.as_ref(), body.cot_rate.as_ref()),
        body.child_rates.as_deref(),
    )?;
    let after = NewRoomType {
        name: body.name.unwrap_or(was.name.into()),
        code: body.code.unwrap_or(was.code.into()),
        capacity_adults: body.capacity_adults.unwrap_or(was.capacity_adults.into()),
        capacity_children: body.capacity_children.unwrap_or(was.capacity_children.into()),
        max_cots: body.max_cots.unwrap_or(was.max_cots.into()),
        bed_config: body.bed_config.unwrap_or(was.bed_config.into()),
        default_rate,
        party_price,
        amenities: match body.amenities {
            Some(amenities) => amenities.into_iter().collect(),
            None => was.amenities.into_iter().map(Amenity::from).collect(),
        },
        sort_order: body.sort_order.unwrap_or(was.sort_order.into()),
    };
    super::save_type(tx, &before, &after).map(|saved| type_view(&property, saved))
}

fn delete_type(tx: &Tx, at: ByRoomType, _: NoBody) -> Result<()> {
    let room_type = super::find_type(tx, at.id)?;
    super::delete_type(tx, &room_type)
}
