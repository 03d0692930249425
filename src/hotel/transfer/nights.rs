//! The nights of a stay in one cell: when, for how much, in which room.
//!
//! `2026-05-03 2 x 120.00 in 102; 2026-05-05 1 x 140.00 typed in 201` are three nights.
//! After the price may stand `typed` (by hand), `posted` (to the bill), `released` (no
//! longer held), who sleeps there where that is not everybody of the booking (`for 2+1`: adults and
//! children), what is sold along with a night that is not on the bill yet and by what it is counted
//! (`plus 12.00 person "Breakfast"` beside the price, `with 15.00 night "Parking"` inside it), and
//! `as CODE` (sold as another type than the booking's); without `in` the nights wait for a
//! room. The day of day use is written as a night is.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::bulk::BookedNight;
use super::import::Hotel;
use super::parse::Known;
use crate::domain::date::Date;
use crate::domain::extras::{Extra, Extras, Per};
use crate::domain::id::{ArticleId, RoomId, RoomTypeId};
use crate::domain::money::{Currency, Decimal, Money};
use crate::domain::status::ReservationStatus;
use crate::domain::wording::Text;
use crate::hotel::reservations::booking::PartySize;

/// A night as a cell tells it; rooms and types by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowNight {
    pub night: Date,
    pub room: Option<usize>,
    pub room_type: usize,
    pub rate: Money,
    pub is_typed: bool,
    pub is_held: bool,
    pub is_posted: bool,
    /// It is the day of day use. The cell does not say it, the stay does.
    pub is_by_day: bool,
    /// Adults and children, where they are others than the booking's.
    pub people: Option<People>,
    /// What is sold along with it, not counted.
    pub extras: Extras,
}

/// Adults and children.
pub type People = (i64, i64);

impl RowNight {
    /// The night as it is booked, for the people of its booking where it names none.
    pub fn booked(&self, hotel: &Hotel, people: People) -> BookedNight {
        let (adults, children) = self.people.unwrap_or(people);
        BookedNight {
            adults: Some(adults),
            children: Some(children),
            night: self.night,
            room_type_id: hotel.room_types[self.room_type].id,
            room_id: self.room.map(|room| hotel.rooms[room].id),
            rate: self.rate,
            is_rate_typed: self.is_typed,
            is_held: self.is_held,
            is_posted: self.is_posted,
            is_by_day: self.is_by_day,
            // What is on the bill stands there among other charges.
            extras: if self.is_posted { Extras::default() } else { self.extras.clone() },
        }
    }
}

/// What the nights of the export are called by.
pub struct Called {
    pub currency: Currency,
    pub rooms: HashMap<RoomId, String>,
    pub room_types: HashMap<RoomTypeId, String>,
    pub articles: HashMap<ArticleId, String>,
}

/// The longest run of nights in one part: those of the longest stay.
const MAX_RUN: i64 = 400;
const MAX_NIGHTS: usize = 1000;

/// A booking's nights as a cell. What its state says of all of them is not repeated.
pub fn written(
    nights: &[BookedNight],
    status: ReservationStatus,
    (sold_as, people): (RoomTypeId, People),
    called: &Called,
) -> String {
    let mut cell = String::new();
    let mut at = 0;
    while let Some(first) = nights.get(at) {
        let mut run = 1;
        while nights.get(at + run).is_some_and(|n| continues(&nights[at + run - 1], n)) {
            run += 1;
        }
        at += run;
        let joint = if cell.is_empty() { "" } else { "; " };
        // Writing to memory cannot fail.
        let _ = write!(cell, "{joint}{} {run} x {}", first.night, called.currency.amount(first.rate));
        if first.is_rate_typed {
            cell.push_str(" typed");
        }
        if first.is_posted && status == ReservationStatus::CheckedIn {
            cell.push_str(" posted");
        }
        if !first.is_held && status.holds_nights() {
            cell.push_str(" released");
        }
        if let Some((adults, children)) = first.adults.zip(first.children).filter(|own| *own != people) {
            let _ = write!(cell, " for {adults}+{children}");
        }
        for extra in told(first) {
            let name = called.articles.get(&extra.article_id).unwrap_or(&extra.name).replace('"', "\"\"");
            let (how, amount) = (if extra.is_inside { "with" } else { "plus" }, called.currency.amount(extra.unit_amount));
            let _ = write!(cell, " {how} {amount} {} \"{name}\"", extra.per);
        }
        if let Some(code) = called.room_types.get(&first.room_type_id).filter(|_| first.room_type_id != sold_as) {
            let _ = write!(cell, " as {code}");
        }
        if let Some(number) = first.room_id.and_then(|room| called.rooms.get(&room)) {
            let _ = write!(cell, " in {number}");
        }
    }
    cell
}

/// What is told to be sold along with a night.
fn told(night: &BookedNight) -> &[Extra] {
    if night.is_posted { &[] } else { night.extras.agreed() }
}

/// Whether a night is the one before over again. By day or not is not told, nor how many of an extra there are.
fn continues(before: &BookedNight, night: &BookedNight) -> bool {
    let (is_by_day, extras) = (night.is_by_day, night.extras.clone());
    let following = BookedNight { night: before.night.next(), is_by_day, extras, ..before.clone() };
    let is_told = |extra: &Extra| (extra.article_id, extra.per, extra.unit_amount, extra.is_inside);
    following == *night && told(before).iter().map(is_told).eq(told(night).iter().map(is_told))
}

/// The nights that a cell tells of a booking sold as a type.
///
/// # Errors
/// A sentence fragment on the part that cannot be read.
pub fn read(cell: &str, room_type: usize, known: &Known) -> Result<Vec<RowNight>, String> {
    let mut nights: Vec<RowNight> = Vec::new();
    for part in parts(cell) {
        let (first, count) = run(part, room_type, known).map_err(|why| format!("“{part}” {why}"))?;
        if nights.last().is_some_and(|last| last.night >= first.night) {
            return Err(format!("“{part}” does not come after the night before it"));
        }
        let mut night = first;
        for _ in 0..count {
            nights.push(night.clone());
            night.night = night.night.next();
        }
        if nights.len() > MAX_NIGHTS {
            return Err(format!("are more than {MAX_NIGHTS}"));
        }
    }
    Ok(nights)
}

/// The parts of a cell: a `;` before a date parts them, one in a room's number does not.
fn parts(cell: &str) -> Vec<&str> {
    let begins = |at: usize| cell.get(at + 1..).is_some_and(|rest| rest.trim_start().get(..10).is_some_and(is_date));
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in cell.match_indices(';').filter(|(at, _)| begins(*at)) {
        parts.push(cell[from..at].trim());
        from = at + 1;
    }
    parts.push(cell[from..].trim());
    parts
}

fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok()
}

const SHAPE: &str = "must be such as 2026-05-03 2 x 120.00 in 102";

/// The first night of a part, and how many are like it.
fn run(part: &str, room_type: usize, known: &Known) -> Result<(RowNight, i64), String> {
    let (date, rest) = part.split_once(' ').ok_or(SHAPE)?;
    let (count, rest) = rest.split_once(" x ").ok_or(SHAPE)?;
    let (rate, mut rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let night = date.parse().map_err(|_| SHAPE)?;
    let count = count.parse::<i64>().ok().filter(|n| (1..=MAX_RUN).contains(n)).ok_or(SHAPE)?;
    let rate = known.currency.money(&Decimal::new(rate)).map_err(|error| format!("has a price that {}", Text::from(error)))?;
    if rate.is_negative() {
        return Err("has a price below zero".to_owned());
    }
    let mut marked = |word: &str| {
        let after = rest.strip_prefix(word).filter(|after| after.is_empty() || after.starts_with(' '));
        after.map(|after| rest = after.trim_start()).is_some()
    };
    let (is_typed, is_posted, is_held) = (marked("typed"), marked("posted"), !marked("released"));
    let people = if let Some(after) = rest.strip_prefix("for ") {
        let (told, after) = after.split_once(' ').unwrap_or((after, ""));
        rest = after;
        Some(people(told).ok_or(SHAPE)?)
    } else {
        None
    };
    let mut extras = Vec::new();
    while let Some((extra, after)) = extra(rest, known)? {
        extras.push(extra);
        rest = after;
    }
    let (room_type, room) = place(rest, room_type, known)?;
    let extras = Extras::of(extras);
    Ok((RowNight { night, room, room_type, rate, is_typed, is_held, is_posted, is_by_day: false, people, extras }, count))
}

/// `2+1`: somebody, as a booking takes them.
fn people(text: &str) -> Option<People> {
    let (adults, children) = text.split_once('+')?;
    let number = |text: &str| text.parse::<i64>().ok().and_then(|n| PartySize::of(n).ok());
    let people = (number(adults)?, number(children)?);
    (people.0 + people.1 >= 1).then_some(people)
}

/// `plus 12.00 person "Breakfast"` or `with 15.00 night "Parking"`, and what stands after it.
fn extra<'t>(text: &'t str, known: &Known) -> Result<Option<(Extra, &'t str)>, String> {
    let (is_inside, rest) = match (text.strip_prefix("plus "), text.strip_prefix("with ")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => return Ok(None),
    };
    let (amount, rest) = rest.split_once(' ').ok_or(SHAPE)?;
    let (per, rest) = rest.split_once(' ').ok_or(SHAPE)?;
    let (name, rest) = quoted(rest).ok_or(SHAPE)?;
    let unit_amount = known.currency.money(&Decimal::new(amount)).map_err(|e| format!("has a price that {}", Text::from(e)))?;
    if unit_amount.is_negative() {
        return Err("has a price below zero".to_owned());
    }
    let article = known.articles.get(&name.to_lowercase());
    let article = article.ok_or_else(|| format!("names “{name}”, which is not an article of this hotel"))?;
    let extra = Extra {
        article_id: article.id,
        name: article.name.clone(),
        per: Per::parse(per).ok_or(SHAPE)?,
        unit_amount,
        is_inside,
        tax_group_id: article.tax_group_id,
        quantity: 0,
        added_amount: Money::ZERO,
    };
    Ok(Some((extra, rest.trim_start())))
}

/// What stands between quotes, of which two are one inside it; and what stands after them.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut from = 0;
    loop {
        let at = from + inside.get(from..)?.find('"')?;
        if !inside[at + 1..].starts_with('"') {
            return Some((inside[..at].replace("\"\"", "\""), &inside[at + 1..]));
        }
        from = at + 2;
    }
}

/// `as CODE in ROOM`, either of which may be left out; both may have spaces in them.
fn place(text: &str, room_type: usize, known: &Known) -> Result<(usize, Option<usize>), String> {
    let find_type = |code: &str| known.room_types.get(&code.to_lowercase()).copied();
    let find_room = |number: &str| known.rooms.get(&number.to_lowercase()).copied();
    if text.is_empty() {
        return Ok((room_type, None));
    }
    if let Some(number) = text.strip_prefix("in ") {
        let room = find_room(number).ok_or_else(|| format!("names “{number}”, which is not a room of this hotel"))?;
        return Ok((room_type, Some(room)));
    }
    let text = text.strip_prefix("as ").ok_or(SHAPE)?;
    if let Some(sold_as) = find_type(text) {
        return Ok((sold_as, None));
    }
    let both =
        text.match_indices(" in ").find_map(|(at, joint)| Some((find_type(&text[..at])?, find_room(&text[at + joint.len()..])?)));
    let (sold_as, room) = both.ok_or_else(|| format!("names “{text}”, which this hotel does not have"))?;
    Ok((sold_as, Some(room)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hotel::articles::Article;
    use crate::hotel::transfer::tests;

    fn known() -> Known {
        let places = |names: &[&str]| names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), at)).collect();
        Known {
            room_types: places(&["dbl", "one in a row", "ste"]),
            rooms: places(&["101", "rose room; 2", "201"]),
            articles: ARTICLES.map(|(id, name)| (name.to_lowercase(), article(id, name))).into(),
            ..tests::hotel_without_rooms("2026-05-03")
        }
    }

    fn called() -> Called {
        Called {
            currency: Currency::of("EUR").expect("EUR"),
            rooms: [(RoomId(0), "101"), (RoomId(1), "Rose Room; 2"), (RoomId(2), "201")].map(|(id, n)| (id, n.to_owned())).into(),
            room_types: [(RoomTypeId(0), "DBL"), (RoomTypeId(1), "One in a row"), (RoomTypeId(2), "STE")]
                .map(|(id, n)| (id, n.to_owned()))
                .into(),
            articles: ARTICLES.map(|(id, name)| (ArticleId(id), name.to_owned())).into(),
        }
    }

    const ARTICLES: [(i64, &str); 2] = [(20, "Breakfast, \"large\"; hot"), (21, "Parking")];

    fn article(id: i64, name: &str) -> Article {
        let name = name.to_owned();
        Article {
            id: ArticleId(id),
            name,
            price: None,
            tax_group_id: None,
            is_favourite: false,
            is_food: false,
            is_active: true,
            version: 1,
        }
    }

    fn extra(id: i64, per: Per, unit: i64, is_inside: bool) -> Extra {
        let name = ARTICLES.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name).to_owned();
        let (tax_group_id, quantity) = (None, 0);
        let (article_id, unit_amount) = (ArticleId(id), Money(unit));
        Extra { article_id, name, per, unit_amount, is_inside, tax_group_id, quantity, added_amount: Money::ZERO }
    }

    #[test]
    fn nights_are_read_as_they_were_written() {
        let night =
            |day: i8, room: Option<i64>, sold_as: i64, cents, [is_rate_typed, is_held, is_posted]: [bool; 3]| BookedNight {
                night: Date::new(2026, 5, day).expect("date"),
                room_type_id: RoomTypeId(sold_as),
                room_id: room.map(RoomId),
                rate: Money(cents),
                is_rate_typed,
                is_held,
                is_posted,
                is_by_day: false,
                adults: Some(2),
                children: Some(if day == 4 { 1 } else { 0 }),
                extras: Extras::default(),
            };
        let extras = Extras::of(vec![extra(20, Per::Person, 1_200, false), extra(21, Per::Night, 1_500, true)]);
        let with = |night: BookedNight| BookedNight { extras: extras.clone(), ..night };
        let nights = [
            night(3, Some(0), 0, 12_000, [false, true, true]),
            night(4, Some(0), 0, 12_000, [false, true, true]),
            night(5, Some(1), 1, 12_050, [true, true, false]),
            with(night(6, None, 2, 0, [false, true, false])),
            with(night(7, Some(2), 0, 0, [false, false, false])),
        ];
        let cell = written(&nights, ReservationStatus::CheckedIn, (RoomTypeId(0), (2, 0)), &called());
        assert_eq!(
            cell,
            "2026-05-03 1 x 120.00 posted in 101; 2026-05-04 1 x 120.00 posted for 2+1 in 101; 2026-05-05 1 x 120.50 typed as One in a row in Rose Room; 2; \
             2026-05-06 1 x 0.00 plus 12.00 person \"Breakfast, \"\"large\"\"; hot\" with 15.00 night \"Parking\" as STE; \
             2026-05-07 1 x 0.00 released plus 12.00 person \"Breakfast, \"\"large\"\"; hot\" with 15.00 night \"Parking\" in 201"
        );
        let place = |id: i64| usize::try_from(id).expect("a place");
        let left = written(&nights[..1], ReservationStatus::CheckedOut, (RoomTypeId(0), (2, 0)), &called());
        let expected = nights.map(|n| RowNight {
            night: n.night,
            room: n.room_id.map(|room| place(room.0)),
            room_type: place(n.room_type_id.0),
            rate: n.rate,
            is_typed: n.is_rate_typed,
            is_held: n.is_held,
            is_posted: n.is_posted,
            is_by_day: false,
            people: n.children.filter(|children| *children > 0).map(|children| (2, children)),
            extras: n.extras,
        });
        assert_eq!(read(&cell, 0, &known()), Ok(expected.to_vec()));
        assert_eq!(left, "2026-05-03 1 x 120.00 in 101");
    }

    #[test]
    fn nights_that_cannot_be_read_are_told_by_their_part() {
        for (cell, why) in [
            ("2026-05-03", "must be such as"),
            ("2026-05-03 x 120.00", "must be such as"),
            ("2026-05-03 0 x 120.00", "must be such as"),
            ("2026-05-03 401 x 120.00", "must be such as"),
            ("2026-05-33 1 x 120.00", "must be such as"),
            ("2026-05-03 1 x 120,00", "has a price that must be a number"),
            ("2026-05-03 1 x -1", "below zero"),
            ("2026-05-03 1 x 1.00 soon", "must be such as"),
            ("2026-05-03 1 x 1.00 for 2", "must be such as"),
            ("2026-05-03 1 x 1.00 for 0+0", "must be such as"),
            ("2026-05-03 1 x 1.00 plus 12.00 person Breakfast", "must be such as"),
            ("2026-05-03 1 x 1.00 plus 12.00 day \"Parking\"", "must be such as"),
            ("2026-05-03 1 x 1.00 with 12.00 night \"Wine\"", "“Wine”, which is not an article"),
            ("2026-05-03 1 x 1.00 in 999", "“999”, which is not a room"),
            ("2026-05-03 1 x 1.00 as XXL in 101", "“XXL in 101”, which this hotel does not have"),
            ("2026-05-03 2 x 1.00; 2026-05-04 1 x 1.00", "“2026-05-04 1 x 1.00” does not come after"),
        ] {
            let refused = read(cell, 0, &known()).expect_err(cell);
            assert!(refused.contains(why), "{cell}: {refused}");
        }
    }
}
