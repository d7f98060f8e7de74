//! The words of a page without its markup, as an index holds them.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Elements whose content is nothing that a reader searches for.
const SILENT: [&[u8]; 3] = [b"pre", b"script", b"style"];

/// The text of HTML, with one space between words and no empty line, cut after so many characters.
/// It stays text of HTML: `<` is `&lt;`, so a script may show it as it is.
pub(super) fn of(html: &str, length: Option<usize>) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut text = String::new();
    let mut silent = 0_usize;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Ok(Token::StartTag(tag)) if SILENT.contains(&tag.name.as_slice()) => silent += 1,
            Ok(Token::EndTag(tag)) if SILENT.contains(&tag.name.as_slice()) => {
                silent = silent.saturating_sub(1);
            }
            Ok(Token::String(words)) if silent == 0 => {
                for c in String::from_utf8_lossy(&words).chars() {
                    match c {
                        '&' => text.push_str("&amp;"),
                        '<' => text.push_str("&lt;"),
                        '>' => text.push_str("&gt;"),
                        '\u{a0}' => text.push_str("&nbsp;"),
                        _ => text.push(c),
                    }
                }
            }
            _ => {}
        }
    }
    let lines = text.lines().map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        words.join(" ")
    });
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    let mut text = lines.join("\n");
    if let Some((end, _)) = length.and_then(|length| text.char_indices().nth(length)) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn words_stay_and_markup_goes() {
        for (html, text) in [
            (
                "<p>Look in <em>your</em>  folder.</p>\n\n<p>Then\u{a0}wait.</p>\n",
                "Look in your folder.\nThen&nbsp;wait.",
            ),
            (
                "<h2>Q &amp; A</h2> 1 &lt; 2 <!-- not this -->",
                "Q &amp; A 1 &lt; 2",
            ),
            (
                "a <script>if (1 < 2) { \"<b>\" }</script><style>p {}</style><pre><code>x</code></pre> b",
                "a b",
            ),
            ("", ""),
        ] {
            assert_eq!(of(html, None), text);
        }
    }

    #[test]
    fn it_is_cut_between_characters() {
        assert_eq!(of("<p>añb</p>", Some(2)), "añ");
        assert_eq!(of("<p>añb</p>", Some(3)), "añb");
        assert_eq!(of("<p>añb</p>", Some(4)), "añb");
    }
}
