//! Bars: latency budget, downtime by part, cost over users and over months.

use super::Sight;
use super::request::{capital, hop_name, ms};
use crate::engine::outlook::CostPoint;
use crate::plan::Bar;
use crate::quantity::{Kind, human};
use crate::text::markdown::figure as clean;

/// p95 of each hop of the slowest path in ms.
pub(super) fn latency(sight: &Sight) -> Option<Vec<Bar>> {
    let bars = sight.latency.path.iter().map(|hop| Bar {
        label: clean(&hop_name(hop)),
        value: hop.p95_ms,
        note: ms(hop.p95_ms),
    });
    several(bars.collect(), 2)
}

/// Minutes of 30 days that each part loses.
pub(super) fn availability(sight: &Sight) -> Option<Vec<Bar>> {
    let minutes = |value: f64| (1.0 - value) * 30.0 * 24.0 * 60.0;
    let show = |value: f64| format!("{:.1} min", minutes(value));
    let mut bars: Vec<Bar> = Vec::new();
    for part in &sight.availability.parts {
        let copies = if part.copies >= 2.0 { format!(", {:.0} copies", part.copies) } else { String::new() };
        bars.push(Bar {
            label: clean(&format!("{}{copies}", capital(&part.name))),
            value: minutes(part.value),
            note: show(part.value),
        });
    }
    bars.push(Bar {
        label: "All together".into(),
        value: minutes(sight.availability.composed),
        note: show(sight.availability.composed),
    });
    several(bars, 3)
}

/// Cost at multiples of today's users.
pub(super) fn over_users(sight: &Sight) -> Option<Vec<Bar>> {
    cost(&sight.outlook.by_users, |point| format!("{} users", human(Kind::Count, point.users.round())))
}

/// Cost at points of the horizon.
pub(super) fn over_months(sight: &Sight) -> Option<Vec<Bar>> {
    cost(&sight.outlook.by_month, |point| {
        let users = human(Kind::Count, rounded(point.users));
        if point.month < 0.5 {
            format!("now: {users} users")
        } else {
            format!("month {:.0}: {users} users", point.month)
        }
    })
}

/// None when a price is unknown: a bar of no length would say that it costs nothing.
fn cost(points: &[CostPoint], label: impl Fn(&CostPoint) -> String) -> Option<Vec<Bar>> {
    let bars: Option<Vec<Bar>> = points
        .iter()
        .map(|point| {
            let value = point.monthly?;
            Some(Bar { label: label(point), value, note: human(Kind::Money, value) })
        })
        .collect();
    bars.and_then(|bars| several(bars, 2))
}

fn several(bars: Vec<Bar>, least: usize) -> Option<Vec<Bar>> {
    (bars.len() >= least && bars.iter().any(|bar| bar.value > 0.0)).then_some(bars)
}

/// Two significant digits: later users are an estimate.
fn rounded(users: f64) -> f64 {
    let unit = 10f64.powf(users.max(1.0).log10().floor() - 1.0).max(1.0);
    (users / unit).round() * unit
}
