//! The patients of the tests: invented people with numbers from 555-01xx and
//! addresses at example.org.

use protocol::Locale;
use serde_json::{Value, json};

/// A patient as the clinic has them, and what they choose when they enroll.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The medical record number, by which staff invite.
    pub mrn: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Date of birth, `YYYY-MM-DD`.
    pub born: &'static str,
    /// ZIP code.
    pub zip: &'static str,
    /// The phone on file, in E.164.
    pub phone: &'static str,
    /// The email on file; empty where the clinic has none.
    pub email: &'static str,
    /// The username that the person chooses.
    pub username: &'static str,
    /// The password that the person chooses.
    pub password: &'static str,
    /// The language that the clinic has on file.
    pub speaks: Locale,
}

/// Has everything on file.
pub const ROSA: Person = Person {
    mrn: "WS-2001",
    given: "Rosa",
    family: "Quintanilla-Byrne",
    born: "1951-03-27",
    zip: "04101",
    phone: "+12075550131",
    email: "rosa.quintanilla@example.org",
    username: "Rosa.Heron",
    password: "seven quiet herons at dusk",
    speaks: Locale::En,
};

/// Has an apostrophe in the name, and was born on a leap day.
pub const SEAN: Person = Person {
    mrn: "WS-2002",
    given: "Se\u{e1}n",
    family: "O'Tuathail",
    born: "1944-02-29",
    zip: "04038",
    phone: "+12075550132",
    email: "sean.tuathail@example.org",
    username: "sean-kettle",
    password: "eleven brass kettles whistle",
    speaks: Locale::En,
};

/// Has no email on file, and a landline.
pub const WALT: Person = Person {
    mrn: "WS-2003",
    given: "Walter",
    family: "Abernathy III",
    born: "1938-11-05",
    zip: "04103",
    phone: "+12075550133",
    email: "",
    username: "walt_1938",
    password: "nobody paints the boathouse",
    speaks: Locale::En,
};

/// Speaks Spanish, and has two family names. Not among [`ALL`]: her test brings her.
pub const LUZ: Person = Person {
    mrn: "WS-2004",
    given: "Mar\u{ed}a Luz",
    family: "Pe\u{f1}a Z\u{fa}\u{f1}iga",
    born: "1947-10-14",
    zip: "04102",
    phone: "+12075550134",
    email: "luz.pena@example.org",
    username: "luz.zuniga",
    password: "cuatro garzas junto al muelle",
    speaks: Locale::Es,
};

/// Everyone whom the clinic of a test has on file.
pub const ALL: [Person; 3] = [ROSA, SEAN, WALT];

impl Person {
    /// The record as a line of a FHIR export.
    pub fn fhir(&self) -> String {
        let mut telecom = vec![json!({"system": "phone", "value": self.phone, "rank": 1})];
        if !self.email.is_empty() {
            telecom.push(json!({"system": "email", "value": self.email}));
        }
        json!({
            "resourceType": "Patient",
            "identifier": [{"system": "urn:example:mrn", "value": self.mrn}],
            "active": true,
            "name": [{"use": "official", "family": self.family, "given": [self.given]}],
            "birthDate": self.born,
            "address": [{"use": "home", "postalCode": self.zip}],
            "telecom": telecom,
            "communication": [{"language": {"coding": [{"code": self.speaks.as_str()}]}, "preferred": true}],
        })
        .to_string()
    }

    /// The answer to the step `identity`.
    pub fn identity(&self) -> Value {
        json!({
            "given_name": self.given,
            "family_name": self.family,
            "birth_date": self.born,
            "postal_code": self.zip,
        })
    }

    /// The answer to the step `personal-info`.
    pub fn personal_info(&self) -> Value {
        json!({
            "given_name": self.given,
            "family_name": self.family,
            "birth_date": self.born,
            "email": self.email,
        })
    }

    /// The answer to the step `credentials`.
    pub fn credentials(&self) -> Value {
        json!({"username": self.username, "password": self.password})
    }

    /// Where a code by `channel` arrives.
    pub fn address(&self, channel: &str) -> &'static str {
        match channel {
            "email" => self.email,
            _ => self.phone,
        }
    }

    /// Month, day and year of birth, as they go into three boxes.
    pub fn born_in_boxes(&self) -> [&'static str; 3] {
        [&self.born[5..7], &self.born[8..], &self.born[..4]]
    }
}
