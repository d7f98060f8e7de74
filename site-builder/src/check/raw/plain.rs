//! Titles and descriptions, which are shown as they are: Markdown does nothing in them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Found, inline, leave_outermost, signs};

static MARKDOWN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\*\*(?<bold>[^*]+)\*\*|\[(?<words>[^\[\]]+)\]\([^()\s]+\)").ok());

/// Looks at a title or description.
pub(in crate::check) fn in_plain(text: &str) -> Vec<Found> {
    let mut found = inline::entities(text);
    found.extend(signs::check(text));
    found.extend(inline::template(text, false).into_iter().map(|(at, sentence, _)| {
        let help = "Template syntax does nothing in a title or a description: write the words \
                    themselves.";
        (at, sentence, help.to_owned())
    }));
    for (at, words) in signs_of_markdown(text) {
        found.push((
            at,
            "Markdown does nothing in a title or a description: its signs show.".to_owned(),
            format!("Write only the words: `{words}`."),
        ));
    }
    leave_outermost(found)
}

/// Bold words and links where Markdown does nothing, each with its words.
pub(super) fn signs_of_markdown(text: &str) -> Vec<(Range<usize>, &str)> {
    let all = MARKDOWN.iter().flat_map(|signs| signs.captures_iter(text));
    all.filter_map(|parts| {
        let words = parts.name("bold").or_else(|| parts.name("words"))?;
        Some((parts.get(0)?.range(), words.as_str().trim()))
    })
    .collect()
}
