//! Opens tables to `fuzz/`, and is for nothing else.

use jiff::civil::Date;

use super::{Records, Source, SourceError};
use crate::patient::intake::{ImportedPatient, Refused};
use crate::patient::table::{self, Mapping};

/// What each row of a table comes to.
///
/// # Errors
/// When its columns cannot be told.
///
pub fn each_row(
    bytes: &[u8],
    delimiter: u8,
    mapping: Option<&Mapping>,
    today: Date,
    mut each: impl FnMut(Result<ImportedPatient, Refused>),
) -> Result<(), SourceError> {
    let read = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let table = Source::table(String::new(), read, delimiter, mapping)?;
    let Records::Table(mut rows, columns) = table.records else {
        return Ok(());
    };
    while let Some(raw) = rows.next().map_err(SourceError::Unreadable)? {
        each(table::read(raw.row(), &columns, today));
    }
    Ok(())
}
