//! Passwords that many people use: a list, and patterns that no list exhausts.
//!
//! Compared as a whole, never in part: a common word inside a long sentence
//! does no harm. Two listed words side by side are let through: with so many
//! entries that would refuse `blue heron pond` too, and the pairs are more than
//! anyone can try here.

use std::sync::LazyLock;

use fst::Set;
use zeroize::Zeroizing;

/// The list, in the form of [`squeezed`]. Where it comes from, and why nobody
/// is to be shown it, stands in `verify-api/passwords/README.md`.
static LIST: LazyLock<Set<&[u8]>> = LazyLock::new(|| {
    Set::new(include_bytes!("../../../passwords/common.fst").as_slice())
        .expect("a test opens the list")
});

/// Ways to run a finger along a keyboard, an alphabet or the digits; each goes
/// round, in both directions.
const WALKS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()",
];

/// The longest part whose repetition is a pattern by itself: `ab1!ab1!ab1!…`.
const SHORT_UNIT: usize = 4;

/// Whether the whole of `folded` is a password that many people use.
pub(super) fn is_common(folded: &str) -> bool {
    if is_walk(folded) || is_short_repetition(folded) {
        return true;
    }
    let whole = squeezed(folded, char::is_alphanumeric);
    let letters = squeezed(folded, char::is_alphabetic);
    // `Summer2025Summer2026` is `summer`. Where letters are the smaller part the
    // digits are the password: `4821-dead-0937-beef-51` is not `deadbeef`.
    let is_mostly_letters = letters.chars().count() * 2 >= whole.chars().count();
    is_listed_repetition(&whole)
        || is_listed_amid_digits(&whole)
        || (is_mostly_letters && is_listed_repetition(&letters))
}

/// What of `folded` is compared with the list.
fn squeezed(folded: &str, is_kept: fn(char) -> bool) -> Zeroizing<String> {
    let mut squeezed = Zeroizing::new(String::with_capacity(folded.len()));
    squeezed.extend(folded.chars().filter(|c| is_kept(*c)));
    squeezed
}

fn is_listed(text: &str) -> bool {
    LIST.contains(text)
}

/// `dragondragondragon`: a listed word, once or more; the last may be cut off.
fn is_listed_repetition(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .any(|unit| bytes[unit..] == bytes[..bytes.len() - unit] && is_listed(&text[..unit]))
}

/// `1985password123`: all the letters and perhaps some of the digits around them
/// are listed, once or more. Whichever digits they are: `1q2w3e4r` has its own.
fn is_listed_amid_digits(whole: &str) -> bool {
    let core = whole.trim_matches(|c: char| !c.is_alphabetic());
    let Some(begin) = whole.find(core).filter(|_| !core.is_empty()) else {
        return false;
    };
    let end = begin + core.len();
    let ends = || whole.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut starts = std::iter::once(0).chain(ends()).filter(|at| *at <= begin);
    is_listed_repetition(core)
        || starts.any(|from| {
            ends()
                .filter(|to| *to >= end)
                .any(|to| is_listed(&whole[from..to]))
        })
}

/// Whether a short unit repeated makes the whole; the last may be cut off.
fn is_short_repetition(folded: &str) -> bool {
    (1..=SHORT_UNIT).any(|unit| {
        let mut pairs = folded.chars().zip(folded.chars().skip(unit));
        pairs.all(|(c, next)| c == next)
    })
}

fn is_walk(folded: &str) -> bool {
    let follows = |path: &mut dyn Iterator<Item = char>, from: usize| {
        path.skip(from)
            .zip(folded.chars())
            .all(|(on_path, c)| on_path == c)
    };
    WALKS.iter().any(|walk| {
        (0..walk.chars().count()).any(|from| {
            follows(&mut walk.chars().cycle(), from)
                || follows(&mut walk.chars().rev().cycle(), from)
        })
    })
}

#[cfg(test)]
mod tests {
    use fst::Streamer as _;

    use super::super::folded;
    use super::*;

    #[test]
    fn the_list_is_whole_and_as_it_is_compared() {
        LIST.as_fst().verify().unwrap();
        assert!(LIST.len() >= 100_000, "{}", LIST.len());
        let mut entries = LIST.stream();
        while let Some(entry) = entries.next() {
            let entry = str::from_utf8(entry).unwrap();
            assert!(entry.chars().count() >= 4, "{entry:?} would match too much");
            let compared = squeezed(&folded(entry), char::is_alphanumeric);
            assert_eq!(entry, *compared);
        }
    }

    #[test]
    fn our_own_phrases_are_listed() {
        for line in include_str!("../../../passwords/phrases.txt").lines() {
            let entry = squeezed(&folded(line), char::is_alphanumeric);
            assert!(is_listed(&entry), "{line}: make the list anew");
        }
    }

    #[test]
    fn patterns_are_seen_in_any_place_and_direction() {
        for text in [
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnopq",
            "zyxwvutsrqponmlkj",
            "123456789012345",
            "987654321098765",
            "567890123456789",
            "qwertyuiopasdfghj",
            "poiuytrewqmnbvcxzl",
            "1qaz2wsx3edc4rfv",
            "1q2w3e4r5t6y7u8i",
            "abcabcabcabcabca",
            "ab1!ab1!ab1!ab1!",
            "               ",
        ] {
            assert!(is_common(text), "{text:?}");
        }
    }

    #[test]
    fn listed_words_are_seen_behind_digits_signs_and_repetition() {
        for text in [
            "password1234567",
            "!!!password2026!",
            "pass word pass word",
            "passwordpassword",
            "dragondragondragon",
            "sunshinesunshin",
            "correct horse battery staple",
            "i love you forever",
            "2026-sunshine-2026",
            "password1password2",
            "summer2025 summer2026",
            "1985 passwordpassword 1",
            "i 8 love 8 you 8 forever",
            // The list has them with digits of their own.
            "1q2w3e4r20260101",
            "2026 1q2w3e4r 1950",
            "trustno1 trustno1",
            "p@$$w0rd20261985",
        ] {
            assert!(is_common(text), "{text:?}");
        }
    }

    #[test]
    fn a_common_word_in_a_longer_sentence_does_no_harm() {
        for text in [
            "the password is under the doormat",
            "sunshine over seven lakes",
            "839204857261048",
            "dragon monkey teapot",
            "blue heron pond",
            "correct horse purple lamp",
            "8c1f04e92b7d356",
            "4821-dead-0937-beef-51",
            "наш кот спит на печке",
        ] {
            assert!(!is_common(text), "{text:?}");
        }
    }
}
