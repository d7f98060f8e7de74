//! The files that belong to the site as a whole: `sitemap.xml`, `robots.txt`, `404.html`.
//!
//! Zola writes one `404.html`, in the default language. Whoever follows an old link in Spanish
//! reads no English, so each language has one of its own beside it.

use std::collections::BTreeMap;

use tera::{Context, Map, Value};

use super::faults::Faults;
use super::jobs::{self, Job};
use super::output::Output;
use crate::config::Pagination;
use crate::page::Site;

/// How many entries a sitemap has at most; from as many on, there are several and an index of them.
const SITEMAP_ENTRIES: usize = 30_000;

/// Renders them, as far as the settings ask for them.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let main = site.config.default_language.as_str();
    let job_in = |lang: &str, path: &str, template: &str, own: Option<(&'static str, Value)>| {
        let mut context = Context::new();
        context.insert_value("config", site.config.language(lang).value.clone());
        context.insert_value("lang", Value::from(lang));
        if let Some((name, value)) = own {
            context.insert_value(name, value);
        }
        Job::new(site, path, template, context)
    };
    let job = |path: &str, template: &str, own| job_in(main, path, template, own);
    let mut jobs = vec![job("404.html", "404.html", None)];
    for lang in site.config.other_languages.keys() {
        jobs.push(job_in(lang, &format!("{lang}/404.html"), "404.html", None));
    }
    if site.config.generate_robots_txt {
        jobs.push(job("robots.txt", "robots.txt", None));
    }
    if site.config.generate_sitemap && faults.wants_any("sitemap") {
        let entries = entries(site);
        if entries.len() < SITEMAP_ENTRIES {
            let entries = Some(("entries", Value::from(entries)));
            jobs.push(job("sitemap.xml", "sitemap.xml", entries));
        } else {
            let mut sitemaps = Vec::new();
            for (part, number) in entries.chunks(SITEMAP_ENTRIES).zip(1..) {
                let path = format!("sitemap{number}.xml");
                sitemaps.push(Value::from(site.config.permalink(&format!("/{path}"))));
                jobs.push(job(
                    &path,
                    "sitemap.xml",
                    Some(("entries", Value::from(part))),
                ));
            }
            let sitemaps = Some(("sitemaps", Value::from(sitemaps)));
            jobs.push(job("sitemap.xml", "split_sitemap_index.xml", sitemaps));
        }
    }
    jobs::run(site, jobs, files, faults);
}

/// Every page that is rendered, sorted by address; each with its `extra`, so that a theme can leave
/// pages out.
fn entries(site: &Site) -> Vec<Value> {
    let library = &site.library;
    let nothing = Value::from(Map::new());
    let mut entries: BTreeMap<String, (Value, &Value)> = BTreeMap::new();
    let mut list =
        |permalink: &str, extra, cut: Option<&Pagination>, path: &str, pages: &[usize]| {
            entries.insert(permalink.to_owned(), (Value::none(), extra));
            if let Some(pagination) = cut.filter(|_| site.config.lists.pagers_in_sitemap) {
                for number in 1..=pages.len().div_ceil(pagination.by.get()) {
                    let pager = site.config.permalink(&pagination.address(path, number));
                    entries.insert(pager, (Value::none(), &nothing));
                }
            }
        };
    for section in &library.sections {
        let doc = &section.doc;
        if doc.render && section.redirect_to.is_none() {
            let cut = section.pagination.as_ref();
            list(&doc.permalink, &doc.extra, cut, &doc.path, &section.pages);
        }
    }
    for taxonomy in &library.taxonomies {
        if taxonomy.config.render && !taxonomy.terms.is_empty() {
            let cut = taxonomy.config.pagination.as_ref();
            list(&taxonomy.permalink, &nothing, None, "", &[]);
            for term in &taxonomy.terms {
                list(&term.permalink, &nothing, cut, &term.path, &term.pages);
            }
        }
    }
    for page in library.pages.iter().filter(|page| page.doc.render) {
        let date = page.updated.or(page.date);
        let updated = date.map_or_else(Value::none, |date| Value::from(date.to_string()));
        entries.insert(page.doc.permalink.clone(), (updated, &page.doc.extra));
    }
    entries
        .into_iter()
        .map(|(permalink, (updated, extra))| {
            Value::from(Map::from_iter([
                ("permalink".into(), Value::from(permalink)),
                ("updated".into(), updated),
                ("extra".into(), extra.clone()),
            ]))
        })
        .collect()
}
