//! What holds for every flow: one step at a time, wherever it is answered from.

use frontdesk_tests::Stack;
use frontdesk_tests::people::{Person, ROSA, SEAN};
use frontdesk_tests::walk::NEW_PASSWORD;
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn a_flow_is_resumed_where_it_stands() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    stack.advance(SignedDuration::from_secs(25));
    let view = flow.view().at("code");
    assert_eq!(view["step"]["resend_in"], 35, "the wait goes on");
    assert_eq!(view, flow.view().at("code"), "looking changes nothing");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({"code": code}))
        .at("new-password");
    flow.view().at("new-password");
}

#[test]
fn an_answer_to_another_step_is_shown_the_current_one() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    let later = [
        ("code", json!({"code": "123456"})),
        ("contact", json!({"email": ROSA.email})),
        ("credentials", ROSA.credentials()),
        ("new-password", json!({"password": ROSA.password})),
        ("invitation", json!({"invitation": "ABCD-EFGH-JKMN-PQRS"})),
        ("done", json!({})),
    ];
    for (step, answers) in later {
        let problem = flow.answer(step, &answers).problem(409, "wrong-step");
        assert_eq!(problem["view"]["step"]["name"], "phone", "answering {step}");
        assert_eq!(problem["view"]["notice"], "already-answered");
        assert!(problem["view"]["token"].is_null());
    }
    flow.view().at("phone");
}

#[test]
fn the_same_answer_from_two_tabs_counts_once() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.begin("password-reset");
    let tab = flow.clone();
    let answer = json!({"username": ROSA.username});
    flow.answer("identify", &answer).at("method");
    let problem = tab.answer("identify", &answer).problem(409, "wrong-step");
    assert_eq!(problem["view"]["step"]["name"], "method");
    tab.answer("method", &json!({"channel": "text"})).at("code");
    // Once it has come: a second one would replace it, and the count would be the same.
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("method", &json!({"channel": "call"}))
        .problem(409, "wrong-step");
    stack.settle();
    let codes = stack.mail.to(ROSA.phone);
    let codes = codes.iter().filter(|message| message.code().is_some());
    assert_eq!(codes.count(), 2, "one to enroll, one to reset, no third");
    flow.answer("code", &json!({"code": code}))
        .at("new-password");
}

#[test]
fn two_flows_side_by_side_keep_apart() {
    let stack = Stack::start();
    let (rosa, sean) = (stack.at_phone(&ROSA), stack.at_phone(&SEAN));
    for (flow, person) in [(&rosa, ROSA), (&sean, SEAN)] {
        flow.answer("phone", &json!({"phone": person.phone, "channel": "text"}))
            .at("code");
    }
    // Both have come: before that no code is right, and not only the other one.
    let [code_of_rosa, code_of_sean] = [ROSA, SEAN].map(|it| stack.mail.code("text", it.phone));
    sean.answer("code", &json!({"code": code_of_rosa}))
        .fields(&json!({"code": "wrong-code"}));
    rosa.answer("code", &json!({"code": code_of_rosa}))
        .at("contact");
    let view = sean
        .answer("code", &json!({"code": code_of_sean}))
        .at("contact");
    assert_eq!(view["step"]["email"], SEAN.email);
}

#[test]
fn back_leads_to_the_step_before_but_never_across_a_proof() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    flow.back().at("identity");
    flow.back().problem(409, "no-way-back");
    flow.answer("identity", &ROSA.identity()).at("phone");
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "text"}))
        .at("code");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({"code": code})).at("contact");
    flow.back().problem(409, "no-way-back");
    flow.answer("contact", &json!({"email": "rosa.new@example.org"}))
        .at("code");
    flow.back().at("contact");
    flow.answer("contact", &json!({"email": ROSA.email}))
        .at("credentials");
    flow.back().problem(409, "no-way-back");
    flow.resend(None).problem(409, "nothing-to-resend");
}

#[test]
fn a_flow_waits_an_hour_and_a_proven_one_a_quarter() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let beside = Person {
        mrn: "WS-2094",
        ..SEAN
    };
    stack.import(&[beside]);
    let quiet = stack.begin("enrollment");
    let every_proven = [
        (
            stack.at_contact(&SEAN),
            "contact",
            json!({"email": SEAN.email}),
        ),
        (
            stack.enrolling(&beside),
            "credentials",
            beside.credentials(),
        ),
        (
            stack.at_new_password(&ROSA),
            "new-password",
            json!({"password": NEW_PASSWORD}),
        ),
    ];
    stack.advance(SignedDuration::from_secs(15 * 60 - 1));
    for (proven, step, _) in &every_proven {
        proven.view().at(step);
    }
    stack.advance(SignedDuration::from_secs(1));
    for (proven, step, answer) in &every_proven {
        for reply in [
            proven.view(),
            proven.answer(step, answer),
            proven.back(),
            proven.resend(None),
        ] {
            reply.problem(410, "flow-expired");
        }
    }
    stack.advance(SignedDuration::from_secs(45 * 60 - 1));
    quiet.view().at("invitation");
    stack.advance(SignedDuration::from_secs(1));
    quiet.view().problem(410, "flow-expired");
}

/// A code by email works for a day, and each one moves the end on, up to a point.
#[test]
fn a_flow_ends_two_days_after_it_began_however_often_it_is_moved_on() {
    let stack = Stack::start();
    let flow = stack.at_reset_code("nobody.here", "email");
    for expires_at in ["2026-11-27T08:30:00Z", "2026-11-27T09:30:00Z"] {
        stack.advance(SignedDuration::from_hours(23));
        let view = flow.resend(None).at("code");
        assert_eq!(view["expires_at"], expires_at);
    }
    stack.advance(SignedDuration::from_secs(2 * 3600 - 1));
    flow.resend(None).at("code");
    stack.advance(SignedDuration::from_secs(1));
    flow.view().problem(410, "flow-expired");
    flow.resend(None).problem(410, "flow-expired");
}

/// Going back costs nothing, so it must not fill the audit trail either.
#[test]
fn going_back_and_forth_leaves_no_more_lines() {
    let stack = Stack::start();
    let enrollment = stack.at_phone(&ROSA);
    let reset = stack.begin("password-reset");
    let lines = stack.number("SELECT count(*) FROM audit");
    for _ in 0..20 {
        enrollment.back().at("identity");
        enrollment.answer("identity", &ROSA.identity()).at("phone");
        let name = json!({"username": "nobody.here"});
        reset.answer("identify", &name).at("method");
        reset.back().at("identify");
    }
    assert_eq!(stack.number("SELECT count(*) FROM audit"), lines);
}
