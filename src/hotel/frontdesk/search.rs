//! One box over everything: guests, reservations, rooms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, RoomId};
use crate::domain::status::{Occupancy, ReservationStatus};
use crate::error::Result;
use crate::hotel::reservations::list;
use crate::hotel::{guests, rooms};

/// Hits of each kind at most.
const HITS: i64 = 8;

statements! {
    HITS_OF = "search.hits_of": "SELECT id, confirmation_number, guest_name, room_number, status, check_in_date, check_out_date
        FROM reservation
        WHERE id IN (SELECT value FROM json_each(?1))
        ORDER BY CASE WHEN status IN ('tentative', 'confirmed', 'checked_in') THEN check_in_date ELSE '9999-12-31' END, check_in_date DESC, id
        LIMIT ?2";
    ROOMS_STARTING = "search.rooms_starting": "SELECT id FROM room
        WHERE substr(room_number, 1, length(?1)) = ?1 COLLATE NOCASE
        ORDER BY id
        LIMIT ?2", scans "a hotel's rooms are few";
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchParams {
    q: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct GuestHit {
    id: GuestId,
    full_name: String,
    email: String,
    phone_number: String,
    is_vip: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ReservationHit {
    id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    room_number: Option<String>,
    status: ReservationStatus,
    check_in_date: Date,
    check_out_date: Date,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RoomHit {
    id: RoomId,
    room_number: String,
    room_type_name: String,
    occupancy: Occupancy,
    guest_name: Option<String>,
}

/// What the word was found in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchView {
    guests: Vec<GuestHit>,
    reservations: Vec<ReservationHit>,
    rooms: Vec<RoomHit>,
    /// None before invoices exist.
    invoices: Vec<ReservationHit>,
}

pub fn search(conn: &Conn, p: SearchParams) -> Result<SearchView> {
    let q = p.q.trim();
    if q.is_empty() {
        return Ok(SearchView { guests: Vec::new(), reservations: Vec::new(), rooms: Vec::new(), invoices: Vec::new() });
    }
    let mut found_guests = Vec::new();
    for id in guests::search_ids(conn, q, HITS)? {
        let g = guests::find(conn, id)?;
        found_guests.push(GuestHit {
            id: g.id,
            full_name: g.full_name,
            email: g.email,
            phone_number: g.phone_number,
            is_vip: g.is_vip,
        });
    }
    let found = list::search(conn, q, list::Depth::HITS)?;
    let found_reservations = conn.all(&HITS_OF, (list::json_list(&found), HITS), |row| {
        Ok(ReservationHit {
            id: row.get(0)?,
            confirmation_number: row.get(1)?,
            guest_name: row.get(2)?,
            room_number: row.get(3)?,
            status: row.get(4)?,
            check_in_date: row.get(5)?,
            check_out_date: row.get(6)?,
        })
    })?;
    let mut found_rooms = Vec::new();
    for id in conn.all(&ROOMS_STARTING, (q, HITS), |row| row.get(0))? {
        let room = rooms::find(conn, id)?;
        found_rooms.push(RoomHit {
            id: room.id,
            room_number: room.room_number,
            room_type_name: room.room_type_name,
            occupancy: room.occupancy,
            guest_name: room.guest_name,
        });
    }
    Ok(SearchView { guests: found_guests, reservations: found_reservations, rooms: found_rooms, invoices: Vec::new() })
}
