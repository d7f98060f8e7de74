//! Lines that show as code because a tab or four blanks begin them.

use super::RULE;
use crate::check::issue::{Issue, quote};
use crate::markdown::Reading;

/// Signs that words seldom have and code often.
const CODE: [char; 12] = ['{', '}', ';', '=', '<', '>', '$', '\\', '_', '`', '~', '^'];

/// Looks at what only its indent makes code. Real code stays: it does not read like words.
pub(super) fn check(reading: &Reading, source: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    for at in &reading.indented {
        let text = source.get(at.clone()).unwrap_or_default();
        let first = text.trim_start().lines().next().unwrap_or_default().trim();
        if !are_words(first) || text.contains(CODE) {
            continue;
        }
        let start = at.start + (text.len() - text.trim_start().len());
        let help = format!(
            "Begin each of these lines at the left edge: `{}`. Part of a list has as many blanks \
             before it as the words of its item have.",
            quote(first)
        );
        issues.push(Issue::new(
            RULE,
            start..start + first.len(),
            "A tab or four blanks begin this line, so it shows as code, in a typewriter's letters.",
            help,
        ));
    }
    issues
}

/// Whether a line begins as a sentence or an item of a list does, and goes on in words.
fn are_words(line: &str) -> bool {
    let words = line.trim_start_matches(|c: char| {
        "-*+•·#“\"'¿¡[(!.)".contains(c) || c.is_whitespace() || c.is_ascii_digit()
    });
    let begins = words.starts_with(char::is_uppercase);
    let signs = line
        .chars()
        .filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !".,:!?'’“”\"-–—()".contains(*c))
        .count();
    begins && signs <= 2 && !line.contains("()") && !line.contains("::")
}
