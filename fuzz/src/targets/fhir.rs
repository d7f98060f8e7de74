//! A line of an import: one FHIR patient as JSON.

use jiff::civil::{Date, date};
use verify_api::patient::intake::{ImportedPatient, Refused};
use verify_api::patient::{Patient, fhir};

use crate::text::text;

pub(super) const TODAY: Date = date(2026, 11, 25);

pub(crate) fn run(input: &[u8]) {
    let line = &text(input);
    let imported = match fhir::read(line, TODAY) {
        Ok(imported) => imported,
        Err(refused) => return is_told(&refused),
    };
    holds(&imported);
}

/// What is true of each record that is refused.
pub(super) fn is_told(refused: &Refused) {
    let sentence = refused.refusal.to_string();
    assert!(
        sentence.ends_with('.'),
        "staff are told in a sentence: {sentence}"
    );
}

/// What is true of each record that is taken.
pub(super) fn holds(imported: &ImportedPatient) {
    let source = &imported.source;
    assert!(!source.is_empty() && source.trim() == source, "{source:?}");
    let patient = &imported.patient;
    assert!(!patient.given_names.is_empty() && !patient.family_name.is_empty());
    let born: Date = patient.birth_date.to_string().parse().expect("a date");
    assert!(born <= TODAY, "born on {born}");
    let kept = serde_json::to_string(patient).expect("a record has a JSON form");
    let read: Patient = serde_json::from_str(&kept).expect("what is kept is read again");
    assert!(*patient == read, "it is another one when it is read again");
    for phone in &patient.phones {
        assert!(patient.phone_on_file(&phone.number));
    }
}
