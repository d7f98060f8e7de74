//! The staff desk, from the link to set up to the printed invitation.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Authenticator, Settings, Stack, Visitor};
use jiff::SignedDuration;
use protocol::{Locale, paths};
use verify_api::staff::Role;

use super::auditor::Auditor;
use super::tour::Eye as _;
use crate::staff::insights::a_week;
use crate::staff::trail::some_hundred_lines;
use crate::staff::{DANA, Member, PASSWORD};

#[test]
fn axe_finds_nothing_at_the_desk() {
    for locale in Locale::ALL {
        let at = |path| paths::in_language(locale, path);
        let stack = Stack::with(&Settings::default().site().sqlite());
        let link = stack.add_staff(DANA, Role::FrontDesk);
        let mut auditor = Auditor::open(&stack, &at(&link));
        auditor.look("before setting up");
        auditor.browser.press("begin");
        auditor.look("setting up");
        let app = Authenticator::with_key(&auditor.browser.page().text("#fd-secret"));
        auditor.browser.press("finish");
        auditor.look("setting up, with errors");
        auditor.browser.fill("password", PASSWORD);
        auditor.browser.fill("code", &app.code(&stack.clock));
        auditor.browser.press("finish");
        auditor.look("set up");
        auditor.browser.press("continue");
        auditor.look("signing in, with errors");
        stack.advance(SignedDuration::from_secs(30));
        auditor.browser.fill("email", DANA);
        auditor.browser.fill("password", PASSWORD);
        auditor.browser.fill("code", &app.code(&stack.clock));
        auditor.browser.press("continue");
        auditor.look("the desk");
        auditor.browser.fill("number", "WS-9999");
        auditor.browser.press("find");
        auditor.look("a number that nobody has");
        auditor.browser.press("search");
        auditor.look("searching, with errors");
        for (control, text) in [
            ("name", ROSA.family),
            ("birth_date-month", "3"),
            ("birth_date-day", "27"),
            ("birth_date-year", "1951"),
        ] {
            auditor.browser.fill(control, text);
        }
        auditor.browser.press("search");
        auditor.look("who was found");
        auditor.browser.goto(&at(paths::STAFF));
        auditor.browser.fill("number", ROSA.mrn);
        auditor.browser.press("find");
        auditor.look("a patient");
        auditor.browser.press("check");
        auditor.look("no document");
        auditor.browser.click("label[for=document-passport]");
        auditor.browser.press("check");
        auditor.look("documents were seen");
        auditor.browser.press("note-proxy");
        auditor.look("nobody was chosen who acts for a patient");
        auditor.browser.click("label[for=relationship-guardian]");
        auditor.browser.click("label[for=authority-court-order]");
        auditor.browser.press("note-proxy");
        auditor.look("somebody acts for the patient");
        auditor.browser.press("invite");
        auditor.look("the invitation for whoever acts");
        auditor.browser.click("p.do a.fd-button");
        auditor.look("with an invitation");
        let provider = stack.add_provider("Quillwort Oncology", "messages");
        stack.enrolled(&SEAN);
        auditor.browser.goto(&at(paths::STAFF));
        auditor.browser.fill("number", SEAN.mrn);
        auditor.browser.press("find");
        auditor.browser.click("label[for=document-passport]");
        auditor.browser.press("check");
        auditor.look("a patient who can be connected");
        auditor.browser.press("connect");
        auditor.look("no provider was chosen");
        let choice = format!("#fd-provider option[value=\"{provider}\"]");
        auditor.browser.click(&choice);
        auditor.browser.press("connect");
        auditor.look("with an invitation to connect");
        auditor.browser.goto(&at("/staff/visits/none"));
        auditor.look("a visit that is over");
        auditor.finish(17);
    }
}

/// Signs somebody of the staff in, in a browser that is looked over.
fn signed_in(stack: &Stack, role: Role, locale: Locale) -> Auditor {
    let member = Member::new(stack, DANA, role);
    stack.advance(SignedDuration::from_secs(30));
    let at = |path| paths::in_language(locale, path);
    let mut auditor = Auditor::open(stack, &at(paths::STAFF_SIGN_IN));
    auditor.browser.fill("email", DANA);
    auditor.browser.fill("password", PASSWORD);
    auditor.browser.fill("code", &member.app.code(&stack.clock));
    auditor.browser.press("continue");
    auditor
}

#[test]
fn axe_finds_nothing_at_the_audit_trail() {
    for locale in Locale::ALL {
        let stack = Stack::with(&Settings::default().site().sqlite());
        some_hundred_lines(&stack);
        let mut auditor = signed_in(&stack, Role::Auditor, locale);
        auditor.look("the desk of an auditor");
        auditor.browser.click("a[href$='/staff/trail']");
        auditor.look("the trail");
        auditor.browser.press("verify");
        auditor.look("a trail that is whole");
        auditor.browser.fill("number", "WS-9999");
        auditor.browser.press("search");
        auditor.look("a number that nobody has");
        let trail = paths::in_language(locale, paths::STAFF_TRAIL);
        auditor.browser.goto(&trail);
        auditor.browser.press("search");
        auditor.look("lines");
        auditor.browser.press("next");
        auditor.look("older lines");
        auditor.finish(6);
    }
}

#[test]
fn axe_finds_nothing_at_the_counts_of_managers() {
    for locale in Locale::ALL {
        let stack = Stack::with(&Settings::default().site().sqlite());
        a_week(&stack);
        let mut auditor = signed_in(&stack, Role::Manager, locale);
        auditor.look("the desk of a manager");
        auditor.browser.click("a[href$='/staff/insights']");
        auditor.look("a year");
        auditor.browser.click(".fd-spans a[href$='weeks']");
        auditor.look("four weeks");
        auditor.finish(3);
    }
}
