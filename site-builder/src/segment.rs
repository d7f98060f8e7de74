//! The sentences of a text, by the rules of Unicode (UAX 29).
//!
//! Owns which parts of a text need no tables: no sentence ends before a sign that can end one. What is
//! found is the same as by the tables alone.

use std::iter;

use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a text, each with where it begins, and with the blanks that follow it.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let may_end = |c: char| matches!(c, '.' | '?' | '!' | '\n' | '\r') || !c.is_ascii();
    let mut start = 0;
    iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let near = rest.find(may_end).unwrap_or(rest.len());
        // Whether a full stop ends a sentence depends on the letter before it.
        let near = near.saturating_sub(1);
        let end = rest[near..].split_sentence_bounds().next()?.len();
        let sentence = &rest[..near + end];
        start += sentence.len();
        Some((start - sentence.len(), sentence))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All texts of so many of these pieces.
    fn texts(pieces: &[&str], length: u32) -> Vec<String> {
        let text = |number: usize| {
            let digits = (0..length).map(|place| number / pieces.len().pow(place) % pieces.len());
            digits.map(|digit| pieces[digit]).collect()
        };
        (0..pieces.len().pow(length)).map(text).collect()
    }

    #[test]
    fn sentences_are_those_of_unicode() {
        let pieces = [
            "a", "B", "3", " ", "\n", "\r", ".", "!", ")", ",", "\t", "é", "\u{301}", "…", "。",
        ];
        for text in texts(&pieces, 4) {
            let expected: Vec<_> = text.split_sentence_bound_indices().collect();
            assert_eq!(sentences(&text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
