//! `audit verify`, `audit export`, and how long the trail is kept.

use std::process::Stdio;

use jiff::{SignedDuration, Timestamp};
use verify_api::clock::{Clock as _, SystemClock};

use crate::desk::Desk;
use crate::server::Server;

/// Every guard that the database has of its own.
const TRIGGERS: [&str; 6] = [
    "audit_is_append_only_update",
    "audit_is_append_only_delete",
    "audit_is_append_only_insert",
    "audit_ends_are_made_once",
    "audit_ends_only_move_on",
    "audit_ends_stay",
];

impl Desk {
    /// A desk whose trail has as many lines as it has staff.
    fn with_staff(count: usize) -> Self {
        let desk = Self::with("");
        desk.good("migrate");
        for n in 1..=count {
            desk.good(&format!("staff add desk{n}@example.org"));
        }
        desk
    }

    /// Does `sql` in the file, with the database's own guards taken away.
    fn tamper(&self, sql: &str) {
        let drops = TRIGGERS.map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger};"));
        self.sql(&format!("{}{sql}", drops.concat()));
    }

    /// The head that `audit verify` says.
    fn head(&self) -> String {
        let said = self.good("audit verify");
        let head = said
            .lines()
            .find_map(|line| line.strip_prefix("Its head is "));
        head.unwrap().to_owned()
    }
}

#[test]
fn a_whole_trail_is_told_with_its_head() {
    let desk = Desk::with("");
    assert!(desk.good("audit verify").contains("no line yet"));
    desk.good("staff add desk1@example.org");
    let first = desk.head();
    assert!(first.starts_with("1:") && first.len() == 2 + 64, "{first}");
    desk.good("staff add desk2@example.org");
    let said = desk.good("audit verify");
    assert!(said.contains("2 lines, from line 1 of 20"), "{said}");
    // An earlier head is still in it, and so is the newest.
    for noted in [first, desk.head()] {
        desk.good(&format!("audit verify --expect {noted}"));
    }
}

#[test]
fn whatever_is_done_to_the_trail_is_found_and_named() {
    for (sql, told) in [
        (
            "UPDATE audit SET event = 'enrolled' WHERE seq = 3",
            "line 3 was changed",
        ),
        (
            "UPDATE audit SET at = at - 1 WHERE seq = 1",
            "line 1 was changed",
        ),
        (
            "UPDATE audit SET subject = zeroblob(16) WHERE seq = 2",
            "line 2 was changed",
        ),
        (
            "UPDATE audit SET actor = subject WHERE seq = 4",
            "line 4 was changed",
        ),
        (
            "UPDATE audit SET link = zeroblob(32) WHERE seq = 5",
            "line 5 was changed",
        ),
        ("DELETE FROM audit WHERE seq = 3", "line 3 is missing"),
        ("DELETE FROM audit WHERE seq = 1", "line 1 is missing"),
        (
            "DELETE FROM audit WHERE seq = 5",
            "go on to line 5, but ends with line 4",
        ),
        ("DELETE FROM audit", "go on to line 5, but ends with line 0"),
        // Two lines that change places.
        (
            "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
             UPDATE audit SET seq = 3 WHERE seq = 9;",
            "line 2 was changed",
        ),
        // An end that was moved, and a line that never was.
        (
            "UPDATE audit_ends SET seq = 4, link = (SELECT link FROM audit WHERE seq = 4)",
            "end with line 4, but line 5 stands after it",
        ),
        (
            "INSERT INTO audit SELECT 6, at, event, subject, actor, link FROM audit WHERE seq = 5;
             UPDATE audit_ends SET seq = 6;",
            "line 6 was changed",
        ),
        // A beginning that was cut off as if it were too old.
        (
            "DELETE FROM audit WHERE seq < 3; UPDATE audit_ends SET start_seq = 2,
             start_link = (SELECT link FROM audit WHERE seq = 3);",
            "the beginning of the trail was changed",
        ),
        (
            "PRAGMA ignore_check_constraints = ON; UPDATE audit SET subject = x'00' WHERE seq = 2;",
            "line 2 of the audit trail is damaged",
        ),
        // All of it, as if there had never been any.
        (
            "DELETE FROM audit; DELETE FROM audit_ends;",
            "its beginning and end was taken away",
        ),
    ] {
        let desk = Desk::with_staff(5);
        let noted = desk.head();
        desk.tamper(sql);
        desk.refuses(&format!("audit verify --expect {noted}"), &[told]);
        desk.refuses("audit verify", &[told]);
    }
}

#[test]
fn a_tail_that_was_cut_off_with_its_mark_is_found_by_who_has_kept_the_head() {
    let desk = Desk::with_staff(3);
    let noted = desk.head();
    let cut = "DELETE FROM audit WHERE seq = 3;
               UPDATE audit_ends SET seq = 2, link = (SELECT link FROM audit WHERE seq = 2);";
    desk.tamper(cut);
    desk.good("audit verify");
    desk.refuses(
        &format!("audit verify --expect {noted}"),
        &["go on to line 3, but ends with line 2"],
    );
    // Lines of the right number that came in place of those are no better.
    desk.good("staff add desk4@example.org");
    desk.good("audit verify");
    desk.refuses(
        &format!("audit verify --expect {noted}"),
        &["line 3 is not the one that was noted down"],
    );
}

#[test]
fn a_head_that_is_none_is_told() {
    let desk = Desk::with("");
    for text in ["7", "7:12", "x:00"] {
        let output = desk.run(&format!("audit verify --expect {text}"));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains("64 hexadecimal"),
            "{told}"
        );
    }
}

#[test]
fn the_trail_is_exported_line_by_line() {
    let desk = Desk::with_staff(3);
    let export = desk.good("audit export");
    let lines: Vec<serde_json::Value> = export
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    for (n, line) in (1..).zip(&lines) {
        assert_eq!(
            (&line["seq"], &line["event"]),
            (&n.into(), &"staff-added".into())
        );
        assert_eq!(line["subject"].as_str().map(str::len), Some(32));
        assert!(line["actor"].is_null());
        let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        let age = SystemClock.now().duration_since(at);
        assert!(age < SignedDuration::from_mins(5), "{age}");
    }
    let last = format!("3:{}", lines[2]["link"].as_str().unwrap());
    assert_eq!(desk.head(), last);
    assert_eq!(desk.good("audit export --after 2").lines().count(), 1);
    assert_eq!(desk.good("audit export --after 3"), "");
    assert!(!export.contains('@'), "nobody is named");
}

#[test]
fn who_has_read_enough_of_an_export_may_close_it() {
    let desk = Desk::with_staff(1);
    let mut export = desk
        .command("audit export")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(export.stdout.take());
    let ended = export.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && told.is_empty(), "{told}");
}

#[test]
fn a_server_notes_the_head_of_its_trail_and_removes_nothing_at_its_start() {
    let desk = Desk::with_staff(2);
    // As if it was seven years ago, and no longer whole.
    desk.tamper("UPDATE audit SET at = at - 7 * 366 * 86400000");
    let before = desk.good("audit export");
    let server = Server::start(&desk);
    let noted = server.wait_for("head");
    server.stop();
    assert_eq!(desk.good("audit export"), before);
    assert!(noted.starts_with("2:"), "{noted}");
}
