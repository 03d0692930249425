//! What invoices say of the hotel: who sells, where it is paid to, the words at the foot, the picture at the head.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::{OwnWords, PaperLanguage, Words};
use super::snapshot::{Bank, Party};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::money::Money;
use crate::error::{Error, Result};
use crate::hotel::settings::Property;

statements! {
    FIND = "invoices.setup": "SELECT s.definition, s.simplified_limit, s.due_days, p.hash, s.version
        FROM invoice_setup AS s LEFT JOIN picture AS p ON p.id = s.logo_id WHERE s.id = 1";
    PUT = "invoices.put_setup": "INSERT INTO invoice_setup (id, definition, simplified_limit, due_days) VALUES (1, ?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, simplified_limit = excluded.simplified_limit,
            due_days = excluded.due_days, version = version + 1";
    SET_LOGO = "invoices.set_logo": "INSERT INTO invoice_setup (id, definition, logo_id) VALUES (1, '{}', (SELECT id FROM picture WHERE hash = ?1))
        ON CONFLICT (id) DO UPDATE SET logo_id = excluded.logo_id, version = version + 1";
    ADD_PICTURE = "invoices.add_picture": "INSERT INTO picture (hash, media_type, data) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING";
    PICTURE = "invoices.picture": "SELECT media_type, data FROM picture WHERE hash = ?1";
}

/// What is stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Definition {
    pub seller: Party,
    pub bank: Bank,
    /// At the foot of every document.
    pub footer: String,
    /// After when it is to be paid: how, and what is asked for paying late.
    pub terms: String,
    /// Of lines and headings, such as `#1f5c4d`; empty = the program's own.
    pub accent: String,
    /// Of documents for which nobody chose one.
    pub language: Option<PaperLanguage>,
    /// What documents say otherwise than the program does, by language and key.
    pub words: BTreeMap<PaperLanguage, OwnWords>,
}

impl Definition {
    /// The words of documents in a language.
    pub fn words(&self, language: PaperLanguage) -> Words {
        Words::new(language, self.words.get(&language))
    }
}

/// The hotel's settings for invoices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    pub definition: Definition,
    /// Up to so much a simplified invoice will do; zero = never.
    pub simplified_limit: Money,
    pub due_days: i64,
    /// SHA-256 of the picture.
    pub logo: Option<String>,
    /// 0 as long as nothing was said.
    pub version: i64,
}

/// Within how many days a company pays when nothing else was said.
const DUE_DAYS: i64 = 30;
/// The longest that it may have.
pub const MAX_DUE_DAYS: i64 = 365;

impl Setup {
    pub fn language(&self, property: &Property) -> PaperLanguage {
        let own = self.definition.language.or_else(|| PaperLanguage::of_locale(&property.locale));
        own.unwrap_or(PaperLanguage::English)
    }
}

pub fn find(conn: &Conn) -> Result<Setup> {
    let row = conn.one(&FIND, [], |row| {
        let definition: String = row.get(0)?;
        Ok((definition, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    let Some((definition, simplified_limit, due_days, logo, version)) = row else {
        return Ok(Setup { due_days: DUE_DAYS, ..Setup::default() });
    };
    let definition = serde_json::from_str(&definition).map_err(Error::internal)?;
    Ok(Setup { definition, simplified_limit, due_days, logo, version })
}

pub fn put(tx: &Tx, setup: &Setup) -> Result<()> {
    let definition = serde_json::to_string(&setup.definition).map_err(Error::internal)?;
    tx.run(&PUT, (definition, setup.simplified_limit, setup.due_days)).map(|_| ())
}

/// Keeps a picture, and has documents show it from now on; `None` = they show none.
pub fn set_logo(tx: &Tx, picture: Option<(&str, &str, &[u8])>) -> Result<()> {
    if let Some((hash, media_type, data)) = picture {
        tx.run(&ADD_PICTURE, (hash, media_type, data))?;
    }
    tx.run(&SET_LOGO, [picture.map(|(hash, _, _)| hash)]).map(|_| ())
}

/// A picture that documents show, with its media type.
pub fn picture(conn: &Conn, hash: &str) -> Result<Option<(String, Vec<u8>)>> {
    conn.one(&PICTURE, [hash], |row| Ok((row.get(0)?, row.get(1)?)))
}
