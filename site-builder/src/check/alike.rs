//! How much one name of a thing is like another: names in addresses, ids and titles.
//!
//! Everything is compared as the part of an address that it would make, so case, accents and signs
//! count for nothing.

use std::collections::BTreeSet;

/// What is less alike than this is another thing.
const LEAST: u8 = 40;

/// From 0 for nothing in common to 100 for the same: by the words that both have, or letter by
/// letter, whichever is more.
pub(super) fn likeness(a: &str, b: &str) -> u8 {
    let (a, b) = (slug::slugify(a), slug::slugify(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let words = |text| -> BTreeSet<&str> { str::split(text, '-').collect() };
    let (first, second) = (words(&a), words(&b));
    let shared = first.intersection(&second).count();
    let by_words = 200 * shared / (first.len() + second.len());
    let longest = a.len().max(b.len());
    let same = longest - strsim::damerau_levenshtein(&a, &b);
    let by_letters = 100 * same / longest;
    u8::try_from(by_words.max(by_letters)).unwrap_or(100)
}

/// The thing of which a name is most like, if any is like enough; of equals, the first.
pub(super) fn best<'a, T>(
    name: &str,
    things: &[&'a T],
    names: impl Fn(&'a T) -> [&'a str; 2],
) -> Option<&'a T> {
    let mut best: Option<(u8, &T)> = None;
    for &thing in things {
        let score = names(thing).map(|other| likeness(name, other));
        let score = score.into_iter().max().unwrap_or(0);
        if score >= best.map_or(LEAST, |(most, _)| most + 1) {
            best = Some((score, thing));
        }
    }
    best.map(|(_, thing)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_thing_is_like_what_it_was() {
        assert_eq!(likeness("old-email-lost", "old-email-lost"), 100);
        assert_eq!(likeness("cafe", "Café!"), 100);
        assert!(likeness("in-spam", "mail-in-spam") >= 80);
        assert!(likeness("browser", "browsers") >= 80);
        assert!(likeness("undo", "how-to-close") < 40);
        assert_eq!(likeness("", ""), 0);
    }
}
