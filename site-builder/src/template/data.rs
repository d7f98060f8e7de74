//! `load_data`: files of data for templates.

use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use tera::{Error, Kwargs, Map, TeraResult, Value};

use super::index::Index;
use super::{xml, yaml};
use crate::diagnostic::{Findings, nearest};
use crate::document::parse_toml;
use crate::text::Text;

/// The formats that can be asked for by name.
const FORMATS: [&str; 7] = ["toml", "json", "yaml", "yml", "csv", "xml", "plain"];

/// Loads a file of the site, or a literal, as TOML, JSON, YAML, CSV, XML or plain text. The format is
/// that of the file's ending unless `format` says otherwise.
pub(super) fn load_data(index: &Index, kwargs: &Kwargs) -> TeraResult<Value> {
    if kwargs.get::<&str>("url")?.is_some() {
        return Err(Error::message(
            "`load_data` does not fetch from the web: the same input must always give the same site; \
             save the data as a file of the site and pass its `path`",
        ));
    }
    let path = kwargs.get::<&str>("path")?;
    let literal = kwargs.get::<&str>("literal")?;
    let format = kwargs.get::<&str>("format")?;
    let (name, text) = match (path, literal) {
        (Some(path), None) => {
            let Some(bytes) = index.file(path)? else {
                if !kwargs.get::<bool>("required")?.unwrap_or(true) {
                    return Ok(Value::none());
                }
                return Err(index.no_file(path));
            };
            let raw = String::from_utf8(bytes.to_vec())
                .map_err(|_| Error::message(format!("`{path}` is not UTF-8 text")))?;
            (path, raw)
        }
        (None, Some(literal)) => ("", literal.to_owned()),
        _ => {
            return Err(Error::message(
                "`load_data` takes either a `path` or a `literal`",
            ));
        }
    };
    let ending = name.rsplit_once('.').map_or("plain", |(_, ending)| ending);
    // A byte order mark is no part of the data.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match format.unwrap_or(ending).to_lowercase().as_str() {
        "toml" => toml(name, text),
        "json" => json(name, text),
        "yaml" | "yml" => yaml::parse(name, text),
        "csv" => csv(name, text),
        "xml" => xml::parse(name, text),
        "bibtex" => Err(Error::message("Data in the format `bibtex` cannot be read")),
        other if format.is_some() && other != "plain" => Err(unknown_format(other)),
        _ => Ok(Value::from(text)),
    }
}

fn unknown_format(format: &str) -> Error {
    let mut sentence = format!("`load_data` knows no format `{format}`");
    if let Some(near) = nearest(format, FORMATS) {
        let _ = write!(sentence, "; did you mean `{near}`?");
    }
    Error::message(sentence)
}

fn toml(name: &str, text: &str) -> TeraResult<Value> {
    let mut findings = Findings::default();
    let text = Text::new(name, text);
    let (table, _) = parse_toml(&text, 0..text.body.len(), &mut findings);
    match findings.iter().next() {
        None => Ok(table.to_value()),
        Some(finding) => Err(Error::message(format!(
            "`{name}`, line {}: {}",
            finding.place.line, finding.sentence
        ))),
    }
}

fn json(name: &str, text: &str) -> TeraResult<Value> {
    serde_json::from_str::<Json>(text)
        .map(|Json(value)| value)
        .map_err(|error| Error::message(format!("`{name}` is not valid JSON: {error}")))
}

/// JSON as a template's value, with the keys of objects in the order of the file.
struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Self)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::none())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::from(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::from(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Json(value))) = entries.next_entry::<String, Json>()? {
            map.insert(key.into(), value);
        }
        Ok(Value::from(map))
    }
}

fn csv(name: &str, text: &str) -> TeraResult<Value> {
    let fault = |error: &csv::Error| Error::message(format!("`{name}` is not valid CSV: {error}"));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let row = |record: &csv::StringRecord| {
        Value::from(record.iter().map(Value::from).collect::<Vec<_>>())
    };
    let headers = row(reader.headers().map_err(|error| fault(&error))?);
    let records = reader
        .records()
        .map(|record| record.map(|record| row(&record)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| fault(&error))?;
    Ok(Value::from(Map::from_iter([
        ("headers".into(), headers),
        ("records".into(), Value::from(records)),
    ])))
}
