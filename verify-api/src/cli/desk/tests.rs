//! The desk's commands, on a database of their own.

use std::sync::Arc;

use protocol::values::{BirthDate, InvitationCode};
use tempfile::TempDir;
use verify_api::Parts;
use verify_api::app::Invited;
use verify_api::clock::ManualClock;
use verify_api::config::Config;

use super::*;

const PATIENT: &str = r#"{"resourceType":"Patient","identifier":[{"value":"WS-1"}],"name":[{"family":"Okafor","given":["Rosa"]}],"birthDate":"1944-02-29","address":[{"postalCode":"04101"}],"telecom":[{"system":"phone","value":"207-555-0142"}]}"#;

async fn desk() -> (Arc<App>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/state.db", folder.path().display());
    let env = [
        ("FRONTDESK_MODE", "demo".to_owned()),
        ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
        ("FRONTDESK_DATABASE__URL", database),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value));
    let config = Config::load(None, env.into_iter()).unwrap();
    let parts = Parts {
        clock: Arc::new(ManualClock::new("2026-11-25T09:30:00Z".parse().unwrap())),
        ..Parts::default()
    };
    let app = verify_api::open(&config, parts).await.unwrap();
    (app, folder)
}

async fn import_text(app: &App, folder: &TempDir, text: &str) {
    let file = folder.path().join("patients.ndjson");
    std::fs::write(&file, text).unwrap();
    let order = crate::cli::import::Order::of_file(file);
    crate::cli::import::import(app, &order).await.unwrap();
}

#[tokio::test]
async fn an_invitation_is_one_line_of_json() {
    let (app, folder) = desk().await;
    import_text(&app, &folder, PATIENT).await;
    let staff = "frontdesk@example.org";
    assert!(
        invite(&app, "WS-1", staff).await.is_err(),
        "no such staff yet"
    );
    add_staff(&app, staff, Role::FrontDesk).await.unwrap();
    assert!(
        add_staff(&app, "FrontDesk@example.org", Role::FrontDesk)
            .await
            .is_err()
    );
    assert!(add_staff(&app, "frontdesk", Role::FrontDesk).await.is_err());
    assert!(
        invite(&app, "WS-2", staff).await.is_err(),
        "no such patient"
    );

    let (printed, notes) = invite(&app, " WS-1 ", staff).await.unwrap();
    assert_eq!(
        notes,
        ["No email on file: print this code and hand it over."]
    );
    assert_eq!(printed.lines().count(), 1);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let code = printed["invitation"].as_str().unwrap();
    let link = printed["link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8080/"), "{link}");
    assert!(link.ends_with(code), "{link}");
    assert_eq!(printed["by_email"], false);
}

#[tokio::test]
async fn whoever_invites_is_told_what_the_record_lacks() {
    let (app, folder) = desk().await;
    let staff = "frontdesk@example.org";
    add_staff(&app, staff, Role::FrontDesk).await.unwrap();
    let with_email = PATIENT
        .replace("\"phone\"", "\"email\"")
        .replace("207-555-0142", "rosa@example.org");
    import_text(&app, &folder, &with_email).await;
    let (_, notes) = invite(&app, "WS-1", staff).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("No phone on file"), "{notes:?}");
}

/// Else somebody who may use the shell could look everybody up.
#[tokio::test]
async fn whoever_searches_from_a_shell_searches_as_often_as_at_the_desk() {
    let (app, folder) = desk().await;
    import_text(&app, &folder, PATIENT).await;
    for email in ["one@example.org", "two@example.org"] {
        add_staff(&app, email, Role::FrontDesk).await.unwrap();
    }
    let born = BirthDate::parse("1944-02-29").unwrap();
    let find = async |email: &str| {
        let staff = Email::parse(email).unwrap();
        app.find_for(&staff, "Rosa Okafor", born).await
    };
    for n in 1..=60 {
        let found = find("one@example.org").await;
        assert_eq!(found.unwrap().patients.len(), 1, "{n}");
    }
    let refused = find("one@example.org").await.err();
    let told = refused.map(|error| error.to_string()).unwrap_or_default();
    assert!(told.contains("in an hour. Wait 1 min"), "{told}");
    assert!(find("two@example.org").await.is_ok(), "a colleague may");
    let on = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    for (event, lines) in [("lookups-over-budget", 1), ("patients-searched", 61)] {
        let count = "SELECT count(*) FROM audit WHERE event = ?1";
        let told: i64 = on.query_row(count, (event,), |row| row.get(0)).unwrap();
        assert_eq!(told, lines, "{event}");
    }
}

#[test]
fn what_is_for_whoever_acts_is_handed_over() {
    let invited = |is_for_proxy, by_email| Invited {
        code: InvitationCode::parse("ABCD-EFGH-JKMN-PQRS").unwrap(),
        link: String::new(),
        speaks: protocol::Locale::En,
        by_email,
        has_phone: true,
        is_for_proxy,
    };
    let [note] = notes(&invited(true, false))[..] else {
        panic!("one sentence, and none of an email that is not on file");
    };
    assert!(note.contains("not mailed") && note.contains("hand it to that person alone"));
    assert!(notes(&invited(false, false))[0].contains("No email on file"));
    assert!(notes(&invited(false, true)).is_empty());
}

#[tokio::test]
async fn whoever_invites_a_child_is_told_who_must_come() {
    let (app, folder) = desk().await;
    let staff = "frontdesk@example.org";
    add_staff(&app, staff, Role::FrontDesk).await.unwrap();
    for (born, is_under_age) in [("2008-11-25", true), ("2008-11-24", false)] {
        import_text(&app, &folder, &PATIENT.replace("1944-02-29", born)).await;
        let refused = invite(&app, "WS-1", staff).await.err();
        let told = refused.map(|failure| failure.0).unwrap_or_default();
        let says_who = told.contains("A parent or legal guardian must come to the desk");
        assert_eq!(says_who, is_under_age, "{born} {told}");
        assert_eq!(told.contains("under 18"), is_under_age, "{told}");
    }
}
