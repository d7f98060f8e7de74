//! TOML slips that reach over more than one line: a text that is broken over lines, and the name of a
//! table without its brackets.

use std::ops::Range;

use super::value::{closing, quoted};
use super::{Fault, line, line_at, trimmed};

/// Tables of front matter, which people write as a key with lines below it.
const TABLES: [&str; 2] = ["extra", "taxonomies"];

/// Over how many lines a text is looked for.
const MOST_LINES: usize = 8;

/// A text in one pair of quotes that goes on below, told with its lines joined.
pub(super) fn broken_text(source: &str, at: usize) -> Option<(Fault, Range<usize>)> {
    let own = line_at(source, at);
    let written = &source[own.clone()];
    if !line::begins(written) {
        return None;
    }
    let sign = written.find('=')?;
    let value = trimmed(source, own.start + sign + 1..own.end);
    let first = &source[value.clone()];
    let quote = first.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if closing(first, quote).is_some() {
        return None;
    }
    let mut joined = first[1..].to_owned();
    let mut end = own.end;
    for next in source.get(own.end + 1..)?.lines().take(MOST_LINES) {
        if next.trim().is_empty() || line::begins(next) {
            return None;
        }
        end += 1 + next.len();
        joined.push(' ');
        if let Some(last) = next.trim().strip_suffix(quote) {
            joined.push_str(last);
            let is_whole = !joined.contains(quote);
            let sentence = "A text in quotes is one line, and this one goes on below.";
            let fault = Fault::new(value.start..value.start + 1, sentence);
            let text = quoted(&joined);
            return is_whole.then(|| (fault.mend_at(value, text), own.start..end));
        }
        joined.push_str(next.trim());
    }
    None
}

/// The name of a table that stands alone, with or without a sign after it.
pub(super) fn bare_heading(source: &str, at: usize) -> Option<(Fault, usize)> {
    let own = line_at(source, at);
    let line = trimmed(source, own.clone());
    let name = source[line.clone()].trim_end_matches([':', ' ']);
    TABLES.contains(&name).then(|| {
        let sentence = format!("`{name}` stands in square brackets when lines below belong to it.");
        let fault = Fault::new(line, sentence).mend(format!("[{name}]"));
        (fault, own.start)
    })
}
