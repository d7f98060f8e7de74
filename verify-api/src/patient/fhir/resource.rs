//! The parts of a FHIR R4 `Patient` that we read
//! (<https://hl7.org/fhir/R4/patient.html>), as they stand in the JSON.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::error::Category;

use crate::patient::intake::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub(super) struct Resource {
    pub(super) active: Option<bool>,
    pub(super) deceased_boolean: Option<bool>,
    pub(super) deceased_date_time: Option<String>,
    pub(super) link: Vec<Link>,
    pub(super) identifier: Vec<Identifier>,
    pub(super) name: Vec<HumanName>,
    pub(super) birth_date: Option<String>,
    pub(super) address: Vec<Address>,
    pub(super) telecom: Vec<ContactPoint>,
    pub(super) communication: Vec<Communication>,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct Identifier {
    #[serde(rename = "use")]
    pub(super) used: Option<String>,
    #[serde(rename = "type", default)]
    pub(super) kind: CodeableConcept,
    pub(super) value: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct HumanName {
    #[serde(rename = "use")]
    pub(super) used: Option<String>,
    pub(super) family: Option<String>,
    /// A place can be empty where only an extension stands.
    #[serde(default)]
    pub(super) given: Vec<Option<String>>,
    #[serde(default)]
    pub(super) period: Period,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address {
    #[serde(rename = "use")]
    pub(super) used: Option<String>,
    pub(super) postal_code: Option<String>,
    #[serde(default)]
    pub(super) period: Period,
}

#[derive(Deserialize)]
pub(super) struct ContactPoint {
    pub(super) system: Option<String>,
    pub(super) value: Option<String>,
    #[serde(rename = "use")]
    pub(super) used: Option<String>,
    pub(super) rank: Option<u32>,
    #[serde(default)]
    pub(super) period: Period,
}

#[derive(Deserialize)]
pub(super) struct Communication {
    #[serde(default)]
    pub(super) language: CodeableConcept,
    pub(super) preferred: Option<bool>,
}

#[derive(Default, Deserialize)]
pub(super) struct CodeableConcept {
    #[serde(default)]
    pub(super) coding: Vec<Coding>,
}

#[derive(Deserialize)]
pub(super) struct Coding {
    pub(super) code: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Period {
    end: Option<String>,
}

impl Resource {
    /// Reads the JSON, once it is known to be a patient.
    pub(super) fn parse(line: &str) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Kind {
            #[serde(rename = "resourceType", default)]
            kind: String,
        }
        // Some exporters begin a file with a byte order mark.
        let line = line.trim_start_matches('\u{feff}').trim();
        let kind: Kind = serde_json::from_str(line).map_err(|error| refusal(&error))?;
        match kind.kind.as_str() {
            "Patient" => serde_json::from_str(line).map_err(|error| refusal(&error)),
            "Bundle" => Err(Refusal::Bundle),
            _ => Err(Refusal::NotAPatient),
        }
    }
}

/// The error's own text would quote what the line says.
fn refusal(error: &serde_json::Error) -> Refusal {
    let column = error.column();
    match error.classify() {
        Category::Data => Refusal::WrongShape { column },
        Category::Io | Category::Syntax | Category::Eof => Refusal::NotJson { column },
    }
}

impl Identifier {
    /// Whether its type is `code` of HL7 table 0203.
    pub(super) fn is_of_type(&self, code: &str) -> bool {
        let mut codes = self.kind.coding.iter().map(|coding| coding.code.as_deref());
        codes.any(|found| found == Some(code))
    }
}

impl Period {
    /// Whether the period was over before `today`.
    ///
    /// FHIR lets the end be a year, a month, a day or a moment. Written out they
    /// sort by time, so as much of today as the end tells is compared with it.
    pub(super) fn has_ended(&self, today: Date) -> bool {
        let Some(end) = self.end.as_deref() else {
            return false;
        };
        let today = today.to_string();
        let told = end.len().min(today.len());
        end.get(..told).is_some_and(|end| *end < today[..told])
    }
}
