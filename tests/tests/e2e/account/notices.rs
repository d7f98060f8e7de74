//! Notices that wait while whoever is signed in changes the account once more. A thief who
//! changes both the phone and the email must not get what the owner is to be told.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_EMAIL;
use frontdesk_tests::{MailServer, Person, Settings, Stack, Twilio, wait_for};
use jiff::SignedDuration;
use serde_json::json;

use super::{NEW_PHONE, at_code, at_phone, email, session};
use crate::phone::with_rosa;

#[test]
fn the_phone_that_was_linked_when_the_email_changed_is_told_of_it() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    let own = session(&stack);
    let (flow, code) = email::at_code(&stack, &own, NEW_EMAIL);
    twilio.confuse(1);
    flow.answer("code", &json!({"code": code})).at("done");
    assert_eq!(
        twilio.next().field("To"),
        ROSA.phone,
        "it waits for a while"
    );

    let flow = at_phone(&stack, &own);
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "text"}))
        .at("code");
    let text = twilio.next();
    assert_eq!(text.field("To"), NEW_PHONE);
    let code = text.code().expect("a text with a code");
    flow.answer("code", &json!({"code": code})).at("done");
    stack.advance(SignedDuration::from_secs(13));
    for _ in 0..2 {
        let notice = twilio.next();
        assert_eq!(notice.field("To"), ROSA.phone, "{}", notice.field("Body"));
    }
    stack.settle();
}

#[test]
fn the_email_that_was_on_the_account_when_the_phone_changed_is_told_of_it() {
    let server = MailServer::start();
    let stack = Stack::with(&Settings::default().smtp(&server));
    // Where nothing arrives, all that is for it waits.
    let owner = Person {
        mrn: "WS-2096",
        email: "full@example.org",
        ..ROSA
    };
    stack.import(&[owner]);
    let enrolls = stack.enrolling(&owner);
    enrolls
        .answer("credentials", &owner.credentials())
        .at("done");
    let own = session(&stack);
    let (flow, code) = at_code(&stack, &own, "text");
    flow.answer("code", &json!({"code": code})).at("done");
    let flow = email::at_contact(&stack, &own);
    flow.answer("contact", &email::email(NEW_EMAIL)).at("code");
    let sent = server.email_to(NEW_EMAIL);
    let mut lines = sent.parts()[0].1.lines().map(str::trim);
    let code = lines.find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()));
    let code = code.expect("an email with a code");
    flow.answer("code", &json!({"code": code})).at("done");
    stack.advance(SignedDuration::from_mins(5));
    wait_for("both notices to be tried again", || {
        let waiting = stack.outbox(false);
        let tried = waiting.iter().filter(|it| it.tries > 1);
        (tried.count() == 2).then_some(())
    });
    for email in server.handed_over(NEW_EMAIL) {
        let text = email.parts()[0].1;
        assert!(!text.contains("Another phone was linked"), "{text}");
    }
}
