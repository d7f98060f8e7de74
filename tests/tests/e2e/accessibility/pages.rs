//! Every type of page, in both languages.

use frontdesk_tests::{Stack, Visitor, wait_for};
use protocol::{Locale, paths};

use super::auditor::Auditor;
use super::tour::Eye as _;

pub(crate) const TYPES: [&str; 16] = [
    "/",
    "/faq/",
    "/faq/username-and-password/",
    "/faq/username-and-password/forgot-password/",
    "/faq/all/",
    "/enroll/",
    "/recover-username/",
    "/reset-password/",
    "/sign-in/",
    "/change-phone/",
    "/change-email/",
    "/close-your-account/",
    "/browser-support/",
    "/contact/",
    "/feedback?helped=no&page=/contact/",
    "/nowhere/",
];

#[test]
fn axe_finds_nothing_on_any_type_of_page() {
    let stack = Stack::with_site();
    let mut auditor = Auditor::open(&stack, "/");
    for locale in Locale::ALL {
        for path in TYPES {
            auditor.browser.goto(&paths::in_language(locale, path));
            auditor.look("a page");
        }
    }
    auditor.finish(32);
}

#[test]
fn axe_finds_nothing_on_a_page_with_search_results() {
    let stack = Stack::with_site();
    let mut auditor = Auditor::open(&stack, "/");
    for (locale, typed) in [(Locale::En, "password"), (Locale::Es, "clave")] {
        for (typed, found) in [
            (typed, ".search-found a"),
            ("zzqx", ".search-none:not([hidden])"),
        ] {
            auditor.browser.goto(&paths::in_language(locale, "/"));
            auditor.browser.click("#search-words");
            auditor.browser.keys(typed);
            wait_for(&format!("what is told of {typed:?}"), || {
                let page = auditor.browser.page();
                (!page.texts(found).is_empty()).then_some(())
            });
            auditor.look("search");
        }
    }
    auditor.finish(4);
}
