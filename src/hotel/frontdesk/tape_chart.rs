//! The tape chart: rooms down, dates across, one bar a run of nights.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stats::percent_tenths;
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::{GroupId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Amount;
use crate::domain::number::Whole;
use crate::domain::percent::Percent;
use crate::domain::status::{Housekeeping, Occupancy, OptionState, Overdue, RateKind, ReservationStatus};
use crate::error::{Error, Result};
use crate::hotel::reservations::details::option_state;
use crate::hotel::rooms::api::BlockView;
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::settings::Property;
use crate::hotel::{reservations, rooms, settings};

statements! {
    NIGHTS = "tape_chart.nights": "SELECT n.night, n.reservation_id, n.room_id, n.room_type_id, n.kind
        FROM reservation_night AS n INDEXED BY reservation_night_sold
        WHERE n.is_held = 1 AND n.night >= ?1 AND n.night < ?2
        ORDER BY n.night";
    STAYS = "tape_chart.stays": "SELECT r.id, r.confirmation_number, r.check_in_date, r.check_out_date, r.guest_name, r.status, r.adults,
            r.children, r.balance, r.source, g.is_vip, r.is_room_locked, r.version, r.is_day_use, r.expected_arrival_time, r.is_expected_late, r.option_date, r.rate_kind, r.group_id, o.name
        FROM json_each(?1) AS wanted
        JOIN reservation AS r ON r.id = wanted.value
        JOIN guest AS g ON g.id = r.guest_id
        LEFT JOIN booking_group AS o ON o.id = r.group_id";
    OUT_OF_ORDER = "tape_chart.out_of_order": "SELECT night, room_id FROM room_night WHERE night >= ?1 AND night < ?2 AND block_id IS NOT NULL";
}

/// The widest window of one answer, in days.
const MAX_DAYS: i64 = 92;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartParams {
    /// The first day; the business date when left out.
    from: Option<Date>,
    days: Option<Whole<1, MAX_DAYS>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ChartType {
    id: RoomTypeId,
    name: String,
    code: String,
    total_rooms: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ChartRoom {
    id: RoomId,
    room_number: String,
    floor: Option<i64>,
    room_type_id: RoomTypeId,
    housekeeping: Housekeeping,
    occupancy: Occupancy,
}

/// An unbroken run of nights in one room (or waiting for one), `[from, to)`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChartStay {
    reservation_id: ReservationId,
    confirmation_number: String,
    room_id: Option<RoomId>,
    room_type_id: RoomTypeId,
    from: Date,
    to: Date,
    check_in_date: Date,
    check_out_date: Date,
    guest_name: String,
    status: ReservationStatus,
    adults: i64,
    children: i64,
    balance: Amount,
    source: String,
    is_vip: bool,
    is_room_locked: bool,
    is_day_use: bool,
    expected_arrival_time: Option<ArrivalTime>,
    is_expected_late: bool,
    option_date: Option<Date>,
    option_state: Option<OptionState>,
    rate_kind: RateKind,
    /// The group that it belongs to.
    group_id: Option<GroupId>,
    group_name: Option<String>,
    /// The run begins with the arrival (not before the window, not after a move).
    starts_here: bool,
    /// … and ends with the departure, or tonight when that is overdue.
    ends_here: bool,
    overdue: Option<Overdue>,
    version: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TypeDay {
    room_type_id: RoomTypeId,
    /// Rooms that can still be sold; negative when more are promised than there are.
    free: i64,
    /// Rooms that are held for groups, which are not among the free ones.
    held: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ChartDay {
    date: Date,
    sold: i64,
    available: i64,
    occupancy_rate: Percent,
    by_type: Vec<TypeDay>,
}

/// A window of the tape chart.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChartView {
    from: Date,
    days: i64,
    business_date: Date,
    room_types: Vec<ChartType>,
    rooms: Vec<ChartRoom>,
    stays: Vec<ChartStay>,
    blocks: Vec<BlockView>,
    daily: Vec<ChartDay>,
}

/// A night as the chart needs it.
struct ChartNight {
    night: Date,
    room_id: Option<RoomId>,
    room_type_id: RoomTypeId,
    is_day_use: bool,
}

pub fn chart(conn: &Conn, p: ChartParams) -> Result<ChartView> {
    let days = p.days.map_or(14, |days| days.0);
    let property = settings::property(conn)?;
    let from = p.from.unwrap_or(property.business_date);
    let to = from.plus(days).unwrap_or(Date::LAST);
    let nights = nights_by_stay(conn, from, to)?;
    let all_rooms = rooms::all(conn)?;
    let types = rooms::all_types(conn)?;
    let daily = daily(conn, (from, to), property.business_date, &nights, &all_rooms, &types)?;
    let stays = stays(conn, nights, &property)?;
    let of_type = |id: RoomTypeId| i64::try_from(all_rooms.iter().filter(|r| r.room_type_id == id).count()).unwrap_or(0);
    let blocks = rooms::blocks::in_window(conn, from, to)?.into_iter().map(BlockView::from);
    Ok(ChartView {
        from,
        days,
        business_date: property.business_date,
        room_types: types
            .iter()
            .map(|t| ChartType { id: t.id, name: t.name.clone(), code: t.code.clone(), total_rooms: of_type(t.id) })
            .collect(),
        stays,
        blocks: blocks.collect(),
        daily,
        rooms: all_rooms
            .into_iter()
            .map(|r| ChartRoom {
                id: r.id,
                occupancy: r.occupancy,
                room_number: r.room_number,
                floor: r.floor,
                room_type_id: r.room_type_id,
                housekeeping: r.housekeeping,
            })
            .collect(),
    })
}

fn nights_by_stay(conn: &Conn, from: Date, to: Date) -> Result<BTreeMap<ReservationId, Vec<ChartNight>>> {
    let mut stays: BTreeMap<ReservationId, Vec<ChartNight>> = BTreeMap::new();
    conn.each(&NIGHTS, (from, to), |row| {
        let night = ChartNight {
            night: row.get(0)?,
            room_id: row.get(2)?,
            room_type_id: row.get(3)?,
            is_day_use: row.get::<_, String>(4)? == "day_use",
        };
        stays.entry(row.get(1)?).or_default().push(night);
        Ok(())
    })?;
    Ok(stays)
}

/// One bar a run of nights in one room.
fn stays(conn: &Conn, mut nights: BTreeMap<ReservationId, Vec<ChartNight>>, property: &Property) -> Result<Vec<ChartStay>> {
    let ids: Vec<i64> = nights.keys().map(|id| id.0).collect();
    let ids = serde_json::to_string(&ids).map_err(Error::internal)?;
    let mut bars = Vec::with_capacity(nights.len());
    conn.each(&STAYS, [ids], |row| {
        let id: ReservationId = row.get(0)?;
        let (check_in_date, check_out_date): (Date, Date) = (row.get(2)?, row.get(3)?);
        let (status, option_date) = (row.get(5)?, row.get(16)?);
        for run in runs(nights.remove(&id).unwrap_or_default()) {
            bars.push(ChartStay {
                reservation_id: id,
                confirmation_number: row.get(1)?,
                room_id: run.room_id,
                room_type_id: run.room_type_id,
                from: run.from,
                to: run.to,
                check_in_date,
                check_out_date,
                guest_name: row.get(4)?,
                status,
                overdue: reservations::overdue(status, check_in_date, check_out_date, property.business_date),
                adults: row.get(6)?,
                children: row.get(7)?,
                balance: property.amount(row.get(8)?),
                source: row.get(9)?,
                is_vip: row.get(10)?,
                is_room_locked: row.get(11)?,
                is_day_use: row.get(13)?,
                expected_arrival_time: row.get(14)?,
                is_expected_late: row.get(15)?,
                option_date,
                rate_kind: row.get(17)?,
                group_id: row.get(18)?,
                group_name: row.get(19)?,
                option_state: option_state(option_date, status, property.business_date),
                starts_here: run.from == check_in_date,
                ends_here: run.to >= check_out_date,
                version: row.get(12)?,
            });
        }
        Ok(())
    })?;
    Ok(bars)
}

struct Run {
    room_id: Option<RoomId>,
    room_type_id: RoomTypeId,
    from: Date,
    to: Date,
}

fn runs(nights: Vec<ChartNight>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for night in nights {
        match runs.last_mut() {
            Some(run) if run.to == night.night && run.room_id == night.room_id => run.to = night.night.next(),
            _ => {
                let to = if night.is_day_use { night.night } else { night.night.next() };
                runs.push(Run { room_id: night.room_id, room_type_id: night.room_type_id, from: night.night, to });
            }
        }
    }
    runs
}

fn daily(
    conn: &Conn,
    (from, to): (Date, Date),
    today: Date,
    nights: &BTreeMap<ReservationId, Vec<ChartNight>>,
    all_rooms: &[rooms::Room],
    types: &[rooms::RoomType],
) -> Result<Vec<ChartDay>> {
    let type_of: HashMap<RoomId, RoomTypeId> = all_rooms.iter().map(|r| (r.id, r.room_type_id)).collect();
    let mut used: HashMap<(Date, RoomTypeId), i64> = HashMap::new();
    let mut sold: HashMap<Date, i64> = HashMap::new();
    // Who never came needed no room on a night that is over.
    let is_sold = |n: &&ChartNight| !n.is_day_use && (n.room_id.is_some() || n.night >= today);
    for night in nights.values().flatten().filter(is_sold) {
        let room_type = night.room_id.and_then(|r| type_of.get(&r).copied()).unwrap_or(night.room_type_id);
        *used.entry((night.night, room_type)).or_default() += 1;
        *sold.entry(night.night).or_default() += 1;
    }
    let mut out_of_order: HashMap<Date, i64> = HashMap::new();
    conn.each(&OUT_OF_ORDER, (from, to), |row| {
        let (night, room): (Date, RoomId) = (row.get(0)?, row.get(1)?);
        *out_of_order.entry(night).or_default() += 1;
        if let Some(room_type) = type_of.get(&room) {
            *used.entry((night, *room_type)).or_default() += 1;
        }
        Ok(())
    })?;
    let mut held: HashMap<(Date, RoomTypeId), i64> = HashMap::new();
    let mut held_on: HashMap<Date, i64> = HashMap::new();
    for (room_type, night, rooms) in inventory::held_between(conn, from, to, Asker::NOBODY)? {
        *held.entry((night, room_type)).or_default() += rooms;
        *held_on.entry(night).or_default() += rooms;
    }
    let count = |id: RoomTypeId| all_rooms.iter().filter(|r| r.room_type_id == id).count();
    let totals: Vec<(RoomTypeId, i64)> = types.iter().map(|t| (t.id, i64::try_from(count(t.id)).unwrap_or(0))).collect();
    let all: i64 = totals.iter().map(|(_, n)| n).sum();
    let mut days = Vec::new();
    let mut date = from;
    while date < to {
        let sold = sold.get(&date).copied().unwrap_or(0);
        let sellable = all - out_of_order.get(&date).copied().unwrap_or(0);
        let free = |(id, total): &(RoomTypeId, i64)| {
            let held = held.get(&(date, *id)).copied().unwrap_or(0);
            TypeDay { room_type_id: *id, free: total - used.get(&(date, *id)).copied().unwrap_or(0) - held, held }
        };
        days.push(ChartDay {
            date,
            sold,
            available: sellable - sold - held_on.get(&date).copied().unwrap_or(0),
            occupancy_rate: percent_tenths(sold, sellable),
            by_type: totals.iter().map(free).collect(),
        });
        date = date.next();
    }
    Ok(days)
}
