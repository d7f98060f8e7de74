//! The files that belong to the site as a whole: `sitemap.xml`, `robots.txt`, `404.html`.

use std::collections::BTreeMap;

use tera::{Context, Map, Value};

use super::faults::{Attempt, Faults};
use super::output::{Origin, Output};
use crate::page::Site;

/// Renders them, as far as the settings ask for them.
pub(super) fn render(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let mut names = vec!["404.html"];
    if site.config.generate_sitemap {
        names.push("sitemap.xml");
    }
    if site.config.generate_robots_txt {
        names.push("robots.txt");
    }
    for name in names {
        let mut context = Context::new();
        context.insert_value("config", site.config.value.clone());
        context.insert_value("lang", Value::from(site.config.default_language.as_str()));
        if name == "sitemap.xml" {
            context.insert_value("entries", entries(site));
        }
        match faults.render(name, &context, name) {
            Attempt::Text(bytes) => {
                let file = site.engine.file(name).map(|text| text.file.to_string());
                files.push(Output {
                    path: name.to_owned(),
                    bytes,
                    origin: Origin::Template(file.unwrap_or_else(|| name.to_owned())),
                });
            }
            Attempt::Faults(found) => faults.add(found, name),
            Attempt::Reported => {}
        }
    }
}

/// Every page and section that is rendered, sorted by address; each with its `extra`, so that a
/// theme can leave pages out.
fn entries(site: &Site) -> Value {
    let mut entries = BTreeMap::new();
    for section in &site.library.sections {
        if section.doc.render && section.redirect_to.is_none() {
            entries.insert(&section.doc.permalink, (Value::none(), &section.doc.extra));
        }
    }
    for page in site.library.pages.iter().filter(|page| page.doc.render) {
        let date = page.updated.or(page.date);
        let updated = date.map_or_else(Value::none, |date| Value::from(date.to_string()));
        entries.insert(&page.doc.permalink, (updated, &page.doc.extra));
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(permalink, (updated, extra))| {
            Value::from(Map::from_iter([
                ("permalink".into(), Value::from(permalink.as_str())),
                ("updated".into(), updated),
                ("extra".into(), extra.clone()),
            ]))
        })
        .collect();
    Value::from(entries)
}
