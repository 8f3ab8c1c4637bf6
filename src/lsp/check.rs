//! Diagnostics: a quick check of the changed file at every change, a full check of its system when nothing waits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::files::{File, System};
use super::{Answer, Server};
use crate::diagnostic::Severity;
use crate::lint::kind::Kind;
use crate::lint::{self, Accepted, Finding, Input, Report};
use crate::text::digest::Fnv;

/// A report with the files that it is about.
#[derive(Debug)]
pub struct Checked {
    /// The files; the report's first sources are theirs, in this order.
    pub system: System,
    /// What was found.
    pub report: Report,
}

impl Checked {
    /// The file that a source of the report is; none for texts inside of others.
    #[must_use]
    pub fn file(&self, source: usize) -> Option<&Rc<File>> {
        self.system.files().nth(source)
    }

    /// Whether the report is about this very text.
    #[must_use]
    pub fn holds(&self, file: &Rc<File>) -> bool {
        self.system.files().any(|own| Rc::ptr_eq(own, file))
    }

    /// The findings in a file that count, and those of the baseline, which are marked and not hidden.
    pub fn findings<'c>(&'c self, uri: &'c str) -> impl Iterator<Item = &'c Finding> {
        let shown = |finding: &&Finding| matches!(finding.accepted, None | Some(Accepted::Baseline));
        let counts = self.report.findings.iter().filter(shown);
        counts.filter(move |finding| self.file(finding.span.source).is_some_and(|file| file.uri == uri))
    }
}

/// A finding of the last full check, whose place moves with the text.
#[derive(Debug)]
struct Kept {
    identity: String,
    bytes: Range<usize>,
    diagnostic: Json,
}

/// What is known about the files, and what is to be looked at.
#[derive(Debug, Default)]
pub struct Checks {
    quick: BTreeMap<String, Rc<Checked>>,
    full: BTreeMap<String, Rc<Checked>>,
    kept: BTreeMap<String, Vec<Kept>>,
    /// What the client was shown last, by file.
    shown: BTreeMap<String, String>,
    changed: BTreeSet<String>,
    due: BTreeSet<String>,
}

impl Checks {
    /// Whether a full check is due.
    #[must_use]
    pub fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Takes note of an opened file.
    pub fn opened(&mut self, uri: &str) {
        self.kept.remove(uri);
        self.changed(uri);
    }

    /// Takes note of a changed file.
    pub fn changed(&mut self, uri: &str) {
        self.changed.insert(uri.to_owned());
        self.due.insert(uri.to_owned());
    }

    /// Takes note of a saved file: what stands beside it may be another.
    pub fn saved(&mut self, uri: &str) {
        self.due.insert(uri.to_owned());
    }

    /// Moves what is known behind an edit, and forgets what stands in it.
    pub fn moved(&mut self, uri: &str, gone: Range<usize>, put: usize) {
        let Some(kept) = self.kept.get_mut(uri) else { return };
        kept.retain(|finding| finding.bytes.end <= gone.start || finding.bytes.start >= gone.end);
        for finding in kept.iter_mut().filter(|finding| finding.bytes.start >= gone.end) {
            let moved = |at: usize| (at + put).saturating_sub(gone.len());
            finding.bytes = moved(finding.bytes.start)..moved(finding.bytes.end);
        }
    }

    /// The newest report about a file's very text: the full one where there is one.
    #[must_use]
    pub fn newest(&self, file: &Rc<File>) -> Option<Rc<Checked>> {
        let of = |reports: &BTreeMap<String, Rc<Checked>>| {
            reports.get(&file.uri).filter(|checked| checked.holds(file)).map(Rc::clone)
        };
        of(&self.full).or_else(|| of(&self.quick))
    }
}

impl Server<'_> {
    /// Checks every changed file by itself.
    pub(super) fn check_quickly(&mut self) {
        for uri in std::mem::take(&mut self.checks.changed) {
            let Some(file) = self.files.get(&uri).cloned() else { continue };
            let mut system = System::default();
            match file.kind {
                Kind::Requirements => system.requirements = Some(Rc::clone(&file)),
                Kind::Plan => system.plan = Some(Rc::clone(&file)),
                Kind::Other => {}
            }
            let checked = self.run(system, false);
            self.checks.quick.insert(uri.clone(), Rc::new(checked));
            if !self.client.pulls {
                self.publish(&file);
            }
        }
    }

    /// Checks the systems of all files that are due.
    pub(super) fn check_fully(&mut self) {
        let mut changed = false;
        for uri in std::mem::take(&mut self.checks.due) {
            changed |= self.check_system(&uri);
        }
        if changed && self.client.pulls && self.client.refreshes {
            self.ask("workspace/diagnostic/refresh", Json::Null);
        }
        if changed && self.client.refreshes_lenses {
            self.ask("workspace/codeLens/refresh", Json::Null);
        }
    }

    /// Checks the system of a file; true when a client that asks would now be told something else.
    fn check_system(&mut self, uri: &str) -> bool {
        let system = self.files.system(self.host, uri);
        let mut files: Vec<Rc<File>> = system.files().map(Rc::clone).collect();
        let checked = Rc::new(self.run(system, true));
        if files.is_empty() {
            files.extend(self.files.get(uri).cloned());
        }
        let mut changed = false;
        for file in files {
            let kept = checked.findings(&file.uri).map(|finding| Kept {
                identity: finding.identity.clone(),
                bytes: finding.span.start..finding.span.end,
                diagnostic: self.diagnostic(&checked, &file, finding),
            });
            let kept = kept.collect();
            self.checks.kept.insert(file.uri.clone(), kept);
            self.checks.full.insert(file.uri.clone(), Rc::clone(&checked));
            if self.client.pulls {
                let said = digest(&self.diagnostics(&file));
                changed |= self.checks.shown.get(&file.uri).is_some_and(|shown| *shown != said);
            } else {
                self.publish(&file);
            }
        }
        changed
    }

    fn run(&self, system: System, fully: bool) -> Checked {
        let path = system.files().next().map_or("", |file| file.path.as_str());
        let config = self.host.config(path);
        let input = Input {
            requirements: system.requirements.as_ref().map(|file| file.for_gate()),
            plan: system.plan.as_ref().map(|file| file.for_gate()),
            catalogue: Some(self.catalogue).filter(|_| fully),
            ..Input::default()
        };
        let nothing = input.requirements.is_none() && input.plan.is_none();
        let mut report = if nothing { Report::default() } else { lint::run(&input, &config) };
        if let Some(baseline) = self.host.baseline(path) {
            // What is no longer found is said by `archplan lint`, which sees all files.
            drop(baseline.mark(std::slice::from_mut(&mut report), &config));
        }
        Checked { system, report }
    }

    /// The diagnostics of a file as they are known now.
    fn diagnostics(&self, file: &Rc<File>) -> Vec<Json> {
        let mut out = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let current = self.checks.full.get(&file.uri).is_some_and(|full| full.holds(file));
        let mut families = "";
        if let Some(quick) = self.checks.quick.get(&file.uri).filter(|quick| !current && quick.holds(file)) {
            families = &quick.report.checked.families;
            for finding in quick.findings(&file.uri) {
                seen.insert(&finding.identity);
                out.push(self.diagnostic(quick, file, finding));
            }
        }
        for kept in self.checks.kept.get(&file.uri).into_iter().flatten() {
            let code = kept.diagnostic.pointer("/data/code").and_then(Json::as_str).unwrap_or("");
            if seen.contains(kept.identity.as_str()) || code.starts_with(|letter| families.contains(letter)) {
                continue;
            }
            let mut diagnostic = kept.diagnostic.clone();
            if let (false, Some(object)) = (current, diagnostic.as_object_mut()) {
                object.insert("range".to_owned(), file.text.range(kept.bytes.clone(), self.client.encoding));
            }
            out.push(diagnostic);
        }
        out
    }

    fn publish(&mut self, file: &Rc<File>) {
        let items = self.diagnostics(file);
        let mut params = json!({"uri": file.uri, "diagnostics": items});
        let said = digest(&items);
        let open = file.version.is_some();
        let before = self.checks.shown.insert(file.uri.clone(), said.clone());
        if !open && before.is_none() && items.is_empty() {
            return;
        }
        if let (Some(version), Some(object)) = (file.version, params.as_object_mut()) {
            object.insert("version".to_owned(), version.into());
        }
        self.notify("textDocument/publishDiagnostics", params);
    }

    /// Takes back what was said about a file that was closed, and about the one beside it when that is not open either.
    pub(super) fn closed(&mut self, uri: &str) {
        let beside = self.checks.full.remove(uri);
        let others = beside.iter().flat_map(|checked| checked.system.files()).map(|file| file.uri.clone());
        let mut gone: Vec<String> = others.filter(|other| self.files.get(other).is_none()).collect();
        gone.push(uri.to_owned());
        gone.sort();
        gone.dedup();
        // A system of which one file is still open is checked again as it stands on disk.
        let open =
            beside.iter().flat_map(|checked| checked.system.files()).find(|file| self.files.get(&file.uri).is_some());
        if let Some(open) = open {
            self.checks.due.insert(open.uri.clone());
        }
        for uri in gone {
            self.checks.quick.remove(&uri);
            self.checks.kept.remove(&uri);
            self.checks.due.remove(&uri);
            if self.checks.shown.remove(&uri).is_some() && !self.client.pulls {
                self.notify("textDocument/publishDiagnostics", json!({"uri": uri, "diagnostics": []}));
            }
        }
    }

    /// Answers a client that asks. One that cannot be told to ask again gets the full check at once.
    pub(super) fn pulled(&mut self, params: &Json) -> Answer {
        let file = self.file(params)?;
        self.check_quickly();
        if !self.client.refreshes && self.checks.due.contains(&file.uri) {
            self.checks.due.remove(&file.uri);
            self.check_system(&file.uri);
        }
        let items = self.diagnostics(&file);
        let id = digest(&items);
        self.checks.shown.insert(file.uri.clone(), id.clone());
        if params.get("previousResultId").and_then(Json::as_str) == Some(id.as_str()) {
            return Ok(json!({"kind": "unchanged", "resultId": id}));
        }
        Ok(json!({"kind": "full", "resultId": id, "items": items}))
    }

    /// A finding as the protocol says it.
    pub(super) fn diagnostic(&self, checked: &Checked, file: &File, finding: &Finding) -> Json {
        let severity = match finding.severity {
            _ if !finding.counts() => 4,
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info => 3,
        };
        let note = finding.note().map(|note| format!(" [{note}]")).unwrap_or_default();
        let fix = finding.fix.as_ref().map(|fix| format!("\nfix: {fix}")).unwrap_or_default();
        let related: Vec<Json> = finding
            .related
            .iter()
            .filter_map(|label| {
                let other = checked.file(label.span.source)?;
                let range = other.text.range(label.span.start..label.span.end, self.client.encoding);
                Some(json!({"location": {"uri": other.uri, "range": range}, "message": label.text}))
            })
            .collect();
        json!({
            "range": file.text.range(finding.span.start..finding.span.end, self.client.encoding),
            "severity": severity,
            "code": finding.rule.name,
            "source": "archplan",
            "message": format!("{}{note}{fix}", finding.message),
            "relatedInformation": related,
            "data": {"code": finding.rule.code, "identity": finding.identity},
        })
    }
}

/// A short name of what a client is told.
fn digest(items: &[Json]) -> String {
    let mut digest = Fnv::default();
    for item in items {
        digest.write(item.to_string().as_bytes());
    }
    format!("{:016x}", digest.value())
}
