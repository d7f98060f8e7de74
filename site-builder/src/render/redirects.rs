//! Redirects: `aliases` of pages and sections, `redirect_to` of sections, and from the number of a
//! list's first pager to the list.
//!
//! A redirect is a page with a link and a refresh, no script: it works in every browser and under
//! a strict content security policy.

use tera::{Context, Value};

use super::faults::{Attempt, Faults};
use super::output::{Origin, Output};
use super::pages::{file_at, file_of};
use crate::page::Site;
use crate::page::model::Doc;
use crate::text::has_ending;

/// Renders every redirect.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    for section in &site.library.sections {
        if let (Some(to), true) = (&section.redirect_to, section.doc.render) {
            let to = target(site, to);
            redirect(site, &section.doc, file_of(&section.doc), to, files, faults);
        } else if let (Some(pagination), true) = (&section.pagination, section.doc.render) {
            let doc = &section.doc;
            let path = file_at(&pagination.address(&doc.path, 1));
            redirect(site, doc, path, doc.permalink.clone(), files, faults);
        }
    }
    for taxonomy in &site.library.taxonomies {
        let Some(pagination) = taxonomy.config.pagination.as_ref() else {
            continue;
        };
        for term in taxonomy.terms.iter().filter(|_| taxonomy.config.render) {
            // Of all pages with the term, any can stand for it.
            let doc = &site.library.pages[term.pages[0]].doc;
            let path = file_at(&pagination.address(&term.path, 1));
            redirect(site, doc, path, term.permalink.clone(), files, faults);
        }
    }
    for doc in site.library.docs() {
        for (alias, _) in &doc.aliases {
            let to = doc.permalink.clone();
            redirect(site, doc, alias_file(alias), to, files, faults);
        }
    }
}

/// An address as it is, a content file's address for `@/…`, and else a path in the site.
fn target(site: &Site, to: &str) -> String {
    if to.contains("://") {
        to.to_owned()
    } else if to.starts_with("@/") {
        // A broken one is left as written, and found by the check of links.
        site.engine
            .index
            .resolve(to)
            .unwrap_or_else(|_| to.to_owned())
    } else {
        let path = to.trim_start_matches('/');
        let slash = if path.is_empty() || path.ends_with('/') || path.contains(['#', '.']) {
            ""
        } else {
            "/"
        };
        site.config.permalink(&format!("/{path}{slash}"))
    }
}

/// An alias that names a file is that file; any other is a folder with an `index.html`.
pub(crate) fn alias_file(alias: &str) -> String {
    let path = alias.trim_matches('/');
    if has_ending(path, "html") {
        path.to_owned()
    } else if path.is_empty() {
        "index.html".to_owned()
    } else {
        format!("{path}/index.html")
    }
}

fn redirect(
    site: &Site,
    doc: &Doc,
    path: String,
    to: String,
    files: &mut Vec<Output>,
    faults: &mut Faults<'_>,
) {
    if !faults.wants(&path) {
        return;
    }
    let mut context = Context::new();
    context.insert_value("url", Value::from(to.as_str()));
    context.insert_value("lang", Value::from(doc.lang.as_str()));
    let config = site.config.language(&doc.lang).value.clone();
    context.insert_value("config", config);
    match faults.render("internal/alias.html", &context, &path) {
        Attempt::Text(bytes, reads) => files.push(Output {
            path,
            bytes,
            origin: Origin::Redirect {
                to,
                from: doc.relative.clone(),
            },
            reads,
        }),
        Attempt::Faults(found) => faults.add_for(found, doc),
        Attempt::Reported => {}
    }
}
