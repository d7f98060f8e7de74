//! `base_url`: the address that a site is built for, and how templates see it.

use crate::BuildOptions;
use crate::diagnostic::{Finding, Findings};
use crate::document::Table;
use crate::text::Text;

/// The base URL as templates see it: as it is written, slash and all, as in Zola; but with "/" for
/// links from the root, `{{ config.base_url }}/x` must not become `//x`, which is another host.
pub(super) fn shown(base_url: &str) -> &str {
    match base_url.trim_end_matches('/') {
        "" => "",
        _ => base_url,
    }
}

/// The address to build for, as it is written; the command line wins.
pub(super) fn read_base_url(
    text: &Text,
    table: &Table,
    base_url: Option<String>,
    options: &BuildOptions,
    findings: &mut Findings,
) -> String {
    if base_url.is_none() && options.base_url.is_none() {
        findings.push(
            Finding::error(
                "no-base-url",
                text.whole(),
                "`base_url` is missing, so no link can be made.",
            )
            .help("Add `base_url = \"https://help.example.org\"`, or pass `--base-url`."),
        );
    }
    let base_url = options
        .base_url
        .clone()
        .or(base_url)
        .unwrap_or_else(|| "/".to_owned());
    if !["http://", "https://", "/"]
        .iter()
        .any(|start| base_url.starts_with(start))
    {
        let place = table
            .get("base_url")
            .filter(|_| options.base_url.is_none())
            .map_or_else(|| text.whole(), |node| text.place(node.at.clone()));
        findings.push(
            Finding::error(
                "bad-base-url",
                place,
                format!("`{base_url}` is not a base URL."),
            )
            .help("It starts with `https://`, or is `/` for links from the root."),
        );
    }
    base_url
}
