//! Marks of headings, such as `{#name}`, that are not whole.

use super::{Found, RULE};
use crate::check::issue::{Issue, quote};
use crate::markdown::{Block, BlockKind, Reading};

/// Looks at marks that Markdown took, and that do not say what was meant: of `{#my name}` it takes
/// only `my`, and of `{name}` nothing.
pub(super) fn in_headings(reading: &Reading, source: &str) -> Vec<Issue> {
    let wrong = reading.headings.iter().filter_map(|at| {
        let line = source.get(at.clone())?.lines().next()?.trim_end();
        let start = line.rfind('{').filter(|_| line.ends_with('}'))?;
        let inside = &line[start + 1..line.len() - 1];
        let is_part = |part: &str| part.starts_with(['#', '.']) || part.contains('=');
        if inside.split_whitespace().all(is_part) || is_shown(reading, at.start..at.end) {
            return None;
        }
        let right = slug::slugify(inside);
        let mark = quote(&line[start..]);
        let start = at.start + start;
        let help = if right.is_empty() {
            "Take it out.".to_owned()
        } else {
            format!("Write `{{#{right}}}`: a mark begins with `#` and has no blanks.")
        };
        let sentence =
            format!("The mark `{mark}` of this heading is not whole, so links to it lead nowhere.");
        Some(Issue::new(
            RULE,
            start..at.start + line.len(),
            sentence,
            help,
        ))
    });
    wrong.collect()
}

/// Whether a heading ends with its braces on the page, too: that is told by itself.
fn is_shown(reading: &Reading, at: std::ops::Range<usize>) -> bool {
    let mut blocks = reading.blocks.iter();
    blocks.any(|block| {
        block.kind == BlockKind::Heading
            && at.contains(&block.source(0..1).start)
            && block.text.trim_end().ends_with('}')
    })
}

/// `{#id` that is no mark of a heading.
pub(super) fn in_words(block: &Block) -> Option<Found> {
    let text = block.text.as_str();
    // As most have none, and this tells it soonest.
    if !text.contains('{') {
        return None;
    }
    let start = text.find("{#").or_else(|| text.find("{ #"))?;
    let end = text[start..].find('}').map(|at| start + at + 1);
    let inside = &text[start + 1..end.map_or(text.len(), |end| end - 1)];
    let id: String = inside
        .trim_start_matches([' ', '#'])
        .chars()
        .take_while(|c| !c.is_whitespace())
        .collect();
    if id.is_empty() || !id.starts_with(char::is_alphanumeric) {
        return None;
    }
    let written = start..end.unwrap_or(start + text[start..].trim_end().len());
    let mark = quote(&text[written.clone()]);
    if block.kind != BlockKind::Heading {
        return Some((
            written,
            format!("`{mark}` shows as it was typed: only a heading can have a mark."),
            format!("Write it at the end of a line that begins with `##`: `## Heading {{#{id}}}`."),
        ));
    }
    let words = quote(&text[..start]);
    Some((
        written,
        format!("The mark `{mark}` of this heading is not whole, so it shows as it was typed."),
        format!("End the line with it: `{words} {{#{id}}}`."),
    ))
}
