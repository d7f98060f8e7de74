//! The pictures in the documents: each shows what its document says.
//!
//! `FRONTDESK_PICTURES=docs cargo xtask test --test e2e pictures` takes them anew.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Preview, Scripts, Stack, Visitor as _, wait_for, walk, words};

const PAGE: &str = "/faq/email/in-spam/";
const FILE: &str = "content/faq/email/in-spam.md";
const LAST: &str = "Call the clinic and ask.";

/// What can be read in what the preview adds to a page.
fn added(browser: &Browser, css: &str) -> String {
    let read = "const root = document.querySelector('#site-builder-preview')?.shadowRoot;
        return root?.querySelector(arguments[0])?.innerText ?? ''";
    let text = browser.script(read, vec![css.into()]);
    text.as_str().unwrap_or_default().to_owned()
}

#[test]
fn of_the_home_page() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/", Scripts::On);
    browser.screen(1280, 757, 1);
    assert_eq!(browser.page().text("h1"), "Help with Patient Ally");
    browser.picture("help-center");
}

#[test]
fn of_a_step_on_a_phone() {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.screen(390, 844, 2);
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    browser.expect_focus("#fd-title");
    assert_eq!(browser.page().title(), words("step.code.title.text"));
    browser.picture("code-step");
}

#[test]
fn of_an_error_in_the_preview() {
    let preview = Preview::of_help_center();
    let browser = Browser::preview(&preview, PAGE);
    let link = "Look for [your old email](@/faq/email/old-mail-lost.md).";
    preview.change(FILE, LAST, &format!("{LAST}\n\n{link}"));
    wait_for("the error", || {
        let told = added(&browser, "section");
        (told.contains("The site has 1 error") && told.contains("Did you mean")).then_some(())
    });
    browser.screen(1100, 680, 1);
    browser.picture("preview-error");
}

#[test]
fn of_the_panel_in_the_preview() {
    let preview = Preview::of_help_center();
    let browser = Browser::preview(&preview, PAGE);
    let faults = "If the email got lost, submit a new request. Look [here](@/contact.md).";
    preview.change(FILE, LAST, faults);
    wait_for("what is found", || {
        let told = added(&browser, "summary");
        told.contains("things to look at").then_some(())
    });
    let open = "document.querySelector('#site-builder-preview').shadowRoot
        .querySelector('summary').click()";
    browser.script(open, Vec::new());
    wait_for("the panel to open", || {
        added(&browser, "details").contains("submit").then_some(())
    });
    browser.screen(1100, 680, 1);
    browser.picture("preview-panel");
}
