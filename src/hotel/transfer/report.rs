//! What came of an import, in words.

use std::fmt;

use super::{Difference, Fate};
use crate::domain::text;

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadRow {
    /// Where the row begins in the file; the header is on line 1.
    pub line: u64,
    pub column: &'static str,
    /// A fragment such as "must not be negative".
    pub reason: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.column, text::shown(&self.reason))
    }
}

/// What was done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The good rows are in the hotel now.
    Imported,
    /// Only looked at, as was asked.
    DryRun,
    /// Left alone: it has bad rows, and none were to be skipped.
    Refused,
}

/// "1 booking", "2 bookings".
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub outcome: Outcome,
    /// Bookings imported, or that would be.
    pub imported: u64,
    /// Bookings that an earlier import brought.
    pub already_there: u64,
    /// Where these differ from the file.
    pub differences: Vec<Difference>,
    /// What was not written in the file and came of what was asked for.
    pub notes: Vec<String>,
    /// In the order of their lines; a row with several faults stands several times.
    pub bad: Vec<BadRow>,
}

impl Report {
    /// Rows that were not taken.
    pub fn bad_rows(&self) -> usize {
        let mut lines: Vec<u64> = self.bad.iter().map(|b| b.line).collect();
        lines.dedup();
        lines.len()
    }

    /// Known bookings of which something was changed, or left as it was.
    fn with(&self, is_wanted: impl Fn(&Fate) -> bool) -> usize {
        let mut lines: Vec<u64> = self.differences.iter().filter(|d| is_wanted(&d.fate)).map(|d| d.line).collect();
        lines.dedup();
        lines.len()
    }

    fn told(&self, difference: &Difference) -> String {
        let Difference { line, column, confirmation_number, here, there, fate } = difference;
        let fate = match (fate, self.outcome) {
            (Fate::Updated, Outcome::Imported) => "updated".to_owned(),
            (Fate::Updated, Outcome::DryRun | Outcome::Refused) => "would be updated".to_owned(),
            (Fate::Left(reason), _) => format!("left as it is: {reason}"),
        };
        text::shown(&format!("line {line}, {column}: booking {confirmation_number} has “{here}”, the file “{there}”; {fate}"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for bad in &self.bad {
            writeln!(f, "{bad}")?;
        }
        for difference in &self.differences {
            writeln!(f, "{}", self.told(difference))?;
        }
        let (imported, there) = (counted(self.imported, "booking"), self.already_there);
        let bad = counted(self.bad_rows() as u64, "bad row");
        match self.outcome {
            Outcome::Imported => writeln!(f, "{imported} imported, {there} already there, {bad} skipped."),
            Outcome::DryRun => {
                writeln!(f, "{imported} would be imported, {there} already there, {bad}. Nothing was changed.")
            }
            Outcome::Refused => writeln!(
                f,
                "Nothing was imported, because of {bad}. Correct the file, or leave such rows out with --skip-bad-rows: \
                 {imported} would then be imported, {there} already there."
            ),
        }?;
        let (updated, left) = (self.with(|f| *f == Fate::Updated), self.with(|f| *f != Fate::Updated));
        if updated + left > 0 {
            let were = match (self.outcome, updated) {
                (Outcome::Imported, 1) => "was",
                (Outcome::Imported, _) => "were",
                (Outcome::DryRun | Outcome::Refused, _) => "would be",
            };
            let differ = if left == 1 { "differs" } else { "differ" };
            writeln!(f, "Of those already there, {updated} {were} updated; {left} {differ} in what is left as it is.")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}
