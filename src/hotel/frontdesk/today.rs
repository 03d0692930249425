//! House status: the day's counts, and the week ahead.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::stats::percent_tenths;
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::{Date, Instant};
use crate::domain::money::{Amount, Money};
use crate::domain::percent::Percent;
use crate::domain::status::Housekeeping;
use crate::error::Result;
use crate::hotel::{backups, settings};
use crate::http::endpoint::NoParams;

statements! {
    ARRIVALS = "today.arrivals": "SELECT check_in_date, count(*), sum(status IN ('tentative', 'confirmed')), sum(room_id IS NULL AND status IN ('tentative', 'confirmed'))
        FROM reservation
        WHERE check_in_date >= ?1 AND check_in_date < ?2 AND status IN ('tentative', 'confirmed', 'checked_in', 'checked_out')
        GROUP BY check_in_date";
    DEPARTURES = "today.departures": "SELECT check_out_date, count(*), sum(status = 'checked_in')
        FROM reservation INDEXED BY reservation_departure
        WHERE check_out_date >= ?1 AND check_out_date < ?2 AND status IN ('tentative', 'confirmed', 'checked_in', 'checked_out')
        GROUP BY check_out_date";
    DEPARTURES_TODAY = "today.departures_today": "SELECT count(*), coalesce(sum(status = 'checked_in'), 0)
        FROM reservation WHERE check_out_date = ?1 AND status IN ('checked_in', 'checked_out')";
    OVERDUE_ARRIVALS = "today.overdue_arrivals": "SELECT count(*), coalesce(sum(room_id IS NULL), 0) FROM reservation
        WHERE status IN ('tentative', 'confirmed') AND check_in_date < ?1";
    IN_HOUSE = "today.in_house": "SELECT count(*), coalesce(sum(check_out_date > ?1), 0), count(DISTINCT room_id),
            coalesce(sum(check_out_date < ?1), 0)
        FROM reservation WHERE status = 'checked_in'";
    ROOMS = "today.rooms": "SELECT housekeeping, count(*) FROM room GROUP BY housekeeping", scans "a hotel's rooms are few";
    VACANT = "today.vacant": "SELECT coalesce(b.state, r.housekeeping), count(*)
        FROM room AS r LEFT JOIN (
            SELECT DISTINCT room_id, 'out_of_order' AS state FROM room_block INDEXED BY room_block_open
            WHERE released_at IS NULL AND end_date > ?1 AND start_date <= ?1 AND kind = 'out_of_order'
        ) AS b ON b.room_id = r.id
        WHERE r.id NOT IN (
            SELECT room_id FROM reservation INDEXED BY reservation_in_house WHERE status = 'checked_in' AND room_id IS NOT NULL)
        GROUP BY coalesce(b.state, r.housekeeping)", scans "a hotel's rooms are few, and stays in house are no more than they";
    BLOCKED = "today.blocked": "SELECT kind, count(DISTINCT room_id) FROM room_block
        WHERE released_at IS NULL AND end_date > ?1 AND start_date <= ?1
        GROUP BY kind";
    SOLD = "today.sold": "SELECT night, count(*), sum(rate) FROM reservation_night
        WHERE is_held = 1 AND night >= ?1 AND night < ?2 AND kind = 'night'
        GROUP BY night";
    OUT_OF_ORDER = "today.out_of_order": "SELECT night, count(*) FROM room_night
        WHERE night >= ?1 AND night < ?2 AND block_id IS NOT NULL
        GROUP BY night";
    LATE_DEPOSITS = "today.late_deposits": "SELECT count(*), coalesce(sum(deposit_amount - paid_amount), 0) FROM reservation INDEXED BY reservation_deposit
        WHERE deposit_amount > paid_amount AND status IN ('tentative', 'confirmed') AND deposit_due_date < ?1";
    DUE = "today.due": "SELECT amount FROM running_total WHERE name = 'balance_due'";
}

/// How the rooms stand now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoomCounts {
    total: i64,
    occupied: i64,
    /// The three below together.
    vacant: i64,
    /// Vacant, clean or inspected, and not out of order.
    vacant_ready: i64,
    vacant_dirty: i64,
    vacant_out_of_order: i64,
    /// Of all rooms, occupied ones too; so are the counts that follow.
    clean: i64,
    dirty: i64,
    inspected: i64,
    out_of_order: i64,
    out_of_service: i64,
}

/// A day of the week ahead.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayAhead {
    date: Date,
    arrivals: i64,
    departures: i64,
    sold: i64,
    available: i64,
    /// Sold of available, in percent with one decimal.
    occupancy_rate: Percent,
}

/// How old the newest back-up is allowed to become.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BackupAge {
    last_made_at: Option<Instant>,
    /// From then on the newest is too old, or there has been none for too long.
    /// Empty for a hotel that nobody keeps back-ups of: a demo.
    overdue_at: Option<Instant>,
    /// Since when copies do not reach the second folder.
    second_missed_at: Option<Instant>,
}

/// House status.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TodayView {
    date: Date,
    /// Due in today, arrived or not, and overdue.
    arrivals: i64,
    arrivals_pending: i64,
    /// Of those, who should have come before today.
    arrivals_overdue: i64,
    /// Due out today, gone or not, and overdue.
    departures: i64,
    departures_pending: i64,
    /// Of those, who should have left before today.
    departures_overdue: i64,
    in_house: i64,
    stay_overs: i64,
    /// Arrivals of today, and overdue ones, without a room.
    unassigned: i64,
    rooms: RoomCounts,
    occupancy_rate: Percent,
    /// Room revenue of tonight, on the books.
    revenue_today: Amount,
    /// What guests who are here or have left still owe.
    balance_due: Amount,
    /// Bookings to come whose deposit is late, and what of it is missing.
    deposits_late: i64,
    deposits_late_amount: Amount,
    next_7_days: Vec<DayAhead>,
    backup: BackupAge,
}

pub fn today(conn: &Conn, _: NoParams) -> Result<TodayView> {
    let property = settings::property(conn)?;
    let date = property.business_date;
    let end = date.plus(8).unwrap_or(date);
    let arrivals = by_date(conn, &ARRIVALS, date, end)?;
    let sold = by_date(conn, &SOLD, date, end)?;
    let out_of_order = by_date(conn, &OUT_OF_ORDER, date, end)?;
    let departures = by_date(conn, &DEPARTURES, date, end)?;
    let (late, late_unassigned) =
        conn.one(&OVERDUE_ARRIVALS, [date], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?.unwrap_or((0, 0));
    let (in_house, stay_overs, occupied, staying) = conn
        .one(&IN_HOUSE, [date], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?)))?
        .unwrap_or((0, 0, 0, 0));
    let (departing, departures_pending) =
        conn.one(&DEPARTURES_TODAY, [date], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?.unwrap_or((0, 0));
    let rooms = room_counts(conn, date, occupied)?;
    let total = rooms.total;
    let count = |map: &Days, day: Date| map.get(&day).map_or([0; 3], |c| *c);
    let rate = |day: Date| {
        let available = total - count(&out_of_order, day)[0];
        (available, percent_tenths(count(&sold, day)[0], available))
    };
    let ahead = (1..=7).filter_map(|n| date.plus(n)).map(|day| {
        let (available, occupancy_rate) = rate(day);
        let sold = count(&sold, day)[0];
        DayAhead {
            date: day,
            arrivals: count(&arrivals, day)[0],
            departures: count(&departures, day)[0],
            sold,
            available: available - sold,
            occupancy_rate,
        }
    });
    let today = count(&arrivals, date);
    let (deposits_late, late_deposits) =
        conn.one(&LATE_DEPOSITS, [date], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or((0, Money::ZERO));
    Ok(TodayView {
        date,
        arrivals: today[0] + late,
        arrivals_pending: today[1] + late,
        arrivals_overdue: late,
        unassigned: today[2] + late_unassigned,
        departures: departing + staying,
        departures_pending: departures_pending + staying,
        departures_overdue: staying,
        in_house,
        stay_overs,
        rooms,
        occupancy_rate: rate(date).1,
        revenue_today: property.amount(Money(count(&sold, date)[1])),
        deposits_late,
        deposits_late_amount: property.amount(late_deposits),
        balance_due: property.amount(conn.scalar::<Money>(&DUE, [])?),
        next_7_days: ahead.collect(),
        backup: backup_age(conn, property.is_demo || conn.is_read_only())?,
    })
}

fn backup_age(conn: &Conn, is_demo: bool) -> Result<BackupAge> {
    let plan = backups::plan(conn)?;
    let told = |at: Option<Instant>| at.filter(|_| !is_demo);
    Ok(BackupAge {
        last_made_at: plan.last_made_at,
        overdue_at: told(plan.overdue_at()),
        second_missed_at: told(plan.second_missed_at),
    })
}

type Days = HashMap<Date, [i64; 3]>;

/// Up to three counts by date over `[from, to)`.
fn by_date(conn: &Conn, sql: &crate::db::Sql, from: Date, to: Date) -> Result<Days> {
    let mut days = Days::new();
    conn.each(sql, (from, to), |row| {
        let columns = row.as_ref().column_count();
        let mut counts = [0; 3];
        for (i, count) in counts.iter_mut().enumerate().take(columns - 1) {
            *count = row.get(i + 1)?;
        }
        days.insert(row.get(0)?, counts);
        Ok(())
    })?;
    Ok(days)
}

fn room_counts(conn: &Conn, date: Date, occupied: i64) -> Result<RoomCounts> {
    let states = conn.all(&ROOMS, [], |row| Ok((row.get::<_, Housekeeping>(0)?, row.get::<_, i64>(1)?)))?;
    let blocks = conn.all(&BLOCKED, [date], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let vacant = conn.all(&VACANT, [date], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let vacant = |wanted: &[&str]| vacant.iter().filter(|(s, _)| wanted.contains(&s.as_str())).map(|(_, n)| n).sum::<i64>();
    let state = |wanted: Housekeeping| states.iter().find(|(s, _)| *s == wanted).map_or(0, |(_, n)| *n);
    let block = |wanted: &str| blocks.iter().find(|(k, _)| k == wanted).map_or(0, |(_, n)| *n);
    let total: i64 = states.iter().map(|(_, n)| n).sum();
    Ok(RoomCounts {
        total,
        occupied,
        vacant: total - occupied,
        vacant_ready: vacant(&["clean", "inspected"]),
        vacant_dirty: vacant(&["dirty"]),
        vacant_out_of_order: vacant(&["out_of_order"]),
        clean: state(Housekeeping::Clean),
        dirty: state(Housekeeping::Dirty),
        inspected: state(Housekeeping::Inspected),
        out_of_order: block("out_of_order"),
        out_of_service: block("out_of_service"),
    })
}
