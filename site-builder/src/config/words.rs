//! The word list that editors own: what to write instead of which word, for each language.
//!
//! ```toml
//! # words.toml
//! [en]
//! "utilize" = "use"
//! "date of service" = "day of your visit"
//! ```
//!
//! Owns the file. Where the words are looked for is in [`crate::check`].

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use crate::diagnostic::{Finding, Findings};
use crate::document::{Data, parse_toml};
use crate::text::Text;

/// The file that is read when no other is named.
pub(super) const WORDS_FILE: &str = "words.toml";

/// The words of one language.
pub(crate) type Words = BTreeMap<String, Vec<Entry>>;

/// The word list: for each language, the entries by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct WordList {
    languages: BTreeMap<String, Words>,
}

/// A word or phrase that is not to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its words after the first, in small letters.
    pub rest: Vec<String>,
    /// What to write instead.
    pub instead: String,
}

impl WordList {
    /// The words of a language, or of the one that it is a kind of: `es` for `es-MX`.
    pub(crate) fn of(&self, language: &str) -> Option<&Words> {
        let general = language.split('-').next().unwrap_or(language);
        let languages = &self.languages;
        languages.get(language).or_else(|| languages.get(general))
    }
}

/// Reads the list.
pub(super) fn read(text: &Text, findings: &mut Findings) -> WordList {
    let (table, _) = parse_toml(text, 0..text.body.len(), findings);
    let mut list = WordList::default();
    for language in &table.entries {
        let Data::Table(entries) = &language.node.data else {
            let place = text.place(language.key_at.clone());
            findings.push(
                Finding::error("words-file", place, "This word belongs to no language.")
                    .help("Put it below a line with its language, such as `[en]`."),
            );
            continue;
        };
        let words = list.languages.entry(language.key.clone()).or_default();
        for entry in &entries.entries {
            let mut parts = entry.key.unicode_words().map(str::to_lowercase);
            let (Some(first), Data::Text(instead)) = (parts.next(), &entry.node.data) else {
                let place = text.place(entry.key_at.clone());
                let sentence = format!("`{}` does not say what to write instead.", entry.key);
                findings.push(
                    Finding::error("words-file", place, sentence)
                        .help("Write it as `\"utilize\" = \"use\"`."),
                );
                continue;
            };
            words.entry(first).or_default().push(Entry {
                rest: parts.collect(),
                instead: instead.clone(),
            });
        }
        for entries in words.values_mut() {
            // The longest phrase is the one that is meant.
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
    }
    list
}

/// A word list without faults.
#[cfg(test)]
pub(crate) fn word_list(source: &str) -> WordList {
    read(&Text::new(WORDS_FILE, source), &mut Findings::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(source: &str) -> (WordList, Vec<(&'static str, usize)>) {
        let mut findings = Findings::default();
        let list = read(&Text::new(WORDS_FILE, source), &mut findings);
        let found = findings.iter().map(|f| (f.code, f.place.line)).collect();
        (list, found)
    }

    #[test]
    fn each_language_has_its_words_and_a_kind_of_it_has_them_too() {
        let (list, found) =
            list("[en]\n\"Prior to\" = \"before\"\n[es]\n\"utilizar\" = \"usar\"\n");
        assert!(found.is_empty(), "{found:?}");
        let prior = &list.of("en-US").unwrap()["prior"][0];
        assert_eq!(
            (prior.rest.join(" "), prior.instead.as_str()),
            ("to".into(), "before")
        );
        assert!(list.of("es").unwrap().contains_key("utilizar"));
        assert!(list.of("fr").is_none());
    }

    #[test]
    fn what_is_no_entry_is_found_where_it_stands() {
        let (_, found) = list("utilize = \"use\"\n[en]\na = 1\n\"-\" = \"b\"\n");
        assert_eq!(
            found,
            [("words-file", 1), ("words-file", 3), ("words-file", 4)]
        );
    }
}
