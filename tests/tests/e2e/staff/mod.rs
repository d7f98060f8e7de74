//! The staff desk: setting up, signing in, and who may come to which page.

pub(crate) mod desk;
pub(crate) mod insights;
mod proxy;
mod roles;
mod search;
mod set_up;
mod sign_in;
pub(crate) mod trail;

use frontdesk_tests::{Authenticator, Cookies, Plain, Stack, Visitor, words};
use jiff::SignedDuration;
use protocol::paths;
use verify_api::staff::Role;

/// The email of the staff user whom these tests are about.
pub(crate) const DANA: &str = "dana@example.org";
/// Their password.
pub(crate) const PASSWORD: &str = "nine kites above the mill";

/// A staff user, with the app on their phone and the browser in which they have set up.
pub(crate) struct Member {
    pub(crate) email: String,
    pub(crate) app: Authenticator,
    pub(crate) browser: Plain,
}

impl Member {
    /// Somebody who was added, and has set up.
    #[track_caller]
    pub(crate) fn new(stack: &Stack, email: &str, role: Role) -> Self {
        let link = stack.add_staff(email, role);
        Self::by_link(stack, email, &link)
    }

    /// Somebody who sets up by a link.
    #[track_caller]
    pub(crate) fn by_link(stack: &Stack, email: &str, link: &str) -> Self {
        let mut browser = Plain::open(stack, link, Cookies::Kept);
        browser.expect_title(words("staff.set-up.title"));
        browser.press("begin");
        let app = Authenticator::with_key(&browser.page().text("#fd-secret"));
        browser.fill("password", PASSWORD);
        browser.fill("code", &app.code(&stack.clock));
        browser.press("finish");
        browser.expect_notice(words("staff.notice.set-up"));
        Self {
            email: email.to_owned(),
            app,
            browser,
        }
    }

    /// Signs in, in their own browser, with the next code.
    #[track_caller]
    pub(crate) fn signed_in(mut self, stack: &Stack) -> Self {
        next_code(stack);
        let code = self.app.code(&stack.clock);
        self.browser.goto(paths::STAFF_SIGN_IN);
        enter(&mut self.browser, &self.email, PASSWORD, &code);
        self.browser.expect_title(words("staff.title"));
        self
    }

    /// What their app shows now.
    pub(crate) fn code(&self, stack: &Stack) -> String {
        self.app.code(&stack.clock)
    }
}

/// Waits until apps show another code.
pub(crate) fn next_code(stack: &Stack) {
    stack.advance(SignedDuration::from_secs(30));
}

/// A browser that nobody of the staff has used, where one signs in.
#[track_caller]
pub(crate) fn fresh(stack: &Stack) -> Plain {
    Plain::open(stack, paths::STAFF_SIGN_IN, Cookies::Kept)
}

/// Types all three and presses the button.
#[track_caller]
pub(crate) fn enter(browser: &mut Plain, email: &str, password: &str, code: &str) {
    browser.expect_title(words("staff.sign-in.title"));
    browser.fill("email", email);
    browser.fill("password", password);
    browser.fill("code", code);
    browser.press("continue");
}

/// How many lines of the trail tell of an event.
pub(crate) fn lines(stack: &Stack, event: &str) -> i64 {
    stack.number(&format!(
        "SELECT count(*) FROM audit WHERE event = '{event}'"
    ))
}
