//! Stage 2: pages and sections with their addresses, their places in the tree, and their bodies as
//! HTML.
//!
//! Owns front matter keys, addresses, order and links between pages. Knows the template language
//! only as a tool: a body may hold components and functions. What a page's template makes of it is
//! stage 3.

mod address;
mod assets;
mod body;
mod edit;
mod extra;
mod folders;
mod html;
mod meta;
pub(crate) mod model;
pub(crate) mod name;
mod reading;
mod sort;
mod taxonomy;
mod tree;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::{Config, Mode};
use crate::diagnostic::{Finding, Findings};
use crate::document::is_yaml;
use crate::images::Cache;
use crate::source::{AssetFile, Source, TemplateFile};
use crate::template::{Engine, Index, needs_templating};
pub(crate) use edit::put_bodies;
use model::{Doc, Front, Library};
pub(crate) use name::Name;
pub(crate) use sort::{by_date, moment};

/// The site before its templates are applied.
pub(crate) struct Site {
    /// The site's settings.
    pub config: Config,
    /// Pages and sections.
    pub library: Library,
    /// What was found in bodies, by the content file's path in the content folder.
    pub body_findings: BTreeMap<String, Findings>,
    /// Templates and their functions.
    pub engine: Engine,
    /// Static files by their path in the output.
    pub statics: Arc<BTreeMap<String, AssetFile>>,
    /// Resized pictures of earlier builds.
    pub image_cache: Cache,
    /// Where the site is to be written.
    pub output: PathBuf,
}

/// What `new` writes where words are still to come; a page that holds it gets a warning.
pub(crate) const UNWRITTEN: &str = "(Not written yet.)";

/// The largest weight among the pages that a new page would stand beside, when their section is
/// sorted by weight; 0 when there are none yet. For a section, the largest among the sections beside
/// it, when any has one.
pub(crate) fn heaviest(source: Source, relative: &str) -> Option<i64> {
    let mut findings = Findings::default();
    let library = tree::build(
        source.content,
        source.assets,
        &source.config,
        true,
        &mut findings,
    );
    let name = Name::of(relative, &source.config);
    let sections = library.sections.iter();
    let mut sections = sections.filter(|section| section.doc.lang == name.lang);
    if name.is_section() {
        let parent = name::folder_of(name::folder_of(relative));
        let beside = sections.filter(|section| {
            let folder = name::folder_of(&section.doc.relative);
            !folder.is_empty() && name::folder_of(folder) == parent
        });
        return beside.filter_map(|section| section.doc.weight).max();
    }
    let folder = name::folder_of_page(&name.canonical);
    let section = sections
        .find(|section| name::folder_of(&section.doc.relative) == folder)
        .filter(|section| section.sort_by == model::SortBy::Weight)?;
    let weights = section
        .pages
        .iter()
        .filter_map(|&at| library.pages[at].doc.weight);
    Some(weights.max().unwrap_or(0))
}

/// Pages and sections with their front matter and addresses, without drafts and without their
/// bodies.
pub(crate) fn outline(source: Source, findings: &mut Findings) -> Library {
    let Source {
        config,
        content,
        assets,
        ..
    } = source;
    tree::build(content, assets, &config, false, findings)
}

/// Whether anything that is rendered with the bodies may ask for a page: a body with template
/// syntax, or a template for what Markdown makes. What it sees has no body yet.
fn bodies_see_values(library: &Library, templates: &[TemplateFile]) -> bool {
    let in_body = |doc: &Doc| needs_templating(&doc.text.body[doc.body.clone()]);
    let of_markdown = ["anchor-link.html", "summary-cutoff.html"];
    let for_markdown = |template: &TemplateFile| {
        let name = template.name.rsplit('/').next().unwrap_or_default();
        of_markdown.contains(&name)
    };
    templates.iter().any(for_markdown) || library.docs().any(in_body)
}

/// Builds the site from its source.
pub(crate) fn assemble(source: Source, findings: &mut Findings) -> Site {
    let Source {
        config,
        root,
        output,
        drafts,
        content,
        assets,
        templates,
        statics,
    } = source;
    let mut library = tree::build(content, assets, &config, drafts, findings);
    library.taxonomies = taxonomy::collect(&library, &config, findings);
    let statics = Arc::new(statics);
    let index = Index::new(&config, &root, &library, Arc::clone(&statics));
    // In a preview, any body can come to ask.
    if config.mode == Mode::Serve || bodies_see_values(&library, &templates) {
        index.complete(&library);
    }
    let engine = Engine::load(&templates, &config, index, findings);
    let mut body_findings = BTreeMap::new();
    body::render_all(&mut library, &engine, &config, &mut body_findings);
    let untitled = |doc: &&Doc| {
        let title = doc.title.as_deref().unwrap_or_default();
        doc.front == Front::Good && doc.render && title.trim().is_empty()
    };
    if let Some(level) = config.checks.levels.of("no-title") {
        for doc in library.docs().filter(untitled) {
            let sign = if is_yaml(&doc.text) { ":" } else { " =" };
            let (place, help) = match doc.line_of("title") {
                Some(at) => (
                    doc.text.place(at),
                    format!("Write the title there: `title{sign} \"…\"`."),
                ),
                None => (
                    doc.text.whole(),
                    format!("Add `title{sign} \"…\"` to the lines at its top."),
                ),
            };
            let finding = Finding::new(level, "no-title", place, "This page has no title.");
            findings.push(finding.help(help));
        }
    }
    Site {
        config,
        library,
        body_findings,
        engine,
        statics,
        image_cache: Cache::new(&root),
        output,
    }
}
