//! Characters that cannot be seen, or that show that something got lost on the way.

use std::ops::Range;

use super::Found;
use crate::markdown::OPAQUE;

/// What a wrong reading of UTF-8 makes of accents and quotes.
const MANGLED: [(&str, &str); 20] = [
    ("â€™", "’"),
    ("â€˜", "‘"),
    ("â€œ", "“"),
    ("â€\u{9d}", "”"),
    ("â€“", "–"),
    ("â€”", "—"),
    ("â€¦", "…"),
    ("â€¢", "•"),
    ("Ã¡", "á"),
    ("Ã©", "é"),
    ("Ã\u{ad}", "í"),
    ("Ã³", "ó"),
    ("Ãº", "ú"),
    ("Ã±", "ñ"),
    ("Ã¼", "ü"),
    ("Ã‘", "Ñ"),
    ("Ã‰", "É"),
    ("Â¿", "¿"),
    ("Â¡", "¡"),
    ("Â\u{a0}", "\u{a0}"),
];

/// Looks at the characters of a text; the first of each kind is told.
pub(super) fn check(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    // Each of these sees only what is not plain, and most texts are.
    if text.is_ascii() {
        return found;
    }
    for (wrong, right) in MANGLED {
        if let Some(start) = text.find(wrong) {
            let sentence = format!("`{wrong}` stands where `{right}` was meant.");
            let help = format!(
                "Write `{}`, and save the file as UTF-8.",
                word(text, start, wrong.len()).replace(wrong, right)
            );
            found.push((start..start + wrong.len(), sentence, help));
        }
    }
    for (start, sign) in text.char_indices() {
        let Some((sentence, help)) = explain(sign) else {
            continue;
        };
        if told.contains(&sentence) {
            continue;
        }
        told.push(sentence);
        let around = word(text, start, sign.len_utf8());
        let clean: String = around.chars().filter(|c| explain(*c).is_none()).collect();
        let shown = if clean.is_empty() {
            String::new()
        } else {
            format!(" Write `{clean}`.")
        };
        found.push((
            start..start + sign.len_utf8(),
            sentence.to_owned(),
            format!("{help}{shown}"),
        ));
    }
    found
}

/// What a sign is that no editor means to write.
fn explain(sign: char) -> Option<(&'static str, &'static str)> {
    Some(match sign {
        '\u{ad}' => (
            "There is a hyphen here that cannot be seen (a soft hyphen), so search does not find the word.",
            "Remove the word and type it anew.",
        ),
        '\u{200b}' | '\u{2060}' | '\u{feff}' => (
            "There is a blank here that cannot be seen (a zero-width space), so search does not find the word.",
            "Remove the word and type it anew.",
        ),
        '\u{2028}' | '\u{2029}' => (
            "There is a line break of a word processor here, which a browser does not show.",
            "Remove it and press Enter instead.",
        ),
        '\u{fffd}' => (
            "A letter got lost here: it shows as `\u{fffd}`.",
            "Write the word anew, and save the file as UTF-8.",
        ),
        '\u{f020}'..='\u{f0ff}' => (
            "There is a sign of a word processor's own font here, which shows as an empty box.",
            "Remove it; a list begins its lines with `- `.",
        ),
        _ => return None,
    })
}

/// Whether a text holds the place of an object that was not copied with it: in our own reading the
/// same sign stands for code and pictures.
pub(super) fn lost_object(text: &str, is_written: impl Fn(Range<usize>) -> bool) -> Option<Found> {
    let at = text
        .match_indices(OPAQUE)
        .map(|(start, sign)| start..start + sign.len())
        .find(|at| is_written(at.clone()))?;
    Some((
        at,
        "A picture or another object was here in the word processor, and was not copied."
            .to_owned(),
        "Remove the sign, and show the picture with `![What it shows](/pictures/name.png)`."
            .to_owned(),
    ))
}

/// The word around a range.
fn word(text: &str, start: usize, length: usize) -> &str {
    let blank = |c: char| c.is_whitespace() || c == OPAQUE;
    let begin = text[..start].rfind(blank).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[start + length..]
        .find(blank)
        .map_or(text.len(), |at| start + length + at);
    text[begin..end].trim_end_matches(|c: char| ".,;:!?".contains(c))
}
