//! Random numbers that are the same for the same seed, on every machine.

/// SplitMix64 (Steele, Lea and Flood 2014; Vigna's public-domain form).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// From 0 to `end` − 1; 0 when there is nothing to choose from.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * end as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// From `first` to `last`, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let choices = usize::try_from(last - first + 1).unwrap_or(1);
        first + i64::try_from(self.below(choices)).unwrap_or(0)
    }

    /// True `permille` times out of a thousand.
    pub fn chance(&mut self, permille: usize) -> bool {
        self.below(1000) < permille
    }

    /// One of the choices, which are never none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// One of the choices, as often as its weight says.
    pub fn weighted<'a, T>(&mut self, choices: &'a [(usize, T)]) -> &'a T {
        let mut at = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return choice,
            }
        }
        &choices[0].1
    }
}

fn mix(seed: u64) -> u64 {
    let mut z = seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a date or a room that needs no place in a sequence.
pub fn noise(seed: u64, about: u64) -> u64 {
    mix(seed ^ about.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Confirmation numbers are seven letters of 31.
const NUMBERS: u64 = 31_u64.pow(7);

/// The `nth` of a shuffled row of all confirmation numbers: no two are the same,
/// and neighbours have nothing in common.
pub fn shuffled_number(seed: u64, nth: u64) -> u64 {
    // Each step below maps 35 bits one to one; what falls out of range goes round again.
    const MASK: u64 = (1 << 35) - 1;
    let mut n = nth % NUMBERS;
    loop {
        for round in 0..3 {
            n = n.wrapping_add(noise(seed, round)) & MASK;
            n ^= n >> 17;
            n = n.wrapping_mul(0x2_545f_4914 | 1) & MASK;
        }
        if n < NUMBERS {
            return n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_numbers_within_their_range() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..1000).map(|_| random.between(-3, 3)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_eq!(draw(7).into_iter().collect::<HashSet<_>>(), (-3..=3).collect());
        assert_eq!(Random::new(1).below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(1);
        let often = (0..10_000).filter(|_| *random.weighted(&[(1, false), (3, true), (0, false)])).count();
        assert!((7300..7700).contains(&often), "{often}");
    }

    #[test]
    fn no_confirmation_number_comes_twice() {
        let numbers: HashSet<u64> = (0..100_000).map(|nth| shuffled_number(42, nth)).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|n| *n < NUMBERS));
    }
}
