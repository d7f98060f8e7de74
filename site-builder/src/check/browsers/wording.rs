//! How a person is told what a style sheet asks too much of, and what to do about it.

use std::ops::Range;

use super::needs::Feature;
use super::support::{self, Group, Support};
use crate::check::issue::quote;
use crate::diagnostic::nearest;

/// A rule in a rule, as `may_lack` names it.
pub(super) const NESTING: &str = "nesting";

/// Something to tell about a style sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The places that it is about, in order.
    pub at: Vec<Range<usize>>,
    /// One plain sentence.
    pub sentence: String,
    /// What to do next.
    pub help: String,
}

/// What to tell of a feature that some browsers lack.
pub(super) fn lacks(
    support: &Support<'_>,
    feature: &Feature,
    group: Group,
    at: Vec<Range<usize>>,
) -> Verdict {
    let names = support.names(&feature.about, group);
    let shown = match feature.shown.as_str() {
        NESTING => "A rule in a rule".to_owned(),
        shown => format!("`{shown}`"),
    };
    Verdict {
        at,
        sentence: format!(
            "{shown}{} does not work in {}, and nothing stands in for it.",
            feature.context,
            support.words(group)
        ),
        help: help(feature, &names),
    }
}

/// What to tell of a name that is in no browser. `kind` is that of its lines in the table.
pub(super) fn unknown(kind: &str, name: &str, at: Vec<Range<usize>>) -> Verdict {
    let shown = quote(name);
    // To compare a very long one with all names would take long.
    let near = (shown == name).then(|| nearest(name, support::known(kind)));
    Verdict {
        at,
        sentence: format!("No browser knows `{shown}`."),
        help: match near.flatten() {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Look for a slip in its name, or take it out.".to_owned(),
        },
    }
}

fn help(feature: &Feature, names: &[&str]) -> String {
    let shown = &feature.shown;
    let names: Vec<_> = names
        .iter()
        .map(
            |name| match (name.ends_with('-'), shown.strip_prefix('@')) {
                (true, Some(rule)) => format!("`@{name}{rule}`"),
                (true, None) => {
                    let (start, end) = shown.split_once(": ").unwrap_or(("", shown));
                    let colon = if start.is_empty() { "" } else { ": " };
                    format!("`{start}{colon}{name}{end}`")
                }
                (false, _) => format!("`{name}`"),
            },
        )
        .collect();
    let names = names.join(" and ");
    let do_this = match (feature.about.split(' ').next(), names.is_empty()) {
        (Some("property" | "function"), false) => format!("Write {names} before it."),
        (Some("at-rule"), false) => format!("Write {names} beside it."),
        (Some("selector"), _) => {
            "They skip the whole rule: give what it must do to a rule without \
                                  it, and put this one into `@supports selector(…)`."
                .to_owned()
        }
        (Some("at-rule"), true) => "They skip all that is in it: write that without it.".to_owned(),
        (Some("property"), true) if !shown.contains(": ") => {
            format!("Put it, with what builds on it, into `@supports ({shown}: …)`.")
        }
        _ => "Before it in the same rule, write a value that they know.".to_owned(),
    };
    format!(
        "{do_this} If the page is as good without, add `\"{shown}\"` to `may_lack` in \
         `[extra.check.browsers]`."
    )
}

#[cfg(test)]
mod tests {
    use super::super::support::tests::browsers;
    use super::*;

    fn said(about: &str, shown: &str, context: &'static str) -> String {
        let browsers = browsers();
        let support = Support::new(&browsers);
        let group = support.lacking(about, None).unwrap();
        let feature = Feature {
            about: about.to_owned(),
            shown: shown.to_owned(),
            context,
        };
        let verdict = lacks(&support, &feature, group, Vec::new());
        let help = verdict.help.split(" If the page").next().unwrap();
        format!("{} {help}", verdict.sentence)
    }

    #[test]
    fn a_person_is_told_who_lacks_what_and_what_to_write() {
        assert_eq!(
            said("property transform", "transform", ""),
            "`transform` does not work in Chrome 24 and Safari 6, and nothing stands in for it. \
             Write `-webkit-transform` before it."
        );
        assert!(
            said("property gap flex_context", "gap", " in flex boxes").starts_with(
                "`gap` in flex boxes does not work in Internet Explorer 11, Chrome 24, Firefox 17"
            )
        );
        for (about, shown, end) in [
            ("property gap", "gap", "into `@supports (gap: …)`."),
            (
                "property display flex",
                "display: flex",
                "Write `display: -webkit-flex` before it.",
            ),
            ("function min", "min()", "write a value that they know."),
            (
                "at-rule keyframes",
                "@keyframes",
                "Write `@-webkit-keyframes` beside it.",
            ),
            ("at-rule layer", "@layer", "write that without it."),
            ("selector marker", "::marker", "`@supports selector(…)`."),
        ] {
            let said = said(about, shown, "");
            assert!(said.ends_with(end), "{said}");
        }
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_name() {
        let help = |name| unknown("property", name, Vec::new()).help;
        assert_eq!(help("colour"), "Did you mean `color`?");
        assert!(help("frobnicate").starts_with("Look for a slip"));
        let long = unknown("property", &"colour".repeat(9_000), Vec::new());
        assert!(long.sentence.len() < 200, "{}", long.sentence);
    }
}
