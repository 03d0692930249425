//! Room numbers: their natural order, and ranges such as `101-112` written out.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::RoomNumber;
use crate::domain::text::Name;
use crate::domain::wording::{Text, text};
use crate::error::{Error, Result};

/// A room number or a range: twice a number and the dash between.
pub type Numbers = Name<{ 2 * RoomNumber::MAX + 1 }>;
/// Rooms that one batch may add.
pub const MAX_BATCH: usize = 500;

/// The order a person expects: "2" before "10", "A2" before "A10", capitals or not.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while !left.is_empty() && !right.is_empty() {
        let ((x, left_rest), (y, right_rest)) = (run(left), run(right));
        let order = if is_number(x) && is_number(y) { compare_digits(x, y) } else { x.to_lowercase().cmp(&y.to_lowercase()) };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    // Those equal so far differ by length, or only by zeros and capitals.
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Splits off the first run of digits, or of anything else.
fn run(text: &str) -> (&str, &str) {
    let starts_with_digit = is_number(text);
    let end = text.find(|c: char| c.is_ascii_digit() != starts_with_digit).unwrap_or(text.len());
    text.split_at(end)
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Writes numbers and ranges out: `["101-103", "115"]` is 101, 102, 103, 115.
/// Leading zeros and a common prefix stay: `A08-A10` is A08, A09, A10.
///
/// # Errors
/// A range that runs backward, a number twice, or more than [`MAX_BATCH`] in all.
pub fn write_out(given: &[Numbers]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for (index, entry) in given.iter().enumerate() {
        let complain = |message: Text| Error::invalid(format!("numbers[{index}]"), message);
        let entry = entry.checked().map_err(complain)?;
        for number in one_or_range(&entry, MAX_BATCH - all.len()).map_err(complain)? {
            let number = RoomNumber::of(&number).map_err(complain)?;
            if !seen.insert(number.to_ascii_lowercase()) {
                return Err(complain(text!("lists room {number} twice", number)));
            }
            all.push(number);
        }
    }
    if all.is_empty() {
        return Err(Error::invalid("numbers", text!("must not be empty")));
    }
    Ok(all)
}

fn one_or_range(entry: &str, room_left: usize) -> Result<Vec<String>, Text> {
    let too_many = || text!("makes more than {rooms} rooms; add them in several steps", rooms = MAX_BATCH);
    let Some((prefix, first, last)) = as_range(entry) else {
        return if room_left == 0 { Err(too_many()) } else { Ok(vec![entry.to_owned()]) };
    };
    let parse = |digits: &str| digits.parse::<u64>().map_err(|_| text!("has too many digits"));
    let (from, to) = (parse(first)?, parse(last)?);
    if to < from {
        return Err(text!("must run upward, such as 101-112"));
    }
    if usize::try_from(to - from).map_or(true, |n| n >= room_left) {
        return Err(too_many());
    }
    let width = first.len();
    Ok((from..=to).map(|n| format!("{prefix}{n:0width$}")).collect())
}

/// `A08-A10` as its prefix and both runs of digits; `None` for a plain room
/// number, even one with a dash in it such as `P-1`.
fn as_range(entry: &str) -> Option<(&str, &str, &str)> {
    let (left, right) = entry.split_once('-')?;
    let (prefix, first) = split_digits(left.trim_end());
    let (other_prefix, last) = split_digits(right.trim_start());
    let is_range = !first.is_empty() && !last.is_empty() && (other_prefix.is_empty() || other_prefix == prefix);
    is_range.then_some((prefix, first, last))
}

/// Splits the digits at the end off.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written_out(entries: &[&str]) -> Result<String, String> {
        let entries: Vec<Numbers> = entries.iter().map(|e| (*e).into()).collect();
        match write_out(&entries) {
            Ok(numbers) => Ok(numbers.join(" ")),
            Err(Error::Invalid(fields)) => Err(fields.into_iter().map(|f| format!("{} {}", f.field, f.message)).collect()),
            Err(other) => Err(other.to_string()),
        }
    }

    #[test]
    fn ranges_are_written_out_and_keep_zeros_and_prefixes() {
        for (given, expected) in [
            (&["101-104", "115"][..], "101 102 103 104 115"),
            (&["008-011"], "008 009 010 011"),
            (&["98-101"], "98 99 100 101"),
            (&["A8 - A10"], "A8 A9 A10"),
            (&["A08-10"], "A08 A09 A10"),
            (&["7-7"], "7"),
            (&[" 12 ", "P-1", "Villa Rosa", "B-Suite"], "12 P-1 Villa Rosa B-Suite"),
        ] {
            assert_eq!(written_out(given), Ok(expected.to_owned()), "{given:?}");
        }
    }

    #[test]
    fn bad_ranges_are_refused_with_the_entry_named() {
        for (given, complaint) in [
            (&["101", "112-101"][..], "numbers[1] must run upward"),
            (&["1-501"], "numbers[0] makes more than 500 rooms"),
            (&["1-500", "501"], "numbers[1] makes more than 500 rooms"),
            (&["1-18446744073709551615"], "numbers[0] makes more than 500 rooms"),
            (&["1-99999999999999999999"], "numbers[0] has too many digits"),
            (&["101-103", "102"], "numbers[1] lists room 102 twice"),
            (&["a1", "A1"], "numbers[1] lists room A1 twice"),
            (&["  "], "numbers[0] must not be empty"),
            (&[], "numbers must not be empty"),
            (&["123456789012345678901"], "numbers[0] must be at most 20 characters"),
        ] {
            let refused = written_out(given).expect_err("bad");
            assert!(refused.starts_with(complaint), "{given:?}: {refused}");
        }
        assert_eq!(written_out(&["1-500"]).map(|n| n.split(' ').count()), Ok(500));
    }

    #[test]
    fn two_stands_before_ten() {
        let mut numbers = ["10", "2", "A10", "a2", "02", "1", "1B", "Ä1", "", "12"];
        numbers.sort_by(|a, b| natural_order(a, b));
        assert_eq!(numbers, ["", "1", "1B", "02", "2", "10", "12", "a2", "A10", "Ä1"]);
    }
}
