//! Emails through a real mail server.

use frontdesk_tests::people::{Person, ROSA, SEAN};
use frontdesk_tests::{MailServer, Protection, Settings, Stack, logs, wait_for};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn a_reset_code_comes_by_email_through_a_mail_server() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "email");
    stack.settle();
    let received = server.received();
    let email = received.iter().find(|email| {
        let subject = email.header("subject").unwrap_or_default();
        subject.contains("code")
    });
    let email = email.expect("the email with the code came by SMTP");
    assert_eq!(email.recipients(), &json!([ROSA.email]));
    assert_eq!(email.header("to"), Some(ROSA.email));
    assert_eq!(email.header("from"), Some("Wellsprings <help@example.org>"));
    assert_eq!(email.header("bcc"), None);
    assert_eq!(
        email.header("date"),
        Some("Wed, 25 Nov 2026 09:30:00 +0000"),
        "the date is the message's own"
    );
    assert_eq!(email.content_type(), "multipart/alternative");
    let parts = email.parts();
    let types: Vec<_> = parts.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(types, ["text/plain", "text/html"], "the plain part first");
    let code = parts[0]
        .1
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()));
    let code = code.expect("a line with the code and nothing else");
    assert!(parts[1].1.contains(code), "both parts carry the code");
    assert!(parts[0].1.contains("888-747-4255"), "support is on it");
    flow.answer("code", &json!({ "code": code }))
        .at("new-password");
}

#[test]
fn names_from_everywhere_arrive_as_they_are() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    let person = Person {
        mrn: "WS-2090",
        given: "Zoë-Łucja",
        email: "zoe@example.org",
        ..ROSA
    };
    stack.import(&[person]);
    stack.invite(&person);
    let email = server.email_to(person.email);
    assert!(
        email.parts()[0].1.contains("Hello Zoë-Łucja,"),
        "{}",
        email.raw()
    );
    assert!(email.raw().is_ascii(), "what travels is plain ASCII");
}

#[test]
fn a_mail_server_that_is_busy_gets_the_same_message_again() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    let busy = Person {
        mrn: "WS-2091",
        email: "busy@example.org",
        ..ROSA
    };
    let gone = Person {
        mrn: "WS-2092",
        email: "gone@example.org",
        ..ROSA
    };
    stack.import(&[busy, gone]);
    stack.invite(&busy);
    stack.invite(&gone);
    stack.invite(&ROSA);
    server.email_to(ROSA.email);
    // The one that is refused for good ends, and the trail says so.
    let dead = "SELECT count(*) FROM audit WHERE event = 'message-dead'";
    wait_for("the refused message to be given up", || {
        (stack.number(dead) == 1).then_some(())
    });
    // The one that was put off waits for its time, and holds nobody up.
    let waiting = "SELECT count(*) FROM outbox WHERE fate IS NULL";
    wait_for("all others to be done", || {
        (stack.number(waiting) == 1).then_some(())
    });
    // Whatever is due before this one goes before it.
    stack.advance(SignedDuration::from_secs(9));
    stack.invite(&SEAN);
    server.email_to(SEAN.email);
    assert_eq!(
        server.handed_over(busy.email).len(),
        1,
        "a server that is busy is left alone for a while"
    );
    stack.advance(SignedDuration::from_secs(4));
    let email = server.email_to(busy.email);
    let id = email.header("message-id").expect("a Message-ID");
    assert!(id.starts_with('<') && id.ends_with("@example.org>"), "{id}");
    let handed_over = server.handed_over(busy.email);
    assert_eq!(handed_over.len(), 2, "put off once, then taken");
    assert_eq!(
        handed_over[0].header("message-id"),
        Some(id),
        "a mail system should see that it is the same message"
    );
    stack.settle();
}

#[test]
fn an_invitation_that_was_replaced_while_its_email_waited_is_not_mailed() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    let busy = Person {
        mrn: "WS-2093",
        email: "busy@example.org",
        ..ROSA
    };
    stack.import(&[busy]);
    stack.invite(&busy);
    wait_for("the first one to be put off", || {
        (server.handed_over(busy.email).len() == 1).then_some(())
    });
    let newest = stack.invite(&busy);
    let email = server.email_to(busy.email);
    assert!(email.parts()[0].1.contains(&newest), "{}", email.raw());
    stack.advance(SignedDuration::from_secs(13));
    stack.settle();
    assert_eq!(
        server.handed_over(busy.email).len(),
        2,
        "the older one is of no use to anybody"
    );
}

#[test]
fn an_email_goes_through_a_server_that_asks_for_tls_and_a_password() {
    for protection in [Protection::StartTls, Protection::Tls] {
        let server = MailServer::with(protection);
        let stack = Stack::with(&Settings::default().smtp(&server));
        stack.invite(&ROSA);
        let email = server.email_to(ROSA.email);
        assert!(email.is_protected(), "{protection:?}: {}", email.raw());
        stack.settle();
    }
    let log = logs();
    let login = data_encoding::BASE64.encode(b"\0help\0correct horse");
    let password = data_encoding::BASE64.encode(b"correct horse");
    for secret in ["correct horse", &login, &password] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[test]
fn a_server_that_nobody_vouches_for_or_that_does_not_know_us_gets_nothing() {
    for protection in [Protection::StartTls, Protection::Tls] {
        let server = MailServer::with(protection);
        let settings = Settings::default().smtp(&server);
        let other = MailServer::with(protection);
        let of_another = other.certificate();
        for (key, value, cause) in [
            ("smtp.password", "wrong", "smtp.password"),
            ("smtp.ca_file", of_another.as_str(), "its certificate"),
        ] {
            let stack = Stack::with(&settings.clone().key(key, value));
            stack.invite(&ROSA);
            // Put off, with a word for whoever can mend it.
            wait_for("the email to be tried", || {
                let tried = "SELECT count(*) FROM outbox WHERE attempts = 1 \
                             AND next_at BETWEEN created_at + 1 AND created_at + 30000";
                (stack.number(tried) == 1).then_some(())
            });
            let job = &stack.outbox(false)[0].id;
            let is_told = |line: &str| line.contains(job) && line.contains(cause);
            assert!(logs().lines().any(is_told), "{protection:?} {key}");
        }
        assert!(server.received().is_empty());
    }
}
