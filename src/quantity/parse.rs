//! From text to canonical numbers.

use std::borrow::Cow;

use super::ratio::Ratio;
use super::{Kind, Range, Units};

/// Which rule a rejected text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is no quantity of the kind.
    Form,
    /// It is one, and beyond the limits of the kind.
    Bounds,
    /// The values of a range are not in order.
    Order,
    /// It is money in a currency without a rate.
    Currency,
}

/// Why a text is no quantity of a kind, and how to write one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Which rule it breaks.
    pub why: Why,
    /// What is wrong with the text.
    pub because: String,
    /// How to write it instead.
    pub fix: String,
}

/// How a quantity of a kind is written, with examples.
#[must_use]
pub const fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "`80000`, `80k`, `1.5M` or `2B`",
        Kind::Rate => "`90/s`, `3k/min`, `5k/h`, `8M/day`, `10/week` or `40M/month`",
        Kind::Size => "`512B`, `12KB`, `60GB`, `1.5TB` or `8GiB`",
        Kind::SizeRate => "`300MB/day`, `4GB/month` or `1TB/year`",
        Kind::CountRate => "`2k/month` or `500/day`",
        Kind::Duration => "`200ms`, `2s`, `5min`, `4h`, `30 days`, `18 months` or `7 years`",
        Kind::Share => "`92%` or `99.9%`",
        Kind::Growth => "`8%/month`, `40%/year` or `2x/year`",
        Kind::Money => "`$3000/month`, `$500` or `EUR 2500/month`",
        Kind::Factor => "`5x` or `1.5x`",
        Kind::Int => "`9`",
        Kind::Number => "`3` or `1.5`",
        Kind::Bool => "`true` or `false`",
        Kind::Date => "`2026-03-01`",
        Kind::Text | Kind::Word | Kind::Words => "text",
    }
}

/// What a value of a kind is called in a sentence.
#[must_use]
pub const fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "a count",
        Kind::Rate => "a rate",
        Kind::Size => "a size",
        Kind::SizeRate => "a growth of data",
        Kind::CountRate => "a growth in numbers",
        Kind::Duration => "a duration",
        Kind::Share => "a percentage",
        Kind::Growth => "a growth",
        Kind::Money => "an amount of money",
        Kind::Factor => "a factor",
        Kind::Int => "a whole number",
        Kind::Number => "a number",
        Kind::Bool => "true or false",
        Kind::Text => "text",
        Kind::Word => "one of the known words",
        Kind::Words => "a list of words",
        Kind::Date => "a date",
    }
}

/// The largest canonical number of a kind; what is beyond is a slip of the pen.
const fn most(kind: Kind) -> f64 {
    match kind {
        Kind::Share => 1.0,
        Kind::Factor | Kind::Growth => 1e6,
        // A thousand years.
        Kind::Duration => 4e13,
        Kind::Size | Kind::SizeRate => 1e21,
        Kind::CountRate => 1e15,
        _ => 1e12,
    }
}

/// Reads one quantity, a whole number or a decimal number, in canonical units.
///
/// # Errors
/// The text is no quantity of this kind, or is beyond its limits.
pub fn parse(kind: Kind, text: &str, units: &Units) -> Result<f64, Rejected> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let value = if kind == Kind::Money {
        money(text, units)?
    } else {
        let (number, unit) = text.split_at(split.unwrap_or(text.len()));
        value(kind, number, unit, units)
    };
    let Some(value) = value else {
        return Err(form(kind, text));
    };
    if !value.is_finite() || value > most(kind) {
        let limit = super::exact(kind, most(kind));
        return Err(Rejected {
            why: Why::Bounds,
            because: format!("`{}` is beyond any plan", short(text)),
            fix: format!("write at most `{limit}`"),
        });
    }
    let senseless = matches!(kind, Kind::Rate | Kind::Factor | Kind::Growth);
    if value <= 0.0 && senseless {
        return Err(Rejected {
            why: Why::Bounds,
            because: format!("`{}` must be more than 0", short(text)),
            fix: format!("write it like {}, or leave the key out", how(kind)),
        });
    }
    Ok(value)
}

/// Reads a quantity as people give it on a command line: one value, or `{low: .., expected: .., high: ..}`.
///
/// # Errors
/// The text is no quantity of this kind, is beyond its limits, or the range is not in order.
pub fn parse_range(kind: Kind, text: &str, units: &Units) -> Result<Range, Rejected> {
    let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
        return parse(kind, text, units).map(Range::exactly);
    };
    let part = |name: &str| {
        inner
            .split(',')
            .filter_map(|part| part.split_once(':'))
            .find(|(key, _)| key.trim() == name)
            .ok_or_else(|| Rejected {
                why: Why::Form,
                because: format!("a range without `{name}`"),
                fix: "write it like `{low: .., expected: .., high: ..}`".to_owned(),
            })
            .and_then(|(_, value)| parse(kind, value.trim(), units))
    };
    ordered(part("low")?, part("expected")?, part("high")?)
}

/// A range whose values are in order.
///
/// # Errors
/// They are not.
pub fn ordered(low: f64, expected: f64, high: f64) -> Result<Range, Rejected> {
    if low <= expected && expected <= high {
        Ok(Range { low, expected, high })
    } else {
        Err(Rejected {
            why: Why::Order,
            because: "the range is not in order".to_owned(),
            fix: "write it so that low <= expected <= high".to_owned(),
        })
    }
}

/// The canonical number of a decimal number and its unit.
fn value(kind: Kind, number: &str, unit: &str, units: &Units) -> Option<f64> {
    let number = Ratio::decimal(number)?;
    let scaled = match kind {
        Kind::Count => number.times(multiple(unit)?)?,
        Kind::Rate => {
            let (many, period) = unit.split_once('/')?;
            number.times(multiple(many)?)?.over(seconds(period, units)?)?
        }
        Kind::CountRate => {
            let (many, period) = unit.split_once('/')?;
            let months = seconds("month", units)?.over(seconds(period, units)?)?;
            number.times(multiple(many)?)?.times(months)?
        }
        Kind::Size => number.times(bytes(unit)?)?,
        Kind::SizeRate => {
            let (size, period) = unit.split_once('/')?;
            let slow = matches!(period, "day" | "week" | "month" | "year");
            let period = slow.then(|| seconds(period, units)).flatten()?;
            let months = seconds("month", units)?.over(period)?;
            number.times(bytes(size)?)?.times(months)?
        }
        Kind::Duration => number.times(milliseconds(unit, units)?)?,
        Kind::Share => number.over(whole(100)).filter(|_| unit == "%")?,
        Kind::Factor => number.times(whole(1)).filter(|_| unit == "x")?,
        Kind::Growth => return growth(number, unit),
        Kind::Int | Kind::Number => number.times(whole(1)).filter(|_| unit.is_empty())?,
        _ => return None,
    };
    let value = scaled.to_f64();
    (kind != Kind::Int || value.fract() == 0.0).then_some(value)
}

fn growth(number: Ratio, unit: &str) -> Option<f64> {
    let (step, period) = unit.split_once('/')?;
    let factor = match step {
        "%" => number.over(whole(100))?.plus_one()?.to_f64(),
        "x" => number.to_f64(),
        _ => return None,
    };
    match period {
        "month" => Some(factor),
        "year" => Some(factor.powf(1.0 / 12.0)),
        _ => None,
    }
}

/// Money in US dollars per month; `Ok(None)` when the form is wrong.
fn money(text: &str, units: &Units) -> Result<Option<f64>, Rejected> {
    let Some((currency, amount)) =
        text.strip_prefix('$').map(|amount| ("USD", amount)).or_else(|| text.split_once(' '))
    else {
        return Ok(None);
    };
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(None);
    }
    let amount = amount.strip_suffix("/month").unwrap_or(amount);
    let split = amount.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = amount.split_at(split.unwrap_or(amount.len()));
    let plain = Ratio::decimal(number).zip(multiple(unit)).and_then(|(number, many)| number.times(many));
    let Some(plain) = plain else {
        return Ok(None);
    };
    if currency == "USD" {
        return Ok(Some(plain.to_f64()));
    }
    let Some(rate) = units.usd_per_unit else {
        return Err(Rejected {
            why: Why::Currency,
            because: format!("`{}` needs a rate to US dollars", short(text)),
            fix: format!("state `budget.usd_per_unit`, the dollars for one {currency}; nothing is looked up"),
        });
    };
    Ok(Some(plain.to_f64() * rate))
}

/// The currency of an amount, where it is another one than the US dollar.
#[must_use]
pub fn foreign_currency(text: &str) -> Option<&str> {
    text.split_once(' ').map(|(currency, _)| currency).filter(|currency| *currency != "USD")
}

const fn power(base: u128, exponent: u32) -> u128 {
    base.pow(exponent)
}

fn whole(number: u128) -> Ratio {
    // A denominator of 1 is never 0, so there always is a ratio.
    Ratio::new(number, 1).unwrap_or(Ratio::ONE)
}

fn multiple(unit: &str) -> Option<Ratio> {
    Some(whole(match unit {
        "" => 1,
        "k" => 1_000,
        "M" => 1_000_000,
        "B" => 1_000_000_000,
        _ => return None,
    }))
}

fn bytes(unit: &str) -> Option<Ratio> {
    Some(whole(match unit.strip_prefix(' ').unwrap_or(unit) {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "PB" => 1_000_000_000_000_000,
        "KiB" => power(2, 10),
        "MiB" => power(2, 20),
        "GiB" => power(2, 30),
        "TiB" => power(2, 40),
        "PiB" => power(2, 50),
        _ => return None,
    }))
}

/// The seconds of a period of rates.
fn seconds(period: &str, units: &Units) -> Option<Ratio> {
    let day = || Ratio::of(units.seconds_per_day);
    let month = || day()?.times(Ratio::of(units.days_per_month)?);
    match period {
        "s" => Some(whole(1)),
        "min" => Some(whole(60)),
        "h" => Some(whole(3_600)),
        "day" => day(),
        "week" => day()?.times(whole(7)),
        "month" => month(),
        "year" => month()?.times(whole(12)),
        _ => None,
    }
}

/// The milliseconds of a unit of durations; a day has 86,400 s whatever the calendar of rates says.
fn milliseconds(unit: &str, units: &Units) -> Option<Ratio> {
    let day = whole(86_400_000);
    let month = || day.times(Ratio::of(units.days_per_month)?);
    match unit.strip_prefix(' ').unwrap_or(unit) {
        "ms" => Some(whole(1)),
        "s" => Some(whole(1_000)),
        "min" => Some(whole(60_000)),
        "h" => Some(whole(3_600_000)),
        "day" | "days" => Some(day),
        "week" | "weeks" => day.times(whole(7)),
        "month" | "months" => month(),
        "year" | "years" => month()?.times(whole(12)),
        _ => None,
    }
}

/// The finding for a text that is no quantity of its kind, with the commonest slips named.
fn form(kind: Kind, text: &str) -> Rejected {
    let plain = Ratio::decimal(text).is_some();
    let because = if text.starts_with('-') {
        format!("`{}` is negative", short(text))
    } else if plain && kind == Kind::Share {
        format!("`{}` could be a share or a percentage", short(text))
    } else if plain && kind == Kind::Int {
        format!("`{}` is not a whole number", short(text))
    } else if plain {
        format!("`{}` has no unit", short(text))
    } else if text.contains(',') {
        format!("`{}` has a comma", short(text))
    } else {
        format!("`{}` is not {}", short(text), called(kind))
    };
    Rejected { why: Why::Form, because, fix: format!("write it like {}", how(kind)) }
}

/// At most 40 characters of a text, for messages and paths.
pub(crate) fn short(text: &str) -> Cow<'_, str> {
    if text.len() <= 40 {
        return Cow::Borrowed(text);
    }
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    Cow::Owned(cut)
}
