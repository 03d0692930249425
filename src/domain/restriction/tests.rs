//! The worked examples, and any restrictions against a model that asks one date after the other.

use proptest::prelude::*;

use super::RestrictionKind as Kind;
use super::*;
use crate::domain::wording::Language;

fn day(n: i64) -> Date {
    "2026-12-28".parse::<Date>().ok().and_then(|date| date.plus(n)).expect("a date")
}

fn kind_of(broken: &Broken) -> Kind {
    let BrokenKind::Restriction(kind) = broken.kind else { panic!("no plan is asked here") };
    kind
}

/// What the model says of a stay from day `arrival` on, for as many nights, booked on day `booked`.
fn model(at: &[Restrictions], booked: i64, arrival: usize, nights: usize) -> Vec<(Kind, usize)> {
    let mut found = Vec::new();
    let ahead = arrival as i64 - booked;
    for (date, own) in at.iter().enumerate() {
        let (comes, leaves) = (date == arrival, date == arrival + nights);
        let sleeps = date >= arrival && date < arrival + nights;
        for kind in Kind::ALL {
            let Some(limit) = own.get(*kind) else { continue };
            let length = nights as i64;
            let is_broken = match kind {
                Kind::MinStayArrival => comes && nights > 0 && length < limit,
                Kind::MaxStayArrival => comes && nights > 0 && length > limit,
                Kind::MinStayThrough => sleeps && length < limit,
                Kind::MaxStayThrough => sleeps && length > limit,
                Kind::ClosedToArrival => comes && limit == 1,
                Kind::ClosedToDeparture => leaves && limit == 1,
                Kind::StopSell => (sleeps || comes) && limit == 1,
                Kind::MinAdvanceDays => comes && ahead < limit,
                Kind::MaxAdvanceDays => comes && ahead > limit,
            };
            if is_broken {
                found.push((*kind, date));
            }
        }
    }
    found
}

fn restrictions() -> impl Strategy<Value = Restrictions> {
    prop::collection::vec(prop::option::weighted(0.3, 0..6_i64), Kind::ALL.len()).prop_map(|values| {
        let mut own = Restrictions::default();
        for (kind, value) in Kind::ALL.iter().zip(values) {
            let is_switch = matches!(kind, Kind::ClosedToArrival | Kind::ClosedToDeparture | Kind::StopSell);
            if let Some(value) = value {
                own.set(*kind, if is_switch { value.min(1) } else { value });
            }
        }
        own
    })
}

proptest! {
    #[test]
    fn a_stay_breaks_what_a_look_at_each_date_says(
        at in prop::collection::vec(restrictions(), 16), booked in -4_i64..1, arrival in 0..8_usize, nights in 0..8_usize,
    ) {
        let stay = StayDates::or_day_use(day(arrival as i64), day((arrival + nights) as i64)).expect("a stay");
        let of = |date: Date| at[day(0).days_until(date) as usize];
        let mut found: Vec<(Kind, usize)> =
            broken(stay, day(booked), of).iter().map(|b| (kind_of(b), day(0).days_until(b.date) as usize)).collect();
        let mut expected = model(&at, booked, arrival, nights);
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn an_own_value_replaces_the_parents_and_no_stop_sell_is_loosened(own in restrictions(), parent in restrictions()) {
        let both = own.or(&parent);
        for kind in Kind::ALL {
            match kind {
                Kind::StopSell => prop_assert_eq!(both.is_on(*kind), own.is_on(*kind) || parent.is_on(*kind)),
                _ => prop_assert_eq!(both.get(*kind), own.get(*kind).or(parent.get(*kind))),
            }
        }
    }
}

#[test]
fn nights_in_a_row_with_the_same_restriction_are_told_as_one() {
    let mut own = Restrictions::default();
    own.set(Kind::MinStayThrough, 5);
    own.set(Kind::MinStayArrival, 4);
    let stay = StayDates::new(day(0), day(3)).expect("a stay");
    let broken = broken(stay, day(-9), |_| own);
    assert_eq!(broken.len(), 4);
    assert_eq!(
        in_words(&broken).in_language(Language::English),
        "minimum stay on arrival of 4 nights on 28 December, minimum stay through of 5 nights from 28 December to 30 December"
    );
}
