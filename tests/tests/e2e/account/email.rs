//! Another email in the place of the one on the account.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::walk::{NEW_EMAIL, NEW_PASSWORD, code};
use frontdesk_tests::{Flow, Person, Settings, Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};
use serde_json::{Value, json};

use super::{password, session};
use crate::sign_in::{account, is_signed_in, press};

fn email(address: &str) -> Value {
    json!({"email": address})
}

#[track_caller]
fn at_contact(stack: &Stack, session: &str) -> Flow {
    let flow = Flow::begin_as(&stack.client, "email-change", session);
    let shown = flow.answer("password", &password()).at("contact");
    assert_eq!(shown["step"]["email"], "", "the address of before is shown");
    flow
}

/// The flow at the code, which has come to the new address.
#[track_caller]
pub(super) fn at_code(stack: &Stack, session: &str, address: &str) -> (Flow, String) {
    let flow = at_contact(stack, session);
    flow.answer("contact", &email(address)).at("code");
    let code = stack.mail.code("email", address);
    (flow, code)
}

/// Whether the page of the account shows an address, masked.
fn shows(stack: &Stack, session: &str, masked: &str) -> bool {
    account(&stack.client, session).body.contains(masked)
}

fn changes(stack: &Stack) -> i64 {
    stack.number("SELECT count(*) FROM audit WHERE event = 'email-changed'")
}

#[test]
fn a_changed_email_gets_the_codes_and_the_one_before_only_the_notice() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let (flow, code) = at_code(&stack, &own, NEW_EMAIL);
    assert!(
        shows(&stack, &own, "r•••@example.org"),
        "not before the code"
    );
    flow.answer("code", &json!({"code": code})).at("done");
    assert!(shows(&stack, &own, "n•••@example.org"));
    assert_eq!(changes(&stack), 1);

    let by_email = stack
        .mail
        .saying("email", ROSA.email, "Another email was given");
    let by_text = stack.mail.saying("text", ROSA.phone, "was changed");
    assert!(by_email.text.contains("Hello Rosa,"), "{}", by_email.text);
    for notice in [&by_email.text, &by_email.html, &by_text.text] {
        for secret in [NEW_EMAIL, ROSA.email, ROSA.username, ROSA.family] {
            assert!(!notice.contains(secret), "{secret} in {notice}");
        }
    }
    stack.settle();
    let before = stack.mail.to(ROSA.email).len();
    stack.at_reset_code(ROSA.username, "email");
    stack.mail.code("email", NEW_EMAIL);
    stack.settle();
    assert_eq!(
        stack.mail.to(ROSA.email).len(),
        before,
        "no code went there"
    );
}

#[test]
fn a_username_is_recovered_by_the_new_email_and_not_by_the_old() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let (flow, code) = at_code(&stack, &session(&stack), NEW_EMAIL);
    flow.answer("code", &json!({"code": code})).at("done");
    stack.settle();
    let before = stack.mail.all().len();
    let asks = |email| {
        let typed = Person { email, ..ROSA };
        stack
            .begin("username-recovery")
            .answer("personal-info", &typed.personal_info())
            .at("check-email");
    };
    asks(ROSA.email);
    stack.settle();
    assert_eq!(stack.mail.all().len(), before, "nobody has it any more");
    asks(NEW_EMAIL);
    stack.mail.link(NEW_EMAIL);
}

#[test]
fn the_same_email_once_more_is_no_change_that_anybody_is_told_of() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let same = "ROSA.Quintanilla@example.org";
    let (flow, code) = at_code(&stack, &own, same);
    stack.settle();
    let before = stack.mail.all().len();
    flow.answer("code", &json!({"code": code})).at("done");
    stack.settle();
    assert_eq!(stack.mail.all().len(), before, "nobody is told");
}

#[test]
fn two_accounts_may_have_one_email() {
    let stack = Stack::start();
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let (flow, code) = at_code(&stack, &session(&stack), SEAN.email);
    flow.answer("code", &json!({"code": code})).at("done");
    for person in [ROSA, SEAN] {
        let typed = Person {
            email: SEAN.email,
            ..person
        };
        stack.mail.mark_read();
        stack
            .begin("username-recovery")
            .answer("personal-info", &typed.personal_info())
            .at("check-email");
        stack.mail.link(SEAN.email);
    }
}

#[test]
fn what_a_code_of_before_has_proven_ends_with_the_email() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let (mine, other) = (session(&stack), session(&stack));
    let (flow, code) = at_code(&stack, &mine, NEW_EMAIL);
    let (second, late) = at_code(&stack, &mine, "rosa.third@example.org");
    let waiting = stack.at_reset_code(ROSA.username, "email");
    let old_code = stack.mail.code("email", ROSA.email);
    let proven = stack.at_new_password(&ROSA);
    flow.answer("code", &json!({"code": code})).at("done");
    waiting
        .answer("code", &json!({"code": old_code}))
        .problem(422, "invalid-answers");
    proven
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .problem(410, "flow-expired");
    second
        .answer("code", &json!({"code": late}))
        .problem(410, "flow-expired");
    assert!(is_signed_in(&stack, &mine));
    assert!(!is_signed_in(&stack, &other), "all others end");
    assert_eq!(changes(&stack), 1);
}

#[test]
fn a_wrong_code_changes_no_email_and_five_end_the_tries() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let own = session(&stack);
    let (flow, code) = at_code(&stack, &own, NEW_EMAIL);
    for _ in 0..5 {
        flow.answer("code", &json!({"code": "000000"}))
            .problem(422, "invalid-answers");
    }
    stack.advance(SignedDuration::from_secs(60));
    flow.answer("code", &json!({"code": code}))
        .problem(422, "invalid-answers");
    assert_eq!(flow.view().json()["out_of_tries"], true);
    assert!(shows(&stack, &own, "r•••@example.org"));
}

/// What strangers ask for in somebody's name is not what is asked for by whoever is signed in.
#[test]
fn strangers_cannot_use_up_the_codes_of_a_changed_email() {
    let stack = Stack::with(&Settings::default().key("limits.messages_per_person_day", "2"));
    stack.enrolled(&ROSA);
    let own = session(&stack);
    for _ in 0..2 {
        stack.at_reset_code(ROSA.username, "email");
    }
    stack
        .begin("password-reset")
        .answer("identify", &json!({"username": ROSA.username}))
        .at("method");
    let (flow, _) = at_code(&stack, &own, NEW_EMAIL);
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).at("code");
    stack.advance(SignedDuration::from_secs(60));
    flow.resend(None).problem(429, "over-limit");
}

#[test]
fn an_email_stays_where_its_session_or_its_password_ends_meanwhile() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let signs_out = |own: &str| {
        press(&stack, own, "sign-out").expect(303);
    };
    let resets = |_: &str| {
        stack
            .at_new_password(&ROSA)
            .answer("new-password", &json!({"password": NEW_PASSWORD}))
            .at("done");
    };
    let ends: [&dyn Fn(&str); 2] = [&signs_out, &resets];
    for end in ends {
        let own = session(&stack);
        let (flow, code) = at_code(&stack, &own, NEW_EMAIL);
        end(&own);
        flow.answer("code", &json!({"code": code}))
            .problem(403, "sign-in-first");
        stack.settle();
        stack.mail.mark_read();
    }
    assert_eq!(changes(&stack), 0);
}

#[test]
fn an_email_is_changed_from_the_account_without_scripts() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = super::plain::signed_in(&stack);
    let form = paths::plain(FlowKind::EmailChange, Locale::En);
    let page = plain.page();
    let html = page.html();
    assert!(html.contains(&format!("href=\"{form}\"")), "{html}");
    plain.goto(&form);
    plain.expect_step("password");
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.expect_title(words("step.contact.title.email-change"));
    plain.fill("email", NEW_EMAIL);
    plain.press("continue");
    plain.expect_step("code");
    plain.reload();
    code(&mut plain, &stack.mail.code("email", NEW_EMAIL));
    plain.expect_title(words("step.done.title.email-change"));
    plain.goto(paths::ACCOUNT);
    assert!(plain.page().html().contains("n•••@example.org"));
}
