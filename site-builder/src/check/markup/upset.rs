//! Texts whose tags do not match by themselves. On a page they upset what is around them, so that tags
//! of templates seem to be at fault.

use std::collections::BTreeMap;

use super::{Fault, NESTING, SYNTAX};
use crate::check::browsers::Watch;
use crate::check::html::{self, Scan, Wanted};
use crate::check::map::SiteMap;
use crate::config::Levels;
use crate::diagnostic::Severity;
use crate::page::model::Doc;
use crate::render::{Origin, Rendered};

/// A text, and what is wrong with its tags.
pub(super) struct Upset<'a> {
    /// The page that it is the text of.
    pub doc: &'a Doc,
    /// The text as HTML.
    pub html: &'a str,
    /// The faults, at places in the HTML.
    pub faults: Vec<Fault>,
}

/// Whether a fault is about tags that do not match.
pub(super) fn is_about_tags(fault: &Fault) -> bool {
    matches!(fault.rule, NESTING | SYNTAX)
}

/// How gravely the texts are told that a page shows.
pub(super) fn gravest(
    upset: &[Upset<'_>],
    html: &str,
    scan: &Scan,
    levels: &Levels,
) -> Option<Severity> {
    if !scan.faults.iter().any(is_about_tags) {
        return None;
    }
    let shown = upset.iter().filter(|text| html.contains(text.html));
    let faults = shown.flat_map(|text| &text.faults);
    faults.filter_map(|fault| levels.of(fault.rule)).min()
}

/// The texts of those pages on which tags do not match.
pub(super) fn texts<'a>(
    rendered: &'a Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
) -> Vec<Upset<'a>> {
    let skip = &rendered.config.checks.skip_pages;
    let wanted = Wanted {
        faults: true,
        ..Wanted::default()
    };
    scans
        .iter()
        .filter(|(_, scan)| scan.faults.iter().any(is_about_tags))
        .filter_map(|(path, _)| {
            let Origin::Document(relative) = &map.files[*path].origin else {
                return None;
            };
            let doc = rendered.library.find(relative)?;
            let html = doc.content.html.as_str();
            let mut faults = html::scan(html, &Watch::default(), wanted).faults;
            faults.retain(is_about_tags);
            let is_upset = !faults.is_empty() && !skip.is_match(relative);
            is_upset.then_some(Upset { doc, html, faults })
        })
        .collect()
}
