//! What the builder has to say to a person: one type for every finding of every stage.
//!
//! Stages add to [`Findings`]; only [`mod@print`] decides how a finding looks. Nothing here knows
//! Markdown, templates or files.

pub mod print;

use std::collections::BTreeSet;

/// Whether a finding stops the site from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site is not written, and the exit code is 1.
    Error,
    /// Worth a look; the site is written all the same.
    Warning,
}

impl Severity {
    /// The word used in output: `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Where a finding is. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path relative to the site's root, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters the finding spans on its line, at least 1.
    pub width: usize,
    /// The line itself; empty when the finding is about the file as a whole.
    pub excerpt: String,
}

impl Place {
    /// A place that means the whole file.
    pub fn file(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 1,
            column: 1,
            width: 1,
            excerpt: String::new(),
        }
    }
}

/// One finding: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where it is.
    pub place: Place,
    /// Whether it stops the site from being written.
    pub severity: Severity,
    /// A stable name for scripts, such as `unknown-key`.
    pub code: &'static str,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next, where that is not plain from the sentence.
    pub help: Option<String>,
}

impl Finding {
    /// A finding that stops the site from being written.
    pub fn error(code: &'static str, place: Place, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, place, sentence)
    }

    /// A finding that only asks for a look.
    pub fn warning(code: &'static str, place: Place, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, place, sentence)
    }

    /// A finding of the given severity.
    pub fn new(
        severity: Severity,
        code: &'static str,
        place: Place,
        sentence: impl Into<String>,
    ) -> Self {
        Self {
            place,
            severity,
            code,
            sentence: sentence.into(),
            help: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", when a known name is near enough to the unknown one.
    #[must_use]
    pub fn nearest<'a>(self, unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(unknown, known) {
            Some(name) => self.help(format!("Did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The findings of one run.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    all: BTreeSet<Finding>,
}

impl Findings {
    /// Adds a finding; the same one twice counts once.
    pub fn push(&mut self, finding: Finding) {
        self.all.insert(finding);
    }

    /// Adds several findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.all.extend(findings);
    }

    /// Adds all findings of another run.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.all.append(&mut other.all);
    }

    /// Whether any finding stops the site from being written.
    pub fn has_errors(&self) -> bool {
        self.all
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.all
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// The findings, sorted by file, line and column.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.all.iter()
    }
}

/// The known name nearest to an unknown one, when a slip of a finger or two explains it.
pub(crate) fn nearest<'a>(
    unknown: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = unknown.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    known
        .into_iter()
        // Most names of a large site are told apart without a look at their letters.
        .filter(|name| name.chars().count().abs_diff(length) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("titel", ["title", "template"]), Some("title"));
        assert_eq!(nearest("colour", ["title", "template"]), None);
    }

    #[test]
    fn findings_come_out_sorted_by_place_and_once() {
        let at = |file: &str, line| Place {
            line,
            ..Place::file(file)
        };
        let mut findings = Findings::default();
        for place in [at("b", 1), at("a", 10), at("a", 2), at("a", 2)] {
            findings.push(Finding::error("x", place, "s"));
        }
        let order: Vec<_> = findings
            .iter()
            .map(|f| (f.place.file.as_str(), f.place.line))
            .collect();
        assert_eq!(order, [("a", 2), ("a", 10), ("b", 1)]);
    }
}
