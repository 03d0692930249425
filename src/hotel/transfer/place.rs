//! Gives the rows of a file their rooms, in memory: what is taken, promised and
//! occupied in the data file counts as well as what earlier rows took.

use std::collections::{HashMap, HashSet};

use super::import::Hotel;
use super::nights::RowNight;
use super::rack::{Rack, RackRoom, Span};
use super::row::{Row, Rows};
use super::{BadRow, store};
use crate::db::{Conn, Tx};
use crate::domain::id::RoomId;
use crate::domain::order::sort;
use crate::domain::status::ReservationStatus;
use crate::error::Result;
use crate::hotel::reservations;
use crate::hotel::rooms::inventory::{self, Asker};

/// A row with the room it was given.
pub struct Placed {
    /// Its place in `Rows::good`.
    pub row: usize,
    pub room: Option<usize>,
}

/// Gives each row its room: those that name one first, the others by first fit in
/// the order of their arrivals, which needs no more rooms than the fullest night.
/// The answer is in that order too; what cannot be placed joins the bad rows.
pub fn place(tx: &Tx, hotel: &Hotel, rows: &mut Rows) -> Result<Vec<Placed>> {
    let mut order: Vec<usize> = (0..rows.good.len()).collect();
    let names_none = |row: &Row| row.room.is_none() && row.nights.is_none();
    let urgency = |at: &usize| (names_none(&rows.good[*at]), rows.good[*at].stay.arrival(), *at);
    sort(&mut order, |a, b| urgency(a).cmp(&urgency(b)));
    let Some(mut placing) = Placing::new(tx, hotel, &rows.good)? else { return Ok(Vec::new()) };
    let mut placed = Vec::with_capacity(order.len());
    for at in order {
        let row = &rows.good[at];
        match placing.room_for(tx, row)? {
            Ok(room) => placed.push(Placed { row: at, room }),
            Err(bad) => rows.bad.push(bad),
        }
    }
    sort(&mut placed, |a, b| (rows.good[a.row].stay.arrival(), a.row).cmp(&(rows.good[b.row].stay.arrival(), b.row)));
    Ok(placed)
}

/// The rack while rows are placed in it.
struct Placing<'a> {
    hotel: &'a Hotel,
    rack: Rack,
    /// Rooms with somebody in them: nobody else checks in there.
    in_house: HashSet<usize>,
    /// Which line took a named room, for the next one that names it.
    lines: HashMap<usize, Vec<(Span, u64)>>,
    /// Rooms of each type that the file's overdue guests have tonight. They may have been promised
    /// before: whoever waits for one of them came in the same file.
    overdue: Vec<u32>,
}

impl<'a> Placing<'a> {
    /// The rack as the data file has it; `None` when there is nothing to place.
    fn new(conn: &Conn, hotel: &'a Hotel, rows: &[Row]) -> Result<Option<Placing<'a>>> {
        let (Some(first), Some(last)) = (rows.iter().map(|r| r.stay.arrival()).min(), rows.iter().map(Row::last_date).max())
        else {
            return Ok(None);
        };
        // A night before, since a day guest wants a room that was empty then.
        let (first, end) = (first.previous(), last.next());
        let places: HashMap<RoomId, usize> = hotel.rooms.iter().enumerate().map(|(at, r)| (r.id, at)).collect();
        let mut rack = Rack::new(&hotel.rooms, hotel.room_types.len(), first, end);
        store::taken(conn, first, end, |night, room| {
            if let (Some(night), Some(room)) = (rack.offset(night), places.get(&room)) {
                rack.take(*room, Span { from: night, to: night + 1 });
            }
        })?;
        for (day, room) in store::taken_by_day(conn, first, end)? {
            if let (Some(day), Some(room)) = (rack.offset(day), places.get(&room)) {
                rack.take_by_day(*room, day);
            }
        }
        let held = inventory::held_between(conn, first, end, Asker::NOBODY)?;
        let held = held.into_iter().map(|(id, night, rooms)| (night, id, u32::try_from(rooms).unwrap_or(0)));
        for (night, id, stays) in store::promised(conn, first, end)?.into_iter().chain(held) {
            if let (Some(night), Some(at)) = (rack.offset(night), hotel.room_types.iter().position(|t| t.id == id)) {
                rack.promise(at, night, stays);
            }
        }
        let in_house = store::in_house_rooms(conn)?.iter().filter_map(|id| places.get(id).copied()).collect();
        let overdue = vec![0; hotel.room_types.len()];
        Ok(Some(Placing { hotel, rack, in_house, lines: HashMap::new(), overdue }))
    }

    /// The row's room (none for one that holds no nights and names none), or why there is none.
    fn room_for(&mut self, conn: &Conn, row: &Row) -> Result<std::result::Result<Option<usize>, BadRow>> {
        if !row.status.holds_nights() {
            return Ok(Ok(row.room));
        }
        if let Some(nights) = &row.nights {
            return Ok(self.keep_rooms(conn, row, nights)?.map_or(Ok(row.room), Err));
        }
        let span = self.rack.span(row.stay);
        let found = match row.room {
            Some(room) => match self.conflict(conn, row, room, span)? {
                Some(reason) => return Ok(Err(BadRow { line: row.line, column: "room_number", reason })),
                None => Some(room),
            },
            None => self.first_fit(row, span),
        };
        let Some(room) = found else {
            let reason = self.no_room(row);
            return Ok(Err(BadRow { line: row.line, column: "room_type", reason }));
        };
        if row.stay.is_day_use() {
            self.rack.take_by_day(room, span.from);
        } else {
            self.rack.take(room, span);
        }
        if row.status == ReservationStatus::CheckedIn {
            self.in_house.insert(room);
        }
        if row.room.is_some() {
            self.lines.entry(room).or_default().push((span, row.line));
        }
        Ok(Ok(Some(room)))
    }

    /// Takes what the nights of a row name, or tells why that cannot be had.
    fn keep_rooms(&mut self, conn: &Conn, row: &Row, nights: &[RowNight]) -> Result<Option<BadRow>> {
        let bad = |reason| Ok(Some(BadRow { line: row.line, column: "nights", reason }));
        if let Some(room) = row.room.filter(|room| row.status == ReservationStatus::CheckedIn && self.in_house.contains(room)) {
            return bad(format!("room {} has another guest in house", self.hotel.rooms[room].room_number));
        }
        for (night, at) in self.held(nights) {
            if let Some(reason) = self.night_conflict(conn, row, night, at)? {
                return bad(reason);
            }
        }
        for (night, at) in self.held(nights) {
            let span = Span { from: at, to: at + 1 };
            match night.room {
                Some(_) if night.is_by_day && night.is_posted => {}
                Some(room) if night.is_by_day => self.rack.take_by_day(room, at),
                Some(room) => {
                    self.rack.take(room, span);
                    self.lines.entry(room).or_default().push((span, row.line));
                    self.overdue[self.hotel.rooms[room].room_type] += u32::from(self.is_overdue(row, night));
                }
                None if night.is_by_day => {}
                None => self.rack.promise(night.room_type, at, 1),
            }
        }
        if row.status == ReservationStatus::CheckedIn {
            self.in_house.extend(row.room);
        }
        Ok(None)
    }

    /// The held nights with their places in the rack.
    fn held<'n>(&self, nights: &'n [RowNight]) -> Vec<(&'n RowNight, usize)> {
        nights.iter().filter(|n| n.is_held).filter_map(|n| Some((n, self.rack.offset(n.night)?))).collect()
    }

    /// Whether it is tonight of a guest who should have left.
    fn is_overdue(&self, row: &Row, night: &RowNight) -> bool {
        let is_tonight = night.night == self.hotel.property.business_date;
        row.status == ReservationStatus::CheckedIn && is_tonight && night.night >= row.stay.departure() && !night.is_by_day
    }

    /// What stands against one night that a row names. A night that is over takes
    /// nothing from those who wait for a room.
    fn night_conflict(&self, conn: &Conn, row: &Row, night: &RowNight, at: usize) -> Result<Option<String>> {
        let today = self.hotel.property.business_date;
        let is_full = |room_type: usize| {
            let beside = if night.night == today { self.overdue[room_type] } else { 0 };
            night.night >= today && !self.is_overdue(row, night) && !self.rack.has_room(room_type, at, beside)
        };
        let code = |room_type: usize| &self.hotel.room_types[room_type].code;
        let Some(room) = night.room else {
            let is_none_left = !night.is_by_day && is_full(night.room_type);
            return Ok(is_none_left.then(|| format!("no room of type {} is left on {}", code(night.room_type), night.night)));
        };
        let RackRoom { room_number, room_type, .. } = &self.hotel.rooms[room];
        if night.is_by_day {
            let is_taken = !night.is_posted && self.rack.is_taken_by_day(room, at);
            return Ok(is_taken.then(|| format!("room {room_number} has another guest by day on {}", night.night)));
        }
        if self.rack.is_taken(room, at) {
            return Ok(Some(self.taken_by(conn, room, at)?));
        }
        Ok(is_full(*room_type)
            .then(|| format!("room {room_number} is needed for a booking of type {} without a room yet", code(*room_type))))
    }

    /// Who has a room on a night.
    fn taken_by(&self, conn: &Conn, room: usize, night: usize) -> Result<String> {
        let RackRoom { id, room_number, .. } = &self.hotel.rooms[room];
        let date = self.rack.date(night);
        let here = self.lines.get(&room).and_then(|taken| taken.iter().find(|(s, _)| (s.from..s.to).contains(&night)));
        let by = match here {
            Some((_, line)) => format!("by line {line}"),
            None => match reservations::store::night_holder(conn, date, *id)?.and_then(|h| h.confirmation_number) {
                Some(number) => format!("by booking {number}"),
                None => "by an out-of-order block".to_owned(),
            },
        };
        Ok(format!("room {room_number} is taken {by} on {date}"))
    }

    fn first_fit(&self, row: &Row, span: Span) -> Option<usize> {
        let is_in_house = row.status == ReservationStatus::CheckedIn;
        let is_allowed = |room: usize| !is_in_house || !self.in_house.contains(&room);
        if row.stay.is_day_use() {
            return self.rack.first_fit_by_day(row.room_type, span.from, is_allowed);
        }
        self.rack.first_fit(row.room_type, span, is_allowed)
    }

    fn no_room(&self, row: &Row) -> String {
        let code = &self.hotel.room_types[row.room_type].code;
        if row.stay.is_day_use() {
            return format!("no room of type {code} is free by day on {}", row.stay.arrival());
        }
        format!("no room of type {code} is free on all nights from {} to {}", row.stay.arrival(), row.stay.departure())
    }

    /// Why the named room cannot be had.
    fn conflict(&self, conn: &Conn, row: &Row, room: usize, span: Span) -> Result<Option<String>> {
        let RackRoom { room_number, room_type, .. } = &self.hotel.rooms[room];
        if row.status == ReservationStatus::CheckedIn && self.in_house.contains(&room) {
            return Ok(Some(format!("room {room_number} has another guest in house")));
        }
        if row.stay.is_day_use() {
            // Who has paid for the day and gone leaves the room to the next.
            let is_taken = row.status != ReservationStatus::CheckedOut && self.rack.is_taken_by_day(room, span.from);
            let day = row.stay.arrival();
            return Ok(is_taken.then(|| format!("room {room_number} has another guest by day on {day}")));
        }
        if let Some(night) = self.rack.first_taken(room, span) {
            return Ok(Some(self.taken_by(conn, room, night)?));
        }
        if !self.rack.has_capacity(*room_type, span) {
            let code = &self.hotel.room_types[*room_type].code;
            return Ok(Some(format!("room {room_number} is needed for a booking of type {code} without a room yet")));
        }
        Ok(None)
    }
}
