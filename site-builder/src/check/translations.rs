//! Checks of a site in several languages: translations that are older than what they translate,
//! those of nothing, and links that leave a page's language without need.
//!
//! The default language is the one that editors write in; the others follow it.

use jiff::civil::Date;
use percent_encoding::percent_decode_str;

use super::front::date_of;
use super::{dates, untranslated};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, nearest};
use crate::page::model::{Doc, Id, Library};
use crate::page::{moment, name};

/// The rule about links to pages in another language.
const LINK: &str = "translation-link";
/// The rule about translations of no page.
const ORPHANED: &str = "translation-orphaned";
/// The rule about translations that are behind.
const STALE: &str = "translation-stale";

/// How many pages of a folder are looked through for the one that was meant.
const NEIGHBOURS: usize = 500;

/// Runs the checks.
pub(super) fn check(library: &Library, config: &Config, findings: &mut Findings) {
    if config.other_languages.is_empty() {
        return;
    }
    untranslated::keys(config, findings);
    let looked_at = |doc: &Doc| doc.render && !config.checks.skip_pages.is_match(&doc.relative);
    let originals = library.index.values().map(|&id| library.doc(id));
    let originals = originals.filter(|doc| doc.lang == config.default_language && looked_at(doc));
    untranslated::pages(originals, library, config, findings);
    for &id in library.index.values() {
        let doc = library.doc(id);
        if !looked_at(doc) {
            continue;
        }
        findings.extend(links(doc, library, config));
        if doc.lang == config.default_language {
            continue;
        }
        let original = library
            .translations(doc)
            .find(|&id| library.doc(id).lang == config.default_language);
        findings.extend(match original {
            Some(original) => stale((id, doc), original, library, config),
            None => orphaned(doc, library, config),
        });
    }
}

/// Links to a page in another language where there is one in the page's own: what a translation that
/// began as a copy is most often left with.
fn links(doc: &Doc, library: &Library, config: &Config) -> Vec<Finding> {
    let Some(level) = config.checks.levels.of(LINK) else {
        return Vec::new();
    };
    let links = doc.content.links.iter();
    let found = links.filter_map(|link| {
        let path = link.written.strip_prefix("@/")?;
        let (path, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
        let path = percent_decode_str(path).decode_utf8_lossy();
        let target = library.find(&path)?;
        // A page may well say that it is there in another language.
        if target.lang == doc.lang || target.canonical == doc.canonical {
            return None;
        }
        let mut all = library.in_all_languages(target);
        let own = all.find(|own| own.lang == doc.lang)?;
        let sentence = format!(
            "This link leads to a page in `{}`, which is there in `{}`, too.",
            target.lang, doc.lang
        );
        let place = doc.text.place(link.at.clone());
        let help = format!("Write `@/{}{fragment}`.", own.relative);
        Some(Finding::new(level, LINK, place, sentence).help(help))
    });
    found.collect()
}

/// A translation whose original was changed, or read through, on a later day.
fn stale(
    (id, doc): (Id, &Doc),
    original: Id,
    library: &Library,
    config: &Config,
) -> Option<Finding> {
    let level = config.checks.levels.of(STALE)?;
    let (own_key, own) = latest(id, library)?;
    let (_, newer) = latest(original, library).filter(|(_, newer)| *newer > own)?;
    let place = match doc.line_of(own_key) {
        Some(at) => doc.text.place(at),
        None => doc.text.whole(),
    };
    let original = &library.doc(original).text.file;
    let sentence =
        format!("What this page translates is newer ({newer}) than the translation ({own}).");
    Some(Finding::new(level, STALE, place, sentence).help(format!(
        "Compare it with {original}, mend what differs, and set `{own_key}` to today."
    )))
}

/// The latest day on which somebody looked at a page, and the key that says so.
fn latest(id: Id, library: &Library) -> Option<(&'static str, Date)> {
    let reviewed = date_of(library.doc(id), dates::REVIEWED);
    let updated = match id {
        Id::Page(at) => library.pages[at].updated,
        Id::Section(_) => None,
    };
    let updated = updated.map(|date| ("updated", moment(date).date()));
    let reviewed = reviewed.map(|date| (dates::REVIEWED, date));
    reviewed
        .into_iter()
        .chain(updated)
        .max_by_key(|(_, date)| *date)
}

/// A translation of a page that is not there.
fn orphaned(doc: &Doc, library: &Library, config: &Config) -> Option<Finding> {
    let level = config.checks.levels.of(ORPHANED)?;
    let original = name::file(&doc.canonical, &config.default_language, config);
    let code = &doc.lang;
    let place = doc.text.whole();
    if library.drafts.contains_key(&original) {
        let sentence =
            format!("This page is in `{code}` what is still a draft: content/{original}.");
        let help = "Publish both at once: set `draft = true` here, too.";
        return Some(Finding::new(level, ORPHANED, place, sentence).help(help));
    }
    let sentence = format!("This page is the translation into `{code}` of no page.");
    // Only what has no translation yet, in the same folder, is what was meant.
    let folder = doc
        .canonical
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let neighbours = library.translations.range(folder.to_owned()..);
    let untranslated = neighbours
        .take_while(|(canonical, _)| canonical.starts_with(folder))
        .take(NEIGHBOURS)
        .filter(|(_, all)| {
            let has = |lang: &String| all.iter().any(|&id| library.doc(id).lang == *lang);
            has(&config.default_language) && !has(code)
        })
        .map(|(canonical, _)| canonical.as_str());
    let near = nearest(&doc.canonical, untranslated);
    let help = match near {
        Some(near) => format!(
            "Name it `content/{}` if it is the translation of `content/{near}.md`.",
            name::file(near, code, config)
        ),
        None => format!("Name it after the page that it translates, or write content/{original}."),
    };
    Some(Finding::new(level, ORPHANED, place, sentence).help(help))
}

/// Names in one line: `` `es`, `fr` and `pt-BR` ``.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
