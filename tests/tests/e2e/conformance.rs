//! The API does what its document says, and nothing else.

use std::collections::BTreeSet;

use frontdesk_tests::people::ROSA;
use frontdesk_tests::schemathesis::{Approach, examine};
use frontdesk_tests::walk::{NEW_EMAIL, NEW_PASSWORD};
use frontdesk_tests::{Document, Flow, Request, Settings, Stack};
use protocol::{StepName, paths};
use serde_json::json;

use crate::account::NEW_PHONE;
use crate::sign_in;

#[test]
fn each_call_answers_as_the_document_says() {
    let stack = Stack::with(&Settings::default().without_budgets());
    let report = examine(&stack, Approach::EachCall);
    // All but the one for the document itself.
    assert!(report.contains("Tested: 10\n"), "{report}");
}

#[test]
fn calls_one_after_another_answer_as_the_document_says() {
    let stack = Stack::with(&Settings::default().without_budgets());
    let report = examine(&stack, Approach::Sequences);
    // Those about a flow, to each of which a link leads, and the one that begins it.
    assert!(report.contains("Tested: 6\n"), "{report}");
}

/// Random answers hardly get past the first step. A [`Flow`] holds whatever it is
/// answered to the document, so these walks do it for every step.
#[test]
fn every_step_of_every_flow_is_as_the_document_says() {
    let stack = Stack::start();
    let mut seen = BTreeSet::new();
    let mut look = |flow: &Flow| {
        let view = flow.view().json();
        seen.insert(view["step"]["name"].as_str().unwrap_or_default().to_owned());
    };
    let flow = stack.begin("enrollment");
    look(&flow);
    let invitation = stack.invite(&ROSA);
    flow.answer("invitation", &json!({"invitation": "ABCD-EFGH-JKMN-PQRS"}))
        .problem(422, "invalid-answers");
    flow.answer("invitation", &json!({ "invitation": invitation }));
    look(&flow);
    flow.answer("identity", &ROSA.identity());
    look(&flow);
    flow.back().at("identity");
    flow.back().problem(409, "no-way-back");
    flow.more_time().at("identity");
    flow.answer("identity", &ROSA.identity());
    let phone = json!({"phone": ROSA.phone, "channel": "text"});
    flow.answer("phone", &phone);
    look(&flow);
    flow.resend(Some("call")).problem(429, "too-soon");
    flow.resend(Some("email")).problem(422, "invalid-answers");
    flow.answer("phone", &phone).problem(409, "wrong-step");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({ "code": code }));
    look(&flow);
    flow.answer("contact", &json!({"email": ROSA.email}));
    look(&flow);
    flow.resend(None).problem(409, "nothing-to-resend");
    flow.answer("credentials", &ROSA.credentials());
    look(&flow);

    let flow = stack.begin("username-recovery");
    look(&flow);
    flow.answer("personal-info", &ROSA.personal_info());
    look(&flow);

    let flow = stack.begin("password-reset");
    look(&flow);
    flow.answer("identify", &json!({"username": ROSA.username}));
    look(&flow);
    stack.mail.mark_read();
    flow.answer("method", &json!({"channel": "text"}));
    flow.answer("code", &json!({"code": "12345"}))
        .problem(422, "invalid-answers");
    let code = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &json!({ "code": code }));
    look(&flow);
    flow.answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");
    look(&flow);

    let flow = stack.begin("sign-in");
    look(&flow);
    let typed = |password: &str| json!({"username": ROSA.username, "password": password});
    flow.answer("sign-in", &typed(ROSA.password))
        .problem(422, "wrong-sign-in");
    let signed_in = flow.answer("sign-in", &typed(NEW_PASSWORD));
    signed_in.at("done");
    look(&flow);

    Flow::try_begin(&stack.client, "phone-change", None).problem(403, "sign-in-first");
    let session = sign_in::session(&signed_in);
    let flow = Flow::begin_as(&stack.client, "phone-change", &session);
    look(&flow);
    flow.shown_by(None).view().problem(403, "sign-in-first");
    flow.answer("password", &json!({"password": ROSA.password}))
        .problem(422, "invalid-answers");
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("phone");
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "call"}))
        .at("code");
    let code = stack.mail.code("call", NEW_PHONE);
    flow.answer("code", &json!({ "code": code })).at("done");

    let flow = Flow::begin_as(&stack.client, "email-change", &session);
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("contact");
    look(&flow);
    flow.answer("contact", &json!({"email": NEW_EMAIL}))
        .at("code");
    look(&flow);
    flow.resend(Some("text")).problem(422, "invalid-answers");
    let code = stack.mail.code("email", NEW_EMAIL);
    flow.answer("code", &json!({ "code": code })).at("done");

    let flow = Flow::begin_as(&stack.client, "deactivation", &session);
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("confirm");
    look(&flow);
    flow.answer("confirm", &json!({"username": "Nora.Heron"}))
        .problem(422, "invalid-answers");
    flow.answer("confirm", &json!({"username": ROSA.username}))
        .at("done");

    let all = StepName::ALL.map(|step| step.as_str().to_owned());
    assert_eq!(seen, BTreeSet::from(all), "every step was looked at");
}

#[test]
fn an_answer_that_is_not_in_the_document_is_found() {
    let stack = Stack::with(&Settings::default().key("limits.starts_per_network_hour", "1"));
    let begin = || {
        let body = json!({"kind": "enrollment", "locale": "en"});
        let request = Request::new("POST", paths::FLOWS).json(&body);
        stack.client.send(request)
    };
    let document = Document::of(&stack.client);
    let judge = |reply: &_| document.judge("POST", paths::FLOWS, reply);
    let (answered, refused) = (begin(), begin());
    assert_eq!(judge(&answered), Ok(()));
    refused.problem(429, "over-limit");
    assert_eq!(judge(&refused), Ok(()));

    let mut of_no_call = answered.clone();
    of_no_call.status = 418;
    let mut untyped = answered.clone();
    untyped.headers.retain(|(name, _)| name != "content-type");
    let mut without_time = refused.clone();
    without_time
        .headers
        .retain(|(name, _)| name != "retry-after");
    let with_body = |change: &dyn Fn(&mut serde_json::Value)| {
        let (mut reply, mut body) = (answered.clone(), answered.json());
        change(&mut body);
        reply.body = body.to_string();
        reply
    };
    for (what, reply) in [
        ("a status", of_no_call),
        ("no content type", untyped),
        ("no Retry-After", without_time),
        (
            "a member more",
            with_body(&|view| view["name"] = "Rosa".into()),
        ),
        ("no token", with_body(&|view| view["token"] = json!(null))),
        (
            "another kind",
            with_body(&|view| view["kind"] = "sign-me-up".into()),
        ),
        (
            "no date",
            with_body(&|view| view["expires_at"] = "soon".into()),
        ),
        (
            "no time",
            with_body(&|view| view["expires_in"] = (-1).into()),
        ),
        (
            "a member of another step",
            with_body(&|view| {
                view["step"]["email"] = "rosa@example.org".into();
            }),
        ),
    ] {
        assert!(judge(&reply).is_err(), "{what} should be found: {reply:?}");
    }
}
