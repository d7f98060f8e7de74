//! Words that the editors' own list says to write otherwise.

use std::ops::Range;

use super::tokens::Tokens;
use crate::config::Words;
use crate::segment;
use crate::text::small;

/// The rule's name.
pub(super) const RULE: &str = "plain-words";

/// A word that is to be another: its range, a sentence, and what to do.
pub(super) type Found = (Range<usize>, String, String);

/// Looks for the listed words among a text's; of phrases that begin alike, the longest counts.
fn check(text: &str, words: &[(usize, &str)], avoid: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, word)) = words.get(at) {
        at += 1;
        let Some(entries) = avoid.get(small(word).as_ref()) else {
            continue;
        };
        let following = &words[at..];
        let entry = entries.iter().find(|entry| {
            entry.rest.len() <= following.len()
                && entry
                    .rest
                    .iter()
                    .zip(following)
                    .all(|(rest, (_, word))| *rest == small(word))
        });
        let Some(entry) = entry else { continue };
        at += entry.rest.len();
        let (last, word) = words[at - 1];
        let range = *start..last + word.len();
        found.push((
            range.clone(),
            format!("“{}” is not a word that we use.", &text[range]),
            format!("Write “{}”.", entry.instead),
        ));
    }
    found
}

/// Whether a word is listed by itself.
pub(super) fn has(word: &str, avoid: &Words) -> bool {
    let entries = avoid.get(small(word).as_ref());
    entries.is_some_and(|entries| entries.iter().any(|entry| entry.rest.is_empty()))
}

/// Looks for the listed words in a text.
pub(super) fn in_text(text: &str, avoid: &Words) -> Vec<Found> {
    let words: Vec<_> = segment::words(text).collect();
    check(text, &words, avoid)
}

/// Looks for the listed words in a block.
pub(super) fn in_block(tokens: &Tokens<'_>, avoid: &Words) -> Vec<Found> {
    check(&tokens.block.text, &tokens.words, avoid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::word_list;

    fn found(text: &str) -> Vec<(String, String)> {
        let list = word_list(
            "[en]\n\"utilize\" = \"use\"\n\"prior\" = \"earlier\"\n\"prior to\" = \"before\"\n\
             \"co-pay\" = \"your share\"\n",
        );
        in_text(text, list.of("en").unwrap())
            .into_iter()
            .map(|(at, _, help)| (text[at].to_owned(), help))
            .collect()
    }

    #[test]
    fn a_listed_word_is_found_whole_and_however_it_is_written() {
        let pair = |word: &str, help: &str| (word.to_owned(), format!("Write “{help}”."));
        assert_eq!(
            found("Utilize it, never overutilized. UTILIZE"),
            [pair("Utilize", "use"), pair("UTILIZE", "use")]
        );
        assert_eq!(
            found("Prior to that, a prior visit. Your co-pay."),
            [
                pair("Prior to", "before"),
                pair("prior", "earlier"),
                pair("co-pay", "your share")
            ]
        );
    }
}
