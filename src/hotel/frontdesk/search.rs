//! One box over everything: guests, reservations, rooms, invoices.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::Hash;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{GuestId, InvoiceId, ReservationId, RoomId};
use crate::domain::search_text::is_found_in;
use crate::domain::status::{Occupancy, ReservationStatus};
use crate::error::{Error, Result};
use crate::hotel::guests::search::Search;
use crate::hotel::reservations::list;
use crate::hotel::{guests, invoices, rooms};

/// Hits of each kind at most.
const HITS: i64 = 8;
const MOST: usize = 8;

statements! {
    HITS_OF = "search.hits_of": "SELECT id, confirmation_number, guest_name, room_number, status, check_in_date, check_out_date,
            trim(notes || char(10) || special_requests, char(10))
        FROM reservation
        WHERE id IN (SELECT value FROM json_each(?1))
        ORDER BY CASE WHEN status IN ('tentative', 'confirmed', 'checked_in') THEN check_in_date ELSE '9999-12-31' END, check_in_date DESC, id
        LIMIT ?2";
    GUESTS_OF = "search.guests_of" selects FoundGuest "FROM json_each(?1) AS found CROSS JOIN guest AS g ON g.id = found.value
        ORDER BY found.key", scans "the ids are a list that was handed in";
    ROOMS_STARTING = "search.rooms_starting": "SELECT id FROM room
        WHERE substr(room_number, 1, length(?1)) = ?1 COLLATE NOCASE
        ORDER BY id
        LIMIT ?2", scans "a hotel's rooms are few";
    INVOICES = "search.invoices" selects InvoiceHit "FROM invoice WHERE id IN (
            SELECT id FROM (SELECT id FROM invoice WHERE number >= ?1 AND number < ?1 || char(1114111) ORDER BY number DESC LIMIT ?4)
            UNION SELECT id FROM (SELECT id FROM invoice WHERE number >= ?2 AND number < ?2 || char(1114111) ORDER BY number DESC LIMIT ?4)
            UNION SELECT i.id FROM invoice_counter AS c CROSS JOIN invoice AS i ON i.series_id = c.series_id AND i.year = c.year AND i.serial = ?3)
        ORDER BY id DESC
        LIMIT ?4", scans "a hotel's series are few";
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
    /// What is noted about the guest, where that was found.
    note: Option<String>,
}

record! {
    /// What a hit tells of a guest.
    struct FoundGuest {
        id: GuestId = "g.id",
        full_name: String = "g.full_name",
        email: String = "g.email",
        phone_number: String = "g.phone_number",
        is_vip: bool = "g.is_vip",
        notes: String = "g.notes",
    }
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
    /// What is noted on it, where that was found.
    note: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RoomHit {
    id: RoomId,
    room_number: String,
    room_type_name: String,
    occupancy: Occupancy,
    guest_name: Option<String>,
}

record! {
    #[derive(Debug, Serialize, JsonSchema)]
    pub struct InvoiceHit {
        id: InvoiceId,
        kind: invoices::snapshot::Kind,
        number: String,
        buyer_name: String,
        issued_on: Date,
    }
}

/// What the word was found in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchView {
    guests: Vec<GuestHit>,
    reservations: Vec<ReservationHit>,
    rooms: Vec<RoomHit>,
    /// By their numbers, the newest first.
    invoices: Vec<InvoiceHit>,
}

pub fn search(conn: &Conn, p: SearchParams) -> Result<SearchView> {
    let q = p.q.trim();
    if q.is_empty() {
        return Ok(SearchView { guests: Vec::new(), reservations: Vec::new(), rooms: Vec::new(), invoices: Vec::new() });
    }
    let words = Words { conn, q, readings: [OnceCell::new(), OnceCell::new(), OnceCell::new()] };
    let found_guests = words.guests()?;
    let found_reservations = words.reservations()?;
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
    Ok(SearchView { guests: found_guests, reservations: found_reservations, rooms: found_rooms, invoices: invoices_of(conn, q)? })
}

/// Those whose number begins so, or is so much after what stands before all numbers of its series.
fn invoices_of(conn: &Conn, q: &str) -> Result<Vec<InvoiceHit>> {
    let serial: i64 = q.parse().unwrap_or_default();
    conn.all(&INVOICES, (q, q.to_uppercase(), serial, HITS), InvoiceHit::from_row)
}

/// What was typed. Found first are words that follow each other so; where they leave room, words that
/// begin so; and at last words of which it is a part.
struct Words<'a> {
    conn: &'a Conn<'a>,
    q: &'a str,
    /// `None`: nothing that an earlier reading has not found.
    readings: [OnceCell<Option<Search>>; 3],
}

impl Words<'_> {
    fn reading(&self, number: usize) -> Result<Option<&Search>> {
        let place = &self.readings[number];
        if place.get().is_none() {
            let _ = place.set(match number {
                0 => guests::search::parse_in_order(self.q),
                1 => Some(guests::search::parse(self.q)),
                _ => {
                    let parts = guests::search::parse_parts(self.conn, self.q)?;
                    (self.reading(1)? != Some(&parts)).then_some(parts)
                }
            });
        }
        Ok(place.get().and_then(Option::as_ref))
    }

    /// The first hits of all readings: `find` gives the ids, `show` the hits in their order.
    fn first<I: Copy + Eq + Hash, H>(
        &self,
        find: impl Fn(&Search) -> Result<Vec<I>>,
        show: impl Fn(&[I]) -> Result<Vec<H>>,
    ) -> Result<Vec<H>> {
        let (mut seen, mut hits) = (HashSet::new(), Vec::new());
        for number in 0..self.readings.len() {
            if hits.len() < MOST
                && let Some(search) = self.reading(number)?
            {
                let mut found = find(search)?;
                found.retain(|id| seen.insert(*id));
                hits.extend(show(&found)?);
            }
        }
        hits.truncate(MOST);
        Ok(hits)
    }

    fn guests(&self) -> Result<Vec<GuestHit>> {
        self.first(|search| guests::store::search_ids(self.conn, search, HITS), |ids| self.guests_of(ids))
    }

    fn guests_of(&self, ids: &[GuestId]) -> Result<Vec<GuestHit>> {
        let ids = serde_json::to_string(ids).map_err(Error::internal)?;
        self.conn.all(&GUESTS_OF, [ids], |row| FoundGuest::from_row(row).map(|guest| self.guest_hit(guest)))
    }

    fn guest_hit(&self, g: FoundGuest) -> GuestHit {
        let note = self.note(&[&g.full_name, &g.email], &g.notes);
        GuestHit { id: g.id, full_name: g.full_name, email: g.email, phone_number: g.phone_number, is_vip: g.is_vip, note }
    }

    fn reservations(&self) -> Result<Vec<ReservationHit>> {
        if let Some(id) = list::by_number(self.conn, self.q)? {
            return self.hits_of(&[id]);
        }
        self.first(|search| list::find(self.conn, search, list::Depth::HITS), |ids| self.hits_of(ids))
    }

    fn hits_of(&self, ids: &[ReservationId]) -> Result<Vec<ReservationHit>> {
        self.conn.all(&HITS_OF, (list::json_list(ids), HITS), |row| {
            let guest_name: String = row.get(2)?;
            Ok(ReservationHit {
                id: row.get(0)?,
                confirmation_number: row.get(1)?,
                room_number: row.get(3)?,
                status: row.get(4)?,
                check_in_date: row.get(5)?,
                check_out_date: row.get(6)?,
                note: self.note(&[&guest_name], row.get_ref(7)?.as_str()?),
                guest_name,
            })
        })
    }

    /// The note, where it holds a typed word that nothing else of the hit does.
    fn note(&self, others: &[&str], note: &str) -> Option<String> {
        let is_only_there = |word: &str| is_found_in(note, word) && !others.iter().any(|other| is_found_in(other, word));
        (!note.is_empty() && self.q.split_whitespace().any(is_only_there)).then(|| note.to_owned())
    }
}
