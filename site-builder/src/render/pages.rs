//! Pages and sections through their templates.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use tera::{Context, Value};

use super::faults::{Attempt, Faults, attempt};
use super::jobs;
use super::output::{Origin, Output};
use super::pagination::{Pager, pagers};
use crate::config::Mode;
use crate::diagnostic::Finding;
use crate::page::Site;
use crate::page::model::{Doc, Id, Library, Page, Section};
use crate::page::name;
use crate::progress;
use crate::template::reads::Reads;

/// What is to be rendered, with its place among all of that.
type Placed<'a> = (usize, (Id, &'a Doc, Pager));

/// Renders every page and section that is to be rendered.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let library = &site.library;
    let mut shown: Vec<(Id, &Doc, Pager)> = Vec::new();
    for (at, section) in library.sections.iter().enumerate() {
        // A redirect stands in for the section's own page.
        if section.doc.render && section.redirect_to.is_none() {
            let cut = section.pagination.as_ref();
            let pagers = pagers(site, cut, &section.doc.path, &section.pages).into_iter();
            shown.extend(pagers.map(|pager| (Id::Section(at), &section.doc, pager)));
        }
    }
    for (at, page) in library.pages.iter().enumerate() {
        if page.doc.render {
            let whole = Pager::whole(site, &page.doc.path);
            shown.push((Id::Page(at), &page.doc, whole));
        }
    }
    progress::begin("Rendering", shown.len());
    let mut sections: BTreeMap<Option<usize>, Vec<Placed<'_>>> = BTreeMap::new();
    for (place, one) in shown.into_iter().enumerate() {
        if faults.wants(&file_at(&one.2.path)) {
            sections
                .entry(section_of(one.0, library))
                .or_default()
                .push((place, one));
        }
    }
    let values = site.engine.index.values();
    let rendered = sections.into_par_iter().map(|(section, shown)| {
        let together = section.map(|at| values.together(at));
        let all = shown.into_par_iter().map(|(place, (id, doc, pager))| {
            let value = match &together {
                Some(together) => values.of_one(id, together),
                None => values.of(id),
            };
            let rendered = render_one(site, id, doc, &pager, value);
            progress::step();
            (place, (id, doc, rendered, pager.path))
        });
        all.collect::<Vec<_>>()
    });
    let rendered: BTreeMap<usize, _> = rendered.flatten().collect();
    let keeps = site.config.mode == Mode::Serve;
    for (id, doc, attempt, path) in rendered.into_values() {
        let origin = if path == doc.path {
            Origin::Document(doc.relative.clone())
        } else {
            Origin::Pager(doc.relative.clone())
        };
        let path = file_at(&path);
        let attempt = match attempt {
            Ok(attempt) => attempt,
            Err(no_template) => {
                faults.push(*no_template, &path);
                continue;
            }
        };
        let reads = if keeps {
            own_reads(id)
        } else {
            Reads::default()
        };
        jobs::take(attempt, path, origin, reads, Some(doc), files, faults);
    }
}

/// The section whose list a page is in, or the section itself: what one shows, the others show, too.
fn section_of(id: Id, library: &Library) -> Option<usize> {
    match id {
        Id::Section(at) => Some(at),
        Id::Page(at) => library.pages[at].parent,
    }
}

/// The value in a page's context; a pager's list is a part of its section's.
fn own_reads(id: Id) -> Reads {
    let mut reads = Reads::default();
    match id {
        Id::Page(_) => reads.docs.insert(id),
        Id::Section(at) => reads.lists.insert(at),
    };
    reads
}

/// Where a template was asked for by name: the file, and the range in it.
pub(crate) type Written<'a> = Option<(&'a Doc, &'a Range<usize>)>;

/// The template that a page or section is made with, and where it was asked for.
pub(crate) fn template_of(library: &Library, id: Id) -> (&str, Written<'_>) {
    match id {
        Id::Section(at) => section_template(&library.sections[at]),
        Id::Page(at) => page_template(library, &library.pages[at]),
    }
}

fn section_template(section: &Section) -> (&str, Written<'_>) {
    match &section.doc.template {
        Some((name, at)) => (name, Some((&section.doc, at))),
        None if name::is_home(&section.doc.canonical) => ("index.html", None),
        None => ("section.html", None),
    }
}

/// A page's own template, else the `page_template` of the nearest section above, else `page.html`.
fn page_template<'a>(library: &'a Library, page: &'a Page) -> (&'a str, Written<'a>) {
    if let Some((name, at)) = &page.doc.template {
        return (name, Some((&page.doc, at)));
    }
    // A transparent section is not among a page's ancestors, and still says how the page looks.
    let above: Vec<&String> = match page.parent.map(|at| &library.sections[at].doc) {
        Some(parent) => parent.ancestors.iter().chain([&parent.relative]).collect(),
        None => page.doc.ancestors.iter().collect(),
    };
    let mut nearest_first = above.into_iter().rev();
    nearest_first
        .find_map(|above| match library.index.get(above)? {
            Id::Section(at) => {
                let section = &library.sections[*at];
                let (name, at) = section.page_template.as_ref()?;
                Some((name.as_str(), Some((&section.doc, at))))
            }
            Id::Page(_) => None,
        })
        .unwrap_or(("page.html", None))
}

/// What came of rendering a page, or a pager of a section; why not, when there is no such template.
fn render_one(
    site: &Site,
    id: Id,
    doc: &Doc,
    pager: &Pager,
    value: Value,
) -> Result<Attempt, Box<Finding>> {
    let (kind, (template, written)) = match id {
        Id::Page(at) => (
            "page",
            page_template(&site.library, &site.library.pages[at]),
        ),
        Id::Section(at) => ("section", section_template(&site.library.sections[at])),
    };
    if !site.engine.has(template) {
        return Err(Box::new(missing(site, doc, template, written)));
    }
    let mut context = context(site, &doc.lang, pager);
    context.insert_value(kind, value);
    Ok(attempt(&site.engine, template, &context))
}

/// What every page of the output knows.
pub(super) fn context(site: &Site, lang: &str, pager: &Pager) -> Context {
    let mut context = Context::new();
    context.insert_value("config", site.config.language(lang).value.clone());
    context.insert_value("lang", Value::from(lang));
    context.insert_value("current_url", Value::from(pager.permalink.as_str()));
    context.insert_value("current_path", Value::from(pager.path.as_str()));
    if let Some(paginator) = &pager.paginator {
        context.insert_value("paginator", paginator.clone());
    }
    context
}

/// The file that a page's address leads to.
pub(crate) fn file_of(doc: &Doc) -> String {
    file_at(&doc.path)
}

/// The file that an address leads to.
pub(crate) fn file_at(path: &str) -> String {
    match path.trim_matches('/') {
        "" => "index.html".to_owned(),
        folder => format!("{folder}/index.html"),
    }
}

fn missing(site: &Site, doc: &Doc, template: &str, written: Written<'_>) -> Finding {
    let names = site.engine.names();
    let (place, help) = match written {
        Some((file, at)) => (file.text.place(at.clone()), "Correct the name, or create"),
        None => (doc.text.whole(), "Create"),
    };
    let finding = Finding::error(
        "no-template",
        place,
        format!("There is no template `{template}`."),
    )
    .nearest(template, names.iter().map(String::as_str));
    match finding.help {
        Some(_) => finding,
        None => finding.help(format!("{help} `templates/{template}`.")),
    }
}
