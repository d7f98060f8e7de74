//! What the name of a content file says: which folder it is in, whether it describes it, and in which
//! language it is.
//!
//! `faq/codes.es.md` is `faq/codes` in Spanish, on a site that has Spanish; so it is a translation of
//! `faq/codes.md`. What all translations share is called canonical here, as in Zola.

use std::collections::BTreeSet;

use icu_locale::LanguageIdentifier;

use crate::config::Config;
use crate::diagnostic::{Finding, Findings, nearest};
use crate::source::{ContentFile, Source};

/// The name of the file that makes a folder a section, without its language and ending.
const SECTION: &str = "_index";

/// What a name says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The path in the content folder without language and ending.
    pub canonical: String,
    /// The language's code.
    pub lang: String,
}

impl Name {
    /// Reads the name of a content file, such as `faq/codes.es.md`.
    pub(crate) fn of(relative: &str, config: &Config) -> Self {
        let stem = relative.strip_suffix(".md").unwrap_or(relative);
        let translated = suffix(stem).and_then(|(canonical, code)| {
            let known = config.other_languages.contains_key(code);
            known.then(|| (canonical.to_owned(), code.to_owned()))
        });
        let (canonical, lang) =
            translated.unwrap_or_else(|| (stem.to_owned(), config.default_language.clone()));
        Self { canonical, lang }
    }

    /// Whether the file describes its folder.
    pub(crate) fn is_section(&self) -> bool {
        is_section(&self.canonical)
    }

    /// The files that describe the folders above this one, in its language, outermost first. In the
    /// default language, the home page is there without one.
    pub(crate) fn sections_above(&self, config: &Config) -> Vec<String> {
        let folder = folder_of_page(&self.canonical);
        let own = (!folder.is_empty()).then_some(folder.len());
        let home = (self.lang != config.default_language).then_some(0);
        let ends = home.into_iter();
        let ends = ends.chain(folder.match_indices('/').map(|(at, _)| at));
        ends.chain(own)
            .map(|end| join(&folder[..end], SECTION))
            .filter(|section| *section != self.canonical)
            .map(|section| file(&section, &self.lang, config))
            .collect()
    }
}

/// The file of this canonical path in this language.
pub(crate) fn file(canonical: &str, lang: &str, config: &Config) -> String {
    if lang == config.default_language {
        format!("{canonical}.md")
    } else {
        format!("{canonical}.{lang}.md")
    }
}

/// The file that describes a folder in this language.
pub(crate) fn section_file(folder: &str, lang: &str, config: &Config) -> String {
    file(&join(folder, SECTION), lang, config)
}

/// Whether a canonical path is that of a folder's description.
pub(crate) fn is_section(canonical: &str) -> bool {
    last(canonical) == SECTION
}

/// Whether a canonical path is that of the home page.
pub(crate) fn is_home(canonical: &str) -> bool {
    canonical == SECTION
}

/// The folder of a page that has one to itself: `faq/codes/` of `faq/codes/index`.
pub(crate) fn colocated(canonical: &str) -> Option<&str> {
    let folder = canonical.strip_suffix("index")?;
    folder.ends_with('/').then_some(folder)
}

/// The folder that a content file lies in.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder whose section a page belongs to, by the page's canonical path: `a/b/index` is a page of
/// `a`.
pub(crate) fn folder_of_page(canonical: &str) -> &str {
    folder_of(canonical.strip_suffix("/index").unwrap_or(canonical))
}

/// The folder above another.
pub(super) fn parent_folder(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder_of(folder))
}

/// A file in a folder.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Parts a path without its ending at the first dot of its name.
fn suffix(stem: &str) -> Option<(&str, &str)> {
    let at = stem.len() - last(stem).len();
    let dot = at + stem[at..].find('.')?;
    Some((&stem[..dot], &stem[dot + 1..]))
}

/// Looks for names that say a language which the site does not have. Returns the files to go on with:
/// Zola, too, reads no folder's description in a language that is not there.
pub(super) fn check(
    content: Vec<ContentFile>,
    config: &Config,
    findings: &mut Findings,
) -> Vec<ContentFile> {
    let paths: BTreeSet<String> = content.iter().map(|file| file.relative.clone()).collect();
    let mut kept = Vec::new();
    for file in content {
        let stem = file.relative.strip_suffix(".md").unwrap_or(&file.relative);
        let unknown = suffix(stem).filter(|(_, code)| !config.other_languages.contains_key(*code));
        if let Some((canonical, code)) = unknown {
            let original = format!("{canonical}.md");
            let beside = paths.contains(&original);
            findings.extend(fault(&file, &original, beside, code, config));
            if is_section(canonical) {
                continue;
            }
        }
        kept.push(file);
    }
    kept
}

/// What is wrong with a name that says no language of the site but the default one. What Zola refuses
/// is an error; what it reads otherwise than was meant, or not at all, is a warning.
fn fault(
    file: &ContentFile,
    original: &str,
    beside: bool,
    code: &str,
    config: &Config,
) -> Option<Finding> {
    let name = last(original);
    let section = name == "_index.md";
    let several = !config.other_languages.is_empty();
    // On a site in one language, a dot in a name seldom means one.
    let meant = several || section || (beside && is_code(code));
    let place = file.text.whole();
    let rule = "language-in-name";
    if code == config.default_language {
        let sentence = format!(
            "The name of this file says `{code}`, which is the language of files that say none."
        );
        let finding = Finding::warning(rule, place, sentence).help(format!("Name it `{name}`."));
        return meant.then_some(finding);
    }
    let sentence = format!(
        "The name of this file says that it is in `{code}`, a language that this site does not have."
    );
    let finding = if several && !section {
        Finding::error(rule, place, sentence)
    } else {
        Finding::warning(rule, place, sentence)
    };
    let codes = config.other_languages.keys().map(String::as_str);
    let near = nearest(code, codes);
    let near = near.map_or_else(String::new, |near| format!("Did you mean `{near}`? "));
    let add = if is_code(code) {
        format!("Add `[languages.{code}]` to the settings, or take")
    } else {
        "Take".to_owned()
    };
    meant.then(|| finding.help(format!("{near}{add} the dot out of the name.")))
}

/// The code of a language that the site does not have, in the name of what would translate the page
/// beside it.
pub(crate) fn lacking_language<'a>(relative: &'a str, source: &Source) -> Option<&'a str> {
    let (canonical, code) = suffix(relative.strip_suffix(".md")?)?;
    let original = format!("{canonical}.md");
    let mut content = source.content.iter();
    let beside = content.any(|file| file.relative == original);
    (beside && is_code(code) && !source.config.has_language(code)).then_some(code)
}

/// Whether what follows a dot looks like a language's code rather than like a word or a number.
fn is_code(code: &str) -> bool {
    let primary = code.split(['-', '_']).next().unwrap_or(code);
    matches!(primary.len(), 2 | 3) && LanguageIdentifier::try_from_str(code).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_at_the_first_dot_behind_its_folders() {
        assert_eq!(suffix("faq/codes.es"), Some(("faq/codes", "es")));
        assert_eq!(suffix("v1.2/codes"), None);
        assert_eq!(suffix("a.b.es"), Some(("a", "b.es")));
    }

    #[test]
    fn a_code_is_no_word_and_no_number() {
        assert!(is_code("es") && is_code("pt-BR") && is_code("fil"));
        assert!(!is_code("2") && !is_code("notes") && !is_code("b.es"));
    }

    #[test]
    fn a_page_with_a_folder_of_its_own_belongs_to_the_folder_above() {
        assert_eq!(folder_of_page("a/b/index"), "a");
        assert_eq!(folder_of_page("a/b"), "a");
        assert_eq!(folder_of_page("index"), "");
        assert_eq!(colocated("a/b/index"), Some("a/b/"));
        assert_eq!(colocated("a/reindex"), None);
        assert_eq!(colocated("index"), None);
    }
}
