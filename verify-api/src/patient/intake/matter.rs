//! What there is to be said of a record, in two sentences for staff: what it is, and
//! what to do. Neither holds anything of what the record says about the patient.

use crate::patient::Standing;

/// Something to be told, in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matter {
    /// What it is.
    pub reason: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// Why a record is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not text in the encoding that it should be in.
    NotText,
    /// Longer than any record is.
    TooLong,
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
    /// A row of a table with more or fewer columns than its head.
    ColumnCount,
    /// The clinic has closed the record.
    Inactive,
    /// The patient has died.
    Deceased,
    /// Another record has taken its place.
    Replaced,
    /// No usable identifier.
    NoIdentifier,
    /// An identifier that nobody could type.
    OddIdentifier,
    /// An earlier record of the same import has this identifier.
    SameIdentifier,
    /// No usable name.
    NoName,
    /// No birth date.
    NoBirthDate,
    /// A birth date without a day or month.
    PartOfBirthDate,
    /// A birth date that is not on the calendar, or not yet.
    NoSuchBirthDate,
    /// The record that is there already cannot be opened.
    Damaged,
}

impl Refusal {
    /// How a record that is there already stands from now on, if it is closed.
    pub const fn closes(self) -> Option<Standing> {
        match self {
            Self::Inactive => Some(Standing::Inactive),
            Self::Deceased => Some(Standing::Deceased),
            Self::Replaced => Some(Standing::Replaced),
            _ => None,
        }
    }

    /// Where reading stopped, counted from 1.
    pub const fn column(self) -> Option<usize> {
        match self {
            Self::NotJson { column } | Self::WrongShape { column } => Some(column),
            _ => None,
        }
    }

    /// In words.
    pub const fn matter(self) -> Matter {
        let (reason, remedy) = match self {
            Self::NotText => (
                "This is not text in the encoding of the file.",
                "Export it as UTF-8, or for a table say its encoding in a mapping file.",
            ),
            Self::TooLong => (
                "This record is longer than 1 MiB.",
                "Look whether a line break is missing, or a quotation mark is not closed.",
            ),
            Self::NotJson { .. } => (
                "This is not JSON.",
                "Export the patients as NDJSON, one resource a line.",
            ),
            Self::WrongShape { .. } => (
                "A part of this is not of the kind that FHIR R4 has there.",
                "Correct the export.",
            ),
            Self::NotAPatient => (
                "This is not a FHIR Patient (its `resourceType` is another one).",
                "Export patients only.",
            ),
            Self::Bundle => (
                "This is a FHIR Bundle.",
                "Export the patients as NDJSON, one Patient a line.",
            ),
            Self::ColumnCount => (
                "This row has more or fewer columns than the first one.",
                "Put values that hold the delimiter between quotation marks.",
            ),
            Self::Inactive => (
                "The record is not active.",
                "Activate it in the record system if this patient is to enroll. Until then nobody invites them.",
            ),
            Self::Deceased => (
                "The record says that the patient has died.",
                "There is nothing to do: nobody invites them, and an account that they had stays as it is.",
            ),
            Self::Replaced => (
                "Another record has replaced this one.",
                "Import that one instead.",
            ),
            Self::NoIdentifier => (
                "There is no medical record number.",
                "Add one in the record system; in FHIR it is an `identifier` with a value.",
            ),
            Self::OddIdentifier => (
                "The medical record number is longer than any is, or holds signs that nobody can type.",
                "Correct it in the record system.",
            ),
            Self::SameIdentifier => (
                "An earlier record has the same medical record number.",
                "The earlier one was taken. Leave one of them in the export.",
            ),
            Self::NoName => (
                "There is no current name with both a given and a family name.",
                "Complete the name in the record system.",
            ),
            Self::NoBirthDate => ("There is no birth date.", "Add it in the record system."),
            Self::PartOfBirthDate => (
                "The birth date has no day or no month.",
                "Complete it in the record system.",
            ),
            Self::NoSuchBirthDate => (
                "The birth date is none that a person can have.",
                "Correct it in the record system, or for a table say its format in a mapping file.",
            ),
            Self::Damaged => (
                "The record that is there already was changed from outside, and cannot be opened.",
                "Tell whoever runs the server: `verify-api audit verify` and a backup come next.",
            ),
        };
        Matter { reason, remedy }
    }
}

/// One after the other, with where reading stopped.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Matter { reason, remedy } = self.matter();
        match self.column() {
            Some(column) => write!(f, "{reason} Reading stopped at column {column}. {remedy}"),
            None => write!(f, "{reason} {remedy}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// What staff should look at in a record that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// No ZIP code.
    NoPostalCode,
    /// A postal code that is no ZIP code.
    OddPostalCode,
    /// No phone that a code could reach.
    NoPhone,
    /// A phone that is no whole number.
    NoNumber,
    /// A phone outside the North American plan.
    ForeignPhone,
    /// A premium number, or one that no person has.
    PhoneReachesNobody,
    /// A toll-free number.
    TollFreePhone,
    /// A number with an extension.
    PhoneExtension,
    /// A phone or an email of before.
    OldContact,
    /// An email that cannot be written to.
    OddEmail,
    /// An earlier record of the same import is alike.
    SamePerson,
}

impl Note {
    /// In words.
    pub const fn matter(self) -> Matter {
        let (reason, remedy) = match self {
            Self::NoPostalCode => (
                "There is no ZIP code.",
                "Add one; until then any that this patient types is taken.",
            ),
            Self::OddPostalCode => (
                "The postal code is not a ZIP code, so it was left out.",
                "Correct it; until then any that this patient types is taken.",
            ),
            Self::NoPhone => (
                "There is no phone on file that a code can reach.",
                "Add one; until then this patient cannot enroll.",
            ),
            Self::NoNumber => (
                "A phone number is not a whole one of the North American plan, so it was left out.",
                "Correct it; it needs an area code that is in use.",
            ),
            Self::ForeignPhone => (
                "A phone number is of another country, so it was left out.",
                "Add one of the North American plan, which is all that codes are sent to.",
            ),
            Self::PhoneReachesNobody => (
                "A phone number charges those who call it (900, 976), or no person has it (5xx), so it was left out.",
                "Ask the patient for another one.",
            ),
            Self::TollFreePhone => (
                "A phone number is toll-free, so it was left out.",
                "Ask the patient for one of their own.",
            ),
            Self::PhoneExtension => (
                "A phone number has an extension, where no code arrives, so it was left out.",
                "Ask the patient for one without.",
            ),
            Self::OldContact => (
                "A phone or an email is marked as old, so it was left out.",
                "Add the current one if there is none.",
            ),
            Self::OddEmail => (
                "An email address is not one that can be written to, so it was left out.",
                "Correct it.",
            ),
            Self::SamePerson => (
                "An earlier record has the same name and birth date under another number.",
                "See whether both are one person. If so, merge them in the record system.",
            ),
        };
        Matter { reason, remedy }
    }
}
