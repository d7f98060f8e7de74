//! What shows on pages, wherever it comes from: headings, words of links, pictures, contacts.
//!
//! Owns which of it is told at the page or its template, because no text holds it: what a text holds
//! is told there. Pages are looked at one by one, on all cores.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use rayon::prelude::*;

use super::contacts::{self, Known};
use super::html::Scan;
use super::map::SiteMap;
use super::noted::Noted;
use super::outline::{self, Outline};
use super::{headings, images, link_text, source, texts};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::markdown::{self, Heading};
use crate::page::model::{Doc, Id};
use crate::render::{Origin, Output, Rendered, template_of};

/// Addresses of links and pictures that a rule told already, at the editor's line.
pub(super) type Told = BTreeMap<&'static str, BTreeSet<String>>;

/// The rules about what shows.
pub(super) const RULES: [&str; 6] = [
    headings::MAIN,
    headings::ORDER,
    images::FORMAT,
    images::RULE,
    link_text::RULE,
    contacts::RULE,
];

/// Looks at all pages.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    known: &Known<'_>,
    told: &Told,
    findings: &mut Findings,
) {
    if !rendered.config.checks.levels.any(&RULES) {
        return;
    }
    let shown = Shown {
        rendered,
        known,
        texts: Texts::new(rendered),
        told,
    };
    let pages = scans.par_iter();
    let seen = pages.fold(Seen::default, |mut seen, (path, scan)| {
        shown.page(map.files[*path], scan, &mut seen);
        seen
    });
    let seen = seen.reduce(Seen::default, Seen::and);
    seen.settled().report(rendered, map, findings);
}

/// What pages are looked at with.
struct Shown<'a> {
    rendered: &'a Rendered,
    known: &'a Known<'a>,
    texts: Texts<'a>,
    told: &'a Told,
}

/// What was found on pages.
#[derive(Default)]
struct Seen<'a> {
    noted: Noted,
    /// Headings that were told at the editor's line.
    told: BTreeSet<HeadingKey>,
    /// What is wrong with headings that may be of a text that is told elsewhere.
    elsewhere: Vec<(HeadingKey, &'a Output, Finding)>,
}

/// A rule, and the words and the id of a heading that it is about.
type HeadingKey = (&'static str, String, String);

impl Seen<'_> {
    /// What was found on these pages and on others.
    fn and(mut self, mut others: Self) -> Self {
        self.noted.append(others.noted);
        self.told.append(&mut others.told);
        self.elsewhere.append(&mut others.elsewhere);
        self
    }

    /// All of it, but for headings of texts that were told at the text. Which these are is known once
    /// all pages were looked at.
    fn settled(mut self) -> Noted {
        for ((rule, words, id), file, finding) in self.elsewhere {
            let first = (rule, words.clone(), String::new());
            let mut same = self.told.range(first..);
            let is_told = same
                .by_ref()
                .take_while(|(other, text, _)| *other == rule && *text == words)
                .any(|(_, _, own)| is_id_of(&id, own));
            if !is_told {
                self.noted.on_page(file, finding);
            }
        }
        self.noted
    }
}

/// What of all texts is told at the text, wherever it shows.
struct Texts<'a> {
    /// The addresses and titles of pages.
    titles: BTreeSet<(&'a str, &'a str)>,
    /// The words and ids of main headings.
    mains: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Texts<'a> {
    fn new(rendered: &'a Rendered) -> Self {
        let skip = &rendered.config.checks.skip_pages;
        let docs = rendered.library.docs();
        let docs: Vec<&Doc> = docs.filter(|doc| !skip.is_match(&doc.relative)).collect();
        let title = |doc: &&'a Doc| Some((doc.path.as_str(), doc.title.as_deref()?));
        let headings = docs.iter().flat_map(|doc| Heading::flat(&doc.content.toc));
        let mains = headings.filter(|heading| heading.level == 1);
        Self {
            titles: docs.iter().filter_map(title).collect(),
            mains: mains
                .map(|main| (main.title.trim(), main.id.as_str()))
                .collect(),
        }
    }

    /// Whether a heading of a page is a main heading that a text has: a template's own may have the
    /// same words, and not the same id.
    fn has(&self, heading: &outline::Heading) -> bool {
        let words = heading.text.trim();
        let mut same = self.mains.range((words, "")..);
        same.by_ref()
            .take_while(|(other, _)| *other == words)
            .any(|(_, id)| is_id_of(&heading.id, id))
    }
}

/// Whether an id on a page is that of a text: a list of texts may put something in front of it, to
/// keep it apart from those of other texts.
fn is_id_of(shown: &str, own: &str) -> bool {
    let before = shown.strip_suffix(own);
    !own.is_empty() && before.is_some_and(|before| before.is_empty() || before.ends_with('-'))
}

impl<'a> Shown<'a> {
    fn page(&self, file: &'a Output, scan: &Scan, seen: &mut Seen<'a>) {
        let doc = match &file.origin {
            Origin::Document(relative) | Origin::Pager(relative) => {
                self.rendered.library.find(relative)
            }
            Origin::Template(_) | Origin::Taxonomy(_) => None,
            Origin::Redirect { .. } | Origin::Search(_) | Origin::Copy(_) => return,
        };
        let Some(outline) = &scan.outline else {
            return;
        };
        let skip = &self.rendered.config.checks.skip_pages;
        if doc.is_some_and(|doc| skip.is_match(&doc.relative)) {
            return;
        }
        self.headings(file, doc, outline, seen);
        let judges_links = self.rendered.config.checks.levels.any(&[link_text::RULE]);
        for link in &outline.links {
            if judges_links && !(link.named_elsewhere && link.text.trim().is_empty()) {
                let fault = link_text::fault(&link.text);
                let fault = fault.filter(|_| !self.is_name(&link.address, &link.text, outline));
                self.element(file, &link.address, link_text::RULE, fault, seen);
            }
            let fault = self.known.check_link(&link.address);
            self.element(file, &link.address, contacts::RULE, fault, seen);
        }
        for (address, alt) in &outline.images {
            let fault = match alt {
                Some(alt) => images::fault(alt),
                None => Some((
                    "This picture has no `alt`, so a screen reader reads out its file name.".into(),
                    "Write `alt=\"…\"` with what it shows, or `alt=\"\"` if it only decorates."
                        .into(),
                )),
            };
            self.element(file, address, images::RULE, fault, seen);
            let fault = images::format_fault(address);
            self.element(file, address, images::FORMAT, fault, seen);
        }
    }

    /// Whether the words of a link are those of the heading that it leads to, as in a list of what is
    /// on a page, or the title of a page, at which it is told.
    fn is_name(&self, address: &str, text: &str, outline: &Outline) -> bool {
        let text = text.trim();
        if let Some((_, id)) = address.split_once('#') {
            let mut headings = outline.headings.iter();
            return headings.any(|heading| heading.id == id && heading.text.trim() == text);
        }
        let base_url = &self.rendered.config.base_url;
        let path = address.strip_prefix(base_url.as_str()).unwrap_or(address);
        self.texts.titles.contains(&(path, text))
    }

    /// Notes a fault of a link or picture, unless it was told where its Markdown stands.
    fn element(
        &self,
        file: &Output,
        address: &str,
        rule: &'static str,
        fault: Option<(String, String)>,
        seen: &mut Seen<'_>,
    ) {
        let told = self.told.get(rule);
        if told.is_some_and(|told| told.contains(address)) {
            return;
        }
        let level = self.rendered.config.checks.levels.of(rule);
        if let (Some((sentence, help)), Some(level)) = (fault, level) {
            let place = source::address(self.rendered, file, address);
            let finding = Finding::new(level, rule, place, sentence).help(help);
            seen.noted.on_page(file, finding);
        }
    }

    fn headings(
        &self,
        file: &'a Output,
        doc: Option<&Doc>,
        outline: &Outline,
        seen: &mut Seen<'a>,
    ) {
        // What a list of answers shows of a text is told there, and so is what follows from it.
        let mut skipped: Vec<&outline::Heading> = Vec::new();
        for fault in headings::check(&outline.headings) {
            let Some(level) = self.rendered.config.checks.levels.of(fault.rule) else {
                continue;
            };
            let id = fault.heading.map_or("", |heading| heading.id.as_str());
            let own = doc.and_then(|doc| heading_place(doc, id, &self.rendered.config));
            let written = own.is_some();
            if !written {
                let main = fault.heading.filter(|_| fault.rule == headings::MAIN);
                if let Some(main) = main.filter(|main| self.texts.has(main)) {
                    skipped.push(main);
                    continue;
                }
                let is_below =
                    |above: &outline::Heading| skipped.iter().any(|main| ptr::eq(*main, above));
                if fault.above.is_some_and(is_below) {
                    continue;
                }
            }
            let place = own.unwrap_or_else(|| self.template(file, doc));
            let finding = Finding::new(level, fault.rule, place, fault.sentence).help(fault.help);
            let words = fault.heading.map_or("", |heading| heading.text.trim());
            let key = (fault.rule, words.to_owned(), id.to_owned());
            if written {
                seen.told.insert(key);
                seen.noted.plain(finding);
            } else {
                seen.elsewhere.push((key, file, finding));
            }
        }
    }

    /// The template that a page is made with: what its text does not hold was written there.
    fn template(&self, file: &Output, doc: Option<&Doc>) -> Place {
        let library = &self.rendered.library;
        let name = doc
            .and_then(|doc| library.index.get(&doc.relative))
            .map(|id: &Id| template_of(library, *id).0);
        match name.and_then(|name| self.rendered.engine.file(name)) {
            Some(text) => text.whole(),
            None => Place::file(&source::file(file)),
        }
    }
}

/// Where a page's text holds the heading with this id.
pub(super) fn heading_place(doc: &Doc, id: &str, config: &Config) -> Option<Place> {
    let headings = Heading::flat(&doc.content.toc);
    let at = headings.iter().position(|heading| heading.id == id)?;
    let reading = markdown::read(doc.markdown(), config);
    let range = reading.headings.get(at)?.clone();
    Some(texts::place(doc, range))
}
