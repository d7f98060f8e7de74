//! How long a text is, and how long it takes to read.
//!
//! The speeds are Zola's, so that a site shows the same minutes with either builder: words a minute,
//! and characters a minute where words are not parted by spaces.

use unicode_segmentation::UnicodeSegmentation;

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
        prose.map(words).sum()
    } else {
        words(body)
    };
    (count, count.div_ceil(a_minute))
}

/// Words by the rules of Unicode. In plain letters, as most texts are, these are few, and counting
/// takes a fraction of the time that finding each word does.
fn words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.unicode_words().count();
    }
    let text = text.as_bytes();
    let mut count = 0;
    let mut is_counted = false;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            count += usize::from(!is_counted);
            is_counted = true;
        } else if *byte != b'_' && !joins(text, at) {
            is_counted = false;
        }
    }
    count
}

/// Whether a sign between two letters or two digits parts no words: `don't`, `1,000`.
fn joins(text: &[u8], at: usize) -> bool {
    let stands_between = |is: fn(&u8) -> bool| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        before.is_some_and(is) && text.get(at + 1).is_some_and(is)
    };
    match text[at] {
        b'.' | b'\'' => {
            stands_between(u8::is_ascii_alphabetic) || stands_between(u8::is_ascii_digit)
        }
        b':' => stands_between(u8::is_ascii_alphabetic),
        b',' | b';' => stands_between(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::{measure, words};

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
    fn plain_letters_make_the_words_that_unicode_says() {
        // Every text of five of these signs, which are one of each kind.
        const SIGNS: [char; 10] = ['a', '1', '_', '.', '\'', ':', ',', ';', ' ', '\n'];
        for number in 0..100_000 {
            let sign = |place: u32| SIGNS[number / 10_usize.pow(place) % 10];
            let text: String = (0..5).map(sign).collect();
            assert_eq!(words(&text), text.unicode_words().count(), "{text:?}");
        }
    }

    #[test]
    fn characters_count_where_words_have_no_spaces() {
        assert_eq!(measure("你好,世界!", "zh-Hans"), (4, 1));
        assert_eq!(measure(&"字".repeat(654), "ja"), (654, 2));
    }
}
