//! What is sold along with the nights of a stay, as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::Night;
use crate::domain::extras::{Extra, Extras};
use crate::domain::id::ArticleId;
use crate::domain::money::{Amount, Money};
use crate::hotel::settings::Property;

/// Something that is sold along with a night, or with all of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExtraView {
    article_id: ArticleId,
    /// What it was called when it was agreed.
    name: String,
    quantity: i64,
    unit_amount: Amount,
    /// Beside the price what is paid for it, all taxes included; inside it what of the price is for it.
    amount: Amount,
    /// Whether the price of the night has it in it; else it comes on top.
    is_inside: bool,
}

/// Those of one night.
pub fn of_night(night: &Night, property: &Property) -> Vec<ExtraView> {
    of_nights([(&night.extras, night.rate)], property)
}

/// Those of nights with their prices, equal ones together.
pub fn of_nights<'a>(nights: impl IntoIterator<Item = (&'a Extras, Money)>, property: &Property) -> Vec<ExtraView> {
    let mut sums: Vec<(&Extra, i64, Money)> = Vec::new();
    let is_same = |a: &Extra, b: &Extra| {
        (a.article_id, &a.name, a.unit_amount, a.is_inside) == (b.article_id, &b.name, b.unit_amount, b.is_inside)
    };
    for (extras, rate) in nights {
        let beside = extras.beside().map(|extra| (extra, extra.amount()));
        for (extra, amount) in beside.chain(extras.inside(rate)) {
            match sums.iter_mut().find(|(known, _, _)| is_same(known, extra)) {
                Some((_, quantity, sum)) => (*quantity, *sum) = (*quantity + extra.quantity, *sum + amount),
                None => sums.push((extra, extra.quantity, amount)),
            }
        }
    }
    let view = |(extra, quantity, amount): (&Extra, i64, Money)| ExtraView {
        article_id: extra.article_id,
        name: extra.name.clone(),
        quantity,
        unit_amount: property.amount(extra.unit_amount),
        amount: property.amount(amount),
        is_inside: extra.is_inside,
    };
    sums.into_iter().map(view).collect()
}
