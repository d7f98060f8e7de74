//! Every step of every flow in each of its states: first seen, with errors, without a try
//! left, too late, done. On both hosts, in both languages.

use frontdesk_tests::people::{LUZ, ROSA, SEAN};
use frontdesk_tests::walk::{self, NEW_PASSWORD, other_than};
use frontdesk_tests::{Person, Settings, Stack, Visitor, wait_for};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};

use super::auditor::Auditor;

/// Who shows the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    Widget,
    Plain,
}

/// Somebody who goes through all states in one language on one host.
struct Tour {
    stack: Stack,
    auditor: Auditor,
    host: Host,
    locale: Locale,
    person: Person,
}

impl Tour {
    fn new(host: Host, locale: Locale) -> Self {
        let stack = Stack::with(&Settings::default().site().sqlite().without_budgets());
        stack.import(&[LUZ]);
        let auditor = Auditor::open(&stack, &paths::in_language(locale, "/"));
        let person = match locale {
            Locale::En => ROSA,
            Locale::Es => LUZ,
        };
        Self {
            stack,
            auditor,
            host,
            locale,
            person,
        }
    }

    /// Comes to the first step of a flow as somebody who has not been here.
    fn begin(&mut self, kind: FlowKind) {
        self.auditor.browser.forget();
        self.go_to(kind);
    }

    /// Comes to it as somebody who has.
    fn go_to(&mut self, kind: FlowKind) {
        match self.host {
            Host::Plain => self.auditor.browser.goto(&paths::plain(kind, self.locale)),
            Host::Widget => {
                self.auditor.browser.goto(&paths::page(kind, self.locale));
                self.auditor.browser.press("start");
            }
        }
    }

    fn look(&mut self, state: &str) {
        let step = self.auditor.browser.page().step();
        let Self { host, locale, .. } = self;
        let what = format!("{host:?} {locale:?} {step} {state}");
        self.auditor.look(&what);
    }

    /// Fills boxes, goes on, and looks at what is told then.
    fn mistake(&mut self, typed: &[(&str, &str)]) {
        for (control, text) in typed {
            self.auditor.browser.fill(control, text);
        }
        self.auditor.browser.press("continue");
        let problems = self.auditor.browser.page().problems();
        assert!(!problems.is_empty(), "{typed:?} should be a mistake");
        self.look(&problems.join(" "));
    }

    /// Looks at a step as it comes, and at what it says of no answer.
    fn step(&mut self, step: &str) {
        self.auditor.browser.expect_step(step);
        self.look("as it comes");
        self.mistake(&[]);
    }

    fn code(&mut self, channel: &str) -> String {
        let address = self.person.address(channel);
        self.stack.mail.code(channel, address)
    }

    fn enrollment(&mut self) {
        let person = self.person;
        let invitation = self.stack.invite(&person);
        self.begin(FlowKind::Enrollment);
        self.step("invitation");
        self.mistake(&[("invitation", "7GQK-2M4D-X9TB-HW3R")]);
        self.auditor.browser.fill("invitation", &invitation);
        self.auditor.browser.press("continue");
        self.step("identity");
        walk::identity(&mut self.auditor.browser, &SEAN);
        self.look("of somebody else");
        walk::identity(&mut self.auditor.browser, &person);
        self.step("phone");
        self.auditor.browser.choose("channel", "text");
        self.mistake(&[("phone", "555-0100")]);
        walk::phone(&mut self.auditor.browser, &person, "text");
        self.codes();
        let code = self.code("text");
        walk::code(&mut self.auditor.browser, &code);
        self.auditor.browser.expect_step("contact");
        self.look("as it comes");
        self.mistake(&[("email", "rosa at example")]);
        self.auditor.browser.fill("email", person.email);
        self.auditor.browser.press("continue");
        self.step("credentials");
        self.mistake(&[("username", "a b"), ("password", "short")]);
        self.mistake(&[("username", SEAN.username), ("password", person.password)]);
        walk::credentials(&mut self.auditor.browser, &person);
        walk::expect_words(&mut self.auditor.browser, "step.done.title.enrollment");
        self.look("done");
        self.begin(FlowKind::Enrollment);
        self.mistake(&[("invitation", &invitation)]);
    }

    /// The code of a step as it comes, asked for again, too soon and in time. The new one
    /// is on its way then.
    fn codes(&mut self) {
        self.step("code");
        let old = self.code("text");
        self.mistake(&[("code", &other_than(&old))]);
        self.auditor.browser.press("resend");
        self.look("too soon");
        self.stack.advance(SignedDuration::from_secs(60));
        self.auditor.browser.press("resend");
        self.auditor.browser.click(".fd-help summary");
        self.look("sent again");
    }

    /// Nobody is let in by an invitation whose questions were guessed at.
    fn stuck_at_the_questions(&mut self) {
        let invitation = self.stack.invite(&frontdesk_tests::people::WALT);
        self.begin(FlowKind::Enrollment);
        self.auditor.browser.fill("invitation", &invitation);
        self.auditor.browser.press("continue");
        for _ in 0..5 {
            walk::identity(&mut self.auditor.browser, &SEAN);
        }
        walk::expect_words(&mut self.auditor.browser, "stuck.title.identity");
        self.look("without a try left");
    }

    fn too_late(&mut self) {
        self.begin(FlowKind::PasswordReset);
        self.auditor.browser.fill("username", self.person.username);
        self.auditor.browser.press("continue");
        self.auditor.browser.expect_step("method");
        self.stack.advance(SignedDuration::from_hours(1));
        self.auditor.browser.choose("channel", "text");
        self.auditor.browser.press("continue");
        self.look("too late");
    }

    fn recovery(&mut self) {
        let person = self.person;
        self.stack.settle();
        self.stack.mail.mark_read();
        self.begin(FlowKind::UsernameRecovery);
        self.step("personal-info");
        walk::recover(&mut self.auditor.browser, &person);
        self.look("done");
        let link = self.stack.mail.link(person.email);
        self.auditor.browser.follow_link(&link);
        walk::expect_words(&mut self.auditor.browser, "reveal.title");
        self.look("the link of the email");
        self.auditor.browser.press("show");
        walk::expect_words(&mut self.auditor.browser, "reveal.shown.title");
        self.look("the username");
        self.auditor.browser.follow_link(&link);
        walk::expect_words(&mut self.auditor.browser, "reveal.gone.title");
        self.look("a used link");
    }

    fn reset(&mut self) {
        let person = self.person;
        self.begin(FlowKind::PasswordReset);
        self.step("identify");
        self.auditor.browser.fill("username", person.username);
        self.auditor.browser.press("continue");
        self.step("method");
        self.auditor.browser.choose("channel", "call");
        self.auditor.browser.press("continue");
        self.auditor.browser.expect_step("code");
        self.look("by call");
        self.code("call");
        self.auditor.browser.press("back");
        self.auditor.browser.choose("channel", "email");
        self.stack.advance(SignedDuration::from_secs(60));
        self.auditor.browser.press("continue");
        self.look("by email");
        let code = self.code("email");
        walk::code(&mut self.auditor.browser, &code);
        self.step("new-password");
        self.mistake(&[("password", "passwordpassword")]);
        self.auditor.browser.fill("password", NEW_PASSWORD);
        self.auditor.browser.press("continue");
        walk::expect_words(&mut self.auditor.browser, "step.done.title.password-reset");
        self.look("done");
    }

    /// Too many wrong codes, and the way past them that the email brings.
    fn stuck_at_the_code(&mut self) {
        let person = self.person;
        self.stack.settle();
        self.stack.mail.mark_read();
        self.begin(FlowKind::PasswordReset);
        walk::reset_to_code(&mut self.auditor.browser, person.username, "text");
        let wrong = other_than(&self.code("text"));
        for _ in 0..5 {
            walk::code(&mut self.auditor.browser, &wrong);
        }
        walk::expect_words(&mut self.auditor.browser, "stuck.title");
        self.look("without a try left");
        self.begin(FlowKind::PasswordReset);
        walk::reset_to_code(&mut self.auditor.browser, person.username, "text");
        self.mistake(&[("code", "123456")]);
        let link = self.stack.mail.link(person.email);
        self.auditor.browser.follow_link(&link);
        walk::expect_words(&mut self.auditor.browser, "reset-link.title");
        self.look("the link past the code");
    }

    fn sign_in(&mut self) {
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
        self.auditor.browser.fill("password", NEW_PASSWORD);
        self.auditor.browser.press("continue");
        self.step("code");
        let code = self.code("text");
        walk::code(&mut self.auditor.browser, &code);
        wait_for("the account", || {
            let address = self.auditor.browser.address();
            address.ends_with(paths::ACCOUNT).then_some(())
        });
        walk::expect_words(&mut self.auditor.browser, "account.title");
        self.look("the account");
        self.phone_change();
        self.auditor
            .browser
            .goto(&paths::in_language(self.locale, paths::ACCOUNT));
        self.auditor.browser.press("sign-out");
        self.look("signed out");
        self.begin(FlowKind::PhoneChange);
        walk::expect_words(&mut self.auditor.browser, "sign-in-first.title");
        self.look("not signed in");
    }

    /// By whoever is signed in; to the same number, where other codes are looked for.
    fn phone_change(&mut self) {
        let phone = self.person.phone;
        self.go_to(FlowKind::PhoneChange);
        self.step("password");
        self.mistake(&[("password", "not the password")]);
        self.auditor.browser.fill("password", NEW_PASSWORD);
        self.auditor.browser.press("continue");
        self.step("phone");
        self.mistake(&[("phone", "800-555-0171")]);
        self.auditor.browser.fill("phone", phone);
        self.auditor.browser.choose("channel", "text");
        self.auditor.browser.press("continue");
        self.step("code");
        let code = self.code("text");
        walk::code(&mut self.auditor.browser, &code);
        walk::expect_words(&mut self.auditor.browser, "step.done.title.phone-change");
        self.look("done");
        self.auditor.browser.press("start-over");
        for _ in 0..5 {
            self.auditor.browser.expect_step("password");
            self.auditor.browser.fill("password", "not the password");
            self.auditor.browser.press("continue");
        }
        walk::expect_words(&mut self.auditor.browser, "stuck.title.password");
        self.look("without a password left");
    }
}

/// Goes through everything.
fn tour(host: Host, locale: Locale) {
    let mut tour = Tour::new(host, locale);
    tour.stack.enrolled(&SEAN);
    tour.enrollment();
    tour.recovery();
    tour.reset();
    tour.sign_in();
    tour.too_late();
    tour.stuck_at_the_questions();
    tour.stuck_at_the_code();
    tour.auditor.finish(50);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_widget_in_english() {
    tour(Host::Widget, Locale::En);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_widget_in_spanish() {
    tour(Host::Widget, Locale::Es);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_plain_forms_in_english() {
    tour(Host::Plain, Locale::En);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_plain_forms_in_spanish() {
    tour(Host::Plain, Locale::Es);
}
