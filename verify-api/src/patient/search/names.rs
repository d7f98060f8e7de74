//! Names in words: how alike two are, and the forms by which one is listed.
//!
//! Words are compared in the plain form of [`matching`](crate::patient::matching), without
//! their order, since given and family name change places on many forms.

use std::collections::BTreeSet;

use crate::patient::Patient;
use crate::patient::matching::{in_a_row, plain, without_suffix};

/// How many words of a name are looked at.
const MOST: usize = 6;
/// How many letters of a word are looked at: comparing two costs as much as their lengths
/// multiplied, and nobody's name has more.
const LONGEST: usize = 40;
/// How many letters of a whole name are, where its words stand in a row.
const LONGEST_ROW: usize = 2 * LONGEST;
/// How alike two words are that are one but for a slip of the hand.
const NEARLY_AS_TYPED: f64 = 0.88;
/// The same of all letters in a row.
const ROW_NEARLY_AS_TYPED: f64 = 0.8;
/// How many words of a name make forms.
const MOST_IN_FORMS: usize = 4;
/// What a typed word counts that is nowhere in the record, beside one that is: people have
/// more names than are on file.
const UNFOUND: f64 = 0.5;

/// A name in plain words.
pub(super) struct Words(Vec<String>);

impl Words {
    /// What was typed.
    pub(super) fn typed(name: &str) -> Self {
        Self::plain(&plain(name))
    }

    /// Of a plain name, without its suffix.
    fn plain(name: &str) -> Self {
        let words = without_suffix(name).split_whitespace();
        Self(words.take(MOST).map(|word| cut(word, LONGEST)).collect())
    }

    /// Whether there is more than initials.
    pub(super) fn has_whole_word(&self) -> bool {
        self.0.iter().any(|word| is_whole(word))
    }

    /// Each word, or two neighbours in one, with how each other begins: under some of these
    /// a record is listed of which one word is as typed. Which is the family name, nobody
    /// has said.
    pub(super) fn forms(&self) -> BTreeSet<String> {
        let words = &self.0[..self.0.len().min(MOST_IN_FORMS)];
        let single = (0..words.len()).map(|at| (at, at + 1, words[at].clone()));
        let joined =
            (1..words.len()).map(|at| (at - 1, at + 1, cut(&words[at - 1..=at].concat(), LONGEST)));
        let parts: Vec<_> = single.chain(joined).collect();
        let mut forms = BTreeSet::new();
        for (begin, end, part) in &parts {
            for (other_begin, other_end, other) in &parts {
                if end <= other_begin || other_end <= begin {
                    forms.insert(form(part, other));
                }
            }
        }
        forms
    }

    /// The words and, where there are several, all of them in one.
    fn parts(&self) -> Vec<String> {
        let mut parts = self.0.clone();
        if parts.len() > 1 {
            parts.push(cut(&self.0.concat(), LONGEST));
        }
        parts
    }
}

/// Of the first given name and the family name: each word of one with how a word of the
/// other begins.
pub(super) fn forms(patient: &Patient) -> BTreeSet<String> {
    let first = patient.given_names.first().map_or("", String::as_str);
    let given = Words::plain(&plain(first)).parts();
    let family = Words::plain(&plain(&patient.family_name)).parts();
    let mut forms = BTreeSet::new();
    for given in &given {
        for family in &family {
            forms.insert(form(given, family));
            forms.insert(form(family, given));
        }
    }
    if forms.is_empty() {
        // A name without letters is found by the birth date alone, and so has a row.
        forms.insert(String::new());
    }
    forms
}

/// A word, and the first letter of another.
fn form(whole: &str, begun: &str) -> String {
    let first = begun.chars().next();
    let mut form = whole.to_owned();
    form.push(' ');
    form.extend(first);
    form
}

fn cut(word: &str, longest: usize) -> String {
    word.chars().take(longest).collect()
}

fn is_whole(word: &str) -> bool {
    word.chars().nth(1).is_some()
}

/// How alike two names are.
#[derive(Clone, Copy)]
pub(super) struct NameLikeness {
    /// From 0 to 1.
    pub(super) score: f64,
    /// Whether a word, or the whole row of letters, is nearly as typed. Any two words have
    /// some letters in common, and an initial is one of many names: a score alone may be made
    /// up of such.
    pub(super) has_word: bool,
}

/// How alike what was typed and a patient's name are: by words, or all letters in a row,
/// since a gap between two is often left out.
pub(super) fn likeness(typed: &Words, patient: &Patient) -> NameLikeness {
    let given: Vec<_> = patient.given_names.iter().map(|name| plain(name)).collect();
    let family = plain(&patient.family_name);
    let family = without_suffix(&family);
    let all = given.iter().flat_map(|name| name.split_whitespace());
    let all = all.chain(family.split_whitespace()).take(2 * MOST);
    let all: Vec<String> = all.map(|word| cut(word, LONGEST)).collect();
    let by_words = by_words(typed, &all);
    let first = in_a_row(given.first().map_or("", String::as_str));
    let family = in_a_row(family);
    let row = cut(&typed.0.concat(), LONGEST_ROW);
    let alike = |name: &str| {
        let name = cut(name, LONGEST_ROW);
        strsim::normalized_damerau_levenshtein(&row, &name)
    };
    // A family name that is typed alone may have gaps where the record has none.
    let alone = Some(alike(&family)).filter(|alone| *alone >= ROW_NEARLY_AS_TYPED);
    let in_a_row = [format!("{first}{family}"), format!("{family}{first}")];
    let in_a_row = in_a_row.iter().map(|name| alike(name)).chain(alone);
    let in_a_row = in_a_row.fold(0.0, f64::max);
    NameLikeness {
        score: by_words.score.max(in_a_row),
        has_word: by_words.has_word || in_a_row >= ROW_NEARLY_AS_TYPED,
    }
}

/// Pairs words off, those that are most alike first; the mean of their likenesses.
fn by_words(typed: &Words, on_file: &[String]) -> NameLikeness {
    let mut pairs = Vec::with_capacity(typed.0.len() * on_file.len());
    let mut has_word = false;
    for (mine, word) in typed.0.iter().enumerate() {
        for (theirs, other) in on_file.iter().enumerate() {
            let alike = alike(word, other);
            has_word |= alike >= NEARLY_AS_TYPED && is_whole(word) && is_whole(other);
            pairs.push((alike, mine, theirs));
        }
    }
    pairs.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let (mut mine_done, mut theirs_done) = (vec![false; typed.0.len()], vec![false; on_file.len()]);
    let (mut sum, mut found) = (0.0, 0.0);
    for (alike, mine, theirs) in pairs {
        if !mine_done[mine] && !theirs_done[theirs] {
            (mine_done[mine], theirs_done[theirs]) = (true, true);
            sum += alike;
            found += 1.0;
        }
    }
    let unfound = mine_done.iter().filter(|done| !**done).count();
    let unfound = f64::from(u8::try_from(unfound).unwrap_or(u8::MAX));
    NameLikeness {
        score: sum / (found + UNFOUND * unfound).max(1.0),
        has_word,
    }
}

/// Jaro and Winkler forgive most at the end of a word, Damerau and Levenshtein two letters
/// of a short one that changed places; an initial stands for its name.
fn alike(one: &str, other: &str) -> f64 {
    let is_initial =
        |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    if is_initial(one, other) || is_initial(other, one) {
        return 0.9;
    }
    let edits = strsim::normalized_damerau_levenshtein(one, other);
    strsim::jaro_winkler(one, other).max(edits)
}
