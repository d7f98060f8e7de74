//! Scripts in Markdown: `<script>`, attributes such as `onclick`, and links that are scripts.
//! A strict content security policy stops them, and a page must work without.

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
    for at in &reading.html {
        for token in Tokenizer::new(&source[at.clone()]) {
            let Ok(Token::StartTag(tag)) = token else {
                continue;
            };
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

fn is_script(address: &str) -> bool {
    let decoded = percent_decode_str(address).decode_utf8_lossy();
    decoded
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control())
        .get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("javascript:"))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn plain_html_and_comments_are_no_script() {
        assert_eq!(found("<p class=on data-on=x>only</p>"), 0);
        assert_eq!(found("<!-- <script></script> -->"), 0);
        assert_eq!(found("<a href='/javascript/'>a</a>"), 0);
    }
}
