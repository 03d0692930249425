//! The languages that are spoken, which of them a request asks for, and how each writes
//! dates, amounts and numbers of things.

use std::collections::HashMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::date::Date;
use crate::domain::money::Amount;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Language {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "id")]
    Indonesian,
}

/// The words of a language, by the English ones.
type Catalogue = HashMap<String, String>;

/// `include_str!` makes a text, this a map; once, when somebody is first told something.
fn indonesian() -> &'static Catalogue {
    static WORDS: OnceLock<Catalogue> = OnceLock::new();
    WORDS.get_or_init(|| serde_json::from_str(include_str!("id.json")).expect("invariant: the catalogue is a map of texts"))
}

const ENGLISH_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const INDONESIAN_MONTHS: [&str; 12] =
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

/// From Monday on.
const ENGLISH_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const INDONESIAN_DAYS: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Indonesian];

    /// As HTTP names it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Indonesian => "id",
        }
    }

    /// The language among ours that is liked best by an `Accept-Language` (RFC 9110, 12.5.4),
    /// which a request may have several of; English when it names none of them.
    pub fn accepted<'a>(headers: impl Iterator<Item = &'a str> + Clone) -> Language {
        let ranges = headers.flat_map(|header| header.split(',')).filter_map(range).enumerate();
        let liking = |language: Language| {
            let of = |wanted: &str| {
                let is_wanted = |range: &str| range.split('-').next().is_some_and(|tag| tag.eq_ignore_ascii_case(wanted));
                let mut ranges = ranges.clone();
                ranges.find_map(|(at, (range, weight))| is_wanted(range).then_some((weight, std::cmp::Reverse(at))))
            };
            of(language.tag()).or_else(|| of("*")).filter(|(weight, _)| *weight > 0)
        };
        // The first of those that are liked alike.
        let liked = Language::ALL.into_iter().filter_map(|language| Some((liking(language)?, language)));
        liked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map_or(Language::English, |(_, language)| language)
    }

    /// The language's words for an English template; the template itself where it has none.
    pub(super) fn words(self, template: &'static str) -> &'static str {
        match self {
            Language::English => template,
            Language::Indonesian => indonesian().get(template).map_or(template, String::as_str),
        }
    }

    /// The template with these words, if it is one.
    pub(super) fn known(words: &str) -> Option<&'static str> {
        indonesian().get_key_value(words).map(|(template, _)| template.as_str())
    }

    /// Whether a number of things has the words of one.
    pub(super) fn is_one(self, count: i64) -> bool {
        match self {
            Language::English => count == 1,
            // A noun does not change with its number.
            Language::Indonesian => false,
        }
    }

    /// "3 May".
    pub(super) fn date(self, date: Date) -> String {
        format!("{} {}", date.day(), self.month(date))
    }

    /// "May".
    pub fn month(self, date: Date) -> &'static str {
        let months = match self {
            Language::English => ENGLISH_MONTHS,
            Language::Indonesian => INDONESIAN_MONTHS,
        };
        usize::try_from(date.month() - 1).ok().and_then(|at| months.get(at)).copied().unwrap_or("")
    }

    /// "Friday".
    pub(super) fn weekday(self, date: Date) -> &'static str {
        let days = match self {
            Language::English => ENGLISH_DAYS,
            Language::Indonesian => INDONESIAN_DAYS,
        };
        usize::try_from(date.weekday() - 1).ok().and_then(|at| days.get(at)).copied().unwrap_or("")
    }

    /// "22:30", "22.30".
    pub(super) fn time(self, time: &str) -> String {
        match self {
            Language::English => time.to_owned(),
            Language::Indonesian => time.replace(':', "."),
        }
    }

    /// "12.5", "12,5".
    pub(super) fn decimal(self, number: &str) -> String {
        match self {
            Language::English => number.to_owned(),
            Language::Indonesian => number.replace('.', ","),
        }
    }

    /// "1,500,000.50", "1.500.000,50".
    pub(super) fn figure(self, amount: Amount) -> String {
        match self {
            Language::English => amount.grouped(),
            Language::Indonesian => with_points(&amount.grouped()),
        }
    }

    /// "IDR 1,500,000", "Rp 1.500.000".
    pub(super) fn money(self, amount: Amount, currency: &str) -> String {
        let grouped = amount.grouped();
        match (self, currency) {
            (Language::English, _) => format!("{currency} {grouped}"),
            (Language::Indonesian, "IDR") => format!("Rp\u{a0}{}", with_points(&grouped)),
            (Language::Indonesian, _) => format!("{currency} {}", with_points(&grouped)),
        }
    }
}

/// `1,234.50` as `1.234,50`.
fn with_points(grouped: &str) -> String {
    let other = |c| match c {
        ',' => '.',
        '.' => ',',
        c => c,
    };
    grouped.chars().map(other).collect()
}

/// A language range and its weight in thousandths: `id-ID;q=0.8`. A weight that cannot be
/// read leaves the range out.
fn range(part: &str) -> Option<(&str, u32)> {
    let (range, parameter) = part.split_once(';').unwrap_or((part, ""));
    let range = range.trim();
    let weight = match parameter.trim() {
        "" => 1000,
        parameter => thousandths(parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?)?,
    };
    (!range.is_empty()).then_some((range, weight))
}

/// `0.8` is 800; at most three decimals and no more than 1.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u32 = matches!(whole, "0" | "1").then(|| whole.parse().ok())??;
    let rest = decimals.bytes().chain(*b"000").take(3).fold(0, |rest, digit| rest * 10 + u32::from(digit - b'0'));
    Some(whole * 1000 + rest).filter(|weight| *weight <= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Indonesian};

    #[test]
    fn the_language_liked_best_among_ours_is_spoken() {
        for (header, spoken) in [
            ("", English),
            ("id", Indonesian),
            ("id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", Indonesian),
            ("en-GB,en;q=0.9,id;q=0.8", English),
            ("en;q=0.5, id;q=0.501", Indonesian),
            ("ID", Indonesian),
            ("de, fr;q=0.9", English),
            ("de, id;q=0.1", Indonesian),
            ("id;q=0", English),
            ("*", English),
            ("en;q=0, *;q=0.5", Indonesian),
            ("id, en", Indonesian),
            ("en, id", English),
            ("id ; q=0.9 , en;q=0.8", Indonesian),
            ("id;q=2, en;q=0.1", English),
            ("id;q=high", English),
            ("indigo", English),
            (",,;q=,", English),
        ] {
            assert_eq!(Language::accepted([header].into_iter()), spoken, "{header}");
        }
        assert_eq!(Language::accepted(["de", "id"].into_iter()), Indonesian, "several headers are one list");
    }
}
