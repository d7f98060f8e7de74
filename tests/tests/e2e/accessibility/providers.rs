//! A patient's providers on the page of the account: answered in a real browser, each screen
//! looked over.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Settings, Stack, Visitor as _, walk, words_in};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};

use super::auditor::Auditor;
use super::tour::Eye as _;
use crate::providers::{Practice, QUILL, in_state};

#[test]
fn providers_are_answered_in_a_browser_and_axe_finds_nothing() {
    for locale in Locale::ALL {
        let stack = Stack::with(&Settings::default().site().sqlite());
        stack.enrolled(&ROSA);
        let names = [QUILL, "Dr. Bartholomew Featherstonehaugh-Cholmondeley"];
        let [quill, reed] = names.map(|name| Practice::new(&stack, name, "messages"));
        let account = paths::in_language(locale, paths::ACCOUNT);
        let sign_in = paths::plain(FlowKind::SignIn, locale);
        let mut auditor = Auditor::open(&stack, &sign_in);
        walk::to_account(&mut auditor.browser, ROSA.username, ROSA.password);
        auditor.look("no provider");
        quill.invites(ROSA.mrn);
        reed.invites(ROSA.mrn);
        auditor.browser.goto(&account);
        auditor.look("two invitations");
        for name in ["first", "second"] {
            auditor.browser.press("accept");
            let accepted = words_in(locale, "account.providers.told.accepted");
            auditor.browser.expect_notice(accepted);
            auditor.look(name);
        }
        assert_eq!(in_state(&stack, "accepted"), 2);
        auditor.browser.click("a[href*=disconnect]");
        auditor.look("asked whether it shall end");
        auditor.browser.press("disconnect");
        let ended = words_in(locale, "account.providers.told.disconnected");
        auditor.browser.expect_notice(ended);
        assert_eq!(in_state(&stack, "accepted"), 1);
        stack.advance(SignedDuration::from_secs(1));
        quill.invites(ROSA.mrn);
        reed.invites(ROSA.mrn);
        auditor.browser.goto(&account);
        auditor.look("one of each");
        auditor.browser.press("decline");
        let declined = words_in(locale, "account.providers.told.declined");
        auditor.browser.expect_notice(declined);
        assert_eq!(in_state(&stack, "declined"), 1);
        auditor.finish(6);
    }
}
