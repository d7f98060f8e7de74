//! What a page as a whole must have: its kind, its language, its title; headers of its tables; and an
//! element for each id that it names.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{DOCUMENT, Fault, REFERENCE, TABLE};
use crate::check::html::Tag;

/// Attributes that name ids, with blanks between them.
const REFERENCES: [&str; 12] = [
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "for",
    "headers",
    "list",
    "popovertarget",
];

/// What was seen of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    has_doctype: bool,
    /// The start of `<html>`: what has none is a part of a page, and not judged as one.
    html: Option<(Range<usize>, bool)>,
    in_title: bool,
    title: bool,
    depth: usize,
    /// Tables that are open: where each begins, its rows, whether one has a header.
    tables: Vec<(Range<usize>, usize, bool)>,
    /// Ids that an attribute names.
    named: Vec<(&'static str, String, Range<usize>)>,
}

impl Page {
    /// Takes the kind of the page.
    pub(super) fn doctype(&mut self, is_html: bool) {
        self.has_doctype |= is_html;
    }

    /// Takes the start of an element.
    pub(super) fn start(&mut self, tag: &Tag) {
        let at = tag.at.clone();
        for (attribute, ids) in tag.attributes() {
            if let Some(reference) = REFERENCES.iter().find(|known| **known == attribute) {
                let ids = ids.split_ascii_whitespace();
                self.named
                    .extend(ids.map(|id| (*reference, id.to_owned(), at.clone())));
            }
        }
        match tag.name.as_str() {
            "html" => {
                let lang = tag.get("lang");
                let has_lang = lang.is_some_and(|lang| !lang.trim().is_empty());
                self.html.get_or_insert((at, has_lang));
            }
            "svg" => self.depth += 1,
            "title" => self.in_title = self.depth == 0,
            "table" => {
                // One that only lays out has nothing to head.
                let role = tag.get("role");
                let is_layout = role.is_some_and(|role| role == "presentation" || role == "none");
                self.tables.push((at, 0, is_layout));
            }
            "tr" => {
                if let Some((_, rows, _)) = self.tables.last_mut() {
                    *rows += 1;
                }
            }
            "th" => {
                if let Some((_, _, has_header)) = self.tables.last_mut() {
                    *has_header = true;
                }
            }
            _ => {}
        }
    }

    /// Takes words.
    pub(super) fn words(&mut self, words: &str) {
        self.title |= self.in_title && !words.trim_ascii().is_empty();
    }

    /// Takes the end of an element.
    pub(super) fn end(&mut self, name: &str, faults: &mut Vec<Fault>) {
        match name {
            "svg" => self.depth = self.depth.saturating_sub(1),
            "title" => self.in_title = false,
            "table" => {
                if let Some((at, rows, false)) = self.tables.pop()
                    && rows > 1
                {
                    faults.push(Fault::new(
                        TABLE,
                        at,
                        "This table has no header, so a screen reader cannot say what a cell is about.",
                        "Write the cells of its first row, or the first of each row, as `<th>`.",
                    ));
                }
            }
            _ => {}
        }
    }

    /// Takes the end of the page, and all ids that are on it.
    pub(super) fn finish(self, ids: &BTreeSet<String>, faults: &mut Vec<Fault>) {
        for (attribute, id, at) in self.named {
            if !ids.contains(&id) {
                faults.push(Fault::new(
                    REFERENCE,
                    at,
                    format!("`{attribute}` names `{id}`, and nothing on this page has that id."),
                    format!("Give the element that is meant `id=\"{id}\"`, or correct the name."),
                ));
            }
        }
        let Some((at, has_lang)) = self.html else {
            return;
        };
        let needed = [
            (
                self.has_doctype,
                "This page does not begin with `<!doctype html>`, so browsers show it as pages of the nineties.",
                "Write `<!doctype html>` in the first line of its template.",
            ),
            (
                has_lang,
                "This page does not say its language, so a screen reader may read it in another one.",
                "Write `<html lang=\"{{ lang }}\">`.",
            ),
            (
                self.title,
                "This page has no title for the browser's tab and for search results.",
                "Write `<title>…</title>` into its `<head>`.",
            ),
        ];
        for (is_there, sentence, help) in needed {
            if !is_there {
                faults.push(Fault::new(DOCUMENT, at.clone(), sentence, help));
            }
        }
    }
}
