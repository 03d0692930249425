//! `/api/reservations`: making, changing, moving, extending and listing bookings,
//! and `/api/rooms/available`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::availability::{self, FreeRoom, SplitPart, TypeAvailability};
use super::booking::{DEFAULT_SOURCE, PartySize, Price};
use super::change::{Change, Rating, change};
use super::details::DetailsChange;
use super::extension::extension;
use super::extras::{self, ExtraView};
use super::list::{arrivals, departures, in_house, list, options};
use super::quote::quote;
use super::quotes;
use super::relocate::{Extension, Move, RoomUntil, extend, move_room};
use super::restricted::Selling;
use super::view::{ReservationDetail, detail};
use super::{BookingNotes, NightKind, People, Reservation, details, find, group_price, night_calendar, party, taxed};
use crate::db::{Conn, Table, Tx};
use crate::domain::ages::{Ages, OLDEST_CHILD};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, GroupId, GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId, Version};
use crate::domain::money::{Amount, Money, NotNegative};
use crate::domain::number::Whole;
use crate::domain::order::sort;
use crate::domain::restriction::{self, Broken};
use crate::domain::status::{RateKind, ReservationStatus, words};
use crate::domain::stay::StayDates;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::audit::Reason;
use crate::hotel::listing::Items;
use crate::hotel::rates::conditions::{PromoCode, SourceName};
use crate::hotel::rates::{self, Asked, Buyer, Sale};
use crate::hotel::restrictions::{self, Sold};
use crate::hotel::rooms::Cots;
use crate::hotel::rooms::inventory::Asker;
use crate::hotel::settings::{self, EntryName, Property};
use crate::hotel::{companies, taxes};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

/// The tables that a booking's view is read from.
pub const TABLES: &[Table] =
    &[Table::Reservation, Table::ReservationNight, Table::RoomDay, Table::Room, Table::RoomType, Table::Guest];

pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        query("/api/reservations", "list_reservations", Access::READ, "Bookings, filtered and searched", TABLES, list),
        query("/api/reservations/arrivals", "list_arrivals", Access::READ, "Who arrives on a date", TABLES, arrivals),
        query(
            "/api/reservations/options",
            "list_options",
            Access::READ,
            "Tentative bookings whose option is due on a date, or was before, the oldest first",
            TABLES,
            options,
        ),
        query("/api/reservations/departures", "list_departures", Access::READ, "Who departs on a date", TABLES, departures),
        query("/api/reservations/in-house", "list_in_house", Access::READ, "Who is in the house", TABLES, in_house),
        // Its cancellation fee depends on the hour, so it is made anew each time.
        query("/api/reservations/{id}", "find_reservation", Access::READ, "One booking with its nights", &[], show),
        query(
            "/api/reservations/{id}/quote",
            "quote_change",
            Access::READ,
            "What other dates or another room type would cost",
            QUOTE_TABLES,
            quote,
        ),
        query(
            "/api/reservations/{id}/extension",
            "find_extension",
            Access::READ,
            "What more nights would cost, and the ways to them when the room is taken",
            EXTENSION_TABLES,
            extension,
        ),
        command(
            Method::Post,
            "/api/reservations/{id}/extend",
            "extend_reservation",
            Access::DESK,
            "Add nights at the end",
            extend_stay,
        ),
        command(Method::Post, "/api/reservations/{id}/move", "move_reservation", Access::DESK, "Move to another room", move_stay),
        query(
            "/api/rooms/available",
            "list_available_rooms",
            Access::READ,
            "What can be sold for a stay",
            AVAILABILITY_TABLES,
            available,
        ),
    ];
    endpoints.extend(quotes::endpoints());
    endpoints.extend(night_calendar::endpoints());
    endpoints
}

/// Both: what is free, and what it costs with the taxes on it.
const EXTENSION_TABLES: &[Table] = &[
    Table::Room,
    Table::RoomType,
    Table::RoomBlock,
    Table::Reservation,
    Table::ReservationNight,
    Table::RoomDay,
    Table::RatePlan,
    Table::DailyRate,
    Table::Article,
    Table::GroupNight,
    Table::Restriction,
    Table::StayGuest,
    Table::Posting,
    Table::TaxSetup,
];
/// Prices with the taxes on them.
const QUOTE_TABLES: &[Table] = &[
    Table::Room,
    Table::RoomType,
    Table::Reservation,
    Table::ReservationNight,
    Table::RatePlan,
    Table::DailyRate,
    Table::Article,
    Table::StayGuest,
    Table::Posting,
    Table::TaxSetup,
];
const AVAILABILITY_TABLES: &[Table] = &[
    Table::BookingGroup,
    Table::CompanyPlan,
    Table::Room,
    Table::RoomType,
    Table::RoomBlock,
    Table::Reservation,
    Table::ReservationNight,
    Table::RoomDay,
    Table::RatePlan,
    Table::DailyRate,
    Table::Article,
    Table::Restriction,
    Table::GroupNight,
    Table::TaxSetup,
];

/// The booking in a path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByReservation {
    pub id: ReservationId,
}

fn show(conn: &Conn, at: ByReservation) -> Result<ReservationDetail> {
    detail(conn, find(conn, at.id)?)
}

/// How old the children are at arrival.
pub type ChildrenAges = Few<Whole<0, OLDEST_CHILD>, 0, { PartySize::MAX as usize }>;
/// Prices of single nights.
pub type Nightly = Few<NightRequest, 0, 400>;

/// A night's price typed by hand.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NightRequest {
    date: Date,
    rate: NotNegative,
}

words!(
    /// What a booking can be made without an action of its own.
    FirmStatus { Confirmed = "confirmed" }
);

/// A typed price from a request: a total, or prices of single nights.
pub fn price(property: &Property, total: Option<&NotNegative>, nightly: Option<&[NightRequest]>) -> Result<Price> {
    match (total, nightly) {
        (None, None) => Ok(Price::Quoted),
        (Some(total), None) => Ok(Price::Total(property.price("total_amount", total)?)),
        (Some(_), Some(_)) => Err(Error::invalid("nightly", text!("must not be given together with total_amount"))),
        (None, Some(nights)) => {
            let mut prices: Vec<(Date, Money)> = Vec::with_capacity(nights.len());
            for (i, night) in nights.iter().enumerate() {
                if prices.iter().any(|(date, _)| *date == night.date) {
                    return Err(Error::invalid(format!("nightly[{i}].date"), text!("stands twice")));
                }
                prices.push((night.date, property.price(&format!("nightly[{i}].rate"), &night.rate)?));
            }
            Ok(Price::Nightly(prices))
        }
    }
}

/// What of a booking changes; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReservationChange {
    guest_id: Option<GuestId>,
    check_in_date: Option<Date>,
    check_out_date: Option<Date>,
    /// `null` takes the room away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<RoomId>")]
    room_id: Option<Option<RoomId>>,
    room_type_id: Option<RoomTypeId>,
    adults: Option<PartySize>,
    children: Option<PartySize>,
    /// How old the children are at arrival: of all, or an empty list.
    children_ages: Option<ChildrenAges>,
    cots: Option<Cots>,
    source: Option<EntryName>,
    notes: Option<BookingNotes>,
    special_requests: Option<BookingNotes>,
    is_room_locked: Option<bool>,
    /// By the hotel's clock; before six in the morning it is after midnight of the arrival's night.
    /// `null` takes it away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<ArrivalTime>")]
    expected_arrival_time: Option<Option<ArrivalTime>>,
    /// The guest arrives late: hold the room.
    is_late_arrival: Option<bool>,
    /// Until when a tentative booking's room is held, that day included; `null` takes it away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Date>")]
    option_date: Option<Option<Date>>,
    /// Whose people stay, or who sent them; `null` takes the company away.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<CompanyId>")]
    company_id: Option<Option<CompanyId>>,
    /// Another plan that is sold today, with its terms. Nights keep their price unless they are rated anew.
    rate_plan_id: Option<RatePlanId>,
    /// For a plan that has one.
    promo_code: Option<PromoCode>,
    /// The group that it belongs to, and whose block it picks up; `null` takes it out.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<GroupId>")]
    group_id: Option<Option<GroupId>>,
    /// Nights that are not on the bill yet cost nothing unless it is paying.
    rate_kind: Option<RateKind>,
    /// Why nothing is charged; required unless it is paying.
    rate_kind_reason: Option<Reason>,
    total_amount: Option<NotNegative>,
    nightly: Option<Nightly>,
    /// Quote every night anew that was not typed by hand.
    pub rerate: Option<bool>,
    /// confirmed makes a tentative booking firm.
    status: Option<FirmStatus>,
    /// The version that the change was made from; another current one is a 409.
    version: Option<Version>,
    /// More people than the room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    /// Against restrictions; with a reason, and told to the owner.
    override_restrictions: Option<bool>,
    pub reason: Option<Reason>,
}

/// Changes a booking as a body says.
pub fn change_booking(tx: &Tx, before: &Reservation, body: ReservationChange) -> Result<Reservation> {
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let mut paragraph = |name: &str, given: &Option<BookingNotes>| given.as_ref().map(|t| fields.check(name, t.checked()));
    let notes = paragraph("notes", &body.notes);
    let special_requests = paragraph("special_requests", &body.special_requests);
    let rate_kind_reason = body.rate_kind_reason.as_ref().map(|t| fields.check("rate_kind_reason", t.checked()));
    let promo_code = body.promo_code.as_ref().map(|t| fields.check("promo_code", t.checked()));
    let cots = body.cots.map(|cots| fields.check("cots", cots.checked()));
    let confirm = body.status == Some(FirmStatus::Confirmed) && before.status != ReservationStatus::Confirmed;
    fields.finish()?;
    change(
        tx,
        before.id,
        &Change {
            guest_id: body.guest_id,
            check_in_date: body.check_in_date,
            check_out_date: body.check_out_date,
            room_id: body.room_id,
            room_type_id: body.room_type_id,
            adults: body.adults.map(i64::from),
            children: body.children.map(i64::from),
            source: body.source.map(String::from),
            notes,
            special_requests,
            is_room_locked: body.is_room_locked,
            details: DetailsChange {
                expected_arrival_time: body.expected_arrival_time,
                is_late_arrival: body.is_late_arrival,
                option_date: body.option_date,
                company_id: body.company_id,
                group_id: body.group_id,
                children_ages: ages(body.children_ages.as_deref()),
                cots,
                rate_kind: body.rate_kind,
                rate_kind_reason,
            },
            rate_plan_id: body.rate_plan_id,
            promo_code,
            price: price(&property, body.total_amount.as_ref(), body.nightly.as_deref())?,
            rating: if body.rerate == Some(true) { Rating::Again } else { Rating::Keep },
            confirm,
            version: body.version,
            people: people(body.override_capacity),
            selling: selling(body.override_restrictions),
            reason: reason(body.reason)?,
        },
    )
}

/// A room for the added nights before a date.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomPart {
    room_id: RoomId,
    to: Date,
}

/// More nights at the end of a stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendRequest {
    check_out_date: Date,
    /// Where the added nights are slept; the same room when left out.
    room_id: Option<RoomId>,
    /// The same over several rooms, one after the other; the last ends on the departure.
    parts: Option<Few<RoomPart, 1, 50>>,
    /// Sell the nights in another room as what it is, at that price.
    rerate: Option<bool>,
    /// Give arriving guests who stand in the way another room of the type.
    move_conflicting: Option<bool>,
    total_amount: Option<NotNegative>,
    /// More people than the other room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    /// Against restrictions; with a reason, and told to the owner.
    override_restrictions: Option<bool>,
    reason: Option<Reason>,
}

/// The rooms of the added nights, however they are given.
fn rooms_of(body: &ExtendRequest) -> Result<Option<Vec<RoomUntil>>> {
    match (body.room_id, &body.parts) {
        (Some(_), Some(_)) => Err(Error::invalid("parts", text!("must not be given together with room_id"))),
        (Some(room_id), None) => Ok(Some(vec![RoomUntil { room_id, to: body.check_out_date }])),
        (None, Some(parts)) => Ok(Some(parts.iter().map(|p| RoomUntil { room_id: p.room_id, to: p.to }).collect())),
        (None, None) => Ok(None),
    }
}

fn extend_stay(tx: &Tx, at: ByReservation, body: ExtendRequest) -> Result<ReservationDetail> {
    let property = settings::property(tx)?;
    let to = Extension {
        check_out_date: body.check_out_date,
        rooms: rooms_of(&body)?,
        rerate: body.rerate.unwrap_or(false),
        move_conflicting: body.move_conflicting.unwrap_or(false),
        price: price(&property, body.total_amount.as_ref(), None)?,
        people: people(body.override_capacity),
        selling: selling(body.override_restrictions),
        reason: reason(body.reason)?,
    };
    detail(tx, extend(tx, at.id, &to)?)
}

/// Another room.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveRequest {
    room_id: RoomId,
    /// The first night there; tonight, or the arrival, when left out.
    from_date: Option<Date>,
    /// Take the new room's price for these nights.
    rerate: Option<bool>,
    override_dirty: Option<bool>,
    /// More people than the room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    reason: Option<Reason>,
}

fn move_stay(tx: &Tx, at: ByReservation, body: MoveRequest) -> Result<ReservationDetail> {
    let to = Move {
        room_id: body.room_id,
        from_date: body.from_date,
        rerate: body.rerate.unwrap_or(false),
        override_dirty: body.override_dirty.unwrap_or(false),
        people: people(body.override_capacity),
        reason: reason(body.reason)?,
    };
    detail(tx, move_room(tx, at.id, &to)?)
}

/// Why something out of the ordinary is done; `None` when nothing was said.
pub fn reason(given: Option<Reason>) -> Result<Option<String>> {
    let reason = given.map(|t| t.checked()).transpose().map_err(|m| Error::invalid("reason", m))?;
    Ok(reason.filter(|r| !r.is_empty()))
}

/// The ages of a request.
pub fn ages(given: Option<&[Whole<0, OLDEST_CHILD>]>) -> Option<Ages> {
    given.map(|ages| Ages::of(ages.iter().map(|age| age.0)))
}

pub fn people(is_overridden: Option<bool>) -> People {
    if is_overridden == Some(true) { People::Over } else { People::Fitting }
}

pub fn selling(is_overridden: Option<bool>) -> Selling {
    if is_overridden == Some(true) { Selling::Against } else { Selling::AsRestricted }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailableParams {
    check_in_date: Date,
    check_out_date: Date,
    room_type_id: Option<RoomTypeId>,
    adults: Option<Whole<{ PartySize::MIN }, { PartySize::MAX }>>,
    children: Option<Whole<{ PartySize::MIN }, { PartySize::MAX }>>,
    /// How old the children are at arrival, as 4,7: of all, or none.
    children_ages: Option<Ages>,
    cots: Option<Whole<{ Cots::MIN }, { Cots::MAX }>>,
    rate_plan_id: Option<RatePlanId>,
    promo_code: Option<PromoCode>,
    /// For what was agreed with it.
    company_id: Option<CompanyId>,
    /// For what is held for it, and at the price that was agreed with it.
    group_id: Option<GroupId>,
    /// Where the booking comes from.
    source: Option<SourceName>,
    /// Who pays; paying when left out.
    rate_kind: Option<RateKind>,
    /// Tell the types too that are too small for the party, after the others.
    too_small: Option<bool>,
}

/// What can be sold of one type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AvailableType {
    room_type_id: RoomTypeId,
    name: String,
    capacity_adults: i64,
    capacity_children: i64,
    available_count: i64,
    total_rooms: i64,
    /// Whether it is for as many people as were asked for.
    is_fitting: bool,
    /// For a stay that begins today the ready ones first: vacant and inspected, vacant and
    /// clean, vacant and dirty, occupied.
    rooms: Vec<FreeRoom>,
    nightly: Vec<NightRate>,
    total_amount: Amount,
    /// Taxes and city taxes that come on top of it, for the people asked for; a child without a
    /// given age is taken for one whose age nobody knows.
    added_amount: Amount,
    /// What the plan sells along: those beside the price come on top of it as well.
    extras: Vec<ExtraView>,
    /// The restrictions that the stay breaks under the plan, of this type on all nights.
    broken: Vec<Broken>,
    /// Room after room, when no single room is free throughout: the `parts` of a booking.
    split: Option<Vec<OfferedPart>>,
}

/// A part of a split stay with its price.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferedPart {
    #[serde(flatten)]
    part: SplitPart,
    room_type_id: RoomTypeId,
    total_amount: Amount,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct NightRate {
    date: Date,
    rate: Amount,
}

fn available(conn: &Conn, p: AvailableParams) -> Result<Items<AvailableType>> {
    let stay = StayDates::or_day_use(p.check_in_date, p.check_out_date).map_err(|e| Error::invalid("check_out_date", e))?;
    let property = settings::property(conn)?;
    let (adults, children) = (p.adults.map_or(0, |n| n.0), p.children.map_or(0, |n| n.0));
    let ages = p.children_ages.unwrap_or_default();
    let mut fields = Fields::default();
    details::check_ages(&mut fields, &ages, children);
    fields.finish()?;
    let people = party::told(adults, children, &ages);
    let cots = p.cots.map_or(0, |n| n.0);
    let is_fitting = |t: &TypeAvailability| t.room_type.has_room_for(adults, children) && cots <= t.room_type.max_cots;
    let asker = Asker { group: p.group_id, ..Asker::NOBODY };
    let mut found = availability::by_type(conn, stay, p.room_type_id, asker)?;
    found.retain(|t| p.too_small == Some(true) || is_fitting(t));
    sort(&mut found, |a, b| is_fitting(b).cmp(&is_fitting(a)));
    let (mut items, dates) = (Vec::new(), stay.priced_dates());
    let (levied, rate_kind) = (taxes::levied(conn)?, p.rate_kind.unwrap_or_default());
    let plan = Sale::New(p.rate_plan_id).plan();
    let company_plans = companies::plans_of(conn, p.company_id)?;
    let offer = taxed::Offered { dates: stay, adults, children, ages: &ages, rate_kind };
    for mut found in found {
        let asked = Asked {
            sale: Sale::New(p.rate_plan_id),
            buyer: Buyer {
                promo_code: p.promo_code.as_deref(),
                company_plans: &company_plans,
                source: Some(p.source.as_deref().unwrap_or(DEFAULT_SOURCE)),
            },
            room_type: &found.room_type,
            people: &people,
            cots,
            arrival: stay.arrival(),
            nights: stay.arrival().days_until(stay.departure()),
            booked_on: property.business_date,
        };
        let mut quote = rates::quote(conn, &asked, &dates)?;
        if let Some(agreed) = group_price::agreed(conn, p.group_id, found.room_type.id, NightKind::of(stay))? {
            agreed.put(quote.nights.iter_mut());
        }
        if rate_kind != RateKind::Paying {
            quote.nights.iter_mut().for_each(|n| n.rate = Money::ZERO);
        }
        let reckoned = offer.reckon(conn, levied.as_ref(), &quote.nights, &quote.extras)?;
        let rates = quote.nights.iter().map(|n| n.rate);
        let room_type_id = found.room_type.id;
        let offered = |part: SplitPart| {
            let total = quote.nights.iter().filter(|n| part.from <= n.night && n.night < part.to).map(|n| n.rate).sum();
            OfferedPart { room_type_id, total_amount: property.amount(total), part }
        };
        let broken = restrictions::broken(conn, &Sold::of_type(plan, stay, room_type_id), property.business_date)?;
        let split = found.split.take().map(|parts| parts.into_iter().map(offered).collect());
        items.push(AvailableType {
            is_fitting: is_fitting(&found),
            room_type_id,
            name: found.room_type.name,
            capacity_adults: found.room_type.capacity_adults,
            capacity_children: found.room_type.capacity_children,
            available_count: found.available_count,
            total_rooms: found.total_rooms,
            rooms: found.rooms,
            nightly: quote.nights.iter().map(|n| NightRate { date: n.night, rate: property.amount(n.rate) }).collect(),
            total_amount: property.amount(quote.total()),
            added_amount: property.amount(reckoned.added),
            extras: extras::of_nights(reckoned.extras.iter().zip(rates), &property),
            broken: restriction::in_rows(&broken),
            split,
        });
    }
    Ok(Items { items })
}
