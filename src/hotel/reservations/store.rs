//! Statements of bookings and their nights.

use const_format::concatcp;
use rusqlite::params_from_iter;
use rusqlite::types::ToSql;

use super::details::Details;
use super::view::PartyMember;
use super::{Night, Reservation};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::{Housekeeping, Occupancy, ReservationStatus};
use crate::error::Result;
use crate::hotel::policies::deposit::Asked;

written!(
    /// What is only written with a new booking: the rest follows by trigger.
    COPIED: Reservation = confirmation_number, guest_name, guest_email, guest_phone, room_number, room_type_name, booked_on,
    created_at
);
written!(
    STAY: Reservation = status, guest_id, room_id, room_type_id, check_in_date, check_out_date, adults, children, source, rate_plan_id,
    policy_id, notes, special_requests, is_room_locked, is_day_use, checked_in_at, checked_in_date, checked_out_at, checked_out_date,
    plan_since, planned_check_out_date, cancelled_at, cancelled_on, deposit_amount, deposit_due_date
);
written!(DETAILS: Details = expected_arrival_time, is_late_arrival, option_date, company_id, group_id, rate_kind, rate_kind_reason, children_ages, cots);
written!(
    NIGHT: Night = kind, room_type_id, room_id, rate, is_rate_typed, adults, children, is_held, is_posted, quoted_rate, added_amount,
    extras
);

statements! {
    FIND = "reservations.find" selects Reservation "FROM reservation WHERE id = ?1";
    NUMBER_TAKEN = "reservations.number_taken": "SELECT 1 FROM reservation WHERE confirmation_number = ?1";
    INSERT = "reservations.insert" is concatcp!("INSERT INTO reservation (", STAY.names, ", ", DETAILS.names, ", ", COPIED.names, ", updated_at)
        VALUES (", STAY.places, ", ", DETAILS.places, ", ", COPIED.places, ", ?)"),
        scans "planned for a deferred foreign key that is broken, which never is: SQLite skips it";
    UPDATE = "reservations.update" is concatcp!("UPDATE reservation SET ", STAY.sets, ", ", DETAILS.sets, ", updated_at = ?, version = version + 1
        WHERE id = ?");
    ASK_DEPOSIT = "reservations.ask_deposit": "UPDATE reservation SET deposit_amount = ?2, deposit_due_date = ?3 WHERE id = ?1";
    TOUCH = "reservations.touch": "UPDATE reservation SET updated_at = ?2, version = version + 1 WHERE id = ?1";
    NIGHTS = "reservations.nights" selects Night "FROM reservation_night WHERE reservation_id = ?1 ORDER BY night LIMIT 1000";
    INSERT_NIGHT = "reservations.insert_night" is concatcp!("INSERT INTO reservation_night (", NIGHT.names, ", reservation_id, night)
        VALUES (", NIGHT.places, ", ?, ?)");
    UPDATE_NIGHT = "reservations.update_night" is concatcp!("UPDATE reservation_night SET ", NIGHT.sets, "
        WHERE reservation_id = ? AND night = ?");
    DELETE_NIGHT = "reservations.delete_night": "DELETE FROM reservation_night WHERE reservation_id = ?1 AND night = ?2";
    NIGHT_HOLDER = "reservations.night_holder" selects Holder "FROM room_night AS rn
        JOIN room ON room.id = rn.room_id
        LEFT JOIN reservation AS r ON r.id = rn.reservation_id
        LEFT JOIN room_block AS b ON b.id = rn.block_id
        WHERE rn.night = ?1 AND rn.room_id = ?2";
    DAY_HOLDER = "reservations.day_holder" selects Holder "FROM (SELECT day AS night, room_id, reservation_id, NULL AS block_id FROM room_day) AS rn
        JOIN room ON room.id = rn.room_id
        JOIN reservation AS r ON r.id = rn.reservation_id
        LEFT JOIN room_block AS b ON b.id = rn.block_id
        WHERE rn.night = ?1 AND rn.room_id = ?2";
    UNIT = "reservations.unit": "SELECT room_number, room_type_id FROM room WHERE id = ?1";
    SURROUNDINGS = "reservations.surroundings": "SELECT g.is_vip, g.notes, m.housekeeping,
            CASE WHEN EXISTS (SELECT 1 FROM reservation WHERE room_id = m.id AND status = 'checked_in') THEN 'occupied' ELSE 'vacant' END,
            (SELECT name FROM rate_plan WHERE id = ?3)
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
    WITH_NIGHTS_TO_COME = "reservations.with_nights_to_come": "SELECT id FROM reservation
        WHERE status IN ('tentative', 'confirmed', 'checked_in') ORDER BY id";
    IN_HOUSE_IN_ROOM = "reservations.in_house_in_room": "SELECT id FROM reservation WHERE room_id = ?1 AND status = 'checked_in' AND id <> ?2 LIMIT 1";
}

pub fn find(conn: &Conn, id: ReservationId) -> Result<Option<Reservation>> {
    conn.one(&FIND, [id], |row| Reservation::from_row(row))
}

pub fn is_number_taken(conn: &Conn, number: &str) -> Result<bool> {
    conn.exists(&NUMBER_TAKEN, [number])
}

/// Inserts the row as given; sums and counters follow by trigger.
pub fn insert(tx: &Tx, r: &Reservation) -> Result<ReservationId> {
    let written = (STAY.values)(r).into_iter().chain((DETAILS.values)(&r.details)).chain((COPIED.values)(r));
    Ok(ReservationId(tx.insert(&INSERT, params_from_iter(written.chain([&r.created_at as &dyn ToSql])))?))
}

pub fn ask_deposit(tx: &Tx, id: ReservationId, asked: Asked) -> Result<()> {
    let (amount, due) = asked.unzip();
    tx.run(&ASK_DEPOSIT, (id, amount.unwrap_or(Money::ZERO), due))?;
    Ok(())
}

pub fn update(tx: &Tx, r: &Reservation) -> Result<()> {
    let (now, written) = (tx.now(), (STAY.values)(r).into_iter().chain((DETAILS.values)(&r.details)));
    tx.run(&UPDATE, params_from_iter(written.chain([&now as &dyn ToSql, &r.id])))?;
    Ok(())
}

/// What belongs to the booking has changed: an edit made from before is refused.
pub fn touch(tx: &Tx, id: ReservationId) -> Result<()> {
    tx.run(&TOUCH, (id, tx.now()))?;
    Ok(())
}

/// All nights of a booking, held or not, in their order.
pub fn nights(conn: &Conn, id: ReservationId) -> Result<Vec<Night>> {
    conn.all(&NIGHTS, [id], Night::from_row)
}

pub fn insert_night(tx: &Tx, id: ReservationId, n: &Night) -> Result<()> {
    tx.run(&INSERT_NIGHT, NIGHT.with(n, &[&id, &n.night]))?;
    Ok(())
}

fn update_night(tx: &Tx, id: ReservationId, n: &Night) -> Result<()> {
    tx.run(&UPDATE_NIGHT, NIGHT.with(n, &[&id, &n.night]))?;
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

record! {
    /// Who or what holds a room on a night.
    #[derive(Debug, Clone)]
    pub struct Holder {
        pub night: Date = "rn.night",
        pub reservation_id: Option<ReservationId> = "rn.reservation_id",
        pub block_id: Option<i64> = "rn.block_id",
        pub confirmation_number: Option<String> = "r.confirmation_number",
        pub guest_name: Option<String> = "r.guest_name",
        pub status: Option<ReservationStatus> = "r.status",
        pub check_in_date: Option<Date> = "r.check_in_date",
        pub check_out_date: Option<Date> = "r.check_out_date",
        pub is_room_locked: Option<bool> = "r.is_room_locked",
        pub reason: Option<String> = "b.reason",
        pub room_number: String = "room.room_number",
    }
}

pub fn night_holder(conn: &Conn, night: Date, room: RoomId) -> Result<Option<Holder>> {
    conn.one(&NIGHT_HOLDER, (night, room), Holder::from_row)
}

pub fn day_holder(conn: &Conn, day: Date, room: RoomId) -> Result<Option<Holder>> {
    conn.one(&DAY_HOLDER, (day, room), Holder::from_row)
}

/// A room as a booking needs it: its number, and what type it is sold as.
pub fn unit(conn: &Conn, room: RoomId) -> Result<Option<(String, RoomTypeId)>> {
    conn.one(&UNIT, [room], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What the desk is told beside a booking: of its guest, and of its room if it has one.
pub struct Surroundings {
    pub guest_is_vip: bool,
    pub guest_notes: String,
    pub rate_plan_name: String,
    pub room: Option<(Housekeeping, Occupancy)>,
}

pub fn surroundings(conn: &Conn, guest: GuestId, room: Option<RoomId>, plan: RatePlanId) -> Result<Option<Surroundings>> {
    conn.one(&SURROUNDINGS, (guest, room, plan), |row| {
        let housekeeping: Option<Housekeeping> = row.get(2)?;
        let room = match housekeeping {
            Some(housekeeping) => Some((housekeeping, row.get(3)?)),
            None => None,
        };
        Ok(Surroundings { guest_is_vip: row.get(0)?, guest_notes: row.get(1)?, room, rate_plan_name: row.get(4)? })
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

/// The stays that are to come or going on.
pub fn with_nights_to_come(conn: &Conn) -> Result<Vec<ReservationId>> {
    conn.all(&WITH_NIGHTS_TO_COME, [], |row| row.get(0))
}

/// Another checked-in stay in the room.
pub fn other_in_house(conn: &Conn, room: RoomId, own: ReservationId) -> Result<Option<ReservationId>> {
    conn.one(&IN_HOUSE_IN_ROOM, (room, own), |row| row.get(0))
}
