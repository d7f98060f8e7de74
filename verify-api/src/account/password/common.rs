//! Passwords that many people use: a list, and patterns that no list exhausts.
//!
//! Compared as a whole, never in part: a common word inside a long sentence
//! does no harm.

use zeroize::Zeroizing;

/// Words and phrases in lower case, without spaces, one a line.
const LIST: &str = include_str!("common.txt");

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
    let whole: Zeroizing<Vec<char>> = Zeroizing::new(folded.chars().collect());
    if is_walk(&whole) || is_repetition(&whole) {
        return true;
    }
    // `Password2026!!!` is `password`, and so is `pass-word 12345678`.
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let squeeze = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(text.chars().filter(|c| c.is_alphanumeric()).collect())
    };
    [squeeze(folded), squeeze(core)]
        .iter()
        .any(|text| is_listed(text) || repeats_a_listed_word(text))
}

fn is_listed(text: &str) -> bool {
    LIST.lines().any(|line| line == text)
}

/// `dragondragondragon`: a listed word twice or more, and nothing else.
fn repeats_a_listed_word(text: &str) -> bool {
    LIST.lines().any(|word| {
        let times = text.len() / word.len().max(1);
        times >= 2 && text.len().is_multiple_of(word.len()) && text.split(word).all(str::is_empty)
    })
}

/// Whether a short unit repeated makes the whole; the last may be cut off.
fn is_repetition(whole: &[char]) -> bool {
    (1..=SHORT_UNIT).any(|unit| {
        whole
            .iter()
            .skip(unit)
            .eq(whole.iter().take(whole.len().saturating_sub(unit)))
    })
}

fn is_walk(whole: &[char]) -> bool {
    let follows = |path: &mut dyn Iterator<Item = char>, from: usize| {
        path.skip(from).zip(whole).all(|(on_path, c)| on_path == *c)
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
    use super::*;

    #[test]
    fn the_list_is_as_it_is_compared() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert!(lines.len() >= 200, "{}", lines.len());
        for line in &lines {
            assert!(line.chars().count() >= 4, "{line:?} would match too much");
            assert!(
                line.chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
                "{line:?}"
            );
        }
        let mut unique = lines.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), lines.len());
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
            "correct horse battery staple",
            "i love you forever",
            "2026-sunshine-2026",
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
            "наш кот спит на печке",
        ] {
            assert!(!is_common(text), "{text:?}");
        }
    }
}
