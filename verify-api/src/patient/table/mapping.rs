//! The mapping file: which column of a table is what, as a clinic writes it down once.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde::Deserialize;

use super::field::{Field, nearest};
use super::values::Dates;

/// Which column is what, and how the table is written.
#[derive(Debug)]
pub struct Mapping {
    pub(super) columns: Vec<(Field, Vec<String>)>,
    pub(super) dates: Dates,
    pub(super) encoding: &'static Encoding,
    delimiter: Option<u8>,
}

/// What is wrong with a mapping file: a sentence with what to do.
#[derive(Debug)]
pub struct MappingError(String);

impl std::fmt::Display for MappingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MappingError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    delimiter: Option<String>,
    encoding: Option<String>,
    birth_date_format: Option<String>,
    columns: BTreeMap<String, Names>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// A [`MappingError`] for the first thing that is wrong.
    ///
    /// ```
    /// # use verify_api::patient::table::Mapping;
    /// let text = r#"
    ///     delimiter = ";"
    ///     encoding = "windows-1252"
    ///     birth-date-format = "MM/DD/YYYY"
    ///     [columns]
    ///     record-number = "Chart"
    ///     given-names = ["First", "Middle"]
    ///     family-name = "Last"
    ///     birth-date = "Born"
    /// "#;
    /// assert!(Mapping::parse(text).is_ok());
    /// let slip = Mapping::parse(&text.replace("family-name", "famly-name"));
    /// assert!(slip.unwrap_err().to_string().contains("`family-name`"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or("", |span| &text[..span.start]);
            let line = before.lines().count().max(1);
            let cause = error.message().lines().collect::<Vec<_>>().join(", ");
            MappingError(format!("Its line {line} cannot be read ({cause})."))
        })?;
        let columns = file.columns.into_iter().map(named);
        let columns: Vec<_> = columns.collect::<Result<_, _>>()?;
        let has = |field: &Field| columns.iter().any(|(known, _)| known == field);
        if let Some(missing) = Field::REQUIRED.iter().find(|field| !has(field)) {
            return Err(MappingError(format!(
                "It says no column for `{}`, without which there is no record; add it below [columns].",
                missing.as_str()
            )));
        }
        Ok(Self {
            columns,
            dates: match file.birth_date_format {
                None => Dates::usual(),
                Some(format) => Dates::of_format(&format).ok_or_else(|| {
                    MappingError(format!(
                        "Its `birth-date-format` is `{format}`; write the order of the parts, such as MM/DD/YYYY, DD.MM.YYYY or YYYYMMDD, with all four digits of the year."
                    ))
                })?,
            },
            encoding: match file.encoding.as_deref().map(str::to_ascii_lowercase).as_deref() {
                None | Some("utf-8") => UTF_8,
                Some("windows-1252") => WINDOWS_1252,
                Some(other) => {
                    return Err(MappingError(format!(
                        "Its `encoding` is `{other}`; there are utf-8 and windows-1252."
                    )));
                }
            },
            delimiter: match file.delimiter.as_deref().map(str::as_bytes) {
                None => None,
                Some([one @ (b',' | b';' | b'\t' | b'|')]) => Some(*one),
                Some(_) => {
                    return Err(MappingError(
                        "Its `delimiter` is none that can be; there are \",\", \";\", \"|\" and \"\\t\".".to_owned(),
                    ));
                }
            },
        })
    }

    /// What stands between two values, where it is said.
    pub const fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }
}

fn named((name, columns): (String, Names)) -> Result<(Field, Vec<String>), MappingError> {
    let Some(field) = Field::named(&name) else {
        let all = Field::ALL.map(Field::as_str);
        let hint = nearest(&name, all).map(|near| format!(" Did you mean `{near}`?"));
        let hint = hint.unwrap_or_default();
        return Err(MappingError(format!(
            "Nothing is called `{name}`.{hint} There are {}.",
            all.join(", ")
        )));
    };
    match columns {
        Names::One(column) => Ok((field, vec![column])),
        Names::Several(columns) if field == Field::GivenNames && !columns.is_empty() => {
            Ok((field, columns))
        }
        Names::Several(_) => Err(MappingError(format!(
            "`{name}` takes one column; only given-names takes a list of them."
        ))),
    }
}
