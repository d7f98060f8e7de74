//! Another phone in the place of the linked one.

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::walk::NEW_PASSWORD;
use frontdesk_tests::{Flow, Person, Settings, Stack};
use jiff::SignedDuration;
use protocol::Locale;
use serde_json::json;

use super::{NEW_PHONE, at_code, at_phone, session, shown_phone};
use crate::sign_in;

#[test]
fn a_changed_phone_gets_the_codes_and_the_one_before_only_the_notice() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    let (flow, code) = at_code(&stack, &session, "call");
    assert_eq!(shown_phone(&stack, &session), "31", "not before the code");
    let done = flow.answer("code", &json!({"code": code})).at("done");
    assert_eq!(done["step"].get("username"), None);
    assert_eq!(shown_phone(&stack, &session), "71");

    let told = stack.mail.saying(
        "text",
        ROSA.phone,
        "no longer linked to your portal account",
    );
    let by_email = stack
        .mail
        .saying("email", ROSA.email, "Another phone was linked");
    assert!(by_email.text.contains("Hello Rosa,"), "{}", by_email.text);
    for notice in [&told.text, &by_email.text, &by_email.html] {
        for secret in ["5550131", "5550171", "555-01", ROSA.username, ROSA.family] {
            assert!(!notice.contains(secret), "{secret} in {notice}");
        }
    }
    stack.settle();
    let before = stack.mail.to(ROSA.phone).len();
    let reset = stack.at_reset_code(ROSA.username, "call");
    let code = stack.mail.code("call", NEW_PHONE);
    reset
        .answer("code", &json!({"code": code}))
        .at("new-password");
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack.mail.saying("call", NEW_PHONE, "password");
    stack.settle();
    assert_eq!(
        stack.mail.to(ROSA.phone).len(),
        before,
        "no code went there"
    );
}

/// To whoever is signed in, and never to who has no more than the flow's token.
#[test]
fn whose_password_is_asked_for_is_told_for_password_managers() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    for kind in ["phone-change", "email-change", "deactivation"] {
        let flow = Flow::begin_as(&stack.client, kind, &session);
        let view = flow.view().at("password");
        assert_eq!(view["step"]["username"], ROSA.username, "{kind}");
        let told = flow.shown_by(None).view();
        assert!(!told.body.contains(ROSA.username), "{}", told.body);
    }
}

/// In the patient's language, and by a call where a call has linked the phone.
#[test]
fn the_phone_before_is_told_as_it_was_reached() {
    let stack = Stack::with(&Settings::default());
    stack.import(&[LUZ]);
    let person = Person {
        speaks: Locale::Es,
        ..LUZ
    };
    let flow = stack.at_phone(&person);
    flow.answer("phone", &json!({"phone": person.phone, "channel": "call"}))
        .at("code");
    let code = stack.mail.code("call", person.phone);
    flow.answer("code", &json!({"code": code})).at("contact");
    flow.answer("contact", &json!({"email": person.email}))
        .at("credentials");
    flow.answer("credentials", &person.credentials()).at("done");
    let session = sign_in::session(&stack.sign_in(person.username, person.password));
    let flow = super::begin(&stack, &session);
    flow.answer("password", &json!({"password": person.password}))
        .at("phone");
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "text"}))
        .at("code");
    let code = stack.mail.code("text", NEW_PHONE);
    flow.answer("code", &json!({"code": code})).at("done");
    stack
        .mail
        .saying("call", person.phone, "ya no está vinculado a su cuenta");
}

/// How it is reached is changed, and no other phone was linked.
#[test]
fn the_same_number_once_more_is_no_change_that_anybody_is_told_of() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    stack.settle();
    let [emails, messages] = [ROSA.email, ROSA.phone].map(|to| stack.mail.to(to).len());
    stack.mail.mark_read();
    let flow = at_phone(&stack, &session);
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "call"}))
        .at("code");
    let code = stack.mail.code("call", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("done");
    stack.settle();
    assert_eq!(stack.mail.to(ROSA.email).len(), emails);
    assert_eq!(stack.mail.to(ROSA.phone).len(), messages + 1, "the code");
    assert_eq!(shown_phone(&stack, &session), "31");
    let reset = stack.at_new_password(&ROSA);
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    stack.mail.saying("call", ROSA.phone, "password");
}

#[test]
fn what_a_code_of_before_has_proven_ends_with_the_phone() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let (mine, other) = (session(&stack), session(&stack));
    let (flow, code) = at_code(&stack, &mine, "text");
    let waiting = stack.at_reset_code(ROSA.username, "text");
    let old_code = stack.mail.code("text", ROSA.phone);
    let proven = stack.at_new_password(&ROSA);
    flow.answer("code", &json!({"code": code})).at("done");
    waiting
        .answer("code", &json!({"code": old_code}))
        .problem(422, "invalid-answers");
    proven
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .problem(410, "flow-expired");
    assert!(sign_in::is_signed_in(&stack, &mine));
    assert!(!sign_in::is_signed_in(&stack, &other), "all others end");
}

#[test]
fn a_wrong_code_links_nothing_and_five_end_the_tries() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    let (flow, code) = at_code(&stack, &session, "text");
    for _ in 0..5 {
        flow.answer("code", &json!({"code": "000000"}))
            .problem(422, "invalid-answers");
    }
    stack.advance(SignedDuration::from_secs(60));
    flow.answer("code", &json!({"code": code}))
        .problem(422, "invalid-answers");
    assert_eq!(flow.view().json()["out_of_tries"], true);
    assert_eq!(shown_phone(&stack, &session), "31");
}

#[test]
fn numbers_that_reach_nobody_or_charge_get_no_code() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    let flow = at_phone(&stack, &session);
    for phone in [
        "900-555-0171",
        "207-976-0171",
        "+44 20 7946 0171",
        "800-555-0171",
    ] {
        let refused = flow.answer("phone", &json!({"phone": phone, "channel": "text"}));
        refused.problem(422, "invalid-answers");
    }
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "email"}))
        .problem(422, "invalid-answers");
    stack.settle();
    assert!(stack.mail.to(NEW_PHONE).is_empty());
}

/// What strangers ask for in somebody's name is not what is asked for by whoever is signed in.
#[test]
fn strangers_cannot_use_up_the_codes_that_link_a_phone() {
    let stack = Stack::with(&Settings::default().key("limits.messages_per_person_day", "2"));
    stack.enrolled(&ROSA);
    let session = session(&stack);
    for _ in 0..2 {
        stack.at_reset_code(ROSA.username, "email");
    }
    stack
        .begin("password-reset")
        .answer("identify", &json!({"username": ROSA.username}))
        .at("method");
    let (flow, _) = at_code(&stack, &session, "text");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).at("code");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).problem(429, "over-limit");
}

/// Two that were begun side by side: the first that is finished ends the other.
#[test]
fn of_two_changes_at_once_one_is_made() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let session = session(&stack);
    let (one, code) = at_code(&stack, &session, "text");
    let two = at_phone(&stack, &session);
    two.answer(
        "phone",
        &json!({"phone": "207-555-0172", "channel": "text"}),
    )
    .at("code");
    let other = stack.mail.code("text", "+12075550172");
    one.answer("code", &json!({"code": code})).at("done");
    two.answer("code", &json!({"code": other}))
        .problem(410, "flow-expired");
    assert_eq!(shown_phone(&stack, &session), "71");
    assert_eq!(
        stack.number("SELECT count(*) FROM audit WHERE event = 'phone-changed'"),
        1
    );
}
