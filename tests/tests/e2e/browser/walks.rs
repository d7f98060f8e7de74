//! A person reads an answer, follows it to the flow's page, and finishes there.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, wait_for, walk, words};
use protocol::paths;

in_each_browser!(
    a_patient_enrolls_in_the_widget,
    a_username_is_recovered_in_the_widget,
    a_password_is_reset_in_the_widget_by_email,
    a_password_is_reset_in_the_widget_by_text,
    a_password_is_reset_in_the_widget_by_call,
    whoever_signs_in_by_the_widget_comes_to_the_account,
    a_patient_enrolls_from_the_emailed_link,
);

/// Reads an answer, goes where it leads, and presses the button there.
#[track_caller]
fn from_answer(engine: Engine, stack: &Stack, answer: &str) -> Browser {
    let mut browser = Browser::of(engine, stack, answer, Scripts::On);
    browser.click(".do a");
    browser.press("start");
    browser
}

fn a_patient_enrolls_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    let invitation = stack.invite(&SEAN);
    let mut browser = from_answer(engine, &stack, "/faq/getting-started/how-to-enroll/");
    walk::enroll(&mut browser, &stack, &SEAN, &invitation);
    assert!(stack.opens(&SEAN, SEAN.password));
    assert_eq!(browser.address(), "/enroll/", "all on one page");
    browser.expect_silent_console();
}

fn a_username_is_recovered_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = from_answer(
        engine,
        &stack,
        "/faq/username-and-password/forgot-username/",
    );
    walk::recover(&mut browser, &ROSA);
    assert_eq!(browser.address(), "/recover-username/", "all on one page");
    browser.follow_link(&stack.mail.link(ROSA.email));
    browser.expect_title(words("reveal.title"));
    browser.press("show");
    browser.expect_title(words("reveal.shown.title"));
    assert_eq!(browser.page().text(".fd-username"), ROSA.username);
    browser.expect_silent_console();
}

/// Resets a password in the widget by `channel`.
fn resets_by(engine: Engine, channel: &str) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = from_answer(
        engine,
        &stack,
        "/faq/username-and-password/forgot-password/",
    );
    walk::reset(&mut browser, &stack, &ROSA, channel);
    assert_eq!(browser.address(), "/reset-password/", "all on one page");
    assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
    browser.expect_silent_console();
}

fn a_password_is_reset_in_the_widget_by_email(engine: Engine) {
    resets_by(engine, "email");
}

fn a_password_is_reset_in_the_widget_by_text(engine: Engine) {
    resets_by(engine, "text");
}

fn a_password_is_reset_in_the_widget_by_call(engine: Engine) {
    resets_by(engine, "call");
}

/// The widget goes on to the account; whoever guesses meanwhile keeps nobody out.
fn whoever_signs_in_by_the_widget_comes_to_the_account(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    for _ in 0..4 {
        stack.sign_in(ROSA.username, walk::NEW_PASSWORD);
    }
    let mut browser = Browser::of(engine, &stack, "/sign-in/", Scripts::On);
    browser.press("start");
    let sign_in = |browser: &mut Browser, password: &str| {
        browser.expect_step("sign-in");
        browser.fill("username", ROSA.username);
        browser.fill("password", password);
        browser.press("continue");
    };
    sign_in(&mut browser, walk::NEW_PASSWORD);
    browser.expect_problem(words("problem.wrong-sign-in"));
    assert_eq!(browser.page().value("username"), ROSA.username);
    sign_in(&mut browser, ROSA.password);
    browser.expect_step("code");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    wait_for("the account to be shown", || {
        (browser.address() == paths::ACCOUNT).then_some(())
    });
    browser.expect_title(words("account.title"));
    browser.goto("/sign-in/");
    browser.press("start");
    wait_for("the account to be shown again", || {
        (browser.address() == "/account?notice=signed-in").then_some(())
    });
    browser.expect_title(words("account.title"));
    browser.expect_notice(words("notice.signed-in"));
    browser.press("sign-out");
    browser.expect_notice(words("notice.signed-out"));
}

/// The invitation's link leads to a form with the code filled in.
fn a_patient_enrolls_from_the_emailed_link(engine: Engine) {
    let stack = Stack::with_site();
    let invitation = stack.invite(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/", Scripts::On);
    browser.follow_link(&stack.mail.link(ROSA.email));
    assert_eq!(browser.page().value("invitation"), invitation);
    walk::enroll(&mut browser, &stack, &ROSA, &invitation);
    browser.expect_silent_console();
}
