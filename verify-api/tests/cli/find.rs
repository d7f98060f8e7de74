//! `patients find`: whom it prints, how little of them, and what it says beside.

use crate::desk::{Desk, PATIENT};

fn desk() -> Desk {
    let desk = Desk::with("");
    let closed = PATIENT
        .replace("WS-3001", "WS-3002")
        .replace("\"identifier\"", "\"active\":true,\"identifier\"");
    let both = format!("{PATIENT}\n{closed}");
    std::fs::write(desk.path().join("patients.ndjson"), both).unwrap();
    desk.good("patients import patients.ndjson");
    let closed = closed.replace("\"active\":true", "\"active\":false");
    std::fs::write(desk.path().join("closed.ndjson"), closed).unwrap();
    desk.good("patients import closed.ndjson");
    desk
}

#[test]
fn a_search_prints_numbers_and_states_and_nobodys_name() {
    let desk = desk();
    for line in [
        "patients find Ada Quill --born 1950-05-14",
        "patients find Quil, Ada --born 1950-05-14",
    ] {
        assert_eq!(
            desk.good(line),
            "WS-3001\tcurrent\tthis birth date\nWS-3002\tinactive\tthis birth date\n"
        );
    }
    let near = desk.good("patients find Ada Quill --born 1950-05-15");
    assert!(
        near.starts_with("WS-3001\tcurrent\tanother birth date\n"),
        "{near}"
    );
    let searched = "SELECT count(*) FROM audit WHERE event = 'patients-searched'";
    assert_eq!(desk.number(searched), 3);
}

#[test]
fn whoever_is_not_found_is_told_and_so_is_what_cannot_be_searched_yet() {
    let desk = desk();
    let output = desk.run("patients find Ines Marchetti --born 1951-11-23");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && told.contains("Nobody was found"),
        "{told}"
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "");
    desk.sql("UPDATE patients SET is_listed = 0");
    desk.sql("DELETE FROM patient_lookups");
    let output = desk.run("patients find Ada Quill --born 1950-05-14");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("`verify-api migrate`"), "{told}");
    assert!(desk.good("migrate").contains("2 records can be searched"));
    let found = desk.good("patients find Ada Quill --born 1950-05-14");
    assert_eq!(found.lines().count(), 2);
}

#[test]
fn a_search_takes_a_name_and_a_whole_birth_date() {
    let desk = desk();
    desk.refuses(
        "patients find Ada --born 1950-05",
        &["1950-05", "1944-02-29"],
    );
    desk.refuses("patients find - --born 1950-05-14", &["name"]);
}
