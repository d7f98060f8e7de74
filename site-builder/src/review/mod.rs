//! What is due for review, and who looks after it.
//!
//! A page is due on its `review_by`. Whoever looks after it is the `owner` under its own `[extra]`;
//! else its `authors`; else the `owner` of the nearest section above, so that one line in a topic's
//! `_index.md` speaks for all of it, and for its translations unless theirs say otherwise. Owns that
//! order and the list; [`table`] and [`calendar`] own how it looks. Knows neither the clock nor any
//! stream.

pub(crate) mod calendar;
pub(crate) mod table;

use jiff::civil::Date;
use tera::Value;

use crate::BuildOptions;
use crate::check::{REVIEW_BY, review_date};
use crate::diagnostic::Findings;
use crate::page;
use crate::page::model::{Doc, Id, Library};
use crate::source;

/// The key under `[extra]` that names who looks after a page, or after all that a section holds.
const OWNER: &str = "owner";

/// A page or section that is to be read through again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    /// The day.
    pub by: Date,
    /// Path in the content folder.
    pub relative: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Who looks after it.
    pub owners: Vec<String>,
}

/// Everything with a day for its review, the earliest first. Nothing is returned when there are no
/// settings to go by; a file that cannot be read is among the findings.
pub(crate) fn due(options: &BuildOptions, findings: &mut Findings) -> Option<Vec<Due>> {
    let source = source::read(options, findings)?;
    let skipped = source.config.checks.skip_pages.clone();
    let original = source.config.default_language.clone();
    let library = page::outline(source, findings);
    let mut due: Vec<Due> = library
        .docs()
        .filter(|doc| !skipped.is_match(&doc.relative))
        .filter_map(|doc| {
            Some(Due {
                by: review_date(doc, REVIEW_BY)?,
                relative: doc.relative.clone(),
                title: doc.title.clone().unwrap_or_default(),
                url: doc.permalink.clone(),
                owners: owners(doc, &library, &original),
            })
        })
        .collect();
    due.sort();
    Some(due)
}

fn owners(doc: &Doc, library: &Library, original: &str) -> Vec<String> {
    let own = owner(&doc.extra);
    if !own.is_empty() {
        return own;
    }
    if let Some(Id::Page(at)) = library.index.get(&doc.relative)
        && !library.pages[*at].authors.is_empty()
    {
        return library.pages[*at].authors.clone();
    }
    let above = doc.ancestors.iter().rev();
    let above = above.filter_map(|section| library.find(section));
    std::iter::once(doc)
        .chain(above)
        .flat_map(|doc| library.in_all_languages(doc))
        .filter(|other| other.lang == doc.lang || other.lang == original)
        .map(|other| owner(&other.extra))
        .find(|owners| !owners.is_empty())
        .unwrap_or_default()
}

fn owner(extra: &Value) -> Vec<String> {
    let named = extra.get_from_path(OWNER);
    let name = named.and_then(Value::as_str).map(str::trim);
    name.filter(|name| !name.is_empty())
        .map(str::to_owned)
        .into_iter()
        .collect()
}
