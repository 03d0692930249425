//! The day's lists for those who work through them: who arrives, and which rooms wait for housekeeping.

use super::blocks::{Block, Cell, Column, Document, Form, Table, typed};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::GroupId;
use crate::domain::order::sort;
use crate::domain::status::{RateKind, ReservationStatus};
use crate::domain::wording::{Language, Value, counted, text};
use crate::error::Result;
use crate::hotel::frontdesk::housekeeping::{self, TaskView};
use crate::hotel::groups;
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::NoParams;

/// Who arrives on a date, the business date when none is given.
pub fn arrivals(conn: &Conn, date: Option<Date>, language: Language) -> Result<Document> {
    let property = settings::property(conn)?;
    let date = date.unwrap_or(property.business_date);
    let stays = reservations::list::all_arrivals(conn, date)?;
    let mut document = Document::new(&property, language, Form::List, text!("Arrivals"), Value::DateWithDay(date));
    document.blocks.push(match stays.as_slice() {
        [] => Block::Paragraph(text!("No arrivals")),
        stays => Block::Table(Table {
            columns: vec![
                Column::words(text!("Room")),
                Column::words(text!("Guest")),
                Column::tight(text!("Expected")),
                Column::words(text!("Room type")),
                Column::numbers(text!("People")),
                Column::tight(text!("Departure")),
                Column::words(text!("Source")),
                Column::numbers(text!("Balance")),
                Column::words(text!("Notes")),
            ],
            rows: stays.iter().map(|stay| arrival(stay, &property)).collect(),
            sums: Vec::new(),
        }),
    });
    Ok(document)
}

fn arrival(stay: &Reservation, property: &Property) -> Vec<Cell> {
    let details = &stay.details;
    let mut guest = vec![Value::from(&stay.guest_name), Value::from(&stay.confirmation_number)];
    if stay.overdue(property.business_date).is_some() {
        guest.push(text!("Was due {date}", date = Value::ShortDay(stay.check_in_date)).into());
    }
    let late = details.is_expected_late().then(|| text!("Late arrival").into());
    let unpaid = (details.rate_kind != RateKind::Paying).then(|| details.rate_kind.in_words().into());
    vec![
        Cell::of(stay.room_number.as_deref().unwrap_or("–")),
        Cell::Name(guest),
        Cell::known([details.expected_arrival_time.map(Value::from), late]),
        Cell::of(&stay.room_type_name),
        Cell::known([Some(people(stay.adults, stay.children).into()), cots(details.cots)]),
        Cell::of(Value::ShortDay(stay.check_out_date)),
        Cell::of(&stay.source),
        Cell::of(property.money_in_words(stay.balance())),
        Cell::known([unpaid, typed(&stay.special_requests), typed(&stay.notes)]),
    ]
}

/// The rooms of a group with their names, by room and then by name.
pub fn rooming_list(conn: &Conn, id: GroupId, language: Language) -> Result<Document> {
    let property = settings::property(conn)?;
    let group = groups::find(conn, id)?;
    let mut stays = reservations::list::all_of_group(conn, id)?;
    stays.retain(|stay| !matches!(stay.status, ReservationStatus::Cancelled | ReservationStatus::NoShow));
    sort(&mut stays, |a, b| {
        let place = |stay: &Reservation| (stay.room_number.is_none(), stay.room_number.clone(), stay.guest_name.to_lowercase());
        place(a).cmp(&place(b))
    });
    let dates = text!(
        "{name}, {from} to {to}",
        name = &group.name,
        from = Value::ShortDay(group.arrival_date),
        to = Value::ShortDay(group.departure_date)
    );
    let mut document = Document::new(&property, language, Form::List, text!("Rooming list"), dates.into());
    document.blocks.push(match stays.as_slice() {
        [] => Block::Paragraph(text!("No names yet")),
        stays => Block::Table(Table {
            columns: vec![
                Column::words(text!("Room")),
                Column::words(text!("Guest")),
                Column::words(text!("Room type")),
                Column::tight(text!("Arrival")),
                Column::tight(text!("Departure")),
                Column::numbers(text!("People")),
                Column::words(text!("Status")),
                Column::words(text!("Notes")),
            ],
            rows: stays.iter().map(named_room).collect(),
            sums: Vec::new(),
        }),
    });
    Ok(document)
}

fn named_room(stay: &Reservation) -> Vec<Cell> {
    vec![
        Cell::of(stay.room_number.as_deref().unwrap_or("–")),
        Cell::Name(vec![Value::from(&stay.guest_name), Value::from(&stay.confirmation_number)]),
        Cell::of(&stay.room_type_name),
        Cell::of(Value::ShortDay(stay.check_in_date)),
        Cell::of(Value::ShortDay(stay.check_out_date)),
        Cell::of(people(stay.adults, stay.children)),
        Cell::of(stay.status.in_words()),
        Cell::known([typed(&stay.special_requests), typed(&stay.notes)]),
    ]
}

/// What housekeeping has to do on the business date, the most urgent room first.
pub fn housekeeping(conn: &Conn, language: Language) -> Result<Document> {
    let property = settings::property(conn)?;
    let board = housekeeping::board(conn, NoParams {})?;
    let mut document = Document::new(&property, language, Form::List, text!("Housekeeping"), Value::DateWithDay(board.date));
    document.blocks.push(Block::Table(Table {
        columns: vec![
            Column::words(text!("Room")),
            Column::words(text!("Room type")),
            Column::words(text!("Task")),
            Column::words(text!("Status")),
            Column::numbers(text!("People")),
            Column::words(text!("Notes")),
            Column::words(text!("Done")),
        ],
        rows: board.items.iter().map(task).collect(),
        sums: Vec::new(),
    }));
    Ok(document)
}

fn task(task: &TaskView) -> Vec<Cell> {
    let (room, arriving) = (&task.room, task.arriving.as_ref());
    let duty = match task.guest_in_words() {
        Some(guest) => text!("{task}: {guest}", task = task.duty.in_words(), guest),
        None => task.duty.in_words(),
    };
    let reason = room.block.as_ref().and_then(|block| typed(&block.reason));
    vec![
        Cell::Name(vec![Value::from(&room.room_number)]),
        Cell::of(&room.room_type_name),
        Cell::of(duty),
        Cell::of(room.housekeeping.in_words()),
        Cell::known([arriving.map(|a| people(a.adults, a.children).into()), cots(task.cots)]),
        Cell::known([reason, arriving.and_then(|a| typed(&a.special_requests)), typed(&room.notes)]),
        Cell::Box,
    ]
}

/// "1 cot", where there is any.
fn cots(count: i64) -> Option<Value> {
    (count > 0).then(|| counted!(count, "{count} cot", "{count} cots"))
}

/// "2+1".
fn people(adults: i64, children: i64) -> String {
    if children > 0 { format!("{adults}+{children}") } else { adults.to_string() }
}
