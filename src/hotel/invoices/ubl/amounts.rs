//! Lines, taxes and totals. All of it is what the snapshot says: nothing is reckoned anew but signs, since a credit
//! note of UBL says positively what the hotel's takes off, and prices without tax.

use super::super::snapshot::{Category, Kind, Line, Snapshot};
use super::xml::Xml;
use super::{period, refused};
use crate::domain::money::Money;
use crate::domain::tax::MILLION;
use crate::domain::wording::text;
use crate::error::{Error, Result};

/// Decimals of a price beyond those of the currency: the line's amount is then exact for any quantity of a bill.
const FINER: u8 = 6;

/// Sums that the city collects through the hotel.
const PASSED_ON: &str = "VATEX-EU-79-C";
const OUT_OF_SCOPE: &str = "VATEX-EU-O";
const REVERSE_CHARGE: &str = "VATEX-EU-AE";

/// What lines are called in an invoice, and in a credit note.
struct Names {
    line: &'static str,
    quantity: &'static str,
}
const INVOICE: Names = Names { line: "cac:InvoiceLine", quantity: "cbc:InvoicedQuantity" };
const CREDIT_NOTE: Names = Names { line: "cac:CreditNoteLine", quantity: "cbc:CreditedQuantity" };

pub struct Amounts<'a> {
    snapshot: &'a Snapshot,
    /// 1, or −1 of a credit note.
    sign: i64,
    lines: Vec<Taxed<'a>>,
    subtotals: Vec<Subtotal>,
}

/// A line under the category that the whole document leaves to it.
struct Taxed<'a> {
    line: &'a Line,
    category: Category,
    rate: i64,
}

/// What is taxed alike.
struct Subtotal {
    category: Category,
    rate: i64,
    base: Money,
    tax: Money,
    reason: String,
    code: String,
}

impl<'a> Amounts<'a> {
    /// # Errors
    /// `Refused` where a tax is not what its rate makes of its base: taxes on taxes, and sums of many rounded ones.
    pub fn of(snapshot: &'a Snapshot) -> Result<Amounts<'a>> {
        // A document is out of scope as a whole, or nothing of it is.
        let is_all_out = snapshot.lines.iter().all(|line| line.category == Category::OutOfScope);
        let taxed = |line: &'a Line| {
            let category = match line.category {
                Category::OutOfScope if !is_all_out => Category::Exempt,
                Category::Standard if line.rate == 0 => Category::Zero,
                category => category,
            };
            Taxed { line, category, rate: if category == Category::Standard { line.rate } else { 0 } }
        };
        let lines: Vec<Taxed> = snapshot.lines.iter().map(taxed).collect();
        let sign = if snapshot.kind == Kind::CreditNote { -1 } else { 1 };
        let amounts = Amounts { snapshot, sign, subtotals: subtotals(&lines), lines };
        amounts.check()?;
        Ok(amounts)
    }

    pub fn is_out_of_scope(&self) -> bool {
        self.lines.iter().all(|line| line.category == Category::OutOfScope)
    }

    fn check(&self) -> Result<()> {
        let snapshot = self.snapshot;
        let sum = |of: fn(&Line) -> Money| snapshot.lines.iter().map(of).sum::<Money>();
        let agrees = sum(|line| line.net) == snapshot.net
            && sum(|line| line.tax) == snapshot.tax
            && snapshot.net + snapshot.tax == snapshot.gross
            && snapshot.payable == snapshot.gross + snapshot.rounding - snapshot.prepaid;
        if !agrees {
            return Err(Error::internal("the sums of an issued document do not agree"));
        }
        // The standard's rules take a difference of less than a whole unit, once it is rounded to hundredths.
        let most = i128::from(MILLION) * 10_i128.pow(u32::from(snapshot.exponent)) * 99 / 100;
        let is_by_its_rate = |of: &Subtotal| {
            let by_rate = i128::from(of.base.0) * i128::from(of.rate);
            let differs = (by_rate - i128::from(of.tax.0) * i128::from(MILLION)).abs();
            if of.rate == 0 { differs == 0 } else { differs < most }
        };
        match self.subtotals.iter().find(|of| !is_by_its_rate(of)) {
            None => Ok(()),
            Some(of) => Err(refused(text!(
                "An e-invoice has one tax of each rate on the whole net amount, and the tax at {rate} % of this one comes to something else: it lies on another tax, or was rounded too often. Send the PDF instead.",
                rate = percent(of.rate),
            ))),
        }
    }

    /// As the document counts: what a credit note takes off is positive.
    pub fn signed(&self, money: Money) -> Money {
        Money(money.0 * self.sign)
    }

    pub fn payable(&self) -> Money {
        self.signed(self.snapshot.payable)
    }

    fn money(&self, xml: &mut Xml, name: &str, money: Money) {
        let amount = self.snapshot.currency().amount(self.signed(money));
        xml.with(name, ("currencyID", &self.snapshot.currency), &amount.to_string());
    }

    pub fn write(&self, xml: &mut Xml) {
        self.write_taxes(xml);
        self.write_totals(xml);
        let names = if self.sign < 0 { &CREDIT_NOTE } else { &INVOICE };
        for (at, line) in self.lines.iter().enumerate() {
            self.write_line(xml, names, at + 1, line);
        }
    }

    fn write_taxes(&self, xml: &mut Xml) {
        xml.within("cac:TaxTotal", |xml| {
            self.money(xml, "cbc:TaxAmount", self.snapshot.tax);
            for of in &self.subtotals {
                xml.within("cac:TaxSubtotal", |xml| {
                    self.money(xml, "cbc:TaxableAmount", of.base);
                    self.money(xml, "cbc:TaxAmount", of.tax);
                    xml.within("cac:TaxCategory", |xml| {
                        category(xml, of.category, of.rate);
                        xml.text("cbc:TaxExemptionReasonCode", &of.code);
                        xml.text("cbc:TaxExemptionReason", &of.reason);
                        scheme(xml);
                    });
                });
            }
        });
    }

    fn write_totals(&self, xml: &mut Xml) {
        let snapshot = self.snapshot;
        xml.within("cac:LegalMonetaryTotal", |xml| {
            self.money(xml, "cbc:LineExtensionAmount", snapshot.net);
            self.money(xml, "cbc:TaxExclusiveAmount", snapshot.net);
            self.money(xml, "cbc:TaxInclusiveAmount", snapshot.gross);
            if !snapshot.prepaid.is_zero() {
                self.money(xml, "cbc:PrepaidAmount", snapshot.prepaid);
            }
            if !snapshot.rounding.is_zero() {
                self.money(xml, "cbc:PayableRoundingAmount", snapshot.rounding);
            }
            self.money(xml, "cbc:PayableAmount", snapshot.payable);
        });
    }

    fn write_line(&self, xml: &mut Xml, names: &Names, number: usize, taxed: &Taxed) {
        let line = taxed.line;
        // A price is never below zero: what takes off has a quantity below it.
        let net = self.signed(line.net);
        let count = line.quantity.unsigned_abs().max(1);
        let quantity = if net.is_negative() { format!("-{count}") } else { count.to_string() };
        xml.within(names.line, |xml| {
            xml.text("cbc:ID", &number.to_string());
            xml.with(names.quantity, ("unitCode", "C62"), &quantity);
            self.money(xml, "cbc:LineExtensionAmount", line.net);
            let is_within = |arrival, departure| arrival <= line.date && line.date <= departure;
            if self.snapshot.stay.as_ref().is_some_and(|stay| is_within(stay.arrival, stay.departure)) {
                period(xml, line.date, line.date);
            }
            xml.within("cac:Item", |xml| {
                xml.text("cbc:Name", name(&line.description));
                xml.within("cac:ClassifiedTaxCategory", |xml| {
                    category(xml, taxed.category, taxed.rate);
                    scheme(xml);
                });
            });
            xml.within("cac:Price", |xml| {
                let price = price(net, count, self.snapshot.exponent);
                xml.with("cbc:PriceAmount", ("currencyID", &self.snapshot.currency), &price);
            });
        });
    }
}

/// A line has a name, whatever was typed.
fn name(description: &str) -> &str {
    if description.trim().is_empty() { "–" } else { description }
}

fn category(xml: &mut Xml, category: Category, rate: i64) {
    xml.text("cbc:ID", category.as_str());
    if category != Category::OutOfScope {
        xml.text("cbc:Percent", &percent(rate));
    }
}

fn scheme(xml: &mut Xml) {
    xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
}

/// In the order of their first lines.
fn subtotals(lines: &[Taxed]) -> Vec<Subtotal> {
    let mut out: Vec<Subtotal> = Vec::new();
    for taxed in lines {
        let (code, reason) = exemption(taxed);
        match out.iter_mut().find(|of| (of.category, of.rate) == (taxed.category, taxed.rate)) {
            Some(of) => {
                (of.base, of.tax) = (of.base + taxed.line.net, of.tax + taxed.line.tax);
                // A code holds for everything under it.
                if of.code != code {
                    of.code.clear();
                }
                if !of.reason.contains(&reason) {
                    of.reason = [of.reason.as_str(), &reason].join("; ").trim_start_matches("; ").to_owned();
                }
            }
            None => out.push(Subtotal {
                category: taxed.category,
                rate: taxed.rate,
                base: taxed.line.net,
                tax: taxed.line.tax,
                reason,
                code,
            }),
        }
    }
    out
}

/// Why there is no tax: a code of the VATEX list where there is one, and words.
fn exemption(taxed: &Taxed) -> (String, String) {
    let said = taxed.line.taxes.first().map(|tax| (tax.exemption_code.as_str(), tax.exemption.as_str()));
    let (code, reason) = said.unwrap_or_default();
    let (usual_code, usual_reason) = match taxed.category {
        Category::Standard | Category::Zero => return Default::default(),
        Category::Exempt if taxed.line.is_levy => (PASSED_ON, "Collected in the name of the authority"),
        Category::Exempt => ("", "Exempt from VAT"),
        Category::OutOfScope => (OUT_OF_SCOPE, "Not subject to VAT"),
        Category::ReverseCharge => (REVERSE_CHARGE, "Reverse charge"),
    };
    // What a document says of itself as a whole is not true of a part of another.
    let fits = taxed.category != Category::Exempt || code != OUT_OF_SCOPE;
    let code = if code.is_empty() || !fits { usual_code } else { code };
    (code.to_owned(), if reason.is_empty() { usual_reason } else { reason }.to_owned())
}

/// "8.875" of 88,750 millionths.
fn percent(rate: i64) -> String {
    decimal(i128::from(rate), 4, 0)
}

/// What one costs without tax.
fn price(net: Money, count: u64, exponent: u8) -> String {
    let finer = i128::from(net.0.unsigned_abs()) * 10_i128.pow(u32::from(FINER));
    let count = i128::from(count);
    decimal((finer + count / 2) / count, exponent + FINER, exponent)
}

/// A number of so many decimals, without the last zeros; at least as many as asked for.
fn decimal(number: i128, decimals: u8, least: u8) -> String {
    let (scale, width) = (10_i128.pow(u32::from(decimals)), usize::from(decimals));
    let mut text = format!("{}.{:0width$}", number / scale, number % scale);
    let shortest = text.len() - usize::from(decimals - least);
    let trimmed = text.trim_end_matches('0').len().max(shortest);
    text.truncate(trimmed);
    text.trim_end_matches('.').to_owned()
}
