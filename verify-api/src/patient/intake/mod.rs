//! What is read of a patient in an export of the clinic's own system, whatever its
//! format: the record, or why there is none, and what staff should look at.
//!
//! Here is what all formats judge alike. It must not know where a record comes from
//! or where it goes.

mod contacts;
mod matter;

use jiff::civil::Date;
use protocol::values::{BirthDate, Name, PostalCode};

pub(super) use contacts::Contacts;
pub use matter::{Matter, Note, Refusal};

use super::Patient;

/// A record, and the name that it has in the system it comes from.
pub struct ImportedPatient {
    /// The medical record number: what staff type to invite the patient, and by
    /// which a later import finds the same patient again.
    pub source: String,
    /// The record.
    pub patient: Patient,
    /// What staff should look at. The record is good without it.
    pub notes: Vec<Note>,
}

/// A record that is not taken.
pub struct Refused {
    /// Its medical record number, if it can be told.
    pub source: Option<String>,
    /// Why.
    pub refusal: Refusal,
}

crate::crypto::redact!(ImportedPatient, Refused);

/// What comes of a record whose number and whose rest were each looked at. A refusal of the
/// rest comes first, and names the number where there is one.
pub(super) fn imported(
    source: Result<String, Refusal>,
    judged: Result<(Patient, Vec<Note>), Refusal>,
) -> Result<ImportedPatient, Refused> {
    match (source, judged) {
        (Ok(source), Ok((patient, notes))) => Ok(ImportedPatient {
            source,
            patient,
            notes,
        }),
        (source, Err(refusal)) => Err(Refused {
            source: source.ok(),
            refusal,
        }),
        (Err(refusal), Ok(_)) => Err(refusal.into()),
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            source: None,
            refusal,
        }
    }
}

/// The longest medical record number, in bytes: far longer than any is, and short enough
/// to be shown.
const LONGEST_SOURCE: usize = 128;

/// A medical record number, without the spaces around it.
pub(super) fn source(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.len() > LONGEST_SOURCE || text.contains(char::is_control) {
        return Err(Refusal::OddIdentifier);
    }
    match text {
        "" => Err(Refusal::NoIdentifier),
        text => Ok(text.to_owned()),
    }
}

/// A name as it is kept, if the text is one.
pub(super) fn name(text: &str) -> Option<String> {
    Name::parse(text).ok().map(|name| name.as_str().to_owned())
}

/// A birth date written as `YYYY-MM-DD`.
pub(super) fn birth_date(text: &str, today: Date) -> Result<BirthDate, Refusal> {
    match BirthDate::parse(text) {
        Ok(date) if !date.is_after(today) => Ok(date),
        _ => Err(Refusal::NoSuchBirthDate),
    }
}

/// The ZIP code, where there is one.
pub(super) fn postal_code(text: Option<&str>, notes: &mut Vec<Note>) -> Option<PostalCode> {
    let code = text.and_then(|text| PostalCode::parse(text).ok());
    if code.is_none() {
        notes.push(match text {
            Some(_) => Note::OddPostalCode,
            None => Note::NoPostalCode,
        });
    }
    code
}
