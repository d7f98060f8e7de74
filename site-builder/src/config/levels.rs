//! The checks by name, and how grave each is: `[extra.check.levels]`.
//!
//! Owns the list. A check's name is the code of its findings.

use std::collections::BTreeMap;

use crate::diagnostic::{Finding, Findings, Severity};
use crate::document::{Data, Table};
use crate::text::Text;

/// Every check that a site may set, with what it is unless set. An error keeps a site from being
/// written, so what Zola writes is none of itself: a theme or site makes it one.
const CHECKS: [(&str, Option<Severity>); 51] = [
    ("address-gone", Some(Severity::Warning)),
    ("address-unrecorded", None),
    ("anchor-gone", Some(Severity::Warning)),
    ("broken-link", Some(Severity::Warning)),
    ("browser-css", Some(Severity::Warning)),
    ("browser-html", Some(Severity::Warning)),
    ("case-only", Some(Severity::Warning)),
    ("comment-open", Some(Severity::Warning)),
    ("contact", Some(Severity::Warning)),
    ("css-syntax", Some(Severity::Warning)),
    ("description-missing", Some(Severity::Warning)),
    ("duplicate-description", Some(Severity::Warning)),
    ("duplicate-title", Some(Severity::Warning)),
    ("flow-page", Some(Severity::Error)),
    ("heading-empty", Some(Severity::Warning)),
    ("heading-order", Some(Severity::Warning)),
    ("heading-twice", Some(Severity::Warning)),
    ("html-document", Some(Severity::Warning)),
    ("html-element", Some(Severity::Warning)),
    ("html-nesting", Some(Severity::Warning)),
    ("html-reference", Some(Severity::Warning)),
    ("html-syntax", Some(Severity::Warning)),
    ("image-format", Some(Severity::Warning)),
    ("image-text", Some(Severity::Warning)),
    ("insecure-link", Some(Severity::Warning)),
    ("link-form", Some(Severity::Warning)),
    ("link-text", Some(Severity::Warning)),
    ("long-sentence", Some(Severity::Warning)),
    ("no-section", Some(Severity::Warning)),
    ("no-title", Some(Severity::Warning)),
    ("one-main-heading", Some(Severity::Warning)),
    ("orphan-page", Some(Severity::Warning)),
    ("page-list", Some(Severity::Warning)),
    ("page-weight", Some(Severity::Warning)),
    ("plain-words", Some(Severity::Warning)),
    ("raw-markup", Some(Severity::Warning)),
    ("reading-grade", Some(Severity::Warning)),
    ("repeated-id", Some(Severity::Warning)),
    ("review-dates", Some(Severity::Warning)),
    ("review-due", Some(Severity::Warning)),
    ("script", Some(Severity::Warning)),
    ("spelling", Some(Severity::Warning)),
    ("stray-file", Some(Severity::Warning)),
    ("table-header", Some(Severity::Warning)),
    ("translation-key", Some(Severity::Warning)),
    ("translation-link", Some(Severity::Warning)),
    ("translation-missing", Some(Severity::Warning)),
    ("translation-orphaned", Some(Severity::Warning)),
    ("translation-stale", Some(Severity::Warning)),
    ("unknown-key", Some(Severity::Warning)),
    ("weight-twice", Some(Severity::Warning)),
];

/// Those about how a site hangs together. A build runs them, too, whatever their level.
const STRUCTURE: [&str; 8] = [
    "broken-link",
    "case-only",
    "comment-open",
    "link-form",
    "no-section",
    "no-title",
    "repeated-id",
    "unknown-key",
];

/// How grave each check is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Levels {
    by_name: BTreeMap<&'static str, Option<Severity>>,
}

impl Default for Levels {
    fn default() -> Self {
        Self {
            by_name: CHECKS.into_iter().collect(),
        }
    }
}

impl Levels {
    /// How grave a check's findings are; nothing when it is off.
    pub(crate) fn of(&self, name: &str) -> Option<Severity> {
        self.by_name.get(name).copied().flatten()
    }

    /// Whether any of these checks is on.
    pub(crate) fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.of(name).is_some())
    }

    /// Takes a check out, whatever was set.
    pub(super) fn turn_off(&mut self, name: &str) {
        if let Some(level) = self.by_name.get_mut(name) {
            *level = None;
        }
    }

    /// Leaves what keeps a site from being written, and what is about how it hangs together: a
    /// build has no use for the rest.
    pub(super) fn keep_for_build(&mut self) {
        for (name, level) in &mut self.by_name {
            let is_wanted =
                |level: &Severity| *level == Severity::Error || STRUCTURE.contains(name);
            *level = level.filter(is_wanted);
        }
    }
}

/// Reads the levels that a file sets.
pub(super) fn read(text: &Text, table: &Table, findings: &mut Findings) -> Levels {
    let mut levels = Levels::default();
    for entry in &table.entries {
        let Some((name, level)) = levels
            .by_name
            .iter_mut()
            .find(|(name, _)| **name == entry.key)
        else {
            findings.push(unknown(text, &entry.key, entry.key_at.clone()));
            continue;
        };
        let word = match &entry.node.data {
            Data::Text(word) => word.as_str(),
            _ => "",
        };
        match word {
            "error" => *level = Some(Severity::Error),
            "warn" => *level = Some(Severity::Warning),
            "off" => *level = None,
            _ => {
                let sentence = format!("`{name}` is one of `\"error\"`, `\"warn\"`, `\"off\"`.");
                let place = text.place(entry.node.at.clone());
                findings.push(
                    Finding::error("unknown-value", place, sentence)
                        .nearest(word, ["error", "warn", "off"]),
                );
            }
        }
    }
    levels
}

fn unknown(text: &Text, name: &str, at: std::ops::Range<usize>) -> Finding {
    let sentence = format!("There is no check `{name}`.");
    let finding = Finding::error("unknown-check", text.place(at), sentence);
    let finding = finding.nearest(name, CHECKS.map(|(name, _)| name));
    if finding.help.is_some() {
        return finding;
    }
    let names = CHECKS.map(|(name, _)| name).join("`, `");
    finding.help(format!("The checks are `{names}`."))
}
