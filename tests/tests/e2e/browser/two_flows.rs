//! Two flows on one page of a clinic: neither answers to what the browser does for the other.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Browser, Clinic, Engine, Page, Settings, Stack, Visitor, wait_for, walk};
use protocol::FlowKind::{Enrollment, PasswordReset};
use protocol::{FlowKind, Locale};
use serde_json::{Value, json};

use crate::embed::with_clinic;

in_each_browser!(
    a_flow_that_goes_back_presses_nothing_in_the_other,
    a_flow_that_is_done_presses_nothing_in_the_other,
);

/// A person at one of the flows.
struct At<'a> {
    browser: &'a mut Browser,
    kind: FlowKind,
}

impl At<'_> {
    fn within(&self, css: &str) -> String {
        format!("verify-widget[flow={:?}] {css}", self.kind.as_str())
    }

    fn step(&self) -> Value {
        let step = self.within("input[name=step]");
        let script = "return (document.querySelector(arguments[0]) || {}).value";
        self.browser.script(script, vec![json!(step)])
    }
}

impl Visitor for At<'_> {
    fn page(&mut self) -> Page {
        self.browser.page()
    }

    /// No box is in both flows.
    fn fill(&mut self, control: &str, text: &str) {
        self.browser.fill(control, text);
    }

    fn choose(&mut self, control: &str, value: &str) {
        let css = format!("input[name={control:?}][value={value:?}]");
        self.browser.click(&self.within(&css));
    }

    fn press(&mut self, action: &str) {
        let css = match action {
            "start" => "form input[type=submit]".to_owned(),
            action => format!("input[name=\"action-{action}\"]"),
        };
        self.browser.click(&self.within(&css));
    }

    fn reload(&mut self) {
        self.browser.reload();
    }

    #[track_caller]
    fn expect_step(&mut self, step: &str) {
        wait_for(&format!("{:?} to be at {step}", self.kind), || {
            (self.step() == step).then_some(())
        });
    }
}

fn at(browser: &mut Browser, kind: FlowKind) -> At<'_> {
    At { browser, kind }
}

/// Where people come from.
fn before() -> String {
    Clinic::unstyled(Locale::En, PasswordReset)
}

/// A help center whose clinic has both flows on one page.
fn with_two() -> (Stack, Clinic) {
    let (stack, clinic) = with_clinic(Settings::default().site());
    stack.enrolled(&ROSA);
    (stack, clinic)
}

/// The enrollment is in a language of its own, or not.
fn open(engine: Engine, clinic: &Clinic, of_enrollment: Locale) -> Browser {
    let browser = Browser::visiting_by(engine, clinic, &before());
    let reset = (Locale::En, PasswordReset);
    browser.goto(&Clinic::with_two([reset, (of_enrollment, Enrollment)]));
    browser
}

/// From the start of a reset to its second step.
fn reset_to_method(browser: &mut Browser) {
    let mut reset = at(browser, PasswordReset);
    reset.press("start");
    reset.expect_step("identify");
    reset.fill("username", ROSA.username);
    reset.press("continue");
    reset.expect_step("method");
}

/// From the start of an enrollment to the phone, which has a way back.
fn enroll_to_phone(browser: &mut Browser, stack: &Stack) {
    let mut enrollment = at(browser, Enrollment);
    enrollment.press("start");
    enrollment.expect_step("invitation");
    enrollment.fill("invitation", &stack.invite(&SEAN));
    enrollment.press("continue");
    walk::identity(&mut enrollment, &SEAN);
    enrollment.expect_step("phone");
}

/// What the entry that is shown says: of the reset, and of the enrollment.
fn depths(browser: &Browser) -> Value {
    let state = browser.script("return history.state", Vec::new());
    let of = |kind: FlowKind| state[format!("frontdesk.{}", kind.as_str())].clone();
    json!([of(PasswordReset), of(Enrollment)])
}

#[track_caller]
fn expect_depths(browser: &Browser, expected: &Value) {
    wait_for(&format!("the entry {expected}"), || {
        (depths(browser) == *expected).then_some(())
    });
}

fn a_flow_that_goes_back_presses_nothing_in_the_other(engine: Engine) {
    let (stack, clinic) = with_two();
    let mut browser = open(engine, &clinic, Locale::En);
    reset_to_method(&mut browser);
    enroll_to_phone(&mut browser, &stack);
    assert_eq!(depths(&browser), json!([1, 1]));
    let mut reset = at(&mut browser, PasswordReset);
    reset.press("back");
    reset.expect_step("identify");
    at(&mut browser, Enrollment).expect_step("phone");
    // The browser's Back is the other's, whose entry is shown.
    browser.go_back();
    at(&mut browser, Enrollment).expect_step("identity");
    assert_eq!(depths(&browser), json!([1, 0]));
    // And then that of the first.
    let mut reset = at(&mut browser, PasswordReset);
    reset.press("continue");
    reset.expect_step("method");
    assert_eq!(depths(&browser), json!([1, 0]), "entries do not pile up");
    browser.go_back();
    at(&mut browser, PasswordReset).expect_step("identify");
    at(&mut browser, Enrollment).expect_step("identity");
    browser.go_back();
    wait_for("the page of before", || {
        (browser.address() == before()).then_some(())
    });
}

fn a_flow_that_is_done_presses_nothing_in_the_other(engine: Engine) {
    let (stack, clinic) = with_two();
    for of_enrollment in Locale::ALL {
        let mut browser = open(engine, &clinic, of_enrollment);
        is_done_by_itself(&mut browser, &stack);
    }
}

fn is_done_by_itself(browser: &mut Browser, stack: &Stack) {
    reset_to_method(browser);
    enroll_to_phone(browser, stack);
    let mut reset = at(browser, PasswordReset);
    reset.choose("channel", "text");
    reset.press("continue");
    reset.expect_step("code");
    assert_eq!(depths(browser), json!([2, 1]));
    walk::code(
        &mut at(browser, PasswordReset),
        &stack.mail.code("text", ROSA.phone),
    );
    at(browser, PasswordReset).expect_step("new-password");
    at(browser, Enrollment).expect_step("phone");
    assert_eq!(depths(browser), json!([2, 1]), "its entries stay");
    // They lead to no step of it.
    browser.go_back();
    expect_depths(browser, &json!([1, 1]));
    browser.go_back();
    at(browser, Enrollment).expect_step("identity");
    assert_eq!(depths(browser), json!([1, 0]));
    at(browser, PasswordReset).expect_step("new-password");
}
