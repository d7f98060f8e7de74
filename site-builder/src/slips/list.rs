//! Lists, on one line or over several: where an item, a comma or a bracket is not as it should be.

use std::ops::Range;

use super::value::{self, closing, is_curly};
use super::{Fault, line, line_at, trimmed};

/// What is wrong with the list whose `[` stands at `start`.
pub(super) fn fault(source: &str, start: usize) -> Option<Fault> {
    let mut reader = List {
        source,
        at: start + 1,
        end_of_last: start + 1,
    };
    reader.fault()
}

struct List<'a> {
    source: &'a str,
    at: usize,
    /// Where the last item, or the comma after it, ends.
    end_of_last: usize,
}

impl List<'_> {
    fn fault(&mut self) -> Option<Fault> {
        let mut wants_comma = false;
        loop {
            self.skip();
            let rest = &self.source[self.at..];
            let Some(next) = rest.chars().next() else {
                return Some(self.unclosed());
            };
            match next {
                _ if self.begins_line() && line::begins(rest) => return Some(self.unclosed()),
                // What lies in a list is not looked into.
                ']' | '[' | '{' => return None,
                ',' if wants_comma => {
                    wants_comma = false;
                    self.at += 1;
                }
                ',' => {
                    let fault = Fault::new(self.at..self.at + 1, "One `,` is enough.");
                    return Some(fault.mend(""));
                }
                _ if wants_comma => return Some(self.no_comma()),
                _ => {
                    if let Some(fault) = self.item(next) {
                        return Some(fault);
                    }
                    wants_comma = true;
                }
            }
            self.end_of_last = self.at;
        }
    }

    /// Passes over an item, or says what is wrong with it.
    fn item(&mut self, first: char) -> Option<Fault> {
        let line = line_at(self.source, self.at);
        let written = &self.source[self.at..line.end];
        if matches!(first, '"' | '\'') {
            if let Some(end) = closing(written, first) {
                let next = written[end + 1..].chars().next();
                self.at += end + 1;
                // A letter right after a quote belongs to the text.
                return next
                    .filter(|next| next.is_alphanumeric())
                    .map(|_| self.inner_quote(&written[..end]));
            }
            return Some(self.open_quote(written, first));
        }
        let end = written.find([',', ']', '#']).unwrap_or(written.len());
        let item = trimmed(self.source, self.at..self.at + end);
        if is_curly(first) {
            return Some(curly(self.source, item, line.end));
        }
        if !value::is_plain(&self.source[item.clone()]) {
            return value::fault(self.source, item);
        }
        self.at = item.end;
        None
    }

    /// The text goes on after a quote in it.
    fn inner_quote(&self, text: &str) -> Fault {
        let at = self.at - 1..self.at;
        // This one begins the next text then.
        if let Some(before) = text.trim_end().strip_suffix(',') {
            let end = at.start - (text.len() - before.len());
            let fault = Fault::new(end..end, "The quote at the end of this text is missing.");
            return fault.mend(text[..1].to_owned());
        }
        let sentence = "The text ends at this quote, but more comes after it.";
        Fault::new(at, sentence).hint("Quotes inside a text must be curly ones: “ and ”.")
    }

    /// A text without its second quote ends before the bracket, or at the end of its line.
    fn open_quote(&self, written: &str, quote: char) -> Fault {
        let text = written.trim_end().trim_end_matches(',');
        let text = text.strip_suffix(']').unwrap_or(text);
        let text = text.trim_end_matches(is_curly).trim_end();
        let end = self.at + text.len();
        let curly_end = written[text.len()..].chars().next();
        let old = end + curly_end.filter(|c| is_curly(*c)).map_or(0, char::len_utf8);
        let sentence = "The quote at the end of this text is missing.";
        Fault::new(end..end, sentence).mend_at(end..old, quote.to_string())
    }

    fn no_comma(&self) -> Fault {
        let at = self.end_of_last;
        Fault::new(at..at, "A comma is missing between two items of this list.").mend(",")
    }

    fn unclosed(&self) -> Fault {
        let at = self.end_of_last;
        Fault::new(
            at..at,
            "The bracket `]` at the end of this list is missing.",
        )
        .mend("]")
    }

    fn begins_line(&self) -> bool {
        let line = line_at(self.source, self.at);
        self.source[line.start..self.at].trim().is_empty()
    }

    /// Passes over blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.source[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            if !self.source[self.at..].starts_with('#') {
                return;
            }
            self.at = line_at(self.source, self.at).end;
        }
    }
}

/// Curly quotes in the rest of a line all become straight.
fn curly(source: &str, item: Range<usize>, line_end: usize) -> Fault {
    let first = source[item.clone()].chars().next();
    let first = first.map_or(0, char::len_utf8);
    let rest = item.start..line_end;
    let straight = source[rest.clone()].replace(is_curly, "\"");
    let sentence = "This quote is curly, and only straight quotes hold a text.";
    Fault::new(item.start..item.start + first, sentence).mend_at(rest, straight)
}
