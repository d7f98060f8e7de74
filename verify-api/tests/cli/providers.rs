//! `providers`: who can invite patients as connections.

use crate::desk::{Desk, ended, refused};

/// The id of a provider who was added with these features.
fn added(desk: &Desk, name: &str, features: &[&str]) -> String {
    let mut command = desk.command("providers add");
    command.arg(name).args(features);
    let output = ended(command);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn providers_are_added_changed_and_retired() {
    let desk = Desk::with("");
    assert!(desk.good("providers list").contains("no providers"));
    let features = ["--features", "appointments, messages"];
    let quill = added(&desk, "Dr. Ada Quill", &features);
    added(&desk, "Dr. Omar Reed", &[]);
    let listed = desk.good("providers list");
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(
        lines[0],
        format!("{quill}  Dr. Ada Quill  has no key  messages,appointments")
    );
    assert!(lines[1].ends_with("  Dr. Omar Reed  has no key  no features"));
    desk.good(&format!("providers set {quill} --features billing"));
    let key = desk.good(&format!("providers key {quill}"));
    assert_eq!(key.trim().len(), 43, "256 bits, and nothing else: {key}");
    let listed = desk.good("providers list");
    assert!(listed.contains("Dr. Ada Quill  has a key  billing"));
    let other = desk.good(&format!("providers key {quill}"));
    assert_ne!(other, key, "each is another one");
    desk.good(&format!("providers retire {quill}"));
    assert!(
        desk.good("providers list")
            .contains("Dr. Ada Quill  retired")
    );
    for line in ["key", "retire", "set --features billing"] {
        let line = format!("providers {line} {quill}");
        desk.refuses(&line, &["No provider", "providers list"]);
    }
    let trail = desk.good("audit export");
    for (event, times) in [
        ("provider-added", 2),
        ("provider-changed", 1),
        ("provider-key-made", 2),
        ("provider-retired", 1),
    ] {
        assert_eq!(trail.matches(event).count(), times, "{event}");
    }
    assert!(!trail.contains("Quill"), "the trail names nobody");
}

/// Whoever reads the database learns neither: a name can tell what somebody is treated for.
#[test]
fn neither_name_nor_key_is_kept_in_the_clear() {
    let desk = Desk::with("");
    let quill = added(&desk, "Quillwort Oncology", &[]);
    let key = desk.good(&format!("providers key {quill}"));
    let key = key.trim();
    let decoded = data_encoding::BASE64URL_NOPAD.decode(key.as_bytes());
    let decoded = decoded.unwrap();
    for name in ["frontdesk.db", "frontdesk.db-wal"] {
        let bytes = std::fs::read(desk.path().join(name)).unwrap_or_default();
        for secret in [&b"Quillwort"[..], key.as_bytes(), &decoded[..]] {
            let is_there = bytes.windows(secret.len()).any(|part| part == secret);
            assert!(!is_there, "{name}");
        }
    }
}

#[test]
fn what_is_no_provider_is_told() {
    let desk = Desk::with("");
    let long = "x".repeat(101);
    for name in ["", " ", "one\nline more", &long] {
        let mut command = desk.command("providers add");
        command.arg(name);
        refused("providers add", &ended(command), &["name", "100"]);
    }
    let nobody = "00".repeat(16);
    desk.refuses(&format!("providers key {nobody}"), &["No provider"]);
    for line in [
        "providers add Quill --features horoscopes",
        "providers key Quill",
    ] {
        let output = desk.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            told.contains("visit-summaries") || told.contains("32 hexadecimal"),
            "{told}"
        );
    }
}
