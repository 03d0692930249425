//! Statements of bookings and their nights.

use rusqlite::Row;

use super::details::Details;
use super::view::PartyMember;
use super::{Night, Reservation};
use crate::db::sql::{optional_text, statements, text};
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, RoomId, RoomTypeId};
use crate::domain::status::{Housekeeping, Occupancy, ReservationStatus};
use crate::error::Result;

/// The columns of a reservation, in the order that `from_row` reads.
macro_rules! columns {
    () => {
        "id, confirmation_number, status, guest_id, guest_name, guest_email, guest_phone, room_id, room_number, room_type_id, \
         room_type_name, check_in_date, check_out_date, adults, children, source, rate_plan_id, notes, special_requests, \
         is_room_locked, is_day_use, policy_id, room_amount, unposted_amount, charge_amount, paid_amount, checked_in_at, checked_in_date, \
         checked_out_at, checked_out_date, planned_check_out_date, cancelled_at, created_at, updated_at, version, expected_arrival_time, is_late_arrival, option_date"
    };
}
pub const COLUMNS: &str = columns!();

statements! {
    FIND = "reservations.find": concat!("SELECT ", columns!(), " FROM reservation WHERE id = ?1");
    NUMBER_TAKEN = "reservations.number_taken": "SELECT 1 FROM reservation WHERE confirmation_number = ?1";
    INSERT = "reservations.insert": "INSERT INTO reservation (confirmation_number, status, guest_id, guest_name, guest_email, guest_phone,
            room_id, room_number, room_type_id, room_type_name, check_in_date, check_out_date, adults, children, source, rate_plan_id,
            notes, special_requests, is_room_locked, is_day_use, policy_id, expected_arrival_time, is_late_arrival, option_date, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?25)",
        scans "planned for a deferred foreign key that is broken, which never is: SQLite skips it";
    UPDATE = "reservations.update": "UPDATE reservation SET status = ?2, guest_id = ?3, room_id = ?4, room_type_id = ?5, check_in_date = ?6,
            check_out_date = ?7, adults = ?8, children = ?9, source = ?10, rate_plan_id = ?11, notes = ?12, special_requests = ?13,
            is_room_locked = ?14, is_day_use = ?15, checked_in_at = ?16, checked_in_date = ?17, checked_out_at = ?18,
            checked_out_date = ?19, planned_check_out_date = ?20, cancelled_at = ?21, expected_arrival_time = ?22, is_late_arrival = ?23, option_date = ?24, updated_at = ?25, version = version + 1
        WHERE id = ?1";
    TOUCH = "reservations.touch": "UPDATE reservation SET updated_at = ?2, version = version + 1 WHERE id = ?1";
    NIGHTS = "reservations.nights": "SELECT night, kind, room_type_id, room_id, rate, is_rate_typed, adults, children, is_held, is_posted,
            quoted_rate
        FROM reservation_night WHERE reservation_id = ?1 ORDER BY night LIMIT 1000";
    INSERT_NIGHT = "reservations.insert_night": "INSERT INTO reservation_night
            (reservation_id, night, kind, room_type_id, room_id, rate, is_rate_typed, adults, children, is_held, is_posted, quoted_rate)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    UPDATE_NIGHT = "reservations.update_night": "UPDATE reservation_night SET kind = ?3, room_type_id = ?4, room_id = ?5, rate = ?6,
            is_rate_typed = ?7, adults = ?8, children = ?9, is_held = ?10, is_posted = ?11, quoted_rate = ?12
        WHERE reservation_id = ?1 AND night = ?2";
    DELETE_NIGHT = "reservations.delete_night": "DELETE FROM reservation_night WHERE reservation_id = ?1 AND night = ?2";
    NIGHT_HOLDER = "reservations.night_holder": "SELECT rn.night, rn.reservation_id, rn.block_id, r.confirmation_number, r.guest_name, r.status,
            r.check_in_date, r.check_out_date, r.is_room_locked, b.reason, room.room_number
        FROM room_night AS rn
        JOIN room ON room.id = rn.room_id
        LEFT JOIN reservation AS r ON r.id = rn.reservation_id
        LEFT JOIN room_block AS b ON b.id = rn.block_id
        WHERE rn.night = ?1 AND rn.room_id = ?2";
    DAY_HOLDER = "reservations.day_holder": "SELECT rd.day, rd.reservation_id, NULL, r.confirmation_number, r.guest_name, r.status,
            r.check_in_date, r.check_out_date, r.is_room_locked, NULL, room.room_number
        FROM room_day AS rd
        JOIN room ON room.id = rd.room_id
        JOIN reservation AS r ON r.id = rd.reservation_id
        WHERE rd.day = ?1 AND rd.room_id = ?2";
    UNIT = "reservations.unit": "SELECT room_number, room_type_id FROM room WHERE id = ?1";
    SURROUNDINGS = "reservations.surroundings": "SELECT g.is_vip, g.notes, m.housekeeping,
            CASE WHEN EXISTS (SELECT 1 FROM reservation WHERE room_id = m.id AND status = 'checked_in') THEN 'occupied' ELSE 'vacant' END
        FROM guest AS g
        LEFT JOIN room AS m ON m.id = ?2
        WHERE g.id = ?1";
    PARTY_OF = "reservations.party_of": "SELECT o.id, o.confirmation_number, o.guest_name, o.room_number, o.status
        FROM reservation AS r
        JOIN reservation AS o ON o.party = r.party AND o.id <> r.id
        WHERE r.id = ?1
        ORDER BY o.id
        LIMIT 100";
    JOIN_PARTY = "reservations.join_party": "UPDATE reservation SET party = ?2 WHERE id = ?1";
    IN_HOUSE_IN_ROOM = "reservations.in_house_in_room": "SELECT id FROM reservation WHERE room_id = ?1 AND status = 'checked_in' AND id <> ?2 LIMIT 1";
}

pub fn from_row<'r, T: From<&'r str>>(row: &'r Row) -> rusqlite::Result<Reservation<T>> {
    Ok(Reservation {
        id: row.get(0)?,
        confirmation_number: text(row, 1)?,
        status: row.get(2)?,
        guest_id: row.get(3)?,
        guest_name: text(row, 4)?,
        guest_email: text(row, 5)?,
        guest_phone: text(row, 6)?,
        room_id: row.get(7)?,
        room_number: optional_text(row, 8)?,
        room_type_id: row.get(9)?,
        room_type_name: text(row, 10)?,
        check_in_date: row.get(11)?,
        check_out_date: row.get(12)?,
        adults: row.get(13)?,
        children: row.get(14)?,
        source: text(row, 15)?,
        rate_plan_id: row.get(16)?,
        notes: text(row, 17)?,
        special_requests: text(row, 18)?,
        is_room_locked: row.get(19)?,
        is_day_use: row.get(20)?,
        policy_id: row.get(21)?,
        room_amount: row.get(22)?,
        unposted_amount: row.get(23)?,
        charge_amount: row.get(24)?,
        paid_amount: row.get(25)?,
        checked_in_at: row.get(26)?,
        checked_in_date: row.get(27)?,
        checked_out_at: row.get(28)?,
        checked_out_date: row.get(29)?,
        planned_check_out_date: row.get(30)?,
        cancelled_at: row.get(31)?,
        created_at: row.get(32)?,
        updated_at: row.get(33)?,
        version: row.get(34)?,
        details: details_from_row(row, 35)?,
    })
}

/// The details, whose columns begin at a place.
pub fn details_from_row(row: &Row, at: usize) -> rusqlite::Result<Details> {
    Ok(Details { expected_arrival_time: row.get(at)?, is_late_arrival: row.get(at + 1)?, option_date: row.get(at + 2)? })
}

fn night_from_row(row: &Row) -> rusqlite::Result<Night> {
    Ok(Night {
        night: row.get(0)?,
        kind: row.get(1)?,
        room_type_id: row.get(2)?,
        room_id: row.get(3)?,
        rate: row.get(4)?,
        is_rate_typed: row.get(5)?,
        adults: row.get(6)?,
        children: row.get(7)?,
        is_held: row.get(8)?,
        is_posted: row.get(9)?,
        quoted: row.get(10)?,
    })
}

pub fn find(conn: &Conn, id: ReservationId) -> Result<Option<Reservation>> {
    conn.one(&FIND, [id], |row| from_row(row))
}

pub fn is_number_taken(conn: &Conn, number: &str) -> Result<bool> {
    conn.exists(&NUMBER_TAKEN, [number])
}

/// Inserts the row as given; sums and counters follow by trigger.
pub fn insert(tx: &Tx, r: &Reservation) -> Result<ReservationId> {
    let id = tx.insert(
        &INSERT,
        rusqlite::params![
            r.confirmation_number,
            r.status,
            r.guest_id,
            r.guest_name,
            r.guest_email,
            r.guest_phone,
            r.room_id,
            r.room_number,
            r.room_type_id,
            r.room_type_name,
            r.check_in_date,
            r.check_out_date,
            r.adults,
            r.children,
            r.source,
            r.rate_plan_id,
            r.notes,
            r.special_requests,
            r.is_room_locked,
            r.is_day_use,
            r.policy_id,
            r.details.expected_arrival_time,
            r.details.is_late_arrival,
            r.details.option_date,
            r.created_at,
        ],
    )?;
    Ok(ReservationId(id))
}

pub fn update(tx: &Tx, r: &Reservation) -> Result<()> {
    tx.run(
        &UPDATE,
        rusqlite::params![
            r.id,
            r.status,
            r.guest_id,
            r.room_id,
            r.room_type_id,
            r.check_in_date,
            r.check_out_date,
            r.adults,
            r.children,
            r.source,
            r.rate_plan_id,
            r.notes,
            r.special_requests,
            r.is_room_locked,
            r.is_day_use,
            r.checked_in_at,
            r.checked_in_date,
            r.checked_out_at,
            r.checked_out_date,
            r.planned_check_out_date,
            r.cancelled_at,
            r.details.expected_arrival_time,
            r.details.is_late_arrival,
            r.details.option_date,
            tx.now(),
        ],
    )?;
    Ok(())
}

/// What belongs to the booking has changed: an edit made from before is refused.
pub fn touch(tx: &Tx, id: ReservationId) -> Result<()> {
    tx.run(&TOUCH, (id, tx.now()))?;
    Ok(())
}

/// All nights of a booking, held or not, in their order.
pub fn nights(conn: &Conn, id: ReservationId) -> Result<Vec<Night>> {
    conn.all(&NIGHTS, [id], night_from_row)
}

pub fn insert_night(tx: &Tx, id: ReservationId, n: &Night) -> Result<()> {
    let params = rusqlite::params![
        id,
        n.night,
        n.kind,
        n.room_type_id,
        n.room_id,
        n.rate,
        n.is_rate_typed,
        n.adults,
        n.children,
        n.is_held,
        n.is_posted,
        n.quoted
    ];
    tx.run(&INSERT_NIGHT, params)?;
    Ok(())
}

fn update_night(tx: &Tx, id: ReservationId, n: &Night) -> Result<()> {
    let params = rusqlite::params![
        id,
        n.night,
        n.kind,
        n.room_type_id,
        n.room_id,
        n.rate,
        n.is_rate_typed,
        n.adults,
        n.children,
        n.is_held,
        n.is_posted,
        n.quoted
    ];
    tx.run(&UPDATE_NIGHT, params)?;
    Ok(())
}

/// Writes the difference between the nights as they are and as they shall be.
/// Nights are freed before others are taken, so a stay never stands in its own way.
pub fn replace_nights(tx: &Tx, id: ReservationId, old: &[Night], new: &[Night]) -> Result<()> {
    for gone in old.iter().filter(|o| !new.iter().any(|n| n.night == o.night)) {
        tx.run(&DELETE_NIGHT, (id, gone.night))?;
    }
    for night in new {
        match old.iter().find(|o| o.night == night.night) {
            Some(same) if same == night => {}
            Some(_) => update_night(tx, id, night)?,
            None => insert_night(tx, id, night)?,
        }
    }
    Ok(())
}

/// Who or what holds a room on a night.
#[derive(Debug, Clone)]
pub struct Holder {
    pub night: Date,
    pub reservation_id: Option<ReservationId>,
    pub block_id: Option<i64>,
    pub confirmation_number: Option<String>,
    pub guest_name: Option<String>,
    pub status: Option<ReservationStatus>,
    pub check_in_date: Option<Date>,
    pub check_out_date: Option<Date>,
    pub is_room_locked: Option<bool>,
    pub reason: Option<String>,
    pub room_number: String,
}

fn holder_from_row(row: &Row) -> rusqlite::Result<Holder> {
    Ok(Holder {
        night: row.get(0)?,
        reservation_id: row.get(1)?,
        block_id: row.get(2)?,
        confirmation_number: row.get(3)?,
        guest_name: row.get(4)?,
        status: row.get(5)?,
        check_in_date: row.get(6)?,
        check_out_date: row.get(7)?,
        is_room_locked: row.get(8)?,
        reason: row.get(9)?,
        room_number: row.get(10)?,
    })
}

pub fn night_holder(conn: &Conn, night: Date, room: RoomId) -> Result<Option<Holder>> {
    conn.one(&NIGHT_HOLDER, (night, room), holder_from_row)
}

pub fn day_holder(conn: &Conn, day: Date, room: RoomId) -> Result<Option<Holder>> {
    conn.one(&DAY_HOLDER, (day, room), holder_from_row)
}

/// A room as a booking needs it: its number, and what type it is sold as.
pub fn unit(conn: &Conn, room: RoomId) -> Result<Option<(String, RoomTypeId)>> {
    conn.one(&UNIT, [room], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What the desk is told beside a booking: of its guest, and of its room if it has one.
pub struct Surroundings {
    pub guest_is_vip: bool,
    pub guest_notes: String,
    pub room: Option<(Housekeeping, Occupancy)>,
}

pub fn surroundings(conn: &Conn, guest: GuestId, room: Option<RoomId>) -> Result<Option<Surroundings>> {
    conn.one(&SURROUNDINGS, (guest, room), |row| {
        let housekeeping: Option<Housekeeping> = row.get(2)?;
        let room = match housekeeping {
            Some(housekeeping) => Some((housekeeping, row.get(3)?)),
            None => None,
        };
        Ok(Surroundings { guest_is_vip: row.get(0)?, guest_notes: row.get(1)?, room })
    })
}

/// The other bookings of a booking's party.
pub fn party_of(conn: &Conn, id: ReservationId) -> Result<Vec<PartyMember>> {
    conn.all(&PARTY_OF, [id], |row| {
        Ok(PartyMember {
            id: row.get(0)?,
            confirmation_number: row.get(1)?,
            guest_name: row.get(2)?,
            room_number: row.get(3)?,
            status: row.get(4)?,
        })
    })
}

/// Puts a new booking among those of a party.
pub fn join_party(tx: &Tx, id: ReservationId, party: &str) -> Result<()> {
    tx.run(&JOIN_PARTY, (id, party)).map(|_| ())
}

/// Another checked-in stay in the room.
pub fn other_in_house(conn: &Conn, room: RoomId, own: ReservationId) -> Result<Option<ReservationId>> {
    conn.one(&IN_HOUSE_IN_ROOM, (room, own), |row| row.get(0))
}
