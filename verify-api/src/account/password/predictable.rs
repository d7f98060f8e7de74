//! Passwords made of what an attacker knows: the username, the person's own name,
//! the clinic's name, the portal's name.

use zeroize::Zeroizing;

use super::folded;

/// What any patient portal is called, whoever runs it.
const EVERYWHERE: &[&str] = &["patient", "portal", "clinic"];

/// Code points that must be left when all that is taken out: what remains is a
/// password of its own, and a short one is searched through in seconds.
const ENOUGH_LEFT: usize = 8;

/// The fewest letters of a person's name that count.
const SHORTEST_OF_PERSON: usize = 3;

/// Names that everybody knows who knows the clinic: no password is made of them.
#[derive(Clone, Debug)]
pub struct KnownNames(Vec<String>);

impl KnownNames {
    /// Takes names as people write them; case, spaces and signs do not matter.
    ///
    /// ```
    /// use verify_api::account::password::KnownNames;
    /// KnownNames::new(["Wellsprings", "Patient Ally"]);
    /// ```
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().chain(EVERYWHERE.iter().copied());
        Self(Vec::new()).and(names, 1)
    }

    /// These, and those of a person: each name, and each word of one. Very short
    /// words stay out, since they are part of too many others.
    #[must_use]
    pub fn and_of_person<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let words = names
            .iter()
            .flat_map(|name| name.split(|c: char| !c.is_alphabetic()));
        self.clone()
            .and(names.iter().copied().chain(words), SHORTEST_OF_PERSON)
    }

    fn and<'a>(mut self, names: impl Iterator<Item = &'a str>, shortest: usize) -> Self {
        let names = names.map(|name| squeezed(&folded(name)).to_string());
        self.0
            .extend(names.filter(|name| name.chars().count() >= shortest));
        // Longer ones first: what is taken out first is gone for the others.
        self.0.sort_by_key(|name| std::cmp::Reverse(name.len()));
        self
    }
}

/// Whether `folded` holds such a name, or that of its owner as it is looked up, and, without it and digits and signs, too
/// little else.
pub(super) fn is_predictable(folded: &str, username: &str, names: &KnownNames) -> bool {
    // One of signs only has nothing that could be taken out below.
    if folded == username {
        return true;
    }
    let mut rest = squeezed(folded);
    let mut is_named = false;
    let username = squeezed(username);
    for name in std::iter::once(&*username).chain(&names.0) {
        if !name.is_empty() && rest.contains(name.as_str()) {
            is_named = true;
            rest = without(&rest, name);
        }
    }
    is_named && rest.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH_LEFT
}

fn squeezed(text: &str) -> Zeroizing<String> {
    let mut squeezed = Zeroizing::new(String::with_capacity(text.len()));
    squeezed.extend(text.chars().filter(|c| c.is_alphanumeric()));
    squeezed
}

/// Takes a name out. A sign stays in the gap, so that its two sides make no new
/// name.
fn without(text: &str, name: &str) -> Zeroizing<String> {
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    for part in text.split(name) {
        if !rest.is_empty() {
            rest.push('\0');
        }
        rest.push_str(part);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predictable(folded: &str) -> bool {
        let names = KnownNames::new(["Wellsprings", "Wellspring", "Patient Ally"]);
        is_predictable(folded, "rosa.martinez", &names)
    }

    #[test]
    fn names_with_little_around_them_are_told() {
        for text in [
            "rosa.martinez1950",
            "rosamartinez!!!!!!",
            "wellsprings2026",
            "well springs clinic",
            "patient ally portal",
            "my patientally 2026",
            "1950rosa.martinez1950",
            "wellspringswellsprings",
            "my patient portal 2",
        ] {
            assert!(predictable(text), "{text}");
        }
    }

    #[test]
    fn names_in_a_sentence_and_digits_alone_are_not() {
        for text in [
            "wellsprings has a blue door",
            "839204857261048",
            "a martinez lives in rosa",
            "!@!%#^#&#*!(@)#",
        ] {
            assert!(!predictable(text), "{text}");
        }
    }

    #[test]
    fn each_clinic_has_names_of_its_own() {
        let username = "rosa.m";
        let lakeside = KnownNames::new(["Clínica Lakeside & Söhne"]);
        let text = "clínica-lakeside-söhne-1";
        assert!(is_predictable(text, username, &lakeside));
        assert!(!predictable(text));
        assert!(!is_predictable("wellsprings2026", username, &lakeside));
    }

    #[test]
    fn a_persons_own_names_count_whole_and_in_words_unless_they_are_short() {
        let username = "heron";
        let names = KnownNames::new([]).and_of_person(["Li", "Ana Lucía", "Bautista-Reyes"]);
        for (text, told) in [
            ("bautista reyes 1951", true),
            ("1951-ana-lucía-reyes", true),
            ("bautistareyesana1951", true),
            ("reyes walked the dog home", false),
            ("li 1951 li 1951 li", false),
        ] {
            assert_eq!(is_predictable(text, username, &names), told, "{text}");
        }
    }

    #[test]
    fn a_username_of_signs_takes_nothing_out() {
        let username = "...";
        let names = KnownNames::new([]);
        assert!(!is_predictable("blue heron at the pond", username, &names));
        let username = "._-._-._-._-._-";
        assert!(is_predictable("._-._-._-._-._-", username, &names));
    }
}
