//! What a rule has to say about a text, before it is known in which file and how grave it is.

use std::ops::Range;

/// Something that a rule found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Issue {
    /// The rule's name, which is the code of the finding.
    pub rule: &'static str,
    /// Where it is in the text that the rule was given.
    pub at: Range<usize>,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next.
    pub help: String,
    /// Further places that the help ends with.
    pub also: Vec<Range<usize>>,
}

impl Issue {
    /// An issue at one place.
    pub(super) fn new(
        rule: &'static str,
        at: Range<usize>,
        sentence: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            at,
            sentence: sentence.into(),
            help: help.into(),
            also: Vec::new(),
        }
    }
}

/// A text in one line, cut short where it is long.
pub(super) fn quote(text: &str) -> String {
    const LONGEST: usize = 50;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LONGEST {
        return words;
    }
    let cut: String = words.chars().take(LONGEST).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}
