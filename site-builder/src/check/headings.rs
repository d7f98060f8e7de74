//! Headings: one main heading a page, none that skips a level on the way down, none without words,
//! and no two of one part with the same.

use std::collections::BTreeMap;
use std::ops::Range;

use super::issue::{Issue, quote};
use super::outline::Heading;
use crate::markdown;

/// The rule about levels.
pub(super) const ORDER: &str = "heading-order";
/// The rule about the main heading.
pub(super) const MAIN: &str = "one-main-heading";

/// The rule about headings without words.
pub(super) const EMPTY: &str = "heading-empty";
/// The rule about headings with the same words.
pub(super) const TWICE: &str = "heading-twice";

/// What is wrong with the headings of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault<'a> {
    /// The rule.
    pub rule: &'static str,
    /// The heading; none when it is missing.
    pub heading: Option<&'a Heading>,
    /// The heading above it, for the rule about levels.
    pub above: Option<&'a Heading>,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next.
    pub help: String,
}

/// Looks at the headings of a page.
pub(super) fn check(headings: &[Heading]) -> Vec<Fault<'_>> {
    let mut faults = Vec::new();
    let mut main = headings.iter().filter(|heading| heading.level == 1);
    if main.next().is_none() {
        faults.push(Fault {
            rule: MAIN,
            heading: None,
            above: None,
            sentence: "This page has no main heading (h1).".to_owned(),
            help: "Let the template show the title as `<h1>{{ page.title }}</h1>`.".to_owned(),
        });
    }
    for second in main {
        faults.push(Fault {
            rule: MAIN,
            heading: Some(second),
            above: None,
            sentence: format!(
                "“{}” is one more main heading; a page has one.",
                quote(&second.text)
            ),
            help: "Begin it with `##`. The page's title is the main heading.".to_owned(),
        });
    }
    for pair in headings.windows(2) {
        let [above, heading] = pair else { continue };
        let level = heading.level;
        if level > above.level + 1 {
            let due = above.level + 1;
            faults.push(Fault {
                rule: ORDER,
                heading: Some(heading),
                above: Some(above),
                sentence: format!(
                    "“{}” skips a level: it is a heading {level}, below a heading {}.",
                    quote(&heading.text),
                    above.level
                ),
                help: format!("Begin it with `{}`.", "#".repeat(due.into())),
            });
        }
    }
    faults
}

/// Looks at the headings of a text, as its table of contents has them, and at where they stand. Parts
/// of different headings may well have parts of the same name.
pub(super) fn in_text(
    toc: &[markdown::Heading],
    ranges: &[Range<usize>],
    source: &str,
    title: Option<&str>,
) -> Vec<Issue> {
    let mut text = Text {
        ranges: ranges.iter(),
        source,
        issues: Vec::new(),
    };
    // A main heading is told by itself.
    let above: Vec<String> = title.map(words).into_iter().collect();
    text.siblings(toc, &above);
    text.issues
}

struct Text<'a> {
    ranges: std::slice::Iter<'a, Range<usize>>,
    source: &'a str,
    issues: Vec<Issue>,
}

impl Text<'_> {
    fn siblings(&mut self, headings: &[markdown::Heading], above: &[String]) {
        let mut first: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for heading in headings {
            let Some(at) = self.ranges.next().cloned() else {
                return;
            };
            let words = words(&heading.title);
            let shown = quote(&heading.title);
            let line = self.source.get(at.clone()).unwrap_or_default();
            if heading.title.trim().is_empty() {
                // A picture or HTML may stand for words.
                if !line.contains(['!', '<']) {
                    self.issues.push(Issue::new(
                        EMPTY,
                        at,
                        "This heading has no words.",
                        "Write them behind the `#` signs, or remove the line.",
                    ));
                }
            } else if let Some(other) = first.get(&words) {
                let sentence = format!("“{shown}” is a heading here a second time.");
                let help = "Say in each what only its part is about, so that people can tell them \
                            apart in a list of headings.";
                let mut issue = Issue::new(TWICE, at, sentence, help);
                issue.also.push(other.clone());
                self.issues.push(issue);
            } else {
                if heading.level > 1 && above.contains(&words) {
                    let sentence = format!("“{shown}” says the same as the heading above it.");
                    let help = "Say what this part is about, or remove the heading.";
                    self.issues
                        .push(Issue::new(TWICE, at.clone(), sentence, help));
                }
                first.insert(words.clone(), at);
            }
            let below: Vec<String> = above.iter().cloned().chain([words]).collect();
            self.siblings(&heading.children, &below);
        }
    }
}

/// The words of a heading, as far as they tell it from another.
fn words(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        title.trim().to_owned()
    } else {
        words.join(" ").to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(levels: &[u8]) -> Vec<(&'static str, Option<usize>)> {
        let headings: Vec<_> = levels
            .iter()
            .enumerate()
            .map(|(at, &level)| Heading {
                level,
                text: at.to_string(),
                ..Heading::default()
            })
            .collect();
        check(&headings)
            .into_iter()
            .map(|fault| (fault.rule, fault.heading.map(|h| h.text.parse().unwrap())))
            .collect()
    }

    #[test]
    fn levels_go_down_one_by_one_and_up_at_once() {
        assert_eq!(faults(&[1, 2, 3, 4, 2, 3]), []);
        assert_eq!(faults(&[2, 1, 2]), []);
        assert_eq!(faults(&[1, 2, 4, 5]), [(ORDER, Some(2))]);
        assert_eq!(faults(&[1, 3]), [(ORDER, Some(1))]);
    }

    #[test]
    fn a_page_has_one_main_heading() {
        assert_eq!(faults(&[]), [(MAIN, None)]);
        assert_eq!(faults(&[2]), [(MAIN, None)]);
        assert_eq!(faults(&[1, 2, 1, 1]), [(MAIN, Some(2)), (MAIN, Some(3))]);
    }

    #[test]
    fn headings_have_words_and_those_of_one_part_their_own() {
        let heading = |level: u8, title: &str, children: &[markdown::Heading]| markdown::Heading {
            level,
            id: String::new(),
            title: title.to_owned(),
            children: children.to_vec(),
        };
        let toc = [
            heading(
                2,
                "Call us",
                &[heading(3, "Hours", &[]), heading(3, "call us", &[])],
            ),
            heading(
                2,
                "Write to us",
                &[
                    heading(3, "Hours", &[]),
                    heading(3, "¿Horas?", &[]),
                    heading(3, "Horas", &[]),
                ],
            ),
            heading(2, "Call us.", &[]),
            heading(2, " ", &[]),
            heading(2, "", &[]),
            heading(2, "First", &[]),
        ];
        let source = "abcdefghi!k";
        let ranges: Vec<_> = (0..source.len()).map(|at| at..at + 1).collect();
        let found: Vec<_> = in_text(&toc, &ranges, source, Some("First"))
            .into_iter()
            .map(|issue| {
                (
                    issue.rule,
                    issue.at.start,
                    issue.also.first().map(|at| at.start),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (TWICE, 2, None),
                (TWICE, 6, Some(5)),
                (TWICE, 7, Some(0)),
                (EMPTY, 8, None),
                (TWICE, 10, None),
            ]
        );
    }
}
