//! Rows that were to be a table, and words that a table has no column for.

use std::ops::Range;

use super::lines::Lines;
use super::{Found, RULE};
use crate::check::issue::{Issue, quote};
use crate::markdown::{Block, BlockKind, Reading};

/// Looks at rows that show as they were typed.
pub(super) fn in_words(block: &Block) -> Option<Found> {
    if block.kind != BlockKind::Prose {
        return None;
    }
    let lines = Lines::of(block);
    without_dashes(&lines).or_else(|| without_frame(&lines))
}

/// Looks at what stands in a row behind its last column, which is not shown.
pub(super) fn too_wide(reading: &Reading, source: &str) -> Vec<Issue> {
    let wide = reading.rows.iter().filter_map(|(at, columns)| {
        let row = source.get(at.clone())?;
        let cells = split(row);
        let lost = cells.get(*columns..)?;
        let lost = lost.iter().find(|cell| !row[(*cell).clone()].trim().is_empty())?;
        let words = row[lost.clone()].trim();
        let start = at.start + lost.end - row[lost.clone()].trim_start().len();
        let sentence = format!(
            "This row has {} cells and the table {columns} columns, so “{}” does not show.",
            cells.len(),
            quote(words)
        );
        let help = "Take a `|` out, or write one more column into the first two lines of the table. \
                    A `|` that is to show is written as `\\|`.";
        Some(Issue::new(RULE, start..start + words.len(), sentence, help))
    });
    wide.collect()
}

/// Where the cells of a row are.
fn split(row: &str) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = 0;
    let bars = row.match_indices('|').map(|(at, _)| at);
    for bar in bars.filter(|bar| !row[..*bar].ends_with('\\')) {
        // Nothing stands before the bar that a row begins with.
        if start > 0 || !row[..bar].trim().is_empty() {
            cells.push(start..bar);
        }
        start = bar + 1;
    }
    if !row[start..].trim().is_empty() {
        cells.push(start..row.len());
    }
    cells
}

/// Rows without the line that makes them a table.
fn without_dashes(lines: &Lines<'_>) -> Option<Found> {
    let is_row =
        |line: &str| line.len() > 1 && line.starts_with('|') && line.trim_end().ends_with('|');
    let first = lines.all.iter().position(|at| is_row(lines.line(at)))?;
    let rows = lines.all[first..]
        .iter()
        .map(|at| lines.line(at))
        .take_while(|line| is_row(line));
    let rows: Vec<&str> = rows.collect();
    let head = rows[0];
    let columns = cells(head);
    if rows.len() == 1 && columns < 2 {
        return None;
    }
    let rule = format!("|{}", " --- |".repeat(columns));
    let at = lines.all[first].clone();
    let (sentence, help) = match rows.get(1).copied().filter(|row| is_rule(row)) {
        _ if is_rule(head) => (
            "This line of a table stands alone, so it shows as it was typed.".to_owned(),
            "A table is one line below another: take out the empty lines between them.".to_owned(),
        ),
        Some(below) if cells(below) != columns => (
            format!(
                "The first line of this table has {columns} columns and the line below has {}, so it shows as it was typed.",
                cells(below)
            ),
            format!("Write `{rule}` below the first line."),
        ),
        Some(_) => (
            "This table shows as it was typed, because other words are right above it.".to_owned(),
            "Leave an empty line above it.".to_owned(),
        ),
        None => (
            "This table has no line of dashes below its first line, so it shows as it was typed."
                .to_owned(),
            format!(
                "Write `{rule}` below `{}`, and no empty line between.",
                quote(head)
            ),
        ),
    };
    Some((at, sentence, help))
}

/// Lines with the same parts between bars or tabs, as a table has them that was copied from a word
/// processor.
fn without_frame(lines: &Lines<'_>) -> Option<Found> {
    let mut signs = ['|', '\t'].into_iter().filter(|sign| lines.has(*sign));
    signs.find_map(|sign| {
        let parts = |at: &Range<usize>| -> Vec<&str> {
            let line = lines.line(at).trim();
            // A bar at the end alone parts this line from the next.
            let line = line
                .strip_prefix(sign)
                .map_or(line, |rest| rest.trim_end_matches(sign));
            line.split(sign).map(str::trim).collect()
        };
        let first = lines.all.iter().position(|at| parts(at).len() > 1)?;
        let head = parts(&lines.all[first]);
        let is_row = |parts: &[&str]| {
            parts.len() == head.len() && parts.iter().all(|part| !part.is_empty())
        };
        let rows = lines.all[first..].iter().map(parts);
        if rows.take_while(|parts| is_row(parts)).count() < 2 {
            return None;
        }
        Some((
            lines.all[first].clone(),
            "These lines show as words, not as a table.".to_owned(),
            format!(
                "Write the first line as `| {} |`, below it `|{}`, and then each line in the same way \
                 as the first.",
                quote(&head.join(" | ")),
                " --- |".repeat(head.len())
            ),
        ))
    })
}

fn is_rule(row: &str) -> bool {
    row.contains('-') && row.chars().all(|c| "|-–—: \t".contains(c))
}

fn cells(row: &str) -> usize {
    row.trim().matches('|').count().saturating_sub(1)
}
