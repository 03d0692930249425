//! The languages that documents are written in, and how each writes dates, amounts and percentages.
//!
//! They are more than the program itself speaks: a guest gets an invoice in a language that nobody at the desk needs
//! to know.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::domain::date::Date;
use crate::domain::money::{Currency, Money};
use crate::domain::status::words;
use crate::domain::wording::{Text, text};

words!(
    /// The language of a document.
    PaperLanguage {
        English = "en",
        Indonesian = "id",
        German = "de",
        French = "fr",
        Spanish = "es",
        Italian = "it",
        Portuguese = "pt",
        Dutch = "nl",
        Japanese = "ja",
        Chinese = "zh",
    }
);

/// The words of documents: by key, then by language.
type Catalogue = HashMap<String, HashMap<String, String>>;

fn catalogue() -> &'static Catalogue {
    static WORDS: OnceLock<Catalogue> = OnceLock::new();
    WORDS.get_or_init(|| serde_json::from_str(include_str!("words.json")).expect("invariant: the catalogue is a map of texts"))
}

impl PaperLanguage {
    /// That of a way of writing dates such as `de-DE`, where it is one of ours.
    pub fn of_locale(locale: &str) -> Option<PaperLanguage> {
        PaperLanguage::parse(locale.split('-').next().unwrap_or(""))
    }

    /// The word of a key; the key itself where there is none, which a test of the catalogue rules out.
    pub fn word(self, key: &str) -> &'static str {
        let words = catalogue().get_key_value(key);
        let of = |language: PaperLanguage| words.and_then(|(_, words)| words.get(language.as_str()));
        of(self).or_else(|| of(PaperLanguage::English)).map_or("", String::as_str)
    }

    /// Whether there is such a key.
    pub fn knows(key: &str) -> bool {
        catalogue().contains_key(key)
    }

    /// A date as it is written on paper: without the name of the month, which no two languages share.
    pub fn date(self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        match self {
            PaperLanguage::German => format!("{day:02}.{month:02}.{year}"),
            PaperLanguage::Dutch => format!("{day:02}-{month:02}-{year}"),
            PaperLanguage::Japanese | PaperLanguage::Chinese => format!("{year}年{month}月{day}日"),
            PaperLanguage::English => {
                const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
                let month = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("");
                format!("{day} {month} {year}")
            }
            PaperLanguage::Indonesian
            | PaperLanguage::French
            | PaperLanguage::Spanish
            | PaperLanguage::Italian
            | PaperLanguage::Portuguese => format!("{day:02}/{month:02}/{year}"),
        }
    }

    /// An amount without its currency: `1,234.50`, `1.234,50`, `1 234,50`.
    pub fn number(self, money: Money, currency: &Currency) -> String {
        self.with_own_signs(&currency.amount(money).grouped())
    }

    /// The same with the currency's code before it.
    pub fn amount(self, money: Money, currency: &Currency) -> String {
        format!("{}\u{a0}{}", currency.code, self.number(money, currency))
    }

    /// A rate in millionths as a percentage: `7 %`, `8.875%`.
    pub fn percent(self, millionths: i64) -> String {
        let (whole, rest) = (millionths / 10_000, (millionths % 10_000).abs());
        let decimals = format!("{rest:04}");
        let decimals = decimals.trim_end_matches('0');
        let number = if decimals.is_empty() { whole.to_string() } else { format!("{whole}.{decimals}") };
        let number = self.with_own_signs(&number);
        match self {
            PaperLanguage::German | PaperLanguage::French | PaperLanguage::Spanish => format!("{number}\u{a0}%"),
            _ => format!("{number}%"),
        }
    }

    /// Another language's signs between thousands and before decimals.
    fn with_own_signs(self, english: &str) -> String {
        let (thousands, decimal) = match self {
            PaperLanguage::English | PaperLanguage::Japanese | PaperLanguage::Chinese => (",", "."),
            PaperLanguage::French => ("\u{202f}", ","),
            PaperLanguage::German
            | PaperLanguage::Indonesian
            | PaperLanguage::Spanish
            | PaperLanguage::Italian
            | PaperLanguage::Portuguese
            | PaperLanguage::Dutch => (".", ","),
        };
        let mut out = String::with_capacity(english.len());
        for sign in english.chars() {
            match sign {
                ',' => out.push_str(thousands),
                '.' => out.push_str(decimal),
                sign => out.push(sign),
            }
        }
        out
    }
}

/// Words that are not the hotel's to choose: what the law asks for, marks of drafts and copies, ways of paying, which
/// the settings name.
const FIXED: [&str; 7] = ["deposit_note", "exempt", "exempt_levy", "out_of_scope", "pro_forma_note", "label_copy", "label_draft"];

/// What the hotel says in its own words, by key.
pub type OwnWords = BTreeMap<String, String>;

/// The words of a document: those of its language, but where the hotel says something else.
#[derive(Debug, Clone)]
pub struct Words {
    pub language: PaperLanguage,
    own: OwnWords,
}

impl Words {
    pub fn new(language: PaperLanguage, own: Option<&OwnWords>) -> Words {
        Words { language, own: own.cloned().unwrap_or_default() }
    }

    pub fn word(&self, key: &str) -> &str {
        self.own.get(key).map_or_else(|| self.language.word(key), String::as_str)
    }

    /// The word of a key with values in the place of their names.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut said = self.word(key).to_owned();
        for (name, value) in values {
            said = said.replace(&format!("{{{name}}}"), value);
        }
        said
    }

    /// Every label that stands on a document as it is.
    pub fn labels(&self) -> BTreeMap<String, String> {
        let labels = catalogue().keys().filter_map(|key| key.strip_prefix("label_").map(|name| (name, key)));
        labels.map(|(name, key)| (name.to_owned(), self.word(key).to_owned())).collect()
    }

    /// What the hotel may say in its own words, titles and labels first: the key and the program's words for it.
    pub fn to_choose(language: PaperLanguage) -> Vec<(&'static str, &'static str)> {
        let mut keys: Vec<&'static str> = catalogue().keys().map(String::as_str).filter(|key| is_to_choose(key)).collect();
        let rank = |key: &str| ["title_", "label_", "terms_"].iter().position(|start| key.starts_with(start)).unwrap_or(3);
        keys.sort_unstable_by_key(|key| (rank(key), *key));
        keys.into_iter().map(|key| (key, language.word(key))).collect()
    }

    /// What is wrong with words for a key.
    pub fn fault(key: &str, own: &str) -> Option<Text> {
        if !is_to_choose(key) {
            return Some(text!("is not among the words that can be changed"));
        }
        if own.is_empty() {
            return None;
        }
        let needed = names(PaperLanguage::English.word(key));
        let complaint = || text!("must have {names} in it, and no other", names = needed.join(", "));
        (names(own) != needed).then(complaint)
    }
}

fn is_to_choose(key: &str) -> bool {
    PaperLanguage::knows(key) && !FIXED.contains(&key) && !key.starts_with("method_")
}

/// The names of values in a text, in order.
fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> =
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| format!("{{{name}}}")).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_all_languages_with_the_same_values() {
        for (key, words) in catalogue() {
            assert_eq!(words.len(), PaperLanguage::ALL.len(), "{key}");
            let english = names(PaperLanguage::English.word(key));
            for language in PaperLanguage::ALL {
                let word = words.get(language.as_str()).unwrap_or_else(|| panic!("{key} is not said in {language}"));
                assert!(!word.trim().is_empty() && names(word) == english, "{key} in {language}: {word}");
            }
        }
    }

    #[test]
    fn each_language_writes_dates_amounts_and_rates_in_its_own_way() {
        let (date, euro) = (Date::new(2026, 5, 3).expect("a date"), Currency::of("EUR").expect("a currency"));
        let said: Vec<String> = PaperLanguage::ALL
            .iter()
            .map(|l| format!("{} {} {}", l.date(date), l.number(Money(-123_456_750), &euro), l.percent(88_750)))
            .collect();
        assert_eq!(
            said,
            [
                "3 May 2026 -1,234,567.50 8.875%",
                "03/05/2026 -1.234.567,50 8,875%",
                "03.05.2026 -1.234.567,50 8,875\u{a0}%",
                "03/05/2026 -1\u{202f}234\u{202f}567,50 8,875\u{a0}%",
                "03/05/2026 -1.234.567,50 8,875\u{a0}%",
                "03/05/2026 -1.234.567,50 8,875%",
                "03/05/2026 -1.234.567,50 8,875%",
                "03-05-2026 -1.234.567,50 8,875%",
                "2026年5月3日 -1,234,567.50 8.875%",
                "2026年5月3日 -1,234,567.50 8.875%",
            ]
        );
        let rupiah = Currency::of("IDR").expect("a currency");
        assert_eq!(PaperLanguage::Indonesian.amount(Money(1_500_000), &rupiah), "IDR\u{a0}1.500.000");
        assert_eq!(PaperLanguage::German.percent(70_000), "7\u{a0}%");
    }
}
