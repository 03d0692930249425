//! How long something took, as counts by duration: an eighth of the duration is
//! the coarsest that two are told apart, from a microsecond to a minute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Buckets between a power of two and the next; below it each microsecond has its own.
const STEPS: usize = 8;
/// The last bucket begins past 63 seconds and takes all that is longer.
const LENGTH: usize = STEPS * 24;

/// Counts of durations. Adding is two relaxed additions, reading never stops it.
#[derive(Debug)]
pub struct Histogram {
    counts: [AtomicU64; LENGTH],
    micros: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: [const { AtomicU64::new(0) }; LENGTH], micros: AtomicU64::new(0) }
    }
}

fn bucket(micros: u64) -> usize {
    let Ok(small) = usize::try_from(micros.min(1 << 30)) else { return LENGTH - 1 };
    if small < STEPS {
        return small;
    }
    let power = small.ilog2() as usize;
    let step = (small >> (power - 3)) & (STEPS - 1);
    ((power - 2) * STEPS + step).min(LENGTH - 1)
}

/// The shortest duration that a bucket holds, in microseconds.
fn start(bucket: usize) -> u64 {
    let (octave, step) = (bucket / STEPS, (bucket % STEPS) as u64);
    if octave == 0 { step } else { (STEPS as u64 + step) << (octave - 1) }
}

impl Histogram {
    pub fn add(&self, micros: u64) {
        self.counts[bucket(micros)].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The counts as they are now.
    pub fn snapshot(&self) -> Snapshot {
        let counts: Vec<u64> = self.counts.iter().map(|c| c.load(Ordering::Relaxed)).collect();
        Snapshot { total: counts.iter().sum(), counts, micros: self.micros.load(Ordering::Relaxed) }
    }
}

/// A histogram at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    counts: Vec<u64>,
    pub total: u64,
    /// All durations together.
    micros: u64,
}

impl Snapshot {
    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.micros)
    }

    /// The duration that `per_mille` of a thousand did not exceed, in microseconds;
    /// 0 when there is none. Exact to an eighth.
    pub fn quantile(&self, per_mille: u64) -> u64 {
        let rank = (self.total * per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            if *count > 0 && seen + count >= rank {
                let (from, to) = (start(at), start(at + 1));
                return from + (to - from) * (rank - seen) / count;
            }
            seen += count;
        }
        0
    }

    /// How many were shorter than each power of two of microseconds, from 64 µs to 8 s.
    pub fn below_powers(&self) -> impl Iterator<Item = (Duration, u64)> {
        (6..=23).map(|power| {
            let limit = 1 << power;
            (Duration::from_micros(limit), self.counts[..bucket(limit)].iter().sum())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_one_another_without_a_gap() {
        for at in 0..LENGTH - 1 {
            assert_eq!(bucket(start(at)), at);
            assert_eq!(bucket(start(at + 1) - 1), at);
        }
        for long in [start(LENGTH - 1), 1 << 30, u64::MAX] {
            assert_eq!(bucket(long), LENGTH - 1);
        }
    }

    #[test]
    fn quantiles_are_right_to_an_eighth() {
        let histogram = Histogram::default();
        (1..=1000).for_each(|n| histogram.add(n * 100));
        let snapshot = histogram.snapshot();
        for (per_mille, exact) in [(500, 50_000), (900, 90_000), (990, 99_000)] {
            let found = snapshot.quantile(per_mille);
            assert!(found.abs_diff(exact) <= exact / 8, "{per_mille}: {found}");
        }
        assert_eq!((snapshot.total, snapshot.sum()), (1000, Duration::from_micros(50_050_000)));
        assert_eq!(Histogram::default().snapshot().quantile(990), 0);
    }

    #[test]
    fn counts_below_a_limit_are_exact() {
        let histogram = Histogram::default();
        for micros in [63, 64, 127, 128, 9_000_000] {
            histogram.add(micros);
        }
        let below: Vec<u64> = histogram.snapshot().below_powers().map(|(_, count)| count).collect();
        assert_eq!((below[0], below[1], below[2], below[17]), (1, 3, 4, 4));
    }
}
