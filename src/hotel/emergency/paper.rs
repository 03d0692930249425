//! What stands on the paper: how to work from it, who is here, who comes, which rooms are free and clean.

use csv::WriterBuilder;

use super::Guest;
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::wording::{Language, Text, Value, text};
use crate::error::{Error, Result};
use crate::hotel::documents::blocks::{Block, Cell, Column, Document, Form, Table};
use crate::hotel::frontdesk::housekeeping::{self, TaskView};
use crate::hotel::reservations::{self, Reservation};
use crate::hotel::rooms::numbers::natural_order;
use crate::hotel::settings::Property;
use crate::hotel::transfer::cell;
use crate::http::endpoint::NoParams;

/// Arrivals of so many days stand on it.
const DAYS: i64 = 3;

/// The sheet, and its lines as CSV.
pub fn made(conn: &Conn, property: &Property) -> Result<(Document, Vec<u8>)> {
    let today = property.business_date;
    let language = if property.locale.starts_with("id") { Language::Indonesian } else { Language::English };
    let mut here = super::in_house(conn)?;
    let room = |guest: &Guest| guest.room_number.clone().unwrap_or_default();
    here.sort_by(|a, b| natural_order(&room(a), &room(b)));
    let owing = super::owing(conn, today)?;
    let days: Vec<Date> = (0..DAYS).filter_map(|day| today.plus(day)).collect();
    let mut coming = Vec::new();
    for date in &days {
        let mut stays = reservations::list::all_arrivals(conn, *date)?;
        stays.retain(|stay| stay.checked_in_date.is_none());
        coming.push((*date, stays));
    }
    let board = housekeeping::board(conn, NoParams {})?.items;
    let made = conn.now().time_in(&property.zone());
    let mut document = Document::new(property, language, Form::List, text!("Emergency paper"), Value::DateWithDay(today));
    document.blocks.push(Block::Paragraph(text!("As of {time}.", time = Value::Time(made))));
    document.blocks.extend(HOW.iter().map(|step| Block::Paragraph(step.clone())));
    document.blocks.push(Block::Heading(text!("In-house")));
    document.blocks.push(guests(&here, property));
    if !owing.is_empty() {
        document.blocks.push(Block::Heading(text!("Departed, still owing")));
        document.blocks.push(guests(&owing, property));
    }
    for (date, stays) in &coming {
        document.blocks.push(Block::Heading(text!("Arrivals on {date}", date = Value::DateWithDay(*date))));
        document.blocks.push(arrivals(stays, property));
    }
    document.blocks.push(Block::Heading(text!("Housekeeping")));
    document.blocks.push(rooms(&board));
    let lines = lines(&here, &owing, &coming, &board, property)?;
    Ok((document, lines))
}

/// How to work from it.
const HOW: [Text; 4] = [
    text!(
        "Use this paper when Innkeeper cannot be opened. Write down everything that happens, with the time: arrivals, departures, rooms, sales and payments."
    ),
    text!("Give a guest only a room that is vacant and clean below, and cross it out."),
    text!("Write a receipt by hand for each payment, and keep a copy. Balances are as of the time above."),
    text!("When Innkeeper works again, enter everything in order and close the day. Then destroy this paper."),
];

fn guests(guests: &[Guest], property: &Property) -> Block {
    if guests.is_empty() {
        return Block::Paragraph(text!("Nobody"));
    }
    let row = |guest: &Guest| {
        vec![
            Cell::of(guest.room_number.as_deref().unwrap_or("–")),
            Cell::Name(vec![Value::from(&guest.guest_name)]),
            Cell::of(&guest.room_type_name),
            Cell::of(Value::ShortDay(guest.check_in_date)),
            Cell::of(Value::ShortDay(guest.check_out_date)),
            Cell::of(property.money_in_words(guest.balance)),
            Cell::Box,
        ]
    };
    Block::Table(Table { columns: columns(), rows: guests.iter().map(row).collect(), sums: Vec::new() })
}

fn columns() -> Vec<Column> {
    vec![
        Column::words(text!("Room")),
        Column::words(text!("Guest")),
        Column::words(text!("Room type")),
        Column::tight(text!("Arrival")),
        Column::tight(text!("Departure")),
        Column::numbers(text!("Balance")),
        Column::words(text!("Done")),
    ]
}

fn arrivals(stays: &[Reservation], property: &Property) -> Block {
    let guest = |stay: &Reservation| Guest {
        guest_name: stay.guest_name.clone(),
        room_number: stay.room_number.clone(),
        room_type_name: stay.room_type_name.clone(),
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
        balance: stay.balance(),
    };
    guests(&stays.iter().map(guest).collect::<Vec<_>>(), property)
}

fn rooms(board: &[TaskView]) -> Block {
    let columns = vec![
        Column::words(text!("Room")),
        Column::words(text!("Room type")),
        Column::words(text!("Task")),
        Column::words(text!("Status")),
        Column::words(text!("Done")),
    ];
    let row = |task: &TaskView| {
        vec![
            Cell::Name(vec![Value::from(&task.room.room_number)]),
            Cell::of(&task.room.room_type_name),
            Cell::of(task.duty.in_words()),
            Cell::of(task.room.housekeeping.in_words()),
            Cell::Box,
        ]
    };
    Block::Table(Table { columns, rows: board.iter().map(row).collect(), sums: Vec::new() })
}

/// The same for a spreadsheet, a line a stay or room, in the words of programs.
fn lines(
    here: &[Guest],
    owing: &[Guest],
    coming: &[(Date, Vec<Reservation>)],
    board: &[TaskView],
    property: &Property,
) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let mut line = |columns: [&str; 8]| writer.write_record(columns).map_err(Error::internal);
    line(["list", "room", "room_type", "guest", "arrival", "departure", "balance", "state"])?;
    for (list, guests) in [("in_house", here), ("departed_owing", owing)] {
        for guest in guests {
            let room = guest.room_number.as_deref().unwrap_or("");
            let (arrival, departure) = (guest.check_in_date.to_string(), guest.check_out_date.to_string());
            let balance = property.amount(guest.balance).to_string();
            let [room, room_type, name] = [room, &guest.room_type_name, &guest.guest_name].map(cell::written);
            line([list, &room, &room_type, &name, &arrival, &departure, &balance, ""])?;
        }
    }
    for stay in coming.iter().flat_map(|(_, stays)| stays) {
        let (arrival, departure) = (stay.check_in_date.to_string(), stay.check_out_date.to_string());
        let balance = property.amount(stay.balance()).to_string();
        let room = stay.room_number.as_deref().unwrap_or("");
        let [room, room_type, name] = [room, &stay.room_type_name, &stay.guest_name].map(cell::written);
        line(["arrival", &room, &room_type, &name, &arrival, &departure, &balance, stay.status.as_str()])?;
    }
    for task in board {
        let room = &task.room;
        let [number, room_type] = [&room.room_number, &room.room_type_name].map(|text| cell::written(text));
        line(["room", &number, &room_type, "", "", "", task.duty.as_str(), room.housekeeping.as_str()])?;
    }
    writer.into_inner().map_err(Error::internal)
}
