//! What stage 2 knows of each page and section once everything is in place.
//!
//! Owns the types only. Pages and sections refer to each other by index into [`Library`]; indexes
//! are in the order of paths, so nothing depends on the order in which files were found.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::Value;
use toml::value::Datetime;

use super::html::Html;
pub(crate) use super::taxonomy::{Taxonomy, Term};
use crate::config::{AnchorLinks, Pagination};
use crate::markdown::Heading;
use crate::source::AssetFile;
use crate::template::reads::Reads;
use crate::text::Text;

/// All pages and sections.
#[derive(Debug, Default)]
pub(crate) struct Library {
    /// Pages, sorted by path.
    pub pages: Vec<Page>,
    /// Sections, sorted by path.
    pub sections: Vec<Section>,
    /// Taxonomies, in the order of the settings.
    pub taxonomies: Vec<Taxonomy>,
    /// Where each content file went, by its path in the content folder.
    pub index: BTreeMap<String, Id>,
    /// On a site in several languages, each content file with its translations, by canonical path.
    /// A file's translations are in the order of their paths, and the file is among them.
    pub translations: BTreeMap<String, Vec<Id>>,
    /// Drafts that were left out, by path in the content folder, each with the path of the address
    /// that it would have.
    pub drafts: BTreeMap<String, String>,
}

/// A page or a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Id {
    /// Index into [`Library::pages`].
    Page(usize),
    /// Index into [`Library::sections`].
    Section(usize),
}

impl Library {
    /// What a path such as `faq/_index.md` names.
    pub(crate) fn find(&self, relative: &str) -> Option<&Doc> {
        Some(self.doc(*self.index.get(relative)?))
    }

    /// What pages and sections have in common, of one.
    pub(crate) fn doc(&self, id: Id) -> &Doc {
        match id {
            Id::Page(at) => &self.pages[at].doc,
            Id::Section(at) => &self.sections[at].doc,
        }
    }

    /// The same, to change it.
    pub(super) fn doc_mut(&mut self, id: Id) -> &mut Doc {
        match id {
            Id::Page(at) => &mut self.pages[at].doc,
            Id::Section(at) => &mut self.sections[at].doc,
        }
    }

    /// A page or section with all its translations, itself among them, by path; none on a site in one
    /// language.
    pub(crate) fn translations(&self, doc: &Doc) -> impl Iterator<Item = Id> {
        let all = self.translations.get(&doc.canonical);
        all.into_iter().flatten().copied()
    }

    /// A page or section, and what translates it.
    pub(crate) fn in_all_languages<'a>(&'a self, doc: &'a Doc) -> impl Iterator<Item = &'a Doc> {
        let others = self.translations(doc).map(|id| self.doc(id));
        let others = others.filter(|other| other.lang != doc.lang);
        std::iter::once(doc).chain(others)
    }

    /// The draft that would be at a path, with or without slashes at its ends.
    pub(crate) fn draft_at(&self, path: &str) -> Option<&str> {
        let path = path.trim_matches('/');
        let mut drafts = self.drafts.iter();
        let (draft, _) = drafts.find(|(_, address)| address.trim_matches('/') == path)?;
        Some(draft)
    }

    /// Pages and sections whose front matter is not known in full. What others lack may be there.
    pub(crate) fn broken(&self) -> impl Iterator<Item = &Doc> {
        let is_broken = |doc: &&Doc| doc.front == Front::Broken && !doc.text.body.is_empty();
        self.docs().filter(is_broken)
    }

    /// Whether front matter that cannot be read may make a page of this path: its last part stands
    /// there, as an alias, a `slug` or a term.
    pub(crate) fn may_make(&self, path: &str) -> bool {
        let last = path.trim_end_matches('/').rsplit('/').next();
        let last = slug::slugify(last.unwrap_or_default());
        let mut fronts = self.broken().map(Doc::front_text);
        // What quotes, brackets and signs part is a value, or the name before it.
        let parts = |c: char| "\"'“”‘’[]{},=:\n".contains(c);
        fronts.any(|front| {
            let mut values = front.split(parts).map(str::trim);
            values.any(|value| {
                let value = value.trim_start_matches("- ").trim_end_matches('/');
                slug::slugify(value.rsplit('/').next().unwrap_or(value)) == last
            })
        })
    }

    /// Pages and sections alike.
    pub(crate) fn docs(&self) -> impl Iterator<Item = &Doc> {
        let sections = self.sections.iter().map(|section| &section.doc);
        sections.chain(self.pages.iter().map(|page| &page.doc))
    }
}

/// What pages and sections have in common.
#[derive(Debug)]
pub(crate) struct Doc {
    /// Path in the content folder.
    pub relative: String,
    /// The same without language and ending: what all translations share.
    pub canonical: String,
    /// The code of its language.
    pub lang: String,
    /// The content file.
    pub text: Text,
    /// Byte range of the body in it.
    pub body: Range<usize>,
    /// What was found about its front matter.
    pub front: Front,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `weight`.
    pub weight: Option<i64>,
    /// `draft`.
    pub draft: bool,
    /// `render`.
    pub render: bool,
    /// `template`, and where it stands.
    pub template: Option<(String, Range<usize>)>,
    /// `aliases`, and where they stand.
    pub aliases: Vec<(String, Range<usize>)>,
    /// `[extra]`.
    pub extra: Value,
    /// Where `[extra]` stands.
    pub extra_at: Option<Range<usize>>,
    /// Texts in `[extra]` that start with `@/`, and where they stand.
    pub references: Vec<(String, Range<usize>)>,
    /// Path of the address, such as `/faq/`.
    pub path: String,
    /// The full address.
    pub permalink: String,
    /// The sections above, outermost first, by path in the content folder.
    pub ancestors: Vec<String>,
    /// Files beside the page, with their path in the output.
    pub assets: Vec<(String, AssetFile)>,
    /// The rendered body.
    pub content: Content,
}

/// What was found about front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Front {
    /// Nothing, so that what it lacks is worth a finding.
    Good,
    /// Something that does not keep a template from rendering it.
    Doubtful,
    /// An error: what a template makes of it would only repeat that.
    Broken,
}

impl Doc {
    /// The line of the front matter that gives a key.
    pub(crate) fn line_of(&self, key: &str) -> Option<Range<usize>> {
        let mut at = 0;
        for line in self.text.body[..self.body.start].split_inclusive('\n') {
            let rest = line.trim_start().strip_prefix(key).map(str::trim_start);
            if rest.is_some_and(|rest| rest.starts_with(['=', ':'])) {
                let start = at + (line.len() - line.trim_start().len());
                return Some(start..at + line.trim_end().len());
            }
            at += line.len();
        }
        None
    }

    /// The text as Markdown, once template syntax was done.
    pub(crate) fn markdown(&self) -> &str {
        match &self.content.templated {
            Some(source) => source,
            None => &self.text.body[self.body.clone()],
        }
    }

    /// The path of the address, split at `/`.
    pub(crate) fn components(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter(|part| !part.is_empty())
    }

    /// What stands above the text.
    pub(crate) fn front_text(&self) -> &str {
        &self.text.body[..self.body.start]
    }

    /// The folder of the output that the page's file goes to, without slashes at its ends.
    pub(crate) fn folder(&self) -> &str {
        self.path.trim_matches('/')
    }
}

/// A rendered body.
#[derive(Debug)]
pub(crate) struct Content {
    /// The whole body, as HTML.
    pub html: Html,
    /// The Markdown, where template syntax made another of it than what is in the file.
    pub templated: Option<String>,
    /// What it asked for as a template, where that is kept.
    pub reads: Reads,
    /// What stands before `<!-- more -->`.
    pub summary: Option<Value>,
    /// The table of contents.
    pub toc: Arc<[Heading]>,
    /// Every link and image of the body.
    pub links: Vec<Link>,
    /// Whether a comment without an end hides what is behind it, and that was told as an error.
    pub is_cut: bool,
    /// Words in the body.
    pub words: usize,
    /// Minutes it takes to read, rounded up.
    pub minutes: usize,
}

impl Default for Content {
    /// The body of a page that has none yet.
    fn default() -> Self {
        Self {
            html: Html::new(String::new()),
            templated: None,
            reads: Reads::default(),
            summary: None,
            toc: Arc::default(),
            links: Vec::new(),
            is_cut: false,
            words: 0,
            minutes: 0,
        }
    }
}

/// A link in a body: what it became in the HTML, and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// The address in the HTML.
    pub address: String,
    /// What the editor wrote.
    pub written: String,
    /// Byte range in the content file.
    pub at: Range<usize>,
    /// Whether a finding about it exists already.
    pub reported: bool,
}

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// What it has in common with sections.
    pub doc: Doc,
    /// The last part of its address.
    pub slug: String,
    /// `date`, or the one in the file's name.
    pub date: Option<Datetime>,
    /// `updated`.
    pub updated: Option<Datetime>,
    /// `authors`.
    pub authors: Vec<String>,
    /// `[taxonomies]`.
    pub taxonomies: Vec<PageTerms>,
    /// `in_search_index`.
    pub in_search_index: bool,
    /// Whether `path` gives it an address apart from its folder, so that it needs no section.
    pub apart: bool,
    /// The section whose list it is in.
    pub parent: Option<usize>,
    /// The page before it in that list.
    pub lower: Option<usize>,
    /// The page after it in that list.
    pub higher: Option<usize>,
}

/// The terms of one taxonomy that a page is filed under.
#[derive(Debug)]
pub(crate) struct PageTerms {
    /// The taxonomy's name, and where it stands.
    pub taxonomy: (String, Range<usize>),
    /// The terms, and where they stand.
    pub terms: Vec<(String, Range<usize>)>,
}

/// What a section's pages are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortBy {
    /// `date`, latest first.
    Date,
    /// The later of `date` and `updated`, latest first.
    UpdateDate,
    /// `title`, as people sort names: without regard to case, numbers by value.
    Title,
    /// `title`, byte by byte.
    TitleBytes,
    /// `weight`, lightest first.
    Weight,
    /// The last part of the address.
    Slug,
    /// The address.
    Permalink,
    /// By path. Zola leaves this order open; ours is fixed.
    None,
}

/// A section.
#[derive(Debug)]
pub(crate) struct Section {
    /// What it has in common with pages.
    pub doc: Doc,
    /// `sort_by`.
    pub sort_by: SortBy,
    /// `page_template`, and where it stands.
    pub page_template: Option<(String, Range<usize>)>,
    /// `insert_anchor_links`.
    pub anchor_links: Option<AnchorLinks>,
    /// `redirect_to`.
    pub redirect_to: Option<String>,
    /// `transparent`.
    pub transparent: bool,
    /// How its list is cut into pagers.
    pub pagination: Option<Pagination>,
    /// `generate_feeds`: where it asks for a feed of its own.
    pub generate_feeds: Option<Range<usize>>,
    /// `in_search_index`: whether it and its pages are in the search index.
    pub in_search_index: bool,
    /// Its pages, sorted.
    pub pages: Vec<usize>,
    /// The sections directly in it, by weight and then by path.
    pub subsections: Vec<usize>,
}
