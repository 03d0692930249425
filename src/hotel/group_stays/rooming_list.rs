//! A rooming list: the names for a group's rooms, booked all or none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::few::Few;
use crate::domain::id::{GuestId, ReservationId, RoomTypeId};
use crate::domain::status::{GroupStatus, ReservationStatus};
use crate::domain::stay::StayDates;
use crate::domain::text::{EmailAddress, PhoneNumber};
use crate::domain::wording::text;
use crate::error::{Code, Error, FieldError, Fields, Result};
use crate::hotel::audit::Reason;
use crate::hotel::groups::{self, Group};
use crate::hotel::guests::{GuestName, NewGuest};
use crate::hotel::reservations::api::{people, reason, selling};
use crate::hotel::reservations::booking::{ForGuest, NewBooking, Party, PartySize, Price, book};
use crate::hotel::reservations::details::Details;
use crate::hotel::reservations::restricted::Selling;
use crate::hotel::reservations::{BookingNotes, People, Reservation};
use crate::hotel::rooms::{self, Cots, Room, RoomNumber, RoomType, TypeName};
use crate::hotel::settings;

/// One room of a rooming list. What is left out is as for the group.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowRequest {
    /// Who sleeps there; or `guest_id` for somebody who is known.
    name: Option<GuestName>,
    guest_id: Option<GuestId>,
    email: Option<EmailAddress>,
    phone_number: Option<PhoneNumber>,
    /// A type's code or name; the room's own, or the first of the block that has a room left, when left out.
    room_type: Option<TypeName>,
    /// A room, where it is chosen already.
    room_number: Option<RoomNumber>,
    check_in_date: Option<Date>,
    check_out_date: Option<Date>,
    /// 1 when left out.
    adults: Option<PartySize>,
    children: Option<PartySize>,
    cots: Option<Cots>,
    notes: Option<BookingNotes>,
    special_requests: Option<BookingNotes>,
}

/// The rooms of a group with their names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomingList {
    pub rows: Few<RowRequest, 1, 500>,
    /// More people than a room is for; an owner's or a manager's to allow, with a reason.
    override_capacity: Option<bool>,
    /// Against restrictions; with a reason, and told to the owner.
    override_restrictions: Option<bool>,
    /// One for all rows.
    reason: Option<Reason>,
}

/// A stay of a rooming list that was booked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Booked {
    pub id: ReservationId,
    pub confirmation_number: String,
    pub guest_name: String,
    pub room_type_name: String,
    pub room_number: Option<String>,
}

impl From<Reservation> for Booked {
    fn from(stay: Reservation) -> Booked {
        Booked {
            id: stay.id,
            confirmation_number: stay.confirmation_number,
            guest_name: stay.guest_name,
            room_type_name: stay.room_type_name,
            room_number: stay.room_number,
        }
    }
}

/// Books every row, or none.
///
/// # Errors
/// 422 with what is wrong with each row, under `rows[n]`; where nothing is wrong but what somebody may allow with a
/// reason, the first such refusal.
pub fn book_all(tx: &Tx, group: &Group, list: &RoomingList) -> Result<Vec<Booked>> {
    groups::named(tx, group.id).map_err(|_| {
        let detail = text!("This group is cancelled or has ended already.");
        Error::refused(Code::IllegalTransition, detail)
    })?;
    let house = House {
        types: rooms::all_types(tx)?,
        rooms: rooms::all(tx)?,
        people: people(list.override_capacity),
        selling: selling(list.override_restrictions),
        reason: reason(list.reason.clone())?,
    };
    let (mut booked, mut wrong) = (Vec::with_capacity(list.rows.len()), Vec::new());
    let (mut to_allow, mut is_hopeless) = (None, false);
    for (at, row) in list.rows.iter().enumerate() {
        match tx.attempt(|| book_row(tx, group, &house, row)) {
            Ok(stay) => booked.push(Booked::from(stay)),
            // One reason stands for all rows.
            Err(Error::Refused(refusal)) if refusal.code == Code::ReasonNeeded => return Err(Error::Refused(refusal)),
            Err(error) => {
                match &error {
                    Error::Refused(refusal) if refusal.extra.get("can_override") == Some(&Value::Bool(true)) => {
                        to_allow.get_or_insert_with(|| (at + 1, refusal.clone()));
                    }
                    _ => is_hopeless = true,
                }
                wrong.extend(complaints(at, error)?);
            }
        }
    }
    match to_allow {
        _ if wrong.is_empty() => Ok(booked),
        Some((row, mut refusal)) if !is_hopeless => {
            refusal.detail = text!("Row {row}: {why}", row, why = refusal.detail);
            Err(Error::Refused(refusal))
        }
        Some(_) | None => Err(Error::Invalid(wrong)),
    }
}

/// What is wrong with a row, under its place. What is no fault of the row's ends the whole.
fn complaints(at: usize, error: Error) -> Result<Vec<FieldError>> {
    match error.under(&format!("rows[{at}]")) {
        Error::Invalid(fields) => Ok(fields),
        Error::Refused(refusal) => {
            Ok(vec![FieldError { field: format!("rows[{at}]"), message: text!("cannot be booked: {why}", why = refusal.detail) }])
        }
        other => Err(other),
    }
}

/// What is the same for all rows.
struct House {
    types: Vec<RoomType>,
    rooms: Vec<Room>,
    people: People,
    selling: Selling,
    reason: Option<String>,
}

fn book_row(tx: &Tx, group: &Group, house: &House, row: &RowRequest) -> Result<Reservation> {
    let property = settings::property(tx)?;
    let (arrival, departure) =
        (row.check_in_date.unwrap_or(group.arrival_date), row.check_out_date.unwrap_or(group.departure_date));
    let stay = StayDates::or_day_use(arrival, departure).map_err(|e| Error::invalid("check_out_date", e))?;
    let guest = guest(row)?;
    let room = row.room_number.as_ref().map(|number| house.room(number)).transpose()?;
    let asked = row.room_type.as_ref().map(|name| house.type_called(name)).transpose()?;
    let room_type = match (asked, room) {
        (Some(asked), _) => asked.id,
        (None, Some(room)) => room.room_type_id,
        (None, None) => left_in_block(tx, group, stay)?
            .ok_or_else(|| Error::invalid("room_type", text!("is missing: the block has no room left for these nights")))?,
    };
    let mut fields = Fields::default();
    let notes = fields.check("notes", row.notes.clone().unwrap_or_default().checked());
    let special_requests = fields.check("special_requests", row.special_requests.clone().unwrap_or_default().checked());
    fields.finish()?;
    let new = NewBooking {
        guest,
        room_id: room.map(|room| room.id),
        room_type_id: Some(room_type),
        stay,
        adults: row.adults.map_or(1, i64::from),
        children: row.children.map_or(0, i64::from),
        rate_plan_id: Some(group.rate_plan_id),
        promo_code: None,
        price: Price::Quoted,
        source: None,
        notes,
        special_requests,
        details: Details {
            company_id: group.company_id,
            group_id: Some(group.id),
            cots: row.cots.map_or(0, i64::from),
            ..Details::default()
        },
        status: match group.status {
            GroupStatus::Tentative => ReservationStatus::Tentative,
            GroupStatus::Definite | GroupStatus::Cancelled | GroupStatus::Ended => ReservationStatus::Confirmed,
        },
        parts: Vec::new(),
        party: Party::None,
        people: house.people,
        selling: house.selling,
        reason: house.reason.clone(),
    };
    book(tx, &property, new)
}

fn guest(row: &RowRequest) -> Result<ForGuest> {
    match (row.guest_id, &row.name) {
        (Some(id), None) => Ok(ForGuest::Known(id)),
        (Some(_), Some(_)) => Err(Error::invalid("name", text!("must not be given together with guest_id"))),
        (None, None) => Err(Error::invalid("name", text!("must not be empty"))),
        (None, Some(name)) => {
            let new = NewGuest {
                full_name: name.clone(),
                email: row.email.clone().unwrap_or_default(),
                phone_number: row.phone_number.clone().unwrap_or_default(),
                ..NewGuest::default()
            };
            let checked = new.check().map_err(|error| match error {
                Error::Invalid(mut fields) => {
                    for one in fields.iter_mut().filter(|one| one.field == "full_name") {
                        "name".clone_into(&mut one.field);
                    }
                    Error::Invalid(fields)
                }
                other => other,
            })?;
            Ok(ForGuest::New(checked))
        }
    }
}

impl House {
    fn room(&self, number: &RoomNumber) -> Result<&Room> {
        let number = number.checked().map_err(|message| Error::invalid("room_number", message))?;
        let wanted = number.to_lowercase();
        let found = self.rooms.iter().find(|room| room.room_number.to_lowercase() == wanted);
        found.ok_or_else(|| Error::invalid("room_number", text!("is none of this hotel’s")))
    }

    fn type_called(&self, name: &TypeName) -> Result<&RoomType> {
        let name = name.checked().map_err(|message| Error::invalid("room_type", message))?;
        let wanted = name.to_lowercase();
        let found = self.types.iter().find(|one| one.code.to_lowercase() == wanted || one.name.to_lowercase() == wanted);
        found.ok_or_else(|| Error::invalid("room_type", text!("is none of this hotel’s")))
    }
}

/// The first type of the block that has a room left on every night of a stay.
fn left_in_block(tx: &Tx, group: &Group, stay: StayDates) -> Result<Option<RoomTypeId>> {
    let (cells, picked_up) = (groups::store::cells(tx, group.id)?, groups::store::picked_up(tx, group.id)?);
    let nights = stay.priced_dates();
    let has_left = |room_type: RoomTypeId| {
        nights.iter().all(|night| {
            let asked = cells.iter().find(|cell| cell.room_type_id == room_type && cell.night == *night).map_or(0, |c| c.rooms);
            let picked = picked_up.iter().find(|one| one.room_type_id == room_type && one.night == *night).map_or(0, |p| p.rooms);
            asked > picked
        })
    };
    let mut types: Vec<RoomTypeId> = rooms::all_types(tx)?.into_iter().map(|one| one.id).collect();
    types.retain(|id| has_left(*id));
    Ok(types.first().copied())
}
