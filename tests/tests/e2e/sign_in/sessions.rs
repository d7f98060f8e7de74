//! How a session lives and ends.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Request, Settings, Stack, words};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::json;

use super::{account, form_token, is_signed_in, press, send, session};

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn signed_in(stack: &Stack) -> String {
    session(&stack.sign_in(ROSA.username, ROSA.password))
}

#[test]
fn a_session_ends_after_a_quarter_of_an_hour_without_a_sign() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    for _ in 0..3 {
        stack.advance(minutes(14));
        assert!(is_signed_in(&stack, &session));
    }
    stack.advance(minutes(15));
    let gone = account(&stack.client, &session);
    gone.expect(303);
    assert_eq!(
        gone.header("location"),
        Some("/flows/sign-in?notice=signed-out")
    );
    let mut set = gone.all_headers("set-cookie");
    assert!(set.any(|cookie| cookie.starts_with("session=; ") && cookie.contains("Max-Age=0")));
}

#[test]
fn a_session_ends_after_twelve_hours_whatever_is_done() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    let page = account(&stack.client, &session).body;
    assert!(
        page.contains("for 15 minutes, and in 12 hours at the latest"),
        "{page}"
    );
    for _ in 0..71 {
        stack.advance(minutes(10));
        assert!(is_signed_in(&stack, &session));
    }
    stack.advance(minutes(10));
    assert!(!is_signed_in(&stack, &session));
}

/// A page that was only left open can be stayed at by a press, as often as it takes.
#[test]
fn whoever_presses_stays_signed_in_up_to_twelve_hours() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    let token = form_token(&stack, &session);
    let stay = || {
        let gone_to = send(&stack, &session, &token, "more-time");
        gone_to.expect(303);
        gone_to.header("location").map(str::to_owned)
    };
    let renewed = format!("{}?notice=more-time", paths::ACCOUNT);
    for _ in 0..50 {
        stack.advance(minutes(14));
        assert_eq!(stay().as_deref(), Some(renewed.as_str()));
    }
    let is_told = || {
        let request = Request::new("GET", &renewed).header("cookie", &session);
        let page = stack.client.send(request).body;
        page.contains(words("notice.more-time"))
    };
    assert!(is_told());
    // Six minutes are left of the twelve hours then, and no press makes them more.
    stack.advance(minutes(14));
    assert_eq!(stay().as_deref(), Some(renewed.as_str()));
    assert!(!is_told());
    stack.advance(minutes(6));
    assert!(!is_signed_in(&stack, &session));
}

#[test]
fn how_long_sessions_live_can_be_set_within_bounds() {
    let stack = Stack::with(
        &Settings::default()
            .key("sessions.idle_minutes", "30")
            .key("sessions.lifetime_hours", "1"),
    );
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    for (later, lives) in [(29, true), (29, true), (2, false)] {
        stack.advance(minutes(later));
        assert_eq!(is_signed_in(&stack, &session), lives);
    }
}

#[test]
fn looking_at_the_account_is_noted_once_a_minute() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    let seen = || stack.number("SELECT seen_at FROM sessions");
    let begun = seen();
    for (later, noted) in [(0, 0), (59, 0), (1, 60), (30, 60), (30, 120)] {
        stack.advance(SignedDuration::from_secs(later));
        assert!(is_signed_in(&stack, &session));
        assert_eq!(seen() - begun, noted * 1000, "after {later} seconds more");
    }
}

#[test]
fn a_reset_ends_every_session_of_the_account() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let sessions = [signed_in(&stack), signed_in(&stack)];
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    for session in &sessions {
        assert!(!is_signed_in(&stack, session));
    }
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
}

/// Nor does one begin from the password of before, by a code that is still waited for.
#[test]
fn a_sign_in_that_waits_for_its_code_ends_with_a_reset() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    for _ in 0..5 {
        stack.sign_in(ROSA.username, NEW_PASSWORD);
    }
    let flow = stack.begin("sign-in");
    let answers = json!({"username": ROSA.username, "password": ROSA.password});
    flow.answer("sign-in", &answers).at("code");
    let code = stack.mail.code("text", ROSA.phone);
    stack
        .at_new_password(&ROSA)
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    flow.answer("code", &json!({"code": code}))
        .problem(422, "invalid-answers");
    stack.settle();
    let before = stack.mail.all().len();
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).at("code");
    stack.settle();
    assert_eq!(
        stack.mail.all().len(),
        before,
        "no code leaves for a password of before"
    );
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
}

#[test]
fn signing_out_ends_this_session_and_everywhere_all() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let [one, two, three] = [(); 3].map(|()| signed_in(&stack));
    let gone = press(&stack, &one, "sign-out");
    gone.expect(303);
    assert!(!is_signed_in(&stack, &one) && is_signed_in(&stack, &two));
    press(&stack, &two, "sign-out-everywhere").expect(303);
    assert!(!is_signed_in(&stack, &two) && !is_signed_in(&stack, &three));
}

/// Whoever planted a session in the browser has none of whoever signs in there.
#[test]
fn each_sign_in_begins_a_new_session_and_ends_the_one_of_before() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = signed_in(&stack);
    let flow = Flow::begin(&stack.client, "sign-in");
    let body = json!({
        "step": "sign-in",
        "answers": {"username": ROSA.username, "password": ROSA.password},
    });
    let request = Request::new("POST", paths::ANSWERS)
        .bearer(&flow.token)
        .header("cookie", &before)
        .json(&body);
    let after = session(&stack.client.send(request));
    assert_ne!(before, after);
    assert!(is_signed_in(&stack, &after) && !is_signed_in(&stack, &before));
}

/// The widget goes on to the account then, as after any sign-in.
#[test]
fn a_sign_in_of_whoever_is_signed_in_is_done_as_it_begins() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = signed_in(&stack);
    let begin = |kind| Flow::try_begin(&stack.client, kind, Some(&session));
    let reply = begin("sign-in");
    reply.at("done");
    assert_eq!(reply.all_headers("set-cookie").next(), None);
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 1);
    begin("password-reset").at("identify");
    assert!(is_signed_in(&stack, &session));
    press(&stack, &session, "sign-out").expect(303);
    begin("sign-in").at("sign-in");
}

/// With the cookie alone another site does nothing.
#[test]
fn a_form_of_another_site_signs_nobody_out() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let [session, other] = [(); 2].map(|()| signed_in(&stack));
    let token = form_token(&stack, &other);
    let token = token.as_str();
    let [(_, own), (_, others)] =
        [&session, &other].map(|session| session.split_once('=').expect("a value"));
    for held in ["", token, own, others] {
        let form = [("token", held), ("action-sign-out", "x")];
        let request = Request::new("POST", paths::ACCOUNT).form(&form);
        let reply = stack.client.send(request.header("cookie", &session));
        assert_eq!(reply.header("location"), Some(paths::ACCOUNT));
        assert!(is_signed_in(&stack, &session), "{held}");
    }
    let told = Request::new("POST", paths::ACCOUNT)
        .form(&[("token", token), ("action-sign-out", "x")])
        .header("cookie", &other)
        .header("sec-fetch-site", "cross-site");
    stack.client.send(told);
    assert!(
        is_signed_in(&stack, &other),
        "a form that says to be of another site"
    );
}
