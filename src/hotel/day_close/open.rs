//! What is open on the business date, all day long: what has to be decided before it is closed, what the close does by
//! itself, and what is only told.

use rusqlite::Row;

use super::{Choice, Decision, store};
use crate::db::Conn;
use crate::db::sql::{Sql, statements};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GroupId, ReservationId, RoomId, ShiftId};
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::status::{Occupancy, ReservationStatus, words};
use crate::error::Result;
use crate::hotel::registration::{self, Registered};
use crate::hotel::rooms::numbers::natural_order;
use crate::hotel::{guests, reservations, settings};

macro_rules! open_stays {
    ($condition:literal) => {
        concat!(
            "SELECT id, confirmation_number, guest_name, room_number, room_type_name, status, check_in_date, \
             check_out_date, balance, paid_amount, expected_arrival_time, option_date FROM reservation WHERE ",
            $condition,
            " ORDER BY check_in_date, guest_name, id LIMIT 1000"
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
    // Tonight's room was given to another, or there is none for the night.
    WITHOUT_ROOM = "day_close.without_room" is open_stays!("status = 'checked_in' AND check_out_date > ?1 AND id IN (
                SELECT reservation_id FROM reservation_night INDEXED BY reservation_night_unassigned
                WHERE night = ?1 AND is_held = 1 AND room_id IS NULL AND kind = 'night')");
    WITHOUT_PRICE = "day_close.without_price" is open_stays!("status = 'checked_in' AND check_out_date > ?1 AND rate_kind = 'paying' AND id IN (
                SELECT reservation_id FROM reservation_night INDEXED BY reservation_night_sold
                WHERE night = ?1 AND is_held = 1 AND kind = 'night' AND rate = 0 AND is_rate_typed = 0 AND quoted_rate = 0 AND is_posted = 0)");
    IN_HOUSE_GUESTS = "day_close.in_house_guests": "SELECT id, guest_id FROM reservation INDEXED BY reservation_in_house
        WHERE status = 'checked_in'
        ORDER BY id LIMIT 4000", scans "stays in house are no more than the hotel's rooms";
    DISCREPANCIES = "day_close.discrepancies": "SELECT id, room_number, reported_occupancy FROM room
        WHERE reported_occupancy IS NOT NULL
            AND (reported_occupancy = 'occupied')
                <> EXISTS (SELECT 1 FROM reservation WHERE room_id = room.id AND status = 'checked_in')", scans "a hotel's rooms are few";
    SHIFTS = "day_close.shifts": "SELECT s.id, d.name, u.username, s.opened_at
        FROM shift AS s JOIN drawer AS d ON d.id = s.drawer_id JOIN user AS u ON u.id = s.user_id
        WHERE s.closed_at IS NULL
        ORDER BY s.id LIMIT 100", scans "open shifts are no more than the drawers";
    BLOCKS = "day_close.blocks": "SELECT id, name, cut_off_date FROM booking_group
        WHERE status IN ('tentative', 'definite') AND released_on IS NULL AND cut_off_date <= ?1
        ORDER BY cut_off_date, id LIMIT 100";
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
        /// In the house, and no room tonight.
        WithoutRoom = "without_room",
        /// In the house, and tonight has no price though somebody pays for the stay.
        WithoutPrice = "without_price",
        /// In the house, and details of the guest that the hotel asks for are missing.
        Incomplete = "incomplete",
    }
);

impl OpenCase {
    /// Nobody who asks is told that the day can be closed before somebody has decided.
    pub fn must_be_decided(self) -> bool {
        match self {
            OpenCase::OverdueArrival
            | OpenCase::LateArrival
            | OpenCase::Arrival
            | OpenCase::OverdueDeparture
            | OpenCase::Departure
            | OpenCase::Unsettled
            | OpenCase::WithoutRoom
            | OpenCase::WithoutPrice => true,
            OpenCase::Option | OpenCase::Incomplete => false,
        }
    }

    /// What the close can do with one of them.
    pub fn choices(self, status: ReservationStatus) -> &'static [Choice] {
        match self {
            OpenCase::OverdueArrival | OpenCase::LateArrival | OpenCase::Arrival => match status {
                // Nobody who has not promised to come is charged for staying away.
                ReservationStatus::Tentative => &[Choice::Release, Choice::Carry],
                _ => &[Choice::NoShow, Choice::Carry],
            },
            OpenCase::Option => &[Choice::Release, Choice::Carry],
            OpenCase::OverdueDeparture | OpenCase::Departure => &[Choice::Extend, Choice::Carry],
            OpenCase::Unsettled | OpenCase::WithoutRoom | OpenCase::WithoutPrice => &[Choice::Carry],
            OpenCase::Incomplete => &[],
        }
    }

    fn statement(self) -> Sql {
        match self {
            OpenCase::OverdueArrival => OVERDUE_ARRIVALS,
            OpenCase::LateArrival => LATE_ARRIVALS,
            OpenCase::Arrival => ARRIVALS,
            OpenCase::Option => OPTIONS,
            OpenCase::OverdueDeparture => OVERDUE_DEPARTURES,
            OpenCase::Departure => DEPARTURES,
            OpenCase::Unsettled => UNSETTLED,
            OpenCase::WithoutRoom => WITHOUT_ROOM,
            OpenCase::WithoutPrice => WITHOUT_PRICE,
            OpenCase::Incomplete => IN_HOUSE_GUESTS,
        }
    }
}

/// A stay that is open, for one reason.
#[derive(Debug, Clone)]
pub struct OpenStay {
    pub case: OpenCase,
    pub id: ReservationId,
    pub confirmation_number: String,
    pub guest_name: String,
    pub room_number: Option<String>,
    pub room_type_name: String,
    pub status: ReservationStatus,
    pub check_in_date: Date,
    pub check_out_date: Date,
    pub balance: Money,
    pub paid_amount: Money,
    pub expected_arrival_time: Option<ArrivalTime>,
    pub option_date: Option<Date>,
    pub decision: Option<Decision>,
}

impl OpenStay {
    /// Whether the close waits for it.
    pub fn is_waiting(&self) -> bool {
        self.case.must_be_decided() && self.decision.is_none()
    }
}

/// A cash drawer that nobody has counted yet.
#[derive(Debug, Clone)]
pub struct OpenShift {
    pub id: ShiftId,
    pub drawer_name: String,
    pub username: String,
    pub opened_at: Instant,
    pub decision: Option<Decision>,
}

/// A group's block that goes back on sale with the close.
#[derive(Debug, Clone)]
pub struct DueBlock {
    pub id: GroupId,
    pub name: String,
    pub cut_off_date: Date,
}

/// A room that is to be cleaned, or of which desk and housekeeping say different things.
#[derive(Debug, Clone)]
pub struct OpenRoom {
    pub id: RoomId,
    pub room_number: String,
    pub occupancy: Occupancy,
}

/// All that is open on a day.
#[derive(Debug, Clone)]
pub struct Open {
    pub stays: Vec<OpenStay>,
    pub shifts: Vec<OpenShift>,
    pub blocks: Vec<DueBlock>,
    pub dirty_rooms: Vec<OpenRoom>,
    /// With what housekeeping has seen.
    pub discrepancies: Vec<OpenRoom>,
    /// Of whom something is missing that the country asks for.
    pub unregistered: Vec<Registered>,
    /// How many of the others the authority was not told of yet.
    pub unsent: usize,
}

impl Open {
    /// How many wait for somebody's decision.
    pub fn waiting(&self) -> usize {
        self.stays.iter().filter(|stay| stay.is_waiting()).count()
            + self.shifts.iter().filter(|shift| shift.decision.is_none()).count()
    }
}

/// Looks for all that is open on the business date.
pub fn look(conn: &Conn, date: Date) -> Result<Open> {
    // What was carried out before the day was opened again decides nothing any more.
    let mut decided: Vec<Decision> = store::decisions(conn, date)?;
    decided.retain(|one| one.done_at.is_none());
    let of_stay = |id: ReservationId| decided.iter().find(|one| one.reservation_id == Some(id)).cloned();
    let of_shift = |id: ShiftId| decided.iter().find(|one| one.shift_id == Some(id)).cloned();
    let mut stays = Vec::new();
    for case in OpenCase::ALL {
        let found = match case {
            OpenCase::Incomplete => incomplete(conn)?,
            _ => conn.all(&case.statement(), [date], |row| open_stay(row, *case))?,
        };
        // A choice that was made for another reason says nothing about this one.
        let with_decision = |stay: OpenStay| OpenStay {
            decision: of_stay(stay.id).filter(|one| case.choices(stay.status).contains(&one.choice)),
            ..stay
        };
        stays.extend(found.into_iter().map(with_decision));
    }
    let shift = |row: &Row| Ok((row.get::<_, ShiftId>(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let shifts = conn.all(&SHIFTS, [], shift)?.into_iter().map(|(id, drawer_name, username, opened_at)| OpenShift {
        id,
        drawer_name,
        username,
        opened_at,
        decision: of_shift(id),
    });
    let block = |row: &Row| Ok(DueBlock { id: row.get(0)?, name: row.get(1)?, cut_off_date: row.get(2)? });
    let (unregistered, unsent) = registration::open(conn, date)?;
    Ok(Open {
        unregistered,
        unsent,
        stays,
        shifts: shifts.collect(),
        blocks: conn.all(&BLOCKS, [date], block)?,
        dirty_rooms: open_rooms(conn, &DIRTY_ROOMS)?,
        discrepancies: open_rooms(conn, &DISCREPANCIES)?,
    })
}

fn open_stay(row: &Row, case: OpenCase) -> rusqlite::Result<OpenStay> {
    Ok(OpenStay {
        case,
        id: row.get(0)?,
        confirmation_number: row.get(1)?,
        guest_name: row.get(2)?,
        room_number: row.get(3)?,
        room_type_name: row.get(4)?,
        status: row.get(5)?,
        check_in_date: row.get(6)?,
        check_out_date: row.get(7)?,
        balance: row.get(8)?,
        paid_amount: row.get(9)?,
        expected_arrival_time: row.get(10)?,
        option_date: row.get(11)?,
        decision: None,
    })
}

/// Who is here although details are missing that the hotel asks for: asked since, or taken away again.
fn incomplete(conn: &Conn) -> Result<Vec<OpenStay>> {
    let required = settings::property(conn)?.required_guest_fields;
    if required.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (id, guest) in conn.all(&IN_HOUSE_GUESTS, [], |row| Ok((row.get(0)?, row.get(1)?)))? {
        if guests::missing_fields(&guests::find(conn, guest)?, &required).is_empty() {
            continue;
        }
        let stay = reservations::find(conn, id)?;
        let balance = stay.balance();
        found.push(OpenStay {
            case: OpenCase::Incomplete,
            id,
            confirmation_number: stay.confirmation_number,
            guest_name: stay.guest_name,
            room_number: stay.room_number,
            room_type_name: stay.room_type_name,
            status: stay.status,
            check_in_date: stay.check_in_date,
            check_out_date: stay.check_out_date,
            balance,
            paid_amount: stay.paid_amount,
            expected_arrival_time: stay.details.expected_arrival_time,
            option_date: stay.details.option_date,
            decision: None,
        });
    }
    Ok(found)
}

fn open_rooms(conn: &Conn, sql: &Sql) -> Result<Vec<OpenRoom>> {
    let mut rooms =
        conn.all(sql, [], |row| Ok(OpenRoom { id: row.get(0)?, room_number: row.get(1)?, occupancy: row.get(2)? }))?;
    sort(&mut rooms, |a, b| natural_order(&a.room_number, &b.room_number));
    Ok(rooms)
}
