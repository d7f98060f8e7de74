//! The desk's commands, on a database of their own.

use std::sync::Arc;

use tempfile::TempDir;
use verify_api::Parts;
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
    let app = verify_api::open(&config, Parts::default()).await.unwrap();
    (app, folder)
}

async fn import_text(app: &App, folder: &TempDir, text: &str) -> Result<String, String> {
    let path = folder.path().join("patients.ndjson");
    std::fs::write(&path, text).unwrap();
    import(app, &path)
        .await
        .map_err(|failure| failure.to_string())
}

#[tokio::test]
async fn refused_lines_are_told_and_stop_nothing() {
    let (app, folder) = desk().await;
    let text = format!("{PATIENT}\n\nnonsense\n{PATIENT}\n");
    let told = import_text(&app, &folder, &text).await.unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "2 patients were taken, 1 line was refused:");
    assert!(lines[1].starts_with("  line 3: This is not JSON"), "{told}");
    assert_eq!(lines.len(), 2);
    let told = import_text(&app, &folder, PATIENT).await.unwrap();
    assert_eq!(told, "1 patient was taken, no line was refused.");
}

#[tokio::test]
async fn an_import_that_takes_nothing_is_a_failure() {
    let (app, folder) = desk().await;
    let told = import_text(&app, &folder, "nonsense\n").await.unwrap_err();
    assert!(told.contains("  line 1: This is not JSON"), "{told}");
    assert!(
        told.ends_with("Mend what is listed, and import again."),
        "{told}"
    );
    let told = import_text(&app, &folder, "\n").await.unwrap_err();
    assert!(
        told.ends_with("is empty. Export the patients again."),
        "{told}"
    );
    for (path, part) in [("", "it is a folder"), ("missing.ndjson", "No such file")] {
        let failure = import(&app, &folder.path().join(path)).await;
        let told = failure.unwrap_err().to_string();
        assert!(
            told.contains("cannot be read") && told.contains(part),
            "{told}"
        );
    }
}

#[tokio::test]
async fn an_invitation_is_one_line_of_json() {
    let (app, folder) = desk().await;
    import_text(&app, &folder, PATIENT).await.unwrap();
    let staff = "frontdesk@example.org";
    assert!(
        invite(&app, "WS-1", staff).await.is_err(),
        "no such staff yet"
    );
    add_staff(&app, staff).await.unwrap();
    assert!(add_staff(&app, "FrontDesk@example.org").await.is_err());
    assert!(add_staff(&app, "frontdesk").await.is_err());
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
    add_staff(&app, staff).await.unwrap();
    let with_email = PATIENT
        .replace("\"phone\"", "\"email\"")
        .replace("207-555-0142", "rosa@example.org");
    import_text(&app, &folder, &with_email).await.unwrap();
    let (_, notes) = invite(&app, "WS-1", staff).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("No phone on file"), "{notes:?}");
}
