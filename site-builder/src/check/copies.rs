//! Copies that a computer's desktop made of a page: `in-spam - Copy.md`, `in-spam (1).md`.
//!
//! One is told as such, and not as a page that says the same as another.

use std::collections::BTreeSet;

use super::stray::RULE;
use crate::config::Config;
use crate::diagnostic::{Finding, Findings};
use crate::page::model::{Doc, Library};

/// What names of copies end with, on Windows and on a Mac, in English, Spanish and German, and begin
/// with on older systems.
const ENDINGS: [&str; 6] = [
    " - Copy", " - copia", " - Kopie", " copy", " copia", " Kopie",
];
const BEGINNING: &str = "Copy of ";

/// The copies among the pages, by their path in the content folder.
#[derive(Debug, Default)]
pub(super) struct Copies<'a> {
    all: BTreeSet<&'a str>,
}

impl Copies<'_> {
    /// Whether a page is one.
    pub(super) fn has(&self, doc: &Doc) -> bool {
        self.all.contains(doc.relative.as_str())
    }
}

/// Tells copies that lie beside what they were made of.
pub(super) fn check<'a>(
    library: &'a Library,
    config: &Config,
    findings: &mut Findings,
) -> Copies<'a> {
    let mut copies = Copies::default();
    let Some(level) = config.checks.levels.of(RULE) else {
        return copies;
    };
    for doc in library.docs() {
        let Some(original) = original(&doc.relative).and_then(|path| library.find(&path)) else {
            continue;
        };
        copies.all.insert(&doc.relative);
        let sentence = format!(
            "This is a copy of {}, and would be a page of its own.",
            original.text.file
        );
        findings.push(
            Finding::new(level, RULE, doc.text.whole(), sentence)
                .help("Remove the file, or give it another name and title."),
        );
    }
    copies
}

/// The path of what a file is a copy of, if its name is that of a copy.
fn original(relative: &str) -> Option<String> {
    let name = relative.rsplit('/').next()?;
    let folder = &relative[..relative.len() - name.len()];
    let (stem, ending) = name.split_once('.')?;
    let plain = numbered(stem).unwrap_or(stem);
    // A Mac counts behind the word.
    let counted = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let uncounted = counted.strip_suffix(' ').unwrap_or(plain);
    let plain = ENDINGS
        .iter()
        .find_map(|ending| uncounted.strip_suffix(ending))
        .or_else(|| plain.strip_prefix(BEGINNING))
        .unwrap_or(plain);
    (plain != stem).then(|| format!("{folder}{plain}.{ending}"))
}

/// A name without the number in brackets behind it.
fn numbered(stem: &str) -> Option<&str> {
    let (name, number) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_by_its_name() {
        for name in [
            "in-spam - Copy",
            "in-spam (1)",
            "in-spam - Copy (2)",
            "Copy of in-spam",
            "in-spam copy",
            "in-spam - copia",
            "in-spam copy 2",
            "in-spam copia 12",
            "in-spam Kopie",
        ] {
            let found = original(&format!("faq/{name}.es.md"));
            assert_eq!(found.as_deref(), Some("faq/in-spam.es.md"), "{name}");
        }
        for name in [
            "in-spam",
            "get-a-copy",
            "call (us)",
            "in-spam ()",
            "step 2",
            "in-spam copy2",
        ] {
            assert_eq!(original(&format!("faq/{name}.md")), None, "{name}");
        }
    }
}
