//! What a password must be like: long enough, and none of those that are tried first.
//!
//! Guessing over the network is slowed down after five tries, so what has to be kept out is
//! the first few thousand guesses: the well-known words with their usual endings, the
//! person's own name, keys in a row.

use crate::domain::text::SecretText;
use crate::domain::wording::{Text, text};

pub type NewPassword = SecretText<8, 200>;

/// How many different characters there are at least.
const DIFFERENT: usize = 4;

/// What most lists of stolen passwords begin with, without digits and signs around it.
const WELL_KNOWN: &[&str] = &[
    "abc",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "azerty",
    "baseball",
    "batman",
    "booking",
    "changeme",
    "charlie",
    "chocolate",
    "computer",
    "demo",
    "donald",
    "dragon",
    "fallback",
    "football",
    "freedom",
    "guest",
    "hello",
    "hotel",
    "hotelroom",
    "hunter",
    "iloveyou",
    "innkeeper",
    "internet",
    "jordan",
    "letmein",
    "liverpool",
    "login",
    "manager",
    "master",
    "michael",
    "monkey",
    "mustang",
    "nothing",
    "office",
    "owner",
    "passw",
    "passwd",
    "password",
    "passwort",
    "pokemon",
    "princess",
    "qazwsx",
    "qwe",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "qwertzuiop",
    "rahasia",
    "reception",
    "receptionist",
    "root",
    "secret",
    "selamat",
    "sandi",
    "katasandi",
    "shadow",
    "starwars",
    "sunshine",
    "superman",
    "test",
    "testing",
    "thomas",
    "trustno",
    "user",
    "username",
    "welcome",
    "whatever",
    "zaq",
    "zxcvbn",
    "zxcvbnm",
    "bismillah",
    "indonesia",
    "sayang",
    "anjing",
    "geheim",
    "passer",
    "contrasena",
    "motdepasse",
];

/// Says what is wrong with a password of somebody who signs in by these names.
pub fn check(password: &str, names: &[&str]) -> Result<(), Text> {
    NewPassword::check_length(password)?;
    let mut different: Vec<char> = password.chars().filter(|c| !c.is_whitespace()).collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || is_run(password) {
        return Err(text!("is too easy to guess: use different characters, not one after the other"));
    }
    let words = [plain(password), plain(password.trim_start_matches(|c: char| !c.is_alphabetic()))];
    if words.iter().any(|word| WELL_KNOWN.contains(&word.as_str()) || is_twice(word)) {
        return Err(text!("is too easy to guess; use several words or a sentence"));
    }
    let is_name = |name: &str| name.chars().count() > 2 && words.contains(&plain_name(name)) && !plain_name(name).is_empty();
    if names.iter().any(|name| is_name(name)) {
        return Err(text!("must not be the name of the person or of the hotel"));
    }
    Ok(())
}

/// Each character the one after the last, or before it: 12345678, hgfedcba.
fn is_run(password: &str) -> bool {
    let codes: Vec<u32> = password.to_lowercase().chars().map(u32::from).collect();
    let goes_by =
        |step: i64| codes.windows(2).filter(|pair| i64::from(pair[1]) - i64::from(pair[0]) == step).count() + 2 >= codes.len();
    goes_by(1) || goes_by(-1)
}

/// The word inside: in small letters, digits and signs for letters read as those, and what
/// is set around it left away. P@ssw0rd2024! is password.
fn plain(password: &str) -> String {
    let around = |c: char| !c.is_alphabetic() && !matches!(c, '@' | '$' | '0' | '1' | '3');
    let word = password.trim().trim_matches(around).trim_end_matches(|c: char| !c.is_alphabetic());
    let as_letter = |c: char| match c {
        '@' | '4' => 'a',
        '$' | '5' => 's',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '7' => 't',
        other => other,
    };
    word.to_lowercase().chars().map(as_letter).filter(|c| c.is_alphabetic()).collect()
}

fn plain_name(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect()
}

/// A short word twice: testtest.
fn is_twice(plain: &str) -> bool {
    let (half, is_even) = (plain.len() / 2, plain.len().is_multiple_of(2));
    let halves = if is_even { plain.split_at_checked(half) } else { None };
    halves.is_some_and(|(first, second)| first == second && WELL_KNOWN.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        for weak in [
            "short",
            "password",
            "Password1",
            "P@ssw0rd2024!",
            "        ",
            "aaaaaaaa",
            "12345678",
            "123456789",
            "87654321",
            "abcdefgh",
            "abababab",
            "qwerty123",
            "admin123",
            "iloveyou",
            "letmein!!",
            "testtest",
            "welcome2026",
            "Hotel2026",
            "innkeeper1",
            "1password",
            "$ecret123",
            "!!!!!!!!",
            "rahasia123",
            "sunrise inn 1",
            "AnaLopes9",
        ] {
            assert!(check(weak, &["Ana Lopes", "Sunrise Inn"]).is_err(), "{weak}");
        }
        for good in
            ["correct horse", "a-good-password", "another one", "blue kettle 7", "Zwölf Boxkämpfer", "kq7#mZ2p", "4821 9930"]
        {
            assert_eq!(check(good, &["Ana Lopes", "Sunrise Inn", "al"]), Ok(()), "{good}");
        }
    }
}
