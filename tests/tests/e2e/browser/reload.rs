//! What a reload costs in the widget: nothing of the flow, nothing that was typed, and every
//! secret.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, walk, words};

use super::ways::at_reset;

in_each_browser!(
    a_reload_resumes_the_flow_in_the_widget,
    what_was_typed_outlives_a_reload_and_the_other_language,
    no_code_or_password_outlives_a_reload,
);

fn what_was_typed_outlives_a_reload_and_the_other_language(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/recover-username/", Scripts::On);
    browser.press("start");
    browser.expect_step("personal-info");
    browser.fill("family_name", ROSA.family);
    browser.fill("birth_date-year", "1944");
    browser.reload();
    browser.expect_step("personal-info");
    let typed = |browser: &mut Browser| {
        ["family_name", "given_name", "birth_date-year"]
            .map(|name| browser.live_value(&format!("[name={name}]")))
    };
    assert_eq!(typed(&mut browser), [ROSA.family, "", "1944"]);
    browser.goto("/es/recover-username/");
    browser.expect_step("personal-info");
    assert_eq!(typed(&mut browser), [ROSA.family, "", "1944"]);
    // What is answered is kept no longer.
    walk::recover(&mut browser, &ROSA);
    let kept = "return JSON.stringify(sessionStorage)";
    let kept = browser.script(kept, Vec::new()).to_string();
    assert!(!kept.contains(ROSA.family), "{kept}");
}

fn no_code_or_password_outlives_a_reload(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    let kept = |browser: &Browser, secret: &str| {
        let kept = browser.script("return JSON.stringify(sessionStorage)", Vec::new());
        assert!(!kept.to_string().contains(secret), "{kept}");
    };
    let code = stack.mail.code("text", ROSA.phone);
    browser.fill("code", &code);
    browser.reload();
    browser.expect_step("code");
    assert_eq!(browser.live_value("[name=code]"), "");
    kept(&browser, &code);
    walk::code(&mut browser, &code);
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    // A box whose text is shown is a password's all the same.
    browser.click(".fd-show-password");
    browser.goto("/contact/");
    kept(&browser, walk::NEW_PASSWORD);
    browser.goto("/reset-password/");
    browser.expect_step("new-password");
    assert_eq!(browser.live_value("[name=password]"), "");
}

fn a_reload_resumes_the_flow_in_the_widget(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = at_reset(engine, &stack);
    browser.reload();
    browser.expect_step("identify");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    browser.reload();
    browser.expect_step("code");
    walk::code(&mut browser, &stack.mail.code("text", ROSA.phone));
    browser.expect_step("new-password");
    browser.reload();
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    browser.press("continue");
    browser.expect_title(words("step.done.title.password-reset"));
    browser.goto("/reset-password/");
    assert_eq!(
        browser.page().title(),
        "",
        "what is done is not shown to the next person at this computer"
    );
    browser.press("start");
    browser.expect_step("identify");
}
