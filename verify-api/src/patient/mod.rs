//! What the clinic knows about a patient, and how a person is recognised in it.
//!
//! A record comes from an import and says which phones are *on file*; the phone
//! that is *linked* to an account is another fact, kept with the
//! [`account`](crate::account). It must not know where records are stored.

pub mod fhir;
pub(crate) mod id;
pub mod intake;
pub mod matching;
pub mod phone;
mod record;
pub mod search;
pub mod table;

pub use id::NotAnId;
pub use record::OnFile;

use protocol::Locale;
use protocol::values::{BirthDate, Email, PostalCode};
use serde::{Deserialize, Serialize};

use crate::crypto::redact;
use phone::Phone;

id::id! {
    /// Names a patient's record.
    PatientId
}

/// A patient's record, as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "record::Record", try_from = "record::Record")]
pub struct Patient {
    /// Given names in their order, as the clinic writes them; at least one.
    pub given_names: Vec<String>,
    /// The family name, as the clinic writes it.
    pub family_name: String,
    /// The date of birth.
    pub birth_date: BirthDate,
    /// The ZIP code of the home address, where the clinic has one.
    pub postal_code: Option<PostalCode>,
    /// The phones on file, the one to prefer first.
    pub phones: Vec<PhoneOnFile>,
    /// Where the invitation goes, where the clinic has an address.
    pub email: Option<Email>,
    /// The language to write and speak in.
    pub locale: Locale,
    /// Whether the clinic still has this patient, under this record.
    pub standing: Standing,
}

/// Whether a record is of somebody who can be invited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A patient of the clinic.
    #[default]
    Current,
    /// The patient has died.
    Deceased,
    /// The clinic has closed the record.
    Inactive,
    /// Another record has taken its place.
    Replaced,
}

impl Standing {
    /// Whether the patient can be invited.
    pub const fn is_current(&self) -> bool {
        matches!(self, Self::Current)
    }
}

/// A phone number that the clinic has on file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneOnFile {
    /// The number.
    pub number: Phone,
    /// How much it is preferred; 1 is most (FHIR `ContactPoint.rank`).
    pub rank: Option<u32>,
    /// Whether it takes text messages, where the clinic knows.
    pub is_mobile: Option<bool>,
}

redact!(Patient, PhoneOnFile);

impl Patient {
    /// Whether the clinic has this number on file.
    ///
    /// Looks at every number, whichever fits, so that the time it takes says
    /// nothing about which one did.
    pub fn phone_on_file(&self, phone: &Phone) -> bool {
        let fits = self
            .phones
            .iter()
            .filter(|on_file| on_file.number == *phone);
        fits.count() > 0
    }
}
