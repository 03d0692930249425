//! Tax groups as the owner describes them: the taxes of a price, or the groups that it is split over.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::setup::{MOST_AT_ONCE, Rate, TaxEntry, TaxName};
use crate::domain::id::{TaxGroupId, TaxId};
use crate::domain::tax::{Group, MILLION};
use crate::domain::wording::text;
use crate::error::Fields;

/// Things that one price is for.
const MOST_PARTS: usize = 5;
/// The most that the taxes of a group may come to, in millionths of its price.
const MOST_TAX: i64 = MILLION;

/// What is taxed alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupEntry {
    #[schemars(range(max = 9_999))]
    pub id: TaxGroupId,
    pub name: TaxName,
    /// Prices of this group have their taxes in them; else taxes come on top.
    pub is_included: bool,
    /// Levies on the price are reckoned from it.
    #[serde(default)]
    pub is_lodging: bool,
    #[schemars(length(max = 10))]
    pub tax_ids: Vec<TaxId>,
    /// One price for several things, such as half board: the groups that it is split over. It has no taxes of
    /// its own then, and what `is_included` says holds for all parts.
    #[serde(default)]
    #[schemars(length(max = 5))]
    pub parts: Vec<PartEntry>,
}

/// A share of a price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartEntry {
    pub group_id: TaxGroupId,
    /// All of them make 100.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub percent: Rate,
}

impl GroupEntry {
    pub fn check(&mut self, at: &str, taxes: &[TaxEntry], fields: &mut Fields) {
        self.name = fields.check(&format!("{at}.name"), self.name.checked()).into();
        for (n, id) in self.tax_ids.iter().enumerate() {
            let place = format!("{at}.tax_ids[{n}]");
            fields.ensure(taxes.iter().any(|tax| tax.id == *id), &place, text!("is none of the taxes"));
            fields.ensure(!self.tax_ids[..n].contains(id), &place, text!("stands twice"));
        }
        let at = format!("{at}.tax_ids");
        fields.ensure(self.tax_ids.len() <= MOST_AT_ONCE, &at, text!("must be {most} at most", most = MOST_AT_ONCE));
        let highest = |tax: &TaxEntry| tax.rates.iter().map(|rate| rate.percent.0).max().unwrap_or(0);
        let all: i64 = taxes.iter().filter(|tax| self.tax_ids.contains(&tax.id)).map(highest).sum();
        fields.ensure(all <= MOST_TAX, &at, text!("must not come to more than the price"));
    }

    /// The parts of a price are whole groups, and make it up.
    pub fn check_parts(&self, at: &str, groups: &[TaxGroupId], split: &[TaxGroupId], fields: &mut Fields) {
        if self.parts.is_empty() {
            return;
        }
        let list = format!("{at}.parts");
        fields.ensure(
            (2..=MOST_PARTS).contains(&self.parts.len()),
            &list,
            text!("must hold {least} to {most} entries", least = 2, most = MOST_PARTS),
        );
        fields.ensure(self.tax_ids.is_empty(), &format!("{at}.tax_ids"), text!("must be empty: the parts have the taxes"));
        for (n, part) in self.parts.iter().enumerate() {
            let place = format!("{list}[{n}].group_id");
            fields.ensure(groups.contains(&part.group_id), &place, text!("is none of the groups"));
            fields.ensure(!split.contains(&part.group_id), &place, text!("must not be a split price"));
            let stands_before = self.parts[..n].iter().any(|before| before.group_id == part.group_id);
            fields.ensure(!stands_before, &place, text!("stands twice"));
            fields.ensure(part.percent.0 > 0, &format!("{list}[{n}].percent"), text!("must be more than zero"));
        }
        let whole: i64 = self.parts.iter().map(|part| part.percent.0).sum();
        fields.ensure(whole == MILLION, &list, text!("must make 100 percent together"));
    }

    pub fn rule(&self) -> Group {
        let GroupEntry { id, is_included, is_lodging, .. } = *self;
        let parts = self.parts.iter().map(|part| (part.group_id, part.percent.0)).collect();
        Group { id, is_included, is_lodging, taxes: self.tax_ids.clone(), parts }
    }
}
