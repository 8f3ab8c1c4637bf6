//! Numbers that contradict each other.

use std::collections::BTreeMap;

use crate::diagnostic::rules::{self, Named};
use crate::quantity::{Value, exact};
use crate::text::Span;
use crate::yaml::{Fault, Node, Stated};

/// Leaves that stand in no list, by path.
type Leaves<'s> = BTreeMap<&'s str, &'s Stated>;

/// Keys of which the first may not pass the second when both are stated.
pub const ORDERS: [(Named, &str, &str); 6] = [
    (rules::PERCENTILE_ORDER, "targets.p50", "targets.p95"),
    (rules::PERCENTILE_ORDER, "targets.p95", "targets.p99"),
    (rules::PERCENTILE_ORDER, "targets.p50", "targets.p99"),
    (rules::PEAK_BELOW_AVERAGE, "traffic.average", "traffic.peak"),
    (rules::DAILY_ABOVE_MONTHLY, "users.daily", "users.monthly"),
    (rules::DAILY_ABOVE_MONTHLY, "users.concurrent", "users.monthly"),
];

/// Finds contradictions between stated numbers.
pub fn check(tree: &Node, leaves: &Leaves<'_>, faults: &mut Vec<Fault>) {
    for (rule, smaller, larger) in ORDERS {
        // With all three stated, p50 against p99 follows from the other two.
        if smaller == "targets.p50" && larger == "targets.p99" && leaves.contains_key("targets.p95") {
            continue;
        }
        in_order(rule, smaller, larger, leaves, faults);
    }
    disagreement(tree, leaves, faults);
    load(tree, faults);
}

fn expected(leaf: &Stated) -> Option<f64> {
    match &leaf.value {
        Value::Number(value) => Some(*value),
        Value::Range(range) => Some(range.expected),
        _ => None,
    }
}

fn written(leaf: &Stated) -> String {
    expected(leaf).map_or_else(String::new, |value| exact(leaf.kind, value))
}

fn in_order(rule: Named, smaller: &str, larger: &str, leaves: &Leaves<'_>, faults: &mut Vec<Fault>) {
    let (Some(small), Some(large)) = (leaves.get(smaller), leaves.get(larger)) else {
        return;
    };
    if expected(small) <= expected(large) {
        return;
    }
    let fault = Fault::new(
        rule,
        large.span,
        format!("`{larger}` ({}) is below `{smaller}` ({})", written(large), written(small)),
        format!("make `{larger}` at least {}, or `{smaller}` at most {}", written(small), written(large)),
    );
    faults.push(
        fault
            .label(small.span, format!("`{smaller}` is {}", written(small)))
            .fact(larger, written(large))
            .fact(smaller, written(small)),
    );
}

/// A stated average wins over requests per user; more than a factor of 2 between them is worth a word.
fn disagreement(tree: &Node, leaves: &Leaves<'_>, faults: &mut Vec<Fault>) {
    let leaf = |path: &str| leaves.get(path).and_then(|leaf| expected(leaf).map(|value| (*leaf, value)));
    let daily = leaf("users.daily").or_else(|| {
        // The default: a fifth of the monthly users.
        leaf("users.monthly").map(|(leaf, monthly)| (leaf, monthly * 0.2))
    });
    let (Some((average, rate)), Some((per_user, requests)), Some((users, daily))) =
        (leaf("traffic.average"), leaf("traffic.requests_per_user"), daily)
    else {
        return;
    };
    let day = crate::requirements::units(tree).seconds_per_day;
    let other = daily * requests / day;
    if other <= 2.0 * rate && rate <= 2.0 * other {
        return;
    }
    let people = crate::quantity::human(crate::quantity::Kind::Rate, other);
    let fault = Fault::new(
        rules::TRAFFIC_DISAGREEMENT,
        per_user.span,
        format!(
            "`traffic.requests_per_user` gives {people} on average, `traffic.average` says {}; the average wins",
            written(average)
        ),
        "delete the one that was not measured",
    );
    faults.push(
        fault
            .label(average.span, "the average")
            .label(users.span, "the users")
            .fact("traffic.requests_per_user", written(per_user))
            .fact("traffic.average", written(average))
            .fact(&*users.path, written(users)),
    );
}

fn load(tree: &Node, faults: &mut Vec<Fault>) {
    let paths = ["users.monthly", "users.daily", "traffic.average", "traffic.peak"];
    if paths.iter().any(|path| tree.at(path).is_some()) {
        return;
    }
    let section = tree.entry("users").or_else(|| tree.entry("traffic"));
    let first = match &tree.data {
        crate::yaml::Data::Map(entries) => entries.first(),
        _ => return,
    };
    let span = section.or(first).map_or(Span::default(), |entry| entry.key_span);
    faults.push(Fault::new(
        rules::MISSING_LOAD,
        span,
        "nothing says how much load there is".to_owned(),
        "add one of `users.monthly`, `users.daily`, `traffic.average`, `traffic.peak`, such as `users: {monthly: 4000}`",
    ));
}
