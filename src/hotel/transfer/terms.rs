//! The terms that a booking was made under: what cancelling it and not coming cost.
//!
//! A fee is `none`, `first_night`, or a part of the price of all nights such as `50%`.

use crate::domain::status::FeeKind;

/// A fee as a cell.
pub fn written(kind: FeeKind, percent: i64) -> String {
    match kind {
        FeeKind::None | FeeKind::FirstNight => kind.to_string(),
        FeeKind::Percent => format!("{percent}%"),
    }
}

/// The fee that a cell tells, with its percentage.
///
/// # Errors
/// A sentence fragment that says what may stand there.
pub fn read(cell: &str) -> Result<(FeeKind, i64), String> {
    match (FeeKind::parse(cell), cell.strip_suffix('%')) {
        (Some(kind @ (FeeKind::None | FeeKind::FirstNight)), _) => Ok((kind, 0)),
        (_, Some(number)) if let Some(percent) = number.trim_end().parse().ok().filter(|n| (0..=100).contains(n)) => {
            Ok((FeeKind::Percent, percent))
        }
        _ => Err(format!("“{cell}” must be none, first_night or a percentage such as 50%")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_read_as_they_were_written() {
        for (kind, percent, cell) in
            [(FeeKind::None, 0, "none"), (FeeKind::FirstNight, 0, "first_night"), (FeeKind::Percent, 50, "50%")]
        {
            assert_eq!(written(kind, percent), cell);
            assert_eq!(read(cell), Ok((kind, percent)));
        }
        assert_eq!(written(FeeKind::None, 30), "none", "a percentage without a use is none of the terms");
        assert_eq!(read("100 %"), Ok((FeeKind::Percent, 100)));
        for bad in ["percent", "101%", "-1%", "50", "%", "two nights"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
