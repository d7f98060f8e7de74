//! What whoever watches the server is told, on a listener of their own.

use frontdesk_tests::people::{Person, ROSA};
use frontdesk_tests::{MailServer, Settings, Stack, wait_for};
use jiff::SignedDuration;
use verify_api::clock::Clock as _;

fn watched() -> Stack {
    let settings = Settings::default().key("operations.listen", "127.0.0.1:0");
    Stack::with(&settings.sqlite())
}

#[test]
fn what_happens_is_counted_and_nobody_is_named() {
    let stack = watched();
    stack.enrolled(&ROSA);
    stack.client.get("/no-such-page-of-rosa").expect(404);
    let reply = stack.operations().get("/metrics");
    reply.expect(200);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(reply.header("content-type"), Some(kind));
    for line in [
        r#"frontdesk_flows_begun_total{kind="enrollment"} 1"#,
        r#"frontdesk_flows_finished_total{kind="enrollment"} 1"#,
        // A code and a notice.
        r#"frontdesk_messages_total{channel="text",fate="sent"} 2"#,
        r#"frontdesk_requests_total{route="/api/v1/flows",status="201"} 1"#,
        r#"frontdesk_request_seconds_count{route="/api/v1/flows"} 1"#,
        r#"frontdesk_requests_total{route="static",status="404"} 1"#,
        "frontdesk_outbox_messages 0",
        "frontdesk_outbox_age_seconds 0.0",
        "frontdesk_hashes_running 0",
        "# EOF",
    ] {
        assert!(
            reply.body.lines().any(|found| found == line),
            "{line} should be in\n{}",
            reply.body
        );
    }
    let told = reply.body.to_lowercase();
    // Less of the number may stand in a figure by chance.
    let number = ROSA.phone.trim_start_matches("+1207");
    for person in [ROSA.given, ROSA.family, ROSA.email, ROSA.username, number] {
        assert!(!told.contains(&person.to_lowercase()), "{person}\n{told}");
    }
    stack.client.get("/metrics").expect(404);
}

#[test]
fn a_server_is_ready_while_its_tables_are_its_own_and_messages_leave() {
    let stack = watched();
    for client in [&stack.client, stack.operations()] {
        client.get("/healthz").expect(200);
        client.get("/readyz").expect(200);
    }
    stack.forget_version();
    let reply = stack.operations().get("/readyz");
    reply.expect(503);
    assert!(reply.body.contains("verify-api migrate"), "{}", reply.body);
    stack.operations().get("/healthz").expect(200);
}

/// One mistyped address must not take every server from every patient.
#[test]
fn a_message_that_is_put_off_leaves_the_server_ready_and_an_outbox_that_stands_still_does_not() {
    let mail = MailServer::start();
    let settings = Settings::default().key("operations.listen", "127.0.0.1:0");
    let stack = Stack::with(&settings.sqlite().smtp(&mail));
    let full = Person {
        mrn: "WS-2095",
        email: "full@example.org",
        ..ROSA
    };
    stack.import(&[full]);
    stack.invite(&full);
    // Until it waits for its next try, and is not being tried at this moment.
    let put_off_for = |seconds: i64| {
        wait_for("the message to be put off", || {
            let next = stack.outbox(false)[0].at;
            let wait = next.duration_since(stack.clock.now()).as_secs();
            (seconds..=seconds * 6 / 5).contains(&wait).then_some(())
        });
    };
    for seconds in [10, 30, 120, 600] {
        put_off_for(seconds);
        stack.advance(SignedDuration::from_secs(seconds * 6 / 5 + 1));
    }
    // By now it was queued a quarter of an hour ago.
    put_off_for(1800);
    stack.operations().get("/readyz").expect(200);
    let held = stack.hold_database();
    stack.advance(SignedDuration::from_mins(50));
    let reply = stack.operations().get("/readyz");
    reply.expect(503);
    assert!(reply.body.contains("messages"), "{}", reply.body);
    drop(held);
    wait_for("the server to be ready again", || {
        (stack.operations().get("/readyz").status == 200).then_some(())
    });
}
