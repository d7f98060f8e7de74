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
    /// Those that are open: a note can stand in another one.
    open: Vec<Note<'a>>,
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
        self.open.push(Note {
            name: name.into_string(),
            inner: Vec::new(),
        });
    }

    /// What is written now belongs here, while a note is open: to the innermost one.
    pub(super) fn inner(&mut self) -> Option<&mut Vec<Event<'a>>> {
        self.open.last_mut().map(|note| &mut note.inner)
    }

    /// Ends the innermost open note.
    pub(super) fn close(&mut self) {
        self.notes.extend(self.open.pop());
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::Range;

    use crate::BuildOptions;
    use crate::config::AnchorLinks;
    use crate::diagnostic::Findings;
    use crate::markdown::{Host, render};

    struct Plain;

    impl Host for Plain {
        fn resolve(&mut self, destination: &str, _: Range<usize>) -> String {
            destination.to_owned()
        }
        fn anchor_link(&mut self, _: &str, _: u8) -> Option<String> {
            None
        }
        fn cutoff(&mut self, _: &str) -> Option<String> {
            None
        }
    }

    fn rendered(source: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let settings = "base_url = \"/\"\n[markdown]\nbottom_footnotes = true\n";
        fs::write(folder.path().join("zola.toml"), settings).unwrap();
        let options = BuildOptions::new(folder.path());
        let config = crate::config::load(&options, &mut Findings::default()).unwrap();
        render(source, &config, AnchorLinks::None, &mut Plain).html
    }

    #[test]
    fn a_note_in_a_note_is_listed_and_leaves_the_outer_one_whole() {
        let html = rendered("One[^1] and two[^2].\n\n[^1]: outer\n    > [^2]: inner\n\nEnd.\n");
        let (body, notes) = html.split_once("<section").unwrap();
        assert!(!body.contains("blockquote"), "{html}");
        assert!(body.ends_with("<p>End.</p>\n"), "{html}");
        let (outer, inner) = notes.split_once("<li id=\"fn-2\">").unwrap();
        assert!(outer.contains("<li id=\"fn-1\">"), "{html}");
        assert!(outer.contains("outer"), "{html}");
        assert_eq!(outer.matches("<blockquote>").count(), 1, "{html}");
        assert_eq!(outer.matches("</blockquote>").count(), 1, "{html}");
        assert!(inner.contains("inner"), "{html}");
        assert!(!inner.contains("blockquote"), "{html}");
    }
}
