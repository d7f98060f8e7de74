//! A flow about an account goes on in the session in which it began, and only there.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Request, Stack};
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
