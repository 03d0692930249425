//! Where e-invoices are sent: an address of the Peppol network, a scheme and what identifies somebody in it.
//!
//! The network refuses an address that cannot be right, so it is refused where it is typed.

use super::wording::{Text, text};

/// The schemes that Peppol BIS Billing 3.0 takes (its rule PEPPOL-EN16931-CL008), in order.
const SCHEMES: &[&str] = &[
    "0002", "0007", "0009", "0060", "0088", "0096", "0097", "0106", "0130", "0135", "0142", "0151", "0158", "0183", "0184",
    "0188", "0190", "0191", "0192", "0195", "0196", "0198", "0199", "0200", "0201", "0204", "0208", "0209", "0210", "0211",
    "0216", "0218", "0221", "0225", "0230", "0235", "0240", "0242", "0244", "0245", "0246", "0248", "9910", "9913", "9914",
    "9915", "9918", "9919", "9920", "9922", "9923", "9924", "9925", "9926", "9927", "9928", "9929", "9930", "9931", "9932",
    "9933", "9934", "9935", "9936", "9937", "9938", "9939", "9940", "9941", "9942", "9943", "9944", "9945", "9946", "9947",
    "9948", "9949", "9950", "9951", "9952", "9953", "9957", "9959",
];

/// Both parts as they are kept, or neither for nobody's.
///
/// # Errors
/// Which of the two parts is wrong, and words that go behind its name.
pub fn checked(scheme: &str, id: &str) -> Result<(String, String), (Part, Text)> {
    let (scheme, id) = (scheme.trim(), id.split_whitespace().collect::<String>());
    if scheme.is_empty() && id.is_empty() {
        return Ok((String::new(), String::new()));
    }
    if SCHEMES.binary_search(&scheme).is_err() {
        return Err((Part::Scheme, text!("must be one of Peppol’s schemes, such as 0208 or 9930")));
    }
    if id.is_empty() {
        return Err((Part::Id, text!("must not be empty when there is a scheme")));
    }
    if !is_right(scheme, &id) {
        return Err((Part::Id, text!("is not a number of scheme {scheme}; please check its digits", scheme)));
    }
    Ok((scheme.to_owned(), id))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Scheme,
    Id,
}

/// By the check digits of the schemes that have them.
fn is_right(scheme: &str, id: &str) -> bool {
    let after = |prefix: &str| id.strip_prefix(prefix).unwrap_or("");
    match scheme {
        "0088" => digits(id, 13) && weighted(id, &[1, 3], 10) == 0,
        "0192" => digits(id, 9) && weighted(id, &[1, 2, 3, 4, 5, 6, 7, 2, 3], 11) == 0,
        "0184" => digits(id, 8) || digits(after("DK"), 8),
        "0198" => digits(after("DK"), 8),
        "0096" => digits(id, 10),
        "0208" => digits(id, 10) && is_enterprise_number(id),
        "0007" => digits(id, 10) && is_luhn(id),
        "0106" => digits(id, 8),
        "0190" => digits(id, 20),
        _ => id.len() <= 50 && id.chars().all(|c| c.is_ascii_graphic()),
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits from the last to the first, each times its weight; the weights come round again.
fn weighted(digits: &str, weights: &[u32], modulus: u32) -> u32 {
    let values = digits.bytes().rev().map(|digit| u32::from(digit - b'0'));
    values.zip(weights.iter().cycle()).map(|(digit, weight)| digit * weight).sum::<u32>() % modulus
}

/// Every second digit twice, of what that comes to its digits.
fn is_luhn(digits: &str) -> bool {
    let values = digits.bytes().rev().map(|digit| u32::from(digit - b'0')).enumerate();
    values.map(|(at, digit)| if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit }).sum::<u32>() % 10 == 0
}

/// Belgium's: the last two digits are what the first eight lack to a multiple of 97.
fn is_enterprise_number(digits: &str) -> bool {
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let (body, check) = digits.split_at(8);
    97 - number(body) % 97 == number(check)
}

#[cfg(test)]
mod tests {
    use super::{Part, SCHEMES, checked};

    #[test]
    fn the_schemes_stand_in_order() {
        assert!(SCHEMES.is_sorted());
    }

    #[test]
    fn numbers_with_check_digits_are_checked() {
        let right = [
            ("0088", "7300010000001"),
            ("0192", "987654325"),
            ("0184", "12345678"),
            ("0184", "DK12345678"),
            ("0208", "0202239951"),
            ("0007", "5567321707"),
            ("0106", "12345678"),
            ("9930", "DE123456789"),
        ];
        for (scheme, id) in right {
            assert!(checked(scheme, id).is_ok(), "{scheme}:{id}");
        }
        let wrong = [
            ("0088", "7300010000002"),
            ("0192", "987654321"),
            ("0184", "1234567"),
            ("0208", "0202239952"),
            ("0007", "5567321708"),
            ("0106", "1234567"),
            ("9930", "DE123é"),
            ("0088", ""),
        ];
        for (scheme, id) in wrong {
            assert_eq!(checked(scheme, id).map_err(|(part, _)| part), Err(Part::Id), "{scheme}:{id}");
        }
        for scheme in ["", "88", "9999"] {
            assert_eq!(checked(scheme, "1").map_err(|(part, _)| part), Err(Part::Scheme));
        }
        assert_eq!(checked(" 0208 ", "0202 239 951"), Ok(("0208".to_owned(), "0202239951".to_owned())));
        assert_eq!(checked("", " "), Ok((String::new(), String::new())));
    }
}
