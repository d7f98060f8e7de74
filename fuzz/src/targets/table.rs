//! A table of an import: a mapping file as TOML and an empty line, and the rows as CSV.
//! Nothing before the first line: the columns are told by their names.

use verify_api::app::import::SourceError;
use verify_api::app::import::fuzzing::each_row;
use verify_api::patient::table::Mapping;

use super::fhir::{TODAY, holds, is_told};

pub(crate) fn run(input: &[u8]) {
    let break_at = input.windows(2).position(|pair| pair == b"\n\n");
    let (mapping, rows) = match break_at {
        _ if input.starts_with(b"\n") => (None, &input[1..]),
        Some(at) => (Some(&input[..at]), &input[at + 2..]),
        None => (None, input),
    };
    let mapping = mapping.map(|text| Mapping::parse(&String::from_utf8_lossy(text)));
    let mapping = match mapping.transpose() {
        Ok(mapping) => mapping,
        Err(error) => return in_one_line(&error.to_string()),
    };
    let delimiter = mapping.as_ref().and_then(Mapping::delimiter);
    let delimiter = delimiter.unwrap_or(b',');
    let read = each_row(rows, delimiter, mapping.as_ref(), TODAY, |row| match row {
        Ok(imported) => holds(&imported),
        Err(refused) => is_told(&refused),
    });
    match read {
        Ok(()) | Err(SourceError::Empty) => {}
        Err(SourceError::Columns(error)) => in_one_line(&error.to_string()),
        Err(SourceError::Unreadable(error)) => panic!("bytes can be read: {error}"),
    }
}

fn in_one_line(told: &str) {
    assert!(
        told.ends_with(['.', '?']),
        "staff are told in a sentence: {told}"
    );
    assert!(!told.contains('\n'), "in one line: {told}");
}
