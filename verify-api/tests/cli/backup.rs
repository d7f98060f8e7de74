//! `backup` and `restore`.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::desk::{Desk, PATIENT};
use crate::server::{self, Server};

impl Desk {
    fn with_a_patient() -> Self {
        let desk = Self::with("");
        fs::write(desk.path().join("patients.ndjson"), PATIENT).unwrap();
        desk.good("patients import patients.ndjson");
        desk.good("staff add desk@example.org");
        desk
    }

    /// Names of the files in the folder that begin like this.
    fn files(&self, begin: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| name.starts_with(begin))
            .collect();
        names.sort();
        names
    }
}

/// The number of the newest line of the audit trail, and the line.
fn last_line(desk: &Desk) -> (i64, serde_json::Value) {
    let export = desk.good("audit export");
    let line = export.lines().last().unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    (line["seq"].as_i64().unwrap(), line)
}

#[test]
fn a_backup_is_made_while_a_server_writes_and_can_be_restored() {
    let desk = Desk::with_a_patient();
    let server = Server::start(&desk);
    let is_done = AtomicBool::new(false);
    let address = server.address();
    let walked = std::thread::scope(|scope| {
        let walker = scope.spawn(|| {
            let mut walked = 0;
            while !is_done.load(Ordering::Relaxed) {
                let statuses = server::reset_to_code(address, &format!("nobody.{walked}"));
                assert_eq!(statuses, [201, 200, 200, 422]);
                walked += 1;
            }
            walked
        });
        for n in 1..=5 {
            let said = desk.good(&format!("backup copy{n}.db"));
            assert!(said.contains("audit trail that goes to line"), "{said}");
        }
        is_done.store(true, Ordering::Relaxed);
        walker.join().unwrap()
    });
    assert!(walked > 0);
    server.stop();
    assert_eq!(desk.files(".frontdesk-"), [""; 0], "no draft is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(desk.path().join("copy1.db"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    // An account of the patient on file, who was signed in when the copy was made, as was whoever
    // works at the desk; and a provider with a key.
    let signed_in = "INSERT INTO accounts
                         (id, patient_id, username_key, email_key, sealed, password, created_at)
                     SELECT zeroblob(16), id, zeroblob(32), zeroblob(32), sealed, '', 0
                     FROM patients LIMIT 1;
                     INSERT INTO sessions VALUES (zeroblob(32), zeroblob(16), 0, 0, 0);
                     INSERT INTO providers (id, sealed, features, key_digest, created_at)
                     SELECT zeroblob(16), sealed, '', zeroblob(32), 0 FROM patients LIMIT 1;
                     INSERT INTO staff_credentials (id, password, sealed, used_step)
                     SELECT staff.id, '', patients.sealed, 0 FROM staff, patients LIMIT 1;
                     INSERT INTO staff_sessions
                     SELECT zeroblob(32), id, 0, 0, 0 FROM staff_credentials";
    let copy = rusqlite::Connection::open(desk.path().join("copy5.db")).unwrap();
    copy.execute_batch(signed_in).unwrap();
    drop(copy);
    // What happens after the backup is undone by restoring it.
    desk.good("staff add later@example.org");
    let flows = desk.number("SELECT count(*) FROM flows");
    desk.refuses("restore copy5.db", &["already", "--replace"]);
    let said = desk.good("restore copy5.db --replace");
    assert!(said.contains("The earlier database is in"), "{said}");
    assert!(said.contains("Keys of providers have ended (1)"), "{said}");
    assert!(said.contains("`verify-api providers key ID`"), "{said}");
    let aside = desk.files("frontdesk.db.replaced-");
    assert_eq!(aside.len(), 1, "{aside:?}");
    // Within the same second: what was put aside before stays.
    desk.good("restore copy5.db --replace");
    let aside = desk.files("frontdesk.db.replaced-");
    assert_eq!(aside.len(), 2, "{aside:?}");
    assert!(desk.number("SELECT count(*) FROM flows") <= flows);
    assert_eq!(desk.number("SELECT count(*) FROM staff"), 1);
    assert_eq!(desk.number("SELECT count(*) FROM sessions"), 0);
    assert_eq!(desk.number("SELECT count(*) FROM staff_sessions"), 0);
    let keys = "SELECT count(*) FROM providers WHERE key_digest IS NOT NULL";
    assert_eq!(desk.number(keys), 0);
    assert_eq!(desk.number("SELECT count(*) FROM providers"), 1);
    desk.good("audit verify");
    // That it was done is the next line after those of the backup.
    let (last, line) = last_line(&desk);
    assert_eq!(line["event"], "database-restored");
    assert_eq!(line["subject"], format!("{:032x}", last - 1));
    let again = "invite WS-3001 --by desk@example.org";
    desk.refuses(again, &["enrolled already"]);
    // Into a folder without a database, nothing needs to be replaced.
    for name in desk.files("frontdesk.db") {
        fs::remove_file(desk.path().join(name)).unwrap();
    }
    desk.good("restore copy1.db");
    desk.good("invite WS-3001 --by desk@example.org");
}

#[test]
fn a_backup_of_before_there_were_staff_sessions_and_providers_is_restored() {
    let desk = Desk::with_a_patient();
    desk.good("backup copy.db");
    let copy = rusqlite::Connection::open(desk.path().join("copy.db")).unwrap();
    let before = "DROP TABLE staff_sessions; DROP TABLE connections; DROP TABLE providers";
    copy.execute_batch(before).unwrap();
    drop(copy);
    let said = desk.good("restore copy.db --replace");
    assert!(!said.contains("Keys of providers"), "{said}");
}

#[test]
fn a_backup_is_not_written_over_and_not_written_anywhere() {
    let desk = Desk::with_a_patient();
    desk.good("backup copy.db");
    let before = fs::read(desk.path().join("copy.db")).unwrap();
    desk.refuses("backup copy.db", &["copy.db", "already"]);
    assert_eq!(fs::read(desk.path().join("copy.db")).unwrap(), before);
    desk.refuses("backup no/such/folder/copy.db", &["no/such/folder/copy.db"]);
    desk.refuses("restore nowhere.db --replace", &["nowhere.db"]);
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let desk = Desk::with_a_patient();
    desk.good("backup copy.db");
    let server = Server::start(&desk);
    desk.refuses("restore copy.db --replace", &["in use", "Stop the server"]);
    assert_eq!(
        server::reset_to_code(server.address(), "nobody.here"),
        [201, 200, 200, 422]
    );
    server.stop();
    desk.good("restore copy.db --replace");
}

#[test]
fn what_is_no_good_backup_is_not_restored() {
    let desk = Desk::with_a_patient();
    desk.good("backup copy.db");
    let copy = desk.path().join("copy.db");
    let whole = fs::read(&copy).unwrap();
    let refuses = |told: &[&str]| {
        desk.refuses("restore copy.db --replace", told);
        desk.good("audit verify");
        assert_eq!(desk.files("frontdesk.db.replaced-"), [""; 0]);
        assert_eq!(desk.files(".frontdesk-"), [""; 0]);
    };
    fs::write(
        &copy,
        "not a database, but long enough to be taken for one".repeat(99),
    )
    .unwrap();
    refuses(&["copy.db", "no backup"]);
    fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    refuses(&["copy.db", "no backup"]);
    // Somebody has edited its audit trail.
    fs::write(&copy, &whole).unwrap();
    let mut changed = whole.clone();
    for at in 0..whole.len() {
        // In the index of events, too, and in its order: else SQLite finds that before us.
        if whole[at..].starts_with(b"staff-added") {
            changed[at + "staff-adde".len()] = b'e';
        }
    }
    assert_ne!(changed, whole);
    fs::write(&copy, &changed).unwrap();
    refuses(&["copy.db", "line 3 was changed"]);
    // Made with another key.
    let other = Desk::with("");
    let file = other.path().join("frontdesk.toml");
    let toml = fs::read_to_string(&file)
        .unwrap()
        .replace("3cb25f25", "4cb25f25");
    fs::write(&file, toml).unwrap();
    other.good("migrate");
    other.good("backup other.db");
    fs::copy(other.path().join("other.db"), &copy).unwrap();
    refuses(&["copy.db", "secrets.key"]);
    fs::write(&copy, &whole).unwrap();
    desk.good("restore copy.db --replace");
}

#[test]
fn of_a_damaged_database_there_is_no_backup() {
    let desk = Desk::with_a_patient();
    desk.good("invite WS-3001 --by desk@example.org");
    desk.sql("PRAGMA foreign_keys = OFF; DELETE FROM patients");
    desk.refuses("backup copy.db", &["copy.db", "damaged"]);
    assert_eq!(desk.files("copy.db"), [""; 0]);
    assert_eq!(desk.files(".frontdesk-"), [""; 0]);
}

#[test]
fn with_a_database_server_its_own_tools_are_named() {
    let desk = Desk::with("database.url = \"postgres://me:hunter2@localhost/frontdesk\"");
    for (line, tool) in [("backup x.db", "pg_dump"), ("restore x.db", "pg_restore")] {
        let output = desk.run(line);
        crate::desk::refused(line, &output, &[tool, "postgres://localhost/frontdesk"]);
        let told = String::from_utf8_lossy(&output.stderr);
        let is_restore = tool == "pg_restore";
        for ended in [
            "FROM sessions",
            "FROM staff_sessions",
            "SET key_digest = NULL",
        ] {
            assert_eq!(told.contains(ended), is_restore, "{ended}: {told}");
        }
        assert!(!String::from_utf8_lossy(&output.stderr).contains("hunter2"));
    }
}
