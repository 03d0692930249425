//! What housekeeping has to do today, the most urgent room first.
//!
//! Names no guest: whoever makes the beds need not know who sleeps in them.

use std::collections::HashMap;

use rusqlite::Row;
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::Date;
use crate::domain::id::RoomId;
use crate::domain::order::sort;
use crate::domain::status::{BlockKind, Housekeeping, Occupancy, words};
use crate::domain::wording::{Text, text};
use crate::error::Result;
use crate::hotel::rooms::api::RoomView;
use crate::hotel::rooms::{self, Room, numbers};
use crate::hotel::settings;
use crate::http::endpoint::NoParams;

statements! {
    IN_HOUSE = "housekeeping.in_house": "SELECT room_id, check_out_date, cots
        FROM reservation INDEXED BY reservation_in_house
        WHERE status = 'checked_in' AND room_id IS NOT NULL",
        scans "stays in house are no more than the hotel's rooms";
    ARRIVING = "housekeeping.arriving": "SELECT r.room_id, r.adults, r.children, g.is_vip, r.special_requests, r.expected_arrival_time, r.cots
        FROM reservation AS r JOIN guest AS g ON g.id = r.guest_id
        WHERE r.check_in_date = ?1 AND r.status IN ('tentative', 'confirmed') AND r.room_id IS NOT NULL
        LIMIT 4000";
}

words!(
    /// What the day asks of a room: turnover = one guest leaves (or has left) and another comes today.
    Duty {
        Turnover = "turnover",
        Departure = "departure",
        Arrival = "arrival",
        StayOver = "stay_over",
        Vacant = "vacant",
        OutOfOrder = "out_of_order"
    }
);

impl Duty {
    pub fn in_words(self) -> Text {
        match self {
            Duty::Turnover => text!("Turnover"),
            Duty::Departure => text!("Departs today"),
            Duty::Arrival => text!("Arrives today"),
            Duty::StayOver => text!("Stay-over"),
            Duty::Vacant => text!("Vacant"),
            Duty::OutOfOrder => text!("Out of order"),
        }
    }
}

/// Who comes into a room today.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ArrivingView {
    pub adults: i64,
    pub children: i64,
    is_vip: bool,
    pub special_requests: String,
    expected_arrival_time: Option<ArrivalTime>,
}

/// A room as housekeeping sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TaskView {
    #[serde(flatten)]
    pub room: RoomView,
    pub duty: Duty,
    /// Something is left to do in it: it is dirty, or a guest leaves it today.
    is_open: bool,
    /// When the guest in house leaves.
    departure_date: Option<Date>,
    pub arriving: Option<ArrivingView>,
    /// Cots that have to stand in it: for who comes, or for who stays.
    pub cots: i64,
}

impl TaskView {
    /// Of a room that somebody leaves today, whether it can be begun with.
    pub fn guest_in_words(&self) -> Option<Text> {
        match (self.duty, self.room.occupancy) {
            (Duty::Turnover | Duty::Departure, Occupancy::Occupied) => Some(text!("Guest still here")),
            (Duty::Turnover | Duty::Departure, Occupancy::Vacant) => Some(text!("Guest has left")),
            (Duty::Arrival | Duty::StayOver | Duty::Vacant | Duty::OutOfOrder, _) => None,
        }
    }
}

/// The rooms of the day, the most urgent first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BoardView {
    pub date: Date,
    pub items: Vec<TaskView>,
}

pub fn board(conn: &Conn, _: NoParams) -> Result<BoardView> {
    let date = settings::business_date(conn)?;
    let in_house = |row: &Row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
    let leaving: HashMap<RoomId, (Date, i64)> = conn.all(&IN_HOUSE, [], in_house)?.into_iter().collect();
    let mut arriving: HashMap<RoomId, (ArrivingView, i64)> = conn.all(&ARRIVING, [date], arrival)?.into_iter().collect();
    let mut tasks: Vec<(u8, String, TaskView)> = Vec::new();
    for room in rooms::all(conn)? {
        let (departure_date, cots_now) = leaving.get(&room.id).copied().unzip();
        let (arriving, cots_wanted) = arriving.remove(&room.id).unzip();
        let duty = duty(&room, departure_date.is_some_and(|d| d <= date), arriving.is_some());
        let rank = rank(&room, duty);
        let number = room.room_number.clone();
        let cots = cots_wanted.or(cots_now.filter(|_| duty == Duty::StayOver)).unwrap_or(0);
        let task =
            TaskView { is_open: rank <= LAST_OPEN, room: rooms::api::view(conn, room), duty, departure_date, arriving, cots };
        tasks.push((rank, number, task));
    }
    sort(&mut tasks, |a, b| a.0.cmp(&b.0).then_with(|| numbers::natural_order(&a.1, &b.1)));
    Ok(BoardView { date, items: tasks.into_iter().map(|(_, _, task)| task).collect() })
}

fn arrival(row: &Row) -> rusqlite::Result<(RoomId, (ArrivingView, i64))> {
    let view = ArrivingView {
        adults: row.get(1)?,
        children: row.get(2)?,
        is_vip: row.get(3)?,
        special_requests: row.get(4)?,
        expected_arrival_time: row.get(5)?,
    };
    Ok((row.get(0)?, (view, row.get(6)?)))
}

fn duty(room: &Room, leaves_today: bool, is_awaited: bool) -> Duty {
    if room.block.as_ref().is_some_and(|b| b.kind == BlockKind::OutOfOrder) {
        return Duty::OutOfOrder;
    }
    match (room.occupancy, is_awaited) {
        (Occupancy::Occupied, true) if leaves_today => Duty::Turnover,
        (Occupancy::Occupied, false) if leaves_today => Duty::Departure,
        (Occupancy::Occupied, true | false) => Duty::StayOver,
        (Occupancy::Vacant, true) if room.housekeeping == Housekeeping::Dirty => Duty::Turnover,
        (Occupancy::Vacant, true) => Duty::Arrival,
        (Occupancy::Vacant, false) => Duty::Vacant,
    }
}

/// The last rank of the rooms in which something is left to do.
const LAST_OPEN: u8 = 4;

/// The smaller the sooner: the room a guest already waits for comes first.
fn rank(room: &Room, duty: Duty) -> u8 {
    let is_dirty = room.housekeeping == Housekeeping::Dirty;
    match (duty, room.occupancy) {
        (Duty::Turnover, Occupancy::Vacant) => 0,
        (Duty::Turnover, Occupancy::Occupied) => 1,
        (Duty::Vacant, _) if is_dirty => 2,
        (Duty::Departure, _) => 3,
        (Duty::StayOver, _) if is_dirty => 4,
        (Duty::Arrival, _) if room.housekeeping == Housekeeping::Clean => 5,
        (Duty::Arrival | Duty::Vacant | Duty::StayOver, _) => 6,
        (Duty::OutOfOrder, _) => 7,
    }
}
