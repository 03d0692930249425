//! `/api/companies/{id}/account/matches`, and payments on the account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ByCompany, MatchView, match_view};
use super::matching::{self, Match, Part};
use crate::db::{Conn, Tx};
use crate::domain::few::Few;
use crate::domain::id::{AccountItemId, CompanyId, MatchId, PaymentId};
use crate::domain::money::{Amount, Decimal, Money};
use crate::domain::status::PaymentType;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::companies;
use crate::hotel::folio::owner::Owner;
use crate::hotel::folio::payments::{self, NewPayment, PaymentNotes, ReferenceNumber};
use crate::hotel::folio::tender::Handed;
use crate::hotel::settings::{self, EntryName, Property};
use crate::http::endpoint::{Access, Endpoint, NoBody, command};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        command(
            Method::Post,
            "/api/companies/{id}/account/matches",
            "match_account",
            Access::DESK,
            "Say which money pays for what, the oldest debt first where nobody says",
            match_items,
        )
        .creates(),
        command(
            Method::Post,
            "/api/companies/{id}/account/matches/{match_id}/undo",
            "undo_match",
            Access::DESK,
            "Take a match back",
            undo,
        ),
        command(
            Method::Post,
            "/api/companies/{id}/account/payments",
            "pay_account",
            Access::DESK,
            "Take a payment on a company's account and match it",
            pay,
        )
        .creates(),
    ]
}

/// So much of an item that is owed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    debit_id: AccountItemId,
    /// All that is open of it, as far as the money goes, when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
}

type Parts = Few<PartRequest, 1, 200>;

fn parts(property: &Property, asked: &Parts) -> Result<Vec<Part>> {
    let part = |(n, part): (usize, &PartRequest)| {
        let amount = part.amount.as_ref().map(|amount| property.money(&format!("items[{n}].amount"), amount)).transpose()?;
        Ok(Part { debit: part.debit_id, amount })
    };
    asked.iter().enumerate().map(part).collect()
}

/// What is to be matched.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchRequest {
    /// What was received; all of it that is not matched, when left out.
    credit_id: Option<AccountItemId>,
    /// What it pays for; what belongs to the same stay first and then the oldest debts, when left out.
    items: Option<Parts>,
}

/// What was matched.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatchesView {
    matches: Vec<MatchView>,
    /// Of all of them.
    amount: Amount,
}

fn matches_view(made: Vec<Match>, property: &Property) -> MatchesView {
    let amount = property.amount(made.iter().map(|m| m.amount).sum());
    MatchesView { matches: made.into_iter().map(|m| match_view(m, property)).collect(), amount }
}

fn matched(
    tx: &Tx,
    company: CompanyId,
    credit: Option<AccountItemId>,
    asked: Option<&Parts>,
    property: &Property,
) -> Result<Vec<Match>> {
    match (credit, asked) {
        (Some(credit), Some(asked)) => matching::match_parts(tx, company, credit, &parts(property, asked)?),
        (None, Some(_)) => Err(Error::invalid("credit_id", text!("is missing"))),
        (credit, None) => matching::match_oldest(tx, company, credit),
    }
}

fn match_items(tx: &Tx, at: ByCompany, body: MatchRequest) -> Result<MatchesView> {
    companies::find(tx, at.id)?;
    let property = settings::property(tx)?;
    Ok(matches_view(matched(tx, at.id, body.credit_id, body.items.as_ref(), &property)?, &property))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByMatch {
    id: CompanyId,
    match_id: MatchId,
}

fn undo(tx: &Tx, at: ByMatch, _: NoBody) -> Result<MatchView> {
    companies::find(tx, at.id)?;
    Ok(match_view(matching::undo(tx, at.id, at.match_id)?, &settings::property(tx)?))
}

/// A payment on an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPaymentRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    payment_method: EntryName,
    reference_number: Option<ReferenceNumber>,
    notes: Option<PaymentNotes>,
    /// What it pays for; the oldest debts when left out.
    items: Option<Parts>,
    /// Whether it pays for anything yet; yes when left out.
    is_matched: Option<bool>,
}

/// A payment and what it pays for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountPaymentView {
    payment_id: PaymentId,
    /// What was taken, which cash may have rounded.
    paid_amount: Amount,
    /// What of it pays for nothing yet.
    unmatched_amount: Amount,
    #[serde(flatten)]
    matches: MatchesView,
}

fn pay(tx: &Tx, at: ByCompany, body: AccountPaymentRequest) -> Result<AccountPaymentView> {
    let company = companies::find(tx, at.id)?;
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", body.reference_number.unwrap_or_default().checked());
    let notes = fields.check("notes", body.notes.unwrap_or_default().checked());
    fields.finish()?;
    let new = NewPayment {
        owner: Owner::Company(company.id),
        amount: property.money("amount", &body.amount)?,
        payment_method: body.payment_method.into(),
        payment_type: PaymentType::Full,
        payment_date: None,
        reference_number,
        notes,
        handed: Handed { is_whole: true, ..Handed::default() },
    };
    let paid = payments::pay(tx, &new)?;
    let credit = AccountItemId(paid.id.0);
    let mut made = Vec::new();
    if body.is_matched.unwrap_or(true) {
        made = matched(tx, company.id, Some(credit), body.items.as_ref(), &property)?;
        for rounding in matching::along_with(tx, paid.id)? {
            made.extend(matching::match_oldest(tx, company.id, Some(rounding))?);
        }
    }
    Ok(AccountPaymentView {
        payment_id: paid.id,
        paid_amount: property.amount(paid.amount),
        unmatched_amount: property.amount(-left_of(tx, company.id, credit)?),
        matches: matches_view(made, &property),
    })
}

fn left_of(conn: &Conn, company: CompanyId, credit: AccountItemId) -> Result<Money> {
    Ok(super::find(conn, company, credit)?.open_amount)
}
