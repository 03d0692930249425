//! Texts typed by people: trimmed, bounded, without control characters and without what
//! nobody sees: a name is what it looks like.
//!
//! Each rule is a type with the limit in it, such as `Name<100>`. It holds the text as it was typed,
//! so that a body with several bad fields is read whole and all of them are told; [`Name::checked`]
//! gives the text itself. The API's schema, the rules, the import and the command line use one type,
//! which has a name of its own where the same thing occurs in several places.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use rusqlite::types::{ToSql, ToSqlOutput};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::wording::{Text, text};

/// An e-mail address; may be empty.
pub type EmailAddress = Email<254>;
/// A phone number, however it is spaced; may be empty.
pub type PhoneNumber = Line<50>;

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
fn line(text: &str, max: usize) -> Result<String, Text> {
    check_length(text, max)?;
    let text = seen(text);
    if text.chars().any(char::is_control) {
        return Err(text!("must not contain control characters"));
    }
    Ok(text)
}

/// The same for a text of several lines: line breaks and tabs are kept.
fn paragraph(text: &str, max: usize) -> Result<String, Text> {
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
fn name(text: &str, max: usize) -> Result<String, Text> {
    let text = line(text, max)?;
    if text.chars().all(is_blank) { Err(text!("must not be empty")) } else { Ok(text) }
}

/// White space.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// A name that somebody signs in with, and by which the audit trail knows them: plain letters,
/// digits and a few signs, so that no two look alike.
fn username(text: &str, max: usize) -> Result<String, Text> {
    let text = name(text, max)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    match text.chars().all(is_plain) {
        true => Ok(text),
        false => Err(text!("must be made of the letters a to z, digits, and the signs . _ - @ +")),
    }
}

/// A loose check that a text could be an e-mail address; empty is allowed.
fn email(text: &str, max: usize) -> Result<String, Text> {
    let text = line(text, max)?;
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

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $check:ident $min:literal $pattern:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name<const MAX: usize>(String);

        impl<const MAX: usize> $name<MAX> {
            /// The fewest and the most characters.
            pub const MIN: usize = $min;
            pub const MAX: usize = MAX;

            /// The text as it is kept, or what is wrong with it: words that go behind the field's name.
            pub fn checked(&self) -> Result<String, Text> {
                Self::of(&self.0)
            }

            /// The same of a text that comes from elsewhere.
            pub fn of(typed: &str) -> Result<String, Text> {
                $check(typed, MAX)
            }
        }

        impl<const MAX: usize> From<String> for $name<MAX> {
            fn from(typed: String) -> Self {
                $name(typed)
            }
        }

        impl<const MAX: usize> From<&str> for $name<MAX> {
            fn from(typed: &str) -> Self {
                $name(typed.to_owned())
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> String {
                text.0
            }
        }

        impl<const MAX: usize> Deref for $name<MAX> {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<const MAX: usize> ToSql for $name<MAX> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl<const MAX: usize> JsonSchema for $name<MAX> {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "minLength": Self::MIN, "maxLength": MAX, "pattern": $pattern})
            }
        }
    )*};
}

texts! {
    /// One line; may be empty.
    Line line 0 around!(r"[^\x00-\x1f\x7f-\x9f]*");
    /// Several lines; may be empty.
    Paragraph paragraph 0 PRINTABLE;
    /// One line that is not empty.
    Name name 1 concat!(r"^[\t\n\r ]*[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f", unseen!(), r"][^\x00-\x1f\x7f-\x9f]*[\t\n\r ]*$");
    /// A name to sign in with.
    Username username 1 around!(r"[A-Za-z0-9._@+-]+");
    /// An e-mail address; may be empty.
    Email email 0 around!(r"([^\s\ufeff\x00-\x1f\x7f-\x9f@]+@[^\s\ufeff\x00-\x1f\x7f-\x9f@.]+(\.[^\s\ufeff\x00-\x1f\x7f-\x9f@.]+)+)?");
}

/// A password or a PIN, of `MIN` to `MAX` characters, as it was typed: nothing is trimmed, and no log shows it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretText<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> SecretText<MIN, MAX> {
    /// # Errors
    /// What is wrong with its length: words that go behind the field's name.
    pub fn check_length(typed: &str) -> Result<(), Text> {
        match typed.chars().count() {
            count if (MIN..=MAX).contains(&count) => Ok(()),
            _ if MIN == 0 => Err(text!("must be at most {most} characters", most = MAX)),
            _ => Err(text!("must have {least} to {most} characters", least = MIN, most = MAX)),
        }
    }
}

impl<const MIN: usize, const MAX: usize> From<SecretText<MIN, MAX>> for String {
    fn from(secret: SecretText<MIN, MAX>) -> String {
        secret.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Debug for SecretText<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

impl<const MIN: usize, const MAX: usize> Deref for SecretText<MIN, MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> JsonSchema for SecretText<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        "SecretText".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({"type": "string", "maxLength": MAX, "pattern": PRINTABLE});
        if MIN > 0 {
            schema.insert("minLength".to_owned(), MIN.into());
        }
        schema
    }
}

/// What holds of every text that is taken: no control characters but line breaks and tabs.
const PRINTABLE: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$";

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
    fn a_text_is_read_as_it_was_typed_checked_by_its_type_and_described_by_it() {
        let read = |json: &str| serde_json::from_str::<Name<3>>(json);
        let good = read(r#"" ab ""#).expect("a text");
        assert_eq!(
            (&*good, good.checked().as_deref()),
            (" ab ", Err(&text!("must be at most {most} characters", most = 3_usize)))
        );
        assert_eq!(read(r#""ab ""#).expect("a text").checked().as_deref(), Ok("ab"));
        assert_eq!(read(r#""\n""#).expect("a text").checked(), Err(text!("must not be empty")));
        assert!(read("7").is_err() && read("null").is_err());
        let schema = serde_json::to_value(schemars::schema_for!(Option<Line<3>>)).expect("a schema");
        assert_eq!((&schema["minLength"], &schema["maxLength"]), (&0.into(), &3.into()));
        assert_eq!((Name::<3>::MIN, Name::<3>::MAX, Line::<3>::of("abcd").is_err()), (1, 3, true));
    }

    #[test]
    fn a_secret_is_as_long_as_its_type_says_and_never_shown() {
        type Pass = SecretText<2, 3>;
        assert_eq!(["a", "ab", " á ", "abcd"].map(|typed| Pass::check_length(typed).is_ok()), [false, true, true, false]);
        let read: Pass = serde_json::from_str("\"s3cret\"").expect("a text");
        assert_eq!((&*read, format!("{read:?}").as_str()), ("s3cret", "SecretText(…)"));
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
            assert!(EmailAddress::of(good).is_ok(), "{good}");
        }
        for bad in ["a", "a@", "@b.co", "a@b", "a b@c.de", "a@b@c.de", "a@b..de", "a@.de", "a@b.", "a@b.c@d", "a@b .de"] {
            assert!(EmailAddress::of(bad).is_err(), "{bad}");
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
