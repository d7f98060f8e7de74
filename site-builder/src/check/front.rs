//! Checks of what stands above a text: review dates, titles and descriptions that two pages share, and
//! descriptions that are missing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::copies::Copies;
use super::{dates, questions};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings};
use crate::document::is_yaml;
use crate::page::UNWRITTEN;
use crate::page::model::{Doc, Front, Library};

/// The rule about titles.
pub(super) const TITLE: &str = "duplicate-title";
/// The rule about pages without one where others have one.
const MISSING: &str = "description-missing";
/// The rule about descriptions.
pub(super) const DESCRIPTION: &str = "duplicate-description";

/// Checks the review dates of a page.
pub(super) fn dates(doc: &Doc, config: &Config) -> Vec<Finding> {
    let faults = dates::check(
        date_of(doc, dates::REVIEWED),
        date_of(doc, dates::REVIEW_BY),
        config.checks.today,
    );
    faults
        .into_iter()
        .filter_map(|(rule, key, sentence, help)| {
            let level = config.checks.levels.of(rule)?;
            let place = match doc.line_of(key) {
                Some(at) => doc.text.place(at),
                None => doc.text.whole(),
            };
            Some(Finding::new(level, rule, place, sentence).help(help))
        })
        .collect()
}

/// A date under `[extra]`.
pub(crate) fn date_of(doc: &Doc, key: &str) -> Option<Date> {
    let value = doc.extra.get_from_path(key)?;
    // A date with a time has its day at the front.
    value.as_str()?.get(..10)?.parse().ok()
}

/// Finds titles and descriptions that an earlier page has already, and titles that ask the same.
pub(super) fn repeats(
    library: &Library,
    copies: &Copies<'_>,
    config: &Config,
    findings: &mut Findings,
) {
    type Get = fn(&Doc) -> Option<&String>;
    let rules: [(&str, &str, Get); 2] = [
        (TITLE, "title", |doc| doc.title.as_ref()),
        (DESCRIPTION, "description", |doc| doc.description.as_ref()),
    ];
    for (rule, key, get) in rules {
        let Some(level) = config.checks.levels.of(rule) else {
            continue;
        };
        // A translation may well share them.
        let mut seen: BTreeMap<(&str, String), &Doc> = BTreeMap::new();
        let mut asked: BTreeMap<(&str, String), &Doc> = BTreeMap::new();
        let shown = |doc: &&Doc| {
            doc.render && !config.checks.skip_pages.is_match(&doc.relative) && !copies.has(doc)
        };
        for doc in library.docs().filter(shown) {
            // What is still to be written is told already.
            let written = |text: &&String| !text.trim().is_empty() && !text.contains(UNWRITTEN);
            let Some(text) = get(doc).filter(written) else {
                continue;
            };
            let question = match rule {
                TITLE => questions::asked(text, &doc.lang),
                _ => None,
            };
            let asked = question.map_or(doc, |question| {
                *asked.entry((&doc.lang, question)).or_insert(doc)
            });
            let key_text = text.trim().to_lowercase();
            let first = *seen.entry((&doc.lang, key_text)).or_insert(doc);
            let sentence = if !std::ptr::eq(first, doc) {
                format!("Another page has the same {key}: {}.", first.text.file)
            } else if !std::ptr::eq(asked, doc) {
                format!("Another page asks the same: {}.", asked.text.file)
            } else {
                continue;
            };
            let place = match find(doc, text) {
                Some(at) => doc.text.place(at),
                None => doc.text.whole(),
            };
            findings.push(
                Finding::new(level, rule, place, sentence)
                    .help("Give each its own, so that people can tell them apart in a list."),
            );
        }
    }
}

/// Finds pages without a description. A site, or a language of it, that has none does without them.
pub(super) fn missing(library: &Library, config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of(MISSING) else {
        return;
    };
    let sections = library.sections.iter();
    // A section that leads elsewhere is never shown, and the home page has the site's own.
    let sections = sections
        .filter(|section| section.redirect_to.is_none() && !section.doc.ancestors.is_empty());
    let pages = library.pages.iter().map(|page| &page.doc);
    let docs: Vec<&Doc> = sections.map(|section| &section.doc).chain(pages).collect();
    let describes = |doc: &Doc| {
        doc.description
            .as_ref()
            .is_some_and(|text| !text.trim().is_empty())
    };
    let using: BTreeSet<&str> = docs
        .iter()
        .filter(|doc| describes(doc))
        .map(|doc| doc.lang.as_str())
        .collect();
    for doc in docs {
        let is_shown = doc.render && !config.checks.skip_pages.is_match(&doc.relative);
        // The line may be there, and not be read.
        let is_known = doc.front != Front::Broken;
        if !is_shown || !is_known || describes(doc) || !using.contains(doc.lang.as_str()) {
            continue;
        }
        let at = doc.line_of("description").or_else(|| doc.line_of("title"));
        let place = at.map_or_else(|| doc.text.whole(), |at| doc.text.place(at));
        let sentence = "This page has no description, and other pages have one.";
        let sign = if is_yaml(&doc.text) { ":" } else { " =" };
        findings.push(Finding::new(level, MISSING, place, sentence).help(format!(
            "Below the title, add `description{sign} \"…\"`: one sentence that says what \
                 people find here. Lists and search sites show it."
        )));
    }
}

/// Where a text of the front matter stands, when it is written as it is.
pub(super) fn find(doc: &Doc, text: &str) -> Option<Range<usize>> {
    let at = doc.text.body[..doc.body.start].find(text)?;
    Some(at..at + text.len())
}
