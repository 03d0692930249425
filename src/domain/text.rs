//! Texts typed by people: trimmed, bounded, without control characters.

/// The digits of a phone number, for search: `+62 (812) 34` is `6281234`.
pub fn phone_digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Trims a line of text and refuses control characters and overlong input.
///
/// Returns a sentence fragment such as "must be at most 200 characters".
pub fn line(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(format!("must be at most {max} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// The same for a text of several lines: line breaks and tabs are kept.
pub fn paragraph(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(format!("must be at most {max} characters"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("must not contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// A line that must not be empty.
pub fn name(text: &str, max: usize) -> Result<String, String> {
    let text = line(text, max)?;
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(text) }
}

/// A loose check that a text could be an e-mail address; empty is allowed.
pub fn email(text: &str) -> Result<String, String> {
    let text = line(text, 254)?;
    let looks_right =
        text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    if text.is_empty() || (looks_right && !text.contains(' ')) { Ok(text) } else { Err("must be an e-mail address".to_owned()) }
}

/// The alphabet of confirmation numbers: nothing that is misheard or misread.
pub const CONFIRMATION_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Seven letters and digits from a random number: short, readable aloud, not guessable.
pub fn confirmation_number(mut random: u64) -> String {
    (0..7)
        .map(|_| {
            let at = usize::try_from(random % 31).unwrap_or(0);
            random /= 31;
            char::from(CONFIRMATION_ALPHABET[at])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_bounded() {
        assert_eq!(line("  Ana  ", 10), Ok("Ana".to_owned()));
        assert!(line("a\u{0}b", 10).is_err());
        assert!(line("abcdef", 5).is_err());
        assert!(name("   ", 5).is_err());
    }

    #[test]
    fn email_is_checked_loosely() {
        for good in ["", "a@b.co", "ana+x@hotel.example"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["a", "a@", "@b.co", "a@b", "a b@c.de", "a@b@c.de"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn confirmation_numbers_have_no_lookalikes() {
        assert!(CONFIRMATION_ALPHABET.iter().all(|c| !b"01OIL".contains(c)));
        assert_eq!(confirmation_number(0), "2222222");
        assert_eq!(confirmation_number(u64::MAX).len(), 7);
    }
}
