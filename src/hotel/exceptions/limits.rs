//! How much a role may take off one stay, by kind: settings of the owner's.
//!
//! A limit is for the sum over a stay, whoever did the parts, so that ten small allowances do
//! not pass where a large one would not. Owners have none: they set them.

use super::api::{LimitView, in_force};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::actor::Role;
use crate::domain::money::{Currency, Money};
use crate::domain::status::words;
use crate::domain::wording::{Text, text};
use crate::error::{Code, Error, Result};
use crate::hotel::listing::Items;
use crate::hotel::{audit, settings};

words!(
    /// What a limit is for.
    Limit {
        Allowance = "allowance",
        Discount = "discount",
        WaivedFee = "waived_fee",
        Void = "void",
        OtherMethod = "refund_by_another_method",
        AfterTheEnd = "after_the_end",
        Complimentary = "complimentary",
    }
);

words!(
    /// Who has limits.
    LimitedRole { Receptionist = "receptionist", Manager = "manager" }
);

statements! {
    FIND = "exceptions.limit": "SELECT amount FROM role_limit WHERE kind = ?1 AND role = ?2";
    SET = "exceptions.set_limit": "INSERT INTO role_limit (kind, role, amount) VALUES (?1, ?2, ?3)
        ON CONFLICT (kind, role) DO UPDATE SET amount = excluded.amount";
}

impl LimitedRole {
    /// `None` = no limits.
    fn of(role: Option<Role>) -> Option<LimitedRole> {
        match role {
            Some(Role::Owner) => None,
            Some(Role::Manager) => Some(LimitedRole::Manager),
            Some(Role::Receptionist | Role::Housekeeper | Role::ReadOnly) | None => Some(LimitedRole::Receptionist),
        }
    }

    /// Who may do more.
    fn whom_to_ask(self) -> Text {
        match self {
            LimitedRole::Receptionist => text!("a manager"),
            LimitedRole::Manager => text!("the owner"),
        }
    }
}

impl Limit {
    /// What applies until the owner says otherwise; `None` = no limit. A receptionist settles a
    /// small complaint alone; managers are trusted with the rest, and what they do is told.
    fn default_of(self, role: LimitedRole, currency: &Currency) -> Option<Money> {
        let small = small_amount(currency);
        match (role, self) {
            (LimitedRole::Manager, _) | (LimitedRole::Receptionist, Limit::Void) => None,
            (LimitedRole::Receptionist, Limit::Allowance | Limit::WaivedFee) => Some(small),
            (LimitedRole::Receptionist, Limit::Discount) => small.times(2),
            (LimitedRole::Receptionist, Limit::OtherMethod | Limit::AfterTheEnd | Limit::Complimentary) => Some(Money::ZERO),
        }
    }

    pub(super) fn asks_why(self) -> Text {
        match self {
            Limit::Allowance => text!("Give a reason for what is taken off the bill."),
            Limit::Discount => text!("Give a reason for the lower price."),
            Limit::WaivedFee => text!("Give a reason for waiving the cancellation fee."),
            Limit::Void => text!("Give a reason for taking this back."),
            Limit::OtherMethod => text!("Give a reason for giving the money back in another way."),
            Limit::AfterTheEnd => text!("Give a reason for changing the bill after the stay."),
            Limit::Complimentary => text!("Give a reason for charging nothing."),
        }
    }

    /// The deed, in words that "up to 50.00" follows.
    fn deed(self) -> Text {
        match self {
            Limit::Allowance => text!("take off a stay's bill"),
            Limit::Discount => text!("lower the price of a stay"),
            Limit::WaivedFee => text!("waive fees of a stay"),
            Limit::Void => text!("take back of a stay's bill"),
            Limit::OtherMethod => text!("give back in another way than it was paid"),
            Limit::AfterTheEnd => text!("change a bill after its stay"),
            Limit::Complimentary => text!("give a stay away as complimentary or house use"),
        }
    }
}

/// About fifty euros, in a round figure of the currency.
fn small_amount(currency: &Currency) -> Money {
    let units = match currency.code.as_str() {
        "VND" => 1_000_000,
        "IDR" | "LAK" => 500_000,
        "KRW" | "CLP" | "XAF" | "XOF" => 50_000,
        "LKR" => 15_000,
        "JPY" | "INR" | "HUF" => 5_000,
        "PHP" => 3_000,
        "THB" => 2_000,
        "ZAR" | "MXN" | "CZK" => 1_000,
        "SEK" | "NOK" | "DKK" => 500,
        "MYR" | "PLN" | "BRL" | "AED" | "SAR" => 200,
        _ if currency.exponent == 0 => 50_000,
        _ => 50,
    };
    Money(units * 10_i64.pow(u32::from(currency.exponent)))
}

/// The limit of a role; `None` = it has none.
pub fn find(conn: &Conn, limit: Limit, role: LimitedRole) -> Result<Option<Money>> {
    match conn.one(&FIND, (limit.as_str(), role.as_str()), |row| row.get::<_, Option<Money>>(0))? {
        Some(set) => Ok(set),
        None => Ok(limit.default_of(role, &settings::property(conn)?.currency)),
    }
}

/// Sets limits; all of them as they are then.
pub(super) fn change(tx: &Tx, wanted: &[(Limit, LimitedRole, Option<Money>)]) -> Result<Items<LimitView>> {
    let before = in_force(tx)?;
    for (limit, role, amount) in wanted {
        tx.run(&SET, (limit.as_str(), role.as_str(), amount))?;
    }
    let after = in_force(tx)?;
    audit::record(tx, "change", "limits", 1, &before.items, &after.items)?;
    Ok(after)
}

/// Whether who acts may do it at all.
pub fn may(conn: &Conn, limit: Limit) -> Result<bool> {
    match LimitedRole::of(conn.actor().role) {
        Some(role) => Ok(find(conn, limit, role)? != Some(Money::ZERO)),
        None => Ok(true),
    }
}

/// Refuses what is more than who acts may do to one stay.
///
/// # Errors
/// 409 `over-limit` with `limit_amount` and `used_amount`.
pub fn check(tx: &Tx, limit: Limit, used: Money, amount: Money) -> Result<()> {
    let Some(role) = LimitedRole::of(tx.actor().role) else { return Ok(()) };
    let Some(most) = find(tx, limit, role)?.filter(|most| used + amount > *most) else { return Ok(()) };
    let property = settings::property(tx)?;
    let words = |money: Money| property.money_in_words(money);
    let (deed, whom) = (limit.deed(), role.whom_to_ask());
    let detail = if most.is_zero() {
        text!("You may not {deed}. Ask {whom}.", deed, whom)
    } else if used.is_zero() {
        text!(
            "This is {amount}. You may {deed} up to {most}; ask {whom}.",
            amount = words(amount),
            deed,
            most = words(most),
            whom
        )
    } else {
        text!(
            "This is {amount}, after {used} before. You may {deed} up to {most}; ask {whom}.",
            amount = words(amount),
            used = words(used),
            deed,
            most = words(most),
            whom
        )
    };
    Err(Error::refused(Code::OverLimit, detail)
        .with("limit_amount", property.amount(most))
        .with("used_amount", property.amount(used)))
}
