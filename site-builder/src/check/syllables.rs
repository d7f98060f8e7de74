//! How many syllables a word has, near enough for a reading grade.
//!
//! No kept-up crate counts them, and hyphenation breaks words at fewer places. For Spanish the rule
//! is its spelling's own. For English it is an estimate: groups of vowels, less those that are
//! silent at the end. It is right for most words and off by one for some, to either side.

use std::borrow::Cow;

/// The syllables of a word in English; at least one.
pub(super) fn english(word: &str) -> usize {
    let letters = letters(word);
    let vowel = |letter: u8| b"aeiouy".contains(&letter);
    let mut count = 0;
    let mut within = false;
    for (at, &letter) in letters.iter().enumerate() {
        let first = at == 0 && letter == b'y';
        let is = vowel(letter) && !first;
        count += usize::from(is && (!within || apart(&letters, at)));
        within = is;
    }
    let silent = match &*letters {
        // "ta-ble", "peo-ples"
        [.., before, b'l', b'e'] | [.., before, b'l', b'e', b's'] if !vowel(*before) => false,
        // "want-ed", "pa-ges", "box-es", "search-es"
        [.., b't' | b'd', b'e', b'd']
        | [.., b's' | b'x' | b'z' | b'c' | b'g', b'e', b's']
        | [.., b'c' | b's', b'h', b'e', b's'] => false,
        [.., before, b'e'] | [.., before, b'e', b'd' | b's'] => !vowel(*before),
        _ => false,
    };
    (count - usize::from(silent && count > 1)).max(1)
}

/// The letters of a word, in small.
fn letters(word: &str) -> Cow<'_, [u8]> {
    let letters = word.as_bytes();
    // As most words are.
    if letters.iter().all(u8::is_ascii_lowercase) {
        return letters.into();
    }
    let letters = letters.iter().filter(|byte| byte.is_ascii_alphabetic());
    letters.map(u8::to_ascii_lowercase).collect()
}

/// Whether a vowel after a vowel begins a syllable of its own: "di-al", "vid-e-o", but not "so-cial".
fn apart(letters: &[u8], at: usize) -> bool {
    let before = at.checked_sub(2).map(|before| letters[before]);
    match (letters[at - 1], letters[at]) {
        (b'i', b'a' | b'o' | b'u') => !matches!(before, Some(b't' | b'c' | b's' | b'g' | b'x')),
        (b'e', b'o') => letters.len() == at + 1,
        (b'u', b'a') => !matches!(before, Some(b'q' | b'g')),
        (b'y', b'i') => true,
        _ => false,
    }
}

/// The syllables of a word in Spanish; at least one. An unstressed `i` or `u` joins the vowel beside
/// it, and two of the others never share a syllable.
pub(super) fn spanish(word: &str) -> usize {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let mut count = 0;
    let mut weak = false;
    let mut strong = false;
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            'a' | 'e' | 'o' | 'á' | 'é' | 'ó' | 'í' | 'ú' => {
                count += 1;
                strong = true;
            }
            'i' | 'u' | 'ü' => weak = true,
            'y' if at + 1 == letters.len() => weak = true,
            _ => {
                count += usize::from(weak && !strong);
                (weak, strong) = (false, false);
            }
        }
    }
    (count + usize::from(weak && !strong)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_words_have_their_syllables() {
        let words = [
            (
                1,
                "a the code phone used asked please text once typed page health yes",
            ),
            (
                2,
                "patient portal people needed pages table clinic browser enroll reset landline",
            ),
            (
                3,
                "username computer invited diagram medical video radio usual",
            ),
            (4, "invitation information emergency"),
            (6, "identification"),
        ];
        for (count, list) in words {
            for word in list.split(' ') {
                assert_eq!(english(word), count, "{word}");
            }
        }
    }

    #[test]
    fn spanish_words_have_their_syllables() {
        let words = [
            (1, "y muy que bien rey"),
            (2, "ciudad cuenta clave día guía"),
            (3, "usuario ahora página correo pingüino"),
            (4, "contraseña invitación teléfono aéreo"),
        ];
        for (count, list) in words {
            for word in list.split(' ') {
                assert_eq!(spanish(word), count, "{word}");
            }
        }
    }
}
