//! Pages and sections through their templates.

use std::ops::Range;

use tera::{Context, Value};

use super::faults::{Attempt, Faults};
use super::output::{Origin, Output};
use crate::diagnostic::Finding;
use crate::page::Site;
use crate::page::model::{Doc, Id, Page, Section};
use crate::template::values;

/// Renders every page and section that is to be rendered.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    for (at, section) in site.library.sections.iter().enumerate() {
        // A redirect stands in for the section's own page.
        if section.doc.render && section.redirect_to.is_none() {
            let (template, written) = section_template(section);
            render_one(
                site,
                Id::Section(at),
                &section.doc,
                template,
                written,
                files,
                faults,
            );
        }
    }
    for (at, page) in site.library.pages.iter().enumerate() {
        if page.doc.render {
            let (template, written) = page_template(site, page);
            render_one(
                site,
                Id::Page(at),
                &page.doc,
                template,
                written,
                files,
                faults,
            );
        }
    }
}

/// Where a template was asked for by name: the file, and the range in it.
type Written<'a> = Option<(&'a Doc, &'a Range<usize>)>;

fn section_template(section: &Section) -> (&str, Written<'_>) {
    match &section.doc.template {
        Some((name, at)) => (name, Some((&section.doc, at))),
        None if section.doc.relative == "_index.md" => ("index.html", None),
        None => ("section.html", None),
    }
}

/// A page's own template, else the `page_template` of the nearest section above, else `page.html`.
fn page_template<'a>(site: &'a Site, page: &'a Page) -> (&'a str, Written<'a>) {
    if let Some((name, at)) = &page.doc.template {
        return (name, Some((&page.doc, at)));
    }
    page.doc
        .ancestors
        .iter()
        .rev()
        .find_map(|above| match site.library.index.get(above)? {
            Id::Section(at) => {
                let section = &site.library.sections[*at];
                let (name, at) = section.page_template.as_ref()?;
                Some((name.as_str(), Some((&section.doc, at))))
            }
            Id::Page(_) => None,
        })
        .unwrap_or(("page.html", None))
}

fn render_one(
    site: &Site,
    id: Id,
    doc: &Doc,
    template: &str,
    written: Written<'_>,
    files: &mut Vec<Output>,
    faults: &mut Faults<'_>,
) {
    if !site.engine.has(template) {
        faults.push(missing(site, doc, template, written), &file_of(doc));
        return;
    }
    let Some(value) = values::of(site.engine.index.values(), &site.library, id) else {
        return;
    };
    let mut context = Context::new();
    context.insert_value("config", site.config.value.clone());
    context.insert_value("lang", Value::from(site.config.default_language.as_str()));
    context.insert_value("current_url", Value::from(doc.permalink.as_str()));
    context.insert_value("current_path", Value::from(doc.path.as_str()));
    let name = match id {
        Id::Page(_) => "page",
        Id::Section(_) => "section",
    };
    context.insert_value(name, value.clone());
    let path = file_of(doc);
    match faults.render(template, &context, &path) {
        Attempt::Text(bytes) => files.push(Output {
            path,
            bytes,
            origin: Origin::Document(doc.relative.clone()),
        }),
        Attempt::Faults(found) => faults.add_for(found, doc),
        Attempt::Reported => {}
    }
}

/// The file that a page's address leads to.
pub(crate) fn file_of(doc: &Doc) -> String {
    match doc.folder() {
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
