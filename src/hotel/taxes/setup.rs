//! What is levied, as the owner describes it: stored and sent in this form, and checked here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::GroupEntry;
use super::store;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{LevyId, TaxGroupId, TaxId};
use crate::domain::money::Money;
use crate::domain::number::Exact;
use crate::domain::tax::{Dated, DecidedBy, Due, Group, Levy, MILLION, Nights, Rounding, Rules, Tax, Unit, Whom};
use crate::domain::text::{Line, Name};
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::{audit, settings};

/// Groups, taxes or levies of one hotel, rates of a tax and bands of a rate.
const MANY: usize = 50;
/// Taxes on one price, and levies on one night: so that what a night brings along stays small.
pub const MOST_AT_ONCE: usize = 10;
/// Authorities that share a levy.
const MOST_AUTHORITIES: usize = 10;
/// Ids are chosen by whoever describes: they stay small.
const MAX_ID: i64 = 9_999;

/// What a tax, a group or a levy is called on bills.
pub type TaxName = Name<100>;
/// A country as the people of a stay name it: its code, or its name.
pub type Country = Line<60>;
/// A percentage with four decimals.
pub type Rate = Exact<4, 100>;
/// An amount of the currency's unit with six decimals: a tax of 8.125 is rounded for each person.
type Amount = Exact<6, 10_000_000>;
/// A price, in the same form.
type Price = Exact<6, 1_000_000_000>;

/// Everything that is levied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxSetup {
    pub rounding: Rounding,
    /// The country whose residents some levies tell apart, as the people of a stay name it.
    #[serde(default)]
    pub country: Country,
    #[schemars(length(max = 50))]
    pub groups: Vec<GroupEntry>,
    #[schemars(length(max = 50))]
    pub taxes: Vec<TaxEntry>,
    #[schemars(length(max = 10))]
    pub levies: Vec<LevyEntry>,
    /// What rooms, extras and fees belong to; `null` = nothing lies on them.
    #[serde(default)]
    pub room_group_id: Option<TaxGroupId>,
    #[serde(default)]
    pub extra_group_id: Option<TaxGroupId>,
    #[serde(default)]
    pub fee_group_id: Option<TaxGroupId>,
}

/// What is levied in some places, to start from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presets {
    /// When their sources were read. Laws change: every figure has to be checked.
    pub as_of: Date,
    pub items: Vec<Preset>,
}

/// What is levied in a country or a city of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// By ISO 3166.
    pub country: String,
    /// The city, and the class of the hotel where it matters; empty for all of a country.
    pub place: String,
    pub setup: TaxSetup,
}

/// The places that are known.
pub fn presets() -> Result<Presets> {
    serde_json::from_str(include_str!("presets.json")).map_err(Error::internal)
}

/// A share of prices: VAT, sales tax, a service charge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxEntry {
    #[schemars(range(max = 9_999))]
    pub id: TaxId,
    pub name: TaxName,
    /// The hotel's own charge, on which taxes are reckoned as well.
    #[serde(default)]
    pub is_service: bool,
    #[serde(default = "by_night")]
    pub decided_by: DecidedBy,
    #[serde(default)]
    pub nights: NightsEntry,
    /// In the order of their days.
    #[schemars(length(min = 1, max = 50))]
    pub rates: Vec<RateEntry>,
}

/// A rate from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateEntry {
    pub from: Date,
    pub percent: Rate,
}

/// The nights of a stay that count, the first being 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NightsEntry {
    #[serde(default = "first")]
    #[schemars(range(min = 1, max = 366))]
    from: i64,
    #[serde(default)]
    #[schemars(range(min = 1, max = 366))]
    to: Option<i64>,
    /// Counted over the calendar year, with the guest's earlier stays.
    #[serde(default)]
    is_of_year: bool,
}

impl Default for NightsEntry {
    fn default() -> NightsEntry {
        NightsEntry { from: 1, to: None, is_of_year: false }
    }
}

/// A tax on staying: a line of its own on the bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevyEntry {
    #[schemars(range(max = 9_999))]
    pub id: LevyId,
    pub name: TaxName,
    pub unit: Unit,
    /// The taxes on the levy itself; `null` = none.
    #[serde(default)]
    pub group_id: Option<TaxGroupId>,
    /// Its amounts have those taxes in them.
    #[serde(default)]
    pub has_taxes_included: bool,
    /// The room's price has the levy in it; else it comes on top.
    #[serde(default)]
    pub is_included: bool,
    /// Bands and shares look at the price with the service charge.
    #[serde(default)]
    pub is_on_service: bool,
    #[serde(default = "by_night")]
    pub decided_by: DecidedBy,
    #[serde(default)]
    pub nights: NightsEntry,
    /// What people pay from an age on; nobody below the first. None = everybody pays.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub ages: Vec<AgeEntry>,
    /// The age at arrival decides; else that on the night.
    #[serde(default)]
    pub is_age_at_arrival: bool,
    #[serde(default = "everybody")]
    pub whom: Whom,
    /// When in the year; `null` = always.
    #[serde(default)]
    pub season: Option<SeasonEntry>,
    /// The most that one unit costs.
    #[serde(default)]
    pub most_amount: Option<Amount>,
    /// In the order of their days.
    #[schemars(length(min = 1, max = 50))]
    pub rates: Vec<BandsEntry>,
}

/// What people pay from an age on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeEntry {
    #[schemars(range(min = 0, max = 150))]
    from_age: i64,
    percent: Rate,
}

/// From a day of each year to a day, both included; over the new year, too.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonEntry {
    #[schemars(range(min = 1, max = 12))]
    from_month: i64,
    #[schemars(range(min = 1, max = 31))]
    from_day: i64,
    #[schemars(range(min = 1, max = 12))]
    to_month: i64,
    #[schemars(range(min = 1, max = 31))]
    to_day: i64,
}

/// What a unit costs from a day on, by its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandsEntry {
    pub from: Date,
    /// In the order of their prices.
    #[schemars(length(min = 1, max = 50))]
    pub bands: Vec<BandEntry>,
    /// Who shares what is levied, where it is one line on the bill for several; none = it is all for one.
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub authorities: Vec<AuthorityEntry>,
}

/// An authority, and how much of a levy is its own. The shares are weighed against each other: 3.40 and 5.00 of 8.40,
/// 4 and 2 of 6 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityEntry {
    pub name: TaxName,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub share: Amount,
}

/// What a unit costs whose net price (a person's, a room's) reaches `from_price`: an amount or a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandEntry {
    #[serde(default)]
    from_price: Price,
    #[serde(default)]
    amount: Option<Amount>,
    #[serde(default)]
    percent: Option<Rate>,
}

fn by_night() -> DecidedBy {
    DecidedBy::Night
}

fn everybody() -> Whom {
    Whom::Everybody
}

fn first() -> i64 {
    1
}

/// What rooms, extras and fees belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Groups {
    pub room: Option<TaxGroupId>,
    pub extra: Option<TaxGroupId>,
    pub fee: Option<TaxGroupId>,
}

/// The decimals of the hotel's currency.
pub fn exponent(conn: &Conn) -> Result<u8> {
    Ok(settings::property(conn)?.currency.exponent)
}

impl TaxSetup {
    /// Nothing is levied yet.
    pub fn empty() -> TaxSetup {
        TaxSetup {
            rounding: Rounding::Document,
            country: Country::default(),
            groups: Vec::new(),
            taxes: Vec::new(),
            levies: Vec::new(),
            room_group_id: None,
            extra_group_id: None,
            fee_group_id: None,
        }
    }

    pub fn groups(&self) -> Groups {
        Groups { room: self.room_group_id, extra: self.extra_group_id, fee: self.fee_group_id }
    }

    /// As it is reckoned with.
    pub fn rules(&self, exponent: u8) -> Rules {
        Rules {
            rounding: self.rounding,
            exponent,
            groups: self.group_rules(),
            taxes: self.taxes.iter().map(TaxEntry::rule).collect(),
            levies: self.levies.iter().map(|levy| levy.rule(exponent)).collect(),
        }
    }

    /// Rooms are lodging, whatever they belong to; what belongs to nothing has no taxes.
    fn group_rules(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.groups.iter().map(GroupEntry::rule).collect();
        groups.push(Group { id: TaxGroupId(0), is_included: true, is_lodging: true, taxes: Vec::new(), parts: Vec::new() });
        let room = groups.iter().find(|group| Some(group.id) == self.room_group_id);
        // Of a split price the first part, unless the groups say so themselves.
        let is_lodging = |id: &TaxGroupId| groups.iter().any(|group| group.id == *id && group.is_lodging);
        let parts: Vec<TaxGroupId> = room.iter().flat_map(|room| &room.parts).map(|(id, _)| *id).collect();
        let lodging = match parts.first() {
            Some(_) if parts.iter().any(is_lodging) => None,
            Some(first) => Some(*first),
            None => self.room_group_id,
        };
        for group in groups.iter_mut().filter(|group| Some(group.id) == lodging) {
            group.is_lodging = true;
        }
        groups
    }

    /// The same, tidied, or everything that is wrong with it.
    fn check(mut self, exponent: u8) -> Result<TaxSetup> {
        let mut fields = Fields::default();
        let counts =
            [("groups", self.groups.len(), MANY), ("taxes", self.taxes.len(), MANY), ("levies", self.levies.len(), MOST_AT_ONCE)];
        for (name, count, most) in counts {
            fields.ensure(count <= most, name, text!("must be {most} at most", most));
        }
        self.country = fields.check("country", self.country.checked()).to_uppercase().into();
        check_ids(&mut fields, "groups", self.groups.iter().map(|group| group.id.0));
        check_ids(&mut fields, "taxes", self.taxes.iter().map(|tax| tax.id.0));
        check_ids(&mut fields, "levies", self.levies.iter().map(|levy| levy.id.0));
        let groups: Vec<TaxGroupId> = self.groups.iter().map(|group| group.id).collect();
        let is_known = |group: Option<TaxGroupId>| group.is_none_or(|group| groups.contains(&group));
        let unknown = || text!("is none of the groups");
        let chosen =
            [("room_group_id", self.room_group_id), ("extra_group_id", self.extra_group_id), ("fee_group_id", self.fee_group_id)];
        for (name, group) in chosen {
            fields.ensure(is_known(group), name, unknown());
        }
        for (n, group) in self.groups.iter_mut().enumerate() {
            group.check(&format!("groups[{n}]"), &self.taxes, &mut fields);
        }
        let split: Vec<TaxGroupId> = self.groups.iter().filter(|group| !group.parts.is_empty()).map(|group| group.id).collect();
        for (n, group) in self.groups.iter().enumerate() {
            group.check_parts(&format!("groups[{n}]"), &groups, &split, &mut fields);
        }
        for (n, tax) in self.taxes.iter_mut().enumerate() {
            tax.check(&format!("taxes[{n}]"), &mut fields);
        }
        for (n, levy) in self.levies.iter_mut().enumerate() {
            fields.ensure(is_known(levy.group_id), &format!("levies[{n}].group_id"), unknown());
            let is_split = levy.group_id.is_some_and(|group| split.contains(&group));
            fields.ensure(!is_split, &format!("levies[{n}].group_id"), text!("must not be a split price"));
            let knows_residents = levy.whom == Whom::Everybody || !self.country.is_empty();
            fields.ensure(knows_residents, &format!("levies[{n}].whom"), text!("needs the country that residents live in"));
            levy.check(&format!("levies[{n}]"), exponent, &mut fields);
        }
        fields.finish()?;
        Ok(self)
    }
}

/// Replaces what is levied.
///
/// # Errors
/// 422 with every bad field; 409 when a tax that stands on a bill is to go, or to be called something else.
pub fn replace(tx: &Tx, wanted: TaxSetup) -> Result<TaxSetup> {
    let after = wanted.check(exponent(tx)?)?;
    let before = store::setup(tx)?;
    for old in before.iter().flat_map(|b| &b.taxes) {
        let is_kept = after.taxes.iter().any(|tax| tax.id == old.id && tax.name == old.name);
        if !is_kept && store::is_tax_posted(tx, old.id)? {
            return Err(on_a_bill(&old.name));
        }
    }
    for old in before.iter().flat_map(|b| &b.levies) {
        let is_kept = after.levies.iter().any(|levy| levy.id == old.id && levy.name == old.name);
        if !is_kept && store::is_levy_posted(tx, old.id)? {
            return Err(on_a_bill(&old.name));
        }
    }
    store::put(tx, before.as_ref(), &after)?;
    audit::record(tx, "change", "taxes", 1, &before, &after)?;
    Ok(after)
}

fn on_a_bill(name: &str) -> Error {
    let detail = text!(
        "{name} stands on bills: it can be neither removed nor renamed. Give it a rate of 0 from a day on, and add another.",
        name
    );
    Error::refused(Code::StillInUse, detail)
}

fn check_ids(fields: &mut Fields, list: &str, ids: impl Iterator<Item = i64>) {
    let mut seen = Vec::new();
    for (n, id) in ids.enumerate() {
        let at = format!("{list}[{n}].id");
        fields.ensure((1..=MAX_ID).contains(&id), &at, text!("must be from {least} to {most}", least = 1, most = MAX_ID));
        fields.ensure(!seen.contains(&id), &at, text!("stands twice"));
        seen.push(id);
    }
}

/// Days that follow each other, and not too many.
fn check_days(fields: &mut Fields, at: &str, days: &[Date]) {
    fields.ensure(!days.is_empty(), at, text!("must not be empty"));
    fields.ensure(days.len() <= MANY, at, text!("must be {most} at most", most = MANY));
    for (n, pair) in days.windows(2).enumerate() {
        fields.ensure(pair[0] < pair[1], &format!("{at}[{}].from", n + 1), text!("must be later than the one before"));
    }
}

/// Several authorities, each once and with something of its own.
fn check_authorities(list: &str, authorities: &mut [AuthorityEntry], fields: &mut Fields) {
    let is_good = authorities.is_empty() || (2..=MOST_AUTHORITIES).contains(&authorities.len());
    fields.ensure(is_good, list, text!("must hold {least} to {most} entries", least = 2, most = MOST_AUTHORITIES));
    let mut seen = Vec::new();
    for (n, authority) in authorities.iter_mut().enumerate() {
        let place = format!("{list}[{n}].name");
        authority.name = fields.check(&place, authority.name.checked()).into();
        fields.ensure(!seen.contains(&authority.name), &format!("{list}[{n}]"), text!("stands twice"));
        seen.push(authority.name.clone());
        fields.ensure(authority.share.0 > 0, &format!("{list}[{n}].share"), text!("must be more than zero"));
    }
}

impl NightsEntry {
    fn check(&self, at: &str, fields: &mut Fields) {
        let is_good = |night: i64| (1..=366).contains(&night);
        let range = || text!("must be from {least} to {most}", least = 1, most = 366);
        fields.ensure(is_good(self.from), &format!("{at}.from"), range());
        fields.ensure(self.to.is_none_or(is_good), &format!("{at}.to"), range());
        fields.ensure(self.to.is_none_or(|to| to >= self.from), &format!("{at}.to"), text!("must not be before the first"));
    }

    fn rule(&self) -> Nights {
        let number = |night: i64| u32::try_from(night).unwrap_or(1);
        Nights { from: number(self.from), to: self.to.map(number), is_of_year: self.is_of_year }
    }
}

impl TaxEntry {
    fn check(&mut self, at: &str, fields: &mut Fields) {
        self.name = fields.check(&format!("{at}.name"), self.name.checked()).into();
        self.nights.check(&format!("{at}.nights"), fields);
        check_days(fields, &format!("{at}.rates"), &self.rates.iter().map(|rate| rate.from).collect::<Vec<_>>());
    }

    fn rule(&self) -> Tax {
        Tax {
            id: self.id,
            is_service: self.is_service,
            decided_by: self.decided_by,
            nights: self.nights.rule(),
            rates: Dated(self.rates.iter().map(|rate| (rate.from, rate.percent.0)).collect()),
        }
    }
}

impl SeasonEntry {
    fn days(&self) -> Option<((i8, i8), (i8, i8))> {
        // In a leap year, so that 29 February is a day.
        let day = |month: i64, day: i64| {
            let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            Date::new(2024, month, day).map(|_| (month, day))
        };
        Some((day(self.from_month, self.from_day)?, day(self.to_month, self.to_day)?))
    }
}

impl BandEntry {
    fn due(self) -> Option<Due> {
        match (self.amount, self.percent) {
            (Some(amount), None) => Some(Due::Amount(amount.0)),
            (None, Some(percent)) => Some(Due::Share(percent.0)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

/// Millionths of the currency's unit that are a minor unit.
fn minor_unit(exponent: u8) -> i64 {
    MILLION / 10_i64.pow(exponent.into())
}

impl LevyEntry {
    fn check(&mut self, at: &str, exponent: u8, fields: &mut Fields) {
        self.name = fields.check(&format!("{at}.name"), self.name.checked()).into();
        self.nights.check(&format!("{at}.nights"), fields);
        for (n, age) in self.ages.iter().enumerate() {
            let place = format!("{at}.ages[{n}].from_age");
            let range = text!("must be from {least} to {most}", least = 0, most = 150);
            fields.ensure((0..=150).contains(&age.from_age), &place, range);
            let is_later = n == 0 || self.ages[n - 1].from_age < age.from_age;
            fields.ensure(is_later, &place, text!("must be more than the one before"));
        }
        fields.ensure(self.ages.len() <= MANY, &format!("{at}.ages"), text!("must be {most} at most", most = MANY));
        let is_season = self.season.is_none_or(|season| season.days().is_some());
        fields.ensure(is_season, &format!("{at}.season"), text!("must be days of the year"));
        let precise = || text!("has more decimals than the currency");
        let is_minor = |millionths: i64| millionths % minor_unit(exponent) == 0;
        fields.ensure(self.most_amount.is_none_or(|most| is_minor(most.0)), &format!("{at}.most_amount"), precise());
        let is_plain = !self.is_included || (self.most_amount.is_none() && !self.is_on_service);
        fields.ensure(is_plain, &format!("{at}.is_included"), text!("must not be with a bound or on the service charge"));
        check_days(fields, &format!("{at}.rates"), &self.rates.iter().map(|rate| rate.from).collect::<Vec<_>>());
        for (n, rate) in self.rates.iter().enumerate() {
            self.check_bands(&format!("{at}.rates[{n}].bands"), &rate.bands, is_minor, fields);
        }
        for (n, rate) in self.rates.iter_mut().enumerate() {
            check_authorities(&format!("{at}.rates[{n}].authorities"), &mut rate.authorities, fields);
        }
    }

    fn check_bands(&self, at: &str, bands: &[BandEntry], is_minor: impl Fn(i64) -> bool, fields: &mut Fields) {
        fields.ensure(!bands.is_empty(), at, text!("must not be empty"));
        fields.ensure(bands.len() <= MANY, at, text!("must be {most} at most", most = MANY));
        // What is inside the price says what the price is: it cannot be found by it as well.
        let is_plain = !self.is_included || bands.len() <= 1 && bands.iter().all(|band| band.from_price.0 == 0);
        fields.ensure(is_plain, at, text!("must be one band from 0 on for a levy that the price includes"));
        for (n, band) in bands.iter().enumerate() {
            let place = |name: &str| format!("{at}[{n}].{name}");
            let one = text!("must have either {one} or {other}", one = "amount", other = "percent");
            fields.ensure(band.due().is_some(), &place("amount"), one);
            fields.ensure(is_minor(band.from_price.0), &place("from_price"), text!("has more decimals than the currency"));
            let is_later = n == 0 || bands[n - 1].from_price < band.from_price;
            fields.ensure(is_later, &place("from_price"), text!("must be more than the one before"));
            let is_share_of_price = band.percent.is_none() || self.unit != Unit::Stay;
            fields.ensure(is_share_of_price, &place("percent"), text!("must be an amount for a stay"));
            let is_room = band.percent.is_none() || !self.is_included || self.unit == Unit::RoomNight;
            fields.ensure(is_room, &place("percent"), text!("must be by room and night inside the price"));
        }
    }

    fn rule(&self, exponent: u8) -> Levy {
        let minor = |millionths: i64| Money(millionths / minor_unit(exponent));
        let bands = |bands: &[BandEntry]| -> Vec<(Money, Due)> {
            bands.iter().filter_map(|band| Some((minor(band.from_price.0), band.due()?))).collect()
        };
        Levy {
            id: self.id,
            unit: self.unit,
            group: self.group_id.map(|group| (group, self.has_taxes_included)),
            is_included: self.is_included,
            is_on_service: self.is_on_service,
            decided_by: self.decided_by,
            nights: self.nights.rule(),
            ages: self.ages.iter().map(|age| (age.from_age, age.percent.0)).collect(),
            is_age_at_arrival: self.is_age_at_arrival,
            whom: self.whom,
            season: self.season.and_then(|season| season.days()),
            most: self.most_amount.map(|most| minor(most.0)),
            bands: Dated(self.rates.iter().map(|rate| (rate.from, bands(&rate.bands))).collect()),
        }
    }
}

#[cfg(test)]
mod tests;
