//! Markdown to HTML, with heading ids, a table of contents and a summary.
//!
//! Owns the dialect of Markdown. Knows no page: what a link means, and what a heading's own link
//! looks like, is asked of a [`Host`]. Stage 2 is one host and the `markdown` filter another.

mod emoji;
mod footnote;
mod heading;
mod html;
mod reading;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

pub(crate) use heading::Heading;
pub(crate) use reading::{Block, BlockKind, OPAQUE, Reading, read};

use crate::config::{AnchorLinks, Config};
use footnote::Footnotes;
use heading::Headings;

/// What Markdown needs to know of the page that it is on.
pub(crate) trait Host {
    /// The address that a link or image destination stands for. `at` is the byte range of the
    /// whole link in the Markdown.
    fn resolve(&mut self, destination: &str, at: Range<usize>) -> String;
    /// The link of a heading to itself, as HTML.
    fn anchor_link(&mut self, id: &str, level: u8) -> Option<String>;
    /// What follows a summary that was cut inside a paragraph, as HTML.
    fn cutoff(&mut self, summary: &str) -> Option<String>;
}

/// A rendered text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Rendered {
    /// The whole text.
    pub html: String,
    /// What stands before `<!-- more -->`.
    pub summary: Option<String>,
    /// The headings, nested by level.
    pub toc: Vec<Heading>,
}

/// Renders Markdown.
pub(crate) fn render(
    source: &str,
    config: &Config,
    anchors: AnchorLinks,
    host: &mut dyn Host,
) -> Rendered {
    let events: Vec<_> = Parser::new_ext(source, options(config))
        .into_offset_iter()
        .collect();
    let mut writer = Writer {
        config,
        anchors,
        host,
        headings: Headings::new(config.slugify_anchors, &events),
        heading: None,
        image: None,
        code: false,
        footnotes: Footnotes::default(),
        out: Vec::with_capacity(events.len()),
        more: None,
    };
    for (event, at) in events {
        writer.event(event, at);
    }
    writer.finish()
}

fn options(config: &Config) -> Options {
    let settings = &config.markdown;
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    options.set(
        Options::ENABLE_SMART_PUNCTUATION,
        settings.smart_punctuation,
    );
    options.set(Options::ENABLE_DEFINITION_LIST, settings.definition_list);
    options.set(Options::ENABLE_GFM, settings.alerts);
    options
}

/// An open heading: its text decides its id, so its events wait until it closes.
struct OpenHeading<'a> {
    level: u8,
    id: Option<String>,
    classes: Vec<String>,
    inner: Vec<Event<'a>>,
}

/// An open image: nothing of what is between its brackets is shown but the plain text.
struct OpenImage {
    address: String,
    title: String,
    alt: String,
}

struct Writer<'a, 'h> {
    config: &'h Config,
    anchors: AnchorLinks,
    host: &'h mut dyn Host,
    headings: Headings,
    heading: Option<OpenHeading<'a>>,
    image: Option<OpenImage>,
    /// Whether a code block is open.
    code: bool,
    footnotes: Footnotes<'a>,
    out: Vec<Event<'a>>,
    more: Option<usize>,
}

impl<'a> Writer<'a, '_> {
    fn event(&mut self, event: Event<'a>, at: Range<usize>) {
        match event {
            Event::Start(Tag::Heading {
                level, id, classes, ..
            }) => {
                self.heading = Some(OpenHeading {
                    level: level as u8,
                    id: id.map(|id| id.to_string()),
                    classes: classes.iter().map(ToString::to_string).collect(),
                    inner: Vec::new(),
                });
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => self.open_link(link_type, &dest_url, title, id, at),
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => {
                self.image = Some(OpenImage {
                    address: self.host.resolve(&dest_url, at),
                    title: title.to_string(),
                    alt: String::new(),
                });
            }
            Event::End(TagEnd::Image) => self.close_image(),
            Event::Html(html) | Event::InlineHtml(html)
                if self.more.is_none() && self.heading.is_none() =>
            {
                self.html(html);
            }
            Event::Text(text) if self.config.markdown.emoji && !self.code => {
                self.push(Event::Text(emoji::replace(text)));
            }
            Event::Start(Tag::FootnoteDefinition(name))
                if self.config.markdown.bottom_footnotes =>
            {
                self.footnotes.open(name);
            }
            Event::End(TagEnd::FootnoteDefinition) if self.config.markdown.bottom_footnotes => {
                self.footnotes.close();
            }
            Event::FootnoteReference(name) if self.config.markdown.bottom_footnotes => {
                let reference = self.footnotes.reference(name);
                self.push_html(reference);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                let kind = match kind {
                    CodeBlockKind::Fenced(info) => CodeBlockKind::Fenced(code_language(&info)),
                    CodeBlockKind::Indented => kind,
                };
                self.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.push(event);
            }
            other => self.push(other),
        }
    }

    /// HTML as it was written. With the marker that ends a summary in it, a place to link to.
    fn html(&mut self, html: CowStr<'a>) {
        let Some(marker) = more_marker(&html) else {
            self.push(Event::Html(html));
            return;
        };
        self.push_words(&html[..marker.start]);
        self.more = Some(self.out.len());
        self.push_html("<span id=\"continue-reading\"></span>".to_owned());
        // Markdown takes the rest of the line for HTML, too.
        self.push_words(&html[marker.end..]);
    }

    fn push_words(&mut self, html: &str) {
        if !html.trim().is_empty() {
            self.push_html(html.to_owned());
        }
    }

    fn push(&mut self, event: Event<'a>) {
        if let Some(image) = &mut self.image {
            match event {
                Event::Text(text) | Event::Code(text) => image.alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
                _ => {}
            }
        } else if let Some(heading) = &mut self.heading {
            heading.inner.push(event);
        } else if let Some(note) = self.footnotes.inner() {
            note.push(event);
        } else {
            self.out.push(event);
        }
    }

    fn push_all(&mut self, events: Vec<Event<'a>>) {
        for event in events {
            self.push(event);
        }
    }

    fn push_html(&mut self, html: String) {
        self.push(Event::Html(CowStr::from(html)));
    }

    fn close_heading(&mut self) {
        let Some(open) = self.heading.take() else {
            return;
        };
        let text: String = open
            .inner
            .iter()
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let id = self.headings.add(open.level, open.id, &text);
        self.push_html(html::heading_start(open.level, &id, &open.classes));
        let link = match self.anchors {
            AnchorLinks::None => None,
            _ => self.host.anchor_link(&id, open.level),
        };
        match (self.anchors, link) {
            (AnchorLinks::Left, Some(link)) => {
                self.push_html(link);
                self.push_all(open.inner);
            }
            (AnchorLinks::Right, Some(link)) => {
                self.push_all(open.inner);
                self.push_html(link);
            }
            (AnchorLinks::Heading, Some(link)) => {
                // The template's own opening tag goes around the heading's text.
                let opening = link.find('>').map_or("", |end| &link[..=end]);
                self.push_html(opening.trim_start().to_owned());
                self.push_all(open.inner);
                self.push_html("</a>".to_owned());
            }
            _ => self.push_all(open.inner),
        }
        self.push_html(format!("</h{}>\n", open.level));
    }

    fn open_link(
        &mut self,
        link_type: LinkType,
        destination: &str,
        title: CowStr<'a>,
        id: CowStr<'a>,
        at: Range<usize>,
    ) {
        let address = if link_type == LinkType::Email {
            destination.to_owned()
        } else {
            self.host.resolve(destination, at)
        };
        if self.config.is_external(&address)
            && let Some(tag) = html::external_link(&self.config.markdown, &address, &title)
        {
            self.push_html(tag);
            return;
        }
        self.push(Event::Start(Tag::Link {
            link_type,
            dest_url: address.into(),
            title,
            id,
        }));
    }

    fn close_image(&mut self) {
        let Some(image) = self.image.take() else {
            return;
        };
        let lazy = self.config.markdown.lazy_images;
        self.push_html(html::image(&image.address, &image.alt, &image.title, lazy));
    }

    fn finish(mut self) -> Rendered {
        let summary = self.more.map(|end| self.summary(end));
        self.out.extend(self.footnotes.take_section());
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, self.out.into_iter());
        Rendered {
            html,
            summary,
            toc: self.headings.into_toc(),
        }
    }

    /// Everything before the marker, with the tags closed that it stands in. Footnote references
    /// go, because their notes are not part of the summary.
    fn summary(&mut self, end: usize) -> String {
        let mut open: Vec<TagEnd> = Vec::new();
        for event in &self.out[..end] {
            match event {
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
                Event::Start(tag) => open.push(tag.to_end()),
                Event::End(_) => {
                    open.pop();
                }
                _ => {}
            }
        }
        let kept = self.out[..end]
            .iter()
            .filter(|event| !footnote::is_reference(event))
            .cloned();
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, kept);
        html.truncate(html.trim_end().len());
        if !open.is_empty()
            && let Some(cutoff) = self.host.cutoff(&html)
        {
            html.push_str(&cutoff);
        }
        let closing = open.into_iter().rev().map(Event::End);
        pulldown_cmark::html::push_html(&mut html, closing);
        html
    }
}

/// The language of a code block: what follows the fence may also ask for numbers or marks of lines
/// (`rust,linenos,hl_lines=2`), which are about colours.
fn code_language<'a>(info: &str) -> CowStr<'a> {
    let mut words = info.split(',').map(str::trim);
    let language = words.find(|word| *word != "linenos" && !word.contains('='));
    language.unwrap_or_default().to_owned().into()
}

/// Where the summary marker is: `<!-- more -->`, however it is spaced or written.
fn more_marker(html: &str) -> Option<Range<usize>> {
    html.match_indices("<!--").find_map(|(start, opening)| {
        let inside = &html[start + opening.len()..];
        let end = inside.find("-->")?;
        let more = inside[..end].trim().eq_ignore_ascii_case("more");
        more.then(|| start..start + opening.len() + end + "-->".len())
    })
}
