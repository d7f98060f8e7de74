//! Front matter: which keys a page and a section have, and their types.

use std::ops::Range;

use tera::{Map, Value};

use super::extra;
use super::model::{Content, Doc, Front, Page, PageTerms, Section, SortBy};
use super::name::Name;
use crate::config::{AnchorLinks, Config, Pagination};
use crate::diagnostic::{Findings, Severity};
use crate::document::{Data, Node, Table};
use crate::fields::Fields;
use crate::source::ContentFile;

/// A page as its front matter describes it; its address comes later. `slug` and `path` are
/// returned beside it.
pub(super) struct PageMeta {
    /// The page.
    pub page: Page,
    /// `slug`.
    pub slug: Option<String>,
    /// `path`.
    pub path: Option<String>,
}

/// How many findings there are, and how many errors among them.
fn counts(findings: &Findings) -> (usize, usize) {
    (findings.len(), findings.count(Severity::Error))
}

/// What front matter is, after findings about it were added to those that were counted.
fn judge(front: Front, before: (usize, usize), findings: &Findings) -> Front {
    let (all, errors) = counts(findings);
    let found = if errors > before.1 {
        Front::Broken
    } else if all > before.0 {
        Front::Doubtful
    } else {
        Front::Good
    };
    front.max(found)
}

/// Reads a page's front matter.
pub(super) fn page(
    file: ContentFile,
    name: Name,
    config: &Config,
    findings: &mut Findings,
) -> PageMeta {
    let front = file.front.clone();
    let text = file.text.clone();
    let before = counts(findings);
    let mut fields = Fields::new(&text, &front, findings);
    let mut doc = common(file, name, &mut fields);
    let date = fields.date("date");
    let updated = fields.date("updated");
    let slug = fields.text("slug");
    let path = fields.text("path");
    let authors = fields.texts("authors").unwrap_or_default();
    let taxonomies = taxonomies(&mut fields);
    let in_search_index = fields.flag("in_search_index").unwrap_or(true);
    if path
        .as_ref()
        .is_some_and(|path| path.trim_matches('/').is_empty())
        && let Some(node) = front.get("path")
    {
        fields.report(node, "empty-path", "`path` cannot be empty.".to_owned());
    }
    fields.below_extra(&config.extra_fields);
    fields.finish_at(config.checks.levels.of("unknown-key"), "A page");
    extra::check(&mut doc, &front, config, findings);
    doc.front = judge(doc.front, before, findings);
    extra::check_lists(&doc, &front, config, findings);
    PageMeta {
        page: Page {
            doc,
            slug: String::new(),
            date,
            updated,
            authors,
            taxonomies,
            in_search_index,
            apart: path.is_some(),
            parent: None,
            lower: None,
            higher: None,
        },
        slug,
        path,
    }
}

/// Reads a section's front matter.
pub(super) fn section(
    file: ContentFile,
    name: Name,
    config: &Config,
    findings: &mut Findings,
) -> Section {
    let front = file.front.clone();
    let text = file.text.clone();
    let before = counts(findings);
    let mut fields = Fields::new(&text, &front, findings);
    let mut doc = common(file, name, &mut fields);
    let sort_by = fields.choice(
        "sort_by",
        &[
            ("date", SortBy::Date),
            ("update_date", SortBy::UpdateDate),
            ("title", SortBy::Title),
            ("title_bytes", SortBy::TitleBytes),
            ("weight", SortBy::Weight),
            ("slug", SortBy::Slug),
            ("permalink", SortBy::Permalink),
            ("none", SortBy::None),
        ],
    );
    let anchor_links = fields.choice(
        "insert_anchor_links",
        &[
            ("none", AnchorLinks::None),
            ("left", AnchorLinks::Left),
            ("right", AnchorLinks::Right),
            ("heading", AnchorLinks::Heading),
        ],
    );
    let page_template = placed_text(&mut fields, "page_template");
    let redirect_to = fields.text("redirect_to");
    let transparent = fields.flag("transparent").unwrap_or(false);
    let reversed = fields.flag("paginate_reversed").unwrap_or(false);
    let pagination = Pagination::read(&mut fields).map(|pagination| Pagination {
        reversed,
        ..pagination
    });
    let generate_feeds = fields.flag("generate_feeds").unwrap_or(false);
    let generate_feeds = fields
        .node("generate_feeds")
        .filter(|_| generate_feeds)
        .map(|node| node.at.clone());
    let in_search_index = fields.flag("in_search_index").unwrap_or(true);
    fields.below_extra(&config.extra_fields);
    fields.finish_at(config.checks.levels.of("unknown-key"), "A section");
    extra::check(&mut doc, &front, config, findings);
    doc.front = judge(doc.front, before, findings);
    extra::check_lists(&doc, &front, config, findings);
    Section {
        doc,
        sort_by: sort_by.unwrap_or(SortBy::None),
        page_template,
        anchor_links,
        redirect_to,
        transparent,
        pagination,
        generate_feeds,
        in_search_index,
        pages: Vec::new(),
        subsections: Vec::new(),
    }
}

fn common(file: ContentFile, name: Name, fields: &mut Fields<'_, '_>) -> Doc {
    let title = fields.text("title");
    let description = fields.text("description");
    let weight = fields.integer("weight");
    let draft = fields.flag("draft").unwrap_or(false);
    let render = fields.flag("render").unwrap_or(true);
    let template = placed_text(fields, "template");
    let aliases = placed_texts(fields, "aliases");
    let extra_at = fields.node("extra").map(|node| node.at.clone());
    let extra = fields.table("extra");
    let mut references = Vec::new();
    if let Some(extra) = extra {
        collect_references(extra, &mut references);
    }
    Doc {
        relative: file.relative,
        canonical: name.canonical,
        lang: name.lang,
        text: file.text,
        body: file.body,
        front: if file.intact {
            Front::Good
        } else {
            Front::Broken
        },
        title,
        description,
        weight,
        draft,
        render,
        template,
        aliases,
        extra: extra.map_or_else(|| Value::from(Map::new()), Table::to_value),
        extra_at,
        references,
        path: String::new(),
        permalink: String::new(),
        ancestors: Vec::new(),
        assets: Vec::new(),
        content: Content::default(),
    }
}

/// `[taxonomies]`: a list of terms for each taxonomy's name.
fn taxonomies(fields: &mut Fields<'_, '_>) -> Vec<PageTerms> {
    let entries = fields
        .table("taxonomies")
        .map_or(&[][..], |table| &table.entries);
    let mut read = Vec::new();
    for entry in entries {
        let mut terms = Vec::new();
        let items = if let Data::List(items) = &entry.node.data {
            &items[..]
        } else {
            let what = format!("`{}`", entry.key);
            fields.wrong_type(&what, &entry.node, "a list of terms");
            &[]
        };
        for item in items {
            match &item.data {
                Data::Text(term) if term.trim().is_empty() => {
                    let sentence = format!("A term of `{}` cannot be empty.", entry.key);
                    fields.report(item, "empty-term", sentence);
                }
                Data::Text(term) => terms.push((term.clone(), item.at.clone())),
                _ => {
                    let what = format!("Each term of `{}`", entry.key);
                    fields.wrong_type(&what, item, "text in quotes");
                }
            }
        }
        read.push(PageTerms {
            taxonomy: (entry.key.clone(), entry.key_at.clone()),
            terms,
        });
    }
    read
}

fn placed_text(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<(String, Range<usize>)> {
    let text = fields.text(key)?;
    let node = fields.node(key)?;
    Some((text, node.at.clone()))
}

fn placed_texts(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<(String, Range<usize>)> {
    fields.texts(key);
    let Some(Node {
        data: Data::List(items),
        ..
    }) = fields.node(key)
    else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| match &item.data {
            Data::Text(text) => Some((text.clone(), item.at.clone())),
            _ => None,
        })
        .collect()
}

fn collect_references(table: &Table, found: &mut Vec<(String, Range<usize>)>) {
    for entry in &table.entries {
        collect_in_node(&entry.node, found);
    }
}

fn collect_in_node(node: &Node, found: &mut Vec<(String, Range<usize>)>) {
    match &node.data {
        Data::Text(text) if text.starts_with("@/") => found.push((text.clone(), node.at.clone())),
        Data::List(items) => {
            for item in items {
                collect_in_node(item, found);
            }
        }
        Data::Table(table) => collect_references(table, found),
        _ => {}
    }
}
