//! The JSON form of a record, as it is sealed. Texts only, so that the types of
//! the protocol need no storage format of their own.

use protocol::Locale;
use protocol::values::{BirthDate, Email, PostalCode};
use serde::{Deserialize, Serialize};

use super::{Patient, PhoneOnFile, Standing};
use crate::crypto::redact;

/// A patient's record with its number, as an import seals it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Record", try_from = "Record")]
pub struct OnFile {
    /// The medical record number; nothing in a record of before numbers were kept, until it
    /// is imported once more.
    pub number: Option<String>,
    /// The record.
    pub patient: Patient,
}

redact!(OnFile);

#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    given_names: Vec<String>,
    family_name: String,
    birth_date: String,
    postal_code: Option<String>,
    phones: Vec<PhoneOnFile>,
    email: Option<String>,
    locale: Locale,
    /// Left out while it is the usual one, so that older records need no change.
    #[serde(default, skip_serializing_if = "Standing::is_current")]
    standing: Standing,
}

impl From<Patient> for Record {
    fn from(patient: Patient) -> Self {
        Self {
            number: None,
            given_names: patient.given_names,
            family_name: patient.family_name,
            birth_date: patient.birth_date.to_string(),
            postal_code: patient.postal_code.map(|code| code.as_str().to_owned()),
            phones: patient.phones,
            email: patient.email.map(|email| email.as_str().to_owned()),
            locale: patient.locale,
            standing: patient.standing,
        }
    }
}

impl From<OnFile> for Record {
    fn from(on_file: OnFile) -> Self {
        Self {
            number: on_file.number,
            ..on_file.patient.into()
        }
    }
}

impl TryFrom<Record> for OnFile {
    type Error = &'static str;

    fn try_from(mut record: Record) -> Result<Self, Self::Error> {
        Ok(Self {
            number: record.number.take(),
            patient: record.try_into()?,
        })
    }
}

impl TryFrom<Record> for Patient {
    type Error = &'static str;

    fn try_from(record: Record) -> Result<Self, Self::Error> {
        let postal_code = record.postal_code.as_deref().map(PostalCode::parse);
        let email = record.email.as_deref().map(Email::parse);
        Ok(Self {
            given_names: record.given_names,
            family_name: record.family_name,
            birth_date: BirthDate::parse(&record.birth_date)
                .map_err(|_| "birth_date is no date")?,
            postal_code: postal_code
                .transpose()
                .map_err(|_| "postal_code is no ZIP code")?,
            phones: record.phones,
            email: email.transpose().map_err(|_| "email is no address")?,
            locale: record.locale,
            standing: record.standing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::phone::Phone;

    fn patient() -> Patient {
        Patient {
            given_names: vec!["Rosa".to_owned(), "María".to_owned()],
            family_name: "Martínez-Okafor".to_owned(),
            birth_date: BirthDate::parse("1944-02-29").unwrap(),
            postal_code: Some(PostalCode::parse("04101").unwrap()),
            phones: vec![PhoneOnFile {
                number: Phone::parse("(207) 555-0142").unwrap(),
                rank: Some(1),
                is_mobile: None,
            }],
            email: Some(Email::parse("Rosa+clinic@example.org").unwrap()),
            locale: Locale::En,
            standing: Standing::Current,
        }
    }

    #[test]
    fn a_record_comes_back_as_it_was() {
        let json = serde_json::to_value(patient()).unwrap();
        assert_eq!(json["birth_date"], "1944-02-29");
        assert_eq!(json["phones"][0]["number"], "+12075550142");
        assert_eq!(serde_json::from_value::<Patient>(json).unwrap(), patient());
    }

    #[test]
    fn how_a_record_stands_is_kept_and_unsaid_while_it_is_current() {
        let current = serde_json::to_value(patient()).unwrap();
        assert!(current.get("standing").is_none(), "{current}");
        let closed = Patient {
            standing: Standing::Deceased,
            ..patient()
        };
        let json = serde_json::to_string(&closed).unwrap();
        let read: Patient = serde_json::from_str(&json).unwrap();
        assert!(read == closed && read != patient());
    }

    #[test]
    fn a_number_is_sealed_with_the_record_and_older_records_have_none() {
        let on_file = OnFile {
            number: Some("WS-2001".to_owned()),
            patient: patient(),
        };
        let json = serde_json::to_string(&on_file).unwrap();
        assert!(serde_json::from_str::<OnFile>(&json).unwrap() == on_file);
        assert!(serde_json::from_str::<Patient>(&json).unwrap() == patient());
        let older = serde_json::to_string(&patient()).unwrap();
        let older: OnFile = serde_json::from_str(&older).unwrap();
        assert!(older.number.is_none() && older.patient == patient());
        assert_eq!(format!("{older:?}"), "OnFile(redacted)");
    }

    #[test]
    fn a_record_that_makes_no_sense_is_not_built() {
        for (key, value) in [
            ("birth_date", "1945-02-29"),
            ("postal_code", "4101"),
            ("email", "nowhere"),
        ] {
            let mut json = serde_json::to_value(patient()).unwrap();
            json[key] = value.into();
            assert!(serde_json::from_value::<Patient>(json).is_err(), "{key}");
        }
        let mut json = serde_json::to_value(patient()).unwrap();
        json["phones"][0]["number"] = "555".into();
        assert!(serde_json::from_value::<Patient>(json).is_err());
    }

    #[test]
    fn only_numbers_on_file_are_on_file() {
        let patient = patient();
        assert!(patient.phone_on_file(&Phone::parse("207.555.0142").unwrap()));
        assert!(!patient.phone_on_file(&Phone::parse("207.555.0143").unwrap()));
    }

    #[test]
    fn nothing_about_a_patient_shows_in_debug() {
        let patient = patient();
        let shown = format!("{patient:?} {:?}", patient.phones);
        assert_eq!(shown, "Patient(redacted) [PhoneOnFile(redacted)]");
    }
}
