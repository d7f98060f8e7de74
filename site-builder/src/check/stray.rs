//! Documents and copies that lie among the pages, which would be published though no page leads to
//! them: a draft in a word processor's format, a list of names, a page as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::html::Scan;
use super::map::SiteMap;
use crate::diagnostic::{Finding, Findings, Place};
use crate::render::{Origin, Rendered};

/// The rule's name.
pub(super) const RULE: &str = "stray-file";

/// The endings of what people write for each other, or keep for themselves. Pictures and data are
/// often used in ways that no link shows.
const ENDINGS: [&str; 28] = [
    "bak", "doc", "docm", "docx", "dot", "dotx", "eml", "key", "msg", "numbers", "odp", "ods",
    "odt", "old", "orig", "pages", "pdf", "ppt", "pptx", "rtf", "tmp", "txt", "vsd", "vsdx", "xls",
    "xlsm", "xlsx", "zip",
];

/// Finds files in the content folder that no page has a link to.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let Some(level) = rendered.config.checks.levels.of(RULE) else {
        return;
    };
    // The link may be on a page that a fault keeps from being there, or in its front matter.
    if !rendered.missing.is_empty() || rendered.library.broken().next().is_some() {
        return;
    }
    let copies = map.files.values().filter_map(|file| match &file.origin {
        Origin::Copy(name) => Some(name.as_str()),
        _ => None,
    });
    let mut stray: BTreeSet<&str> = copies.filter(|name| is_suspect(name)).collect();
    if stray.is_empty() {
        return;
    }
    for (page, scan) in scans {
        for address in &scan.links {
            let target = map.lead(address, page, scan.base.as_deref());
            if let Some(Origin::Copy(name)) = target.map(|target| &map.files[target].origin) {
                stray.remove(name.as_str());
            }
        }
    }
    for name in stray {
        let (_, ending) = name.rsplit_once('.').unwrap_or_default();
        let own = name.rsplit('/').next().unwrap_or(name);
        let sentence =
            "Anybody can read this file once the site is published, and no page leads to it.";
        findings.push(
            Finding::new(level, RULE, Place::file(name), sentence).help(format!(
                "Move it out of `content`, or link to it from the page that it belongs to: \
                 `[What it is]({own})`. To leave out all such files, add `\"*.{ending}\"` to \
                 `ignored_content` in `zola.toml`."
            )),
        );
    }
}

fn is_suspect(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    file.starts_with("content/") && ENDINGS.contains(&ending.to_lowercase().as_str())
}
