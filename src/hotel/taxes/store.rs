//! Statements of what is levied, and of the taxes of postings.

use serde::de::DeserializeOwned;

use super::Stay;
use super::setup::TaxSetup;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Sql, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ChargeId, FolioId, LevyId, ReservationId, TaxGroupId, TaxId, Version};
use crate::domain::money::Money;
use crate::domain::tax::{Chain, LevyLine, ShareOf, TaxLine};
use crate::error::{Error, Result};

statements! {
    SETUP = "taxes.setup": "SELECT definition FROM tax_setup WHERE id = 1";
    VERSION = "taxes.version": "SELECT version FROM tax_setup WHERE id = 1";
    GROUPS = "taxes.groups": "SELECT definition FROM tax_group ORDER BY position", scans "a hotel has a handful";
    TAXES = "taxes.taxes": "SELECT definition FROM tax ORDER BY position", scans "a hotel has a handful";
    LEVIES = "taxes.levies": "SELECT definition FROM levy ORDER BY position", scans "a hotel has a handful";
    PUT_SETUP = "taxes.put_setup": "INSERT INTO tax_setup (id, definition) VALUES (1, ?1)
        ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, version = version + 1";
    PUT_GROUP = "taxes.put_group": "INSERT INTO tax_group (id, position, definition) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, definition = excluded.definition";
    PUT_TAX = "taxes.put_tax": "INSERT INTO tax (id, position, name, definition) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, definition = excluded.definition";
    PUT_LEVY = "taxes.put_levy": "INSERT INTO levy (id, position, name, definition) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, definition = excluded.definition";
    REMOVE_GROUP = "taxes.remove_group": "DELETE FROM tax_group WHERE id = ?1";
    REMOVE_TAX = "taxes.remove_tax": "DELETE FROM tax WHERE id = ?1";
    REMOVE_LEVY = "taxes.remove_levy": "DELETE FROM levy WHERE id = ?1";
    HAS_LEVIES = "taxes.has_levies": "SELECT 1 FROM levy LIMIT 1", scans "one row is enough";
    KNOWS_GROUP = "taxes.knows_group": "SELECT 1 FROM tax_group WHERE id = ?1";
    TAX_IS_POSTED = "taxes.tax_is_posted": "SELECT 1 FROM posting_tax WHERE tax_id = ?1 LIMIT 1";
    LEVY_IS_POSTED = "taxes.levy_is_posted": "SELECT 1 FROM posting WHERE levy_id = ?1 LIMIT 1";
    POSTED_TAXES = "taxes.posted": "SELECT t.line, t.tax_id, t.is_service, t.rate, t.divisor, sum(t.base), sum(t.amount), 0
        FROM posting AS p CROSS JOIN posting_tax AS t ON t.posting_id = p.id
        WHERE p.reservation_id = ?1
        GROUP BY t.line, t.tax_id, t.is_service, t.rate, t.divisor";
    POSTED_SHARES = "taxes.posted_shares": "SELECT p.levy_id, s.rate, s.is_included, s.service_rate, s.tax_rate, sum(s.price)
        FROM posting AS p CROSS JOIN posting_share AS s ON s.posting_id = p.id
        WHERE p.reservation_id = ?1
        GROUP BY p.levy_id, s.rate, s.is_included, s.service_rate, s.tax_rate";
    // What a levy took, as it is counted; a posting has shares of one rate.
    TAKEN = "taxes.taken": "SELECT coalesce(sum(p.amount - p.added_amount), 0)
        FROM posting AS p
        WHERE p.reservation_id = ?1 AND p.levy_id = ?2
            AND EXISTS (SELECT 1 FROM posting_share AS s WHERE s.posting_id = p.id AND s.rate = ?3)";
    PEOPLE = "taxes.people" selects Known "FROM stay_guest WHERE reservation_id = ?1 ORDER BY position LIMIT 1000";
    NIGHTS_BEFORE = "taxes.nights_before": "SELECT count(*)
        FROM reservation AS r CROSS JOIN reservation_night AS n ON n.reservation_id = r.id
        WHERE r.guest_id = ?1 AND r.id <> ?2 AND n.kind = 'night' AND n.is_held = 1 AND n.night >= ?3 AND n.night < ?4";
    INSERT_TAX = "taxes.insert": "INSERT INTO posting_tax (posting_id, tax_id, is_service, rate, divisor, line, base, amount, part)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    INSERT_SHARE = "taxes.insert_share": "INSERT INTO posting_share (posting_id, rate, price, is_included, service_rate, tax_rate)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    // What the allowances that stand on it have left of a line, and of its taxes.
    LEFT = "taxes.left": "SELECT (SELECT o.amount FROM posting AS o WHERE o.id = ?1) + coalesce(sum(p.amount), 0)
        FROM posting AS p
        WHERE p.reverses_id = ?1 AND p.entry = 'post'
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND v.entry = 'void')";
    // What of the taxes of a line stands on a folio, with the allowances there and what was moved.
    TAXES_ON = "taxes.taxes_on": "SELECT t.line, t.tax_id, t.is_service, t.rate, t.divisor, sum(t.base), sum(t.amount), t.part
        FROM posting AS p CROSS JOIN posting_tax AS t ON t.posting_id = p.id
        WHERE p.id IN (SELECT ?1 UNION ALL SELECT id FROM posting WHERE reverses_id = ?1 UNION ALL SELECT id FROM posting WHERE moves_id = ?1)
            AND p.folio_id = ?2
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND p.id <> ?1 AND v.entry = 'void')
        GROUP BY t.line, t.tax_id, t.is_service, t.rate, t.divisor, t.part
        ORDER BY min(t.id)", scans "the list of its own rows, each found by its key";
    MIRROR_TAXES = "taxes.mirror": "INSERT INTO posting_tax (posting_id, tax_id, is_service, rate, divisor, line, base, amount, part)
        SELECT ?1, tax_id, is_service, rate, divisor, line, -base, -amount, part FROM posting_tax WHERE posting_id = ?2";
    MIRROR_SHARES = "taxes.mirror_shares": "INSERT INTO posting_share (posting_id, rate, price, is_included, service_rate, tax_rate)
        SELECT ?1, rate, -price, is_included, service_rate, tax_rate FROM posting_share WHERE posting_id = ?2";
}

record! {
    /// Somebody who is written down as staying.
    pub struct Known {
        pub birth_date: Option<Date>,
        pub residence: String,
        pub is_child: bool = "relation IS 'child'",
        pub is_exempt: bool = "levy_exemption <> ''",
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("a tax is stored as nobody can read it: {e}")))
}

/// What is levied; `None` as long as nobody has said.
pub fn setup(conn: &Conn) -> Result<Option<TaxSetup>> {
    let text = |row: &rusqlite::Row| row.get::<_, String>(0);
    let Some(definition) = conn.one(&SETUP, [], text)? else { return Ok(None) };
    let mut setup: TaxSetup = read(&definition)?;
    setup.groups = conn.all(&GROUPS, [], text)?.iter().map(|text| read(text)).collect::<Result<_>>()?;
    setup.taxes = conn.all(&TAXES, [], text)?.iter().map(|text| read(text)).collect::<Result<_>>()?;
    setup.levies = conn.all(&LEVIES, [], text)?.iter().map(|text| read(text)).collect::<Result<_>>()?;
    Ok(Some(setup))
}

pub fn version(conn: &Conn) -> Result<Option<Version>> {
    conn.one(&VERSION, [], |row| row.get(0))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::internal(e.to_string()))
}

/// Writes the whole description; what is in it no more must not be on a bill.
pub fn put(tx: &Tx, before: Option<&TaxSetup>, after: &TaxSetup) -> Result<()> {
    let bare = TaxSetup { groups: Vec::new(), taxes: Vec::new(), levies: Vec::new(), ..after.clone() };
    tx.run(&PUT_SETUP, [json(&bare)?])?;
    for (at, group) in after.groups.iter().enumerate() {
        tx.run(&PUT_GROUP, (group.id, at as i64, json(group)?))?;
    }
    for (at, tax) in after.taxes.iter().enumerate() {
        tx.run(&PUT_TAX, (tax.id, at as i64, &tax.name, json(tax)?))?;
    }
    for (at, levy) in after.levies.iter().enumerate() {
        tx.run(&PUT_LEVY, (levy.id, at as i64, &levy.name, json(levy)?))?;
    }
    let Some(before) = before else { return Ok(()) };
    let remove = |gone: &Sql, id: i64| tx.run(gone, [id]).map(|_| ());
    before
        .groups
        .iter()
        .filter(|g| !after.groups.iter().any(|a| a.id == g.id))
        .try_for_each(|g| remove(&REMOVE_GROUP, g.id.0))?;
    before.taxes.iter().filter(|t| !after.taxes.iter().any(|a| a.id == t.id)).try_for_each(|t| remove(&REMOVE_TAX, t.id.0))?;
    before.levies.iter().filter(|l| !after.levies.iter().any(|a| a.id == l.id)).try_for_each(|l| remove(&REMOVE_LEVY, l.id.0))
}

pub fn has_levies(conn: &Conn) -> Result<bool> {
    conn.exists(&HAS_LEVIES, [])
}

pub fn knows_group(conn: &Conn, group: TaxGroupId) -> Result<bool> {
    conn.exists(&KNOWS_GROUP, [group])
}

pub fn is_tax_posted(conn: &Conn, tax: TaxId) -> Result<bool> {
    conn.exists(&TAX_IS_POSTED, [tax])
}

pub fn is_levy_posted(conn: &Conn, levy: LevyId) -> Result<bool> {
    conn.exists(&LEVY_IS_POSTED, [levy])
}

/// The taxes on a stay's bill, summed by what is rounded together, with their lines.
pub fn posted_taxes(conn: &Conn, stay: ReservationId) -> Result<Vec<(i64, TaxLine)>> {
    conn.all(&POSTED_TAXES, [stay], tax_line)
}

/// What allowances have left of a posting.
pub fn left(conn: &Conn, posting: ChargeId) -> Result<Money> {
    conn.scalar(&LEFT, [posting])
}

/// What of the taxes of a posting stands on a folio, with their lines.
pub fn taxes_on(conn: &Conn, posting: i64, folio: FolioId) -> Result<Vec<(i64, TaxLine)>> {
    conn.all(&TAXES_ON, (posting, folio), tax_line)
}

fn tax_line(row: &rusqlite::Row) -> rusqlite::Result<(i64, TaxLine)> {
    let tax = TaxLine {
        tax: row.get(1)?,
        is_service: row.get(2)?,
        rate: row.get(3)?,
        divisor: row.get(4)?,
        base: row.get(5)?,
        amount: row.get(6)?,
        part: row.get(7)?,
    };
    Ok((row.get(0)?, tax))
}

/// The prices that levies took a share of, and what each took at its rate.
pub fn posted_shares(conn: &Conn, stay: ReservationId) -> Result<Vec<(LevyId, Vec<ShareOf>, Money)>> {
    let rows: Vec<(LevyId, ShareOf)> = conn.all(&POSTED_SHARES, [stay], |row| {
        let chain = Chain { is_included: row.get(2)?, service: row.get(3)?, tax: row.get(4)? };
        Ok((row.get(0)?, ShareOf { rate: row.get(1)?, price: row.get(5)?, chain }))
    })?;
    let mut out: Vec<(LevyId, Vec<ShareOf>, Money)> = Vec::new();
    for (levy, share) in rows {
        match out.iter_mut().find(|(known, shares, _)| *known == levy && shares[0].rate == share.rate) {
            Some((_, shares, _)) => shares.push(share),
            None => out.push((levy, vec![share], conn.scalar(&TAKEN, (stay, levy, share.rate))?)),
        }
    }
    Ok(out)
}

pub fn people(conn: &Conn, stay: ReservationId) -> Result<Vec<Known>> {
    conn.all(&PEOPLE, [stay], Known::from_row)
}

/// Nights that the guest has spent here in the calendar year before the arrival, in other stays.
pub fn nights_before(conn: &Conn, stay: &Stay) -> Result<u32> {
    let new_year = Date::new(stay.arrival.year(), 1, 1).unwrap_or(stay.arrival);
    conn.scalar(&NIGHTS_BEFORE, (stay.guest_id, stay.id, new_year, stay.arrival))
}

pub fn insert_tax(tx: &Tx, posting: i64, line: i64, t: &TaxLine) -> Result<()> {
    tx.run(&INSERT_TAX, (posting, t.tax, t.is_service, t.rate, t.divisor, line, t.base, t.amount, t.part)).map(|_| ())
}

/// Writes the prices that a levy took a share of.
pub fn insert_shares(tx: &Tx, posting: i64, levy: &LevyLine) -> Result<()> {
    levy.shares.iter().try_for_each(|s| {
        let row = (posting, s.rate, s.price, s.chain.is_included, s.chain.service, s.chain.tax);
        tx.run(&INSERT_SHARE, row).map(|_| ())
    })
}

pub fn mirror(tx: &Tx, posting: i64, of: i64) -> Result<()> {
    tx.run(&MIRROR_TAXES, (posting, of))?;
    tx.run(&MIRROR_SHARES, (posting, of)).map(|_| ())
}
