//! Putting pages into sections: parents, ancestors, order, siblings, and the files beside them.
//!
//! Everything is decided from sorted paths, so the result does not depend on how a folder is read.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::address;
use super::meta;
use super::model::{Id, Library, Page, Section};
use super::reading;
use super::sort;
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::document::Table;
use crate::parallel;
use crate::source::{AssetFile, ContentFile};
use crate::text::Text;

/// The file that makes a folder a section.
pub(crate) const SECTION_FILE: &str = "_index.md";

/// Builds the library from the content files.
pub(super) fn build(
    content: Vec<ContentFile>,
    assets: Vec<AssetFile>,
    config: &Config,
    drafts: bool,
    findings: &mut Findings,
) -> Library {
    let mut library = Library::default();
    let (sections, pages): (Vec<_>, Vec<_>) = content
        .into_iter()
        .partition(|file| is_section(&file.relative));
    library.sections = sections
        .into_iter()
        .map(|file| meta::section(file, config, findings))
        .collect();
    if !library
        .sections
        .iter()
        .any(|s| s.doc.relative == SECTION_FILE)
    {
        report_home(config, findings);
        library
            .sections
            .push(meta::section(empty_root(), config, findings));
    }
    library.pages = parallel::map(pages, findings, |file, findings| {
        read_page(file, config, findings)
    });
    if !drafts {
        remove_drafts(&mut library);
    }
    library
        .sections
        .sort_by(|a, b| a.doc.relative.cmp(&b.doc.relative));
    library
        .pages
        .sort_by(|a, b| a.doc.relative.cmp(&b.doc.relative));
    measure(&mut library, config);
    index(&mut library);
    place(&mut library, config);
    report_folders(&library, config, findings);
    for at in 0..library.sections.len() {
        sort::pages(&mut library, at, findings);
    }
    give_assets(&mut library, assets);
    library
}

/// Whether a content file describes its folder.
pub(crate) fn is_section(relative: &str) -> bool {
    relative == SECTION_FILE || relative.ends_with("/_index.md")
}

/// The site's root is a section even when nobody wrote a file for it.
fn empty_root() -> ContentFile {
    ContentFile {
        relative: SECTION_FILE.to_owned(),
        text: Text::new("content/_index.md", ""),
        front: Table::default(),
        intact: false,
        body: 0..0,
    }
}

fn read_page(file: ContentFile, config: &Config, findings: &mut Findings) -> Page {
    let meta = meta::page(file, config, findings);
    let mut page = meta.page;
    let address = address::page(
        &page.doc.relative,
        meta.slug.as_deref(),
        meta.path.as_deref(),
        config,
    );
    if address.slug.is_empty() && meta.path.is_none() {
        findings.push(
            Finding::error(
                "no-address",
                page.doc.text.whole(),
                "No address can be made from the name of this file.",
            )
            .help("Rename it, or set `slug`."),
        );
    }
    page.slug = address.slug;
    page.doc.permalink = config.permalink(&address.path);
    page.doc.path = address.path;
    page.date = page.date.or(address.date);
    page
}

/// Counts words. A body that is a template may show its own count, so this comes before bodies.
fn measure(library: &mut Library, config: &Config) {
    let sections = library
        .sections
        .par_iter_mut()
        .map(|section| &mut section.doc);
    let pages = library.pages.par_iter_mut().map(|page| &mut page.doc);
    sections.chain(pages).for_each(|doc| {
        let body = &doc.text.body[doc.body.clone()];
        let (words, minutes) = reading::measure(body, &config.default_language);
        doc.content.words = words;
        doc.content.minutes = minutes;
    });
}

/// Takes out drafts, and all that lies below a section that is one.
fn remove_drafts(library: &mut Library) {
    let folders: Vec<String> = library
        .sections
        .iter()
        .filter(|section| section.doc.draft)
        .map(|section| folder_of(&section.doc.relative).to_owned())
        .collect();
    let hidden = |relative: &str, draft: bool| {
        draft
            || folders.iter().any(|folder| {
                folder.is_empty()
                    || relative
                        .strip_prefix(folder.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
            })
    };
    let mut drafts = Vec::new();
    library.sections.retain(|section| {
        let gone = hidden(&section.doc.relative, section.doc.draft);
        if gone {
            drafts.push(section.doc.relative.clone());
        }
        !gone
    });
    library.pages.retain(|page| {
        let gone = hidden(&page.doc.relative, page.doc.draft);
        if gone {
            drafts.push(page.doc.relative.clone());
        }
        !gone
    });
    drafts.sort();
    library.drafts = drafts;
}

fn index(library: &mut Library) {
    let pages = library.pages.iter().enumerate();
    let sections = library.sections.iter().enumerate();
    library.index = pages
        .map(|(at, page)| (page.doc.relative.clone(), Id::Page(at)))
        .chain(sections.map(|(at, section)| (section.doc.relative.clone(), Id::Section(at))))
        .collect();
}

fn place(library: &mut Library, config: &Config) {
    let by_folder: BTreeMap<String, usize> = library
        .sections
        .iter()
        .enumerate()
        .map(|(at, section)| (folder_of(&section.doc.relative).to_owned(), at))
        .collect();
    for at in 0..library.sections.len() {
        let folder = folder_of(&library.sections[at].doc.relative).to_owned();
        let above = parent_folder(&folder);
        let ancestors = above.map(|above| sections_down_to(above, &by_folder));
        let ancestors = ancestors.unwrap_or_default();
        let parent = above.and_then(|above| by_folder.get(above)).copied();
        let ancestors = relatives(&library.sections, &ancestors);
        let doc = &mut library.sections[at].doc;
        doc.path = address::section(&folder);
        doc.permalink = config.permalink(&doc.path);
        doc.ancestors = ancestors;
        if let Some(parent) = parent {
            library.sections[parent].subsections.push(at);
        }
    }
    for at in 0..library.pages.len() {
        let folder = folder_of_page(&library.pages[at].doc.relative).to_owned();
        let mut list = by_folder.get(&folder).copied();
        library.pages[at].parent = list;
        if list.is_some() {
            let ancestors = sections_down_to(&folder, &by_folder);
            library.pages[at].doc.ancestors = relatives(&library.sections, &ancestors);
        }
        // A list would lead to where nothing is.
        list = list.filter(|_| library.pages[at].doc.render);
        while let Some(section) = list {
            library.sections[section].pages.push(at);
            let section = &library.sections[section];
            let above = section.doc.ancestors.iter().chain([&section.doc.relative]);
            library.pages[at].doc.ancestors = above.cloned().collect();
            // A transparent section's pages are its parent's too, as if it were not there.
            list = section
                .doc
                .ancestors
                .last()
                .filter(|_| section.transparent)
                .and_then(|above| by_folder.get(folder_of(above)))
                .copied();
        }
    }
    for at in 0..library.sections.len() {
        let mut below = std::mem::take(&mut library.sections[at].subsections);
        below.sort_by_key(|&section| {
            let doc = &library.sections[section].doc;
            (doc.weight.unwrap_or(0), section)
        });
        library.sections[at].subsections = below;
    }
}

/// A folder without `_index.md` is on no list, and neither is anything in it: only who knows the
/// address gets there.
fn report_folders(library: &Library, config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of("no-section") else {
        return;
    };
    let known: BTreeSet<&str> = library
        .sections
        .iter()
        .map(|section| folder_of(&section.doc.relative))
        .collect();
    let pages = library.pages.iter().filter(|page| !page.apart);
    let of_pages = pages.map(|page| folder_of_page(&page.doc.relative));
    let of_sections = known.iter().filter_map(|folder| parent_folder(folder));
    let lost: BTreeSet<&str> = of_pages
        .chain(of_sections)
        .filter(|folder| !known.contains(folder))
        .collect();
    for folder in lost {
        findings.push(
            Finding::new(
                level,
                "no-section",
                Place::file(&format!("content/{folder}")),
                "This folder has no `_index.md`, so what is in it is on no list.",
            )
            .help(format!(
                "Run `site-builder new {folder}/_index.md \"Its title\"`. A page that is meant to \
                 stand alone sets `path`."
            )),
        );
    }
}

fn report_home(config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of("no-section") else {
        return;
    };
    // Without any content, that is what was told.
    if findings.iter().any(|finding| finding.code == "no-content") {
        return;
    }
    let sentence = "There is no `content/_index.md`, so the home page is empty.";
    findings.push(
        Finding::new(
            level,
            "no-section",
            Place::file("content/_index.md"),
            sentence,
        )
        .help("Run `site-builder new _index.md \"Its title\"`."),
    );
}

fn relatives(sections: &[Section], at: &[usize]) -> Vec<String> {
    at.iter()
        .map(|&at| sections[at].doc.relative.clone())
        .collect()
}

/// The sections of a folder and all above it, outermost first.
fn sections_down_to(folder: &str, by_folder: &BTreeMap<String, usize>) -> Vec<usize> {
    let mut found: Vec<_> = by_folder.get("").copied().into_iter().collect();
    for (at, _) in folder.match_indices('/').chain([(folder.len(), "")]) {
        if at > 0
            && let Some(&section) = by_folder.get(&folder[..at])
        {
            found.push(section);
        }
    }
    found
}

/// The folder that a content file lies in.
pub(super) fn folder_of(relative: &str) -> &str {
    relative.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder whose section a page belongs to: `a/b/index.md` is a page of `a`.
pub(super) fn folder_of_page(relative: &str) -> &str {
    match relative.strip_suffix("/index.md") {
        Some(own) => folder_of(own),
        None => folder_of(relative),
    }
}

fn parent_folder(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder_of(folder))
}

/// Gives every other file in the content folder to the section directly beside it, and to each page
/// that has this folder, or one above it, to itself.
fn give_assets(library: &mut Library, assets: Vec<AssetFile>) {
    for asset in assets {
        let beside = folder_of(&asset.relative);
        let section = library.index.get(&join(beside, SECTION_FILE)).copied();
        let mut owners: Vec<(String, Id)> = Vec::new();
        owners.extend(section.map(|id| (beside.to_owned(), id)));
        let mut folder = Some(beside);
        while let Some(here) = folder {
            let page = library.index.get(&join(here, "index.md")).copied();
            owners.extend(page.map(|id| (here.to_owned(), id)));
            folder = parent_folder(here);
        }
        for (folder, id) in owners {
            let doc = match id {
                Id::Page(at) => &mut library.pages[at].doc,
                Id::Section(at) => &mut library.sections[at].doc,
            };
            let inside = asset.relative[folder.len()..].trim_start_matches('/');
            let target = format!("{}{inside}", &doc.path[1..]);
            doc.assets.push((target, asset.clone()));
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
