//! What was published stays reachable: addresses of `published.txt` that the site no longer has,
//! headings that pages lost, and addresses that are not in the list yet.
//!
//! Owns what counts as an address of the site, and what is said about one that is gone;
//! [`replaced`] guesses what took its place. A list that is not there asks for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::html::Scan;
use super::map::SiteMap;
use super::replaced;
use super::shown;
use super::targets::{Target, resolve};
use crate::diagnostic::{Finding, Findings, Place};
use crate::markdown::Heading;
use crate::page::model::{Doc, Front};
use crate::published::{self, FILE, Published};
use crate::render::{Origin, Rendered, alias_file, file_at, file_of};
use crate::typed;

/// The rule about addresses that the site no longer has.
const ADDRESS: &str = "address-gone";
/// The rule about headings that a page no longer has.
const ANCHOR: &str = "anchor-gone";
/// The rule about addresses that are not in the list.
const UNRECORDED: &str = "address-unrecorded";

/// What to do when an address or heading is meant to be gone.
const OR_ELSE: &str = "If it is meant to be gone, take its line out of `published.txt` and say why \
                       in the commit.";

/// Every address that people can hold on to: pages, sections, aliases, taxonomies, and the headings
/// of texts. Further pagers are left out, since what is on them moves, and so is what a template
/// adds to a page.
pub(super) fn addresses(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    let mut add = |file: &str| {
        let found = map.files.contains_key(file);
        let path = format!("/{}", file.strip_suffix("index.html").unwrap_or(file));
        found.then(|| addresses.insert(published::line(&path, None)));
    };
    for taxonomy in &rendered.library.taxonomies {
        add(&file_at(&taxonomy.path));
        for term in &taxonomy.terms {
            add(&file_at(&term.path));
        }
    }
    let skipped = &rendered.config.checks.skip_pages;
    let docs = || {
        let docs = rendered.library.docs();
        docs.filter(|doc| !skipped.is_match(&doc.relative))
    };
    for doc in docs() {
        if doc.render {
            add(&file_of(doc));
        }
        for (alias, _) in &doc.aliases {
            add(&alias_file(alias));
        }
    }
    for doc in docs() {
        // A template need not show the text.
        let is_there = addresses.contains(&published::line(&doc.path, None));
        if let (Some(scan), true) = (scans.get(&*file_of(doc)), is_there) {
            let headings = Heading::flat(&doc.content.toc).into_iter();
            let shown = headings.filter(|heading| scan.ids.contains(&heading.id));
            addresses.extend(shown.map(|heading| anchor(doc, heading)));
        }
    }
    addresses
}

fn anchor(doc: &Doc, heading: &Heading) -> String {
    published::line(&doc.path, Some(&heading.id))
}

/// Holds the site against its list.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let levels = &rendered.config.checks.levels;
    if let Some(level) = levels.of(UNRECORDED) {
        let finding = unrecorded(rendered, map, scans);
        findings.extend(finding.map(|(place, sentence)| {
            Finding::new(level, UNRECORDED, place, sentence).help(format!(
                "Run `{}` once they are published.",
                typed::command("build --record")
            ))
        }));
    }
    let Some(list) = &rendered.config.checks.published else {
        return;
    };
    if !levels.any(&[ADDRESS, ANCHOR]) {
        return;
    }
    let missed = Missed::find(list, rendered, map, scans);
    if let Some(level) = levels.of(ADDRESS) {
        for (place, sentence, help) in missed.pages(list, rendered) {
            findings.push(Finding::new(level, ADDRESS, place, sentence).help(help));
        }
    }
    if let Some(level) = levels.of(ANCHOR) {
        for (place, sentence, help) in missed.anchors(list, rendered) {
            findings.push(Finding::new(level, ANCHOR, place, sentence).help(help));
        }
    }
}

fn unrecorded(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
) -> Option<(Place, String)> {
    let list = rendered.config.checks.published.as_ref();
    let mut new = addresses(rendered, map, scans);
    new.retain(|address| list.is_none_or(|list| !list.has(address)));
    let first = new.first()?;
    let sentence = match new.len() {
        1 => format!("The site has an address that is not in `{FILE}`: `{first}`."),
        n => format!("The site has {n} addresses that are not in `{FILE}`, such as `{first}`."),
    };
    Some((Place::file(FILE), sentence))
}

/// A place, a sentence and what to do.
type Fault = (Place, String, String);

/// What of the list is not there any more.
struct Missed<'a> {
    /// Addresses of pages, as the list has them, and where.
    pages: BTreeMap<&'a str, &'a Range<usize>>,
    /// Ids, by the content file of the page that is now at their address.
    anchors: BTreeMap<&'a str, BTreeSet<String>>,
}

impl<'a> Missed<'a> {
    fn find(
        list: &'a Published,
        rendered: &'a Rendered,
        map: SiteMap<'a>,
        scans: &BTreeMap<&str, Scan>,
    ) -> Self {
        let mut missed = Self {
            pages: BTreeMap::new(),
            anchors: BTreeMap::new(),
        };
        let config = &rendered.config;
        for (address, at) in list.addresses() {
            let full = format!("{}{address}", config.base_path());
            let Target::Inside { path, .. } = resolve(&full, "", None, config) else {
                continue;
            };
            let Some(file) = map.file(&path) else {
                if !rendered.is_missing(&path) && !rendered.library.may_make(&path) {
                    let page = address.split('#').next().unwrap_or(address);
                    missed.pages.entry(page).or_insert(at);
                }
                continue;
            };
            let file = map.behind_redirects(file);
            let Some(scan) = scans.get(file) else {
                continue;
            };
            let (_, id) = published::parts(address);
            if let Origin::Document(relative) = &map.files[file].origin
                && !id.is_empty()
                && !scan.ids.contains(&id)
            {
                missed.anchors.entry(relative).or_default().insert(id);
            }
        }
        missed
    }

    fn pages(&self, list: &Published, rendered: &Rendered) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut moved: BTreeMap<&str, (&Doc, Vec<&str>)> = BTreeMap::new();
        for (&page, &at) in &self.pages {
            let place = list.place(at);
            let (path, _) = published::parts(page);
            if let Some(draft) = rendered.library.draft_at(&path) {
                faults.push((
                    Place::file(&format!("content/{draft}")),
                    format!("`{page}` was published, and is a draft now: it leads nowhere."),
                    format!(
                        "Take `draft = true` out, or add {} to the page to read meanwhile. {OR_ELSE}",
                        aliases(None, &[page])
                    ),
                ));
            } else if let Some(doc) = replaced::page(&path, list, rendered) {
                let (_, gone) = moved.entry(&doc.relative).or_insert((doc, Vec::new()));
                gone.push(page);
            } else {
                let near = replaced::section_above(&path, rendered);
                faults.push((
                    place,
                    gone(page),
                    format!(
                        "Add {} to the page that answers this now, such as `content/{near}`. {OR_ELSE}",
                        aliases(None, &[page])
                    ),
                ));
            }
        }
        for (doc, addresses) in moved.into_values() {
            let line = aliases(Some(doc), &addresses);
            let place = match doc.aliases.first() {
                Some((_, at)) => doc.text.place(at.clone()),
                None => doc.text.whole(),
            };
            for page in addresses {
                let help = format!(
                    "If this page took its place, add {line} to the lines at its top. {OR_ELSE}"
                );
                faults.push((place.clone(), gone(page), help));
            }
        }
        faults
    }

    fn anchors(&self, list: &Published, rendered: &Rendered) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (relative, ids) in &self.anchors {
            let found = rendered.library.find(relative);
            let Some(doc) = found.filter(|doc| doc.front != Front::Broken && !doc.content.is_cut)
            else {
                continue;
            };
            let mut headings = Heading::flat(&doc.content.toc);
            // A heading whose own id was published must keep that one.
            headings.retain(|heading| !list.has(&anchor(doc, heading)));
            let ids = ids.iter().map(String::as_str).collect();
            for (id, heading) in replaced::headings(&ids, headings) {
                let sentence = format!(
                    "This page had a heading `#{id}` that people may have a link to; it is gone."
                );
                let place = heading
                    .and_then(|heading| shown::heading_place(doc, &heading.id, &rendered.config));
                let help = match heading {
                    Some(heading) => format!(
                        "Keep the old id: `{} {} {{#{id}}}`. {OR_ELSE}",
                        "#".repeat(heading.level.into()),
                        heading.title
                    ),
                    None => {
                        format!("Write `{{#{id}}}` behind the heading that says it now. {OR_ELSE}")
                    }
                };
                faults.push((place.unwrap_or_else(|| doc.text.whole()), sentence, help));
            }
        }
        faults
    }
}

fn gone(page: &str) -> String {
    format!("`{page}` was published, but the site does not have it any more.")
}

/// The line of front matter with the aliases that a page has and those for these lines of the list.
fn aliases(doc: Option<&Doc>, more: &[&str]) -> String {
    let own = doc.map_or(&[][..], |doc| &doc.aliases);
    let own = own.iter().map(|(alias, _)| alias.as_str());
    let more: Vec<_> = more.iter().map(|line| published::parts(line).0).collect();
    let more = more.iter().map(|path| path.trim_matches('/'));
    let list: Vec<_> = own
        .chain(more)
        .map(|alias| format!("\"{alias}\""))
        .collect();
    let is_yaml = doc.is_some_and(|doc| doc.text.body.starts_with("---"));
    let sign = if is_yaml { ":" } else { " =" };
    format!("`aliases{sign} [{}]`", list.join(", "))
}
