//! What was paid for a booking and given back, one by one, in one cell.
//!
//! `2026-05-03 120.00 deposit by card ref TX-81; 2026-05-06 -20.00 refund of 1 by cash note "cold room"`
//! is a payment and what was given back of it. After the amount stands what the payment is for
//! (`full`, `downpayment`, `deposit`, `adjustment`), or `refund of` and `void of` with the place of
//! the payment in the cell; then the method, and where there are any the reference and a note.
//! A text of more than one word stands in double quotes.

use super::parse::Known;
use crate::domain::date::Date;
use crate::domain::money::{Currency, Decimal, Money};
use crate::domain::status::{PaymentKind, PaymentType};
use crate::domain::wording::Text;
use crate::hotel::folio::payments::{PaymentNotes, ReferenceNumber};
use crate::hotel::settings::EntryName;

/// A payment as a cell tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPayment {
    pub kind: PaymentKind,
    /// Negative when it was given back.
    pub amount: Money,
    pub method: String,
    pub payment_type: PaymentType,
    pub date: Date,
    pub reference_number: String,
    pub notes: String,
    /// The place of the payment that it gives back.
    pub reverses: Option<usize>,
}

const MAX_PAYMENTS: usize = 1000;
const SHAPE: &str = "must be such as 2026-05-03 120.00 deposit by card ref TX-81";

/// A booking's payments as a cell.
pub fn written(payments: &[RowPayment], currency: &Currency) -> String {
    let one = |p: &RowPayment| {
        let what = match p.reverses {
            Some(at) => format!("{} of {}", p.kind, at + 1),
            None => p.payment_type.to_string(),
        };
        let mut told = format!("{} {} {what} by {}", p.date, currency.amount(p.amount), quoted(&p.method));
        let is_told = |text: &str| !text.is_empty() && p.reverses.is_none();
        if is_told(&p.reference_number) {
            told.push_str(&format!(" ref {}", quoted(&p.reference_number)));
        }
        if !p.notes.is_empty() {
            told.push_str(&format!(" note {}", quoted(&p.notes)));
        }
        told
    };
    payments.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A text as one word.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '#');
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// The payments that a cell tells.
///
/// # Errors
/// A sentence fragment on the payment that cannot be read or cannot be.
pub fn read(cell: &str, known: &Known) -> Result<Vec<RowPayment>, String> {
    let mut payments = Vec::new();
    let mut words = Words { rest: cell };
    loop {
        let nth = payments.len() + 1;
        let payment = payment(&mut words, &payments, known).map_err(|why| format!("payment {nth} {why}"))?;
        payments.push(payment);
        match (words.is_at_end(), words.rest.strip_prefix(';')) {
            (true, _) => return Ok(payments),
            (false, Some(_)) if nth == MAX_PAYMENTS => return Err(format!("are more than {MAX_PAYMENTS}")),
            (false, Some(rest)) => words.rest = rest,
            (false, None) => return Err(format!("payment {nth} {SHAPE}")),
        }
    }
}

/// The words of a cell, one after the other.
struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn is_at_end(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.is_empty()
    }

    /// The next word of a payment; a `;` ends it.
    fn next(&mut self) -> Result<String, String> {
        if self.is_at_end() || self.rest.starts_with(';') {
            return Err(SHAPE.to_owned());
        }
        let Some(mut rest) = self.rest.strip_prefix('"') else {
            let end = self.rest.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(word.to_owned());
        };
        let mut word = String::new();
        loop {
            let (part, after) = rest.split_once('"').ok_or("has a double quote that does not end")?;
            word.push_str(part);
            let Some(more) = after.strip_prefix('"') else {
                self.rest = after;
                return Ok(word);
            };
            word.push('"');
            rest = more;
        }
    }

    /// Takes the next word when it is this one.
    fn is_next(&mut self, wanted: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(wanted).filter(|rest| rest.starts_with(char::is_whitespace));
        rest.map(|rest| self.rest = rest).is_some()
    }
}

fn payment(words: &mut Words, before: &[RowPayment], known: &Known) -> Result<RowPayment, String> {
    let date: Date = words.next()?.parse().map_err(|_| SHAPE)?;
    if date > known.business_date {
        return Err(format!("is dated after the business date, {}", known.business_date));
    }
    let amount = known
        .currency
        .money(&Decimal::new(&words.next()?))
        .map_err(|error| format!("has an amount that {}", Text::from(error)))?;
    let (kind, payment_type, reverses) = purpose(words, before)?;
    if amount.is_zero() || amount.is_negative() == (kind == PaymentKind::Payment) {
        return Err("has an amount of the wrong sign: what was received is more than 0, what was given back less".to_owned());
    }
    if let Some(at) = reverses {
        let given_back: Money = before.iter().filter(|p| p.reverses == Some(at)).map(|p| p.amount).sum();
        let left = before[at].amount + given_back;
        if (left + amount).is_negative() || (kind == PaymentKind::Void && !(left + amount).is_zero()) {
            return Err(format!("does not give back what is left of payment {}", at + 1));
        }
    }
    if !words.is_next("by") {
        return Err(SHAPE.to_owned());
    }
    let method = EntryName::of(&words.next()?).map_err(|why| format!("has a method that {why}"))?;
    let given = if words.is_next("ref") { words.next()? } else { String::new() };
    let given = reverses.map_or(given, |at| before[at].reference_number.clone());
    let reference_number = ReferenceNumber::of(&given).map_err(|why| format!("has a reference that {why}"))?;
    let given = if words.is_next("note") { words.next()? } else { String::new() };
    let notes = PaymentNotes::of(&given).map_err(|why| format!("has a note that {why}"))?;
    Ok(RowPayment { kind, amount, method, payment_type, date, reference_number, notes, reverses })
}

/// What a payment is for, or which one it gives back.
fn purpose(words: &mut Words, before: &[RowPayment]) -> Result<(PaymentKind, PaymentType, Option<usize>), String> {
    let word = words.next()?;
    // A security is held at the desk, and no file brings one.
    if let Some(payment_type) = PaymentType::parse(&word).filter(|one| *one != PaymentType::Security) {
        return Ok((PaymentKind::Payment, payment_type, None));
    }
    let kind = PaymentKind::parse(&word).filter(|kind| *kind != PaymentKind::Payment && words.is_next("of")).ok_or(SHAPE)?;
    let place = words.next()?.parse::<usize>().ok().and_then(|nth| nth.checked_sub(1));
    let original = place.and_then(|at| before.get(at)).filter(|p| p.kind == PaymentKind::Payment);
    let original = original.ok_or_else(|| format!("is a {kind} of none of the payments before it"))?;
    Ok((kind, original.payment_type, place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hotel::transfer::tests;

    fn known() -> Known {
        tests::hotel_without_rooms("2026-05-10")
    }

    fn paid(day: i8, cents: i64, method: &str, reference: &str, notes: &str) -> RowPayment {
        RowPayment {
            kind: PaymentKind::Payment,
            amount: Money(cents),
            method: method.to_owned(),
            payment_type: PaymentType::Deposit,
            date: Date::new(2026, 5, day).expect("date"),
            reference_number: reference.to_owned(),
            notes: notes.to_owned(),
            reverses: None,
        }
    }

    #[test]
    fn payments_are_read_as_they_were_written() {
        let first = paid(3, 12_000, "card", "TX-81", "");
        let back = |kind, cents, notes: &str| RowPayment {
            kind,
            amount: Money(cents),
            notes: notes.to_owned(),
            reverses: Some(0),
            ..first.clone()
        };
        let payments = [
            first.clone(),
            back(PaymentKind::Refund, -2_000, "cold room; 2026-05-01 said \"sorry\""),
            paid(4, 50, "Bank transfer; old", "a b; ref \"c\"", "by"),
            RowPayment {
                reverses: Some(2),
                kind: PaymentKind::Void,
                amount: Money(-50),
                ..paid(4, 50, "Bank transfer; old", "a b; ref \"c\"", "")
            },
            back(PaymentKind::Refund, -10_000, ""),
        ];
        let cell = written(&payments, &known().currency);
        assert_eq!(
            cell,
            "2026-05-03 120.00 deposit by card ref TX-81; \
             2026-05-03 -20.00 refund of 1 by card note \"cold room; 2026-05-01 said \"\"sorry\"\"\"; \
             2026-05-04 0.50 deposit by \"Bank transfer; old\" ref \"a b; ref \"\"c\"\"\" note by; \
             2026-05-04 -0.50 void of 3 by \"Bank transfer; old\"; 2026-05-03 -100.00 refund of 1 by card"
        );
        assert_eq!(read(&cell, &known()), Ok(payments.to_vec()));
    }

    #[test]
    fn payments_that_cannot_be_are_told_by_their_place() {
        for (cell, why) in [
            ("120.00", "payment 1 must be such as"),
            ("2026-05-03 120.00 deposit", "payment 1 must be such as"),
            ("2026-05-03 120.00 deposit by card cash", "payment 1 must be such as"),
            ("2026-05-03 120,00 deposit by card", "payment 1 has an amount that must be a number"),
            ("2026-05-03 0 full by card", "payment 1 has an amount of the wrong sign"),
            ("2026-05-03 -5 full by card", "payment 1 has an amount of the wrong sign"),
            ("2026-05-11 5 full by card", "payment 1 is dated after the business date, 2026-05-10"),
            ("2026-05-03 5 full by \"card", "payment 1 has a double quote that does not end"),
            ("2026-05-03 -5 refund of 1 by card", "payment 1 is a refund of none"),
            ("2026-05-03 5 full by card; 2026-05-03 -6 refund of 1 by card", "payment 2 does not give back"),
            ("2026-05-03 5 full by card; 2026-05-03 -4 void of 1 by card", "payment 2 does not give back"),
            ("2026-05-03 5 full by card; 2026-05-03 -4 refund of 2 by card", "payment 2 is a refund of none"),
            (
                "2026-05-03 5 full by card; 2026-05-03 -5 void of 1 by card; 2026-05-03 -1 refund of 1 by card",
                "payment 3 does not give back",
            ),
        ] {
            let refused = read(cell, &known()).expect_err(cell);
            assert!(refused.contains(why), "{cell}: {refused}");
        }
    }
}
