//! The desk's commands, on a database of their own.

use std::sync::Arc;

use tempfile::TempDir;
use verify_api::Parts;
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
