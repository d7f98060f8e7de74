//! Codes that a phone reads out of texts and offers to the page (`WebOTP`). The browsers here
//! have no phone, so its part is played.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Scripts, Stack, Visitor as _, wait_for, walk};
use serde_json::Value;

/// A phone that hands a code on when the test says so, and notes what it was asked.
const PHONE: &str = "
    window.asked = [];
    window.OTPCredential = class {};
    navigator.credentials.get = ({ otp, signal }) => new Promise((answer, refuse) => {
        const one = { transport: otp.transport, isAborted: false, text: answer };
        signal.addEventListener('abort', () => {
            one.isAborted = true;
            refuse(signal.reason);
        });
        asked.push(one);
    });";

/// How often the phone was asked, and how often that was taken back.
fn asked(browser: &Browser) -> (u64, u64) {
    let script = "return [asked.length, asked.filter(one => one.isAborted).length]";
    let counts = browser.script(script, Vec::new());
    let count = |at: usize| counts[at].as_u64().expect("a count");
    (count(0), count(1))
}

/// A text arrives.
fn text(browser: &Browser, code: &str) {
    let script = "asked[asked.length - 1].text({ code: arguments[0] })";
    browser.script(script, vec![Value::from(code)]);
}

/// A page with a phone, and a flow on it that has come to its code.
fn at_code(stack: &Stack, channel: &str) -> Browser {
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(stack, "/reset-password/", Scripts::On);
    browser.script(PHONE, Vec::new());
    browser.press("start");
    assert_eq!(asked(&browser), (0, 0), "before there is a code");
    walk::reset_to_code(&mut browser, ROSA.username, channel);
    browser
}

#[test]
fn a_texted_code_is_filled_in_and_the_person_goes_on() {
    let stack = Stack::with_site();
    let mut browser = at_code(&stack, "text");
    assert_eq!(asked(&browser), (1, 0));
    let transports = browser.script("return asked[0].transport.join()", Vec::new());
    assert_eq!(transports, "sms");
    text(&browser, &stack.mail.code("text", ROSA.phone));
    wait_for("the code to be filled in", || {
        (browser.live_value("[name=code]").len() == 6).then_some(())
    });
    browser.expect_step("code");
    browser.press("continue");
    browser.expect_step("new-password");
    assert_eq!(asked(&browser), (1, 1), "the step is over");
}

#[test]
fn a_code_that_somebody_types_is_theirs() {
    let stack = Stack::with_site();
    let mut browser = at_code(&stack, "text");
    browser.fill("code", "123");
    text(&browser, "654321");
    assert_eq!(browser.live_value("[name=code]"), "123");
    browser.press("continue");
    browser.expect_step("code");
    assert_eq!(asked(&browser), (2, 1), "the same step, asked anew");
    browser.press("back");
    browser.expect_step("method");
    assert_eq!(asked(&browser), (2, 2), "nobody waits for a code any more");
}

#[test]
fn the_phone_is_asked_for_no_code_that_comes_another_way() {
    let stack = Stack::with_site();
    let browser = at_code(&stack, "email");
    assert_eq!(asked(&browser), (0, 0));
}
