//! What the program says to people, before it is known in which language.
//!
//! The English sentence stands where it is said, as a template with named values:
//! `text!("Room {room} is dirty.", room = number)`. Other languages are catalogues keyed by
//! that template (`id.json`); `tests/words.rs` gathers every template of the sources and
//! holds the catalogues against them. A text is made only where something is refused.

mod language;

use std::fmt;
use std::path::Path;

use serde::de;

use super::arrival_time::ArrivalTime;
use super::date::Date;
use super::money::Amount;
use super::percent::Percent;

pub use language::Language;

/// A sentence, or a fragment such as "must not be empty", that every language can say.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    template: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// What stands in the place of a name; each language writes it in its own way.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The hotel's own data and what somebody typed: the same in every language.
    Given(String),
    Number(i64),
    /// "1 night", "3 nights": `{count}` stands in both.
    Counted {
        count: i64,
        one: &'static str,
        many: &'static str,
    },
    /// "3 May".
    Date(Date),
    /// "3 May 2024": of a date that may be long past.
    DateInFull(Date),
    /// "Friday, 3 May 2024": of a date that somebody comes or goes on.
    DateWithDay(Date),
    /// "3 May 2024" and "Fri, 3 May" with the short names: where there is little room.
    ShortDate(Date),
    ShortDay(Date),
    /// "22:30", by the hotel's clock.
    Time(String),
    /// "IDR 1,500,000".
    Money(Amount, String),
    /// "1,500,000.50": where the currency, or what is counted, stands elsewhere.
    Figure(Amount),
    /// "May 2024".
    Month(Date),
    /// "12.5", without the sign.
    Percent(Percent),
    /// A part of the sentence that is a text itself.
    Text(Text),
    /// "name, phone": its parts with commas between them.
    List(Vec<Value>),
}

/// A text of a template and the values of its names: `room = number`, or `room` alone for a
/// variable of that name. A name without a value, or a value without a name, does not compile.
macro_rules! text {
    (@value $name:ident) => { $crate::domain::wording::Value::from($name) };
    (@value $name:ident $value:expr) => { $crate::domain::wording::Value::from($value) };
    ($template:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const { assert!($crate::domain::wording::names_are($template, &[$(stringify!($name)),*]), "a name has no value") };
        $crate::domain::wording::Text::of($template, vec![$((stringify!($name), $crate::domain::wording::text!(@value $name $($value)?))),*])
    }};
}
pub(crate) use text;

/// A number of things, as a value of a text: `counted!(nights, "{count} night", "{count} nights")`.
macro_rules! counted {
    ($count:expr, $one:literal, $many:literal $(,)?) => {{
        const { assert!($crate::domain::wording::names_are($many, &["count"]), "nothing is counted") };
        $crate::domain::wording::Value::Counted { count: i64::try_from($count).unwrap_or(i64::MAX), one: $one, many: $many }
    }};
}
pub(crate) use counted;

impl Text {
    /// Only for `text!`, which the catalogues' test finds.
    pub const fn of(template: &'static str, values: Vec<(&'static str, Value)>) -> Text {
        Text { template, values }
    }

    /// Words that are somebody else's (the operating system's, another program's): said in
    /// every language as they are.
    pub fn as_it_is(words: impl Into<String>) -> Text {
        Text { template: "{words}", values: vec![("words", Value::Given(words.into()))] }
    }

    /// The text in a language.
    pub fn in_language(&self, language: Language) -> String {
        let mut out = String::new();
        self.write(language, &mut out);
        out
    }

    fn write(&self, language: Language, out: &mut String) {
        let mut rest = language.words(self.template);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            if let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name) {
                value.write(language, out);
            }
            rest = after;
        }
        out.push_str(rest);
    }
}

impl Value {
    /// The value alone, in a language.
    pub fn in_language(&self, language: Language) -> String {
        let mut out = String::new();
        self.write(language, &mut out);
        out
    }

    fn write(&self, language: Language, out: &mut String) {
        match self {
            Value::Given(text) => out.push_str(text),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Counted { count, one, many } => {
                let words = if language.is_one(*count) { one } else { language.words(many) };
                out.push_str(&words.replace("{count}", &count.to_string()));
            }
            Value::Date(date) => out.push_str(&language.date(*date)),
            Value::DateInFull(date) => out.push_str(&format!("{} {}", language.date(*date), date.year())),
            Value::DateWithDay(date) => {
                out.push_str(&format!("{}, {} {}", language.weekday(*date), language.date(*date), date.year()));
            }
            Value::ShortDate(date) => {
                out.push_str(&format!("{} {} {}", date.day(), short(language.month(*date)), date.year()));
            }
            Value::ShortDay(date) => {
                out.push_str(&format!("{}, {} {}", short(language.weekday(*date)), date.day(), short(language.month(*date))));
            }
            Value::Time(time) => out.push_str(&language.time(time)),
            Value::Money(amount, currency) => out.push_str(&language.money(*amount, currency)),
            Value::Figure(amount) => out.push_str(&language.figure(*amount)),
            Value::Month(date) => out.push_str(&format!("{} {}", language.month(*date), date.year())),
            Value::Percent(percent) => out.push_str(&language.decimal(&percent.to_string())),
            Value::Text(text) => text.write(language, out),
            Value::List(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    part.write(language, out);
                }
            }
        }
    }
}

/// "Fri" of "Friday", "Agu" of "Agustus": three letters tell days and months apart in all our languages.
fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

/// In English: for the log and the command line.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

/// Whether a template has exactly these names. Runs while the program is compiled.
pub const fn names_are(template: &str, names: &[&str]) -> bool {
    let (bytes, mut at, mut used) = (template.as_bytes(), 0, 0_u32);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            let start = at + 1;
            while at < bytes.len() && bytes[at] != b'}' {
                at += 1;
            }
            match place_of(bytes, start, at, names) {
                Some(place) => used |= 1 << place,
                None => return false,
            }
        }
        at += 1;
    }
    used.count_ones() as usize == names.len()
}

/// The place of the name that stands from `start` to `end`.
const fn place_of(bytes: &[u8], start: usize, end: usize, names: &[&str]) -> Option<usize> {
    let mut place = 0;
    while place < names.len() {
        let name = names[place].as_bytes();
        let mut same = 0;
        while same < name.len() && start + same < end && bytes[start + same] == name[same] {
            same += 1;
        }
        if same == name.len() && start + same == end {
            return Some(place);
        }
        place += 1;
    }
    None
}

macro_rules! values {
    ($($kind:ty => |$value:ident| $made:expr;)*) => {$(
        impl From<$kind> for Value {
            fn from($value: $kind) -> Value {
                $made
            }
        }
    )*};
}

values! {
    String => |text| Value::Given(text);
    &String => |text| Value::Given(text.clone());
    &str => |text| Value::Given(text.to_owned());
    &Path => |path| Value::Given(path.display().to_string());
    i64 => |number| Value::Number(number);
    u16 => |number| Value::Number(number.into());
    u32 => |number| Value::Number(number.into());
    i32 => |number| Value::Number(number.into());
    usize => |number| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
    u64 => |number| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
    Date => |date| Value::Date(date);
    ArrivalTime => |time| Value::Time(time.to_string());
    Text => |text| Value::Text(text);
    Vec<Value> => |parts| Value::List(parts);
}

impl From<Value> for Text {
    fn from(value: Value) -> Text {
        Text { template: "{value}", values: vec![("value", value)] }
    }
}

/// What stands between the parts of a text on its way through serde.
const PART: char = '\u{1f}';

impl Text {
    /// The text as an error of serde, which knows nothing but words: `of_serde` reads it back.
    pub fn to_serde<E: de::Error>(&self) -> E {
        let values = self.values.iter().map(|(name, value)| format!("{PART}{name}={}", value.in_language(Language::English)));
        E::custom(format!("{PART}{}{}", self.template, values.collect::<String>()))
    }

    /// The text that `to_serde` made an error of.
    pub fn of_serde(message: &str) -> Option<Text> {
        let mut parts = message.strip_prefix(PART)?.split(PART);
        let template = Language::known(parts.next()?)?;
        let value = |part: &str| {
            let (name, value) = part.split_once('=')?;
            let at = template.find(&format!("{{{name}}}"))?;
            Some((&template[at + 1..at + 1 + name.len()], Value::Given(value.to_owned())))
        };
        Some(Text { template, values: parts.filter_map(value).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Indonesian};

    #[test]
    fn values_stand_where_the_template_names_them() {
        let (room, guest) = ("101", "Ana {room} Lopes".to_owned());
        let said = text!("Room {room} is still occupied by {guest}. Check them out first, or choose another room.", room, guest);
        assert_eq!(
            said.to_string(),
            "Room 101 is still occupied by Ana {room} Lopes. Check them out first, or choose another room."
        );
        let translated = said.in_language(Indonesian);
        assert_eq!(translated, "Kamar 101 masih ditempati Ana {room} Lopes. Lakukan check-out dahulu, atau pilih kamar lain.");
    }

    #[test]
    fn each_language_writes_dates_amounts_and_numbers_in_its_own_way() {
        let date: Date = "2024-05-03".parse().expect("a date");
        let money = |minor, exponent, code: &str| Value::Money(Amount { minor, exponent }, code.to_owned());
        for (value, english, indonesian) in [
            (Value::Date(date), "3 May", "3 Mei"),
            (Value::DateInFull(date), "3 May 2024", "3 Mei 2024"),
            (Value::DateWithDay(date), "Friday, 3 May 2024", "Jumat, 3 Mei 2024"),
            (Value::ShortDate(date), "3 May 2024", "3 Mei 2024"),
            (Value::ShortDate("2025-08-10".parse().expect("a date")), "10 Aug 2025", "10 Agu 2025"),
            (Value::ShortDay(date), "Fri, 3 May", "Jum, 3 Mei"),
            (Value::Time("22:30".to_owned()), "22:30", "22.30"),
            (money(1_500_000, 0, "IDR"), "IDR 1,500,000", "Rp\u{a0}1.500.000"),
            (money(-123_450, 2, "EUR"), "EUR -1,234.50", "EUR -1.234,50"),
            (Value::Percent(Percent(1250)), "12.5", "12,5"),
            (counted!(1, "{count} night", "{count} nights"), "1 night", "1 malam"),
            (counted!(2, "{count} night", "{count} nights"), "2 nights", "2 malam"),
            (Value::List(vec![text!("phone number").into(), "x".into()]), "phone number, x", "nomor telepon, x"),
            (text!("taken by {guest}", guest = "Ana").into(), "taken by Ana", "terisi (Ana)"),
        ] {
            let said = Text::from(value);
            assert_eq!((said.in_language(English).as_str(), said.in_language(Indonesian).as_str()), (english, indonesian));
        }
    }

    #[test]
    fn names_and_values_belong_together() {
        assert!(names_are("no name", &[]) && names_are("{a} and {b}, {a}", &["a", "b"]));
        for (template, names) in
            [("{a}", &[][..]), ("{a}", &["b"]), ("a", &["a"]), ("{ab}", &["a"]), ("{a}", &["ab"]), ("{a}", &["a", "b"])]
        {
            assert!(!names_are(template, names), "{template} {names:?}");
        }
    }

    #[test]
    fn a_text_goes_through_serde_and_comes_back() {
        let text = text!("must be from {least} to {most}", least = -1, most = 2);
        let error: serde_json::Error = text.to_serde();
        let back = Text::of_serde(&error.to_string()).expect("a text of ours");
        assert_eq!(back.in_language(Indonesian), "harus dari -1 sampai 2");
        assert_eq!((Text::of_serde("must be from 1 to 2"), Text::of_serde("\u{1f}never said")), (None, None));
    }
}
