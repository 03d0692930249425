//! What is levied in this hotel, and the taxes of a bill.
//!
//! `setup` is the description that the owner gives: groups, taxes, levies. `Books` works out one
//! stay by it, going on from what is posted. A hotel that has said nothing levies nothing.

pub mod group;
pub mod setup;
pub mod store;

use std::sync::Arc;

use crate::db::{Conn, Tx};
use crate::domain::ages::{self, Ages};
use crate::domain::date::Date;
use crate::domain::extras::Extras;
use crate::domain::id::{GuestId, LevyId, ReservationId, TaxGroupId, TaxId};
use crate::domain::money::Money;
use crate::domain::tax::{Age, Levy, NightTaxed, Person, Reckoning, Rules, Sale, Taxed};
use crate::error::Result;
use crate::hotel::Slice;
use setup::{BandsEntry, Groups, TaxSetup};

pub const SLICE: Slice = Slice { name: "taxes", statements: &[store::STATEMENTS], ..Slice::EMPTY };

/// The line of a bill that rooms are on, where taxes are rounded by line: its article.
pub const ROOM: i64 = 1;

/// A stay, as far as taxes ask.
#[derive(Debug, Clone, Copy)]
pub struct Stay<'a> {
    /// 0 before it is stored.
    pub id: ReservationId,
    pub guest_id: GuestId,
    pub arrival: Date,
    pub adults: i64,
    pub children: i64,
    pub ages: &'a Ages,
    /// Whether it brings levies along: house use does not.
    pub has_levies: bool,
}

impl Stay<'_> {
    fn is_stored(&self) -> bool {
        self.id != ReservationId(0)
    }
}

/// What something belongs to when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Room,
    Extra,
    Fee,
}

/// What is levied here.
pub struct Levied {
    rules: Arc<Rules>,
    setup: TaxSetup,
}

/// Works out the bill of one stay.
pub struct Books {
    rules: Arc<Rules>,
    groups: Groups,
    reckoning: Reckoning,
    people: Vec<Person>,
    arrival: Date,
    /// Nights of other stays in the calendar year of the arrival, where a levy counts them.
    nights_before: u32,
    has_levies: bool,
}

/// What is levied; `None` as long as nobody has said.
pub fn levied(conn: &Conn) -> Result<Option<Levied>> {
    let Some(setup) = store::setup(conn)? else { return Ok(None) };
    let rules = Arc::new(setup.rules(setup::exponent(conn)?));
    Ok(Some(Levied { rules, setup }))
}

impl Levied {
    pub fn tax_name(&self, id: TaxId) -> &str {
        self.setup.taxes.iter().find(|tax| tax.id == id).map_or("", |tax| &tax.name)
    }

    pub fn levies(&self) -> &[Levy] {
        &self.rules.levies
    }

    pub fn levy_name(&self, id: LevyId) -> &str {
        self.setup.levies.iter().find(|levy| levy.id == id).map_or("", |levy| &levy.name)
    }

    /// What a levy costs on a day, and who shares it then.
    pub fn levy_rate(&self, id: LevyId, date: Date) -> Option<&BandsEntry> {
        let levy = self.setup.levies.iter().find(|levy| levy.id == id)?;
        levy.rates.iter().rfind(|rate| rate.from <= date)
    }

    /// The books of a stay, with all that is posted.
    pub fn books(&self, conn: &Conn, stay: &Stay) -> Result<Books> {
        let rules = Arc::clone(&self.rules);
        let mut reckoning = Reckoning::new(Arc::clone(&rules));
        if stay.is_stored() {
            for (line, tax) in store::posted_taxes(conn, stay.id)? {
                reckoning.add(&tax, line);
            }
            for (levy, share, taken) in store::posted_shares(conn, stay.id)? {
                reckoning.add_levy(levy, &share, taken);
            }
        }
        let counts_years = rules.levies.iter().any(|levy: &Levy| levy.nights.is_of_year);
        Ok(Books {
            people: people(conn, stay, &self.setup.country)?,
            nights_before: if counts_years { store::nights_before(conn, stay)? } else { 0 },
            groups: self.setup.groups(),
            arrival: stay.arrival,
            has_levies: stay.has_levies,
            reckoning,
            rules,
        })
    }
}

impl Books {
    /// A night of the stay, or its day of day use, which brings no levies along. The sales are the room and then
    /// each extra beside it.
    pub fn night(&mut self, date: Date, price: Money, extras: &Extras, is_day_use: bool) -> NightTaxed {
        let people = if is_day_use || !self.has_levies { &[][..] } else { &self.people };
        // A group that has gone since it was agreed is that of extras.
        let group = |of: Option<TaxGroupId>| of.filter(|of| self.knows(*of)).unwrap_or(self.group(Kind::Extra));
        let extra = |of: Option<TaxGroupId>, price, line| Sale { group: group(of), price, line };
        let room = Sale { group: self.group(Kind::Room), price, line: ROOM };
        let beside = extras.beside().map(|e| extra(e.tax_group_id, e.price(), e.article_id.0));
        let sales: Vec<Sale> = std::iter::once(room).chain(beside).collect();
        // What is inside stands on the line of the room.
        let inside: Vec<Sale> = extras.inside(price).into_iter().map(|(e, share)| extra(e.tax_group_id, share, ROOM)).collect();
        let at = at(date, self.arrival, self.nights_before, people);
        self.reckoning.night(&at, &sales, &inside)
    }

    /// Something else on the bill; `line` = its article, for taxes that are rounded by line.
    /// `is_gross` = the price has its taxes in it, whatever the group says.
    pub fn sale(&mut self, group: TaxGroupId, price: Money, line: i64, date: Date, is_gross: bool) -> Taxed {
        let at = at(date, self.arrival, self.nights_before, &[]);
        self.reckoning.sale(Sale { group, price, line }, &at, is_gross.then_some(true))
    }

    /// A fee of the hotel's.
    pub fn fee(&mut self, fee: Money, date: Date) -> Taxed {
        self.sale(self.group(Kind::Fee), fee, 0, date, false)
    }

    /// The price that a room was sold at: less what levies took out of it.
    pub fn room_price(&self, room: &Taxed) -> Money {
        let is_included = self.rules.group(self.group(Kind::Room)).is_none_or(|group| group.is_included);
        if is_included { room.gross } else { room.net }
    }

    /// What a kind of thing belongs to; 0 = nothing lies on it.
    pub fn group(&self, kind: Kind) -> TaxGroupId {
        let group = match kind {
            Kind::Room => self.groups.room,
            Kind::Extra => self.groups.extra,
            Kind::Fee => self.groups.fee,
        };
        group.unwrap_or(TaxGroupId(0))
    }

    pub fn knows(&self, group: TaxGroupId) -> bool {
        self.rules.group(group).is_some()
    }
}

fn at(date: Date, arrival: Date, nights_before: u32, people: &[Person]) -> crate::domain::tax::Night<'_> {
    let number = u32::try_from(arrival.days_until(date).max(0)).unwrap_or(0).saturating_add(1);
    // The nights of the stay that lie in the year of this one.
    let new_year = Date::new(date.year(), 1, 1).unwrap_or(arrival);
    let begins = arrival.max(new_year);
    let in_year = u32::try_from(begins.days_until(date).max(0)).unwrap_or(0).saturating_add(1);
    let before = if date.year() == arrival.year() { nights_before } else { 0 };
    crate::domain::tax::Night { date, arrival, number, number_in_year: in_year.saturating_add(before), people }
}

/// How old the people of a stay are: those who are written down, and as many more as are booked.
pub fn ages(conn: &Conn, stay: &Stay) -> Result<Vec<Age>> {
    Ok(people(conn, stay, "")?.into_iter().map(|person| person.age).collect())
}

/// Who stays: those who are written down, and as many more as are booked.
fn people(conn: &Conn, stay: &Stay, country: &str) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    let (mut adults, mut children, mut named) = (stay.adults, stay.children, Vec::new());
    let known = if stay.is_stored() { store::people(conn, stay.id)? } else { Vec::new() };
    for known in known {
        let at_arrival = known.birth_date.and_then(|born| ages::age_on(born, stay.arrival));
        let is_child = at_arrival.map_or(known.is_child, |age| age <= ages::OLDEST_CHILD);
        let age = match (known.birth_date, is_child) {
            (Some(born), _) => Age::Born(born),
            (None, true) => Age::Child,
            (None, false) => Age::Adult,
        };
        named.extend(at_arrival.filter(|_| is_child));
        // Who turns out to be older than booked takes the place of somebody else.
        *(if is_child && children > 0 || adults <= 0 { &mut children } else { &mut adults }) -= 1;
        let is_resident = !country.is_empty() && known.residence == country;
        people.push(Person { age, is_resident, is_exempt: known.is_exempt });
    }
    people.extend((0..adults.max(0)).map(|_| Person::of(Age::Adult)));
    let mut told = stay.ages.without(&named).into_iter();
    people.extend((0..children.max(0)).map(|_| Person::of(told.next().map_or(Age::Child, Age::AtArrival))));
    Ok(people)
}

/// Writes the taxes of a posting beside it.
pub fn write(tx: &Tx, posting: i64, line: i64, taxed: &Taxed) -> Result<()> {
    taxed.taxes.iter().try_for_each(|tax| store::insert_tax(tx, posting, line, tax))
}
