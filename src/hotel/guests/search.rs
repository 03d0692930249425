//! Search as you type: what was typed, as a full-text query.
//!
//! Each word is the start of a word of the name, the e-mail address, the notes or the
//! phone number; or a part of a word of the name or the notes. Nothing typed reaches
//! FTS5 unquoted.

use super::store;
use crate::db::Conn;
use crate::domain::search_text::search_forms;
use crate::domain::text;
use crate::error::Result;

/// Words beyond these change nothing any more.
const MAX_WORDS: usize = 8;
/// Ways to write the same words one after the other that are asked for.
const MOST_ORDERS: usize = 8;
/// Letters of a part of a word that are worth looking up.
const LEAST_PART: usize = 3;
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

/// Reads what was typed as the beginnings of words.
pub fn parse(typed: &str) -> Search {
    read(typed, |_| Ok(Vec::new())).unwrap_or(Search::Nothing)
}

/// Reads several words as they follow each other, the last one as the beginning of one: who is
/// called "Ana Sousa" comes before a "Sousa, Ana". `None` where one word was typed, or a number.
pub fn parse_in_order(typed: &str) -> Option<Search> {
    let words: Vec<Vec<String>> = words_of(typed).map(|(_, forms)| forms).collect();
    if words.len() < 2 || phone_typed(typed).is_some() {
        return None;
    }
    let mut rows = vec![String::new()];
    for forms in &words {
        let longer = |row: &String| forms.iter().map(|form| format!("{row} {form}")).collect::<Vec<_>>();
        rows = rows.iter().flat_map(longer).take(MOST_ORDERS).collect();
    }
    Some(Search::Match(any_of(rows.iter().map(|row| begins(row.trim_start())).collect())))
}

/// Reads what was typed as the beginnings of words, or as parts of them.
pub fn parse_parts(conn: &Conn, typed: &str) -> Result<Search> {
    read(typed, |form| store::words_with(conn, form))
}

/// `words_with` tells the words of which a form is a part.
fn read(typed: &str, words_with: impl Fn(&str) -> Result<Vec<String>>) -> Result<Search> {
    if let Some(digits) = phone_typed(typed) {
        return Ok(Search::Match(any_of(digits.iter().map(|digits| begins(digits)).collect())));
    }
    let words: Vec<(&str, Vec<String>)> = words_of(typed).collect();
    let long: Vec<&Vec<String>> = words.iter().map(|(_, forms)| forms).filter(|forms| !is_one_letter(&forms[0])).collect();
    if long.is_empty() {
        return Ok(words.first().map_or(Search::Nothing, |(letter, _)| Search::NameStart((*letter).to_owned())));
    }
    let mut wanted = Vec::new();
    for forms in long {
        let mut alternatives: Vec<String> = forms.iter().map(|form| begins(form)).collect();
        for form in forms.iter().filter(|form| can_be_a_part(form)) {
            alternatives.extend(words_with(form)?.iter().map(|word| quoted(word)));
        }
        wanted.push(any_of(alternatives));
    }
    Ok(Search::Match(wanted.join(" AND ")))
}

/// The words as they were typed, each with its forms.
fn words_of(typed: &str) -> impl Iterator<Item = (&str, Vec<String>)> {
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control());
    words.map(|word| (word, search_forms(word))).filter(|(_, forms)| !forms.is_empty()).take(MAX_WORDS)
}

/// An FTS5 string: whatever is in it is text, never syntax.
fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace('"', "\"\""))
}

/// The last word is the start of one.
fn begins(words: &str) -> String {
    format!("{}*", quoted(words))
}

fn any_of(alternatives: Vec<String>) -> String {
    if alternatives.len() == 1 { alternatives.concat() } else { format!("({})", alternatives.join(" OR ")) }
}

/// One letter of an alphabet; one Chinese character is a word, and rare enough.
fn is_one_letter(form: &str) -> bool {
    form.chars().count() == 1 && form.chars().all(|c| c < '\u{2e80}')
}

/// Parts are looked up by three letters and more of one word.
fn can_be_a_part(form: &str) -> bool {
    !form.contains(' ') && form.chars().nth(LEAST_PART - 1).is_some()
}

/// The query for the same words in a name, whole and in any order.
pub fn same_name(name: &str) -> Option<String> {
    let words: Vec<String> = words_of(name).map(|(_, forms)| any_of(forms.iter().map(|form| quoted(form)).collect())).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_text_and_never_syntax() {
        let means = |expression: &str| Search::Match(expression.to_owned());
        assert_eq!(parse("Ana si"), means(r#""ana"* AND "si"*"#));
        assert_eq!(parse(r#"a"b OR -x* (NEAR"#), means(r#""a b"* AND "or"* AND "near"*"#));
        assert_eq!(parse(" \" * ( "), Search::Nothing);
        assert_eq!(parse("A"), Search::NameStart("A".to_owned()));
        assert_eq!(parse("a\u{0}bc"), means(r#""bc"*"#));
        assert_eq!(parse("王"), means(r#""王"*"#));
        assert_eq!(parse("王秀"), means(r#""王 秀"*"#));
        assert_eq!(parse("O'Bri"), means(r#""obri"*"#));
        assert_eq!(parse("Muell"), means(r#"("muell"* OR "mull"*)"#));
    }

    #[test]
    fn several_words_are_found_as_they_follow_each_other() {
        let means = |expression: &str| Some(Search::Match(expression.to_owned()));
        assert_eq!(parse_in_order("Ana Sou"), means(r#""ana sou"*"#));
        assert_eq!(parse_in_order("J Mueller"), means(r#"("j mueller"* OR "j muller"*)"#));
        assert_eq!(parse_in_order("Sousa"), None);
        assert_eq!(parse_in_order("0812 345"), None);
    }

    #[test]
    fn a_part_stands_for_the_words_that_hold_it() {
        let read = |typed: &str| read(typed, |form| Ok(vec![format!("x{form}y")])).expect("a search");
        assert_eq!(read("hatt li"), Search::Match(r#"("hatt"* OR "xhatty") AND "li"*"#.to_owned()));
        assert_eq!(read("ana-sof"), Search::Match(r#""ana sof"*"#.to_owned()));
        assert_eq!(read("0812"), Search::Match(r#"("0812"* OR "812"*)"#.to_owned()));
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
        assert_eq!(parse("+62 812 3"), Search::Match(r#"("628123"* OR "08123"*)"#.to_owned()));
        assert_eq!(parse("0812 3"), Search::Match(r#"("08123"* OR "8123"*)"#.to_owned()));
        assert_eq!(parse("812"), Search::Match(r#""812"*"#.to_owned()));
    }
}
