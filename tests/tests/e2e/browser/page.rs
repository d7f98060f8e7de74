//! What the widget does to the page around it, and leaves alone, as steps come
//! and go.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, wait_for, walk};

in_each_browser!(
    a_new_step_is_scrolled_to_where_it_begins,
    a_flow_that_is_resumed_takes_neither_focus_nor_place,
    a_shown_password_is_hidden_again_when_it_is_sent,
);

/// A little of the page above the widget stays in sight: the edge of its box.
const ABOVE: i64 = 36;

/// Where the widget begins on the screen, in CSS pixels below its upper edge.
fn top(browser: &Browser) -> i64 {
    let script =
        "return Math.round(document.querySelector('verify-widget').getBoundingClientRect().top)";
    let top = browser.script(script, Vec::new());
    top.as_i64().expect("a number")
}

/// A browser may scroll a moment after it has moved the focus.
#[track_caller]
fn expect_in_place(browser: &Browser, what: &str) {
    wait_for(&format!("{what} to be where it begins"), || {
        (top(browser) == ABOVE).then_some(())
    });
}

fn a_new_step_is_scrolled_to_where_it_begins(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    assert!(top(&browser) > ABOVE, "the page has a heading of its own");
    browser.press("start");
    browser.expect_focus("#fd-title");
    expect_in_place(&browser, "the first step");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    browser.expect_step("identity");
    expect_in_place(&browser, "the next one");
    browser.press("continue");
    browser.expect_focus("#fd-errors");
    expect_in_place(&browser, "its problems");
}

/// Nobody has asked for anything yet: a person who loads a page again reads it
/// from where they were.
fn a_flow_that_is_resumed_takes_neither_focus_nor_place(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.press("start");
    browser.expect_focus("#fd-title");
    browser.goto("/reset-password/");
    browser.expect_step("identify");
    assert_eq!(browser.focused(), "BODY", "nobody has asked for the focus");
    assert!(top(&browser) > ABOVE, "the page begins where it begins");
    // What the person asks for takes the focus again.
    browser.fill("username", ROSA.username);
    browser.press("continue");
    browser.expect_step("method");
    browser.expect_focus("#fd-title");
}

/// While the answer is on its way, and where it does not come, the screen must
/// not show what was typed.
fn a_shown_password_is_hidden_again_when_it_is_sent(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    let look = "return document.querySelector('#fd-password').type + ' '
         + document.querySelector('.fd-show-password').ariaPressed";
    assert_eq!(browser.script(look, Vec::new()), "password false");
    browser.click(".fd-show-password");
    assert_eq!(browser.script(look, Vec::new()), "text true");
    // In one script, so that no answer can come in between.
    let press_and_look =
        format!("document.querySelector('input[name=action-continue]').click(); {look}");
    assert_eq!(
        browser.script(&press_and_look, Vec::new()),
        "password false"
    );
}
