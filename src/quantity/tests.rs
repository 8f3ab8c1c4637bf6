//! Behaviour of parsing and printing.

use proptest::prelude::*;

use super::*;

fn read(kind: Kind, text: &str) -> f64 {
    parse(kind, text, &Units::default()).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

#[test]
fn the_notations_of_the_reference_are_read() {
    let cases = [
        (Kind::Count, "80000", 80_000.0),
        (Kind::Count, "1.5M", 1.5e6),
        (Kind::Rate, "3k/min", 50.0),
        (Kind::Rate, "7776000/day", 90.0),
        (Kind::Size, "8GiB", 8_589_934_592.0),
        (Kind::Size, "1.5TB", 1.5e12),
        (Kind::SizeRate, "300MB/day", 9e9),
        (Kind::SizeRate, "12GB/year", 1e9),
        (Kind::CountRate, "1/s", 2_592_000.0),
        (Kind::Duration, "30 days", 2_592_000_000.0),
        (Kind::Duration, "7 years", 84.0 * 2_592_000_000.0),
        (Kind::Share, "99.95%", 0.9995),
        (Kind::Growth, "8%/month", 1.08),
        (Kind::Growth, "2x/year", 2_f64.powf(1.0 / 12.0)),
        (Kind::Money, "$3000/month", 3_000.0),
        (Kind::Money, "USD 3k", 3_000.0),
        (Kind::Factor, "5x", 5.0),
    ];
    for (kind, text, value) in cases {
        assert_eq!(read(kind, text), value, "{text}");
    }
}

#[test]
fn what_could_mean_two_things_is_refused() {
    let cases = [
        (Kind::Count, "80,000"),
        (Kind::Count, "1_000"),
        (Kind::Count, "1e3"),
        (Kind::Count, "010"),
        (Kind::Count, "0x10"),
        (Kind::Count, ".inf"),
        (Kind::Rate, "90"),
        (Kind::Rate, "0/s"),
        (Kind::Rate, "NaN/s"),
        (Kind::Rate, "90/fortnight"),
        (Kind::Size, "60GB 5MB"),
        (Kind::Size, "60"),
        (Kind::SizeRate, "4GB"),
        (Kind::Share, "0.92"),
        (Kind::Share, "100.1%"),
        (Kind::Growth, "8%"),
        (Kind::Money, "3000"),
        (Kind::Money, "$100/fortnight"),
        (Kind::Money, "EUR 2500/month"),
        (Kind::Factor, "five"),
        (Kind::Int, "2.5"),
        (Kind::Int, "9%"),
    ];
    for (kind, text) in cases {
        assert!(parse(kind, text, &Units::default()).is_err(), "{text}");
    }
    assert!(parse(Kind::Rate, &format!("1{}/s", "0".repeat(400)), &Units::default()).is_err());
}

#[test]
fn conventions_change_rates_and_months_and_no_days_of_durations() {
    let units = Units { seconds_per_day: 100_000.0, days_per_month: 25.0, usd_per_unit: Some(1.1) };
    let read = |kind, text| parse(kind, text, &units).unwrap();
    assert_eq!(read(Kind::Rate, "8M/day"), 80.0);
    assert_eq!(read(Kind::Duration, "1 days"), 86_400_000.0);
    assert_eq!(read(Kind::Duration, "1 months"), 25.0 * 86_400_000.0);
    assert_eq!(read(Kind::SizeRate, "1GB/day"), 25e9);
    assert_eq!(read(Kind::Money, "EUR 100/month"), 100.0 * 1.1);
}

#[test]
fn people_read_three_digits() {
    let cases = [
        (Kind::Rate, 400.0, "400/s"),
        (Kind::Rate, 12_345.0, "12.3k/s"),
        (Kind::Rate, 1.0 / 86_400.0, "1/day"),
        (Kind::Size, 6e10, "60 GB"),
        (Kind::Size, 999_900.0, "1 MB"),
        (Kind::Money, 3_000.0, "$3,000"),
        (Kind::Money, 1_234_567.0, "$1,230,000"),
        (Kind::Money, 4.5, "$4.50"),
        (Kind::Share, 0.92, "92%"),
        (Kind::Share, 0.9995, "99.95%"),
        (Kind::Share, 1.0, "100%"),
        (Kind::Duration, 24.0 * 2_592_000_000.0, "24 months"),
        (Kind::Duration, 84.0 * 2_592_000_000.0, "7 years"),
        (Kind::Duration, 2_592_000_000.0, "30 days"),
        (Kind::Duration, 200.0, "200 ms"),
        (Kind::Duration, 0.0, "0 ms"),
        (Kind::Count, 80_000.0, "80k"),
        (Kind::Growth, 1.08, "8%/month"),
        (Kind::Factor, 5.0, "5x"),
    ];
    for (kind, value, text) in cases {
        assert_eq!(human(kind, value), text);
    }
}

#[test]
fn stated_rates_are_said_as_stated() {
    let texts = [
        "2.5k/s", "6.6k/s", "100/min", "30k/day", "9k/day", "1/min", "2/day", "40M/day", "5/week", "1.3k/s", "200/day",
        "150/day", "36/day", "40/h", "1.5/s", "1/week", "90/s",
    ];
    for text in texts {
        assert_eq!(stated_rate(read(Kind::Rate, text), &Units::default()), text);
    }
}

#[test]
fn given_values_print_as_people_write_them() {
    for (kind, text) in [
        (Kind::Rate, "400/s"),
        (Kind::Size, "60GB"),
        (Kind::Share, "99.95%"),
        (Kind::Growth, "8%/month"),
        (Kind::Money, "$3k/month"),
        (Kind::Duration, "200ms"),
        (Kind::Count, "80k"),
        (Kind::Factor, "1.5x"),
    ] {
        assert_eq!(exact(kind, read(kind, text)), text);
    }
    let units = Units::default();
    for (kind, text) in [(Kind::Rate, "1/day"), (Kind::Duration, "24 months"), (Kind::Growth, "40%/year")] {
        let printed = exact_in(kind, read(kind, text), &units);
        assert_eq!(read(kind, &printed), read(kind, text), "{printed}");
        assert!(printed.len() <= text.len(), "{printed}");
    }
}

const QUANTITIES: [Kind; 10] = [
    Kind::Count,
    Kind::Rate,
    Kind::Size,
    Kind::SizeRate,
    Kind::CountRate,
    Kind::Duration,
    Kind::Share,
    Kind::Growth,
    Kind::Money,
    Kind::Factor,
];

proptest! {
    #[test]
    fn exact_text_reads_back_as_the_same_number(
        kind in 0_usize..10, base in 0.001_f64..1.0, power in 0_i32..9, days in 20.0_f64..40.0, daily in 5e4_f64..1e5,
    ) {
        let kind = QUANTITIES[kind];
        let value = if kind == Kind::Share { base } else { base * 10_f64.powi(power) };
        let value = if kind == Kind::Growth { value.min(1e5) } else { value };
        let value = if kind == Kind::Factor { value.min(1e5) } else { value };
        let units = Units { seconds_per_day: daily, days_per_month: days, usd_per_unit: None };
        prop_assert_eq!(parse(kind, &exact(kind, value), &units), Ok(value));
        prop_assert_eq!(parse(kind, &exact_in(kind, value, &units), &units), Ok(value));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}", kind in 0_usize..10) {
        let _ = parse(QUANTITIES[kind], &text, &Units::default());
    }
}
