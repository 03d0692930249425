//! Search as you type: what was typed, as a full-text query.
//!
//! Each word is the start of a word of the name, the e-mail address or the
//! phone number. Nothing typed reaches FTS5 unquoted.

use super::store;
use crate::db::Conn;
use crate::domain::id::GuestId;
use crate::domain::text;
use crate::error::Result;

/// Words beyond these change nothing any more.
const MAX_WORDS: usize = 8;
/// The fewest digits of a number without its country code that are worth finding.
const MIN_NATIONAL: usize = 4;

/// What was typed, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Nothing that could be found: punctuation only.
    Nothing,
    /// One letter: the names that start with it. As a full-text prefix it would
    /// collect half of all guests before the first could be shown.
    NameStart(String),
    /// An FTS5 expression.
    Match(String),
}

/// Reads what was typed.
pub fn parse(typed: &str) -> Search {
    if let Some(digits) = phone_typed(typed) {
        let alternatives: Vec<String> = digits.iter().map(|d| format!("\"{d}\"*")).collect();
        return Search::Match(alternatives.join(" OR "));
    }
    let words: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .collect();
    let long: Vec<&str> = words.iter().copied().filter(|w| !is_one_letter(w)).collect();
    match (long.as_slice(), words.first()) {
        ([], None) => Search::Nothing,
        ([], Some(letter)) => Search::NameStart((*letter).to_owned()),
        (long, _) => Search::Match(long.iter().map(|w| quoted(w, "*")).collect::<Vec<_>>().join(" ")),
    }
}

/// An FTS5 string: whatever is in it is text, never syntax.
fn quoted(word: &str, ending: &str) -> String {
    format!("\"{}\"{ending}", word.replace('"', "\"\""))
}

/// One letter of an alphabet; one Chinese character is a word, and rare enough.
fn is_one_letter(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphanumeric()).count() == 1 && word.chars().all(|c| c < '\u{2e80}')
}

/// The query for the same words in a name, whole and in any order.
pub fn same_name(name: &str) -> Option<String> {
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(MAX_WORDS).map(|w| quoted(w, "")).collect();
    (!words.is_empty()).then(|| format!("full_name : ({})", words.join(" AND ")))
}

/// The query for the same phone number, with or without its country code.
pub fn same_phone(phone: &str) -> Option<String> {
    let key = phone_key(phone);
    let number = key.rsplit(' ').next().filter(|n| n.len() >= MIN_NATIONAL)?;
    Some(format!("phone_digits : \"{number}\""))
}

/// The starts of stored numbers that a typed one can mean; `None` when it is not a number.
fn phone_typed(typed: &str) -> Option<Vec<String>> {
    let typed = typed.trim();
    if !typed.chars().all(|c| c.is_ascii_digit() || " +-()./\u{a0}".contains(c)) {
        return None;
    }
    let number = Number::read(typed);
    let mut starts = match number {
        Number::International(digits) => {
            // The same number as it is dialled inside its country.
            let national = national_part(&digits).map(|n| format!("0{n}"));
            std::iter::once(digits).chain(national).collect::<Vec<_>>()
        }
        Number::National(digits) => {
            let bare = digits.trim_start_matches('0').to_owned();
            vec![digits, bare]
        }
        Number::Bare(digits) => vec![digits],
    };
    starts.retain(|s| s.len() >= 2);
    (!starts.is_empty()).then_some(starts)
}

/// How a phone number was written.
enum Number {
    /// `+62 812…` or `0062 812…`: digits from the country code on.
    International(String),
    /// `0812…`
    National(String),
    /// Digits that say neither.
    Bare(String),
}

impl Number {
    fn read(phone: &str) -> Number {
        let digits = text::phone_digits(phone);
        match digits.strip_prefix("00") {
            Some(rest) => Number::International(rest.to_owned()),
            None if phone.trim_start().starts_with('+') => Number::International(digits),
            None if digits.starts_with('0') => Number::National(digits),
            None => Number::Bare(digits),
        }
    }
}

/// What follows the country code: `81234567` of `6281234567`.
fn national_part(international: &str) -> Option<&str> {
    let rest = international.get(country_code_length(international)..)?.trim_start_matches('0');
    (!rest.is_empty()).then_some(rest)
}

/// Country codes have one, two or three digits (ITU-T E.164).
fn country_code_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// A phone number's words in the search index: its digits, and after a space its
/// digits without country code or leading 0, when that can be told. So `0812 34`
/// finds `+62 812 34`, and the reverse.
pub fn phone_key(phone: &str) -> String {
    let with_national = |digits: &str, national: Option<&str>| match national.filter(|n| n.len() >= MIN_NATIONAL) {
        Some(national) => format!("{digits} {national}"),
        None => digits.to_owned(),
    };
    match Number::read(phone) {
        Number::International(digits) => with_national(&digits, national_part(&digits)),
        Number::National(digits) => with_national(&digits, Some(digits.trim_start_matches('0'))),
        Number::Bare(digits) => digits,
    }
}

/// The guests that a search finds, newest first; merged profiles are left out.
pub fn search_ids(conn: &Conn, typed: &str, limit: i64) -> Result<Vec<GuestId>> {
    store::search_ids(conn, &parse(typed), limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_text_and_never_syntax() {
        assert_eq!(parse("ana si"), Search::Match(r#""ana"* "si"*"#.to_owned()));
        assert_eq!(parse(r#"a"b OR -x* (NEAR"#), Search::Match(r#""a""b"* "OR"* "(NEAR"*"#.to_owned()));
        assert_eq!(parse(" \" * ( "), Search::Nothing);
        assert_eq!(parse("a"), Search::NameStart("a".to_owned()));
        assert_eq!(parse("a\u{0}bc"), Search::Match(r#""bc"*"#.to_owned()));
        assert_eq!(parse("王"), Search::Match("\"王\"*".to_owned()));
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        assert_eq!(phone_key("+62 (812) 345-67"), "6281234567 81234567");
        assert_eq!(phone_key("0062 812 34567"), "6281234567 81234567");
        assert_eq!(phone_key("0812 34567"), "081234567 81234567");
        assert_eq!(phone_key("+44 (0)20 7946"), "440207946 207946");
        assert_eq!(phone_key("+351 912 345"), "351912345 912345");
        assert_eq!(phone_key("81234567"), "81234567");
        assert_eq!(phone_key("ext. 12"), "12");
        assert_eq!(phone_key(""), "");
        assert_eq!(parse("+62 812 3"), Search::Match(r#""628123"* OR "08123"*"#.to_owned()));
        assert_eq!(parse("0812 3"), Search::Match(r#""08123"* OR "8123"*"#.to_owned()));
        assert_eq!(parse("812"), Search::Match(r#""812"*"#.to_owned()));
    }
}
