//! Checks that the listed browsers can do what style sheets and pages ask of them, and that style
//! sheets are CSS.
//!
//! Each style sheet is looked at once: static files, what Sass was made into, `<style>` and
//! `style="…"`. Nothing is changed: a file is written as its author wrote it, as Zola does. So the
//! parser is `cssparser`, which gives each declaration its place. `lightningcss` rewrites a style
//! sheet for its browsers, but keeps the places of rules only, tells nobody which features a style
//! sheet uses, and cannot put a value before one with `var()`, which is most of what they lack.

mod html;
mod judge;
mod needs;
mod pieces;
mod read;
mod sheet;
mod support;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

pub(super) use html::Watch;

use super::html::Scan;
use super::map::SiteMap;
use super::noted::Noted;
use super::source;
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::render::{Origin, Output, Rendered};
use crate::text::{Text, has_ending};
use support::Support;

/// The rule about what is no CSS.
const SYNTAX: &str = "css-syntax";
/// The rule about features of style sheets.
const CSS: &str = "browser-css";
/// The rule about features of pages.
const HTML: &str = "browser-html";

/// What `style="…"`, then `true`, or `<style>` holds.
type Style = (bool, Arc<str>);

/// Something to tell about a style sheet.
struct Found {
    rule: &'static str,
    at: Vec<Range<usize>>,
    sentence: String,
    help: String,
}

/// How many further places a finding names.
const ALSO: usize = 5;

/// What to look for while pages are read.
pub(super) fn watch(config: &Config) -> Watch {
    let browsers = &config.checks.browsers;
    let support = Support::new(browsers);
    let is_on = |rule| config.checks.levels.of(rule).is_some();
    let mut watch = if is_on(HTML) {
        Watch::new(&support, &browsers.may_lack)
    } else {
        Watch::default()
    };
    watch.has_styles = is_on(SYNTAX) || is_on(CSS);
    watch
}

/// Runs the checks.
pub(super) fn check(
    rendered: &Rendered,
    map: SiteMap<'_>,
    scans: &BTreeMap<&str, Scan>,
    findings: &mut Findings,
) {
    let checks = &rendered.config.checks;
    let support = Support::new(&checks.browsers);
    let reviewer = Reviewer { rendered, support };
    if checks.levels.any(&[SYNTAX, CSS]) {
        // A hashed copy is the same file.
        let sheets: BTreeMap<&str, &Output> = map
            .files
            .iter()
            .filter(|(path, _)| has_ending(path, "css"))
            .filter_map(|(_, output)| match &output.origin {
                Origin::Copy(file) => Some((file.as_str(), *output)),
                _ => None,
            })
            .collect();
        let found: Vec<_> = sheets
            .into_par_iter()
            .map(|(file, output)| reviewer.file(file, output))
            .collect();
        findings.extend(found.into_iter().flatten());
    }
    let styles: BTreeSet<&Style> = scans.values().flat_map(|scan| &scan.styles).collect();
    let styles = styles.into_par_iter().map(|style| {
        let (is_attribute, css) = style;
        let sheet = if *is_attribute {
            read::read_attribute(css)
        } else {
            read::read(css)
        };
        (style, reviewer.sheet(&sheet))
    });
    let styles: BTreeMap<_, _> = styles.collect();
    let mut noted = Noted::default();
    for (path, scan) in scans {
        let file = map.files[*path];
        reviewer.page(file, scan, &mut noted);
        for style in &scan.styles {
            reviewer.style(file, style, &styles[style], &mut noted);
        }
    }
    noted.report(rendered, map, findings);
}

struct Reviewer<'a> {
    rendered: &'a Rendered,
    support: Support<'a>,
}

impl Reviewer<'_> {
    /// Looks at a style sheet that is a file.
    fn file(&self, file: &str, output: &Output) -> Vec<Finding> {
        let text = Text::new(file, &String::from_utf8_lossy(&output.bytes));
        let is_made = !has_ending(file, "css");
        let found = self.sheet(&read::read(&text.body));
        let findings = found.into_iter().map(|found| {
            let Found {
                rule,
                at,
                sentence,
                help,
            } = found;
            // What Sass made has no lines of its author's.
            let (place, also) = match at.first() {
                Some(first) if !is_made => (text.place(first.clone()), also(&text.body, &at)),
                _ => (text.whole(), String::new()),
            };
            self.finding(rule, place, &sentence, &(help + &also))
        });
        findings.flatten().collect()
    }

    /// Looks at what a page asks for.
    fn page(&self, file: &Output, scan: &Scan, noted: &mut Noted) {
        for about in &scan.lacking {
            let Some(lacking) = self.support.lacking(about, None) else {
                continue;
            };
            let shown = html::shown(about);
            let sentence = format!(
                "`{shown}` does not work in {}.",
                self.support.words(lacking)
            );
            let place = source::markup(self.rendered, file, &shown);
            let help = format!(
                "Do it another way, such as with a link or a form. If the page is as good without, \
                 add `\"{shown}\"` to `may_lack` in `[extra.check.browsers]`."
            );
            if let Some(finding) = self.finding(HTML, place, &sentence, &help) {
                noted.on_page(file, finding);
            }
        }
    }

    /// Tells what was found in the styles of a page.
    fn style(
        &self,
        file: &Output,
        (is_attribute, css): &Style,
        found: &[Found],
        noted: &mut Noted,
    ) {
        let mark = if *is_attribute { css } else { "<style>" };
        for found in found {
            let place = source::markup(self.rendered, file, mark);
            let finding = self.finding(found.rule, place, &found.sentence, &found.help);
            if let Some(finding) = finding {
                noted.on_page(file, finding);
            }
        }
    }

    /// Looks at a style sheet.
    fn sheet(&self, sheet: &sheet::Sheet) -> Vec<Found> {
        let faults = sheet.faults.iter().map(|fault| Found {
            rule: SYNTAX,
            at: vec![fault.at.clone()],
            sentence: fault.sentence.clone(),
            help: fault.help.to_owned(),
        });
        let mut found: Vec<_> = faults.collect();
        if !self.support.is_empty() {
            let may_lack = &self.rendered.config.checks.browsers.may_lack;
            let verdicts = judge::judge(sheet, &self.support, may_lack);
            found.extend(verdicts.into_iter().map(|verdict| Found {
                rule: CSS,
                at: verdict.at,
                sentence: verdict.sentence,
                help: verdict.help,
            }));
        }
        found
    }

    fn finding(
        &self,
        rule: &'static str,
        place: Place,
        sentence: &str,
        help: &str,
    ) -> Option<Finding> {
        let level = self.rendered.config.checks.levels.of(rule)?;
        let finding = Finding::new(level, rule, place, sentence);
        Some(match help.trim() {
            "" => finding,
            help => finding.help(help),
        })
    }
}

/// The lines of further places, in words.
fn also(text: &str, at: &[Range<usize>]) -> String {
    let mut lines = BTreeSet::new();
    let (mut line, mut seen) = (1, 0);
    for place in at {
        line += text[seen..place.start].matches('\n').count();
        seen = place.start;
        lines.insert(line);
    }
    lines.pop_first();
    let mut words = String::new();
    for (n, line) in lines.iter().take(ALSO).enumerate() {
        let start = if n == 0 { " Also on line " } else { ", " };
        let _ = write!(words, "{start}{line}");
    }
    match lines.len() {
        0 => words,
        n if n > ALSO => words + &format!(" and {} more.", n - ALSO),
        _ => words + ".",
    }
}
