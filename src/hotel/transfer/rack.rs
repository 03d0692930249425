//! The room rack in memory: which rooms are taken on which nights.
//!
//! One bit a room and night, so that thousands of stays are given rooms without
//! a statement each. The database's own key still has the last word.

use std::collections::HashSet;

use crate::domain::date::Date;
use crate::domain::id::RoomId;
use crate::domain::stay::StayDates;

/// Dates of a stay as offsets from the rack's first night; equal for day use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: usize,
    pub to: usize,
}

/// Rooms by their place in the list that the rack was made from, types likewise.
pub struct Rack {
    first: Date,
    /// 64-bit words a room.
    words: usize,
    taken: Vec<u64>,
    room_types: Vec<usize>,
    rooms_of_type: Vec<Vec<usize>>,
    /// Rooms of the type that are taken or promised to a stay without a room, by type and night.
    used: Vec<Vec<u32>>,
    days: HashSet<(usize, usize)>,
}

/// A room of the hotel, as the rack knows it.
#[derive(Debug, Clone)]
pub struct RackRoom {
    pub id: RoomId,
    pub room_number: String,
    /// The place of its type in the list of types.
    pub room_type: usize,
}

impl Rack {
    /// An empty rack of the nights `[first, end)`.
    pub fn new(rooms: &[RackRoom], types: usize, first: Date, end: Date) -> Rack {
        let nights = usize::try_from(first.days_until(end)).unwrap_or(0) + 1;
        let words = nights.div_ceil(64);
        let mut rooms_of_type = vec![Vec::new(); types];
        for (at, room) in rooms.iter().enumerate() {
            rooms_of_type[room.room_type].push(at);
        }
        Rack {
            first,
            words,
            taken: vec![0; words * rooms.len()],
            room_types: rooms.iter().map(|r| r.room_type).collect(),
            rooms_of_type,
            used: vec![vec![0; words * 64]; types],
            days: HashSet::new(),
        }
    }

    /// The stay's place in the rack.
    ///
    /// # Panics
    /// When the stay lies outside of the rack's nights.
    pub fn span(&self, stay: StayDates) -> Span {
        let from = usize::try_from(self.first.days_until(stay.arrival())).expect("invariant: stays lie within the rack");
        let nights = usize::try_from(stay.night_count()).unwrap_or(0);
        assert!(from + nights < self.words * 64, "invariant: stays lie within the rack");
        Span { from, to: from + nights }
    }

    /// The offset of a date, if it lies within the rack.
    pub fn offset(&self, date: Date) -> Option<usize> {
        usize::try_from(self.first.days_until(date)).ok().filter(|at| *at < self.words * 64)
    }

    pub fn is_taken(&self, room: usize, night: usize) -> bool {
        self.taken[room * self.words + night / 64] >> (night % 64) & 1 == 1
    }

    /// Whether nobody has the room on any night of the span.
    pub fn is_free(&self, room: usize, span: Span) -> bool {
        self.first_taken(room, span).is_none()
    }

    /// The first night of the span on which the room is taken.
    pub fn first_taken(&self, room: usize, span: Span) -> Option<usize> {
        let mut at = span.from;
        while at < span.to {
            let word = self.taken[room * self.words + at / 64] >> (at % 64);
            let width = (64 - at % 64).min(span.to - at);
            let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
            if word & mask != 0 {
                return Some(at + usize::try_from((word & mask).trailing_zeros()).unwrap_or(0));
            }
            at += width;
        }
        None
    }

    /// Takes the room for the nights of the span.
    pub fn take(&mut self, room: usize, span: Span) {
        let room_type = self.room_types[room];
        for night in span.from..span.to {
            self.taken[room * self.words + night / 64] |= 1 << (night % 64);
            self.used[room_type][night] += 1;
        }
    }

    /// Counts a stay without a room against its type.
    pub fn promise(&mut self, room_type: usize, night: usize, stays: u32) {
        self.used[room_type][night] += stays;
    }

    /// Whether each night of the span leaves a room of the type, promises kept.
    pub fn has_capacity(&self, room_type: usize, span: Span) -> bool {
        (span.from..span.to).all(|night| self.has_room(room_type, night, 0))
    }

    /// Whether a night leaves a room of the type, when so many of those taken do not count.
    pub fn has_room(&self, room_type: usize, night: usize, beside: u32) -> bool {
        let rooms = u32::try_from(self.rooms_of_type[room_type].len()).unwrap_or(u32::MAX);
        self.used[room_type][night] < rooms.saturating_add(beside)
    }

    /// The first room of the type that is free throughout, among those allowed.
    pub fn first_fit(&self, room_type: usize, span: Span, is_allowed: impl Fn(usize) -> bool) -> Option<usize> {
        if !self.has_capacity(room_type, span) {
            return None;
        }
        self.rooms_of_type[room_type].iter().copied().find(|room| self.is_free(*room, span) && is_allowed(*room))
    }

    /// The first room of the type for a guest by day: one that is empty the night
    /// before and after, else one that is empty on either; among those allowed.
    pub fn first_fit_by_day(&self, room_type: usize, day: usize, is_allowed: impl Fn(usize) -> bool) -> Option<usize> {
        let is_empty = |room: usize, night: Option<usize>| night.is_none_or(|n| !self.is_taken(room, n));
        let is_free = |room: &usize| !self.is_taken_by_day(*room, day) && is_allowed(*room);
        let free = || self.rooms_of_type[room_type].iter().copied().filter(is_free);
        free()
            .find(|room| is_empty(*room, Some(day)) && is_empty(*room, day.checked_sub(1)))
            .or_else(|| free().find(|room| is_empty(*room, Some(day)) || is_empty(*room, day.checked_sub(1))))
    }

    pub fn is_taken_by_day(&self, room: usize, day: usize) -> bool {
        self.days.contains(&(room, day))
    }

    pub fn take_by_day(&mut self, room: usize, day: usize) {
        self.days.insert((room, day));
    }

    pub fn rooms_of_type(&self, room_type: usize) -> &[usize] {
        &self.rooms_of_type[room_type]
    }

    /// The date of an offset.
    pub fn date(&self, offset: usize) -> Date {
        i64::try_from(offset).ok().and_then(|days| self.first.plus(days)).unwrap_or(self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect(text)
    }

    fn rack() -> Rack {
        let room = |id: i64, room_type| RackRoom { id: RoomId(id), room_number: id.to_string(), room_type };
        Rack::new(&[room(1, 0), room(2, 0), room(3, 1)], 2, date("2025-01-01"), date("2026-01-01"))
    }

    fn span(rack: &Rack, from: &str, to: &str) -> Span {
        rack.span(StayDates::or_day_use(date(from), date(to)).expect("stay"))
    }

    #[test]
    fn a_departure_and_an_arrival_share_a_room_and_a_day() {
        let mut rack = rack();
        let first = span(&rack, "2025-03-01", "2025-06-01");
        rack.take(0, first);
        assert!(rack.is_free(0, span(&rack, "2025-06-01", "2025-06-02")));
        assert!(rack.is_free(0, span(&rack, "2025-01-01", "2025-03-01")));
        let across = span(&rack, "2025-02-01", "2025-07-01");
        assert_eq!(rack.first_taken(0, across).map(|n| rack.date(n)), Some(date("2025-03-01")));
        assert_eq!(rack.first_fit(0, across, |_| true), Some(1));
        assert_eq!(rack.first_fit(0, across, |room| room != 1), None);
    }

    #[test]
    fn promised_rooms_are_not_given_away() {
        let mut rack = rack();
        let stay = span(&rack, "2025-03-01", "2025-03-03");
        rack.promise(0, stay.from, 1);
        assert_eq!(rack.first_fit(0, stay, |_| true), Some(0));
        rack.take(0, stay);
        assert_eq!(rack.first_fit(0, stay, |_| true), None);
        assert_eq!(rack.first_fit(0, span(&rack, "2025-03-02", "2025-03-03"), |_| true), Some(1));
    }

    #[test]
    fn a_day_guest_gets_a_room_that_nobody_sleeps_in() {
        let mut rack = rack();
        let day = rack.offset(date("2025-03-02")).expect("day");
        rack.take(0, span(&rack, "2025-03-01", "2025-03-03"));
        assert_eq!(rack.first_fit_by_day(0, day, |_| true), Some(1));
        rack.take_by_day(1, day);
        assert_eq!(rack.first_fit_by_day(0, day, |_| true), None);
    }
}
