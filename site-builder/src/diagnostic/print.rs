//! How findings look: for a person, as JSON lines, or as GitHub annotations.
//!
//! Owns the look only; what is said is decided where the finding is made.

use std::fmt::Write as _;

use super::{Finding, Findings, Severity};

/// The forms that findings can be printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the line in question and a caret under it.
    Human,
    /// One JSON object a line.
    Json,
    /// Workflow commands, which GitHub shows beside the changed lines.
    Github,
}

/// Renders all findings, in order.
pub fn render(findings: &Findings, format: Format) -> String {
    let mut out = String::new();
    for finding in findings.iter() {
        match format {
            Format::Human => human(&mut out, finding),
            Format::Json => json(&mut out, finding),
            Format::Github => github(&mut out, finding),
        }
    }
    out
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

fn human(out: &mut String, finding: &Finding) {
    let place = &finding.place;
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}: {}\n{margin}--> {}:{}:{}",
        finding.severity.word(),
        finding.sentence,
        place.file,
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
            place.excerpt,
            "^".repeat(place.width)
        );
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "{margin} = help: {help}");
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
    let mut message = finding.sentence.clone();
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(help);
    }
    let _ = writeln!(
        out,
        "::{} file={},line={},col={},title={}::{}",
        finding.severity.word(),
        escape(&place.file, true),
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
            "error: There is no key `titel`.\n --> content/a.md:2:2\n  |\n2 | \ttitel = 'x'\n  | \t^^^^^\n  = help: Did you mean `title`?\n\n"
        );
        assert_eq!(summary(&sample()), "1 error, 0 warnings");
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
