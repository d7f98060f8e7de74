//! Lines that were to be a heading or an item of a list.

use std::ops::Range;

use super::Found;
use crate::check::issue::quote;
use crate::markdown::{Block, BlockKind};

/// Signs for the items of a list in word processors, and what some of their fonts make of them.
const BULLETS: &str = "•‣◦▪▫●○■□➢➤❖⁃∙\u{f0a7}\u{f0b7}\u{f0d8}\u{f0fc}";

/// Blanks that are none for Markdown.
const ODD_BLANKS: [char; 5] = ['\u{a0}', '\u{2002}', '\u{2003}', '\u{2009}', '\u{202f}'];

/// Looks at the lines of a block of this Markdown.
pub(super) fn check(block: &Block, source: &str) -> Vec<Found> {
    if block.kind != BlockKind::Prose {
        return Vec::new();
    }
    let lines = Lines::of(block);
    let mut found = lines.heading();
    found.extend(lines.heading_in_words());
    found.extend(lines.list(is_item(block, source)));
    found
}

/// What comes behind the way in which a line begins, when it begins so.
type Begins = fn(&str) -> Option<&str>;

/// The lines of a block.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where each one is.
    pub all: Vec<Range<usize>>,
}

impl<'a> Lines<'a> {
    /// Finds them.
    pub(super) fn of(block: &'a Block) -> Self {
        let text = block.text.as_str();
        let starts = std::iter::once(0).chain(block.breaks.iter().copied());
        let ends = block.breaks.iter().map(|end| end - 1).chain([text.len()]);
        Self {
            text,
            all: starts
                .zip(ends)
                .filter(|(start, end)| start <= end)
                .map(|(start, end)| start..end)
                .collect(),
        }
    }

    /// One of them.
    pub(super) fn line(&self, at: &Range<usize>) -> &'a str {
        &self.text[at.clone()]
    }

    /// Whether a sign is in any of them. Most texts have none of those that slips begin with.
    pub(super) fn has(&self, sign: char) -> bool {
        self.text.contains(sign)
    }

    /// Those that begin in a way, as what comes behind it.
    fn those<'s>(
        &'s self,
        rest: impl Fn(&'a str) -> Option<&'a str> + 's,
    ) -> impl Iterator<Item = (Range<usize>, &'a str)> + 's {
        self.all
            .iter()
            .filter_map(move |at| rest(self.line(at)).map(|rest| (at.clone(), rest)))
    }

    /// `##Word`.
    fn heading(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, rest) in
            self.those(|line| line.starts_with('#').then(|| line.trim_start_matches('#')))
        {
            let level = at.len() - rest.len();
            let is_alone =
                self.all.len() == 1 && !rest.contains('#') && !rest.ends_with(['.', '!', ',']);
            let begins = |c: char| c.is_alphanumeric() || "“\"'¿¡(".contains(c);
            let sentence = match rest.chars().next() {
                Some(blank) if ODD_BLANKS.contains(&blank) => {
                    "A blank of another kind (a no-break space) stands behind `#`, so this is no heading."
                }
                // A name such as #health and a number such as #1 have one sign.
                Some(first)
                    if level == 1
                        && is_alone
                        && (first.is_uppercase()
                            || first.is_alphabetic() && rest.contains(' ')) =>
                {
                    MISSING
                }
                Some(first) if (2..=6).contains(&level) && begins(first) => MISSING,
                _ => continue,
            };
            let signs = "#".repeat(level.max(2));
            let words = quote(rest.trim_matches(|c: char| c == '#' || c.is_whitespace()));
            found.push((
                at,
                sentence.to_owned(),
                format!("Write `{signs} {words}`, with a plain space behind `{signs}`."),
            ));
        }
        found
    }

    /// `Words. ## Heading`.
    fn heading_in_words(&self) -> Option<Found> {
        if !self.has('#') {
            return None;
        }
        let (_, start) = self.all.iter().find_map(|at| {
            let line = self.line(at);
            let signs = line.match_indices(" ##").map(|(start, _)| start + 1);
            signs
                .filter(|start| {
                    let rest = line[*start..].trim_start_matches('#');
                    let first = rest
                        .strip_prefix(' ')
                        .and_then(|words| words.chars().next());
                    first.is_some_and(|c| c.is_uppercase() || "“¿¡".contains(c))
                })
                .map(|start| (at, at.start + start))
                .next()
        })?;
        let rest = &self.text[start..];
        let end = self.all.iter().map(|at| at.end).find(|end| *end > start)?;
        let signs = rest.len() - rest.trim_start_matches('#').len();
        Some((
            start..end,
            format!(
                "`{}` shows as it was typed, because a heading stands on a line of its own.",
                "#".repeat(signs)
            ),
            format!(
                "Press Enter twice before `{}`, so that there is an empty line above it.",
                quote(&self.text[start..end])
            ),
        ))
    }

    /// `• item`. Below a right item, one line is enough to see that it was to be another.
    fn list(&self, is_item: bool) -> Option<Found> {
        let least_without_blank = if is_item { 1 } else { 2 };
        let slips: [(Begins, usize, &str); 8] = [
            (bullet, 1, NO_SIGN),
            (dot, 1, NO_SIGN),
            (circle, 1, NO_SIGN),
            (
                dash,
                2,
                "A long dash makes no list in Markdown, so the lines run into one.",
            ),
            (
                lettered,
                2,
                "Letters, or numbers in brackets, make no list in Markdown, so the lines run into one.",
            ),
            (
                odd_blank,
                1,
                "A blank of another kind (a no-break space) stands here, so this is no list.",
            ),
            (
                no_blank,
                least_without_blank,
                "There is no space behind the sign, so this is no list.",
            ),
            (
                no_blank_behind_number,
                least_without_blank,
                "There is no space behind the number, so this is no list.",
            ),
        ];
        for (rest, least, sentence) in slips {
            let items: Vec<_> = self.those(rest).collect();
            let Some((at, words)) = items.first().cloned() else {
                continue;
            };
            let line = self.line(&at);
            // A sign between words is one that parts them, wherever the line breaks.
            let is_parting = line.starts_with('·') && self.text.matches('·').count() > items.len();
            // In Spanish, `o` is a word, which begins no text.
            let is_word = line.starts_with("o ") && at.start > 0;
            if items.len() < least || is_parting || is_word {
                continue;
            }
            let counts = line.starts_with(|c: char| c.is_ascii_digit()) || lettered(line).is_some();
            let number = counts.then(|| number(line).unwrap_or("1"));
            let right = match number {
                None => format!("- {}", quote(words.trim())),
                Some(number) => format!("{number}. {}", quote(words.trim())),
            };
            return Some((
                at,
                sentence.to_owned(),
                format!("Begin each line of the list like this: `{right}`."),
            ));
        }
        None
    }
}

/// The digits that a line begins with, maybe in brackets.
fn number(line: &str) -> Option<&str> {
    let line = line.trim_start_matches('(');
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    Some(&line[..end]).filter(|digits| !digits.is_empty())
}

/// Whether a block of Markdown is what an item of a list begins with.
fn is_item(block: &Block, source: &str) -> bool {
    let before = source.get(..block.source(0..1).start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let sign = line.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(sign, "-" | "*" | "+") || (sign.len() < line.len() && matches!(sign, "." | ")"))
}

const NO_SIGN: &str = "This sign makes no list in Markdown, so the lines run into one.";
const MISSING: &str = "There is no space behind `#`, so this is no heading.";

fn bullet(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(|c| BULLETS.contains(c));
    rest.or_else(|| line.strip_prefix("o\t"))
        .filter(|rest| rest.contains(char::is_alphanumeric))
        .or_else(|| section_sign(line))
}

/// A square of a word processor's font. A law has a number behind the sign.
fn section_sign(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("§\t")
        .or_else(|| line.strip_prefix("§ "))?;
    rest.trim_start()
        .starts_with(char::is_alphabetic)
        .then_some(rest)
}

/// What a word processor makes of the second level.
fn circle(line: &str) -> Option<&str> {
    line.strip_prefix("o ")
        .filter(|rest| rest.starts_with(char::is_uppercase))
}

/// `(1) item`, `a) item` or `ii. item`.
fn lettered(line: &str) -> Option<&str> {
    let (sign, rest) = line.split_once(char::is_whitespace)?;
    let name = sign
        .strip_suffix(')')
        .or_else(|| sign.strip_suffix('.').filter(|name| !name.starts_with('(')))?;
    let is_in_brackets = name.starts_with('(');
    let name = name.strip_prefix('(').unwrap_or(name);
    let is_letter = name.len() == 1 && name.bytes().all(|c| c.is_ascii_lowercase());
    let is_roman = name.len() < 5 && name.bytes().all(|c| b"ivx".contains(&c));
    let is_number = is_in_brackets && name.len() < 3 && name.bytes().all(|c| c.is_ascii_digit());
    (!name.is_empty() && (is_letter || is_roman || is_number)).then_some(rest)
}

fn dot(line: &str) -> Option<&str> {
    line.strip_prefix('·')
        .filter(|rest| rest.starts_with(char::is_whitespace))
}

fn dash(line: &str) -> Option<&str> {
    line.strip_prefix(['–', '—'])
        .filter(|rest| rest.starts_with(char::is_whitespace))
}

fn odd_blank(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix(['-', '*', '+'])
        .or_else(|| behind_number(line))?;
    rest.starts_with(ODD_BLANKS).then_some(rest)
}

fn no_blank(line: &str) -> Option<&str> {
    line.strip_prefix(['-', '*'])
        .filter(|rest| rest.starts_with(char::is_alphabetic))
}

fn no_blank_behind_number(line: &str) -> Option<&str> {
    behind_number(line).filter(|rest| rest.starts_with(char::is_alphabetic))
}

fn behind_number(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..=2)
        .contains(&digits)
        .then(|| rest.strip_prefix(['.', ')']))
        .flatten()
}
