//! Whom jobs are about.

use protocol::values::{Email, Username};
use protocol::{Channel, Locale};

use crate::account::AccountSecrets;
use crate::patient::PatientId;
use crate::patient::phone::Phone;

pub(super) const ROSA: Person = Person {
    username: "Rosa.M",
    given_name: "Rosa",
    email: "rosa@example.org",
    phone: "207-555-0142",
    phone_channel: Channel::Text,
    speaks: Locale::En,
};

/// Somebody with a record and an account.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) username: &'static str,
    pub(super) given_name: &'static str,
    pub(super) email: &'static str,
    pub(super) phone: &'static str,
    pub(super) phone_channel: Channel,
    pub(super) speaks: Locale,
}

/// What their account holds, made for a patient.
pub(super) fn secrets(person: Person, patient: PatientId) -> AccountSecrets {
    AccountSecrets {
        patient,
        username: Username::parse(person.username).unwrap(),
        email: Email::parse(person.email).unwrap(),
        phone: Phone::parse(person.phone).unwrap(),
        phone_channel: person.phone_channel,
    }
}
