//! Whom somebody at the desk may mean who types a name and a birth date, slips included.
//!
//! Two ways lead to a record, as record linkage has them (blocking passes): by the birth
//! date, whatever the name; and by a birth date that one slip of the hand turns into
//! the typed one, if a word of the name is as typed and another begins as typed. What is
//! found is ranked by how alike the names are. Nicknames are not guessed. It must not know
//! where records are kept, nor what follows from finding one.

mod dates;
mod names;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use protocol::values::BirthDate;

use self::names::Words;
use super::Patient;

/// How alike the names must be where the birth date is as typed: of two words one may be
/// quite another if the other is nearly right, since a family name changes with a marriage.
const ALIKE: f64 = 0.6;
/// How alike they must be where it is another one.
const NEARLY_THE_SAME: f64 = 0.85;

/// Who is searched for.
pub struct Sought {
    words: Words,
    born: BirthDate,
}

crate::crypto::redact!(Sought);

impl Sought {
    /// Somebody of this name, in any order of its parts, and birth date; nothing when the
    /// name has no word of two letters: initials are those of very many people.
    pub fn new(name: &str, born: BirthDate) -> Option<Self> {
        let words = Words::typed(name);
        words.has_whole_word().then_some(Self { words, born })
    }

    /// The birth date as typed.
    pub const fn born(&self) -> BirthDate {
        self.born
    }

    /// Under which birth dates and forms of the name such records are listed whose names
    /// are nearly as typed: the typed date first, then those that are a slip away.
    pub fn listings(&self) -> Vec<(BirthDate, String)> {
        let forms = self.words.forms();
        let dates = std::iter::once(self.born).chain(dates::a_slip_away(self.born));
        let listed = dates.flat_map(|date| forms.iter().map(move |form| (date, form.clone())));
        listed.collect()
    }

    /// How like the sought one a patient is; nothing when it is somebody else.
    pub fn likeness(&self, patient: &Patient) -> Option<Likeness> {
        let names = names::likeness(&self.words, patient);
        let is_born_then = patient.birth_date == self.born;
        let enough = if is_born_then { ALIKE } else { NEARLY_THE_SAME };
        (names.has_word && names.score >= enough).then_some(Likeness {
            names: names.score,
            is_born_then,
        })
    }
}

/// How like somebody who is sought a patient is; the greater one comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// From 0, for names that have nothing in common, to 1.
    pub names: f64,
    /// Whether the birth date is as typed.
    pub is_born_then: bool,
}

impl Likeness {
    /// A wrong birth date weighs as much as one slip in a name of ten letters.
    fn weight(&self) -> f64 {
        self.names - if self.is_born_then { 0.0 } else { 0.1 }
    }

    /// Orders the one that is more alike before the other.
    pub fn before(&self, other: &Self) -> Ordering {
        let by_weight = other.weight().total_cmp(&self.weight());
        by_weight.then_with(|| other.is_born_then.cmp(&self.is_born_then))
    }
}

/// The forms of a patient's name under which the record is listed with its birth date. The
/// same patient has the same ones, in the same order.
pub fn forms(patient: &Patient) -> BTreeSet<String> {
    names::forms(patient)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
