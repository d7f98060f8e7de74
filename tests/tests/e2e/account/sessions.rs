//! A flow about an account goes on in the session in which it began, and only there.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Request, Settings, Stack};
use jiff::SignedDuration;
use protocol::paths;
use serde_json::json;

use super::{at_code, begin, password, session, shown_phone};
use crate::sign_in::{self, press};

#[test]
fn nobody_begins_a_change_who_is_not_signed_in() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let ended = session(&stack);
    press(&stack, &ended, "sign-out").expect(303);
    for shown in [None, Some("session=none"), Some(ended.as_str())] {
        Flow::try_begin(&stack.client, "phone-change", shown).problem(403, "sign-in-first");
    }
}

/// Its token alone opens nothing, nor does a session of somebody else, or another one of the
/// same person.
#[test]
fn a_change_is_answered_only_in_its_own_session() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let (own, second) = (session(&stack), session(&stack));
    let others = sign_in::session(&stack.sign_in(SEAN.username, SEAN.password));
    let (flow, code) = at_code(&stack, &own, "text");
    for shown in [None, Some(others.as_str()), Some(second.as_str())] {
        let stranger = flow.shown_by(shown);
        stranger.view().problem(403, "sign-in-first");
        stranger.back().problem(403, "sign-in-first");
        stranger.resend(None).problem(403, "sign-in-first");
        stranger.more_time().problem(403, "sign-in-first");
        stranger
            .answer("code", &json!({"code": code}))
            .problem(403, "sign-in-first");
    }
    assert_eq!(shown_phone(&stack, &own), "31");
    flow.answer("code", &json!({"code": code})).at("done");
}

#[test]
fn a_change_ends_with_its_session() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let minutes = SignedDuration::from_mins;
    let signs_out = |own: &str| {
        press(&stack, own, "sign-out").expect(303);
    };
    let waits = |_: &str| stack.advance(minutes(15));
    let resets = |_: &str| {
        stack.settle();
        stack.mail.mark_read();
        stack
            .at_new_password(&ROSA)
            .answer("new-password", &json!({"password": NEW_PASSWORD}))
            .at("done");
    };
    let ends: [&dyn Fn(&str); 3] = [&signs_out, &waits, &resets];
    for end in ends {
        let own = session(&stack);
        let (flow, code) = at_code(&stack, &own, "text");
        end(&own);
        flow.answer("code", &json!({"code": code}))
            .problem(403, "sign-in-first");
        flow.view().problem(403, "sign-in-first");
        stack.advance(SignedDuration::from_secs(60));
    }
    assert_eq!(
        stack.number("SELECT count(*) FROM audit WHERE event = 'phone-changed'"),
        0
    );
}

/// More time is for whoever is signed in, and makes nobody else of them.
#[test]
fn more_time_opens_a_change_to_nobody_else() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let (own, second) = (session(&stack), session(&stack));
    let flow = begin(&stack, &own);
    stack.advance(SignedDuration::from_mins(10));
    let given = flow.more_time().at("password");
    assert_eq!(given["notice"], "more-time");
    for shown in [None, Some(second.as_str())] {
        let stranger = flow.shown_by(shown);
        stranger.more_time().problem(403, "sign-in-first");
        stranger.view().problem(403, "sign-in-first");
        stranger
            .answer("password", &password())
            .problem(403, "sign-in-first");
    }
    flow.answer("password", &password()).at("phone");
}

/// What is told of the time ends with the session, and more time renews it as any use does.
#[test]
fn a_change_has_as_much_time_as_its_session() {
    let idle = Settings::default().key("sessions.idle_minutes", "3");
    let stack = Stack::with(&idle);
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let flow = begin(&stack, &own);
    assert_eq!(flow.view().at("password")["expires_in"], 180);
    stack.advance(SignedDuration::from_secs(50));
    assert_eq!(
        flow.view().at("password")["expires_in"],
        130,
        "a use within the minute is not noted"
    );
    stack.advance(SignedDuration::from_secs(120));
    let given = flow.more_time().at("password");
    assert_eq!(given["expires_in"], 180);
    assert_eq!(given["notice"], "more-time");
    stack.advance(SignedDuration::from_secs(170));
    let phone = flow.answer("password", &password()).at("phone");
    assert_eq!(phone["expires_in"], 180);
    stack.advance(SignedDuration::from_secs(180));
    flow.view().problem(403, "sign-in-first");
}

/// More time cannot be had of a session that is about to end whatever is done.
#[test]
fn more_time_is_not_promised_past_the_end_of_the_session() {
    let hour = Settings::default().key("sessions.lifetime_hours", "1");
    let stack = Stack::with(&hour);
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let flow = begin(&stack, &own);
    for _ in 0..5 {
        stack.advance(SignedDuration::from_mins(11));
        flow.view().at("password");
    }
    let refused = flow.more_time().at("password");
    assert_eq!(refused["expires_in"], 300);
    assert_eq!(refused["notice"], "no-more-time");
}

/// Answers keep the session alive, as looking at the account does.
#[test]
fn whoever_answers_is_not_signed_out_meanwhile() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    stack.advance(SignedDuration::from_mins(10));
    let flow = begin(&stack, &own);
    stack.advance(SignedDuration::from_mins(10));
    flow.answer("password", &password()).at("phone");
    stack.advance(SignedDuration::from_mins(10));
    flow.view().at("phone");
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let flow = begin(&stack, &own);
    let from_elsewhere = |path: &str| {
        Request::new("POST", path)
            .header("cookie", &own)
            .header("sec-fetch-site", "cross-site")
            .bearer(&flow.token)
    };
    let begin = from_elsewhere(paths::FLOWS).json(&json!({"kind": "phone-change"}));
    stack.client.send(begin).problem(403, "needs-cookies");
    let body = json!({"step": "password", "answers": password()});
    let answer = from_elsewhere(paths::ANSWERS).json(&body);
    stack.client.send(answer).problem(403, "needs-cookies");
    flow.answer("password", &password()).at("phone");
}
