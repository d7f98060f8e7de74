//! From a fault in the output back to where a person can mend it.

use std::collections::BTreeMap;

use crate::diagnostic::Place;
use crate::page::model::{Doc, Link};
use crate::render::{Origin, Output, Rendered};

/// The file that an output comes from, as findings name it.
pub(super) fn file(output: &Output) -> String {
    match &output.origin {
        Origin::Document(relative)
        | Origin::Pager(relative)
        | Origin::Redirect { from: relative, .. } => {
            format!("content/{relative}")
        }
        Origin::Taxonomy(file)
        | Origin::Template(file)
        | Origin::Search(file)
        | Origin::Copy(file) => file.clone(),
    }
}

/// Where a content file asks for the aliases that became this path.
pub(super) fn aliases(doc: &Doc, path: &str) -> impl Iterator<Item = Place> {
    let wanted = path.strip_suffix("/index.html").unwrap_or(path);
    doc.aliases
        .iter()
        .filter(move |(alias, _)| alias.trim_matches('/') == wanted)
        .map(|(_, at)| doc.text.place(at.clone()))
}

/// Every link that editors wrote in Markdown, by the address that it became.
pub(super) struct Written<'a> {
    by_address: BTreeMap<&'a str, ByFile<'a>>,
}

/// Links by the content file that they stand in.
type ByFile<'a> = BTreeMap<&'a str, Vec<(&'a Doc, &'a Link)>>;

impl<'a> Written<'a> {
    /// Collects the links of all bodies.
    pub(super) fn new(rendered: &'a Rendered) -> Self {
        let mut by_address: BTreeMap<_, ByFile<'a>> = BTreeMap::new();
        for doc in rendered.library.docs() {
            for link in &doc.content.links {
                by_address
                    .entry(link.address.as_str())
                    .or_default()
                    .entry(doc.relative.as_str())
                    .or_default()
                    .push((doc, link));
            }
        }
        Self { by_address }
    }

    /// The links that an address on an output can come from: those of its own body, else those of
    /// any body, because a list may show another page's text.
    pub(super) fn find(&self, address: &str, output: &Output) -> Vec<(&'a Doc, &'a Link)> {
        let Some(of_docs) = self.by_address.get(address) else {
            return Vec::new();
        };
        if let Origin::Document(relative) | Origin::Pager(relative) = &output.origin
            && let Some(own) = of_docs.get(relative.as_str())
        {
            return own.clone();
        }
        of_docs.values().flatten().copied().collect()
    }
}

/// Where an address that no Markdown holds was probably written.
pub(super) fn address(rendered: &Rendered, output: &Output, address: &str) -> Place {
    let inside = address.strip_prefix(&rendered.config.base_url);
    let spellings = [
        Some(address),
        inside,
        inside.map(|rest| rest.trim_matches('/')),
    ];
    let quoted = spellings
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .flat_map(|text| [format!("\"{text}\""), format!("'{text}'")]);
    mention(rendered, output, quoted)
}

/// Where an id that is on a page twice was probably written the second time.
pub(super) fn id(rendered: &Rendered, output: &Output, id: &str) -> Place {
    let spellings = [
        format!("id=\"{id}\""),
        format!("id='{id}'"),
        format!("{{#{id}"),
    ];
    mention(rendered, output, spellings)
}

/// Where an element such as `<dialog>`, an attribute or an attribute's value was probably written.
pub(super) fn markup(rendered: &Rendered, output: &Output, shown: &str) -> Place {
    let spellings = match shown.strip_suffix('>') {
        Some(start) => vec![start.to_owned()],
        None => vec![
            format!("\"{shown}\""),
            format!(" {shown}="),
            format!(" {shown}>"),
            format!(" {shown} "),
        ],
    };
    mention(rendered, output, spellings)
}

/// The last mention of one of these texts in the page's own file, else in the templates; the page
/// as a whole when there is none.
fn mention(
    rendered: &Rendered,
    output: &Output,
    spellings: impl IntoIterator<Item = String>,
) -> Place {
    let doc = match &output.origin {
        Origin::Document(relative)
        | Origin::Pager(relative)
        | Origin::Redirect { from: relative, .. } => rendered.library.find(relative),
        _ => None,
    };
    let own = doc.map(|doc| &doc.text);
    for spelling in spellings {
        for text in own.into_iter().chain(rendered.engine.sources()) {
            if let Some(at) = text.body.rfind(&spelling) {
                return text.place(at..at + spelling.len());
            }
        }
    }
    match doc {
        Some(doc) => doc.text.whole(),
        None => Place::file(&file(output)),
    }
}
