//! How long a text is, and how long it takes to read.
//!
//! The speeds are Zola's, so that a site shows the same minutes with either builder: words a minute,
//! and characters a minute where words are not parted by spaces.

use crate::segment;

/// What code stands between.
const FENCE: &str = "```";

/// Words in a body as it was written, and the minutes they take, rounded up. Fenced code is not
/// read.
pub(super) fn measure(body: &str, language: &str) -> (usize, usize) {
    let language = language.split('-').next().unwrap_or_default();
    let (characters, a_minute) = match language {
        "en" => (false, 238),
        "ja" => (true, 653),
        "ko" => (false, 202),
        "zh" => (true, 439),
        _ => (false, 200),
    };
    let prose = body.split(FENCE).step_by(2);
    let count: usize = if characters {
        prose
            .map(|text| text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    // Most texts have none, and `contains` tells that sooner than `split`.
    } else if body.contains(FENCE) {
        prose.map(|text| segment::words(text).count()).sum()
    } else {
        segment::words(body).count()
    };
    (count, count.div_ceil(a_minute))
}

#[cfg(test)]
mod tests {
    use super::measure;

    #[test]
    fn words_count_outside_of_code_at_the_speed_of_the_language() {
        let text = "word ".repeat(239);
        assert_eq!(measure(&text, "en-GB"), (239, 2));
        assert_eq!(measure(&text, "ko"), (239, 2));
        assert_eq!(measure(&"word ".repeat(200), "es"), (200, 1));
        assert_eq!(measure("one\n```\ntwo\n```\nthree", "en"), (2, 1));
        assert_eq!(measure("", "en"), (0, 0));
    }

    #[test]
    fn characters_count_where_words_have_no_spaces() {
        assert_eq!(measure("你好,世界!", "zh-Hans"), (4, 1));
        assert_eq!(measure(&"字".repeat(654), "ja"), (654, 2));
    }
}
