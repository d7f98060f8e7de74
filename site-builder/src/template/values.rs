//! Pages and sections as templates see them.
//!
//! What `get_page` and `get_section` give is made once and shared: handing it to a template copies a
//! pointer. Whatever only a section's own pages see is made when they are rendered, and let go after
//! them (`together`).
//!
//! Keys and their meaning are Zola's (its documentation, "Sections and Pages").

mod together;

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use tera::value::Key;
use tera::{Map, Value};
use toml::value::Datetime;

use self::together::Rendering;
use super::packed::{Keys, Packed};
use super::reads::note;
use super::taxonomies::{self, TaxonomyValues};
use crate::markdown::Heading;
use crate::page::model::{Doc, Front, Id, Library, Page, Section};
use crate::page::name;

/// The values of all pages and sections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(super) pages: Vec<PageValue>,
    pub(super) keys: Keys,
    pub(super) sections: Vec<SectionValue>,
    /// Taxonomies, in the order of the library.
    pub taxonomies: Vec<TaxonomyValues>,
    index: BTreeMap<String, Id>,
    rendering: Rendering,
}

#[derive(Debug, Clone)]
pub(super) struct PageValue {
    /// As its neighbours have it, which show none of its own.
    pub(super) alone: Packed,
    lower: Option<usize>,
    higher: Option<usize>,
    /// As lists have it, with its neighbours.
    pub(super) listed: OnceLock<Value>,
}

#[derive(Debug, Clone)]
pub(super) struct SectionValue {
    pub(super) without_pages: Value,
    pages: Vec<usize>,
    pub(super) with_pages: OnceLock<Value>,
}

impl Values {
    /// Makes the values of everything in the library, as far as it has been built.
    pub(crate) fn new(library: &Library) -> Self {
        let links = backlinks(library);
        let pages = library.pages.par_iter();
        let pages = pages.map(|page| PageValue {
            alone: Packed::new(page_entries(page, library, &links), &page.doc.content.toc),
            lower: page.lower,
            higher: page.higher,
            listed: OnceLock::new(),
        });
        let sections = library.sections.par_iter().map(|section| SectionValue {
            without_pages: Value::from(section_map(section, library, &links)),
            pages: section.pages.clone(),
            with_pages: OnceLock::new(),
        });
        let any = library.pages.first();
        let mut values = Self {
            pages: pages.collect(),
            keys: any.map_or_else(Keys::default, |page| {
                Keys::of(page_entries(page, library, &links))
            }),
            sections: sections.collect(),
            taxonomies: Vec::new(),
            index: library.index.clone(),
            rendering: Rendering::default(),
        };
        let taxonomies = library.taxonomies.iter();
        values.taxonomies = taxonomies
            .map(|taxonomy| TaxonomyValues::new(taxonomy, |at| values.listed(at)))
            .collect();
        values
    }

    /// A page as lists have it, by its place in the library.
    pub(crate) fn listed(&self, page: usize) -> Value {
        note_doc(Id::Page(page));
        let listed = &self.pages[page].listed;
        let made =
            || self.with_neighbours(self.alone(page), page, |neighbour| self.alone(neighbour));
        listed.get_or_init(made).clone()
    }

    /// A page as its neighbours have it.
    fn alone(&self, page: usize) -> Value {
        Value::from(self.pages[page].alone.map(&self.keys))
    }

    fn with_neighbours(&self, value: Value, page: usize, alone: impl Fn(usize) -> Value) -> Value {
        let PageValue { lower, higher, .. } = self.pages[page];
        let mut map = match value.as_map() {
            Some(map) if lower.is_some() || higher.is_some() => map.clone(),
            _ => return value,
        };
        for (key, at) in [("lower", lower), ("higher", higher)] {
            map.insert(key.into(), at.map_or_else(Value::none, &alone));
        }
        Value::from(map)
    }

    fn with_pages(&self, section: usize, page: impl Fn(usize) -> Value) -> Value {
        let section = &self.sections[section];
        let mut map = section.without_pages.as_map().cloned().unwrap_or_default();
        let pages = section.pages.iter().map(|&at| page(at));
        map.insert("pages".into(), Value::from(pages.collect::<Vec<_>>()));
        Value::from(map)
    }

    /// The page with this path in the content folder.
    pub(crate) fn page(&self, relative: &str) -> Option<Value> {
        match *self.index.get(relative)? {
            Id::Page(at) => Some(self.listed(at)),
            Id::Section(_) => None,
        }
    }

    /// The section with this path in the content folder, with its pages or without.
    pub(crate) fn section(&self, relative: &str, with_pages: bool) -> Option<Value> {
        let Id::Section(at) = *self.index.get(relative)? else {
            return None;
        };
        Some(self.section_value(at, with_pages))
    }

    fn section_value(&self, at: usize, with_pages: bool) -> Value {
        let section = &self.sections[at];
        if !with_pages {
            note_doc(Id::Section(at));
            return section.without_pages.clone();
        }
        note_list(at);
        let made = || self.with_pages(at, |page| self.listed(page));
        match self.rendering.section(at) {
            Some(together) if section.with_pages.get().is_none() => self.list(at, &together),
            _ => section.with_pages.get_or_init(made).clone(),
        }
    }
}

fn note_doc(id: Id) {
    note(|reads| {
        reads.docs.insert(id);
    });
}

fn note_list(section: usize) {
    note(|reads| {
        reads.lists.insert(section);
    });
}

type Backlinks = BTreeMap<String, BTreeMap<String, Value>>;

/// Who links to each page through `@/`, sorted by address.
fn backlinks(library: &Library) -> Backlinks {
    let mut found = Backlinks::new();
    for doc in library.docs() {
        for link in &doc.content.links {
            let Some(target) = link.written.strip_prefix("@/") else {
                continue;
            };
            let target = target.split('#').next().unwrap_or_default();
            let target = percent_decode_str(target).decode_utf8_lossy();
            let entry = Map::from_iter([
                ("permalink".into(), Value::from(doc.permalink.as_str())),
                ("title".into(), optional(title(doc))),
            ]);
            found
                .entry(target.into_owned())
                .or_default()
                .insert(doc.permalink.clone(), Value::from(entry));
        }
    }
    found
}

/// The title; where it cannot be read the file's name, so that no list has a link without words.
fn title(doc: &Doc) -> Option<&str> {
    let name = (doc.front == Front::Broken).then_some(doc.relative.as_str());
    doc.title.as_deref().or(name)
}

/// What pages and sections have in common. A map that is made of all its entries at once has room for
/// those and no more.
fn entries(doc: &Doc, library: &Library, links: &Backlinks) -> [(Key<'static>, Value); 16] {
    let content = &doc.content;
    let backlinks = links.get(&doc.relative).into_iter();
    let backlinks = backlinks.flat_map(|from| from.values().cloned());
    [
        ("relative_path".into(), Value::from(doc.relative.as_str())),
        ("content".into(), content.html.value()),
        ("permalink".into(), Value::from(doc.permalink.as_str())),
        ("path".into(), Value::from(doc.path.as_str())),
        ("components".into(), list(doc.components().map(Value::from))),
        (
            "ancestors".into(),
            list(doc.ancestors.iter().map(|path| Value::from(path.as_str()))),
        ),
        ("title".into(), optional(title(doc))),
        ("description".into(), optional(doc.description.as_deref())),
        ("draft".into(), Value::from(doc.draft)),
        ("extra".into(), doc.extra.clone()),
        ("toc".into(), Value::none()),
        ("word_count".into(), Value::from(content.words)),
        ("reading_time".into(), Value::from(content.minutes)),
        ("lang".into(), Value::from(doc.lang.as_str())),
        ("translations".into(), translations(doc, library)),
        ("backlinks".into(), list(backlinks)),
    ]
}

fn page_entries(
    page: &Page,
    library: &Library,
    links: &Backlinks,
) -> impl Iterator<Item = (Key<'static>, Value)> {
    let authors = page.authors.iter();
    let authors = authors.map(|name| Value::from(name.as_str()));
    let (year, month, day) = page.date.and_then(|date| date.date).map_or_else(
        || (Value::none(), Value::none(), Value::none()),
        |date| {
            (
                Value::from(date.year),
                Value::from(date.month),
                Value::from(date.day),
            )
        },
    );
    let colocated = name::colocated(&page.doc.canonical);
    let assets = page.doc.assets.iter();
    let assets = assets.map(|(_, file)| format!("/{}", file.relative));
    let own = [
        ("colocated_path".into(), optional(colocated)),
        ("assets".into(), paths(assets.collect())),
        ("slug".into(), Value::from(page.slug.as_str())),
        ("date".into(), date(page.date)),
        ("updated".into(), date(page.updated)),
        ("year".into(), year),
        ("month".into(), month),
        ("day".into(), day),
        ("authors".into(), list(authors)),
        ("taxonomies".into(), taxonomies::of_page(page)),
        (
            "summary".into(),
            (page.doc.content.summary.clone()).unwrap_or_else(Value::none),
        ),
        ("lower".into(), Value::none()),
        ("higher".into(), Value::none()),
    ];
    entries(&page.doc, library, links).into_iter().chain(own)
}

fn section_map(section: &Section, library: &Library, links: &Backlinks) -> Map {
    let subsections: Vec<_> = section
        .subsections
        .iter()
        .map(|&at| Value::from(library.sections[at].doc.relative.as_str()))
        .collect();
    let pagination = section.pagination.as_ref();
    let by = pagination.map(|pagination| pagination.by.get());
    let reversed = pagination.is_some_and(|pagination| pagination.reversed);
    let assets = section.doc.assets.iter();
    let assets = assets.map(|(target, _)| format!("/{target}"));
    let own = [
        ("colocated_path".into(), Value::none()),
        ("assets".into(), paths(assets.collect())),
        ("pages".into(), Value::from(Vec::<Value>::new())),
        ("subsections".into(), Value::from(subsections)),
        (
            "generate_feeds".into(),
            Value::from(section.generate_feeds.is_some()),
        ),
        ("transparent".into(), Value::from(section.transparent)),
        ("paginate_by".into(), Value::from(by)),
        ("paginate_reversed".into(), Value::from(reversed)),
    ];
    let toc = headings(&section.doc.content.toc, &section.doc.permalink);
    let entries = entries(&section.doc, library, links).into_iter();
    entries.chain(own).chain([("toc".into(), toc)]).collect()
}

/// A page or section in all its languages, as far as one can get there.
fn translations(doc: &Doc, library: &Library) -> Value {
    let all = library.translations(doc);
    let shown = all.filter_map(|id| {
        let doc = library.doc(id);
        (doc.render || matches!(id, Id::Section(_))).then_some(doc)
    });
    let shown = shown.map(|doc| {
        Value::from(Map::from_iter([
            ("lang".into(), Value::from(doc.lang.as_str())),
            ("permalink".into(), Value::from(doc.permalink.as_str())),
            ("title".into(), optional(title(doc))),
            ("path".into(), Value::from(doc.relative.as_str())),
        ]))
    });
    list(shown)
}

/// Paths in the order of their letters, without regard to case.
fn paths(mut paths: Vec<String>) -> Value {
    paths.sort_by_cached_key(|path| path.to_ascii_lowercase());
    list(paths.into_iter().map(Value::from))
}

/// The table of contents of the page with this address.
pub(super) fn headings(toc: &[Heading], page: &str) -> Value {
    let heading = |heading: &Heading| {
        let address = format!("{page}#{}", heading.id);
        Value::from(Map::from_iter([
            ("level".into(), Value::from(heading.level)),
            ("id".into(), Value::from(heading.id.as_str())),
            ("permalink".into(), Value::from(address)),
            ("title".into(), Value::from(heading.title.as_str())),
            ("children".into(), headings(&heading.children, page)),
        ]))
    };
    list(toc.iter().map(heading))
}

/// A list. Most that a page has are empty, and those are one.
fn list(items: impl Iterator<Item = Value>) -> Value {
    static EMPTY: LazyLock<Value> = LazyLock::new(|| Value::from(Vec::<Value>::new()));
    let items: Vec<Value> = items.collect();
    if items.is_empty() {
        EMPTY.clone()
    } else {
        Value::from(items)
    }
}

fn date(date: Option<Datetime>) -> Value {
    date.map_or_else(Value::none, |date| Value::from(date.to_string()))
}

pub(super) fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}
