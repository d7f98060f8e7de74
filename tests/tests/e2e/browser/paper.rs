//! Pages that somebody prints for whoever has no computer.

use frontdesk_tests::people::{LUZ, WALT};
use frontdesk_tests::{Browser, Person, Scripts, Stack, Visitor, words};
use protocol::{messages, paths};
use verify_api::staff::Role;

use crate::staff::{DANA, Member, PASSWORD, next_code};

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

/// Finds a patient at the desk, and notes that their passport was seen.
fn checked(browser: &mut Browser, person: &Person) {
    browser.goto(paths::STAFF);
    browser.fill("number", person.mrn);
    browser.press("find");
    browser.click("label[for=document-passport]");
    browser.press("check");
}

/// Whoever takes it home may read another language than whoever prints it.
#[test]
fn an_invitation_is_one_sheet_and_all_of_it_is_for_whoever_takes_it_home() {
    let stack = Stack::with_site();
    stack.import(&[LUZ]);
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    next_code(&stack);
    let mut browser = Browser::open(&stack, paths::STAFF_SIGN_IN, Scripts::On);
    browser.fill("email", DANA);
    browser.fill("password", PASSWORD);
    browser.fill("code", &member.code(&stack));
    browser.press("continue");
    checked(&mut browser, &WALT);
    browser.press("invite");
    browser.expect_title(words("staff.invitation.title"));
    assert_eq!(browser.sheets(), 1);
    // With most on it: who acts for the patient is told what to type.
    checked(&mut browser, &LUZ);
    browser.click("label[for=relationship-guardian]");
    browser.click("label[for=authority-court-order]");
    browser.press("note-proxy");
    browser.press("invite");
    let for_staff = [
        "staff.invitation.once",
        "staff.invitation.proxy.unmailed",
        "staff.invitation.back",
    ];
    let shown = seen(&browser);
    for key in for_staff {
        assert!(shown.contains(words(key)), "{key}: {shown}");
    }
    assert_eq!(browser.sheets(), 1);
    browser.on_paper();
    let printed = seen(&browser);
    for key in for_staff {
        assert!(!printed.contains(words(key)), "{key}: {printed}");
    }
    let spanish = messages::catalog(LUZ.speaks);
    assert!(printed.contains(spanish.text("staff.invitation.phone")));
}
