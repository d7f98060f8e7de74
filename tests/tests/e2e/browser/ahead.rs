//! When the parts of the widget are fetched: not where there is no flow, and near its
//! button before anybody presses.

use frontdesk_tests::{Browser, Clinic, Scripts, Settings, Stack, Visitor, wait_for};
use protocol::{FlowKind, Locale, paths};

use crate::embed::with_clinic;

const LOADER: &str = "/widget/verify-widget.js";

#[test]
fn a_page_without_a_flow_fetches_nothing_of_the_widget() {
    let stack = Stack::with_site();
    for page in [
        "/",
        "/faq/",
        "/faq/username-and-password/forgot-password/",
        "/contact/",
    ] {
        let browser = Browser::open(&stack, page, Scripts::On);
        let of_widget: Vec<_> = widget_files(&browser);
        assert!(of_widget.is_empty(), "{page} fetches {of_widget:?}");
    }
}

/// On a page that says nothing of where its flow is.
#[test]
fn the_widget_is_fetched_near_its_button_and_a_flow_begun_by_the_press() {
    let (_stack, clinic) = with_clinic(Settings::default().site());
    let page = Clinic::path(Locale::En, FlowKind::PasswordReset);
    let mut browser = Browser::visiting(&clinic, "/favicon.ico", Scripts::On);
    browser.styles_from_the_start("verify-widget { display: block; margin-top: 300vh }");
    browser.goto(&page);
    browser.click("h1");
    assert_eq!(widget_files(&browser), [LOADER], "far from the button");

    browser.script(
        "document.querySelector('verify-widget').scrollIntoView()",
        Vec::new(),
    );
    expect_parts_and_no_flow(&browser);
    browser.press("start");
    let pressed = widget_files(&browser);
    assert!(
        pressed.iter().any(|path| is_of_api(path)),
        "after it: {pressed:?}"
    );
}

/// It need not find out where its flow is, which it can only once the page has its styles.
#[test]
fn a_page_that_says_that_its_flow_is_near_has_the_widget_fetched_at_once() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/contact/", Scripts::On);
    browser.styles_from_the_start("verify-widget { display: block; margin-top: 300vh }");
    browser.goto("/reset-password/");
    expect_parts_and_no_flow(&browser);
}

#[test]
fn each_page_that_says_so_has_its_flow_within_a_screen_of_the_first() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/contact/", Scripts::On);
    for locale in Locale::ALL {
        for kind in FlowKind::ALL {
            let page = paths::page(kind, locale);
            browser.goto(&page);
            let script = "const flow = document.querySelector('verify-widget[ahead]');
                return flow.getBoundingClientRect().top / innerHeight";
            let screens = browser.script(script, Vec::new());
            let screens = screens.as_f64().expect("a flow that is fetched ahead");
            assert!(screens < 2.0, "{page} has its flow {screens} screens down");
        }
    }
}

fn expect_parts_and_no_flow(browser: &Browser) {
    let near = wait_for("glue and module", || {
        let fetched = widget_files(browser);
        let has = |part: &str| fetched.iter().any(|path| path.contains(part));
        (has(".wasm") && has("/glue-en.")).then_some(fetched)
    });
    assert!(
        !near.iter().any(|path| is_of_api(path)),
        "before the press: {near:?}"
    );
    assert!(
        !near.iter().any(|path| path.contains("/glue-es.")),
        "{near:?}"
    );
}

fn is_of_api(path: &str) -> bool {
    path.starts_with("/api/")
}

fn widget_files(browser: &Browser) -> Vec<String> {
    let mut fetched = browser.fetched();
    fetched.retain(|path| path.starts_with("/widget/") || path.starts_with("/api/"));
    fetched
}
