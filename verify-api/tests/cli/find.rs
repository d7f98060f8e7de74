//! `patients find`: whom it prints, how little of them, and what it says beside.

use std::process::Output;

use crate::desk::{Desk, PATIENT, refused};

fn desk() -> Desk {
    let desk = Desk::with("");
    desk.good("staff add desk@example.org");
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

const FIND: &str = "patients find --by desk@example.org";

#[track_caller]
fn find(desk: &Desk, name: &str, born: &str) -> Output {
    let output = desk.run_with(FIND, &format!("{name}\n{born}\n"));
    assert!(output.status.success(), "{output:?}");
    output
}

#[track_caller]
fn found(desk: &Desk, name: &str, born: &str) -> String {
    String::from_utf8(find(desk, name, born).stdout).unwrap()
}

#[track_caller]
fn told(desk: &Desk, name: &str, born: &str) -> String {
    String::from_utf8(find(desk, name, born).stderr).unwrap()
}

#[test]
fn a_search_prints_numbers_and_states_and_nobodys_name() {
    let desk = desk();
    for name in ["Ada Quill", "Quil, Ada"] {
        assert_eq!(
            found(&desk, name, "1950-05-14"),
            "WS-3001\tcurrent\tthis birth date\nWS-3002\tinactive\tthis birth date\n"
        );
    }
    let near = found(&desk, "Ada Quill", "1950-05-15");
    assert!(
        near.starts_with("WS-3001\tcurrent\tanother birth date\n"),
        "{near}"
    );
    let searched = "SELECT count(*) FROM audit WHERE event = 'patients-searched'
        AND actor = (SELECT id FROM staff)";
    assert_eq!(desk.number(searched), 3);
}

#[test]
fn whoever_is_not_found_is_told_and_so_is_what_cannot_be_searched_yet() {
    let desk = desk();
    let nobody = ("Ines Marchetti", "1951-11-23");
    assert!(told(&desk, nobody.0, nobody.1).contains("Nobody was found"));
    assert_eq!(found(&desk, nobody.0, nobody.1).trim(), "");
    desk.sql("UPDATE patients SET is_listed = 0");
    desk.sql("DELETE FROM patient_lookups");
    let told = told(&desk, "Ada Quill", "1950-05-14");
    assert!(told.contains("`verify-api migrate`"), "{told}");
    assert!(desk.good("migrate").contains("2 records can be searched"));
    let found = found(&desk, "Ada Quill", "1950-05-14");
    assert_eq!(found.lines().count(), 2);
}

#[test]
fn a_search_takes_a_name_and_a_whole_birth_date_on_a_line_each() {
    let desk = desk();
    for (input, parts) in [
        ("Ada\n1950-05\n", &["1950-05", "1944-02-29"][..]),
        ("-\n1950-05-14\n", &["name"]),
        ("Ada Quill\n", &["Birth date", "on the next"]),
        ("", &["Name", "one line"]),
    ] {
        refused(FIND, &desk.run_with(FIND, input), parts);
    }
}

#[test]
fn who_searches_is_a_staff_user_who_may_invite() {
    let desk = desk();
    desk.good("staff add auditor@example.org --role auditor");
    for (by, part) in [
        ("auditor@example.org", "auditor"),
        ("x@example.org", "staff"),
    ] {
        let line = format!("patients find --by {by}");
        let output = desk.run_with(&line, "Ada Quill\n1950-05-14\n");
        refused(&line, &output, &[part]);
    }
    let searched = "SELECT count(*) FROM audit WHERE event = 'patients-searched'";
    assert_eq!(desk.number(searched), 0);
    // Who has another role now may.
    let changed = desk.good("staff role auditor@example.org manager");
    assert!(
        changed.contains("is manager from the next sign-in"),
        "{changed}"
    );
    desk.refuses("staff role auditor@example.org manager", &["already"]);
    desk.refuses("staff role x@example.org manager", &["staff add"]);
    let output = desk.run_with(
        "patients find --by auditor@example.org",
        "Ada Quill\n1950-05-14\n",
    );
    assert!(output.status.success(), "{output:?}");
    assert_eq!(desk.number(searched), 1);
}
