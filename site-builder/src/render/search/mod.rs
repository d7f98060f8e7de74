//! Search indexes: one for each language that asks for one, under the names that Zola gives them.
//!
//! Owns which pages are in an index, and in which order. Knows no query: scripts of a theme search.
//!
//! In an index is what Zola puts there, but for two things: a section that is not rendered is left
//! out, since a result must lead somewhere, and a page that two sections list is there once. With
//! `synonyms.toml` in the site's folder, an extension of ours, the plain list of pages also has what
//! readers may type for the words of `title` and `description` (`synonyms`) and for those of `body`
//! (`body_synonyms`).
//!
//! `elasticlunr.min.js` is elasticlunr.js 0.9.5 as its authors publish it on npm, under the MIT
//! licence that its first lines name. It is shipped because templates made for Zola load it from
//! the site, and the index is written in its own form; our theme does not use it.

mod elasticlunr;
mod fuse;
mod synonyms;
mod text;

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::faults::Faults;
use super::output::{Origin, Output};
use crate::config::{Config, IndexFormat, Search};
use crate::diagnostic::Finding;
use crate::page::model::{Doc, Library, Page};
use crate::template::reads::Reads;

/// The script library that reads indexes of its kind.
const LIBRARY: &[u8] = include_bytes!("elasticlunr.min.js");

/// A page or section, as far as an index holds it.
struct Item<'a> {
    doc: &'a Doc,
    /// Its text without markup, if that is asked for.
    body: String,
    /// Its date, which a section has none of.
    date: String,
}

/// Makes the indexes.
pub(super) fn render(
    config: &Config,
    library: &Library,
    files: &mut Vec<Output>,
    faults: &mut Faults<'_>,
) {
    let mut script = None;
    for (lang, language) in config.languages() {
        let Some(asked) = &language.index else {
            continue;
        };
        let settings = &config.search(language);
        let path = settings.format.file_name(lang);
        let items = items(library, lang, settings);
        let index = match settings.format {
            IndexFormat::Elasticlunr { .. } => elasticlunr::index(lang, &items, settings),
            IndexFormat::Fuse { .. } => {
                let synonyms = config.synonyms.of(lang);
                Some(fuse::index(&items, settings, synonyms))
            }
        };
        let Some(mut index) = index else {
            let sentence =
                format!("There is no search index of this format for the language `{lang}`.");
            let finding = Finding::error("no-index", asked.clone(), sentence).help(
                "Write `index_format = \"fuse_json\"` below `[search]`: that serves any language.",
            );
            faults.push(finding, &path);
            continue;
        };
        if settings.format.is_script() {
            index.insert_str(0, "window.searchIndex = ");
        }
        let file = |path: &str, bytes: &[u8]| Output {
            path: path.to_owned(),
            bytes: bytes.into(),
            origin: Origin::Search(asked.file.clone()),
            reads: Reads::default(),
        };
        if matches!(settings.format, IndexFormat::Elasticlunr { .. }) {
            script = Some(file("elasticlunr.min.js", LIBRARY));
        }
        files.push(file(&path, index.as_bytes()));
    }
    files.extend(script);
}

/// What is in the index: section by section, each with its pages.
fn items<'a>(library: &'a Library, lang: &str, settings: &Search) -> Vec<Item<'a>> {
    let mut taken = BTreeSet::new();
    let mut docs: Vec<(&Doc, Option<&Page>)> = Vec::new();
    for section in &library.sections {
        if section.doc.lang != lang || !section.in_search_index {
            continue;
        }
        if section.doc.render && section.redirect_to.is_none() {
            docs.push((&section.doc, None));
        }
        for &at in &section.pages {
            let page = &library.pages[at];
            if page.in_search_index && taken.insert(at) {
                docs.push((&page.doc, Some(page)));
            }
        }
    }
    docs.into_par_iter()
        .map(|(doc, page)| Item {
            doc,
            body: body(doc, settings),
            date: page
                .and_then(|page| page.date)
                .map_or_else(String::new, elasticlunr::date),
        })
        .collect()
}

fn body(doc: &Doc, settings: &Search) -> String {
    if !settings.content {
        return String::new();
    }
    text::of(doc.content.html.as_str(), settings.truncate)
}
