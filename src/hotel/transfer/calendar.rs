//! Dates as people and spreadsheets write them: `2026-05-03`, `3/5/2026`, `03.05.2026`.

use super::options::DateOrder;
use crate::domain::date::{Date, NotADate};

/// How a date's numbers can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Year first, or day and month alike, or no date at all.
    None,
    Sure(DateOrder),
    /// Both of the first two numbers could be the month.
    Doubtful,
}

/// The three numbers of a date that ends in its year.
fn numbers(text: &str) -> Option<(i8, i8, i16)> {
    let mut parts = day_part(text).split(['/', '.', '-']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_short = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !is_short(first) || !is_short(second) {
        return None;
    }
    Some((first.parse().ok()?, second.parse().ok()?, year.parse().ok()?))
}

/// Without the time of day that may follow.
fn day_part(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':') => day,
        _ => text,
    }
}

/// How the numbers of a date can be read.
pub fn order(text: &str) -> Order {
    // Nearly all are written as documented.
    if text.as_bytes().get(4) == Some(&b'-') {
        return Order::None;
    }
    match numbers(text) {
        Some((first, second, _)) if first == second => Order::None,
        Some((first, second, _)) => match (first > 12, second > 12) {
            (true, false) => Order::Sure(DateOrder::DayFirst),
            (false, true) => Order::Sure(DateOrder::MonthFirst),
            (false, false) => Order::Doubtful,
            (true, true) => Order::None,
        },
        None => Order::None,
    }
}

/// The date with an order of its first numbers.
///
/// # Errors
/// A sentence fragment such as "must be a date such as 2025-11-10".
pub fn read(text: &str, order: Option<DateOrder>) -> Result<Date, String> {
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    if let Some((first, second, year)) = numbers(text) {
        let (day, month) = match order {
            Some(DateOrder::MonthFirst) => (second, first),
            Some(DateOrder::DayFirst) | None => (first, second),
        };
        return Date::new(year, month, day).ok_or_else(|| NotADate.to_string());
    }
    let is_day_number = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
    if is_day_number {
        return Err("is a spreadsheet's number for a date; give the column the form of a date, such as 2025-11-10".to_owned());
    }
    let dashed = day_part(text).replace('/', "-");
    dashed.parse().map_err(|error: NotADate| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_usual_forms() {
        use DateOrder::{DayFirst, MonthFirst};
        for (text, orders, given) in [
            ("2026-05-03", Order::None, None),
            ("2026/05/03", Order::None, None),
            ("2026-05-03 10:02:17", Order::None, None),
            ("2026-05-03T10:02:17", Order::None, None),
            ("03.05.2026", Order::Doubtful, Some(DayFirst)),
            ("5/3/2026", Order::Doubtful, Some(MonthFirst)),
            ("05-03-2026 00:00", Order::Doubtful, Some(MonthFirst)),
        ] {
            assert_eq!((order(text), read(text, given)), (orders, Ok(Date::new(2026, 5, 3).expect("date"))), "{text}");
        }
        assert_eq!(order("13/05/2026"), Order::Sure(DayFirst));
        assert_eq!(order("05/13/2026"), Order::Sure(MonthFirst));
        assert_eq!((order("05/05/2026"), order("13/13/2026")), (Order::None, Order::None));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["BAD", "2026-02-30", "13/13/2026", "03.05.26", "5/2026", "2026-05-03 late", "1/2/3/2026", "+1/2/2026"] {
            assert!(read(text, None).is_err_and(|e| e.contains("must be a date")), "{text}");
        }
        assert!(read("46146", None).is_err_and(|e| e.contains("spreadsheet")));
    }
}
