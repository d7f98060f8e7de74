//! What a page weighs before anybody presses anything: its HTML, its style sheets, and the
//! scripts that it asks for.
//!
//! It must not know what a page is about.

use std::fs;
use std::path::{Path, PathBuf};

use super::{gzip, read};
use crate::bench::table::{Table, thousands};
use crate::failure::{During, Failure, Result};

/// Bytes of a page and its style sheets, gzip: what one round trip of a new connection
/// carries.
const BUDGET: usize = 14_000;
/// How many pages are told.
const TOLD: usize = 3;
/// How a page asks for scripts: none keeps the page from standing there. A script that a
/// page holds, or that it waits for, is none of these.
const SCRIPTS: [&str; 2] = [
    "type=\"module\" async src=\"/widget/verify-widget.js\"",
    "src=\"/js/search.",
];

/// A page and what comes with it, in bytes, gzip.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    /// The page and its styles: what is there before it can be read.
    total: usize,
    page: usize,
    styles: usize,
    scripts: usize,
    path: String,
}

/// Weighs every page of the site, prints the heaviest, and fails over the budget or where a
/// page waits for a script. The path of the heaviest answer.
pub(super) fn run(site: &Path) -> Result<String> {
    let mut weights = Vec::new();
    for file in pages(site)? {
        let folder = file.parent().unwrap_or(site);
        let path = folder.strip_prefix(site).unwrap_or(folder).display();
        weights.push(weight(site, &file, format!("/{path}/"))?);
    }
    weights.sort_by(|one, other| other.cmp(one));
    let mut table = Table::new(&[
        "the heaviest pages, gzip",
        "page",
        "styles",
        "together",
        "scripts later",
    ]);
    for it in &weights[..TOLD.min(weights.len())] {
        let sizes = [it.page, it.styles, it.total, it.scripts].map(thousands);
        table.row(
            &std::iter::once(it.path.clone())
                .chain(sizes)
                .collect::<Vec<_>>(),
        );
    }
    print!("{table}");
    let is_answer = |path: &str| path.starts_with("/faq/") && path.matches('/').count() == 4;
    let answer = weights.iter().find(|it| is_answer(&it.path));
    let answer =
        answer.ok_or_else(|| Failure::new("the help center has no answers below /faq/"))?;
    println!(
        "{} pages; the heaviest answer is {} with {} bytes",
        weights.len(),
        answer.path,
        thousands(answer.total)
    );
    match weights.first() {
        Some(heaviest) if heaviest.total > BUDGET => Err(Failure::new(format!(
            "the page {} weighs {} bytes with its style sheets, and its budget is {}",
            heaviest.path,
            thousands(heaviest.total),
            thousands(BUDGET)
        ))),
        _ => Ok(answer.path.clone()),
    }
}

fn weight(site: &Path, file: &Path, path: String) -> Result<Weight> {
    let html = fs::read_to_string(file).during(format_args!("read {}", file.display()))?;
    let of = |address: &str| {
        let address = address.split('?').next().unwrap_or_default();
        gzip(&read(&site.join(address.trim_start_matches('/')))?)
    };
    let sum = |addresses: Vec<&str>| addresses.into_iter().map(of).sum::<Result<usize>>();
    if let Some(script) = waits_for(&html) {
        return Err(Failure::new(format!(
            "the page {path} waits for a script, and is to be read without one: <script{script}>"
        )));
    }
    let page = gzip(html.as_bytes())?;
    let styles = sum(style_sheets(&html))?;
    Ok(Weight {
        total: page + styles,
        page,
        styles,
        scripts: sum(tags(&html, "script")
            .filter_map(|tag| value(tag, "src"))
            .collect())?,
        path,
    })
}

/// A script that a page holds, or that is in the way of what follows it.
fn waits_for(html: &str) -> Option<&str> {
    let mut scripts = tags(html, "script");
    scripts.find(|tag| {
        let is_known = SCRIPTS.iter().any(|known| tag.contains(known));
        let is_later = tag.contains("type=\"module\"") || tag.ends_with(" defer");
        !(is_known && is_later)
    })
}

/// The addresses of a page's style sheets.
fn style_sheets(html: &str) -> Vec<&str> {
    let sheets = tags(html, "link").filter(|link| link.contains("rel=\"stylesheet\""));
    sheets.filter_map(|link| value(link, "href")).collect()
}

/// What stands in the tags of that name, behind it.
fn tags<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{name}");
    let parts: Vec<_> = html.split(&open).skip(1).collect();
    parts.into_iter().filter_map(|part| part.split('>').next())
}

fn value<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let value = tag.split_once(&format!("{attribute}=\""))?.1;
    value.split('"').next()
}

/// The pages below a folder. A shell that the API fills is none yet.
fn pages(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in super::files(folder)? {
        if path.is_dir() && path.file_name().is_none_or(|name| name != "flow-shell") {
            found.extend(pages(&path)?);
        } else if path.file_name().is_some_and(|name| name == "index.html") {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_found() {
        let html =
            "<link rel=\"stylesheet\" href=\"/css/a.css?h=1\"><link rel=\"icon\" href=\"/b.svg\">";
        assert_eq!(style_sheets(html), ["/css/a.css?h=1"]);
    }

    #[test]
    fn a_page_that_waits_for_a_script_is_found() {
        for html in [
            "<script>run()</script>",
            "<script src=\"/js/search.1.js\"></script>",
            "<script src=\"/js/others.js\" defer></script>",
            "<script type=\"module\">run()</script>",
        ] {
            assert!(waits_for(html).is_some(), "{html}");
        }
        for html in [
            "<p>No script.</p>",
            "<script src=\"/js/search.1.js\" defer></script>",
            "<script type=\"module\" async src=\"/widget/verify-widget.js\"></script>",
        ] {
            assert_eq!(waits_for(html), None, "{html}");
        }
    }

    #[test]
    fn what_a_page_brings_is_weighed() {
        let site = tempfile::tempdir().unwrap();
        let folder = site.path().join("faq/topic/one");
        fs::create_dir_all(&folder).unwrap();
        let long = "a { color: red }".repeat(5000);
        fs::write(site.path().join("a.css"), &long).unwrap();
        let html = "<link rel=\"stylesheet\" href=\"/a.css?h=1\">";
        let file = folder.join("index.html");
        fs::write(&file, html).unwrap();
        let found = weight(site.path(), &file, "/faq/topic/one/".to_owned()).unwrap();
        assert_eq!(found.styles, gzip(long.as_bytes()).unwrap());
        assert_eq!(found.total, found.page + found.styles);
        assert_eq!(run(site.path()).unwrap(), "/faq/topic/one/");
        let noise: String = (0..40_000_u32)
            .map(|n| n.wrapping_mul(2_654_435_761).to_string())
            .collect();
        fs::write(&file, noise).unwrap();
        assert!(run(site.path()).is_err(), "over the budget");
    }
}
