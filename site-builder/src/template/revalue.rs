//! Values after some bodies changed and nothing else did: only what holds them is made anew.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use tera::{Map, Value};

use super::reads::Reads;
use super::taxonomies::TaxonomyValues;
use super::values::{Values, headings};
use crate::page::model::{Doc, Id, Library};

/// What of a body is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// How long it is.
    Length,
    /// All of it.
    Body,
}

impl Values {
    /// Takes over the bodies of these pages and sections, and returns which values are others now.
    pub(super) fn revalue(
        &mut self,
        library: &Library,
        changed: &BTreeSet<Id>,
        part: Part,
    ) -> Reads {
        let mut touched = Reads::default();
        for &id in changed {
            match id {
                Id::Page(at) => self.page_body(at, library, part, &mut touched),
                Id::Section(at) => {
                    let value = &mut self.sections[at];
                    let doc = &library.sections[at].doc;
                    value.without_pages = with_body(&value.without_pages, doc, part);
                    touched.docs.insert(id);
                    touched.lists.insert(at);
                }
            }
        }
        let is_touched = |&at: &usize| touched.docs.contains(&Id::Page(at));
        let lists = library.sections.iter().enumerate();
        let lists = lists.filter(|(_, section)| section.pages.iter().any(is_touched));
        let lists: Vec<usize> = lists.map(|(at, _)| at).collect();
        let mut terms = library.taxonomies.iter().flat_map(|it| &it.terms);
        touched.taxonomies = terms.any(|term| term.pages.iter().any(is_touched));
        touched.lists.extend(lists);
        for &at in &touched.lists {
            self.sections[at].with_pages = OnceLock::new();
        }
        if touched.taxonomies {
            let taxonomies = library.taxonomies.iter();
            let taxonomies = taxonomies.map(|it| TaxonomyValues::new(it, |at| self.listed(at)));
            self.taxonomies = taxonomies.collect();
        }
        touched
    }

    /// A page's neighbours hold its value without neighbours of its own.
    fn page_body(&mut self, at: usize, library: &Library, part: Part, touched: &mut Reads) {
        let doc = &library.pages[at].doc;
        let value = &mut self.pages[at];
        for (key, entry) in body(doc, part) {
            value.alone.set(&self.keys, key, entry);
        }
        if part == Part::Body {
            let summary = doc.content.summary.clone().unwrap_or_else(Value::none);
            value.alone.set(&self.keys, "summary", summary);
            value.alone.set_toc(&doc.content.toc);
        }
        for (other, page) in library.pages.iter().enumerate() {
            if other == at || [page.lower, page.higher].contains(&Some(at)) {
                self.pages[other].listed = OnceLock::new();
                touched.docs.insert(Id::Page(other));
            }
        }
    }
}

/// The section's value with another body.
fn with_body(value: &Value, doc: &Doc, part: Part) -> Value {
    let toc = headings(&doc.content.toc, &doc.permalink);
    let toc = (part == Part::Body).then_some(("toc", toc));
    let mut map: Map = value.as_map().cloned().unwrap_or_default();
    for (key, entry) in body(doc, part).chain(toc) {
        map.insert(key.into(), entry);
    }
    Value::from(map)
}

/// What pages and sections have of a body.
fn body(doc: &Doc, part: Part) -> impl Iterator<Item = (&'static str, Value)> {
    let content = &doc.content;
    let html = (part == Part::Body).then(|| ("content", content.html.value()));
    let length = [
        ("word_count", Value::from(content.words)),
        ("reading_time", Value::from(content.minutes)),
    ];
    length.into_iter().chain(html)
}
