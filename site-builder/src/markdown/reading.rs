//! Markdown as its reader comes across it: blocks of words, links, pictures, headings, and HTML
//! that was written into it, each with its place in the Markdown.
//!
//! Reads the same dialect that [`super::render`] writes, and judges nothing.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::options;
use crate::config::Config;

/// What stands for code and pictures among the words: no letter, no space, no end of a sentence.
pub(crate) const OPAQUE: char = '\u{fffc}';

/// A text as its reader comes across it.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Runs of words, in order.
    pub blocks: Vec<Block>,
    /// Links.
    pub links: Vec<Link>,
    /// Pictures.
    pub images: Vec<Image>,
    /// Ranges of the headings, in order.
    pub headings: Vec<Range<usize>>,
    /// Ranges of HTML, in order.
    pub html: Vec<Range<usize>>,
    /// Ranges of code that only its indent makes one.
    pub indented: Vec<Range<usize>>,
    /// Ranges of code between two fences, or from one to where the text around it ends.
    pub fenced: Vec<Range<usize>>,
    /// Ranges of words between one sign, such as `*words*`.
    pub emphasis: Vec<Range<usize>>,
    /// Rows of tables below the first, each with the number of columns.
    pub rows: Vec<(Range<usize>, usize)>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A paragraph or an item of a list: sentences.
    Prose,
    /// A heading.
    Heading,
    /// A cell of a table.
    Cell,
}

/// A run of words that nothing interrupts.
#[derive(Debug)]
pub(crate) struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its words, without code.
    pub text: String,
    /// Where each line but the first begins in the text.
    pub breaks: Vec<usize>,
    /// Where pieces of the text begin, and where they stand in the Markdown.
    pieces: Vec<(usize, usize)>,
}

/// A link.
#[derive(Debug)]
pub(crate) struct Link {
    /// Its words, and those of pictures in it.
    pub text: String,
    /// Its address, as written.
    pub address: String,
    /// Its range.
    pub at: Range<usize>,
}

/// A picture.
#[derive(Debug)]
pub(crate) struct Image {
    /// What is told to those who do not see it.
    pub alt: String,
    /// Its address, as written.
    pub address: String,
    /// Its range.
    pub at: Range<usize>,
}

impl Block {
    /// A block of prose that stands in the Markdown as it is.
    #[cfg(test)]
    pub(crate) fn prose(text: &str) -> Self {
        Self {
            kind: BlockKind::Prose,
            text: text.to_owned(),
            breaks: Vec::new(),
            pieces: vec![(0, 0)],
        }
    }

    /// Where a range of the text stands in the Markdown.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end.saturating_sub(1)) + 1
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(text, _)| *text <= at);
        match next.checked_sub(1).map(|last| self.pieces[last]) {
            Some((text, source)) => source + (at - text),
            None => at,
        }
    }
}

/// Reads Markdown.
pub(crate) fn read(source: &str, config: &Config) -> Reading {
    let mut options = options(config);
    // The words are to be those that the editor wrote.
    options.remove(Options::ENABLE_SMART_PUNCTUATION);
    let mut reader = Reader {
        reading: Reading::default(),
        kind: BlockKind::Prose,
        text: String::new(),
        breaks: Vec::new(),
        pieces: Vec::new(),
        link: None,
        image: None,
        code: false,
        columns: 0,
    };
    for (event, at) in Parser::new_ext(source, options).into_offset_iter() {
        reader.event(event, at);
    }
    reader.close_block();
    reader.reading
}

struct Reader {
    reading: Reading,
    kind: BlockKind,
    text: String,
    breaks: Vec<usize>,
    pieces: Vec<(usize, usize)>,
    link: Option<Link>,
    image: Option<Image>,
    code: bool,
    /// How many columns the table has that is open.
    columns: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            // A block of code, and the HTML between tags of a block, are no words.
            Event::Text(_) if self.code => {}
            Event::Text(text) => self.words(&text, at.start),
            Event::Code(text) => {
                match (&mut self.image, &mut self.link) {
                    (Some(image), _) => image.alt.push_str(&text),
                    (None, Some(link)) => link.text.push_str(&text),
                    (None, None) => {}
                }
                self.piece(OPAQUE.encode_utf8(&mut [0; 4]), at.start);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.words(" ", at.start);
                if self.image.is_none() {
                    self.breaks.push(self.text.len());
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => self.reading.html.push(at),
            _ => {}
        }
    }

    fn words(&mut self, text: &str, at: usize) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return;
        }
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
        self.piece(text, at);
    }

    fn piece(&mut self, text: &str, at: usize) {
        if self.image.is_none() {
            self.pieces.push((self.text.len(), at));
            self.text.push_str(text);
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: Range<usize>) {
        match tag {
            // Between the brackets of a picture a link is but its words.
            Tag::Link { .. } if self.image.is_some() => {}
            Tag::Link { dest_url, .. } => {
                self.link = Some(Link {
                    text: String::new(),
                    address: dest_url.to_string(),
                    at,
                });
            }
            Tag::Image { dest_url, .. } => {
                self.piece(OPAQUE.encode_utf8(&mut [0; 4]), at.start);
                self.image = Some(Image {
                    alt: String::new(),
                    address: dest_url.to_string(),
                    at,
                });
            }
            Tag::Emphasis => self.reading.emphasis.push(at),
            Tag::Strong | Tag::Strikethrough => {}
            block => {
                self.close_block();
                match block {
                    Tag::Table(columns) => self.columns = columns.len(),
                    Tag::TableRow => self.reading.rows.push((at, self.columns)),
                    Tag::Heading { .. } => {
                        self.reading.headings.push(at);
                        self.kind = BlockKind::Heading;
                    }
                    Tag::TableCell => self.kind = BlockKind::Cell,
                    Tag::CodeBlock(kind) => {
                        self.code = true;
                        match kind {
                            CodeBlockKind::Indented => self.reading.indented.push(at),
                            CodeBlockKind::Fenced(_) => self.reading.fenced.push(at),
                        }
                    }
                    _ => self.kind = BlockKind::Prose,
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link if self.image.is_some() => {}
            TagEnd::Link => self.reading.links.extend(self.link.take()),
            TagEnd::Image => {
                if let Some(image) = self.image.take() {
                    if let Some(link) = &mut self.link {
                        link.text.push_str(&image.alt);
                    }
                    self.reading.images.push(image);
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            _ => {
                self.close_block();
                self.code = false;
                self.kind = BlockKind::Prose;
            }
        }
    }

    fn close_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        let breaks = std::mem::take(&mut self.breaks);
        let pieces = std::mem::take(&mut self.pieces);
        if !text.trim().is_empty() {
            self.reading.blocks.push(Block {
                kind: self.kind,
                text,
                breaks,
                pieces,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::BlockKind::{Cell, Heading, Prose};
    use super::*;
    use crate::BuildOptions;
    use crate::diagnostic::Findings;

    fn reading(source: &str) -> Reading {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("zola.toml"), "base_url = \"/\"\n").unwrap();
        let options = BuildOptions::new(folder.path());
        let config = crate::config::load(&options, &mut Findings::default()).unwrap();
        read(source, &config)
    }

    #[test]
    fn words_come_in_blocks_and_code_is_none() {
        let read = reading(
            "# One\n\nTwo `code` *three*\nfour.\n\n- five\n  - six\n\n```\nno\n```\n\n|a|b|\n|-|-|\n|c|d|\n",
        );
        let blocks: Vec<_> = read
            .blocks
            .iter()
            .map(|b| (b.kind, b.text.as_str()))
            .collect();
        assert_eq!(
            blocks,
            [
                (Heading, "One"),
                (Prose, "Two \u{fffc} three four."),
                (Prose, "five"),
                (Prose, "six"),
                (Cell, "a"),
                (Cell, "b"),
                (Cell, "c"),
                (Cell, "d"),
            ]
        );
    }

    #[test]
    fn a_word_is_found_again_where_it_was_written() {
        let source = "A **bold** &amp; [linked\nword](/x) ![p](i.png) `c` end.";
        let read = reading(source);
        let block = &read.blocks[0];
        for word in ["bold", "linked", "word", "end"] {
            let at = block.text.find(word).unwrap();
            assert_eq!(&source[block.source(at..at + word.len())], word);
        }
    }

    #[test]
    fn links_and_pictures_have_their_words_and_ranges() {
        let source = "[![Map](m.png) of *it*](/map/) <https://example.org> <b>x</b>";
        let read = reading(source);
        let links: Vec<_> = read
            .links
            .iter()
            .map(|l| (l.text.as_str(), l.address.as_str()))
            .collect();
        assert_eq!(
            links,
            [
                ("Map of it", "/map/"),
                ("https://example.org", "https://example.org")
            ]
        );
        assert_eq!(&source[read.images[0].at.clone()], "![Map](m.png)");
        assert_eq!(read.html.len(), 2);
    }

    #[test]
    fn a_link_in_the_words_of_a_picture_is_none() {
        let read = reading("![see [map](/m/) here](i.png) [next](/n/)");
        assert_eq!(read.images[0].alt, "see map here");
        let links: Vec<_> = read
            .links
            .iter()
            .map(|l| (l.text.as_str(), l.address.as_str()))
            .collect();
        assert_eq!(links, [("next", "/n/")]);
    }
}
