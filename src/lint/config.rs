//! What is looked for and how much it counts. Where it comes from (files, environment, flags) is the caller's business.

use std::collections::BTreeMap;

use crate::diagnostic::rules::UNUSED_INPUT;
use crate::diagnostic::{RuleId, Severity};
use crate::quantity::Date;

/// How much a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    Off,
    /// As this.
    As(Severity),
}

impl Level {
    /// Reads `off`, `info`, `warning` or `error`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "off" => Self::Off,
            "info" => Self::As(Severity::Info),
            "warning" | "warn" => Self::As(Severity::Warning),
            "error" => Self::As(Severity::Error),
            _ => return None,
        })
    }

    /// The word that [`Level::parse`] reads.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::As(severity) => severity.as_str(),
        }
    }
}

/// A named set of levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Every rule at its own severity.
    #[default]
    Standard,
    /// Warnings are errors.
    Strict,
    /// Only errors; warnings become notes.
    Relaxed,
}

impl Profile {
    /// Reads `standard`, `strict` or `relaxed`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "standard" => Self::Standard,
            "strict" => Self::Strict,
            "relaxed" => Self::Relaxed,
            _ => return None,
        })
    }

    /// The word that [`Profile::parse`] reads.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
            Self::Relaxed => "relaxed",
        }
    }

    const fn apply(self, severity: Severity) -> Severity {
        match (self, severity) {
            (Self::Strict, Severity::Warning) => Severity::Error,
            (Self::Relaxed, Severity::Warning) => Severity::Info,
            _ => severity,
        }
    }
}

/// The configuration of one check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Names, codes or family letters; empty means every rule.
    pub select: Vec<String>,
    /// Names, codes or family letters that are passed over; they win over `select`.
    pub ignore: Vec<String>,
    /// Levels by name, code or family letter; the most exact one wins.
    pub levels: BTreeMap<String, Level>,
    /// The set of levels that everything else is measured by.
    pub profile: Profile,
    /// The phase whose tasks must be ticked: 0 core, 1 scale, 2 optimize; none asks for no gate.
    pub gate: Option<usize>,
    /// The day that waivers are compared with; none means that no waiver ends.
    pub today: Option<Date>,
    /// Columns that figures may use.
    pub width: Option<usize>,
    /// Compare with a plan also what only re-runs of the engine show, at several times the cost.
    pub re_runs: bool,
    /// Find for warnings and errors of family A the smallest sets of stated values that cannot hold together: some runs for each.
    pub sets: bool,
}

impl Config {
    /// Whether findings of a rule are wanted.
    #[must_use]
    pub fn wants(&self, code: &str, name: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|word| matches(word, code, name));
        (self.select.is_empty() || named(&self.select))
            && !named(&self.ignore)
            && self.level(code, name) != Some(Level::Off)
    }

    /// Whether any rule of a family may be wanted.
    #[must_use]
    pub fn wants_family(&self, letter: char) -> bool {
        self.select.is_empty()
            || self.select.iter().any(|word| {
                let is_code = word.len() > 1 && word.chars().skip(1).all(|c| c.is_ascii_digit());
                !(is_code || word.len() == 1) || word.starts_with(letter) || word == "all"
            })
    }

    /// Whether any rule is wanted that the engine must decide for.
    #[must_use]
    pub fn wants_decisions(&self) -> bool {
        ['A', 'D', 'W'].iter().any(|letter| self.wants_family(*letter))
            || self.wants(UNUSED_INPUT.code, UNUSED_INPUT.name)
    }

    /// The severity of a finding of a rule whose own severity this is.
    #[must_use]
    pub fn severity(&self, rule: &RuleId, own: Severity) -> Severity {
        match self.level(&rule.code, &rule.name) {
            Some(Level::As(severity)) => severity,
            _ => self.profile.apply(own),
        }
    }

    /// The level that is stated for a rule: by its name or code first, then by its family.
    fn level(&self, code: &str, name: &str) -> Option<Level> {
        let exact = self.levels.get(name).or_else(|| self.levels.get(code));
        exact.or_else(|| self.levels.get(code.get(..1)?)).copied()
    }
}

/// Whether a word of a selection means a rule: its name, its code, its family, the beginning of its code, or `all`.
#[must_use]
pub fn matches(word: &str, code: &str, name: &str) -> bool {
    word == name || word == "all" || (word.starts_with(|c: char| c.is_ascii_uppercase()) && code.starts_with(word))
}
