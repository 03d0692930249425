//! Groups: rooms that are booked under one name, and the block that is kept for them until its cut-off.
//!
//! A block is how many rooms of a type a group has asked for on a night. What its stays have not picked up of
//! them counts against the type as a stay that waits for a room does (`rooms::inventory`), so a room is
//! never both held and sold.

pub mod api;
pub mod block;
pub mod checks;
pub mod store;

use crate::db::record::record;
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{CompanyId, GroupId, GuestId, RatePlanId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::GroupStatus;
use crate::domain::stay::StayDates;
use crate::domain::text::{Name, Paragraph};
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::rates::QuotedNight;
use crate::hotel::{Slice, audit, companies, guests, rates, rooms, settings};

pub const SLICE: Slice = Slice {
    name: "groups",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS, checks::STATEMENTS],
    areas: &[("groups", &[Table::BookingGroup, Table::GroupNight])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

pub type GroupName = Name<200>;
pub type GroupCode = Name<20>;
pub type GroupNotes = Paragraph<5000>;

/// Nights that one group may stay.
pub const MAX_NIGHTS: i64 = 60;

record! {
    /// A group, as its row holds it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Group {
        pub id: GroupId,
        pub code: String,
        pub name: String,
        pub status: GroupStatus,
        pub arrival_date: Date,
        pub departure_date: Date,
        /// Until when its block is held, that day included.
        pub cut_off_date: Date,
        /// When what nobody had picked up went back on sale.
        pub released_on: Option<Date>,
        pub guest_id: Option<GuestId>,
        pub company_id: Option<CompanyId>,
        pub rate_plan_id: RatePlanId,
        pub notes: String,
        pub created_at: Instant,
        pub version: i64,
    }
}

impl Group {
    /// Whether what of its block nobody has picked up is kept from sale.
    pub fn is_holding(&self) -> bool {
        self.status.is_open() && self.released_on.is_none()
    }

    pub fn has_night(&self, night: Date) -> bool {
        (self.arrival_date..self.departure_date).contains(&night)
    }
}

/// What was agreed for a night of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreedRate {
    pub room_type_id: RoomTypeId,
    pub rate: Money,
}

/// What was agreed for the nights of a group, of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    pub rate: Money,
    pub arrival_date: Date,
    pub departure_date: Date,
}

impl Agreed {
    /// Before and after its own nights a group is a guest like others.
    pub fn is_for(&self, night: Date) -> bool {
        (self.arrival_date..self.departure_date).contains(&night)
    }

    /// Puts the price on those of the nights that it is for.
    pub fn put<'a>(&self, nights: impl Iterator<Item = &'a mut QuotedNight>) {
        nights.filter(|n| self.is_for(n.night)).for_each(|n| n.rate = self.rate);
    }
}

/// # Errors
/// `NotFound` when there is no such group.
pub fn find(conn: &Conn, id: GroupId) -> Result<Group> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This group does not exist.")))
}

/// A group that a booking names.
///
/// # Errors
/// `Invalid` on `group_id` for one that is unknown or over.
pub fn named(conn: &Conn, id: GroupId) -> Result<Group> {
    match store::find(conn, id)? {
        None => Err(Error::invalid("group_id", text!("does not exist"))),
        Some(group) if !group.status.is_open() => {
            Err(Error::invalid("group_id", text!("is {name}, which is cancelled or has ended", name = group.name)))
        }
        Some(group) => Ok(group),
    }
}

/// Empty for none.
pub fn name_of(conn: &Conn, group: Option<GroupId>) -> Result<String> {
    group.map_or_else(|| Ok(String::new()), |id| find(conn, id).map(|group| group.name))
}

/// Makes a group; a code is found when none is given.
pub fn create(tx: &Tx, new: Group, agreed: &[AgreedRate]) -> Result<Group> {
    let today = settings::business_date(tx)?;
    let mut new = new;
    let mut fields = Fields::default();
    fields.ensure(new.arrival_date >= today, "arrival_date", text!("must not be before the business date, {today}", today));
    check(tx, &mut fields, &new, None, today)?;
    fields.finish()?;
    if new.code.is_empty() {
        new.code = unused_code(tx, &new.name)?;
    }
    check_code(tx, &new.code, None)?;
    let id = store::insert(tx, &new)?;
    agree(tx, id, agreed)?;
    let made = find(tx, id)?;
    audit::record(tx, "create", "booking_group", id.0, &audit::NOTHING, &api::recorded(tx, &made)?)?;
    Ok(made)
}

/// Saves a changed group. What its block holds follows its state, its cut-off and its dates.
///
/// # Errors
/// 409 `no-room-free` when its block would be held again and the rooms are sold.
pub fn save(tx: &Tx, action: &str, before: &Group, after: Group, agreed: Option<&[AgreedRate]>) -> Result<Group> {
    let today = settings::business_date(tx)?;
    let mut fields = Fields::default();
    check(tx, &mut fields, &after, Some(before), today)?;
    fields.finish()?;
    check_code(tx, &after.code, Some(before.id))?;
    let was = api::recorded(tx, before)?;
    store::update(tx, &after)?;
    if let Some(agreed) = agreed {
        agree(tx, before.id, agreed)?;
    }
    block::follow(tx, before, &after, today)?;
    let saved = find(tx, before.id)?;
    audit::record(tx, action, "booking_group", before.id.0, &was, &api::recorded(tx, &saved)?)?;
    Ok(saved)
}

/// The group of a name that a booking from elsewhere belongs to, made when there is none yet. Its dates hold the
/// booking's, and it has no block.
pub fn imported(tx: &Tx, name: &str, stay: StayDates) -> Result<GroupId> {
    let today = settings::business_date(tx)?;
    let (arrival_date, departure_date) = (stay.arrival(), stay.departure().max(stay.arrival().next()));
    let standing = |departure: Date| if departure < today { GroupStatus::Ended } else { GroupStatus::Definite };
    let Some(before) = store::named(tx, name)? else {
        let new = Group {
            id: GroupId(0),
            code: unused_code(tx, name)?,
            name: name.to_owned(),
            status: standing(departure_date),
            arrival_date,
            departure_date,
            cut_off_date: arrival_date,
            released_on: None,
            guest_id: None,
            company_id: None,
            rate_plan_id: rates::BAR,
            notes: String::new(),
            created_at: tx.now(),
            version: 1,
        };
        let id = store::insert(tx, &new)?;
        audit::record(tx, "create", "booking_group", id.0, &audit::NOTHING, &api::recorded(tx, &find(tx, id)?)?)?;
        return Ok(id);
    };
    let after = Group {
        arrival_date: before.arrival_date.min(arrival_date),
        departure_date: before.departure_date.max(departure_date),
        ..before.clone()
    };
    if (after.arrival_date, after.departure_date) != (before.arrival_date, before.departure_date) {
        let status = if before.status == GroupStatus::Ended { standing(after.departure_date) } else { before.status };
        store::update(tx, &Group { status, ..after })?;
        let saved = find(tx, before.id)?;
        audit::record(tx, "change", "booking_group", before.id.0, &api::recorded(tx, &before)?, &api::recorded(tx, &saved)?)?;
    }
    Ok(before.id)
}

/// What of the block nobody has picked up goes back on sale.
pub fn release(tx: &Tx, group: &Group) -> Result<Group> {
    if !group.is_holding() {
        return Err(Error::refused(Code::IllegalTransition, text!("This group’s block is not held any more.")));
    }
    let after = Group { released_on: Some(settings::business_date(tx)?), ..group.clone() };
    save(tx, "release", group, after, None)
}

/// Releases the blocks whose cut-off is over on a date.
pub fn release_due(tx: &Tx, today: Date) -> Result<()> {
    for id in store::due(tx, today)? {
        release(tx, &find(tx, id)?)?;
    }
    Ok(())
}

/// A group ends with the last of its stays, on its departure or later; and goes on when one of them is taken back.
pub fn follow_stays(tx: &Tx, id: GroupId, today: Date) -> Result<()> {
    let group = find(tx, id)?;
    let is_going_on = store::has_open_stays(tx, id)?;
    let (action, status) = match group.status {
        GroupStatus::Tentative | GroupStatus::Definite if !is_going_on && group.departure_date <= today => {
            ("end", GroupStatus::Ended)
        }
        GroupStatus::Ended if is_going_on => ("reopen", GroupStatus::Definite),
        _ => return Ok(()),
    };
    save(tx, action, &group, Group { status, ..group.clone() }, None)?;
    Ok(())
}

/// Ends the groups whose departure has come on a date and of whose stays none is left.
pub fn end_due(tx: &Tx, today: Date) -> Result<()> {
    store::leaving(tx, today)?.into_iter().try_for_each(|id| follow_stays(tx, id, today))
}

fn agree(tx: &Tx, id: GroupId, agreed: &[AgreedRate]) -> Result<()> {
    let types = rooms::all_types(tx)?;
    if agreed.iter().any(|one| !types.iter().any(|known| known.id == one.room_type_id)) {
        return Err(Error::invalid("rates", text!("must be of room types of this hotel")));
    }
    store::forget_rates(tx, id)?;
    agreed.iter().try_for_each(|one| store::agree(tx, id, *one))
}

fn check(tx: &Tx, fields: &mut Fields, group: &Group, before: Option<&Group>, today: Date) -> Result<()> {
    let nights = group.arrival_date.days_until(group.departure_date);
    fields.ensure(nights >= 1, "departure_date", text!("must be after arrival"));
    fields.ensure(
        nights <= MAX_NIGHTS,
        "departure_date",
        text!("must be at most {most} nights after arrival", most = MAX_NIGHTS),
    );
    if before.is_none_or(|before| before.cut_off_date != group.cut_off_date) {
        let (least, most) = (today.min(group.arrival_date), group.arrival_date);
        let range = text!("must be from {least} to {most}", least, most);
        fields.ensure((least..=most).contains(&group.cut_off_date), "cut_off_date", range);
    } else {
        // One that was agreed long ago may be over, but nobody holds a block past the arrival.
        let late = text!("must not be after the arrival, {date}", date = group.arrival_date);
        fields.ensure(group.cut_off_date <= group.arrival_date, "cut_off_date", late);
    }
    if let Some(guest) = group.guest_id.filter(|guest| before.is_none_or(|before| before.guest_id != Some(*guest)))
        && guests::contact(tx, guest).map_or(true, |contact| contact.is_erased)
    {
        return Err(Error::invalid("guest_id", text!("is not a guest's id")));
    }
    if let Some(company) = group.company_id.filter(|company| before.is_none_or(|before| before.company_id != Some(*company))) {
        companies::named(tx, company)?;
    }
    if before.is_none_or(|before| before.rate_plan_id != group.rate_plan_id) {
        rates::named(tx, group.rate_plan_id)?;
    }
    Ok(())
}

/// One code, one group.
fn check_code(conn: &Conn, code: &str, own: Option<GroupId>) -> Result<()> {
    match store::id_of_code(conn, code)? {
        Some(id) if Some(id) != own => Err(Error::refused(Code::StillInUse, text!("There is already a group {code}.", code))),
        _ => Ok(()),
    }
}

/// The first letters of a name, with a number where others begin alike.
fn unused_code(conn: &Conn, name: &str) -> Result<String> {
    let mut stem: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).take(8).collect();
    if stem.is_empty() {
        "GROUP".clone_into(&mut stem);
    }
    if store::id_of_code(conn, &stem)?.is_none() {
        return Ok(stem);
    }
    for number in 2..10_000 {
        let code = format!("{stem}-{number}");
        if store::id_of_code(conn, &code)?.is_none() {
            return Ok(code);
        }
    }
    Err(Error::refused(Code::StillInUse, text!("No unused code was found; please type one.")))
}
