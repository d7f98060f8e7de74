//! The order of lists that editors give by `weight`: two pages of one weight stand in an order that
//! nobody chose.

use std::collections::BTreeMap;

use super::copies::Copies;
use crate::config::Config;
use crate::diagnostic::{Finding, Findings};
use crate::page::model::{Doc, Library, SortBy};

/// The rule's name.
const RULE: &str = "weight-twice";

/// Finds pages, and sections, of one list that weigh the same.
pub(super) fn check(
    library: &Library,
    copies: &Copies<'_>,
    config: &Config,
    findings: &mut Findings,
) {
    let Some(level) = config.checks.levels.of(RULE) else {
        return;
    };
    for (at, section) in library.sections.iter().enumerate() {
        if section.sort_by != SortBy::Weight {
            continue;
        }
        // What a transparent section hands up is weighed where it comes from.
        let pages = section.pages.iter().map(|page| &library.pages[*page]);
        let pages = pages
            .filter(|page| page.parent == Some(at))
            .map(|page| &page.doc);
        let sections = section
            .subsections
            .iter()
            .map(|below| &library.sections[*below].doc);
        for list in [pages.collect::<Vec<_>>(), sections.collect()] {
            let mut first: BTreeMap<i64, &Doc> = BTreeMap::new();
            for doc in list.into_iter().filter(|doc| !copies.has(doc)) {
                let Some(weight) = doc.weight else { continue };
                let other = *first.entry(weight).or_insert(doc);
                if std::ptr::eq(other, doc) || config.checks.skip_pages.is_match(&doc.relative) {
                    continue;
                }
                let place = doc
                    .line_of("weight")
                    .map_or_else(|| doc.text.whole(), |at| doc.text.place(at));
                let sentence = format!(
                    "The weight {weight} is that of {} too, so their order in the list is by chance.",
                    other.text.file
                );
                findings.push(Finding::new(level, RULE, place, sentence).help(
                    "Give one of them a number that no other one has: a small number comes first.",
                ));
            }
        }
    }
}
