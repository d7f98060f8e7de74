//! What people do by habit: skip what is on every page, paste what they have, Tab past a
//! switch.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Browser, Engine, Scripts, Stack, Visitor, wait_for, walk};

in_each_browser!(
    the_first_tab_shows_a_link_past_the_header,
    a_code_is_pasted_as_people_write_it,
    a_password_is_pasted,
    tab_past_the_switch_shows_no_password,
);

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
/// Held until the keys after it have been pressed.
const CONTROL: &str = "\u{e009}";

/// Whether all of the element with the focus is on the screen, and high enough to be seen.
const SHOWN: &str = "const box = document.activeElement.getBoundingClientRect();
    return box.top >= 0 && box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
        && box.height >= 24";

fn the_first_tab_shows_a_link_past_the_header(engine: Engine) {
    let stack = Stack::with_site();
    let browser = Browser::of(engine, &stack, "/contact/", Scripts::On);
    for path in ["/contact/", "/es/faq/all/", "/enroll/", "/flows/enrollment"] {
        browser.goto(path);
        browser.keys(TAB);
        browser.expect_focus(".skip");
        // Some browsers scroll a moment after the key.
        wait_for(&format!("the link of {path} to be seen"), || {
            (browser.script(SHOWN, Vec::new()) == true).then_some(())
        });
        browser.keys(ENTER);
        browser.expect_focus("main");
        browser.keys(TAB);
        browser.expect_focus("main *");
    }
}

/// Types into the box that has the focus, and takes it all away to the clipboard.
fn cut(browser: &Browser, text: &str) {
    browser.keys(text);
    browser.keys(&format!("{CONTROL}a"));
    browser.keys(&format!("{CONTROL}x"));
}

fn paste(browser: &Browser) {
    browser.keys(&format!("{CONTROL}v"));
}

/// The clipboard belongs to another process than the page, and answers a moment after the keys.
#[track_caller]
fn expect_value(browser: &Browser, css: &str, value: &str) {
    wait_for(&format!("{css} to hold {value:?}"), || {
        (browser.live_value(css) == value).then_some(())
    });
}

/// By the keys of the clipboard, spaces and dashes and all.
fn a_code_is_pasted_as_people_write_it(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/reset-password/", Scripts::On);
    browser.press("start");
    walk::reset_to_code(&mut browser, ROSA.username, "text");
    let code = stack.mail.code("text", ROSA.phone);
    let written = format!(" {} {}-{} ", &code[..2], &code[2..4], &code[4..]);
    browser.click("#fd-code");
    cut(&browser, &written);
    expect_value(&browser, "#fd-code", "");
    paste(&browser);
    expect_value(&browser, "#fd-code", &written);
    browser.press("continue");
    browser.expect_step("new-password");
}

/// From another box: a password is not to be had from its own.
fn a_password_is_pasted(engine: Engine) {
    let stack = Stack::with_site();
    stack.enrolled(&ROSA);
    let mut browser = Browser::of(engine, &stack, "/sign-in/", Scripts::On);
    browser.press("start");
    browser.click("#fd-username");
    cut(&browser, ROSA.password);
    expect_value(&browser, "#fd-username", "");
    browser.fill("username", ROSA.username);
    browser.click("#fd-password");
    paste(&browser);
    expect_value(&browser, "#fd-password", ROSA.password);
    browser.press("continue");
    walk::expect_words(&mut browser, "account.title");
}

fn tab_past_the_switch_shows_no_password(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, "/sign-in/", Scripts::On);
    browser.press("start");
    browser.fill("password", walk::NEW_PASSWORD);
    browser.tab_to(".fd-show-password");
    browser.keys(TAB);
    browser.expect_focus("input[name=action-continue]");
    let look = "return document.querySelector('#fd-password').type + ' '
         + document.querySelector('.fd-show-password').getAttribute('aria-pressed')";
    assert_eq!(browser.script(look, Vec::new()), "password false");
}
