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
        (has(".wasm") && has("/glue-")).then_some(())
    });
}

/// Writes down what a screen reader is told: when the element is busy, and no more, and when the
/// place for it has a text, and no more. Returns that place's role.
const LISTEN: &str = "
    const element = document.querySelector('verify-widget');
    const place = element.querySelector('[data-offline]');
    window.heard = [];
    const hear = ({ type, target, oldValue, addedNodes }) => {
        if (type === 'attributes') window.heard.push(oldValue ? 'idle' : 'busy');
        else if (place.contains(target)) window.heard.push(addedNodes.length ? 'said' : 'emptied');
    };
    new MutationObserver((records) => records.forEach(hear)).observe(element, {
        attributeFilter: ['aria-busy'], attributeOldValue: true, childList: true, subtree: true,
    });
    return place.getAttribute('role');";

/// Listens to a page that says nothing yet.
#[track_caller]
fn listen(browser: &Browser) {
    assert_eq!(browser.script(LISTEN, Vec::new()), "alert");
}

/// Presses start, and is told that nothing comes through: aloud, once the element is idle, and as
/// news where the same was told before.
#[track_caller]
fn is_told(browser: &mut Browser) {
    let is_told_again = !browser.page().text("[data-offline]").is_empty();
    browser.script("window.heard = []", Vec::new());
    browser.click("verify-widget input[type=submit]");
    let heard = wait_for("the page to say so", || {
        let heard = browser.script("return window.heard", Vec::new());
        let heard: Vec<String> = serde_json::from_value(heard).expect("what was heard");
        heard.contains(&"said".to_owned()).then_some(heard)
    });
    let without = |what: &str| heard.iter().filter(|it| *it != what).collect::<Vec<_>>();
    assert_eq!(without("emptied"), ["busy", "idle", "said"]);
    if is_told_again {
        assert_eq!(without("idle"), ["busy", "emptied", "said"]);
    }
    let told = browser.page().text("[data-offline]");
    assert_eq!(told, site_words_in(Locale::En, "start_offline"));
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
    listen(&browser);
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
    listen(&browser);
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
    listen(&browser);
    browser.set_offline(true);
    is_told(&mut browser);
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
