//! Exact fractions, so that equal quantities in different notations are the same number.

/// A fraction of whole numbers; the denominator is never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    numerator: u128,
    denominator: u128,
}

impl Ratio {
    /// The number 1.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// The fraction `numerator / denominator`, reduced; `None` for a denominator of 0.
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        let divisor = common(numerator, denominator);
        Some(Self { numerator: numerator.checked_div(divisor)?, denominator: denominator.checked_div(divisor)? })
            .filter(|ratio| ratio.denominator != 0)
    }

    /// A decimal number: digits, at most one point between digits, no leading zeros, no sign, no exponent.
    pub fn decimal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        let part = part.trim_end_matches('0');
        let places = u32::try_from(part.len()).ok()?;
        let append = |number: u128, digit: u8| number.checked_mul(10)?.checked_add(u128::from(digit - b'0'));
        let numerator = whole.bytes().chain(part.bytes()).try_fold(0, append)?;
        Self::new(numerator, 10_u128.checked_pow(places)?)
    }

    /// A number of the calendar, such as the seconds of a day.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, not negative, far below 2^128")]
    pub fn of(number: f64) -> Option<Self> {
        if (0.0..1e15).contains(&number) && number.fract() == 0.0 {
            return Self::new(number as u128, 1);
        }
        Self::decimal(&number.to_string())
    }

    /// The product, unless it needs more than 128 bits.
    pub fn times(self, other: Self) -> Option<Self> {
        let (one, two) = (Self::new(self.numerator, other.denominator)?, Self::new(other.numerator, self.denominator)?);
        Self::new(one.numerator.checked_mul(two.numerator)?, one.denominator.checked_mul(two.denominator)?)
    }

    /// The quotient, unless it needs more than 128 bits or divides by 0.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The sum with 1.
    pub fn plus_one(self) -> Option<Self> {
        Self::new(self.numerator.checked_add(self.denominator)?, self.denominator)
    }

    /// The nearest binary number, ties to even.
    pub fn to_f64(self) -> f64 {
        let whole = self.numerator.checked_div(self.denominator).unwrap_or(0);
        let mut rest = self.numerator.checked_rem(self.denominator).unwrap_or(0);
        // Long division in base 2: keep 64 significant bits, then one more that says whether anything is left.
        let (mut bits, mut exponent) = (whole, 0_i32);
        while bits < 1 << 64 && rest != 0 && exponent > -400 && self.denominator < 1 << 126 {
            rest <<= 1;
            bits <<= 1;
            exponent -= 1;
            if rest >= self.denominator {
                rest -= self.denominator;
                bits |= 1;
            }
        }
        if rest != 0 {
            bits |= 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "the rounding of this cast is the point")]
        let rounded = bits as f64;
        rounded * 2_f64.powi(exponent)
    }
}

/// The greatest common divisor.
fn common(mut one: u128, mut two: u128) -> u128 {
    while two != 0 {
        (one, two) = (two, one.checked_rem(two).unwrap_or(0));
    }
    one
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    fn ratio(text: &str) -> f64 {
        Ratio::decimal(text).unwrap().to_f64()
    }

    #[test]
    fn decimals_round_as_the_standard_library_does() {
        for text in [
            "0.1",
            "0.3",
            "99.95",
            "1.1",
            "0.000011574074074074073",
            "9007199254740993",
            "123456789012345678",
            "0.7999999999999999",
        ] {
            assert_eq!(ratio(text), text.parse::<f64>().unwrap(), "{text}");
        }
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        for text in ["", ".5", "5.", "010", "1e3", "1_000", "0x10", "-1", "+1", "1.2.3", "٣"] {
            assert_eq!(Ratio::decimal(text), None, "{text}");
        }
    }

    #[test]
    fn equal_fractions_are_equal_numbers() {
        let day = Ratio::new(86_400, 1).unwrap();
        let one = Ratio::decimal("7776000").unwrap().over(day).unwrap();
        assert_eq!(one.to_f64(), 90.0);
        assert_eq!(Ratio::new(1, 3).unwrap().to_f64(), 1.0 / 3.0);
    }
}
