//! What is chosen for a document before it is issued, and the document that it makes.

use serde::{Deserialize, Serialize};

use super::language::{PaperLanguage, Words};
use super::lines::{self, Piece, Standing, Writing, blank};
use super::money;
use super::setup::{self, Setup};
use super::snapshot::{Kind, Line, Look, Party, Reference, Snapshot, StayOf, Texts};
use super::{Invoice, parties, store};
use crate::db::Conn;
use crate::domain::date::Date;
use crate::domain::id::ReservationId;
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::folio::owner::{self, Folio};
use crate::hotel::reservations::{self, NightKind, Reservation};
use crate::hotel::settings::{self, Property};
use crate::hotel::taxes::{self, Kind as TaxKind, Levied};
use crate::hotel::{companies, folio, reservations::taxed};

/// What somebody chose; what is `None` follows from the bill and the settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub language: Option<PaperLanguage>,
    pub buyer: Option<Party>,
    /// The charges on it; all that are on no document yet when nobody chose.
    pub charge_ids: Option<Vec<i64>>,
    /// Of a deposit invoice, in minor units: what was paid and not invoiced when nobody chose.
    pub amount: Option<i64>,
    pub is_simplified: Option<bool>,
    pub due_on: Option<Date>,
    pub note: String,
}

/// A document as it would be issued now, with the postings that it would stand for.
#[derive(Debug)]
pub struct Built {
    pub snapshot: Snapshot,
    pub postings: Vec<i64>,
    /// Charges that were chosen stand on another document by now or on the bill no more, or less is held.
    pub has_lost_lines: bool,
}

/// Everything that a document is made of.
pub(super) struct Maker<'a> {
    pub conn: &'a Conn<'a>,
    pub property: Property,
    pub setup: Setup,
    pub levied: Option<Levied>,
    pub folio: Folio,
    pub stay: Option<Reservation>,
    pub words: Words,
    pub choices: &'a Choices,
}

impl<'a> Maker<'a> {
    pub fn new(conn: &'a Conn<'a>, invoice: &Invoice, choices: &'a Choices) -> Result<Maker<'a>> {
        let (property, setup, folio) = (settings::property(conn)?, setup::find(conn)?, owner::find(conn, invoice.folio_id)?);
        let stay = folio.reservation_id.map(|id| reservations::find(conn, id)).transpose()?;
        let language = choices.language.unwrap_or_else(|| setup.language(&property));
        let words = setup.definition.words(language);
        Ok(Maker { conn, levied: taxes::levied(conn)?, property, setup, folio, stay, words, choices })
    }

    pub fn writing(&self) -> Writing<'_> {
        Writing {
            words: &self.words,
            currency: &self.property.currency,
            levied: self.levied.as_ref(),
            has_tax_number: !self.setup.definition.seller.tax_number.is_empty(),
        }
    }

    /// A document with its parties and without any line.
    pub fn empty(&self, invoice: &Invoice) -> Result<Snapshot> {
        let definition = &self.setup.definition;
        let buyer = match &self.choices.buyer {
            Some(typed) => typed.clone(),
            None => parties::buyer(self.conn, &self.folio, self.stay.as_ref())?,
        };
        Ok(Snapshot {
            kind: invoice.kind,
            is_simplified: false,
            number: None,
            series: String::new(),
            issued_on: self.property.business_date,
            issued_at: None,
            issued_by: String::new(),
            due_on: None,
            currency: self.property.currency.code.clone(),
            exponent: self.property.currency.exponent,
            language: self.words.language,
            locale: self.property.locale.clone(),
            seller: parties::seller(&definition.seller, &self.property),
            bank: definition.bank.clone(),
            buyer,
            stay: self.stay.as_ref().map(stay_of),
            lines: Vec::new(),
            taxes: Vec::new(),
            services: Vec::new(),
            net: Money::ZERO,
            tax: Money::ZERO,
            gross: Money::ZERO,
            rounding: Money::ZERO,
            prepaid: Money::ZERO,
            payable: Money::ZERO,
            payments: Vec::new(),
            deposits: Vec::new(),
            refers_to: self.reference(invoice)?,
            texts: Texts { note: self.choices.note.clone(), footer: definition.footer.clone(), ..Texts::default() },
            look: Look { logo: self.setup.logo.clone().unwrap_or_default(), colour: definition.accent.clone() },
        })
    }

    fn reference(&self, invoice: &Invoice) -> Result<Option<Reference>> {
        let Some(id) = invoice.refers_to_id else { return Ok(None) };
        let other = super::find(self.conn, id)?;
        let (Some(number), Some(issued_on)) = (other.number, other.issued_on) else { return Ok(None) };
        Ok(Some(Reference { id: id.0, number, issued_on, reason: invoice.reason.clone() }))
    }

    /// Adds words and terms to a document whose figures stand.
    pub fn finish(&self, snapshot: &mut Snapshot) -> Result<()> {
        let is_on_account = snapshot.buyer.is_company && snapshot.payable > Money::ZERO;
        let days = if is_on_account { self.terms(snapshot)? } else { 0 };
        let issued = snapshot.issued_on;
        snapshot.due_on = match snapshot.kind {
            Kind::Invoice => self.choices.due_on.or_else(|| issued.plus(days)).map(|due| due.max(issued)),
            Kind::CreditNote | Kind::DepositInvoice | Kind::ProForma => None,
        };
        snapshot.is_simplified = snapshot.kind == Kind::Invoice && self.is_simplified(snapshot);
        super::words::write(snapshot, &self.setup.definition);
        Ok(())
    }

    /// How many days a company has: by its own terms, as its account counts them; else by the settings.
    fn terms(&self, snapshot: &Snapshot) -> Result<i64> {
        let Some(id) = self.folio.payer_company_id.or(self.folio.company_id) else { return Ok(self.setup.due_days) };
        let company = companies::find(self.conn, id)?;
        Ok(if company.name == snapshot.buyer.name {
            company.terms_days.unwrap_or(self.setup.due_days)
        } else {
            self.setup.due_days
        })
    }

    fn is_simplified(&self, snapshot: &Snapshot) -> bool {
        let limit = self.setup.simplified_limit;
        let may_be = limit > Money::ZERO && snapshot.gross <= limit && !snapshot.gross.is_negative();
        let is_known = snapshot.buyer.is_company || !snapshot.buyer.tax_number.is_empty();
        may_be && self.choices.is_simplified.unwrap_or(!is_known)
    }
}

fn stay_of(stay: &Reservation) -> StayOf {
    StayOf {
        confirmation_number: stay.confirmation_number.clone(),
        guest_name: stay.guest_name.clone(),
        room: stay.room_number.clone().unwrap_or_default(),
        arrival: stay.check_in_date,
        departure: stay.check_out_date,
    }
}

/// The document that a draft makes now, of what is still there.
pub fn build(conn: &Conn, invoice: &Invoice, choices: &Choices) -> Result<Built> {
    let maker = Maker::new(conn, invoice, choices)?;
    let mut snapshot = maker.empty(invoice)?;
    let postings = match invoice.kind {
        Kind::Invoice => of_charges(&maker, &mut snapshot)?,
        Kind::ProForma => of_everything(&maker, &mut snapshot)?,
        Kind::DepositInvoice => of_deposit(&maker, &mut snapshot)?,
        Kind::CreditNote => return Err(Error::internal("a credit note has no draft")),
    };
    maker.finish(&mut snapshot)?;
    let is_there = |id: &i64| snapshot.lines.iter().any(|line| line.charge_id == Some(*id));
    let has_all = choices.charge_ids.as_ref().is_none_or(|ids| ids.iter().all(is_there));
    let has_amount = choices.amount.is_none_or(|amount| snapshot.gross == Money(amount));
    Ok(Built { has_lost_lines: !(has_all && has_amount), snapshot, postings })
}

/// Charges that are on no document, and what was paid of them.
fn of_charges(maker: &Maker, snapshot: &mut Snapshot) -> Result<Vec<i64>> {
    let standing = lines::standing(maker.conn, maker.folio.id)?;
    let pieces = chosen(maker.choices, &standing);
    let mut postings = add_lines(maker, snapshot, &pieces)?;
    snapshot.add_up();
    let has_all = pieces.len() == standing.pieces.iter().filter(|piece| !piece.is_credit()).count();
    // Nothing comes after it: the stay is over, or all its nights are on the bill.
    let is_over = |stay: &Reservation| {
        !stay.status.is_open() || (stay.status == ReservationStatus::CheckedIn && stay.unposted_amount.is_zero())
    };
    let is_last = has_all && maker.stay.as_ref().is_some_and(is_over);
    take_deposits_off(maker, snapshot, is_last)?;
    postings.extend(pay(maker, snapshot, true)?);
    Ok(postings)
}

/// What of the money on the folio pays this document.
fn pay(maker: &Maker, snapshot: &mut Snapshot, has_rounding: bool) -> Result<Vec<i64>> {
    snapshot.add_up();
    let most = snapshot.payable.max(Money::ZERO);
    let roundings = money::pay(maker.conn, maker.folio.id, snapshot, most, has_rounding)?;
    snapshot.add_up();
    Ok(roundings)
}

fn take_deposits_off(maker: &Maker, snapshot: &mut Snapshot, is_last: bool) -> Result<()> {
    let (deposits, given_back) = money::deposits(maker.conn, maker.folio.id, snapshot.payable, is_last)?;
    snapshot.deposits = deposits;
    snapshot.payments.extend(given_back);
    Ok(())
}

fn chosen<'p>(choices: &Choices, standing: &'p Standing) -> Vec<&'p Piece> {
    let is_chosen = |piece: &&Piece| choices.charge_ids.as_ref().is_none_or(|ids| ids.contains(&piece.root));
    standing.pieces.iter().filter(|piece| !piece.is_credit()).filter(is_chosen).collect()
}

fn add_lines(maker: &Maker, snapshot: &mut Snapshot, pieces: &[&Piece]) -> Result<Vec<i64>> {
    let writing = maker.writing();
    let mut postings = Vec::new();
    for piece in pieces {
        snapshot.lines.extend(writing.lines(maker.conn, piece)?);
        postings.extend(&piece.postings);
    }
    // In the order of their nights; of one night as they were posted.
    snapshot.lines.sort_by_key(|line| line.date);
    Ok(postings)
}

/// What is charged and what is to come: an offer of the bill, which stands for no posting.
fn of_everything(maker: &Maker, snapshot: &mut Snapshot) -> Result<Vec<i64>> {
    let standing = lines::standing(maker.conn, maker.folio.id)?;
    let pieces = chosen(maker.choices, &standing);
    add_lines(maker, snapshot, &pieces)?;
    if let Some(stay) = maker.stay.as_ref().filter(|_| maker.choices.charge_ids.is_none()) {
        add_nights_to_come(maker, stay, snapshot)?;
    }
    snapshot.add_up();
    take_deposits_off(maker, snapshot, false)?;
    pay(maker, snapshot, false)
}

fn add_nights_to_come(maker: &Maker, stay: &Reservation, snapshot: &mut Snapshot) -> Result<()> {
    let (conn, writing) = (maker.conn, maker.writing());
    let nights = folio::nights_to_come(conn, stay, maker.property.business_date)?;
    let rules = folio::routing::of_stay(conn, stay.id)?;
    if !rules.is_empty() || maker.folio.window > 1 {
        // Who pays what of which night is known as a sum.
        let routed = folio::routing::to_come(conn, stay.id, &rules, &nights)?;
        let mine = routed.iter().find(|(owner, _)| *owner == maker.folio.owner()).map(|(_, amount)| *amount);
        let of_others: Money = routed.iter().map(|(_, amount)| *amount).sum();
        let amount = if maker.folio.window == 1 { stay.unposted_amount - of_others } else { mine.unwrap_or_default() };
        if !amount.is_zero() {
            let line = Line { description: maker.words.word("nights_to_come").to_owned(), ..blank(stay.check_in_date, amount) };
            snapshot.lines.extend(writing.taxed(&line, amount, &[]));
        }
        return Ok(());
    }
    let mut books = taxed::books(conn, stay)?;
    for night in nights.iter() {
        let is_day_use = night.kind == NightKind::DayUse;
        let key = if is_day_use { "day_use_on" } else { "night_of" };
        let room = maker.words.say(key, &[("date", &maker.words.language.date(night.night))]);
        let Some(books) = books.as_mut() else {
            let line = Line { description: room, ..blank(night.night, night.rate) };
            snapshot.lines.extend(writing.taxed(&line, night.rate, &[]));
            for extra in night.extras.beside() {
                let line =
                    Line { description: extra.name.clone(), quantity: extra.quantity, ..blank(night.night, extra.price()) };
                snapshot.lines.extend(writing.taxed(&line, extra.price(), &[]));
            }
            continue;
        };
        let reckoned = books.night(night.night, night.rate, &night.extras, is_day_use);
        let names = std::iter::once((room, 1)).chain(night.extras.beside().map(|extra| (extra.name.clone(), extra.quantity)));
        for (sale, (description, quantity)) in reckoned.sales.iter().zip(names) {
            let line = Line { description, quantity, ..blank(night.night, sale.gross) };
            snapshot.lines.extend(writing.taxed(&line, sale.gross, &sale.taxes));
        }
        for levy in &reckoned.levies {
            let name = maker.levied.as_ref().map_or("", |levied| levied.levy_name(levy.levy)).to_owned();
            let line = Line { description: name, is_levy: true, ..blank(night.night, levy.taxed.gross) };
            snapshot.lines.extend(writing.taxed(&line, levy.taxed.gross, &levy.taxed.taxes));
        }
    }
    Ok(())
}

/// Money that was paid ahead, taxed as the room will be.
fn of_deposit(maker: &Maker, snapshot: &mut Snapshot) -> Result<Vec<i64>> {
    let Some(stay) = &maker.stay else {
        return Err(Error::invalid("kind", text!("is for the folio of a stay")));
    };
    let held = money::not_invoiced(maker.conn, maker.folio.id)?;
    let amount = maker.choices.amount.map_or(held, Money).min(held);
    if amount <= Money::ZERO {
        return Ok(Vec::new());
    }
    let date = |date: Date| maker.words.language.date(date);
    let values =
        [("number", stay.confirmation_number.as_str()), ("from", &date(stay.check_in_date)), ("to", &date(stay.check_out_date))];
    let line = Line { description: maker.words.say("deposit_for", &values), ..blank(maker.property.business_date, amount) };
    let taxes = room_taxes(maker, stay, amount)?;
    snapshot.lines = maker.writing().taxed(&line, amount, &taxes);
    pay(maker, snapshot, false)
}

fn room_taxes(maker: &Maker, stay: &Reservation, amount: Money) -> Result<Vec<crate::domain::tax::TaxLine>> {
    let Some(mut books) = taxed::books_without_stay(maker.conn, stay.check_in_date)? else { return Ok(Vec::new()) };
    let group = books.group(TaxKind::Room);
    Ok(books.sale(group, amount, taxes::ROOM, stay.check_in_date, true).taxes)
}

/// Whose bill a document of a stay is about, opened where nothing was posted to it yet.
pub fn folio_of(tx: &crate::db::Tx, stay: ReservationId, window: i64) -> Result<Folio> {
    reservations::find(tx, stay)?;
    owner::open(tx, owner::Owner::Stay { id: stay, window })
}

/// Keeps what was chosen, and what the draft comes to by it.
pub fn keep(tx: &crate::db::Tx, invoice: &Invoice, choices: &Choices) -> Result<Snapshot> {
    let built = build(tx, invoice, choices)?;
    store::update_draft(tx, invoice.id, choices, &built.snapshot)?;
    Ok(built.snapshot)
}
