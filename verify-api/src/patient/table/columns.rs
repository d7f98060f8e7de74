//! Which column of a table's head is what.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::Row;
use super::field::{Field, nearest, plain};
use super::mapping::Mapping;
use super::values::Dates;

/// How many names of columns are told at most, and how much of each: a first row that is
/// no head holds other things.
const TOLD: usize = 30;

/// The columns of a table that are read.
#[derive(Debug)]
pub struct Columns {
    /// For each field the places of its columns.
    places: Vec<(Field, Vec<usize>)>,
    names: Vec<String>,
    dates: Dates,
    encoding: &'static Encoding,
}

/// Why the columns of a table cannot be told: a sentence with what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct TableError(String);

impl std::fmt::Display for TableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TableError {}

impl Columns {
    /// The columns of a table with this head; by their usual names, or as a mapping says.
    ///
    /// # Errors
    /// A [`TableError`] that names what is there, unless that may be a patient.
    pub fn of(head: Row<'_>, mapping: Option<&Mapping>) -> Result<Self, TableError> {
        let encoding = mapping.map_or(UTF_8, |mapping| mapping.encoding);
        let names = head.values().map(|name| decoded(name, encoding));
        let names: Option<Vec<String>> = names.map(|name| Some(name?.trim().to_owned())).collect();
        let mut names = names.ok_or_else(|| {
            TableError(
                "The names of its columns are not UTF-8 text; say its encoding in a mapping file."
                    .to_owned(),
            )
        })?;
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let places = match mapping {
            Some(mapping) => by_mapping(&names, mapping)?,
            None => by_usual_names(&names)?,
        };
        Ok(Self {
            places,
            names,
            dates: mapping.map_or_else(Dates::usual, |mapping| mapping.dates.clone()),
            encoding,
        })
    }

    /// How many columns the table has.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// What was taken for what: each field with the names of its columns.
    pub fn taken(&self) -> impl Iterator<Item = (Field, Vec<&str>)> {
        self.places.iter().map(|(field, places)| {
            let names = places.iter().filter_map(|place| self.names.get(*place));
            (*field, names.map(String::as_str).collect())
        })
    }

    /// The columns that nothing is read of.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let is_used = |place: &usize| self.places.iter().any(|(_, used)| used.contains(place));
        let names = self.names.iter().enumerate();
        names
            .filter(move |(place, _)| !is_used(place))
            .map(|(_, name)| name.as_str())
    }

    pub(super) fn of_field(&self, field: Field) -> &[usize] {
        let found = self.places.iter().find(|(known, _)| *known == field);
        found.map_or(&[], |(_, places)| places)
    }

    pub(super) const fn dates(&self) -> &Dates {
        &self.dates
    }

    /// A value as text, if it is some.
    pub(super) fn text<'a>(&self, value: &'a [u8]) -> Option<Cow<'a, str>> {
        self.encoding
            .decode_without_bom_handling_and_without_replacement(value)
    }
}

fn decoded(value: &[u8], encoding: &'static Encoding) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(value)?;
    Some(text.into_owned())
}

type Places = Vec<(Field, Vec<usize>)>;

fn by_usual_names(names: &[String]) -> Result<Places, TableError> {
    let plain_names: Vec<_> = names.iter().map(|name| plain(name)).collect();
    let place = |field: Field| {
        let mut usual = field.usual_names().iter();
        usual.find_map(|usual| plain_names.iter().position(|name| name == usual))
    };
    let found = Field::ALL.map(|field| (field, place(field)));
    let places: Places = found
        .into_iter()
        .filter_map(|(field, place)| Some((field, vec![place?])))
        .collect();
    let missing = Field::REQUIRED
        .into_iter()
        .filter(|field| place(*field).is_none());
    let missing: Vec<_> = missing
        .map(|field| told_missing(field.as_str(), field.usual_names(), names))
        .collect();
    if missing.is_empty() {
        return Ok(places);
    }
    if !is_surely_head(names, &places) {
        return Err(no_head());
    }
    Err(TableError(format!(
        "No column is known for {}. It has {}. Say in a mapping file which one it is.",
        missing.join(", "),
        told(names.iter().map(String::as_str))
    )))
}

/// What is missing, with the name of a column that is close.
fn told_missing(field: &str, usual: &[&str], names: &[String]) -> String {
    let near = usual.iter().find_map(|usual| {
        let near = nearest(usual, names.iter().map(String::as_str))?;
        (strsim::jaro_winkler(usual, &plain(near)) > 0.85).then_some(near)
    });
    match near {
        Some(near) => format!("{field} (`{}` is close)", short(near)),
        None => field.to_owned(),
    }
}

fn by_mapping(names: &[String], mapping: &Mapping) -> Result<Places, TableError> {
    let mut places = Places::new();
    let mut missing = Vec::new();
    for (field, columns) in &mapping.columns {
        let mut of_field = Vec::new();
        for column in columns {
            let wanted = column.trim();
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == wanted);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => of_field.push(place),
                (Some(_), Some(_)) => {
                    return Err(TableError(format!(
                        "Two of its columns are called `{}`. Give each a name of its own.",
                        short(wanted)
                    )));
                }
                (None, _) => {
                    let near = nearest(wanted, names.iter().map(String::as_str));
                    let near = near.map(|near| format!("; `{}` is close", short(near)));
                    let near = near.unwrap_or_default();
                    missing.push(format!("`{wanted}` ({}{near})", field.as_str()));
                }
            }
        }
        places.push((*field, of_field));
    }
    if missing.is_empty() {
        places.sort();
        return Ok(places);
    }
    if !is_surely_head(names, &places) {
        return Err(no_head());
    }
    Err(TableError(format!(
        "It has no column {}. It has {}. Correct the mapping file.",
        missing.join(", "),
        told(names.iter().map(String::as_str))
    )))
}

/// Whether a first row in which something is missing holds names of columns: one that is
/// known may be a value as well, such as `Active`, and a patient has a number or a date.
fn is_surely_head(names: &[String], places: &Places) -> bool {
    let mut found = places.iter().filter(|(_, places)| !places.is_empty());
    let required = found
        .clone()
        .filter(|(field, _)| Field::REQUIRED.contains(field));
    let has_digit = |name: &String| name.contains(|c: char| c.is_numeric());
    required.count() >= 2 || (found.next().is_some() && !names.iter().any(has_digit))
}

/// Without a word of the row: it may be a patient.
fn no_head() -> TableError {
    TableError(
        "Its first row names no column that is known. It should hold the names of the columns; \
         say in a mapping file what they and the delimiter are."
            .to_owned(),
    )
}

/// Names of columns in one line, so that nothing in them does anything to a terminal; not
/// all of very many.
pub fn told<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let told = names.by_ref().take(TOLD).map(short);
    let told = told.collect::<Vec<_>>().join(", ");
    match names.count() {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

fn short(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(TOLD)
        .collect()
}
