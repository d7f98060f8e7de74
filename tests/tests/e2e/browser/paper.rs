//! Pages that somebody prints for whoever has no computer.

use frontdesk_tests::{Browser, Scripts, Stack};

/// What can be seen of the page.
fn seen(browser: &Browser) -> String {
    let text = browser.script("return document.body.innerText", Vec::new());
    text.as_str().unwrap_or_default().to_owned()
}

/// What is for fingers, and can be seen.
fn to_press(browser: &Browser) -> Vec<serde_json::Value> {
    let script = "return Array.from(document.querySelectorAll('input, button, .fd-button, nav a'))
        .filter(it => it.getClientRects().length > 0).map(it => it.outerHTML)";
    let found = browser.script(script, Vec::new());
    found.as_array().expect("a list").clone()
}

#[test]
fn paper_says_whom_to_call_and_shows_nothing_to_press() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/", Scripts::On);
    browser.on_paper();
    for path in [
        "/faq/phone-and-codes/code-not-here/",
        "/faq/all/",
        "/enroll/",
        "/contact/",
        "/es/contact/",
        "/es/faq/closing-your-account/how-to-close/",
    ] {
        browser.goto(path);
        assert_eq!(
            to_press(&browser),
            Vec::<serde_json::Value>::new(),
            "{path}"
        );
        let seen = seen(&browser);
        assert!(seen.contains("888-747-4255"), "{path}: {seen}");
    }
}

/// What hangs beside a telephone is one sheet.
#[test]
fn whom_to_call_is_one_sheet_and_all_answers_are_more() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/contact/", Scripts::On);
    for path in ["/contact/", "/es/contact/"] {
        browser.goto(path);
        assert_eq!(browser.sheets(), 1, "{path}");
    }
    browser.goto("/faq/all/");
    assert!(browser.sheets() > 1);
}
