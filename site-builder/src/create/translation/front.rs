//! The front matter of a translation: its original's, with what is its own, and dates made fresh.
//!
//! What it says is made from the keys and values; the original's lines are kept where they, with a few
//! changes, say just that. So a layout that the changes do not fit loses its look, and never a key.

use std::ops::Range;

use jiff::civil::Date;
use toml::Value;

use super::super::{first_value, quote};
use crate::config::{ExtraField, Kind};
use crate::diagnostic::Findings;
use crate::document::{Data, Entry, Node, Table};
use crate::page::{Name, UNWRITTEN, name};
use crate::source::{self, ContentFile, Source};
use crate::text::Text;

/// Keys that are true of the original alone.
const NOT_COPIED: [&str; 3] = ["aliases", "draft", "updated"];

/// The lines at the top of the translation of a page, fences and all.
pub(super) fn of(
    original: &ContentFile,
    lang: &str,
    source: &Source,
    title: &str,
    today: Date,
) -> String {
    let is_section = Name::of(&original.relative, &source.config).is_section();
    let translation = Translation {
        original,
        lang,
        source,
        title,
        today,
        is_section,
    };
    let wanted = translation.values();
    let edited = translation.edited();
    let text = Text::new("", &edited);
    let read = source::split(String::new(), text, &mut Findings::default());
    if read.intact && without_empty_extra(table(&read.front)) == wanted {
        return edited;
    }
    let lines = toml::to_string(&wanted).unwrap_or_default();
    format!("+++\n{lines}+++\n")
}

struct Translation<'a> {
    original: &'a ContentFile,
    lang: &'a str,
    source: &'a Source,
    title: &'a str,
    today: Date,
    is_section: bool,
}

/// What becomes of a value of the original.
enum Fate {
    Kept,
    Dropped,
    /// The value as TOML and YAML write it alike, and what it is.
    Replaced(String, Value),
}

impl Translation<'_> {
    fn key(&self, entry: &Entry) -> Fate {
        match (entry.key.as_str(), &entry.node.data) {
            ("title", _) => replaced(self.title),
            ("description", _) => replaced(UNWRITTEN),
            // Two pages cannot have one address.
            ("path", Data::Text(path)) => {
                replaced(&format!("{}/{}", self.lang, path.trim_start_matches('/')))
            }
            (key, _) if NOT_COPIED.contains(&key) => Fate::Dropped,
            _ => Fate::Kept,
        }
    }

    fn extra_key(&self, entry: &Entry) -> Fate {
        let mut fields = self.source.config.extra_fields.iter();
        match fields.find(|field| field.name == entry.key) {
            Some(field) if field.kind == Kind::Date => self.day(field),
            Some(field) if field.kind == Kind::Pages && !self.all_are_there(&entry.node) => {
                if field.required {
                    Fate::Replaced("[]".to_owned(), Value::Array(Vec::new()))
                } else {
                    Fate::Dropped
                }
            }
            _ => Fate::Kept,
        }
    }

    fn day(&self, field: &ExtraField) -> Fate {
        let day = first_value(field, self.today);
        let value = day.parse().map(Value::Datetime);
        let value = value.unwrap_or_else(|_| Value::String(day.clone()));
        Fate::Replaced(day, value)
    }

    /// Whether each page of a list has a translation that a link can lead to.
    fn all_are_there(&self, list: &Node) -> bool {
        let Data::List(items) = &list.data else {
            return false;
        };
        items.iter().all(|item| {
            let Data::Text(link) = &item.data else {
                return false;
            };
            let config = &self.source.config;
            let page = Name::of(link.trim_start_matches("@/"), config);
            let wanted = name::file(&page.canonical, self.lang, config);
            let mut content = self.source.content.iter();
            content.any(|file| file.relative == wanted)
        })
    }

    /// What the front matter says.
    fn values(&self) -> toml::Table {
        let front = &self.original.front;
        let mut values = toml::Table::new();
        if self.has_title() || !self.is_section {
            values.insert("title".to_owned(), Value::String(self.title.to_owned()));
        }
        if !self.is_section {
            values.insert("draft".to_owned(), Value::Boolean(true));
        }
        put(&mut values, front, |entry| self.key(entry));
        if let Some(Data::Table(extra)) = front.get("extra").map(|node| &node.data) {
            let mut fresh = toml::Table::new();
            put(&mut fresh, extra, |entry| self.extra_key(entry));
            values.insert("extra".to_owned(), Value::Table(fresh));
        }
        without_empty_extra(values)
    }

    fn has_title(&self) -> bool {
        self.original.front.get("title").is_some()
    }

    /// The original's lines with changes. They may say something else than they should, or nothing
    /// that can be read.
    fn edited(&self) -> String {
        let body = &self.original.text.body;
        let front = &self.original.front;
        let mut edits = Vec::new();
        for entry in &front.entries {
            edits.extend(edit(body, entry, self.key(entry)));
        }
        if let Some(Data::Table(extra)) = front.get("extra").map(|node| &node.data) {
            for entry in &extra.entries {
                edits.extend(edit(body, entry, self.extra_key(entry)));
            }
        }
        edits.extend(self.first_lines());
        edits.sort_by_key(|(at, _)| (at.start, at.end));
        let mut lines = String::new();
        let mut from = 0;
        for (at, new) in edits {
            // What lies in what is gone already needs no change.
            if at.start >= from {
                lines.push_str(&body[from..at.start]);
                lines.push_str(&new);
                from = at.end;
            }
        }
        let rest = body.get(from..self.original.body.start);
        lines.push_str(rest.unwrap_or_default());
        if !lines.ends_with('\n') {
            lines.push('\n');
        }
        lines
    }

    /// The lines that a page has and its original may lack, and where they go.
    fn first_lines(&self) -> Option<(Range<usize>, String)> {
        if self.is_section {
            return None;
        }
        let body = &self.original.text.body;
        let fence = body.len() - body.trim_start().len();
        let sign = if body[fence..].starts_with('-') {
            ": "
        } else {
            " = "
        };
        let draft = format!("draft{sign}true\n");
        let mut entries = self.original.front.entries.iter();
        if let Some(title) = entries.find(|entry| entry.key == "title") {
            let end = lines(body, title).end;
            return Some((end..end, draft));
        }
        let end = line_end(body, fence);
        Some((
            end..end,
            format!("title{sign}{}\n{draft}", quote(self.title)),
        ))
    }
}

fn replaced(text: &str) -> Fate {
    Fate::Replaced(quote(text), Value::String(text.to_owned()))
}

fn put(values: &mut toml::Table, of: &Table, fate: impl Fn(&Entry) -> Fate) {
    for entry in &of.entries {
        let value = match fate(entry) {
            Fate::Kept => value(&entry.node),
            Fate::Replaced(_, value) => value,
            Fate::Dropped => continue,
        };
        values.insert(entry.key.clone(), value);
    }
}

fn edit(body: &str, entry: &Entry, fate: Fate) -> Option<(Range<usize>, String)> {
    match fate {
        Fate::Kept => None,
        Fate::Dropped => Some((lines(body, entry), String::new())),
        Fate::Replaced(written, _) => {
            let at = entry.node.at.start..end(body, &entry.node);
            Some((at, written))
        }
    }
}

/// The lines that an entry stands on.
fn lines(body: &str, entry: &Entry) -> Range<usize> {
    let start = body[..entry.key_at.start].rfind('\n');
    start.map_or(0, |at| at + 1)..line_end(body, end(body, &entry.node))
}

/// Where the line ends that a place is on, its break included.
fn line_end(body: &str, from: usize) -> usize {
    body[from..]
        .find('\n')
        .map_or(body.len(), |at| from + at + 1)
}

/// Where the text of a value ends: what YAML writes over several lines reaches to the next key.
fn end(body: &str, node: &Node) -> usize {
    let written = &body[node.at.clone()];
    let last = match &node.data {
        Data::List(items) => items.last(),
        Data::Table(table) => table.entries.last().map(|entry| &entry.node),
        _ => None,
    };
    match last {
        Some(last) if !written.starts_with(['[', '{']) => end(body, last),
        _ => node.at.start + written.trim_end().len(),
    }
}

fn value(node: &Node) -> Value {
    match &node.data {
        Data::Text(text) => Value::String(text.clone()),
        Data::Integer(number) => Value::Integer(*number),
        Data::Float(number) => Value::Float(*number),
        Data::Bool(flag) => Value::Boolean(*flag),
        Data::Date(date) => Value::Datetime(*date),
        Data::List(items) => Value::Array(items.iter().map(value).collect()),
        Data::Table(of) => Value::Table(table(of)),
    }
}

fn table(of: &Table) -> toml::Table {
    let entries = of.entries.iter();
    entries
        .map(|entry| (entry.key.clone(), value(&entry.node)))
        .collect()
}

/// In YAML, a table that has lost its only key is not there.
fn without_empty_extra(mut values: toml::Table) -> toml::Table {
    let is_empty = |extra: &Value| extra.as_table().is_some_and(toml::Table::is_empty);
    if values.get("extra").is_some_and(is_empty) {
        values.remove("extra");
    }
    values
}
