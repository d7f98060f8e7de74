//! The checks of a help center: runs each over the texts and the pages it is about.
//!
//! Each check is set by its name under `[extra.check.levels]`. A build runs only those that are
//! errors; `check` and `serve` run all.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::contacts::Known;
use super::html::Scan;
use super::map::SiteMap;
use super::shown::{self, Told};
use super::spelling::Speller;
use super::{copies, front, numbers, order, orphans, pages, texts, translations};
use crate::config::Levels;
use crate::diagnostic::Findings;
use crate::page::model::Doc;
use crate::render::Rendered;

/// Whether any check asks what a person comes across on pages.
pub(super) fn needs_outline(levels: &Levels) -> bool {
    levels.any(&shown::RULES) || levels.any(&[orphans::ORPHAN, pages::WEIGHT])
}

/// Runs the checks.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let config = &rendered.config;
    let known = Known::new(&config.checks.contacts);
    let mut told = Told::new();
    if texts::wanted(config) {
        let speller = Speller::new(config, findings);
        let docs: Vec<&Doc> = rendered.library.docs().collect();
        let looked: Vec<_> = docs
            .into_par_iter()
            .filter(|doc| !config.checks.skip_pages.is_match(&doc.relative))
            .map(|doc| texts::look(doc, config, &known, &speller))
            .collect();
        let mut slips = Vec::new();
        for looked in looked {
            findings.extend(looked.findings);
            slips.extend(looked.slips);
            for (rule, address) in looked.addresses {
                told.entry(rule).or_default().insert(address);
            }
        }
        speller.report(&slips, config, findings);
    }
    shown::check(rendered, map, scans, &known, &told, findings);
    numbers::check(config, findings);
    let copies = copies::check(&rendered.library, config, findings);
    front::repeats(&rendered.library, &copies, config, findings);
    front::missing(&rendered.library, config, findings);
    order::check(&rendered.library, &copies, config, findings);
    translations::check(&rendered.library, config, findings);
    orphans::check(rendered, map, scans, &copies, findings);
    pages::weight(rendered, map, scans, findings);
    pages::flows(rendered, map, findings);
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{BuildOptions, Mode, build};

    #[test]
    fn what_one_rule_told_of_an_address_silences_no_other_rule() {
        let folder = tempfile::tempdir().unwrap();
        let page =
            "<h1>T</h1>{{ page.content | safe }}<img src=\"/p.png\"><a href=\"/p.png\">here</a>";
        for (path, text) in [
            ("zola.toml", "base_url = \"https://example.org\"\n"),
            (
                "templates/index.html",
                "<h1>T</h1><a href=\"/a/\">First</a>",
            ),
            ("templates/page.html", page),
            ("content/_index.md", "+++\n+++\n"),
            ("content/a.md", "+++\n+++\nSee [here](/p.png).\n"),
            ("static/p.png", "p"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let report = build(&BuildOptions {
            mode: Mode::Check,
            ..BuildOptions::new(folder.path())
        });
        let found: Vec<_> = report
            .findings
            .iter()
            .filter(|found| ["image-text", "link-text"].contains(&found.code))
            .map(|found| (found.place.file.as_str(), found.code))
            .collect();
        assert_eq!(
            found,
            [
                ("content/a.md", "link-text"),
                ("templates/page.html", "image-text")
            ]
        );
    }
}
