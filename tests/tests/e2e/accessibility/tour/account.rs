//! The way through what whoever is signed in does.

use frontdesk_tests::people::SEAN;
use frontdesk_tests::walk::{self, NEW_EMAIL, NEW_PASSWORD};
use frontdesk_tests::{Visitor, wait_for};
use jiff::SignedDuration;
use protocol::{FlowKind, paths};

use super::{Eye, Tour};

impl<E: Eye> Tour<E> {
    pub(super) fn sign_in(&mut self) {
        let person = self.person;
        self.begin(FlowKind::SignIn);
        self.step("sign-in");
        let wrong = [
            ("username", person.username),
            ("password", "not the password"),
        ];
        for _ in 0..4 {
            self.stack.sign_in(person.username, "not the password");
        }
        self.mistake(&wrong);
        self.eye.browser().fill("password", NEW_PASSWORD);
        self.eye.browser().press("continue");
        self.step("code");
        let code = self.code("text");
        walk::code(self.eye.browser(), &code);
        wait_for("the account", || {
            let address = self.eye.browser().address();
            address.ends_with(paths::ACCOUNT).then_some(())
        });
        walk::expect_words(self.eye.browser(), "account.title");
        self.look("the account");
        self.phone_change();
        let account = paths::in_language(self.locale, paths::ACCOUNT);
        self.eye.browser().goto(&account);
        self.eye.browser().press("sign-out");
        self.look("signed out");
        self.begin(FlowKind::PhoneChange);
        walk::expect_words(self.eye.browser(), "sign-in-first.title");
        self.look("not signed in");
    }

    /// By whoever is signed in.
    fn email_change(&mut self) {
        self.go_to(FlowKind::EmailChange);
        self.eye.browser().expect_step("password");
        self.eye.browser().fill("password", NEW_PASSWORD);
        self.eye.browser().press("continue");
        self.step("contact");
        self.mistake(&[("email", "rosa at example")]);
        self.eye.browser().fill("email", NEW_EMAIL);
        self.eye.browser().press("continue");
        self.step("code");
        let code = self.stack.mail.code("email", NEW_EMAIL);
        walk::code(self.eye.browser(), &code);
        walk::expect_words(self.eye.browser(), "step.done.title.email-change");
        self.look("done");
    }

    /// By whoever has signed in once more, when no wrong password is remembered.
    pub(super) fn deactivation(&mut self) {
        let person = self.person;
        self.stack.advance(SignedDuration::from_hours(24));
        self.begin(FlowKind::SignIn);
        walk::to_account(self.eye.browser(), person.username, NEW_PASSWORD);
        self.email_change();
        self.go_to(FlowKind::Deactivation);
        self.eye.browser().expect_step("password");
        self.eye.browser().fill("password", NEW_PASSWORD);
        self.eye.browser().press("continue");
        self.step("confirm");
        self.mistake(&[("username", SEAN.username)]);
        self.eye.browser().fill("username", person.username);
        self.eye.browser().press("continue");
        walk::expect_words(self.eye.browser(), "step.done.title.deactivation");
        self.look("done");
    }

    /// By whoever is signed in; to the same number, where other codes are looked for.
    fn phone_change(&mut self) {
        let phone = self.person.phone;
        self.go_to(FlowKind::PhoneChange);
        self.step("password");
        self.mistake(&[("password", "not the password")]);
        self.eye.browser().fill("password", NEW_PASSWORD);
        self.eye.browser().press("continue");
        self.step("phone");
        self.mistake(&[("phone", "800-555-0171")]);
        self.eye.browser().fill("phone", phone);
        self.eye.browser().choose("channel", "text");
        self.eye.browser().press("continue");
        self.step("code");
        let code = self.code("text");
        walk::code(self.eye.browser(), &code);
        walk::expect_words(self.eye.browser(), "step.done.title.phone-change");
        self.look("done");
        self.eye.browser().press("start-over");
        for _ in 0..5 {
            self.eye.browser().expect_step("password");
            self.eye.browser().fill("password", "not the password");
            self.eye.browser().press("continue");
        }
        walk::expect_words(self.eye.browser(), "stuck.title.password");
        self.look("without a password left");
    }
}
