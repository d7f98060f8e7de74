//! Markdown between the tags of HTML, where it does nothing.

use std::ops::Range;

use super::within::Within;
use super::{RULE, plain};
use crate::check::issue::{Issue, quote};
use crate::markdown::Reading;

/// Looks at what stands between tags. A line in Markdown with tags in it holds only the tags here.
pub(super) fn check(reading: &Reading, source: &str, within: &Within) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut in_comment = false;
    for at in &reading.html {
        let html = source.get(at.clone()).unwrap_or_default();
        let was_in_comment = in_comment;
        if let Some(last) = html.rfind("<!--").max(html.rfind("-->")) {
            in_comment = html[last..].starts_with("<!--");
        }
        if was_in_comment || in_comment || html.contains("<!--") {
            continue;
        }
        for part in between_tags(html) {
            for (found, words) in plain::signs_of_markdown(&html[part.clone()]) {
                let start = at.start + part.start + found.start;
                if within.code(start) {
                    continue;
                }
                let shown = quote(source.get(start..start + found.len()).unwrap_or_default());
                issues.push(Issue::new(
                    RULE,
                    start..start + found.len(),
                    format!("`{shown}` shows as it was typed: Markdown does nothing between the tags of HTML."),
                    format!("Leave an empty line above and below these words, or write HTML for “{words}”, too."),
                ));
            }
        }
    }
    issues
}

fn between_tags(html: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, sign) in html.match_indices(['<', '>']) {
        if sign == "<" {
            parts.push(start..at);
        }
        start = at + sign.len();
    }
    // After the last `>`; a tag that goes on in the next line has none.
    if !html[..start].ends_with('<') {
        parts.push(start..html.len());
    }
    parts
}
