//! How deep a style sheet goes, told from its text before the compiler goes there.
//!
//! Knows of Sass only what nests.

use std::mem;

use crate::text::{Text, has_ending};

/// How deep a style sheet may go: its brackets, its signs and `not` before a value, its indentation.
///
/// This keeps a slip from using up the stack, which would end the process, and says what it is. It
/// does not hold against a style sheet that hides brackets in comments, chains operators without end
/// or calls itself for ever: see [`super::apart`].
pub(super) const DEPTH: usize = 1_000;

/// How deep a style sheet goes, about: its open brackets with the signs before each, and, where that
/// nests, its indentation. Brackets in comments and texts count, too.
pub(super) fn depth(text: &Text) -> usize {
    let is_indented = has_ending(&text.file, "sass");
    let mut signs = Signs::default();
    // The signs that stand before each open bracket, and their sum with the number of brackets.
    let (mut before, mut open, mut most) = (Vec::new(), 0, 0);
    let (mut indentation, mut is_blank) = (0, is_indented);
    let mut rest = &*text.body;
    while let Some(first) = rest.chars().next() {
        match first {
            '\n' | '\r' => (indentation, is_blank) = (0, is_indented),
            ' ' | '\t' => indentation += usize::from(is_blank),
            _ => is_blank = false,
        }
        let (token, after) = rest.split_at(token(rest));
        rest = after;
        signs.read(token);
        match token {
            "{" | "(" | "[" => {
                before.push(signs.before);
                open += 1 + signs.before;
            }
            "}" | ")" | "]" => open -= before.pop().map_or(0, |signs: usize| 1 + signs),
            _ => {}
        }
        most = most.max(open + signs.run + indentation);
    }
    most
}

/// How long the word, the mark of a comment or the character is that a text begins with.
fn token(text: &str) -> usize {
    let in_word = |c: char| c.is_alphanumeric() || "_-\\".contains(c) || !c.is_ascii();
    let word = text.find(|c| !in_word(c)).unwrap_or(text.len());
    let is_mark = ["//", "/*", "*/"].iter().any(|mark| text.starts_with(mark));
    let character = text.chars().next().map_or(0, char::len_utf8);
    if is_mark { 2 } else { word.max(character) }
}

/// A run of signs and `not`, which the compiler goes into one by one. What looks like a comment may
/// be in a text: so it is read, and the run from before it goes on after it.
#[derive(Default)]
struct Signs {
    run: usize,
    /// The run that the last token ended.
    before: usize,
    before_line: usize,
    before_block: usize,
    /// Whether the last word has an escape, which a blank may end in the middle of the word.
    is_escaped: bool,
}

impl Signs {
    fn read(&mut self, token: &str) {
        self.before = 0;
        match token {
            " " | "\t" | "\u{c}" => {}
            "\n" | "\r" => self.run = self.run.max(mem::take(&mut self.before_line)),
            "//" => self.before_line = self.before_line.max(self.run),
            "/*" => self.before_block = self.before_block.max(self.run),
            "*/" => self.run = self.run.max(mem::take(&mut self.before_block)),
            "+" | "-" | "/" | "not" => self.run += 1,
            // It may be another way to write `not`.
            word if word.contains('\\') => {
                self.run += 1;
                self.is_escaped = true;
            }
            _ if mem::take(&mut self.is_escaped) => {}
            _ => self.before = mem::take(&mut self.run),
        }
    }
}
