//! Policies as the hotel's settings, rate plans and bookings show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fee, Policy, Step};
use crate::domain::number::Whole;
use crate::domain::percent::{Percent, PercentIn};
use crate::domain::status::FeeKind;
use crate::domain::wording::text;
use crate::error::Fields;

/// What cancelling and not coming cost.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PolicyView {
    /// From the earliest to the latest; before the first, and where there is none, cancelling is free.
    cancellation: Vec<StepView>,
    no_show_fee_kind: FeeKind,
    /// Of the price of all nights.
    no_show_fee_percent: Percent,
}

/// From so many hours before arrival on, cancelling costs this.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepView {
    hours_before: i64,
    fee_kind: FeeKind,
    fee_percent: Percent,
}

impl From<Policy> for PolicyView {
    fn from(policy: Policy) -> PolicyView {
        let step = |s: Step| StepView { hours_before: s.hours_before, fee_kind: s.fee.kind, fee_percent: s.fee.percent };
        PolicyView {
            cancellation: policy.cancellation.into_iter().map(step).collect(),
            no_show_fee_kind: policy.no_show.kind,
            no_show_fee_percent: policy.no_show.percent,
        }
    }
}

/// Terms to be taken from now on. Bookings keep those that they were made under.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRequest {
    /// From the earliest to the latest; none = cancelling is always free.
    #[schemars(length(max = super::MAX_STEPS))]
    cancellation: Vec<StepRequest>,
    no_show_fee_kind: FeeKind,
    #[serde(default)]
    no_show_fee_percent: Option<PercentIn<0, 100>>,
}

/// From so many hours before arrival on, cancelling costs this.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepRequest {
    hours_before: Whole<0, { super::MAX_HOURS }>,
    fee_kind: FeeKind,
    /// Of the price of all nights.
    #[serde(default)]
    fee_percent: Option<PercentIn<0, 100>>,
}

/// A percentage counts where it is one.
fn fee(kind: FeeKind, percent: Option<PercentIn<0, 100>>) -> Fee {
    let percent = percent.filter(|_| kind == FeeKind::Percent).map_or(Percent::ZERO, |percent| percent.0);
    Fee { kind, percent }
}

impl PolicyRequest {
    /// The policy, with complaints under `field`.
    pub fn check(&self, field: &str, fields: &mut Fields) -> Policy {
        let step = |s: &StepRequest| Step { hours_before: s.hours_before.0, fee: fee(s.fee_kind, s.fee_percent) };
        let policy = Policy {
            cancellation: self.cancellation.iter().map(step).collect(),
            no_show: fee(self.no_show_fee_kind, self.no_show_fee_percent),
        };
        policy.check(field, fields);
        let is_told = |kind: FeeKind, percent: Option<PercentIn<0, 100>>| kind != FeeKind::Percent || percent.is_some();
        let missing = || text!("must be given for a fee in percent");
        for (n, s) in self.cancellation.iter().enumerate() {
            fields.ensure(is_told(s.fee_kind, s.fee_percent), &format!("{field}.cancellation[{n}].fee_percent"), missing());
        }
        let no_show = is_told(self.no_show_fee_kind, self.no_show_fee_percent);
        fields.ensure(no_show, &format!("{field}.no_show_fee_percent"), missing());
        policy
    }
}
