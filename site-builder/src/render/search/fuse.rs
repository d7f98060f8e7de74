//! An index as a plain list of pages, which Fuse.js reads, and every script that can read JSON.

use serde::Serialize;

use super::Item;
use crate::config::Search;

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
}

/// The index as JSON. A field that is asked for is there, if only empty.
pub(super) fn index(items: &[Item<'_>], settings: &Search) -> String {
    let entries = items.iter().map(|item| {
        let doc = item.doc;
        Entry {
            url: &doc.permalink,
            title: settings
                .title
                .then_some(doc.title.as_deref().unwrap_or_default()),
            description: settings
                .description
                .then_some(doc.description.as_deref().unwrap_or_default()),
            body: settings.content.then_some(&item.body),
            path: settings.path.then_some(&doc.path),
        }
    });
    serde_json::to_string(&entries.collect::<Vec<_>>()).unwrap_or_default()
}
