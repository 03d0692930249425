//! The terms that a booking was made under: what cancelling it and not coming cost, and what was asked for before.
//!
//! A fee is `none`, `first_night`, or a part of the price of all nights such as `50%`. Where
//! cancelling costs more the later it is, the later steps follow with their hours:
//! `50%; 24: first_night; 2: 100%`, and the hours of the first stand in a cell of their own. A deposit
//! is `first_night`, a part or an amount, and the days until it is due: `30%; before_arrival: 14`.

use crate::domain::money::{Currency, Decimal, Money};
use crate::domain::percent::Percent;
use crate::domain::status::{DepositDue, DepositKind, FeeKind};
use crate::hotel::policies::deposit::{Deposit, MAX_DAYS};
use crate::hotel::policies::{Fee, MAX_HOURS, MAX_STEPS, Policy, Step};

/// A fee as a cell.
pub fn fee_written(fee: Fee) -> String {
    match fee.kind {
        FeeKind::None | FeeKind::FirstNight => fee.kind.to_string(),
        FeeKind::Percent => format!("{}%", fee.percent),
    }
}

/// The fee that a cell tells.
///
/// # Errors
/// A sentence fragment that says what may stand there.
pub fn read_fee(cell: &str) -> Result<Fee, String> {
    let is_part = |percent: &Percent| (Percent::ZERO..=Percent::HUNDRED).contains(percent);
    match (FeeKind::parse(cell), cell.strip_suffix('%')) {
        (Some(FeeKind::None), _) => Ok(Fee::NONE),
        (Some(FeeKind::FirstNight), _) => Ok(Fee::FIRST_NIGHT),
        (_, Some(number)) if let Some(percent) = Percent::parse(number.trim_end()).filter(is_part) => Ok(Fee::percent(percent)),
        _ => Err(format!("“{cell}” must be none, first_night or a percentage such as 50%")),
    }
}

/// The hours of the first step, and all its fees, as two cells.
pub fn cancellation_written(policy: &Policy) -> [String; 2] {
    let Some((first, later)) = policy.cancellation.split_first() else { return [String::new(), fee_written(Fee::NONE)] };
    let later = later.iter().map(|step| format!("; {}: {}", step.hours_before, fee_written(step.fee)));
    let fees = std::iter::once(fee_written(first.fee)).chain(later).collect();
    [first.hours_before.to_string(), fees]
}

/// The steps after the hours of the first are known.
///
/// # Errors
/// A sentence fragment that says what may stand there.
pub fn read_cancellation(hours_before: i64, cell: &str) -> Result<Vec<Step>, String> {
    let mut parts = cell.split(';').map(str::trim);
    let first = read_fee(parts.next().unwrap_or(""))?;
    if first == Fee::NONE {
        return if parts.next().is_none() { Ok(Vec::new()) } else { Err(format!("“{cell}” must not go on after none")) };
    }
    let mut steps = vec![Step { hours_before, fee: first }];
    for part in parts {
        let step = part.split_once(':').and_then(|(hours, fee)| Some((hours.trim().parse::<i64>().ok()?, fee.trim())));
        let last = steps.last().map_or(MAX_HOURS, |step| step.hours_before);
        match step {
            Some((hours, fee)) if (0..last).contains(&hours) && steps.len() < MAX_STEPS => {
                let fee = Some(read_fee(fee)?).filter(|fee| *fee != Fee::NONE);
                let fee = fee.ok_or_else(|| format!("“{part}” must cost something"))?;
                steps.push(Step { hours_before: hours, fee });
            }
            _ => {
                return Err(format!("“{part}” must be hours before arrival, fewer than in the step before, and a fee: 24: 100%"));
            }
        }
    }
    Ok(steps)
}

/// A deposit as a cell.
pub fn deposit_written(deposit: Deposit, currency: &Currency) -> String {
    let of = match deposit.kind {
        DepositKind::None => return DepositKind::None.to_string(),
        DepositKind::FirstNight => deposit.kind.to_string(),
        DepositKind::Percent => format!("{}%", deposit.percent),
        DepositKind::Amount => currency.amount(deposit.amount).to_string(),
    };
    format!("{of}; {}: {}", deposit.due, deposit.days)
}

/// The deposit that a cell tells.
///
/// # Errors
/// A sentence fragment that says what may stand there.
pub fn read_deposit(cell: &str, currency: &Currency) -> Result<Deposit, String> {
    if DepositKind::parse(cell) == Some(DepositKind::None) {
        return Ok(Deposit::NONE);
    }
    let wrong = || format!("“{cell}” must be none, or what is asked and when it is due, such as 30%; before_arrival: 14");
    let (of, due) = cell.split_once(';').ok_or_else(wrong)?;
    let (due, days) = due.split_once(':').ok_or_else(wrong)?;
    let due = DepositDue::parse(due.trim()).ok_or_else(wrong)?;
    let days = days.trim().parse().ok().filter(|days| (0..=MAX_DAYS).contains(days)).ok_or_else(wrong)?;
    let (kind, percent, amount) = match (DepositKind::parse(of.trim()), of.trim().strip_suffix('%')) {
        (Some(DepositKind::FirstNight), _) => (DepositKind::FirstNight, Percent::ZERO, Money::ZERO),
        (_, Some(number)) => {
            let percent = Percent::parse(number.trim_end()).filter(|percent| *percent <= Percent::HUNDRED);
            (DepositKind::Percent, percent.filter(|percent| *percent > Percent::ZERO).ok_or_else(wrong)?, Money::ZERO)
        }
        (_, None) => {
            let amount =
                currency.money(&Decimal::new(of.trim())).ok().filter(|amount| *amount > Money::ZERO).ok_or_else(wrong)?;
            (DepositKind::Amount, Percent::ZERO, amount)
        }
    };
    Ok(Deposit { kind, percent, amount, due, days })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_is_read_as_it_was_written() {
        let euro = Currency::of("EUR").expect("a currency");
        for cell in ["none", "first_night; after_booking: 0", "12.5%; before_arrival: 365", "150.00; after_booking: 3"] {
            let read = read_deposit(cell, &euro).map(|deposit| deposit_written(deposit, &euro));
            assert_eq!(read.as_deref(), Ok(cell));
        }
        for bad in [
            "",
            "30%",
            "30%; before_arrival",
            "30%; later: 3",
            "0%; after_booking: 1",
            "101%; after_booking: 1",
            "-5; after_booking: 1",
            "0.00; after_booking: 1",
            "1.001; after_booking: 1",
            "first_night; after_booking: 366",
            "none; after_booking: 1",
        ] {
            assert!(read_deposit(bad, &euro).is_err(), "{bad}");
        }
    }

    #[test]
    fn fees_are_read_as_they_were_written() {
        for (fee, cell) in [(Fee::NONE, "none"), (Fee::FIRST_NIGHT, "first_night"), (Fee::percent(Percent(1250)), "12.5%")] {
            assert_eq!(fee_written(fee), cell);
            assert_eq!(read_fee(cell), Ok(fee));
        }
        assert_eq!(read_fee("100 %"), Ok(Fee::percent(Percent::HUNDRED)));
        for bad in ["percent", "101%", "-1%", "50", "%", "two nights", "0.125%"] {
            assert!(read_fee(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn steps_are_read_as_they_were_written() {
        let policy = |cancellation| Policy { cancellation, ..Policy::free() };
        let steps = vec![
            Step { hours_before: 168, fee: Fee::percent(Percent::whole(50)) },
            Step { hours_before: 24, fee: Fee::FIRST_NIGHT },
            Step { hours_before: 0, fee: Fee::percent(Percent::HUNDRED) },
        ];
        let [hours, cell] = cancellation_written(&policy(steps.clone()));
        assert_eq!((hours.as_str(), cell.as_str()), ("168", "50%; 24: first_night; 0: 100%"));
        assert_eq!(read_cancellation(168, &cell), Ok(steps));
        assert_eq!(cancellation_written(&policy(Vec::new())), ["", "none"]);
        assert_eq!(read_cancellation(24, "none"), Ok(Vec::new()));
        for bad in ["50%; 168: 100%", "50%; 24", "50%; x: 100%", "none; 24: 50%", "50%; 24: none", "50%; -1: 100%"] {
            assert!(read_cancellation(168, bad).is_err(), "{bad}");
        }
    }
}
