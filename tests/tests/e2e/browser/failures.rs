//! What does not load, and what does not answer: the plain form goes on, and
//! nothing that was typed is lost.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Scripts, Stack, Visitor, wait_for, walk, words};
use jiff::SignedDuration;

/// Presses start while `addresses` cannot be reached, and finishes the job.
fn finishes_without(addresses: &[&str]) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(&stack, "/contact/", Scripts::On);
    browser.block(addresses);
    browser.goto("/reset-password/");
    browser.press("start");
    assert!(
        browser.address().starts_with("/flows/password-reset"),
        "without {addresses:?} the plain form should go on, not {}",
        browser.address()
    );
    walk::reset(&mut browser, &stack, &ROSA, "text");
}

#[test]
fn the_plain_form_goes_on_when_the_api_does_not_answer() {
    finishes_without(&["*/api/v1/*"]);
}

#[test]
fn the_plain_form_goes_on_when_the_widget_does_not_load() {
    finishes_without(&["*.wasm"]);
}

#[test]
fn the_plain_form_goes_on_when_the_glue_does_not_load() {
    finishes_without(&["*/widget/glue*"]);
}

#[test]
fn the_plain_form_goes_on_after_a_fault_in_the_widget() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.press("start");
    // The module cannot be had from here; what it calls can.
    let fault = "FormData.prototype.get = () => {
        throw new WebAssembly.RuntimeError('unreachable');
    };";
    browser.script(fault, Vec::new());
    browser.press("continue");
    let address = browser.address();
    assert!(address.starts_with("/flows/password-reset"), "{address}");
    walk::reset(&mut browser, &stack, &ROSA, "text");
}

#[test]
fn a_lost_signal_costs_nothing_that_was_typed() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.press("start");
    browser.fill("username", ROSA.username);
    browser.block(&["*/api/v1/*"]);
    browser.press("continue");
    browser.expect_problem(words("problem.offline"));
    browser.expect_step("identify");
    assert_eq!(browser.live_value("[name=username]"), ROSA.username);
    browser.block(&[]);
    browser.press("continue");
    browser.expect_step("method");
    browser.choose("channel", "call");
    browser.press("continue");
    walk::code(&mut browser, &stack.mail.code("call", ROSA.phone));
    browser.fill("password", walk::NEW_PASSWORD);
    browser.block(&["*/api/v1/*"]);
    browser.press("continue");
    browser.expect_problem(words("problem.offline"));
    assert_eq!(browser.live_value("[name=password]"), walk::NEW_PASSWORD);
    browser.block(&[]);
    browser.press("continue");
    browser.expect_title(words("step.done.title.password-reset"));
    assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
}

#[test]
fn a_lost_signal_is_told_to_whoever_asks_for_more_time() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.press("start");
    stack.advance(SignedDuration::from_mins(59));
    browser.reload();
    browser.fill("username", ROSA.username);
    let mut asks = |key: &str| {
        browser.click(".fd-time input");
        wait_for(key, || {
            let told = browser.page().text(".fd-time p");
            (told == words(key)).then_some(())
        });
        assert_eq!(browser.live_value("[name=username]"), ROSA.username);
        browser.block(&["*/api/v1/*"]);
    };
    asks("notice.more-time");
    asks("notice.no-more-time");
    browser.expect_step("identify");
    browser.block(&[]);
    browser.press("continue");
    browser.expect_step("method");
}
