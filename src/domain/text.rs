//! Texts typed by people: trimmed, bounded, without control characters and without what
//! nobody sees: a name is what it looks like.
//!
//! Each rule has a type that describes it in the API's schema:
//! `#[schemars(with = "Name<100>")]` stands at a field that `name(…, 100)` checks.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::wording::{Text, text};

/// The digits of a phone number, for search: `+62 (812) 34` is `6281234`.
pub fn phone_digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// A text of somebody else's for a terminal, which would obey its control characters.
pub fn shown(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// Trims a line of text and refuses control characters and overlong input.
///
/// Returns a sentence fragment such as "must be at most 200 characters".
pub fn line(text: &str, max: usize) -> Result<String, Text> {
    check_length(text, max)?;
    let text = seen(text);
    if text.chars().any(char::is_control) {
        return Err(text!("must not contain control characters"));
    }
    Ok(text)
}

/// The same for a text of several lines: line breaks and tabs are kept.
pub fn paragraph(text: &str, max: usize) -> Result<String, Text> {
    check_length(text, max)?;
    let text = seen(text);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(text!("must not contain control characters"));
    }
    Ok(text)
}

/// The text as it is seen: trimmed, without characters that show nothing or turn the direction
/// of others. Pages and other programs hand such along; two names that differ in them alone
/// would look the same. Joiners stay between letters that are written with them.
fn seen(text: &str) -> String {
    let trimmed = text.trim();
    if !trimmed.chars().any(|c| is_unseen(c) || is_joiner(c)) {
        return trimmed.to_owned();
    }
    let kept: Vec<char> = trimmed.chars().filter(|c| !is_unseen(*c)).collect();
    let joins = |at: usize| {
        let is_letter = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii() && !is_joiner(*c) && !c.is_whitespace());
        at > 0 && is_letter(kept.get(at - 1)) && is_letter(kept.get(at + 1))
    };
    let shown = kept.iter().enumerate().filter(|(at, c)| !is_joiner(**c) || joins(*at)).map(|(_, c)| *c);
    shown.collect::<String>().trim().to_owned()
}

/// Characters without a shape: soft hyphens, zero widths, directions, fillers, tags.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The zero-width joiner and non-joiner: Persian and Indic names are written with them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Counted as it was sent, with the blanks around it: so does the API's schema.
fn check_length(text: &str, max: usize) -> Result<(), Text> {
    if text.chars().count() > max { Err(text!("must be at most {most} characters", most = max)) } else { Ok(()) }
}

/// A line that must not be empty.
pub fn name(text: &str, max: usize) -> Result<String, Text> {
    let text = line(text, max)?;
    if text.chars().all(is_blank) { Err(text!("must not be empty")) } else { Ok(text) }
}

/// White space.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// A name that somebody signs in with, and by which the audit trail knows them: plain letters,
/// digits and a few signs, so that no two look alike.
pub fn username(text: &str, max: usize) -> Result<String, Text> {
    let text = name(text, max)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    match text.chars().all(is_plain) {
        true => Ok(text),
        false => Err(text!("must be made of the letters a to z, digits, and the signs . _ - @ +")),
    }
}

/// The longest e-mail address.
pub const EMAIL_LENGTH: usize = 254;

/// A loose check that a text could be an e-mail address; empty is allowed.
pub fn email(text: &str) -> Result<String, Text> {
    let text = line(text, EMAIL_LENGTH)?;
    let looks_right = text.split_once('@').is_some_and(|(user, host)| {
        let is_host = host.contains('.') && host.split('.').all(|part| !part.is_empty()) && !host.contains('@');
        !user.is_empty() && is_host && !text.chars().any(is_blank)
    });
    if text.is_empty() || looks_right { Ok(text) } else { Err(text!("must be an e-mail address")) }
}

/// What may stand around a text and is trimmed.
macro_rules! around {
    ($inside:literal) => {
        concat!(r"^[\t\n\r ]*", $inside, r"[\t\n\r ]*$")
    };
}

/// What a name cannot be made of alone, as a part of a class: see [`seen`].
macro_rules! unseen {
    () => {
        "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{2800}\u{3164}\u{feff}\u{ffa0}\u{fff0}-\u{fffb}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}"
    };
}

macro_rules! described {
    ($($(#[$doc:meta])* $name:ident $min:literal $pattern:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name<const MAX: usize>;

        impl<const MAX: usize> JsonSchema for $name<MAX> {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "minLength": $min, "maxLength": MAX, "pattern": $pattern})
            }
        }
    )*};
}

described! {
    /// What [`line`] takes.
    Line 0 around!(r"[^\x00-\x1f\x7f-\x9f]*");
    /// What [`paragraph`] takes.
    Paragraph 0 PRINTABLE;
    /// What [`name`] takes.
    Name 1 concat!(r"^[\t\n\r ]*[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f", unseen!(), r"][^\x00-\x1f\x7f-\x9f]*[\t\n\r ]*$");
    /// What [`username`] takes.
    Username 1 around!(r"[A-Za-z0-9._@+-]+");
    /// What [`email`] takes.
    Email 0 around!(r"([^\s\ufeff\x00-\x1f\x7f-\x9f@]+@[^\s\ufeff\x00-\x1f\x7f-\x9f@.]+(\.[^\s\ufeff\x00-\x1f\x7f-\x9f@.]+)+)?");
}

/// What holds of every text that is taken: no control characters but line breaks and tabs.
pub const PRINTABLE: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$";

/// For what is read out or copied by hand: nothing that is misheard or misread.
pub const READABLE: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Seven letters and digits from a random number: short, readable aloud, not guessable.
pub fn confirmation_number(mut random: u64) -> String {
    (0..7)
        .map(|_| {
            let at = usize::try_from(random % 31).unwrap_or(0);
            random /= 31;
            char::from(READABLE[at])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_bounded() {
        assert_eq!(line("  Ana  ", 10), Ok("Ana".to_owned()));
        assert!(line("a\u{0}b", 10).is_err());
        assert!(line("abcdef", 5).is_err());
        assert!(name("   ", 5).is_err());
    }

    #[test]
    fn a_text_may_be_as_long_as_its_bound_and_no_longer() {
        assert_eq!(line("ábcde", 5).as_deref(), Ok("ábcde"));
        assert_eq!(line(" abcd", 4), Err(text!("must be at most {most} characters", most = 4_usize)));
    }

    #[test]
    fn several_lines_keep_their_breaks_and_tabs_and_nothing_else_that_controls() {
        assert_eq!(paragraph(" a\r\n\tb\n", 10).as_deref(), Ok("a\r\n\tb"));
        for bad in ["a\u{0}b", "a\u{1b}b", "a\u{85}b", "a\u{7f}"] {
            assert!(paragraph(bad, 10).is_err(), "{bad:?}");
            assert!(line(bad, 10).is_err(), "{bad:?}");
        }
        assert!(line("a\nb", 10).is_err());
    }

    #[test]
    fn a_terminal_is_shown_what_it_would_obey() {
        assert_eq!(shown("Zoë\u{1b}[2J\n"), "Zoë\\u{1b}[2J\\n");
        assert_eq!(phone_digits("+62 (812) 34"), "6281234");
    }

    #[test]
    fn a_name_is_what_it_looks_like() {
        for (typed, seen) in [
            ("a\u{200b}na", "ana"),
            ("\u{202e}ana\u{202c}", "ana"),
            ("Ca\u{ad}sh\u{feff}", "Cash"),
            ("Ca\u{200d}sh", "Cash"),
            ("\u{200b} Ana \u{2060}", "Ana"),
            ("علی\u{200c}رضا", "علی\u{200c}رضا"),
            ("क\u{94d}\u{200d}ष", "क\u{94d}\u{200d}ष"),
            ("\u{200d}علی", "علی"),
            ("علی\u{200c}", "علی"),
            ("علی\u{200c} رضا", "علی رضا"),
            ("علی\u{200c}\u{200c}رضا", "علیرضا"),
            ("علی\u{200c}R", "علیR"),
            ("R\u{200c}علی", "Rعلی"),
        ] {
            assert_eq!(line(typed, 50).as_deref(), Ok(seen), "{typed:?}");
            assert_eq!(paragraph(typed, 50).as_deref(), Ok(seen), "{typed:?}");
        }
        for nothing in ["\u{200b}", "\u{3164}", "\u{2800}\u{2800}", "\u{200d}", "\u{feff}", "\u{e0041}"] {
            assert!(name(nothing, 50).is_err(), "{nothing:?}");
        }
    }

    #[test]
    fn names_to_sign_in_with_have_no_twins() {
        for good in ["ana", "Ana.Lopes-2", "desk_1", "a@hotel.example", " ana ", "x+y", "a\u{200b}na"] {
            assert!(username(good, 50).is_ok(), "{good:?}");
        }
        for bad in ["аdmin", "ana lopes", "zoë", "adm\u{131}n", "ａdmin", "", "a/b"] {
            assert!(username(bad, 50).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn email_is_checked_loosely() {
        for good in ["", "a@b.co", "ana+x@hotel.example"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["a", "a@", "@b.co", "a@b", "a b@c.de", "a@b@c.de", "a@b..de", "a@.de", "a@b.", "a@b.c@d", "a@b .de"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn confirmation_numbers_have_no_lookalikes() {
        assert!(READABLE.iter().all(|c| !b"01OIL".contains(c)));
        assert_eq!(confirmation_number(0), "2222222");
        assert_eq!(confirmation_number(u64::MAX).len(), 7);
        assert_eq!(
            [confirmation_number(30), confirmation_number(31), confirmation_number(31 * 31 + 2)],
            ["Z222222", "2322222", "4232222"]
        );
    }
}
