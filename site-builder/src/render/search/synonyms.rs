//! What readers may type for the words of a text, by the list that editors own.
//!
//! The index holds the other words of every group that a text has one of, so that whoever searches
//! for `login` comes to a page that says "sign in", and no script needs to know the list.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::config::{Group, Phrase};
use crate::text::small;

/// How much longer a word of a text may be than that of the list which it is a form of: `phones`.
const ENDING: usize = 2;
/// Words of fewer bytes have no forms: `in` is none of `ink`.
const SHORTEST: usize = 4;

/// The words of a text in order, and which of all its words each of them is.
struct Words<'a>(Vec<(Cow<'a, str>, usize)>);

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let words = text.unicode_words().enumerate();
        let mut words: Vec<_> = words.map(|(at, word)| (small(word), at)).collect();
        words.sort_unstable();
        Self(words)
    }

    /// Where a word or a form of it stands.
    fn find(&self, word: &str) -> BTreeSet<usize> {
        let ending = if word.len() < SHORTEST { 0 } else { ENDING };
        let first = self.0.partition_point(|(found, _)| **found < *word);
        self.0[first..]
            .iter()
            .take_while(|(found, _)| found.starts_with(word))
            .filter(|(found, _)| found.len() <= word.len() + ending)
            .map(|(_, at)| *at)
            .collect()
    }

    fn has(&self, phrase: &Phrase) -> bool {
        let mut words = phrase.words.iter();
        let Some(first) = words.next() else {
            return false;
        };
        let mut ends = self.find(first);
        for word in words {
            let next = self.find(word);
            ends = ends.iter().map(|at| at + 1).collect();
            ends.retain(|at| next.contains(at));
        }
        !ends.is_empty()
    }
}

/// What may be typed for the words of these texts and is in none of them, in the order of the list.
pub(super) fn of(texts: &[&str], groups: &[Group]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| Words::new(text)).collect();
    let has = |phrase: &&Phrase| texts.iter().any(|words| words.has(phrase));
    let mut others: Vec<&str> = Vec::new();
    for group in groups {
        let (there, other): (Vec<_>, Vec<_>) = group.iter().partition(has);
        if !there.is_empty() {
            others.extend(other.iter().map(|phrase| phrase.written.as_str()));
        }
    }
    others.join(", ")
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::config::synonyms;

    #[test]
    fn the_other_words_of_a_group_are_given() {
        let list = synonyms(
            "en = [\"cell phone, mobile, cellphone\", \"sign in, login\", \"call, ring\"]",
        );
        let of = |texts: &[&str]| of(texts, list.of("en"));
        assert_eq!(of(&["My cell phone is lost."]), "mobile, cellphone");
        assert_eq!(of(&["Cell phones, mobiles"]), "cellphone");
        assert_eq!(of(&["Sign in by mobile"]), "cell phone, cellphone, login");
        // Neither words apart nor longer words are the phrase.
        for text in ["phone cell", "cell, or phone", "sign ink", "the caller's"] {
            assert_eq!(of(&[text]), "", "{text}");
        }
        assert_eq!(of(&["A cell", "phone"]), "", "a phrase is in one text");
        assert_eq!(of(&["login", "sign in"]), "");
    }
}
