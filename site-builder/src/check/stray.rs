//! Documents and copies that lie among the pages, which would be published though no page leads to
//! them: a draft in a word processor's format, a list of names, a page as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::html::Scan;
use super::map::SiteMap;
use super::targets::{Target, resolve};
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::render::{Origin, Rendered};

/// The rule's name.
pub(super) const RULE: &str = "stray-file";

/// The endings of what people write for each other, or keep for themselves. Pictures and data are
/// often used in ways that no link shows.
const ENDINGS: [&str; 30] = [
    "bak", "doc", "docm", "docx", "dot", "dotx", "eml", "htm", "html", "key", "msg", "numbers",
    "odp", "ods", "odt", "old", "orig", "pages", "pdf", "ppt", "pptx", "rtf", "tmp", "txt", "vsd",
    "vsdx", "xls", "xlsm", "xlsx", "zip",
];

/// What names of pages end with elsewhere. In capitals, `md` is another ending.
const MARKDOWN: [&str; 6] = ["markdown", "md", "mdown", "mdwn", "mdx", "mkd"];

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
    // By where each comes from: one file can be at two addresses.
    let mut stray: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, file) in map.files {
        if let Origin::Copy(name) = &file.origin
            && name.starts_with("content/")
        {
            match page_name(name, &file.bytes) {
                Some(page) => findings.push(no_page(level, name, &page)),
                None if is_suspect(name) => {
                    stray.insert(name, path);
                }
                None => {}
            }
        }
    }
    if stray.is_empty() {
        return;
    }
    let mut missed = BTreeSet::new();
    for (page, scan) in scans {
        for address in &scan.links {
            let base = scan.base.as_deref();
            let Target::Inside { path, .. } = resolve(address, page, base, map.config) else {
                continue;
            };
            let Some(target) = map.file(&path) else {
                missed.insert(last(&path).to_owned());
                continue;
            };
            if let Origin::Copy(name) = &map.files[map.behind_redirects(target)].origin {
                stray.remove(name.as_str());
            }
        }
    }
    // A link that misses one is told at the link.
    stray.retain(|name, _| !missed.contains(last(name)));
    for (name, path) in stray {
        let (_, ending) = name.rsplit_once('.').unwrap_or_default();
        let base = map.config.base_path();
        let sentence =
            "Anybody can read this file once the site is published, and no page leads to it.";
        findings.push(
            Finding::new(level, RULE, Place::file(name), sentence).help(format!(
                "Move it out of `content`, or link to it from the page that it belongs to: \
                 `[What it is]({base}/{path})`. To leave out all such files, add `\"*.{ending}\"` to \
                 `ignored_content` in `zola.toml`."
            )),
        );
    }
}

/// Whether a path is that of a document.
pub(super) fn is_suspect(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.contains(&ending.to_lowercase().as_str())
}

/// The name that a file needs to be the page that it was to be: it says that it is Markdown, or holds
/// what only pages begin with.
fn page_name(file: &str, bytes: &[u8]) -> Option<String> {
    let (stem, ending) = last(file).rsplit_once('.')?;
    let is_markdown = MARKDOWN.contains(&ending.to_lowercase().as_str());
    let is_text = ["htm", "html", "txt"].contains(&ending.to_lowercase().as_str());
    let is_page = is_text && (bytes.starts_with(b"+++") || bytes.starts_with(b"---"));
    // Windows hides endings, so that a name gets a second one.
    let stem = stem.strip_suffix(".md").unwrap_or(stem);
    (is_markdown || is_page).then(|| format!("{stem}.md"))
}

fn no_page(level: Severity, file: &str, name: &str) -> Finding {
    let sentence = "This file makes no page, because its name does not end with `.md`.";
    Finding::new(level, RULE, Place::file(file), sentence).help(format!("Name it `{name}`."))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
