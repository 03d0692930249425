//! Countries by their codes, as invoices name them.

use super::wording::{Text, text};

/// ISO 3166-1 alpha-2, and `XI` for Northern Ireland's VAT, in order.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW \
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE \
    KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC \
    SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ \
    VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW";

/// A country's code of two letters in capitals; empty where it is not said.
///
/// # Errors
/// Words that go behind the field's name, for what is no code.
pub fn code(typed: &str) -> Result<String, Text> {
    let code = typed.trim().to_ascii_uppercase();
    match code.is_empty() || CODES.split(' ').any(|known| known == code) {
        true => Ok(code),
        false => Err(text!("must be a country’s code of two letters, such as PT")),
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, code};

    #[test]
    fn a_code_is_one_of_the_list_or_none() {
        assert!(CODES.split(' ').is_sorted() && CODES.split(' ').all(|code| code.len() == 2));
        assert_eq!(CODES.split(' ').count(), 250);
        for (typed, kept) in [(" pt ", "PT"), ("", ""), ("XI", "XI")] {
            assert_eq!(code(typed), Ok(kept.to_owned()));
        }
        assert!(["Portugal", "XX", "P", "AD AE"].iter().all(|typed| code(typed).is_err()));
    }
}
