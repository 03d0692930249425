//! Amounts as people and spreadsheets write them: `360.00`, `1.234,50`, `EUR 360`.

use super::options::DecimalMark;
use crate::domain::money::{Currency, Decimal, Money};
use crate::domain::wording::Text;

/// How an amount's marks can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// It has none, or is no amount at all.
    None,
    /// Only so: the decimal mark.
    Sure(DecimalMark),
    /// One mark before three digits: thousands, or decimals.
    Doubtful,
}

/// What an amount is written of: a currency's code if any, and the number.
fn parts(text: &str) -> (Option<&str>, &str) {
    let text = text.trim();
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if let (Some(code), Some(rest)) = (text.get(..3), text.get(3..))
        && is_code(code)
        && is_number(rest.trim_start())
    {
        return (Some(code), rest.trim_start());
    }
    if let Some((at, _)) = text.char_indices().rev().nth(2) {
        let (rest, code) = text.split_at(at);
        if is_code(code) && rest.ends_with(|c: char| c.is_ascii_digit() || c.is_whitespace()) {
            return (Some(code), rest.trim_end());
        }
    }
    (None, text)
}

fn mark(c: char) -> Option<DecimalMark> {
    match c {
        '.' => Some(DecimalMark::Point),
        ',' => Some(DecimalMark::Comma),
        _ => None,
    }
}

/// What may group thousands beside the other mark.
fn is_spacing(c: char) -> bool {
    matches!(c, ' ' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}')
}

/// How the marks of an amount can be read.
pub fn marks(text: &str) -> Marks {
    let (_, number) = parts(text);
    let number = number.strip_prefix('-').unwrap_or(number);
    let found: Vec<(usize, DecimalMark)> = number.char_indices().filter_map(|(at, c)| Some((at, mark(c)?))).collect();
    let is_amount = number.chars().all(|c| c.is_ascii_digit() || mark(c).is_some() || is_spacing(c));
    let (Some((at, last)), true) = (found.last().copied(), is_amount) else { return Marks::None };
    let times = found.iter().filter(|(_, m)| *m == last).count();
    let (before, after) = (&number[..at], &number[at + 1..]);
    if times == found.len() && times == 1 && after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') {
        return Marks::Doubtful;
    }
    let decimal_mark = if times == found.len() && times > 1 { last.other() } else { last };
    if plain(number, decimal_mark).is_ok() { Marks::Sure(decimal_mark) } else { Marks::None }
}

/// The amount with a decimal mark, `None` = by its own marks alone.
///
/// # Errors
/// A sentence fragment such as "must be a number such as 120.50".
pub fn read(text: &str, currency: &Currency, decimal_mark: Option<DecimalMark>) -> Result<Money, String> {
    let (code, number) = parts(text);
    if let Some(code) = code.filter(|code| !code.eq_ignore_ascii_case(&currency.code)) {
        return Err(format!("is in {}; this hotel's currency is {}", code.to_ascii_uppercase(), currency.code));
    }
    let sign_of_currency = |c: char| !c.is_ascii_digit() && mark(c).is_none() && !is_spacing(c) && c != '-';
    if number.contains(|c: char| sign_of_currency(c)) && number.contains(|c: char| c.is_ascii_digit()) {
        return Err("must be the number alone, such as 120.50, without a sign or a word".to_owned());
    }
    let decimal_mark = match (decimal_mark, marks(number)) {
        (Some(mark), _) | (None, Marks::Sure(mark)) => mark,
        (None, Marks::None | Marks::Doubtful) => DecimalMark::Point,
    };
    let plain = plain(number, decimal_mark)?;
    currency.money(&Decimal::new(&plain)).map_err(|error| Text::from(error).to_string())
}

/// The number with a point before its decimals and nothing between its thousands.
fn plain(number: &str, decimal_mark: DecimalMark) -> Result<String, String> {
    let (whole, decimals) = match number.split_once(decimal_mark.sign()) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let is_group = |c: char| c == decimal_mark.other().sign() || is_spacing(c);
    let mut groups = whole.split(is_group);
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.trim_start_matches('-').is_empty() {
            let (mark, other) = (decimal_mark.sign(), decimal_mark.other().sign());
            return Err(if whole.contains(other) {
                format!("has “{other}” where the decimals should begin with “{mark}”")
            } else {
                "must be a number such as 120.50".to_owned()
            });
        }
        plain.push_str(group);
    }
    if let Some(decimals) = decimals {
        plain.push('.');
        plain.push_str(decimals);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(text: &str, mark: Option<DecimalMark>) -> Result<i64, String> {
        read(text, &Currency::of("EUR").expect("EUR"), mark).map(|m| m.0)
    }

    #[test]
    fn marks_are_read_as_far_as_they_leave_no_doubt() {
        use DecimalMark::{Comma, Point};
        for (text, marks_are, cents) in [
            ("360", Marks::None, 36_000),
            ("360.00", Marks::Sure(Point), 36_000),
            ("360,5", Marks::Sure(Comma), 36_050),
            ("1.234,50", Marks::Sure(Comma), 123_450),
            ("1,234.50", Marks::Sure(Point), 123_450),
            ("1.234.567", Marks::Sure(Comma), 123_456_700),
            ("1234.500", Marks::Sure(Point), 123_450),
            ("0.120", Marks::Sure(Point), 12),
            ("1'234.50", Marks::Sure(Point), 123_450),
            ("1 234,50", Marks::Sure(Comma), 123_450),
            ("EUR 360", Marks::None, 36_000),
            ("272.00 EUR", Marks::Sure(Point), 27_200),
            ("eur360,00", Marks::Sure(Comma), 36_000),
            ("-5", Marks::None, -500),
        ] {
            assert_eq!((marks(text), euros(text, None)), (marks_are, Ok(cents)), "{text}");
        }
        assert_eq!(marks("1.234"), Marks::Doubtful);
        assert_eq!(euros("1.234", Some(Comma)), Ok(123_400));
        assert_eq!(euros("1.230", Some(Point)), Ok(123));
    }

    #[test]
    fn what_is_no_amount_of_the_hotel_is_refused_with_what_to_write() {
        for (text, mark, word) in [
            ("USD 360", None, "is in USD; this hotel's currency is EUR"),
            ("$412.50", None, "number alone"),
            ("€ 360", None, "number alone"),
            ("12 nights", None, "number alone"),
            ("free", None, "must be a number"),
            ("1e3", None, "number alone"),
            ("360.00", Some(DecimalMark::Comma), "has “.” where the decimals should begin with “,”"),
            ("1,23,4", Some(DecimalMark::Point), "has “,” where"),
            ("1.001", Some(DecimalMark::Point), "more decimals"),
            ("1.2.3", Some(DecimalMark::Point), "must be a number"),
            (",5", Some(DecimalMark::Point), "has “,” where"),
            ("99999999999", None, "larger than any amount"),
        ] {
            let refused = euros(text, mark).expect_err(text);
            assert!(refused.contains(word), "{text}: {refused}");
        }
    }
}
