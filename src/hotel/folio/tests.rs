//! A line is split to the last cent, however it is divided.

use super::transfers::{Division, divided};
use crate::domain::money::Money;
use crate::domain::percent::Percent;

/// What each share is short of or over its exact part of the whole, in hundredths of a percent of a unit.
fn is_nearest(part: Money, whole: i64, percent: i64) -> bool {
    (part.0 * 10_000 - whole * percent).abs() < 10_000
}

#[test]
fn every_amount_is_split_over_two_to_seven_payers_to_the_last_unit() {
    for whole in 1..=10_000_i64 {
        for payers in 2..=7_usize {
            let parts = divided(Money(whole), &Division::Equal, payers).expect("parts");
            let (shares, rest) = (&parts[..payers], parts[payers]);
            assert_eq!((shares.iter().map(|part| part.0).sum::<i64>(), rest), (whole, Money::ZERO), "{whole} over {payers}");
            let (least, most) = (shares.iter().min().expect("one"), shares.iter().max().expect("one"));
            assert!(most.0 - least.0 <= 1, "{whole} over {payers}: {shares:?}");
        }
    }
}

#[test]
fn percents_split_every_amount_exactly_and_as_near_as_whole_units_go() {
    // Of two to seven payers, some of which leave a part where it is.
    let shares: [&[i64]; 7] = [
        &[5_000, 5_000],
        &[3_333, 3_333, 3_334],
        &[1, 9_999],
        &[2_500, 1_250, 1_250, 5_000],
        &[1_428, 1_428, 1_428, 1_428, 1_428, 1_428, 1_432],
        &[777, 3_141, 1_592],
        &[1_111, 1_111, 1_111, 1_111, 1_111],
    ];
    for whole in 1..=10_000_i64 {
        for percents in shares {
            let division = Division::Percent(percents.iter().map(|percent| Percent(*percent)).collect());
            for sign in [1, -1] {
                let parts = divided(Money(whole * sign), &division, percents.len()).expect("parts");
                assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), whole * sign, "{whole} by {percents:?}");
                let near = parts.iter().zip(percents).all(|(part, percent)| is_nearest(Money(part.0 * sign), whole, *percent));
                assert!(near, "{whole} by {percents:?}: {parts:?}");
            }
        }
    }
}

#[test]
fn amounts_leave_what_they_do_not_name_and_never_more_than_there_is() {
    for whole in 1..=10_000_i64 {
        let half = whole / 2;
        let parts = divided(Money(whole), &Division::Amount(vec![Money(half), Money(whole - half)]), 2).expect("parts");
        assert_eq!(parts, [Money(half), Money(whole - half), Money::ZERO]);
        assert!(divided(Money(whole), &Division::Amount(vec![Money(half), Money(whole - half + 1)]), 2).is_err());
    }
    let too_much = Division::Percent(vec![Percent(6_000), Percent(4_001)]);
    assert!(divided(Money(100), &too_much, 2).is_err());
}
