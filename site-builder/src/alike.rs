//! How much one name of a thing is like another: names in addresses, ids and titles.
//!
//! Everything is compared as the part of an address that it would make, so case, accents and signs
//! count for nothing.

use std::collections::BTreeSet;

/// What is less alike than this is another thing.
const LEAST: u8 = 40;

/// From 0 for nothing in common to 100 for the same: by the words that both have, or letter by
/// letter, whichever is more.
pub(crate) fn likeness(a: &str, b: &str) -> u8 {
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
pub(crate) fn best<'a, T>(
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

/// The path among those known that a wrong one most likely means: one with a like name, rather in the
/// same folder. The name of an `index.html` or `_index.md` is that of its folder.
pub(crate) fn path<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (folder, name) = parts(wanted);
    let words: Vec<&str> = name
        .split(['-', '_', '.', ' '])
        .filter(|word| word.len() > 2)
        .collect();
    let scored = known.into_iter().filter_map(|path| {
        let (beside, own) = parts(path);
        // A look at letters takes long, and most paths of a large site have nothing in common.
        if !words.iter().any(|word| own.contains(word)) {
            return None;
        }
        let is_beside = beside == folder;
        let likeness = likeness(name, own);
        let least = if is_beside { 50 } else { 60 };
        let is_same_language = ending(path) == ending(wanted);
        let bonus = if is_beside { 10 } else { 0 } + if is_same_language { 5 } else { 0 };
        (likeness >= least).then_some((likeness + bonus, std::cmp::Reverse(path)))
    });
    scored.max().map(|(_, std::cmp::Reverse(path))| path)
}

/// What follows the first full stop of a name: its language is among that.
fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or("", |(_, ending)| ending)
}

/// The folder of a path, and its name without ending.
fn parts(path: &str) -> (&str, &str) {
    let split = |path: &'_ str| path.rsplit_once('/').map(|(folder, _)| folder.len());
    let path = path.trim_matches('/');
    let folder = split(path).unwrap_or(0);
    let name = path[folder..].trim_start_matches('/');
    let name = name.split('.').next().unwrap_or(name);
    if name.trim_start_matches('_') != "index" {
        return (&path[..folder], name);
    }
    let above = split(&path[..folder]).unwrap_or(0);
    (&path[..above], path[above..folder].trim_start_matches('/'))
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

    #[test]
    fn a_path_is_meant_by_a_like_name_rather_in_its_folder() {
        let known = [
            "faq/email/_index.md",
            "faq/email/in-spam.md",
            "faq/phone/code-expired.md",
            "old/code-expired.md",
            "contact.es.md",
            "contact.md",
            "_index.md",
        ];
        for (wanted, meant) in [
            ("faq/email/mail-in-spam.md", Some("faq/email/in-spam.md")),
            ("faq/in-spam-folder.md", Some("faq/email/in-spam.md")),
            ("old/expired-code.md", Some("old/code-expired.md")),
            (
                "faq/phone/expired-code.md",
                Some("faq/phone/code-expired.md"),
            ),
            ("faq/your-email/_index.md", Some("faq/email/_index.md")),
            ("faq/my-email/index.es.md", Some("faq/email/_index.md")),
            ("faq/fees/index.md", None),
            ("us/contact.es.md", Some("contact.es.md")),
            ("us/contact.md", Some("contact.md")),
            ("faq/fees.md", None),
            ("", None),
        ] {
            assert_eq!(path(wanted, known), meant, "{wanted}");
        }
    }
}
