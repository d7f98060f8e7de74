//! Which features of a style sheet a listed browser lacks, with nothing to stand in for them.
//!
//! Owns whom each rule concerns: `@supports` lets in who can, and what a browser does not know, be it
//! a media query, a selector or a rule with `@`, keeps it out of all that is inside. Knows no file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::needs::{Asked, Feature, ask, stand_ins};
use super::sheet::{AtRule, Guard, Part, Rule, Sheet};
use super::support::{self, Group, Support};
use super::wording::{self, NESTING, Verdict};

/// Judges a style sheet.
pub(super) fn judge(
    sheet: &Sheet,
    support: &Support<'_>,
    may_lack: &BTreeSet<String>,
) -> Vec<Verdict> {
    let mut judge = Judge {
        support,
        lacks: BTreeMap::new(),
        unknown: BTreeMap::new(),
    };
    for rule in &sheet.at_rules {
        judge.at_rule(rule, sheet);
    }
    for rule in &sheet.rules {
        judge.rule(rule);
    }
    let lacks = judge.lacks.into_iter();
    let unknown = judge.unknown.into_iter();
    lacks
        .filter(|((feature, _), _)| !may_lack.contains(&feature.shown))
        .map(|((feature, group), at)| wording::lacks(support, &feature, group, at))
        .chain(unknown.map(|((kind, name), at)| wording::unknown(kind, &name, at)))
        .map(|mut verdict| {
            // A rule in a rule comes after it, and before its end.
            verdict.at.sort_by_key(|at| at.start);
            verdict
        })
        .collect()
}

struct Judge<'a> {
    support: &'a Support<'a>,
    lacks: BTreeMap<(Feature, Group), Vec<Range<usize>>>,
    /// Names that no browser knows, with the kind that each would be.
    unknown: BTreeMap<(&'static str, String), Vec<Range<usize>>>,
}

impl Judge<'_> {
    fn at_rule(&mut self, rule: &AtRule, sheet: &Sheet) {
        let concerned = self.within(&rule.within);
        let (name, at) = (rule.name.as_str(), &rule.at);
        let is_for_some = support::prefixed(name).is_some() || concerned == 0;
        if is_for_some || name == "supports" {
            return;
        }
        let about = format!("at-rule {name}");
        let Some(mut lacking) = self.support.lacking(&about, None) else {
            self.unknown("at-rule", name, at);
            return;
        };
        if lacking & concerned != 0 {
            for other in &sheet.at_rules {
                if let Some((prefix, plain)) = support::prefixed(&other.name)
                    && plain == name
                {
                    let by_prefix = self.support.lacking(&about, Some(prefix));
                    lacking &= by_prefix.unwrap_or(lacking);
                }
            }
        }
        self.lack(&about, &format!("@{name}"), lacking & concerned, at);
        if rule.compares {
            let about = "at-rule media range_syntax";
            let lacking = self.support.lacking(about, None).unwrap_or(0);
            self.lack(about, "@media (width >= …)", lacking & concerned, at);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let mut concerned = self.within(&rule.within);
        if rule.nested {
            let about = "selector nesting";
            let lacking = self.support.lacking(about, None).unwrap_or(0) & concerned;
            self.lack(about, NESTING, lacking, &rule.at);
            concerned &= !lacking;
        }
        for part in &rule.selectors {
            concerned &= !self.selector(part, concerned);
        }
        let all = ask(self.support, &rule.declarations);
        for at in 0..all.len() {
            self.declaration(&all, at, concerned);
        }
    }

    /// Judges one, and tells which browsers pass over the rule because of it.
    fn selector(&mut self, part: &Part, concerned: Group) -> Group {
        if part.name.starts_with('-') {
            // Only that maker's browsers go on.
            return concerned;
        }
        let about = format!("selector {}", part.name);
        let Some(lacking) = self.support.lacking(&about, None) else {
            self.unknown("selector", &part.name, &part.at);
            return 0;
        };
        let lacking = lacking & concerned;
        let colons = if part.at.len() > part.name.len() + 1 {
            "::"
        } else {
            ":"
        };
        let shown = format!("{colons}{}", part.name);
        self.lack(&about, &shown, lacking, &part.at);
        lacking
    }

    fn declaration(&mut self, all: &[Asked<'_>], at: usize, mut concerned: Group) {
        let asked = &all[at];
        let (name, name_at) = (asked.declaration.name.as_str(), &asked.declaration.at);
        if asked.property.is_none() && !name.starts_with("--") {
            self.unknown("property", name, name_at);
            return;
        }
        if name.starts_with("--") {
            // Whoever does not know it passes over it, and over all that use it.
            concerned &= !self.support.lacking("function var", None).unwrap_or(0);
        }
        // What has a maker's prefix is for that maker's browsers.
        if asked.lacking & concerned == 0 || support::prefixed(name).is_some() {
            return;
        }
        concerned &= !stand_ins(all, at);
        for need in &asked.needs {
            let lacking = need.lacking & concerned;
            if need.at == *name_at {
                // Who does not know the property asks no more of its value.
                concerned &= !lacking;
            }
            if lacking != 0 && !need.is_prefixed {
                let places = self
                    .lacks
                    .entry((need.feature.clone(), lacking))
                    .or_default();
                places.push(need.at.clone());
            }
        }
    }

    /// Whom nothing keeps out.
    fn within(&self, guards: &[Guard]) -> Group {
        let mut inside = Group::MAX;
        for guard in guards {
            let lacking = match guard {
                Guard::Asked => None,
                Guard::Rule(name) => self.support.lacking(&format!("at-rule {name}"), None),
                Guard::Question(name) => {
                    let about = format!("at-rule media {name}");
                    Some(self.support.lacking(&about, None).unwrap_or(0))
                }
            };
            inside &= !lacking.unwrap_or(Group::MAX);
        }
        inside
    }

    fn lack(&mut self, about: &str, shown: &str, lacking: Group, at: &Range<usize>) {
        if lacking != 0 {
            let feature = Feature {
                about: about.to_owned(),
                shown: shown.to_owned(),
                context: "",
            };
            let places = self.lacks.entry((feature, lacking)).or_default();
            places.push(at.clone());
        }
    }

    fn unknown(&mut self, kind: &'static str, name: &str, at: &Range<usize>) {
        let places = self.unknown.entry((kind, name.to_owned())).or_default();
        places.push(at.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::support::tests::browsers;
    use super::*;

    const ALL: &str = "Internet Explorer 11, Chrome 24, Firefox 17 and Safari 6";

    /// What is lacking, as `piece of the sheet: who lacks it`.
    fn lacking(css: &str) -> Vec<String> {
        lacking_but(css, &[])
    }

    fn lacking_but(css: &str, may_lack: &[&str]) -> Vec<String> {
        let browsers = browsers();
        let support = Support::new(&browsers);
        let sheet = read(css);
        assert!(sheet.faults.is_empty(), "{:?}", sheet.faults);
        let may_lack = may_lack.iter().map(|name| (*name).to_owned()).collect();
        judge(&sheet, &support, &may_lack)
            .into_iter()
            .map(|verdict| verdict.sentence)
            .map(|sentence| sentence.replace(", and nothing stands in for it.", ""))
            .map(|sentence| sentence.replace(" does not work in ", ": "))
            .collect()
    }

    fn is_fine(css: &str) {
        assert_eq!(lacking(css), [""; 0], "{css}");
    }

    #[test]
    fn a_feature_without_a_stand_in_is_found() {
        assert_eq!(
            lacking("a { display: flex; gap: 1rem }"),
            [
                "`display: flex`: Chrome 24, Firefox 17 and Safari 6".to_owned(),
                format!("`gap` in flex boxes: {ALL}")
            ]
        );
        assert_eq!(
            lacking("a { transform: none }"),
            ["`transform`: Chrome 24 and Safari 6"]
        );
        assert_eq!(
            lacking("a { width: min(1rem, 5em) }"),
            [format!("`min()`: {ALL}")]
        );
        assert_eq!(lacking("a { height: 1dvh }"), [format!("`1dvh`: {ALL}")]);
        assert_eq!(lacking("a { color: #1234 }"), [format!("`#1234`: {ALL}")]);
        assert_eq!(lacking("a { color: unset }"), [format!("`unset`: {ALL}")]);
        is_fine("a { color: #123; clip: rect(0, 0, 0, 0); font: 1rem/1.6 system-ui, serif }");
        is_fine("a { font-family: system-ui, serif }");
    }

    #[test]
    fn what_stands_before_it_stands_in_for_it_where_that_works() {
        is_fine("a { color: #fff; color: var(--x) }");
        is_fine("a { border: 1px solid #fff; border-color: var(--x) }");
        is_fine("a { overflow-wrap: anywhere; word-wrap: break-word }");
        is_fine("a { -webkit-transform: none; transform: none }");
        is_fine("a { -webkit-transition: -webkit-transform 1s; transition: transform 1s }");
        is_fine("a { page-break-after: always; break-after: always }");
        assert_eq!(lacking("a { color: var(--x); color: #fff }").len(), 1);
        assert_eq!(lacking("a { color: var(--x); color: var(--y) }").len(), 1);
        assert_eq!(lacking("a { outline: 0; outline-offset: 1px }").len(), 1);
        assert_eq!(
            lacking("a { -moz-transform: none; transform: none }"),
            ["`transform`: Chrome 24 and Safari 6"]
        );
        assert_eq!(
            lacking("a { display: -webkit-box; display: flex }"),
            ["`display: flex`: Chrome 24, Firefox 17 and Safari 6"]
        );
        assert_eq!(
            lacking("a { display: -webkit-flex; display: flex }"),
            ["`display: flex`: Firefox 17 and Safari 6"]
        );
    }

    #[test]
    fn whom_a_condition_keeps_out_lacks_nothing_inside() {
        is_fine("@supports (display: grid) { a { display: grid; gap: 1rem } }");
        is_fine("@media (prefers-contrast: more) { a { color: var(--x) } }");
        is_fine("@font-face { font-family: x; font-display: swap }");
        assert_eq!(lacking("@media print { a { color: var(--x) } }").len(), 1);
        assert_eq!(
            lacking("@media (min-width: 9em) { a { color: var(--x) } }").len(),
            1
        );
        assert_eq!(
            lacking("@layer x { a { color: var(--x) } }"),
            [format!("`@layer`: {ALL}")]
        );
        assert_eq!(
            lacking("@media (width >= 9em) { a { top: 0 } }"),
            [format!("`@media (width >= …)`: {ALL}")]
        );
    }

    #[test]
    fn a_selector_that_is_not_known_takes_the_rule_along() {
        assert_eq!(
            lacking("a:focus-visible, b { color: var(--x) }"),
            [format!("`:focus-visible`: {ALL}")]
        );
        assert_eq!(
            lacking("li::marker { top: 0 }"),
            [format!("`::marker`: {ALL}")]
        );
        is_fine("a::before, a:before, a:not(.b):nth-child(2n) { top: 0 }");
        is_fine("a::-webkit-scrollbar { color: var(--x) }");
        assert_eq!(
            lacking("a { b:hover { top: 0 } & i { top: 0 } }"),
            [format!("A rule in a rule: {ALL}")]
        );
    }

    #[test]
    fn frames_may_have_a_prefix() {
        let frames = "keyframes x { from { top: 0 } }";
        assert_eq!(
            lacking(&format!("@{frames}")),
            ["`@keyframes`: Chrome 24 and Safari 6"]
        );
        is_fine(&format!("@-webkit-{frames} @{frames}"));
    }

    #[test]
    fn an_authors_own_property_harms_nobody_unless_it_breaks_where_it_is_known() {
        is_fine(":root { --x: 1dvh; --y: light-dark(#000, #fff) }");
    }

    #[test]
    fn a_slip_in_a_name_is_found() {
        for (css, name) in [
            ("a { colr: red }", "colr"),
            ("a:hoover { top: 0 }", "hoover"),
            ("@meda print { a { top: 0 } }", "meda"),
        ] {
            assert_eq!(lacking(css), [format!("No browser knows `{name}`.")]);
        }
    }

    #[test]
    fn places_are_told_in_the_order_of_the_style_sheet() {
        let css = "a { b:hover { colr: red } colr: red }";
        let browsers = browsers();
        let found = judge(&read(css), &Support::new(&browsers), &BTreeSet::new());
        let slip = found.iter().find(|found| found.sentence.contains("colr"));
        let starts: Vec<_> = slip.unwrap().at.iter().map(|at| at.start).collect();
        assert_eq!(starts, [14, 26]);
    }

    #[test]
    fn what_may_be_missing_is_named_as_findings_name_it() {
        let css = "li::marker { top: 0 } a { text-wrap: balance; overflow-wrap: anywhere }";
        assert_eq!(lacking(css).len(), 4, "{:?}", lacking(css));
        let may = [
            "::marker",
            "text-wrap",
            "text-wrap: balance",
            "overflow-wrap: anywhere",
        ];
        assert_eq!(
            lacking_but(css, &may),
            ["`overflow-wrap`: Internet Explorer 11, Firefox 17 and Safari 6"]
        );
    }
}
