//! From canonical numbers to text.

use super::{Kind, Units, parse};

/// A canonical number for people, three significant digits: `400/s`, `60 GB`, `$3,000`, `92%`, `24 months`.
#[must_use]
pub fn human(kind: Kind, value: f64) -> String {
    human_in(kind, value, &Units::default())
}

/// The same where the calendar is not the usual one (rates per day, months of durations).
#[must_use]
pub fn human_in(kind: Kind, value: f64, units: &Units) -> String {
    if !value.is_finite() {
        return "not known".to_owned();
    }
    match kind {
        Kind::Rate => human_rate(value, units),
        Kind::CountRate => format!("{}/month", many(value)),
        Kind::Size => human_size(value),
        Kind::SizeRate => format!("{}/month", human_size(value)),
        Kind::Duration => human_duration(value, units),
        Kind::Share => human_share(value),
        Kind::Growth => format!("{}%/month", plain(significant((value - 1.0) * 100.0))),
        Kind::Money => human_money(value),
        Kind::Factor => format!("{}x", plain(significant(value))),
        Kind::Int => plain(value),
        Kind::Count => many(value),
        _ => plain(significant(value)),
    }
}

/// A canonical number as the shortest text that [`super::parse`] reads back as the very same number, under any calendar.
#[must_use]
pub fn exact(kind: Kind, value: f64) -> String {
    search(kind, value, calendar_free(kind), &Units::default())
}

/// The same in the units of one calendar (`1/day`, `24 months`), which may be shorter.
#[must_use]
pub fn exact_in(kind: Kind, value: f64, units: &Units) -> String {
    let day = units.seconds_per_day;
    let month = day * units.days_per_month;
    let more: Vec<(String, f64)> = match kind {
        Kind::Rate => [("day", day), ("week", 7.0 * day), ("month", month), ("year", 12.0 * month)]
            .iter()
            .flat_map(|(period, seconds)| {
                MANY.iter().map(move |(unit, times)| (format!("{unit}/{period}"), times / seconds))
            })
            .collect(),
        Kind::Duration => {
            let month = units.days_per_month * DAY;
            vec![(" months".to_owned(), month), (" years".to_owned(), 12.0 * month)]
        }
        Kind::Growth => vec![("%/year".to_owned(), 0.0)],
        _ => Vec::new(),
    };
    let all = more.into_iter().chain(calendar_free(kind)).collect();
    search(kind, value, all, units)
}

const MANY: [(&str, f64); 4] = [("B", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0)];
const BYTES: [(&str, f64); 6] = [("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1.0)];
const DAY: f64 = 86_400_000.0;
const TIMES: [(&str, f64); 5] = [(" days", DAY), ("h", 3_600_000.0), ("min", 60_000.0), ("s", 1_000.0), ("ms", 1.0)];

/// The units of a kind that mean the same under every calendar, with the canonical number of one.
fn calendar_free(kind: Kind) -> Vec<(String, f64)> {
    let after = |units: &[(&str, f64)], end: &str| {
        units.iter().map(|(unit, scale)| (format!("{unit}{end}"), *scale)).collect::<Vec<_>>()
    };
    match kind {
        Kind::Count => after(&MANY, ""),
        Kind::Rate => [("h", 3_600.0), ("min", 60.0), ("s", 1.0)]
            .iter()
            .flat_map(|(period, seconds)| {
                MANY.iter().map(move |(unit, times)| (format!("{unit}/{period}"), times / seconds))
            })
            .collect(),
        Kind::CountRate => after(&MANY, "/month"),
        Kind::Size => after(&BYTES, ""),
        Kind::SizeRate => after(&BYTES, "/month"),
        Kind::Duration => after(&TIMES, ""),
        Kind::Growth => after(&[("%", 0.0), ("x", 1.0)], "/month"),
        Kind::Factor => after(&[("x", 1.0)], ""),
        Kind::Money => after(&MANY, "/month"),
        _ => after(&[("", 1.0)], ""),
    }
}

/// The shortest text among the units that reads back as the same number; ties go to the last unit, the plainest.
fn search(kind: Kind, value: f64, units: Vec<(String, f64)>, calendar: &Units) -> String {
    if kind == Kind::Share {
        return format!("{}%", shifted(&value.to_string()));
    }
    let sign = if kind == Kind::Money { "$" } else { "" };
    // Nobody writes 0.2s for 200ms.
    let cost = |text: &str| text.len() + 2 * usize::from(text.trim_start_matches('$').starts_with("0."));
    let mut best: Option<String> = None;
    for (unit, scale) in units {
        let number = match (kind, unit.as_str()) {
            (Kind::Growth, "%/month") => (value - 1.0) * 100.0,
            (Kind::Growth, "%/year") => (value.powi(12) - 1.0) * 100.0,
            _ => value / scale,
        };
        let short = rounded(number, 12);
        let exact = (short != number).then_some(number);
        for number in std::iter::once(short).chain(exact) {
            let text = format!("{sign}{number}{unit}");
            let shorter = best.as_ref().is_none_or(|best| cost(&text) <= cost(best));
            if shorter && parse(kind, &text, calendar).is_ok_and(|back| back == value) {
                best = Some(text);
            }
        }
    }
    best.unwrap_or_else(|| format!("{sign}{value}"))
}

/// A decimal number with its point two places to the right, digit by digit, so that nothing is rounded.
fn shifted(text: &str) -> String {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<2}");
    let (two, rest) = digits.split_at(2.min(digits.len()));
    let joined = format!("{whole}{two}");
    let whole = joined.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// A number rounded to so many significant digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

/// A number rounded to three significant digits.
fn significant(value: f64) -> f64 {
    rounded(value, 3)
}

/// A number without an exponent.
fn plain(value: f64) -> String {
    // Not "-0".
    (value + 0.0).to_string()
}

fn scaled(value: f64, units: &[(&str, f64)], gap: &str) -> String {
    let value = significant(value);
    let (unit, scale) =
        units.iter().find(|(_, scale)| value.abs() >= *scale).or(units.last()).copied().unwrap_or(("", 1.0));
    format!("{}{gap}{unit}", plain(significant(value / scale)))
}

fn many(value: f64) -> String {
    scaled(value, &MANY, "")
}

fn human_size(value: f64) -> String {
    scaled(value, &BYTES, " ")
}

/// Rates from here on are read per second, so that they compare at a glance.
const SLOWEST_PER_SECOND: f64 = 0.05;

/// A rate per second whatever its size, for figures that stand side by side.
#[must_use]
pub fn per_second(value: f64) -> String {
    format!("{}/s", many(value))
}

fn human_rate(value: f64, units: &Units) -> String {
    let day = units.seconds_per_day;
    let periods = [("s", 1.0), ("min", 60.0), ("h", 3_600.0), ("day", day), ("month", day * units.days_per_month)];
    let short = |scaled: f64| (significant(scaled) - scaled).abs() < 1e-9 * scaled;
    // 100 a minute stays 100 a minute: 1.67/s would say less.
    if value >= 1.0
        && !short(value)
        && value < 16.0
        && (value * 60.0 - (value * 60.0).round()).abs() < 1e-9
        && short(value * 60.0)
    {
        return format!("{}/min", many(value * 60.0));
    }
    let (period, seconds) = periods
        .into_iter()
        .find(|(period, seconds)| rounded(value * seconds, 6) >= if *period == "s" { SLOWEST_PER_SECOND } else { 1.0 })
        .unwrap_or(("s", 1.0));
    format!("{}/{period}", many(value * seconds))
}

/// A stated rate as people would state it: per second where three digits say it all, else the whole number per a period that takes the
/// fewest digits besides noughts at its end: 200/day, not 1.4k/week, and 36/day, not 1.5/h.
#[must_use]
pub fn stated_rate(value: f64, units: &Units) -> String {
    let said = human_rate(value, units);
    let exact = |text: &String| parse(Kind::Rate, text, units).is_ok_and(|back| back == value);
    if said.ends_with("/s") && exact(&said) {
        return said;
    }
    let day = units.seconds_per_day;
    let periods = [("s", 1.0), ("min", 60.0), ("h", 3_600.0), ("day", day), ("week", 7.0 * day)];
    let texts =
        periods.iter().map(|(period, seconds)| (value * seconds, format!("{}/{period}", many(value * seconds))));
    let effort = |(number, text): &(f64, String)| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        ((number - number.round()).abs() > 1e-9 * number.abs(), digits.trim_matches('0').len())
    };
    texts.filter(|(_, text)| exact(text)).min_by_key(effort).map_or(said, |(_, text)| text)
}

/// A span of time that was stated in months or years, in whole ones of them where it is: `3 months`, `1 year`, not 90 days.
#[must_use]
pub fn stated_duration(value: f64, units: &Units) -> String {
    match super::calendar(value, units) {
        Some((count, unit)) => format!("{} {unit}{}", plain(count), if count > 1.0 { "s" } else { "" }),
        None => human_duration(value, units),
    }
}

fn human_duration(value: f64, units: &Units) -> String {
    let months = value / (units.days_per_month * DAY);
    let exact = (months - months.round()).abs() < 1e-9;
    if exact && months >= 36.0 && (months.round() % 12.0).abs() < 1e-9 {
        return format!("{} years", plain((months / 12.0).round()));
    }
    if (exact && months >= 12.0) || months >= 36.0 {
        return format!("{} months", plain(significant(months)));
    }
    let short = [
        ("days", DAY, 2.0 * DAY),
        ("h", 3_600_000.0, 3_600_000.0),
        ("min", 60_000.0, 60_000.0),
        ("s", 1_000.0, 1_000.0),
        ("ms", 1.0, f64::NEG_INFINITY),
    ];
    let rounded = significant(value);
    short
        .into_iter()
        .find(|(_, _, from)| rounded >= *from)
        .map_or_else(|| plain(rounded), |(unit, scale, _)| format!("{} {unit}", plain(significant(value / scale))))
}

/// A percentage; near 100% the digits that count are those of what is missing: 99.95%, 98.95%.
fn human_share(value: f64) -> String {
    let missing = (1.0 - value) * 100.0;
    let percent = if (0.0..10.0).contains(&missing) {
        rounded(100.0 - significant(missing), 12)
    } else {
        significant(value * 100.0)
    };
    format!("{}%", plain(percent))
}

fn human_money(value: f64) -> String {
    let value = significant(value);
    let sign = if value < 0.0 { "-" } else { "" };
    let cents = value.abs() < 100.0 && value.fract() != 0.0;
    let text = if cents { format!("{:.2}", value.abs()) } else { plain(value.abs()) };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}${grouped}{point}{part}")
}
