//! Candidates: the values that a key of the requirements could have instead, nearest first.

use super::super::Core;
use super::lab::Lab;
use crate::facts::{Origin, registry};
use crate::quantity::{Kind, Value};
use crate::requirements::LeafKey;

/// A key with the values to try.
pub(super) struct Candidate {
    /// Its path.
    pub path: &'static str,
    /// Its value now; none when unknown.
    pub from: Option<Value>,
    /// What stands in for it while it is unknown.
    pub stand_in: Option<Value>,
    /// Whether the requirements state it.
    pub stated: bool,
    /// What to try.
    pub search: Search,
}

/// How values are looked for.
pub(super) enum Search {
    /// All of these.
    Each(Vec<Value>),
    /// Some below and some above, each list nearest first: of each the first that turns an answer counts.
    Sides([Vec<Value>; 2]),
    /// Along a grid, from the place where it is now.
    Along(Grid),
}

/// Numbers that a person would write: whole ones below 10 where only whole ones count, else two significant digits of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// The number now, in units.
    here: f64,
    /// The unit in the canonical one.
    unit: f64,
    whole: bool,
}

/// Sections whose keys no re-run may change: the calendar and thresholds of rules, names, and what people settled.
const FIXED: [&str; 8] =
    ["conventions.", "limits.", "decisions", "waivers", "preferences.", "existing.", "project.name", "budget.usd"];

/// Numbers that stand in for one that is unknown, in the canonical unit.
fn probes(kind: Kind) -> Vec<Value> {
    let numbers: &[f64] = match kind {
        Kind::Int | Kind::Count => &[1.0, 2.0, 3.0, 5.0, 10.0],
        Kind::Size => &[1e9, 1e11, 1e12, 1e13, 1e14],
        Kind::SizeRate => &[1e9, 1e10, 1e11, 1e12],
        _ => &[],
    };
    numbers.iter().map(|number| Value::Number(*number)).collect()
}

/// Shares that people write, and those that matter close to the whole.
const SHARES: [f64; 12] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const NINES: [f64; 9] = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999];

/// Every key that a decision reads, in the order of the language.
pub(super) fn all(lab: &Lab, core: &Core) -> Vec<Candidate> {
    open(lab, lab.decisions()).filter_map(|key| candidate(key, core)).collect()
}

/// The same with keys that only what is measured afterwards reads.
pub(super) fn measured(lab: &Lab, core: &Core) -> Vec<Candidate> {
    let keys = super::keys().filter(|key| is_open(key, lab, usize::MAX) || super::relax::is_limit(key.path));
    keys.filter_map(|key| candidate(key, core)).collect()
}

fn candidate(key: &'static LeafKey, core: &Core) -> Option<Candidate> {
    let path = key.path;
    let fact = core.facts.get(path);
    let from = fact.map(|fact| fact.value.clone());
    let search = search(path, key.kind, from.as_ref(), core)?;
    let stated = fact.is_some_and(|fact| matches!(fact.origin, Origin::Given { .. }));
    let stand_in =
        stand_in(path).filter(|_| from.is_none()).and_then(|path| core.facts.number(path)).map(Value::Number);
    Some(Candidate { path, from, stand_in, stated, search })
}

/// Keys that a step before this one reads and a re-run may change.
pub(super) fn open(lab: &Lab, before: usize) -> impl Iterator<Item = &'static LeafKey> {
    super::keys().filter(move |key| is_open(key, lab, before))
}

fn is_open(key: &LeafKey, lab: &Lab, before: usize) -> bool {
    !FIXED.iter().any(|prefix| key.path.starts_with(prefix)) && lab.base.is_read(key.path, before)
}

fn search(path: &str, kind: Kind, from: Option<&Value>, core: &Core) -> Option<Search> {
    let number = match from {
        Some(Value::Number(number)) => Some(*number),
        Some(Value::Range(range)) => Some(range.expected),
        _ => None,
    };
    let values = match (kind, number) {
        (Kind::Bool, _) => [true, false].map(Value::Bool).to_vec(),
        (Kind::Word, _) => registry::words_of(path).iter().map(|word| Value::Text((*word).into())).collect(),
        (Kind::Words, _) => toggled(registry::words_of(path), from),
        (Kind::Share, Some(now)) => return Some(shares(now)),
        (Kind::Text | Kind::Date | Kind::Growth, _) => return None,
        (kind, Some(now)) => return Some(Search::Along(grid(kind, now))),
        (kind, None) => match stand_in(path).and_then(|path| core.facts.number(path)) {
            Some(now) => return Some(Search::Along(grid(kind, now))),
            None => probes(kind),
        },
    };
    let others: Vec<Value> = values.into_iter().filter(|value| Some(value) != from).collect();
    (!others.is_empty()).then_some(Search::Each(others))
}

/// What is computed while a measurement is not stated.
fn stand_in(path: &str) -> Option<&'static str> {
    match path {
        "traffic.service_time" => Some("capacity.service_time"),
        "traffic.requests_per_instance" => Some("capacity.app.rps_per_instance"),
        _ => None,
    }
}

/// The list with one word more or less.
fn toggled(words: &[&str], from: Option<&Value>) -> Vec<Value> {
    let now = match from {
        Some(Value::List(list)) => list.clone(),
        _ => Vec::new(),
    };
    let toggle = |word: &&str| {
        let mut list: Vec<String> = now.iter().filter(|known| *known != word).cloned().collect();
        if list.len() == now.len() {
            list.push((*word).to_owned());
        }
        list
    };
    words.iter().map(toggle).filter(|list| !list.is_empty()).map(Value::List).collect()
}

fn shares(now: f64) -> Search {
    let list: &[f64] = if now >= 0.98 { &NINES } else { &SHARES };
    let side = |keep: &dyn Fn(&f64) -> bool| -> Vec<Value> {
        let mut side: Vec<f64> = list.iter().copied().filter(keep).collect();
        side.sort_by(|a, b| (a - now).abs().total_cmp(&(b - now).abs()));
        side.into_iter().map(Value::Number).collect()
    };
    Search::Sides([side(&|share| *share < now - 1e-9), side(&|share| *share > now + 1e-9)])
}

fn grid(kind: Kind, now: f64) -> Grid {
    let units: &[f64] = match kind {
        Kind::Duration => &[2_592_000_000.0, 86_400_000.0, 3_600_000.0, 60_000.0, 1000.0, 1.0],
        _ => &[1.0],
    };
    let unit = units.iter().copied().find(|unit| now >= *unit * 2.0).unwrap_or(1.0);
    Grid { here: now / unit, unit, whole: matches!(kind, Kind::Int | Kind::Count) }
}

impl Grid {
    /// The nearest place above (`true`) or below the number now.
    pub fn first(&self, above: bool) -> i32 {
        let mut place = self.place();
        let near = 1e-9 * self.here.abs();
        if above {
            while self.number(place) <= self.here + near {
                place += 1;
            }
        } else {
            while self.number(place) >= self.here - near && place > LEAST {
                place -= 1;
            }
        }
        place
    }

    /// The value at a place; none where nothing is left.
    pub fn value(&self, place: i32) -> Option<f64> {
        let number = self.number(place);
        (number > 0.0 && place > LEAST).then_some(number * self.unit)
    }

    /// Somewhere near the number now.
    #[expect(clippy::cast_possible_truncation, reason = "logarithms of what people write are small")]
    fn place(&self) -> i32 {
        if self.whole && self.here < 10.0 {
            return self.here.max(0.0) as i32;
        }
        if self.here <= 0.0 {
            return LEAST + 1;
        }
        let power = self.here.log10().floor() as i32 - 1;
        let digits = (self.here / ten_to(power)) as i32;
        90 * power + digits - 10 + if self.whole { 10 } else { 0 }
    }

    fn number(&self, place: i32) -> f64 {
        if self.whole && place < 10 {
            return f64::from(place.max(0));
        }
        let place = if self.whole { place - 10 } else { place };
        let (power, digits) = (place.div_euclid(90), f64::from(place.rem_euclid(90) + 10));
        if power < 0 { digits / ten_to(-power) } else { digits * ten_to(power) }
    }
}

/// Below this place numbers are too small to be written.
const LEAST: i32 = -900;

fn ten_to(power: i32) -> f64 {
    10_f64.powi(power)
}

/// Whether the stated numbers still stand in their order, such as the peak above the average.
pub(super) fn consistent(core: &Core, changes: &[(&str, Value)]) -> bool {
    let of = |path: &str| match changes.iter().find(|(changed, _)| *changed == path) {
        Some((_, Value::Number(number))) => Some(*number),
        Some(_) => None,
        None => core.facts.get(path).filter(|fact| matches!(fact.origin, Origin::Given { .. }))?.expected(),
    };
    crate::requirements::ORDERS.iter().all(|(_, smaller, larger)| match (of(smaller), of(larger)) {
        (Some(small), Some(large)) => small <= large,
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::{Grid, Kind, grid};

    #[test]
    fn numbers_go_in_two_digits() {
        let whole = grid(Kind::Int, 9.0);
        assert_eq!((whole.value(whole.first(true)), whole.value(whole.first(false))), (Some(10.0), Some(8.0)));
        let near = |grid: Grid| (grid.value(grid.first(false)), grid.value(grid.first(true)));
        assert_eq!(near(grid(Kind::Rate, 400.0)), (Some(390.0), Some(410.0)));
        assert_eq!(near(grid(Kind::Rate, 1.0)), (Some(0.99), Some(1.1)));
        assert_eq!(near(grid(Kind::Duration, 200.0)), (Some(190.0), Some(210.0)));
        assert_eq!(near(grid(Kind::Duration, 300_000.0)), (Some(294_000.0), Some(306_000.0)));
        assert_eq!(near(grid(Kind::Count, 80_000.0)), (Some(79_000.0), Some(81_000.0)));
        assert_eq!(grid(Kind::Int, 1.0).value(grid(Kind::Int, 1.0).first(false)), None);
    }
}
