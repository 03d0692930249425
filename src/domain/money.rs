//! Money as whole minor units, and its exact decimal form on the wire.
//!
//! Nothing here knows floating point. A number from JSON is kept as its digits
//! until the currency says how many decimals it may have.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::percent::Percent;
use super::wording::{Text, text};

/// An amount in minor units of the property's currency (cents; whole rupiah).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub i64);

/// The largest amount that is taken from outside, in whole units of any currency.
pub const MAX_WHOLE: i64 = 10_000_000_000;
/// The same in minor units of the finest currency: far above any hotel's books and
/// far below what could overflow their sums.
pub const MAX_INPUT: i64 = MAX_WHOLE * 1000;

impl Money {
    pub const ZERO: Money = Money(0);

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `self × n`, or `None` when it does not fit.
    pub fn times(self, n: i64) -> Option<Money> {
        self.0.checked_mul(n).map(Money)
    }

    /// The nearest multiple of the smallest coin, halves away from zero; as it is where there is none.
    pub fn to_coin(self, coin: Money) -> Money {
        if coin.0 <= 1 {
            return self;
        }
        Money(saturate(divide_half_away(i128::from(self.0), i128::from(coin.0)) * i128::from(coin.0)))
    }

    /// Splits into `n` parts that differ by at most one minor unit and add up
    /// to `self` exactly; the larger parts come first. Empty for `n = 0`.
    pub fn split(self, n: usize) -> Vec<Money> {
        let Ok(count) = i64::try_from(n) else { return Vec::new() };
        if count == 0 {
            return Vec::new();
        }
        let (share, rest) = (self.0.div_euclid(count), self.0.rem_euclid(count));
        (0..count).map(|i| Money(share + i64::from(i < rest))).collect()
    }

    /// `percent` of the amount, rounded half away from zero to the minor unit.
    pub fn percent(self, percent: i64) -> Money {
        let scaled = i128::from(self.0) * i128::from(percent);
        Money(saturate(divide_half_away(scaled, 100)))
    }

    /// The part of the amount, rounded half away from zero to the minor unit.
    pub fn share(self, percent: Percent) -> Money {
        let scaled = i128::from(self.0) * i128::from(percent.0);
        Money(saturate(divide_half_away(scaled, i128::from(Percent::HUNDRED.0))))
    }

    /// `self × numerator ÷ denominator`, rounded once, half away from zero; zero for no denominator.
    pub fn times_ratio(self, numerator: i64, denominator: i64) -> Money {
        self.times_wide(i128::from(numerator), i128::from(denominator))
    }

    /// The same with what does not fit 64 bits.
    pub fn times_wide(self, numerator: i128, denominator: i128) -> Money {
        match denominator {
            0 => Money::ZERO,
            _ => Money(saturate(divide_half_away(i128::from(self.0).saturating_mul(numerator), denominator))),
        }
    }

    /// Splits into parts as large as their weights, which add up to `self` exactly: what is left over by
    /// rounding down goes to the largest fractions. Weights that come to less than zero weigh as those that come to as
    /// much more. Without any weight all is in the first part.
    pub fn by_weights(self, weights: &[i64]) -> Vec<Money> {
        let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        let (whole, sign) = (sum.abs(), sum.signum());
        let parts = |weight: &i64| i128::from(self.0.abs()) * i128::from(*weight) * sign;
        if whole == 0 {
            return weights.iter().enumerate().map(|(at, _)| if at == 0 { self } else { Money::ZERO }).collect();
        }
        let mut out: Vec<i64> = weights.iter().map(|weight| saturate(parts(weight).div_euclid(whole))).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(parts(&weights[*at]).rem_euclid(whole)));
        let left = usize::try_from(self.0.abs() - out.iter().sum::<i64>()).unwrap_or(0);
        order.into_iter().take(left).for_each(|at| out[at] += 1);
        out.into_iter().map(|part| Money(part * self.0.signum())).collect()
    }

    /// The amount divided by a count, rounded half away from zero; zero for no count.
    pub fn per(self, count: i64) -> Money {
        if count == 0 {
            return Money::ZERO;
        }
        Money(saturate(divide_half_away(i128::from(self.0), i128::from(count))))
    }
}

fn divide_half_away(n: i128, d: i128) -> i128 {
    let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
    if n >= 0 { (n + d / 2) / d } else { -((-n + d / 2) / d) }
}

fn saturate(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.checked_add(other.0).expect("invariant: sums of bounded amounts fit 64 bits"))
    }
}

impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.checked_sub(other.0).expect("invariant: sums of bounded amounts fit 64 bits"))
    }
}

impl std::ops::Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, |a, b| a + b)
    }
}

impl rusqlite::types::ToSql for Money {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for Money {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Money)
    }
}

/// A currency: its ISO 4217 code and how many decimals its amounts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    pub code: String,
    pub exponent: u8,
}

impl Currency {
    /// What a code looks like.
    pub const CODE: &'static str = "^[A-Z]{3}$";

    /// The currency of an ISO 4217 code. The exponent is the one hotels use:
    /// IDR has two decimals on paper and none at any desk.
    pub fn of(code: &str) -> Option<Currency> {
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let exponent = match code {
            "IDR" | "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "PYG" | "UGX" | "XAF" | "XOF" | "XPF" | "RWF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Some(Currency { code: code.to_owned(), exponent })
    }

    /// The wire form of an amount in this currency.
    pub fn amount(&self, money: Money) -> Amount {
        Amount { minor: money.0, exponent: self.exponent }
    }

    /// Reads an amount typed by a person or sent by a program.
    pub fn money(&self, decimal: &Decimal) -> Result<Money, AmountError> {
        decimal.to_minor(self.exponent)
    }
}

/// Why a number is not an amount of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    NotANumber,
    TooPrecise,
    TooLarge,
}

impl From<AmountError> for Text {
    fn from(error: AmountError) -> Text {
        match error {
            AmountError::NotANumber => text!("must be a number such as 120.50"),
            AmountError::TooPrecise => text!("has more decimals than the currency"),
            AmountError::TooLarge => text!("is larger than any amount taken here"),
        }
    }
}

/// An amount ready to be written: an exact decimal JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub minor: i64,
    pub exponent: u8,
}

impl Amount {
    /// With a comma between the thousands, for sentences.
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
        let (whole, rest) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
        let mut grouped = String::with_capacity(text.len() + whole.len() / 3);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}{rest}")
    }
}

/// Room for a sign, the digits of an `i64` or as many as the exponent asks for,
/// and a point.
type AmountText = [u8; 24];

impl Amount {
    /// Written from the end: the decimals, a point, the whole units, a sign.
    fn text(self, room: &mut AmountText) -> &str {
        let (mut rest, mut start, mut decimals) = (self.minor.unsigned_abs(), room.len(), usize::from(self.exponent));
        let mut push = |byte: u8| {
            start -= 1;
            room[start] = byte;
        };
        loop {
            push(b'0' + u8::try_from(rest % 10).unwrap_or(0));
            rest /= 10;
            match decimals {
                0 if rest == 0 => break,
                0 => {}
                1 => {
                    push(b'.');
                    decimals = 0;
                }
                _ => decimals -= 1,
            }
        }
        if self.minor < 0 {
            push(b'-');
        }
        std::str::from_utf8(&room[start..]).expect("invariant: digits are ASCII")
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut AmountText::default()))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.exponent == 0 {
            return serializer.serialize_i64(self.minor);
        }
        let text = self.text(&mut AmountText::default()).to_owned();
        serde_json::Number::from_string_unchecked(text).serialize(serializer)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "description": "An exact decimal in the property's currency."})
    }
}

/// A JSON number kept as its text until the currency is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    pub fn new(text: &str) -> Decimal {
        Decimal(text.to_owned())
    }

    /// The number times a hundred, when it has two decimals at most.
    pub(super) fn hundredths(&self) -> Result<i64, AmountError> {
        self.scaled(2)
    }

    /// The number times ten as often as it may have decimals.
    pub(super) fn scaled(&self, decimals: u8) -> Result<i64, AmountError> {
        self.to_minor(decimals).map(|money| money.0)
    }

    /// Exact minor units, or why not. Accepts a sign, digits, one point and an
    /// exponent, as JSON does; refuses any digit the currency cannot hold.
    fn to_minor(&self, exponent: u8) -> Result<Money, AmountError> {
        let (sign, text) = match self.0.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, self.0.as_str()),
        };
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((m, p)) => (m, power(p)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AmountError::NotANumber);
        }
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Money::ZERO);
        }
        let fraction_length = i32::try_from(fraction.len()).map_err(|_| AmountError::TooLarge)?;
        let shift = i32::from(exponent).saturating_add(power).saturating_sub(fraction_length);
        let minor = shift_digits(significant, shift)?;
        if minor > MAX_WHOLE * 10_i64.pow(u32::from(exponent)) {
            return Err(AmountError::TooLarge);
        }
        Ok(Money(sign * minor))
    }
}

/// An exponent as JSON writes it: a sign, if any, and digits.
fn power(text: &str) -> Result<i32, AmountError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AmountError::NotANumber);
    }
    text.parse().map_err(|_| AmountError::TooLarge)
}

/// The value of `digits × 10^shift`, which must be whole.
fn shift_digits(digits: &str, shift: i32) -> Result<i64, AmountError> {
    let kept = if shift < 0 {
        let cut = usize::try_from(shift.unsigned_abs()).map_err(|_| AmountError::TooPrecise)?;
        let at = digits.len().checked_sub(cut).ok_or(AmountError::TooPrecise)?;
        if digits[at..].bytes().any(|b| b != b'0') {
            return Err(AmountError::TooPrecise);
        }
        digits[..at].to_owned()
    } else if shift > 18 {
        return Err(AmountError::TooLarge);
    } else {
        format!("{digits}{}", "0".repeat(usize::try_from(shift).unwrap_or(0)))
    };
    if kept.is_empty() {
        return Err(AmountError::TooPrecise);
    }
    kept.parse().map_err(|_| AmountError::TooLarge)
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Ok(Decimal(number.as_str().to_owned()))
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "number",
            "minimum": -MAX_WHOLE,
            "maximum": MAX_WHOLE,
            "description": "An exact decimal in the property's currency, with no more decimals than it has.",
        })
    }
}

/// An amount of a request that must not be negative: a price.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct NotNegative(Decimal);

impl NotNegative {
    /// The amount in a currency, or what is wrong with it: words that go behind the field's name.
    pub fn checked(&self, currency: &Currency) -> Result<Money, Text> {
        let money = currency.money(&self.0)?;
        if money.is_negative() { Err(text!("must not be negative")) } else { Ok(money) }
    }
}

impl JsonSchema for NotNegative {
    fn schema_name() -> Cow<'static, str> {
        "NotNegative".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Decimal::json_schema(generator);
        schema.insert("minimum".to_owned(), 0.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_group_the_thousands() {
        let said = |minor, exponent| Amount { minor, exponent }.grouped();
        assert_eq!([said(934_000, 0), said(-123_456_789, 2), said(5, 2)], ["934,000", "-1,234,567.89", "0.05"]);
    }

    fn euros(text: &str) -> Result<Money, AmountError> {
        Currency::of("EUR").expect("EUR").money(&Decimal::new(text))
    }

    #[test]
    fn decimals_become_exact_minor_units() {
        for (text, minor) in
            [("120.50", 12050), ("0.1", 10), ("-3", -300), ("1e2", 10000), ("1.5E1", 1500), ("0.000", 0), ("12.3400", 1234)]
        {
            assert_eq!(euros(text), Ok(Money(minor)), "{text}");
        }
    }

    #[test]
    fn what_the_currency_cannot_hold_is_refused() {
        assert_eq!(euros("0.001"), Err(AmountError::TooPrecise));
        assert_eq!(euros("1e-3"), Err(AmountError::TooPrecise));
        assert_eq!(euros("1e-300"), Err(AmountError::TooPrecise));
        assert_eq!(euros("1e300"), Err(AmountError::TooLarge));
        assert_eq!(euros("99999999999999999999"), Err(AmountError::TooLarge));
        assert_eq!(euros("abc"), Err(AmountError::NotANumber));
        assert_eq!(Currency::of("IDR").expect("IDR").money(&Decimal::new("1500000.5")), Err(AmountError::TooPrecise));
    }

    #[test]
    fn a_split_loses_nothing() {
        for (total, n) in [(4200, 6), (4199, 6), (1, 3), (0, 5), (-7, 2)] {
            let parts = Money(total).split(n);
            assert_eq!(parts.len(), n);
            assert_eq!(parts.iter().copied().sum::<Money>(), Money(total));
        }
    }

    #[test]
    fn amounts_are_written_with_the_currencys_decimals() {
        let text =
            |code: &str, minor| serde_json::to_string(&Currency::of(code).expect("code").amount(Money(minor))).expect("json");
        assert_eq!(text("IDR", 1_500_000), "1500000");
        assert_eq!(text("EUR", 12050), "120.50");
        assert_eq!(text("EUR", -5), "-0.05");
        assert_eq!(text("KWD", 1), "0.001");
        assert_eq!(text("EUR", 100), "1.00");
        assert_eq!(text("KWD", i64::MIN), "-9223372036854775.808");
        assert_eq!(text("JPY", i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn the_larger_parts_of_a_split_come_first() {
        for (total, parts) in [(10, &[4, 3, 3][..]), (-7, &[-3, -4]), (2, &[1, 1, 0]), (9, &[9]), (9, &[])] {
            let split: Vec<i64> = Money(total).split(parts.len()).into_iter().map(|part| part.0).collect();
            assert_eq!(split, parts, "{total}");
        }
    }

    #[test]
    fn a_currency_has_a_code_of_three_capitals() {
        for bad in ["", "EU", "EURO", "eur", "EuR", "E1R", "€"] {
            assert_eq!(Currency::of(bad), None, "{bad}");
        }
        let exponents = ["EUR", "IDR", "KWD"].map(|code| Currency::of(code).map(|currency| currency.exponent));
        assert_eq!(exponents, [Some(2), Some(0), Some(3)]);
    }

    #[test]
    fn the_largest_amount_is_taken_and_nothing_above_it() {
        for (text, money) in [
            ("10000000000", Ok(Money(1_000_000_000_000))),
            ("-10000000000.00", Ok(Money(-1_000_000_000_000))),
            ("10000000000.01", Err(AmountError::TooLarge)),
            ("-10000000000.01", Err(AmountError::TooLarge)),
            ("1e10", Ok(Money(1_000_000_000_000))),
            ("1e11", Err(AmountError::TooLarge)),
            ("1e99999999999", Err(AmountError::TooLarge)),
        ] {
            assert_eq!(euros(text), money, "{text}");
        }
    }

    #[test]
    fn what_json_does_not_write_as_a_number_is_none() {
        for bad in ["", "-", ".5", "1e", "1e+", "1ex", "1e1.5", "--5", "1.5.5", "5,00", "+5", "1 2", "0x1"] {
            assert_eq!(euros(bad), Err(AmountError::NotANumber), "{bad}");
        }
        assert_eq!((euros("1E+2"), euros("500e-2"), euros("1e-1")), (Ok(Money(10_000)), Ok(Money(500)), Ok(Money(10))));
    }

    #[test]
    fn shares_and_averages_keep_their_sign_and_stay_within_what_can_be_written() {
        for (share, cents) in [
            (Money(-999).percent(50), -500),
            (Money(1).percent(49), 0),
            (Money(-1).percent(-50), 1),
            (Money(i64::MAX).percent(200), i64::MAX),
            (Money(i64::MIN).percent(200), i64::MIN),
            (Money(-5).per(-2), 3),
            (Money(5).per(-2), -3),
            (Money(4).per(3), 1),
            (Money(-4).per(3), -1),
            (Money(i64::MIN).per(-1), i64::MAX),
        ] {
            assert_eq!(share, Money(cents));
        }
        assert_eq!((Money(3).times(-4), Money(i64::MAX).times(2)), (Some(Money(-12)), None));
        assert!(Money(-1).is_negative() && !Money(0).is_negative() && !Money(1).is_negative());
    }

    #[test]
    fn averages_round_half_away_from_zero() {
        assert_eq!(Money(5).per(2), Money(3));
        assert_eq!(Money(-5).per(2), Money(-3));
        assert_eq!(Money(10).per(0), Money::ZERO);
        assert_eq!(Money(999).percent(50), Money(500));
    }
}
