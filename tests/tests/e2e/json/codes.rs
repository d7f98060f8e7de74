//! Codes: right, wrong, used, expired, replaced.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::other_than;
use frontdesk_tests::{Flow, Stack};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn typed(code: &str) -> Value {
    json!({ "code": code })
}

#[track_caller]
fn wrong(flow: &Flow, code: &str) {
    flow.answer("code", &typed(code))
        .fields(&json!({"code": "wrong-code"}));
}

#[test]
fn after_five_wrong_codes_the_right_one_is_refused() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    for left in [4, 3, 2] {
        let reply = flow.answer("code", &typed(&other_than(&code)));
        reply.fields(&json!({"code": "wrong-code"}));
        assert_eq!(reply.json()["tries_left"], left);
    }
    flow.answer("code", &typed(&other_than(&code)))
        .fields(&json!({"code": "wrong-code-one-left"}));
    assert!(flow.view().at("code").get("out_of_tries").is_none());
    // Told with the last one: another code would be of no use.
    flow.answer("code", &typed(&other_than(&code)))
        .fields(&json!({"code": "spent-code"}));
    flow.answer("code", &typed(&code))
        .fields(&json!({"code": "spent-code"}));
    // Another code would bring no new tries, so none is sent.
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).problem(429, "too-many-tries");
    // A page that is loaded again says so too, and so does the step before.
    assert_eq!(flow.view().at("code")["out_of_tries"], true);
    assert_eq!(flow.back().at("method")["out_of_tries"], true);
}

#[test]
fn another_code_brings_no_new_tries() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    for _ in 0..3 {
        wrong(&flow, &other_than(&code));
    }
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(Some("email")).at("code");
    let code = stack.mail.code("email", ROSA.email);
    flow.answer("code", &typed(&other_than(&code)))
        .fields(&json!({"code": "wrong-code-one-left"}));
    flow.answer("code", &typed(&other_than(&code)))
        .fields(&json!({"code": "spent-code"}));
    flow.answer("code", &typed(&code))
        .fields(&json!({"code": "spent-code"}));
}

#[test]
fn what_is_no_code_costs_no_try() {
    let stack = Stack::start();
    let flow = stack.at_phone(&ROSA);
    flow.answer("phone", &json!({"phone": ROSA.phone, "channel": "text"}))
        .at("code");
    let code = stack.mail.code("text", ROSA.phone);
    for _ in 0..3 {
        for (text, problem) in [
            ("", "required"),
            ("12345", "invalid-code"),
            ("1234567", "invalid-code"),
            ("12345O", "invalid-code"),
        ] {
            flow.answer("code", &typed(text))
                .fields(&json!({ "code": problem }));
        }
    }
    let spaced = format!(" {}\u{a0}{}-{} ", &code[..2], &code[2..4], &code[4..]);
    flow.answer("code", &typed(&spaced)).at("contact");
}

#[test]
fn a_code_by_text_or_call_works_for_ten_minutes() {
    for channel in ["text", "call"] {
        let stack = Stack::start();
        stack.enrolled(&ROSA);
        let in_time = stack.at_reset_code(ROSA.username, channel);
        let code = stack.mail.code(channel, ROSA.phone);
        let too_late = stack.at_reset_code(ROSA.username, channel);
        let late_code = stack.mail.code(channel, ROSA.phone);
        stack.advance(SignedDuration::from_secs(599));
        in_time.answer("code", &typed(&code)).at("new-password");
        stack.advance(SignedDuration::from_secs(1));
        too_late
            .answer("code", &typed(&late_code))
            .fields(&json!({"code": "expired-code"}));
        too_late.resend(None).at("code");
        let newer = stack.mail.code(channel, ROSA.phone);
        too_late.answer("code", &typed(&newer)).at("new-password");
    }
}

#[test]
fn a_code_that_ran_out_is_told_with_the_last_try() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    stack.advance(SignedDuration::from_mins(10));
    for told in [
        "expired-code",
        "expired-code",
        "expired-code",
        "expired-code-one-left",
    ] {
        flow.answer("code", &typed(&code))
            .fields(&json!({ "code": told }));
    }
    flow.resend(None).at("code");
    let newer = stack.mail.code("text", ROSA.phone);
    flow.answer("code", &typed(&newer)).at("new-password");
}

#[test]
fn a_code_by_email_works_for_a_day() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let in_time = stack.at_reset_code(ROSA.username, "email");
    let code = stack.mail.code("email", ROSA.email);
    let too_late = stack.at_reset_code(ROSA.username, "email");
    let late_code = stack.mail.code("email", ROSA.email);
    stack.advance(SignedDuration::from_secs(24 * 3600 - 1));
    in_time.answer("code", &typed(&code)).at("new-password");
    stack.advance(SignedDuration::from_secs(1));
    too_late
        .answer("code", &typed(&late_code))
        .problem(410, "flow-expired");
}

#[test]
fn a_new_code_replaces_the_old_one_after_a_minute() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    let older = stack.mail.code("text", ROSA.phone);
    wrong(&flow, &other_than(&older));

    stack.advance(SignedDuration::from_secs(18));
    let reply = flow.resend(None);
    let problem = reply.problem(429, "too-soon");
    assert_eq!(problem["retry_after"], 42);
    assert_eq!(reply.header("retry-after"), Some("42"));
    stack.advance(SignedDuration::from_secs(42));
    let view = flow.resend(Some("email")).at("code");
    assert_eq!(view["notice"], "code-sent");
    assert_eq!(view["step"]["channel"], "email");
    let newer = stack.mail.code("email", ROSA.email);
    assert_ne!(older, newer, "one in a million, else not a new code");
    wrong(&flow, &older);
    flow.answer("code", &typed(&newer)).at("new-password");
}

#[test]
fn going_back_does_not_get_around_the_wait() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let flow = stack.at_reset_code(ROSA.username, "text");
    flow.back().at("method");
    flow.back().at("identify");
    flow.answer("identify", &json!({"username": ROSA.username}))
        .at("method");
    flow.answer("method", &json!({"channel": "call"}))
        .problem(429, "too-soon");
    stack.advance(SignedDuration::from_secs(60));
    flow.answer("method", &json!({"channel": "call"}))
        .at("code");
}

#[test]
fn coming_back_to_the_same_code_is_the_same_for_an_unknown_username() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let again = |username| {
        let flow = stack.at_reset_code(username, "text");
        flow.back().at("method");
        let reply = flow.answer("method", &json!({"channel": "text"}));
        (flow, reply)
    };
    let (known, reply) = again(ROSA.username);
    let (_unknown, other) = again("nobody.here");
    super::assert_same("coming back to a code", &reply, &other);
    assert_eq!(reply.at("code")["step"]["resend_in"], 60);
    stack.settle();
    assert_eq!(
        stack.number("SELECT count(*) FROM audit WHERE event = 'code-asked'"),
        3,
        "one of the enrollment, and one of each reset"
    );
    let code = stack.mail.code("text", ROSA.phone);
    known.answer("code", &typed(&code)).at("new-password");
}

#[test]
fn a_code_counts_in_its_own_flow_only() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let one = stack.at_reset_code(ROSA.username, "text");
    let code_of_one = stack.mail.code("text", ROSA.phone);
    let other = stack.at_reset_code(ROSA.username, "call");
    let code_of_other = stack.mail.code("call", ROSA.phone);
    assert_ne!(
        code_of_one, code_of_other,
        "one in a million, else not bound"
    );
    wrong(&other, &code_of_one);
    wrong(&one, &code_of_other);
    one.answer("code", &typed(&code_of_one)).at("new-password");
    other
        .answer("code", &typed(&code_of_other))
        .at("new-password");
}

#[test]
fn a_code_does_not_travel_by_a_channel_that_proves_something_else() {
    let stack = Stack::start();
    let flow = stack.at_phone(&SEAN);
    flow.answer("phone", &json!({"phone": SEAN.phone, "channel": "email"}))
        .fields(&json!({"channel": "invalid-choice"}));
    flow.answer("phone", &json!({"phone": SEAN.phone, "channel": "text"}))
        .at("code");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(Some("email"))
        .fields(&json!({"channel": "invalid-choice"}));
    flow.resend(Some("call")).at("code");
    let code = stack.mail.code("call", SEAN.phone);
    flow.answer("code", &typed(&code)).at("contact");
    flow.answer("contact", &json!({"email": "sean.new@example.org"}))
        .at("code");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(Some("text"))
        .fields(&json!({"channel": "invalid-choice"}));
    flow.resend(Some("email")).at("code");
}

/// Phones offer the code of such a text, and only on our own pages.
#[test]
fn a_text_ends_with_the_code_bound_to_our_host() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    stack.at_reset_code(ROSA.username, "text");
    let text = stack.mail.next_code("text", ROSA.phone);
    let code = text.code().expect("a code");
    let last = format!("@help.example.org #{code}");
    assert_eq!(text.text.lines().last(), Some(last.as_str()));
    assert!(text.subject.is_empty() && text.html.is_empty());
}
