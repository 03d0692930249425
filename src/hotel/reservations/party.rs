//! Who sleeps in the nights of a stay, for the price of a room type that asks.

use super::{Reservation, taxed};
use crate::db::Conn;
use crate::domain::ages::Ages;
use crate::domain::tax::Age;
use crate::error::Result;
use crate::hotel::rooms::RoomType;
use crate::hotel::taxes;

/// The people of a booking: those who are written down, and as many more as are booked. Nobody is
/// looked up for a type that costs the same whoever comes.
pub fn of(conn: &Conn, stay: &Reservation, room_type: &RoomType) -> Result<Vec<Age>> {
    if room_type.party_price.counts_people() { taxes::ages(conn, &taxed::as_stay(stay)) } else { Ok(Vec::new()) }
}

/// The people of a booking that is not made yet.
pub fn told(adults: i64, children: i64, ages: &Ages) -> Vec<Age> {
    let mut known = ages.list().iter().copied();
    let adults = (0..adults).map(|_| Age::Adult);
    adults.chain((0..children).map(|_| known.next().map_or(Age::Child, Age::AtArrival))).collect()
}
