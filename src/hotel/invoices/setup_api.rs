//! `/api/invoice-setup` and `/api/invoice-series`: what invoices say of the hotel, and how they are numbered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::PartyRequest;
use super::country::{self, Warning};
use super::language::{OwnWords, PaperLanguage, Words};
use super::seal::hash_bytes;
use super::series::{self, Digits, NewSeries, Prefix, Series, SeriesName};
use super::setup::{self, Definition, MAX_DUE_DAYS, Setup};
use super::snapshot::{Bank, Kind, Party};
use crate::db::{Conn, Table, Tx};
use crate::domain::id::{SeriesId, Version};
use crate::domain::money::{Amount, NotNegative};
use crate::domain::number::Whole;
use crate::domain::text::{Line, Paragraph};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::documents::blocks::PictureKind;
use crate::hotel::listing::Items;
use crate::hotel::settings::api::check_version;
use crate::hotel::{audit, settings};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let series = &[Table::InvoiceSeries, Table::Invoice];
    let mut out = vec![
        query(
            "/api/invoice-setup",
            "find_invoice_setup",
            Access::READ,
            "What invoices say of the hotel",
            &[Table::InvoiceSetup],
            show,
        ),
        query("/api/invoice-series", "list_invoice_series", Access::READ, "How documents are numbered", series, list_series),
        command(
            Method::Post,
            "/api/invoice-series",
            "create_invoice_series",
            Access::MANAGE,
            "Add a series of numbers",
            create_series,
        )
        .creates(),
    ];
    out.push(command(
        Method::Put,
        "/api/invoice-setup/logo",
        "set_invoice_logo",
        Access::MANAGE,
        "Set the picture at the head of invoices, or take it away",
        set_logo,
    ));
    let words = &[Table::InvoiceSetup, Table::Property];
    out.push(query(
        "/api/invoice-words",
        "list_invoice_words",
        Access::READ,
        "What documents say, in one of their languages",
        words,
        show_words,
    ));
    let names = ["update_invoice_setup", "replace_invoice_setup"];
    out.extend(update("/api/invoice-setup", names, Access::MANAGE, "Change what invoices say of the hotel", change));
    let names = ["update_invoice_series", "replace_invoice_series"];
    out.extend(update("/api/invoice-series/{id}", names, Access::MANAGE, "Change how documents are numbered", change_series));
    out
}

/// What invoices say of the hotel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SetupView {
    seller: Party,
    bank: Bank,
    footer: String,
    terms: String,
    /// Empty = the program's own.
    accent: String,
    /// Of documents for which nobody chose one; `null` = as the hotel writes dates.
    language: Option<PaperLanguage>,
    /// What documents say otherwise than the program does, by language and key.
    words: BTreeMap<PaperLanguage, OwnWords>,
    /// Up to so much a simplified invoice will do; 0 = never.
    simplified_limit: Amount,
    /// Companies pay within so many days.
    due_days: i64,
    /// SHA-256 of the picture at the head.
    logo: Option<String>,
    /// Why paper or PDF is not enough in the seller's country.
    warning: Option<Warning>,
    /// 0 as long as nothing was said.
    version: i64,
}

fn view(conn: &Conn, s: Setup) -> Result<SetupView> {
    let property = settings::property(conn)?;
    let d = s.definition;
    Ok(SetupView {
        warning: country::find(&d.seller.country).and_then(|country| country.warning),
        seller: d.seller,
        bank: d.bank,
        footer: d.footer,
        terms: d.terms,
        accent: d.accent,
        language: d.language,
        words: d.words,
        simplified_limit: property.amount(s.simplified_limit),
        due_days: s.due_days,
        logo: s.logo,
        version: s.version,
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsParams {
    /// That of documents for which nobody chose one when left out.
    language: Option<PaperLanguage>,
}

/// A word or sentence of documents that can be changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WordView {
    key: &'static str,
    /// What the program says.
    standard: &'static str,
    /// What the hotel says; `null` = the same.
    own: Option<String>,
}

fn show_words(conn: &Conn, p: WordsParams) -> Result<Items<WordView>> {
    let setup = setup::find(conn)?;
    let language = match p.language {
        Some(language) => language,
        None => setup.language(&settings::property(conn)?),
    };
    let own = setup.definition.words.get(&language);
    let view = |(key, standard)| WordView { key, standard, own: own.and_then(|own| own.get(key).cloned()) };
    Ok(Items { items: Words::to_choose(language).into_iter().map(view).collect() })
}

/// What documents in a language say otherwise than the program does, by key; what is not named is said as the program does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsChange {
    language: PaperLanguage,
    own: BTreeMap<String, Line<200>>,
}

fn own_words(told: &WordsChange, fields: &mut Fields) -> OwnWords {
    let mut own = OwnWords::new();
    for (key, words) in &told.own {
        let at = format!("words.own.{key}");
        let words = fields.check(&at, words.checked());
        if let Some(fault) = Words::fault(key, &words) {
            fields.add(&at, fault);
        } else if !words.is_empty() && words != told.language.word(key) {
            own.insert(key.clone(), words);
        }
    }
    own
}

fn show(conn: &Conn, _: NoParams) -> Result<SetupView> {
    view(conn, setup::find(conn)?)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BankRequest {
    holder: Line<200>,
    iban: Line<34>,
    bic: Line<11>,
    name: Line<200>,
}

/// What changes; fields left out stay. Who sells and the bank are taken whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupChange {
    seller: Option<PartyRequest>,
    bank: Option<BankRequest>,
    footer: Option<Paragraph<1000>>,
    terms: Option<Paragraph<1000>>,
    /// `#` and six hexadecimal digits; empty = the program's own.
    accent: Option<Line<7>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<PaperLanguage>")]
    language: Option<Option<PaperLanguage>>,
    words: Option<WordsChange>,
    simplified_limit: Option<NotNegative>,
    due_days: Option<Whole<0, MAX_DUE_DAYS>>,
    version: Option<Version>,
}

fn change(tx: &Tx, _: NoParams, body: SetupChange) -> Result<SetupView> {
    let (before, property) = (setup::find(tx)?, settings::property(tx)?);
    check_version(body.version, before.version)?;
    let mut fields = Fields::default();
    let mut after = before.clone();
    let d: &mut Definition = &mut after.definition;
    if let Some(seller) = &body.seller {
        d.seller = Party { is_company: true, ..seller.checked("seller", &mut fields) };
    }
    if let Some(bank) = &body.bank {
        d.bank = Bank {
            holder: fields.check("bank.holder", bank.holder.checked()),
            iban: fields.check("bank.iban", bank.iban.checked()).replace(' ', ""),
            bic: fields.check("bank.bic", bank.bic.checked()),
            name: fields.check("bank.name", bank.name.checked()),
        };
    }
    if let Some(footer) = &body.footer {
        d.footer = fields.check("footer", footer.checked());
    }
    if let Some(terms) = &body.terms {
        d.terms = fields.check("terms", terms.checked());
    }
    if let Some(accent) = &body.accent {
        d.accent = fields.check("accent", accent.checked());
        let is_colour =
            d.accent.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        fields.ensure(d.accent.is_empty() || is_colour, "accent", text!("must be a colour such as #1f5c4d"));
    }
    if let Some(words) = &body.words {
        let own = own_words(words, &mut fields);
        if own.is_empty() {
            d.words.remove(&words.language)
        } else {
            d.words.insert(words.language, own)
        };
    }
    d.language = body.language.unwrap_or(d.language);
    if let Some(limit) = &body.simplified_limit {
        after.simplified_limit = fields.check("simplified_limit", limit.checked(&property.currency));
    }
    after.due_days = body.due_days.map_or(after.due_days, |days| days.0);
    fields.finish()?;
    setup::put(tx, &after)?;
    let (was, is) = (view(tx, before)?, view(tx, setup::find(tx)?)?);
    audit::record(tx, "change", "invoice_setup", 1, &was, &is)?;
    Ok(is)
}

/// How documents of a kind are numbered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SeriesView {
    id: SeriesId,
    kind: Kind,
    name: String,
    /// Before the number; `{year}` and `{yy}` are the year.
    prefix: String,
    /// How many digits a number has at least.
    digits: i64,
    /// Begins with 1 again each year.
    is_yearly: bool,
    is_active: bool,
    /// The last number that was given.
    last_number: Option<String>,
    version: i64,
}

impl From<Series> for SeriesView {
    fn from(s: Series) -> Self {
        SeriesView {
            id: s.id,
            kind: s.kind,
            name: s.name,
            prefix: s.prefix,
            digits: s.digits,
            is_yearly: s.is_yearly,
            is_active: s.is_active,
            last_number: s.last_number,
            version: s.version,
        }
    }
}

fn list_series(conn: &Conn, _: NoParams) -> Result<Items<SeriesView>> {
    Ok(Items { items: series::all(conn)?.into_iter().map(SeriesView::from).collect() })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesRequest {
    kind: Kind,
    name: SeriesName,
    prefix: Prefix,
    /// 5 when left out.
    digits: Option<Digits>,
    /// true when left out.
    is_yearly: Option<bool>,
}

fn create_series(tx: &Tx, _: NoParams, body: SeriesRequest) -> Result<SeriesView> {
    let mut fields = Fields::default();
    let new = NewSeries {
        kind: body.kind,
        name: fields.check("name", body.name.checked()),
        prefix: fields.check("prefix", body.prefix.checked()),
        digits: body.digits.map_or(5, |digits| fields.check("digits", digits.checked())),
        is_yearly: body.is_yearly.unwrap_or(true),
        is_active: true,
    };
    fields.finish()?;
    series::create(tx, &new).map(SeriesView::from)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BySeries {
    id: SeriesId,
}

/// What of a series changes; fields left out stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesChange {
    name: Option<SeriesName>,
    prefix: Option<Prefix>,
    digits: Option<Digits>,
    is_yearly: Option<bool>,
    is_active: Option<bool>,
    version: Option<Version>,
}

fn change_series(tx: &Tx, at: BySeries, body: SeriesChange) -> Result<SeriesView> {
    let before = series::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let mut fields = Fields::default();
    let after = NewSeries {
        kind: before.kind,
        name: body.name.map_or_else(|| before.name.clone(), |name| fields.check("name", name.checked())),
        prefix: body.prefix.map_or_else(|| before.prefix.clone(), |prefix| fields.check("prefix", prefix.checked())),
        digits: body.digits.map_or(before.digits, |digits| fields.check("digits", digits.checked())),
        is_yearly: body.is_yearly.unwrap_or(before.is_yearly),
        is_active: body.is_active.unwrap_or(before.is_active),
    };
    fields.finish()?;
    series::save(tx, &before, &after).map(SeriesView::from)
}

/// A picture, PNG or JPEG, of 150,000 bytes at most, in base64; `null` takes it away. What was issued keeps its own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogoRequest {
    picture: Option<Line<200_000>>,
}

fn set_logo(tx: &Tx, _: NoParams, body: LogoRequest) -> Result<SetupView> {
    let wrong = || Error::invalid("picture", text!("must be a PNG or JPEG picture in base64"));
    let before = view(tx, setup::find(tx)?)?;
    match body.picture {
        None => setup::set_logo(tx, None)?,
        Some(typed) => {
            let typed = typed.checked().map_err(|message| Error::invalid("picture", message))?;
            let bytes = from_base64(&typed).ok_or_else(wrong)?;
            let kind = PictureKind::of(&bytes).ok_or_else(wrong)?;
            setup::set_logo(tx, Some((&hash_bytes(&bytes), kind.media_type(), &bytes)))?;
        }
    }
    let after = view(tx, setup::find(tx)?)?;
    audit::record(tx, "change", "invoice_setup", 1, &before, &after)?;
    Ok(after)
}

/// The bytes of base64 (RFC 4648) with its padding; `None` for anything else.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (letters, mut out) = (text.as_bytes(), Vec::with_capacity(text.len() / 4 * 3));
    if letters.len() % 4 != 0 {
        return None;
    }
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | u32::from(value(letter)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    (text.len() - text.trim_end_matches('=').len() <= 2).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_it_is_written_and_nothing_else() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("Zg==", b"f"),
            ("Zm8=", b"fo"),
            ("Zm9v", b"foo"),
            ("Zm9vYmE=", b"fooba"),
            ("+/+/", &[251, 255, 191]),
        ] {
            assert_eq!(from_base64(text).as_deref(), Some(bytes), "{text}");
        }
        for wrong in ["Z", "Zg=", "Zg", "Z===", "Z g=", "Zm9v\n", "Zm=v"] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
