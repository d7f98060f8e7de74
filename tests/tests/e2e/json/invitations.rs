//! What becomes of an invitation.

use frontdesk_tests::Stack;
use frontdesk_tests::people::{ROSA, SEAN};
use jiff::SignedDuration;
use serde_json::{Value, json};
use verify_api::app::DeskError;

fn typed(invitation: &str) -> Value {
    json!({ "invitation": invitation })
}

#[test]
fn an_invitation_works_once() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &typed(&invitation))
        .at("identity");
    // Looking at it uses nothing up: the flow may be begun again.
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &typed(&invitation))
        .at("identity");
    flow.answer("identity", &ROSA.identity()).at("phone");
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "text"}))
        .at("code");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("contact");
    flow.answer("contact", &json!({"email": ROSA.email}))
        .at("credentials");
    flow.answer("credentials", &ROSA.credentials()).at("done");

    let again = stack.begin("enrollment");
    again
        .answer("invitation", &typed(&invitation))
        .fields(&json!({"invitation": "used-invitation"}));
    assert!(
        matches!(stack.try_invite(&ROSA), Err(DeskError::AlreadyEnrolled)),
        "the desk should be told that there is an account"
    );
}

#[test]
fn a_newer_invitation_replaces_the_older_one() {
    let stack = Stack::start();
    let older = stack.invite(&ROSA);
    let others = stack.invite(&SEAN);
    let newer = stack.invite(&ROSA);
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &typed(&older))
        .fields(&json!({"invitation": "unknown-invitation"}));
    for open in [newer, others] {
        let flow = stack.begin("enrollment");
        flow.answer("invitation", &typed(&open)).at("identity");
    }
}

#[test]
fn an_invitation_works_for_fourteen_days() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    stack.advance(SignedDuration::from_hours(14 * 24 - 1));
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &typed(&invitation))
        .at("identity");
    stack.advance(SignedDuration::from_hours(1));
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &typed(&invitation))
        .fields(&json!({"invitation": "expired-invitation"}));
}

#[test]
fn an_invitation_that_is_none_is_told_as_such() {
    let stack = Stack::start();
    let flow = stack.begin("enrollment");
    for (text, problem) in [
        ("", "required"),
        ("   ", "required"),
        ("ABCD", "invalid-invitation"),
        ("ABCD-EFGH-JKMN-PQRSX", "invalid-invitation"),
        ("ABCD-EFGH-JKMN-PQRS", "unknown-invitation"),
    ] {
        flow.answer("invitation", &typed(text))
            .fields(&json!({ "invitation": problem }));
    }
}

/// Staff may send a new invitation while the patient is half way through with
/// the old one: the old one must not enroll anybody, and the patient must learn
/// what to do.
#[test]
fn a_replaced_invitation_ends_what_was_begun_with_it() {
    let stack = Stack::start();
    let at_phone = stack.at_phone(&ROSA);
    stack.invite(&ROSA);
    let phone = json!({"phone": ROSA.phone, "channel": "text"});
    at_phone
        .answer("phone", &phone)
        .problem(410, "invitation-ended");

    let at_credentials = stack.enrolling(&SEAN);
    stack.invite(&SEAN);
    at_credentials
        .answer("credentials", &SEAN.credentials())
        .problem(410, "invitation-ended");
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 0);
}

/// Starting over is what the help pages advise: it must not cost anything.
#[test]
fn right_details_do_not_wear_an_invitation_out() {
    let stack = Stack::start();
    let invitation = stack.invite(&ROSA);
    for _ in 0..8 {
        let flow = stack.begin("enrollment");
        flow.answer("invitation", &typed(&invitation))
            .at("identity");
        flow.answer("identity", &ROSA.identity()).at("phone");
    }
}
