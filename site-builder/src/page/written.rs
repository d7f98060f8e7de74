//! What of a body is wrong whatever it leads to: words that are still to come, a comment that never
//! ends, an address with quotes or backslashes in it.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Error, Token, Tokenizer};

use super::UNWRITTEN;
use super::model::Doc;
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Severity};
use crate::markdown;

/// The rule about comments.
const COMMENT: &str = "comment-open";

/// Quotes around an address, as a word processor and as a keyboard have them.
const QUOTES: [char; 7] = ['“', '”', '„', '‘', '’', '"', '\''];

/// Words that `new` left for the editor to write.
pub(super) fn unwritten(doc: &Doc, findings: &mut Findings) {
    if let Some(at) = doc.text.body.find(UNWRITTEN) {
        let place = doc.text.place(at..at + UNWRITTEN.len());
        findings.push(
            Finding::warning("unwritten", place, "This page is not written yet.")
                .help("Put its words in place of those that `new` left."),
        );
    }
}

/// Tells a comment without an end, and ends it where the text does: it would hide what is behind it,
/// also on other pages that show this text. Returns whether it was told as an error.
pub(super) fn comment(
    doc: &Doc,
    source: &str,
    html: &mut String,
    config: &Config,
    findings: &mut Findings,
) -> bool {
    let opening = "<!--";
    let Some(start) = html.rfind(opening) else {
        return false;
    };
    let level = config.checks.levels.of(COMMENT);
    let (Some(level), false) = (level, html[start..].contains("-->")) else {
        return false;
    };
    // The same signs in an attribute, in a script or in code are no comment.
    if !ends_in_comment(html) {
        return false;
    }
    let ranges = markdown::read(source, config).html;
    let in_html = |at: &Range<usize>| Some(at.start + source.get(at.clone())?.rfind(opening)?);
    let Some(at) = ranges.iter().rev().find_map(in_html) else {
        return false;
    };
    let place = if doc.text.body.get(doc.body.clone()) == Some(source) {
        let at = doc.body.start + at;
        doc.text.place(at..at + opening.len())
    } else {
        let at = doc.text.body.rfind(opening).unwrap_or(doc.body.start);
        doc.text.place(at..at + opening.len())
    };
    let sentence = "This comment is never ended, so nothing behind it shows.";
    findings.push(
        Finding::new(level, COMMENT, place, sentence)
            .help("Write `-->` where it ends, or remove it."),
    );
    html.push_str("-->\n");
    level == Severity::Error
}

/// Whether HTML ends within a comment.
fn ends_in_comment(html: &str) -> bool {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut tokens = Tokenizer::new_with_emitter(html, emitter);
    tokens.any(|Ok(token)| matches!(token, Token::Error(error) if *error == Error::EofInComment))
}

/// How an address is right that has quotes around it, or backslashes as Windows has them; nothing when
/// it has neither.
pub(super) fn right_address(written: &str) -> Option<(&'static str, String)> {
    let unquoted = written
        .strip_prefix(QUOTES)
        .and_then(|rest| rest.strip_suffix(QUOTES))
        .filter(|plain| !plain.is_empty());
    let is_quoted = unquoted.is_some();
    let plain = unquoted.unwrap_or(written);
    // What another site or another computer makes of a backslash is theirs to say.
    let slashed = if has_scheme(plain) || plain.starts_with("\\\\") {
        plain.to_owned()
    } else {
        let (path, rest) = plain.split_at(plain.find(['?', '#']).unwrap_or(plain.len()));
        path.replace('\\', "/") + rest
    };
    let sentence = if is_quoted {
        "This address has quotes around it, so the link leads nowhere."
    } else if slashed != plain {
        "This address has backslashes in it, so the link leads nowhere."
    } else {
        return None;
    };
    Some((sentence, slashed))
}

/// Whether an address begins with a scheme, such as `https:`, or with a drive, such as `C:`.
pub(super) fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_right_without_quotes_and_with_slashes() {
        for (written, right) in [
            ("“@/enroll.md”", Some("@/enroll.md")),
            ("\"/a/\"", Some("/a/")),
            ("@\\faq\\email.md", Some("@/faq/email.md")),
            ("”pictures\\a.png”", Some("pictures/a.png")),
            ("@/enroll.md", None),
            ("C:\\a\\b.png", None),
            ("\\\\server\\a", None),
            ("https://example.org/it's", None),
            ("https://example.org/Players'", None),
            ("/a'", None),
            ("https://example.org/a\\b", None),
            (
                "“https://example.org/a\\b”",
                Some("https://example.org/a\\b"),
            ),
            ("/a/?b=\\c#\\d", None),
            ("\\a\\?b=\\c", Some("/a/?b=\\c")),
            ("'", None),
            ("", None),
        ] {
            let found = right_address(written).map(|(_, right)| right);
            assert_eq!(found.as_deref(), right, "{written}");
        }
    }
}
