//! The same by plain forms, in a browser without scripts.

use frontdesk_tests::people::ROSA;
use frontdesk_tests::walk::code;
use frontdesk_tests::{Cookies, Plain, Stack, Visitor, words};
use protocol::{FlowKind, Locale, paths};

use super::NEW_PHONE;

fn form() -> String {
    paths::plain(FlowKind::PhoneChange, Locale::En)
}

/// A browser in which the patient is signed in, at the account.
pub(super) fn signed_in(stack: &Stack) -> Plain {
    let mut plain = Plain::open(stack, paths::ACCOUNT, Cookies::Kept);
    plain.expect_step("sign-in");
    plain.fill("username", ROSA.username);
    plain.fill("password", ROSA.password);
    plain.press("continue");
    plain.expect_title(words("account.title"));
    plain
}

fn confirm(plain: &mut Plain, password: &str) {
    plain.expect_step("password");
    plain.fill("password", password);
    plain.press("continue");
}

fn to_code(plain: &mut Plain) {
    confirm(plain, ROSA.password);
    plain.expect_step("phone");
    plain.fill("phone", "(207) 555-0171");
    plain.choose("channel", "text");
    plain.press("continue");
    plain.expect_step("code");
}

#[test]
fn a_phone_is_changed_from_the_account() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = signed_in(&stack);
    let link = format!("href=\"{}\"", form());
    assert!(plain.page().html().contains(&link));
    plain.goto(&form());
    let whose = |plain: &mut Plain| plain.page().attribute("#fd-account", "value");
    assert_eq!(whose(&mut plain).as_deref(), Some(ROSA.username));
    confirm(&mut plain, "seven quiet herons at dawn");
    plain.expect_problem(words("problem.wrong-password"));
    assert_eq!(whose(&mut plain).as_deref(), Some(ROSA.username));
    assert_eq!(plain.page().value("password"), "");
    to_code(&mut plain);
    plain.reload();
    plain.expect_step("code");
    code(&mut plain, &stack.mail.code("text", NEW_PHONE));
    plain.expect_title(words("step.done.title.phone-change"));
    plain.reload();
    plain.expect_title(words("step.done.title.phone-change"));
    plain.press("start-over");
    plain.expect_step("password");
    plain.goto(paths::ACCOUNT);
    assert!(plain.page().html().contains("••• 71"));
}

#[test]
fn whoever_is_not_signed_in_is_led_to_where_one_signs_in() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, &form(), Cookies::Kept);
    assert_eq!(plain.page().status, 200);
    plain.expect_title(words("sign-in-first.title"));
    let link = plain.page().attribute("a.fd-button", "href");
    assert_eq!(link, Some(paths::plain(FlowKind::SignIn, Locale::En)));
}

/// Two tabs of one browser, and the code that was sent for what the first one changes.
struct Tabs {
    stack: Stack,
    one: Plain,
    two: Plain,
    sent: String,
}

/// The first tab asks for the code, and then the second one signs out.
fn signed_out_meanwhile() -> Tabs {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = signed_in(&stack);
    let mut two = one.tab();
    one.goto(&form());
    to_code(&mut one);
    let sent = stack.mail.code("text", NEW_PHONE);
    two.goto(paths::ACCOUNT);
    two.press("sign-out");
    Tabs {
        stack,
        one,
        two,
        sent,
    }
}

/// The answer that comes too late does nothing, and one sentence says so.
#[test]
fn whoever_signs_out_in_another_tab_changes_nothing_in_this_one() {
    let Tabs {
        stack,
        mut one,
        sent,
        ..
    } = signed_out_meanwhile();
    code(&mut one, &sent);
    assert_eq!(one.page().status, 403);
    one.expect_problem(words("problem.sign-in-first"));
    one.goto(&form());
    one.expect_title(words("sign-in-first.title"));
    let mut again = signed_in(&stack);
    assert!(again.page().html().contains("••• 31"));
}

/// A bare form would not say why it asks for the password.
#[test]
fn whoever_presses_in_a_tab_after_signing_out_in_another_is_told_so() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = signed_in(&stack);
    let open = one.page();
    let mut two = one.tab();
    two.press("sign-out");
    for button in ["more-time", "sign-out", "sign-out-everywhere"] {
        one.go_back_to(&open);
        one.press(button);
        one.expect_step("sign-in");
        one.expect_notice(words("notice.signed-out"));
    }
    one.goto(paths::ACCOUNT);
    assert_eq!(one.page().notice(), "", "nobody has pressed anything");
}

/// To say "sign in" to whoever has done so would lead them in a circle.
#[test]
fn whoever_has_signed_in_again_in_another_tab_begins_again_in_this_one() {
    let Tabs {
        stack: _stack,
        mut one,
        mut two,
        sent,
    } = signed_out_meanwhile();
    two.expect_step("sign-in");
    two.fill("username", ROSA.username);
    two.fill("password", ROSA.password);
    two.press("continue");
    two.expect_title(words("account.title"));
    code(&mut one, &sent);
    assert_eq!(one.page().status, 200);
    one.expect_step("password");
    assert!(one.page().html().contains(words("notice.lost")));
    to_code(&mut one);
    two.goto(paths::ACCOUNT);
    assert!(two.page().html().contains("••• 31"));
}

/// A first form that waited while the session ended begins nothing.
#[test]
fn a_password_that_is_sent_after_the_session_is_not_looked_at() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = signed_in(&stack);
    plain.goto(&form());
    plain.expect_step("password");
    stack.advance(jiff::SignedDuration::from_mins(15));
    confirm(&mut plain, ROSA.password);
    assert_eq!(plain.page().status, 403);
    plain.expect_problem(words("problem.sign-in-first"));
}

#[test]
fn two_tabs_go_on_with_one_change() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut one = signed_in(&stack);
    one.goto(&form());
    let mut two = one.tab();
    to_code(&mut one);
    two.goto(&form());
    two.expect_step("code");
    code(&mut two, &stack.mail.code("text", NEW_PHONE));
    two.expect_title(words("step.done.title.phone-change"));
    one.reload();
    one.expect_title(words("step.done.title.phone-change"));
}

/// Neither with the cookie alone, nor with a token of another browser.
#[test]
fn a_form_of_another_site_changes_nothing() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = signed_in(&stack);
    let others = super::begin(&stack, &super::session(&stack));
    for token in ["", others.token.as_str()] {
        let forged = [
            ("token", token),
            ("step", "password"),
            ("password", ROSA.password),
            ("action-continue", "x"),
        ];
        plain.send_forged(&form(), &forged, &[]);
        assert!(!plain.cookies().contains_key("flow-phone-change"));
    }
    plain.goto(&form());
    plain.expect_step("password");
}
