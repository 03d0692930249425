//! What stands on a folio and on no document yet, as the lines of one.
//!
//! A charge, what of it was moved here or away, and what was taken off it make one line or two; each posting stands
//! on one document that counts. What cash was rounded by is no line: it goes with its
//! payment (`money.rs`).

use super::language::Words;
use super::snapshot::{Category, Line, Tax};
use crate::db::Conn;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{ChargeId, FolioId, InvoiceId};
use crate::domain::money::{Currency, Money};
use crate::domain::status::{ChargeKind, Entry};
use crate::domain::tax::TaxLine;
use crate::error::{Error, Result};
use crate::hotel::folio::{self, Charge};
use crate::hotel::taxes::Levied;

statements! {
    ROWS = "invoices.rows" selects Row "FROM posting AS p
        WHERE p.folio_id = ?1 AND p.method IS NULL AND p.article_id <> 10 AND p.entry <> 'void' AND p.ledger <> 'deposit' AND p.ledger <> 'security'
            AND (p.entry <> 'transfer' OR EXISTS (SELECT 1 FROM posting AS m WHERE m.id = p.moves_id AND m.method IS NULL))
            AND NOT EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = p.id AND v.entry = 'void')
            AND NOT EXISTS (SELECT 1 FROM invoice_posting AS i WHERE i.posting_id = p.id AND i.is_live = 1)
        ORDER BY p.id
        LIMIT 10000";
    TAXES = "invoices.taxes": "SELECT t.tax_id, t.is_service, t.rate, t.divisor, sum(t.base), sum(t.amount), t.part
        FROM json_each(?1) AS row CROSS JOIN posting_tax AS t ON t.posting_id = row.value
        GROUP BY t.tax_id, t.is_service, t.rate, t.divisor, t.part
        ORDER BY min(t.id)", scans "the list of its own rows, each found by its key";
}

record! {
    /// A posting that is on no document.
    #[derive(Debug, Clone, Copy)]
    pub struct Row {
        pub id: i64 = "p.id",
        /// The charge that it belongs to.
        pub root: i64 = "coalesce(p.moves_id, p.reverses_id, p.id)",
        pub entry: Entry = "p.entry",
        pub amount: Money = "p.amount",
        /// The document that has the charge on it.
        pub invoiced_by: Option<InvoiceId> = "(SELECT i.invoice_id
            FROM posting AS q CROSS JOIN invoice_posting AS i ON i.posting_id = q.id AND i.is_live = 1
            WHERE +q.folio_id = p.folio_id AND q.id IN (SELECT coalesce(p.moves_id, p.reverses_id, p.id)
                UNION ALL SELECT id FROM posting WHERE moves_id = coalesce(p.moves_id, p.reverses_id, p.id)
                UNION ALL SELECT id FROM posting WHERE reverses_id = coalesce(p.moves_id, p.reverses_id, p.id))
            LIMIT 1)",
    }
}

/// Postings that make one line.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The charge whose words it has; of an allowance that stands for itself, the allowance.
    pub says: i64,
    /// The charge that it belongs to.
    pub root: i64,
    pub postings: Vec<i64>,
    pub amount: Money,
    /// The document that has the charge on it: what takes off goes on a credit note for that.
    pub invoiced_by: Option<InvoiceId>,
}

/// What is on no document, by the charges.
#[derive(Debug, Default)]
pub struct Standing {
    pub pieces: Vec<Piece>,
}

/// Everything on a folio that is on no document.
pub fn standing(conn: &Conn, folio: FolioId) -> Result<Standing> {
    let rows = conn.all(&ROWS, [folio], Row::from_row)?;
    let mut out = Standing::default();
    for row in &rows {
        let is_own = row.entry == Entry::Post
            && row.root != row.id
            && !rows.iter().any(|r| r.root == row.root && r.entry == Entry::Transfer);
        let says = if is_own { row.id } else { row.root };
        match out.pieces.iter_mut().find(|piece| piece.says == says && piece.root == row.root) {
            Some(piece) => {
                piece.postings.push(row.id);
                piece.amount = piece.amount + row.amount;
            }
            None => out.pieces.push(Piece {
                says,
                root: row.root,
                postings: vec![row.id],
                amount: row.amount,
                invoiced_by: row.invoiced_by,
            }),
        }
    }
    out.pieces.retain(|piece| !piece.amount.is_zero());
    Ok(out)
}

impl Piece {
    /// Whether it takes something off a line that is on a document.
    pub fn is_credit(&self) -> bool {
        self.invoiced_by.is_some() && self.amount.is_negative()
    }
}

/// A line of an amount, of which nothing else is known yet.
pub fn blank(date: Date, gross: Money) -> Line {
    Line {
        charge_id: None,
        posting_ids: Vec::new(),
        date,
        description: String::new(),
        quantity: 1,
        unit_amount: gross,
        net: gross,
        tax: Money::ZERO,
        gross,
        category: Category::Exempt,
        rate: 0,
        taxes: Vec::new(),
        services: Vec::new(),
        is_levy: false,
        credits: None,
    }
}

/// How lines are written.
pub struct Writing<'a> {
    pub words: &'a Words,
    pub currency: &'a Currency,
    pub levied: Option<&'a Levied>,
    /// Whether the seller has a tax number: without one nothing is exempt, all is out of scope.
    pub has_tax_number: bool,
}

impl Writing<'_> {
    /// The lines of a piece: one, or one for each part of a price that is taxed in several ways.
    pub fn lines(&self, conn: &Conn, piece: &Piece) -> Result<Vec<Line>> {
        let charge = folio::find(conn, ChargeId(piece.says))?;
        let ids = serde_json::to_string(&piece.postings).map_err(Error::internal)?;
        let taxes: Vec<TaxLine> = conn.all(&TAXES, [ids], |row| {
            Ok(TaxLine {
                tax: row.get(0)?,
                is_service: row.get(1)?,
                rate: row.get(2)?,
                divisor: row.get(3)?,
                base: row.get(4)?,
                amount: row.get(5)?,
                part: row.get(6)?,
            })
        })?;
        let line = Line {
            charge_id: Some(piece.root),
            posting_ids: piece.postings.clone(),
            description: self.description(&charge),
            quantity: charge.quantity,
            is_levy: charge.kind == ChargeKind::Levy,
            ..blank(charge.night.unwrap_or(charge.business_date), piece.amount)
        };
        Ok(self.taxed(&line, piece.amount, &taxes))
    }

    /// A line with the taxes of its amount; several where parts of it are taxed differently.
    pub fn taxed(&self, line: &Line, gross: Money, taxes: &[TaxLine]) -> Vec<Line> {
        let mut parts: Vec<i64> = taxes.iter().map(|tax| tax.part).collect();
        parts.sort_unstable();
        parts.dedup();
        let mut out: Vec<Line> = Vec::new();
        let mut left = gross;
        for part in parts {
            let of_part: Vec<&TaxLine> = taxes.iter().filter(|tax| tax.part == part).collect();
            let made = self.part(line, &of_part);
            left = left - made.gross;
            match out.iter_mut().find(|known| known.is_taxed_as(&made)) {
                Some(known) => known.add(&made),
                None => out.push(made),
            }
        }
        match out.as_mut_slice() {
            [] => out.push(self.untaxed(line, gross)),
            // A unit that rounding left over is no line.
            [.., last] if left.0.abs() <= 1 => {
                (last.net, last.gross) = (last.net + left, last.gross + left);
                last.taxes.iter_mut().for_each(|tax| tax.base = tax.base + left);
            }
            _ => out.push(self.untaxed(line, left)),
        }
        let several = out.len() > 1;
        for (at, made) in out.iter_mut().enumerate() {
            if several {
                let rate = self.words.language.percent(made.rate);
                made.description = self.words.say("share_at", &[("what", &made.description), ("rate", &rate)]);
            }
            if at > 0 {
                made.posting_ids.clear();
            }
            self.count(made);
        }
        out
    }

    fn part(&self, line: &Line, taxes: &[&TaxLine]) -> Line {
        let own: Vec<&&TaxLine> = taxes.iter().filter(|tax| !tax.is_service).collect();
        let tax: Money = own.iter().map(|tax| tax.amount).sum();
        let size = |tax: &&&&TaxLine| tax.base.0.abs();
        let net = match own.iter().max_by_key(size) {
            Some(first) if first.is_in_price() => first.base - tax,
            Some(first) => first.base,
            // A service charge alone.
            None => {
                let base = taxes.iter().map(|tax| tax.base).max_by_key(|base| base.0.abs()).unwrap_or(Money::ZERO);
                let service: Money = taxes.iter().map(|tax| tax.amount).sum();
                if taxes.iter().any(|tax| tax.is_in_price()) { base } else { base + service }
            }
        };
        if own.is_empty() {
            return Line { services: self.services(taxes, net), ..self.untaxed(line, net) };
        }
        let rate = own.iter().map(|tax| tax.rate).sum();
        let category = if rate == 0 { Category::Zero } else { Category::Standard };
        let named = |tax: &&&TaxLine| Tax {
            name: self.levied.map_or("", |levied| levied.tax_name(tax.tax)).to_owned(),
            category,
            rate: tax.rate,
            base: net,
            amount: tax.amount,
            exemption: String::new(),
            exemption_code: String::new(),
        };
        Line {
            net,
            tax,
            gross: net + tax,
            category,
            rate,
            taxes: own.iter().map(named).collect(),
            services: self.services(taxes, net),
            ..line.clone()
        }
    }

    fn services(&self, taxes: &[&TaxLine], net: Money) -> Vec<Tax> {
        let services = taxes.iter().filter(|tax| tax.is_service);
        let named = |tax: &&TaxLine| Tax {
            name: self.levied.map_or("", |levied| levied.tax_name(tax.tax)).to_owned(),
            category: Category::Standard,
            rate: tax.rate,
            base: net - tax.amount,
            amount: tax.amount,
            exemption: String::new(),
            exemption_code: String::new(),
        };
        services.map(named).collect()
    }

    /// What no tax lies on: what is passed on to others, and what is exempt or out of scope.
    fn untaxed(&self, line: &Line, gross: Money) -> Line {
        let (key, code) = match (line.is_levy, self.has_tax_number) {
            (true, true) => ("exempt_levy", "VATEX-EU-79-C"),
            (false, true) => ("exempt", ""),
            (_, false) => ("out_of_scope", "VATEX-EU-O"),
        };
        let category = if self.has_tax_number { Category::Exempt } else { Category::OutOfScope };
        let tax = Tax {
            name: self.words.word(key).to_owned(),
            category,
            rate: 0,
            base: gross,
            amount: Money::ZERO,
            exemption: self.words.word(key).to_owned(),
            exemption_code: code.to_owned(),
        };
        Line { net: gross, tax: Money::ZERO, gross, category, rate: 0, taxes: vec![tax], ..line.clone() }
    }

    /// So many of so much, where that is exact; else one, with the number in its words.
    fn count(&self, line: &mut Line) {
        if line.quantity > 1 && line.gross.0 % line.quantity == 0 {
            line.unit_amount = Money(line.gross.0 / line.quantity);
            return;
        }
        if line.quantity > 1 {
            let quantity = line.quantity.to_string();
            line.description = self.words.say("many", &[("quantity", &quantity), ("what", &line.description)]);
        }
        (line.quantity, line.unit_amount) = (1, line.gross);
    }

    /// What a charge says in the document's language.
    fn description(&self, charge: &Charge) -> String {
        let of_kind = |kind: ChargeKind| self.words.word(&format!("kind_{}", kind.as_str())).to_owned();
        match (charge.kind, charge.night, charge.reversed_kind) {
            (ChargeKind::Room, Some(night), _) => {
                let key = if charge.is_day_use { "day_use_on" } else { "night_of" };
                self.words.say(key, &[("date", &self.words.language.date(night))])
            }
            (ChargeKind::Allowance, _, Some(of)) if charge.note.is_empty() => {
                self.words.say("allowance_on", &[("what", &of_kind(of))])
            }
            (ChargeKind::Voucher, _, _) => self.words.say("voucher", &[("code", &charge.note)]),
            (ChargeKind::Levy, _, _) => charge.levy_name.clone().unwrap_or_default(),
            (kind, _, _) if charge.note.is_empty() => of_kind(kind),
            _ => charge.note.clone(),
        }
    }
}
