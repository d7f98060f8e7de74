//! The word list that editors own: what to write instead of which word, for each language, and which
//! words are right though no dictionary has them.
//!
//! ```toml
//! # words.toml
//! [en]
//! "utilize" = "use"
//! "date of service" = "day of your visit"
//!
//! [known]
//! en = ["Wellsprings", "telehealth"]
//! ```
//!
//! Owns the file. Where the words are looked for is in [`crate::check`].

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;

use crate::diagnostic::{Finding, Findings};
use crate::document::{Data, Node, parse_toml};
use crate::text::Text;

/// The file that is read when no other is named.
pub(super) const WORDS_FILE: &str = "words.toml";

/// The table of words that are right; no language has this name.
const KNOWN: &str = "known";

/// The words of one language.
pub(crate) type Words = BTreeMap<String, Vec<Entry>>;

/// The word list: for each language, the entries by their first word.
#[derive(Debug, Clone)]
pub(crate) struct WordList {
    /// Whether all of it could be read: else a word that is right may be missing.
    pub is_whole: bool,
    languages: BTreeMap<String, Words>,
    known: BTreeMap<String, BTreeSet<String>>,
}

/// A word or phrase that is not to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its words after the first, in small letters.
    pub rest: Vec<String>,
    /// What to write instead.
    pub instead: String,
}

impl Default for WordList {
    fn default() -> Self {
        Self {
            is_whole: true,
            languages: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }
}

impl WordList {
    /// The words of a language, or of the one that it is a kind of: `es` for `es-MX`.
    pub(crate) fn of(&self, language: &str) -> Option<&Words> {
        self.languages.get(kind_of(&self.languages, language)?)
    }

    /// The words that are right in a language, or in the one that it is a kind of: as they are
    /// listed, with a capital, and in capitals.
    pub(crate) fn known(&self, language: &str) -> Option<&BTreeSet<String>> {
        self.known.get(kind_of(&self.known, language)?)
    }
}

/// The language in a table, else the one that it is a kind of.
fn kind_of<'a, T>(languages: &BTreeMap<String, T>, language: &'a str) -> Option<&'a str> {
    let general = language.split('-').next()?;
    [language, general]
        .into_iter()
        .find(|language| languages.contains_key(*language))
}

/// Reads the list.
pub(super) fn read(text: &Text, findings: &mut Findings) -> WordList {
    let (table, is_whole) = parse_toml(text, 0..text.body.len(), findings);
    let mut list = WordList {
        is_whole,
        ..WordList::default()
    };
    for language in &table.entries {
        if language.key == KNOWN {
            read_known(text, &language.node, &mut list, findings);
            continue;
        }
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
            let instead = match &entry.node.data {
                Data::Text(instead) if !instead.trim().is_empty() => Some(instead),
                _ => None,
            };
            let (Some(first), Some(instead)) = (parts.next(), instead) else {
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

fn read_known(text: &Text, node: &Node, list: &mut WordList, findings: &mut Findings) {
    let mut fault = |node: &Node| {
        let sentence = "This is no list of words that are right.";
        findings.push(
            Finding::error("words-file", text.place(node.at.clone()), sentence).help(format!(
                "Write, below `[{KNOWN}]`, a list for each language: `en = [\"telehealth\"]`."
            )),
        );
    };
    let Data::Table(languages) = &node.data else {
        return fault(node);
    };
    for language in &languages.entries {
        let Data::List(words) = &language.node.data else {
            fault(&language.node);
            continue;
        };
        let known = list.known.entry(language.key.clone()).or_default();
        for word in words {
            let Data::Text(phrase) = &word.data else {
                fault(word);
                continue;
            };
            // The words of a name are known one by one.
            for word in phrase.split_whitespace() {
                let word = word.replace('’', "'");
                let mut letters = word.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                known.insert(first.chain(letters).collect());
                known.insert(word.to_uppercase());
                known.insert(word);
            }
        }
    }
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
    fn known_words_may_have_a_capital_and_names_need_theirs() {
        let (list, found) = list("[known]\nen = [\"telehealth\", \"O’Neil Ally\"]\n");
        assert!(found.is_empty(), "{found:?}");
        let known = list.known("en-US").unwrap();
        let all: Vec<_> = known.iter().map(String::as_str).collect();
        assert_eq!(
            all,
            [
                "ALLY",
                "Ally",
                "O'NEIL",
                "O'Neil",
                "TELEHEALTH",
                "Telehealth",
                "telehealth"
            ]
        );
        assert!(list.known("es").is_none());
    }

    #[test]
    fn what_is_no_list_of_known_words_is_found() {
        let (_, found) = list("[known]\nen = \"a\"\nes = [1]\n");
        assert_eq!(found, [("words-file", 2), ("words-file", 3)]);
        let (_, found) = list("known = [\"a\"]\n");
        assert_eq!(found, [("words-file", 1)]);
    }

    #[test]
    fn what_is_no_entry_is_found_where_it_stands() {
        let (_, found) = list("utilize = \"use\"\n[en]\na = 1\n\"-\" = \"b\"\nc = \" \"\n");
        let lines: Vec<_> = found.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, [1, 3, 4, 5]);
        assert!(found.iter().all(|(code, _)| *code == "words-file"));
    }
}
