//! Templates of artefacts: the embedded texts below `templates/artefacts/`, the filters, and the functions that read facts.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind};
use serde_json::Value as Json;

use super::model::Model;
use super::{Item, quote};
use crate::facts::{Fact, Facts};

/// All templates by name, without their ending.
const TEMPLATES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Renders templates over one model.
pub(super) struct Engine<'a> {
    model: &'a Model,
    facts: &'a Facts,
    own: &'a BTreeMap<String, String>,
    /// Made for the first template: plans that embed no files need none.
    environment: OnceCell<Environment<'static>>,
}

impl<'a> Engine<'a> {
    /// Templates that see the model as globals and the facts through functions; `own` are those that replace embedded ones.
    pub(super) fn new(model: &'a Model, facts: &'a Facts, own: &'a BTreeMap<String, String>) -> Self {
        Self { model, facts, own, environment: OnceCell::new() }
    }

    fn environment(&self) -> Result<&Environment<'static>, String> {
        if let Some(made) = self.environment.get() {
            return Ok(made);
        }
        let made = self.fresh()?;
        Ok(self.environment.get_or_init(|| made))
    }

    fn fresh(&self) -> Result<Environment<'static>, String> {
        let mut environment = crate::text::template::environment()?;
        let own = self.own.clone();
        environment.set_loader(move |name| {
            let wanted = name.trim_end_matches(".j2");
            let embedded = || TEMPLATES.iter().find(|(known, _)| *known == wanted).map(|(_, text)| (*text).to_string());
            Ok(own.get(wanted).cloned().or_else(embedded))
        });
        quote::register(&mut environment);
        functions(&mut environment, self.facts);
        if let Ok(Json::Object(globals)) = serde_json::to_value(self.model) {
            for (name, value) in globals {
                environment.add_global(name, Value::from(Serde(value)));
            }
        }
        Ok(environment)
    }

    /// A template with one item.
    pub(super) fn file(&self, template: &str, item: &Item) -> Result<String, String> {
        let view = minijinja::context! { item => item.view(self.model) };
        let found = self.environment()?.get_template(template).map_err(|error| format!("{error:#}"))?;
        found.render(view).map_err(|error| format!("templates/{template}: {error:#}"))
    }

    /// A short text, such as a path, with one item.
    pub(super) fn text(&self, text: &str, item: &Item) -> Result<String, String> {
        if let Some(named) = named(text, || item.json(self.model)) {
            return Ok(named);
        }
        let view = minijinja::context! { item => item.view(self.model) };
        self.environment()?.render_str(text, view).map_err(|error| format!("{text}: {error:#}"))
    }
}

/// A text that names nothing but texts of its item, such as `{{ item.migration }}.up.sql`; none for what only a template engine can read.
fn named<'j>(text: &str, item: impl Fn() -> &'j Json) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.strip_prefix('{')?.split_once("}}")?;
        out.push_str(before);
        out.push_str(item().get(name.trim().strip_prefix("item.")?)?.as_str()?);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

/// `fact`, `human` and `known` read facts by path; an unknown fact without a default is an error of the template.
fn functions(environment: &mut Environment<'_>, facts: &Facts) {
    let table: BTreeMap<String, Fact> = facts.iter().map(|(path, fact)| (path.to_string(), fact.clone())).collect();
    let table = Arc::new(table);
    let unknown = |path: &str| {
        Error::new(
            ErrorKind::UndefinedError,
            format!("the fact `{path}` is unknown; give a default or ask `known` first"),
        )
    };
    let facts = Arc::clone(&table);
    environment.add_function("fact", move |path: &str, default: Option<Value>| match (facts.get(path), default) {
        (Some(fact), _) => Ok(Value::from(Serde(crate::artefact::value(fact)))),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(unknown(path)),
    });
    let facts = Arc::clone(&table);
    environment.add_function("human", move |path: &str, default: Option<String>| match (facts.get(path), default) {
        (Some(fact), _) => Ok(fact.human()),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(unknown(path)),
    });
    environment.add_function("known", move |path: &str| table.contains_key(path));
}
