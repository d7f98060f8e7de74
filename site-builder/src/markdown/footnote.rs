//! Footnotes at the bottom (`bottom_footnotes`): numbered in the order in which the text refers to
//! them, listed at the end, each with links back to where it is referred to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, TagEnd};

use super::html::escape;

const REFERENCE: &str = "<sup class=\"footnote-reference\"";

/// The notes of one text, and who refers to them.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    open: Option<Note<'a>>,
    notes: Vec<Note<'a>>,
    used: BTreeMap<String, Use>,
}

struct Note<'a> {
    name: String,
    inner: Vec<Event<'a>>,
}

/// How a note is referred to.
struct Use {
    number: usize,
    times: usize,
}

impl<'a> Footnotes<'a> {
    /// Starts a note.
    pub(super) fn open(&mut self, name: CowStr<'a>) {
        self.open = Some(Note {
            name: name.into_string(),
            inner: Vec::new(),
        });
    }

    /// What is written now belongs here, while a note is open.
    pub(super) fn inner(&mut self) -> Option<&mut Vec<Event<'a>>> {
        self.open.as_mut().map(|note| &mut note.inner)
    }

    /// Ends the open note.
    pub(super) fn close(&mut self) {
        self.notes.extend(self.open.take());
    }

    /// Refers to a note, which may come later in the text.
    pub(super) fn reference(&mut self, name: CowStr<'a>) -> String {
        let name = name.into_string();
        let id = escape(&name);
        let next = self.used.len() + 1;
        let used = self.used.entry(name).or_insert(Use {
            number: next,
            times: 0,
        });
        used.times += 1;
        format!(
            "{REFERENCE} id=\"fr-{id}-{}\"><a href=\"#fn-{id}\">[{}]</a></sup>",
            used.times, used.number
        )
    }

    /// The list of all notes that are referred to; nothing when there are none.
    pub(super) fn take_section(&mut self) -> Vec<Event<'a>> {
        let mut notes: Vec<(&Use, Note<'a>)> = std::mem::take(&mut self.notes)
            .into_iter()
            .filter_map(|note| self.used.get(&note.name).map(|used| (used, note)))
            .collect();
        if notes.is_empty() {
            return Vec::new();
        }
        notes.sort_by_key(|(used, _)| used.number);
        let mut section = vec![html("<section class=\"footnotes\">\n")];
        section.push(html("<ol class=\"footnotes-list\">\n"));
        for (used, note) in notes {
            let id = escape(&note.name);
            section.push(html(format!("<li id=\"fn-{id}\">")));
            let mut inner = note.inner;
            // The links back end the last paragraph, when there is one.
            let end = inner
                .iter()
                .rposition(|event| matches!(event, Event::End(TagEnd::Paragraph)))
                .unwrap_or(inner.len());
            inner.insert(end, html(links_back(&id, used.times)));
            section.extend(inner);
            section.push(html("</li>\n"));
        }
        section.push(html("</ol>\n</section>\n"));
        section
    }
}

fn links_back(id: &str, times: usize) -> String {
    let mut links = String::new();
    for time in 1..=times {
        // Writing to a String cannot fail.
        let _ = write!(links, " <a href=\"#fr-{id}-{time}\">↩");
        if time > 1 {
            let _ = write!(links, "{time}");
        }
        links.push_str("</a>");
    }
    links
}

fn html<'a>(text: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::Html(text.into())
}

/// Whether an event of the output refers to a note, wherever notes are shown.
pub(super) fn is_reference(event: &Event<'_>) -> bool {
    match event {
        Event::FootnoteReference(_) => true,
        Event::Html(html) => html.starts_with(REFERENCE) && html.ends_with("</sup>"),
        _ => false,
    }
}
