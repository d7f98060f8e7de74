//! The pages of taxonomies: one that lists the terms, and for each term one or more that list its
//! pages.

use super::faults::Faults;
use super::jobs::{self, Job};
use super::output::{Origin, Output};
use super::pages::{context, file_at};
use super::pagination::{Pager, pagers};
use crate::diagnostic::Finding;
use crate::page::Site;
use crate::page::model::Taxonomy;
use crate::template::reads::Reads;

/// Renders them. A taxonomy without a term has no page.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let values = site.engine.index.values();
    let mut jobs = Vec::new();
    for (taxonomy, values) in site.library.taxonomies.iter().zip(&values.taxonomies) {
        if !taxonomy.config.render || taxonomy.terms.is_empty() {
            continue;
        }
        if let Some(template) = template(site, taxonomy, "list", &[&taxonomy.path], faults) {
            let mut job = job(
                site,
                taxonomy,
                &template,
                &Pager::whole(site, &taxonomy.path),
            );
            job.context.insert_value("terms", values.items());
            jobs.push(job);
        }
        let paths: Vec<&str> = taxonomy.terms.iter().map(|term| &term.path[..]).collect();
        let Some(template) = template(site, taxonomy, "single", &paths, faults) else {
            continue;
        };
        let pagination = taxonomy.config.pagination.as_ref();
        for (term, value) in taxonomy.terms.iter().zip(&values.terms) {
            for pager in pagers(site, pagination, &term.path, &term.pages) {
                let mut job = job(site, taxonomy, &template, &pager);
                job.context.insert_value("term", value.value.clone());
                jobs.push(job);
            }
        }
    }
    jobs::run(site, jobs, files, faults);
}

fn job(site: &Site, taxonomy: &Taxonomy, template: &str, pager: &Pager) -> Job {
    let mut context = context(site, &taxonomy.lang, pager);
    context.insert_value("taxonomy", taxonomy.config.value.clone());
    Job {
        path: file_at(&pager.path),
        template: template.to_owned(),
        context,
        origin: Origin::Taxonomy(taxonomy.config.place.file.clone()),
        reads: Reads {
            taxonomies: true,
            ..Reads::default()
        },
    }
}

/// `tags/list.html`, else `taxonomy_list.html`; likewise for `single`. Without either, what is at
/// these paths is missing.
fn template(
    site: &Site,
    taxonomy: &Taxonomy,
    kind: &str,
    paths: &[&str],
    faults: &mut Faults<'_>,
) -> Option<String> {
    let name = &taxonomy.config.name;
    let own = format!("{name}/{kind}.html");
    let shared = format!("taxonomy_{kind}.html");
    if let Some(found) = [&own, &shared]
        .into_iter()
        .find(|name| site.engine.has(name))
    {
        return Some(found.clone());
    }
    let sentence =
        format!("There is no template for the taxonomy `{name}`: neither `{own}` nor `{shared}`.");
    let help = format!(
        "Create `templates/{shared}`, or set `render = false` if the taxonomy is to have no pages."
    );
    let place = taxonomy.config.place.clone();
    let finding = Finding::error("no-template", place, sentence).help(help);
    for path in paths {
        faults.push(finding.clone(), &file_at(path));
    }
    None
}
