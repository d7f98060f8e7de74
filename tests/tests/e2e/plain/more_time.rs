//! More time for a page without scripts, which can warn nobody at a moment (WCAG 2.2, 2.2.1).

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Cookies, Plain, Request, Stack, Visitor, walk, words, words_in};
use jiff::SignedDuration;
use protocol::Locale;

const RESET: &str = "/flows/password-reset";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// What the page says of how long it waits.
fn told(plain: &mut Plain) -> String {
    plain.page().text(".fd-time p")
}

#[test]
fn a_page_says_how_long_it_waits_and_more_time_keeps_what_was_typed() {
    for cookies in [Cookies::Kept, Cookies::Refused] {
        let stack = Stack::start();
        let mut plain = Plain::open(&stack, "/flows/enrollment", cookies);
        assert_eq!(
            told(&mut plain),
            "",
            "before there is a flow it waits for ever"
        );
        plain.fill("invitation", &stack.invite(&ROSA));
        plain.press("continue");
        let waits = |wait: &str| words("time.waits").replace("{wait}", wait);
        assert_eq!(told(&mut plain), waits("60 minutes"));
        for _ in 0..10 {
            stack.advance(minutes(59));
            plain.fill("given_name", "Rosa \"<b>");
            walk::birth_date(&mut plain, ["2", "30", "1951"]);
            plain.press("more-time");
            plain.expect_notice(words("notice.more-time"));
            plain.expect_step("identity");
            assert_eq!(told(&mut plain), waits("60 minutes"));
            let page = plain.page();
            let kept = ["given_name", "birth_date-month", "birth_date-day"];
            assert_eq!(kept.map(|it| page.value(it)), ["Rosa \"<b>", "2", "30"]);
            assert_eq!(page.problems(), [""; 0], "nothing was answered");
        }
        walk::identity(&mut plain, &ROSA);
        plain.expect_step("phone");
        plain.expect_notice("");
    }
}

/// Two days after a flow began it ends, whatever is pressed; who presses is told.
#[test]
fn where_there_is_no_more_time_the_page_says_so() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    plain.fill("username", ROSA.username);
    plain.press("continue");
    let minutes_of_two_days = 48 * 60;
    let presses = minutes_of_two_days / 59;
    for _ in 0..presses {
        stack.advance(minutes(59));
        plain.press("more-time");
        plain.expect_step("method");
    }
    stack.advance(minutes(1));
    plain.press("more-time");
    plain.expect_notice(words("notice.no-more-time"));
    let left = minutes_of_two_days - presses * 59 - 1;
    let waits = words("time.waits").replace("{wait}", &format!("{left} minutes"));
    assert_eq!(told(&mut plain), waits);
    for notice in ["more-time", "no-more-time"] {
        plain.goto(&format!("{RESET}?notice={notice}"));
        plain.expect_notice("");
    }
}

#[test]
fn secrets_are_not_shown_again_which_is_said_before() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    walk::reset_to_code(&mut plain, ROSA.username, "text");
    assert!(told(&mut plain).ends_with(words("time.secret")));
    let code = stack.mail.code("text", ROSA.phone);
    plain.fill("code", &code);
    plain.press("more-time");
    plain.expect_notice(words("notice.more-time"));
    assert!(!plain.page().html().contains(&code));
    walk::code(&mut plain, &code);
    plain.expect_step("new-password");
    assert!(told(&mut plain).contains("15 minutes"));
    plain.fill("password", walk::NEW_PASSWORD);
    plain.press("more-time");
    assert!(!plain.page().html().contains(walk::NEW_PASSWORD));
    plain.fill("password", walk::NEW_PASSWORD);
    plain.press("continue");
    plain.expect_title(words("step.done.title.password-reset"));
    assert_eq!(told(&mut plain), "", "nothing is waited for any more");
}

#[test]
fn more_time_from_an_old_form_leads_to_the_current_step() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    plain.fill("username", "nobody.here");
    plain.press("continue");
    let old = plain.page();
    plain.choose("channel", "text");
    plain.press("continue");
    plain.go_back_to(&old);
    plain.press("more-time");
    plain.expect_step("code");
    plain.expect_notice(words("notice.already-answered"));
}

#[test]
fn more_time_that_comes_too_late_is_told_and_what_was_typed_is_kept() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, RESET, Cookies::Kept);
    // Refused, so that there is a flow at its first step.
    plain.fill("username", "a b");
    plain.press("continue");
    stack.advance(minutes(60));
    plain.fill("username", "nobody.here");
    plain.press("more-time");
    plain.expect_step("identify");
    plain.expect_notice(words("notice.started-over"));
    assert_eq!(plain.page().value("username"), "nobody.here");
}

#[test]
fn how_long_a_page_waits_is_said_in_spanish_too() {
    let stack = Stack::start();
    let mut plain = Plain::open(&stack, "/es/flows/password-reset", Cookies::Kept);
    plain.fill("username", "nobody.here");
    plain.press("continue");
    let waits = words_in(Locale::Es, "time.waits").replace("{wait}", "60 minutos");
    assert_eq!(told(&mut plain), waits);
    plain.press("more-time");
    plain.expect_notice(words_in(Locale::Es, "notice.more-time"));
}

/// Without the token of a flow there is none that could be given time.
#[test]
fn a_press_on_more_time_of_another_site_changes_nothing() {
    let stack = Stack::start();
    let flow = stack.begin("password-reset");
    stack.advance(minutes(30));
    let form = [
        ("token", flow.token.as_str()),
        ("step", "identify"),
        ("action-more-time", "x"),
    ];
    let request = Request::new("POST", RESET)
        .form(&form)
        .header("sec-fetch-site", "cross-site");
    stack.client.send(request).expect(303);
    assert_eq!(flow.view().at("identify")["expires_in"], 30 * 60);
}
