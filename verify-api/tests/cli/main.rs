//! The program `verify-api` from a shell: what it does, and how it says no.
//!
//! Whatever is wrong is one sentence that names the key or file and the fix, on
//! standard error, with exit code 1; never a panic.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

mod audit;
mod backup;
mod crash;
mod database;
mod desk;
mod find;
mod import;
mod keys;
mod providers;
mod server;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use desk::{Desk, PATIENT, ended, refused};

#[test]
fn the_desk_works_from_a_shell() {
    let desk = Desk::with("");
    std::fs::write(desk.path().join("patients.ndjson"), PATIENT).unwrap();
    assert!(desk.good("config check").contains("demo mode"));
    desk.good("migrate");
    assert!(
        desk.good("patients import patients.ndjson")
            .contains("1 record: 1 created")
    );
    desk.good("staff add desk@example.org");
    let output = desk.run("invite WS-3001 --by desk@example.org");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("No email on file"), "{told}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let invited: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let code = invited["invitation"].as_str().unwrap();
    let link = format!("http://help.example.org/flows/enrollment?invitation={code}");
    assert_eq!(invited["link"], link.as_str());
    // Again is no error: it is the same database.
    desk.good("migrate");
    desk.good("patients import patients.ndjson");
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_one() {
    let desk = Desk::with("http.lissten = \"127.0.0.1:1\"");
    desk.refuses(
        "config check",
        &["http.lissten", "http.listen", "frontdesk.toml"],
    );
    desk.refuses("serve", &["http.lissten"]);

    let desk = Desk::with("");
    let mut command = desk.command("config check");
    command.env("FRONTDESK_HTTP__LISSTEN", "x");
    refused(
        "config check",
        &ended(command),
        &["FRONTDESK_HTTP__LISSTEN"],
    );
}

#[test]
fn a_missing_secret_is_named_with_how_to_make_it() {
    let desk = Desk::configured("mode = \"demo\"\n");
    desk.refuses("serve", &["secrets.key", "openssl rand -hex 32"]);
    desk.refuses("migrate", &["secrets.key"]);
    let desk = Desk::configured("mode = \"demo\"\nsecrets.key = \"s3cret\"\n");
    let output = desk.run("serve");
    refused("serve", &output, &["secrets.key", "64"]);
    assert!(
        !String::from_utf8_lossy(&output.stderr).contains("s3cret"),
        "a secret is not repeated"
    );
}

#[test]
fn what_is_unsafe_in_production_is_refused_all_at_once() {
    let desk = Desk::configured(
        "http.base_url = \"http://help.example.org\"\n\
         secrets.key = \"0000000000000000000000000000000000000000000000000000000000000000\"\n\
         delivery.transport = \"directory\"\n\
         demo.inbox = true\n",
    );
    let output = desk.run("config check");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    for key in [
        "http.base_url",
        "secrets.key",
        "delivery.transport",
        "demo.inbox",
    ] {
        assert!(stderr.contains(key), "{key} should be told: {stderr}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_named() {
    let desk = Desk::with("");
    desk.refuses("serve --config nowhere.toml", &["nowhere.toml"]);
    std::fs::write(desk.path().join("broken.toml"), "mode = \n").unwrap();
    desk.refuses("serve --config broken.toml", &["broken.toml", "line 1"]);
    let usual = desk.path().join("frontdesk.toml");
    std::fs::rename(&usual, desk.path().join("elsewhere.toml")).unwrap();
    let output = ended(desk.command("config check"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    for told in [
        "There is no frontdesk.toml",
        "--config",
        "http.base_url is missing",
    ] {
        assert!(said.contains(told), "{said}");
    }
    desk.good("config check --config elsewhere.toml");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let desk = Desk::with("");
    let mut command = desk.command("serve");
    command.env("FRONTDESK_HTTP__LISTEN", &address);
    refused("serve", &ended(command), &[&address, "http.listen"]);
    assert!(
        !desk.path().join("frontdesk.db").exists(),
        "a server that cannot start leaves nothing behind"
    );
}

#[test]
fn a_database_that_cannot_be_written_is_named() {
    for place in ["no/such/folder/frontdesk.db", "frontdesk.toml", "folder"] {
        let desk = Desk::with(&format!("database.url = \"sqlite://{place}\""));
        std::fs::create_dir(desk.path().join("folder")).unwrap();
        for line in ["migrate", "serve", "staff add desk@example.org"] {
            desk.refuses(line, &[place, "database.url"]);
        }
    }
}

#[test]
fn a_site_given_to_serve_is_judged_as_one_in_the_file() {
    let desk = Desk::with("delivery.directory = \"site/messages\"\nhttp.site = \"elsewhere\"");
    std::fs::create_dir(desk.path().join("site")).unwrap();
    for site in ["site", "./site/../site"] {
        let line = format!("serve --site {site}");
        desk.refuses(&line, &["delivery.directory", "http.site"]);
    }
    let desk = Desk::with("database.url = \"sqlite://site/x.db\"");
    std::fs::create_dir(desk.path().join("site")).unwrap();
    desk.refuses("serve --site site", &["database.url", "http.site"]);
}

#[test]
fn a_site_that_was_not_built_is_named() {
    let desk = Desk::with("");
    desk.refuses("serve --site public", &["public", "http.site"]);
}

#[test]
fn patients_and_staff_that_are_not_there_are_told() {
    let desk = Desk::with("");
    desk.refuses("invite WS-1 --by desk@example.org", &["patient"]);
    desk.good("staff add desk@example.org");
    desk.refuses("invite WS-1 --by desk@example.org", &["patient"]);
    std::fs::write(desk.path().join("patients.ndjson"), PATIENT).unwrap();
    desk.good("patients import patients.ndjson");
    desk.refuses(
        "invite WS-3001 --by other@example.org",
        &["staff", "staff add"],
    );
    desk.refuses("invite WS-3001 --by desk", &["`desk`", "email"]);
    desk.refuses("staff add desk", &["`desk`", "email"]);
    desk.refuses("staff add DESK@example.org", &["already"]);
    desk.refuses("staff add desk@EXAMPLE.ORG", &["already"]);
}

#[test]
fn the_server_answers_and_stops_when_it_is_told_to() {
    let desk = Desk::with("");
    let mut server = desk
        .command("serve")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let address = log.find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let address = line["fields"]["address"].as_str();
        address.map(str::to_owned)
    });
    let mut stream = TcpStream::connect(address.unwrap()).unwrap();
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let told = Command::new("kill").arg(server.id().to_string()).status();
    assert!(told.unwrap().success());
    // Reads to the end, so that the server is not held up by a full pipe.
    let last = log.last().unwrap().unwrap();
    assert!(last.contains("stopped"), "{last}");
    assert!(
        server.wait().unwrap().success(),
        "being told to stop is no failure"
    );
}
