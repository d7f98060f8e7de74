//! What ends: an invitation of before, the say of whoever acts, and the sessions of the account.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::Locale;
use serde_json::json;
use verify_api::app::DeskError;

use super::super::desk::checked;
use super::super::lines;
use super::{LEO, NOOR, at_credentials, at_desk, enroll, letter, note, of_age, printed, tells};

/// It was made for the patient, or for somebody who acted before.
#[test]
fn noting_who_acts_ends_the_invitation_of_before() {
    let stack = Stack::start();
    let browser = &mut at_desk(&stack).browser;
    checked(browser, &ROSA);
    let (code, _) = printed(browser, Locale::En);
    note(browser, "named", "signed-authorization");
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": code}))
        .fields(&json!({"invitation": "unknown-invitation"}));
}

#[test]
fn nobody_is_noted_in_a_record_that_was_closed() {
    let stack = Stack::start();
    let browser = &mut at_desk(&stack).browser;
    checked(browser, &LEO);
    let mut before = browser.tab();
    stack.import_lines(LEO.fhir().replace(r#""active":true"#, r#""active":false"#));
    before.choose("relationship", "parent");
    before.choose("authority-birth-certificate", "yes");
    before.press("note-proxy");
    before.expect_problem(words("staff.problem.overtaken"));
    assert_eq!(lines(&stack, "proxy-noted"), 0);
}

#[test]
fn whoever_acts_no_more_has_no_invitation_either() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    let browser = &mut dana.browser;
    checked(browser, &LEO);
    note(browser, "parent", "birth-certificate");
    let (code, _) = printed(browser, Locale::En);
    let before = browser.tab();
    browser.press("end-proxy");
    browser.expect_notice(words("staff.notice.proxy-ended"));
    tells(browser, &of_age("staff.proxy.is.nobody", "18"));
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": code}))
        .fields(&json!({"invitation": "unknown-invitation"}));
    // Whoever still looks at the page of before is told.
    for action in ["invite", "end-proxy"] {
        let mut late = before.tab();
        late.press(action);
        late.expect_problem(words("staff.problem.overtaken"));
    }
    assert_eq!(lines(&stack, "proxy-ended"), 1);
}

#[test]
fn at_eighteen_the_say_of_a_parent_ends_and_the_patient_is_checked_anew() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    checked(&mut dana.browser, &NOOR);
    note(&mut dana.browser, "parent", "birth-certificate");
    let (code, _) = printed(&mut dana.browser, Locale::En);
    let open = stack.invite(&NOOR);
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": open}))
        .at("identity");
    // The birthday, once it has begun everywhere.
    stack.advance(SignedDuration::from_secs(26 * 3600 + 1800));
    let refused = stack.try_invite(&NOOR).map(|_| ());
    assert!(
        matches!(refused, Err(DeskError::CameOfAge(18))),
        "{refused:?}"
    );
    // Nobody has ended the invitation of before.
    let flow = stack.begin("enrollment");
    flow.answer("invitation", &json!({"invitation": open}))
        .fields(&json!({"invitation": "unknown-invitation"}));
    let mut dana = dana.signed_in(&stack);
    let browser = &mut dana.browser;
    checked(browser, &NOOR);
    tells(browser, &of_age("staff.proxy.is.came-of-age", "18"));
    assert!(!browser.page().html().contains(words("staff.proxy.account")));
    let offered = browser.page().buttons();
    assert!(!offered.contains(&words("staff.invite.action").to_owned()));
    browser.press("end-proxy");
    browser.expect_notice(words("staff.notice.proxy-ended"));
    tells(browser, words("staff.proxy.is.patient"));
    let (own, paper) = printed(browser, Locale::En);
    assert_ne!(own, code);
    assert!(paper.contains(NOOR.family) && !paper.contains("whoever acts"));
    let letter = letter(&stack, NOOR.email);
    assert!(letter.text.starts_with("Hello Noor,"), "{}", letter.text);
    assert!(letter.text.contains(&own));
}

/// Whoever acts may have typed the code while it was theirs to type.
#[test]
fn an_enrollment_that_a_parent_has_begun_makes_no_account_after_the_birthday() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    checked(&mut dana.browser, &NOOR);
    note(&mut dana.browser, "parent", "birth-certificate");
    let (code, _) = printed(&mut dana.browser, Locale::En);
    stack.advance(SignedDuration::from_mins(26 * 60 + 25));
    let flow = at_credentials(&stack, &NOOR, &code);
    stack.advance(SignedDuration::from_mins(6));
    flow.answer("credentials", &NOOR.credentials())
        .problem(410, "invitation-ended");
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 0);
}

/// The account is the patient's, and whoever acted knows its password.
#[test]
fn the_desk_says_what_to_do_about_an_account_that_a_parent_has_made() {
    let stack = Stack::start();
    let mut dana = at_desk(&stack);
    checked(&mut dana.browser, &NOOR);
    note(&mut dana.browser, "parent", "birth-certificate");
    let (code, _) = printed(&mut dana.browser, Locale::En);
    enroll(&stack, &NOOR, &code);
    stack.advance(SignedDuration::from_secs(26 * 3600 + 1800));
    let mut dana = dana.signed_in(&stack);
    checked(&mut dana.browser, &NOOR);
    tells(&mut dana.browser, words("staff.proxy.account"));
    dana.browser.press("end-proxy");
    tells(&mut dana.browser, words("staff.proxy.is.patient"));
}

/// At any age: a guardian may be replaced, an authorization taken back.
#[test]
fn whoever_acts_no_more_is_signed_out_and_the_desk_says_what_they_still_know() {
    let stack = Stack::start();
    let browser = &mut at_desk(&stack).browser;
    checked(browser, &LEO);
    note(browser, "parent", "birth-certificate");
    let page = browser.page();
    let is_told = page.html().contains(words("staff.proxy.account"));
    assert!(!is_told, "there is no account yet");
    let (code, _) = printed(browser, Locale::En);
    enroll(&stack, &LEO, &code);
    stack.sign_in(LEO.username, LEO.password).at("done");
    let sessions = "SELECT count(*) FROM sessions";
    assert!(stack.number(sessions) > 0);
    browser.reload();
    tells(browser, words("staff.proxy.account"));
    browser.press("end-proxy");
    browser.expect_notice(words("staff.notice.proxy-ended.account"));
    assert_eq!(stack.number(sessions), 0);
    assert!(stack.opens(&LEO, LEO.password), "the password is the same");
}
