//! What of a price is tax, and which levies a night brings along.
//!
//! Rounding by line or document works although nights are posted one by one: the tax of a
//! posting is the rounded tax of all that was posted so far, less what was taken before. So the sum
//! is right after each of them, and in whatever order they come.

use std::collections::HashMap;
use std::sync::Arc;

use super::{DecidedBy, Due, Group, Levy, MILLION, Night, Nights, Rounding, Rules, Sale, Tax, Unit, Whom};
use crate::domain::date::Date;
use crate::domain::id::{LevyId, TaxGroupId, TaxId};
use crate::domain::money::Money;

/// A price taken apart: `net` and `taxes` make up `gross`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxed {
    pub net: Money,
    pub taxes: Vec<TaxLine>,
    pub gross: Money,
}

/// The part of a price that one tax is: `base × rate ÷ divisor`, as it was rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxLine {
    pub tax: TaxId,
    pub is_service: bool,
    /// Which part of a price that is split over groups.
    pub part: i64,
    /// In millionths; of a price with taxes in it the divisor is above a million.
    pub rate: i64,
    pub divisor: i64,
    pub base: Money,
    pub amount: Money,
}

impl TaxLine {
    /// Whether it is reckoned out of a price that has it in it.
    pub fn is_in_price(&self) -> bool {
        self.divisor > MILLION
    }
}

/// A levy of a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevyLine {
    pub levy: LevyId,
    /// How many pay how much: several when people of several ages do.
    pub units: Units,
    /// Of a share that is rounded once for all nights: the prices it was taken of.
    pub shares: Vec<ShareOf>,
    /// Whether the price has it in it.
    pub is_inside: bool,
    pub taxed: Taxed,
}

/// A price that a levy takes a share of, and the way to its net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareOf {
    pub rate: i64,
    pub price: Money,
    pub chain: Chain,
}

/// A price, or one part of it, all of one group.
#[derive(Debug, Clone, Copy)]
struct Part {
    sale: Sale,
    is_included: bool,
    number: i64,
}

/// How many pay how much.
pub type Units = Vec<(i64, Money)>;

/// A levy inside the room's price, and what it takes of it.
type Inside<'l> = (&'l Levy, Units, Money);

/// A night with what was sold on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NightTaxed {
    pub sales: Vec<Taxed>,
    /// Of the first of them: what of it is for each thing inside it.
    pub inside: Vec<Taxed>,
    pub levies: Vec<LevyLine>,
}

impl NightTaxed {
    pub fn gross(&self) -> Money {
        self.sales.iter().chain(self.levies.iter().map(|line| &line.taxed)).map(|taxed| taxed.gross).sum()
    }
}

impl Taxed {
    /// Without any tax.
    pub fn free(price: Money) -> Taxed {
        Taxed { net: price, taxes: Vec::new(), gross: price }
    }

    /// Both together.
    fn with(mut self, other: Taxed) -> Taxed {
        self.taxes.extend(other.taxes);
        Taxed { net: self.net + other.net, taxes: self.taxes, gross: self.gross + other.gross }
    }

    pub fn tax(&self) -> Money {
        self.taxes.iter().map(|line| line.amount).sum()
    }
}

/// Works out one folio, posting after posting.
#[derive(Debug)]
pub struct Reckoning {
    rules: Arc<Rules>,
    taxes: HashMap<TaxKey, (Money, Money)>,
    levies: HashMap<(LevyId, i64), LevySum>,
}

/// What is rounded together.
#[derive(Debug, PartialEq, Eq, Hash)]
struct TaxKey {
    tax: TaxId,
    rate: i64,
    divisor: i64,
    line: Option<i64>,
}

/// Of a levy that is a share of prices: the prices by the way to their net, and what was taken.
#[derive(Debug, Default)]
struct LevySum {
    prices: Vec<(Chain, Money)>,
    taken: Money,
}

/// The rates that lie on a price: taxes on top of the service, both in the price or on top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chain {
    pub is_included: bool,
    pub service: i64,
    pub tax: i64,
}

impl Chain {
    /// The price without taxes, and without the service unless that belongs to it.
    fn base(self, price: Money, with_service: bool) -> Money {
        let without_tax = if self.is_included { price - price.times_ratio(self.tax, MILLION + self.tax) } else { price };
        match (self.is_included, with_service) {
            (true, true) => without_tax,
            (true, false) => without_tax - without_tax.times_ratio(self.service, MILLION + self.service),
            (false, true) => price + price.times_ratio(self.service, MILLION),
            (false, false) => price,
        }
    }

    /// By how much taxes make a net price larger, in millionths of millionths.
    fn factor(self) -> i128 {
        i128::from(MILLION + self.service) * i128::from(MILLION + self.tax)
    }
}

impl Reckoning {
    pub fn new(rules: Arc<Rules>) -> Reckoning {
        Reckoning { rules, taxes: HashMap::new(), levies: HashMap::new() }
    }

    /// What is sold beside the night: a minibar, a breakfast. `is_included` = what somebody says of this price,
    /// whatever the group says.
    pub fn sale(&mut self, sale: Sale, night: &Night, is_included: Option<bool>) -> Taxed {
        let rules = Arc::clone(&self.rules);
        self.sold(&rules.parts(sale, is_included), night)
    }

    /// The parts of a price, as one.
    fn sold(&mut self, parts: &[Part], night: &Night) -> Taxed {
        let rules = Arc::clone(&self.rules);
        let taxed = parts.iter().map(|part| match rules.group(part.sale.group) {
            Some(group) => self.taxed(group, part, night),
            None => Taxed::free(part.sale.price),
        });
        taxed.reduce(Taxed::with).unwrap_or_else(|| Taxed::free(Money::ZERO))
    }

    /// A night: its prices, and the levies that they and the people bring along. `inside` = what of the first
    /// price, the room's, is for other things; whether that price includes its taxes holds for them too. A levy
    /// that the price includes is taken out of what of it is lodging.
    pub fn night(&mut self, night: &Night, sales: &[Sale], inside: &[Sale]) -> NightTaxed {
        let rules = Arc::clone(&self.rules);
        let (mut sales, inside) = rules.split(sales, inside);
        let is_lodging = |part: &Part| rules.group(part.sale.group).is_some_and(|group| group.is_lodging);
        let room = sales.first_mut().into_iter().flatten().find(|part| is_lodging(part));
        let has_room = room.is_some();
        let due: Vec<&Levy> = rules.levies.iter().filter(|levy| levy.is_due(night)).collect();
        let mut taken = Vec::new();
        if let Some(room) = room {
            for (levy, units, gross) in self.inside(&due, night, room) {
                room.sale.price = room.sale.price - gross;
                taken.push((levy, units, gross));
            }
        }
        let lodging: Vec<(Chain, Money)> = (sales.iter().chain(&inside).flatten().filter(|part| is_lodging(part)))
            .map(|part| (rules.chain_of(part.sale.group, Some(part.is_included), night), part.sale.price))
            .collect();
        let mut out = NightTaxed { sales: sales.iter().map(|parts| self.sold(parts, night)).collect(), ..NightTaxed::default() };
        out.inside = inside.iter().map(|parts| self.sold(parts, night)).collect();
        if let Some(room) = out.sales.first_mut() {
            *room = out.inside.iter().cloned().fold(std::mem::replace(room, Taxed::free(Money::ZERO)), Taxed::with);
        }
        for (levy, units, gross) in taken {
            let taxed = self.of_levy(levy, gross, true, night);
            out.levies.push(LevyLine { levy: levy.id, units, shares: Vec::new(), is_inside: true, taxed });
        }
        for levy in due.into_iter().filter(|levy| !levy.is_included || !has_room) {
            let Some((units, shares)) = self.on_top(levy, night, &lodging) else { continue };
            let amount = sum(&units);
            let has_taxes_in_it = levy.group.is_some_and(|(_, is_included)| is_included);
            let taxed = self.of_levy(levy, amount, has_taxes_in_it, night);
            out.levies.push(LevyLine { levy: levy.id, units, shares, is_inside: false, taxed });
        }
        out
    }

    /// What was posted before: how it counts for what comes.
    pub fn add(&mut self, line: &TaxLine, on_line: i64) {
        if let Some(key) = self.key(line, on_line) {
            let sum = self.taxes.entry(key).or_default();
            *sum = (sum.0 + line.base, sum.1 + line.amount);
        }
    }

    /// The same of a levy that is a share: the prices it was taken of, and what was taken.
    pub fn add_levy(&mut self, levy: LevyId, shares: &[ShareOf], taken: Money) {
        for (at, share) in shares.iter().enumerate() {
            let sum = self.levies.entry((levy, share.rate)).or_default();
            sum.add(share.chain, share.price);
            if at == 0 {
                sum.taken = sum.taken + taken;
            }
        }
    }

    fn key(&self, line: &TaxLine, on_line: i64) -> Option<TaxKey> {
        let TaxLine { tax, rate, divisor, .. } = *line;
        match self.rules.rounding {
            Rounding::Night => None,
            Rounding::Line => Some(TaxKey { tax, rate, divisor, line: Some(on_line) }),
            Rounding::Document => Some(TaxKey { tax, rate, divisor, line: None }),
        }
    }

    fn taxed(&mut self, group: &Group, part: &Part, night: &Night) -> Taxed {
        let rules = Arc::clone(&self.rules);
        let Part { sale, is_included, number } = *part;
        let levels = rules.levels(group, night);
        let mut taxes = Vec::new();
        let mut rest = sale.price;
        // Outwards in from a price with all in it; else from the net outwards.
        let order: [bool; 2] = if is_included { [false, true] } else { [true, false] };
        for is_service in order {
            let level: Vec<(TaxId, i64)> =
                levels.iter().filter(|(tax, _)| tax.is_service == is_service).map(|(tax, rate)| (tax.id, *rate)).collect();
            let divisor = if is_included { MILLION + level.iter().map(|(_, rate)| rate).sum::<i64>() } else { MILLION };
            let base = rest;
            for (tax, rate) in level {
                let mut line = TaxLine { tax, is_service, part: number, rate, divisor, base, amount: Money::ZERO };
                line.amount = self.take(&line, sale.line);
                rest = if is_included { rest - line.amount } else { rest + line.amount };
                taxes.push(line);
            }
        }
        match is_included {
            true => Taxed { net: rest, taxes, gross: sale.price },
            false => Taxed { net: sale.price, taxes, gross: rest },
        }
    }

    fn take(&mut self, line: &TaxLine, on_line: i64) -> Money {
        let Some(key) = self.key(line, on_line) else { return line.base.times_ratio(line.rate, line.divisor) };
        grown(self.taxes.entry(key).or_default(), line.base, |base| base.times_ratio(line.rate, line.divisor))
    }

    fn of_levy(&mut self, levy: &Levy, amount: Money, is_included: bool, night: &Night) -> Taxed {
        let rules = Arc::clone(&self.rules);
        match levy.group.and_then(|(id, _)| rules.group(id)) {
            // Levies are lines of their own: below those of articles.
            Some(group) => {
                let sale = Sale { group: group.id, price: amount, line: -levy.id.0 };
                self.taxed(group, &Part { sale, is_included, number: 0 }, night)
            }
            None => Taxed::free(amount),
        }
    }

    /// The levies that the room's price includes, with what they take of it, their taxes included.
    fn inside<'l>(&self, due: &[&'l Levy], night: &Night, part: &Part) -> Vec<Inside<'l>> {
        let room = part.sale;
        let included = || due.iter().copied().filter(|levy| levy.is_included);
        let mut left = room.price;
        let mut out = Vec::new();
        let chain = self.rules.chain_of(room.group, Some(part.is_included), night);
        let mut shares = Vec::new();
        for levy in included() {
            let factor = match levy.group {
                Some((group, false)) => self.rules.chain_of(group, Some(false), night).factor(),
                _ => Chain::default().factor(),
            };
            match levy.due_of(night, chain.base(room.price, levy.is_on_service)) {
                Some(Due::Amount(millionths)) => {
                    let units = levy.units(night, |share| self.rules.minor_units(millionths, share));
                    let net: Money = sum(&units);
                    let gross = net.times_wide(factor, i128::from(MILLION) * i128::from(MILLION));
                    // A price below the levy is all levy.
                    let (units, gross) = if gross > left { (vec![(1, left)], left) } else { (units, gross) };
                    left = left - gross;
                    out.extend((!gross.is_zero()).then_some((levy, units, gross)));
                }
                Some(Due::Share(rate)) if !levy.shares(night).is_empty() => shares.push((levy, i128::from(rate) * factor)),
                Some(Due::Share(_)) | None => {}
            }
        }
        // price = net × factor + the sum of net × rate × the factor of each levy.
        let whole = chain.factor() * i128::from(MILLION) + shares.iter().map(|(_, weight)| weight).sum::<i128>();
        for (levy, weight) in shares {
            let gross = left.times_wide(weight, whole);
            out.extend((!gross.is_zero()).then_some((levy, vec![(1, gross)], gross)));
        }
        out
    }

    /// A levy on top: how many pay how much, and of what it is a share.
    fn on_top(&mut self, levy: &Levy, night: &Night, lodging: &[(Chain, Money)]) -> Option<(Units, Vec<ShareOf>)> {
        let base: Money = lodging.iter().map(|(chain, price)| chain.base(*price, levy.is_on_service)).sum();
        let bounded = |amount: Money| levy.most.map_or(amount, |most| amount.min(most));
        let mut shares = Vec::new();
        let units = match levy.due_of(night, base)? {
            Due::Amount(millionths) => levy.units(night, |share| bounded(self.rules.minor_units(millionths, share))),
            Due::Share(rate) if levy.unit == Unit::PersonNight => {
                let people = i128::try_from(night.people.len()).unwrap_or(i128::MAX);
                let of = |share: i64| i128::from(rate) * i128::from(share);
                let parts = i128::from(MILLION) * i128::from(MILLION) * people;
                levy.units(night, |share| bounded(base.times_wide(of(share), parts)))
            }
            Due::Share(_) if levy.shares(night).is_empty() => return None,
            Due::Share(rate) if self.rules.rounding == Rounding::Night || levy.most.is_some() => {
                vec![(1, bounded(base.times_ratio(rate, MILLION)))]
            }
            Due::Share(rate) => {
                shares.extend(lodging.iter().filter(|(_, price)| !price.is_zero()).map(|(chain, price)| ShareOf {
                    rate,
                    price: *price,
                    chain: *chain,
                }));
                let sum = self.levies.entry((levy.id, rate)).or_default();
                shares.iter().for_each(|share| sum.add(share.chain, share.price));
                let all: Money = sum.prices.iter().map(|(chain, price)| chain.base(*price, levy.is_on_service)).sum();
                let before = std::mem::replace(&mut sum.taken, all.times_ratio(rate, MILLION));
                vec![(1, sum.taken - before)]
            }
        };
        (!sum(&units).is_zero() || !shares.is_empty()).then_some((units, shares))
    }
}

impl LevySum {
    fn add(&mut self, chain: Chain, price: Money) {
        match self.prices.iter_mut().find(|(known, _)| *known == chain) {
            Some((_, sum)) => *sum = *sum + price,
            None => self.prices.push((chain, price)),
        }
    }
}

/// Adds to what is rounded together: what this takes, so that all of it is rounded once.
fn grown(sum: &mut (Money, Money), base: Money, rounded: impl Fn(Money) -> Money) -> Money {
    let before = *sum;
    *sum = (before.0 + base, rounded(before.0 + base));
    sum.1 - before.1
}

fn sum(units: &[(i64, Money)]) -> Money {
    units.iter().map(|(count, unit)| unit.times(*count).unwrap_or(Money::ZERO)).sum()
}

impl Rules {
    /// The prices of a night in their parts, and what is inside the first of them: its own parts are what that
    /// leaves.
    fn split(&self, sales: &[Sale], inside: &[Sale]) -> (Vec<Vec<Part>>, Vec<Vec<Part>>) {
        let taken: Money = inside.iter().map(|sale| sale.price).sum();
        let left = |at: usize, sale: &Sale| if at == 0 { Sale { price: sale.price - taken, ..*sale } } else { *sale };
        let sales: Vec<Vec<Part>> = sales.iter().enumerate().map(|(at, sale)| self.parts(left(at, sale), None)).collect();
        let room = sales.first().map(Vec::as_slice).unwrap_or_default();
        let (is_included, mut number) = (room.first().map(|part| part.is_included), room.len() as i64);
        let mut numbered = |sale: &Sale| {
            let mut parts = self.parts(*sale, is_included);
            for part in &mut parts {
                part.number = number;
                number += 1;
            }
            parts
        };
        let inside = inside.iter().map(&mut numbered).collect();
        (sales, inside)
    }

    /// A price as what it is sold for; `is_included` = what somebody says of it, whatever the group says.
    fn parts(&self, sale: Sale, is_included: Option<bool>) -> Vec<Part> {
        let group = self.group(sale.group);
        let is_included = is_included.unwrap_or_else(|| group.is_none_or(|group| group.is_included));
        match group.filter(|group| !group.parts.is_empty()) {
            None => vec![Part { sale, is_included, number: 0 }],
            Some(split) => {
                let shares: Vec<i64> = split.parts.iter().map(|(_, share)| *share).collect();
                let prices = sale.price.by_weights(&shares);
                let parts = split.parts.iter().zip(prices).zip(0..);
                parts
                    .map(|(((group, _), price), number)| Part {
                        sale: Sale { group: *group, price, ..sale },
                        is_included,
                        number,
                    })
                    .collect()
            }
        }
    }

    /// The taxes on a group that night, with their rates.
    fn levels(&self, group: &Group, night: &Night) -> Vec<(&Tax, i64)> {
        let known = group.taxes.iter().filter_map(|id| self.taxes.iter().find(|tax| tax.id == *id));
        known
            .filter(|tax| tax.nights.contains(night))
            .filter_map(|tax| Some((tax, *tax.rates.on(tax.decided_by.date(night))?)))
            .collect()
    }

    fn chain_of(&self, group: TaxGroupId, is_included: Option<bool>, night: &Night) -> Chain {
        let Some(group) = self.group(group) else { return Chain::default() };
        let mut chain = Chain { is_included: is_included.unwrap_or(group.is_included), ..Chain::default() };
        for (tax, rate) in self.levels(group, night) {
            *(if tax.is_service { &mut chain.service } else { &mut chain.tax }) += rate;
        }
        chain
    }

    /// An amount in millionths of the currency's unit, of which a share is paid.
    fn minor_units(&self, millionths: i64, share: i64) -> Money {
        let whole = i128::from(10_i64.pow(self.exponent.into())) * i128::from(share);
        Money(millionths).times_wide(whole, i128::from(MILLION) * i128::from(MILLION))
    }
}

impl DecidedBy {
    fn date(self, night: &Night) -> Date {
        match self {
            DecidedBy::Night => night.date,
            DecidedBy::Arrival => night.arrival,
        }
    }
}

impl Levy {
    fn is_due(&self, night: &Night) -> bool {
        let is_once = self.unit != Unit::Stay || night.number == self.nights.from;
        let nights = if self.unit == Unit::Stay { Nights::ALL } else { self.nights };
        is_once && nights.contains(night) && self.is_season(night.date)
    }

    fn is_season(&self, date: Date) -> bool {
        let day = (date.month(), date.day());
        self.season.is_none_or(|(from, to)| if from <= to { from <= day && day <= to } else { from <= day || day <= to })
    }

    /// The shares that the people pay, in millionths; who pays nothing is left out.
    fn shares(&self, night: &Night) -> Vec<i64> {
        let on = if self.is_age_at_arrival { night.arrival } else { night.date };
        let lives_right = |is_resident: bool| match self.whom {
            Whom::Everybody => true,
            Whom::Residents => is_resident,
            Whom::Foreigners => !is_resident,
        };
        let share = |age: i64| self.ages.iter().rev().find(|(from, _)| *from <= age).map_or(0, |(_, share)| *share);
        let people = night.people.iter().filter(|person| !person.is_exempt && lives_right(person.is_resident));
        people
            .map(|person| if self.ages.is_empty() { MILLION } else { share(person.age_on(on)) })
            .filter(|share| *share > 0)
            .collect()
    }

    /// The amounts of those who pay, equal ones together.
    fn units(&self, night: &Night, amount: impl Fn(i64) -> Money) -> Units {
        let shares = self.shares(night);
        if self.unit != Unit::PersonNight {
            return if shares.is_empty() { Vec::new() } else { vec![(1, amount(MILLION))] };
        }
        let mut units = Units::new();
        for share in shares {
            let amount = amount(share);
            match units.iter_mut().find(|(_, unit)| *unit == amount) {
                Some((count, _)) => *count += 1,
                None => units.push((1, amount)),
            }
        }
        units
    }

    /// What a unit costs at a price: that of the last band that it reaches.
    fn due_of(&self, night: &Night, base: Money) -> Option<Due> {
        let bands = self.bands.on(self.decided_by.date(night))?;
        let people = if self.unit == Unit::PersonNight { i64::try_from(night.people.len()).unwrap_or(i64::MAX) } else { 1 };
        let reached = |from: Money| from.times(people).is_some_and(|from| from <= base);
        bands.iter().rev().find(|(from, _)| reached(*from)).map(|(_, due)| *due)
    }
}
