//! Text in which a code or a number of several groups stays on one line, as far as the line is
//! long enough: broken at a dash it reads as two.
//!
//! It must not know where the text stands.

use crate::html::Html;

/// Adds text, each word that is made of groups as a whole.
pub(super) fn text(text: &str, html: &mut Html) {
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            html.raw(" ");
        }
        if has_groups(word) {
            html.raw("<span class=\"fd-code\">")
                .text(word)
                .raw("</span>");
        } else {
            html.text(word);
        }
    }
}

/// Whether a word is such as `617-555-0150`, and not `6-digit`.
fn has_groups(word: &str) -> bool {
    let has_digit = |group: &str| group.bytes().any(|byte| byte.is_ascii_digit());
    word.contains('-') && word.split('-').all(has_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(words: &str, expected: &str) {
        let mut html = Html::default();
        text(words, &mut html);
        assert_eq!(html.finish(), expected);
    }

    #[test]
    fn codes_and_numbers_of_groups_are_whole() {
        becomes(
            "For example, 7GQK-2M4D <or> 617-555-0150.",
            "For example, <span class=\"fd-code\">7GQK-2M4D</span> &lt;or&gt; \
             <span class=\"fd-code\">617-555-0150.</span>",
        );
    }

    #[test]
    fn other_words_are_as_they_were() {
        for words in ["", " ", "toll-free  number", "a 6-digit code", "A & B-C"] {
            becomes(words, &crate::html::escape(words));
        }
    }
}
