//! What is still open on the business date, told before it moves on.
//!
//! Only looks. Moving the date is the settings' matter; posting nights and marking
//! no-shows will be the day close's.

use rusqlite::Row;
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Conn;
use crate::db::sql::{Sql, statements};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::money::{Amount, Money};
use crate::domain::order::sort;
use crate::domain::status::{Occupancy, ReservationStatus, words};
use crate::error::Result;
use crate::hotel::rooms::numbers::natural_order;
use crate::hotel::settings::{self, Property, day};
use crate::http::endpoint::NoParams;

macro_rules! open_stays {
    ($condition:literal) => {
        concat!(
            "SELECT count(*) OVER (), id, confirmation_number, guest_name, room_number, room_type_name, status, check_in_date, \
             check_out_date, balance, expected_arrival_time, option_date FROM reservation WHERE ",
            $condition,
            " ORDER BY check_in_date, guest_name, id LIMIT 100"
        )
    };
}

statements! {
    ARRIVALS = "day_close.arrivals" is open_stays!("status IN ('tentative', 'confirmed') AND check_in_date = ?1 AND is_expected_late = 0");
    OVERDUE_ARRIVALS = "day_close.overdue_arrivals" is open_stays!("status IN ('tentative', 'confirmed') AND check_in_date < ?1 AND is_expected_late = 0");
    // Who has announced it may still come: nobody should take them for the others.
    LATE_ARRIVALS = "day_close.late_arrivals" is open_stays!("status IN ('tentative', 'confirmed') AND check_in_date <= ?1 AND is_expected_late = 1");
    // Arrivals stand among the arrivals.
    OPTIONS = "day_close.options" is open_stays!("status = 'tentative' AND option_date <= ?1 AND check_in_date > ?1");
    DEPARTURES = "day_close.departures" is open_stays!("status = 'checked_in' AND check_out_date = ?1");
    OVERDUE_DEPARTURES = "day_close.overdue_departures" is open_stays!("status = 'checked_in' AND check_out_date < ?1");
    // Who left late was due out before.
    UNSETTLED = "day_close.unsettled" is open_stays!("status = 'checked_out' AND checked_out_date = ?1 AND balance <> 0
            AND check_out_date BETWEEN date(?1, '-31 days') AND ?1");
    DIRTY_ROOMS = "day_close.dirty_rooms": "SELECT id, room_number,
            CASE WHEN EXISTS (SELECT 1 FROM reservation WHERE room_id = room.id AND status = 'checked_in') THEN 'occupied' ELSE 'vacant' END
        FROM room WHERE housekeeping = 'dirty'",
        scans "a hotel's rooms are few";
}

words!(
    /// Why a stay is still open.
    OpenCase {
        OverdueArrival = "overdue_arrival",
        /// Overdue or due today, with a late arrival announced; such are in neither of the other two.
        LateArrival = "late_arrival",
        Arrival = "arrival",
        /// A later arrival whose option is due, or was before.
        Option = "option",
        OverdueDeparture = "overdue_departure",
        Departure = "departure",
        Unsettled = "unsettled",
    }
);

impl OpenCase {
    fn statement(self) -> Sql {
        match self {
            OpenCase::OverdueArrival => OVERDUE_ARRIVALS,
            OpenCase::LateArrival => LATE_ARRIVALS,
            OpenCase::Arrival => ARRIVALS,
            OpenCase::Option => OPTIONS,
            OpenCase::OverdueDeparture => OVERDUE_DEPARTURES,
            OpenCase::Departure => DEPARTURES,
            OpenCase::Unsettled => UNSETTLED,
        }
    }
}

/// A stay that waits for somebody's decision.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenStay {
    reservation_id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    room_number: Option<String>,
    room_type_name: String,
    status: ReservationStatus,
    check_in_date: Date,
    check_out_date: Date,
    balance: Amount,
    expected_arrival_time: Option<ArrivalTime>,
    option_date: Option<Date>,
}

/// The stays that are open for one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenGroup {
    case: OpenCase,
    total: i64,
    /// The first hundred of them.
    stays: Vec<OpenStay>,
}

/// A room to be cleaned.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DirtyRoom {
    id: RoomId,
    room_number: String,
    occupancy: Occupancy,
}

/// What the business date's move meets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayCloseView {
    business_date: Date,
    next_date: Date,
    /// Today on the hotel's wall calendar.
    calendar_date: Date,
    /// The next day lies beyond tomorrow by the calendar: an owner moves there, with a reason.
    needs_reason: bool,
    /// Nothing has been done on this day: the date may still go back.
    can_go_back: bool,
    /// The reasons that have stays, the most urgent first.
    open: Vec<OpenGroup>,
    dirty_rooms: Vec<DirtyRoom>,
}

/// What is open on the business date.
pub fn day_close(conn: &Conn, _: NoParams) -> Result<DayCloseView> {
    let property = settings::property(conn)?;
    let today = property.business_date;
    let mut open = Vec::new();
    for case in OpenCase::ALL {
        let group = group(conn, &property, *case)?;
        if group.total > 0 {
            open.push(group);
        }
    }
    let last = day::last_by_calendar(conn.now(), &property.zone());
    Ok(DayCloseView {
        business_date: today,
        next_date: today.next(),
        calendar_date: last.previous(),
        needs_reason: today.next() > last,
        can_go_back: day::is_untouched(conn, today)?,
        open,
        dirty_rooms: dirty_rooms(conn)?,
    })
}

fn group(conn: &Conn, property: &Property, case: OpenCase) -> Result<OpenGroup> {
    let rows =
        conn.all(&case.statement(), [property.business_date], |row| Ok((row.get::<_, i64>(0)?, open_stay(row, property)?)))?;
    let total = rows.first().map_or(0, |(total, _)| *total);
    Ok(OpenGroup { case, total, stays: rows.into_iter().map(|(_, stay)| stay).collect() })
}

fn open_stay(row: &Row, property: &Property) -> rusqlite::Result<OpenStay> {
    Ok(OpenStay {
        reservation_id: row.get(1)?,
        confirmation_number: row.get(2)?,
        guest_name: row.get(3)?,
        room_number: row.get(4)?,
        room_type_name: row.get(5)?,
        status: row.get(6)?,
        check_in_date: row.get(7)?,
        check_out_date: row.get(8)?,
        balance: property.amount(row.get::<_, Money>(9)?),
        expected_arrival_time: row.get(10)?,
        option_date: row.get(11)?,
    })
}

fn dirty_rooms(conn: &Conn) -> Result<Vec<DirtyRoom>> {
    let mut rooms =
        conn.all(&DIRTY_ROOMS, [], |row| Ok(DirtyRoom { id: row.get(0)?, room_number: row.get(1)?, occupancy: row.get(2)? }))?;
    sort(&mut rooms, |a, b| natural_order(&a.room_number, &b.room_number));
    Ok(rooms)
}
