//! A staff user sets up what they sign in with, by a link that was handed to them.

use frontdesk_tests::{Authenticator, Cookies, Plain, Request, Stack, Visitor, walk, words};
use jiff::SignedDuration;
use protocol::paths;
use verify_api::staff::Role;

use super::{DANA, Member, PASSWORD, enter, fresh, lines, next_code};

#[test]
fn whoever_is_added_sets_up_signs_in_and_signs_out() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    let mut browser = member.signed_in(&stack).browser;
    let page = browser.page();
    assert_eq!(page.address, paths::STAFF);
    assert_eq!(
        page.texts(".fd-account dd"),
        [DANA, words("staff.role.front-desk")]
    );
    browser.press("sign-out");
    browser.expect_notice(words("staff.notice.signed-out"));
    assert!(!browser.cookies().contains_key("staff-session"));
    browser.goto(paths::STAFF);
    browser.expect_title(words("staff.sign-in.title"));
    for event in ["staff-set-up", "staff-signed-in", "staff-signed-out"] {
        let line = format!("{event}' AND actor = subject AND event = '{event}");
        assert_eq!(lines(&stack, &line), 1, "{event}");
    }
}

#[test]
fn a_link_works_once_and_for_a_day_and_a_newer_one_ends_it() {
    let stack = Stack::start();
    let used = stack.add_staff(DANA, Role::Manager);
    Member::by_link(&stack, DANA, &used);
    stack.client.get(&used).expect(410);

    let old = stack.reset_staff(DANA);
    let new = stack.reset_staff(DANA);
    stack.client.get(&old).expect(410);
    stack.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    let shown = stack.client.get(&new);
    shown.expect(200);
    stack.advance(SignedDuration::from_secs(1));
    stack.client.get(&new).expect(410);
    for strange in ["", "?token=", "?token=%FF", "?token=AAAA"] {
        let path = format!("{}{strange}", paths::STAFF_SET_UP);
        stack.client.get(&path).expect(410);
    }
}

/// So a mail scanner that opens the link takes nothing away, and learns nothing.
#[test]
fn looking_at_the_link_changes_nothing_and_shows_no_key() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    for _ in 0..2 {
        let page = Plain::open(&stack, &link, Cookies::Refused).page();
        assert_eq!(page.buttons(), [words("staff.set-up.start.action")]);
        assert!(!page.html().contains("fd-secret") && !page.html().contains("<svg"));
        stack.client.send(Request::new("HEAD", &link)).expect(200);
    }
    let mut without = Plain::open(&stack, &link, Cookies::Refused);
    without.press("begin");
    without.expect_problem(words("problem.needs-cookies"));
    for event in ["staff-set-up", "staff-set-up-begun"] {
        assert_eq!(lines(&stack, event), 0, "{event}");
    }
    Member::by_link(&stack, DANA, &link);
}

/// It may be somebody else than its owner. Whoever presses and presses does not fill the trail.
#[test]
fn whoever_goes_on_from_a_link_is_in_the_trail() {
    let stack = Stack::start();
    let links = [DANA, "other@example.org"].map(|it| stack.add_staff(it, Role::FrontDesk));
    let press = |link: &str| {
        let mut browser = Plain::open(&stack, link, Cookies::Kept);
        browser.press("begin");
        assert!(browser.page().html().contains("fd-secret"));
    };
    for n in 1..=7 {
        press(&links[0]);
        assert_eq!(lines(&stack, "staff-set-up-begun"), n.min(5), "{n}");
    }
    press(&links[1]);
    let about = "SELECT count(DISTINCT subject) FROM audit a JOIN staff s ON s.id = a.subject
         WHERE a.event = 'staff-set-up-begun' AND a.actor IS NULL";
    assert_eq!(stack.number(about), 2);
    stack.advance(SignedDuration::from_hours(1));
    press(&links[0]);
    assert_eq!(lines(&stack, "staff-set-up-begun"), 7);
    for n in 8..=12 {
        press(&links[0]);
        assert_eq!(lines(&stack, "staff-set-up-begun"), n.min(11), "{n}");
    }
    press(&stack.reset_staff(DANA));
    assert_eq!(lines(&stack, "staff-set-up-begun"), 12, "of another link");
}

/// The key is shown again beside what was wrong, also to whoever sends the form without having
/// pressed the first button.
#[test]
fn whoever_is_shown_a_key_is_in_the_trail_whatever_they_press() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    let (_, token) = link.split_once("token=").expect("a token");
    let mut browser = Plain::open(&stack, &link, Cookies::Kept);
    let probe = browser.cookies()["flow-cookies"].clone();
    for (shown, action) in (1..).zip(["action-finish", "action-other"]) {
        let form = [("token", token), ("probe", probe.as_str()), (action, "x")];
        browser.send_forged(paths::STAFF_SET_UP, &form, &[]);
        assert!(browser.page().html().contains("fd-secret"), "{action}");
        assert_eq!(lines(&stack, "staff-set-up-begun"), shown, "{action}");
    }
}

/// Whoever loads the page again after they have added the key need not add another; and who
/// else has seen the link knows nothing of it.
#[test]
fn a_key_is_of_one_link_and_of_one_browser() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    let key = |browser: &mut Plain, link: &str| {
        browser.goto(link);
        browser.press("begin");
        let page = browser.page();
        assert!(page.attribute("svg path", "d").is_some());
        page.text("#fd-secret")
    };
    let mut browser = Plain::open(&stack, &link, Cookies::Kept);
    let first = key(&mut browser, &link);
    assert_eq!(key(&mut browser, &link), first);
    let mut stranger = Plain::open(&stack, &link, Cookies::Kept);
    let theirs = key(&mut stranger, &link);
    assert_ne!(theirs, first);
    let other = stack.add_staff("other@example.org", Role::FrontDesk);
    assert_ne!(key(&mut browser, &other), first);
    key(&mut browser, &link);
    browser.fill("password", PASSWORD);
    let code = Authenticator::with_key(&theirs).code(&stack.clock);
    browser.fill("code", &code);
    browser.press("finish");
    browser.expect_problem(words("staff.problem.wrong-code"));
    let code = Authenticator::with_key(&first).code(&stack.clock);
    browser.fill("password", PASSWORD);
    browser.fill("code", &code);
    browser.press("finish");
    browser.expect_notice(words("staff.notice.set-up"));
}

#[test]
fn what_is_wrong_is_told_and_does_not_spend_the_link() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    let mut browser = Plain::open(&stack, &link, Cookies::Kept);
    browser.press("begin");
    let app = Authenticator::with_key(&browser.page().text("#fd-secret"));
    let right = app.code(&stack.clock);
    let wrong = walk::other_than(&right);
    for (password, code, told) in [
        ("", right.as_str(), "problem.required.password"),
        ("too short", &right, "problem.password-too-short"),
        ("passwordpassword", &right, "problem.password-common"),
        ("dana at example 1", &right, "problem.password-predictable"),
        (PASSWORD, &wrong, "staff.problem.wrong-code"),
        (PASSWORD, "12345", "problem.invalid-code"),
    ] {
        browser.fill("password", password);
        browser.fill("code", code);
        browser.press("finish");
        browser.expect_problem(words(told));
        assert_eq!(browser.page().status, 422);
        assert_eq!(browser.page().value("password"), "");
    }
    assert_eq!(stack.number("SELECT count(*) FROM staff_credentials"), 0);
    browser.fill("password", PASSWORD);
    browser.fill("code", &right);
    browser.press("finish");
    browser.expect_notice(words("staff.notice.set-up"));
    // What has set up signs nobody in.
    enter(&mut browser, DANA, PASSWORD, &right);
    browser.expect_problem(words("staff.problem.wrong"));
}

#[test]
fn a_form_of_another_site_spends_no_link() {
    let stack = Stack::start();
    let link = stack.add_staff(DANA, Role::FrontDesk);
    let (_, token) = link.split_once("token=").expect("a token");
    let mut page = Plain::open(&stack, &link, Cookies::Kept);
    page.press("begin");
    let key = page.page().text("#fd-secret");
    let code = Authenticator::with_key(&key).code(&stack.clock);
    let probe = page.cookies()["flow-cookies"].clone();
    let form = |probe: &str| {
        let form = [
            ("token", token),
            ("probe", probe),
            ("password", PASSWORD),
            ("code", &code),
            ("action-finish", "x"),
        ];
        Request::new("POST", paths::STAFF_SET_UP).form(&form)
    };
    let held = format!("flow-cookies={probe}");
    stack.client.send(form("")).expect(403);
    stack.client.send(form(&probe)).expect(403);
    let elsewhere = form(&probe)
        .header("cookie", &held)
        .header("sec-fetch-site", "cross-site");
    stack.client.send(elsewhere).expect(403);
    assert_eq!(lines(&stack, "staff-set-up"), 0);
    let ours = form(&probe).header("cookie", &held);
    stack.client.send(ours).expect(303);
    assert_eq!(lines(&stack, "staff-set-up"), 1);
}

#[test]
fn a_reset_and_disabling_end_sessions_and_passwords_at_once() {
    let stack = Stack::start();
    let member = Member::new(&stack, DANA, Role::FrontDesk);
    let mut member = member.signed_in(&stack);
    let link = stack.reset_staff(DANA);
    member.browser.goto(paths::STAFF);
    member.browser.expect_title(words("staff.sign-in.title"));
    next_code(&stack);
    let code = member.code(&stack);
    enter(&mut member.browser, DANA, PASSWORD, &code);
    member.browser.expect_problem(words("staff.problem.wrong"));

    let again = Member::by_link(&stack, DANA, &link);
    assert_ne!(again.code(&stack), code, "with another key");
    let mut again = again.signed_in(&stack);
    stack.disable_staff(DANA);
    again.browser.goto(paths::STAFF);
    again.browser.expect_title(words("staff.sign-in.title"));
    next_code(&stack);
    let code = again.code(&stack);
    let mut other = fresh(&stack);
    enter(&mut other, DANA, PASSWORD, &code);
    other.expect_problem(words("staff.problem.wrong"));

    let link = stack.reset_staff(DANA);
    Member::by_link(&stack, DANA, &link).signed_in(&stack);
}
