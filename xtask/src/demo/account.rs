//! Who holds the demo's account; see `demo/patients.ndjson`.

use crate::flow::Person;

/// The patient's number.
pub(super) const PATIENT: &str = "WS-1002";
/// The account's username.
pub(super) const USERNAME: &str = "ruth.okafor";
/// The account's password, which guards nothing: the demo's data is invented.
pub(super) const PASSWORD: &str = "seven quiet herons by the pier";
/// The phone on file, which enrollment links to the account.
pub(super) const PHONE: &str = "+12075550167";
/// The email on file.
pub(super) const EMAIL: &str = "ruth.okafor@example.org";

/// The demo's patient, who has been given `invitation`.
pub(super) fn person(invitation: &str) -> Person {
    Person {
        given_name: "Ruth".to_owned(),
        family_name: "Okafor".to_owned(),
        birth_date: "1963-11-05".to_owned(),
        postal_code: "04102".to_owned(),
        phone: PHONE.to_owned(),
        email: EMAIL.to_owned(),
        username: USERNAME.to_owned(),
        password: PASSWORD.to_owned(),
        invitation: invitation.to_owned(),
    }
}
