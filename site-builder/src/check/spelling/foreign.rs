//! Parts of a text that its HTML says are in another language: `<span lang="es">Hola</span>`.

use std::ops::Range;

use html5gum::{Token, Tokenizer};

use super::super::html::lossy;
use crate::markdown::Reading;

/// The ranges of the Markdown that are in another language than the page.
pub(super) fn ranges(reading: &Reading, source: &str, language: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    // The outermost element in another language, and how many of its name are open in it.
    let mut open: Option<(Vec<u8>, usize, usize)> = None;
    for at in &reading.html {
        for Ok(token) in Tokenizer::new(&source[at.clone()]) {
            match (token, &mut open) {
                (Token::StartTag(tag), None) => {
                    let lang = tag.attributes.get(b"lang".as_slice());
                    if lang.is_some_and(|lang| !is_same(&lossy(lang), language)) {
                        open = Some((tag.name.to_vec(), at.start, 1));
                    }
                }
                (Token::StartTag(tag), Some((name, _, depth))) if **tag.name == **name => {
                    *depth += 1;
                }
                (Token::EndTag(tag), Some((name, start, depth))) if **tag.name == **name => {
                    *depth -= 1;
                    if *depth == 0 {
                        ranges.push(*start..at.end);
                        open = None;
                    }
                }
                _ => {}
            }
        }
    }
    // Markdown ends what is open; a browser would go on, and words are told too few, not too many.
    ranges.extend(open.map(|(_, start, _)| start..source.len()));
    ranges
}

/// Whether two tags name one language, as `en` and `en-US` do.
fn is_same(a: &str, b: &str) -> bool {
    let general = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    general(a) == general(b)
}
