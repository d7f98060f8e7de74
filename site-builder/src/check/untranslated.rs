//! What a language lacks: pages that are there in the default one, and words for `trans`.
//!
//! One cause is one finding: a language that was just added lacks everything, and a section that
//! nobody translated all its pages.

use std::collections::BTreeMap;

use super::translations::list;
use crate::config::{Config, Language};
use crate::diagnostic::print::count;
use crate::diagnostic::{Finding, Findings, Place};
use crate::page::model::{Doc, Library};
use crate::page::{Name, name};
use crate::typed;

/// The rule about words that `trans` lacks in a language.
const KEY: &str = "translation-key";
/// The rule about pages that a language lacks.
const MISSING: &str = "translation-missing";

/// Words that one language has and another lacks.
pub(super) fn keys(config: &Config, findings: &mut Findings) {
    let Some(level) = config.checks.levels.of(KEY) else {
        return;
    };
    let mut groups: BTreeMap<Vec<&str>, Vec<(&str, &Place)>> = BTreeMap::new();
    for (lang, language) in config.languages() {
        for (key, (_, place)) in &language.translations {
            let with = |(_, other): &(&str, &Language)| other.translations.contains_key(key);
            let mut having = config.languages().filter(with);
            // The first language that has a word speaks for all that have it.
            if having.next().is_none_or(|(first, _)| first != lang) {
                continue;
            }
            let lacking = config.languages().filter(|other| !with(other));
            let lacking: Vec<&str> = lacking.map(|(code, _)| code).collect();
            if !lacking.is_empty() {
                groups.entry(lacking).or_default().push((key, place));
            }
        }
    }
    for (lacking, keys) in groups {
        let tables: Vec<String> = lacking
            .iter()
            .map(|code| match *code {
                code if code == config.default_language => "[translations]".to_owned(),
                code => format!("[languages.{code}.translations]"),
            })
            .collect();
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        let (tables, languages) = (list(&tables), list(&lacking));
        let first = config.other_languages.get(lacking[0]);
        let (place, sentence, help) = match (&keys[..], first) {
            ([(key, place)], _) => (
                (*place).clone(),
                format!("`{key}` has no translation into {languages}."),
                format!("Add `{key} = \"…\"` under {tables}."),
            ),
            (keys, first) => {
                let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
                (
                    first.map_or_else(|| keys[0].1.clone(), |language| language.at.clone()),
                    format!("{} words have no translation into {languages}.", keys.len()),
                    format!("Add a line for each under {tables}: {}.", list(&names)),
                )
            }
        };
        findings.push(Finding::new(level, KEY, place, sentence).help(help));
    }
}

/// Pages that are not there in every language.
pub(super) fn pages<'a>(
    all: impl Iterator<Item = &'a Doc>,
    library: &Library,
    config: &Config,
    findings: &mut Findings,
) {
    let Some(level) = config.checks.levels.of(MISSING) else {
        return;
    };
    let begun: Vec<&str> = config
        .other_languages
        .keys()
        .map(String::as_str)
        .filter(|code| is_begun(code, library, config))
        .collect();
    let mut sections: BTreeMap<&str, Vec<&Doc>> = BTreeMap::new();
    for doc in all {
        let folder = name::folder_of_page(&doc.canonical);
        sections.entry(folder).or_default().push(doc);
    }
    for (code, language) in &config.other_languages {
        if !begun.contains(&code.as_str()) && !sections.is_empty() {
            let (sentence, help) = not_begun(code, &sections);
            let place = language.at.clone();
            findings.push(Finding::new(level, MISSING, place, sentence).help(help));
        }
    }
    for (folder, docs) in sections {
        let mut groups: BTreeMap<Vec<&str>, Vec<&Doc>> = BTreeMap::new();
        for &doc in &docs {
            let has = |code: &str| library.in_all_languages(doc).any(|doc| doc.lang == code);
            let lacking: Vec<&str> = begun.iter().copied().filter(|code| !has(code)).collect();
            if !lacking.is_empty() {
                groups.entry(lacking).or_default().push(doc);
            }
        }
        let section = name::section_file(folder, &config.default_language, config);
        for (lacking, without) in groups {
            let languages = list(&lacking);
            let (doc, sentence) = match &without[..] {
                [doc] => (
                    *doc,
                    format!("This page has no translation into {languages}."),
                ),
                [first, ..] => {
                    let lacking = match docs.len() {
                        all if all == without.len() => {
                            format!("None of the {all} pages of this section has a")
                        }
                        all => format!(
                            "{} of the {all} pages of this section have no",
                            without.len()
                        ),
                    };
                    let section = library.find(&section).unwrap_or(first);
                    (section, format!("{lacking} translation into {languages}."))
                }
                [] => continue,
            };
            let help = to_do(&without, lacking[0], library, config);
            findings.push(Finding::new(level, MISSING, doc.text.whole(), sentence).help(help));
        }
    }
}

/// How to make the translations of these pages.
fn to_do(without: &[&Doc], lang: &str, library: &Library, config: &Config) -> String {
    let files = without.iter();
    let files = files.map(|doc| name::file(&doc.canonical, lang, config));
    let (drafts, new): (Vec<_>, Vec<_>) = files.partition(|file| library.drafts.contains_key(file));
    let mut help = Vec::new();
    if let Some((first, others)) = new.split_first() {
        let others = match others {
            [] => String::new(),
            others => format!(", and the same for {}", others.join(", ")),
        };
        help.push(format!(
            "Run `{}`{others}.",
            typed::command(&format!("new {first} \"Its title\""))
        ));
    }
    if !drafts.is_empty() {
        help.push(format!(
            "There is a draft of content/{}.",
            drafts.join(", content/")
        ));
    }
    help.join(" ")
}

/// Whether anything is written in a language, be it a draft. Its home page is there without a file.
fn is_begun(code: &str, library: &Library, config: &Config) -> bool {
    let mut docs = library.docs();
    docs.any(|doc| doc.lang == code && !doc.text.body.is_empty())
        || library
            .drafts
            .keys()
            .any(|draft| Name::of(draft, config).lang == code)
}

/// What to say of a language in which nothing is written.
fn not_begun(code: &str, sections: &BTreeMap<&str, Vec<&Doc>>) -> (String, String) {
    let all = sections.values().map(Vec::len).sum();
    let each = sections.iter().map(|(folder, docs)| {
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("content{slash}{folder} has {}", docs.len())
    });
    let each: Vec<String> = each.collect();
    let sentence = format!(
        "Nothing is translated into `{code}` yet: {}.",
        count(all, "page")
    );
    let help = format!(
        "Begin with `{}`. Then go on folder by folder: {}.",
        typed::command(&format!("new _index.{code}.md \"Its title\"")),
        each.join(", ")
    );
    (sentence, help)
}
