//! Signing in by plain forms, in a browser without scripts.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::code;
use frontdesk_tests::{Cookies, Plain, Stack, Visitor, words};
use protocol::{FlowKind, Locale, paths};

fn at_sign_in(stack: &Stack, cookies: Cookies) -> Plain {
    Plain::open(stack, &paths::plain(FlowKind::SignIn, Locale::En), cookies)
}

fn sign_in(plain: &mut Plain, password: &str) {
    plain.expect_step("sign-in");
    plain.fill("username", ROSA.username);
    plain.fill("password", password);
    plain.press("continue");
}

#[test]
fn whoever_signs_in_sees_the_account_and_signs_out_again() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, paths::ACCOUNT, Cookies::Kept);
    sign_in(&mut plain, "seven quiet herons at dawn");
    plain.expect_problem(words("problem.wrong-sign-in"));
    assert_eq!(plain.page().value("username"), ROSA.username);
    assert_eq!(plain.page().value("password"), "");
    sign_in(&mut plain, ROSA.password);
    plain.expect_title(words("account.title"));
    assert_eq!(plain.page().address, paths::ACCOUNT);
    plain.reload();
    plain.expect_title(words("account.title"));
    plain.press("sign-out");
    plain.expect_step("sign-in");
    plain.expect_notice(words("notice.signed-out"));
    plain.goto(paths::ACCOUNT);
    plain.expect_step("sign-in");
}

/// And nothing is changed by looking: neither a flow nor another session begins.
#[test]
fn whoever_is_signed_in_and_comes_to_sign_in_is_led_to_the_account() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = at_sign_in(&stack, Cookies::Kept);
    sign_in(&mut plain, ROSA.password);
    plain.expect_title(words("account.title"));
    let counts = || {
        ["flows", "sessions", "audit"].map(|of| stack.number(&format!("SELECT count(*) FROM {of}")))
    };
    let before = counts();
    for locale in Locale::ALL {
        plain.goto(&paths::plain(FlowKind::SignIn, locale));
        let account = paths::in_language(locale, paths::ACCOUNT);
        let address = format!("{account}?notice=signed-in");
        assert_eq!(plain.page().address, address);
        let words = protocol::messages::catalog(locale);
        plain.expect_title(words.text("account.title"));
        plain.expect_notice(words.text("notice.signed-in"));
    }
    assert_eq!(counts(), before);
    plain.press("sign-out");
    plain.expect_step("sign-in");
    plain.goto(&paths::plain(FlowKind::SignIn, Locale::En));
    plain.expect_step("sign-in");
    // Of a page of a flow it is never true.
    plain.goto("/flows/sign-in?notice=signed-in");
    assert_eq!(plain.page().notice(), "");
}

#[test]
fn the_owner_gets_in_with_a_code_while_somebody_guesses() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    for _ in 0..5 {
        stack.sign_in(ROSA.username, "seven quiet herons at dawn");
    }
    let mut plain = at_sign_in(&stack, Cookies::Kept);
    sign_in(&mut plain, ROSA.password);
    plain.expect_step("code");
    plain.reload();
    plain.expect_step("code");
    code(&mut plain, &stack.mail.code("text", ROSA.phone));
    plain.expect_title(words("account.title"));
}

/// Nor is a session put into a browser by a form that another site has brought.
#[test]
fn without_cookies_nobody_is_signed_in_and_is_told_why() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = at_sign_in(&stack, Cookies::Refused);
    sign_in(&mut plain, ROSA.password);
    plain.expect_problem(words("problem.needs-cookies"));
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
    let begun = stack.begin("sign-in");
    let mut victim = at_sign_in(&stack, Cookies::Kept);
    let path = paths::plain(FlowKind::SignIn, Locale::En);
    let form = [
        ("token", begun.token.as_str()),
        ("step", "sign-in"),
        ("username", ROSA.username),
        ("password", ROSA.password),
        ("action-continue", "x"),
    ];
    victim.send_forged(&path, &form, &[]);
    assert!(!victim.cookies().contains_key("session"));
    assert_eq!(stack.number("SELECT count(*) FROM sessions"), 0);
}

#[test]
fn two_tabs_share_a_session_and_an_old_one_says_that_it_has_ended() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = at_sign_in(&stack, Cookies::Kept);
    let mut two = one.tab();
    sign_in(&mut one, ROSA.password);
    one.expect_title(words("account.title"));
    // The other tab still has the form, and signs in as well.
    sign_in(&mut two, ROSA.password);
    two.expect_title(words("account.title"));
    two.press("sign-out-everywhere");
    two.expect_notice(words("notice.signed-out"));
    one.press("sign-out");
    one.expect_step("sign-in");
}

/// Whoever keeps cookies is not told to allow them.
#[test]
fn a_tab_that_another_one_has_overtaken_begins_again() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = at_sign_in(&stack, Cookies::Kept);
    let mut two = one.tab();
    sign_in(&mut one, "seven quiet herons at dawn");
    sign_in(&mut two, "seven quiet herons at dawn");
    sign_in(&mut one, ROSA.password);
    one.expect_notice(words("notice.lost"));
    assert_eq!(one.page().value("username"), ROSA.username);
    sign_in(&mut one, ROSA.password);
    one.expect_title(words("account.title"));
}

#[test]
fn the_account_is_shown_in_spanish_too() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let account = paths::in_language(Locale::Es, paths::ACCOUNT);
    let mut plain = Plain::open(&stack, &account, Cookies::Kept);
    sign_in(&mut plain, ROSA.password);
    assert_eq!(plain.page().address, account);
    plain.expect_title("Los ajustes de su cuenta");
}
