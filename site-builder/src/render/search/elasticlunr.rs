//! An index for elasticlunr.js.

use ::elasticlunr::{IndexBuilder, lang};
use toml::value::Datetime;

use super::Item;
use crate::config::Search;

/// The index as JSON, or nothing for a language that the library does not know.
///
/// A page without a date has an empty one. Zola leaves it out, and what follows moves up to where
/// the date belongs.
pub(super) fn index(lang: &str, items: &[Item<'_>], settings: &Search) -> Option<String> {
    let mut builder = IndexBuilder::with_language(lang::from_code(lang)?);
    let fields = [
        ("title", settings.title),
        ("description", settings.description),
        ("date", settings.date),
        ("path", settings.path),
        ("body", settings.content),
    ];
    let fields: Vec<_> = fields.into_iter().filter(|(_, wanted)| *wanted).collect();
    for (name, _) in &fields {
        builder = match *name {
            "path" => builder.add_field_with_tokenizer(name, Box::new(path_words)),
            _ => builder.add_field(name),
        };
    }
    let mut index = builder.build();
    for item in items {
        let texts = fields.iter().map(|(name, _)| text(item, name));
        index.add_doc(&item.doc.permalink, texts);
    }
    Some(index.to_json())
}

fn text<'a>(item: &'a Item<'_>, field: &str) -> &'a str {
    let doc = item.doc;
    match field {
        "title" => doc.title.as_deref().unwrap_or_default(),
        "description" => doc.description.as_deref().unwrap_or_default(),
        "date" => &item.date,
        "path" => &doc.path,
        _ => &item.body,
    }
}

fn path_words(path: &str) -> Vec<String> {
    path.split(|c: char| c.is_whitespace() || c == '-' || c == '/')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A moment as RFC 3339 has it; a day is its beginning, and what names no place is in UTC.
pub(super) fn date(date: Datetime) -> String {
    let mut text = date.to_string();
    if date.time.is_none() {
        text.push_str("T00:00:00");
    }
    if date.offset.is_none() {
        text.push('Z');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn every_date_is_a_moment() {
        for (written, meant) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T08:30:00", "2026-01-31T08:30:00Z"),
            ("2026-01-31T08:30:00-05:00", "2026-01-31T08:30:00-05:00"),
        ] {
            assert_eq!(date(written.parse().unwrap()), meant);
        }
    }
}
