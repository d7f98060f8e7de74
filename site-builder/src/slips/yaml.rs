//! Slips in YAML. A parser often stops a line below the slip, or above it, so those are looked at, too.

use std::ops::Range;

use super::value::{closing, is_curly, quoted};
use super::{Fault, Slip, line::is_key, line_at, trimmed};

/// Signs that mean something of their own at the beginning of a value.
const SIGNS: [char; 9] = ['@', '`', '%', '*', '&', '!', '?', ',', '{'];

/// The slip behind a fault of the parser, if it is one that people make.
pub(crate) fn in_yaml(source: &str, at: usize) -> Option<Slip> {
    let at = at.min(source.trim_end().len());
    let own = line_at(source, at);
    let above = source[..own.start].trim_end();
    let above = (!above.is_empty()).then(|| line_at(source, above.len()));
    let below = own.end + 1;
    let below = (below < source.len()).then(|| line_at(source, below));
    let indented = above
        .clone()
        .and_then(|above| indented(source, above, own.clone()));
    let (fault, line) = above
        .into_iter()
        .chain([own.clone()])
        .chain(below)
        .find_map(|line| Some((fault(source, line.clone())?, line)))
        .or_else(|| Some((indented?, own)))?;
    let lines = line.start..block_end(source, line);
    Some(fault.tell(source, lines, |line| line))
}

fn fault(source: &str, line: Range<usize>) -> Option<Fault> {
    let at = trimmed(source, line.clone());
    if let Some(tab) = source[line.start..at.start].find('\t') {
        let depth = depth(source, line.start);
        let at = line.start + tab..line.start + tab + 1;
        let fault = Fault::new(at, "A tab is here, and only spaces can begin a line.");
        return Some(fault.hint(match depth {
            0 => "Take it out: the line begins with its first word.".to_owned(),
            1 => "Begin the line with one space instead.".to_owned(),
            depth => format!("Begin the line with {depth} spaces instead."),
        }));
    }
    let written = &source[at.clone()];
    if written.is_empty() || written.starts_with('#') {
        return None;
    }
    if let Some(item) = written.strip_prefix("- ") {
        return value(source, trimmed(source, at.end - item.len()..at.end));
    }
    let heading = written
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(name) = heading.filter(|name| is_key(name)) {
        let sentence = "Square brackets are not used like this between two lines of `---`.";
        let fault = Fault::new(at, sentence).mend(format!("{name}:"));
        return Some(fault.hint("Begin each line that belongs below it with two spaces."));
    }
    let Some(sign) = written.find([':', '=']).map(|sign| at.start + sign) else {
        let end = at.end..at.end;
        let hint = "Here, each line has a name, `:` and a value, such as `title: …`. The text of a \
                    page goes below the second line of `---`.";
        return Some(Fault::new(end, "This line has no `:`.").hint(hint));
    };
    let key = trimmed(source, at.start..sign);
    if !is_key(&source[key.clone()]) {
        return None;
    }
    let rest = trimmed(source, sign + 1..at.end);
    if source[sign..].starts_with('=') {
        let sentence = "A name and its value have `:` between them here, not `=`.";
        let fault = Fault::new(sign..sign + 1, sentence);
        return Some(fault.mend_at(key.end..rest.start, ": "));
    }
    let gap = &source[sign + 1..rest.start];
    if !rest.is_empty() && (gap.is_empty() || gap.contains('\t')) {
        let fault = Fault::new(sign..sign + 1, "There must be a space after this `:`.");
        return Some(fault.mend_at(sign + 1..rest.start, " "));
    }
    value(source, rest)
}

fn value(source: &str, at: Range<usize>) -> Option<Fault> {
    let written = &source[at.clone()];
    let first = written.chars().next()?;
    if matches!(first, '"' | '\'') {
        let Some(end) = closing(written, first) else {
            let end = at.start + written.trim_end_matches(is_curly).len();
            let fault = Fault::new(end..end, "The quote at the end of this text is missing.");
            return Some(fault.mend_at(end..at.end, first.to_string()));
        };
        let rest = written[end + 1..].trim();
        if rest.is_empty() || rest.starts_with('#') {
            return None;
        }
        let text = written[1..].strip_suffix(first).unwrap_or(&written[1..]);
        let quote = at.start + end..at.start + end + 1;
        let fault = Fault::new(
            quote,
            "The text ends at this quote, but more comes after it.",
        );
        return Some(fault.mend_at(at, quoted(text)));
    }
    if first == '[' && !written.contains(']') {
        let end = at.end..at.end;
        let fault = Fault::new(end, "The bracket `]` at the end of this list is missing.");
        return Some(fault.mend("]"));
    }
    if SIGNS.contains(&first) {
        let sentence = format!("A text that begins with `{first}` must stand in quotes.");
        return Some(Fault::new(at, sentence).mend(quoted(written)));
    }
    let colon = written
        .find(": ")
        .or(written.strip_suffix(':').map(str::len))?;
    let colon = at.start + colon..at.start + colon + 1;
    let sentence = "A text with a `:` in it must stand in quotes.";
    Some(Fault::new(colon, sentence).mend_at(at, quoted(written)))
}

/// A line that begins with blanks below one that is complete.
fn indented(source: &str, above: Range<usize>, own: Range<usize>) -> Option<Fault> {
    let blanks = indent(source, &own);
    let (_, value) = source[above.clone()].split_once(':')?;
    let is_deeper = blanks > indent(source, &above) && !value.trim().is_empty();
    is_deeper.then(|| {
        let sentence =
            "This line begins with too many spaces: it does not belong to the one above.";
        Fault::new(own.start..own.start + blanks, sentence)
            .hint("Let it begin where the line above begins.")
    })
}

/// With how many blanks a line begins that goes on after those above `at`.
fn depth(source: &str, at: usize) -> usize {
    let above = source[..at].trim_end();
    if above.is_empty() {
        return 0;
    }
    let line = line_at(source, above.len());
    let own = indent(source, &line);
    if source[line].trim_end().ends_with(':') {
        own + 2
    } else {
        own
    }
}

fn indent(source: &str, line: &Range<usize>) -> usize {
    let written = &source[line.clone()];
    written.len() - written.trim_start_matches(' ').len()
}

/// Where what belongs to a line ends: all below that begins with more blanks.
fn block_end(source: &str, line: Range<usize>) -> usize {
    let own = indent(source, &line);
    let mut end = line.end;
    while end < source.len() {
        let next = line_at(source, end + 1);
        if !source[next.clone()].trim().is_empty() && indent(source, &next) <= own {
            break;
        }
        end = next.end;
    }
    end
}
