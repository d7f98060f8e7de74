//! Whoever is about to run out of time in the widget is warned, and gets more by a press
//! (WCAG 2.2, 2.2.1 and 4.1.3).

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, wait_for, walk, words};
use jiff::SignedDuration;

in_each_browser!(
    whoever_is_warned_gets_more_time_by_a_key_and_loses_nothing,
    a_phone_that_has_slept_warns_when_it_is_looked_at_and_takes_no_focus,
    a_warning_that_nobody_heeds_ends_as_ever,
    more_time_for_a_flow_that_another_tab_has_moved_on_leads_there,
);

/// The button, where there is something to tell beside it.
const MORE: &str = ".fd-time input";

/// What is told of the time, once that is `key`.
#[track_caller]
fn expect_told(browser: &mut Browser, key: &str) {
    wait_for(&format!("{key} to be told"), || {
        let page = browser.page();
        let told = page.text(".fd-time [role=status]") == words(key);
        (told && page.attribute(MORE, "hidden").is_none()).then_some(())
    });
}

/// At the choice of a way for the code, which is waited for for an hour.
fn at_method(engine: Engine, stack: &Stack) -> Browser {
    let mut browser = Browser::of(engine, stack, "/reset-password/", Scripts::On);
    browser.press("start");
    browser.fill("username", ROSA.username);
    browser.press("continue");
    browser.expect_step("method");
    browser
}

fn whoever_is_warned_gets_more_time_by_a_key_and_loses_nothing(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_method(engine, &stack);
    browser.choose("channel", "text");
    browser.press("continue");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
    // A second before the warning, for which the widget waits by itself.
    stack.advance(SignedDuration::from_secs(15 * 60 - 121));
    browser.reload();
    browser.fill("password", walk::NEW_PASSWORD);
    expect_told(&mut browser, "time.soon");
    browser.tab_to(MORE);
    browser.keys("\u{e007}");
    expect_told(&mut browser, "notice.more-time");
    assert!(browser.is_focused(MORE), "the focus stays where it was");
    browser.expect_step("new-password");
    assert_eq!(browser.live_value("[name=password]"), walk::NEW_PASSWORD);
    // Past the end of before.
    stack.advance(SignedDuration::from_mins(14));
    browser.press("continue");
    browser.expect_title(words("step.done.title.password-reset"));
}

fn a_phone_that_has_slept_warns_when_it_is_looked_at_and_takes_no_focus(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.press("start");
    browser.fill("username", ROSA.username);
    assert_eq!(browser.page().text(".fd-time"), "");
    // The one clock has stood still, the other has gone on. (Firefox keeps what a test sets
    // apart from the page, unless it is told not to.)
    let sleep = "const { Date } = window.wrappedJSObject || window;
        const before = Date.now.bind(Date);
        Date.now = () => before() + arguments[0] * 60000;
        document.dispatchEvent(new Event('visibilitychange'));";
    browser.script(sleep, vec![57.into()]);
    assert_eq!(
        browser.page().text(".fd-time"),
        "",
        "three minutes are left"
    );
    browser.script(sleep, vec![2.into()]);
    expect_told(&mut browser, "time.soon");
    assert!(browser.is_focused("[name=username]"));
    assert_eq!(browser.live_value("[name=username]"), ROSA.username);
}

fn a_warning_that_nobody_heeds_ends_as_ever(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_method(engine, &stack);
    stack.advance(SignedDuration::from_mins(59));
    browser.reload();
    expect_told(&mut browser, "time.soon");
    // A mistake does not take the warning away.
    browser.press("continue");
    expect_told(&mut browser, "time.soon");
    stack.advance(SignedDuration::from_mins(1));
    browser.click(MORE);
    wait_for("the end to be told", || {
        let problems = browser.page().problems();
        (problems == [words("problem.flow-expired")]).then_some(())
    });
    browser.press("start-over");
    browser.expect_step("identify");
}

/// Some browsers copy a tab with all it holds.
fn more_time_for_a_flow_that_another_tab_has_moved_on_leads_there(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_method(engine, &stack);
    let key = "frontdesk.password-reset";
    let token = "return sessionStorage.getItem(arguments[0])";
    let token = browser.script(token, vec![key.into()]);
    stack.advance(SignedDuration::from_mins(59));
    browser.reload();
    expect_told(&mut browser, "time.soon");
    let token = token.as_str().expect("a token");
    let elsewhere = frontdesk_tests::Flow::with_token(&stack.client, token);
    elsewhere.back().at("identify");
    browser.click(MORE);
    wait_for("the step of the flow", || {
        (browser.page().step() == "identify").then_some(())
    });
    browser.expect_notice(words("notice.already-answered"));
}
