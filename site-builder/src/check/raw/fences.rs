//! Blocks of code that nothing ends: all below them shows as code.

use super::RULE;
use crate::check::issue::Issue;
use crate::markdown::Reading;

/// The signs that a fence is made of.
const SIGNS: [char; 2] = ['`', '~'];

/// Looks for the line that ends each block of code.
pub(super) fn check(reading: &Reading, source: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    for at in &reading.fenced {
        let block = source.get(at.clone()).unwrap_or_default();
        let first = block.lines().next().unwrap_or_default().trim_end();
        let fence = &first[..first.len() - first.trim_start_matches(SIGNS).len()];
        let is_end = |line: &str| {
            // In a quotation, each line begins with its sign.
            let line = line.trim_start_matches([' ', '\t', '>']).trim_end();
            line.starts_with(fence) && line.trim_start_matches(&fence[..1]).is_empty()
        };
        if fence.is_empty() || block.lines().skip(1).last().is_some_and(is_end) {
            continue;
        }
        issues.push(Issue::new(
            RULE,
            at.start..at.start + first.len(),
            "No line ends this block of code, so what stands below shows in a typewriter's letters.",
            format!("Write `{fence}` on a line of its own where the code ends, or take this line out."),
        ));
    }
    issues
}
