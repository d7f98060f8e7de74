//! An index as a plain list of pages, which Fuse.js reads, and every script that can read JSON.

use rayon::prelude::*;
use serde::Serialize;

use super::{Item, synonyms};
use crate::config::{Group, Search};

#[derive(Serialize)]
struct Entry<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    synonyms: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    body_synonyms: String,
}

/// The index as JSON. A field that is asked for is there, if only empty; synonyms are there if there
/// are any.
pub(super) fn index(items: &[Item<'_>], settings: &Search, groups: &[Group]) -> String {
    let entry = |item| entry(item, settings, groups);
    let entries: Vec<_> = items.par_iter().map(entry).collect();
    serde_json::to_string(&entries).unwrap_or_default()
}

fn entry<'a>(item: &'a Item<'_>, settings: &Search, groups: &[Group]) -> Entry<'a> {
    let doc = item.doc;
    let title = doc.title.as_deref().unwrap_or_default();
    let description = doc.description.as_deref().unwrap_or_default();
    let title = settings.title.then_some(title);
    let description = settings.description.then_some(description);
    let shown: Vec<_> = title.into_iter().chain(description).collect();
    Entry {
        url: &doc.permalink,
        title,
        description,
        body: settings.content.then_some(&item.body),
        path: settings.path.then_some(&doc.path),
        synonyms: synonyms::of(&shown, groups),
        body_synonyms: synonyms::of(&[&item.body], groups),
    }
}
