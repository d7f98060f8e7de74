//! The words and sentences of a text, by the rules of Unicode (UAX 29).
//!
//! Owns which parts of a text need no tables: of plain letters and signs, few rules are about words,
//! and no sentence ends before a sign that can end one. What is found is the same as by the tables
//! alone.

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

/// The words of a text, each with where it begins.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (plain, other) = if text.is_ascii() {
        (text, "")
    } else {
        ("", text)
    };
    plain_words(plain).chain(other.unicode_word_indices())
}

/// The words of a text in ASCII.
fn plain_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let is_of_word = |byte: &u8| OF_WORD[usize::from(*byte)];
    let mut at = 0;
    iter::from_fn(move || {
        loop {
            at += bytes[at..].iter().position(is_of_word)?;
            let start = at;
            loop {
                let letters = bytes[at..].iter().take_while(|byte| is_of_word(byte));
                at += letters.count();
                if at == bytes.len() || !joins(bytes, at) {
                    break;
                }
                at += 1;
            }
            // A line to fill in is no word.
            if bytes[start..at].iter().any(u8::is_ascii_alphanumeric) {
                return Some((start, &text[start..at]));
            }
        }
    })
}

/// Which bytes are of words, wherever they stand. Every byte of a site is asked about, and a look into
/// a table takes two thirds of the work of asking for each kind of letter.
const OF_WORD: [bool; 256] = {
    let mut of_word = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        of_word[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    of_word
};

/// Whether a sign between two letters or two digits parts no words: `don't`, `1,000`.
fn joins(text: &[u8], at: usize) -> bool {
    let stands_between = |is: fn(&u8) -> bool| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        before.is_some_and(is) && text.get(at + 1).is_some_and(is)
    };
    match text[at] {
        b'.' | b'\'' => {
            stands_between(u8::is_ascii_alphabetic) || stands_between(u8::is_ascii_digit)
        }
        b':' => stands_between(u8::is_ascii_alphabetic),
        b',' | b';' => stands_between(u8::is_ascii_digit),
        _ => false,
    }
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
    fn words_are_those_of_unicode() {
        let pieces = ["a", "1", "_", ".", "'", ":", ",", ";", " ", "\n"];
        let mut all = texts(&pieces, 5);
        all.extend(texts(&["a", "1", ".", "’", " ", "é", "\u{301}"], 4));
        for text in all {
            let expected: Vec<_> = text.unicode_word_indices().collect();
            assert_eq!(words(&text).collect::<Vec<_>>(), expected, "{text:?}");
        }
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
