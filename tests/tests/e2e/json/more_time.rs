//! More time for a step (WCAG 2.2, 2.2.1): whoever asks for it has it, and nothing else.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Person, Reply, Stack};
use jiff::SignedDuration;
use serde_json::json;

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// Asks for more time a moment before the end, ten times and one.
#[track_caller]
fn linger(stack: &Stack, flow: &Flow, step: &str) {
    let whole = flow.view().at(step)["expires_in"].as_i64();
    let whole = whole.expect("a number");
    for _ in 0..11 {
        stack.advance(seconds(whole - 20));
        assert_eq!(flow.view().at(step)["expires_in"], 20);
        let view = flow.more_time().at(step);
        assert_eq!(view["expires_in"], whole);
        assert_eq!(view["notice"], "more-time");
    }
}

/// Lingers at the code of a text, which works no longer then; what another one leads to.
#[track_caller]
fn linger_at_a_text(stack: &Stack, flow: &Flow, person: &Person) -> Reply {
    let old = stack.mail.code("text", person.phone);
    linger(stack, flow, "code");
    flow.answer("code", &json!({ "code": old }))
        .fields(&json!({"code": "expired-code"}));
    flow.resend(None).at("code");
    let code = stack.mail.code("text", person.phone);
    flow.answer("code", &json!({ "code": code }))
}

/// Ten whole days for an email's code do not fit into a flow, which ends after two; and a change of
/// phone ends with the session of whoever is signed in.
#[test]
fn each_step_that_waits_an_hour_or_less_can_be_given_more_time_ten_times() {
    let stack = Stack::start();
    let flow = stack.begin("enrollment");
    let invitation = stack.invite(&ROSA);
    linger(&stack, &flow, "invitation");
    flow.answer("invitation", &json!({ "invitation": invitation }));
    linger(&stack, &flow, "identity");
    flow.answer("identity", &ROSA.identity());
    linger(&stack, &flow, "phone");
    let to = json!({"phone": ROSA.phone, "channel": "text"});
    flow.answer("phone", &to).at("code");
    linger_at_a_text(&stack, &flow, &ROSA).at("contact");
    let flow = stack.at_contact(&ROSA);
    linger(&stack, &flow, "contact");
    let other = "rosa.new@example.org";
    flow.answer("contact", &json!({ "email": other }))
        .at("code");
    let code = stack.mail.code("email", other);
    flow.answer("code", &json!({ "code": code }));
    linger(&stack, &flow, "credentials");
    flow.answer("credentials", &ROSA.credentials()).at("done");

    let flow = stack.begin("username-recovery");
    linger(&stack, &flow, "personal-info");
    flow.answer("personal-info", &ROSA.personal_info())
        .at("check-email");

    let flow = stack.begin("password-reset");
    linger(&stack, &flow, "identify");
    flow.answer("identify", &json!({"username": ROSA.username}));
    linger(&stack, &flow, "method");
    flow.answer("method", &json!({"channel": "text"}))
        .at("code");
    linger_at_a_text(&stack, &flow, &ROSA).at("new-password");
    let flow = stack.at_new_password(&ROSA);
    linger(&stack, &flow, "new-password");
    flow.answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");

    let flow = stack.begin("sign-in");
    linger(&stack, &flow, "sign-in");
    let answers = json!({"username": ROSA.username, "password": NEW_PASSWORD});
    flow.answer("sign-in", &answers).at("done");
}

#[test]
fn more_time_sends_nothing_and_lets_no_code_live_longer() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    stack.settle();
    let counts = || {
        ["audit", "outbox", "budgets", "challenges"]
            .map(|table| stack.number(&format!("SELECT count(*) FROM {table}")))
    };
    let (before, messages) = (counts(), stack.mail.all().len());
    stack.advance(seconds(9 * 60));
    let view = flow.more_time().at("code");
    assert_eq!(view["step"]["resend_in"], 0);
    assert_eq!((counts(), stack.mail.all().len()), (before, messages));
    stack.advance(seconds(60));
    flow.answer("code", &json!({ "code": code }))
        .fields(&json!({"code": "expired-code"}));
    // Another one can be had for the asking.
    flow.resend(None).at("code");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({ "code": code }))
        .at("new-password");
}

/// A flow is paid for once, and is no thing to come back to for ever.
#[test]
fn more_time_ends_with_the_flow_two_days_after_it_began() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    for _ in 0..48 {
        stack.advance(seconds(59 * 60));
        flow.more_time().at("identify");
    }
    // 48 minutes are left of the two days.
    stack.advance(seconds(30 * 60));
    let view = flow.more_time().at("identify");
    assert_eq!(view["expires_in"], 18 * 60);
    assert_eq!(view["notice"], "no-more-time");
    stack.advance(seconds(18 * 60));
    flow.more_time().problem(410, "flow-expired");
}

#[test]
fn more_time_comes_too_late_for_a_flow_that_is_over() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.begin("password-reset");
    stack.advance(seconds(3600));
    flow.more_time().problem(410, "flow-expired");
    flow.view().problem(410, "flow-expired");
    let [ended, other] = [(); 2].map(|()| {
        stack.advance(seconds(60));
        stack.at_new_password(&ROSA)
    });
    other
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    ended.more_time().problem(410, "flow-expired");
    let nobodys = Flow::with_token(&stack.client, &"A".repeat(43));
    nobodys.more_time().problem(401, "unknown-flow");
}

/// What is done stays on the screen; a page that is loaded again shows it no longer.
#[test]
fn nothing_is_kept_open_after_the_last_step() {
    let stack = Stack::start();
    let flow = stack.enrolling(&SEAN);
    flow.answer("credentials", &SEAN.credentials()).at("done");
    stack.advance(seconds(14 * 60));
    let view = flow.more_time().at("done");
    assert_eq!(view["expires_in"], 60);
    assert!(view["notice"].is_null());
}

/// An answer that two tabs give is one; so is time that both ask for.
#[test]
fn pressing_again_and_again_writes_once_a_minute() {
    let stack = Stack::start();
    let flow = stack.begin("enrollment");
    let end = || stack.number("SELECT expires_at FROM flows");
    let begun = end();
    for (later, moved) in [(0, 0), (59, 0), (1, 60), (30, 60), (30, 120)] {
        stack.advance(seconds(later));
        let view = flow.more_time().at("invitation");
        assert_eq!(view["notice"], "more-time");
        assert_eq!(end() - begun, moved * 1000, "after {later} seconds more");
    }
    assert_eq!(stack.number("SELECT version FROM flows"), 0);
}
