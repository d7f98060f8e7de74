//! Resetting a password.

use frontdesk_tests::people::{Person, ROSA};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Request, Stack};
use jiff::SignedDuration;
use serde_json::json;

use super::assert_same;

/// Resets a password by `channel`, and sees to all that follows.
fn resets_by(channel: &str) {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, channel);
    let view = flow.view().at("code");
    assert_eq!(
        view["step"],
        json!({"name": "code", "channel": channel, "resend_in": 60}),
        "where the code goes is not told to someone who has proven nothing"
    );
    let code = stack.mail.code(channel, ROSA.address(channel));
    let view = flow
        .answer("code", &json!({"code": code}))
        .at("new-password");
    assert_eq!(view["step"]["username"], ROSA.username);
    for weak in [
        "short",
        "passwordpassword",
        "rosa.heron rosa.heron",
        "Quintanilla-Byrne 1951",
    ] {
        flow.answer("new-password", &json!({"password": weak}))
            .expect(422);
    }
    let password = json!({"password": NEW_PASSWORD});
    flow.answer("new-password", &password).at("done");
    assert!(
        stack.opens(&ROSA, NEW_PASSWORD),
        "the new password should work"
    );
    assert!(!stack.opens(&ROSA, ROSA.password), "the old one should not");

    // It is over: neither the code nor the flow does anything any more.
    for (step, answer) in [("code", json!({"code": code})), ("new-password", password)] {
        let problem = flow.answer(step, &answer).problem(409, "wrong-step");
        assert_eq!(problem["view"]["step"]["name"], "done");
    }
    flow.back().expect(409);
    flow.resend(None).expect(409);
    for (channel, address) in [("email", ROSA.email), ("text", ROSA.phone)] {
        let notice = stack.mail.saying(channel, address, "was changed");
        assert!(
            notice.text.contains("888-747-4255"),
            "the notice says whom to call: {}",
            notice.text
        );
    }
}

#[test]
fn a_password_is_reset_by_email() {
    resets_by("email");
}

#[test]
fn a_password_is_reset_by_text() {
    resets_by("text");
}

#[test]
fn a_password_is_reset_by_call() {
    resets_by("call");
}

/// The phone on file may change; the code goes to the one that was linked.
#[test]
fn the_code_goes_to_the_phone_linked_to_the_account() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let moved = Person {
        phone: "+12075550177",
        email: "rosa.moved@example.org",
        ..ROSA
    };
    stack.import(&[moved]);
    for (channel, linked, on_file) in [
        ("text", ROSA.phone, moved.phone),
        ("email", ROSA.email, moved.email),
    ] {
        stack.at_reset_code(ROSA.username, channel);
        stack.mail.code(channel, linked);
        stack.settle();
        assert!(
            stack.mail.to(on_file).is_empty(),
            "what the clinic has on file is not what a reset uses"
        );
    }
}

#[test]
fn the_same_steps_lead_nowhere_for_an_unknown_username() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let before = stack.mail.all().len();
    let body = json!({"kind": "password-reset", "locale": "en"});
    let begin = || {
        stack
            .client
            .send(Request::new("POST", "/api/v1/flows").json(&body))
    };
    assert_same("beginning", &begin(), &begin());
    let known = stack.begin("password-reset");
    let unknown = stack.begin("password-reset");
    // As long as the real one, so that no length tells them apart.
    let nobody = "Nora.Heron";
    let both = |what: &str, ask: &dyn Fn(&Flow, &str) -> frontdesk_tests::Reply| {
        let known = ask(&known, ROSA.username);
        let unknown = ask(&unknown, nobody);
        assert_same(what, &known, &unknown);
    };
    both("the username", &|flow, username| {
        flow.answer("identify", &json!({"username": username}))
    });
    for channel in ["email", "text", "call"] {
        both("the method", &|flow, _| {
            flow.answer("method", &json!({"channel": channel}))
        });
        stack.settle();
        both("the view", &|flow, _| flow.view());
        both("a wrong code", &|flow, _| {
            flow.answer("code", &json!({"code": "000000"}))
        });
        both("resending too soon", &|flow, _| flow.resend(None));
        stack.advance(SignedDuration::from_secs(60));
        both("resending", &|flow, _| flow.resend(Some("text")));
        both("going back", &|flow, _| flow.back());
        stack.advance(SignedDuration::from_secs(60));
    }
    both("the last method", &|flow, _| {
        flow.answer("method", &json!({"channel": "call"}))
    });
    for _ in 0..4 {
        both("codes until none is left", &|flow, _| {
            flow.answer("code", &json!({"code": "000000"}))
        });
    }
    stack.settle();
    let sent = &stack.mail.all()[before..];
    assert_eq!(sent.len(), 7, "each code goes to the one who exists");
    assert!(
        sent.iter()
            .all(|message| [ROSA.email, ROSA.phone].contains(&message.to.as_str())),
        "an unknown username sends nothing"
    );
}

#[test]
fn a_reset_ends_every_other_proof_about_the_account_and_nobody_else_can_tell() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let waiting = stack.at_reset_code("rosa.heron", "text");
    let sent = stack.mail.code("text", ROSA.phone);
    let proven = stack.at_new_password(&ROSA);
    let other = stack.at_reset_code("Nora.Heron", "text");
    let flow = stack.at_new_password(&ROSA);
    flow.answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    proven
        .answer("new-password", &json!({"password": ROSA.password}))
        .problem(410, "flow-expired");
    assert!(stack.opens(&ROSA, NEW_PASSWORD), "what was reset stays");
    // A stranger may hold both of these: they look the same, and no code is right.
    let [known, unknown] = [&waiting, &other].map(|flow| {
        flow.view().at("code");
        flow.answer("code", &json!({"code": sent}))
    });
    known.problem(422, "invalid-answers");
    assert_eq!(
        (known.status, known.body),
        (unknown.status, unknown.body.clone())
    );
}
