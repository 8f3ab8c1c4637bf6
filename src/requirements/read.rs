//! From text to requirements, all findings at once.

use super::{FieldType, Requirements, edit, rules as semantic, schema};
use crate::diagnostic::rules;
use crate::diagnostic::{Diagnostic, Severity};
use crate::quantity::{self, Kind, Units};
use crate::text::{Source, Span};
use crate::yaml::{self, Comment, Data, Fault, Node, Sound, Stated};

/// What came of reading a file.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The requirements, unless a finding is an error.
    pub requirements: Option<Requirements>,
    /// Every sound leaf in the file, in file order.
    pub stated: Vec<Stated>,
    /// Findings by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The tree, unless the text is no YAML.
    pub tree: Option<Node>,
    /// Every comment of the file.
    pub comments: Vec<Comment>,
    /// The file, then one source per `--set` edit; [`Span::source`] is an index of this list.
    pub sources: Vec<Source>,
}

impl Reading {
    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads requirements; `name` is the file's name as given.
#[must_use]
pub fn read(name: &str, text: &str) -> Reading {
    read_with(name, text, &[])
}

/// Reads requirements from bytes, which may be no text.
#[must_use]
pub fn read_bytes(name: &str, bytes: &[u8]) -> Reading {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return read(name, text),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let fault =
        Fault::new(rules::BAD_CHARACTER, Span::new(at, at), "the file is no UTF-8 text".to_owned(), "save it as UTF-8");
    let mut reading = Reading {
        sources: vec![Source { name: name.to_owned(), text: String::from_utf8_lossy(bytes).into_owned() }],
        ..Reading::default()
    };
    reading.finish(vec![fault]);
    reading
}

/// Reads requirements after edits: each sets the value at a path (YAML text; `null` removes the key).
#[must_use]
pub fn read_with(name: &str, text: &str, sets: &[(String, String)]) -> Reading {
    let mut reading =
        Reading { sources: vec![Source { name: name.to_owned(), text: text.to_owned() }], ..Reading::default() };
    let parsed = yaml::parse(text);
    reading.comments = parsed.comments;
    let mut faults = parsed.faults;
    let Some(mut tree) = parsed.root.filter(|root| root.data != Data::Null) else {
        if faults.is_empty() {
            faults.push(Fault::new(
                rules::EMPTY_FILE,
                Span::new(0, 0),
                "there are no requirements here".to_owned(),
                "begin with `archplan: 1`; `archplan init` writes a commented file",
            ));
        }
        reading.finish(faults);
        return reading;
    };
    for (number, (path, value)) in sets.iter().enumerate() {
        reading.sources.push(edit::source(path, value));
        edit::apply(&mut tree, path, value, number + 1, &mut faults);
    }
    let grammar = |_: &str, text: &str| FieldType::parse(text).map(|_| ());
    let checked = yaml::check(&tree, schema::root(), &units(&tree), &grammar);
    faults.extend(checked.faults);
    reading.stated = checked.stated;
    faults.extend(semantic::check(&tree, &reading.stated));
    reading.finish(faults);
    if !reading.has_errors() {
        reading.decode(checked.value);
    }
    reading.tree = Some(tree);
    reading
}

impl Reading {
    fn finish(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            let file = self.sources.get(fault.span.source).map(|source| source.name.clone());
            self.diagnostics.push(Diagnostic {
                rule: fault.rule.id(),
                severity: semantic::severity(fault.rule),
                message: fault.message,
                file: file.unwrap_or_default(),
                span: fault.span,
                labels: fault.labels,
                facts: fault.facts,
                fix: Some(fault.fix).filter(|fix| !fix.is_empty()),
                repair: fault.repair,
            });
        }
        self.diagnostics.sort_by(|one, two| {
            (one.span.source, one.span.start, &one.rule.code).cmp(&(two.span.source, two.span.start, &two.rule.code))
        });
    }

    fn decode(&mut self, value: Sound<'_>) {
        match value.decode::<Requirements>() {
            Ok(mut requirements) => {
                semantic::number_features(&mut requirements);
                self.requirements = Some(requirements);
            }
            // The checker and the types disagree: still a finding, never a panic.
            Err(error) => self.finish(vec![Fault::new(
                rules::WRONG_TYPE,
                Span::new(0, 0),
                format!("the requirements cannot be used: {error}"),
                "report this with the file",
            )]),
        }
    }
}

/// The calendar and the currency that a file states, before anything else is read.
#[must_use]
pub fn units(tree: &Node) -> Units {
    let mut units = Units::default();
    let number = |path: &str, most: f64| {
        let text = tree.at(path).and_then(Node::text)?;
        quantity::parse(Kind::Number, text, &Units::default()).ok().filter(|value| *value > 0.0 && *value <= most)
    };
    if let Some(seconds) = number("conventions.seconds_per_day", 86_400_000.0) {
        units.seconds_per_day = seconds;
    }
    if let Some(days) = number("conventions.days_per_month", 1_000.0) {
        units.days_per_month = days;
    }
    units.usd_per_unit = number("budget.usd_per_unit", 1e6);
    units
}
