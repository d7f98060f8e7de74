//! The browser's own Back, Forward and reload in the widget, beside the button of a step.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Proxy, Scripts, Stack, Visitor, wait_for, walk, words};
use serde_json::{Value, json};

in_each_browser!(
    back_leads_through_the_steps_and_then_away,
    after_a_proof_back_leaves_the_page,
    the_button_takes_its_entry_along,
    back_twice_at_once_leads_two_steps_back,
    forward_shows_where_the_flow_is,
    where_nothing_comes_of_back_no_step_of_it_is_lost,
    after_a_reload_back_leads_through_the_steps,
    what_the_page_keeps_in_the_history_stays,
    whoever_has_signed_in_comes_back_to_where_they_began,
    whoever_signs_in_without_a_code_comes_back_to_where_they_began,
);
in_webkit!(
    back_leads_through_the_steps_and_then_away,
    the_button_takes_its_entry_along,
);

/// Where people come from, and where Back leads when it leaves a flow.
const BEFORE: &str = "/contact/";

/// A browser in which a flow has begun on this page, after another one.
fn at(engine: Engine, stack: &Stack, path: &str) -> Browser {
    let mut browser = Browser::of(engine, stack, BEFORE, Scripts::On);
    browser.goto(path);
    browser.press("start");
    browser
}

/// The same at the code of a reset, two steps from its first.
fn at_code(engine: Engine, stack: &Stack) -> Browser {
    stack.enrolled(&ROSA);
    let mut browser = at(engine, stack, "/reset-password/");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    browser
}

#[track_caller]
fn expect_to_come_to(browser: &mut Browser, step: &str) {
    wait_for(&format!("the step {step}"), || {
        (browser.page().step() == step).then_some(())
    });
    browser.expect_focus("#fd-title");
}

#[track_caller]
fn goes_back_to(browser: &mut Browser, step: &str) {
    browser.go_back();
    expect_to_come_to(browser, step);
}

#[track_caller]
fn expect_to_have_left(browser: &Browser) {
    wait_for("the page of before", || {
        (browser.address() == BEFORE).then_some(())
    });
}

/// What the history says of the entry that is shown.
fn state(browser: &Browser) -> Value {
    browser.script("return history.state", Vec::new())
}

/// Waits until the browser is at the first entry of a flow: it goes there after the step is shown.
#[track_caller]
fn expect_first_entry(browser: &Browser, flow: &str) {
    wait_for("the first entry", || {
        (state(browser)[format!("frontdesk.{flow}")] == 0).then_some(())
    });
}

fn back_leads_through_the_steps_and_then_away(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at(engine, &stack, "/enroll/");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    walk::identity(&mut browser, &ROSA);
    walk::phone(&mut browser, &ROSA, "call");
    browser.expect_step("code");
    goes_back_to(&mut browser, "phone");
    assert_eq!(browser.live_value("[name=phone]"), ROSA.phone);
    goes_back_to(&mut browser, "identity");
    assert_eq!(browser.live_value("[name=family_name]"), ROSA.family);
    // The invitation was right: no way leads back across it.
    browser.go_back();
    expect_to_have_left(&browser);
    browser.go_forward();
    browser.expect_step("identity");
}

fn after_a_proof_back_leaves_the_page(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_code(engine, &stack);
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
    expect_first_entry(&browser, "password-reset");
    browser.expect_step("new-password");
    browser.expect_focus("#fd-title");
    let top =
        "return Math.round(document.querySelector('verify-widget').getBoundingClientRect().top)";
    assert_eq!(
        browser.script(top, Vec::new()),
        36,
        "the step is where it begins"
    );
    browser.go_back();
    expect_to_have_left(&browser);
    browser.go_forward();
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    browser.press("continue");
    browser.expect_title(words("step.done.title.password-reset"));
    browser.go_back();
    expect_to_have_left(&browser);
}

fn the_button_takes_its_entry_along(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_code(engine, &stack);
    let key = "frontdesk.password-reset";
    assert_eq!(state(&browser), json!({ key: 2 }), "a number and no more");
    let length = browser.script("return history.length", Vec::new());
    for _ in 0..2 {
        walk::back_to_the_code(&mut browser, None, "text");
        assert_eq!(state(&browser), json!({ key: 2 }));
    }
    assert_eq!(
        browser.script("return history.length", Vec::new()),
        length,
        "entries do not pile up"
    );
    browser.press("back");
    expect_to_come_to(&mut browser, "method");
    wait_for("the entry of that step", || {
        (state(&browser) == json!({ key: 1 })).then_some(())
    });
    goes_back_to(&mut browser, "identify");
    browser.go_back();
    expect_to_have_left(&browser);
}

fn back_twice_at_once_leads_two_steps_back(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_code(engine, &stack);
    browser.script("history.go(-2)", Vec::new());
    expect_to_come_to(&mut browser, "identify");
    assert_eq!(browser.live_value("[name=username]"), ROSA.username);
    browser.go_back();
    expect_to_have_left(&browser);
}

fn forward_shows_where_the_flow_is(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_code(engine, &stack);
    goes_back_to(&mut browser, "method");
    browser.go_forward();
    browser.expect_step("method");
    browser.choose("channel", "text");
    browser.press("continue");
    expect_to_come_to(&mut browser, "code");
    goes_back_to(&mut browser, "method");
    goes_back_to(&mut browser, "identify");
    browser.press("continue");
    expect_to_come_to(&mut browser, "method");
    goes_back_to(&mut browser, "identify");
    browser.go_back();
    expect_to_have_left(&browser);
}

fn where_nothing_comes_of_back_no_step_of_it_is_lost(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let proxy = Proxy::to(stack.base().trim_start_matches("http://"));
    let mut browser = Browser::by_way_of(engine, &proxy, "/reset-password/");
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    let at_code = json!({ "frontdesk.password-reset": 2 });
    let length = browser.script("return history.length", Vec::new());
    proxy.cut();
    for steps in [-1, -2] {
        let below = "document.querySelectorAll('#fd-errors').forEach((told) => told.remove());
            scrollTo(0, document.body.scrollHeight)";
        browser.script(below, Vec::new());
        browser.script("history.go(arguments[0])", vec![json!(steps)]);
        wait_for("the entry that was left", || {
            let problems = browser.page().problems();
            (!problems.is_empty() && state(&browser) == at_code).then_some(())
        });
        browser.expect_step("code");
        browser.expect_problem(words("problem.offline"));
        browser.expect_focus("#fd-errors");
        let top = "return document.querySelector('#fd-errors').getBoundingClientRect().top >= 0";
        wait_for("what is told to be seen", || {
            (browser.script(top, Vec::new()) == true).then_some(())
        });
    }
    assert_eq!(browser.script("return history.length", Vec::new()), length);
    proxy.mend();
    goes_back_to(&mut browser, "method");
    goes_back_to(&mut browser, "identify");
}

fn after_a_reload_back_leads_through_the_steps(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_code(engine, &stack);
    browser.reload();
    browser.expect_step("code");
    goes_back_to(&mut browser, "method");
    browser.reload();
    browser.expect_step("method");
    goes_back_to(&mut browser, "identify");
    browser.go_back();
    expect_to_have_left(&browser);
}

fn what_the_page_keeps_in_the_history_stays(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at(engine, &stack, "/reset-password/");
    let key = "frontdesk.password-reset";
    browser.script("history.replaceState({ of: 'page' }, '')", Vec::new());
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    assert_eq!(state(&browser), json!({ "of": "page", key: 2 }));
    // An entry of the page above ours: Back from there is the page's business.
    browser.script(
        "history.pushState({ of: 'other' }, '', '#other')",
        Vec::new(),
    );
    browser.go_back();
    wait_for("the entry below", || {
        (state(&browser)[key] == 2).then_some(())
    });
    browser.expect_step("code");
    goes_back_to(&mut browser, "method");
    assert_eq!(state(&browser), json!({ "of": "page", key: 1 }));
    goes_back_to(&mut browser, "identify");
    // What is no plain object has no place for us.
    browser.script("history.replaceState('of the page', '')", Vec::new());
    browser.press("continue");
    expect_to_come_to(&mut browser, "method");
    assert_eq!(state(&browser), "of the page");
    browser.go_back();
    expect_to_have_left(&browser);
}

/// After so many wrong passwords a code is asked for, whose step has nothing more to show then.
fn whoever_has_signed_in_comes_back_to_where_they_began(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at(engine, &stack, "/sign-in/");
    for _ in 0..5 {
        stack.sign_in(ROSA.username, walk::NEW_PASSWORD);
    }
    browser.fill("username", ROSA.username);
    browser.fill("password", ROSA.password);
    browser.press("continue");
    browser.expect_step("code");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    wait_for("the account", || {
        (browser.address() == "/account").then_some(())
    });
    browser.go_back();
    wait_for("the page where the sign-in began", || {
        (browser.address() == "/sign-in/").then_some(())
    });
    browser.go_back();
    expect_to_have_left(&browser);
}

fn whoever_signs_in_without_a_code_comes_back_to_where_they_began(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at(engine, &stack, "/sign-in/");
    browser.fill("username", ROSA.username);
    browser.fill("password", ROSA.password);
    browser.press("continue");
    wait_for("the account", || {
        (browser.address() == "/account").then_some(())
    });
    browser.go_back();
    wait_for("the page where the sign-in began", || {
        (browser.address() == "/sign-in/").then_some(())
    });
}
