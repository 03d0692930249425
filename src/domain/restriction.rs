//! What a stay has to be like to be sold: the restrictions of its dates, as the channels mean them.
//!
//! Minimum and maximum stay "on arrival", closed to arrival and the days of advance are asked of the
//! arrival date alone; "through", of every night; closed to departure, of the departure date; a stop-sell,
//! of every night but not of the departure date. A length is that of the whole stay.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::number::Within;
use super::status::words;
use super::stay::{MAX_NIGHTS, StayDates};
use super::wording::{Text, Value, counted, text};

/// Nights of a stay, as a minimum or a maximum.
pub type StayLength = Within<1, MAX_NIGHTS>;
/// Days between the booking and the arrival.
pub type AdvanceDays = Within<0, 1000>;

words!(
    /// What is restricted; each is set and taken away by itself.
    RestrictionKind {
        MinStayArrival = "min_stay_arrival",
        MaxStayArrival = "max_stay_arrival",
        MinStayThrough = "min_stay_through",
        MaxStayThrough = "max_stay_through",
        ClosedToArrival = "is_closed_to_arrival",
        ClosedToDeparture = "is_closed_to_departure",
        StopSell = "is_stop_sell",
        MinAdvanceDays = "min_advance_days",
        MaxAdvanceDays = "max_advance_days",
    }
);

words!(
    /// What a rate plan asks of a stay by itself, whatever is restricted.
    PlanBound {
        /// Each night is one that the plan is sold for.
        StayDates = "is_outside_plan",
    }
);

/// What a stay does not keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum BrokenKind {
    Restriction(RestrictionKind),
    Plan(PlanBound),
}

/// The restrictions of one date: a number for each kind, 1 for one that is on or off, 0 for one that
/// is off although a parent's is on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restrictions([Option<i64>; RestrictionKind::ALL.len()]);

impl Restrictions {
    pub fn get(&self, kind: RestrictionKind) -> Option<i64> {
        self.0[kind as usize]
    }

    pub fn is_on(&self, kind: RestrictionKind) -> bool {
        self.get(kind).is_some_and(|value| value != 0)
    }

    pub fn set(&mut self, kind: RestrictionKind, value: i64) {
        self.0[kind as usize] = Some(value);
    }

    /// What holds where these are a plan's own and those its parent's: an own value replaces the
    /// parent's, but nothing loosens a stop-sell.
    #[must_use]
    pub fn or(&self, parent: &Restrictions) -> Restrictions {
        let mut both = *parent;
        for kind in RestrictionKind::ALL.iter().filter(|kind| !(**kind == RestrictionKind::StopSell && parent.is_on(**kind))) {
            both.0[*kind as usize] = self.get(*kind).or(parent.get(*kind));
        }
        both
    }
}

/// A restriction that a stay does not keep, or a bound of its rate plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Broken {
    pub kind: BrokenKind,
    /// The date that has it: the arrival, a night, or the departure.
    pub date: Date,
    /// The last of the nights in a row that have the same.
    pub to: Date,
    /// The nights or days asked for; `null` where something is closed.
    pub limit: Option<i64>,
}

/// Which restrictions a stay breaks, that is or was booked on a date: those of the arrival, then of the
/// nights, then of the departure.
///
/// Day use has no night: it is asked for no length.
pub fn broken(stay: StayDates, booked_on: Date, of: impl Fn(Date) -> Restrictions) -> Vec<Broken> {
    use RestrictionKind as Kind;
    let mut found = Vec::new();
    let (arrival, departure) = (stay.arrival(), stay.departure());
    let (nights, ahead) = (stay.night_count(), booked_on.days_until(arrival));
    let first = of(arrival);
    let mut one = |kind: Kind, date: Date, limit: Option<i64>| {
        found.push(Broken { kind: BrokenKind::Restriction(kind), date, to: date, limit });
    };
    let mut length = |kind: Kind, at: Restrictions, date: Date, is_kept: fn(i64, i64) -> bool, is: i64| {
        if let Some(limit) = at.get(kind).filter(|limit| !is_kept(is, *limit)) {
            one(kind, date, Some(limit));
        }
    };
    let at_least = |is: i64, limit: i64| is >= limit;
    let at_most = |is: i64, limit: i64| is <= limit;
    if !stay.is_day_use() {
        length(Kind::MinStayArrival, first, arrival, at_least, nights);
        length(Kind::MaxStayArrival, first, arrival, at_most, nights);
        for night in stay.nights() {
            length(Kind::MinStayThrough, of(night), night, at_least, nights);
            length(Kind::MaxStayThrough, of(night), night, at_most, nights);
        }
    }
    length(Kind::MinAdvanceDays, first, arrival, at_least, ahead);
    length(Kind::MaxAdvanceDays, first, arrival, at_most, ahead);
    if first.is_on(Kind::ClosedToArrival) {
        one(Kind::ClosedToArrival, arrival, None);
    }
    if of(departure).is_on(Kind::ClosedToDeparture) {
        one(Kind::ClosedToDeparture, departure, None);
    }
    for night in stay.priced_dates().into_iter().filter(|night| of(*night).is_on(Kind::StopSell)) {
        one(Kind::StopSell, night, None);
    }
    found
}

/// Nights in a row that have the same, told as one.
pub fn in_rows(broken: &[Broken]) -> Vec<Broken> {
    let mut rows: Vec<Broken> = Vec::new();
    for one in broken {
        let before = rows.iter_mut().find(|row| row.kind == one.kind && row.limit == one.limit && row.to.next() == one.date);
        match before {
            Some(row) => row.to = one.to,
            None => rows.push(*one),
        }
    }
    rows
}

impl Broken {
    /// A night that the stay's rate plan is not sold for.
    pub fn outside_plan(night: Date) -> Broken {
        Broken { kind: BrokenKind::Plan(PlanBound::StayDates), date: night, to: night, limit: None }
    }

    /// The restriction in words, as a part of a sentence.
    pub fn in_words(&self) -> Text {
        use RestrictionKind as Kind;
        let date = self.date;
        let limit = self.limit.unwrap_or(0);
        let nights = || counted!(limit, "{count} night", "{count} nights");
        let days = || counted!(limit, "{count} day", "{count} days");
        let kind = match self.kind {
            BrokenKind::Restriction(kind) => kind,
            BrokenKind::Plan(PlanBound::StayDates) => {
                return text!("outside the dates of the rate plan {on}", on = self.nights_in_words());
            }
        };
        match kind {
            Kind::MinStayArrival => text!("minimum stay on arrival of {nights} on {date}", nights = nights(), date),
            Kind::MaxStayArrival => text!("maximum stay on arrival of {nights} on {date}", nights = nights(), date),
            Kind::MinStayThrough => {
                text!("minimum stay through of {nights} {on}", nights = nights(), on = self.nights_in_words())
            }
            Kind::MaxStayThrough => {
                text!("maximum stay through of {nights} {on}", nights = nights(), on = self.nights_in_words())
            }
            Kind::ClosedToArrival => text!("closed to arrival on {date}", date),
            Kind::ClosedToDeparture => text!("closed to departure on {date}", date),
            Kind::StopSell => text!("stop sell {on}", on = self.nights_in_words()),
            Kind::MinAdvanceDays => text!("minimum advance booking of {days} for {date}", days = days(), date),
            Kind::MaxAdvanceDays => text!("maximum advance booking of {days} for {date}", days = days(), date),
        }
    }

    fn nights_in_words(&self) -> Text {
        if self.date == self.to {
            text!("on {date}", date = self.date)
        } else {
            text!("from {from} to {to}", from = self.date, to = self.to)
        }
    }
}

/// Several restrictions, with commas between them.
pub fn in_words(broken: &[Broken]) -> Value {
    Value::List(in_rows(broken).iter().map(|one| Value::Text(one.in_words())).collect())
}

#[cfg(test)]
mod tests;
