//! Scripts in Markdown: `<script>`, attributes such as `onclick`, and links that are scripts.
//! A strict content security policy stops them, and a page must work without.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use percent_encoding::percent_decode_str;

use super::issue::Issue;
use crate::markdown::Reading;

/// The rule's name.
pub(super) const RULE: &str = "script";

const HELP: &str = "Take it out. What a page does belongs to the theme, and it must work without \
                    scripts too.";

/// Looks at the HTML and the links of a text.
pub(super) fn check(reading: &Reading, source: &str) -> Vec<Issue> {
    let mut issues = Vec::new();
    for ranges in reading.html.chunk_by(|one, next| touch(source, one, next)) {
        let text: String = ranges.iter().map(|at| &source[at.clone()]).collect();
        let tokens = Tokenizer::new_with_emitter(&text, DefaultEmitter::new_with_span());
        for token in tokens {
            let Ok(Token::StartTag(tag)) = token else {
                continue;
            };
            let at = containing(ranges, tag.span.start);
            if &**tag.name == b"script" {
                let sentence = "This is a script, and a page's text holds none.";
                issues.push(Issue::new(RULE, at.clone(), sentence, HELP));
            }
            for (name, value) in &tag.attributes {
                let name = String::from_utf8_lossy(name);
                let handler = name.len() > 2 && name.starts_with("on");
                if handler || is_script(&String::from_utf8_lossy(value)) {
                    let sentence = format!("`{name}` runs a script, and a page's text holds none.");
                    issues.push(Issue::new(RULE, at.clone(), sentence, HELP));
                }
            }
        }
    }
    for link in &reading.links {
        if is_script(&link.address) {
            let sentence = "This link is a script, and a page's text holds none.";
            issues.push(Issue::new(RULE, link.at.clone(), sentence, HELP));
        }
    }
    issues
}

/// Whether one piece of HTML goes on in the next: each line of a block is a piece. What begins the
/// lines of a list or a quote is between them, and no HTML.
fn touch(source: &str, one: &Range<usize>, next: &Range<usize>) -> bool {
    let between = source.get(one.end..next.start);
    between.is_some_and(|between| {
        between
            .chars()
            .all(|c| matches!(c, ' ' | '\t' | '\r' | '>'))
    })
}

/// The piece that holds this byte of all of them together.
fn containing(ranges: &[Range<usize>], mut byte: usize) -> Range<usize> {
    for at in ranges {
        if byte < at.len() {
            return at.clone();
        }
        byte -= at.len();
    }
    ranges.last().cloned().unwrap_or_default()
}

fn is_script(address: &str) -> bool {
    // A browser reads over tabs and line ends, wherever in the address they stand.
    let decoded = percent_decode_str(address)
        .decode_utf8_lossy()
        .replace(['\t', '\r', '\n'], "");
    decoded
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control())
        .get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("javascript:"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::diagnostic::Findings;
    use crate::{BuildOptions, markdown};

    fn found(source: &str) -> usize {
        let whole = 0..source.len();
        let reading = Reading {
            html: vec![whole],
            ..Reading::default()
        };
        check(&reading, source).len()
    }

    #[test]
    fn every_way_to_write_a_script_is_found() {
        assert_eq!(found("<script>alert(1)</script>"), 1);
        assert_eq!(found("<SCRIPT src=a.js></SCRIPT>"), 1);
        assert_eq!(found("<p OnClick='x()'>a</p>"), 1);
        assert_eq!(found("<a href=' JavaScript:x()'>a</a>"), 1);
    }

    fn lines(source: &str) -> Vec<usize> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("zola.toml"), "base_url = \"/\"\n").unwrap();
        let options = BuildOptions::new(folder.path());
        let config = crate::config::load(&options, &mut Findings::default()).unwrap();
        check(&markdown::read(source, &config), source)
            .iter()
            .map(|issue| source[..issue.at.start].lines().count() + 1)
            .collect()
    }

    #[test]
    fn a_tag_over_many_lines_is_found_where_it_begins() {
        for source in [
            "One.\n\n<script\n src=\"x.js\">\n</script>\n",
            "<div>\n<b>x</b>\n<p\nonclick=\"x()\">\n</div>\n",
            "<div>\r\n<b>x</b>\r\n<p\r\nonclick=\"x()\">\r\n</div>\r\n",
        ] {
            assert_eq!(lines(source), [3], "{source}");
        }
        assert_eq!(lines("> <p\n> onclick=\"x()\">\n").len(), 1);
        assert_eq!(lines("- <p\n  onclick=\"x()\">\n").len(), 1);
        assert!(lines("<p\nclass=\"a\">\n\n<b>x</b> <i>y</i>\n").is_empty());
    }

    #[test]
    fn an_address_that_a_browser_puts_together_is_a_script() {
        for break_ in ["&Tab;", "&#10;", "&#13;", "\t", "\n", "\r\n", "%09"] {
            let source = format!("<a href=\"java{break_}script:x()\">a</a>");
            assert_eq!(found(&source), 1, "{source}");
        }
        assert_eq!(lines("[a](java&Tab;script:x)"), [1]);
    }

    #[test]
    fn plain_html_and_comments_are_no_script() {
        assert_eq!(found("<p class=on data-on=x>only</p>"), 0);
        assert_eq!(found("<!-- <script></script> -->"), 0);
        assert_eq!(found("<a href='/javascript/'>a</a>"), 0);
    }
}
