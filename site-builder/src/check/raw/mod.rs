//! What is left of Markdown that did not take, and of a word processor, in a text as it is shown.
//!
//! Owns what such residue looks like and how it would be right. Code is not looked at, nor what is
//! in quotes for Markdown (`\*`): who writes that means the sign itself. Knows of no file.

mod emphasis;
mod fences;
mod html;
mod indented;
mod inline;
mod lines;
mod links;
mod marks;
mod plain;
mod signs;
mod tables;
#[cfg(test)]
mod tests;
mod within;

use std::ops::Range;

use super::issue::Issue;
use crate::config::Config;
use crate::markdown::{Block, Reading};
pub(super) use plain::in_plain;
use within::Within;

/// The rule's name.
pub(super) const RULE: &str = "raw-markup";

/// What is wrong with a text: its range in it, a sentence, and what to do.
type Found = (Range<usize>, String, String);

/// Looks at a text. `body` is what the editor wrote, and `source` the Markdown that templates made of it.
pub(super) fn check(reading: &Reading, source: &str, body: &str, config: &Config) -> Vec<Issue> {
    let within = Within::new(reading, source);
    // What stands in the file and is shown all the same was marked as text, or a fault is told of it.
    let has_template = body.contains("{{") || body.contains("{%");
    let mut issues = indented::check(reading, source);
    issues.extend(fences::check(reading, source));
    issues.extend(html::check(reading, source, &within));
    issues.extend(marks::in_headings(reading, source));
    issues.extend(tables::too_wide(reading, source));
    for block in &reading.blocks {
        let mut found = lines::check(block, source);
        found.extend(tables::in_words(block));
        found.extend(links::bare(&block.text));
        // The words of a link begin no line, and may be an address.
        found.retain(|(at, ..)| !within.link(block.source(at.clone()).start));
        found.extend(links::check(&block.text));
        found.extend(emphasis::check(&block.text));
        found.extend(emphasis::uneven(block, source, &reading.emphasis));
        found.extend(marks::in_words(block));
        found.extend(inline::check(&block.text, config.markdown.emoji));
        found.extend(signs::check(&block.text));
        found.extend(signs::lost_object(&block.text, |at| {
            source.get(block.source(at)) == Some("\u{fffc}")
        }));
        found.extend(inline::template(&block.text, has_template));
        found.retain(|(at, ..)| is_meant(block, at, source, &within));
        issues.extend(
            leave_outermost(found)
                .into_iter()
                .map(|(at, sentence, help)| Issue::new(RULE, block.source(at), sentence, help)),
        );
    }
    issues
}

/// Whether a text holds the signs by accident: neither escaped nor in code.
fn is_meant(block: &Block, at: &Range<usize>, source: &str, within: &Within) -> bool {
    let start = block.source(at.clone()).start;
    let escaped = source
        .get(..start)
        .is_some_and(|before| before.ends_with('\\'));
    !escaped && !within.code(start)
}

/// Of what overlaps, what begins first: a link that did not take explains the address in it.
fn leave_outermost(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|(a, ..), (b, ..)| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut end = 0;
    found.retain(|(at, ..)| {
        let is_own = at.start >= end;
        if is_own {
            end = at.end;
        }
        is_own
    });
    found
}
