//! Structured data (front matter, `zola.toml`, `theme.toml`) with the place of every key and value.
//!
//! Owns the tree and how TOML and YAML become one. Knows no key: [`crate::fields`] reads typed keys out of
//! a [`Table`], and each caller says which keys exist.

mod yaml;

use std::borrow::Cow;
use std::ops::Range;

use tera::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use crate::diagnostic::Findings;
use crate::slips;
use crate::text::Text;
pub(crate) use yaml::parse_yaml;

/// A value and its byte range in the file.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Byte range in the whole file, not only in its front matter.
    pub at: Range<usize>,
    /// The value itself.
    pub data: Data,
}

/// The kinds of value that TOML has.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date, a time, or both.
    Date(Datetime),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The entries, each key once.
    pub entries: Vec<Entry>,
}

/// One `key = value`.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The key's name.
    pub key: String,
    /// Byte range of the key.
    pub key_at: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Table {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    /// The table as a template sees it.
    pub(crate) fn to_value(&self) -> Value {
        Value::from(self.to_map())
    }

    /// The table as a template's map.
    pub(crate) fn to_map(&self) -> Map {
        self.entries
            .iter()
            .map(|entry| (entry.key.clone().into(), entry.node.to_value()))
            .collect()
    }
}

impl Node {
    /// The value as a template sees it: dates become text, as written.
    pub(crate) fn to_value(&self) -> Value {
        match &self.data {
            Data::Text(text) => Value::from(text.as_str()),
            Data::Integer(number) => Value::from(*number),
            Data::Float(number) => Value::from(*number),
            Data::Bool(flag) => Value::from(*flag),
            Data::Date(date) => Value::from(date.to_string()),
            Data::List(items) => Value::from(items.iter().map(Self::to_value).collect::<Vec<_>>()),
            Data::Table(table) => table.to_value(),
        }
    }

    /// What a person would call this kind of value.
    pub(crate) fn kind(&self) -> &'static str {
        match self.data {
            Data::Text(_) => "text",
            Data::Integer(_) => "a whole number",
            Data::Float(_) => "a number with a fraction",
            Data::Bool(_) => "true or false",
            Data::Date(_) => "a date",
            Data::List(_) => "a list",
            Data::Table(_) => "a table",
        }
    }
}

/// Whether a file's front matter is YAML, so that advice is written like it.
pub(crate) fn is_yaml(text: &Text) -> bool {
    text.body.trim_start().starts_with("---")
}

/// More slips in one text are not worth telling: who has mended these knows how to go on.
const MOST: usize = 20;

/// Reads the TOML in `range` of a file. Every slip becomes a finding, and its lines are read as if they
/// were empty: what they break beyond themselves is not told on top. What could be read is returned,
/// so that later stages can go on looking. The flag is false after a slip.
pub(crate) fn parse_toml(
    text: &Text,
    range: Range<usize>,
    findings: &mut Findings,
) -> (Table, bool) {
    let shift = range.start;
    let mut source = Cow::Borrowed(&text.body[range]);
    let mut told = 0;
    loop {
        let (table, errors) = DeTable::parse_recoverable(&source);
        let first = errors
            .iter()
            .min_by_key(|error| error.span().map_or(0, |span| span.start));
        let Some(error) = first else {
            return (convert_table(table.get_ref(), shift), told == 0);
        };
        if told == MOST {
            return (Table::default(), false);
        }
        let slip = slips::in_toml(&source, error, text.place(shift..shift).line);
        findings.push(slip.finding("toml-syntax", text, shift));
        told += 1;
        let rest = slips::without(&source, &slip.lines);
        if rest == source {
            return (Table::default(), false);
        }
        source = Cow::Owned(rest);
    }
}

fn convert_table(table: &DeTable<'_>, shift: usize) -> Table {
    let entries = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_at: shifted(key.span(), shift),
            node: convert(value, shift),
        })
        .collect();
    Table { entries }
}

fn convert(value: &Spanned<DeValue<'_>>, shift: usize) -> Node {
    let data = match value.get_ref() {
        DeValue::String(text) => Data::Text(text.to_string()),
        // The parser has already refused digits that are none; what is left can only be too large.
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Data::Float(f64::INFINITY), Data::Integer),
        DeValue::Float(number) => Data::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Data::Bool(*flag),
        DeValue::Datetime(date) => Data::Date(*date),
        DeValue::Array(items) => {
            Data::List(items.iter().map(|item| convert(item, shift)).collect())
        }
        DeValue::Table(table) => Data::Table(convert_table(table, shift)),
    };
    Node {
        at: shifted(value.span(), shift),
        data,
    }
}

fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// Lays `over` on `under`, key by key and table by table: the theme's `[extra]` under the site's.
pub(crate) fn merge(under: &Table, over: &Table) -> Table {
    let mut merged = over.clone();
    for entry in &under.entries {
        let existing = merged
            .entries
            .iter_mut()
            .find(|other| other.key == entry.key);
        match existing {
            None => merged.entries.push(entry.clone()),
            Some(existing) => {
                if let (Data::Table(lower), Data::Table(upper)) =
                    (&entry.node.data, &existing.node.data)
                {
                    existing.node.data = Data::Table(merge(lower, upper));
                }
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> (Table, Findings) {
        let mut findings = Findings::default();
        let text = Text::new("zola.toml", source);
        let (table, _) = parse_toml(&text, 0..text.body.len(), &mut findings);
        (table, findings)
    }

    #[test]
    fn every_syntax_error_of_a_file_is_reported() {
        let (table, findings) = parse("a = 1\nb = \nc = tru\nd = 2\n");
        let lines: Vec<_> = findings.iter().map(|f| f.place.line).collect();
        assert_eq!(lines, [2, 3]);
        assert!(table.get("d").is_some());
    }

    #[test]
    fn the_sites_keys_win_and_the_themes_fill_the_gaps() {
        let (theme, _) = parse("a = 1\n[t]\nx = 1\ny = 1\n");
        let (site, _) = parse("b = 2\n[t]\nx = 2\n");
        let merged = merge(&theme, &site).to_value();
        let number = |path| merged.get_from_path(path).and_then(Value::as_i64);
        assert_eq!(
            (number("a"), number("b"), number("t.x"), number("t.y")),
            (Some(1), Some(2), Some(2), Some(1))
        );
    }
}
