//! One line of TOML: its key, what stands between key and value, and the value.

use std::ops::Range;

use super::value::{self, is_curly};
use super::{Fault, trimmed};

/// What is wrong with a line, which may be the first of several.
pub(super) fn fault(source: &str, line: Range<usize>) -> Option<Fault> {
    let at = trimmed(source, line);
    let written = &source[at.clone()];
    if written.starts_with('[') {
        return header(written, &at);
    }
    if let Some(mark) = ["//", "<!--", "--", ";"]
        .into_iter()
        .find(|mark| written.starts_with(mark))
    {
        let words = written.trim_start_matches(mark).trim_end_matches("-->");
        let sentence = "A remark for other editors begins with `#` here.";
        let fault = Fault::new(at.start..at.start + mark.len(), sentence);
        return Some(fault.mend_at(at, format!("# {}", words.trim())));
    }
    let key_end = at.start + key_length(written);
    let key = trimmed(source, at.start..key_end);
    let name = &source[key.clone()];
    let rest = trimmed(source, key_end..at.end);
    match source[rest.clone()].chars().next() {
        Some('=') if is_key(name) => {
            value::fault(source, trimmed(source, rest.start + 1..rest.end))
        }
        Some('=') => Some(wrong_key(source, key)),
        Some(':') if is_key(name) && is_empty(&source[rest.start + 1..rest.end]) => {
            let sentence = format!("`{name}` has no value.");
            let hint = "Write `=` in place of the `:`, and what it is after it, with text in quotes; or \
                        take the line out.";
            Some(Fault::new(rest.start..rest.start + 1, sentence).hint(hint))
        }
        Some(':') if is_key(name) => {
            let sentence = "A name and its value have `=` between them here, not `:`.";
            let fault = Fault::new(rest.start..rest.start + 1, sentence);
            Some(fault.mend_at(key.end..rest.start + 1, " ="))
        }
        _ => Some(no_sign(source, &at)),
    }
}

/// Whether a line begins like a key with its value, or like the heading of a table.
pub(super) fn begins(line: &str) -> bool {
    let line = line.lines().next().unwrap_or_default().trim();
    let key = &line[..key_length(line)];
    let is_heading = line.starts_with('[') && line.ends_with(']') && !line.contains(['"', ',']);
    is_heading || (line[key.len()..].starts_with('=') && is_key(key.trim()))
}

/// Whether a text can be a key as it stands.
pub(super) fn is_key(text: &str) -> bool {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_quoted = text.len() > 2
        && ['"', '\'']
            .iter()
            .any(|quote| value::closing(text, *quote) == Some(text.len() - 1));
    (text.starts_with(['"', '\'']) && is_quoted) || (!text.is_empty() && text.chars().all(is_bare))
}

fn is_empty(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.starts_with('#')
}

/// How long the key is that a line begins with, up to the sign after it.
fn key_length(line: &str) -> usize {
    let first = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quoted = first.and_then(|quote| value::closing(line, quote));
    let from = quoted.map_or(0, |end| end + 1);
    let sign = line[from..].find(['=', ':']);
    sign.map_or(line.len(), |sign| from + sign)
}

fn header(written: &str, at: &Range<usize>) -> Option<Fault> {
    if let Some((_, rest)) = written.split_once(']')
        && rest.contains('=')
    {
        let rest = at.end - rest.trim().len()..at.end;
        let sentence = "A name in square brackets has a line of its own.";
        return Some(Fault::new(rest, sentence).hint("Put what comes after it on the next line."));
    }
    let name = written.trim_matches(|c: char| matches!(c, '[' | ']') || c.is_whitespace());
    let opened = written.len() - written.trim_start_matches('[').len();
    let new = format!("{}{name}{}", "[".repeat(opened), "]".repeat(opened));
    let is_named = name.split('.').all(|part| is_key(part.trim()));
    (is_named && new != written).then(|| {
        let end = at.end..at.end;
        let sentence = "A square bracket is missing in this line, or there is one too many.";
        Fault::new(end, sentence).mend_at(at.clone(), new)
    })
}

fn wrong_key(source: &str, key: Range<usize>) -> Fault {
    let name = &source[key.clone()];
    if name.is_empty() {
        let fault = Fault::new(key, "There is no name before this `=`.");
        return fault.hint("Write what it is about first, such as `title = \"…\"`.");
    }
    if let Some(item) = name.strip_prefix('-').map(str::trim_start)
        && is_key(item)
    {
        let end = key.end - item.len();
        let fault = Fault::new(key.start..key.start + 1, "No line begins with `-` here.");
        return fault.mend_at(key.start..end, "");
    }
    let bare = name.trim_matches(|c| is_curly(c) || matches!(c, '"' | '\''));
    let sentence = if name.starts_with(is_curly) {
        "This quote is curly, and only straight quotes hold a text."
    } else {
        "A name with more than letters, digits, `-` and `_` stands in quotes."
    };
    let first = name.chars().next().map_or(0, char::len_utf8);
    let at = if name.starts_with(is_curly) {
        key.start..key.start + first
    } else {
        key.clone()
    };
    Fault::new(at, sentence).mend_at(key, value::quoted(bare))
}

/// A line without `=`.
fn no_sign(source: &str, at: &Range<usize>) -> Fault {
    let written = &source[at.clone()];
    let space = written.find(char::is_whitespace).unwrap_or(written.len());
    let (key, rest) = written.split_at(space);
    let rest = rest.trim();
    let after_key = at.start + key.len();
    if is_key(key) && rest.is_empty() {
        let fault = Fault::new(at.clone(), format!("`{key}` has no value."));
        return fault.hint(format!(
            "Write it as `{key} = \"…\"`, or take the line out."
        ));
    }
    let is_value = rest.starts_with(['"', '\'', '[', '“']) || value::is_plain(rest);
    if is_key(key) && is_value {
        let sentence = "The `=` between a name and its value is missing.";
        return Fault::new(after_key..after_key, sentence).mend(" =");
    }
    let sentence = "This line is no name with its value.";
    Fault::new(at.clone(), sentence).hint(
        "Here, each line has a name, `=` and a value, such as `title = \"…\"`. The text of a page \
         goes below the second line of `+++`.",
    )
}
