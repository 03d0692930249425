//! Bank accounts as paper names them, and the code by which a phone fills in a transfer in euros (EPC069-12).

use super::money::Amount;

/// An account number that fits its check digits (ISO 13616), without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iban(String);

impl Iban {
    /// `None` for what is no such number. Spaces are as people like them.
    pub fn read(typed: &str) -> Option<Iban> {
        let number: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let bytes = number.as_bytes();
        let is_formed = (15..=34).contains(&bytes.len())
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit)
            && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
        (is_formed && remainder(&number) == 1).then_some(Iban(number))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In fours, as it is read from paper: `DE89 3704 0044 0532 0130 00`.
    pub fn spaced(&self) -> String {
        let groups = self.0.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group));
        groups.collect::<Vec<_>>().join(" ")
    }
}

/// The remainder by 97 of a number whose first four letters stand at its end (ISO 7064). Letters count from 10 on.
fn remainder(number: &str) -> u32 {
    let (first, rest) = number.split_at(4);
    rest.chars().chain(first.chars()).filter_map(|letter| letter.to_digit(36)).fold(0, |sum, digit| {
        let shift = if digit > 9 { 100 } else { 10 };
        (sum * shift + digit) % 97
    })
}

/// A creditor reference (ISO 11649): `RF18 5390 0754 7034`.
fn is_creditor_reference(text: &str) -> bool {
    let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    number.starts_with("RF")
        && (5..=25).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && remainder(&number) == 1
}

/// Eight or eleven letters and digits (ISO 9362).
fn is_bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Who is paid in euros, how much, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'t> {
    pub holder: &'t str,
    pub iban: &'t Iban,
    /// Left out where it is none: the number alone is enough within the area.
    pub bic: &'t str,
    pub amount: Amount,
    /// The document's number, or a creditor reference.
    pub reference: &'t str,
}

const MOST_CENTS: i64 = 99_999_999_999;
/// What a code of this standard may hold.
const MOST_BYTES: usize = 331;

impl Transfer<'_> {
    /// What the code says: version 002 in UTF-8, a line each. `None` where there is nothing to pay or no way to say it.
    pub fn payload(&self) -> Option<String> {
        let Amount { minor, exponent: 2 } = self.amount else { return None };
        let holder = line(self.holder, 70);
        if !(1..=MOST_CENTS).contains(&minor) || holder.is_empty() {
            return None;
        }
        let bic = self.bic.trim().to_uppercase();
        let bic = if is_bic(&bic) { bic.as_str() } else { "" };
        let amount = format!("EUR{}.{:02}", minor / 100, minor % 100);
        let (structured, plain) = match is_creditor_reference(self.reference) {
            true => (self.reference.chars().filter(|c| !c.is_whitespace()).collect(), String::new()),
            false => (String::new(), line(self.reference, 140)),
        };
        let lines = ["BCD", "002", "1", "SCT", bic, &holder, self.iban.as_str(), &amount, "", &structured, &plain];
        let payload = lines.join("\n");
        let payload = payload.trim_end_matches('\n').to_owned();
        (payload.len() <= MOST_BYTES).then_some(payload)
    }
}

/// As many letters as are taken, on one line.
fn line(text: &str, most: usize) -> String {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain.chars().filter(|c| !c.is_control()).take(most).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(minor: i64) -> Amount {
        Amount { minor, exponent: 2 }
    }

    fn transfer<'t>(iban: &'t Iban, minor: i64, reference: &'t str) -> Transfer<'t> {
        Transfer { holder: "Hotel Seruni", iban, bic: "", amount: euros(minor), reference }
    }

    #[test]
    fn an_iban_is_known_by_its_check_digits() {
        for good in
            ["DE89370400440532013000", "gb29 nwbk 6016 1331 9268 19", "NO9386011117947", "MT84MALT011000012345MTLCAST001S"]
        {
            assert!(Iban::read(good).is_some(), "{good}");
        }
        for bad in
            ["DE88370400440532013000", "DE8937040044053201300", "XX", "", "89DE370400440532013000", "DE89-3704-0044-0532-0130-00"]
        {
            assert_eq!(Iban::read(bad), None, "{bad}");
        }
        let iban = Iban::read("de89370400440532013000").expect("a number");
        assert_eq!((iban.as_str(), iban.spaced().as_str()), ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"));
    }

    /// The examples of EPC069-12: a gift with its BIC, and a bill with a reference and none.
    #[test]
    fn a_code_says_what_the_standard_shows() {
        let iban = Iban::read("BE72 0000 0000 1616").expect("a number");
        let gift = Transfer {
            holder: "Red Cross of Belgium",
            iban: &iban,
            bic: "BPOTBEB1",
            amount: euros(100),
            reference: "Urgency fund",
        };
        let said = "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\n\n\nUrgency fund";
        assert_eq!(gift.payload().as_deref(), Some(said));
        let iban = Iban::read("DE89370400440532013000").expect("a number");
        let bill = transfer(&iban, 1230, "RF18 5390 0754 7034").payload();
        let said = "BCD\n002\n1\nSCT\n\nHotel Seruni\nDE89370400440532013000\nEUR12.30\n\nRF18539007547034";
        assert_eq!(bill.as_deref(), Some(said), "a reference with check digits has a line of its own, and empty lines end none");
    }

    #[test]
    fn there_is_no_code_for_what_cannot_be_paid_so() {
        let iban = Iban::read("DE89370400440532013000").expect("a number");
        for (minor, is_said) in [(0, false), (-1, false), (1, true), (99_999_999_999, true), (100_000_000_000, false)] {
            assert_eq!(transfer(&iban, minor, "2025-17").payload().is_some(), is_said, "{minor}");
        }
        let greatest = transfer(&iban, 99_999_999_999, "x").payload().expect("a code");
        assert!(greatest.contains("\nEUR999999999.99\n"));
        let yen = Transfer { amount: Amount { minor: 100, exponent: 0 }, ..transfer(&iban, 100, "x") };
        assert_eq!(yen.payload(), None);
        let nobody = Transfer { holder: " \n ", ..transfer(&iban, 100, "x") };
        assert_eq!(nobody.payload(), None);
        let wrong = Transfer { bic: "not one", holder: "A\nB\u{7}", ..transfer(&iban, 100, "RF19 wrong") };
        let said = "BCD\n002\n1\nSCT\n\nA B\nDE89370400440532013000\nEUR1.00\n\n\nRF19 wrong";
        assert_eq!(wrong.payload().as_deref(), Some(said));
    }

    #[test]
    fn what_is_too_long_is_cut_to_what_the_standard_takes() {
        let iban = Iban::read("DE89370400440532013000").expect("a number");
        let name = "n".repeat(80);
        let long = Transfer { holder: &name, ..transfer(&iban, 100, &"r".repeat(200)) }.payload().expect("a code");
        let lines: Vec<usize> = long.lines().map(str::len).collect();
        assert_eq!((lines[5], lines[10]), (70, 140));
        let wide = "ü".repeat(70);
        let reference = "ß".repeat(140);
        let many = Transfer { holder: &wide, ..transfer(&iban, 100, &reference) };
        assert_eq!(many.payload(), None, "331 bytes are the most");
    }
}
