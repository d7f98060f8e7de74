//! One text file as its editor sees it, and how byte offsets become places in it.
//!
//! Owns line endings: text is held with `\n` only and without a byte order mark, so that a file
//! saved on Windows builds to the same bytes. Knows nothing of what the text means.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Place;

/// A text file: the path that findings name, and its normalised contents.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// Path relative to the site's root, with `/`.
    pub file: Arc<str>,
    /// Contents, `\n` line endings, no byte order mark.
    pub body: Arc<str>,
}

impl Text {
    /// Takes raw contents as they were on disk.
    pub(crate) fn new(file: &str, raw: &str) -> Self {
        let raw = raw.strip_prefix('\u{feff}').unwrap_or(raw);
        let body = if raw.contains('\r') {
            raw.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            raw.to_owned()
        };
        Self {
            file: file.into(),
            body: body.into(),
        }
    }

    /// The place of a byte range. Offsets past the end, or inside a character, are moved to the
    /// nearest earlier character: a wrong offset may blur a finding but never stops the build.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        let start = floor(&self.body, range.start);
        let line_start = self.body[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.body[start..]
            .find('\n')
            .map_or(self.body.len(), |at| start + at);
        let end = floor(&self.body, range.end).clamp(start, line_end);
        Place {
            file: self.file.to_string(),
            line: self.body[..start].matches('\n').count() + 1,
            column: self.body[line_start..start].chars().count() + 1,
            width: self.body[start..end].chars().count().max(1),
            excerpt: self.body[line_start..line_end].to_owned(),
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

fn floor(text: &str, offset: usize) -> usize {
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
    fn a_wrong_offset_is_blurred_and_not_fatal() {
        let text = Text::new("a.md", "é");
        assert_eq!(text.place(1..90).column, 1);
        assert_eq!(text.place(90..91).column, 2);
    }
}
