//! What the other tests here would say: faults that are planted on a page are found.

use frontdesk_tests::{Browser, Colors, Eyes, Keyboard, Rules, Scripts, Stack, Visitor};

use super::auditor::Auditor;
use super::tour::Eye as _;

/// A fault, and the rule that is to find it.
const FAULTS: [(&str, &str); 6] = [
    ("document.querySelector('label').remove()", "label"),
    ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
    (
        "document.querySelector('.fd-lead').style.color = '#999'",
        "color-contrast",
    ),
    (
        "document.querySelector('.fd-input').setAttribute('autocomplete', 'nonsense')",
        "autocomplete-valid",
    ),
    (
        "document.querySelector('h1').outerHTML = '<h4>' + document.querySelector('h1').innerHTML + '</h4>'",
        "page-has-heading-one",
    ),
    (
        "document.querySelectorAll('.top-nav a').forEach((a) => {
            a.style.cssText = 'font-size: 8px; padding: 0; min-height: 0; line-height: 8px; border: 0';
            a.parentNode.style.cssText = 'display: block; height: 8px; line-height: 8px';
        })",
        "target-size",
    ),
];

#[test]
fn a_planted_fault_is_found() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/flows/enrollment", Scripts::On);
    for (fault, rule) in FAULTS {
        browser.goto("/flows/enrollment");
        browser.see_with(Eyes::phone(Colors::Light));
        let before = browser.audit(Rules::All).violations;
        assert!(before.is_empty(), "without the fault: {before:?}");
        browser.script(fault, Vec::new());
        let found = browser.audit(Rules::All).violations;
        let is_told = found.iter().any(|it| it.starts_with(&format!("{rule} (")));
        assert!(is_told, "{rule} should be told, not {found:?}");
    }
}

/// The colors of light and dark are looked at for themselves.
#[test]
#[should_panic(expected = "color-contrast")]
fn a_planted_fault_in_dark_colors_fails_the_test() {
    let stack = Stack::with_site();
    let mut auditor = Auditor::open(&stack, "/enroll/");
    auditor.browser.press("start");
    let pale = "document.querySelector('#fd-title').style.color = '#555'";
    auditor.browser.script(pale, Vec::new());
    auditor.look("a step that cannot be read in the dark");
    auditor.finish(1);
}

/// Whoever uses keys must see where they are.
#[test]
#[should_panic(expected = "the focus is not seen")]
fn a_focus_that_is_not_marked_fails_the_test() {
    let stack = Stack::with_site();
    let browser = Browser::open(&stack, "/enroll/", Scripts::On);
    let unmarked = "document.querySelectorAll('a').forEach((a) => { a.style.outline = 'none' })";
    browser.script(unmarked, Vec::new());
    Keyboard { browser }.press("start");
}
