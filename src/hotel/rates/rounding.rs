//! What a plan's prices end in.

use crate::domain::money::{MAX_INPUT, Money};
use crate::domain::status::words;

words!(
    /// What a price ends in, in whole units of the currency or with these decimals.
    RoundTo {
        One = "1",
        Five = "5",
        Ten = "10",
        Hundred = "100",
        Thousand = "1000",
        TenThousand = "10000",
        Ninety = "0.90",
        NinetyNine = "0.99",
    }
);

words!(
    /// Which way a price goes there; from the middle up.
    RoundWay { Nearest = "nearest", Up = "up", Down = "down" }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    pub to: RoundTo,
    pub way: RoundWay,
}

impl RoundTo {
    /// Whether a currency of so many decimals can have such prices.
    pub fn is_of(self, exponent: u8) -> bool {
        exponent >= 2 || !matches!(self, RoundTo::Ninety | RoundTo::NinetyNine)
    }

    /// How far such prices lie apart, and the lowest of them, in minor units.
    fn grid(self, exponent: u8) -> (i64, i64) {
        let unit = 10_i64.pow(u32::from(exponent.min(3)));
        match self {
            RoundTo::One => (unit, 0),
            RoundTo::Five => (5 * unit, 0),
            RoundTo::Ten => (10 * unit, 0),
            RoundTo::Hundred => (100 * unit, 0),
            RoundTo::Thousand => (1000 * unit, 0),
            RoundTo::TenThousand => (10_000 * unit, 0),
            RoundTo::Ninety => (unit, unit * 90 / 100),
            RoundTo::NinetyNine => (unit, unit * 99 / 100),
        }
    }
}

impl Rounding {
    /// The price that is asked. What costs nothing stays free, and what costs something does not become
    /// free: below the lowest such price a price stays as it is, unless it goes up.
    pub fn apply(self, price: Money, exponent: u8) -> Money {
        let (apart, first) = self.to.grid(exponent);
        if price.0 <= 0 {
            return Money::ZERO;
        }
        let below = (price.0 - first).div_euclid(apart) * apart + first;
        let above = if below == price.0 { below } else { below + apart };
        let rounded = match self.way {
            RoundWay::Up => above,
            RoundWay::Down => below,
            RoundWay::Nearest if price.0 - below < above - price.0 => below,
            RoundWay::Nearest => above,
        };
        if rounded <= 0 || rounded > MAX_INPUT { price } else { Money(rounded) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(price: i64, to: RoundTo, way: RoundWay, exponent: u8) -> i64 {
        Rounding { to, way }.apply(Money(price), exponent).0
    }

    #[test]
    fn prices_end_in_what_the_plan_says() {
        use RoundTo::{Five, Ninety, NinetyNine, One, Ten, Thousand};
        use RoundWay::{Down, Nearest, Up};
        for (price, to, way, exponent, expected) in [
            (10_049, One, Nearest, 2, 10_000),
            (10_050, One, Nearest, 2, 10_100),
            (10_001, One, Up, 2, 10_100),
            (10_099, One, Down, 2, 10_000),
            (10_000, One, Up, 2, 10_000),
            (10_249, Five, Nearest, 2, 10_000),
            (10_250, Five, Nearest, 2, 10_500),
            (10_001, Ten, Up, 2, 11_000),
            (10_999, Ten, Down, 2, 10_000),
            (10_000, Ninety, Nearest, 2, 9990),
            (10_041, Ninety, Nearest, 2, 10_090),
            (10_040, Ninety, Nearest, 2, 10_090),
            (10_039, Ninety, Nearest, 2, 9990),
            (9990, Ninety, Up, 2, 9990),
            (9991, Ninety, Up, 2, 10_090),
            (10_089, NinetyNine, Down, 2, 9999),
            (100_000, Ninety, Up, 3, 100_900),
            (100_000, NinetyNine, Down, 3, 99_990),
            (455_300, Thousand, Nearest, 0, 455_000),
            (455_300, Thousand, Up, 0, 456_000),
            (455_300, One, Up, 0, 455_300),
        ] {
            assert_eq!(rounded(price, to, way, exponent), expected, "{price} to {to:?} {way:?} with {exponent} decimals");
        }
    }

    #[test]
    fn nothing_becomes_free_or_costs_less_than_nothing_by_rounding() {
        for to in RoundTo::ALL {
            for way in RoundWay::ALL {
                for exponent in [0, 2, 3] {
                    assert_eq!(rounded(0, *to, *way, exponent), 0, "a free night stays free");
                    for price in [1, 40, 89, 90, 99, 100, 499, 500, 12_345, MAX_INPUT] {
                        let after = rounded(price, *to, *way, exponent);
                        assert!(after > 0 && after <= MAX_INPUT, "{price} {to:?} {way:?} {exponent}: {after}");
                        assert!(*way != RoundWay::Down || after <= price, "{price} {to:?} goes down to {after}");
                        assert!(*way != RoundWay::Up || after >= price, "{price} {to:?} goes up to {after}");
                        assert_eq!(rounded(after, *to, *way, exponent), after, "a rounded price is round");
                    }
                }
            }
        }
    }

    #[test]
    fn a_currency_without_cents_has_no_prices_that_end_in_them() {
        let of = |exponent: u8| RoundTo::ALL.iter().filter(|to| to.is_of(exponent)).count();
        assert_eq!((of(0), of(2), of(3)), (6, 8, 8));
    }
}
