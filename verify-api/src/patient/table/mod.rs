//! Reads a patient from a row of a table, such as practice systems export (CSV,
//! RFC 4180): which column is what is said by a [`Mapping`], or by the names of the
//! columns where they are usual ones.
//!
//! It must not know where the rows come from or where a record goes.

mod columns;
mod field;
mod mapping;
mod values;

pub use columns::{Columns, TableError, told};
pub use field::Field;
pub use mapping::{Mapping, MappingError};

use std::borrow::Cow;

use jiff::civil::Date;
use protocol::Locale;
use protocol::values::BirthDate;

use super::intake::{self, Contacts, ImportedPatient, Note, Refusal, Refused};
use super::{Patient, Standing};

/// The values of a row, one after the other.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// All of them, without anything between.
    pub bytes: &'a [u8],
    /// Where each ends.
    pub ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// The values in their order.
    pub fn values(self) -> impl Iterator<Item = &'a [u8]> {
        let begins = std::iter::once(&0).chain(self.ends);
        let spans = begins.zip(self.ends);
        spans.map(move |(begin, end)| self.bytes.get(*begin..*end).unwrap_or_default())
    }

    /// Whether nothing but spaces stands in it, as in the rows that spreadsheets leave
    /// at their end.
    pub fn is_blank(self) -> bool {
        self.values().all(|value| value.trim_ascii().is_empty())
    }
}

/// Reads one row.
///
/// # Errors
/// A [`Refusal`], which says what to do, with the number of the record if it has one.
pub fn read(row: Row<'_>, columns: &Columns, today: Date) -> Result<ImportedPatient, Refused> {
    let mut values: Vec<Cow<'_, str>> = Vec::with_capacity(columns.count());
    for value in row.values() {
        values.push(columns.text(value).ok_or(Refusal::NotText)?);
    }
    // Some programs write an end of the delimiter's own behind each row.
    while values.len() > columns.count() && values.last().is_some_and(|last| last.is_empty()) {
        values.pop();
    }
    if values.len() != columns.count() {
        return Err(Refusal::ColumnCount.into());
    }
    let record = Record { values, columns };
    let source = intake::source(record.value(Field::RecordNumber).unwrap_or_default());
    let judged = record
        .refuse_unwanted()
        .and_then(|()| record.patient(today));
    intake::imported(source, judged)
}

/// A row whose values are text.
struct Record<'a> {
    values: Vec<Cow<'a, str>>,
    columns: &'a Columns,
}

impl Record<'_> {
    /// What stands in the columns of a field, without those that are empty.
    fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        let places = self.columns.of_field(field).iter();
        let values = places.filter_map(|place| self.values.get(*place));
        values.map(|value| value.trim()).filter(|it| !it.is_empty())
    }

    fn value(&self, field: Field) -> Option<&str> {
        self.all(field).next()
    }

    /// Records of which nobody should be invited.
    fn refuse_unwanted(&self) -> Result<(), Refusal> {
        if self.value(Field::Deceased).is_some_and(values::is_deceased) {
            return Err(Refusal::Deceased);
        }
        if self.value(Field::Active).is_some_and(values::is_inactive) {
            return Err(Refusal::Inactive);
        }
        Ok(())
    }

    fn patient(&self, today: Date) -> Result<(Patient, Vec<Note>), Refusal> {
        let given_names: Vec<_> = self
            .all(Field::GivenNames)
            .filter_map(intake::name)
            .collect();
        let family_name = self.value(Field::FamilyName).and_then(intake::name);
        let Some(family_name) = family_name.filter(|_| !given_names.is_empty()) else {
            return Err(Refusal::NoName);
        };
        let birth_date = self.birth_date(today)?;
        let mut notes = Vec::new();
        let postal_code = intake::postal_code(self.value(Field::PostalCode), &mut notes);
        let mut contacts = Contacts::default();
        for (field, is_mobile) in [
            (Field::PhoneMobile, Some(true)),
            (Field::Phone, None),
            (Field::PhoneHome, None),
        ] {
            for text in self.all(field) {
                contacts.phone(text, None, is_mobile);
            }
        }
        for text in self.all(Field::Email) {
            contacts.email(text);
        }
        let (phones, email) = contacts.end(&mut notes);
        let patient = Patient {
            given_names,
            family_name,
            birth_date,
            postal_code,
            phones,
            email,
            locale: self
                .value(Field::Language)
                .map_or(Locale::En, values::locale),
            standing: Standing::Current,
        };
        Ok((patient, notes))
    }

    fn birth_date(&self, today: Date) -> Result<BirthDate, Refusal> {
        let text = self.value(Field::BirthDate).ok_or(Refusal::NoBirthDate)?;
        let date = self.columns.dates().read(text)?;
        intake::birth_date(&date.to_string(), today)
    }
}

#[cfg(test)]
mod tests;
