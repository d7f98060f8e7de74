//! Each flow to its end, in each browser, in both languages, with scripts and without: by
//! the keyboard alone, and by roles and names alone.

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::{
    Browser, Engine, Keyboard, Person, Reader, Scripts, Settings, Stack, Visitor, evidence, walk,
};
use protocol::{FlowKind, Locale, paths};

in_each_browser!(
    every_flow_is_finished_by_keys_in_the_widget,
    every_flow_is_finished_by_keys_without_scripts,
    every_flow_is_finished_by_roles_and_names_in_the_widget,
    every_flow_is_finished_by_roles_and_names_without_scripts,
);
in_webkit!(
    every_flow_is_finished_by_keys_in_the_widget,
    every_flow_is_finished_by_keys_without_scripts,
);

/// A person in a browser, who does things in one way.
trait InBrowser: Visitor {
    /// How, in the words of the evidence.
    const MEANS: &str;

    fn of(browser: Browser) -> Self;

    fn browser(&self) -> &Browser;
}

impl InBrowser for Keyboard {
    const MEANS: &str = "keys";

    fn of(browser: Browser) -> Self {
        Self { browser }
    }

    fn browser(&self) -> &Browser {
        &self.browser
    }
}

impl InBrowser for Reader {
    const MEANS: &str = "roles";

    fn of(browser: Browser) -> Self {
        Self::of(browser)
    }

    fn browser(&self) -> &Browser {
        &self.browser
    }
}

fn every_flow_is_finished_by_keys_in_the_widget(engine: Engine) {
    every_flow::<Keyboard>(engine, Scripts::On);
}

fn every_flow_is_finished_by_keys_without_scripts(engine: Engine) {
    every_flow::<Keyboard>(engine, Scripts::Off);
}

fn every_flow_is_finished_by_roles_and_names_in_the_widget(engine: Engine) {
    every_flow::<Reader>(engine, Scripts::On);
}

fn every_flow_is_finished_by_roles_and_names_without_scripts(engine: Engine) {
    every_flow::<Reader>(engine, Scripts::Off);
}

fn every_flow<V: InBrowser>(engine: Engine, scripts: Scripts) {
    let stack = Stack::with(&Settings::default().site().sqlite().without_budgets());
    stack.import(&[LUZ]);
    let mut visitor = V::of(Browser::of(engine, &stack, "/", scripts));
    for (locale, person) in [(Locale::En, ROSA), (Locale::Es, LUZ)] {
        for kind in FlowKind::ALL {
            if kind.needs_session() {
                sign_in(&mut visitor, &person, locale);
            }
            begin(&mut visitor, kind, locale);
            finish(&mut visitor, &stack, kind, &person);
            assert_eq!(visitor.page().language(), locale);
            evidence::finished(visitor.browser(), V::MEANS, kind, locale);
        }
    }
}

/// Signs in as somebody who has not been here.
#[track_caller]
fn sign_in(visitor: &mut impl InBrowser, person: &Person, locale: Locale) {
    visitor.browser().forget();
    visitor
        .browser()
        .goto(&paths::plain(FlowKind::SignIn, locale));
    walk::to_account(visitor, person.username, walk::NEW_PASSWORD);
}

/// Presses the button of a flow's page, as somebody who has not been here, unless they have
/// signed in. The widget goes on there, or a plain form.
#[track_caller]
fn begin(visitor: &mut impl InBrowser, kind: FlowKind, locale: Locale) {
    if !kind.needs_session() {
        visitor.browser().forget();
    }
    let page = paths::page(kind, locale);
    visitor.browser().goto(&page);
    visitor.press("start");
    let next = match visitor.browser().scripts() {
        Scripts::On => page,
        Scripts::Off => paths::plain(kind, locale),
    };
    let address = visitor.browser().address();
    assert_eq!(address.split('?').next(), Some(next.as_str()));
}

#[track_caller]
fn finish(visitor: &mut impl InBrowser, stack: &Stack, kind: FlowKind, person: &Person) {
    // A mistake first: what is told must be where a person reads on.
    visitor.press("continue");
    assert!(!visitor.page().problems().is_empty(), "{kind:?}");
    match kind {
        FlowKind::Enrollment => {
            let invitation = stack.invite(person);
            walk::enroll(visitor, stack, person, &invitation);
        }
        FlowKind::UsernameRecovery => {
            stack.settle();
            stack.mail.mark_read();
            walk::recover(visitor, person);
            visitor
                .browser()
                .follow_link(&stack.mail.link(person.email));
            walk::expect_words(visitor, "reveal.title");
            visitor.press("show");
            walk::expect_words(visitor, "reveal.shown.title");
            assert_eq!(visitor.page().text(".fd-username"), person.username);
        }
        FlowKind::PasswordReset => walk::reset(visitor, stack, person, "text"),
        FlowKind::SignIn => walk::sign_in(visitor, person.username, walk::NEW_PASSWORD),
        FlowKind::PhoneChange => walk::change_phone(visitor, stack, walk::NEW_PASSWORD),
        FlowKind::EmailChange => walk::change_email(visitor, stack, walk::NEW_PASSWORD),
        FlowKind::Deactivation => walk::close_account(visitor, person, walk::NEW_PASSWORD),
    }
}
