//! Policies as the hotel's settings, rate plans and bookings show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deposit::{self, Deposit};
use super::{Fee, Policy, Step};
use crate::domain::money::{Amount, Currency, Money, NotNegative};
use crate::domain::number::Whole;
use crate::domain::percent::{Percent, PercentIn};
use crate::domain::status::{DepositDue, DepositKind, FeeKind};
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
    /// What is asked for before the arrival.
    deposit_kind: DepositKind,
    /// Of the price of all nights with their taxes.
    deposit_percent: Percent,
    deposit_amount: Amount,
    deposit_due: DepositDue,
    deposit_due_days: i64,
}

/// From so many hours before arrival on, cancelling costs this.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepView {
    hours_before: i64,
    fee_kind: FeeKind,
    fee_percent: Percent,
}

impl PolicyView {
    pub fn of(policy: Policy, currency: &Currency) -> PolicyView {
        let deposit = policy.deposit;
        let step = |s: Step| StepView { hours_before: s.hours_before, fee_kind: s.fee.kind, fee_percent: s.fee.percent };
        PolicyView {
            cancellation: policy.cancellation.into_iter().map(step).collect(),
            no_show_fee_kind: policy.no_show.kind,
            no_show_fee_percent: policy.no_show.percent,
            deposit_kind: deposit.kind,
            deposit_percent: deposit.percent,
            deposit_amount: currency.amount(deposit.amount),
            deposit_due: deposit.due,
            deposit_due_days: deposit.days,
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
    /// What is asked for before the arrival; nothing when left out.
    #[serde(default)]
    deposit_kind: Option<DepositKind>,
    /// Of the price of all nights with their taxes.
    #[serde(default)]
    deposit_percent: Option<PercentIn<0, 100>>,
    #[serde(default)]
    deposit_amount: Option<NotNegative>,
    /// On the day of the booking when left out.
    #[serde(default)]
    deposit_due: Option<DepositDue>,
    #[serde(default)]
    deposit_due_days: Option<Whole<0, { deposit::MAX_DAYS }>>,
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
    pub fn check(&self, currency: &Currency, field: &str, fields: &mut Fields) -> Policy {
        let step = |s: &StepRequest| Step { hours_before: s.hours_before.0, fee: fee(s.fee_kind, s.fee_percent) };
        let policy = Policy {
            cancellation: self.cancellation.iter().map(step).collect(),
            no_show: fee(self.no_show_fee_kind, self.no_show_fee_percent),
            deposit: self.deposit(currency, field, fields),
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

    /// A percentage and an amount count where they are asked for.
    fn deposit(&self, currency: &Currency, field: &str, fields: &mut Fields) -> Deposit {
        let kind = self.deposit_kind.unwrap_or(DepositKind::None);
        if kind == DepositKind::None {
            return Deposit::NONE;
        }
        let percent = self.deposit_percent.filter(|_| kind == DepositKind::Percent);
        let given = self.deposit_amount.as_ref().filter(|_| kind == DepositKind::Amount);
        let amount = given.map(|given| fields.check(&format!("{field}.deposit_amount"), given.checked(currency)));
        Deposit {
            kind,
            percent: percent.map_or(Percent::ZERO, |percent| percent.0),
            amount: amount.unwrap_or(Money::ZERO),
            due: self.deposit_due.unwrap_or(DepositDue::AfterBooking),
            days: self.deposit_due_days.as_ref().map_or(0, |days| days.0),
        }
    }
}
