//! Names in words: how alike two are, and the forms by which one is listed.
//!
//! Words are compared in the plain form of [`matching`](crate::patient::matching), without
//! their order, since given and family name change places on many forms.

use std::collections::BTreeSet;

use crate::patient::Patient;
use crate::patient::matching::{plain, without_suffix};

/// How many words of a name are looked at.
const MOST: usize = 6;
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
        Self(words.take(MOST).map(str::to_owned).collect())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each word, or two neighbours in one, with how each other begins: under some of these
    /// a record is listed of which one word is as typed. Which is the family name, nobody
    /// has said.
    pub(super) fn forms(&self) -> BTreeSet<String> {
        let words = &self.0[..self.0.len().min(MOST_IN_FORMS)];
        let single = (0..words.len()).map(|at| (at, at + 1, words[at].clone()));
        let joined = (1..words.len()).map(|at| (at - 1, at + 1, words[at - 1..=at].concat()));
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
            parts.push(self.0.concat());
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

/// How alike what was typed and a patient's name are, from 0 to 1: by words, or all letters
/// in a row, since a gap between two is often left out.
pub(super) fn likeness(typed: &Words, patient: &Patient) -> f64 {
    let given: Vec<_> = patient.given_names.iter().map(|name| plain(name)).collect();
    let family = plain(&patient.family_name);
    let family = without_suffix(&family);
    let all = given.iter().flat_map(|name| name.split_whitespace());
    let all: Vec<&str> = all
        .chain(family.split_whitespace())
        .take(2 * MOST)
        .collect();
    let first = given.first().map_or("", String::as_str).replace(' ', "");
    let family = family.replace(' ', "");
    let row = typed.0.concat();
    let in_a_row = [format!("{first}{family}"), format!("{family}{first}")];
    let in_a_row = in_a_row.map(|name| strsim::normalized_damerau_levenshtein(&row, &name));
    in_a_row.into_iter().fold(by_words(typed, &all), f64::max)
}

/// Pairs words off, those that are most alike first; the mean of their likenesses.
fn by_words(typed: &Words, on_file: &[&str]) -> f64 {
    let mut pairs = Vec::with_capacity(typed.0.len() * on_file.len());
    for (mine, word) in typed.0.iter().enumerate() {
        for (theirs, other) in on_file.iter().enumerate() {
            pairs.push((alike(word, other), mine, theirs));
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
    sum / (found + UNFOUND * unfound).max(1.0)
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
