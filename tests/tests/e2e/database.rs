//! What the database itself refuses, whoever asks. Statements that only SQLite
//! knows are tried there; the store's own tests ask PostgreSQL the same.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Settings, Stack};

#[test]
fn a_username_cannot_be_changed_even_in_the_database() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA);
    for change in [
        "UPDATE accounts SET username_key = x'00'",
        "UPDATE accounts SET username_key = zeroblob(32)",
        "UPDATE accounts SET patient_id = (SELECT id FROM patients
         WHERE id NOT IN (SELECT patient_id FROM accounts) LIMIT 1)",
        "UPDATE accounts SET id = zeroblob(16)",
    ] {
        let refused = stack.tamper(change);
        assert_eq!(
            refused.map_err(|words| words.contains("a username cannot be changed")),
            Err(true),
            "{change}"
        );
    }
}

#[test]
fn two_accounts_cannot_share_a_username_or_a_patient() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let other_patient = "(SELECT id FROM patients
         WHERE id NOT IN (SELECT patient_id FROM accounts) LIMIT 1)";
    let copy = |patient: &str, username: &str| {
        stack.tamper(&format!(
            "INSERT INTO accounts SELECT randomblob(16), {patient}, {username}, email_key, sealed,
             password, created_at FROM accounts LIMIT 1"
        ))
    };
    for (patient, username, taken) in [
        (other_patient, "username_key", "accounts.username_key"),
        ("patient_id", "randomblob(32)", "accounts.patient_id"),
    ] {
        let refused = copy(patient, username);
        assert!(
            refused.as_ref().is_err_and(|words| words.contains(taken)),
            "{taken} should be what is refused: {refused:?}"
        );
    }
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 2);
    let neither = copy(other_patient, "randomblob(32)");
    assert_eq!(neither, Ok(1), "nothing else was in the way");
}

#[test]
fn the_audit_trail_can_be_neither_changed_nor_shortened() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let lines = stack.number("SELECT count(*) FROM audit");
    assert!(lines > 8, "an enrollment leaves its lines");
    for change in [
        "UPDATE audit SET event = 'nothing'",
        "UPDATE audit SET at = 0 WHERE seq = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    ] {
        assert!(stack.tamper(change).is_err(), "{change}");
    }
    assert_eq!(stack.number("SELECT count(*) FROM audit"), lines);
}

#[test]
fn every_act_leaves_its_line() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    for (event, times) in [
        ("staff-added", 1),
        ("patient-imported", 3),
        ("patient-invited", 1),
        ("invitation-opened", 1),
        ("identity-matched", 1),
        ("code-asked", 1),
        ("phone-proven", 1),
        ("email-confirmed", 1),
        ("enrolled", 1),
        ("password-changed", 0),
    ] {
        let count = format!("SELECT count(*) FROM audit WHERE event = '{event}'");
        assert_eq!(stack.number(&count), times, "{event}");
    }
}

#[test]
fn a_message_that_was_sent_is_forgotten() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let left = "SELECT count(*) FROM outbox WHERE fate IS NULL OR sealed IS NOT NULL";
    assert_eq!(stack.number(left), 0);
    assert!(stack.number("SELECT count(*) FROM outbox WHERE fate = 'sent'") >= 4);
}
