//! Slips in TOML.

use std::ops::Range;

use toml::de::Error;

use super::{Fault, Slip, line, line_at, spread, trimmed, value};
use crate::text::floor;

/// How often a line that is shown as it should be is looked at for a further slip.
const ROUNDS: usize = 8;

/// What to do about a key that is there twice.
pub(crate) const TWICE: &str = "Keep the right one of the two lines, and take the other out.";

/// The slip behind an error of the parser. `first_line` is the number of the text's first line in its
/// file.
pub(crate) fn in_toml(source: &str, error: &Error, first_line: usize) -> Slip {
    let span = error.span().unwrap_or(0..source.len());
    let at = floor(source, span.start);
    let end = floor(source, span.end).max(at);
    if let Some((fault, lines)) = open_text(source, at) {
        return fault.tell(source, lines, mended);
    }
    if error.message().starts_with("duplicate key") {
        let (fault, lines) = twice(source, at..end, first_line);
        return fault.tell(source, lines, mended);
    }
    if let Some((fault, lines)) = spread::broken_text(source, at) {
        return fault.tell(source, lines, mended);
    }
    if let Some((fault, lines)) = in_list(source, at) {
        return fault.tell(source, lines, mended);
    }
    if let Some((fault, start)) = spread::bare_heading(source, at) {
        let lines = start..table_end(source, at);
        return fault.tell(source, lines, mended);
    }
    // Nothing can be wrong with an empty line: what is, began above.
    let at = at.min(source.trim_end().len());
    let own = line_at(source, at);
    let lines = if source[own.clone()].trim_start().starts_with('[') {
        own.start..table_end(source, own.end)
    } else {
        own.clone()
    };
    let fault = line::fault(source, own.clone()).unwrap_or_else(|| {
        let end = end.clamp(at, own.end.max(at));
        let sentence = "This cannot be read: something is missing here, or too much.";
        Fault::new(at..end, sentence)
            .hint("Compare the line with one that works. Text stands in straight quotes.")
    });
    fault.tell(source, lines, mended)
}

/// The source with blanks in place of some lines; the rest stays where it is.
pub(crate) fn without(source: &str, lines: &Range<usize>) -> String {
    let blank: String = source[lines.clone()]
        .chars()
        .flat_map(|c| {
            let blank = if c == '\n' { '\n' } else { ' ' };
            std::iter::repeat_n(blank, c.len_utf8())
        })
        .collect();
    [&source[..lines.start], &blank, &source[lines.end..]].concat()
}

/// A line that is to be shown, with what else is wrong in it put right.
fn mended(mut line: String) -> String {
    for _ in 0..ROUNDS {
        if toml::de::DeTable::parse(&line).is_ok() {
            break;
        }
        let Some(fault) = line::fault(&line, 0..line.len()) else {
            break;
        };
        let [way] = fault.ways.as_slice() else {
            break;
        };
        line = super::changed(&line, &way.at, &way.new);
    }
    line
}

/// A text in three quotes that does not end.
fn open_text(source: &str, at: usize) -> Option<(Fault, Range<usize>)> {
    let mut from = 0;
    loop {
        let marks = ["\"\"\"", "'''"].into_iter();
        let (start, mark) = marks
            .filter_map(|mark| Some((next_value(source, from, mark)?, mark)))
            .min()?;
        if start > at {
            return None;
        }
        if let Some(end) = source[start + 3..].find(mark) {
            from = start + 3 + end + 3;
            continue;
        }
        let sentence = format!("The text that begins here with `{mark}` does not end.");
        let fault = Fault::new(start..start + 3, sentence);
        let lines = line_at(source, start).start..source.len();
        return Some((
            fault.hint(format!("Write `{mark}` after its last line.")),
            lines,
        ));
    }
}

/// Where a mark stands next that begins a value. Elsewhere it is part of a text.
fn next_value(source: &str, from: usize, mark: &str) -> Option<usize> {
    let mut marks = source[from..].match_indices(mark);
    marks.find_map(|(at, _)| {
        let before = source[..from + at].trim_end();
        before.ends_with(['=', '[', ',']).then_some(from + at)
    })
}

/// A key, or the heading of a table, that is there already.
fn twice(source: &str, at: Range<usize>, first_line: usize) -> (Fault, Range<usize>) {
    let second = line_at(source, at.start);
    let own = name(&source[second.clone()]);
    let is_heading = own.starts_with('[');
    let above: Vec<_> = source[..second.start].lines().enumerate().collect();
    let same_table = above
        .iter()
        .rev()
        .take_while(|(_, line)| is_heading || !line.trim_start().starts_with('['));
    let first = same_table.filter(|(_, line)| name(line) == own).last();
    let sentence = match first {
        Some((first, _)) => format!(
            "`{own}` is here twice: on line {} and on line {}.",
            first_line + first,
            first_line + above.len()
        ),
        None => format!("`{own}` is here twice."),
    };
    let (lines, hint) = if is_heading {
        let hint = "Put all that belongs there below the first of them, and take the second out.";
        (second.start..table_end(source, second.end), hint)
    } else {
        (second, TWICE)
    };
    (Fault::new(at, sentence).hint(hint), lines)
}

/// What a line gives a value to: a key, or all below a heading.
fn name(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('[') {
        return line;
    }
    let key = line.split_once('=').map_or("", |(key, _)| key);
    key.trim().trim_matches(['"', '\''])
}

/// A fault of a list, or of a table in one line, that begins on this line or above it.
fn in_list(source: &str, at: usize) -> Option<(Fault, Range<usize>)> {
    let mut line = line_at(source, at);
    let own = line.clone();
    loop {
        let written = &source[line.clone()];
        let value = written
            .find('=')
            .map(|sign| trimmed(source, line.start + sign + 1..line.end))
            .filter(|_| line::begins(written));
        if let Some(value) = value {
            if line == own && value.is_empty() && has_items(source, line.end) {
                let end = value.end..value.end;
                let sentence = "The bracket `[` at the beginning of this list is missing.";
                let fault = Fault::new(end, sentence).mend(" [");
                return Some((fault, line.start..list_end(source, line.end)));
            }
            if source[value.clone()].starts_with(['[', '{'])
                && let Some(fault) = value::fault(source, value)
            {
                let end = line_at(source, fault.at.start).end;
                let reaches = line == own || end >= own.start || is_next(source, end, own.start);
                return reaches.then_some((fault, line.start..list_end(source, end)));
            }
            // The line itself may be what an open list above runs into.
            if line != own {
                return None;
            }
        }
        line = line_at(source, line.start.checked_sub(1)?);
    }
}

/// Whether the next line that is not empty begins with a text.
fn has_items(source: &str, end: usize) -> bool {
    let rest = source[end..].trim_start();
    let line = rest.lines().next().unwrap_or_default();
    line.starts_with(['"', '“', ']']) && !line::begins(line)
}

/// Whether there is nothing between two places.
fn is_next(source: &str, end: usize, start: usize) -> bool {
    source[end..start].trim().is_empty()
}

/// Where the list ends whose fault is on the line that ends at `end`: before the next key.
fn list_end(source: &str, end: usize) -> usize {
    let mut at = (end + 1).min(source.len());
    for line in source[at..].split_inclusive('\n') {
        if line::begins(line) {
            break;
        }
        at += line.len();
    }
    at
}

/// Where the table ends that goes on at `at`: before the next heading.
fn table_end(source: &str, at: usize) -> usize {
    source[at..]
        .find("\n[")
        .map_or(source.len(), |end| at + end)
}
