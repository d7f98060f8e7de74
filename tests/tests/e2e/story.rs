//! The whole story of one patient, in real browsers and in each language: from the clinic's
//! export and the desk to the closed account, and a trail that tells all of it.

use frontdesk_tests::people::LUZ;
use frontdesk_tests::walk::{self, NEW_PASSWORD, NEW_PHONE};
use frontdesk_tests::{Authenticator, Browser, Person, Scripts, Stack, Visitor, words_in};
use protocol::{FlowKind, Locale, paths};
use verify_api::staff::Role;

use crate::providers::{Practice, QUILL, letters_leave};
use crate::staff::{DANA, PASSWORD, lines, next_code};

/// One test: each story takes two browsers, and two stories at once could wait for each
/// other's second one for ever.
#[test]
fn the_story_of_a_patient_in_each_language() {
    for locale in Locale::ALL {
        story(locale);
    }
}

fn story(locale: Locale) {
    let stack = Stack::with_site();
    let person = Person {
        speaks: locale,
        ..LUZ
    };
    stack.import(&[person]);

    let mut desk = Desk::open(&stack, locale);
    desk.find(&person);
    let invitation = desk.invite();
    stack.settle();
    desk.expect_state("staff.state.invited");

    let mut patient = Browser::open(&stack, &paths::in_language(locale, "/"), Scripts::On);
    patient.follow_link(&stack.mail.link(person.email));
    walk::enroll(&mut patient, &stack, &person, &invitation);
    desk.expect_state("staff.state.done");

    sign_in(&mut patient, &person, person.password);
    accept_a_provider(&mut patient, &stack, &person);
    change_phone(&mut patient, &stack, &person);
    let person = Person {
        phone: NEW_PHONE,
        ..person
    };
    start(&mut patient, FlowKind::PasswordReset, locale);
    walk::reset(&mut patient, &stack, &person, "call");
    sign_in(&mut patient, &person, NEW_PASSWORD);
    start(&mut patient, FlowKind::Deactivation, locale);
    walk::close_account(&mut patient, &person, NEW_PASSWORD);
    stack.settle();
    patient.goto(&paths::in_language(locale, paths::ACCOUNT));
    assert_ne!(patient.page().title(), words_in(locale, "account.title"));
    desk.comes_back(&stack, &person);
    desk.expect_state("staff.state.account-closed");
    expect_trail(&stack);
}

/// A staff user in a browser of their own, signed in.
struct Desk {
    browser: Browser,
    app: Authenticator,
    locale: Locale,
}

impl Desk {
    fn open(stack: &Stack, locale: Locale) -> Self {
        let link = stack.add_staff(DANA, Role::FrontDesk);
        let set_up = paths::in_language(locale, &link);
        let mut browser = Browser::open(stack, &set_up, Scripts::On);
        browser.press("begin");
        let app = Authenticator::with_key(&browser.page().text("#fd-secret"));
        browser.fill("password", PASSWORD);
        browser.fill("code", &app.code(&stack.clock));
        browser.press("finish");
        let mut desk = Self {
            browser,
            app,
            locale,
        };
        desk.sign_in(stack);
        desk
    }

    fn sign_in(&mut self, stack: &Stack) {
        next_code(stack);
        let browser = &mut self.browser;
        browser.fill("email", DANA);
        browser.fill("password", PASSWORD);
        browser.fill("code", &self.app.code(&stack.clock));
        browser.press("continue");
        browser.expect_title(words_in(self.locale, "staff.title"));
    }

    /// Has been away for too long to be signed in.
    fn comes_back(&mut self, stack: &Stack, person: &Person) {
        let sign_in = paths::in_language(self.locale, paths::STAFF_SIGN_IN);
        self.browser.goto(&sign_in);
        self.sign_in(stack);
        self.find(person);
    }

    /// Finds the patient by name and birth date.
    fn find(&mut self, person: &Person) {
        self.browser.fill("name", person.family);
        walk::birth_date(&mut self.browser, person.born_in_boxes());
        self.browser.press("search");
        self.browser.press("find");
        let title = words_in(self.locale, "staff.visit.title");
        self.browser.expect_title(title);
    }

    /// Sees a passport, and hands an invitation over: its code.
    fn invite(&mut self) -> String {
        self.browser.choose("document-passport", "yes");
        self.browser.press("check");
        self.browser.press("invite");
        let title = words_in(self.locale, "staff.invitation.title");
        self.browser.expect_title(title);
        let code = self.browser.page().text("#fd-invitation");
        self.browser.click("p.do a.fd-button");
        code
    }

    /// Asserts what the page of the visit says by now, up to a day that it names.
    #[track_caller]
    fn expect_state(&mut self, key: &str) {
        self.browser.reload();
        let state = words_in(self.locale, key);
        let state = state.split_once("{on}").map_or(state, |(before, _)| before);
        let leads = self.browser.page().texts(".fd-lead");
        let is_told = leads.iter().any(|lead| lead.starts_with(state));
        assert!(is_told, "{leads:?} should hold {key}");
    }
}

/// Opens the page of a flow, and presses its button.
fn start(patient: &mut Browser, kind: FlowKind, locale: Locale) {
    patient.goto(&paths::page(kind, locale));
    patient.press("start");
}

fn sign_in(patient: &mut Browser, person: &Person, password: &str) {
    start(patient, FlowKind::SignIn, person.speaks);
    walk::to_account(patient, person.username, password);
}

/// What a practice asks for, the letter tells and the page of the account shows.
fn accept_a_provider(patient: &mut Browser, stack: &Stack, person: &Person) {
    let practice = Practice::new(stack, QUILL, "messages");
    practice.invites(person.mrn);
    // The letter takes its time, and nobody stays signed in for that long.
    letters_leave(stack);
    let account = paths::in_language(person.speaks, paths::ACCOUNT);
    stack.mail.saying("email", person.email, &account);
    patient.goto(&account);
    walk::to_account(patient, person.username, person.password);
    patient.press("accept");
    let told = words_in(person.speaks, "account.providers.told.accepted");
    patient.expect_notice(told);
    assert!(patient.page().text("caption").contains(QUILL));
}

fn change_phone(patient: &mut Browser, stack: &Stack, person: &Person) {
    start(patient, FlowKind::PhoneChange, person.speaks);
    walk::change_phone(patient, stack, person.password);
    stack.settle();
    stack.mail.mark_read();
}

/// The trail is whole, and tells each chapter.
#[track_caller]
fn expect_trail(stack: &Stack) {
    let verified = stack.verify_audit();
    assert_eq!(stack.number("SELECT count(*) FROM audit"), verified);
    for event in [
        "patient-imported",
        "patient-looked-up",
        "patient-checked",
        "patient-invited",
        "invitation-opened",
        "phone-proven",
        "enrolled",
        "connection-accepted",
        "phone-changed",
        "password-changed",
        "account-deactivated",
    ] {
        assert!(lines(stack, event) >= 1, "{event}");
    }
}
