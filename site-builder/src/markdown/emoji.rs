//! Names such as `:wave:` to the emoji that GitHub knows by them.

use pulldown_cmark::CowStr;

/// The text with each known name replaced; whatever else stands between two colons stays.
pub(super) fn replace(text: CowStr<'_>) -> CowStr<'_> {
    let mut out = String::new();
    let mut done = 0;
    let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at).collect();
    for pair in colons.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        if start >= done
            && let Some(emoji) = emojis::get_by_shortcode(&text[start + 1..end])
        {
            out.push_str(&text[done..start]);
            out.push_str(emoji.as_str());
            done = end + 1;
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn known_names_become_emoji_and_other_colons_stay() {
        let shown = |text: &'static str| replace(text.into()).to_string();
        assert_eq!(shown("Hi :wave: at 10:30:"), "Hi 👋 at 10:30:");
        assert_eq!(shown("a :+1::wave:: b"), "a 👍👋: b");
        assert_eq!(shown(":no-such-name:wave:"), ":no-such-name👋");
        assert_eq!(shown("::wave"), "::wave");
    }
}
