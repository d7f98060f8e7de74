//! Ways that people go in the widget: mistakes, tabs, too late.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, walk, words};
use jiff::SignedDuration;

in_each_browser!(
    wrong_used_and_expired_codes_are_told_in_the_widget,
    back_from_a_code_and_on_again_leads_to_the_same_code_in_the_widget,
    mistakes_are_told_in_the_widget_with_what_was_typed_kept,
    two_tabs_hold_two_flows,
    the_same_flow_in_two_tabs_goes_on_from_where_it_is,
    a_flow_that_ran_out_offers_a_new_start_in_the_widget,
    a_form_of_no_flow_is_told_as_lost_in_the_widget,
    the_page_is_told_of_steps_and_nothing_personal,
    a_double_press_asks_for_one_code,
    whoever_has_no_try_left_is_told_so_after_a_reload_of_the_widget_too,
    a_taken_username_does_not_cost_the_password,
);

/// A browser in which the reset of a password has begun.
pub(super) fn at_reset(engine: Engine, stack: &Stack) -> Browser {
    let mut browser = Browser::of(engine, stack, "/reset-password/", Scripts::On);
    browser.press("start");
    assert_eq!(
        browser.address(),
        "/reset-password/",
        "the widget takes over"
    );
    browser
}

fn wrong_used_and_expired_codes_are_told_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    let first = stack.mail.code("text", ROSA.phone);
    walk::code(&mut browser, "12345");
    browser.expect_problem(words("problem.invalid-code"));
    walk::code(
        &mut browser,
        if first == "000000" {
            "000001"
        } else {
            "000000"
        },
    );
    browser.expect_problem(words("problem.wrong-code"));
    assert!(browser.document_title().starts_with("Error: "));

    stack.advance(SignedDuration::from_mins(10));
    walk::code(&mut browser, &first);
    browser.expect_problem(words("problem.expired-code"));
    browser.press("resend-call");
    browser.expect_notice(words("notice.code-sent"));
    assert!(!browser.document_title().starts_with("Error: "));
    let second = stack.mail.code("call", ROSA.phone);
    walk::code(&mut browser, &first);
    browser.expect_problem(words("problem.wrong-code"));
    stack.advance(SignedDuration::from_secs(15));
    browser.press("resend");
    let too_soon = words("problem.too-soon").replace("{seconds}", "45");
    browser.expect_problem(&too_soon);
    walk::code(&mut browser, &second);
    browser.expect_step("new-password");

    // The code that did its work does nothing in another flow.
    browser.new_tab("/reset-password/");
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "email");
    walk::code(&mut browser, &second);
    browser.expect_problem(words("problem.wrong-code"));
}

fn back_from_a_code_and_on_again_leads_to_the_same_code_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    browser.press("start");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    walk::identity(&mut browser, &ROSA);
    walk::phone(&mut browser, &ROSA, "call");
    browser.expect_step("code");
    let code = stack.mail.code("call", ROSA.phone);
    walk::back_to_the_code(&mut browser, Some(&ROSA), "call");
    walk::code(&mut browser, &code);
    browser.expect_step("contact");

    stack.enrolled(&SEAN);
    browser.new_tab("/reset-password/");
    browser.press("start");
    walk::reset_to_code(&mut browser, SEAN.username, "text");
    let code = stack.mail.code("text", SEAN.phone);
    walk::back_to_the_code(&mut browser, None, "text");
    walk::code(&mut browser, &code);
    browser.expect_step("new-password");
}

fn mistakes_are_told_in_the_widget_with_what_was_typed_kept(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    browser.press("start");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    browser.fill("given_name", "Rosa \"<b>");
    walk::birth_date(&mut browser, ["2", "30", "1951"]);
    browser.fill("postal_code", "0410");
    browser.press("continue");
    assert_eq!(
        browser.page().problems(),
        [
            words("problem.required.family_name"),
            words("problem.invalid-date"),
            words("problem.invalid-postal-code"),
        ]
    );
    for (control, text) in [
        ("given_name", "Rosa \"<b>"),
        ("family_name", ""),
        ("birth_date-month", "2"),
        ("birth_date-day", "30"),
        ("birth_date-year", "1951"),
        ("postal_code", "0410"),
    ] {
        assert_eq!(
            browser.live_value(&format!("[name={control}]")),
            text,
            "{control}"
        );
    }
    walk::identity(&mut browser, &ROSA);
    // Back, and everything is still there; forward, and it counts.
    browser.expect_step("phone");
    browser.press("back");
    browser.expect_step("identity");
    assert_eq!(browser.live_value("[name=family_name]"), ROSA.family);
    browser.press("continue");
    browser.expect_step("phone");
}

fn two_tabs_hold_two_flows(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    browser.press("start");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    browser.new_tab("/enroll/");
    browser.press("start");
    browser.fill("invitation", &stack.invite(&SEAN));
    browser.press("continue");
    walk::identity(&mut browser, &SEAN);
    browser.expect_step("phone");
    browser.show_tab(0);
    walk::identity(&mut browser, &ROSA);
    walk::phone(&mut browser, &ROSA, "text");
    browser.expect_step("code");
    browser.show_tab(1);
    walk::phone(&mut browser, &SEAN, "text");
    walk::code(&mut browser, &stack.mail.code("text", SEAN.phone));
    assert_eq!(browser.page().value("email"), SEAN.email);
}

/// Some browsers copy a tab with all it holds.
fn the_same_flow_in_two_tabs_goes_on_from_where_it_is(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    let key = "frontdesk.password-reset";
    let token = browser.script(
        "return sessionStorage.getItem(arguments[0])",
        vec![key.into()],
    );
    browser.new_tab("/reset-password/");
    browser.script(
        "sessionStorage.setItem(arguments[0], arguments[1])",
        vec![key.into(), token],
    );
    browser.goto("/reset-password/");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    browser.show_tab(0);
    browser.expect_step("identify");
    browser.fill("username", ROSA.username);
    browser.press("continue");
    browser.expect_step("code");
    browser.expect_notice(words("notice.already-answered"));
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
}

fn a_flow_that_ran_out_offers_a_new_start_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    browser.fill("username", ROSA.username);
    browser.press("continue");
    stack.advance(SignedDuration::from_hours(1));
    browser.choose("channel", "text");
    browser.press("continue");
    browser.expect_problem(words("problem.flow-expired"));
    browser.press("start-over");
    walk::reset(&mut browser, &stack, &ROSA, "text");

    let mut browser = at_reset(engine, &stack);
    stack.advance(SignedDuration::from_hours(1));
    browser.reload();
    browser.expect_problem(words("problem.flow-expired"));
    browser.press("start-over");
    browser.expect_step("identify");
}

fn a_form_of_no_flow_is_told_as_lost_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = at_reset(engine, &stack);
    browser.script(
        "sessionStorage.setItem('frontdesk.password-reset', 'A'.repeat(43))",
        Vec::new(),
    );
    browser.reload();
    browser.expect_problem(words("problem.unknown-flow"));
    browser.press("start-over");
    browser.expect_step("identify");
}

/// A page that holds the widget can follow the flow, and learns nothing about
/// the person.
fn the_page_is_told_of_steps_and_nothing_personal(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.script(
        "window.told = [];
         for (const name of ['verify:step', 'verify:done', 'verify:problem'])
           document.addEventListener(name, (e) => told.push(name + ' ' + JSON.stringify(e.detail)));",
        Vec::new(),
    );
    browser.press("start");
    browser.press("continue");
    walk::reset(&mut browser, &stack, &ROSA, "text");
    let told = browser.script("return told.join('\\n')", Vec::new());
    let told: Vec<_> = told
        .as_str()
        .expect("a text")
        .lines()
        .map(str::to_owned)
        .collect();
    let step =
        |name: &str| format!("verify:step {{\"kind\":\"password-reset\",\"step\":\"{name}\"}}");
    assert_eq!(
        told,
        [
            step("identify"),
            "verify:problem {\"code\":\"invalid-answers\"}".to_owned(),
            step("method"),
            step("code"),
            step("new-password"),
            step("done"),
            "verify:done {\"kind\":\"password-reset\"}".to_owned(),
        ]
    );
}

/// Hands tremble, and a slow line makes people press again.
fn a_double_press_asks_for_one_code(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    browser.fill("username", ROSA.username);
    browser.press("continue");
    browser.choose("channel", "text");
    let press_twice =
        "const b = document.querySelector('input[name=action-continue]'); b.click(); b.click()";
    browser.script(press_twice, Vec::new());
    frontdesk_tests::wait_for("the code to be asked for", || {
        (browser.page().step() == "code").then_some(())
    });
    assert_eq!(browser.page().problems(), [""; 0]);
    browser.expect_notice("");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
    let asked = "SELECT count(*) FROM audit WHERE event = 'code-asked'";
    assert_eq!(stack.number(asked), 2, "one to enroll, one to reset");
}

fn whoever_has_no_try_left_is_told_so_after_a_reload_of_the_widget_too(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    let wrong = if code == "424242" { "242424" } else { "424242" };
    for _ in 0..5 {
        browser.expect_title(words("step.code.title.text"));
        walk::code(&mut browser, wrong);
    }
    browser.expect_problem(words("problem.spent-code"));
    browser.expect_title(words("stuck.title"));
    browser.reload();
    browser.expect_title(words("stuck.title"));
    assert_eq!(browser.page().buttons(), [words("action.start-over")]);
    browser.press("start-over");
    browser.expect_step("identify");
}

/// A long password is hard to type once.
fn a_taken_username_does_not_cost_the_password(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/enroll/", Scripts::On);
    browser.press("start");
    browser.fill("invitation", &stack.invite(&SEAN));
    browser.press("continue");
    walk::identity(&mut browser, &SEAN);
    walk::phone(&mut browser, &SEAN, "call");
    walk::code(&mut browser, &stack.mail.code("call", SEAN.phone));
    browser.expect_step("contact");
    browser.press("continue");
    browser.expect_step("credentials");
    browser.fill("username", ROSA.username);
    browser.fill("password", SEAN.password);
    browser.press("continue");
    browser.expect_problem(words("problem.username-taken"));
    assert!(
        !browser.page().html().contains(SEAN.password),
        "a password stands in its box alone"
    );
    assert_eq!(browser.live_value("[name=password]"), SEAN.password);
    browser.fill("username", SEAN.username);
    browser.press("continue");
    browser.expect_title(words("step.done.title.enrollment"));
    assert_eq!(browser.page().text(".fd-username"), SEAN.username);
}
