//! The words of one language: a dictionary's and the editors' own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, PoisonError, RwLock};

use spellbook::Dictionary as Book;

use crate::config::Dictionary;

/// How many words are offered instead of a wrong one.
const OFFERED: usize = 3;

/// American English: part of the program, and opened once in its life.
static ENGLISH: LazyLock<Option<Book>> = LazyLock::new(|| {
    let endings = include_str!("../../../dictionaries/en/en_US.aff");
    let words = include_str!("../../../dictionaries/en/en_US.dic");
    Book::new(endings, words).ok()
});

/// The words of a language.
pub(super) struct Lexicon<'a> {
    book: Opened,
    known: Option<&'a BTreeSet<String>>,
    /// Words that were looked up. Most pages share most of their words.
    verdicts: RwLock<HashMap<Box<str>, bool>>,
}

enum Opened {
    English(&'static Book),
    Read(Box<Book>),
}

impl<'a> Lexicon<'a> {
    /// Opens a dictionary, or says what is wrong with it.
    pub(super) fn new(
        dictionary: &Dictionary,
        known: Option<&'a BTreeSet<String>>,
    ) -> Result<Self, String> {
        let book = match dictionary {
            Dictionary::English => ENGLISH.as_ref().map(Opened::English),
            Dictionary::Read { endings, words, .. } => Book::new(endings, words)
                .ok()
                .map(Box::new)
                .map(Opened::Read),
        };
        let Some(book) = book else {
            return Err(match dictionary {
                Dictionary::English => "The dictionary of English cannot be read.".to_owned(),
                Dictionary::Read { path, .. } => {
                    format!("The dictionary `{path}` is not one in the format of Hunspell.")
                }
            });
        };
        Ok(Self {
            book,
            known,
            verdicts: RwLock::default(),
        })
    }

    /// Whether a word, or the parts of one with hyphens, is right.
    pub(super) fn has(&self, word: &str) -> bool {
        let verdicts = || self.verdicts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(verdict) = verdicts().get(word) {
            return *verdict;
        }
        let verdict = self.has_whole(word)
            || word.contains('-') && word.split('-').all(|part| self.has_whole(part));
        let mut verdicts = self
            .verdicts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        verdicts.insert(word.into(), verdict);
        verdict
    }

    fn has_whole(&self, word: &str) -> bool {
        let plain = word.replace('’', "'");
        let owner = plain
            .strip_suffix("'s")
            .or_else(|| plain.strip_suffix('\''))
            .unwrap_or(&plain);
        [plain.as_str(), owner].into_iter().any(|word| {
            is_short(word)
                || self.known.is_some_and(|known| known.contains(word))
                || self.book().check(word)
        })
    }

    /// What may have been meant, the likeliest first.
    pub(super) fn suggest(&self, word: &str) -> Vec<String> {
        let mut found = Vec::new();
        // Words that merely share letters take a tenth of a second each to find, and rarely help.
        let suggester = self.book().suggester().with_ngram_suggestions(false);
        suggester.suggest(word, &mut found);
        found.truncate(OFFERED);
        found
    }

    fn book(&self) -> &Book {
        match &self.book {
            Opened::English(book) => book,
            Opened::Read(book) => book,
        }
    }
}

/// A letter, or an abbreviation of few capitals, of which there are more than a dictionary has.
fn is_short(word: &str) -> bool {
    const LONGEST: usize = 5;
    let letters = word.chars().count();
    letters <= 1 || letters <= LONGEST && word.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::word_list;

    fn wrong(words: &str) -> Vec<&str> {
        let list = word_list("[known]\nen = [\"telehealth\", \"Wellsprings\", \"pre\"]\n");
        let lexicon = Lexicon::new(&Dictionary::English, list.known("en")).unwrap();
        words.split(' ').filter(|word| !lexicon.has(word)).collect()
    }

    #[test]
    fn words_are_right_with_an_owner_a_capital_and_a_hyphen() {
        assert_eq!(
            wrong(
                "Patient's patients’ don’t DON'T e-mail well-known pre-visit telehealth's Telehealth \
                 Wellsprings’s A PHI COVID"
            ),
            [""; 0]
        );
        assert_eq!(
            wrong("recieve TELEHEALT recieve well-knwon ABCDEF dont telehealths"),
            [
                "recieve",
                "TELEHEALT",
                "recieve",
                "well-knwon",
                "ABCDEF",
                "dont",
                "telehealths"
            ]
        );
    }

    #[test]
    fn three_likely_words_are_offered() {
        let lexicon = Lexicon::new(&Dictionary::English, None).unwrap();
        assert_eq!(lexicon.suggest("recieve"), ["receive", "relieve"]);
        assert_eq!(lexicon.suggest("pasword").len(), OFFERED);
        assert_eq!(lexicon.suggest("zxqvbnm"), [""; 0]);
    }

    #[test]
    fn a_dictionary_that_is_none_is_told_by_its_path() {
        let dictionary = Dictionary::Read {
            path: "dictionaries/es".to_owned(),
            endings: "SFX A Y\n".into(),
            words: "no number".into(),
        };
        let error = Lexicon::new(&dictionary, None).err();
        assert!(error.is_some_and(|error| error.contains("dictionaries/es")));
    }
}
