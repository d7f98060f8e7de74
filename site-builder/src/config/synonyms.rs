//! The synonyms that editors own: words that readers type for one and the same thing, for each
//! language.
//!
//! ```toml
//! # synonyms.toml
//! en = [
//!   "cell phone, mobile, cellphone",
//!   "sign in, log in, login",
//! ]
//! ```
//!
//! Owns the file. Where the words are looked for is in [`crate::render`].

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use crate::diagnostic::{Finding, Findings};
use crate::document::{Data, Node, parse_toml};
use crate::text::Text;

/// The file, in the site's folder.
pub(super) const SYNONYMS_FILE: &str = "synonyms.toml";

/// Words that mean the same.
pub(crate) type Group = Vec<Phrase>;

/// One or more words that mean something together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// As it is written.
    pub written: String,
    /// Its words, in small letters.
    pub words: Vec<String>,
}

/// The groups of each language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synonyms {
    languages: BTreeMap<String, Vec<Group>>,
}

impl Synonyms {
    /// The groups of a language, or of the one that it is a kind of: `es` for `es-MX`.
    pub(crate) fn of(&self, language: &str) -> &[Group] {
        let general = language.split('-').next().unwrap_or(language);
        let languages = &self.languages;
        let groups = languages.get(language).or_else(|| languages.get(general));
        groups.map_or(&[], Vec::as_slice)
    }
}

/// Reads the file.
pub(super) fn read(text: &Text, findings: &mut Findings) -> Synonyms {
    let (table, _) = parse_toml(text, 0..text.body.len(), findings);
    let mut synonyms = Synonyms::default();
    for language in &table.entries {
        let Data::List(lines) = &language.node.data else {
            let sentence = format!("`{}` is not a list of synonyms.", language.key);
            findings.push(
                fault(text, &language.node, sentence).help(
                    "Name a language, and list its synonyms: `en = [\"cell phone, mobile\"]`.",
                ),
            );
            continue;
        };
        let groups = lines.iter().filter_map(|line| group(text, line, findings));
        let groups = groups.collect();
        synonyms.languages.insert(language.key.clone(), groups);
    }
    synonyms
}

fn group(text: &Text, line: &Node, findings: &mut Findings) -> Option<Group> {
    let phrases = match &line.data {
        Data::Text(line) => line.split(',').filter_map(phrase).collect(),
        _ => Vec::new(),
    };
    if phrases.len() > 1 {
        return Some(phrases);
    }
    let sentence = "This line has no two words that mean the same.".to_owned();
    findings
        .push(fault(text, line, sentence).help(
            "Put them into one pair of quotes, with commas between: \"cell phone, mobile\".",
        ));
    None
}

fn phrase(written: &str) -> Option<Phrase> {
    let words: Vec<_> = written.unicode_words().map(str::to_lowercase).collect();
    (!words.is_empty()).then(|| Phrase {
        written: written.trim().to_owned(),
        words,
    })
}

fn fault(text: &Text, node: &Node, sentence: String) -> Finding {
    Finding::error("synonyms-file", text.place(node.at.clone()), sentence)
}

/// Synonyms without faults.
#[cfg(test)]
pub(crate) fn synonyms(source: &str) -> Synonyms {
    read(&Text::new(SYNONYMS_FILE, source), &mut Findings::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(source: &str) -> (Synonyms, Vec<(&'static str, usize, usize)>) {
        let mut findings = Findings::default();
        let synonyms = read(&Text::new(SYNONYMS_FILE, source), &mut findings);
        let found = findings
            .iter()
            .map(|f| (f.code, f.place.line, f.place.column));
        (synonyms, found.collect())
    }

    #[test]
    fn each_language_has_its_groups_and_a_kind_of_it_has_them_too() {
        let (synonyms, found) =
            read_all("en = [\n\"Cell phone , mobile,\",\n]\nes = [\"celular, móvil\"]\n");
        assert!(found.is_empty(), "{found:?}");
        let [group] = synonyms.of("en-US") else {
            panic!("{synonyms:?}")
        };
        let written: Vec<_> = group.iter().map(|phrase| phrase.written.as_str()).collect();
        assert_eq!(written, ["Cell phone", "mobile"]);
        assert_eq!(group[0].words, ["cell", "phone"]);
        assert_eq!(synonyms.of("es")[0][1].words, ["móvil"]);
        assert!(synonyms.of("fr").is_empty());
    }

    #[test]
    fn what_is_no_group_is_found_where_it_stands() {
        let (synonyms, found) =
            read_all("en = [\"phone\", 1, \"a, -\", \"a, b\"]\n[es]\n\"celular\" = \"móvil\"\n");
        assert_eq!(
            found,
            [
                ("synonyms-file", 1, 7),
                ("synonyms-file", 1, 16),
                ("synonyms-file", 1, 19),
                ("synonyms-file", 2, 1),
            ]
        );
        assert_eq!(synonyms.of("en").len(), 1);
    }
}
