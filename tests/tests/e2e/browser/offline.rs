//! A press on Start while nothing comes through: the page stays, says so, and a press tries again.

use frontdesk_tests::{Browser, Engine, Proxy, Scripts, Stack, Visitor, site_words_in, wait_for};
use protocol::Locale;

in_each_browser!(
    where_the_server_is_not_reached_the_page_stays_and_says_so,
    where_a_policy_forbids_what_is_fetched_the_plain_form_goes_on,
);
in_webkit!(where_the_server_is_not_reached_the_page_stays_and_says_so);

const PAGE: &str = "/reset-password/";

/// Waits until the glue and the module are there: near the button they are fetched ahead.
#[track_caller]
fn expect_parts(browser: &Browser) {
    wait_for("glue and module", || {
        let fetched = browser.fetched();
        let has = |part: &str| fetched.iter().any(|path| path.contains(part));
        (has(".wasm") && has("/glue.")).then_some(())
    });
}

/// Presses start, and is told that nothing comes through.
#[track_caller]
fn is_told(browser: &mut Browser) {
    let text = "return document.querySelector('[data-offline]').textContent";
    browser.script(
        "document.querySelector('[data-offline]').textContent = ''",
        Vec::new(),
    );
    browser.click("verify-widget input[type=submit]");
    wait_for("the page to say so", || {
        (browser.script(text, Vec::new()) == site_words_in(Locale::En, "start_offline"))
            .then_some(())
    });
    wait_for("the widget to be idle", || {
        let busy = "return document.querySelector('verify-widget').hasAttribute('aria-busy')";
        (browser.script(busy, Vec::new()) == false).then_some(())
    });
    assert_eq!(browser.address(), PAGE);
}

#[track_caller]
fn begins(browser: &mut Browser) {
    browser.press("start");
    browser.expect_step("identify");
    assert_eq!(browser.address(), PAGE, "the widget takes over");
}

fn where_the_server_is_not_reached_the_page_stays_and_says_so(engine: Engine) {
    let stack = Stack::with_site();
    let address = stack.base().trim_start_matches("http://");
    let proxy = Proxy::to(address);
    let mut browser = Browser::by_way_of(engine, &proxy, PAGE);
    expect_parts(&browser);
    proxy.cut();
    is_told(&mut browser);
    is_told(&mut browser);
    proxy.mend();
    begins(&mut browser);
}

/// As a browser tells it to a script, a refusal is no other than a dead line.
fn where_a_policy_forbids_what_is_fetched_the_plain_form_goes_on(engine: Engine) {
    let stack = Stack::with_site();
    let mut browser = Browser::of(engine, &stack, PAGE, Scripts::On);
    expect_parts(&browser);
    let forbid = "const policy = document.createElement('meta');
        policy.httpEquiv = 'content-security-policy';
        policy.content = \"connect-src 'none'\";
        document.head.append(policy);";
    browser.script(forbid, Vec::new());
    browser.press("start");
    assert!(browser.address().starts_with("/flows/password-reset"));
}

#[test]
fn whoever_knows_to_be_offline_is_told_so() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, PAGE, Scripts::On);
    expect_parts(&browser);
    browser.set_offline(true);
    is_told(&mut browser);
    is_told(&mut browser);
    browser.set_offline(false);
    begins(&mut browser);
}

/// The loader is all that there is, and can say so by itself.
#[test]
fn whoever_knows_to_be_offline_before_anything_is_fetched_is_told_so() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/contact/", Scripts::On);
    browser.block(&["*/widget/glue*"]);
    browser.goto(PAGE);
    browser.set_offline(true);
    is_told(&mut browser);
    browser.set_offline(false);
    browser.block(&[]);
    browser.press("start");
    // A browser may remember that it could not have a module.
    let address = browser.address();
    assert!(
        address == PAGE || address.starts_with("/flows/password-reset"),
        "{address}"
    );
}

#[test]
fn a_page_that_says_nothing_of_it_leads_to_the_plain_form() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, PAGE, Scripts::On);
    expect_parts(&browser);
    browser.script(
        "document.querySelector('[data-offline]').remove()",
        Vec::new(),
    );
    browser.block(&["*/api/*", "*/widget/*"]);
    browser.press("start");
    assert!(browser.address().starts_with("/flows/password-reset"));
}
