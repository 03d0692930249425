//! The guests of the demo hotel: names, contacts, papers. Nobody real: the
//! addresses end in a domain that is reserved for examples.

use super::names::{NATIONS, Nation, Order};
use super::random::Random;
use crate::domain::date::Date;
use crate::hotel::guests::NewGuest;

const NOTES: &[&str] = &[
    "Prefers a high floor",
    "Allergic to peanuts",
    "Vegetarian breakfast",
    "Returns every year for the jazz festival",
    "Quiet room, away from the lift",
    "Speaks no English",
    "Company invoice required",
    "Feather-free pillows",
];

/// Makes guests.
pub struct People {
    weights: Vec<(usize, &'static Nation)>,
    made: u64,
}

impl People {
    pub fn new() -> People {
        People { weights: NATIONS.iter().map(|n| (n.weight, n)).collect(), made: 0 }
    }

    /// Somebody new, grown up on `today`.
    pub fn guest(&mut self, random: &mut Random, today: Date) -> NewGuest {
        self.made += 1;
        let nation = *random.weighted(&self.weights);
        let full_name = full_name(random, nation);
        let email = if random.chance(820) { self.email(&full_name) } else { String::new() };
        let phone_number = if random.chance(760) { phone(random, nation) } else { String::new() };
        let (id_type, id_number) = if random.chance(550) { papers(random, nation) } else { (String::new(), String::new()) };
        let birth_date = random.chance(500).then(|| today.plus(-random.between(7_000, 27_000))).flatten();
        NewGuest {
            full_name: full_name.into(),
            email: email.into(),
            phone_number: phone_number.into(),
            id_type: id_type.into(),
            id_number: id_number.into(),
            nationality: nation.code.into(),
            birth_date,
            is_vip: random.chance(22),
            notes: if random.chance(60) { *random.pick(NOTES) } else { "" }.into(),
        }
    }

    /// An address of the name, unique by a number in it.
    fn email(&self, name: &str) -> String {
        let words: Vec<String> = name.split_whitespace().map(ascii).filter(|w| !w.is_empty()).collect();
        let who = match words.as_slice() {
            [] => "guest".to_owned(),
            [only] => only.clone(),
            [first, .., last] => format!("{first}.{last}"),
        };
        format!("{who}{}@mail.example", self.made)
    }
}

fn full_name(random: &mut Random, nation: &Nation) -> String {
    let (given, family) = (*random.pick(nation.given), *random.pick(nation.family));
    let is_latin = given.is_ascii() && family.is_ascii();
    match nation.order {
        Order::FamilyFirst => format!("{family} {given}"),
        Order::Joined => format!("{family}{given}"),
        // Every fourth has a second given name.
        Order::GivenFirst if is_latin && !given.contains(' ') && random.chance(250) => {
            let second = random.pick(nation.given);
            if *second == given { format!("{given} {family}") } else { format!("{given} {second} {family}") }
        }
        Order::GivenFirst => format!("{given} {family}"),
    }
}

fn digits(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + u8::try_from(random.below(10)).unwrap_or(0))).collect()
}

/// Most are written with the country code, Indonesian ones often without.
fn phone(random: &mut Random, nation: &Nation) -> String {
    if nation.code == "ID" && random.chance(400) {
        return format!("08{} {} {}", 11 + random.below(89), digits(random, 4), digits(random, 4));
    }
    let first = 1 + random.below(9);
    format!("+{} {first}{} {} {}", nation.calling_code, digits(random, 2), digits(random, 3), digits(random, 4))
}

fn papers(random: &mut Random, nation: &Nation) -> (String, String) {
    if nation.code == "ID" {
        return ("KTP".to_owned(), format!("3{}", digits(random, 15)));
    }
    let letter = char::from(b'A' + u8::try_from(random.below(26)).unwrap_or(0));
    ("passport".to_owned(), format!("{letter}{}", digits(random, 8)))
}

/// Lower-case letters without marks; what has none in Latin script is left out.
fn ascii(word: &str) -> String {
    let plain = |c: char| match c {
        'a'..='z' => Some(c),
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ą' | 'ā' | 'æ' => Some('a'),
        'ç' | 'č' | 'ć' => Some('c'),
        'ď' | 'đ' => Some('d'),
        'é' | 'è' | 'ê' | 'ë' | 'ě' | 'ę' => Some('e'),
        'ğ' => Some('g'),
        'í' | 'ì' | 'î' | 'ï' | 'ı' => Some('i'),
        'ł' => Some('l'),
        'ñ' | 'ň' | 'ń' => Some('n'),
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => Some('o'),
        'ř' => Some('r'),
        'š' | 'ș' | 'ş' | 'ß' | 'ś' => Some('s'),
        'ț' | 'ť' => Some('t'),
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ư' => Some('u'),
        'ý' | 'ỳ' => Some('y'),
        'ž' | 'ż' | 'ź' => Some('z'),
        _ => None,
    };
    word.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn guests_come_from_many_countries_and_pass_the_hotels_own_checks() {
        let (mut random, mut people) = (Random::new(5), People::new());
        let today = "2025-11-10".parse().expect("date");
        let guests: Vec<NewGuest> = (0..5000).map(|_| people.guest(&mut random, today)).collect();
        assert!(guests.iter().all(|g| g.check().as_ref() == Ok(g)));
        assert!(guests.iter().map(|g| &*g.nationality).collect::<HashSet<_>>().len() >= 40);
        assert!(guests.iter().any(|g| g.is_vip) && guests.iter().any(|g| !g.full_name.is_ascii()));
        let emails: Vec<&str> = guests.iter().map(|g| &*g.email).filter(|e| !e.is_empty()).collect();
        assert_eq!(emails.iter().collect::<HashSet<_>>().len(), emails.len());
        assert!(emails.iter().all(|e| e.is_ascii()));
    }
}
