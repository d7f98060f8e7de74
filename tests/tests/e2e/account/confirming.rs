//! The password once more: counted, told, and no way to guess at it without end.

use frontdesk_tests::Stack;
use frontdesk_tests::people::ROSA;
use serde_json::json;

use super::{begin, password, session};
use crate::sign_in;

fn wrong() -> serde_json::Value {
    json!({"password": "seven quiet herons at dawn"})
}

#[test]
fn a_wrong_password_is_told_and_five_in_a_session_are_the_last() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let found = session(&stack);
    let flow = begin(&stack, &found);
    let lines = || stack.number("SELECT count(*) FROM audit WHERE event = 'confirm-tries-spent'");
    for _ in 0..4 {
        let told = flow.answer("password", &wrong());
        told.problem(422, "invalid-answers");
        assert_eq!(told.json()["fields"]["password"], "wrong-password");
    }
    assert_eq!(lines(), 0);
    flow.answer("password", &wrong())
        .problem(429, "too-many-tries");
    assert_eq!(lines(), 1);
    assert_eq!(flow.view().json()["out_of_tries"], true);
    for flow in [flow, begin(&stack, &found)] {
        flow.answer("password", &password())
            .problem(429, "too-many-tries");
    }
    assert_eq!(lines(), 1, "what is not looked at leaves no line");
    // Whoever has the session cannot keep its owner out.
    let own = session(&stack);
    begin(&stack, &own)
        .answer("password", &password())
        .at("phone");
}

#[test]
fn a_right_password_begins_a_new_count() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    for _ in 0..3 {
        let flow = begin(&stack, &session);
        for _ in 0..4 {
            flow.answer("password", &wrong())
                .problem(422, "invalid-answers");
        }
        flow.answer("password", &password()).at("phone");
    }
}

#[test]
fn it_is_counted_among_the_passwords_of_sign_ins() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = begin(&stack, &session(&stack));
    for _ in 0..5 {
        flow.answer("password", &wrong());
    }
    let guessed = "SELECT count(*) FROM audit WHERE event = 'sign-in-guessed'";
    assert_eq!(stack.number(guessed), 0);
    stack.sign_in(ROSA.username, ROSA.password).at("done");
    assert_eq!(
        stack.number(guessed),
        1,
        "it was typed after five wrong ones"
    );
}

/// After the stop of sign-ins no password is right, here as there.
#[test]
fn after_a_hundred_wrong_passwords_the_right_one_is_answered_as_wrong() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    for _ in 0..101 {
        stack.sign_in(ROSA.username, "seven quiet herons at dawn");
    }
    let told = begin(&stack, &session).answer("password", &password());
    told.problem(422, "invalid-answers");
    assert_eq!(told.json()["fields"]["password"], "wrong-password");
    assert!(sign_in::is_signed_in(&stack, &session));
}
