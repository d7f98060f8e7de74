//! Where the focus goes, and that a keyboard is enough.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, walk, words};

in_each_browser!(
    the_focus_goes_to_the_step_the_problem_and_the_field,
    a_keyboard_is_enough,
);

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

fn the_focus_goes_to_the_step_the_problem_and_the_field(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    browser.press("start");
    browser.expect_focus("#fd-title");
    browser.press("continue");
    browser.expect_focus("#fd-errors");
    browser.click("#fd-errors a");
    browser.expect_focus("#fd-invitation");
    assert_eq!(
        browser.address(),
        "/enroll/",
        "no fragment comes to the address"
    );
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    browser.expect_focus("#fd-title");

    browser.press("continue");
    browser.expect_focus("#fd-errors");
    for (line, input) in [
        (1, "#fd-given-name"),
        (2, "#fd-family-name"),
        (3, "#fd-birth-date-month"),
        (4, "#fd-postal-code"),
    ] {
        browser.click(&format!("#fd-errors li:nth-child({line}) a"));
        browser.expect_focus(input);
    }
    walk::identity(&mut browser, &ROSA);
    browser.press("continue");
    browser.click("#fd-errors li:nth-child(2) a");
    browser.expect_focus("[name=channel][value=text]");
    walk::phone(&mut browser, &ROSA, "text");
    stack.advance(jiff::SignedDuration::from_secs(60));
    browser.press("resend");
    browser.expect_focus(".fd-notice");
}

fn a_keyboard_is_enough(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.tab_to("verify-widget form input[type=submit]");
    browser.keys(ENTER);
    browser.expect_focus("#fd-title");
    browser.expect_step("identify");

    // A mistake first: from the summary to the field by keys alone.
    browser.tab_to("input[name=action-continue]");
    browser.keys(ENTER);
    browser.expect_focus("#fd-errors");
    browser.tab_to("#fd-errors a");
    browser.keys(ENTER);
    browser.expect_focus("#fd-username");
    browser.keys(ROSA.username);
    browser.keys(ENTER);
    browser.expect_focus("#fd-title");
    browser.expect_step("method");

    browser.tab_to("[name=channel]");
    browser.keys(SPACE);
    browser.tab_to("input[name=action-continue]");
    browser.keys(SPACE);
    frontdesk_tests::wait_for("the code to be asked for", || {
        (browser.page().step() == "code").then_some(())
    });
    browser.expect_focus("#fd-title");
    browser.tab_to("#fd-code");
    browser.keys(&stack.mail.code("text", ROSA.phone));
    browser.keys(ENTER);
    browser.expect_focus("#fd-title");
    frontdesk_tests::wait_for("the new password to be asked for", || {
        (browser.page().step() == "new-password").then_some(())
    });

    // The switch shows the password, and is no trap for the Tab key.
    browser.tab_to("#fd-password");
    browser.keys(walk::NEW_PASSWORD);
    browser.tab_to(".fd-show-password");
    browser.expect_focus(".fd-show-password[aria-pressed=false]");
    browser.keys(SPACE);
    browser.expect_focus(".fd-show-password[aria-pressed=true]");
    assert_eq!(
        browser.page().attribute("#fd-password", "type").as_deref(),
        Some("text")
    );
    browser.tab_to("input[name=action-continue]");
    browser.keys(ENTER);
    frontdesk_tests::wait_for("the password to be changed", || {
        (browser.page().title() == words("step.done.title.password-reset")).then_some(())
    });
    assert!(stack.opens(&ROSA, walk::NEW_PASSWORD));
}

#[test]
fn no_step_is_wider_than_a_phone() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/enroll/", Scripts::On);
    let fits = |browser: &mut Browser| {
        let step = browser.page().title();
        assert_eq!(browser.sticking_out(), [""; 0], "at the step {step:?}");
    };
    browser.press("start");
    assert_eq!(browser.address(), "/enroll/", "the widget takes over");
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    let rows = "return new Set([...document.querySelectorAll('.fd-date-part')]\
                .map(part => part.getBoundingClientRect().top)).size";
    assert_eq!(browser.script(rows, Vec::new()), 1, "a date is one row");
    walk::identity(&mut browser, &ROSA);
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    walk::phone(&mut browser, &ROSA, "text");
    browser.click(".fd-help summary");
    fits(&mut browser);
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    walk::credentials(&mut browser, &ROSA);
    fits(&mut browser);

    stack.settle();
    stack.mail.mark_read();
    browser.goto("/recover-username/");
    browser.press("start");
    fits(&mut browser);
    walk::recover(&mut browser, &ROSA);
    fits(&mut browser);
    browser.follow_link(&stack.mail.link(ROSA.email));
    fits(&mut browser);
    browser.press("show");
    fits(&mut browser);

    browser.goto("/reset-password/");
    browser.press("start");
    fits(&mut browser);
    browser.fill("username", ROSA.username);
    browser.press("continue");
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    browser.choose("channel", "email");
    browser.press("continue");
    fits(&mut browser);
    walk::code(&mut browser, &stack.mail.code("email", ROSA.email));
    fits(&mut browser);
    browser.press("continue");
    fits(&mut browser);
    browser.fill("password", walk::NEW_PASSWORD);
    browser.press("continue");
    fits(&mut browser);
}

#[test]
fn large_text_on_a_small_phone_needs_no_scrolling_sideways() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/", Scripts::On);
    for path in [
        "/enroll/",
        "/contact/",
        "/faq/all/",
        "/faq/phone-and-codes/code-expired/",
        "/browser-support/",
        "/flows/enrollment",
        "/flows/username-recovery",
    ] {
        browser.goto(path);
        browser.small_with_large_text();
        assert_eq!(browser.sticking_out(), [""; 0], "{path}");
    }
}

#[test]
fn large_text_on_a_small_phone_fits_every_kind_of_box() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/enroll/", Scripts::On);
    browser.small_with_large_text();
    let fits = |browser: &mut Browser| {
        let step = browser.page().title();
        assert_eq!(browser.sticking_out(), [""; 0], "at the step {step:?}");
    };
    browser.press("start");
    fits(&mut browser);
    let invitation = stack.invite(&ROSA);
    browser.fill("invitation", &invitation);
    browser.press("continue");
    browser.expect_step("identity");
    browser.press("continue");
    fits(&mut browser);
    walk::identity(&mut browser, &ROSA);
    fits(&mut browser);
    walk::phone(&mut browser, &ROSA, "text");
    browser.click(".fd-help summary");
    fits(&mut browser);
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.press("continue");
    browser.press("continue");
    fits(&mut browser);
    walk::credentials(&mut browser, &ROSA);
    fits(&mut browser);
    browser.press("start-over");
    browser.fill("invitation", &invitation);
    browser.press("continue");
    browser.expect_problem(words("problem.used-invitation"));
    fits(&mut browser);
}
