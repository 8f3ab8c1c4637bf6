//! Checks single values: words, texts, numbers, quantities and their ranges.

use super::schema::{Bounds, Form, Shape};
use super::shape::Walker;
use super::sound::Sound;
use super::{Data, Entry, Fault, Node};
use crate::diagnostic::rules;
use crate::quantity::{self, Kind, Range, Value, Why, short};
use crate::text::suggest;

impl Walker<'_> {
    pub(super) fn word<'t>(&mut self, node: &'t Node, shape: &Shape, words: &'static [&'static str]) -> Sound<'t> {
        let Some(text) = node.text() else {
            return self.wrong(node, "text", &Form::Words(words).expected());
        };
        if !words.contains(&text) {
            let near = suggest(text, words.iter().copied());
            let fix = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of {}", words.join(", ")),
            };
            let message = format!("{} does not know `{}`", self.place.name(), short(text));
            self.fault(Fault::new(rules::UNKNOWN_VALUE, node.span, message, fix).meant(text, near));
            return Sound::Nothing;
        }
        self.state(node, shape, Kind::Word, Value::Text(text.into()));
        Sound::Text(text)
    }

    pub(super) fn text<'t>(&mut self, node: &'t Node, shape: &Shape, grammar: Option<&'static str>) -> Sound<'t> {
        let Some(text) = node.text() else {
            return self.wrong(node, "text", &Form::Text(grammar).expected());
        };
        if let Some(name) = grammar
            && let Err(fix) = (self.grammar)(name, text)
        {
            let message = format!("{} does not know `{}`", self.place.name(), short(text));
            self.fault(Fault::new(rules::UNKNOWN_VALUE, node.span, message, fix));
            return Sound::Nothing;
        }
        self.state(node, shape, Kind::Text, Value::Text(text.into()));
        Sound::Text(text)
    }

    pub(super) fn boolean<'t>(&mut self, node: &Node, shape: &Shape) -> Sound<'t> {
        let value = match &node.data {
            Data::Scalar { text, quoted: false } if text == "true" => true,
            Data::Scalar { text, quoted: false } if text == "false" => false,
            _ => {
                let like = node.text().map(str::to_lowercase);
                let how = match like.as_deref() {
                    Some("yes" | "y" | "on" | "true") => "`true`",
                    Some("no" | "n" | "off" | "false") => "`false`",
                    _ => "`true` or `false`",
                };
                return self.wrong(node, "true or false", how);
            }
        };
        self.state(node, shape, Kind::Bool, Value::Bool(value));
        Sound::Bool(value)
    }

    pub(super) fn date<'t>(&mut self, node: &Node, shape: &Shape) -> Sound<'t> {
        let Some(day) = node.text().and_then(quantity::Date::parse) else {
            return self.wrong(node, "a day of the calendar", "it like `2026-03-01`");
        };
        self.state(node, shape, Kind::Date, Value::Text(day.to_string().into()));
        Sound::Day(day)
    }

    /// A number without a unit, read from the text itself: YAML's own idea of numbers has too many forms.
    pub(super) fn number<'t>(&mut self, node: &Node, kind: Kind, shape: &Shape) -> Sound<'t> {
        let Data::Scalar { text, quoted: false } = &node.data else {
            let how = quantity::how(kind);
            return self.wrong(node, quantity::called(kind), how);
        };
        let value = match quantity::parse(kind, text, self.units) {
            Ok(value) => value,
            Err(rejected) => {
                self.rejected(node, rejected);
                return Sound::Nothing;
            }
        };
        let low = shape.bounds.least.filter(|bound| value < *bound);
        let high = shape.bounds.most.filter(|bound| value > *bound);
        if shape.path == "archplan" && (low.is_some() || high.is_some()) {
            self.fault(Fault::new(
                rules::UNSUPPORTED_VERSION,
                node.span,
                format!("version {} of the requirements language is not known here", short(text)),
                "write `archplan: 1`, or use a newer archplan",
            ));
        } else if let Some(bound) = low.or(high) {
            let side = if low.is_some() { "at least" } else { "at most" };
            self.fault(Fault::new(
                rules::OUT_OF_BOUNDS,
                node.span,
                format!("{} must be {side} {bound}, found {}", self.place.name(), short(text)),
                format!("write a number of {side} {bound}"),
            ));
        } else {
            self.state(node, shape, kind, Value::Number(value));
            return sound(kind, value);
        }
        Sound::Nothing
    }

    pub(super) fn quantity<'t>(&mut self, node: &Node, kind: Kind, shape: &Shape) -> Sound<'t> {
        let range = match &node.data {
            Data::Map(entries) => self.range(node, entries, kind, &shape.bounds),
            Data::Scalar { .. } => self.single(node, kind, &shape.bounds).map(Range::exactly),
            _ => {
                let how = format!("it like {}", quantity::how(kind));
                self.wrong(node, quantity::called(kind), &how);
                None
            }
        };
        let Some(range) = range else {
            return Sound::Nothing;
        };
        let exact = range.is_exact();
        let value = if exact && !matches!(node.data, Data::Map(_)) {
            Value::Number(range.expected)
        } else {
            Value::Range(range)
        };
        self.state(node, shape, kind, value);
        if exact { Sound::Number(range.expected) } else { Sound::Range(range) }
    }

    fn single(&mut self, node: &Node, kind: Kind, bounds: &Bounds) -> Option<f64> {
        let Some(text) = node.text() else {
            let how = format!("it like {}", quantity::how(kind));
            self.wrong(node, quantity::called(kind), &how);
            return None;
        };
        let value = match quantity::parse(kind, text, self.units) {
            Ok(value) => value,
            Err(rejected) => {
                self.rejected(node, rejected);
                return None;
            }
        };
        if kind == Kind::Money {
            self.one_currency(node, text);
        }
        let senseless = bounds.positive && value <= 0.0;
        let reached = bounds.below.filter(|bound| value >= *bound);
        if senseless || reached.is_some() {
            let bound = match reached {
                Some(bound) => format!("below {}", quantity::human(kind, bound)),
                None => "more than 0".to_owned(),
            };
            self.fault(Fault::new(
                rules::OUT_OF_BOUNDS,
                node.span,
                format!("{} must be {bound}, found `{}`", self.place.name(), short(text)),
                format!("write it like {}", quantity::how(kind)),
            ));
            return None;
        }
        Some(value)
    }

    fn rejected(&mut self, node: &Node, rejected: quantity::Rejected) {
        let rule = match rejected.why {
            Why::Form => rules::BAD_QUANTITY,
            Why::Bounds => rules::OUT_OF_BOUNDS,
            Why::Order => rules::RANGE_ORDER,
            Why::Currency => rules::CURRENCY_WITHOUT_RATE,
        };
        let message = format!("{}: {}", self.place.name(), rejected.because);
        self.fault(Fault::new(rule, node.span, message, rejected.fix));
    }

    /// One rate cannot serve two currencies.
    fn one_currency(&mut self, node: &Node, text: &str) {
        let Some(currency) = quantity::foreign_currency(text) else {
            return;
        };
        match &self.currency {
            None => self.currency = Some((currency.to_owned(), node.span)),
            Some((first, span)) if first != currency => {
                let fault = Fault::new(
                    rules::CURRENCY_WITHOUT_RATE,
                    node.span,
                    format!("`{currency}` beside `{first}`: `budget.usd_per_unit` can serve one currency only"),
                    "write all money in one currency, or in US dollars",
                );
                let label = fault.label(*span, "the other currency");
                self.fault(label);
            }
            Some(_) => {}
        }
    }

    fn range(&mut self, node: &Node, entries: &[Entry], kind: Kind, bounds: &Bounds) -> Option<Range> {
        let names = ["low", "expected", "high"];
        let mut values = [None; 3];
        for entry in entries {
            let at = names.iter().position(|name| *name == entry.key);
            match at.and_then(|at| values.get_mut(at)) {
                Some(slot) => {
                    *slot = self.at_key(&entry.key, |walker| walker.single(&entry.value, kind, bounds));
                }
                None => {
                    let near = suggest(&entry.key, names).unwrap_or("low, expected or high");
                    self.fault(Fault::new(
                        rules::UNKNOWN_KEY,
                        entry.key_span,
                        format!("unknown key `{}` in the range {}", short(&entry.key), self.place.name()),
                        format!("did you mean `{near}`?"),
                    ));
                }
            }
        }
        for name in names {
            if node.entry(name).is_none() {
                self.fault(Fault::new(
                    rules::MISSING_KEY,
                    entries.first().map_or(node.span, |entry| entry.key_span),
                    format!("the range {} lacks `{name}`", self.place.name()),
                    "write it like `{low: .., expected: .., high: ..}`",
                ));
            }
        }
        let [low, expected, high] = values;
        match quantity::ordered(low?, expected?, high?) {
            Ok(range) => Some(range),
            Err(rejected) => {
                self.rejected(node, rejected);
                None
            }
        }
    }
}

fn sound(kind: Kind, value: f64) -> Sound<'static> {
    if kind == Kind::Int {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, not negative, and at most 1e12 by the limits of the kind"
        )]
        return Sound::Whole(value as u64);
    }
    Sound::Number(value)
}
