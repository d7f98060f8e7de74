//! Slips in what editors write as TOML or YAML: from where a parser stopped, and from the text there,
//! to a sentence about the slip and the line as it should be.
//!
//! A parser knows what it expected; this knows what people type instead. Owns the words and the
//! corrections. Of keys it knows only which of them hold text whatever it looks like, and which name a
//! table; it reads no file.

mod dates;
mod line;
mod list;
mod spread;
mod toml;
mod value;
mod yaml;

use std::ops::Range;

use self::value::Wanted;
use crate::diagnostic::Finding;
use crate::text::Text;

pub(crate) use self::dates::days;
pub(crate) use self::toml::{TWICE, in_toml, without};
pub(crate) use self::value::link;
pub(crate) use self::yaml::in_yaml;

/// What is wrong, found in a text; all ranges are bytes of it.
#[derive(Debug)]
struct Fault {
    /// Where the slip is.
    at: Range<usize>,
    sentence: String,
    /// How it can be put right: one way, or several of which only the editor knows the right one.
    ways: Vec<Mend>,
    /// What to do, where no line can be shown; or what to know beside it.
    hint: Option<String>,
}

/// One change that puts a slip right.
#[derive(Debug, Clone)]
struct Mend {
    /// What is replaced.
    at: Range<usize>,
    new: String,
    /// When this is the right one of several.
    when: Option<String>,
}

/// A slip that is ready to be told.
#[derive(Debug)]
pub(crate) struct Slip {
    /// Where it is.
    pub at: Range<usize>,
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub help: String,
    /// The lines that cannot be read because of it.
    pub lines: Range<usize>,
}

impl Fault {
    fn new(at: Range<usize>, sentence: impl Into<String>) -> Self {
        Self {
            at,
            sentence: sentence.into(),
            ways: Vec::new(),
            hint: None,
        }
    }

    /// Put right by writing this at the place of the slip.
    fn mend(self, new: impl Into<String>) -> Self {
        let at = self.at.clone();
        self.mend_at(at, new)
    }

    /// Put right by writing this elsewhere.
    fn mend_at(mut self, at: Range<usize>, new: impl Into<String>) -> Self {
        let new = new.into();
        self.ways.push(Mend {
            at,
            new,
            when: None,
        });
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Ready to be told. `mended` is what else is put right in a line that is shown.
    fn tell(self, source: &str, lines: Range<usize>, mended: impl Fn(String) -> String) -> Slip {
        // Of several lines, one alone is not whole.
        let is_one = !source[lines.clone()].trim().contains('\n');
        let line = |way: &Mend| {
            let line = changed(source, &way.at, &way.new);
            if is_one { mended(line) } else { line }
        };
        let ways: Vec<_> = self
            .ways
            .iter()
            .map(|way| (line(way), way.when.clone()))
            .collect();
        let help = [written(&ways), self.hint];
        Slip {
            at: self.at,
            sentence: self.sentence,
            help: help.into_iter().flatten().collect::<Vec<_>>().join(" "),
            lines,
        }
    }
}

impl Slip {
    /// The finding, at its place in the file.
    pub(crate) fn finding(&self, code: &'static str, text: &Text, shift: usize) -> Finding {
        let place = text.place(self.at.start + shift..self.at.end + shift);
        Finding::error(code, place, self.sentence.as_str()).help(self.help.as_str())
    }
}

/// What to do about a value of the wrong kind that stands at `at`: the line as it should be. Nothing
/// when nobody can tell what is meant.
pub(crate) fn as_wanted(text: &Text, at: &Range<usize>, wanted: &str) -> Option<String> {
    let source = text.body.get(at.clone())?;
    let wanted = Wanted::of(wanted)?;
    let ways: Vec<_> = value::as_wanted(source, wanted)
        .into_iter()
        .map(|(new, when)| (changed(&text.body, at, &new), when))
        .collect();
    written(&ways)
}

/// What to do, when the right text for a place is known: the line with it.
pub(crate) fn with(text: &Text, at: &Range<usize>, new: &str) -> String {
    format!("Write `{}`.", changed(&text.body, at, new))
}

fn written(ways: &[(String, Option<String>)]) -> Option<String> {
    let ways: Vec<_> = ways
        .iter()
        .map(|(line, when)| match when {
            Some(when) => format!("`{line}` {when}"),
            None => format!("`{line}`"),
        })
        .collect();
    (!ways.is_empty()).then(|| format!("Write {}.", ways.join(", or ")))
}

/// The line of a range, with what stands there replaced.
fn changed(source: &str, at: &Range<usize>, new: &str) -> String {
    let line = line_at(source, at.start);
    let end = at.end.min(line.end).max(at.start);
    let (before, after) = (&source[line.start..at.start], &source[end..line.end]);
    format!("{before}{new}{after}").trim().to_owned()
}

/// The line that a byte stands in, without its end.
fn line_at(source: &str, at: usize) -> Range<usize> {
    let start = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = source[at..].find('\n').map_or(source.len(), |end| at + end);
    start..end
}

/// A range without the blanks around it.
fn trimmed(source: &str, at: Range<usize>) -> Range<usize> {
    let text = &source[at.clone()];
    let start = at.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests;
