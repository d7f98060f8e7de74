//! Imports and the people whom they are about: what a later one does to an account, and
//! real records, of which every line is accounted for.

use std::collections::BTreeMap;

use frontdesk_tests::imports::{Heard, febrl, fhir, synthea, table};
use frontdesk_tests::people::{Person, ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Settings, Stack};
use serde_json::json;

#[test]
fn another_phone_on_file_leaves_the_linked_one_as_it_is() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let moved = Person {
        phone: "+12075550199",
        zip: "04105",
        email: "elsewhere@example.org",
        ..ROSA
    };
    stack.import(&[moved]);
    let reset = stack.at_new_password(&ROSA);
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack.settle();
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
    assert!(stack.mail.to(moved.phone).is_empty());
}

#[test]
fn an_account_outlives_what_the_record_says_later() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let dead = ROSA.fhir().replacen('{', r#"{"deceasedBoolean":true,"#, 1);
    let heard = stack.import_lines(dead);
    assert_eq!((heard.report.refused, heard.report.closed), (1, 1));
    stack.sign_in(ROSA.username, ROSA.password).expect(200);
}

#[test]
fn a_flow_ends_when_the_record_is_closed_meanwhile() {
    let stack = Stack::start();
    let flow = stack.enrolling(&SEAN);
    let closed = SEAN.fhir().replace(r#""active":true"#, r#""active":false"#);
    let heard = stack.import_lines(closed);
    assert_eq!(heard.report.withdrawn, 1);
    let refused = flow.answer("credentials", &SEAN.credentials());
    assert!(refused.status >= 400, "{}", refused.body);
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 0);
}

/// Holds an import to its counts and reasons, and imports the same once more.
#[track_caller]
fn accounted_for(
    import: impl Fn() -> Heard,
    records: u64,
    refused: u64,
    reasons: &[(&'static str, u64)],
) {
    let first = import();
    let report = first.report;
    assert_eq!(report.records(), records, "every line is accounted for");
    assert_eq!(
        (report.created, report.updated, report.unchanged),
        (records - refused, 0, 0)
    );
    assert_eq!(report.refused, first.refused.len() as u64);
    assert_eq!(
        first.reasons,
        reasons.iter().copied().collect::<BTreeMap<_, _>>()
    );
    let again = import();
    assert_eq!(again.report.unchanged, records - refused);
    assert_eq!(
        (again.reasons, again.refused),
        (first.reasons, first.refused)
    );
}

#[test]
fn patients_of_a_bulk_export_are_all_accounted_for() {
    let stack = Stack::with(&Settings::default().sqlite());
    accounted_for(
        || stack.import_source(fhir(&synthea())),
        9,
        4,
        &[
            ("The record says that the patient has died.", 4),
            (
                "A phone number is not a whole one of the North American plan, so it was left out.",
                5,
            ),
            ("There is no phone on file that a code can reach.", 5),
        ],
    );
}

#[test]
fn people_with_slips_of_the_hand_are_all_accounted_for() {
    // How many have no whole name, no birth date, one that is none, and who is alike.
    for (set, records, [nameless, unborn, impossible, alike]) in [
        ("dataset1.csv", 1000, [62, 39, 3, 211]),
        ("dataset2.csv", 5000, [172, 107, 10, 450]),
        ("dataset3.csv", 5000, [229, 150, 34, 1278]),
        ("dataset4a.csv", 5000, [159, 91, 0, 0]),
        ("dataset4b.csv", 5000, [334, 189, 55, 0]),
    ] {
        let stack = Stack::with(&Settings::default().sqlite());
        let refused = nameless + unborn + impossible;
        let taken = records - refused;
        let reasons = [
            (
                "There is no current name with both a given and a family name.",
                nameless,
            ),
            ("There is no birth date.", unborn),
            ("The birth date is none that a person can have.", impossible),
            (
                "The postal code is not a ZIP code, so it was left out.",
                taken,
            ),
            ("There is no phone on file that a code can reach.", taken),
            (
                "An earlier record has the same name and birth date under another number.",
                alike,
            ),
        ];
        let reasons: Vec<_> = reasons
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect();
        accounted_for(
            || stack.import_source(table(&febrl(set), None)),
            records,
            refused,
            &reasons,
        );
    }
}
