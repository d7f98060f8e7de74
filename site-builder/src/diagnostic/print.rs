//! How findings look: for a person, as JSON lines, or as GitHub annotations.
//!
//! Owns the look only; what is said is decided where the finding is made.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use super::{Finding, Findings, Severity};

/// The forms that findings can be printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the name to set it by, the line in question and a caret under it.
    Human,
    /// One JSON object a line.
    Json,
    /// Workflow commands, which GitHub shows beside the changed lines.
    Github,
}

/// How much is written at once: a large site can have more findings than are good to hold twice.
const AT_ONCE: usize = 1 << 16;

/// Renders all findings, in order.
pub fn render(findings: &Findings, format: Format) -> String {
    let mut out = String::new();
    for finding in findings.iter() {
        one(&mut out, finding, format);
    }
    out
}

/// Writes the same somewhere.
pub fn write(findings: &Findings, format: Format, mut to: impl io::Write) -> io::Result<()> {
    let mut out = String::new();
    for finding in findings.iter() {
        one(&mut out, finding, format);
        if out.len() >= AT_ONCE {
            to.write_all(out.as_bytes())?;
            out.clear();
        }
    }
    to.write_all(out.as_bytes())
}

fn one(out: &mut String, finding: &Finding, format: Format) {
    match format {
        Format::Human => human(out, finding),
        Format::Json => json(out, finding),
        Format::Github => github(out, finding),
    }
}

/// One line that sums the findings up, such as `2 errors, 1 warning`.
pub fn summary(findings: &Findings) -> String {
    let of = |severity: Severity| count(findings.count(severity), severity.word());
    format!("{}, {}", of(Severity::Error), of(Severity::Warning))
}

/// A number and its noun, such as `1 page` or `2 pages`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Text as a terminal may show it, in one line. What was read may hold characters that would steer the
/// terminal or turn the order of letters around.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    // As most are; and a list of findings can have very many long lines.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let steers = |c: char| {
        (c.is_control() && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for c in text.chars() {
        if c == '\n' {
            out.push(' ');
        } else if steers(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn human(out: &mut String, finding: &Finding) {
    let place = &finding.place;
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}: {} [{}]\n{margin}--> {}:{}:{}",
        finding.severity.word(),
        shown(&finding.sentence),
        finding.code,
        shown(&place.file),
        place.line,
        place.column
    );
    if !place.excerpt.is_empty() {
        let indent: String = place
            .excerpt
            .chars()
            .take(place.column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let _ = writeln!(
            out,
            "{margin} |\n{number} | {}\n{margin} | {indent}{}",
            shown(&place.excerpt),
            "^".repeat(place.width)
        );
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "{margin} = help: {}", shown(help));
    }
    out.push('\n');
}

fn json(out: &mut String, finding: &Finding) {
    let value = serde_json::json!({
        "severity": finding.severity.word(),
        "code": finding.code,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.sentence,
        "help": finding.help,
    });
    let _ = writeln!(out, "{value}");
}

fn github(out: &mut String, finding: &Finding) {
    let place = &finding.place;
    let mut message = shown(&finding.sentence).into_owned();
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(&shown(help));
    }
    let _ = writeln!(
        out,
        "::{} file={},line={},col={},title={}::{}",
        finding.severity.word(),
        escape(&shown(&place.file), true),
        place.line,
        place.column,
        finding.code,
        escape(&message, false)
    );
}

/// The escapes that GitHub's workflow commands ask for; properties need two more than messages.
fn escape(text: &str, property: bool) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    if property {
        text.replace(':', "%3A").replace(',', "%2C")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;
    use crate::text::Text;

    fn sample() -> Findings {
        let text = Text::new("content/a.md", "+++\n\ttitel = 'x'\n+++\n");
        let at = text.body.find("titel").unwrap();
        let mut findings = Findings::default();
        findings.push(
            Finding::error(
                "unknown-key",
                text.place(at..at + 5),
                "There is no key `titel`.",
            )
            .help("Did you mean `title`?"),
        );
        findings
    }

    #[test]
    fn a_person_sees_the_line_and_a_caret_under_it() {
        assert_eq!(
            render(&sample(), Format::Human),
            "error: There is no key `titel`. [unknown-key]\n --> content/a.md:2:2\n  |\n2 | \ttitel = 'x'\n  | \t^^^^^\n  = help: Did you mean `title`?\n\n"
        );
        assert_eq!(summary(&sample()), "1 error, 0 warnings");
    }

    #[test]
    fn as_much_is_written_as_there_is() {
        let mut findings = Findings::default();
        for line in 1..2000 {
            let place = Place {
                line,
                ..Place::file("content/a.md")
            };
            findings.push(Finding::error("x", place, "One of very many."));
        }
        let whole = render(&findings, Format::Json);
        assert!(whole.len() > 2 * AT_ONCE);
        let mut written = Vec::new();
        write(&findings, Format::Json, &mut written).unwrap();
        assert_eq!(written, whole.as_bytes());
    }

    #[test]
    fn nothing_that_was_read_steers_the_terminal() {
        let text = Text::new("content/\u{1b}[31m.md", "a\u{202e}b\u{7}\tc\u{9b}");
        let place = text.place(0..1);
        let sentence = "There is no `\u{1b}]0;x\u{7}`.\nSecond.";
        let mut findings = Findings::default();
        findings.push(Finding::error("x", place, sentence).help("Take out \u{1b}."));
        for format in [Format::Human, Format::Github] {
            let out = render(&findings, format);
            let bad = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{202e}';
            assert!(!out.contains(bad), "{out:?}");
            assert!(out.contains("`\\u{1b}]0;x\\u{7}`. Second."), "{out}");
        }
    }

    #[test]
    fn a_script_sees_one_object_a_line() {
        let out = render(&sample(), Format::Json);
        let value: serde_json::Value = serde_json::from_str(out.trim()).unwrap();
        assert_eq!(value["line"], 2);
        assert_eq!(value["code"], "unknown-key");
    }

    #[test]
    fn github_sees_an_escaped_annotation() {
        assert_eq!(
            render(&sample(), Format::Github),
            "::error file=content/a.md,line=2,col=2,title=unknown-key::There is no key `titel`.%0ADid you mean `title`?\n"
        );
    }
}
