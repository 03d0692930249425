//! Tax numbers as the standard tells them apart: a VAT number begins with its country, anything else is what the
//! country's tax office calls somebody.

/// VAT numbers behind the country's letters: `9` is a digit, `A` a letter, `*` either; the rest stands for itself.
const PATTERNS: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["9999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CH", &["E999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("ES", &["*9999999*"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("GR", &["999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9*99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LI", &["99999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MC", &["**999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("NO", &["999999999MVA"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999"]),
];

/// What Swiss numbers end in, and Norwegian ones.
const ENDINGS: &[(&str, &[&str])] = &[("CH", &["MWST", "TVA", "IVA"]), ("NO", &["MVA"])];

/// The VAT number with its country's letters, of a number that is one.
pub fn vat_number(country: &str, typed: &str) -> Option<String> {
    let typed = plain(typed);
    let (_, patterns) = PATTERNS.iter().find(|(known, _)| *known == country)?;
    let prefix = match country {
        "GR" => "EL",
        "MC" => "FR",
        country => country,
    };
    let own = typed.strip_prefix(prefix).or_else(|| typed.strip_prefix(country)).unwrap_or(&typed);
    let endings = ENDINGS.iter().find(|(known, _)| *known == country).map_or(&[][..], |(_, endings)| *endings);
    let own = endings.iter().find_map(|ending| own.strip_suffix(ending)).unwrap_or(own);
    let number = if country == "NO" { format!("{own}MVA") } else { own.to_owned() };
    patterns.iter().any(|pattern| is_like(&number, pattern)).then(|| format!("{prefix}{number}"))
}

/// Capitals and digits alone.
pub fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_like(number: &str, pattern: &str) -> bool {
    let fits = |(c, like): (u8, u8)| match like {
        b'9' => c.is_ascii_digit(),
        b'*' => c.is_ascii_alphanumeric(),
        b'A' => c.is_ascii_uppercase(),
        like => c == like,
    };
    number.len() == pattern.len() && number.bytes().zip(pattern.bytes()).all(fits)
}

/// The scheme of numbers in the country's register of companies, by the ISO 6523 list, and the number as it is
/// written there; `None` where it does not look like one.
pub fn registration(country: &str, typed: &str) -> Option<(&'static str, String)> {
    let number = plain(typed);
    let known: &[(&str, &str, &str)] = &[
        ("BE", "9999999999", "0208"),
        ("DK", "99999999", "0184"),
        ("FI", "99999999", "0212"),
        ("FR", "999999999", "0002"),
        ("FR", "99999999999999", "0009"),
        ("NL", "99999999", "0106"),
        ("NL", "99999999999999999999", "0190"),
        ("NO", "999999999", "0192"),
        ("SE", "9999999999", "0007"),
    ];
    let (_, _, scheme) = known.iter().find(|(of, pattern, _)| *of == country && is_like(&number, pattern))?;
    let is_right = crate::domain::electronic_address::checked(scheme, &number).is_ok();
    // A scheme that no address can have is still one of registers.
    (is_right || *scheme == "0212").then_some((*scheme, number))
}
