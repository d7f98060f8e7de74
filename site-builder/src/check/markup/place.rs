//! From a fault in a page to where a person wrote it: the page's own text, or a template.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Fault, RULES, upset};
use crate::check::html::Scan;
use crate::check::map::SiteMap;
use crate::check::noted::Noted;
use crate::check::{source, texts};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::markdown;
use crate::page::model::Doc;
use crate::render::{Origin, Output, Rendered, template_of};
use crate::text::Text;

/// Tells the faults of all pages, each once.
pub(in crate::check) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let levels = &rendered.config.checks.levels;
    if !levels.any(&RULES) {
        return;
    }
    let mut noted = Noted::default();
    let upset = upset::texts(rendered, map, scans);
    for text in &upset {
        for fault in &text.faults {
            if let Some(level) = levels.of(fault.rule) {
                let place = in_text(text.doc, &rendered.config, text.html, &fault.at);
                let finding = Finding::new(level, fault.rule, place, fault.sentence.as_str());
                noted.plain(finding.help(fault.help.as_str()));
            }
        }
    }
    for (path, scan) in scans {
        let file = map.files[*path];
        let doc = match &file.origin {
            Origin::Document(relative) | Origin::Pager(relative) => rendered.library.find(relative),
            Origin::Template(_) | Origin::Taxonomy(_) => None,
            Origin::Redirect { .. } | Origin::Search(_) | Origin::Copy(_) => continue,
        };
        let skip = &rendered.config.checks.skip_pages;
        if doc.is_some_and(|doc| skip.is_match(&doc.relative)) || scan.faults.is_empty() {
            continue;
        }
        let shown = Shown::new(rendered, file, doc);
        let upset = upset::gravest(&upset, &shown.html, scan, levels);
        for fault in &scan.faults {
            let Some(level) = levels.of(fault.rule) else {
                continue;
            };
            // What follows from a text is told there, unless that would hide an error behind a warning.
            if upset::is_about_tags(fault) && upset.is_some_and(|gravest| gravest <= level) {
                continue;
            }
            let (place, is_own) = shown.place(fault);
            let finding = Finding::new(level, fault.rule, place, fault.sentence.as_str())
                .help(fault.help.as_str());
            if is_own {
                noted.plain(finding);
            } else {
                noted.on_page(file, finding);
            }
        }
    }
    noted.report(rendered, map, findings);
}

/// A page as it is shown, and what it was made of.
struct Shown<'a> {
    rendered: &'a Rendered,
    file: &'a Output,
    doc: Option<&'a Doc>,
    html: std::borrow::Cow<'a, str>,
    /// Where in the page its own text is.
    body: Range<usize>,
}

impl<'a> Shown<'a> {
    fn new(rendered: &'a Rendered, file: &'a Output, doc: Option<&'a Doc>) -> Self {
        let html = String::from_utf8_lossy(&file.bytes);
        let body = doc
            .map(|doc| doc.content.html.as_str())
            .filter(|body| !body.is_empty());
        let body = body
            .and_then(|body| Some((html.find(body)?, body.len())))
            .map_or(0..0, |(start, length)| start..start + length);
        Self {
            rendered,
            file,
            doc,
            html,
            body,
        }
    }

    /// Where a fault was written, and whether that is in the page's own text.
    fn place(&self, fault: &Fault) -> (Place, bool) {
        let inside = |at: &Range<usize>| self.body.contains(&at.start);
        let at = if inside(&fault.at) == inside(&fault.end) {
            &fault.at
        } else {
            &fault.end
        };
        match self.doc {
            Some(doc) if inside(at) => {
                let html = &self.html[self.body.clone()];
                let at = at.start - self.body.start..at.end - self.body.start;
                (in_text(doc, &self.rendered.config, html, &at), true)
            }
            _ => (self.in_template(at), false),
        }
    }

    /// The template that a page is made with is looked at first, and then all others.
    fn in_template(&self, at: &Range<usize>) -> Place {
        let library = &self.rendered.library;
        let id = self.doc.and_then(|doc| library.index.get(&doc.relative));
        let name = match &self.file.origin {
            Origin::Template(name) => Some(name.as_str()),
            _ => id.map(|id| template_of(library, *id).0),
        };
        let own = name.and_then(|name| self.rendered.engine.file(name));
        let at = visible(&self.html, at);
        let written = fragment(&self.html, &at);
        let mention = |text: &Text| {
            let start = text.body.rfind(written).filter(|_| !written.is_empty())?;
            Some(text.place(start..start + at.len()))
        };
        let mut all = own.into_iter().chain(self.rendered.engine.sources());
        all.find_map(mention).unwrap_or_else(|| match own {
            Some(text) => text.whole(),
            None => Place::file(&source::file(self.file)),
        })
    }
}

/// HTML in Markdown is as it was written. Of equal tags, it is the one with the same number.
fn in_text(doc: &Doc, config: &Config, html: &str, at: &Range<usize>) -> Place {
    let source = doc.markdown();
    let at = visible(html, at);
    let written = fragment(html, &at);
    let Some(before) = html.get(..at.start).filter(|_| !written.is_empty()) else {
        return doc.text.whole();
    };
    // The same signs in Markdown are shown as they are, and no HTML.
    let ranges = markdown::read(source, config).html;
    let is_html = |at: &usize| ranges.iter().any(|range| range.contains(at));
    let all = || source.match_indices(written).map(|(start, _)| start);
    let nth = before.matches(written).count();
    let found = all().filter(is_html).take(nth + 1).last();
    match found.or_else(|| all().take(nth + 1).last()) {
        Some(start) => texts::place(doc, start..start + at.len()),
        None => doc.text.whole(),
    }
}

/// What the tokenizer finds has a place and no width: it begins at the sign before it.
fn visible(html: &str, at: &Range<usize>) -> Range<usize> {
    let before = html.get(..at.end).unwrap_or_default();
    match before.rfind(['<', '&']) {
        Some(start) if at.is_empty() => start..at.end,
        _ => at.clone(),
    }
}

/// What shows which of many like signs is meant: a tag, or a sign with what follows in its line.
fn fragment<'h>(html: &'h str, at: &Range<usize>) -> &'h str {
    let shown = html.get(at.clone()).unwrap_or_default();
    if shown.ends_with('>') || !shown.starts_with(['<', '&']) {
        return shown;
    }
    let rest = html.get(at.start..).unwrap_or_default();
    let end = rest
        .char_indices()
        .find(|(end, sign)| *sign == '\n' || *sign == '>' && *end >= shown.len())
        .map_or(rest.len(), |(end, _)| end);
    &rest[..end.max(shown.len())]
}
