//! `demo --check`: every printed link leads to the page that it promises.
//!
//! It must not know what the pages are for.

use std::collections::BTreeSet;

use super::links::Links;
use crate::failure::{During, Failure, Result};

/// Opens every link, every script and style sheet of ours that the pages name,
/// and the files that the widget's loader would fetch.
pub(super) fn probe(links: &Links) -> Result<()> {
    let mut seen = BTreeSet::new();
    for link in &links.0 {
        let page = fetch(link.name, &link.url, &link.sign)?;
        for path in own_files(&page) {
            let url = format!("{}{path}", origin(&link.url));
            if !seen.insert(url.clone()) {
                continue;
            }
            let file = fetch(link.name, &url, "")?;
            for name in fetched_later(&file) {
                let folder = url.rsplit_once('/').map_or("", |(folder, _)| folder);
                fetch(link.name, &format!("{folder}/{name}"), "")?;
            }
        }
    }
    Ok(())
}

fn fetch(name: &str, url: &str, sign: &str) -> Result<String> {
    let mut response = ureq::get(url)
        .call()
        .during(format_args!("open {name} at {url}"))?;
    let body = response.body_mut().read_to_vec();
    let body = body.during(format_args!("read {name} at {url}"))?;
    let body = String::from_utf8_lossy(&body).into_owned();
    if body.contains(sign) {
        return Ok(body);
    }
    Err(Failure::new(format!(
        "{name} at {url} is not the page that it should be: it lacks `{sign}`"
    )))
}

/// The scripts and style sheets that a page names, as paths of this server.
fn own_files(page: &str) -> Vec<&str> {
    let values = page.split(['"', '\'']);
    let mut files: Vec<_> = values
        .filter(|value| value.starts_with('/') && !value.starts_with("//"))
        .filter(|value| [".js", ".css"].iter().any(|kind| value.ends_with(kind)))
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The names of files beside it that a script carries in quotes.
fn fetched_later(script: &str) -> Vec<&str> {
    let kinds = [".js", ".wasm"];
    let values = script.split('"');
    values
        .filter(|value| !value.contains(['/', ' ', '\n']))
        .filter(|value| kinds.iter().any(|kind| value.ends_with(kind)))
        .collect()
}

fn origin(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let length = url[after_scheme..].find('/');
    length.map_or(url, |length| &url[..after_scheme + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_of_this_server_are_found() {
        let page = r#"<link href="/css/a.css"><script src='/widget/b.js'></script>
            <a href="/enroll/"><link href="//elsewhere/c.css"><link href="/css/a.css">"#;
        assert_eq!(own_files(page), ["/css/a.css", "/widget/b.js"]);
    }

    #[test]
    fn the_files_of_the_loader_are_found() {
        let loader = r#"const files = {"en":["glue-en.1.js","sha256-x"],"wasm":["w.2.wasm","s"]};"#;
        assert_eq!(fetched_later(loader), ["glue-en.1.js", "w.2.wasm"]);
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("http://127.0.0.1:80/a/b"), "http://127.0.0.1:80");
        assert_eq!(origin("http://127.0.0.1:80"), "http://127.0.0.1:80");
    }
}
