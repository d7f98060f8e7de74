//! What the settings say of lists beyond sections: taxonomies, feeds, and how a list is cut into
//! pagers.
//!
//! Taxonomies and feeds are settings of one language each: [`super::languages`] keeps them.

use std::num::NonZeroUsize;

use tera::{Map, Value};

use super::{Config, Slugify};
use crate::diagnostic::{Finding, Findings, Place};
use crate::document::{Data, Node, Table};
use crate::fields::Fields;
use crate::text::Text;

/// How a list is cut into pagers.
#[derive(Debug, Clone)]
pub(crate) struct Pagination {
    /// `paginate_by`: how many pages there are on a pager.
    pub by: NonZeroUsize,
    /// `paginate_path`, without slashes at its ends; what stands before a pager's number.
    pub path: String,
    /// `paginate_reversed`: the last page of the list comes first.
    pub reversed: bool,
}

impl Pagination {
    /// Reads `paginate_by` and `paginate_path`; nothing or 0 pages a pager means none.
    pub(crate) fn read(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let by = fields.count("paginate_by").and_then(NonZeroUsize::new);
        let path = fields.text("paginate_path");
        Some(Self {
            by: by?,
            path: path.map_or_else(
                || "page".to_owned(),
                |path| path.trim_matches('/').to_owned(),
            ),
            reversed: false,
        })
    }

    /// The path of a pager by its number, for the list at `path`. That of the first, which is the
    /// list itself, leads there.
    pub(crate) fn address(&self, path: &str, number: usize) -> String {
        format!("{}{number}/", self.base(path))
    }

    /// What stands before the numbers of pagers, for the list at `path`.
    pub(crate) fn base(&self, path: &str) -> String {
        if self.path.is_empty() {
            path.to_owned()
        } else {
            format!("{path}{}/", self.path)
        }
    }
}

/// One of `[[taxonomies]]`.
#[derive(Debug, Clone)]
pub(crate) struct TaxonomyConfig {
    /// `name`, by which front matter and templates speak of it.
    pub name: String,
    /// Its part of the address.
    pub slug: String,
    /// How the list of a term is cut.
    pub pagination: Option<Pagination>,
    /// Whether it has pages.
    pub render: bool,
    /// Whether each term has a feed.
    pub feed: bool,
    /// Where it is set.
    pub place: Place,
    /// As templates see it.
    pub value: Value,
}

/// The feeds of a language.
#[derive(Debug, Clone)]
pub(crate) struct Feeds {
    /// `generate_feeds`: whether there is one of all pages, and where that is set.
    pub generate: Option<Place>,
    /// `feed_filenames`, which are templates' names too, and where they are set.
    pub filenames: Vec<(String, Place)>,
}

/// What the settings say of the lists of all languages.
#[derive(Debug, Clone)]
pub(crate) struct Lists {
    /// `taxonomy_root`, without slashes at its ends: the folder that taxonomies are in.
    pub taxonomy_root: Option<String>,
    /// `feed_limit`: how many pages a feed has at most.
    pub feed_limit: Option<usize>,
    /// Whether pagers are in the sitemap (`exclude_paginated_pages_in_sitemap`).
    pub pagers_in_sitemap: bool,
}

impl Lists {
    /// The keys of `config` that templates see of it.
    pub(super) fn to_map(&self) -> Map {
        let excluded = if self.pagers_in_sitemap {
            "none"
        } else {
            "all"
        };
        Map::from_iter([(EXCLUDE_PAGERS.into(), Value::from(excluded))])
    }
}

const EXCLUDE_PAGERS: &str = "exclude_paginated_pages_in_sitemap";

/// Reads what stands at the top of the settings for all languages.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Lists {
    let root = fields.text("taxonomy_root");
    let root = root.map(|root| root.trim_matches('/').to_owned());
    let pagers = fields.choice(EXCLUDE_PAGERS, &[("none", true), ("all", false)]);
    Lists {
        taxonomy_root: root.filter(|root| !root.is_empty()),
        feed_limit: fields.count("feed_limit"),
        pagers_in_sitemap: pagers.unwrap_or(true),
    }
}

/// Reads `generate_feeds`: where it is switched on.
pub(super) fn generate_feeds(text: &Text, fields: &mut Fields<'_, '_>) -> Option<Place> {
    let on = fields.flag("generate_feeds").unwrap_or(false);
    let node = fields.node("generate_feeds").filter(|_| on)?;
    Some(text.place(node.at.clone()))
}

/// Reads `feed_filenames`, if they are set.
pub(super) fn feed_filenames(
    text: &Text,
    fields: &mut Fields<'_, '_>,
) -> Option<Vec<(String, Place)>> {
    fields.texts("feed_filenames");
    let Data::List(items) = &fields.node("feed_filenames")?.data else {
        return None;
    };
    let names = items.iter().filter_map(|item| match &item.data {
        Data::Text(name) => Some((name.clone(), text.place(item.at.clone()))),
        _ => None,
    });
    Some(names.collect())
}

/// Reads the list of taxonomies.
pub(super) fn taxonomies(
    text: &Text,
    node: Option<&Node>,
    slugify: Slugify,
    findings: &mut Findings,
) -> Vec<TaxonomyConfig> {
    let Some(node) = node else {
        return Vec::new();
    };
    let empty = Table::default();
    let wanted = "a list of tables like { name = \"tags\" }";
    let Data::List(items) = &node.data else {
        Fields::new(text, &empty, findings).wrong_type("`taxonomies`", node, wanted);
        return Vec::new();
    };
    let mut read: Vec<TaxonomyConfig> = Vec::new();
    for item in items {
        let Data::Table(table) = &item.data else {
            let each = "Each item of `taxonomies`";
            Fields::new(text, &empty, findings).wrong_type(
                each,
                item,
                "a table like { name = \"tags\" }",
            );
            continue;
        };
        let Some(taxonomy) = taxonomy(text, item, table, slugify, findings) else {
            continue;
        };
        if read.iter().any(|other| other.slug == taxonomy.slug) {
            let sentence = format!("There are two taxonomies `{}`.", taxonomy.name);
            findings.push(
                Finding::error("same-taxonomy", taxonomy.place, sentence)
                    .help("Remove one of them, or give it another name."),
            );
        } else {
            read.push(taxonomy);
        }
    }
    read
}

fn taxonomy(
    text: &Text,
    item: &Node,
    table: &Table,
    slugify: Slugify,
    findings: &mut Findings,
) -> Option<TaxonomyConfig> {
    let mut fields = Fields::new(text, table, findings);
    let name = fields.text("name").unwrap_or_default();
    let slug = fields.text("slug");
    let pagination = Pagination::read(&mut fields);
    let render = fields.flag("render").unwrap_or(true);
    let feed = fields.flag("feed").unwrap_or(false);
    fields.finish("A taxonomy");
    let at = table.get("name").unwrap_or(item).at.clone();
    let place = text.place(at);
    let slug = slugify.apply(slug.as_deref().unwrap_or(&name));
    if slug.is_empty() {
        let sentence = "This taxonomy has no name that an address can be made of.";
        findings.push(
            Finding::error("no-address", place, sentence).help("Add `name = \"tags\"` to it."),
        );
        return None;
    }
    let raw = |key: &str| table.get(key).map_or_else(Value::none, Node::to_value);
    let value = Value::from(Map::from_iter([
        ("name".into(), Value::from(name.as_str())),
        ("slug".into(), Value::from(slug.as_str())),
        ("paginate_by".into(), raw("paginate_by")),
        ("paginate_path".into(), raw("paginate_path")),
        ("render".into(), Value::from(render)),
        ("feed".into(), Value::from(feed)),
    ]));
    Some(TaxonomyConfig {
        name,
        slug,
        pagination,
        render,
        feed,
        place,
        value,
    })
}

impl Config {
    /// The path of a taxonomy's own page; its terms are below it.
    pub(crate) fn taxonomy_path(&self, lang: &str, taxonomy: &TaxonomyConfig) -> String {
        let mut path = self.language_root(lang) + "/";
        let root = self.lists.taxonomy_root.as_deref();
        for part in root.into_iter().chain([taxonomy.slug.as_str()]) {
            path.push_str(part);
            path.push('/');
        }
        path
    }
}
