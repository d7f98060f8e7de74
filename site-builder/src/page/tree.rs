//! Putting pages into sections: parents, ancestors, order and siblings, each language by itself.
//!
//! Everything is decided from sorted paths, so the result does not depend on how a folder is read.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::meta;
use super::model::{Doc, Id, Library, Page, Section};
use super::name::{self, Name, folder_of, folder_of_page, parent_folder};
use super::reading;
use super::sort;
use super::{address, assets, folders};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings};
use crate::document::Table;
use crate::parallel;
use crate::source::{AssetFile, ContentFile};
use crate::text::Text;

/// Builds the library from the content files.
pub(super) fn build(
    content: Vec<ContentFile>,
    assets: Vec<AssetFile>,
    config: &Config,
    drafts: bool,
    findings: &mut Findings,
) -> Library {
    let mut library = Library::default();
    let content = name::check(content, config, findings);
    let named = content.into_iter().map(|file| {
        let name = Name::of(&file.relative, config);
        (file, name)
    });
    let (sections, pages): (Vec<_>, Vec<_>) = named.partition(|(_, name)| name.is_section());
    library.sections = sections
        .into_iter()
        .map(|(file, name)| meta::section(file, name, config, findings))
        .collect();
    for (lang, _) in config.languages() {
        let home = name::section_file("", lang, config);
        let mut known = library.sections.iter();
        if !known.any(|section| section.doc.relative == home) {
            folders::report_home(&home, lang, config, findings);
            let name = Name::of(&home, config);
            let section = meta::section(empty_home(home), name, config, findings);
            library.sections.push(section);
        }
    }
    library.pages = parallel::map(pages, findings, |(file, name), findings| {
        read_page(file, name, config, findings)
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
    measure(&mut library);
    index(&mut library, config);
    place(&mut library, config);
    folders::report(&library, config, findings);
    for at in 0..library.sections.len() {
        sort::pages(&mut library, at, findings);
    }
    assets::give(&mut library, assets);
    library
}

/// The site's root is a section in every language, even when nobody wrote a file for it.
fn empty_home(relative: String) -> ContentFile {
    ContentFile {
        text: Text::new(&format!("content/{relative}"), ""),
        relative,
        front: Table::default(),
        intact: false,
        body: 0..0,
    }
}

fn read_page(file: ContentFile, name: Name, config: &Config, findings: &mut Findings) -> Page {
    let meta = meta::page(file, name, config, findings);
    let mut page = meta.page;
    let address = address::page(
        &page.doc.canonical,
        &page.doc.lang,
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
            .help("Rename it, or give it a line `slug`."),
        );
    }
    page.slug = address.slug;
    page.doc.permalink = config.permalink(&address.path);
    page.doc.path = address.path;
    page.date = page.date.or(address.date);
    page
}

/// Counts words. A body that is a template may show its own count, so this comes before bodies.
fn measure(library: &mut Library) {
    let sections = library
        .sections
        .par_iter_mut()
        .map(|section| &mut section.doc);
    let pages = library.pages.par_iter_mut().map(|page| &mut page.doc);
    sections.chain(pages).for_each(|doc| {
        let body = &doc.text.body[doc.body.clone()];
        let (words, minutes) = reading::measure(body, &doc.lang);
        doc.content.words = words;
        doc.content.minutes = minutes;
    });
}

/// Takes out drafts, and all in the same language that lies below a section that is one.
fn remove_drafts(library: &mut Library) {
    let folders: Vec<(String, String)> = library
        .sections
        .iter()
        .filter(|section| section.doc.draft)
        .map(|section| {
            let folder = folder_of(&section.doc.relative).to_owned();
            (folder, section.doc.lang.clone())
        })
        .collect();
    let hidden = |doc: &Doc| {
        let mut above = folders.iter().filter(|(_, lang)| *lang == doc.lang);
        doc.draft
            || above.any(|(folder, _)| {
                folder.is_empty()
                    || doc
                        .relative
                        .strip_prefix(folder.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
            })
    };
    let mut drafts = BTreeMap::new();
    let mut keep = |doc: &Doc| {
        let gone = hidden(doc);
        if gone {
            drafts.insert(doc.relative.clone(), doc.path.clone());
        }
        !gone
    };
    library.sections.retain(|section| keep(&section.doc));
    library.pages.retain(|page| keep(&page.doc));
    library.drafts = drafts;
}

fn index(library: &mut Library, config: &Config) {
    let pages = library.pages.iter().enumerate();
    let sections = library.sections.iter().enumerate();
    library.index = pages
        .map(|(at, page)| (page.doc.relative.clone(), Id::Page(at)))
        .chain(sections.map(|(at, section)| (section.doc.relative.clone(), Id::Section(at))))
        .collect();
    if config.other_languages.is_empty() {
        return;
    }
    let mut translations: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for &id in library.index.values() {
        let canonical = library.doc(id).canonical.clone();
        translations.entry(canonical).or_default().push(id);
    }
    library.translations = translations;
}

/// Sections by their language and folder.
type Folders = BTreeMap<String, BTreeMap<String, usize>>;

fn place(library: &mut Library, config: &Config) {
    let mut folders = Folders::new();
    for (at, section) in library.sections.iter().enumerate() {
        let folder = folder_of(&section.doc.relative).to_owned();
        let of_language = folders.entry(section.doc.lang.clone()).or_default();
        of_language.insert(folder, at);
    }
    // A language without sections has none to look for.
    let none = BTreeMap::new();
    for at in 0..library.sections.len() {
        let doc = &library.sections[at].doc;
        let by_folder = folders.get(&doc.lang).unwrap_or(&none);
        let folder = folder_of(&doc.relative).to_owned();
        let above = parent_folder(&folder);
        let ancestors = above.map(|above| sections_down_to(above, by_folder));
        let ancestors = ancestors.unwrap_or_default();
        let parent = above.and_then(|above| by_folder.get(above)).copied();
        let ancestors = relatives(&library.sections, &ancestors);
        let doc = &mut library.sections[at].doc;
        doc.path = address::section(&folder, &doc.lang, config);
        doc.permalink = config.permalink(&doc.path);
        doc.ancestors = ancestors;
        if let Some(parent) = parent {
            library.sections[parent].subsections.push(at);
        }
    }
    for at in 0..library.pages.len() {
        let doc = &library.pages[at].doc;
        let by_folder = folders.get(&doc.lang).unwrap_or(&none);
        let folder = folder_of_page(&doc.canonical).to_owned();
        let mut list = by_folder.get(&folder).copied();
        library.pages[at].parent = list;
        if list.is_some() {
            let ancestors = sections_down_to(&folder, by_folder);
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
