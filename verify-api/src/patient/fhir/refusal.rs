//! Why a line is not taken.

/// Why a line is not taken. In words it is a sentence for staff, without
/// anything of what the line says about the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not JSON.
    NotJson {
        /// Where reading stopped, counted from 1.
        column: usize,
    },
    /// JSON, but some part is not of the kind that FHIR says.
    WrongShape {
        /// Where reading stopped, counted from 1.
        column: usize,
    },
    /// Another resource.
    NotAPatient,
    /// A whole bundle on one line.
    Bundle,
    /// `active` is false.
    Inactive,
    /// The patient has died.
    Deceased,
    /// Another record has taken its place.
    Replaced,
    /// No usable identifier.
    NoIdentifier,
    /// No usable name.
    NoName,
    /// No birth date.
    NoBirthDate,
    /// A birth date without a day or month.
    PartOfBirthDate,
    /// A birth date that is not on the calendar, or not yet.
    NoSuchBirthDate,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotJson { column } => {
                return write!(
                    f,
                    "This is not JSON: reading stopped at column {column}. Export the patients as NDJSON, one resource a line."
                );
            }
            Self::WrongShape { column } => {
                return write!(
                    f,
                    "Something before column {column} is not of the kind that FHIR R4 has there. Correct the export."
                );
            }
            Self::NotAPatient => {
                "This is not a FHIR Patient (its `resourceType` is another one). Export patients only."
            }
            Self::Bundle => {
                "This is a FHIR Bundle. Export the patients as NDJSON, one Patient a line."
            }
            Self::Inactive => {
                "The record is not active. Activate it in the record system if this patient is to enroll."
            }
            Self::Deceased => "The record says that the patient has died.",
            Self::Replaced => {
                "Another record has replaced this one. Import that one instead."
            }
            Self::NoIdentifier => {
                "There is no medical record number (`identifier` with a value). Add one in the record system."
            }
            Self::NoName => {
                "There is no current name with both a given and a family name. Complete `name` in the record system."
            }
            Self::NoBirthDate => {
                "There is no birth date. Add `birthDate` in the record system."
            }
            Self::PartOfBirthDate => {
                "The birth date has no day or no month. Complete `birthDate` in the record system."
            }
            Self::NoSuchBirthDate => {
                "The birth date is none that a person can have. Correct `birthDate` in the record system."
            }
        })
    }
}

impl std::error::Error for Refusal {}
