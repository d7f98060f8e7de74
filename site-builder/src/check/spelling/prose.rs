//! Which parts of a text are words that a dictionary can be asked about.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The words of a text, each with its range: those with hyphens whole, and none of what only looks
/// like words, such as addresses, names of files and numbers.
pub(super) fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    let chunks = text.split_inclusive(char::is_whitespace).map(move |chunk| {
        start += chunk.len();
        (start - chunk.len(), chunk)
    });
    chunks.flat_map(|(start, chunk)| {
        let plain = plain(chunk);
        let other = plain.is_none() && is_prose(chunk.trim_end());
        let others = other.then(|| in_chunk(chunk)).into_iter().flatten();
        let words = plain.into_iter().chain(others);
        words.map(move |at| (start + at.start..start + at.end, &chunk[at]))
    })
}

/// The one word of a text without blanks that is nothing but letters of ASCII and the marks around
/// them. Most words are; looking for their ends by the rules of Unicode takes longer than looking
/// them up.
fn plain(chunk: &str) -> Option<Range<usize>> {
    let bytes = chunk.as_bytes();
    let start = bytes.iter().take_while(|byte| **byte == b'(').count();
    let letters = bytes[start..].iter();
    let end = start
        + letters
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
    let is_mark = |byte: &u8| b" \n.,;:!?)".contains(byte);
    (end > start && bytes[end..].iter().all(is_mark)).then_some(start..end)
}

/// The words of a text that has no blanks in it.
fn in_chunk(chunk: &str) -> impl Iterator<Item = Range<usize>> {
    let mut words = chunk.unicode_word_indices().peekable();
    let whole = std::iter::from_fn(move || {
        let (start, first) = words.next()?;
        let mut end = start + first.len();
        while let Some((_, next)) = words.next_if(|(at, _)| chunk[end..*at] == *"-") {
            end += 1 + next.len();
        }
        Some(start..end)
    });
    let is_letter = |c: char| c.is_alphabetic() || is_mark(c) || matches!(c, '-' | '\'' | '’');
    whole.filter(move |at| chunk[at.clone()].chars().all(is_letter))
}

/// Accents of their own, as in decomposed text.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether something without a blank in it is prose. An address has a mark between its letters; code
/// and pictures are a mark of their own.
fn is_prose(chunk: &str) -> bool {
    let marks = ['@', '\\', '_', '=', '\u{fffc}', '{', '}', '<', '>'];
    if chunk.starts_with(['/', '#']) || chunk.contains(marks) || chunk.contains("://") {
        return false;
    }
    let inner = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let is_emoji = chunk.starts_with(':') && chunk.ends_with(':');
    // `example.org`, `words.toml`, and times such as `p.m.`
    !is_emoji && !inner.contains('.')
}

#[cfg(test)]
mod tests {
    use super::words;

    fn found(text: &str) -> Vec<&str> {
        words(text)
            .map(|(at, word)| {
                assert_eq!(&text[at], word);
                word
            })
            .collect()
    }

    #[test]
    fn what_people_read_is_words() {
        assert_eq!(
            found("“Don’t” sign-in and/or (well) no—yes… end."),
            ["Don’t", "sign-in", "and", "or", "well", "no", "yes", "end"]
        );
        assert_eq!(
            found("(one) (two), three: four?!"),
            ["one", "two", "three", "four"]
        );
        assert_eq!(
            found("El niño cafe\u{301} -x- y-"),
            ["El", "niño", "cafe\u{301}", "x", "y"]
        );
    }

    #[test]
    fn addresses_numbers_and_code_are_not() {
        for text in [
            "help@example.org",
            "https://www.example.org/a-b/",
            "www.example.org,",
            "(example.org)",
            "/faq/email/",
            "words.toml",
            "888-PHR-4ALL",
            "2nd B12 3-in-1",
            "snake_case",
            "\u{fffc}s",
            ":wave:",
            "9 a.m.",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
