//! Bookings from a CSV file: read whole, given rooms in memory, then written in
//! one transaction. Nothing is written before everything has been looked at.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::bulk::{self, BookedNight, BookedPayment, Booking, Loader, NamedGuest, PostedAt};
use super::parse::{self, Known, Row, Rows};
use super::rack::{Rack, RackRoom, Span};
use super::{BadRow, Outcome, Report, store};
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ReservationId, RoomId};
use crate::domain::money::Money;
use crate::domain::order::sort;
use crate::domain::status::{PaymentType, ReservationStatus};
use crate::error::Result;
use crate::hotel::guests::phone_key;
use crate::hotel::reservations::booking::unused_number;
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings::store::ListKind;
use crate::hotel::settings::{self, Property};
use crate::hotel::{audit, rates, reservations};

/// How an import is done.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Only look, and tell what would be done.
    pub dry_run: bool,
    /// Take the good rows although others are bad.
    pub skip_bad_rows: bool,
}

/// Imports the bookings of a CSV file. `progress` is told how many of how many
/// bookings have been written.
///
/// # Errors
/// `BadRequest` when the file cannot be read or its header is not right. Bad
/// rows are no error: they stand in the report.
pub fn import(tx: &Tx, csv: impl Read, options: ImportOptions, progress: &mut dyn FnMut(u64, u64)) -> Result<Report> {
    let hotel = Hotel::read(tx)?;
    let mut rows = parse::read(csv, &hotel.known())?;
    let read = rows.good.len();
    let mut is_new = Vec::with_capacity(read);
    for row in &rows.good {
        is_new.push(!store::is_there(tx, &row.external_id)?);
    }
    let mut keep = is_new.into_iter();
    rows.good.retain(|_| keep.next().unwrap_or(false));
    let already_there = (read - rows.good.len()) as u64;
    let placed = place(tx, &hotel, &mut rows)?;
    sort(&mut rows.bad, Ord::cmp);
    let outcome = match (options.dry_run, options.skip_bad_rows || rows.bad.is_empty()) {
        (true, _) => Outcome::DryRun,
        (false, true) => Outcome::Imported,
        (false, false) => Outcome::Refused,
    };
    if outcome == Outcome::Imported && !placed.is_empty() {
        write(tx, &hotel, &rows, &placed, progress)?;
    }
    Ok(Report { outcome, imported: placed.len() as u64, already_there, bad: rows.bad })
}

/// What the hotel has.
struct Hotel {
    property: Property,
    room_types: Vec<RoomType>,
    rooms: Vec<RackRoom>,
}

impl Hotel {
    fn read(conn: &Conn) -> Result<Hotel> {
        let room_types = rooms::all_types(conn)?;
        let place = |room: &rooms::Room| room_types.iter().position(|t| t.id == room.room_type_id).unwrap_or(0);
        let rooms = rooms::all(conn)?
            .into_iter()
            .map(|room| RackRoom { id: room.id, room_type: place(&room), room_number: room.room_number })
            .collect();
        Ok(Hotel { property: settings::property(conn)?, room_types, rooms })
    }

    fn known(&self) -> Known {
        let types = self.room_types.iter().enumerate();
        // A code wins over another type's name.
        let names = types.clone().map(|(at, t)| (t.name.to_lowercase(), at));
        let codes = types.map(|(at, t)| (t.code.to_lowercase(), at));
        Known {
            currency: self.property.currency.clone(),
            business_date: self.property.business_date,
            room_types: names.chain(codes).collect(),
            rooms: self.rooms.iter().enumerate().map(|(at, r)| (r.room_number.to_lowercase(), at)).collect(),
        }
    }
}

/// A row with the room it was given.
struct Placed {
    /// Its place in `Rows::good`.
    row: usize,
    room: Option<usize>,
}

/// Gives each row its room: those that name one first, the others by first fit in
/// the order of their arrivals, which needs no more rooms than the fullest night.
/// The answer is in that order too; what cannot be placed joins the bad rows.
fn place(tx: &Tx, hotel: &Hotel, rows: &mut Rows) -> Result<Vec<Placed>> {
    let mut order: Vec<usize> = (0..rows.good.len()).collect();
    let urgency = |at: &usize| (rows.good[*at].room.is_none(), rows.good[*at].stay.arrival(), *at);
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
}

impl<'a> Placing<'a> {
    /// The rack as the data file has it; `None` when there is nothing to place.
    fn new(conn: &Conn, hotel: &'a Hotel, rows: &[Row]) -> Result<Option<Placing<'a>>> {
        let (Some(first), Some(last)) =
            (rows.iter().map(|r| r.stay.arrival()).min(), rows.iter().map(|r| r.stay.departure()).max())
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
        for (night, id, stays) in store::promised(conn, first, end)? {
            if let (Some(night), Some(at)) = (rack.offset(night), hotel.room_types.iter().position(|t| t.id == id)) {
                rack.promise(at, night, stays);
            }
        }
        let in_house = store::in_house_rooms(conn)?.iter().filter_map(|id| places.get(id).copied()).collect();
        Ok(Some(Placing { hotel, rack, in_house, lines: HashMap::new() }))
    }

    /// The row's room (none for one that holds no nights and names none), or why there is none.
    fn room_for(&mut self, conn: &Conn, row: &Row) -> Result<std::result::Result<Option<usize>, BadRow>> {
        if !row.status.holds_nights() {
            return Ok(Ok(row.room));
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

    fn first_fit(&self, row: &Row, span: Span) -> Option<usize> {
        if row.stay.is_day_use() {
            return self.rack.first_fit_by_day(row.room_type, span.from);
        }
        let is_in_house = row.status == ReservationStatus::CheckedIn;
        self.rack.first_fit(row.room_type, span, |room| !is_in_house || !self.in_house.contains(&room))
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
        let RackRoom { id, room_number, room_type } = &self.hotel.rooms[room];
        if row.stay.is_day_use() {
            let is_taken = self.rack.is_taken_by_day(room, span.from);
            let day = row.stay.arrival();
            return Ok(is_taken.then(|| format!("room {room_number} has another guest by day on {day}")));
        }
        if let Some(night) = self.rack.first_taken(room, span) {
            let date = self.rack.date(night);
            let here = self.lines.get(&room).and_then(|taken| taken.iter().find(|(s, _)| (s.from..s.to).contains(&night)));
            let by = match here {
                Some((_, line)) => format!("by line {line}"),
                None => match reservations::store::night_holder(conn, date, *id)?.and_then(|h| h.confirmation_number) {
                    Some(number) => format!("by booking {number}"),
                    None => "by an out-of-order block".to_owned(),
                },
            };
            return Ok(Some(format!("room {room_number} is taken {by} on {date}")));
        }
        if row.status == ReservationStatus::CheckedIn && self.in_house.contains(&room) {
            return Ok(Some(format!("room {room_number} has another guest in house")));
        }
        if !self.rack.has_capacity(*room_type, span) {
            let code = &self.hotel.room_types[*room_type].code;
            return Ok(Some(format!("room {room_number} is needed for a booking of type {code} without a room yet")));
        }
        Ok(None)
    }
}

fn write(tx: &Tx, hotel: &Hotel, rows: &Rows, placed: &[Placed], progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
    let used = |place: fn(&Row) -> Option<usize>| placed.iter().filter_map(|p| place(&rows.good[p.row])).collect::<HashSet<_>>();
    let sources = listed(tx, ListKind::BookingSources, &rows.sources.all, &used(|r| Some(r.source)))?;
    let methods = listed(tx, ListKind::PaymentMethods, &rows.methods.all, &used(|r| (!r.paid.is_zero()).then_some(r.method)))?;
    let total = placed.len() as u64;
    let guests = bulk::load(tx, PostedAt::Now, |loader| {
        let mut writer = Writer::new(tx, hotel, sources, methods)?;
        for (done, placed) in placed.iter().enumerate() {
            if done % 500 == 0 {
                progress(done as u64, total);
            }
            writer.write(loader, &rows.good[placed.row], placed.room)?;
        }
        Ok(writer.new_guests)
    })?;
    progress(total, total);
    let counts = json!({"reservations": total, "guests": guests, "bad_rows": rows.bad.len()});
    audit::record(tx, "import", "import", 0, &Value::Null, &counts)
}

/// The names as an editable list spells them; those that are used and missing join it.
fn listed(tx: &Tx, kind: ListKind, names: &[String], used: &HashSet<usize>) -> Result<Vec<String>> {
    let mut spelled = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let found = kind.find_named(tx, name)?;
        if found.is_none() && used.contains(&at) {
            kind.insert(tx, name)?;
        }
        spelled.push(found.map_or_else(|| name.clone(), |entry| entry.name));
    }
    Ok(spelled)
}

/// Turns rows into bookings.
struct Writer<'a> {
    tx: &'a Tx<'a>,
    hotel: &'a Hotel,
    sources: Vec<String>,
    methods: Vec<String>,
    zone: TimeZone,
    check_in_time: Time,
    check_out_time: Time,
    /// Guests by name, e-mail address and phone digits.
    guests: HashMap<(String, String, String), NamedGuest>,
    has_known_guests: bool,
    new_guests: u64,
    instants: HashMap<(Date, Time), Instant>,
}

const NOON: Time = Time::constant(12, 0, 0, 0);

impl<'a> Writer<'a> {
    fn new(tx: &'a Tx<'a>, hotel: &'a Hotel, sources: Vec<String>, methods: Vec<String>) -> Result<Writer<'a>> {
        let p = &hotel.property;
        Ok(Writer {
            tx,
            hotel,
            sources,
            methods,
            zone: p.zone(),
            check_in_time: p.check_in_time.parse().unwrap_or(NOON),
            check_out_time: p.check_out_time.parse().unwrap_or(NOON),
            guests: HashMap::new(),
            has_known_guests: store::has_guests(tx)?,
            new_guests: 0,
            instants: HashMap::new(),
        })
    }

    fn at(&mut self, date: Date, time: Time) -> Instant {
        let (zone, now) = (&self.zone, self.tx.now());
        *self.instants.entry((date, time)).or_insert_with(|| date.at(time, zone).unwrap_or(now))
    }

    fn write(&mut self, loader: &mut Loader, row: &Row, room: Option<usize>) -> Result<ReservationId> {
        let today = self.hotel.property.business_date;
        let created_at = row.created.map_or_else(|| self.tx.now(), |date| self.at(date, NOON));
        let guest = self.guest(loader, row, created_at)?;
        let room = room.map(|at| &self.hotel.rooms[at]);
        let room_type = &self.hotel.room_types[row.room_type];
        let nights = self.nights(row, room.map(|r| r.id), room_type, today)?;
        let (arrival, departure) = (row.stay.arrival(), row.stay.departure());
        let has_come = matches!(row.status, ReservationStatus::CheckedIn | ReservationStatus::CheckedOut);
        let has_left = row.status == ReservationStatus::CheckedOut;
        let is_cancelled = row.status == ReservationStatus::Cancelled;
        let cancelled_on = row.cancelled.or(row.created).filter(|_| is_cancelled);
        let checked_in = has_come.then(|| (self.at(arrival, self.check_in_time), arrival));
        let checked_out = has_left.then(|| (self.at(departure, self.check_out_time), departure));
        let cancelled_at = match cancelled_on {
            Some(date) => Some(self.at(date, NOON)),
            None => is_cancelled.then(|| self.tx.now()),
        };
        let payment = self.payment(row, &nights, today);
        let number = unused_number(self.tx)?;
        loader.booking(&Booking {
            confirmation_number: &number,
            external_id: Some(&row.external_id),
            status: row.status,
            guest: &guest,
            room: room.map(|r| (r.id, r.room_number.as_str())),
            room_type: (room_type.id, &room_type.name),
            stay: row.stay,
            adults: row.adults,
            children: row.children,
            source: &self.sources[row.source],
            notes: &row.notes,
            special_requests: "",
            policy: &self.hotel.property.policy,
            nights: &nights,
            are_rates_typed: row.total.is_some(),
            charges: &[],
            payments: payment.as_slice(),
            created_at,
            updated_at: self.tx.now(),
            checked_in,
            checked_out,
            cancelled_at,
        })
    }

    /// One profile for the same name and contacts; one a booking without any contact.
    fn guest(&mut self, loader: &mut Loader, row: &Row, created_at: Instant) -> Result<NamedGuest> {
        let given = &row.guest;
        let phone = phone_key(&given.phone_number);
        let has_contact = !given.email.is_empty() || !phone.is_empty();
        let key = (given.full_name.clone(), given.email.to_lowercase(), phone);
        if has_contact && let Some(guest) = self.guests.get(&key) {
            return Ok(guest.clone());
        }
        if has_contact && self.has_known_guests {
            let found = store::same_guest(self.tx, &given.full_name, &given.email, &given.phone_number, &key.2)?;
            if let Some((id, full_name, email, phone_number)) = found {
                let guest = NamedGuest { id, full_name, email, phone_number };
                self.guests.insert(key, guest.clone());
                return Ok(guest);
            }
        }
        let id = loader.guest(given, created_at)?;
        self.new_guests += 1;
        let guest = NamedGuest {
            id,
            full_name: given.full_name.clone(),
            email: given.email.clone(),
            phone_number: given.phone_number.clone(),
        };
        if has_contact {
            self.guests.insert(key, guest.clone());
        }
        Ok(guest)
    }

    /// The nights with their prices. Those that were slept are posted.
    fn nights(&self, row: &Row, room_id: Option<RoomId>, room_type: &RoomType, today: Date) -> Result<Vec<BookedNight>> {
        let dates = row.stay.priced_dates();
        let prices = match row.total {
            Some(total) => total.split(dates.len()),
            None => rates::nightly(self.tx, None, room_type, &dates)?,
        };
        let is_posted = |night: Date| match row.status {
            ReservationStatus::CheckedOut => true,
            ReservationStatus::CheckedIn => night < today,
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::Cancelled
            | ReservationStatus::NoShow => false,
        };
        let night = |(night, rate)| BookedNight { night, room_id, rate, is_posted: is_posted(night) };
        Ok(dates.into_iter().zip(prices).map(night).collect())
    }

    fn payment(&self, row: &Row, nights: &[BookedNight], today: Date) -> Option<BookedPayment<'_>> {
        if row.paid.is_zero() {
            return None;
        }
        let total: Money = nights.iter().map(|n| n.rate).sum();
        let (payment_type, date) = match row.status {
            ReservationStatus::CheckedOut => (PaymentType::Downpayment, row.stay.departure()),
            ReservationStatus::CheckedIn => (PaymentType::Downpayment, row.stay.arrival()),
            ReservationStatus::Tentative
            | ReservationStatus::Confirmed
            | ReservationStatus::Cancelled
            | ReservationStatus::NoShow => (PaymentType::Deposit, row.created.unwrap_or(today)),
        };
        Some(BookedPayment {
            amount: row.paid,
            payment_method: &self.methods[row.method],
            payment_type: if row.paid >= total { PaymentType::Full } else { payment_type },
            payment_date: date.min(today),
            reference_number: String::new(),
            created_at: self.tx.now(),
        })
    }
}
