//! The way through every step of every flow in each of its states: first seen, with errors,
//! without a try left, too late, done.
//!
//! It must not know what whoever looks at them looks for.

mod account;

use frontdesk_tests::people::{LUZ, ROSA, SEAN};
use frontdesk_tests::walk::{self, NEW_PASSWORD, other_than};
use frontdesk_tests::{
    Browser, Clinic, Person, Scripts, Settings, Stack, Visitor, wait_for, words_in,
};
use jiff::SignedDuration;
use protocol::{FlowKind, Locale, paths};

use crate::embed::with_clinic;

/// Whoever looks at each screen.
pub(crate) trait Eye {
    /// The browser that the screens are in.
    fn browser(&mut self) -> &mut Browser;

    /// Looks at the screen, which is `what`.
    fn look(&mut self, what: &str);
}

/// Who shows the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Widget,
    Plain,
    /// The widget on a page of another site.
    Clinic,
}

impl Host {
    /// The screens that a tour looks at there. Another site signs nobody in, and links of emails
    /// do not lead to it.
    pub(crate) const fn screens(self) -> usize {
        match self {
            Self::Widget => 75,
            Self::Plain => 74,
            Self::Clinic => 42,
        }
    }
}

/// Somebody who goes through all states in one language on one host.
pub(crate) struct Tour<E> {
    stack: Stack,
    pub(crate) eye: E,
    host: Host,
    locale: Locale,
    person: Person,
}

impl<E: Eye> Tour<E> {
    /// A tour that begins in the browser which `open` brings.
    pub(crate) fn new(host: Host, locale: Locale, open: impl FnOnce(Browser) -> E) -> Self {
        let settings = Settings::default().site().sqlite().without_budgets();
        let (stack, clinic) = with_clinic(settings);
        stack.import(&[LUZ]);
        stack.enrolled(&SEAN);
        let browser = match host {
            Host::Widget | Host::Plain => {
                Browser::open(&stack, &paths::in_language(locale, "/"), Scripts::On)
            }
            Host::Clinic => {
                let page = Clinic::unstyled(locale, FlowKind::Enrollment);
                Browser::visiting(&clinic, &page, Scripts::On)
            }
        };
        let person = match locale {
            Locale::En => ROSA,
            Locale::Es => LUZ,
        };
        Self {
            stack,
            eye: open(browser),
            host,
            locale,
            person,
        }
    }

    /// Goes through everything that the host shows.
    pub(crate) fn go(&mut self) {
        if self.host == Host::Widget {
            self.offline();
        }
        self.enrollment();
        self.recovery();
        self.reset();
        // Another site signs nobody in.
        if self.host != Host::Clinic {
            self.sign_in();
        }
        self.running_out();
        self.too_late();
        self.stuck_at_the_questions();
        self.stuck_at_the_code();
        if self.host != Host::Clinic {
            self.deactivation();
        }
    }

    /// A press on the button of a flow's page that reaches nobody.
    fn offline(&mut self) {
        let page = paths::page(FlowKind::Enrollment, self.locale);
        let browser = self.eye.browser();
        browser.goto(&page);
        browser.set_offline(true);
        browser.click("verify-widget input[type=submit]");
        wait_for("the page to say that it is offline", || {
            let told = browser.page().text("[data-offline]");
            (!told.is_empty()).then_some(())
        });
        self.look("offline");
        self.eye.browser().set_offline(false);
    }

    /// Comes to the first step of a flow as somebody who has not been here.
    fn begin(&mut self, kind: FlowKind) {
        self.eye.browser().forget();
        self.go_to(kind);
    }

    /// Comes to it as somebody who has.
    fn go_to(&mut self, kind: FlowKind) {
        let page = match self.host {
            Host::Plain => paths::plain(kind, self.locale),
            Host::Widget => paths::page(kind, self.locale),
            Host::Clinic => Clinic::unstyled(self.locale, kind),
        };
        self.eye.browser().goto(&page);
        if self.host != Host::Plain {
            self.eye.browser().press("start");
        }
    }

    fn look(&mut self, state: &str) {
        let step = self.eye.browser().page().step();
        let Self { host, locale, .. } = self;
        let what = format!("{host:?} {locale:?} {step} {state}");
        self.eye.look(&what);
    }

    /// Fills boxes, goes on, and looks at what is told then.
    fn mistake(&mut self, typed: &[(&str, &str)]) {
        for (control, text) in typed {
            self.eye.browser().fill(control, text);
        }
        self.eye.browser().press("continue");
        let problems = self.eye.browser().page().problems();
        assert!(!problems.is_empty(), "{typed:?} should be a mistake");
        self.look(&problems.join(" "));
    }

    /// Looks at a step as it comes, and at what it says of no answer.
    fn step(&mut self, step: &str) {
        self.eye.browser().expect_step(step);
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
        self.eye.browser().fill("invitation", &invitation);
        self.eye.browser().press("continue");
        self.step("identity");
        let [month, day, year] = person.born_in_boxes();
        self.mistake(&[
            ("birth_date-month", day),
            ("birth_date-day", month),
            ("birth_date-year", year),
        ]);
        walk::identity(self.eye.browser(), &SEAN);
        self.look("of somebody else");
        walk::identity(self.eye.browser(), &person);
        self.step("phone");
        self.eye.browser().choose("channel", "text");
        self.mistake(&[("phone", "555-0100")]);
        walk::phone(self.eye.browser(), &person, "text");
        self.codes();
        let code = self.code("text");
        walk::code(self.eye.browser(), &code);
        self.eye.browser().expect_step("contact");
        self.look("as it comes");
        self.mistake(&[("email", "rosa at example")]);
        self.eye.browser().fill("email", person.email);
        self.eye.browser().press("continue");
        self.step("credentials");
        self.mistake(&[("username", "a b"), ("password", "short")]);
        self.mistake(&[("username", SEAN.username), ("password", person.password)]);
        walk::credentials(self.eye.browser(), &person);
        walk::expect_words(self.eye.browser(), "step.done.title.enrollment");
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
        self.eye.browser().press("resend");
        self.look("too soon");
        self.stack.advance(SignedDuration::from_secs(60));
        self.eye.browser().press("resend");
        self.eye.browser().click(".fd-help summary");
        self.look("sent again");
    }

    /// Nobody is let in by an invitation whose questions were guessed at.
    fn stuck_at_the_questions(&mut self) {
        let invitation = self.stack.invite(&frontdesk_tests::people::WALT);
        self.begin(FlowKind::Enrollment);
        self.eye.browser().fill("invitation", &invitation);
        self.eye.browser().press("continue");
        for _ in 0..5 {
            walk::identity(self.eye.browser(), &SEAN);
        }
        walk::expect_words(self.eye.browser(), "stuck.title.identity");
        self.look("without a try left");
    }

    /// Shortly before the end, and with more time.
    fn running_out(&mut self) {
        self.begin(FlowKind::PasswordReset);
        self.eye.browser().fill("username", self.person.username);
        self.eye.browser().press("continue");
        self.stack.advance(SignedDuration::from_mins(59));
        self.eye.browser().reload();
        if self.host != Host::Plain {
            self.expect_notice("time.soon");
        }
        self.look("shortly before the end");
        match self.host {
            Host::Plain => self.eye.browser().press("more-time"),
            Host::Widget | Host::Clinic => self.eye.browser().click(".fd-time input"),
        }
        self.expect_notice("notice.more-time");
        self.look("with more time");
    }

    fn expect_notice(&mut self, key: &str) {
        let told = words_in(self.locale, key);
        wait_for(key, || {
            let notice = self.eye.browser().page().notice();
            notice.starts_with(told).then_some(())
        });
    }

    fn too_late(&mut self) {
        self.begin(FlowKind::PasswordReset);
        self.eye.browser().fill("username", self.person.username);
        self.eye.browser().press("continue");
        self.eye.browser().expect_step("method");
        self.stack.advance(SignedDuration::from_hours(1));
        self.eye.browser().choose("channel", "text");
        self.eye.browser().press("continue");
        self.look("too late");
    }

    fn recovery(&mut self) {
        let person = self.person;
        self.stack.settle();
        self.stack.mail.mark_read();
        self.begin(FlowKind::UsernameRecovery);
        self.step("personal-info");
        walk::recover(self.eye.browser(), &person);
        self.look("done");
        let link = self.stack.mail.link(person.email);
        if self.host == Host::Clinic {
            return;
        }
        self.eye.browser().follow_link(&link);
        walk::expect_words(self.eye.browser(), "reveal.title");
        self.look("the link of the email");
        self.eye.browser().press("show");
        walk::expect_words(self.eye.browser(), "reveal.shown.title");
        self.look("the username");
        self.eye.browser().follow_link(&link);
        walk::expect_words(self.eye.browser(), "reveal.gone.title");
        self.look("a used link");
    }

    fn reset(&mut self) {
        let person = self.person;
        self.begin(FlowKind::PasswordReset);
        self.step("identify");
        self.eye.browser().fill("username", person.username);
        self.eye.browser().press("continue");
        self.step("method");
        self.eye.browser().choose("channel", "call");
        self.eye.browser().press("continue");
        self.eye.browser().expect_step("code");
        self.look("by call");
        self.code("call");
        self.eye.browser().press("back");
        self.eye.browser().choose("channel", "email");
        self.stack.advance(SignedDuration::from_secs(60));
        self.eye.browser().press("continue");
        self.look("by email");
        let code = self.code("email");
        walk::code(self.eye.browser(), &code);
        self.step("new-password");
        self.mistake(&[("password", "passwordpassword")]);
        self.eye.browser().fill("password", NEW_PASSWORD);
        self.eye.browser().press("continue");
        walk::expect_words(self.eye.browser(), "step.done.title.password-reset");
        self.look("done");
    }

    /// Too many wrong codes, and the way past them that the email brings.
    fn stuck_at_the_code(&mut self) {
        let person = self.person;
        self.stack.settle();
        self.stack.mail.mark_read();
        self.begin(FlowKind::PasswordReset);
        walk::reset_to_code(self.eye.browser(), person.username, "text");
        let wrong = other_than(&self.code("text"));
        for _ in 0..5 {
            walk::code(self.eye.browser(), &wrong);
        }
        walk::expect_words(self.eye.browser(), "stuck.title");
        self.look("without a try left");
        self.begin(FlowKind::PasswordReset);
        walk::reset_to_code(self.eye.browser(), person.username, "text");
        self.mistake(&[("code", "123456")]);
        if self.host == Host::Clinic {
            return;
        }
        let link = self.stack.mail.link(person.email);
        self.eye.browser().follow_link(&link);
        walk::expect_words(self.eye.browser(), "reset-link.title");
        self.look("the link past the code");
    }
}
