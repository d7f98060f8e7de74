//! The same browser with its scripts turned off, from the static page on.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, walk, words};

in_each_browser!(
    a_patient_enrolls_without_scripts,
    a_username_is_recovered_without_scripts,
    a_password_is_reset_without_scripts,
);

/// A browser without scripts in which the flow of a page has begun.
#[track_caller]
fn begin(engine: Engine, stack: &Stack, page: &str) -> Browser {
    let mut browser = Browser::of(engine, stack, page, Scripts::Off);
    browser.press("start");
    let address = browser.address();
    let is_plain = address.starts_with("/flows/");
    assert!(is_plain, "a plain form should go on, not {address}");
    browser
}

fn a_patient_enrolls_without_scripts(engine: Engine) {
    let stack = Stack::with_site();
    let invitation = stack.invite(&ROSA);
    let mut browser = begin(engine, &stack, "/enroll/");
    assert_eq!(browser.page().text("h1"), words("step.invitation.title"));
    walk::enroll(&mut browser, &stack, &ROSA, &invitation);
    assert!(stack.opens(&ROSA, ROSA.password));
}

fn a_username_is_recovered_without_scripts(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = begin(engine, &stack, "/recover-username/");
    walk::recover(&mut browser, &ROSA);
    browser.follow_link(&stack.mail.link(ROSA.email));
    browser.press("show");
    assert_eq!(browser.page().text(".fd-username"), ROSA.username);
}

fn a_password_is_reset_without_scripts(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = begin(engine, &stack, "/reset-password/");
    browser.press("continue");
    browser.expect_problem(words("problem.required.username.identify"));
    assert!(browser.document_title().starts_with("Error: "));
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    browser.reload();
    browser.expect_step("code");
    // The page was loaded again; the answer was not sent again.
    browser.expect_notice("");
    walk::code(&mut browser, "000000");
    browser.expect_problem(words("problem.wrong-code"));
    stack.advance(jiff::SignedDuration::from_secs(60));
    stack.mail.code("text", ROSA.phone);
    browser.press("resend-email");
    browser.expect_notice(words("notice.code-sent"));
    walk::code(&mut browser, &stack.mail.code("email", ROSA.email));
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    browser.press("continue");
    browser.expect_title(words("step.done.title.password-reset"));
    assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
}
