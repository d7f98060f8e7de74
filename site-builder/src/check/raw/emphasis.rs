//! Stars and lines for bold words that did not take.

use std::ops::Range;

use super::Found;
use crate::check::issue::quote;
use crate::markdown::{Block, OPAQUE};

/// Looks for signs of bold words that show. A line to fill in (`____`), a masked number
/// (`***-**-1234`), a power (`2**3`) and a name (`a__b`) are none.
pub(super) fn check(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let signs = ['*', '_'].into_iter();
    // Most texts have none, which is told soonest by looking for one of them.
    for sign in signs.filter(|sign| text.contains(*sign)) {
        let marks = marks(text, sign);
        let mut next = 0;
        while let Some(&start) = marks.get(next) {
            let close = marks
                .get(next + 1)
                .filter(|close| is_pair(text, start, **close));
            next += if close.is_some() { 2 } else { 1 };
            let mark = &text[start..start + 2];
            if let Some(&close) = close {
                found.push((
                    start..close + 2,
                    format!("`{mark}` shows as it was typed, and these words are not bold."),
                    closed(text, start, close),
                ));
            } else if is_open(text, start) {
                let word = text[start + 2..]
                    .split_whitespace()
                    .next()
                    .unwrap_or_default();
                let help = if word.is_empty() || text[start + 2..].starts_with(char::is_whitespace)
                {
                    format!("Write `{mark}` before the bold words, too, or take it out.")
                } else {
                    format!(
                        "Write `{mark}` behind the bold words, too: `{mark}{}{mark}`. Or take it out.",
                        word.trim_end_matches(|c: char| ".,;:!?".contains(c))
                    )
                };
                found.push((
                    start..start + 2,
                    format!("This `{mark}` has no other one that belongs to it, so it shows as it was typed."),
                    help,
                ));
            }
        }
    }
    found
}

/// Looks for bold words with one star too few at an end, such as `**words*`, which are slanted and show
/// the other star. `emphasis` is where the Markdown has words between single signs.
pub(super) fn uneven(block: &Block, source: &str, emphasis: &[Range<usize>]) -> Vec<Found> {
    if emphasis.is_empty() {
        return Vec::new();
    }
    let stars = block.text.match_indices('*').filter_map(|(star, _)| {
        let at = block.source(star..star + 1).start;
        let beside = emphasis
            .iter()
            .find(|words| words.start == at + 1 || words.end == at)?;
        let words = source.get(beside.clone())?.trim_matches('*');
        // More of them are a mask or a sum.
        let is_behind = source.get(..at)?.ends_with('*');
        let is_before = source.get(at + 1..)?.starts_with('*');
        let is_pair = is_behind != is_before && !words.contains('*');
        is_pair.then(|| {
            (
                star..star + 1,
                "This `*` shows as it was typed, because bold words have two at each end."
                    .to_owned(),
                format!("Write `**{}**`.", quote(words)),
            )
        })
    });
    stars.collect()
}

/// How bold words between two marks are right.
fn closed(text: &str, start: usize, close: usize) -> String {
    let mark = &text[start..start + 2];
    let inside = &text[start + 2..close];
    let bold = format!("{mark}{}{mark}", quote(inside.trim()));
    let tail = text[close + 2..].chars().next();
    if inside.trim().len() < inside.len() {
        return format!("Take out the blank between `{mark}` and the words: `{bold}`.");
    }
    match tail.filter(|tail| tail.is_alphanumeric()) {
        Some(tail) => format!("Leave a blank behind the bold words: `{bold} {tail}…`."),
        None => format!("Leave a blank before the bold words: ` {bold}`."),
    }
}

/// Where a sign stands twice, and neither more often nor inside of a name.
fn marks(text: &str, sign: char) -> Vec<usize> {
    let pair: String = [sign, sign].iter().collect();
    let mut marks = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(&pair).map(|at| from + at) {
        let length = text[start..].chars().take_while(|c| *c == sign).count();
        from = start + length;
        let before = text[..start].chars().next_back();
        let after = text[from..].chars().next();
        let is_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let is_within = is_name(before) && is_name(after);
        let is_sum = is_digit(before) && is_digit(after);
        let is_mask = [before, after].contains(&Some('-'));
        if length == 2 && !is_mask && !(is_within && (sign == '_' || is_sum)) {
            marks.push(start);
        }
    }
    marks
}

/// Whether two marks have words between them that were to be bold.
fn is_pair(text: &str, start: usize, close: usize) -> bool {
    let inner = text[start + 2..close].trim();
    !inner.is_empty() && !inner.contains(OPAQUE) && inner.chars().any(char::is_alphanumeric)
}

/// Whether a mark stands at a word, as one that begins or ends bold words does.
fn is_open(text: &str, start: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[start + 2..].chars().next();
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    // A mark behind a word, with nothing before, most often points to a note at the foot.
    let begins = is_blank(before) || before.is_some_and(|c| "(“\"'¿¡".contains(c));
    begins && after.is_some_and(|c| c.is_alphanumeric() || "“\"'¿¡([".contains(c))
        || !is_blank(before) && before.is_some_and(|c| ".!?:,".contains(c)) && is_blank(after)
}
