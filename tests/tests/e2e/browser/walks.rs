//! A person reads an answer, follows it to the flow's page, and finishes there.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Browser, Scripts, Stack, Visitor, walk, words};

/// Reads an answer, goes where it leads, and presses the button there.
#[track_caller]
fn from_answer(stack: &Stack, answer: &str) -> Browser {
    let mut browser = Browser::open(stack, answer, Scripts::On);
    browser.click(".do a");
    browser.press("start");
    browser
}

#[test]
fn a_patient_enrolls_in_the_widget() {
    let stack = Stack::with_site();
    let invitation = stack.invite(&SEAN);
    let mut browser = from_answer(&stack, "/faq/getting-started/how-to-enroll/");
    walk::enroll(&mut browser, &stack, &SEAN, &invitation);
    assert!(stack.opens(&SEAN, SEAN.password));
    assert_eq!(browser.address(), "/enroll/", "all on one page");
    assert_eq!(browser.complaints(), [""; 0], "the console is silent");
}

#[test]
fn a_username_is_recovered_in_the_widget() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = from_answer(&stack, "/faq/username-and-password/forgot-username/");
    walk::recover(&mut browser, &ROSA);
    assert_eq!(browser.address(), "/recover-username/", "all on one page");
    browser.follow_link(&stack.mail.link(ROSA.email));
    browser.expect_title(words("reveal.title"));
    browser.press("show");
    browser.expect_title(words("reveal.shown.title"));
    assert_eq!(browser.page().text(".fd-username"), ROSA.username);
    assert_eq!(browser.complaints(), [""; 0], "the console is silent");
}

/// Resets a password in the widget by `channel`.
fn resets_by(channel: &str) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = from_answer(&stack, "/faq/username-and-password/forgot-password/");
    walk::reset(&mut browser, &stack, &ROSA, channel);
    assert_eq!(browser.address(), "/reset-password/", "all on one page");
    assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
    assert_eq!(browser.complaints(), [""; 0], "the console is silent");
}

#[test]
fn a_password_is_reset_in_the_widget_by_email() {
    resets_by("email");
}

#[test]
fn a_password_is_reset_in_the_widget_by_text() {
    resets_by("text");
}

#[test]
fn a_password_is_reset_in_the_widget_by_call() {
    resets_by("call");
}

/// The invitation's link leads to a form with the code filled in.
#[test]
fn a_patient_enrolls_from_the_emailed_link() {
    let stack = Stack::with_site();
    let invitation = stack.invite(&ROSA);
    let mut browser = Browser::open(&stack, "/", Scripts::On);
    browser.follow_link(&stack.mail.link(ROSA.email));
    assert_eq!(browser.page().value("invitation"), invitation);
    walk::enroll(&mut browser, &stack, &ROSA, &invitation);
    assert_eq!(browser.complaints(), [""; 0], "the console is silent");
}
