//! Pages that nobody gets to from the home page of a language by links alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::copies::Copies;
use super::html::Scan;
use super::map::SiteMap;
use crate::diagnostic::{Finding, Findings};
use crate::page::model::Doc;
use crate::page::name;
use crate::render::{Origin, Rendered, file_of};

/// The rule about pages that no way leads to.
pub(super) const ORPHAN: &str = "orphan-page";

/// Finds them.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    copies: &Copies<'_>,
    findings: &mut Findings,
) {
    let Some(level) = rendered.config.checks.levels.of(ORPHAN) else {
        return;
    };
    // The link may be one in front matter that cannot be read.
    if rendered.library.broken().next().is_some() {
        return;
    }
    let pages = scans.par_iter();
    let leads: Leads<'_> = pages
        .map(|(page, scan)| (*page, targets(page, map, scan)))
        .collect();
    let reached = reached(rendered, map, &leads);
    let shown = |path: &String| {
        let file = map.files.get(path.as_str());
        file.is_some_and(|file| matches!(file.origin, Origin::Document(_)))
    };
    let mut lost = BTreeMap::new();
    for doc in rendered.library.docs() {
        let path = file_of(doc);
        let skipped = rendered.config.checks.skip_pages.is_match(&doc.relative);
        // A home page without a file is told as that.
        let has_file = !doc.text.body.is_empty();
        let is_found = path == "index.html" || reached.contains(path.as_str());
        if !skipped && !copies.has(doc) && has_file && shown(&path) && !is_found {
            lost.insert(path, doc);
        }
    }
    let mut leading: BTreeMap<&str, &Doc> = BTreeMap::new();
    for (path, doc) in &lost {
        for target in leads.get(path.as_str()).into_iter().flatten() {
            leading.entry(*target).or_insert(doc);
        }
    }
    for (path, doc) in &lost {
        let link = format!(
            "Link to it from a page where people look for it: [its title](@/{}).",
            doc.relative
        );
        let help = match leading.get(path.as_str()) {
            Some(from) => format!(
                "{} has a link to it, but nobody gets there either. {link}",
                from.text.file
            ),
            None => link,
        };
        let sentence = "No links lead from the home page to this page, so patients do not find it.";
        findings.push(Finding::new(level, ORPHAN, doc.text.whole(), sentence).help(help));
    }
}

/// The other files that the links of each page lead to.
type Leads<'a> = HashMap<&'a str, Vec<&'a str>>;

/// What links lead to, on a walk that begins at the home page of each language.
fn reached<'a>(rendered: &Rendered, map: SiteMap<'a>, leads: &Leads<'a>) -> BTreeSet<&'a str> {
    let homes = rendered.library.docs();
    let homes = homes.filter(|doc| name::is_home(&doc.canonical));
    let homes = homes.filter_map(|doc| map.file(&file_of(doc)));
    let mut next: Vec<&str> = homes.map(|home| map.behind_redirects(home)).collect();
    let mut walked = BTreeSet::new();
    let mut reached = BTreeSet::new();
    while let Some(page) = next.pop() {
        if !walked.insert(page) {
            continue;
        }
        for target in leads.get(page).into_iter().flatten() {
            reached.insert(*target);
            next.push(*target);
        }
    }
    reached
}

/// The other files that the links of a page lead to.
fn targets<'a>(page: &str, map: SiteMap<'a>, scan: &Scan) -> Vec<&'a str> {
    let links = scan.outline.iter().flat_map(|outline| &outline.links);
    let targets = links.filter_map(|link| map.lead(&link.address, page, scan.base.as_deref()));
    targets.filter(|target| *target != page).collect()
}
