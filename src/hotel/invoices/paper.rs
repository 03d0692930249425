//! A document on paper: blocks made of its snapshot alone, word for word the same at every print.

use std::sync::Arc;

use super::language::PaperLanguage;
use super::setup;
use super::snapshot::{Kind, Party, Snapshot};
use crate::db::Conn;
use crate::domain::bank::{Iban, Transfer};
use crate::domain::money::Money;
use crate::domain::wording::{Language, Text, Value};
use crate::error::Result;
use crate::hotel::documents::blocks::{
    Block, Cell, Code, Colour, Column, Document, Fact, Form, Letterhead, Paper, Picture, PictureKind, Sum, Table,
};

/// The picture that it was issued with.
pub fn logo(conn: &Conn, s: &Snapshot) -> Result<Option<Picture>> {
    let Some((_, bytes)) = setup::picture(conn, &s.look.logo)? else { return Ok(None) };
    let picture = |kind| Picture { kind, bytes: Arc::new(bytes.clone()), description: Text::as_it_is(&s.seller.name) };
    Ok(PictureKind::of(&bytes).map(picture))
}

/// The document as it was issued; a reprint says that it is one.
pub fn document(s: &Snapshot, logo: Option<Picture>, is_copy: bool) -> Document {
    let mark = if s.number.is_none() { s.label("draft") } else { s.label("copy") };
    let title = match is_copy || s.number.is_none() {
        true => format!("{} · {mark}", s.texts.title),
        false => s.texts.title.clone(),
    };
    let mut blocks = vec![Block::Facts(facts(s)), Block::Table(lines(s))];
    if s.taxes.iter().any(|tax| tax.rate != 0) {
        blocks.push(Block::Heading(Text::as_it_is(s.label("taxes"))));
        blocks.push(Block::Table(taxes(s)));
    }
    let sentences = [s.texts.note.as_str(), &s.texts.terms].into_iter().filter(|text| !text.is_empty());
    blocks.extend(sentences.map(|text| Block::Paragraph(Text::as_it_is(text))));
    blocks.extend(s.texts.required.iter().map(|text| Block::Note(Text::as_it_is(text))));
    if s.payable > Money::ZERO && !s.bank.iban.is_empty() {
        blocks.push(Block::Facts(bank(s)));
        blocks.extend(code(s).map(Block::Code));
    }
    if !s.texts.footer.is_empty() {
        blocks.push(Block::Note(Text::as_it_is(&s.texts.footer)));
    }
    Document {
        title: Text::as_it_is(title),
        number: s.number.as_deref().unwrap_or_default().into(),
        language: if s.language == PaperLanguage::Indonesian { Language::Indonesian } else { Language::English },
        tag: Some(s.language.as_str()),
        form: Form::Letter,
        paper: Paper::of_locale(&s.locale),
        hotel: letterhead(s, logo),
        addressee: if s.is_simplified { Vec::new() } else { addressee(s) },
        colour: colour(&s.look.colour),
        made_on: s.issued_on,
        has_print_date: false,
        blocks,
        attachments: Vec::new(),
    }
}

/// The hotel's own, where it is six hexadecimal digits.
fn colour(typed: &str) -> Colour {
    let part = |at: usize| typed.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    match (part(1), part(3), part(5)) {
        (Some(red), Some(green), Some(blue)) => Colour::new(red, green, blue),
        _ => Colour::HOUSE,
    }
}

/// As it stands in the window of an envelope; nobody of whom no address is known gets a letter.
fn addressee(s: &Snapshot) -> Vec<String> {
    let address = address(&s.buyer);
    if address.is_empty() { Vec::new() } else { std::iter::once(s.buyer.name.clone()).chain(address).collect() }
}

fn letterhead(s: &Snapshot, logo: Option<Picture>) -> Letterhead {
    let seller = &s.seller;
    let name = if seller.trade_name.is_empty() { &seller.name } else { &seller.trade_name };
    let mut lines = Vec::new();
    if !seller.trade_name.is_empty() {
        lines.push(seller.name.clone());
    }
    lines.extend(address(seller));
    let label = |key: &str| s.label(key).to_owned();
    let tax_label = s.texts.labels.get("seller_tax_number").cloned().unwrap_or_else(|| label("tax_number"));
    let known = [(tax_label, &seller.tax_number), (label("registration_number"), &seller.registration_number)];
    let numbers = known.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| format!("{label}: {value}"));
    let foot = std::iter::once(seller.name.clone()).chain(numbers).chain([seller.website.clone()]);
    let foot: Vec<String> = foot.filter(|line| !line.is_empty()).collect();
    let bank = [("iban", &s.bank.iban), ("bic", &s.bank.bic)].into_iter().filter(|(_, value)| !value.is_empty());
    let bank = bank.map(|(key, value)| format!("{} {value}", s.label(key)));
    let bank: Vec<String> = std::iter::once(s.bank.name.clone()).chain(bank).filter(|line| !line.is_empty()).collect();
    Letterhead {
        name: name.clone(),
        address: lines.join("\n"),
        phone: seller.phone.clone(),
        email: seller.email.clone(),
        logo,
        foot: [foot, bank].into_iter().filter(|part| !part.is_empty()).map(|part| part.join("\n")).collect(),
    }
}

/// The lines of an address below the name.
fn address(party: &Party) -> Vec<String> {
    let town =
        [party.postal_code.as_str(), &party.city].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let rest = [town, party.region.clone(), party.country.clone()];
    party.street.iter().cloned().chain(rest).filter(|line| !line.is_empty()).collect()
}

fn facts(s: &Snapshot) -> Vec<Fact> {
    let label = |key: &str| Text::as_it_is(s.label(key));
    // In the window of an envelope the address has been said.
    let is_addressed = !s.is_simplified && !addressee(s).is_empty();
    let buyer = Fact::of(label("buyer"), &s.buyer.name).long();
    let mut facts = if is_addressed { Vec::new() } else { vec![buyer] };
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact::of(label(key), value));
        }
    };
    let date = |date| s.language.date(date);
    add("tax_number", s.buyer.tax_number.clone());
    add("registration_number", s.buyer.registration_number.clone());
    add("date", date(s.issued_on));
    add("due", s.due_on.filter(|due| *due > s.issued_on).map(date).unwrap_or_default());
    add("reference", s.buyer.reference.clone());
    if let Some(other) = &s.refers_to {
        let key = if s.kind == Kind::CreditNote { "refers" } else { "replaces" };
        add(key, format!("{} · {}", other.number, date(other.issued_on)));
        add("reason", other.reason.clone());
    }
    if let Some(stay) = &s.stay {
        add("booking", stay.confirmation_number.clone());
        add("guest", if stay.guest_name == s.buyer.name { String::new() } else { stay.guest_name.clone() });
        add("room", stay.room.clone());
        add("arrival", date(stay.arrival));
        add("departure", date(stay.departure));
    }
    facts
}

fn number(s: &Snapshot, money: Money) -> String {
    s.language.number(money, &s.currency())
}

fn lines(s: &Snapshot) -> Table {
    let label = |key: &str| Text::as_it_is(s.label(key));
    let has_taxes = s.lines.iter().any(|line| line.rate != 0);
    let mut columns = vec![Column::tight(label("day")), Column::words(label("description")), Column::numbers(label("quantity"))];
    let has_several = s.lines.iter().any(|line| line.quantity > 1);
    if has_several {
        columns.push(Column::numbers(label("unit")));
    }
    if has_taxes {
        columns.extend([Column::numbers(label("net")), Column::numbers(label("rate"))]);
    }
    columns.push(Column::numbers(label("amount")));
    let row = |line: &super::snapshot::Line| {
        let mut cells = vec![Cell::of(s.language.date(line.date)), Cell::of(&line.description), Cell::of(line.quantity)];
        if has_several {
            cells.push(Cell::of(number(s, line.unit_amount)));
        }
        if has_taxes {
            cells.extend([Cell::of(number(s, line.net)), Cell::of(s.language.percent(line.rate))]);
        }
        cells.push(Cell::of(number(s, line.gross)));
        cells
    };
    Table { columns, rows: s.lines.iter().map(row).collect(), sums: sums(s) }
}

fn sums(s: &Snapshot) -> Vec<Sum> {
    let sum = |label: String, amount: Money| Sum { label: Text::as_it_is(label), amount: Value::Given(number(s, amount)) };
    let mut out = Vec::new();
    if !s.tax.is_zero() {
        out.push(sum(s.label("total_net").to_owned(), s.net));
        let services = s.services.iter().map(|service| {
            let words = format!("{}: {} {}", s.label("service"), service.name, s.language.percent(service.rate));
            sum(words, service.amount)
        });
        out.extend(services);
        let taxes = s.taxes.iter().filter(|tax| tax.rate != 0);
        out.extend(taxes.map(|tax| sum(format!("{} {}", tax.name, s.language.percent(tax.rate)), tax.amount)));
    }
    out.push(Sum { label: Text::as_it_is(s.label("total")), amount: Value::Given(s.language.amount(s.gross, &s.currency())) });
    if !s.rounding.is_zero() {
        out.push(sum(s.label("rounding").to_owned(), s.rounding));
    }
    let deposits = s.deposits.iter().map(|deposit| {
        let taxes = deposit.taxes.iter().filter(|tax| tax.rate != 0);
        let taxes: Vec<String> = taxes.map(|tax| format!("{} {}", tax.name, number(s, tax.amount))).collect();
        let inside = if taxes.is_empty() { String::new() } else { format!(" ({})", taxes.join(", ")) };
        sum(format!("{} {} · {}{inside}", s.label("deposits"), deposit.number, s.language.date(deposit.date)), -deposit.amount)
    });
    out.extend(deposits);
    out.extend(s.payments.iter().map(|payment| {
        let reference = if payment.reference.is_empty() { String::new() } else { format!(" · {}", payment.reference) };
        let label = if payment.label.is_empty() { String::new() } else { format!(" · {}", payment.label) };
        let key = if payment.amount.is_negative() { "refunded" } else { "paid" };
        sum(format!("{} {}{label}{reference}", s.label(key), s.language.date(payment.date)), -payment.amount)
    }));
    if s.kind != Kind::CreditNote {
        let is_too_much = s.payable.is_negative();
        let (key, amount) = if is_too_much { ("refund", -s.payable) } else { ("payable", s.payable) };
        let amount = s.language.amount(amount, &s.currency());
        out.push(Sum { label: Text::as_it_is(s.label(key)), amount: Value::Given(amount) });
    }
    out
}

fn taxes(s: &Snapshot) -> Table {
    let label = |key: &str| Text::as_it_is(s.label(key));
    let columns = ["taxes", "rate", "base", "tax"].map(|key| match key {
        "taxes" => Column::words(label(key)),
        key => Column::numbers(label(key)),
    });
    let row = |tax: &super::snapshot::Tax| {
        let amounts = [s.language.percent(tax.rate), number(s, tax.base), number(s, tax.amount)];
        std::iter::once(Cell::of(&tax.name)).chain(amounts.map(Cell::of)).collect()
    };
    Table { columns: columns.into(), rows: s.taxes.iter().map(row).collect(), sums: Vec::new() }
}

fn bank(s: &Snapshot) -> Vec<Fact> {
    let bank = &s.bank;
    let iban = Iban::read(&bank.iban).map_or_else(|| bank.iban.clone(), |iban| iban.spaced());
    let reference = s.number.clone().unwrap_or_default();
    let known =
        [("holder", &bank.holder), ("iban", &iban), ("bic", &bank.bic), ("bank", &bank.name), ("payment_reference", &reference)];
    let known = known.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(key, value)| Fact::of(Text::as_it_is(s.label(key)), value)).collect()
}

/// What a banking app reads, of an issued document in euros; elsewhere the account and the reference are typed.
fn code(s: &Snapshot) -> Option<Code> {
    let currency = s.currency();
    let (iban, number) = (Iban::read(&s.bank.iban)?, s.number.as_deref()?);
    let holder = if s.bank.holder.is_empty() { &s.seller.name } else { &s.bank.holder };
    let transfer = Transfer { holder, iban: &iban, bic: &s.bank.bic, amount: currency.amount(s.payable), reference: number };
    let payload = transfer.payload().filter(|_| currency.code == "EUR")?;
    let caption = format!("{}\n{}", s.label("pay_by_phone"), s.language.amount(s.payable, &currency));
    Some(Code { payload, caption: Text::as_it_is(caption) })
}
