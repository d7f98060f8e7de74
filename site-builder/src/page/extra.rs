//! `[extra]` of a page or section, held against what the theme and the site declare of it.
//!
//! A value that is not as declared is a finding here, where it was written, and is left out of what
//! templates see: so no template trips over it, on this page or on one that lists it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use toml::value::Datetime;

use super::model::{Doc, Front};
use super::name::Name;
use crate::config::{Config, ExtraField, Kind};
use crate::diagnostic::{Finding, Findings, Severity, nearest};
use crate::document::{Data, Entry, Node, Table};
use crate::fields::{self, Fields};
use crate::slips;
use crate::text::has_ending;

/// Keys that mean something above `[extra]`. Below it a draft would be published.
const OF_ITS_OWN: [&str; 12] = [
    "aliases",
    "authors",
    "date",
    "description",
    "draft",
    "path",
    "render",
    "slug",
    "template",
    "title",
    "updated",
    "weight",
];

/// Checks a document's `[extra]`, and takes out of it what cannot be used.
pub(super) fn check(doc: &mut Doc, front: &Table, config: &Config, findings: &mut Findings) {
    let declared = &config.extra_fields;
    if declared.is_empty() {
        return;
    }
    let empty = Table::default();
    let (extra, header) = match front.get("extra") {
        None => (&empty, None),
        Some(node) => match &node.data {
            Data::Table(table) => (table, Some(node)),
            // Reported already.
            _ => return,
        },
    };
    if header.is_none() && is_told_as_slip(front, config) {
        return;
    }
    let mut kept = extra.clone();
    for field in declared {
        if let Some(node) = extra.get(&field.name)
            && !fits(doc, field, node, extra, findings)
        {
            kept.entries.retain(|entry| entry.key != field.name);
        }
    }
    let lacking: Vec<&ExtraField> = declared
        .iter()
        .filter(|field| extra.get(&field.name).is_none())
        .collect();
    let mut slips = Vec::new();
    for entry in &extra.entries {
        let known = declared.iter().any(|field| field.name == entry.key);
        if !known && OF_ITS_OWN.contains(&entry.key.as_str()) {
            let place = doc.text.place(entry.key_at.clone());
            let sentence = format!(
                "`{}` stands below `[extra]`, where it has no effect.",
                entry.key
            );
            findings.push(
                Finding::error("unknown-key", place, sentence)
                    .help("Move its line up, above the line `[extra]`."),
            );
            continue;
        }
        let names = lacking.iter().map(|field| field.name.as_str());
        if !known && let Some(name) = nearest(&entry.key, names) {
            slips.push(name);
            let place = doc.text.place(entry.key_at.clone());
            let sentence = format!("`[extra]` has no line `{}`.", entry.key);
            findings.push(
                Finding::error("unknown-key", place, sentence)
                    .help(format!("Did you mean `{name}`?")),
            );
        }
    }
    for field in lacking {
        // A slip of the finger, and a key outside `[extra]`, are told already. After a syntax error
        // nobody knows what is missing.
        let told = slips.contains(&field.name.as_str()) || front.get(&field.name).is_some();
        if field.required && !told && doc.front == Front::Good {
            let place =
                header.map_or_else(|| doc.text.whole(), |node| doc.text.place(node.at.clone()));
            let sentence = format!("This page has no `{}` under `[extra]`.", field.name);
            findings.push(
                Finding::error("missing-extra", place, sentence).help(format!(
                    "Add `{} = {}` below the line `[extra]` at its top.",
                    field.name,
                    example(field, config)
                )),
            );
        }
    }
    doc.extra = kept.to_value();
}

/// Checks lists of pages for what is of no use to who is on this page: itself, and what the list has
/// already. Nothing is wrong with the page then, so this is apart from the rest.
pub(super) fn check_lists(doc: &Doc, front: &Table, config: &Config, findings: &mut Findings) {
    let (Some(level), Some(Data::Table(extra))) = (
        config.checks.levels.of("page-list"),
        front.get("extra").map(|node| &node.data),
    ) else {
        return;
    };
    let fields = config.extra_fields.iter();
    for field in fields.filter(|field| field.kind == Kind::Pages) {
        let Some(Data::List(items)) = extra.get(&field.name).map(|node| &node.data) else {
            continue;
        };
        let mut seen = BTreeSet::new();
        for item in items {
            let Data::Text(link) = &item.data else {
                continue;
            };
            // In whatever language it is written, it leads to the page in the language of this one.
            let page = Name::of(link.trim_start_matches("@/"), config).canonical;
            let sentence = if page == doc.canonical {
                format!("`{}` leads from this page to itself.", field.name)
            } else if !seen.insert(page) {
                format!("`{}` lists `{link}` a second time.", field.name)
            } else {
                continue;
            };
            let place = doc.text.place(item.at.clone());
            let finding = Finding::new(level, "page-list", place, sentence);
            findings.push(finding.help("Take it out here."));
        }
    }
}

/// Whether the name of `[extra]` has a slip in it that is told as an error: then what seems to be
/// missing stands below it.
fn is_told_as_slip(front: &Table, config: &Config) -> bool {
    let is_slip = |entry: &Entry| {
        matches!(entry.node.data, Data::Table(_)) && fields::is_slip_of(&entry.key, "extra")
    };
    config.checks.levels.of("unknown-key") == Some(Severity::Error)
        && front.entries.iter().any(is_slip)
}

/// Whether a value is as declared; says so if not.
fn fits(
    doc: &Doc,
    field: &ExtraField,
    node: &Node,
    extra: &Table,
    findings: &mut Findings,
) -> bool {
    let good = match (field.kind, &node.data) {
        (Kind::Text, Data::Text(text)) => return is_word(doc, field, node, text, findings),
        (Kind::Date, Data::Date(date)) => date.date.is_some(),
        // Templates get a date as text in any case.
        (Kind::Date, Data::Text(text)) => text
            .parse::<Datetime>()
            .is_ok_and(|date| date.date.is_some()),
        (Kind::Flag, Data::Bool(_)) => true,
        (Kind::List, Data::List(items)) => return are_words(doc, field, items, findings),
        (Kind::Pages, Data::List(items)) => return are_pages(doc, field, items, findings),
        _ => false,
    };
    if !good {
        let wanted = match field.kind {
            Kind::Text => "text in quotes",
            Kind::Date => "a date like 2026-11-25, without quotes",
            Kind::Flag => "true or false, without quotes",
            Kind::List => "a list",
            Kind::Pages => "a list of links like [\"@/faq/a-question.md\"]",
        };
        let what = format!("`{}` under `[extra]`", field.name);
        Fields::new(&doc.text, extra, findings).wrong_type(&what, node, wanted);
    }
    good
}

fn are_pages(doc: &Doc, field: &ExtraField, items: &[Node], findings: &mut Findings) -> bool {
    let leads_to_page = |item: &&Node| match &item.data {
        Data::Text(link) => {
            let section = link
                .rsplit('/')
                .next()
                .unwrap_or(link)
                .starts_with("_index.");
            link.starts_with("@/") && has_ending(link, "md") && !section
        }
        _ => false,
    };
    let Some(wrong) = items.iter().find(|item| !leads_to_page(item)) else {
        return true;
    };
    // Where no page is, a link that leads nowhere is told.
    if matches!(&wrong.data, Data::Text(link) if link.starts_with("@/") && !has_ending(link, "md"))
    {
        return false;
    }
    let place = doc.text.place(wrong.at.clone());
    let sentence = format!(
        "`{}` under `[extra]` lists what is no link to a page.",
        field.name
    );
    let link = match &wrong.data {
        Data::Text(link) if !link.starts_with("@/") && !link.contains("_index.") => {
            slips::link(link)
        }
        _ => None,
    };
    let help = link.map_or_else(
        || "Write it like \"@/faq/a-question.md\"; sections cannot be listed.".to_owned(),
        |link| slips::with(&doc.text, &wrong.at, &format!("\"{link}\"")),
    );
    findings.push(Finding::error("wrong-type", place, sentence).help(help));
    false
}

fn are_words(doc: &Doc, field: &ExtraField, items: &[Node], findings: &mut Findings) -> bool {
    if field.words.is_none() {
        return true;
    }
    let mut good = true;
    for item in items {
        good &= if let Data::Text(text) = &item.data {
            is_word(doc, field, item, text, findings)
        } else {
            let place = doc.text.place(item.at.clone());
            let sentence = format!("`{}` under `[extra]` lists what is no text.", field.name);
            findings.push(Finding::error("wrong-type", place, sentence).help("Put it in quotes."));
            false
        };
    }
    good
}

fn is_word(
    doc: &Doc,
    field: &ExtraField,
    node: &Node,
    text: &str,
    findings: &mut Findings,
) -> bool {
    let Some(words) = &field.words else {
        return true;
    };
    let known = words.iter().any(|word| word == text);
    if !known {
        let list = words.join("`, `");
        let sentence = format!(
            "`{}` under `[extra]` cannot be `{text}`; it is one of `{list}`.",
            field.name
        );
        findings.push(
            Finding::error("unknown-value", doc.text.place(node.at.clone()), sentence)
                .nearest(text, words.iter().map(String::as_str)),
        );
    }
    known
}

/// The day of the build, for a date that is suggested. A build that holds nothing against the day has
/// the moment that it was given.
fn today(config: &Config) -> Date {
    let moment = || {
        Timestamp::from_second(config.now)
            .map_or(Date::ZERO, |moment| Offset::UTC.to_datetime(moment).date())
    };
    config.checks.today.unwrap_or_else(moment)
}

fn example(field: &ExtraField, config: &Config) -> String {
    match (field.kind, &field.words) {
        (Kind::Text, Some(words)) => format!("\"{}\"", words.first().map_or("…", |word| word)),
        (Kind::Text, None) => "\"…\"".to_owned(),
        (Kind::Date, _) => field.day(today(config)).to_string(),
        (Kind::Flag, _) => "true".to_owned(),
        (Kind::List, Some(words)) => format!("[\"{}\"]", words.first().map_or("…", |word| word)),
        (Kind::List, None) => "[…]".to_owned(),
        (Kind::Pages, _) => "[\"@/faq/a-question.md\"]".to_owned(),
    }
}
