//! What a theme or site says that `[extra]` of its pages holds: `[extra.check.fields]` of
//! `theme.toml` or `zola.toml`, an extension of ours.
//!
//! ```toml
//! [extra.check.fields]
//! last_reviewed = { type = "date", required = true }
//! flow = { type = "text", keys_of = "flows" }    # a key of `[extra.flows]`
//! flows = { type = "list", keys_of = "flows" }   # several of them
//! ```
//!
//! Owns the declarations; [`crate::page`] holds front matter against them.

use jiff::Span;
use jiff::civil::Date;

use crate::diagnostic::Findings;
use crate::document::{Data, Table};
use crate::fields::Fields;
use crate::text::Text;

/// What a value under `[extra]` must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A date.
    Date,
    /// `true` or `false`.
    Flag,
    /// A list of anything.
    List,
    /// A list of `@/…` links to pages.
    Pages,
}

/// One key that pages may or must have under `[extra]`.
#[derive(Debug, Clone)]
pub(crate) struct ExtraField {
    /// The key.
    pub name: String,
    /// What its value must be.
    pub kind: Kind,
    /// Whether every page and section must have it.
    pub required: bool,
    /// The only words that it, or what it lists, may be.
    pub words: Option<Vec<String>>,
    /// For a date: how many months after the day of writing a new page's begins.
    pub months_ahead: i64,
}

impl ExtraField {
    /// The day that a date begins with in what is written today.
    pub(crate) fn day(&self, today: Date) -> Date {
        let ahead = Span::new().try_months(self.months_ahead);
        today.saturating_add(ahead.unwrap_or_default())
    }
}

/// Reads the declarations of one file; `extra` is its own `[extra]`.
pub(super) fn read(text: &Text, extra: &Table, findings: &mut Findings) -> Vec<(ExtraField, Keys)> {
    let declared = inner(extra, "check").and_then(|check| inner(check, "fields"));
    let mut read = Vec::new();
    for entry in declared.map_or(&[][..], |table| &table.entries) {
        let Data::Table(table) = &entry.node.data else {
            Fields::new(text, extra, findings).wrong_type(
                &format!("`{}`", entry.key),
                &entry.node,
                "a table like { type = \"date\", required = true }",
            );
            continue;
        };
        let kinds = [
            ("text", Kind::Text),
            ("date", Kind::Date),
            ("flag", Kind::Flag),
            ("list", Kind::List),
            ("pages", Kind::Pages),
        ];
        let mut fields = Fields::new(text, table, findings);
        let field = ExtraField {
            name: entry.key.clone(),
            kind: fields.choice("type", &kinds).unwrap_or(Kind::Text),
            required: fields.flag("required").unwrap_or(false),
            words: None,
            months_ahead: fields.integer("months_ahead").unwrap_or(0),
        };
        let keys_of = fields.text("keys_of");
        fields.finish("A field of `[extra.check.fields]`");
        read.push((field, keys_of));
    }
    read
}

/// The table under `[extra]` whose keys a field's value is one of.
pub(super) type Keys = Option<String>;

/// The declarations of theme and site as one, the site's over the theme's. `extra` is what both
/// made of `[extra]`.
pub(super) fn join(
    theme: Vec<(ExtraField, Keys)>,
    site: Vec<(ExtraField, Keys)>,
    extra: &Table,
) -> Vec<ExtraField> {
    let mut joined: Vec<ExtraField> = Vec::new();
    for (mut field, keys_of) in theme.into_iter().chain(site) {
        field.words = keys_of.map(|name| {
            let keys = inner(extra, &name).map_or(&[][..], |table| &table.entries);
            keys.iter().map(|entry| entry.key.clone()).collect()
        });
        joined.retain(|other| other.name != field.name);
        joined.push(field);
    }
    joined
}

fn inner<'a>(table: &'a Table, key: &str) -> Option<&'a Table> {
    match &table.get(key)?.data {
        Data::Table(table) => Some(table),
        _ => None,
    }
}
