//! Findings about folders that no file describes.

use std::collections::BTreeSet;

use super::model::Library;
use super::name::{folder_of, folder_of_page, parent_folder, section_file};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::typed;

/// A folder without `_index.md` is on no list, and neither is anything in it: only who knows the
/// address gets there. Each language needs a file of its own.
pub(super) fn report(library: &Library, config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of("no-section") else {
        return;
    };
    let known: BTreeSet<(&str, &str)> = library
        .sections
        .iter()
        .map(|section| (folder_of(&section.doc.relative), section.doc.lang.as_str()))
        .collect();
    let pages = library.pages.iter().filter(|page| !page.apart);
    let of_pages = pages.map(|page| (folder_of_page(&page.doc.canonical), page.doc.lang.as_str()));
    let of_sections = known
        .iter()
        .filter_map(|(folder, lang)| Some((parent_folder(folder)?, *lang)));
    let lost: BTreeSet<(&str, &str)> = of_pages
        .chain(of_sections)
        .filter(|folder| !known.contains(folder))
        .collect();
    for (folder, lang) in lost {
        let file = section_file(folder, lang, config);
        let name = file.rsplit('/').next().unwrap_or(&file);
        let what = if lang == config.default_language {
            "what is in it".to_owned()
        } else {
            format!("what is in it in `{lang}`")
        };
        findings.push(
            Finding::new(
                level,
                "no-section",
                Place::file(&format!("content/{folder}")),
                format!("This folder has no `{name}`, so {what} is on no list."),
            )
            .help(format!(
                "Run `{}`. A page that is meant to stand alone has a line `path` at its top.",
                typed::command(&format!("new {file} \"Its title\""))
            )),
        );
    }
}

/// The home page is there in every language, and empty without a file.
pub(super) fn report_home(file: &str, lang: &str, config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of("no-section") else {
        return;
    };
    // Without any content, that is what was told.
    if findings.iter().any(|finding| finding.code == "no-content") {
        return;
    }
    let what = if lang == config.default_language {
        "the home page".to_owned()
    } else {
        format!("the home page in `{lang}`")
    };
    let sentence = format!("There is no `content/{file}`, so {what} is empty.");
    let place = Place::file(&format!("content/{file}"));
    findings.push(
        Finding::new(level, "no-section", place, sentence).help(format!(
            "Run `{}`.",
            typed::command(&format!("new {file} \"Its title\""))
        )),
    );
}
