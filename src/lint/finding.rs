//! One finding as every printer, the baseline and the editor see it.

use serde::{Deserialize, Serialize};

use crate::diagnostic::rules::Named;
use crate::diagnostic::{Diagnostic, Edit, Ground, Label, Repair, RuleId, Severity};
use crate::text::Span;

/// Why a finding does not fail a run although it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Accepted {
    /// A waiver in the requirements: who, until when and why.
    Waiver(String),
    /// A comment in the file, with its reason.
    Comment(String),
    /// It stands in the baseline.
    Baseline,
}

/// What is wrong, where, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule speaks.
    pub rule: RuleId,
    /// How bad it is, after the configuration.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The place; [`Span::source`] is an index of the report's sources.
    pub span: Span,
    /// Further places.
    pub related: Vec<Label>,
    /// The facts that the finding rests on.
    pub facts: Vec<Ground>,
    /// What to do, as an instruction.
    pub fix: Option<String>,
    /// The same as edits.
    pub repair: Option<Repair>,
    /// What the finding is about: a task id, the key of a block, a path of the requirements.
    pub subject: String,
    /// What tells two findings of one rule about one subject apart, such as the id that is missing; may be empty.
    pub detail: String,
    /// The finding's name for ever: project, code, subject, detail; never a line number. Set by [`super::run`].
    pub identity: String,
    /// Why it does not fail the run.
    pub accepted: Option<Accepted>,
}

impl Finding {
    /// A finding without further places; the severity is set from the rule when it is reported.
    #[must_use]
    pub fn new(rule: Named, span: Span, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule: rule.id(),
            severity: Severity::Error,
            message: message.into(),
            span,
            related: Vec::new(),
            facts: Vec::new(),
            fix: None,
            repair: None,
            subject: subject.into(),
            detail: String::new(),
            identity: String::new(),
            accepted: None,
        }
    }

    /// A finding of the reader of requirements.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic, subject: String) -> Self {
        Self {
            rule: diagnostic.rule.clone(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            span: diagnostic.span,
            related: diagnostic.labels.clone(),
            facts: diagnostic.facts.clone(),
            fix: diagnostic.fix.clone(),
            repair: diagnostic.repair.clone(),
            subject,
            detail: String::new(),
            identity: String::new(),
            accepted: None,
        }
    }

    /// The same with what to do.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// The same with a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// The same with what tells it from others about its subject.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same with a fact behind it.
    #[must_use]
    pub fn fact(mut self, path: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(Ground { path: path.into(), value: value.into() });
        self
    }

    /// The same with one edit that mends it.
    #[must_use]
    pub fn edit(mut self, safe: bool, span: Span, text: impl Into<String>) -> Self {
        self.repair = Some(Repair { safe, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Whether it may fail a run.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.accepted.is_none()
    }

    /// The words after the severity that say why it does not count.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        Some(match self.accepted.as_ref()? {
            Accepted::Waiver(words) => words.clone(),
            Accepted::Comment(reason) => format!("ignored by a comment: {reason}"),
            Accepted::Baseline => "in the baseline".to_owned(),
        })
    }
}
