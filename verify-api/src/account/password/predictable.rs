//! Passwords made of what an attacker knows: the username, the clinic's name,
//! the portal's name.

use protocol::values::Username;
use zeroize::Zeroizing;

/// Names of the clinic and the products, in lower case and without spaces; the
/// longer ones first, since what is taken out first is gone for the others.
const NAMES: &[&str] = &[
    "wellsprings",
    "wellspring",
    "patientally",
    "officeally",
    "frontdesk",
    "patient",
    "portal",
    "clinic",
];

/// Code points that must be left when all that is taken out: what remains is a
/// password of its own, and a short one is searched through in seconds.
const ENOUGH_LEFT: usize = 8;

/// Whether `folded` holds such a name and, without it and digits and signs, too
/// little else.
pub(super) fn is_predictable(folded: &str, username: &Username) -> bool {
    let squeeze = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(text.chars().filter(|c| c.is_alphanumeric()).collect())
    };
    let mut rest = squeeze(folded);
    let mut named = false;
    let username = squeeze(&username.lookup_key());
    for name in std::iter::once(username.as_str()).chain(NAMES.iter().copied()) {
        if !name.is_empty() && rest.contains(name) {
            named = true;
            // A sign stays in the gap, so that its two sides make no new name.
            rest = Zeroizing::new(rest.replace(name, "\0"));
        }
    }
    named && rest.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH_LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predictable(folded: &str) -> bool {
        is_predictable(folded, &Username::parse("Rosa.Martinez").unwrap())
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
    fn a_username_of_signs_takes_nothing_out() {
        let username = Username::parse("...").unwrap();
        assert!(!is_predictable("blue heron at the pond", &username));
    }
}
