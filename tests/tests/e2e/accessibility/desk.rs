//! The staff desk, from the link to set up to the printed invitation.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Authenticator, Settings, Stack, Visitor};
use jiff::SignedDuration;
use protocol::{Locale, paths};
use verify_api::staff::Role;

use super::auditor::Auditor;
use super::tour::Eye as _;
use crate::staff::{DANA, PASSWORD};

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
        stack.add_provider("Quillwort Oncology", "messages");
        stack.enrolled(&SEAN);
        auditor.browser.goto(&at(paths::STAFF));
        auditor.browser.fill("number", SEAN.mrn);
        auditor.browser.press("find");
        auditor.browser.click("label[for=document-passport]");
        auditor.browser.press("check");
        auditor.look("a patient who can be connected");
        auditor.browser.press("connect");
        auditor.look("with an invitation to connect");
        auditor.browser.goto(&at("/staff/visits/none"));
        auditor.look("a visit that is over");
        auditor.finish(16);
    }
}
