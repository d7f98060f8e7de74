//! Lines that were to be a heading, an item of a list or a row of a table.

use std::ops::Range;

use super::Found;
use crate::check::issue::quote;
use crate::markdown::{Block, BlockKind};

/// Signs for the items of a list in word processors, and what some of their fonts make of them.
const BULLETS: &str = "•‣◦▪▫●○■□➢➤❖⁃∙\u{f0a7}\u{f0b7}\u{f0d8}\u{f0fc}";

/// Blanks that are none for Markdown.
const ODD_BLANKS: [char; 5] = ['\u{a0}', '\u{2002}', '\u{2003}', '\u{2009}', '\u{202f}'];

/// Looks at the lines of a block.
pub(super) fn check(block: &Block) -> Vec<Found> {
    if block.kind != BlockKind::Prose {
        return Vec::new();
    }
    let lines = Lines::of(block);
    let mut found = Vec::new();
    found.extend(lines.heading());
    found.extend(lines.list());
    found.extend(lines.table());
    found
}

/// What comes behind the way in which a line begins, when it begins so.
type Begins = fn(&str) -> Option<&str>;

/// The lines of a block.
struct Lines<'a> {
    text: &'a str,
    all: Vec<Range<usize>>,
}

impl<'a> Lines<'a> {
    fn of(block: &'a Block) -> Self {
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

    fn line(&self, at: &Range<usize>) -> &'a str {
        &self.text[at.clone()]
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
                    if level == 1 && first.is_alphabetic() && is_alone && rest.contains(' ') =>
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

    /// `• item`.
    fn list(&self) -> Option<Found> {
        let slips: [(Begins, usize, &str); 6] = [
            (
                bullet,
                1,
                "This sign makes no list in Markdown, so the lines run into one.",
            ),
            (
                dot,
                1,
                "This sign makes no list in Markdown, so the lines run into one.",
            ),
            (
                dash,
                2,
                "A long dash makes no list in Markdown, so the lines run into one.",
            ),
            (
                odd_blank,
                1,
                "A blank of another kind (a no-break space) stands here, so this is no list.",
            ),
            (
                no_blank,
                2,
                "There is no space behind the sign, so this is no list.",
            ),
            (
                no_blank_behind_number,
                2,
                "There is no space behind the number, so this is no list.",
            ),
        ];
        for (rest, least, sentence) in slips {
            let items: Vec<_> = self.those(rest).collect();
            // A sign between words is one that parts them, wherever the line breaks.
            let sign = items
                .first()
                .and_then(|(at, _)| self.line(at).chars().next());
            let is_parting = sign == Some('·') && self.text.matches('·').count() > items.len();
            if items.len() < least || is_parting {
                continue;
            }
            let (at, words) = items.into_iter().next()?;
            let line = self.line(&at);
            let number: String = line.chars().take_while(char::is_ascii_digit).collect();
            let right = match number.as_str() {
                "" => format!("- {}", quote(words.trim())),
                number => format!("{number}. {}", quote(words.trim())),
            };
            return Some((
                at,
                sentence.to_owned(),
                format!("Begin each line of the list like this: `{right}`."),
            ));
        }
        None
    }

    /// Rows without the line that makes them a table.
    fn table(&self) -> Option<Found> {
        let is_row =
            |line: &str| line.len() > 1 && line.starts_with('|') && line.trim_end().ends_with('|');
        let first = self.all.iter().position(|at| is_row(self.line(at)))?;
        let rows = self.all[first..]
            .iter()
            .map(|at| self.line(at))
            .take_while(|line| is_row(line));
        let rows: Vec<&str> = rows.collect();
        let head = rows[0];
        let columns = cells(head);
        if rows.len() == 1 && columns < 2 {
            return None;
        }
        let rule = format!("|{}", " --- |".repeat(columns));
        let at = self.all[first].clone();
        let (sentence, help) = match rows.get(1).copied().filter(|row| is_rule(row)) {
            _ if is_rule(head) => (
                "This line of a table stands alone, so it shows as it was typed.".to_owned(),
                "A table is one line below another: take out the empty lines between them.".to_owned(),
            ),
            Some(below) if cells(below) != columns => (
                format!("The first line of this table has {columns} columns and the line below has {}, so it shows as it was typed.", cells(below)),
                format!("Write `{rule}` below the first line."),
            ),
            Some(_) => (
                "This table shows as it was typed, because other words are right above it.".to_owned(),
                "Leave an empty line above it.".to_owned(),
            ),
            None => (
                "This table has no line of dashes below its first line, so it shows as it was typed.".to_owned(),
                format!("Write `{rule}` below `{}`, and no empty line between.", quote(head)),
            ),
        };
        Some((at, sentence, help))
    }
}

const MISSING: &str = "There is no space behind `#`, so this is no heading.";

fn bullet(line: &str) -> Option<&str> {
    // Of a second level, `o` and a tab; with a space it may be a word.
    let rest = line.strip_prefix(|c| BULLETS.contains(c));
    rest.or_else(|| line.strip_prefix("o\t"))
        .or_else(|| line.strip_prefix("§\t"))
        .filter(|rest| rest.contains(char::is_alphanumeric))
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
    line.strip_prefix('-')
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

fn is_rule(row: &str) -> bool {
    row.contains('-') && row.chars().all(|c| "|-–—: \t".contains(c))
}

fn cells(row: &str) -> usize {
    row.trim().matches('|').count().saturating_sub(1)
}
