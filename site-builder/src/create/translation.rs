//! What a new page has from the page that it translates: the lines at the top, with dates made fresh,
//! and a mark to write at each heading.

use std::ops::Range;

use jiff::civil::Date;

use super::{first_value, quote};
use crate::config::{Config, Kind};
use crate::diagnostic::Findings;
use crate::document::{Data, Entry, Table};
use crate::markdown::{self, Heading};
use crate::page::model::Doc;
use crate::page::{self, Name, UNWRITTEN, name};
use crate::source::{ContentFile, Source};

/// Keys that are true of the original alone.
const NOT_COPIED: [&str; 3] = ["aliases", "draft", "updated"];

/// The page in the default language that a content file translates, when it is there and whole.
pub(super) fn original<'a>(source: &'a Source, relative: &str) -> Option<&'a ContentFile> {
    let config = &source.config;
    let name = Name::of(relative, config);
    if name.lang == config.default_language {
        return None;
    }
    let original = name::file(&name.canonical, &config.default_language, config);
    let mut content = source.content.iter();
    content.find(|file| file.relative == original && file.intact)
}

/// What the new file holds. Headings keep the ids of the original, so that links to them lead to the
/// same place in both languages.
pub(super) fn text(
    source: Source,
    (original, lang): (&str, &str),
    title: &str,
    today: Date,
) -> Option<String> {
    let mut files = source.content.iter();
    let file = files.find(|file| file.relative == original)?;
    let mut text = front(file, lang, &source.config, title, today);
    let site = page::assemble(source, &mut Findings::default());
    let doc = site.library.find(original)?;
    let headings = headings(doc, &site.config);
    let is_section = Name::of(original, &site.config).is_section();
    let has_text = !doc.text.body[doc.body.clone()].trim().is_empty();
    let first = (!is_section || has_text).then(|| UNWRITTEN.to_owned());
    for paragraph in first.into_iter().chain(headings) {
        text.push('\n');
        text.push_str(&paragraph);
        text.push('\n');
    }
    Some(text)
}

/// The lines at the top, as they are written, with what is this page's own in the place of the
/// original's.
fn front(original: &ContentFile, lang: &str, config: &Config, title: &str, today: Date) -> String {
    let body = &original.text.body;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let is_section = Name::of(&original.relative, config).is_section();
    let is_yaml = body.trim_start().starts_with("---");
    let draft = if is_yaml {
        "draft: true\n"
    } else {
        "draft = true\n"
    };
    for entry in &original.front.entries {
        let at = entry.node.at.clone();
        match (entry.key.as_str(), &entry.node.data) {
            ("title", _) => {
                let end = lines(body, entry).end;
                edits.push((at, quote(title)));
                if !is_section {
                    edits.push((end..end, draft.to_owned()));
                }
            }
            ("description", _) => edits.push((at, quote(UNWRITTEN))),
            // Two pages cannot have one address.
            ("path", Data::Text(path)) => {
                let path = path.trim_start_matches('/');
                edits.push((at, quote(&format!("{lang}/{path}"))));
            }
            (key, _) if NOT_COPIED.contains(&key) => {
                edits.push((lines(body, entry), String::new()));
            }
            _ => {}
        }
    }
    let empty = Table::default();
    let extra = match original.front.get("extra").map(|node| &node.data) {
        Some(Data::Table(extra)) => extra,
        _ => &empty,
    };
    let dates = config.extra_fields.iter();
    for field in dates.filter(|field| field.kind == Kind::Date) {
        if let Some(node) = extra.get(&field.name) {
            edits.push((node.at.clone(), first_value(field, today)));
        }
    }
    edits.sort_by_key(|(at, _)| (at.start, at.end));
    let mut front = String::new();
    let mut from = 0;
    for (at, new) in edits {
        front.push_str(&body[from..at.start]);
        front.push_str(&new);
        from = at.end;
    }
    front.push_str(&body[from..original.body.start]);
    if !front.ends_with('\n') {
        front.push('\n');
    }
    front
}

/// The lines that an entry stands on.
fn lines(text: &str, entry: &Entry) -> Range<usize> {
    let start = text[..entry.key_at.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let end = text[entry.node.at.end..].find('\n');
    start..end.map_or(text.len(), |end| entry.node.at.end + end + 1)
}

fn headings(doc: &Doc, config: &Config) -> Vec<String> {
    let source = doc.markdown();
    let mut known = Vec::new();
    flatten(&doc.content.toc, &mut known);
    let reading = markdown::read(source, config);
    let both = reading.headings.into_iter().zip(known);
    both.map(|(at, heading)| {
        let written = source[at].trim().lines().next().unwrap_or_default();
        let words = written.trim_matches(['#', ' ']);
        let words = words.rfind("{#").map_or(words, |at| words[..at].trim_end());
        let signs = "#".repeat(usize::from(heading.level));
        format!("{signs} {UNWRITTEN} {words} {{#{}}}", heading.id)
    })
    .collect()
}

fn flatten<'a>(headings: &'a [Heading], all: &mut Vec<&'a Heading>) {
    for heading in headings {
        all.push(heading);
        flatten(&heading.children, all);
    }
}
