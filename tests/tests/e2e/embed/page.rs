//! What a person meets on a clinic's own page: the whole flow, whatever that page looks
//! like, and the plain form of the help center where the widget cannot run.

use frontdesk_tests::people::{LUZ, ROSA};
use frontdesk_tests::{Browser, Clinic, Scripts, Settings, Stack, Visitor, walk, words};
use protocol::FlowKind::{Enrollment, PasswordReset, SignIn};
use protocol::Locale::{En, Es};

use super::with_clinic;

fn with_site() -> (Stack, Clinic) {
    with_clinic(Settings::default().site())
}

#[test]
fn a_patient_enrolls_on_the_clinics_own_page() {
    let (stack, clinic) = with_site();
    let invitation = stack.invite(&ROSA);
    let page = Clinic::path(En, Enrollment);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    browser.press("start");
    walk::enroll(&mut browser, &stack, &ROSA, &invitation);
    assert!(stack.opens(&ROSA, ROSA.password));
    assert_eq!(browser.address(), page, "all on one page");
    browser.expect_silent_console();
}

#[test]
fn a_password_is_reset_in_spanish_on_the_clinics_own_page() {
    let (stack, clinic) = with_site();
    stack.import(&[LUZ]);
    stack.enrolled(&LUZ);
    let page = Clinic::path(Es, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    browser.press("start");
    walk::reset_to_code(&mut browser, LUZ.username, "text");
    browser.reload();
    browser.expect_step("code");
    walk::code(&mut browser, &stack.mail.code("text", LUZ.phone));
    browser.expect_step("new-password");
    browser.fill("password", walk::NEW_PASSWORD);
    browser.press("continue");
    walk::expect_words(&mut browser, "step.done.title.password-reset");
    assert!(stack.opens(&LUZ, walk::NEW_PASSWORD));
    assert_eq!(browser.address(), page, "all on one page");
    browser.expect_silent_console();
}

/// Presses start, and is led to the plain form on the help center's own site.
#[track_caller]
fn falls_back(browser: &mut Browser, stack: &Stack, plain: &str) {
    browser.press("start");
    let expected = format!("{}{plain}", stack.base());
    let address = browser.address();
    assert!(
        address.starts_with(&expected),
        "{expected} should go on, not {address}"
    );
}

#[test]
fn on_a_site_that_is_not_listed_the_plain_form_goes_on() {
    let clinic = Clinic::start();
    let others = Settings::default().key("http.embed_origins", "https://www.example.org");
    let stack = Stack::with(&others.site());
    clinic.shows(&stack);
    stack.enrolled(&ROSA);
    let page = Clinic::path(En, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    falls_back(&mut browser, &stack, "/flows/password-reset");
    walk::reset(&mut browser, &stack, &ROSA, "text");
}

#[test]
fn without_scripts_the_clinics_page_leads_to_the_plain_form() {
    let (stack, clinic) = with_site();
    stack.import(&[LUZ]);
    stack.enrolled(&LUZ);
    let page = Clinic::path(Es, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::Off);
    falls_back(&mut browser, &stack, "/es/flows/password-reset");
    walk::reset(&mut browser, &stack, &LUZ, "text");
}

/// Its labels may be hidden, and its boxes narrow: nobody is left alone with such a form.
#[test]
fn without_its_styles_the_plain_form_goes_on() {
    let (stack, clinic) = with_site();
    stack.enrolled(&ROSA);
    let page = Clinic::path(En, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    browser.block(&["*/widget/embed*"]);
    falls_back(&mut browser, &stack, "/flows/password-reset");
    walk::reset(&mut browser, &stack, &ROSA, "text");
}

/// Signing in ends in a cookie of our own site, so it goes on there.
#[test]
fn a_clinics_page_that_shows_a_sign_in_leads_to_our_own() {
    let (stack, clinic) = with_site();
    let page = Clinic::path(En, SignIn);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    falls_back(&mut browser, &stack, "/flows/sign-in");
    browser.expect_step("sign-in");
}

#[test]
fn links_of_the_widget_lead_to_the_help_center() {
    let (stack, clinic) = with_site();
    let invitation = stack.invite(&ROSA);
    let page = Clinic::path(En, Enrollment);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    browser.press("start");
    walk::enroll(&mut browser, &stack, &ROSA, &invitation);
    browser.press("start-over");
    browser.fill("invitation", &invitation);
    browser.press("continue");
    browser.expect_problem(words("problem.used-invitation"));
    let links = "return [...document.querySelectorAll('.fd-ways a, .fd-form')]
        .map(e => e.getAttribute('href') || e.getAttribute('action')).join(' ')";
    let expected = format!(
        "{} {base}/recover-username/ {base}/reset-password/ {base}/flows/enrollment",
        frontdesk_tests::PORTAL,
        base = stack.base()
    );
    assert_eq!(browser.script(links, Vec::new()), expected);
    browser.click(".fd-ways a[href$='/reset-password/']");
    assert_eq!(browser.page().text("h1"), "Reset your password");
}

/// What a flow looks like, element by element: all that the browser has computed, but for
/// properties that style nothing by themselves.
fn look(browser: &Browser) -> Vec<String> {
    let script = "
        const told = (element, pseudo) => {
            const style = getComputedStyle(element, pseudo);
            const names = pseudo ? ['content'] : [...style].filter(name => !name.startsWith('--'));
            return names.map(name => `${name}: ${style.getPropertyValue(name)}`);
        };
        return [...document.querySelectorAll('.fd-flow, .fd-flow *')].flatMap(element =>
            [null, '::before', '::after'].flatMap(pseudo => told(element, pseudo).map(each =>
                `${element.tagName} ${element.className} ${pseudo || ''} ${each}`)));";
    let look = browser.script(script, Vec::new());
    let lines = look.as_array().expect("a list").iter();
    lines
        .map(|line| line.as_str().expect("a text").to_owned())
        .collect()
}

/// What differs between two looks of one step.
fn differences(one: &[String], other: &[String]) -> Vec<String> {
    assert_eq!(one.len(), other.len(), "the steps have the same elements");
    let pairs = one.iter().zip(other).filter(|(one, other)| one != other);
    pairs
        .map(|(one, other)| format!("{one} / {other}"))
        .collect()
}

/// Walks to every kind of box on a page, and says what each step looks like. `see` is
/// called at each step.
fn looks(
    clinic: &Clinic,
    stack: &Stack,
    page: &str,
    see: impl Fn(&Browser, &str),
) -> Vec<Vec<String>> {
    let mut browser = Browser::visiting(clinic, page, Scripts::On);
    let mut looks = Vec::new();
    let mut note = |browser: &Browser, step: &str| {
        see(browser, step);
        looks.push(look(browser));
    };
    browser.press("start");
    browser.press("continue");
    note(&browser, "invitation");
    browser.fill("invitation", &stack.invite(&ROSA));
    browser.press("continue");
    browser.expect_step("identity");
    browser.press("continue");
    note(&browser, "identity");
    walk::identity(&mut browser, &ROSA);
    browser.expect_step("phone");
    browser.fill("phone", ROSA.phone);
    browser.choose("channel", "call");
    note(&browser, "phone");
    browser.press("continue");
    stack.mail.code("call", ROSA.phone);
    browser.click(".fd-help summary");
    note(&browser, "code");
    looks
}

#[test]
fn a_flow_looks_the_same_whatever_the_clinics_page_looks_like() {
    let (stack, clinic) = with_site();
    let check = |browser: &Browser, step: &str| {
        browser.small_with_large_text();
        let twice = "document.querySelector('verify-widget').style.setProperty('--fd-font-size', '36px');
            return getComputedStyle(document.querySelector('.fd-input, .fd-choice input')).fontSize";
        assert_eq!(browser.script(twice, Vec::new()), "36px");
        assert_eq!(browser.sticking_out(), [""; 0], "at the step {step}");
    };
    let styled = looks(&clinic, &stack, &Clinic::path(En, Enrollment), check);
    let alone = looks(&clinic, &stack, &Clinic::unstyled(En, Enrollment), check);
    for (styled, alone) in styled.iter().zip(&alone) {
        let differences = differences(styled, alone);
        assert_eq!(differences, [""; 0], "{} of them", differences.len());
    }
}
