//! Texts and calls through a phone provider that behaves as Twilio does.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{PUBLIC, Request, Settings, Stack, Twilio, logs, wait_for};
use jiff::SignedDuration;
use serde_json::json;

/// A server whose texts and calls go by `twilio`, with Rosa enrolled.
pub(crate) fn with_rosa(twilio: &Twilio) -> Stack {
    let stack = Stack::with(&Settings::default().twilio(twilio));
    let flow = stack.at_phone(&ROSA);
    let by_text = json!({"phone": ROSA.phone, "channel": "text"});
    flow.answer("phone", &by_text).at("code");
    let text = twilio.next();
    let code = text.code().expect("a text with a code");
    flow.answer("code", &json!({"code": code})).at("contact");
    flow.answer("contact", &json!({"email": ROSA.email}))
        .at("credentials");
    flow.answer("credentials", &ROSA.credentials()).at("done");
    assert!(twilio.next().field("Body").contains("now enrolled"));
    stack.settle();
    stack
}

fn reports(stack: &Stack, report: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM outbox WHERE report = '{report}'");
    stack.number(&sql)
}

const UNDELIVERED: &str = "SELECT count(*) FROM audit WHERE event = 'message-undelivered'";

#[test]
fn a_password_is_reset_with_a_code_that_twilio_took_and_delivered() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let text = twilio.next();
    assert_eq!(text.resource, "Messages");
    assert_eq!(text.field("To"), ROSA.phone);
    assert_eq!(
        text.field("ValidityPeriod"),
        "600",
        "as long as the code works"
    );
    let code = text.code().expect("a text with a code");
    assert!(
        text.field("Body")
            .ends_with(&format!("\n@help.example.org #{code}"))
    );

    let url = text.field("StatusCallback");
    assert!(url.starts_with(PUBLIC), "{url}");
    assert!(!url.contains("555") && !url.contains(code), "{url}");
    stack.settle();
    for status in ["sent", "delivered", "delivered", "undelivered"] {
        let form = [
            ("MessageStatus", status),
            ("To", ROSA.phone),
            ("From", "+12075550100"),
        ];
        let reply = twilio.report(&stack.client, url, &form, &form);
        reply.expect(204);
    }
    assert_eq!(reports(&stack, "delivered"), 1, "what came first stands");
    assert_eq!(stack.number(UNDELIVERED), 0, "it arrived");

    flow.answer("code", &json!({"code": code}))
        .at("new-password");
    let password = json!({"password": NEW_PASSWORD});
    flow.answer("new-password", &password).at("done");
    assert!(stack.opens(&ROSA, NEW_PASSWORD));
    let logged = logs();
    assert!(logged.contains("Twilio took a message"));
    assert!(!logged.contains(ROSA.phone));
}

#[test]
fn staff_see_that_a_call_was_not_answered() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    stack.at_reset_code(ROSA.username, "call");
    let call = twilio.next();
    assert_eq!(call.resource, "Calls");
    assert!(call.field("Twiml").starts_with("<Response>"));
    assert_eq!(call.field("StatusCallbackEvent"), "completed");
    stack.settle();
    let form = [("CallStatus", "no-answer"), ("To", ROSA.phone)];
    let url = call.field("StatusCallback");
    for _ in 0..2 {
        let reply = twilio.report(&stack.client, url, &form, &form);
        reply.expect(204);
    }
    assert_eq!(reports(&stack, "undelivered"), 1, "staff should see it");
    assert_eq!(
        stack.number(UNDELIVERED),
        1,
        "one line, however often it is told"
    );
    let about_rosa = "SELECT count(*) FROM audit JOIN accounts ON accounts.id = audit.subject \
                      WHERE event = 'message-undelivered'";
    assert_eq!(stack.number(about_rosa), 1, "it is about her account");
}

#[test]
fn what_twilio_has_not_signed_changes_nothing() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    stack.at_reset_code(ROSA.username, "text");
    let text = twilio.next();
    stack.settle();
    let url = text.field("StatusCallback");
    let form = [("MessageStatus", "undelivered")];
    let other = [("MessageStatus", "delivered")];
    let elsewhere = url.replace("help.example.org", "evil.example.net");
    twilio.report(&stack.client, url, &form, &other).expect(403);
    twilio
        .report(&stack.client, &elsewhere, &form, &form)
        .expect(403);
    twilio.report(&stack.client, url, &form, &[]).expect(403);
    let path = url.strip_prefix(PUBLIC).expect("our own address");
    let unsigned = Request::new("POST", path).form(&form);
    stack.client.send(unsigned).expect(403);
    // Signed for the host that the request names, which is not ours.
    let misdirected = Twilio::signed(&elsewhere, &form, &form);
    let misdirected = misdirected.header("host", "evil.example.net");
    stack.client.send(misdirected).expect(403);
    assert_eq!(
        reports(&stack, "undelivered") + reports(&stack, "delivered"),
        0,
        "none of these was signed for where it was sent"
    );
    assert_eq!(stack.number(UNDELIVERED), 0);
    twilio.report(&stack.client, url, &form, &form).expect(204);
    assert_eq!(reports(&stack, "undelivered"), 1);
}

#[test]
fn a_text_whose_answer_was_lost_comes_again_with_the_same_code() {
    let twilio = Twilio::start();
    let stack = with_rosa(&twilio);
    twilio.confuse(1);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let first = twilio.next();
    wait_for("the message to be put back", || {
        let waiting = "SELECT count(*) FROM outbox WHERE fate IS NULL \
                       AND next_at BETWEEN created_at + 1 AND created_at + 30000";
        (stack.number(waiting) == 1).then_some(())
    });
    stack.advance(SignedDuration::from_secs(13));
    let second = twilio.next();
    assert_eq!(first.field("Body"), second.field("Body"));
    stack.settle();
    let code = first.code().expect("a text with a code");
    flow.answer("code", &json!({"code": code}))
        .at("new-password");
}

#[test]
fn without_twilio_nobody_listens_for_its_reports() {
    let stack = Stack::start();
    let path = format!("/api/v1/delivery/twilio/{}", "5a".repeat(16));
    let reply = stack
        .client
        .send(Request::new("POST", &path).form(&[("a", "b")]));
    assert!([404, 405].contains(&reply.status), "{}", reply.status);
}
