//! Checks of what editors wrote, text by text: each finding stands at their own line.
//!
//! Owns which rules look at a text, and the way back from the Markdown to the file. The rules
//! themselves are in modules of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::contacts::{self, Known};
use super::issue::Issue;
use super::spelling::{self, Slip, Speller};
use super::tokens::Tokens;
use super::{dates, front, headings, images, link_text, raw, scripts, sentences, words};
use crate::config::Config;
use crate::diagnostic::{Finding, Place};
use crate::markdown::{self, Reading};
use crate::page::model::Doc;

/// The rules about texts.
const RULES: [&str; 14] = [
    contacts::RULE,
    dates::DATES,
    dates::DUE,
    headings::EMPTY,
    headings::TWICE,
    images::FORMAT,
    images::RULE,
    link_text::RULE,
    raw::RULE,
    scripts::RULE,
    sentences::GRADE,
    sentences::LONG,
    spelling::RULE,
    words::RULE,
];

/// More of one kind in one text are not worth telling: who has mended these knows how to go on.
pub(super) const MOST: usize = 50;

/// What came of looking at a text.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Addresses of links and pictures that were found wanting, each with the rule that found it:
    /// pages that show them show the same.
    pub addresses: BTreeSet<(&'static str, String)>,
    /// Words that no dictionary has.
    pub slips: Vec<Slip>,
}

/// Whether any rule about texts is on.
pub(super) fn wanted(config: &Config) -> bool {
    config.checks.levels.any(&RULES)
}

/// Looks at one page's text.
pub(super) fn look(doc: &Doc, config: &Config, known: &Known<'_>, speller: &Speller<'_>) -> Looked {
    let source = doc.markdown();
    let reading = markdown::read(source, config);
    let mut looked = Looked {
        findings: front::dates(doc, config),
        addresses: BTreeSet::new(),
        slips: speller.look(doc, &reading, source),
    };
    let issues = issues(&reading, source, doc, config, known);
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for issue in issues {
        let Some(level) = config.checks.levels.of(issue.rule) else {
            continue;
        };
        let told = told.entry(issue.rule).or_default();
        *told += 1;
        if *told > MOST {
            continue;
        }
        let by_address = [
            link_text::RULE,
            images::FORMAT,
            images::RULE,
            contacts::RULE,
        ];
        if by_address.contains(&issue.rule) {
            let address = address_at(&issue.at, &reading, doc);
            looked
                .addresses
                .extend(address.map(|address| (issue.rule, address)));
        }
        let mut help = issue.help;
        if !issue.also.is_empty() {
            let lines: BTreeSet<_> = issue
                .also
                .into_iter()
                .map(|at| place(doc, at).line)
                .collect();
            let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            help = format!("{help} Then look at {word} {}.", lines.join(" and "));
        }
        let place = place(doc, issue.at);
        let finding = Finding::new(level, issue.rule, place, issue.sentence);
        looked.findings.push(finding.help(help));
    }
    looked.findings.extend(front_matter(doc, config, known));
    looked
}

fn issues(
    reading: &Reading,
    source: &str,
    doc: &Doc,
    config: &Config,
    known: &Known<'_>,
) -> Vec<Issue> {
    let checks = &config.checks;
    let language = doc.lang.as_str();
    let mut issues = Vec::new();
    issues.extend(link_text::check(reading));
    issues.extend(images::check(reading));
    issues.extend(headings::in_text(
        &doc.content.toc,
        &reading.headings,
        source,
        doc.title.as_deref(),
    ));
    issues.extend(scripts::check(reading, source));
    if checks.levels.any(&[raw::RULE]) {
        let body = &doc.text.body[doc.body.clone()];
        issues.extend(raw::check(reading, source, body, config));
    }
    for link in &reading.links {
        if let Some((sentence, help)) = known.check_link(&link.address) {
            let at = link.at.clone();
            issues.push(Issue::new(contacts::RULE, at, sentence, help));
        }
    }
    let tokens: Vec<_> = reading.blocks.iter().map(Tokens::new).collect();
    if checks.levels.any(&[sentences::GRADE, sentences::LONG]) {
        issues.extend(sentences::check(&tokens, language, checks.limits));
    }
    for tokens in &tokens {
        let block = tokens.block;
        let mut add =
            |rule, found: Vec<(Range<usize>, String, String)>| {
                issues.extend(found.into_iter().map(|(at, sentence, help)| {
                    Issue::new(rule, block.source(at), sentence, help)
                }));
            };
        add(contacts::RULE, known.check(&block.text));
        if let Some(list) = checks.words.of(language) {
            add(words::RULE, words::in_block(tokens, list));
        }
    }
    issues
}

/// Title and description are read like the rest, and are in no Markdown.
fn front_matter(doc: &Doc, config: &Config, known: &Known<'_>) -> Vec<Finding> {
    let checks = &config.checks;
    let list = checks.words.of(&doc.lang);
    let mut findings = Vec::new();
    for text in [&doc.title, &doc.description].into_iter().flatten() {
        let start = front::find(doc, text);
        let mut add = |rule, found: Vec<(Range<usize>, String, String)>| {
            let Some(level) = checks.levels.of(rule) else {
                return;
            };
            for (at, sentence, help) in found {
                let place = match &start {
                    Some(whole) => {
                        let start = whole.start;
                        doc.text.place(start + at.start..start + at.end)
                    }
                    None => doc.text.whole(),
                };
                findings.push(Finding::new(level, rule, place, sentence).help(help));
            }
        };
        add(contacts::RULE, known.check(text));
        add(raw::RULE, raw::in_plain(text));
        if doc.title.as_ref() == Some(text) {
            add(link_text::RULE, link_text::in_title(text));
        }
        if let Some(list) = list {
            add(words::RULE, words::in_text(text, list));
        }
    }
    findings
}

/// Where a range of a page's Markdown stands in its file. What template syntax made is looked for by
/// its line, then by itself; what is nowhere is at the start of the text.
pub(super) fn place(doc: &Doc, at: Range<usize>) -> Place {
    let start = doc.body.start;
    let Some(source) = &doc.content.templated else {
        return doc.text.place(start + at.start..start + at.end);
    };
    let body = &doc.text.body[doc.body.clone()];
    // Where Markdown stands for other characters, a range can be off by some.
    let found = source
        .split_at_checked(at.start)
        .and_then(|(before, after)| {
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            let line_end = after.find('\n').map_or(source.len(), |end| at.start + end);
            body.find(&source[line_start..line_end])
                .map(|found| found + at.start - line_start)
                .or_else(|| body.find(source.get(at.clone())?))
        });
    match found {
        Some(found) => doc.text.place(start + found..start + found + at.len()),
        None => doc.text.place(start..start),
    }
}

/// The address, as pages have it, of the link or picture with this range.
fn address_at(at: &Range<usize>, reading: &Reading, doc: &Doc) -> Option<String> {
    let links = reading.links.iter().map(|link| (&link.at, &link.address));
    let images = reading
        .images
        .iter()
        .map(|image| (&image.at, &image.address));
    let (_, written) = links.chain(images).find(|(range, _)| *range == at)?;
    let link = doc
        .content
        .links
        .iter()
        .find(|link| link.written == *written);
    Some(link.map_or_else(|| written.clone(), |link| link.address.clone()))
}
