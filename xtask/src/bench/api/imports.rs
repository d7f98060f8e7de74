//! How fast patients are imported, and in how much memory, beside parsing the same lines
//! as JSON and nothing else.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::overload;
use crate::failure::{During as _, Failure, Result};
use crate::server::Desk;

/// How often it is looked how much memory a program holds.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a program took.
pub(super) struct Taken {
    pub(super) time: Duration,
    /// The most memory that it held, in MB.
    pub(super) memory: f64,
}

/// Writes as many patients as a bulk export has them: with all that a record system knows
/// and an import does not read.
pub(super) fn write(file: &Path, patients: u32) -> Result<()> {
    let mut text = String::new();
    for number in 0..patients {
        line(&mut text, number).during("write down a patient")?;
    }
    fs::write(file, text).during(format_args!("write {}", file.display()))
}

fn line(text: &mut String, number: u32) -> std::fmt::Result {
    let (year, month, day) = (1920 + number % 90, number % 12 + 1, number % 28 + 1);
    let last = number % 100;
    writeln!(
        text,
        r#"{{"resourceType":"Patient","id":"00000000-0000-4000-8000-{number:012}","meta":{{"versionId":"1","lastUpdated":"2026-11-25T09:30:00Z","profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]}},"text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Patient {number}, as the record system shows it</div>"}},"extension":[{{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"}}],"identifier":[{{"system":"urn:example:other","value":"{number}"}},{{"use":"usual","type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}}]}},"system":"urn:example:mrn","value":"WS-{number}"}}],"active":true,"name":[{{"use":"official","family":"Family{number}","given":["Given","Second"],"prefix":["Ms."]}},{{"use":"maiden","family":"Before{number}"}}],"telecom":[{{"system":"phone","value":"20755501{last:02}","use":"mobile","rank":1}},{{"system":"phone","value":"(207) 555-0142","use":"home"}},{{"system":"email","value":"patient.{number}@example.org"}}],"gender":"female","birthDate":"{year}-{month:02}-{day:02}","address":[{{"use":"home","line":["{number} Harbor Street"],"city":"Portland","state":"ME","postalCode":"04101","country":"US"}}],"maritalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}}]}},"communication":[{{"language":{{"coding":[{{"system":"urn:ietf:bcp:47","code":"en-US"}}]}},"preferred":true}}],"managingOrganization":{{"reference":"Organization/1"}}}}"#
    )
}

/// Imports the patients of a file.
pub(super) fn import(desk: &Desk, file: &Path, wanted: &str) -> Result<Taken> {
    let file = file.display().to_string();
    let (taken, told) = watched(desk.command(&["patients", "import", &file]))?;
    if told.contains(wanted) {
        return Ok(taken);
    }
    Err(Failure::new(format!(
        "the import should tell `{wanted}`, and tells: {told}"
    )))
}

/// Parses the lines of a file.
pub(super) fn parse(program: &Path, file: &Path) -> Result<Taken> {
    let mut command = Command::new(program);
    command.arg(file);
    Ok(watched(command)?.0)
}

/// Runs a program to its end; what it took, and what it printed.
fn watched(mut command: Command) -> Result<(Taken, String)> {
    let what = "run a program that is measured";
    let begin = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .during(what)?;
    let mut memory: f64 = 0.0;
    while child.try_wait().during(what)?.is_none() {
        // It may have ended meanwhile; then the look before was the last.
        memory = memory.max(overload::memory(child.id()).unwrap_or(0.0));
        sleep(LOOK_EVERY);
    }
    let time = begin.elapsed();
    let output = child.wait_with_output().during(what)?;
    if !output.status.success() {
        return Err(Failure::new("a program that is measured has failed"));
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((Taken { time, memory }, told))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_line_is_a_patient_of_its_own() {
        let mut text = String::new();
        for number in [0, 7, 99_999] {
            line(&mut text, number).unwrap();
        }
        let patients: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let numbers = patients.iter().map(|it| &it["identifier"][1]["value"]);
        assert_eq!(numbers.collect::<Vec<_>>(), ["WS-0", "WS-7", "WS-99999"]);
        for patient in patients {
            let phone = patient["telecom"][0]["value"].as_str().unwrap();
            assert!(phone.len() == 10 && phone.contains("55501"), "{phone}");
        }
    }
}
