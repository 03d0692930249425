//! One box over everything: guests, reservations, rooms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId, RoomId};
use crate::domain::status::{Occupancy, ReservationStatus};
use crate::error::Result;
use crate::hotel::reservations::list;
use crate::hotel::{guests, reservations, rooms};

/// Hits of each kind at most.
const HITS: usize = 8;

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
    for id in guests::search_ids(conn, q, 8)? {
        let g = guests::find(conn, id)?;
        found_guests.push(GuestHit {
            id: g.id,
            full_name: g.full_name,
            email: g.email,
            phone_number: g.phone_number,
            is_vip: g.is_vip,
        });
    }
    let mut hits = Vec::new();
    for id in list::search(conn, q)?.into_iter().take(200) {
        hits.push(reservations::find(conn, id)?);
    }
    // Stays that are still to come or going on stand first, then the latest.
    hits.sort_by_key(|r| (!r.status.is_open(), std::cmp::Reverse(r.check_in_date)));
    let found_reservations = hits.into_iter().take(HITS).map(|r| ReservationHit {
        id: r.id,
        confirmation_number: r.confirmation_number,
        guest_name: r.guest_name,
        room_number: r.room_number,
        status: r.status,
        check_in_date: r.check_in_date,
        check_out_date: r.check_out_date,
    });
    let starts = q.to_lowercase();
    let found_rooms =
        rooms::all(conn)?.into_iter().filter(|r| r.room_number.to_lowercase().starts_with(&starts)).take(HITS).map(|r| RoomHit {
            id: r.id,
            room_number: r.room_number,
            room_type_name: r.room_type_name,
            occupancy: r.occupancy,
            guest_name: r.guest_name,
        });
    Ok(SearchView {
        guests: found_guests,
        reservations: found_reservations.collect(),
        rooms: found_rooms.collect(),
        invoices: Vec::new(),
    })
}
