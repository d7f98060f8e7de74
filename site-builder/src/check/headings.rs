//! Headings: one main heading a page, and none that skips a level on the way down.

use super::issue::quote;
use super::outline::Heading;

/// The rule about levels.
pub(super) const ORDER: &str = "heading-order";
/// The rule about the main heading.
pub(super) const MAIN: &str = "one-main-heading";

/// What is wrong with the headings of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault<'a> {
    /// The rule.
    pub rule: &'static str,
    /// The heading; none when it is missing.
    pub heading: Option<&'a Heading>,
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
            sentence: "This page has no main heading (h1).".to_owned(),
            help: "Let the template show the title as `<h1>{{ page.title }}</h1>`.".to_owned(),
        });
    }
    for second in main {
        faults.push(Fault {
            rule: MAIN,
            heading: Some(second),
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
}
