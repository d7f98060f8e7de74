//! One text file as its editor sees it, and how byte offsets become places in it.
//!
//! Owns line endings: text is held with `\n` only and without a byte order mark, so that a file
//! saved on Windows builds to the same bytes. Knows nothing of what the text means.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::Place;

/// A line that is longer is shown by no finding: nobody could see in it what is meant.
const LONGEST_EXCERPT: usize = 10_000;

/// A text file: the path that findings name, and its normalised contents.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// Path relative to the site's root, with `/`.
    pub file: Arc<str>,
    /// Contents, `\n` line endings, no byte order mark.
    pub body: Arc<str>,
    /// Where each line ends, once a finding asks: a large file can have very many of them.
    line_ends: Arc<OnceLock<Vec<usize>>>,
}

impl Text {
    /// Takes raw contents as they were on disk.
    pub(crate) fn new(file: &str, raw: &str) -> Self {
        let raw = raw.strip_prefix('\u{feff}').unwrap_or(raw);
        let body = if raw.contains('\r') {
            raw.replace("\r\n", "\n").replace('\r', "\n").into()
        } else {
            raw.into()
        };
        Self {
            file: file.into(),
            body,
            line_ends: Arc::default(),
        }
    }

    /// The place of a byte range. Offsets past the end, or inside a character, are moved to the
    /// nearest earlier character: a wrong offset may blur a finding but never stops the build.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        let start = floor(&self.body, range.start);
        let line_ends = self.line_ends.get_or_init(|| {
            let ends = self.body.match_indices('\n').map(|(at, _)| at);
            ends.chain([self.body.len()]).collect()
        });
        let line = line_ends.partition_point(|end| *end < start);
        let line_start = line.checked_sub(1).map_or(0, |above| line_ends[above] + 1);
        let line_end = line_ends[line];
        let end = floor(&self.body, range.end).clamp(start, line_end);
        let mut excerpt = String::new();
        if line_end - line_start <= LONGEST_EXCERPT {
            excerpt.push_str(&self.body[line_start..line_end]);
        }
        Place {
            file: self.file.to_string(),
            line: line + 1,
            column: self.body[line_start..start].chars().count() + 1,
            width: self.body[start..end].chars().count().max(1),
            excerpt,
        }
    }

    /// The place of the file as a whole: its first line, without an excerpt.
    pub(crate) fn whole(&self) -> Place {
        Place::file(&self.file)
    }
}

/// Whether a file's name has this ending; case counts, as it does in an address.
pub(crate) fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| found == ending)
}

/// A word in small letters.
pub(crate) fn small(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        word.into()
    } else {
        word.to_lowercase().into()
    }
}

/// The nearest place at or before `offset` where a sign begins.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_ignore_the_ending() {
        let text = Text::new("a.md", "\u{feff}one\r\ntwö thrée\r\n");
        let start = text.body.find("thr").unwrap();
        let place = text.place(start..start + "thrée".len());
        assert_eq!((place.line, place.column, place.width), (2, 5, 5));
        assert_eq!(place.excerpt, "twö thrée");
    }

    #[test]
    fn the_end_of_a_line_is_on_it_and_what_follows_is_not() {
        let text = Text::new("a.md", "a\n\nb\n");
        let places: Vec<_> = (0..=5).map(|at| text.place(at..at)).collect();
        let places: Vec<_> = places.iter().map(|p| (p.line, p.column)).collect();
        assert_eq!(places, [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1)]);
    }

    #[test]
    fn a_line_without_end_is_not_shown() {
        let text = Text::new("a.md", &"é".repeat(LONGEST_EXCERPT));
        let place = text.place(20..22);
        assert_eq!((place.column, place.excerpt.as_str()), (11, ""));
    }

    #[test]
    fn a_wrong_offset_is_blurred_and_not_fatal() {
        let text = Text::new("a.md", "é");
        assert_eq!(text.place(1..90).column, 1);
        assert_eq!(text.place(90..91).column, 2);
    }
}
