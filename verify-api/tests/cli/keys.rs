//! `keys rotate` and `keys rewrap`.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::desk::{Desk, PATIENT, refused};
use crate::server::{self, Server};

const NEW_KEY: &str = "9d3c51e7a04f6b28d5c1e98f7a3b604c2e8d15f9b7a6034c8e1f2d5b96a7c083";

/// Tables whose records name the key that they are sealed with.
const PLACES: [&str; 9] = [
    "patients",
    "staff",
    "staff_credentials",
    "proxies",
    "invitations",
    "accounts",
    "flows",
    "outbox",
    "providers",
];

impl Desk {
    /// A desk with an invitation by email, so that there is something sealed in
    /// most places.
    fn with_an_invitation() -> Self {
        let desk = Self::with("");
        let patient = PATIENT.replace(
            r#"{"system":"phone""#,
            r#"{"system":"email","value":"ada@example.org"},{"system":"phone""#,
        );
        std::fs::write(desk.path().join("patients.ndjson"), patient).unwrap();
        desk.good("patients import patients.ndjson");
        desk.good("staff add desk@example.org");
        desk.good("providers add Quill");
        desk.invite();
        desk
    }

    fn invite(&self) -> String {
        let output = self.run("invite WS-3001 --by desk@example.org");
        let invited: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        invited["invitation"].as_str().unwrap().to_owned()
    }

    /// The numbers of the keys, the root first.
    fn keys(&self) -> String {
        let mut numbers = String::new();
        for number in 0..10 {
            let count = format!("SELECT count(*) FROM keys WHERE hex(id) = '{number:04X}'");
            if self.number(&count) == 1 {
                numbers.push_str(&number.to_string());
            }
        }
        numbers
    }

    /// How many records name this key.
    fn sealed_with(&self, number: u16) -> i64 {
        let count = |table| {
            let count = format!("SELECT count(*) FROM {table} WHERE hex(key_id) = '{number:04X}'");
            self.number(&count)
        };
        PLACES.into_iter().map(count).sum()
    }

    /// All bytes of the database, its journal included.
    fn bytes(&self) -> Vec<u8> {
        let files = ["frontdesk.db", "frontdesk.db-wal"].map(|name| self.path().join(name));
        files
            .into_iter()
            .filter_map(|file| std::fs::read(file).ok())
            .flatten()
            .collect()
    }

    /// Writes another configuration: with `find` replaced.
    fn configure(&self, find: &str, replace: &str) {
        let file = self.path().join("frontdesk.toml");
        let toml = std::fs::read_to_string(&file).unwrap();
        assert!(toml.contains(find), "{find}");
        std::fs::write(&file, toml.replace(find, replace)).unwrap();
    }
}

#[test]
fn keys_are_rotated_while_a_server_runs_and_nothing_fails() {
    let desk = Desk::with_an_invitation();
    let code = desk.invite();
    assert_eq!((desk.keys().as_str(), desk.sealed_with(2)), ("01", 0));
    assert!(desk.sealed_with(1) >= 5);
    let wrapped = desk.blob("SELECT wrapped FROM keys WHERE id = x'0001'");
    let holds = |bytes: Vec<u8>| bytes.windows(wrapped.len()).any(|part| part == wrapped);
    assert!(holds(desk.bytes()));
    let server = Server::start(&desk);
    server.set_up_staff(&desk.good("staff reset desk@example.org"));
    let set_up = "SELECT count(*) FROM staff_credentials WHERE hex(key_id) = '0001'";
    assert_eq!(desk.number(set_up), 1);
    // A flow from before the rotation goes on after it.
    let begin = json!({"kind": "enrollment", "locale": "en"});
    let (status, view) = server.post("/api/v1/flows", None, &begin);
    assert_eq!(status, 201);
    let token = view["token"].as_str().unwrap().to_owned();

    let is_rotated = AtomicBool::new(false);
    let address = server.address();
    let (said, walked) = std::thread::scope(|scope| {
        let walker = scope.spawn(|| {
            let mut walked = 0;
            while !is_rotated.load(Ordering::Relaxed) {
                // A wrong code at the end: nobody has this username.
                let statuses = server::reset_to_code(address, &format!("nobody.{walked}"));
                assert_eq!(statuses, [201, 200, 200, 422]);
                walked += 1;
            }
            walked
        });
        let rotated = desk.run("keys rotate");
        is_rotated.store(true, Ordering::Relaxed);
        (rotated, walker.join().unwrap())
    });
    assert!(said.status.success(), "{said:?}");
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("with key 2") && walked > 5, "{said} {walked}");
    assert_eq!((desk.keys().as_str(), desk.sealed_with(1)), ("02", 0));
    assert!(desk.sealed_with(2) > walked);

    let answers = json!({"step": "invitation", "answers": {"invitation": code}});
    let (status, view) = server.post("/api/v1/flow/answers", Some(&token), &answers);
    assert_eq!((status, &view["step"]["name"]), (200, &json!("identity")));
    server.stop();
    assert_eq!(
        desk.sealed_with(1),
        0,
        "nobody wrote with the old key since"
    );
    assert!(
        !holds(desk.bytes()),
        "the old key is gone from the file, too"
    );
    let trail = desk.good("audit export");
    for event in ["key-added", "key-erased"] {
        assert_eq!(trail.matches(event).count(), 1, "{event}");
    }
    desk.good("audit verify");
    // And once more, now that it is the second that goes.
    assert!(desk.good("keys rotate").contains("with key 3"));
    assert_eq!((desk.keys().as_str(), desk.sealed_with(2)), ("03", 0));
}

/// It meets no record with the new key, from which it would learn of it.
#[test]
fn a_server_that_nobody_asks_meanwhile_learns_of_the_new_key() {
    let desk = Desk::with("");
    let server = Server::start(&desk);
    desk.good("keys rotate");
    assert_eq!(desk.keys(), "02");
    let walked = server::reset_to_code(server.address(), "nobody.here");
    assert_eq!(walked, [201, 200, 200, 422]);
    server.stop();
}

#[test]
fn a_rotation_that_was_stopped_is_gone_on_with() {
    let desk = Desk::with_an_invitation();
    let mut rotation = desk
        .command("keys rotate")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The second key is there at once; then it waits for servers.
    while desk.keys() != "012" {
        std::thread::yield_now();
    }
    let id = rotation.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-9", &id])
            .status()
            .unwrap()
            .success()
    );
    rotation.wait().unwrap();
    // Both keys are of use.
    assert!(desk.sealed_with(1) > 0);
    desk.invite();
    assert!(desk.sealed_with(2) > 0);
    let said = desk.good("keys rotate");
    assert!(
        said.contains("was finished") && said.contains("key 2"),
        "{said}"
    );
    assert_eq!((desk.keys().as_str(), desk.sealed_with(1)), ("02", 0));
}

#[test]
fn a_damaged_record_keeps_its_key_and_is_told() {
    let desk = Desk::with_an_invitation();
    desk.sql("UPDATE staff SET sealed = substr(sealed, 1, length(sealed) - 1)");
    desk.refuses(
        "keys rotate",
        &["1 stored record cannot", "old key was kept"],
    );
    assert_eq!((desk.keys().as_str(), desk.sealed_with(1)), ("012", 1));
}

#[test]
fn the_master_key_changes_without_a_record_being_touched() {
    let desk = Desk::with_an_invitation();
    desk.refuses("keys rewrap", &["secrets.new_key", "openssl rand -hex 32"]);
    let server = Server::start(&desk);
    desk.configure(
        "secrets.key",
        &format!("secrets.new_key = \"{NEW_KEY}\"\nsecrets.key"),
    );
    let records = "SELECT count(*) FROM patients WHERE hex(key_id) = '0001'";
    let said = desk.good("keys rewrap");
    assert!(said.contains("remove secrets.new_key"), "{said}");
    assert_eq!((desk.keys().as_str(), desk.number(records)), ("01", 1));
    // A server from before goes on; but the old key starts none.
    assert_eq!(
        server::reset_to_code(server.address(), "nobody.here"),
        [201, 200, 200, 422]
    );
    server.stop();
    for line in ["serve", "migrate", "keys rewrap"] {
        refused(line, &desk.run(line), &["secrets.key", "secrets.new_key"]);
    }
    let file = desk.path().join("frontdesk.toml");
    let toml = std::fs::read_to_string(&file).unwrap();
    let lines = toml.lines().filter(|line| !line.starts_with("secrets."));
    let toml: Vec<_> = lines.collect();
    let toml = format!("{}\nsecrets.key = \"{NEW_KEY}\"\n", toml.join("\n"));
    std::fs::write(&file, toml).unwrap();
    desk.invite();
    assert!(desk.good("audit export").contains("keys-rewrapped"));
    desk.good("audit verify");
}

#[test]
fn a_new_master_key_that_is_none_is_told() {
    let same = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
    for (key, told) in [(same, "the same as secrets.key"), ("7", "64")] {
        let desk = Desk::with(&format!("secrets.new_key = \"{key}\""));
        desk.refuses("keys rewrap", &["secrets.new_key", told]);
    }
}
