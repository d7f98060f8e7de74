//! Links that lead to other sites, for whoever goes and asks there.
//!
//! Takes what people can follow and what browsers fetch, from pages of content and templates alike,
//! and leaves out what `[link_checker]` skips. Asks nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use super::html::Scan;
use super::map::SiteMap;
use super::source::{self, Written};
use crate::diagnostic::{Place, Severity};
use crate::render::{Origin, Rendered};

/// Links to other sites.
#[derive(Debug)]
pub(crate) struct Outside {
    /// The site that they are on.
    pub site: String,
    /// The addresses, each with where it is written.
    pub links: BTreeMap<String, BTreeSet<Place>>,
    /// How grave a dead one is.
    pub level: Severity,
    skip_anchors: Vec<String>,
}

impl Outside {
    /// Whether nobody wants to know if the page has the part that an address points at.
    pub(crate) fn is_anchor_skipped(&self, address: &str) -> bool {
        has_prefix(address, &self.skip_anchors)
    }
}

/// Collects them, when they are asked for.
pub(super) fn collect(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
) -> Option<Outside> {
    let config = &rendered.config;
    let settings = config.external.as_ref()?;
    let written = Written::new(rendered);
    let mut links: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
    for (path, scan) in scans {
        let file = map.files[*path];
        if matches!(file.origin, Origin::Copy(_)) {
            continue;
        }
        let Some(outline) = &scan.outline else {
            continue;
        };
        let addresses = outline.links.iter().map(|link| link.address.as_str());
        let images = outline.images.iter().map(|(address, _)| address.as_str());
        let loads = outline.loads.iter().map(String::as_str);
        let addresses: BTreeSet<&str> = addresses.chain(images).chain(loads).collect();
        for address in addresses {
            if !config.is_external(address) || has_prefix(address, &settings.skip_prefixes) {
                continue;
            }
            let in_text = written.find(address, file);
            let places: BTreeSet<Place> = if in_text.is_empty() {
                BTreeSet::from([source::address(rendered, file, address)])
            } else {
                let places = in_text.iter();
                places
                    .map(|(doc, link)| doc.text.place(link.at.clone()))
                    .collect()
            };
            let heeded = places.into_iter().filter(|place| {
                let inside = place.file.strip_prefix("content/").unwrap_or(&place.file);
                let ignored = &settings.ignored_files;
                !ignored.is_match(inside) && !ignored.is_match(&place.file)
            });
            let heeded: BTreeSet<Place> = heeded.collect();
            if !heeded.is_empty() {
                links.entry(address.to_owned()).or_default().extend(heeded);
            }
        }
    }
    Some(Outside {
        site: config.base_url.clone(),
        links,
        level: settings.level,
        skip_anchors: settings.skip_anchor_prefixes.clone(),
    })
}

fn has_prefix(address: &str, prefixes: &[String]) -> bool {
    prefixes
        .iter()
        .any(|prefix| address.starts_with(prefix.as_str()))
}
